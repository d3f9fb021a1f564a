/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-plan.h"

#include "lk-token-set.h"

#define HOLD_S 60
#define HOLD_MAX_S (15 * 60)

typedef enum
{
  WAITING,
  READY,
  UNDER_WAY,
} State;

/* All of one developer app. */
typedef struct
{
  char      *name;       /* (owned) */
  GSequence *ready;      /* (owned) of Item (unowned), most urgent first */
  guint      items;
  guint      under_way;
  gint64     second;     /* in which it started last */
  guint      started;    /* within that second */
  gint64     held_until;
  guint      failures;   /* to reach it, in a row */
  gboolean   trusted;    /* answered last */
} App;

typedef struct
{
  gpointer       key;
  App           *app;
  gint64         due;
  gint64         urgency;
  gboolean       asked; /* for by a person */
  State          state;
  GSequenceIter *place; /* (nullable): while it is not under way */
} Item;

struct _LkAgentPlan
{
  GHashTable *items;     /* (owned) key → Item */
  GHashTable *apps;      /* (owned) name → App */
  GSequence  *waiting;   /* (owned) of Item (unowned), nearest first */
  GQueue      turns;     /* of App (unowned): who has something ready, next one first */
  guint       under_way;
  gboolean    paused;
};

static int
compare_numbers (gint64 a, gint64 b)
{
  return (a > b) - (a < b);
}

static int
compare_due (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return compare_numbers (((const Item *) a)->due, ((const Item *) b)->due);
}

static int
compare_urgency (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Item *left = a;
  const Item *right = b;

  if (left->asked != right->asked)
    return left->asked ? -1 : 1;
  return compare_numbers (left->urgency, right->urgency);
}

static Item *
peek (GSequence *sequence)
{
  GSequenceIter *first = g_sequence_get_begin_iter (sequence);

  return g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
}

static void
app_free (App *app)
{
  g_sequence_free (app->ready);
  g_free (app->name);
  g_free (app);
}

static App *
get_app (LkAgentPlan *self, const char *name)
{
  App *app = g_hash_table_lookup (self->apps, name);

  if (app == NULL)
    {
      app = g_new0 (App, 1);
      app->name = g_strdup (name);
      app->ready = g_sequence_new (NULL);
      g_hash_table_insert (self->apps, app->name, app);
    }
  return app;
}

LkAgentPlan *
lk_agent_plan_new (void)
{
  LkAgentPlan *self = g_new0 (LkAgentPlan, 1);

  self->items = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->apps = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) app_free);
  self->waiting = g_sequence_new (NULL);
  g_queue_init (&self->turns);
  return self;
}

void
lk_agent_plan_free (LkAgentPlan *self)
{
  g_queue_clear (&self->turns);
  g_sequence_free (self->waiting);
  g_hash_table_unref (self->apps);
  g_hash_table_unref (self->items);
  g_free (self);
}

/* Where an item stands. */

static void
item_leave (LkAgentPlan *self, Item *item)
{
  g_sequence_remove (g_steal_pointer (&item->place));
  if (item->state == READY && g_sequence_is_empty (item->app->ready))
    g_queue_remove (&self->turns, item->app);
}

static void
item_wait (LkAgentPlan *self, Item *item)
{
  item->state = WAITING;
  item->place = g_sequence_insert_sorted (self->waiting, item, compare_due, NULL);
}

static void
item_get_ready (LkAgentPlan *self, Item *item)
{
  if (g_sequence_is_empty (item->app->ready))
    g_queue_push_tail (&self->turns, item->app);
  item->state = READY;
  item->place = g_sequence_insert_sorted (item->app->ready, item, compare_urgency, NULL);
}

static void
item_drop (LkAgentPlan *self, Item *item)
{
  App *app = item->app;

  if (item->place != NULL)
    item_leave (self, item);
  g_hash_table_remove (self->items, item->key);
  /* What is known of its provider goes with the last one, unless it matters yet. */
  if (--app->items == 0 && app->held_until == 0)
    g_hash_table_remove (self->apps, app->name);
}

static Item *
item_add (LkAgentPlan *self, gpointer key, const char *app)
{
  Item *item = g_new0 (Item, 1);

  item->key = key;
  item->app = get_app (self, app);
  item->app->items++;
  g_hash_table_insert (self->items, key, item);
  return item;
}

/**
 * lk_agent_plan_set:
 *
 * What a person asked for stays asked for until it was done.
 */
void
lk_agent_plan_set (LkAgentPlan *self, gpointer key, const char *app, gint64 due, gint64 urgency)
{
  Item *item = g_hash_table_lookup (self->items, key);

  if (item != NULL && item->state == UNDER_WAY)
    return;
  if (due == LK_END_NEVER || (item != NULL && !g_str_equal (item->app->name, app)))
    {
      if (item != NULL)
        item_drop (self, item);
      item = NULL;
    }
  if (due == LK_END_NEVER || (item != NULL && item->due == due && item->urgency == urgency))
    return;
  if (item == NULL)
    item = item_add (self, key, app);
  else
    item_leave (self, item);
  item->due = due;
  item->urgency = urgency;
  if (item->asked)
    item_get_ready (self, item);
  else
    item_wait (self, item);
}

