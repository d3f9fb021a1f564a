/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-notifier.h"

#include "lk-agent-window.h"

/* What Flatpak puts into each sandbox. */
#define SANDBOX_INFO "/.flatpak-info"
/* A service that ends each time that it shows something is not fed for ever. */
#define LOST_MAX 3

struct _LkAgentNotifier
{
  LkAgentContext                *context;  /* outlives us */
  GDBusConnection               *bus;      /* (owned) (nullable): once something was told */
  LkAgentDesktopNotices         *desktop;  /* (owned) (nullable): not in a sandbox */
  LkAgentPortalNotices          *portal;   /* (owned) (nullable) */
  GHashTable                    *waiting;  /* (owned) id → notice that nobody shows yet */
  GHashTable                    *sent;     /* (owned) id → notice of which no answer came yet */
  GHashTable                    *on_show;  /* (owned) id → notice that the desktop shows */
  GHashTable                    *portals;  /* (owned) set of ids that the portal shows */
  const LkAgentNotifierListener *listener; /* (nullable) */
  gpointer                       listener_data;
  LkAgentNotifierAnswered        answered; /* (nullable) */
  gpointer                       answered_data;
};

static void lk_agent_notifier_pump (LkAgentNotifier *self);

/* What the ways tell. */

static void
changed_cb (gpointer user_data)
{
  lk_agent_notifier_pump (user_data);
}

static void
take_back (LkAgentNotifier *self, const char *id)
{
  g_hash_table_remove (self->on_show, id);
  if (self->desktop != NULL)
    lk_agent_desktop_notices_withdraw (self->desktop, id);
  if (self->portal != NULL && g_hash_table_remove (self->portals, id))
    lk_agent_portal_notices_withdraw (self->portal, id);
}

static void
shown_cb (const char *id, GVariant *mark, gpointer user_data)
{
  LkAgentNotifier *self = user_data;
  gpointer key, notice;

  if (!g_hash_table_steal_extended (self->sent, id, &key, &notice))
    take_back (self, id);
  else
    {
      if (g_hash_table_contains (self->portals, id))
        lk_agent_notice_free (notice);
      else
        g_hash_table_replace (self->on_show, key, notice);
      if (self->listener != NULL)
        self->listener->shown (id, mark, self->listener_data);
    }
  /* The next one by that id waited for this answer, for the number to replace. */
  lk_agent_notifier_pump (self);
}

/* Unless a newer one by that id waits already. @notice: (transfer full) */
static void
wait_again (LkAgentNotifier *self, LkAgentNotice *notice)
{
  if (g_hash_table_contains (self->waiting, notice->id))
    lk_agent_notice_free (notice);
  else
    g_hash_table_insert (self->waiting, notice->id, notice);
}

static void
failed_cb (const char *id, gpointer user_data)
{
  LkAgentNotifier *self = user_data;
  gpointer notice;

  if (!g_hash_table_steal_extended (self->sent, id, NULL, &notice))
    return;
  /* A service that this one ended is not called up for it again. */
  ((LkAgentNotice *) notice)->lost++;
  wait_again (self, notice);
}

static void
lost_cb (const char *id, gpointer user_data)
{
  LkAgentNotifier *self = user_data;
  gpointer notice;

  if (!g_hash_table_steal_extended (self->on_show, id, NULL, &notice))
    return;
  /* What was to take its place comes back by itself. */
  if (g_hash_table_contains (self->sent, id) || ++((LkAgentNotice *) notice)->lost > LOST_MAX)
    lk_agent_notice_free (notice);
  else
    wait_again (self, notice);
}

static void
closed_cb (const char *id, gpointer user_data)
{
  LkAgentNotifier *self = user_data;

  g_hash_table_remove (self->on_show, id);
  if (self->listener != NULL)
    self->listener->closed (id, self->listener_data);
}

static void
open_window (LkAgentNotifier *self, const char *id, const char *action, const char *token)
{
  g_autofree char *connection = lk_agent_notice_dup_connection (id);

  if (connection == NULL)
    lk_agent_window_open (self->bus, NULL, NULL, token);
  else
    lk_agent_window_open (self->bus,
                          g_str_equal (action, LK_AGENT_NOTICE_RECONNECT) ? "reconnect"
                                                                          : "show-connection",
                          g_variant_new_string (connection), token);
}

static void
acted_cb (const char *id, const char *action, const char *token, gpointer user_data)
{
  LkAgentNotifier *self = user_data;

  if (g_str_equal (action, LK_AGENT_NOTICE_SNOOZE))
    {
      if (self->listener != NULL)
        self->listener->snoozed (id, self->listener_data);
    }
  else if (g_str_equal (action, LK_AGENT_NOTICE_ALLOW)
           || g_str_equal (action, LK_AGENT_NOTICE_DENY))
    {
      if (self->answered != NULL)
        self->answered (id, g_str_equal (action, LK_AGENT_NOTICE_ALLOW), self->answered_data);
    }
  else
    {
      open_window (self, id, action, token);
      /* Not every service takes it away by itself. */
      take_back (self, id);
      closed_cb (id, self);
    }
}

static const LkAgentNoticeEvents events = {
  .changed = changed_cb,
  .shown = shown_cb,
  .failed = failed_cb,
  .closed = closed_cb,
  .lost = lost_cb,
  .acted = acted_cb,
};

