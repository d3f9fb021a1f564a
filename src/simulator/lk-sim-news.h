/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "lk-sim-message.h"

G_BEGIN_DECLS

/* Maintenance, and what the status page tells of incidents. */

typedef struct
{
  char     *title;
  char     *text;
  gint64    at; /* seconds since 1970 */
  gboolean  resolved;
} LkSimIncident;

/**
 * LkSimNews:
 * @maintenance_ends: microseconds of the simulator's clock; 0 for none
 * @incidents: oldest first
 */
typedef struct
{
  gint64     maintenance_ends;
  GPtrArray *incidents;
} LkSimNews;

LkSimNews *lk_sim_news_new    (void);
void       lk_sim_news_free   (LkSimNews *self);
void       lk_sim_news_clear  (LkSimNews *self);
void       lk_sim_news_add    (LkSimNews *self, const char *title, const char *text, gint64 at,
                               gboolean resolved);
gboolean   lk_sim_news_refuse (LkSimNews *self, gint64 now, const LkSimRequest *request,
                               LkSimReply *reply);

G_END_DECLS
