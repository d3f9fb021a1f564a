/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-connections-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lk-accessible-pages.h"
#include "lk-connection-list.h"
#include "lk-connection-row.h"
#include "lk-policy.h"
#include "lk-summary-words.h"

#define N_SECTIONS (LK_HEALTH_ATTENTION + 1)

/* In the order of the page. */
static const LkHealth order[] = { LK_HEALTH_ATTENTION, LK_HEALTH_ENDING, LK_HEALTH_FINE };

struct _LkConnectionsPage
{
  GtkWidget            parent_instance;

  LkAppContext        *context;              /* (owned) */
  LkDBusAgent1        *agent;                /* (owned) (nullable): whose properties are followed */
  LkConnectionList    *sections[N_SECTIONS]; /* (owned) */
  GtkFlattenListModel *all;                  /* (owned) */
  GHashTable          *bound;                /* (owned): GtkListItem, those with a row in use */
  guint                focus_position;       /* of the row that has the focus while it changes */
  guint                focus_id;
  gboolean             narrow;
  gboolean             to_top;               /* what was searched for is still coming */

  GtkStack            *stack;
  GtkSpinner          *spinner;
  GtkLabel            *summary;
  GtkListView         *list;
};

G_DEFINE_FINAL_TYPE (LkConnectionsPage, lk_connections_page, GTK_TYPE_WIDGET)

static guint
count (LkConnectionList *section)
{
  return g_list_model_get_n_items (G_LIST_MODEL (section));
}

static gboolean
lk_connections_page_is_searching (LkConnectionsPage *self)
{
  return *lk_connection_list_get_search (self->sections[LK_HEALTH_FINE]) != '\0';
}

/* What the agent counts; until it does, what the lists have, which a search makes shorter. */
static gboolean
lk_connections_page_get_counts (LkConnectionsPage *self, guint counts[N_SECTIONS])
{
  GVariant *summary = self->agent != NULL ? lk_dbus_agent1_get_summary (self->agent) : NULL;

  if (summary != NULL && g_variant_lookup (summary, "attention", "u", &counts[LK_HEALTH_ATTENTION])
      && g_variant_lookup (summary, "ending", "u", &counts[LK_HEALTH_ENDING])
      && g_variant_lookup (summary, "fine", "u", &counts[LK_HEALTH_FINE]))
    return TRUE;
  for (size_t i = 0; i < G_N_ELEMENTS (order); i++)
    counts[order[i]] = count (self->sections[order[i]]);
  return !lk_connections_page_is_searching (self);
}

static void
lk_connections_page_refresh_summary (LkConnectionsPage *self)
{
  guint counts[N_SECTIONS] = { 0 };
  g_autofree char *text = NULL;

  if (!lk_connections_page_get_counts (self, counts)
      || counts[LK_HEALTH_ATTENTION] + counts[LK_HEALTH_ENDING] + counts[LK_HEALTH_FINE] == 0)
    return;
  text = lk_summary_words_dup (counts[LK_HEALTH_ATTENTION], counts[LK_HEALTH_ENDING],
                               counts[LK_HEALTH_FINE]);
  gtk_label_set_label (self->summary, text);
}

/* Whether every section was answered; %TRUE for an answer that is of this question. */
static gboolean
lk_connections_page_is_known (LkConnectionsPage *self, gboolean now)
{
  for (size_t i = 0; i < G_N_ELEMENTS (order); i++)
    if (!lk_connection_list_is_known (self->sections[order[i]])
        || (now && lk_connection_list_get_loading (self->sections[order[i]])))
      return FALSE;
  return TRUE;
}

static const char *
lk_connections_page_choose (LkConnectionsPage *self)
{
  LkAgentClientState state
    = lk_agent_client_get_state (lk_app_context_get_client (self->context));
  const char *ledger = self->agent != NULL ? lk_dbus_agent1_get_ledger_state (self->agent) : NULL;

  if (state == LK_AGENT_CLIENT_FAILED)
    return "failed";
  if (g_list_model_get_n_items (G_LIST_MODEL (self->all)) > 0)
    return "list";
  /* While the ledger opens, or a question is under way, an empty list means nothing. */
  if (state != LK_AGENT_CLIENT_READY || ledger == NULL || g_strcmp0 (ledger, "opening") == 0)
    return "starting";
  if (g_strcmp0 (ledger, "ready") != 0)
    return "no-ledger";
  if (!lk_connections_page_is_known (self, TRUE))
    return lk_connections_page_is_searching (self) ? NULL : "starting";
  return lk_connections_page_is_searching (self) ? "no-match" : "first-run";
}

