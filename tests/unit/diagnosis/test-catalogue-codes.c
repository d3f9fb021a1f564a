/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every code of tests/data/catalogue-codes.txt has words of its own, sources with dates, and the
 * same class in the catalogue and in the shipped profiles. */

#include <string.h>

#include "lk-catalogue.h"
#include "lk-diagnosis.h"

typedef struct
{
  char  **families;
  char   *code;
  char   *sub;
  LkClass klass;
  LkClass in_profile;
  char   *group;
} Line;

typedef struct
{
  LkProfileSet *profiles;
  LkDiagnosis  *diagnosis;
  LkCatalogue  *catalogue;
  GPtrArray    *lines;
} Fixture;

static void
line_free (void *data)
{
  Line *line = data;

  g_strfreev (line->families);
  g_free (line->code);
  g_free (line->sub);
  g_free (line->group);
  g_free (line);
}

static Line *
line_new (char **part)
{
  Line *line = g_new0 (Line, 1);
  char *dot = strrchr (part[1], '.');

  line->families = g_strsplit (part[0], " ", -1);
  line->code = g_strdup (part[1]);
  if (dot != NULL && g_ascii_isdigit (dot[1]))
    {
      line->sub = g_strdup (dot + 1);
      line->code[dot - part[1]] = '\0';
    }
  g_assert_true (lk_class_from_string (part[2], &line->klass));
  line->in_profile = line->klass;
  if (*part[3] != '\0')
    g_assert_true (lk_class_from_string (part[3], &line->in_profile));
  line->group = g_strdup (part[4]);

  return line;
}

static void
set_up (Fixture    *fixture,
        const void *data)
{
  g_autofree char *all = NULL;
  g_auto (GStrv) lines = NULL;

  fixture->profiles = lk_profile_set_new (NULL);
  fixture->diagnosis = lk_diagnosis_new (fixture->profiles);
  fixture->catalogue = lk_catalogue_new ();
  fixture->lines = g_ptr_array_new_with_free_func (line_free);
  g_assert_true (g_file_get_contents (TEST_DATA "/catalogue-codes.txt", &all, NULL, NULL));
  lines = g_strsplit (all, "\n", -1);
  for (unsigned int i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) part = NULL;

      if (*lines[i] == '#' || *lines[i] == '\0')
        continue;
      part = g_strsplit (lines[i], "~", -1);
      g_assert_cmpuint (g_strv_length (part), ==, 5);
      g_ptr_array_add (fixture->lines, line_new (part));
    }
  g_assert_cmpuint (fixture->lines->len, >, 200);
}

static void
tear_down (Fixture    *fixture,
           const void *data)
{
  g_ptr_array_unref (fixture->lines);
  lk_catalogue_free (fixture->catalogue);
  lk_diagnosis_free (fixture->diagnosis);
  lk_profile_set_unref (fixture->profiles);
}

static gboolean
is_family (Fixture    *fixture,
           const char *id)
{
  return g_str_equal (id, LK_FAULT_LOCAL)
         || lk_catalogue_get_family (fixture->catalogue, id) != NULL;
}

static LkFinding *
explain (Fixture    *fixture,
         const Line *line,
         const char *family)
{
  g_autoptr (LkFault) fault = lk_fault_new (LK_CLASS_UNKNOWN);

  fault->provider = g_strdup (family);
  fault->family = g_strdup (family);
  fault->code = g_strdup (line->code);
  fault->sub = g_strdup (line->sub);

  return lk_diagnosis_explain (fixture->diagnosis, fault);
}

static char *
dup_full_code (const Line *line)
{
  return g_strjoin (".", line->code, line->sub, NULL);
}

/* Each code has the class that the reference gives it, and words of an entry of its own. */
static void
test_entries (Fixture    *fixture,
              const void *data)
{
  for (unsigned int i = 0; i < fixture->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (fixture->lines, i);
      g_autofree char *code = dup_full_code (line);

      for (unsigned int j = 0; line->families[j] != NULL; j++)
        {
          g_autoptr (LkFinding) finding = explain (fixture, line, line->families[j]);
          const LkEntry *entry = lk_catalogue_find (fixture->catalogue, line->families[j], code,
                                                    finding->fault->klass);

          g_test_message ("%s %s: %s", line->families[j], code, finding->title);
          g_assert_true (is_family (fixture, line->families[j]));
          g_assert_cmpstr (lk_class_to_string (finding->fault->klass), ==,
                           lk_class_to_string (line->klass));
          g_assert_nonnull (entry);
          g_assert_cmpstr (finding->title, ==, entry->title);
          g_assert_nonnull (entry->explanation);
          g_assert_nonnull (finding->causes[0]);
          g_assert_nonnull (finding->steps[0]);
          g_assert_nonnull (finding->sources[0]);
          g_assert_nonnull (finding->handling);
        }
    }
}

