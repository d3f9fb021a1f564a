/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

/* One attempt, watched until it ends. Every change makes the facts be read anew, so that a late
 * signal never brings an old state back. */
typedef struct
{
  LkCtl                    *ctl;
  const char               *path;
  const LkCtlSignInOptions *options;
  GMainLoop                *loop;      /* (owned) */
  GVariant                 *facts;     /* (owned) (nullable) */
  gboolean                  announced;
  gboolean                  answered;
  int                       status;
} Follow;

static const char *
get_fact (Follow     *follow,
          const char *key)
{
  const char *text = "";

  g_variant_lookup (follow->facts, key, "&s", &text);
  return text;
}

static void
end (Follow *follow,
     int     status)
{
  follow->status = status;
  g_main_loop_quit (follow->loop);
}

/* One line of JSON, at once; whoever reads it acts on it. */
static void
print_event (JsonBuilder *builder)
{
  g_autofree char *line = lk_ctl_json_dup (builder, FALSE);

  puts (line);
  fflush (stdout);
}

static JsonBuilder *
begin_event (const char *event)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  lk_ctl_json_string (builder, "event", event);
  return builder;
}

static LkFinding *
explain (Follow *follow)
{
  g_autoptr(GVariant) dict = NULL;
  g_autoptr(LkFault) fault = NULL;

  dict = g_variant_lookup_value (follow->facts, "Fault", G_VARIANT_TYPE_VARDICT);
  if (dict == NULL || g_variant_n_children (dict) == 0)
    return NULL;

  fault = lk_fault_from_variant (dict);
  return fault != NULL ? lk_diagnosis_explain (lk_ctl_get_diagnosis (follow->ctl), fault) : NULL;
}

static void
paste_line (Follow   *follow,
            LkSecret *address)
{
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = lk_ctl_call_with_secret (follow->ctl, follow->path, LK_SIGN_IN_INTERFACE, "Paste",
                                   g_variant_new ("(h)", 0), address, NULL, &error);
  if (reply == NULL)
    lk_ctl_note ("%s", _("That is not the address of this sign-in. Copy the whole address of the "
                         "page that you ended at, and paste it here."));
}

static gboolean
terminal_line_cb (int          fd,
                  GIOCondition condition,
                  gpointer     user_data)
{
  Follow *follow = user_data;
  char line[8192];
  ssize_t n = read (fd, line, sizeof line - 1);
  g_autoptr(LkSecret) address = NULL;

  if (n <= 0)
    return G_SOURCE_REMOVE;

  line[n] = '\0';
  g_strstrip (line);
  if (line[0] != '\0')
    {
      address = lk_secret_new (line);
      paste_line (follow, address);
    }
  lk_wipe (line, sizeof line);
  return G_SOURCE_CONTINUE;
}

static void
announce_to_person (Follow *follow)
{
  const char *uri = get_fact (follow, "AuthorizeUri");
  gboolean listening = FALSE;
  gboolean opened = FALSE;

  g_variant_lookup (follow->facts, "Listening", "b", &listening);
  if (follow->options->browser)
    opened = g_app_info_launch_default_for_uri (uri, NULL, NULL);

  lk_ctl_note (opened ? _("Sign in with the browser that has opened. If it has not, go to:")
                      : _("Sign in with a browser at this address:"));
  lk_ctl_note ("\n  %s\n", uri);
  if (listening && !opened)
    lk_ctl_note ("%s", isatty (STDIN_FILENO)
                         ? _("With a browser on another computer, the last page cannot be shown. "
                             "That is fine: copy its whole address, and paste it here.")
                         : _("With a browser on another computer, the last page cannot be shown. "
                             "That is fine: give its whole address to “latchkeyctl connect --paste "
                             "-” here."));
  else if (!listening)
    lk_ctl_note ("%s", isatty (STDIN_FILENO)
                         ? _("Then copy the whole address of the page that you end at, and paste "
                             "it here.")
                         : _("Then give the address of the page that you end at to “latchkeyctl "
                             "connect --paste -”."));
  lk_ctl_note ("%s", _("Waiting. Ctrl+C cancels."));
}

static void
announce (Follow *follow)
{
  g_autoptr(JsonBuilder) builder = NULL;
  gboolean listening = FALSE;
  gint64 expires = 0;

  if (follow->announced || !follow->options->owned)
    return;

  follow->announced = TRUE;
  if (!follow->ctl->json)
    {
      announce_to_person (follow);
      return;
    }

  g_variant_lookup (follow->facts, "Listening", "b", &listening);
  g_variant_lookup (follow->facts, "Expires", "x", &expires);
  builder = begin_event ("authorize");
  lk_ctl_json_string (builder, "url", get_fact (follow, "AuthorizeUri"));
  lk_ctl_json_string (builder, "redirect", get_fact (follow, "RedirectUri"));
  lk_ctl_json_flag (builder, "listening", listening);
  lk_ctl_json_time (builder, "expires", expires);
  json_builder_end_object (builder);
  print_event (builder);
  if (follow->options->browser)
    g_app_info_launch_default_for_uri (get_fact (follow, "AuthorizeUri"), NULL, NULL);
}

