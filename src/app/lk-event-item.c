/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-event-item.h"

#include "lk-history-words.h"

struct _LkEventItem
{
  GObject   parent_instance;

  GVariant *event; /* (owned) (nullable): NULL for a placeholder */
  gint64    id;
  gint64    at;
  gboolean  heads_day;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (LkEventItem, lk_event_item, G_TYPE_OBJECT)

static void
lk_event_item_finalize (GObject *object)
{
  LkEventItem *self = LK_EVENT_ITEM (object);

  g_clear_pointer (&self->event, g_variant_unref);
  G_OBJECT_CLASS (lk_event_item_parent_class)->finalize (object);
}

static void
lk_event_item_class_init (LkEventItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_event_item_finalize;
  changed_signal = g_signal_new ("changed", LK_TYPE_EVENT_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lk_event_item_init (LkEventItem *self)
{
}

LkEventItem *
lk_event_item_new (void)
{
  return g_object_new (LK_TYPE_EVENT_ITEM, NULL);
}

void
lk_event_item_fill (LkEventItem *self, GVariant *event)
{
  if (self->event != NULL && g_variant_equal (self->event, event))
    return;
  g_clear_pointer (&self->event, g_variant_unref);
  self->event = g_variant_ref_sink (event);
  g_variant_lookup (event, "id", "x", &self->id);
  g_variant_lookup (event, "at", "x", &self->at);
  g_signal_emit (self, changed_signal, 0);
}

void
lk_event_item_set_heads_day (LkEventItem *self, gboolean heads_day)
{
  if (self->heads_day == heads_day)
    return;
  self->heads_day = heads_day;
  g_signal_emit (self, changed_signal, 0);
}

gboolean
lk_event_item_is_placeholder (LkEventItem *self)
{
  return self->event == NULL;
}

gboolean
lk_event_item_heads_day (LkEventItem *self)
{
  return self->heads_day;
}

gint64
lk_event_item_get_id (LkEventItem *self)
{
  return self->id;
}

gint64
lk_event_item_get_at (LkEventItem *self)
{
  return self->at;
}

guint
lk_event_item_get_count (LkEventItem *self)
{
  guint count = 1;

  if (self->event != NULL)
    g_variant_lookup (self->event, "count", "u", &count);
  return count;
}

static const char *
lk_event_item_get_string (LkEventItem *self, const char *key)
{
  const char *text = "";

  if (self->event != NULL)
    g_variant_lookup (self->event, key, "&s", &text);
  return text;
}

const char *
lk_event_item_get_kind (LkEventItem *self)
{
  return lk_event_item_get_string (self, "kind");
}

const char *
lk_event_item_get_connection (LkEventItem *self)
{
  return lk_event_item_get_string (self, "connection");
}

const char *
lk_event_item_get_connection_name (LkEventItem *self)
{
  return lk_event_item_get_string (self, "name");
}

static GVariant *
lk_event_item_dup_fault (LkEventItem *self)
{
  g_autoptr(GVariant) fault = NULL;

  if (self->event != NULL)
    fault = g_variant_lookup_value (self->event, "fault", G_VARIANT_TYPE_VARDICT);
  return fault != NULL && g_variant_n_children (fault) > 0 ? g_steal_pointer (&fault) : NULL;
}

gboolean
lk_event_item_has_fault (LkEventItem *self)
{
  g_autoptr(GVariant) fault = lk_event_item_dup_fault (self);

  return fault != NULL;
}

char *
lk_event_item_dup_words (LkEventItem *self, LkDiagnosis *diagnosis)
{
  g_autoptr(GVariant) dict = lk_event_item_dup_fault (self);
  g_autoptr(LkFault) fault = dict != NULL ? lk_fault_from_variant (dict) : NULL;

  return lk_history_words_dup (lk_event_item_get_kind (self),
                               lk_event_item_get_string (self, "text"), fault, diagnosis);
}
