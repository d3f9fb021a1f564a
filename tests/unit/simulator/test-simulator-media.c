/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sim-fixture.h"

#include <string.h>

/* Videos: what the upload refuses, how long transcoding takes, and what a use says meanwhile. */

#define OUTDOOR "7000000000000000001"
#define HARBOUR "7000000000000000003"
#define UPLOAD API "/file/video/ad/upload/"
#define MULTIPART "multipart/form-data; boundary=x1"
#define PART(name, value) \
  "--x1\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_PART(bytes)                                                                           \
  "--x1\r\nContent-Disposition: form-data; name=\"video_file\"; filename=\"a.mp4\"\r\n"            \
  "Content-Type: video/mp4\r\n\r\n" bytes "\r\n"
#define BY_FILE PART ("advertiser_id", OUTDOOR) PART ("upload_type", "UPLOAD_BY_FILE")

static Answer *
send (Fixture    *fixture,
      Answer     *tokens,
      const char *path,
      const char *type,
      const char *body)
{
  return fixture_send (fixture, body != NULL ? "POST" : "GET", path, "Access-Token",
                       answer_string (tokens, "data.access_token"), type, body);
}

static JsonObject *
first (Answer *answer)
{
  JsonObject *data = json_object_get_object_member (answer->json, "data");
  JsonArray *list = json_object_get_array_member (data, "list");

  return json_array_get_length (list) > 0 ? json_array_get_object_element (list, 0) : NULL;
}

typedef struct
{
  const char *type;
  const char *body;
  gint64      code;
  const char *message;
} Row;

/* In this order: the second of the same name is a duplicate. */
static const Row rows[] = {
  { MULTIPART, BY_FILE FILE_PART ("moving pictures") PART ("file_name", "a") "--x1--\r\n", 0,
    "OK" },
  { MULTIPART, BY_FILE FILE_PART ("moving pictures") PART ("file_name", "a") "--x1--\r\n", 40911,
    "The material's name has a duplicate." },
  { MULTIPART, BY_FILE FILE_PART ("") "--x1--\r\n", 40906, "The file is empty." },
  { MULTIPART, BY_FILE "--x1--\r\n", 40002, "Missing required field(s): video_file." },
  { MULTIPART, BY_FILE FILE_PART ("moving pictures") PART ("video_signature", "00") "--x1--\r\n",
    40900, "The signature we calculated does not match the signature you provided for the file." },
  { JSON, "{\"advertiser_id\":\"" OUTDOOR "\",\"upload_type\":\"UPLOAD_BY_URL\"}", 40002,
    "Missing required field(s): video_url." },
  { JSON, "{\"advertiser_id\":\"" OUTDOOR "\"}", 40002, "Missing required field(s): upload_type." },
  { JSON, "{\"advertiser_id\":\"" HARBOUR "\",\"upload_type\":\"UPLOAD_BY_URL\"}", 40001,
    "No permission to operate advertiser " HARBOUR },
};

static void
test_upload (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  g_autofree char *md5 = g_compute_checksum_for_string (G_CHECKSUM_MD5, "moving pictures", -1);
  g_autofree char *signed_body = g_strdup_printf (BY_FILE FILE_PART ("moving pictures")
                                                  PART ("video_signature", "%s") "--x1--\r\n",
                                                  md5);
  g_autoptr(Answer) good = send (fixture, tokens, UPLOAD, MULTIPART, signed_body);

  g_assert_cmpint (answer_int (good, "code"), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(Answer) answer = send (fixture, tokens, UPLOAD, rows[i].type, rows[i].body);

      g_test_message ("row %u", i);
      g_assert_cmpuint (answer->status, ==, 200);
      g_assert_cmpint (answer_int (answer, "code"), ==, rows[i].code);
      g_assert_cmpstr (answer_string (answer, "message"), ==, rows[i].message);
    }
}

static Answer *
use (Fixture    *fixture,
     Answer     *tokens,
     const char *video)
{
  g_autofree char *body = g_strdup_printf ("{\"advertiser_id\":\"" OUTDOOR "\","
                                           "\"adgroup_id\":\"1\","
                                           "\"creatives\":[{\"video_id\":\"%s\"}]}", video);

  return send (fixture, tokens, API "/ad/create/", JSON, body);
}

