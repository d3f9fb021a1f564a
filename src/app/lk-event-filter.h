/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which events a person wants to see, and how their kinds are grouped and called. Pure. */

/**
 * LkEventGroups:
 *
 * Kinds of events in plain groups; a kind may be in two of them. 0 stands for all kinds.
 */
typedef enum
{
  LK_EVENT_GROUP_SIGN_INS = 1 << 0,
  LK_EVENT_GROUP_RENEWALS = 1 << 1,
  LK_EVENT_GROUP_REFUSALS = 1 << 2,
  LK_EVENT_GROUP_CHECKS = 1 << 3,
  LK_EVENT_GROUP_HAND_OUTS = 1 << 4,
  LK_EVENT_GROUP_CHANGES = 1 << 5,
  LK_EVENT_GROUP_FIXES = 1 << 6,
} LkEventGroups;

#define LK_N_EVENT_GROUPS 7

/* Of one group; translated. */
const char    *lk_event_groups_get_label (LkEventGroups group);
/* "All Events", "Refusals", "3 Kinds" */
char          *lk_event_groups_dup_label (LkEventGroups groups);
/* 0 for a kind that is not known. */
LkEventGroups  lk_event_groups_of        (const char *kind);
/* What stands beside an event: its icon, and in a word what the icon says. */
const char    *lk_event_kind_get_icon    (const char *kind);
const char    *lk_event_kind_get_label   (const char *kind);
/* Whether something did not work. */
gboolean       lk_event_kind_is_trouble  (const char *kind);

typedef enum
{
  LK_EVENT_PERIOD_ALL,
  LK_EVENT_PERIOD_TODAY,
  LK_EVENT_PERIOD_WEEK,
  LK_EVENT_PERIOD_MONTH,
  LK_EVENT_PERIOD_SPAN, /* from since until until */
} LkEventPeriod;

/**
 * LkEventFilter:
 * @connection: (nullable): id
 * @connection_name: (nullable): its name
 * @groups: 0 for all
 * @since, @until: seconds since 1970 UTC, of %LK_EVENT_PERIOD_SPAN
 * @search: (nullable): in text, name and fault
 */
typedef struct
{
  char          *connection;
  char          *connection_name;
  LkEventGroups  groups;
  LkEventPeriod  period;
  gint64         since;
  gint64         until;
  char          *search;
} LkEventFilter;

LkEventFilter *lk_event_filter_new         (void);
LkEventFilter *lk_event_filter_copy        (const LkEventFilter *self);
void           lk_event_filter_free        (LkEventFilter *self);
/* Whether everything passes. */
gboolean       lk_event_filter_is_open     (const LkEventFilter *self);
/* "All Time", "Last 7 Days", "Friday 20 November" (transfer full) */
char          *lk_event_filter_dup_period  (const LkEventFilter *self, gint64 now);
/* For Agent1.ListEvents: a floating a{sv}. */
GVariant      *lk_event_filter_to_options  (const LkEventFilter *self, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkEventFilter, lk_event_filter_free)

G_END_DECLS
