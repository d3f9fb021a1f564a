/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-connections.h"

#include "lk-agent-error.h"
#include "lk-agent-remedies.h"
#include "lk-agent-tree.h"

#define RESTORE_S 60

struct _LkAgentConnections
{
  LkAgentContext *context;  /* outlives us */
  GHashTable     *by_id;    /* (owned) id → LkAgentConnection */
  GHashTable     *renewals; /* (owned) id → GPtrArray of GTask */
  GHashTable     *promised; /* (owned) set of names of connections that are being made */
  guint           purge_id;
};

LkAgentConnections *
lk_agent_connections_new (LkAgentContext *context)
{
  LkAgentConnections *self = g_new0 (LkAgentConnections, 1);

  self->context = context;
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->renewals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) g_ptr_array_unref);
  self->promised = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
lk_agent_connections_free (LkAgentConnections *self)
{
  g_clear_handle_id (&self->purge_id, g_source_remove);
  g_hash_table_unref (self->promised);
  g_hash_table_unref (self->renewals);
  g_hash_table_unref (self->by_id);
  g_free (self);
}

void
lk_agent_connections_add (LkAgentConnections *self, LkAgentConnection *connection)
{
  g_hash_table_insert (self->by_id, g_strdup (lk_agent_connection_get_id (connection)),
                       g_object_ref (connection));
}

LkAgentConnection *
lk_agent_connections_lookup (LkAgentConnections *self, const char *id)
{
  return g_hash_table_lookup (self->by_id, id);
}

/**
 * lk_agent_connections_find_twin:
 *
 * Returns: (transfer none) (nullable): the connection of the same login through the same app
 */
LkAgentConnection *
lk_agent_connections_find_twin (LkAgentConnections *self, const char *client,
                                const char *identity)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const LkConnectionRecord *record = lk_agent_connection_get_record (value);

      if (record->removed_at == 0 && g_strcmp0 (record->client, client) == 0
          && g_strcmp0 (record->identity, identity) == 0)
        return value;
    }
  return NULL;
}

LkAgentConnection *
lk_agent_connections_find (LkAgentConnections *self, const char *id_or_name)
{
  LkAgentConnection *found = g_hash_table_lookup (self->by_id, id_or_name);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (found == NULL && g_hash_table_iter_next (&iter, NULL, &value))
    if (g_strcmp0 (lk_agent_connection_get_record (value)->name, id_or_name) == 0)
      found = value;

  return found != NULL && lk_agent_connection_get_record (found)->removed_at == 0 ? found : NULL;
}

gboolean
lk_agent_connections_is_name_free (LkAgentConnections *self, const char *name)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (g_strcmp0 (lk_agent_connection_get_record (value)->name, name) == 0)
      return FALSE;
  return !g_hash_table_contains (self->promised, name);
}

void
lk_agent_connections_promise_name (LkAgentConnections *self, const char *name)
{
  g_hash_table_add (self->promised, g_strdup (name));
}

void
lk_agent_connections_break_promise (LkAgentConnections *self, const char *name)
{
  g_hash_table_remove (self->promised, name);
}

/**
 * lk_agent_connections_dup_free_name:
 *
 * Returns: (transfer full): @wish, or @wish with the first number that makes it unique
 */
char *
lk_agent_connections_dup_free_name (LkAgentConnections *self, const char *wish)
{
  g_autoptr(GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *name = g_strdup (wish);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (lk_agent_connection_get_record (value)->name != NULL)
      g_hash_table_add (taken, lk_agent_connection_get_record (value)->name);

  for (guint number = 2; g_hash_table_contains (taken, name)
                         || g_hash_table_contains (self->promised, name); number++)
    {
      g_free (name);
      name = g_strdup_printf ("%s %u", wish, number);
    }
  return g_steal_pointer (&name);
}

GPtrArray *
lk_agent_connections_list (LkAgentConnections *self)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (all, g_object_ref (value));
  return all;
}

/**
 * lk_agent_connections_count:
 *
 * Returns: (transfer container): client name → number of connections (GPOINTER_TO_UINT)
 */
