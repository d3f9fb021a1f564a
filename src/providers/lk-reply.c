/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

#include "lk-redact.h"

/* (nullable): what the body holds when it is JSON of a size that is read. */
JsonNode *
lk_reply_parse (const LkReply *reply)
{
  size_t size = 0;
  const char *text = g_bytes_get_data (reply->body, &size);

  if (size == 0 || size > LK_JSON_MAX_SIZE)
    return NULL;

  return lk_json_parse (text, (gssize) size, NULL, NULL);
}

static gboolean
is_present (JsonNode   *root,
            const char *path)
{
  JsonNode *node = lk_json_find (root, path);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return FALSE;

  return !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING ||
         *json_node_get_string (node) != '\0';
}

static gboolean
ok_holds (const LkOk *ok,
          JsonNode   *root)
{
  for (size_t i = 0; ok->present != NULL && ok->present[i] != NULL; i++)
    {
      if (!is_present (root, ok->present[i]))
        return FALSE;
    }

  for (size_t i = 0; ok->absent != NULL && ok->absent[i] != NULL; i++)
    {
      if (is_present (root, ok->absent[i]))
        return FALSE;
    }

  for (guint i = 0; i < ok->equals->len; i++)
    {
      const LkParam *wanted = g_ptr_array_index (ok->equals, i);
      g_autofree char *value = lk_json_dup_scalar (lk_json_find (root, wanted->name));

      if (g_strcmp0 (value, wanted->value) != 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_success (const LkReply *reply)
{
  return reply->status >= 200 && reply->status < 300;
}

static LkFault *
fault_without_code (LkProfile     *self,
                    LkStep         step,
                    const LkReply *reply,
                    gboolean       is_json)
{
  LkFault *fault = is_json ? lk_fault_new (LK_CLASS_UNKNOWN)
                           : lk_fault_new_local (LK_CLASS_UNKNOWN, "not-json", NULL);

  if (is_json)
    fault->provider = g_strdup (self->id);
  fault->family = g_strdup (self->family);
  fault->step = g_strdup (lk_step_to_string (step));
  fault->http_status = reply->status;
  lk_profile_classify (self, fault);

  /* A page in place of a reply is a proxy, a Wi-Fi login or a reply cut short: it passes. */
  if (!is_json && reply->status < 400)
    fault->klass = LK_CLASS_TRANSIENT;

  return fault;
}

/* Why a reply that is not "ok" is not. */
static LkFault *
explain (LkProfile     *self,
         LkStep         step,
         const LkReply *reply,
         JsonNode      *root)
{
  LkFault *fault = NULL;

  if (root != NULL)
    fault = lk_profile_find_fault (self, root, lk_step_to_string (step), reply->status);
  if (fault == NULL)
    fault = fault_without_code (self, step, reply, root != NULL);

  if (fault->klass == LK_CLASS_OK)
    fault->klass = LK_CLASS_UNKNOWN;
  if (fault->trace_id == NULL)
    fault->trace_id = g_strdup (reply->trace_id);

  return fault;
}

/**
 * lk_profile_judge:
 * @ok: (nullable): what a success looks like
 * @root: (nullable): the body
 *
 * Returns: (transfer full) (nullable): why the reply is no success
 */
LkFault *
lk_profile_judge (LkProfile     *self,
                  const LkOk    *ok,
                  LkStep         step,
                  const LkReply *reply,
                  JsonNode      *root)
{
  g_autoptr (LkFault) fault = NULL;

  if (ok != NULL)
    return is_success (reply) && root != NULL && ok_holds (ok, root)
             ? NULL : explain (self, step, reply, root);

  /* Without a word on what success looks like: nothing at all, or nothing that fits an error. */
  if (is_success (reply) && g_bytes_get_size (reply->body) == 0)
    return NULL;

  if (is_success (reply) && root != NULL)
    {
      fault = lk_profile_find_fault (self, root, lk_step_to_string (step), reply->status);
      if (fault == NULL || fault->klass == LK_CLASS_OK)
        return NULL;
    }

  return explain (self, step, reply, root);
}

LkFault *
lk_profile_read_reply (LkProfile     *self,
                       LkStep         step,
                       const LkReply *reply)
{
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (self != NULL && reply != NULL, NULL);
  g_return_val_if_fail ((unsigned int) step < LK_N_STEPS, NULL);

  root = lk_reply_parse (reply);

  return lk_profile_judge (self, self->steps[step] != NULL ? self->steps[step]->ok : NULL, step,
                           reply, root);
}

/* Where the mapped values begin: the first of the roots that is there. */
static JsonNode *
find_root (LkProfile        *self,
           const LkStepSpec *spec,
           JsonNode         *root)
{
  char **roots = spec != NULL && spec->roots != NULL ? spec->roots : self->roots;

  for (size_t i = 0; roots != NULL && roots[i] != NULL; i++)
    {
      JsonNode *node = lk_json_find (root, roots[i]);

      if (node != NULL && !JSON_NODE_HOLDS_NULL (node))
        return node;
    }

  return root;
}

static JsonNode *
find_first (JsonNode  *root,
            char     **paths)
{
  for (size_t i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      JsonNode *node = lk_json_find (root, paths[i]);

      if (node != NULL && !JSON_NODE_HOLDS_NULL (node))
        return node;
    }

  return NULL;
}

static char **
read_scopes (const LkMap *map,
             JsonNode    *root)
{
  JsonNode *node = find_first (root, map->scopes);
  g_autoptr (GStrvBuilder) scopes = g_strv_builder_new ();

  if (node == NULL || JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          g_autofree char *scope = lk_json_dup_scalar (json_array_get_element (array, i));

          if (scope != NULL)
            g_strv_builder_add (scopes, scope);
        }
    }
  else
    {
      g_autofree char *text = lk_json_dup_scalar (node);
      g_auto (GStrv) parts = g_strsplit_set (text, map->scope_split != NULL ? map->scope_split
                                                                            : ", ", -1);

      for (char **part = parts; *part != NULL; part++)
        {
          if (*g_strstrip (*part) != '\0')
            g_strv_builder_add (scopes, *part);
        }
    }

  return g_strv_builder_end (scopes);
}

static GPtrArray *
read_accounts (const LkMap *map,
               JsonNode    *root)
{
  JsonNode *node = find_first (root, map->accounts);
  GPtrArray *accounts;
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;

  accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_account_free);
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_autofree char *id = map->account_id != NULL
                              ? lk_json_find_scalar (element,
                                                     (const char * const *) map->account_id)
                              : lk_json_dup_scalar (element);
      g_autofree char *name
        = lk_redact_take_name (lk_json_find_scalar (element,
                                                    (const char * const *) map->account_name));

      if (id != NULL)
        g_ptr_array_add (accounts, lk_account_new (id, name));
    }

  return accounts;
}

