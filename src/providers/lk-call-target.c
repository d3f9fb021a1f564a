/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a person's own call goes: always below the provider's API, since the token goes with it. */

#include "lk-profile-private.h"

#include <string.h>

static gboolean
refuse (GError     **error,
        const char  *message)
{
  g_set_error_literal (error, LK_PROVIDER_ERROR, (int) LK_PROVIDER_ERROR_INSECURE, message);

  return FALSE;
}

/* The query may be written as it is meant, such as ids=["1"]; it is escaped later. */
static gboolean
is_plain (const char *target)
{
  size_t path = strcspn (target, "?");

  for (const char *c = target; *c != '\0'; c++)
    {
      gboolean in_path = (size_t) (c - target) < path;

      if (*c == '#' || g_ascii_iscntrl (*c))
        return FALSE;
      if (in_path && (!g_ascii_isgraph (*c) || strchr ("\\\"<>^`{|}", *c) != NULL))
        return FALSE;
      if (in_path && *c == '%' && (!g_ascii_isxdigit (c[1]) || !g_ascii_isxdigit (c[2])))
        return FALSE;
    }

  return TRUE;
}

/* Also in disguise: %2e is a dot, %2f a slash, to some servers. */
static gboolean
climbs (const char *path)
{
  g_autofree char *decoded = g_uri_unescape_string (path, NULL);
  g_auto (GStrv) parts = NULL;

  if (decoded == NULL || strchr (decoded, '\\') != NULL)
    return TRUE;

  parts = g_strsplit (decoded, "/", -1);
  for (char **part = parts; *part != NULL; part++)
    {
      if (strcmp (*part, ".") == 0 || strcmp (*part, "..") == 0 || strchr (*part, '%') != NULL)
        return TRUE;
    }

  return FALSE;
}

/* Where the path begins in an address that has been parsed. */
static const char *
path_of (const char *address)
{
  const char *authority = strstr (address, "://") + 3;

  return authority + strcspn (authority, "/?#");
}

static gboolean
is_same_host (const char *base,
              const char *target)
{
  const GUriFlags flags = G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD |
                          G_URI_FLAGS_SCHEME_NORMALIZE;
  g_autofree char *start = g_strndup (target, strcspn (target, "?"));
  g_autoptr (GUri) own = g_uri_parse (base, flags, NULL);
  g_autoptr (GUri) other = g_uri_parse (start, flags, NULL);

  return own != NULL && other != NULL && strstr (start, "://") != NULL &&
         g_uri_get_userinfo (other) == NULL &&
         g_uri_get_host (own) != NULL && g_uri_get_host (other) != NULL &&
         strcmp (g_uri_get_scheme (own), g_uri_get_scheme (other)) == 0 &&
         g_ascii_strcasecmp (g_uri_get_host (own), g_uri_get_host (other)) == 0 &&
         g_uri_get_port (own) == g_uri_get_port (other);
}

/* "name:" before any slash: an address, whole or mangled. */
static gboolean
has_scheme (const char *target)
{
  size_t length = strcspn (target, "/?:");

  return target[length] == ':';
}

/* The path that is meant, from the first slash on; %NULL with @error set. */
static char *
resolve_path (const char  *base,
              const char  *target,
              GError     **error)
{
  const char *base_path = path_of (base);
  size_t base_length = strcspn (base_path, "?#");

  if (has_scheme (target))
    {
      if (!is_same_host (base, target))
        {
          g_autofree char *host = g_strndup (base, (size_t) (base_path - base));

          g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_INSECURE,
                       "the token goes to %s only, and this address is elsewhere", host);
          return NULL;
        }
      return g_strdup (path_of (target));
    }

  if (g_str_has_prefix (target, "//"))
    {
      refuse (error, "an address without its “https:” is not taken");
      return NULL;
    }

  if (*target == '/')
    return g_strdup (target);

  /* A path that only lacks its first slash. */
  if (base_length > 1 && strncmp (target, base_path + 1, base_length - 1) == 0)
    return g_strconcat ("/", target, NULL);

  return g_strdup_printf ("%.*s%s%s", (int) base_length, base_path,
                          base_length > 0 && base_path[base_length - 1] == '/' ? "" : "/", target);
}

/**
 * lk_profile_dup_call_base:
 * @query: (out) (transfer full) (nullable): what the target itself has after its "?"
 *
 * Returns: (transfer full) (nullable): the address without a query
 */
char *
lk_profile_dup_call_base (LkProfile            *self,
                          LkValues             *values,
                          const LkCallRequest  *call,
                          char                **query,
                          GError              **error)
{
  LkStepSpec *api = self->steps[LK_STEP_API];
  const char *target = call->target;
  g_autofree char *base = NULL;
  g_autofree char *path = NULL;
  size_t length;

  *query = NULL;
  if (api == NULL || api->url == NULL)
    {
      g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_NO_STEP, "%s has no step “api”",
                   self->id);
      return NULL;
    }

  if (target == NULL || *target == '\0' || !is_plain (target))
    {
      refuse (error, "the address is empty, or holds what an address cannot");
      return NULL;
    }

  base = lk_template_fill_url (api->url, values, error);
  path = base != NULL ? resolve_path (base, target, error) : NULL;
  if (path == NULL)
    return NULL;

  length = strcspn (path, "?");
  if (path[length] == '?')
    *query = g_strdup (path + length + 1);
  path[length] = '\0';
  if (climbs (path))
    {
      g_clear_pointer (query, g_free);
      refuse (error, "the path must not hold “..”, also not written otherwise");
      return NULL;
    }

  return g_strdup_printf ("%.*s%s%s", (int) (path_of (base) - base), base,
                          *path != '\0' ? path : "/",
                          self->call_slash && *path != '\0' && !g_str_has_suffix (path, "/") ? "/"
                                                                                            : "");
}
