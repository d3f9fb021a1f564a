/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-facts.h"

#include <stddef.h>

/* What a stranger on the bus may make us keep. */
#define MAX_ANSWERS 500

static const struct
{
  const char *key;
  size_t      offset;
} text_fields[] = {
  { "connection", offsetof (LkFacts, connection) },
  { "name", offsetof (LkFacts, name) },
  { "provider", offsetof (LkFacts, provider) },
  { "family", offsetof (LkFacts, family) },
  { "client", offsetof (LkFacts, client) },
  { "client-id", offsetof (LkFacts, client_id) },
  { "identity", offsetof (LkFacts, identity) },
  { "identity-name", offsetof (LkFacts, identity_name) },
};

static const struct
{
  const char *key;
  size_t      offset;
} truth_fields[] = {
  { "accounts-known", offsetof (LkFacts, accounts_known) },
  { "can-renew", offsetof (LkFacts, can_renew) },
  { "renewed", offsetof (LkFacts, renewed) },
  { "offline", offsetof (LkFacts, offline) },
};

static const struct
{
  const char *key;
  size_t      offset;
} time_fields[] = {
  { "signed-in", offsetof (LkFacts, signed_in) },
  { "last-verified", offsetof (LkFacts, last_verified) },
  { "now", offsetof (LkFacts, now) },
};

#define FIELD(self, type, field) ((type *) G_STRUCT_MEMBER_P ((self), (field).offset))

LkFacts *
lk_facts_new (void)
{
  LkFacts *self = g_new0 (LkFacts, 1);

  self->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_account_free);
  self->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_probe_answer_free);

  return self;
}

LkFacts *
lk_facts_copy (const LkFacts *self)
{
  LkFacts *copy = lk_facts_new ();

  copy->fault = lk_fault_copy (self->fault);
  for (size_t i = 0; i < G_N_ELEMENTS (text_fields); i++)
    *FIELD (copy, char *, text_fields[i]) = g_strdup (*FIELD (self, char *, text_fields[i]));
  for (size_t i = 0; i < G_N_ELEMENTS (truth_fields); i++)
    *FIELD (copy, gboolean, truth_fields[i]) = *FIELD (self, gboolean, truth_fields[i]);
  for (size_t i = 0; i < G_N_ELEMENTS (time_fields); i++)
    *FIELD (copy, gint64, time_fields[i]) = *FIELD (self, gint64, time_fields[i]);
  copy->scopes_asked = g_strdupv (self->scopes_asked);
  copy->scopes_granted = g_strdupv (self->scopes_granted);
  for (guint i = 0; i < self->accounts->len; i++)
    g_ptr_array_add (copy->accounts, lk_account_copy (g_ptr_array_index (self->accounts, i)));
  for (guint i = 0; i < self->answers->len; i++)
    g_ptr_array_add (copy->answers, lk_probe_answer_copy (g_ptr_array_index (self->answers, i)));

  return copy;
}

void
lk_facts_free (LkFacts *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->fault, lk_fault_free);
  for (size_t i = 0; i < G_N_ELEMENTS (text_fields); i++)
    g_free (*FIELD (self, char *, text_fields[i]));
  g_strfreev (self->scopes_asked);
  g_strfreev (self->scopes_granted);
  g_ptr_array_unref (self->accounts);
  g_ptr_array_unref (self->answers);
  g_free (self);
}

void
lk_facts_take_answer (LkFacts *self, LkProbeAnswer *answer)
{
  for (guint i = 0; i < self->answers->len; i++)
    {
      const LkProbeAnswer *old = g_ptr_array_index (self->answers, i);

      if (g_str_equal (old->probe, answer->probe) && g_strcmp0 (old->center, answer->center) == 0
          && g_strcmp0 (old->account, answer->account) == 0)
        {
          g_ptr_array_remove_index (self->answers, i);
          break;
        }
    }
  g_ptr_array_add (self->answers, answer);
}

const LkProbeAnswer *
lk_facts_find (const LkFacts *self, const char *probe, const char *center, const char *account)
{
  for (guint i = 0; i < self->answers->len; i++)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (self->answers, i);

      if (g_str_equal (answer->probe, probe) && g_strcmp0 (answer->center, center) == 0
          && g_strcmp0 (answer->account, account) == 0)
        return answer;
    }

  return NULL;
}

/**
 * lk_facts_reaches:
 * @account: (nullable)
 *
 * Returns: whether the connection is known to reach the account
 */
