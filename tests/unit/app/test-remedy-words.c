/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "lk-call-request.h"
#include "lk-remedy-words.h"

#define NOW ((gint64) 1795269600) /* 2026-11-21 14:00:00 UTC */

/* A tick is for proof: what a person only says never gets one. */
static void
test_marks (void)
{
  g_assert_cmpint (lk_remedy_words_get_mark ("done", FALSE), ==, LK_STEP_MARK_DONE);
  g_assert_cmpint (lk_remedy_words_get_mark ("done", TRUE), ==, LK_STEP_MARK_DONE);
  g_assert_cmpint (lk_remedy_words_get_mark ("told", FALSE), ==, LK_STEP_MARK_TOLD);
  g_assert_cmpint (lk_remedy_words_get_mark ("todo", TRUE), ==, LK_STEP_MARK_NOW);
  g_assert_cmpint (lk_remedy_words_get_mark ("not-yet", TRUE), ==, LK_STEP_MARK_NOW);
  g_assert_cmpint (lk_remedy_words_get_mark ("unknown", FALSE), ==, LK_STEP_MARK_LATER);
  g_assert_cmpstr (lk_remedy_words_get_icon (LK_STEP_MARK_TOLD), !=,
                   lk_remedy_words_get_icon (LK_STEP_MARK_DONE));
}

static void
test_step (void)
{
  g_autofree char *now = lk_remedy_words_dup_step (3, "Raise the role", LK_STEP_MARK_NOW);
  g_autofree char *told = lk_remedy_words_dup_step (1, "Ask", LK_STEP_MARK_TOLD);

  g_assert_cmpstr (now, ==, "3. Raise the role, now");
  g_assert_cmpstr (told, ==, "1. Ask, you said so; not checked");
}

