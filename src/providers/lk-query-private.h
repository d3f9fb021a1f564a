/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-buffer-private.h"

G_BEGIN_DECLS

/* Decoded; @value is wiped. */
typedef struct
{
  char *name;
  char *value;
} LkPair;

GArray   *lk_query_new    (void);
void      lk_query_add    (GArray *self, const char *name, const char *value);
gboolean  lk_query_parse  (GArray *self, const char *text);
void      lk_query_remove (GArray *self, const char *name);
void      lk_query_append (GArray *self, LkBuffer *buffer);

G_END_DECLS