gboolean
lk_facts_reaches (const LkFacts *self, const char *account)
{
  for (guint i = 0; i < self->accounts->len; i++)
    {
      const LkAccount *known = g_ptr_array_index (self->accounts, i);

      if (account != NULL && g_strcmp0 (known->id, account) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
insert_words (GVariantDict *dict, const char *key, char **words)
{
  if (words != NULL)
    g_variant_dict_insert_value (dict, key, g_variant_new_strv ((const char * const *) words, -1));
}

static GVariant *
accounts_to_variant (const LkFacts *self)
{
  GVariantBuilder accounts;

  g_variant_builder_init (&accounts, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < self->accounts->len; i++)
    {
      const LkAccount *account = g_ptr_array_index (self->accounts, i);
      g_autofree char *name = g_utf8_make_valid (account->name != NULL ? account->name : "", -1);

      g_variant_builder_add (&accounts, "(ss)", account->id, name);
    }

  return g_variant_builder_end (&accounts);
}

/**
 * lk_facts_to_variant:
 *
 * Returns: (transfer floating): a{sv} with the fields by their names in the structure, hyphens for
 *   underscores; accounts is a(ss), answers aa{sv}; what is not known is left out
 */
GVariant *
lk_facts_to_variant (const LkFacts *self)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  GVariantBuilder answers;

  if (self->fault != NULL)
    g_variant_dict_insert_value (&dict, "fault", lk_fault_to_variant (self->fault));
  for (size_t i = 0; i < G_N_ELEMENTS (text_fields); i++)
    {
      const char *text = *FIELD (self, char *, text_fields[i]);
      g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

      if (valid != NULL)
        g_variant_dict_insert (&dict, text_fields[i].key, "s", valid);
    }
  for (size_t i = 0; i < G_N_ELEMENTS (truth_fields); i++)
    g_variant_dict_insert (&dict, truth_fields[i].key, "b",
                           *FIELD (self, gboolean, truth_fields[i]));
  for (size_t i = 0; i < G_N_ELEMENTS (time_fields); i++)
    g_variant_dict_insert (&dict, time_fields[i].key, "x", *FIELD (self, gint64, time_fields[i]));
  insert_words (&dict, "scopes-asked", self->scopes_asked);
  insert_words (&dict, "scopes-granted", self->scopes_granted);
  g_variant_dict_insert_value (&dict, "accounts", accounts_to_variant (self));
  g_variant_builder_init (&answers, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < self->answers->len; i++)
    g_variant_builder_add_value (&answers, lk_probe_answer_to_variant (
                                             g_ptr_array_index (self->answers, i)));
  g_variant_dict_insert_value (&dict, "answers", g_variant_builder_end (&answers));

  return g_variant_dict_end (&dict);
}

static void
accounts_from_variant (LkFacts *self, GVariant *accounts)
{
  GVariantIter iter;
  const char *id, *name;

  g_variant_iter_init (&iter, accounts);
  while (g_variant_iter_next (&iter, "(&s&s)", &id, &name))
    g_ptr_array_add (self->accounts, lk_account_new (id, *name != '\0' ? name : NULL));
}

static void
answers_from_variant (LkFacts *self, GVariant *answers)
{
  GVariantIter iter;
  GVariant *child;

  g_variant_iter_init (&iter, answers);
  while (self->answers->len < MAX_ANSWERS
         && (child = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_autoptr(GVariant) owned = child;
      LkProbeAnswer *answer = lk_probe_answer_from_variant (owned);

      if (answer != NULL)
        lk_facts_take_answer (self, answer);
    }
}

/**
 * lk_facts_from_variant:
 * @dict: an a{sv} as lk_facts_to_variant() makes
 *
 * Keys that are unknown or of another type are passed over.
 *
 * Returns: (transfer full): the facts
 */
LkFacts *
lk_facts_from_variant (GVariant *dict)
{
  LkFacts *self = lk_facts_new ();
  g_autoptr(GVariant) fault = NULL;
  g_autoptr(GVariant) accounts = NULL;
  g_autoptr(GVariant) answers = NULL;

  if (dict == NULL || !g_variant_is_of_type (dict, G_VARIANT_TYPE_VARDICT))
    return self;

  fault = g_variant_lookup_value (dict, "fault", G_VARIANT_TYPE_VARDICT);
  self->fault = lk_fault_from_variant (fault);
  for (size_t i = 0; i < G_N_ELEMENTS (text_fields); i++)
    g_variant_lookup (dict, text_fields[i].key, "s", FIELD (self, char *, text_fields[i]));
  for (size_t i = 0; i < G_N_ELEMENTS (truth_fields); i++)
    g_variant_lookup (dict, truth_fields[i].key, "b", FIELD (self, gboolean, truth_fields[i]));
  for (size_t i = 0; i < G_N_ELEMENTS (time_fields); i++)
    g_variant_lookup (dict, time_fields[i].key, "x", FIELD (self, gint64, time_fields[i]));
  g_variant_lookup (dict, "scopes-asked", "^as", &self->scopes_asked);
  g_variant_lookup (dict, "scopes-granted", "^as", &self->scopes_granted);
  accounts = g_variant_lookup_value (dict, "accounts", G_VARIANT_TYPE ("a(ss)"));
  if (accounts != NULL)
    accounts_from_variant (self, accounts);
  answers = g_variant_lookup_value (dict, "answers", G_VARIANT_TYPE ("aa{sv}"));
  if (answers != NULL)
    answers_from_variant (self, answers);

  return self;
}
