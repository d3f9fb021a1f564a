/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-history-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lk-history-words.h"
#include "lk-time-words.h"
#include "lk-window-private.h"

#define PAGE 12

struct _LkHistoryView
{
  GtkWidget          parent_instance;

  LkAppContext      *context;     /* (owned) (nullable) */
  LkDBusConnection1 *connection;  /* (owned) (nullable) */
  GCancellable      *cancellable; /* (owned) (nullable): of the call under way */
  gint64             oldest;      /* id of the last row's event, 0 before the first page */
  gboolean           replace;     /* the page under way replaces the rows */

  GtkListBox        *list;
  GtkLabel          *placeholder;
  GtkButton         *older;
};

G_DEFINE_FINAL_TYPE (LkHistoryView, lk_history_view, GTK_TYPE_WIDGET)

static void
explain_cb (LkHistoryView *self, GtkButton *button)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  gint64 event = g_ascii_strtoll (gtk_widget_get_name (GTK_WIDGET (button)), NULL, 10);
  g_autoptr(LkExamination) examination = NULL;

  if (self->connection == NULL || !LK_IS_WINDOW (root))
    return;
  examination = lk_examination_new (self->context, self->connection, event, NULL);
  lk_window_show_finding (LK_WINDOW (root), examination);
}

/* The id of the event is the button's name. */
static GtkWidget *
lk_history_view_new_explain (LkHistoryView *self, gint64 event, const char *words)
{
  GtkWidget *button = gtk_button_new_with_label (_("Explain"));
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, event);

  gtk_widget_set_name (button, name);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  words, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (explain_cb), self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
lk_history_view_new_row (LkHistoryView *self, GVariant *event)
{
  g_autoptr(GVariant) dict = g_variant_lookup_value (event, "fault", G_VARIANT_TYPE_VARDICT);
  g_autoptr(LkFault) fault = NULL;
  const char *kind = NULL, *text = NULL;
  gint64 at = 0, id = 0;
  guint count = 1;
  g_autofree char *words = NULL, *relative = NULL, *absolute = NULL;
  GtkWidget *row = adw_action_row_new ();

  g_variant_lookup (event, "kind", "&s", &kind);
  g_variant_lookup (event, "text", "&s", &text);
  g_variant_lookup (event, "at", "x", &at);
  g_variant_lookup (event, "id", "x", &id);
  g_variant_lookup (event, "count", "u", &count);
  if (dict != NULL && g_variant_n_children (dict) > 0)
    fault = lk_fault_from_variant (dict);

  words = lk_history_words_dup (kind, text, fault, lk_app_context_get_diagnosis (self->context));
  relative = lk_history_words_dup_when (at, count, lk_app_context_get_now (self->context));
  absolute = lk_time_words_dup_absolute (at);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), words);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 3);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), relative);
  gtk_widget_set_tooltip_text (row, absolute);
  if (fault != NULL)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               lk_history_view_new_explain (self, id, words));
  return row;
}

static void
lk_history_view_clear (LkHistoryView *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

static void
lk_history_view_append (LkHistoryView *self, GVariant *events)
{
  GVariantIter iter;
  GVariant *event;

  g_variant_iter_init (&iter, events);
  while (g_variant_iter_loop (&iter, "@a{sv}", &event))
    {
      g_variant_lookup (event, "id", "x", &self->oldest);
      gtk_list_box_append (self->list, lk_history_view_new_row (self, event));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->older), g_variant_n_children (events) == PAGE);
}

static void
history_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkHistoryView) self = user_data;
  g_autoptr(GVariant) events = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (!lk_dbus_connection1_call_get_history_finish (LK_DBUS_CONNECTION1 (source), &events, result,
                                                    &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->list == NULL)
        return;
      sentence = lk_agent_error_to_sentence (error);
      gtk_label_set_label (self->placeholder, sentence);
      return;
    }
  if (self->list == NULL || source != G_OBJECT (self->connection))
    return;
  if (self->replace)
    lk_history_view_clear (self);
  self->replace = FALSE;
  gtk_label_set_label (self->placeholder, _("Nothing has happened yet."));
  lk_history_view_append (self, events);
}

static void
lk_history_view_load (LkHistoryView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->connection == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  lk_dbus_connection1_call_get_history (self->connection, self->oldest, PAGE, self->cancellable,
                                        history_cb, g_object_ref (self));
}

static void
older_cb (LkHistoryView *self)
{
  lk_history_view_load (self);
}

static void
lk_history_view_dispose (GObject *object)
{
  LkHistoryView *self = LK_HISTORY_VIEW (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->list = NULL;
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->connection);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_history_view_parent_class)->dispose (object);
}

static void
lk_history_view_class_init (LkHistoryViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_history_view_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-history-view.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkHistoryView, list);
  gtk_widget_class_bind_template_child (widget_class, LkHistoryView, placeholder);
  gtk_widget_class_bind_template_child (widget_class, LkHistoryView, older);
  gtk_widget_class_bind_template_callback (widget_class, older_cb);
}

static void
lk_history_view_init (LkHistoryView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lk_history_view_set_connection (LkHistoryView *self, LkAppContext *context,
                                LkDBusConnection1 *connection)
{
  g_set_object (&self->context, context);
  g_set_object (&self->connection, connection);
  lk_history_view_clear (self);
  lk_history_view_reload (self);
}

void
lk_history_view_reload (LkHistoryView *self)
{
  self->oldest = 0;
  self->replace = TRUE;
  lk_history_view_load (self);
}
