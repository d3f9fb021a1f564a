/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The vault against a real gnome-keyring on a bus of its own. */

#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "lk-vault-private.h"
#include "storage-test.h"

#define DEADLINE_MS 3000

typedef struct
{
  char      *home;
  GPid       keyring;
  guint      owner_watch;
  gboolean   owned;
  LkVault   *vault;
} Fixture;

static void
appeared_cb (GDBusConnection *bus,
             const char      *name,
             const char      *owner,
             gpointer         user_data)
{
  Fixture *fixture = user_data;

  fixture->owned = TRUE;
}

static void
vanished_cb (GDBusConnection *bus,
             const char      *name,
             gpointer         user_data)
{
  Fixture *fixture = user_data;

  fixture->owned = FALSE;
}

static gboolean
is_owned (gpointer data)
{
  return ((Fixture *) data)->owned;
}

static gboolean
is_not_owned (gpointer data)
{
  return !((Fixture *) data)->owned;
}

/* @password: unlocks (and at first makes) the login keyring; %NULL leaves it as it is. */
static void
start_keyring (Fixture    *fixture,
               const char *password)
{
  g_autofree char *control = g_build_filename (fixture->home, "control", NULL);
  const char *argv[] = {
    "gnome-keyring-daemon", "--foreground", "--components=secrets", "--control-directory", control,
    password != NULL ? "--unlock" : NULL, NULL,
  };
  /* Its own warnings are no matter of ours. */
  g_auto(GStrv) environment = g_environ_unsetenv (g_get_environ (), "G_DEBUG");
  g_autoptr(GError) error = NULL;
  int input = -1;

  g_mkdir_with_parents (control, 0700);
  g_spawn_async_with_pipes (NULL, (char **) argv, environment,
                            G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
                            G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                            NULL, NULL, &fixture->keyring, &input, NULL, NULL, &error);
  g_assert_no_error (error);
  if (password != NULL)
    g_assert_cmpint (write (input, password, strlen (password)), ==,
                     (ssize_t) strlen (password));
  close (input);
  storage_test_until (is_owned, fixture);
}

static void
stop_keyring (Fixture *fixture)
{
  if (fixture->keyring == 0)
    return;

  kill (fixture->keyring, SIGKILL);
  waitpid (fixture->keyring, NULL, 0);
  g_spawn_close_pid (fixture->keyring);
  fixture->keyring = 0;
  storage_test_until (is_not_owned, fixture);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->home = g_dir_make_tmp ("latchkey-vault-XXXXXX", NULL);
  g_setenv ("HOME", fixture->home, TRUE);
  g_setenv ("XDG_DATA_HOME", fixture->home, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", fixture->home, TRUE);
  fixture->owner_watch = g_bus_watch_name (G_BUS_TYPE_SESSION, "org.freedesktop.secrets",
                                           G_BUS_NAME_WATCHER_FLAGS_NONE, appeared_cb,
                                           vanished_cb, fixture, NULL);
  fixture->vault = lk_vault_new_with_deadline (DEADLINE_MS);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  stop_keyring (fixture);
  g_bus_unwatch_name (fixture->owner_watch);
  g_clear_object (&fixture->vault);
  storage_test_remove (fixture->home);
  g_free (fixture->home);
}

typedef void     (*SimpleAsync)  (LkVault *vault, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
typedef gboolean (*SimpleFinish) (LkVault *vault, GAsyncResult *result, GError **error);

static void
assert_answer (gboolean      done,
               const GError *error,
               int           code)
{
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, LK_STORAGE_ERROR, code);
  g_assert_true (done == (code < 0));
}

/* @code: of the error that is expected, -1 for none. */
static void
run (LkVault      *vault,
     SimpleAsync   async,
     SimpleFinish  finish,
     int           code)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gboolean done;

  async (vault, NULL, storage_test_result_cb, &result);
  done = finish (vault, storage_test_wait (&result), &error);
  assert_answer (done, error, code);
}

static void
check (Fixture *fixture,
       int      code)
{
  run (fixture->vault, lk_vault_check_async, lk_vault_check_finish, code);
}

static void
probe (Fixture *fixture,
       int      code)
{
  run (fixture->vault, lk_vault_probe_async, lk_vault_probe_finish, code);
}

