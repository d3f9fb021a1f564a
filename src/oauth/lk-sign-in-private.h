/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-answer-private.h"
#include "lk-loopback-private.h"
#include "lk-oauth-call.h"
#include "lk-sign-in.h"

G_BEGIN_DECLS

struct _LkSignIn
{
  GObject         parent_instance;

  /* input */
  LkProfile      *profile;       /* (owned) */
  LkHttp         *http;          /* (owned) */
  LkClock        *clock;         /* (owned) */
  LkClientRecord *client;        /* (owned) */
  LkSecret       *secret;        /* (owned) (nullable) */
  char          **scopes;        /* (owned) */
  char           *expected;      /* (owned) (nullable): identity */

  /* in progress */
  LkSignInState   state;
  LkSecret       *state_word;    /* (owned) */
  LkSecret       *verifier;      /* (owned) (nullable) */
  char           *authorize_uri; /* (owned) */
  char           *redirect_uri;  /* (owned) */
  LkLoopback     *loopback;      /* (owned) (nullable) */
  gboolean        fixed_port;
  gint64          expires;       /* on the wall */
  gint64          expires_boot;  /* on the clock that nobody sets, microseconds */
  guint           expiry_id;
  guint           answer_id;
  LkAnswer       *answer;        /* (owned) (nullable): accepted, waiting for its turn */
  gboolean        answered;      /* the state word is used up */
  GCancellable   *cancellable;   /* (owned) */

  /* output */
  LkFault        *fault;         /* (owned) (nullable) */
  LkTokenSet     *tokens;        /* (owned) (nullable) */
  char           *identity;      /* (owned) (nullable) */
  char           *identity_name; /* (owned) (nullable) */
  GPtrArray      *accounts;      /* (owned) (nullable) */
  gboolean        verified;
};

/* lk-sign-in-answer.c: how an attempt gets its answer, or none */
LkLoopbackVerdict lk_sign_in_browser_came_cb (const char *query, LkPage *page, gpointer user_data);
gboolean          lk_sign_in_expired_cb      (gpointer user_data);

void     lk_sign_in_exchange   (LkSignIn *self);
void     lk_sign_in_set_state  (LkSignIn *self, LkSignInState state);
void     lk_sign_in_fail       (LkSignIn *self, LkFault *fault);
void     lk_sign_in_complete   (LkSignIn *self);
LkFault *lk_sign_in_make_fault (LkSignIn *self, LkClass klass, const char *code, const char *step);

G_END_DECLS
