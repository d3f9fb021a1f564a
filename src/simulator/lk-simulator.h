/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-clock.h"

G_BEGIN_DECLS

/**
 * LkSimulatorOptions:
 * @access_life: seconds that access tokens with an end live, 0 for each family's own
 * @refresh_life: the same for refresh tokens
 * @latency_ms: how long each answer is held back
 */
typedef struct
{
  gint64 access_life;
  gint64 refresh_life;
  guint  latency_ms;
} LkSimulatorOptions;

#define LK_TYPE_SIMULATOR (lk_simulator_get_type ())
G_DECLARE_FINAL_TYPE (LkSimulator, lk_simulator, LK, SIMULATOR, GObject)

LkSimulator *lk_simulator_new            (LkClock *clock, const LkSimulatorOptions *options);
gboolean     lk_simulator_start          (LkSimulator *self, guint port, GError **error);
void         lk_simulator_stop           (LkSimulator *self);
const char  *lk_simulator_get_base_uri   (LkSimulator *self);
gboolean     lk_simulator_write_profiles (LkSimulator *self, const char *folder, GError **error);

G_END_DECLS
