/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-wizard-links.h"

#include <glib/gi18n.h>

#include "lk-copy-button.h"
#include "lk-profile-calls.h"

static void
address_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GtkWidget) button = user_data;
  g_autoptr(GError) error = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    return;
  gtk_button_set_label (GTK_BUTTON (button), _("Your browser could not be opened"));
}

static void
open_cb (GtkWidget *button, const char *address)
{
  GtkRoot *root = gtk_widget_get_root (button);

  gtk_show_uri_full (GTK_WINDOW (root), address, GDK_CURRENT_TIME, NULL, shown_cb,
                     g_object_ref (button));
}

static GtkWidget *
new_link (const char *label, const char *address)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "adw-external-link-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_box_append (GTK_BOX (content),
                  gtk_label_new (label));
  gtk_box_append (GTK_BOX (content), icon);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_set_tooltip_text (button, address);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_data (button, "clicked", G_CALLBACK (open_cb), g_strdup (address),
                         address_free, 0);
  gtk_box_append (GTK_BOX (row), button);
  gtk_box_append (GTK_BOX (row), lk_copy_button_new (address, _("Copy Address")));
  return row;
}

static void
set_value (LkValues *values, const char *name, const char *value)
{
  if (value != NULL && *value != '\0')
    lk_values_set (values, name, value);
}

/* What a link template may name; see lk_profile_dup_link(). */
static LkValues *
new_values (LkRemedyItem *item)
{
  LkValues *values = lk_values_new ();
  const LkRemedy *remedy = lk_remedy_item_get_remedy (item);
  const LkFacts *facts = lk_remedy_item_get_facts (item);
  const char *account = facts->fault != NULL ? facts->fault->account : NULL;

  if (remedy->values != NULL)
    set_value (values, "call.center", g_hash_table_lookup (remedy->values, "center"));
  if (account == NULL && remedy->values != NULL)
    account = g_hash_table_lookup (remedy->values, "account");
  set_value (values, "call.account", account);
  set_value (values, "client.id", facts->client_id);
  return values;
}

void
lk_wizard_links_fill (GtkBox *box, LkAppContext *context, LkRemedyItem *item,
                      const LkRemedyStep *step)
{
  const LkFacts *facts = lk_remedy_item_get_facts (item);
  LkProfile *profile = facts->provider != NULL
    ? lk_profile_set_lookup (lk_app_context_get_profiles (context), facts->provider) : NULL;
  g_autoptr(LkValues) values = new_values (item);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
  for (guint i = 0; profile != NULL && step->links[i] != NULL && step->links[i + 1] != NULL; i += 2)
    {
      g_autofree char *address = lk_profile_dup_link (profile, step->links[i + 1], values);

      if (address != NULL)
        gtk_box_append (box, new_link (step->links[i], address));
    }
  gtk_widget_set_visible (GTK_WIDGET (box), gtk_widget_get_first_child (GTK_WIDGET (box)) != NULL);
  /* What was added while it was hidden is not measured otherwise. */
  gtk_widget_queue_resize (GTK_WIDGET (box));
}
