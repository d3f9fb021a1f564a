/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-app"

#include "config.h"

#include "lk-application.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>

#include "lk-app-context.h"
#include "lk-cut-texts.h"
#include "lk-help-window.h"
#include "lk-preferences.h"
#include "lk-window.h"

struct _LkApplication
{
  AdwApplication  parent_instance;

  LkAppContext   *context; /* (owned) (nullable): made at startup */
};

G_DEFINE_FINAL_TYPE (LkApplication, lk_application, ADW_TYPE_APPLICATION)

/* The one that was used last; not the help, which may outlive the others. */
static GtkWindow *
lk_application_get_window (GtkApplication *self)
{
  for (GList *l = gtk_application_get_windows (self); l != NULL; l = l->next)
    if (!LK_IS_HELP_WINDOW (l->data))
      return l->data;
  return NULL;
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkApplication *application = user_data;
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (application));

  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_destroy (l->data);
  g_application_quit (G_APPLICATION (application));
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *parent = lk_application_get_window (user_data);

  adw_show_about_window (parent,
                         "application-name", "Latchkey",
                         "application-icon", LK_APP_ID,
                         "version", LK_VERSION,
                         "developer-name", _("The Latchkey developers"),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "comments", _("Keeps access to TikTok’s APIs alive, and tells in plain "
                                       "words why a call was refused."),
                         /* Translators: your names, one a line. */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

/* What a notification or a launcher asks for: it may be the first thing that the window hears. */
typedef struct
{
  LkApplication *application; /* (owned) */
  const char    *action;      /* of the window */
  char          *connection;  /* (owned) (nullable): id */
  gulong         state_id;    /* while the agent is not there yet */
} Wish;

static void
wish_free (Wish *wish)
{
  LkAgentClient *client = lk_app_context_get_client (wish->application->context);

  g_clear_signal_handler (&wish->state_id, client);
  g_object_unref (wish->application);
  g_free (wish->connection);
  g_free (wish);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wish, wish_free)

static void
wish_activate (Wish *wish)
{
  GtkWindow *window = lk_application_get_window (GTK_APPLICATION (wish->application));

  if (window != NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), wish->action,
                                wish->connection != NULL ? "s" : NULL, wish->connection);
}

static void
wished_for_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Wish) wish = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkDBusConnection1) connection
    = lk_agent_client_get_connection_finish (LK_AGENT_CLIENT (source), result, &error);

  if (connection == NULL)
    g_info ("what a notification was about is gone: %s", error->message);
  else
    wish_activate (wish);
}

static void
agent_state_cb (LkAgentClient *client, GParamSpec *pspec, Wish *wish)
{
  if (lk_agent_client_get_state (client) == LK_AGENT_CLIENT_FAILED)
    wish_free (wish);
  else if (lk_agent_client_get_state (client) == LK_AGENT_CLIENT_READY)
    {
      g_clear_signal_handler (&wish->state_id, client);
      if (wish->connection != NULL)
        {
          lk_agent_client_get_connection_async (client, wish->connection, NULL, wished_for_cb,
                                                wish);
          return;
        }
      wish_activate (wish);
      wish_free (wish);
    }
}

static void
lk_application_wish (LkApplication *self, const char *action, GVariant *connection)
{
  LkAgentClient *client = lk_app_context_get_client (self->context);
  Wish *wish = g_new0 (Wish, 1);

  g_application_activate (G_APPLICATION (self));
  wish->application = g_object_ref (self);
  wish->action = action;
  wish->connection = connection != NULL ? g_variant_dup_string (connection, NULL) : NULL;
  wish->state_id = g_signal_connect (client, "notify::state", G_CALLBACK (agent_state_cb), wish);
  agent_state_cb (client, NULL, wish);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LkApplication *self = LK_APPLICATION (user_data);
  GtkWindow *parent;

  for (GList *l = gtk_application_get_windows (user_data); l != NULL; l = l->next)
    if (LK_IS_PREFERENCES (l->data))
      {
        gtk_window_present (l->data);
        return;
      }
  /* From the panel there may be no window yet. */
  g_application_activate (G_APPLICATION (self));
  parent = lk_application_get_window (user_data);
  gtk_window_present (lk_preferences_new (parent, self->context));
}

/* Raises the window and shows a connection; notifications open it with the id. */
static void
show_connection_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_application_wish (user_data, "win.open", parameter);
}

