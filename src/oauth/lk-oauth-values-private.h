/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-profile.h"
#include "lk-records.h"

G_BEGIN_DECLS

/* What every request of a client may name; @secret and @tokens may be %NULL. */
LkValues *lk_oauth_values_new      (const LkClientRecord *client, LkSecret *secret,
                                    LkTokenSet *tokens);
/* A transport error as the fault of a step. */
LkFault  *lk_oauth_transport_fault (LkProfile *profile, const char *step, const GError *error);

G_END_DECLS
