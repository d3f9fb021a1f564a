/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <json-glib/json-glib.h>
#include <string.h>

#include "lk-bundle.h"

#define NOW 1795262400
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static char *
make_word (GRand      *random,
           const char *alphabet,
           int         length)
{
  char *word = g_malloc0 ((size_t) length + 1);

  for (int i = 0; i < length; i++)
    word[i] = alphabet[g_rand_int_range (random, 0, (gint32) strlen (alphabet))];

  return word;
}

/* Random as a platform's: at least one digit and one letter of each kind that there is. */
static char *
make_secret (GRand      *random,
             const char *alphabet,
             int         length)
{
  char *word = make_word (random, alphabet, length);

  word[length / 2] = '7';
  word[length / 3] = 'b';
  if (strchr (alphabet, 'A') != NULL)
    word[length / 4] = 'Q';

  return word;
}

/* Ids as the platforms write them, none of which may look like a secret. */
static char *
make_id (GRand *random,
         int    kind)
{
  g_autofree char *digits = make_word (random, DIGITS, 30);
  g_autofree char *upper = make_word (random, DIGITS "ABCDEF", 34);
  g_autofree char *lower = make_word (random, DIGITS "abcdef", 64);
  g_autofree char *mixed = make_word (random, LOWER UPPER DIGITS "_-", 40);

  switch (kind)
    {
    case 0: /* advertiser, center, post */
      return g_strdup_printf ("7%.18s", digits);
    case 1: /* request id */
      return g_strdup_printf ("20261121%.26s", upper);
    case 2: /* X-Tt-Logid of today */
      return g_strdup_printf ("021795257600%.40s", lower);
    case 3: /* request id in lower case */
      return g_strdup_printf ("20261121%.26s", lower);
    case 4: /* open id */
      return g_strdup_printf ("_000%.32s", mixed);
    case 5:
      return g_strdup_printf ("%.8s-%.4s-%.4s-%.4s-%.12s", lower, lower + 8, lower + 12,
                              lower + 16, lower + 20);
    case 6: /* shop's open id */
      return g_strdup_printf ("%sAAAAAD", mixed);
    default: /* W3C trace */
      return g_strdup_printf ("00-%.32s-%.16s-01", lower, lower + 32);
    }
}

#define N_KINDS 8

static LkFault *
make_fault (GRand *random)
{
  static const char *const messages[] = {
    "Access token is incorrect or has been revoked.",
    "does not grant you /optimizer/rule/list/:GET permission, please contact the advertiser.",
    "The access token is invalid or not found in the request.",
    "Invalid client secret: please check the secret of your app",
    "auth_code: invalid or expired, authorization code is used already",
    "Too many requests. You are limited to 10 QPS.",
    "Refresh token is invalid or expired.",
    "你没有权限 操作广告主 7100000000000000001",
    "password: required; token = expired; secret => missing",
    "Missing header Access-Token: it is required",
  };
  LkFault *fault = lk_fault_new ((LkClass) g_rand_int_range (random, 0, LK_N_CLASSES));

  fault->provider = g_strdup ("tiktok-ads");
  fault->family = g_strdup ("tiktok-ads");
  fault->code = g_strdup_printf ("%d", g_rand_int_range (random, 40000, 60000));
  fault->message = g_strdup (messages[g_rand_int_range (random, 0, G_N_ELEMENTS (messages))]);
  fault->trace_id = make_id (random, g_rand_int_range (random, 1, N_KINDS));
  fault->endpoint = g_strdup ("/open_api/v1.3/optimizer/rule/list/?access_token=never");
  fault->method = g_strdup ("GET");
  fault->account = make_id (random, 0);
  fault->http_status = 200;
  fault->at = NOW - 5;
  fault->limit = g_strdup ("minute");

  return fault;
}

