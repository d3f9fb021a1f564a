/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-connection-action.h"

G_BEGIN_DECLS

/* What the panel shows, from what is known of the connections. Pure: no bus, no clock. */

/* More connections than this are a line of their own. */
#define LK_TRAY_NEEDS_MAX 8

/**
 * LkTrayNeed:
 * @item: its number in the menu, the same as long as the connection is there
 *
 * A connection that needs the person, or will soon.
 */
typedef struct
{
  char               *id;    /* (owned) */
  char               *name;  /* (owned) */
  LkHealth            health;
  LkConnectionAction  action;
  int                 item;
} LkTrayNeed;

/**
 * LkTrayFacts:
 * @loaded: whether the counts mean anything yet
 * @shy: panels may hide the icon while all is fine
 * @next_end: the nearest end of an authorization; 0 for none
 */
typedef struct
{
  gboolean   loaded;
  gboolean   paused;
  gboolean   shy;
  guint      attention;
  guint      ending;
  guint      fine;
  gint64     next_end;
  char      *next_end_name; /* (owned) (nullable) */
  GPtrArray *needs;         /* (owned) (element-type LkTrayNeed): most urgent first */
} LkTrayFacts;

/**
 * LkTrayItem:
 * @properties: (owned): a{sv}, as com.canonical.dbusmenu has them
 *
 * A line of the menu.
 */
typedef struct
{
  int       id;
  GVariant *properties;
} LkTrayItem;

/* Numbers of the lines that are always there; connections come above. */
enum
{
  LK_TRAY_ITEM_ROOT,
  LK_TRAY_ITEM_SENTENCE,
  LK_TRAY_ITEM_NEEDS_RULE,
  LK_TRAY_ITEM_MORE,
  LK_TRAY_ITEM_WORK_RULE,
  LK_TRAY_ITEM_RENEW_ALL,
  LK_TRAY_ITEM_PAUSE,
  LK_TRAY_ITEM_END_RULE,
  LK_TRAY_ITEM_OPEN,
  LK_TRAY_ITEM_QUIT,
  LK_TRAY_ITEM_FIRST_NEED = 100,
};

LkTrayNeed  *lk_tray_need_new          (const char *id, const char *name, LkHealth health,
                                        LkConnectionAction action);
LkTrayFacts *lk_tray_facts_new         (void);
/* Puts the most urgent first. */
void         lk_tray_facts_sort        (LkTrayFacts *self);
void         lk_tray_facts_free        (LkTrayFacts *self);
void         lk_tray_item_free         (LkTrayItem *self);

const char  *lk_tray_facts_get_status  (const LkTrayFacts *self);
const char  *lk_tray_facts_get_icon    (const LkTrayFacts *self);
/* "Latchkey needs you" */
const char  *lk_tray_facts_get_title   (const LkTrayFacts *self);
/* Text without markup, one sentence a line. */
char        *lk_tray_facts_dup_text    (const LkTrayFacts *self);
/* (element-type LkTrayItem): below the root, in order */
GPtrArray   *lk_tray_facts_list_items  (const LkTrayFacts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkTrayFacts, lk_tray_facts_free)

G_END_DECLS
