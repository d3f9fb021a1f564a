/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-clock.h"
#include "lk-records.h"

static void
test_classes (void)
{
  LkClass klass;

  for (int i = 0; i < (int) LK_N_CLASSES; i++)
    {
      g_assert_true (lk_class_from_string (lk_class_to_string ((LkClass) i), &klass));
      g_assert_cmpint (klass, ==, i);
    }
  g_assert_false (lk_class_from_string ("expired", &klass));
  g_assert_false (lk_class_from_string (NULL, &klass));

  /* A rate limit must never send anyone through a new sign-in. */
  g_assert_false (lk_class_needs_reauth (LK_CLASS_RATE));
  g_assert_true (lk_class_stops_work (LK_CLASS_PERMISSION));
  g_assert_false (lk_class_stops_work (LK_CLASS_RATE));
  g_assert_false (lk_class_stops_work (LK_CLASS_TOKEN_REVOKED));
  g_assert_cmpint (lk_class_get_auto (LK_CLASS_RATE), ==, LK_AUTO_BACKOFF);
}

static LkFault *
make_fault (void)
{
  LkFault *fault = lk_fault_new (LK_CLASS_SCOPE);

  fault->provider = g_strdup ("tiktok-ads");
  fault->family = g_strdup ("tiktok-ads");
  fault->step = g_strdup ("api");
  fault->endpoint = g_strdup ("/open_api/v1.3/ad/get/");
  fault->http_status = 200;
  fault->code = g_strdup ("40001");
  fault->message = g_strdup ("does not grant you");
  fault->trace_id = g_strdup ("2026");
  fault->hint = g_strdup ("word");
  fault->method = g_strdup ("POST");
  fault->account = g_strdup ("7000000000000000001");
  fault->limit = g_strdup ("minute");
  fault->slowed = g_strdup ("account");
  fault->retry_at = 1800000000;
  fault->at = 1700000000;

  return fault;
}

static void
test_fault_variant (void)
{
  g_autoptr (LkFault) fault = make_fault ();
  g_autoptr (LkFault) copy = lk_fault_copy (fault);
  g_autoptr (GVariant) dict = g_variant_ref_sink (lk_fault_to_variant (copy));
  g_autoptr (LkFault) back = lk_fault_from_variant (dict);
  g_autoptr (GVariant) again = g_variant_ref_sink (lk_fault_to_variant (back));

  g_assert_true (g_variant_is_of_type (dict, G_VARIANT_TYPE_VARDICT));
  g_assert_cmpuint (g_variant_n_children (dict), ==, 16);
  g_assert_cmpint (back->klass, ==, LK_CLASS_SCOPE);
  g_assert_cmpint (back->http_status, ==, 200);
  g_assert_cmpstr (back->trace_id, ==, "2026");
  g_assert_null (back->sub);
  g_assert_true (g_variant_equal (dict, again));
}

/* What comes over the bus is not trusted: other types and other words must not crash. */
static void
test_fault_from_odd_variant (void)
{
  g_autoptr (GVariant) empty = g_variant_ref_sink (lk_fault_to_variant (NULL));
  g_autoptr (GVariant) odd = g_variant_ref_sink (
    g_variant_new_parsed ("{'class': <'no-such'>, 'code': <7>, 'http-status': <'x'>}"));
  g_autoptr (GVariant) other = g_variant_ref_sink (g_variant_new_int32 (5));
  g_autoptr (LkFault) fault = lk_fault_from_variant (odd);

  g_assert_null (lk_fault_from_variant (empty));
  g_assert_null (lk_fault_from_variant (other));
  g_assert_null (lk_fault_from_variant (NULL));
  g_assert_cmpint (fault->klass, ==, LK_CLASS_UNKNOWN);
  g_assert_null (fault->code);
  g_assert_cmpint (fault->http_status, ==, 0);
}

