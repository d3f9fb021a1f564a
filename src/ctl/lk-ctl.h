/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-clock.h"
#include "lk-enquiry.h"
#include "lk-ipc.h"

G_BEGIN_DECLS

#define LK_AGENT_INTERFACE      "io.github.latchkey_app.Latchkey.Agent1"
#define LK_CONNECTION_INTERFACE "io.github.latchkey_app.Latchkey.Connection1"
#define LK_SIGN_IN_INTERFACE    "io.github.latchkey_app.Latchkey.SignIn1"

/* Part of the command line's contract; the numbers never change. */
typedef enum
{
  LK_CTL_EXIT_DONE = 0,
  LK_CTL_EXIT_FAILED = 1,
  LK_CTL_EXIT_USAGE = 2,
  LK_CTL_EXIT_NOT_FOUND = 3,
  LK_CTL_EXIT_SIGN_IN = 4,
  LK_CTL_EXIT_KEYRING = 5,
  LK_CTL_EXIT_OFFLINE = 6,
  LK_CTL_EXIT_RATE = 7,
  LK_CTL_EXIT_PERMISSION = 8,
  LK_CTL_EXIT_TIMED_OUT = 9,
} LkCtlExit;

/* The code of such an error is a #LkCtlExit; its message is translated and for people. */
#define LK_CTL_ERROR (lk_ctl_error_quark ())

GQuark lk_ctl_error_quark (void);

/**
 * LkCtl:
 * @json: whether results are JSON
 * @timeout: seconds that the person allows, 0 for the command's default
 * @typed: (nullable): the last word of an unfinished command that a shell asks about
 *
 * What every command shares: the global options, the clock that bounds all waiting, and, made when
 * first needed, the bus and the diagnosis.
 */
typedef struct
{
  gboolean         json;
  int              timeout;
  const char      *typed;

  gint64           deadline; /* monotonic microseconds */
  LkClock         *clock;
  GDBusConnection *bus;       /* (nullable) */
  LkProfileSet    *profiles;  /* (nullable) */
  LkDiagnosis     *diagnosis; /* (nullable) */
} LkCtl;

typedef int (*LkCtlRun) (LkCtl *self, int argc, char **argv);

/**
 * LkCtlHelp:
 * @name: the command, such as "client add"
 * @parameters: (nullable): what follows the options, translated
 * @summary: one or two sentences, translated
 * @examples: lines that can be copied, not translated
 * @notes: (nullable): a paragraph after the examples, translated
 */
typedef struct
{
  const char *name;
  const char *parameters;
  const char *summary;
  const char *examples;
  const char *notes;
} LkCtlHelp;

/* One row of a table of commands; the last has no name. */
typedef struct
{
  const char *name;
  LkCtlRun    run;
  const char *summary; /* untranslated, marked with N_() */
} LkCtlCommand;

/* lk-ctl-options.c */
/* Runs the command that argv[1] names; @name is empty for latchkeyctl itself. */
int           lk_ctl_dispatch       (LkCtl *self, const char *name, const LkCtlCommand *commands,
                                     int argc, char **argv);
gboolean      lk_ctl_parse          (LkCtl *self, const LkCtlHelp *help,
                                     const GOptionEntry *entries, int *argc, char ***argv);
gboolean      lk_ctl_parse_posix    (LkCtl *self, const LkCtlHelp *help,
                                     const GOptionEntry *entries, int *argc, char ***argv);
