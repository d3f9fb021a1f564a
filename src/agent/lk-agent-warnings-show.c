/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-warnings-private.h"

#include <string.h>

#include "lk-agent-connections.h"
#include "lk-agent-notifier.h"

/* What comes within a moment is told together. */
#define MOMENT_MS 800
/* More of one kind than that make a summary. */
#define ALONE_MAX 3

static LkAgentNotifier *
get_notifier (LkAgentWarnings *self)
{
  return lk_agent_context_get_notifier (self->context);
}

static gboolean
is_summary (const LkAgentWarningEntry *entry)
{
  return entry->subject[0] == '\0';
}

/* Summaries. */

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(const char * const *) a, *(const char * const *) b);
}

/* (element-type utf8): names of those in the summary of @reason, in order */
static GPtrArray *
list_summed (LkAgentWarnings *self, LkWarningReason reason)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const LkAgentWarningEntry *entry = value;
      LkAgentConnection *connection
        = entry->reason == reason && entry->summed
            ? lk_agent_connections_lookup (lk_agent_context_get_connections (self->context),
                                           entry->subject)
            : NULL;

      if (connection != NULL)
        g_ptr_array_add (names, lk_agent_connection_get_record (connection)->name);
    }
  g_ptr_array_sort (names, compare_texts);
  return names;
}

/* (transfer full) (nullable) */
static LkAgentNotice *
make_summary (LkAgentWarnings *self, LkWarningReason reason)
{
  g_autoptr(GPtrArray) names = list_summed (self, reason);
  const char * const *texts = (const char * const *) names->pdata;
  LkAgentNotice *notice;

  if (names->len == 0)
    return NULL;
  notice = lk_agent_notice_new (lk_warning_reason_to_string (reason), NULL, NULL,
                                lk_agent_warning_words_dup_summary (reason, names->len),
                                lk_agent_warning_words_dup_names (texts, names->len));
  notice->snooze = reason == LK_WARNING_ATTENTION || reason == LK_WARNING_ENDING;
  notice->low = !notice->snooze;
  return notice;
}

static void
show_summary (LkAgentWarnings *self, LkWarningReason reason)
{
  LkAgentWarningEntry *summary = lk_agent_warnings_ensure (self, reason, "");
  g_autofree char *key = lk_agent_warning_entry_dup_key (reason, "");
  LkAgentNotice *notice = make_summary (self, reason);

  if (notice == NULL)
    {
      lk_agent_notifier_withdraw (get_notifier (self), key);
      summary->open = FALSE;
      lk_agent_warning_entry_set_mark (summary, NULL);
      lk_agent_warnings_keep (self, summary);
      return;
    }
  summary->open = TRUE;
  lk_agent_warnings_keep (self, summary);
  lk_agent_notifier_show (get_notifier (self), notice);
}

/* One alone. */

/* (transfer full) (nullable) */
static LkAgentNotice *
make_alone (LkAgentWarnings *self, const LkAgentWarningEntry *entry)
{
  char *title, *text;
  gboolean reconnect;
  LkAgentNotice *notice;

  if (!lk_agent_warnings_word (self, entry, &title, &text, &reconnect))
    return NULL;
  notice = lk_agent_notice_new (lk_warning_reason_to_string (entry->reason), entry->subject, NULL,
                                title, text);
  notice->reconnect = reconnect;
  notice->snooze = entry->reason == LK_WARNING_ATTENTION || entry->reason == LK_WARNING_ENDING;
  notice->low = entry->reason == LK_WARNING_CHANGED || entry->reason == LK_WARNING_RECOVERED;
  return notice;
}

static void
show_alone (LkAgentWarnings *self, LkAgentWarningEntry *entry)
{
  LkAgentNotice *notice = make_alone (self, entry);

  entry->handed = TRUE;
  if (notice != NULL)
    lk_agent_notifier_show (get_notifier (self), notice);
}

static void
withdraw_alone (LkAgentWarnings *self, LkAgentWarningEntry *entry)
{
  g_autofree char *key = lk_agent_warning_entry_dup_key (entry->reason, entry->subject);

  lk_agent_notifier_withdraw (get_notifier (self), key);
  lk_agent_warning_entry_set_mark (entry, NULL);
}

/**
 * lk_agent_warnings_settle:
 *
 * Takes @entry off the desktop, alone or out of its summary.
 */
void
lk_agent_warnings_settle (LkAgentWarnings *self, LkAgentWarningEntry *entry)
{
  gboolean was_summed = entry->summed;

  entry->pending = FALSE;
  entry->handed = FALSE;
  if (!entry->open)
    return;
  entry->open = FALSE;
  entry->summed = FALSE;
  if (!was_summed)
    {
      withdraw_alone (self, entry);
      return;
    }
  /* Whoever settles many at once sees no counting down. */
  self->stale[entry->reason] = TRUE;
  lk_agent_warnings_flush_soon (self);
}

