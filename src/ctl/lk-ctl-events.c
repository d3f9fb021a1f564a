/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-history.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "lk-event-export.h"

/* As many as the agent gives at once. */
#define PAGE 500

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
  { "roles-changed", N_("Role changed") },
  { "accounts-changed", N_("Accounts changed") },
  { "renewals-slowed", N_("Tokens end at once") },
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
  { "moved-away", N_("Moved to another computer") },
  { "taken-back", N_("Used here again") },
  { "restored-backup", N_("Restored from a backup") },
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

gboolean
lk_ctl_is_event_kind (const char *kind)
{
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (g_str_equal (kinds[i].kind, kind))
        return TRUE;
    }

  return FALSE;
}

char *
lk_ctl_dup_event_kinds (void)
{
  GString *words = g_string_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_string_append_printf (words, "%s%s", i > 0 ? ", " : "", kinds[i].kind);

  return g_string_free (words, FALSE);
}

/* What is printed, and how far that is. */
typedef struct
{
  LkCtl             *ctl;
  const LkCtlEvents *events;
  gint64             newest;  /* id of the newest line that was printed, or was there before */
  guint64            printed;
  gboolean           busy;    /* a page is being fetched */
  gboolean           again;   /* more was heard of meanwhile */
} Printer;

static LkFinding *
explain (LkCtl         *self,
         const LkEvent *event)
{
  return event->fault != NULL
    ? lk_diagnosis_explain (lk_ctl_get_diagnosis (self), event->fault) : NULL;
}

static char *
dup_words (const LkEvent *event)
{
  const char *words = get_kind_words (event->kind);

  if (event->count <= 1)
    return g_strdup (words);

  /* Translators: what happened and how often, such as "Call refused (3 times)" */
  return g_strdup_printf (ngettext ("%s (%u time)", "%s (%u times)", event->count), words,
                          event->count);
}

static void
print_table (Printer   *printer,
             GPtrArray *rows)
{
  g_autoptr(LkCtlTable) table = lk_ctl_table_new ();

  for (guint i = 0; i < rows->len; i++)
    {
      const LkEvent *event = rows->pdata[i];
      g_autoptr(LkFinding) finding = explain (printer->ctl, event);
      g_autofree char *when = lk_time_to_string (event->at);
      g_autofree char *what = dup_words (event);
      const char *text = event->text != NULL ? event->text : "";
      const char *title = finding != NULL ? finding->title : "";

      if (printer->events->all)
        lk_ctl_table_add (table, when,
                          event->connection_name != NULL ? event->connection_name
                                                         : event->connection,
                          what, text, title, NULL);
      else
        lk_ctl_table_add (table, when, what, text, title, NULL);
    }
  lk_ctl_table_print (table);
}

static char *
dup_finding (LkCtl         *self,
             const LkEvent *event)
{
  g_autoptr(LkFinding) finding = explain (self, event);
  g_autoptr(JsonBuilder) builder = NULL;
  g_autofree char *wrapped = NULL;
  const char *inner;

  if (finding == NULL)
    return NULL;

  /* Numbers and what cannot be seen are written as everywhere else. */
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  lk_ctl_json_finding (builder, "f", finding);
  json_builder_end_object (builder);
  wrapped = lk_ctl_json_dup (builder, FALSE);
  inner = wrapped + strlen ("{\"f\":");

  return g_strndup (inner, strlen (inner) - strlen ("}"));
}

static void
append_json (Printer       *printer,
             const LkEvent *event,
             guint64        index,
             GString       *out)
{
  g_autofree char *finding = dup_finding (printer->ctl, event);

  if (!printer->events->follow)
    g_string_append (out, index == 0 ? "[" : ",\n");
  lk_event_export_json_row (out, event, finding);
  if (printer->events->follow)
    g_string_append_c (out, '\n');
}

/* FALSE when nobody reads it any more. */
static gboolean
print_rows (Printer   *printer,
            GPtrArray *rows)
{
  g_autoptr(GString) out = g_string_new (NULL);

  if (printer->events->format == LK_CTL_FORMAT_TABLE)
    print_table (printer, rows);
  for (guint i = 0; i < rows->len && printer->events->format != LK_CTL_FORMAT_TABLE; i++)
    {
      if (printer->events->format == LK_CTL_FORMAT_CSV)
        lk_event_export_csv_row (out, rows->pdata[i]);
      else
        append_json (printer, rows->pdata[i], printer->printed + i, out);
    }
  fwrite (out->str, 1, out->len, stdout);
  printer->printed += rows->len;

  return fflush (stdout) == 0;
}

