/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-diagnosis.h"

/**
 * lk_finding_free:
 * @self: (transfer full): a finding
 */
void
lk_finding_free (LkFinding *self)
{
  g_clear_pointer (&self->fault, lk_fault_free);
  g_free (self->title);
  g_free (self->explanation);
  g_strfreev (self->causes);
  g_strfreev (self->steps);
  g_strfreev (self->evidence);
  g_strfreev (self->assumptions);
  g_strfreev (self->sources);
  g_free (self->conflict);
  g_free (self);
}
