/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-connection-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lk-connection-facts.h"
#include "lk-connection-row.h"
#include "lk-connection-words.h"
#include "lk-copy-button.h"
#include "lk-finding-card.h"
#include "lk-history-view.h"
#include "lk-month-view.h"
#include "lk-programs-row.h"
#include "lk-remedy-list.h"
#include "lk-window-private.h"

#define EVENTS_SECONDS 2

struct _LkConnectionPage
{
  GtkWidget          parent_instance;

  LkAppContext      *context;      /* (owned) */
  LkDBusConnection1 *connection;   /* (owned) (nullable) */
  GPtrArray         *scope_rows;   /* (owned) (nullable): borrowed widgets */
  GPtrArray         *account_rows; /* (owned) (nullable): borrowed widgets */
  LkExamination     *examination;  /* (owned) (nullable): of what is wrong now */
  char              *examined;     /* (owned) (nullable): what it was made for */
  LkDBusAgent1      *agent;        /* (owned) (nullable): whose events are followed */
  guint              refresh_id;
  guint              events_id;
  gboolean           reload_history;
  gboolean           reload_lists;

  GtkLabel          *summary;
  LkFindingCard     *finding;
  LkRemedyList      *remedies;
  LkMonthView       *month;
  GtkButton         *renew;
  GtkButton         *reconnect;
  GtkSpinner        *busy;
  GtkMenuButton     *menu;
  AdwActionRow      *sign_in;
  AdwActionRow      *app;
  AdwActionRow      *token;
  LkCopyButton      *copy_fingerprint;
  AdwActionRow      *check;
  AdwActionRow      *renewal;
  AdwExpanderRow    *scopes;
  AdwExpanderRow    *accounts;
  AdwActionRow      *matrix;
  LkProgramsRow     *programs;
  LkHistoryView     *history;
};

static guint gone_signal;

G_DEFINE_FINAL_TYPE (LkConnectionPage, lk_connection_page, GTK_TYPE_WIDGET)

static void lk_connection_page_refresh (LkConnectionPage *self);

static void
clear_rows (AdwExpanderRow *row, GPtrArray **children)
{
  for (guint i = 0; *children != NULL && i < (*children)->len; i++)
    adw_expander_row_remove (row, g_ptr_array_index (*children, i));
  g_clear_pointer (children, g_ptr_array_unref);
}

static void
lk_connection_page_refresh_lists (LkConnectionPage *self)
{
  clear_rows (self->scopes, &self->scope_rows);
  clear_rows (self->accounts, &self->account_rows);
  self->scope_rows
    = lk_connection_facts_fill_scopes (self->scopes, self->context, self->connection);
  self->account_rows = lk_connection_facts_fill_accounts (self->accounts, self->connection);
}

static void
lk_connection_page_drop_examination (LkConnectionPage *self)
{
  if (self->examination != NULL)
    g_signal_handlers_disconnect_by_func (self->examination, lk_connection_page_refresh, self);
  g_clear_object (&self->examination);
  g_clear_pointer (&self->examined, g_free);
}

/* Of what Latchkey itself found, only a sign-in without accounts leaves something to ask. */
static gboolean
is_worth_asking (const LkFault *fault)
{
  return g_strcmp0 (fault->provider, LK_FAULT_LOCAL) != 0
         || lk_fault_is_local (fault, "zero-accounts");
}

/* One look at each refusal; it asks as little as settles it. */
static void
lk_connection_page_examine (LkConnectionPage *self, const LkFault *fault)
{
  gint64 event = lk_connection_words_is_own_fault (self->connection)
                   ? 0 : lk_dbus_connection1_get_last_refusal_event (self->connection);
  g_autofree char *what
    = g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s",
                       lk_dbus_connection1_get_id (self->connection), event, fault->at,
                       lk_class_to_string (fault->klass));

  if (self->examination != NULL && g_strcmp0 (self->examined, what) == 0
      && lk_examination_get_connection (self->examination) == self->connection)
    return;
  lk_connection_page_drop_examination (self);
  if (!is_worth_asking (fault))
    return;
  self->examination = lk_examination_new (self->context, self->connection, event,
                                          event == 0 ? fault : NULL);
  self->examined = g_steal_pointer (&what);
  g_signal_connect_object (self->examination, "changed", G_CALLBACK (lk_connection_page_refresh),
                           self, G_CONNECT_SWAPPED);
}

