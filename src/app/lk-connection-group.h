/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"
#include "lk-policy.h"

G_BEGIN_DECLS

/**
 * LkConnectionGroup:
 *
 * A titled boxed list of the connections of one health; hidden while it is empty. Long lists are
 * shown in portions.
 */
#define LK_TYPE_CONNECTION_GROUP (lk_connection_group_get_type ())
G_DECLARE_FINAL_TYPE (LkConnectionGroup, lk_connection_group, LK, CONNECTION_GROUP, GtkWidget)

/* @model: every connection, sorted */
void  lk_connection_group_set_model  (LkConnectionGroup *self, LkAppContext *context,
                                      GListModel *model, LkHealth health);
void  lk_connection_group_set_search (LkConnectionGroup *self, const char *text);
/* The connections' properties changed: look again at which belong here. */
void  lk_connection_group_refilter   (LkConnectionGroup *self);
guint lk_connection_group_get_count  (LkConnectionGroup *self);
void  lk_connection_group_set_narrow (LkConnectionGroup *self, gboolean narrow);

G_END_DECLS