void
lk_agent_plan_ask (LkAgentPlan *self, gpointer key, const char *app, gint64 urgency)
{
  Item *item = g_hash_table_lookup (self->items, key);

  if (item != NULL && (item->state == UNDER_WAY || item->asked))
    return;
  if (item == NULL)
    item = item_add (self, key, app);
  else
    item_leave (self, item);
  item->asked = TRUE;
  item->urgency = urgency;
  item_get_ready (self, item);
}

void
lk_agent_plan_set_paused (LkAgentPlan *self, gboolean paused)
{
  self->paused = paused;
}

void
lk_agent_plan_look (LkAgentPlan *self, gint64 now)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Item *item = value;

      if (item->state != READY || item->asked || item->due <= now)
        continue;
      item_leave (self, item);
      item_wait (self, item);
    }
  /* Seconds that were counted by another time. */
  g_hash_table_iter_init (&iter, self->apps);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      App *app = value;

      app->held_until = MIN (app->held_until, now + HOLD_MAX_S);
    }
}

void
lk_agent_plan_doubt (LkAgentPlan *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->apps);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      App *app = value;

      app->trusted = FALSE;
      app->held_until = 0;
      app->failures = 0;
    }
}

void
lk_agent_plan_hold (LkAgentPlan *self, const char *app, gint64 until)
{
  App *held = get_app (self, app);

  held->trusted = FALSE;
  held->held_until = MAX (held->held_until, until);
}

/* Starting. */

/* What keeps the app's first one back: 0 for nothing, LK_END_NEVER for something else than time. */
static gint64
app_get_next (LkAgentPlan *self, App *app, gint64 now)
{
  if (self->paused && !peek (app->ready)->asked)
    return LK_END_NEVER;
  if (app->under_way >= (app->trusted ? LK_PLAN_OF_APP : 1))
    return LK_END_NEVER;
  if (app->held_until > now)
    return app->held_until;
  if (app->second == now && app->started >= LK_PLAN_PER_SECOND)
    return now + 1;
  return 0;
}

static gpointer
app_start (LkAgentPlan *self, App *app, gint64 now)
{
  Item *item = peek (app->ready);

  item_leave (self, item);
  item->state = UNDER_WAY;
  app->started = app->second == now ? app->started + 1 : 1;
  app->second = now;
  app->held_until = 0;
  app->under_way++;
  self->under_way++;
  /* The others come first next time. */
  if (g_queue_remove (&self->turns, app))
    g_queue_push_tail (&self->turns, app);
  return item->key;
}

static void
collect_due (LkAgentPlan *self, gint64 now)
{
  Item *first;

  while (!self->paused && (first = peek (self->waiting)) != NULL && first->due <= now)
    {
      item_leave (self, first);
      item_get_ready (self, first);
    }
}

gpointer
lk_agent_plan_start (LkAgentPlan *self, gint64 now)
{
  collect_due (self, now);
  if (self->under_way >= LK_PLAN_AT_ONCE)
    return NULL;
  for (GList *turn = self->turns.head; turn != NULL; turn = turn->next)
    if (app_get_next (self, turn->data, now) == 0)
      return app_start (self, turn->data, now);
  return NULL;
}

/**
 * lk_agent_plan_end:
 *
 * The first answer lets the others of the app follow.
 */
void
lk_agent_plan_end (LkAgentPlan *self, gpointer key, LkPlanOutcome outcome, gint64 now)
{
  Item *item = g_hash_table_lookup (self->items, key);
  App *app;

  g_return_if_fail (item != NULL && item->state == UNDER_WAY);

  app = item->app;
  self->under_way--;
  app->under_way--;
  app->trusted = outcome == LK_PLAN_ANSWERED;
  if (outcome == LK_PLAN_ANSWERED)
    app->failures = 0;
  if (outcome == LK_PLAN_UNREACHABLE)
    {
      app->held_until = MAX (app->held_until,
                             now + MIN (HOLD_S << MIN (app->failures, 8u), HOLD_MAX_S));
      app->failures++;
    }
  item_drop (self, item);
}

gint64
lk_agent_plan_get_next (LkAgentPlan *self, gint64 now)
{
  const Item *first = peek (self->waiting);
  gint64 next = first != NULL && !self->paused ? first->due : LK_END_NEVER;

  if (self->under_way >= LK_PLAN_AT_ONCE)
    return LK_END_NEVER;
  for (GList *turn = self->turns.head; turn != NULL; turn = turn->next)
    next = MIN (next, app_get_next (self, turn->data, now));
  return next;
}

gboolean
lk_agent_plan_is_under_way (LkAgentPlan *self, gpointer key)
{
  const Item *item = g_hash_table_lookup (self->items, key);

  return item != NULL && item->state == UNDER_WAY;
}

guint
lk_agent_plan_count_under_way (LkAgentPlan *self)
{
  return self->under_way;
}
