/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

static const char * const profile_keys[] = {
  "$schema", "schema", "id", "name", "family", "docs", "portal", "checked", "sandbox", "extends",
  "needs", "vars", "client", "redirect", "pkce", "scopes", "headers", "authorize", "token",
  "refresh", "revoke", "verify", "accounts", "reply", "api", "life", "errors", "probes", "links",
  "rate", "publish", NULL
};

static const char *
require_text (LkReader   *reader,
              JsonObject *json,
              const char *path,
              const char *key)
{
  const char *text = lk_reader_string (reader, json, path, key);

  if (text == NULL || *text == '\0')
    {
      g_autofree char *full = lk_reader_join (path, key);

      lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, full, "is missing");
      return NULL;
    }

  return text;
}

static gboolean
is_valid_id (const char *id)
{
  return *id != '\0' && strlen (id) <= 64 &&
         strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (id);
}

static void
load_head (LkProfile  *self,
           LkReader   *reader,
           JsonObject *json)
{
  g_auto (GStrv) needs = NULL;

  if (lk_reader_integer (reader, json, "", "schema", 0) != 1)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, "schema", "must be 1");

  self->id = g_strdup (require_text (reader, json, "", "id"));
  if (self->id != NULL && !is_valid_id (self->id))
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, "id",
                    "must be of small letters, digits and hyphens");
  self->name = g_strdup (require_text (reader, json, "", "name"));
  self->family = g_strdup (lk_reader_string (reader, json, "", "family"));
  if (self->family == NULL)
    self->family = g_strdup (self->id);
  self->docs = g_strdup (lk_reader_string (reader, json, "", "docs"));
  self->portal = g_strdup (lk_reader_string (reader, json, "", "portal"));
  self->checked = g_strdup (lk_reader_string (reader, json, "", "checked"));
  self->sandbox = lk_reader_boolean (reader, json, "", "sandbox");

  needs = lk_reader_strings (reader, json, "", "needs");
  if (needs != NULL && needs[0] != NULL)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, "needs",
                    "this version cannot do “%s”", needs[0]);
}

static void
load_vars (LkProfile  *self,
           LkReader   *reader,
           JsonObject *json)
{
  JsonObject *vars = lk_reader_object (reader, json, "", "vars");
  g_autoptr (GList) names = vars != NULL ? json_object_get_members (vars) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    {
      const char *value = lk_reader_string (reader, vars, "vars", name->data);

      if (value != NULL && strpbrk (value, "{}") != NULL)
        {
          g_autofree char *path = lk_reader_join ("vars", name->data);

          lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, path, "must not hold a placeholder");
        }
      g_hash_table_insert (self->vars, g_strdup (name->data), g_strdup (value));
    }
}

static void
load_client (LkProfile  *self,
             LkReader   *reader,
             JsonObject *json)
{
  static const char * const keys[] = { "id", "secret", "extra", NULL };
  static const char * const label_keys[] = { "label", "default", "required", NULL };
  JsonObject *client = lk_reader_object (reader, json, "", "client");
  JsonObject *id = lk_reader_object (reader, client, "client", "id");
  JsonObject *secret = lk_reader_object (reader, client, "client", "secret");
  JsonObject *extra = lk_reader_object (reader, client, "client", "extra");
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (client != NULL)
    lk_reader_check_keys (reader, client, "client", keys);
  if (id != NULL)
    lk_reader_check_keys (reader, id, "client.id", label_keys);

  self->client_id_label = g_strdup (require_text (reader, id, "client.id", "label"));
  if (secret != NULL)
    {
      lk_reader_check_keys (reader, secret, "client.secret", label_keys);
      self->secret_label = g_strdup (require_text (reader, secret, "client.secret", "label"));
      self->secret_required = lk_reader_boolean (reader, secret, "client.secret", "required");
    }

  if (extra != NULL)
    {
      g_autoptr (GList) members = json_object_get_members (extra);

      for (GList *member = members; member != NULL; member = member->next)
        g_strv_builder_add (names, member->data);
    }
  self->extra = g_strv_builder_end (names);
}

