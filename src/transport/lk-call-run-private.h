/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-call-private.h"

G_BEGIN_DECLS

/**
 * LkCall:
 *
 * One call or probe under way. Lives in its task, which refers to itself until it is finished.
 */
typedef struct
{
  /* input */
  LkCallEngine *engine;   /* (unowned): the task has it */
  LkCallPlan   *plan;     /* (owned) */
  GTask        *task;     /* (owned) until finished */
  GCancellable *inner;    /* (owned): for what is under way */
  GCancellable *outer;    /* (owned) (nullable): the caller's */
  gulong        outer_id;
  gint64        deadline_at; /* boot time */

  /* in progress */
  char         *path;     /* (owned) (nullable) */
  char         *method;   /* (owned) (nullable) */
  LkClaim      *claim;    /* (owned) (nullable) */
  guint64       number;   /* of the first claim */
  LkTokenSet   *tokens;   /* (owned) (nullable): what was sent last */
  LkFault      *refusal;  /* (owned) (nullable): what led to the renewal */
  LkTimer      *timer;    /* (nullable): the deadline */
  LkTimer      *pause;    /* (nullable): back-off */
  gint64        sent_at;  /* boot time */
  guint         attempts;
  guint         rates;
  guint         transients;
  gboolean      out;      /* a request is under way */
  gboolean      renewed;
  gboolean      finished;

  /* output */
  LkCallResult  *result;  /* (owned) */
  LkProbeAnswer *answer;  /* (owned) (nullable): of a probe */
} LkCall;

/* lk-call-run.c: from one step to the next */
void       lk_call_start            (LkCall *self);

/* lk-call.c: what the steps need */
gboolean   lk_call_is_safe          (LkCall *self);
gboolean   lk_call_needs_token      (LkCall *self);
void       lk_call_fill_spec        (LkCall *self, LkClaimSpec *spec);
gboolean   lk_call_check_circuit    (LkCall *self);
void       lk_call_count_dead_token (LkCall *self);
LkRequest *lk_call_build            (LkCall *self, GError **error);
LkFault   *lk_call_judge            (LkCall *self, const LkReply *reply, const GError *error);
void       lk_call_give_place_back  (LkCall *self, gboolean used);
void       lk_call_keep_reply       (LkCall *self, LkReply *reply);
void       lk_call_note             (LkCall *self, const char *kind, double seconds,
                                     const LkFault *fault);
/* @fault, @error: (transfer full); no fault is a success */
void       lk_call_finish_fault     (LkCall *self, LkFault *fault);
void       lk_call_finish_error     (LkCall *self, GError *error);

G_END_DECLS
