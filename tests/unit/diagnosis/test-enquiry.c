/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One line a branch: what was refused, what the platform answers → what is asked, the cause. */

#include "enquiry-world.h"

#include <string.h>

#define ADS "tiktok-ads"
#define ACCOUNT "tiktok-account"
#define LOGIN "tiktok-login"
#define SHOP "tiktok-shop"
#define CHANGE "40001:POST:/open_api/v1.3/campaign/update/:700100:"
#define LOOK "40001:GET:/open_api/v1.3/campaign/get/:700100:"
#define RULES                                                                                     \
  "40001:GET:/open_api/v1.3/optimizer/rule/list/:700100:"                                         \
  "advertiser does not grant you /optimizer/rule/list/:GET permission"
#define REFUSED "No permission to operate advertiser 700100"
#define B1 "b1:Nordwind Group:STANDARD"

typedef struct
{
  const char *name;
  const char *provider;
  const char *fault;
  World       world;
  const char *asked;
  const char *cause;
  LkTurn      turn;
  const char *remedy;
  double      least;
  double      most;
  gboolean    reauth;
  const char *granted; /* what the sign-in brought, and what it asked for */
  const char *wanted;
  gboolean    can_renew;
  gboolean    renewed;
  gboolean    offline;
} Branch;

static const Branch branches[] = {
  /* The role is too low. */
  { "analyst", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .centers = B1,
      .seats = "b1:700100:ANALYST:OWNER_BC:BOUND:Nordwind",
    .admins = "Anna Berg:a@n.example:ADMIN" },
    "reach account(700100) centers center-assets(b1,700100) center-members(b1)",
    "role-too-low", LK_TURN_ADMIN, "permission", 0.9, 1, FALSE },
  { "analyst, and the center names nobody", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .centers = B1,
      .refused = "center-members=permission:40001:",
      .seats = "b1:700100:ANALYST:OWNER_BC:BOUND:Nordwind" },
    "reach account(700100) centers center-assets(b1,700100) center-members(b1)",
    "role-too-low", LK_TURN_ADMIN, "permission", 0.9, 1, FALSE },
  { "analyst who is admin", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .centers = "b1:Nordwind Group:ADMIN",
      .seats = "b1:700100:ANALYST:OWNER_BC:BOUND:Nordwind" },
    "reach account(700100) centers center-assets(b1,700100)",
    "role-too-low", LK_TURN_YOU, "permission", 0.9, 1, FALSE },
  { "analyst here, operator there", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .centers = B1 "|b2:Agency:STANDARD",
      .seats = "b1:700100:ANALYST:OWNER_BC:BOUND:Nordwind"
               "|b2:700100:OPERATOR:OWNER_PARTNER:BOUND:Nordwind" },
    "reach account(700100) centers center-assets(b1,700100) center-assets(b2,700100)",
    "unknown", LK_TURN_YOU, "request", 0.3, 0.5, FALSE },
  { "owner's center first", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .centers = B1 "|b2:Owner:ADMIN", .owner = "b2",
      .seats = "b2:700100:OPERATOR:OWNER_BC:BOUND:Nordwind" },
    "reach account(700100) centers center-assets(b2,700100)",
    "unknown", LK_TURN_YOU, "request", 0.3, 0.5, FALSE },
  { "listed, no role anywhere", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .centers = B1 },
    "reach account(700100) centers center-assets(b1,700100)",
    "account-no-role", LK_TURN_ADMIN, "permission", 0.6, 0.8, FALSE },
  { "centers closed to the app", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3",
    .refused = "centers=permission:40118:not on the allowlist" },
    "reach account(700100) centers",
    "center-unlisted", LK_TURN_ADMIN, "permission", 0.5, 0.7, FALSE },
  { "centers without scope", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .refused = "centers=scope:40125:no permission" },
    "reach account(700100) centers",
    "center-unlisted", LK_TURN_ADMIN, "permission", 0.5, 0.7, FALSE },
  { "assets closed to the app", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .centers = B1,
      .refused = "center-assets=permission:40001:no permission" },
    "reach account(700100) centers center-assets(b1,700100)",
    "center-unlisted", LK_TURN_ADMIN, "permission", 0.5, 0.7, FALSE },

  /* The account itself. */
  { "closed", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .status = "STATUS_DISABLE" }, "reach account(700100)",
    "account-closed", LK_TURN_YOU, "account-status", 0.9, 1, FALSE },
  { "limited", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .status = "STATUS_LIMIT" }, "reach account(700100)",
    "account-limited", LK_TURN_PROVIDER, "account-status", 0.9, 1, FALSE },
  { "in review", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .status = "STATUS_PENDING_VERIFIED" },
    "reach account(700100)",
    "account-in-review", LK_TURN_PROVIDER, "account-status", 0.9, 1, FALSE },
  { "rejected", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .status = "STATUS_CONFIRM_FAIL" }, "reach account(700100)",
    "account-rejected", LK_TURN_YOU, "account-status", 0.9, 1, FALSE },
  { "limited, of a creator", LOGIN,
    "account_status:spam_risk_user_banned_from_posting:POST:/v2/post/publish/video/init/::",
    { 0 }, "", "account-limited", LK_TURN_PROVIDER, "account-status", 0.8, 1, FALSE },

  /* The account is not listed. */
  { "not ticked", ADS, "permission:" LOOK REFUSED,
    { .listed = "700200:Other", .centers = B1,
      .seats = "b1:700100:OPERATOR:OWNER_BC:BOUND:Nordwind" },
    "reach identity centers center-assets(b1,700100)",
    "account-not-ticked", LK_TURN_YOU, "reconnect", 0.9, 1, TRUE },
  { "pending", ADS, "permission:" LOOK REFUSED,
    { .listed = "700200:Other", .centers = B1,
      .seats = "b1:700100::OWNER_PARTNER:PENDING:Customer" },
    "reach identity centers center-assets(b1,700100)",
    "account-pending", LK_TURN_ADMIN, "permission", 0.9, 1, FALSE },
  { "in the center, no role", ADS, "permission:" LOOK REFUSED,
    { .listed = "700200:Other", .centers = B1, .seats = "b1:700100::OWNER_BC:BOUND:Nordwind" },
    "reach identity centers center-assets(b1,700100) center-members(b1)",
    "account-no-role", LK_TURN_ADMIN, "permission", 0.85, 1, FALSE },
  { "in no center of the login", ADS, "permission:" LOOK REFUSED,
    { .listed = "700200:Other", .centers = B1 "|b2:Agency:ADMIN" },
    "reach identity centers center-assets(b1,700100) center-assets(b2,700100) center-members(b1)",
    "account-no-role", LK_TURN_ADMIN, "permission", 0.7, 0.85, FALSE },
  { "in no center, and one's own hides nothing", ADS, "permission:" LOOK REFUSED,
    { .listed = "700200:Other", .centers = "b2:Agency:ADMIN" },
    "reach identity centers center-assets(b2,700100)",
    "account-no-role", LK_TURN_ADMIN, "permission", 0.7, 0.85, FALSE },
  { "not ticked, and too low", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700200:Other", .centers = B1,
      .seats = "b1:700100:ANALYST:OWNER_BC:BOUND:Nordwind" },
    "reach identity centers center-assets(b1,700100)",
    "account-not-ticked", LK_TURN_YOU, "reconnect", 0.9, 1, TRUE },
  { "the app lacks it, whatever the token carries", ADS,
    "scope:40125:GET:/open_api/v1.3/campaign/get/:700100:", { 0 }, "",
    "app-lacks-permission", LK_TURN_APP_OWNER, "scope", 0.8, 1, TRUE, .granted = "200" },
  { "deleted, or not to be seen", ADS,
    "account_status:40001:GET:/open_api/v1.3/campaign/get/:700100:The advertiser 700100 "
    "doesn't exist or has been deleted.",
    { .listed = "700200:Other", .centers = "b1:Nordwind Group:ADMIN" },
    "reach identity centers center-assets(b1,700100)",
    "account-unknown", LK_TURN_YOU, "account-status", 0.65, 0.85, FALSE },
  { "no center at all", ADS, "permission:" LOOK REFUSED, { .listed = "700200:Other" },
    "reach identity centers", "login-wrong", LK_TURN_YOU, "reconnect", 0.7, 0.9, TRUE },
  { "no center, no account", ADS, "permission:" LOOK REFUSED, { 0 },
    "reach identity centers", "login-wrong", LK_TURN_YOU, "reconnect", 0.8, 0.9, TRUE },
  { "another login", ADS, "permission:" LOOK REFUSED,
    { .listed = "700200:Other", .identity = "u2:Private Me" },
    "reach identity", "login-wrong", LK_TURN_YOU, "reconnect", 0.9, 1, TRUE },
  { "not listed, centers closed", ADS, "permission:" LOOK REFUSED,
    { .listed = "700200:Other", .refused = "centers=permission:40001:no permission" },
    "reach identity centers", "center-unlisted", LK_TURN_ADMIN, "permission", 0.5, 0.7, FALSE },
  { "permission, but the token is dead", ADS, "permission:" LOOK REFUSED,
    { .refused = "reach=token_revoked:40105:revoked" },
    "reach", "token-dead", LK_TURN_YOU, "reconnect", 0.9, 1, TRUE },
  { "zero accounts", ADS, "permission::::::", { .centers = B1 },
    "reach identity centers", "no-accounts", LK_TURN_YOU, "reconnect", 0.8, 1, TRUE },

  /* Assets and lists. */
  { "catalog", ADS,
    "permission:40001:GET:/open_api/v1.3/catalog/get/::You don't have permission to "
    "operate this catalog:7123456.",
    { 0 }, "", "asset-role", LK_TURN_ADMIN, "permission", 0.8, 0.95, FALSE },
  { "allow-list", ADS, "permission:40118:GET:/open_api/v1.3/tcm/get/::not on the allowlist",
    { 0 }, "",
    "app-not-listed", LK_TURN_PROVIDER, "app", 0.85, 1, FALSE },
  { "companies", ADS, "permission:40119:GET:/open_api/v1.3/campaign/get/:700100:", { 0 }, "",
    "login-wrong", LK_TURN_YOU, "reconnect", 0.85, 1, TRUE },
  { "method of the app", ADS, "permission:40117:GET:/open_api/v1.3/campaign/get/:700100:", { 0 },
    "",
    "app-lacks-permission", LK_TURN_APP_OWNER, "scope", 0.85, 1, TRUE },
  { "creator", ADS, "permission:40121:GET:/open_api/v1.3/tcm/get/::", { 0 }, "",
    "policy", LK_TURN_YOU, "request", 0.8, 1, FALSE },
  { "members of a center", ADS,
    "permission:40001:POST:/open_api/v1.3/bc/member/invite/::No permission",
    { .centers = B1 }, "centers", "role-too-low", LK_TURN_ADMIN, "permission", 0.8, 0.9, FALSE },

  /* Scopes. */
  { "scope not granted", ADS, "scope:" RULES, { 0 }, "",
    "scope-missing", LK_TURN_APP_OWNER, "scope", 0.95, 1, TRUE, .granted = "4 200 201" },
  { "scope granted by its parent, for looking", ADS, "scope:" RULES, { 0 }, "",
    "scope-missing", LK_TURN_APP_OWNER, "scope", 0.4, 0.6, TRUE, .granted = "17000000" },
  { "scope granted by its parent, so the role", ADS,
    "scope:40001:POST:/open_api/v1.3/optimizer/rule/update/:700100:"
    "advertiser does not grant you /optimizer/rule/update/:POST permission",
    { .listed = "700100:Nordwind DE 3", .centers = B1,
      .seats = "b1:700100:ANALYST:OWNER_BC:BOUND:Nordwind" },
    "reach account(700100) centers center-assets(b1,700100) center-members(b1)",
    "role-too-low", LK_TURN_ADMIN, "permission", 0.9, 1, FALSE, .granted = "1 17000000" },
  { "nobody knows the scopes", ADS, "scope:" RULES, { 0 }, "",
    "scope-missing", LK_TURN_APP_OWNER, "scope", 0.8, 0.9, TRUE },
  { "the app lacks it", ADS, "scope:40125:GET:/open_api/v1.3/campaign/get/:700100:", { 0 }, "",
    "app-lacks-permission", LK_TURN_APP_OWNER, "scope", 0.8, 1, TRUE },
  { "v2, unticked", LOGIN, "scope:scope_not_authorized:GET:/v2/video/list/::", { 0 }, "",
    "scope-missing", LK_TURN_YOU, "scope", 0.95, 1, TRUE,
    .granted = "user.info.basic", .wanted = "user.info.basic video.list" },
  { "v2, never asked", LOGIN, "scope:scope_not_authorized:GET:/v2/video/list/::", { 0 }, "",
    "scope-missing", LK_TURN_YOU, "scope", 0.95, 1, TRUE, .granted = "user.info.basic" },
  { "v2, a field", LOGIN, "scope:scope_permission_missed:GET:/v2/user/info/::", { 0 }, "",
    "scope-missing", LK_TURN_YOU, "scope", 0.4, 1, TRUE, .granted = "user.info.basic" },
  { "account, asked of the provider", ACCOUNT,
    "scope:40001:GET:/open_api/v1.3/business/comment/list/::does not grant you the scope",
    { .granted = "user.info.basic" }, "granted",
    "scope-missing", LK_TURN_YOU, "scope", 0.9, 1, TRUE },
  { "scope missing although the role would do", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .centers = B1,
      .seats = "b1:700100:OPERATOR:OWNER_BC:BOUND:Nordwind" },
    "reach account(700100) centers center-assets(b1,700100)",
    "scope-missing", LK_TURN_APP_OWNER, "scope", 0.6, 0.8, TRUE, .granted = "1 4 200" },
  { "no scope to look into the centers", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3" }, "reach account(700100)",
    "center-unlisted", LK_TURN_ADMIN, "permission", 0.5, 0.7, FALSE, .granted = "10 20" },
  { "refused by one center, told by the other", ADS, "permission:" CHANGE REFUSED,
    { .listed = "700100:Nordwind DE 3", .centers = B1 "|b2:Agency:ADMIN",
      .seats = "b2:700100:ANALYST:OWNER_PARTNER:BOUND:Nordwind", .deaf = "b1" },
    "reach account(700100) centers center-assets(b1,700100) center-assets(b2,700100)",
    "role-too-low", LK_TURN_YOU, "permission", 0.9, 1, FALSE },

  /* What Latchkey does by itself. */
  { "renews by itself", LOGIN, "token_expired:access_token_invalid:GET:/v2/user/info/::invalid",
    { 0 }, "", "token-expired", LK_TURN_LATCHKEY, NULL, 0.85, 1, FALSE, .can_renew = TRUE },
  { "renewed, and refused still", LOGIN,
    "token_expired:access_token_invalid:GET:/v2/user/info/::invalid",
    { .refused = "identity=token_expired:access_token_invalid:" }, "identity",
    "token-dead", LK_TURN_YOU, "reconnect", 0.95, 1, TRUE, .can_renew = TRUE, .renewed = TRUE },
  { "offline: no question", ADS, "permission:" LOOK REFUSED, { 0 }, "",
    "account-no-role", LK_TURN_ADMIN, "permission", 0.4, 0.7, FALSE, .offline = TRUE },
  { "offline, nothing refused", ADS, NULL, { 0 }, "",
    "offline", LK_TURN_YOU, "network", 0.9, 1, FALSE, .offline = TRUE },

  /* Token. */
  { "revoked", ADS, "token_revoked:40105:GET:/open_api/v1.3/campaign/get/:700100:revoked",
    { .refused = "identity=token_revoked:40105:revoked" }, "identity",
    "token-dead", LK_TURN_YOU, "reconnect", 0.95, 1, TRUE },
  { "called revoked, and alive", ADS,
    "token_revoked:40105:GET:/open_api/v1.3/campaign/get/:700100:revoked", { 0 }, "identity",
    "request-wrong", LK_TURN_YOU, "request", 0.6, 0.8, FALSE },
  { "revoked, nobody answers", ADS,
    "token_revoked:40105:GET:/open_api/v1.3/campaign/get/:700100:revoked",
    { .refused = "identity=local:timed-out" }, "identity",
    "token-dead", LK_TURN_YOU, "reconnect", 0.7, 0.9, TRUE },
  { "core user", ADS, "token_revoked:40106:GET:/open_api/v1.3/campaign/get/:700100:",
    { .refused = "identity=token_revoked:40106:" }, "identity",
    "token-dead", LK_TURN_YOU, "reconnect", 0.95, 1, TRUE },
  { "v2 token", LOGIN, "token_expired:access_token_invalid:GET:/v2/user/info/::invalid",
    { .refused = "identity=token_expired:access_token_invalid:" }, "identity",
    "token-dead", LK_TURN_YOU, "reconnect", 0.95, 1, TRUE },
  { "refresh token", LOGIN, "refresh_dead:invalid_grant:POST:/v2/oauth/token/::expired", { 0 }, "",
    "refresh-dead", LK_TURN_YOU, "reconnect", 0.9, 1, TRUE },
  { "code", LOGIN, "code_dead:invalid_grant:POST:/v2/oauth/token/::code is expired", { 0 }, "",
    "code-dead", LK_TURN_YOU, "reconnect", 0.9, 1, TRUE },
  { "declined", LOGIN, "denied:access_denied::::", { 0 }, "",
    "refused-by-person", LK_TURN_YOU, "reconnect", 0.9, 1, TRUE },

  /* The developer app. */
  { "other app", ADS,
    "app_config:40000:GET:/open_api/v1.3/oauth2/advertiser/get/::The app_id is "
    "inconsistent with the token's app information.",
    { 0 }, "", "app-other", LK_TURN_APP_OWNER, "app", 0.85, 1, FALSE },
  { "other app, seen by the probe", ADS, "permission:" LOOK REFUSED,
    { .refused = "reach=app_config:40113:The app_id is inconsistent with the token's app "
    "information." },
    "reach identity", "app-other", LK_TURN_APP_OWNER, "app", 0.85, 1, FALSE },
  { "blocked", ADS,
    "app_config:40113:GET:/open_api/v1.3/campaign/get/:700100:The app has been blocked",
    { .refused = "identity=app_config:40113:blocked" }, "identity",
    "app-blocked", LK_TURN_APP_OWNER, "app", 0.6, 1, FALSE },
  { "profile not approved", ADS, "app_config:40124:GET:/open_api/v1.3/campaign/get/:700100:",
    { 0 }, "",
    "app-unapproved", LK_TURN_APP_OWNER, "app", 0.85, 1, FALSE },
  { "not audited", LOGIN,
    "app_config:unaudited_client_can_only_post_to_private_accounts:POST:/v2/post/publish/"
    "video/init/::",
    { 0 }, "", "app-unapproved", LK_TURN_APP_OWNER, "app", 0.85, 1, FALSE },
  { "secret", ADS, "app_config:40101:GET:/open_api/v1.3/oauth2/advertiser/get/::secret is wrong",
    { .refused = "secret=app_config:40101:secret" }, "secret",
    "secret-wrong", LK_TURN_APP_OWNER, "secret", 0.9, 1, FALSE },
  { "secret of v2", LOGIN, "app_config:invalid_client:POST:/v2/oauth/token/::",
    { .refused = "secret=app_config:invalid_client:" }, "secret",
    "secret-wrong", LK_TURN_APP_OWNER, "secret", 0.9, 1, FALSE },
  { "redirect", LOGIN, "redirect_mismatch:redirect_uri::::", { 0 }, "",
    "redirect", LK_TURN_APP_OWNER, "app", 0.9, 1, FALSE },

  /* Rates: the code settles it, and never leads to a new sign-in. */
  { "40100", ADS, "rate:40100:GET:/open_api/v1.3/campaign/get/:700100:App reaches the QPS limit.",
    { 0 }, "", "rate-second", LK_TURN_LATCHKEY, "rate", 0.9, 1, FALSE },
  { "40100 of the day", ADS,
    "rate:40100:GET:/open_api/v1.3/campaign/get/:700100:App reaches the QPD limit.",
    { 0 }, "", "rate-day", LK_TURN_LATCHKEY, "rate", 0.9, 1, FALSE },
  { "40133", ADS, "rate:40133:GET:/open_api/v1.3/campaign/get/:700100:", { 0 }, "",
    "rate-unknown", LK_TURN_LATCHKEY, "rate", 0.9, 1, FALSE },
  { "v2 rate", LOGIN, "rate:rate_limit_exceeded:GET:/v2/user/info/::", { 0 }, "",
    "rate-minute", LK_TURN_LATCHKEY, "rate", 0.9, 1, FALSE },
  { "quota of posts", LOGIN, "quota:spam_risk_too_many_posts:POST:/v2/post/publish/video/init/::",
    { 0 }, "", "rate-day", LK_TURN_LATCHKEY, "rate", 0.9, 1, FALSE },
  { "too many ads", ADS, "quota:40502:POST:/open_api/v1.3/ad/create/:700100:", { 0 }, "",
    "policy", LK_TURN_YOU, "request", 0.8, 1, FALSE },

  /* Trouble. */
  { "maintenance", ADS, "maintenance:60001:GET:/open_api/v1.3/campaign/get/:700100:", { 0 },
    "status",
    "maintenance", LK_TURN_PROVIDER, "provider-down", 0.9, 1, FALSE },
  { "incident", ADS, "transient:50000:GET:/open_api/v1.3/campaign/get/:700100:System error",
    { .incident = "Reporting is slow" }, "status",
    "incident", LK_TURN_PROVIDER, "provider-down", 0.9, 1, FALSE },
  { "incident over", ADS, "transient:50000:GET:/open_api/v1.3/campaign/get/:700100:System error",
    { .incident = "Reporting is slow:Resolved" }, "status",
    "trouble", LK_TURN_PROVIDER, "provider-down", 0.8, 0.9, FALSE },
  { "trouble during the enquiry", ADS, "permission:" LOOK REFUSED,
    { .refused = "reach=transient:50000:System error" }, "reach status",
    "account-no-role", LK_TURN_ADMIN, "permission", 0.4, 0.7, FALSE },
  { "slowed during the enquiry", ADS, "permission:" LOOK REFUSED,
    { .refused = "reach=rate:40100:QPS" }, "reach",
    "account-no-role", LK_TURN_ADMIN, "permission", 0.4, 0.7, FALSE },
  { "clock", SHOP, "clock_skew:36009004:GET:/order/202309/orders::timestamp is too old",
    { .skew = 300 }, "identity", "clock-wrong", LK_TURN_YOU, "clock", 0.9, 1, FALSE },

  /* What needs no probe. */
  { "processing", ADS, "media_processing:40901:POST:/open_api/v1.3/ad/create/:700100:", { 0 }, "",
    "media-processing", LK_TURN_PROVIDER, "media", 0.9, 1, FALSE },
  { "file", ADS, "media_invalid:40907:POST:/open_api/v1.3/file/video/ad/upload/:700100:", { 0 }, "",
    "media-invalid", LK_TURN_YOU, "media", 0.9, 1, FALSE },
  { "request", ADS,
    "bad_request:40002:GET:/open_api/v1.3/campaign/get/:700100:Missing required field(s): "
    "account_id.",
    { 0 }, "", "request-wrong", LK_TURN_YOU, "request", 0.85, 1, FALSE },
  { "sandbox", ADS, "sandbox:40009:GET:/open_api/v1.3/campaign/get/:700100:", { 0 }, "",
    "sandbox", LK_TURN_YOU, "request", 0.9, 1, FALSE },
  { "country", ADS, "policy:41000:GET:/open_api/v1.3/campaign/get/:700100:", { 0 }, "",
    "policy", LK_TURN_YOU, "request", 0.8, 1, FALSE },
  { "a success", ADS, "ok:0:GET:/open_api/v1.3/campaign/get/:700100:OK", { 0 }, "",
    "success", LK_TURN_NOBODY, NULL, 0.9, 1, FALSE },
  { "nothing refused", ADS, NULL, { .listed = "700100:Nordwind" }, "identity reach",
    "success", LK_TURN_NOBODY, NULL, 0.9, 1, FALSE },
  { "nothing refused, and dead", ADS, NULL, { .refused = "identity=token_revoked:40105:" },
    "identity",
    "token-dead", LK_TURN_YOU, "reconnect", 0.9, 1, TRUE },
  { "nothing refused, no accounts", ADS, NULL, { 0 }, "identity reach",
    "no-accounts", LK_TURN_YOU, "reconnect", 0.8, 0.9, TRUE },
};

