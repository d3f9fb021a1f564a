/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the help says about permissions and refusals comes from the data that the diagnosis itself
 * uses, so that the two never differ. */

#include "config.h"

#include "lk-help.h"

#include <glib/gi18n-lib.h>

#include "lk-catalogue.h"
#include "lk-scopes.h"

static void
add (GPtrArray *blocks, LkHelpKind kind, const char *text, const char *detail)
{
  g_ptr_array_add (blocks, lk_help_block_new (kind, text, detail, NULL));
}

static const char *
translated (const char *msgid)
{
  return g_dgettext (GETTEXT_PACKAGE, msgid);
}

/* Permissions. */

static void
add_word (GString *list, const char *word)
{
  g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", word);
}

/* A line each: a path that is broken at its slashes is hard to read. */
static void
add_line (GString *list, const char *path)
{
  g_string_append_printf (list, "\n%s", path);
}

static void
take_sentence (GString *text, char *sentence)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", sentence);
  g_free (sentence);
}

/* Columns of “Who May Do What” that it opens. */
static void
say_features (GString *text, LkScopes *scopes, const char *family, const LkScope *scope)
{
  GPtrArray *features = lk_scopes_get_features (scopes, family);
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; i < features->len; i++)
    {
      const LkFeature *feature = g_ptr_array_index (features, i);

      if (g_strv_contains ((const char * const *) feature->scopes, scope->id))
        add_word (list, translated (feature->name));
    }
  if (list->len > 0)
    /* Translators: %s is a list such as "Read campaigns, Read reports". */
    take_sentence (text, g_strdup_printf (_("Needed to: %s."), list->str));
}

static void
say_parts (GString *text, GPtrArray *all, const LkScope *scope)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; i < all->len; i++)
    {
      const LkScope *part = g_ptr_array_index (all, i);

      if (g_strcmp0 (part->parent, scope->id) == 0)
        add_word (list, translated (part->name));
    }
  if (list->len > 0)
    /* Translators: %s is a list of names of permissions. */
    take_sentence (text, g_strdup_printf (_("Whoever has it has all of these: %s."), list->str));
}

static void
say_paths (GString *text, LkScopes *scopes, const char *family, const LkScope *scope)
{
  g_autoptr(GString) sure = g_string_new (NULL), likely = g_string_new (NULL);

  for (guint i = 0; scope->endpoints[i] != NULL; i++)
    {
      gboolean certain = FALSE;

      lk_scopes_get_source (scopes, family, scope->id, scope->endpoints[i], &certain);
      add_line (certain ? sure : likely, scope->endpoints[i]);
    }
  if (sure->len > 0)
    take_sentence (text, g_strconcat (_("Covers these calls:"), sure->str, NULL));
  if (likely->len > 0)
    take_sentence (text, g_strconcat (_("Probably covers these calls; TikTok prints no list of "
                                        "its own:"), likely->str, NULL));
}

static GPtrArray *
expand_scopes (const char *family)
{
  g_autoptr(LkScopes) scopes = lk_scopes_new ();
  g_autoptr(GPtrArray) blocks = NULL;
  GPtrArray *all = lk_scopes_list (scopes, family);

  if (all->len == 0)
    return NULL;
  blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_help_block_free);
  for (guint i = 0; i < all->len; i++)
    {
      const LkScope *scope = g_ptr_array_index (all, i);
      g_autoptr(GString) text = g_string_new (NULL);
      g_autofree char *term = NULL;

      say_features (text, scopes, family, scope);
      say_parts (text, all, scope);
      say_paths (text, scopes, family, scope);
      if (text->len == 0)
        g_string_append (text, _("TikTok does not say which calls it covers."));
      /* Translators: the name of a permission, and what TikTok calls it in an answer. */
      term = g_strdup_printf (_("%s (%s)"), translated (scope->name), scope->id);
      add (blocks, LK_HELP_TERM, term, text->str);
    }
  return g_steal_pointer (&blocks);
}

/* Refusals. */

static void
add_class (GPtrArray *blocks, const LkEntry *entry)
{
  add (blocks, LK_HELP_HEADING, translated (entry->title), NULL);
  add (blocks, LK_HELP_TEXT, translated (entry->explanation), NULL);
  for (guint i = 0; i < entry->steps->len; i++)
    {
      LkHelpBlock *step = lk_help_block_new (LK_HELP_STEP,
                                             translated (g_ptr_array_index (entry->steps, i)),
                                             NULL, NULL);

      step->number = i + 1;
      g_ptr_array_add (blocks, step);
    }
  if (entry->handling != NULL)
    add (blocks, LK_HELP_TERM, _("What Latchkey does by itself"), translated (entry->handling));
}

static GPtrArray *
expand_refusals (void)
{
  g_autoptr(LkCatalogue) catalogue = lk_catalogue_new ();
  GPtrArray *blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_help_block_free);

  for (int klass = LK_CLASS_TOKEN_EXPIRED; klass < LK_N_CLASSES; klass++)
    add_class (blocks, lk_catalogue_find_class (catalogue, (LkClass) klass));
  add_class (blocks, lk_catalogue_find_class (catalogue, LK_CLASS_UNKNOWN));
  return blocks;
}

GPtrArray *
lk_help_expand (const LkHelpBlock *block)
{
  return block->kind == LK_HELP_SCOPES     ? expand_scopes (block->target)
         : block->kind == LK_HELP_REFUSALS ? expand_refusals ()
                                           : NULL;
}
