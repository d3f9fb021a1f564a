/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-cut-texts.h"

/* Longer languages and larger letters can cut what is written; tests do not see it from outside. */
static void
collect (GtkWidget *widget, GPtrArray *texts)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (GTK_IS_LABEL (widget)
      && pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))))
    g_ptr_array_add (texts, (gpointer) gtk_label_get_text (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, texts);
}

static void
cut_texts_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new ();

  for (GList *l = gtk_application_get_windows (user_data); l != NULL; l = l->next)
    collect (l->data, texts);
  g_simple_action_set_state (action, g_variant_new_strv ((const char * const *) texts->pdata,
                                                         (gssize) texts->len));
}

/**
 * lk_cut_texts_add_action:
 *
 * Adds the action "cut-texts" to @application. Activated, its state is what is shown with an
 * ellipsis for want of room. Test builds have it.
 */
void
lk_cut_texts_add_action (GtkApplication *application)
{
  const GActionEntry entry
    = { .name = "cut-texts", .activate = cut_texts_action, .state = "@as []" };

  g_action_map_add_action_entries (G_ACTION_MAP (application), &entry, 1, application);
}
