/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-settings-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "lk-agent-settings-rules.h"
#include "lk-ipc.h"

#define GROUP    "Settings"
#define FILE_MAX (64 * 1024) /* bytes */

struct _LkAgentSettingsFile
{
  GSettingsBackend  parent_instance;

  GSettingsSchema  *schema;   /* (owned) */
  char             *path;     /* (owned) */
  GHashTable       *values;   /* (owned) key → GVariant, those that count */
  GPtrArray        *problems; /* (owned) */
  GFileMonitor     *monitor;  /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LkAgentSettingsFile, lk_agent_settings_file, G_TYPE_SETTINGS_BACKEND)

enum
{
  SIGNAL_PROBLEMS_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
problem_free (gpointer data)
{
  LkAgentSettingsProblem *problem = data;

  g_free (problem->key);
  g_free (problem->problem);
  g_free (problem);
}

static void
add_problem (GPtrArray *problems, const char *key, const char *text)
{
  LkAgentSettingsProblem *problem = g_new0 (LkAgentSettingsProblem, 1);

  problem->key = g_utf8_make_valid (key, -1);
  problem->problem = g_utf8_make_valid (text, -1);
  g_ptr_array_add (problems, problem);
}

static gboolean
same_problems (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const LkAgentSettingsProblem *x = a->pdata[i];
      const LkAgentSettingsProblem *y = b->pdata[i];

      if (!g_str_equal (x->key, y->key) || !g_str_equal (x->problem, y->problem))
        return FALSE;
    }
  return TRUE;
}

static GHashTable *
values_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
}

/* Reading. */

/* FALSE with an error when there is a file that cannot be understood; none is an empty one. */
static gboolean
read_key_file (const char *path, GKeyFile *file, GError **error)
{
  g_autofree char *contents = NULL;
  g_autoptr(GError) local_error = NULL;
  GStatBuf info;
  gsize length;

  if (g_stat (path, &info) != 0 && errno == ENOENT)
    return TRUE;
  if (!g_file_get_contents (path, &contents, &length, &local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (length > FILE_MAX)
    {
      g_set_error_literal (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE,
                           _("The file is too large."));
      return FALSE;
    }
  return length == 0
         || g_key_file_load_from_data (file, contents, length, G_KEY_FILE_KEEP_COMMENTS, error);
}

static void
take_value (LkAgentSettingsFile *self, const char *name, const char *text, GHashTable *values,
            GPtrArray *problems)
{
  g_autoptr(GSettingsSchemaKey) key = NULL;
  g_autoptr(GVariant) value = NULL;
  g_autofree char *takes = NULL;

  if (!g_settings_schema_has_key (self->schema, name))
    {
      add_problem (problems, name, _("There is no setting by this name."));
      return;
    }
  key = g_settings_schema_get_key (self->schema, name);
  value = lk_agent_settings_rules_parse (key, text);
  if (value == NULL)
    {
      g_autoptr(GVariant) nothing = g_variant_ref_sink (g_variant_new_tuple (NULL, 0));

      takes = lk_agent_settings_rules_check (key, nothing);
    }
  else
    takes = lk_agent_settings_rules_check (key, value);
  if (takes != NULL)
    add_problem (problems, name, takes);
  else
    g_hash_table_replace (values, g_strdup (name), g_steal_pointer (&value));
}

static void
read_values (LkAgentSettingsFile *self, GKeyFile *file, GHashTable *values, GPtrArray *problems)
{
  g_auto(GStrv) keys = g_key_file_get_keys (file, GROUP, NULL, NULL);

  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *text = g_key_file_get_value (file, GROUP, keys[i], NULL);

      if (text != NULL)
        take_value (self, keys[i], text, values, problems);
    }
}

static void
tell_changed (LkAgentSettingsFile *self, GHashTable *before, gpointer origin)
{
  g_auto(GStrv) keys = g_settings_schema_list_keys (self->schema);

  for (gsize i = 0; keys[i] != NULL; i++)
    {
      GVariant *old = g_hash_table_lookup (before, keys[i]);
      GVariant *now = g_hash_table_lookup (self->values, keys[i]);
      g_autofree char *full = NULL;

      if (old == now || (old != NULL && now != NULL && g_variant_equal (old, now)))
        continue;
      full = g_strconcat (g_settings_schema_get_path (self->schema), keys[i], NULL);
      g_settings_backend_changed (G_SETTINGS_BACKEND (self), full, origin);
    }
}

static void
lk_agent_settings_file_take (LkAgentSettingsFile *self, GHashTable *values, GPtrArray *problems,
                             gpointer origin)
{
  g_autoptr(GHashTable) before = self->values;
  gboolean same = same_problems (self->problems, problems);

  self->values = g_hash_table_ref (values);
  g_ptr_array_unref (self->problems);
  self->problems = g_ptr_array_ref (problems);
  tell_changed (self, before, origin);
  if (same)
    return;
  for (guint i = 0; i < problems->len; i++)
    {
      const LkAgentSettingsProblem *problem = problems->pdata[i];

      g_message ("%s: %s: %s", self->path, problem->key, problem->problem);
    }
  g_signal_emit (self, signals[SIGNAL_PROBLEMS_CHANGED], 0);
}

/* A file that somebody is in the middle of writing changes nothing. */
static void
lk_agent_settings_file_load (LkAgentSettingsFile *self)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func (problem_free);
  g_autoptr(GHashTable) values = NULL;
  g_autoptr(GError) error = NULL;

  if (read_key_file (self->path, file, &error))
    {
      values = values_new ();
      read_values (self, file, values, problems);
    }
  else
    {
      values = g_hash_table_ref (self->values);
      add_problem (problems, "", error->message);
    }
  lk_agent_settings_file_take (self, values, problems, NULL);
}

