/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-clock.h"
#include "lk-sim-centers.h"
#include "lk-sim-faults.h"
#include "lk-sim-limits.h"
#include "lk-sim-media.h"
#include "lk-sim-news.h"
#include "lk-sim-people.h"
#include "lk-sim-stats.h"

G_BEGIN_DECLS

/**
 * LkSimLife:
 * @access: seconds that an access token lives, 0 for no end
 * @refresh: seconds that a refresh token lives, 0 for no end
 * @code: seconds that an authorization code lives
 * @fixed: whether a renewal leaves the end of the refresh token where the sign-in put it
 */
typedef struct
{
  gint64   access;
  gint64   refresh;
  gint64   code;
  gboolean fixed;
} LkSimLife;

/**
 * LkSimApp:
 * @id: client key or app id
 * @redirects: registered redirect addresses; ":*" as the port takes any port (Login Kit only)
 * @scopes: (nullable): what the app was approved for; %NULL for everything
 * @service: (nullable): the service id that a TikTok Shop app is authorized by
 * @blocked: whether every call of the app is refused with 40113
 * @unlisted: whether Business Center calls are refused with 40118
 * @developer: 0, or 40124 or 40125: what the developer lacks
 */
typedef struct
{
  LkSimFamily   family;
  char         *id;
  char         *secret;
  char        **redirects;
  char        **scopes;
  char         *service;
  gboolean      blocked;
  gboolean      unlisted;
  gint64        developer;
} LkSimApp;

/* The end of what has none; ends are microseconds of lk_sim_state_now(). */
#define LK_SIM_NEVER G_MAXINT64

/* What one sign-in granted, with its tokens. Owned by the state. */
typedef struct
{
  LkSimFamily       family;
  char             *app;
  const LkSimUser  *user;
  char             *open_id;
  char            **scopes;
  char            **advertisers;
  char             *access;
  char             *refresh; /* (nullable) */
  gint64            access_ends;
  gint64            refresh_ends;
  guint             generation;
  gint64            least_left; /* of an access token's life, in microseconds, when the next came */
} LkSimGrant;

typedef struct
{
  LkSimFamily       family;
  char             *value;
  char             *app;
  const LkSimUser  *user;
  char            **scopes;
  char            **advertisers;
  char             *redirect;
  char             *challenge; /* (nullable) */
  gint64            ends;
  gboolean          used;
} LkSimCode;

typedef enum
{
  LK_SIM_CHECK_OK,
  LK_SIM_CHECK_UNKNOWN,
  LK_SIM_CHECK_EXPIRED,
} LkSimCheck;

/**
 * LkSimState:
 *
 * Everything that the pretended platform knows. The families' endpoints and the control
 * addresses work on it; it knows nothing of HTTP.
 */
typedef struct
{
  LkClock     *clock;
  gint64       advanced; /* microseconds that the simulator's own clock was moved on */
  gint64       skew;     /* seconds added to the Date header */
  char        *base_uri; /* (nullable) until started */
  LkSimLife    lives[LK_SIM_N_FAMILIES];
  LkSimLife    start_lives[LK_SIM_N_FAMILIES];
  GHashTable  *apps;
  GHashTable  *codes;
  GPtrArray   *grants;
  GHashTable  *access;
  GHashTable  *refresh;
  GPtrArray   *centers;
  GHashTable  *statuses; /* advertiser → status, when it is not fine */
  GHashTable  *reasons;  /* advertiser → why it was rejected */
  GHashTable  *deleted;  /* set of advertisers */
  GHashTable  *refused;  /* set of shops whose seller may not */
  LkSimMedia  *media;
  LkSimNews   *news;
  LkSimFaults *faults;
  LkSimLimits *limits;
  LkSimStats  *stats;
} LkSimState;

LkSimState *lk_sim_state_new            (LkClock *clock, gint64 access_life, gint64 refresh_life);
void        lk_sim_state_free           (LkSimState *self);
void        lk_sim_state_reset          (LkSimState *self);
gint64      lk_sim_state_now            (LkSimState *self);
gint64      lk_sim_state_get_time       (LkSimState *self);

void        lk_sim_state_add_app        (LkSimState *self, LkSimFamily family, const char *id,
                                         const char *secret, const char *const *redirects,
                                         const char *const *scopes);
LkSimApp   *lk_sim_state_find_app       (LkSimState *self, const char *id);
gboolean    lk_sim_app_takes_redirect   (LkSimApp *app, const char *redirect);
gboolean    lk_sim_app_has_scope        (LkSimApp *app, const char *scope);

const char *lk_sim_state_get_role       (LkSimState *self, const LkSimUser *user,
                                         const char *advertiser);
const char *lk_sim_state_get_status     (LkSimState *self, const char *advertiser);
gboolean    lk_sim_state_has_advertiser (LkSimState *self, const char *advertiser);

const char *lk_sim_state_issue_code     (LkSimState *self, LkSimApp *app, const LkSimUser *user,
                                         const char *const *scopes,
                                         const char *const *advertisers,
                                         const char *redirect, const char *challenge);
LkSimCode  *lk_sim_state_find_code      (LkSimState *self, const char *value, LkSimCheck *check);
LkSimGrant *lk_sim_state_redeem         (LkSimState *self, LkSimCode *code);
gint64      lk_sim_state_get_refresh_left (LkSimState *self, LkSimGrant *grant);
LkSimCheck  lk_sim_state_check_access   (LkSimState *self, LkSimFamily family, const char *token,
                                         LkSimGrant **grant);
LkSimCheck  lk_sim_state_check_refresh  (LkSimState *self, LkSimFamily family, const char *token,
                                         LkSimGrant **grant);
void        lk_sim_state_rotate         (LkSimState *self, LkSimGrant *grant);
void        lk_sim_state_revoke         (LkSimState *self, LkSimGrant *grant);
void        lk_sim_state_expire         (LkSimState *self, LkSimGrant *grant, gboolean access,
                                         gboolean refresh);
gboolean    lk_sim_grant_has_scope      (LkSimGrant *grant, const char *scope);
gboolean    lk_sim_grant_has_advertiser (LkSimGrant *grant, const char *advertiser);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkSimState, lk_sim_state_free)

G_END_DECLS
