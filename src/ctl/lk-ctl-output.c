/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct _LkCtlTable
{
  GPtrArray *rows; /* (owned) (element-type GStrv) */
};

char *
lk_ctl_dup_safe (const char *text)
{
  g_autoptr(GString) safe = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);

      if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT)
        g_string_append_c (safe, c == '\n' || c == '\t' ? ' ' : '?');
      else
        g_string_append_unichar (safe, c);
    }

  return g_string_free (g_steal_pointer (&safe), FALSE);
}

/* Keeps line breaks: several lines of ours may hold a name of theirs. */
static void
print_lines (FILE       *file,
             const char *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (size_t i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *safe = lk_ctl_dup_safe (lines[i]);

      fprintf (file, "%s\n", safe);
    }
  fflush (file);
}

void
lk_ctl_print (const char *format,
              ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  print_lines (stdout, text);
}

void
lk_ctl_note (const char *format,
             ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  print_lines (stderr, text);
}

LkCtlTable *
lk_ctl_table_new (void)
{
  LkCtlTable *self = g_new0 (LkCtlTable, 1);

  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  return self;
}

void
lk_ctl_table_free (LkCtlTable *self)
{
  g_ptr_array_unref (self->rows);
  g_free (self);
}

void
lk_ctl_table_add (LkCtlTable *self,
                  const char *cell,
                  ...)
{
  g_autoptr(GStrvBuilder) row = g_strv_builder_new ();
  va_list cells;

  va_start (cells, cell);
  for (const char *text = cell; text != NULL; text = va_arg (cells, const char *))
    {
      g_autofree char *safe = lk_ctl_dup_safe (text);

      g_strv_builder_add (row, safe);
    }
  va_end (cells);

  g_ptr_array_add (self->rows, g_strv_builder_end (row));
}

static size_t
get_width (const char *text)
{
  size_t width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }

  return width;
}

static GArray *
measure_columns (LkCtlTable *self)
{
  GArray *widths = g_array_new (FALSE, TRUE, sizeof (size_t));

  for (guint i = 0; i < self->rows->len; i++)
    {
      char **row = g_ptr_array_index (self->rows, i);

      for (guint column = 0; row[column] != NULL; column++)
        {
          if (column >= widths->len)
            g_array_set_size (widths, column + 1);
          g_array_index (widths, size_t, column) =
            MAX (g_array_index (widths, size_t, column), get_width (row[column]));
        }
    }

  return widths;
}

void
lk_ctl_table_print (LkCtlTable *self)
{
  g_autoptr(GArray) widths = measure_columns (self);

  for (guint i = 0; i < self->rows->len; i++)
    {
      char **row = g_ptr_array_index (self->rows, i);
      g_autoptr(GString) line = g_string_new (NULL);

      for (guint column = 0; row[column] != NULL; column++)
        {
          g_string_append (line, row[column]);
          if (row[column + 1] != NULL)
            {
              size_t gap = g_array_index (widths, size_t, column) - get_width (row[column]) + 2;

              g_string_append_printf (line, "%*s", (int) gap, "");
            }
        }
      puts (g_strchomp (line->str));
    }
  fflush (stdout);
}

static char *
dup_duration (gint64 seconds)
{
  gint64 minutes = seconds / 60;
  gint64 hours = minutes / 60;
  gint64 days = hours / 24;

  if (seconds < 60)
    return g_strdup_printf (ngettext ("%d second", "%d seconds", (gulong) seconds), (int) seconds);
  if (minutes < 60)
    return g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong) minutes), (int) minutes);
  if (hours < 48)
    return g_strdup_printf (ngettext ("%d hour", "%d hours", (gulong) hours), (int) hours);

  days = MIN (days, G_MAXINT);
  return g_strdup_printf (ngettext ("%d day", "%d days", (gulong) days), (int) days);
}

static char *
dup_time_words (LkCtl  *self,
                gint64  seconds)
{
  gint64 now = lk_clock_get_now (self->clock);
  g_autofree char *duration = NULL;

  if (seconds == now)
    return g_strdup (_("now"));

  duration = dup_duration (seconds > now ? seconds - now : now - seconds);
  if (seconds > now)
    {
      /* Translators: %s is a duration such as "2 hours" */
      return g_strdup_printf (_("in %s"), duration);
    }

  /* Translators: %s is a duration such as "2 hours" */
  return g_strdup_printf (_("%s ago"), duration);
}

