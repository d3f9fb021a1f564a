/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-query-private.h"

#include <string.h>

#include "lk-secret.h"

static void
pair_clear (LkPair *pair)
{
  g_free (pair->name);
  lk_wipe_string (pair->value);
}

/**
 * lk_query_new:
 *
 * Returns: (transfer full) (element-type LkPair): decoded names and values, in order
 */
GArray *
lk_query_new (void)
{
  GArray *self = g_array_new (FALSE, TRUE, sizeof (LkPair));

  g_array_set_clear_func (self, (GDestroyNotify) pair_clear);

  return self;
}

void
lk_query_add (GArray     *self,
              const char *name,
              const char *value)
{
  LkPair pair = { g_strdup (name), g_strdup (value) };

  g_array_append_val (self, pair);
}

void
lk_query_remove (GArray     *self,
                 const char *name)
{
  for (guint i = self->len; i > 0; i--)
    {
      if (strcmp (g_array_index (self, LkPair, i - 1).name, name) == 0)
        g_array_remove_index (self, i - 1);
    }
}

/* What a form means: "+" is a space. %NULL for bytes that are no text. */
static char *
decode (const char *text,
        size_t      length)
{
  g_autofree char *copy = g_strndup (text, length);
  char *decoded;

  g_strdelimit (copy, "+", ' ');
  decoded = g_uri_unescape_string (copy, NULL);
  lk_wipe (copy, length);
  if (decoded != NULL && !g_utf8_validate (decoded, -1, NULL))
    g_clear_pointer (&decoded, lk_wipe_string);

  return decoded;
}

/**
 * lk_query_parse:
 * @text: what follows the "?"
 *
 * Adds the pairs of an escaped query.
 *
 * Returns: %FALSE when it is not one
 */
gboolean
lk_query_parse (GArray     *self,
                const char *text)
{
  for (const char *at = text; *at != '\0';)
    {
      size_t length = strcspn (at, "&");
      size_t name_length = MIN (strcspn (at, "="), length);
      size_t skipped = name_length < length ? name_length + 1 : length;
      LkPair pair = { decode (at, name_length), decode (at + skipped, length - skipped) };

      if (pair.name == NULL || pair.value == NULL)
        {
          pair_clear (&pair);
          return FALSE;
        }
      if (length > 0)
        g_array_append_val (self, pair);
      else
        pair_clear (&pair);
      at += length;
      at += *at == '&' ? 1 : 0;
    }

  return TRUE;
}

/**
 * lk_query_append:
 * @buffer: an address without a query
 */
void
lk_query_append (GArray   *self,
                 LkBuffer *buffer)
{
  for (guint i = 0; i < self->len; i++)
    {
      const LkPair *pair = &g_array_index (self, LkPair, i);

      lk_buffer_append (buffer, i == 0 ? "?" : "&");
      lk_buffer_append_escaped (buffer, pair->name);
      lk_buffer_append (buffer, "=");
      lk_buffer_append_escaped (buffer, pair->value);
    }
}
