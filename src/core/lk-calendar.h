/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A calendar as iCalendar (RFC 5545) writes it, a piece at a time: begin, add as often as wanted,
 * end. */

/**
 * LkCalendarEntry:
 * @id: word that stays for the same thing, so that a calendar moves the entry instead of adding
 *   another; the id of a connection
 * @at: when it is; seconds since 1970 UTC
 * @summary: its title, for people
 * @description: (nullable): more of it, also several lines
 * @days: (array length=n_days) (nullable): how many days before it a calendar reminds of it
 */
typedef struct
{
  const char    *id;
  gint64         at;
  const char    *summary;
  const char    *description;
  const guint32 *days;
  gsize          n_days;
} LkCalendarEntry;

/* @name: of the calendar, for people */
void     lk_calendar_begin (GString *out, const char *name);
/* @now: when it is written; seconds since 1970 UTC. %FALSE, and nothing written, for a time that no
 * calendar shows, such as %LK_END_NEVER. */
gboolean lk_calendar_add   (GString *out, const LkCalendarEntry *entry, gint64 now);
void     lk_calendar_end   (GString *out);

G_END_DECLS
