/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An item in the content of a backup; numbers are big-endian:
 *
 *    0  type, 1 byte; 3 bytes 0
 *    4  length of the values, 4 bytes
 *    8  length of the secret, 4 bytes
 *   12  values: an a{sv} as GVariant writes it, little-endian, in normal form
 *       secret: of a developer app; or of a connection its tokens, as in the keyring
 *
 * Secrets stand apart from the values so that they never pass through memory that is not wiped. */

#include "config.h"

#include <string.h>

#include "lk-backup.h"
#include "lk-vault.h"

#define HEAD_SIZE 12
#define VALUES_MAX (8 * 1024 * 1024)
#define SECRET_MAX (256 * 1024)
#define ID_MAX 64

/* The members of the records, by their names in the file. */

typedef struct
{
  const char *name;
  size_t      offset;
} Field;

static const Field info_texts[] = {
  { "id", G_STRUCT_OFFSET (LkBackupInfo, id) },
  { "made-on", G_STRUCT_OFFSET (LkBackupInfo, made_on) },
  { "made-by", G_STRUCT_OFFSET (LkBackupInfo, made_by) },
};

static const Field client_texts[] = {
  { "name", G_STRUCT_OFFSET (LkClientRecord, name) },
  { "provider", G_STRUCT_OFFSET (LkClientRecord, provider) },
  { "client-id", G_STRUCT_OFFSET (LkClientRecord, client_id) },
  { "redirect", G_STRUCT_OFFSET (LkClientRecord, redirect) },
};

static const Field connection_texts[] = {
  { "id", G_STRUCT_OFFSET (LkConnectionRecord, id) },
  { "name", G_STRUCT_OFFSET (LkConnectionRecord, name) },
  { "client", G_STRUCT_OFFSET (LkConnectionRecord, client) },
  { "provider", G_STRUCT_OFFSET (LkConnectionRecord, provider) },
  { "identity", G_STRUCT_OFFSET (LkConnectionRecord, identity) },
  { "identity-name", G_STRUCT_OFFSET (LkConnectionRecord, identity_name) },
  { "fingerprint", G_STRUCT_OFFSET (LkConnectionRecord, fingerprint) },
};

static const Field connection_times[] = {
  { "created", G_STRUCT_OFFSET (LkConnectionRecord, created) },
  { "obtained", G_STRUCT_OFFSET (LkConnectionRecord, obtained) },
  { "access-ends", G_STRUCT_OFFSET (LkConnectionRecord, access_ends) },
  { "refresh-ends", G_STRUCT_OFFSET (LkConnectionRecord, refresh_ends) },
  { "refresh-obtained", G_STRUCT_OFFSET (LkConnectionRecord, refresh_obtained) },
  { "last-renewed", G_STRUCT_OFFSET (LkConnectionRecord, last_renewed) },
  { "last-verified", G_STRUCT_OFFSET (LkConnectionRecord, last_verified) },
  { "signed-in", G_STRUCT_OFFSET (LkConnectionRecord, signed_in) },
};

static void
put_texts (GVariantDict *dict,
           gconstpointer record,
           const Field  *fields,
           size_t        n)
{
  for (size_t i = 0; i < n; i++)
    {
      const char *text = G_STRUCT_MEMBER (char *, record, fields[i].offset);

      if (text != NULL)
        g_variant_dict_insert (dict, fields[i].name, "s", text);
    }
}

static void
take_texts (GVariant    *values,
            gpointer     record,
            const Field *fields,
            size_t       n)
{
  for (size_t i = 0; i < n; i++)
    g_variant_lookup (values, fields[i].name, "s",
                      G_STRUCT_MEMBER_P (record, fields[i].offset));
}

static void
put_fault (GVariantDict  *dict,
           const char    *name,
           const LkFault *fault)
{
  if (fault != NULL)
    g_variant_dict_insert_value (dict, name, lk_fault_to_variant (fault));
}

static LkFault *
take_fault (GVariant   *values,
            const char *name)
{
  g_autoptr(GVariant) fault = g_variant_lookup_value (values, name, G_VARIANT_TYPE_VARDICT);

  return fault != NULL ? lk_fault_from_variant (fault) : NULL;
}

static GVariant *
info_to_values (const LkBackupInfo *info)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  put_texts (&dict, info, info_texts, G_N_ELEMENTS (info_texts));
  g_variant_dict_insert (&dict, "kind", "s", info->moves ? "move" : "copy");
  g_variant_dict_insert (&dict, "made", "x", info->made);
  g_variant_dict_insert (&dict, "clients", "u", info->clients);
  g_variant_dict_insert (&dict, "connections", "u", info->connections);

  return g_variant_dict_end (&dict);
}

static GVariant *
client_to_values (const LkClientRecord *client)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  put_texts (&dict, client, client_texts, G_N_ELEMENTS (client_texts));
  g_variant_dict_insert (&dict, "created", "x", client->created);

  return g_variant_dict_end (&dict);
}

