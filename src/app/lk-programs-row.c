/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-app"

#include "config.h"

#include "lk-programs-row.h"

#include <glib/gi18n.h>

#include "lk-program-words.h"
#include "lk-time-words.h"

struct _LkProgramsRow
{
  AdwExpanderRow     parent_instance;

  LkAppContext      *context;     /* (owned) (nullable) */
  LkDBusConnection1 *connection;  /* (owned) (nullable) */
  GCancellable      *cancellable; /* (owned) (nullable): of the call under way */
  GVariant          *programs;    /* (owned) (nullable): what shows, of this connection alone */
  GPtrArray         *rows;        /* (owned): borrowed widgets */
};

G_DEFINE_FINAL_TYPE (LkProgramsRow, lk_programs_row, ADW_TYPE_EXPANDER_ROW)

static void
lk_programs_row_refresh_subtitle (LkProgramsRow *self)
{
  g_autofree char *text = NULL;

  if (self->programs == NULL || g_variant_n_children (self->programs) == 0)
    return;
  text = lk_program_words_dup_summary (self->programs, lk_app_context_get_now (self->context));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text);
}

static GtkWidget *
lk_programs_row_new_child (LkProgramsRow *self, GVariant *program)
{
  GtkWidget *row = adw_action_row_new ();
  const char *path = NULL;
  gint64 last = 0;
  g_autofree char *tooltip = NULL;
  g_autofree char *title = lk_program_words_dup_name (program);
  g_autofree char *subtitle
    = lk_program_words_dup_facts (program, lk_app_context_get_now (self->context));

  g_variant_lookup (program, "program", "&s", &path);
  g_variant_lookup (program, "last", "x", &last);
  tooltip = lk_time_words_dup_absolute (last);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
  gtk_widget_set_tooltip_text (row, path != NULL && *path != '\0' ? path : tooltip);
  return row;
}

static void
lk_programs_row_show (LkProgramsRow *self)
{
  gsize n = self->programs != NULL ? g_variant_n_children (self->programs) : 0;

  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) program = g_variant_get_child_value (self->programs, i);
      GtkWidget *row = lk_programs_row_new_child (self, program);

      adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
      g_ptr_array_add (self->rows, row);
    }
  lk_programs_row_refresh_subtitle (self);
}

static void
lk_programs_row_take (LkProgramsRow *self, GVariant *programs)
{
  g_autoptr(GVariant) own = programs;

  /* Rows that are open are not made anew for nothing. */
  if (self->programs != NULL && own != NULL && g_variant_equal (self->programs, own))
    return;
  g_clear_pointer (&self->programs, g_variant_unref);
  self->programs = g_steal_pointer (&own);
  lk_programs_row_show (self);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkProgramsRow) self = user_data;
  g_autoptr(GVariant) programs = NULL;
  g_autoptr(GError) error = NULL;

  if (lk_dbus_agent1_call_list_programs_finish (LK_DBUS_AGENT1 (source), &programs, result, &error))
    {
      if (self->connection != NULL)
        lk_programs_row_take (self, lk_program_words_filter (
            programs, lk_dbus_connection1_get_id (self->connection)));
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_info ("which programs took tokens is not known: %s", error->message);
}

static void
lk_programs_row_cancel (LkProgramsRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

void
lk_programs_row_reload (LkProgramsRow *self)
{
  LkDBusAgent1 *agent = self->context != NULL ? lk_app_context_get_agent (self->context) : NULL;

  lk_programs_row_cancel (self);
  if (self->connection == NULL || agent == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  lk_dbus_agent1_call_list_programs (agent, self->cancellable, listed_cb, g_object_ref (self));
}

static void
lk_programs_row_dispose (GObject *object)
{
  LkProgramsRow *self = LK_PROGRAMS_ROW (object);

  lk_programs_row_cancel (self);
  g_clear_pointer (&self->programs, g_variant_unref);
  g_clear_object (&self->connection);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_programs_row_parent_class)->dispose (object);
}

static void
lk_programs_row_finalize (GObject *object)
{
  g_ptr_array_unref (LK_PROGRAMS_ROW (object)->rows);
  G_OBJECT_CLASS (lk_programs_row_parent_class)->finalize (object);
}

static void
lk_programs_row_class_init (LkProgramsRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_programs_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_programs_row_finalize;
}

static void
lk_programs_row_init (LkProgramsRow *self)
{
  self->rows = g_ptr_array_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Programs"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
lk_programs_row_set_connection (LkProgramsRow *self, LkAppContext *context,
                                LkDBusConnection1 *connection)
{
  if (self->context == NULL && context != NULL)
    {
      self->context = g_object_ref (context);
      g_signal_connect_object (context, "notify::now",
                               G_CALLBACK (lk_programs_row_refresh_subtitle), self,
                               G_CONNECT_SWAPPED);
    }
  if (g_set_object (&self->connection, connection))
    {
      adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), FALSE);
      lk_programs_row_take (self, NULL);
    }
  lk_programs_row_reload (self);
}