int           lk_ctl_usage          (LkCtl *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
const char   *lk_ctl_one_argument   (LkCtl *self, int argc, char **argv, const char *what);

/* lk-ctl-complete.c */
void          lk_ctl_complete         (LkCtl *self, const char *command,
                                       const GOptionEntry *entries, const GOptionEntry *shared,
                                       int argc, char **argv) G_GNUC_NORETURN;
void          lk_ctl_complete_command (LkCtl *self, const LkCtlCommand *commands) G_GNUC_NORETURN;

/* lk-ctl-bus.c */
void          lk_ctl_start_clock    (LkCtl *self, int seconds);
int           lk_ctl_get_remaining  (LkCtl *self); /* milliseconds, 0 when none is left */
gboolean      lk_ctl_open_bus       (LkCtl *self, GError **error);
GVariant     *lk_ctl_call           (LkCtl *self, const char *path, const char *interface,
                                     const char *method, GVariant *parameters,
                                     const char *reply_type, GError **error);
GVariant     *lk_ctl_call_with_secret (LkCtl *self, const char *path, const char *interface,
                                       const char *method, GVariant *parameters,
                                       LkSecret *secret, const char *reply_type,
                                       GError **error);
/* With file descriptors both ways, while signals of the bus are heard. @reply_fds: (nullable) */
GVariant     *lk_ctl_call_with_fds  (LkCtl *self, const char *path, const char *interface,
                                     const char *method, GVariant *parameters, GUnixFDList *fds,
                                     const char *reply_type, GUnixFDList **reply_fds,
                                     GError **error);
GVariant     *lk_ctl_call_agent     (LkCtl *self, const char *method, GVariant *parameters,
                                     const char *reply_type, GError **error);
GVariant     *lk_ctl_get_properties (LkCtl *self, const char *path, const char *interface,
                                     GError **error);

/* lk-ctl-connection.c */
typedef struct
{
  char     *path;
  GVariant *facts; /* a{sv}: the properties of Connection1 */
} LkCtlConnection;

void             lk_ctl_connection_free     (LkCtlConnection *self);
GPtrArray       *lk_ctl_load_connections    (LkCtl *self, GError **error);
char            *lk_ctl_find_path           (LkCtl *self, const char *word, GError **error);
LkCtlConnection *lk_ctl_find_connection     (LkCtl *self, const char *word, GError **error);
GVariant        *lk_ctl_connection_call     (LkCtl *self, LkCtlConnection *connection,
                                             const char *method, GVariant *parameters,
                                             const char *reply_type, GError **error);
const char      *lk_ctl_connection_get      (LkCtlConnection *self, const char *key);
gint64           lk_ctl_connection_get_time (LkCtlConnection *self, const char *key);
gboolean         lk_ctl_connection_get_flag (LkCtlConnection *self, const char *key);
char           **lk_ctl_connection_dup_strv (LkCtlConnection *self, const char *key);
LkFault         *lk_ctl_connection_dup_fault (LkCtlConnection *self);
LkFinding       *lk_ctl_connection_explain  (LkCtl *self, LkCtlConnection *connection);
/* Prints the connection as "show" does. */
void             lk_ctl_connection_print    (LkCtl *self, LkCtlConnection *connection);
/* Does one call on a connection; what several commands do, and then tell. */
LkCtlConnection *lk_ctl_connection_act      (LkCtl *self, const char *word, const char *method,
                                             GVariant *parameters, int *status);
int              lk_ctl_connection_act_and_show (LkCtl *self, const char *word,
                                                 const char *method, const char *done);
int              lk_ctl_connection_act_and_tell (LkCtl *self, const char *word,
                                                 const char *method, GVariant *parameters,
                                                 const char *done);

/* lk-ctl-token.c */
LkSecret     *lk_ctl_get_token      (LkCtl *self, const char *word, guint min_valid,
                                     const char *program, GError **error);
int           lk_ctl_fail_token     (LkCtl *self, const char *word, const GError *error);

/* lk-ctl-sign-in.c */
typedef struct
{
  gboolean browser;
  gboolean accept_identity;
  gboolean owned; /* the attempt is ours: cancel it when the person or the clock ends us */
} LkCtlSignInOptions;

int           lk_ctl_follow_sign_in (LkCtl *self, const char *path,
                                     const LkCtlSignInOptions *options);
/* Starts an attempt and follows it. @client is found from @reconnect when that is set. */
int           lk_ctl_sign_in        (LkCtl *self, const char *client, const char *reconnect,
                                     const char *name, const char * const *scopes,
                                     const LkCtlSignInOptions *options);

/* lk-ctl-enquire.c */
/* Has the service ask the provider; (element-type LkFinding), most likely first. @event: of the
 * history, or 0; @fault: (nullable); @facts: (out) (optional) (transfer full) */
GPtrArray    *lk_ctl_enquire        (LkCtl *self, LkCtlConnection *connection, gint64 event,
                                     const LkFault *fault, LkFacts **facts, GError **error);

/* lk-ctl-error.c */
LkCtlExit     lk_ctl_exit_for_error (const GError *error);
LkCtlExit     lk_ctl_exit_for_fault (const LkFault *fault);
/* Says it on the standard error and gives the exit status. */
int           lk_ctl_fail           (LkCtl *self, const GError *error);
/* The same for an app that may not be there. */
int           lk_ctl_fail_client    (LkCtl *self, const char *client, const GError *error);
/* The same, with what the diagnosis makes of the fault of connection @word. */
int           lk_ctl_fail_with      (LkCtl *self, const char *word, const GError *error);
LkDiagnosis  *lk_ctl_get_diagnosis  (LkCtl *self);
LkProfileSet *lk_ctl_get_profiles   (LkCtl *self);

/* lk-ctl-input.c */
/* A secret from the standard input up to its end, without the last newline; on a terminal, one
 * line that is not shown. */
LkSecret     *lk_ctl_read_secret    (LkCtl *self, const char *prompt, GError **error);
/* Asks the person at the terminal, in their own language. Whatever is not yes is no; so is a
 * standard input that is no terminal. */
gboolean      lk_ctl_ask            (const char *question);

/* Commands, one file each. */
int lk_ctl_run_backup    (LkCtl *self, int argc, char **argv);
int lk_ctl_run_call      (LkCtl *self, int argc, char **argv);
int lk_ctl_run_client    (LkCtl *self, int argc, char **argv);
int lk_ctl_run_connect   (LkCtl *self, int argc, char **argv);
int lk_ctl_run_diagnose  (LkCtl *self, int argc, char **argv);
int lk_ctl_run_ends      (LkCtl *self, int argc, char **argv);
int lk_ctl_run_exec      (LkCtl *self, int argc, char **argv);
int lk_ctl_run_history   (LkCtl *self, int argc, char **argv);
int lk_ctl_run_list      (LkCtl *self, int argc, char **argv);
int lk_ctl_run_metrics   (LkCtl *self, int argc, char **argv);
int lk_ctl_run_pause     (LkCtl *self, int argc, char **argv);
int lk_ctl_run_programs  (LkCtl *self, int argc, char **argv);
int lk_ctl_run_providers (LkCtl *self, int argc, char **argv);
int lk_ctl_run_reconnect (LkCtl *self, int argc, char **argv);
int lk_ctl_run_remove    (LkCtl *self, int argc, char **argv);
int lk_ctl_run_rename    (LkCtl *self, int argc, char **argv);
int lk_ctl_run_renew     (LkCtl *self, int argc, char **argv);
int lk_ctl_run_restore   (LkCtl *self, int argc, char **argv);
int lk_ctl_run_resume    (LkCtl *self, int argc, char **argv);
int lk_ctl_run_revoke    (LkCtl *self, int argc, char **argv);
int lk_ctl_run_settings  (LkCtl *self, int argc, char **argv);
int lk_ctl_run_show      (LkCtl *self, int argc, char **argv);
int lk_ctl_run_take_back (LkCtl *self, int argc, char **argv);
int lk_ctl_run_token     (LkCtl *self, int argc, char **argv);
int lk_ctl_run_trial     (LkCtl *self, int argc, char **argv);
int lk_ctl_run_unlock    (LkCtl *self, int argc, char **argv);
int lk_ctl_run_verify    (LkCtl *self, int argc, char **argv);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkCtlConnection, lk_ctl_connection_free)

G_END_DECLS
