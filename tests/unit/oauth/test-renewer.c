/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Renewals against a real gnome-keyring on a bus of its own, a real journal, and a provider that
 * cuts the line when it is told to. */

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <libsoup/soup.h>

#include "lk-profile-set.h"
#include "lk-renewal-private.h"

#define DEADLINE_MS 20000
#define NOW         1795239333
#define REFUSAL     "{\"error\":\"invalid_grant\",\"error_description\":\"no\",\"log_id\":\"L2\"}"

typedef struct
{
  GPid                keyring;
  char               *home;
  SoupServer         *server;
  LkProfileSet       *profiles;
  LkProfile          *profile;
  LkHttp             *http;
  LkVault            *vault;
  LkJournal          *journal;
  LkClock            *clock;
  LkRenewer          *renewer;
  LkClientRecord     *client;
  LkConnectionRecord *connection;
  const char         *behaviour; /* one letter a request, the last one stays: o c r g */
  int                 requests;
  char               *sent;      /* refresh token of the last request */
} Fixture;

static void
token_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  Fixture *fixture = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *text = g_strndup (body->data, (gsize) body->length);
  g_autoptr(GHashTable) form = soup_form_decode (text);
  g_autofree char *reply = NULL;
  char what = *fixture->behaviour;

  if (fixture->behaviour[1] != '\0')
    fixture->behaviour++;
  fixture->requests++;
  g_free (fixture->sent);
  fixture->sent = g_strdup (g_hash_table_lookup (form, "refresh_token"));

  if (what == 'c')
    {
      g_autoptr(GIOStream) line = soup_server_message_steal_connection (message);

      g_io_stream_close (line, NULL, NULL);
      return;
    }

  if (what == 'r')
    reply = g_strdup (REFUSAL);
  else if (what == 'g')
    reply = g_strdup ("<html>busy</html>");
  else
    reply = g_strdup_printf ("{\"access_token\":\"act.%d\",\"expires_in\":7200,\"open_id\":\"me\","
                             "\"refresh_token\":\"rft.%d\",\"refresh_expires_in\":15552000,"
                             "\"scope\":\"user.info.basic\",\"token_type\":\"Bearer\"}",
                             fixture->requests, fixture->requests);
  soup_server_message_set_status (message, what == 'r' ? 400 : 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, reply,
                                    strlen (reply));
}

typedef struct
{
  GAsyncResult *result;
} Wait;

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  ((Wait *) user_data)->result = g_object_ref (result);
}

static gboolean
too_late_cb (gpointer user_data)
{
  g_assert_not_reached ();

  return G_SOURCE_REMOVE;
}

static GAsyncResult *
wait_for (Wait *wait)
{
  guint id = g_timeout_add (DEADLINE_MS, too_late_cb, NULL);

  while (wait->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);

  return wait->result;
}

