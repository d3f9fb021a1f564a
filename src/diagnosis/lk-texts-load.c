/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads data/catalogue/causes.xml and remedies.xml. They are compiled in, so a mistake in them is a
 * programming error: the first one ends the program, and the unit test meets it first. */

#include "lk-texts.h"

#include <gio/gio.h>

#include "lk-catalogue-resources.h"

#define PATH "/io/github/latchkey_app/Latchkey/catalogue/"

typedef struct
{
  GPtrArray *causes;
  GPtrArray *remedies;
} Texts;

typedef struct
{
  Texts       *texts;
  LkCauseRow  *cause;
  LkRemedyRow *remedy;
  LkPlan      *plan;
  LkText      *text;
  GString     *content;
} Reader;

static const char *
attribute (const char **names, const char **values, const char *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], name))
      return values[i];

  return NULL;
}

static char **
words (const char **names, const char **values, const char *name)
{
  const char *value = attribute (names, values, name);

  return value != NULL ? g_strsplit (value, " ", -1) : NULL;
}

static void
read_condition (LkCondition *when, const char **names, const char **values)
{
  when->causes = words (names, values, "causes");
  when->with = words (names, values, "with");
  when->without = words (names, values, "without");
}

static void
start_cause (Reader *self, const char **names, const char **values)
{
  LkCauseRow *row = g_new0 (LkCauseRow, 1);

  row->id = g_strdup (attribute (names, values, "id"));
  row->turn = g_strdup (attribute (names, values, "turn"));
  row->remedy = g_strdup (attribute (names, values, "remedy"));
  row->reauth = g_strcmp0 (attribute (names, values, "reauth"), "yes") == 0;
  row->titles = g_ptr_array_new ();
  row->explanations = g_ptr_array_new ();
  g_ptr_array_add (self->texts->causes, row);
  self->cause = row;
}

static void
start_remedy (Reader *self, const char **names, const char **values)
{
  LkRemedyRow *row = g_new0 (LkRemedyRow, 1);

  row->id = g_strdup (attribute (names, values, "id"));
  row->titles = g_ptr_array_new ();
  row->plans = g_ptr_array_new ();
  row->subjects = g_ptr_array_new ();
  row->letters = g_ptr_array_new ();
  g_ptr_array_add (self->texts->remedies, row);
  self->remedy = row;
}

static void
start_plan (Reader *self, const char **names, const char **values)
{
  LkPlan *plan = g_new0 (LkPlan, 1);

  plan->id = g_strdup (attribute (names, values, "id"));
  read_condition (&plan->when, names, values);
  plan->check = g_strdup (attribute (names, values, "check"));
  plan->proof = g_strdup (attribute (names, values, "proof"));
  plan->probes = words (names, values, "probes");
  if (plan->probes == NULL)
    plan->probes = g_new0 (char *, 1);
  plan->turn = g_strdup (attribute (names, values, "turn"));
  plan->watchable = g_strcmp0 (attribute (names, values, "watchable"), "yes") == 0;
  plan->titles = g_ptr_array_new ();
  plan->todos = g_ptr_array_new ();
  plan->whys = g_ptr_array_new ();
  plan->links = g_ptr_array_new ();
  g_ptr_array_add (self->remedy->plans, plan);
  self->plan = plan;
}

/* Where a text of this name belongs just now. */
static GPtrArray *
shelf_of (Reader *self, const char *element)
{
  if (g_str_equal (element, "title"))
    return self->plan != NULL     ? self->plan->titles
           : self->remedy != NULL ? self->remedy->titles
           : self->cause != NULL  ? self->cause->titles
                                  : NULL;
  if (g_str_equal (element, "explanation"))
    return self->cause != NULL ? self->cause->explanations : NULL;
  if (g_str_equal (element, "subject"))
    return self->remedy != NULL ? self->remedy->subjects : NULL;
  if (g_str_equal (element, "letter"))
    return self->remedy != NULL ? self->remedy->letters : NULL;
  if (self->plan == NULL)
    return NULL;

  return g_str_equal (element, "todo")   ? self->plan->todos
         : g_str_equal (element, "why")  ? self->plan->whys
         : g_str_equal (element, "link") ? self->plan->links
                                         : NULL;
}

