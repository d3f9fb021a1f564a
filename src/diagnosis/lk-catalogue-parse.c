/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads a file of data/catalogue. Any bytes are answered with entries or with an error. */

#include <string.h>

#include "lk-catalogue.h"

#define INVALID G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT

typedef struct
{
  LkCatalogue *catalogue;
  LkEntry     *entry;
  GString     *text;
  char        *source;
} Reader;

static const char *
attribute (const char **names,
           const char **values,
           const char  *name)
{
  for (unsigned int i = 0; names[i] != NULL; i++)
    {
      if (g_str_equal (names[i], name))
        return values[i];
    }

  return NULL;
}

static char **
words (const char **names,
       const char **values,
       const char  *name,
       const char  *separator)
{
  const char *value = attribute (names, values, name);

  return value != NULL && *value != '\0' ? g_strsplit (value, separator, -1) : NULL;
}

static int
yes_no (const char *value)
{
  return value == NULL ? -1 : g_str_equal (value, "yes");
}

/* -1 where no class is named. */
static gboolean
read_class (const char **names,
            const char **values,
            int         *into,
            GError     **error)
{
  const char *word = attribute (names, values, "class");
  LkClass klass = LK_CLASS_UNKNOWN;

  *into = -1;
  if (word == NULL)
    return TRUE;
  if (!lk_class_from_string (word, &klass))
    {
      g_set_error (error, INVALID, "no class \"%s\"", word);
      return FALSE;
    }
  *into = (int) klass;

  return TRUE;
}

static int
action_of (const char *word)
{
  for (int i = LK_AUTO_NONE; i <= LK_AUTO_POLL; i++)
    {
      if (g_strcmp0 (lk_auto_to_string ((LkAuto) i), word) == 0)
        return i;
    }

  return -1;
}

static void
start_family (Reader      *self,
              const char **names,
              const char **values,
              GError     **error)
{
  const char *renewal = attribute (names, values, "renewal");
  LkFamilyRow *row;

  if (attribute (names, values, "id") == NULL || attribute (names, values, "name") == NULL)
    {
      g_set_error (error, INVALID, "a family without id or name");
      return;
    }

  row = g_new0 (LkFamilyRow, 1);
  row->id = g_strdup (attribute (names, values, "id"));
  row->name = g_strdup (attribute (names, values, "name"));
  row->hosts = words (names, values, "hosts", " ");
  row->paths = words (names, values, "paths", " ");
  row->words = words (names, values, "words", "|");
  row->renewal = g_strcmp0 (renewal, "none") == 0    ? LK_RENEWAL_NONE
                 : g_strcmp0 (renewal, "first") == 0 ? LK_RENEWAL_FIRST
                                                     : LK_RENEWAL_PLAIN;
  lk_catalogue_take_family (self->catalogue, row);
}

static void
start_rule (Reader      *self,
            const char **names,
            const char **values,
            GError     **error)
{
  LkRule *rule;
  int klass;

  if (!read_class (names, values, &klass, error))
    return;
  if (klass == -1)
    {
      g_set_error (error, INVALID, "a rule without a class");
      return;
    }

  rule = g_new0 (LkRule, 1);
  rule->families = words (names, values, "families", " ");
  rule->codes = words (names, values, "codes", " ");
  rule->steps = words (names, values, "steps", " ");
  rule->messages = words (names, values, "messages", "|");
  rule->klass = (LkClass) klass;
  rule->retryable = yes_no (attribute (names, values, "retryable"));
  rule->reauth = yes_no (attribute (names, values, "reauth"));
  rule->action = action_of (attribute (names, values, "auto"));
  rule->anywhere = yes_no (attribute (names, values, "anywhere")) == 1;
  rule->keyed_only = yes_no (attribute (names, values, "loose")) == 0;
  lk_catalogue_take_rule (self->catalogue, rule);
}

static void
start_entry (Reader      *self,
             const char **names,
             const char **values,
             GError     **error)
{
  LkEntry *entry;
  int klass;

  if (!read_class (names, values, &klass, error))
    return;
  if (self->entry != NULL)
    {
      g_set_error (error, INVALID, "an entry in an entry");
      return;
    }

  entry = g_new0 (LkEntry, 1);
  entry->families = words (names, values, "families", " ");
  entry->codes = words (names, values, "codes", " ");
  entry->statuses = words (names, values, "statuses", " ");
  entry->klass = klass;
  entry->settled = yes_no (attribute (names, values, "settled")) == 1;
  entry->causes = g_ptr_array_new_with_free_func (g_free);
  entry->steps = g_ptr_array_new_with_free_func (g_free);
  entry->sources = g_ptr_array_new_with_free_func (g_free);
  self->entry = entry;
}

