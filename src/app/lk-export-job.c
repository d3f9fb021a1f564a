/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-export-job.h"

#include <glib/gi18n.h>

#include "lk-event-export.h"
#include "lk-save.h"

/* As many as the agent gives at once. */
#define PAGE 500

typedef struct
{
  /* Input */
  LkDBusAgent1     *agent;         /* (owned) */
  GVariant         *options;       /* (owned) */
  LkExportFormat    format;
  GFile            *file;          /* (owned) */
  LkExportProgress  progress;
  gpointer          progress_data;

  /* In progress */
  GFile            *part;          /* (owned): beside the file */
  GOutputStream    *stream;        /* (owned) (nullable) */
  GString          *text;          /* (owned): being written */
  GError           *error;         /* (owned) (nullable): why it is being undone */
  gint64            oldest;        /* id of the last event that was written, 0 before the first */
  gboolean          last;          /* no page comes after the one under way */

  /* Output */
  guint64           written;
  guint64           total;
} Job;

static void
job_free (Job *job)
{
  g_clear_object (&job->agent);
  g_clear_pointer (&job->options, g_variant_unref);
  g_clear_object (&job->file);
  g_clear_object (&job->part);
  g_clear_object (&job->stream);
  g_clear_error (&job->error);
  g_string_free (job->text, TRUE);
  g_free (job);
}

static void ask (GTask *task);

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!g_file_delete_finish (G_FILE (source), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_prefix_error (&job->error, "%s, and then: ", error->message);
  g_task_return_error (task, g_steal_pointer (&job->error));
}

static void
abandoned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Job *job = g_task_get_task_data (task);

  /* What made it fail is what counts. */
  g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, NULL);
  g_file_delete_async (job->part, G_PRIORITY_DEFAULT, NULL, deleted_cb, task);
}

/* Undoes what was begun; takes ownership of both. */
static void
abandon (GTask *task, GError *error)
{
  Job *job = g_task_get_task_data (task);

  job->error = error;
  if (job->stream != NULL)
    g_output_stream_close_async (job->stream, G_PRIORITY_DEFAULT, NULL, abandoned_cb, task);
  else
    g_file_delete_async (job->part, G_PRIORITY_DEFAULT, NULL, deleted_cb, task);
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean done = g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, &error);

  g_clear_object (&job->stream);
  /* Within a folder this is a rename, and done at once. */
  done = done && !g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error)
         && g_file_move (job->part, job->file, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error);
  if (!done)
    {
      abandon (task, error);
      return;
    }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    {
      abandon (task, error);
      return;
    }
  g_string_truncate (job->text, 0);
  if (job->progress != NULL)
    job->progress (job->written, MAX (job->total, job->written), job->progress_data);
  if (job->last)
    g_output_stream_close_async (job->stream, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                 closed_cb, task);
  else
    ask (task);
}

static void
write_text (GTask *task)
{
  Job *job = g_task_get_task_data (task);

  g_output_stream_write_all_async (job->stream, job->text->str, job->text->len,
                                   G_PRIORITY_DEFAULT, g_task_get_cancellable (task), written_cb,
                                   task);
}

static LkEvent *
event_from_variant (GVariant *dict)
{
  g_autoptr(GVariant) fault = g_variant_lookup_value (dict, "fault", G_VARIANT_TYPE_VARDICT);
  const char *connection = "", *kind = "", *text = NULL, *name = NULL;
  gint64 at = 0;
  LkEvent *event;

  g_variant_lookup (dict, "connection", "&s", &connection);
  g_variant_lookup (dict, "kind", "&s", &kind);
  g_variant_lookup (dict, "text", "&s", &text);
  g_variant_lookup (dict, "name", "&s", &name);
  g_variant_lookup (dict, "at", "x", &at);
  event = lk_event_new (connection, at, kind, text);
  event->connection_name = g_strdup (name);
  g_variant_lookup (dict, "id", "x", &event->id);
  g_variant_lookup (dict, "count", "u", &event->count);
  if (fault != NULL && g_variant_n_children (fault) > 0)
    event->fault = lk_fault_from_variant (fault);
  return event;
}

