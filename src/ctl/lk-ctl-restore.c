/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-backup.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "lk-backup-file.h"

#define TIMEOUT 900

typedef struct
{
  gboolean preview;
  gboolean use_here;
  gboolean from_stdin;
} RestoreOptions;

static guint
get_number (GVariant   *told,
            const char *key)
{
  guint32 number = 0;

  g_variant_lookup (told, key, "u", &number);
  return number;
}

static const char *
get_text (GVariant   *told,
          const char *key)
{
  const char *text = "";

  g_variant_lookup (told, key, "&s", &text);
  return text;
}

static void
add_connection (JsonBuilder *builder,
                GVariant    *connection)
{
  static const char * const keys[] = { "id", "name", "provider", "client", "action", "reason" };
  gboolean held = FALSE;

  json_builder_begin_object (builder);
  for (size_t i = 0; i < G_N_ELEMENTS (keys); i++)
    lk_ctl_json_string (builder, keys[i], get_text (connection, keys[i]));
  g_variant_lookup (connection, "held", "b", &held);
  lk_ctl_json_flag (builder, "held", held);
  json_builder_end_object (builder);
}

static void
print_for_scripts (GVariant *told,
                   GVariant *connections,
                   gboolean  preview)
{
  static const struct
  {
    const char *key;
    const char *member;
  } numbers[] = {
    { "added", "add" },
    { "replaced", "replace" },
    { "skipped", "skip" },
    { "held", "held" },
    { "clients", "clients" },
    { "rules", "rules" },
  };
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree const char **settings = NULL;
  g_autofree const char **missing = NULL;
  gint64 made = 0;

  g_variant_lookup (told, "made", "x", &made);
  g_variant_lookup (told, "settings", "^a&s", &settings);
  g_variant_lookup (told, "missing-profiles", "^a&s", &missing);
  json_builder_begin_object (builder);
  lk_ctl_json_flag (builder, "preview", preview);
  lk_ctl_json_string (builder, "id", get_text (told, "id"));
  lk_ctl_json_string (builder, "kind", get_text (told, "kind"));
  lk_ctl_json_time (builder, "made", made);
  lk_ctl_json_string (builder, "made_on", get_text (told, "made-on"));
  lk_ctl_json_string (builder, "made_by", get_text (told, "made-by"));
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      json_builder_set_member_name (builder, numbers[i].key);
      json_builder_add_int_value (builder, get_number (told, numbers[i].member));
    }
  lk_ctl_json_strv (builder, "settings", settings);
  lk_ctl_json_strv (builder, "missing_profiles", missing);
  json_builder_set_member_name (builder, "connections");
  json_builder_begin_array (builder);
  for (size_t i = 0; i < g_variant_n_children (connections); i++)
    {
      g_autoptr(GVariant) connection = g_variant_get_child_value (connections, i);

      add_connection (builder, connection);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  lk_ctl_json_print (builder);
}

static const char *
get_outcome (GVariant *connection,
             gboolean  preview)
{
  const char *action = get_text (connection, "action");
  const char *reason = get_text (connection, "reason");
  gboolean held = FALSE;

  g_variant_lookup (connection, "held", "b", &held);
  if (g_str_equal (reason, "made-here"))
    return _("skipped: moved away from here into this very file; take it back instead");
  if (g_str_equal (reason, "older"))
    return _("skipped: what is here is newer");
  if (g_str_equal (action, "skip"))
    return _("skipped: it is here already");
  if (held)
    return preview ? _("will be on hold") : _("on hold");
  if (g_str_equal (action, "replace"))
    return preview ? _("will come back") : _("came back");
  return preview ? _("will be added") : _("added");
}

static void
print_for_people (LkCtl    *self,
                  GVariant *told,
                  GVariant *connections,
                  gboolean  preview)
{
  g_autoptr(LkCtlTable) table = lk_ctl_table_new ();
  g_autofree const char **missing = NULL;
  g_autofree char *when = NULL;
  gint64 made = 0;

  g_variant_lookup (told, "made", "x", &made);
  when = lk_ctl_dup_past_words (self, made);
  if (g_str_equal (get_text (told, "kind"), "move"))
    /* Translators: %s is the name of a computer, then a time, such as "2 hours ago". */
    lk_ctl_note (_("Moved away from “%s”, %s."), get_text (told, "made-on"), when);
  else
    lk_ctl_note (_("Backup of “%s”, %s."), get_text (told, "made-on"), when);

  for (size_t i = 0; i < g_variant_n_children (connections); i++)
    {
      g_autoptr(GVariant) connection = g_variant_get_child_value (connections, i);

      lk_ctl_table_add (table, get_text (connection, "name"), get_outcome (connection, preview),
                        NULL);
    }
  lk_ctl_table_print (table);

  if (get_number (told, "held") > 0)
    lk_ctl_note ("%s", _("On hold means: not renewed here, because the computer that the backup "
                         "came from may still do so, and two that renew the same connection end it "
                         "for each other. If that computer does not use it any more, run "
                         "“latchkeyctl take-back NAME”, or restore with --use-here."));
  if (g_variant_lookup (told, "missing-profiles", "^a&s", &missing) && missing[0] != NULL)
    {
      g_autofree char *list = g_strjoinv (", ", (char **) missing);

      lk_ctl_note (_("These providers have profiles of your own that are missing here: %s"), list);
    }
}

