/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "call-fixture.h"

static void
test_success (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading ("700");
  g_autoptr(Outcome) outcome = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);

  fixture_finish (fixture, outcome, 0.1);
  g_assert_no_error (outcome->error);
  g_assert_null (outcome->result->fault);
  g_assert_nonnull (outcome->result->reply);
  g_assert_cmpuint (outcome->result->attempts, ==, 1);
  g_assert_false (outcome->result->renewed);
  outcome_assert_steps (outcome, "sent done");
  g_assert_cmpuint (fixture->seen->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (fixture->seen, 0), ==, "GET " API ADS_GET " access-1");
}

/* An expired token is renewed once, the call repeated once, also one that creates something. */
static void
test_expired (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = lk_call_request_new ("POST", "business/video/publish/");
  g_autoptr(Outcome) outcome = NULL;

  fixture_reply (fixture, 200, 40102, "expired");
  outcome = fixture_start (fixture, fixture->account, "conn", call, 30, NULL);
  fixture_finish (fixture, outcome, 0.1);
  g_assert_no_error (outcome->error);
  g_assert_null (outcome->result->fault);
  g_assert_true (outcome->result->renewed);
  g_assert_cmpuint (outcome->result->attempts, ==, 2);
  outcome_assert_steps (outcome, "sent refused renewed sent done");
  g_assert_cmpuint (fixture->source->renewals, ==, 1);
  g_assert_cmpuint (fixture->seen->len, ==, 2);
  g_assert_true (g_str_has_suffix (g_ptr_array_index (fixture->seen, 0), "access-1"));
  g_assert_true (g_str_has_suffix (g_ptr_array_index (fixture->seen, 1), "access-2"));
}

static void
test_expired_twice (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  g_autoptr(Outcome) outcome = NULL;

  for (int i = 0; i < 5; i++)
    fixture_reply (fixture, 200, 40105, "Access token is incorrect or has been revoked.");
  outcome = fixture_start (fixture, fixture->account, "conn", call, 300, NULL);
  fixture_finish (fixture, outcome, 0.1);
  g_assert_nonnull (outcome->result->fault);
  g_assert_cmpstr (outcome->result->fault->code, ==, "40105");
  g_assert_cmpstr (outcome->result->fault->endpoint, ==, API ADS_GET);
  g_assert_cmpstr (outcome->result->fault->method, ==, "GET");
  g_assert_cmpint (outcome->result->fault->at, ==, NOW);
  g_assert_true (outcome->result->renewed);
  g_assert_nonnull (outcome->result->reply);
  g_assert_cmpuint (fixture->source->renewals, ==, 1);
  g_assert_cmpuint (fixture->seen->len, ==, 2);
}

/* TikTok Ads has nothing to renew with: no renewal is tried, and the finding says so. */
static void
test_revoked_without_renewal (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  g_autoptr(Outcome) outcome = NULL;

  fixture_reply (fixture, 200, 40105, "Access token is incorrect or has been revoked.");
  outcome = fixture_start (fixture, fixture->ads, "conn", call, 300, NULL);
  fixture_finish (fixture, outcome, 0.1);
  g_assert_cmpint (outcome->result->fault->klass, ==, LK_CLASS_TOKEN_REVOKED);
  g_assert_false (outcome->result->renewed);
  g_assert_cmpuint (fixture->source->renewals, ==, 0);
  g_assert_cmpuint (fixture->seen->len, ==, 1);
}

/* Many calls that find the same token expired renew it once. */
static void
test_expired_together (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  Outcome *outcomes[8];

  fixture->expired = "access-1";
  for (size_t i = 0; i < G_N_ELEMENTS (outcomes); i++)
    outcomes[i] = fixture_start (fixture, fixture->account, "conn", call, 30, NULL);
  fixture_advance (fixture, NULL, 5);
  for (size_t i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_assert_true (outcomes[i]->done);
      g_assert_null (outcomes[i]->result->fault);
      outcome_free (outcomes[i]);
    }
  g_assert_cmpuint (fixture->source->renewals, ==, 1);
  g_assert_cmpuint (fixture->seen->len, ==, 16);
}

