/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-fault.h"
#include "lk-profile-set.h"

G_BEGIN_DECLS

/**
 * LkPaste:
 *
 * What could be read from text that a person pasted: a bare body, curl -i output, a log line or
 * stack trace with JSON inside, an address with ?error=, HTML, or nothing.
 */
typedef enum
{
  LK_PASTE_EMPTY,
  LK_PASTE_JSON,
  LK_PASTE_HTTP,
  LK_PASTE_LOG,
  LK_PASTE_ADDRESS,
  LK_PASTE_HTML,
  LK_PASTE_TEXT,
  LK_PASTE_BINARY,
} LkPasteKind;

/**
 * LkHints:
 *
 * What the person knows beside the text; every field may be %NULL or 0.
 */
typedef struct
{
  const char *provider;
  const char *endpoint;
  const char *step;
  int         http_status;
} LkHints;

/**
 * LkTurn: who can go on.
 */
typedef enum
{
  LK_TURN_NOBODY,
  LK_TURN_YOU,
  LK_TURN_ADMIN,     /* of the Business Center */
  LK_TURN_APP_OWNER, /* whoever keeps the developer app */
  LK_TURN_PROVIDER,  /* TikTok */
  LK_TURN_LATCHKEY,
} LkTurn;

/* "nobody", "you", "admin", "app-owner", "provider", "latchkey" */
const char *lk_turn_to_string (LkTurn turn);

/**
 * LkFinding:
 * @fault: the facts
 * @paste: what the text was, for findings made from text
 * @confidence: 0 to 1
 * @action: what Latchkey does by itself
 * @title, @explanation: translated
 * @causes, @steps, @evidence, @assumptions: translated, most likely first; never %NULL
 * @handling: translated; what Latchkey does about it by itself
 * @sources: where each fact comes from, with date
 * @conflict: (nullable): translated; how published guides disagree
 * @cause: (nullable): word for what it comes from, such as "role-too-low"; set by the enquiry
 * @turn: who can go on
 * @remedy: (nullable): id of the remedy that fits
 * @values: (nullable): text → text, what the sentences name: "account", "account-name", "role",
 *   "needed-role", "scope", "scope-name", "login", "center", "center-name"…
 * @contains_secret: the text seems to hold a token; nothing of it is kept
 */
typedef struct
{
  LkFault     *fault;
  LkPasteKind  paste;
  double       confidence;
  gboolean     retryable;
  LkAuto       action;
  gboolean     needs_reauth;
  char        *title;
  char        *explanation;
  char       **causes;
  char       **steps;
  char       **evidence;
  char       **assumptions;
  char        *handling;
  char       **sources;
  char        *conflict;
  char        *cause;
  LkTurn       turn;
  char        *remedy;
  GHashTable  *values;
  gboolean     contains_secret;
} LkFinding;

void       lk_finding_free         (LkFinding *self);

/**
 * LkDiagnosis:
 *
 * Catalogue (compiled in) and rules. Pure: no agent, no network, no clock. Immutable after new.
 */
typedef struct _LkDiagnosis LkDiagnosis;

LkDiagnosis *lk_diagnosis_new          (LkProfileSet *profiles);
void         lk_diagnosis_free         (LkDiagnosis *self);

/* The profile with this id; (transfer none) (nullable) */
LkProfile   *lk_diagnosis_find_profile (LkDiagnosis *self, const char *id);

/* The scopes of all families, and the map from them to paths. */
struct _LkScopes *lk_diagnosis_get_scopes (LkDiagnosis *self);

/* Text in, finding out; always a finding, honest when it does not know. */
gboolean     lk_diagnosis_knows_provider (LkDiagnosis *self, const char *id);
LkFinding   *lk_diagnosis_read_text    (LkDiagnosis *self, const char *text, gssize length,
                                        const LkHints *hints);
/* A fault that the agent met, into words. */
LkFinding   *lk_diagnosis_explain      (LkDiagnosis *self, const LkFault *fault);
/* One short sentence for a row, such as "Access was withdrawn". (transfer full) */
char        *lk_diagnosis_dup_headline (LkDiagnosis *self, const LkFault *fault);

/* The object that "diagnose --json" prints; keys as in DESIGN.md 7. */
char        *lk_finding_to_json        (const LkFinding *finding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkFinding, lk_finding_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkDiagnosis, lk_diagnosis_free)

G_END_DECLS
