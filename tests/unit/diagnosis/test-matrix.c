/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lk-scopes.h"

#define ADS "tiktok-ads"
#define ACCOUNT "7100000000000000001"
#define OTHER "7100000000000000002"
#define CENTER "6900000000000000001"
#define CENTER_2 "6900000000000000002"
#define NOW 1795000000

/* Facts in one line, words separated by blanks:
 *   scopes=a,b      granted at sign-in
 *   granted=a,b     what the probe found; granted=cut:a that there is more
 *   known=id        accounts of the sign-in
 *   reach=id,id     reach=cut:id, reach=401 (dead), reach=500
 *   centers=c,c     centers=none, centers=cut:c, centers=40118, centers=scope
 *   asset=center:role:relation[:status]   of ACCOUNT; role "-" for none; center with "~": cut
 *   assets=center   an empty list; assets=center~ a cut one; assets=center! a refused one
 *   status=word     of ACCOUNT
 *   fault=code:path a refused call; call=path one that succeeded now */
typedef struct
{
  const char *facts;
  const char *feature;
  LkCell      cell;
} Case;

static LkProbeAnswer *
add_answer (LkFacts    *facts,
            const char *probe,
            const char *center,
            const char *account,
            const char *endpoint)
{
  LkProbeAnswer *answer = lk_probe_answer_new (probe, center, account);

  answer->endpoint = g_strdup (endpoint);
  answer->http_status = 200;
  answer->at = NOW;

  return answer;
}

static void
refuse (LkProbeAnswer *answer,
        LkClass        klass,
        const char    *code)
{
  answer->fault = lk_fault_new (klass);
  answer->fault->code = g_strdup (code);
  answer->fault->at = NOW;
}

static void
fill_rows (LkProbeAnswer *answer,
           const char    *column,
           const char    *text)
{
  g_auto (GStrv) words = NULL;

  if (g_str_has_prefix (text, "cut:"))
    {
      answer->cut = TRUE;
      text += strlen ("cut:");
    }
  if (g_str_equal (text, "401"))
    refuse (answer, LK_CLASS_TOKEN_REVOKED, "40105");
  else if (g_str_equal (text, "500"))
    refuse (answer, LK_CLASS_TRANSIENT, "50000");
  else if (g_str_equal (text, "40118"))
    refuse (answer, LK_CLASS_PERMISSION, "40118");
  else if (g_str_equal (text, "scope"))
    refuse (answer, LK_CLASS_SCOPE, "40001");
  words = g_strsplit (text, ",", -1);
  for (unsigned int i = 0; answer->fault == NULL && words[i] != NULL; i++)
    {
      if (!g_str_equal (words[i], "none"))
        g_hash_table_insert (lk_probe_answer_add_row (answer), g_strdup (column),
                             g_strdup (words[i]));
    }
}

static void
set_row (GHashTable *row,
         const char *column,
         const char *value)
{
  if (value != NULL && !g_str_equal (value, "-"))
    g_hash_table_insert (row, g_strdup (column), g_strdup (value));
}

static void
add_asset (LkFacts    *facts,
           const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, ":", -1);
  char *tilde = strchr (words[0], '~');
  LkProbeAnswer *answer;
  GHashTable *row;

  if (tilde != NULL)
    *tilde = '\0';
  answer = add_answer (facts, "center-assets", words[0], NULL, "/open_api/v1.3/bc/asset/get/");
  answer->cut = tilde != NULL;
  row = lk_probe_answer_add_row (answer);
  set_row (row, "id", ACCOUNT);
  set_row (row, "role", words[1]);
  set_row (row, "state", words[2]);
  set_row (row, "status", words[2] != NULL ? words[3] : NULL);
  lk_facts_take_answer (facts, answer);
}

static void
add_assets (LkFacts    *facts,
            const char *text)
{
  g_autofree char *center = g_strndup (text, strcspn (text, "~!"));
  LkProbeAnswer *answer = add_answer (facts, "center-assets", center, NULL,
                                      "/open_api/v1.3/bc/asset/get/");

  answer->cut = strchr (text, '~') != NULL;
  if (strchr (text, '!') != NULL)
    refuse (answer, LK_CLASS_PERMISSION, "40001");
  lk_facts_take_answer (facts, answer);
}

