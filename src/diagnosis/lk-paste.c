/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lk-paste.h"

/* Longer texts are read at both ends; a verdict stands in one of them. */
#define HEAD_BYTES (768 * 1024)
#define TAIL_BYTES (256 * 1024)
#define MAX_BODIES 256
#define MAX_LEVELS 3

LkPasteFact *
lk_paste_fact_new (void)
{
  return g_new0 (LkPasteFact, 1);
}

void
lk_paste_fact_free (LkPasteFact *self)
{
  if (self == NULL)
    return;

  g_free (self->code);
  g_free (self->detail);
  g_free (self->sub);
  g_free (self->message);
  g_free (self->trace_id);
  g_free (self);
}

void
lk_paste_free (LkPaste *self)
{
  if (self == NULL)
    return;

  lk_wipe_string (self->text);
  g_ptr_array_unref (self->facts);
  g_ptr_array_unref (self->json);
  g_free (self->endpoint);
  g_free (self->trace_id);
  g_free (self);
}

/**
 * lk_paste_is_code:
 * @word: a value that stands where a code stands
 *
 * Returns: whether it has the form of one. Authorization codes and tokens have not.
 */
gboolean
lk_paste_is_code (const char *word)
{
  size_t length = strlen (word);
  size_t letters = strspn (word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-.");

  if (length == 0 || length > 64)
    return FALSE;
  if (strspn (word, "-0123456789") == length)
    return length <= 10;

  return letters == length && length >= 2;
}

static gboolean
looks_binary (const char *text,
              size_t      length)
{
  size_t odd = 0;
  size_t n = MIN (length, 4096);

  for (size_t i = 0; i < n; i++)
    {
      unsigned char c = (unsigned char) text[i];

      if (c == 0)
        return TRUE;
      if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != 0x1b) || c == 0x7f)
        odd++;
    }

  return odd * 10 > n;
}

/* (transfer full): the part that is read, as valid UTF-8. PowerShell writes UTF-16. */
static char *
dup_window (LkPaste    *self,
            const char *text,
            size_t      length)
{
  g_autofree char *joined = NULL;
  char *plain = NULL;

  if (length >= 4 && (memcmp (text, "\xff\xfe", 2) == 0 || memcmp (text, "\xfe\xff", 2) == 0))
    plain = g_convert (text, (gssize) (MIN (length, HEAD_BYTES) & ~(size_t) 1), "UTF-8", "UTF-16",
                       NULL, NULL, NULL);
  if (plain != NULL)
    return plain;

  if (looks_binary (text, length))
    {
      self->kind = LK_PASTE_BINARY;
      return g_strdup ("");
    }
  if (length <= HEAD_BYTES + TAIL_BYTES)
    return g_utf8_make_valid (text, (gssize) length);

  self->partial = TRUE;
  joined = g_malloc (HEAD_BYTES + TAIL_BYTES + 1);
  memcpy (joined, text, HEAD_BYTES);
  joined[HEAD_BYTES] = '\n';
  memcpy (joined + HEAD_BYTES + 1, text + length - TAIL_BYTES, TAIL_BYTES);

  plain = g_utf8_make_valid (joined, HEAD_BYTES + TAIL_BYTES + 1);
  for (char *p = plain; *p != '\0'; p++)
    *p = *p == '\x01' ? ' ' : *p;

  return plain;
}

/* Returns whether a brace was followed by an escaped quote: a body inside a string. */
static gboolean
scan_text (LkPaste    *self,
           const char *text,
           GQueue     *texts)
{
  size_t length = strlen (text);
  gboolean escaped = FALSE;
  const char *p = text;

  while ((p = strchr (p, '{')) != NULL && self->json->len < MAX_BODIES)
    {
      size_t stop = 0;
      gboolean complete = FALSE;
      size_t gap = strspn (p + 1, " \t\r\n");
      g_autofree char *json = lk_paste_repair_json (text, length, (size_t) (p - text), &stop,
                                                    &complete);

      escaped = escaped || p[1 + gap] == '\\';
      p = text + stop;
      if (json == NULL)
        continue;
      if (lk_paste_read_json (self, json, texts))
        self->cut = self->cut || !complete;
      g_ptr_array_add (self->json, g_steal_pointer (&json));
    }

  return escaped;
}

