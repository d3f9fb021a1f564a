/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-remedy.h"

G_BEGIN_DECLS

typedef struct _LkAgentNotifier LkAgentNotifier;

/* Tells on the desktop that @step of @remedy became done while nobody looked. Without a
 * notification service nothing happens. */
void lk_agent_notifier_tell (LkAgentRemedy *remedy, guint step);

LkAgentNotifier *lk_agent_notifier_new  (LkAgentContext *context);
void             lk_agent_notifier_free (LkAgentNotifier *self);

G_END_DECLS