static void
check_texts (const LkFinding *finding)
{
  g_assert_nonnull (finding->title);
  g_assert_nonnull (finding->explanation);
  g_assert_null (strchr (finding->title, '{'));
  g_assert_null (strchr (finding->explanation, '{'));
  g_assert_nonnull (finding->causes);
  g_assert_nonnull (finding->steps);
  g_assert_nonnull (finding->evidence);
  g_assert_nonnull (finding->assumptions);
  for (guint i = 0; finding->steps[i] != NULL; i++)
    g_assert_null (strchr (finding->steps[i], '{'));
}

static LkFacts *
facts_of (const Branch *branch)
{
  LkFacts *facts = world_facts (branch->provider, branch->fault);

  facts->scopes_granted = branch->granted != NULL ? g_strsplit (branch->granted, " ", -1) : NULL;
  facts->scopes_asked = branch->wanted != NULL ? g_strsplit (branch->wanted, " ", -1) : NULL;
  facts->can_renew = branch->can_renew;
  facts->renewed = branch->renewed;
  facts->offline = branch->offline;

  return facts;
}

static void
test_branches (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (branches); i++)
    {
      const Branch *branch = &branches[i];
      g_autoptr(LkFacts) facts = facts_of (branch);
      g_autofree char *asked = world_enquire (&branch->world, fixture, facts);
      g_autoptr(GPtrArray) findings = lk_enquiry_conclude (fixture->diagnosis, facts);
      const LkFinding *first = g_ptr_array_index (findings, 0);

      g_test_message ("%s: %s: %s (%.2f). %s %s", branch->name, asked, first->cause,
                      first->confidence, first->title, first->explanation);
      g_assert_cmpstr (asked, ==, branch->asked);
      g_assert_cmpstr (first->cause, ==, branch->cause);
      g_assert_cmpstr (first->remedy, ==, branch->remedy);
      g_assert_cmpint (first->turn, ==, branch->turn);
      g_assert_cmpfloat (first->confidence, >=, branch->least);
      g_assert_cmpfloat (first->confidence, <=, branch->most);
      g_assert_cmpint (first->needs_reauth, ==, branch->reauth);
      for (guint j = 0; j < findings->len; j++)
        check_texts (g_ptr_array_index (findings, j));
    }
}

