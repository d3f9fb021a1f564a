/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "lk-simulator.h"

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"

/* A simulator on a free port with a clock that stands still, and a client of it. */
typedef struct
{
  LkClock     *clock;
  LkSimulator *simulator;
  SoupSession *session;
} Fixture;

/* An answer; @status is 0 when the connection ended without a whole one. */
typedef struct
{
  guint       status;
  char       *body;
  gsize       size;
  char       *location;
  char       *date;
  char       *log_id;
  JsonObject *json;
} Answer;

void        fixture_set_up    (Fixture *self, gconstpointer data);
void        fixture_tear_down (Fixture *self, gconstpointer data);

Answer     *fixture_send      (Fixture *self, const char *method, const char *path,
                               const char *header, const char *value, const char *type,
                               const char *body);
Answer     *fixture_get       (Fixture *self, const char *path);
Answer     *fixture_post      (Fixture *self, const char *path, const char *type,
                               const char *body);
void        fixture_control   (Fixture *self, const char *name, const char *body);
gint64      fixture_count     (Fixture *self, const char *group, const char *key);

void        answer_free       (Answer *self);
char       *answer_param      (Answer *self, const char *name);
const char *answer_string     (Answer *self, const char *path);
gint64      answer_int        (Answer *self, const char *path);

/* The first tokens of the login and account families, as user 1. */
Answer     *fixture_login     (Fixture *self, const char *scopes);
Answer     *fixture_ads       (Fixture *self, const char *more);
Answer     *fixture_account   (Fixture *self);
char       *fixture_code      (Fixture *self, const char *path, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3"
#define LOGIN_REDIRECT "http%3A%2F%2F127.0.0.1%3A5555%2Fcallback%2F"
#define LOGIN_ASK                                                                                  \
  "/v2/auth/authorize/?client_key=sim-login-key&response_type=code&state=s%2F1"                    \
  "&redirect_uri=" LOGIN_REDIRECT "&code_challenge=" CHALLENGE "&code_challenge_method=S256"
#define LOGIN_CLIENT "client_key=sim-login-key&client_secret=sim-login-secret"
#define ADS_ID "7000000000000000101"
#define ADS_ASK                                                                                    \
  "/portal/auth?app_id=" ADS_ID "&state=s&redirect_uri=http%3A%2F%2F127.0.0.1%3A17817%2Fcallback%2F"
#define ACCOUNT_ASK                                                                                \
  "/v2/auth/authorize/?client_key=sim-account-id&response_type=code&state=s"                       \
  "&scope=user.info.basic,video.list&auto_consent=1"                                               \
  "&redirect_uri=http%3A%2F%2F127.0.0.1%3A17818%2Fcallback%2F"
#define API "/open_api/v1.3"
