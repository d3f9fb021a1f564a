/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-event-filter.h"
#include "lk-event-item.h"
#include "lk-ipc.h"

G_BEGIN_DECLS

#define LK_EVENT_LIST_PAGE 100 /* events */

/**
 * LkEventList:
 *
 * A #GListModel of #LkEventItem over the agent's events, newest first, of which there may be a
 * million: its length is that of the whole list, pages are asked for when somebody looks at an item
 * of them, items are placeholders until theirs is there, and few pages are kept. What happens
 * meanwhile is counted in "n-new" and comes to the top with lk_event_list_show_new(), so that
 * nothing moves under a person who reads.
 *
 * "loading" is %TRUE from a new filter until its first page is there; what was shown before stays
 * until then. A filter that is set meanwhile overtakes the one that is being asked for.
 */
#define LK_TYPE_EVENT_LIST (lk_event_list_get_type ())
G_DECLARE_FINAL_TYPE (LkEventList, lk_event_list, LK, EVENT_LIST, GObject)

LkEventList  *lk_event_list_new         (void);
/* @agent: (nullable): while it is away, what was shown stays */
void          lk_event_list_set_agent   (LkEventList *self, LkDBusAgent1 *agent);
/* @options: of Agent1.ListEvents, see lk_event_filter_to_options(); floating is sunk */
void          lk_event_list_set_options (LkEventList *self, GVariant *options);
/* What is shown or being asked for; (transfer none) (nullable) */
GVariant     *lk_event_list_get_options (LkEventList *self);
/* Asks anew from the top. */
void          lk_event_list_reload      (LkEventList *self);
gboolean      lk_event_list_get_loading (LkEventList *self);
/* Whether it was ever answered; an empty list before that is not the truth. */
gboolean      lk_event_list_is_known    (LkEventList *self);
/* Why the last question was not answered; (transfer none) (nullable) */
const GError *lk_event_list_get_error   (LkEventList *self);
guint         lk_event_list_get_n_new   (LkEventList *self);
/* Whether there are more new ones than were counted. */
gboolean      lk_event_list_has_many    (LkEventList *self);
void          lk_event_list_show_new    (LkEventList *self);

G_END_DECLS
