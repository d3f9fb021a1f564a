/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-catalogue.h"
#include "lk-diagnosis.h"

static const char *const local_codes[] = {
  "offline", "tls", "timed-out", "reply-lost", "reply-too-large", "insecure", "not-json",
  "zero-accounts", "identity-changed", "scopes-missing", "keyring-locked", "keyring-absent",
  "keyring-broken", "token-missing", "state-mismatch", "attempt-expired", "page-redirect_uri",
  "page-client_key", "page-code_challenge", "page-scope", "page-non_sandbox_target", "page-other",
  "refresh-lost", "client-missing", "profile-missing", "no-code",
};

static const char *const business_codes[] = {
  "40001", "40002", "40100", "50002", "2200006", "40102", "40103", "40104", "40105", "40107",
  "40110", "40113", "40125", "40133", "50000", "60001",
};

static const char *const login_codes[] = {
  "access_denied", "invalid_client", "invalid_grant", "invalid_request", "invalid_scope",
  "unauthorized_client", "unsupported_grant_type", "unsupported_response_type", "server_error",
  "temporarily_unavailable", "access_token_invalid", "scope_not_authorized",
  "scope_permission_missed", "invalid_params", "invalid_param", "invalid_file_upload",
  "rate_limit_exceeded", "internal_error", "app_version_check_failed", "spam_risk_too_many_posts",
  "spam_risk_user_banned_from_posting", "spam_risk_too_many_pending_share",
  "reached_active_user_cap", "unaudited_client_can_only_post_to_private_accounts",
  "url_ownership_unverified", "privacy_level_option_mismatch", "invalid_publish_id",
  "token_not_authorized_for_specified_publish_id", "publish_not_cancellable",
  "file_format_check_failed", "duration_check_failed", "frame_rate_check_failed",
  "picture_size_check_failed", "internal", "video_pull_failed", "photo_pull_failed",
  "publish_cancelled", "auth_removed", "spam_risk", "spam_risk_text",
};

static void
test_classes (void)
{
  g_autoptr (LkCatalogue) catalogue = lk_catalogue_new ();

  for (int i = 0; i < LK_N_CLASSES; i++)
    {
      const LkEntry *entry = lk_catalogue_find_class (catalogue, (LkClass) i);

      g_test_message ("%s", lk_class_to_string ((LkClass) i));
      g_assert_nonnull (entry);
      g_assert_nonnull (entry->title);
      g_assert_nonnull (entry->explanation);
      g_assert_cmpuint (entry->causes->len, >, 0);
      g_assert_cmpuint (entry->steps->len, >, 0);
    }
}

static void
check_finding (LkDiagnosis *diagnosis,
               const char  *provider,
               const char  *family,
               const char  *code)
{
  g_autoptr (LkFault) fault = lk_fault_new (LK_CLASS_UNKNOWN);
  g_autoptr (LkCatalogue) catalogue = lk_catalogue_new ();
  g_autoptr (LkFinding) finding = NULL;
  const LkEntry *entry;

  fault->provider = g_strdup (provider);
  fault->family = g_strdup (family);
  fault->code = g_strdup (code);
  finding = lk_diagnosis_explain (diagnosis, fault);
  entry = lk_catalogue_find (catalogue, family, code, finding->fault->klass);

  g_test_message ("%s %s: %s", family, code, finding->title);
  g_assert_nonnull (entry);
  g_assert_cmpstr (finding->title, ==, entry->title);
  g_assert_nonnull (finding->causes[0]);
  g_assert_nonnull (finding->steps[0]);
  g_assert_nonnull (finding->sources[0]);
}

static void
test_codes (void)
{
  g_autoptr (LkDiagnosis) diagnosis = lk_diagnosis_new (NULL);

  for (unsigned int i = 0; i < G_N_ELEMENTS (local_codes); i++)
    check_finding (diagnosis, LK_FAULT_LOCAL, LK_FAULT_LOCAL, local_codes[i]);
  for (unsigned int i = 0; i < G_N_ELEMENTS (business_codes); i++)
    {
      check_finding (diagnosis, "tiktok-ads", "tiktok-ads", business_codes[i]);
      check_finding (diagnosis, "tiktok-account", "tiktok-account", business_codes[i]);
    }
  for (unsigned int i = 0; i < G_N_ELEMENTS (login_codes); i++)
    check_finding (diagnosis, "tiktok-login", "tiktok-login", login_codes[i]);
}

static void
test_sources (void)
{
  g_autoptr (LkCatalogue) catalogue = lk_catalogue_new ();
  GPtrArray *entries = lk_catalogue_get_entries (catalogue);

  for (unsigned int i = 0; i < entries->len; i++)
    {
      const LkEntry *entry = g_ptr_array_index (entries, i);

      g_test_message ("%s", entry->title != NULL ? entry->title : entry->conflict);
      g_assert_true (entry->title != NULL || entry->conflict != NULL);
      g_assert_cmpuint (entry->sources->len, >, 0);
      for (unsigned int j = 0; j < entry->sources->len; j++)
        g_assert_true (g_regex_match_simple ("20[0-9][0-9]-[0-9]{2}",
                                             g_ptr_array_index (entry->sources, j), 0, 0));
      if (entry->title != NULL)
        g_assert_false (g_str_has_suffix (entry->title, "."));
      if (entry->explanation != NULL)
        g_assert_true (g_str_has_suffix (entry->explanation, "."));
    }
}

