/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-remedy-private.h"

#include "lk-agent-connections.h"
#include "lk-agent-remedies.h"

G_DEFINE_FINAL_TYPE (LkAgentRemedy, lk_agent_remedy, G_TYPE_OBJECT)

static void
lk_agent_remedy_finalize (GObject *object)
{
  LkAgentRemedy *self = LK_AGENT_REMEDY (object);

  g_clear_handle_id (&self->watcher_id, g_bus_unwatch_name);
  g_queue_clear_full (&self->waiting, g_object_unref);
  g_clear_pointer (&self->record, lk_remedy_record_free);
  g_clear_object (&self->object);
  g_clear_object (&self->skeleton);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_agent_remedy_parent_class)->finalize (object);
}

static void
lk_agent_remedy_class_init (LkAgentRemedyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_agent_remedy_finalize;
}

static void
lk_agent_remedy_init (LkAgentRemedy *self)
{
  self->skeleton = lk_dbus_remedy1_skeleton_new ();
  g_queue_init (&self->waiting);
  self->untold = -1;
}

LkAgentRemedy *
lk_agent_remedy_new (LkAgentContext *context, LkRemedyRecord *record)
{
  LkAgentRemedy *self = g_object_new (LK_TYPE_AGENT_REMEDY, NULL);

  self->context = g_object_ref (context);
  self->record = record;
  lk_agent_remedy_connect_ops (self);
  return self;
}

LkRemedyRecord *
lk_agent_remedy_get_record (LkAgentRemedy *self)
{
  return self->record;
}

char *
lk_agent_remedy_dup_path (LkAgentRemedy *self)
{
  return g_strconcat (LK_AGENT_REMEDIES, self->record->id, NULL);
}

LkAgentConnection *
lk_agent_remedy_get_connection (LkAgentRemedy *self)
{
  LkAgentConnection *connection
    = lk_agent_connections_lookup (lk_agent_context_get_connections (self->context),
                                   self->record->connection);

  return connection != NULL && lk_agent_connection_get_record (connection)->removed_at == 0
           ? connection : NULL;
}

static const LkStepRecord *
find_step (GPtrArray *steps, const char *id)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const LkStepRecord *step = steps->pdata[i];

      if (g_str_equal (step->id, id))
        return step;
    }
  return NULL;
}

/* Steps of the catalogue that an earlier version did not have are to be done; those that are gone
 * go. */
static void
align_steps (LkRemedyRecord *record, const LkRemedy *plan)
{
  g_autoptr(GPtrArray) old = record->steps;

  record->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_step_record_free);
  for (guint i = 0; i < plan->steps->len; i++)
    {
      const LkRemedyStep *step = plan->steps->pdata[i];
      const LkStepRecord *known = find_step (old, step->id);

      g_ptr_array_add (record->steps,
                       lk_step_record_new (step->id, known != NULL ? known->state : "todo",
                                           known != NULL ? known->at : 0));
    }
}

LkRemedy *
lk_agent_remedy_dup_plan (LkAgentRemedy *self)
{
  LkRemedy *plan = lk_remedy_restore (lk_agent_context_get_diagnosis (self->context),
                                      self->record->remedy, self->record->cause,
                                      self->record->values, self->record->facts);

  if (plan != NULL)
    align_steps (self->record, plan);
  return plan;
}

gboolean
lk_agent_remedy_is_settled (LkAgentRemedy *self, guint step)
{
  const char *state = ((const LkStepRecord *) self->record->steps->pdata[step])->state;

  return g_str_equal (state, "done") || g_str_equal (state, "told");
}

guint
lk_agent_remedy_get_current (LkAgentRemedy *self)
{
  guint step = 0;

  while (step < self->record->steps->len && lk_agent_remedy_is_settled (self, step))
    step++;
  return step;
}

void
lk_agent_remedy_set_step (LkAgentRemedy *self, guint step, const char *state)
{
  LkStepRecord *record = self->record->steps->pdata[step];

  g_free (record->state);
  record->state = g_strdup (state);
  record->at = lk_agent_context_get_now (self->context);
}

