/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "../../../src/agent/lk-agent-restore-plan.h"

/* What is here. */
typedef struct
{
  GPtrArray     *clients;
  GPtrArray     *connections;
  LkRestorePlan *plan;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clients = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_client_record_free);
  fixture->connections
    = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_connection_record_free);
  fixture->plan = lk_restore_plan_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  lk_restore_plan_free (fixture->plan);
  g_ptr_array_unref (fixture->clients);
  g_ptr_array_unref (fixture->connections);
}

static LkClientRecord *
client_new (const char *name, const char *client_id)
{
  LkClientRecord *client = g_new0 (LkClientRecord, 1);

  client->name = g_strdup (name);
  client->provider = g_strdup ("tiktok-login");
  client->client_id = g_strdup (client_id);
  return client;
}

static LkConnectionRecord *
record_new (const char *id, const char *name, const char *client, const char *identity)
{
  LkConnectionRecord *record = lk_connection_record_new ();

  record->id = g_strdup (id);
  record->name = g_strdup (name);
  record->client = g_strdup (client);
  record->provider = g_strdup ("tiktok-login");
  record->identity = g_strdup (identity);
  record->has_refresh = TRUE;
  record->generation = 5;
  return record;
}

static void
file_is (Fixture *fixture, const char *id, gboolean moves, gint64 made)
{
  g_autoptr(LkBackupItem) item = lk_backup_item_new (LK_BACKUP_INFO);

  item->info = g_new0 (LkBackupInfo, 1);
  item->info->id = g_strdup (id);
  item->info->moves = moves;
  item->info->made = made;
  lk_restore_plan_add (fixture->plan, item);
}

static void
file_has_client (Fixture *fixture, const char *name, const char *client_id)
{
  g_autoptr(LkBackupItem) item = lk_backup_item_new (LK_BACKUP_CLIENT);

  item->client = client_new (name, client_id);
  lk_restore_plan_add (fixture->plan, item);
}

/* @record: (transfer full) */
static void
file_has (Fixture *fixture, LkConnectionRecord *record)
{
  g_autoptr(LkBackupItem) item = lk_backup_item_new (LK_BACKUP_CONNECTION);
  g_autoptr(LkSecret) secret = lk_secret_new ("token");
  LkTokenSetFields fields = { .access = secret, .refresh = secret };

  item->connection = record;
  item->tokens = lk_token_set_new (&fields);
  lk_restore_plan_add (fixture->plan, item);
}

static const LkRestoreConnection *
decide (Fixture *fixture, gboolean use)
{
  lk_restore_plan_decide (fixture->plan, fixture->clients, fixture->connections, use, 1000);
  return fixture->plan->connections->pdata[0];
}

/* Nothing is here: a move is used, a copy is on hold unless nobody else uses it; a token that is
 * never renewed hurts nobody. */
static void
test_parked (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    gboolean moves;
    gboolean use;
    gboolean has_refresh;
    LkParked parked;
  } rows[] = {
    { TRUE, FALSE, TRUE, LK_PARKED_NOT },
    { FALSE, FALSE, TRUE, LK_PARKED_HELD },
    { FALSE, TRUE, TRUE, LK_PARKED_NOT },
    { FALSE, FALSE, FALSE, LK_PARKED_NOT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const LkRestoreConnection *connection;
      LkConnectionRecord *record = record_new ("a1", "Acme", "app", "4711");

      lk_restore_plan_free (fixture->plan);
      fixture->plan = lk_restore_plan_new ();
      record->has_refresh = rows[i].has_refresh;
      file_is (fixture, "f1", rows[i].moves, 900);
      file_has_client (fixture, "app", "aw1");
      file_has (fixture, record);
      connection = decide (fixture, rows[i].use);
      g_assert_cmpint (connection->action, ==, LK_RESTORE_ADD);
      g_assert_cmpint (connection->record->parked, ==, rows[i].parked);
      g_assert_cmpstr (connection->record->parked_file, ==, "f1");
      g_assert_cmpstr (connection->record->id, ==, "a1");
    }
}

