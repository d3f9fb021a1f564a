/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-sim-routes.h"

G_BEGIN_DECLS

/* A made-up shop; a seller is the person that the shops belong to. */
typedef struct
{
  guint       user;
  const char *id;
  const char *name;
  const char *code;
  const char *region;
  const char *seller;
} LkSimShop;

const LkSimShop *lk_sim_shops      (gsize *n);
char            *lk_sim_shop_sign  (const char *secret, const LkSimRequest *request);

G_END_DECLS