static void
append_event (Job *job, GVariant *dict)
{
  g_autoptr(LkEvent) event = event_from_variant (dict);

  if (job->format == LK_EXPORT_CSV)
    {
      lk_event_export_csv_row (job->text, event);
    }
  else
    {
      g_string_append (job->text, job->written > 0 ? ",\n" : "\n");
      lk_event_export_json_row (job->text, event, NULL);
    }
  job->oldest = event->id;
  job->written++;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Job *job = g_task_get_task_data (task);
  g_autoptr(GVariant) events = NULL;
  GError *error = NULL;
  GVariantIter iter;
  GVariant *event;
  guint64 total = 0;

  if (!lk_dbus_agent1_call_list_events_finish (LK_DBUS_AGENT1 (source), &total, &events, result,
                                               &error))
    {
      abandon (task, error);
      return;
    }
  job->total = MAX (job->total, total);
  job->last = g_variant_n_children (events) < PAGE;
  g_variant_iter_init (&iter, events);
  while (g_variant_iter_loop (&iter, "@a{sv}", &event))
    append_event (job, event);
  if (job->last && job->format == LK_EXPORT_JSON)
    g_string_append (job->text, "\n]\n");
  write_text (task);
}

static void
ask (GTask *task)
{
  Job *job = g_task_get_task_data (task);
  g_auto(GVariantDict) dict = { 0 };

  g_variant_dict_init (&dict, job->options);
  if (job->oldest != 0)
    g_variant_dict_insert (&dict, "before", "x", job->oldest);
  lk_dbus_agent1_call_list_events (job->agent, g_variant_dict_end (&dict), PAGE,
                                   g_task_get_cancellable (task), listed_cb, task);
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  GFileOutputStream *stream = g_file_create_finish (G_FILE (source), result, &error);

  if (stream == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  job->stream = G_OUTPUT_STREAM (stream);
  if (job->format == LK_EXPORT_CSV)
    lk_event_export_csv_header (job->text);
  else
    g_string_append_c (job->text, '[');
  ask (g_steal_pointer (&task));
}

void
lk_export_job_run_async (LkDBusAgent1 *agent, GVariant *options, LkExportFormat format,
                         GFile *file, LkExportProgress progress, gpointer progress_data,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (agent, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->agent = g_object_ref (agent);
  job->options = g_variant_ref (options);
  job->format = format;
  job->file = g_object_ref (file);
  job->part = lk_save_get_part (file);
  job->progress = progress;
  job->progress_data = progress_data;
  job->text = g_string_new (NULL);
  g_task_set_source_tag (task, lk_export_job_run_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  /* What was shown to the person may be nobody else's business. */
  g_file_create_async (job->part, G_FILE_CREATE_PRIVATE, G_PRIORITY_DEFAULT, cancellable,
                       created_cb, task);
}

gboolean
lk_export_job_run_finish (GAsyncResult *result, guint64 *written, GError **error)
{
  Job *job = g_task_get_task_data (G_TASK (result));

  *written = job->written;
  return g_task_propagate_boolean (G_TASK (result), error);
}

char *
lk_export_error_to_sentence (const GError *error)
{
  if (error->domain != G_IO_ERROR || g_dbus_error_is_remote_error (error))
    return lk_agent_error_to_sentence (error);
  if (error->code == G_IO_ERROR_NO_SPACE)
    return g_strdup (_("The disk is full. Make some room, or choose another place."));
  if (error->code == G_IO_ERROR_PERMISSION_DENIED)
    return g_strdup (_("You may not write there. Choose another folder."));
  if (error->code == G_IO_ERROR_READ_ONLY)
    return g_strdup (_("Nothing can be written there. Choose another folder."));
  if (error->code == G_IO_ERROR_NOT_FOUND || error->code == G_IO_ERROR_NOT_DIRECTORY)
    return g_strdup (_("That folder is not there any more. Choose another one."));
  /* Translators: %s is what the system said. */
  return g_strdup_printf (_("The file could not be written: %s."), error->message);
}
