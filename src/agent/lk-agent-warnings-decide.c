/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-warnings-private.h"

#include "lk-agent-connections.h"
#include "lk-agent-remedies.h"

/* The longest that an incident, or the way to it, excuses what looks dead. */
#define EXCUSE_S (12 * 60 * 60)

/* Entries. */

LkAgentWarningEntry *
lk_agent_warnings_lookup (LkAgentWarnings *self, LkWarningReason reason, const char *subject)
{
  g_autofree char *key = lk_agent_warning_entry_dup_key (reason, subject);

  return g_hash_table_lookup (self->entries, key);
}

LkAgentWarningEntry *
lk_agent_warnings_ensure (LkAgentWarnings *self, LkWarningReason reason, const char *subject)
{
  LkAgentWarningEntry *entry = lk_agent_warnings_lookup (self, reason, subject);

  if (entry == NULL)
    {
      entry = lk_agent_warning_entry_new (reason, subject);
      g_hash_table_insert (self->entries, lk_agent_warning_entry_dup_key (reason, subject), entry);
    }
  return entry;
}

void
lk_agent_warnings_keep (LkAgentWarnings *self, LkAgentWarningEntry *entry)
{
  g_autofree char *key = NULL;

  lk_agent_warning_entry_save (entry, self->context);
  if (!lk_agent_warning_entry_is_blank (entry))
    return;
  key = lk_agent_warning_entry_dup_key (entry->reason, entry->subject);
  g_hash_table_remove (self->entries, key);
}

/* (transfer container): entries may be kept, and so go, while it is walked through */
GPtrArray *
lk_agent_warnings_list (LkAgentWarnings *self)
{
  GPtrArray *list = g_ptr_array_sized_new (g_hash_table_size (self->entries));
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    g_ptr_array_add (list, entry);
  return list;
}

/* The zone of the machine, also after a journey. */
GTimeZone *
lk_agent_warnings_dup_zone (void)
{
  GTimeZone *zone = g_time_zone_new_identifier (NULL);

  return zone != NULL ? zone : g_time_zone_new_utc ();
}

/* Deciding. */

static LkWarningVerdict
decide_lane (const LkWarningRules *rules, LkAgentWarningEntry *entry, LkWarningState *state,
             gint64 about, gint64 now, GTimeZone *zone, gint64 *again)
{
  gint64 next;
  LkWarningVerdict verdict
    = entry->reason == LK_WARNING_ENDING
        ? lk_warning_decide_ending (rules, about, now, zone, state, &next)
        : lk_warning_decide (rules, entry->reason, about, now, zone, state, &next);

  *again = MIN (*again, next);
  return verdict;
}

static void
carry_out (LkAgentWarnings *self, LkAgentWarningEntry *entry, LkWarningVerdict verdict)
{
  switch (verdict)
    {
    case LK_WARNING_TELL:
      entry->open = TRUE;
      entry->shown = FALSE;
      entry->pending = TRUE;
      lk_agent_warnings_flush_soon (self);
      break;
    case LK_WARNING_KEEP:
      /* An agent that ended before anybody showed it. */
      if (entry->open && !entry->shown && !entry->handed)
        {
          entry->pending = TRUE;
          lk_agent_warnings_flush_soon (self);
        }
      break;
    case LK_WARNING_NOTHING:
    case LK_WARNING_WITHDRAW:
      lk_agent_warnings_settle (self, entry);
      break;
    case LK_WARNING_WAIT:
    default:
      break;
    }
}

/* Both ways that lead to the person: the desktop, and their own program and address. @about: as in
 * lk_warning_decide() and lk_warning_decide_ending(). */
