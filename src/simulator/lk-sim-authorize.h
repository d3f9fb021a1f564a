/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-sim-state.h"

G_BEGIN_DECLS

/**
 * LkSimAsk:
 * @scopes: what may be granted: asked for (Login Kit, account) or what the app has (Ads, Shop)
 *
 * An authorization request that was found good.
 */
typedef struct
{
  LkSimApp    *app;
  const char  *redirect;
  const char  *state;     /* (nullable) */
  const char  *challenge; /* (nullable) */
  char       **scopes;
} LkSimAsk;

/**
 * LkSimChoice:
 *
 * What the person chose on the consent page.
 */
typedef struct
{
  gboolean          allow;
  const LkSimUser  *user;
  char            **scopes;
  char            **advertisers;
} LkSimChoice;

LkSimAsk    *lk_sim_ask_new_v2     (LkSimState *state, GHashTable *params, const char **problem);
LkSimAsk    *lk_sim_ask_new_portal (LkSimState *state, GHashTable *params, const char **problem);
LkSimAsk    *lk_sim_ask_new_shop   (LkSimState *state, GHashTable *params, const char **problem);
void         lk_sim_ask_free       (LkSimAsk *self);

LkSimChoice *lk_sim_choice_auto    (LkSimState *state, LkSimAsk *ask, GHashTable *params);
LkSimChoice *lk_sim_choice_form    (LkSimState *state, LkSimAsk *ask, GHashTable *form);
void         lk_sim_choice_free    (LkSimChoice *self);
char        *lk_sim_ask_finish     (LkSimAsk *self, LkSimState *state, LkSimChoice *choice);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkSimAsk, lk_sim_ask_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkSimChoice, lk_sim_choice_free)

G_END_DECLS
