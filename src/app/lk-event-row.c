/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-event-row.h"

#include <glib/gi18n.h>

#include "lk-day-words.h"
#include "lk-event-filter.h"
#include "lk-time-words.h"

struct _LkEventRow
{
  GtkWidget     parent_instance;

  LkAppContext *context; /* (owned) */
  LkEventItem  *item;    /* (owned) (nullable) */

  GtkLabel     *heading;
  GtkImage     *icon;
  GtkLabel     *clock;
  GtkLabel     *words;
  GtkLabel     *about;
  GtkButton    *explain;
};

G_DEFINE_FINAL_TYPE (LkEventRow, lk_event_row, GTK_TYPE_WIDGET)

/* "Brand EU · 5 times" */
static char *
lk_event_row_dup_about (LkEventRow *self)
{
  const char *name = lk_event_item_get_connection_name (self->item);
  guint count = lk_event_item_get_count (self->item);
  g_autofree char *times = NULL;

  if (count <= 1)
    return g_strdup (name);
  times = g_strdup_printf (ngettext ("%u time", "%u times", count), count);
  if (*name == '\0')
    return g_steal_pointer (&times);
  /* Translators: name of a connection, and how often something came: "Brand EU · 5 times". */
  return g_strdup_printf (_("%s · %s"), name, times);
}

static void
lk_event_row_refresh_explain (LkEventRow *self, const char *words)
{
  gboolean visible = lk_event_item_has_fault (self->item);

  gtk_widget_set_visible (GTK_WIDGET (self->explain), visible);
  if (!visible)
    return;
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->explain), "(sx)",
                                    lk_event_item_get_connection (self->item),
                                    lk_event_item_get_id (self->item));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->explain), "activity.explain");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->explain),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

static void
lk_event_row_refresh_words (LkEventRow *self)
{
  gint64 at = lk_event_item_get_at (self->item);
  const char *kind = lk_event_item_get_kind (self->item);
  const char *label = lk_event_kind_get_label (kind);
  g_autofree char *words
    = lk_event_item_dup_words (self->item, lk_app_context_get_diagnosis (self->context));
  g_autofree char *about = lk_event_row_dup_about (self);
  g_autofree char *clock = lk_day_words_dup_clock (at);
  g_autofree char *absolute = lk_time_words_dup_absolute (at);
  g_autofree char *relative
    = lk_time_words_dup_relative (at, lk_app_context_get_now (self->context));
  g_autofree char *tooltip = NULL, *spoken = NULL;

  gtk_image_set_from_icon_name (self->icon, lk_event_kind_get_icon (kind));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->icon), label);
  if (lk_event_kind_is_trouble (kind))
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), "dim-label");
  gtk_label_set_label (self->clock, clock);
  gtk_label_set_label (self->words, words);
  gtk_label_set_label (self->about, about);
  gtk_widget_set_visible (GTK_WIDGET (self->about), *about != '\0');
  /* Translators: a time twice: "2 hours ago: Friday 27 November 2026, 14:02 CET". */
  tooltip = g_strdup_printf (_("%s: %s"), relative, absolute != NULL ? absolute : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->clock), tooltip);
  /* Translators: a line of the history for screen readers: time, kind, sentence, connection. */
  spoken = g_strdup_printf (_("%s, %s: %s, %s"), absolute != NULL ? absolute : "", label, words,
                            about);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  lk_event_row_refresh_explain (self, words);
}

static void
lk_event_row_refresh (LkEventRow *self)
{
  gboolean placeholder = lk_event_item_is_placeholder (self->item);
  gboolean heads = !placeholder && lk_event_item_heads_day (self->item);
  g_autofree char *day = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->heading), heads);
  if (heads)
    {
      day = lk_day_words_dup_day (lk_event_item_get_at (self->item),
                                  lk_app_context_get_now (self->context));
      gtk_label_set_label (self->heading, day);
    }
  if (!placeholder)
    {
      lk_event_row_refresh_words (self);
      return;
    }
  gtk_image_set_from_icon_name (self->icon, "content-loading-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->icon), NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->clock), NULL);
  gtk_label_set_label (self->clock, "");
  gtk_label_set_label (self->words, "…");
  gtk_label_set_label (self->about, " ");
  gtk_widget_set_visible (GTK_WIDGET (self->about), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->explain), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Is being read"), -1);
}

static void
lk_event_row_dispose (GObject *object)
{
  LkEventRow *self = LK_EVENT_ROW (object);
  GtkWidget *child;

  lk_event_row_set_item (self, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_event_row_parent_class)->dispose (object);
}

static void
lk_event_row_class_init (LkEventRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_event_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/latchkey_app/Latchkey/lk-event-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LkEventRow, heading);
  gtk_widget_class_bind_template_child (widget_class, LkEventRow, icon);
  gtk_widget_class_bind_template_child (widget_class, LkEventRow, clock);
  gtk_widget_class_bind_template_child (widget_class, LkEventRow, words);
  gtk_widget_class_bind_template_child (widget_class, LkEventRow, about);
  gtk_widget_class_bind_template_child (widget_class, LkEventRow, explain);
}

static void
lk_event_row_init (LkEventRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
lk_event_row_new (LkAppContext *context)
{
  LkEventRow *self = g_object_new (LK_TYPE_EVENT_ROW, NULL);

  self->context = g_object_ref (context);
  return GTK_WIDGET (self);
}

void
lk_event_row_set_item (LkEventRow *self, LkEventItem *item)
{
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, lk_event_row_refresh, self);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  g_signal_connect_object (item, "changed", G_CALLBACK (lk_event_row_refresh), self,
                           G_CONNECT_SWAPPED);
  lk_event_row_refresh (self);
}
