/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "lk-token-set.h"
#include "storage-test.h"

#define NOW 1763000100

typedef struct
{
  char     *dir;
  char     *path;
  LkLedger *ledger;
} Fixture;

static void
open_ledger (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  fixture->ledger = storage_test_open (fixture->path, &error);
  g_assert_no_error (error);
}

static void
reopen (Fixture *fixture)
{
  storage_test_close (fixture->ledger);
  g_clear_object (&fixture->ledger);
  open_ledger (fixture);
}

/* A ledger of version 2, brought up. */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = g_dir_make_tmp ("latchkey-notes-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "ledger.db", NULL);
  storage_test_make_old (fixture->path, 2, NULL);
  open_ledger (fixture);
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

static LkEvent *
make_refusal (const char *text,
              gint64      at,
              const char *code,
              const char *trace_id)
{
  LkEvent *event = lk_event_new ("k3f9", at, "call-refused", text);

  event->fault = lk_fault_new (LK_CLASS_PERMISSION);
  event->fault->code = g_strdup (code);
  event->fault->trace_id = g_strdup (trace_id);
  event->fault->at = at;

  return event;
}

static LkCallRequest *
make_call (const char *target,
           const char *body)
{
  LkCallRequest *call = lk_call_request_new ("POST", target);

  call->query = g_strsplit ("page=1 size=50", " ", -1);
  call->content_type = g_strdup ("application/json");
  call->body = g_bytes_new (body, strlen (body));

  return call;
}

static gint64
note (Fixture       *fixture,
      const LkEvent *event,
      LkCallRequest *call)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gint64 id;

  lk_ledger_note_async (fixture->ledger, event, call, NULL, storage_test_result_cb, &result);
  id = lk_ledger_note_finish (fixture->ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);

  return id;
}

static LkEvent *
get_event (Fixture        *fixture,
           const char     *connection,
           gint64          id,
           LkCallRequest **call)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  LkEvent *event;

  lk_ledger_get_event_async (fixture->ledger, connection, id, NULL, storage_test_result_cb,
                             &result);
  event = lk_ledger_get_event_finish (fixture->ledger, storage_test_wait (&result), call, &error);
  if (event == NULL)
    g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND);

  return event;
}

static GPtrArray *
list_events (Fixture *fixture,
             guint    limit)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *rows;

  lk_ledger_list_events_async (fixture->ledger, "k3f9", 0, limit, NULL, storage_test_result_cb,
                               &result);
  rows = lk_ledger_list_events_finish (fixture->ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);

  return rows;
}

/* A file of version 2 is brought up with all that it holds; when a person signed in last is read
 * from its history. */
static void
test_migration (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GPtrArray) events = list_events (fixture, 10);
  g_autofree char *copy = g_strconcat (fixture->path, ".backup-v2", NULL);
  const LkConnectionRecord *first, *second;

  lk_ledger_list_connections_async (fixture->ledger, NULL, storage_test_result_cb, &result);
  rows = lk_ledger_list_connections_finish (fixture->ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 2);
  first = rows->pdata[0];
  second = rows->pdata[1];
  g_assert_cmpstr (first->name, ==, "Nordlicht Media");
  g_assert_cmpint (first->signed_in, ==, 1763000009);
  g_assert_cmpint (first->fault->klass, ==, LK_CLASS_PERMISSION);
  g_assert_null (first->refusal);
  g_assert_cmpint (first->refusal_event, ==, 0);
  g_assert_cmpint (second->signed_in, ==, second->created);
  g_assert_cmpint (second->removed_at, ==, 1763000020);

  g_assert_cmpuint (events->len, ==, 3);
  g_assert_cmpuint (((LkEvent *) events->pdata[0])->count, ==, 1);
  g_assert_false (((LkEvent *) events->pdata[0])->repeatable);
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
}

