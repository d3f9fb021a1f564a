/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

static const char *
get_text (GVariant   *program,
          const char *key)
{
  const char *text = "";

  g_variant_lookup (program, key, "&s", &text);
  return text;
}

static gint64
get_time (GVariant   *program,
          const char *key)
{
  gint64 at = 0;

  g_variant_lookup (program, key, "x", &at);
  return at;
}

static const char *
rule_words (const char *rule)
{
  if (g_str_equal (rule, "allow"))
    return _("always allowed");
  if (g_str_equal (rule, "deny"))
    return _("never allowed");
  return _("as set for all");
}

/* Those that are known, and those that wait for an answer right now. */
static gboolean
load (LkCtl     *self,
      GVariant **programs,
      GVariant **asking,
      GError   **error)
{
  g_autoptr(GVariant) properties
    = lk_ctl_get_properties (self, LK_AGENT_MANAGER_PATH, LK_AGENT_INTERFACE, error);
  g_autoptr(GVariant) reply = NULL;

  if (properties == NULL)
    return FALSE;
  reply = lk_ctl_call_agent (self, "ListPrograms", NULL, "(aa{sv})", error);
  if (reply == NULL)
    return FALSE;

  *programs = g_variant_get_child_value (reply, 0);
  *asking = g_variant_lookup_value (properties, "Asking", G_VARIANT_TYPE ("aa{sv}"));
  if (*asking == NULL)
    *asking = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0));
  return TRUE;
}

static void
add_to_json (JsonBuilder *builder,
             GVariant    *program,
             gboolean     asks)
{
  guint64 count = 0;

  g_variant_lookup (program, "count", "t", &count);
  json_builder_begin_object (builder);
  lk_ctl_json_string (builder, "program", get_text (program, "program"));
  lk_ctl_json_string (builder, "shown", get_text (program, "shown"));
  lk_ctl_json_string (builder, "connection", get_text (program, "connection"));
  lk_ctl_json_string (builder, "connection_name", get_text (program, "connection-name"));
  lk_ctl_json_string (builder, "rule", asks ? "ask" : get_text (program, "rule"));
  lk_ctl_json_flag (builder, "asks_now", asks);
  lk_ctl_json_time (builder, "first", get_time (program, asks ? "since" : "first"));
  lk_ctl_json_time (builder, "last", get_time (program, "last"));
  json_builder_set_member_name (builder, "count");
  json_builder_add_int_value (builder, (gint64) count);
  json_builder_end_object (builder);
}

static void
add_to_table (LkCtl      *self,
              LkCtlTable *table,
              GVariant   *program,
              gboolean    asks)
{
  guint64 count = 0;
  g_autofree char *last = lk_ctl_dup_past_words (self, get_time (program, "last"));
  g_autofree char *times = NULL;

  g_variant_lookup (program, "count", "t", &count);
  times = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  lk_ctl_table_add (table, get_text (program, "program"), get_text (program, "connection-name"),
                    asks ? _("asks now") : rule_words (get_text (program, "rule")), last, times,
                    NULL);
}

static void
print_programs (LkCtl    *self,
                GVariant *programs,
                GVariant *asking)
{
  g_autoptr(LkCtlTable) table = lk_ctl_table_new ();
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  GVariant *parts[] = { asking, programs };

  lk_ctl_table_add (table, _("PROGRAM"), _("CONNECTION"), _("MAY"), _("LAST"), _("TIMES"), NULL);
  json_builder_begin_array (builder);
  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++)
    for (size_t j = 0; j < g_variant_n_children (parts[i]); j++)
      {
        g_autoptr(GVariant) program = g_variant_get_child_value (parts[i], j);

        add_to_json (builder, program, parts[i] == asking);
        add_to_table (self, table, program, parts[i] == asking);
      }
  json_builder_end_array (builder);

  if (self->json)
    lk_ctl_json_print (builder);
  else if (g_variant_n_children (programs) == 0 && g_variant_n_children (asking) == 0)
    lk_ctl_note ("%s", _("No program has taken a token yet."));
  else
    lk_ctl_table_print (table);
}

static int
run_list (LkCtl  *self,
          int     argc,
          char  **argv)
{
  const LkCtlHelp help = {
    .name = "programs list",
    .summary = _("Lists the programs that took tokens, and what they may."),
    .examples = "  latchkeyctl programs\n"
                "  latchkeyctl programs list --json\n",
    .notes = _("A program is told by the file that runs. That keeps honest programs apart; it is "
               "no protection from a hostile program of the same user."),
  };
  g_autoptr(GVariant) programs = NULL;
  g_autoptr(GVariant) asking = NULL;
  g_autoptr(GError) error = NULL;

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc > 1)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[1]);

  lk_ctl_start_clock (self, 30);
  if (!load (self, &programs, &asking, &error))
    return lk_ctl_fail (self, error);

  print_programs (self, programs, asking);
  return LK_CTL_EXIT_DONE;
}

/* How many known programs @word means, by their name for people; @found: one of them. */
static guint
find_shown (GVariant    *programs,
            const char  *word,
            char       **found)
{
  guint n = 0;

  for (size_t i = 0; i < g_variant_n_children (programs); i++)
    {
      g_autoptr(GVariant) program = g_variant_get_child_value (programs, i);
      const char *name = get_text (program, "program");

      if (!g_str_equal (get_text (program, "shown"), word) || g_strcmp0 (*found, name) == 0)
        continue;
      n++;
      g_free (*found);
      *found = g_strdup (name);
    }
  return n;
}

static gboolean
is_known (GVariant   *programs,
          const char *word)
{
  for (size_t i = 0; i < g_variant_n_children (programs); i++)
    {
      g_autoptr(GVariant) program = g_variant_get_child_value (programs, i);

      if (g_str_equal (get_text (program, "program"), word))
        return TRUE;
    }
  return FALSE;
}

