/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads a file of data/help. Any bytes are answered with topics or with an error that names the
 * line. */

#include "config.h"

#include "lk-help.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define INVALID G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT

/* What a block carries beside its kind. */
typedef enum
{
  WITH_TEXT = 1 << 0,
  WITH_TARGET = 1 << 1,
  WITH_DETAIL = 1 << 2, /* its text is the detail of the term before it, or of a script */
} Carries;

typedef struct
{
  const char *element;
  const char *parent;
  LkHelpKind  kind;
  Carries     carries;
  const char *attribute; /* (nullable): with the target */
} Row;

static const Row rows[] = {
  { "p", "topic", LK_HELP_TEXT, WITH_TEXT, NULL },
  { "heading", "topic", LK_HELP_HEADING, WITH_TEXT, NULL },
  { "step", "steps", LK_HELP_STEP, WITH_TEXT, NULL },
  { "item", "list", LK_HELP_ITEM, WITH_TEXT, NULL },
  { "term", "terms", LK_HELP_TERM, WITH_TEXT, NULL },
  { "note", "topic", LK_HELP_NOTE, WITH_TEXT, NULL },
  { "code", "topic", LK_HELP_CODE, WITH_DETAIL | WITH_TARGET, "file" },
  { "see", "topic", LK_HELP_TOPIC, WITH_TARGET, "topic" },
  { "go", "topic", LK_HELP_ACTION, WITH_TEXT | WITH_TARGET, "action" },
  { "web", "topic", LK_HELP_ADDRESS, WITH_TEXT | WITH_TARGET, "address" },
  { "permissions", "topic", LK_HELP_SCOPES, WITH_TARGET, "family" },
  { "refusals", "topic", LK_HELP_REFUSALS, 0, NULL },
};

typedef struct
{
  LkHelp      *help;
  char        *section; /* (owned) (nullable) */
  LkHelpTopic *topic;   /* (owned) (nullable) */
  GString     *text;
  guint        step;
} Reader;

static const char *
attribute (const char **names, const char **values, const char *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], name))
      return values[i];
  return NULL;
}

static const Row *
find_row (const char *element)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].element, element))
      return &rows[i];
  return NULL;
}

/* The element around the one that is being read; "" at the top. */
static const char *
get_parent (GMarkupParseContext *context)
{
  const GSList *stack = g_markup_parse_context_get_element_stack (context);

  return stack != NULL && stack->next != NULL ? stack->next->data : "";
}

static gboolean
check_parent (GMarkupParseContext *context, const char *element, const char *wanted,
              GError **error)
{
  const char *parent = get_parent (context);

  if (g_str_equal (parent, wanted))
    return TRUE;
  g_set_error (error, INVALID, "<%s> stands in <%s>, not in <%s>", element, parent, wanted);
  return FALSE;
}

static void
start_topic (Reader *self, const char **names, const char **values, GError **error)
{
  const char *id = attribute (names, values, "id");
  const char *pages = attribute (names, values, "pages");

  if (id == NULL || *id == '\0')
    {
      g_set_error (error, INVALID, "a topic without an id");
      return;
    }
  if (self->section == NULL)
    {
      g_set_error (error, INVALID, "topic \"%s\" stands before the title of its section", id);
      return;
    }
  self->topic = g_new0 (LkHelpTopic, 1);
  self->topic->id = g_strdup (id);
  self->topic->section = g_strdup (self->section);
  self->topic->pages = pages != NULL ? g_strsplit (pages, " ", -1) : g_new0 (char *, 1);
  self->topic->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_help_block_free);
}

static void
start_block (Reader *self, const Row *row, const char **names, const char **values, GError **error)
{
  const char *target = row->attribute != NULL ? attribute (names, values, row->attribute) : NULL;
  LkHelpBlock *block;

  if ((row->carries & WITH_TARGET) && (target == NULL || *target == '\0'))
    {
      g_set_error (error, INVALID, "<%s> without %s", row->element, row->attribute);
      return;
    }
  if (row->kind == LK_HELP_ADDRESS && !g_str_has_prefix (target, "https://"))
    {
      g_set_error (error, INVALID, "\"%s\" is not an https address", target);
      return;
    }
  block = lk_help_block_new (row->kind, NULL, NULL, target);
  block->number = row->kind == LK_HELP_STEP ? ++self->step : 0;
  g_ptr_array_add (self->topic->blocks, block);
}

static void
start_element (GMarkupParseContext *context, const char *element, const char **names,
               const char **values, void *user_data, GError **error)
{
  static const char * const groups[] = { "steps", "list", "terms", NULL };
  static const char * const heads[] = { "title", "summary", NULL };
  Reader *self = user_data;
  const Row *row = find_row (element);

  g_string_truncate (self->text, 0);
  if (row != NULL && check_parent (context, element, row->parent, error))
    start_block (self, row, names, values, error);
  else if (row != NULL)
    return;
  else if (g_str_equal (element, "help"))
    check_parent (context, element, "", error);
  else if (g_str_equal (element, "section") && check_parent (context, element, "help", error))
    g_clear_pointer (&self->section, g_free);
  else if (g_str_equal (element, "topic") && check_parent (context, element, "section", error))
    start_topic (self, names, values, error);
  else if (g_strv_contains (groups, element))
    {
      check_parent (context, element, "topic", error);
      self->step = 0;
    }
  else if (g_str_equal (element, "explanation"))
    check_parent (context, element, "terms", error);
  else if (!g_strv_contains (heads, element) && *error == NULL)
    g_set_error (error, INVALID, "no element <%s>", element);
}

