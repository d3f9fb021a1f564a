/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-event-list.h"

/* 2026-11-21 12:00 UTC */
#define NOW ((gint64) 1795262400)
#define PATH "/agent"

/* An agent with events 1…n, one each ten minutes, on a bus of its own. Questions can be held
 * back. */
typedef struct
{
  GTestDBus       *dbus;
  GDBusConnection *bus;
  LkDBusAgent1    *served;
  LkDBusAgent1    *agent;
  LkEventList     *list;
  gint64           oldest;
  gint64           newest;
  guint            count_of_newest;
  gboolean         hold;
  gboolean         fail;
  GQueue           held;   /* GDBusMethodInvocation */
  guint            n_questions;
  guint            most_at_once;
  guint            changes;
} Fixture;

static GVariant *
make_event (Fixture *f, gint64 id)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "id", "x", id);
  g_variant_dict_insert (&dict, "at", "x", NOW - (f->newest - id) * 600);
  g_variant_dict_insert (&dict, "kind", "s", "verified");
  g_variant_dict_insert (&dict, "text", "s", "");
  g_variant_dict_insert (&dict, "connection", "s", "c1");
  g_variant_dict_insert (&dict, "name", "s", "Brand EU");
  g_variant_dict_insert (&dict, "count", "u", id == f->newest ? f->count_of_newest : 1);
  return g_variant_dict_end (&dict);
}

/* As the agent does it, with "search" standing for: every so many-th. */
static void
answer (Fixture *f, GDBusMethodInvocation *invocation)
{
  g_autoptr(GVariant) options
    = g_variant_get_child_value (g_dbus_method_invocation_get_parameters (invocation), 0);
  GVariantBuilder events = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  gint64 before = G_MAXINT64, after = 0;
  const char *search = "1";
  guint offset = 0, limit, n = 0, every;
  guint64 total = 0;

  g_variant_get_child (g_dbus_method_invocation_get_parameters (invocation), 1, "u", &limit);
  g_variant_lookup (options, "before", "x", &before);
  g_variant_lookup (options, "after", "x", &after);
  g_variant_lookup (options, "offset", "u", &offset);
  g_variant_lookup (options, "search", "&s", &search);
  every = (guint) g_ascii_strtoull (search, NULL, 10);
  for (gint64 i = 0; i <= f->newest - f->oldest; i++)
    {
      gint64 id = after != 0 ? f->oldest + i : f->newest - i;

      if (id % every != 0)
        continue;
      total++;
      if (id >= before || id <= after)
        continue;
      if (offset > 0)
        offset--;
      else if (n++ < limit)
        g_variant_builder_add (&events, "@a{sv}", make_event (f, id));
    }
  if (f->fail)
    g_dbus_method_invocation_return_dbus_error (
        invocation, "io.github.latchkey_app.Latchkey.Error.LedgerDamaged", "no");
  else
    lk_dbus_agent1_complete_list_events (f->served, invocation, total,
                                         g_variant_builder_end (&events));
  g_variant_builder_clear (&events);
}

static gboolean
list_events_cb (Fixture *f, GDBusMethodInvocation *invocation)
{
  f->n_questions++;
  g_queue_push_tail (&f->held, invocation);
  f->most_at_once = MAX (f->most_at_once, f->held.length);
  while (!f->hold && f->held.length > 0)
    answer (f, g_queue_pop_head (&f->held));
  return TRUE;
}

static void
release (Fixture *f)
{
  f->hold = FALSE;
  while (f->held.length > 0)
    answer (f, g_queue_pop_head (&f->held));
}

static gboolean
timed_out_cb (gpointer user_data)
{
  g_error ("nothing came of it");
  return G_SOURCE_REMOVE;
}

#define wait_until(condition)                                                                     \
  G_STMT_START                                                                                    \
  {                                                                                               \
    guint timeout_id = g_timeout_add_seconds (20, timed_out_cb, NULL);                            \
                                                                                                  \
    while (!(condition))                                                                          \
      g_main_context_iteration (NULL, TRUE);                                                      \
    g_source_remove (timeout_id);                                                                 \
  }                                                                                               \
  G_STMT_END

static GDBusConnection *
connect (Fixture *f)
{
  g_autoptr(GError) error = NULL;
  GDBusConnection *bus = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (f->dbus),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
        | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);

  g_assert_no_error (error);
  return bus;
}

static void
proxy_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;
  g_autoptr(GError) error = NULL;

  f->agent = lk_dbus_agent1_proxy_new_finish (result, &error);
  g_assert_no_error (error);
}