static LkTokenSet *
make_tokens (const char *access_text,
             guint64     generation)
{
  g_autoptr(LkSecret) access = lk_secret_new (access_text);
  LkTokenSetFields fields = {
    .access = access,
    .obtained = 1763000000,
    .access_ends = LK_END_NEVER,
    .generation = generation,
  };

  return lk_token_set_new (&fields);
}

static void
store_as (Fixture    *fixture,
          const char *label,
          LkTokenSet *tokens,
          int         code)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gboolean done;

  lk_vault_store_tokens_async (fixture->vault, "k3f9", label, tokens, NULL, storage_test_result_cb,
                               &result);
  done = lk_vault_store_tokens_finish (fixture->vault, storage_test_wait (&result), &error);
  assert_answer (done, error, code);
}

static void
store (Fixture    *fixture,
       LkTokenSet *tokens,
       int         code)
{
  store_as (fixture, "Latchkey: Nordlicht", tokens, code);
}

static LkTokenSet *
lookup (Fixture *fixture,
        int      code)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  LkTokenSet *tokens;

  lk_vault_lookup_tokens_async (fixture->vault, "k3f9", NULL, storage_test_result_cb, &result);
  tokens = lk_vault_lookup_tokens_finish (fixture->vault, storage_test_wait (&result), &error);
  assert_answer (tokens != NULL, error, code);

  return tokens;
}

static char *
secret_tool (const char *command)
{
  g_autofree char *line = g_strdup_printf ("secret-tool %s", command);
  g_autofree char *ignored = NULL;
  g_autoptr(GError) error = NULL;
  char *output = NULL;

  g_spawn_command_line_sync (line, &output, &ignored, NULL, &error);
  g_assert_no_error (error);

  return output;
}

static gboolean
state_is_ready (gpointer data)
{
  return lk_vault_get_state (((Fixture *) data)->vault) == LK_VAULT_READY;
}

static gboolean
state_is_locked (gpointer data)
{
  return lk_vault_get_state (((Fixture *) data)->vault) == LK_VAULT_LOCKED;
}

static gboolean
state_is_absent (gpointer data)
{
  return lk_vault_get_state (((Fixture *) data)->vault) == LK_VAULT_ABSENT;
}

/* Stored, read back, replaced whole: other keyring programs see one item with the last tokens. */
static void
test_items (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LkTokenSet) first = make_tokens ("first-access", 1);
  g_autoptr(LkTokenSet) second = make_tokens ("second-access", 2);
  g_autoptr(LkTokenSet) read = NULL;
  g_autoptr(LkTokenSet) missing = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *all = NULL;
  g_autofree char *probes = NULL;

  start_keyring (fixture, "pw");
  check (fixture, -1);
  g_assert_cmpint (lk_vault_get_state (fixture->vault), ==, LK_VAULT_READY);
  probe (fixture, -1);
  probes = secret_tool ("search --all kind probe");
  g_assert_cmpstr (probes, ==, "");

  missing = lookup (fixture, LK_STORAGE_ERROR_NOT_FOUND);
  store (fixture, first, -1);
  store (fixture, second, -1);
  read = lookup (fixture, -1);
  g_assert_true (lk_token_set_equal (read, second));
  seen = secret_tool ("lookup xdg:schema io.github.latchkey_app.Latchkey kind tokens name k3f9");
  g_assert_nonnull (strstr (seen, "second-access"));
  all = secret_tool ("search --all kind tokens");
  g_assert_null (strstr (all, "first-access"));
  g_assert_nonnull (strstr (all, "Latchkey: Nordlicht"));

  for (guint i = 0; i < 2; i++)
    {
      lk_vault_remove_async (fixture->vault, "tokens", "k3f9", NULL, storage_test_result_cb,
                             &result);
      g_assert_true (lk_vault_remove_finish (fixture->vault, storage_test_wait (&result), NULL));
      g_clear_object (&result);
    }
  missing = lookup (fixture, LK_STORAGE_ERROR_NOT_FOUND);
}

static StorageTestWrites *
watch_writes (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->home, "keyrings", NULL);

  return storage_test_writes_new (folder, "login.keyring");
}

