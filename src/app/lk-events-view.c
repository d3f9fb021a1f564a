/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-events-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lk-accessible-pages.h"
#include "lk-day-words.h"
#include "lk-event-filter-bar.h"
#include "lk-event-list.h"
#include "lk-event-row.h"
#include "lk-export-job.h"
#include "lk-window-private.h"

/* Pixels: who has scrolled less still looks at the newest. */
#define AT_TOP 24

struct _LkEventsView
{
  GtkWidget          parent_instance;

  LkAppContext      *context; /* (owned) (nullable) */
  LkEventList       *list;    /* (owned) */
  gint64             day;     /* a time of the day that "today" meant */

  LkEventFilterBar  *bar;
  GtkLabel          *count;
  GtkSpinner        *spinner;
  GtkWidget         *export;
  GtkStack          *stack;
  AdwStatusPage     *empty;
  GtkWidget         *show_all;
  AdwStatusPage     *problem;
  GtkScrolledWindow *scrolled;
  GtkListView       *view;
  GtkRevealer       *news;
  GtkButton         *news_button;
};

static guint export_signal;

G_DEFINE_FINAL_TYPE (LkEventsView, lk_events_view, GTK_TYPE_WIDGET)

static guint
lk_events_view_get_n (LkEventsView *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->list));
}

static void
lk_events_view_refresh_count (LkEventsView *self)
{
  guint n = lk_events_view_get_n (self);
  g_autofree char *text = NULL;

  if (lk_event_list_is_known (self->list))
    /* Translators: %'u is a number with the marks of thousands. */
    text = g_strdup_printf (ngettext ("%'u event", "%'u events", n), n);
  gtk_label_set_label (self->count, text != NULL ? text : "");
  gtk_widget_set_sensitive (self->export, n > 0);
}

static void
lk_events_view_refresh_empty (LkEventsView *self)
{
  gboolean open = lk_event_filter_is_open (lk_event_filter_bar_get_filter (self->bar));

  adw_status_page_set_title (self->empty, open ? _("Nothing Has Happened Yet")
                                               : _("Nothing Found"));
  adw_status_page_set_description (
      self->empty, open ? _("Sign-ins, renewals, refusals and checks of all connections will stand "
                            "here.")
                        : _("Nothing like this happened, or it is older than what is kept."));
  gtk_widget_set_visible (self->show_all, !open);
}

static void
lk_events_view_refresh_problem (LkEventsView *self, const GError *error)
{
  g_autofree char *sentence = lk_agent_error_to_sentence (error);

  adw_status_page_set_description (self->problem, sentence);
}

/* Which of list, words and spinner is there. What was shown stays while something else is asked. */
static void
lk_events_view_refresh (LkEventsView *self)
{
  const GError *error = lk_event_list_get_error (self->list);
  gboolean loading = lk_event_list_get_loading (self->list);
  const char *page = "list";

  if (error != NULL && !loading)
    {
      lk_events_view_refresh_problem (self, error);
      page = "problem";
    }
  else if (!lk_event_list_is_known (self->list))
    {
      page = "busy";
    }
  else if (lk_events_view_get_n (self) == 0)
    {
      if (!loading)
        lk_events_view_refresh_empty (self);
      page = "empty";
    }
  gtk_spinner_set_spinning (self->spinner, loading && self->context != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), loading);
  gtk_stack_set_visible_child_name (self->stack, page);
  lk_events_view_refresh_count (self);
}

static gboolean
lk_events_view_is_at_top (LkEventsView *self)
{
  return gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scrolled)) < AT_TOP;
}

static void
lk_events_view_scroll_to_top (LkEventsView *self)
{
  if (lk_events_view_get_n (self) > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", 0u);
}

static void
lk_events_view_refresh_news (LkEventsView *self)
{
  guint n = lk_event_list_get_n_new (self->list);
  g_autofree char *text = NULL;

  if (lk_event_list_has_many (self->list))
    text = g_strdup (_("Show New Events"));
  else
    text = g_strdup_printf (ngettext ("%u New Event", "%u New Events", n), n);
  gtk_button_set_label (self->news_button, text);
  gtk_revealer_set_reveal_child (self->news, n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->news), n > 0);
}