static void
test_countdown (void)
{
  static const struct { gint64 seconds; const char *words; } rows[] = {
    { -5, "0:00" }, { 0, "0:00" }, { 9, "0:09" }, { 299, "4:59" }, { 3600, "1:00:00" },
    { 36061, "10:01:01" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *words = lk_remedy_words_dup_countdown (rows[i].seconds);

      g_assert_cmpstr (words, ==, rows[i].words);
    }
}

static void
assert_checking (const LkStepWatch *watch, LkCheck check, const char *verdict,
                 const char *expected)
{
  g_autofree char *words = lk_remedy_words_dup_checking (watch, check, verdict);

  g_assert_cmpstr (words, ==, expected);
}

static void
test_checking (void)
{
  LkStepWatch watch = { .state = "not-yet", .now = NOW };

  assert_checking (&watch, LK_CHECK_NONE, NULL, "We can’t check this from here.");
  assert_checking (&watch, LK_CHECK_PROBES, NULL, "Not checked yet.");
  watch.next = NOW + 15;
  assert_checking (&watch, LK_CHECK_PROBES, NULL, "Latchkey checks this by itself.");
  watch.checked = NOW;
  assert_checking (&watch, LK_CHECK_PROBES, "The role is still Analyst",
                   "Latchkey checks every 15 s: The role is still Analyst (14:00:00)");
  watch.next = NOW + 600;
  assert_checking (&watch, LK_CHECK_PROBES, "The role is still Analyst",
                   "Latchkey checks again at 14:10:00: The role is still Analyst (14:00:00)");
  watch.next = 0;
  assert_checking (&watch, LK_CHECK_CALL, "It is refused", "It is refused (14:00:00)");
  assert_checking (&watch, LK_CHECK_CALL, NULL, "Checked at 14:00:00.");
  watch.busy = TRUE;
  assert_checking (&watch, LK_CHECK_CALL, "It is refused", "Checking now…");
}

/* Every tick says when, and what was asked. */
static void
test_proof (void)
{
  g_autoptr(GPtrArray) questions = g_ptr_array_new_with_free_func ((GDestroyNotify)
                                                                   lk_question_free);
  g_autofree char *probes = NULL, *call = NULL, *nothing = NULL;

  g_ptr_array_add (questions, lk_question_new ("asset-members", "7", "8"));
  g_ptr_array_add (questions, lk_question_new ("asset-members", "7", "9"));
  g_ptr_array_add (questions, lk_question_new ("reach", NULL, NULL));
  probes = lk_remedy_words_dup_proof (LK_CHECK_PROBES, NOW, questions);
  call = lk_remedy_words_dup_proof (LK_CHECK_CALL, NOW, NULL);
  nothing = lk_remedy_words_dup_proof (LK_CHECK_PROBES, NOW, NULL);

  g_assert_cmpstr (probes, ==, "Checked at 14:00:00. Latchkey asked for the people of the ad "
                               "account, and which accounts the token reaches.");
  g_assert_cmpstr (call, ==, "Checked at 14:00:00. The call that was refused was sent again and "
                             "succeeded.");
  g_assert_cmpstr (nothing, ==, "Checked at 14:00:00.");
}

/* A query can hold what belongs on no screen. */
static void
test_call (void)
{
  g_autoptr(LkCallRequest) request
    = lk_call_request_new ("GET", "/open_api/v1.3/campaign/get/?advertiser_id=7");
  g_autoptr(GVariant) dict = g_variant_ref_sink (lk_call_request_to_variant (request));
  g_autoptr(GVariant) empty
    = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
  g_autofree char *call = lk_remedy_words_dup_call (dict);

  g_assert_cmpstr (call, ==, "GET /open_api/v1.3/campaign/get/");
  g_assert_null (lk_remedy_words_dup_call (empty));
  g_assert_null (lk_remedy_words_dup_call (NULL));
}

static void
test_answer (void)
{
  g_autoptr(LkFacts) facts = lk_facts_new ();
  LkProbeAnswer *answer = lk_probe_answer_new ("call", NULL, NULL);
  g_autofree char *refused = NULL, *done = NULL;

  g_assert_null (lk_remedy_words_dup_answer (facts));
  answer->http_status = 200;
  answer->fault = lk_fault_new (LK_CLASS_PERMISSION);
  answer->fault->message = g_strdup ("No permission");
  lk_facts_take_answer (facts, answer);
  refused = lk_remedy_words_dup_answer (facts);
  g_assert_cmpstr (refused, ==, "It was refused: “No permission”");

  answer = lk_probe_answer_new ("call", NULL, NULL);
  answer->http_status = 200;
  lk_facts_take_answer (facts, answer);
  done = lk_remedy_words_dup_answer (facts);
  g_assert_cmpstr (done, ==, "It succeeded (HTTP 200).");
}

static void
test_wrong (void)
{
  g_autoptr(GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  LkRemedy remedy = { .id = (char *) "permission", .cause = (char *) "role-too-low",
                      .values = values };
  g_autofree char *plain = lk_remedy_words_dup_wrong (&remedy, NULL);
  g_autofree char *full = NULL;
  g_autofree char *scope = NULL;

  g_assert_cmpstr (plain, ==, "The role on the account was too low for the call.");
  g_hash_table_insert (values, (char *) "account", (char *) "7012");
  g_hash_table_insert (values, (char *) "account-name", (char *) "Nordwind DE 3");
  g_hash_table_insert (values, (char *) "role", (char *) "ANALYST");
  g_hash_table_insert (values, (char *) "needed-role", (char *) "OPERATOR ADMIN");
  full = lk_remedy_words_dup_wrong (&remedy, NULL);
  g_assert_cmpstr (full, ==, "The role on “Nordwind DE 3” was Analyst; the call needs "
                               "Operator or Admin.");
  remedy.cause = (char *) "scope-missing";
  scope = lk_remedy_words_dup_wrong (&remedy, "Read Automated Rules");
  g_assert_cmpstr (scope, ==, "The token lacked the scope “Read Automated Rules”.");
  remedy.cause = (char *) "policy";
  g_assert_null (lk_remedy_words_dup_wrong (&remedy, NULL));
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/remedy-words/marks", test_marks);
  g_test_add_func ("/app/remedy-words/step", test_step);
  g_test_add_func ("/app/remedy-words/countdown", test_countdown);
  g_test_add_func ("/app/remedy-words/checking", test_checking);
  g_test_add_func ("/app/remedy-words/proof", test_proof);
  g_test_add_func ("/app/remedy-words/call", test_call);
  g_test_add_func ("/app/remedy-words/answer", test_answer);
  g_test_add_func ("/app/remedy-words/wrong", test_wrong);
  return g_test_run ();
}
