/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-window.h"

G_BEGIN_DECLS

/* Tells that @file is written, with a button that shows it in the file manager. */
void lk_show_file_toast (LkWindow *window, const char *text, GFile *file);

G_END_DECLS
