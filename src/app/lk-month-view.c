/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-month-view.h"

#include <glib/gi18n.h>

#include "lk-month-picture.h"

#define BUCKET (60 * 60)
/* Calls that succeed tell nobody, so the page looks again while it shows. */
#define AGAIN_SECONDS 60

struct _LkMonthView
{
  GtkWidget          parent_instance;

  LkAppContext      *context;     /* (owned) (nullable) */
  LkDBusConnection1 *connection;  /* (owned) (nullable) */
  GCancellable      *cancellable; /* (owned) (nullable): of the call under way */
  LkMonth           *month;       /* (owned) (nullable): what shows */
  gint64             asked;

  LkMonthPicture    *picture;
  GtkLabel          *oldest;
  GtkLabel          *line;
  GtkLabel          *legend;
  GtkMenuButton     *each;
  GtkListBox        *days;
};

G_DEFINE_FINAL_TYPE (LkMonthView, lk_month_view, GTK_TYPE_WIDGET)

static void
lk_month_view_refresh_line (LkMonthView *self)
{
  const LkMonthDay *day = lk_month_picture_get_chosen (self->picture);
  g_autofree char *text = NULL;

  if (self->month == NULL)
    return;
  text = day != NULL ? lk_month_words_dup_day (day)
                     : lk_month_words_dup_numbers (&self->month->total);
  gtk_label_set_label (self->line, text);
}

static void
lk_month_view_show (LkMonthView *self)
{
  g_autofree char *oldest = NULL;
  gboolean empty = self->month == NULL || lk_month_is_empty (self->month);

  lk_month_picture_set_month (self->picture, self->month);
  gtk_widget_set_visible (GTK_WIDGET (self->each), !empty);
  gtk_widget_set_visible (GTK_WIDGET (self->legend), !empty);
  if (self->month == NULL)
    {
      gtk_label_set_label (self->line, "");
      return;
    }
  oldest = lk_month_words_dup_date (&self->month->days[0]);
  gtk_label_set_label (self->oldest, oldest);
  lk_month_view_refresh_line (self);
}

static GtkWidget *
new_day_row (const LkMonthDay *day)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *date = lk_month_words_dup_date (day);
  g_autofree char *numbers = lk_month_words_dup_numbers (day);
  g_autofree char *spoken = lk_month_words_dup_day (day);
  GtkWidget *first = g_object_new (GTK_TYPE_LABEL, "label", date, "xalign", 0.0f, NULL);
  GtkWidget *second = g_object_new (GTK_TYPE_LABEL, "label", numbers, "xalign", 0.0f, "wrap", TRUE,
                                    NULL);

  gtk_widget_add_css_class (first, "heading");
  gtk_widget_add_css_class (second, "numeric");
  gtk_box_append (GTK_BOX (box), first);
  gtk_box_append (GTK_BOX (box), second);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

/* Newest first; days without anything are left out. */
static void
fill_days_cb (LkMonthView *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->days, 0)) != NULL)
    gtk_list_box_remove (self->days, GTK_WIDGET (row));
  for (int i = LK_MONTH_DAYS - 1; self->month != NULL && i >= 0; i--)
    {
      const LkMonthDay *day = &self->month->days[i];

      if (day->calls > 0 || day->renewals > 0 || day->failed > 0 || day->handed_out > 0)
        gtk_list_box_append (self->days, new_day_row (day));
    }
}

static void
tally_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkMonthView) self = user_data;
  g_autoptr(GVariant) tallies = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (lk_dbus_agent1_call_tally_finish (LK_DBUS_AGENT1 (source), &tallies, result, &error))
    {
      /* A view that was disposed of has no context. */
      if (self->context == NULL)
        return;
      g_clear_pointer (&self->month, lk_month_free);
      self->month = lk_month_new (tallies, lk_app_context_get_now (self->context));
      lk_month_view_show (self);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->context == NULL)
    return;
  sentence = lk_agent_error_to_sentence (error);
  gtk_label_set_label (self->line, sentence);
}

static void
lk_month_view_cancel (LkMonthView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

void
lk_month_view_reload (LkMonthView *self)
{
  LkDBusAgent1 *agent = self->context != NULL ? lk_app_context_get_agent (self->context) : NULL;
  gint64 now;

  lk_month_view_cancel (self);
  if (self->connection == NULL || agent == NULL)
    return;
  now = lk_app_context_get_now (self->context);
  self->asked = now;
  self->cancellable = g_cancellable_new ();
  lk_dbus_agent1_call_tally (agent, lk_dbus_connection1_get_id (self->connection),
                             lk_month_get_start (now), now + 1, BUCKET, self->cancellable,
                             tally_cb, g_object_ref (self));
}

static void
now_cb (LkMonthView *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self))
      && ABS (lk_app_context_get_now (self->context) - self->asked) >= AGAIN_SECONDS)
    lk_month_view_reload (self);
}

static void
lk_month_view_dispose (GObject *object)
{
  LkMonthView *self = LK_MONTH_VIEW (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  lk_month_view_cancel (self);
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_pointer (&self->month, lk_month_free);
  g_clear_object (&self->connection);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_month_view_parent_class)->dispose (object);
}

static void
lk_month_view_class_init (LkMonthViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_month_view_dispose;
  g_type_ensure (LK_TYPE_MONTH_PICTURE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-month-view.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkMonthView, picture);
  gtk_widget_class_bind_template_child (widget_class, LkMonthView, oldest);
  gtk_widget_class_bind_template_child (widget_class, LkMonthView, line);
  gtk_widget_class_bind_template_child (widget_class, LkMonthView, legend);
  gtk_widget_class_bind_template_child (widget_class, LkMonthView, each);
  gtk_widget_class_bind_template_child (widget_class, LkMonthView, days);
  gtk_widget_class_bind_template_callback (widget_class, lk_month_view_refresh_line);
  gtk_widget_class_bind_template_callback (widget_class, fill_days_cb);
}

static void
lk_month_view_init (LkMonthView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_month_view_show (self);
}

void
lk_month_view_set_connection (LkMonthView *self, LkAppContext *context,
                              LkDBusConnection1 *connection)
{
  if (self->context == NULL && context != NULL)
    {
      self->context = g_object_ref (context);
      g_signal_connect_object (context, "notify::now", G_CALLBACK (now_cb), self,
                               G_CONNECT_SWAPPED);
    }
  if (g_set_object (&self->connection, connection))
    {
      g_clear_pointer (&self->month, lk_month_free);
      lk_month_view_show (self);
    }
  lk_month_view_reload (self);
}
