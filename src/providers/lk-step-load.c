/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

#define MAX_LIKE 4

static const char * const step_keys[] = {
  "like", "method", "url", "body", "auth", "params", "headers", "root", "ok", "map", "uses", "auto",
  "every_s", "confirmed", "account", "list", "id", "name", "sign", "trailing_slash", NULL
};

void
lk_step_spec_free (LkStepSpec *self)
{
  g_free (self->method);
  g_free (self->url);
  g_clear_pointer (&self->params, g_ptr_array_unref);
  g_clear_pointer (&self->headers, g_ptr_array_unref);
  g_strfreev (self->roots);
  g_clear_pointer (&self->ok, lk_ok_free);
  lk_map_clear (&self->map);
  g_free (self);
}

static void
load_param (LkProfile  *self,
            LkReader   *reader,
            GPtrArray  *params,
            JsonObject *object,
            const char *path,
            const char *name)
{
  g_autofree char *full = lk_reader_join (path, name);
  JsonNode *node = json_object_get_member (object, name);
  g_autofree char *value = lk_json_dup_scalar (node);
  g_autofree char *expanded = NULL;

  if (JSON_NODE_HOLDS_NULL (node))
    return;

  if (value == NULL)
    {
      LkParam *param = lk_param_new (name, NULL, FALSE);

      param->json = lk_profile_load_json_param (self, reader, full, node);
      g_ptr_array_add (params, param);
      return;
    }

  if (json_node_get_value_type (node) != G_TYPE_STRING)
    {
      g_ptr_array_add (params, lk_param_new (name, value, FALSE));
      return;
    }

  expanded = lk_profile_expand_vars (self, reader, full, value);
  if (expanded != NULL && lk_profile_check_template (self, reader, full, expanded))
    g_ptr_array_add (params, lk_param_new (name, expanded, TRUE));
}

/**
 * lk_profile_load_params:
 *
 * Returns: (transfer full) (element-type LkParam): in the order of the file
 */
GPtrArray *
lk_profile_load_params (LkProfile  *self,
                        LkReader   *reader,
                        JsonObject *json,
                        const char *path,
                        const char *key)
{
  GPtrArray *params = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_param_free);
  JsonObject *object = lk_reader_object (reader, json, path, key);
  g_autofree char *full = lk_reader_join (path, key);
  g_autoptr (GList) names = object != NULL ? json_object_get_members (object) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    load_param (self, reader, params, object, full, name->data);

  return params;
}

static void
load_url (LkProfile  *self,
          LkStepSpec *spec,
          LkReader   *reader,
          JsonObject *json,
          const char *path)
{
  g_autofree char *full = lk_reader_join (path, "url");
  const char *url = lk_reader_string (reader, json, path, "url");

  if (url == NULL)
    {
      lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, full, "is missing");
      return;
    }

  spec->url = lk_profile_expand_vars (self, reader, full, url);
  if (spec->url == NULL || !lk_profile_check_template (self, reader, full, spec->url))
    return;

  if (!lk_address_is_allowed (spec->url))
    lk_reader_fail (reader, LK_PROVIDER_ERROR_INSECURE, full,
                    "must be https, or http on this machine, with a host that is spelled out");
}

static int
load_word (LkReader           *reader,
           JsonObject         *json,
           const char         *path,
           const char         *key,
           const char * const *words,
           int                 fallback)
{
  const char *word = lk_reader_string (reader, json, path, key);
  g_autofree char *full = lk_reader_join (path, key);

  if (word == NULL)
    return fallback;

  for (int i = 0; words[i] != NULL; i++)
    {
      if (strcmp (word, words[i]) == 0)
        return i;
    }

  lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, full, "“%s” is not known", word);

  return fallback;
}

static void
load_method (LkStepSpec *spec,
             LkReader   *reader,
             JsonObject *json,
             const char *path)
{
  static const char * const methods[] = { "GET", "POST", "DELETE", "PUT", "PATCH", NULL };
  static const char * const bodies[] = {
    [LK_BODY_NONE] = "none", [LK_BODY_QUERY] = "query", [LK_BODY_FORM] = "form",
    [LK_BODY_JSON] = "json", NULL
  };
  static const char * const auths[] = {
    [LK_AUTH_PARAMS] = "params", [LK_AUTH_BASIC] = "basic", [LK_AUTH_BASIC_OR_ID] = "basic-or-id",
    NULL
  };
  int method = load_word (reader, json, path, "method", methods, 0);
  LkBody fallback = method == 0 || method == 2 ? LK_BODY_QUERY : LK_BODY_FORM;

  spec->method = g_strdup (methods[method]);
  spec->body = (LkBody) load_word (reader, json, path, "body", bodies, (int) fallback);
  spec->auth = (LkAuth) load_word (reader, json, path, "auth", auths, LK_AUTH_PARAMS);
}

/* "account" and "list" are short for what "map" can say too. */
static void
load_people (LkStepSpec *spec,
             LkReader   *reader,
             JsonObject *json,
             const char *path)
{
  g_autofree char *account_path = lk_reader_join (path, "account");
  JsonObject *account = lk_reader_object (reader, json, path, "account");

  if (account != NULL)
    {
      g_strfreev (spec->map.identity);
      g_strfreev (spec->map.label);
      spec->map.identity = lk_reader_strings (reader, account, account_path, "id");
      spec->map.label = lk_reader_strings (reader, account, account_path, "name");
    }

  if (json_object_has_member (json, "list"))
    {
      g_strfreev (spec->map.accounts);
      g_strfreev (spec->map.account_id);
      g_strfreev (spec->map.account_name);
      spec->map.accounts = lk_reader_strings (reader, json, path, "list");
      spec->map.account_id = lk_reader_strings (reader, json, path, "id");
      spec->map.account_name = lk_reader_strings (reader, json, path, "name");
    }
}

