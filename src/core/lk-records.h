/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-fault.h"

G_BEGIN_DECLS

/* What the ledger keeps. Plain values without secrets; each has copy and free. */

/**
 * LkClientRecord:
 * @name: the person's name for the developer app, unique
 * @provider: profile id
 * @client_id: the id that the provider gave (client key, app id, app key)
 * @redirect: (nullable): registered redirect URI when it is not the profile's own
 * @created: seconds since 1970 UTC
 */
typedef struct
{
  char   *name;
  char   *provider;
  char   *client_id;
  char   *redirect;
  gint64  created;
} LkClientRecord;

LkClientRecord *lk_client_record_copy (const LkClientRecord *self);
void            lk_client_record_free (LkClientRecord *self);

/**
 * LkAccount:
 * @id: the provider's id, always text
 * @name: (nullable): its name
 *
 * An advertiser, a shop, a profile that a connection reaches.
 */
typedef struct
{
  char *id;
  char *name;
} LkAccount;

LkAccount *lk_account_new  (const char *id, const char *name);
LkAccount *lk_account_copy (const LkAccount *self);
void       lk_account_free (LkAccount *self);

/**
 * LkParked:
 * @LK_PARKED_NOT: used here
 * @LK_PARKED_MOVED: moved to another computer, which renews it now
 * @LK_PARKED_HELD: restored from a copy; another computer may still renew it
 *
 * Why a connection that is here is not used here. One refresh token must never be sent by two.
 */
typedef enum
{
  LK_PARKED_NOT,
  LK_PARKED_MOVED,
  LK_PARKED_HELD,
} LkParked;

/* The words on the bus and in the ledger: "", "moved", "held". */
const char *lk_parked_to_string   (LkParked parked);
gboolean    lk_parked_from_string (const char *word, LkParked *parked);

/**
 * LkConnectionRecord:
 * @id: stable word of [a-z0-9], made by the agent, also the last part of the D-Bus path
 * @name: what the person sees and types; unique; made from the identity at first
 * @identity: (nullable): the provider's id of the login that granted it
 * @identity_name: (nullable): its name
 * @accounts: (element-type LkAccount): what it reaches
 * @accounts_known: whether the provider was ever asked (empty and known is a finding)
 * @scopes_asked: (nullable): scopes of the sign-in
 * @scopes_granted: (nullable): scopes the provider said it granted, %NULL when it did not say
 * @obtained, @access_ends, @refresh_ends: of the token set; see lk-token-set.h
 * @refresh_obtained: when the refresh token in use was issued
 * @last_renewed, @last_verified: seconds since 1970 UTC, 0 for never
 * @fingerprint: (nullable): of the access token
 * @generation: of the token set
 * @signed_in: when a person signed in last
 * @fault: (nullable): what is wrong now; %NULL when nothing is
 * @refusal: (nullable): of the last refused call that did not succeed since
 * @refusal_event: its line in the history
 * @removed_at: 0, or when the person removed it (it can be restored for a while)
 * @parked: whether it is used here
 * @parked_at: since when it is not, 0 for never
 * @parked_file: (nullable): id of the file that it was moved into or restored from last
 */
typedef struct
{
  char      *id;
  char      *name;
  char      *client;
  char      *provider;
  char      *identity;
  char      *identity_name;
  GPtrArray *accounts;
  gboolean   accounts_known;
  char     **scopes_asked;
  char     **scopes_granted;
  gint64     created;
  gint64     obtained;
  gint64     access_ends;
  gint64     refresh_ends;
  gint64     refresh_obtained;
  gint64     last_renewed;
  gint64     last_verified;
  char      *fingerprint;
  guint64    generation;
  gboolean   has_refresh;
  gint64     signed_in;
  LkFault   *fault;
  LkFault   *refusal;
  gint64     refusal_event;
  gint64     removed_at;
  LkParked   parked;
  gint64     parked_at;
  char      *parked_file;
} LkConnectionRecord;

LkConnectionRecord *lk_connection_record_new  (void);
LkConnectionRecord *lk_connection_record_copy (const LkConnectionRecord *self);
void                lk_connection_record_free (LkConnectionRecord *self);

/**
 * lk_connection_record_dup_missing_scopes:
 *
 * Returns: (transfer full): scopes that were asked for and not granted; empty when the provider
 *   did not say what it granted
 */
char              **lk_connection_record_dup_missing_scopes (const LkConnectionRecord *self);

/**
 * LkEvent:
 * @id: its number, 0 before it is stored
 * @connection: id of the connection
 * @connection_name: (nullable): its name now, in listings; not stored
 * @at: seconds since 1970 UTC
 * @kind: "signed-in", "renewed", "renewal-failed", "verified", "verify-failed", "handed-out",
 *   "revoked", "removed", "restored", "reconnected", "renamed", "lifetime-changed",
 *   "scopes-changed", "roles-changed", "accounts-changed", "recovered", "call-refused",
 *   "call-repeated", "circuit-opened", "circuit-closed", "diagnosed", "remedy-started",
 *   "remedy-step", "permission-appeared", "remedy-done", "renewals-slowed", "moved-away",
 *   "taken-back", "restored-backup"
 * @text: (nullable): program that took a token, old name and the like; never a secret
 * @fault: (nullable): what failed
 * @count: how often it came, each shortly after the one before; 0 for once before it is stored
 * @repeatable: the call that was refused is kept
 */
typedef struct
{
  gint64   id;
  char    *connection;
  char    *connection_name;
  gint64   at;
  char    *kind;
  char    *text;
  LkFault *fault;
  guint    count;
  gboolean repeatable;
} LkEvent;

LkEvent *lk_event_new  (const char *connection, gint64 at, const char *kind, const char *text);
LkEvent *lk_event_copy (const LkEvent *self);
void     lk_event_free (LkEvent *self);

/**
 * lk_event_to_variant:
 *
 * Returns: (transfer floating): id (x), at (x), kind (s), text (s), count (u), repeatable (b),
 *   fault (a{sv}: empty for none), connection (s: its id), name (s: of the connection, where it is
 *   known)
 */
GVariant *lk_event_to_variant   (const LkEvent *self);
/* @dict: an a{sv} from another program; what is absent or of another type is not known */
LkEvent  *lk_event_from_variant (GVariant *dict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkClientRecord, lk_client_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAccount, lk_account_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkConnectionRecord, lk_connection_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkEvent, lk_event_free)

G_END_DECLS
