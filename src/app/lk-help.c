/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-help.h"

#include <gio/gio.h>
#include <string.h>

#include "lk-help-resources.h"

#define FOLDER "/io/github/latchkey_app/Latchkey/help/"
#define INVALID G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT

struct _LkHelp
{
  GPtrArray  *topics; /* (owned) */
  GHashTable *words;  /* (owned): id or page → topic */
};

LkHelpBlock *
lk_help_block_new (LkHelpKind kind, const char *text, const char *detail, const char *target)
{
  LkHelpBlock *block = g_new0 (LkHelpBlock, 1);

  block->kind = kind;
  block->text = g_strdup (text);
  block->detail = g_strdup (detail);
  block->target = g_strdup (target);
  return block;
}

void
lk_help_block_free (LkHelpBlock *block)
{
  g_free (block->text);
  g_free (block->detail);
  g_free (block->target);
  g_free (block);
}

void
lk_help_topic_free (LkHelpTopic *topic)
{
  g_free (topic->id);
  g_free (topic->section);
  g_free (topic->title);
  g_free (topic->summary);
  g_strfreev (topic->pages);
  g_ptr_array_unref (topic->blocks);
  g_free (topic);
}

LkHelp *
lk_help_new_empty (void)
{
  LkHelp *self = g_new0 (LkHelp, 1);

  self->topics = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_help_topic_free);
  self->words = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
lk_help_free (LkHelp *self)
{
  g_hash_table_unref (self->words);
  g_ptr_array_unref (self->topics);
  g_free (self);
}

static GBytes *
get_file (const char *name)
{
  g_autofree char *path = g_strconcat (FOLDER, name, NULL);

  return g_resource_lookup_data (lk_help_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                 NULL);
}

static GBytes *
get_script (const char *name)
{
  g_autofree char *path = g_strconcat ("scripts/", name, NULL);

  return get_file (path);
}

/**
 * lk_help_new:
 *
 * Reads the files that are compiled in, so a mistake in them is a programming error: the first one
 * ends the program, and the unit test meets it first.
 *
 * Returns: (transfer full): the help in the person's language
 */
LkHelp *
lk_help_new (void)
{
  static const char * const files[] = { "start.xml", "connect.xml", "pages.xml", "warnings.xml",
                                        "refusals.xml", "scripts.xml", "agent.xml" };
  g_autoptr(LkHelp) self = lk_help_new_empty ();
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr(GBytes) bytes = get_file (files[i]);

      if (bytes == NULL)
        g_error ("%s is not compiled in", files[i]);
      if (!lk_help_parse (self, files[i], bytes, &error))
        g_error ("%s", error->message);
    }
  if (!lk_help_finish (self, get_script, &error))
    g_error ("%s", error->message);
  return g_steal_pointer (&self);
}

GPtrArray *
lk_help_get_topics (LkHelp *self)
{
  return self->topics;
}

void
lk_help_take_topic (LkHelp *self, LkHelpTopic *topic)
{
  g_ptr_array_add (self->topics, topic);
}

const LkHelpTopic *
lk_help_find (LkHelp *self, const char *word)
{
  return word != NULL ? g_hash_table_lookup (self->words, word) : NULL;
}

/* Making it whole. */

static gboolean
add_word (LkHelp *self, const char *word, LkHelpTopic *topic, GError **error)
{
  const LkHelpTopic *other = g_hash_table_lookup (self->words, word);

  /* A topic may have the name of its page. */
  if (other == NULL)
    g_hash_table_insert (self->words, (char *) word, topic);
  if (other == NULL || other == topic)
    return TRUE;
  g_set_error (error, INVALID, "topic \"%s\": there is another \"%s\"", topic->id, word);
  return FALSE;
}

static gboolean
fill_code (LkHelpTopic *topic, LkHelpBlock *block, GBytes *(*script) (const char *name),
           GError **error)
{
  g_autoptr(GBytes) bytes = script (block->target);
  gsize size = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  if (data == NULL || !g_utf8_validate_len (data, size, NULL))
    {
      g_set_error (error, INVALID, "topic \"%s\": no script \"%s\"", topic->id, block->target);
      return FALSE;
    }
  block->text = g_strchomp (g_strndup (data, size));
  return TRUE;
}

static gboolean
fill_link (LkHelp *self, LkHelpTopic *topic, LkHelpBlock *block, GError **error)
{
  const LkHelpTopic *target = lk_help_find (self, block->target);

  if (target == NULL || target == topic || !g_str_equal (target->id, block->target))
    {
      g_set_error (error, INVALID, "topic \"%s\": the link \"%s\" leads to no other topic",
                   topic->id, block->target);
      return FALSE;
    }
  block->text = g_strdup (target->title);
  block->detail = g_strdup (target->summary);
  return TRUE;
}

