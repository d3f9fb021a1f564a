/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-vault.h"

static LkTokenSet *
make (const char         *access_text,
      const char         *refresh_text,
      const char * const *scopes)
{
  g_autoptr(LkSecret) access = lk_secret_new (access_text);
  g_autoptr(LkSecret) refresh = refresh_text != NULL ? lk_secret_new (refresh_text) : NULL;
  LkTokenSetFields fields = {
    .access = access,
    .refresh = refresh,
    .obtained = 1763000000,
    .access_ends = LK_END_NEVER,
    .refresh_ends = 1794536000,
    .scopes = scopes,
    .generation = 41,
  };

  return lk_token_set_new (&fields);
}

/* What goes in comes out, whatever bytes a provider puts in a token. */
static void
test_round_trip (void)
{
  static const char * const scopes[] = { "user.info.basic", "quote\"d", NULL };
  static const char * const none[] = { NULL };
  const struct
  {
    const char         *access;
    const char         *refresh;
    const char * const *scopes;
  } cases[] = {
    { "act.example", "rft.example", scopes },
    { "act.example", NULL, NULL },
    { "act.example", NULL, none },
    { "a\"b\\c/d\b\f\n\r\t\x01\x1f", "\xc3\xa9\xf0\x9f\x94\x91", scopes },
    { "", "x", NULL },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(LkTokenSet) set = make (cases[i].access, cases[i].refresh, cases[i].scopes);
      g_autoptr(LkSecret) text = lk_token_set_to_secret (set);
      g_autoptr(LkTokenSet) back = lk_token_set_from_secret (text, &error);

      g_assert_no_error (error);
      g_assert_true (lk_token_set_equal (set, back));
      g_assert_cmpstr (lk_secret_open (lk_token_set_get_access (back)), ==, cases[i].access);
      g_assert_cmpint (lk_token_set_get_access_ends (back), ==, LK_END_NEVER);
      g_assert_cmpuint (lk_token_set_get_generation (back), ==, 41);
      g_assert_true ((lk_token_set_get_scopes (back) == NULL) == (cases[i].scopes == NULL));
    }
}

/* Members of a later version and any spacing are read; anything that is not this form is refused
 * with an error that does not quote it. */
static void
test_reading (void)
{
  static const struct
  {
    const char *text;
    gboolean    good;
  } cases[] = {
    { "{\"access_token\":\"t\"}", TRUE },
    { " { \"access_token\" : \"t\" , \"later\" : [ \"a\" ] , \"n\":null,\"b\":true,\"i\":-3 } ",
      TRUE },
    { "{\"access_token\":\"\\u0074\\ud83d\\udd11\\/\"}", TRUE },
    { "", FALSE },
    { "{}", FALSE },
    { "[]", FALSE },
    { "{\"refresh_token\":\"t\"}", FALSE },
    { "{\"access_token\":\"planted", FALSE },
    { "{\"access_token\":\"planted\\", FALSE },
    { "{\"access_token\":\"planted\\\"}", FALSE },
    { "{\"access_token\":\"planted\\u12\"}", FALSE },
    { "{\"access_token\":\"planted\\u0000\"}", FALSE },
    { "{\"access_token\":\"planted\\ud800\"}", FALSE },
    { "{\"access_token\":\"planted\\q\"}", FALSE },
    { "{\"access_token\":\"planted\"} x", FALSE },
    { "{\"access_token\":\"planted\",}", FALSE },
    { "{\"access_token\":\"planted\",\"access_token\":\"2\"}", FALSE },
    { "{\"access_token\":12}", FALSE },
    { "{\"access_token\":\"planted\",\"obtained\":99999999999999999999}", FALSE },
    { "{\"access_token\":\"planted\",\"generation\":-1}", FALSE },
    { "{\"access_token\":\"planted\",\"scopes\":[1]}", FALSE },
    { "{\"access_token\":\"planted\",\"scopes\":[\"a\"", FALSE },
    { "{\"access_token\":\"planted\xff\"}", FALSE },
    { "{\"access_token\":\"plan\nted\"}", FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(LkSecret) text = lk_secret_new (cases[i].text);
      g_autoptr(LkTokenSet) set = lk_token_set_from_secret (text, &error);

      g_test_message ("case %zu", i);
      g_assert_true ((set != NULL) == cases[i].good);
      if (!cases[i].good)
        {
          g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_DAMAGED);
          g_assert_null (strstr (error->message, "planted"));
        }
    }
}

/* Every beginning of a good text is refused, and read without stepping past its end. */
static void
test_prefixes (void)
{
  static const char * const scopes[] = { "a", "b", NULL };
  g_autoptr(LkTokenSet) set = make ("tok\"en\x02", "refresh", scopes);
  g_autoptr(LkSecret) text = lk_token_set_to_secret (set);

  for (size_t size = 0; size < lk_secret_get_length (text); size++)
    {
      g_autoptr(LkSecret) part = lk_secret_new_take (g_strndup (lk_secret_open (text), size));
      g_autoptr(LkTokenSet) read = lk_token_set_from_secret (part, NULL);

      g_assert_null (read);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token-set-codec/round-trip", test_round_trip);
  g_test_add_func ("/token-set-codec/reading", test_reading);
  g_test_add_func ("/token-set-codec/prefixes", test_prefixes);

  return g_test_run ();
}
