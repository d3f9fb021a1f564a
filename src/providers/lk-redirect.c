/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

#define MAX_REDIRECT 512

static gboolean
is_loopback (const char *host)
{
  return host != NULL && (g_ascii_strcasecmp (host, "localhost") == 0 ||
                          strcmp (host, "127.0.0.1") == 0 || strcmp (host, "::1") == 0);
}

/**
 * lk_address_is_allowed:
 * @address: an address, possibly with placeholders after its host
 *
 * Returns: whether it is https, or http on this machine, and its host is spelled out
 */
gboolean
lk_address_is_allowed (const char *address)
{
  const char *authority = strstr (address, "://");
  g_autofree char *start = NULL;
  g_autoptr (GUri) uri = NULL;
  size_t length;

  if (authority == NULL)
    return FALSE;

  length = (size_t) (authority - address) + 3 + strcspn (authority + 3, "/?#");
  start = g_strndup (address, length);
  if (strpbrk (start, "{}@\\ ") != NULL)
    return FALSE;

  uri = g_uri_parse (start, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return FALSE;

  if (strcmp (g_uri_get_scheme (uri), "https") == 0)
    return TRUE;

  return strcmp (g_uri_get_scheme (uri), "http") == 0 && is_loopback (g_uri_get_host (uri));
}

static gboolean
refuse (GError          **error,
        LkProviderError   code,
        const char       *message)
{
  g_set_error_literal (error, LK_PROVIDER_ERROR, (int) code, message);

  return FALSE;
}

/* "*" as a port is how a provider lets any port be used; it is no address otherwise. */
static GUri *
parse_redirect (const char *redirect,
                gboolean   *any_port)
{
  const char *star = strstr (redirect, ":*/");
  g_autoptr (GString) plain = g_string_new (redirect);

  *any_port = star != NULL && strpbrk (redirect, "?#") == NULL;
  if (*any_port)
    {
      g_string_erase (plain, star - redirect + 1, 1);
      g_string_insert (plain, star - redirect + 1, "1");
    }

  return g_uri_parse (plain->str, G_URI_FLAGS_ENCODED, NULL);
}

static gboolean
check_loopback (LkProfile  *self,
                GUri       *uri,
                gboolean    any_port,
                GError    **error)
{
  if ((self->modes & (LK_REDIRECT_LOOPBACK | LK_REDIRECT_LOOPBACK_REGISTERED)) == 0)
    return refuse (error, LK_PROVIDER_ERROR_INSECURE,
                   "this provider only takes https redirect addresses");

  if (any_port && !self->any_port)
    return refuse (error, LK_PROVIDER_ERROR_SYNTAX,
                   "this provider does not take “*” as a port");

  if (g_uri_get_port (uri) <= 0)
    return refuse (error, LK_PROVIDER_ERROR_SYNTAX,
                   "the redirect address needs a port, such as http://127.0.0.1:17817/callback/");

  return TRUE;
}

gboolean
lk_profile_check_redirect (LkProfile   *self,
                           const char  *redirect,
                           GError     **error)
{
  g_autoptr (GUri) uri = NULL;
  gboolean any_port = FALSE;
  const char *scheme;

  g_return_val_if_fail (self != NULL, FALSE);

  if (redirect == NULL || strlen (redirect) >= MAX_REDIRECT)
    return refuse (error, LK_PROVIDER_ERROR_SYNTAX,
                   "the redirect address is missing or too long");

  uri = parse_redirect (redirect, &any_port);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return refuse (error, LK_PROVIDER_ERROR_SYNTAX, "the redirect is not a whole address");

  if (g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL ||
      g_uri_get_fragment (uri) != NULL)
    return refuse (error, LK_PROVIDER_ERROR_SYNTAX,
                   "the redirect address must end with its path, without “?” or “#”");

  if (self->trailing_slash && !g_str_has_suffix (g_uri_get_path (uri), "/"))
    return refuse (error, LK_PROVIDER_ERROR_SYNTAX,
                   "the redirect address must end with a slash for this provider");

  scheme = g_uri_get_scheme (uri);
  if (is_loopback (g_uri_get_host (uri)) && strcmp (scheme, "http") == 0)
    return check_loopback (self, uri, any_port, error);

  if (strcmp (scheme, "https") != 0)
    return refuse (error, LK_PROVIDER_ERROR_INSECURE,
                   "the redirect address must be https, or http on 127.0.0.1");

  if ((self->modes & LK_REDIRECT_HTTPS_PASTE) == 0)
    return refuse (error, LK_PROVIDER_ERROR_SYNTAX,
                   "this provider is signed in to through an address on this machine");

  return TRUE;
}