static gboolean
ask_person (const char *name)
{
  g_autofree char *question
    = g_strdup_printf (_("This is another login than before: “%s”. Go on with it?"), name);

  return lk_ctl_ask (question);
}

static void
answer_question (Follow *follow)
{
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  const char *name = get_fact (follow, "IdentityName");
  gboolean accept = follow->options->accept_identity;

  if (follow->answered || !follow->options->owned)
    return;

  follow->answered = TRUE;
  if (!accept && !follow->ctl->json)
    accept = ask_person (name[0] != '\0' ? name : get_fact (follow, "Identity"));

  reply = lk_ctl_call (follow->ctl, follow->path, LK_SIGN_IN_INTERFACE, "AcceptIdentity",
                       g_variant_new ("(b)", accept), NULL, &error);
  if (reply == NULL)
    end (follow, lk_ctl_fail (follow->ctl, error));
}

/* A sign-in that brought less than was asked for is worth a word. */
static LkFinding *
explain_missing (Follow          *follow,
                 LkCtlConnection *connection)
{
  g_auto(GStrv) missing = lk_ctl_connection_dup_strv (connection, "ScopesMissing");
  g_autoptr(LkFault) fault = NULL;

  if (missing == NULL || missing[0] == NULL)
    return NULL;

  fault = lk_fault_new_local (LK_CLASS_SCOPE, "scopes-missing", NULL);
  return lk_diagnosis_explain (lk_ctl_get_diagnosis (follow->ctl), fault);
}

static void
tell_done (Follow *follow)
{
  g_autoptr(LkCtlConnection) connection = NULL;
  g_autoptr(LkFinding) finding = explain (follow);
  g_autoptr(JsonBuilder) builder = NULL;
  const char *id = get_fact (follow, "Connection");
  const char *name = id;

  connection = lk_ctl_find_connection (follow->ctl, id, NULL);
  if (connection != NULL)
    name = lk_ctl_connection_get (connection, "Name");
  if (connection != NULL && finding == NULL)
    finding = explain_missing (follow, connection);

  if (!follow->ctl->json)
    {
      lk_ctl_note ("%s", _("Signed in."));
      lk_ctl_print ("%s  %s", id, name);
      if (finding != NULL)
        lk_ctl_finding_note (finding);
    }
  else
    {
      builder = begin_event ("connected");
      lk_ctl_json_string (builder, "connection", id);
      lk_ctl_json_string (builder, "name", name);
      lk_ctl_json_string (builder, "identity", get_fact (follow, "Identity"));
      lk_ctl_json_string (builder, "identity_name", get_fact (follow, "IdentityName"));
      lk_ctl_json_finding (builder, "finding", finding);
      json_builder_end_object (builder);
      print_event (builder);
    }
  end (follow, LK_CTL_EXIT_DONE);
}

static void
tell_failed (Follow *follow)
{
  g_autoptr(LkFinding) finding = explain (follow);
  g_autoptr(JsonBuilder) builder = NULL;

  if (follow->ctl->json)
    {
      builder = begin_event ("failed");
      lk_ctl_json_finding (builder, "finding", finding);
      json_builder_end_object (builder);
      print_event (builder);
    }
  else
    {
      lk_ctl_note ("%s", _("latchkeyctl: The sign-in failed."));
      if (finding != NULL)
        lk_ctl_finding_note (finding);
    }
  end (follow, finding != NULL ? (int) lk_ctl_exit_for_fault (finding->fault)
                               : LK_CTL_EXIT_FAILED);
}

static void
tell_cancelled (Follow *follow)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (follow->ctl->json)
    {
      builder = begin_event ("cancelled");
      json_builder_end_object (builder);
      print_event (builder);
    }
  else
    {
      lk_ctl_note ("%s", _("The sign-in was cancelled."));
    }
  end (follow, LK_CTL_EXIT_FAILED);
}

static void
follow_state (Follow *follow)
{
  const char *state = get_fact (follow, "State");

  if (g_str_equal (state, "waiting"))
    announce (follow);
  else if (g_str_equal (state, "question"))
    answer_question (follow);
  else if (g_str_equal (state, "done"))
    tell_done (follow);
  else if (g_str_equal (state, "failed"))
    tell_failed (follow);
  else if (g_str_equal (state, "cancelled"))
    tell_cancelled (follow);
}

static void
refresh (Follow *follow)
{
  g_autoptr(GError) error = NULL;

  if (!g_main_loop_is_running (follow->loop) && follow->facts != NULL)
    return;

  g_clear_pointer (&follow->facts, g_variant_unref);
  follow->facts = lk_ctl_get_properties (follow->ctl, follow->path, LK_SIGN_IN_INTERFACE, &error);
  if (follow->facts == NULL)
    end (follow, lk_ctl_fail (follow->ctl, error));
  else
    follow_state (follow);
}

static void
properties_changed_cb (GDBusConnection *bus,
                       const char      *sender,
                       const char      *path,
                       const char      *interface,
                       const char      *signal,
                       GVariant        *parameters,
                       gpointer         user_data)
{
  refresh (user_data);
}

