/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-remedy-list.h"

#include <glib/gi18n.h>

#include "lk-remedy-item.h"

struct _LkRemedyList
{
  GtkWidget     parent_instance;

  LkAppContext *context;    /* (owned) (nullable) */
  char         *connection; /* (owned) (nullable): its id */
  GPtrArray    *items;      /* (owned): LkRemedyItem, a row for each */

  GtkWidget    *list;       /* (owned) */
};

G_DEFINE_FINAL_TYPE (LkRemedyList, lk_remedy_list, GTK_TYPE_WIDGET)

static char *
dup_subtitle (LkRemedyItem *item)
{
  guint n = lk_remedy_item_get_n_steps (item);
  guint current = lk_remedy_item_get_current (item);
  const LkRemedyStep *step = lk_remedy_item_get_step (item, current);
  LkDBusRemedy1 *proxy = lk_remedy_item_get_proxy (item);

  if (step == NULL)
    return g_strdup (_("Done. See what changed."));
  if (lk_dbus_remedy1_get_watching (proxy))
    /* Translators: number of a step, number of steps, title of the step. */
    return g_strdup_printf (_("Step %u of %u: %s. Latchkey is watching."), current + 1, n,
                            step->title);
  /* Translators: number of a step, number of steps, title of the step. */
  return g_strdup_printf (_("Step %u of %u: %s"), current + 1, n, step->title);
}

static GtkWidget *
new_row (LkRemedyItem *item)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button;
  const LkRemedy *remedy = lk_remedy_item_get_remedy (item);
  g_autofree char *subtitle = dup_subtitle (item);
  gboolean done = lk_dbus_remedy1_get_done (lk_remedy_item_get_proxy (item));

  button = gtk_button_new_with_mnemonic (done ? _("_See") : _("_Go On"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 remedy != NULL ? remedy->title : _("Fix"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s",
                                    g_dbus_proxy_get_object_path (
                                        G_DBUS_PROXY (lk_remedy_item_get_proxy (item))));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.go-on");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
lk_remedy_list_fill (LkRemedyList *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), GTK_WIDGET (row));
  for (guint i = 0; i < self->items->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->list),
                         new_row (g_ptr_array_index (self->items, i)));
  gtk_widget_set_visible (GTK_WIDGET (self), self->items->len > 0);
  /* What was added while it was hidden is not measured otherwise. */
  gtk_widget_queue_resize (self->list);
}

static void
lk_remedy_list_reload (LkRemedyList *self)
{
  GListModel *remedies;

  for (guint i = 0; i < self->items->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->items, i),
                                          lk_remedy_list_fill, self);
  g_ptr_array_set_size (self->items, 0);
  remedies = self->context != NULL
    ? lk_agent_client_get_remedies (lk_app_context_get_client (self->context)) : NULL;
  for (guint i = 0; remedies != NULL && i < g_list_model_get_n_items (remedies); i++)
    {
      g_autoptr(LkDBusRemedy1) remedy = g_list_model_get_item (remedies, i);
      LkRemedyItem *item;

      if (self->connection == NULL
          || g_strcmp0 (lk_dbus_remedy1_get_connection (remedy), self->connection) != 0)
        continue;
      item = lk_remedy_item_new (self->context, remedy);
      g_signal_connect_object (item, "changed", G_CALLBACK (lk_remedy_list_fill), self,
                               G_CONNECT_SWAPPED);
      g_ptr_array_add (self->items, item);
    }
  lk_remedy_list_fill (self);
}

static void
lk_remedy_list_dispose (GObject *object)
{
  LkRemedyList *self = LK_REMEDY_LIST (object);

  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->list, gtk_widget_unparent);
  g_clear_pointer (&self->connection, g_free);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_remedy_list_parent_class)->dispose (object);
}

static void
lk_remedy_list_class_init (LkRemedyListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_remedy_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
lk_remedy_list_init (LkRemedyList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Being put right"), -1);
  gtk_widget_set_parent (self->list, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
lk_remedy_list_set_connection (LkRemedyList *self, LkAppContext *context,
                               LkDBusConnection1 *connection)
{
  g_free (self->connection);
  self->connection = connection != NULL ? g_strdup (lk_dbus_connection1_get_id (connection)) : NULL;
  if (self->context == NULL && context != NULL)
    {
      self->context = g_object_ref (context);
      g_signal_connect_object (lk_agent_client_get_remedies (lk_app_context_get_client (context)),
                               "items-changed", G_CALLBACK (lk_remedy_list_reload), self,
                               G_CONNECT_SWAPPED);
    }
  lk_remedy_list_reload (self);
}
