/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <sqlite3.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "lk-token-set.h"
#include "storage-test.h"

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
close_ledger (Fixture *fixture)
{
  storage_test_close (fixture->ledger);
  g_clear_object (&fixture->ledger);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = g_dir_make_tmp ("latchkey-ledger-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "deep", "er", "ledger.db", NULL);
  open_ledger (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  close_ledger (fixture);
  storage_test_remove (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

static void
assert_written (LkLedger      *ledger,
                GAsyncResult **result,
                int            code)
{
  g_autoptr(GError) error = NULL;
  gboolean written = lk_ledger_write_finish (ledger, storage_test_wait (result), &error);

  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, LK_STORAGE_ERROR, code);
  g_assert_true (written == (code < 0));
  g_clear_object (result);
}

/* @code: of the error that is expected, -1 for none. */
static void
put (LkLedger                 *ledger,
     const LkConnectionRecord *record,
     const LkEvent            *event,
     int                       code)
{
  GAsyncResult *result = NULL;

  lk_ledger_put_connection_async (ledger, record, event, NULL, storage_test_result_cb, &result);
  assert_written (ledger, &result, code);
}

static GPtrArray *
list_connections (LkLedger *ledger)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *rows;

  lk_ledger_list_connections_async (ledger, NULL, storage_test_result_cb, &result);
  rows = lk_ledger_list_connections_finish (ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);

  return rows;
}

static GPtrArray *
list_events (LkLedger   *ledger,
             const char *connection,
             gint64      before,
             guint       limit)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *rows;

  lk_ledger_list_events_async (ledger, connection, before, limit, NULL, storage_test_result_cb,
                               &result);
  rows = lk_ledger_list_events_finish (ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);

  return rows;
}

static LkConnectionRecord *
make_record (const char *id,
             const char *name)
{
  LkConnectionRecord *record = lk_connection_record_new ();

  record->id = g_strdup (id);
  record->name = g_strdup (name);
  record->client = g_strdup ("shop app");
  record->provider = g_strdup ("tiktok-ads");

  return record;
}

static LkFault *
make_fault (void)
{
  LkFault *fault = lk_fault_new (LK_CLASS_PERMISSION);

  fault->provider = g_strdup ("tiktok-ads");
  fault->family = g_strdup ("tiktok-ads");
  fault->step = g_strdup ("api");
  fault->endpoint = g_strdup ("/open_api/v1.3/campaign/get/");
  fault->http_status = 200;
  fault->code = g_strdup ("40001");
  fault->sub = g_strdup ("7");
  fault->type = g_strdup ("t");
  fault->message = g_strdup ("No \"permission\"\n\xc3\xa9");
  fault->trace_id = g_strdup ("2026112103");
  fault->hint = g_strdup ("advertiser");
  fault->limit = g_strdup ("day");
  fault->retry_at = 1800000000;
  fault->at = 1763000009;

  return fault;
}

static void
assert_same_fault (const LkFault *a,
                   const LkFault *b)
{
  g_autoptr(GVariant) left = g_variant_ref_sink (lk_fault_to_variant (a));
  g_autoptr(GVariant) right = g_variant_ref_sink (lk_fault_to_variant (b));

  g_assert_cmpvariant (left, right);
}

static void
assert_same_words (char **a,
                   char **b)
{
  g_assert_true ((a == NULL) == (b == NULL));
  if (a != NULL)
    g_assert_true (g_strv_equal ((const char * const *) a, (const char * const *) b));
}

static void
assert_same_record (const LkConnectionRecord *a,
                    const LkConnectionRecord *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpstr (a->client, ==, b->client);
  g_assert_cmpstr (a->provider, ==, b->provider);
  g_assert_cmpstr (a->identity, ==, b->identity);
  g_assert_cmpstr (a->identity_name, ==, b->identity_name);
  g_assert_cmpuint (a->accounts->len, ==, b->accounts->len);
  for (guint i = 0; i < a->accounts->len; i++)
    {
      const LkAccount *left = g_ptr_array_index (a->accounts, i);
      const LkAccount *right = g_ptr_array_index (b->accounts, i);

      g_assert_cmpstr (left->id, ==, right->id);
      g_assert_cmpstr (left->name, ==, right->name);
    }
  g_assert_true (a->accounts_known == b->accounts_known);
  assert_same_words (a->scopes_asked, b->scopes_asked);
  assert_same_words (a->scopes_granted, b->scopes_granted);
  g_assert_cmpint (a->created, ==, b->created);
  g_assert_cmpint (a->obtained, ==, b->obtained);
  g_assert_cmpint (a->access_ends, ==, b->access_ends);
  g_assert_cmpint (a->refresh_ends, ==, b->refresh_ends);
  g_assert_cmpint (a->refresh_obtained, ==, b->refresh_obtained);
  g_assert_cmpint (a->last_renewed, ==, b->last_renewed);
  g_assert_cmpint (a->last_verified, ==, b->last_verified);
  g_assert_cmpstr (a->fingerprint, ==, b->fingerprint);
  g_assert_cmpuint (a->generation, ==, b->generation);
  g_assert_true (a->has_refresh == b->has_refresh);
  g_assert_true ((a->fault == NULL) == (b->fault == NULL));
  if (a->fault != NULL)
    assert_same_fault (a->fault, b->fault);
  g_assert_cmpint (a->removed_at, ==, b->removed_at);
}

static void
fill (LkConnectionRecord *record)
{
  record->identity = g_strdup ("701");
  record->identity_name = g_strdup ("Nordlicht \xf0\x9f\x94\x91");
  g_ptr_array_add (record->accounts, lk_account_new ("7100000000000000001", "EU \"one\""));
  g_ptr_array_add (record->accounts, lk_account_new ("7100000000000000002", NULL));
  record->accounts_known = TRUE;
  record->scopes_asked = g_strsplit ("user.info.basic,video.list", ",", -1);
  record->scopes_granted = g_new0 (char *, 1);
  record->created = 1;
  record->obtained = 2;
  record->access_ends = LK_END_NEVER;
  record->refresh_ends = 4;
  record->refresh_obtained = 5;
  record->last_renewed = 6;
  record->last_verified = 7;
  record->fingerprint = g_strdup ("a1b2c3d4");
  record->generation = 8;
  record->has_refresh = TRUE;
  record->fault = make_fault ();
  record->removed_at = 9;
}

/* Every field comes back after the process is gone, also those that are empty or missing; putting
 * it again replaces it and keeps its history. */
static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(LkConnectionRecord) full = make_record ("full", "Full");
  g_autoptr(LkConnectionRecord) bare = make_record ("bare", "Bare");
  g_autoptr(LkEvent) event = lk_event_new ("full", 1763000001, "signed-in", "gimp");
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GPtrArray) events = NULL;
  const LkEvent *read;
  GStatBuf info;

  fill (full);
  event->fault = make_fault ();
  put (fixture->ledger, full, event, -1);
  put (fixture->ledger, bare, NULL, -1);
  bare->generation = 2;
  full->generation = 9;
  put (fixture->ledger, bare, NULL, -1);
  put (fixture->ledger, full, NULL, -1);
  close_ledger (fixture);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  open_ledger (fixture);

  rows = list_connections (fixture->ledger);
  g_assert_cmpuint (rows->len, ==, 2);
  assert_same_record (g_ptr_array_index (rows, 0), bare);
  assert_same_record (g_ptr_array_index (rows, 1), full);
  events = list_events (fixture->ledger, "full", 0, 10);
  g_assert_cmpuint (events->len, ==, 1);
  read = g_ptr_array_index (events, 0);
  g_assert_cmpint (read->at, ==, 1763000001);
  g_assert_cmpstr (read->kind, ==, "signed-in");
  g_assert_cmpstr (read->text, ==, "gimp");
  assert_same_fault (read->fault, event->fault);
}