static void
decide_entry (LkAgentWarnings *self, LkWarningReason reason, const char *subject, gint64 about,
              const char *detail, gint64 signed_in, gint64 *again)
{
  LkAgentWarningEntry *known = lk_agent_warnings_lookup (self, reason, subject);
  g_autoptr(LkAgentWarningEntry) fresh
    = known == NULL ? lk_agent_warning_entry_new (reason, subject) : NULL;
  LkAgentWarningEntry *entry = known != NULL ? known : fresh;
  g_autoptr(GTimeZone) zone = lk_agent_warnings_dup_zone ();
  gint64 now = lk_agent_context_get_now (self->context);
  LkWarningVerdict desktop, outlet;

  lk_agent_warning_entry_set_detail (entry, detail);
  desktop = decide_lane (&self->desktop, entry, &entry->desktop, about, now, zone, again);
  outlet = decide_lane (&self->passed_on, entry, &entry->outlet, about, now, zone, again);
  if (desktop == LK_WARNING_TELL || outlet == LK_WARNING_TELL)
    entry->signed_in = signed_in;
  if (outlet == LK_WARNING_TELL)
    {
      LkAgentOutletEvent *event = lk_agent_warnings_dup_event (self, entry);

      if (event != NULL)
        lk_agent_outlet_pass (self->outlet, event);
    }
  carry_out (self, entry, desktop);
  if (fresh == NULL)
    lk_agent_warnings_keep (self, entry);
  else if (!lk_agent_warning_entry_is_blank (fresh))
    {
      lk_agent_warning_entry_save (fresh, self->context);
      g_hash_table_insert (self->entries, lk_agent_warning_entry_dup_key (reason, subject),
                           g_steal_pointer (&fresh));
    }
}

/* Connections. */

/* A provider in trouble, and a network that is away, make everything look dead. */
static gboolean
is_excused (LkAgentWarnings *self, const LkConnectionRecord *record, const LkFault *fault,
            gint64 *again)
{
  gint64 now = lk_agent_context_get_now (self->context);

  if (fault == NULL || lk_fault_is_local (fault, NULL))
    return FALSE;
  if (!lk_dbus_agent1_get_online (lk_agent_context_get_agent (self->context)))
    return TRUE;
  if (!g_hash_table_contains (self->troubled, record->provider) || fault->at > now
      || now - fault->at >= EXCUSE_S)
    return FALSE;
  *again = MIN (*again, fault->at + EXCUSE_S);
  return TRUE;
}

/* What has come right by itself is good news to whoever saw what was wrong. */
static void
decide_recovered (LkAgentWarnings *self, const LkConnectionRecord *record, gboolean attention,
                  gint64 *again)
{
  const LkAgentWarningEntry *told
    = lk_agent_warnings_lookup (self, LK_WARNING_ATTENTION, record->id);
  LkAgentWarningEntry *entry = lk_agent_warnings_lookup (self, LK_WARNING_RECOVERED, record->id);
  gint64 about = entry != NULL ? entry->about : 0;

  if (attention)
    about = 0;
  else if (told != NULL && (told->shown || told->outlet.told_at != 0)
           && told->signed_in == record->signed_in && g_strcmp0 (told->detail, "fault") == 0)
    about = MAX (lk_agent_context_get_now (self->context), 1);
  if (about == 0 && entry == NULL)
    return;
  entry = lk_agent_warnings_ensure (self, LK_WARNING_RECOVERED, record->id);
  entry->about = about;
  decide_entry (self, LK_WARNING_RECOVERED, record->id, about, NULL, record->signed_in, again);
}

static void
decide_attention (LkAgentWarnings *self, LkAgentConnection *connection, gint64 hold,
                  gboolean *needs_sign_in, gint64 *ends, gint64 *again)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  const LkAgentWarningEntry *told
    = lk_agent_warnings_lookup (self, LK_WARNING_ATTENTION, record->id);
  g_autoptr(LkFault) fault = NULL;
  const char *rests_on;
  gint64 about = lk_agent_warnings_attention_of (connection, &fault, &rests_on, ends);
  gboolean ended = about != 0 && g_str_equal (rests_on, "ended");

  *needs_sign_in = about != 0 && lk_agent_warnings_helps_sign_in (fault, rests_on);
  /* Also what was told as an end is not healed by a clock that may be wrong. */
  if (hold > 0 && (ended || (told != NULL && g_strcmp0 (told->detail, "ended") == 0)))
    return;
  if (about != 0 && is_excused (self, record, fault, again))
    return;
  if (about != 0 && g_str_equal (rests_on, "refusal")
      && lk_agent_remedies_mend (lk_agent_context_get_remedies (self->context), record->id,
                                 fault->klass))
    about = 0;
  decide_recovered (self, record, about != 0, again);
  decide_entry (self, LK_WARNING_ATTENTION, record->id, about, about != 0 ? rests_on : NULL,
                record->signed_in, again);
}