static void
flush_reason (LkAgentWarnings *self, LkWarningReason reason)
{
  g_autoptr(GPtrArray) open = g_ptr_array_new ();
  gboolean any_pending = FALSE, any_summed = FALSE;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      LkAgentWarningEntry *entry = value;

      if (entry->reason != reason || is_summary (entry) || !entry->open)
        continue;
      any_pending |= entry->pending;
      any_summed |= entry->summed;
      g_ptr_array_add (open, entry);
    }
  for (guint i = 0; any_pending && i < open->len; i++)
    {
      LkAgentWarningEntry *entry = open->pdata[i];
      gboolean together = reason != LK_WARNING_INCIDENT && (any_summed || open->len > ALONE_MAX);

      if (together && !entry->summed)
        withdraw_alone (self, entry);
      entry->summed |= together;
      if (entry->pending && !together)
        show_alone (self, entry);
      entry->handed = TRUE;
      entry->pending = FALSE;
      lk_agent_warning_entry_save (entry, self->context);
    }
  if (self->stale[reason]
      || (any_pending && reason != LK_WARNING_INCIDENT && (any_summed || open->len > ALONE_MAX)))
    show_summary (self, reason);
  self->stale[reason] = FALSE;
}

static gboolean
flush_cb (gpointer user_data)
{
  LkAgentWarnings *self = user_data;

  self->flush_id = 0;
  for (guint i = 0; i < LK_N_WARNING_REASONS; i++)
    flush_reason (self, (LkWarningReason) i);
  return G_SOURCE_REMOVE;
}

void
lk_agent_warnings_flush_soon (LkAgentWarnings *self)
{
  if (self->flush_id == 0)
    self->flush_id = g_timeout_add (MOMENT_MS, flush_cb, self);
}

/* What the notifier tells. */

static LkAgentWarningEntry *
entry_of (LkAgentWarnings *self, const char *id)
{
  return g_hash_table_lookup (self->entries, id);
}

/* What is done to a summary is done to all in it. (transfer container) */
static GPtrArray *
members_of (LkAgentWarnings *self, LkAgentWarningEntry *entry)
{
  GPtrArray *members = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  if (!is_summary (entry))
    {
      g_ptr_array_add (members, entry);
      return members;
    }
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((LkAgentWarningEntry *) value)->summed
        && ((LkAgentWarningEntry *) value)->reason == entry->reason)
      g_ptr_array_add (members, value);
  return members;
}

static void
shown_cb (const char *id, GVariant *mark, gpointer user_data)
{
  LkAgentWarnings *self = user_data;
  LkAgentWarningEntry *entry = entry_of (self, id);
  g_autoptr(GPtrArray) members = NULL;

  if (entry == NULL)
    return;
  lk_agent_warning_entry_set_mark (entry, mark);
  members = members_of (self, entry);
  for (guint i = 0; i < members->len; i++)
    {
      ((LkAgentWarningEntry *) members->pdata[i])->shown = TRUE;
      lk_agent_warning_entry_save (members->pdata[i], self->context);
    }
  lk_agent_warning_entry_save (entry, self->context);
}

static void
closed_cb (const char *id, gpointer user_data)
{
  LkAgentWarnings *self = user_data;
  LkAgentWarningEntry *entry = entry_of (self, id);
  g_autoptr(GPtrArray) members = NULL;

  if (entry == NULL)
    return;
  members = members_of (self, entry);
  entry->open = FALSE;
  lk_agent_warning_entry_set_mark (entry, NULL);
  for (guint i = 0; i < members->len; i++)
    {
      LkAgentWarningEntry *member = members->pdata[i];

      member->open = member->pending = member->summed = FALSE;
      if (member != entry)
        lk_agent_warnings_keep (self, member);
    }
  lk_agent_warnings_keep (self, entry);
}

static void
snoozed_cb (const char *id, gpointer user_data)
{
  LkAgentWarnings *self = user_data;
  LkAgentConnections *all = lk_agent_context_get_connections (self->context);
  LkAgentWarningEntry *entry = entry_of (self, id);
  g_autoptr(GTimeZone) zone = lk_agent_warnings_dup_zone ();
  gint64 until = lk_warning_tomorrow (lk_agent_context_get_now (self->context), zone);
  g_autoptr(GPtrArray) members = entry != NULL ? members_of (self, entry) : NULL;
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  /* Putting off may take entries away. */
  for (guint i = 0; members != NULL && i < members->len; i++)
    g_ptr_array_add (ids, g_strdup (((LkAgentWarningEntry *) members->pdata[i])->subject));
  for (guint i = 0; i < ids->len; i++)
    {
      LkAgentConnection *connection = lk_agent_connections_lookup (all, ids->pdata[i]);

      if (connection != NULL)
        lk_agent_warnings_snooze (self, connection, until);
    }
}

static const LkAgentNotifierListener listener = {
  .shown = shown_cb,
  .closed = closed_cb,
  .snoozed = snoozed_cb,
};

void
lk_agent_warnings_connect (LkAgentWarnings *self)
{
  lk_agent_notifier_listen (get_notifier (self), &listener, self);
}

/**
 * lk_agent_warnings_adopt:
 *
 * What an earlier agent showed can be taken back by this one; what it could not show is shown.
 */
void
lk_agent_warnings_adopt (LkAgentWarnings *self)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      LkAgentWarningEntry *entry = value;

      if (entry->mark != NULL)
        lk_agent_notifier_adopt (get_notifier (self), key, entry->mark,
                                 is_summary (entry) ? make_summary (self, entry->reason)
                                                    : make_alone (self, entry));
    }
}