/* Latchkey's own faults need no probe. */
static void
test_local (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    LkClass     klass;
    const char *code;
    const char *cause;
    const char *remedy;
  } cases[] = {
    { LK_CLASS_USER_ACTION, "keyring-locked", "keyring", "keyring" },
    { LK_CLASS_USER_ACTION, "keyring-absent", "keyring", "keyring" },
    { LK_CLASS_USER_ACTION, "identity-changed", "login-wrong", "reconnect" },
    { LK_CLASS_TRANSIENT, "offline", "offline", "network" },
    { LK_CLASS_TRANSIENT, "timed-out", "offline", "network" },
    { LK_CLASS_UNKNOWN, "tls", "offline", "network" },
    { LK_CLASS_UNKNOWN, "insecure", "request-wrong", "request" },
    { LK_CLASS_REFRESH_DEAD, "refresh-lost", "refresh-dead", "reconnect" },
    { LK_CLASS_REDIRECT_MISMATCH, "page-redirect_uri", "redirect", "app" },
  };
  const World world = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(LkFacts) facts = world_facts (ADS, NULL);
      g_autofree char *asked = NULL;
      g_autoptr(GPtrArray) findings = NULL;
      const LkFinding *first;

      facts->fault = lk_fault_new_local (cases[i].klass, cases[i].code, NULL);
      asked = world_enquire (&world, fixture, facts);
      findings = lk_enquiry_conclude (fixture->diagnosis, facts);
      first = g_ptr_array_index (findings, 0);
      g_test_message ("%s: %s", cases[i].code, first->cause);
      g_assert_cmpstr (asked, ==, "");
      g_assert_cmpstr (first->cause, ==, cases[i].cause);
      g_assert_cmpstr (first->remedy, ==, cases[i].remedy);
      check_texts (first);
    }
}

