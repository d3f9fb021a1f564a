/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LkAgentNotice:
 * @id: "KIND/CONNECTION" or "KIND/CONNECTION/MORE"; the connection's id may be empty
 * @title, @body: plain text, one line each
 * @low: it can wait
 * @reconnect, @snooze: whether it has those buttons
 * @question: it is answered with Allow or Don't Allow, and stays until it was
 * @lost: how often whoever showed it, or was about to, went away
 *
 * Something to be shown on the desktop; the same id again takes the place of what was shown before.
 */
typedef struct
{
  char     *id;
  char     *title;
  char     *body;
  gboolean  low;
  gboolean  reconnect;
  gboolean  snooze;
  gboolean  question;
  guint     lost;
} LkAgentNotice;

/* What its buttons are called on the bus; pressing the notice itself is the first. */
#define LK_AGENT_NOTICE_DEFAULT   "default"
#define LK_AGENT_NOTICE_SHOW      "show"
#define LK_AGENT_NOTICE_RECONNECT "reconnect"
#define LK_AGENT_NOTICE_SNOOZE    "snooze"
#define LK_AGENT_NOTICE_ALLOW     "allow"
#define LK_AGENT_NOTICE_DENY      "deny"

#define LK_AGENT_NOTICE_BUTTONS_MAX 3

typedef struct
{
  const char *action;
  const char *label; /* translated */
} LkAgentNoticeButton;

/* @title, @body: (transfer full) */
LkAgentNotice *lk_agent_notice_new            (const char *kind, const char *connection,
                                               const char *more, char *title, char *body);
void           lk_agent_notice_free           (LkAgentNotice *self);
/* (transfer full) (nullable): of the connection that the notice by @id is about */
char          *lk_agent_notice_dup_connection (const char *id);
/* Returns: how many buttons it has beside pressing the notice itself */
guint          lk_agent_notice_get_buttons    (const LkAgentNotice *self,
                                               LkAgentNoticeButton buttons[]);

/**
 * LkAgentNoticeEvents:
 * @changed: whether anybody shows notices has changed
 * @shown: the notice by @id is on show; @mark finds it again, also after a restart
 * @failed: nobody showed it
 * @closed: it is not on show any more, and we did not take it back
 * @lost: whoever showed it went away, and it with them
 * @acted: one of its buttons was pressed; @token lets a window come to the front
 *
 * What a way to show notices tells.
 */
typedef struct
{
  void (*changed) (gpointer user_data);
  void (*shown)   (const char *id, GVariant *mark, gpointer user_data);
  void (*failed)  (const char *id, gpointer user_data);
  void (*closed)  (const char *id, gpointer user_data);
  void (*lost)    (const char *id, gpointer user_data);
  void (*acted)   (const char *id, const char *action, const char *token, gpointer user_data);
} LkAgentNoticeEvents;

/* org.freedesktop.Notifications. */
typedef struct _LkAgentDesktopNotices LkAgentDesktopNotices;

LkAgentDesktopNotices *lk_agent_desktop_notices_new       (GDBusConnection *bus,
                                                           const LkAgentNoticeEvents *events,
                                                           gpointer user_data);
void                   lk_agent_desktop_notices_free      (LkAgentDesktopNotices *self);
gboolean               lk_agent_desktop_notices_is_there  (LkAgentDesktopNotices *self);
/* Whether it is known by now that nobody is there. */
gboolean               lk_agent_desktop_notices_is_absent (LkAgentDesktopNotices *self);
/* Asks the bus to start the service, once for each time that it is away. */
void                   lk_agent_desktop_notices_call_up   (LkAgentDesktopNotices *self);
void                   lk_agent_desktop_notices_show      (LkAgentDesktopNotices *self,
                                                           const LkAgentNotice *notice);
void                   lk_agent_desktop_notices_withdraw  (LkAgentDesktopNotices *self,
                                                           const char *id);
void                   lk_agent_desktop_notices_adopt     (LkAgentDesktopNotices *self,
                                                           const char *id, GVariant *mark);

/* org.freedesktop.portal.Notification. */
typedef struct _LkAgentPortalNotices LkAgentPortalNotices;

LkAgentPortalNotices *lk_agent_portal_notices_new      (GDBusConnection *bus, gboolean start,
                                                        const LkAgentNoticeEvents *events,
                                                        gpointer user_data);
void                  lk_agent_portal_notices_free     (LkAgentPortalNotices *self);
gboolean              lk_agent_portal_notices_is_there (LkAgentPortalNotices *self);
void                  lk_agent_portal_notices_show     (LkAgentPortalNotices *self,
                                                        const LkAgentNotice *notice);
void                  lk_agent_portal_notices_withdraw (LkAgentPortalNotices *self,
                                                        const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAgentNotice, lk_agent_notice_free)

G_END_DECLS
