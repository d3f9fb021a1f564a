/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "lk-ledger-private.h"
#include "storage-test.h"

#define HOUR 3600
#define DAY (24 * HOUR)

/* The hour of the file's refusals, and a day after which nothing of it is left. */
#define OLD_HOUR 1763002800
#define LATER (1763000000 + 400 * DAY)

typedef struct
{
  char     *dir;
  char     *path;
  LkLedger *ledger;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("latchkey-tallies-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "ledger.db", NULL);
  storage_test_make_old (fixture->path, 3, data);
  fixture->ledger = storage_test_open (fixture->path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  storage_test_close (fixture->ledger);
  g_clear_object (&fixture->ledger);
  storage_test_remove (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

/* One number that SQLite itself reads from a file. */
static gint64
read_number (const char *path,
             const char *sql)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 number;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return number;
}

static gboolean
write_ends (Fixture       *fixture,
            GAsyncResult **result,
            int            code)
{
  g_autoptr(GError) error = NULL;
  gboolean written = lk_ledger_write_finish (fixture->ledger, storage_test_wait (result), &error);

  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, LK_STORAGE_ERROR, code);
  g_clear_object (result);

  return written;
}

static GPtrArray *
list (Fixture    *fixture,
      const char *connection,
      gint64      since,
      gint64      until,
      guint       bucket)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *rows;

  lk_ledger_list_tallies_async (fixture->ledger, connection, since, until, bucket, NULL,
                                storage_test_result_cb, &result);
  rows = lk_ledger_list_tallies_finish (fixture->ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);

  return rows;
}

/* How often @kind came at all, in what @connection (nullable: all) has of hours. */
static guint64
count (Fixture    *fixture,
       const char *connection,
       const char *kind)
{
  g_autoptr(GPtrArray) rows = list (fixture, connection, 0, 0, HOUR);
  guint64 sum = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const LkTally *tally = rows->pdata[i];

      if (g_str_equal (tally->kind, kind))
        sum += tally->count;
    }

  return sum;
}

static guint64
count_ever (Fixture    *fixture,
            const char *connection,
            const char *kind)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  guint64 sum = 0;

  lk_ledger_list_totals_async (fixture->ledger, NULL, storage_test_result_cb, &result);
  rows = lk_ledger_list_totals_finish (fixture->ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const LkCount *total = rows->pdata[i];

      if (g_str_equal (total->connection, connection) && g_str_equal (total->kind, kind))
        sum += total->count;
    }

  return sum;
}

static void
add_event (Fixture    *fixture,
           const char *connection,
           const char *kind,
           gint64      at,
           LkClass     klass)
{
  g_autoptr(LkEvent) event = lk_event_new (connection, at, kind, NULL);
  GAsyncResult *result = NULL;

  event->fault = klass != LK_CLASS_OK ? lk_fault_new (klass) : NULL;
  lk_ledger_add_event_async (fixture->ledger, event, NULL, storage_test_result_cb, &result);
  write_ends (fixture, &result, -1);
}

/* A file of version 3 is brought up: what its lines tell is counted, and it can shrink. */
static void
test_migration (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GPtrArray) rows = list (fixture, "k3f9", 0, 0, HOUR);
  g_autofree char *copy = g_strconcat (fixture->path, ".backup-v3", NULL);
  const LkTally *tally;

  g_assert_cmpuint (rows->len, ==, 4);
  tally = rows->pdata[0];
  g_assert_cmpint (tally->start, ==, 1762999200);
  g_assert_cmpstr (tally->kind, ==, "verify-failed");
  g_assert_cmpint (tally->klass, ==, LK_CLASS_PERMISSION);
  tally = rows->pdata[1];
  g_assert_cmpint (tally->start, ==, OLD_HOUR);
  g_assert_cmpstr (tally->kind, ==, "handed-out");
  g_assert_cmpint (tally->klass, ==, LK_CLASS_OK);
  tally = rows->pdata[2];
  g_assert_cmpstr (tally->kind, ==, "refused");
  g_assert_cmpint (tally->klass, ==, LK_CLASS_PERMISSION);
  g_assert_cmpuint (tally->count, ==, 3);

  g_assert_cmpuint (count (fixture, NULL, "handed-out"), ==, 2);
  g_assert_cmpuint (count_ever (fixture, "q7m2", "handed-out"), ==, 1);
  g_assert_cmpint (read_number (copy, "SELECT user_version FROM pragma_user_version"), ==, 3);
  g_assert_cmpint (read_number (copy, "SELECT count(*) FROM events"), ==, 7);
  g_assert_cmpint (read_number (fixture->path, "SELECT * FROM pragma_auto_vacuum"), ==, 2);
}

