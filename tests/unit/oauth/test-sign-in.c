/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <glib/gstdio.h>
#include <libsoup/soup.h>

#include "lk-profile-set.h"
#include "lk-sign-in.h"

#define DEADLINE_MS 15000
#define NOW         1795239333
#define TOKENS      "{\"access_token\":\"act.A\",\"expires_in\":7200,\"open_id\":\"me\"," \
                    "\"refresh_token\":\"rft.A\",\"refresh_expires_in\":15552000," \
                    "\"scope\":\"user.info.basic\",\"token_type\":\"Bearer\"}"
#define WHO         "{\"data\":{\"user\":{\"open_id\":\"me\",\"display_name\":\"Ann\"}}," \
                    "\"error\":{\"code\":\"ok\",\"message\":\"\",\"log_id\":\"L1\"}}"
#define REFUSAL     "{\"error\":\"invalid_grant\",\"error_description\":\"no\",\"log_id\":\"L2\"}"

/* A provider of two paths, and one attempt at signing in to it. */
typedef struct
{
  SoupServer    *server;
  char          *folder;
  LkProfileSet  *profiles;
  LkHttp        *http;
  LkClock       *clock;
  LkSignIn      *sign_in;
  SoupSession   *browser;
  const char    *token_reply;
  const char    *who_reply;
  int            exchanges;
  GHashTable    *form;     /* of the last exchange */
  char          *redirect; /* (nullable): registered for the developer app */
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

  fixture->exchanges++;
  g_clear_pointer (&fixture->form, g_hash_table_unref);
  fixture->form = soup_form_decode (text);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY,
                                    fixture->token_reply, strlen (fixture->token_reply));
}

static void
who_cb (SoupServer        *server,
        SoupServerMessage *message,
        const char        *path,
        GHashTable        *query,
        gpointer           user_data)
{
  Fixture *fixture = user_data;

  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY,
                                    fixture->who_reply, strlen (fixture->who_reply));
}

static void
write_profile (Fixture *fixture,
               guint    port)
{
  g_autofree char *path = g_build_filename (fixture->folder, "test.json", NULL);
  g_autofree char *json = NULL;
  g_autoptr(GError) error = NULL;

  json = g_strdup_printf ("{\"schema\":1,\"id\":\"test-login\",\"extends\":\"tiktok-login\","
                          "\"name\":\"Test\",\"sandbox\":true,"
                          "\"vars\":{\"www\":\"http://127.0.0.1:%u\","
                          "\"api\":\"http://127.0.0.1:%u\"}}",
                          port, port);
  g_file_set_contents (path, json, -1, &error);
  g_assert_no_error (error);
}

static void
start (Fixture    *fixture,
       const char *expected,
       guint       lifetime)
{
  LkClientRecord client = { .name = (char *) "app", .provider = (char *) "test-login",
                            .client_id = (char *) "key", .redirect = fixture->redirect };
  g_autoptr(LkSecret) secret = lk_secret_new ("the-secret");
  const char * const scopes[] = { "user.info.basic", NULL };
  LkSignInOptions options = { &client, secret, scopes, expected, lifetime };
  LkProfile *profile = lk_profile_set_lookup (fixture->profiles, "test-login");
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (profile);
  g_clear_object (&fixture->sign_in);
  fixture->sign_in = lk_sign_in_new (profile, fixture->http, fixture->clock, &options, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GSList *uris = NULL;
  g_autoptr(GError) error = NULL;

  fixture->token_reply = TOKENS;
  fixture->who_reply = WHO;
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, "/v2/oauth/token/", token_cb, fixture, NULL);
  soup_server_add_handler (fixture->server, "/v2/user/info/", who_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);

  fixture->folder = g_dir_make_tmp ("latchkey-sign-in-XXXXXX", NULL);
  write_profile (fixture, (guint) g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  fixture->profiles = lk_profile_set_new (fixture->folder);
  fixture->http = lk_http_new ();
  fixture->clock = lk_manual_clock_new (NOW);
  fixture->browser = soup_session_new ();
  start (fixture, NULL, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "test.json", NULL);

  g_clear_object (&fixture->sign_in);
  g_clear_object (&fixture->browser);
  g_clear_object (&fixture->http);
  g_clear_object (&fixture->clock);
  g_clear_object (&fixture->server);
  lk_profile_set_unref (fixture->profiles);
  g_clear_pointer (&fixture->form, g_hash_table_unref);
  g_unlink (path);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->redirect);
}

