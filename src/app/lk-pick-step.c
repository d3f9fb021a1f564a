/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-pick-step.h"

#include <glib/gi18n.h>

struct _LkPickStep
{
  GtkWidget            parent_instance;

  GHashTable          *providers_by_row; /* (owned): row to dictionary */
  GPtrArray           *rows;             /* (owned): borrowed rows of both groups */

  AdwPreferencesGroup *intro;
  AdwPreferencesGroup *apps;
  AdwPreferencesGroup *providers;
};

static guint app_picked_signal, provider_picked_signal;

G_DEFINE_FINAL_TYPE (LkPickStep, lk_pick_step, GTK_TYPE_WIDGET)

static GtkWidget *
lk_pick_step_add_row (LkPickStep *self, AdwPreferencesGroup *group, const char *title,
                      const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, row);
  return row;
}

static void
app_activated_cb (LkPickStep *self, AdwPreferencesRow *row)
{
  g_signal_emit (self, app_picked_signal, 0, adw_preferences_row_get_title (row));
}

static void
provider_activated_cb (LkPickStep *self, AdwPreferencesRow *row)
{
  g_signal_emit (self, provider_picked_signal, 0,
                 g_hash_table_lookup (self->providers_by_row, row));
}

static const char *
find_provider_name (GVariant *providers, const char *id)
{
  GVariantIter iter;
  GVariant *dict;
  const char *found = id;

  g_variant_iter_init (&iter, providers);
  while (g_variant_iter_loop (&iter, "@a{sv}", &dict))
    {
      const char *own = NULL, *name = NULL;

      if (g_variant_lookup (dict, "id", "&s", &own) && g_strcmp0 (own, id) == 0
          && g_variant_lookup (dict, "name", "&s", &name))
        found = name;
    }
  return found;
}

static void
lk_pick_step_add_apps (LkPickStep *self, GVariant *clients, GVariant *providers,
                       const char * const *only)
{
  GVariantIter iter;
  GVariant *dict;
  guint n = 0;

  g_variant_iter_init (&iter, clients);
  while (g_variant_iter_loop (&iter, "@a{sv}", &dict))
    {
      const char *name = NULL, *provider = NULL;
      GtkWidget *row;

      g_variant_lookup (dict, "name", "&s", &name);
      g_variant_lookup (dict, "provider", "&s", &provider);
      if (name == NULL || (only != NULL && !g_strv_contains (only, name)))
        continue;
      row = lk_pick_step_add_row (self, self->apps, name,
                                  find_provider_name (providers, provider));
      g_signal_connect_object (row, "activated", G_CALLBACK (app_activated_cb), self,
                               G_CONNECT_SWAPPED);
      n++;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->apps), n > 0);
}

static void
lk_pick_step_add_providers (LkPickStep *self, GVariant *providers)
{
  GVariantIter iter;
  GVariant *dict;

  g_variant_iter_init (&iter, providers);
  while (g_variant_iter_loop (&iter, "@a{sv}", &dict))
    {
      const char *name = NULL, *id = NULL;
      gboolean sandbox = FALSE;
      GtkWidget *row;

      g_variant_lookup (dict, "name", "&s", &name);
      g_variant_lookup (dict, "id", "&s", &id);
      g_variant_lookup (dict, "sandbox", "b", &sandbox);
      /* The simulator's apps come with it. */
      if (name == NULL || (sandbox && g_str_has_suffix (id, "-simulator")))
        continue;
      row = lk_pick_step_add_row (self, self->providers, name, NULL);
      g_hash_table_insert (self->providers_by_row, row, g_variant_ref (dict));
      g_signal_connect_object (row, "activated", G_CALLBACK (provider_activated_cb), self,
                               G_CONNECT_SWAPPED);
    }
}

static void
lk_pick_step_dispose (GObject *object)
{
  LkPickStep *self = LK_PICK_STEP (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->providers_by_row, g_hash_table_unref);
  G_OBJECT_CLASS (lk_pick_step_parent_class)->dispose (object);
}

static void
lk_pick_step_class_init (LkPickStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_pick_step_dispose;
  app_picked_signal = g_signal_new ("app-picked", LK_TYPE_PICK_STEP, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  provider_picked_signal
    = g_signal_new ("provider-picked", LK_TYPE_PICK_STEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_VARIANT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-pick-step.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkPickStep, intro);
  gtk_widget_class_bind_template_child (widget_class, LkPickStep, apps);
  gtk_widget_class_bind_template_child (widget_class, LkPickStep, providers);
}

static void
lk_pick_step_init (LkPickStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_ptr_array_new ();
  self->providers_by_row = g_hash_table_new_full (NULL, NULL, NULL,
                                                  (GDestroyNotify) g_variant_unref);
}

void
lk_pick_step_fill (LkPickStep *self, GVariant *clients, GVariant *providers,
                   const char * const *only)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      gboolean provider = g_hash_table_remove (self->providers_by_row, row);

      adw_preferences_group_remove (provider ? self->providers : self->apps, row);
    }
  g_ptr_array_set_size (self->rows, 0);

  adw_preferences_group_set_description (
      self->intro, only != NULL ? _("The simulator is an offline TikTok on this computer. Choose "
                                    "one of its developer apps; nothing leaves the computer.")
                                : _("Choose what to sign in to."));
  lk_pick_step_add_apps (self, clients, providers, only);
  gtk_widget_set_visible (GTK_WIDGET (self->providers), only == NULL);
  if (only == NULL)
    lk_pick_step_add_providers (self, providers);
}
