/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-buffer-private.h"

#include <string.h>

#include "lk-secret.h"

static void
append_bytes (LkBuffer   *self,
              const char *bytes,
              size_t      length)
{
  if (self->length + length + 1 > self->size)
    {
      size_t size = MAX (self->size * 2, self->length + length + 64);
      char *text = g_malloc (size);

      if (self->text != NULL)
        memcpy (text, self->text, self->length);
      lk_wipe (self->text, self->size);
      g_free (self->text);
      self->text = text;
      self->size = size;
    }

  memcpy (self->text + self->length, bytes, length);
  self->length += length;
  self->text[self->length] = '\0';
}

void
lk_buffer_append (LkBuffer   *self,
                  const char *text)
{
  append_bytes (self, text, strlen (text));
}

/* Percent-encodes all but RFC 3986's unreserved characters: right in a query and in a form. */
void
lk_buffer_append_escaped (LkBuffer   *self,
                          const char *text)
{
  static const char digits[] = "0123456789ABCDEF";

  for (const unsigned char *c = (const unsigned char *) text; *c != '\0'; c++)
    {
      if (g_ascii_isalnum (*c) || strchr ("-._~", *c) != NULL)
        {
          append_bytes (self, (const char *) c, 1);
        }
      else
        {
          const char escaped[3] = { '%', digits[*c >> 4], digits[*c & 0xf] };

          append_bytes (self, escaped, sizeof escaped);
        }
    }
}

/* Adds @text as a JSON string, quotes included. */
void
lk_buffer_append_json (LkBuffer   *self,
                       const char *text)
{
  lk_buffer_append (self, "\"");

  for (const char *c = text; *c != '\0'; c++)
    {
      char escaped[8];

      if (*c == '"' || *c == '\\')
        g_snprintf (escaped, sizeof escaped, "\\%c", *c);
      else if ((unsigned char) *c < 0x20)
        g_snprintf (escaped, sizeof escaped, "\\u%04x", (unsigned int) (unsigned char) *c);
      else
        g_snprintf (escaped, sizeof escaped, "%c", *c);

      lk_buffer_append (self, escaped);
    }

  lk_buffer_append (self, "\"");
}

void
lk_buffer_clear (LkBuffer *self)
{
  lk_wipe (self->text, self->size);
  g_clear_pointer (&self->text, g_free);
  self->length = 0;
  self->size = 0;
}

/* The text, never %NULL; to be given to lk_wipe_string(). */
char *
lk_buffer_steal (LkBuffer *self)
{
  if (self->text == NULL)
    return g_strdup ("");

  self->length = 0;
  self->size = 0;

  return g_steal_pointer (&self->text);
}

/* The bytes, overwritten when the last reference goes. */
GBytes *
lk_buffer_steal_bytes (LkBuffer *self)
{
  size_t length = self->length;
  char *text = lk_buffer_steal (self);

  return g_bytes_new_with_free_func (text, length, (GDestroyNotify) lk_wipe_string, text);
}