/* Whatever rule a code meets, a slowed down app is never sent through a sign-in. */
static void
test_rate_keeps_sign_in (void)
{
  g_autoptr (LkCatalogue) catalogue = lk_catalogue_new ();
  GPtrArray *rules = lk_catalogue_get_rules (catalogue);

  for (unsigned int i = 0; i < rules->len; i++)
    {
      const LkRule *rule = g_ptr_array_index (rules, i);

      if (rule->klass == LK_CLASS_RATE || rule->klass == LK_CLASS_TRANSIENT
          || rule->klass == LK_CLASS_MAINTENANCE || rule->klass == LK_CLASS_QUOTA)
        g_assert_cmpint (rule->reauth, !=, 1);
    }
}

static void
test_conflicts (void)
{
  static const char *const codes[] = { "40001", "40002", "40100", "50002", "2200006" };
  g_autoptr (LkDiagnosis) diagnosis = lk_diagnosis_new (NULL);

  for (unsigned int i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"code\":%s,\"message\":\"x\"}", codes[i]);
      g_autoptr (LkFinding) finding = lk_diagnosis_read_text (diagnosis, body, -1, NULL);

      g_test_message ("%s", codes[i]);
      g_assert_nonnull (finding->conflict);
      g_assert_cmpfloat (finding->confidence, <, 0.9);
    }
  for (int status = 401; status <= 429; status += 28)
    {
      LkHints hints = { .provider = "tiktok-login", .http_status = status };
      g_autoptr (LkFinding) finding = lk_diagnosis_read_text (diagnosis, "", 0, &hints);

      g_assert_nonnull (finding->conflict);
    }
}

/* People type just the number. */
static void
test_bare_number (void)
{
  g_autoptr (LkDiagnosis) diagnosis = lk_diagnosis_new (NULL);
  g_autoptr (LkFinding) status = lk_diagnosis_read_text (diagnosis, "401\n", -1, NULL);
  g_autoptr (LkFinding) limit = lk_diagnosis_read_text (diagnosis, "TikTok 429", -1, NULL);
  g_autoptr (LkFinding) code = lk_diagnosis_read_text (diagnosis, "40001", -1, NULL);

  g_assert_cmpint (status->fault->http_status, ==, 401);
  g_assert_nonnull (status->conflict);
  g_assert_cmpstr (status->title, ==, "Not authorized, and the text does not say why");
  g_assert_cmpint (limit->fault->klass, ==, LK_CLASS_RATE);
  g_assert_cmpint (code->fault->klass, ==, LK_CLASS_PERMISSION);
  g_assert_cmpfloat (code->confidence, <, 0.7);
}

/* Ads can't renew, accounts and Shop renew once before a person is asked. */
static void
test_families (void)
{
  static const char body[] = "{\"code\":40105,\"message\":\"Access token is incorrect or has been "
                             "revoked.\",\"request_id\":\"1\"}";
  g_autoptr (LkDiagnosis) diagnosis = lk_diagnosis_new (NULL);
  LkHints hints = { .provider = "tiktok-ads", .step = "api" };
  g_autoptr (LkFinding) ads = lk_diagnosis_read_text (diagnosis, body, -1, &hints);
  g_autoptr (LkFinding) account = NULL;

  g_assert_true (ads->needs_reauth);
  g_assert_cmpint (ads->action, ==, LK_AUTO_NONE);
  hints.provider = "tiktok-account";
  account = lk_diagnosis_read_text (diagnosis, body, -1, &hints);
  g_assert_false (account->needs_reauth);
  g_assert_cmpint (account->action, ==, LK_AUTO_REFRESH);
}

static void
test_headline (void)
{
  g_autoptr (LkDiagnosis) diagnosis = lk_diagnosis_new (NULL);
  g_autoptr (LkFault) fault = lk_fault_new (LK_CLASS_RATE);
  g_autofree char *headline = NULL;

  fault->provider = g_strdup ("tiktok-ads");
  fault->family = g_strdup ("tiktok-ads");
  fault->code = g_strdup ("40100");
  headline = lk_diagnosis_dup_headline (diagnosis, fault);
  g_assert_cmpstr (headline, ==, "TikTok is slowing this app down");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnosis/catalogue/classes", test_classes);
  g_test_add_func ("/diagnosis/catalogue/codes", test_codes);
  g_test_add_func ("/diagnosis/catalogue/sources", test_sources);
  g_test_add_func ("/diagnosis/catalogue/rate-keeps-sign-in", test_rate_keeps_sign_in);
  g_test_add_func ("/diagnosis/catalogue/conflicts", test_conflicts);
  g_test_add_func ("/diagnosis/catalogue/bare-number", test_bare_number);
  g_test_add_func ("/diagnosis/catalogue/families", test_families);
  g_test_add_func ("/diagnosis/catalogue/headline", test_headline);

  return g_test_run ();
}
