/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "call-fixture.h"

#include <glib/gstdio.h>

#define STEP_S      0.1
#define DEADLINE_US (20 * G_USEC_PER_SEC)

static gint64
test_clock_get_now (LkClock *clock)
{
  return TEST_CLOCK (clock)->now / G_USEC_PER_SEC;
}

static gint64
test_clock_get_boot (LkClock *clock)
{
  return TEST_CLOCK (clock)->boot;
}

static void
test_clock_clock_init (LkClockInterface *iface)
{
  iface->get_now = test_clock_get_now;
  iface->get_boot = test_clock_get_boot;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestClock, test_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LK_TYPE_CLOCK, test_clock_clock_init))

static void
test_clock_class_init (TestClockClass *klass)
{
}

static void
test_clock_init (TestClock *self)
{
}

TestClock *
test_clock_new (gint64 now)
{
  TestClock *self = g_object_new (TEST_TYPE_CLOCK, NULL);

  self->now = now * G_USEC_PER_SEC;
  self->boot = 1000 * G_USEC_PER_SEC;

  return self;
}

void
test_clock_advance (TestClock *self,
                    double     seconds)
{
  gint64 step = (gint64) (seconds * G_USEC_PER_SEC);

  self->now += step;
  self->boot += step;
}

static LkTokenSet *
make_tokens (TestSource *self)
{
  g_autofree char *text = g_strdup_printf ("access-%u", self->generation);
  g_autoptr(LkSecret) access = lk_secret_new (text);
  LkTokenSetFields fields = { .access = access, .generation = self->generation };

  return lk_token_set_new (&fields);
}

static void
test_source_get_async (LkTokenSource       *source,
                       LkTokenSet          *rejected,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  TestSource *self = TEST_SOURCE (source);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  self->gets++;
  if (self->stuck)
    {
      /* Nobody will ever answer; the reference goes with the source's test. */
      g_object_unref (user_data);
      return;
    }

  if (self->is_locked)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "the keyring is locked");
      return;
    }

  if (rejected != NULL && lk_token_set_get_generation (rejected) == self->generation
      && !self->cannot_renew)
    {
      self->renewals++;
      if (self->refuses)
        {
          g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "refused");
          return;
        }
      self->generation++;
    }

  g_task_return_pointer (task, make_tokens (self), (GDestroyNotify) lk_token_set_unref);
}

static LkTokenSet *
test_source_get_finish (LkTokenSource  *source,
                        GAsyncResult   *result,
                        GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_source_fill (LkTokenSource *source,
                  LkValues      *values)
{
  g_autoptr(LkSecret) secret = lk_secret_new ("s3cret");

  lk_values_set (values, "client.id", "app-1");
  lk_values_set_secret (values, "client.secret", secret);
}

static gboolean
test_source_is_refusal (LkTokenSource *source,
                        const GError  *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

static void
test_source_source_init (LkTokenSourceInterface *iface)
{
  iface->get_async = test_source_get_async;
  iface->get_finish = test_source_get_finish;
  iface->fill = test_source_fill;
  iface->is_refusal = test_source_is_refusal;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestSource, test_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LK_TYPE_TOKEN_SOURCE,
                                                      test_source_source_init))

static void
test_source_class_init (TestSourceClass *klass)
{
}

static void
test_source_init (TestSource *self)
{
  self->generation = 1;
}

static void
cut_connection (SoupServerMessage *message)
{
  g_autoptr(GIOStream) stream = soup_server_message_steal_connection (message);

  g_io_stream_close (stream, NULL, NULL);
}

static void
answer (Fixture           *self,
        SoupServerMessage *message,
        const Script      *script)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  gint64 time = self->clock->now / G_USEC_PER_SEC + self->server_skew;
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc (time);
  g_autofree char *date_text = soup_date_time_to_string (date, SOUP_DATE_HTTP);
  g_autofree char *body = NULL;

  if (script->code >= 0)
    body = g_strdup_printf ("{\"code\":%d,\"message\":\"%s\",\"request_id\":\"R%u\",\"data\":{}}",
                            script->code, script->message, self->seen->len);
  else
    body = g_strdup (script->body);

  soup_message_headers_replace (headers, "Date", date_text);
  soup_server_message_set_status (message, (guint) script->status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body,
                                    strlen (body));
}