GHashTable *
lk_agent_connections_count (LkAgentConnections *self)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const LkConnectionRecord *record = lk_agent_connection_get_record (value);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, record->client));

      if (record->removed_at == 0)
        g_hash_table_insert (counts, g_strdup (record->client), GUINT_TO_POINTER (count + 1));
    }
  return counts;
}

void
lk_agent_connections_sync (LkAgentConnections *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (lk_agent_connection_get_record (value)->removed_at == 0)
      lk_agent_connection_sync (value);
}

static void lk_agent_connections_plan_purge (LkAgentConnections *self);

/* The end of a removed connection: first the keyring, then the ledger, so that nothing secret stays
 * behind unknown. */

static void
purged_from_ledger_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    lk_agent_context_ledger_failed (context, error);
  lk_agent_context_release (context);
}

static void
purged_from_vault_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentConnection) connection = user_data;
  LkAgentContext *context = lk_agent_connection_get_context (connection);
  LkAgentConnections *self = lk_agent_context_get_connections (context);
  const char *id = lk_agent_connection_get_id (connection);
  g_autoptr(GError) error = NULL;
  LkLedger *ledger;

  if (!lk_vault_remove_finish (LK_VAULT (source), result, &error))
    {
      g_message ("the tokens of a removed connection stay for now: %s", error->message);
      lk_agent_context_release (context);
      return;
    }
  lk_agent_context_forget_kept (context, id);
  ledger = lk_agent_context_get_ledger (context, &error);
  if (self != NULL)
    g_hash_table_remove (self->by_id, id);
  if (ledger != NULL)
    lk_ledger_remove_connection_async (ledger, id, NULL, purged_from_ledger_cb,
                                       g_object_ref (context));
  else
    lk_agent_context_release (context);
}

static void
purge_tokens (LkAgentConnection *connection)
{
  LkAgentContext *context = lk_agent_connection_get_context (connection);

  lk_agent_connection_forget_tokens (connection);
  lk_vault_remove_async (lk_agent_context_get_vault (context), "tokens",
                         lk_agent_connection_get_id (connection), NULL, purged_from_vault_cb,
                         g_object_ref (connection));
}

/* The last thing that a renewal does is to put tokens into the keyring. */
static void
purge_renewal_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LkAgentConnection *connection = LK_AGENT_CONNECTION (source);
  g_autoptr(LkTokenSet) tokens = lk_agent_connection_renew_finish (connection, result, NULL);

  purge_tokens (connection);
}

/**
 * lk_agent_connections_purge:
 *
 * Forgets a connection for good, tokens first. A renewal that is under way ends before.
 */
void
lk_agent_connections_purge (LkAgentConnections *self, LkAgentConnection *connection)
{
  LkConnectionRecord *record = lk_agent_connection_get_record (connection);

  lk_agent_remedies_close_of (lk_agent_context_get_remedies (self->context), record->id);
  lk_agent_connection_withdraw (connection);
  if (record->removed_at != LK_AGENT_REMOVED_FOR_GOOD)
    {
      record->removed_at = LK_AGENT_REMOVED_FOR_GOOD;
      lk_agent_connection_save (connection, NULL, NULL);
      lk_agent_connections_plan_purge (self);
    }
  lk_agent_context_hold (self->context);
  if (lk_agent_connections_is_renewing (self, lk_agent_connection_get_id (connection)))
    lk_agent_connection_renew_async (connection, purge_renewal_ended_cb, NULL);
  else
    purge_tokens (connection);
}

static gboolean
purge_cb (gpointer user_data)
{
  LkAgentConnections *self = user_data;
  gint64 now = lk_agent_context_get_now (self->context);
  GHashTableIter iter;
  gpointer value;

  self->purge_id = 0;
  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      gint64 removed_at = lk_agent_connection_get_record (value)->removed_at;

      if (removed_at != 0 && (removed_at + RESTORE_S <= now || removed_at > now))
        lk_agent_connections_purge (self, value);
    }
  lk_agent_connections_plan_purge (self);
  return G_SOURCE_REMOVE;
}