static void
add_answers (GRand   *random,
             LkFacts *facts)
{
  static const char *const probes[] = { "identity", "reach", "account", "centers", "center-assets",
                                        "granted", "secret", "status", "center-members" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (probes); i++)
    {
      LkProbeAnswer *answer = lk_probe_answer_new (probes[i], NULL, NULL);

      answer->endpoint = g_strdup_printf ("/open_api/v1.3/%s/get/", probes[i]);
      answer->trace_id = make_id (random, g_rand_int_range (random, 1, N_KINDS));
      answer->http_status = 200;
      answer->at = NOW - 3;
      answer->skew = -2;
      if (g_rand_int_range (random, 0, 4) == 0)
        answer->fault = make_fault (random);
      for (int row = g_rand_int_range (random, 0, 4); row > 0; row--)
        {
          GHashTable *columns = lk_probe_answer_add_row (answer);

          g_hash_table_insert (columns, g_strdup ("id"),
                               make_id (random, g_rand_int_range (random, 0, N_KINDS)));
          g_hash_table_insert (columns, g_strdup ("name"), g_strdup ("Erika Mustermann"));
          g_hash_table_insert (columns, g_strdup ("email"), g_strdup ("erika.m@example.com"));
          g_hash_table_insert (columns, g_strdup ("role"), g_strdup ("OPERATOR"));
          g_hash_table_insert (columns, g_strdup ("status"),
                               g_strdup ("STATUS_PENDING_CONFIRM_MODIFY"));
          g_hash_table_insert (columns, g_strdup ("title"),
                               g_strdup ("Marketing-API-Incident-2026-11-21 resolved"));
          g_hash_table_insert (columns, g_strdup ("link"),
                               g_strdup ("https://business-api.tiktok.com/portal/"
                                         "api-service-status?incident=1753986142651394"));
        }
      lk_facts_take_answer (facts, answer);
    }
}

static LkFacts *
make_facts (GRand *random)
{
  static const char *const scopes[] = { "17020000", "7133464587805999106", "user.info.basic",
                                        "portability.directmessages.ongoing",
                                        "seller.affiliate_collaboration.write", NULL };
  LkFacts *facts = lk_facts_new ();

  facts->now = NOW;
  facts->connection = make_word (random, LOWER DIGITS, 12);
  facts->name = g_strdup ("Erika Mustermann");
  facts->provider = g_strdup ("tiktok-ads");
  facts->family = g_strdup ("tiktok-ads");
  facts->client = g_strdup ("Agency app of Erika Mustermann");
  facts->client_id = make_word (random, LOWER DIGITS, 18);
  facts->identity = make_id (random, g_rand_int_range (random, 0, N_KINDS));
  facts->identity_name = g_strdup ("erika.m@example.com");
  facts->scopes_granted = g_strdupv ((char **) scopes);
  facts->accounts_known = TRUE;
  facts->signed_in = NOW - 100000;
  for (int i = g_rand_int_range (random, 0, 5); i > 0; i--)
    {
      g_autofree char *id = make_id (random, g_rand_int_range (random, 0, N_KINDS));

      g_ptr_array_add (facts->accounts, lk_account_new (id, "Muster GmbH"));
    }
  facts->fault = make_fault (random);
  add_answers (random, facts);

  return facts;
}

static LkFinding *
make_finding (const LkFacts *facts)
{
  LkFinding *finding = g_new0 (LkFinding, 1);

  finding->fault = lk_fault_copy (facts->fault);
  finding->cause = g_strdup ("secret-wrong");
  finding->remedy = g_strdup ("secret");
  finding->turn = LK_TURN_APP_OWNER;
  finding->confidence = 0.85;
  finding->title = g_strdup ("The secret is wrong");
  finding->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (finding->values, g_strdup ("role"), g_strdup ("ANALYST"));
  g_hash_table_insert (finding->values, g_strdup ("login"), g_strdup ("erika.m@example.com"));
  g_hash_table_insert (finding->values, g_strdup ("scope"), g_strdup ("7133464587805999106"));

  return finding;
}