/* An item that is there costs one write of the keyring's whole file. A renamed one gets its new
 * label, one that somebody removed comes back, and there is never a second one. */
static void
test_in_place (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(StorageTestWrites) writes = NULL;
  g_autofree char *renamed = NULL;
  g_autofree char *back = NULL;

  start_keyring (fixture, "pw");
  check (fixture, -1);
  writes = watch_writes (fixture);
  for (guint64 i = 1; i <= 4; i++)
    {
      g_autofree char *access = g_strdup_printf ("access-%" G_GUINT64_FORMAT, i);
      g_autoptr(LkTokenSet) tokens = make_tokens (access, i);
      g_autoptr(LkTokenSet) read = NULL;

      if (i == 4)
        g_free (secret_tool ("clear kind tokens name k3f9"));
      (void) storage_test_writes_take (writes);
      store_as (fixture, i < 3 ? "Latchkey: Nordlicht" : "Latchkey: Polaris", tokens, -1);
      if (i == 2)
        g_assert_cmpuint (storage_test_writes_take (writes), ==, 1);
      else
        g_assert_cmpuint (storage_test_writes_take (writes), >, 1);
      read = lookup (fixture, -1);
      g_assert_true (lk_token_set_equal (read, tokens));
      if (i == 3)
        renamed = secret_tool ("search --all kind tokens");
    }
  g_assert_nonnull (strstr (renamed, "label = Latchkey: Polaris"));
  g_assert_null (strstr (renamed, "Nordlicht"));
  back = secret_tool ("search --all kind tokens");
  g_assert_nonnull (strstr (back, "access-4"));
  g_assert_null (strstr (back, "access-3"));
}

/* Stores @count times at once, the last one given up at once when @cancelled, and asks for a proof.
 * Returns: how often the file was written meanwhile */
static guint
store_and_probe (Fixture           *fixture,
                 StorageTestWrites *writes,
                 guint              count,
                 gboolean           cancelled)
{
  g_autoptr(GCancellable) given_up = g_cancellable_new ();
  GAsyncResult *results[3] = { NULL, };
  g_autoptr(LkTokenSet) tokens = make_tokens ("access", 1);
  g_autoptr(GError) error = NULL;

  (void) storage_test_writes_take (writes);
  g_cancellable_cancel (given_up);
  for (guint i = 0; i < count; i++)
    lk_vault_store_tokens_async (fixture->vault, "k3f9", "Latchkey: Nordlicht", tokens,
                                 cancelled && i + 1 == count ? given_up : NULL,
                                 storage_test_result_cb, &results[i]);
  lk_vault_probe_async (fixture->vault, NULL, storage_test_result_cb, &results[count]);
  g_assert_true (lk_vault_probe_finish (fixture->vault, storage_test_wait (&results[count]),
                                        &error));
  g_assert_no_error (error);
  for (guint i = 0; i < count; i++)
    g_assert_true (lk_vault_store_tokens_finish (fixture->vault, storage_test_wait (&results[i]),
                                                 NULL) == !(cancelled && i + 1 == count));
  for (guint i = 0; i <= count; i++)
    g_object_unref (results[i]);

  return storage_test_writes_take (writes);
}

/* A probe that waits behind a store learns from it what it would ask; not when something failed in
 * between, and not from a store that was over before. */
static void
test_proven (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(StorageTestWrites) writes = NULL;
  g_autoptr(LkTokenSet) tokens = make_tokens ("access", 1);
  guint alone;

  start_keyring (fixture, "pw");
  store (fixture, tokens, -1);
  writes = watch_writes (fixture);
  alone = store_and_probe (fixture, writes, 0, FALSE);
  g_assert_cmpuint (alone, >, 1);
  g_assert_cmpuint (store_and_probe (fixture, writes, 1, FALSE), ==, 1);
  g_assert_cmpuint (store_and_probe (fixture, writes, 2, FALSE), ==, 2);
  g_assert_cmpuint (store_and_probe (fixture, writes, 2, TRUE), ==, 1 + alone);
  g_assert_cmpuint (store_and_probe (fixture, writes, 0, FALSE), ==, alone);
}