static void
file_changed_cb (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                 LkAgentSettingsFile *self)
{
  if (event != G_FILE_MONITOR_EVENT_CHANGED && event != G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED)
    lk_agent_settings_file_load (self);
}

/* Writing. */

static void
set_write_error (LkAgentSettingsFile *self, const char *why, int code, GError **error)
{
  LkAgentError translated = LK_AGENT_ERROR_READ_ONLY;
  g_autofree char *shown = g_filename_display_name (self->path);

  if (code == G_FILE_ERROR_NOSPC)
    translated = LK_AGENT_ERROR_DISK_FULL;
  g_set_error (error, LK_AGENT_ERROR, translated,
               _("The settings cannot be written to %s: %s. Nothing was changed."), shown, why);
}

/* Whoever keeps the file elsewhere and links it keeps the link. */
static char *
dup_target (const char *path)
{
  g_autofree char *link = realpath (path, NULL);

  return g_strdup (link != NULL ? link : path);
}

/* What cannot be understood is put aside, not overwritten. */
static gboolean
keep_unreadable (LkAgentSettingsFile *self, GError **error)
{
  g_autofree char *aside = g_strconcat (self->path, ".unreadable", NULL);

  if (g_rename (self->path, aside) == 0)
    {
      g_message ("%s was not readable and is now %s", self->path, aside);
      return TRUE;
    }
  set_write_error (self, g_strerror (errno), g_file_error_from_errno (errno), error);
  return FALSE;
}

static gboolean
write_key_file (LkAgentSettingsFile *self, GKeyFile *file, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *target = NULL;
  g_autofree char *contents = NULL;
  g_autoptr(GError) local_error = NULL;
  gsize length;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      set_write_error (self, g_strerror (errno), g_file_error_from_errno (errno), error);
      return FALSE;
    }
  target = dup_target (self->path);
  contents = g_key_file_to_data (file, &length, NULL);
  if (g_file_set_contents_full (target, contents, (gssize) length,
                                G_FILE_SET_CONTENTS_CONSISTENT, 0600, &local_error))
    return TRUE;
  set_write_error (self, local_error->message, local_error->code, error);
  return FALSE;
}

gboolean
lk_agent_settings_file_change (LkAgentSettingsFile *self, GHashTable *changes, gpointer origin,
                               GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func (problem_free);
  g_autoptr(GHashTable) values = values_new ();
  g_autoptr(GError) local_error = NULL;
  GHashTableIter iter;
  gpointer key, value;

  /* Read again: a person may have just edited it. */
  if (!read_key_file (self->path, file, &local_error))
    {
      g_clear_pointer (&file, g_key_file_unref);
      file = g_key_file_new ();
      if (!keep_unreadable (self, error))
        return FALSE;
    }
  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_autofree char *text = value != NULL ? g_variant_print (value, FALSE) : NULL;

      if (text != NULL)
        g_key_file_set_value (file, GROUP, key, text);
      else
        g_key_file_remove_key (file, GROUP, key, NULL);
    }
  if (!write_key_file (self, file, error))
    return FALSE;
  read_values (self, file, values, problems);
  lk_agent_settings_file_take (self, values, problems, origin);
  return TRUE;
}

/* As GSettings sees it. */

