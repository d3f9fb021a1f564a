/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-renewal-private.h"

#include <signal.h>

void
lk_renewal_die_in_tests (int step)
{
#ifdef LK_TEST_HOOKS
  g_autofree char *word = g_strdup_printf ("renew:%d", step);

  if (g_strcmp0 (g_getenv ("LATCHKEY_TEST_DIE_AT"), word) == 0)
    raise (SIGKILL);
#endif
}

void
lk_renewal_set_fault (LkRenewal  *self,
                      LkClass     klass,
                      const char *code)
{
  g_clear_pointer (&self->fault, lk_fault_free);
  self->fault = lk_fault_new_local (klass, code, NULL);
  self->fault->family = g_strdup (lk_profile_get_family (self->profile));
  self->fault->step = g_strdup (lk_step_to_string (LK_STEP_REFRESH));
  self->fault->at = lk_clock_get_now (self->clock);
}

LkJournalOpen *
lk_renewal_find_open (GPtrArray  *entries,
                      const char *connection)
{
  for (guint i = 0; i < entries->len; i++)
    {
      LkJournalOpen *entry = g_ptr_array_index (entries, i);

      if (g_str_equal (entry->connection, connection))
        return entry;
    }

  return NULL;
}

/* What is open. Damage is told once; the storage has put a copy aside by then, and what could still
 * be read counts. */
GPtrArray *
lk_renewal_list_open (LkJournal  *journal,
                      GError    **error)
{
  g_autoptr(GError) damage = NULL;
  GPtrArray *entries = lk_journal_get_open (journal, &damage);

  if (entries != NULL)
    return entries;

  if (!g_error_matches (damage, LK_STORAGE_ERROR, LK_STORAGE_ERROR_DAMAGED))
    {
      g_propagate_error (error, g_steal_pointer (&damage));
      return NULL;
    }

  g_message ("%s", damage->message);

  return lk_journal_get_open (journal, error);
}

static void
secret_found_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkRenewal *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->secret, lk_secret_unref);
  self->secret = lk_vault_lookup_secret_finish (LK_VAULT (source), result, &error);
  if (self->secret != NULL)
    {
      lk_renewal_enter (task, LK_RENEWAL_REQUEST);
      return;
    }

  if (!g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (!lk_profile_get_secret_required (self->profile))
    lk_renewal_enter (task, LK_RENEWAL_REQUEST);
  else
    {
      lk_renewal_set_fault (self, LK_CLASS_APP_CONFIG, "client-missing");
      g_task_return_new_error (task, LK_OAUTH_ERROR, LK_OAUTH_ERROR_CANNOT_RENEW,
                               "the developer app's secret is not in the keyring");
    }
}

/* A reply that is in the journal and never reached the keyring holds the only live refresh token;
 * it goes first. */
static gboolean
lk_renewal_recover (LkRenewal  *self,
                    GError    **error)
{
  g_autoptr(GPtrArray) entries = lk_renewal_list_open (self->journal, error);
  g_autofree char *fingerprint = NULL;
  LkJournalOpen *entry = NULL;
  LkSecret *refresh = lk_token_set_get_refresh (self->old);

  if (entries == NULL)
    return FALSE;

  entry = lk_renewal_find_open (entries, self->connection->id);
  if (entry == NULL)
    return TRUE;

  if (entry->tokens != NULL
      && lk_token_set_get_generation (entry->tokens) > lk_token_set_get_generation (self->old))
    {
      self->renewed = lk_token_set_ref (entry->tokens);
      self->recovered = TRUE;
    }

  fingerprint = refresh != NULL ? lk_secret_dup_fingerprint (refresh) : NULL;
  self->was_lost = !entry->has_reply
                   && g_strcmp0 (fingerprint, entry->refresh_fingerprint) == 0;

  return TRUE;
}