/* What "like" names, with the step's own keys instead of its. */
static JsonObject *
resolve_like (LkReader   *reader,
              JsonObject *profile,
              JsonObject *step,
              const char *path)
{
  g_autoptr (JsonObject) merged = json_object_ref (step);
  g_autofree char *full = lk_reader_join (path, "like");
  const char *like = lk_reader_string (reader, step, path, "like");

  for (int i = 0; like != NULL; i++)
    {
      JsonObject *other = lk_reader_object (reader, profile, "", like);
      JsonObject *next;
      g_autoptr (GList) names = NULL;

      if (other == NULL || i == MAX_LIKE)
        {
          lk_reader_fail (reader, LK_PROVIDER_ERROR_NOT_FOUND, full, "leads to no step");
          break;
        }

      next = json_object_new ();
      names = json_object_get_members (other);
      for (GList *name = names; name != NULL; name = name->next)
        json_object_set_member (next, name->data,
                                json_node_copy (json_object_get_member (other, name->data)));
      /* Of "api" it names parameters, of other requests it says where the login stands. */
      if (strcmp (like, lk_step_to_string (LK_STEP_API)) == 0)
        json_object_remove_member (next, "account");
      g_list_free (names);
      names = json_object_get_members (merged);
      for (GList *name = names; name != NULL; name = name->next)
        json_object_set_member (next, name->data,
                                json_node_copy (json_object_get_member (merged, name->data)));

      like = lk_reader_string (reader, other, path, "like");
      json_object_unref (merged);
      merged = next;
    }

  return g_steal_pointer (&merged);
}

/* "sign" is true, or the object of "api" that says how. */
static gboolean
load_sign (LkReader   *reader,
           JsonObject *json,
           const char *path)
{
  JsonNode *node = json_object_get_member (json, "sign");

  return node != NULL && (JSON_NODE_HOLDS_OBJECT (node) ||
                          lk_reader_boolean (reader, json, path, "sign"));
}

/**
 * lk_step_spec_load:
 * @profile: where "like" is looked up
 * @own: the request as it is written
 * @is_api: it is "api", whose "account" is another thing and whose "url" may be left out
 *
 * Returns: (transfer full):
 */
LkStepSpec *
lk_step_spec_load (LkProfile  *self,
                   LkReader   *reader,
                   JsonObject *profile,
                   JsonObject *own,
                   const char *path,
                   gboolean    is_api)
{
  g_autofree char *ok_path = lk_reader_join (path, "ok");
  g_autofree char *map_path = lk_reader_join (path, "map");
  g_autoptr (JsonObject) json = resolve_like (reader, profile, own, path);
  LkStepSpec *spec = g_new0 (LkStepSpec, 1);
  JsonObject *map = lk_reader_object (reader, json, path, "map");

  spec->params = lk_profile_load_params (self, reader, json, path, "params");
  spec->headers = lk_profile_load_params (self, reader, json, path, "headers");
  spec->roots = lk_reader_strings (reader, json, path, "root");
  spec->ok = lk_ok_load (reader, lk_reader_object (reader, json, path, "ok"), ok_path);
  spec->sign = load_sign (reader, json, path);
  if (map != NULL)
    lk_map_load (&spec->map, reader, map, map_path);
  load_method (spec, reader, json, path);
  if (!is_api || json_object_has_member (json, "url"))
    load_url (self, spec, reader, json, path);

  return spec;
}

static LkStepSpec *
load_step (LkProfile  *self,
           LkReader   *reader,
           JsonObject *profile,
           LkStep      step)
{
  const char *path = lk_step_to_string (step);
  JsonObject *own = lk_reader_object (reader, profile, "", path);
  LkStepSpec *spec;

  if (own == NULL)
    return NULL;

  lk_reader_check_keys (reader, own, path, step_keys);
  spec = lk_step_spec_load (self, reader, profile, own, path, step == LK_STEP_API);
  if (step == LK_STEP_API)
    {
      self->call_account = lk_reader_strings (reader, own, path, "account");
      self->call_slash = lk_reader_boolean (reader, own, path, "trailing_slash");
      lk_profile_load_sign (self, reader, own);
    }
  else
    {
      g_autoptr (JsonObject) json = resolve_like (reader, profile, own, path);

      load_people (spec, reader, json, path);
    }

  return spec;
}

void
lk_profile_load_steps (LkProfile  *self,
                       LkReader   *reader,
                       JsonObject *json)
{
  for (int step = 0; step < (int) LK_N_STEPS; step++)
    self->steps[step] = load_step (self, reader, json, (LkStep) step);

  if (self->steps[LK_STEP_AUTHORIZE] == NULL)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, "authorize", "is missing");
  if (self->steps[LK_STEP_TOKEN] == NULL)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, "token", "is missing");

  for (size_t i = 0; i < LK_N_STEPS; i++)
    {
      if (self->steps[i] != NULL && self->steps[i]->sign && self->sign == NULL)
        lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, lk_step_to_string ((LkStep) i),
                        "wants a signature, but “api.sign” does not say which");
    }
}