static char *
get_parameter (Fixture    *fixture,
               const char *name)
{
  g_autoptr(GUri) uri = g_uri_parse (lk_sign_in_get_authorize_uri (fixture->sign_in),
                                     SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr(GHashTable) form = soup_form_decode (g_uri_get_query (uri));

  return g_strdup (g_hash_table_lookup (form, name));
}

static gboolean
too_late_cb (gpointer user_data)
{
  g_assert_not_reached ();

  return G_SOURCE_REMOVE;
}

static void
page_came_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GBytes) bytes = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);
  char **page = user_data;

  *page = bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                        : g_strdup ("");
}

/* The browser comes back with @query; "%s" stands for the attempt's own state. */
static char *
come_back (Fixture    *fixture,
           const char *query)
{
  g_autofree char *state = get_parameter (fixture, "state");
  g_auto(GStrv) parts = g_strsplit (query, "%s", 2);
  g_autofree char *filled = g_strjoinv (state, parts);
  g_autofree char *uri = g_strdup_printf ("%s?%s", lk_sign_in_get_redirect_uri (fixture->sign_in),
                                          filled);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", uri);
  char *page = NULL;
  guint id = g_timeout_add (DEADLINE_MS, too_late_cb, NULL);

  soup_session_send_and_read_async (fixture->browser, message, 0, NULL, page_came_cb, &page);
  while (page == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);

  return page;
}

static void
wait_for (Fixture       *fixture,
          LkSignInState  state)
{
  guint id = g_timeout_add (DEADLINE_MS, too_late_cb, NULL);

  while (lk_sign_in_get_state (fixture->sign_in) != state)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

/* What is sent: the very redirect, the verifier whose hex digest was announced. */
static void
test_good (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *challenge = get_parameter (fixture, "code_challenge");
  g_autofree char *page = come_back (fixture, "code=a%2Ab&state=%s&scopes=user.info.basic");
  g_autofree char *digest = NULL;

  g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_DONE);
  g_assert_nonnull (strstr (page, "You are signed in"));
  g_assert_nonnull (strstr (page, "Ann"));
  g_assert_cmpstr (lk_sign_in_get_identity (fixture->sign_in), ==, "me");
  g_assert_cmpstr (lk_sign_in_get_identity_name (fixture->sign_in), ==, "Ann");
  g_assert_true (lk_sign_in_was_verified (fixture->sign_in));
  g_assert_null (lk_sign_in_get_fault (fixture->sign_in));
  g_assert_cmpuint (lk_token_set_get_generation (lk_sign_in_get_tokens (fixture->sign_in)), ==, 1);

  g_assert_cmpint (fixture->exchanges, ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (fixture->form, "code"), ==, "a*b");
  g_assert_cmpstr (g_hash_table_lookup (fixture->form, "redirect_uri"), ==,
                   lk_sign_in_get_redirect_uri (fixture->sign_in));
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256,
                                          g_hash_table_lookup (fixture->form, "code_verifier"), -1);
  g_assert_cmpstr (digest, ==, challenge);
}

static void
test_forged (Fixture       *fixture,
             gconstpointer  data)
{
  static const char * const queries[] = {
    "code=a&state=forged", "code=a", "error=access_denied", "error=access_denied&state=x", "",
    "code=a&state=%s&state=x",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *page = come_back (fixture, queries[i]);

      g_assert_nonnull (strstr (page, "belongs to another sign-in"));
      g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_WAITING);
    }
  g_assert_cmpint (fixture->exchanges, ==, 0);

  g_free (come_back (fixture, "code=a&state=%s"));
  g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_DONE);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *page = come_back (fixture, "error=access_denied&error_description=No&state=%s");

  g_assert_nonnull (strstr (page, "Access was not granted"));
  g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_FAILED);
  g_assert_cmpint (lk_sign_in_get_fault (fixture->sign_in)->klass, ==, LK_CLASS_DENIED);
  g_assert_cmpint (fixture->exchanges, ==, 0);
}

static void
test_dead_code (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *page = NULL;

  fixture->token_reply = REFUSAL;
  page = come_back (fixture, "code=a&state=%s");
  g_assert_nonnull (strstr (page, "did not work"));
  g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_FAILED);
  g_assert_cmpstr (lk_sign_in_get_fault (fixture->sign_in)->code, ==, "invalid_grant");
  g_assert_null (lk_sign_in_get_tokens (fixture->sign_in));
  g_assert_cmpint (fixture->exchanges, ==, 1);
}