static void
lk_connections_page_refresh (LkConnectionsPage *self)
{
  const char *page = lk_connections_page_choose (self);

  if (lk_connections_page_is_known (self, TRUE))
    self->to_top = FALSE;
  lk_connections_page_refresh_summary (self);
  if (page != NULL)
    gtk_stack_set_visible_child_name (self->stack, page);
  gtk_spinner_set_spinning (self->spinner, g_strcmp0 (page, "starting") == 0);
}

static const char *
title_for (LkHealth health)
{
  switch (health)
    {
    case LK_HEALTH_ATTENTION:
      return _("Needs You");
    case LK_HEALTH_ENDING:
      return _("Ends This Week");
    case LK_HEALTH_FINE:
    default:
      return _("Fine");
    }
}

static void
lk_connections_page_place (LkConnectionsPage *self, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  guint position = gtk_list_item_get_position (item);

  for (size_t i = 0; i < G_N_ELEMENTS (order); i++)
    {
      guint n = count (self->sections[order[i]]);

      if (position < n)
        {
          lk_connection_row_set_place (LK_CONNECTION_ROW (row),
                                       position == 0 ? title_for (order[i]) : NULL, n,
                                       position == n - 1);
          return;
        }
      position -= n;
    }
}

static void
setup_cb (LkConnectionsPage *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, lk_connection_row_new (self->context));
}

static void
bind_cb (LkConnectionsPage *self, GtkListItem *item)
{
  LkConnectionRow *row = LK_CONNECTION_ROW (gtk_list_item_get_child (item));

  g_hash_table_add (self->bound, item);
  lk_connection_row_set_narrow (row, self->narrow);
  lk_connection_row_set_connection (row, gtk_list_item_get_item (item));
  lk_connections_page_place (self, item);
}

static void
unbind_cb (LkConnectionsPage *self, GtkListItem *item)
{
  g_hash_table_remove (self->bound, item);
  lk_connection_row_set_connection (LK_CONNECTION_ROW (gtk_list_item_get_child (item)), NULL);
}

/* The list's item that has the focus or something in it that has. */
static GtkListItem *
lk_connections_page_find_focused (LkConnectionsPage *self)
{
  GtkWidget *child = gtk_widget_get_focus_child (GTK_WIDGET (self->list));
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->bound);
  while (child != NULL && g_hash_table_iter_next (&iter, &item, NULL))
    if (gtk_widget_get_parent (gtk_list_item_get_child (item)) == child)
      return item;
  return NULL;
}

static GtkListItem *
lk_connections_page_find_item (LkConnectionsPage *self, guint position)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    if (gtk_list_item_get_position (item) == position)
      return item;
  return NULL;
}

static gboolean
focus_idle_cb (gpointer user_data)
{
  LkConnectionsPage *self = user_data;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->all));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkListItem *item;

  self->focus_id = 0;
  /* The row is where it was, or the person went on. */
  if (n == 0 || (focus != NULL && focus != GTK_WIDGET (self->list)
                 && gtk_widget_get_mapped (focus)))
    return G_SOURCE_REMOVE;
  item = lk_connections_page_find_item (self, MIN (self->focus_position, n - 1));
  if (item != NULL)
    gtk_widget_grab_focus (gtk_list_item_get_child (item));
  return G_SOURCE_REMOVE;
}

/* Before the list view knows: a row that goes takes the focus with it. */
static void
before_items_changed_cb (LkConnectionsPage *self)
{
  GtkListItem *item = lk_connections_page_find_focused (self);

  if (item == NULL)
    return;
  self->focus_position = gtk_list_item_get_position (item);
  if (self->focus_id == 0)
    self->focus_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, focus_idle_cb, self, NULL);
}

/* After it: who is first and last of a section is somebody else now. */
static void
after_items_changed_cb (LkConnectionsPage *self)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    lk_connections_page_place (self, item);
  /* A list view stays with the rows that it had, wherever they are now. */
  if (self->to_top && g_list_model_get_n_items (G_LIST_MODEL (self->all)) > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0u);
  lk_connections_page_refresh (self);
}

static void
activate_cb (LkConnectionsPage *self, guint position)
{
  g_autoptr(LkDBusConnection1) connection
    = g_list_model_get_item (G_LIST_MODEL (self->all), position);

  if (connection != NULL && !lk_connection_is_placeholder (connection))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "s",
                                lk_dbus_connection1_get_id (connection));
}

