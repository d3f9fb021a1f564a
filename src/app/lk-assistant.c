/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-assistant.h"

#include <glib/gi18n.h>

#include "lk-accessible-pages.h"
#include "lk-app-step.h"
#include "lk-connection-words.h"
#include "lk-help-window.h"
#include "lk-pick-step.h"
#include "lk-result-step.h"
#include "lk-wait-step.h"

struct _LkAssistant
{
  AdwWindow      parent_instance;

  LkAppContext  *context;     /* (owned) */
  GCancellable  *cancellable; /* (owned): of every call, ends with the window */
  gboolean       trial;
  char         **trial_apps;  /* (owned) (nullable): names of the simulator's apps */
  GVariant      *clients;     /* (owned) (nullable): reply of ListClients */
  char          *app_name;    /* (owned) (nullable): to sign in with */
  char          *reconnect;   /* (owned) (nullable): id of the connection to sign in again */
  char         **scopes;      /* (owned) (nullable): to ask for */
  LkDBusSignIn1 *sign_in;     /* (owned) (nullable) */

  GtkButton     *back;
  GtkStack      *steps;
  GtkSpinner    *spinner;
  GtkLabel      *loading;
  LkPickStep    *pick;
  LkAppStep     *app;
  LkWaitStep    *wait;
  AdwStatusPage *question;
  GtkButton     *refuse;
  GtkButton     *accept;
  LkResultStep  *result;
};

G_DEFINE_FINAL_TYPE (LkAssistant, lk_assistant, ADW_TYPE_WINDOW)

static void
lk_assistant_show (LkAssistant *self, const char *step)
{
  gtk_stack_set_visible_child_name (self->steps, step);
}

static gboolean
help_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  LkAssistant *self = LK_ASSISTANT (widget);
  const char *step = gtk_stack_get_visible_child_name (self->steps);

  if (g_strcmp0 (step, "app") == 0)
    lk_app_step_help (self->app);
  else
    lk_help_window_present (step);
  return TRUE;
}

static void
lk_assistant_show_loading (LkAssistant *self, const char *text)
{
  gtk_label_set_label (self->loading, text);
  lk_assistant_show (self, "loading");
}

static void
step_changed_cb (LkAssistant *self)
{
  const char *step = gtk_stack_get_visible_child_name (self->steps);

  gtk_widget_set_visible (GTK_WIDGET (self->back), g_strcmp0 (step, "app") == 0);
  gtk_spinner_set_spinning (self->spinner, g_strcmp0 (step, "loading") == 0);
}

/* Takes nothing; every failed call to the agent ends here. */
static void
lk_assistant_show_error (LkAssistant *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  sentence = lk_agent_error_to_sentence (error);
  lk_result_step_show_message (self->result, "dialog-warning-symbolic", _("That Did Not Work"),
                               sentence);
  lk_assistant_show (self, "result");
}

/* Borrowed; shows why not when the agent is away. */
static LkDBusAgent1 *
lk_assistant_get_agent (LkAssistant *self)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);

  if (agent == NULL)
    {
      lk_result_step_show_message (self->result, "dialog-warning-symbolic",
                                   _("Latchkey’s Agent Is Not Running"),
                                   _("It is being started. Try again in a moment."));
      lk_assistant_show (self, "result");
    }
  return agent;
}

static void
lk_assistant_show_done (LkAssistant *self)
{
  const char *id = lk_dbus_sign_in1_get_connection (self->sign_in);
  GVariant *dict = lk_dbus_sign_in1_get_fault (self->sign_in);
  g_autoptr(LkFault) fault
    = dict != NULL && g_variant_n_children (dict) > 0 ? lk_fault_from_variant (dict) : NULL;
  LkAgentClient *client = lk_app_context_get_client (self->context);

  lk_result_step_show_done (self->result, self->context,
                            id != NULL ? lk_agent_client_find_connection (client, id) : NULL,
                            self->reconnect != NULL, fault);
  lk_assistant_show (self, "result");
}