static void
start_keyring (Fixture *fixture)
{
  const char *argv[] = { "gnome-keyring-daemon", "--foreground", "--components=secrets",
                         "--control-directory", fixture->home, "--unlock", NULL };
  g_auto(GStrv) environment = g_environ_unsetenv (g_get_environ (), "G_DEBUG");
  g_autoptr(GError) error = NULL;
  gint64 deadline = g_get_monotonic_time () + DEADLINE_MS * 1000;
  gboolean ready = FALSE;
  int input = -1;

  g_spawn_async_with_pipes (NULL, (char **) argv, environment,
                            G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD
                            | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                            NULL, NULL, &fixture->keyring, &input, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (write (input, "pw", 2), ==, 2);
  close (input);

  while (!ready)
    {
      Wait wait = { NULL };

      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      lk_vault_probe_async (fixture->vault, NULL, kept_cb, &wait);
      ready = lk_vault_probe_finish (fixture->vault, wait_for (&wait), NULL);
      g_object_unref (wait.result);
    }
}

static void
stop_keyring (Fixture *fixture)
{
  if (fixture->keyring == 0)
    return;

  kill (fixture->keyring, SIGKILL);
  waitpid (fixture->keyring, NULL, 0);
  g_spawn_close_pid (fixture->keyring);
  fixture->keyring = 0;
}

static void
start_server (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->home, "test.json", NULL);
  g_autofree char *json = NULL;
  g_autoptr(GError) error = NULL;
  GSList *uris = NULL;

  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, "/v2/oauth/token/", token_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  json = g_strdup_printf ("{\"schema\":1,\"id\":\"test-login\",\"extends\":\"tiktok-login\","
                          "\"name\":\"Test\",\"sandbox\":true,"
                          "\"vars\":{\"www\":\"http://127.0.0.1:%d\","
                          "\"api\":\"http://127.0.0.1:%d\"}}",
                          g_uri_get_port (uris->data), g_uri_get_port (uris->data));
  g_file_set_contents (path, json, -1, &error);
  g_assert_no_error (error);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static LkTokenSet *
make_tokens (const char *refresh,
             guint64     generation,
             gint64      ends)
{
  g_autoptr(LkSecret) access = lk_secret_new ("act.old");
  g_autoptr(LkSecret) secret = lk_secret_new (refresh);
  LkTokenSetFields fields = { .access = access, .refresh = secret, .obtained = NOW - 100,
                              .access_ends = ends, .refresh_ends = NOW + 90000,
                              .generation = generation };

  return lk_token_set_new (&fields);
}

static LkTokenSet *
look_up (Fixture *fixture)
{
  Wait wait = { NULL };
  g_autoptr(GError) error = NULL;
  LkTokenSet *tokens = NULL;

  lk_vault_lookup_tokens_async (fixture->vault, "c1", NULL, kept_cb, &wait);
  tokens = lk_vault_lookup_tokens_finish (fixture->vault, wait_for (&wait), &error);
  g_assert_no_error (error);
  g_object_unref (wait.result);

  return tokens;
}

static void
fill_vault (Fixture *fixture)
{
  g_autoptr(LkTokenSet) tokens = make_tokens ("rft.old", 1, NOW + 60);
  g_autoptr(LkSecret) secret = lk_secret_new ("client-secret");
  g_autoptr(GError) error = NULL;
  Wait stored = { NULL };
  Wait kept = { NULL };

  lk_vault_store_tokens_async (fixture->vault, "c1", "Test", tokens, NULL, kept_cb, &stored);
  lk_vault_store_tokens_finish (fixture->vault, wait_for (&stored), &error);
  g_assert_no_error (error);
  lk_vault_store_secret_async (fixture->vault, "client-secret", "app", "Test", secret, NULL,
                               kept_cb, &kept);
  lk_vault_store_secret_finish (fixture->vault, wait_for (&kept), &error);
  g_assert_no_error (error);
  g_object_unref (stored.result);
  g_object_unref (kept.result);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  fixture->home = g_dir_make_tmp ("latchkey-renewer-XXXXXX", NULL);
  g_setenv ("HOME", fixture->home, TRUE);
  g_setenv ("XDG_DATA_HOME", fixture->home, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", fixture->home, TRUE);

  fixture->behaviour = "o";
  start_server (fixture);
  fixture->profiles = lk_profile_set_new (fixture->home);
  fixture->profile = lk_profile_set_lookup (fixture->profiles, "test-login");
  g_assert_nonnull (fixture->profile);
  fixture->http = lk_http_new ();
  fixture->vault = lk_vault_new ();
  path = g_build_filename (fixture->home, "journal", NULL);
  fixture->journal = lk_journal_new (path, &error);
  g_assert_no_error (error);
  fixture->clock = lk_manual_clock_new (NOW);
  fixture->renewer = lk_renewer_new (fixture->http, fixture->vault, fixture->journal,
                                     fixture->clock);

  fixture->client = g_new0 (LkClientRecord, 1);
  fixture->client->name = g_strdup ("app");
  fixture->client->provider = g_strdup ("test-login");
  fixture->client->client_id = g_strdup ("key");
  fixture->connection = lk_connection_record_new ();
  fixture->connection->id = g_strdup ("c1");
  fixture->connection->name = g_strdup ("Ann");

  start_keyring (fixture);
  fill_vault (fixture);
}

static void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->renewer);
  g_clear_object (&fixture->journal);
  g_clear_object (&fixture->vault);
  g_clear_object (&fixture->http);
  g_clear_object (&fixture->clock);
  g_clear_object (&fixture->server);
  lk_client_record_free (fixture->client);
  lk_connection_record_free (fixture->connection);
  lk_profile_set_unref (fixture->profiles);
  stop_keyring (fixture);
  remove_folder (fixture->home);
  g_free (fixture->home);
  g_free (fixture->sent);
}