/* White space as xgettext sees it with its default rules. */
static char *
dup_plain (const char *text)
{
  g_autoptr(GString) out = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isspace (*p))
        g_string_append_c (out, *p);
      else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  return g_strdup (g_strchomp (out->str));
}

static void
end_title (Reader *self, const char *parent, const char *text, GError **error)
{
  if (g_str_equal (parent, "topic") && self->topic->title == NULL)
    self->topic->title = g_strdup (text);
  else if (g_str_equal (parent, "section") && self->section == NULL)
    self->section = g_strdup (text);
  else
    g_set_error (error, INVALID, "the title \"%s\" is for nothing", text);
}

static void
end_topic (Reader *self, GError **error)
{
  const LkHelpTopic *topic = self->topic;

  if (topic->title == NULL || topic->summary == NULL || topic->blocks->len == 0)
    {
      g_set_error (error, INVALID, "topic \"%s\" lacks its title, its summary or its text",
                   topic->id);
      return;
    }
  for (guint i = 0; i < topic->blocks->len; i++)
    {
      const LkHelpBlock *block = g_ptr_array_index (topic->blocks, i);

      if (block->kind == LK_HELP_TERM && block->detail == NULL)
        {
          g_set_error (error, INVALID, "topic \"%s\": \"%s\" is not explained", topic->id,
                       block->text);
          return;
        }
    }
  lk_help_take_topic (self->help, g_steal_pointer (&self->topic));
}

static void
end_explanation (Reader *self, const char *text, GError **error)
{
  GPtrArray *blocks = self->topic->blocks;
  LkHelpBlock *block = blocks->len > 0 ? g_ptr_array_index (blocks, blocks->len - 1) : NULL;

  if (block == NULL || block->kind != LK_HELP_TERM || block->detail != NULL)
    g_set_error (error, INVALID, "\"%s\" explains no term", text);
  else
    block->detail = g_strdup (text);
}

static void
end_element (GMarkupParseContext *context, const char *element, void *user_data, GError **error)
{
  Reader *self = user_data;
  const Row *row = find_row (element);
  g_autofree char *plain = dup_plain (self->text->str);
  /* gettext has its header under the empty text. */
  const char *text = *plain != '\0' ? g_dgettext (GETTEXT_PACKAGE, plain) : "";
  gboolean wants_text = row != NULL ? (row->carries & (WITH_TEXT | WITH_DETAIL)) != 0
                                    : g_str_equal (element, "title")
                                        || g_str_equal (element, "summary")
                                        || g_str_equal (element, "explanation");
  LkHelpBlock *block;

  g_string_truncate (self->text, 0);
  if (wants_text != (*plain != '\0'))
    g_set_error (error, INVALID, wants_text ? "<%s> is empty" : "<%s> has a text of its own",
                 element);
  else if (row != NULL)
    {
      block = g_ptr_array_index (self->topic->blocks, self->topic->blocks->len - 1);
      if (row->carries & WITH_DETAIL)
        block->detail = g_strdup (text);
      else if (row->carries & WITH_TEXT)
        block->text = g_strdup (text);
    }
  else if (g_str_equal (element, "title"))
    end_title (self, get_parent (context), text, error);
  else if (g_str_equal (element, "summary") && self->topic != NULL
           && self->topic->summary == NULL)
    self->topic->summary = g_strdup (text);
  else if (g_str_equal (element, "summary"))
    g_set_error (error, INVALID, "the summary \"%s\" is for no topic", text);
  else if (g_str_equal (element, "explanation"))
    end_explanation (self, text, error);
  else if (g_str_equal (element, "topic"))
    end_topic (self, error);
}

static void
add_text (GMarkupParseContext *context, const char *text, gsize length, void *user_data,
          GError **error)
{
  Reader *self = user_data;

  g_string_append_len (self->text, text, (gssize) length);
}

/* The element, where it ended or where it was refused, is on this line. */
static void
prefix_error (GMarkupParseContext *context, const char *name, GError **error)
{
  int line = 0;

  g_markup_parse_context_get_position (context, &line, NULL);
  /* GMarkup names the line by itself where the XML is broken. */
  if (g_error_matches (*error, INVALID) && strncmp ((*error)->message, "Error on line", 13) != 0)
    g_prefix_error (error, "%s:%d: ", name, line);
  else
    g_prefix_error (error, "%s: ", name);
}

/**
 * lk_help_parse:
 * @name: of the file, for messages
 *
 * Adds the topics that the file holds, translated. After an error what was read before it stays.
 */
gboolean
lk_help_parse (LkHelp *self, const char *name, GBytes *bytes, GError **error)
{
  static const GMarkupParser parser = { start_element, end_element, add_text, NULL, NULL };
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) local = NULL;
  Reader reader = { .help = self, .text = text };
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &reader, NULL);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  gboolean fine;

  fine = g_markup_parse_context_parse (context, data != NULL ? data : "", (gssize) size, &local)
         && g_markup_parse_context_end_parse (context, &local);
  if (!fine)
    {
      prefix_error (context, name, &local);
      g_propagate_error (error, g_steal_pointer (&local));
    }
  g_clear_pointer (&reader.topic, lk_help_topic_free);
  g_free (reader.section);
  return fine;
}
