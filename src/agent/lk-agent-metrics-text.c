/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-metrics-text.h"

#include "lk-token-set.h"

static void
row_free (LkMetricsRow *row)
{
  g_free (row->id);
  g_free (row->name);
  g_free (row->client);
  g_free (row->provider);
  g_free (row);
}

LkMetrics *
lk_metrics_new (void)
{
  LkMetrics *self = g_new0 (LkMetrics, 1);

  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  return self;
}

void
lk_metrics_free (LkMetrics *self)
{
  g_free (self->keyring);
  g_free (self->ledger);
  g_clear_pointer (&self->incidents, g_variant_unref);
  g_clear_pointer (&self->totals, g_ptr_array_unref);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

/* @type: "gauge", "counter", "info" or "stateset"; @unit: (nullable): the name ends with it */
static void
begin (GString *out, const char *name, const char *type, const char *unit, const char *help)
{
  g_string_append_printf (out, "# TYPE %s %s\n", name, type);
  if (unit != NULL)
    g_string_append_printf (out, "# UNIT %s %s\n", name, unit);
  g_string_append_printf (out, "# HELP %s %s\n", name, help);
}

static void
add_label (GString *out, char open, const char *label, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value != NULL ? value : "", -1);

  g_string_append_printf (out, "%c%s=\"", open, label);
  for (const char *p = valid; *p != '\0'; p++)
    {
      if (*p == '\n')
        g_string_append (out, "\\n");
      else
        {
          if (*p == '"' || *p == '\\')
            g_string_append_c (out, '\\');
          g_string_append_c (out, *p);
        }
    }
  g_string_append_c (out, '"');
}

static void
add_number (GString *out, gint64 number)
{
  g_string_append_printf (out, "} %" G_GINT64_FORMAT "\n", number);
}

/* One of @words is the state. */
static void
add_states (GString *out, const char *name, const char *connection, const char * const *words,
            const char *state)
{
  for (gsize i = 0; words[i] != NULL; i++)
    {
      g_string_append (out, name);
      if (connection != NULL)
        add_label (out, '{', "connection", connection);
      add_label (out, connection != NULL ? ',' : '{', name, words[i]);
      add_number (out, g_strcmp0 (words[i], state) == 0);
    }
}

static const char * const healths[] = { "fine", "ending", "attention", NULL };

/* The agent. */

static void
add_agent (GString *out, const LkMetrics *self)
{
  static const char * const keyrings[] = { "unknown", "ready", "locked", "absent", "broken", NULL };
  static const char * const ledgers[] = { "opening", "ready", "newer", "damaged", "read-only",
                                          "full", "failed", NULL };

  begin (out, "latchkey_agent", "info", NULL, "The background service.");
  g_string_append (out, "latchkey_agent_info");
  add_label (out, '{', "version", LK_VERSION);
  add_number (out, 1);

  begin (out, "latchkey_keyring", "stateset", NULL, "How the keyring is.");
  add_states (out, "latchkey_keyring", NULL, keyrings, self->keyring);
  begin (out, "latchkey_ledger", "stateset", NULL, "How the file of connections and history is.");
  add_states (out, "latchkey_ledger", NULL, ledgers, self->ledger);

  begin (out, "latchkey_online", "gauge", NULL, "Whether the machine has a network.");
  g_string_append_printf (out, "latchkey_online %d\n", self->online);
}

/* (nullable): a word of one of the incidents. */
static const char *
get_provider (GVariant *incident)
{
  const char *provider = "";

  g_variant_lookup (incident, "provider", "&s", &provider);
  return provider;
}

/* A provider may have several at a time; a line stands once. */
static void
add_incidents (GString *out, const LkMetrics *self)
{
  g_autoptr(GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer provider, count;

  for (gsize i = 0; i < g_variant_n_children (self->incidents); i++)
    {
      g_autoptr(GVariant) incident = g_variant_get_child_value (self->incidents, i);
      const char *name = get_provider (incident);

      count = g_hash_table_lookup (counts, name);
      g_hash_table_replace (counts, g_strdup (name), GINT_TO_POINTER (GPOINTER_TO_INT (count) + 1));
    }

  begin (out, "latchkey_incidents", "gauge", NULL, "Incidents that a provider tells of now.");
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &provider, &count))
    {
      g_string_append (out, "latchkey_incidents");
      add_label (out, '{', "provider", provider);
      add_number (out, GPOINTER_TO_INT (count));
    }
}

/* Connections. */

static void
add_healths (GString *out, const LkMetrics *self)
{
  gint64 counts[G_N_ELEMENTS (healths)] = { 0 };

  for (guint i = 0; i < self->rows->len; i++)
    {
      const LkMetricsRow *row = self->rows->pdata[i];

      for (gsize k = 0; healths[k] != NULL; k++)
        counts[k] += g_str_equal (healths[k], lk_health_to_string (row->health));
    }

  begin (out, "latchkey_connections", "gauge", NULL, "Connections, by how they are.");
  for (gsize k = 0; healths[k] != NULL; k++)
    {
      g_string_append (out, "latchkey_connections");
      add_label (out, '{', "health", healths[k]);
      add_number (out, counts[k]);
    }
}

