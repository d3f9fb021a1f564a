/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each rule takes what it says and nothing else; a change is made whole or not at all. */

#include "config.h"

#include <glib/gstdio.h>

#include "../../../src/agent/lk-agent-settings-file.h"
#include "../../../src/agent/lk-agent-settings-rules.h"
#include "lk-ipc.h"

static GSettingsSchema *
load_schema (void)
{
  const char *folder = g_getenv ("LATCHKEY_SCHEMA_DIR");
  g_autoptr(GError) error = NULL;
  g_autoptr(GSettingsSchemaSource) source
    = g_settings_schema_source_new_from_directory (folder, NULL, TRUE, &error);

  g_assert_no_error (error);
  return g_settings_schema_source_lookup (source, "io.github.latchkey_app.Latchkey", FALSE);
}

static void
test_rules (void)
{
  static const struct
  {
    const char *key;
    const char *text;
    gboolean    good;
  } rows[] = {
    { "warn-days", "[14, 7, 3, 1]", TRUE },
    { "warn-days", "[]", TRUE },
    { "warn-days", "[365]", TRUE },
    { "warn-days", "[0]", FALSE },
    { "warn-days", "[366]", FALSE },
    { "warn-days", "[7, 7]", FALSE },
    { "warn-days", "[1,2,3,4,5,6,7,8,9,10]", TRUE },
    { "warn-days", "[1,2,3,4,5,6,7,8,9,10,11]", FALSE },
    { "warn-days", "['a']", FALSE },
    { "quiet-from", "1439", TRUE },
    { "quiet-from", "1440", FALSE },
    { "quiet-from", "-1", FALSE },
    { "quiet-hours", "true", TRUE },
    { "quiet-hours", "perhaps", FALSE },
    { "status-minutes", "0", TRUE },
    { "status-minutes", "29", FALSE },
    { "status-minutes", "30", TRUE },
    { "event-webhook", "''", TRUE },
    { "event-webhook", "https://hooks.example/a?b=c", TRUE },
    { "event-webhook", "'https://hooks.example/'", TRUE },
    { "event-webhook", "http://127.0.0.1:8080/x", TRUE },
    { "event-webhook", "http://localhost/x", TRUE },
    { "event-webhook", "http://[::1]/x", TRUE },
    { "event-webhook", "http://hooks.example/", FALSE },
    { "event-webhook", "http://127.0.0.1.example/", FALSE },
    { "event-webhook", "https://user:password@hooks.example/", FALSE },
    { "event-webhook", "https:///path", FALSE },
    { "event-webhook", "ftp://hooks.example/", FALSE },
    { "event-webhook", "hooks.example", FALSE },
    { "event-command", "[]", TRUE },
    { "event-command", "['notify-me', '--loud', '']", TRUE },
    { "event-command", "['']", FALSE },
    { "event-command", "notify-me", FALSE },
    { "event-kinds", "['attention', 'ending', 'changed', 'recovered', 'incident']", TRUE },
    { "event-kinds", "['weather']", FALSE },
  };
  g_autoptr(GSettingsSchema) schema = load_schema ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GSettingsSchemaKey) key = g_settings_schema_get_key (schema, rows[i].key);
      g_autoptr(GVariant) value = lk_agent_settings_rules_parse (key, rows[i].text);
      g_autofree char *takes = value != NULL ? lk_agent_settings_rules_check (key, value) : NULL;

      g_test_message ("%s=%s: %s", rows[i].key, rows[i].text, takes != NULL ? takes : "taken");
      g_assert_cmpint (value != NULL && takes == NULL, ==, rows[i].good);
    }
}

