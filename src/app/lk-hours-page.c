/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-hours-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lk-accessible-pages.h"
#include "lk-hours-picture.h"
#include "lk-hours-sign.h"
#include "lk-day-words.h"

#define HOUR 3600
#define WEEK 7
#define MONTH 30

struct _LkHoursPage
{
  GtkWidget        parent_instance;

  LkAppContext    *context;     /* (owned) (nullable) */
  LkDBusAgent1    *agent;       /* (owned) (nullable): that is followed */
  GCancellable    *cancellable; /* (owned) (nullable): of the question under way */
  LkHours         *hours;       /* (owned) (nullable) */
  gint64           now;         /* when they were asked for */
  gboolean         again;       /* meanwhile there is more */

  GtkStack        *stack;
  AdwStatusPage   *problem;
  GtkLabel        *summary;
  GtkLabel        *most;
  GtkToggleButton *week;
  GtkToggleButton *table_button;
  GtkStack        *shape;
  LkHoursPicture  *picture;
  GtkFlowBox      *legend;
  GtkListView     *table;
};

static guint chosen_signal;

G_DEFINE_FINAL_TYPE (LkHoursPage, lk_hours_page, GTK_TYPE_WIDGET)

static void lk_hours_page_ask (LkHoursPage *self);

static void
lk_hours_page_choose (LkHoursPage *self, const LkHour *hour)
{
  g_signal_emit (self, chosen_signal, 0, hour->since, hour->until);
}

static void
chosen_cb (LkHoursPage *self, guint day, guint hour)
{
  lk_hours_page_choose (self, lk_hours_get (self->hours, day, hour));
}

static const LkHour *
lk_hours_page_get_hour (LkHoursPage *self, GtkStringObject *item)
{
  return &self->hours->hours[g_ascii_strtoull (gtk_string_object_get_string (item), NULL, 10)];
}

static void
activate_cb (LkHoursPage *self, guint position)
{
  g_autoptr(GtkStringObject) item
    = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->table)), position);

  if (item != NULL)
    lk_hours_page_choose (self, lk_hours_page_get_hour (self, item));
}

static void
setup_cb (LkHoursPage *self, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *what = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, NULL);
  GtkWidget *when = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, NULL);

  gtk_widget_add_css_class (what, "caption");
  gtk_widget_add_css_class (what, "dim-label");
  gtk_box_append (GTK_BOX (box), when);
  gtk_box_append (GTK_BOX (box), what);
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (LkHoursPage *self, GtkListItem *item)
{
  GtkWidget *box = gtk_list_item_get_child (item);
  const LkHour *hour = lk_hours_page_get_hour (self, gtk_list_item_get_item (item));
  g_autofree char *when = lk_hour_dup_when (hour, self->now);
  g_autofree char *what = lk_hour_dup_what (hour);
  g_autofree char *spoken = NULL;

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (box)), when);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (box)), what);
  /* Translators: an hour, and what was refused in it. */
  spoken = g_strdup_printf (_("%s: %s"), when, what);
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* Hours with refusals alone, the newest first; items are places in the array. */
static void
lk_hours_page_fill_table (LkHoursPage *self)
{
  g_autoptr(GtkStringList) hours = gtk_string_list_new (NULL);
  g_autoptr(GtkNoSelection) selection = NULL;

  for (guint i = self->hours->n_days * LK_HOURS_A_DAY; i > 0; i--)
    if (self->hours->hours[i - 1].total > 0)
      gtk_string_list_take (hours, g_strdup_printf ("%u", i - 1));
  selection = gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&hours)));
  gtk_list_view_set_model (self->table, GTK_SELECTION_MODEL (selection));
}

static void
lk_hours_page_fill_legend (LkHoursPage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->legend))) != NULL)
    gtk_flow_box_remove (self->legend, child);
  for (guint i = 0; i < LK_N_REFUSAL_SORTS; i++)
    {
      GtkWidget *box, *label;
      g_autofree char *text = NULL;

      if (self->hours->by_sort[i] == 0)
        continue;
      /* Translators: a sort of refusals, and how many there were: "Limits: 12". */
      text = g_strdup_printf (_("%s: %u"), lk_refusal_sort_get_label (i),
                              self->hours->by_sort[i]);
      label = gtk_label_new (text);
      gtk_widget_add_css_class (label, "caption");
      box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      gtk_box_append (GTK_BOX (box), lk_hours_sign_new (i));
      gtk_box_append (GTK_BOX (box), label);
      child = gtk_flow_box_child_new ();
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_append (self->legend, child);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->legend), self->hours->total > 0);
}

static void
lk_hours_page_take (LkHoursPage *self, GVariant *tallies)
{
  LkHours *old = self->hours;
  guint n_days = gtk_toggle_button_get_active (self->week) ? WEEK : MONTH;
  g_autofree char *summary = NULL, *most = NULL;

  self->hours = lk_hours_new (tallies, self->now, n_days);
  lk_hours_picture_set_hours (self->picture, self->hours, self->now);
  lk_hours_page_fill_table (self);
  lk_hours_page_fill_legend (self);
  g_clear_pointer (&old, lk_hours_free);
  summary = lk_hours_dup_summary (self->hours);
  most = lk_hours_dup_most (self->hours, self->now);
  gtk_label_set_label (self->summary, summary);
  gtk_label_set_label (self->most, most != NULL ? most : "");
  gtk_widget_set_visible (GTK_WIDGET (self->most), most != NULL);
  if (self->hours->total == 0)
    gtk_toggle_button_set_active (self->table_button, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->table_button), self->hours->total > 0);
  gtk_stack_set_visible_child_name (self->stack, "hours");
}

