/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <errno.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "lk-bundle.h"

/* Of a long file the beginning and the end are kept; what lies between is not looked at. */
#define HEAD_TEXT (2 * 1024 * 1024)
#define TAIL_TEXT (1024 * 1024)
#define MAX_TEXT (HEAD_TEXT + 2 * TAIL_TEXT)

typedef struct
{
  char *provider;
  char *endpoint;
  char *step;
  char    *connection;
  int      status;
  gint64   event;
  gboolean bundle;
} DiagnoseOptions;

static void
diagnose_options_clear (DiagnoseOptions *options)
{
  g_free (options->provider);
  g_free (options->endpoint);
  g_free (options->step);
  g_free (options->connection);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DiagnoseOptions, diagnose_options_clear)

static size_t
read_both_ends (FILE *stream,
                char *text)
{
  size_t length = 0;
  size_t n;

  while ((n = fread (text + length, 1, MAX_TEXT - length, stream)) > 0)
    {
      length += n;
      if (length == MAX_TEXT)
        {
          memmove (text + HEAD_TEXT, text + MAX_TEXT - TAIL_TEXT, TAIL_TEXT);
          length = HEAD_TEXT + TAIL_TEXT;
        }
    }

  return length;
}

static char *
read_text (const char  *file,
           size_t      *length,
           GError     **error)
{
  gboolean from_stdin = file == NULL || g_str_equal (file, "-");
  FILE *stream = from_stdin ? stdin : fopen (file, "re");
  g_autofree char *text = NULL;

  if (stream == NULL)
    {
      g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_FAILED, _("“%s” cannot be read: %s."), file,
                   g_strerror (errno));
      return NULL;
    }
  if (from_stdin && isatty (STDIN_FILENO))
    lk_ctl_note ("%s", _("Paste the error, then press Ctrl+D on a line of its own."));

  text = g_malloc (MAX_TEXT + 1);
  *length = read_both_ends (stream, text);
  text[*length] = '\0';
  if (ferror (stream))
    g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_FAILED, _("“%s” cannot be read: %s."),
                 from_stdin ? "-" : file, g_strerror (errno));
  if (!from_stdin)
    fclose (stream);

  return error != NULL && *error != NULL ? NULL : g_steal_pointer (&text);
}

static int
print_finding (LkCtl           *self,
               const LkFinding *finding)
{
  g_autofree char *json = NULL;

  if (!self->json)
    {
      lk_ctl_finding_print (finding);
      return LK_CTL_EXIT_DONE;
    }

  json = lk_finding_to_json (finding);
  puts (json);
  fflush (stdout);
  return LK_CTL_EXIT_DONE;
}

static int
diagnose_text (LkCtl           *self,
               DiagnoseOptions *options,
               const char      *file)
{
  g_autoptr(LkFinding) finding = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  size_t length = 0;
  LkHints hints = {
    .provider = options->provider,
    .endpoint = options->endpoint,
    .step = options->step,
    .http_status = options->status,
  };

  text = read_text (file, &length, &error);
  if (text == NULL)
    return lk_ctl_fail (self, error);

  if (options->provider != NULL
      && !lk_diagnosis_knows_provider (lk_ctl_get_diagnosis (self), options->provider))
    lk_ctl_note (_("There is no provider “%s” here, so its codes are not known. “latchkeyctl "
                   "providers list” shows all of them."), options->provider);

  finding = lk_diagnosis_read_text (lk_ctl_get_diagnosis (self), text, (gssize) length, &hints);
  lk_wipe (text, length);
  return print_finding (self, finding);
}

static char **
dup_versions (LkCtl *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GVariant) properties = NULL;
  g_autofree char *glib = g_strdup_printf ("glib %u.%u.%u", glib_major_version,
                                           glib_minor_version, glib_micro_version);
  const char *agent = NULL;

  g_strv_builder_add (builder, "latchkeyctl " LK_VERSION);
  properties = lk_ctl_get_properties (self, LK_AGENT_MANAGER_PATH, LK_AGENT_INTERFACE, NULL);
  if (properties != NULL && g_variant_lookup (properties, "Version", "&s", &agent))
    {
      g_autofree char *line = g_strdup_printf ("latchkey-agent %s", agent);

      g_strv_builder_add (builder, line);
    }
  g_strv_builder_add (builder, glib);
  return g_strv_builder_end (builder);
}

/* Asks the service, which knows every token, whether one of them is in what is about to be given
 * away. */
static gboolean
check_bundle (LkCtl       *self,
              const char  *text,
              GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GUnixFDList) fds = NULL;
  g_autoptr(GVariant) reply = NULL;
  gboolean found = TRUE;
  guint line = 0;
  int fd;

  if (lk_bundle_find_secret (text, &line))
    {
      g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_FAILED,
                   _("Line %u of the support bundle looks like a token or a secret, so it is not "
                     "given out."), line);
      return FALSE;
    }
  fd = lk_bytes_to_fd (bytes, error);
  if (fd < 0)
    return FALSE;
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  reply = lk_ctl_call_with_fds (self, LK_AGENT_MANAGER_PATH, LK_AGENT_INTERFACE, "FindSecrets",
                                g_variant_new ("(h)", 0), fds, "(b)", NULL, error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(b)", &found);
  if (found)
    g_set_error_literal (error, LK_CTL_ERROR, LK_CTL_EXIT_FAILED,
                         _("The support bundle holds one of your tokens or secrets, so it is not "
                           "given out."));
  return !found;
}

