/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-secret.h"

#include <string.h>

struct _LkSecret
{
  gatomicrefcount  ref_count;
  char            *value; /* (owned) */
  size_t           length;
};

G_DEFINE_BOXED_TYPE (LkSecret, lk_secret, lk_secret_ref, lk_secret_unref)

/**
 * lk_secret_new:
 * @value: the secret text; the caller keeps, and wipes, its own copy
 *
 * Returns: (transfer full):
 */
LkSecret *
lk_secret_new (const char *value)
{
  g_return_val_if_fail (value != NULL, NULL);

  return lk_secret_new_take (g_strdup (value));
}

/**
 * lk_secret_new_take:
 * @value: (transfer full): the secret text
 *
 * Returns: (transfer full):
 */
LkSecret *
lk_secret_new_take (char *value)
{
  LkSecret *self;

  g_return_val_if_fail (value != NULL, NULL);

  self = g_new0 (LkSecret, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->value = value;
  self->length = strlen (value);

  return self;
}

LkSecret *
lk_secret_ref (LkSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
lk_secret_unref (LkSecret *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  lk_wipe_string (self->value);
  g_free (self);
}

/**
 * lk_secret_open:
 * @self: a secret
 *
 * To be called only where a request or a keyring item is built.
 *
 * Returns: (transfer none): the text, valid while a reference is held
 */
const char *
lk_secret_open (LkSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->value;
}

size_t
lk_secret_get_length (LkSecret *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length;
}

/**
 * lk_secret_dup_fingerprint:
 * @self: a secret
 *
 * Returns: (transfer full): the first eight hexadecimal digits of its SHA-256, which may be shown
 *   and logged
 */
char *
lk_secret_dup_fingerprint (LkSecret *self)
{
  g_autofree char *digest = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) self->value,
                                        self->length);

  return g_strndup (digest, 8);
}

gboolean
lk_secret_equal (LkSecret *a,
                 LkSecret *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return lk_equal_in_constant_time (a->value, b->value);
}

/**
 * lk_wipe:
 * @memory: (nullable): memory that held a secret
 * @size: its size in bytes
 *
 * Overwrites memory in a way that the compiler does not leave out.
 */
void
lk_wipe (void   *memory,
         size_t  size)
{
  if (memory != NULL)
    explicit_bzero (memory, size);
}

/**
 * lk_wipe_string:
 * @text: (transfer full) (nullable): text that held a secret
 *
 * Overwrites and frees it.
 */
void
lk_wipe_string (char *text)
{
  if (text == NULL)
    return;

  explicit_bzero (text, strlen (text));
  g_free (text);
}

/**
 * lk_equal_in_constant_time:
 * @a: (nullable): a text
 * @b: (nullable): another
 *
 * Compares without telling by its duration where the texts part. Their lengths are not hidden.
 */
gboolean
lk_equal_in_constant_time (const char *a,
                           const char *b)
{
  volatile unsigned char difference = 0;
  size_t length;

  if (a == NULL || b == NULL)
    return a == b;

  length = strlen (a);
  if (length != strlen (b))
    return FALSE;

  for (size_t i = 0; i < length; i++)
    difference |= (unsigned char) a[i] ^ (unsigned char) b[i];

  return difference == 0;
}