static const char *const versions[] = { "latchkey 0.1.0", "GLib 2.74.6", "libsoup 3.2.2",
                                        "SQLite 3.40.1", NULL };

static char *
make_bundle (const LkFacts *facts)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func ((GDestroyNotify)
                                                                   lk_finding_free);

  g_ptr_array_add (findings, make_finding (facts));

  return lk_bundle_new (facts, findings, versions);
}

static JsonObject *
find_answer (JsonObject *root,
             const char *probe)
{
  JsonArray *answers = json_object_get_array_member (root, "answers");

  for (unsigned int i = 0; i < json_array_get_length (answers); i++)
    {
      JsonObject *answer = json_array_get_object_element (answers, i);

      if (g_str_equal (json_object_get_string_member (answer, "probe"), probe))
        return answer;
    }
  g_assert_not_reached ();
}

/* What a support needs is there, what it does not need is not. */
static void
test_contents (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (LkFacts) facts = make_facts (random);
  const LkProbeAnswer *centers = lk_facts_find (facts, "centers", NULL, NULL);
  g_autofree char *text = make_bundle (facts);
  g_autofree char *again = make_bundle (facts);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *root, *refusal, *finding, *answer;

  g_assert_nonnull (node);
  root = json_node_get_object (node);
  refusal = json_object_get_object_member (root, "refusal");
  finding = json_array_get_object_element (json_object_get_array_member (root, "findings"), 0);
  answer = find_answer (root, "centers");

  g_assert_cmpstr (text, ==, again);
  g_assert_true (g_str_has_suffix (text, "}\n"));
  g_assert_cmpstr (json_object_get_string_member (root, "made"), ==, "2026-11-21T12:00:00Z");
  g_assert_cmpstr (json_object_get_string_member (refusal, "trace_id"), ==,
                   facts->fault->trace_id);
  g_assert_cmpstr (json_object_get_string_member (refusal, "at"), ==, "2026-11-21T11:59:55Z");
  g_assert_cmpstr (json_object_get_string_member (refusal, "endpoint"), ==,
                   "/open_api/v1.3/optimizer/rule/list/");
  g_assert_cmpint (json_object_get_int_member (finding, "confidence_percent"), ==, 85);
  g_assert_cmpstr (json_object_get_string_member (finding, "cause"), ==, "secret-wrong");
  g_assert_cmpstr (json_object_get_string_member (finding, "turn"), ==, "app-owner");
  g_assert_cmpstr (json_object_get_string_member (finding, "role"), ==, "ANALYST");
  g_assert_cmpstr (json_object_get_string_member (answer, "trace_id"), ==, centers->trace_id);
  g_assert_cmpint (json_object_get_int_member (answer, "row_count"), ==, centers->rows->len);
  g_assert_cmpint (json_object_get_int_member (answer, "clock_skew_seconds"), ==, -2);
  g_assert_nonnull (strstr (text, "\"7133464587805999106\""));
  g_assert_nonnull (strstr (text, "\"GLib 2.74.6\""));
  g_assert_nonnull (strstr (text, "e•••@example.com"));
  g_assert_null (strstr (text, "Mustermann"));
  g_assert_null (strstr (text, "Muster GmbH"));
  g_assert_null (strstr (text, "erika"));
  g_assert_null (strstr (text, "access_token=never"));
}

/* Addresses of people, wherever they stand, keep a letter and the domain. */
static void
test_emails (void)
{
  static const struct
  {
    const char *text;
    const char *masked;
  } cases[] = {
    { "erika@example.com", "e•••@example.com" },
    { "ask erika.m+ads@mail.example.com, please", "ask e•••@mail.example.com, please" },
    { "jürgen@example.de", "j•••@example.de" },
    { "mailto:x@example.com?user=max%40example.com",
      "mailto:x•••@example.com?user=m•••@example.com" },
    { "a@example.com b@example.com", "a•••@example.com b•••@example.com" },
    { "@handle and 3 @ 5", "@handle and 3 @ 5" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LkFacts) facts = lk_facts_new ();
      g_autofree char *expected = g_strdup_printf ("\"message\" : \"%s\"", cases[i].masked);
      g_autofree char *text = NULL;

      facts->fault = lk_fault_new (LK_CLASS_PERMISSION);
      facts->fault->message = g_strdup (cases[i].text);
      text = lk_bundle_new (facts, NULL, NULL);
      g_test_message ("%s", text);
      g_assert_nonnull (strstr (text, expected));
    }
}