static char *
unescape_quotes (const char *text)
{
  GString *out = g_string_sized_new (strlen (text));

  for (const char *p = text; *p != '\0'; p++)
    {
      if (p[0] == '\\' && (p[1] == '"' || p[1] == '\\' || p[1] == '/' || p[1] == '\''))
        p++;
      g_string_append_c (out, *p);
    }

  return g_string_free (out, FALSE);
}

/**
 * lk_paste_scan_objects:
 * @text: valid UTF-8
 *
 * Reads every object of the text, and those inside strings of those, a few levels deep.
 */
void
lk_paste_scan_objects (LkPaste    *self,
                       const char *text)
{
  g_autoptr (GQueue) level = g_queue_new ();

  g_queue_push_tail (level, g_strdup (text));
  for (int depth = 0; depth <= MAX_LEVELS && !g_queue_is_empty (level); depth++)
    {
      g_autoptr (GQueue) next = g_queue_new ();
      char *each;

      while ((each = g_queue_pop_head (level)) != NULL)
        {
          unsigned int before = self->facts->len;

          if (scan_text (self, each, next) && self->facts->len == before)
            g_queue_push_tail (next, unescape_quotes (each));
          lk_wipe_string (each);
        }
      g_queue_free_full (g_steal_pointer (&level), g_free);
      level = g_steal_pointer (&next);
    }
  g_queue_free_full (g_steal_pointer (&level), g_free);
}

static void
judge_kind (LkPaste    *self,
            const char *text)
{
  const char *start = text + strspn (text, " \t\r\n");

  if (self->kind != LK_PASTE_TEXT)
    return;

  if (*start == '\0')
    self->kind = LK_PASTE_EMPTY;
  else if (g_ascii_strncasecmp (start, "<html", 5) == 0
           || g_ascii_strncasecmp (start, "<!doctype", 9) == 0
           || g_ascii_strncasecmp (start, "<head", 5) == 0)
    self->kind = LK_PASTE_HTML;
  else if (*start == '{')
    self->kind = LK_PASTE_JSON;
  else if (self->json->len > 0 || strchr (start, '\n') != NULL)
    self->kind = LK_PASTE_LOG;
}

/* A body as forms and addresses carry it: %7B%22code%22%3A40100%7D. */
static void
scan_escaped (LkPaste    *self,
              const char *text)
{
  char *plain = strstr (text, "%7B%22") != NULL || strstr (text, "%7b%22") != NULL
                  ? g_uri_unescape_string (text, NULL) : NULL;

  if (plain == NULL)
    return;

  self->contains_secret = self->contains_secret || lk_paste_has_secret (plain);
  lk_paste_scan_objects (self, plain);
  lk_wipe_string (plain);
}

/* Text of a page, without what stands between < and >; one pass. */
static char *
strip_tags (const char *text)
{
  GString *out = g_string_sized_new (strlen (text));
  gboolean inside = FALSE;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '<')
        inside = TRUE;
      if (!inside)
        g_string_append_c (out, *p);
      if (*p == '>' && inside)
        {
          inside = FALSE;
          g_string_append_c (out, ' ');
        }
    }

  return g_string_free (out, FALSE);
}

/**
 * lk_paste_read:
 * @text: whatever a person pasted
 * @length: in bytes, -1 when it ends with a null byte
 * @knows: says which words are codes
 *
 * Returns: (transfer full): what could be read
 */
LkPaste *
lk_paste_read (const char *text,
               gssize      length,
               LkKnowsCode knows,
               void       *data)
{
  LkPaste *self = g_new0 (LkPaste, 1);
  char *window;
  char *plain;

  self->kind = LK_PASTE_TEXT;
  self->knows = knows;
  self->knows_data = data;
  self->facts = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_paste_fact_free);
  self->json = g_ptr_array_new_with_free_func (g_free);
  window = dup_window (self, text, length < 0 ? strlen (text) : (size_t) length);
  if (self->kind == LK_PASTE_BINARY)
    {
      self->text = window;
      return self;
    }

  lk_paste_read_head (self, window);
  self->contains_secret = lk_paste_has_secret (window);
  self->answered = lk_paste_read_address (self, window);
  if (!self->answered)
    lk_paste_scan_objects (self, window);
  if (!self->answered && self->facts->len == 0)
    scan_escaped (self, window);
  judge_kind (self, window);
  plain = self->kind == LK_PASTE_HTML ? strip_tags (window) : g_strdup (window);
  lk_paste_read_prose (self, plain);
  self->text = g_ascii_strdown (plain, -1);
  lk_wipe_string (plain);
  lk_wipe_string (window);

  return self;
}
