/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Remedies: what they say, what they ask, and that nothing is ticked without an answer. */

#include "enquiry-world.h"

#include <string.h>

#include "lk-remedy-private.h"

#define ADS "tiktok-ads"
#define CHANGE                                                                                     \
  "permission:40001:POST:/open_api/v1.3/campaign/update/:700100:No permission to operate"
#define B1 "b1:Nordwind Group:STANDARD"

static const char *const all_causes[] = {
  "token-dead", "token-expired", "refresh-dead", "login-wrong", "account-not-ticked",
  "account-no-role", "account-pending", "account-unknown", "account-closed", "account-limited",
  "account-in-review", "account-rejected", "role-too-low", "asset-role", "scope-missing",
  "app-lacks-permission", "app-not-listed", "app-other", "app-blocked", "app-unapproved",
  "secret-wrong", "rate-second", "rate-minute", "rate-day", "rate-unknown", "incident",
  "maintenance", "trouble", "clock-wrong", "media-processing", "media-invalid", "request-wrong",
  "no-accounts", "center-unlisted", "sandbox", "policy", "offline", "keyring",
  "refused-by-person", "code-dead", "redirect", "success", "unknown",
};

static const char *const all_remedies[] = {
  "reconnect", "permission", "scope", "app", "rate", "provider-down", "media", "secret", "clock",
  "account-status", "request", "network", "keyring",
};

static LkRemedy *
remedy_of (Fixture *fixture, const World *world, LkFacts *facts)
{
  g_autofree char *asked = world_enquire (world, fixture, facts);
  g_autoptr(GPtrArray) findings = lk_enquiry_conclude (fixture->diagnosis, facts);

  return lk_remedy_new (fixture->diagnosis, g_ptr_array_index (findings, 0), facts);
}

static const LkRemedyStep *
step_at (const LkRemedy *remedy, guint step)
{
  return g_ptr_array_index (remedy->steps, step);
}

static gboolean
says (char **texts, const char *piece)
{
  for (guint i = 0; texts[i] != NULL; i++)
    if (strstr (texts[i], piece) != NULL)
      return TRUE;

  return FALSE;
}

/* Every word of the contract has its row, and every row leads to a remedy that there is. */
static void
test_data (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (all_causes); i++)
    {
      const LkCauseRow *row = lk_texts_find_cause (all_causes[i]);
      LkTurn turn;

      g_test_message ("%s", all_causes[i]);
      g_assert_nonnull (row);
      g_assert_true (lk_turn_from_string (row->turn, &turn));
      if (row->remedy != NULL)
        g_assert_nonnull (lk_texts_find_remedy (row->remedy));
    }
  g_assert_cmpuint (lk_texts_get_causes ()->len, ==, G_N_ELEMENTS (all_causes));
  for (gsize i = 0; i < G_N_ELEMENTS (all_remedies); i++)
    g_assert_nonnull (lk_texts_find_remedy (all_remedies[i]));
}

/* With as little as can be known each cause still has steps, titles and no empty brace. */
static void
test_poor_facts (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (all_causes); i++)
    {
      const LkCauseRow *row = lk_texts_find_cause (all_causes[i]);
      g_autoptr(LkFacts) facts = lk_facts_new ();
      g_autoptr(LkRemedy) remedy = NULL;
      g_autofree char *letter = NULL;
      g_autofree char *subject = NULL;

      if (row->remedy == NULL)
        continue;
      g_test_message ("%s", all_causes[i]);
      facts->family = g_strdup (ADS);
      remedy = lk_remedy_restore (fixture->diagnosis, row->remedy, all_causes[i], NULL, facts);
      /* Two of them wait for values that only a finding has. */
      if (remedy == NULL)
        {
          g_assert_true (g_str_equal (all_causes[i], "role-too-low")
                         || g_str_has_prefix (all_causes[i], "account-"));
          continue;
        }
      for (guint j = 0; j < remedy->steps->len; j++)
        {
          g_assert_nonnull (step_at (remedy, j)->title);
          g_assert_nonnull (step_at (remedy, j)->todo);
          g_assert_false (says (step_at (remedy, j)->todo, "{"));
        }
      letter = lk_remedy_dup_request (fixture->diagnosis, remedy, facts, &subject);
      g_assert_nonnull (subject);
      g_assert_null (strchr (letter, '{'));
      g_assert_null (strchr (subject, '\n'));
    }
}

