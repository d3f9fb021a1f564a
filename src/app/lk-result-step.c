/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-result-step.h"

#include <glib/gi18n.h>

#include "lk-connection-facts.h"
#include "lk-copy-button.h"
#include "lk-finding-view.h"

struct _LkResultStep
{
  GtkWidget            parent_instance;

  LkAppContext        *context;      /* (owned) (nullable): with a connection */
  LkDBusConnection1   *connection;   /* (owned) (nullable) */
  GPtrArray           *scope_rows;   /* (owned) (nullable): borrowed widgets */
  GPtrArray           *account_rows; /* (owned) (nullable): borrowed widgets */

  GtkImage            *icon;
  GtkLabel            *title;
  GtkLabel            *text;
  AdwPreferencesGroup *facts;
  AdwActionRow        *identity;
  AdwExpanderRow      *accounts;
  AdwExpanderRow      *scopes;
  AdwPreferencesGroup *finding_group;
  LkFindingView       *finding;
  AdwPreferencesGroup *redirect_group;
  AdwActionRow        *redirect;
  LkCopyButton        *copy_redirect;
  GtkButton           *again;
  GtkButton           *finish;
};

static guint finish_signal, again_signal;

G_DEFINE_FINAL_TYPE (LkResultStep, lk_result_step, GTK_TYPE_WIDGET)

static void
finish_cb (LkResultStep *self)
{
  g_signal_emit (self, finish_signal, 0);
}

static void
again_cb (LkResultStep *self)
{
  g_signal_emit (self, again_signal, 0);
}

static void
clear_rows (AdwExpanderRow *row, GPtrArray **children)
{
  for (guint i = 0; *children != NULL && i < (*children)->len; i++)
    adw_expander_row_remove (row, g_ptr_array_index (*children, i));
  g_clear_pointer (children, g_ptr_array_unref);
}

static void
lk_result_step_show (LkResultStep *self, const char *icon, const char *title, const char *text,
                     const char *finish)
{
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->text), text != NULL);
  gtk_button_set_label (self->finish, finish);
  lk_result_step_set_redirect (self, NULL);
}

/* The button that helps stands out and has the focus. */
static void
lk_result_step_offer_again (LkResultStep *self, gboolean again)
{
  GtkWidget *first = GTK_WIDGET (again ? self->again : self->finish);
  GtkWidget *second = GTK_WIDGET (again ? self->finish : self->again);

  gtk_widget_set_visible (GTK_WIDGET (self->again), again);
  gtk_widget_add_css_class (first, "suggested-action");
  gtk_widget_remove_css_class (second, "suggested-action");
  gtk_widget_grab_focus (first);
}

static void
lk_result_step_show_finding (LkResultStep *self, LkAppContext *context, const LkFault *fault)
{
  g_autoptr(LkFinding) finding = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->finding_group), fault != NULL);
  if (fault == NULL)
    return;
  finding = lk_diagnosis_explain (lk_app_context_get_diagnosis (context), fault);
  lk_finding_view_set_finding (self->finding, finding, fault->at,
                               lk_app_context_get_now (context));
}

static void
lk_result_step_refresh_facts (LkResultStep *self)
{
  const char *identity, *name;

  gtk_widget_set_visible (GTK_WIDGET (self->facts), self->connection != NULL);
  if (self->connection == NULL)
    return;
  identity = lk_dbus_connection1_get_identity (self->connection);
  name = lk_dbus_connection1_get_identity_name (self->connection);
  if (name == NULL || *name == '\0')
    name = identity;
  adw_action_row_set_subtitle (self->identity,
                               name != NULL && *name != '\0' ? name
                                                             : _("The provider does not say."));
  clear_rows (self->accounts, &self->account_rows);
  clear_rows (self->scopes, &self->scope_rows);
  self->account_rows = lk_connection_facts_fill_accounts (self->accounts, self->connection);
  self->scope_rows = lk_connection_facts_fill_scopes (self->scopes, self->context,
                                                     self->connection);
}

static void
lk_result_step_set_connection (LkResultStep *self, LkDBusConnection1 *connection)
{
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_func (self->connection, lk_result_step_refresh_facts, self);
  g_set_object (&self->connection, connection);
  if (connection != NULL)
    g_signal_connect_object (connection, "notify", G_CALLBACK (lk_result_step_refresh_facts),
                             self, G_CONNECT_SWAPPED);
  lk_result_step_refresh_facts (self);
}

static void
lk_result_step_dispose (GObject *object)
{
  LkResultStep *self = LK_RESULT_STEP (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&self->scope_rows, g_ptr_array_unref);
  g_clear_pointer (&self->account_rows, g_ptr_array_unref);
  g_clear_pointer (&child, gtk_widget_unparent);
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_result_step_parent_class)->dispose (object);
}

static void
lk_result_step_class_init (LkResultStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_result_step_dispose;
  finish_signal = g_signal_new ("finish", LK_TYPE_RESULT_STEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  again_signal = g_signal_new ("again", LK_TYPE_RESULT_STEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
  g_type_ensure (LK_TYPE_COPY_BUTTON);
  g_type_ensure (LK_TYPE_FINDING_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-result-step.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, icon);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, title);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, text);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, facts);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, identity);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, accounts);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, scopes);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, finding_group);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, finding);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, redirect_group);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, redirect);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, copy_redirect);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, again);
  gtk_widget_class_bind_template_child (widget_class, LkResultStep, finish);
  gtk_widget_class_bind_template_callback (widget_class, finish_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
}

static void
lk_result_step_init (LkResultStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lk_result_step_show_done (LkResultStep *self, LkAppContext *context, LkDBusConnection1 *connection,
                          gboolean again, const LkFault *fault)
{
  g_autofree char *text = NULL;

  if (connection != NULL)
    text = g_strdup_printf (again
                              /* Translators: %s is the name of a connection. */
                              ? _("“%s” works again. Latchkey keeps it alive from now on.")
                              /* Translators: %s is the name of a new connection. */
                              : _("“%s” is in your list. Latchkey keeps it alive from now on."),
                            lk_dbus_connection1_get_name (connection));
  lk_result_step_show (self, fault != NULL ? "dialog-warning-symbolic"
                                           : "latchkey-key-symbolic",
                       _("You Are Signed In"), text, _("_Done"));
  g_set_object (&self->context, context);
  lk_result_step_set_connection (self, connection);
  lk_result_step_show_finding (self, context, fault);
  lk_result_step_offer_again (self, FALSE);
}

void
lk_result_step_show_failed (LkResultStep *self, LkAppContext *context, const LkFault *fault)
{
  lk_result_step_show (self, "dialog-warning-symbolic", _("The Sign-In Did Not Work"), NULL,
                       _("_Close"));
  lk_result_step_set_connection (self, NULL);
  lk_result_step_show_finding (self, context, fault);
  lk_result_step_offer_again (self, TRUE);
}

void
lk_result_step_show_message (LkResultStep *self, const char *icon, const char *title,
                             const char *text)
{
  lk_result_step_show (self, icon, title, text, _("_Close"));
  lk_result_step_set_connection (self, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->finding_group), FALSE);
  lk_result_step_offer_again (self, TRUE);
}

/**
 * lk_result_step_set_redirect:
 * @redirect: (nullable): the address to register, beside a finding that speaks of it
 */
void
lk_result_step_set_redirect (LkResultStep *self, const char *redirect)
{
  gtk_widget_set_visible (GTK_WIDGET (self->redirect_group), redirect != NULL);
  adw_action_row_set_subtitle (self->redirect, redirect != NULL ? redirect : "");
  lk_copy_button_set_text (self->copy_redirect, redirect);
}
