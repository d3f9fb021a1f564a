/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The other side may send back what it was sent, in any field. Nothing of that may reach the disk,
 * the bus or the window; guessing by its looks, as lk_redact() does, is not enough for what is
 * known. */

#include "lk-profile-private.h"

#include <string.h>

#define MASK     "[hidden]"
#define SHORTEST 6 /* bytes: shorter ones stand in ordinary words */

static gboolean
mask_one (char       **text,
          const char  *secret)
{
  g_autoptr (GString) masked = NULL;

  if (strlen (secret) < SHORTEST || strstr (*text, secret) == NULL)
    return FALSE;

  masked = g_string_new (*text);
  g_string_replace (masked, secret, MASK, 0);
  g_free (*text);
  *text = g_string_free (g_steal_pointer (&masked), FALSE);

  return TRUE;
}

/**
 * lk_values_mask:
 * @text: (inout) (nullable): text of another side
 *
 * Masks the secrets among the values, also percent-encoded.
 *
 * Returns: whether there was one
 */
gboolean
lk_values_mask (LkValues  *self,
                char     **text)
{
  static const char * const names[] = {
    "token.access", "token.refresh", "client.secret", "code", "pkce.verifier"
  };
  gboolean masked = FALSE;

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  for (size_t i = 0; *text != NULL && i < G_N_ELEMENTS (names); i++)
    {
      const char *value = lk_values_get (self, names[i]);
      g_autoptr (LkSecret) escaped = NULL;

      if (value == NULL)
        continue;
      escaped = lk_secret_new_take (g_uri_escape_string (value, NULL, FALSE));
      masked |= mask_one (text, value);
      masked |= mask_one (text, lk_secret_open (escaped));
    }

  return masked;
}

void
lk_values_mask_fault (LkValues *self,
                      LkFault  *fault)
{
  char **texts[] = {
    &fault->endpoint, &fault->account, &fault->code, &fault->sub, &fault->type, &fault->message,
    &fault->trace_id,
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    lk_values_mask (self, texts[i]);
}

void
lk_values_mask_accounts (LkValues  *self,
                         GPtrArray *accounts)
{
  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    {
      LkAccount *account = g_ptr_array_index (accounts, i);

      lk_values_mask (self, &account->id);
      lk_values_mask (self, &account->name);
    }
}

void
lk_values_mask_answer (LkValues      *self,
                       LkProbeAnswer *answer)
{
  g_return_if_fail (self != NULL && answer != NULL);

  lk_values_mask (self, &answer->trace_id);
  if (answer->fault != NULL)
    lk_values_mask_fault (self, answer->fault);
  for (guint i = 0; i < answer->rows->len; i++)
    {
      GHashTableIter iter;
      gpointer value;

      g_hash_table_iter_init (&iter, g_ptr_array_index (answer->rows, i));
      while (g_hash_table_iter_next (&iter, NULL, &value))
        {
          char *text = g_strdup (value);

          if (lk_values_mask (self, &text))
            g_hash_table_iter_replace (&iter, g_steal_pointer (&text));
          g_free (text);
        }
    }
}
