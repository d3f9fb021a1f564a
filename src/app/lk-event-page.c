/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-event-page.h"

#include "lk-day-words.h"

LkEventPage *
lk_event_page_new (guint number, guint n_items)
{
  LkEventPage *self = g_new0 (LkEventPage, 1);

  self->number = number;
  self->items = g_ptr_array_new_full (n_items, g_object_unref);
  for (guint i = 0; i < n_items; i++)
    g_ptr_array_add (self->items, lk_event_item_new ());
  return self;
}

void
lk_event_page_free (LkEventPage *self)
{
  g_ptr_array_unref (self->items);
  g_free (self);
}

void
lk_event_page_fill (LkEventPage *self, GVariant *events, guint skipped, gint64 above)
{
  GVariantIter iter;
  GVariant *event;
  guint i = 0;

  self->state = LK_EVENT_PAGE_FILLED;
  g_variant_iter_init (&iter, events);
  while (i < self->items->len && (event = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_autoptr(GVariant) owned = event;
      gint64 at = 0;

      g_variant_lookup (event, "at", "x", &at);
      if (skipped > 0)
        {
          skipped--;
        }
      else
        {
          LkEventItem *item = g_ptr_array_index (self->items, i++);

          lk_event_item_set_heads_day (item, above == 0 || !lk_day_is_same (at, above));
          lk_event_item_fill (item, event);
        }
      above = at;
    }
}