/* A source that has nothing newer: the same is not sent again. */
static void
test_expired_no_renewal (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  g_autoptr(Outcome) outcome = NULL;

  fixture->source->cannot_renew = TRUE;
  fixture_reply (fixture, 200, 40102, "expired");
  outcome = fixture_start (fixture, fixture->account, "conn", call, 30, NULL);
  fixture_finish (fixture, outcome, 0.1);
  g_assert_cmpstr (outcome->result->fault->code, ==, "40102");
  g_assert_false (outcome->result->renewed);
  g_assert_cmpuint (fixture->seen->len, ==, 1);
}

/* A locked keyring is an error of its own: nothing is sent, nothing is used up. */
static void
test_source_fails (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  g_autoptr(Outcome) outcome = NULL;

  fixture->source->is_locked = TRUE;
  outcome = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);
  fixture_finish (fixture, outcome, 0.1);
  g_assert_error (outcome->error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpuint (fixture->seen->len, ==, 0);
  for (int i = 0; i < 5; i++)
    {
      g_autoptr(Outcome) other = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);

      fixture_finish (fixture, other, 0.1);
    }
  g_assert_false (lk_call_engine_is_circuit_open (fixture->engine, "conn"));
}

static void
test_elsewhere (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = lk_call_request_new ("GET", "https://example.com/steal");
  g_autoptr(Outcome) outcome = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);

  fixture_finish (fixture, outcome, 0.1);
  g_assert_error (outcome->error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_INSECURE);
  g_assert_cmpuint (fixture->seen->len, ==, 0);
}

typedef struct
{
  const char *name;
  int         status, code;
  const char *message;
  guint       reads, creates; /* requests that may be sent */
} RepeatRow;

/* What may have created something is repeated only on proof that it did not. */
static const RepeatRow repeat_rows[] = {
  { "40100", 200, 40100, "App reaches the QPS limit.", 2, 2 },
  { "40102", 200, 40102, "expired", 2, 2 },
  { "50000", 200, 50000, "system error", 2, 1 },
  { "500", 500, -1, "<html>oops</html>", 2, 1 },
  { "503", 503, -1, "", 2, 1 },
  { "cut", 0, -1, NULL, 2, 1 },
  { "garbage", 200, -1, "\x01\x02 not json", 2, 1 },
  { "maintenance", 200, 60001, "maintenance", 1, 1 },
  { "40001", 200, 40001, "No permission to operate advertiser 700", 1, 1 },
  { "40002", 200, 40002, "Missing required field", 1, 1 },
};

static void
test_repeat (Fixture       *fixture,
             gconstpointer  data)
{
  for (size_t i = 0; i < G_N_ELEMENTS (repeat_rows); i++)
    {
      const RepeatRow *row = &repeat_rows[i];

      for (int create = 0; create < 2; create++)
        {
          g_autoptr(LkCallRequest) call = create ? fixture_creating () : fixture_reading ("700");
          g_autoptr(Outcome) outcome = NULL;
          guint expected = create ? row->creates : row->reads;

          g_test_message ("%s, %s", row->name, call->method);
          g_ptr_array_set_size (fixture->seen, 0);
          if (row->code >= 0)
            fixture_reply (fixture, row->status, row->code, row->message);
          else
            fixture_reply_raw (fixture, row->status, row->message);
          outcome = fixture_start (fixture, fixture->account, "conn", call, 30, NULL);
          fixture_finish (fixture, outcome, 10);
          g_assert_cmpuint (fixture->seen->len, ==, expected);
          g_assert_cmpuint (outcome->result->attempts, ==, expected);
          g_assert_true ((outcome->result->fault == NULL) == (expected == 2));
          fixture_advance (fixture, NULL, 120);
        }
    }
}

/* No reply within the deadline: it may have been carried out, so one request only; the reply that
 * was too large may have been too. */