static void
registered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAssistant) self = user_data;
  g_autoptr(GVariant) clients = NULL;
  GVariantIter iter;
  GVariant *dict;

  if (!lk_dbus_agent1_call_list_clients_finish (LK_DBUS_AGENT1 (source), &clients, result, NULL)
      || self->app_name == NULL)
    return;
  g_variant_iter_init (&iter, clients);
  while (g_variant_iter_loop (&iter, "@a{sv}", &dict))
    {
      const char *name = NULL, *redirect = NULL;

      if (g_variant_lookup (dict, "name", "&s", &name) && g_strcmp0 (name, self->app_name) == 0
          && g_variant_lookup (dict, "redirect", "&s", &redirect))
        lk_result_step_set_redirect (self->result, redirect);
    }
}

static void
lk_assistant_show_failed (LkAssistant *self)
{
  GVariant *dict = lk_dbus_sign_in1_get_fault (self->sign_in);
  g_autoptr(LkFault) fault = dict != NULL ? lk_fault_from_variant (dict) : NULL;
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);

  if (fault != NULL && lk_fault_is_local (fault, "identity-changed"))
    lk_result_step_show_message (self->result, "avatar-default-symbolic",
                                 _("Nothing Has Changed"),
                                 _("The connection belongs to the same login as before. To sign "
                                   "in with that one, sign out in the browser first, or use a "
                                   "private window."));
  else
    lk_result_step_show_failed (self->result, self->context, fault);
  lk_assistant_show (self, "result");
  if (fault != NULL && fault->klass == LK_CLASS_REDIRECT_MISMATCH && agent != NULL)
    lk_dbus_agent1_call_list_clients (agent, self->cancellable, registered_cb,
                                      g_object_ref (self));
}

static void
lk_assistant_show_question (LkAssistant *self)
{
  LkAgentClient *client = lk_app_context_get_client (self->context);
  LkDBusConnection1 *connection
    = self->reconnect != NULL ? lk_agent_client_find_connection (client, self->reconnect) : NULL;
  const char *old = connection != NULL ? lk_dbus_connection1_get_identity_name (connection) : NULL;
  const char *new = lk_dbus_sign_in1_get_identity_name (self->sign_in);
  g_autofree char *text = NULL, *escaped = NULL;

  if (new == NULL || *new == '\0')
    new = lk_dbus_sign_in1_get_identity (self->sign_in);
  if (connection != NULL && (old == NULL || *old == '\0'))
    old = lk_dbus_connection1_get_identity (connection);
  /* Translators: the new login, the old login. */
  text = g_strdup_printf (_("%s signed in, but this connection belongs to %s. If you use the new "
                            "sign-in, programs that use this connection act as the new one."),
                          new != NULL ? new : "", old != NULL ? old : "");
  escaped = g_markup_escape_text (text, -1);
  adw_status_page_set_description (self->question, escaped);
  lk_assistant_show (self, "question");
  gtk_widget_grab_focus (GTK_WIDGET (self->refuse));
}

static void
sign_in_state_cb (LkAssistant *self)
{
  const char *state = lk_dbus_sign_in1_get_state (self->sign_in);

  if (g_strcmp0 (state, "done") == 0)
    lk_assistant_show_done (self);
  else if (g_strcmp0 (state, "failed") == 0)
    lk_assistant_show_failed (self);
  else if (g_strcmp0 (state, "question") == 0)
    lk_assistant_show_question (self);
  else if (g_strcmp0 (state, "cancelled") == 0)
    {
      lk_result_step_show_message (self->result, "latchkey-key-symbolic",
                                   _("The Sign-In Was Cancelled"), _("Nothing has changed."));
      lk_assistant_show (self, "result");
    }
  else
    lk_assistant_show (self, "wait");
}

