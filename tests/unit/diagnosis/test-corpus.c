/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Replies that people met, with the class they should get. Prints the share that is right, and
 * each miss, as TAP diagnostics. */

#include <json-glib/json-glib.h>
#include <string.h>

#include "lk-diagnosis.h"

#define SHARE_WANTED 0.97

typedef struct
{
  LkProfileSet *profiles;
  LkDiagnosis  *diagnosis;
  GPtrArray    *lines;
} Fixture;

static const char *
text_of (JsonObject *object,
         const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
           && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node) : NULL;
}

static int
status_of (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "http_status");

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? (int) json_node_get_int (node) : 0;
}

static void
set_up (Fixture    *fixture,
        const void *data)
{
  g_autofree char *all = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  fixture->profiles = lk_profile_set_new (NULL);
  fixture->diagnosis = lk_diagnosis_new (fixture->profiles);
  fixture->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_file_get_contents (TEST_DATA "/errors-dev.jsonl", &all, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (all, "\n", -1);
  for (unsigned int i = 0; lines[i] != NULL; i++)
    {
      JsonNode *node = *lines[i] != '\0' ? json_from_string (lines[i], &error) : NULL;

      g_assert_no_error (error);
      if (node != NULL)
        g_ptr_array_add (fixture->lines, node);
    }
}

static void
tear_down (Fixture    *fixture,
           const void *data)
{
  g_ptr_array_unref (fixture->lines);
  lk_diagnosis_free (fixture->diagnosis);
  lk_profile_set_unref (fixture->profiles);
}

static LkFinding *
diagnose (Fixture    *fixture,
          JsonObject *line,
          gboolean    with_hints)
{
  LkHints hints = {
    .provider = text_of (line, "family"),
    .endpoint = text_of (line, "endpoint"),
    .step = text_of (line, "step"),
    .http_status = status_of (line),
  };

  return lk_diagnosis_read_text (fixture->diagnosis, text_of (line, "body"), -1,
                                 with_hints ? &hints : NULL);
}

static gboolean
is_acceptable (JsonObject *expected,
               const char *klass)
{
  JsonArray *more = json_object_get_array_member (expected, "acceptable");

  if (g_strcmp0 (text_of (expected, "class"), klass) == 0)
    return TRUE;
  for (unsigned int i = 0; i < json_array_get_length (more); i++)
    {
      if (g_strcmp0 (json_array_get_string_element (more, i), klass) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
report_miss (JsonObject      *line,
             const LkFinding *finding,
             const char      *what)
{
  JsonObject *expected = json_object_get_object_member (line, "expected");
  g_autofree char *body = g_strndup (text_of (line, "body"), 90);

  g_strdelimit (body, "\n\r", ' ');
  g_test_message ("%s %s: %s: got %s %s %s, expected %s %s %s | %s", text_of (line, "id"),
                  text_of (line, "family"), what, lk_class_to_string (finding->fault->klass),
                  finding->fault->code, finding->fault->trace_id, text_of (expected, "class"),
                  text_of (expected, "code"), text_of (expected, "trace_id"), body);
}

static gboolean
check_details (JsonObject      *line,
               const LkFinding *finding)
{
  JsonObject *expected = json_object_get_object_member (line, "expected");
  const char *code = text_of (expected, "code");
  gboolean right = TRUE;

  if (*code != '\0' && g_strcmp0 (code, finding->fault->code) != 0)
    {
      report_miss (line, finding, "code");
      right = FALSE;
    }
  if (g_strcmp0 (text_of (expected, "trace_id"), finding->fault->trace_id) != 0)
    {
      report_miss (line, finding, "trace id");
      right = FALSE;
    }
  if (g_strcmp0 (text_of (expected, "class"), lk_class_to_string (finding->fault->klass)) != 0)
    return right;
  if (json_object_get_boolean_member (expected, "retryable") != finding->retryable
      || json_object_get_boolean_member (expected, "needs_reauth") != finding->needs_reauth
      || g_strcmp0 (text_of (expected, "auto"), lk_auto_to_string (finding->action)) != 0)
    {
      report_miss (line, finding, "retryable, auto or needs_reauth");
      right = FALSE;
    }

  return right;
}

static double
share_right (Fixture    *fixture,
             gboolean    tiktok,
             gboolean    with_hints,
             double     *details)
{
  unsigned int right = 0, exact = 0, all = 0;

  for (unsigned int i = 0; i < fixture->lines->len; i++)
    {
      JsonObject *line = json_node_get_object (g_ptr_array_index (fixture->lines, i));
      JsonObject *expected = json_object_get_object_member (line, "expected");
      LkFinding *finding;

      if (g_str_has_prefix (text_of (line, "family"), "tiktok") != tiktok)
        continue;
      finding = diagnose (fixture, line, with_hints);
      all++;
      if (is_acceptable (expected, lk_class_to_string (finding->fault->klass)))
        right++;
      else
        report_miss (line, finding, "class");
      if (with_hints && check_details (line, finding))
        exact++;
      lk_finding_free (finding);
    }
  g_test_message ("corpus: %u/%u = %.1f %% (%s%s); code, trace id and actions right: %u", right,
                  all, 100.0 * right / all, tiktok ? "tiktok" : "others",
                  with_hints ? "" : ", text alone", exact);
  *details = (double) exact / all;

  return (double) right / all;
}

static void
test_tiktok (Fixture    *fixture,
             const void *data)
{
  double details = 0;

  g_assert_cmpfloat (share_right (fixture, TRUE, TRUE, &details), >=, SHARE_WANTED);
  g_assert_cmpfloat (details, >=, SHARE_WANTED);
}

static void
test_text_alone (Fixture    *fixture,
                 const void *data)
{
  double details = 0;

  g_assert_cmpfloat (share_right (fixture, TRUE, FALSE, &details), >=, 0.85);
}

/* Not wrong is what counts here: "unknown" is an honest answer. */
static void
test_others (Fixture    *fixture,
             const void *data)
{
  unsigned int wrong = 0, right = 0;

  for (unsigned int i = 0; i < fixture->lines->len; i++)
    {
      JsonObject *line = json_node_get_object (g_ptr_array_index (fixture->lines, i));
      JsonObject *expected = json_object_get_object_member (line, "expected");
      g_autoptr (LkFinding) finding = NULL;

      if (g_str_has_prefix (text_of (line, "family"), "tiktok"))
        continue;
      finding = diagnose (fixture, line, TRUE);
      if (is_acceptable (expected, lk_class_to_string (finding->fault->klass)))
        {
          right++;
        }
      else if (finding->fault->klass != LK_CLASS_UNKNOWN)
        {
          report_miss (line, finding, "class");
          wrong++;
        }
    }
  g_test_message ("corpus: others: %u right, %u wrong", right, wrong);
  g_assert_cmpuint (wrong, <=, 1);
}

static void
test_never (Fixture    *fixture,
            const void *data)
{
  for (unsigned int i = 0; i < fixture->lines->len; i++)
    {
      JsonObject *line = json_node_get_object (g_ptr_array_index (fixture->lines, i));
      JsonObject *expected = json_object_get_object_member (line, "expected");
      const char *klass = text_of (expected, "class");

      for (int with_hints = 0; with_hints <= 1; with_hints++)
        {
          g_autoptr (LkFinding) finding = diagnose (fixture, line, with_hints);

          const char *got = lk_class_to_string (finding->fault->klass);

          if (g_str_equal (klass, "ok") && !is_acceptable (expected, got))
            {
              report_miss (line, finding, "a success");
              g_assert_cmpstr (got, ==, "unknown");
              g_assert_false (g_str_has_prefix (text_of (line, "family"), "tiktok"));
            }
          if (g_str_equal (klass, "rate"))
            g_assert_false (finding->needs_reauth);
          if (finding->fault->code != NULL && *finding->fault->code != '\0')
            g_assert_nonnull (strstr (text_of (line, "body"), finding->fault->code));
          g_assert_cmpfloat (finding->confidence, >, 0);
          g_assert_cmpfloat (finding->confidence, <, 1);
        }
    }
}

/* Further texts, built from documented codes and messages in the forms that logs have. */
static void
test_built (Fixture    *fixture,
            const void *data)
{
  g_autofree char *all = NULL;
  g_auto (GStrv) lines = NULL;
  unsigned int right = 0, n = 0;

  g_assert_true (g_file_get_contents (TEST_DATA "/errors-built.txt", &all, NULL, NULL));
  lines = g_strsplit (all, "\n", -1);
  for (unsigned int i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) part = g_strsplit (lines[i], "~", 6);
      g_auto (GStrv) wanted = NULL;
      g_autofree char *body = NULL;
      g_autoptr (LkFinding) finding = NULL;
      LkHints hints = { 0 };

      if (*lines[i] == '#' || g_strv_length (part) < 6)
        continue;
      hints.provider = *part[0] != '\0' ? part[0] : NULL;
      hints.http_status = (int) g_ascii_strtoll (part[1], NULL, 10);
      hints.step = *part[3] != '\0' ? part[3] : NULL;
      wanted = g_strsplit (part[4], "/", -1);
      body = g_strcompress (part[5]);
      finding = lk_diagnosis_read_text (fixture->diagnosis, body, -1, &hints);
      n++;
      if (g_strv_contains ((const char *const *) wanted,
                           lk_class_to_string (finding->fault->klass)))
        right++;
      else
        g_test_message ("got %s, expected %s | %s",
                        lk_class_to_string (finding->fault->klass), part[4], part[5]);
    }
  g_test_message ("built: %u/%u", right, n);
  g_assert_cmpuint (right * 100, >=, n * 97);
}

static gboolean
is_wanted (const char *wanted,
           const char *got)
{
  return g_str_equal (wanted, "*") || g_strcmp0 (*wanted != '\0' ? wanted : NULL, got) == 0;
}

static gboolean
check_pasted (Fixture *fixture,
              GStrv    part)
{
  g_auto (GStrv) wanted = g_strsplit (part[3], "/", -1);
  g_autofree char *body = g_strcompress (part[6]);
  g_autoptr (LkFinding) finding = NULL;
  const char *got;
  LkHints hints = {
    .provider = *part[0] != '\0' ? part[0] : NULL,
    .http_status = (int) g_ascii_strtoll (part[1], NULL, 10),
    .step = *part[2] != '\0' ? part[2] : NULL,
  };

  finding = lk_diagnosis_read_text (fixture->diagnosis, body, -1, &hints);
  got = lk_class_to_string (finding->fault->klass);
  if (g_str_equal (part[3], "ok"))
    g_assert_cmpstr (got, ==, "ok");
  if (g_str_equal (part[3], "rate"))
    g_assert_false (finding->needs_reauth);
  if (g_strv_contains ((const char *const *) wanted, got)
      && is_wanted (part[4], finding->fault->code) && is_wanted (part[5], finding->fault->trace_id))
    return TRUE;

  g_test_message ("got %s %s %s, expected %s %s %s | %s", got, finding->fault->code,
                  finding->fault->trace_id, part[3], part[4], part[5], part[6]);
  return FALSE;
}

/* Class, code and trace id of pastes in the forms that programs print and people copy. */
static void
test_pasted (Fixture    *fixture,
             const void *data)
{
  const char *name = data;
  g_autofree char *path = g_build_filename (TEST_DATA, name, NULL);
  g_autofree char *all = NULL;
  g_auto (GStrv) lines = NULL;
  unsigned int right = 0, n = 0;

  g_assert_true (g_file_get_contents (path, &all, NULL, NULL));
  lines = g_strsplit (all, "\n", -1);
  for (unsigned int i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) part = g_strsplit (lines[i], "~", 7);

      if (*lines[i] == '#' || g_strv_length (part) < 7)
        continue;
      n++;
      right += check_pasted (fixture, part) ? 1 : 0;
    }
  g_test_message ("%s: %u/%u", name, right, n);
  g_assert_cmpuint (right * 100, >=, n * 97);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/diagnosis/corpus/tiktok", Fixture, NULL, set_up, test_tiktok, tear_down);
  g_test_add ("/diagnosis/corpus/text-alone", Fixture, NULL, set_up, test_text_alone, tear_down);
  g_test_add ("/diagnosis/corpus/others", Fixture, NULL, set_up, test_others, tear_down);
  g_test_add ("/diagnosis/corpus/built", Fixture, NULL, set_up, test_built, tear_down);
  g_test_add ("/diagnosis/corpus/pasted", Fixture, "errors-pasted.txt", set_up, test_pasted,
              tear_down);
  g_test_add ("/diagnosis/corpus/people", Fixture, "errors-people.txt", set_up, test_pasted,
              tear_down);
  g_test_add ("/diagnosis/corpus/siblings", Fixture, "errors-siblings.txt", set_up, test_pasted,
              tear_down);
  g_test_add ("/diagnosis/corpus/never", Fixture, NULL, set_up, test_never, tear_down);

  return g_test_run ();
}