static int
restore (LkCtl                *self,
         const char           *path,
         const RestoreOptions *options)
{
  g_auto(GVariantBuilder) extra = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr(LkSecret) passphrase = NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) told = NULL;
  g_autoptr(GVariant) connections = NULL;
  g_autoptr(GError) why = NULL;
  g_autoptr(GError) error = NULL;
  int fd = lk_backup_file_read (path, &why);

  lk_ctl_start_clock (self, TIMEOUT);
  if (fd < 0)
    {
      g_set_error (&error, LK_CTL_ERROR, LK_CTL_EXIT_FAILED, _("“%s” cannot be read: %s"), path,
                   why->message);
      return lk_ctl_fail (self, error);
    }
  passphrase = lk_ctl_read_passphrase (self, options->from_stdin, FALSE, &error);
  if (passphrase != NULL)
    {
      lk_ctl_start_clock (self, TIMEOUT);
      g_variant_builder_add (&extra, "{sv}", "use", g_variant_new_boolean (options->use_here));
      reply = lk_ctl_call_with_file (self, options->preview ? "ReadBackup" : "RestoreBackup", fd,
                                     passphrase, &extra, "(a{sv}aa{sv})", &error);
    }
  g_close (fd, NULL);
  if (reply == NULL)
    return lk_ctl_fail (self, error);

  told = g_variant_get_child_value (reply, 0);
  connections = g_variant_get_child_value (reply, 1);
  if (self->json)
    print_for_scripts (told, connections, options->preview);
  else
    print_for_people (self, told, connections, options->preview);
  return LK_CTL_EXIT_DONE;
}

int
lk_ctl_run_restore (LkCtl  *self,
                    int     argc,
                    char  **argv)
{
  RestoreOptions options = { FALSE, };
  const GOptionEntry entries[] = {
    { "preview", 0, 0, G_OPTION_ARG_NONE, &options.preview,
      N_("Only tell what is in the file and what would be done"), NULL },
    { "use-here", 0, 0, G_OPTION_ARG_NONE, &options.use_here,
      N_("The computer that the backup came from uses the connections no more"), NULL },
    { "passphrase-stdin", 0, 0, G_OPTION_ARG_NONE, &options.from_stdin,
      N_("Read the passphrase from the standard input"), NULL },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "restore",
    .parameters = _("FILE"),
    .summary = _("Takes connections from a file that “latchkeyctl backup” or the window wrote."),
    .examples = "  latchkeyctl restore ~/latchkey" LK_BACKUP_SUFFIX " --preview\n"
                "  latchkeyctl restore ~/latchkey" LK_BACKUP_SUFFIX "\n",
    .notes = _("All of the file is taken, or nothing. What is here and in use stays as it is. "
               "Connections that were moved are used here from then on; those of a backup are on "
               "hold until you say that the other computer uses them no more."),
  };
  const char *path = NULL;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv) ||
      (path = lk_ctl_one_argument (self, argc, argv, _("FILE"))) == NULL)
    return LK_CTL_EXIT_USAGE;

  return restore (self, path, &options);
}

/* The way back. */

static int
take_back (LkCtl  *self,
           char  **words)
{
  g_autoptr(GVariantBuilder) ids = g_variant_builder_new (G_VARIANT_TYPE ("as"));
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  guint32 count = 0;

  lk_ctl_start_clock (self, 30);
  for (size_t i = 0; words[i] != NULL; i++)
    {
      g_autofree char *path = lk_ctl_find_path (self, words[i], &error);
      g_autofree char *id = path != NULL ? g_path_get_basename (path) : NULL;

      if (path == NULL)
        return lk_ctl_fail_with (self, words[i], error);
      g_variant_builder_add (ids, "s", id);
    }
  reply = lk_ctl_call_agent (self, "TakeBack", g_variant_new ("(as)", ids), "(u)", &error);
  if (reply == NULL)
    return lk_ctl_fail (self, error);

  g_variant_get (reply, "(u)", &count);
  if (self->json)
    {
      g_autoptr(JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "taken_back");
      json_builder_add_int_value (builder, count);
      json_builder_end_object (builder);
      lk_ctl_json_print (builder);
    }
  else
    {
      lk_ctl_note (ngettext ("%u connection is used here from now on.",
                             "%u connections are used here from now on.", count), count);
    }
  return LK_CTL_EXIT_DONE;
}

int
lk_ctl_run_take_back (LkCtl  *self,
                      int     argc,
                      char  **argv)
{
  const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  const LkCtlHelp help = {
    .name = "take-back",
    .parameters = _("NAME…"),
    .summary = _("Uses connections here again that were moved away, or that are on hold since they "
                 "were restored."),
    .examples = "  latchkeyctl take-back \"Acme Ads\"\n",
    .notes = _("Only when no other computer uses them: two that renew the same connection end it "
               "for each other, and you have to sign in again."),
  };

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc < 2)
    return lk_ctl_usage (self, _("%s is missing"), _("NAME"));

  return take_back (self, argv + 1);
}
