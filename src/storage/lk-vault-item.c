/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-vault"

#include "config.h"

#include <libsecret/secret.h>

#include "lk-vault-private.h"

#define KIND_TOKENS "tokens"
#define KIND_PROBE "probe"

static const SecretSchema schema = {
  "io.github.latchkey_app.Latchkey", SECRET_SCHEMA_NONE,
  {
    { "kind", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

typedef enum
{
  STEP_LOOK,
  STEP_STORE,
  STEP_READ,
  STEP_CLEAR,
  STEP_END,
} Step;

static const Step check_steps[] = { STEP_LOOK, STEP_END };
static const Step check_file_steps[] = { STEP_READ, STEP_END };
static const Step store_steps[] = { STEP_LOOK, STEP_STORE, STEP_READ, STEP_END };
static const Step lookup_steps[] = { STEP_LOOK, STEP_READ, STEP_END };
static const Step remove_steps[] = { STEP_LOOK, STEP_CLEAR, STEP_END };
static const Step probe_steps[] = { STEP_LOOK, STEP_STORE, STEP_READ, STEP_CLEAR, STEP_END };
static const Step proven_steps[] = { STEP_LOOK, STEP_END };

typedef struct
{
  /* input */
  const Step   *steps;
  GHashTable   *attributes;   /* (owned) */
  char         *label;        /* (owned) (nullable) */
  LkSecret     *value;        /* (owned) (nullable): to be stored */

  /* in progress */
  guint         at;           /* index in @steps */
  gboolean      again;        /* it is the second try */
  GCancellable *cancellable;  /* (owned): the caller's, or the deadline */
  gulong        cancelled;
  GSource      *deadline;     /* (owned) */
  gboolean      late;
  gboolean      gave;         /* the keyring had the item and gave it */
  gboolean      took;         /* the default collection took one */

  /* output */
  LkSecret     *found;        /* (owned) (nullable) */
} Operation;

static void run (GTask *task);

static void
operation_free (Operation *operation)
{
  g_source_destroy (operation->deadline);
  g_source_unref (operation->deadline);
  g_clear_pointer (&operation->attributes, g_hash_table_unref);
  g_clear_pointer (&operation->label, g_free);
  g_clear_pointer (&operation->value, lk_secret_unref);
  g_clear_pointer (&operation->found, lk_secret_unref);
  g_clear_object (&operation->cancellable);
  g_free (operation);
}

static gboolean
deadline_cb (gpointer user_data)
{
  Operation *operation = user_data;

  operation->late = TRUE;
  g_cancellable_cancel (operation->cancellable);

  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *caller,
              gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static void
begin (GTask *task)
{
  Operation *operation = g_task_get_task_data (task);

  g_source_attach (operation->deadline, g_task_get_context (task));
  run (task);
}

static void complete (GTask *task, GError *error);

/* What follows at once on an item that the default collection took needs no look at its lock, nor
 * does a question that follows on one that was answered. */
static void
begin_next (GQueue          *operations,
            const Operation *before)
{
  GTask *next = g_queue_peek_head (operations);
  Operation *operation = g_task_get_task_data (next);
  gboolean asks = operation->steps == lookup_steps;

  if (operation->steps[operation->at] == STEP_LOOK && (before->took || (before->gave && asks)))
    operation->at++;
  begin (next);
}

/* A keyring that took an item and gave it back while a probe waited has proven what the probe would
 * ask. A failure after that takes the proof back. */
static void
tell_probe (GQueue          *operations,
            const Operation *before,
            const GError    *error)
{
  if (error == NULL && before->steps != store_steps)
    return;

  for (GList *link = operations->head; link != NULL; link = link->next)
    {
      Operation *operation = g_task_get_task_data (link->data);

      if (operation->steps == probe_steps && error == NULL)
        operation->steps = proven_steps;
      else if (operation->steps == proven_steps && error != NULL)
        operation->steps = probe_steps;
    }
}

/* Keyrings mix up items that are written at the same time, so items are handled one after the
 * other. When one operation met silence, those behind it do not wait for the same. */
static void
make_way (GTask        *task,
          const GError *error)
{
  Operation *operation = g_task_get_task_data (task);
  GQueue *operations = lk_vault_get_operations (g_task_get_source_object (task));
  GQueue waiting = G_QUEUE_INIT;

  if (g_queue_peek_head (operations) != task)
    return;
  g_object_unref (g_queue_pop_head (operations));
  if (g_queue_is_empty (operations))
    return;
  tell_probe (operations, operation, error);
  if (!operation->late)
    {
      if (error != NULL)
        operation->took = operation->gave = FALSE;
      begin_next (operations, operation);
      return;
    }
  waiting = *operations;
  g_queue_init (operations);
  while (!g_queue_is_empty (&waiting))
    {
      g_autoptr(GTask) next = g_queue_pop_head (&waiting);

      complete (next, g_error_copy (error));
    }
}

static void
complete (GTask  *task,
          GError *error)
{
  /* A proven one ends where it begins, and the queue's is then the only reference. */
  g_autoptr(GTask) kept = g_object_ref (task);
  LkVault *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);

  g_source_destroy (operation->deadline);
  g_cancellable_disconnect (g_task_get_cancellable (task), operation->cancelled);
  lk_vault_learn (self, error);
  make_way (task, error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* A session with a keyring that was restarted fails in as many ways as there are keyrings, so a
 * failure that the look before it did not explain is tried once more from a new session. */
static void
fail (GTask        *task,
      const GError *error)
{
  Operation *operation = g_task_get_task_data (task);
  g_autoptr(GError) translated = lk_vault_translate_error (error);

  if (operation->late)
    complete (task, g_error_new (LK_STORAGE_ERROR, LK_STORAGE_ERROR_BROKEN,
                                 "The keyring does not answer"));
  else if (!operation->again && operation->steps[operation->at] != STEP_LOOK &&
           g_error_matches (translated, LK_STORAGE_ERROR, LK_STORAGE_ERROR_BROKEN))
    {
      g_debug ("Trying once more: %s", translated->message);
      secret_service_disconnect ();
      operation->again = TRUE;
      operation->at = 0;
      run (task);
    }
  else
    complete (task, g_steal_pointer (&translated));
}

static void
go_on (GTask        *task,
       gboolean      done,
       const GError *error)
{
  Operation *operation = g_task_get_task_data (task);

  if (!done)
    {
      fail (task, error);
      return;
    }

  operation->at++;
  run (task);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ready = lk_vault_look_finish (LK_VAULT (source), result, &error);

  go_on (task, ready, error);
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Operation *operation = g_task_get_task_data (task);
  gboolean done = lk_vault_put_finish (LK_VAULT (source), result, &error);

  operation->took = done;
  go_on (task, done, error);
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  secret_password_clear_finish (result, &error);
  go_on (task, error == NULL, error);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Operation *operation = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&operation->found, lk_secret_unref);
  operation->found = lk_vault_get_finish (LK_VAULT (source), result, &error);
  operation->gave = operation->gave || operation->found != NULL;

  if (error == NULL && operation->value != NULL)
    {
      if (operation->found == NULL || !lk_secret_equal (operation->found, operation->value))
        g_set_error (&error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_BROKEN,
                     "The keyring does not give back what it took");
      g_clear_pointer (&operation->found, lk_secret_unref);
    }
  go_on (task, error == NULL, error);
}

static void
run (GTask *task)
{
  LkVault *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);

  switch (operation->steps[operation->at])
    {
    case STEP_LOOK:
      lk_vault_look_async (self, operation->cancellable, looked_cb, g_object_ref (task));
      break;
    case STEP_STORE:
      lk_vault_put_async (self, &schema, operation->attributes, operation->label, operation->value,
                          !operation->again && operation->steps == store_steps,
                          operation->cancellable, stored_cb, g_object_ref (task));
      break;
    case STEP_READ:
      lk_vault_get_async (self, &schema, operation->attributes, operation->cancellable, read_cb,
                          g_object_ref (task));
      break;
    case STEP_CLEAR:
      secret_password_clearv (&schema, operation->attributes, operation->cancellable, cleared_cb,
                              g_object_ref (task));
      break;
    case STEP_END:
      complete (task, NULL);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
start (LkVault            *self,
       gpointer            tag,
       const Step         *steps,
       const char         *kind,
       const char         *name,
       const char         *label,
       LkSecret           *value,
       GCancellable       *cancellable,
       GAsyncReadyCallback callback,
       gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Operation *operation = g_new0 (Operation, 1);
  GQueue *operations;

  operation->steps = steps;
  operation->attributes = secret_attributes_build (&schema, "kind", kind, "name", name, NULL);
  operation->label = g_strdup (label);
  operation->value = value != NULL ? lk_secret_ref (value) : NULL;
  operation->cancellable = g_cancellable_new ();
  operation->deadline = g_timeout_source_new (lk_vault_get_deadline (self));
  g_source_set_callback (operation->deadline, deadline_cb, operation, NULL);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, operation, (GDestroyNotify) operation_free);
  /* What was stored is stored, whatever the caller wanted meanwhile. */
  g_task_set_check_cancellable (task, FALSE);
  if (cancellable != NULL)
    operation->cancelled = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb),
                                                  g_object_ref (operation->cancellable),
                                                  g_object_unref);
  if (steps == check_steps)
    {
      begin (task);
      return;
    }
  operations = lk_vault_get_operations (self);
  g_queue_push_tail (operations, g_object_ref (task));
  if (operations->length == 1)
    begin (task);
}

static gboolean
finish (LkVault      *self,
        GAsyncResult *result,
        gpointer      tag,
        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static LkSecret *
finish_lookup (LkVault      *self,
               GAsyncResult *result,
               gpointer      tag,
               GError      **error)
{
  Operation *operation;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);

  operation = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  if (operation->found == NULL)
    g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND,
                 "The keyring has no such item");

  return g_steal_pointer (&operation->found);
}

/**
 * lk_vault_check_async:
 *
 * Looks at the keyring and sets the state. It is not an item's operation: nothing is read, except
 * in a sandbox, where there is nothing else to look at.
 */
void
lk_vault_check_async (LkVault            *self,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_return_if_fail (LK_IS_VAULT (self));

  start (self, lk_vault_check_async,
         lk_vault_uses_file (self) ? check_file_steps : check_steps, KIND_PROBE, KIND_PROBE, NULL,
         NULL, cancellable, callback, user_data);
}

/**
 * lk_vault_check_finish:
 *
 * Returns: %TRUE when the keyring is ready; else @error says what it is instead
 */
gboolean
lk_vault_check_finish (LkVault      *self,
                       GAsyncResult *result,
                       GError      **error)
{
  return finish (self, result, lk_vault_check_async, error);
}

/**
 * lk_vault_probe_once_async:
 *
 * One probe. Two at the same time would remove each other's item; see lk_vault_probe_async().
 */
void
lk_vault_probe_once_async (LkVault            *self,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(LkSecret) value = lk_secret_new (KIND_PROBE);

  start (self, lk_vault_probe_once_async, probe_steps, KIND_PROBE, KIND_PROBE, "Latchkey", value,
         NULL, callback, user_data);
}

gboolean
lk_vault_probe_once_finish (LkVault      *self,
                            GAsyncResult *result,
                            GError      **error)
{
  return finish (self, result, lk_vault_probe_once_async, error);
}

/**
 * lk_vault_store_tokens_async:
 *
 * Replaces @connection's item by @tokens, reads it back and compares.
 */
void
lk_vault_store_tokens_async (LkVault            *self,
                             const char         *connection,
                             const char         *label,
                             LkTokenSet         *tokens,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr(LkSecret) value = NULL;

  g_return_if_fail (LK_IS_VAULT (self));
  g_return_if_fail (connection != NULL && label != NULL && tokens != NULL);

  value = lk_token_set_to_secret (tokens);
  start (self, lk_vault_store_tokens_async, store_steps, KIND_TOKENS, connection, label, value,
         cancellable, callback, user_data);
}

gboolean
lk_vault_store_tokens_finish (LkVault      *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return finish (self, result, lk_vault_store_tokens_async, error);
}

void
lk_vault_lookup_tokens_async (LkVault            *self,
                              const char         *connection,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_return_if_fail (LK_IS_VAULT (self));
  g_return_if_fail (connection != NULL);

  start (self, lk_vault_lookup_tokens_async, lookup_steps, KIND_TOKENS, connection, NULL, NULL,
         cancellable, callback, user_data);
}

/**
 * lk_vault_lookup_tokens_finish:
 *
 * Returns: (transfer full): the tokens; %NULL with %LK_STORAGE_ERROR_NOT_FOUND only when a keyring
 *   that works says that there are none, %LK_STORAGE_ERROR_DAMAGED when the item is not readable
 */
LkTokenSet *
lk_vault_lookup_tokens_finish (LkVault      *self,
                               GAsyncResult *result,
                               GError      **error)
{
  g_autoptr(LkSecret) value = finish_lookup (self, result, lk_vault_lookup_tokens_async, error);

  return value != NULL ? lk_token_set_from_secret (value, error) : NULL;
}

void
lk_vault_store_secret_async (LkVault            *self,
                             const char         *kind,
                             const char         *name,
                             const char         *label,
                             LkSecret           *secret,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_return_if_fail (LK_IS_VAULT (self));
  g_return_if_fail (kind != NULL && name != NULL && label != NULL && secret != NULL);

  start (self, lk_vault_store_secret_async, store_steps, kind, name, label, secret, cancellable,
         callback, user_data);
}

gboolean
lk_vault_store_secret_finish (LkVault      *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return finish (self, result, lk_vault_store_secret_async, error);
}

void
lk_vault_lookup_secret_async (LkVault            *self,
                              const char         *kind,
                              const char         *name,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_return_if_fail (LK_IS_VAULT (self));
  g_return_if_fail (kind != NULL && name != NULL);

  start (self, lk_vault_lookup_secret_async, lookup_steps, kind, name, NULL, NULL, cancellable,
         callback, user_data);
}

LkSecret *
lk_vault_lookup_secret_finish (LkVault      *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return finish_lookup (self, result, lk_vault_lookup_secret_async, error);
}

void
lk_vault_remove_async (LkVault            *self,
                       const char         *kind,
                       const char         *name,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_return_if_fail (LK_IS_VAULT (self));
  g_return_if_fail (kind != NULL && name != NULL);

  start (self, lk_vault_remove_async, remove_steps, kind, name, NULL, NULL, cancellable, callback,
         user_data);
}

gboolean
lk_vault_remove_finish (LkVault      *self,
                        GAsyncResult *result,
                        GError      **error)
{
  return finish (self, result, lk_vault_remove_async, error);
}
