/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-monitor-ask.h"

#include "lk-agent-changes.h"
#include "lk-agent-enquiry.h"
#include "lk-agent-error.h"
#include "lk-agent-monitor.h"

/* Each costs a request; who is a member of more has the roles of these watched. */
#define MAX_CENTERS 5

typedef struct
{
  GVariant     *old_roles; /* (owned) (nullable) */
  LkAgentFound *found;     /* (owned) */
} Ask;

static void
ask_free (Ask *ask)
{
  g_clear_pointer (&ask->old_roles, g_variant_unref);
  g_clear_pointer (&ask->found, lk_agent_found_free);
  g_free (ask);
}

void
lk_agent_found_free (LkAgentFound *self)
{
  g_clear_pointer (&self->fault, lk_fault_free);
  g_clear_pointer (&self->roles, g_variant_unref);
  g_free (self);
}

/* What tells of the token's life, best first. */
static const char *
life_probe (LkProfile *profile)
{
  static const char * const probes[] = { "reach", "identity", "granted" };

  for (gsize i = 0; i < G_N_ELEMENTS (probes); i++)
    if (lk_profile_has_probe (profile, probes[i]))
      return probes[i];
  return NULL;
}

gboolean
lk_agent_monitor_can_ask (LkProfile *profile)
{
  return profile != NULL && life_probe (profile) != NULL;
}

static void
tell (LkAgentConnection *connection, const char *kind, const char *text)
{
  LkAgentContext *context = lk_agent_connection_get_context (connection);
  g_autoptr(LkEvent) event = lk_event_new (lk_agent_connection_get_id (connection),
                                           lk_agent_context_get_now (context), kind, text);

  lk_agent_context_add_event (context, event);
}

/* What the answers say. */

static void
take_reach (LkAgentConnection *connection, const LkProbeAnswer *answer)
{
  g_autoptr(GPtrArray) accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_account_free);

  if (answer == NULL || answer->fault != NULL || answer->cut)
    return;
  for (guint i = 0; i < answer->rows->len; i++)
    if (lk_probe_answer_get (answer, i, "id") != NULL)
      g_ptr_array_add (accounts, lk_account_new (lk_probe_answer_get (answer, i, "id"),
                                                 lk_probe_answer_get (answer, i, "name")));
  lk_agent_connection_take_accounts (connection, accounts);
}

static void
take_granted (LkAgentConnection *connection, const LkProbeAnswer *answer)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) scopes = NULL;

  if (answer == NULL || answer->fault != NULL || answer->cut || answer->rows->len == 0)
    return;
  for (guint i = 0; i < answer->rows->len; i++)
    if (lk_probe_answer_get (answer, i, "scope") != NULL)
      g_strv_builder_add (builder, lk_probe_answer_get (answer, i, "scope"));
  scopes = g_strv_builder_end (builder);
  lk_agent_connection_take_scopes (connection, scopes);
}

static GVariant *
collect_roles (const LkFacts *facts)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < facts->answers->len; i++)
    {
      const LkProbeAnswer *answer = facts->answers->pdata[i];

      if (answer->fault != NULL || !(g_str_equal (answer->probe, "center-assets")
                                     || g_str_equal (answer->probe, "centers")))
        continue;
      for (guint row = 0; row < answer->rows->len; row++)
        {
          const char *id = lk_probe_answer_get (answer, row, "id");
          const char *role = lk_probe_answer_get (answer, row, "role");

          if (id != NULL && role != NULL && g_hash_table_add (seen, (gpointer) id))
            g_variant_builder_add (&builder, "{ss}", id, role);
        }
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* Names of centers are not kept in the record; they come with the answer. */
static GPtrArray *
collect_names (LkAgentConnection *connection, const LkFacts *facts)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  const LkProbeAnswer *centers = lk_facts_find (facts, "centers", NULL, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_account_free);

  for (guint i = 0; record->accounts != NULL && i < record->accounts->len; i++)
    g_ptr_array_add (names, lk_account_copy (record->accounts->pdata[i]));
  for (guint i = 0; centers != NULL && i < centers->rows->len; i++)
    if (lk_probe_answer_get (centers, i, "id") != NULL)
      g_ptr_array_add (names, lk_account_new (lk_probe_answer_get (centers, i, "id"),
                                              lk_probe_answer_get (centers, i, "name")));
  return names;
}

static void
take_roles (LkAgentConnection *connection, Ask *ask, const LkFacts *facts)
{
  g_autoptr(GPtrArray) names = collect_names (connection, facts);
  g_autoptr(GVariant) roles = collect_roles (facts);
  g_autofree char *text = NULL;

  if (g_variant_n_children (roles) == 0)
    return;
  text = lk_agent_changes_of_roles (ask->old_roles, roles, names);
  if (text != NULL)
    tell (connection, "roles-changed", text);
  ask->found->roles = g_steal_pointer (&roles);
}

