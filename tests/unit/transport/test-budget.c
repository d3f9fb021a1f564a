/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "budget-desk.h"

#include <string.h>

/* Ten a second, in the order of asking, and never eleven in any second. */
static void
test_second (Desk          *desk,
             gconstpointer  data)
{
  guint64 last = 0;
  guint passed = 0;

  desk_add_limit (desk, NULL, 1, 10, "app", FALSE);
  for (int i = 0; i < 10; i++)
    g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_GRANTED);
  for (int i = 0; i < 54; i++)
    g_assert_cmpint (lk_claim_get_state (desk_claim (desk, "/a/", NULL)), ==, LK_CLAIM_HELD);

  for (int second = 0; second < 6; second++)
    {
      guint in_second = 0;

      for (int tick = 0; tick < 20; tick++)
        {
          desk_advance (desk, 0.05);
          for (guint i = 0; i < desk->granted->len; i++)
            {
              guint64 number = lk_claim_get_number (g_ptr_array_index (desk->granted, i));

              g_assert_cmpuint (number, >, last);
              last = number;
            }
          in_second += desk_finish_granted (desk);
        }
      g_assert_cmpuint (in_second, <=, 10);
      passed += in_second;
    }
  g_assert_cmpuint (passed, ==, 54);
}

/* What is out may arrive up to a second after it was sent: the provider must not see eleven. */
static void
test_in_flight (Desk          *desk,
                gconstpointer  data)
{
  LkClaim *out[2];
  LkClaim *third;

  desk_add_limit (desk, NULL, 1, 2, "app", FALSE);
  out[0] = desk_claim (desk, "/a/", NULL);
  out[1] = desk_claim (desk, "/a/", NULL);
  third = desk_claim (desk, "/a/", NULL);
  desk_advance (desk, 1.5);
  g_assert_cmpint (lk_claim_get_state (third), ==, LK_CLAIM_HELD);
  desk_advance (desk, 0.6);
  g_assert_cmpint (lk_claim_get_state (third), ==, LK_CLAIM_GRANTED);

  lk_claim_release (out[0], TRUE);
  lk_claim_release (out[1], TRUE);
  desk_finish_granted (desk);
}

/* A place whose request never left is free again at once. */
static void
test_given_back (Desk          *desk,
                 gconstpointer  data)
{
  LkClaim *first;
  LkClaim *second;

  desk_add_limit (desk, NULL, 60, 1, "app", FALSE);
  desk_add_limit (desk, NULL, 0, 2, "app", FALSE);
  first = desk_claim (desk, "/a/", NULL);
  second = desk_claim (desk, "/a/", NULL);
  g_assert_cmpint (lk_claim_get_state (second), ==, LK_CLAIM_HELD);
  lk_claim_release (first, FALSE);
  lk_timers_fire (desk->timers);
  g_assert_cmpint (lk_claim_get_state (second), ==, LK_CLAIM_GRANTED);
  desk_finish_granted (desk);
  desk_advance (desk, 60);
  g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_GRANTED);
}

/* Of one path, of each path, of each account, of each token. */
static void
test_scopes (Desk          *desk,
             gconstpointer  data)
{
  desk_add_limit (desk, "/slow/", 60, 1, "app", FALSE);
  desk_add_limit (desk, NULL, 60, 3, "app", TRUE);
  desk_add_limit (desk, NULL, 60, 4, "account", FALSE);

  g_assert_cmpint (desk_pass (desk, "/slow/", "1"), ==, LK_CLAIM_GRANTED);
  g_assert_cmpint (desk_pass (desk, "/slow", "2"), ==, LK_CLAIM_HELD);
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (desk_pass (desk, "/a/", "1"), ==, LK_CLAIM_GRANTED);
  g_assert_cmpint (desk_pass (desk, "/a/", "2"), ==, LK_CLAIM_HELD);
  g_assert_cmpint (desk_pass (desk, "/b/", "1"), ==, LK_CLAIM_HELD);
  g_assert_cmpint (desk_pass (desk, "/b/", "2"), ==, LK_CLAIM_GRANTED);
}