static void
test_no_answer (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *huge = g_strnfill (LK_HTTP_MAX_REPLY + 1, 'x');

  for (int create = 0; create < 2; create++)
    {
      g_autoptr(LkCallRequest) call = create ? fixture_creating () : fixture_reading ("700");
      g_autoptr(Outcome) silent = NULL;
      g_autoptr(Outcome) large = NULL;

      g_ptr_array_set_size (fixture->seen, 0);
      fixture_reply (fixture, -1, 0, "");
      silent = fixture_start (fixture, fixture->ads, "conn", call, 5, NULL);
      g_assert_cmpfloat_with_epsilon (fixture_finish (fixture, silent, 10), 5, 0.2);
      fixture_forget (fixture);
      g_assert_true (lk_fault_is_local (silent->result->fault, "timed-out"));
      g_assert_cmpstr (silent->result->fault->endpoint, ==,
                       create ? API ADS_CREATE : API ADS_GET);
      g_assert_cmpstr (silent->result->fault->account, ==, "700");
      g_assert_cmpuint (fixture->seen->len, ==, 1);

      fixture_reply_raw (fixture, 200, huge);
      large = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);
      fixture_finish (fixture, large, 10);
      g_assert_true (lk_fault_is_local (large->result->fault, "reply-too-large"));
      g_assert_cmpuint (fixture->seen->len, ==, 2);
    }
}

/* Where nothing could be sent, also what creates is tried three times. */
static void
test_offline (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_creating ();
  g_autoptr(Outcome) outcome = NULL;

  soup_server_disconnect (fixture->server);
  outcome = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);
  fixture_finish (fixture, outcome, 10);
  g_assert_true (lk_fault_is_local (outcome->result->fault, "offline"));
  g_assert_cmpuint (outcome->result->attempts, ==, 3);
  outcome_assert_steps (outcome, "sent refused backing-off sent refused backing-off "
                                 "sent refused done");
}

/* Three tries, then the fault; and none that would end after the deadline. */
static void
test_back_off (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  g_autoptr(Outcome) outcome = NULL;

  for (int i = 0; i < 10; i++)
    fixture_reply (fixture, 200, 50000, "system error");
  outcome = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);
  g_assert_cmpfloat (fixture_finish (fixture, outcome, 10), <=, 3.2);
  g_assert_cmpint (outcome->result->fault->klass, ==, LK_CLASS_TRANSIENT);
  g_assert_nonnull (outcome->result->fault->trace_id);
  g_assert_cmpuint (fixture->seen->len, ==, 3);
  outcome_assert_steps (outcome, "sent refused backing-off sent refused backing-off "
                                 "sent refused done");
}

static Outcome *
call_once (Fixture    *fixture,
           LkProfile  *profile,
           const char *connection,
           int         code)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  Outcome *outcome;

  fixture_reply (fixture, 200, code, "x");
  outcome = fixture_start (fixture, profile, connection, call, 30, NULL);
  fixture_finish (fixture, outcome, 30);
  if (fixture->script.length > 0)
    g_queue_clear_full (&fixture->script, g_free);

  return outcome;
}

/* Three in a row open it, for this connection only; a person or a probe closes it. */
static void
test_circuit (Fixture       *fixture,
              gconstpointer  data)
{
  static const int codes[] = { 40105, 40105, 0, 40105, 40002, 40105, 40105 };
  g_autoptr(Outcome) local = NULL;
  g_autoptr(Outcome) other = NULL;
  g_autoptr(Outcome) probe = NULL;
  guint before;

  for (size_t i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr(Outcome) outcome = NULL;

      g_assert_false (lk_call_engine_is_circuit_open (fixture->engine, "conn"));
      outcome = call_once (fixture, fixture->ads, "conn", codes[i]);
    }
  g_assert_true (lk_call_engine_is_circuit_open (fixture->engine, "conn"));

  before = fixture->seen->len;
  local = call_once (fixture, fixture->ads, "conn", 0);
  g_assert_true (lk_fault_is_local (local->result->fault, "circuit-open"));
  g_assert_cmpint (local->result->fault->klass, ==, LK_CLASS_TOKEN_REVOKED);
  outcome_assert_steps (local, "circuit done");
  g_assert_cmpuint (fixture->seen->len, ==, before);
  other = call_once (fixture, fixture->ads, "other", 0);
  g_assert_null (other->result->fault);

  fixture_reply_raw (fixture, 200, "{\"code\":0,\"data\":{\"core_user_id\":\"9\"}}");
  probe = fixture_probe (fixture, fixture->ads, "identity", NULL, NULL);
  fixture_finish (fixture, probe, 1);
  g_assert_null (probe->answer->fault);
  g_assert_false (lk_call_engine_is_circuit_open (fixture->engine, "conn"));
}

