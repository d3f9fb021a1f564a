/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "lk-ledger-private.h"

typedef enum
{
  ORDER_OPEN,
  ORDER_RUN,
  ORDER_CLOSE,
  ORDER_END,
} OrderKind;

typedef struct
{
  OrderKind  kind;
  GTask     *task;  /* (owned) (nullable) */
} Order;

/* Shared by the ledger and the thread. Everything after @reader is the thread's alone. */
struct _LkLedgerWorker
{
  GAsyncQueue    *orders;
  LkLedgerReader *reader;  /* (owned) */
  char           *path;
  sqlite3        *db;      /* (owned) (nullable) */
  int             lock;
};

static void
order_free (Order *order)
{
  g_clear_object (&order->task);
  g_free (order);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Order, order_free)

void
lk_ledger_job_free (LkLedgerJob *job)
{
  g_clear_pointer (&job->client, lk_client_record_free);
  g_clear_pointer (&job->connection, lk_connection_record_free);
  g_clear_pointer (&job->event, lk_event_free);
  g_clear_pointer (&job->call, lk_call_request_unref);
  g_clear_pointer (&job->remedy, lk_remedy_record_free);
  g_clear_pointer (&job->state, lk_state_record_free);
  g_clear_pointer (&job->batch, lk_ledger_batch_unref);
  g_clear_pointer (&job->query, lk_event_query_free);
  g_clear_pointer (&job->counts, g_ptr_array_unref);
  g_clear_pointer (&job->name, g_free);
  g_clear_pointer (&job->rows, g_ptr_array_unref);
  g_free (job);
}

static void
worker_clear (LkLedgerWorker *self)
{
  g_async_queue_unref (self->orders);
  lk_ledger_reader_unref (self->reader);
  g_free (self->path);
}

/* One process at a time: a second agent would renew the same tokens. */
static gboolean
take_lock (LkLedgerWorker *self,
           GError        **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *path = g_strconcat (self->path, ".lock", NULL);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    self->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock >= 0 && flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;

  if (self->lock >= 0 && errno == EWOULDBLOCK)
    g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED,
                 "Another Latchkey has the ledger open");
  else
    {
      int code = errno;

      g_set_error (error, LK_STORAGE_ERROR, (int) lk_storage_error_from_errno (code),
                   "The ledger's folder could not be written: %s", g_strerror (code));
    }

  return FALSE;
}

/* The reader goes first: the last connection to a database tidies it up, and may not be one that
 * only reads. */
static void
let_go (LkLedgerWorker *self)
{
  lk_ledger_reader_end (self->reader);
  if (self->db != NULL)
    sqlite3_close_v2 (g_steal_pointer (&self->db));
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

static void
open_database (LkLedgerWorker *self,
               GTask          *task)
{
  g_autoptr(GError) error = NULL;

  if (take_lock (self, &error))
    self->db = lk_ledger_schema_open (self->path, &error);
  if (self->db != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  let_go (self);
  g_task_return_error (task, g_steal_pointer (&error));
}

static void
run_job (LkLedgerWorker *self,
         GTask          *task)
{
  LkLedgerJob *job = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error) ||
      !job->run (self->db, job, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    {
      if (job->removed)
        lk_ledger_reader_forget (self->reader);
      g_task_return_boolean (task, TRUE);
    }
}

static gpointer
worker_main (gpointer user_data)
{
  LkLedgerWorker *self = user_data;
  gboolean ended = FALSE;

  while (!ended)
    {
      g_autoptr(Order) order = g_async_queue_pop (self->orders);

      switch (order->kind)
        {
        case ORDER_OPEN:
          open_database (self, order->task);
          break;
        case ORDER_RUN:
          run_job (self, order->task);
          break;
        case ORDER_CLOSE:
          let_go (self);
          g_task_return_boolean (order->task, TRUE);
          break;
        case ORDER_END:
          ended = TRUE;
          break;
        default:
          g_assert_not_reached ();
        }
    }

  let_go (self);
  g_atomic_rc_box_release_full (self, (GDestroyNotify) worker_clear);

  return NULL;
}

static void
give (LkLedgerWorker *self,
      OrderKind       kind,
      GTask          *task)
{
  Order *order = g_new0 (Order, 1);

  order->kind = kind;
  order->task = task;
  g_async_queue_push (self->orders, order);
}

LkLedgerWorker *
lk_ledger_worker_new (const char *path)
{
  LkLedgerWorker *self = g_atomic_rc_box_new0 (LkLedgerWorker);

  self->orders = g_async_queue_new_full ((GDestroyNotify) order_free);
  self->path = g_strdup (path);
  self->reader = lk_ledger_reader_new (path);
  self->lock = -1;
  g_thread_unref (g_thread_new ("lk-ledger", worker_main, g_atomic_rc_box_acquire (self)));

  return self;
}

/* These take @task. */
void
lk_ledger_worker_open (LkLedgerWorker *self,
                       GTask          *task)
{
  give (self, ORDER_OPEN, task);
}

void
lk_ledger_worker_run (LkLedgerWorker *self,
                      GTask          *task)
{
  give (self, ORDER_RUN, task);
}

void
lk_ledger_worker_close (LkLedgerWorker *self,
                        GTask          *task)
{
  give (self, ORDER_CLOSE, task);
}

LkLedgerReader *
lk_ledger_worker_get_reader (LkLedgerWorker *self)
{
  return self->reader;
}

/* Never waits: the last reference to the ledger may go in the thread itself. */
void
lk_ledger_worker_free (LkLedgerWorker *self)
{
  give (self, ORDER_END, NULL);
  g_atomic_rc_box_release_full (self, (GDestroyNotify) worker_clear);
}