static void
add_names (GString *out, const LkMetrics *self)
{
  begin (out, "latchkey_connection", "info", NULL, "What a connection is called.");
  for (guint i = 0; i < self->rows->len; i++)
    {
      const LkMetricsRow *row = self->rows->pdata[i];

      g_string_append (out, "latchkey_connection_info");
      add_label (out, '{', "connection", row->id);
      add_label (out, ',', "name", row->name);
      add_label (out, ',', "provider", row->provider);
      add_label (out, ',', "client", row->client);
      add_number (out, 1);
    }

  begin (out, "latchkey_connection_health", "stateset", NULL, "How a connection is.");
  for (guint i = 0; i < self->rows->len; i++)
    {
      const LkMetricsRow *row = self->rows->pdata[i];

      add_states (out, "latchkey_connection_health", row->id, healths,
                  lk_health_to_string (row->health));
    }

  begin (out, "latchkey_circuit_open", "gauge", NULL,
         "Whether calls of a connection are held back after repeated refusals.");
  for (guint i = 0; i < self->rows->len; i++)
    {
      const LkMetricsRow *row = self->rows->pdata[i];

      g_string_append (out, "latchkey_circuit_open");
      add_label (out, '{', "connection", row->id);
      add_number (out, row->circuit_open);
    }
}

static void
add_times (GString *out, const LkMetrics *self, const char *name, const char *help, gsize offset)
{
  begin (out, name, "gauge", "seconds", help);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const LkMetricsRow *row = self->rows->pdata[i];
      gint64 at = G_STRUCT_MEMBER (gint64, row, offset);

      if (at == 0 || at == LK_END_NEVER)
        continue;
      g_string_append (out, name);
      add_label (out, '{', "connection", row->id);
      add_number (out, at);
    }
}

/* Counters. Those of connections that are not shown (removed, and still to be restored) are left
 * out, as their other numbers are. */

static void
add_counter (GString *out, const LkMetrics *self, GHashTable *shown, const char *name,
             const char *help, const char *kind, gboolean by_class)
{
  begin (out, name, "counter", NULL, help);
  for (guint i = 0; self->totals != NULL && i < self->totals->len; i++)
    {
      const LkCount *total = self->totals->pdata[i];

      if (!g_str_equal (total->kind, kind) || !g_hash_table_contains (shown, total->connection))
        continue;
      g_string_append_printf (out, "%s_total", name);
      add_label (out, '{', "connection", total->connection);
      if (by_class)
        add_label (out, ',', "class", lk_class_to_string (total->klass));
      add_number (out, (gint64) total->count);
    }
}

static void
add_counters (GString *out, const LkMetrics *self)
{
  static const struct
  {
    const char *name;
    const char *help;
    const char *kind;
    gboolean    by_class;
  } counters[] = {
    { "latchkey_renewals", "Renewals that succeeded.", "renewed", FALSE },
    { "latchkey_renewal_failures", "Renewals that failed.", "renewal-failed", TRUE },
    { "latchkey_probes", "Checks that proved a token alive.", "verified", FALSE },
    { "latchkey_probe_failures", "Checks that failed.", "verify-failed", TRUE },
    { "latchkey_calls", "Calls that succeeded.", "call", FALSE },
    { "latchkey_refusals", "Calls that were refused.", "refused", TRUE },
    { "latchkey_handouts", "Tokens that programs took.", "handed-out", FALSE },
  };
  g_autoptr(GHashTable) shown = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->rows->len; i++)
    g_hash_table_add (shown, ((LkMetricsRow *) self->rows->pdata[i])->id);
  for (gsize i = 0; i < G_N_ELEMENTS (counters); i++)
    add_counter (out, self, shown, counters[i].name, counters[i].help, counters[i].kind,
                 counters[i].by_class);
}

/**
 * lk_metrics_to_bytes:
 *
 * Returns: (transfer full): OpenMetrics 1.0 text with its end mark
 */
GBytes *
lk_metrics_to_bytes (const LkMetrics *self)
{
  g_autoptr(GString) out = g_string_new (NULL);

  add_agent (out, self);
  add_incidents (out, self);
  add_healths (out, self);
  add_names (out, self);
  add_times (out, self, "latchkey_access_end_timestamp_seconds", "When the access token ends.",
             G_STRUCT_OFFSET (LkMetricsRow, access_ends));
  add_times (out, self, "latchkey_authorization_end_timestamp_seconds",
             "When a person has to sign in again at the latest.",
             G_STRUCT_OFFSET (LkMetricsRow, authorization_ends));
  add_times (out, self, "latchkey_last_renewal_timestamp_seconds",
             "When the tokens were renewed last.", G_STRUCT_OFFSET (LkMetricsRow, last_renewed));
  add_times (out, self, "latchkey_last_proof_timestamp_seconds",
             "When the token was proven alive last.",
             G_STRUCT_OFFSET (LkMetricsRow, last_verified));
  add_counters (out, self);
  g_string_append (out, "# EOF\n");

  return g_string_free_to_bytes (g_steal_pointer (&out));
}