/* The connection may reach us after the word that it is there. */
static void
connections_changed_cb (LkAssistant *self)
{
  if (self->sign_in != NULL && g_strcmp0 (lk_dbus_sign_in1_get_state (self->sign_in), "done") == 0)
    lk_assistant_show_done (self);
}

static gboolean
lk_assistant_is_under_way (LkAssistant *self)
{
  static const char * const states[] = { "waiting", "exchanging", "verifying", "question", NULL };
  const char *state = self->sign_in != NULL ? lk_dbus_sign_in1_get_state (self->sign_in) : NULL;

  return state != NULL && g_strv_contains (states, state);
}

static void
agent_state_cb (LkAssistant *self)
{
  LkAgentClientState state = lk_agent_client_get_state (lk_app_context_get_client (self->context));

  if (state != LK_AGENT_CLIENT_LOST || !lk_assistant_is_under_way (self))
    return;
  g_clear_object (&self->sign_in);
  lk_wait_step_set_sign_in (self->wait, NULL);
  lk_result_step_show_message (self->result, "dialog-warning-symbolic",
                               _("Latchkey’s Agent Stopped"),
                               _("The sign-in was cut off. The agent is being started again; "
                                 "then try again."));
  lk_assistant_show (self, "result");
}

static void
got_sign_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAssistant) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkDBusSignIn1) sign_in
    = lk_agent_client_get_sign_in_finish (LK_AGENT_CLIENT (source), result, &error);

  if (sign_in == NULL)
    {
      lk_assistant_show_error (self, error);
      return;
    }
  g_set_object (&self->sign_in, sign_in);
  g_signal_connect_object (sign_in, "notify::state", G_CALLBACK (sign_in_state_cb), self,
                           G_CONNECT_SWAPPED);
  lk_wait_step_set_sign_in (self->wait, sign_in);
  sign_in_state_cb (self);
}

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAssistant) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  if (!lk_dbus_agent1_call_connect_finish (LK_DBUS_AGENT1 (source), &path, result, &error))
    {
      lk_assistant_show_error (self, error);
      return;
    }
  lk_agent_client_get_sign_in_async (lk_app_context_get_client (self->context), path,
                                     self->cancellable, got_sign_in_cb, g_object_ref (self));
}

static void
lk_assistant_connect (LkAssistant *self)
{
  static const char * const none[] = { NULL };
  LkDBusAgent1 *agent = lk_assistant_get_agent (self);
  GVariantDict options;

  if (agent == NULL)
    return;
  g_variant_dict_init (&options, NULL);
  if (self->reconnect != NULL)
    g_variant_dict_insert (&options, "reconnect", "s", self->reconnect);
  lk_assistant_show_loading (self, _("Preparing the sign-in…"));
  lk_dbus_agent1_call_connect (agent, self->app_name,
                               self->scopes != NULL ? (const char * const *) self->scopes : none,
                               g_variant_dict_end (&options), self->cancellable, connect_cb,
                               g_object_ref (self));
}

static void
app_picked_cb (LkAssistant *self, const char *name)
{
  g_free (self->app_name);
  self->app_name = g_strdup (name);
  lk_assistant_connect (self);
}

static void
provider_picked_cb (LkAssistant *self, GVariant *provider)
{
  lk_app_step_set_provider (self->app, self->context, provider);
  lk_assistant_show (self, "app");
  lk_app_step_grab_first (self->app);
}

static void
providers_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAssistant) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) providers = NULL;

  if (!lk_dbus_agent1_call_list_providers_finish (LK_DBUS_AGENT1 (source), &providers, result,
                                                  &error))
    {
      lk_assistant_show_error (self, error);
      return;
    }
  lk_pick_step_fill (self->pick, self->clients, providers,
                     (const char * const *) self->trial_apps);
  lk_assistant_show (self, "pick");
  gtk_widget_child_focus (GTK_WIDGET (self->pick), GTK_DIR_TAB_FORWARD);
}

