/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "../../../src/agent/lk-agent-plan.h"

#include "lk-token-set.h"

#define NOW 1800000000

#define KEY(number) GUINT_TO_POINTER ((number) + 1)
#define NUMBER(key) (GPOINTER_TO_UINT (key) - 1)

static void
fill (LkAgentPlan *plan, guint count, guint apps, gint64 due)
{
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *app = g_strdup_printf ("app %u", i % apps);

      lk_agent_plan_set (plan, KEY (i), app, due, due + (count - i));
    }
}

/* Starts all that may be started. */
static guint
start_all (LkAgentPlan *plan, gint64 now, GQueue *started)
{
  gpointer key;
  guint count = 0;

  while ((key = lk_agent_plan_start (plan, now)) != NULL)
    {
      g_queue_push_tail (started, key);
      count++;
    }
  return count;
}

/* A thousand due in the same second, answered at once: never more than so many in a second and at
 * the same time, all of them in the end, and none twice. */
static void
test_no_storm (void)
{
  LkAgentPlan *plan = lk_agent_plan_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  gint64 now = NOW;
  gint64 next;

  fill (plan, 1000, 1, NOW);
  while ((next = lk_agent_plan_get_next (plan, now)) != LK_END_NEVER)
    {
      GQueue started = G_QUEUE_INIT;
      guint in_second = 0;

      now = MAX (now, next);
      for (guint count; (count = start_all (plan, now, &started)) > 0;)
        {
          gpointer key;

          in_second += count;
          g_assert_cmpuint (lk_agent_plan_count_under_way (plan), <=, LK_PLAN_OF_APP);
          while ((key = g_queue_pop_head (&started)) != NULL)
            {
              g_assert_true (g_hash_table_add (seen, key));
              lk_agent_plan_end (plan, key, LK_PLAN_ANSWERED, now);
            }
        }
      g_assert_cmpuint (in_second, <=, LK_PLAN_PER_SECOND);
      g_assert_cmpuint (in_second, >, 0);
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 1000);
  g_assert_cmpint (now, ==, NOW + 99);
  lk_agent_plan_free (plan);
}

/* Apps take turns; over all there is a limit, too. */
static void
test_many_apps (void)
{
  LkAgentPlan *plan = lk_agent_plan_new ();
  GQueue started = G_QUEUE_INIT;
  guint of_app[8] = { 0 };
  gpointer key;

  fill (plan, 800, 8, NOW);
  g_assert_cmpuint (start_all (plan, NOW, &started), ==, 8);
  while ((key = g_queue_pop_head (&started)) != NULL)
    lk_agent_plan_end (plan, key, LK_PLAN_ANSWERED, NOW);
  g_assert_cmpuint (start_all (plan, NOW, &started), ==, LK_PLAN_AT_ONCE);
  g_assert_cmpint (lk_agent_plan_get_next (plan, NOW), ==, LK_END_NEVER);
  while ((key = g_queue_pop_head (&started)) != NULL)
    of_app[NUMBER (key) % 8]++;
  for (guint i = 0; i < G_N_ELEMENTS (of_app); i++)
    g_assert_cmpuint (of_app[i], ==, LK_PLAN_AT_ONCE / 8);
  lk_agent_plan_free (plan);
}

/* What came due in a sleep goes out by urgency and not by when it was due. */
static void
test_order (void)
{
  LkAgentPlan *plan = lk_agent_plan_new ();
  gpointer key;

  fill (plan, 50, 1, NOW - 3600);
  for (guint i = 50; i > 0; i--)
    {
      key = lk_agent_plan_start (plan, NOW + i);
      g_assert_cmpuint (NUMBER (key), ==, i - 1);
      lk_agent_plan_end (plan, key, LK_PLAN_ANSWERED, NOW + i);
    }
  lk_agent_plan_free (plan);
}

/* No network: one try for each app, further and further apart; when it is back, one, then the
 * others. */
static void
test_unreachable (void)
{
  LkAgentPlan *plan = lk_agent_plan_new ();
  GQueue started = G_QUEUE_INIT;
  gint64 now = NOW;
  guint tries = 0;

  fill (plan, 1000, 1, NOW);
  while (now < NOW + 2 * 24 * 3600)
    {
      guint count = start_all (plan, now, &started);
      gpointer key = g_queue_pop_head (&started);

      g_assert_cmpuint (count, <=, 1);
      tries += count;
      if (key != NULL)
        {
          lk_agent_plan_end (plan, key, LK_PLAN_UNREACHABLE, now);
          /* The connection itself backs off, too. */
          lk_agent_plan_set (plan, key, "app 0", now + 60, NOW);
        }
      g_assert_cmpint (lk_agent_plan_get_next (plan, now), >, now);
      now = lk_agent_plan_get_next (plan, now);
    }
  g_assert_cmpuint (tries, >, 150);
  g_assert_cmpuint (tries, <, 220);
  lk_agent_plan_doubt (plan);
  g_assert_cmpuint (start_all (plan, now, &started), ==, 1);
  lk_agent_plan_end (plan, g_queue_pop_head (&started), LK_PLAN_ANSWERED, now);
  g_assert_cmpuint (start_all (plan, now, &started), ==, LK_PLAN_OF_APP);
  g_queue_clear (&started);
  lk_agent_plan_free (plan);
}