static void
tallied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkHoursPage) self = user_data;
  g_autoptr(GVariant) tallies = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;
  gboolean answered = lk_dbus_agent1_call_tally_finish (LK_DBUS_AGENT1 (source), &tallies, result,
                                                        &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->context == NULL)
    return;
  g_clear_object (&self->cancellable);
  if (answered)
    {
      lk_hours_page_take (self, tallies);
    }
  else
    {
      sentence = lk_agent_error_to_sentence (error);
      adw_status_page_set_description (self->problem, sentence);
      gtk_stack_set_visible_child_name (self->stack, "problem");
    }
  if (self->again)
    lk_hours_page_ask (self);
}

/* One question at a time, and none while nobody looks. */
static void
lk_hours_page_ask (LkHoursPage *self)
{
  guint n_days = gtk_toggle_button_get_active (self->week) ? WEEK : MONTH;

  if (self->context == NULL || self->agent == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->again = self->cancellable != NULL;
  if (self->again)
    return;
  self->cancellable = g_cancellable_new ();
  self->now = lk_app_context_get_now (self->context);
  lk_dbus_agent1_call_tally (self->agent, "", lk_hours_get_since (self->now, n_days),
                             self->now + HOUR, HOUR, self->cancellable, tallied_cb,
                             g_object_ref (self));
}

/* Another period is another question: what is under way is not wanted any more. */
static void
lk_hours_page_ask_anew (LkHoursPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  lk_hours_page_ask (self);
}

static void
period_cb (LkHoursPage *self, GtkToggleButton *button)
{
  if (gtk_toggle_button_get_active (button))
    lk_hours_page_ask_anew (self);
}

static void
table_cb (LkHoursPage *self)
{
  gtk_stack_set_visible_child_name (self->shape,
                                    gtk_toggle_button_get_active (self->table_button) ? "table"
                                                                                      : "picture");
}

static void
state_changed_cb (LkHoursPage *self)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);

  if (self->agent == agent)
    return;
  if (self->agent != NULL)
    g_signal_handlers_disconnect_by_func (self->agent, lk_hours_page_ask, self);
  g_set_object (&self->agent, agent);
  if (agent != NULL)
    g_signal_connect_object (agent, "events-changed", G_CALLBACK (lk_hours_page_ask), self,
                             G_CONNECT_SWAPPED);
  lk_hours_page_ask_anew (self);
}

static void
now_cb (LkHoursPage *self)
{
  if (self->now != 0 && !lk_day_is_same (self->now, lk_app_context_get_now (self->context)))
    lk_hours_page_ask (self);
}

static void
lk_hours_page_dispose (GObject *object)
{
  LkHoursPage *self = LK_HOURS_PAGE (object);
  GtkWidget *child;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->picture != NULL)
    lk_hours_picture_set_hours (self->picture, NULL, 0);
  self->picture = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->hours, lk_hours_free);
  g_clear_object (&self->agent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_hours_page_parent_class)->dispose (object);
}

static void
lk_hours_page_class_init (LkHoursPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_hours_page_dispose;
  g_type_ensure (LK_TYPE_HOURS_PICTURE);
  chosen_signal = g_signal_new ("chosen", LK_TYPE_HOURS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-hours-page.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkHoursPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LkHoursPage, problem);
  gtk_widget_class_bind_template_child (widget_class, LkHoursPage, summary);
  gtk_widget_class_bind_template_child (widget_class, LkHoursPage, most);
  gtk_widget_class_bind_template_child (widget_class, LkHoursPage, week);
  gtk_widget_class_bind_template_child (widget_class, LkHoursPage, table_button);
  gtk_widget_class_bind_template_child (widget_class, LkHoursPage, shape);
  gtk_widget_class_bind_template_child (widget_class, LkHoursPage, picture);
  gtk_widget_class_bind_template_child (widget_class, LkHoursPage, legend);
  gtk_widget_class_bind_template_child (widget_class, LkHoursPage, table);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, period_cb);
  gtk_widget_class_bind_template_callback (widget_class, table_cb);
  gtk_widget_class_bind_template_callback (widget_class, lk_hours_page_ask_anew);
}

static void
lk_hours_page_init (LkHoursPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->stack, gtk_stack_get_pages (self->stack));
  lk_accessible_pages_follow (self->shape, gtk_stack_get_pages (self->shape));
  g_signal_connect (self, "map", G_CALLBACK (lk_hours_page_ask), NULL);
}

void
lk_hours_page_set_context (LkHoursPage *self, LkAppContext *context)
{
  self->context = g_object_ref (context);
  g_signal_connect_object (context, "notify::now", G_CALLBACK (now_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lk_app_context_get_client (context), "notify::state",
                           G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  state_changed_cb (self);
}