/* TikTok's feed is read every half hour at most. */
static void
test_status_age (Fixture *fixture, gconstpointer data)
{
  const World world = { 0 };
  g_autoptr(LkQuestion) status = lk_question_new ("status", NULL, NULL);
  LkProfile *profile = lk_profile_set_lookup (fixture->profiles, ADS);
  g_autoptr(LkFacts) facts = world_facts (ADS, "transient:50000:GET:/open_api/v1.3/x/::error");
  g_autoptr(LkQuestion) again = NULL;

  lk_facts_take_answer (facts, world_answer (&world, status, WORLD_NOW - 29 * 60));
  g_assert_null (lk_enquiry_next (fixture->diagnosis, profile, facts));
  lk_facts_take_answer (facts, world_answer (&world, status, WORLD_NOW - 31 * 60));
  again = lk_enquiry_next (fixture->diagnosis, profile, facts);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->probe, ==, "status");
}

/* The refused call went through since: that outweighs all else. */
static void
test_again (Fixture *fixture, gconstpointer data)
{
  const World world = { 0 };
  g_autoptr(LkQuestion) call = lk_question_new ("call", NULL, NULL);
  g_autoptr(LkFacts) facts = world_facts (ADS, "permission:" CHANGE REFUSED);
  g_autoptr(GPtrArray) findings = NULL;

  lk_facts_take_answer (facts, world_answer (&world, call, WORLD_NOW));
  findings = lk_enquiry_conclude (fixture->diagnosis, facts);
  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_cmpstr (((LkFinding *) g_ptr_array_index (findings, 0))->cause, ==, "success");
}

