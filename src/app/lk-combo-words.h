/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Shows what is chosen in full; the words of the row wrap instead. */
void lk_combo_words_show_whole (AdwComboRow *row);

G_END_DECLS
