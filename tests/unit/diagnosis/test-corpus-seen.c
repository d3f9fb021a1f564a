/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Replies seen in public places, each with where: class, code, trace id and whether a new sign-in
 * is asked for, with what a person could say beside the text and from the text alone. */

#include <string.h>

#include "lk-diagnosis.h"

#define SHARE_WANTED 97
#define LONGEST 2048

enum
{
  FAMILY,
  STATUS,
  STEP,
  CLASSES,
  CODE,
  TRACE,
  REAUTH,
  PLACE,
  TEXT,
  N_PARTS
};

typedef struct
{
  LkProfileSet *profiles;
  LkDiagnosis  *diagnosis;
  GPtrArray    *lines;
} Fixture;

static void
set_up (Fixture    *fixture,
        const void *data)
{
  g_autofree char *all = NULL;
  g_auto (GStrv) lines = NULL;

  fixture->profiles = lk_profile_set_new (NULL);
  fixture->diagnosis = lk_diagnosis_new (fixture->profiles);
  fixture->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_assert_true (g_file_get_contents (TEST_DATA "/errors-seen.txt", &all, NULL, NULL));
  lines = g_strsplit (all, "\n", -1);
  for (unsigned int i = 0; lines[i] != NULL; i++)
    {
      GStrv parts;

      if (*lines[i] == '#' || *lines[i] == '\0')
        continue;
      parts = g_strsplit (lines[i], "~", N_PARTS);
      g_assert_cmpuint (g_strv_length (parts), ==, N_PARTS);
      g_ptr_array_add (fixture->lines, parts);
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
diagnose (Fixture *fixture,
          GStrv    parts,
          gboolean with_hints)
{
  g_autofree char *text = g_strcompress (parts[TEXT]);
  LkHints hints = {
    .provider = *parts[FAMILY] != '\0' ? parts[FAMILY] : NULL,
    .http_status = (int) g_ascii_strtoll (parts[STATUS], NULL, 10),
    .step = *parts[STEP] != '\0' ? parts[STEP] : NULL,
  };

  return lk_diagnosis_read_text (fixture->diagnosis, text, -1, with_hints ? &hints : NULL);
}

static gboolean
is_wanted (const char *wanted,
           const char *got)
{
  return g_str_equal (wanted, "*") || g_strcmp0 (*wanted != '\0' ? wanted : NULL, got) == 0;
}

static gboolean
is_right (GStrv            parts,
          const LkFinding *finding)
{
  g_auto (GStrv) wanted = g_strsplit (parts[CLASSES], "/", -1);

  return g_strv_contains ((const char *const *) wanted,
                          lk_class_to_string (finding->fault->klass))
         && is_wanted (parts[CODE], finding->fault->code)
         && is_wanted (parts[TRACE], finding->fault->trace_id)
         && is_wanted (parts[REAUTH], finding->needs_reauth ? "yes" : "no");
}

static void
test_share (Fixture    *fixture,
            const void *data)
{
  gboolean with_hints = GPOINTER_TO_INT (data);
  unsigned int right = 0;

  for (unsigned int i = 0; i < fixture->lines->len; i++)
    {
      GStrv parts = g_ptr_array_index (fixture->lines, i);
      g_autoptr (LkFinding) finding = diagnose (fixture, parts, with_hints);

      if (is_right (parts, finding))
        right++;
      else
        g_test_message ("got %s %s %s %s, expected %s %s %s %s | %s | %s",
                        lk_class_to_string (finding->fault->klass), finding->fault->code,
                        finding->fault->trace_id, finding->needs_reauth ? "yes" : "no",
                        parts[CLASSES], parts[CODE], parts[TRACE], parts[REAUTH], parts[PLACE],
                        parts[TEXT]);
    }
  g_test_message ("seen%s: %u/%u", with_hints ? "" : ", text alone", right, fixture->lines->len);
  g_assert_cmpuint (right * 100, >=, fixture->lines->len * SHARE_WANTED);
}

static void
test_never (Fixture    *fixture,
            const void *data)
{
  for (unsigned int i = 0; i < fixture->lines->len; i++)
    {
      GStrv parts = g_ptr_array_index (fixture->lines, i);

      for (int with_hints = 0; with_hints <= 1; with_hints++)
        {
          g_autoptr (LkFinding) finding = diagnose (fixture, parts, with_hints);

          if (g_str_equal (parts[CLASSES], "ok"))
            g_assert_cmpint (finding->fault->klass, ==, LK_CLASS_OK);
          if (strstr (parts[CLASSES], "rate") != NULL)
            g_assert_false (finding->needs_reauth);
          if (finding->fault->code != NULL && !g_str_equal (parts[CODE], "*"))
            g_assert_nonnull (strstr (parts[TEXT], finding->fault->code));
        }
    }
}

/* What is kept as test data says where it was seen, is short and holds no token. */
static void
test_data (Fixture    *fixture,
           const void *data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned int i = 0; i < fixture->lines->len; i++)
    {
      GStrv parts = g_ptr_array_index (fixture->lines, i);
      g_auto (GStrv) wanted = g_strsplit (parts[CLASSES], "/", -1);
      LkClass klass;

      g_assert_cmpstr (parts[PLACE], !=, "");
      g_assert_cmpuint (strlen (parts[TEXT]), <, LONGEST);
      for (unsigned int j = 0; wanted[j] != NULL; j++)
        g_assert_true (lk_class_from_string (wanted[j], &klass));
      g_assert_true (g_hash_table_add (seen, parts[TEXT]));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/diagnosis/seen/hints", Fixture, GINT_TO_POINTER (TRUE), set_up, test_share,
              tear_down);
  g_test_add ("/diagnosis/seen/text-alone", Fixture, GINT_TO_POINTER (FALSE), set_up, test_share,
              tear_down);
  g_test_add ("/diagnosis/seen/never", Fixture, NULL, set_up, test_never, tear_down);
  g_test_add ("/diagnosis/seen/data", Fixture, NULL, set_up, test_data, tear_down);

  return g_test_run ();
}