/* Who signed in since the refusal is not sent through another sign-in. */
static void
test_healed (Fixture *fixture, gconstpointer data)
{
  const World world = { 0 };
  g_autoptr(LkFacts) facts
    = world_facts (ADS, "token_revoked:40105:GET:/open_api/v1.3/campaign/get/:700100:revoked");
  g_autofree char *asked = NULL;
  g_autoptr(GPtrArray) findings = NULL;
  const LkFinding *first;

  facts->fault->at = WORLD_NOW - 600;
  facts->signed_in = WORLD_NOW - 60;
  asked = world_enquire (&world, fixture, facts);
  findings = lk_enquiry_conclude (fixture->diagnosis, facts);
  first = g_ptr_array_index (findings, 0);
  g_assert_cmpstr (asked, ==, "identity");
  g_assert_cmpstr (first->cause, ==, "success");
  g_assert_false (first->needs_reauth);
  g_assert_nonnull (strstr (first->explanation, "signed in again"));
}

static void
test_video (Fixture *fixture, gconstpointer data)
{
  LkProfile *profile = lk_profile_set_lookup (fixture->profiles, ADS);
  g_autoptr(LkFacts) facts = world_facts (
    ADS, "media_processing:40901:POST:/open_api/v1.3/ad/create/:700100:"
         "Video v10033g50000c1234567890abcdef is in process");
  g_autoptr(LkQuestion) question = lk_enquiry_next (fixture->diagnosis, profile, facts);

  g_assert_nonnull (question);
  g_assert_cmpstr (question->probe, ==, "video");
  g_assert_cmpstr (question->account, ==, "700100");
  g_assert_cmpstr (question->media, ==, "v10033g50000c1234567890abcdef");
}