/* Libraries kept the reply of each question once; an agent asks for months. */
static void
test_steady (Fixture       *fixture,
             gconstpointer  data)
{
  const guint times = 200;
  g_autoptr(LkTokenSet) tokens = make_tokens ("access", 1);
  size_t before = 0;

  start_keyring (fixture, "pw");
  store (fixture, tokens, -1);
  for (guint i = 0; i < 2 * times; i++)
    {
      g_autoptr(LkTokenSet) read = NULL;

      if (i == times)
        before = mallinfo2 ().uordblks;
      read = lookup (fixture, -1);
    }
  if (before == 0)
    g_test_skip ("This allocator does not count");
  else
    g_assert_cmpuint (mallinfo2 ().uordblks, <, before + times * 500);
}

static void
test_secrets (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LkSecret) secret = lk_secret_new ("client \"secret\" \xc3\xa9");
  g_autoptr(LkSecret) read = NULL;
  GAsyncResult *result = NULL;

  start_keyring (fixture, "pw");
  lk_vault_store_secret_async (fixture->vault, "client-secret", "shop app", "Latchkey: shop app",
                               secret, NULL, storage_test_result_cb, &result);
  g_assert_true (lk_vault_store_secret_finish (fixture->vault, storage_test_wait (&result), NULL));
  g_clear_object (&result);
  lk_vault_lookup_secret_async (fixture->vault, "client-secret", "shop app", NULL,
                                storage_test_result_cb, &result);
  read = lk_vault_lookup_secret_finish (fixture->vault, storage_test_wait (&result), NULL);
  g_clear_object (&result);
  g_assert_true (lk_secret_equal (secret, read));
}

/* Locked while we watch, and locked at the start: known at once, never asked for, and never taken
 * for a missing token. */
static void
test_locked (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(LkTokenSet) tokens = make_tokens ("access", 1);
  g_autoptr(LkTokenSet) none = NULL;
  g_autoptr(LkTokenSet) read = NULL;
  g_autofree char *output = NULL;

  start_keyring (fixture, "pw");
  store (fixture, tokens, -1);
  output = secret_tool ("lock --collection=login");
  storage_test_until (state_is_locked, fixture);
  none = lookup (fixture, LK_STORAGE_ERROR_LOCKED);

  stop_keyring (fixture);
  start_keyring (fixture, NULL);
  check (fixture, LK_STORAGE_ERROR_LOCKED);
  g_assert_cmpint (lk_vault_get_state (fixture->vault), ==, LK_VAULT_LOCKED);
  probe (fixture, LK_STORAGE_ERROR_LOCKED);
  store (fixture, tokens, LK_STORAGE_ERROR_LOCKED);
  none = lookup (fixture, LK_STORAGE_ERROR_LOCKED);

  stop_keyring (fixture);
  start_keyring (fixture, "pw");
  storage_test_until (state_is_ready, fixture);
  read = lookup (fixture, -1);
  g_assert_true (lk_token_set_equal (read, tokens));
}

/* No keyring was ever made: storing would raise the question for a first password. */
static void
test_fresh (Fixture       *fixture,
            gconstpointer  data)
{
  start_keyring (fixture, NULL);
  check (fixture, LK_STORAGE_ERROR_LOCKED);
  probe (fixture, LK_STORAGE_ERROR_LOCKED);
}

static void
test_absent (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(LkTokenSet) none = NULL;

  check (fixture, LK_STORAGE_ERROR_ABSENT);
  g_assert_cmpint (lk_vault_get_state (fixture->vault), ==, LK_VAULT_ABSENT);
  none = lookup (fixture, LK_STORAGE_ERROR_ABSENT);
}

/* The keyring is killed and started again under a vault that has a session with the dead one. */
static void
test_dies (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(LkTokenSet) tokens = make_tokens ("access", 1);
  g_autoptr(LkTokenSet) none = NULL;

  start_keyring (fixture, "pw");
  store (fixture, tokens, -1);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(LkTokenSet) read = NULL;

      stop_keyring (fixture);
      storage_test_until (state_is_absent, fixture);
      none = lookup (fixture, LK_STORAGE_ERROR_ABSENT);
      start_keyring (fixture, "pw");
      read = lookup (fixture, -1);
      g_assert_true (lk_token_set_equal (read, tokens));
      g_assert_true (state_is_ready (fixture));
    }
}

