/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <errno.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lk-profile-calls.h"

/* What the service may need beyond the call's own time, so that its answer comes before our end. */
#define GRACE_SECONDS 2

typedef struct
{
  char   **query;
  char    *data;
  char    *content_type;
  gboolean verbose;
  gboolean why;
} CallOptions;

static void
call_options_clear (CallOptions *options)
{
  g_strfreev (options->query);
  g_free (options->data);
  g_free (options->content_type);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CallOptions, call_options_clear)

/**
 * Called:
 * @result: a{sv} as Connection1.Call gives
 * @reply: the body
 * @fault: (nullable): %NULL when the call succeeded
 */
typedef struct
{
  GVariant *result;
  GBytes   *reply;
  LkFault  *fault;
} Called;

static void
called_clear (Called *called)
{
  g_clear_pointer (&called->result, g_variant_unref);
  g_clear_pointer (&called->reply, g_bytes_unref);
  g_clear_pointer (&called->fault, lk_fault_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Called, called_clear)

static void
note_step (GVariant *step)
{
  const char *kind = "";
  const char *klass = "";
  const char *code = "";
  double seconds = 0;
  g_autofree char *safe = NULL;

  g_variant_lookup (step, "kind", "&s", &kind);
  g_variant_lookup (step, "class", "&s", &klass);
  g_variant_lookup (step, "code", "&s", &code);
  g_variant_lookup (step, "seconds", "d", &seconds);
  safe = lk_ctl_dup_safe (code);

  if (g_str_equal (kind, "sent"))
    lk_ctl_note ("%s", _("Sent."));
  else if (g_str_equal (kind, "refused"))
    /* Translators: a code such as 40100, and the kind of error, such as "rate" */
    lk_ctl_note (_("Refused: %s (%s)."), *safe != '\0' ? safe : "–", klass);
  else if (g_str_equal (kind, "renewed"))
    lk_ctl_note ("%s", _("Token renewed."));
  else if (g_str_equal (kind, "waiting"))
    lk_ctl_note (_("Waiting %.1f s, as the platform asks."), seconds);
  else if (g_str_equal (kind, "held"))
    lk_ctl_note (_("Waiting %.1f s, to stay within the app’s limits."), seconds);
  else if (g_str_equal (kind, "backing-off"))
    lk_ctl_note (_("Waiting %.1f s before another try."), seconds);
  else if (g_str_equal (kind, "circuit"))
    lk_ctl_note ("%s", _("Not sent: this connection was refused too often. Sign in again, or run "
                         "“latchkeyctl verify”."));
}

static void
step_cb (GDBusConnection *bus,
         const char      *sender,
         const char      *path,
         const char      *interface,
         const char      *signal,
         GVariant        *parameters,
         gpointer         user_data)
{
  const char *cookie = user_data;
  const char *got = "";
  g_autoptr(GVariant) step = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv})")))
    return;
  g_variant_get (parameters, "(&s@a{sv})", &got, &step);
  if (g_str_equal (got, cookie))
    note_step (step);
}

static GBytes *
read_file (FILE        *stream,
           const char  *name,
           GError     **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[16 * 1024];
  size_t n;

  while ((n = fread (buffer, 1, sizeof buffer, stream)) > 0)
    {
      g_byte_array_append (bytes, buffer, (guint) n);
      if (bytes->len > LK_BODY_MAX)
        {
          g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_USAGE,
                       _("“%s” is longer than 1 MiB, which is all that a call can carry."), name);
          return NULL;
        }
    }
  if (ferror (stream))
    {
      g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_FAILED, _("“%s” cannot be read."), name);
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/* JSON as it is, "@FILE", or "-" for the standard input. */
static gboolean
read_data (const char  *data,
           GBytes     **body,
           GError     **error)
{
  FILE *stream;

  if (data == NULL)
    return TRUE;
  if (g_str_equal (data, "-") || g_str_equal (data, "@-"))
    return (*body = read_file (stdin, "-", error)) != NULL;
  if (data[0] != '@')
    {
      *body = g_bytes_new (data, strlen (data));
      return TRUE;
    }

  stream = fopen (data + 1, "re");
  if (stream == NULL)
    {
      g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_FAILED, _("“%s” cannot be opened: %s."),
                   data + 1, g_strerror (errno));
      return FALSE;
    }
  *body = read_file (stream, data + 1, error);
  fclose (stream);
  return *body != NULL;
}