static void
test_circuit_closed (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(Outcome) probe = NULL;
  g_autoptr(Outcome) news = NULL;

  /* An expired token counts once its renewal was refused, or did not help. */
  fixture->source->refuses = TRUE;
  for (int i = 0; i < 3; i++)
    {
      g_autoptr(Outcome) outcome = call_once (fixture, fixture->account, "conn", 40102);

      g_assert_error (outcome->error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
    }
  g_assert_true (lk_call_engine_is_circuit_open (fixture->engine, "conn"));

  fixture_reply (fixture, 200, 40105, "x");
  probe = fixture_probe (fixture, fixture->account, "identity", NULL, "700");
  fixture_finish (fixture, probe, 1);
  g_assert_nonnull (probe->answer->fault);
  g_assert_true (lk_call_engine_is_circuit_open (fixture->engine, "conn"));

  /* A probe that needs no token proves nothing about one. */
  fixture_reply_raw (fixture, 200, "<rss version=\"2.0\"><channel></channel></rss>");
  news = fixture_probe (fixture, fixture->ads, "status", NULL, NULL);
  fixture_finish (fixture, news, 1);
  g_assert_null (news->answer->fault);
  g_assert_true (lk_call_engine_is_circuit_open (fixture->engine, "conn"));

  lk_call_engine_close_circuit (fixture->engine, "conn");
  g_assert_false (lk_call_engine_is_circuit_open (fixture->engine, "conn"));
}

/* A call that waits for its turn while others find the token dead is not sent any more. */
static void
test_circuit_opens_meanwhile (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  Outcome *outcomes[20];
  guint local = 0;

  for (int i = 0; i < 20; i++)
    fixture_reply (fixture, 200, 40105, "x");
  for (size_t i = 0; i < G_N_ELEMENTS (outcomes); i++)
    outcomes[i] = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);
  fixture_advance (fixture, NULL, 5);
  for (size_t i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_assert_true (outcomes[i]->done);
      local += lk_fault_is_local (outcomes[i]->result->fault, "circuit-open") ? 1 : 0;
      outcome_free (outcomes[i]);
    }
  g_assert_cmpuint (fixture->seen->len, ==, 10);
  g_assert_cmpuint (local, ==, 10);
}

