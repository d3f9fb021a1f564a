/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include "lk-ledger.h"

#include "lk-ledger-private.h"

struct _LkLedger
{
  GObject         parent_instance;

  LkLedgerWorker *worker;  /* (owned) */
  gboolean        closed;
};

G_DEFINE_FINAL_TYPE (LkLedger, lk_ledger, G_TYPE_OBJECT)

static void
lk_ledger_finalize (GObject *object)
{
  LkLedger *self = LK_LEDGER (object);

  g_clear_pointer (&self->worker, lk_ledger_worker_free);

  G_OBJECT_CLASS (lk_ledger_parent_class)->finalize (object);
}

static void
lk_ledger_class_init (LkLedgerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_ledger_finalize;
}

static void
lk_ledger_init (LkLedger *self)
{
}

LkLedgerJob *
lk_ledger_job_new (LkLedgerRun run)
{
  LkLedgerJob *job = g_new0 (LkLedgerJob, 1);

  job->run = run;

  return job;
}

/* Takes @job; %NULL after having refused it. */
static GTask *
make_task (LkLedger           *self,
           gpointer            tag,
           LkLedgerJob        *job,
           GCancellable       *cancellable,
           GAsyncReadyCallback callback,
           gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, (GDestroyNotify) lk_ledger_job_free);
  g_task_set_check_cancellable (task, FALSE);
  if (!self->closed)
    return g_steal_pointer (&task);

  g_task_return_new_error (task, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED,
                           "The ledger is closed");
  return NULL;
}

/* Takes @job. Once it is in the queue a job is done or refused; what was written is written, even
 * if nobody wants to know any more. */
void
lk_ledger_start (LkLedger           *self,
                 gpointer            tag,
                 LkLedgerJob        *job,
                 GCancellable       *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer            user_data)
{
  GTask *task = make_task (self, tag, job, cancellable, callback, user_data);

  if (task != NULL)
    lk_ledger_worker_run (self->worker, task);
}

void
lk_ledger_start_reading (LkLedger           *self,
                         gpointer            tag,
                         LkLedgerJob        *job,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  GTask *task = make_task (self, tag, job, cancellable, callback, user_data);

  if (task != NULL)
    lk_ledger_reader_run (lk_ledger_worker_get_reader (self->worker), task);
}

void
lk_ledger_set_reader_idle (LkLedger *self,
                           guint     milliseconds)
{
  lk_ledger_reader_set_idle (lk_ledger_worker_get_reader (self->worker), milliseconds);
}

gboolean
lk_ledger_is_reader_awake (LkLedger *self)
{
  return lk_ledger_reader_is_awake (lk_ledger_worker_get_reader (self->worker));
}

GPtrArray *
lk_ledger_finish_rows (LkLedger     *self,
                       GAsyncResult *result,
                       gpointer      tag,
                       GError      **error)
{
  LkLedgerJob *job;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);

  job = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  return g_steal_pointer (&job->rows);
}

/**
 * lk_ledger_open_async:
 * @path: of the database; its folder is made when it is missing
 *
 * Opens the ledger. Fails with %LK_STORAGE_ERROR_NEWER, %LK_STORAGE_ERROR_DAMAGED (the file is left
 * as it is), %LK_STORAGE_ERROR_READ_ONLY, %LK_STORAGE_ERROR_FULL, or %LK_STORAGE_ERROR_FAILED when
 * another process has it open.
 */
void
lk_ledger_open_async (const char         *path,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  LkLedger *self;

  g_return_if_fail (path != NULL);

  self = g_object_new (LK_TYPE_LEDGER, NULL);
  self->worker = lk_ledger_worker_new (path);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_ledger_open_async);
  g_task_set_task_data (task, self, g_object_unref);
  lk_ledger_worker_open (self->worker, g_steal_pointer (&task));
}

LkLedger *
lk_ledger_open_finish (GAsyncResult *result,
                       GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_ledger_open_async), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  return g_object_ref (g_task_get_task_data (G_TASK (result)));
}

void
lk_ledger_close_async (LkLedger           *self,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LK_IS_LEDGER (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, lk_ledger_close_async);
  if (self->closed)
    {
      g_task_return_new_error (task, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED,
                               "The ledger is closed");
      return;
    }

  self->closed = TRUE;
  lk_ledger_worker_close (self->worker, g_steal_pointer (&task));
}