/* A limit of a path may also be wider than the one that each path has. */
static void
test_wider_path (Desk          *desk,
                 gconstpointer  data)
{
  desk_add_limit (desk, NULL, 1, 1, "app", TRUE);
  desk_add_limit (desk, "/events/", 1, 5, "app", FALSE);

  for (int i = 0; i < 5; i++)
    g_assert_cmpint (desk_pass (desk, "/events/", NULL), ==, LK_CLAIM_GRANTED);
  g_assert_cmpint (desk_pass (desk, "/events/", NULL), ==, LK_CLAIM_HELD);
  g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_GRANTED);
  g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_HELD);
}

/* A day ends at 00:00 UTC, an hour from now; a clock that is set back gives no second day. */
static void
test_day (Desk          *desk,
          gconstpointer  data)
{
  g_autoptr(LkFault) fault = NULL;
  g_autoptr(GPtrArray) holds = NULL;
  LkClaimSpec spec;
  LkClaim *late;

  desk_add_limit (desk, NULL, 0, 3, "app", FALSE);
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_GRANTED);

  spec = desk_spec (desk, "/a/", NULL);
  spec.until = desk->clock->boot + 30 * G_USEC_PER_SEC;
  late = lk_budget_claim (desk->budget, &spec, desk_settled_cb, desk);
  g_assert_cmpint (lk_claim_get_state (late), ==, LK_CLAIM_REFUSED);
  fault = lk_claim_dup_fault (late);
  g_assert_true (lk_fault_is_local (fault, "budget"));
  g_assert_cmpint (fault->klass, ==, LK_CLASS_RATE);
  g_assert_cmpstr (fault->limit, ==, "day");
  g_assert_cmpstr (fault->slowed, ==, "app");
  g_assert_cmpint (fault->retry_at, ==, NOW + 3600);
  lk_claim_release (late, FALSE);

  holds = lk_budget_list_holds (desk->budget, "app");
  g_assert_cmpuint (holds->len, ==, 1);
  g_assert_cmpint (((LkFault *) holds->pdata[0])->retry_at, ==, NOW + 3600);

  desk->clock->now -= (gint64) 86400 * G_USEC_PER_SEC;
  g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_HELD);
  desk->clock->now += (gint64) 86400 * G_USEC_PER_SEC;
  desk_advance (desk, 3600);
  g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_HELD);
  desk_advance (desk, 2);
  g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_GRANTED);

  /* A clock that was a year ahead for a moment does not cost a year. */
  desk->clock->now += (gint64) 365 * 86400 * G_USEC_PER_SEC;
  g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_GRANTED);
  desk->clock->now -= (gint64) 365 * 86400 * G_USEC_PER_SEC;
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, i < 2 ? LK_CLAIM_GRANTED : LK_CLAIM_HELD);
  desk_advance (desk, 86400);
  g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_GRANTED);
}

