/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-item-watch.h"

struct _LkItemWatch
{
  GObject     parent_instance;

  GListModel *model; /* (owned) */
  GPtrArray  *items; /* (owned): GObject, in the model's order */
  guint       idle_id;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (LkItemWatch, lk_item_watch, G_TYPE_OBJECT)

static gboolean
changed_idle_cb (gpointer user_data)
{
  LkItemWatch *self = user_data;

  self->idle_id = 0;
  g_signal_emit (self, changed_signal, 0);
  return G_SOURCE_REMOVE;
}

/* Before GTK's resize and redraw, so that a frame never shows a list of yesterday. */
static void
lk_item_watch_queue (LkItemWatch *self)
{
  if (self->idle_id == 0)
    self->idle_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, changed_idle_cb, self, NULL);
}

static void
items_changed_cb (LkItemWatch *self, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + removed; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->items, i), lk_item_watch_queue,
                                          self);
  if (removed > 0)
    g_ptr_array_remove_range (self->items, position, removed);
  for (guint i = position; i < position + added; i++)
    {
      GObject *item = g_list_model_get_item (self->model, i);

      g_signal_connect_object (item, "notify", G_CALLBACK (lk_item_watch_queue), self,
                               G_CONNECT_SWAPPED);
      g_ptr_array_insert (self->items, (int) i, item);
    }
  lk_item_watch_queue (self);
}

static void
lk_item_watch_dispose (GObject *object)
{
  LkItemWatch *self = LK_ITEM_WATCH (object);

  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (lk_item_watch_parent_class)->dispose (object);
}

static void
lk_item_watch_class_init (LkItemWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_item_watch_dispose;

  changed_signal = g_signal_new ("changed", LK_TYPE_ITEM_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lk_item_watch_init (LkItemWatch *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

LkItemWatch *
lk_item_watch_new (GListModel *model)
{
  LkItemWatch *self = g_object_new (LK_TYPE_ITEM_WATCH, NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  items_changed_cb (self, 0, 0, g_list_model_get_n_items (model));
  return self;
}
