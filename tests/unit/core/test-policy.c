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
    g_assert_cmpint (lk_policy_renewal_margin (rows[i].life, 300), ==, rows[i].margin);
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
      gint64 margin = lk_policy_renewal_margin (lives[i], LK_MARGIN_DEFAULT);
      gint64 end = 1000000 + lives[i];

      for (guint32 seed = 0; seed < 2000; seed++)
        {
          gint64 due = lk_policy_renewal_due (tokens, LK_MARGIN_DEFAULT, seed);

          g_assert_cmpint (due, >=, end - margin - margin / 10);
          g_assert_cmpint (due, <=, end - margin + margin / 10);
          g_assert_cmpint (due, <=, end - margin / 2);
          g_assert_cmpint (due, ==, lk_policy_renewal_due (tokens, 300, seed));
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

  g_assert_cmpint (lk_policy_renewal_due (never, 300, 7), ==, LK_END_NEVER);
  g_assert_cmpint (lk_policy_renewal_due (unknown, 300, 7), ==, LK_END_NEVER);
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

/* The person's least margin counts, but never takes more than half of the life. */
static void
test_least_margin (void)
{
  g_autoptr (LkTokenSet) tokens = make (86400, LK_END_NEVER, TRUE);

  g_assert_cmpint (lk_policy_renewal_margin (86400, 4 * 3600), ==, 4 * 3600);
  g_assert_cmpint (lk_policy_renewal_margin (7200, 86400), ==, 3600);
  g_assert_cmpint (lk_policy_renewal_margin (86400, 60), ==, 8640);
  g_assert_cmpint (lk_policy_renewal_due (tokens, 4 * 3600, 7), <=, 1000000 + 86400 - 2 * 3600);
}

/* However short a server lets its tokens live, renewing does not become a loop; and what lives long
 * enough is never put off past its due time. */
static void
test_pace (void)
{
  for (gint64 life = -3; life <= 400 * 86400; life = life < 100 ? life + 1 : life * 2)
    {
      gint64 pace = lk_policy_renewal_pace (life);

      g_assert_cmpint (pace, >=, 10);
      if (life >= 20)
        g_assert_cmpint (pace, <=, life - lk_policy_renewal_margin (life, 86400));
      else
        g_assert_cmpint (pace, >=, 180);
    }
  g_assert_cmpint (lk_policy_renewal_pace (LK_END_NEVER), ==, 3600);
  g_assert_cmpint (lk_policy_renewal_pace (60), ==, 15);
}

/* A refresh token that ends today goes first, whatever its access token does; then the nearest
 * end. */
static void
test_urgency (void)
{
  const gint64 now = 2000000;
  gint64 dying = lk_policy_urgency (now + 9000, now + 3600, now);
  gint64 sooner = lk_policy_urgency (now + 9000, now + 600, now);
  gint64 over = lk_policy_urgency (now - 5, LK_END_NEVER, now);
  gint64 next = lk_policy_urgency (now + 60, now + 90 * 86400, now);
  gint64 lost = lk_policy_urgency (now + 61, now - 1, now);

  g_assert_cmpint (sooner, <, dying);
  g_assert_cmpint (dying, <, over);
  g_assert_cmpint (over, <, next);
  g_assert_cmpint (next, <, lost);
}

/* A thousand that were proven in the same second: each once a period, about as many in each tenth
 * of it, and the same moments after a restart. */
static void
test_probes_spread (void)
{
  const gint64 period = 6 * 3600;
  const gint64 proven = 1800000000;
  guint tenths[10] = { 0 };

  for (guint32 seed = 0; seed < 1000; seed++)
    {
      gint64 first = lk_policy_next_probe (proven, period, proven, seed);
      gint64 again = lk_policy_next_probe (first, period, first, seed);

      g_assert_cmpint (first - proven, >=, period / 2);
      g_assert_cmpint (first - proven, <, period / 2 + period);
      g_assert_cmpint (again - first, ==, period);
      g_assert_cmpint (lk_policy_next_probe (proven, period, first - 5, seed), ==, first);
      tenths[(first - proven - period / 2) * 10 / period]++;
    }
  for (size_t i = 0; i < G_N_ELEMENTS (tenths); i++)
    {
      g_assert_cmpuint (tenths[i], >, 50);
      g_assert_cmpuint (tenths[i], <, 200);
    }
}

/* Never past, also after a long time off; a clock that went back does not put it off for a year. */
static void
test_probes_late (void)
{
  const gint64 period = 6 * 3600;
  const gint64 now = 1800000000;

  for (guint32 seed = 0; seed < 200; seed++)
    {
      gint64 after_off = lk_policy_next_probe (now - 365 * 86400, period, now, seed);
      gint64 from_future = lk_policy_next_probe (now + 365 * 86400, period, now, seed);
      gint64 never = lk_policy_next_probe (0, period, now, seed);

      g_assert_cmpint (after_off, >=, now);
      g_assert_cmpint (after_off, <, now + period);
      g_assert_cmpint (from_future, >=, now);
      g_assert_cmpint (from_future, <, now + period);
      g_assert_cmpint (never, ==, after_off);
    }
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
  g_test_add_func ("/policy/least-margin", test_least_margin);
  g_test_add_func ("/policy/pace", test_pace);
  g_test_add_func ("/policy/urgency", test_urgency);
  g_test_add_func ("/policy/probes-spread", test_probes_spread);
  g_test_add_func ("/policy/probes-late", test_probes_late);

  return g_test_run ();
}