static void
ask (Fixture      *fixture,
     GCancellable *cancellable,
     Wait         *wait)
{
  lk_renewer_renew_async (fixture->renewer, fixture->profile, fixture->client, fixture->connection,
                          cancellable, kept_cb, wait);
}

static LkTokenSet *
renew (Fixture  *fixture,
       LkFault **fault,
       GError  **error)
{
  Wait wait = { NULL };
  LkTokenSet *tokens = NULL;

  ask (fixture, NULL, &wait);
  tokens = lk_renewer_renew_finish (fixture->renewer, wait_for (&wait), fault, error);
  g_object_unref (wait.result);

  return tokens;
}

static guint
count_open (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) entries = lk_journal_get_open (fixture->journal, &error);

  g_assert_no_error (error);

  return entries->len;
}

/* Sixty-four ask, one of them changes its mind: one request, one result for all others. */
static void
test_joiners (Fixture       *fixture,
              gconstpointer  data)
{
  Wait waits[64] = { { NULL } };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(LkTokenSet) kept = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (waits); i++)
    ask (fixture, i == 0 ? cancellable : NULL, &waits[i]);
  g_assert_true (lk_renewer_is_renewing (fixture->renewer, "c1"));
  g_cancellable_cancel (cancellable);

  for (size_t i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(LkTokenSet) tokens = NULL;

      tokens = lk_renewer_renew_finish (fixture->renewer, wait_for (&waits[i]), NULL, &error);
      if (i == 0)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_cmpstr (lk_secret_open (lk_token_set_get_access (tokens)), ==, "act.1");
      g_object_unref (waits[i].result);
    }

  g_assert_cmpint (fixture->requests, ==, 1);
  g_assert_cmpstr (fixture->sent, ==, "rft.old");
  g_assert_false (lk_renewer_is_renewing (fixture->renewer, "c1"));
  g_assert_cmpuint (count_open (fixture), ==, 0);
  kept = look_up (fixture);
  g_assert_cmpuint (lk_token_set_get_generation (kept), ==, 2);
  g_assert_cmpstr (lk_secret_open (lk_token_set_get_refresh (kept)), ==, "rft.1");
}

static GPtrArray *
replay (Fixture  *fixture,
        GError  **error)
{
  Wait wait = { NULL };
  GPtrArray *replayed = NULL;

  lk_renewer_replay_async (fixture->renewer, NULL, kept_cb, &wait);
  replayed = lk_renewer_replay_finish (fixture->renewer, wait_for (&wait), error);
  g_object_unref (wait.result);

  return replayed;
}

static void
test_lost (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkFault) fault = NULL;
  g_autoptr(LkTokenSet) kept = NULL;
  g_autoptr(GPtrArray) replayed = NULL;
  LkReplayed *first = NULL;

  fixture->behaviour = "c";
  g_assert_null (renew (fixture, &fault, &error));
  g_assert_error (error, LK_OAUTH_ERROR, LK_OAUTH_ERROR_LOST);
  g_assert_true (lk_fault_is_local (fault, "refresh-lost"));
  g_assert_cmpint (fixture->requests, ==, 2);
  g_assert_cmpuint (count_open (fixture), ==, 1);
  kept = look_up (fixture);
  g_assert_cmpuint (lk_token_set_get_generation (kept), ==, 1);

  g_clear_error (&error);
  replayed = replay (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (replayed->len, ==, 1);
  first = g_ptr_array_index (replayed, 0);
  g_assert_true (first->reply_lost);
  g_assert_null (first->tokens);
  g_assert_cmpuint (count_open (fixture), ==, 0);
}