static void
lk_connection_page_refresh_finding (LkConnectionPage *self)
{
  g_autoptr(LkFault) fault = lk_connection_words_dup_trouble (self->connection);

  if (fault != NULL)
    lk_connection_page_examine (self, fault);
  else
    lk_connection_page_drop_examination (self);
  lk_finding_card_set (self->finding, self->context, self->examination, fault,
                       fault != NULL && !lk_connection_words_is_own_fault (self->connection));
}

static char *
lk_connection_page_dup_summary (LkConnectionPage *self, gint64 now)
{
  const char *busy = lk_dbus_connection1_get_busy (self->connection);
  LkHealth health = lk_connection_words_get_health (self->connection);
  const char *parked = lk_dbus_connection1_get_parked (self->connection);

  if (parked != NULL && *parked != '\0')
    return lk_connection_words_dup_status (self->connection,
                                           lk_app_context_get_diagnosis (self->context), now);
  if (!lk_connection_words_is_own_fault (self->connection) && (busy == NULL || *busy == '\0')
      && lk_connection_words_has_refusal (self->connection))
    return g_strdup (_("Your sign-in is fine, but a call was refused."));
  if (health == LK_HEALTH_FINE && (busy == NULL || *busy == '\0'))
    return g_strdup (_("Your sign-in is fine."));
  if (health == LK_HEALTH_ATTENTION && (busy == NULL || *busy == '\0'))
    return g_strdup (_("This connection needs you."));
  return lk_connection_words_dup_status (self->connection,
                                         lk_app_context_get_diagnosis (self->context), now);
}

/* The button that helps now stands out; the other stays beside it. */
static void
lk_connection_page_refresh_buttons (LkConnectionPage *self)
{
  const char *id = lk_dbus_connection1_get_id (self->connection);
  const char *busy = lk_dbus_connection1_get_busy (self->connection);
  gboolean idle = busy == NULL || *busy == '\0';
  LkConnectionAction action = lk_connection_words_get_action (self->connection);
  g_autoptr(GMenuModel) menu = lk_connection_menu_new (self->connection, FALSE);
  gboolean sign_in = action == LK_CONNECTION_ACTION_RECONNECT
                     || action == LK_CONNECTION_ACTION_SIGN_IN_AGAIN;
  gboolean parked = action == LK_CONNECTION_ACTION_TAKE_BACK
                    || action == LK_CONNECTION_ACTION_USE_HERE;

  gtk_widget_set_visible (GTK_WIDGET (self->renew),
                          parked || lk_dbus_connection1_get_can_renew (self->connection));
  gtk_button_set_label (self->renew, parked ? lk_connection_words_get_label (action)
                                            : _("Re_new Now"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->renew), idle);
  gtk_spinner_set_spinning (self->busy, !idle);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->renew), "s", id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->renew),
                                  parked ? "win.take-back" : "win.renew");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->reconnect), "s", id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->reconnect), "win.reconnect");
  gtk_button_set_label (self->reconnect,
                        lk_connection_words_get_label (sign_in ? action
                                                               : LK_CONNECTION_ACTION_RECONNECT));
  /* One button stands out: the card's, once it knows what helps. */
  if (sign_in && (self->examination == NULL || !lk_examination_can_fix (self->examination)))
    gtk_widget_add_css_class (GTK_WIDGET (self->reconnect), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->reconnect), "suggested-action");
  gtk_menu_button_set_menu_model (self->menu, menu);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->matrix), "s", id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->matrix), "win.matrix");
  gtk_widget_set_visible (GTK_WIDGET (self->matrix),
                          lk_dbus_connection1_get_accounts_known (self->connection));
}

