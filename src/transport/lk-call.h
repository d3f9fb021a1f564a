/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-clock.h"
#include "lk-http.h"
#include "lk-profile-calls.h"

G_BEGIN_DECLS

/**
 * LkTokenSourceInterface:
 * @get_async: gives a living token set; @rejected (nullable) is one that the provider just called
 *   expired or invalid: renew unless a newer one is there already, at most once
 * @get_finish: (transfer full); errors are passed on as they are
 * @fill: sets "client.id" and "client.secret"; called after get
 * @is_refusal: (nullable): whether an error of get means that the provider refused to renew, and
 *   not that the network or the keyring was away; such refusals count for the circuit
 *
 * Where a call takes its token from: a connection of the agent, or a test.
 */
#define LK_TYPE_TOKEN_SOURCE (lk_token_source_get_type ())
G_DECLARE_INTERFACE (LkTokenSource, lk_token_source, LK, TOKEN_SOURCE, GObject)

struct _LkTokenSourceInterface
{
  GTypeInterface parent_iface;

  void        (*get_async)  (LkTokenSource *self, LkTokenSet *rejected, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
  LkTokenSet *(*get_finish) (LkTokenSource *self, GAsyncResult *result, GError **error);
  void        (*fill)       (LkTokenSource *self, LkValues *values);
  gboolean    (*is_refusal) (LkTokenSource *self, const GError *error);
};

void        lk_token_source_get_async  (LkTokenSource *self, LkTokenSet *rejected,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
LkTokenSet *lk_token_source_get_finish (LkTokenSource *self, GAsyncResult *result, GError **error);
void        lk_token_source_fill       (LkTokenSource *self, LkValues *values);
gboolean    lk_token_source_is_refusal (LkTokenSource *self, const GError *error);

/**
 * LkCallStep:
 * @at: seconds since 1970 UTC
 * @kind: "sent", "refused", "renewed", "waiting" (for @seconds, as the platform asks), "held" (for
 *   @seconds, by the budget), "backing-off" (for @seconds), "circuit" or "done"
 * @klass: of a refusal, else %LK_CLASS_OK
 * @code: (nullable): the platform's code
 *
 * What the engine did, so that each retry can be seen.
 */
typedef struct
{
  gint64   at;
  char    *kind;
  double   seconds;
  LkClass  klass;
  char    *code;
  char    *trace_id;
} LkCallStep;

/**
 * LkCallResult:
 * @reply: (nullable): the last reply; %NULL when none came
 * @fault: (nullable): %NULL when the call succeeded. Its endpoint, method, account and, of a rate
 *   limit, limit, slowed and retry_at are filled in
 * @attempts: how many requests were sent
 * @renewed: whether the token was renewed on the way
 * @steps: (element-type LkCallStep)
 */
typedef struct
{
  LkReply   *reply;
  LkFault   *fault;
  guint      attempts;
  gboolean   renewed;
  GPtrArray *steps;
} LkCallResult;

void lk_call_result_free (LkCallResult *self);

/**
 * LkCallEngine:
 *
 * The one way to a provider's API: token → send → read → class → act. An expired token is renewed
 * once and the call repeated once. Rate limits cost what the provider documents; the budget is
 * one per developer app (@app) and shared by all callers. Transient failures are tried three
 * times with full jitter. What may have created something is repeated only when the reply proves
 * that it was not carried out. Three authorization failures in a row of one connection open its
 * circuit: calls are then refused here (local fault "circuit-open") until someone closes it.
 *
 * Signal "step" (LkTokenSource *source, gpointer LkCallStep): as it happens.
 */
#define LK_TYPE_CALL_ENGINE (lk_call_engine_get_type ())
G_DECLARE_FINAL_TYPE (LkCallEngine, lk_call_engine, LK, CALL_ENGINE, GObject)

LkCallEngine  *lk_call_engine_new               (LkHttp *http, LkClock *clock);

/**
 * lk_call_engine_call_async:
 * @app: key of the budget, the developer app's name
 * @connection: (nullable): key of the circuit, and of limits that each token has
 * @deadline: seconds, 0 for %LK_HTTP_DEADLINE; a wait that ends later is not begun, the rate fault
 *   is returned at once: the provider's own, or local "budget" when nothing was sent
 */
void           lk_call_engine_call_async        (LkCallEngine *self, LkProfile *profile,
                                                 const char *app, const char *connection,
                                                 LkTokenSource *source, LkCallRequest *call,
                                                 guint deadline, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
/* Errors: those of the token source, LK_PROVIDER_ERROR of the request, G_IO_ERROR_CANCELLED; what
 * the network or the provider said is a fault in the result. A deadline that passes is the local
 * fault "timed-out"; with no attempts nothing was sent. */
LkCallResult  *lk_call_engine_call_finish       (LkCallEngine *self, GAsyncResult *result,
                                                 GError **error);

/* A probe: the same way, but never through a renewal (the token's state is what it asks), and
 * allowed while the circuit is open. @connection: (nullable): whose circuit a success closes.
 * @source: (nullable) for probes that need no token. A probe that the budget does not allow within
 * two seconds answers with a rate fault. Of "video", @account is the account, @center the video. */
void           lk_call_engine_probe_async       (LkCallEngine *self, LkProfile *profile,
                                                 const char *app, const char *connection,
                                                 LkTokenSource *source, const char *probe,
                                                 const char *center, const char *account,
                                                 GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
LkProbeAnswer *lk_call_engine_probe_finish      (LkCallEngine *self, GAsyncResult *result,
                                                 GError **error);

/* What is held back now; (element-type LkFault): class rate, with limit, slowed, account, endpoint
 * and retry_at. (transfer full) */
GPtrArray     *lk_call_engine_list_holds        (LkCallEngine *self, const char *app);
gboolean       lk_call_engine_is_circuit_open   (LkCallEngine *self, const char *connection);
void           lk_call_engine_close_circuit     (LkCallEngine *self, const char *connection);
/* The clock was set or the machine woke: looks at once at what is due. */
void           lk_call_engine_wake              (LkCallEngine *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkCallResult, lk_call_result_free)

G_END_DECLS