static void
test_lost_once (Fixture       *fixture,
                gconstpointer  data)
{
  static const char * const behaviours[] = { "co", "go" };

  for (size_t i = 0; i < G_N_ELEMENTS (behaviours); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(LkTokenSet) tokens = NULL;

      fixture->behaviour = behaviours[i];
      fixture->requests = 0;
      tokens = renew (fixture, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (fixture->requests, ==, 2);
      g_assert_cmpuint (lk_token_set_get_generation (tokens), ==, 2 + i);
      g_assert_cmpuint (count_open (fixture), ==, 0);
    }
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkFault) fault = NULL;
  g_autoptr(LkFault) after_cut = NULL;
  g_autoptr(LkTokenSet) kept = NULL;

  fixture->behaviour = "r";
  g_assert_null (renew (fixture, &fault, &error));
  g_assert_error (error, LK_OAUTH_ERROR, LK_OAUTH_ERROR_REFUSED);
  g_assert_cmpint (fault->klass, ==, LK_CLASS_REFRESH_DEAD);
  g_assert_cmpstr (fault->hint, !=, "reply-lost");
  g_assert_cmpint (fixture->requests, ==, 1);
  g_assert_cmpuint (count_open (fixture), ==, 0);
  kept = look_up (fixture);
  g_assert_cmpstr (lk_secret_open (lk_token_set_get_refresh (kept)), ==, "rft.old");

  g_clear_error (&error);
  fixture->behaviour = "cr";
  g_assert_null (renew (fixture, &after_cut, &error));
  g_assert_error (error, LK_OAUTH_ERROR, LK_OAUTH_ERROR_REFUSED);
  g_assert_cmpint (after_cut->klass, ==, LK_CLASS_REFRESH_DEAD);
}

static void
test_offline (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkFault) fault = NULL;

  soup_server_disconnect (fixture->server);
  g_assert_null (renew (fixture, &fault, &error));
  g_assert_error (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_OFFLINE);
  g_assert_true (lk_fault_is_local (fault, "offline"));
  g_assert_cmpuint (count_open (fixture), ==, 0);
}

/* Without a keyring nothing is sent: there would be no place for the reply. */
static void
test_no_keyring (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  stop_keyring (fixture);
  g_assert_null (renew (fixture, NULL, &error));
  g_assert_cmpuint (error->domain, ==, LK_STORAGE_ERROR);
  g_assert_cmpint (fixture->requests, ==, 0);
  g_assert_cmpuint (count_open (fixture), ==, 0);
}

static void
keep_in_journal (Fixture *fixture,
                 gint64   ends)
{
  g_autoptr(LkTokenSet) tokens = make_tokens ("rft.kept", 7, ends);
  g_autoptr(GError) error = NULL;

  g_assert_true (lk_journal_intend (fixture->journal, "c1", 6, "deadbeef", NOW, &error));
  g_assert_no_error (error);
  g_assert_true (lk_journal_keep_reply (fixture->journal, "c1", tokens, &error));
  g_assert_no_error (error);
}

/* A reply that never reached the keyring is put there, by a start or by the next renewal. */
static void
test_kept_reply (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) first = renew (fixture, NULL, &error);
  g_autoptr(LkTokenSet) second = NULL;
  g_autoptr(LkTokenSet) third = NULL;
  g_autoptr(GPtrArray) replayed = NULL;
  LkReplayed *entry = NULL;

  g_assert_no_error (error);
  keep_in_journal (fixture, NOW + 7200);
  second = renew (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lk_token_set_get_generation (second), ==, 7);
  g_assert_cmpint (fixture->requests, ==, 1);
  g_assert_cmpuint (count_open (fixture), ==, 0);

  /* In the keyring and in the journal alike: a stop between steps 5 and 6. */
  keep_in_journal (fixture, NOW + 7200);
  replayed = replay (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (replayed->len, ==, 1);
  entry = g_ptr_array_index (replayed, 0);
  g_assert_false (entry->reply_lost);
  g_assert_cmpuint (lk_token_set_get_generation (entry->tokens), ==, 7);
  g_assert_cmpuint (count_open (fixture), ==, 0);

  third = look_up (fixture);
  g_assert_cmpstr (lk_secret_open (lk_token_set_get_refresh (third)), ==, "rft.kept");
}

int
main (int    argc,
      char **argv)
{
  /* libsecret keeps the connection for good, so the bus is stopped at the end, never taken down. */
  static GTestDBus *bus;
  g_autoptr(GDBusConnection) connection = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
  connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_dbus_connection_set_exit_on_close (connection, FALSE);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/oauth/renewer/joiners", test_joiners);
  ADD ("/oauth/renewer/lost", test_lost);
  ADD ("/oauth/renewer/lost-once", test_lost_once);
  ADD ("/oauth/renewer/refused", test_refused);
  ADD ("/oauth/renewer/offline", test_offline);
  ADD ("/oauth/renewer/no-keyring", test_no_keyring);
  ADD ("/oauth/renewer/kept-reply", test_kept_reply);

  result = g_test_run ();
  g_test_dbus_stop (bus);

  return result;
}
