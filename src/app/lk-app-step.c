/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-app-step.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>

#include "lk-copy-button.h"
#include "lk-help-window.h"
#include "lk-secret-text.h"

struct _LkAppStep
{
  GtkWidget            parent_instance;

  LkAppContext        *context;  /* (owned) (nullable) */
  char                *provider; /* (owned) (nullable): its id */
  char                *family;   /* (owned) (nullable) */
  char                *address;  /* (owned) (nullable): of the portal */
  gboolean             secret_required;
  gboolean             own_redirect;
  gboolean             adding;

  AdwEntryRow         *redirect;
  LkCopyButton        *copy_redirect;
  AdwActionRow        *fixed_redirect;
  LkCopyButton        *copy_fixed;
  GtkLabel            *fixed_note;
  AdwActionRow        *portal;
  GtkLabel            *paste_note;
  AdwEntryRow         *name;
  AdwEntryRow         *client_id;
  AdwPasswordEntryRow *secret;
  GtkLabel            *problem;
  GtkButton           *add;
};

static guint added_signal;

G_DEFINE_FINAL_TYPE (LkAppStep, lk_app_step, GTK_TYPE_WIDGET)

/* Copied ids come with spaces and line ends around them. */
static char *
dup_text (gpointer row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

static gboolean
lk_app_step_is_complete (LkAppStep *self)
{
  g_autofree char *name = dup_text (self->name);
  g_autofree char *client_id = dup_text (self->client_id);
  g_autofree char *redirect = dup_text (self->redirect);
  gboolean has_secret = *gtk_editable_get_text (GTK_EDITABLE (self->secret)) != '\0';

  return *name != '\0' && *client_id != '\0' && (has_secret || !self->secret_required)
         && (*redirect != '\0' || !self->own_redirect);
}

static void
changed_cb (LkAppStep *self)
{
  g_autofree char *redirect = dup_text (self->redirect);

  lk_copy_button_set_text (self->copy_redirect, redirect);
  gtk_widget_set_sensitive (GTK_WIDGET (self->add),
                            !self->adding && lk_app_step_is_complete (self));
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
}

static void
lk_app_step_show_problem (LkAppStep *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT))
    {
      sentence = g_strdup (self->own_redirect
                             ? _("The redirect address must begin with https://, or with "
                                 "http://127.0.0.1, a port and a path. Check it first, then the "
                                 "name and the id.")
                             : _("The name or the id is too long, or has characters that do not "
                                 "belong there. Check both."));
      if (self->own_redirect)
        gtk_widget_grab_focus (GTK_WIDGET (self->redirect));
    }
  else
    sentence = lk_agent_error_to_sentence (error);
  gtk_label_set_label (self->problem, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
}

static void
client_added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAppStep) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;
  gboolean added = lk_dbus_agent1_call_add_client_finish (LK_DBUS_AGENT1 (source), NULL, result,
                                                          &error);

  if (self->name == NULL)
    return;
  self->adding = FALSE;
  name = dup_text (self->name);
  changed_cb (self);
  if (!added)
    {
      lk_app_step_show_problem (self, error);
      return;
    }
  gtk_editable_set_text (GTK_EDITABLE (self->secret), "");
  g_signal_emit (self, added_signal, 0, name);
}

static void
add_cb (LkAppStep *self)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);
  g_autoptr(GUnixFDList) fds = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = dup_text (self->name);
  g_autofree char *client_id = dup_text (self->client_id);
  g_autofree char *redirect = dup_text (self->redirect);
  GVariantDict options;

  if (agent == NULL || self->adding || !lk_app_step_is_complete (self))
    return;
  fds = lk_secret_text_to_fds (gtk_editable_get_text (GTK_EDITABLE (self->secret)), &error);
  if (fds == NULL)
    {
      lk_app_step_show_problem (self, error);
      return;
    }
  g_variant_dict_init (&options, NULL);
  if (self->own_redirect)
    g_variant_dict_insert (&options, "redirect", "s", redirect);
  self->adding = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->add), FALSE);
  lk_dbus_agent1_call_add_client (agent, name, self->provider, client_id, g_variant_new_handle (0),
                                  g_variant_dict_end (&options), fds, NULL, client_added_cb,
                                  g_object_ref (self));
}

static void
portal_cb (LkAppStep *self)
{
  if (self->address != NULL)
    gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->address,
                  GDK_CURRENT_TIME);
}