/* What is slowed waits, what is not does not: asked again for each word. */
static void
test_holds (Desk          *desk,
            gconstpointer  data)
{
  static const struct
  {
    const char *slowed;
    const char *path, *account, *query;
    gboolean    held;
  } rows[] = {
    { "app", "/b/", "2", "pixel_code=Y", TRUE },
    { "account", "/b/", "1", NULL, TRUE },
    { "account", "/a/", "2", NULL, FALSE },
    { "account", "/a/", NULL, NULL, FALSE },
    { "account", "/b/", "1", "pixel_code=X", TRUE },
    { "path", "/a/", "2", NULL, TRUE },
    { "path", "/b/", "1", NULL, FALSE },
    { "value", "/a/", "2", "pixel_code=X", TRUE },
    { "value", "/a/", "1", "pixel_code=Y", FALSE },
    { "value", "/a/", "1", NULL, FALSE },
    { "value", "/b/", "1", "pixel_code=X", FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(LkCallRequest) refused = lk_call_request_new ("GET", "a");
      g_autoptr(LkCallRequest) next = lk_call_request_new ("GET", "a");
      g_autoptr(LkFault) fault = NULL;
      const char *refused_query[] = { "pixel_code=X", NULL };
      const char *next_query[] = { rows[i].query, NULL };
      LkClaimSpec spec = desk_spec (desk, "/a/", "1");
      LkClaim *made;

      refused->query = g_strdupv ((char **) refused_query);
      next->query = g_strdupv ((char **) next_query);
      spec.call = refused;
      fault = desk_hold (desk, &spec, 300, 0, rows[i].slowed,
                         "The request QPS is limited by pixel_code's value.");
      g_assert_cmpstr (fault->slowed, ==, rows[i].slowed);
      g_assert_cmpint (fault->retry_at, ==, lk_clock_get_now (LK_CLOCK (desk->clock)) + 300);

      spec = desk_spec (desk, rows[i].path, rows[i].account);
      spec.call = next;
      made = lk_budget_claim (desk->budget, &spec, desk_settled_cb, desk);
      g_test_message ("row %zu", i);
      g_assert_cmpint (lk_claim_get_state (made), ==,
                       rows[i].held ? LK_CLAIM_HELD : LK_CLAIM_GRANTED);
      lk_claim_release (made, FALSE);
      desk_advance (desk, 300);
    }
}

/* Where no account is named, it is the token's; other tokens and other paths go on. */
static void
test_hold_of_token (Desk          *desk,
                    gconstpointer  data)
{
  static const struct
  {
    const char *path, *token;
    gboolean    held;
  } rows[] = {
    { "/a/", "token", TRUE }, { "/a/", "other", FALSE }, { "/b/", "token", FALSE },
  };
  LkClaimSpec spec = desk_spec (desk, "/a/", NULL);
  g_autoptr(LkFault) fault = desk_hold (desk, &spec, 300, 0, "account", NULL);

  g_assert_cmpstr (fault->slowed, ==, "account");
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LkClaim *made;

      spec = desk_spec (desk, rows[i].path, NULL);
      spec.token = rows[i].token;
      made = lk_budget_claim (desk->budget, &spec, desk_settled_cb, desk);
      g_assert_cmpint (lk_claim_get_state (made), ==,
                       rows[i].held ? LK_CLAIM_HELD : LK_CLAIM_GRANTED);
      lk_claim_release (made, FALSE);
    }
}

/* The value of a body counts like one of a query. */
static void
test_values (void)
{
  static const struct
  {
    const char *query, *body, *expected;
  } rows[] = {
    { "pixel_code=C1", NULL, "pixel_code=C1" },
    { NULL, "{\"pixel_code\": \"C2\", \"x\":1}", "pixel_code=C2" },
    { NULL, "{\"data\":[{\"pixel_code\":77}]}", "pixel_code=77" },
    { NULL, "{\"pixel_code_2\":\"C2\"}", NULL },
    { "pixel=1", "", NULL },
    { NULL, "\"pixel_code\"", NULL },
  };
  const char *message = "The request QPS is limited by pixel_code's value.";
  g_autofree char *field = lk_budget_dup_field (message);

  g_assert_cmpstr (field, ==, "pixel_code");
  g_assert_null (lk_budget_dup_field (NULL));
  g_assert_null (lk_budget_dup_field ("'s value"));
  g_assert_null (lk_budget_dup_field ("too many requests"));

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(LkCallRequest) call = lk_call_request_new ("POST", "a");
      const char *query[] = { rows[i].query, NULL };
      g_autofree char *value = NULL;

      call->query = g_strdupv ((char **) query);
      if (rows[i].body != NULL)
        call->body = g_bytes_new_static (rows[i].body, strlen (rows[i].body));
      value = lk_budget_dup_value (call, field);
      g_assert_cmpstr (value, ==, rows[i].expected);
    }
}

