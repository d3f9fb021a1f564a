/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-ledger-batch.h"

#include "storage-test.h"

typedef struct
{
  char *dir;
  char *path;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->dir = g_dir_make_tmp ("latchkey-ledger-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "ledger.db", NULL);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  storage_test_remove (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

static LkConnectionRecord *
record_new (const char *id,
            const char *name)
{
  LkConnectionRecord *record = lk_connection_record_new ();

  record->id = g_strdup (id);
  record->name = g_strdup (name);
  record->client = g_strdup ("acme");
  record->provider = g_strdup ("tiktok-login");

  return record;
}

static LkClientRecord *
client_new (const char *name)
{
  LkClientRecord *client = g_new0 (LkClientRecord, 1);

  client->name = g_strdup (name);
  client->provider = g_strdup ("tiktok-login");
  client->client_id = g_strdup ("aw1");

  return client;
}

static gboolean
apply (LkLedger      *ledger,
       LkLedgerBatch *batch,
       GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  lk_ledger_apply_async (ledger, batch, NULL, storage_test_result_cb, &result);

  return lk_ledger_write_finish (ledger, storage_test_wait (&result), error);
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

static guint
count_clients (LkLedger *ledger)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GError) error = NULL;

  lk_ledger_list_clients_async (ledger, NULL, storage_test_result_cb, &result);
  rows = lk_ledger_list_clients_finish (ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);

  return rows->len;
}

static guint
count_states (LkLedger   *ledger,
              const char *kind)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GError) error = NULL;

  lk_ledger_list_states_async (ledger, kind, NULL, storage_test_result_cb, &result);
  rows = lk_ledger_list_states_finish (ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);

  return rows->len;
}

static LkStateRecord *
state_new (const char *kind,
           const char *connection)
{
  return lk_state_record_new (kind, "key", connection, g_variant_new ("a{sv}", NULL));
}

/* Everything of a batch is there afterwards, and what it was to forget is gone. */
static void
test_apply (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkLedger) ledger = storage_test_open (fixture->path, &error);
  g_autoptr(LkLedgerBatch) first = lk_ledger_batch_new ();
  g_autoptr(LkLedgerBatch) second = lk_ledger_batch_new ();
  g_autoptr(GPtrArray) rows = NULL;
  LkConnectionRecord *record = record_new ("a1", "One");
  const LkConnectionRecord *read;

  g_ptr_array_add (first->states, state_new ("restoring", NULL));
  g_assert_true (apply (ledger, first, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_states (ledger, "restoring"), ==, 1);

  record->parked = LK_PARKED_MOVED;
  record->parked_at = 1790000000;
  record->parked_file = g_strdup ("f00d");
  g_ptr_array_add (second->clients, client_new ("acme"));
  g_ptr_array_add (second->connections, record);
  g_ptr_array_add (second->connections, record_new ("b2", "Two"));
  g_ptr_array_add (second->states, state_new ("program", "a1"));
  g_ptr_array_add (second->forget, state_new ("restoring", NULL));
  g_ptr_array_add (second->events, lk_event_new ("a1", 1790000000, "moved-away", NULL));
  g_assert_true (apply (ledger, second, &error));
  g_assert_no_error (error);

  g_assert_cmpuint (count_clients (ledger), ==, 1);
  g_assert_cmpuint (count_states (ledger, "restoring"), ==, 0);
  g_assert_cmpuint (count_states (ledger, "program"), ==, 1);
  rows = list_connections (ledger);
  g_assert_cmpuint (rows->len, ==, 2);
  read = g_ptr_array_index (rows, 0);
  g_assert_cmpint (read->parked, ==, LK_PARKED_MOVED);
  g_assert_cmpint (read->parked_at, ==, 1790000000);
  g_assert_cmpstr (read->parked_file, ==, "f00d");
  read = g_ptr_array_index (rows, 1);
  g_assert_cmpint (read->parked, ==, LK_PARKED_NOT);
  storage_test_close (ledger);
}

/* The last part fails: nothing of the others is there. */
static void
test_whole_or_not_at_all (Fixture      *fixture,
                          gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkLedger) ledger = storage_test_open (fixture->path, &error);
  g_autoptr(LkLedgerBatch) batch = lk_ledger_batch_new ();
  g_autoptr(GPtrArray) rows = NULL;

  g_ptr_array_add (batch->clients, client_new ("acme"));
  g_ptr_array_add (batch->connections, record_new ("a1", "One"));
  g_ptr_array_add (batch->connections, record_new ("b2", "One"));
  g_assert_false (apply (ledger, batch, &error));
  g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_EXISTS);
  g_assert_cmpuint (count_clients (ledger), ==, 0);
  rows = list_connections (ledger);
  g_assert_cmpuint (rows->len, ==, 0);
  storage_test_close (ledger);
}

/* A ledger of version 4 is brought up; nothing in it is parked. */
static void
test_version_4 (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkLedger) ledger = NULL;

  storage_test_make_old (fixture->path, 4, NULL);
  ledger = storage_test_open (fixture->path, &error);
  g_assert_no_error (error);
  rows = list_connections (ledger);
  g_assert_cmpuint (rows->len, ==, 2);
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpint (((LkConnectionRecord *) rows->pdata[i])->parked, ==, LK_PARKED_NOT);
  g_assert_cmpuint (count_states (ledger, "program"), ==, 1);
  storage_test_close (ledger);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ledger-batch/apply", Fixture, NULL, set_up, test_apply, tear_down);
  g_test_add ("/ledger-batch/whole-or-not-at-all", Fixture, NULL, set_up,
              test_whole_or_not_at_all, tear_down);
  g_test_add ("/ledger-batch/version-4", Fixture, NULL, set_up, test_version_4, tear_down);

  return g_test_run ();
}
