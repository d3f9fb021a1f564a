/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-needles.h"

#include <string.h>

/* Shorter ones stand in half of all texts. */
#define SHORTEST 8
/* Bits of a first, rough answer to "does a needle begin like this?". */
#define SIEVE_BITS (1u << 16)

struct _LkAgentNeedles
{
  GHashTable *by_head; /* (owned): the first eight bytes → GPtrArray of LkSecret */
  guint8      sieve[SIEVE_BITS / 8];
};

LkAgentNeedles *
lk_agent_needles_new (void)
{
  LkAgentNeedles *self = g_new0 (LkAgentNeedles, 1);

  self->by_head = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                         (GDestroyNotify) g_ptr_array_unref);
  return self;
}

void
lk_agent_needles_free (LkAgentNeedles *self)
{
  g_hash_table_unref (self->by_head);
  g_free (self);
}

static gint64
head_of (const char *text)
{
  gint64 head;

  memcpy (&head, text, sizeof head);
  return head;
}

static guint
place_of (gint64 head)
{
  return (guint) (((guint64) head * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 48);
}

static void
add_form (LkAgentNeedles *self, LkSecret *form)
{
  gint64 head;
  GPtrArray *forms;

  if (lk_secret_get_length (form) < SHORTEST)
    return;
  head = head_of (lk_secret_open (form));
  forms = g_hash_table_lookup (self->by_head, &head);
  if (forms == NULL)
    {
      gint64 *key = g_new (gint64, 1);

      *key = head;
      forms = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_secret_unref);
      g_hash_table_insert (self->by_head, key, forms);
    }
  g_ptr_array_add (forms, lk_secret_ref (form));
  self->sieve[place_of (head) / 8] |= (guint8) (1u << (place_of (head) % 8));
}

static void
add_text (LkAgentNeedles *self, char *text)
{
  g_autoptr(LkSecret) form = lk_secret_new_take (text);

  add_form (self, form);
}

static char *
dup_percent_encoded (const char *text, const char *digits)
{
  size_t length = strlen (text);
  char *encoded = g_malloc (3 * length + 1);
  size_t used = 0;

  for (size_t i = 0; i < length; i++)
    {
      guchar c = (guchar) text[i];

      if (g_ascii_isalnum (c) || strchr ("-._~", c) != NULL)
        encoded[used++] = (char) c;
      else
        {
          encoded[used++] = '%';
          encoded[used++] = digits[c >> 4];
          encoded[used++] = digits[c & 15];
        }
    }
  encoded[used] = '\0';
  return encoded;
}

/* As PHP and others write it. */
static char *
dup_with_slashes_escaped (const char *text)
{
  char *escaped = g_malloc (2 * strlen (text) + 1);
  size_t used = 0;

  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '/' || *c == '"' || *c == '\\')
        escaped[used++] = '\\';
      escaped[used++] = *c;
    }
  escaped[used] = '\0';
  return escaped;
}

/* What stands around a secret changes its first and last characters in base64; the middle stays. */
static void
add_base64 (LkAgentNeedles *self, const char *text, size_t length)
{
  for (size_t skip = 0; skip < 3; skip++)
    {
      size_t whole = length > skip ? (length - skip) / 3 * 3 : 0;
      char *encoded = g_base64_encode ((const guchar *) text + skip, whole);
      char *for_urls = g_strdup (encoded);

      for (char *c = for_urls; *c != '\0'; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
      add_text (self, encoded);
      add_text (self, for_urls);
    }
}

void
lk_agent_needles_add (LkAgentNeedles *self, LkSecret *secret)
{
  const char *text;

  if (secret == NULL || lk_secret_get_length (secret) < SHORTEST)
    return;
  text = lk_secret_open (secret);
  add_form (self, secret);
  add_text (self, dup_percent_encoded (text, "0123456789ABCDEF"));
  add_text (self, dup_percent_encoded (text, "0123456789abcdef"));
  add_text (self, dup_with_slashes_escaped (text));
  add_base64 (self, text, lk_secret_get_length (secret));
}

static gboolean
stands_here (LkSecret *form, const char *text, size_t left)
{
  const char *wanted = lk_secret_open (form);
  size_t length = lk_secret_get_length (form);
  guchar differs = 0;

  if (length > left)
    return FALSE;
  for (size_t i = 0; i < length; i++)
    differs |= (guchar) (wanted[i] ^ text[i]);
  return differs == 0;
}

gboolean
lk_agent_needles_match (LkAgentNeedles *self, const char *text, size_t length)
{
  gboolean found = FALSE;

  for (size_t i = 0; i + SHORTEST <= length; i++)
    {
      gint64 head = head_of (text + i);
      GPtrArray *forms;

      if ((self->sieve[place_of (head) / 8] & (1u << (place_of (head) % 8))) == 0)
        continue;
      forms = g_hash_table_lookup (self->by_head, &head);
      for (guint n = 0; forms != NULL && n < forms->len; n++)
        found |= stands_here (forms->pdata[n], text + i, length - i);
    }
  return found;
}
