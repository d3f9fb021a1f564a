/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-token-set.h"

static LkTokenSet *
make (const char         *access,
      const char         *refresh,
      gint64              access_ends,
      gint64              refresh_ends,
      const char * const *scopes,
      guint64             generation)
{
  g_autoptr (LkSecret) access_secret = lk_secret_new (access);
  g_autoptr (LkSecret) refresh_secret = refresh != NULL ? lk_secret_new (refresh) : NULL;
  LkTokenSetFields fields = {
    access_secret, refresh_secret, 1000, access_ends, refresh_ends, scopes, generation
  };

  return lk_token_set_new (&fields);
}

static void
assert_refresh (LkTokenSet *tokens,
                const char *refresh)
{
  g_assert_cmpstr (lk_secret_open (lk_token_set_get_refresh (tokens)), ==, refresh);
}

/* A reply without a refresh token or scopes keeps the old ones, with the old end. */
static void
test_renewed_keeps (void)
{
  const char * const scopes[] = { "a", "b", NULL };
  g_autoptr (LkTokenSet) old = make ("one", "keep", 2000, 9000, scopes, 4);
  g_autoptr (LkTokenSet) reply = make ("two", NULL, 3000, LK_END_UNKNOWN, NULL, 0);
  g_autoptr (LkTokenSet) renewed = lk_token_set_renewed (old, reply);

  g_assert_cmpstr (lk_secret_open (lk_token_set_get_access (renewed)), ==, "two");
  assert_refresh (renewed, "keep");
  g_assert_cmpint (lk_token_set_get_access_ends (renewed), ==, 3000);
  g_assert_cmpint (lk_token_set_get_refresh_ends (renewed), ==, 9000);
  g_assert_cmpuint (lk_token_set_get_generation (renewed), ==, 5);
  g_assert_cmpstrv (lk_token_set_get_scopes (renewed), scopes);
}

static void
test_renewed_rotates (void)
{
  const char * const old_scopes[] = { "a", "b", NULL };
  const char * const new_scopes[] = { "a", NULL };
  g_autoptr (LkTokenSet) old = make ("one", "first", 2000, 9000, old_scopes, 1);
  g_autoptr (LkTokenSet) reply = make ("two", "second", 3000, 12000, new_scopes, 0);
  g_autoptr (LkTokenSet) renewed = lk_token_set_renewed (old, reply);

  assert_refresh (renewed, "second");
  g_assert_cmpint (lk_token_set_get_refresh_ends (renewed), ==, 12000);
  g_assert_cmpuint (lk_token_set_get_generation (renewed), ==, 2);
  g_assert_cmpstrv (lk_token_set_get_scopes (renewed), new_scopes);
}

/* A rotated refresh token without a word on its end does not inherit its forerunner's. */
static void
test_renewed_unknown_end (void)
{
  g_autoptr (LkTokenSet) old = make ("one", "first", 2000, 9000, NULL, 1);
  g_autoptr (LkTokenSet) rotated = make ("two", "second", 3000, LK_END_UNKNOWN, NULL, 0);
  g_autoptr (LkTokenSet) repeated = make ("two", "first", 3000, LK_END_UNKNOWN, NULL, 0);
  g_autoptr (LkTokenSet) one = lk_token_set_renewed (old, rotated);
  g_autoptr (LkTokenSet) other = lk_token_set_renewed (old, repeated);

  g_assert_cmpint (lk_token_set_get_refresh_ends (one), ==, LK_END_UNKNOWN);
  g_assert_cmpint (lk_token_set_get_refresh_ends (other), ==, 9000);
}

static void
test_equal (void)
{
  const char * const scopes[] = { "a", NULL };
  g_autoptr (LkTokenSet) one = make ("one", "r", 2000, 9000, scopes, 1);
  g_autoptr (LkTokenSet) same = make ("one", "r", 2000, 9000, scopes, 1);
  g_autoptr (LkTokenSet) bare = make ("one", "r", 2000, 9000, NULL, 1);
  g_autoptr (LkTokenSet) next = make ("one", "r", 2000, 9000, scopes, 2);

  g_assert_true (lk_token_set_equal (one, same));
  g_assert_false (lk_token_set_equal (one, bare));
  g_assert_false (lk_token_set_equal (one, next));
  g_assert_false (lk_token_set_equal (one, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token-set/renewed-keeps", test_renewed_keeps);
  g_test_add_func ("/token-set/renewed-rotates", test_renewed_rotates);
  g_test_add_func ("/token-set/renewed-unknown-end", test_renewed_unknown_end);
  g_test_add_func ("/token-set/equal", test_equal);

  return g_test_run ();
}