static void
handle (SoupServer        *server,
        SoupServerMessage *message,
        const char        *path,
        GHashTable        *query,
        gpointer           user_data)
{
  Fixture *self = user_data;
  static const Script success = { 200, 0, "OK", NULL };
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *token = soup_message_headers_get_one (headers, "Access-Token");
  static const Script expired = { 200, 40102, "expired", NULL };
  gboolean is_expired = self->expired != NULL && g_strcmp0 (token, self->expired) == 0;
  g_autofree Script *script = is_expired ? NULL : g_queue_pop_head (&self->script);

  g_ptr_array_add (self->seen, g_strdup_printf ("%s %s %s",
                                                soup_server_message_get_method (message), path,
                                                token != NULL ? token : "-"));
  g_array_append_val (self->arrivals, self->clock->boot);
  g_free (self->query);
  self->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));

  if (script != NULL && script->status == 0)
    cut_connection (message);
  else if (script != NULL && script->status < 0)
    {
      soup_server_message_pause (message);
      g_ptr_array_add (self->paused, g_object_ref (message));
    }
  else
    answer (self, message, is_expired ? &expired : script != NULL ? script : &success);
}

static void
add_profile (Fixture    *self,
             const char *id,
             const char *var,
             const char *more)
{
  g_autofree char *json = NULL;
  g_autofree char *name = g_strdup_printf ("test-%s.json", id);
  g_autofree char *file = g_build_filename (self->home, name, NULL);

  json = g_strdup_printf ("{\"schema\":1,\"id\":\"test-%s\",\"extends\":\"tiktok-%s\","
                          "\"vars\":{\"%s\":\"http://127.0.0.1:%u\"}%s}",
                          id, id, var, self->port, more);
  g_assert_true (g_file_set_contents (file, json, -1, NULL));
}

static guint
listen_locally (SoupServer *server)
{
  g_autoptr(GError) error = NULL;
  GSList *uris;
  guint port;

  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server);
  port = (guint) g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return port;
}

void
fixture_set_up (Fixture       *self,
                gconstpointer  data)
{
  self->home = g_dir_make_tmp ("lk-call-XXXXXX", NULL);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, handle, self, NULL);
  self->port = listen_locally (self->server);
  add_profile (self, "ads", "business", data != NULL ? data : "");
  add_profile (self, "account", "business", "");
  add_profile (self, "login", "api", "");
  add_profile (self, "shop", "api", "");
  self->profiles = lk_profile_set_new (self->home);
  g_assert_cmpuint (lk_profile_set_get_problems (self->profiles)->len, ==, 0);
  self->ads = lk_profile_set_lookup (self->profiles, "test-ads");
  self->account = lk_profile_set_lookup (self->profiles, "test-account");
  self->login = lk_profile_set_lookup (self->profiles, "test-login");
  self->shop = lk_profile_set_lookup (self->profiles, "test-shop");
  self->clock = test_clock_new (NOW);
  self->http = lk_http_new ();
  self->engine = lk_call_engine_new (self->http, LK_CLOCK (self->clock));
  lk_call_engine_set_seed (self->engine, 7);
  self->source = g_object_new (TEST_TYPE_SOURCE, NULL);
  g_queue_init (&self->script);
  self->seen = g_ptr_array_new_with_free_func (g_free);
  self->paused = g_ptr_array_new_with_free_func (g_object_unref);
  self->arrivals = g_array_new (FALSE, FALSE, sizeof (gint64));
}

void
fixture_tear_down (Fixture       *self,
                   gconstpointer  data)
{
  static const char * const names[] = { "test-ads.json", "test-account.json", "test-login.json",
                                       "test-shop.json" };

  fixture_settle (self);
  g_queue_clear_full (&self->script, g_free);
  g_assert_finalize_object (self->engine);
  g_clear_object (&self->http);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->paused, g_ptr_array_unref);
  g_clear_object (&self->source);
  g_clear_object (&self->clock);
  lk_profile_set_unref (self->profiles);
  g_ptr_array_unref (self->seen);
  g_free (self->query);
  g_array_unref (self->arrivals);
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (self->home, names[i], NULL);

      g_remove (file);
    }
  g_rmdir (self->home);
  g_free (self->home);
}

void
fixture_reply (Fixture    *self,
               int         status,
               int         code,
               const char *message)
{
  Script *script = g_new0 (Script, 1);

  script->status = status;
  script->code = code;
  script->message = message;
  g_queue_push_tail (&self->script, script);
}

void
fixture_reply_raw (Fixture    *self,
                   int         status,
                   const char *body)
{
  Script *script = g_new0 (Script, 1);

  script->status = status;
  script->code = -1;
  script->body = body;
  g_queue_push_tail (&self->script, script);
}

