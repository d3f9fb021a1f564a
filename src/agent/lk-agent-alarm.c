/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-alarm.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define FAR_AWAY ((time_t) G_MAXINT32)

struct _LkAgentAlarm
{
  LkAgentAlarmFunc ring;
  gpointer         user_data;
  int              timer_fd; /* (owned) */
  int              clock_fd; /* (owned): rings only when the clock is set */
  guint            timer_id;
  guint            clock_id;
#ifdef LK_TEST_HOOKS
  GFileMonitor    *test_clock; /* (owned) (nullable) */
#endif
};

static gboolean
timer_cb (int fd, GIOCondition condition, gpointer user_data)
{
  LkAgentAlarm *self = user_data;
  guint64 times;

  if (read (fd, &times, sizeof times) == (ssize_t) sizeof times)
    self->ring (FALSE, self->user_data);
  return G_SOURCE_CONTINUE;
}

static void
watch_clock (LkAgentAlarm *self)
{
  const struct itimerspec never = { .it_value = { .tv_sec = FAR_AWAY } };

  timerfd_settime (self->clock_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

static gboolean
clock_cb (int fd, GIOCondition condition, gpointer user_data)
{
  LkAgentAlarm *self = user_data;
  guint64 times;

  if (read (fd, &times, sizeof times) < 0 && errno == ECANCELED)
    {
      g_info ("the clock was set");
      watch_clock (self);
      self->ring (TRUE, self->user_data);
    }
  return G_SOURCE_CONTINUE;
}

#ifdef LK_TEST_HOOKS
/* A test moves the clock by a file; the agent hears of it as of a real one. */
static void
test_clock_cb (LkAgentAlarm *self)
{
  self->ring (TRUE, self->user_data);
}

static void
watch_test_clock (LkAgentAlarm *self)
{
  const char *path = g_getenv ("LATCHKEY_TEST_CLOCK");
  g_autoptr(GFile) file = path != NULL ? g_file_new_for_path (path) : NULL;

  if (file == NULL)
    return;
  self->test_clock = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  g_signal_connect_swapped (self->test_clock, "changed", G_CALLBACK (test_clock_cb), self);
}
#endif

LkAgentAlarm *
lk_agent_alarm_new (LkAgentAlarmFunc ring, gpointer user_data)
{
  LkAgentAlarm *self = g_new0 (LkAgentAlarm, 1);

  self->ring = ring;
  self->user_data = user_data;
  self->timer_fd = timerfd_create (CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  self->clock_fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (self->timer_fd < 0 || self->clock_fd < 0)
    g_error ("no timers: %s", g_strerror (errno));
  self->timer_id = g_unix_fd_add (self->timer_fd, G_IO_IN, timer_cb, self);
  self->clock_id = g_unix_fd_add (self->clock_fd, G_IO_IN, clock_cb, self);
  watch_clock (self);
#ifdef LK_TEST_HOOKS
  watch_test_clock (self);
#endif
  return self;
}

void
lk_agent_alarm_free (LkAgentAlarm *self)
{
#ifdef LK_TEST_HOOKS
  g_clear_object (&self->test_clock);
#endif
  g_source_remove (self->timer_id);
  g_source_remove (self->clock_id);
  close (self->timer_fd);
  close (self->clock_fd);
  g_free (self);
}

void
lk_agent_alarm_set (LkAgentAlarm *self, gint64 seconds)
{
  struct itimerspec at = { 0 };

  if (seconds > 0)
    at.it_value.tv_sec = (time_t) MIN (seconds, (gint64) FAR_AWAY);
  else if (seconds == 0)
    at.it_value.tv_nsec = 1;
  timerfd_settime (self->timer_fd, 0, &at, NULL);
}
