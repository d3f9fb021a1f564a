/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "budget-desk.h"

/* Ten thousand that wait, each for another account: neither slow nor out of order. */
static void
test_crowd (Desk          *desk,
            gconstpointer  one_account)
{
  const guint crowd = 10000;
  gint64 started = g_get_monotonic_time ();
  guint64 last = 0;
  guint passed = 0;

  desk_add_limit (desk, NULL, 1, 10, "app", FALSE);
  desk_add_limit (desk, NULL, 60, 600, "app", FALSE);
  desk_add_limit (desk, NULL, 60, 600, "account", FALSE);
  for (guint i = 0; i < crowd; i++)
    {
      g_autofree char *account = g_strdup_printf ("%u", one_account != NULL ? 1 : i);
      LkClaim *made = desk_claim (desk, "/a/", account);

      if (lk_claim_get_state (made) == LK_CLAIM_GRANTED)
        {
          lk_claim_release (made, TRUE);
          passed++;
        }
    }

  for (guint tick = 0; passed < crowd; tick++)
    {
      g_assert_cmpuint (tick, <, 60 * crowd);
      test_clock_advance (desk->clock, 0.1);
      lk_timers_fire (desk->timers);
      for (guint i = 0; i < desk->granted->len; i++)
        {
          guint64 number = lk_claim_get_number (g_ptr_array_index (desk->granted, i));

          g_assert_cmpuint (number, >, last);
          last = number;
        }
      passed += desk_finish_granted (desk);
    }
  g_test_message ("%.2f s", (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC);
  g_assert_cmpint (g_get_monotonic_time () - started, <, 10 * G_USEC_PER_SEC);
}

/* Held or granted, one of @claims goes, wherever it stands. */
static void
release_any (Desk      *desk,
             GPtrArray *claims)
{
  guint index = (guint) g_test_rand_int_range (0, (int) claims->len);
  LkClaim *gone = g_ptr_array_remove_index_fast (claims, index);

  g_ptr_array_remove_fast (desk->granted, gone);
  lk_claim_release (gone, g_test_rand_bit ());
}

/* Anything in any order: nobody is forgotten, and when all is done nothing is left behind. */
static void
test_random (Desk          *desk,
             gconstpointer  data)
{
  static const char * const slowed[] = { "app", "account", "path", "value" };
  static const char * const paths[] = { "/a/", "/b/", "/c/" };
  static const char * const accounts[] = { "1", "2", "3", NULL };
  GPtrArray *claims = g_ptr_array_new ();

  desk_add_limit (desk, NULL, 1, 4, "app", FALSE);
  desk_add_limit (desk, NULL, 60, 100, "app", TRUE);
  desk_add_limit (desk, NULL, 1, 2, "account", FALSE);
  desk_add_limit (desk, "/c/", 1, 1, "token", FALSE);
  for (int i = 0; i < 20000; i++)
    {
      const char *path = paths[g_test_rand_int_range (0, G_N_ELEMENTS (paths))];
      const char *account = accounts[g_test_rand_int_range (0, G_N_ELEMENTS (accounts))];
      int dice = g_test_rand_int_range (0, 100);

      if (dice < 40)
        g_ptr_array_add (claims, desk_claim (desk, path, account));
      else if (dice < 70 && claims->len > 0)
        release_any (desk, claims);
      else if (dice < 71)
        {
          LkClaimSpec spec = desk_spec (desk, path, account);
          const char *word = slowed[g_test_rand_int_range (0, G_N_ELEMENTS (slowed))];
          guint seconds = (guint) g_test_rand_int_range (1, 20);

          lk_fault_free (desk_hold (desk, &spec, seconds, 0, word, NULL));
        }
      else
        {
          test_clock_advance (desk->clock, g_test_rand_double_range (0, 0.5));
          lk_timers_fire (desk->timers);
        }
    }

  /* Whoever is left gets a place once the others are done. */
  for (int i = 0; claims->len > 0; i++)
    {
      g_assert_cmpint (i, <, 100000);
      for (guint j = claims->len; j > 0; j--)
        {
          LkClaim *other = g_ptr_array_index (claims, j - 1);

          if (lk_claim_get_state (other) == LK_CLAIM_GRANTED)
            {
              g_ptr_array_remove_index_fast (claims, j - 1);
              lk_claim_release (other, TRUE);
            }
        }
      test_clock_advance (desk->clock, 0.25);
      lk_timers_fire (desk->timers);
    }
  g_assert_cmpuint (desk->refused, ==, 0);
  g_ptr_array_unref (claims);
}

/* Accounts that were called once do not stay in memory for good. */
static void
test_sweep (Desk          *desk,
            gconstpointer  data)
{
  LkBudgetApp *app;

  desk_add_limit (desk, NULL, 1, 2, "account", FALSE);
  for (int i = 0; i < 5000; i++)
    {
      g_autofree char *account = g_strdup_printf ("%d", i);

      g_assert_cmpint (desk_pass (desk, "/a/", account), ==, LK_CLAIM_GRANTED);
      test_clock_advance (desk->clock, 0.1);
    }
  app = g_hash_table_lookup (desk->budget->apps, "app");
  g_assert_cmpuint (g_hash_table_size (app->lanes), <, 600);
  g_assert_cmpuint (g_hash_table_size (app->gates), <, 2000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, function)                                                                  \
  g_test_add ("/transport/budget/" name, Desk, data, desk_set_up, function, desk_tear_down)
  ADD ("crowd/one-account", "", test_crowd);
  ADD ("crowd/many-accounts", NULL, test_crowd);
  ADD ("random", NULL, test_random);
  ADD ("sweep", NULL, test_sweep);

  return g_test_run ();
}
