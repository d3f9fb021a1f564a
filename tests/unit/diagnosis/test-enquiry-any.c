/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever is refused and answered: the enquiry ends, asks nothing twice, and never sends
 * a person through a new sign-in for a limit or a role. */

#include "enquiry-world.h"

#define ADS "tiktok-ads"

static const char *
any_of (GRand *rand, const char * const *words)
{
  return words[g_rand_int_range (rand, 0, (gint32) g_strv_length ((char **) words))];
}

/* Whatever the platform answers. */
static void
fill_any (GRand *rand, LkProbeAnswer *answer)
{
  static const char *const columns[] = { "id", "name", "role", "state", "relation", "owner",
                                         "status", "center", "scope", "title", "at", "email",
                                         NULL };
  static const char *const values[] = { "700100", "u1", "b1", "ANALYST", "ADMIN", "PENDING", "",
                                        "STATUS_DISABLE", "OWNER_PARTNER", "\xd9\xa3\xd8\xa7",
                                        "{name}", "200", NULL };
  gint32 rows = g_rand_int_range (rand, 0, 4);
  static const gint64 skews[] = { LK_SKEW_UNKNOWN, 3, -900, 900, G_MAXINT64, G_MININT64 + 1 };

  answer->skew = skews[g_rand_int_range (rand, 0, G_N_ELEMENTS (skews))];
  answer->at = skews[g_rand_int_range (rand, 0, G_N_ELEMENTS (skews))];
  answer->cut = g_rand_int_range (rand, 0, 9) == 0;
  if (g_rand_int_range (rand, 0, 4) == 0)
    {
      answer->fault = lk_fault_new ((LkClass) g_rand_int_range (rand, 0, LK_N_CLASSES));
      answer->fault->family = g_strdup (ADS);
      return;
    }
  for (gint32 i = 0; i < rows; i++)
    {
      GHashTable *row = lk_probe_answer_add_row (answer);

      for (guint j = 0; columns[j] != NULL; j++)
        if (g_rand_boolean (rand))
          g_hash_table_replace (row, g_strdup (columns[j]), g_strdup (any_of (rand, values)));
    }
}

static LkFault *
any_fault (GRand *rand)
{
  static const char *const codes[] = { "40001", "40100", "40113", "40105", "40118",
                                       "invalid_client", "50000", "36009004", "x", NULL };
  static const char *const paths[] = { "/open_api/v1.3/campaign/update/", "/bc/member/get/", "",
                                       "/v2/user/info/", "/open_api/v", NULL };
  static const char *const messages[] = { "No permission to operate advertiser 700100", "", "QPS",
                                          "does not grant you /x/:GET permission", "%s {name}",
                                          "operate this catalog:", "grant you /", NULL };
  LkFault *fault = lk_fault_new ((LkClass) g_rand_int_range (rand, 0, LK_N_CLASSES));

  fault->family = g_strdup (ADS);
  fault->code = g_rand_boolean (rand) ? g_strdup (any_of (rand, codes)) : NULL;
  fault->endpoint = g_rand_boolean (rand) ? g_strdup (any_of (rand, paths)) : NULL;
  fault->message = g_rand_boolean (rand) ? g_strdup (any_of (rand, messages)) : NULL;
  fault->account = g_rand_boolean (rand) ? g_strdup ("700100") : NULL;
  if (g_rand_boolean (rand))
    fault->method = g_strdup (g_rand_boolean (rand) ? "GET" : "POST");
  fault->http_status = g_rand_boolean (rand) ? g_rand_int_range (rand, 0, 600) : 0;
  fault->retry_at = g_rand_boolean (rand) ? WORLD_NOW + g_rand_int_range (rand, -99, 9999) : 0;

  return fault;
}

/* No remedy sends a person through a new sign-in for a limit or a role, and none breaks. */
static void
check_any (Fixture *fixture, const LkFacts *facts)
{
  g_autoptr(GPtrArray) findings = lk_enquiry_conclude (fixture->diagnosis, facts);
  LkClass klass = facts->fault != NULL ? facts->fault->klass : LK_CLASS_OK;

  g_assert_cmpuint (findings->len, >, 0);
  for (guint i = 0; i < findings->len; i++)
    {
      const LkFinding *finding = g_ptr_array_index (findings, i);
      g_autoptr(LkRemedy) remedy = lk_remedy_new (fixture->diagnosis, finding, facts);
      g_autofree char *json = lk_finding_to_json (finding);

      g_assert_nonnull (finding->cause);
      g_assert_nonnull (finding->title);
      g_assert_nonnull (finding->explanation);
      g_assert_nonnull (json);
      if (klass == LK_CLASS_RATE || klass == LK_CLASS_QUOTA)
        {
          g_assert_cmpstr (finding->remedy, !=, "reconnect");
          g_assert_false (finding->needs_reauth);
        }
      if (g_str_equal (finding->cause, "role-too-low"))
        g_assert_false (finding->needs_reauth);
      for (guint j = 0; remedy != NULL && j < remedy->steps->len; j++)
        {
          g_autoptr(GPtrArray) questions = lk_remedy_get_questions (remedy, j, facts);
          g_autofree char *verdict = lk_remedy_dup_verdict (remedy, j, facts, WORLD_NOW);

          g_assert_nonnull (questions);
          g_assert_nonnull (verdict);
        }
    }
}

static void
test_any (Fixture *fixture, gconstpointer data)
{
  LkProfile *profile = lk_profile_set_lookup (fixture->profiles, ADS);
  g_autoptr(GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());

  for (guint i = 0; i < 400; i++)
    {
      g_autoptr(LkFacts) facts = world_facts (ADS, NULL);
      guint asked = 0;

      facts->fault = g_rand_int_range (rand, 0, 9) > 0 ? any_fault (rand) : NULL;
      facts->can_renew = g_rand_boolean (rand);
      facts->renewed = g_rand_boolean (rand);
      facts->accounts_known = g_rand_boolean (rand);
      facts->scopes_granted = g_rand_boolean (rand) ? g_strsplit ("200 4", " ", -1) : NULL;
      while (TRUE)
        {
          g_autoptr(LkQuestion) question = lk_enquiry_next (fixture->diagnosis, profile, facts);
          LkProbeAnswer *answer;

          if (question == NULL)
            break;
          g_assert_null (lk_facts_find (facts, question->probe, question->center,
                                        question->account));
          /* Reach, identity, account, centers, ten of them, people, status. */
          g_assert_cmpuint (++asked, <=, 18);
          answer = lk_probe_answer_new (question->probe, question->center, question->account);
          answer->at = facts->now;
          fill_any (rand, answer);
          /* The agent sets it; else TikTok's feed would be read again and again. */
          if (g_str_equal (answer->probe, "status"))
            answer->at = facts->now;
          lk_facts_take_answer (facts, answer);
        }
      check_any (fixture, facts);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/enquiry/any", Fixture, NULL, fixture_set_up, test_any, fixture_tear_down);

  return g_test_run ();
}
