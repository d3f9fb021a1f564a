/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-remedy-private.h"

#include <stdlib.h>

/* How often, in seconds: while somebody looks on, and later, when days may go by. */
#define PACE_LOOKING  15
#define LOOKING_S     (10 * 60)
#define KEPT_S        (24 * 60 * 60)
/* Limits last a day at most; what claims more is wrong, and must not end the watch. */
#define LONGEST_S     (24 * 60 * 60)

static const struct
{
  gint64 until;
  gint64 pace;
} paces[] = {
  { 60 * 60, 60 },
  { 6 * 60 * 60, 5 * 60 },
  { G_MAXINT64, 15 * 60 },
};

static gint64
pace_of (LkAgentRemedy *self, gint64 now)
{
  gint64 elapsed = MAX (now - self->record->watched_since, 0);
  guint i = 0;

  if (self->watcher_id != 0 && elapsed < LOOKING_S)
    return PACE_LOOKING;
  while (elapsed >= paces[i].until)
    i++;
  return paces[i].pace;
}

/* A call that may create something is not sent again without being asked; a step whose proof is a
 * deed of the person is looked at when that is done. */
static gboolean
can_be_watched (LkAgentRemedy *self, const LkRemedyStep *step)
{
  switch (step->check)
    {
    case LK_CHECK_PROBES:
    case LK_CHECK_TIME:
    case LK_CHECK_SIGN_IN:
      return TRUE;
    case LK_CHECK_CALL:
      return self->record->call != NULL && lk_call_request_is_safe (self->record->call);
    case LK_CHECK_NONE:
    case LK_CHECK_SECRET:
    default:
      return FALSE;
    }
}

/* The first step that others have to do, else the first that can be looked at; -1 for none. */
static int
find_watched (LkAgentRemedy *self)
{
  g_autoptr(LkRemedy) plan = lk_agent_remedy_dup_plan (self);

  for (int others = 1; others >= 0; others--)
    for (guint i = 0; plan != NULL && i < plan->steps->len; i++)
      {
        const LkRemedyStep *step = plan->steps->pdata[i];

        if ((step->watchable || others == 0) && !lk_agent_remedy_is_settled (self, i)
            && can_be_watched (self, step))
          return (int) i;
      }
  return -1;
}

/* When the wait of a limit is over, which is known beforehand. */
static gint64
time_named (LkAgentRemedy *self, gint64 now)
{
  const char *text = g_hash_table_lookup (self->record->values, "retry-at");

  return text != NULL && g_str_equal (self->record->remedy, "rate")
           ? MIN (g_ascii_strtoll (text, NULL, 10), now + LONGEST_S) : 0;
}

/**
 * lk_agent_remedy_plan:
 *
 * Decides when the step is looked at next. What is planned stays, unless the clock was set.
 */
void
lk_agent_remedy_plan (LkAgentRemedy *self)
{
  gint64 now = lk_agent_context_get_now (self->context);
  gint64 pace, at;

  /* What is left is for the person alone. */
  if (self->record->watched_since != 0 && find_watched (self) < 0)
    lk_agent_remedy_unwatch (self);
  if (self->record->watched_since == 0 || self->record->ended != 0)
    {
      self->next_check = 0;
      return;
    }
  pace = pace_of (self, now);
  at = now + pace + (gint64) g_random_int_range (0, (gint32) (pace / 10) + 1);
  at = MAX (MAX (at, MIN (self->not_before, now + LONGEST_S)), time_named (self, now) + 1);
  if (self->next_check == 0 || self->next_check > MAX (at, now + pace + pace / 10))
    self->next_check = at;
}

gint64
lk_agent_remedy_get_due (LkAgentRemedy *self)
{
  if (self->record->ended != 0)
    return self->record->ended + KEPT_S;
  return self->next_check != 0 ? self->next_check : LK_END_NEVER;
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  if (!lk_agent_remedy_check_finish (LK_AGENT_REMEDY (source), result, &error))
    g_info ("a watched step could not be looked at: %s", error->message);
}

void
lk_agent_remedy_tick (LkAgentRemedy *self)
{
  int step;

  if (lk_agent_remedy_get_busy (self))
    return;
  step = find_watched (self);
  if (step < 0)
    {
      /* What is left is for the person alone. */
      lk_agent_remedy_unwatch (self);
      lk_agent_remedy_save (self);
      return;
    }
  self->next_check = 0;
  lk_agent_remedy_check_async (self, (guint) step, TRUE, looked_cb, NULL);
}

gboolean
lk_agent_remedy_look_further (LkAgentRemedy *self)
{
  g_autoptr(LkRemedy) plan = lk_agent_remedy_dup_plan (self);
  guint last;

  if (plan == NULL || self->record->ended != 0)
    return FALSE;
  for (guint i = 0; i < plan->steps->len; i++)
    if (((const LkRemedyStep *) plan->steps->pdata[i])->watchable
        && !lk_agent_remedy_is_settled (self, i))
      return FALSE;
  lk_agent_remedy_unwatch (self);
  lk_agent_remedy_save (self);
  last = plan->steps->len - 1;
  if (((const LkRemedyStep *) plan->steps->pdata[last])->check != LK_CHECK_CALL
      || !can_be_watched (self, plan->steps->pdata[last]))
    return FALSE;
  lk_agent_remedy_check_async (self, last, TRUE, looked_cb, NULL);
  return TRUE;
}

/* Who looks on. */

static void
watcher_vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  LkAgentRemedy *self = user_data;

  g_clear_handle_id (&self->watcher_id, g_bus_unwatch_name);
  self->next_check = 0;
  lk_agent_remedy_sync (self);
}

void
lk_agent_remedy_watch (LkAgentRemedy *self, const char *watcher)
{
  GDBusConnection *bus = g_dbus_interface_skeleton_get_connection (
    G_DBUS_INTERFACE_SKELETON (self->skeleton));

  g_clear_handle_id (&self->watcher_id, g_bus_unwatch_name);
  if (watcher != NULL && bus != NULL)
    self->watcher_id = g_bus_watch_name_on_connection (bus, watcher, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                       NULL, watcher_vanished_cb, self, NULL);
  self->record->watched_since = lk_agent_context_get_now (self->context);
  self->next_check = 0;
}

void
lk_agent_remedy_unwatch (LkAgentRemedy *self)
{
  g_clear_handle_id (&self->watcher_id, g_bus_unwatch_name);
  self->record->watched_since = 0;
  self->next_check = 0;
}

void
lk_agent_remedy_signed_in (LkAgentRemedy *self)
{
  g_autoptr(LkRemedy) plan = lk_agent_remedy_dup_plan (self);
  guint current = lk_agent_remedy_get_current (self);

  if (plan == NULL || self->record->ended != 0 || current >= plan->steps->len)
    return;
  if (((const LkRemedyStep *) plan->steps->pdata[current])->check == LK_CHECK_SIGN_IN)
    lk_agent_remedy_check_async (self, current, FALSE, looked_cb, NULL);
}