/* A second refusal within a minute is a longer limit; refusals of one burst are one refusal. */
static void
test_again (Desk          *desk,
            gconstpointer  data)
{
  LkRateWait wait = { 1, 300, "second", "app" };
  LkClaimSpec spec = desk_spec (desk, "/a/", NULL);
  gint64 sent_at = desk->clock->boot;
  g_autoptr(LkFault) fault = lk_fault_new (LK_CLASS_RATE);

  test_clock_advance (desk->clock, 0.2);
  for (int i = 0; i < 8; i++)
    g_assert_cmpfloat_with_epsilon (lk_budget_hold (desk->budget, &spec, sent_at, fault, &wait), 1,
                                    0.001);
  g_assert_cmpstr (fault->limit, ==, "second");

  test_clock_advance (desk->clock, 1.1);
  g_assert_cmpfloat_with_epsilon (lk_budget_hold (desk->budget, &spec, desk->clock->boot - 1000,
                                                  fault, &wait), 300, 0.001);
  g_assert_cmpstr (fault->limit, ==, "minute");

  test_clock_advance (desk->clock, 400);
  g_assert_cmpfloat_with_epsilon (lk_budget_hold (desk->budget, &spec, desk->clock->boot - 1000,
                                                  fault, &wait), 1, 0.001);
  g_assert_cmpstr (fault->limit, ==, "second");
}

/* A wait that a hold makes too long is refused when it is known, not at the end of it. */
static void
test_too_late (Desk          *desk,
               gconstpointer  data)
{
  LkClaimSpec spec;
  LkClaim *soon;
  LkClaim *patient;
  g_autoptr(LkFault) fault = NULL;

  desk_add_limit (desk, NULL, 1, 1, "app", FALSE);
  g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_GRANTED);

  spec = desk_spec (desk, "/a/", NULL);
  spec.until = desk->clock->boot + 10 * G_USEC_PER_SEC;
  soon = lk_budget_claim (desk->budget, &spec, desk_settled_cb, desk);
  patient = desk_claim (desk, "/a/", NULL);
  g_assert_cmpint (lk_claim_get_state (soon), ==, LK_CLAIM_HELD);
  fault = desk_hold (desk, &spec, 300, 0, "app", NULL);
  desk_advance (desk, 1.1);
  g_assert_cmpuint (desk->refused, ==, 1);
  g_assert_cmpint (lk_claim_get_state (patient), ==, LK_CLAIM_HELD);
  desk_advance (desk, 300);
  g_assert_cmpint (lk_claim_get_state (patient), ==, LK_CLAIM_GRANTED);
  desk_finish_granted (desk);
}

/* With a hundred ahead at ten a second, five seconds are not enough: nothing is held for that. */
static void
test_estimate (Desk          *desk,
               gconstpointer  data)
{
  GPtrArray *held = g_ptr_array_new ();
  LkClaimSpec spec;
  LkClaim *late;

  desk_add_limit (desk, NULL, 1, 10, "app", FALSE);
  for (int i = 0; i < 110; i++)
    {
      LkClaim *made = desk_claim (desk, "/a/", NULL);

      if (lk_claim_get_state (made) == LK_CLAIM_GRANTED)
        lk_claim_release (made, TRUE);
      else
        g_ptr_array_add (held, made);
    }
  g_assert_cmpuint (held->len, ==, 100);

  spec = desk_spec (desk, "/a/", NULL);
  spec.until = desk->clock->boot + 5 * G_USEC_PER_SEC;
  late = lk_budget_claim (desk->budget, &spec, desk_settled_cb, desk);
  g_assert_cmpint (lk_claim_get_state (late), ==, LK_CLAIM_REFUSED);
  g_assert_cmpfloat_with_epsilon (lk_claim_get_wait (late), 11, 0.2);
  lk_claim_release (late, FALSE);

  /* Whoever goes away makes room: all of the others pass in ten seconds. */
  for (guint i = 0; i < 10; i++)
    lk_claim_release (g_ptr_array_index (held, i * 7), FALSE);
  for (int i = 0; i < 204; i++)
    {
      desk_advance (desk, 0.05);
      desk_finish_granted (desk);
    }
  spec = desk_spec (desk, "/a/", NULL);
  g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_GRANTED);
  g_ptr_array_unref (held);
}

