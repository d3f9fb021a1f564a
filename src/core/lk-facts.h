/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-records.h"

G_BEGIN_DECLS

/* The other side's clock is not known. */
#define LK_SKEW_UNKNOWN G_MININT64

/**
 * LkProbeAnswer:
 * @probe: name of the probe in the profile, such as "identity"
 * @center: (nullable): the Business Center that it asked about
 * @account: (nullable): the account that it asked about
 * @endpoint: (nullable): path of the request, never its query
 * @http_status: 0 when no reply came
 * @fault: (nullable): why there is no answer; %NULL when there is one
 * @trace_id: (nullable): for the platform's support
 * @at: when it was asked, in seconds since 1970 UTC
 * @skew: seconds that the server's clock is ahead of ours, or %LK_SKEW_UNKNOWN
 * @cut: there are more rows than were read
 * @rows: (element-type GHashTable): text → text, the columns that the profile names; never %NULL
 *
 * What one probe found. Facts only, no sentences, no secrets.
 */
typedef struct
{
  char      *probe;
  char      *center;
  char      *account;
  char      *endpoint;
  int        http_status;
  LkFault   *fault;
  char      *trace_id;
  gint64     at;
  gint64     skew;
  gboolean   cut;
  GPtrArray *rows;
} LkProbeAnswer;

LkProbeAnswer *lk_probe_answer_new          (const char *probe, const char *center,
                                             const char *account);
LkProbeAnswer *lk_probe_answer_copy         (const LkProbeAnswer *self);
void           lk_probe_answer_free         (LkProbeAnswer *self);
/* A new row at the end; (transfer none) */
GHashTable    *lk_probe_answer_add_row      (LkProbeAnswer *self);
/* A column of a row; %NULL when it is not there. */
const char    *lk_probe_answer_get          (const LkProbeAnswer *self, guint row,
                                             const char *column);
/* The number of the row whose @column is @value, or -1. */
int            lk_probe_answer_find_row     (const LkProbeAnswer *self, const char *column,
                                             const char *value);
GVariant      *lk_probe_answer_to_variant   (const LkProbeAnswer *self);
LkProbeAnswer *lk_probe_answer_from_variant (GVariant *dict);

/**
 * LkFacts:
 * @fault: (nullable): what was refused; its method, endpoint and account say what was asked
 * @connection: (nullable): id of the connection
 * @name: (nullable): its name
 * @provider, @family: (nullable)
 * @client: (nullable): name of the developer app; @client_id its id
 * @identity, @identity_name: (nullable): whose login it is
 * @scopes_asked, @scopes_granted: (nullable): %NULL when nobody knows
 * @accounts: (element-type LkAccount): what the connection is known to reach; see @accounts_known
 * @can_renew: there is a refresh token
 * @renewed: the refused call had already renewed the token
 * @signed_in: when a person signed in last, in seconds since 1970 UTC
 * @last_verified: when the provider last said that the token is alive
 * @now: when the facts were gathered
 * @offline: the machine has no network
 * @answers: (element-type LkProbeAnswer): oldest first
 *
 * All that is known about a refusal. Goes over the bus; the findings are made from it on either
 * side by the same rules.
 */
typedef struct
{
  LkFault   *fault;
  char      *connection;
  char      *name;
  char      *provider;
  char      *family;
  char      *client;
  char      *client_id;
  char      *identity;
  char      *identity_name;
  char     **scopes_asked;
  char     **scopes_granted;
  GPtrArray *accounts;
  gboolean   accounts_known;
  gboolean   can_renew;
  gboolean   renewed;
  gboolean   offline;
  gint64     signed_in;
  gint64     last_verified;
  gint64     now;
  GPtrArray *answers;
} LkFacts;

LkFacts             *lk_facts_new          (void);
LkFacts             *lk_facts_copy         (const LkFacts *self);
void                 lk_facts_free         (LkFacts *self);
/* Adds an answer; one to the same question goes. @answer: (transfer full) */
void                 lk_facts_take_answer  (LkFacts *self, LkProbeAnswer *answer);
/* @center and @account may be %NULL, which is a question of its own. (nullable) */
const LkProbeAnswer *lk_facts_find         (const LkFacts *self, const char *probe,
                                            const char *center, const char *account);
gboolean             lk_facts_reaches      (const LkFacts *self, const char *account);
GVariant            *lk_facts_to_variant   (const LkFacts *self);
LkFacts             *lk_facts_from_variant (GVariant *dict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkProbeAnswer, lk_probe_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkFacts, lk_facts_free)

G_END_DECLS
