/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/* Fills the rows of a connection's page. Each gives the row's subtitle and tooltip. */
void lk_connection_facts_fill_sign_in (AdwActionRow *row, LkDBusConnection1 *connection,
                                       gint64 now);
void lk_connection_facts_fill_token   (AdwActionRow *row, LkDBusConnection1 *connection,
                                       gint64 now);
void lk_connection_facts_fill_check   (AdwActionRow *row, LkDBusConnection1 *connection,
                                       gint64 now);
void lk_connection_facts_fill_renewal (AdwActionRow *row, LkDBusConnection1 *connection,
                                       gint64 now);

/* The children of an expander row; the caller removes them through the array. (transfer full) */
GPtrArray *lk_connection_facts_fill_scopes   (AdwExpanderRow *row, LkAppContext *context,
                                              LkDBusConnection1 *connection);
GPtrArray *lk_connection_facts_fill_accounts (AdwExpanderRow *row, LkDBusConnection1 *connection);

G_END_DECLS
