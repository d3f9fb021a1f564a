/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-program-question.h"

#include <glib/gi18n.h>

/* The question stays, for the preferences, the notification and the command line. */
#define LATER "later"

/* One question at a time; the next comes when it is answered, here or elsewhere. */
typedef struct
{
  LkWindow     *window;  /* (unowned): this goes with it */
  LkAppContext *context; /* (owned) */
  LkDBusAgent1 *watched; /* (owned) (nullable) */
  GtkWindow    *dialog;  /* (nullable): weak */
  guint32       id;      /* of what the dialog asks, or asked last */
} Asker;

static void asker_look (Asker *self);

static void
asker_free (Asker *self)
{
  if (self->watched != NULL)
    g_signal_handlers_disconnect_by_data (self->watched, self);
  g_signal_handlers_disconnect_by_data (lk_app_context_get_client (self->context), self);
  g_clear_object (&self->watched);
  g_object_unref (self->context);
  if (self->dialog != NULL)
    g_signal_handlers_disconnect_by_data (self->dialog, self);
  g_clear_weak_pointer (&self->dialog);
  g_free (self);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) window = user_data;
  g_autoptr(GError) error = NULL;

  /* One that was answered elsewhere meanwhile is no failure. */
  if (!lk_dbus_agent1_call_answer_program_finish (LK_DBUS_AGENT1 (source), result, &error)
      && !g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND))
    lk_window_toast_error (window, error);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Asker *self = user_data;
  gboolean allow = g_str_equal (response, "once") || g_str_equal (response, "always");
  gboolean remember = g_str_equal (response, "always") || g_str_equal (response, "deny");

  g_clear_weak_pointer (&self->dialog);
  if (self->watched != NULL && !g_str_equal (response, LATER))
    lk_dbus_agent1_call_answer_program (self->watched, self->id, allow, remember, NULL,
                                        answered_cb, g_object_ref (self->window));
  asker_look (self);
}

static const char *
get_text (GVariant *question, const char *key)
{
  const char *text = "";

  g_variant_lookup (question, key, "&s", &text);
  return text;
}

static char *
dup_body (GVariant *question)
{
  const char *program = get_text (question, "program");
  const char *claimed = get_text (question, "claimed");
  const char *shown = get_text (question, "shown");
  g_autoptr(GString) body = g_string_new (NULL);

  if (g_path_is_absolute (program))
    g_string_append_printf (body, "%s\n\n", program);
  if (*claimed != '\0' && !g_str_equal (claimed, "latchkeyctl") && !g_path_is_absolute (claimed)
      && !g_str_equal (claimed, shown))
    /* Translators: %s is a name that a program gave itself. */
    g_string_append_printf (body, _("It calls itself “%s”.\n\n"), claimed);
  g_string_append (body, _("With a token it can do what this connection is allowed to. You can "
                           "change your answer in Preferences."));
  return g_string_free (g_steal_pointer (&body), FALSE);
}

static GtkWidget *
dialog_new (LkWindow *window, GVariant *question)
{
  GtkWidget *dialog;
  g_autofree char *heading
    /* Translators: the name of a program, then of a connection. */
    = g_strdup_printf (_("“%s” wants a token of “%s”"), get_text (question, "shown"),
                       get_text (question, "connection-name"));
  g_autofree char *body = dup_body (question);

  dialog = adw_message_dialog_new (GTK_WINDOW (window), heading, body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "deny", _("_Don’t Allow"),
                                    "once", _("Allow _Once"), "always", _("_Always Allow"), NULL);
  /* Nothing is said by Escape, nor for ever; and none is the default, as the question may come up
   * while somebody types. */
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), LATER);
  return dialog;
}

static void
asker_ask (Asker *self, GVariant *question, guint32 id)
{
  GtkWidget *dialog = dialog_new (self->window, question);

  self->id = id;
  g_set_weak_pointer (&self->dialog, GTK_WINDOW (dialog));
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* The question that the dialog asks, else the next after the last one. */
static GVariant *
asker_dup_question (Asker *self, guint32 *id)
{
  GVariant *asking = self->watched != NULL ? lk_dbus_agent1_get_asking (self->watched) : NULL;

  for (gsize i = 0; asking != NULL && i < g_variant_n_children (asking); i++)
    {
      g_autoptr(GVariant) question = g_variant_get_child_value (asking, i);

      if (g_variant_lookup (question, "id", "u", id)
          && (*id > self->id || (*id == self->id && self->dialog != NULL)))
        return g_steal_pointer (&question);
    }
  return NULL;
}

/* Closes what was answered elsewhere and asks what is open. */
static void
asker_look (Asker *self)
{
  guint32 id = 0;
  g_autoptr(GVariant) first = asker_dup_question (self, &id);
  GtkWindow *dialog = self->dialog;

  if (dialog != NULL && first != NULL && self->id == id)
    return;
  if (dialog != NULL)
    {
      g_signal_handlers_disconnect_by_data (dialog, self);
      g_clear_weak_pointer (&self->dialog);
      gtk_window_destroy (dialog);
    }
  if (first != NULL)
    asker_ask (self, first, id);
}

static void
agent_state_cb (Asker *self)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);

  if (self->watched != NULL && self->watched != agent)
    g_signal_handlers_disconnect_by_data (self->watched, self);
  if (g_set_object (&self->watched, agent) && agent != NULL)
    {
      /* Another agent counts anew. */
      self->id = 0;
      g_signal_connect_swapped (agent, "notify::asking", G_CALLBACK (asker_look), self);
    }
  asker_look (self);
}

void
lk_program_question_watch (LkWindow *window, LkAppContext *context)
{
  Asker *self = g_new0 (Asker, 1);

  self->window = window;
  self->context = g_object_ref (context);
  g_signal_connect_swapped (window, "destroy", G_CALLBACK (asker_free), self);
  g_signal_connect_swapped (lk_app_context_get_client (context), "notify::state",
                            G_CALLBACK (agent_state_cb), self);
  agent_state_cb (self);
}