static void
changed_cb (Fixture *f)
{
  f->changes++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dbus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->dbus);
  f->bus = connect (f);
  f->served = lk_dbus_agent1_skeleton_new ();
  f->oldest = 1;
  f->newest = GPOINTER_TO_INT (data);
  f->count_of_newest = 1;
  g_signal_connect_swapped (f->served, "handle-list-events", G_CALLBACK (list_events_cb), f);
  g_assert_true (g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (f->served), f->bus,
                                                   PATH, NULL));
  lk_dbus_agent1_proxy_new (f->bus, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
                            g_dbus_connection_get_unique_name (f->bus), PATH, NULL, proxy_cb, f);
  wait_until (f->agent != NULL);
  f->list = lk_event_list_new ();
  g_signal_connect_swapped (f->list, "items-changed", G_CALLBACK (changed_cb), f);
  lk_event_list_set_options (f->list, g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
  g_assert_true (lk_event_list_get_loading (f->list));
  g_assert_false (lk_event_list_is_known (f->list));
  lk_event_list_set_agent (f->list, f->agent);
  wait_until (!lk_event_list_get_loading (f->list));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  release (f);
  g_clear_object (&f->list);
  g_clear_object (&f->agent);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (f->served));
  g_clear_object (&f->served);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_dbus_connection_close_sync (f->bus, NULL, NULL);
  g_clear_object (&f->bus);
  g_test_dbus_down (f->dbus);
  g_clear_object (&f->dbus);
}

static guint
count (Fixture *f)
{
  return g_list_model_get_n_items (G_LIST_MODEL (f->list));
}

static LkEventItem *
get (Fixture *f, guint position)
{
  g_autoptr(LkEventItem) item = g_list_model_get_item (G_LIST_MODEL (f->list), position);

  g_assert_nonnull (item);
  /* The list keeps it. */
  return item;
}

static LkEventItem *
wait_item (Fixture *f, guint position)
{
  wait_until (!lk_event_item_is_placeholder (get (f, position)));
  return get (f, position);
}

static GVariant *
search (const char *word)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "search", "s", word);
  return g_variant_dict_end (&dict);
}

/* The list is as long as all events from one page; each position is the right event, wherever one
 * looks first, and few pages are asked for. */
static void
test_positions (Fixture *f, gconstpointer data)
{
  static const guint looked_at[] = { 0, 99, 100, 101, 199, 200, 4999, 4900, 2550, 1 };

  g_assert_cmpuint (count (f), ==, 5000);
  g_assert_cmpuint (f->n_questions, ==, 1);
  for (size_t i = 0; i < G_N_ELEMENTS (looked_at); i++)
    g_assert_cmpint (lk_event_item_get_id (wait_item (f, looked_at[i])), ==,
                     5000 - looked_at[i]);
  g_assert_cmpuint (f->n_questions, ==, 5);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (f->list), 5000));
  g_assert_cmpstr (lk_event_item_get_connection_name (get (f, 0)), ==, "Brand EU");
}

/* A look over everything, as the scroll bar's knob does it, asks for what was looked at last and
 * not for what was passed, two questions at a time. */
static void
test_passing_by (Fixture *f, gconstpointer data)
{
  f->hold = TRUE;
  for (guint i = 0; i < 5000; i += 50)
    get (f, i);
  f->most_at_once = 0;
  release (f);
  g_assert_cmpint (lk_event_item_get_id (wait_item (f, 4950)), ==, 50);
  wait_until (!lk_event_item_is_placeholder (get (f, 4700)));
  g_assert_cmpuint (f->n_questions, <=, 12);
  g_assert_cmpuint (f->most_at_once, <=, 2);
}

/* Each day's first line says so, also where a page begins. */
static void
test_days (Fixture *f, gconstpointer data)
{
  guint headings = 0;

  for (guint i = 0; i < 1000; i++)
    {
      LkEventItem *item = wait_item (f, i);
      gint64 at = lk_event_item_get_at (item);

      /* One event each ten minutes: the day's last is at 23:50, and the list's first at noon. */
      g_assert_cmpint (lk_event_item_heads_day (item), ==,
                       i == 0 || at % 86400 == 86400 - 600);
      headings += lk_event_item_heads_day (item);
    }
  g_assert_cmpuint (headings, ==, 8);
}

/* What happens while one reads is counted, changes nothing, and comes to the top when asked for. */
static void
test_news (Fixture *f, gconstpointer data)
{
  guint changes = f->changes;

  f->newest += 3;
  lk_dbus_agent1_emit_events_changed (f->served, f->newest);
  wait_until (lk_event_list_get_n_new (f->list) == 3);
  g_assert_cmpuint (f->changes, ==, changes);
  g_assert_cmpint (lk_event_item_get_id (get (f, 0)), ==, 5000);
  lk_event_list_show_new (f->list);
  g_assert_cmpuint (f->changes, ==, changes + 1);
  g_assert_cmpuint (lk_event_list_get_n_new (f->list), ==, 0);
  g_assert_cmpuint (count (f), ==, 5003);
  for (guint i = 0; i < 205; i += 5)
    g_assert_cmpint (lk_event_item_get_id (wait_item (f, i)), ==, 5003 - i);
  g_assert_true (lk_event_item_heads_day (get (f, 0)));
  g_assert_false (lk_event_item_heads_day (get (f, 3)));

  /* The same once more: no new line, a higher number. */
  f->count_of_newest = 7;
  lk_dbus_agent1_emit_events_changed (f->served, f->newest);
  wait_until (lk_event_item_get_count (get (f, 0)) == 7);
  g_assert_cmpuint (lk_event_list_get_n_new (f->list), ==, 0);
  g_assert_cmpuint (count (f), ==, 5003);
}