void
lk_agent_warnings_settle_all (LkAgentWarnings *self, const char *id)
{
  for (guint i = 0; i < LK_N_WARNING_REASONS; i++)
    {
      LkAgentWarningEntry *entry = lk_agent_warnings_lookup (self, (LkWarningReason) i, id);

      if (entry == NULL || i == LK_WARNING_INCIDENT)
        continue;
      lk_agent_warnings_settle (self, entry);
      lk_agent_warnings_keep (self, entry);
    }
}

/**
 * lk_agent_warnings_decide:
 *
 * Returns: when to look again
 */
gint64
lk_agent_warnings_decide (LkAgentWarnings *self, LkAgentConnection *connection)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  gint64 hold = lk_agent_clock_doubt_look (&self->doubt,
                                           lk_agent_context_get_clock (self->context));
  LkAgentWarningEntry *changed = lk_agent_warnings_lookup (self, LK_WARNING_CHANGED, record->id);
  LkAgentWarningEntry *ending = lk_agent_warnings_lookup (self, LK_WARNING_ENDING, record->id);
  gint64 again = LK_END_NEVER;
  gboolean needs_sign_in;
  gint64 ends;

  if (!lk_agent_connection_is_published (connection))
    {
      lk_agent_warnings_settle_all (self, record->id);
      return LK_END_NEVER;
    }
  decide_attention (self, connection, hold, &needs_sign_in, &ends, &again);
  if (changed != NULL)
    {
      g_autofree char *detail = g_strdup (changed->detail);

      decide_entry (self, LK_WARNING_CHANGED, record->id, changed->about, detail,
                    record->signed_in, &again);
    }
  if (hold > 0)
    return MIN (again, lk_agent_context_get_now (self->context) + hold);
  /* Who has to sign in now need not hear that it ends. */
  if (!needs_sign_in)
    decide_entry (self, LK_WARNING_ENDING, record->id, ends, NULL, record->signed_in, &again);
  else if (ending != NULL)
    {
      lk_agent_warnings_settle (self, ending);
      lk_agent_warnings_keep (self, ending);
    }
  return again;
}

/* Incidents. */

static gint64
number_of_text (const char *text)
{
  return (gint64) g_str_hash (text) + 1;
}

/* One status page may speak for several providers. */
static char *
dup_incident_subject (GVariant *incident)
{
  const char *word = "";

  if (!g_variant_lookup (incident, "link", "&s", &word) || *word == '\0')
    g_variant_lookup (incident, "provider", "&s", &word);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, word, -1);
}

static void
decide_incident (LkAgentWarnings *self, GVariant *incident, GHashTable *seen, gint64 *again)
{
  const char *provider = "", *name = "", *title = "";
  g_autofree char *subject = dup_incident_subject (incident);
  g_autofree char *detail = NULL;

  g_variant_lookup (incident, "provider", "&s", &provider);
  g_variant_lookup (incident, "provider-name", "&s", &name);
  g_variant_lookup (incident, "title", "&s", &title);
  g_hash_table_add (self->troubled, g_strdup (provider));
  if (g_hash_table_contains (seen, subject))
    return;
  detail = g_strdup_printf ("%s\n%s", name, title);
  lk_agent_warnings_ensure (self, LK_WARNING_INCIDENT, subject)->about = number_of_text (subject);
  decide_entry (self, LK_WARNING_INCIDENT, subject, number_of_text (subject), detail, 0, again);
  g_hash_table_add (seen, g_steal_pointer (&subject));
}

void
lk_agent_warnings_decide_incidents (LkAgentWarnings *self, gint64 *again)
{
  GVariant *incidents
    = lk_dbus_agent1_get_incidents (lk_agent_context_get_agent (self->context));
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) entries = NULL;
  gint64 now = lk_agent_context_get_now (self->context);

  g_hash_table_remove_all (self->troubled);
  for (gsize i = 0; incidents != NULL && i < g_variant_n_children (incidents); i++)
    {
      g_autoptr(GVariant) incident = g_variant_get_child_value (incidents, i);

      decide_incident (self, incident, seen, again);
    }
  if (now < self->incidents_from)
    {
      *again = MIN (*again, self->incidents_from);
      return;
    }
  entries = lk_agent_warnings_list (self);
  for (guint i = 0; i < entries->len; i++)
    {
      LkAgentWarningEntry *entry = entries->pdata[i];

      if (entry->reason != LK_WARNING_INCIDENT || g_hash_table_contains (seen, entry->subject))
        continue;
      entry->about = 0;
      decide_entry (self, LK_WARNING_INCIDENT, entry->subject, 0, NULL, 0, again);
    }
}
