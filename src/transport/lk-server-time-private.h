/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-clock.h"

G_BEGIN_DECLS

/**
 * LkServerTime:
 *
 * What time it is at the provider, by the "Date" of its last reply. Kept against boot time, so a
 * clock that is set here changes nothing.
 */
typedef struct _LkServerTime LkServerTime;

LkServerTime *lk_server_time_new   (LkClock *clock);
void          lk_server_time_free  (LkServerTime *self);
/* @date: as in #LkReply; 0 is passed over */
void          lk_server_time_learn (LkServerTime *self, const char *host, gint64 date);
/* Seconds since 1970 UTC; by our own clock when the provider never said. */
gint64        lk_server_time_now   (LkServerTime *self, const char *host);

G_END_DECLS