/* The last refusal of a connection is kept with it. */
static void
test_last_refusal (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  LkConnectionRecord *record;

  for (guint way = 0; way < 2; way++)
    {
      g_autoptr(GAsyncResult) listed = NULL;
      g_autoptr(GAsyncResult) written = NULL;

      g_clear_pointer (&rows, g_ptr_array_unref);
      lk_ledger_list_connections_async (fixture->ledger, NULL, storage_test_result_cb, &listed);
      rows = lk_ledger_list_connections_finish (fixture->ledger, storage_test_wait (&listed),
                                                &error);
      g_assert_no_error (error);
      record = rows->pdata[0];
      if (way == 0)
        {
          record->refusal = lk_fault_new (LK_CLASS_RATE);
          record->refusal->limit = g_strdup ("minute");
          record->refusal->retry_at = NOW;
          record->refusal_event = 42;
        }
      else
        {
          g_assert_cmpint (record->refusal->klass, ==, LK_CLASS_RATE);
          g_assert_cmpstr (record->refusal->limit, ==, "minute");
          g_assert_cmpint (record->refusal->retry_at, ==, NOW);
          g_assert_cmpint (record->refusal_event, ==, 42);
        }
      lk_ledger_put_connection_async (fixture->ledger, record, NULL, NULL, storage_test_result_cb,
                                      &written);
      g_assert_true (lk_ledger_write_finish (fixture->ledger, storage_test_wait (&written),
                                             &error));
    }
}

/* The same refusal within a minute is counted, with the newest request id and call; what differs
 * in text, code or account, or comes later, is a line of its own. */
static void
test_counted (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LkEvent) first = make_refusal ("POST /campaign/", NOW, "40001", "t1");
  g_autoptr(LkEvent) second = make_refusal ("POST /campaign/", NOW + 59, "40001", "t2");
  g_autoptr(LkEvent) late = make_refusal ("POST /campaign/", NOW + 59 + 61, "40001", "t3");
  g_autoptr(LkEvent) other_code = make_refusal ("POST /campaign/", NOW + 60, "40002", "t4");
  g_autoptr(LkEvent) other_path = make_refusal ("GET /campaign/", NOW + 60, "40001", "t5");
  g_autoptr(LkEvent) other_account = make_refusal ("POST /campaign/", NOW + 60, "40001", "t6");
  g_autoptr(LkCallRequest) a = make_call ("/campaign/", "{\"a\":1}");
  g_autoptr(LkCallRequest) b = make_call ("/campaign/", "{\"b\":2}");
  g_autoptr(LkCallRequest) kept = NULL;
  g_autoptr(LkEvent) found = NULL;
  gint64 id = note (fixture, first, a);

  g_assert_cmpint (id, >, 0);
  g_assert_cmpint (note (fixture, second, b), ==, id);
  other_account->fault->account = g_strdup ("7");
  g_assert_cmpint (note (fixture, other_code, NULL), !=, id);
  g_assert_cmpint (note (fixture, other_path, NULL), !=, id);
  g_assert_cmpint (note (fixture, other_account, NULL), !=, id);

  reopen (fixture);
  found = get_event (fixture, "k3f9", id, &kept);
  g_assert_cmpuint (found->count, ==, 2);
  g_assert_cmpint (found->at, ==, NOW + 59);
  g_assert_cmpstr (found->fault->trace_id, ==, "t2");
  g_assert_true (found->repeatable);
  g_assert_cmpstr (kept->method, ==, "POST");
  g_assert_cmpstr (kept->target, ==, "/campaign/");
  g_assert_cmpstr (kept->query[1], ==, "size=50");
  g_assert_cmpstr (kept->content_type, ==, "application/json");
  g_assert_true (g_bytes_equal (kept->body, b->body));
  g_assert_cmpint (note (fixture, late, a), !=, id);
  g_assert_null (get_event (fixture, "q7m2", id, NULL));
  g_assert_null (get_event (fixture, "k3f9", 9999, NULL));
}

/* A refusal whose call must not be kept takes the one before it away: what is sent again is what
 * the line speaks of. */
