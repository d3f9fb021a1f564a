/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "lk-connection-words.h"
#include "lk-summary-words.h"
#include "lk-history-words.h"

#define NOW ((gint64) 1795269600)
#define HOUR ((gint64) 3600)
#define DAY (24 * HOUR)

typedef struct
{
  LkDiagnosis       *diagnosis;
  LkDBusConnection1 *connection;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr(LkProfileSet) profiles = lk_profile_set_new (NULL);

  fixture->diagnosis = lk_diagnosis_new (profiles);
  fixture->connection = lk_dbus_connection1_skeleton_new ();
  lk_dbus_connection1_set_name (fixture->connection, "Brand EU");
  lk_dbus_connection1_set_provider_name (fixture->connection, "TikTok Ads");
  lk_dbus_connection1_set_health (fixture->connection, "fine");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  lk_diagnosis_free (fixture->diagnosis);
  g_object_unref (fixture->connection);
}

static void
set_fault (Fixture *fixture, LkFault *fault)
{
  lk_dbus_connection1_set_health (fixture->connection, "attention");
  lk_dbus_connection1_set_fault (fixture->connection, lk_fault_to_variant (fault));
  lk_fault_free (fault);
}

static void
assert_status (Fixture *fixture, const char *expected)
{
  g_autofree char *status
    = lk_connection_words_dup_status (fixture->connection, fixture->diagnosis, NOW);

  g_assert_cmpstr (status, ==, expected);
}

static void
test_status (Fixture *fixture, gconstpointer data)
{
  static const char * const missing[] = { "video.list", NULL };
  LkDBusConnection1 *connection = fixture->connection;

  assert_status (fixture, "Not checked yet");
  lk_dbus_connection1_set_access_ends (connection, G_MAXINT64);
  assert_status (fixture, "No end date · not checked yet");
  lk_dbus_connection1_set_last_verified (connection, NOW - 2 * HOUR);
  assert_status (fixture, "No end date · proven alive 2 hours ago");
  lk_dbus_connection1_set_access_ends (connection, NOW + 12 * DAY);
  assert_status (fixture, "Ends in 12 days");
  lk_dbus_connection1_set_next_renewal (connection, NOW + HOUR);
  assert_status (fixture, "Renews by itself in 1 hour");
  lk_dbus_connection1_set_scopes_missing (connection, missing);
  assert_status (fixture, "1 scope was not granted · Renews by itself in 1 hour");
  lk_dbus_connection1_set_busy (connection, "renewing");
  assert_status (fixture, "Renewing now…");
}

static void
set_refusal (Fixture *fixture, LkFault *fault)
{
  lk_dbus_connection1_set_last_refusal (fixture->connection, lk_fault_to_variant (fault));
  lk_fault_free (fault);
}

/* A refused call says nothing about the sign-in; what a person must put right moves it up. */
static void
test_refusal (Fixture *fixture, gconstpointer data)
{
  LkDBusConnection1 *connection = fixture->connection;
  g_autoptr(LkFault) trouble = NULL;

  g_assert_false (lk_connection_words_has_refusal (connection));
  g_assert_null (lk_connection_words_dup_trouble (connection));
  set_refusal (fixture, lk_fault_new (LK_CLASS_RATE));
  g_assert_false (lk_connection_words_has_refusal (connection));
  g_assert_cmpint (lk_connection_words_get_health (connection), ==, LK_HEALTH_FINE);

  set_refusal (fixture, lk_fault_new (LK_CLASS_PERMISSION));
  g_assert_true (lk_connection_words_has_refusal (connection));
  g_assert_false (lk_connection_words_is_own_fault (connection));
  g_assert_cmpint (lk_connection_words_get_health (connection), ==, LK_HEALTH_ATTENTION);
  g_assert_cmpint (lk_connection_words_get_action (connection), ==, LK_CONNECTION_ACTION_FIX);

  set_refusal (fixture, lk_fault_new (LK_CLASS_SCOPE));
  g_assert_cmpint (lk_connection_words_get_action (connection), ==, LK_CONNECTION_ACTION_FIX);

  set_fault (fixture, lk_fault_new (LK_CLASS_TOKEN_REVOKED));
  trouble = lk_connection_words_dup_trouble (connection);
  g_assert_cmpint (trouble->klass, ==, LK_CLASS_TOKEN_REVOKED);
  g_assert_cmpint (lk_connection_words_get_action (connection), ==,
                   LK_CONNECTION_ACTION_RECONNECT);
}