static void
load_modes (LkProfile  *self,
            LkReader   *reader,
            JsonObject *redirect)
{
  static const struct
  {
    const char      *word;
    LkRedirectModes  mode;
  } known[] = {
    { "loopback", LK_REDIRECT_LOOPBACK },
    { "loopback-registered", LK_REDIRECT_LOOPBACK_REGISTERED },
    { "https-paste", LK_REDIRECT_HTTPS_PASTE },
  };
  g_auto (GStrv) words = lk_reader_strings (reader, redirect, "redirect", "modes");

  for (size_t i = 0; words != NULL && words[i] != NULL; i++)
    {
      gboolean found = FALSE;

      for (size_t j = 0; j < G_N_ELEMENTS (known); j++)
        {
          if (strcmp (words[i], known[j].word) == 0)
            {
              self->modes |= known[j].mode;
              found = TRUE;
            }
        }

      if (!found)
        {
          g_autofree char *message = g_strdup_printf ("“%s” is passed over", words[i]);

          lk_reader_warn (reader, "redirect.modes", message);
        }
    }

  if (self->modes == 0)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, "redirect.modes",
                    "names none of loopback, loopback-registered, https-paste");
}

static void
load_redirect (LkProfile  *self,
               LkReader   *reader,
               JsonObject *json)
{
  static const char * const keys[] = {
    "modes", "host", "port", "path", "register", "https", "trailing_slash", "immutable",
    "in_portal", "code", "require", "strip_fragment", "note", NULL
  };
  static const char * const fallback[] = { "code", NULL };
  JsonObject *redirect = lk_reader_object (reader, json, "", "redirect");

  if (redirect == NULL)
    {
      lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, "redirect", "is missing");
      return;
    }

  lk_reader_check_keys (reader, redirect, "redirect", keys);
  load_modes (self, reader, redirect);
  self->redirect_register = g_strdup (lk_reader_string (reader, redirect, "redirect", "register"));
  self->redirect_path = g_strdup (lk_reader_string (reader, redirect, "redirect", "path"));
  if (self->redirect_path == NULL)
    self->redirect_path = g_strdup ("/callback/");
  if (*self->redirect_path != '/' || strpbrk (self->redirect_path, "?#{} ") != NULL)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, "redirect.path", "must be a plain path");
  self->any_port = g_strcmp0 (lk_reader_string (reader, redirect, "redirect", "port"), "any") == 0;
  self->trailing_slash = lk_reader_boolean (reader, redirect, "redirect", "trailing_slash");
  self->code_names = lk_reader_strings (reader, redirect, "redirect", "code");
  if (self->code_names == NULL || self->code_names[0] == NULL)
    {
      g_strfreev (self->code_names);
      self->code_names = g_strdupv ((char **) fallback);
    }
}

static void
load_pkce (LkProfile  *self,
           LkReader   *reader,
           JsonObject *json)
{
  static const char * const keys[] = { "method", "encoding", NULL };
  JsonObject *pkce = lk_reader_object (reader, json, "", "pkce");
  const char *encoding;

  if (pkce == NULL)
    return;

  lk_reader_check_keys (reader, pkce, "pkce", keys);
  if (g_strcmp0 (lk_reader_string (reader, pkce, "pkce", "method"), "S256") != 0)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, "pkce.method", "must be S256");

  encoding = lk_reader_string (reader, pkce, "pkce", "encoding");
  if (g_strcmp0 (encoding, "hex") == 0)
    self->pkce = LK_PKCE_HEX;
  else if (encoding == NULL || strcmp (encoding, "base64url") == 0)
    self->pkce = LK_PKCE_BASE64URL;
  else
    lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, "pkce.encoding",
                    "must be base64url or hex");
}