/* A new answer to each question of a step. */
static void
check_step (const LkRemedy *remedy, guint step, const World *world, LkFacts *facts)
{
  g_autoptr(GPtrArray) questions = lk_remedy_get_questions (remedy, step, facts);

  facts->now += 15;
  for (guint i = 0; i < questions->len; i++)
    lk_facts_take_answer (facts, world_answer (world, g_ptr_array_index (questions, i),
                                               facts->now));
}

static void
assert_verdict (const LkRemedy *remedy, guint step, const LkFacts *facts, gint64 since,
                LkVerdictOfStep verdict, const char *words)
{
  g_autofree char *text = lk_remedy_dup_verdict (remedy, step, facts, since);

  g_assert_cmpstr (text, ==, words);
  g_assert_cmpint (lk_remedy_judge (remedy, step, facts, since), ==, verdict);
}

static void
again (LkFacts *facts, LkFault *fault)
{
  LkProbeAnswer *call = lk_probe_answer_new ("call", NULL, NULL);

  facts->now += 15;
  call->at = facts->now;
  call->fault = fault;
  lk_facts_take_answer (facts, call);
}

/* Analyst → Operator, from the first step to the call that works. */
static void
test_role (Fixture *fixture, gconstpointer data)
{
  World world = { .listed = "700100:Nordwind DE 3", .centers = B1,
                  .seats = "b1:700100:ANALYST:OWNER_BC:BOUND:Nordwind",
                  .admins = "Anna Berg:anna@nordwind.example:ADMIN" };
  g_autoptr(LkFacts) facts = world_facts (ADS, CHANGE);
  g_autoptr(LkRemedy) remedy = NULL;
  const LkRemedyStep *role;
  guint step, last;

  facts->scopes_granted = g_strsplit ("1 2 4", " ", -1);
  remedy = remedy_of (fixture, &world, facts);
  g_assert_cmpstr (remedy->id, ==, "permission");
  assert_verdict (remedy, find_step (remedy, "missing"), facts, WORLD_NOW + 1, LK_VERDICT_DONE,
                  "The role was Analyst");
  g_assert_true (says (step_at (remedy, 0)->todo, "“Create and Update Campaigns” is there"));
  g_assert_true (says (step_at (remedy, 0)->todo, "has to be Operator or Admin"));
  assert_verdict (remedy, find_step (remedy, "who"), facts, WORLD_NOW + 1, LK_VERDICT_DONE,
                  "Anna Berg (anna@nordwind.example)");

  step = find_step (remedy, "role");
  role = step_at (remedy, step);
  g_assert_true (role->watchable);
  g_assert_cmpint (role->turn, ==, LK_TURN_ADMIN);
  g_assert_cmpstr (role->links[1], ==, "center-members");
  g_assert_true (says (role->todo, "On “Nordwind 700100” (700100) choose Operator or Admin"));
  assert_verdict (remedy, step, facts, WORLD_NOW + 1, LK_VERDICT_UNKNOWN, "Not checked yet");
  check_step (remedy, step, &world, facts);
  assert_verdict (remedy, step, facts, WORLD_NOW + 1, LK_VERDICT_NOT_YET,
                  "The role is still Analyst");
  world.seats = "b1:700100:OPERATOR:OWNER_BC:BOUND:Nordwind";
  check_step (remedy, step, &world, facts);
  assert_verdict (remedy, step, facts, WORLD_NOW + 1, LK_VERDICT_DONE, "The role is Operator now");

  last = remedy->steps->len - 1;
  g_assert_cmpint (step_at (remedy, last)->check, ==, LK_CHECK_CALL);
  assert_verdict (remedy, last, facts, WORLD_NOW + 1, LK_VERDICT_UNKNOWN, "Not checked yet");
  again (facts, NULL);
  assert_verdict (remedy, last, facts, WORLD_NOW + 1, LK_VERDICT_DONE, "The call was accepted");
  /* What is older than the remedy proves nothing. */
  g_assert_cmpint (lk_remedy_judge (remedy, last, facts, facts->now + 1), ==, LK_VERDICT_UNKNOWN);
}