/* The defaults themselves are values that their rules take. */
static void
test_defaults (void)
{
  g_autoptr(GSettingsSchema) schema = load_schema ();
  g_auto(GStrv) keys = g_settings_schema_list_keys (schema);

  for (gsize i = 0; keys[i] != NULL; i++)
    {
      g_autoptr(GSettingsSchemaKey) key = g_settings_schema_get_key (schema, keys[i]);
      g_autoptr(GVariant) value = g_settings_schema_key_get_default_value (key);
      g_autofree char *takes = lk_agent_settings_rules_check (key, value);

      g_assert_cmpstr (takes, ==, NULL);
    }
}

static void
test_program (void)
{
  const char * const here[] = { "sh", "-c", NULL };
  const char * const nowhere[] = { "/nowhere/at-all", NULL };
  const char * const nothing[] = { NULL };
  const struct
  {
    const char * const *words;
    gboolean            found;
  } rows[] = { { here, TRUE }, { nowhere, FALSE }, { nothing, TRUE } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GVariant) value = g_variant_ref_sink (g_variant_new_strv (rows[i].words, -1));
      g_autofree char *takes = lk_agent_settings_rules_find ("event-command", value);

      g_assert_cmpint (takes == NULL, ==, rows[i].found);
    }
}

typedef struct
{
  char                *folder;
  char                *path;
  GSettingsSchema     *schema;
  LkAgentSettingsFile *file;
  GSettings           *settings;
} Fixture;

static void
fixture_open (Fixture *self)
{
  self->file = lk_agent_settings_file_new (self->schema, self->path);
  self->settings = g_settings_new_full (self->schema, G_SETTINGS_BACKEND (self->file), NULL);
}

static void
fixture_set_up (Fixture *self, gconstpointer contents)
{
  self->folder = g_dir_make_tmp ("lk-settings-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "latchkey", "settings.ini", NULL);
  self->schema = load_schema ();
  if (contents != NULL)
    {
      g_autofree char *folder = g_path_get_dirname (self->path);

      g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
      g_assert_true (g_file_set_contents (self->path, contents, -1, NULL));
    }
  fixture_open (self);
}

static void
fixture_tear_down (Fixture *self, gconstpointer contents)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *aside = g_strconcat (self->path, ".unreadable", NULL);

  g_object_unref (self->settings);
  g_object_unref (self->file);
  g_settings_schema_unref (self->schema);
  g_unlink (self->path);
  g_unlink (aside);
  g_rmdir (folder);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

static gboolean
change (Fixture *self, const char *key, GVariant *value, GError **error)
{
  g_autoptr(GHashTable) changes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GVariant) owned = value != NULL ? g_variant_ref_sink (value) : NULL;

  g_hash_table_insert (changes, (gpointer) key, owned);
  return lk_agent_settings_file_change (self->file, changes, NULL, error);
}

static char *
dup_contents (Fixture *self)
{
  char *contents = NULL;

  g_assert_true (g_file_get_contents (self->path, &contents, NULL, NULL));
  return contents;
}

static void
count_cb (GSettings *settings, const char *key, guint *count)
{
  (*count)++;
}