/* One account that has to wait, with many callers, does not slow the callers of another. */
static void
test_others_pass (Desk          *desk,
                  gconstpointer  data)
{
  GPtrArray *held = g_ptr_array_new ();
  LkClaimSpec spec = desk_spec (desk, "/a/", "1");
  g_autoptr(LkFault) fault = NULL;

  desk_add_limit (desk, NULL, 1, 10, "app", FALSE);
  fault = desk_hold (desk, &spec, 300, 0, "account", NULL);
  for (int i = 0; i < 500; i++)
    g_ptr_array_add (held, desk_claim (desk, "/a/", "1"));
  for (int i = 0; i < 10; i++)
    g_assert_cmpint (desk_pass (desk, "/a/", "2"), ==, LK_CLAIM_GRANTED);
  g_assert_cmpint (lk_claim_get_state (desk_claim (desk, "/a/", "2")), ==, LK_CLAIM_HELD);
  desk_advance (desk, 1.1);
  g_assert_cmpuint (desk_finish_granted (desk), ==, 1);

  for (guint i = 0; i < held->len; i++)
    lk_claim_release (g_ptr_array_index (held, i), FALSE);
  g_ptr_array_unref (held);
}

/* So many at once, whatever the provider allows; the next goes when one is done. */
static void
test_at_once (Desk          *desk,
              gconstpointer  data)
{
  GPtrArray *out = g_ptr_array_new ();
  LkClaim *next;

  for (int i = 0; i < LK_BUDGET_AT_ONCE; i++)
    {
      g_ptr_array_add (out, desk_claim (desk, "/a/", NULL));
      g_assert_cmpint (lk_claim_get_state (g_ptr_array_index (out, i)), ==, LK_CLAIM_GRANTED);
    }
  next = desk_claim (desk, "/b/", NULL);
  g_assert_cmpint (lk_claim_get_state (next), ==, LK_CLAIM_HELD);
  g_assert_null (lk_claim_dup_fault (next));
  desk_advance (desk, 60);
  g_assert_cmpint (lk_claim_get_state (next), ==, LK_CLAIM_HELD);
  lk_claim_release (g_ptr_array_index (out, 3), TRUE);
  lk_timers_fire (desk->timers);
  g_assert_cmpint (lk_claim_get_state (next), ==, LK_CLAIM_GRANTED);
  desk_finish_granted (desk);
  for (guint i = 0; i < out->len; i++)
    {
      if (i != 3)
        lk_claim_release (g_ptr_array_index (out, i), TRUE);
    }
  g_ptr_array_unref (out);
}

/* Apps have nothing to do with each other. */
static void
test_apps (Desk          *desk,
           gconstpointer  data)
{
  LkClaimSpec spec;
  LkClaim *made;

  desk_add_limit (desk, NULL, 60, 1, "app", FALSE);
  g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_GRANTED);
  g_assert_cmpint (desk_pass (desk, "/a/", NULL), ==, LK_CLAIM_HELD);
  spec = desk_spec (desk, "/a/", NULL);
  spec.app = "other";
  made = lk_budget_claim (desk->budget, &spec, desk_settled_cb, desk);
  g_assert_cmpint (lk_claim_get_state (made), ==, LK_CLAIM_GRANTED);
  lk_claim_release (made, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, function)                                                                  \
  g_test_add ("/transport/budget/" name, Desk, data, desk_set_up, function, desk_tear_down)
  ADD ("second", NULL, test_second);
  ADD ("in-flight", NULL, test_in_flight);
  ADD ("given-back", NULL, test_given_back);
  ADD ("scopes", NULL, test_scopes);
  ADD ("wider-path", NULL, test_wider_path);
  ADD ("day", NULL, test_day);
  ADD ("holds", NULL, test_holds);
  ADD ("hold-of-token", NULL, test_hold_of_token);
  ADD ("again", NULL, test_again);
  ADD ("too-late", NULL, test_too_late);
  ADD ("estimate", NULL, test_estimate);
  ADD ("others-pass", NULL, test_others_pass);
  ADD ("at-once", NULL, test_at_once);
  ADD ("apps", NULL, test_apps);
  g_test_add_func ("/transport/budget/values", test_values);

  return g_test_run ();
}
