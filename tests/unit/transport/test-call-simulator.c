/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The engine against the simulator, which knows TikTok's limits by itself: both must agree. */

#include "../simulator/sim-fixture.h"

#include <glib/gstdio.h>

#include "lk-call-private.h"
#include "lk-profile-set.h"

#define INFO        API "/user/info/"
#define DEADLINE_US (20 * G_USEC_PER_SEC)

/* Gives the token that user 1 signed in with. */
#define SIM_TYPE_SOURCE (sim_source_get_type ())
G_DECLARE_FINAL_TYPE (SimSource, sim_source, SIM, SOURCE, GObject)

struct _SimSource
{
  GObject parent_instance;

  LkTokenSet *tokens; /* (owned) */
};

static void
sim_source_get_async (LkTokenSource       *source,
                      LkTokenSet          *rejected,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (source, NULL, callback, user_data);

  g_task_return_pointer (task, lk_token_set_ref (SIM_SOURCE (source)->tokens),
                         (GDestroyNotify) lk_token_set_unref);
}

static LkTokenSet *
sim_source_get_finish (LkTokenSource  *source,
                       GAsyncResult   *result,
                       GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
sim_source_fill (LkTokenSource *source,
                 LkValues      *values)
{
  g_autoptr(LkSecret) secret = lk_secret_new ("sim-ads-secret");

  lk_values_set (values, "client.id", ADS_ID);
  lk_values_set_secret (values, "client.secret", secret);
}

static void
sim_source_source_init (LkTokenSourceInterface *iface)
{
  iface->get_async = sim_source_get_async;
  iface->get_finish = sim_source_get_finish;
  iface->fill = sim_source_fill;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SimSource, sim_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LK_TYPE_TOKEN_SOURCE,
                                                      sim_source_source_init))

static void
sim_source_finalize (GObject *object)
{
  lk_token_set_unref (SIM_SOURCE (object)->tokens);
  G_OBJECT_CLASS (sim_source_parent_class)->finalize (object);
}

static void
sim_source_class_init (SimSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sim_source_finalize;
}

static void
sim_source_init (SimSource *self)
{
}

typedef struct
{
  Fixture       sim;
  char         *home;
  LkProfileSet *profiles;
  LkProfile    *ads;
  LkHttp       *http;
  LkCallEngine *engine;
  SimSource    *source;
} World;

static void
world_set_up (World         *world,
              gconstpointer  data)
{
  g_autoptr(Answer) signed_in = NULL;
  g_autoptr(LkSecret) access = NULL;
  g_autoptr(GError) error = NULL;
  LkTokenSetFields fields = { .generation = 1 };

  fixture_set_up (&world->sim, NULL);
  world->home = g_dir_make_tmp ("lk-sim-XXXXXX", &error);
  g_assert_no_error (error);
  lk_simulator_write_profiles (world->sim.simulator, world->home, &error);
  g_assert_no_error (error);
  world->profiles = lk_profile_set_new (world->home);
  world->ads = lk_profile_set_lookup (world->profiles, "tiktok-ads-simulator");
  g_assert_nonnull (world->ads);
  world->http = lk_http_new ();
  world->engine = lk_call_engine_new (world->http, world->sim.clock);
  signed_in = fixture_ads (&world->sim, "");
  access = lk_secret_new (answer_string (signed_in, "data.access_token"));
  fields.access = access;
  world->source = g_object_new (SIM_TYPE_SOURCE, NULL);
  world->source->tokens = lk_token_set_new (&fields);
}

static void
world_tear_down (World         *world,
                 gconstpointer  data)
{
  g_autoptr(GDir) folder = g_dir_open (world->home, 0, NULL);
  const char *name;

  g_assert_finalize_object (world->engine);
  g_clear_object (&world->http);
  g_clear_object (&world->source);
  lk_profile_set_unref (world->profiles);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (world->home, name, NULL);

      g_remove (file);
    }
  g_rmdir (world->home);
  g_free (world->home);
  fixture_tear_down (&world->sim, NULL);
}

typedef struct
{
  LkCallResult  *result;
  LkProbeAnswer *answer;
} Outcome;

static void
outcome_free (Outcome *self)
{
  lk_call_result_free (self->result);
  lk_probe_answer_free (self->answer);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Outcome, outcome_free)

static void
called_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  ((Outcome *) user_data)->result = lk_call_engine_call_finish (LK_CALL_ENGINE (source), result,
                                                                &error);
  g_assert_no_error (error);
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  ((Outcome *) user_data)->answer = lk_call_engine_probe_finish (LK_CALL_ENGINE (source), result,
                                                                 &error);
  g_assert_no_error (error);
}

static Outcome *
start (World *world,
       guint  deadline)
{
  g_autoptr(LkCallRequest) call = lk_call_request_new ("GET", "user/info/");
  Outcome *outcome = g_new0 (Outcome, 1);

  lk_call_engine_call_async (world->engine, world->ads, "app", "conn",
                             LK_TOKEN_SOURCE (world->source), call, deadline, NULL, called_cb,
                             outcome);

  return outcome;
}

