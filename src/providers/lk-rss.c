/* SPDX-License-Identifier: GPL-3.0-or-later */

/* News of incidents, as RSS 2.0. Written by others: only texts are taken, and no entity, no
 * stylesheet and no other document is looked at. */

#include "lk-profile-private.h"

#include <string.h>

#include "lk-redact.h"

#define MAX_ITEMS 50
#define MAX_TEXT  2000

typedef struct
{
  LkProbeAnswer *answer;
  GHashTable    *row;     /* (nullable): the item that is open */
  GString       *text;    /* of the element that is open */
  gboolean       channel;
} Feed;

static const char *
column_of (const char *element)
{
  static const struct
  {
    const char *element;
    const char *column;
  } known[] = {
    { "title", "title" }, { "pubDate", "at" }, { "description", "text" }, { "link", "link" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (strcmp (known[i].element, element) == 0)
        return known[i].column;
    }

  return NULL;
}

/* Their texts may be HTML: what stands in <> goes, and white space becomes one space. */
static char *
make_plain (const char *text)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  gboolean in_tag = FALSE;
  gboolean space = FALSE;

  for (const char *c = text; *c != '\0' && plain->len < MAX_TEXT; c = g_utf8_next_char (c))
    {
      gunichar unit = g_utf8_get_char (c);

      if (unit == '<' && (g_ascii_isalpha (c[1]) || c[1] == '/' || c[1] == '!'))
        in_tag = TRUE;
      if (!in_tag && !g_unichar_isspace (unit) && !g_unichar_iscntrl (unit))
        {
          if (space && plain->len > 0)
            g_string_append_c (plain, ' ');
          g_string_append_unichar (plain, unit);
          space = FALSE;
        }
      else
        {
          space = TRUE;
        }
      if (unit == '>')
        in_tag = FALSE;
    }

  return g_string_free (g_steal_pointer (&plain), FALSE);
}

static void
keep (Feed       *feed,
      const char *column,
      const char *text)
{
  g_autofree char *shown = make_plain (text);
  g_autofree char *plain = lk_redact (shown, NULL);
  gint64 at;

  if (*plain == '\0' || g_hash_table_contains (feed->row, column))
    return;

  if (strcmp (column, "link") == 0 && !g_str_has_prefix (plain, "https://"))
    return;

  if (strcmp (column, "at") == 0)
    {
      at = lk_http_date_parse (plain);
      if (at == 0)
        return;
      g_free (plain);
      plain = g_strdup_printf ("%" G_GINT64_FORMAT, at);
    }

  g_hash_table_insert (feed->row, g_strdup (column), g_steal_pointer (&plain));
}

static void
on_start (GMarkupParseContext  *context,
          const char           *element,
          const char          **names,
          const char          **values,
          gpointer              user_data,
          GError              **error)
{
  Feed *feed = user_data;

  (void) context;
  (void) names;
  (void) values;
  (void) error;
  g_string_truncate (feed->text, 0);
  if (strcmp (element, "channel") == 0)
    feed->channel = TRUE;
  if (strcmp (element, "item") != 0 || !feed->channel || feed->row != NULL)
    return;

  if (feed->answer->rows->len >= MAX_ITEMS)
    feed->answer->cut = TRUE;
  else
    feed->row = lk_probe_answer_add_row (feed->answer);
}

static void
on_end (GMarkupParseContext  *context,
        const char           *element,
        gpointer              user_data,
        GError              **error)
{
  Feed *feed = user_data;
  const char *column = column_of (element);

  (void) context;
  (void) error;
  if (strcmp (element, "item") == 0)
    feed->row = NULL;
  else if (feed->row != NULL && column != NULL)
    keep (feed, column, feed->text->str);
  g_string_truncate (feed->text, 0);
}

static void
on_text (GMarkupParseContext  *context,
         const char           *text,
         size_t                length,
         gpointer              user_data,
         GError              **error)
{
  Feed *feed = user_data;

  (void) context;
  (void) error;
  g_string_append_len (feed->text, text, (gssize) length);
}

/**
 * lk_rss_read:
 *
 * Adds a row to @answer for each item: title, at (seconds since 1970 UTC), text, link.
 *
 * Returns: %FALSE when it is no feed; @answer then has no rows
 */
gboolean
lk_rss_read (GBytes        *body,
             LkProbeAnswer *answer)
{
  static const GMarkupParser parser = { on_start, on_end, on_text, NULL, NULL };
  Feed feed = { answer, NULL, g_string_new (NULL), FALSE };
  size_t size = 0;
  const char *data = g_bytes_get_data (body, &size);
  gboolean read = FALSE;

  if (size > 0 && size <= LK_JSON_MAX_SIZE)
    {
      g_autofree char *text = g_utf8_make_valid (data, (gssize) size);
      g_autoptr (GMarkupParseContext) context = NULL;

      context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &feed, NULL);
      read = g_markup_parse_context_parse (context, text, -1, NULL) &&
             g_markup_parse_context_end_parse (context, NULL) && feed.channel;
    }

  g_string_free (feed.text, TRUE);
  if (!read)
    g_ptr_array_set_size (answer->rows, 0);

  return read;
}