static void
test_routes (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *seats;
    const char *piece;
  } cases[] = {
    { "b1:700100:ANALYST:OWNER_BC:BOUND:Nordwind", "open Users › Members" },
    { "b1:700100:ANALYST:OWNER_PARTNER:BOUND:Customer",
      "as an admin of Customer, open Assets › Ad Account" },
    { "b1:700100:ANALYST:OWNER_INDIVIDUAL:BOUND:", "belongs to one person" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const World world = { .listed = "700100:Nordwind DE 3", .centers = B1,
                            .seats = cases[i].seats };
      g_autoptr(LkFacts) facts = world_facts (ADS, CHANGE);
      g_autoptr(LkRemedy) remedy = remedy_of (fixture, &world, facts);

      g_assert_true (says (step_at (remedy, find_step (remedy, "role"))->todo, cases[i].piece));
    }
}

/* The account is not in the login's center at all: invite or partner; then it is listed. */
static void
test_no_role (Fixture *fixture, gconstpointer data)
{
  World world = { .listed = "700200:Other", .centers = B1 };
  g_autoptr(LkFacts) facts = world_facts (ADS, CHANGE);
  g_autoptr(LkRemedy) remedy = remedy_of (fixture, &world, facts);
  guint role = find_step (remedy, "role");
  guint sign_in = find_step (remedy, "sign-in");

  g_assert_cmpstr (remedy->cause, ==, "account-no-role");
  g_assert_true (says (step_at (remedy, role)->todo, "Add Partners and gives it to the id b1"));
  check_step (remedy, role, &world, facts);
  assert_verdict (remedy, role, facts, WORLD_NOW + 1, LK_VERDICT_NOT_YET, "There is still no role");
  world.seats = "b1:700100:OPERATOR:OWNER_PARTNER:BOUND:Customer";
  check_step (remedy, role, &world, facts);
  assert_verdict (remedy, role, facts, WORLD_NOW + 1, LK_VERDICT_DONE, "The role is Operator now");
  check_step (remedy, sign_in, &world, facts);
  assert_verdict (remedy, sign_in, facts, WORLD_NOW + 1, LK_VERDICT_NOT_YET,
                  "TikTok does not list “700100” yet");
  world.listed = "700200:Other|700100:Nordwind DE 3";
  check_step (remedy, sign_in, &world, facts);
  g_assert_cmpint (lk_remedy_judge (remedy, sign_in, facts, WORLD_NOW + 1), ==, LK_VERDICT_DONE);
}

/* One's own center hides nothing, so the account belongs to another. */
static void
test_elsewhere (Fixture *fixture, gconstpointer data)
{
  const World world = { .listed = "700200:Other", .centers = "b1:Nordwind Group:ADMIN" };
  g_autoptr(LkFacts) facts = world_facts (ADS, CHANGE);
  g_autoptr(LkRemedy) remedy = remedy_of (fixture, &world, facts);
  const LkRemedyStep *role = step_at (remedy, find_step (remedy, "role"));

  g_assert_cmpint (role->turn, ==, LK_TURN_ADMIN);
  g_assert_true (says (role->todo, "Invite Member"));
  g_assert_true (says (role->todo, "Add Partners, the Business Center id b1"));
  for (guint i = 0; i < remedy->steps->len; i++)
    g_assert_false (says (step_at (remedy, i)->todo, "Nordwind Group"));
}

static void
test_pending (Fixture *fixture, gconstpointer data)
{
  World world = { .listed = "700200:Other", .centers = B1,
                  .seats = "b1:700100::OWNER_PARTNER:PENDING:Customer" };
  g_autoptr(LkFacts) facts = world_facts (ADS, CHANGE);
  g_autoptr(LkRemedy) remedy = remedy_of (fixture, &world, facts);
  guint step = find_step (remedy, "approve");

  check_step (remedy, step, &world, facts);
  assert_verdict (remedy, step, facts, WORLD_NOW + 1, LK_VERDICT_NOT_YET,
                  "The owner has not agreed yet");
  world.seats = "b1:700100:OPERATOR:OWNER_PARTNER:BOUND:Customer";
  check_step (remedy, step, &world, facts);
  assert_verdict (remedy, step, facts, WORLD_NOW + 1, LK_VERDICT_DONE, "The owner has agreed");
}