static gboolean
says (char **texts, const char *piece)
{
  for (guint i = 0; texts[i] != NULL; i++)
    if (strstr (texts[i], piece) != NULL)
      return TRUE;

  return FALSE;
}

/* Without facts the code alone names a cause, where it can. */
static void
test_guess (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *fault;
    const char *cause;
    const char *remedy;
  } cases[] = {
    { "rate:40100:GET:/open_api/v1.3/x/::App reaches the QPS limit.", "rate-second", "rate" },
    { "permission:" LOOK REFUSED, NULL, "permission" },
    { "token_revoked:40105:GET:/open_api/v1.3/x/::revoked", "token-dead", "reconnect" },
    { "scope:" RULES, "scope-missing", "scope" },
    { "unknown:1:GET:/x/::", NULL, "request" },
    { "token_expired:40102:GET:/open_api/v1.3/x/::", "token-dead", "reconnect" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(LkFacts) facts = world_facts (ADS, cases[i].fault);
      g_autoptr(LkFinding) finding = lk_diagnosis_explain (fixture->diagnosis, facts->fault);

      lk_enquiry_guess (fixture->diagnosis, finding);
      g_assert_cmpstr (finding->cause, ==, cases[i].cause);
      g_assert_cmpstr (finding->remedy, ==, cases[i].remedy);
    }
}

