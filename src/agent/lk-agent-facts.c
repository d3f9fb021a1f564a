/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-enquiry.h"

#define JUST_RENEWED_S 60

static void
set_text (char **field, const char *text)
{
  char *copy = g_strdup (text);

  g_free (*field);
  *field = copy;
}

static void
set_words (char ***field, char **words)
{
  g_strfreev (*field);
  *field = g_strdupv (words);
}

static void
set_app (LkFacts *facts, LkAgentConnection *connection)
{
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  const LkClientRecord *client = lk_agent_connection_get_client (connection);

  set_text (&facts->family, profile != NULL ? lk_profile_get_family (profile) : NULL);
  set_text (&facts->client_id, client != NULL ? client->client_id : NULL);
}

/* A token that was just renewed when it was refused is not refused for its age. */
static gboolean
was_renewed (const LkFault *fault, const LkConnectionRecord *record)
{
  return fault != NULL && record->last_renewed != 0 && fault->at >= record->last_renewed
         && fault->at - record->last_renewed <= JUST_RENEWED_S;
}

void
lk_agent_facts_refresh (LkFacts *facts, LkAgentConnection *connection)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);

  set_text (&facts->connection, record->id);
  set_text (&facts->name, record->name);
  set_text (&facts->provider, record->provider);
  set_text (&facts->client, record->client);
  set_text (&facts->identity, record->identity);
  set_text (&facts->identity_name, record->identity_name);
  set_words (&facts->scopes_asked, record->scopes_asked);
  set_words (&facts->scopes_granted, record->scopes_granted);
  set_app (facts, connection);
  g_ptr_array_set_size (facts->accounts, 0);
  for (guint i = 0; record->accounts != NULL && i < record->accounts->len; i++)
    g_ptr_array_add (facts->accounts, lk_account_copy (record->accounts->pdata[i]));
  facts->accounts_known = record->accounts_known;
  facts->can_renew = lk_agent_connection_can_renew (connection);
  facts->signed_in = record->signed_in;
  facts->last_verified = record->last_verified;
  facts->now = lk_agent_context_get_now (lk_agent_connection_get_context (connection));
  facts->renewed = was_renewed (facts->fault, record);
}

LkFacts *
lk_agent_facts_new (LkAgentConnection *connection)
{
  LkFacts *facts = lk_facts_new ();

  lk_agent_facts_refresh (facts, connection);
  return facts;
}
