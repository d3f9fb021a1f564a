/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-event-filter-bar.h"

#include <glib/gi18n.h>

#include "lk-connection-pick.h"
#include "lk-day-words.h"

struct _LkEventFilterBar
{
  GtkWidget         parent_instance;

  LkAppContext     *context; /* (owned) (nullable) */
  LkEventFilter    *filter;  /* (owned) */
  gboolean          filling; /* the controls are being set to the filter */
  GtkCheckButton   *groups[LK_N_EVENT_GROUPS];

  GtkSearchEntry   *search;
  GtkMenuButton    *connection;
  GtkLabel         *connection_label;
  LkConnectionPick *pick;
  GtkMenuButton    *kinds;
  GtkLabel         *kinds_label;
  GtkBox           *kinds_box;
  GtkMenuButton    *period;
  GtkLabel         *period_label;
  GtkCheckButton   *all;
  GtkCheckButton   *today;
  GtkCheckButton   *week;
  GtkCheckButton   *month;
  GtkCheckButton   *span;
  GtkCalendar      *calendar;
  GtkButton        *clear;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (LkEventFilterBar, lk_event_filter_bar, GTK_TYPE_WIDGET)

/* What the button is for, and what is chosen. */
static void
set_button (GtkMenuButton *button, GtkLabel *label, const char *purpose, const char *chosen)
{
  gtk_label_set_label (label, chosen);
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), purpose);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, chosen,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, purpose, -1);
}

static GtkCheckButton *
lk_event_filter_bar_get_period (LkEventFilterBar *self)
{
  switch (self->filter->period)
    {
    case LK_EVENT_PERIOD_TODAY: return self->today;
    case LK_EVENT_PERIOD_WEEK:  return self->week;
    case LK_EVENT_PERIOD_MONTH: return self->month;
    case LK_EVENT_PERIOD_SPAN:  return self->span;
    case LK_EVENT_PERIOD_ALL:
    default:                    return self->all;
    }
}

/* The controls say what the filter says. */
static void
lk_event_filter_bar_refresh (LkEventFilterBar *self)
{
  gint64 now = self->context != NULL ? lk_app_context_get_now (self->context) : 0;
  g_autofree char *kinds = lk_event_groups_dup_label (self->filter->groups);
  g_autofree char *period = lk_event_filter_dup_period (self->filter, now);

  self->filling = TRUE;
  set_button (self->connection, self->connection_label, _("Which connection"),
              self->filter->connection != NULL ? self->filter->connection_name
                                               : _("All Connections"));
  set_button (self->kinds, self->kinds_label, _("What happened"), kinds);
  set_button (self->period, self->period_label, _("When it happened"), period);
  for (guint i = 0; i < LK_N_EVENT_GROUPS; i++)
    gtk_check_button_set_active (self->groups[i], (self->filter->groups & (1u << i)) != 0);
  gtk_check_button_set_active (lk_event_filter_bar_get_period (self), TRUE);
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->search)),
                 self->filter->search != NULL ? self->filter->search : "") != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->search),
                           self->filter->search != NULL ? self->filter->search : "");
  gtk_widget_set_visible (GTK_WIDGET (self->clear), !lk_event_filter_is_open (self->filter));
  self->filling = FALSE;
}

static void
lk_event_filter_bar_change (LkEventFilterBar *self)
{
  lk_event_filter_bar_refresh (self);
  g_signal_emit (self, changed_signal, 0);
}

static void
search_changed_cb (LkEventFilterBar *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  if (self->filling || g_strcmp0 (text, self->filter->search) == 0
      || (*text == '\0' && self->filter->search == NULL))
    return;
  g_free (self->filter->search);
  self->filter->search = *text != '\0' ? g_strdup (text) : NULL;
  lk_event_filter_bar_change (self);
}

static void
picked_cb (LkEventFilterBar *self, const char *id, const char *name)
{
  gtk_menu_button_popdown (self->connection);
  g_free (self->filter->connection);
  g_free (self->filter->connection_name);
  self->filter->connection = g_strdup (id);
  self->filter->connection_name = g_strdup (name);
  lk_event_filter_bar_change (self);
}

