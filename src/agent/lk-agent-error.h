/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-fault.h"
#include "lk-ipc.h"

G_BEGIN_DECLS

GError  *lk_agent_error_translate      (const GError *error, const LkFault *fault);
void     lk_agent_return_error         (GDBusMethodInvocation *invocation, const GError *error);
LkFault *lk_agent_error_to_fault       (const GError *error);

gboolean lk_agent_fault_needs_person   (const LkFault *fault);
gboolean lk_agent_fault_stops_renewal  (const LkFault *fault);
gboolean lk_agent_fault_same           (const LkFault *a, const LkFault *b);

G_END_DECLS