/* The keyboard's menu key, and Shift+F10. */
static gboolean
menu_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  GtkListItem *item = lk_connections_page_find_focused (LK_CONNECTIONS_PAGE (widget));

  if (item == NULL)
    return GDK_EVENT_PROPAGATE;
  lk_connection_row_popup_menu (LK_CONNECTION_ROW (gtk_list_item_get_child (item)));
  return GDK_EVENT_STOP;
}

static void
agent_state_cb (LkConnectionsPage *self)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);

  if (self->agent != agent)
    {
      if (self->agent != NULL)
        g_signal_handlers_disconnect_by_func (self->agent, lk_connections_page_refresh, self);
      g_set_object (&self->agent, agent);
      if (agent != NULL)
        g_object_connect (agent,
                          "swapped-object-signal::notify::ledger-state",
                          G_CALLBACK (lk_connections_page_refresh), self,
                          "swapped-object-signal::notify::summary",
                          G_CALLBACK (lk_connections_page_refresh), self, NULL);
    }
  lk_connections_page_refresh (self);
}

static void
lk_connections_page_dispose (GObject *object)
{
  LkConnectionsPage *self = LK_CONNECTIONS_PAGE (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_handle_id (&self->focus_id, g_source_remove);
  if (self->all != NULL)
    g_signal_handlers_disconnect_by_data (self->all, self);
  if (child != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->all);
  for (size_t i = 0; i < N_SECTIONS; i++)
    g_clear_object (&self->sections[i]);
  g_clear_object (&self->agent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_connections_page_parent_class)->dispose (object);
}

static void
lk_connections_page_finalize (GObject *object)
{
  g_hash_table_unref (LK_CONNECTIONS_PAGE (object)->bound);
  G_OBJECT_CLASS (lk_connections_page_parent_class)->finalize (object);
}

static void
lk_connections_page_class_init (LkConnectionsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_connections_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_connections_page_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-connections-page.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionsPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionsPage, summary);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionsPage, list);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_cb, NULL);
}

static void
lk_connections_page_init (LkConnectionsPage *self)
{
  self->bound = g_hash_table_new (NULL, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->stack, gtk_stack_get_pages (self->stack));
}

static void
lk_connections_page_make_sections (LkConnectionsPage *self, LkAgentClient *client)
{
  g_autoptr(GListStore) models = g_list_store_new (G_TYPE_LIST_MODEL);

  for (size_t i = 0; i < G_N_ELEMENTS (order); i++)
    {
      LkConnectionList *section
        = lk_connection_list_new (client, lk_health_to_string (order[i]), NULL);

      self->sections[order[i]] = section;
      g_list_store_append (models, section);
      g_signal_connect_object (section, "notify::loading",
                               G_CALLBACK (lk_connections_page_refresh), self, G_CONNECT_SWAPPED);
    }
  self->all = gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&models)));
}

void
lk_connections_page_set_context (LkConnectionsPage *self, LkAppContext *context)
{
  LkAgentClient *client = lk_app_context_get_client (context);
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkSelectionModel) selection = NULL;

  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  lk_connections_page_make_sections (self, client);
  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect_swapped (factory, "unbind", G_CALLBACK (unbind_cb), self);
  gtk_list_view_set_factory (self->list, factory);

  /* Handlers are called in the order in which they were connected; the list view's is between. */
  g_signal_connect_swapped (self->all, "items-changed", G_CALLBACK (before_items_changed_cb), self);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->all))));
  gtk_list_view_set_model (self->list, selection);
  g_signal_connect_swapped (self->all, "items-changed", G_CALLBACK (after_items_changed_cb), self);

  g_signal_connect_object (client, "notify::state", G_CALLBACK (agent_state_cb), self,
                           G_CONNECT_SWAPPED);
  agent_state_cb (self);
}

void
lk_connections_page_set_search (LkConnectionsPage *self, const char *text)
{
  for (size_t i = 0; i < G_N_ELEMENTS (order); i++)
    lk_connection_list_set_search (self->sections[order[i]], text);
  self->to_top = TRUE;
  lk_connections_page_refresh (self);
}

void
lk_connections_page_set_narrow (LkConnectionsPage *self, gboolean narrow)
{
  GHashTableIter iter;
  gpointer item;

  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    lk_connection_row_set_narrow (LK_CONNECTION_ROW (gtk_list_item_get_child (item)), narrow);
}