static void
agent_vanished_cb (GDBusConnection *bus,
                   const char      *name,
                   gpointer         user_data)
{
  Follow *follow = user_data;
  g_autoptr(GError) error = NULL;

  error = g_error_new_literal (LK_CTL_ERROR, LK_CTL_EXIT_FAILED,
                               _("Latchkey’s background service stopped during the sign-in. Start "
                                 "the sign-in again."));
  end (follow, lk_ctl_fail (follow->ctl, error));
}

static void
cancel (Follow *follow)
{
  g_autoptr(GVariant) reply = NULL;

  if (follow->options->owned)
    reply = lk_ctl_call (follow->ctl, follow->path, LK_SIGN_IN_INTERFACE, "Cancel", NULL, NULL,
                         NULL);
}

static gboolean
interrupted_cb (gpointer user_data)
{
  Follow *follow = user_data;

  cancel (follow);
  tell_cancelled (follow);
  return G_SOURCE_CONTINUE;
}

static gboolean
deadline_passed_cb (gpointer user_data)
{
  Follow *follow = user_data;
  g_autoptr(GError) error = NULL;

  error = g_error_new_literal (LK_CTL_ERROR, LK_CTL_EXIT_TIMED_OUT,
                               _("Nobody signed in in time, see --timeout. If the page showed "
                                 "an error, “latchkeyctl diagnose” explains its words."));
  cancel (follow);
  end (follow, lk_ctl_fail (follow->ctl, error));
  return G_SOURCE_CONTINUE;
}

static void
run_until_end (Follow *follow)
{
  g_autoptr(GArray) sources = g_array_new (FALSE, FALSE, sizeof (guint));
  guint source = 0;
  guint watch = 0;

  /* A second is kept for telling the agent. */
  source = g_timeout_add ((guint) MAX (lk_ctl_get_remaining (follow->ctl) - 1000, 1),
                          deadline_passed_cb, follow);
  g_array_append_val (sources, source);
  source = g_unix_signal_add (SIGINT, interrupted_cb, follow);
  g_array_append_val (sources, source);
  source = g_unix_signal_add (SIGTERM, interrupted_cb, follow);
  g_array_append_val (sources, source);
  if (follow->options->owned && !follow->ctl->json && isatty (STDIN_FILENO))
    {
      source = g_unix_fd_add (STDIN_FILENO, G_IO_IN, terminal_line_cb, follow);
      g_array_append_val (sources, source);
    }
  watch = g_bus_watch_name_on_connection (follow->ctl->bus, LK_AGENT_NAME,
                                          G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, agent_vanished_cb,
                                          follow, NULL);

  /* Only now, because whoever reads of the address may interrupt at once. */
  refresh (follow);
  if (follow->status < 0)
    g_main_loop_run (follow->loop);

  g_bus_unwatch_name (watch);
  for (guint i = 0; i < sources->len; i++)
    {
      GSource *left = g_main_context_find_source_by_id (NULL, g_array_index (sources, guint, i));

      if (left != NULL)
        g_source_destroy (left);
    }
}

int
lk_ctl_follow_sign_in (LkCtl                    *self,
                       const char               *path,
                       const LkCtlSignInOptions *options)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Follow follow = { .ctl = self, .path = path, .options = options, .loop = loop, .status = -1 };
  guint subscription = 0;

  subscription = g_dbus_connection_signal_subscribe (
    self->bus, LK_AGENT_NAME, "org.freedesktop.DBus.Properties", "PropertiesChanged", path,
    LK_SIGN_IN_INTERFACE, G_DBUS_SIGNAL_FLAGS_NONE, properties_changed_cb, &follow, NULL);

  run_until_end (&follow);

  g_dbus_connection_signal_unsubscribe (self->bus, subscription);
  g_clear_pointer (&follow.facts, g_variant_unref);
  return follow.status;
}

int
lk_ctl_sign_in (LkCtl                    *self,
                const char               *client,
                const char               *reconnect,
                const char               *name,
                const char * const       *scopes,
                const LkCtlSignInOptions *options)
{
  const char * const none[] = { NULL };
  g_autoptr(GVariantBuilder) extra = g_variant_builder_new (G_VARIANT_TYPE_VARDICT);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  const char *path = NULL;
  guint32 lifetime = (guint32) MAX (lk_ctl_get_remaining (self) / 1000, 1);

  g_variant_builder_add (extra, "{sv}", "lifetime", g_variant_new_uint32 (lifetime));
  if (reconnect != NULL)
    g_variant_builder_add (extra, "{sv}", "reconnect", g_variant_new_string (reconnect));
  if (name != NULL)
    g_variant_builder_add (extra, "{sv}", "name", g_variant_new_string (name));

  reply = lk_ctl_call_agent (self, "Connect",
                             g_variant_new ("(s^asa{sv})", client,
                                            scopes != NULL ? scopes : none, extra),
                             "(o)", &error);
  if (reply == NULL)
    return reconnect != NULL ? lk_ctl_fail (self, error)
                             : lk_ctl_fail_client (self, client, error);

  g_variant_get (reply, "(&o)", &path);
  return lk_ctl_follow_sign_in (self, path, options);
}