/* A connection's name is free again when it was removed, and cannot come back while it is taken. */
static void
test_names (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LkConnectionRecord) first = make_record ("one", "Nordlicht");
  g_autoptr(LkConnectionRecord) second = make_record ("two", "Nordlicht");
  g_autoptr(LkEvent) event = lk_event_new ("two", 1, "signed-in", NULL);
  g_autoptr(GPtrArray) events = NULL;

  put (fixture->ledger, first, NULL, -1);
  put (fixture->ledger, second, event, LK_STORAGE_ERROR_EXISTS);
  first->removed_at = 5;
  put (fixture->ledger, first, NULL, -1);
  put (fixture->ledger, second, event, -1);
  first->removed_at = 0;
  put (fixture->ledger, first, NULL, LK_STORAGE_ERROR_EXISTS);
  events = list_events (fixture->ledger, NULL, 0, 10);
  g_assert_cmpuint (events->len, ==, 1);
}

static void
test_clients (Fixture       *fixture,
              gconstpointer  data)
{
  LkClientRecord client = { (char *) "shop app", (char *) "tiktok-ads", (char *) "7000", NULL, 3 };
  GAsyncResult *result = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  const LkClientRecord *read;

  for (guint i = 0; i < 2; i++)
    {
      lk_ledger_add_client_async (fixture->ledger, &client, NULL, storage_test_result_cb, &result);
      assert_written (fixture->ledger, &result, i == 0 ? -1 : (int) LK_STORAGE_ERROR_EXISTS);
    }
  client.name = (char *) "other";
  client.redirect = (char *) "http://127.0.0.1:17817/callback/";
  client.created = 4;
  lk_ledger_add_client_async (fixture->ledger, &client, NULL, storage_test_result_cb, &result);
  assert_written (fixture->ledger, &result, -1);
  lk_ledger_remove_client_async (fixture->ledger, "shop app", NULL, storage_test_result_cb,
                                 &result);
  assert_written (fixture->ledger, &result, -1);

  lk_ledger_list_clients_async (fixture->ledger, NULL, storage_test_result_cb, &result);
  rows = lk_ledger_list_clients_finish (fixture->ledger, storage_test_wait (&result), NULL);
  g_clear_object (&result);
  g_assert_cmpuint (rows->len, ==, 1);
  read = g_ptr_array_index (rows, 0);
  g_assert_cmpstr (read->name, ==, "other");
  g_assert_cmpstr (read->provider, ==, "tiktok-ads");
  g_assert_cmpstr (read->client_id, ==, "7000");
  g_assert_cmpstr (read->redirect, ==, "http://127.0.0.1:17817/callback/");
  g_assert_cmpint (read->created, ==, 4);
}

