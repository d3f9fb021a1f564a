/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-roster.h"

#include <string.h>

#include "lk-agent-deadlines.h"
#include "lk-connection-action.h"

/* Summary and ConnectionsChanged, at most four times a second. */
#define TELL_US (250 * G_TIME_SPAN_MILLISECOND)

struct _LkAgentRoster
{
  LkAgentContext     *context;  /* outlives us */
  LkAgentRosterLists *lists;    /* (owned) */
  LkAgentDeadline    *deadline; /* (owned): when time alone changes somebody's health */
  GHashTable         *entries;  /* (owned) LkAgentConnection → LkAgentRosterEntry (owned) */
  GPtrArray          *by_name;  /* (owned) of LkAgentRosterEntry */
  GPtrArray          *by_ends;  /* (owned) of LkAgentRosterEntry, only those with an end */
  gboolean            names_sorted;
  gboolean            ends_sorted;
  guint               counts[LK_HEALTH_ATTENTION + 1];
  guint64             version;
  gint64              told_at;  /* monotonic microseconds */
  guint               tell_id;
  gulong              changed_id;
};

static void
entry_free (LkAgentRosterEntry *entry)
{
  g_object_unref (entry->connection);
  g_free (entry);
}

static gboolean
has_end (const LkAgentRosterEntry *entry)
{
  return entry->ends != LK_END_NEVER && entry->ends != LK_END_UNKNOWN;
}

/* FNV-1a, with the end of each text. */
static guint64
add_text (guint64 hash, const char *text)
{
  for (const char *p = text != NULL ? text : ""; *p != '\0'; p++)
    hash = (hash ^ (guint8) *p) * G_GUINT64_CONSTANT (1099511628211);
  return (hash ^ 0xff) * G_GUINT64_CONSTANT (1099511628211);
}

static void
entry_read (LkAgentRosterEntry *entry)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (entry->connection);
  guint64 words;

  lk_agent_connection_get_state (entry->connection, &entry->health, &entry->ends);
  entry->health = lk_connection_health_with_refusal (entry->health, record->refusal);
  entry->name = add_text (G_GUINT64_CONSTANT (14695981039346656037), record->name);
  words = add_text (entry->name, record->identity);
  words = add_text (words, record->identity_name);
  words = add_text (words, record->client);
  for (guint i = 0; record->accounts != NULL && i < record->accounts->len; i++)
    {
      const LkAccount *account = record->accounts->pdata[i];

      words = add_text (add_text (words, account->id), account->name);
    }
  entry->words = words;
}

/* Order. */

static const char *
name_of (const LkAgentRosterEntry *entry)
{
  const char *name = lk_agent_connection_get_record (entry->connection)->name;

  return name != NULL ? name : "";
}

static int
compare_ids (const LkAgentRosterEntry *a, const LkAgentRosterEntry *b)
{
  return strcmp (lk_agent_connection_get_id (a->connection),
                 lk_agent_connection_get_id (b->connection));
}

static int
compare_names (const LkAgentRosterEntry *a, const LkAgentRosterEntry *b)
{
  int order = g_utf8_collate (name_of (a), name_of (b));

  return order != 0 ? order : compare_ids (a, b);
}

static int
compare_ends (const LkAgentRosterEntry *a, const LkAgentRosterEntry *b)
{
  if (a->ends != b->ends)
    return a->ends < b->ends ? -1 : 1;
  return compare_ids (a, b);
}

typedef int (*Compare) (const LkAgentRosterEntry *a, const LkAgentRosterEntry *b);

