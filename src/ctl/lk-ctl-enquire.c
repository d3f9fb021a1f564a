/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl.h"

/**
 * lk_ctl_enquire:
 * @event: the refusal of the history to look into, or 0
 * @fault: (nullable): one that came from elsewhere, used when there is no event
 * @facts: (out) (optional) (transfer full): what the findings were made from
 *
 * Has the service gather evidence, and makes findings of it. With neither event nor fault it is the
 * connection's own trouble, or its last refusal, that is looked into.
 *
 * Returns: (transfer full) (nullable) (element-type LkFinding): never empty; %NULL with @error set
 */
GPtrArray *
lk_ctl_enquire (LkCtl            *self,
                LkCtlConnection  *connection,
                gint64            event,
                const LkFault    *fault,
                LkFacts         **facts,
                GError          **error)
{
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) dict = NULL;
  g_autoptr(LkFacts) found = NULL;
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  if (event != 0)
    g_variant_dict_insert (&options, "event", "x", event);
  else if (fault != NULL)
    g_variant_dict_insert_value (&options, "fault", lk_fault_to_variant (fault));

  reply = lk_ctl_connection_call (self, connection, "Diagnose",
                                  g_variant_new ("(@a{sv})", g_variant_dict_end (&options)),
                                  "(a{sv})", error);
  if (reply == NULL)
    return NULL;

  dict = g_variant_get_child_value (reply, 0);
  found = lk_facts_from_variant (dict);
  if (facts != NULL)
    *facts = lk_facts_copy (found);
  return lk_enquiry_conclude (lk_ctl_get_diagnosis (self), found);
}
