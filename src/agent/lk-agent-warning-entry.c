/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-warning-entry.h"

#define KIND "warning"
#define STATE_TYPE "(xuxxxx)"

LkAgentWarningEntry *
lk_agent_warning_entry_new (LkWarningReason reason, const char *subject)
{
  LkAgentWarningEntry *self = g_new0 (LkAgentWarningEntry, 1);

  self->reason = reason;
  self->subject = g_strdup (subject);
  return self;
}

void
lk_agent_warning_entry_free (LkAgentWarningEntry *self)
{
  g_clear_pointer (&self->mark, g_variant_unref);
  g_clear_pointer (&self->saved, g_variant_unref);
  g_free (self->subject);
  g_free (self->detail);
  g_free (self);
}

char *
lk_agent_warning_entry_dup_key (LkWarningReason reason, const char *subject)
{
  return g_strconcat (lk_warning_reason_to_string (reason), "/", subject, NULL);
}

void
lk_agent_warning_entry_set_detail (LkAgentWarningEntry *self, const char *detail)
{
  if (g_strcmp0 (self->detail, detail) == 0)
    return;
  g_free (self->detail);
  self->detail = g_strdup (detail);
}

void
lk_agent_warning_entry_set_mark (LkAgentWarningEntry *self, GVariant *mark)
{
  if (mark != NULL)
    g_variant_ref (mark);
  g_clear_pointer (&self->mark, g_variant_unref);
  self->mark = mark;
}

static gboolean
is_blank_state (const LkWarningState *state)
{
  return state->told_at == 0 && state->snoozed_until == 0;
}

gboolean
lk_agent_warning_entry_is_blank (const LkAgentWarningEntry *self)
{
  return !self->open && self->mark == NULL && self->about == 0
         && is_blank_state (&self->desktop) && is_blank_state (&self->outlet);
}

/* The ledger. */

static GVariant *
state_to_variant (const LkWarningState *state)
{
  return g_variant_new (STATE_TYPE, state->about, state->told_day, state->told_at,
                        state->snoozed_at, state->snoozed_until, state->doubted_since);
}

static void
state_from_variant (LkWarningState *state, GVariant *dict, const char *key)
{
  g_variant_lookup (dict, key, STATE_TYPE, &state->about, &state->told_day, &state->told_at,
                    &state->snoozed_at, &state->snoozed_until, &state->doubted_since);
}

static GVariant *
to_variant (const LkAgentWarningEntry *self)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "reason", "s", lk_warning_reason_to_string (self->reason));
  g_variant_dict_insert (&dict, "subject", "s", self->subject);
  g_variant_dict_insert_value (&dict, "desktop", state_to_variant (&self->desktop));
  g_variant_dict_insert_value (&dict, "outlet", state_to_variant (&self->outlet));
  g_variant_dict_insert (&dict, "about", "x", self->about);
  g_variant_dict_insert (&dict, "signed-in", "x", self->signed_in);
  g_variant_dict_insert (&dict, "open", "b", self->open);
  g_variant_dict_insert (&dict, "shown", "b", self->shown);
  g_variant_dict_insert (&dict, "summed", "b", self->summed);
  if (self->detail != NULL)
    g_variant_dict_insert (&dict, "detail", "s", self->detail);
  if (self->mark != NULL)
    g_variant_dict_insert (&dict, "mark", "v", self->mark);
  return g_variant_dict_end (&dict);
}

LkAgentWarningEntry *
lk_agent_warning_entry_from_record (const LkStateRecord *record)
{
  GVariant *dict = record->value;
  g_autoptr(LkAgentWarningEntry) self = NULL;
  const char *reason_word, *subject;
  LkWarningReason reason;

  if (!g_variant_lookup (dict, "reason", "&s", &reason_word)
      || !lk_warning_reason_from_string (reason_word, &reason)
      || !g_variant_lookup (dict, "subject", "&s", &subject))
    return NULL;
  self = lk_agent_warning_entry_new (reason, subject);
  state_from_variant (&self->desktop, dict, "desktop");
  state_from_variant (&self->outlet, dict, "outlet");
  g_variant_lookup (dict, "about", "x", &self->about);
  g_variant_lookup (dict, "signed-in", "x", &self->signed_in);
  g_variant_lookup (dict, "open", "b", &self->open);
  g_variant_lookup (dict, "shown", "b", &self->shown);
  g_variant_lookup (dict, "summed", "b", &self->summed);
  g_variant_lookup (dict, "detail", "s", &self->detail);
  g_variant_lookup (dict, "mark", "v", &self->mark);
  self->saved = g_variant_ref (dict);
  return g_steal_pointer (&self);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;

  /* A connection that went in the meantime takes its warnings along. */
  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error)
      && !g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND))
    lk_agent_context_ledger_failed (context, error);
}

void
lk_agent_warning_entry_save (LkAgentWarningEntry *self, LkAgentContext *context)
{
  LkLedger *ledger = lk_agent_context_get_ledger (context, NULL);
  g_autofree char *key = lk_agent_warning_entry_dup_key (self->reason, self->subject);
  gboolean has_connection = self->reason != LK_WARNING_INCIDENT && self->subject[0] != '\0';
  g_autoptr(LkStateRecord) record = NULL;
  g_autoptr(GVariant) value = NULL;

  if (ledger == NULL)
    return;
  if (lk_agent_warning_entry_is_blank (self))
    {
      if (self->saved != NULL)
        lk_ledger_remove_state_async (ledger, KIND, key, NULL, written_cb, g_object_ref (context));
      g_clear_pointer (&self->saved, g_variant_unref);
      return;
    }
  value = g_variant_ref_sink (to_variant (self));
  if (self->saved != NULL && g_variant_equal (value, self->saved))
    return;
  g_clear_pointer (&self->saved, g_variant_unref);
  self->saved = g_variant_ref (value);
  record = lk_state_record_new (KIND, key, has_connection ? self->subject : NULL, value);
  lk_ledger_put_state_async (ledger, record, NULL, written_cb, g_object_ref (context));
}
