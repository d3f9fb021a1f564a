/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lk-answer-private.h"
#include "lk-sign-in.h"

#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

static const char * const code_names[] = { "auth_code", "code", NULL };

/* The two encodings of one digest: RFC 7636 appendix B, and TikTok's hex. */
static void
test_challenge (void)
{
  g_autoptr(LkSecret) verifier = lk_secret_new (VERIFIER);
  g_autofree char *base64url = lk_pkce_dup_challenge (verifier, LK_PKCE_BASE64URL);
  g_autofree char *hex = lk_pkce_dup_challenge (verifier, LK_PKCE_HEX);
  g_autofree char *none = lk_pkce_dup_challenge (verifier, LK_PKCE_NONE);

  g_assert_cmpstr (base64url, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  g_assert_cmpstr (hex, ==, "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3");
  g_assert_null (none);
}

static void
test_verifier (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < 200; i++)
    {
      g_autoptr(LkSecret) verifier = lk_pkce_new_verifier ();
      const char *text = lk_secret_open (verifier);

      g_assert_cmpuint (strlen (text), >=, 43);
      g_assert_cmpuint (strlen (text), <=, 128);
      g_assert_cmpuint (strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789-._~"), ==, strlen (text));
      g_assert_true (g_hash_table_add (seen, g_strdup (text)));
    }
}

typedef struct
{
  const char *name;
  const char *address;
  const char *code;  /* NULL: none */
  const char *state;
  const char *error;
} Row;

static const Row rows[] = {
  { "whole", "http://127.0.0.1:4711/callback/?code=abc&state=xyz", "abc", "xyz", NULL },
  { "https", "https://example.com/cb/?state=xyz&code=abc", "abc", "xyz", NULL },
  { "without-scheme", "127.0.0.1:4711/callback/?code=abc&state=xyz", "abc", "xyz", NULL },
  { "query", "code=abc&state=xyz", "abc", "xyz", NULL },
  { "query-with-mark", "?code=abc&state=xyz", "abc", "xyz", NULL },
  { "fragment", "https://example.com/?code=abc&state=xyz#_", "abc", "xyz", NULL },
  { "fragment-on-query", "code=abc&state=xyz#_=_", "abc", "xyz", NULL },
  { "wrapped", "https://example.com/?code=ab\n  c&st\r\nate=xyz \n", "abc", "xyz", NULL },
  { "quoted", " \"<https://example.com/?code=abc&state=xyz>\" ", "abc", "xyz", NULL },
  { "percent", "code=a%2Ab%21c&state=x%79z", "a*b!c", "xyz", NULL },
  { "decoded-once", "code=a%252Ab&state=xyz", "a%2Ab", "xyz", NULL },
  { "plus-stays", "code=a+b&state=xyz", "a+b", "xyz", NULL },
  { "other-name", "auth_code=abc&state=xyz", "abc", "xyz", NULL },
  { "best-name-wins", "code=second&auth_code=first&state=xyz", "first", "xyz", NULL },
  { "refusal", "error=access_denied&error_description=no+thanks&state=xyz", NULL, "xyz",
    "access_denied" },
  { "empty-code", "code=&state=xyz", NULL, "xyz", NULL },
  { "no-state", "code=abc", "abc", NULL, NULL },
  { "odd-pairs", "&&code=abc&lonely&=&state=xyz&", "abc", "xyz", NULL },
};

static void
test_answer (gconstpointer data)
{
  const Row *row = data;
  g_autoptr(LkAnswer) answer = lk_answer_new_from_address (row->address, code_names);

  g_assert_nonnull (answer);
  g_assert_cmpstr (answer->code != NULL ? lk_secret_open (answer->code) : NULL, ==, row->code);
  g_assert_cmpstr (answer->state != NULL ? lk_secret_open (answer->state) : NULL, ==, row->state);
  g_assert_cmpstr (answer->error, ==, row->error);
}

/* Each of these must not yield an answer at all. */
static void
test_no_answer (void)
{
  static const char * const addresses[] = {
    "", "   ", "hello", "https://example.com/", "https://example.com/#code=abc&state=xyz",
    "https://example.com/a=b",
    "code=abc&code=def&state=xyz", "code=abc&state=xyz&state=abc",
    "code=%zz&state=xyz", "code=%00&state=xyz", "code=%ff%fe&state=xyz",
    "\xff\xfe?code=abc",
  };
  g_autofree char *huge = g_strnfill (100 * 1024, 'a');
  g_autofree char *huge_query = g_strconcat ("code=", huge, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(LkAnswer) answer = lk_answer_new_from_address (addresses[i], code_names);

      if (answer != NULL)
        g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_null (answer);
    }

  g_assert_null (lk_answer_new_from_address (huge_query, code_names));
  g_assert_null (lk_answer_new_from_query (huge_query, code_names));
}

static void
test_refusal_is_clipped (void)
{
  g_autofree char *huge = g_strnfill (4000, 'x');
  g_autofree char *query = g_strdup_printf ("error=e%s&error_description=a%%0Ab%s", huge, huge);
  g_autoptr(LkAnswer) answer = lk_answer_new_from_query (query, code_names);

  g_assert_nonnull (answer);
  g_assert_cmpuint (strlen (answer->error), <=, 64);
  g_assert_cmpuint (strlen (answer->description), <=, 300);
  g_assert_true (g_str_has_prefix (answer->description, "a b"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/oauth/pkce/challenge", test_challenge);
  g_test_add_func ("/oauth/pkce/verifier", test_verifier);
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/oauth/answer/%s", rows[i].name);

      g_test_add_data_func (path, &rows[i], test_answer);
    }
  g_test_add_func ("/oauth/answer/none", test_no_answer);
  g_test_add_func ("/oauth/answer/clipped", test_refusal_is_clipped);

  return g_test_run ();
}
