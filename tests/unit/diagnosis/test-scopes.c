/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lk-diagnosis.h"
#include "lk-scopes.h"

#define ADS "tiktok-ads"
#define ACCOUNT "tiktok-account"
#define LOGIN "tiktok-login"
#define SHOP "tiktok-shop"

/* All that TikTok prints, with ids that no double holds, each below a parent that is there. */
static void
test_numbers (void)
{
  g_autoptr (LkScopes) scopes = lk_scopes_new ();
  GPtrArray *all = lk_scopes_list (scopes, ADS);
  unsigned int levels[3] = { 0 }, large = 0;

  g_assert_cmpuint (all->len, ==, 167);
  for (unsigned int i = 0; i < all->len; i++)
    {
      const LkScope *scope = g_ptr_array_index (all, i);
      unsigned int level = 0;

      g_assert_true (lk_scopes_find (scopes, ADS, scope->id) == scope);
      g_assert_cmpuint (strspn (scope->id, "0123456789"), ==, strlen (scope->id));
      g_assert_nonnull (scope->name);
      large += strlen (scope->id) > 16;
      for (const LkScope *up = scope; up->parent != NULL; level++)
        {
          up = lk_scopes_find (scopes, ADS, up->parent);
          g_assert_nonnull (up);
        }
      g_assert_cmpuint (level, <, 3);
      levels[level]++;
    }
  g_assert_cmpuint (levels[0], ==, 21);
  g_assert_cmpuint (levels[1], ==, 74);
  g_assert_cmpuint (levels[2], ==, 72);
  g_assert_cmpuint (large, ==, 25);
  g_assert_nonnull (lk_scopes_find (scopes, ADS, "7133464587805999106"));
  /* One more in the last place would be the same number to a double. */
  g_assert_null (lk_scopes_find (scopes, ADS, "7133464587805999107"));
  g_assert_null (lk_scopes_find (scopes, ADS, NULL));
  g_assert_null (lk_scopes_find (scopes, "nobody", "200"));
}

/* Every way in which people write a path finds the same scope; what nobody told us finds none. */
static void
test_covering (void)
{
  static const struct
  {
    const char *family;
    const char *endpoint;
    const char *ids;
  } cases[] = {
    { ADS, "/optimizer/rule/list/", "17020000 17000000" },
    { ADS, "/optimizer/rule/list", "17020000 17000000" },
    { ADS, "optimizer/rule/list/", "17020000 17000000" },
    { ADS, "/open_api/v1.3/optimizer/rule/list/", "17020000 17000000" },
    { ADS, "/open_api/v1.2/optimizer/rule/list/", "17020000 17000000" },
    { ADS, "https://business-api.tiktok.com/open_api/v1.3/optimizer/rule/list/?advertiser_id=7",
      "17020000 17000000" },
    { ADS, "GET /optimizer/rule/list/", "17020000 17000000" },
    { ADS, "/optimizer/rule/list/:GET", "17020000 17000000" },
    { ADS, " //optimizer//rule/list// ", "17020000 17000000" },
    { ADS, "/campaign/get/", "200 20 2" },
    { ADS, "/campaign/status/update/", "201 20 2" },
    { ADS, "/adgroup/get/", "210 21 2" },
    { ADS, "/ad/get/", "220 22 2" },
    { ADS, "/advertiser/info/", "100 10 1" },
    { ADS, "/oauth2/advertiser/get/", "100 10 1" },
    { ADS, "/bc/asset/get/", "153 15 1" },
    { ADS, "/report/integrated/get/", "44 4" },
    { ADS, "/dmp/custom_audience/create/", "31 3" },
    { ADS, "/store/list/", "19000000" },
    { ADS, "/page/field/get/", "12010100 12020100 12010000 12020000 12000000" },
    { ADS, "/tcm/order/create/v2/", "13010000 13000000" },
    { ADS, "/business/video/publish/", "7050363942433996801 7044139020472942593 18000000" },
    { ADS, "/user/info/", "" },
    { ADS, "/optimizer/rule/", "" },
    { ADS, "/optimizer/rule/list/more/", "" },
    { ADS, "/optimizer/rule/LIST/", "" },
    { ADS, "/open_apiary/optimizer/rule/list/", "" },
    { ADS, "/", "" },
    { ADS, "", "" },
    { ADS, NULL, "" },
    { NULL, "/campaign/get/", "" },
    { "meta", "/campaign/get/", "" },
    { ACCOUNT, "/open_api/v1.3/business/comment/list/", "comment.list" },
    { ACCOUNT, "/business/comment/hide/", "comment.list.manage" },
    { ACCOUNT, "/business/video/publish/", "video.publish video.upload" },
    { ACCOUNT, "/tt_user/token_info/get/", "" },
    { LOGIN, "/v2/user/info/", "user.info.basic user.info.profile user.info.stats" },
    { LOGIN, "https://open.tiktokapis.com/v2/user/info/?fields=open_id,display_name",
      "user.info.basic" },
    { LOGIN, "/v2/user/info/?fields=open_id%2Cfollower_count", "user.info.basic user.info.stats" },
    { LOGIN, "/v2/user/info/?fields=%5B%22username%22%5D", "user.info.profile" },
    { LOGIN, "/v2/user/info/?fields=shoe_size",
      "user.info.basic user.info.profile user.info.stats" },
    { LOGIN, "/v2/video/list/", "video.list" },
    { LOGIN, "/v2/post/publish/video/init/", "video.publish" },
    { LOGIN, "/v2/post/publish/inbox/video/init/", "video.upload" },
    { LOGIN, "/v2/post/publish/content/init/", "video.publish video.upload" },
    { LOGIN, "/v2/research/video/comment/list/", "research.data.basic" },
    { LOGIN, "/v2/research/video/", "" },
    { LOGIN, "/v2/oauth/token/", "" },
    { SHOP, "/order/202309/orders", "seller.order.info" },
    { SHOP, "/order/202507/orders/search?shop_cipher=x", "seller.order.info" },
    { SHOP, "/order/202309/orders/1/price_detail", "" },
    { SHOP, "/fulfillment/202309/packages/115/ship", "seller.fulfillment.basic" },
    { SHOP, "/product/202309/global_products/17/publish", "seller.global_product.write" },
    { SHOP, "/order//orders", "" },
  };
  g_autoptr (LkScopes) scopes = lk_scopes_new ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) found = lk_scopes_covering (scopes, cases[i].family,
                                                        cases[i].endpoint);
      g_autoptr (GString) ids = g_string_new (NULL);

      for (unsigned int j = 0; j < found->len; j++)
        {
          const LkScope *scope = g_ptr_array_index (found, j);

          g_string_append_printf (ids, "%s%s", j > 0 ? " " : "", scope->id);
        }
      g_test_message ("%s %s", cases[i].family, cases[i].endpoint);
      g_assert_cmpstr (ids->str, ==, cases[i].ids);
    }
}