/* The same connection is here, in each state that it can be in. */
static void
test_same_connection (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    LkParked        parked;
    gint64          parked_at;
    const char     *parked_file;
    guint64         generation;
    const char     *fault;
    LkRestoreAction action;
    const char     *reason;
  } rows[] = {
    { LK_PARKED_NOT, 0, NULL, 5, NULL, LK_RESTORE_SKIP, "here" },
    { LK_PARKED_NOT, 0, NULL, 5, "token-missing", LK_RESTORE_REPLACE, NULL },
    { LK_PARKED_NOT, 0, NULL, 5, "offline", LK_RESTORE_SKIP, "here" },
    { LK_PARKED_MOVED, 800, "f0", 5, NULL, LK_RESTORE_REPLACE, NULL },
    { LK_PARKED_MOVED, 900, "f1", 5, NULL, LK_RESTORE_SKIP, "made-here" },
    { LK_PARKED_MOVED, 950, "f2", 5, NULL, LK_RESTORE_SKIP, "older" },
    { LK_PARKED_MOVED, 800, "f0", 6, NULL, LK_RESTORE_SKIP, "older" },
    { LK_PARKED_MOVED, 950, "f0", 4, NULL, LK_RESTORE_REPLACE, NULL },
    { LK_PARKED_HELD, 800, "f0", 5, NULL, LK_RESTORE_REPLACE, NULL },
    { LK_PARKED_HELD, 950, "f1", 5, NULL, LK_RESTORE_SKIP, "here" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const LkRestoreConnection *connection;
      LkConnectionRecord *here = record_new ("a1", "Its name here", "app", "4711");

      g_ptr_array_set_size (fixture->connections, 0);
      lk_restore_plan_free (fixture->plan);
      fixture->plan = lk_restore_plan_new ();
      here->parked = rows[i].parked;
      here->parked_at = rows[i].parked_at;
      here->parked_file = g_strdup (rows[i].parked_file);
      here->generation = rows[i].generation;
      if (rows[i].fault != NULL)
        here->fault = lk_fault_new_local (LK_CLASS_USER_ACTION, rows[i].fault, NULL);
      g_ptr_array_add (fixture->connections, here);
      file_is (fixture, "f1", TRUE, 900);
      file_has (fixture, record_new ("a1", "Acme", "app", "4711"));
      connection = decide (fixture, FALSE);
      g_assert_cmpint (connection->action, ==, rows[i].action);
      g_assert_cmpstr (connection->reason, ==, rows[i].reason);
      g_assert_cmpstr (connection->record->name, ==, "Its name here");
    }
}

/* The same login through the same app is the same connection, whatever id and name it has. */
static void
test_same_login (Fixture *fixture, gconstpointer data)
{
  const LkRestoreConnection *connection;
  const LkRestoreClient *client;

  g_ptr_array_add (fixture->clients, client_new ("another name", "aw1"));
  g_ptr_array_add (fixture->connections, record_new ("b2", "Here", "another name", "4711"));
  file_is (fixture, "f1", TRUE, 900);
  file_has_client (fixture, "app", "aw1");
  file_has (fixture, record_new ("a1", "Acme", "app", "4711"));
  connection = decide (fixture, FALSE);
  client = fixture->plan->clients->pdata[0];
  g_assert_false (client->add);
  g_assert_cmpstr (client->record->name, ==, "another name");
  g_assert_cmpint (connection->action, ==, LK_RESTORE_SKIP);
  g_assert_cmpstr (connection->record->id, ==, "b2");
}

/* Names that are taken by others get a number; ids of what is being removed are not used again, and
 * what cannot be seen does not come in. */
static void
test_names (Fixture *fixture, gconstpointer data)
{
  const LkRestoreConnection *connection;
  const LkRestoreClient *client;
  LkConnectionRecord *removed = record_new ("a1", "Gone", "app", "4711");

  removed->removed_at = 990;
  g_ptr_array_add (fixture->clients, client_new ("app", "another id"));
  g_ptr_array_add (fixture->connections, record_new ("b2", "Acme", "app", "0815"));
  g_ptr_array_add (fixture->connections, removed);
  file_is (fixture, "f1", TRUE, 900);
  file_has_client (fixture, "app", "aw1");
  file_has (fixture, record_new ("a1", "Ac\xe2\x80\xaeme", "app", "4711"));
  file_has (fixture, record_new ("c3", "Acme", "app", "4712"));
  connection = decide (fixture, FALSE);
  client = fixture->plan->clients->pdata[0];
  g_assert_true (client->add);
  g_assert_cmpstr (client->record->name, ==, "app 2");
  g_assert_cmpint (connection->action, ==, LK_RESTORE_ADD);
  g_assert_cmpstr (connection->record->client, ==, "app 2");
  g_assert_cmpstr (connection->record->id, !=, "a1");
  g_assert_null (strstr (connection->record->name, "\xe2\x80\xae"));
  connection = fixture->plan->connections->pdata[1];
  g_assert_cmpstr (connection->record->id, ==, "c3");
  g_assert_true (g_str_has_prefix (connection->record->name, "Acme "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/restore-plan/parked", Fixture, NULL, set_up, test_parked, tear_down);
  g_test_add ("/restore-plan/same-connection", Fixture, NULL, set_up, test_same_connection,
              tear_down);
  g_test_add ("/restore-plan/same-login", Fixture, NULL, set_up, test_same_login, tear_down);
  g_test_add ("/restore-plan/names", Fixture, NULL, set_up, test_names, tear_down);
  return g_test_run ();
}