/* A field as large as a reply: cut, and in bounded time. */
static void
test_wide (void)
{
  g_autoptr (LkFacts) facts = lk_facts_new ();
  g_autofree char *text = NULL;
  gint64 begin = g_get_monotonic_time ();

  facts->identity = g_strnfill (1000000, 'a');
  facts->client_id = g_strnfill (1000000, '\xc3');
  text = lk_bundle_new (facts, NULL, NULL);
  g_assert_cmpuint (strlen (text), <, 3000);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
}

static void
test_empty (void)
{
  g_autoptr (LkFacts) facts = lk_facts_new ();
  g_autofree char *text = lk_bundle_new (facts, NULL, NULL);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *scopes = json_object_get_object_member (json_node_get_object (node), "scopes");

  g_assert_true (json_object_get_null_member (scopes, "granted"));
  g_assert_true (json_object_get_null_member (json_node_get_object (node), "refusal"));
  g_assert_false (lk_bundle_find_secret (text, NULL));
}

/* Two hundred bundles with ids of every shape: none is refused, and no id was taken out. */
static void
test_honest (void)
{
  for (guint32 seed = 0; seed < 200; seed++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (seed);
      g_autoptr (LkFacts) facts = make_facts (random);
      g_autofree char *text = make_bundle (facts);
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
      guint line = 0;
      gboolean found = lk_bundle_find_secret (text, &line);

      if (found)
        g_test_message ("seed %u, line %u: %s", seed, line, lines[line - 1]);
      g_assert_false (found);
      g_assert_null (strstr (text, "\"•••\""));
      g_assert_nonnull (strstr (text, facts->fault->trace_id));
    }
}

/* One shape of secret in one shape of surroundings; "#" stands for the secret. */
static const struct
{
  const char *front;
  const char *alphabet;
  int         length;
} secrets[] = {
  { "", DIGITS "abcdef", 40 },            /* TikTok Ads, token and secret */
  { "act.", LOWER UPPER DIGITS, 60 },
  { "act.", LOWER DIGITS, 20 },
  { "rft.", LOWER UPPER DIGITS "!*", 60 },
  { "clt.", LOWER UPPER DIGITS, 40 },
  { "TTP_", LOWER UPPER DIGITS "_-", 60 },
  { "ROW_", LOWER UPPER DIGITS "_-", 60 },
  { "", LOWER UPPER DIGITS, 32 },         /* Login Kit's secret */
  { "", LOWER UPPER DIGITS "+/", 44 },
  { "eyJhbGciOiJIUzI1NiJ9.", LOWER UPPER DIGITS "_-", 80 },
  { "EAAB", LOWER UPPER DIGITS, 80 },
  { "ya29.", LOWER UPPER DIGITS "_-", 80 },
};

/* Surroundings that tell what it is, for secrets that alone could be an id. */
static const char *const keyed[] = {
  "  \"access_token\": \"#\",",
  "  \"refresh_token\":\"#\"",
  "  \"client_secret\" : \"#\",",
  "  \"secret\": \"#\"",
  "{\\\"access_token\\\":\\\"#\\\"}",
  "{\\u0022app_secret\\u0022:\\u0022#\\u0022}",
  "{'auth_code': '#'}",
  "Access-Token: #",
  "X-Tts-Access-Token: #",
  "Authorization: Bearer #",
  "Cookie: sessionid=#; lang=en",
  "secret=#&app_id=7",
  "https://business-api.tiktok.com/x/?app_id=1&secret=#",
  "https://business-api.tiktok.com/x/?app_id%3D1%26access_token%3D#",
  "http://127.0.0.1:17817/callback/?auth_code=#&state=1",
  "code_verifier => #",
  "password: #",
  "https://me:#@example.com/",
};

