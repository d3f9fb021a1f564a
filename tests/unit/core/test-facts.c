/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-call-request.h"
#include "lk-facts.h"

static LkFacts *
make_facts (void)
{
  static const char * const granted[] = { "150", "200", NULL };
  LkFacts *facts = lk_facts_new ();
  LkProbeAnswer *answer = lk_probe_answer_new ("center-assets", "70", "71");

  facts->fault = lk_fault_new (LK_CLASS_PERMISSION);
  facts->fault->code = g_strdup ("40001");
  facts->connection = g_strdup ("abc");
  facts->identity_name = g_strdup ("bad \xff byte");
  facts->scopes_granted = g_strdupv ((char **) granted);
  g_ptr_array_add (facts->accounts, lk_account_new ("71", "Fernhill"));
  g_ptr_array_add (facts->accounts, lk_account_new ("72", NULL));
  facts->accounts_known = TRUE;
  facts->renewed = TRUE;
  facts->signed_in = 1763000000;
  facts->now = 1763000100;
  answer->endpoint = g_strdup ("/open_api/v1.3/bc/asset/get/");
  answer->http_status = 200;
  answer->skew = -4;
  answer->at = 1763000099;
  answer->cut = TRUE;
  g_hash_table_insert (lk_probe_answer_add_row (answer), g_strdup ("role"), g_strdup ("ANALYST"));
  lk_facts_take_answer (facts, answer);

  return facts;
}

/* Nothing is lost between the processes. */
static void
test_facts_variant (void)
{
  g_autoptr(LkFacts) facts = make_facts ();
  g_autoptr(LkFacts) copy = lk_facts_copy (facts);
  g_autoptr(GVariant) dict = g_variant_ref_sink (lk_facts_to_variant (copy));
  g_autoptr(LkFacts) back = lk_facts_from_variant (dict);
  g_autoptr(GVariant) again = g_variant_ref_sink (lk_facts_to_variant (back));
  const LkProbeAnswer *answer = lk_facts_find (back, "center-assets", "70", "71");

  g_assert_cmpvariant (dict, again);
  g_assert_true (lk_facts_reaches (back, "72"));
  g_assert_false (lk_facts_reaches (back, "73"));
  g_assert_false (lk_facts_reaches (back, NULL));
  g_assert_nonnull (answer);
  g_assert_cmpint (answer->skew, ==, -4);
  g_assert_cmpint (lk_probe_answer_find_row (answer, "role", "ANALYST"), ==, 0);
  g_assert_cmpint (lk_probe_answer_find_row (answer, "role", NULL), ==, -1);
  g_assert_null (lk_probe_answer_get (answer, 1, "role"));
  g_assert_null (lk_facts_find (back, "center-assets", "70", NULL));
}

/* A second answer to the same question takes the place of the first. */
static void
test_facts_newer_answer (void)
{
  g_autoptr(LkFacts) facts = make_facts ();
  LkProbeAnswer *newer = lk_probe_answer_new ("center-assets", "70", "71");

  newer->at = 7;
  lk_facts_take_answer (facts, newer);
  g_assert_cmpuint (facts->answers->len, ==, 1);
  g_assert_cmpint (lk_facts_find (facts, "center-assets", "70", "71")->at, ==, 7);
  lk_facts_take_answer (facts, lk_probe_answer_new ("center-assets", NULL, "71"));
  g_assert_cmpuint (facts->answers->len, ==, 2);
}

/* What comes over the bus is not trusted. */
static void
test_facts_odd_variant (void)
{
  g_autoptr(GVariant) odd = g_variant_ref_sink (g_variant_new_parsed (
    "{'fault': <7>, 'accounts': <'x'>, 'now': <'late'>, 'answers': <[{'rows': <7>}]>}"));
  g_autoptr(LkFacts) facts = lk_facts_from_variant (odd);
  g_autoptr(LkFacts) none = lk_facts_from_variant (NULL);

  g_assert_null (facts->fault);
  g_assert_cmpuint (facts->answers->len, ==, 0);
  g_assert_cmpint (facts->now, ==, 0);
  g_assert_cmpuint (none->accounts->len, ==, 0);
}

static void
test_call_request (void)
{
  g_autoptr(LkCallRequest) call = lk_call_request_new ("post", "campaign/update/");
  g_autoptr(LkCallRequest) back = NULL;
  g_autoptr(GVariant) dict = NULL;
  g_autoptr(GVariant) odd = g_variant_ref_sink (g_variant_new_parsed ("{'method': <'GET'>}"));

  call->query = g_strsplit ("a=1 b=2", " ", -1);
  call->body = g_bytes_new_static ("{\"x\":1}", 7);
  call->content_type = g_strdup ("application/json");
  dict = g_variant_ref_sink (lk_call_request_to_variant (call));
  back = lk_call_request_from_variant (dict);
  g_assert_cmpstr (back->method, ==, "POST");
  g_assert_cmpstr (back->target, ==, "campaign/update/");
  g_assert_cmpstr (back->query[1], ==, "b=2");
  g_assert_true (g_bytes_equal (back->body, call->body));
  g_assert_false (lk_call_request_is_safe (back));
  g_assert_null (lk_call_request_from_variant (odd));
  g_assert_null (lk_call_request_from_variant (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/facts/variant", test_facts_variant);
  g_test_add_func ("/core/facts/newer-answer", test_facts_newer_answer);
  g_test_add_func ("/core/facts/odd-variant", test_facts_odd_variant);
  g_test_add_func ("/core/call-request", test_call_request);

  return g_test_run ();
}
