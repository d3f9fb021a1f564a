/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-connections-page.h"

#include <adwaita.h>

#include "lk-accessible-pages.h"
#include "lk-connection-group.h"
#include "lk-connection-words.h"
#include "lk-item-watch.h"
#include "lk-summary-words.h"

struct _LkConnectionsPage
{
  GtkWidget          parent_instance;

  LkAppContext      *context;     /* (owned) */
  GListModel        *connections; /* (owned) */
  GtkSorter         *sorter;      /* (owned) */
  LkItemWatch       *watch;       /* (owned) */
  gboolean           searching;

  GtkStack          *stack;
  GtkSpinner        *spinner;
  AdwStatusPage     *failed;
  GtkLabel          *summary;
  LkConnectionGroup *attention;
  LkConnectionGroup *ending;
  LkConnectionGroup *fine;
};

G_DEFINE_FINAL_TYPE (LkConnectionsPage, lk_connections_page, GTK_TYPE_WIDGET)

static int
compare_names (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const char *first = lk_dbus_connection1_get_name ((LkDBusConnection1 *) a);
  const char *second = lk_dbus_connection1_get_name ((LkDBusConnection1 *) b);

  if (first == NULL || second == NULL)
    return g_strcmp0 (first, second);
  return g_utf8_collate (first, second);
}

/* Counted over everything, so that a search does not change whether the person is needed. */
static void
lk_connections_page_refresh_summary (LkConnectionsPage *self)
{
  guint counts[LK_HEALTH_ATTENTION + 1] = { 0 };
  g_autofree char *summary = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (self->connections); i++)
    {
      g_autoptr(LkDBusConnection1) connection = g_list_model_get_item (self->connections, i);

      counts[lk_connection_words_get_health (connection)]++;
    }
  summary = lk_summary_words_dup (counts[LK_HEALTH_ATTENTION], counts[LK_HEALTH_ENDING],
                                  counts[LK_HEALTH_FINE]);
  gtk_label_set_label (self->summary, summary);
}

static const char *
lk_connections_page_choose (LkConnectionsPage *self)
{
  LkAgentClientState state
    = lk_agent_client_get_state (lk_app_context_get_client (self->context));
  guint shown = lk_connection_group_get_count (self->attention)
                + lk_connection_group_get_count (self->ending)
                + lk_connection_group_get_count (self->fine);
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);
  const char *ledger = agent != NULL ? lk_dbus_agent1_get_ledger_state (agent) : NULL;

  if (state == LK_AGENT_CLIENT_FAILED)
    return "failed";
  if (shown > 0)
    return "list";
  if (self->searching && g_list_model_get_n_items (self->connections) > 0)
    return "no-match";
  /* While the ledger opens, an empty list means nothing. */
  if (state != LK_AGENT_CLIENT_READY || ledger == NULL || g_strcmp0 (ledger, "opening") == 0)
    return "starting";
  return g_strcmp0 (ledger, "ready") == 0 ? "first-run" : "no-ledger";
}

static void
lk_connections_page_refresh (LkConnectionsPage *self)
{
  const char *page;

  if (g_list_model_get_n_items (self->connections) > 0)
    lk_connections_page_refresh_summary (self);
  page = lk_connections_page_choose (self);
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_spinner_set_spinning (self->spinner, g_strcmp0 (page, "starting") == 0);
}

static void
items_changed_cb (LkConnectionsPage *self)
{
  gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
  lk_connection_group_refilter (self->attention);
  lk_connection_group_refilter (self->ending);
  lk_connection_group_refilter (self->fine);
  lk_connections_page_refresh (self);
}

static void
agent_state_cb (LkConnectionsPage *self)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);

  if (agent != NULL)
    {
      g_signal_handlers_disconnect_by_func (agent, lk_connections_page_refresh, self);
      g_signal_connect_object (agent, "notify::ledger-state",
                               G_CALLBACK (lk_connections_page_refresh), self, G_CONNECT_SWAPPED);
    }
  lk_connections_page_refresh (self);
}

static void
lk_connections_page_dispose (GObject *object)
{
  LkConnectionsPage *self = LK_CONNECTIONS_PAGE (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_object (&self->watch);
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->sorter);
  g_clear_object (&self->connections);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_connections_page_parent_class)->dispose (object);
}

static void
lk_connections_page_class_init (LkConnectionsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_connections_page_dispose;
  g_type_ensure (LK_TYPE_CONNECTION_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-connections-page.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionsPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionsPage, failed);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionsPage, summary);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionsPage, attention);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionsPage, ending);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionsPage, fine);
}

static void
lk_connections_page_init (LkConnectionsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->stack, gtk_stack_get_pages (self->stack));
}

void
lk_connections_page_set_context (LkConnectionsPage *self, LkAppContext *context)
{
  LkAgentClient *client = lk_app_context_get_client (context);
  g_autoptr(GtkSortListModel) sorted = NULL;

  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  self->connections = g_object_ref (lk_agent_client_get_connections (client));
  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare_names, NULL, NULL));
  sorted = gtk_sort_list_model_new (g_object_ref (self->connections),
                                    g_object_ref (self->sorter));
  lk_connection_group_set_model (self->attention, context, G_LIST_MODEL (sorted),
                                 LK_HEALTH_ATTENTION);
  lk_connection_group_set_model (self->ending, context, G_LIST_MODEL (sorted), LK_HEALTH_ENDING);
  lk_connection_group_set_model (self->fine, context, G_LIST_MODEL (sorted), LK_HEALTH_FINE);

  self->watch = lk_item_watch_new (self->connections);
  g_signal_connect_object (self->watch, "changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (agent_state_cb), self,
                           G_CONNECT_SWAPPED);
  agent_state_cb (self);
}

void
lk_connections_page_set_search (LkConnectionsPage *self, const char *text)
{
  self->searching = text != NULL && *text != '\0';
  lk_connection_group_set_search (self->attention, text);
  lk_connection_group_set_search (self->ending, text);
  lk_connection_group_set_search (self->fine, text);
  lk_connections_page_refresh (self);
}

void
lk_connections_page_set_narrow (LkConnectionsPage *self, gboolean narrow)
{
  lk_connection_group_set_narrow (self->attention, narrow);
  lk_connection_group_set_narrow (self->ending, narrow);
  lk_connection_group_set_narrow (self->fine, narrow);
}