static void
tokens_found_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkRenewal *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  self->old = lk_vault_lookup_tokens_finish (LK_VAULT (source), result, &error);
  if (self->old == NULL)
    {
      if (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND))
        lk_renewal_set_fault (self, LK_CLASS_USER_ACTION, "token-missing");
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (!lk_renewal_recover (self, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (self->renewed != NULL)
    lk_renewal_enter (task, LK_RENEWAL_STORE);
  else if (lk_token_set_get_refresh (self->old) == NULL)
    g_task_return_new_error (task, LK_OAUTH_ERROR, LK_OAUTH_ERROR_CANNOT_RENEW,
                             "there is no refresh token");
  else
    lk_renewal_enter (task, LK_RENEWAL_LOOKUP_SECRET);
}

/* Step 1 is complete when a reply could be kept. */
static void
lk_renewal_use_key (GTask    *task,
                    LkSecret *key)
{
  LkRenewal *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!lk_journal_set_key (self->journal, key, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  lk_renewal_die_in_tests (1);
  lk_renewal_enter (task, LK_RENEWAL_LOOKUP_TOKENS);
}

static void
key_stored_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkRenewal *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (lk_vault_store_secret_finish (LK_VAULT (source), result, &error))
    lk_renewal_use_key (task, self->key);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
key_found_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) key = lk_vault_lookup_secret_finish (LK_VAULT (source), result, &error);

  if (key != NULL)
    lk_renewal_use_key (task, key);
  else if (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND))
    lk_renewal_enter (task, LK_RENEWAL_STORE_KEY);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_vault_probe_finish (LK_VAULT (source), result, &error))
    lk_renewal_enter (task, LK_RENEWAL_LOOKUP_KEY);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* The first renewals of all may begin together, and each finds no key. They have to store the same
 * one: a reply that was kept under another could not be read after the next start. */
static void
lk_renewal_store_key (GTask *task)
{
  LkRenewal *self = g_task_get_task_data (task);

  self->key = lk_journal_dup_key (self->journal);
  if (self->key == NULL)
    self->key = lk_journal_make_key ();
  if (self->key == NULL || !lk_journal_set_key (self->journal, self->key, NULL))
    {
      g_task_return_new_error (task, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED,
                               "no key for the journal could be made");
      return;
    }

  lk_vault_store_secret_async (self->vault, LK_JOURNAL_KEY_KIND, LK_JOURNAL_KEY_NAME,
                               LK_JOURNAL_KEY_LABEL, self->key, NULL, key_stored_cb,
                               g_object_ref (task));
}

/* The part of the state machine that touches nothing but keyring and journal. */
void
lk_renewal_prepare (GTask          *task,
                    LkRenewalState  state)
{
  LkRenewal *self = g_task_get_task_data (task);

  switch (state)
    {
    case LK_RENEWAL_PROBE:
      lk_vault_probe_async (self->vault, NULL, probed_cb, g_object_ref (task));
      break;
    case LK_RENEWAL_LOOKUP_KEY:
      lk_vault_lookup_secret_async (self->vault, LK_JOURNAL_KEY_KIND, LK_JOURNAL_KEY_NAME, NULL,
                                    key_found_cb, g_object_ref (task));
      break;
    case LK_RENEWAL_STORE_KEY:
      lk_renewal_store_key (task);
      break;
    case LK_RENEWAL_LOOKUP_TOKENS:
      lk_vault_lookup_tokens_async (self->vault, self->connection->id, NULL, tokens_found_cb,
                                    g_object_ref (task));
      break;
    case LK_RENEWAL_LOOKUP_SECRET:
      lk_vault_lookup_secret_async (self->vault, "client-secret", self->client->name, NULL,
                                    secret_found_cb, g_object_ref (task));
      break;
    case LK_RENEWAL_REQUEST:
    case LK_RENEWAL_STORE:
    case LK_RENEWAL_REREAD:
    default:
      g_assert_not_reached ();
    }
}
