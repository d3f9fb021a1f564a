/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "lk-calendar.h"

#define DAY (24 * 60 * 60)

static gint64
get_end (LkCtlConnection *connection)
{
  return lk_ctl_connection_get_time (connection, "AuthorizationEnds");
}

static int
compare_ends (gconstpointer a,
              gconstpointer b)
{
  gint64 left = get_end (*(LkCtlConnection * const *) a);
  gint64 right = get_end (*(LkCtlConnection * const *) b);

  return (left > right) - (left < right);
}

/* (element-type LkCtlConnection): nearest first. @days: 0 for all of them */
static GPtrArray *
load_ends (LkCtl   *self,
           int      days,
           GError **error)
{
  GPtrArray *connections = lk_ctl_load_connections (self, error);
  gint64 last = days > 0 ? lk_clock_get_now (self->clock) + (gint64) days * DAY : LK_END_NEVER - 1;

  for (guint i = connections != NULL ? connections->len : 0; i > 0; i--)
    {
      gint64 end = get_end (connections->pdata[i - 1]);

      if (end == LK_END_UNKNOWN || end > last)
        g_ptr_array_remove_index (connections, i - 1);
    }
  if (connections != NULL)
    g_ptr_array_sort (connections, compare_ends);

  return connections;
}

static void
print_table (LkCtl     *self,
             GPtrArray *connections)
{
  g_autoptr(LkCtlTable) table = lk_ctl_table_new ();

  if (connections->len == 0)
    {
      lk_ctl_note ("%s", _("Nothing ends in this time."));
      return;
    }

  lk_ctl_table_add (table, _("SIGN IN AGAIN BY"), "", _("NAME"), _("PROVIDER"), NULL);
  for (guint i = 0; i < connections->len; i++)
    {
      LkCtlConnection *connection = connections->pdata[i];
      g_autofree char *end = lk_time_to_string (get_end (connection));
      g_autofree char *words = lk_ctl_dup_end_words (self, get_end (connection));

      lk_ctl_table_add (table, end, words, lk_ctl_connection_get (connection, "Name"),
                        lk_ctl_connection_get (connection, "ProviderName"), NULL);
    }
  lk_ctl_table_print (table);
}

static void
print_json (GPtrArray *connections)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < connections->len; i++)
    {
      LkCtlConnection *connection = connections->pdata[i];

      json_builder_begin_object (builder);
      lk_ctl_json_string (builder, "id", lk_ctl_connection_get (connection, "Id"));
      lk_ctl_json_string (builder, "name", lk_ctl_connection_get (connection, "Name"));
      lk_ctl_json_string (builder, "provider", lk_ctl_connection_get (connection, "Provider"));
      lk_ctl_json_time (builder, "authorization_ends", get_end (connection));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  lk_ctl_json_print (builder);
}

/* (transfer full) (nullable): an au; the days on which the agent warns */
static GVariant *
load_warn_days (LkCtl   *self,
                GError **error)
{
  g_autoptr(GVariant) facts = lk_ctl_get_properties (self, LK_AGENT_MANAGER_PATH,
                                                     LK_AGENT_INTERFACE, error);
  g_autoptr(GVariant) settings = NULL;
  g_autoptr(GVariant) days = NULL;

  if (facts == NULL)
    return NULL;

  settings = g_variant_lookup_value (facts, "Settings", G_VARIANT_TYPE_VARDICT);
  if (settings != NULL)
    days = g_variant_lookup_value (settings, "warn-days", G_VARIANT_TYPE ("au"));
  if (days == NULL)
    days = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE_UINT32, NULL, 0));

  return g_steal_pointer (&days);
}

static int
print_calendar (LkCtl     *self,
                GPtrArray *connections)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) warn_days = load_warn_days (self, &error);
  gsize n_days = 0;
  const guint32 *days;

  if (warn_days == NULL)
    return lk_ctl_fail (self, error);

  days = g_variant_get_fixed_array (warn_days, &n_days, sizeof (guint32));
  lk_calendar_begin (out, _("Latchkey: ends of access"));
  for (guint i = 0; i < connections->len; i++)
    {
      LkCtlConnection *connection = connections->pdata[i];
      /* Translators: title in a calendar; %s is a connection's name */
      g_autofree char *summary = g_strdup_printf (_("Sign in again: %s"),
                                                  lk_ctl_connection_get (connection, "Name"));
      /* Translators: %s is a provider's name */
      g_autofree char *description =
        g_strdup_printf (_("The access that %s granted ends. Sign in again before that, or "
                           "programs that use it will be refused."),
                         lk_ctl_connection_get (connection, "ProviderName"));
      LkCalendarEntry entry = {
        .id = lk_ctl_connection_get (connection, "Id"),
        .at = get_end (connection),
        .summary = summary,
        .description = description,
        .days = days,
        .n_days = n_days,
      };

      lk_calendar_add (out, &entry, lk_clock_get_now (self->clock));
    }
  lk_calendar_end (out);
  fwrite (out->str, 1, out->len, stdout);

  return LK_CTL_EXIT_DONE;
}

int
lk_ctl_run_ends (LkCtl  *self,
                 int     argc,
                 char  **argv)
{
  gboolean calendar = FALSE;
  int days = 0;
  const GOptionEntry entries[] = {
    { "days", 'd', 0, G_OPTION_ARG_INT, &days, N_("Only what ends within so many days"),
      N_("NUMBER") },
    { "ics", 0, 0, G_OPTION_ARG_NONE, &calendar, N_("Print a calendar (iCalendar) with reminders"),
      NULL },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "ends",
    .summary = _("Lists when people have to sign in again at the latest, nearest first."),
    .examples = "  latchkeyctl ends --days 30\n"
                "  latchkeyctl ends --ics > latchkey.ics\n",
  };
  g_autoptr(GPtrArray) connections = NULL;
  g_autoptr(GError) error = NULL;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc > 1)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[1]);
  if (days < 0)
    return lk_ctl_usage (self, "%s", _("--days must be a positive number"));

  lk_ctl_start_clock (self, 30);
  connections = load_ends (self, days, &error);
  if (connections == NULL)
    return lk_ctl_fail (self, error);

  if (calendar)
    return print_calendar (self, connections);
  if (self->json)
    print_json (connections);
  else
    print_table (self, connections);

  return LK_CTL_EXIT_DONE;
}