/* A rate limit never asks a person to sign in again. */
static void
test_action (Fixture *fixture, gconstpointer data)
{
  LkDBusConnection1 *connection = fixture->connection;

  g_assert_cmpint (lk_connection_words_get_action (connection), ==, LK_CONNECTION_ACTION_NONE);
  lk_dbus_connection1_set_health (connection, "ending");
  g_assert_cmpint (lk_connection_words_get_action (connection), ==,
                   LK_CONNECTION_ACTION_SIGN_IN_AGAIN);
  set_fault (fixture, lk_fault_new (LK_CLASS_TOKEN_REVOKED));
  g_assert_cmpint (lk_connection_words_get_action (connection), ==,
                   LK_CONNECTION_ACTION_RECONNECT);
  set_fault (fixture, lk_fault_new (LK_CLASS_RATE));
  g_assert_cmpint (lk_connection_words_get_action (connection), ==, LK_CONNECTION_ACTION_FIX);
  set_fault (fixture, lk_fault_new (LK_CLASS_PERMISSION));
  g_assert_cmpint (lk_connection_words_get_action (connection), ==, LK_CONNECTION_ACTION_FIX);
  set_fault (fixture, lk_fault_new_local (LK_CLASS_USER_ACTION, "keyring-locked", NULL));
  g_assert_cmpint (lk_connection_words_get_action (connection), ==, LK_CONNECTION_ACTION_UNLOCK);
}

static void
test_left (Fixture *fixture, gconstpointer data)
{
  LkDBusConnection1 *connection = fixture->connection;

  g_assert_cmpfloat (lk_connection_words_get_left (connection, NOW), <, 0);
  lk_dbus_connection1_set_authorization_ends (connection, G_MAXINT64);
  g_assert_cmpfloat (lk_connection_words_get_left (connection, NOW), <, 0);
  lk_dbus_connection1_set_authorization_ends (connection, NOW + 25 * DAY);
  lk_dbus_connection1_set_refresh_obtained (connection, NOW - 75 * DAY);
  g_assert_cmpfloat_with_epsilon (lk_connection_words_get_left (connection, NOW), 0.25, 1e-9);
  g_assert_cmpfloat_with_epsilon (lk_connection_words_get_left (connection, NOW + 99 * DAY), 0,
                                  1e-9);
  lk_dbus_connection1_set_health (connection, "attention");
  g_assert_cmpfloat (lk_connection_words_get_left (connection, NOW), <, 0);
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  LkDBusConnection1 *connection = fixture->connection;
  GVariantBuilder accounts;
  g_autofree char *subtitle = NULL;

  g_variant_builder_init (&accounts, G_VARIANT_TYPE ("a(ss)"));
  g_variant_builder_add (&accounts, "(ss)", "7001", "Nordwind DE");
  g_variant_builder_add (&accounts, "(ss)", "7002", "Nordwind FR");
  lk_dbus_connection1_set_accounts (connection, g_variant_builder_end (&accounts));
  lk_dbus_connection1_set_accounts_known (connection, TRUE);

  g_assert_true (lk_connection_words_matches (connection, "brand"));
  g_assert_true (lk_connection_words_matches (connection, "nordwind f"));
  g_assert_true (lk_connection_words_matches (connection, "7002"));
  g_assert_true (lk_connection_words_matches (connection, "tiktok"));
  g_assert_false (lk_connection_words_matches (connection, "shop"));
  subtitle = lk_connection_words_dup_subtitle (connection);
  g_assert_cmpstr (subtitle, ==, "TikTok Ads · 2 accounts");
}

static void
test_summary (void)
{
  static const struct { guint attention, ending, fine; const char *words; } rows[] = {
    { 0, 0, 0, "There are no connections yet." },
    { 0, 0, 1, "Your connection is fine." },
    { 0, 0, 47, "All 47 connections are fine." },
    { 2, 1, 47, "2 connections need you. 1 ends this week. 47 are fine." },
    { 1, 0, 0, "1 connection needs you." },
    { 0, 3, 1, "3 end this week. 1 is fine." },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *words
        = lk_summary_words_dup (rows[i].attention, rows[i].ending, rows[i].fine);

      g_assert_cmpstr (words, ==, rows[i].words);
    }
}

static void
test_history (Fixture *fixture, gconstpointer data)
{
  g_autofree char *renewed = lk_history_words_dup ("renewed", NULL, NULL, fixture->diagnosis);
  g_autofree char *taken = lk_history_words_dup ("handed-out", "100 % sure.py", NULL,
                                                 fixture->diagnosis);
  g_autofree char *unknown = lk_history_words_dup ("from-the-future", NULL, NULL,
                                                   fixture->diagnosis);

  g_assert_cmpstr (renewed, ==, "Renewed");
  g_assert_cmpstr (taken, ==, "100 % sure.py took the token");
  g_assert_cmpstr (unknown, ==, "from-the-future");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/app/connection-words/status", Fixture, NULL, set_up, test_status, tear_down);
  g_test_add ("/app/connection-words/action", Fixture, NULL, set_up, test_action, tear_down);
  g_test_add ("/app/connection-words/refusal", Fixture, NULL, set_up, test_refusal, tear_down);
  g_test_add ("/app/connection-words/left", Fixture, NULL, set_up, test_left, tear_down);
  g_test_add ("/app/connection-words/search", Fixture, NULL, set_up, test_search, tear_down);
  g_test_add ("/app/connection-words/history", Fixture, NULL, set_up, test_history, tear_down);
  g_test_add_func ("/app/connection-words/summary", test_summary);
  return g_test_run ();
}
