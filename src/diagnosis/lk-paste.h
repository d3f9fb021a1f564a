/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-diagnosis.h"

G_BEGIN_DECLS

/**
 * LkPasteFact:
 * @code: (nullable): the platform's code, such as "40100" or "invalid_grant"
 * @detail: (nullable): a second word beside it, such as error_type in an address
 * @sub: (nullable): a sub-code, such as the reason of a web hook
 * @message: (nullable): redacted
 * @trace_id: (nullable): request or log id
 * @structured: it stood in an object, not in prose
 * @loose: only a word of the text equals a known code
 *
 * One candidate: something in the text that may be a platform's verdict.
 */
typedef struct
{
  char    *code;
  char    *detail;
  char    *sub;
  char    *message;
  char    *trace_id;
  gboolean success;
  gboolean structured;
  gboolean loose;
} LkPasteFact;

/**
 * LkPattern:
 * @text: multi-line
 * @exact: upper and lower case differ
 * @regex: (nullable): compiled at first use and kept, since a text meets some fifty of them
 */
typedef struct
{
  const char *text;
  gboolean    exact;
  GRegex     *regex;
} LkPattern;

#define LK_PATTERN(text) { text, FALSE, NULL }
#define LK_PATTERN_EXACT(text) { text, TRUE, NULL }

/* Tells whether a word is a code that the catalogue knows. */
typedef gboolean (*LkKnowsCode) (const char *word, void *user_data);

/**
 * LkPaste:
 * @text: valid UTF-8, lower case, bounded; for matching only, never shown
 * @facts: (element-type LkPasteFact): in the order of the text
 * @json: (element-type utf8): each body found, as strict JSON
 * @cut: a body ends in the middle
 * @partial: the text was too long to be read whole
 */
typedef struct
{
  LkPasteKind kind;
  char       *text;
  GPtrArray  *facts;
  GPtrArray  *json;
  int         http_status;
  char       *endpoint;
  char       *trace_id;
  gboolean    cut;
  gboolean    partial;
  gboolean    answered;
  gboolean    contains_secret;
  LkKnowsCode knows;
  void       *knows_data;
} LkPaste;

LkPaste     *lk_paste_read      (const char *text, gssize length, LkKnowsCode knows, void *data);
void         lk_paste_free      (LkPaste *self);

/* Parts of the reader, each in a file of its own. */
LkPasteFact *lk_paste_fact_new  (void);
void         lk_paste_fact_free (LkPasteFact *self);
gboolean     lk_paste_is_code   (const char *word);

char        *lk_paste_repair_json  (const char *text, size_t length, size_t start, size_t *stop,
                                    gboolean *complete);
gboolean     lk_paste_read_json    (LkPaste *self, const char *json, GQueue *texts);
void         lk_paste_scan_objects (LkPaste *self, const char *text);
void         lk_paste_read_prose   (LkPaste *self, const char *text);
gboolean     lk_paste_read_address (LkPaste *self, const char *text);
void         lk_paste_read_head    (LkPaste *self, const char *text);

GRegex      *lk_pattern_get        (LkPattern *self);
char        *lk_pattern_find       (LkPattern *self, const char *text);
char        *lk_paste_redact       (const char *message);
gboolean     lk_paste_has_secret   (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkPaste, lk_paste_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkPasteFact, lk_paste_fact_free)

G_END_DECLS