/* Each probe's answer in words, with names; what is assumed stands apart. */
static void
test_evidence (Fixture *fixture, gconstpointer data)
{
  const World world = { .listed = "700200:Other", .centers = B1,
                        .seats = "b1:700100:OPERATOR:OWNER_BC:BOUND:Nordwind", .skew = 300 };
  g_autoptr(LkFacts) facts = world_facts (ADS, "permission:" LOOK REFUSED);
  g_autofree char *asked = world_enquire (&world, fixture, facts);
  g_autoptr(GPtrArray) findings = lk_enquiry_conclude (fixture->diagnosis, facts);
  const LkFinding *first = g_ptr_array_index (findings, 0);

  g_assert_true (says (first->evidence, "“Mira Holt” for this token, so the sign-in is alive"));
  g_assert_true (says (first->evidence, "The account 700100 is not among them"));
  g_assert_true (says (first->evidence, "In the Business Center “Nordwind Group”"));
  g_assert_true (says (first->evidence, "is Operator"));
  g_assert_true (says (first->evidence, "clock is 5 minutes behind"));
  g_assert_cmpstr (g_hash_table_lookup (first->values, "center"), ==, "b1");
  g_assert_cmpstr (g_hash_table_lookup (first->values, "role"), ==, "OPERATOR");
  /* A wrong clock is worth a finding of its own, below. */
  g_assert_cmpstr (((LkFinding *) g_ptr_array_index (findings, findings->len - 1))->cause, ==,
                   "clock-wrong");
}