/* Where @entry belongs in @order, which does not hold it. */
static guint
place_of (GPtrArray *order, const LkAgentRosterEntry *entry, Compare compare)
{
  guint low = 0, high = order->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare (order->pdata[middle], entry) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* One that moves in an order that stands is moved; else the order is made when it is asked for. */
static void
put (GPtrArray *order, gboolean sorted, LkAgentRosterEntry *entry, Compare compare)
{
  if (sorted)
    g_ptr_array_insert (order, (int) place_of (order, entry, compare), entry);
  else
    g_ptr_array_add (order, entry);
}

typedef struct
{
  char               *key; /* (owned) */
  LkAgentRosterEntry *entry;
} Keyed;

static int
compare_keyed (gconstpointer a, gconstpointer b)
{
  const Keyed *left = a;
  const Keyed *right = b;
  int order = strcmp (left->key, right->key);

  return order != 0 ? order : compare_ids (left->entry, right->entry);
}

static void
clear_keyed (gpointer keyed)
{
  g_free (((Keyed *) keyed)->key);
}

GPtrArray *
lk_agent_roster_get_by_name (LkAgentRoster *self)
{
  g_autoptr(GArray) keyed = NULL;

  if (self->names_sorted)
    return self->by_name;
  /* With keys it takes a tenth of the time; they are too large to be kept. */
  keyed = g_array_sized_new (FALSE, FALSE, sizeof (Keyed), self->by_name->len);
  g_array_set_clear_func (keyed, clear_keyed);
  for (guint i = 0; i < self->by_name->len; i++)
    {
      Keyed one = { g_utf8_collate_key (name_of (self->by_name->pdata[i]), -1),
                    self->by_name->pdata[i] };

      g_array_append_val (keyed, one);
    }
  g_array_sort (keyed, compare_keyed);
  for (guint i = 0; i < keyed->len; i++)
    self->by_name->pdata[i] = g_array_index (keyed, Keyed, i).entry;
  self->names_sorted = TRUE;
  return self->by_name;
}

static int
compare_ends_indirect (gconstpointer a, gconstpointer b)
{
  return compare_ends (*(LkAgentRosterEntry * const *) a, *(LkAgentRosterEntry * const *) b);
}

GPtrArray *
lk_agent_roster_get_by_ends (LkAgentRoster *self)
{
  if (!self->ends_sorted)
    g_ptr_array_sort (self->by_ends, compare_ends_indirect);
  self->ends_sorted = TRUE;
  return self->by_ends;
}

guint64
lk_agent_roster_get_version (LkAgentRoster *self)
{
  return self->version;
}

/* What is told. */

/* The first place in the order of ends that is after @time. */
static guint
first_after (GPtrArray *by_ends, gint64 time)
{
  guint low = 0, high = by_ends->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (((LkAgentRosterEntry *) by_ends->pdata[middle])->ends <= time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The nearest end of one that does not need a person already. */
static const LkAgentRosterEntry *
find_next_end (LkAgentRoster *self)
{
  GPtrArray *by_ends = lk_agent_roster_get_by_ends (self);

  for (guint i = first_after (by_ends, lk_agent_context_get_now (self->context));
       i < by_ends->len; i++)
    {
      const LkAgentRosterEntry *entry = by_ends->pdata[i];

      if (entry->health != LK_HEALTH_ATTENTION)
        return entry;
    }
  return NULL;
}

static void
lk_agent_roster_publish_summary (LkAgentRoster *self)
{
  LkDBusAgent1 *agent = lk_agent_context_get_agent (self->context);
  const LkAgentRosterEntry *next = find_next_end (self);
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr(GVariant) summary = NULL;
  GVariant *old = lk_dbus_agent1_get_summary (agent);

  g_variant_dict_insert (&dict, "attention", "u", self->counts[LK_HEALTH_ATTENTION]);
  g_variant_dict_insert (&dict, "ending", "u", self->counts[LK_HEALTH_ENDING]);
  g_variant_dict_insert (&dict, "fine", "u", self->counts[LK_HEALTH_FINE]);
  g_variant_dict_insert (&dict, "next-end", "x", next != NULL ? next->ends : LK_END_UNKNOWN);
  g_variant_dict_insert (&dict, "next-end-connection", "s",
                         next != NULL ? lk_agent_connection_get_id (next->connection) : "");
  g_variant_dict_insert (&dict, "next-end-name", "s", next != NULL ? name_of (next) : "");
  summary = g_variant_ref_sink (g_variant_dict_end (&dict));
  if (old == NULL || !g_variant_equal (old, summary))
    lk_dbus_agent1_set_summary (agent, summary);
}

/* Time alone changes health when an authorization is near its end, and when it ends. */
static void
lk_agent_roster_plan (LkAgentRoster *self)
{
  GPtrArray *by_ends = lk_agent_roster_get_by_ends (self);
  gint64 now = lk_agent_context_get_now (self->context);
  guint ended = first_after (by_ends, now);
  guint ending = first_after (by_ends, now + LK_AGENT_ENDING_S);
  gint64 next = LK_END_NEVER;

  if (ended < by_ends->len)
    next = ((LkAgentRosterEntry *) by_ends->pdata[ended])->ends;
  if (ending < by_ends->len)
    next = MIN (next, ((LkAgentRosterEntry *) by_ends->pdata[ending])->ends - LK_AGENT_ENDING_S);
  lk_agent_deadline_set (self->deadline, next);
}

static gboolean
tell_cb (gpointer user_data)
{
  LkAgentRoster *self = user_data;

  self->tell_id = 0;
  self->told_at = g_get_monotonic_time ();
  lk_agent_roster_publish_summary (self);
  lk_agent_roster_plan (self);
  lk_dbus_agent1_emit_connections_changed (lk_agent_context_get_agent (self->context));
  return G_SOURCE_REMOVE;
}

static void
lk_agent_roster_changed (LkAgentRoster *self)
{
  gint64 wait = self->told_at + TELL_US - g_get_monotonic_time ();

  self->version++;
  if (self->tell_id == 0)
    self->tell_id = g_timeout_add ((guint) (MAX (wait, 0) / G_TIME_SPAN_MILLISECOND), tell_cb,
                                   self);
}

/* Who changed. */

static void
lk_agent_roster_add (LkAgentRoster *self, LkAgentConnection *connection)
{
  LkAgentRosterEntry *entry = g_new0 (LkAgentRosterEntry, 1);

  entry->connection = g_object_ref (connection);
  entry_read (entry);
  g_hash_table_insert (self->entries, connection, entry);
  put (self->by_name, self->names_sorted, entry, compare_names);
  if (has_end (entry))
    put (self->by_ends, self->ends_sorted, entry, compare_ends);
  self->counts[entry->health]++;
  lk_agent_roster_changed (self);
}

static void
lk_agent_roster_remove (LkAgentRoster *self, LkAgentRosterEntry *entry)
{
  g_ptr_array_remove (self->by_name, entry);
  g_ptr_array_remove (self->by_ends, entry);
  self->counts[entry->health]--;
  g_hash_table_remove (self->entries, entry->connection);
  lk_agent_roster_changed (self);
}

static void
lk_agent_roster_update (LkAgentRoster *self, LkAgentRosterEntry *entry)
{
  LkAgentRosterEntry old = *entry;

  entry_read (entry);
  if (entry->health == old.health && entry->ends == old.ends && entry->words == old.words)
    return;
  self->counts[old.health]--;
  self->counts[entry->health]++;
  if (entry->name != old.name)
    {
      g_ptr_array_remove (self->by_name, entry);
      put (self->by_name, self->names_sorted, entry, compare_names);
    }
  if (entry->ends != old.ends)
    {
      g_ptr_array_remove (self->by_ends, entry);
      if (has_end (entry))
        put (self->by_ends, self->ends_sorted, entry, compare_ends);
    }
  lk_agent_roster_changed (self);
}

static void
connection_changed_cb (LkAgentRoster *self, LkAgentConnection *connection)
{
  LkAgentRosterEntry *entry = g_hash_table_lookup (self->entries, connection);

  if (!lk_agent_connection_is_published (connection))
    {
      if (entry != NULL)
        lk_agent_roster_remove (self, entry);
    }
  else if (entry == NULL)
    lk_agent_roster_add (self, connection);
  else
    lk_agent_roster_update (self, entry);
}

static void
health_due_cb (gpointer user_data)
{
  LkAgentRoster *self = user_data;
  GPtrArray *by_ends = lk_agent_roster_get_by_ends (self);
  gint64 now = lk_agent_context_get_now (self->context);
  g_autoptr(GPtrArray) due = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < first_after (by_ends, now + LK_AGENT_ENDING_S); i++)
    {
      const LkAgentRosterEntry *entry = by_ends->pdata[i];

      if (entry->health == LK_HEALTH_FINE
          || (entry->health == LK_HEALTH_ENDING && entry->ends <= now))
        g_ptr_array_add (due, g_object_ref (entry->connection));
    }
  for (guint i = 0; i < due->len; i++)
    lk_agent_connection_sync (due->pdata[i]);
  lk_agent_roster_plan (self);
}

LkAgentRoster *
lk_agent_roster_new (LkAgentContext *context)
{
  LkAgentRoster *self = g_new0 (LkAgentRoster, 1);

  self->context = context;
  self->entries = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) entry_free);
  self->by_name = g_ptr_array_new ();
  self->by_ends = g_ptr_array_new ();
  self->deadline = lk_agent_deadline_new (context, health_due_cb, self);
  self->told_at = g_get_monotonic_time () - TELL_US;
  self->lists = lk_agent_roster_lists_new (context, self);
  self->changed_id = g_signal_connect_swapped (context, "connection-changed",
                                               G_CALLBACK (connection_changed_cb), self);
  lk_agent_roster_publish_summary (self);
  return self;
}

void
lk_agent_roster_free (LkAgentRoster *self)
{
  g_clear_signal_handler (&self->changed_id, self->context);
  g_clear_handle_id (&self->tell_id, g_source_remove);
  lk_agent_deadline_free (self->deadline);
  lk_agent_roster_lists_free (self->lists);
  g_ptr_array_unref (self->by_ends);
  g_ptr_array_unref (self->by_name);
  g_hash_table_unref (self->entries);
  g_free (self);
}
