/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-fault.h"

G_BEGIN_DECLS

/**
 * LkRenewal:
 *
 * What a refused token means in a family: nothing can renew it, it is simply renewed when it is
 * expired, or even a token called invalid gets one renewal before a person is asked.
 */
typedef enum
{
  LK_RENEWAL_NONE,
  LK_RENEWAL_PLAIN,
  LK_RENEWAL_FIRST,
} LkRenewal;

/**
 * LkFamilyRow:
 * @hosts, @paths, @words: marks in a text by which the family is guessed, lower case
 */
typedef struct
{
  char      *id;
  char      *name;
  char     **hosts;
  char     **paths;
  char     **words;
  LkRenewal  renewal;
} LkFamilyRow;

/**
 * LkRule:
 * @families, @codes, @steps, @messages: (nullable): %NULL matches all; @codes holds words and
 *   ranges such as "51000-51099"; @messages holds lower-case pieces, one of which must occur
 * @retryable, @reauth: 1, 0, or -1 for what the class says
 * @action: an LkAuto or -1
 * @anywhere: its phrases are so telling that the family need not be known
 * @keyed_only: its codes are common words and count only where a code stands
 */
typedef struct
{
  char   **families;
  char   **codes;
  char   **steps;
  char   **messages;
  LkClass  klass;
  int      retryable;
  int      reauth;
  int      action;
  gboolean anywhere;
  gboolean keyed_only;
} LkRule;

/**
 * LkEntry:
 * @codes: (nullable): %NULL for the entry of a whole class
 * @klass: the class it is for, or -1 for any
 * @handling: (nullable): what Latchkey does about it by itself; an entry without one takes it
 *   from its class
 * @conflict: (nullable): how published guides disagree; entries that carry only this (and
 *   @statuses) are notes beside the main entry
 * @settled: the conflict is about something else than what the code means
 *
 * Texts are untranslated msgids.
 */
typedef struct
{
  char     **families;
  char     **codes;
  char     **statuses;
  int        klass;
  char      *title;
  char      *explanation;
  char      *handling;
  char      *conflict;
  gboolean   settled;
  GPtrArray *causes;
  GPtrArray *steps;
  GPtrArray *sources;
} LkEntry;

typedef struct _LkCatalogue LkCatalogue;

LkCatalogue       *lk_catalogue_new           (void);
LkCatalogue       *lk_catalogue_new_empty     (void);
void               lk_catalogue_free          (LkCatalogue *self);
const LkEntry     *lk_catalogue_find          (LkCatalogue *self, const char *family,
                                               const char *code, LkClass klass);
const LkEntry     *lk_catalogue_find_status   (LkCatalogue *self, int http_status, LkClass klass);
const LkEntry     *lk_catalogue_find_class    (LkCatalogue *self, LkClass klass);
const LkEntry     *lk_catalogue_find_conflict (LkCatalogue *self, const char *family,
                                               const char *code, int http_status);
const LkRule      *lk_catalogue_match         (LkCatalogue *self, const LkFault *fault,
                                               const char *text);
const LkFamilyRow *lk_catalogue_get_family    (LkCatalogue *self, const char *id);
const LkFamilyRow *lk_catalogue_guess_family  (LkCatalogue *self, const char *text,
                                               gboolean *certain);
const char        *lk_catalogue_family_of     (LkCatalogue *self, const char *code);
gboolean           lk_catalogue_knows_code    (LkCatalogue *self, const char *code);
GPtrArray         *lk_catalogue_get_entries   (LkCatalogue *self);
GPtrArray         *lk_catalogue_get_rules     (LkCatalogue *self);

/* For the files that make up the catalogue. */
gboolean           lk_catalogue_parse         (LkCatalogue *self, const char *name, GBytes *bytes,
                                               GError **error);
void               lk_catalogue_free_entry    (LkEntry *entry);
void               lk_catalogue_take_family   (LkCatalogue *self, LkFamilyRow *row);
void               lk_catalogue_take_rule     (LkCatalogue *self, LkRule *rule);
void               lk_catalogue_take_entry    (LkCatalogue *self, LkEntry *entry);
void               lk_catalogue_take_source   (LkCatalogue *self, const char *id, char *text);
const char        *lk_catalogue_get_source    (LkCatalogue *self, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkCatalogue, lk_catalogue_free)

G_END_DECLS