static void
group_cb (LkEventFilterBar *self)
{
  LkEventGroups groups = 0;

  if (self->filling)
    return;
  for (guint i = 0; i < LK_N_EVENT_GROUPS; i++)
    if (gtk_check_button_get_active (self->groups[i]))
      groups |= 1u << i;
  self->filter->groups = groups;
  lk_event_filter_bar_change (self);
}

static void
lk_event_filter_bar_take_day (LkEventFilterBar *self)
{
  g_autoptr(GDateTime) day = gtk_calendar_get_date (self->calendar);
  gint64 at = g_date_time_to_unix (day);

  self->filter->period = LK_EVENT_PERIOD_SPAN;
  self->filter->since = lk_day_get_start (at, 0);
  self->filter->until = lk_day_get_start (at, 1);
}

static void
period_cb (LkEventFilterBar *self, GtkCheckButton *button)
{
  if (self->filling || !gtk_check_button_get_active (button))
    return;
  if (button == self->span)
    lk_event_filter_bar_take_day (self);
  else
    self->filter->period = button == self->today  ? LK_EVENT_PERIOD_TODAY
                           : button == self->week ? LK_EVENT_PERIOD_WEEK
                           : button == self->month ? LK_EVENT_PERIOD_MONTH
                                                   : LK_EVENT_PERIOD_ALL;
  lk_event_filter_bar_change (self);
}

static void
day_cb (LkEventFilterBar *self)
{
  if (self->filling)
    return;
  lk_event_filter_bar_take_day (self);
  lk_event_filter_bar_change (self);
}

static void
clear_cb (LkEventFilterBar *self)
{
  g_autoptr(LkEventFilter) open = lk_event_filter_new ();

  lk_event_filter_bar_set_filter (self, open);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
lk_event_filter_bar_dispose (GObject *object)
{
  LkEventFilterBar *self = LK_EVENT_FILTER_BAR (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->filter, lk_event_filter_free);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_event_filter_bar_parent_class)->dispose (object);
}

static void
lk_event_filter_bar_class_init (LkEventFilterBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_event_filter_bar_dispose;
  g_type_ensure (LK_TYPE_CONNECTION_PICK);
  changed_signal = g_signal_new ("changed", LK_TYPE_EVENT_FILTER_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-event-filter-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, search);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, connection);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, connection_label);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, pick);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, kinds);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, kinds_label);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, kinds_box);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, period);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, period_label);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, all);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, today);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, week);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, month);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, span);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, calendar);
  gtk_widget_class_bind_template_child (widget_class, LkEventFilterBar, clear);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, period_cb);
  gtk_widget_class_bind_template_callback (widget_class, day_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
}

static void
lk_event_filter_bar_init (LkEventFilterBar *self)
{
  self->filter = lk_event_filter_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < LK_N_EVENT_GROUPS; i++)
    {
      GtkWidget *button
        = gtk_check_button_new_with_label (lk_event_groups_get_label (1u << i));

      self->groups[i] = GTK_CHECK_BUTTON (button);
      g_signal_connect_object (button, "toggled", G_CALLBACK (group_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (self->kinds_box, button);
    }
  lk_event_filter_bar_refresh (self);
}

void
lk_event_filter_bar_set_context (LkEventFilterBar *self, LkAppContext *context)
{
  g_set_object (&self->context, context);
  lk_connection_pick_set_context (self->pick, context);
  lk_event_filter_bar_refresh (self);
}

const LkEventFilter *
lk_event_filter_bar_get_filter (LkEventFilterBar *self)
{
  return self->filter;
}

void
lk_event_filter_bar_set_filter (LkEventFilterBar *self, const LkEventFilter *filter)
{
  LkEventFilter *copy = lk_event_filter_copy (filter);

  lk_event_filter_free (self->filter);
  self->filter = copy;
  lk_event_filter_bar_change (self);
}

void
lk_event_filter_bar_grab_search (LkEventFilterBar *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}