static GVariant *
accounts_to_values (GPtrArray *accounts)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sms)"));
  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    {
      const LkAccount *account = g_ptr_array_index (accounts, i);

      g_variant_builder_add (&builder, "(sms)", account->id, account->name);
    }

  return g_variant_builder_end (&builder);
}

static GVariant *
connection_to_values (const LkConnectionRecord *record)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  put_texts (&dict, record, connection_texts, G_N_ELEMENTS (connection_texts));
  for (size_t i = 0; i < G_N_ELEMENTS (connection_times); i++)
    g_variant_dict_insert (&dict, connection_times[i].name, "x",
                           G_STRUCT_MEMBER (gint64, record, connection_times[i].offset));
  g_variant_dict_insert_value (&dict, "accounts", accounts_to_values (record->accounts));
  g_variant_dict_insert (&dict, "accounts-known", "b", record->accounts_known);
  if (record->scopes_asked != NULL)
    g_variant_dict_insert (&dict, "scopes-asked", "^as", record->scopes_asked);
  if (record->scopes_granted != NULL)
    g_variant_dict_insert (&dict, "scopes-granted", "^as", record->scopes_granted);
  g_variant_dict_insert (&dict, "generation", "t", record->generation);
  g_variant_dict_insert (&dict, "has-refresh", "b", record->has_refresh);
  put_fault (&dict, "fault", record->fault);

  return g_variant_dict_end (&dict);
}

static GVariant *
rule_to_values (const LkBackupItem *item)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "connection", "s", item->owner);
  g_variant_dict_insert_value (&dict, "rule", item->values);

  return g_variant_dict_end (&dict);
}

static GVariant *
item_to_values (const LkBackupItem *item)
{
  switch (item->type)
    {
    case LK_BACKUP_INFO:
      return info_to_values (item->info);
    case LK_BACKUP_CLIENT:
      return client_to_values (item->client);
    case LK_BACKUP_CONNECTION:
      return connection_to_values (item->connection);
    case LK_BACKUP_RULE:
      return rule_to_values (item);
    case LK_BACKUP_SETTINGS:
      return item->values;
    default:
      g_return_val_if_reached (NULL);
    }
}

static void
put_number (guint8 *at,
            guint32 number)
{
  guint32 big = GUINT32_TO_BE (number);

  memcpy (at, &big, sizeof big);
}

static guint32
get_number (const guint8 *at)
{
  guint32 big;

  memcpy (&big, at, sizeof big);

  return GUINT32_FROM_BE (big);
}

/* Of the file's byte order from this machine's, and back. */
static GVariant *
turn (GVariant *values)
{
#if G_BYTE_ORDER == G_BIG_ENDIAN
  return g_variant_byteswap (values);
#else
  return g_variant_get_normal_form (values);
#endif
}

gboolean
lk_backup_item_write (const LkBackupItem *item,
                      LkBackupBuffer     *out,
                      GError            **error)
{
  g_autoptr(GVariant) values = g_variant_ref_sink (item_to_values (item));
  g_autoptr(GVariant) turned = turn (values);
  g_autoptr(LkSecret) tokens = item->tokens != NULL ? lk_token_set_to_secret (item->tokens) : NULL;
  LkSecret *secret = tokens != NULL ? tokens : item->secret;
  size_t secret_size = secret != NULL ? lk_secret_get_length (secret) : 0;
  size_t size = g_variant_get_size (turned);
  guint8 head[HEAD_SIZE] = { (guint8) item->type };

  if (size > VALUES_MAX || secret_size > SECRET_MAX)
    {
      g_set_error_literal (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_FAILED,
                           "Something is too large for a backup");
      return FALSE;
    }

  put_number (head + 4, (guint32) size);
  put_number (head + 8, (guint32) secret_size);
  lk_backup_buffer_append (out, head, sizeof head);
  lk_backup_buffer_append (out, g_variant_get_data (turned), size);
  if (secret != NULL)
    lk_backup_buffer_append (out, lk_secret_open (secret), secret_size);

  return TRUE;
}

/* Reading. What comes out holds what the agent relies on: ids that may stand in a path on the bus,
 * and names that are there. */

static gboolean
is_id (const char *text)
{
  size_t length = text != NULL ? strlen (text) : 0;

  return length > 0 && length <= ID_MAX &&
         strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789") == length;
}

static gboolean
is_named (const char *text)
{
  return text != NULL && text[0] != '\0';
}

static gboolean
take_info (LkBackupItem *item,
           GVariant     *values)
{
  LkBackupInfo *info = item->info = g_new0 (LkBackupInfo, 1);
  const char *kind = "";

  take_texts (values, info, info_texts, G_N_ELEMENTS (info_texts));
  g_variant_lookup (values, "kind", "&s", &kind);
  g_variant_lookup (values, "made", "x", &info->made);
  g_variant_lookup (values, "clients", "u", &info->clients);
  g_variant_lookup (values, "connections", "u", &info->connections);
  info->moves = g_str_equal (kind, "move");

  return is_id (info->id) && (info->moves || g_str_equal (kind, "copy"));
}

