/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

static const struct
{
  const char *kind;
  const char *words;
} kinds[] = {
  { "signed-in", N_("Signed in") },
  { "renewed", N_("Renewed") },
  { "renewal-failed", N_("Could not be renewed") },
  { "verified", N_("Proven alive") },
  { "verify-failed", N_("Check failed") },
  { "handed-out", N_("Token handed out") },
  { "revoked", N_("Revoked") },
  { "removed", N_("Removed") },
  { "restored", N_("Restored") },
  { "reconnected", N_("Signed in again") },
  { "renamed", N_("Renamed") },
  { "lifetime-changed", N_("Lifetime changed") },
  { "scopes-changed", N_("Scopes changed") },
  { "recovered", N_("Recovered after an interruption") },
  { "call-refused", N_("Call refused") },
  { "call-repeated", N_("Call sent again") },
  { "circuit-opened", N_("Calls stopped after repeated refusals") },
  { "circuit-closed", N_("Calls go out again") },
  { "diagnosed", N_("Looked into") },
  { "remedy-started", N_("Fix begun") },
  { "remedy-step", N_("Step of a fix proven") },
  { "permission-appeared", N_("Permission appeared") },
  { "remedy-done", N_("Fixed") },
};

static const char *
get_kind_words (const char *kind)
{
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (g_str_equal (kinds[i].kind, kind))
        return _(kinds[i].words);
    }

  return kind;
}

static LkFinding *
explain_event (LkCtl    *self,
               GVariant *event)
{
  g_autoptr(GVariant) dict = NULL;
  g_autoptr(LkFault) fault = NULL;

  dict = g_variant_lookup_value (event, "fault", G_VARIANT_TYPE_VARDICT);
  if (dict == NULL || g_variant_n_children (dict) == 0)
    return NULL;

  fault = lk_fault_from_variant (dict);
  return fault != NULL ? lk_diagnosis_explain (lk_ctl_get_diagnosis (self), fault) : NULL;
}

static void
add_event (LkCtl       *self,
           GVariant    *event,
           LkCtlTable  *table,
           JsonBuilder *builder)
{
  g_autoptr(LkFinding) finding = explain_event (self, event);
  const char *kind = "";
  const char *text = "";
  gint64 at = 0;
  gint64 id = 0;

  g_variant_lookup (event, "id", "x", &id);
  g_variant_lookup (event, "at", "x", &at);
  g_variant_lookup (event, "kind", "&s", &kind);
  g_variant_lookup (event, "text", "&s", &text);

  if (!self->json)
    {
      g_autofree char *when = lk_time_to_string (at);

      lk_ctl_table_add (table, when, get_kind_words (kind), text,
                        finding != NULL ? finding->title : "", NULL);
      return;
    }

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_int_value (builder, id);
  lk_ctl_json_time (builder, "at", at);
  lk_ctl_json_string (builder, "kind", kind);
  lk_ctl_json_string (builder, "text", text);
  lk_ctl_json_finding (builder, "finding", finding);
  json_builder_end_object (builder);
}

static void
print_events (LkCtl    *self,
              GVariant *reply)
{
  g_autoptr(LkCtlTable) table = lk_ctl_table_new ();
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(GVariant) events = g_variant_get_child_value (reply, 0);

  json_builder_begin_array (builder);
  for (size_t i = 0; i < g_variant_n_children (events); i++)
    {
      g_autoptr(GVariant) event = g_variant_get_child_value (events, i);

      add_event (self, event, table, builder);
    }
  json_builder_end_array (builder);

  if (self->json)
    lk_ctl_json_print (builder);
  else
    lk_ctl_table_print (table);
}

int
lk_ctl_run_history (LkCtl  *self,
                    int     argc,
                    char  **argv)
{
  int limit = 50;
  gint64 before = 0;
  const GOptionEntry entries[] = {
    { "limit", 'n', 0, G_OPTION_ARG_INT, &limit, N_("How many events (50)"), N_("NUMBER") },
    { "before", 0, 0, G_OPTION_ARG_INT64, &before, N_("Only events older than this one"),
      N_("ID") },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "history",
    .parameters = _("CONNECTION"),
    .summary = _("Tells what happened to a connection, newest first."),
    .examples = "  latchkeyctl history acme\n"
                "  latchkeyctl history acme --limit 5 --json\n",
  };
  g_autoptr(LkCtlConnection) connection = NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  const char *word = NULL;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv) ||
      (word = lk_ctl_one_argument (self, argc, argv, _("CONNECTION"))) == NULL)
    return LK_CTL_EXIT_USAGE;
  if (limit < 1)
    return lk_ctl_usage (self, "%s", _("--limit must be at least 1"));

  lk_ctl_start_clock (self, 30);
  connection = lk_ctl_find_connection (self, word, &error);
  if (connection != NULL)
    reply = lk_ctl_connection_call (self, connection, "GetHistory",
                                    g_variant_new ("(xu)", before, (guint32) limit),
                                    "(aa{sv})", &error);
  if (reply == NULL)
    return lk_ctl_fail (self, error);

  print_events (self, reply);
  return LK_CTL_EXIT_DONE;
}