static void
lk_agent_connections_plan_purge (LkAgentConnections *self)
{
  GHashTableIter iter;
  gpointer value;

  if (self->purge_id != 0)
    return;
  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (lk_agent_connection_get_record (value)->removed_at != 0)
      {
        self->purge_id = g_timeout_add_seconds (RESTORE_S + 1, purge_cb, self);
        return;
      }
}

/**
 * lk_agent_connections_take:
 *
 * Publishes what the ledger holds; removed ones wait for their end.
 */
void
lk_agent_connections_take (LkAgentConnections *self, GPtrArray *records)
{
  LkAgentTree *tree = lk_agent_context_get_tree (self->context);

  lk_agent_tree_set_loading (tree, TRUE);
  for (guint i = 0; i < records->len; i++)
    {
      LkConnectionRecord *record = lk_connection_record_copy (records->pdata[i]);
      g_autoptr(LkAgentConnection) connection = lk_agent_connection_new (self->context, record);

      lk_agent_connections_add (self, connection);
      if (record->removed_at == 0)
        lk_agent_connection_publish (connection);
    }
  lk_agent_tree_set_loading (tree, FALSE);
  lk_agent_connections_plan_purge (self);
}

/**
 * lk_agent_connections_remove:
 *
 * Takes a connection away; for a minute it can be restored.
 */
void
lk_agent_connections_remove (LkAgentConnections *self, LkAgentConnection *connection)
{
  LkConnectionRecord *record = lk_agent_connection_get_record (connection);

  record->removed_at = lk_agent_context_get_now (self->context);
  lk_agent_remedies_close_of (lk_agent_context_get_remedies (self->context), record->id);
  lk_agent_connection_withdraw (connection);
  lk_agent_connection_save (connection, "removed", NULL);
  lk_agent_connections_plan_purge (self);
}

gboolean
lk_agent_connections_restore (LkAgentConnections *self, const char *id, GError **error)
{
  LkAgentConnection *connection = lk_agent_connections_lookup (self, id);
  gint64 removed_at = 0;

  if (connection != NULL)
    removed_at = lk_agent_connection_get_record (connection)->removed_at;

  if (removed_at == 0 || removed_at + RESTORE_S <= lk_agent_context_get_now (self->context))
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                           "no removed connection with this id");
      return FALSE;
    }
  lk_agent_connection_get_record (connection)->removed_at = 0;
  lk_agent_connection_publish (connection);
  lk_agent_connection_save (connection, "restored", NULL);
  return TRUE;
}

/**
 * lk_agent_connections_purge_client:
 *
 * Ends the removed connections of an app that goes away itself.
 */
void
lk_agent_connections_purge_client (LkAgentConnections *self, const char *client)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const LkConnectionRecord *record = lk_agent_connection_get_record (value);

      if (record->removed_at != 0 && g_strcmp0 (record->client, client) == 0)
        lk_agent_connections_purge (self, value);
    }
}

void
lk_agent_connections_retry_client (LkAgentConnections *self, const char *client)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      LkConnectionRecord *record = lk_agent_connection_get_record (value);

      if (g_strcmp0 (record->client, client) != 0 || record->fault == NULL
          || record->fault->klass != LK_CLASS_APP_CONFIG)
        continue;
      g_clear_pointer (&record->fault, lk_fault_free);
      lk_agent_connection_retry_now (value);
      lk_agent_connection_save (value, NULL, NULL);
    }
}

gboolean
lk_agent_connections_join_renewal (LkAgentConnections *self, const char *id, GTask *task)
{
  GPtrArray *waiting = g_hash_table_lookup (self->renewals, id);
  gboolean first = waiting == NULL;

  if (first)
    {
      waiting = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (self->renewals, g_strdup (id), waiting);
    }
  g_ptr_array_add (waiting, task);
  return first;
}

gboolean
lk_agent_connections_is_renewing (LkAgentConnections *self, const char *id)
{
  return g_hash_table_contains (self->renewals, id);
}

GPtrArray *
lk_agent_connections_steal_renewal (LkAgentConnections *self, const char *id)
{
  g_autofree char *key = NULL;
  GPtrArray *waiting = NULL;

  g_hash_table_steal_extended (self->renewals, id, (gpointer *) &key, (gpointer *) &waiting);
  return waiting;
}
