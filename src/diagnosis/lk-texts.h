/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-diagnosis.h"

G_BEGIN_DECLS

/**
 * LkCondition:
 * @causes: (nullable): one of these causes
 * @with: (nullable): words that must be known, or "word=value"
 * @without: (nullable): words that must not be
 */
typedef struct
{
  char **causes;
  char **with;
  char **without;
} LkCondition;

/**
 * LkText:
 * @text: msgid, with words in braces
 * @link: (nullable): of a link, its name in the profile
 * @otherwise: only counts when the text before it did not
 */
typedef struct
{
  LkCondition  when;
  char        *text;
  char        *link;
  gboolean     otherwise;
} LkText;

/**
 * LkPlan: a step of a remedy, as data.
 * @proof: (nullable): word for what the check has to show, see lk-remedy-judge.c
 * @probes: what has to be asked, never %NULL
 * @turn: (nullable): %NULL for the one of the finding
 */
typedef struct
{
  char        *id;
  LkCondition  when;
  char        *check;
  char        *proof;
  char       **probes;
  char        *turn;
  gboolean     watchable;
  GPtrArray   *titles;
  GPtrArray   *todos;
  GPtrArray   *whys;
  GPtrArray   *links;
} LkPlan;

/**
 * LkCauseRow: what is said of a cause, as data.
 */
typedef struct
{
  char      *id;
  char      *turn;
  char      *remedy;
  gboolean   reauth;
  GPtrArray *titles;
  GPtrArray *explanations;
} LkCauseRow;

/**
 * LkRemedyRow: a remedy, as data.
 */
typedef struct
{
  char      *id;
  GPtrArray *titles;
  GPtrArray *plans;
  GPtrArray *subjects;
  GPtrArray *letters;
} LkRemedyRow;

/* data/catalogue/causes.xml and remedies.xml; read once, kept for good */
const LkCauseRow  *lk_texts_find_cause  (const char *id);
const LkRemedyRow *lk_texts_find_remedy (const char *id);
/* (element-type LkCauseRow), (element-type LkRemedyRow) */
GPtrArray         *lk_texts_get_causes  (void);
GPtrArray         *lk_texts_get_remedies (void);

gboolean           lk_turn_from_string  (const char *word, LkTurn *turn);

/**
 * LkWords: what texts are filled with.
 * @values: text → text, raw: role "ANALYST", times in seconds; made readable when filled in
 */
typedef struct
{
  LkDiagnosis *diagnosis;
  const char  *family;
  const char  *cause;
  GHashTable  *values;
} LkWords;

gboolean lk_words_allow   (const LkWords *self, const LkCondition *when);
/* Translated and filled in; %NULL when a word is not known. (transfer full) (nullable) */
char    *lk_words_fill    (const LkWords *self, const char *msgid);
/* The first text that is allowed and can be filled in. (transfer full) (nullable) */
char    *lk_words_first   (const LkWords *self, GPtrArray *texts);
/* All of them. (transfer full) */
char   **lk_words_all     (const LkWords *self, GPtrArray *texts);

/* "Analyst" for "ANALYST"; (transfer full) */
char    *lk_words_dup_role (const char *role);
/* "14:32", with the day when it is another than today's. (transfer full) */
char    *lk_words_dup_time (gint64 at, gint64 now);
/* "3 minutes"; (transfer full) */
char    *lk_words_dup_span (gint64 seconds);

G_END_DECLS