static void
add_status (LkFacts    *facts,
            const char *word)
{
  LkProbeAnswer *answer = add_answer (facts, "account", NULL, ACCOUNT,
                                      "/open_api/v1.3/advertiser/info/");
  GHashTable *row = lk_probe_answer_add_row (answer);

  set_row (row, "id", ACCOUNT);
  set_row (row, "status", word);
  /* The kind of account, which is not the login's role on it. */
  set_row (row, "role", "ROLE_ADVERTISER");
  lk_facts_take_answer (facts, answer);
}

static void
add_fault (LkFacts    *facts,
           const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, ":", -1);

  facts->fault = lk_fault_new (g_str_equal (words[0], "40118") ? LK_CLASS_PERMISSION
                                                               : LK_CLASS_SCOPE);
  facts->fault->code = g_strdup (words[0]);
  facts->fault->endpoint = g_strdup (words[1]);
  facts->fault->account = g_strdup (ACCOUNT);
  facts->fault->at = NOW - 60;
}

static void
add_fact (LkFacts    *facts,
          const char *key,
          const char *value)
{
  LkProbeAnswer *answer = NULL;

  if (g_str_equal (key, "scopes"))
    facts->scopes_granted = g_strsplit (value, ",", -1);
  else if (g_str_equal (key, "known"))
    {
      facts->accounts_known = TRUE;
      g_ptr_array_add (facts->accounts, lk_account_new (value, NULL));
    }
  else if (g_str_equal (key, "signed-in"))
    facts->signed_in = NOW - g_ascii_strtoll (value, NULL, 10);
  else if (g_str_equal (key, "asset"))
    add_asset (facts, value);
  else if (g_str_equal (key, "assets"))
    add_assets (facts, value);
  else if (g_str_equal (key, "status"))
    add_status (facts, value);
  else if (g_str_equal (key, "fault"))
    add_fault (facts, value);
  else if (g_str_equal (key, "call"))
    answer = add_answer (facts, "call", NULL, ACCOUNT, value);
  else if (g_str_equal (key, "granted"))
    answer = add_answer (facts, "granted", NULL, NULL, "/tt_user/token_info/get/");
  else if (g_str_equal (key, "reach"))
    answer = add_answer (facts, "reach", NULL, NULL, "/open_api/v1.3/oauth2/advertiser/get/");
  else if (g_str_equal (key, "centers"))
    answer = add_answer (facts, "centers", NULL, NULL, "/open_api/v1.3/bc/get/");
  else
    g_assert_not_reached ();

  if (answer != NULL && !g_str_equal (key, "call"))
    fill_rows (answer, g_str_equal (key, "granted") ? "scope" : "id", value);
  if (answer != NULL)
    lk_facts_take_answer (facts, answer);
}

static LkFacts *
make_facts (const char *family,
            const char *text)
{
  LkFacts *facts = lk_facts_new ();
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  facts->family = g_strdup (family);
  facts->now = NOW;
  for (unsigned int i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (words[i], "=", 2);

      if (*words[i] != '\0')
        add_fact (facts, pair[0], pair[1]);
    }

  return facts;
}

static guint
find_feature (GPtrArray  *features,
              const char *id)
{
  for (guint i = 0; i < features->len; i++)
    {
      const LkFeature *feature = g_ptr_array_index (features, i);

      if (g_str_equal (feature->id, id))
        return i;
    }
  g_assert_not_reached ();
}

static guint
find_account (GPtrArray  *accounts,
              const char *id)
{
  for (guint i = 0; i < accounts->len; i++)
    {
      const LkAccount *account = g_ptr_array_index (accounts, i);

      if (g_str_equal (account->id, id))
        return i;
    }
  g_assert_not_reached ();
}

static void
check (LkScopes   *scopes,
       const char *family,
       const char *account,
       const Case *test)
{
  g_autoptr (LkFacts) facts = make_facts (family, test->facts);
  g_autoptr (LkMatrix) matrix = lk_matrix_new (scopes, facts);
  guint row = find_account (matrix->accounts, account);
  guint column = find_feature (matrix->features, test->feature);
  g_autofree char *reason = lk_matrix_dup_reason (scopes, matrix, facts, row, column);

  g_test_message ("%s | %s | %s", test->facts, test->feature, reason);
  g_assert_cmpint (lk_matrix_get (matrix, row, column), ==, test->cell);
  g_assert_true (g_str_has_suffix (reason, "."));
  g_assert_cmpint (g_str_has_prefix (reason, "Allowed"), ==, test->cell == LK_CELL_ALLOWED);
  g_assert_cmpint (g_str_has_prefix (reason, "Not known"), ==, test->cell == LK_CELL_UNKNOWN);
}

