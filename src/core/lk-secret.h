/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LkSecret:
 *
 * The only type that may hold a token, a code, a verifier or a client secret. It is immutable,
 * reference counted, and its memory is overwritten when the last reference goes.
 */
typedef struct _LkSecret LkSecret;

#define LK_TYPE_SECRET (lk_secret_get_type ())

GType       lk_secret_get_type        (void);
LkSecret   *lk_secret_new             (const char *value);
LkSecret   *lk_secret_new_take        (char *value);
LkSecret   *lk_secret_ref             (LkSecret *self);
void        lk_secret_unref           (LkSecret *self);
const char *lk_secret_open            (LkSecret *self);
size_t      lk_secret_get_length      (LkSecret *self);
char       *lk_secret_dup_fingerprint (LkSecret *self);
gboolean    lk_secret_equal           (LkSecret *a, LkSecret *b);

void        lk_wipe                   (void *memory, size_t size);
void        lk_wipe_string            (char *text);
gboolean    lk_equal_in_constant_time (const char *a, const char *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkSecret, lk_secret_unref)

G_END_DECLS
