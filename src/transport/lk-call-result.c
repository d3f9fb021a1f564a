/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-call-private.h"

/**
 * lk_call_step_new:
 * @fault: (nullable): of a refusal
 */
LkCallStep *
lk_call_step_new (const char    *kind,
                  gint64         at,
                  double         seconds,
                  const LkFault *fault)
{
  LkCallStep *self = g_new0 (LkCallStep, 1);

  self->at = at;
  self->kind = g_strdup (kind);
  self->seconds = seconds;
  self->klass = fault != NULL ? fault->klass : LK_CLASS_OK;
  self->code = fault != NULL ? g_strdup (fault->code) : NULL;
  self->trace_id = fault != NULL ? g_strdup (fault->trace_id) : NULL;

  return self;
}

void
lk_call_step_free (LkCallStep *self)
{
  g_free (self->kind);
  g_free (self->code);
  g_free (self->trace_id);
  g_free (self);
}

LkCallResult *
lk_call_result_new (void)
{
  LkCallResult *self = g_new0 (LkCallResult, 1);

  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_call_step_free);

  return self;
}

void
lk_call_result_free (LkCallResult *self)
{
  if (self == NULL)
    return;

  lk_reply_free (self->reply);
  lk_fault_free (self->fault);
  g_ptr_array_unref (self->steps);
  g_free (self);
}