/* A new file can shrink as well. */
static void
test_new (Fixture       *fixture,
          gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->dir, "new.db", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkLedger) ledger = storage_test_open (path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (read_number (path, "SELECT * FROM pragma_auto_vacuum"), ==, 2);
  storage_test_close (ledger);
}

/* Lines are counted with what they are about, also those that are counted up; others are not. */
static void
test_events (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(LkEvent) refusal = lk_event_new ("q7m2", LATER, "call-refused", "GET /x");

  add_event (fixture, "q7m2", "renewed", LATER, LK_CLASS_OK);
  add_event (fixture, "q7m2", "renewal-failed", LATER, LK_CLASS_TRANSIENT);
  add_event (fixture, "q7m2", "renamed", LATER, LK_CLASS_OK);
  refusal->fault = lk_fault_new (LK_CLASS_RATE);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GAsyncResult) result = NULL;

      lk_ledger_note_async (fixture->ledger, refusal, NULL, NULL, storage_test_result_cb, &result);
      g_assert_cmpint (lk_ledger_note_finish (fixture->ledger, storage_test_wait (&result), NULL),
                       >, 0);
    }

  g_assert_cmpuint (count (fixture, "q7m2", "renewed"), ==, 1);
  g_assert_cmpuint (count (fixture, NULL, "renewal-failed"), ==, 1);
  g_assert_cmpuint (count (fixture, "q7m2", "refused"), ==, 3);
  g_assert_cmpuint (count (fixture, NULL, "refused"), ==, 7);
  g_assert_cmpuint (count_ever (fixture, "q7m2", "refused"), ==, 3);
  g_assert_cmpuint (count (fixture, NULL, "renamed"), ==, 0);
}

/* Proofs of life of one day are one line that counts them; what comes between starts another. */
static void
test_proofs (Fixture       *fixture,
             gconstpointer  data)
{
  gint64 midnight = LATER / DAY * DAY;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  const guint counts[] = { 2, 1, 3 };

  add_event (fixture, "k3f9", "verified", midnight, LK_CLASS_OK);
  add_event (fixture, "k3f9", "verified", midnight + 6 * HOUR, LK_CLASS_OK);
  add_event (fixture, "k3f9", "verified", midnight + 12 * HOUR, LK_CLASS_OK);
  add_event (fixture, "k3f9", "verified", midnight + DAY, LK_CLASS_OK);
  add_event (fixture, "k3f9", "renewed", midnight + DAY, LK_CLASS_OK);
  add_event (fixture, "k3f9", "verified", midnight + DAY, LK_CLASS_OK);
  add_event (fixture, "k3f9", "verified", midnight + DAY + HOUR, LK_CLASS_OK);

  lk_ledger_list_events_async (fixture->ledger, "k3f9", 0, 4, NULL, storage_test_result_cb,
                               &result);
  rows = lk_ledger_list_events_finish (fixture->ledger, storage_test_wait (&result), NULL);
  g_assert_cmpuint (((LkEvent *) rows->pdata[0])->count, ==, counts[0]);
  g_assert_cmpint (((LkEvent *) rows->pdata[0])->at, ==, midnight + DAY + HOUR);
  g_assert_cmpstr (((LkEvent *) rows->pdata[1])->kind, ==, "renewed");
  g_assert_cmpuint (((LkEvent *) rows->pdata[2])->count, ==, counts[1]);
  g_assert_cmpuint (((LkEvent *) rows->pdata[3])->count, ==, counts[2]);
  g_assert_cmpuint (count (fixture, "k3f9", "verified"), ==, 6);
}

