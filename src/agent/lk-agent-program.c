/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-program.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "lk-agent-text.h"

#define ANCESTORS_MAX 16
#define PROGRAM_MAX   1024 /* bytes */
#define SHOWN_MAX     120  /* bytes */

/**
 * Interpreter:
 * @once: options after which the program stands in the command line itself
 * @valued: options that are followed by a value
 * @shell: one that a person types into, and that programs put around a command
 */
typedef struct
{
  const char *name;
  const char *once;
  const char *valued;
  gboolean    shell;
} Interpreter;

static const Interpreter interpreters[] = {
  { "python", "c", "WXm", FALSE },
  { "pypy", "c", "WXm", FALSE },
  { "bash", "c", "oO", TRUE },
  { "sh", "c", "o", TRUE },
  { "dash", "c", "o", TRUE },
  { "ash", "c", "o", TRUE },
  { "ksh", "c", "o", TRUE },
  { "zsh", "c", "o", TRUE },
  { "fish", "c", "C", TRUE },
  { "node", "ep", "rC", FALSE },
  { "nodejs", "ep", "rC", FALSE },
  { "perl", "eE", "IMm", FALSE },
  { "ruby", "e", "IrCE", FALSE },
  { "php", "rBRE", "dczt", FALSE },
  { "lua", "e", "l", FALSE },
  { "gjs", "c", "IC", FALSE },
  { "Rscript", "e", "", FALSE },
};

/* They start a command and wait for it; whoever started them is meant. */
static const char * const wrappers[] = {
  "timeout", "xargs", "time", "watch", "flock", "setsid", "nohup", "nice", "ionice", "env",
  "stdbuf", "parallel", NULL
};

static const char * const long_valued[] = { "--rcfile", "--init-file", "--require", "--import",
                                            "--loader", NULL };
static const char * const long_once[] = { "--eval", "--print", "--command", NULL };

void
lk_agent_process_clear (LkAgentProcess *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->exe, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->words, g_strfreev);
  g_clear_pointer (&self->app, g_free);
}

static LkAgentProgram *
program_new_taking (char *program, char *shown)
{
  LkAgentProgram *self = g_new0 (LkAgentProgram, 1);

  self->program = program;
  self->shown = shown;
  return self;
}

LkAgentProgram *
lk_agent_program_new (const char *program, const char *shown)
{
  return program_new_taking (g_strdup (program), g_strdup (shown));
}

LkAgentProgram *
lk_agent_program_copy (const LkAgentProgram *self)
{
  LkAgentProgram *copy = lk_agent_program_new (self->program, self->shown);

  copy->person = self->person;
  return copy;
}

void
lk_agent_program_free (LkAgentProgram *self)
{
  g_free (self->program);
  g_free (self->shown);
  g_free (self);
}

static LkAgentProgram *
program_unknown (void)
{
  return lk_agent_program_new (LK_AGENT_PROGRAM_UNKNOWN, _("A program that cannot be told"));
}

static char *
dup_clean (const char *bytes, size_t longest)
{
  g_autofree char *valid = g_utf8_make_valid (bytes, -1);

  return lk_agent_text_dup_clean (valid, longest);
}

/* @path: of a program or script */
static LkAgentProgram *
program_new_for_path (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *program = dup_clean (path, PROGRAM_MAX);
  g_autofree char *shown = dup_clean (base, SHOWN_MAX);

  if (program == NULL || shown == NULL)
    return program_unknown ();
  return program_new_taking (g_steal_pointer (&program), g_steal_pointer (&shown));
}

static char *
dup_base (const LkAgentProcess *process)
{
  g_autofree char *base = process->exe != NULL ? g_path_get_basename (process->exe) : NULL;

  /* One file that is many programs, by the name that it is called. */
  if ((base == NULL || g_str_equal (base, "busybox")) && process->words != NULL
      && process->words[0] != NULL)
    return g_path_get_basename (process->words[0]);
  return base != NULL ? g_steal_pointer (&base) : g_strdup (process->name);
}

