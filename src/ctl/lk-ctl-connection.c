/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

static LkCtlConnection *
connection_new (const char *path,
                GVariant   *facts)
{
  LkCtlConnection *self = g_new0 (LkCtlConnection, 1);

  self->path = g_strdup (path);
  self->facts = g_variant_ref (facts);
  return self;
}

void
lk_ctl_connection_free (LkCtlConnection *self)
{
  g_free (self->path);
  g_variant_unref (self->facts);
  g_free (self);
}

const char *
lk_ctl_connection_get (LkCtlConnection *self,
                       const char      *key)
{
  const char *text = "";

  g_variant_lookup (self->facts, key, "&s", &text);
  return text;
}

gint64
lk_ctl_connection_get_time (LkCtlConnection *self,
                            const char      *key)
{
  gint64 seconds = 0;

  g_variant_lookup (self->facts, key, "x", &seconds);
  return seconds;
}

gboolean
lk_ctl_connection_get_flag (LkCtlConnection *self,
                            const char      *key)
{
  gboolean flag = FALSE;

  g_variant_lookup (self->facts, key, "b", &flag);
  return flag;
}

char **
lk_ctl_connection_dup_strv (LkCtlConnection *self,
                            const char      *key)
{
  char **words = NULL;

  return g_variant_lookup (self->facts, key, "^as", &words) ? words : g_new0 (char *, 1);
}

/* Returns: (nullable): what is wrong with the connection now */
LkFault *
lk_ctl_connection_dup_fault (LkCtlConnection *self)
{
  g_autoptr(GVariant) dict = NULL;

  dict = g_variant_lookup_value (self->facts, "Fault", G_VARIANT_TYPE_VARDICT);
  if (dict == NULL || g_variant_n_children (dict) == 0)
    return NULL;

  return lk_fault_from_variant (dict);
}

/* Returns: (nullable): the same, in words */
LkFinding *
lk_ctl_connection_explain (LkCtl           *self,
                           LkCtlConnection *connection)
{
  g_autoptr(LkFault) fault = lk_ctl_connection_dup_fault (connection);

  return fault != NULL ? lk_diagnosis_explain (lk_ctl_get_diagnosis (self), fault) : NULL;
}

/* An agent that could not open its ledger has no connections, which is not the same as none. A
 * ledger that only cannot be written to, though, may have been read. */
static gboolean
check_ledger (const char  *state,
              gboolean     empty,
              GError     **error)
{
  static const struct
  {
    const char   *state;
    LkAgentError  code;
    gboolean      when_empty;
  } bad_states[] = {
    { "newer", LK_AGENT_ERROR_LEDGER_NEWER, FALSE },
    { "damaged", LK_AGENT_ERROR_LEDGER_DAMAGED, FALSE },
    { "failed", LK_AGENT_ERROR_FAILED, FALSE },
    { "read-only", LK_AGENT_ERROR_READ_ONLY, TRUE },
    { "full", LK_AGENT_ERROR_DISK_FULL, TRUE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (bad_states); i++)
    {
      if (g_str_equal (state, bad_states[i].state) && (empty || !bad_states[i].when_empty))
        {
          g_set_error (error, LK_AGENT_ERROR, (int) bad_states[i].code, "ledger is %s", state);
          return FALSE;
        }
    }

  return TRUE;
}

static char *
dup_ledger_state (GVariant *interfaces)
{
  g_autoptr(GVariant) facts = NULL;
  char *state = NULL;

  facts = g_variant_lookup_value (interfaces, LK_AGENT_INTERFACE, G_VARIANT_TYPE_VARDICT);
  if (facts != NULL)
    g_variant_lookup (facts, "LedgerState", "s", &state);
  return state;
}

static int
compare_by_name (gconstpointer a,
                 gconstpointer b)
{
  LkCtlConnection *first = *(LkCtlConnection * const *) a;
  LkCtlConnection *second = *(LkCtlConnection * const *) b;

  return g_utf8_collate (lk_ctl_connection_get (first, "Name"),
                         lk_ctl_connection_get (second, "Name"));
}

/**
 * lk_ctl_load_connections:
 *
 * Returns: (transfer full) (element-type LkCtlConnection): all connections, sorted by name
 */
GPtrArray *
lk_ctl_load_connections (LkCtl   *self,
                         GError **error)
{
  g_autoptr(GPtrArray) connections = NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariantIter) objects = NULL;
  g_autofree char *ledger = NULL;
  GVariant *interfaces = NULL;
  const char *path = NULL;

  reply = lk_ctl_call (self, LK_AGENT_ROOT, "org.freedesktop.DBus.ObjectManager",
                       "GetManagedObjects", NULL, "(a{oa{sa{sv}}})", error);
  if (reply == NULL)
    return NULL;

  connections = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_ctl_connection_free);
  g_variant_get (reply, "(a{oa{sa{sv}}})", &objects);
  while (g_variant_iter_loop (objects, "{&o@a{sa{sv}}}", &path, &interfaces))
    {
      g_autoptr(GVariant) facts = NULL;

      if (ledger == NULL)
        ledger = dup_ledger_state (interfaces);
      facts = g_variant_lookup_value (interfaces, LK_CONNECTION_INTERFACE,
                                      G_VARIANT_TYPE_VARDICT);
      if (facts != NULL)
        g_ptr_array_add (connections, connection_new (path, facts));
    }

  if (ledger != NULL && !check_ledger (ledger, connections->len == 0, error))
    return NULL;

  g_ptr_array_sort (connections, compare_by_name);
  return g_steal_pointer (&connections);
}

