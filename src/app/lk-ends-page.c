/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-ends-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lk-accessible-calendar.h"
#include "lk-accessible-pages.h"
#include "lk-connection-list.h"
#include "lk-day-words.h"
#include "lk-end-row.h"
#include "lk-end-words.h"
#include "lk-ends-reader.h"
#include "lk-export-job.h"
#include "lk-save.h"
#include "lk-show-file.h"
#include "lk-window-private.h"

struct _LkEndsPage
{
  GtkWidget             parent_instance;

  LkAppContext         *context;     /* (owned) (nullable) */
  LkConnectionList     *list;        /* (owned) (nullable) */
  LkDBusAgent1         *agent;       /* (owned) (nullable): that is followed */
  GCancellable         *cancellable; /* (owned) (nullable): of the month's question */
  GPtrArray            *ends;        /* (owned) (nullable): LkEnd, to the end of the month */
  GtkFileChooserNative *chooser;     /* (owned) (nullable) */
  GFile                *file;        /* (owned) (nullable): to save to */
  guint                 refresh_id;

  GtkStack             *stack;
  GtkLabel             *summary;
  GtkWidget            *side;
  GtkCalendar          *calendar;
  GtkLabel             *month_label;
  GtkWidget            *save;
  GtkListView          *view;
};

G_DEFINE_FINAL_TYPE (LkEndsPage, lk_ends_page, GTK_TYPE_WIDGET)

static guint
lk_ends_page_get_n (LkEndsPage *self)
{
  return self->list != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->list)) : 0;
}

static gboolean
refresh_cb (gpointer user_data)
{
  LkEndsPage *self = user_data;
  g_autoptr(LkDBusConnection1) first = NULL;
  g_autofree char *text = NULL;
  guint n = lk_ends_page_get_n (self);

  self->refresh_id = 0;
  gtk_stack_set_visible_child_name (self->stack,
                                    !lk_connection_list_is_known (self->list) ? "busy"
                                    : n == 0                                  ? "empty"
                                                                              : "ends");
  if (n == 0)
    return G_SOURCE_REMOVE;
  first = g_list_model_get_item (G_LIST_MODEL (self->list), 0);
  if (lk_connection_is_placeholder (first) || lk_dbus_connection1_get_name (first) == NULL)
    return G_SOURCE_REMOVE;
  text = lk_end_words_dup_next (lk_dbus_connection1_get_name (first),
                                lk_dbus_connection1_get_authorization_ends (first),
                                lk_app_context_get_now (self->context));
  gtk_label_set_label (self->summary, text);
  return G_SOURCE_REMOVE;
}

static void
lk_ends_page_queue_refresh (LkEndsPage *self)
{
  if (self->refresh_id == 0 && self->context != NULL)
    self->refresh_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, refresh_cb, self, NULL);
}

/* The first day of the month that shows, or of the one after it. */
static gint64
lk_ends_page_get_month (LkEndsPage *self, int later)
{
  g_autoptr(GDateTime) date = gtk_calendar_get_date (self->calendar);
  g_autoptr(GDateTime) first = g_date_time_new_local (g_date_time_get_year (date),
                                                      g_date_time_get_month (date), 1, 0, 0, 0);
  g_autoptr(GDateTime) month = g_date_time_add_months (first, later);

  return g_date_time_to_unix (month);
}

/* How many ends there are on the days that are marked, in words as well. */
static void
lk_ends_page_mark (LkEndsPage *self)
{
  gint64 since = lk_ends_page_get_month (self, 0), until = lk_ends_page_get_month (self, 1);
  g_autofree char *text = NULL;
  guint n = 0;

  gtk_calendar_clear_marks (self->calendar);
  for (guint i = 0; self->ends != NULL && i < self->ends->len; i++)
    {
      const LkEnd *end = g_ptr_array_index (self->ends, i);
      g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (end->at);

      if (end->at < since || end->at >= until || time == NULL)
        continue;
      gtk_calendar_mark_day (self->calendar, (guint) g_date_time_get_day_of_month (time));
      n++;
    }
  text = g_strdup_printf (ngettext ("%u end in this month", "%u ends in this month", n), n);
  gtk_label_set_label (self->month_label, n > 0 ? text : _("No ends in this month"));
}

static void
month_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkEndsPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) ends = lk_ends_read_finish (result, &error);

  if (self->context == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  /* Without an answer no day is marked; the agenda beside it says what there is to say. */
  g_clear_pointer (&self->ends, g_ptr_array_unref);
  self->ends = g_steal_pointer (&ends);
  lk_ends_page_mark (self);
}

static void
lk_ends_page_read_month (LkEndsPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->context == NULL || self->agent == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->cancellable = g_cancellable_new ();
  lk_ends_read_async (self->agent, lk_ends_page_get_month (self, 1) - 1, self->cancellable,
                      month_read_cb, g_object_ref (self));
}

static void
month_cb (LkEndsPage *self)
{
  lk_ends_page_mark (self);
  lk_ends_page_read_month (self);
}

/* To the first end on that day or after it. */
static void
day_cb (LkEndsPage *self)
{
  g_autoptr(GDateTime) date = gtk_calendar_get_date (self->calendar);
  gint64 day = lk_day_get_start (g_date_time_to_unix (date), 0);
  guint n = lk_ends_page_get_n (self);
  guint position = 0;

  month_cb (self);
  while (self->ends != NULL && position < self->ends->len
         && ((LkEnd *) g_ptr_array_index (self->ends, position))->at < day)
    position++;
  if (n > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u",
                                MIN (position, n - 1));
}

static void
setup_cb (LkEndsPage *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, lk_end_row_new (self->context));
}

