/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "lk-ledger-private.h"
#include "storage-test.h"

/* A ledger of version 3 with a long history is brought up and asked. */
#define LINES 100000
#define FIRST_AT 1763100000

#define LONG_HISTORY \
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " \
  G_STRINGIFY (LINES) ") INSERT INTO events (connection, at, kind, text, fault) " \
  "SELECT iif (i % 3, 'k3f9', 'q7m2'), " G_STRINGIFY (FIRST_AT) " + i * 60, " \
  "CASE i % 10 WHEN 0 THEN 'call-refused' WHEN 1 THEN 'renewed' ELSE 'handed-out' END, " \
  "'program ' || (i % 7), iif (i % 10, NULL, '{\"class\":\"rate\",\"http_status\":200,\"at\":0," \
  "\"code\":\"40100\",\"message\":\"Zugriff \xc3\x9c" "berlastet\"}') FROM n;" \
  "DELETE FROM events WHERE id % 997 = 0"

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

  fixture->dir = g_dir_make_tmp ("latchkey-query-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "ledger.db", NULL);
  storage_test_make_old (fixture->path, 3, data);
  fixture->ledger = storage_test_open (fixture->path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->ledger != NULL)
    storage_test_close (fixture->ledger);
  g_clear_object (&fixture->ledger);
  storage_test_remove (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

static GPtrArray *
ask (Fixture            *fixture,
     const LkEventQuery *query,
     guint64            *total)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *rows;

  lk_ledger_query_events_async (fixture->ledger, query, NULL, storage_test_result_cb, &result);
  rows = lk_ledger_query_events_finish (fixture->ledger, storage_test_wait (&result), total,
                                        &error);
  g_assert_no_error (error);

  return rows;
}

/* What SQLite says of the same question in plain words, newest first. */
static GArray *
list_ids (Fixture    *fixture,
          const char *condition)
{
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM events WHERE %s ORDER BY id DESC",
                                          condition);
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_open_v2 (fixture->path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return ids;
}

static void
assert_page (Fixture      *fixture,
             LkEventQuery *query,
             GArray       *ids,
             guint         offset)
{
  guint expected = offset < ids->len ? MIN (ids->len - offset, query->limit) : 0;
  g_autoptr(GPtrArray) rows = NULL;
  guint64 total = 0;

  query->offset = offset;
  rows = ask (fixture, query, &total);
  g_assert_cmpuint (total, ==, ids->len);
  g_assert_cmpuint (rows->len, ==, expected);
  for (guint i = 0; i < expected; i++)
    g_assert_cmpint (((LkEvent *) rows->pdata[i])->id, ==, g_array_index (ids, gint64, offset + i));
}

/* Every page of every kind of question is what SQLite finds by going through all of it. */
static void
test_pages (Fixture       *fixture,
            gconstpointer  data)
{
  char *refused[] = { (char *) "call-refused", NULL };
  char *two[] = { (char *) "call-refused", (char *) "signed-in", NULL };
  const struct
  {
    LkEventQuery query;
    const char  *condition;
  } cases[] = {
    { { .limit = 7 }, "1" },
    { { .connection = (char *) "q7m2", .limit = 7 }, "connection = 'q7m2'" },
    { { .kinds = refused, .limit = 7 }, "kind = 'call-refused'" },
    { { .kinds = two, .limit = 7 }, "kind IN ('call-refused', 'signed-in')" },
    { { .kinds = two, .connection = (char *) "k3f9", .since = FIRST_AT, .limit = 7 },
      "kind IN ('call-refused', 'signed-in') AND connection = 'k3f9' AND at >= 1763100000" },
    { { .since = FIRST_AT + 60000, .until = FIRST_AT + 660000, .limit = 7 },
      "at >= 1763160000 AND at < 1763760000" },
    { { .search = (char *) "PROGRAM 3", .limit = 7 }, "text = 'program 3'" },
    { { .search = (char *) "no such thing", .limit = 7 }, "0" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LkEventQuery query = cases[i].query;
      g_autoptr(GArray) ids = list_ids (fixture, cases[i].condition);
      const guint offsets[] = { 0, 1, 248, 249, 250, 255, 256, 257, ids->len / 2,
                                ids->len > 8 ? ids->len - 8 : 0,
                                ids->len > 0 ? ids->len - 1 : 0, ids->len, ids->len + 1000 };

      g_assert_true (ids->len > 1000 || cases[i].condition[0] == '0' || query.since != 0);
      for (size_t k = 0; k < G_N_ELEMENTS (offsets); k++)
        assert_page (fixture, &query, ids, offsets[k]);
    }
}

/* Going on from a line, in both directions; names of connections come along. */
static void
test_before_after (Fixture       *fixture,
                   gconstpointer  data)
{
  char *refused[] = { (char *) "call-refused", NULL };
  g_autoptr(GArray) ids = list_ids (fixture, "kind = 'call-refused'");
  gint64 middle = g_array_index (ids, gint64, 500);
  LkEventQuery query = { .kinds = refused, .before = middle, .limit = 3 };
  g_autoptr(GPtrArray) older = ask (fixture, &query, NULL);
  g_autoptr(GPtrArray) newer = NULL;
  guint64 total = 0;
  const LkEvent *event;

  g_assert_cmpuint (older->len, ==, 3);
  g_assert_cmpint (((LkEvent *) older->pdata[0])->id, ==, g_array_index (ids, gint64, 501));
  g_assert_cmpint (((LkEvent *) older->pdata[2])->id, ==, g_array_index (ids, gint64, 503));

  query.before = 0;
  query.after = middle;
  newer = ask (fixture, &query, &total);
  g_assert_cmpuint (total, ==, ids->len);
  g_assert_cmpuint (newer->len, ==, 3);
  g_assert_cmpint (((LkEvent *) newer->pdata[0])->id, ==, g_array_index (ids, gint64, 499));
  g_assert_cmpint (((LkEvent *) newer->pdata[2])->id, ==, g_array_index (ids, gint64, 497));

  event = newer->pdata[0];
  g_assert_cmpint (event->fault->klass, ==, LK_CLASS_RATE);
  g_assert_cmpstr (event->connection_name, ==,
                   g_str_equal (event->connection, "k3f9") ? "Nordlicht Media" : "Harbor Street");
}

static guint64
count_found (Fixture    *fixture,
             const char *search)
{
  LkEventQuery query = { .search = (char *) search, .limit = 500 };
  g_autoptr(GPtrArray) rows = NULL;
  guint64 total = 0;

  rows = ask (fixture, &query, &total);
  g_assert_cmpuint (rows->len, ==, total);

  return total;
}

/* What is searched for is text, not a pattern; case does not count, in any alphabet; names of keys
 * are not part of a fault. */
static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  g_assert_cmpuint (count_found (fixture, "CURL"), ==, 2);
  g_assert_cmpuint (count_found (fixture, "/CAMP"), ==, 1);
  g_assert_cmpuint (count_found (fixture, "40100"), ==, 1);
  g_assert_cmpuint (count_found (fixture, "harbor"), ==, 3);
  g_assert_cmpuint (count_found (fixture, "class"), ==, 0);
  g_assert_cmpuint (count_found (fixture, "permission"), ==, 0);
  g_assert_cmpuint (count_found (fixture, "%"), ==, 1);
  g_assert_cmpuint (count_found (fixture, "_"), ==, 0);
  g_assert_cmpuint (count_found (fixture, "100 %"), ==, 1);
  g_assert_cmpuint (count_found (fixture, "\\"), ==, 1);
  g_assert_cmpuint (count_found (fixture, "\"not\""), ==, 1);
  g_assert_cmpuint (count_found (fixture, "Log-42"), ==, 1);
  g_assert_cmpuint (count_found (fixture, "GRÖSSE"), ==, 1);
  g_assert_cmpuint (count_found (fixture, "größe"), ==, 1);
  g_assert_cmpuint (count_found (fixture, "gro\xcc\x88\xc3\x9f" "e"), ==, 1);
  g_assert_cmpuint (count_found (fixture, "'; DROP TABLE events; --"), ==, 0);
}

#define SEARCHED \
  "INSERT INTO events (connection, at, kind, text, fault) VALUES " \
  "('k3f9', 1763004000, 'call-refused', 'GET /x', '{\"class\":\"rate\",\"http_status\":200," \
  "\"at\":0,\"message\":\"you may \\\"not\\\" use 100 % of C:\\\\ \",\"trace_id\":\"log-42\"}')," \
  "('q7m2', 1763004001, 'renamed', 'Gr\xc3\xb6\xc3\x9f" "e', NULL)," \
  "('q7m2', 1763004002, 'revoked', NULL, NULL)"

static void
add_event (Fixture    *fixture,
           const char *kind,
           gint64      at)
{
  g_autoptr(LkEvent) event = lk_event_new ("k3f9", at, kind, NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lk_ledger_add_event_async (fixture->ledger, event, NULL, storage_test_result_cb, &result);
  lk_ledger_write_finish (fixture->ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);
}

static void
remove_connection (Fixture    *fixture,
                   const char *id)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lk_ledger_remove_connection_async (fixture->ledger, id, NULL, storage_test_result_cb, &result);
  lk_ledger_write_finish (fixture->ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);
}

/* The reader sees what was written before it was asked, and what is gone is not there any more:
 * pages keep being right, also far down. */
static void
test_follows (Fixture       *fixture,
              gconstpointer  data)
{
  LkEventQuery query = { .limit = 5 };
  g_autoptr(GArray) ids = list_ids (fixture, "1");

  assert_page (fixture, &query, ids, 90000);
  for (guint i = 0; i < 300; i++)
    {
      add_event (fixture, "renamed", FIRST_AT + i);
      if (i % 100 != 0)
        continue;
      g_array_unref (g_steal_pointer (&ids));
      ids = list_ids (fixture, "1");
      assert_page (fixture, &query, ids, 0);
      assert_page (fixture, &query, ids, 90000);
    }

  remove_connection (fixture, "q7m2");
  g_array_unref (g_steal_pointer (&ids));
  ids = list_ids (fixture, "1");
  g_assert_cmpuint (ids->len, <, LINES);
  assert_page (fixture, &query, ids, 0);
  assert_page (fixture, &query, ids, 60000);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

/* So many matches of folded text that it takes a while. */
static void
ask_slowly (Fixture       *fixture,
            GCancellable  *cancellable,
            GAsyncResult **result)
{
  LkEventQuery query = { .search = (char *) "überlastet oder nicht", .limit = 5 };

  lk_ledger_query_events_async (fixture->ledger, &query, cancellable, storage_test_result_cb,
                                result);
}

/* What nobody wants to know any more stops in the middle, and does not spoil what comes after. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GError) error = NULL;
  LkEventQuery query = { .search = (char *) "ÜBERLASTET", .limit = 5 };
  g_autoptr(GArray) ids = list_ids (fixture, "fault LIKE '%berlastet%'");

  ask_slowly (fixture, cancellable, &result);
  g_timeout_add (3, cancel_cb, cancellable);
  rows = lk_ledger_query_events_finish (fixture->ledger, storage_test_wait (&result), NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (rows);

  assert_page (fixture, &query, ids, 1000);
}

/* A ledger that is closed does not wait for the answer. */
static void
test_close (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GAsyncResult) first = NULL;
  g_autoptr(GAsyncResult) second = NULL;
  g_autoptr(GAsyncResult) late = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);

  ask_slowly (fixture, NULL, &first);
  ask_slowly (fixture, NULL, &second);
  storage_test_close (fixture->ledger);
  g_assert_null (lk_ledger_query_events_finish (fixture->ledger, storage_test_wait (&second), NULL,
                                                &error));
  g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED);
  g_clear_error (&error);
  storage_test_wait (&first);
  ask_slowly (fixture, NULL, &late);
  g_assert_null (lk_ledger_query_events_finish (fixture->ledger, storage_test_wait (&late), NULL,
                                                &error));
  g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED);
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  g_clear_object (&fixture->ledger);
}