static gboolean
take_reply (GVariant     *reply,
            GUnixFDList  *fds,
            Called       *called,
            GError      **error)
{
  g_autoptr(GVariant) fault = NULL;
  int handle = 0;
  int fd;

  g_variant_get (reply, "(@a{sv}h)", &called->result, &handle);
  fault = g_variant_lookup_value (called->result, "fault", G_VARIANT_TYPE_VARDICT);
  called->fault = lk_fault_from_variant (fault);
  if (fds == NULL)
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_FAILED, "no body came along");
      return FALSE;
    }
  fd = g_unix_fd_list_get (fds, handle, error);
  if (fd < 0)
    return FALSE;
  called->reply = lk_bytes_from_fd (fd, LK_BODY_MAX, error);
  return called->reply != NULL;
}

static gboolean
send_call (LkCtl            *self,
           LkCtlConnection  *connection,
           LkCallRequest    *call,
           const char       *cookie,
           Called           *called,
           GError          **error)
{
  g_autoptr(GBytes) body = call->body != NULL ? g_bytes_ref (call->body) : NULL;
  g_autoptr(GUnixFDList) sent = NULL;
  g_autoptr(GUnixFDList) got = NULL;
  g_autoptr(GVariant) reply = NULL;
  GVariantDict options;
  int fd = lk_bytes_to_fd (body, error);

  if (fd < 0)
    return FALSE;

  sent = g_unix_fd_list_new_from_array (&fd, 1);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "program", "s", "latchkeyctl call");
  g_variant_dict_insert (&options, "timeout", "u",
                         (guint) MAX (lk_ctl_get_remaining (self) / 1000, 1));
  g_variant_dict_insert (&options, "cookie", "s", cookie);
  self->deadline += GRACE_SECONDS * G_TIME_SPAN_SECOND;
  reply = lk_ctl_call_with_fds (self, connection->path, LK_CONNECTION_INTERFACE, "Call",
                                g_variant_new ("(@a{sv}h@a{sv})", lk_call_request_to_variant (call),
                                               0, g_variant_dict_end (&options)),
                                sent, "(a{sv}h)", &got, error);
  return reply != NULL && take_reply (reply, got, called, error);
}

/* As it came, for a program; a terminal would obey what it holds. */
static void
print_body (GBytes *body)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (body, &length);

  if (length == 0)
    return;
  if (isatty (STDOUT_FILENO))
    {
      g_autofree char *valid = g_utf8_make_valid (text, (gssize) length);

      lk_ctl_print ("%s", g_strchomp (valid));
      return;
    }
  fwrite (text, 1, length, stdout);
  if (text[length - 1] != '\n')
    putchar ('\n');
  fflush (stdout);
}

static void
add_body (JsonBuilder *builder,
          GBytes      *body)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (body, &length);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *valid = NULL;

  json_builder_set_member_name (builder, "body");
  if (length > 0 && json_parser_load_from_data (parser, text, (gssize) length, NULL)
      && json_parser_get_root (parser) != NULL)
    {
      json_builder_add_value (builder, json_node_copy (json_parser_get_root (parser)));
      return;
    }
  valid = g_utf8_make_valid (text != NULL ? text : "", (gssize) length);
  json_builder_add_string_value (builder, valid);
}

