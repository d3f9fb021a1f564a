/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-secret-text.h"

#include "lk-ipc.h"

GUnixFDList *
lk_secret_text_to_fds (const char *text, GError **error)
{
  char *stripped = g_strstrip (g_strdup (text));
  g_autoptr(LkSecret) secret = lk_secret_new_take (stripped);
  int fd = lk_secret_to_fd (secret, error);

  if (fd < 0)
    return NULL;
  return g_unix_fd_list_new_from_array (&fd, 1);
}