/* Calls that succeeded come in bulk; a connection that is gone meanwhile does not spoil the rest. A
 * bucket of a day starts where it was asked to. */
static void
test_counts (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) counts = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_count_free);
  g_autoptr(GPtrArray) days = NULL;
  gint64 start = LATER / HOUR * HOUR + 5 * HOUR;
  GAsyncResult *result = NULL;

  g_ptr_array_add (counts, lk_count_new ("k3f9", start + 5, "call", LK_CLASS_OK, 1000));
  g_ptr_array_add (counts, lk_count_new ("gone", start + 5, "call", LK_CLASS_OK, 7));
  g_ptr_array_add (counts, lk_count_new ("k3f9", start + DAY - 1, "call", LK_CLASS_OK, 20));
  g_ptr_array_add (counts, lk_count_new ("k3f9", start + DAY, "call", LK_CLASS_OK, 3));
  g_ptr_array_add (counts, lk_count_new ("q7m2", start + DAY, "call", LK_CLASS_OK, 4));
  g_ptr_array_add (counts, lk_count_new ("q7m2", start + 2 * DAY, "call", LK_CLASS_OK, 5));
  lk_ledger_add_counts_async (fixture->ledger, counts, NULL, storage_test_result_cb, &result);
  write_ends (fixture, &result, -1);

  days = list (fixture, NULL, start + 1800, start + 2 * DAY, DAY);
  g_assert_cmpuint (days->len, ==, 2);
  g_assert_cmpint (((LkTally *) days->pdata[0])->start, ==, start);
  g_assert_cmpuint (((LkTally *) days->pdata[0])->count, ==, 1020);
  g_assert_cmpint (((LkTally *) days->pdata[1])->start, ==, start + DAY);
  g_assert_cmpuint (((LkTally *) days->pdata[1])->count, ==, 7);
  g_assert_cmpuint (count_ever (fixture, "k3f9", "call"), ==, 1023);
  g_assert_cmpuint (count_ever (fixture, "gone", "call"), ==, 0);
  g_assert_cmpuint (count (fixture, NULL, "call"), ==, 1032);

  lk_ledger_remove_connection_async (fixture->ledger, "k3f9", NULL, storage_test_result_cb,
                                     &result);
  write_ends (fixture, &result, -1);
  g_assert_cmpuint (count (fixture, NULL, "call"), ==, 9);
  g_assert_cmpuint (count (fixture, NULL, "refused"), ==, 0);
  g_assert_cmpuint (count (fixture, NULL, "handed-out"), ==, 1);
  g_assert_cmpuint (count (fixture, "k3f9", "call"), ==, 0);
  g_assert_cmpuint (count_ever (fixture, "k3f9", "call"), ==, 0);
}

#define OLD_LINES 60000

#define MANY_OLD \
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " \
  G_STRINGIFY (OLD_LINES) ") INSERT INTO events (connection, at, kind, text) " \
  "SELECT 'k3f9', 1763000000 + i, 'handed-out', 'a program with a rather long name ' || i FROM n"

static GAsyncResult *
put_state (Fixture *fixture,
           gint64  *waited)
{
  g_autoptr(LkStateRecord) state = lk_state_record_new ("warning", "a", "k3f9",
                                                        g_variant_new ("a{sv}", NULL));
  gint64 start = g_get_monotonic_time ();
  GAsyncResult *result = NULL;

  lk_ledger_put_state_async (fixture->ledger, state, NULL, storage_test_result_cb, &result);
  storage_test_wait (&result);
  *waited = g_get_monotonic_time () - start;

  return result;
}

/* What is old goes, what is not stays, tallies have their own time, the file shrinks, and what is
 * written meanwhile does not wait for the end of it. */
