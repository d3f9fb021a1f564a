/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-secret.h"

G_BEGIN_DECLS

/* Ends are seconds since 1970 UTC; these two stand for "does not end" and "nobody told us". */
#define LK_END_NEVER   G_MAXINT64
#define LK_END_UNKNOWN ((gint64) 0)

/**
 * LkTokenSet:
 *
 * One grant's tokens: immutable, reference counted. A renewal makes a new one with the next
 * generation number.
 */
typedef struct _LkTokenSet LkTokenSet;

/**
 * LkTokenSetFields:
 * @access: (transfer none): the access token
 * @refresh: (transfer none) (nullable): the refresh token
 * @obtained: when this access token was issued, seconds since 1970 UTC
 * @access_ends: its end, %LK_END_NEVER or %LK_END_UNKNOWN
 * @refresh_ends: the refresh token's end, %LK_END_NEVER or %LK_END_UNKNOWN
 * @scopes: (nullable): scopes that the provider says it granted; %NULL when it did not say
 * @generation: 1 for the first set of a sign-in, one more with each renewal
 */
typedef struct
{
  LkSecret           *access;
  LkSecret           *refresh;
  gint64              obtained;
  gint64              access_ends;
  gint64              refresh_ends;
  const char * const *scopes;
  guint64             generation;
} LkTokenSetFields;

#define LK_TYPE_TOKEN_SET (lk_token_set_get_type ())

GType               lk_token_set_get_type         (void);
LkTokenSet         *lk_token_set_new              (const LkTokenSetFields *fields);
LkTokenSet         *lk_token_set_ref              (LkTokenSet *self);
void                lk_token_set_unref            (LkTokenSet *self);
LkTokenSet         *lk_token_set_renewed          (LkTokenSet *self, LkTokenSet *reply);
LkSecret           *lk_token_set_get_access       (LkTokenSet *self);
LkSecret           *lk_token_set_get_refresh      (LkTokenSet *self);
gint64              lk_token_set_get_obtained     (LkTokenSet *self);
gint64              lk_token_set_get_access_ends  (LkTokenSet *self);
gint64              lk_token_set_get_refresh_ends (LkTokenSet *self);
const char * const *lk_token_set_get_scopes       (LkTokenSet *self);
guint64             lk_token_set_get_generation   (LkTokenSet *self);
gboolean            lk_token_set_equal            (LkTokenSet *a, LkTokenSet *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkTokenSet, lk_token_set_unref)

G_END_DECLS
