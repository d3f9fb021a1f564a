/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-history.h"

#include <glib/gi18n.h>

#define LIMIT 50

typedef struct
{
  char    **kinds;
  char     *since;
  char     *until;
  char     *search;
  char     *format;
  gint64    before;
  int       limit;
  gboolean  follow;
} HistoryOptions;

static void
history_options_clear (HistoryOptions *options)
{
  g_strfreev (options->kinds);
  g_free (options->since);
  g_free (options->until);
  g_free (options->search);
  g_free (options->format);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HistoryOptions, history_options_clear)

/* Each of these explains what is wrong. */

static gboolean
read_format (LkCtl                *self,
             const HistoryOptions *options,
             LkCtlFormat          *format)
{
  static const char * const words[] = { "table", "json", "csv" };

  *format = self->json ? LK_CTL_FORMAT_JSON : LK_CTL_FORMAT_TABLE;
  if (options->format == NULL)
    return TRUE;
  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_str_equal (options->format, words[i]))
        {
          *format = (LkCtlFormat) i;
          self->json = self->json || *format == LK_CTL_FORMAT_JSON;
          return TRUE;
        }
    }

  lk_ctl_usage (self, _("there is no format “%s”; there are table, json and csv"),
                options->format);
  return FALSE;
}

static gboolean
add_time (LkCtl        *self,
          GVariantDict *dict,
          const char   *name,
          const char   *text)
{
  gint64 seconds;

  if (text == NULL)
    return TRUE;
  if (!lk_ctl_parse_time (text, lk_clock_get_now (self->clock), &seconds))
    {
      /* Translators: “yesterday” is typed in English; say in brackets what it means. */
      lk_ctl_usage (self, _("“%s” is no time; try 7d, 24h, yesterday, 2026-11-21 or "
                            "2026-11-21T08:00:00Z"), text);
      return FALSE;
    }

  g_variant_dict_insert (dict, name, "x", seconds);
  return TRUE;
}

static gboolean
check (LkCtl                *self,
       const HistoryOptions *options)
{
  if (options->limit < -1)
    lk_ctl_usage (self, "%s", _("--limit must be a positive number, or 0 for all"));
  else if (options->before < 0)
    lk_ctl_usage (self, "%s", _("--before must be the id of an event"));
  else if (options->follow && (options->before > 0 || options->until != NULL))
    lk_ctl_usage (self, "%s", _("--follow tells what is new; it goes with neither --before nor "
                                "--until"));
  else
    return TRUE;

  return FALSE;
}

/* A word that no event has would find nothing, which a person would take for an answer. */
static gboolean
check_kinds (LkCtl                *self,
             const HistoryOptions *options)
{
  for (guint i = 0; options->kinds != NULL && options->kinds[i] != NULL; i++)
    {
      if (!lk_ctl_is_event_kind (options->kinds[i]))
        {
          g_autofree char *known = lk_ctl_dup_event_kinds ();

          lk_ctl_usage (self, _("there is no kind “%s”; there are %s"), options->kinds[i], known);
          return FALSE;
        }
    }

  return TRUE;
}

static int
print (LkCtl                *self,
       const HistoryOptions *options,
       LkCtlFormat           format,
       const char           *word)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr(LkCtlConnection) connection = NULL;
  g_autoptr(GVariant) filter = NULL;
  g_autoptr(GError) error = NULL;
  LkCtlEvents events = { .before = options->before, .format = format, .follow = options->follow,
                         .all = word == NULL };

  if (!add_time (self, &dict, "since", options->since) ||
      !add_time (self, &dict, "until", options->until))
    return LK_CTL_EXIT_USAGE;

  lk_ctl_start_clock (self, 30);
  if (word != NULL)
    {
      connection = lk_ctl_find_connection (self, word, &error);
      if (connection == NULL)
        return lk_ctl_fail (self, error);
      g_variant_dict_insert (&dict, "connection", "s", lk_ctl_connection_get (connection, "Id"));
    }
  else if (!lk_ctl_open_bus (self, &error))
    return lk_ctl_fail (self, error);

  if (options->kinds != NULL)
    g_variant_dict_insert (&dict, "kinds", "^as", options->kinds);
  if (options->search != NULL)
    g_variant_dict_insert (&dict, "search", "s", options->search);
  filter = g_variant_ref_sink (g_variant_dict_end (&dict));
  events.options = filter;
  events.limit = options->limit >= 0 ? (guint64) options->limit
                                     : format == LK_CTL_FORMAT_CSV ? 0 : LIMIT;

  return lk_ctl_print_events (self, &events);
}

int
lk_ctl_run_history (LkCtl  *self,
                    int     argc,
                    char  **argv)
{
  g_auto(HistoryOptions) options = { .limit = -1 };
  const GOptionEntry entries[] = {
    { "kind", 'k', 0, G_OPTION_ARG_STRING_ARRAY, &options.kinds,
      N_("Only this kind of event; may be given several times"), N_("KIND") },
    { "since", 0, 0, G_OPTION_ARG_STRING, &options.since,
      /* Translators: “yesterday” is typed in English; say in brackets what it means. */
      N_("Only from then on: 7d, yesterday, 2026-11-21, …"), N_("TIME") },
    { "until", 0, 0, G_OPTION_ARG_STRING, &options.until, N_("Only before then"), N_("TIME") },
    { "search", 's', 0, G_OPTION_ARG_STRING, &options.search,
      N_("Only with this in program, path, code, message, request id or name"), N_("TEXT") },
    { "limit", 'n', 0, G_OPTION_ARG_INT, &options.limit,
      N_("How many events; 0 for all (50; CSV: all)"), N_("NUMBER") },
    { "before", 0, 0, G_OPTION_ARG_INT64, &options.before, N_("Only events older than this one"),
      N_("ID") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &options.format, N_("table, json or csv"),
      N_("FORMAT") },
    { "follow", 'f', 0, G_OPTION_ARG_NONE, &options.follow,
      N_("Go on with what happens; with JSON a line each"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autofree char *kinds = lk_ctl_dup_event_kinds ();
  g_autofree char *notes = g_strdup_printf (_("Kinds: %s."), kinds);
  const LkCtlHelp help = {
    .name = "history",
    .parameters = _("[CONNECTION]"),
    .summary = _("Tells what happened to a connection, or to all of them, newest first."),
    .examples = "  latchkeyctl history acme\n"
                "  latchkeyctl history --kind call-refused --since 7d\n"
                "  latchkeyctl history acme --limit 5 --json\n"
                "  latchkeyctl history --format csv > history.csv\n"
                "  latchkeyctl history --follow --json | jq .kind\n",
    .notes = notes,
  };
  LkCtlFormat format;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv) ||
      !read_format (self, &options, &format) || !check (self, &options) ||
      !check_kinds (self, &options))
    return LK_CTL_EXIT_USAGE;
  if (argc > 2)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[2]);

  return print (self, &options, format, argc > 1 ? argv[1] : NULL);
}
