/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-ends-reader.h"

#include <glib/gi18n.h>

#include "lk-calendar.h"

/* As many as the agent gives at once. */
#define PAGE 500

typedef struct
{
  gint64     until;
  guint      offset;
  GPtrArray *ends; /* (owned) (nullable) */
} Reading;

static void
reading_free (Reading *reading)
{
  g_clear_pointer (&reading->ends, g_ptr_array_unref);
  g_free (reading);
}

void
lk_end_free (LkEnd *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

static void ask (GTask *task);

/* Whether it is still before the last one that is wanted. */
static gboolean
take (Reading *reading, GVariant *connection)
{
  g_autoptr(LkEnd) end = g_new0 (LkEnd, 1);

  g_variant_lookup (connection, "Id", "s", &end->id);
  g_variant_lookup (connection, "Name", "s", &end->name);
  g_variant_lookup (connection, "AuthorizationEnds", "x", &end->at);
  g_variant_lookup (connection, "CanRenew", "b", &end->can_renew);
  if (end->at > reading->until)
    return FALSE;
  g_ptr_array_add (reading->ends, g_steal_pointer (&end));
  return TRUE;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr(GVariant) connections = NULL;
  GError *error = NULL;
  guint total = 0, n;
  gboolean wanted;

  if (!lk_dbus_agent1_call_list_connections_finish (LK_DBUS_AGENT1 (source), &total, &connections,
                                                    result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  n = (guint) g_variant_n_children (connections);
  reading->offset += n;
  wanted = TRUE;
  for (guint i = 0; i < n && wanted; i++)
    {
      g_autoptr(GVariant) connection = g_variant_get_child_value (connections, i);

      wanted = take (reading, connection);
    }
  if (wanted && n > 0 && reading->offset < total)
    ask (g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_steal_pointer (&reading->ends),
                           (GDestroyNotify) g_ptr_array_unref);
}

static void
ask (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&options, "sort", "s", "ends");
  lk_dbus_agent1_call_list_connections (g_task_get_source_object (task),
                                        g_variant_dict_end (&options), reading->offset, PAGE,
                                        g_task_get_cancellable (task), listed_cb, task);
}

void
lk_ends_read_async (LkDBusAgent1 *agent, gint64 until, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (agent, cancellable, callback, user_data);
  Reading *reading = g_new0 (Reading, 1);

  g_task_set_source_tag (task, lk_ends_read_async);
  reading->until = until;
  reading->ends = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_end_free);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  ask (task);
}

GPtrArray *
lk_ends_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

GBytes *
lk_ends_to_calendar (GPtrArray *ends, const guint32 *days, gsize n_days, gint64 now)
{
  g_autoptr(GString) text = g_string_new (NULL);

  lk_calendar_begin (text, _("Coming ends of sign-ins"));
  for (guint i = 0; i < ends->len; i++)
    {
      const LkEnd *end = g_ptr_array_index (ends, i);
      /* Translators: title of a calendar's entry; %s is the name of a connection. */
      g_autofree char *summary = g_strdup_printf (_("Sign in again: %s"), end->name);
      const LkCalendarEntry entry = {
        .id = end->id, .at = end->at, .summary = summary,
        .description = end->can_renew
                         ? _("The sign-in ends then. Open Latchkey and sign in again.")
                         : _("Access ends then, and Latchkey can’t renew it. Open Latchkey and "
                             "sign in again."),
        .days = days, .n_days = n_days,
      };

      lk_calendar_add (text, &entry, now);
    }
  lk_calendar_end (text);
  return g_string_free_to_bytes (g_steal_pointer (&text));
}
