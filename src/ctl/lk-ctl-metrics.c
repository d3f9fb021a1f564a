/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>
#include <gio/gunixfdlist.h>
#include <stdio.h>

#define TEXT_MAX (256 * 1024 * 1024)

static GBytes *
load (LkCtl   *self,
      GError **error)
{
  g_autoptr(GUnixFDList) fds = NULL;
  g_autoptr(GVariant) reply = NULL;
  gint32 index = -1;
  int fd;

  reply = lk_ctl_call_with_fds (self, LK_AGENT_MANAGER_PATH, LK_AGENT_INTERFACE, "Metrics", NULL,
                                NULL, "(h)", &fds, error);
  if (reply == NULL)
    return NULL;

  g_variant_get (reply, "(h)", &index);
  fd = fds != NULL ? g_unix_fd_list_get (fds, index, error) : -1;
  if (fds == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the reply carries no text");
  if (fd < 0)
    return NULL;

  return lk_bytes_from_fd (fd, TEXT_MAX, error);
}

int
lk_ctl_run_metrics (LkCtl  *self,
                    int     argc,
                    char  **argv)
{
  const LkCtlHelp help = {
    .name = "metrics",
    .summary = _("Prints all numbers as OpenMetrics text, for Prometheus and the like."),
    .examples = "  latchkeyctl metrics\n"
                "  latchkeyctl metrics > /var/lib/prometheus/node-exporter/latchkey.prom\n",
  };
  g_autoptr(GBytes) text = NULL;
  g_autoptr(GError) error = NULL;
  gsize length = 0;
  const char *data;

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc > 1)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[1]);

  lk_ctl_start_clock (self, 30);
  text = load (self, &error);
  if (text == NULL)
    return lk_ctl_fail (self, error);

  data = g_bytes_get_data (text, &length);
  fwrite (data, 1, length, stdout);

  return LK_CTL_EXIT_DONE;
}
