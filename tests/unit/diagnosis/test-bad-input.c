/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever is pasted: a finding, from a bounded piece of it, and nothing secret in it. */

#include <string.h>
#include <sys/resource.h>

#include "lk-diagnosis.h"
#include "lk-paste.h"

#define TOKEN "act.Zx9qLm3TfPq8Rw2YvBn7Kc5Jd1Hs4Gt6"
#define MEBIBYTE ((size_t) 1024 * 1024)

static LkFinding *
read_bytes (const char *text,
            size_t      length)
{
  g_autoptr (LkDiagnosis) diagnosis = lk_diagnosis_new (NULL);

  return lk_diagnosis_read_text (diagnosis, text, (gssize) length, NULL);
}

static LkFinding *
read_text (const char *text)
{
  return read_bytes (text, strlen (text));
}

static gboolean
knows_nothing (const char *word,
               void       *data)
{
  return FALSE;
}

/* @size bytes of @piece, over and over, then @end. */
static char *
fill (const char *piece,
      size_t      size,
      const char *end)
{
  size_t step = strlen (piece);
  size_t tail = strlen (end) + 1;
  char *text = g_malloc (size + tail);

  for (size_t i = 0; i < size; i++)
    text[i] = piece[i % step];
  memcpy (text + size, end, tail);

  return text;
}

static const char *const pieces[] = {
  "{\"a\":[\\\"x ", "{\"", "{'a':\"", "{a:{", "\\", "\n", "error ", "error\\\"", "{\\\"", "code=",
  "secret\\", "[{", "<", "message:\"", "?error=", "https://a/", "log_id ", "{\"a\":1}", "aA1",
  "40100 ", "{\"code\":40105}", "\xe2\x80\xae", "\xe4\xb8\xad", "\xff",
};

/* What is looked at does not grow with the text: a window, some bodies, some candidates. */
static void
test_bounded (void)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autofree char *text = fill (pieces[i], 3 * MEBIBYTE, "");
      g_autoptr (LkPaste) paste = lk_paste_read (text, -1, knows_nothing, NULL);

      g_test_message ("%u: %zu bytes, %u bodies, %u candidates", i, strlen (paste->text),
                      paste->json->len, paste->facts->len);
      g_assert_true (paste->partial || paste->kind == LK_PASTE_BINARY);
      /* A byte that is no UTF-8 becomes three. */
      g_assert_cmpuint (strlen (paste->text), <=, 3 * MEBIBYTE + 16);
      g_assert_cmpuint (paste->json->len, <=, 256);
      g_assert_cmpuint (paste->facts->len, <=, 1024);
    }
}

static long
peak_megabytes (void)
{
  struct rusage usage;

  g_assert_cmpint (getrusage (RUSAGE_SELF, &usage), ==, 0);

  return usage.ru_maxrss / 1024;
}

/* Fifty megabytes with the error at the end, in memory that one would use anyway. */
static void
test_fifty_megabytes (void)
{
  static const char end[] = "\n{\"code\":40100,\"message\":\"App reaches the QPS limit.\","
                            "\"request_id\":\"R-END-1\"}";
  g_autofree char *text = fill ("GET /things 200 {\"a\":[\\\"x ", 50 * MEBIBYTE, end);
  long before = peak_megabytes ();
  g_autoptr (LkFinding) finding = read_text (text);
  long grown = peak_megabytes () - before;
  g_autofree char *assumed = NULL;

  g_test_message ("grown by %ld MB", grown);
  g_assert_cmpint (finding->fault->klass, ==, LK_CLASS_RATE);
  g_assert_cmpstr (finding->fault->code, ==, "40100");
  g_assert_cmpstr (finding->fault->trace_id, ==, "R-END-1");
  assumed = g_strjoinv ("\n", finding->assumptions);
  g_assert_nonnull (strstr (assumed, "very long"));
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpint (grown, <, 40);
#endif
}

/* The same at the beginning: both ends are read. */
static void
test_fifty_megabytes_after (void)
{
  g_autofree char *text = fill ("-", 50 * MEBIBYTE, "");
  static const char start[] = "{\"code\":40001,\"message\":\"No permission to operate this\"}";
  g_autoptr (LkFinding) finding = NULL;

  memcpy (text, start, strlen (start));
  finding = read_text (text);
  g_assert_cmpstr (finding->fault->code, ==, "40001");
  g_assert_cmpint (finding->fault->klass, ==, LK_CLASS_PERMISSION);
}

static void
test_binary (void)
{
  char bytes[6000];

  for (unsigned int seed = 1; seed < 40; seed++)
    {
      unsigned int state = seed;
      g_autoptr (LkFinding) finding = NULL;

      for (size_t i = 0; i < sizeof bytes; i++)
        {
          state = state * 1103515245u + 12345u;
          bytes[i] = (char) (state >> 16);
        }
      finding = read_bytes (bytes, sizeof bytes);
      g_assert_cmpint (finding->paste, ==, LK_PASTE_BINARY);
      g_assert_cmpint (finding->fault->klass, ==, LK_CLASS_UNKNOWN);
      g_assert_null (finding->fault->message);
      g_assert_cmpstr (finding->title, ==, "This is not text");
    }
}