static void
add_steps (JsonBuilder *builder,
           GVariant    *result)
{
  g_autoptr(GVariant) steps = g_variant_lookup_value (result, "steps", G_VARIANT_TYPE ("aa{sv}"));
  gsize n = steps != NULL ? g_variant_n_children (steps) : 0;

  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) step = g_variant_get_child_value (steps, i);
      const char *kind = "";
      const char *klass = NULL;
      const char *code = NULL;
      double seconds = 0;
      gint64 at = 0;

      g_variant_lookup (step, "kind", "&s", &kind);
      g_variant_lookup (step, "class", "&s", &klass);
      g_variant_lookup (step, "code", "&s", &code);
      g_variant_lookup (step, "seconds", "d", &seconds);
      g_variant_lookup (step, "at", "x", &at);
      json_builder_begin_object (builder);
      lk_ctl_json_time (builder, "at", at);
      lk_ctl_json_string (builder, "kind", kind);
      lk_ctl_json_string (builder, "class", klass);
      lk_ctl_json_string (builder, "code", code);
      json_builder_set_member_name (builder, "seconds");
      json_builder_add_double_value (builder, seconds);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (const Called    *called,
            const LkFinding *finding)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  const char *trace = NULL;
  gint32 status = 0;
  guint32 attempts = 0;
  gboolean renewed = FALSE;

  g_variant_lookup (called->result, "status", "i", &status);
  g_variant_lookup (called->result, "attempts", "u", &attempts);
  g_variant_lookup (called->result, "renewed", "b", &renewed);
  g_variant_lookup (called->result, "trace-id", "&s", &trace);
  json_builder_begin_object (builder);
  lk_ctl_json_flag (builder, "ok", called->fault == NULL);
  json_builder_set_member_name (builder, "status");
  json_builder_add_int_value (builder, status);
  lk_ctl_json_string (builder, "trace_id", trace);
  json_builder_set_member_name (builder, "attempts");
  json_builder_add_int_value (builder, attempts);
  lk_ctl_json_flag (builder, "renewed", renewed);
  add_steps (builder, called->result);
  lk_ctl_json_finding (builder, "finding", finding);
  add_body (builder, called->reply);
  json_builder_end_object (builder);
  lk_ctl_json_print (builder);
}

/* The finding from the reply alone or, with --why, from what the service finds out by probes. */
static LkFinding *
find_cause (LkCtl           *self,
            LkCtlConnection *connection,
            const Called    *called,
            gboolean         why)
{
  gint64 event = 0;

  if (called->fault == NULL)
    return NULL;

  g_variant_lookup (called->result, "event", "x", &event);
  if (why)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) findings = NULL;

      lk_ctl_start_clock (self, 60);
      findings = lk_ctl_enquire (self, connection, event, called->fault, NULL, &error);
      if (findings != NULL)
        return g_ptr_array_steal_index (findings, 0);
      lk_ctl_note (_("Nothing more could be found out: %s"), error->message);
    }

  return lk_diagnosis_explain (lk_ctl_get_diagnosis (self), called->fault);
}

/* The service would refuse it as well; here it can be said what is wrong with it. */
static gboolean
check_target (LkCtl            *self,
              LkCtlConnection  *connection,
              LkCallRequest    *call,
              GError          **error)
{
  LkProfile *profile = lk_profile_set_lookup (lk_ctl_get_profiles (self),
                                              lk_ctl_connection_get (connection, "Provider"));
  g_autofree char *path = profile != NULL ? lk_profile_dup_call_path (profile, call) : NULL;

  if (profile == NULL || path != NULL)
    return TRUE;
  g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_USAGE,
               _("“%s” is not an address of %s. A token is only ever sent to the provider’s own "
                 "host; name a path, such as “user/info/”."),
               call->target, lk_profile_get_name (profile));
  return FALSE;
}

