/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-connection-pick.h"

#include <glib/gi18n.h>

#include "lk-connection-list.h"

struct _LkConnectionPick
{
  GtkPopover        parent_instance;

  LkAppContext     *context; /* (owned) (nullable) */
  LkConnectionList *list;    /* (owned) (nullable): while it is open */

  GtkSearchEntry   *search;
  GtkListView      *view;
};

static guint picked_signal;

G_DEFINE_FINAL_TYPE (LkConnectionPick, lk_connection_pick, GTK_TYPE_POPOVER)

static void
search_changed_cb (LkConnectionPick *self)
{
  if (self->list != NULL)
    lk_connection_list_set_search (self->list,
                                   gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static void
all_cb (LkConnectionPick *self)
{
  g_signal_emit (self, picked_signal, 0, NULL, NULL);
}

static void
activate_cb (LkConnectionPick *self, guint position)
{
  g_autoptr(LkDBusConnection1) connection
    = self->list != NULL ? g_list_model_get_item (G_LIST_MODEL (self->list), position) : NULL;

  if (connection != NULL && !lk_connection_is_placeholder (connection))
    g_signal_emit (self, picked_signal, 0, lk_dbus_connection1_get_id (connection),
                   lk_dbus_connection1_get_name (connection));
}

static void
setup_cb (LkConnectionPick *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "ellipsize",
                                               PANGO_ELLIPSIZE_END, NULL));
}

static void
bind_cb (LkConnectionPick *self, GtkListItem *item)
{
  LkDBusConnection1 *connection = gtk_list_item_get_item (item);
  const char *name
    = lk_connection_is_placeholder (connection) ? NULL : lk_dbus_connection1_get_name (connection);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), name != NULL ? name : "…");
}

/* The list is followed only while somebody looks. */
static void
map_cb (LkConnectionPick *self)
{
  g_autoptr(GtkNoSelection) selection = NULL;

  if (self->context == NULL || self->list != NULL)
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  self->list = lk_connection_list_new (lk_app_context_get_client (self->context), NULL, "name");
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->list)));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}

static void
unmap_cb (LkConnectionPick *self)
{
  gtk_list_view_set_model (self->view, NULL);
  g_clear_object (&self->list);
}

static void
lk_connection_pick_dispose (GObject *object)
{
  LkConnectionPick *self = LK_CONNECTION_PICK (object);

  g_clear_object (&self->list);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_connection_pick_parent_class)->dispose (object);
}

static void
lk_connection_pick_class_init (LkConnectionPickClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_connection_pick_dispose;
  picked_signal = g_signal_new ("picked", LK_TYPE_CONNECTION_PICK, G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-connection-pick.ui");
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPick, search);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPick, view);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, map_cb);
  gtk_widget_class_bind_template_callback (widget_class, unmap_cb);
}

static void
lk_connection_pick_init (LkConnectionPick *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lk_connection_pick_set_context (LkConnectionPick *self, LkAppContext *context)
{
  g_set_object (&self->context, context);
}