#define REACH "reach=" ACCOUNT " "
#define GOOD REACH "scopes=1,2,3,6,17000000 status=STATUS_ENABLE centers=" CENTER " "
#define AS(role) "asset=" CENTER ":" role ":BOUND "

/* Every fact that can be missing or against it, one at a time. */
static void
test_ads (void)
{
  static const Case cases[] = {
    /* Roles. */
    { GOOD AS ("ADMIN"), "campaigns-write", LK_CELL_ALLOWED },
    { GOOD AS ("OPERATOR"), "campaigns-write", LK_CELL_ALLOWED },
    { GOOD AS ("ANALYST"), "campaigns-write", LK_CELL_ROLE },
    { GOOD AS ("ANALYST"), "campaigns-read", LK_CELL_ALLOWED },
    { GOOD AS ("ANALYST"), "audiences-write", LK_CELL_ROLE },
    { GOOD AS ("ANALYST"), "videos-write", LK_CELL_ROLE },
    { GOOD AS ("ANALYST"), "rules-read", LK_CELL_ALLOWED },
    { GOOD AS ("-"), "campaigns-write", LK_CELL_UNKNOWN },
    { GOOD AS ("VISITOR"), "campaigns-write", LK_CELL_UNKNOWN },
    { GOOD, "campaigns-write", LK_CELL_UNKNOWN },
    { GOOD, "campaigns-read", LK_CELL_ALLOWED },
    /* Scopes. */
    { REACH AS ("ADMIN") "status=STATUS_ENABLE", "campaigns-read", LK_CELL_UNKNOWN },
    { REACH AS ("ADMIN") "status=STATUS_ENABLE", "campaigns-write", LK_CELL_UNKNOWN },
    { REACH AS ("ADMIN") "status=STATUS_ENABLE scopes=200", "campaigns-write", LK_CELL_SCOPE },
    { REACH AS ("ADMIN") "status=STATUS_ENABLE scopes=200", "campaigns-read", LK_CELL_ALLOWED },
    { REACH AS ("ADMIN") "status=STATUS_ENABLE scopes=20", "campaigns-write", LK_CELL_ALLOWED },
    { REACH AS ("ANALYST") "status=STATUS_ENABLE", "campaigns-write", LK_CELL_ROLE },
    { REACH AS ("ANALYST") "scopes=200", "campaigns-write", LK_CELL_SCOPE },
    { REACH AS ("ADMIN") "scopes=200 granted=17020000", "rules-read", LK_CELL_ALLOWED },
    { REACH AS ("ADMIN") "scopes=17020000 granted=200", "rules-read", LK_CELL_SCOPE },
    { REACH AS ("ADMIN") "granted=cut:200", "rules-read", LK_CELL_UNKNOWN },
    { REACH AS ("ADMIN") "granted=cut:200", "campaigns-read", LK_CELL_ALLOWED },
    { REACH AS ("ADMIN") "scopes=200 granted=500", "campaigns-read", LK_CELL_ALLOWED },
    /* A refused call says more than the list, until a new sign-in. */
    { GOOD AS ("ADMIN") "fault=40001:/optimizer/rule/list/", "rules-read", LK_CELL_SCOPE },
    { GOOD AS ("ADMIN") "fault=40001:/optimizer/rule/list/", "rules-write", LK_CELL_ALLOWED },
    { GOOD AS ("ADMIN") "fault=40001:/optimizer/rule/list/ signed-in=10", "rules-read",
      LK_CELL_ALLOWED },
    { GOOD AS ("ADMIN") "fault=40001:/optimizer/rule/list/ call=/optimizer/rule/list/",
      "rules-read", LK_CELL_ALLOWED },
    { GOOD AS ("ADMIN") "fault=40118:/optimizer/rule/list/", "rules-read", LK_CELL_LISTED },
    { GOOD AS ("ADMIN") "fault=40118:/optimizer/rule/list/", "campaigns-read", LK_CELL_ALLOWED },
    /* A call that succeeded proves it, whatever the lists say. */
    { REACH "scopes=100 call=/open_api/v1.3/campaign/update/", "campaigns-write",
      LK_CELL_ALLOWED },
    { REACH "scopes=100 call=/open_api/v1.3/campaign/update/", "ads-write", LK_CELL_SCOPE },
    /* Reach. */
    { "reach=" OTHER " scopes=2 known=" ACCOUNT, "campaigns-read", LK_CELL_ROLE },
    { "reach=cut:" OTHER " scopes=2 known=" ACCOUNT, "campaigns-read", LK_CELL_UNKNOWN },
    { "reach=500 scopes=2 known=" ACCOUNT, "campaigns-read", LK_CELL_UNKNOWN },
    { "scopes=2 known=" ACCOUNT, "campaigns-read", LK_CELL_ALLOWED },
    { "scopes=2 known=" OTHER " " AS ("ADMIN"), "campaigns-read", LK_CELL_ROLE },
    { "scopes=2 " AS ("ADMIN") "status=STATUS_ENABLE", "campaigns-write", LK_CELL_UNKNOWN },
    { "reach=401 scopes=2 known=" ACCOUNT, "campaigns-read", LK_CELL_UNKNOWN },
    { REACH "scopes=100 centers=401", "campaigns-read", LK_CELL_SCOPE },
    /* What worked before the token died says nothing about now. */
    { REACH "scopes=2 call=/campaign/update/", "campaigns-write", LK_CELL_ALLOWED },
    { REACH "scopes=2 call=/campaign/update/ centers=401", "campaigns-write", LK_CELL_UNKNOWN },
    /* Requests that wait or were declined. */
    { "reach=none scopes=2 asset=" CENTER ":ADMIN:PENDING", "campaigns-read", LK_CELL_ROLE },
    { "scopes=2 asset=" CENTER ":ADMIN:PENDING", "campaigns-read", LK_CELL_ROLE },
    { "scopes=2 asset=" CENTER ":OPERATOR:REJECTED", "campaigns-write", LK_CELL_ROLE },
    { "scopes=2 asset=" CENTER ":OPERATOR:UNBOUND", "campaigns-write", LK_CELL_ROLE },
    { GOOD "asset=" CENTER ":ADMIN:PENDING", "campaigns-write", LK_CELL_UNKNOWN },
    { GOOD "asset=" CENTER ":ADMIN:PENDING", "campaigns-read", LK_CELL_ALLOWED },
  };
  g_autoptr (LkScopes) scopes = lk_scopes_new ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    check (scopes, ADS, ACCOUNT, &cases[i]);
}

