/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LK_CIRCUIT_FAILURES 3

/**
 * LkCircuit:
 *
 * Which connections have lost their authorization: after %LK_CIRCUIT_FAILURES refusals in a row
 * nothing more is sent for a connection, until a person or a probe closes its circuit.
 */
typedef struct _LkCircuit LkCircuit;

LkCircuit *lk_circuit_new     (void);
void       lk_circuit_free    (LkCircuit *self);
/* Returns whether this failure opened the circuit. */
gboolean   lk_circuit_fail    (LkCircuit *self, const char *connection);
/* The token was accepted: the count begins anew. An open circuit stays open. */
void       lk_circuit_succeed (LkCircuit *self, const char *connection);
void       lk_circuit_close   (LkCircuit *self, const char *connection);
gboolean   lk_circuit_is_open (LkCircuit *self, const char *connection);

G_END_DECLS
