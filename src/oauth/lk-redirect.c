/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-redirect-private.h"

#include <string.h>

/* Splits "http://HOST[:PORT]/PATH" where PORT may be "*", which no URI parser takes. FALSE when it
 * is not plain http on loopback. Where any port is allowed, none means any (RFC 8252, 7.3). */
static gboolean
lk_redirect_read_loopback (LkRedirect *self,
                           const char *uri,
                           gboolean    any_port)
{
  static const char * const hosts[] = { "127.0.0.1", "localhost", "[::1]" };
  const char *rest = NULL;
  const char *slash = NULL;
  guint64 port = any_port ? 0 : 80;

  if (!g_str_has_prefix (uri, "http://"))
    return FALSE;

  rest = uri + strlen ("http://");
  for (size_t i = 0; i < G_N_ELEMENTS (hosts) && self->host == NULL; i++)
    {
      if (g_str_has_prefix (rest, hosts[i]) && strchr (":/", rest[strlen (hosts[i])]) != NULL)
        self->host = g_strdup (hosts[i]);
    }
  if (self->host == NULL)
    return FALSE;

  rest += strlen (self->host);
  slash = strchr (rest, '/');
  self->path = g_strdup (slash != NULL ? slash : "/");
  if (*rest == ':')
    {
      g_autofree char *text = g_strndup (rest + 1, strcspn (rest + 1, "/"));

      if (g_str_equal (text, "*"))
        port = 0;
      else if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
        return FALSE;
    }

  self->port = (guint16) port;

  return TRUE;
}

/* The client's own redirect decides; the profile only says what is possible at all. */
static const char *
find_registered (LkProfile            *profile,
                 const LkClientRecord *client)
{
  const char *registered = client->redirect;

  if (registered == NULL || *registered == '\0')
    registered = lk_profile_get_redirect_register (profile);

  return registered != NULL && *registered != '\0' ? registered : NULL;
}

/**
 * lk_redirect_choose:
 *
 * Returns: (transfer full): where the answer will come to. LK_PROVIDER_ERROR_MISSING_VALUE when
 *   the provider needs a registered address and the client has none
 */
LkRedirect *
lk_redirect_choose (LkProfile             *profile,
                    const LkClientRecord  *client,
                    GError               **error)
{
  g_autoptr(LkRedirect) self = g_new0 (LkRedirect, 1);
  LkRedirectModes modes = lk_profile_get_redirect_modes (profile);
  const char *registered = find_registered (profile, client);

  if (registered == NULL && (modes & LK_REDIRECT_LOOPBACK) != 0)
    {
      const char *path = lk_profile_get_redirect_path (profile);

      self->listen = TRUE;
      self->host = g_strdup ("127.0.0.1");
      self->path = g_strdup (path != NULL ? path : "/callback/");
      return g_steal_pointer (&self);
    }

  if (registered == NULL)
    {
      g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_MISSING_VALUE,
                   "%s needs the redirect address that is registered for the developer app",
                   lk_profile_get_name (profile));
      return NULL;
    }

  if (lk_redirect_read_loopback (self, registered, (modes & LK_REDIRECT_LOOPBACK) != 0))
    {
      self->listen = (modes & (LK_REDIRECT_LOOPBACK | LK_REDIRECT_LOOPBACK_REGISTERED)) != 0;
      if (self->port != 0)
        self->uri = g_strdup (registered);
    }
  else
    {
      self->uri = g_strdup (registered);
    }

  if (!self->listen && !g_str_has_prefix (registered, "https://"))
    {
      g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_INSECURE,
                   "%s cannot answer to the registered redirect address",
                   lk_profile_get_name (profile));
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * lk_redirect_dup_uri:
 * @port: the port that is listened on
 *
 * Returns: (transfer full): the address, the same bytes in every step
 */
char *
lk_redirect_dup_uri (const LkRedirect *self,
                     guint16           port)
{
  if (self->uri != NULL)
    return g_strdup (self->uri);

  return g_strdup_printf ("http://%s:%u%s", self->host, (guint) port, self->path);
}

void
lk_redirect_free (LkRedirect *self)
{
  g_free (self->uri);
  g_free (self->host);
  g_free (self->path);
  g_free (self);
}