/* A keyring that is there and does not answer, or dies before it does, holds nothing up. */
static void
test_silent (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(LkTokenSet) tokens = make_tokens ("access", 1);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  start_keyring (fixture, "pw");
  store (fixture, tokens, -1);
  kill (fixture->keyring, SIGSTOP);
  check (fixture, LK_STORAGE_ERROR_BROKEN);
  g_assert_cmpint (lk_vault_get_state (fixture->vault), ==, LK_VAULT_BROKEN);

  lk_vault_lookup_tokens_async (fixture->vault, "k3f9", NULL, storage_test_result_cb, &result);
  stop_keyring (fixture);
  g_assert_null (lk_vault_lookup_tokens_finish (fixture->vault, storage_test_wait (&result),
                                                &error));
  g_assert_true (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_BROKEN) ||
                 g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_ABSENT));
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  start_keyring (fixture, "pw");
  check (fixture, -1);
  lk_vault_probe_async (fixture->vault, cancellable, storage_test_result_cb, &result);
  g_cancellable_cancel (cancellable);
  g_assert_false (lk_vault_probe_finish (fixture->vault, storage_test_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (state_is_ready (fixture));
}

/* In a sandbox libsecret keeps a file of its own and no keyring is looked for. In a process of its
 * own, because libsecret chooses once. */
static void
test_file (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->home, "default.keyring", NULL);
  g_autoptr(LkTokenSet) tokens = make_tokens ("file-access", 1);
  g_autoptr(LkTokenSet) read = NULL;
  g_autoptr(LkTokenSet) none = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *content = NULL;
  size_t size;

  if (!g_test_subprocess ())
    {
      /* libsecret 0.20 loses the entity tag of each file that it writes. */
      g_setenv ("ASAN_OPTIONS", "detect_leaks=0", TRUE);
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "pw", TRUE);
  g_clear_object (&fixture->vault);
  fixture->vault = lk_vault_new_with_deadline (DEADLINE_MS);
  check (fixture, -1);
  probe (fixture, -1);
  none = lookup (fixture, LK_STORAGE_ERROR_NOT_FOUND);
  store (fixture, tokens, -1);
  read = lookup (fixture, -1);
  g_assert_true (lk_token_set_equal (read, tokens));
  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  g_assert_null (g_strstr_len (content, (gssize) size, "file-access"));
  run (fixture->vault, lk_vault_unlock_async, lk_vault_unlock_finish, -1);
}

int
main (int    argc,
      char **argv)
{
  /* libsecret keeps references to the connection for good, so the bus is only stopped at the end
   * and not taken apart, which would wait for the last of them. */
  static GTestDBus *bus;
  g_autoptr(GDBusConnection) connection = NULL;
  int failed;

  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("SECRET_BACKEND");
  /* No service can be activated on it, so that a keyring is there only when a test starts one. */
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
  connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_dbus_connection_set_exit_on_close (connection, FALSE);

  g_test_add ("/vault/items", Fixture, NULL, set_up, test_items, tear_down);
  g_test_add ("/vault/in-place", Fixture, NULL, set_up, test_in_place, tear_down);
  g_test_add ("/vault/proven", Fixture, NULL, set_up, test_proven, tear_down);
  g_test_add ("/vault/steady", Fixture, NULL, set_up, test_steady, tear_down);
  g_test_add ("/vault/secrets", Fixture, NULL, set_up, test_secrets, tear_down);
  g_test_add ("/vault/locked", Fixture, NULL, set_up, test_locked, tear_down);
  g_test_add ("/vault/fresh", Fixture, NULL, set_up, test_fresh, tear_down);
  g_test_add ("/vault/absent", Fixture, NULL, set_up, test_absent, tear_down);
  g_test_add ("/vault/dies", Fixture, NULL, set_up, test_dies, tear_down);
  g_test_add ("/vault/silent", Fixture, NULL, set_up, test_silent, tear_down);
  g_test_add ("/vault/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  g_test_add ("/vault/file", Fixture, NULL, set_up, test_file, tear_down);

  failed = g_test_run ();
  g_test_dbus_stop (bus);

  return failed;
}