static void
test_call_goes (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(LkEvent) first = make_refusal ("POST /campaign/", NOW, "40001", "t1");
  g_autoptr(LkCallRequest) call = make_call ("/campaign/", "{}");
  g_autoptr(LkCallRequest) kept = NULL;
  g_autoptr(LkEvent) found = NULL;
  gint64 id = note (fixture, first, call);

  g_assert_cmpint (note (fixture, first, NULL), ==, id);
  found = get_event (fixture, "k3f9", id, &kept);
  g_assert_false (found->repeatable);
  g_assert_null (kept);
}

/* A program that is refused day and night does not fill the disk. */
static void
test_bounded (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GPtrArray) events = NULL;
  g_autoptr(LkCallRequest) call = make_call ("/campaign/", "{}");
  guint refusals = 0;
  guint repeatable = 0;
  gint64 last = 0;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                                 "FROM n WHERE i < " G_STRINGIFY (LK_LEDGER_NOTES_KEPT) ") "
                                 "INSERT INTO events (connection, at, kind) "
                                 "SELECT 'k3f9', i, 'call-refused' FROM n", NULL, NULL, NULL),
                   ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);

  for (gint64 i = 0; i < LK_LEDGER_CALLS_KEPT + 20; i++)
    {
      g_autoptr(LkEvent) event = make_refusal ("POST /campaign/", NOW + i * 120, "40001", "t");

      last = note (fixture, event, call);
    }
  events = list_events (fixture, 10000);
  for (guint i = 0; i < events->len; i++)
    {
      const LkEvent *event = events->pdata[i];

      refusals += g_str_equal (event->kind, "call-refused");
      repeatable += event->repeatable;
    }
  g_assert_cmpuint (refusals, ==, LK_LEDGER_NOTES_KEPT);
  g_assert_cmpuint (repeatable, ==, LK_LEDGER_CALLS_KEPT);
  g_assert_cmpuint (events->len, ==, LK_LEDGER_NOTES_KEPT + 3);
  g_assert_cmpint (((LkEvent *) events->pdata[0])->id, ==, last);
}

static LkRemedyRecord *
make_remedy (void)
{
  LkRemedyRecord *remedy = lk_remedy_record_new ();
  LkProbeAnswer *answer = lk_probe_answer_new ("center-assets", "c1", "7100000000000000001");

  remedy->id = g_strdup ("r1");
  remedy->connection = g_strdup ("k3f9");
  remedy->remedy = g_strdup ("permission");
  remedy->cause = g_strdup ("role-too-low");
  remedy->started = NOW;
  remedy->watched_since = NOW + 1;
  remedy->event = 3;
  remedy->call = make_call ("/campaign/", "{\"x\":\"y\"}");
  g_hash_table_insert (remedy->values, g_strdup ("role"), g_strdup ("ANALYST"));
  g_ptr_array_add (remedy->steps, lk_step_record_new ("ask", "told", NOW + 2));
  g_ptr_array_add (remedy->steps, lk_step_record_new ("role", "not-yet", NOW + 3));
  g_hash_table_insert (lk_probe_answer_add_row (answer), g_strdup ("role"), g_strdup ("ANALYST"));
  lk_facts_take_answer (remedy->facts, answer);

  return remedy;
}

static void
put_remedy (Fixture              *fixture,
            const LkRemedyRecord *remedy)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lk_ledger_put_remedy_async (fixture->ledger, remedy, NULL, storage_test_result_cb, &result);
  lk_ledger_write_finish (fixture->ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);
}

static GPtrArray *
list_remedies (Fixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *rows;

  lk_ledger_list_remedies_async (fixture->ledger, NULL, storage_test_result_cb, &result);
  rows = lk_ledger_list_remedies_finish (fixture->ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);

  return rows;
}