static const char *const plain[] = {
  "#",
  "  \"message\": \"Access token # is wrong\",",
  "  \"message\": \"token invalid: #\",",
  "  \"reason\": \"#\"",
  "got # from the server",
};

static void
check_planted (GRand      *random,
               const char *around,
               unsigned int shape)
{
  g_autoptr (LkFacts) facts = make_facts (random);
  g_autofree char *bundle = make_bundle (facts);
  g_auto (GStrv) lines = g_strsplit (bundle, "\n", -1);
  g_autofree char *tail = make_secret (random, secrets[shape].alphabet, secrets[shape].length);
  g_autofree char *secret = g_strconcat (secrets[shape].front, tail, NULL);
  g_auto (GStrv) halves = g_strsplit (around, "#", 2);
  guint at = (guint) g_rand_int_range (random, 0, (gint32) g_strv_length (lines) - 1);
  g_autofree char *text = NULL;
  char *old = lines[at];
  guint line = 0;

  lines[at] = g_strconcat (old, "\n", halves[0], secret, halves[1], NULL);
  g_free (old);
  text = g_strjoinv ("\n", lines);
  g_test_message ("%s%s%s", halves[0], secret, halves[1]);
  g_assert_true (lk_bundle_find_secret (text, &line));
  g_assert_cmpuint (line, ==, at + 2);
}

/* Secrets of many shapes, planted anywhere, are found in the right line. */
static void
test_planted (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (unsigned int shape = 0; shape < G_N_ELEMENTS (secrets); shape++)
    {
      for (unsigned int i = 0; i < G_N_ELEMENTS (keyed); i++)
        check_planted (random, keyed[i], shape);
      for (unsigned int i = 0; i < G_N_ELEMENTS (plain); i++)
        check_planted (random, plain[i], shape);
    }
}

/* Short ones, which only their form or the word before them gives away, and what only looks like
 * one. */
static void
test_forms (void)
{
  static const struct
  {
    const char *text;
    gboolean    secret;
  } cases[] = {
    { "act.k2Jd8sLq0Z", TRUE },
    { "act.k2xXx8sLq0Z", TRUE },
    { "TTP_k2Jd8sLq0Zab", TRUE },
    { "ROW_k2Jd8sLq0Zab", TRUE },
    { "eyJhbGciOiJ9.eyJzdWIiOiJ9", TRUE },
    { "sk-k2Jd8sLq0Zab9sLq0", TRUE },
    { "ghp_k2Jd8sLq0Zab9sLq0", TRUE },
    { "Bearer k2jd8slq0zab", TRUE },
    { "Authorization: Basic bWU6aHVudGVyMg==", TRUE },
    { "postgres://me:hunter@example.com/", TRUE },
    { "/callback?code=k2jd8slq", TRUE },
    { "/callback?code=k2xxx8slq", TRUE },
    { "api_key=k2jd8slq", TRUE },
    { "\"passphrase\": \"hunter2\"", TRUE },
    { "clientSecret: k2jd8slq0z", TRUE },
    { "?app_key=29a39d&sign=b596b73e0cc6de07ac26f036364178ab", TRUE },
    { "access_token = C3PXXxYxk46AYpFl", TRUE },
    { "token%3A%20k2jd8slq0z", TRUE },
    { "act.xxxxxxxxxxxx", FALSE },
    { "access_token: <YOUR_ACCESS_TOKEN>", FALSE },
    { "access_token=YOUR_TOKEN_1", FALSE },
    { "client_secret: \"redacted\"", FALSE },
    { "Access-Token: •••", FALSE },
    { "secret: wrong", FALSE },
    { "token: access_token_invalid", FALSE },
    { "Bearer authentication needed", FALSE },
    { "code=40105", FALSE },
    { "/callback?code=invalid_grant", FALSE },
    { "contract.abcd1234", FALSE },
    { "request_id: 202611210123456789ABCDEF0123456789", FALSE },
    { "requestId=20261121abcdef0123456789abcdef012345", FALSE },
    { "Log-Id 021795257600abcdef0123456789abcdef0123456789", FALSE },
    { "https://ads.tiktok.com/help/article/About-Roles-And-Permissions-In-2026", FALSE },
    { "2026-11-21T05:40:00Z 7133464587805999106 12:00:00", FALSE },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (lk_bundle_find_secret (cases[i].text, NULL), ==, cases[i].secret);
    }
}