void
lk_app_step_help (LkAppStep *self)
{
  g_autofree char *word = g_strconcat ("connect-", self->family, NULL);

  lk_help_window_present (word);
}

static void
lk_app_step_dispose (GObject *object)
{
  LkAppStep *self = LK_APP_STEP (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  self->name = NULL;
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_pointer (&self->provider, g_free);
  g_clear_pointer (&self->family, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_app_step_parent_class)->dispose (object);
}

static void
lk_app_step_class_init (LkAppStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_app_step_dispose;
  added_signal = g_signal_new ("added", LK_TYPE_APP_STEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (LK_TYPE_COPY_BUTTON);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-app-step.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkAppStep, redirect);
  gtk_widget_class_bind_template_child (widget_class, LkAppStep, copy_redirect);
  gtk_widget_class_bind_template_child (widget_class, LkAppStep, fixed_redirect);
  gtk_widget_class_bind_template_child (widget_class, LkAppStep, copy_fixed);
  gtk_widget_class_bind_template_child (widget_class, LkAppStep, fixed_note);
  gtk_widget_class_bind_template_child (widget_class, LkAppStep, portal);
  gtk_widget_class_bind_template_child (widget_class, LkAppStep, paste_note);
  gtk_widget_class_bind_template_child (widget_class, LkAppStep, name);
  gtk_widget_class_bind_template_child (widget_class, LkAppStep, client_id);
  gtk_widget_class_bind_template_child (widget_class, LkAppStep, secret);
  gtk_widget_class_bind_template_child (widget_class, LkAppStep, problem);
  gtk_widget_class_bind_template_child (widget_class, LkAppStep, add);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, portal_cb);
  gtk_widget_class_bind_template_callback (widget_class, lk_app_step_help);
}

static void
lk_app_step_init (LkAppStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static const char *
lookup (GVariant *dict, const char *key)
{
  const char *text = NULL;

  g_variant_lookup (dict, key, "&s", &text);
  return text != NULL && *text != '\0' ? text : NULL;
}

static void
set_title (gpointer row, const char *title)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
}

void
lk_app_step_set_provider (LkAppStep *self, LkAppContext *context, GVariant *provider)
{
  g_autofree const char **modes = NULL;
  const char *id_label = lookup (provider, "client-id-label");
  const char *secret_label = lookup (provider, "secret-label");
  const char *redirect = lookup (provider, "redirect-register");

  g_set_object (&self->context, context);
  g_free (self->provider);
  self->provider = g_strdup (lookup (provider, "id"));
  g_free (self->family);
  self->family = g_strdup (lookup (provider, "family"));
  g_free (self->address);
  self->address = g_strdup (lookup (provider, "portal"));
  self->secret_required = TRUE;
  g_variant_lookup (provider, "secret-required", "b", &self->secret_required);
  g_variant_lookup (provider, "redirect-modes", "^a&s", &modes);
  /* "loopback" is the provider's own address for all apps; the others are the app's. */
  self->own_redirect = modes == NULL || !g_strv_contains (modes, "loopback");

  set_title (self->client_id, id_label != NULL ? id_label : _("App ID"));
  set_title (self->secret, secret_label != NULL ? secret_label : _("Secret"));
  gtk_editable_set_text (GTK_EDITABLE (self->redirect), redirect != NULL ? redirect : "");
  gtk_widget_set_visible (GTK_WIDGET (self->redirect), self->own_redirect);
  gtk_widget_set_visible (GTK_WIDGET (self->fixed_redirect), !self->own_redirect);
  adw_action_row_set_subtitle (self->fixed_redirect, redirect != NULL ? redirect : "");
  lk_copy_button_set_text (self->copy_fixed, redirect);
  gtk_widget_set_visible (GTK_WIDGET (self->fixed_note),
                          !self->own_redirect && redirect != NULL
                            && strchr (redirect, '*') != NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->name), lookup (provider, "name"));
  gtk_editable_set_text (GTK_EDITABLE (self->client_id), "");
  gtk_editable_set_text (GTK_EDITABLE (self->secret), "");
  gtk_widget_set_visible (GTK_WIDGET (self->paste_note), self->own_redirect);
  gtk_widget_set_visible (GTK_WIDGET (self->portal), self->address != NULL);
  adw_action_row_set_subtitle (self->portal, self->address);
  changed_cb (self);
}

/* The first thing to do: take the redirect address along. */
void
lk_app_step_grab_first (LkAppStep *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->own_redirect ? self->copy_redirect
                                                        : self->copy_fixed));
}
