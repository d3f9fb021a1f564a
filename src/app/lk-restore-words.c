/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-restore-words.h"

#include <glib/gi18n.h>

#include "lk-time-words.h"

static const char *
get_text (GVariant *told, const char *key)
{
  const char *text = "";

  g_variant_lookup (told, key, "&s", &text);
  return text;
}

guint
lk_restore_words_get (GVariant *told, const char *key)
{
  guint32 number = 0;

  g_variant_lookup (told, key, "u", &number);
  return number;
}

char *
lk_restore_words_dup_origin (GVariant *told, gint64 now)
{
  g_autofree char *when = NULL;
  gint64 made = 0;

  g_variant_lookup (told, "made", "x", &made);
  when = lk_time_words_dup_relative (made, now);
  if (g_str_equal (get_text (told, "kind"), "move"))
    /* Translators: the name of a computer, then a time, such as "2 hours ago". */
    return g_strdup_printf (_("Moved away from “%s”, %s. Restore it on one computer only."),
                            get_text (told, "made-on"), when);
  /* Translators: the name of a computer, then a time, such as "2 hours ago". */
  return g_strdup_printf (_("Backup of “%s”, %s."), get_text (told, "made-on"), when);
}

char *
lk_restore_words_dup_outcome (GVariant *connection)
{
  const char *action = get_text (connection, "action");
  const char *reason = get_text (connection, "reason");
  gboolean held = FALSE;

  g_variant_lookup (connection, "held", "b", &held);
  if (g_str_equal (reason, "made-here"))
    return g_strdup (_("Stays moved away: this file is the one it was moved into. Take it back "
                       "instead."));
  if (g_str_equal (reason, "older"))
    return g_strdup (_("Stays as it is: what is here is newer"));
  if (g_str_equal (action, "skip"))
    return g_strdup (_("Stays as it is: it is here already"));
  if (held)
    return g_strdup (_("Restored on hold"));
  if (g_str_equal (action, "replace"))
    return g_strdup (_("Gets its tokens back"));
  return g_strdup (_("Added and used here"));
}

/* @line: (transfer full): about @n things; nothing is said of none */
static void
add_count (GPtrArray *lines, guint n, char *line)
{
  if (n > 0)
    g_ptr_array_add (lines, line);
  else
    g_free (line);
}

char *
lk_restore_words_dup_rest (GVariant *told, guint shown)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree const char **settings = NULL;
  g_autofree const char **missing = NULL;
  guint total = lk_restore_words_get (told, "add") + lk_restore_words_get (told, "replace")
                + lk_restore_words_get (told, "skip");
  guint clients = lk_restore_words_get (told, "clients");
  guint rules = lk_restore_words_get (told, "rules");
  guint more, changed;

  g_variant_lookup (told, "settings", "^a&s", &settings);
  g_variant_lookup (told, "missing-profiles", "^a&s", &missing);
  more = total > shown ? total - shown : 0;
  changed = settings != NULL ? g_strv_length ((char **) settings) : 0;
  add_count (lines, more,
             g_strdup_printf (ngettext ("And %u connection more.", "And %u connections more.",
                                        more), more));
  add_count (lines, clients,
             g_strdup_printf (ngettext ("Also %u developer app.", "Also %u developer apps.",
                                        clients), clients));
  add_count (lines, rules,
             g_strdup_printf (ngettext ("Also %u rule about a program.",
                                        "Also %u rules about programs.", rules), rules));
  add_count (lines, changed,
             g_strdup_printf (ngettext ("Also %u setting that is at its default here.",
                                        "Also %u settings that are at their defaults here.",
                                        changed), changed));
  if (missing != NULL && missing[0] != NULL)
    {
      g_autofree char *list = g_strjoinv (", ", (char **) missing);

      /* Translators: %s are names of providers. */
      g_ptr_array_add (lines, g_strdup_printf (_("Provider files of your own are missing here: %s. "
                                                 "Copy them over, too."), list));
    }
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

char *
lk_restore_words_dup_done (GVariant *told)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  guint held = lk_restore_words_get (told, "held");
  guint used = lk_restore_words_get (told, "add") + lk_restore_words_get (told, "replace") - held;
  guint skipped = lk_restore_words_get (told, "skip");

  add_count (lines, used,
             g_strdup_printf (ngettext ("%u connection is used here now.",
                                        "%u connections are used here now.", used), used));
  add_count (lines, held,
             g_strdup_printf (ngettext ("%u connection is on hold. When the other computer uses it "
                                        "no more, take it over on its page.",
                                        "%u connections are on hold. When the other computer uses "
                                        "them no more, take them over on their pages.", held),
                              held));
  add_count (lines, skipped,
             g_strdup_printf (ngettext ("%u connection stays as it was.",
                                        "%u connections stay as they were.", skipped), skipped));
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}
