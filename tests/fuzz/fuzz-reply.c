/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Token replies, refusals and probe answers of every shipped profile: never a crash, never an
 * access token that the profile's "ok" does not cover, always either tokens or a fault. */

#include "fuzz.h"
#include "lk-profile-calls.h"
#include "lk-profile-set.h"

static void
read_with (LkProfile  *profile,
           LkStep      step,
           GBytes     *body)
{
  static const int statuses[] = { 200, 400, 401, 500 };

  for (size_t i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(LkReply) reply = lk_reply_new (statuses[i], body);
      g_autoptr(LkTokenSet) tokens = NULL;
      g_autoptr(LkFault) fault = NULL;
      g_autoptr(LkFault) other = NULL;
      g_autoptr(GPtrArray) accounts = NULL;
      g_autofree char *identity = NULL;
      g_autofree char *label = NULL;

      tokens = lk_profile_read_tokens (profile, step, reply, 1700000000, &identity, &label,
                                       &accounts, &fault);
      g_assert ((tokens == NULL) == (fault != NULL));
      g_assert (tokens == NULL || statuses[i] == 200);
      other = lk_profile_read_reply (profile, LK_STEP_VERIFY, reply);
    }
}

/* Rows or a fault, never both, and texts that are texts. */
static void
probe_with (LkProfile *profile,
            GBytes    *body)
{
  g_auto(GStrv) names = lk_profile_dup_probe_names (profile);
  g_autoptr(LkReply) reply = lk_reply_new (200, body);

  for (char **name = names; *name != NULL; name++)
    {
      g_autoptr(LkProbeAnswer) answer = lk_probe_answer_new (*name, NULL, NULL);
      g_autoptr(GVariant) dict = NULL;

      lk_profile_read_probe (profile, reply, answer);
      g_assert (answer->fault == NULL || answer->rows->len == 0);
      dict = g_variant_ref_sink (lk_probe_answer_to_variant (answer));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static LkProfileSet *profiles = NULL;
  g_autoptr(GBytes) body = g_bytes_new (data, size);
  GPtrArray *all;

  if (profiles == NULL)
    profiles = lk_profile_set_new (NULL);

  all = lk_profile_set_get_profiles (profiles);
  for (size_t i = 0; i < all->len; i++)
    {
      read_with (g_ptr_array_index (all, i), LK_STEP_TOKEN, body);
      read_with (g_ptr_array_index (all, i), LK_STEP_REFRESH, body);
    }

  /* One profile a time: they have two dozen probes together. */
  probe_with (g_ptr_array_index (all, size % all->len), body);

  return 0;
}
