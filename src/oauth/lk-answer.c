/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-answer-private.h"

#include <string.h>

#define MAX_ADDRESS     (16 * 1024)
#define MAX_ERROR       64
#define MAX_DESCRIPTION 300

static char *
decode (const char *text,
        size_t      length,
        gboolean    plus_is_space)
{
  char *raw = g_strndup (text, length);
  char *decoded = NULL;

  if (plus_is_space)
    g_strdelimit (raw, "+", ' ');

  decoded = g_uri_unescape_string (raw, NULL);
  lk_wipe_string (raw);
  if (decoded != NULL && !g_utf8_validate (decoded, -1, NULL))
    {
      lk_wipe_string (decoded);
      return NULL;
    }

  return decoded;
}

static char *
clip (char  *text, /* (transfer full) (nullable) */
      size_t max)
{
  g_autofree char *owned = text;
  g_autofree char *cut = NULL;

  if (owned == NULL || *owned == '\0')
    return NULL;

  cut = g_utf8_substring (owned, 0, MIN (g_utf8_strlen (owned, -1), (glong) max));
  for (char *c = cut; *c != '\0'; c++)
    {
      if (g_ascii_iscntrl (*c))
        *c = ' ';
    }

  return g_steal_pointer (&cut);
}

/* FALSE when it was set before: an answer that says a thing twice is nobody's honest answer. */
static gboolean
set_secret (LkSecret  **where,
            const char *text,
            size_t      length)
{
  char *decoded = decode (text, length, FALSE);

  if (decoded == NULL)
    return FALSE;
  if (*decoded == '\0')
    {
      g_free (decoded);
      return TRUE;
    }
  if (*where != NULL)
    {
      lk_wipe_string (decoded);
      return FALSE;
    }

  *where = lk_secret_new_take (decoded);

  return TRUE;
}

/* A provider may send the code under two names (TikTok Ads: auth_code and code). They are kept
 * apart here; the name that the profile lists first wins. */
static gboolean
lk_answer_take_pair (LkAnswer           *self,
                     LkSecret          **codes,
                     const char * const *code_names,
                     const char         *pair,
                     size_t              length)
{
  const char *equals = memchr (pair, '=', length);
  const char *value = NULL;
  size_t value_length;
  g_autofree char *name = NULL;

  if (equals == NULL)
    return TRUE;

  name = g_strndup (pair, (size_t) (equals - pair));
  value = equals + 1;
  value_length = length - (size_t) (value - pair);

  if (g_str_equal (name, "state"))
    return set_secret (&self->state, value, value_length);

  for (size_t i = 0; code_names[i] != NULL; i++)
    {
      if (g_str_equal (name, code_names[i]))
        return set_secret (&codes[i], value, value_length);
    }

  if (g_str_equal (name, "error") && self->error == NULL)
    self->error = clip (decode (value, value_length, TRUE), MAX_ERROR);
  else if (g_str_equal (name, "error_description") && self->description == NULL)
    self->description = clip (decode (value, value_length, TRUE), MAX_DESCRIPTION);

  return TRUE;
}

/**
 * lk_answer_new_from_query:
 * @query: the part after "?", still percent-encoded
 * @code_names: parameters that may carry the code, best first
 *
 * Decodes each value once. A "+" in a code stays a "+": codes hold no spaces, and some browsers'
 * address bars give it back unencoded.
 *
 * Returns: (transfer full) (nullable): %NULL when it is malformed or says a thing twice
 */
LkAnswer *
lk_answer_new_from_query (const char         *query,
                          const char * const *code_names)
{
  g_autoptr(LkAnswer) self = g_new0 (LkAnswer, 1);
  size_t n_names = g_strv_length ((char **) code_names);
  g_autofree LkSecret **codes = g_new0 (LkSecret *, n_names + 1);
  gboolean fine = strlen (query) <= MAX_ADDRESS;

  while (fine && *query != '\0')
    {
      size_t length = strcspn (query, "&");

      fine = lk_answer_take_pair (self, codes, code_names, query, length);
      query += length + (query[length] == '&' ? 1 : 0);
    }

  for (size_t i = 0; i < n_names; i++)
    {
      if (codes[i] != NULL && self->code == NULL)
        self->code = g_steal_pointer (&codes[i]);
      g_clear_pointer (&codes[i], lk_secret_unref);
    }

  return fine ? g_steal_pointer (&self) : NULL;
}

/* Terminals and mail programs wrap long addresses, and people copy quotes along. */
static char *
strip_wrapping (const char *address)
{
  GString *text = g_string_sized_new (strlen (address));

  for (const char *c = address; *c != '\0'; c++)
    {
      if (!g_ascii_isspace (*c) && strchr ("\"'<>`", *c) == NULL)
        g_string_append_c (text, *c);
    }

  return g_string_free (text, FALSE);
}

/**
 * lk_answer_new_from_address:
 * @address: what a person pasted: a whole address, or only its query
 * @code_names: parameters that may carry the code, best first
 *
 * Returns: (transfer full) (nullable): %NULL when there is nothing like a query in it
 */
LkAnswer *
lk_answer_new_from_address (const char         *address,
                            const char * const *code_names)
{
  char *text = NULL;
  char *query = NULL;
  char *fragment = NULL;
  LkAnswer *self = NULL;

  if (strlen (address) > MAX_ADDRESS || !g_utf8_validate (address, -1, NULL))
    return NULL;

  text = strip_wrapping (address);
  fragment = strchr (text, '#');
  if (fragment != NULL)
    *fragment = '\0';

  query = strchr (text, '?');
  if (query != NULL)
    query++;
  else if (strchr (text, '=') != NULL && strstr (text, "://") == NULL)
    query = text;

  if (query != NULL)
    self = lk_answer_new_from_query (query, code_names);

  if (fragment != NULL)
    *fragment = '#';
  lk_wipe_string (text);

  return self;
}

void
lk_answer_free (LkAnswer *self)
{
  g_clear_pointer (&self->state, lk_secret_unref);
  g_clear_pointer (&self->code, lk_secret_unref);
  g_free (self->error);
  g_free (self->description);
  g_free (self);
}