/* Newest first, page by page, of one connection or of all; gone with the connection. */
static void
test_events (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(LkConnectionRecord) one = make_record ("one", "One");
  g_autoptr(LkConnectionRecord) two = make_record ("two", "Two");
  g_autoptr(LkEvent) stray = lk_event_new ("nobody", 1, "renewed", NULL);
  GAsyncResult *result = NULL;
  gint64 before = 0, expected = 9;
  GPtrArray *page;

  put (fixture->ledger, one, NULL, -1);
  put (fixture->ledger, two, NULL, -1);
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr(LkEvent) event = lk_event_new (i % 5 == 0 ? "two" : "one", i, "renewed", NULL);

      lk_ledger_add_event_async (fixture->ledger, event, NULL, storage_test_result_cb, &result);
      assert_written (fixture->ledger, &result, -1);
    }
  lk_ledger_add_event_async (fixture->ledger, stray, NULL, storage_test_result_cb, &result);
  assert_written (fixture->ledger, &result, LK_STORAGE_ERROR_NOT_FOUND);

  while ((page = list_events (fixture->ledger, "one", before, 3))->len > 0)
    {
      for (guint i = 0; i < page->len; i++)
        {
          const LkEvent *event = g_ptr_array_index (page, i);

          g_assert_cmpint (event->at, ==, expected);
          expected -= (expected - 1) % 5 == 0 ? 2 : 1;
          before = event->id;
        }
      g_ptr_array_unref (page);
    }
  g_ptr_array_unref (page);
  g_assert_cmpint (expected, ==, -1);

  lk_ledger_remove_connection_async (fixture->ledger, "one", NULL, storage_test_result_cb, &result);
  assert_written (fixture->ledger, &result, -1);
  page = list_events (fixture->ledger, NULL, 0, 100);
  g_assert_cmpuint (page->len, ==, 2);
  g_ptr_array_unref (page);
}

