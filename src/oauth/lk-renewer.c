/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-renewer.h"

#include "lk-renewal-private.h"

/* One operation under way, and everyone who waits for it. */
typedef struct
{
  LkRenewer          *renewer;    /* (owned): lives until the operation has ended */
  LkProfile          *profile;    /* (owned) */
  LkClientRecord     *client;     /* (owned) */
  LkConnectionRecord *connection; /* (owned) */
  GPtrArray          *joiners;    /* (owned): LkJoiner */
  gboolean            started;
} LkFlight;

typedef struct
{
  GTask   *task;  /* (owned) */
  GSource *watch; /* (owned) (nullable): of its cancellable */
} LkJoiner;

struct _LkRenewer
{
  GObject     parent_instance;

  LkHttp     *http;    /* (owned) */
  LkVault    *vault;   /* (owned) */
  LkJournal  *journal; /* (owned) */
  LkClock    *clock;   /* (owned) */
  GHashTable *flights; /* (owned): connection id → LkFlight */
  GQueue      replays; /* of GTask, waiting for the flights to land */
  gboolean    replaying;
};

G_DEFINE_FINAL_TYPE (LkRenewer, lk_renewer, G_TYPE_OBJECT)

static void
lk_joiner_free (LkJoiner *self)
{
  if (self->watch != NULL)
    {
      g_source_destroy (self->watch);
      g_source_unref (self->watch);
    }
  g_clear_object (&self->task);
  g_free (self);
}

static void
lk_flight_free (LkFlight *self)
{
  g_ptr_array_unref (self->joiners);
  lk_profile_unref (self->profile);
  lk_client_record_free (self->client);
  lk_connection_record_free (self->connection);
  g_object_unref (self->renewer);
  g_free (self);
}

static void
lk_renewer_dispose (GObject *object)
{
  LkRenewer *self = LK_RENEWER (object);

  g_clear_object (&self->http);
  g_clear_object (&self->vault);
  g_clear_object (&self->journal);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->flights, g_hash_table_unref);

  G_OBJECT_CLASS (lk_renewer_parent_class)->dispose (object);
}

static void
lk_renewer_class_init (LkRenewerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_renewer_dispose;
}

static void
lk_renewer_init (LkRenewer *self)
{
  self->flights = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&self->replays);
}

LkRenewer *
lk_renewer_new (LkHttp    *http,
                LkVault   *vault,
                LkJournal *journal,
                LkClock   *clock)
{
  LkRenewer *self = g_object_new (LK_TYPE_RENEWER, NULL);

  self->http = g_object_ref (http);
  self->vault = g_object_ref (vault);
  self->journal = g_object_ref (journal);
  self->clock = g_object_ref (clock);

  return self;
}

static void lk_renewer_start_replay (LkRenewer *self);

static void
lk_joiner_return (LkJoiner      *joiner,
                  LkTokenSet    *tokens,
                  const LkFault *fault,
                  const GError  *error)
{
  if (fault != NULL)
    g_task_set_task_data (joiner->task, lk_fault_copy (fault), (GDestroyNotify) lk_fault_free);

  if (tokens != NULL)
    g_task_return_pointer (joiner->task, lk_token_set_ref (tokens),
                           (GDestroyNotify) lk_token_set_unref);
  else
    g_task_return_error (joiner->task, g_error_copy (error));
}

static void
flight_landed_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  LkFlight *flight = user_data;
  g_autoptr(LkRenewer) self = g_object_ref (flight->renewer);
  g_autoptr(LkFault) fault = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_renewal_run_finish (result, &fault, &error);

  /* Gone before anybody is told: who asks again from a callback starts anew. */
  g_hash_table_remove (self->flights, flight->connection->id);
  for (guint i = 0; i < flight->joiners->len; i++)
    lk_joiner_return (g_ptr_array_index (flight->joiners, i), tokens, fault, error);
  lk_flight_free (flight);

  lk_renewer_start_replay (self);
}

static void
lk_flight_start (LkFlight *flight)
{
  LkRenewer *self = flight->renewer;
  LkRenewalTools tools = { self->http, self->vault, self->journal, self->clock };

  flight->started = TRUE;
  lk_renewal_run_async (&tools, flight->profile, flight->client, flight->connection,
                        flight_landed_cb, flight);
}

static gboolean
joiner_cancelled_cb (GCancellable *cancellable,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = g_object_ref (G_TASK (user_data));
  LkRenewer *self = g_task_get_source_object (task);
  LkFlight *flight = g_hash_table_lookup (self->flights, g_task_get_name (task));

  for (guint i = 0; flight != NULL && i < flight->joiners->len; i++)
    {
      LkJoiner *joiner = g_ptr_array_index (flight->joiners, i);

      if (joiner->task == task)
        {
          g_ptr_array_remove_index (flight->joiners, i);
          g_task_return_error_if_cancelled (task);
          break;
        }
    }

  return G_SOURCE_REMOVE;
}

