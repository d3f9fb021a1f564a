/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-ipc.h"

G_BEGIN_DECLS

/**
 * LkWaitStep:
 *
 * The browser has the word. Offers its address again, takes a pasted one, and asks after a while
 * what the page said: some pages show their error and never come back.
 */
#define LK_TYPE_WAIT_STEP (lk_wait_step_get_type ())
G_DECLARE_FINAL_TYPE (LkWaitStep, lk_wait_step, LK, WAIT_STEP, GtkWidget)

/* Opens the browser. @sign_in: (nullable): %NULL forgets the attempt. */
void lk_wait_step_set_sign_in (LkWaitStep *self, LkDBusSignIn1 *sign_in);

G_END_DECLS
