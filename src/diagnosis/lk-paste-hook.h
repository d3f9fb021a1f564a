/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "lk-paste.h"

G_BEGIN_DECLS

LkPasteFact *lk_paste_read_hook (JsonObject *object);

G_END_DECLS