static void
clients_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAssistant) self = user_data;
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->clients, g_variant_unref);
  if (!lk_dbus_agent1_call_list_clients_finish (LK_DBUS_AGENT1 (source), &self->clients, result,
                                                &error))
    {
      lk_assistant_show_error (self, error);
      return;
    }
  lk_dbus_agent1_call_list_providers (LK_DBUS_AGENT1 (source), self->cancellable, providers_cb,
                                      g_object_ref (self));
}

static void
trial_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAssistant) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *address = NULL;

  g_clear_pointer (&self->trial_apps, g_strfreev);
  if (!lk_dbus_agent1_call_start_trial_finish (LK_DBUS_AGENT1 (source), &address,
                                               &self->trial_apps, result, &error))
    {
      lk_assistant_show_error (self, error);
      return;
    }
  /* It came with profiles of its own; a wizard's links are in them. */
  lk_app_context_reload_profiles (self->context);
  lk_dbus_agent1_call_list_clients (LK_DBUS_AGENT1 (source), self->cancellable, clients_cb,
                                    g_object_ref (self));
}

/* From where the person came; "Try Again" comes back to here. */
static void
lk_assistant_start (LkAssistant *self)
{
  LkDBusAgent1 *agent = lk_assistant_get_agent (self);

  if (agent == NULL)
    return;
  if (self->sign_in != NULL)
    g_signal_handlers_disconnect_by_func (self->sign_in, sign_in_state_cb, self);
  g_clear_object (&self->sign_in);
  lk_wait_step_set_sign_in (self->wait, NULL);
  if (self->app_name != NULL)
    lk_assistant_connect (self);
  else if (self->trial)
    {
      lk_assistant_show_loading (self, _("Starting the offline simulator…"));
      lk_dbus_agent1_call_start_trial (agent, self->cancellable, trial_cb, g_object_ref (self));
    }
  else
    {
      lk_assistant_show_loading (self, _("Looking at your developer apps…"));
      lk_dbus_agent1_call_list_clients (agent, self->cancellable, clients_cb,
                                        g_object_ref (self));
    }
}

static void
back_cb (LkAssistant *self)
{
  lk_assistant_show (self, "pick");
}

static void
refuse_cb (LkAssistant *self)
{
  lk_dbus_sign_in1_call_accept_identity (self->sign_in, FALSE, NULL, NULL, NULL);
}

static void
accept_cb (LkAssistant *self)
{
  lk_dbus_sign_in1_call_accept_identity (self->sign_in, TRUE, NULL, NULL, NULL);
}

static void
finish_cb (LkAssistant *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
again_cb (LkAssistant *self)
{
  lk_assistant_start (self);
}

/* Whoever closes the window does not want the sign-in; a listener must not stay behind. */
static gboolean
lk_assistant_close_request (GtkWindow *window)
{
  LkAssistant *self = LK_ASSISTANT (window);

  if (lk_assistant_is_under_way (self))
    lk_dbus_sign_in1_call_cancel (self->sign_in, NULL, NULL, NULL);
  g_cancellable_cancel (self->cancellable);
  return GTK_WINDOW_CLASS (lk_assistant_parent_class)->close_request (window);
}

static void
lk_assistant_dispose (GObject *object)
{
  LkAssistant *self = LK_ASSISTANT (object);

  g_cancellable_cancel (self->cancellable);
  if (self->sign_in != NULL)
    g_signal_handlers_disconnect_by_data (self->sign_in, self);
  g_clear_object (&self->sign_in);
  g_clear_pointer (&self->trial_apps, g_strfreev);
  g_clear_pointer (&self->clients, g_variant_unref);
  g_clear_pointer (&self->app_name, g_free);
  g_clear_pointer (&self->reconnect, g_free);
  g_clear_pointer (&self->scopes, g_strfreev);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_assistant_parent_class)->dispose (object);
}

static void
lk_assistant_finalize (GObject *object)
{
  g_clear_object (&LK_ASSISTANT (object)->cancellable);
  G_OBJECT_CLASS (lk_assistant_parent_class)->finalize (object);
}

