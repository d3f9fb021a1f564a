/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lk-calendar.h"
#include "lk-event-export.h"
#include "lk-token-set.h"

static LkEvent *
make_event (void)
{
  LkEvent *event = lk_event_new ("k3f9", 1763700000, "call-refused", "POST /campaign/");

  event->id = 42;
  event->count = 3;
  event->connection_name = g_strdup ("Nordlicht, \"Media\"");
  event->fault = lk_fault_new (LK_CLASS_PERMISSION);
  event->fault->code = g_strdup ("40001");
  event->fault->http_status = 200;
  event->fault->message = g_strdup ("no permission\r\nfor 7");

  return event;
}

/* RFC 4180: quotes are doubled, and what holds a comma, a quote or a line break is quoted. */
static void
test_csv (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(LkEvent) event = make_event ();

  lk_event_export_csv_header (out);
  g_assert_true (g_str_has_prefix (out->str, "id,at,connection,connection_name,kind,count,text,"));
  g_assert_true (g_str_has_suffix (out->str, "\r\n"));
  g_string_truncate (out, 0);
  lk_event_export_csv_row (out, event);
  g_assert_cmpstr (out->str, ==, "42,2025-11-21T04:40:00Z,k3f9,\"Nordlicht, \"\"Media\"\"\","
                   "call-refused,3,POST /campaign/,permission,40001,200,"
                   "\"no permission\r\nfor 7\",,,\r\n");
}

/* Every row has as many cells as the header, whatever is not known. */
static void
test_csv_columns (void)
{
  g_autoptr(GString) header = g_string_new (NULL);
  g_autoptr(GString) row = g_string_new (NULL);
  g_autoptr(LkEvent) event = lk_event_new ("k3f9", 0, "renewed", NULL);
  g_auto(GStrv) names = NULL;
  g_auto(GStrv) cells = NULL;

  lk_event_export_csv_header (header);
  lk_event_export_csv_row (row, event);
  names = g_strsplit (header->str, ",", -1);
  cells = g_strsplit (row->str, ",", -1);
  g_assert_cmpuint (g_strv_length (cells), ==, g_strv_length (names));
  g_assert_cmpstr (cells[5], ==, "1");
}

/* A name from the other side must not be run by a spreadsheet. */
static void
test_csv_formula (void)
{
  static const char * const names[] = { "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1" };

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GString) out = g_string_new (NULL);
      g_autoptr(LkEvent) event = lk_event_new ("k3f9", 1763700000, "renamed", names[i]);
      g_autofree char *cell = g_strdup_printf (",1,\"'%s\",", names[i]);

      lk_event_export_csv_row (out, event);
      g_assert_nonnull (strstr (out->str, cell));
    }
}

/* Keys stay; what is not known is null; what cannot be seen, or is no UTF-8, does no harm. */
static void
test_json (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(LkEvent) event = lk_event_new ("k3f9", 1763700000, "renamed",
                                           "a\"b\\c\n\x1b[31m\xe2\x80\xae\xff\xf0\x9f\x94\x91");
  g_autoptr(LkEvent) refused = make_event ();

  lk_event_export_json_row (out, event, NULL);
  g_assert_cmpstr (out->str, ==,
                   "{\"id\":0,\"at\":\"2025-11-21T04:40:00Z\",\"connection\":\"k3f9\","
                   "\"connection_name\":null,\"kind\":\"renamed\","
                   "\"text\":\"a\\\"b\\\\c\\n\\u001b[31m\\u202e\xef\xbf\xbd\xf0\x9f\x94\x91\","
                   "\"count\":1,\"fault\":null,\"finding\":null}");
  g_string_truncate (out, 0);
  lk_event_export_json_row (out, refused, "{\"class\":\"x\"}");
  g_assert_nonnull (strstr (out->str, "\"fault\":{\"class\":\"permission\",\"http_status\":200,"));
  g_assert_nonnull (strstr (out->str, "\"message\":\"no permission\\u000d\\nfor 7\""));
  g_assert_true (g_str_has_suffix (out->str, ",\"finding\":{\"class\":\"x\"}}"));
}

