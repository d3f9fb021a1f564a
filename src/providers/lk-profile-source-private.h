/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-json-private.h"

G_BEGIN_DECLS

/* One profile file as it stands, before "extends" is followed. */
typedef struct
{
  char       *file;
  char       *id;      /* (nullable): what it says of itself */
  char       *extends; /* (nullable) */
  JsonObject *json;
  GHashTable *lines;
} LkProfileSource;

LkProfileSource *lk_profile_source_new     (const char *file, const char *text, size_t length,
                                            GError **error);
void             lk_profile_source_free    (LkProfileSource *self);
const char      *lk_profile_source_get_id  (LkProfileSource *self);
char            *lk_profile_source_guess   (const char *file, const char *text, size_t length);
JsonObject      *lk_profile_source_resolve (LkProfileSource *self, GHashTable *own,
                                            GHashTable *shipped, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkProfileSource, lk_profile_source_free)

G_END_DECLS
