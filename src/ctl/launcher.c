/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What starts as "latchkeyctl". A token that the agent has at hand is fetched here, without loading
 * a library but the C one, because scripts ask for it before every call. All else, and every doubt,
 * goes to the whole command line, which is started in this process's place. */

#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "lk-token-door.h"

#define WHOLE "latchkeyctl-whole"

typedef struct
{
  const char *connection;
  const char *min_valid;
} Question;

/* Only the plain forms; whoever uses other options can wait for the whole command line. */
static int
question_parse (Question  *self,
                int        argc,
                char     **argv)
{
  if (argc < 3 || strcmp (argv[1], "token") != 0)
    return 0;

  self->min_valid = "0";
  for (int i = 2; i < argc; i++)
    {
      if (strcmp (argv[i], "--min-valid") == 0 && i + 1 < argc)
        self->min_valid = argv[++i];
      else if (strncmp (argv[i], "--min-valid=", 12) == 0)
        self->min_valid = argv[i] + 12;
      else if (argv[i][0] == '-' || self->connection != NULL)
        return 0;
      else
        self->connection = argv[i];
    }

  return self->connection != NULL && self->min_valid[0] != '\0' &&
         strspn (self->min_valid, "0123456789") == strlen (self->min_valid);
}

static int
door_connect (void)
{
  const struct timeval patience = { .tv_sec = 1 };
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const char *run = getenv ("XDG_RUNTIME_DIR");
  int length, fd;

  if (run == NULL || run[0] != '/')
    return -1;
  length = snprintf (address.sun_path, sizeof address.sun_path, "%s/" LK_TOKEN_DOOR, run);
  if (length < 0 || (size_t) length >= sizeof address.sun_path)
    return -1;

  fd = socket (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  if (setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
      setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0 ||
      connect (fd, (const struct sockaddr *) &address, sizeof address) != 0)
    {
      close (fd);
      return -1;
    }

  return fd;
}

static int
door_ask (int             fd,
          const Question *question)
{
  char packet[1024];
  int length = snprintf (packet, sizeof packet, "%s%c%s%c%s", LK_TOKEN_DOOR_GREETING, 0,
                         question->min_valid, 0, question->connection);

  if (length < 0 || (size_t) length >= sizeof packet)
    return 0;

  return send (fd, packet, (size_t) length + 1, MSG_NOSIGNAL) == length + 1;
}

static int
write_all (const char *text,
           size_t      length)
{
  while (length > 0)
    {
      ssize_t n = write (STDOUT_FILENO, text, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return 0;
      text += n;
      length -= (size_t) n;
    }

  return 1;
}

/* 0 when the whole command line has to do it. */
static int
print_token_at_hand (const Question *question)
{
  static char answer[LK_TOKEN_DOOR_MAX + 1];
  int fd = door_connect ();
  int done = 0;

  if (fd < 0)
    return 0;

  if (door_ask (fd, question))
    {
      ssize_t n = recv (fd, answer, LK_TOKEN_DOOR_MAX, 0);

      if (n > 1 && answer[0] == LK_TOKEN_DOOR_TOKEN)
        {
          answer[n] = '\n';
          if (!write_all (answer + 1, (size_t) n))
            {
              fprintf (stderr, "latchkeyctl: %s\n", strerror (errno));
              exit (1);
            }
          done = 1;
        }
      explicit_bzero (answer, sizeof answer);
    }

  close (fd);
  return done;
}

/* From a build folder the whole command line lies beside this program. */
static void
start_whole (char **argv)
{
  char path[PATH_MAX];
  ssize_t length = readlink ("/proc/self/exe", path, sizeof path - sizeof WHOLE);
  char *slash = NULL;

  if (length > 0)
    {
      path[length] = '\0';
      slash = strrchr (path, '/');
    }
  if (slash != NULL)
    {
      memcpy (slash + 1, WHOLE, sizeof WHOLE);
      execv (path, argv);
    }
  execv (LK_LIBEXECDIR "/" WHOLE, argv);
}

int
main (int   argc,
      char *argv[])
{
  Question question = { NULL, NULL };

  /* A token passes through this process. */
  prctl (PR_SET_DUMPABLE, 0);

  if (question_parse (&question, argc, argv) && print_token_at_hand (&question))
    return 0;

  start_whole (argv);
  fprintf (stderr, "latchkeyctl: %s cannot be started: %s\n", LK_LIBEXECDIR "/" WHOLE,
           strerror (errno));
  return 1;
}