/* Each path of the data is found under its own scope, with a source that bears a date; what only
 * follows from names is never called certain. */
static void
test_sources (void)
{
  static const char *const families[] = { ADS, ACCOUNT, LOGIN, SHOP };
  g_autoptr (LkScopes) scopes = lk_scopes_new ();
  g_autoptr (GRegex) dated = g_regex_new ("\\(.*2026-\\d\\d-\\d\\d\\)", 0, 0, NULL);
  gboolean certain = FALSE;

  for (unsigned int i = 0; i < G_N_ELEMENTS (families); i++)
    {
      GPtrArray *all = lk_scopes_list (scopes, families[i]);

      g_assert_cmpuint (all->len, >, 15);
      for (unsigned int j = 0; j < all->len; j++)
        {
          const LkScope *scope = g_ptr_array_index (all, j);

          for (unsigned int k = 0; scope->endpoints[k] != NULL; k++)
            {
              const char *path = scope->endpoints[k];
              g_autoptr (GPtrArray) found = lk_scopes_covering (scopes, families[i], path);
              const char *source = lk_scopes_get_source (scopes, families[i], scope->id, path,
                                                         &certain);

              g_assert_true (g_ptr_array_find (found, scope, NULL));
              g_assert_nonnull (source);
              g_assert_true (g_regex_match (dated, source, 0, NULL));
            }
        }
    }
  g_assert_nonnull (lk_scopes_get_source (scopes, ADS, "17020000", "/optimizer/rule/list/",
                                          &certain));
  g_assert_true (certain);
  g_assert_nonnull (lk_scopes_get_source (scopes, ADS, "7176833266039685122",
                                          "/file/name/check/", &certain));
  g_assert_false (certain);
  g_assert_null (lk_scopes_get_source (scopes, ADS, "200", "/optimizer/rule/list/", NULL));
}

