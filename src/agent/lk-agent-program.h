/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* Who asks for a token, told by the file that runs. This keeps honest programs apart; a hostile
 * program of the same user can pose as any other. */

/**
 * LkAgentProcess:
 * @parent: 0 for none
 * @name: what the kernel calls it, up to 15 bytes
 * @exe: (nullable): file that runs; not known of processes that hide it, as latchkeyctl does
 * @folder: (nullable): where it is
 * @words: its command line
 * @app: (nullable): id, when it runs in a Flatpak
 */
typedef struct
{
  pid_t   parent;
  char   *name;
  char   *exe;
  char   *folder;
  char  **words;
  char   *app;
} LkAgentProcess;

void lk_agent_process_clear (LkAgentProcess *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LkAgentProcess, lk_agent_process_clear)

/* FALSE when there is none by that number. */
typedef gboolean (*LkAgentProcessRead) (pid_t pid, LkAgentProcess *process, gpointer user_data);

/* From /proc; @user_data is not used. */
gboolean lk_agent_process_read (pid_t pid, LkAgentProcess *process, gpointer user_data);

/**
 * LkAgentProgram:
 * @program: tells it from others: path of a program or script, or one of the words below
 * @shown: for people
 * @person: it is Latchkey's own window
 */
typedef struct
{
  char     *program;
  char     *shown;
  gboolean  person;
} LkAgentProgram;

#define LK_AGENT_PROGRAM_TERMINAL "terminal"
#define LK_AGENT_PROGRAM_UNKNOWN  "unknown"
#define LK_AGENT_PROGRAM_FLATPAK  "flatpak:"

/* @window: path of Latchkey's own window; @claimed: (nullable): what the process says of itself,
 * which counts only where "latchkeyctl exec" says which command it is about to run. Never NULL. */
LkAgentProgram *lk_agent_program_identify (pid_t pid, const char *window, const char *claimed,
                                           LkAgentProcessRead read, gpointer user_data);
LkAgentProgram *lk_agent_program_new      (const char *program, const char *shown);
LkAgentProgram *lk_agent_program_copy     (const LkAgentProgram *self);
void            lk_agent_program_free     (LkAgentProgram *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAgentProgram, lk_agent_program_free)

G_END_DECLS