static int
run_call (LkCtl         *self,
          const char    *word,
          LkCallRequest *call,
          CallOptions   *options)
{
  g_autoptr(LkCtlConnection) connection = NULL;
  g_autoptr(LkFinding) finding = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *cookie = g_uuid_string_random ();
  g_auto(Called) called = { NULL, };
  gboolean sent;
  guint id = 0;

  lk_ctl_start_clock (self, 30);
  connection = lk_ctl_find_connection (self, word, &error);
  if (connection == NULL || !check_target (self, connection, call, &error))
    return lk_ctl_fail (self, error);

  if (options->verbose)
    id = g_dbus_connection_signal_subscribe (self->bus, LK_AGENT_NAME, LK_CONNECTION_INTERFACE,
                                             "CallStep", connection->path, NULL,
                                             G_DBUS_SIGNAL_FLAGS_NONE, step_cb, cookie, NULL);
  sent = send_call (self, connection, call, cookie, &called, &error);
  if (id != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, id);
  if (!sent)
    return lk_ctl_fail_with (self, lk_ctl_connection_get (connection, "Id"), error);

  finding = find_cause (self, connection, &called, options->why);
  if (self->json)
    print_json (&called, finding);
  else
    print_body (called.reply);
  if (finding != NULL && !self->json)
    lk_ctl_finding_note (finding);

  return called.fault == NULL ? LK_CTL_EXIT_DONE : (int) lk_ctl_exit_for_fault (called.fault);
}

static gboolean
is_method (const char *word)
{
  static const char * const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", NULL };
  g_autofree char *upper = g_ascii_strup (word, -1);

  return g_strv_contains (methods, upper);
}

int
lk_ctl_run_call (LkCtl  *self,
                 int     argc,
                 char  **argv)
{
  g_auto(CallOptions) options = { NULL, };
  const GOptionEntry entries[] = {
    { "query", 'q', 0, G_OPTION_ARG_STRING_ARRAY, &options.query,
      N_("A parameter of the address; may be given several times"), N_("NAME=VALUE") },
    { "data", 'd', 0, G_OPTION_ARG_STRING, &options.data,
      N_("The body: JSON, @FILE, or - for the standard input"), N_("JSON|@FILE") },
    { "content-type", 0, 0, G_OPTION_ARG_STRING, &options.content_type,
      N_("What the body is, when it is not JSON"), N_("TYPE") },
    { "why", 0, 0, G_OPTION_ARG_NONE, &options.why,
      N_("When it is refused, find out why by asking the platform"), NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &options.verbose,
      N_("Tell each try, renewal and wait as it happens"), NULL },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "call",
    .parameters = _("CONNECTION METHOD PATH-OR-ADDRESS"),
    .summary = _("Calls the platform with the connection’s token, and prints the reply. Renews an "
                 "expired token, keeps to the app’s limits, and says in plain words why a call was "
                 "refused."),
    .examples = "  latchkeyctl call acme GET campaign/get/ -q advertiser_id=7000000000000000001\n"
                "  latchkeyctl call acme POST campaign/update/ --data @change.json --why\n"
                "  latchkeyctl call studio GET /v2/user/info/ -q fields=open_id,display_name\n",
    .notes = _("A path without a first “/” goes below the provider’s API address. A token is only "
               "ever sent to the provider’s own host. What may have created something is not sent "
               "twice."),
  };
  g_autoptr(LkCallRequest) call = NULL;
  g_autoptr(GError) error = NULL;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc < 4)
    return lk_ctl_usage (self, "%s", _("CONNECTION, METHOD and PATH-OR-ADDRESS are needed"));
  if (argc > 4)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[4]);
  if (!is_method (argv[2]))
    return lk_ctl_usage (self, _("there is no method “%s”; use GET, POST, PUT, PATCH or DELETE"),
                         argv[2]);
  if (argv[3][0] == '\0')
    return lk_ctl_usage (self, "%s", _("the path is empty"));
  for (size_t i = 0; options.query != NULL && options.query[i] != NULL; i++)
    {
      if (strchr (options.query[i], '=') == NULL)
        return lk_ctl_usage (self, _("--query “%s” should be NAME=VALUE"), options.query[i]);
    }

  call = lk_call_request_new (argv[2], argv[3]);
  call->query = g_strdupv (options.query);
  call->content_type = g_strdup (options.content_type);
  if (!read_data (options.data, &call->body, &error))
    return lk_ctl_fail (self, error);
  if (call->body != NULL && call->content_type == NULL)
    call->content_type = g_strdup ("application/json");

  return run_call (self, argv[1], call, &options);
}