static const Interpreter *
find_interpreter (const char *base)
{
  for (size_t i = 0; i < G_N_ELEMENTS (interpreters); i++)
    {
      size_t length = strlen (interpreters[i].name);

      /* Versions follow the name: python3.11, perl5.36-x86_64-linux-gnu. */
      if (strncmp (base, interpreters[i].name, length) == 0
          && (base[length] == '\0' || g_ascii_isdigit (base[length])))
        return &interpreters[i];
    }
  return NULL;
}

/* What an interpreter runs. @word: (transfer none) script or module */
typedef enum
{
  RUNS_NOTHING,
  RUNS_ONCE,
  RUNS_MODULE,
  RUNS_SCRIPT,
} Runs;

/* One word of short options; TRUE when it tells what runs. */
static gboolean
read_short_options (const Interpreter *interpreter, char **words, size_t *at, Runs *runs,
                    const char **word)
{
  const char *options = words[*at];

  for (size_t i = 1; options[i] != '\0'; i++)
    {
      const char *value = options[i + 1] != '\0' ? options + i + 1 : words[*at + 1];

      if (strchr (interpreter->once, options[i]) != NULL)
        {
          *runs = RUNS_ONCE;
          return TRUE;
        }
      if (options[i] == 'm' && g_str_has_prefix (interpreter->name, "py"))
        {
          *runs = value != NULL ? RUNS_MODULE : RUNS_NOTHING;
          *word = value;
          return TRUE;
        }
      if (options[i] == 'f' && g_str_equal (interpreter->name, "php"))
        {
          *runs = value != NULL ? RUNS_SCRIPT : RUNS_NOTHING;
          *word = value;
          return TRUE;
        }
      if (strchr (interpreter->valued, options[i]) == NULL)
        continue;
      if (options[i + 1] == '\0' && words[*at + 1] != NULL)
        (*at)++;
      return FALSE;
    }
  return FALSE;
}

static Runs
find_script (const Interpreter *interpreter, char **words, const char **word)
{
  Runs runs = RUNS_NOTHING;

  for (size_t i = 1; words[0] != NULL && words[i] != NULL; i++)
    {
      if (g_str_equal (words[i], "-"))
        return RUNS_NOTHING;
      if (words[i][0] != '-' || (g_str_equal (words[i], "--") && words[i + 1] != NULL))
        {
          *word = words[i][0] != '-' ? words[i] : words[i + 1];
          return RUNS_SCRIPT;
        }
      if (words[i][1] == '-')
        {
          if (g_strv_contains (long_once, words[i]))
            return RUNS_ONCE;
          if (g_strv_contains (long_valued, words[i]) && words[i + 1] != NULL)
            i++;
        }
      else if (read_short_options (interpreter, words, &i, &runs, word))
        return runs;
    }
  return RUNS_NOTHING;
}

static LkAgentProgram *
program_new_for_script (const LkAgentProcess *process, const char *script)
{
  g_autofree char *path = g_canonicalize_filename (script, process->folder != NULL
                                                             ? process->folder : "/");

  return program_new_for_path (process->folder != NULL || g_path_is_absolute (script) ? path
                                                                                      : script);
}

static LkAgentProgram *
program_new_for_module (const LkAgentProcess *process, const char *base, const char *module)
{
  const char *interpreter = process->exe != NULL ? process->exe : base;
  g_autofree char *program = g_strdup_printf ("%s -m %s", interpreter, module);
  g_autofree char *shown = g_strdup_printf ("%s -m %s", base, module);
  g_autofree char *clean = dup_clean (program, PROGRAM_MAX);
  g_autofree char *clean_shown = dup_clean (shown, SHOWN_MAX);

  if (clean == NULL || clean_shown == NULL)
    return program_unknown ();
  return program_new_taking (g_steal_pointer (&clean), g_steal_pointer (&clean_shown));
}