/* Closing waits for what was queued; afterwards calls are refused. */
static void
test_close (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) rows = NULL;
  GAsyncResult *written[20] = { NULL };
  GAsyncResult *late = NULL;
  g_autoptr(GAsyncResult) closed = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    {
      g_autofree char *id = g_strdup_printf ("c%02u", i);
      g_autoptr(LkConnectionRecord) record = make_record (id, id);

      lk_ledger_put_connection_async (fixture->ledger, record, NULL, NULL, storage_test_result_cb,
                                      &written[i]);
    }
  lk_ledger_close_async (fixture->ledger, storage_test_result_cb, &closed);
  lk_ledger_remove_connection_async (fixture->ledger, "c00", NULL, storage_test_result_cb, &late);
  g_assert_true (lk_ledger_close_finish (fixture->ledger, storage_test_wait (&closed), NULL));
  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    assert_written (fixture->ledger, &written[i], -1);
  assert_written (fixture->ledger, &late, LK_STORAGE_ERROR_FAILED);
  g_clear_object (&fixture->ledger);

  open_ledger (fixture);
  rows = list_connections (fixture->ledger);
  g_assert_cmpuint (rows->len, ==, G_N_ELEMENTS (written));
}

/* A file of version 1 is brought up with all that it holds, and a copy of version 1 is kept. */
static void
test_migration (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *old = g_build_filename (fixture->dir, "old.db", NULL);
  g_autofree char *copy = g_strconcat (old, ".backup-v1", NULL);
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GPtrArray) events = NULL;
  g_autoptr(GError) error = NULL;
  const LkConnectionRecord *record;
  LkLedger *ledger;
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;

  storage_test_make_v1 (old, NULL);
  ledger = storage_test_open (old, &error);
  g_assert_no_error (error);
  rows = list_connections (ledger);
  g_assert_cmpuint (rows->len, ==, 1);
  record = g_ptr_array_index (rows, 0);
  g_assert_cmpstr (record->name, ==, "Nordlicht Media");
  g_assert_cmpint (record->access_ends, ==, LK_END_NEVER);
  g_assert_cmpint (record->removed_at, ==, 0);
  g_assert_cmpint (record->fault->klass, ==, LK_CLASS_PERMISSION);
  events = list_events (ledger, "k3f9", 0, 10);
  g_assert_cmpuint (events->len, ==, 2);
  storage_test_close (ledger);
  g_object_unref (ledger);

  g_assert_cmpint (sqlite3_open_v2 (copy, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "SELECT user_version, (SELECT count(*) FROM events) "
                      "FROM pragma_user_version", -1, &statement, NULL);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpint (sqlite3_column_int (statement, 0), ==, 1);
  g_assert_cmpint (sqlite3_column_int (statement, 1), ==, 2);
  sqlite3_finalize (statement);
  sqlite3_close (db);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ledger/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/ledger/names", Fixture, NULL, set_up, test_names, tear_down);
  g_test_add ("/ledger/clients", Fixture, NULL, set_up, test_clients, tear_down);
  g_test_add ("/ledger/events", Fixture, NULL, set_up, test_events, tear_down);
  g_test_add ("/ledger/close", Fixture, NULL, set_up, test_close, tear_down);
  g_test_add ("/ledger/migration", Fixture, NULL, set_up, test_migration, tear_down);

  return g_test_run ();
}
