/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkHelpKind:
 * @LK_HELP_TEXT: a paragraph
 * @LK_HELP_HEADING: of what follows
 * @LK_HELP_STEP: a numbered step, see @number
 * @LK_HELP_ITEM: of a list
 * @LK_HELP_TERM: @text is what is explained, @detail the explanation
 * @LK_HELP_NOTE: set apart
 * @LK_HELP_CODE: @text is the code, @detail what it is, @target the file that it comes from
 * @LK_HELP_TOPIC: a link; @target is the id, @text the title and @detail the summary of a topic
 * @LK_HELP_ACTION: a link; @target is an action of the application, such as "win.connect"
 * @LK_HELP_ADDRESS: a link; @target is an https address
 * @LK_HELP_SCOPES: stands for all permissions of family @target; never seen outside of the reader
 * @LK_HELP_REFUSALS: stands for all kinds of refusal; the same
 */
typedef enum
{
  LK_HELP_TEXT,
  LK_HELP_HEADING,
  LK_HELP_STEP,
  LK_HELP_ITEM,
  LK_HELP_TERM,
  LK_HELP_NOTE,
  LK_HELP_CODE,
  LK_HELP_TOPIC,
  LK_HELP_ACTION,
  LK_HELP_ADDRESS,
  LK_HELP_SCOPES,
  LK_HELP_REFUSALS,
} LkHelpKind;

/**
 * LkHelpBlock:
 * @text: (nullable): translated
 * @detail: (nullable): translated
 * @target: (nullable)
 * @number: of a step, from 1
 */
typedef struct
{
  LkHelpKind  kind;
  char       *text;
  char       *detail;
  char       *target;
  guint       number;
} LkHelpBlock;

/**
 * LkHelpTopic:
 * @section: title of the section that it stands in, translated
 * @pages: pages of the application that it explains, never %NULL
 * @blocks: (element-type LkHelpBlock)
 */
typedef struct
{
  char       *id;
  char       *section;
  char       *title;
  char       *summary;
  char      **pages;
  GPtrArray  *blocks;
} LkHelpTopic;

typedef struct _LkHelp LkHelp;

/* All of data/help, translated; (transfer full) */
LkHelp            *lk_help_new        (void);
LkHelp            *lk_help_new_empty  (void);
void               lk_help_free       (LkHelp *self);
/* Topics in order; (element-type LkHelpTopic) (transfer none) */
GPtrArray         *lk_help_get_topics (LkHelp *self);
/* @word: id of a topic, or a page of the application. (nullable) (transfer none) */
const LkHelpTopic *lk_help_find       (LkHelp *self, const char *word);
/* Topics in which all words of @words stand, best first; all when it has no word.
 * (element-type LkHelpTopic) (transfer container) */
GPtrArray         *lk_help_search     (LkHelp *self, const char *words);
/* The first block in which all words stand; -1 when they do not stand in one. */
int                lk_help_topic_find (const LkHelpTopic *topic, const char *words);

/* For the files that make up the help. */
gboolean           lk_help_parse      (LkHelp *self, const char *name, GBytes *bytes,
                                       GError **error);
gboolean           lk_help_finish     (LkHelp *self, GBytes *(*get_script) (const char *name),
                                       GError **error);
void               lk_help_take_topic (LkHelp *self, LkHelpTopic *topic);
void               lk_help_topic_free (LkHelpTopic *topic);
LkHelpBlock       *lk_help_block_new  (LkHelpKind kind, const char *text, const char *detail,
                                       const char *target);
void               lk_help_block_free (LkHelpBlock *block);
/* What @block stands for, made from the data of the diagnosis; (element-type LkHelpBlock)
 * (transfer full) (nullable): %NULL when there is nothing of that name */
GPtrArray         *lk_help_expand     (const LkHelpBlock *block);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkHelp, lk_help_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkHelpTopic, lk_help_topic_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkHelpBlock, lk_help_block_free)

G_END_DECLS