/* A path, a name for people that only one program has, or a word that is known. */
static char *
dup_program (LkCtl       *self,
             const char  *word,
             GError     **error)
{
  g_autoptr(GVariant) programs = NULL;
  g_autoptr(GVariant) asking = NULL;
  g_autofree char *found = NULL;
  guint n;

  if (!load (self, &programs, &asking, error))
    return NULL;
  if (is_known (programs, word) || is_known (asking, word))
    return g_strdup (word);
  n = find_shown (programs, word, &found);
  n += find_shown (asking, word, &found);
  if (n == 1)
    return g_steal_pointer (&found);
  if (n == 0 && strchr (word, '/') != NULL)
    return g_canonicalize_filename (word, NULL);

  g_set_error (error, LK_CTL_ERROR, n == 0 ? LK_CTL_EXIT_NOT_FOUND : LK_CTL_EXIT_USAGE,
               n == 0 ? _("No program “%s” is known. Give its path, or look at “latchkeyctl "
                          "programs”.")
                      : _("More than one program is called “%s”. Give its path; “latchkeyctl "
                          "programs” shows it."),
               word);
  return NULL;
}

static void
note_done (const char *rule,
           const char *program,
           const char *connection)
{
  if (g_str_equal (rule, "allow"))
    lk_ctl_note (_("“%s” may have tokens of “%s”."), program, connection);
  else if (g_str_equal (rule, "deny"))
    lk_ctl_note (_("“%s” gets no more tokens of “%s”."), program, connection);
  else if (g_str_equal (rule, "forget"))
    lk_ctl_note (_("Forgot “%s” for “%s”."), program, connection);
  else
    lk_ctl_note (_("“%s” has no rule of its own for “%s” any more."), program, connection);
}

static int
set_rule (LkCtl           *self,
          const LkCtlHelp *help,
          const char      *rule,
          int              argc,
          char           **argv)
{
  g_autoptr(LkCtlConnection) connection = NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *program = NULL;

  if (!lk_ctl_parse (self, help, NULL, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc < 3)
    return lk_ctl_usage (self, _("%s is missing"), argc < 2 ? _("PROGRAM") : _("CONNECTION"));
  if (argc > 3)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[3]);

  lk_ctl_start_clock (self, 30);
  connection = lk_ctl_find_connection (self, argv[2], &error);
  if (connection != NULL)
    program = dup_program (self, argv[1], &error);
  if (program == NULL)
    return lk_ctl_fail (self, error);
  reply = lk_ctl_call_agent (self, "SetProgramRule",
                             g_variant_new ("(sss)", program,
                                            lk_ctl_connection_get (connection, "Id"), rule),
                             NULL, &error);
  if (reply == NULL)
    return lk_ctl_fail (self, error);

  if (!self->json)
    note_done (rule, program, lk_ctl_connection_get (connection, "Name"));
  return LK_CTL_EXIT_DONE;
}

static int
run_allow (LkCtl  *self,
           int     argc,
           char  **argv)
{
  const LkCtlHelp help = {
    .name = "programs allow",
    .parameters = _("PROGRAM CONNECTION"),
    .summary = _("Lets a program have tokens of a connection without asking."),
    .examples = "  latchkeyctl programs allow ~/bin/nightly.sh acme\n",
    .notes = _("PROGRAM is a path, or a name that “latchkeyctl programs” shows."),
  };

  return set_rule (self, &help, "allow", argc, argv);
}

static int
run_deny (LkCtl  *self,
          int     argc,
          char  **argv)
{
  const LkCtlHelp help = {
    .name = "programs deny",
    .parameters = _("PROGRAM CONNECTION"),
    .summary = _("Gives a program no more tokens of a connection."),
    .examples = "  latchkeyctl programs deny ~/bin/nightly.sh acme\n",
    .notes = _("A token that it has already stays valid until its end."),
  };

  return set_rule (self, &help, "deny", argc, argv);
}

static int
run_ask (LkCtl  *self,
         int     argc,
         char  **argv)
{
  const LkCtlHelp help = {
    .name = "programs ask",
    .parameters = _("PROGRAM CONNECTION"),
    .summary = _("Takes back what was said about a program and a connection."),
    .examples = "  latchkeyctl programs ask nightly.sh acme\n",
    .notes = _("It is asked about again when the setting ask-programs is on."),
  };

  return set_rule (self, &help, "ask", argc, argv);
}

static int
run_forget (LkCtl  *self,
            int     argc,
            char  **argv)
{
  const LkCtlHelp help = {
    .name = "programs forget",
    .parameters = _("PROGRAM CONNECTION"),
    .summary = _("Takes a program off the list, with what was said about it."),
    .examples = "  latchkeyctl programs forget nightly.sh acme\n",
  };

  return set_rule (self, &help, "forget", argc, argv);
}

int
lk_ctl_run_programs (LkCtl  *self,
                     int     argc,
                     char  **argv)
{
  static const LkCtlCommand commands[] = {
    { "list", run_list, N_("List the programs that took tokens") },
    { "allow", run_allow, N_("Let a program have tokens of a connection") },
    { "deny", run_deny, N_("Give a program no more tokens") },
    { "ask", run_ask, N_("Take back what was said about a program") },
    { "forget", run_forget, N_("Take a program off the list") },
    { NULL, NULL, NULL }
  };

  if (self->typed == NULL && (argc < 2 || g_str_equal (argv[1], "--json")))
    return run_list (self, argc, argv);
  return lk_ctl_dispatch (self, "programs", commands, argc, argv);
}
