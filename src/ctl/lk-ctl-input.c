/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#define INPUT_LIMIT (64 * 1024)

static gboolean
wait_for_input (LkCtl     *self,
                gboolean   person,
                GError   **error)
{
  struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
  int ready = 0;

  do
    ready = poll (&input, 1, person ? -1 : lk_ctl_get_remaining (self));
  while (ready < 0 && errno == EINTR);

  if (ready == 0)
    g_set_error_literal (error, LK_CTL_ERROR, LK_CTL_EXIT_TIMED_OUT,
                         _("Nothing came on the standard input in time."));
  return ready != 0;
}

/* One line from a terminal, everything from a pipe. */
static gboolean
read_input (LkCtl    *self,
            gboolean  person,
            char     *buffer,
            size_t   *length,
            GError  **error)
{
  while (*length < INPUT_LIMIT && wait_for_input (self, person, error))
    {
      ssize_t n = read (STDIN_FILENO, buffer + *length, INPUT_LIMIT - *length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_FAILED,
                       _("The standard input cannot be read: %s"), g_strerror (errno));
          return FALSE;
        }
      *length += (size_t) n;
      if (n == 0 || (person && buffer[*length - 1] == '\n'))
        return TRUE;
    }

  if (*length >= INPUT_LIMIT)
    g_set_error_literal (error, LK_CTL_ERROR, LK_CTL_EXIT_USAGE,
                         _("The standard input is too long for a secret."));
  return FALSE;
}

static gboolean
hide_typing (struct termios *before)
{
  struct termios hidden;

  if (!isatty (STDIN_FILENO) || tcgetattr (STDIN_FILENO, before) != 0)
    return FALSE;

  hidden = *before;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  hidden.c_lflag |= ECHONL;
  return tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
}

LkSecret *
lk_ctl_read_secret (LkCtl       *self,
                    const char  *prompt,
                    GError     **error)
{
  g_autofree char *buffer = g_malloc0 (INPUT_LIMIT + 1);
  g_autoptr(LkSecret) secret = NULL;
  struct termios before;
  size_t length = 0;
  gboolean person = hide_typing (&before);
  gboolean complete = FALSE;

  if (person)
    g_printerr ("%s ", prompt);
  complete = read_input (self, person, buffer, &length, error);
  if (person)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
      lk_ctl_start_clock (self, 30);
    }

  if (length > 0 && buffer[length - 1] == '\n')
    buffer[--length] = '\0';
  if (length > 0 && buffer[length - 1] == '\r')
    buffer[--length] = '\0';
  if (complete && (strlen (buffer) != length || !g_utf8_validate (buffer, (gssize) length, NULL)))
    {
      g_set_error_literal (error, LK_CTL_ERROR, LK_CTL_EXIT_USAGE,
                           _("The standard input does not hold text."));
      complete = FALSE;
    }
  if (complete)
    secret = lk_secret_new (buffer);

  lk_wipe (buffer, INPUT_LIMIT + 1);
  return g_steal_pointer (&secret);
}

gboolean
lk_ctl_ask (const char *question)
{
  /* Translators: the small letters that mean yes, one after the other. The first is shown. */
  const char *yes = C_("answer", "y");
  /* Translators: the letter that means no, a capital: no letter at all means it as well. */
  const char *no = C_("answer", "N");
  g_autofree char *shown = g_utf8_substring (yes, 0, 1);
  g_autofree char *text = NULL;
  char line[64] = "";
  gunichar letter;

  lk_ctl_note ("%s [%s/%s]", question, shown, no);
  if (!isatty (STDIN_FILENO) || fgets (line, sizeof line, stdin) == NULL)
    return FALSE;

  text = g_locale_to_utf8 (g_strstrip (line), -1, NULL, NULL, NULL);
  letter = text != NULL ? g_unichar_tolower (g_utf8_get_char (text)) : 0;
  return letter != 0 && g_utf8_strchr (yes, -1, letter) != NULL;
}