#define BASE REACH "scopes=1,2 status=STATUS_ENABLE "
#define TWO BASE "centers=" CENTER "," CENTER_2 " "

/* Two Business Centers that disagree: the better role wins, and a center that was not read whole
 * leaves a low role open. */
static void
test_centers (void)
{
  static const Case cases[] = {
    { TWO AS ("ANALYST") "asset=" CENTER_2 ":OPERATOR:BOUND", "ads-write", LK_CELL_ALLOWED },
    { TWO AS ("OPERATOR") "asset=" CENTER_2 ":ANALYST:BOUND", "ads-write", LK_CELL_ALLOWED },
    { TWO AS ("ANALYST") "asset=" CENTER_2 ":ADMIN:PENDING", "ads-write", LK_CELL_ROLE },
    { TWO AS ("ANALYST") "asset=" CENTER_2 ":ANALYST:BOUND", "ads-write", LK_CELL_ROLE },
    { TWO AS ("ANALYST") "assets=" CENTER_2, "ads-write", LK_CELL_ROLE },
    { TWO AS ("ANALYST") "assets=" CENTER_2 "~", "ads-write", LK_CELL_UNKNOWN },
    { TWO AS ("ANALYST") "assets=" CENTER_2 "!", "ads-write", LK_CELL_UNKNOWN },
    { TWO AS ("ANALYST"), "ads-write", LK_CELL_UNKNOWN },
    { TWO AS ("ADMIN") "assets=" CENTER_2 "!", "ads-write", LK_CELL_ALLOWED },
    { TWO "asset=" CENTER "~:ANALYST:BOUND assets=" CENTER_2, "ads-write", LK_CELL_ROLE },
    { BASE "centers=cut:" CENTER " " AS ("ANALYST"), "ads-write", LK_CELL_UNKNOWN },
    { BASE "centers=500 " AS ("ANALYST"), "ads-write", LK_CELL_UNKNOWN },
    { TWO "assets=" CENTER " assets=" CENTER_2, "ads-write", LK_CELL_UNKNOWN },
    { TWO "assets=" CENTER "! asset=" CENTER_2 "~:ANALYST:BOUND", "ads-write", LK_CELL_UNKNOWN },
    { "scopes=2 " AS ("ADMIN") "asset=" CENTER_2 ":ADMIN:PENDING", "ads-read", LK_CELL_UNKNOWN },
    /* The Business Center itself. */
    { BASE "centers=" CENTER, "center-read", LK_CELL_ALLOWED },
    { BASE "centers=none", "center-read", LK_CELL_ROLE },
    { BASE "centers=40118", "center-read", LK_CELL_LISTED },
    { BASE "centers=scope", "center-read", LK_CELL_SCOPE },
    { BASE "centers=500", "center-read", LK_CELL_UNKNOWN },
    { BASE, "center-read", LK_CELL_UNKNOWN },
    { REACH "scopes=2", "center-read", LK_CELL_SCOPE },
    { REACH "centers=" CENTER, "center-read", LK_CELL_ALLOWED },
    /* It answers, whatever a list or an older refusal says. */
    { REACH "scopes=2 centers=" CENTER, "center-read", LK_CELL_ALLOWED },
    { BASE "fault=40001:/bc/get/ centers=" CENTER, "center-read", LK_CELL_ALLOWED },
    { BASE "fault=40118:/bc/get/ centers=" CENTER, "center-read", LK_CELL_ALLOWED },
    { BASE "fault=40118:/bc/get/", "center-read", LK_CELL_LISTED },
    { TWO AS ("ANALYST") "assets=" CENTER_2 "!", "center-assets", LK_CELL_ALLOWED },
    { TWO "assets=" CENTER "!", "center-assets", LK_CELL_UNKNOWN },
    { TWO AS ("ADMIN") "assets=" CENTER_2, "center-assets", LK_CELL_ALLOWED },
    { TWO "assets=" CENTER, "center-assets", LK_CELL_ROLE },
  };
  g_autoptr (LkScopes) scopes = lk_scopes_new ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    check (scopes, ADS, ACCOUNT, &cases[i]);
}