static Answer *
ask (Fixture    *fixture,
     Answer     *tokens,
     const char *video)
{
  g_autofree char *path = g_strdup_printf (API "/file/video/ad/info/?advertiser_id=" OUTDOOR
                                           "&video_ids=%%5B%%22%s%%22%%5D", video);

  return send (fixture, tokens, path, NULL, NULL);
}

/* Not to be used for as long as was set, and good afterwards. */
static void
test_transcoding (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  g_autoptr(Answer) uploaded = NULL;
  g_autoptr(Answer) early = NULL;
  g_autoptr(Answer) seen = NULL;
  g_autoptr(Answer) late = NULL;
  g_autoptr(Answer) then = NULL;
  const char *id = NULL;

  fixture_control (fixture, "media", "{\"transcoding\":90}");
  uploaded = send (fixture, tokens, UPLOAD, JSON, "{\"advertiser_id\":\"" OUTDOOR "\","
                   "\"upload_type\":\"UPLOAD_BY_URL\",\"video_url\":\"https://x.example/a.mp4\"}");
  id = json_object_get_string_member (json_array_get_object_element (
    json_object_get_array_member (uploaded->json, "data"), 0), "video_id");
  early = use (fixture, tokens, id);
  g_assert_cmpint (answer_int (early, "code"), ==, 40901);
  g_assert_cmpstr (answer_string (early, "message"), ==, "Video transcoding in process.");
  lk_manual_clock_advance (fixture->clock, 89);
  seen = ask (fixture, tokens, id);
  g_assert_false (json_object_get_boolean_member (first (seen), "displayable"));
  lk_manual_clock_advance (fixture->clock, 1);
  late = ask (fixture, tokens, id);
  g_assert_true (json_object_get_boolean_member (first (late), "displayable"));
  then = use (fixture, tokens, id);
  g_assert_cmpint (answer_int (then, "code"), ==, 0);
}

/* A video of nobody, one of another account, and one that turns out bad. */
static void
test_states (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct
  {
    const char *state;
    gint64      code;
    const char *message;
  } cases[] = {
    { "processing", 40901, "Video transcoding in process." },
    { "invalid", 40915, "The file you want to upload does not meet the specifications." },
    { "ready", 0, "OK" },
  };
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  g_autoptr(Answer) none = use (fixture, tokens, "v0");
  g_autoptr(Answer) unseen = ask (fixture, tokens, "v0");
  g_autoptr(Answer) other = NULL;

  g_assert_cmpint (answer_int (none, "code"), ==, 40053);
  g_assert_cmpstr (answer_string (none, "message"), ==, "The Video ID is invalid.");
  g_assert_null (first (unseen));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"video\":\"v1\",\"advertiser\":\"" OUTDOOR "\","
                                               "\"state\":\"%s\"}", cases[i].state);
      g_autoptr(Answer) used = NULL;

      fixture_control (fixture, "media", body);
      used = use (fixture, tokens, "v1");
      g_assert_cmpint (answer_int (used, "code"), ==, cases[i].code);
      g_assert_cmpstr (answer_string (used, "message"), ==, cases[i].message);
    }
  fixture_control (fixture, "media",
                   "{\"video\":\"v2\",\"advertiser\":\"" HARBOUR "\",\"state\":\"ready\"}");
  other = ask (fixture, tokens, "v2");
  g_assert_null (first (other));
}

/* The limit of ids, and what a request without any says. */
static void
test_ids (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  g_autoptr(GString) path = g_string_new (API "/file/video/ad/info/?advertiser_id=" OUTDOOR
                                          "&video_ids=%5B%22v%22");
  g_autoptr(Answer) many = NULL;
  g_autoptr(Answer) none = send (fixture, tokens, API "/file/video/ad/info/?advertiser_id=" OUTDOOR,
                                 NULL, NULL);

  for (guint i = 0; i < 60; i++)
    g_string_append (path, ",%22v%22");
  g_string_append (path, "%5D");
  many = send (fixture, tokens, path->str, NULL, NULL);
  g_assert_cmpint (answer_int (many, "code"), ==, 40011);
  g_assert_cmpstr (answer_string (none, "message"), ==, "Missing required field(s): video_ids.");
}

#define add(name, function) \
  g_test_add ("/simulator/media/" name, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("upload", test_upload);
  add ("transcoding", test_transcoding);
  add ("states", test_states);
  add ("ids", test_ids);
  return g_test_run ();
}
