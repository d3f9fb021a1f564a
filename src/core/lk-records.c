/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-records.h"

LkClientRecord *
lk_client_record_copy (const LkClientRecord *self)
{
  LkClientRecord *copy;

  if (self == NULL)
    return NULL;

  copy = g_new0 (LkClientRecord, 1);
  copy->name = g_strdup (self->name);
  copy->provider = g_strdup (self->provider);
  copy->client_id = g_strdup (self->client_id);
  copy->redirect = g_strdup (self->redirect);
  copy->created = self->created;

  return copy;
}

void
lk_client_record_free (LkClientRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->provider);
  g_free (self->client_id);
  g_free (self->redirect);
  g_free (self);
}

LkAccount *
lk_account_new (const char *id,
                const char *name)
{
  LkAccount *self = g_new0 (LkAccount, 1);

  self->id = g_strdup (id);
  self->name = g_strdup (name);

  return self;
}

LkAccount *
lk_account_copy (const LkAccount *self)
{
  return self != NULL ? lk_account_new (self->id, self->name) : NULL;
}

void
lk_account_free (LkAccount *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

static GPtrArray *
new_accounts (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) lk_account_free);
}

static GPtrArray *
copy_accounts (GPtrArray *accounts)
{
  GPtrArray *copy = new_accounts ();

  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    g_ptr_array_add (copy, lk_account_copy (g_ptr_array_index (accounts, i)));

  return copy;
}

static const char * const parked_words[] = { "", "moved", "held" };

const char *
lk_parked_to_string (LkParked parked)
{
  return parked_words[parked];
}

gboolean
lk_parked_from_string (const char *word,
                       LkParked   *parked)
{
  for (guint i = 0; i < G_N_ELEMENTS (parked_words); i++)
    if (g_strcmp0 (word, parked_words[i]) == 0)
      {
        *parked = (LkParked) i;
        return TRUE;
      }

  return FALSE;
}

/**
 * lk_connection_record_new:
 *
 * Returns: (transfer full): an empty record with an empty list of accounts
 */
LkConnectionRecord *
lk_connection_record_new (void)
{
  LkConnectionRecord *self = g_new0 (LkConnectionRecord, 1);

  self->accounts = new_accounts ();

  return self;
}

LkConnectionRecord *
lk_connection_record_copy (const LkConnectionRecord *self)
{
  LkConnectionRecord *copy;

  if (self == NULL)
    return NULL;

  copy = g_new0 (LkConnectionRecord, 1);
  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->client = g_strdup (self->client);
  copy->provider = g_strdup (self->provider);
  copy->identity = g_strdup (self->identity);
  copy->identity_name = g_strdup (self->identity_name);
  copy->accounts = copy_accounts (self->accounts);
  copy->scopes_asked = g_strdupv (self->scopes_asked);
  copy->scopes_granted = g_strdupv (self->scopes_granted);
  copy->fingerprint = g_strdup (self->fingerprint);
  copy->parked_file = g_strdup (self->parked_file);
  copy->fault = lk_fault_copy (self->fault);
  copy->refusal = lk_fault_copy (self->refusal);

  return copy;
}

void
lk_connection_record_free (LkConnectionRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->name);
  g_free (self->client);
  g_free (self->provider);
  g_free (self->identity);
  g_free (self->identity_name);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_strfreev (self->scopes_asked);
  g_strfreev (self->scopes_granted);
  g_free (self->fingerprint);
  g_free (self->parked_file);
  lk_fault_free (self->fault);
  lk_fault_free (self->refusal);
  g_free (self);
}

char **
lk_connection_record_dup_missing_scopes (const LkConnectionRecord *self)
{
  g_autoptr (GStrvBuilder) missing = g_strv_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);

  if (self->scopes_asked != NULL && self->scopes_granted != NULL)
    {
      const char * const *granted = (const char * const *) self->scopes_granted;

      for (char **scope = self->scopes_asked; *scope != NULL; scope++)
        {
          if (!g_strv_contains (granted, *scope))
            g_strv_builder_add (missing, *scope);
        }
    }

  return g_strv_builder_end (missing);
}

/**
 * lk_event_new:
 * @connection: id of the connection
 * @at: seconds since 1970 UTC
 * @kind: see #LkEvent
 * @text: (nullable): see #LkEvent
 *
 * Returns: (transfer full): an event that is not stored yet
 */
LkEvent *
lk_event_new (const char *connection,
              gint64      at,
              const char *kind,
              const char *text)
{
  LkEvent *self = g_new0 (LkEvent, 1);

  self->connection = g_strdup (connection);
  self->at = at;
  self->kind = g_strdup (kind);
  self->text = g_strdup (text);

  return self;
}

LkEvent *
lk_event_copy (const LkEvent *self)
{
  LkEvent *copy;

  if (self == NULL)
    return NULL;

  copy = lk_event_new (self->connection, self->at, self->kind, self->text);
  copy->id = self->id;
  copy->connection_name = g_strdup (self->connection_name);
  copy->fault = lk_fault_copy (self->fault);
  copy->count = self->count;
  copy->repeatable = self->repeatable;

  return copy;
}

void
lk_event_free (LkEvent *self)
{
  if (self == NULL)
    return;

  g_free (self->connection);
  g_free (self->connection_name);
  g_free (self->kind);
  g_free (self->text);
  lk_fault_free (self->fault);
  g_free (self);
}

GVariant *
lk_event_to_variant (const LkEvent *self)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  g_variant_dict_insert (&dict, "id", "x", self->id);
  g_variant_dict_insert (&dict, "at", "x", self->at);
  g_variant_dict_insert (&dict, "kind", "s", self->kind);
  g_variant_dict_insert (&dict, "text", "s", self->text != NULL ? self->text : "");
  g_variant_dict_insert (&dict, "repeatable", "b", self->repeatable);
  g_variant_dict_insert (&dict, "count", "u", self->count);
  g_variant_dict_insert (&dict, "connection", "s", self->connection);
  if (self->connection_name != NULL)
    g_variant_dict_insert (&dict, "name", "s", self->connection_name);
  g_variant_dict_insert_value (&dict, "fault",
                               self->fault != NULL
                                 ? lk_fault_to_variant (self->fault)
                                 : g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));

  return g_variant_dict_end (&dict);
}

LkEvent *
lk_event_from_variant (GVariant *dict)
{
  g_autoptr(GVariant) fault = NULL;
  const char *connection = "";
  const char *kind = "";
  const char *text = NULL;
  gint64 at = 0;
  LkEvent *self;

  g_return_val_if_fail (g_variant_is_of_type (dict, G_VARIANT_TYPE_VARDICT), NULL);

  g_variant_lookup (dict, "connection", "&s", &connection);
  g_variant_lookup (dict, "kind", "&s", &kind);
  g_variant_lookup (dict, "text", "&s", &text);
  g_variant_lookup (dict, "at", "x", &at);
  self = lk_event_new (connection, at, kind, text != NULL && text[0] != '\0' ? text : NULL);
  g_variant_lookup (dict, "id", "x", &self->id);
  g_variant_lookup (dict, "name", "s", &self->connection_name);
  g_variant_lookup (dict, "count", "u", &self->count);
  g_variant_lookup (dict, "repeatable", "b", &self->repeatable);
  fault = g_variant_lookup_value (dict, "fault", G_VARIANT_TYPE_VARDICT);
  if (fault != NULL && g_variant_n_children (fault) > 0)
    self->fault = lk_fault_from_variant (fault);

  return self;
}