#define HERE REACH "scopes=1,2,8,9 " AS ("ADMIN")

/* The state of the account stops changes; only a closed account leaves reading open. */
static void
test_health (void)
{
  static const struct
  {
    const char *status;
    LkCell      write;
    LkCell      read;
  } cases[] = {
    { "STATUS_ENABLE", LK_CELL_ALLOWED, LK_CELL_ALLOWED },
    { "STATUS_DISABLE", LK_CELL_ACCOUNT, LK_CELL_UNKNOWN },
    { "STATUS_LIMIT", LK_CELL_ACCOUNT, LK_CELL_ALLOWED },
    { "STATUS_PENDING_CONFIRM", LK_CELL_ACCOUNT, LK_CELL_ALLOWED },
    { "STATUS_PENDING_VERIFIED", LK_CELL_ACCOUNT, LK_CELL_ALLOWED },
    { "STATUS_PENDING_CONFIRM_MODIFY", LK_CELL_ACCOUNT, LK_CELL_ALLOWED },
    { "STATUS_WAIT_FOR_BPM_AUDIT", LK_CELL_ACCOUNT, LK_CELL_ALLOWED },
    { "STATUS_WAIT_FOR_PUBLIC_AUTH", LK_CELL_ACCOUNT, LK_CELL_ALLOWED },
    { "STATUS_SELF_SERVICE_UNAUDITED", LK_CELL_ACCOUNT, LK_CELL_ALLOWED },
    { "STATUS_CONTRACT_PENDING", LK_CELL_ACCOUNT, LK_CELL_ALLOWED },
    { "STATUS_CONFIRM_FAIL", LK_CELL_ACCOUNT, LK_CELL_ALLOWED },
    { "STATUS_CONFIRM_FAIL_END", LK_CELL_ACCOUNT, LK_CELL_ALLOWED },
    { "STATUS_CONFIRM_MODIFY_FAIL", LK_CELL_ACCOUNT, LK_CELL_ALLOWED },
    { "STATUS_OF_TOMORROW", LK_CELL_UNKNOWN, LK_CELL_ALLOWED },
  };
  static const Case others[] = {
    { HERE, "campaigns-write", LK_CELL_UNKNOWN },
    { REACH "scopes=2 asset=" CENTER ":ADMIN:BOUND:SHOW_ACCOUNT_STATUS_APPROVED",
      "campaigns-write", LK_CELL_ALLOWED },
    { REACH "scopes=2 asset=" CENTER ":ADMIN:BOUND:SHOW_ACCOUNT_STATUS_PUNISHED",
      "campaigns-write", LK_CELL_ACCOUNT },
    /* The account's own page is right where a list says otherwise. */
    { REACH "scopes=2 status=STATUS_LIMIT asset=" CENTER
      ":ADMIN:BOUND:SHOW_ACCOUNT_STATUS_APPROVED", "campaigns-write", LK_CELL_ACCOUNT },
    { REACH "scopes=2 status=STATUS_OF_TOMORROW asset=" CENTER
      ":ADMIN:BOUND:SHOW_ACCOUNT_STATUS_APPROVED", "campaigns-write", LK_CELL_UNKNOWN },
    { REACH "scopes=2 status=- asset=" CENTER ":ADMIN:BOUND:SHOW_ACCOUNT_STATUS_APPROVED",
      "campaigns-write", LK_CELL_ALLOWED },
    /* Another asset's role decides. */
    { HERE "status=STATUS_ENABLE", "catalogs-read", LK_CELL_UNKNOWN },
    { HERE "status=STATUS_ENABLE", "pixels-read", LK_CELL_UNKNOWN },
    { HERE "status=STATUS_ENABLE call=/pixel/list/", "pixels-read", LK_CELL_ALLOWED },
    { HERE "status=STATUS_ENABLE", "pixels-write", LK_CELL_ALLOWED },
    { REACH "scopes=2", "catalogs-read", LK_CELL_SCOPE },
    { REACH "status=STATUS_ENABLE", "account-read", LK_CELL_ALLOWED },
    { REACH, "account-read", LK_CELL_ALLOWED },
  };
  g_autoptr (LkScopes) scopes = lk_scopes_new ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *facts = g_strconcat (HERE "status=", cases[i].status, NULL);
      Case write = { facts, "campaigns-write", cases[i].write };
      Case read = { facts, "campaigns-read", cases[i].read };

      check (scopes, ADS, ACCOUNT, &write);
      check (scopes, ADS, ACCOUNT, &read);
    }
  for (unsigned int i = 0; i < G_N_ELEMENTS (others); i++)
    check (scopes, ADS, ACCOUNT, &others[i]);
}