/* A call about the Business Center itself: its own role counts. */
static void
test_center_role (Fixture *fixture, gconstpointer data)
{
  World world = { .centers = B1 };
  g_autoptr(LkFacts) facts = world_facts (
    ADS, "permission:40001:POST:/open_api/v1.3/bc/member/invite/::No permission");
  g_autoptr(LkRemedy) remedy = remedy_of (fixture, &world, facts);
  guint step = find_step (remedy, "role");

  g_assert_true (says (step_at (remedy, step)->todo, "Raise the member’s role to Admin"));
  check_step (remedy, step, &world, facts);
  assert_verdict (remedy, step, facts, WORLD_NOW + 1, LK_VERDICT_NOT_YET,
                  "The role is still Standard");
  world.centers = "b1:Nordwind Group:ADMIN";
  check_step (remedy, step, &world, facts);
  assert_verdict (remedy, step, facts, WORLD_NOW + 1, LK_VERDICT_DONE, "The role is Admin now");
}

/* Where Business Center can't be read, the step says so, and the call proves it. */
static void
test_unseen (Fixture *fixture, gconstpointer data)
{
  const World world = { .listed = "700100:Nordwind DE 3",
                        .refused = "centers=permission:40118:allowlist" };
  g_autoptr(LkFacts) facts = world_facts (ADS, CHANGE);
  g_autoptr(LkRemedy) remedy = remedy_of (fixture, &world, facts);
  guint step = find_step (remedy, "role");

  g_assert_cmpint (step_at (remedy, step)->check, ==, LK_CHECK_NONE);
  assert_verdict (remedy, step, facts, WORLD_NOW + 1, LK_VERDICT_UNKNOWN,
                  "We can’t check this from here");
  g_assert_cmpint (step_at (remedy, remedy->steps->len - 1)->check, ==, LK_CHECK_CALL);
}

/* Which login, which account, and the 48 hours without a code by e-mail. */
static void
test_reconnect (Fixture *fixture, gconstpointer data)
{
  World world = { .listed = "700200:Other", .centers = B1,
                  .seats = "b1:700100:OPERATOR:OWNER_BC:BOUND:Nordwind" };
  g_autoptr(LkFacts) facts = world_facts (ADS, CHANGE);
  g_autoptr(LkRemedy) remedy = NULL;
  g_autoptr(LkRemedy) later = NULL;
  const LkRemedyStep *sign_in;
  gint64 since;

  facts->signed_in = WORLD_NOW - 3600;
  remedy = remedy_of (fixture, &world, facts);
  g_assert_cmpstr (remedy->id, ==, "reconnect");
  sign_in = step_at (remedy, 0);
  g_assert_cmpint (sign_in->check, ==, LK_CHECK_SIGN_IN);
  g_assert_true (says (sign_in->todo, "Sign in there as Mira Holt"));
  g_assert_true (says (sign_in->todo, "(700100)"));
  g_assert_true (says (sign_in->todo, "no code by e-mail if you do this until"));
  g_assert_nonnull (strstr (sign_in->why, "asks you first"));

  since = WORLD_NOW + 1;
  assert_verdict (remedy, 0, facts, since, LK_VERDICT_NOT_YET, "Nobody signed in yet");
  facts->signed_in = WORLD_NOW + 30;
  assert_verdict (remedy, 0, facts, since, LK_VERDICT_DONE, "Signed in as Mira Holt");
  world.identity = "u2:Private Me";
  check_step (remedy, find_step (remedy, "alive"), &world, facts);
  assert_verdict (remedy, find_step (remedy, "alive"), facts, since, LK_VERDICT_NOT_YET,
                  "Another login is connected: Private Me");
  world.identity = NULL;
  world.listed = "700100:Nordwind DE 3";
  check_step (remedy, find_step (remedy, "alive"), &world, facts);
  check_step (remedy, find_step (remedy, "listed"), &world, facts);
  assert_verdict (remedy, find_step (remedy, "alive"), facts, since, LK_VERDICT_DONE,
                  "TikTok accepts the token");
  g_assert_cmpint (lk_remedy_judge (remedy, find_step (remedy, "listed"), facts, since), ==,
                   LK_VERDICT_DONE);
}

static void
test_old_sign_in (Fixture *fixture, gconstpointer data)
{
  const World world = { .refused = "identity=token_revoked:40105:revoked" };
  g_autoptr(LkFacts) facts = world_facts (ADS, "token_revoked:40105:GET:/open_api/v1.3/x/::gone");
  g_autoptr(LkRemedy) remedy = NULL;

  facts->signed_in = WORLD_NOW - 50 * 3600;
  remedy = remedy_of (fixture, &world, facts);
  g_assert_false (says (step_at (remedy, 0)->todo, "until"));
  g_assert_true (says (step_at (remedy, 0)->todo, "TikTok may send a code by e-mail"));
}

