/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-connection-action.h"
#include "lk-diagnosis.h"
#include "lk-ipc.h"

G_BEGIN_DECLS

/* What a connection's facts are called in the interface. Pure: no widgets, no clock. */

LkHealth            lk_connection_words_get_health   (LkDBusConnection1 *connection);
LkFault            *lk_connection_words_dup_fault    (LkDBusConnection1 *connection);
/* Whether the connection itself has a fault, rather than a call that was refused. */
gboolean            lk_connection_words_is_own_fault (LkDBusConnection1 *connection);
/* Whether a call was refused, and only a person can go on. */
gboolean            lk_connection_words_has_refusal  (LkDBusConnection1 *connection);
/* The connection's own fault, else the refused call; (transfer full) (nullable) */
LkFault            *lk_connection_words_dup_trouble  (LkDBusConnection1 *connection);
LkConnectionAction  lk_connection_words_get_action   (LkDBusConnection1 *connection);
const char         *lk_connection_words_get_label    (LkConnectionAction action);
const char         *lk_connection_words_get_detailed (LkConnectionAction action);
/* "T", for the round picture */
char               *lk_connection_words_dup_letter   (const char *provider_name);
/* "TikTok Ads · 12 accounts" */
char               *lk_connection_words_dup_subtitle (LkDBusConnection1 *connection);
/* "Renews by itself in 1 hour" */
char               *lk_connection_words_dup_status   (LkDBusConnection1 *connection,
                                                      LkDiagnosis *diagnosis, gint64 now);
/* "No end date · proven alive 2 hours ago" */
char               *lk_connection_words_dup_proven   (LkDBusConnection1 *connection, gint64 now);
/* 0 to 1 of the authorization that is left; negative when there is no bar to draw. */
double              lk_connection_words_get_left     (LkDBusConnection1 *connection, gint64 now);
gboolean            lk_connection_words_matches      (LkDBusConnection1 *connection,
                                                      const char *folded);

G_END_DECLS
