/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-remedy.h"

#define WORLD_NOW 1795250000

/**
 * World: what a platform would answer; the tests' other side.
 * @refused: pairs "probe=class" or "probe=class:code:message", separated by "|"
 * @identity: "id:name"
 * @listed: ids that the token lists; NULL for none
 * @status: of the account; NULL for STATUS_ENABLE
 * @owner: Business Center that owns the account
 * @centers: "id:name:ROLE", separated by "|"; NULL for none
 * @seats: "center:account:ROLE:RELATION:STATE:owner", separated by "|"
 * @admins: names of the admins of any center
 * @granted: scopes
 * @incident: open incident of the status feed
 * @deaf: a center that refuses to tell about its accounts
 * @skew: of the server's clock
 */
typedef struct
{
  const char *refused;
  const char *identity;
  const char *listed;
  const char *status;
  const char *owner;
  const char *centers;
  const char *seats;
  const char *admins;
  const char *granted;
  const char *incident;
  const char *deaf;
  gint64      skew;
} World;

typedef struct
{
  LkProfileSet *profiles;
  LkDiagnosis  *diagnosis;
} Fixture;

void           fixture_set_up    (Fixture *self, gconstpointer data);
void           fixture_tear_down (Fixture *self, gconstpointer data);

/* Facts about a connection "Brand EU"; fault is "class:code:METHOD:endpoint:account:message" */
LkFacts       *world_facts       (const char *provider, const char *fault);
LkProbeAnswer *world_answer      (const World *self, const LkQuestion *question, gint64 at);
/* Asks until nothing is left to ask; the questions, "probe(center,account)", with blanks. */
char          *world_enquire     (const World *self, Fixture *fixture, LkFacts *facts);
/* The step with this id, or fails. */
guint          find_step         (const LkRemedy *remedy, const char *id);
