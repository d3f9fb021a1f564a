/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-renewal-private.h"

typedef struct
{
  LkVault   *vault;    /* (owned) */
  LkJournal *journal;  /* (owned) */
  GPtrArray *entries;  /* (owned): LkJournalOpen */
  GPtrArray *settled;  /* (owned): ids of connections that need nothing more */
  GPtrArray *replayed; /* (owned): LkReplayed */
  guint      index;
} LkReplay;

static void
lk_replay_free (LkReplay *self)
{
  g_object_unref (self->vault);
  g_object_unref (self->journal);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->settled, g_ptr_array_unref);
  g_clear_pointer (&self->replayed, g_ptr_array_unref);
  g_free (self);
}

void
lk_replayed_free (LkReplayed *self)
{
  g_clear_pointer (&self->tokens, lk_token_set_unref);
  g_free (self->connection);
  g_free (self);
}

static void lk_replay_next (GTask *task);

static LkJournalOpen *
lk_replay_get_entry (LkReplay *self)
{
  return g_ptr_array_index (self->entries, self->index);
}

/* @tokens: (nullable). Nothing is settled before all is stored: a replay that is cut short can be
 * run again from the start and comes to the same end. */
static void
lk_replay_note (LkReplay   *self,
                LkTokenSet *tokens,
                gboolean    reply_lost,
                gboolean    settle)
{
  LkJournalOpen *entry = lk_replay_get_entry (self);

  if (settle)
    g_ptr_array_add (self->settled, g_strdup (entry->connection));

  if (tokens != NULL || reply_lost)
    {
      LkReplayed *replayed = g_new0 (LkReplayed, 1);

      replayed->connection = g_strdup (entry->connection);
      replayed->tokens = tokens != NULL ? lk_token_set_ref (tokens) : NULL;
      replayed->reply_lost = reply_lost;
      g_ptr_array_add (self->replayed, replayed);
    }

  self->index++;
}

static void
recovered_stored_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkReplay *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!lk_vault_store_tokens_finish (LK_VAULT (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  lk_replay_note (self, lk_replay_get_entry (self)->tokens, FALSE, TRUE);
  lk_replay_next (task);
}

/* Whether the refresh token that was sent is still the one in the keyring. If it is not, somebody
 * has renewed or signed in since, and the lost reply does not matter any more. */
static gboolean
is_still_current (LkJournalOpen *entry,
                  LkTokenSet    *current)
{
  LkSecret *refresh = current != NULL ? lk_token_set_get_refresh (current) : NULL;
  g_autofree char *fingerprint = refresh != NULL ? lk_secret_dup_fingerprint (refresh) : NULL;

  return g_strcmp0 (fingerprint, entry->refresh_fingerprint) == 0;
}

static void
lk_replay_judge (GTask      *task,
                 LkTokenSet *current)
{
  LkReplay *self = g_task_get_task_data (task);
  LkJournalOpen *entry = lk_replay_get_entry (self);
  guint64 generation = current != NULL ? lk_token_set_get_generation (current) : 0;

  if (entry->tokens != NULL && lk_token_set_get_generation (entry->tokens) > generation)
    {
      g_autofree char *label = lk_renewal_dup_label (entry->connection);

      lk_vault_store_tokens_async (self->vault, entry->connection, label, entry->tokens,
                                   g_task_get_cancellable (task), recovered_stored_cb,
                                   g_object_ref (task));
      return;
    }

  if (entry->tokens != NULL)
    lk_replay_note (self, current, FALSE, TRUE);
  else if (entry->has_reply)
    /* A reply that cannot be read stays where it is. */
    lk_replay_note (self, NULL, is_still_current (entry, current), FALSE);
  else
    lk_replay_note (self, NULL, is_still_current (entry, current), TRUE);

  lk_replay_next (task);
}

static void
current_found_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) current = lk_vault_lookup_tokens_finish (LK_VAULT (source), result, &error);

  if (current == NULL && !g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    lk_replay_judge (task, current);
}

static void
lk_replay_settle_all (GTask *task)
{
  LkReplay *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < self->settled->len; i++)
    {
      if (!lk_journal_settle (self->journal, g_ptr_array_index (self->settled, i), &error))
        {
          g_warning ("The journal could not be settled: %s", error->message);
          g_clear_error (&error);
        }
    }

  g_task_return_pointer (task, g_steal_pointer (&self->replayed),
                         (GDestroyNotify) g_ptr_array_unref);
}

static void
lk_replay_next (GTask *task)
{
  LkReplay *self = g_task_get_task_data (task);

  if (self->index == self->entries->len)
    {
      lk_replay_settle_all (task);
      return;
    }

  lk_vault_lookup_tokens_async (self->vault, lk_replay_get_entry (self)->connection,
                                g_task_get_cancellable (task), current_found_cb,
                                g_object_ref (task));
}

static gboolean
has_replies (GPtrArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    {
      LkJournalOpen *entry = g_ptr_array_index (entries, i);

      if (entry->has_reply)
        return TRUE;
    }

  return FALSE;
}

static void
journal_key_found_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkReplay *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) key = lk_vault_lookup_secret_finish (LK_VAULT (source), result, &error);
  gboolean needed = has_replies (self->entries);

  if (key == NULL
      && (needed || !g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND)))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_clear_error (&error);
  if (key != NULL && !lk_journal_set_key (self->journal, key, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_clear_pointer (&self->entries, g_ptr_array_unref);
  self->entries = lk_renewal_list_open (self->journal, &error);
  if (self->entries == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    lk_replay_next (task);
}

void
lk_replay_run_async (LkVault             *vault,
                     LkJournal           *journal,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  LkReplay *self = g_new0 (LkReplay, 1);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, lk_replay_run_async);
  g_task_set_task_data (task, self, (GDestroyNotify) lk_replay_free);

  self->vault = g_object_ref (vault);
  self->journal = g_object_ref (journal);
  self->settled = g_ptr_array_new_with_free_func (g_free);
  self->replayed = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_replayed_free);
  self->entries = lk_renewal_list_open (journal, &error);
  if (self->entries == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (self->entries->len == 0)
    lk_replay_settle_all (task);
  else
    lk_vault_lookup_secret_async (vault, LK_JOURNAL_KEY_KIND, LK_JOURNAL_KEY_NAME, cancellable,
                                  journal_key_found_cb, g_steal_pointer (&task));
}

GPtrArray *
lk_replay_run_finish (GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_replay_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
