/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-ctl-output.h"

#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

/* What backup and restore share. The passphrase comes from the standard input or, without
 * @from_stdin, from a terminal, where nothing is shown. @twice: asks a person again, to be sure. */
LkSecret *lk_ctl_read_passphrase (LkCtl *self, gboolean from_stdin, gboolean twice,
                                  GError **error);
/* Calls @method with a file, the passphrase and @options (transfer floating), and tells on a
 * terminal how far it is. @fd: (transfer none) */
GVariant *lk_ctl_call_with_file  (LkCtl *self, const char *method, int fd, LkSecret *passphrase,
                                  GVariantBuilder *options, const char *reply_type,
                                  GError **error);

G_END_DECLS
