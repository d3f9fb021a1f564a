/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-programs.h"

G_BEGIN_DECLS

typedef enum
{
  LK_AGENT_RULE_ASK,
  LK_AGENT_RULE_ALLOW,
  LK_AGENT_RULE_DENY,
} LkAgentRule;

/**
 * LkAgentTaker:
 * @pass_until: the person said "once" while nobody waited; 0 for not
 * @refused_until: the person said "not now"; 0 for not
 *
 * A program and a connection.
 */
typedef struct
{
  LkAgentProgram *program;
  char           *connection;
  LkAgentRule     rule;
  gint64          first;
  gint64          last;
  guint64         count;
  gint64          pass_until;
  gint64          refused_until;
  gboolean        dirty;
} LkAgentTaker;

/* What the person is asked. It stays until it is answered, longer than those who wait for it. */
typedef struct
{
  guint           id;
  LkAgentProgram *program;
  char           *claimed;
  char           *connection;
  gint64          since;
  GPtrArray      *waiting; /* (element-type Waiter) */
} LkAgentQuestion;

struct _LkAgentPrograms
{
  LkAgentContext  *context;      /* outlives us */
  char            *window;       /* (owned): path of our own window */
  GHashTable      *takers;       /* (owned) "connection program" → LkAgentTaker */
  GPtrArray       *questions;    /* (owned) oldest first */
  guint            last_question;
  gboolean         asks;
  guint            save_id;
  GHashTable      *notices;      /* (owned) (nullable) number of a question → id of its notice */
  char            *run;          /* (owned): no other agent asked by this word */
};

/* lk-agent-programs.c */
LkAgentTaker *lk_agent_programs_find   (LkAgentPrograms *self, const char *connection,
                                        const char *program);
LkAgentTaker *lk_agent_programs_ensure (LkAgentPrograms *self, const char *connection,
                                        const LkAgentProgram *program);
void          lk_agent_programs_write  (LkAgentPrograms *self, LkAgentTaker *taker);
void          lk_agent_programs_forget (LkAgentPrograms *self, LkAgentTaker *taker);
const char   *lk_agent_rule_to_string  (LkAgentRule rule);
gboolean      lk_agent_rule_from_string (const char *word, LkAgentRule *rule);

/* lk-agent-programs-ask.c */
void          lk_agent_question_free   (LkAgentQuestion *self);
void          lk_agent_programs_ask    (LkAgentPrograms *self, LkAgentConnection *connection,
                                        const LkAgentProgram *program, const char *claimed,
                                        GTask *task);
/* Ends the questions that a rule, a setting or an end has answered. */
void          lk_agent_programs_settle (LkAgentPrograms *self);
gboolean      lk_agent_programs_answer (LkAgentPrograms *self, guint id, gboolean allow,
                                        gboolean remember, GError **error);

/* lk-agent-programs-bus.c */
void          lk_agent_programs_connect (LkAgentPrograms *self);

/* lk-agent-programs-notice.c */
void          lk_agent_programs_notify  (LkAgentPrograms *self);
void          lk_agent_programs_hush    (LkAgentPrograms *self);

G_END_DECLS
