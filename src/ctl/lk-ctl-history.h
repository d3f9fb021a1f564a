/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-ctl-output.h"
#include "lk-records.h"

G_BEGIN_DECLS

gboolean lk_ctl_parse_time (const char *text, gint64 now, gint64 *seconds);

typedef enum
{
  LK_CTL_FORMAT_TABLE,
  LK_CTL_FORMAT_JSON,
  LK_CTL_FORMAT_CSV,
} LkCtlFormat;

/**
 * LkCtlEvents:
 * @options: a{sv} of Agent1.ListEvents, without before and after
 * @limit: how many lines; 0 for all
 * @before: id to go on from, 0 for the newest
 * @all: lines of several connections are shown
 * @follow: go on with what is new
 */
typedef struct
{
  GVariant    *options;
  gint64       before;
  guint64      limit;
  LkCtlFormat  format;
  gboolean     all;
  gboolean     follow;
} LkCtlEvents;

gboolean lk_ctl_is_event_kind   (const char *kind);
char    *lk_ctl_dup_event_kinds (void); /* all of them, with commas */

/* Prints them a page at a time; gives the exit status. */
int      lk_ctl_print_events (LkCtl *self, const LkCtlEvents *events);

/* "list --watch": a line of JSON for each change, until the person ends it. */
int      lk_ctl_watch_connections (LkCtl *self);

/* Runs the main loop until SIGINT, SIGTERM, or a write to a pipe that nobody reads. */
typedef void (*LkCtlHeard) (gpointer user_data);
int      lk_ctl_listen       (LkCtl *self, const char *signal_name, LkCtlHeard heard,
                              gpointer user_data);
void     lk_ctl_stop_listening (LkCtl *self, int status);

G_END_DECLS
