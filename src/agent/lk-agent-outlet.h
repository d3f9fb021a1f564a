/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"
#include "lk-warning.h"

G_BEGIN_DECLS

/**
 * LkAgentOutletEvent:
 * @kind: of the setting "event-kinds"
 * @connection, @name, @provider: empty where there is none
 * @title, @text: as in the notification
 * @fault: (nullable): class of what is wrong
 * @ends: of the authorization; 0 where it says nothing
 * @at: when
 *
 * What is passed on to the person's own program and address. Never a secret.
 */
typedef struct
{
  char   *kind;
  char   *connection;
  char   *name;
  char   *provider;
  char   *title;
  char   *text;
  char   *fault;
  gint64  ends;
  gint64  at;
} LkAgentOutletEvent;

LkAgentOutletEvent *lk_agent_outlet_event_new         (const char *kind, gint64 at);
void                lk_agent_outlet_event_free        (LkAgentOutletEvent *self);
/* (transfer full): one object, as it is posted and as the program reads it */
char               *lk_agent_outlet_event_dup_json    (const LkAgentOutletEvent *self);
/* (transfer full): the program's whole environment, made from @base */
char              **lk_agent_outlet_event_dup_environ (const LkAgentOutletEvent *self,
                                                       char **base);

/**
 * LkAgentOutlet:
 *
 * Passes events on to a program and to an address, for people who are not at the desk.
 */
typedef struct _LkAgentOutlet LkAgentOutlet;

LkAgentOutlet *lk_agent_outlet_new   (LkAgentContext *context);
void           lk_agent_outlet_free  (LkAgentOutlet *self);
/* Whether @reason goes anywhere. */
gboolean       lk_agent_outlet_wants (LkAgentOutlet *self, LkWarningReason reason);
/* @event: (transfer full) */
void           lk_agent_outlet_pass  (LkAgentOutlet *self, LkAgentOutletEvent *event);

/* lk-agent-outlet-command.c: runs @argv without a shell. Ended after half a minute. */
void           lk_agent_outlet_run_async    (const char * const *argv,
                                             const LkAgentOutletEvent *event,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean       lk_agent_outlet_run_finish   (GAsyncResult *result, GError **error);
/* lk-agent-outlet-webhook.c: posts to @url; three tries. */
void           lk_agent_outlet_post_async   (LkHttp *http, const char *url,
                                             const LkAgentOutletEvent *event,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean       lk_agent_outlet_post_finish  (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAgentOutletEvent, lk_agent_outlet_event_free)

G_END_DECLS