static gboolean
take_client (LkBackupItem *item,
             GVariant     *values)
{
  LkClientRecord *client = item->client = g_new0 (LkClientRecord, 1);

  take_texts (values, client, client_texts, G_N_ELEMENTS (client_texts));
  g_variant_lookup (values, "created", "x", &client->created);

  return is_named (client->name) && is_named (client->provider) && client->client_id != NULL;
}

static void
take_accounts (LkConnectionRecord *record,
               GVariant           *values)
{
  g_autoptr(GVariantIter) accounts = NULL;
  const char *id;
  const char *name;

  if (!g_variant_lookup (values, "accounts", "a(sms)", &accounts))
    return;
  while (g_variant_iter_next (accounts, "(&sm&s)", &id, &name))
    g_ptr_array_add (record->accounts, lk_account_new (id, name));
}

static gboolean
take_connection (LkBackupItem *item,
                 GVariant     *values)
{
  LkConnectionRecord *record = item->connection = lk_connection_record_new ();

  take_texts (values, record, connection_texts, G_N_ELEMENTS (connection_texts));
  for (size_t i = 0; i < G_N_ELEMENTS (connection_times); i++)
    g_variant_lookup (values, connection_times[i].name, "x",
                      G_STRUCT_MEMBER_P (record, connection_times[i].offset));
  take_accounts (record, values);
  g_variant_lookup (values, "accounts-known", "b", &record->accounts_known);
  g_variant_lookup (values, "scopes-asked", "^as", &record->scopes_asked);
  g_variant_lookup (values, "scopes-granted", "^as", &record->scopes_granted);
  g_variant_lookup (values, "generation", "t", &record->generation);
  g_variant_lookup (values, "has-refresh", "b", &record->has_refresh);
  record->fault = take_fault (values, "fault");

  return is_id (record->id) && is_named (record->name) && is_named (record->client) &&
         is_named (record->provider);
}

static gboolean
take_rule (LkBackupItem *item,
           GVariant     *values)
{
  g_variant_lookup (values, "connection", "s", &item->owner);
  item->values = g_variant_lookup_value (values, "rule", G_VARIANT_TYPE_VARDICT);

  return is_id (item->owner) && item->values != NULL;
}

static gboolean
take_secret (LkBackupItem *item,
             const guint8 *data,
             size_t        size)
{
  g_autoptr(LkSecret) secret = NULL;
  char *text;

  if (size == 0)
    return TRUE;
  if (memchr (data, 0, size) != NULL || !g_utf8_validate ((const char *) data, (gssize) size, NULL))
    return FALSE;

  text = g_strndup ((const char *) data, size);
  secret = lk_secret_new_take (text);
  if (item->type == LK_BACKUP_CONNECTION)
    return (item->tokens = lk_token_set_from_secret (secret, NULL)) != NULL;
  item->secret = g_steal_pointer (&secret);

  return item->type == LK_BACKUP_CLIENT;
}

static gboolean
take_values (LkBackupItem *item,
             GVariant     *values)
{
  switch (item->type)
    {
    case LK_BACKUP_INFO:
      return take_info (item, values);
    case LK_BACKUP_CLIENT:
      return take_client (item, values);
    case LK_BACKUP_CONNECTION:
      return take_connection (item, values);
    case LK_BACKUP_RULE:
      return take_rule (item, values);
    case LK_BACKUP_SETTINGS:
      item->values = g_variant_ref (values);
      return TRUE;
    default:
      return FALSE;
    }
}

static GVariant *
dup_values (const guint8 *data,
            size_t        size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GVariant) raw =
    g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));

  return g_variant_is_normal_form (raw) ? turn (raw) : NULL;
}

gboolean
lk_backup_item_read (const guint8  *data,
                     size_t         size,
                     size_t        *used,
                     LkBackupItem **item,
                     GError       **error)
{
  g_autoptr(LkBackupItem) found = NULL;
  g_autoptr(GVariant) values = NULL;
  guint32 values_size;
  guint32 secret_size;

  *used = 0;
  *item = NULL;
  if (size < HEAD_SIZE)
    return TRUE;

  values_size = get_number (data + 4);
  secret_size = get_number (data + 8);
  if (values_size <= VALUES_MAX && secret_size <= SECRET_MAX)
    {
      if (size - HEAD_SIZE < (size_t) values_size + secret_size)
        return TRUE;
      *used = HEAD_SIZE + (size_t) values_size + secret_size;
      if (data[0] < LK_BACKUP_INFO || data[0] > LK_BACKUP_SETTINGS)
        return TRUE;

      found = lk_backup_item_new ((LkBackupType) data[0]);
      values = dup_values (data + HEAD_SIZE, values_size);
      if (values != NULL && take_values (found, values) &&
          take_secret (found, data + HEAD_SIZE + values_size, secret_size))
        {
          *item = g_steal_pointer (&found);
          return TRUE;
        }
    }

  g_set_error_literal (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_DAMAGED,
                       "The backup holds something that is not understood");
  return FALSE;
}
