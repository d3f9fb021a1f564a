/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <json-glib/json-glib.h>
#include <string.h>

#include "lk-diagnosis.h"

#define TOKEN "act.Zx9qLm3TfPq8Rw2YvBn7Kc5Jd1Hs4Gt6"

static LkFinding *
read_text (const char *text,
           gssize      length)
{
  g_autoptr (LkDiagnosis) diagnosis = lk_diagnosis_new (NULL);

  return lk_diagnosis_read_text (diagnosis, text, length, NULL);
}

static void
test_empty (void)
{
  g_autoptr (LkFinding) finding = read_text ("", 0);
  g_autoptr (LkFinding) spaces = read_text (" \n\t ", -1);

  g_assert_cmpint (finding->paste, ==, LK_PASTE_EMPTY);
  g_assert_cmpint (finding->fault->klass, ==, LK_CLASS_UNKNOWN);
  g_assert_cmpfloat (finding->confidence, <, 0.3);
  g_assert_cmpint (spaces->paste, ==, LK_PASTE_EMPTY);
}

static void
test_binary (void)
{
  char bytes[5000];
  g_autoptr (LkFinding) finding = NULL;

  for (unsigned int i = 0; i < sizeof bytes; i++)
    bytes[i] = (char) (i * 7919u >> 3);
  finding = read_text (bytes, sizeof bytes);
  g_assert_cmpint (finding->paste, ==, LK_PASTE_BINARY);
  g_assert_cmpint (finding->fault->klass, ==, LK_CLASS_UNKNOWN);
}

static void
test_html (void)
{
  g_autoptr (LkFinding) page = read_text (
    "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
    -1);
  g_autoptr (LkFinding) consent = read_text (
    "<html><body><h1>Something went wrong</h1><p>We couldn't log in with TikTok. This may be due "
    "to specific app settings. Correct the following and try again:</p><b>client_key</b></body>",
    -1);

  g_assert_cmpint (page->paste, ==, LK_PASTE_HTML);
  g_assert_cmpint (page->fault->http_status, ==, 502);
  g_assert_cmpint (page->fault->klass, ==, LK_CLASS_TRANSIENT);
  g_assert_cmpint (consent->fault->klass, ==, LK_CLASS_APP_CONFIG);
  g_assert_cmpstr (consent->fault->code, ==, "client_key");
}

static void
test_curl (void)
{
  g_autoptr (LkFinding) finding = read_text (
    "> GET /open_api/v1.3/ad/get/?advertiser_id=7 HTTP/2\r\n< HTTP/2 200 \r\n"
    "< content-type: application/json\r\n< X-Tt-Logid: 20261101120000ABCDEF0123456789ABCD\r\n\r\n"
    "{\"code\":40105,\"message\":\"Access token is incorrect or has been revoked.\"}", -1);

  g_assert_cmpint (finding->fault->http_status, ==, 200);
  g_assert_cmpint (finding->fault->klass, ==, LK_CLASS_TOKEN_REVOKED);
  g_assert_cmpstr (finding->fault->family, ==, "tiktok-ads");
  g_assert_cmpstr (finding->fault->endpoint, ==, "/open_api/v1.3/ad/get/");
  g_assert_cmpstr (finding->fault->trace_id, ==, "20261101120000ABCDEF0123456789ABCD");
}

static void
test_log_forms (void)
{
  static const char *const forms[] = {
    "RuntimeError: TikTok error: {'code': 40100, 'message': \"App's limit\", 'data': None}",
    "ERROR {\\\"code\\\":40100,\\\"message\\\":\\\"Too many requests\\\"}",
    "{\"log\":\"{\\\"body\\\":\\\"{\\\\\\\"code\\\\\\\":40100,"
    "\\\\\\\"message\\\\\\\":\\\\\\\"x\\\\\\\"}\\\"}\"}",
    "TikTok said no (code: 40100)",
    "array:2 [\n  \"code\" => 40100\n  \"message\" => \"Too many requests\"\n]",
    "Array\n(\n    [code] => 40100\n    [message] => Too many requests\n)",
    "tiktok error_code 40100 while reading the report",
    "{ code: 40100, message: 'slow down', data: [Object] }",
    "{\"code\":40100,\"message\":\"Due to too many requests, req",
    "java.lang.RuntimeException: call failed\n\tat com.example.Ads.get(Ads.java:40105)\n"
    "Caused by: com.example.TikTokException: code=40100, message=App reaches the QPS limit.",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (LkFinding) finding = read_text (forms[i], -1);

      g_test_message ("%s", forms[i]);
      g_assert_cmpstr (finding->fault->code, ==, "40100");
      g_assert_cmpint (finding->fault->klass, ==, LK_CLASS_RATE);
      g_assert_false (finding->needs_reauth);
    }
}

