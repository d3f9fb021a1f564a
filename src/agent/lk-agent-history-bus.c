/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-history.h"

#include "lk-agent-error.h"

#define LIMIT_MAX 500
#define KINDS_MAX 64
#define SEARCH_MAX_BYTES 256
#define HOUR 3600
#define TALLIES_MAX (100 * 366 * 24)

/* One question while it is answered. */
typedef struct
{
  LkAgentHistoryBus     *bus;         /* (nullable): gone when that is */
  LkAgentContext        *context;     /* (owned) */
  GDBusMethodInvocation *invocation;  /* (owned) (nullable) */
  LkEventQuery          *query;       /* (owned) */
  guint                  bucket;      /* of a tally, seconds */
  GCancellable          *cancellable; /* (owned) */
  guint                  watch;       /* of who asked; 0 for what is quick */
} Question;

struct _LkAgentHistoryBus
{
  LkAgentContext *context;   /* outlives us */
  GPtrArray      *searches;  /* (element-type Question) (unowned) */
};

static void
question_free (Question *question)
{
  if (question->bus != NULL)
    g_ptr_array_remove (question->bus->searches, question);
  if (question->watch != 0)
    g_bus_unwatch_name (question->watch);
  g_clear_object (&question->cancellable);
  g_clear_pointer (&question->query, lk_event_query_free);
  g_object_unref (question->context);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

/* ListEvents. */

static gboolean
refuse (const char *what, GError **error)
{
  g_set_error (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT, "%s", what);
  return FALSE;
}

static gboolean
check_query (const LkEventQuery *query, GError **error)
{
  if (query->search != NULL && strlen (query->search) > SEARCH_MAX_BYTES)
    return refuse ("search is too long", error);
  if (query->kinds != NULL && g_strv_length (query->kinds) > KINDS_MAX)
    return refuse ("too many kinds", error);
  if (query->since < 0 || query->until < 0)
    return refuse ("a time before 1970", error);
  if (query->before < 0 || query->after < 0 || (query->before > 0 && query->after > 0))
    return refuse ("before and after are ids, and only one of them can be given", error);
  return TRUE;
}

/* Unknown options are left alone, for what later versions ask; a known one of another type is
 * not. */
static gboolean
read_options (GVariant *options, LkEventQuery *query, GError **error)
{
  const struct
  {
    const char *name;
    const char *type;
    gpointer    place;
  } known[] = {
    { "connection", "s", &query->connection },
    { "kinds", "as", &query->kinds },
    { "search", "s", &query->search },
    { "since", "x", &query->since },
    { "until", "x", &query->until },
    { "before", "x", &query->before },
    { "after", "x", &query->after },
    { "offset", "u", &query->offset },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autoptr(GVariant) value = g_variant_lookup_value (options, known[i].name, NULL);
      g_autofree char *what = NULL;

      if (value == NULL)
        continue;
      if (!g_variant_is_of_type (value, G_VARIANT_TYPE (known[i].type)))
        {
          what = g_strdup_printf ("%s is not of type %s", known[i].name, known[i].type);
          return refuse (what, error);
        }
      if (g_str_equal (known[i].type, "as"))
        *(char ***) known[i].place = g_variant_dup_strv (value, NULL);
      else
        g_variant_get (value, known[i].type, known[i].place);
    }
  if (query->connection != NULL && query->connection[0] == '\0')
    g_clear_pointer (&query->connection, g_free);
  if (query->kinds != NULL && query->kinds[0] == NULL)
    g_clear_pointer (&query->kinds, g_strfreev);
  return check_query (query, error);
}

static void
events_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Question) question = user_data;
  g_autoptr(GError) error = NULL;
  guint64 total = 0;
  g_autoptr(GPtrArray) events = lk_ledger_query_events_finish (LK_LEDGER (source), result, &total,
                                                               &error);
  GVariantBuilder builder;

  if (events == NULL)
    {
      lk_agent_return_error (g_steal_pointer (&question->invocation), error);
      return;
    }
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < events->len; i++)
    g_variant_builder_add_value (&builder, lk_event_to_variant (events->pdata[i]));
  lk_dbus_agent1_complete_list_events (lk_agent_context_get_agent (question->context),
                                       g_steal_pointer (&question->invocation), total,
                                       g_variant_builder_end (&builder));
}

static void
asker_vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* Somebody types: what they searched for a moment ago is not wanted any more. */
static void
supersede (LkAgentHistoryBus *self, GDBusMethodInvocation *invocation, const LkEventQuery *query)
{
  const char *sender = g_dbus_method_invocation_get_sender (invocation);

  for (guint i = 0; i < self->searches->len; i++)
    {
      Question *other = self->searches->pdata[i];

      if (g_strcmp0 (g_dbus_method_invocation_get_sender (other->invocation), sender) == 0
          && g_strcmp0 (other->query->connection, query->connection) == 0
          && g_strcmp0 (other->query->search, query->search) != 0)
        g_cancellable_cancel (other->cancellable);
    }
}

static gboolean
is_search (const LkEventQuery *query)
{
  return query->search != NULL && query->search[0] != '\0';
}

