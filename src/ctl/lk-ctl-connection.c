/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

#define PAGE 500

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
    { "in-use", LK_AGENT_ERROR_IN_USE, FALSE },
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

static gboolean
check_agent_ledger (LkCtl    *self,
                    gboolean  empty,
                    GError  **error)
{
  g_autoptr(GVariant) facts = NULL;
  const char *state = "";

  facts = lk_ctl_get_properties (self, LK_AGENT_MANAGER_PATH, LK_AGENT_INTERFACE, error);
  if (facts == NULL)
    return FALSE;

  g_variant_lookup (facts, "LedgerState", "&s", &state);
  return check_ledger (state, empty, error);
}

/* Adds a page and gives how many there are in all; -1 after a failure. What moved from one page to
 * the next in between is not taken twice. */
static gint64
load_page (LkCtl       *self,
           guint        offset,
           GPtrArray   *connections,
           GHashTable  *known,
           GError     **error)
{
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariantIter) rows = NULL;
  GVariant *facts = NULL;
  guint total = 0;

  reply = lk_ctl_call_agent (self, "ListConnections",
                             g_variant_new ("(a{sv}uu)", NULL, offset, PAGE), "(uaa{sv})", error);
  if (reply == NULL)
    return -1;

  g_variant_get (reply, "(uaa{sv})", &total, &rows);
  while (g_variant_iter_loop (rows, "@a{sv}", &facts))
    {
      const char *id = "";
      g_autofree char *path = NULL;

      g_variant_lookup (facts, "Id", "&s", &id);
      path = g_strconcat (LK_AGENT_CONNECTIONS, id, NULL);
      if (g_hash_table_add (known, g_strdup (id)))
        g_ptr_array_add (connections, connection_new (path, facts));
    }
  return total;
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
  g_autoptr(GHashTable) known = NULL;
  gint64 total = 0;

  connections = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_ctl_connection_free);
  known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint offset = 0; offset == 0 || offset < total; offset += PAGE)
    {
      total = load_page (self, offset, connections, known, error);
      if (total < 0)
        return NULL;
    }

  if (!check_agent_ledger (self, connections->len == 0, error))
    return NULL;

  return g_steal_pointer (&connections);
}

/* Why a connection was not found: there is none by that name, or nobody could read any. */
static void
explain_absence (LkCtl       *self,
                 const char  *word,
                 GError     **error)
{
  g_autoptr(GVariant) reply = NULL;
  guint total = 0;

  reply = lk_ctl_call_agent (self, "ListConnections", g_variant_new ("(a{sv}uu)", NULL, 0, 0),
                             "(uaa{sv})", error);
  if (reply == NULL)
    return;

  g_variant_get_child (reply, 0, "u", &total);
  if (check_agent_ledger (self, total == 0, error))
    g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_NOT_FOUND,
                 _("There is no connection called “%s”. “latchkeyctl list” shows all of them."),
                 word);
}

/**
 * lk_ctl_find_path:
 * @word: an id or, failing that, a name
 *
 * Returns: (transfer full) (nullable): the path of the connection on the bus
 */
char *
lk_ctl_find_path (LkCtl       *self,
                  const char  *word,
                  GError     **error)
{
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) local_error = NULL;
  char *path = NULL;

  /* The bus carries nothing but UTF-8, and no name is anything else. */
  if (g_utf8_validate (word, -1, NULL))
    reply = lk_ctl_call_agent (self, "FindConnection", g_variant_new ("(s)", word), "(o)",
                               &local_error);
  if (reply != NULL)
    g_variant_get (reply, "(o)", &path);
  else if (local_error == NULL
           || g_error_matches (local_error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND))
    explain_absence (self, word, error);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return path;
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
  g_autofree char *path = lk_ctl_find_path (self, word, error);
  g_autoptr(GVariant) facts = NULL;

  if (path == NULL)
    return NULL;

  facts = lk_ctl_get_properties (self, path, LK_CONNECTION_INTERFACE, error);
  return facts != NULL ? connection_new (path, facts) : NULL;
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
