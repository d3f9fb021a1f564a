/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sim-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define INFO API "/user/info/"

static void
add_fault (Fixture    *fixture,
           const char *keys)
{
  g_autofree char *body = g_strdup_printf ("{\"path\":\"%s\",%s}", INFO, keys);

  fixture_control (fixture, "faults", body);
}

static void
test_answers (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(Answer) rate = NULL;
  g_autoptr(Answer) gateway = NULL;
  g_autoptr(Answer) own = NULL;
  g_autoptr(Answer) over = NULL;

  add_fault (fixture, "\"code\":40100");
  add_fault (fixture, "\"status\":502");
  add_fault (fixture, "\"status\":503,\"body\":{\"a\":1}");
  rate = fixture_get (fixture, INFO);
  gateway = fixture_get (fixture, INFO);
  own = fixture_get (fixture, INFO);
  over = fixture_get (fixture, INFO);
  g_assert_cmpuint (rate->status, ==, 200);
  g_assert_cmpint (answer_int (rate, "code"), ==, 40100);
  g_assert_cmpstr (answer_string (rate, "message"), ==, "App reaches the QPS limit.");
  g_assert_cmpuint (gateway->status, ==, 502);
  g_assert_null (gateway->json);
  g_assert_cmpuint (own->status, ==, 503);
  g_assert_cmpint (answer_int (own, "a"), ==, 1);
  g_assert_cmpint (answer_int (over, "code"), ==, 40104);
}