gboolean
lk_ledger_close_finish (LkLedger     *self,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_ledger_close_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
lk_ledger_list_clients_async (LkLedger           *self,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_return_if_fail (LK_IS_LEDGER (self));

  lk_ledger_start (self, lk_ledger_list_clients_async, lk_ledger_job_new (lk_ledger_list_clients),
                   cancellable, callback, user_data);
}

GPtrArray *
lk_ledger_list_clients_finish (LkLedger     *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return lk_ledger_finish_rows (self, result, lk_ledger_list_clients_async, error);
}

void
lk_ledger_add_client_async (LkLedger             *self,
                            const LkClientRecord *client,
                            GCancellable         *cancellable,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (client != NULL);

  job = lk_ledger_job_new (lk_ledger_add_client);
  job->client = lk_client_record_copy (client);
  lk_ledger_start (self, lk_ledger_start, job, cancellable, callback, user_data);
}

void
lk_ledger_remove_client_async (LkLedger           *self,
                               const char         *name,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (name != NULL);

  job = lk_ledger_job_new (lk_ledger_remove_client);
  job->name = g_strdup (name);
  lk_ledger_start (self, lk_ledger_start, job, cancellable, callback, user_data);
}

void
lk_ledger_list_connections_async (LkLedger           *self,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_return_if_fail (LK_IS_LEDGER (self));

  lk_ledger_start (self, lk_ledger_list_connections_async,
                   lk_ledger_job_new (lk_ledger_list_connections), cancellable, callback,
                   user_data);
}

GPtrArray *
lk_ledger_list_connections_finish (LkLedger     *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  return lk_ledger_finish_rows (self, result, lk_ledger_list_connections_async, error);
}

/**
 * lk_ledger_put_connection_async:
 * @event: (nullable): appended in the same transaction
 *
 * Adds @connection, or replaces the one with its id. A name that another connection has (one that
 * was not removed) is %LK_STORAGE_ERROR_EXISTS.
 */
void
lk_ledger_put_connection_async (LkLedger                 *self,
                                const LkConnectionRecord *connection,
                                const LkEvent            *event,
                                GCancellable             *cancellable,
                                GAsyncReadyCallback       callback,
                                gpointer                  user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (connection != NULL);

  job = lk_ledger_job_new (lk_ledger_put_connection);
  job->connection = lk_connection_record_copy (connection);
  job->event = event != NULL ? lk_event_copy (event) : NULL;
  lk_ledger_start (self, lk_ledger_start, job, cancellable, callback, user_data);
}

void
lk_ledger_remove_connection_async (LkLedger           *self,
                                   const char         *id,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (id != NULL);

  job = lk_ledger_job_new (lk_ledger_remove_connection);
  job->name = g_strdup (id);
  lk_ledger_start (self, lk_ledger_start, job, cancellable, callback, user_data);
}

/**
 * lk_ledger_add_event_async:
 *
 * Appends @event; its id is given by the ledger. A connection that the ledger does not have is
 * %LK_STORAGE_ERROR_NOT_FOUND.
 */
void
lk_ledger_add_event_async (LkLedger           *self,
                           const LkEvent      *event,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (event != NULL);

  job = lk_ledger_job_new (lk_ledger_add_event);
  job->event = lk_event_copy (event);
  lk_ledger_start (self, lk_ledger_start, job, cancellable, callback, user_data);
}

void
lk_ledger_list_events_async (LkLedger           *self,
                             const char         *connection,
                             gint64              before,
                             guint               limit,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));

  job = lk_ledger_job_new (lk_ledger_list_events);
  job->name = g_strdup (connection);
  job->before = before;
  job->limit = limit;
  lk_ledger_start (self, lk_ledger_list_events_async, job, cancellable, callback, user_data);
}

/**
 * lk_ledger_list_events_finish:
 *
 * Returns: (transfer full) (element-type LkEvent): newest first
 */
GPtrArray *
lk_ledger_list_events_finish (LkLedger     *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return lk_ledger_finish_rows (self, result, lk_ledger_list_events_async, error);
}

gboolean
lk_ledger_write_finish (LkLedger     *self,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_ledger_start), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
