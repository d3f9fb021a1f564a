/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-backup.h"

#include <glib/gi18n.h>

#include "lk-backup-file.h"

#define TIMEOUT 900

typedef struct
{
  gboolean   move;
  gboolean   from_stdin;
  char     **connections;
} BackupOptions;

static void
backup_options_clear (BackupOptions *options)
{
  g_strfreev (options->connections);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BackupOptions, backup_options_clear)

/* Their ids; %NULL after having said which one there is not. */
static char **
find_ids (LkCtl  *self,
          char  **words,
          int    *status)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  for (size_t i = 0; words != NULL && words[i] != NULL; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *path = lk_ctl_find_path (self, words[i], &error);
      g_autofree char *id = path != NULL ? g_path_get_basename (path) : NULL;

      if (path == NULL)
        {
          *status = lk_ctl_fail_with (self, words[i], error);
          return NULL;
        }
      g_strv_builder_add (ids, id);
    }

  return g_strv_builder_end (ids);
}

static guint
get_number (GVariant   *told,
            const char *key)
{
  guint32 number = 0;

  g_variant_lookup (told, key, "u", &number);
  return number;
}

static void
print_for_scripts (const char *path,
                   GVariant   *told)
{
  static const char * const numbers[] = { "clients", "connections", "rules", "settings" };
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree const char **left_out = NULL;
  const char *id = "";
  const char *kind = "";
  gint64 made = 0;

  g_variant_lookup (told, "id", "&s", &id);
  g_variant_lookup (told, "kind", "&s", &kind);
  g_variant_lookup (told, "made", "x", &made);
  g_variant_lookup (told, "left-out", "^a&s", &left_out);
  json_builder_begin_object (builder);
  lk_ctl_json_string (builder, "file", path);
  lk_ctl_json_string (builder, "id", id);
  lk_ctl_json_string (builder, "kind", kind);
  lk_ctl_json_time (builder, "made", made);
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      json_builder_set_member_name (builder, numbers[i]);
      json_builder_add_int_value (builder, get_number (told, numbers[i]));
    }
  lk_ctl_json_strv (builder, "left_out", left_out);
  json_builder_end_object (builder);
  lk_ctl_json_print (builder);
}

static void
note_left_out (GVariant *told)
{
  g_autofree const char **names = NULL;
  g_autofree char *list = NULL;

  if (!g_variant_lookup (told, "left-out", "^a&s", &names) || names[0] == NULL)
    return;
  list = g_strjoinv (", ", (char **) names);
  lk_ctl_note (_("Not in the file, because they are moved away or on hold here: %s"), list);
}

static void
print_for_people (const char *path,
                  gboolean    moves,
                  GVariant   *told)
{
  guint n = get_number (told, "connections");

  if (moves)
    lk_ctl_note (ngettext ("Moved %u connection into “%s”. It is no longer renewed here.",
                           "Moved %u connections into “%s”. They are no longer renewed here.", n),
                 n, path);
  else
    lk_ctl_note (ngettext ("Backed up %u connection to “%s”. Nothing changes here.",
                           "Backed up %u connections to “%s”. Nothing changes here.", n),
                 n, path);
  note_left_out (told);
  if (moves)
    lk_ctl_note ("%s", _("Restore the file on one other computer only: two that renew the same "
                         "connection end it for each other. “latchkeyctl take-back” undoes the "
                         "move, as long as nobody restored it."));
}

static int
fail_file (LkCtl        *self,
           const char   *path,
           const GError *why)
{
  g_autoptr(GError) error = NULL;

  if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_EXISTS))
    g_set_error (&error, LK_CTL_ERROR, LK_CTL_EXIT_FAILED,
                 _("There is a file “%s” already. A move never replaces a file, because the tokens "
                   "in it may be nowhere else. Choose another name."), path);
  else
    g_set_error (&error, LK_CTL_ERROR, LK_CTL_EXIT_FAILED, _("“%s” cannot be written: %s"), path,
                 why->message);
  return lk_ctl_fail (self, error);
}