/* Guides that disagree are told wherever the code is explained. */
static void
test_conflict (Fixture *fixture, gconstpointer data)
{
  g_autoptr(LkFacts) facts = world_facts (ADS, "rate:40100:GET:/open_api/v1.3/campaign/get/::QPS");
  g_autoptr(GPtrArray) findings = lk_enquiry_conclude (fixture->diagnosis, facts);
  const LkFinding *first = g_ptr_array_index (findings, 0);

  g_assert_nonnull (first->conflict);
  g_assert_nonnull (strstr (first->explanation, "Your sign-in is fine."));
  g_assert_true (first->retryable);
  g_assert_cmpint (first->action, ==, LK_AUTO_BACKOFF);
}

/* Role by role, center by center, account by account, and it ends. */
static void
test_survey (Fixture *fixture, gconstpointer data)
{
  const World world = { .listed = "700100:A|700200:B", .centers = B1 "|b2:Agency:ADMIN" };
  LkProfile *profile = lk_profile_set_lookup (fixture->profiles, ADS);
  g_autoptr(LkFacts) facts = world_facts (ADS, NULL);
  g_autoptr(GString) asked = g_string_new (NULL);

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(LkQuestion) question = lk_enquiry_next_of_survey (fixture->diagnosis, profile,
                                                                  facts);

      if (question == NULL)
        break;
      g_string_append_printf (asked, " %s", question->probe);
      lk_facts_take_answer (facts, world_answer (&world, question, WORLD_NOW));
    }
  g_assert_cmpstr (asked->str, ==,
                   " reach centers center-assets center-assets account account");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/enquiry/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("branches", test_branches);
  ADD ("local", test_local);
  ADD ("status-age", test_status_age);
  ADD ("again", test_again);
  ADD ("healed", test_healed);
  ADD ("video", test_video);
  ADD ("guess", test_guess);
  ADD ("evidence", test_evidence);
  ADD ("conflict", test_conflict);
  ADD ("survey", test_survey);

  return g_test_run ();
}
