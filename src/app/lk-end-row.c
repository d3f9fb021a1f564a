/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-end-row.h"

#include <glib/gi18n.h>

#include "lk-connection-list.h"
#include "lk-end-words.h"
#include "lk-time-words.h"

struct _LkEndRow
{
  GtkWidget          parent_instance;

  LkAppContext      *context;    /* (owned) */
  LkDBusConnection1 *connection; /* (owned) (nullable) */
  gint64             above;      /* end of the one above it, 0 for none */

  GtkLabel          *heading;
  GtkLabel          *date;
  GtkLabel          *name;
  GtkLabel          *what;
  GtkButton         *sign_in;
};

G_DEFINE_FINAL_TYPE (LkEndRow, lk_end_row, GTK_TYPE_WIDGET)

static void
lk_end_row_refresh_heading (LkEndRow *self, gint64 ends, gint64 now)
{
  gboolean heads = self->above == 0 || !lk_end_words_is_same_week (self->above, ends, now);
  g_autofree char *week = lk_end_words_dup_week (ends, now);

  gtk_widget_set_visible (GTK_WIDGET (self->heading), heads);
  gtk_label_set_label (self->heading, week);
}

static void
lk_end_row_refresh (LkEndRow *self)
{
  gint64 now = lk_app_context_get_now (self->context);
  const char *name = lk_dbus_connection1_get_name (self->connection);
  gint64 ends = lk_dbus_connection1_get_authorization_ends (self->connection);
  g_autofree char *date = lk_end_words_dup_date (ends);
  g_autofree char *absolute = lk_time_words_dup_absolute (ends);
  g_autofree char *what
    = lk_end_words_dup_what (ends, lk_dbus_connection1_get_can_renew (self->connection), now);
  g_autofree char *spoken = NULL;

  if (name == NULL)
    return;
  lk_end_row_refresh_heading (self, ends, now);
  gtk_label_set_label (self->date, date);
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->what, what);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->date), absolute);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->what), absolute);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->sign_in), "s",
                                    lk_dbus_connection1_get_id (self->connection));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->sign_in), "win.reconnect");
  gtk_widget_set_visible (GTK_WIDGET (self->sign_in), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->sign_in),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, name, -1);
  /* Translators: a row for screen readers: name, what ends, when. */
  spoken = g_strdup_printf (_("%s: %s %s"), name, what, absolute != NULL ? absolute : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
lk_end_row_clear (LkEndRow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->heading), FALSE);
  gtk_label_set_label (self->date, "");
  gtk_label_set_label (self->name, "…");
  gtk_label_set_label (self->what, " ");
  gtk_widget_set_visible (GTK_WIDGET (self->sign_in), FALSE);
}

static void
lk_end_row_dispose (GObject *object)
{
  LkEndRow *self = LK_END_ROW (object);
  GtkWidget *child;

  lk_end_row_set (self, NULL, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_end_row_parent_class)->dispose (object);
}

static void
lk_end_row_class_init (LkEndRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_end_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/latchkey_app/Latchkey/lk-end-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LkEndRow, heading);
  gtk_widget_class_bind_template_child (widget_class, LkEndRow, date);
  gtk_widget_class_bind_template_child (widget_class, LkEndRow, name);
  gtk_widget_class_bind_template_child (widget_class, LkEndRow, what);
  gtk_widget_class_bind_template_child (widget_class, LkEndRow, sign_in);
}

static void
lk_end_row_init (LkEndRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
lk_end_row_new (LkAppContext *context)
{
  LkEndRow *self = g_object_new (LK_TYPE_END_ROW, NULL);

  self->context = g_object_ref (context);
  return GTK_WIDGET (self);
}

void
lk_end_row_set (LkEndRow *self, LkDBusConnection1 *connection, LkDBusConnection1 *above)
{
  if (self->connection != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->connection, lk_end_row_refresh, self);
      g_signal_handlers_disconnect_by_func (self->context, lk_end_row_refresh, self);
    }
  g_clear_object (&self->connection);
  if (connection == NULL || lk_connection_is_placeholder (connection))
    {
      if (connection != NULL)
        lk_end_row_clear (self);
      return;
    }
  self->connection = g_object_ref (connection);
  self->above = above != NULL && !lk_connection_is_placeholder (above)
                  ? lk_dbus_connection1_get_authorization_ends (above) : 0;
  g_signal_connect_object (connection, "notify", G_CALLBACK (lk_end_row_refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->context, "notify::now", G_CALLBACK (lk_end_row_refresh), self,
                           G_CONNECT_SWAPPED);
  lk_end_row_refresh (self);
}