/* No text for thirty codes: what two codes share, the list gives a reason for. */
static void
test_own_words (Fixture    *fixture,
                const void *data)
{
  g_autoptr (GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) meanings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (unsigned int i = 0; i < fixture->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (fixture->lines, i);

      for (unsigned int j = 0; line->families[j] != NULL; j++)
        {
          g_autoptr (LkFinding) finding = explain (fixture, line, line->families[j]);
          const Line *other = g_hash_table_lookup (titles, finding->title);
          const Line *same = g_hash_table_lookup (meanings, finding->explanation);

          g_test_message ("%s %s: %s", line->code, line->families[j], finding->title);
          if (other != NULL && other != line)
            g_assert_true (*line->group != '\0' && g_str_equal (line->group, other->group));
          if (same != NULL && same != line)
            g_assert_true (*line->group != '\0' && g_str_equal (line->group, same->group));
          g_hash_table_insert (titles, g_strdup (finding->title), (void *) line);
          g_hash_table_insert (meanings, g_strdup (finding->explanation), (void *) line);
        }
    }
}

static LkProfile *
find_profile (Fixture    *fixture,
              const char *family)
{
  GPtrArray *all = lk_profile_set_get_profiles (fixture->profiles);

  for (unsigned int i = 0; i < all->len; i++)
    {
      LkProfile *profile = g_ptr_array_index (all, i);

      if (g_strcmp0 (lk_profile_get_family (profile), family) == 0
          && !lk_profile_is_sandbox (profile))
        return profile;
    }

  return NULL;
}

/* What the call engine acts on and what a person reads are the same class. */
static void
test_profiles (Fixture    *fixture,
               const void *data)
{
  unsigned int compared = 0;

  for (unsigned int i = 0; i < fixture->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (fixture->lines, i);

      for (unsigned int j = 0; line->families[j] != NULL; j++)
        {
          LkProfile *profile = find_profile (fixture, line->families[j]);
          g_autoptr (LkFault) fault = lk_fault_new (LK_CLASS_UNKNOWN);

          if (profile == NULL)
            continue;
          fault->provider = g_strdup (lk_profile_get_id (profile));
          fault->family = g_strdup (line->families[j]);
          fault->code = g_strdup (line->code);
          lk_profile_classify (profile, fault);
          g_test_message ("%s %s: %s", line->families[j], line->code,
                          lk_class_to_string (fault->klass));
          if (fault->klass == LK_CLASS_UNKNOWN)
            continue;
          compared++;
          g_assert_cmpstr (lk_class_to_string (fault->klass), ==,
                           lk_class_to_string (line->in_profile));
        }
    }
  g_assert_cmpuint (compared, >, 150);
}

static gboolean
is_listed (Fixture    *fixture,
           const char *code)
{
  for (unsigned int i = 0; i < fixture->lines->len; i++)
    {
      g_autofree char *full = dup_full_code (g_ptr_array_index (fixture->lines, i));

      if (g_str_equal (full, code))
        return TRUE;
    }

  return FALSE;
}

/* Words of TikTok's sign-in page, which the page-… codes of Latchkey are made of. */
static gboolean
is_page_word (const char *code)
{
  g_autofree char *page = g_strconcat ("page-", code, NULL);
  static const char *const pages[] = { "page-redirect_uri", "page-client_key", "page-scope",
                                       "page-code_challenge", "page-non_sandbox_target", NULL };

  return g_strv_contains (pages, page);
}

