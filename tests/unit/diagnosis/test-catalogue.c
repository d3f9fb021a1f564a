/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lk-catalogue.h"
#include "lk-diagnosis.h"

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

/* However it is wrapped and whatever is said beside it: a limit is a limit, a success a success. */
static void
check_wrapped (LkDiagnosis *diagnosis,
               const char  *body,
               gboolean     success)
{
  static const char *const wrappers[] = {
    "%s", "2026-11-21 10:00:00 INFO reply: %s", "HTTP/1.1 200 OK\r\n\r\n%s\r\n", "```json\n%s\n```",
    "错误 %s 怎么办", "Traceback (most recent call last):\n  File \"a.py\", line 401\nE: %s",
  };
  static const char *const providers[] = { NULL, "tiktok-ads", "tiktok-account", "tiktok-login",
                                           "tiktok-shop" };
  static const int statuses[] = { 0, 200, 401, 403, 429 };

  for (unsigned int i = 0; i < G_N_ELEMENTS (wrappers) * G_N_ELEMENTS (providers)
                               * G_N_ELEMENTS (statuses); i++)
    {
      g_auto (GStrv) halves = g_strsplit (wrappers[i % G_N_ELEMENTS (wrappers)], "%s", 2);
      g_autofree char *text = g_strconcat (halves[0], body, halves[1], NULL);
      unsigned int rest = i / G_N_ELEMENTS (wrappers);
      LkHints hints = {
        .provider = providers[rest % G_N_ELEMENTS (providers)],
        .http_status = statuses[rest / G_N_ELEMENTS (providers)],
      };
      g_autoptr (LkFinding) finding = lk_diagnosis_read_text (diagnosis, text, -1, &hints);

      g_test_message ("%s %d: %s: %s", hints.provider, hints.http_status, text, finding->title);
      g_assert_false (finding->needs_reauth);
      g_assert_cmpint (finding->fault->klass, ==, success ? LK_CLASS_OK : LK_CLASS_RATE);
    }
}

static void
test_wrapped (void)
{
  static const char *const limits[] = {
    "{\"code\":40100,\"message\":\"App reaches the QPS limit.\"}",
    "{\"code\":40100,\"message\":\"\"}",
    "{\"code\":40133,\"message\":\"x\",\"data\":{}}", "{'code': 40016, 'message': None}",
    "{\"code\":36009002,\"message\":\"\"}",
    "{\"data\":{},\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"\",\"log_id\":\"1\"}}",
  };
  static const char *const successes[] = {
    "{\"code\":0,\"message\":\"OK\",\"data\":{}}", "{'code': 0, 'message': 'OK'}",
    "{\"data\":{},\"error\":{\"code\":\"ok\",\"message\":\"\",\"log_id\":\"1\"}}",
    "{\"code\":0,\"message\":\"OK\",\"data\":{\"list\":[{\"id\":\"40105\",\"error\":\"40001\"}]}}",
  };
  g_autoptr (LkProfileSet) profiles = lk_profile_set_new (NULL);
  g_autoptr (LkDiagnosis) diagnosis = lk_diagnosis_new (profiles);

  for (unsigned int i = 0; i < G_N_ELEMENTS (limits); i++)
    check_wrapped (diagnosis, limits[i], FALSE);
  for (unsigned int i = 0; i < G_N_ELEMENTS (successes); i++)
    check_wrapped (diagnosis, successes[i], TRUE);
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

/* Guides that disagree about something else than the meaning take nothing from the confidence. */
static void
test_settled (void)
{
  g_autoptr (LkDiagnosis) diagnosis = lk_diagnosis_new (NULL);
  LkHints hints = { .provider = "tiktok-login", .step = "api", .http_status = 401 };
  g_autoptr (LkFinding) finding = lk_diagnosis_read_text (
    diagnosis, "{\"error\":{\"code\":\"access_token_invalid\",\"message\":\"\"}}", -1, &hints);

  g_assert_nonnull (finding->conflict);
  g_assert_nonnull (strstr (finding->conflict, "180 days"));
  g_assert_cmpfloat (finding->confidence, >, 0.9);
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
  g_test_add_func ("/diagnosis/catalogue/sources", test_sources);
  g_test_add_func ("/diagnosis/catalogue/rate-keeps-sign-in", test_rate_keeps_sign_in);
  g_test_add_func ("/diagnosis/catalogue/wrapped", test_wrapped);
  g_test_add_func ("/diagnosis/catalogue/conflicts", test_conflicts);
  g_test_add_func ("/diagnosis/catalogue/settled", test_settled);
  g_test_add_func ("/diagnosis/catalogue/bare-number", test_bare_number);
  g_test_add_func ("/diagnosis/catalogue/families", test_families);
  g_test_add_func ("/diagnosis/catalogue/headline", test_headline);

  return g_test_run ();
}