static void
lk_flight_join (LkFlight *flight,
                GTask    *task)
{
  LkJoiner *joiner = g_new0 (LkJoiner, 1);
  GCancellable *cancellable = g_task_get_cancellable (task);

  joiner->task = g_object_ref (task);
  if (cancellable != NULL)
    {
      joiner->watch = g_cancellable_source_new (cancellable);
      g_task_attach_source (task, joiner->watch, G_SOURCE_FUNC (joiner_cancelled_cb));
    }

  g_ptr_array_add (flight->joiners, joiner);
}

void
lk_renewer_renew_async (LkRenewer                *self,
                        LkProfile                *profile,
                        const LkClientRecord     *client,
                        const LkConnectionRecord *connection,
                        GCancellable             *cancellable,
                        GAsyncReadyCallback       callback,
                        gpointer                  user_data)
{
  g_autoptr(GTask) task = NULL;
  LkFlight *flight = NULL;

  g_return_if_fail (LK_IS_RENEWER (self));
  g_return_if_fail (connection != NULL && connection->id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_renewer_renew_async);
  g_task_set_name (task, connection->id);
  if (g_task_return_error_if_cancelled (task))
    return;

  flight = g_hash_table_lookup (self->flights, connection->id);
  if (flight != NULL)
    {
      lk_flight_join (flight, task);
      return;
    }

  flight = g_new0 (LkFlight, 1);
  flight->renewer = g_object_ref (self);
  flight->profile = lk_profile_ref (profile);
  flight->client = lk_client_record_copy (client);
  flight->connection = lk_connection_record_copy (connection);
  flight->joiners = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_joiner_free);
  g_hash_table_insert (self->flights, flight->connection->id, flight);
  lk_flight_join (flight, task);
  if (!self->replaying)
    lk_flight_start (flight);
}

LkTokenSet *
lk_renewer_renew_finish (LkRenewer     *self,
                         GAsyncResult  *result,
                         LkFault      **fault,
                         GError       **error)
{
  const LkFault *known = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_renewer_renew_async), NULL);

  known = g_task_get_task_data (G_TASK (result));
  if (fault != NULL)
    *fault = known != NULL ? lk_fault_copy (known) : NULL;

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
lk_renewer_is_renewing (LkRenewer  *self,
                        const char *connection)
{
  g_return_val_if_fail (LK_IS_RENEWER (self), FALSE);

  return g_hash_table_contains (self->flights, connection);
}

void
lk_renewer_forget (LkRenewer  *self,
                   const char *connection)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (LK_IS_RENEWER (self));

  if (!lk_journal_settle (self->journal, connection, &error))
    g_warning ("The journal could not be settled: %s", error->message);
}

static void
lk_renewer_start_waiting (LkRenewer *self)
{
  GHashTableIter iter;
  gpointer flight = NULL;

  g_hash_table_iter_init (&iter, self->flights);
  while (g_hash_table_iter_next (&iter, NULL, &flight))
    {
      if (!((LkFlight *) flight)->started)
        lk_flight_start (flight);
    }
}

static void
replayed_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(LkRenewer) self = g_object_ref (g_task_get_source_object (task));
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) replayed = lk_replay_run_finish (result, &error);

  self->replaying = FALSE;
  if (replayed != NULL)
    g_task_return_pointer (task, g_steal_pointer (&replayed), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));

  lk_renewer_start_waiting (self);
  lk_renewer_start_replay (self);
}

/* A replay and a renewal of the same connection could each put their tokens over the other's, so a
 * replay waits until nothing is in flight, and what comes meanwhile waits for it. */
static void
lk_renewer_start_replay (LkRenewer *self)
{
  GTask *task = NULL;

  if (self->replaying || g_queue_is_empty (&self->replays)
      || g_hash_table_size (self->flights) > 0)
    return;

  task = g_queue_pop_head (&self->replays);
  self->replaying = TRUE;
  lk_replay_run_async (self->vault, self->journal, g_task_get_cancellable (task), replayed_cb,
                       task);
}

void
lk_renewer_replay_async (LkRenewer           *self,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, lk_renewer_replay_async);
  g_queue_push_tail (&self->replays, task);
  lk_renewer_start_replay (self);
}

GPtrArray *
lk_renewer_replay_finish (LkRenewer     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_renewer_replay_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