static void
bind_cb (LkEndsPage *self, GtkListItem *item)
{
  guint position = gtk_list_item_get_position (item);
  g_autoptr(LkDBusConnection1) above
    = position > 0 ? g_list_model_get_item (G_LIST_MODEL (self->list), position - 1) : NULL;

  lk_end_row_set (LK_END_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item),
                  above);
}

static void
unbind_cb (LkEndsPage *self, GtkListItem *item)
{
  lk_end_row_set (LK_END_ROW (gtk_list_item_get_child (item)), NULL, NULL);
}

static void
activate_cb (LkEndsPage *self, guint position)
{
  g_autoptr(LkDBusConnection1) connection
    = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  if (connection != NULL && !lk_connection_is_placeholder (connection))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "s",
                                lk_dbus_connection1_get_id (connection));
}

static void
lk_ends_page_tell (LkEndsPage *self, const GError *error)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *sentence = lk_export_error_to_sentence (error);

  if (LK_IS_WINDOW (root))
    lk_window_toast (LK_WINDOW (root), sentence);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkEndsPage) self = user_data;
  g_autoptr(GError) error = NULL;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (!lk_save_finish (result, &error))
    lk_ends_page_tell (self, error);
  else if (LK_IS_WINDOW (root))
    lk_show_file_toast (LK_WINDOW (root), _("Saved as a calendar"), G_FILE (source));
}

/* Days on which the agent warns are the ones on which a calendar should remind. */
static GBytes *
lk_ends_page_make_calendar (LkEndsPage *self, GPtrArray *ends)
{
  GVariant *settings = self->agent != NULL ? lk_dbus_agent1_get_settings (self->agent) : NULL;
  g_autoptr(GVariant) days = NULL;
  const guint32 *numbers = NULL;
  gsize n = 0;

  if (settings != NULL)
    days = g_variant_lookup_value (settings, "warn-days", G_VARIANT_TYPE ("au"));
  if (days != NULL)
    numbers = g_variant_get_fixed_array (days, &n, sizeof *numbers);
  return lk_ends_to_calendar (ends, numbers, n, lk_app_context_get_now (self->context));
}

static void
all_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkEndsPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) ends = lk_ends_read_finish (result, &error);
  g_autoptr(GFile) file = g_steal_pointer (&self->file);
  g_autoptr(GBytes) bytes = NULL;

  if (self->context == NULL)
    return;
  if (ends == NULL)
    {
      lk_ends_page_tell (self, error);
      return;
    }
  bytes = lk_ends_page_make_calendar (self, ends);
  lk_save_async (file, bytes, NULL, saved_cb, g_object_ref (self));
}

static void
chosen_cb (LkEndsPage *self, int response)
{
  g_clear_object (&self->file);
  if (response == GTK_RESPONSE_ACCEPT)
    self->file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  if (self->file != NULL && self->agent != NULL)
    lk_ends_read_async (self->agent, G_MAXINT64 - 1, NULL, all_read_cb, g_object_ref (self));
}

static void
save_cb (LkEndsPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser != NULL || self->file != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Export to Calendar"), GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "latchkey.ics");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
state_changed_cb (LkEndsPage *self)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);

  if (self->agent == agent)
    return;
  if (self->agent != NULL)
    g_signal_handlers_disconnect_by_func (self->agent, lk_ends_page_read_month, self);
  g_set_object (&self->agent, agent);
  if (agent != NULL)
    g_signal_connect_object (agent, "connections-changed", G_CALLBACK (lk_ends_page_read_month),
                             self, G_CONNECT_SWAPPED);
  lk_ends_page_read_month (self);
}

static void
lk_ends_page_dispose (GObject *object)
{
  LkEndsPage *self = LK_ENDS_PAGE (object);
  GtkWidget *child;

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);
  if (self->view != NULL)
    gtk_list_view_set_model (self->view, NULL);
  self->view = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->ends, g_ptr_array_unref);
  g_clear_object (&self->list);
  g_clear_object (&self->agent);
  g_clear_object (&self->file);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_ends_page_parent_class)->dispose (object);
}

static void
lk_ends_page_class_init (LkEndsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_ends_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/latchkey_app/Latchkey/lk-ends-page.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkEndsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LkEndsPage, summary);
  gtk_widget_class_bind_template_child (widget_class, LkEndsPage, side);
  gtk_widget_class_bind_template_child (widget_class, LkEndsPage, calendar);
  gtk_widget_class_bind_template_child (widget_class, LkEndsPage, month_label);
  gtk_widget_class_bind_template_child (widget_class, LkEndsPage, save);
  gtk_widget_class_bind_template_child (widget_class, LkEndsPage, view);
  gtk_widget_class_bind_template_callback (widget_class, month_cb);
  gtk_widget_class_bind_template_callback (widget_class, day_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
lk_ends_page_init (LkEndsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->stack, gtk_stack_get_pages (self->stack));
  lk_accessible_calendar_name (self->calendar);
  g_signal_connect (self, "map", G_CALLBACK (lk_ends_page_read_month), NULL);
}

void
lk_ends_page_set_context (LkEndsPage *self, LkAppContext *context)
{
  g_autoptr(GtkNoSelection) selection = NULL;

  self->context = g_object_ref (context);
  self->list = lk_connection_list_new (lk_app_context_get_client (context), NULL, "ends");
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->list)));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (lk_ends_page_queue_refresh),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "notify::loading", G_CALLBACK (lk_ends_page_queue_refresh),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::now", G_CALLBACK (lk_ends_page_queue_refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lk_app_context_get_client (context), "notify::state",
                           G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  state_changed_cb (self);
  lk_ends_page_queue_refresh (self);
}

/* The agenda alone says it all; the grid is for those who have room. */
void
lk_ends_page_set_narrow (LkEndsPage *self, gboolean narrow)
{
  gtk_widget_set_visible (self->side, !narrow);
}