/* Whoever looks at the newest goes on seeing the newest; whoever reads below is only told. */
static void
news_changed_cb (LkEventsView *self)
{
  if (lk_event_list_get_n_new (self->list) > 0 && lk_events_view_is_at_top (self))
    {
      lk_event_list_show_new (self->list);
      lk_events_view_scroll_to_top (self);
    }
  lk_events_view_refresh_news (self);
}

static void
show_new_cb (LkEventsView *self)
{
  lk_event_list_show_new (self->list);
  lk_events_view_scroll_to_top (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  lk_events_view_refresh_news (self);
}

static void
scrolled_cb (LkEventsView *self)
{
  if (lk_event_list_get_n_new (self->list) > 0 && lk_events_view_is_at_top (self))
    news_changed_cb (self);
}

static void
lk_events_view_ask (LkEventsView *self)
{
  gint64 now;

  if (self->context == NULL)
    return;
  now = lk_app_context_get_now (self->context);
  self->day = now;
  lk_event_list_set_options (self->list,
                             lk_event_filter_to_options (lk_event_filter_bar_get_filter (self->bar),
                                                         now));
}

static void
filter_changed_cb (LkEventsView *self)
{
  lk_events_view_ask (self);
}

static void
loading_cb (LkEventsView *self)
{
  lk_events_view_refresh (self);
  if (!lk_event_list_get_loading (self->list))
    lk_events_view_refresh_news (self);
}

static void
items_changed_cb (LkEventsView *self, guint position, guint removed, guint added)
{
  /* A list that is all new begins at its top. */
  if (position == 0 && removed > 0)
    lk_events_view_scroll_to_top (self);
  lk_events_view_refresh (self);
}

/* At midnight "today" is another day, in the headings as in the filter. */
static void
now_cb (LkEventsView *self)
{
  gint64 now = lk_app_context_get_now (self->context);

  if (self->day == 0 || lk_day_is_same (self->day, now))
    return;
  lk_events_view_ask (self);
  lk_event_list_reload (self->list);
}

static void
state_changed_cb (LkEventsView *self)
{
  lk_event_list_set_agent (self->list, lk_app_context_get_agent (self->context));
  lk_events_view_refresh (self);
}

static void
again_cb (LkEventsView *self)
{
  lk_event_list_reload (self->list);
}

static void
show_all_cb (LkEventsView *self)
{
  g_autoptr(LkEventFilter) open = lk_event_filter_new ();

  lk_event_filter_bar_set_filter (self->bar, open);
}

static void
setup_cb (LkEventsView *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, lk_event_row_new (self->context));
}

static void
bind_cb (LkEventsView *self, GtkListItem *item)
{
  lk_event_row_set_item (LK_EVENT_ROW (gtk_list_item_get_child (item)),
                         gtk_list_item_get_item (item));
}

static void
unbind_cb (LkEventsView *self, GtkListItem *item)
{
  lk_event_row_set_item (LK_EVENT_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
activate_cb (LkEventsView *self, guint position)
{
  g_autoptr(LkEventItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  if (item == NULL || lk_event_item_is_placeholder (item))
    return;
  if (lk_event_item_has_fault (item))
    gtk_widget_activate_action (GTK_WIDGET (self), "activity.explain", "(sx)",
                                lk_event_item_get_connection (item), lk_event_item_get_id (item));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "s",
                                lk_event_item_get_connection (item));
}

typedef struct
{
  LkEventsView *view;  /* (owned) */
  gint64        event;
} Explained;

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Explained *explained = user_data;
  g_autoptr(LkEventsView) self = explained->view;
  gint64 event = explained->event;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr(GError) error = NULL;
  g_autoptr(LkDBusConnection1) connection
    = lk_agent_client_get_connection_finish (LK_AGENT_CLIENT (source), result, &error);
  g_autoptr(LkExamination) examination = NULL;

  g_free (explained);
  if (!LK_IS_WINDOW (root) || self->context == NULL)
    return;
  if (g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND))
    {
      lk_window_toast (LK_WINDOW (root), _("That connection was removed, so it can’t be asked any "
                                           "more."));
      return;
    }
  if (connection == NULL)
    {
      lk_window_toast_error (LK_WINDOW (root), error);
      return;
    }
  examination = lk_examination_new (self->context, connection, event, NULL);
  lk_window_show_finding (LK_WINDOW (root), examination);
}