static void
start_source (Reader      *self,
              const char **names,
              const char **values,
              GError     **error)
{
  const char *ref = attribute (names, values, "ref");
  const char *text;

  g_free (self->source);
  self->source = g_strdup (attribute (names, values, "id"));
  if (ref == NULL)
    return;

  text = lk_catalogue_get_source (self->catalogue, ref);
  if (text == NULL || self->entry == NULL)
    {
      g_set_error (error, INVALID, "no source \"%s\"", ref);
      return;
    }
  g_ptr_array_add (self->entry->sources, g_strdup (text));
}

static void
start_element (GMarkupParseContext *context,
               const char          *element,
               const char         **names,
               const char         **values,
               void                *user_data,
               GError             **error)
{
  Reader *self = user_data;

  g_string_truncate (self->text, 0);
  if (g_str_equal (element, "family"))
    start_family (self, names, values, error);
  else if (g_str_equal (element, "rule"))
    start_rule (self, names, values, error);
  else if (g_str_equal (element, "entry"))
    start_entry (self, names, values, error);
  else if (g_str_equal (element, "source"))
    start_source (self, names, values, error);
}

/* White space as xgettext sees it with its default rules. */
static char *
dup_plain (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isspace (*p))
        g_string_append_c (out, *p);
      else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  g_strchomp (out->str);

  return g_strdup (out->str);
}

static void
end_entry (Reader  *self,
           GError **error)
{
  const LkEntry *entry = self->entry;

  if (entry == NULL)
    return;
  if ((entry->title == NULL && entry->conflict == NULL) || entry->sources->len == 0)
    {
      g_set_error (error, INVALID, "an entry without words or without a source");
      return;
    }
  if (entry->title != NULL && entry->codes == NULL && entry->klass == -1)
    {
      g_set_error (error, INVALID, "the entry \"%s\" is for nothing", entry->title);
      return;
    }
  lk_catalogue_take_entry (self->catalogue, g_steal_pointer (&self->entry));
}

static void
take_text (char **field,
           char **text)
{
  g_free (*field);
  *field = g_steal_pointer (text);
}

static void
end_element (GMarkupParseContext *context,
             const char          *element,
             void                *user_data,
             GError             **error)
{
  Reader *self = user_data;
  g_autofree char *text = dup_plain (self->text->str);

  if (g_str_equal (element, "entry"))
    end_entry (self, error);
  else if (g_str_equal (element, "source") && self->source != NULL)
    lk_catalogue_take_source (self->catalogue, self->source, g_steal_pointer (&text));
  else if (self->entry == NULL || *text == '\0')
    return;
  else if (g_str_equal (element, "title"))
    take_text (&self->entry->title, &text);
  else if (g_str_equal (element, "explanation"))
    take_text (&self->entry->explanation, &text);
  else if (g_str_equal (element, "handling"))
    take_text (&self->entry->handling, &text);
  else if (g_str_equal (element, "conflict"))
    take_text (&self->entry->conflict, &text);
  else if (g_str_equal (element, "cause"))
    g_ptr_array_add (self->entry->causes, g_steal_pointer (&text));
  else if (g_str_equal (element, "step"))
    g_ptr_array_add (self->entry->steps, g_steal_pointer (&text));
}

static void
add_text (GMarkupParseContext *context,
          const char          *text,
          size_t               length,
          void                *user_data,
          GError             **error)
{
  Reader *self = user_data;

  g_string_append_len (self->text, text, (gssize) length);
}

/**
 * lk_catalogue_parse:
 * @name: of the file, for messages
 *
 * Adds what the file holds. After an error what was read before it stays.
 */
gboolean
lk_catalogue_parse (LkCatalogue *self,
                    const char  *name,
                    GBytes      *bytes,
                    GError     **error)
{
  static const GMarkupParser parser = { start_element, end_element, add_text, NULL, NULL };
  g_autoptr (GString) text = g_string_new (NULL);
  Reader reader = { .catalogue = self, .text = text };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &reader, NULL);
  gboolean fine;
  size_t size;
  const char *data = g_bytes_get_data (bytes, &size);

  fine = g_markup_parse_context_parse (context, data != NULL ? data : "", (gssize) size, error)
         && g_markup_parse_context_end_parse (context, error);
  if (!fine)
    g_prefix_error (error, "%s: ", name);
  g_clear_pointer (&reader.entry, lk_catalogue_free_entry);
  g_free (reader.source);

  return fine;
}
