/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkAgentAlarm:
 *
 * One timer on CLOCK_BOOTTIME, which goes on while the machine sleeps; it also rings when someone
 * sets the clock, because plans in calendar time are wrong then.
 */
typedef struct _LkAgentAlarm LkAgentAlarm;

typedef void (*LkAgentAlarmFunc) (gboolean clock_was_set, gpointer user_data);

LkAgentAlarm *lk_agent_alarm_new  (LkAgentAlarmFunc ring, gpointer user_data);
void          lk_agent_alarm_free (LkAgentAlarm *self);
/* @seconds from now; negative for not at all. */
void          lk_agent_alarm_set  (LkAgentAlarm *self, gint64 seconds);

G_END_DECLS