/* A token that the provider calls dead is dead, unless the provider has trouble itself. */
static void
take_death (LkAgentConnection *connection, const LkFault *fault)
{
  LkAgentMonitor *monitor
    = lk_agent_context_get_monitor (lk_agent_connection_get_context (connection));

  if (fault->klass != LK_CLASS_TOKEN_EXPIRED
      || lk_agent_monitor_has_incident (monitor,
                                        lk_agent_connection_get_record (connection)->provider))
    return;
  if (lk_agent_connection_can_renew (connection))
    lk_agent_connection_renew_async (connection, NULL, NULL);
  else
    lk_agent_connection_fail (connection, "verify-failed", lk_fault_copy (fault));
}

/* Asking. */

static void
ask_end (GTask *task, LkFacts *facts)
{
  LkAgentConnection *connection = g_task_get_source_object (task);
  Ask *ask = g_task_get_task_data (task);

  if (facts != NULL)
    take_roles (connection, ask, facts);
  if (ask->found->answered)
    tell (connection, "verified", NULL);
  g_task_return_pointer (task, g_steal_pointer (&ask->found),
                         (GDestroyNotify) lk_agent_found_free);
}

static void
assets_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkFacts) facts = lk_agent_enquiry_finish (LK_AGENT_CONNECTION (source), result,
                                                      &error);

  if (facts == NULL)
    g_info ("the roles were not asked for: %s", error->message);
  ask_end (task, facts);
}

static void
ask_for_assets (GTask *task, LkFacts *facts)
{
  LkAgentConnection *connection = g_task_get_source_object (task);
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  const LkProbeAnswer *centers = lk_facts_find (facts, "centers", NULL, NULL);
  g_autoptr(GPtrArray) questions
    = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_question_free);

  for (guint i = 0; centers != NULL && centers->fault == NULL && profile != NULL
                    && lk_profile_has_probe (profile, "center-assets")
                    && i < MIN (centers->rows->len, MAX_CENTERS); i++)
    if (lk_probe_answer_get (centers, i, "id") != NULL)
      g_ptr_array_add (questions, lk_question_new ("center-assets",
                                                   lk_probe_answer_get (centers, i, "id"), NULL));
  if (questions->len == 0)
    ask_end (task, facts);
  else
    lk_agent_enquiry_ask_async (connection, lk_facts_copy (facts), g_steal_pointer (&questions),
                                assets_answered_cb, g_object_ref (task));
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentConnection *connection = LK_AGENT_CONNECTION (source);
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  const char *probe = profile != NULL ? life_probe (profile) : NULL;
  LkAgentFound *found = ((Ask *) g_task_get_task_data (task))->found;
  const LkProbeAnswer *life;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkFacts) facts = lk_agent_enquiry_finish (connection, result, &error);

  if (facts == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  life = probe != NULL ? lk_facts_find (facts, probe, NULL, NULL) : NULL;
  found->offline = facts->offline;
  found->answered = life != NULL && life->fault == NULL;
  if (life != NULL && life->fault != NULL)
    {
      found->fault = lk_fault_copy (life->fault);
      take_death (connection, life->fault);
    }
  if (!found->answered || lk_agent_connection_get_record (connection)->removed_at != 0)
    {
      ask_end (task, NULL);
      return;
    }
  take_reach (connection, lk_facts_find (facts, "reach", NULL, NULL));
  take_granted (connection, lk_facts_find (facts, "granted", NULL, NULL));
  ask_for_assets (task, facts);
}

void
lk_agent_monitor_ask_async (LkAgentConnection *connection, GVariant *roles,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (connection, NULL, callback, user_data);
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  g_autoptr(GPtrArray) questions
    = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_question_free);
  static const char * const more[] = { "granted", "centers" };
  const char *life = life_probe (profile);
  Ask *ask = g_new0 (Ask, 1);

  g_task_set_source_tag (task, lk_agent_monitor_ask_async);
  g_task_set_task_data (task, ask, (GDestroyNotify) ask_free);
  ask->old_roles = roles != NULL ? g_variant_ref (roles) : NULL;
  ask->found = g_new0 (LkAgentFound, 1);
  g_ptr_array_add (questions, lk_question_new (life, NULL, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (more); i++)
    if (!g_str_equal (more[i], life) && lk_profile_has_probe (profile, more[i]))
      g_ptr_array_add (questions, lk_question_new (more[i], NULL, NULL));
  lk_agent_enquiry_ask_async (connection, lk_agent_facts_new (connection),
                              g_steal_pointer (&questions), answered_cb, g_object_ref (task));
}

LkAgentFound *
lk_agent_monitor_ask_finish (LkAgentConnection *connection, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
