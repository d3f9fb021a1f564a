/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include "lk-ledger-private.h"

/* How long the thread and its memory stay after the last question. */
#define IDLE_MS (60 * 1000)

/* Steps of SQLite's machine between two looks at whether anybody still wants to know. */
#define STEPS 2000

/* KiB of the database that stay in memory while there is somebody who reads. */
#define CACHE_KIB "2048"

/* Shared by the worker, which owns it, and the thread. */
struct _LkLedgerReader
{
  char           *path;
  int             stopped;  /* atomic */
  int             stale;    /* atomic: what @places knows is no longer so */

  GMutex          mutex;    /* for these */
  GCond           changed;
  GQueue          tasks;    /* (owned) (element-type GTask) */
  guint           idle_ms;
  gboolean        running;

  /* the thread's alone */
  sqlite3        *db;       /* (owned) (nullable) */
  LkLedgerPlaces *places;   /* (owned) (nullable) */
  GTask          *task;     /* (unowned) (nullable): the one that runs */
};

static void
reader_clear (LkLedgerReader *self)
{
  g_queue_clear_full (&self->tasks, g_object_unref);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self->path);
}

/* SQLite gives up when this is not 0. */
static int
progress_cb (gpointer user_data)
{
  LkLedgerReader *self = user_data;

  return g_atomic_int_get (&self->stopped) ||
         (self->task != NULL && g_cancellable_is_cancelled (g_task_get_cancellable (self->task)));
}

static gboolean
open_database (LkLedgerReader *self,
               GError        **error)
{
  g_autoptr(sqlite3) db = NULL;

  if (self->db != NULL)
    return TRUE;
  if (sqlite3_open_v2 (self->path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL)
        != SQLITE_OK ||
      !lk_ledger_query_add_functions (db))
    return lk_ledger_set_error (error, db, "read");

  sqlite3_busy_timeout (db, 5000);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  if (!lk_ledger_exec (db, "PRAGMA cache_size = -" CACHE_KIB, error))
    return FALSE;

  sqlite3_progress_handler (db, STEPS, progress_cb, self);
  self->db = g_steal_pointer (&db);
  self->places = lk_ledger_places_new ();

  return TRUE;
}

static void
close_database (LkLedgerReader *self)
{
  g_clear_pointer (&self->places, lk_ledger_places_free);
  if (self->db != NULL)
    sqlite3_close_v2 (g_steal_pointer (&self->db));
}

static gboolean
refuse (LkLedgerReader *self,
        GTask          *task,
        GError        **error)
{
  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), error))
    return TRUE;
  if (g_atomic_int_get (&self->stopped))
    g_set_error_literal (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED, "The ledger is closed");

  return g_atomic_int_get (&self->stopped);
}

/* One snapshot for all that a question reads. */
static gboolean
read_snapshot (LkLedgerReader *self,
               LkLedgerJob    *job,
               GError        **error)
{
  gboolean done;

  if (!lk_ledger_exec (self->db, "BEGIN", error))
    return FALSE;

  done = job->run (self->db, job, error);
  sqlite3_exec (self->db, "COMMIT", NULL, NULL, NULL);

  return done;
}

static void
run_task (LkLedgerReader *self,
          GTask          *task)
{
  LkLedgerJob *job = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) reason = NULL;
  gboolean done = FALSE;

  self->task = task;
  if (!refuse (self, task, &error) && open_database (self, &error))
    {
      if (g_atomic_int_compare_and_exchange (&self->stale, TRUE, FALSE))
        lk_ledger_places_clear (self->places);
      job->places = self->places;
      done = read_snapshot (self, job, &error);
    }
  self->task = NULL;

  if (done)
    g_task_return_boolean (task, TRUE);
  else if (refuse (self, task, &reason))
    g_task_return_error (task, g_steal_pointer (&reason));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* (transfer full) (nullable): NULL when nobody asked for long enough; the thread is not "running"
 * any more then, and whoever comes next starts another. */
static GTask *
take_task (LkLedgerReader *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 deadline = g_get_monotonic_time () + (gint64) self->idle_ms * 1000;

  while (g_queue_is_empty (&self->tasks) && !g_atomic_int_get (&self->stopped) &&
         g_cond_wait_until (&self->changed, &self->mutex, deadline))
    ;
  if (!g_queue_is_empty (&self->tasks))
    return g_queue_pop_head (&self->tasks);

  close_database (self);
  self->running = FALSE;
  g_cond_broadcast (&self->changed);

  return NULL;
}

static gpointer
reader_main (gpointer user_data)
{
  LkLedgerReader *self = user_data;
  GTask *task;

  while ((task = take_task (self)) != NULL)
    {
      run_task (self, task);
      g_object_unref (task);
    }
  lk_ledger_reader_unref (self);

  return NULL;
}

LkLedgerReader *
lk_ledger_reader_new (const char *path)
{
  LkLedgerReader *self = g_atomic_rc_box_new0 (LkLedgerReader);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  g_queue_init (&self->tasks);
  self->path = g_strdup (path);
  self->idle_ms = IDLE_MS;

  return self;
}

void
lk_ledger_reader_unref (LkLedgerReader *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) reader_clear);
}

/* Takes @task. */
void
lk_ledger_reader_run (LkLedgerReader *self,
                      GTask          *task)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_queue_push_tail (&self->tasks, task);
  g_cond_broadcast (&self->changed);
  if (self->running)
    return;

  self->running = TRUE;
  g_thread_unref (g_thread_new ("lk-ledger-read", reader_main, g_atomic_rc_box_acquire (self)));
}

void
lk_ledger_reader_set_idle (LkLedgerReader *self,
                           guint           milliseconds)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->idle_ms = milliseconds;
}

gboolean
lk_ledger_reader_is_awake (LkLedgerReader *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->running;
}

void
lk_ledger_reader_forget (LkLedgerReader *self)
{
  g_atomic_int_set (&self->stale, TRUE);
}

void
lk_ledger_reader_end (LkLedgerReader *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_atomic_int_set (&self->stopped, TRUE);
  g_cond_broadcast (&self->changed);
  while (self->running)
    g_cond_wait (&self->changed, &self->mutex);
}
