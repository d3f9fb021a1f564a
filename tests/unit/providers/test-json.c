/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lk-profile-private.h"
#include "lk-redact.h"

static JsonNode *
parse (const char *text)
{
  return lk_json_parse (text, -1, NULL, NULL);
}

static void
assert_at (const char *json,
           const char *path,
           const char *expected)
{
  g_autoptr (JsonNode) root = parse (json);
  g_autofree char *text = lk_json_dup_scalar (lk_json_find (root, path));

  g_assert_nonnull (root);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_paths (void)
{
  assert_at ("{\"a\":{\"b\":[10,{\"c\":\"x\"}]}}", "a.b.1.c", "x");
  assert_at ("{\"a\":{\"b\":[10,{\"c\":\"x\"}]}}", "a.b.0", "10");
  assert_at ("{\"a\":{\"b\":[10]}}", "a.b.1", NULL);
  assert_at ("{\"a\":{\"b\":[10]}}", "a.b.-1", NULL);
  assert_at ("{\"a\":{\"x\":{}},\"b\":{\"y\":7}}", "*.y", "7");
  assert_at ("[[1,2],[3]]", "1.0", "3");
  assert_at ("{\"a\":null}", "a", NULL);
  assert_at ("{\"a\":true}", "a", "true");
  assert_at ("{\"a\":1.5}", "a", "1.5");
}

/* Ids of 64 bits and more must come out as they went in. */
static void
test_large_ids (void)
{
  assert_at ("{\"a\":9223372036854775807}", "a", "9223372036854775807");
  assert_at ("{\"a\":18446744073709551615}", "a", "18446744073709551615");
  assert_at ("[7000000000000000001]", "0", "7000000000000000001");
  assert_at ("{\"a\":123456789012345678901234567890}", "a", "123456789012345678901234567890");
  assert_at ("{\"a\":-5}", "a", "-5");
}

static void
test_refuses (void)
{
  static const char * const broken[] = {
    "", "null", "7", "\"text\"", "{", "{\"a\":", "<html></html>", "404 page not found",
    "{\"a\":\"\\u12", "{\"a\":\"\\x\"}", "{\"a\":1}}", "{\"a\":\"\n\"}", "{/*c*/}", "\xff\xfe",
    "{\"code\":0,\"data\":{\"access_token\":\"act.s"
  };

  for (size_t i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) root = lk_json_parse (broken[i], -1, NULL, &error);

      g_assert_null (root);
      g_assert_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_SYNTAX);
    }
}

static void
test_depth_and_size (void)
{
  g_autoptr (GString) fits = g_string_new (NULL);
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autoptr (GString) large = g_string_new ("[\"");
  g_autoptr (JsonNode) root = NULL;

  for (int i = 0; i < LK_JSON_MAX_DEPTH; i++)
    g_string_append_c (fits, '[');
  for (int i = 0; i < LK_JSON_MAX_DEPTH; i++)
    g_string_append_c (fits, ']');
  root = parse (fits->str);
  g_assert_nonnull (root);

  for (int i = 0; i < 200000; i++)
    g_string_append_c (deep, '[');
  g_assert_null (parse (deep->str));

  for (int i = 0; i < LK_JSON_MAX_SIZE; i++)
    g_string_append_c (large, 'a');
  g_string_append (large, "\"]");
  g_assert_null (parse (large->str));
}

/* Halves of surrogate pairs and NUL are valid JSON that no C string should meet. */
static void
test_escapes (void)
{
  assert_at ("{\"a\":\"\\ud83d\\ude00\"}", "a", "😀");
  assert_at ("{\"a\":\"x\\ud83dy\"}", "a", "x\xef\xbf\xbdy");
  assert_at ("{\"a\":\"\\udc00\\ud83d\"}", "a", "\xef\xbf\xbd\xef\xbf\xbd");
  assert_at ("{\"a\":\"x\\u0000y\"}", "a", "x\xef\xbf\xbdy");
  assert_at ("\xef\xbb\xbf{\"a\":1}", "a", "1");
}

/* Every prefix of a reply, and every reply with one byte changed, must be survived. */
static void
test_mutations (void)
{
  static const char text[] =
    "{\"data\":{\"a\":[1,2.5e3,-7,true,null,\"\\u00e9\\\"\"]},\"b\":\"x\"}";
  char copy[sizeof text];

  for (size_t i = 0; i < sizeof text; i++)
    {
      g_autoptr (JsonNode) prefix = lk_json_parse (text, (gssize) i, NULL, NULL);

      for (int c = 1; c < 256; c += 3)
        {
          g_autoptr (JsonNode) root = NULL;
          g_autoptr (GHashTable) lines = NULL;

          memcpy (copy, text, sizeof text);
          copy[i] = (char) c;
          root = lk_json_parse (copy, sizeof copy - 1, NULL, NULL);
          lines = lk_json_find_lines (copy, sizeof copy - 1);
        }
    }
}

static void
test_merge (void)
{
  g_autoptr (JsonNode) target = parse ("{\"a\":{\"x\":1,\"y\":2},\"b\":[1],\"c\":3}");
  g_autoptr (JsonNode) patch =
    parse ("{\"a\":{\"y\":null,\"z\":4},\"b\":[2,3],\"c\":{\"n\":null}}");
  g_autofree char *text = NULL;

  lk_json_merge (json_node_get_object (target), json_node_get_object (patch));
  text = json_to_string (target, FALSE);
  g_assert_cmpstr (text, ==, "{\"a\":{\"x\":1,\"z\":4},\"b\":[2,3],\"c\":{}}");
}

