/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void lk_cut_texts_add_action (GtkApplication *application);

G_END_DECLS
