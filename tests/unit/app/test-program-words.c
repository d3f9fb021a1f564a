/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "lk-program-words.h"

#define NOW ((gint64) 1795269600)
#define HOUR ((gint64) 3600)

static void
program (GVariantBuilder *builder, const char *path, const char *shown, const char *connection,
         const char *rule, gint64 last, guint64 count)
{
  g_variant_builder_open (builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (builder, "{sv}", "program", g_variant_new_string (path));
  g_variant_builder_add (builder, "{sv}", "shown", g_variant_new_string (shown));
  g_variant_builder_add (builder, "{sv}", "connection", g_variant_new_string (connection));
  g_variant_builder_add (builder, "{sv}", "rule", g_variant_new_string (rule));
  g_variant_builder_add (builder, "{sv}", "last", g_variant_new_int64 (last));
  g_variant_builder_add (builder, "{sv}", "count", g_variant_new_uint64 (count));
  g_variant_builder_close (builder);
}

static GVariant *
take (GVariantBuilder *builder, const char *connection)
{
  g_autoptr(GVariant) all = g_variant_ref_sink (g_variant_builder_end (builder));

  return lk_program_words_filter (all, connection);
}

static void
assert_words (char *words, const char *expected)
{
  g_assert_cmpstr (words, ==, expected);
  g_free (words);
}

/* Only those of the connection that did take a token, the last one first. */
static void
test_filter (void)
{
  GVariantBuilder builder;
  g_autoptr(GVariant) programs = NULL;
  g_autoptr(GVariant) first = NULL, second = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  program (&builder, "/opt/a.py", "", "mine", "ask", NOW - 3 * HOUR, 1);
  program (&builder, "/opt/b.py", "b.py", "mine", "allow", NOW - 2 * HOUR, 7);
  program (&builder, "/opt/c.py", "c.py", "other", "allow", NOW, 7);
  program (&builder, "/opt/d.py", "d.py", "mine", "deny", 0, 0);
  programs = take (&builder, "mine");

  g_assert_cmpuint (g_variant_n_children (programs), ==, 2);
  first = g_variant_get_child_value (programs, 0);
  second = g_variant_get_child_value (programs, 1);
  assert_words (lk_program_words_dup_name (first), "b.py");
  assert_words (lk_program_words_dup_facts (first, NOW),
                "7 tokens · the last 2 hours ago · allowed");
  assert_words (lk_program_words_dup_name (second), "a.py");
  assert_words (lk_program_words_dup_facts (second, NOW), "1 token · the last 3 hours ago");
  assert_words (lk_program_words_dup_summary (programs, NOW),
                "b.py, a.py · the last token 2 hours ago");
}

static void
test_many (void)
{
  GVariantBuilder builder;
  g_autoptr(GVariant) programs = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (int i = 0; i < 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("p%d", i);

      program (&builder, "", name, "mine", "deny", NOW - i * HOUR, 1);
    }
  programs = take (&builder, "mine");
  assert_words (lk_program_words_dup_summary (programs, NOW),
                "p0, p1, p2 and 2 more · the last token just now");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/program-words/filter", test_filter);
  g_test_add_func ("/program-words/many", test_many);
  return g_test_run ();
}