static void
lk_assistant_class_init (LkAssistantClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_assistant_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_assistant_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = lk_assistant_close_request;
  g_type_ensure (LK_TYPE_PICK_STEP);
  g_type_ensure (LK_TYPE_APP_STEP);
  g_type_ensure (LK_TYPE_WAIT_STEP);
  g_type_ensure (LK_TYPE_RESULT_STEP);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F1, 0, help_cb, NULL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-assistant.ui");
  gtk_widget_class_bind_template_child (widget_class, LkAssistant, back);
  gtk_widget_class_bind_template_child (widget_class, LkAssistant, steps);
  gtk_widget_class_bind_template_child (widget_class, LkAssistant, spinner);
  gtk_widget_class_bind_template_child (widget_class, LkAssistant, loading);
  gtk_widget_class_bind_template_child (widget_class, LkAssistant, pick);
  gtk_widget_class_bind_template_child (widget_class, LkAssistant, app);
  gtk_widget_class_bind_template_child (widget_class, LkAssistant, wait);
  gtk_widget_class_bind_template_child (widget_class, LkAssistant, question);
  gtk_widget_class_bind_template_child (widget_class, LkAssistant, refuse);
  gtk_widget_class_bind_template_child (widget_class, LkAssistant, accept);
  gtk_widget_class_bind_template_child (widget_class, LkAssistant, result);
  gtk_widget_class_bind_template_callback (widget_class, step_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, app_picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, provider_picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, refuse_cb);
  gtk_widget_class_bind_template_callback (widget_class, accept_cb);
  gtk_widget_class_bind_template_callback (widget_class, finish_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lk_assistant_init (LkAssistant *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->steps, gtk_stack_get_pages (self->steps));
}

static LkAssistant *
lk_assistant_new (GtkWindow *parent, LkAppContext *context)
{
  LkAssistant *self = g_object_new (LK_TYPE_ASSISTANT, "transient-for", parent, NULL);
  LkAgentClient *client = lk_app_context_get_client (context);

  self->context = g_object_ref (context);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (agent_state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lk_agent_client_get_connections (client), "items-changed",
                           G_CALLBACK (connections_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

void
lk_assistant_present_new (GtkWindow *parent, LkAppContext *context)
{
  LkAssistant *self = lk_assistant_new (parent, context);

  lk_assistant_start (self);
  gtk_window_present (GTK_WINDOW (self));
}

void
lk_assistant_present_trial (GtkWindow *parent, LkAppContext *context)
{
  LkAssistant *self = lk_assistant_new (parent, context);

  self->trial = TRUE;
  gtk_window_set_title (GTK_WINDOW (self), _("Try It Without an Account"));
  lk_assistant_start (self);
  gtk_window_present (GTK_WINDOW (self));
}

static char **
dup_scopes_with (const char * const *scopes, const char *scope)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; scopes != NULL && scopes[i] != NULL; i++)
    g_strv_builder_add (builder, scopes[i]);
  if (scope != NULL && (scopes == NULL || !g_strv_contains (scopes, scope)))
    g_strv_builder_add (builder, scope);
  return g_strv_builder_end (builder);
}

void
lk_assistant_present_reconnect (GtkWindow *parent, LkAppContext *context,
                                LkDBusConnection1 *connection, const char *scope)
{
  LkAssistant *self = lk_assistant_new (parent, context);

  self->reconnect = g_strdup (lk_dbus_connection1_get_id (connection));
  self->app_name = g_strdup (lk_dbus_connection1_get_client (connection));
  self->scopes = dup_scopes_with (lk_dbus_connection1_get_scopes_asked (connection), scope);
  gtk_window_set_title (GTK_WINDOW (self), _("Sign In Again"));
  lk_assistant_start (self);
  gtk_window_present (GTK_WINDOW (self));
}
