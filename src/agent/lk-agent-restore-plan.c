/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-restore-plan.h"

#include "lk-agent-text.h"

#define NAME_MAX_BYTES 160
#define TELL_MAX 500

static void
restore_client_free (gpointer data)
{
  LkRestoreClient *self = data;

  lk_client_record_free (self->record);
  g_free (self->name);
  g_free (self);
}

static void
restore_connection_free (gpointer data)
{
  LkRestoreConnection *self = data;

  lk_connection_record_free (self->record);
  g_free (self->id);
  g_free (self);
}

LkRestorePlan *
lk_restore_plan_new (void)
{
  LkRestorePlan *self = g_new0 (LkRestorePlan, 1);

  self->clients = g_ptr_array_new_with_free_func (restore_client_free);
  self->connections = g_ptr_array_new_with_free_func (restore_connection_free);
  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_backup_item_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
lk_restore_plan_free (LkRestorePlan *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->info, lk_backup_info_free);
  g_hash_table_unref (self->by_name);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->clients);
  g_ptr_array_unref (self->connections);
  g_ptr_array_unref (self->rules);
  g_clear_pointer (&self->settings, g_variant_unref);
  g_free (self);
}

static void
add_client (LkRestorePlan *self, LkBackupItem *item)
{
  LkRestoreClient *client;

  if (g_hash_table_contains (self->by_name, item->client->name))
    return;
  client = g_new0 (LkRestoreClient, 1);
  client->record = g_steal_pointer (&item->client);
  client->name = g_strdup (client->record->name);
  g_ptr_array_add (self->clients, client);
  g_hash_table_insert (self->by_name, client->name, client);
}

static void
add_connection (LkRestorePlan *self, LkBackupItem *item)
{
  LkRestoreConnection *connection;

  if (g_hash_table_contains (self->by_id, item->connection->id))
    return;
  connection = g_new0 (LkRestoreConnection, 1);
  connection->record = g_steal_pointer (&item->connection);
  connection->id = g_strdup (connection->record->id);
  connection->has_tokens = item->tokens != NULL;
  g_ptr_array_add (self->connections, connection);
  g_hash_table_insert (self->by_id, connection->id, connection);
}

void
lk_restore_plan_add (LkRestorePlan *self, LkBackupItem *item)
{
  switch (item->type)
    {
    case LK_BACKUP_INFO:
      if (self->info == NULL)
        self->info = g_steal_pointer (&item->info);
      break;
    case LK_BACKUP_CLIENT:
      add_client (self, item);
      break;
    case LK_BACKUP_CONNECTION:
      add_connection (self, item);
      break;
    case LK_BACKUP_RULE:
      {
        LkBackupItem *rule = lk_backup_item_new (LK_BACKUP_RULE);

        rule->owner = g_steal_pointer (&item->owner);
        rule->values = g_steal_pointer (&item->values);
        g_ptr_array_add (self->rules, rule);
        break;
      }
    case LK_BACKUP_SETTINGS:
    default:
      g_clear_pointer (&self->settings, g_variant_unref);
      self->settings = g_steal_pointer (&item->values);
      break;
    }
}

/* Deciding. */

static char *
dup_free_name (GHashTable *taken, const char *wish, const char *otherwise)
{
  g_autofree char *clean = lk_agent_text_dup_clean (wish, NAME_MAX_BYTES);
  const char *base = clean != NULL && clean[0] != '\0' ? clean : otherwise;
  char *name = g_strdup (base);

  for (guint number = 2; g_hash_table_contains (taken, name); number++)
    {
      g_free (name);
      name = g_strdup_printf ("%s %u", base, number);
    }
  g_hash_table_add (taken, g_strdup (name));
  return name;
}

static gboolean
is_same_app (const LkClientRecord *a, const LkClientRecord *b)
{
  return g_strcmp0 (a->provider, b->provider) == 0 && g_strcmp0 (a->client_id, b->client_id) == 0;
}

static const LkClientRecord *
find_app (GPtrArray *clients, const LkClientRecord *wanted)
{
  const LkClientRecord *found = NULL;

  for (guint i = 0; i < clients->len; i++)
    {
      const LkClientRecord *client = clients->pdata[i];

      if (is_same_app (client, wanted)
          && (found == NULL || g_strcmp0 (client->name, wanted->name) == 0))
        found = client;
    }
  return found;
}

