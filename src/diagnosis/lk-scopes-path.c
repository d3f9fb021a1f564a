/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Paths as people, logs and messages write them, in one normal form. */

#include <string.h>

#include "lk-scopes-private.h"

/* What stands before the path: "GET ", "https://host". */
static const char *
skip_front (const char *endpoint)
{
  const char *space = strrchr (endpoint, ' ');
  const char *scheme;
  const char *slash;

  if (space != NULL)
    endpoint = space + 1;
  scheme = strstr (endpoint, "://");
  if (scheme == NULL || scheme > endpoint + strcspn (endpoint, "/?"))
    return endpoint;
  slash = strpbrk (scheme + 3, "/?#");

  return slash != NULL ? slash : "";
}

static const char *
skip_version (const char *path)
{
  const char *rest = path;

  if (!g_str_has_prefix (path, "/open_api/v"))
    return path;
  rest += strlen ("/open_api/v");
  rest += strspn (rest, "0123456789.");

  return *rest == '/' ? rest : path;
}

/**
 * lk_scope_path_normalize:
 * @endpoint: path or whole address, perhaps with a method before it or ":GET" behind it
 * @versioned: a leading /open_api/v1.3 goes
 *
 * Returns: (transfer full): path with a leading slash, without query and trailing slash
 */
char *
lk_scope_path_normalize (const char *endpoint,
                         gboolean    versioned)
{
  g_autoptr (GString) path = g_string_new ("/");
  g_autofree char *trimmed = g_strstrip (g_strdup (endpoint));

  for (const char *p = skip_front (trimmed); *p != '\0' && strchr ("?#:", *p) == NULL; p++)
    {
      if (*p != '/' || path->str[path->len - 1] != '/')
        g_string_append_c (path, *p);
    }
  if (path->len > 1 && path->str[path->len - 1] == '/')
    g_string_truncate (path, path->len - 1);

  return g_strdup (versioned ? skip_version (path->str) : path->str);
}

/**
 * lk_scope_path_dup_fields:
 *
 * Returns: (transfer full) (nullable): what the query of an address asks for in "fields", either
 *   as a,b or as ["a","b"]; %NULL when it asks for nothing in particular
 */
char **
lk_scope_path_dup_fields (const char *endpoint)
{
  const char *query = strchr (endpoint, '?');
  g_auto (GStrv) pairs = NULL;

  if (query == NULL)
    return NULL;

  pairs = g_strsplit_set (query + 1, "&#", -1);
  for (unsigned int i = 0; pairs[i] != NULL; i++)
    {
      g_autofree char *list = NULL;

      if (!g_str_has_prefix (pairs[i], "fields="))
        continue;
      list = g_uri_unescape_string (pairs[i] + strlen ("fields="), NULL);

      return list != NULL ? g_strsplit_set (list, ",[]\" ", -1) : NULL;
    }

  return NULL;
}

/**
 * lk_scope_path_fits:
 * @pattern: normal form; a "*" alone is any one piece, and at the end all that follows
 * @path: normal form
 */
gboolean
lk_scope_path_fits (const char *pattern,
                    const char *path)
{
  while (*pattern == '/' && *path == '/')
    {
      size_t wanted = strcspn (++pattern, "/");
      size_t there = strcspn (++path, "/");
      gboolean any = wanted == 1 && *pattern == '*';

      if (any && pattern[1] == '\0')
        return there > 0;
      if (any ? there == 0 : wanted != there || strncmp (pattern, path, there) != 0)
        return FALSE;
      pattern += wanted;
      path += there;
    }

  return *pattern == '\0' && *path == '\0';
}
