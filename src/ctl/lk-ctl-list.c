/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-history.h"

#include <glib/gi18n.h>

static void
print_json (LkCtl     *self,
            GPtrArray *connections)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < connections->len; i++)
    lk_ctl_connection_to_json (self, g_ptr_array_index (connections, i), builder);
  json_builder_end_array (builder);
  lk_ctl_json_print (builder);
}

static void
print_table (LkCtl     *self,
             GPtrArray *connections)
{
  g_autoptr(LkCtlTable) table = lk_ctl_table_new ();

  if (connections->len == 0)
    {
      lk_ctl_note ("%s", _("There are no connections yet. “latchkeyctl connect --help” tells how "
                           "to make one."));
      return;
    }

  lk_ctl_table_add (table, _("NAME"), _("PROVIDER"), _("STATE"), _("ACCESS ENDS"),
                    _("SIGN IN AGAIN BY"), _("ID"), NULL);
  for (guint i = 0; i < connections->len; i++)
    {
      LkCtlConnection *connection = g_ptr_array_index (connections, i);
      g_autofree char *access = NULL;
      g_autofree char *authorization = NULL;

      access = lk_ctl_dup_end_words (self, lk_ctl_connection_get_time (connection, "AccessEnds"));
      authorization = lk_ctl_dup_end_words (
        self, lk_ctl_connection_get_time (connection, "AuthorizationEnds"));
      lk_ctl_table_add (table,
                        lk_ctl_connection_get (connection, "Name"),
                        lk_ctl_connection_get (connection, "ProviderName"),
                        lk_ctl_connection_state_words (connection),
                        access, authorization,
                        lk_ctl_connection_get (connection, "Id"), NULL);
    }
  lk_ctl_table_print (table);
}

int
lk_ctl_run_list (LkCtl  *self,
                 int     argc,
                 char  **argv)
{
  gboolean watch = FALSE;
  const GOptionEntry entries[] = {
    { "watch", 'w', 0, G_OPTION_ARG_NONE, &watch,
      N_("Print a line of JSON for each, and for each change, until interrupted"), NULL },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "list",
    .summary = _("Lists the connections: how they are, and when they end."),
    .examples = "  latchkeyctl list\n"
                "  latchkeyctl list --watch | jq -c '[.event, .connection.name]'\n"
                "  latchkeyctl list --json | jq -r '.[] | select(.state != \"fine\") | .name'\n",
  };
  g_autoptr(GPtrArray) connections = NULL;
  g_autoptr(GError) error = NULL;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc > 1)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[1]);

  if (watch)
    return lk_ctl_watch_connections (self);

  lk_ctl_start_clock (self, 30);
  connections = lk_ctl_load_connections (self, &error);
  if (connections == NULL)
    return lk_ctl_fail (self, error);

  if (self->json)
    print_json (self, connections);
  else
    print_table (self, connections);
  return LK_CTL_EXIT_DONE;
}