static void
decide_clients (LkRestorePlan *self, GPtrArray *clients)
{
  g_autoptr(GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < clients->len; i++)
    g_hash_table_add (taken, g_strdup (((LkClientRecord *) clients->pdata[i])->name));
  for (guint i = 0; i < self->clients->len; i++)
    {
      LkRestoreClient *client = self->clients->pdata[i];
      const LkClientRecord *here = find_app (clients, client->record);
      char *name = here != NULL ? g_strdup (here->name)
                                : dup_free_name (taken, client->name, "app");

      client->add = here == NULL;
      g_free (client->record->name);
      client->record->name = name;
    }
}

/* What is here, in the ways that it is looked for. */
typedef struct
{
  GHashTable *by_id;    /* (owned) id → LkConnectionRecord */
  GHashTable *by_login; /* (owned) app and identity → LkConnectionRecord */
  GHashTable *names;    /* (owned) set of names that are taken */
} Here;

static void
here_clear (Here *here)
{
  g_clear_pointer (&here->by_id, g_hash_table_unref);
  g_clear_pointer (&here->by_login, g_hash_table_unref);
  g_clear_pointer (&here->names, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Here, here_clear)

static char *
dup_login (const LkConnectionRecord *record)
{
  return g_strjoin ("\n", record->client != NULL ? record->client : "", record->identity, NULL);
}

static void
here_init (Here *here, GPtrArray *connections)
{
  here->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  here->by_login = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  here->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < connections->len; i++)
    {
      LkConnectionRecord *record = connections->pdata[i];

      g_hash_table_insert (here->by_id, record->id, record);
      if (record->name != NULL)
        g_hash_table_add (here->names, g_strdup (record->name));
      if (record->removed_at == 0 && record->identity != NULL)
        g_hash_table_insert (here->by_login, dup_login (record), record);
    }
}

static const LkConnectionRecord *
here_find (const Here *here, const LkConnectionRecord *wanted)
{
  const LkConnectionRecord *found = g_hash_table_lookup (here->by_id, wanted->id);
  g_autofree char *login = wanted->identity != NULL ? dup_login (wanted) : NULL;

  if (found != NULL && found->removed_at == 0)
    return found;
  return login != NULL ? g_hash_table_lookup (here->by_login, login) : NULL;
}

/* Why what is here stays as it is; NULL when it takes the tokens of the file. */
static const char *
reason_to_skip (const LkConnectionRecord *here, const LkRestoreConnection *connection,
                const LkBackupInfo *info)
{
  const LkConnectionRecord *record = connection->record;

  if (!connection->has_tokens)
    return "here";
  if (here->parked == LK_PARKED_NOT)
    return lk_fault_is_local (here->fault, "token-missing") ? NULL : "here";
  if (g_strcmp0 (here->parked_file, info->id) == 0)
    return here->parked == LK_PARKED_MOVED ? "made-here" : "here";
  /* The clocks of two computers differ; renewals are counted by one. */
  if (record->generation < here->generation
      || (record->generation == here->generation && info->made < here->parked_at))
    return "older";
  return NULL;
}

/* A number of its own for what is about to be forgotten under the same one. */
static char *
dup_new_id (void)
{
  g_autofree char *uuid = g_uuid_string_random ();

  uuid[8] = '\0';
  return g_strconcat (uuid, "0000", NULL);
}

static void
set_text (char **where, const char *text)
{
  char *copy = g_strdup (text);

  g_free (*where);
  *where = copy;
}

static void
decide_connection (LkRestorePlan *self, LkRestoreConnection *connection, const Here *here,
                   gboolean use, gint64 now)
{
  LkConnectionRecord *record = connection->record;
  LkRestoreClient *client = g_hash_table_lookup (self->by_name, record->client);
  const LkConnectionRecord *known;

  if (client != NULL)
    set_text (&record->client, client->record->name);
  known = here_find (here, record);
  connection->action = known == NULL ? LK_RESTORE_ADD : LK_RESTORE_REPLACE;
  if (known != NULL)
    {
      connection->reason = reason_to_skip (known, connection, self->info);
      if (connection->reason != NULL)
        connection->action = LK_RESTORE_SKIP;
      set_text (&record->id, known->id);
      set_text (&record->name, known->name);
      set_text (&record->client, known->client);
      record->created = known->created;
    }
  else
    {
      g_autofree char *wish = g_steal_pointer (&record->name);

      record->name = dup_free_name (here->names, wish, record->id);
      if (g_hash_table_contains (here->by_id, record->id))
        {
          g_free (record->id);
          record->id = dup_new_id ();
        }
    }
  record->parked = self->info->moves || use || !record->has_refresh || !connection->has_tokens
                     ? LK_PARKED_NOT : LK_PARKED_HELD;
  record->parked_at = record->parked == LK_PARKED_NOT ? 0 : now;
  set_text (&record->parked_file, self->info->id);
}

