/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-sim-message.h"
#include "lk-sim-state.h"

G_BEGIN_DECLS

typedef void (*LkSimHandler) (LkSimState *state, const LkSimRequest *request, LkSimReply *reply);

typedef struct
{
  const char   *method;
  const char   *path;
  LkSimHandler  handler;
} LkSimRoute;

/* Each table ends with an empty row. */
const LkSimRoute *lk_sim_login_routes    (void);
const LkSimRoute *lk_sim_post_routes     (void);
const LkSimRoute *lk_sim_ads_routes      (void);
const LkSimRoute *lk_sim_marketing_routes (void);
const LkSimRoute *lk_sim_center_routes   (void);
const LkSimRoute *lk_sim_asset_routes    (void);
const LkSimRoute *lk_sim_video_routes    (void);
const LkSimRoute *lk_sim_account_routes  (void);
const LkSimRoute *lk_sim_shop_routes     (void);
const LkSimRoute *lk_sim_shop_api_routes (void);
const LkSimRoute *lk_sim_news_routes     (void);
const LkSimRoute *lk_sim_world_routes    (void);
const LkSimRoute *lk_sim_consent_routes  (void);
const LkSimRoute *lk_sim_control_routes  (void);
const LkSimRoute *lk_sim_page_routes     (void);
const LkSimRoute *lk_sim_center_page_routes (void);
const LkSimRoute *lk_sim_app_page_routes (void);

void              lk_sim_dispatch        (LkSimState *state, const LkSimRequest *request,
                                          LkSimReply *reply);
LkSimGrant       *lk_sim_login_grant     (LkSimState *state, const LkSimRequest *request,
                                          LkSimReply *reply);
LkSimGrant       *lk_sim_business_grant  (LkSimState *state, LkSimFamily family,
                                          const LkSimRequest *request, LkSimReply *reply);
gboolean          lk_sim_business_fields (const LkSimRequest *request, LkSimReply *reply,
                                          const char *const *names);

G_END_DECLS
