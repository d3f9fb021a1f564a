/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

G_DEFINE_BOXED_TYPE (LkProfile, lk_profile, lk_profile_ref, lk_profile_unref)

LkProfile *
lk_profile_ref (LkProfile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
lk_profile_unref (LkProfile *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->id);
  g_free (self->name);
  g_free (self->family);
  g_free (self->docs);
  g_free (self->portal);
  g_free (self->checked);
  g_free (self->file);
  g_free (self->client_id_label);
  g_free (self->secret_label);
  g_strfreev (self->extra);
  g_free (self->redirect_register);
  g_free (self->redirect_path);
  g_strfreev (self->code_names);
  g_strfreev (self->default_scopes);
  g_free (self->scope_joiner);
  g_clear_pointer (&self->scope_sets, g_hash_table_unref);
  g_clear_pointer (&self->vars, g_hash_table_unref);
  g_clear_pointer (&self->headers, g_ptr_array_unref);
  for (size_t i = 0; i < G_N_ELEMENTS (self->steps); i++)
    g_clear_pointer (&self->steps[i], lk_step_spec_free);
  g_strfreev (self->roots);
  g_clear_pointer (&self->ok, lk_ok_free);
  lk_map_clear (&self->map);
  g_clear_pointer (&self->shapes, g_ptr_array_unref);
  g_clear_pointer (&self->rules, g_ptr_array_unref);
  g_strfreev (self->call_account);
  g_clear_pointer (&self->sign, lk_sign_free);
  g_clear_pointer (&self->probes, g_hash_table_unref);
  g_clear_pointer (&self->links, g_hash_table_unref);
  g_clear_pointer (&self->rate_limits, g_ptr_array_unref);
  g_clear_pointer (&self->rate_waits, g_ptr_array_unref);
  g_clear_pointer (&self->rate_headers, g_ptr_array_unref);
  g_free (self);
}

const char *
lk_profile_get_id (LkProfile *self)
{
  return self->id;
}

const char *
lk_profile_get_name (LkProfile *self)
{
  return self->name;
}

/**
 * lk_profile_get_family:
 *
 * Returns: (transfer none): whose codes it speaks; its own id when it names no family
 */
const char *
lk_profile_get_family (LkProfile *self)
{
  return self->family;
}

/**
 * lk_profile_get_docs:
 *
 * Returns: (transfer none) (nullable): address of the provider's documentation
 */
const char *
lk_profile_get_docs (LkProfile *self)
{
  return self->docs;
}

/**
 * lk_profile_get_portal:
 *
 * Returns: (transfer none) (nullable): address of the provider's developer portal
 */
const char *
lk_profile_get_portal (LkProfile *self)
{
  return self->portal;
}

/**
 * lk_profile_get_checked:
 *
 * Returns: (transfer none) (nullable): the day its values were last compared with @docs
 */
const char *
lk_profile_get_checked (LkProfile *self)
{
  return self->checked;
}

const char *
lk_profile_get_file (LkProfile *self)
{
  return self->file;
}

const char *
lk_profile_get_client_id_label (LkProfile *self)
{
  return self->client_id_label;
}

/**
 * lk_profile_get_secret_label:
 *
 * Returns: (transfer none) (nullable): %NULL when the provider gives no secret
 */
const char *
lk_profile_get_secret_label (LkProfile *self)
{
  return self->secret_label;
}

gboolean
lk_profile_get_secret_required (LkProfile *self)
{
  return self->secret_required;
}

LkRedirectModes
lk_profile_get_redirect_modes (LkProfile *self)
{
  return self->modes;
}

/**
 * lk_profile_get_redirect_register:
 *
 * Returns: (transfer none) (nullable): what to register with the provider, such as
 *   "http://127.0.0.1:*\/callback/"
 */
const char *
lk_profile_get_redirect_register (LkProfile *self)
{
  return self->redirect_register;
}

const char *
lk_profile_get_redirect_path (LkProfile *self)
{
  return self->redirect_path;
}

/**
 * lk_profile_get_code_names:
 *
 * Returns: (transfer none): parameters that may carry the code, the first one wins
 */
const char * const *
lk_profile_get_code_names (LkProfile *self)
{
  return (const char * const *) self->code_names;
}

LkPkce
lk_profile_get_pkce (LkProfile *self)
{
  return self->pkce;
}

const char * const *
lk_profile_get_default_scopes (LkProfile *self)
{
  return (const char * const *) self->default_scopes;
}

/**
 * lk_profile_get_scope_joiner:
 *
 * Returns: (transfer none): what stands between scopes in a request
 */
const char *
lk_profile_get_scope_joiner (LkProfile *self)
{
  return self->scope_joiner;
}

/**
 * lk_profile_dup_scope_set_names:
 *
 * Returns: (transfer full): names of the ready-made scope sets, sorted
 */
char **
lk_profile_dup_scope_set_names (LkProfile *self)
{
  g_autoptr (GList) names = g_hash_table_get_keys (self->scope_sets);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  names = g_list_sort (names, (GCompareFunc) g_strcmp0);
  for (GList *name = names; name != NULL; name = name->next)
    g_strv_builder_add (builder, name->data);

  return g_strv_builder_end (builder);
}

/**
 * lk_profile_get_scope_set:
 *
 * Returns: (transfer none) (nullable): %NULL when there is no such set
 */
const char * const *
lk_profile_get_scope_set (LkProfile  *self,
                          const char *name)
{
  return g_hash_table_lookup (self->scope_sets, name);
}

gboolean
lk_profile_has_step (LkProfile *self,
                     LkStep     step)
{
  g_return_val_if_fail ((unsigned int) step < LK_N_STEPS, FALSE);

  return self->steps[step] != NULL;
}

/**
 * lk_profile_get_fallback_life:
 *
 * Returns: seconds that an access token lasts by the provider's documentation, 0 when it does not
 *   say; a reply that says so wins
 */
gint64
lk_profile_get_fallback_life (LkProfile *self)
{
  return self->access_life;
}

gboolean
lk_profile_is_sandbox (LkProfile *self)
{
  return self->sandbox;
}
