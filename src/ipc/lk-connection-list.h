/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-ipc.h"

G_BEGIN_DECLS

/**
 * LkConnectionList:
 *
 * A #GListModel of #LkDBusConnection1 over the agent's sorted list, which may have thousands of
 * them: its length is the whole list's, and pages are asked for when an item of them is looked at.
 * Until a page is there its items are placeholders, proxies whose Id is %NULL, never to be called;
 * "items-changed" tells when they are replaced. One connection is one object, in every list of the
 * same #LkAgentClient, as long as somebody holds it, and updates itself. Pages that nobody looked
 * at for long are let go and come again by themselves.
 * While the agent is away the list keeps what it showed. "loading" is %TRUE from a new question (a
 * new list, a new search, an agent that came back) until its first page is there, and notified.
 */
#define LK_TYPE_CONNECTION_LIST (lk_connection_list_get_type ())
G_DECLARE_FINAL_TYPE (LkConnectionList, lk_connection_list, LK, CONNECTION_LIST, GObject)

/* @health: (nullable): only those, "attention", "ending" or "fine"; @sort: (nullable): "name", the
 * default, or "ends": nearest end of an authorization first, those without an end left out. */
LkConnectionList *lk_connection_list_new         (LkAgentClient *client, const char *health,
                                                  const char *sort);
/* In name, identity, developer app and accounts; NULL or empty for all. */
void              lk_connection_list_set_search  (LkConnectionList *self, const char *search);
const char       *lk_connection_list_get_search  (LkConnectionList *self); /* never NULL */
gboolean          lk_connection_list_get_loading (LkConnectionList *self);
/* Whether it was ever answered; an empty list before that is not the truth. */
gboolean          lk_connection_list_is_known    (LkConnectionList *self);
/* Whether @connection stands for one that is not there yet. */
gboolean          lk_connection_is_placeholder   (LkDBusConnection1 *connection);

G_END_DECLS