static void
clear_faults (Fixture *fixture)
{
  g_autoptr(Answer) answer = fixture_send (fixture, "DELETE", "/_simulator/faults", NULL, NULL,
                                           NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
}

/* Answers that end too soon are no answers; slow and huge ones arrive whole. */
static void
test_spoiled (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(Answer) cut = NULL;
  g_autoptr(Answer) shortened = NULL;
  g_autoptr(Answer) slow = NULL;
  g_autoptr(Answer) huge = NULL;

  add_fault (fixture, "\"cut\":\"before\",\"times\":-1");
  cut = fixture_get (fixture, INFO);
  g_assert_cmpuint (cut->status, ==, 0);
  clear_faults (fixture);
  add_fault (fixture, "\"truncate\":10,\"times\":-1");
  shortened = fixture_get (fixture, INFO);
  g_assert_null (shortened->json);
  clear_faults (fixture);
  add_fault (fixture, "\"slow_bps\":2000");
  slow = fixture_get (fixture, INFO);
  g_assert_cmpint (answer_int (slow, "code"), ==, 40104);
  add_fault (fixture, "\"huge_bytes\":20000000");
  huge = fixture_get (fixture, INFO);
  g_assert_cmpuint (huge->size, ==, 20000000);
}

static Answer *
renew (Fixture    *fixture,
       const char *refresh)
{
  g_autofree char *body = g_strconcat (LOGIN_CLIENT "&grant_type=refresh_token&refresh_token=",
                                       refresh, NULL);

  return fixture_post (fixture, "/v2/oauth/token/", FORM, body);
}

/* Cut before: the old refresh token still lives. Cut after: it was used up, and the answer with
 * the next one is lost. */
static void
test_cut (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(Answer) first = fixture_login (fixture, "user.info.basic");
  g_autoptr(Answer) lost = NULL;
  g_autoptr(Answer) second = NULL;
  g_autoptr(Answer) lost_too = NULL;
  g_autoptr(Answer) dead = NULL;

  fixture_control (fixture, "faults", "{\"path\":\"/v2/oauth/token/\",\"cut\":\"before\","
                   "\"grant\":\"refresh_token\",\"times\":-1}");
  lost = renew (fixture, answer_string (first, "refresh_token"));
  g_assert_cmpuint (lost->status, ==, 0);
  clear_faults (fixture);
  second = renew (fixture, answer_string (first, "refresh_token"));
  g_assert_nonnull (answer_string (second, "refresh_token"));
  fixture_control (fixture, "faults", "{\"path\":\"/v2/oauth/*\",\"cut\":\"after\","
                   "\"grant\":\"refresh_token\",\"times\":-1,\"delay_ms\":20}");
  lost_too = renew (fixture, answer_string (second, "refresh_token"));
  g_assert_cmpuint (lost_too->status, ==, 0);
  clear_faults (fixture);
  dead = renew (fixture, answer_string (second, "refresh_token"));
  g_assert_cmpstr (answer_string (dead, "error"), ==, "invalid_grant");
}

/* Only what fits: the grant, the method, and after as many others as it skips. */
static void
test_fits (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(Answer) login = NULL;
  g_autoptr(Answer) other = NULL;
  g_autoptr(Answer) skipped = NULL;
  g_autoptr(Answer) hit = NULL;

  fixture_control (fixture, "faults", "{\"path\":\"/v2/oauth/token/\",\"code\":\"server_error\","
                   "\"grant\":\"refresh_token\"}");
  login = fixture_login (fixture, "user.info.basic");
  g_assert_nonnull (answer_string (login, "access_token"));
  add_fault (fixture, "\"method\":\"POST\",\"status\":500");
  other = fixture_get (fixture, INFO);
  g_assert_cmpuint (other->status, ==, 200);
  add_fault (fixture, "\"skip\":1,\"status\":500");
  skipped = fixture_get (fixture, INFO);
  hit = fixture_get (fixture, INFO);
  g_assert_cmpuint (skipped->status, ==, 200);
  g_assert_cmpuint (hit->status, ==, 500);
}

static void
test_bad_control (Fixture       *fixture,
                  gconstpointer  data)
{
  const char *const rows[][2] = {
    { "/_simulator/faults", "{}" },
    { "/_simulator/faults", "[]" },
    { "/_simulator/faults", "{\"path\":\"/\",\"cut\":\"sideways\"}" },
    { "/_simulator/faults", "{\"path\":\"/\",\"status\":99}" },
    { "/_simulator/limits", "{\"family\":\"mail\",\"mode\":\"qps\"}" },
    { "/_simulator/limits", "{\"family\":\"ads\",\"mode\":\"often\"}" },
    { "/_simulator/apps", "{\"family\":\"ads\",\"id\":\"9\"}" },
    { "/_simulator/roles", "{\"advertiser\":\"9\"}" },
    { "/_simulator/roles", "{\"advertiser\":\"7000000000000000001\",\"user\":99,"
                           "\"role\":\"ADMIN\"}" },
    { "/_simulator/roles", "{\"advertiser\":\"7000000000000000001\",\"role\":\"KING\"}" },
    { "/_simulator/limits", "{\"family\":\"ads\",\"mode\":\"qps\",\"level\":\"world\"}" },
    { "/_simulator/apps", "{\"family\":\"ads\",\"id\":\"7000000000000000101\","
                          "\"developer\":\"odd\"}" },
    { "/_simulator/advertisers", "{\"advertiser\":\"9\"}" },
    { "/_simulator/centers", "{\"id\":\"9\"}" },
    { "/_simulator/centers", "{\"id\":\"7000000000000000900\",\"advertiser\":\"9\"}" },
    { "/_simulator/centers", "{\"id\":\"7000000000000000900\",\"relation\":\"ODD\"}" },
    { "/_simulator/centers", "{\"id\":\"7000000000000000900\",\"role\":\"ODD\"}" },
    { "/_simulator/members", "{\"center\":\"9\"}" },
    { "/_simulator/members", "{\"center\":\"7000000000000000900\",\"user\":99}" },
    { "/_simulator/members", "{\"center\":\"7000000000000000900\",\"relation\":\"ODD\"}" },
    { "/_simulator/members", "{\"center\":\"7000000000000000900\",\"advertiser\":\"9\"}" },
    { "/_simulator/media", "{\"video\":\"v\"}" },
    { "/_simulator/media", "{\"video\":\"v\",\"advertiser\":\"7000000000000000001\","
                           "\"state\":\"odd\"}" },
    { "/_simulator/incident", "{}" },
    { "/_simulator/shops", "{}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(Answer) answer = fixture_post (fixture, rows[i][0], JSON, rows[i][1]);

      g_test_message ("%s %s", rows[i][0], rows[i][1]);
      g_assert_cmpuint (answer->status, ==, 400);
      g_assert_nonnull (answer_string (answer, "problem"));
    }
}

static void
test_date (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(Answer) answer = NULL;

  fixture_control (fixture, "clock", "{\"skew\":-3600}");
  answer = fixture_get (fixture, INFO);
  /* 1800000000 is 2027-01-15 08:00 UTC. */
  g_assert_cmpstr (answer->date, ==, "Fri, 15 Jan 2027 07:00:00 GMT");
}

static void
test_reset (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  g_autoptr(Answer) listed = NULL;
  g_autoptr(Answer) after = NULL;

  g_assert_cmpint (answer_int (tokens, "code"), ==, 0);
  listed = fixture_get (fixture, "/_simulator/tokens");
  g_assert_nonnull (strstr (listed->body, answer_string (tokens, "data.access_token")));
  fixture_control (fixture, "reset", "{}");
  after = fixture_get (fixture, "/_simulator/tokens");
  g_assert_cmpstr (after->body, ==, "{\"tokens\":[]}");
}

static void
many_done_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (object), result, NULL);

  g_assert_nonnull (body);
  (*(guint *) user_data)--;
}