static gboolean
handle_list_events (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, GVariant *options,
                    guint limit, LkAgentHistoryBus *self)
{
  g_autoptr(LkEventQuery) query = g_new0 (LkEventQuery, 1);
  g_autoptr(GError) error = NULL;
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, &error);
  Question *question;

  if (ledger == NULL || !read_options (options, query, &error))
    {
      lk_agent_return_error (invocation, error);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  query->limit = CLAMP (limit, 1, LIMIT_MAX);
  supersede (self, invocation, query);
  question = g_new0 (Question, 1);
  question->context = g_object_ref (self->context);
  question->invocation = invocation;
  question->cancellable = g_cancellable_new ();
  question->query = g_steal_pointer (&query);
  if (is_search (question->query))
    {
      question->bus = self;
      g_ptr_array_add (self->searches, question);
      question->watch = g_bus_watch_name_on_connection (
        g_dbus_method_invocation_get_connection (invocation),
        g_dbus_method_invocation_get_sender (invocation), G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
        asker_vanished_cb, g_object_ref (question->cancellable), g_object_unref);
    }
  lk_ledger_query_events_async (ledger, question->query, question->cancellable, events_found_cb,
                                question);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Tally. */

static void
tallies_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Question) question = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tallies = lk_ledger_list_tallies_finish (LK_LEDGER (source), result,
                                                                &error);
  GVariantBuilder builder;

  if (tallies == NULL)
    {
      lk_agent_return_error (g_steal_pointer (&question->invocation), error);
      return;
    }
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(xssu)"));
  for (guint i = 0; i < tallies->len; i++)
    {
      const LkTally *tally = tallies->pdata[i];

      g_variant_builder_add (&builder, "(xssu)", tally->start, tally->kind,
                             tally->klass != LK_CLASS_OK ? lk_class_to_string (tally->klass) : "",
                             (guint32) MIN (tally->count, G_MAXUINT32));
    }
  lk_dbus_agent1_complete_tally (lk_agent_context_get_agent (question->context),
                                 g_steal_pointer (&question->invocation),
                                 g_variant_builder_end (&builder));
}

static gboolean
check_span (gint64 since, gint64 until, guint bucket, GError **error)
{
  if (bucket == 0 || bucket % HOUR != 0)
    return refuse ("bucket is not a whole number of hours", error);
  if (since < 0 || until < since)
    return refuse ("until is before since, or since before 1970", error);
  if ((until - since) / bucket > TALLIES_MAX)
    return refuse ("too many buckets", error);
  return TRUE;
}

/* Calls that were counted a moment ago are told, too. */
static void
tally_flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Question) question = user_data;
  LkAgentContext *context = question->context;
  const LkEventQuery *query = question->query;
  g_autoptr(GError) error = NULL;
  LkLedger *ledger = lk_agent_context_get_ledger (context, &error);
  guint bucket = question->bucket;
  g_autoptr(GError) flush_error = NULL;

  if (!lk_agent_history_flush_finish (lk_agent_context_get_history (context), result,
                                      &flush_error))
    g_debug ("the counts were not written: %s", flush_error->message);
  if (ledger == NULL)
    {
      lk_agent_return_error (g_steal_pointer (&question->invocation), error);
      return;
    }
  lk_ledger_list_tallies_async (ledger, query->connection, query->since, query->until, bucket, NULL,
                                tallies_listed_cb, g_steal_pointer (&question));
}

static gboolean
handle_tally (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, const char *connection,
              gint64 since, gint64 until, guint bucket, LkAgentHistoryBus *self)
{
  g_autoptr(GError) error = NULL;
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, &error);
  Question *question;

  if (ledger == NULL || !check_span (since, until, bucket, &error))
    {
      lk_agent_return_error (invocation, error);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  question = g_new0 (Question, 1);
  question->context = g_object_ref (self->context);
  question->invocation = invocation;
  question->query = g_new0 (LkEventQuery, 1);
  question->query->connection = connection[0] != '\0' ? g_strdup (connection) : NULL;
  question->query->since = since;
  question->query->until = until;
  question->bucket = bucket;
  lk_agent_history_flush_async (lk_agent_context_get_history (self->context), tally_flushed_cb,
                                question);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

LkAgentHistoryBus *
lk_agent_history_bus_new (LkAgentContext *context)
{
  LkAgentHistoryBus *self = g_new0 (LkAgentHistoryBus, 1);
  LkDBusAgent1 *agent = lk_agent_context_get_agent (context);

  self->context = context;
  self->searches = g_ptr_array_new ();
  g_signal_connect (agent, "handle-list-events", G_CALLBACK (handle_list_events), self);
  g_signal_connect (agent, "handle-tally", G_CALLBACK (handle_tally), self);
  return self;
}

void
lk_agent_history_bus_free (LkAgentHistoryBus *self)
{
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_agent (self->context), self);
  for (guint i = 0; i < self->searches->len; i++)
    {
      Question *question = self->searches->pdata[i];

      question->bus = NULL;
      g_cancellable_cancel (question->cancellable);
    }
  g_ptr_array_unref (self->searches);
  g_free (self);
}