/* Ways. */

LkAgentNotifier *
lk_agent_notifier_new (LkAgentContext *context)
{
  LkAgentNotifier *self = g_new0 (LkAgentNotifier, 1);

  self->context = context;
  /* The key is the id inside the notice. */
  self->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) lk_agent_notice_free);
  self->sent = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                      (GDestroyNotify) lk_agent_notice_free);
  self->on_show = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) lk_agent_notice_free);
  self->portals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
lk_agent_notifier_free (LkAgentNotifier *self)
{
  g_clear_pointer (&self->desktop, lk_agent_desktop_notices_free);
  g_clear_pointer (&self->portal, lk_agent_portal_notices_free);
  g_clear_object (&self->bus);
  g_hash_table_unref (self->waiting);
  g_hash_table_unref (self->sent);
  g_hash_table_unref (self->on_show);
  g_hash_table_unref (self->portals);
  g_free (self);
}

void
lk_agent_notifier_listen (LkAgentNotifier *self, const LkAgentNotifierListener *listener,
                          gpointer user_data)
{
  self->listener = listener;
  self->listener_data = user_data;
}

void
lk_agent_notifier_answer (LkAgentNotifier *self, LkAgentNotifierAnswered answered,
                          gpointer user_data)
{
  self->answered = answered;
  self->answered_data = user_data;
}

/* An agent that tells nothing asks the bus for nobody. */
static gboolean
lk_agent_notifier_connect (LkAgentNotifier *self)
{
  gboolean sandboxed = g_file_test (SANDBOX_INFO, G_FILE_TEST_EXISTS);

  if (self->bus != NULL)
    return TRUE;
  self->bus
    = g_dbus_object_manager_server_get_connection (lk_agent_context_get_server (self->context));
  if (self->bus == NULL)
    return FALSE;
  if (!sandboxed)
    self->desktop = lk_agent_desktop_notices_new (self->bus, &events, self);
  self->portal = lk_agent_portal_notices_new (self->bus, sandboxed, &events, self);
  return TRUE;
}

static void
lk_agent_notifier_send (LkAgentNotifier *self, LkAgentNotice *notice, gboolean by_desktop)
{
  g_hash_table_insert (self->sent, notice->id, notice);
  if (by_desktop)
    lk_agent_desktop_notices_show (self->desktop, notice);
  else
    {
      g_hash_table_add (self->portals, g_strdup (notice->id));
      lk_agent_portal_notices_show (self->portal, notice);
    }
}

/* Who ended the service may want it away; only what is new starts it. */
static gboolean
has_news (LkAgentNotifier *self)
{
  GHashTableIter iter;
  gpointer notice;

  g_hash_table_iter_init (&iter, self->waiting);
  while (g_hash_table_iter_next (&iter, NULL, &notice))
    if (((LkAgentNotice *) notice)->lost == 0)
      return TRUE;
  return FALSE;
}

static void
lk_agent_notifier_pump (LkAgentNotifier *self)
{
  gboolean by_desktop;
  GHashTableIter iter;
  gpointer notice;

  if (g_hash_table_size (self->waiting) == 0 || !lk_agent_notifier_connect (self))
    return;
  by_desktop = self->desktop != NULL && lk_agent_desktop_notices_is_there (self->desktop);
  if (!by_desktop && self->desktop != NULL)
    {
      if (!lk_agent_desktop_notices_is_absent (self->desktop))
        return;
      if (has_news (self))
        lk_agent_desktop_notices_call_up (self->desktop);
    }
  if (!by_desktop && !lk_agent_portal_notices_is_there (self->portal))
    return;
  g_hash_table_iter_init (&iter, self->waiting);
  while (g_hash_table_iter_next (&iter, NULL, &notice))
    if (!g_hash_table_contains (self->sent, ((LkAgentNotice *) notice)->id))
      {
        g_hash_table_iter_steal (&iter);
        lk_agent_notifier_send (self, notice, by_desktop);
      }
}

/**
 * lk_agent_notifier_show:
 * @notice: (transfer full)
 *
 * Shows it, now or as soon as somebody can.
 */
void
lk_agent_notifier_show (LkAgentNotifier *self, LkAgentNotice *notice)
{
  g_hash_table_replace (self->waiting, notice->id, notice);
  lk_agent_notifier_pump (self);
}

void
lk_agent_notifier_withdraw (LkAgentNotifier *self, const char *id)
{
  g_hash_table_remove (self->waiting, id);
  g_hash_table_remove (self->sent, id);
  take_back (self, id);
}

void
lk_agent_notifier_adopt (LkAgentNotifier *self, const char *id, GVariant *mark,
                         LkAgentNotice *notice)
{
  gboolean portal = g_variant_is_of_type (mark, G_VARIANT_TYPE ("(s)"));
  gboolean connected = lk_agent_notifier_connect (self);

  if (connected && portal)
    g_hash_table_add (self->portals, g_strdup (id));
  else if (connected && self->desktop != NULL)
    lk_agent_desktop_notices_adopt (self->desktop, id, mark);
  if (connected && !portal && notice != NULL)
    g_hash_table_replace (self->on_show, notice->id, notice);
  else if (notice != NULL)
    lk_agent_notice_free (notice);
}
