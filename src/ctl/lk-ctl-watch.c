/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-history.h"

#include <stdio.h>

/* What was printed of each connection last. */
typedef struct
{
  LkCtl      *ctl;
  GHashTable *known;  /* (owned) id → JSON */
  const char *fresh;  /* what one that was not known is called: "present" at the start */
  gboolean    busy;
  gboolean    again;
} Watch;

/* FALSE when nobody reads it any more. */
static gboolean
print_line (const char *what,
            const char *connection)
{
  printf ("{\"event\":\"%s\",\"connection\":%s}\n", what, connection);

  return fflush (stdout) == 0;
}

static char *
dup_json (LkCtl           *self,
          LkCtlConnection *connection)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  lk_ctl_connection_to_json (self, connection, builder);

  return lk_ctl_json_dup (builder, FALSE);
}

static gboolean
print_present (Watch      *watch,
               GPtrArray  *connections,
               GHashTable *now)
{
  gboolean read = TRUE;

  for (guint i = 0; i < connections->len && read; i++)
    {
      LkCtlConnection *connection = connections->pdata[i];
      const char *id = lk_ctl_connection_get (connection, "Id");
      g_autofree char *json = dup_json (watch->ctl, connection);
      const char *before = g_hash_table_lookup (watch->known, id);

      if (before == NULL)
        read = print_line (watch->fresh, json);
      else if (!g_str_equal (before, json))
        read = print_line ("changed", json);
      g_hash_table_replace (now, g_strdup (id), g_steal_pointer (&json));
    }

  return read;
}

/* As it was last. */
static gboolean
print_gone (Watch      *watch,
            GHashTable *now)
{
  GHashTableIter iter;
  gpointer id, json;
  gboolean read = TRUE;

  g_hash_table_iter_init (&iter, watch->known);
  while (read && g_hash_table_iter_next (&iter, &id, &json))
    {
      if (!g_hash_table_contains (now, id))
        read = print_line ("removed", json);
    }

  return read;
}

static gboolean
look (Watch   *watch,
      GError **error)
{
  g_autoptr(GHashTable) now = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GPtrArray) connections = NULL;

  lk_ctl_start_clock (watch->ctl, 30);
  connections = lk_ctl_load_connections (watch->ctl, error);
  if (connections == NULL)
    return FALSE;

  if (!print_present (watch, connections, now) || !print_gone (watch, now))
    lk_ctl_stop_listening (watch->ctl, LK_CTL_EXIT_FAILED);
  g_hash_table_unref (g_steal_pointer (&watch->known));
  watch->known = g_steal_pointer (&now);
  watch->fresh = "added";

  return TRUE;
}

/* An agent that just ended is asked again when it is back. */
static void
heard_cb (gpointer user_data)
{
  Watch *watch = user_data;

  watch->again = TRUE;
  while (watch->again && !watch->busy)
    {
      g_autoptr(GError) error = NULL;

      watch->again = FALSE;
      watch->busy = TRUE;
      if (!look (watch, &error))
        g_debug ("The connections are not known now: %s", error->message);
      watch->busy = FALSE;
    }
}

/**
 * lk_ctl_watch_connections:
 *
 * Prints every connection, then a line for each that is added, changes or goes.
 *
 * Returns: the exit status
 */
int
lk_ctl_watch_connections (LkCtl *self)
{
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Watch watch = { .ctl = self, .known = g_steal_pointer (&known), .fresh = "present" };
  g_autoptr(GPtrArray) first = NULL;
  g_autoptr(GError) error = NULL;
  int status;

  /* What cannot be had at the start is told; later it is waited for. */
  lk_ctl_start_clock (self, 30);
  first = lk_ctl_load_connections (self, &error);
  if (first == NULL)
    status = lk_ctl_fail (self, error);
  else
    status = lk_ctl_listen (self, "ConnectionsChanged", heard_cb, &watch);
  g_hash_table_unref (watch.known);

  return status;
}