static void
assert_same (const LkRemedyRecord *a,
             const LkRemedyRecord *b)
{
  g_autoptr(GVariant) left = g_variant_ref_sink (lk_remedy_record_to_variant (a));
  g_autoptr(GVariant) right = g_variant_ref_sink (lk_remedy_record_to_variant (b));

  g_assert_cmpvariant (left, right);
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->connection, ==, b->connection);
  g_assert_cmpint (a->started, ==, b->started);
  g_assert_cmpint (a->ended, ==, b->ended);
}

/* A remedy comes back whole, also its copy; a change replaces it; it goes alone, or with its
 * connection. */
static void
test_remedies (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(LkRemedyRecord) remedy = make_remedy ();
  g_autoptr(LkRemedyRecord) copy = lk_remedy_record_copy (remedy);
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GAsyncResult) removed = NULL;

  put_remedy (fixture, remedy);
  reopen (fixture);
  rows = list_remedies (fixture);
  g_assert_cmpuint (rows->len, ==, 1);
  assert_same (rows->pdata[0], remedy);
  assert_same (copy, remedy);
  g_clear_pointer (&rows, g_ptr_array_unref);

  remedy->ended = NOW + 9;
  put_remedy (fixture, remedy);
  rows = list_remedies (fixture);
  g_assert_cmpuint (rows->len, ==, 1);
  assert_same (rows->pdata[0], remedy);
  g_clear_pointer (&rows, g_ptr_array_unref);

  lk_ledger_remove_remedy_async (fixture->ledger, "r1", NULL, storage_test_result_cb, &removed);
  g_assert_true (lk_ledger_write_finish (fixture->ledger, storage_test_wait (&removed), NULL));
  rows = list_remedies (fixture);
  g_assert_cmpuint (rows->len, ==, 0);
  g_clear_pointer (&rows, g_ptr_array_unref);
  g_clear_object (&removed);

  put_remedy (fixture, remedy);
  lk_ledger_remove_connection_async (fixture->ledger, "k3f9", NULL, storage_test_result_cb,
                                     &removed);
  g_assert_true (lk_ledger_write_finish (fixture->ledger, storage_test_wait (&removed), NULL));
  rows = list_remedies (fixture);
  g_assert_cmpuint (rows->len, ==, 0);
}

/* What is no remedy is refused, not guessed at. */
static void
test_bad_remedy (Fixture       *fixture,
                 gconstpointer  data)
{
  const char * const texts[] = {
    "@a{sv} {}",
    "{'remedy': <'x'>, 'cause': <'y'>}",
    "{'remedy': <1>, 'cause': <'y'>, 'values': <@a{ss} {}>, 'facts': <@a{sv} {}>, "
    "'steps': <@a(ssx) []>}",
    "{'remedy': <'x'>, 'cause': <'y'>, 'values': <@a{ss} {}>, 'facts': <@a{sv} {}>, "
    "'steps': <['done']>}",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(LkRemedyRecord) remedy = lk_remedy_record_new ();
      g_autoptr(GVariant) dict = g_variant_parse (NULL, texts[i], NULL, NULL, NULL);

      g_assert_nonnull (dict);
      g_assert_false (lk_remedy_record_read_variant (remedy, dict));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ledger/notes/migration", Fixture, NULL, set_up, test_migration, tear_down);
  g_test_add ("/ledger/notes/last-refusal", Fixture, NULL, set_up, test_last_refusal, tear_down);
  g_test_add ("/ledger/notes/counted", Fixture, NULL, set_up, test_counted, tear_down);
  g_test_add ("/ledger/notes/call-goes", Fixture, NULL, set_up, test_call_goes, tear_down);
  g_test_add ("/ledger/notes/bounded", Fixture, NULL, set_up, test_bounded, tear_down);
  g_test_add ("/ledger/remedies", Fixture, NULL, set_up, test_remedies, tear_down);
  g_test_add ("/ledger/remedies/bad", Fixture, NULL, set_up, test_bad_remedy, tear_down);

  return g_test_run ();
}
