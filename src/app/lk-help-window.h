/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LkHelpWindow:
 *
 * The user help: contents, search, topics. One window for the whole application, which can be read
 * beside a dialog that is open.
 */
#define LK_TYPE_HELP_WINDOW (lk_help_window_get_type ())
G_DECLARE_FINAL_TYPE (LkHelpWindow, lk_help_window, LK, HELP_WINDOW, AdwWindow)

/* Shows what is said about @word, a topic's id or a page; the contents when it is NULL. */
void lk_help_window_present (const char *word);
/* F1 in widgets of this class shows what is said about @page, a literal. */
void lk_help_window_bind    (GtkWidgetClass *widget_class, const char *page);

G_END_DECLS
