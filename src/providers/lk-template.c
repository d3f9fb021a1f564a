/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

#include "lk-buffer-private.h"

struct _LkValues
{
  GHashTable *secrets; /* name -> LkSecret; plain values too: one way to hold them all */
};

LkValues *
lk_values_new (void)
{
  LkValues *self = g_new0 (LkValues, 1);

  self->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) lk_secret_unref);

  return self;
}

void
lk_values_free (LkValues *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->secrets);
  g_free (self);
}

/**
 * lk_values_set:
 * @name: see #LkValues
 * @value: (nullable): %NULL removes it
 */
void
lk_values_set (LkValues   *self,
               const char *name,
               const char *value)
{
  g_return_if_fail (self != NULL && name != NULL);

  if (value != NULL)
    g_hash_table_replace (self->secrets, g_strdup (name), lk_secret_new (value));
  else
    g_hash_table_remove (self->secrets, name);
}

/**
 * lk_values_set_secret:
 * @name: see #LkValues
 * @value: (nullable): %NULL removes it
 */
void
lk_values_set_secret (LkValues   *self,
                      const char *name,
                      LkSecret   *value)
{
  g_return_if_fail (self != NULL && name != NULL);

  if (value != NULL)
    g_hash_table_replace (self->secrets, g_strdup (name), lk_secret_ref (value));
  else
    g_hash_table_remove (self->secrets, name);
}

const char *
lk_values_get (LkValues   *self,
               const char *name)
{
  LkSecret *secret = g_hash_table_lookup (self->secrets, name);

  return secret != NULL ? lk_secret_open (secret) : NULL;
}

/* Splits off what stands before the next placeholder, and the placeholder's name. Returns %FALSE at
 * the end of the text, and for braces that do not pair, then with @broken set. */
static gboolean
next_placeholder (const char **at,
                  char       **before,
                  char       **name,
                  gboolean    *broken)
{
  const char *open = strpbrk (*at, "{}");
  const char *close;

  *broken = FALSE;
  if (open == NULL)
    {
      *before = g_strdup (*at);
      return FALSE;
    }

  close = strpbrk (open + 1, "{}");
  if (*open != '{' || close == NULL || *close != '}')
    {
      *before = NULL;
      *broken = TRUE;
      return FALSE;
    }

  *before = g_strndup (*at, (size_t) (open - *at));
  *name = g_strndup (open + 1, (size_t) (close - open - 1));
  *at = close + 1;

  return TRUE;
}

static gboolean
is_known (LkProfile  *self,
          const char *path,
          const char *name)
{
  static const char * const of_calls[] = { "call.account", "call.center", "call.media", NULL };
  static const char * const known[] = {
    "client.id", "client.secret", "redirect_uri", "state", "scope", "code", "pkce.challenge",
    "pkce.verifier", "token.access", "token.refresh", "account_hint", "app.id", "app.version", NULL
  };

  if (g_strv_contains (known, name))
    return TRUE;

  /* A sign-in is about no account. */
  if (g_strv_contains (of_calls, name))
    return g_str_has_prefix (path, "probes.") || g_str_has_prefix (path, "links.");

  return g_str_has_prefix (name, "client.extra.") && self->extra != NULL &&
         g_strv_contains ((const char * const *) self->extra, name + strlen ("client.extra."));
}

/**
 * lk_profile_check_template:
 *
 * Fails @reader when @text names a placeholder that does not exist.
 */
gboolean
lk_profile_check_template (LkProfile  *self,
                           LkReader   *reader,
                           const char *path,
                           const char *text)
{
  gboolean broken = FALSE;

  for (const char *at = text;;)
    {
      g_autofree char *before = NULL;
      g_autofree char *name = NULL;

      if (!next_placeholder (&at, &before, &name, &broken))
        break;

      if (g_str_has_suffix (name, "?"))
        name[strlen (name) - 1] = '\0';
      if (!is_known (self, path, name))
        {
          lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, path,
                          "unknown placeholder {%s}", name);
          return FALSE;
        }
    }

  if (broken)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, path, "has a brace without its partner");

  return !broken;
}

/**
 * lk_profile_expand_vars:
 *
 * Returns: (transfer full) (nullable): @text with all {var.*} filled in
 */
char *
lk_profile_expand_vars (LkProfile  *self,
                        LkReader   *reader,
                        const char *path,
                        const char *text)
{
  g_autoptr (GString) expanded = g_string_new (NULL);
  gboolean broken = FALSE;

  for (const char *at = text;;)
    {
      g_autofree char *before = NULL;
      g_autofree char *name = NULL;
      const char *value;

      if (!next_placeholder (&at, &before, &name, &broken))
        {
          g_string_append (expanded, before != NULL ? before : at);
          break;
        }

      g_string_append (expanded, before);
      if (!g_str_has_prefix (name, "var."))
        {
          g_string_append_printf (expanded, "{%s}", name);
          continue;
        }

      value = g_hash_table_lookup (self->vars, name + strlen ("var."));
      if (value == NULL)
        {
          lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, path,
                          "unknown placeholder {%s}", name);
          return NULL;
        }
      g_string_append (expanded, value);
    }

  return g_string_free (g_steal_pointer (&expanded), FALSE);
}

/**
 * lk_template_fill:
 * @text: a template that has been checked
 * @drop: (out): whether an optional value was empty, so that the parameter goes
 *
 * Returns: (transfer full) (nullable): to be given to lk_wipe_string()
 */
char *
lk_template_fill (const char  *text,
                  LkValues    *values,
                  gboolean    *drop,
                  GError     **error)
{
  g_auto (LkBuffer) filled = { 0 };
  gboolean broken = FALSE;

  *drop = FALSE;
  for (const char *at = text;;)
    {
      g_autofree char *before = NULL;
      g_autofree char *name = NULL;
      const char *value;
      gboolean optional;

      if (!next_placeholder (&at, &before, &name, &broken))
        {
          lk_buffer_append (&filled, before != NULL ? before : at);
          break;
        }

      lk_buffer_append (&filled, before);
      optional = g_str_has_suffix (name, "?");
      if (optional)
        name[strlen (name) - 1] = '\0';

      value = lk_values_get (values, name);
      if (value != NULL && *value != '\0')
        {
          lk_buffer_append (&filled, value);
        }
      else if (optional)
        {
          *drop = TRUE;
        }
      else
        {
          g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_MISSING_VALUE,
                       "nothing is known for {%s}", name);
          return NULL;
        }
    }

  return lk_buffer_steal (&filled);
}
