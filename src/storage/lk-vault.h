/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-storage-error.h"
#include "lk-token-set.h"

G_BEGIN_DECLS

/**
 * LkVault:
 *
 * Tokens and client secrets in the system keyring (Secret Service through libsecret). One item per
 * connection, replaced whole. Never asks the person by itself: a locked keyring is
 * %LK_STORAGE_ERROR_LOCKED at once, and only lk_vault_unlock_async() raises the keyring's question.
 * Every operation has a deadline, so a keyring that does not answer cannot hold anything up.
 *
 * Items: attributes "xdg:schema" = "io.github.latchkey_app.Latchkey", "kind" = "tokens",
 * "client-secret" or "journal-key", "name" = connection id or client name. The value of "tokens" is
 * JSON: {"access_token":…,"refresh_token":…,"obtained":…,"access_ends":…,…}.
 */
#define LK_TYPE_VAULT (lk_vault_get_type ())
G_DECLARE_FINAL_TYPE (LkVault, lk_vault, LK, VAULT, GObject)

typedef enum
{
  LK_VAULT_UNKNOWN,
  LK_VAULT_READY,
  LK_VAULT_LOCKED,
  LK_VAULT_ABSENT,
  LK_VAULT_BROKEN,
} LkVaultState;

#define LK_TYPE_VAULT_STATE (lk_vault_state_get_type ())

GType         lk_vault_state_get_type       (void);

LkVault      *lk_vault_new                  (void);
LkVaultState  lk_vault_get_state            (LkVault *self); /* property "state", notified */
const char   *lk_vault_state_to_string      (LkVaultState state);

/* Looks at the keyring without touching an item, and sets the state. */
void          lk_vault_check_async          (LkVault *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean      lk_vault_check_finish         (LkVault *self, GAsyncResult *result, GError **error);

/* Step 1 of a renewal: unlocked, and a probe item can be stored and removed. */
void          lk_vault_probe_async          (LkVault *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean      lk_vault_probe_finish         (LkVault *self, GAsyncResult *result, GError **error);

/* Raises the keyring's own question. */
void          lk_vault_unlock_async         (LkVault *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean      lk_vault_unlock_finish        (LkVault *self, GAsyncResult *result, GError **error);

/* Replaces the item whole, reads it back, compares. @label is what keyring programs show. */
void          lk_vault_store_tokens_async   (LkVault *self, const char *connection,
                                             const char *label, LkTokenSet *tokens,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean      lk_vault_store_tokens_finish  (LkVault *self, GAsyncResult *result, GError **error);
void          lk_vault_lookup_tokens_async  (LkVault *self, const char *connection,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
LkTokenSet   *lk_vault_lookup_tokens_finish (LkVault *self, GAsyncResult *result, GError **error);

/* @kind: "client-secret" or "journal-key". */
void          lk_vault_store_secret_async   (LkVault *self, const char *kind, const char *name,
                                             const char *label, LkSecret *secret,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean      lk_vault_store_secret_finish  (LkVault *self, GAsyncResult *result, GError **error);
void          lk_vault_lookup_secret_async  (LkVault *self, const char *kind, const char *name,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
LkSecret     *lk_vault_lookup_secret_finish (LkVault *self, GAsyncResult *result, GError **error);

/* @kind: also "tokens". Removing what is not there is a success. */
void          lk_vault_remove_async         (LkVault *self, const char *kind, const char *name,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean      lk_vault_remove_finish        (LkVault *self, GAsyncResult *result, GError **error);

/* Token sets as text, for the vault and for the journal's encrypted part. */
LkSecret     *lk_token_set_to_secret        (LkTokenSet *tokens);
LkTokenSet   *lk_token_set_from_secret      (LkSecret *secret, GError **error);

G_END_DECLS
