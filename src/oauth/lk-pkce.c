/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include <errno.h>
#include <sys/random.h>

#include "lk-sign-in.h"

#define VERIFIER_BYTES 48 /* 64 characters; RFC 7636 allows 43 to 128 */
#define DIGEST_BYTES   32

static void
fill_random (guint8 *memory,
             size_t  size)
{
  size_t done = 0;

  while (done < size)
    {
      ssize_t n = getrandom (memory + done, size - done, 0);

      if (n > 0)
        done += (size_t) n;
      else if (errno != EINTR)
        g_error ("The system has no random numbers: %s", g_strerror (errno));
    }
}

static char *
to_base64url (const guint8 *memory,
              size_t        size)
{
  char *text = g_base64_encode (memory, size);

  for (char *c = text; *c != '\0'; c++)
    {
      if (*c == '+')
        *c = '-';
      else if (*c == '/')
        *c = '_';
      else if (*c == '=')
        *c = '\0';

      if (*c == '\0')
        break;
    }

  return text;
}

/**
 * lk_random_token:
 * @bytes: how many random bytes it carries
 *
 * Returns: (transfer full): base64url without padding
 */
char *
lk_random_token (size_t bytes)
{
  g_autofree guint8 *memory = g_malloc (bytes);
  char *text = NULL;

  fill_random (memory, bytes);
  text = to_base64url (memory, bytes);
  lk_wipe (memory, bytes);

  return text;
}

/**
 * lk_pkce_new_verifier:
 *
 * Returns: (transfer full): a fresh code verifier (RFC 7636, 4.1)
 */
LkSecret *
lk_pkce_new_verifier (void)
{
  return lk_secret_new_take (lk_random_token (VERIFIER_BYTES));
}

/**
 * lk_pkce_dup_challenge:
 * @pkce: how the SHA-256 is written
 *
 * Returns: (transfer full) (nullable): the challenge, %NULL for %LK_PKCE_NONE
 */
char *
lk_pkce_dup_challenge (LkSecret *verifier,
                       LkPkce    pkce)
{
  g_autoptr(GChecksum) checksum = NULL;
  guint8 digest[DIGEST_BYTES];
  gsize size = sizeof digest;

  g_return_val_if_fail (verifier != NULL, NULL);

  if (pkce == LK_PKCE_NONE)
    return NULL;

  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, (const guchar *) lk_secret_open (verifier),
                     (gssize) lk_secret_get_length (verifier));
  if (pkce == LK_PKCE_HEX)
    return g_strdup (g_checksum_get_string (checksum));

  g_checksum_get_digest (checksum, digest, &size);

  return to_base64url (digest, size);
}