void
lk_agent_remedy_set_busy (LkAgentRemedy *self, gboolean busy)
{
  lk_dbus_remedy1_set_busy (self->skeleton, busy);
}

gboolean
lk_agent_remedy_get_busy (LkAgentRemedy *self)
{
  return lk_dbus_remedy1_get_busy (self->skeleton);
}

/* Without the body, which may be long; who wants to see it has the history. */
static GVariant *
call_to_variant (const LkCallRequest *call)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  if (call == NULL)
    return g_variant_dict_end (&dict);
  g_variant_dict_insert (&dict, "method", "s", call->method);
  g_variant_dict_insert (&dict, "target", "s", call->target);
  if (call->query != NULL)
    g_variant_dict_insert_value (&dict, "query",
                                 g_variant_new_strv ((const char * const *) call->query, -1));
  if (call->content_type != NULL)
    g_variant_dict_insert (&dict, "content-type", "s", call->content_type);
  return g_variant_dict_end (&dict);
}

/**
 * lk_agent_remedy_sync:
 *
 * Brings the properties and the plan of checks in line with the record.
 */
void
lk_agent_remedy_sync (LkAgentRemedy *self)
{
  const LkRemedyRecord *record = self->record;
  LkDBusRemedy1 *bus = self->skeleton;

  lk_agent_remedy_plan (self);
  lk_dbus_remedy1_set_id (bus, record->id);
  lk_dbus_remedy1_set_connection (bus, record->connection);
  lk_dbus_remedy1_set_remedy (bus, record->remedy);
  lk_dbus_remedy1_set_cause (bus, record->cause);
  lk_dbus_remedy1_set_values (bus, lk_remedy_record_dup_values (record));
  lk_dbus_remedy1_set_facts (bus, lk_facts_to_variant (record->facts));
  lk_dbus_remedy1_set_steps (bus, lk_remedy_record_dup_steps (record));
  lk_dbus_remedy1_set_current (bus, lk_agent_remedy_get_current (self));
  lk_dbus_remedy1_set_started (bus, record->started);
  lk_dbus_remedy1_set_call (bus, call_to_variant (record->call));
  lk_dbus_remedy1_set_watching (bus, record->watched_since != 0);
  lk_dbus_remedy1_set_next_check (bus, self->next_check);
  lk_dbus_remedy1_set_done (bus, record->ended != 0);
  lk_agent_remedies_plan (lk_agent_context_get_remedies (self->context));
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    lk_agent_context_ledger_failed (context, error);
}

void
lk_agent_remedy_save (LkAgentRemedy *self)
{
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, NULL);

  lk_agent_remedy_sync (self);
  if (ledger != NULL && self->object != NULL)
    lk_ledger_put_remedy_async (ledger, self->record, NULL, written_cb,
                                g_object_ref (self->context));
}

void
lk_agent_remedy_tell (LkAgentRemedy *self, const char *kind, const char *text)
{
  g_autoptr(LkEvent) event = lk_event_new (self->record->connection,
                                           lk_agent_context_get_now (self->context), kind, text);

  lk_agent_context_add_event (self->context, event);
}

void
lk_agent_remedy_publish (LkAgentRemedy *self)
{
  g_autofree char *path = lk_agent_remedy_dup_path (self);

  if (self->object != NULL)
    return;
  self->object = lk_dbus_object_skeleton_new (path);
  lk_agent_remedy_sync (self);
  lk_dbus_object_skeleton_set_remedy1 (self->object, self->skeleton);
  g_dbus_object_manager_server_export (lk_agent_context_get_server (self->context),
                                       G_DBUS_OBJECT_SKELETON (self->object));
}

void
lk_agent_remedy_withdraw (LkAgentRemedy *self)
{
  g_autoptr(LkDBusObjectSkeleton) object = g_steal_pointer (&self->object);

  g_clear_handle_id (&self->watcher_id, g_bus_unwatch_name);
  if (object == NULL)
    return;
  g_dbus_object_manager_server_unexport (lk_agent_context_get_server (self->context),
                                         g_dbus_object_get_object_path (G_DBUS_OBJECT (object)));
  lk_dbus_object_skeleton_set_remedy1 (object, NULL);
}
