/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-remedies.h"

#include <string.h>

#include "lk-agent-alarm.h"
#include "lk-agent-connections.h"
#include "lk-agent-error.h"

#define AT_ONCE 64 /* of one connection */
#define WORD_MAX 64

struct _LkAgentRemedies
{
  LkAgentContext *context; /* outlives us */
  GHashTable     *by_id;   /* (owned) id → LkAgentRemedy */
  LkAgentAlarm   *alarm;   /* (owned) (nullable): once something is planned */
};

LkAgentRemedies *
lk_agent_remedies_new (LkAgentContext *context)
{
  LkAgentRemedies *self = g_new0 (LkAgentRemedies, 1);

  self->context = context;
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  return self;
}

void
lk_agent_remedies_free (LkAgentRemedies *self)
{
  g_clear_pointer (&self->alarm, lk_agent_alarm_free);
  g_hash_table_unref (self->by_id);
  g_free (self);
}

/* (transfer full): handling one may change the table. @self: (nullable): at the end */
static GPtrArray *
list (LkAgentRemedies *self)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer value;

  if (self == NULL)
    return all;
  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (all, g_object_ref (value));
  return all;
}

/* The clock. */

static void
alarm_cb (gboolean clock_was_set, gpointer user_data)
{
  LkAgentRemedies *self = user_data;
  gint64 now = lk_agent_context_get_now (self->context);
  g_autoptr(GPtrArray) all = list (self);

  for (guint i = 0; i < all->len; i++)
    {
      LkAgentRemedy *remedy = all->pdata[i];

      /* A clock that was set may have put it off for years. */
      if (clock_was_set)
        lk_agent_remedy_plan (remedy);
      if (lk_agent_remedy_get_due (remedy) > now)
        continue;
      if (lk_agent_remedy_get_record (remedy)->ended != 0)
        lk_agent_remedies_close (self, remedy);
      else
        lk_agent_remedy_tick (remedy);
    }
  lk_agent_remedies_plan (self);
}

void
lk_agent_remedies_plan (LkAgentRemedies *self)
{
  gint64 first = LK_END_NEVER;
  GHashTableIter iter;
  gpointer value;

  if (self == NULL)
    return;
  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (!lk_agent_remedy_get_busy (value))
      first = MIN (first, lk_agent_remedy_get_due (value));
  if (first == LK_END_NEVER && self->alarm == NULL)
    return;
  if (self->alarm == NULL)
    self->alarm = lk_agent_alarm_new (alarm_cb, self);
  lk_agent_alarm_set (self->alarm, first == LK_END_NEVER
                                     ? -1
                                     : MAX (first - lk_agent_context_get_now (self->context), 0));
}

/* Coming and going. */

/* What is being mended is not warned of. */
static void
tell_connection (LkAgentRemedies *self, LkAgentRemedy *remedy)
{
  LkAgentConnection *connection = lk_agent_remedy_get_connection (remedy);

  if (connection != NULL)
    lk_agent_context_connection_changed (self->context, connection);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    lk_agent_context_ledger_failed (context, error);
}

void
lk_agent_remedies_close (LkAgentRemedies *self, LkAgentRemedy *remedy)
{
  g_autofree char *id = g_strdup (lk_agent_remedy_get_record (remedy)->id);
  g_autoptr(LkAgentRemedy) kept = g_object_ref (remedy);
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, NULL);

  lk_agent_remedy_withdraw (remedy);
  g_hash_table_remove (self->by_id, id);
  if (ledger != NULL)
    lk_ledger_remove_remedy_async (ledger, id, NULL, removed_cb, g_object_ref (self->context));
  tell_connection (self, kept);
  lk_agent_remedies_plan (self);
}

gboolean
lk_agent_remedies_mend (LkAgentRemedies *self, const char *connection, LkClass klass)
{
  GHashTableIter iter;
  gpointer value;

  if (self == NULL)
    return FALSE;
  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const LkRemedyRecord *record = lk_agent_remedy_get_record (value);
      const LkFault *fault = record->facts != NULL ? record->facts->fault : NULL;

      if (record->ended == 0 && g_str_equal (record->connection, connection) && fault != NULL
          && fault->klass == klass)
        return TRUE;
    }
  return FALSE;
}

void
lk_agent_remedies_close_of (LkAgentRemedies *self, const char *connection)
{
  g_autoptr(GPtrArray) all = list (self);

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (lk_agent_remedy_get_record (all->pdata[i])->connection, connection))
      lk_agent_remedies_close (self, all->pdata[i]);
}

void
lk_agent_remedies_signed_in (LkAgentRemedies *self, const char *connection)
{
  g_autoptr(GPtrArray) all = list (self);

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (lk_agent_remedy_get_record (all->pdata[i])->connection, connection))
      lk_agent_remedy_signed_in (all->pdata[i]);
}

void
lk_agent_remedies_take (LkAgentRemedies *self, GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      LkRemedyRecord *record = lk_remedy_record_copy (records->pdata[i]);
      g_autoptr(LkAgentRemedy) remedy = lk_agent_remedy_new (self->context, record);

      g_hash_table_insert (self->by_id, g_strdup (record->id), g_object_ref (remedy));
      if (lk_agent_remedy_get_connection (remedy) == NULL)
        lk_agent_remedies_close (self, remedy);
      else
        lk_agent_remedy_publish (remedy);
    }
}

/* Starting one. */

static gboolean
same_value (const LkRemedyRecord *a, const LkRemedyRecord *b, const char *word)
{
  return g_strcmp0 (g_hash_table_lookup (a->values, word),
                    g_hash_table_lookup (b->values, word)) == 0;
}