/* A platform that puts a secret into a message, an id or a title: it is not in the bundle, and the
 * bundle is good to be saved. */
static void
test_swallowed (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4);

  for (unsigned int shape = 0; shape < G_N_ELEMENTS (secrets); shape++)
    {
      g_autofree char *tail = make_secret (random, secrets[shape].alphabet,
                                           secrets[shape].length);
      g_autofree char *secret = g_strconcat (secrets[shape].front, tail, NULL);
      g_autoptr (LkFacts) facts = make_facts (random);
      LkProbeAnswer *answer = lk_probe_answer_new ("status", NULL, NULL);
      g_autofree char *text = NULL;

      g_free (facts->fault->message);
      facts->fault->message = g_strdup_printf ("Access token %s is wrong", secret);
      g_hash_table_insert (lk_probe_answer_add_row (answer), g_strdup ("title"),
                           g_strdup_printf ("Cookie: sessionid=%s", secret));
      g_hash_table_insert (lk_probe_answer_add_row (answer), g_strdup ("status"),
                           g_strdup (secret));
      lk_facts_take_answer (facts, answer);
      text = make_bundle (facts);
      g_test_message ("%s", secret);
      g_assert_null (strstr (text, tail));
      g_assert_false (lk_bundle_find_secret (text, NULL));
      g_assert_nonnull (strstr (text, facts->fault->trace_id));
    }
}

/* Text of no kind: nothing is found where nothing is, and in bounded time. */
static void
test_odd (void)
{
  g_autofree char *wide = g_strnfill (500000, 'a');
  g_autofree char *deep = g_strnfill (200000, '"');
  g_autofree char *marks = g_strnfill (200000, '%');
  guint line = 77;
  gint64 begin = g_get_monotonic_time ();

  g_assert_false (lk_bundle_find_secret ("", &line));
  g_assert_false (lk_bundle_find_secret ("\xff\xfe\n\\u00", &line));
  g_assert_false (lk_bundle_find_secret ("access_token: <ACCESS_TOKEN>\nsecret: ********", &line));
  g_assert_cmpuint (line, ==, 77);
  g_assert_true (lk_bundle_find_secret ("\n\n-----BEGIN RSA PRIVATE KEY-----\n", &line));
  g_assert_cmpuint (line, ==, 3);
  g_assert_true (lk_bundle_find_secret ("{\n  \"access_token\":\n    \"1f2e3d4c5b6a79881f2e\"\n}",
                                        &line));
  g_assert_cmpuint (line, ==, 3);
  lk_bundle_find_secret (wide, NULL);
  lk_bundle_find_secret (deep, NULL);
  lk_bundle_find_secret (marks, NULL);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 20 * G_USEC_PER_SEC);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bundle/contents", test_contents);
  g_test_add_func ("/bundle/emails", test_emails);
  g_test_add_func ("/bundle/wide", test_wide);
  g_test_add_func ("/bundle/empty", test_empty);
  g_test_add_func ("/bundle/honest", test_honest);
  g_test_add_func ("/bundle/planted", test_planted);
  g_test_add_func ("/bundle/forms", test_forms);
  g_test_add_func ("/bundle/swallowed", test_swallowed);
  g_test_add_func ("/bundle/odd", test_odd);

  return g_test_run ();
}