/* @id: @name ("before" or "after") is added unless it is 0 */
static GPtrArray *
fetch (Printer    *printer,
       const char *name,
       gint64      id,
       guint64     limit,
       GError    **error)
{
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT (printer->events->options);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_event_free);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) list = NULL;

  if (id > 0)
    g_variant_dict_insert (&options, name, "x", id);
  lk_ctl_start_clock (printer->ctl, 30);
  reply = lk_ctl_call_agent (printer->ctl, "ListEvents",
                             g_variant_new ("(@a{sv}u)", g_variant_dict_end (&options),
                                            (guint32) MIN (limit, PAGE)), "(taa{sv})", error);
  if (reply == NULL)
    return NULL;

  list = g_variant_get_child_value (reply, 1);
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr(GVariant) dict = g_variant_get_child_value (list, i);

      g_ptr_array_add (rows, lk_event_from_variant (dict));
    }

  return g_steal_pointer (&rows);
}

static int
print_pages (Printer *printer)
{
  const LkCtlEvents *events = printer->events;
  guint64 left = events->limit > 0 ? events->limit : G_MAXUINT64;
  gint64 before = events->before;
  guint page = PAGE;

  while (left > 0 && page == PAGE)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) rows = fetch (printer, "before", before, left, &error);

      if (rows == NULL)
        return lk_ctl_fail (printer->ctl, error);
      page = rows->len;
      left -= MIN (left, rows->len);
      if (rows->len > 0)
        before = ((LkEvent *) rows->pdata[rows->len - 1])->id;
      if (!print_rows (printer, rows))
        return LK_CTL_EXIT_FAILED;
    }

  return LK_CTL_EXIT_DONE;
}

/* What goes on is told as it happened: oldest first. */

static void
reverse (GPtrArray *rows)
{
  for (guint i = 0; i < rows->len / 2; i++)
    {
      gpointer row = rows->pdata[i];

      rows->pdata[i] = rows->pdata[rows->len - 1 - i];
      rows->pdata[rows->len - 1 - i] = row;
    }
}

static int
print_recent (Printer *printer)
{
  g_autoptr(GError) error = NULL;
  guint64 limit = printer->events->limit > 0 ? printer->events->limit : PAGE;
  g_autoptr(GPtrArray) rows = fetch (printer, "before", 0, limit, &error);

  if (rows == NULL)
    return lk_ctl_fail (printer->ctl, error);

  if (rows->len > 0)
    printer->newest = ((LkEvent *) rows->pdata[0])->id;
  reverse (rows);

  return print_rows (printer, rows) ? LK_CTL_EXIT_DONE : LK_CTL_EXIT_FAILED;
}

/* An agent that is not there for a moment is asked again when it is back. */
static gboolean
print_new (Printer *printer)
{
  guint page = PAGE;

  while (page == PAGE)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) rows = fetch (printer, "after", printer->newest, PAGE, &error);

      if (rows == NULL)
        {
          g_debug ("What is new is not known yet: %s", error->message);
          return TRUE;
        }
      page = rows->len;
      /* After nothing there is no "after": what comes is newest first. */
      if (printer->newest == 0)
        reverse (rows);
      if (rows->len > 0)
        printer->newest = ((LkEvent *) rows->pdata[rows->len - 1])->id;
      if (!print_rows (printer, rows))
        return FALSE;
    }

  return TRUE;
}

static void
heard_cb (gpointer user_data)
{
  Printer *printer = user_data;

  printer->again = TRUE;
  while (printer->again && !printer->busy)
    {
      printer->again = FALSE;
      printer->busy = TRUE;
      if (!print_new (printer))
        lk_ctl_stop_listening (printer->ctl, LK_CTL_EXIT_FAILED);
      printer->busy = FALSE;
    }
}

/**
 * lk_ctl_print_events:
 *
 * Prints lines of the history in constant memory, newest first; with follow the last ones oldest
 * first, and then what is new.
 */
int
lk_ctl_print_events (LkCtl             *self,
                     const LkCtlEvents *events)
{
  Printer printer = { .ctl = self, .events = events };
  gboolean array = events->format == LK_CTL_FORMAT_JSON && !events->follow;
  int status;

  if (events->format == LK_CTL_FORMAT_CSV)
    {
      g_autoptr(GString) header = g_string_new (NULL);

      lk_event_export_csv_header (header);
      fputs (header->str, stdout);
    }
  status = events->follow ? print_recent (&printer) : print_pages (&printer);
  if (status != LK_CTL_EXIT_DONE)
    return status;
  if (array)
    puts (printer.printed == 0 ? "[]" : "]");

  return events->follow ? lk_ctl_listen (self, "EventsChanged", heard_cb, &printer) : status;
}
