/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-app-context.h"
#include "lk-remedy-words.h"

G_BEGIN_DECLS

/* Of which scopes. */
typedef enum
{
  LK_SCOPE_LIST_BEFORE,  /* when this window first saw the remedy */
  LK_SCOPE_LIST_NOW,
  LK_SCOPE_LIST_NEW,
  LK_SCOPE_LIST_GONE,
  LK_SCOPE_LIST_MISSING, /* asked for, not granted */
} LkScopeList;

/**
 * LkRemedyItem:
 *
 * A remedy under way: what the agent says of it, and the texts that the catalogue makes of that.
 * Signal "changed" is emitted once per turn of the main loop however much changed.
 */
#define LK_TYPE_REMEDY_ITEM (lk_remedy_item_get_type ())
G_DECLARE_FINAL_TYPE (LkRemedyItem, lk_remedy_item, LK, REMEDY_ITEM, GObject)

LkRemedyItem       *lk_remedy_item_new            (LkAppContext *context, LkDBusRemedy1 *proxy);
LkDBusRemedy1      *lk_remedy_item_get_proxy      (LkRemedyItem *self);
/* (nullable): %NULL when the catalogue does not know it. */
const LkRemedy     *lk_remedy_item_get_remedy     (LkRemedyItem *self);
const LkFacts      *lk_remedy_item_get_facts      (LkRemedyItem *self);
guint               lk_remedy_item_get_n_steps    (LkRemedyItem *self);
guint               lk_remedy_item_get_current    (LkRemedyItem *self);
const LkRemedyStep *lk_remedy_item_get_step       (LkRemedyItem *self, guint step);
LkStepMark          lk_remedy_item_get_mark       (LkRemedyItem *self, guint step);
gint64              lk_remedy_item_get_checked    (LkRemedyItem *self, guint step);
/* The line that says what was checked and when, or why it can't be. (transfer full) */
char               *lk_remedy_item_dup_status     (LkRemedyItem *self, guint step);
/* Names of scopes, see LkScopeList; (transfer full) (nullable): %NULL when there are none */
char               *lk_remedy_item_dup_scopes     (LkRemedyItem *self, LkScopeList list);
/* The connection that it is for; (transfer none) (nullable) */
LkDBusConnection1  *lk_remedy_item_get_connection (LkRemedyItem *self);

G_END_DECLS
