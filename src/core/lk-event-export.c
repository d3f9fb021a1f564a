/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-event-export.h"

#include <string.h>

#include "lk-clock.h"

static const char csv_columns[] =
  "id,at,connection,connection_name,kind,count,text,class,code,http_status,message,endpoint,"
  "account,trace_id\r\n";

static const struct
{
  const char *name;
  gsize       offset;
} fault_texts[] = {
  { "provider", G_STRUCT_OFFSET (LkFault, provider) },
  { "family", G_STRUCT_OFFSET (LkFault, family) },
  { "step", G_STRUCT_OFFSET (LkFault, step) },
  { "endpoint", G_STRUCT_OFFSET (LkFault, endpoint) },
  { "method", G_STRUCT_OFFSET (LkFault, method) },
  { "account", G_STRUCT_OFFSET (LkFault, account) },
  { "code", G_STRUCT_OFFSET (LkFault, code) },
  { "sub", G_STRUCT_OFFSET (LkFault, sub) },
  { "type", G_STRUCT_OFFSET (LkFault, type) },
  { "message", G_STRUCT_OFFSET (LkFault, message) },
  { "trace_id", G_STRUCT_OFFSET (LkFault, trace_id) },
  { "hint", G_STRUCT_OFFSET (LkFault, hint) },
  { "limit", G_STRUCT_OFFSET (LkFault, limit) },
  { "slowed", G_STRUCT_OFFSET (LkFault, slowed) },
};

/* Names and messages come over the network; these are what spreadsheets begin a formula with. */
static gboolean
starts_formula (const char *text)
{
  return text[0] != '\0' && strchr ("=+-@\t\r\n", text[0]) != NULL;
}

static void
append_cell (GString    *out,
             const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  gboolean guarded = starts_formula (valid);

  if (!guarded && strpbrk (valid, ",\"\r\n") == NULL)
    {
      g_string_append (out, valid);
      return;
    }

  g_string_append_c (out, '"');
  if (guarded)
    g_string_append_c (out, '\'');
  for (const char *p = valid; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

static void
append_fault_cells (GString       *out,
                    const LkFault *fault)
{
  const char *cells[] = { fault->code, NULL, fault->message, fault->endpoint, fault->account,
                          fault->trace_id };
  g_autofree char *status = g_strdup_printf ("%d", fault->http_status);

  cells[1] = fault->http_status > 0 ? status : NULL;
  g_string_append (out, lk_class_to_string (fault->klass));
  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_string_append_c (out, ',');
      append_cell (out, cells[i]);
    }
}

void
lk_event_export_csv_header (GString *out)
{
  g_return_if_fail (out != NULL);

  g_string_append (out, csv_columns);
}

void
lk_event_export_csv_row (GString       *out,
                         const LkEvent *event)
{
  g_autofree char *at = NULL;

  g_return_if_fail (out != NULL && event != NULL);

  at = lk_time_to_string (event->at);
  g_string_append_printf (out, "%" G_GINT64_FORMAT ",%s,", event->id, at != NULL ? at : "");
  append_cell (out, event->connection);
  g_string_append_c (out, ',');
  append_cell (out, event->connection_name);
  g_string_append_c (out, ',');
  append_cell (out, event->kind);
  g_string_append_printf (out, ",%u,", MAX (event->count, 1));
  append_cell (out, event->text);
  g_string_append_c (out, ',');
  if (event->fault != NULL)
    append_fault_cells (out, event->fault);
  else
    g_string_append (out, ",,,,,,");
  g_string_append (out, "\r\n");
}

/* What cannot be seen is escaped too: it must not steer a terminal. */
static void
append_string (GString    *out,
               const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_string_append_c (out, '"');
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = c <= 0xffff ? g_unichar_type (c) : G_UNICODE_OTHER_SYMBOL;

      if (c == '"' || c == '\\')
        g_string_append_printf (out, "\\%c", (char) c);
      else if (c == '\n')
        g_string_append (out, "\\n");
      else if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT)
        g_string_append_printf (out, "\\u%04x", c);
      else
        g_string_append_unichar (out, c);
    }
  g_string_append_c (out, '"');
}

static void
append_member (GString    *out,
               const char *name,
               const char *text)
{
  g_string_append_printf (out, ",\"%s\":", name);
  if (text != NULL && text[0] != '\0')
    append_string (out, text);
  else
    g_string_append (out, "null");
}

static void
append_time (GString    *out,
             const char *name,
             gint64      seconds)
{
  g_autofree char *text = seconds != 0 ? lk_time_to_string (seconds) : NULL;

  append_member (out, name, text);
}

static void
append_fault (GString       *out,
              const LkFault *fault)
{
  g_string_append (out, ",\"fault\":");
  if (fault == NULL)
    {
      g_string_append (out, "null");
      return;
    }

  g_string_append_printf (out, "{\"class\":\"%s\",\"http_status\":",
                          lk_class_to_string (fault->klass));
  if (fault->http_status > 0)
    g_string_append_printf (out, "%d", fault->http_status);
  else
    g_string_append (out, "null");
  for (gsize i = 0; i < G_N_ELEMENTS (fault_texts); i++)
    append_member (out, fault_texts[i].name,
                   G_STRUCT_MEMBER (const char *, fault, fault_texts[i].offset));
  append_time (out, "retry_at", fault->retry_at);
  append_time (out, "at", fault->at);
  g_string_append_c (out, '}');
}

void
lk_event_export_json_row (GString       *out,
                          const LkEvent *event,
                          const char    *finding)
{
  g_return_if_fail (out != NULL && event != NULL);

  g_string_append_printf (out, "{\"id\":%" G_GINT64_FORMAT, event->id);
  append_time (out, "at", event->at);
  append_member (out, "connection", event->connection);
  append_member (out, "connection_name", event->connection_name);
  append_member (out, "kind", event->kind);
  append_member (out, "text", event->text);
  g_string_append_printf (out, ",\"count\":%u", MAX (event->count, 1));
  append_fault (out, event->fault);
  g_string_append_printf (out, ",\"finding\":%s}", finding != NULL ? finding : "null");
}