static void
test_expired (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *page = NULL;

  lk_manual_clock_advance (fixture->clock, 301);
  page = come_back (fixture, "code=a&state=%s");
  g_assert_nonnull (strstr (page, "took too long"));
  g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_FAILED);
  g_assert_true (lk_fault_is_local (lk_sign_in_get_fault (fixture->sign_in), "attempt-expired"));
  g_assert_cmpint (fixture->exchanges, ==, 0);
}

static void
test_paste (Fixture       *fixture,
            gconstpointer  data)
{
  static const char * const useless[] = {
    "hello", "https://example.com/", "code=abc", "code=abc&state=other", "state=abc",
  };
  g_autofree char *state = get_parameter (fixture, "state");
  g_autofree char *good = g_strdup_printf (" http://127.0.0.1:1/?code=abc&state=%s\n", state);
  g_autoptr(LkSecret) address = lk_secret_new (good);
  g_autoptr(GError) error = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (useless); i++)
    {
      g_autoptr(LkSecret) paste = lk_secret_new (useless[i]);
      g_autoptr(GError) complaint = NULL;

      g_assert_false (lk_sign_in_paste (fixture->sign_in, paste, &complaint));
      g_assert_error (complaint, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_null (strstr (complaint->message, "abc"));
    }

  g_assert_true (lk_sign_in_paste (fixture->sign_in, address, &error));
  g_assert_no_error (error);
  wait_for (fixture, LK_SIGN_IN_DONE);
  g_assert_cmpstr (g_hash_table_lookup (fixture->form, "code"), ==, "abc");

  g_assert_false (lk_sign_in_paste (fixture->sign_in, address, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_cmpint (fixture->exchanges, ==, 1);
}

static void
test_other_identity (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *page = NULL;

  start (fixture, "somebody-else", 0);
  page = come_back (fixture, "code=a&state=%s");
  g_assert_nonnull (strstr (page, "another login"));
  g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_QUESTION);
  lk_sign_in_accept_identity (fixture->sign_in, FALSE);
  g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_FAILED);
  g_assert_true (lk_fault_is_local (lk_sign_in_get_fault (fixture->sign_in), "identity-changed"));
  g_assert_null (lk_sign_in_get_tokens (fixture->sign_in));

  start (fixture, "somebody-else", 0);
  g_free (come_back (fixture, "code=a&state=%s"));
  lk_sign_in_accept_identity (fixture->sign_in, TRUE);
  g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_DONE);
  g_assert_nonnull (lk_sign_in_get_tokens (fixture->sign_in));

  start (fixture, "me", 0);
  g_free (come_back (fixture, "code=a&state=%s"));
  g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_DONE);
}

static void
test_page_word (Fixture       *fixture,
                gconstpointer  data)
{
  lk_sign_in_report_page (fixture->sign_in, "redirect_uri");
  g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_FAILED);
  g_assert_true (lk_fault_is_local (lk_sign_in_get_fault (fixture->sign_in), "page-redirect_uri"));
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  lk_sign_in_cancel (fixture->sign_in);
  g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_CANCELLED);
  g_assert_false (lk_sign_in_is_listening (fixture->sign_in));
  g_assert_null (lk_sign_in_get_tokens (fixture->sign_in));
}

/* A registered port is free for the next attempt as soon as the one before it has ended. */
static void
test_registered_port (Fixture       *fixture,
                      gconstpointer  data)
{
  LkSignIn *first = NULL;

  fixture->redirect = g_strdup (lk_sign_in_get_redirect_uri (fixture->sign_in));
  lk_sign_in_cancel (fixture->sign_in);
  first = g_steal_pointer (&fixture->sign_in);

  start (fixture, NULL, 0);
  g_assert_cmpstr (lk_sign_in_get_redirect_uri (fixture->sign_in), ==, fixture->redirect);
  g_free (come_back (fixture, "code=a&state=%s"));
  g_assert_cmpint (lk_sign_in_get_state (fixture->sign_in), ==, LK_SIGN_IN_DONE);
  g_object_unref (first);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/oauth/sign-in/good", test_good);
  ADD ("/oauth/sign-in/forged", test_forged);
  ADD ("/oauth/sign-in/refused", test_refused);
  ADD ("/oauth/sign-in/dead-code", test_dead_code);
  ADD ("/oauth/sign-in/expired", test_expired);
  ADD ("/oauth/sign-in/paste", test_paste);
  ADD ("/oauth/sign-in/other-identity", test_other_identity);
  ADD ("/oauth/sign-in/page-word", test_page_word);
  ADD ("/oauth/sign-in/cancel", test_cancel);
  ADD ("/oauth/sign-in/registered-port", test_registered_port);

  return g_test_run ();
}
