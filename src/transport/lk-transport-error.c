/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-http.h"

G_DEFINE_QUARK (lk-transport-error-quark, lk_transport_error)
