/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-notice.h"
#include "lk-agent-remedy.h"

G_BEGIN_DECLS

/**
 * LkAgentNotifier:
 *
 * Shows notices in the desktop's own way: its notification service, or the portal inside a sandbox
 * and where only that is there. What nobody can show now is shown when somebody comes who can, and
 * what went away with a service that ended is shown by the next one.
 */
typedef struct _LkAgentNotifier LkAgentNotifier;

/**
 * LkAgentNotifierListener:
 * @shown: the notice is on show; @mark finds it again after a restart
 * @closed: the person, or the desktop, took it away
 * @snoozed: "Remind Me Tomorrow" was pressed
 */
typedef struct
{
  void (*shown)   (const char *id, GVariant *mark, gpointer user_data);
  void (*closed)  (const char *id, gpointer user_data);
  void (*snoozed) (const char *id, gpointer user_data);
} LkAgentNotifierListener;

/* The question by @id was answered with one of its buttons. */
typedef void (*LkAgentNotifierAnswered) (const char *id, gboolean allow, gpointer user_data);

LkAgentNotifier *lk_agent_notifier_new      (LkAgentContext *context);
void             lk_agent_notifier_free     (LkAgentNotifier *self);
void             lk_agent_notifier_listen   (LkAgentNotifier *self,
                                             const LkAgentNotifierListener *listener,
                                             gpointer user_data);
void             lk_agent_notifier_answer   (LkAgentNotifier *self,
                                             LkAgentNotifierAnswered answered,
                                             gpointer user_data);

/* @notice: (transfer full) */
void             lk_agent_notifier_show     (LkAgentNotifier *self, LkAgentNotice *notice);
/* Also one that is not on show yet. */
void             lk_agent_notifier_withdraw (LkAgentNotifier *self, const char *id);
/* One that an earlier agent showed can be replaced and taken back. @notice: (transfer full)
 * (nullable): what is shown when whoever showed it ends */
void             lk_agent_notifier_adopt    (LkAgentNotifier *self, const char *id,
                                             GVariant *mark, LkAgentNotice *notice);

/* Tells on the desktop that @step of @remedy became done while nobody looked. */
void             lk_agent_notifier_tell     (LkAgentRemedy *remedy, guint step);

G_END_DECLS
