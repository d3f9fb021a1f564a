/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-fault.h"

G_BEGIN_DECLS

/* A request reaches the provider within this of being sent, or not at all. Until its reply is here
 * it counts as sent that much later: uneven lines must not push two windows' worth into one. */
#define LK_GATE_FLIGHT G_USEC_PER_SEC

/* Clocks are read in whole seconds; too early at midnight would cost another day. */
#define LK_GATE_DAY_MARGIN (2 * G_USEC_PER_SEC)

/* A second refusal within this is a sign of a longer limit. */
#define LK_GATE_MEMORY (60 * G_USEC_PER_SEC)

/* Not before somebody else is done. */
#define LK_GATE_NO_TIME G_MAXINT64

/**
 * LkGateKind:
 * @LK_GATE_HOLD: open but while the provider asked to wait
 * @LK_GATE_WINDOW: so many requests in any stretch of so many seconds
 * @LK_GATE_DAY: so many requests between two midnights UTC
 * @LK_GATE_FLIGHT_CAP: so many requests at once
 */
typedef enum
{
  LK_GATE_HOLD,
  LK_GATE_WINDOW,
  LK_GATE_DAY,
  LK_GATE_FLIGHT_CAP,
} LkGateKind;

typedef struct _LkGate LkGate;
typedef struct _LkSlot LkSlot;

/**
 * LkGate:
 * @key: what it is, unique in its app
 * @limit, @slowed: words of #LkFault
 * @until: (hold) boot time before which nothing passes
 * @refused_at: (hold) boot time of the last refusal
 * @margin: how much later than it says it opens, to be on the safe side
 * @fault: (hold) (nullable): what the provider said
 * @lanes: who waits here, in the order of arrival; belongs to the budget
 * @waiting: how many callers that are
 * @timer: (nullable): belongs to the budget
 *
 * One limit, for one thing that it limits. Times are microseconds of boot time.
 */
struct _LkGate
{
  grefcount   refs;
  LkGateKind  kind;
  char       *key;
  const char *limit;
  const char *slowed;
  char       *account;
  char       *path;
  guint       seconds;
  guint       calls;

  guint       reserved; /* granted, not sent yet */
  GQueue      flying;   /* (element-type LkSlot): sent, no reply yet; oldest first */
  GQueue      done;     /* (element-type LkSlot): oldest first */
  gint64      day;      /* days since 1970 that day_used counts */
  guint       day_used;

  gint64      until;
  gint64      margin;
  gint64      refused_at;
  LkFault    *fault;

  GSequence  *lanes;
  guint       waiting;
  gpointer    timer;
  gpointer    app;      /* (unowned) */
};

LkGate  *lk_gate_new       (LkGateKind kind, const char *key);
LkGate  *lk_gate_ref       (LkGate *self);
void     lk_gate_unref     (LkGate *self);
/* @server_now: seconds since 1970 UTC at the provider. Drops what has left the window. */
void     lk_gate_update    (LkGate *self, gint64 now, gint64 server_now);
/* Boot time from when one more passes: 0 now, %LK_GATE_NO_TIME when nobody knows. Update first. */
gint64   lk_gate_free_at   (LkGate *self, gint64 now, gint64 server_now);
/* Boot time from when one more passes after @ahead others, as far as that can be told. */
gint64   lk_gate_estimate  (LkGate *self, gint64 now, gint64 server_now, guint ahead);
/* How many pass now. */
guint    lk_gate_count_free (LkGate *self, gint64 now);
gboolean lk_gate_is_idle   (LkGate *self, gint64 now);

LkSlot  *lk_slot_take      (LkGate *gate);
LkGate  *lk_slot_ref_gate  (LkSlot *self);
void     lk_slot_sent      (LkSlot *self, gint64 now);
/* @used: whether the request may have reached the provider; frees @self. */
void     lk_slot_release   (LkSlot *self, gint64 now, gboolean used);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkGate, lk_gate_unref)

G_END_DECLS