static void
start_element (GMarkupParseContext *context, const char *element, const char **names,
               const char **values, void *user_data, GError **error)
{
  Reader *self = user_data;
  GPtrArray *shelf = NULL;

  g_string_truncate (self->content, 0);
  if (g_str_equal (element, "finding"))
    start_cause (self, names, values);
  else if (g_str_equal (element, "remedy"))
    start_remedy (self, names, values);
  else if (g_str_equal (element, "plan") && self->remedy != NULL)
    start_plan (self, names, values);
  else
    shelf = shelf_of (self, element);

  if (shelf == NULL)
    return;
  self->text = g_new0 (LkText, 1);
  read_condition (&self->text->when, names, values);
  self->text->link = g_strdup (attribute (names, values, "to"));
  self->text->otherwise = g_strcmp0 (attribute (names, values, "otherwise"), "yes") == 0;
  g_ptr_array_add (shelf, self->text);
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
  g_strchomp (out->str);

  return g_strdup (out->str);
}

static void
end_element (GMarkupParseContext *context, const char *element, void *user_data, GError **error)
{
  Reader *self = user_data;

  if (self->text != NULL)
    self->text->text = dup_plain (self->content->str);
  else if (g_str_equal (element, "plan"))
    self->plan = NULL;
  else if (g_str_equal (element, "remedy"))
    self->remedy = NULL;
  else if (g_str_equal (element, "finding"))
    self->cause = NULL;
  self->text = NULL;
}

static void
add_text (GMarkupParseContext *context, const char *text, gsize length, void *user_data,
          GError **error)
{
  Reader *self = user_data;

  g_string_append_len (self->content, text, (gssize) length);
}

static void
read_file (Texts *texts, const char *name)
{
  static const GMarkupParser parser = { start_element, end_element, add_text, NULL, NULL };
  g_autofree char *path = g_strconcat (PATH, name, NULL);
  g_autoptr(GBytes) bytes = g_resource_lookup_data (lk_catalogue_get_resource (), path,
                                                    G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr(GString) content = g_string_new (NULL);
  Reader reader = { .texts = texts, .content = content };
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &reader, NULL);
  g_autoptr(GError) error = NULL;
  gsize size;
  const char *data;

  if (bytes == NULL)
    g_error ("%s is not compiled in", name);
  data = g_bytes_get_data (bytes, &size);
  if (!g_markup_parse_context_parse (context, data, (gssize) size, &error)
      || !g_markup_parse_context_end_parse (context, &error))
    g_error ("%s: %s", name, error->message);
}

static const Texts *
get_texts (void)
{
  static Texts *texts;

  if (g_once_init_enter (&texts))
    {
      Texts *read = g_new0 (Texts, 1);

      read->causes = g_ptr_array_new ();
      read->remedies = g_ptr_array_new ();
      read_file (read, "causes.xml");
      read_file (read, "remedies.xml");
      g_once_init_leave (&texts, read);
    }

  return texts;
}

GPtrArray *
lk_texts_get_causes (void)
{
  return get_texts ()->causes;
}

GPtrArray *
lk_texts_get_remedies (void)
{
  return get_texts ()->remedies;
}

const LkCauseRow *
lk_texts_find_cause (const char *id)
{
  GPtrArray *causes = get_texts ()->causes;

  for (guint i = 0; i < causes->len; i++)
    {
      const LkCauseRow *row = g_ptr_array_index (causes, i);

      if (g_strcmp0 (row->id, id) == 0)
        return row;
    }

  return NULL;
}

const LkRemedyRow *
lk_texts_find_remedy (const char *id)
{
  GPtrArray *remedies = get_texts ()->remedies;

  for (guint i = 0; i < remedies->len; i++)
    {
      const LkRemedyRow *row = g_ptr_array_index (remedies, i);

      if (g_strcmp0 (row->id, id) == 0)
        return row;
    }

  return NULL;
}

gboolean
lk_turn_from_string (const char *word, LkTurn *turn)
{
  for (int i = LK_TURN_NOBODY; i <= LK_TURN_LATCHKEY; i++)
    if (g_strcmp0 (lk_turn_to_string ((LkTurn) i), word) == 0)
      {
        *turn = (LkTurn) i;
        return TRUE;
      }

  return FALSE;
}