/* A token travels in a header: what could break out of one is none. */
static LkSecret *
read_token (JsonNode  *root,
            char     **paths)
{
  char *text = lk_json_find_scalar (root, (const char * const *) paths);

  for (const char *c = text; c != NULL && *c != '\0'; c++)
    {
      if (!g_ascii_isgraph (*c))
        {
          lk_wipe_string (text);
          return NULL;
        }
    }

  return text != NULL ? lk_secret_new_take (text) : NULL;
}

static LkTokenSet *
read_set (const LkMap *map,
          JsonNode    *root,
          gint64       now)
{
  g_autoptr (LkSecret) access = read_token (root, map->access);
  g_autoptr (LkSecret) refresh = read_token (root, map->refresh);
  g_auto (GStrv) scopes = read_scopes (map, root);
  LkTokenSetFields fields = { 0 };

  if (access == NULL)
    return NULL;

  fields.access = access;
  fields.refresh = refresh;
  fields.obtained = now;
  fields.access_ends = lk_expiry_read (&map->expires, root, now);
  if (refresh != NULL)
    fields.refresh_ends = lk_expiry_read (&map->refresh_expires, root, now);
  fields.scopes = (const char * const *) scopes;

  return lk_token_set_new (&fields);
}

static void
read_people (const LkMap  *map,
             JsonNode     *root,
             char        **identity,
             char        **label,
             GPtrArray   **accounts)
{
  if (identity != NULL)
    *identity = lk_json_find_scalar (root, (const char * const *) map->identity);
  if (label != NULL)
    *label = lk_redact_take_name (lk_json_find_scalar (root, (const char * const *) map->label));
  if (accounts != NULL)
    *accounts = read_accounts (map, root);
}

static void
forget_people (char      **identity,
               char      **label,
               GPtrArray **accounts)
{
  if (identity != NULL)
    *identity = NULL;
  if (label != NULL)
    *label = NULL;
  if (accounts != NULL)
    *accounts = NULL;
}

LkTokenSet *
lk_profile_read_tokens (LkProfile      *self,
                        LkStep          step,
                        const LkReply  *reply,
                        gint64          now,
                        char          **identity,
                        char          **label,
                        GPtrArray     **accounts,
                        LkFault       **fault)
{
  const LkStepSpec *spec;
  const LkOk *ok;
  const LkMap *map;
  g_autoptr (JsonNode) root = NULL;
  LkTokenSet *tokens = NULL;

  g_return_val_if_fail (self != NULL && reply != NULL && fault != NULL, NULL);
  g_return_val_if_fail ((unsigned int) step < LK_N_STEPS, NULL);

  *fault = NULL;
  forget_people (identity, label, accounts);

  spec = self->steps[step];
  ok = spec != NULL && spec->ok != NULL ? spec->ok : self->ok;
  map = spec != NULL && spec->map.access != NULL ? &spec->map : &self->map;
  root = lk_reply_parse (reply);

  if (is_success (reply) && root != NULL && (ok == NULL || ok_holds (ok, root)))
    {
      JsonNode *start = find_root (self, spec, root);

      tokens = read_set (map, start, now);
      if (tokens != NULL)
        read_people (map, start, identity, label, accounts);
    }

  if (tokens == NULL)
    *fault = explain (self, step, reply, root);

  return tokens;
}

void
lk_profile_read_identity (LkProfile      *self,
                          LkStep          step,
                          const LkReply  *reply,
                          char          **identity,
                          char          **name,
                          GPtrArray     **accounts)
{
  const LkStepSpec *spec;
  g_autoptr (JsonNode) root = NULL;

  g_return_if_fail (self != NULL && reply != NULL);
  g_return_if_fail ((unsigned int) step < LK_N_STEPS);

  forget_people (identity, name, accounts);
  spec = self->steps[step];
  root = spec != NULL ? lk_reply_parse (reply) : NULL;

  if (root != NULL)
    read_people (&spec->map, root, identity, name, accounts);
}
