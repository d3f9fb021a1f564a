/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkBuffer:
 *
 * Text that may hold secrets while a request is put together. Memory that it grows out of is
 * overwritten.
 */
typedef struct
{
  char   *text;
  size_t  length;
  size_t  size;
} LkBuffer;

void    lk_buffer_append         (LkBuffer *self, const char *text);
void    lk_buffer_append_escaped (LkBuffer *self, const char *text);
void    lk_buffer_append_json    (LkBuffer *self, const char *text);
void    lk_buffer_clear          (LkBuffer *self);
char   *lk_buffer_steal          (LkBuffer *self);
GBytes *lk_buffer_steal_bytes    (LkBuffer *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LkBuffer, lk_buffer_clear)

G_END_DECLS
