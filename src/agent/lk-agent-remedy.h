/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"
#include "lk-remedy.h"

G_BEGIN_DECLS

/**
 * LkAgentRemedy:
 *
 * A problem while it is put right: its record, its object on the bus, and when it is looked at
 * next.
 */
#define LK_TYPE_AGENT_REMEDY (lk_agent_remedy_get_type ())
G_DECLARE_FINAL_TYPE (LkAgentRemedy, lk_agent_remedy, LK, AGENT_REMEDY, GObject)

/* @record: (transfer full) */
LkAgentRemedy        *lk_agent_remedy_new           (LkAgentContext *context,
                                                     LkRemedyRecord *record);
LkRemedyRecord       *lk_agent_remedy_get_record    (LkAgentRemedy *self);
char                 *lk_agent_remedy_dup_path      (LkAgentRemedy *self);
LkAgentConnection    *lk_agent_remedy_get_connection (LkAgentRemedy *self); /* nullable */
/* As the catalogue has it now; (transfer full) (nullable). Only until the main loop goes on. */
LkRemedy             *lk_agent_remedy_dup_plan      (LkAgentRemedy *self);

/* On the bus and off it. */
void                  lk_agent_remedy_publish       (LkAgentRemedy *self);
void                  lk_agent_remedy_withdraw      (LkAgentRemedy *self);
/* After the record was changed: properties, the plan of checks; save also writes it. */
void                  lk_agent_remedy_sync          (LkAgentRemedy *self);
void                  lk_agent_remedy_save          (LkAgentRemedy *self);
guint                 lk_agent_remedy_get_current   (LkAgentRemedy *self);
void                  lk_agent_remedy_set_step      (LkAgentRemedy *self, guint step,
                                                     const char *state);
gboolean              lk_agent_remedy_is_settled    (LkAgentRemedy *self, guint step);
/* Into the history of the connection. */
void                  lk_agent_remedy_tell          (LkAgentRemedy *self, const char *kind,
                                                     const char *text);
void                  lk_agent_remedy_set_busy      (LkAgentRemedy *self, gboolean busy);
gboolean              lk_agent_remedy_get_busy      (LkAgentRemedy *self);

/* lk-agent-remedy-check.c: asks about a step. @by_itself: nobody is looking. Errors are
 * LK_AGENT_ERROR. */
void                  lk_agent_remedy_check_async   (LkAgentRemedy *self, guint step,
                                                     gboolean by_itself,
                                                     GAsyncReadyCallback callback,
                                                     gpointer user_data);
gboolean              lk_agent_remedy_check_finish  (LkAgentRemedy *self, GAsyncResult *result,
                                                     GError **error);
/* What an answer that is in the facts means for its step. TRUE when the step became done. */
gboolean              lk_agent_remedy_judge         (LkAgentRemedy *self, guint step);

/* The person says so. */
void                  lk_agent_remedy_told          (LkAgentRemedy *self, guint step);

/* lk-agent-remedy-watch.c */
/* @watcher: (nullable): unique name of who looks */
void                  lk_agent_remedy_watch         (LkAgentRemedy *self, const char *watcher);
void                  lk_agent_remedy_unwatch       (LkAgentRemedy *self);
/* When something is to be done without being asked; LK_END_NEVER for not at all. */
gint64                lk_agent_remedy_get_due       (LkAgentRemedy *self);
void                  lk_agent_remedy_plan          (LkAgentRemedy *self);
void                  lk_agent_remedy_tick          (LkAgentRemedy *self);
/* A step that was watched is done: on to the next, or the end of watching. TRUE when the refused
 * call is sent again now. */
gboolean              lk_agent_remedy_look_further  (LkAgentRemedy *self);
/* The connection was signed in again. */
void                  lk_agent_remedy_signed_in     (LkAgentRemedy *self);

/* lk-agent-remedy-ops.c: the methods on the bus. */
void                  lk_agent_remedy_connect_ops   (LkAgentRemedy *self);

G_END_DECLS