static gboolean
fill_blocks (LkHelp *self, LkHelpTopic *topic, GBytes *(*script) (const char *name),
             GError **error)
{
  for (guint i = 0; i < topic->blocks->len; i++)
    {
      LkHelpBlock *block = g_ptr_array_index (topic->blocks, i);

      if (block->kind == LK_HELP_CODE && !fill_code (topic, block, script, error))
        return FALSE;
      if (block->kind == LK_HELP_TOPIC && !fill_link (self, topic, block, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
expand_blocks (LkHelpTopic *topic, GError **error)
{
  for (guint i = 0; i < topic->blocks->len; i++)
    {
      const LkHelpBlock *block = g_ptr_array_index (topic->blocks, i);
      g_autoptr(GPtrArray) made = NULL;

      if (block->kind != LK_HELP_SCOPES && block->kind != LK_HELP_REFUSALS)
        continue;
      made = lk_help_expand (block);
      if (made == NULL)
        {
          g_set_error (error, INVALID, "topic \"%s\": no family \"%s\"", topic->id,
                       block->target);
          return FALSE;
        }
      g_ptr_array_remove_index (topic->blocks, i);
      for (guint j = 0; j < made->len; j++)
        g_ptr_array_insert (topic->blocks, (int) (i + j), g_ptr_array_index (made, j));
      g_ptr_array_set_free_func (made, NULL);
    }
  return TRUE;
}

/**
 * lk_help_finish:
 * @script: gives the bytes of a script, %NULL when there is none of that name; (transfer full)
 *
 * Once all files are read: puts scripts, the titles behind links, and what comes from other data
 * in their places.
 *
 * Returns: %FALSE with @error when something that is named is not there, or a name is there twice
 */
gboolean
lk_help_finish (LkHelp *self, GBytes *(*script) (const char *name), GError **error)
{
  for (guint i = 0; i < self->topics->len; i++)
    {
      LkHelpTopic *topic = g_ptr_array_index (self->topics, i);

      if (!add_word (self, topic->id, topic, error))
        return FALSE;
      for (guint j = 0; topic->pages[j] != NULL; j++)
        if (!add_word (self, topic->pages[j], topic, error))
          return FALSE;
    }
  for (guint i = 0; i < self->topics->len; i++)
    if (!fill_blocks (self, g_ptr_array_index (self->topics, i), script, error)
        || !expand_blocks (g_ptr_array_index (self->topics, i), error))
      return FALSE;
  return TRUE;
}

/* Searching. */

static char **
split_words (const char *words)
{
  g_autofree char *folded = g_utf8_casefold (words != NULL ? words : "", -1);
  g_auto(GStrv) pieces = g_strsplit_set (folded, " \t\n", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; pieces[i] != NULL; i++)
    if (*pieces[i] != '\0')
      g_strv_builder_add (builder, pieces[i]);
  return g_strv_builder_end (builder);
}

static gboolean
has_words (const char *text, char **words)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (folded, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

static char *
dup_block_text (const LkHelpBlock *block)
{
  return g_strconcat (block->text != NULL ? block->text : "", "\n",
                      block->detail != NULL ? block->detail : "", NULL);
}

static char *
dup_topic_text (const LkHelpTopic *topic)
{
  g_autoptr(GString) text = g_string_new (topic->title);

  g_string_append_printf (text, "\n%s\n", topic->summary);
  for (guint i = 0; i < topic->blocks->len; i++)
    {
      const LkHelpBlock *block = g_ptr_array_index (topic->blocks, i);
      g_autofree char *own = dup_block_text (block);

      /* What a link leads to is found there. */
      if (block->kind != LK_HELP_TOPIC)
        g_string_append_printf (text, "%s\n", own);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* 0 not at all, 1 in the text, 2 in the summary, 3 in the title. */
static guint
rank (const LkHelpTopic *topic, char **words)
{
  g_autofree char *text = NULL, *head = NULL;

  if (has_words (topic->title, words))
    return 3;
  head = g_strconcat (topic->title, "\n", topic->summary, NULL);
  if (has_words (head, words))
    return 2;
  text = dup_topic_text (topic);
  return has_words (text, words) ? 1 : 0;
}

GPtrArray *
lk_help_search (LkHelp *self, const char *words)
{
  g_auto(GStrv) pieces = split_words (words);
  GPtrArray *found = g_ptr_array_new ();
  g_autofree guint *ranks = g_new0 (guint, self->topics->len);

  for (guint i = 0; i < self->topics->len; i++)
    ranks[i] = rank (g_ptr_array_index (self->topics, i), pieces);
  for (guint wanted = 3; wanted > 0; wanted--)
    for (guint i = 0; i < self->topics->len; i++)
      if (ranks[i] == wanted)
        g_ptr_array_add (found, g_ptr_array_index (self->topics, i));
  return found;
}

int
lk_help_topic_find (const LkHelpTopic *topic, const char *words)
{
  g_auto(GStrv) pieces = split_words (words);

  for (guint i = 0; pieces[0] != NULL && i < topic->blocks->len; i++)
    {
      const LkHelpBlock *block = g_ptr_array_index (topic->blocks, i);
      g_autofree char *text = dup_block_text (block);

      if (block->kind != LK_HELP_TOPIC && has_words (text, pieces))
        return (int) i;
    }
  return -1;
}