static void
assert_cancelled (Fixture      *fixture,
                  Outcome      *outcome,
                  GCancellable *cancellable)
{
  fixture_settle (fixture);
  g_assert_false (outcome->done);
  g_cancellable_cancel (cancellable);
  fixture_forget (fixture);
  g_assert_true (outcome->done);
  g_assert_error (outcome->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  outcome_free (outcome);
}

/* At each point: before, in the queue, while the token comes, under way, between two tries. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  g_autoptr(Outcome) before = NULL;

  for (int point = 0; point < 5; point++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();

      g_test_message ("point %d", point);
      g_ptr_array_set_size (fixture->seen, 0);
      if (point == 0)
        {
          g_cancellable_cancel (cancellable);
          before = fixture_start (fixture, fixture->ads, "conn", call, 30, cancellable);
          fixture_finish (fixture, before, 0.1);
          g_assert_error (before->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          g_assert_cmpuint (fixture->seen->len, ==, 0);
          continue;
        }

      if (point == 1)
        fixture_reply (fixture, 200, 40100, "App reaches the QPS limit.");
      else if (point == 2)
        fixture_reply (fixture, -1, 0, "");
      else if (point == 3)
        fixture_reply (fixture, 200, 50000, "x");
      fixture->source->stuck = point == 4;
      assert_cancelled (fixture, fixture_start (fixture, fixture->ads, "conn", call, 30,
                                                cancellable), cancellable);
      g_assert_cmpuint (fixture->seen->len, ==, point == 4 ? 0 : 1);
      fixture_advance (fixture, NULL, 60);
      g_assert_cmpuint (fixture->seen->len, ==, point == 4 ? 0 : 1);
    }
}

/* Cancelled before it was sent: it is not sent, though the token is there first. */
static void
test_cancel_in_time (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(LkCallRequest) call = fixture_creating ();
  g_autoptr(Outcome) outcome = fixture_start (fixture, fixture->ads, "conn", call, 30,
                                              cancellable);

  g_cancellable_cancel (cancellable);
  fixture_finish (fixture, outcome, 1);
  g_assert_error (outcome->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->seen->len, ==, 0);
}

/* A token that never comes ends with the deadline too, and nothing was sent. */
static void
test_deadline (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  g_autoptr(Outcome) outcome = NULL;

  fixture->source->stuck = TRUE;
  outcome = fixture_start (fixture, fixture->ads, "conn", call, 3, NULL);
  g_assert_cmpfloat_with_epsilon (fixture_finish (fixture, outcome, 10), 3, 0.11);
  g_assert_true (lk_fault_is_local (outcome->result->fault, "timed-out"));
  g_assert_cmpuint (outcome->result->attempts, ==, 0);
  g_assert_cmpuint (fixture->seen->len, ==, 0);
}

static void
step_cb (LkCallEngine  *engine,
         LkTokenSource *source,
         LkCallStep    *step,
         gpointer       user_data)
{
  g_string_append_printf (user_data, "%s%s ", step->kind,
                          g_strcmp0 (step->code, "40100") == 0 ? "!" : "");
  g_assert_cmpint (step->at, >=, NOW);
}

/* Each step is told when it is taken. */
static void
test_steps (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  g_autoptr(Outcome) outcome = NULL;
  GString *told = g_string_new (NULL);

  g_signal_connect (fixture->engine, "step", G_CALLBACK (step_cb), told);
  fixture_reply (fixture, 200, 40100, "App reaches the QPS limit.");
  outcome = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);
  fixture_settle (fixture);
  g_assert_cmpstr (told->str, ==, "sent refused! waiting ");
  fixture_finish (fixture, outcome, 5);
  g_assert_cmpstr (told->str, ==, "sent refused! waiting sent done ");
  g_string_free (told, TRUE);
}

/* Signed requests carry the provider's time once that is known. */
static void
test_signing_time (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *ours = g_strdup_printf ("timestamp=%" G_GINT64_FORMAT, NOW);
  g_autofree char *theirs = g_strdup_printf ("timestamp=%" G_GINT64_FORMAT, NOW + 4000);
  g_autoptr(LkCallRequest) call = lk_call_request_new ("GET", "/order/202309/orders");

  fixture->server_skew = 4000;
  for (int i = 0; i < 2; i++)
    {
      g_autoptr(Outcome) outcome = fixture_start (fixture, fixture->shop, "conn", call, 30, NULL);

      fixture_finish (fixture, outcome, 1);
      g_assert_no_error (outcome->error);
      g_assert_nonnull (strstr (fixture->query, i == 0 ? ours : theirs));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, function)                                                                  \
  g_test_add ("/transport/call/" name, Fixture, data, fixture_set_up, function, fixture_tear_down)
  ADD ("success", NULL, test_success);
  ADD ("expired", NULL, test_expired);
  ADD ("expired-twice", NULL, test_expired_twice);
  ADD ("expired-together", NULL, test_expired_together);
  ADD ("expired-no-renewal", NULL, test_expired_no_renewal);
  ADD ("revoked-without-renewal", NULL, test_revoked_without_renewal);
  ADD ("source-fails", NULL, test_source_fails);
  ADD ("elsewhere", NULL, test_elsewhere);
  ADD ("repeat", NULL, test_repeat);
  ADD ("no-answer", NULL, test_no_answer);
  ADD ("offline", NULL, test_offline);
  ADD ("back-off", NULL, test_back_off);
  ADD ("circuit", NULL, test_circuit);
  ADD ("circuit-closed", NULL, test_circuit_closed);
  ADD ("circuit-meanwhile", NULL, test_circuit_opens_meanwhile);
  ADD ("cancel", NULL, test_cancel);
  ADD ("cancel-in-time", NULL, test_cancel_in_time);
  ADD ("deadline", NULL, test_deadline);
  ADD ("steps", NULL, test_steps);
  ADD ("signing-time", NULL, test_signing_time);

  return g_test_run ();
}