static void
load_scopes (LkProfile  *self,
             LkReader   *reader,
             JsonObject *json)
{
  static const char * const keys[] = { "join", "default", "sets", "needs", NULL };
  JsonObject *scopes = lk_reader_object (reader, json, "", "scopes");
  JsonObject *sets = lk_reader_object (reader, scopes, "scopes", "sets");
  g_autoptr (GList) names = sets != NULL ? json_object_get_members (sets) : NULL;

  if (scopes != NULL)
    lk_reader_check_keys (reader, scopes, "scopes", keys);

  self->scope_joiner = g_strdup (lk_reader_string (reader, scopes, "scopes", "join"));
  if (self->scope_joiner == NULL)
    self->scope_joiner = g_strdup (" ");
  self->default_scopes = lk_reader_strings (reader, scopes, "scopes", "default");
  if (self->default_scopes == NULL)
    self->default_scopes = g_new0 (char *, 1);

  for (GList *name = names; name != NULL; name = name->next)
    {
      char **set = lk_reader_strings (reader, sets, "scopes.sets", name->data);

      if (set != NULL)
        g_hash_table_insert (self->scope_sets, g_strdup (name->data), set);
    }
}

static void
load_life (LkProfile  *self,
           LkReader   *reader,
           JsonObject *json)
{
  static const char * const keys[] = {
    "access_s", "refresh_s", "refresh_clock", "rotates", "reuse", "extend", "min_age_s", "idle_s",
    "data_access_s", "notify_days", NULL
  };
  JsonObject *life = lk_reader_object (reader, json, "", "life");

  if (life == NULL)
    return;

  lk_reader_check_keys (reader, life, "life", keys);
  self->access_life = MAX (lk_reader_integer (reader, life, "life", "access_s", 0), 0);
}

static void
load_reply (LkProfile  *self,
            LkReader   *reader,
            JsonObject *json)
{
  static const char * const keys[] = { "ok", "root", "map", NULL };
  JsonObject *reply = lk_reader_object (reader, json, "", "reply");
  JsonObject *map = lk_reader_object (reader, reply, "reply", "map");

  if (reply == NULL || map == NULL)
    {
      lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, "reply.map", "is missing");
      return;
    }

  lk_reader_check_keys (reader, reply, "reply", keys);
  self->ok = lk_ok_load (reader, lk_reader_object (reader, reply, "reply", "ok"), "reply.ok");
  self->roots = lk_reader_strings (reader, reply, "reply", "root");
  lk_map_load (&self->map, reader, map, "reply.map");
  if (self->map.access == NULL)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, "reply.map.access", "is missing");
}

static LkProfile *
new_profile (const char *file)
{
  LkProfile *self = g_new0 (LkProfile, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->file = g_strdup (file);
  self->vars = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->scope_sets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify) g_strfreev);
  self->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) g_strfreev);

  return self;
}

/**
 * lk_profile_load:
 * @json: the profile, after "extends" has been merged
 * @file: what errors and warnings name
 * @lines: (nullable): lines of the file's own keys
 * @warnings: (element-type utf8) (nullable): is added to
 *
 * Returns: (transfer full) (nullable):
 */
LkProfile *
lk_profile_load (JsonObject  *json,
                 const char  *file,
                 GHashTable  *lines,
                 GPtrArray   *warnings,
                 GError     **error)
{
  g_autoptr (LkProfile) self = new_profile (file);
  LkReader reader = { file, lines, warnings, NULL };

  lk_reader_check_keys (&reader, json, "", profile_keys);
  load_head (self, &reader, json);
  load_vars (self, &reader, json);
  load_client (self, &reader, json);
  load_redirect (self, &reader, json);
  load_pkce (self, &reader, json);
  load_scopes (self, &reader, json);
  load_life (self, &reader, json);
  load_reply (self, &reader, json);
  self->headers = lk_profile_load_params (self, &reader, json, "", "headers");
  lk_profile_load_steps (self, &reader, json);
  lk_profile_load_errors (self, &reader, json);
  lk_profile_load_probes (self, &reader, json);
  lk_profile_load_links (self, &reader, json);
  lk_profile_load_rate (self, &reader, json);

  if (reader.error != NULL)
    {
      g_propagate_error (error, reader.error);
      return NULL;
    }

  return g_steal_pointer (&self);
}