/* The list forgets no code that has an entry or a rule. */
static void
test_list (Fixture    *fixture,
           const void *data)
{
  GPtrArray *entries = lk_catalogue_get_entries (fixture->catalogue);
  GPtrArray *rules = lk_catalogue_get_rules (fixture->catalogue);

  for (unsigned int i = 0; i < entries->len; i++)
    {
      const LkEntry *entry = g_ptr_array_index (entries, i);

      for (unsigned int j = 0; entry->codes != NULL && entry->codes[j] != NULL; j++)
        {
          g_test_message ("%s", entry->codes[j]);
          g_assert_true (strchr (entry->codes[j], '-') != NULL || is_page_word (entry->codes[j])
                         || is_listed (fixture, entry->codes[j]));
        }
    }
  for (unsigned int i = 0; i < rules->len; i++)
    {
      const LkRule *rule = g_ptr_array_index (rules, i);

      for (unsigned int j = 0; rule->families != NULL && rule->families[j] != NULL; j++)
        g_assert_true (is_family (fixture, rule->families[j]));
      for (unsigned int j = 0; rule->codes != NULL && rule->families != NULL
                               && rule->codes[j] != NULL; j++)
        {
          const char *code = rule->codes[j];

          if (strchr (code, '-') != NULL || g_str_equal (code, "0")
              || g_str_equal (rule->families[0], "tiktok-web")
              || g_str_equal (code, "authorization.removed"))
            continue;
          g_test_message ("%s", code);
          g_assert_true (is_page_word (code) || is_listed (fixture, code));
        }
    }
}

static void
check_length (const char *text,
              long        limit)
{
  if (text == NULL)
    return;
  g_test_message ("%ld: %s", g_utf8_strlen (text, -1), text);
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, limit);
  g_assert_null (strchr (text, '\n'));
}

/* Short enough to be read while something is broken; every source with its date. */
static void
test_texts (Fixture    *fixture,
            const void *data)
{
  GPtrArray *entries = lk_catalogue_get_entries (fixture->catalogue);
  g_autoptr (GHashTable) titles = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned int i = 0; i < entries->len; i++)
    {
      const LkEntry *entry = g_ptr_array_index (entries, i);

      check_length (entry->title, 66);
      check_length (entry->explanation, 240);
      check_length (entry->handling, 160);
      check_length (entry->conflict, 330);
      for (unsigned int j = 0; j < entry->causes->len; j++)
        check_length (g_ptr_array_index (entry->causes, j), 150);
      for (unsigned int j = 0; j < entry->steps->len; j++)
        check_length (g_ptr_array_index (entry->steps, j), 170);
      for (unsigned int j = 0; j < entry->sources->len; j++)
        g_assert_true (g_regex_match_simple ("[(, ]20[0-9]{2}-[0-9]{2}(-[0-9]{2})?\\)",
                                             g_ptr_array_index (entry->sources, j), 0, 0));
      g_assert_cmpuint (entry->sources->len, >, 0);
      for (unsigned int j = 0; entry->families != NULL && entry->families[j] != NULL; j++)
        g_assert_true (is_family (fixture, entry->families[j]));
      if (entry->title == NULL)
        continue;
      g_assert_true (g_hash_table_add (titles, entry->title));
    }
}

/* Files with mistakes: an error that names the file, never the end of the program. */
static void
test_broken (Fixture    *fixture,
             const void *data)
{
  static const char *const texts[] = {
    "", "<", "<catalogue>", "</catalogue>", "<catalogue><entry/></catalogue>",
    "<catalogue><entry codes='1'><title>a</title></entry></catalogue>",
    "<catalogue><entry><title>a</title><source ref='x'/></entry></catalogue>",
    "<catalogue><entry codes='1'><entry codes='2'>", "<catalogue><rule/></catalogue>",
    "<catalogue><rule class='nonsense'/></catalogue>", "<catalogue><family/></catalogue>",
    "<catalogue><source id='s'>x</source><entry><title>t</title><source ref='s'/></entry>",
    "<catalogue><entry class='what'><title>t</title></entry></catalogue>", "\xff\xfe<a/>",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (LkCatalogue) catalogue = lk_catalogue_new_empty ();
      g_autoptr (GBytes) bytes = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr (GError) error = NULL;

      g_assert_false (lk_catalogue_parse (catalogue, "own.xml", bytes, &error));
      g_assert_nonnull (error);
      g_assert_true (g_str_has_prefix (error->message, "own.xml: "));
    }
}

static void
add (const char *path,
     void (*test) (Fixture *fixture, const void *data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/diagnosis/catalogue-codes/entries", test_entries);
  add ("/diagnosis/catalogue-codes/own-words", test_own_words);
  add ("/diagnosis/catalogue-codes/profiles", test_profiles);
  add ("/diagnosis/catalogue-codes/list", test_list);
  add ("/diagnosis/catalogue-codes/texts", test_texts);
  add ("/diagnosis/catalogue-codes/broken", test_broken);

  return g_test_run ();
}
