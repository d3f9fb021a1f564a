/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-event-item.h"

G_BEGIN_DECLS

typedef enum
{
  LK_EVENT_PAGE_EMPTY,
  LK_EVENT_PAGE_ASKED,
  LK_EVENT_PAGE_FILLED,
} LkEventPageState;

/**
 * LkEventPage:
 * @number: the first is 0
 * @items: (element-type LkEventItem): placeholders until it is filled
 *
 * A part of an #LkEventList.
 */
typedef struct
{
  guint             number;
  LkEventPageState  state;
  GPtrArray        *items;
} LkEventPage;

LkEventPage *lk_event_page_new  (guint number, guint n_items);
void         lk_event_page_free (LkEventPage *self);
/* @events: aa{sv}; the first @skipped of them stand above the page; @above: time of what stands
 * above them all, 0 for nothing */
void         lk_event_page_fill (LkEventPage *self, GVariant *events, guint skipped, gint64 above);

G_END_DECLS