/* One app that is away or over its limit holds up no other. */
static void
test_holds (void)
{
  LkAgentPlan *plan = lk_agent_plan_new ();
  GQueue started = G_QUEUE_INIT;

  fill (plan, 20, 2, NOW);
  lk_agent_plan_hold (plan, "app 0", NOW + 300);
  g_assert_cmpuint (start_all (plan, NOW, &started), ==, 1);
  g_assert_cmpuint (NUMBER (g_queue_peek_head (&started)) % 2, ==, 1);
  g_assert_cmpint (lk_agent_plan_get_next (plan, NOW), ==, NOW + 300);
  lk_agent_plan_end (plan, g_queue_pop_head (&started), LK_PLAN_ANSWERED, NOW);
  g_assert_cmpuint (start_all (plan, NOW, &started), ==, LK_PLAN_OF_APP);
  g_queue_clear (&started);
  g_assert_cmpuint (start_all (plan, NOW + 299, &started), ==, 0);
  g_assert_cmpuint (start_all (plan, NOW + 300, &started), ==, 1);
  g_queue_clear (&started);
  lk_agent_plan_free (plan);
}

/* A clock that was a year ahead made all due; the first answer shows it, and no other goes out. */
static void
test_clock_set_back (void)
{
  LkAgentPlan *plan = lk_agent_plan_new ();
  GQueue started = G_QUEUE_INIT;
  gint64 wrong = NOW + 365 * 24 * 3600;
  gpointer key;

  fill (plan, 1000, 1, NOW + 500);
  g_assert_cmpuint (start_all (plan, wrong, &started), ==, 1);
  key = g_queue_pop_head (&started);
  lk_agent_plan_look (plan, NOW);
  lk_agent_plan_end (plan, key, LK_PLAN_ANSWERED, NOW);
  g_assert_null (lk_agent_plan_start (plan, NOW));
  g_assert_cmpint (lk_agent_plan_get_next (plan, NOW), ==, NOW + 500);
  lk_agent_plan_free (plan);
}

/* Paused: only what a person asks for. */
static void
test_paused (void)
{
  LkAgentPlan *plan = lk_agent_plan_new ();
  GQueue started = G_QUEUE_INIT;

  fill (plan, 20, 1, NOW);
  lk_agent_plan_set_paused (plan, TRUE);
  g_assert_cmpuint (start_all (plan, NOW, &started), ==, 0);
  g_assert_cmpint (lk_agent_plan_get_next (plan, NOW), ==, LK_END_NEVER);
  lk_agent_plan_ask (plan, KEY (3), "app 0", NOW);
  lk_agent_plan_ask (plan, KEY (99), "app 0", NOW + 1);
  g_assert_true (lk_agent_plan_start (plan, NOW) == KEY (3));
  /* Asked for again, and looked at again, it does not go twice. */
  lk_agent_plan_ask (plan, KEY (3), "app 0", NOW);
  lk_agent_plan_set (plan, KEY (3), "app 0", NOW, NOW);
  lk_agent_plan_look (plan, NOW);
  g_assert_null (lk_agent_plan_start (plan, NOW));
  lk_agent_plan_end (plan, KEY (3), LK_PLAN_ANSWERED, NOW);
  g_assert_true (lk_agent_plan_start (plan, NOW) == KEY (99));
  g_assert_null (lk_agent_plan_start (plan, NOW));
  lk_agent_plan_set_paused (plan, FALSE);
  g_assert_cmpuint (start_all (plan, NOW, &started), ==, LK_PLAN_OF_APP - 1);
  g_queue_clear (&started);
  lk_agent_plan_free (plan);
}

/* What was taken out or put off does not go; what moved to another app counts there. */
static void
test_changes (void)
{
  LkAgentPlan *plan = lk_agent_plan_new ();

  fill (plan, 3, 1, NOW);
  lk_agent_plan_set (plan, KEY (0), "app 0", LK_END_NEVER, 0);
  lk_agent_plan_set (plan, KEY (1), "app 0", NOW + 900, 0);
  lk_agent_plan_set (plan, KEY (2), "other", NOW + 5, 0);
  g_assert_null (lk_agent_plan_start (plan, NOW));
  g_assert_cmpint (lk_agent_plan_get_next (plan, NOW), ==, NOW + 5);
  g_assert_true (lk_agent_plan_start (plan, NOW + 5) == KEY (2));
  g_assert_cmpint (lk_agent_plan_get_next (plan, NOW + 5), ==, NOW + 900);
  lk_agent_plan_free (plan);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/no-storm", test_no_storm);
  g_test_add_func ("/plan/many-apps", test_many_apps);
  g_test_add_func ("/plan/order", test_order);
  g_test_add_func ("/plan/unreachable", test_unreachable);
  g_test_add_func ("/plan/holds", test_holds);
  g_test_add_func ("/plan/clock-set-back", test_clock_set_back);
  g_test_add_func ("/plan/paused", test_paused);
  g_test_add_func ("/plan/changes", test_changes);
  return g_test_run ();
}