/* A storm of events is not counted to its end; the list starts anew when they are asked for. */
static void
test_many_news (Fixture *f, gconstpointer data)
{
  f->newest += 2000;
  lk_dbus_agent1_emit_events_changed (f->served, f->newest);
  wait_until (lk_event_list_has_many (f->list));
  lk_event_list_show_new (f->list);
  wait_until (!lk_event_list_get_loading (f->list));
  g_assert_false (lk_event_list_has_many (f->list));
  g_assert_cmpuint (count (f), ==, 7000);
  g_assert_cmpint (lk_event_item_get_id (get (f, 0)), ==, 7000);
}

/* The first event of all shows by itself. */
static void
test_first_event (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (count (f), ==, 0);
  g_assert_true (lk_event_list_is_known (f->list));
  f->newest = 1;
  lk_dbus_agent1_emit_events_changed (f->served, 1);
  wait_until (count (f) == 1);
}

/* Letters typed while the first one's answer is slow: what was shown stays, one question more is
 * asked, and that for the last word. */
static void
test_overtaken (Fixture *f, gconstpointer data)
{
  guint changes = f->changes, questions = f->n_questions;

  f->hold = TRUE;
  f->most_at_once = 0;
  lk_event_list_set_options (f->list, search ("2"));
  wait_until (f->held.length == 1);
  for (int i = 3; i < 10; i++)
    {
      g_autofree char *word = g_strdup_printf ("%d", i);

      lk_event_list_set_options (f->list, search (word));
    }
  lk_event_list_set_options (f->list, search ("10"));
  g_assert_true (lk_event_list_get_loading (f->list));
  g_assert_cmpuint (f->changes, ==, changes);
  g_assert_cmpuint (count (f), ==, 5000);
  release (f);
  wait_until (!lk_event_list_get_loading (f->list));
  g_assert_cmpuint (f->n_questions, ==, questions + 2);
  g_assert_cmpuint (f->most_at_once, ==, 1);
  g_assert_cmpuint (f->changes, ==, changes + 1);
  g_assert_cmpuint (count (f), ==, 500);
  g_assert_cmpint (lk_event_item_get_id (wait_item (f, 499)), ==, 10);
}

/* Old events go while one looks: the list gets shorter where it ends, and stays right. */
static void
test_expired (Fixture *f, gconstpointer data)
{
  f->oldest = 2001;
  get (f, 4950);
  wait_until (count (f) < 5000);
  get (f, count (f) - 1);
  while (count (f) > 3000)
    {
      get (f, count (f) - 1);
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpint (lk_event_item_get_id (wait_item (f, 2999)), ==, 2001);
}

/* An error is told, what was shown stays, and asking again helps. */
static void
test_error (Fixture *f, gconstpointer data)
{
  f->fail = TRUE;
  lk_event_list_set_options (f->list, search ("2"));
  wait_until (!lk_event_list_get_loading (f->list));
  g_assert_error (lk_event_list_get_error (f->list), LK_AGENT_ERROR,
                  LK_AGENT_ERROR_LEDGER_DAMAGED);
  g_assert_cmpuint (count (f), ==, 5000);
  f->fail = FALSE;
  lk_event_list_reload (f->list);
  wait_until (!lk_event_list_get_loading (f->list));
  g_assert_null (lk_event_list_get_error (f->list));
  g_assert_cmpuint (count (f), ==, 2500);
}

/* The agent goes and comes back: what was shown stays until it can be asked again. */
static void
test_agent_away (Fixture *f, gconstpointer data)
{
  lk_event_list_set_agent (f->list, NULL);
  g_assert_cmpuint (count (f), ==, 5000);
  g_assert_true (lk_event_item_is_placeholder (get (f, 3000)));
  f->newest += 10;
  lk_event_list_set_agent (f->list, f->agent);
  wait_until (!lk_event_list_get_loading (f->list));
  g_assert_cmpuint (count (f), ==, 5010);
  g_assert_cmpint (lk_event_item_get_id (wait_item (f, 3000)), ==, 2010);
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  /* Errors of the bus have their names from then on. */
  g_assert_cmpuint (LK_AGENT_ERROR, !=, 0);
  g_test_init (&argc, &argv, NULL);
#define add(path, n, test) \
  g_test_add ("/event-list/" path, Fixture, GINT_TO_POINTER (n), set_up, test, tear_down)
  add ("positions", 5000, test_positions);
  add ("passing-by", 5000, test_passing_by);
  add ("days", 5000, test_days);
  add ("news", 5000, test_news);
  add ("many-news", 5000, test_many_news);
  add ("first-event", 0, test_first_event);
  add ("overtaken", 5000, test_overtaken);
  add ("expired", 5000, test_expired);
  add ("error", 5000, test_error);
  add ("agent-away", 5000, test_agent_away);
#undef add
  return g_test_run ();
}
