/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-calendar.h"

#include <string.h>

/* Octets of a line, its end not counted. */
#define LINE_LENGTH 75

#define UID_DOMAIN "latchkey.io.github.latchkey_app"

/* RFC 5545, 3.3.11. What is no line break but steers a terminal or a parser is left out. */
static char *
escape_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p++)
    {
      if (*p == '\\' || *p == ';' || *p == ',')
        g_string_append_printf (out, "\\%c", *p);
      else if (*p == '\n')
        g_string_append (out, "\\n");
      else if (*p == '\t' || (guchar) *p >= ' ')
        g_string_append_c (out, *p);
    }

  return g_string_free (out, FALSE);
}

/* A line that is too long goes on after a line break and a space, never within a character. */
static void
append_line (GString    *out,
             const char *line)
{
  gsize used = 0;

  for (const char *p = line; *p != '\0'; p = g_utf8_next_char (p))
    {
      gsize size = (gsize) (g_utf8_next_char (p) - p);

      if (used + size > LINE_LENGTH)
        {
          g_string_append (out, "\r\n ");
          used = 1;
        }
      g_string_append_len (out, p, (gssize) size);
      used += size;
    }
  g_string_append (out, "\r\n");
}

static void
append_text (GString    *out,
             const char *name,
             const char *text)
{
  g_autofree char *escaped = escape_text (text);
  g_autofree char *line = g_strconcat (name, ":", escaped, NULL);

  append_line (out, line);
}

static char *
format_time (gint64 seconds)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  return time != NULL ? g_date_time_format (time, "%Y%m%dT%H%M%SZ") : NULL;
}

static void
append_alarm (GString    *out,
              const char *summary,
              guint32     days)
{
  g_autofree char *trigger = g_strdup_printf ("TRIGGER:-P%uD", days);

  append_line (out, "BEGIN:VALARM");
  append_line (out, "ACTION:DISPLAY");
  append_text (out, "DESCRIPTION", summary);
  append_line (out, trigger);
  append_line (out, "END:VALARM");
}

void
lk_calendar_begin (GString    *out,
                   const char *name)
{
  g_return_if_fail (out != NULL && name != NULL);

  append_line (out, "BEGIN:VCALENDAR");
  append_line (out, "VERSION:2.0");
  append_text (out, "PRODID", "-//Latchkey//Latchkey " LK_VERSION "//EN");
  append_line (out, "CALSCALE:GREGORIAN");
  append_line (out, "METHOD:PUBLISH");
  append_text (out, "X-WR-CALNAME", name);
}

gboolean
lk_calendar_add (GString               *out,
                 const LkCalendarEntry *entry,
                 gint64                 now)
{
  g_autofree char *start = NULL;
  g_autofree char *stamp = NULL;
  g_autofree char *start_line = NULL;
  g_autofree char *stamp_line = NULL;
  g_autofree char *uid = NULL;

  g_return_val_if_fail (out != NULL && entry != NULL, FALSE);
  g_return_val_if_fail (entry->id != NULL && entry->summary != NULL, FALSE);

  start = format_time (entry->at);
  stamp = format_time (now);
  if (start == NULL || stamp == NULL)
    return FALSE;

  start_line = g_strconcat ("DTSTART:", start, NULL);
  stamp_line = g_strconcat ("DTSTAMP:", stamp, NULL);
  uid = g_strconcat (entry->id, "@" UID_DOMAIN, NULL);
  append_line (out, "BEGIN:VEVENT");
  append_text (out, "UID", uid);
  append_line (out, stamp_line);
  append_line (out, start_line);
  append_text (out, "SUMMARY", entry->summary);
  if (entry->description != NULL)
    append_text (out, "DESCRIPTION", entry->description);
  append_line (out, "TRANSP:TRANSPARENT");
  for (gsize i = 0; i < entry->n_days; i++)
    append_alarm (out, entry->summary, entry->days[i]);
  append_line (out, "END:VEVENT");

  return TRUE;
}

void
lk_calendar_end (GString *out)
{
  g_return_if_fail (out != NULL);

  append_line (out, "END:VCALENDAR");
}
