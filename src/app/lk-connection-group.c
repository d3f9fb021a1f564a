/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-connection-group.h"

#include <glib/gi18n.h>

#include "lk-connection-row.h"
#include "lk-connection-words.h"

/* A list box makes a widget for each row; this many stay quick on a slow machine. */
#define PORTION 60

struct _LkConnectionGroup
{
  GtkWidget           parent_instance;

  LkAppContext       *context; /* (owned) */
  LkHealth            health;
  char               *search;  /* (owned) (nullable): case-folded */
  GtkFilter          *filter;  /* (owned) */
  GtkFilterListModel *members; /* (owned) */
  GtkSliceListModel  *slice;   /* (owned) */
  gboolean            narrow;

  GtkBox             *box;
  GtkLabel           *title;
  GtkListBox         *list;
  GtkButton          *more;
};

G_DEFINE_FINAL_TYPE (LkConnectionGroup, lk_connection_group, GTK_TYPE_WIDGET)

static gboolean
is_member (gpointer item, gpointer user_data)
{
  LkConnectionGroup *self = user_data;

  return lk_connection_words_get_health (item) == self->health
         && (self->search == NULL || lk_connection_words_matches (item, self->search));
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  LkConnectionGroup *self = user_data;
  GtkWidget *row = lk_connection_row_new (self->context, item);

  lk_connection_row_set_narrow (LK_CONNECTION_ROW (row), self->narrow);
  return row;
}

static void
row_activated_cb (LkConnectionGroup *self, GtkListBoxRow *row)
{
  LkDBusConnection1 *connection = lk_connection_row_get_connection (LK_CONNECTION_ROW (row));

  gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "s",
                              lk_dbus_connection1_get_id (connection));
}

static void
members_changed_cb (LkConnectionGroup *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->members));

  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->more), n > gtk_slice_list_model_get_size (self->slice));
}

static void
show_more_cb (LkConnectionGroup *self)
{
  gtk_slice_list_model_set_size (self->slice,
                                 gtk_slice_list_model_get_size (self->slice) + PORTION);
  members_changed_cb (self);
}

static const char *
title_for (LkHealth health)
{
  switch (health)
    {
    case LK_HEALTH_ATTENTION:
      return _("Needs You");
    case LK_HEALTH_ENDING:
      return _("Ends This Week");
    case LK_HEALTH_FINE:
    default:
      return _("Fine");
    }
}

static void
lk_connection_group_dispose (GObject *object)
{
  LkConnectionGroup *self = LK_CONNECTION_GROUP (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  if (self->list != NULL)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  self->list = NULL;
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->slice);
  g_clear_object (&self->members);
  g_clear_object (&self->filter);
  g_clear_object (&self->context);
  g_clear_pointer (&self->search, g_free);
  G_OBJECT_CLASS (lk_connection_group_parent_class)->dispose (object);
}

static void
lk_connection_group_class_init (LkConnectionGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_connection_group_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-connection-group.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionGroup, box);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionGroup, title);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionGroup, list);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionGroup, more);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_more_cb);
}

static void
lk_connection_group_init (LkConnectionGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lk_connection_group_set_model (LkConnectionGroup *self, LkAppContext *context, GListModel *model,
                               LkHealth health)
{
  g_return_if_fail (self->members == NULL);

  self->context = g_object_ref (context);
  self->health = health;
  gtk_label_set_label (self->title, title_for (health));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title_for (health), -1);

  self->filter = GTK_FILTER (gtk_custom_filter_new (is_member, self, NULL));
  self->members = gtk_filter_list_model_new (g_object_ref (model), g_object_ref (self->filter));
  self->slice = gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (self->members)), 0, PORTION);
  g_signal_connect_object (self->members, "items-changed", G_CALLBACK (members_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->slice), create_row_cb, self, NULL);
  members_changed_cb (self);
}

void
lk_connection_group_set_search (LkConnectionGroup *self, const char *text)
{
  g_clear_pointer (&self->search, g_free);
  if (text != NULL && *text != '\0')
    self->search = g_utf8_casefold (text, -1);
  lk_connection_group_refilter (self);
}

void
lk_connection_group_refilter (LkConnectionGroup *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

guint
lk_connection_group_get_count (LkConnectionGroup *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->members));
}

void
lk_connection_group_set_narrow (LkConnectionGroup *self, gboolean narrow)
{
  GtkWidget *row;

  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  for (row = gtk_widget_get_first_child (GTK_WIDGET (self->list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    lk_connection_row_set_narrow (LK_CONNECTION_ROW (row), narrow);
}