static int
print_bundle (LkCtl         *self,
              const LkFacts *facts,
              GPtrArray     *findings)
{
  g_auto(GStrv) versions = dup_versions (self);
  g_autofree char *text = lk_bundle_new (facts, findings, (const char * const *) versions);
  g_autoptr(GError) error = NULL;

  if (!check_bundle (self, text, &error))
    return lk_ctl_fail (self, error);
  fputs (text, stdout);
  fflush (stdout);
  return LK_CTL_EXIT_DONE;
}

static LkFault *
read_fault (LkCtl           *self,
            DiagnoseOptions *options,
            const char      *file,
            GError         **error)
{
  g_autoptr(LkFinding) finding = NULL;
  g_autofree char *text = NULL;
  size_t length = 0;
  LkHints hints = {
    .provider = options->provider,
    .endpoint = options->endpoint,
    .step = options->step,
    .http_status = options->status,
  };

  text = read_text (file, &length, error);
  if (text == NULL)
    return NULL;
  finding = lk_diagnosis_read_text (lk_ctl_get_diagnosis (self), text, (gssize) length, &hints);
  lk_wipe (text, length);
  return g_steal_pointer (&finding->fault);
}

/* With a text, that is looked into by asking its provider; without one, the connection's own
 * trouble or its last refusal. */
static int
diagnose_connection (LkCtl           *self,
                     DiagnoseOptions *options,
                     const char      *file)
{
  g_autoptr(LkCtlConnection) connection = NULL;
  g_autoptr(GPtrArray) findings = NULL;
  g_autoptr(LkFacts) facts = NULL;
  g_autoptr(LkFault) fault = NULL;
  g_autoptr(GError) error = NULL;

  lk_ctl_start_clock (self, 60);
  connection = lk_ctl_find_connection (self, options->connection, &error);
  if (connection == NULL)
    return lk_ctl_fail (self, error);

  if (file != NULL)
    {
      if (options->provider == NULL)
        options->provider = g_strdup (lk_ctl_connection_get (connection, "Provider"));
      fault = read_fault (self, options, file, &error);
      if (fault == NULL)
        return lk_ctl_fail (self, error);
    }

  findings = lk_ctl_enquire (self, connection, options->event, fault, &facts, &error);
  if (findings == NULL)
    return lk_ctl_fail_with (self, lk_ctl_connection_get (connection, "Id"), error);
  if (options->bundle)
    return print_bundle (self, facts, findings);
  return print_finding (self, g_ptr_array_index (findings, 0));
}

int
lk_ctl_run_diagnose (LkCtl  *self,
                     int     argc,
                     char  **argv)
{
  g_auto(DiagnoseOptions) options = { NULL, };
  const GOptionEntry entries[] = {
    { "provider", 0, 0, G_OPTION_ARG_STRING, &options.provider,
      N_("The provider that the error came from"), N_("ID") },
    { "status", 0, 0, G_OPTION_ARG_INT, &options.status, N_("The HTTP status"), N_("NUMBER") },
    { "endpoint", 0, 0, G_OPTION_ARG_STRING, &options.endpoint,
      N_("The path that was called"), N_("PATH") },
    { "step", 0, 0, G_OPTION_ARG_STRING, &options.step,
      N_("What was being done: authorize, token, refresh, revoke, verify, accounts or api"),
      N_("STEP") },
    { "connection", 0, 0, G_OPTION_ARG_STRING, &options.connection,
      N_("Look into it by asking the platform with this connection"), N_("CONNECTION") },
    { "event", 0, 0, G_OPTION_ARG_INT64, &options.event,
      N_("The refusal to look into, by its number in “history --json”"), N_("NUMBER") },
    { "bundle", 0, 0, G_OPTION_ARG_NONE, &options.bundle,
      N_("Print what the platform’s support needs: ids, times, scopes, answers; no secrets"),
      NULL },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "diagnose",
    .parameters = _("[FILE]"),
    .summary = _("Explains an error: what it means, why, and what to do. Reads FILE or the "
                 "standard input; needs no network unless --connection is given."),
    .examples = "  latchkeyctl diagnose error.json\n"
                "  curl -i … | latchkeyctl diagnose --provider tiktok-ads\n"
                "  latchkeyctl diagnose --connection acme\n"
                "  latchkeyctl diagnose --connection acme --bundle > support.json\n",
    .notes = _("FILE can hold a reply, what “curl -i” printed, lines of a log, or an address. It "
               "stays on this computer."),
  };
  const char *file = NULL;
  LkStep step;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc > 2)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[2]);
  if (options.status != 0 && (options.status < 100 || options.status > 599))
    return lk_ctl_usage (self, "%s", _("--status must be between 100 and 599"));
  if (options.step != NULL && !lk_step_from_string (options.step, &step))
    return lk_ctl_usage (self, _("there is no step “%s”"), options.step);

  if (options.connection == NULL && (options.event != 0 || options.bundle))
    return lk_ctl_usage (self, "%s", _("--event and --bundle need --connection"));

  file = argc == 2 ? argv[1] : NULL;
  if (options.connection != NULL)
    return diagnose_connection (self, &options, file);

  return diagnose_text (self, &options, file);
}