static const char *
name_of (LkAgentSettingsFile *self, const char *full)
{
  const char *path = g_settings_schema_get_path (self->schema);

  return g_str_has_prefix (full, path) ? full + strlen (path) : full;
}

static GVariant *
lk_agent_settings_file_read (GSettingsBackend *backend, const char *full,
                             const GVariantType *type, gboolean default_value)
{
  LkAgentSettingsFile *self = LK_AGENT_SETTINGS_FILE (backend);
  GVariant *value = default_value ? NULL
                                  : g_hash_table_lookup (self->values, name_of (self, full));

  return value != NULL && g_variant_is_of_type (value, type) ? g_variant_ref (value) : NULL;
}

static gboolean
lk_agent_settings_file_get_writable (GSettingsBackend *backend, const char *full)
{
  return TRUE;
}

/* From the agent's own parts, which cannot show an error. */
static gboolean
change_or_tell (LkAgentSettingsFile *self, GHashTable *changes, gpointer origin)
{
  g_autoptr(GError) error = NULL;
  gboolean done = lk_agent_settings_file_change (self, changes, origin, &error);

  if (!done)
    g_message ("%s", error->message);
  return done;
}

static gboolean
lk_agent_settings_file_write (GSettingsBackend *backend, const char *full, GVariant *value,
                              gpointer origin)
{
  LkAgentSettingsFile *self = LK_AGENT_SETTINGS_FILE (backend);
  g_autoptr(GHashTable) changes = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (changes, (gpointer) name_of (self, full), value);
  return change_or_tell (self, changes, origin);
}

static gboolean
add_change_cb (gpointer key, gpointer value, gpointer user_data)
{
  g_hash_table_insert (user_data, (gpointer) (strrchr (key, '/') + 1), value);
  return FALSE;
}

static gboolean
lk_agent_settings_file_write_tree (GSettingsBackend *backend, GTree *tree, gpointer origin)
{
  g_autoptr(GHashTable) changes = g_hash_table_new (g_str_hash, g_str_equal);

  g_tree_foreach (tree, add_change_cb, changes);
  return change_or_tell (LK_AGENT_SETTINGS_FILE (backend), changes, origin);
}

static void
lk_agent_settings_file_reset (GSettingsBackend *backend, const char *full, gpointer origin)
{
  lk_agent_settings_file_write (backend, full, NULL, origin);
}

static void
lk_agent_settings_file_finalize (GObject *object)
{
  LkAgentSettingsFile *self = LK_AGENT_SETTINGS_FILE (object);

  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  g_hash_table_unref (self->values);
  g_ptr_array_unref (self->problems);
  g_settings_schema_unref (self->schema);
  g_free (self->path);
  G_OBJECT_CLASS (lk_agent_settings_file_parent_class)->finalize (object);
}

static void
lk_agent_settings_file_class_init (LkAgentSettingsFileClass *klass)
{
  GSettingsBackendClass *backend_class = G_SETTINGS_BACKEND_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lk_agent_settings_file_finalize;
  backend_class->read = lk_agent_settings_file_read;
  backend_class->get_writable = lk_agent_settings_file_get_writable;
  backend_class->write = lk_agent_settings_file_write;
  backend_class->write_tree = lk_agent_settings_file_write_tree;
  backend_class->reset = lk_agent_settings_file_reset;

  signals[SIGNAL_PROBLEMS_CHANGED]
    = g_signal_new ("problems-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_agent_settings_file_init (LkAgentSettingsFile *self)
{
  self->values = values_new ();
  self->problems = g_ptr_array_new_with_free_func (problem_free);
}

LkAgentSettingsFile *
lk_agent_settings_file_new (GSettingsSchema *schema, const char *path)
{
  LkAgentSettingsFile *self = g_object_new (LK_TYPE_AGENT_SETTINGS_FILE, NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GError) error = NULL;

  self->schema = g_settings_schema_ref (schema);
  self->path = g_strdup (path);
  /* A folder that is not there would be looked for every few seconds. */
  if (g_mkdir_with_parents (folder, 0700) == 0)
    self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, &error);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (file_changed_cb), self, 0);
  else
    g_message ("%s is read only now: %s", path,
               error != NULL ? error->message : g_strerror (errno));
  lk_agent_settings_file_load (self);
  return self;
}

const char *
lk_agent_settings_file_get_path (LkAgentSettingsFile *self)
{
  return self->path;
}

GPtrArray *
lk_agent_settings_file_get_problems (LkAgentSettingsFile *self)
{
  return self->problems;
}