/* An event that crosses the bus is the same on the other side. */
static void
test_variant (void)
{
  g_autoptr(LkEvent) event = make_event ();
  g_autoptr(GVariant) dict = g_variant_ref_sink (lk_event_to_variant (event));
  g_autoptr(LkEvent) back = lk_event_from_variant (dict);
  g_autoptr(GVariant) again = g_variant_ref_sink (lk_event_to_variant (back));
  g_autoptr(GVariant) odd = g_variant_ref_sink (
    g_variant_new_parsed ("{'id': <'x'>, 'kind': <7>, 'fault': <true>}"));
  g_autoptr(LkEvent) nothing = lk_event_from_variant (odd);

  g_assert_cmpvariant (dict, again);
  g_assert_cmpstr (back->connection_name, ==, event->connection_name);
  g_assert_cmpint (nothing->id, ==, 0);
  g_assert_cmpstr (nothing->kind, ==, "");
  g_assert_null (nothing->fault);
}

/* RFC 5545, 3.1: no line is longer than 75 octets, and none is cut within a character. */
static void
test_calendar (void)
{
  static const guint32 days[] = { 14, 1 };
  g_autoptr(GString) out = g_string_new (NULL);
  g_autofree char *unfolded = NULL;
  g_auto(GStrv) lines = NULL;
  g_auto(GStrv) parts = NULL;
  LkCalendarEntry entry = {
    .id = "k3f9",
    .at = 1763700000,
    .summary = "Anmelden: Größe, Süd; \\ “überall, wo es nur geht” und noch ein gutes Stück weiter",
    .description = "one\ntwo\r\nthree",
    .days = days,
    .n_days = G_N_ELEMENTS (days),
  };

  lk_calendar_begin (out, "Latchkey");
  g_assert_true (lk_calendar_add (out, &entry, 1763600000));
  entry.at = LK_END_NEVER;
  g_assert_false (lk_calendar_add (out, &entry, 1763600000));
  lk_calendar_end (out);

  g_assert_true (g_str_has_prefix (out->str, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
  g_assert_true (g_str_has_suffix (out->str, "END:VEVENT\r\nEND:VCALENDAR\r\n"));
  lines = g_strsplit (out->str, "\r\n", -1);
  for (size_t i = 0; lines[i] != NULL; i++)
    {
      g_assert_cmpuint (strlen (lines[i]), <=, 75);
      g_assert_true (g_utf8_validate (lines[i], -1, NULL));
      g_assert_null (strpbrk (lines[i], "\r\n"));
    }

  parts = g_strsplit (out->str, "\r\n ", -1);
  unfolded = g_strjoinv ("", parts);
  g_assert_nonnull (strstr (unfolded, "\r\nSUMMARY:Anmelden: Größe\\, Süd\\; \\\\ “überall\\, wo "
                            "es nur geht” und noch ein gutes Stück weiter\r\n"));
  g_assert_nonnull (strstr (unfolded, "\r\nDESCRIPTION:one\\ntwo\\nthree\r\n"));
  g_assert_nonnull (strstr (unfolded, "\r\nDTSTART:20251121T044000Z\r\n"));
  g_assert_nonnull (strstr (unfolded, "\r\nDTSTAMP:20251120T005320Z\r\n"));
  g_assert_nonnull (strstr (unfolded, "\r\nUID:k3f9@"));
  g_assert_nonnull (strstr (unfolded, "\r\nTRIGGER:-P14D\r\n"));
  g_assert_nonnull (strstr (unfolded, "\r\nTRIGGER:-P1D\r\n"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/csv", test_csv);
  g_test_add_func ("/export/csv-columns", test_csv_columns);
  g_test_add_func ("/export/csv-formula", test_csv_formula);
  g_test_add_func ("/export/json", test_json);
  g_test_add_func ("/export/variant", test_variant);
  g_test_add_func ("/export/calendar", test_calendar);

  return g_test_run ();
}
