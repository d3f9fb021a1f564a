/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsecret/secret.h>

#include "lk-vault.h"

G_BEGIN_DECLS

#define LK_VAULT_DEADLINE_MS 10000

/* As lk_vault_new(), for tests that cannot wait as long as a person's keyring may take. */
LkVault  *lk_vault_new_with_deadline (guint deadline_ms);
guint     lk_vault_get_deadline      (LkVault *self);

/* Whether libsecret keeps items in a file of its own (in a sandbox), not in the Secret Service. */
gboolean  lk_vault_uses_file         (LkVault *self);

/* Sets the state to what @error (nullable for a success) says about the keyring. */
void      lk_vault_learn             (LkVault *self, const GError *error);

/* Asks the Secret Service how it is. %TRUE when it is ready; else an LK_STORAGE_ERROR that says
 * what it is instead, or G_IO_ERROR_CANCELLED. Does not set the state. */
void      lk_vault_look_async        (LkVault *self, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean  lk_vault_look_finish       (LkVault *self, GAsyncResult *result, GError **error);

/* The probe itself, and who waits for the one that runs; (element-type GTask), owned by @self. */
void      lk_vault_probe_once_async  (LkVault *self, GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean  lk_vault_probe_once_finish (LkVault *self, GAsyncResult *result, GError **error);
GQueue   *lk_vault_get_probers       (LkVault *self);

/* One item, without its value and with it. */
void        lk_vault_find_async      (LkVault *self, const SecretSchema *schema,
                                      GHashTable *attributes, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
SecretItem *lk_vault_find_finish     (LkVault *self, GAsyncResult *result, GError **error);
void        lk_vault_get_async       (LkVault *self, const SecretSchema *schema,
                                      GHashTable *attributes, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
LkSecret   *lk_vault_get_finish      (LkVault *self, GAsyncResult *result, GError **error);

/* Writes one item whole. @in_place: try first to put @value into the item that is there. */
void      lk_vault_put_async         (LkVault *self, const SecretSchema *schema,
                                      GHashTable *attributes, const char *label, LkSecret *value,
                                      gboolean in_place, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean  lk_vault_put_finish        (LkVault *self, GAsyncResult *result, GError **error);

/* Operations on items, (element-type GTask), the one that runs first. */
GQueue   *lk_vault_get_operations    (LkVault *self);

/* Into this layer's domain, without anything that the keyring said in words. */
GError   *lk_vault_translate_error   (const GError *error);

G_END_DECLS