/* Scopes before and after; families without a probe for it tell them at the sign-in. */
static void
test_scope (Fixture *fixture, gconstpointer data)
{
  const World world = { 0 };
  g_autoptr(LkFacts) facts = world_facts (
    ADS, "scope:40001:GET:/open_api/v1.3/optimizer/rule/list/:700100:"
         "advertiser does not grant you /optimizer/rule/list/:GET permission");
  g_autoptr(LkRemedy) remedy = NULL;
  guint app, scopes;

  facts->scopes_granted = g_strsplit ("200 201 4", " ", -1);
  remedy = remedy_of (fixture, &world, facts);
  g_assert_cmpstr (remedy->id, ==, "scope");
  assert_verdict (remedy, 0, facts, WORLD_NOW + 1, LK_VERDICT_DONE,
                  "The token’s list does not have it");
  g_assert_true (says (step_at (remedy, 0)->todo, "/optimizer/rule/list/ needs “Read Automated"));
  app = find_step (remedy, "app");
  g_assert_cmpint (step_at (remedy, app)->turn, ==, LK_TURN_APP_OWNER);
  g_assert_cmpint (step_at (remedy, app)->check, ==, LK_CHECK_NONE);
  g_assert_true (says (step_at (remedy, app)->todo, "(17020000)"));
  scopes = find_step (remedy, "scopes");
  assert_verdict (remedy, scopes, facts, WORLD_NOW + 1, LK_VERDICT_UNKNOWN, "Not checked yet");
  facts->signed_in = WORLD_NOW + 60;
  g_assert_cmpint (lk_remedy_judge (remedy, scopes, facts, WORLD_NOW + 1), ==, LK_VERDICT_NOT_YET);
  g_strfreev (facts->scopes_granted);
  facts->scopes_granted = g_strsplit ("200 17020000", " ", -1);
  g_assert_cmpint (lk_remedy_judge (remedy, scopes, facts, WORLD_NOW + 1), ==, LK_VERDICT_DONE);
}

static void
test_rate (Fixture *fixture, gconstpointer data)
{
  const World world = { 0 };
  g_autoptr(LkFacts) facts = world_facts (ADS, "rate:40100:GET:/open_api/v1.3/campaign/get/::QPM");
  g_autoptr(LkRemedy) remedy = NULL;

  facts->fault->limit = g_strdup ("minute");
  facts->fault->slowed = g_strdup ("app");
  facts->fault->retry_at = WORLD_NOW + 300;
  remedy = remedy_of (fixture, &world, facts);
  g_assert_cmpstr (remedy->id, ==, "rate");
  g_assert_cmpstr (remedy->cause, ==, "rate-minute");
  g_assert_true (says (step_at (remedy, 0)->todo, "The usual limit is 600"));
  g_assert_cmpint (step_at (remedy, 0)->check, ==, LK_CHECK_TIME);
  g_assert_cmpint (step_at (remedy, 0)->turn, ==, LK_TURN_LATCHKEY);
  g_assert_true (says (step_at (remedy, 0)->todo, "the calls of one minute"));
  g_assert_true (says (step_at (remedy, 0)->todo, "the app “Nordwind reports”"));
  g_assert_cmpint (lk_remedy_judge (remedy, 0, facts, WORLD_NOW), ==, LK_VERDICT_NOT_YET);
  facts->now = WORLD_NOW + 300;
  assert_verdict (remedy, 0, facts, WORLD_NOW, LK_VERDICT_DONE, "The time is over");
}

