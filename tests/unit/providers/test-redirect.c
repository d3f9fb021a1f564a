/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"
#include "lk-profile-set.h"

static const struct
{
  const char *profile;
  const char *redirect;
  gboolean    good;
} rows[] = {
  { "tiktok-login", "http://127.0.0.1:3455/callback/", TRUE },
  { "tiktok-login", "http://localhost:3455/callback/", TRUE },
  { "tiktok-login", "http://127.0.0.1:*/callback/", TRUE },
  { "tiktok-login", "http://127.0.0.1/callback/", FALSE },
  { "tiktok-login", "http://127.0.0.1:3455", FALSE },
  { "tiktok-login", "http://example.com:3455/callback/", FALSE },
  { "tiktok-login", "https://example.com/callback/", FALSE },
  { "tiktok-ads", "https://example.com/callback/", TRUE },
  { "tiktok-ads", "https://example.com/callback", FALSE },
  { "tiktok-ads", "http://127.0.0.1:17817/callback/", TRUE },
  { "tiktok-ads", "http://127.0.0.1:*/callback/", FALSE },
  { "tiktok-ads", "http://example.com/callback/", FALSE },
  { "tiktok-ads", "https://example.com/callback/?a=1", FALSE },
  { "tiktok-ads", "https://example.com/callback/#x", FALSE },
  { "tiktok-ads", "https://user@example.com/callback/", FALSE },
  { "tiktok-ads", "/callback/", FALSE },
  { "tiktok-ads", "", FALSE },
  { "tiktok-account", "myapp://callback/", FALSE },
};

static void
test_redirects (void)
{
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LkProfile *profile = lk_profile_set_lookup (set, rows[i].profile);
      g_autoptr (GError) error = NULL;
      gboolean good = lk_profile_check_redirect (profile, rows[i].redirect, &error);

      g_test_message ("%s %s", rows[i].profile, rows[i].redirect);
      g_assert_cmpint (good, ==, rows[i].good);
      g_assert_cmpint (error == NULL, ==, good);
    }
  g_assert_false (lk_profile_check_redirect (lk_profile_set_lookup (set, "tiktok-ads"), NULL,
                                             NULL));
}

static void
test_addresses (void)
{
  g_assert_true (lk_address_is_allowed ("https://example.com/{code}"));
  g_assert_true (lk_address_is_allowed ("http://127.0.0.1:8080"));
  g_assert_true (lk_address_is_allowed ("http://[::1]:8080/x"));
  g_assert_true (lk_address_is_allowed ("http://localhost/x"));
  g_assert_false (lk_address_is_allowed ("http://example.com/"));
  g_assert_false (lk_address_is_allowed ("http://localhost.example.com/"));
  g_assert_false (lk_address_is_allowed ("http://127.0.0.1@example.com/"));
  g_assert_false (lk_address_is_allowed ("https://{code}/"));
  g_assert_false (lk_address_is_allowed ("ftp://example.com/"));
  g_assert_false (lk_address_is_allowed ("https:///path"));
  g_assert_false (lk_address_is_allowed ("example.com"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redirect/check", test_redirects);
  g_test_add_func ("/redirect/addresses", test_addresses);

  return g_test_run ();
}
