/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-backup.h"

#include "lk-agent-clients.h"
#include "lk-agent-connections.h"

typedef struct
{
  GPtrArray *ids;     /* (owned) (element-type utf8): whose tokens go */
  GPtrArray *clients; /* (owned) (element-type utf8): whose secrets go */
  gboolean   whole;
} Undo;

static void
undo_free (Undo *self)
{
  g_ptr_array_unref (self->ids);
  g_ptr_array_unref (self->clients);
  g_free (self);
}

static void undo_next (GTask *task);

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Undo *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!lk_vault_remove_finish (LK_VAULT (source), result, &error))
    {
      g_message ("what a restore that failed had stored stays for now: %s", error->message);
      self->whole = FALSE;
    }
  undo_next (task);
}

static void
undo_next (GTask *task)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Undo *self = g_task_get_task_data (task);
  GPtrArray *names = self->ids->len > 0 ? self->ids : self->clients;
  g_autofree char *name = NULL;

  if (names->len == 0)
    {
      g_task_return_boolean (task, self->whole);
      return;
    }
  name = g_ptr_array_steal_index_fast (names, names->len - 1);
  lk_vault_remove_async (lk_agent_context_get_vault (context),
                         names == self->ids ? "tokens" : "client-secret", name, NULL, removed_cb,
                         g_object_ref (task));
}

static GPtrArray *
dup_names (GPtrArray *names)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (copy, g_strdup (names->pdata[i]));
  return copy;
}

void
lk_agent_restore_undo_async (LkAgentContext *context, GPtrArray *ids, GPtrArray *clients,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (context, NULL, callback, user_data);
  Undo *self = g_new0 (Undo, 1);

  g_task_set_source_tag (task, lk_agent_restore_undo_async);
  g_task_set_task_data (task, self, (GDestroyNotify) undo_free);
  self->ids = dup_names (ids);
  self->clients = dup_names (clients);
  self->whole = TRUE;
  undo_next (task);
}

gboolean
lk_agent_restore_undo_finish (LkAgentContext *context, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, context), FALSE);

  return g_task_propagate_boolean (G_TASK (result), NULL);
}

/* At the start: what the ledger remembers of a restore that an end of the process cut off. */

static void
forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    lk_agent_context_ledger_failed (context, error);
  lk_agent_backup_end (context);
  lk_agent_context_release (context);
}

static void
cleaned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LkAgentContext *context = LK_AGENT_CONTEXT (source);
  g_autofree char *key = user_data;
  LkLedger *ledger = lk_agent_context_get_ledger (context, NULL);

  if (lk_agent_restore_undo_finish (context, result) && ledger != NULL)
    {
      lk_ledger_remove_state_async (ledger, LK_AGENT_RESTORING, key, NULL, forgotten_cb,
                                    g_object_ref (context));
      return;
    }
  lk_agent_backup_end (context);
  lk_agent_context_release (context);
}

/* (element-type utf8): those of the words in @state that nothing here names */
static GPtrArray *
list_orphans (LkAgentContext *context, GVariant *state, const char *key, gboolean clients)
{
  g_autofree const char **words = NULL;
  GPtrArray *orphans = g_ptr_array_new_with_free_func (g_free);

  g_variant_lookup (state, key, "^a&s", &words);
  for (size_t i = 0; words != NULL && words[i] != NULL; i++)
    {
      gboolean known
        = clients ? lk_agent_clients_lookup (lk_agent_context_get_clients (context), words[i])
                      != NULL
                  : lk_agent_connections_lookup (lk_agent_context_get_connections (context),
                                                 words[i]) != NULL;

      if (!known)
        g_ptr_array_add (orphans, g_strdup (words[i]));
    }
  return orphans;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) states = lk_ledger_list_states_finish (LK_LEDGER (source), result, &error);
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(GPtrArray) clients = NULL;
  const LkStateRecord *state;

  if (states == NULL)
    g_message ("whether a restore was cut off cannot be read: %s", error->message);
  if (states == NULL || states->len == 0 || !lk_agent_backup_begin (context, NULL))
    return;
  state = states->pdata[0];
  ids = list_orphans (context, state->value, "ids", FALSE);
  clients = list_orphans (context, state->value, "clients", TRUE);
  lk_agent_context_hold (context);
  lk_agent_restore_undo_async (context, ids, clients, cleaned_cb, g_strdup (state->key));
}

void
lk_agent_restore_clean (LkAgentContext *context)
{
  LkLedger *ledger = lk_agent_context_get_ledger (context, NULL);

  if (ledger != NULL && !lk_agent_backup_is_under_way (context))
    lk_ledger_list_states_async (ledger, LK_AGENT_RESTORING, NULL, listed_cb,
                                 g_object_ref (context));
}