/* A parent implies its children and never the other way round. */
static void
test_granted (void)
{
  static const char *const wide[] = { "1", "17000000", NULL };
  static const char *const narrow[] = { "17020000", "153", NULL };
  static const char *const words[] = { "user.info.basic", "made.up", NULL };
  g_autoptr (LkScopes) scopes = lk_scopes_new ();

  g_assert_true (lk_scopes_is_granted (scopes, ADS, wide, "17020000"));
  g_assert_true (lk_scopes_is_granted (scopes, ADS, wide, "153"));
  g_assert_true (lk_scopes_is_granted (scopes, ADS, wide, "15"));
  g_assert_false (lk_scopes_is_granted (scopes, ADS, wide, "200"));
  g_assert_true (lk_scopes_is_granted (scopes, ADS, narrow, "17020000"));
  g_assert_false (lk_scopes_is_granted (scopes, ADS, narrow, "17000000"));
  g_assert_false (lk_scopes_is_granted (scopes, ADS, narrow, "17010000"));
  g_assert_false (lk_scopes_is_granted (scopes, ADS, NULL, "200"));
  g_assert_false (lk_scopes_is_granted (scopes, ADS, wide, NULL));
  g_assert_true (lk_scopes_is_granted (scopes, LOGIN, words, "user.info.basic"));
  g_assert_true (lk_scopes_is_granted (scopes, LOGIN, words, "made.up"));
  g_assert_false (lk_scopes_is_granted (scopes, LOGIN, words, "user.info.stats"));
}

static void
test_roles (void)
{
  static const struct
  {
    const char *family;
    const char *method;
    const char *endpoint;
    const char *roles;
  } cases[] = {
    { ADS, "POST", "/campaign/update/", "ADMIN OPERATOR" },
    { ADS, "post", "https://business-api.tiktok.com/open_api/v1.3/campaign/update/",
      "ADMIN OPERATOR" },
    { ADS, NULL, "/campaign/update/", "ADMIN OPERATOR" },
    { ADS, "POST", "/optimizer/rule/create/", "ADMIN OPERATOR" },
    { ADS, "POST", "/ad/status/update/", "ADMIN OPERATOR" },
    { ADS, "GET", "/campaign/update/", NULL },
    { ADS, "GET", "/campaign/get/", NULL },
    { ADS, "POST", "/report/task/create/", NULL },
    { ADS, "POST", "/ad/audience_size/estimate/", NULL },
    { ADS, "POST", "/bc/asset/assign/", NULL },
    { ADS, "POST", "/nobody/knows/", NULL },
    { ADS, "POST", NULL, NULL },
    { ACCOUNT, "POST", "/business/video/publish/", NULL },
    { "meta", "POST", "/campaign/update/", NULL },
  };
  g_autoptr (LkScopes) scopes = lk_scopes_new ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const *roles = lk_scopes_roles_for (scopes, cases[i].family, cases[i].method,
                                                      cases[i].endpoint);
      g_autofree char *joined = roles != NULL ? g_strjoinv (" ", (char **) roles) : NULL;

      g_test_message ("%s", cases[i].endpoint);
      g_assert_cmpstr (joined, ==, cases[i].roles);
    }
}

static void
test_names (void)
{
  g_autoptr (LkDiagnosis) diagnosis = lk_diagnosis_new (NULL);
  LkScopes *scopes = lk_diagnosis_get_scopes (diagnosis);
  g_autofree char *known = lk_scopes_dup_name (scopes, ADS, "17020000");
  g_autofree char *plain = lk_scopes_dup_name (scopes, ADS, "10000");
  g_autofree char *unknown = lk_scopes_dup_name (scopes, ADS, "9007199254740993");

  g_assert_true (lk_diagnosis_get_scopes (diagnosis) == scopes);
  g_assert_cmpstr (known, ==, "Read Automated Rules and their Execution Results");
  g_assert_cmpstr (plain, ==, "Reach & Frequency");
  g_assert_cmpstr (unknown, ==, "9007199254740993");
}

/* A feature's words are unique and its scopes are there; an unknown family has none. */
static void
test_features (void)
{
  static const char *const families[] = { ADS, ACCOUNT, LOGIN, SHOP };
  g_autoptr (LkScopes) scopes = lk_scopes_new ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
      GPtrArray *features = lk_scopes_get_features (scopes, families[i]);

      g_assert_cmpuint (features->len, >=, 6);
      for (unsigned int j = 0; j < features->len; j++)
        {
          const LkFeature *feature = g_ptr_array_index (features, j);

          g_assert_true (g_hash_table_add (seen, feature->id));
          g_assert_nonnull (feature->name);
          g_assert_nonnull (feature->scopes[0]);
        }
    }
  g_assert_cmpuint (lk_scopes_get_features (scopes, "meta")->len, ==, 0);
  g_assert_cmpuint (lk_scopes_list (scopes, NULL)->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/scopes/numbers", test_numbers);
  g_test_add_func ("/scopes/covering", test_covering);
  g_test_add_func ("/scopes/sources", test_sources);
  g_test_add_func ("/scopes/granted", test_granted);
  g_test_add_func ("/scopes/roles", test_roles);
  g_test_add_func ("/scopes/names", test_names);
  g_test_add_func ("/scopes/features", test_features);

  return g_test_run ();
}
