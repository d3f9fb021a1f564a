/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-activity-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lk-accessible-pages.h"
#include "lk-ends-page.h"
#include "lk-events-view.h"
#include "lk-export-job.h"
#include "lk-hours-page.h"
#include "lk-show-file.h"
#include "lk-window-private.h"

struct _LkActivityPage
{
  GtkWidget             parent_instance;

  LkAppContext         *context;     /* (owned) (nullable) */
  GtkFileChooserNative *chooser;     /* (owned) (nullable) */
  LkExportFormat        format;
  GFile                *file;        /* (owned) (nullable): that is being written */
  GCancellable         *cancellable; /* (owned) (nullable): of the export under way */

  GtkStack             *stack;
  LkEventsView         *events;
  LkHoursPage          *hours;
  LkEndsPage           *ends;
  GtkRevealer          *export_bar;
  GtkLabel             *export_label;
  GtkProgressBar       *export_progress;
};

G_DEFINE_FINAL_TYPE (LkActivityPage, lk_activity_page, GTK_TYPE_WIDGET)

static LkWindow *
lk_activity_page_get_window (LkActivityPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return LK_IS_WINDOW (root) ? LK_WINDOW (root) : NULL;
}

static void
lk_activity_page_reveal_export (LkActivityPage *self, gboolean reveal)
{
  gtk_revealer_set_reveal_child (self->export_bar, reveal);
  gtk_widget_set_visible (GTK_WIDGET (self->export_bar), reveal);
}

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  LkActivityPage *self = user_data;
  /* Translators: %'u are numbers with the marks of thousands. */
  g_autofree char *text = g_strdup_printf (_("Exporting %'u of %'u events…"), (guint) done,
                                           (guint) total);

  if (self->context == NULL)
    return;
  gtk_label_set_label (self->export_label, text);
  gtk_progress_bar_set_fraction (self->export_progress,
                                 total > 0 ? (double) done / (double) total : 0);
}

static void
lk_activity_page_tell_error (LkActivityPage *self, const GError *error)
{
  LkWindow *window = lk_activity_page_get_window (self);
  g_autofree char *sentence = lk_export_error_to_sentence (error);

  if (window != NULL)
    lk_window_toast (window, sentence);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkActivityPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = g_steal_pointer (&self->file);
  g_autofree char *text = NULL;
  LkWindow *window = lk_activity_page_get_window (self);
  guint64 written = 0;
  gboolean done = lk_export_job_run_finish (result, &written, &error);

  g_clear_object (&self->cancellable);
  if (window == NULL)
    return;
  lk_activity_page_reveal_export (self, FALSE);
  if (done)
    {
      text = g_strdup_printf (ngettext ("Exported %'u event", "Exported %'u events",
                                        (gulong) written), (guint) written);
      lk_show_file_toast (window, text, file);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      lk_window_toast (window, _("The export was stopped. No file was written."));
    }
  else
    {
      lk_activity_page_tell_error (self, error);
    }
}

static void
lk_activity_page_export (LkActivityPage *self, GFile *file)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);
  GVariant *options = lk_events_view_get_options (self->events);

  if (agent == NULL || options == NULL || self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  self->file = g_object_ref (file);
  gtk_label_set_label (self->export_label, _("Exporting…"));
  gtk_progress_bar_set_fraction (self->export_progress, 0);
  lk_activity_page_reveal_export (self, TRUE);
  lk_export_job_run_async (agent, options, self->format, file, progress_cb, self,
                           self->cancellable, exported_cb, g_object_ref (self));
}

static void
file_chosen_cb (LkActivityPage *self, int response)
{
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  if (file != NULL)
    lk_activity_page_export (self, file);
}

static void
export_cb (LkActivityPage *self, int format)
{
  g_autoptr(GDateTime) now
    = g_date_time_new_from_unix_local (lk_app_context_get_now (self->context));
  g_autofree char *name
    = g_date_time_format (now, format == LK_EXPORT_JSON ? "latchkey-events-%Y-%m-%d.json"
                                                        : "latchkey-events-%Y-%m-%d.csv");

  if (self->chooser != NULL || self->cancellable != NULL)
    return;
  self->format = (LkExportFormat) format;
  self->chooser = gtk_file_chooser_native_new (_("Export Events"),
                                               GTK_WINDOW (lk_activity_page_get_window (self)),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
stop_cb (LkActivityPage *self)
{
  g_cancellable_cancel (self->cancellable);
}

/* An hour of the picture, in the time line. */
static void
hour_chosen_cb (LkActivityPage *self, gint64 since, gint64 until)
{
  g_autoptr(LkEventFilter) filter = lk_event_filter_new ();

  filter->groups = LK_EVENT_GROUP_REFUSALS;
  filter->period = LK_EVENT_PERIOD_SPAN;
  filter->since = since;
  filter->until = until;
  lk_events_view_set_filter (self->events, filter);
  gtk_stack_set_visible_child_name (self->stack, "events");
}

static void
lk_activity_page_dispose (GObject *object)
{
  LkActivityPage *self = LK_ACTIVITY_PAGE (object);
  GtkWidget *child;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);
  g_clear_object (&self->file);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_activity_page_parent_class)->dispose (object);
}

static void
lk_activity_page_class_init (LkActivityPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_activity_page_dispose;
  g_type_ensure (LK_TYPE_EVENTS_VIEW);
  g_type_ensure (LK_TYPE_HOURS_PAGE);
  g_type_ensure (LK_TYPE_ENDS_PAGE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-activity-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LkActivityPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LkActivityPage, events);
  gtk_widget_class_bind_template_child (widget_class, LkActivityPage, hours);
  gtk_widget_class_bind_template_child (widget_class, LkActivityPage, ends);
  gtk_widget_class_bind_template_child (widget_class, LkActivityPage, export_bar);
  gtk_widget_class_bind_template_child (widget_class, LkActivityPage, export_label);
  gtk_widget_class_bind_template_child (widget_class, LkActivityPage, export_progress);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, hour_chosen_cb);
}

static void
lk_activity_page_init (LkActivityPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->stack, gtk_stack_get_pages (self->stack));
}

void
lk_activity_page_set_context (LkActivityPage *self, LkAppContext *context)
{
  self->context = g_object_ref (context);
  lk_events_view_set_context (self->events, context);
  lk_hours_page_set_context (self->hours, context);
  lk_ends_page_set_context (self->ends, context);
}

void
lk_activity_page_set_narrow (LkActivityPage *self, gboolean narrow)
{
  lk_ends_page_set_narrow (self->ends, narrow);
}

void
lk_activity_page_grab_search (LkActivityPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "events");
  lk_events_view_grab_search (self->events);
}