static void
lk_connection_page_refresh (LkConnectionPage *self)
{
  gint64 now = lk_app_context_get_now (self->context);
  g_autofree char *summary = NULL;

  if (self->connection == NULL || lk_dbus_connection1_get_id (self->connection) == NULL)
    return;
  summary = lk_connection_page_dup_summary (self, now);
  gtk_label_set_label (self->summary, summary);
  lk_connection_page_refresh_finding (self);
  lk_connection_page_refresh_buttons (self);
  lk_connection_facts_fill_sign_in (self->sign_in, self->connection, now);
  lk_connection_facts_fill_token (self->token, self->connection, now);
  lk_connection_facts_fill_check (self->check, self->connection, now);
  lk_connection_facts_fill_renewal (self->renewal, self->connection, now);
  adw_action_row_set_subtitle (self->app, lk_dbus_connection1_get_client (self->connection));
  lk_copy_button_set_text (self->copy_fingerprint,
                           lk_dbus_connection1_get_fingerprint (self->connection));
}

static void
lk_connection_page_reload_past (LkConnectionPage *self)
{
  lk_history_view_reload (self->history);
  lk_month_view_reload (self->month);
  lk_programs_row_reload (self->programs);
}

static gboolean
refresh_idle_cb (gpointer user_data)
{
  LkConnectionPage *self = user_data;

  self->refresh_id = 0;
  if (self->connection == NULL)
    return G_SOURCE_REMOVE;
  lk_connection_page_refresh (self);
  if (self->reload_lists)
    lk_connection_page_refresh_lists (self);
  self->reload_lists = FALSE;
  if (self->reload_history)
    lk_connection_page_reload_past (self);
  self->reload_history = FALSE;
  return G_SOURCE_REMOVE;
}

/* Hundreds of accounts are not made anew because a check began. */
static void
connection_notify_cb (LkConnectionPage *self, GParamSpec *pspec)
{
  self->reload_history = TRUE;
  self->reload_lists |= g_str_has_prefix (pspec->name, "accounts")
                        || g_str_has_prefix (pspec->name, "scopes");
  if (self->refresh_id == 0)
    self->refresh_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, refresh_idle_cb, self, NULL);
}

static gboolean
events_cb (gpointer user_data)
{
  LkConnectionPage *self = user_data;

  self->events_id = 0;
  if (self->connection != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    lk_connection_page_reload_past (self);
  return G_SOURCE_REMOVE;
}

/* Whose event it was is not said; among thousands of connections there is always one. */
static void
events_changed_cb (LkConnectionPage *self)
{
  if (self->connection != NULL && self->events_id == 0)
    self->events_id = g_timeout_add_seconds (EVENTS_SECONDS, events_cb, self);
}

static void
agent_state_cb (LkConnectionPage *self)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);

  if (self->agent == agent)
    return;
  if (self->agent != NULL)
    g_signal_handlers_disconnect_by_func (self->agent, events_changed_cb, self);
  g_set_object (&self->agent, agent);
  if (agent != NULL)
    g_signal_connect_object (agent, "events-changed", G_CALLBACK (events_changed_cb), self,
                             G_CONNECT_SWAPPED);
}

/* An agent that starts knows no connections until its ledger is open. */
static gboolean
lk_connection_page_is_list_complete (LkConnectionPage *self)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);

  return agent != NULL && g_strcmp0 (lk_dbus_agent1_get_ledger_state (agent), "ready") == 0;
}

/* A restarted agent brings new objects; the same connection is shown on. */
static void
connections_changed_cb (LkConnectionPage *self)
{
  LkAgentClient *client = lk_app_context_get_client (self->context);
  LkDBusConnection1 *found;

  if (self->connection == NULL)
    return;
  found = lk_agent_client_find_connection (client, lk_dbus_connection1_get_id (self->connection));
  if (found != NULL && found != self->connection)
    lk_connection_page_set_connection (self, found);
  else if (found == NULL && lk_connection_page_is_list_complete (self))
    g_signal_emit (self, gone_signal, 0);
}