static LkCtlConnection *
find_by (GPtrArray  *connections,
         const char *key,
         const char *word)
{
  for (guint i = 0; i < connections->len; i++)
    {
      LkCtlConnection *connection = g_ptr_array_index (connections, i);

      if (g_str_equal (lk_ctl_connection_get (connection, key), word))
        return connection;
    }

  return NULL;
}

/**
 * lk_ctl_find_connection:
 * @word: an id or, failing that, a name
 */
LkCtlConnection *
lk_ctl_find_connection (LkCtl       *self,
                        const char  *word,
                        GError     **error)
{
  g_autoptr(GPtrArray) connections = lk_ctl_load_connections (self, error);
  LkCtlConnection *found = NULL;

  if (connections == NULL)
    return NULL;

  found = find_by (connections, "Id", word);
  if (found == NULL)
    found = find_by (connections, "Name", word);
  if (found == NULL)
    {
      g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_NOT_FOUND,
                   _("There is no connection called “%s”. “latchkeyctl list” shows all of them."),
                   word);
      return NULL;
    }

  return connection_new (found->path, found->facts);
}

GVariant *
lk_ctl_connection_call (LkCtl            *self,
                        LkCtlConnection  *connection,
                        const char       *method,
                        GVariant         *parameters,
                        const char       *reply_type,
                        GError          **error)
{
  return lk_ctl_call (self, connection->path, LK_CONNECTION_INTERFACE, method, parameters,
                      reply_type, error);
}

/**
 * lk_ctl_connection_act:
 * @word: id or name
 * @parameters: (nullable) (transfer floating)
 *
 * Returns: (transfer full) (nullable): the connection as it was before; %NULL after a failure,
 *   which has been explained, with @status set
 */
LkCtlConnection *
lk_ctl_connection_act (LkCtl      *self,
                       const char *word,
                       const char *method,
                       GVariant   *parameters,
                       int        *status)
{
  g_autoptr(GVariant) owned = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;
  g_autoptr(LkCtlConnection) connection = NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;

  lk_ctl_start_clock (self, 30);
  connection = lk_ctl_find_connection (self, word, &error);
  if (connection == NULL)
    {
      *status = lk_ctl_fail (self, error);
      return NULL;
    }

  reply = lk_ctl_connection_call (self, connection, method, owned, NULL, &error);
  if (reply == NULL)
    {
      *status = lk_ctl_fail_with (self, lk_ctl_connection_get (connection, "Id"), error);
      return NULL;
    }

  *status = LK_CTL_EXIT_DONE;
  return g_steal_pointer (&connection);
}