/* Held answers do not hold each other up. */
static void
test_many (Fixture       *fixture,
           gconstpointer  data)
{
  guint left = 100;
  gint64 began = g_get_monotonic_time ();
  g_autofree char *uri = g_strconcat (lk_simulator_get_base_uri (fixture->simulator), INFO, NULL);

  add_fault (fixture, "\"delay_ms\":200,\"times\":-1");
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr(SoupMessage) message = soup_message_new ("GET", uri);

      soup_session_send_and_read_async (fixture->session, message, G_PRIORITY_DEFAULT, NULL,
                                        many_done_cb, &left);
    }
  while (left > 0)
    g_main_context_iteration (NULL, TRUE);
  /* One after the other would take 20 seconds. */
  g_assert_cmpint (g_get_monotonic_time () - began, <, 10 * G_USEC_PER_SEC);
}

/* A simulator that ends while answers are held lets go of them. */
static void
test_stop_early (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *uri = g_strconcat (lk_simulator_get_base_uri (fixture->simulator), INFO, NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  add_fault (fixture, "\"delay_ms\":3600000");
  soup_session_send_async (fixture->session, message, G_PRIORITY_DEFAULT, cancellable, NULL, NULL);
  while (fixture_count (fixture, "requests", INFO) == 0)
    g_main_context_iteration (NULL, FALSE);
  lk_simulator_stop (fixture->simulator);
  g_assert_null (lk_simulator_get_base_uri (fixture->simulator));
  g_cancellable_cancel (cancellable);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
test_profiles (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *parent = g_dir_make_tmp ("lk-simulator-XXXXXX", &error);
  g_autofree char *folder = g_build_filename (parent, "providers", NULL);
  const char *const names[] = { "login", "ads", "account", "shop" };

  lk_simulator_write_profiles (fixture->simulator, folder, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_strdup_printf ("%s/tiktok-%s-simulator.json", folder, names[i]);
      g_autofree char *text = NULL;

      g_file_get_contents (file, &text, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (strstr (text, lk_simulator_get_base_uri (fixture->simulator)));
      g_assert_nonnull (strstr (text, "/_simulator/pages/members?org_id={call.center}"));
      g_unlink (file);
    }
  g_rmdir (folder);
  g_rmdir (parent);
}

#define add(name, function) \
  g_test_add ("/simulator/faults/" name, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("answers", test_answers);
  add ("spoiled", test_spoiled);
  add ("cut", test_cut);
  add ("fits", test_fits);
  add ("bad-control", test_bad_control);
  add ("date", test_date);
  add ("reset", test_reset);
  add ("many", test_many);
  add ("stop-early", test_stop_early);
  add ("profiles", test_profiles);
  return g_test_run ();
}