static void
test_expiry (void)
{
  static char *from[] = { (char *) "e", NULL };
  static const struct
  {
    LkExpiryKind  kind;
    const char   *json;
    gint64        cap_days;
    gboolean      zero_never;
    gboolean      missing_never;
    gint64        end;
  } rows[] = {
    { LK_EXPIRY_RELATIVE, "{\"e\":7200}", 0, FALSE, FALSE, 1007200 },
    { LK_EXPIRY_RELATIVE, "{\"e\":\"7200\"}", 0, FALSE, FALSE, 1007200 },
    { LK_EXPIRY_RELATIVE, "{\"e\":7200.9}", 0, FALSE, FALSE, 1007200 },
    { LK_EXPIRY_RELATIVE, "{\"e\":0}", 0, TRUE, FALSE, LK_END_NEVER },
    { LK_EXPIRY_RELATIVE, "{\"e\":0}", 0, FALSE, FALSE, LK_END_UNKNOWN },
    { LK_EXPIRY_RELATIVE, "{\"e\":-4}", 0, TRUE, TRUE, LK_END_UNKNOWN },
    { LK_EXPIRY_RELATIVE, "{}", 0, FALSE, TRUE, LK_END_NEVER },
    { LK_EXPIRY_RELATIVE, "{\"e\":\"soon\"}", 0, FALSE, FALSE, LK_END_UNKNOWN },
    { LK_EXPIRY_RELATIVE, "{\"e\":9223372036854775807}", 0, FALSE, FALSE, LK_END_NEVER },
    { LK_EXPIRY_RELATIVE, "{\"e\":1e308}", 0, FALSE, FALSE, LK_END_NEVER },
    { LK_EXPIRY_RELATIVE, "{\"e\":172801}", 2, FALSE, FALSE, LK_END_NEVER },
    { LK_EXPIRY_ABSOLUTE, "{\"e\":1795000000}", 0, FALSE, FALSE, 1795000000 },
    { LK_EXPIRY_ABSOLUTE, "{\"e\":1795000000000}", 0, FALSE, FALSE, 1795000000 },
    { LK_EXPIRY_ABSOLUTE, "{\"e\":0}", 0, TRUE, FALSE, LK_END_NEVER },
    { LK_EXPIRY_AUTO, "{\"e\":86400}", 0, FALSE, FALSE, 1086400 },
    { LK_EXPIRY_AUTO, "{\"e\":1795000000}", 0, FALSE, FALSE, 1795000000 },
    { LK_EXPIRY_AUTO, "{\"e\":4823000000}", 3660, FALSE, FALSE, LK_END_NEVER },
    { LK_EXPIRY_FIXED, "{}", 0, FALSE, FALSE, 1000060 },
    { LK_EXPIRY_NEVER, "{\"e\":5}", 0, FALSE, FALSE, LK_END_NEVER },
    { LK_EXPIRY_NONE, "{\"e\":5}", 0, FALSE, FALSE, LK_END_UNKNOWN },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LkExpiry expiry = {
        rows[i].kind, from, 60, rows[i].cap_days, rows[i].zero_never, rows[i].missing_never
      };
      g_autoptr (JsonNode) root = parse (rows[i].json);

      g_assert_cmpint (lk_expiry_read (&expiry, root, 1000000), ==, rows[i].end);
    }
}

static void
test_redact (void)
{
  static const char * const secrets[] = { "hunter2", NULL };
  static const struct
  {
    const char *text;
    const char *expected;
  } rows[] = {
    { "token act.abcdef123456!x is dead", "token [hidden] is dead" },
    { "Bearer abc123def", "Bearer [hidden]" },
    { "access_token=abcdef1234&x=1", "access_token=[hidden]&x=1" },
    { "{\"client_secret\": \"s3cr3tvalue\"}", "{\"client_secret\": \"[hidden]\"}" },
    { "my hunter2 here", "my [hidden] here" },
    { "key 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c", "key [hidden]" },
    { "Access token is incorrect or has been revoked.",
      "Access token is incorrect or has been revoked." },
    { "advertiser does not grant you /file/video/ad/search/:GET permission",
      "advertiser does not grant you /file/video/ad/search/:GET permission" },
    { "No permission to operate advertiser 7000000000000000001",
      "No permission to operate advertiser 7000000000000000001" },
    { "unaudited_client_can_only_post_to_private_accounts",
      "unaudited_client_can_only_post_to_private_accounts" },
    { "log 20250920002050100115989EF4EE2405DD", "log 20250920002050100115989EF4EE2405DD" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *redacted = lk_redact (rows[i].text, secrets);

      g_assert_cmpstr (redacted, ==, rows[i].expected);
    }
  g_assert_null (lk_redact (NULL, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/paths", test_paths);
  g_test_add_func ("/json/large-ids", test_large_ids);
  g_test_add_func ("/json/refuses", test_refuses);
  g_test_add_func ("/json/depth-and-size", test_depth_and_size);
  g_test_add_func ("/json/escapes", test_escapes);
  g_test_add_func ("/json/mutations", test_mutations);
  g_test_add_func ("/json/merge", test_merge);
  g_test_add_func ("/expiry/kinds", test_expiry);
  g_test_add_func ("/redact/texts", test_redact);

  return g_test_run ();
}
