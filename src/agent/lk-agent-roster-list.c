/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"
#define _GNU_SOURCE /* strcasestr() */

#include "config.h"

#include "lk-agent-roster.h"

#include <string.h>

#include "lk-agent-connections.h"
#include "lk-agent-error.h"

#define PAGE_MAX 500
#define SEARCH_MAX 1024 /* bytes */
/* A window asks for a few lists in turn, each by pages. */
#define KEPT 4

/* What was asked, and what came of it. */
typedef struct
{
  gboolean    any_health;
  LkHealth    health;
  gboolean    by_ends;
  char       *search;  /* (owned): case-folded; empty for all */
  gboolean    ascii;   /* of @search */

  GPtrArray  *entries; /* (owned) of LkAgentRosterEntry */
} Question;

struct _LkAgentRosterLists
{
  LkAgentContext *context; /* outlives us */
  LkAgentRoster  *roster;  /* outlives us */
  GQueue          kept;    /* of Question (owned), the last one first */
  guint64         version; /* that they were answered from */
};

static void
question_free (Question *question)
{
  g_free (question->search);
  g_clear_pointer (&question->entries, g_ptr_array_unref);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static gboolean
question_equal (const Question *a, const Question *b)
{
  return a->any_health == b->any_health && (a->any_health || a->health == b->health)
         && a->by_ends == b->by_ends && g_str_equal (a->search, b->search);
}

static Question *
question_new (GVariant *options, GError **error)
{
  g_autoptr(Question) self = g_new0 (Question, 1);
  const char *health = "", *search = "", *sort = "name";

  g_variant_lookup (options, "health", "&s", &health);
  g_variant_lookup (options, "search", "&s", &search);
  g_variant_lookup (options, "sort", "&s", &sort);
  self->any_health = *health == '\0';
  self->by_ends = g_str_equal (sort, "ends");
  if ((!self->any_health && !lk_health_from_string (health, &self->health))
      || (!self->by_ends && !g_str_equal (sort, "name")) || strlen (search) > SEARCH_MAX)
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                           "no such health or order, or a search that is too long");
      return NULL;
    }
  self->search = g_utf8_casefold (search, -1);
  g_strstrip (self->search);
  self->ascii = g_str_is_ascii (self->search);
  return g_steal_pointer (&self);
}

/* Nearly all texts need no folding, which takes twenty times as long. */
static gboolean
contains (const Question *question, const char *text)
{
  g_autofree char *folded = NULL;

  if (text == NULL || *text == '\0')
    return FALSE;
  if (g_str_is_ascii (text))
    return question->ascii && strcasestr (text, question->search) != NULL;
  folded = g_utf8_casefold (text, -1);
  return strstr (folded, question->search) != NULL;
}

static gboolean
matches (const Question *question, LkAgentConnection *connection)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  LkProfile *profile;

  if (*question->search == '\0' || contains (question, record->name)
      || contains (question, record->identity_name) || contains (question, record->identity)
      || contains (question, record->client))
    return TRUE;
  for (guint i = 0; record->accounts != NULL && i < record->accounts->len; i++)
    {
      const LkAccount *account = record->accounts->pdata[i];

      if (contains (question, account->name) || contains (question, account->id))
        return TRUE;
    }
  profile = lk_agent_connection_get_profile (connection);
  return contains (question, profile != NULL ? lk_profile_get_name (profile) : record->provider);
}

static void
question_answer (Question *question, LkAgentRoster *roster)
{
  GPtrArray *order = question->by_ends ? lk_agent_roster_get_by_ends (roster)
                                       : lk_agent_roster_get_by_name (roster);

  question->entries = g_ptr_array_new ();
  for (guint i = 0; i < order->len; i++)
    {
      LkAgentRosterEntry *entry = order->pdata[i];

      if ((question->any_health || entry->health == question->health)
          && matches (question, entry->connection))
        g_ptr_array_add (question->entries, entry);
    }
}

/* @question: (transfer full) */
static GPtrArray *
lk_agent_roster_lists_ask (LkAgentRosterLists *self, Question *question)
{
  if (self->version != lk_agent_roster_get_version (self->roster))
    g_queue_clear_full (&self->kept, (GDestroyNotify) question_free);
  self->version = lk_agent_roster_get_version (self->roster);

  for (GList *l = self->kept.head; l != NULL; l = l->next)
    if (question_equal (l->data, question))
      {
        question_free (question);
        g_queue_unlink (&self->kept, l);
        g_queue_push_head_link (&self->kept, l);
        return ((Question *) l->data)->entries;
      }
  question_answer (question, self->roster);
  g_queue_push_head (&self->kept, question);
  if (g_queue_get_length (&self->kept) > KEPT)
    question_free (g_queue_pop_tail (&self->kept));
  return question->entries;
}

static gboolean
handle_list_connections (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                         GVariant *options, guint offset, guint limit, LkAgentRosterLists *self)
{
  g_autoptr(GError) error = NULL;
  Question *question = question_new (options, &error);
  GVariantBuilder builder;
  GPtrArray *entries;

  if (question == NULL)
    {
      lk_agent_return_error (invocation, error);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  entries = lk_agent_roster_lists_ask (self, question);
  limit = MIN (limit, PAGE_MAX);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = offset; i < entries->len && i - offset < limit; i++)
    {
      const LkAgentRosterEntry *entry = entries->pdata[i];

      g_variant_builder_add_value (&builder, lk_agent_connection_to_variant (entry->connection));
    }
  lk_dbus_agent1_complete_list_connections (agent, invocation, entries->len,
                                            g_variant_builder_end (&builder));
  lk_agent_context_tidy_soon (self->context);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_find_connection (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                        const char *id_or_name, LkAgentRosterLists *self)
{
  LkAgentConnection *found
    = lk_agent_connections_find (lk_agent_context_get_connections (self->context), id_or_name);
  g_autofree char *path = NULL;

  if (found == NULL)
    {
      g_dbus_method_invocation_return_error_literal (invocation, LK_AGENT_ERROR,
                                                     LK_AGENT_ERROR_NOT_FOUND,
                                                     "no connection by this id or name");
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  path = g_strconcat (LK_AGENT_CONNECTIONS, lk_agent_connection_get_id (found), NULL);
  lk_dbus_agent1_complete_find_connection (agent, invocation, path);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

LkAgentRosterLists *
lk_agent_roster_lists_new (LkAgentContext *context, LkAgentRoster *roster)
{
  LkAgentRosterLists *self = g_new0 (LkAgentRosterLists, 1);
  LkDBusAgent1 *agent = lk_agent_context_get_agent (context);

  self->context = context;
  self->roster = roster;
  g_queue_init (&self->kept);
  g_signal_connect (agent, "handle-list-connections", G_CALLBACK (handle_list_connections), self);
  g_signal_connect (agent, "handle-find-connection", G_CALLBACK (handle_find_connection), self);
  return self;
}

void
lk_agent_roster_lists_free (LkAgentRosterLists *self)
{
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_agent (self->context), self);
  g_queue_clear_full (&self->kept, (GDestroyNotify) question_free);
  g_free (self);
}
