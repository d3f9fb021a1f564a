/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-notice.h"

#include <glib/gi18n.h>

struct _LkNotice
{
  GtkWidget      parent_instance;

  LkAppContext  *context; /* (owned) */
  LkDBusAgent1  *watched; /* (owned) (nullable) */

  GtkInfoBar    *bar;
  GtkLabel      *label;
  GtkButton     *button;
};

G_DEFINE_FINAL_TYPE (LkNotice, lk_notice, GTK_TYPE_WIDGET)

static void
lk_notice_show (LkNotice *self, GtkMessageType type, const char *text, const char *action,
                const char *action_label)
{
  gtk_info_bar_set_message_type (self->bar, type);
  gtk_label_set_label (self->label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->button), action != NULL);
  if (action != NULL)
    {
      gtk_button_set_label (self->button, action_label);
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self->button), action);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

/* Stopped work that only a person can start again is an error; the rest is told calmly. */
static gboolean
lk_notice_show_ledger (LkNotice *self, LkDBusAgent1 *agent)
{
  static const struct { const char *state, *text; } sentences[] = {
    { "newer", N_("The file %s was written by a newer Latchkey. Install that version; nothing was "
                  "changed.") },
    { "damaged", N_("The file %s is damaged. It was left as it is; put a backup in its place.") },
    { "read-only", N_("The file %s can’t be written. Make it and its folder writable.") },
    { "full", N_("The disk that holds %s is full. Free some space; tokens are not renewed until "
                 "then.") },
    { "failed", N_("The file %s can’t be opened. Check its folder.") },
    { "in-use", N_("Latchkey runs in another session of yours and looks after the connections "
                   "there. It goes on here when that session ends.") },
  };
  const char *state = lk_dbus_agent1_get_ledger_state (agent);

  for (size_t i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_strcmp0 (state, sentences[i].state) == 0)
      {
        const char *path = lk_dbus_agent1_get_ledger_path (agent);
        g_auto(GStrv) parts = g_strsplit (_(sentences[i].text), "%s", 2);
        g_autofree char *text = g_strjoinv (path != NULL ? path : "", parts);

        lk_notice_show (self, GTK_MESSAGE_ERROR, text, "win.restart-agent", _("_Try Again"));
        return TRUE;
      }
  return FALSE;
}

static gboolean
lk_notice_show_vault (LkNotice *self, LkDBusAgent1 *agent)
{
  const char *state = lk_dbus_agent1_get_vault_state (agent);

  if (g_strcmp0 (state, "locked") == 0)
    lk_notice_show (self, GTK_MESSAGE_WARNING,
                    _("The keyring is locked. Tokens are safe in it, but can’t be used or "
                      "renewed."), "win.unlock-keyring", _("_Unlock"));
  else if (g_strcmp0 (state, "absent") == 0)
    lk_notice_show (self, GTK_MESSAGE_WARNING,
                    _("No keyring is running, so there is no safe place for tokens. Start or "
                      "install one, such as GNOME Keyring."), "win.unlock-keyring",
                    _("_Try Again"));
  else if (g_strcmp0 (state, "broken") == 0)
    lk_notice_show (self, GTK_MESSAGE_WARNING,
                    _("The keyring does not answer as it should. Nothing was deleted. Restart it "
                      "or log out and in."), "win.unlock-keyring", _("_Try Again"));
  else
    return FALSE;
  return TRUE;
}

static gboolean
lk_notice_show_profiles (LkNotice *self, LkDBusAgent1 *agent)
{
  GVariant *problems = lk_dbus_agent1_get_profile_problems (agent);
  gulong n = problems != NULL ? g_variant_n_children (problems) : 0;
  const char *file, *message;
  gboolean refused;
  g_autofree char *text = NULL;

  if (n == 0)
    return FALSE;
  g_variant_get_child (problems, 0, "(&sb&s)", &file, &refused, &message);
  if (n > 1)
    text = g_strdup_printf (ngettext ("%lu of your own provider files has a problem. %s",
                                      "%lu of your own provider files have a problem. The "
                                      "first: %s", n), n, message);
  else if (refused)
    text = g_strdup_printf (_("A provider file of your own can’t be used. %s"), message);
  else
    text = g_strdup_printf (_("A provider file of your own has a problem. %s"), message);
  lk_notice_show (self, GTK_MESSAGE_INFO, text, "win.reload-profiles", _("_Read Again"));
  return TRUE;
}

static void
lk_notice_refresh (LkNotice *self)
{
  LkAgentClientState state
    = lk_agent_client_get_state (lk_app_context_get_client (self->context));
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);

  if (state == LK_AGENT_CLIENT_LOST)
    lk_notice_show (self, GTK_MESSAGE_WARNING,
                    _("Latchkey’s agent stopped. It is being started again."), NULL, NULL);
  else if (agent == NULL)
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  else if (!lk_notice_show_ledger (self, agent) && !lk_notice_show_vault (self, agent))
    {
      if (!lk_dbus_agent1_get_online (agent))
        lk_notice_show (self, GTK_MESSAGE_INFO,
                        _("You are offline. Renewals wait and go on by themselves when the "
                          "network is back."), NULL, NULL);
      else if (!lk_notice_show_profiles (self, agent))
        gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
    }
}

static void
agent_state_cb (LkNotice *self)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);

  if (self->watched != agent)
    {
      if (self->watched != NULL)
        g_signal_handlers_disconnect_by_func (self->watched, lk_notice_refresh, self);
      g_set_object (&self->watched, agent);
      if (agent != NULL)
        g_signal_connect_object (agent, "notify", G_CALLBACK (lk_notice_refresh), self,
                                 G_CONNECT_SWAPPED);
    }
  lk_notice_refresh (self);
}

static void
lk_notice_dispose (GObject *object)
{
  LkNotice *self = LK_NOTICE (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->watched);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_notice_parent_class)->dispose (object);
}

static void
lk_notice_class_init (LkNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_notice_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-notice.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkNotice, bar);
  gtk_widget_class_bind_template_child (widget_class, LkNotice, label);
  gtk_widget_class_bind_template_child (widget_class, LkNotice, button);
}

static void
lk_notice_init (LkNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lk_notice_set_context (LkNotice *self, LkAppContext *context)
{
  self->context = g_object_ref (context);
  g_signal_connect_object (lk_app_context_get_client (context), "notify::state",
                           G_CALLBACK (agent_state_cb), self, G_CONNECT_SWAPPED);
  agent_state_cb (self);
}
