/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>
#include <stdlib.h>

static GOptionContext *
make_context (const LkCtlHelp    *help,
              const GOptionEntry *entries,
              const GOptionEntry *shared)
{
  GOptionContext *context = g_option_context_new (help->parameters);
  g_autoptr(GString) description = g_string_new (_("Examples:"));

  g_string_append_printf (description, "\n%s", help->examples);
  if (help->notes != NULL)
    g_string_append_printf (description, "\n%s\n", help->notes);

  g_option_context_set_summary (context, help->summary);
  g_option_context_set_description (context, description->str);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, shared, GETTEXT_PACKAGE);
  return context;
}

/* So that what is wrong before or behind it is told as JSON too. */
static void
look_for_json (LkCtl  *self,
               int     argc,
               char  **argv)
{
  for (int i = 1; i < argc && !g_str_equal (argv[i], "--"); i++)
    self->json = self->json || g_str_equal (argv[i], "--json");
}

static gboolean
parse (LkCtl              *self,
       const LkCtlHelp    *help,
       const GOptionEntry *entries,
       gboolean            posix,
       int                *argc,
       char             ***argv)
{
  const GOptionEntry shared[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, N_("Print results as JSON"), NULL },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &self->timeout, N_("Wait no longer than this"),
      N_("SECONDS") },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr(GOptionContext) context = make_context (help, entries, shared);
  g_autofree char *program = g_strdup_printf ("latchkeyctl %s", help->name);
  g_autoptr(GError) error = NULL;

  if (self->typed != NULL)
    lk_ctl_complete (self, help->name, entries, shared, *argc, *argv);
  g_set_prgname (program);
  g_option_context_set_strict_posix (context, posix);
  look_for_json (self, *argc, *argv);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      lk_ctl_usage (self, "%s", error->message);
      return FALSE;
    }
  if (self->timeout < 0)
    {
      lk_ctl_usage (self, "%s", _("--timeout must be a positive number of seconds"));
      return FALSE;
    }

  return TRUE;
}

/**
 * lk_ctl_parse:
 * @entries: (nullable): the command's own options
 * @argc: (inout): what is left are the arguments, with the command's name first
 *
 * Reads the options of one command; --help prints and ends the process.
 *
 * Returns: %FALSE after having explained what is wrong; the command then ends with
 *   %LK_CTL_EXIT_USAGE
 */
gboolean
lk_ctl_parse (LkCtl              *self,
              const LkCtlHelp    *help,
              const GOptionEntry *entries,
              int                *argc,
              char             ***argv)
{
  return parse (self, help, entries, FALSE, argc, argv);
}

/* Stops at the first argument, so that what follows it is left as it is. */
gboolean
lk_ctl_parse_posix (LkCtl              *self,
                    const LkCtlHelp    *help,
                    const GOptionEntry *entries,
                    int                *argc,
                    char             ***argv)
{
  return parse (self, help, entries, TRUE, argc, argv);
}

int
lk_ctl_usage (LkCtl      *self,
              const char *format,
              ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  if (self->json)
    {
      g_autofree char *sentence = g_strconcat (text, ".", NULL);
      g_autoptr(GError) error = g_error_new_literal (LK_CTL_ERROR, LK_CTL_EXIT_USAGE, sentence);

      return lk_ctl_fail (self, error);
    }

  lk_ctl_note ("%s: %s", g_get_prgname (), text);
  /* Translators: %s is a command such as "latchkeyctl list" */
  lk_ctl_note (_("Try “%s --help”."), g_get_prgname ());
  return LK_CTL_EXIT_USAGE;
}

/**
 * lk_ctl_one_argument:
 * @what: the word for it in the help, such as "CONNECTION"
 *
 * Returns: (nullable): the only argument; %NULL after having explained what is wrong
 */
const char *
lk_ctl_one_argument (LkCtl      *self,
                     int         argc,
                     char      **argv,
                     const char *what)
{
  if (argc < 2 || argv[1][0] == '\0')
    {
      lk_ctl_usage (self, _("%s is missing"), what);
      return NULL;
    }
  if (argc > 2)
    {
      lk_ctl_usage (self, _("“%s” is one argument too many"), argv[2]);
      return NULL;
    }

  return argv[1];
}

static char *
dup_commands_text (const LkCtlCommand *commands)
{
  g_autoptr(GString) text = g_string_new (_("Commands:"));

  for (size_t i = 0; commands[i].name != NULL; i++)
    g_string_append_printf (text, "\n  %-12s %s", commands[i].name, _(commands[i].summary));
  g_string_append_c (text, '\n');

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Global options may stand before the command too. */
static gboolean
parse_leading_options (LkCtl              *self,
                       const char         *name,
                       const LkCtlCommand *commands,
                       int                *argc,
                       char             ***argv)
{
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, N_("Print results as JSON"), NULL },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &self->timeout, N_("Wait no longer than this"),
      N_("SECONDS") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_("Print the version"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr(GOptionContext) context = g_option_context_new (_("COMMAND [ARGUMENT…]"));
  g_autofree char *list = dup_commands_text (commands);
  g_autofree char *program = g_strstrip (g_strdup_printf ("latchkeyctl %s", name));
  g_autofree char *description = NULL;
  g_autoptr(GError) error = NULL;

  g_set_prgname (program);
  description = g_strdup_printf (_("Try “%s COMMAND --help” for a command’s options and examples."),
                                 program);
  g_option_context_set_summary (context, list);
  g_option_context_set_description (context, description);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      lk_ctl_usage (self, "%s", error->message);
      return FALSE;
    }
  if (version && self->typed == NULL)
    {
      lk_ctl_print ("latchkeyctl %s", LK_VERSION);
      exit (LK_CTL_EXIT_DONE);
    }

  return TRUE;
}

int
lk_ctl_dispatch (LkCtl              *self,
                 const char         *name,
                 const LkCtlCommand *commands,
                 int                 argc,
                 char              **argv)
{
  if (!parse_leading_options (self, name, commands, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc < 2 && self->typed != NULL)
    lk_ctl_complete_command (self, commands);
  if (argc < 2)
    return lk_ctl_usage (self, _("%s is missing"), _("COMMAND"));

  for (size_t i = 0; commands[i].name != NULL; i++)
    {
      if (g_str_equal (commands[i].name, argv[1]))
        return commands[i].run (self, argc - 1, argv + 1);
    }

  return lk_ctl_usage (self, _("there is no command “%s”"), argv[1]);
}
