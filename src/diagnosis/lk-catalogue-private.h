/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-catalogue.h"

G_BEGIN_DECLS

/* @codes: the codes of the rules that count in prose, with the family that lists each first */
struct _LkCatalogue
{
  GPtrArray  *families;
  GPtrArray  *rules;
  GPtrArray  *entries;
  GHashTable *sources;
  GHashTable *codes;
};

G_END_DECLS
