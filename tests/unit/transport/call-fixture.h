/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <string.h>

#include <libsoup/soup.h>

#include "lk-call-private.h"
#include "lk-profile-set.h"

#define ADS_GET    "campaign/get/"
#define ADS_CREATE "campaign/create/"
#define API        "/open_api/v1.3/"

/* 2026-11-21 23:00 UTC */
#define NOW G_GINT64_CONSTANT (1795302000)

/* A clock whose wall time and boot time move apart, in microseconds. */
#define TEST_TYPE_CLOCK (test_clock_get_type ())
G_DECLARE_FINAL_TYPE (TestClock, test_clock, TEST, CLOCK, GObject)

struct _TestClock
{
  GObject parent_instance;

  gint64 now;  /* microseconds since 1970 UTC */
  gint64 boot; /* microseconds */
};

TestClock *test_clock_new     (gint64 now);
void       test_clock_advance (TestClock *self, double seconds);

/* Hands out "access-N"; a rejection of the newest one makes the next, or fails. */
#define TEST_TYPE_SOURCE (test_source_get_type ())
G_DECLARE_FINAL_TYPE (TestSource, test_source, TEST, SOURCE, GObject)

struct _TestSource
{
  GObject parent_instance;

  guint    generation;
  guint    gets;
  guint    renewals;
  gboolean stuck;        /* never answers */
  gboolean refuses;      /* to renew */
  gboolean is_locked;    /* the keyring is */
  gboolean cannot_renew; /* gives the same again */
};

/**
 * Script:
 * @status: 0 to close the connection without a reply, -1 to say nothing at all
 * @code: of TikTok's envelope; -1 for @body as it is
 */
typedef struct
{
  int         status;
  int         code;
  const char *message;
  const char *body;
} Script;

typedef struct
{
  char         *home;
  SoupServer   *server;
  guint         port;
  LkProfileSet *profiles;
  LkProfile    *ads;
  LkProfile    *account;
  LkProfile    *login;
  LkProfile    *shop;
  TestClock    *clock;
  LkHttp       *http;
  LkCallEngine *engine;
  TestSource   *source;
  GQueue        script;   /* (element-type Script): replies to come; then successes */
  GPtrArray    *seen;     /* (element-type utf8): "METHOD PATH TOKEN" of each request */
  GPtrArray    *paused;   /* (element-type SoupServerMessage): kept waiting */
  char         *query;    /* of the last request */
  GArray       *arrivals; /* (element-type gint64): boot time of each request */
  gint64        server_skew;
  const char   *expired;  /* a token that is answered with 40102, whatever the script says */
} Fixture;

typedef struct
{
  gboolean       done;
  LkCallResult  *result;
  LkProbeAnswer *answer;
  GError        *error;
} Outcome;

void     fixture_set_up     (Fixture *self, gconstpointer data);
void     fixture_tear_down  (Fixture *self, gconstpointer data);
void     fixture_reply      (Fixture *self, int status, int code, const char *message);
void     fixture_reply_raw  (Fixture *self, int status, const char *body);
Outcome *fixture_start      (Fixture *self, LkProfile *profile, const char *connection,
                             LkCallRequest *call, guint deadline, GCancellable *cancellable);
Outcome *fixture_probe      (Fixture *self, LkProfile *profile, const char *probe,
                             const char *center, const char *account);
/* Nobody waits any more for what the server was told to leave alone. */
void     fixture_forget     (Fixture *self);
/* Runs the main loop until nothing is left to do but wait for the clock. */
void     fixture_settle     (Fixture *self);
/* Moves the clock in small steps, settles in between; until @outcome is done, at most @seconds. */
double   fixture_advance    (Fixture *self, Outcome *outcome, double seconds);
LkCallRequest *fixture_reading  (const char *account);
LkCallRequest *fixture_creating (void);
/* One call to its end, with at most @seconds of the clock. Returns how many it took. */
double   fixture_finish     (Fixture *self, Outcome *outcome, double seconds);
void     outcome_assert_steps (Outcome *outcome, const char *expected);
void     outcome_free       (Outcome *self);
char    *outcome_steps      (Outcome *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Outcome, outcome_free)
