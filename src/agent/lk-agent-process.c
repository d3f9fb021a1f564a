/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* This stands in the way of every token that is handed out, so it reads into the stack. */

#define WORDS_MAX_BYTES 8192
#define INFO_MAX_BYTES  16384
#define DELETED         " (deleted)"

/* A zero byte follows; -1 when it cannot be read or is no plain file. */
static ssize_t
read_small (pid_t pid, const char *name, char *buffer, size_t size)
{
  char path[64];
  struct stat info;
  ssize_t n = -1;
  int fd;

  snprintf (path, sizeof path, "/proc/%ld/%s", (long) pid, name);
  /* What another process calls a file may be a pipe that nobody writes to. */
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0)
    return -1;
  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    n = read (fd, buffer, size - 1);
  close (fd);
  if (n >= 0)
    buffer[n] = '\0';
  return n;
}

static char *
read_link (pid_t pid, const char *name)
{
  char path[64];
  char target[PATH_MAX];
  ssize_t n;

  snprintf (path, sizeof path, "/proc/%ld/%s", (long) pid, name);
  n = readlink (path, target, sizeof target - 1);
  if (n <= 0)
    return NULL;
  target[n] = '\0';
  /* An update replaced it while it runs. */
  if (g_str_has_suffix (target, DELETED))
    target[(size_t) n - strlen (DELETED)] = '\0';
  return g_strdup (target);
}

/* "PID (NAME) STATE PARENT …", where a name may hold anything. */
static gboolean
read_stat (pid_t pid, LkAgentProcess *process)
{
  char text[512];
  char *open_at, *close_at;
  long parent;

  if (read_small (pid, "stat", text, sizeof text) <= 0)
    return FALSE;
  open_at = strchr (text, '(');
  close_at = strrchr (text, ')');
  if (open_at == NULL || close_at == NULL || close_at < open_at
      || sscanf (close_at + 1, " %*c %ld", &parent) != 1)
    return FALSE;
  process->parent = (pid_t) parent;
  process->name = g_strndup (open_at + 1, (size_t) (close_at - open_at - 1));
  return TRUE;
}

static char **
read_words (pid_t pid)
{
  char text[WORDS_MAX_BYTES];
  ssize_t n = read_small (pid, "cmdline", text, sizeof text);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (ssize_t at = 0; at < n; at += (ssize_t) strlen (text + at) + 1)
    g_strv_builder_add (builder, text + at);
  return g_strv_builder_end (builder);
}

static char *
read_app (pid_t pid)
{
  char text[INFO_MAX_BYTES];
  g_autoptr(GKeyFile) file = NULL;
  ssize_t n = read_small (pid, "root/.flatpak-info", text, sizeof text);

  if (n <= 0)
    return NULL;
  file = g_key_file_new ();
  if (!g_key_file_load_from_data (file, text, (size_t) n, G_KEY_FILE_NONE, NULL))
    return NULL;
  return g_key_file_get_string (file, "Application", "name", NULL);
}

gboolean
lk_agent_process_read (pid_t pid, LkAgentProcess *process, gpointer user_data)
{
  if (pid <= 0 || !read_stat (pid, process))
    return FALSE;
  process->words = read_words (pid);
  process->exe = read_link (pid, "exe");
  /* A process that hides one hides all. */
  if (process->exe != NULL)
    {
      process->folder = read_link (pid, "cwd");
      process->app = read_app (pid);
    }
  return TRUE;
}