static void
test_fault_invalid_utf8 (void)
{
  g_autoptr (LkFault) fault = lk_fault_new_local (LK_CLASS_UNKNOWN, "not-json", "bad \xff byte");
  g_autoptr (GVariant) dict = g_variant_ref_sink (lk_fault_to_variant (fault));
  const char *message = NULL;

  g_assert_true (lk_fault_is_local (fault, "not-json"));
  g_assert_true (lk_fault_is_local (fault, NULL));
  g_assert_false (lk_fault_is_local (fault, "offline"));
  g_assert_true (g_variant_lookup (dict, "message", "&s", &message));
  g_assert_true (g_utf8_validate (message, -1, NULL));
}

static void
test_missing_scopes (void)
{
  static const char * const asked[] = { "a", "b", "c", NULL };
  static const char * const granted[] = { "c", "a", NULL };
  static const char * const missing[] = { "b", NULL };
  static const char * const none[] = { NULL };
  g_autoptr (LkConnectionRecord) record = lk_connection_record_new ();
  g_auto (GStrv) unsaid = NULL;
  g_auto (GStrv) found = NULL;

  record->scopes_asked = g_strdupv ((char **) asked);
  unsaid = lk_connection_record_dup_missing_scopes (record);
  g_assert_cmpstrv (unsaid, none);

  record->scopes_granted = g_strdupv ((char **) granted);
  found = lk_connection_record_dup_missing_scopes (record);
  g_assert_cmpstrv (found, missing);
}

/* A copy must share nothing with its original: this test is of use under a sanitizer. */
static void
test_record_copy (void)
{
  LkConnectionRecord *record = lk_connection_record_new ();
  g_autoptr (LkConnectionRecord) copy = NULL;
  LkAccount *account;

  record->id = g_strdup ("c1");
  record->generation = 7;
  record->accounts_known = TRUE;
  record->fault = make_fault ();
  g_ptr_array_add (record->accounts, lk_account_new ("7", "Seven"));
  copy = lk_connection_record_copy (record);
  lk_connection_record_free (record);

  account = g_ptr_array_index (copy->accounts, 0);
  g_assert_cmpstr (copy->id, ==, "c1");
  g_assert_cmpuint (copy->generation, ==, 7);
  g_assert_true (copy->accounts_known);
  g_assert_cmpstr (copy->fault->code, ==, "40001");
  g_assert_cmpstr (account->name, ==, "Seven");
}

static void
test_time (void)
{
  g_autofree char *text = lk_time_to_string (1700000000);
  gint64 seconds = 0;

  g_assert_cmpstr (text, ==, "2023-11-14T22:13:20Z");
  g_assert_true (lk_time_from_string (text, &seconds));
  g_assert_cmpint (seconds, ==, 1700000000);
  g_assert_true (lk_time_from_string ("2023-11-14T23:13:20+01:00", &seconds));
  g_assert_cmpint (seconds, ==, 1700000000);
  g_assert_false (lk_time_from_string ("2023-11-14", &seconds));
  g_assert_false (lk_time_from_string (NULL, &seconds));
  g_assert_null (lk_time_to_string (G_MAXINT64));
}

static void
test_clock (void)
{
  g_autoptr (LkClock) manual = lk_manual_clock_new (1000);
  g_autoptr (LkClock) machine = lk_system_clock_new ();
  gint64 boot = lk_clock_get_boot (manual);

  lk_manual_clock_advance (manual, 60);
  g_assert_cmpint (lk_clock_get_now (manual), ==, 1060);
  g_assert_cmpint (lk_clock_get_boot (manual) - boot, ==, 60 * G_USEC_PER_SEC);
  g_assert_cmpint (lk_clock_get_now (machine), >, 1700000000);
  g_assert_cmpint (lk_clock_get_boot (machine), >, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/class/words", test_classes);
  g_test_add_func ("/fault/variant", test_fault_variant);
  g_test_add_func ("/fault/odd-variant", test_fault_from_odd_variant);
  g_test_add_func ("/fault/invalid-utf8", test_fault_invalid_utf8);
  g_test_add_func ("/records/missing-scopes", test_missing_scopes);
  g_test_add_func ("/records/copy", test_record_copy);
  g_test_add_func ("/time/text", test_time);
  g_test_add_func ("/clock/moves", test_clock);

  return g_test_run ();
}
