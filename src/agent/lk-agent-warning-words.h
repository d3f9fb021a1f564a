/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-fault.h"
#include "lk-warning.h"

G_BEGIN_DECLS

/**
 * LkAgentWarningSubject:
 * @name: of the connection; what anybody may have typed
 * @fault: (nullable): what is wrong; %NULL when the sign-in has just ended
 * @refused: @fault is of a call and says nothing about the sign-in
 * @reconnect: signing in again helps
 * @ends: of the authorization, for @LK_WARNING_ENDING
 * @detail: (nullable): of @LK_WARNING_CHANGED the kind of the event; of @LK_WARNING_INCIDENT
 *   what the provider says
 *
 * What there is to say of one warning.
 */
typedef struct
{
  const char    *name;
  const LkFault *fault;
  gboolean       refused;
  gboolean       reconnect;
  gint64         ends;
  const char    *detail;
} LkAgentWarningSubject;

/* All give one line of plain text each. (transfer full) */
char *lk_agent_warning_words_dup_title   (LkWarningReason reason,
                                          const LkAgentWarningSubject *subject, gint64 now,
                                          GTimeZone *zone);
char *lk_agent_warning_words_dup_body    (LkWarningReason reason,
                                          const LkAgentWarningSubject *subject, gint64 now,
                                          GTimeZone *zone);
/* Many at once. @names: (array length=n): at least one */
char *lk_agent_warning_words_dup_summary (LkWarningReason reason, guint n);
char *lk_agent_warning_words_dup_names   (const char * const *names, guint n);
/* A name that somebody gave, fit for a line. */
char *lk_agent_warning_words_dup_name    (const char *name);

G_END_DECLS
