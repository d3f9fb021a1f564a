/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-program-words.h"

#include <glib/gi18n.h>

#include "lk-time-words.h"

#define SHOWN 3

static gint64
get_last (GVariant *program)
{
  gint64 last = 0;

  g_variant_lookup (program, "last", "x", &last);
  return last;
}

static int
compare_last (gconstpointer a, gconstpointer b)
{
  gint64 first = get_last (*(GVariant * const *) a);
  gint64 second = get_last (*(GVariant * const *) b);

  return (first < second) - (first > second);
}

GVariant *
lk_program_words_filter (GVariant *programs, const char *connection)
{
  g_autoptr(GPtrArray) own
    = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (gsize i = 0; i < g_variant_n_children (programs); i++)
    {
      g_autoptr(GVariant) program = g_variant_get_child_value (programs, i);
      const char *id = NULL;

      g_variant_lookup (program, "connection", "&s", &id);
      if (g_strcmp0 (id, connection) == 0 && get_last (program) > 0)
        g_ptr_array_add (own, g_steal_pointer (&program));
    }
  g_ptr_array_sort (own, compare_last);
  return g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE_VARDICT,
                                                  (GVariant * const *) own->pdata, own->len));
}

char *
lk_program_words_dup_name (GVariant *program)
{
  const char *shown = NULL, *path = NULL;

  g_variant_lookup (program, "shown", "&s", &shown);
  if (shown != NULL && *shown != '\0')
    return g_strdup (shown);
  g_variant_lookup (program, "program", "&s", &path);
  return path != NULL && *path != '\0' ? g_path_get_basename (path)
                                       : g_strdup (_("A program without a name"));
}

static const char *
rule_words (const char *rule)
{
  if (g_strcmp0 (rule, "allow") == 0)
    return _("allowed");
  if (g_strcmp0 (rule, "deny") == 0)
    return _("not allowed any more");
  return NULL;
}

char *
lk_program_words_dup_taken (GVariant *program, gint64 now)
{
  g_autofree char *ago = lk_time_words_dup_relative (get_last (program), now);
  guint64 count = 0;

  if (!g_variant_lookup (program, "count", "t", &count) || count == 0)
    return g_strdup (_("no token yet"));
  /* Translators: how many tokens a program took, and when the last, such as "2 hours ago". */
  return g_strdup_printf (ngettext ("%u token · the last %s", "%u tokens · the last %s",
                                    (gulong) count), (guint) MIN (count, G_MAXUINT), ago);
}

char *
lk_program_words_dup_facts (GVariant *program, gint64 now)
{
  g_autofree char *taken = lk_program_words_dup_taken (program, now);
  const char *rule = NULL;

  g_variant_lookup (program, "rule", "&s", &rule);
  if (rule_words (rule) == NULL)
    return g_steal_pointer (&taken);
  return g_strjoin (" · ", taken, rule_words (rule), NULL);
}

static char *
dup_names (GVariant *programs)
{
  gsize n = g_variant_n_children (programs);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;
  gulong more = n > SHOWN ? n - SHOWN : 0;

  for (gsize i = 0; i < n - more; i++)
    {
      g_autoptr(GVariant) program = g_variant_get_child_value (programs, i);

      g_ptr_array_add (names, lk_program_words_dup_name (program));
    }
  g_ptr_array_add (names, NULL);
  joined = g_strjoinv (", ", (char **) names->pdata);
  if (more == 0)
    return g_steal_pointer (&joined);
  /* Translators: names of programs, and how many others there are. */
  return g_strdup_printf (ngettext ("%s and %lu more", "%s and %lu more", more), joined, more);
}

char *
lk_program_words_dup_summary (GVariant *programs, gint64 now)
{
  g_autoptr(GVariant) newest = g_variant_get_child_value (programs, 0);
  g_autofree char *names = dup_names (programs);
  g_autofree char *ago = lk_time_words_dup_relative (get_last (newest), now);

  /* Translators: names of programs, and a time such as "2 hours ago". */
  return g_strdup_printf (_("%s · the last token %s"), names, ago);
}