static void
explain_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkEventsView *self = LK_EVENTS_VIEW (widget);
  Explained *explained = g_new0 (Explained, 1);
  const char *id;

  g_variant_get (parameter, "(&sx)", &id, &explained->event);
  explained->view = g_object_ref (self);
  lk_agent_client_get_connection_async (lk_app_context_get_client (self->context), id, NULL,
                                        found_cb, explained);
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gboolean json = g_strcmp0 (name, "activity.export-json") == 0;

  g_signal_emit (widget, export_signal, 0, json ? LK_EXPORT_JSON : LK_EXPORT_CSV);
}

static void
lk_events_view_dispose (GObject *object)
{
  LkEventsView *self = LK_EVENTS_VIEW (object);
  GtkWidget *child;

  if (self->view != NULL)
    gtk_list_view_set_model (self->view, NULL);
  self->view = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->list);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_events_view_parent_class)->dispose (object);
}

static void
lk_events_view_class_init (LkEventsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_events_view_dispose;
  g_type_ensure (LK_TYPE_EVENT_FILTER_BAR);
  export_signal = g_signal_new ("export", LK_TYPE_EVENTS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-events-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LkEventsView, bar);
  gtk_widget_class_bind_template_child (widget_class, LkEventsView, count);
  gtk_widget_class_bind_template_child (widget_class, LkEventsView, spinner);
  gtk_widget_class_bind_template_child (widget_class, LkEventsView, export);
  gtk_widget_class_bind_template_child (widget_class, LkEventsView, stack);
  gtk_widget_class_bind_template_child (widget_class, LkEventsView, empty);
  gtk_widget_class_bind_template_child (widget_class, LkEventsView, show_all);
  gtk_widget_class_bind_template_child (widget_class, LkEventsView, problem);
  gtk_widget_class_bind_template_child (widget_class, LkEventsView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, LkEventsView, view);
  gtk_widget_class_bind_template_child (widget_class, LkEventsView, news);
  gtk_widget_class_bind_template_child (widget_class, LkEventsView, news_button);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_new_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_all_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_install_action (widget_class, "activity.explain", "(sx)", explain_action);
  gtk_widget_class_install_action (widget_class, "activity.export-csv", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "activity.export-json", NULL, export_action);
}

static void
lk_events_view_init (LkEventsView *self)
{
  self->list = lk_event_list_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->stack, gtk_stack_get_pages (self->stack));
  g_signal_connect_object (self->list, "notify::loading", G_CALLBACK (loading_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "notify::n-new", G_CALLBACK (news_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scrolled), "value-changed",
                           G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
}

void
lk_events_view_set_context (LkEventsView *self, LkAppContext *context)
{
  g_autoptr(GtkNoSelection) selection = NULL;

  self->context = g_object_ref (context);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->list)));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  /* After the view's own, so that there is something to scroll. */
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  lk_event_filter_bar_set_context (self->bar, context);
  g_signal_connect_object (context, "notify::now", G_CALLBACK (now_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lk_app_context_get_client (context), "notify::state",
                           G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  lk_events_view_ask (self);
  state_changed_cb (self);
}

void
lk_events_view_set_filter (LkEventsView *self, const LkEventFilter *filter)
{
  lk_event_filter_bar_set_filter (self->bar, filter);
}

GVariant *
lk_events_view_get_options (LkEventsView *self)
{
  return lk_event_list_get_options (self->list);
}

void
lk_events_view_grab_search (LkEventsView *self)
{
  lk_event_filter_bar_grab_search (self->bar);
}