/* Text with a picture behind it, bytes of another encoding, and what PowerShell writes. */
static void
test_half_binary (void)
{
  static const char latin[] = "Erreur: acc\xe8s refus\xe9 {\"code\":40001,\"message\":\"No "
                              "permission to operate advertiser 1\"}";
  g_autofree char *text = fill ("word ", 8000, "");
  g_autofree char *wide = NULL;
  size_t length = 0;
  g_autoptr (LkFinding) latin_finding = read_text (latin);
  g_autoptr (LkFinding) finding = NULL;
  g_autoptr (LkFinding) wide_finding = NULL;

  memset (text + 5000, 0, 1000);
  finding = read_bytes (text, 8000);
  g_assert_cmpint (finding->fault->klass, ==, LK_CLASS_UNKNOWN);
  g_assert_cmpstr (latin_finding->fault->code, ==, "40001");
  wide = g_convert ("{\"code\":40100,\"message\":\"Too many requests\"}", -1, "UTF-16", "UTF-8",
                    NULL, &length, NULL);
  wide_finding = read_bytes (wide, length);
  g_assert_cmpstr (wide_finding->fault->code, ==, "40100");
}

static char *
nest (const char *before,
      unsigned int depth,
      const char *after)
{
  GString *text = g_string_new (before);

  for (unsigned int i = 0; i < depth; i++)
    g_string_append (text, "{\"a\":[");
  g_string_append (text, "1");
  for (unsigned int i = 0; i < depth; i++)
    g_string_append (text, "]}");
  g_string_append (text, after);

  return g_string_free (text, FALSE);
}

/* Ten thousand levels: alone, below an error, and cut off in the middle. */
static void
test_deep (void)
{
  g_autofree char *alone = nest ("", 10000, "");
  g_autofree char *below = nest ("{\"code\":40100,\"message\":\"Too many\",\"data\":", 10000, "}");
  g_autofree char *cut = nest ("", 10000, "");
  g_autofree char *arrays = fill ("[", 10000, "");
  g_autoptr (LkFinding) alone_finding = read_text (alone);
  g_autoptr (LkFinding) below_finding = read_text (below);
  g_autoptr (LkFinding) cut_finding = NULL;
  g_autoptr (LkFinding) arrays_finding = read_text (arrays);

  cut[strlen (cut) / 2] = '\0';
  cut_finding = read_text (cut);
  g_assert_cmpint (alone_finding->fault->klass, ==, LK_CLASS_UNKNOWN);
  g_assert_cmpstr (below_finding->fault->code, ==, "40100");
  g_assert_cmpint (below_finding->fault->klass, ==, LK_CLASS_RATE);
  g_assert_cmpint (cut_finding->fault->klass, ==, LK_CLASS_UNKNOWN);
  g_assert_cmpint (arrays_finding->fault->klass, ==, LK_CLASS_UNKNOWN);
}

/* Right-to-left and Chinese words around and inside: whole, and in their own order. */
static void
test_scripts (void)
{
  g_autoptr (LkFinding) arabic = read_text (
    "\u202bخطأ من تيك توك: {\"code\":40133,"
    "\"message\":\"طلبات كثيرة جدا\",\"request_id\":\"R1\"}\u202c");
  g_autoptr (LkFinding) chinese = read_text (
    "接口返回：{\"code\":40105,\"message\":\"访问令牌不正确\"}，请问怎么处理？");
  g_autoptr (LkFinding) number = read_text ("TikTok 接口报错，错误码：40100，请求过于频繁");
  g_autoptr (LkFinding) hebrew = read_text ("שגיאה 40105 מטיקטוק");

  g_assert_cmpint (arabic->fault->klass, ==, LK_CLASS_RATE);
  g_assert_cmpstr (arabic->fault->message, ==, "طلبات كثيرة جدا");
  g_assert_cmpstr (arabic->fault->trace_id, ==, "R1");
  g_assert_cmpint (chinese->fault->klass, ==, LK_CLASS_TOKEN_REVOKED);
  g_assert_cmpstr (chinese->fault->message, ==, "访问令牌不正确");
  g_assert_cmpstr (number->fault->code, ==, "40100");
  g_assert_cmpstr (hebrew->fault->code, ==, "40105");
}

/* The finding is about one error and names the other. */
static void
check_two (const char *text,
           const char *code,
           const char *other)
{
  g_autoptr (LkFinding) finding = read_text (text);
  g_autofree char *assumed = g_strjoinv ("\n", finding->assumptions);

  g_test_message ("%s: %s", finding->fault->code, assumed);
  g_assert_cmpstr (finding->fault->code, ==, code);
  g_assert_nonnull (strstr (assumed, "more than one error"));
  g_assert_nonnull (strstr (assumed, code));
  g_assert_nonnull (strstr (assumed, other));
  g_assert_cmpfloat (finding->confidence, <, 0.9);
}

