/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define LK_JSON_MAX_SIZE  (1024 * 1024)
#define LK_JSON_MAX_DEPTH 64

JsonNode   *lk_json_parse        (const char *text, gssize length, int *line, GError **error);
GHashTable *lk_json_find_lines   (const char *text, size_t length);
JsonNode   *lk_json_find         (JsonNode *root, const char *path);
char       *lk_json_dup_scalar   (JsonNode *node);
char       *lk_json_find_scalar  (JsonNode *root, const char * const *paths);
void        lk_json_merge        (JsonObject *target, JsonObject *patch);

/**
 * LkReader:
 * @file: what errors name
 * @lines: (nullable): line of each key path
 * @warnings: (element-type utf8)
 * @error: the first error; all that follow are dropped
 *
 * Reads a profile's values, checks their types, and names file, line and key of the first that is
 * wrong.
 */
typedef struct
{
  const char *file;
  GHashTable *lines;
  GPtrArray  *warnings;
  GError     *error;
} LkReader;

void         lk_reader_fail       (LkReader *self, int code, const char *path, const char *format,
                                   ...) G_GNUC_PRINTF (4, 5);
void         lk_reader_warn       (LkReader *self, const char *path, const char *message);
void         lk_reader_check_keys (LkReader *self, JsonObject *object, const char *path,
                                   const char * const *known);
char        *lk_reader_join       (const char *path, const char *key);
const char  *lk_reader_string     (LkReader *self, JsonObject *object, const char *path,
                                   const char *key);
gint64       lk_reader_integer    (LkReader *self, JsonObject *object, const char *path,
                                   const char *key, gint64 fallback);
gboolean     lk_reader_boolean    (LkReader *self, JsonObject *object, const char *path,
                                   const char *key);
JsonObject  *lk_reader_object     (LkReader *self, JsonObject *object, const char *path,
                                   const char *key);
char       **lk_reader_strings    (LkReader *self, JsonObject *object, const char *path,
                                   const char *key);
char       **lk_reader_scalars    (LkReader *self, JsonObject *object, const char *path,
                                   const char *key);

G_END_DECLS
