/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-circuit-private.h"

struct _LkCircuit
{
  GHashTable *failures; /* (element-type utf8 guint): in a row, by connection */
};

LkCircuit *
lk_circuit_new (void)
{
  LkCircuit *self = g_new0 (LkCircuit, 1);

  self->failures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
lk_circuit_free (LkCircuit *self)
{
  g_hash_table_unref (self->failures);
  g_free (self);
}

static guint
count_failures (LkCircuit  *self,
                const char *connection)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->failures, connection));
}

gboolean
lk_circuit_is_open (LkCircuit  *self,
                    const char *connection)
{
  return count_failures (self, connection) >= LK_CIRCUIT_FAILURES;
}

gboolean
lk_circuit_fail (LkCircuit  *self,
                 const char *connection)
{
  guint count = count_failures (self, connection);

  if (count >= LK_CIRCUIT_FAILURES)
    return FALSE;

  g_hash_table_insert (self->failures, g_strdup (connection), GUINT_TO_POINTER (count + 1));

  return count + 1 == LK_CIRCUIT_FAILURES;
}

void
lk_circuit_succeed (LkCircuit  *self,
                    const char *connection)
{
  /* A reply that was under way when the circuit opened proves nothing about what came after. */
  if (!lk_circuit_is_open (self, connection))
    g_hash_table_remove (self->failures, connection);
}

void
lk_circuit_close (LkCircuit  *self,
                  const char *connection)
{
  g_hash_table_remove (self->failures, connection);
}
