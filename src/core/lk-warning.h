/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-policy.h"

G_BEGIN_DECLS

/* When a person is told what, as pure rules: facts of a connection, what was told already, and the
 * time in; what to tell, to keep on show and to take back, and when to look again, out. No clock,
 * no bus, no words. */

/**
 * LkWarningReason:
 * @LK_WARNING_ATTENTION: only a person can go on
 * @LK_WARNING_ENDING: the authorization ends in so many days
 * @LK_WARNING_CHANGED: scopes, roles, accounts or lifetimes are not what they were
 * @LK_WARNING_RECOVERED: what needed the person works again without a sign-in
 * @LK_WARNING_INCIDENT: the provider says that it has trouble; the subject is the provider
 */
typedef enum
{
  LK_WARNING_ATTENTION,
  LK_WARNING_ENDING,
  LK_WARNING_CHANGED,
  LK_WARNING_RECOVERED,
  LK_WARNING_INCIDENT,
} LkWarningReason;

#define LK_N_WARNING_REASONS (LK_WARNING_INCIDENT + 1)

/**
 * LkWarningRules:
 * @days: (array length=n_days): before an end, any order; 0 means nothing
 * @quiet_from, @quiet_until: minutes after local midnight; the same for no quiet hours
 * @enabled: by reason
 */
typedef struct
{
  const guint32 *days;
  gsize          n_days;
  gboolean       quiet;
  guint          quiet_from;
  guint          quiet_until;
  gboolean       enabled[LK_N_WARNING_REASONS];
} LkWarningRules;

/**
 * LkWarningState:
 * @about: what was told: for an end the end itself, else a number that is new with each new reason
 * @told_day: for an end: the smallest of the days that was told; 0 for none
 * @told_at: when; 0 for not yet
 * @snoozed_at: when it was put off; 0 for not
 * @snoozed_until: when it is told again
 * @doubted_since: since when the clock shows a time well before @told_at; 0 for it does not
 *
 * What is remembered of one connection and reason, over restarts.
 */
typedef struct
{
  gint64  about;
  guint32 told_day;
  gint64  told_at;
  gint64  snoozed_at;
  gint64  snoozed_until;
  gint64  doubted_since;
} LkWarningState;

typedef enum
{
  LK_WARNING_NOTHING,  /* neither shown nor to be told */
  LK_WARNING_KEEP,     /* told; stays on show */
  LK_WARNING_TELL,     /* to be told now; takes the place of what was told before */
  LK_WARNING_WAIT,     /* to be told at @again: quiet hours, snoozed */
  LK_WARNING_WITHDRAW, /* told, and settled, put off or not wanted since */
} LkWarningVerdict;

LkWarningVerdict lk_warning_decide_ending (const LkWarningRules *rules, gint64 ends, gint64 now,
                                           GTimeZone *zone, LkWarningState *state, gint64 *again);
LkWarningVerdict lk_warning_decide        (const LkWarningRules *rules, LkWarningReason reason,
                                           gint64 about, gint64 now, GTimeZone *zone,
                                           LkWarningState *state, gint64 *again);
gboolean         lk_warning_is_same_end   (gint64 a, gint64 b);
void             lk_warning_snooze        (LkWarningState *state, gint64 now, gint64 until);
gint64           lk_warning_quiet_until   (const LkWarningRules *rules, gint64 now,
                                           GTimeZone *zone);
gint64           lk_warning_tomorrow      (gint64 now, GTimeZone *zone);

const char      *lk_warning_reason_to_string   (LkWarningReason reason);
gboolean         lk_warning_reason_from_string (const char *word, LkWarningReason *reason);

G_END_DECLS