/* NULL when whoever started it is meant. */
static LkAgentProgram *
judge (const LkAgentProcess *process, const char *window)
{
  g_autofree char *base = dup_base (process);
  const Interpreter *interpreter = find_interpreter (base);
  const char *word = NULL;
  LkAgentProgram *program;

  if (g_strv_contains (wrappers, base))
    return NULL;
  if (interpreter == NULL)
    {
      program = program_new_for_path (process->exe != NULL ? process->exe : base);
      program->person = g_strcmp0 (process->exe, window) == 0;
      return program;
    }
  switch (process->words != NULL ? find_script (interpreter, process->words, &word) : RUNS_NOTHING)
    {
    case RUNS_SCRIPT:
      return program_new_for_script (process, word);
    case RUNS_MODULE:
      return program_new_for_module (process, base, word);
    case RUNS_ONCE:
      return interpreter->shell ? NULL
                                : program_new_for_path (process->exe != NULL ? process->exe
                                                                             : base);
    case RUNS_NOTHING:
    default:
      if (interpreter->shell)
        return lk_agent_program_new (LK_AGENT_PROGRAM_TERMINAL, _("A terminal"));
      return program_new_for_path (process->exe != NULL ? process->exe : base);
    }
}

/* Our command line hides its file from others, as tokens pass through it. */
static gboolean
is_command_line (const LkAgentProcess *process)
{
  g_autofree char *base = process->exe != NULL ? g_path_get_basename (process->exe)
                                               : g_strdup (process->name);

  return g_str_equal (base, "latchkeyctl") || g_str_has_prefix (base, "latchkeyctl-who");
}

static size_t
skip_options (char **words, size_t at)
{
  while (words[at] != NULL && words[at][0] == '-' && !g_str_equal (words[at], "--"))
    {
      gboolean valued = g_str_equal (words[at], "--timeout")
                        || g_str_equal (words[at], "--min-valid");

      at += valued && words[at + 1] != NULL ? 2 : 1;
    }
  return at;
}

/* The command of "latchkeyctl exec"; (transfer none) (nullable) */
static char **
find_command (char **words)
{
  size_t at;

  if (words == NULL || words[0] == NULL)
    return NULL;
  at = skip_options (words, 1);
  if (g_strcmp0 (words[at], "exec") != 0)
    return NULL;
  at = skip_options (words, at + 1);
  if (words[at] == NULL || words[++at] == NULL)
    return NULL;
  if (g_str_equal (words[at], "--"))
    at++;
  return words[at] != NULL ? words + at : NULL;
}

static LkAgentProgram *
judge_command (char **command, const char *claimed, const LkAgentProcess *starter)
{
  g_autofree char *base = g_path_get_basename (command[0]);
  g_autofree char *claimed_base = claimed != NULL && g_path_is_absolute (claimed)
                                    ? g_path_get_basename (claimed) : NULL;
  LkAgentProcess process = { .name = base, .words = command, .folder = starter->folder };

  process.exe = g_strcmp0 (claimed_base, base) == 0 ? (char *) claimed : command[0];
  return judge (&process, NULL);
}

static LkAgentProgram *
program_new_for_app (const char *app)
{
  g_autofree char *program = g_strconcat (LK_AGENT_PROGRAM_FLATPAK, app, NULL);
  g_autofree char *clean = dup_clean (program, PROGRAM_MAX);
  g_autofree char *shown = dup_clean (app, SHOWN_MAX);

  if (clean == NULL || shown == NULL)
    return program_unknown ();
  return program_new_taking (g_steal_pointer (&clean), g_steal_pointer (&shown));
}

/* The command line is a go-between: the command that it starts is meant, else who started it. NULL
 * when that is further up. */
static LkAgentProgram *
judge_command_line (const LkAgentProcess *process, const char *claimed, LkAgentProcessRead read,
                    gpointer user_data)
{
  char **command = find_command (process->words);
  g_auto(LkAgentProcess) starter = { 0 };

  if (command == NULL)
    return NULL;
  read (process->parent, &starter, user_data);
  return judge_command (command, claimed, &starter);
}

LkAgentProgram *
lk_agent_program_identify (pid_t pid, const char *window, const char *claimed,
                           LkAgentProcessRead read, gpointer user_data)
{
  for (guint i = 0; i < ANCESTORS_MAX && pid > 0; i++)
    {
      g_auto(LkAgentProcess) process = { 0 };
      LkAgentProgram *program = NULL;

      if (!read (pid, &process, user_data))
        break;
      if (process.app != NULL && g_strcmp0 (process.exe, window) != 0)
        program = program_new_for_app (process.app);
      else if (is_command_line (&process))
        program = judge_command_line (&process, claimed, read, user_data);
      else
        program = judge (&process, window);
      if (program != NULL)
        return program;
      pid = process.parent;
    }
  return program_unknown ();
}