static gboolean
is_asleep (gpointer data)
{
  Fixture *fixture = data;

  return !lk_ledger_is_reader_awake (fixture->ledger);
}

static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* The thread and its memory go when nobody asks for a while, and come again. */
static void
test_idle (Fixture       *fixture,
           gconstpointer  data)
{
  guint tick = g_timeout_add (5, tick_cb, NULL);

  g_assert_false (lk_ledger_is_reader_awake (fixture->ledger));
  lk_ledger_set_reader_idle (fixture->ledger, 1);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpuint (count_found (fixture, "curl"), ==, 2);
      storage_test_until (is_asleep, fixture);
    }
  lk_ledger_set_reader_idle (fixture->ledger, 60000);
  g_assert_cmpuint (count_found (fixture, "curl"), ==, 2);
  g_assert_true (lk_ledger_is_reader_awake (fixture->ledger));
  g_source_remove (tick);
}

/* A file that breaks while it is open is told, and what is asked fails without a wrong answer. */
static void
test_damaged (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *garbage = g_malloc (4096);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  LkEventQuery query = { .limit = 5 };
  FILE *file;

  storage_test_close (fixture->ledger);
  g_clear_object (&fixture->ledger);
  fixture->ledger = storage_test_open (fixture->path, &error);
  g_assert_no_error (error);

  file = g_fopen (fixture->path, "r+");
  memset (garbage, 0x5a, 4096);
  for (long page = 20; page < 1000; page++)
    {
      g_assert_cmpint (fseek (file, page * 4096, SEEK_SET), ==, 0);
      g_assert_cmpuint (fwrite (garbage, 4096, 1, file), ==, 1);
    }
  g_assert_cmpint (fclose (file), ==, 0);

  lk_ledger_query_events_async (fixture->ledger, &query, NULL, storage_test_result_cb, &result);
  g_assert_null (lk_ledger_query_events_finish (fixture->ledger, storage_test_wait (&result), NULL,
                                                &error));
  g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_DAMAGED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ledger/query/pages", Fixture, LONG_HISTORY, set_up, test_pages, tear_down);
  g_test_add ("/ledger/query/before-after", Fixture, LONG_HISTORY, set_up, test_before_after,
              tear_down);
  g_test_add ("/ledger/query/search", Fixture, SEARCHED, set_up, test_search, tear_down);
  g_test_add ("/ledger/query/follows", Fixture, LONG_HISTORY, set_up, test_follows, tear_down);
  g_test_add ("/ledger/query/cancel", Fixture, LONG_HISTORY, set_up, test_cancel, tear_down);
  g_test_add ("/ledger/query/close", Fixture, LONG_HISTORY, set_up, test_close, tear_down);
  g_test_add ("/ledger/query/idle", Fixture, NULL, set_up, test_idle, tear_down);
  g_test_add ("/ledger/query/damaged", Fixture, LONG_HISTORY, set_up, test_damaged, tear_down);

  return g_test_run ();
}
