/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-sim-message.h"

G_BEGIN_DECLS

typedef enum
{
  LK_SIM_CUT_NONE,
  LK_SIM_CUT_BEFORE,
  LK_SIM_CUT_AFTER,
} LkSimCut;

/**
 * LkSimFault:
 * @path: the path that it applies to; a final "*" takes any rest
 * @grant: (nullable): only token requests with this grant_type
 * @method: (nullable): only this method
 * @times: how many requests it still applies to, -1 for all
 * @skip: how many fitting requests pass before it applies
 * @status: 0, or the HTTP status to answer with
 * @body: (nullable): the body to answer with
 * @carry_out: whether the request is carried out although the answer is replaced
 * @delay_ms: how long the answer is held back
 * @cut: whether the connection is closed without an answer, and when
 * @truncate: -1, or after how many bytes of the body the connection is closed
 * @slow_bps: 0, or bytes of the body that are sent in a second
 * @huge_bytes: 0, or the size of a body made up while it is sent
 */
typedef struct
{
  char     *path;
  char     *grant;
  char     *method;
  gint64    times;
  gint64    skip;
  guint     status;
  char     *content_type;
  char     *body;
  gboolean  carry_out;
  guint     delay_ms;
  LkSimCut  cut;
  gint64    truncate;
  gint64    slow_bps;
  gint64    huge_bytes;
  gint64    hits;
} LkSimFault;

typedef struct _LkSimFaults LkSimFaults;

LkSimFaults *lk_sim_faults_new    (void);
void         lk_sim_faults_free   (LkSimFaults *self);
void         lk_sim_faults_clear  (LkSimFaults *self);
gboolean     lk_sim_faults_add    (LkSimFaults *self, JsonObject *object, const char **problem);
LkSimFault  *lk_sim_faults_take   (LkSimFaults *self, const LkSimRequest *request);
void         lk_sim_faults_build  (LkSimFaults *self, JsonBuilder *builder);

LkSimFault  *lk_sim_fault_copy    (const LkSimFault *self);
void         lk_sim_fault_free    (LkSimFault *self);
gboolean     lk_sim_fault_answers (const LkSimFault *self);
void         lk_sim_fault_reply   (const LkSimFault *self, LkSimReply *reply);
gboolean     lk_sim_fault_is_raw  (const LkSimFault *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkSimFault, lk_sim_fault_free)

G_END_DECLS
