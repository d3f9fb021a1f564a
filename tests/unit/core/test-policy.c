/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-policy.h"

static LkTokenSet *
make (gint64   life,
      gint64   refresh_ends,
      gboolean has_refresh)
{
  g_autoptr (LkSecret) secret = lk_secret_new ("t");
  LkTokenSetFields fields = { .access = secret, .obtained = 1000000, .refresh_ends = refresh_ends };

  fields.refresh = has_refresh ? secret : NULL;
  fields.access_ends = life == LK_END_NEVER || life == LK_END_UNKNOWN ? life : 1000000 + life;

  return lk_token_set_new (&fields);
}

static void
test_margin (void)
{
  static const struct
  {
    gint64 life;
    gint64 margin;
  } rows[] = {
    { 86400, 8640 }, { 7200, 720 }, { 3000, 300 }, { 1200, 300 }, { 600, 300 }, { 60, 30 },
    { 1, 0 }, { 0, 300 }, { -5, 300 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (lk_policy_renewal_margin (rows[i].life), ==, rows[i].margin);
}

/* For any seed: within a tenth of the margin, and never later than half a margin before the end. */
static void
test_due (void)
{
  static const gint64 lives[] = { 86400, 7200, 1200, 60, 2 };
  gint64 least = G_MAXINT64;
  gint64 most = 0;

  for (size_t i = 0; i < G_N_ELEMENTS (lives); i++)
    {
      g_autoptr (LkTokenSet) tokens = make (lives[i], LK_END_NEVER, TRUE);
      gint64 margin = lk_policy_renewal_margin (lives[i]);
      gint64 end = 1000000 + lives[i];

      for (guint32 seed = 0; seed < 2000; seed++)
        {
          gint64 due = lk_policy_renewal_due (tokens, seed);

          g_assert_cmpint (due, >=, end - margin - margin / 10);
          g_assert_cmpint (due, <=, end - margin + margin / 10);
          g_assert_cmpint (due, <=, end - margin / 2);
          g_assert_cmpint (due, ==, lk_policy_renewal_due (tokens, seed));
          if (i == 0)
            {
              least = MIN (least, due);
              most = MAX (most, due);
            }
        }
    }

  /* Spread out, so that a hundred connections do not come at once. */
  g_assert_cmpint (most - least, >, 1500);
}

static void
test_no_end (void)
{
  g_autoptr (LkTokenSet) never = make (LK_END_NEVER, LK_END_UNKNOWN, FALSE);
  g_autoptr (LkTokenSet) unknown = make (LK_END_UNKNOWN, LK_END_UNKNOWN, TRUE);

  g_assert_cmpint (lk_policy_renewal_due (never, 7), ==, LK_END_NEVER);
  g_assert_cmpint (lk_policy_renewal_due (unknown, 7), ==, LK_END_NEVER);
  g_assert_true (lk_policy_is_usable (never, G_MAXINT64 - 1, 60));
  g_assert_true (lk_policy_is_usable (unknown, 5, 60));
}

static void
test_usable (void)
{
  g_autoptr (LkTokenSet) tokens = make (100, LK_END_NEVER, TRUE);

  g_assert_true (lk_policy_is_usable (tokens, 1000000, 99));
  g_assert_false (lk_policy_is_usable (tokens, 1000000, 100));
  g_assert_false (lk_policy_is_usable (tokens, 1000100, -50));
}

static void
test_authorization_ends (void)
{
  g_autoptr (LkTokenSet) renewable = make (100, 5000000, TRUE);
  g_autoptr (LkTokenSet) bare = make (100, 5000000, FALSE);

  g_assert_cmpint (lk_policy_authorization_ends (renewable, TRUE), ==, 5000000);
  g_assert_cmpint (lk_policy_authorization_ends (renewable, FALSE), ==, 1000100);
  g_assert_cmpint (lk_policy_authorization_ends (bare, TRUE), ==, 1000100);
}

static void
test_health (void)
{
  g_assert_cmpint (lk_policy_health (1000, FALSE, 100, 500), ==, LK_HEALTH_FINE);
  g_assert_cmpint (lk_policy_health (1000, FALSE, 100, 900), ==, LK_HEALTH_ENDING);
  g_assert_cmpint (lk_policy_health (1000, FALSE, 100, 1000), ==, LK_HEALTH_ATTENTION);
  g_assert_cmpint (lk_policy_health (1000, TRUE, 100, 500), ==, LK_HEALTH_ATTENTION);
  g_assert_cmpint (lk_policy_health (LK_END_NEVER, FALSE, 100, 500), ==, LK_HEALTH_FINE);
  g_assert_cmpint (lk_policy_health (LK_END_UNKNOWN, FALSE, 100, 500), ==, LK_HEALTH_FINE);

  for (int i = LK_HEALTH_FINE; i <= (int) LK_HEALTH_ATTENTION; i++)
    {
      LkHealth health;

      g_assert_true (lk_health_from_string (lk_health_to_string ((LkHealth) i), &health));
      g_assert_cmpint (health, ==, i);
    }
}

/* Full jitter: from zero to a bound that doubles up to the cap, without overflow. */
static void
test_backoff (void)
{
  static const struct
  {
    guint  attempt;
    gint64 bound;
  } rows[] = { { 0, 2 }, { 1, 4 }, { 4, 32 }, { 10, 300 }, { 4000, 300 } };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 most = 0;

      for (guint32 seed = 0; seed < 1000; seed++)
        {
          gint64 wait = lk_policy_backoff (rows[i].attempt, 2, 300, seed * 7919);

          g_assert_cmpint (wait, >=, 0);
          g_assert_cmpint (wait, <=, rows[i].bound);
          most = MAX (most, wait);
        }
      g_assert_cmpint (most, >=, rows[i].bound / 2);
    }

  g_assert_cmpint (lk_policy_backoff (200, G_MAXINT64 / 3, G_MAXINT64 / 2, 1), >=, 0);
  g_assert_cmpint (lk_policy_backoff (3, 0, 300, 99), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/margin", test_margin);
  g_test_add_func ("/policy/due", test_due);
  g_test_add_func ("/policy/no-end", test_no_end);
  g_test_add_func ("/policy/usable", test_usable);
  g_test_add_func ("/policy/authorization-ends", test_authorization_ends);
  g_test_add_func ("/policy/health", test_health);
  g_test_add_func ("/policy/backoff", test_backoff);

  return g_test_run ();
}