static LkAgentRemedy *
find_same (LkAgentRemedies *self, const LkRemedyRecord *record)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const LkRemedyRecord *known = lk_agent_remedy_get_record (value);

      if (known->ended == 0 && g_str_equal (known->connection, record->connection)
          && g_str_equal (known->remedy, record->remedy)
          && g_str_equal (known->cause, record->cause)
          && same_value (known, record, "account") && same_value (known, record, "scope"))
        return value;
    }
  return NULL;
}

static guint
count_of (LkAgentRemedies *self, const char *connection)
{
  GHashTableIter iter;
  gpointer value;
  guint count = 0;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    count += g_str_equal (lk_agent_remedy_get_record (value)->connection, connection);
  return count;
}

/* The newer call takes the place of the one that was kept. */
static void
take_call (LkRemedyRecord *known, LkRemedyRecord *record)
{
  if (record->call == NULL)
    return;
  g_clear_pointer (&known->call, lk_call_request_unref);
  known->call = g_steal_pointer (&record->call);
  known->event = record->event;
}

static char *
dup_new_id (void)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_auto(GStrv) parts = g_strsplit (uuid, "-", 0);
  char *id = g_strjoinv ("", parts);

  id[12] = '\0';
  return id;
}

static void
remedies_start (GTask *task)
{
  LkAgentContext *context = g_task_get_source_object (task);
  LkAgentRemedies *self = lk_agent_context_get_remedies (context);
  g_autoptr(LkRemedyRecord) record = lk_remedy_record_copy (g_task_get_task_data (task));
  LkAgentRemedy *known = find_same (self, record);
  g_autoptr(LkAgentRemedy) remedy = NULL;
  g_autoptr(LkRemedy) plan = NULL;

  if (known != NULL)
    {
      take_call (lk_agent_remedy_get_record (known), record);
      lk_agent_remedy_save (known);
      g_task_return_pointer (task, lk_agent_remedy_dup_path (known), g_free);
      return;
    }
  record->id = dup_new_id ();
  record->started = lk_agent_context_get_now (context);
  remedy = lk_agent_remedy_new (context, g_steal_pointer (&record));
  plan = lk_agent_remedy_dup_plan (remedy);
  if (plan == NULL || lk_agent_remedy_get_connection (remedy) == NULL
      || count_of (self, lk_agent_remedy_get_record (remedy)->connection) >= AT_ONCE)
    {
      g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                               "there is no such remedy, or there are too many");
      return;
    }
  g_hash_table_insert (self->by_id, g_strdup (lk_agent_remedy_get_record (remedy)->id),
                       g_object_ref (remedy));
  lk_agent_remedy_publish (remedy);
  lk_agent_remedy_save (remedy);
  lk_agent_remedy_tell (remedy, "remedy-started", lk_agent_remedy_get_record (remedy)->remedy);
  tell_connection (self, remedy);
  g_task_return_pointer (task, lk_agent_remedy_dup_path (remedy), g_free);
}

static void
call_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkRemedyRecord *record = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkEvent) event = lk_ledger_get_event_finish (LK_LEDGER (source), result,
                                                         &record->call, &error);

  /* A sign-in that went wrong names no call; the one that it brought about is repeated. */
  if (event != NULL && record->call != NULL && !g_hash_table_contains (record->values, "call"))
    g_hash_table_insert (record->values, g_strdup ("call"), g_strdup ("yes"));
  if (event != NULL)
    remedies_start (task);
  else if (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND))
    g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                             "the history has no such refusal");
  else
    g_task_return_error (task, lk_agent_error_translate (error, NULL));
}

/* What is wrong with the connection brought the last refusal about, if it is of that kind. */
static gboolean
is_brought_about (const LkConnectionRecord *about, const LkFault *fault)
{
  return about->fault != NULL && about->fault->at == fault->at
         && about->fault->klass == fault->klass && about->refusal->klass == fault->klass;
}

static gboolean
is_same_call (const LkFault *a, const LkFault *b)
{
  return g_strcmp0 (a->endpoint, b->endpoint) == 0 && g_strcmp0 (a->method, b->method) == 0
         && g_strcmp0 (a->account, b->account) == 0;
}

/* Who does not say which call it is about means the last one that was refused, if it is that. */
static gint64
guess_event (LkAgentRemedies *self, const LkRemedyRecord *record)
{
  LkAgentConnection *connection
    = lk_agent_connections_lookup (lk_agent_context_get_connections (self->context),
                                   record->connection);
  const LkConnectionRecord *about = connection != NULL
                                      ? lk_agent_connection_get_record (connection) : NULL;
  const LkFault *fault = record->facts->fault;

  if (record->event != 0 || about == NULL || about->refusal == NULL || fault == NULL
      || !(is_same_call (about->refusal, fault) || is_brought_about (about, fault)))
    return record->event;
  return about->refusal_event;
}

void
lk_agent_remedies_start_async (LkAgentRemedies *self, LkRemedyRecord *record,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self->context, NULL, callback, user_data);
  LkLedger *ledger;
  GError *error = NULL;

  g_task_set_source_tag (task, lk_agent_remedies_start_async);
  g_task_set_task_data (task, record, (GDestroyNotify) lk_remedy_record_free);
  ledger = lk_agent_context_get_ledger (self->context, &error);
  if (ledger == NULL)
    g_task_return_error (task, error);
  else if (strlen (record->remedy) > WORD_MAX || strlen (record->cause) > WORD_MAX)
    g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                             "there is no such remedy");
  else if ((record->event = guess_event (self, record)) != 0)
    lk_ledger_get_event_async (ledger, record->connection, record->event, NULL, call_found_cb,
                               g_steal_pointer (&task));
  else
    remedies_start (task);
}

char *
lk_agent_remedies_start_finish (LkAgentContext *context, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, context), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