static void
test_expiry (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gint64 before = read_number (fixture->path, "SELECT * FROM pragma_page_count");
  guint between = 0;
  gint64 longest = 0;

  add_event (fixture, "k3f9", "handed-out", LATER, LK_CLASS_OK);
  add_event (fixture, "q7m2", "handed-out", LATER, LK_CLASS_OK);
  lk_ledger_expire_async (fixture->ledger, LATER, OLD_HOUR + 10 * HOUR, NULL,
                          storage_test_result_cb, &result);
  while (result == NULL)
    {
      gint64 waited;
      GAsyncResult *written = put_state (fixture, &waited);

      write_ends (fixture, &written, -1);
      longest = MAX (longest, waited);
      between++;
    }
  g_assert_true (lk_ledger_expire_finish (fixture->ledger, result, &error));
  g_assert_no_error (error);
  g_test_message ("%u writes meanwhile, the longest waited %" G_GINT64_FORMAT " µs", between,
                  longest);
  g_assert_cmpuint (between, >, 5);

  g_assert_cmpint (read_number (fixture->path, "SELECT count(*) FROM events"), ==, 2);
  g_assert_cmpint (read_number (fixture->path, "SELECT min (at) FROM events"), ==, LATER);
  g_assert_cmpint (read_number (fixture->path, "SELECT min (hour) FROM tallies"), ==,
                   OLD_HOUR + 10 * HOUR);
  g_assert_cmpint (read_number (fixture->path, "SELECT * FROM pragma_page_count"), <, before / 3);
  g_assert_cmpuint (count_ever (fixture, "k3f9", "handed-out"), ==, OLD_LINES + 2);
}

/* 0 is for ever. */
static void
test_keep_all (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  guint64 handed_out = count (fixture, NULL, "handed-out");

  lk_ledger_expire_async (fixture->ledger, 0, 0, NULL, storage_test_result_cb, &result);
  g_assert_true (lk_ledger_expire_finish (fixture->ledger, storage_test_wait (&result), NULL));
  g_assert_cmpint (read_number (fixture->path, "SELECT count(*) FROM events"), ==, 7);
  g_assert_cmpuint (count (fixture, NULL, "handed-out"), ==, handed_out);
}

/* Expiry that is cancelled leaves the rest for the next time. */
static void
test_stop_expiry (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gint64 waited, left;
  GAsyncResult *written;

  lk_ledger_expire_async (fixture->ledger, LATER, 0, cancellable, storage_test_result_cb, &result);
  written = put_state (fixture, &waited);
  write_ends (fixture, &written, -1);
  g_cancellable_cancel (cancellable);
  g_assert_false (lk_ledger_expire_finish (fixture->ledger, storage_test_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  left = read_number (fixture->path, "SELECT count(*) FROM events");
  g_assert_cmpint (left, >, 0);
  g_assert_cmpint (left, <, OLD_LINES);
}

/* Lines so short that what is new takes more room than they do. */
#define MANY_SHORT \
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " \
  G_STRINGIFY (OLD_LINES) ") INSERT INTO events (connection, at, kind) " \
  "SELECT 'k3f9', 1763000000 + i, 'handed-out' FROM n"

static void
limit_files (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (bytes, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* Where there is no room to bring a file up, it stays as it was; with room it is brought up. */
static void
test_no_room (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->dir, "tight.db", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkLedger) ledger = NULL;
  struct stat before;

  storage_test_make_old (path, 3, MANY_SHORT);
  g_assert_cmpint (stat (path, &before), ==, 0);
  signal (SIGXFSZ, SIG_IGN);
  limit_files ((rlim_t) before.st_size + 65536);
  ledger = storage_test_open (path, &error);
  limit_files (RLIM_INFINITY);
  g_assert_null (ledger);
  g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FULL);
  g_assert_cmpint (read_number (path, "SELECT user_version FROM pragma_user_version"), ==, 3);
  g_assert_cmpint (read_number (path, "SELECT count(*) FROM events"), ==, OLD_LINES + 7);
  g_clear_error (&error);

  ledger = storage_test_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read_number (path, "SELECT user_version FROM pragma_user_version"), ==, 5);
  storage_test_close (ledger);
}