/* Other families have scopes and no roles. */
static void
test_families (void)
{
  static const Case cases[] = {
    { "known=me scopes=video.list", "videos-read", LK_CELL_ALLOWED },
    { "known=me scopes=video.list", "videos-publish", LK_CELL_SCOPE },
    { "known=me", "videos-publish", LK_CELL_UNKNOWN },
    { "known=me scopes=video.list granted=video.publish", "videos-publish", LK_CELL_ALLOWED },
    { "known=me scopes=video.publish reach=401", "videos-publish", LK_CELL_UNKNOWN },
  };
  g_autoptr (LkScopes) scopes = lk_scopes_new ();
  g_autoptr (LkFacts) facts = make_facts ("tiktok-login", "scopes=user.info.stats");
  g_autoptr (LkMatrix) matrix = NULL;

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      check (scopes, "tiktok-account", "me", &cases[i]);
      check (scopes, "tiktok-login", "me", &cases[i]);
    }

  /* A creator is an account of their own. */
  facts->identity = g_strdup ("_000abc");
  facts->identity_name = g_strdup ("kiki");
  matrix = lk_matrix_new (scopes, facts);
  g_assert_cmpuint (matrix->accounts->len, ==, 1);
  g_assert_cmpstr (((LkAccount *) matrix->accounts->pdata[0])->name, ==, "kiki");
  g_assert_cmpint (lk_matrix_get (matrix, 0, find_feature (matrix->features, "stats-read")), ==,
                   LK_CELL_ALLOWED);
}

/* Nothing at all is known: not one cell is allowed. */
static void
test_nothing (void)
{
  static const char *const families[] = { ADS, "tiktok-account", "tiktok-login", "tiktok-shop" };
  g_autoptr (LkScopes) scopes = lk_scopes_new ();
  g_autoptr (LkFacts) foreign = make_facts ("meta", "known=" ACCOUNT);
  g_autoptr (LkMatrix) empty = lk_matrix_new (scopes, foreign);

  for (unsigned int i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autoptr (LkFacts) facts = make_facts (families[i], "known=" ACCOUNT);
      g_autoptr (LkMatrix) matrix = lk_matrix_new (scopes, facts);

      g_assert_cmpuint (matrix->accounts->len, ==, 1);
      g_assert_cmpint (matrix->checked, ==, NOW);
      for (unsigned int j = 0; j < matrix->features->len; j++)
        g_assert_cmpint (lk_matrix_get (matrix, 0, j), ==, LK_CELL_UNKNOWN);
    }
  g_assert_cmpuint (empty->features->len, ==, 0);
  g_assert_cmpuint (empty->accounts->len, ==, 1);
}