static void
settle (World *world)
{
  gint64 end = g_get_monotonic_time () + DEADLINE_US;

  while (g_main_context_pending (NULL) || world->engine->n_out > 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, world->engine->n_out > 0);
    }
}

/* Second by second until it is done. Returns how many passed. */
static gint64
finish (World   *world,
        Outcome *outcome,
        gint64   seconds)
{
  gint64 passed = 0;

  settle (world);
  for (; outcome->result == NULL && outcome->answer == NULL; passed++)
    {
      g_assert_cmpint (passed, <, seconds);
      lk_manual_clock_advance (world->sim.clock, 1);
      lk_call_engine_wake (world->engine);
      settle (world);
    }

  return passed;
}

static void
set_limit (World      *world,
           const char *mode,
           int         limit)
{
  g_autofree char *json = g_strdup_printf ("{\"family\":\"ads\",\"mode\":\"%s\",\"limit\":%d}",
                                           mode, limit);

  fixture_control (&world->sim, "limits", json);
}

/* TikTok's ten a second: forty callers, and TikTok has to refuse none of them. */
static void
test_second (World         *world,
             gconstpointer  data)
{
  Outcome *outcomes[40];

  set_limit (world, "qps", 10);
  for (size_t i = 0; i < G_N_ELEMENTS (outcomes); i++)
    outcomes[i] = start (world, 60);
  for (size_t i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      finish (world, outcomes[i], 10);
      g_assert_null (outcomes[i]->result->fault);
      g_assert_cmpuint (outcomes[i]->result->attempts, ==, 1);
      outcome_free (outcomes[i]);
    }
  g_assert_cmpint (fixture_count (&world->sim, "requests", INFO), ==, 40);
}

/* An app whose limits are tighter than the documented ones: what TikTok says is kept to. */
static void
test_minute (World         *world,
             gconstpointer  data)
{
  set_limit (world, "qpm", 3);
  for (int i = 0; i < 4; i++)
    {
      g_autoptr(Outcome) outcome = start (world, 600);

      g_assert_cmpint (finish (world, outcome, 400), ==, i < 3 ? 0 : 300);
      g_assert_null (outcome->result->fault);
      g_assert_cmpuint (outcome->result->attempts, ==, i < 3 ? 1 : 2);
    }
  g_assert_cmpint (fixture_count (&world->sim, "requests", INFO), ==, 5);
}

/* It is 08:00 UTC and a second by the provider: not quite sixteen hours to go. */
static void
test_day (World         *world,
          gconstpointer  data)
{
  gint64 midnight = lk_clock_get_now (world->sim.clock) + 16 * 3600 - 1;

  fixture_control (&world->sim, "clock", "{\"skew\":1}");
  set_limit (world, "qpd", 1);
  for (int i = 0; i < 4; i++)
    {
      g_autoptr(Outcome) outcome = start (world, 30);

      g_assert_cmpint (finish (world, outcome, 30), ==, 0);
      if (i == 1 || i == 2)
        {
          g_assert_cmpstr (outcome->result->fault->limit, ==, "day");
          g_assert_cmpint (outcome->result->fault->retry_at, ==, midnight);
        }
      else
        g_assert_null (outcome->result->fault);
      if (i == 2)
        lk_manual_clock_advance (world->sim.clock, 16 * 3600 + 2);
    }
  g_assert_cmpint (fixture_count (&world->sim, "requests", INFO), ==, 3);
}

/* A clock that drifts, then a grant that is withdrawn, as a probe sees them. */
static void
test_probe (World         *world,
            gconstpointer  data)
{
  for (int i = 0; i < 2; i++)
    {
      g_autoptr(Outcome) outcome = g_new0 (Outcome, 1);

      fixture_control (&world->sim, i == 0 ? "clock" : "revoke",
                       i == 0 ? "{\"skew\":600}" : "{\"family\":\"ads\"}");
      lk_call_engine_probe_async (world->engine, world->ads, "app", "conn",
                                  LK_TOKEN_SOURCE (world->source), "identity", NULL, NULL, NULL,
                                  probed_cb, outcome);
      finish (world, outcome, 5);
      g_assert_cmpint (outcome->answer->skew, ==, 600);
      if (i == 0)
        g_assert_cmpstr (lk_probe_answer_get (outcome->answer, 0, "name"), ==, "Mira Holt");
      else
        g_assert_cmpint (outcome->answer->fault->klass, ==, LK_CLASS_TOKEN_REVOKED);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/transport/simulator/" name, World, NULL, world_set_up, function, world_tear_down)
  ADD ("second", test_second);
  ADD ("minute", test_minute);
  ADD ("day", test_day);
  ADD ("probe", test_probe);

  return g_test_run ();
}
