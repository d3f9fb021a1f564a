/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "lk-diagnosis.h"

G_BEGIN_DECLS

/**
 * LkEventItem:
 *
 * One line of the time line; a placeholder until it is filled. Signal "changed" is emitted when it
 * is, when it came once more, and when its day's heading moves to or from it.
 */
#define LK_TYPE_EVENT_ITEM (lk_event_item_get_type ())
G_DECLARE_FINAL_TYPE (LkEventItem, lk_event_item, LK, EVENT_ITEM, GObject)

LkEventItem *lk_event_item_new                 (void);
/* @event: as Agent1.ListEvents gives it */
void         lk_event_item_fill                (LkEventItem *self, GVariant *event);
void         lk_event_item_set_heads_day       (LkEventItem *self, gboolean heads_day);
gboolean     lk_event_item_is_placeholder      (LkEventItem *self);
/* Whether the line above it is of another day. */
gboolean     lk_event_item_heads_day           (LkEventItem *self);
gint64       lk_event_item_get_id              (LkEventItem *self);
gint64       lk_event_item_get_at              (LkEventItem *self);
guint        lk_event_item_get_count           (LkEventItem *self);
const char  *lk_event_item_get_kind            (LkEventItem *self); /* never NULL */
const char  *lk_event_item_get_connection      (LkEventItem *self); /* id, never NULL */
const char  *lk_event_item_get_connection_name (LkEventItem *self); /* never NULL */
/* Whether it can be explained. */
gboolean     lk_event_item_has_fault           (LkEventItem *self);
/* The sentence. (transfer full) */
char        *lk_event_item_dup_words           (LkEventItem *self, LkDiagnosis *diagnosis);

G_END_DECLS