/* Written for the owner alone, seen at once, there again later. */
static void
test_write (Fixture *self, gconstpointer contents)
{
  GStatBuf info;
  guint count = 0;
  g_autoptr(GError) error = NULL;

  g_signal_connect (self->settings, "changed::probe-hours", G_CALLBACK (count_cb), &count);
  g_assert_true (change (self, "probe-hours", g_variant_new_uint32 (12), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_settings_get_uint (self->settings, "probe-hours"), ==, 12);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpint (g_stat (self->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  g_object_unref (self->settings);
  g_object_unref (self->file);
  fixture_open (self);
  g_assert_cmpuint (g_settings_get_uint (self->settings, "probe-hours"), ==, 12);
  g_assert_true (change (self, "probe-hours", NULL, NULL));
  g_assert_cmpuint (g_settings_get_uint (self->settings, "probe-hours"), ==, 6);
}

/* The agent's own parts write by GSettings. */
static void
test_write_by_settings (Fixture *self, gconstpointer contents)
{
  g_autofree char *text = NULL;

  g_assert_true (g_settings_set_boolean (self->settings, "paused", TRUE));
  text = dup_contents (self);
  g_assert_nonnull (strstr (text, "paused=true"));
  g_settings_reset (self->settings, "paused");
  g_assert_false (g_settings_get_boolean (self->settings, "paused"));
}

/* What a person wrote and got wrong is told, does not count, and stays. */
static void
test_by_hand (Fixture *self, gconstpointer contents)
{
  GPtrArray *problems = lk_agent_settings_file_get_problems (self->file);
  g_autofree char *text = NULL;

  g_assert_cmpuint (problems->len, ==, 3);
  g_assert_cmpuint (g_settings_get_uint (self->settings, "probe-hours"), ==, 3);
  g_assert_cmpuint (g_settings_get_uint (self->settings, "status-minutes"), ==, 30);
  g_assert_cmpuint (g_settings_get_uint (self->settings, "retention-days"), ==, 365);
  g_assert_true (change (self, "probe-hours", g_variant_new_uint32 (4), NULL));
  text = dup_contents (self);
  g_assert_nonnull (strstr (text, "# mine"));
  g_assert_nonnull (strstr (text, "status-minutes=5"));
  g_assert_nonnull (strstr (text, "nonsense=1"));
  g_assert_true (change (self, "status-minutes", g_variant_new_uint32 (45), NULL));
  g_assert_cmpuint (lk_agent_settings_file_get_problems (self->file)->len, ==, 2);
  g_assert_cmpuint (g_settings_get_uint (self->settings, "status-minutes"), ==, 45);
}

/* A file that is no settings file is kept aside. */
static void
test_unreadable (Fixture *self, gconstpointer contents)
{
  g_autofree char *aside = g_strconcat (self->path, ".unreadable", NULL);
  g_autofree char *kept = NULL;
  LkAgentSettingsProblem *problem;

  g_assert_cmpuint (lk_agent_settings_file_get_problems (self->file)->len, ==, 1);
  problem = lk_agent_settings_file_get_problems (self->file)->pdata[0];
  g_assert_cmpstr (problem->key, ==, "");
  g_assert_true (change (self, "probe-hours", g_variant_new_uint32 (4), NULL));
  g_assert_true (g_file_get_contents (aside, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, contents);
  g_assert_cmpuint (lk_agent_settings_file_get_problems (self->file)->len, ==, 0);
}

/* Where nothing can be written nothing changes. A file in the folder's place stops root, too. */
static void
test_unwritable (Fixture *self, gconstpointer contents)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_true (g_file_set_contents (folder, "", 0, NULL));
  g_assert_false (change (self, "probe-hours", g_variant_new_uint32 (12), &error));
  g_assert_error (error, LK_AGENT_ERROR, LK_AGENT_ERROR_READ_ONLY);
  g_assert_nonnull (strstr (error->message, "settings.ini"));
  g_assert_cmpuint (g_settings_get_uint (self->settings, "probe-hours"), ==, 6);
  g_unlink (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/rules", test_rules);
  g_test_add_func ("/settings/defaults", test_defaults);
  g_test_add_func ("/settings/program", test_program);
  g_test_add ("/settings/write", Fixture, NULL, fixture_set_up, test_write, fixture_tear_down);
  g_test_add ("/settings/write-by-settings", Fixture, NULL, fixture_set_up,
              test_write_by_settings, fixture_tear_down);
  g_test_add ("/settings/by-hand", Fixture,
              "# mine\n[Settings]\nprobe-hours=3\nstatus-minutes=5\nretention-days=99999\n"
              "nonsense=1\n", fixture_set_up, test_by_hand, fixture_tear_down);
  g_test_add ("/settings/unreadable", Fixture, "probe-hours 3\n", fixture_set_up, test_unreadable,
              fixture_tear_down);
  g_test_add ("/settings/unwritable", Fixture, NULL, fixture_set_up, test_unwritable,
              fixture_tear_down);
  return g_test_run ();
}
