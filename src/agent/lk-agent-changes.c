/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-changes.h"

/* Named one by one; of more than that, how many. */
#define MAX_NAMED 10

typedef struct
{
  GString *text; /* (owned) */
  guint    count;
} Changes;

static void
changes_add (Changes *self, const char *sign, const char *name, const char *more)
{
  if (self->count++ >= MAX_NAMED)
    return;
  if (self->text->len > 0)
    g_string_append (self->text, ", ");
  g_string_append (self->text, sign);
  g_string_append (self->text, name);
  g_string_append (self->text, more);
}

static char *
changes_end (Changes *self)
{
  if (self->count > MAX_NAMED)
    g_string_append_printf (self->text, ", … (%u)", self->count);
  return g_string_free (self->text, self->count == 0);
}

static const LkAccount *
find_account (GPtrArray *accounts, const char *id)
{
  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    {
      const LkAccount *account = accounts->pdata[i];

      if (g_str_equal (account->id, id))
        return account;
    }
  return NULL;
}

static const char *
name_of (const LkAccount *account)
{
  return account->name != NULL && *account->name != '\0' ? account->name : account->id;
}

static void
add_missing (Changes *changes, const char *sign, GPtrArray *of, GPtrArray *in)
{
  for (guint i = 0; of != NULL && i < of->len; i++)
    {
      const LkAccount *account = of->pdata[i];

      if (find_account (in, account->id) == NULL)
        changes_add (changes, sign, name_of (account), "");
    }
}

char *
lk_agent_changes_of_accounts (GPtrArray *old, GPtrArray *now)
{
  Changes changes = { .text = g_string_new (NULL) };

  add_missing (&changes, "+ ", now, old);
  add_missing (&changes, "− ", old, now);
  return changes_end (&changes);
}

static void
add_missing_words (Changes *changes, const char *sign, char **of, char **in)
{
  for (gsize i = 0; of != NULL && of[i] != NULL; i++)
    if (in == NULL || !g_strv_contains ((const char * const *) in, of[i]))
      changes_add (changes, sign, of[i], "");
}

char *
lk_agent_changes_of_words (char **old, char **now)
{
  Changes changes = { .text = g_string_new (NULL) };

  add_missing_words (&changes, "+ ", now, old);
  add_missing_words (&changes, "− ", old, now);
  return changes_end (&changes);
}

char *
lk_agent_changes_of_roles (GVariant *old, GVariant *now, GPtrArray *accounts)
{
  Changes changes = { .text = g_string_new (NULL) };
  const char *account;
  const char *role;
  GVariantIter iter;

  g_variant_iter_init (&iter, now);
  while (g_variant_iter_next (&iter, "{&s&s}", &account, &role))
    {
      const LkAccount *known = find_account (accounts, account);
      const char *before = NULL;
      g_autofree char *more = NULL;

      if (old == NULL || !g_variant_lookup (old, account, "&s", &before)
          || g_str_equal (before, role))
        continue;
      more = g_strdup_printf (": %s → %s", before, role);
      changes_add (&changes, "", known != NULL ? name_of (known) : account, more);
    }
  return changes_end (&changes);
}