static LkWindow *
lk_connection_page_get_window (LkConnectionPage *self)
{
  return LK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
fix_cb (LkConnectionPage *self)
{
  if (self->examination != NULL)
    lk_window_fix (lk_connection_page_get_window (self), self->examination);
}

static void
details_cb (LkConnectionPage *self)
{
  g_autoptr(LkExamination) examination = NULL;

  if (self->connection == NULL)
    return;
  examination = self->examination != NULL
                  ? g_object_ref (self->examination)
                  : lk_examination_new (self->context, self->connection, 0, NULL);
  lk_window_show_finding (lk_connection_page_get_window (self), examination);
}

static void
dismissed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) window = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_connection1_call_dismiss_refusal_finish (LK_DBUS_CONNECTION1 (source), result,
                                                        &error))
    lk_window_toast_error (window, error);
}

static void
dismiss_cb (LkConnectionPage *self)
{
  if (self->connection != NULL)
    lk_dbus_connection1_call_dismiss_refusal (self->connection, NULL, dismissed_cb,
                                              g_object_ref (lk_connection_page_get_window (self)));
}

static void
lk_connection_page_dispose (GObject *object)
{
  LkConnectionPage *self = LK_CONNECTION_PAGE (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_clear_handle_id (&self->events_id, g_source_remove);
  g_clear_object (&self->agent);
  lk_connection_page_drop_examination (self);
  g_clear_pointer (&self->scope_rows, g_ptr_array_unref);
  g_clear_pointer (&self->account_rows, g_ptr_array_unref);
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->connection);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_connection_page_parent_class)->dispose (object);
}

static void
lk_connection_page_class_init (LkConnectionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_connection_page_dispose;
  gone_signal = g_signal_new ("gone", LK_TYPE_CONNECTION_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);
  g_type_ensure (LK_TYPE_COPY_BUTTON);
  g_type_ensure (LK_TYPE_FINDING_CARD);
  g_type_ensure (LK_TYPE_REMEDY_LIST);
  g_type_ensure (LK_TYPE_HISTORY_VIEW);
  g_type_ensure (LK_TYPE_MONTH_VIEW);
  g_type_ensure (LK_TYPE_PROGRAMS_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-connection-page.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, summary);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, finding);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, remedies);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, month);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, renew);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, reconnect);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, busy);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, menu);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, sign_in);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, app);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, token);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, copy_fingerprint);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, check);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, renewal);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, scopes);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, accounts);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, matrix);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, programs);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionPage, history);
  gtk_widget_class_bind_template_callback (widget_class, fix_cb);
  gtk_widget_class_bind_template_callback (widget_class, details_cb);
  gtk_widget_class_bind_template_callback (widget_class, dismiss_cb);
}

static void
lk_connection_page_init (LkConnectionPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lk_connection_page_set_context (LkConnectionPage *self, LkAppContext *context)
{
  LkAgentClient *client = lk_app_context_get_client (context);

  self->context = g_object_ref (context);
  g_signal_connect_object (context, "notify::now", G_CALLBACK (lk_connection_page_refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lk_agent_client_get_connections (client), "items-changed",
                           G_CALLBACK (connections_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (connections_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (agent_state_cb), self,
                           G_CONNECT_SWAPPED);
  agent_state_cb (self);
}

/**
 * lk_connection_page_set_connection:
 * @connection: (nullable): what to show
 */
void
lk_connection_page_set_connection (LkConnectionPage *self, LkDBusConnection1 *connection)
{
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_func (self->connection, connection_notify_cb, self);
  g_set_object (&self->connection, connection);
  if (connection == NULL)
    {
      lk_remedy_list_set_connection (self->remedies, self->context, NULL);
      lk_month_view_set_connection (self->month, self->context, NULL);
      lk_programs_row_set_connection (self->programs, self->context, NULL);
      return;
    }
  g_signal_connect_object (connection, "notify", G_CALLBACK (connection_notify_cb), self,
                           G_CONNECT_SWAPPED);
  lk_connection_page_refresh (self);
  lk_connection_page_refresh_lists (self);
  lk_remedy_list_set_connection (self->remedies, self->context, connection);
  lk_month_view_set_connection (self->month, self->context, connection);
  lk_programs_row_set_connection (self->programs, self->context, connection);
  lk_history_view_set_connection (self->history, self->context, connection);
}

LkDBusConnection1 *
lk_connection_page_get_connection (LkConnectionPage *self)
{
  return self->connection;
}