void
lk_restore_plan_decide (LkRestorePlan *self, GPtrArray *clients, GPtrArray *connections,
                        gboolean use, gint64 now)
{
  g_auto(Here) here = { 0 };

  decide_clients (self, clients);
  here_init (&here, connections);
  for (guint i = 0; i < self->connections->len; i++)
    decide_connection (self, self->connections->pdata[i], &here, use, now);
}

/* Telling. */

static GVariant *
connection_to_variant (const LkRestoreConnection *connection)
{
  static const char * const actions[] = { "add", "replace", "skip" };
  const LkConnectionRecord *record = connection->record;
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "id", "s", record->id);
  g_variant_dict_insert (&dict, "name", "s", record->name);
  g_variant_dict_insert (&dict, "provider", "s", record->provider);
  g_variant_dict_insert (&dict, "client", "s", record->client);
  g_variant_dict_insert (&dict, "action", "s", actions[connection->action]);
  g_variant_dict_insert (&dict, "reason", "s",
                         connection->reason != NULL ? connection->reason : "");
  g_variant_dict_insert (&dict, "held", "b", connection->action != LK_RESTORE_SKIP
                                               && record->parked == LK_PARKED_HELD);
  return g_variant_dict_end (&dict);
}

static void
tell_counts (LkRestorePlan *self, GVariantDict *dict)
{
  guint counts[3] = { 0 };
  guint held = 0;
  guint clients = 0;

  for (guint i = 0; i < self->connections->len; i++)
    {
      const LkRestoreConnection *connection = self->connections->pdata[i];

      counts[connection->action]++;
      if (connection->action != LK_RESTORE_SKIP && connection->record->parked == LK_PARKED_HELD)
        held++;
    }
  for (guint i = 0; i < self->clients->len; i++)
    if (((LkRestoreClient *) self->clients->pdata[i])->add)
      clients++;
  g_variant_dict_insert (dict, "add", "u", counts[LK_RESTORE_ADD]);
  g_variant_dict_insert (dict, "replace", "u", counts[LK_RESTORE_REPLACE]);
  g_variant_dict_insert (dict, "skip", "u", counts[LK_RESTORE_SKIP]);
  g_variant_dict_insert (dict, "held", "u", held);
  g_variant_dict_insert (dict, "clients", "u", clients);
  g_variant_dict_insert (dict, "rules", "u", self->rules->len);
}

static void
tell_profiles (LkRestorePlan *self, LkProfileSet *profiles, GVariantDict *dict)
{
  g_autoptr(GHashTable) missing = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree gpointer *names = NULL;
  guint n;

  for (guint i = 0; i < self->connections->len; i++)
    {
      const LkRestoreConnection *connection = self->connections->pdata[i];

      if (connection->action != LK_RESTORE_SKIP
          && lk_profile_set_lookup (profiles, connection->record->provider) == NULL)
        g_hash_table_add (missing, connection->record->provider);
    }
  names = g_hash_table_get_keys_as_array (missing, &n);
  g_variant_dict_insert_value (dict, "missing-profiles",
                               g_variant_new_strv ((const char * const *) names, n));
}

GVariant *
lk_restore_plan_tell (LkRestorePlan *self, LkProfileSet *profiles, GVariant *settings)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr(GStrvBuilder) keys = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;
  GVariantBuilder list;
  GVariantIter iter;
  const char *key;

  g_variant_dict_insert (&dict, "id", "s", self->info->id);
  g_variant_dict_insert (&dict, "kind", "s", self->info->moves ? "move" : "copy");
  g_variant_dict_insert (&dict, "made", "x", self->info->made);
  g_variant_dict_insert (&dict, "made-on", "s",
                         self->info->made_on != NULL ? self->info->made_on : "");
  g_variant_dict_insert (&dict, "made-by", "s",
                         self->info->made_by != NULL ? self->info->made_by : "");
  tell_counts (self, &dict);
  tell_profiles (self, profiles, &dict);
  g_variant_iter_init (&iter, settings);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, NULL))
    g_strv_builder_add (keys, key);
  names = g_strv_builder_end (keys);
  g_variant_dict_insert (&dict, "settings", "^as", names);

  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < MIN (self->connections->len, TELL_MAX); i++)
    g_variant_builder_add_value (&list, connection_to_variant (self->connections->pdata[i]));
  return g_variant_new ("(@a{sv}aa{sv})", g_variant_dict_end (&dict), &list);
}