static void
test_two_errors (void)
{
  check_two ("12:01 {\"code\":40100,\"message\":\"Too many requests\"}\n"
             "12:02 {\"code\":40105,\"message\":\"Access token is incorrect.\"}",
             "40100", "40105");
  check_two ("{\"error\":{\"code\":\"access_token_invalid\",\"message\":\"\",\"log_id\":\"1\"}}"
             "{\"error\":\"invalid_grant\",\"error_description\":\"Refresh token is revoked\"}",
             "access_token_invalid", "invalid_grant");
  check_two ("TikTok error 40100 at nine, then TikTok error 40001 at ten", "40100", "40001");
}

static void
test_success (void)
{
  static const char *const bodies[] = {
    "{\"code\":0,\"message\":\"OK\",\"request_id\":\"1\",\"data\":{\"list\":[]}}",
    "{\"code\":0,\"message\":\"OK\",\"data\":{\"errors\":[{\"code\":40105}]}}",
    "{\"data\":{\"user\":{\"name\":\"Error\"}},\"error\":{\"code\":\"ok\",\"message\":\"\"}}",
    "{\"code\":0,\"message\":\"Success\",\"data\":{\"shops\":[]},\"request_id\":\"1\"}",
    "HTTP/2 200\n\n{\"code\":0,\"message\":\"OK\",\"data\":{}}",
    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n{}",
    "HTTP/2 204\r\n\r\n",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (LkFinding) finding = read_text (bodies[i]);

      g_assert_cmpint (finding->fault->klass, ==, LK_CLASS_OK);
      g_assert_false (finding->needs_reauth);
      g_assert_cmpint (finding->action, ==, LK_AUTO_NONE);
    }
}

static void
assert_clean (const LkFinding *finding)
{
  g_autofree char *json = lk_finding_to_json (finding);
  g_autofree char *assumed = g_strjoinv ("\n", finding->assumptions);
  g_autoptr (GVariant) fault = g_variant_ref_sink (lk_fault_to_variant (finding->fault));
  g_autofree char *printed = g_variant_print (fault, FALSE);

  g_assert_null (strstr (json, "Zx9qLm3TfPq8"));
  g_assert_null (strstr (assumed, "Zx9qLm3TfPq8"));
  g_assert_null (strstr (printed, "Zx9qLm3TfPq8"));
}

/* A token anywhere: the person is warned, and nothing of it is in what could be kept or sent. */
static void
test_token (void)
{
  static const char *const forms[] = {
    "{\"code\":40105,\"message\":\"bad " TOKEN "\",\"request_id\":\"" TOKEN "\"}",
    "{\"code\":\"" TOKEN "\",\"message\":\"x\"}",
    "curl -v -H 'Access-Token: " TOKEN "' https://business-api.tiktok.com/open_api/v1.3/user/info/",
    "Authorization: Bearer " TOKEN "\n{\"error\":{\"code\":\"access_token_invalid\"}}",
    "GET /v2/user/info/?access_token=" TOKEN "&fields=open_id HTTP/1.1\nHTTP/1.1 401 Unauthorized",
    "GET /" TOKEN "/info HTTP/1.1\n\nHTTP/1.1 500 Oops",
    "https://app.example/cb?code=" TOKEN "&state=1",
    "x-tt-logid: " TOKEN "\ncode: 40100",
    "log_id " TOKEN " refresh_token=" TOKEN " error 40107",
    "{\"event\":\"authorization.removed\",\"user_openid\":\"" TOKEN "\","
    "\"content\":\"{\\\"reason\\\":1}\"}",
    "{\"event\":\"post.publish.failed\",\"content\":\"{\\\"reason\\\":\\\"" TOKEN "\\\"}\"}",
    "\"GCP_Zx9qLm3TfPq8Rw2YvBn7Kc5Jd1Hs4Gt6Zx9qLm3TfPq8Rw2YvBn7\" 36009004",
    "{\\\"access_token\\\":\\\"" TOKEN "\\\",\\\"expires_in\\\":7200}",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (LkFinding) finding = read_text (forms[i]);
      g_autofree char *all = NULL;

      g_test_message ("%s", forms[i]);
      g_assert_true (finding->contains_secret);
      assert_clean (finding);
      all = g_strjoinv ("\n", finding->assumptions);
      g_assert_nonnull (strstr (all, "seems to hold a token"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnosis/bad-input/fifty-megabytes", test_fifty_megabytes);
  g_test_add_func ("/diagnosis/bad-input/fifty-megabytes-after", test_fifty_megabytes_after);
  g_test_add_func ("/diagnosis/bad-input/bounded", test_bounded);
  g_test_add_func ("/diagnosis/bad-input/binary", test_binary);
  g_test_add_func ("/diagnosis/bad-input/half-binary", test_half_binary);
  g_test_add_func ("/diagnosis/bad-input/deep", test_deep);
  g_test_add_func ("/diagnosis/bad-input/scripts", test_scripts);
  g_test_add_func ("/diagnosis/bad-input/two-errors", test_two_errors);
  g_test_add_func ("/diagnosis/bad-input/success", test_success);
  g_test_add_func ("/diagnosis/bad-input/token", test_token);

  return g_test_run ();
}
