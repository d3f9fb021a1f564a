/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-storage-error.h"

G_DEFINE_QUARK (lk-storage-error-quark, lk_storage_error)