static void
called_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->result = lk_call_engine_call_finish (LK_CALL_ENGINE (source), result, &outcome->error);
  g_assert_true ((outcome->result == NULL) == (outcome->error != NULL));
  outcome->done = TRUE;
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->answer = lk_call_engine_probe_finish (LK_CALL_ENGINE (source), result, &outcome->error);
  g_assert_true ((outcome->answer == NULL) == (outcome->error != NULL));
  outcome->done = TRUE;
}

Outcome *
fixture_start (Fixture       *self,
               LkProfile     *profile,
               const char    *connection,
               LkCallRequest *call,
               guint          deadline,
               GCancellable  *cancellable)
{
  Outcome *outcome = g_new0 (Outcome, 1);

  lk_call_engine_call_async (self->engine, profile, "app", connection,
                             LK_TOKEN_SOURCE (self->source), call, deadline, cancellable,
                             called_cb, outcome);

  return outcome;
}

Outcome *
fixture_probe (Fixture    *self,
               LkProfile  *profile,
               const char *probe,
               const char *center,
               const char *account)
{
  Outcome *outcome = g_new0 (Outcome, 1);

  lk_call_engine_probe_async (self->engine, profile, "app", "conn",
                              LK_TOKEN_SOURCE (self->source), probe, center, account, NULL,
                              probed_cb, outcome);

  return outcome;
}

static gboolean
quiet_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static gboolean
is_busy (Fixture *self)
{
  return self->engine->n_out > self->paused->len || g_main_context_pending (NULL);
}

void
fixture_forget (Fixture *self)
{
  g_ptr_array_set_size (self->paused, 0);
  fixture_settle (self);
}

/* Requests that the server is told to leave alone are not waited for. */
void
fixture_settle (Fixture *self)
{
  gint64 end = g_get_monotonic_time () + DEADLINE_US;
  gboolean quiet = FALSE;

  while (!quiet)
    {
      guint id;

      g_assert_cmpint (g_get_monotonic_time (), <, end);
      while (is_busy (self))
        {
          g_assert_cmpint (g_get_monotonic_time (), <, end);
          g_main_context_iteration (NULL, self->engine->n_out > self->paused->len);
        }
      id = g_timeout_add (1, quiet_cb, &quiet);
      g_main_context_iteration (NULL, TRUE);
      if (!quiet)
        g_source_remove (id);
    }
}

double
fixture_advance (Fixture *self,
                 Outcome *outcome,
                 double   seconds)
{
  double passed = 0;

  fixture_settle (self);
  while (passed < seconds - 1e-9 && (outcome == NULL || !outcome->done))
    {
      double step = MIN (seconds > 60 ? 1 : STEP_S, seconds - passed);

      test_clock_advance (self->clock, step);
      passed += step;
      lk_call_engine_wake (self->engine);
      if (is_busy (self))
        fixture_settle (self);
    }

  return passed;
}

void
outcome_free (Outcome *self)
{
  lk_call_result_free (self->result);
  lk_probe_answer_free (self->answer);
  g_clear_error (&self->error);
  g_free (self);
}

/* "sent refused waiting:1.0 sent done" */
char *
outcome_steps (Outcome *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->result->steps->len; i++)
    {
      const LkCallStep *step = g_ptr_array_index (self->result->steps, i);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", step->kind);
      if (step->seconds > 0 && g_strcmp0 (step->kind, "backing-off") != 0)
        g_string_append_printf (text, ":%.0f", step->seconds);
    }

  return g_string_free (text, FALSE);
}

LkCallRequest *
fixture_reading (const char *account)
{
  LkCallRequest *call = lk_call_request_new ("GET", ADS_GET);

  if (account != NULL)
    {
      g_autofree char *pair = g_strdup_printf ("advertiser_id=%s", account);
      const char * const query[] = { pair, NULL };

      call->query = g_strdupv ((char **) query);
    }

  return call;
}

LkCallRequest *
fixture_creating (void)
{
  LkCallRequest *call = lk_call_request_new ("POST", ADS_CREATE);

  call->body = g_bytes_new_static ("{\"advertiser_id\":\"700\"}", 23);

  return call;
}

/* One call to its end, with at most @seconds of the clock. Returns how many it took. */
double
fixture_finish (Fixture *self,
                Outcome *outcome,
                double   seconds)
{
  double passed = fixture_advance (self, outcome, seconds);

  g_assert_true (outcome->done);

  return passed;
}

void
outcome_assert_steps (Outcome    *outcome,
                      const char *expected)
{
  g_autofree char *steps = outcome_steps (outcome);

  g_assert_cmpstr (steps, ==, expected);
}
