/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-save.h"

GFile *
lk_save_get_part (GFile *file)
{
  g_autoptr(GFile) folder = g_file_get_parent (file);
  g_autofree char *random = g_uuid_string_random ();
  g_autofree char *name = g_strdup_printf (".latchkey-%s.part", random);

  return g_file_get_child (folder != NULL ? folder : file, name);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  GFile *part = G_FILE (source);
  GError *error = NULL;

  /* Within a folder moving is a rename, and done at once. */
  if (g_file_replace_contents_finish (part, result, NULL, &error)
      && g_file_move (part, g_task_get_task_data (task), G_FILE_COPY_OVERWRITE, NULL, NULL, NULL,
                      &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  /* It may not even have been made; what made it fail is what counts. */
  g_file_delete (part, NULL, NULL);
  g_task_return_error (task, error);
}

void
lk_save_async (GFile *file, GBytes *bytes, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (file, cancellable, callback, user_data);
  g_autoptr(GFile) part = lk_save_get_part (file);

  g_task_set_source_tag (task, lk_save_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  /* What was shown to the person may be nobody else's business. */
  g_file_replace_contents_bytes_async (part, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE,
                                       cancellable, written_cb, task);
}

gboolean
lk_save_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