/* One check after the other for the remedies with a single proof. */
static void
test_proofs (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *fault;
    World       before;
    World       after;
    const char *step;
    const char *not_yet;
    const char *done;
  } cases[] = {
    { "app_config:40101:GET:/open_api/v1.3/oauth2/advertiser/get/::secret",
      { .refused = "secret=app_config:40101:secret" }, { 0 }, "enter",
      "TikTok refuses the app’s id or secret", "TikTok accepts the app’s id and secret" },
    { "transient:50000:GET:/open_api/v1.3/campaign/get/::error",
      { .incident = "Reporting is slow" }, { 0 }, "news",
      "TikTok still reports “Reporting is slow”", "TikTok reports no open incident" },
    { "clock_skew:36009004:GET:/open_api/v1.3/campaign/get/::timestamp",
      { .skew = -600 }, { .skew = 2 }, "set", "The clock is still 10 minutes ahead",
      "The clock is right" },
    { CHANGE, { .listed = "700100:N", .status = "STATUS_LIMIT" }, { .listed = "700100:N" }, "state",
      "The account’s state is still STATUS_LIMIT", "The account is open" },
    { CHANGE, { .refused = "reach=app_config:40113:The app_id is inconsistent" }, { 0 }, "fits",
      "Token and app still don’t fit", "Token and app fit" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(LkFacts) facts = world_facts (ADS, cases[i].fault);
      g_autoptr(LkRemedy) remedy = remedy_of (fixture, &cases[i].before, facts);
      g_autoptr(LkQuestion) secret = lk_question_new ("secret", NULL, NULL);
      guint step = find_step (remedy, cases[i].step);

      g_test_message ("%s", cases[i].step);
      /* A new secret is tried by the agent, outside of the questions. */
      if (g_str_equal (cases[i].step, "enter"))
        {
          g_assert_cmpint (step_at (remedy, step)->check, ==, LK_CHECK_SECRET);
          lk_facts_take_answer (facts, world_answer (&cases[i].before, secret, facts->now + 9));
        }
      check_step (remedy, step, &cases[i].before, facts);
      assert_verdict (remedy, step, facts, WORLD_NOW + 1, LK_VERDICT_NOT_YET, cases[i].not_yet);
      if (g_str_equal (cases[i].step, "enter"))
        lk_facts_take_answer (facts, world_answer (&cases[i].after, secret, facts->now + 9));
      check_step (remedy, step, &cases[i].after, facts);
      assert_verdict (remedy, step, facts, WORLD_NOW + 1, LK_VERDICT_DONE, cases[i].done);
    }
}

static void
test_media (Fixture *fixture, gconstpointer data)
{
  const World world = { 0 };
  g_autoptr(LkFacts) facts = world_facts (
    ADS, "media_processing:40901:POST:/open_api/v1.3/ad/create/:700100:"
         "Video v10033g50000c1234567890abcdef is in process");
  g_autoptr(LkRemedy) remedy = remedy_of (fixture, &world, facts);
  g_autoptr(GPtrArray) questions = lk_remedy_get_questions (remedy, 0, facts);
  LkProbeAnswer *answer;

  g_assert_cmpuint (questions->len, ==, 1);
  g_assert_cmpstr (((LkQuestion *) g_ptr_array_index (questions, 0))->media, ==,
                   "v10033g50000c1234567890abcdef");
  g_assert_true (step_at (remedy, 0)->watchable);
  for (guint i = 0; i < 2; i++)
    {
      answer = lk_probe_answer_new ("video", NULL, "700100");
      answer->at = WORLD_NOW + 15;
      g_hash_table_insert (lk_probe_answer_add_row (answer), g_strdup ("state"),
                           g_strdup (i == 0 ? "processing" : "ready"));
      lk_facts_take_answer (facts, answer);
      g_assert_cmpint (lk_remedy_judge (remedy, 0, facts, WORLD_NOW + 1), ==,
                       i == 0 ? LK_VERDICT_NOT_YET : LK_VERDICT_DONE);
    }
}

/* A lost answer is neither yes nor no. */
static void
test_no_answer (Fixture *fixture, gconstpointer data)
{
  World world = { .listed = "700100:Nordwind DE 3", .centers = B1,
                  .seats = "b1:700100:ANALYST:OWNER_BC:BOUND:Nordwind" };
  g_autoptr(LkFacts) facts = world_facts (ADS, CHANGE);
  g_autoptr(LkRemedy) remedy = remedy_of (fixture, &world, facts);
  guint step = find_step (remedy, "role");

  world.refused = "center-assets=local:offline";
  check_step (remedy, step, &world, facts);
  assert_verdict (remedy, step, facts, WORLD_NOW + 1, LK_VERDICT_UNKNOWN,
                  "No answer: This computer is offline");
  again (facts, lk_fault_new_local (LK_CLASS_TRANSIENT, "timed-out", NULL));
  g_assert_cmpint (lk_remedy_judge (remedy, remedy->steps->len - 1, facts, WORLD_NOW + 1), ==,
                   LK_VERDICT_UNKNOWN);
}