static void
test_address (void)
{
  g_autoptr (LkFinding) query = read_text (
    "http://127.0.0.1:3455/callback/?error=access_denied&error_description=User+said+no&state=s",
    -1);
  g_autoptr (LkFinding) fragment = read_text (
    "https://app.example.com/cb#error=invalid_scope&error_description=Not%20approved", -1);
  g_autoptr (LkFinding) fine = read_text (
    "https://app.example.com/cb?code=Q1w2E3r4T5y6U7i8&state=s", -1);

  g_assert_cmpint (query->paste, ==, LK_PASTE_ADDRESS);
  g_assert_cmpint (query->fault->klass, ==, LK_CLASS_DENIED);
  g_assert_cmpstr (query->fault->message, ==, "User said no");
  g_assert_cmpstr (fragment->fault->code, ==, "invalid_scope");
  g_assert_cmpint (fragment->fault->klass, ==, LK_CLASS_SCOPE);
  g_assert_cmpint (fine->fault->klass, ==, LK_CLASS_OK);
  g_assert_true (fine->contains_secret);
  g_assert_null (fine->fault->code);
}

static void
test_scripts (void)
{
  g_autoptr (LkFinding) chinese = read_text (
    "创建广告失败: {\"code\":40105,\"message\":\"访问令牌不正确\",\"request_id\":\"R7\"}", -1);
  g_autoptr (LkFinding) hebrew = read_text (
    "\u202bשגיאה מטיקטוק: {\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"יותר מדי\"}}",
    -1);

  g_assert_cmpint (chinese->fault->klass, ==, LK_CLASS_TOKEN_REVOKED);
  g_assert_cmpstr (chinese->fault->message, ==, "访问令牌不正确");
  g_assert_cmpint (hebrew->fault->klass, ==, LK_CLASS_RATE);
}

static void
test_success (void)
{
  static const char *const bodies[] = {
    "{\"code\":0,\"message\":\"OK\",\"data\":{\"list\":[{\"name\":\"Error 40105\"}]}}",
    "{\"data\":{\"user\":{\"code\":\"invalid_grant\"}},"
    "\"error\":{\"code\":\"ok\",\"message\":\"\"}}",
    "{\"access_token\":\"" TOKEN "\",\"expires_in\":7200}",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (LkFinding) finding = read_text (bodies[i], -1);

      g_assert_cmpint (finding->fault->klass, ==, LK_CLASS_OK);
      g_assert_false (finding->needs_reauth);
    }
}

static void
test_secret (void)
{
  static const char *const texts[] = {
    "{\"code\":40105,\"message\":\"bad token " TOKEN "\",\"request_id\":\"" TOKEN "\"}",
    "curl -H 'Authorization: Bearer " TOKEN "' -> 401 access_token_invalid",
    "GET https://open.tiktokapis.com/v2/user/info/?access_token=" TOKEN " HTTP 429",
    "{\"error\":\"" TOKEN "\",\"message\":\"client_secret=" TOKEN "\"}",
    "code=" TOKEN,
    "https://x.example/cb?error=" TOKEN "&error_description=" TOKEN,
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (LkFinding) finding = read_text (texts[i], -1);
      g_autofree char *json = lk_finding_to_json (finding);
      g_autofree char *sure = g_strjoinv ("\n", finding->evidence);
      g_autofree char *assumed = g_strjoinv ("\n", finding->assumptions);

      g_test_message ("%s", json);
      g_assert_true (finding->contains_secret);
      g_assert_null (strstr (json, "Zx9qLm3TfPq8"));
      g_assert_null (strstr (sure, "Zx9qLm3TfPq8"));
      g_assert_null (strstr (assumed, "Zx9qLm3TfPq8"));
    }
}

static void
test_json_keys (void)
{
  static const char *const keys[] = {
    "class", "code", "http_status", "provider", "confidence", "retryable", "auto", "needs_reauth",
    "trace_id", "title", "explanation", "causes", "steps", "handling", "evidence", "sources",
    "conflict",
  };
  g_autoptr (LkFinding) finding = read_text ("{\"code\":40901,\"message\":\"x\"}", -1);
  g_autofree char *json = lk_finding_to_json (finding);
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  JsonObject *object = json_node_get_object (node);

  /* The enquiry adds its own: cause, turn, remedy. */
  g_assert_cmpuint (json_object_get_size (object), >=, G_N_ELEMENTS (keys));
  for (unsigned int i = 0; i < G_N_ELEMENTS (keys); i++)
    g_assert_true (json_object_has_member (object, keys[i]));
  g_assert_cmpstr (json_object_get_string_member (object, "auto"), ==, "poll");
  g_assert_true (json_object_get_null_member (object, "trace_id"));
  g_assert_true (json_object_get_null_member (object, "conflict"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnosis/paste/empty", test_empty);
  g_test_add_func ("/diagnosis/paste/binary", test_binary);
  g_test_add_func ("/diagnosis/paste/html", test_html);
  g_test_add_func ("/diagnosis/paste/curl", test_curl);
  g_test_add_func ("/diagnosis/paste/log-forms", test_log_forms);
  g_test_add_func ("/diagnosis/paste/address", test_address);
  g_test_add_func ("/diagnosis/paste/scripts", test_scripts);
  g_test_add_func ("/diagnosis/paste/success", test_success);
  g_test_add_func ("/diagnosis/paste/secret", test_secret);
  g_test_add_func ("/diagnosis/paste/json-keys", test_json_keys);

  return g_test_run ();
}