static GPtrArray *
list_states (Fixture    *fixture,
             const char *kind)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *rows;

  lk_ledger_list_states_async (fixture->ledger, kind, NULL, storage_test_result_cb, &result);
  rows = lk_ledger_list_states_finish (fixture->ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);

  return rows;
}

static void
put (Fixture    *fixture,
     const char *kind,
     const char *key,
     const char *connection,
     const char *value,
     int         code)
{
  g_autoptr(LkStateRecord) state =
    lk_state_record_new (kind, key, connection, g_variant_new_parsed ("{'is': <%s>}", value));
  GAsyncResult *result = NULL;

  lk_ledger_put_state_async (fixture->ledger, state, NULL, storage_test_result_cb, &result);
  write_ends (fixture, &result, code);
}

static void
assert_state (GPtrArray  *rows,
              guint       i,
              const char *key,
              const char *connection,
              const char *value)
{
  const LkStateRecord *state = rows->pdata[i];
  const char *is = NULL;

  g_assert_cmpstr (state->key, ==, key);
  g_assert_cmpstr (state->connection, ==, connection);
  g_assert_true (g_variant_lookup (state->value, "is", "&s", &is));
  g_assert_cmpstr (is, ==, value);
}

/* What a part remembers comes back as it was put, each kind apart; it goes alone or with its
 * connection, and has none that does not exist. */
static void
test_states (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) warnings = NULL;
  g_autoptr(GPtrArray) programs = NULL;
  GAsyncResult *result = NULL;

  put (fixture, "warning", "b", "k3f9", "one", -1);
  put (fixture, "warning", "a", "q7m2", "two", -1);
  put (fixture, "warning", "c", NULL, "three", -1);
  put (fixture, "program", "a", NULL, "four", -1);
  put (fixture, "warning", "b", "k3f9", "five", -1);
  put (fixture, "warning", "d", "gone", "six", LK_STORAGE_ERROR_NOT_FOUND);

  warnings = list_states (fixture, "warning");
  g_assert_cmpuint (warnings->len, ==, 3);
  assert_state (warnings, 0, "a", "q7m2", "two");
  assert_state (warnings, 1, "b", "k3f9", "five");
  assert_state (warnings, 2, "c", NULL, "three");
  programs = list_states (fixture, "program");
  g_assert_cmpuint (programs->len, ==, 1);
  assert_state (programs, 0, "a", NULL, "four");

  lk_ledger_remove_state_async (fixture->ledger, "warning", "c", NULL, storage_test_result_cb,
                                &result);
  write_ends (fixture, &result, -1);
  lk_ledger_remove_connection_async (fixture->ledger, "q7m2", NULL, storage_test_result_cb,
                                     &result);
  write_ends (fixture, &result, -1);
  g_clear_pointer (&warnings, g_ptr_array_unref);
  warnings = list_states (fixture, "warning");
  g_assert_cmpuint (warnings->len, ==, 1);
  assert_state (warnings, 0, "b", "k3f9", "five");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ledger/tallies/migration", Fixture, NULL, set_up, test_migration, tear_down);
  g_test_add ("/ledger/tallies/new", Fixture, NULL, set_up, test_new, tear_down);
  g_test_add ("/ledger/tallies/events", Fixture, NULL, set_up, test_events, tear_down);
  g_test_add ("/ledger/tallies/proofs", Fixture, NULL, set_up, test_proofs, tear_down);
  g_test_add ("/ledger/tallies/counts", Fixture, NULL, set_up, test_counts, tear_down);
  g_test_add ("/ledger/tallies/expiry", Fixture, MANY_OLD, set_up, test_expiry, tear_down);
  g_test_add ("/ledger/tallies/keep-all", Fixture, NULL, set_up, test_keep_all, tear_down);
  g_test_add ("/ledger/tallies/stop-expiry", Fixture, MANY_OLD, set_up, test_stop_expiry,
              tear_down);
  g_test_add ("/ledger/tallies/no-room", Fixture, NULL, set_up, test_no_room, tear_down);
  g_test_add ("/ledger/tallies/states", Fixture, NULL, set_up, test_states, tear_down);

  return g_test_run ();
}
