/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-secret.h"

#include <string.h>

static void
test_holds (void)
{
  g_autoptr (LkSecret) secret = lk_secret_new ("act.sample");
  g_autoptr (LkSecret) other = lk_secret_ref (secret);
  g_autofree char *fingerprint = lk_secret_dup_fingerprint (secret);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "act.sample", -1);

  g_assert_cmpstr (lk_secret_open (other), ==, "act.sample");
  g_assert_cmpuint (lk_secret_get_length (secret), ==, 10);
  g_assert_cmpuint (strlen (fingerprint), ==, 8);
  g_assert_true (g_str_has_prefix (digest, fingerprint));
}

/* The comparison must not be fooled by a shared beginning or by a missing side. */
static void
test_equal (void)
{
  g_autoptr (LkSecret) one = lk_secret_new ("abc");
  g_autoptr (LkSecret) same = lk_secret_new ("abc");
  g_autoptr (LkSecret) longer = lk_secret_new ("abcd");

  g_assert_true (lk_secret_equal (one, same));
  g_assert_false (lk_secret_equal (one, longer));
  g_assert_false (lk_secret_equal (one, NULL));
  g_assert_true (lk_secret_equal (NULL, NULL));
  g_assert_true (lk_equal_in_constant_time ("", ""));
  g_assert_false (lk_equal_in_constant_time ("abc", "abd"));
  g_assert_false (lk_equal_in_constant_time ("", "a"));
  g_assert_false (lk_equal_in_constant_time (NULL, ""));
}

static void
test_wipe (void)
{
  char memory[] = "secret";
  const char zero[sizeof memory] = { 0 };

  lk_wipe (memory, sizeof memory);
  g_assert_cmpmem (memory, sizeof memory, zero, sizeof zero);
  lk_wipe (NULL, 5);
  lk_wipe_string (NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/holds", test_holds);
  g_test_add_func ("/secret/equal", test_equal);
  g_test_add_func ("/secret/wipe", test_wipe);

  return g_test_run ();
}