/* Sentences name what is missing; accounts come from wherever they are named, each once. */
static void
test_words (void)
{
  g_autoptr (LkScopes) scopes = lk_scopes_new ();
  g_autoptr (LkFacts) facts = make_facts (ADS, "known=" ACCOUNT " reach=" ACCOUNT "," OTHER
                                          " scopes=200,201 status=STATUS_ENABLE " AS ("ANALYST"));
  g_autoptr (LkMatrix) matrix = lk_matrix_new (scopes, facts);
  guint writing = find_feature (matrix->features, "campaigns-write");
  guint rules = find_feature (matrix->features, "rules-read");
  g_autofree char *role = lk_matrix_dup_reason (scopes, matrix, facts, 0, writing);
  g_autofree char *scope = lk_matrix_dup_reason (scopes, matrix, facts, 0, rules);
  g_autoptr (LkFacts) later = make_facts (ADS, "");
  g_autofree char *gone = lk_matrix_dup_reason (scopes, matrix, later, 0, writing);

  g_assert_cmpuint (matrix->accounts->len, ==, 2);
  g_assert_cmpstr (role, ==, "The role on this account is Analyst. This needs Admin or Operator.");
  g_assert_cmpstr (scope, ==, "The permission “Read Automated Rules and their Execution Results” "
                   "was not granted to the developer app.");
  g_assert_cmpstr (gone, ==, "Not known: the account is no longer there.");
}

/* An agency: thousands of accounts, many centers, some lists cut. */
static void
test_large (void)
{
  g_autoptr (LkScopes) scopes = lk_scopes_new ();
  g_autoptr (LkFacts) facts = make_facts (ADS, "scopes=1,2");
  LkProbeAnswer *reach = add_answer (facts, "reach", NULL, NULL, "/oauth2/advertiser/get/");
  LkProbeAnswer *centers = add_answer (facts, "centers", NULL, NULL, "/bc/get/");
  g_autoptr (LkMatrix) matrix = NULL;
  gint64 begin = g_get_monotonic_time ();

  for (unsigned int i = 0; i < 5000; i++)
    g_hash_table_insert (lk_probe_answer_add_row (reach), g_strdup ("id"),
                         g_strdup_printf ("71%017u", i));
  for (unsigned int i = 0; i < 20; i++)
    {
      g_autofree char *center = g_strdup_printf ("69%017u", i);
      LkProbeAnswer *assets = add_answer (facts, "center-assets", center, NULL, "/bc/asset/get/");

      assets->cut = i == 0;
      g_hash_table_insert (lk_probe_answer_add_row (centers), g_strdup ("id"),
                           g_strdup (center));
      for (unsigned int j = 0; j < 50; j++)
        {
          GHashTable *row = lk_probe_answer_add_row (assets);

          g_hash_table_insert (row, g_strdup ("id"), g_strdup_printf ("71%017u", i * 50 + j));
          set_row (row, "role", "OPERATOR");
          set_row (row, "state", "BOUND");
        }
      lk_facts_take_answer (facts, assets);
    }
  lk_facts_take_answer (facts, reach);
  lk_facts_take_answer (facts, centers);
  matrix = lk_matrix_new (scopes, facts);
  g_assert_cmpuint (matrix->accounts->len, ==, 5000);
  g_assert_cmpint (lk_matrix_get (matrix, 4999, find_feature (matrix->features,
                                                              "campaigns-read")), ==,
                   LK_CELL_ALLOWED);
  /* Generous: under sanitizers and beside other work. */
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/matrix/ads", test_ads);
  g_test_add_func ("/matrix/centers", test_centers);
  g_test_add_func ("/matrix/health", test_health);
  g_test_add_func ("/matrix/families", test_families);
  g_test_add_func ("/matrix/nothing", test_nothing);
  g_test_add_func ("/matrix/words", test_words);
  g_test_add_func ("/matrix/large", test_large);

  return g_test_run ();
}