/* The same, straight at the sign-in. */
static void
reconnect_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_application_wish (user_data, "win.reconnect", parameter);
}

/* From the desktop's menu of the application. */
static void
connect_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  lk_application_wish (user_data, "win.connect", NULL);
}

static void
diagnose_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  /* Needs no agent. */
  g_application_activate (user_data);
  gtk_widget_activate_action (GTK_WIDGET (lk_application_get_window (user_data)),
                              "win.diagnose", NULL);
}

static int
lk_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  static const char * const actions[] = { "connect", "diagnose", "preferences" };
  g_autoptr(GError) error = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      puts ("latchkey " LK_VERSION);
      return EXIT_SUCCESS;
    }
  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (!g_variant_dict_contains (options, actions[i]))
        continue;
      if (!g_application_register (application, NULL, &error))
        {
          g_printerr ("latchkey: %s\n", error->message);
          return EXIT_FAILURE;
        }
      g_action_group_activate_action (G_ACTION_GROUP (application), actions[i], NULL);
      return g_application_get_is_remote (application) ? EXIT_SUCCESS : -1;
    }
  return -1;
}

static void
lk_application_startup (GApplication *application)
{
  LkApplication *self = LK_APPLICATION (application);
  g_autoptr(LkAgentClient) client = lk_agent_client_new ();
  g_autoptr(LkClock) clock = lk_system_clock_new ();
  g_autofree char *user_dir = lk_profile_set_dup_user_dir ();
  g_autoptr(LkProfileSet) profiles = lk_profile_set_new (user_dir);

  G_APPLICATION_CLASS (lk_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name (LK_APP_ID);
  self->context = lk_app_context_new (client, profiles, clock);
  lk_app_context_start (self->context);
}

static void
lk_application_activate (GApplication *application)
{
  LkApplication *self = LK_APPLICATION (application);
  GtkWindow *window = lk_application_get_window (GTK_APPLICATION (application));

  if (window == NULL)
    window = GTK_WINDOW (lk_window_new (GTK_APPLICATION (application), self->context));
  gtk_window_present (window);
}

static void
lk_application_shutdown (GApplication *application)
{
  LkApplication *self = LK_APPLICATION (application);

  G_APPLICATION_CLASS (lk_application_parent_class)->shutdown (application);
  g_clear_object (&self->context);
}

static void
lk_application_class_init (LkApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->handle_local_options = lk_application_handle_local_options;
  application_class->startup = lk_application_startup;
  application_class->activate = lk_application_activate;
  application_class->shutdown = lk_application_shutdown;
}

static void
lk_application_init (LkApplication *self)
{
  static const GActionEntry actions[] = {
    { "quit", quit_action, NULL, NULL, NULL, { 0 } },
    { "about", about_action, NULL, NULL, NULL, { 0 } },
    { "preferences", preferences_action, NULL, NULL, NULL, { 0 } },
    { "connect", connect_action, NULL, NULL, NULL, { 0 } },
    { "diagnose", diagnose_action, NULL, NULL, NULL, { 0 } },
    { "show-connection", show_connection_action, "s", NULL, NULL, { 0 } },
    { "reconnect", reconnect_action, "s", NULL, NULL, { 0 } },
  };
  static const GOptionEntry options[] = {
    { "connect", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Connect an account"), NULL },
    { "diagnose", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Explain an error"), NULL },
    { "preferences", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Open the preferences"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version"), NULL },
    G_OPTION_ENTRY_NULL
  };
  static const struct { const char *action, *accels[3]; } accels[] = {
    { "app.quit", { "<Control>q", NULL } },
    { "app.preferences", { "<Control>comma", NULL } },
    { "window.close", { "<Control>w", NULL } },
    { "win.connect", { "<Control>n", NULL } },
    { "win.search", { "<Control>f", NULL } },
    { "win.diagnose", { "<Control>d", NULL } },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (size_t i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action,
                                           (const char **) accels[i].accels);
#ifdef LK_TEST_HOOKS
  lk_cut_texts_add_action (GTK_APPLICATION (self));
#endif
}

LkApplication *
lk_application_new (void)
{
  return g_object_new (LK_TYPE_APPLICATION,
                       "application-id", LK_APP_ID,
                       "resource-base-path", "/io/github/latchkey_app/Latchkey",
                       NULL);
}