/* Everything the admin needs, and nothing that is not for a mail. */
static void
test_request (Fixture *fixture, gconstpointer data)
{
  const World world = { .listed = "700100:Nordwind DE 3", .centers = B1,
                        .seats = "b1:700100:ANALYST:OWNER_BC:BOUND:Nordwind" };
  static const char *const pieces[] = {
    "Nordwind 700100", "700100", "Analyst", "Operator or Admin", "Mira Holt", "Nordwind Group (b1)",
    "Users › Members", "  1. ", "20261121T0805R1", "No permission to operate",
  };
  g_autoptr(LkFacts) facts = world_facts (ADS, CHANGE);
  g_autoptr(LkRemedy) remedy = remedy_of (fixture, &world, facts);
  g_autofree char *subject = NULL;
  g_autofree char *letter = lk_remedy_dup_request (fixture->diagnosis, remedy, facts, &subject);

  g_test_message ("%s\n%s", subject, letter);
  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    g_assert_nonnull (strstr (letter, pieces[i]));
  g_assert_cmpstr (subject, ==, "TikTok: access to “Nordwind 700100” (700100) for Mira Holt");
  g_assert_null (strchr (letter, '\t'));
  g_assert_null (strchr (letter, '\r'));
}

static void
test_request_to_owner (Fixture *fixture, gconstpointer data)
{
  const World world = { 0 };
  g_autoptr(LkFacts) facts = world_facts (
    ADS, "scope:40001:GET:/open_api/v1.3/optimizer/rule/list/:700100:"
         "does not grant you /optimizer/rule/list/:GET permission\r\nBcc: everyone");
  g_autoptr(LkRemedy) remedy = remedy_of (fixture, &world, facts);
  g_autofree char *subject = NULL;
  g_autofree char *letter = lk_remedy_dup_request (fixture->diagnosis, remedy, facts, &subject);

  g_test_message ("%s\n%s", subject, letter);
  g_assert_nonnull (strstr (letter, "“Nordwind reports” (7001)"));
  g_assert_nonnull (strstr (letter, "17020000"));
  g_assert_nonnull (strstr (letter, "My Apps › App Detail"));
  g_assert_null (strchr (letter, '\r'));
  g_assert_null (strstr (letter, "\nBcc:"));
}

/* What was kept over a restart gives the same steps. */
static void
test_restore (Fixture *fixture, gconstpointer data)
{
  const World world = { .listed = "700100:Nordwind DE 3", .centers = B1,
                        .seats = "b1:700100:ANALYST:OWNER_BC:BOUND:Nordwind" };
  g_autoptr(LkFacts) facts = world_facts (ADS, CHANGE);
  g_autoptr(LkRemedy) remedy = remedy_of (fixture, &world, facts);
  g_autoptr(GVariant) dict = g_variant_ref_sink (lk_facts_to_variant (facts));
  g_autoptr(LkFacts) kept = lk_facts_from_variant (dict);
  g_autoptr(LkRemedy) restored = lk_remedy_restore (fixture->diagnosis, remedy->id, remedy->cause,
                                                    remedy->values, kept);

  g_assert_cmpuint (restored->steps->len, ==, remedy->steps->len);
  for (guint i = 0; i < remedy->steps->len; i++)
    {
      g_assert_cmpstr (step_at (restored, i)->id, ==, step_at (remedy, i)->id);
      g_assert_true (g_strv_equal ((const char * const *) step_at (restored, i)->todo,
                                   (const char * const *) step_at (remedy, i)->todo));
    }
  g_assert_null (lk_remedy_restore (fixture->diagnosis, "no-such", NULL, NULL, kept));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/remedy/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("data", test_data);
  ADD ("poor-facts", test_poor_facts);
  ADD ("role", test_role);
  ADD ("routes", test_routes);
  ADD ("no-role", test_no_role);
  ADD ("elsewhere", test_elsewhere);
  ADD ("pending", test_pending);
  ADD ("center-role", test_center_role);
  ADD ("unseen", test_unseen);
  ADD ("reconnect", test_reconnect);
  ADD ("old-sign-in", test_old_sign_in);
  ADD ("scope", test_scope);
  ADD ("rate", test_rate);
  ADD ("proofs", test_proofs);
  ADD ("media", test_media);
  ADD ("no-answer", test_no_answer);
  ADD ("request", test_request);
  ADD ("request-to-owner", test_request_to_owner);
  ADD ("restore", test_restore);

  return g_test_run ();
}