/* The agent did not say how it ended. */
static int
fail_unsure (LkCtl        *self,
             const char   *path,
             const GError *why)
{
  int status = lk_ctl_fail (self, why);

  lk_ctl_note (_("It is not known whether “%s” is whole. Keep it, and look at “latchkeyctl list”: "
                 "what is moved away there is not renewed here. Take it back with “latchkeyctl "
                 "take-back” unless you restore the file elsewhere."), path);
  return status;
}

static int
backup (LkCtl               *self,
        const char          *path,
        const BackupOptions *options)
{
  g_auto(GVariantBuilder) extra = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr(LkBackupFile) file = NULL;
  g_autoptr(LkSecret) passphrase = NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) told = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) ids = NULL;
  int status = LK_CTL_EXIT_DONE;

  lk_ctl_start_clock (self, TIMEOUT);
  ids = find_ids (self, options->connections, &status);
  if (ids == NULL)
    return status;
  passphrase = lk_ctl_read_passphrase (self, options->from_stdin, TRUE, &error);
  if (passphrase == NULL)
    return lk_ctl_fail (self, error);
  file = lk_backup_file_open (path, options->move, &error);
  if (file == NULL)
    return fail_file (self, path, error);

  lk_ctl_start_clock (self, TIMEOUT);
  g_variant_builder_add (&extra, "{sv}", "kind",
                         g_variant_new_string (options->move ? "move" : "copy"));
  g_variant_builder_add (&extra, "{sv}", "connections",
                         g_variant_new_strv ((const char * const *) ids, -1));
  reply = lk_ctl_call_with_file (self, "WriteBackup", lk_backup_file_get_fd (file), passphrase,
                                 &extra, "(a{sv})", &error);
  if (reply == NULL)
    return lk_backup_file_fail (file, error) ? fail_unsure (self, path, error)
                                             : lk_ctl_fail (self, error);
  if (!lk_backup_file_commit (file, &error))
    return fail_file (self, path, error);

  told = g_variant_get_child_value (reply, 0);
  if (self->json)
    print_for_scripts (path, told);
  else
    print_for_people (path, options->move, told);
  return LK_CTL_EXIT_DONE;
}

int
lk_ctl_run_backup (LkCtl  *self,
                   int     argc,
                   char  **argv)
{
  g_auto(BackupOptions) options = { FALSE, };
  const GOptionEntry entries[] = {
    { "move", 0, 0, G_OPTION_ARG_NONE, &options.move,
      N_("Hand the connections over: this computer renews them no more"), NULL },
    { "connection", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.connections,
      N_("Only this connection and its developer app; can be given again"), N_("NAME") },
    { "passphrase-stdin", 0, 0, G_OPTION_ARG_NONE, &options.from_stdin,
      N_("Read the passphrase from the standard input"), NULL },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "backup",
    .parameters = _("FILE"),
    .summary = _("Writes connections with their tokens, developer apps, rules for programs and "
                 "settings into an encrypted file, as a backup or to move them."),
    .examples = "  latchkeyctl backup ~/latchkey" LK_BACKUP_SUFFIX "\n"
                "  latchkeyctl backup --move --connection \"Acme Ads\" acme" LK_BACKUP_SUFFIX "\n"
                "  latchkeyctl backup nightly" LK_BACKUP_SUFFIX " --passphrase-stdin < "
                "passphrase\n",
    .notes = _("Who has the file and the passphrase has access to your accounts. Without the "
               "passphrase nobody can read the file, and there is no way to recover it. A backup "
               "grows old: with each renewal here, the tokens in it may cease to work."),
  };
  const char *path = NULL;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv) ||
      (path = lk_ctl_one_argument (self, argc, argv, _("FILE"))) == NULL)
    return LK_CTL_EXIT_USAGE;

  return backup (self, path, &options);
}
