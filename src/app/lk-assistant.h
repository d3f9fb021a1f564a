/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkAssistant:
 *
 * Takes a person through a sign-in: which app, the browser, whose sign-in it was, what it reaches.
 */
#define LK_TYPE_ASSISTANT (lk_assistant_get_type ())
G_DECLARE_FINAL_TYPE (LkAssistant, lk_assistant, LK, ASSISTANT, AdwWindow)

void lk_assistant_present_new       (GtkWindow *parent, LkAppContext *context);
/* The same with the offline simulator, which is started for it. */
void lk_assistant_present_trial     (GtkWindow *parent, LkAppContext *context);
/* @scope: (nullable): one to ask for beside those of the last time */
void lk_assistant_present_reconnect (GtkWindow *parent, LkAppContext *context,
                                     LkDBusConnection1 *connection, const char *scope);

G_END_DECLS