char *
lk_ctl_dup_end_words (LkCtl  *self,
                      gint64  seconds)
{
  if (seconds == LK_END_NEVER)
    return g_strdup (_("never"));
  if (seconds == LK_END_UNKNOWN)
    return g_strdup (_("unknown"));

  return dup_time_words (self, seconds);
}

char *
lk_ctl_dup_past_words (LkCtl  *self,
                       gint64  seconds)
{
  return seconds == 0 ? g_strdup (_("never")) : dup_time_words (self, seconds);
}

void
lk_ctl_json_string (JsonBuilder *builder,
                    const char  *key,
                    const char  *text)
{
  json_builder_set_member_name (builder, key);
  if (text != NULL && text[0] != '\0')
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

void
lk_ctl_json_time (JsonBuilder *builder,
                  const char  *key,
                  gint64       seconds)
{
  g_autofree char *text = NULL;

  if (seconds != LK_END_UNKNOWN && seconds != LK_END_NEVER)
    text = lk_time_to_string (seconds);
  lk_ctl_json_string (builder, key, text);
}

void
lk_ctl_json_strv (JsonBuilder        *builder,
                  const char         *key,
                  const char * const *words)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (size_t i = 0; words != NULL && words[i] != NULL; i++)
    json_builder_add_string_value (builder, words[i]);
  json_builder_end_array (builder);
}

void
lk_ctl_json_flag (JsonBuilder *builder,
                  const char  *key,
                  gboolean     flag)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, flag);
}

void
lk_ctl_json_finding (JsonBuilder     *builder,
                     const char      *key,
                     const LkFinding *finding)
{
  g_autofree char *text = finding != NULL ? lk_finding_to_json (finding) : NULL;
  g_autoptr(JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;

  json_builder_set_member_name (builder, key);
  if (node != NULL)
    json_builder_add_value (builder, g_steal_pointer (&node));
  else
    json_builder_add_null_value (builder);
}

static gboolean
is_hundredths (double value)
{
  double off = value * 100 - (value >= 0 && value <= 1 ? (double) (int) (value * 100 + 0.5) : -1);

  return off > -1e-9 && off < 1e-9;
}

static gboolean
round_cb (const GMatchInfo *match,
          GString          *out,
          gpointer          user_data)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *key = g_match_info_fetch (match, 1);
  g_autofree char *digits = g_match_info_fetch (match, 2);
  double value = g_ascii_strtod (digits, NULL);

  g_ascii_formatd (number, sizeof number, "%.2f", value);
  g_string_append (out, key);
  g_string_append (out, is_hundredths (value) ? number : digits);
  return FALSE;
}

/* json-glib writes 0.95 with seventeen digits. A reply's own numbers of that name keep theirs. */
static char *
round_confidence (const char *text)
{
  g_autoptr(GRegex) regex = NULL;

  /* A list of thousands of connections has none. */
  if (strstr (text, "\"confidence\"") == NULL)
    return g_strdup (text);

  regex = g_regex_new ("(\"confidence\"\\s{0,2}:\\s{0,2})([0-9.e-]+)", 0, 0, NULL);
  return g_regex_replace_eval (regex, text, -1, 0, 0, round_cb, NULL, NULL);
}

/* All of these stand within strings. json-glib escapes only what JSON must. */
static char *
escape_unseen (const char *text)
{
  g_autoptr(GString) out = g_string_sized_new (strlen (text));

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = c >= 0x7f && c <= 0xffff ? g_unichar_type (c) : G_UNICODE_SPACE_SEPARATOR;

      if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT)
        g_string_append_printf (out, "\\u%04x", c);
      else
        g_string_append_unichar (out, c);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
lk_ctl_json_dup (JsonBuilder *builder,
                 gboolean     pretty)
{
  g_autoptr(JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, pretty);
  g_autofree char *seen = escape_unseen (text);

  if (strstr (seen, "\"confidence\"") == NULL)
    return g_steal_pointer (&seen);

  return round_confidence (seen);
}

void
lk_ctl_json_print (JsonBuilder *builder)
{
  g_autofree char *text = lk_ctl_json_dup (builder, isatty (STDOUT_FILENO));

  puts (text);
  fflush (stdout);
}
