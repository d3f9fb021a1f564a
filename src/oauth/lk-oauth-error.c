/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-renewer.h"

G_DEFINE_QUARK (lk-oauth-error-quark, lk_oauth_error)
