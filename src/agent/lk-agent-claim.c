/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-claim.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

/* The kernel tells of a closed file a moment before it lets go of its lock. */
#define RETRY_MS 250

struct _LkAgentClaim
{
  LkAgentClaimFunc got_it;
  gpointer         user_data;
  int              file;     /* -1: it cannot be opened */
  int              watch;    /* inotify; -1: nothing to wait for */
  guint            watch_id;
  guint            retry_id;
  gboolean         taken;    /* by another agent */
};

/* Only a lock that somebody has is a reason to wait. */
static void
lk_agent_claim_try (LkAgentClaim *self)
{
  self->taken = FALSE;
  if (self->file < 0 || flock (self->file, LOCK_EX | LOCK_NB) == 0)
    return;
  if (errno == EWOULDBLOCK)
    self->taken = TRUE;
  else
    g_message ("the data folder cannot be claimed: %s", g_strerror (errno));
}

static void
lk_agent_claim_end_waiting (LkAgentClaim *self)
{
  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->watch >= 0)
    close (self->watch);
  self->watch = -1;
}

static gboolean
retry_cb (gpointer user_data)
{
  LkAgentClaim *self = user_data;

  self->retry_id = 0;
  lk_agent_claim_try (self);
  if (!self->taken)
    {
      lk_agent_claim_end_waiting (self);
      self->got_it (self->user_data);
    }
  return G_SOURCE_REMOVE;
}

static gboolean
closed_cb (int watch, GIOCondition condition, gpointer user_data)
{
  LkAgentClaim *self = user_data;
  char events[4096];

  while (read (watch, events, sizeof events) > 0)
    ;
  if (self->retry_id == 0)
    self->retry_id = g_timeout_add (RETRY_MS, retry_cb, self);
  return G_SOURCE_CONTINUE;
}

static void
lk_agent_claim_wait (LkAgentClaim *self, const char *path)
{
  self->watch = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  if (self->watch < 0 || inotify_add_watch (self->watch, path, IN_CLOSE_WRITE) < 0)
    {
      g_message ("nobody tells when the other agent ends: %s", g_strerror (errno));
      return;
    }
  self->watch_id = g_unix_fd_add (self->watch, G_IO_IN, closed_cb, self);
  /* It may have ended in between. */
  self->retry_id = g_timeout_add (RETRY_MS, retry_cb, self);
}

LkAgentClaim *
lk_agent_claim_new (const char *folder, LkAgentClaimFunc got_it, gpointer user_data)
{
  LkAgentClaim *self = g_new0 (LkAgentClaim, 1);
  g_autofree char *path = g_build_filename (folder, "agent.lock", NULL);

  self->got_it = got_it;
  self->user_data = user_data;
  self->watch = -1;
  /* What cannot be made cannot be claimed; the ledger tells why. */
  g_mkdir_with_parents (folder, 0700);
  self->file = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  lk_agent_claim_try (self);
  if (self->taken)
    lk_agent_claim_wait (self, path);
  return self;
}

gboolean
lk_agent_claim_is_held (LkAgentClaim *self)
{
  return !self->taken;
}

void
lk_agent_claim_free (LkAgentClaim *self)
{
  lk_agent_claim_end_waiting (self);
  if (self->file >= 0)
    close (self->file);
  g_free (self);
}
