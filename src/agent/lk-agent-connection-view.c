/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-connection-private.h"

#include "lk-agent-clients.h"
#include "lk-agent-error.h"
#include "lk-policy.h"

/* The properties of Connection1 are made from the record when somebody asks; none is kept. */

/* What several properties follow from. */
typedef struct
{
  LkAgentConnection        *connection;
  const LkConnectionRecord *record;
  LkProfile                *profile; /* (nullable) */
  LkFault                  *fault;   /* (owned) (nullable) */
  gint64                    ends;
  LkHealth                  health;
  gboolean                  can_renew;
} View;

typedef GVariant *(*Getter) (const View *view);

/* The times of the token set as the ledger knows them, for the rules; its secrets are not real. */
LkTokenSet *
lk_agent_connection_dup_shape (LkAgentConnection *self)
{
  const LkConnectionRecord *record = self->record;
  g_autoptr(LkSecret) none = lk_secret_new ("-");
  LkTokenSetFields fields = {
    .access = none,
    .refresh = record->has_refresh ? none : NULL,
    .obtained = record->obtained,
    .access_ends = record->access_ends,
    .refresh_ends = record->refresh_ends,
    .generation = record->generation,
  };

  return lk_token_set_new (&fields);
}

/* What is wrong now: what the ledger remembers, else what can be seen. */
LkFault *
lk_agent_connection_dup_fault (LkAgentConnection *self)
{
  /* What is not used here has nothing wrong with it here. */
  if (self->record->parked != LK_PARKED_NOT)
    return NULL;
  if (self->record->fault != NULL)
    return lk_fault_copy (self->record->fault);
  if (lk_agent_connection_get_profile (self) == NULL)
    return lk_fault_new_local (LK_CLASS_APP_CONFIG, "profile-missing", NULL);
  if (lk_agent_connection_get_client (self) == NULL)
    return lk_fault_new_local (LK_CLASS_APP_CONFIG, "client-missing", NULL);
  return NULL;
}

static void
view_init (View *view, LkAgentConnection *self)
{
  g_autoptr(LkTokenSet) shape = lk_agent_connection_dup_shape (self);
  gboolean will_renew;

  view->connection = self;
  view->record = self->record;
  view->profile = lk_agent_connection_get_profile (self);
  view->fault = lk_agent_connection_dup_fault (self);
  view->can_renew = lk_agent_connection_can_renew (self);
  /* A refresh token that is refused puts nothing off, whatever end it was given. */
  will_renew = view->can_renew
               && (view->fault == NULL || view->fault->klass != LK_CLASS_REFRESH_DEAD);
  view->ends = self->record->parked != LK_PARKED_NOT
                 ? LK_END_UNKNOWN : lk_policy_authorization_ends (shape, will_renew);
  view->health = lk_policy_health (view->ends, lk_agent_fault_needs_person (view->fault),
                                   LK_AGENT_ENDING_S, lk_agent_context_get_now (self->context));
}

static void
view_clear (View *view)
{
  g_clear_pointer (&view->fault, lk_fault_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (View, view_clear)

void
lk_agent_connection_get_state (LkAgentConnection *self, LkHealth *health, gint64 *ends)
{
  g_auto(View) view = { 0 };

  view_init (&view, self);
  *health = view.health;
  *ends = view.ends;
}

LkHealth
lk_agent_connection_get_health (LkAgentConnection *self)
{
  LkHealth health;
  gint64 ends;

  lk_agent_connection_get_state (self, &health, &ends);
  return health;
}

gint64
lk_agent_connection_get_authorization_ends (LkAgentConnection *self)
{
  LkHealth health;
  gint64 ends;

  lk_agent_connection_get_state (self, &health, &ends);
  return ends;
}

/* Of one kind of value each. */

static GVariant *
text_to_variant (const char *text)
{
  return g_variant_new_string (text != NULL ? text : "");
}

static GVariant *
words_to_variant (char **words)
{
  return g_variant_new_strv ((const char * const *) words, words != NULL ? -1 : 0);
}

static GVariant *
fault_to_variant (const LkFault *fault)
{
  return fault != NULL ? lk_fault_to_variant (fault)
                       : g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);
}

static GVariant *
accounts_to_variant (GPtrArray *accounts)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    {
      const LkAccount *account = accounts->pdata[i];

      g_variant_builder_add (&builder, "(ss)", account->id,
                             account->name != NULL ? account->name : "");
    }
  return g_variant_builder_end (&builder);
}

#define GETTER(name, expression) \
  static GVariant *              \
  name (const View *view)        \
  {                              \
    return expression;           \
  }

static gint64
get_next_renewal (const View *view)
{
  gint64 due = lk_agent_connection_get_due (view->connection);

  return due == LK_END_NEVER ? 0 : due;
}

static GVariant *
get_scopes_missing (const View *view)
{
  g_auto(GStrv) missing = lk_connection_record_dup_missing_scopes (view->record);

  return words_to_variant (missing);
}

GETTER (get_id, text_to_variant (view->record->id))
GETTER (get_name, text_to_variant (view->record->name))
GETTER (get_client, text_to_variant (view->record->client))
GETTER (get_provider, text_to_variant (view->record->provider))
GETTER (get_provider_name, text_to_variant (view->profile != NULL
                                              ? lk_profile_get_name (view->profile)
                                              : view->record->provider))
GETTER (get_sandbox, g_variant_new_boolean (view->profile != NULL
                                            && lk_profile_is_sandbox (view->profile)))
GETTER (get_identity, text_to_variant (view->record->identity))
GETTER (get_identity_name, text_to_variant (view->record->identity_name))
GETTER (get_health, g_variant_new_string (lk_health_to_string (view->health)))
GETTER (get_fault, fault_to_variant (view->fault))
GETTER (get_accounts, accounts_to_variant (view->record->accounts))
GETTER (get_accounts_known, g_variant_new_boolean (view->record->accounts_known))
GETTER (get_scopes_asked, words_to_variant (view->record->scopes_asked))
GETTER (get_scopes_granted, words_to_variant (view->record->scopes_granted))
GETTER (get_scopes_known, g_variant_new_boolean (view->record->scopes_granted != NULL))
GETTER (get_created, g_variant_new_int64 (view->record->created))
GETTER (get_obtained, g_variant_new_int64 (view->record->obtained))
GETTER (get_access_ends, g_variant_new_int64 (view->record->access_ends))
GETTER (get_refresh_obtained, g_variant_new_int64 (view->record->refresh_obtained))
GETTER (get_refresh_ends, g_variant_new_int64 (view->record->has_refresh
                                                 ? view->record->refresh_ends : LK_END_UNKNOWN))
GETTER (get_authorization_ends, g_variant_new_int64 (view->ends))
GETTER (get_last_renewed, g_variant_new_int64 (view->record->last_renewed))
GETTER (get_last_verified, g_variant_new_int64 (view->record->last_verified))
GETTER (next_renewal_to_variant, g_variant_new_int64 (get_next_renewal (view)))
GETTER (next_probe_to_variant, g_variant_new_int64 (view->connection->next_probe))
GETTER (get_fingerprint, text_to_variant (view->record->fingerprint))
GETTER (get_generation, g_variant_new_uint64 (view->record->generation))
GETTER (get_can_renew, g_variant_new_boolean (view->can_renew))
GETTER (get_can_revoke, g_variant_new_boolean (view->profile != NULL
                                               && lk_profile_has_step (view->profile,
                                                                       LK_STEP_REVOKE)))
GETTER (get_busy, g_variant_new_string (view->connection->busy))
GETTER (get_circuit_open, g_variant_new_boolean (view->connection->circuit_open))
GETTER (get_signed_in, g_variant_new_int64 (view->record->signed_in))
GETTER (get_last_refusal, fault_to_variant (view->record->refusal))
GETTER (get_last_refusal_event, g_variant_new_int64 (view->record->refusal_event))
GETTER (get_parked, g_variant_new_string (lk_parked_to_string (view->record->parked)))
GETTER (get_parked_at, g_variant_new_int64 (view->record->parked_at))

static const struct
{
  const char *name;
  Getter      get;
} properties[] = {
  { "Id", get_id },
  { "Name", get_name },
  { "Client", get_client },
  { "Provider", get_provider },
  { "ProviderName", get_provider_name },
  { "Sandbox", get_sandbox },
  { "Identity", get_identity },
  { "IdentityName", get_identity_name },
  { "Health", get_health },
  { "Fault", get_fault },
  { "Accounts", get_accounts },
  { "AccountsKnown", get_accounts_known },
  { "ScopesAsked", get_scopes_asked },
  { "ScopesGranted", get_scopes_granted },
  { "ScopesKnown", get_scopes_known },
  { "ScopesMissing", get_scopes_missing },
  { "Created", get_created },
  { "Obtained", get_obtained },
  { "AccessEnds", get_access_ends },
  { "RefreshObtained", get_refresh_obtained },
  { "RefreshEnds", get_refresh_ends },
  { "AuthorizationEnds", get_authorization_ends },
  { "LastRenewed", get_last_renewed },
  { "LastVerified", get_last_verified },
  { "NextRenewal", next_renewal_to_variant },
  { "NextProbe", next_probe_to_variant },
  { "Fingerprint", get_fingerprint },
  { "Generation", get_generation },
  { "CanRenew", get_can_renew },
  { "CanRevoke", get_can_revoke },
  { "Busy", get_busy },
  { "CircuitOpen", get_circuit_open },
  { "SignedIn", get_signed_in },
  { "LastRefusal", get_last_refusal },
  { "LastRefusalEvent", get_last_refusal_event },
  { "Parked", get_parked },
  { "ParkedAt", get_parked_at },
};

/**
 * lk_agent_connection_get_property:
 * @name: of a property of Connection1
 *
 * Returns: (transfer floating) (nullable): its value; %NULL when there is none by that name
 */
GVariant *
lk_agent_connection_get_property (LkAgentConnection *self, const char *name)
{
  g_auto(View) view = { 0 };

  view_init (&view, self);
  for (size_t i = 0; i < G_N_ELEMENTS (properties); i++)
    if (g_str_equal (properties[i].name, name))
      return properties[i].get (&view);
  return NULL;
}

/**
 * lk_agent_connection_to_variant:
 *
 * Returns: (transfer floating): all properties of Connection1, as a{sv}
 */
GVariant *
lk_agent_connection_to_variant (LkAgentConnection *self)
{
  g_auto(View) view = { 0 };
  GVariantBuilder builder;

  view_init (&view, self);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (size_t i = 0; i < G_N_ELEMENTS (properties); i++)
    g_variant_builder_add (&builder, "{sv}", properties[i].name, properties[i].get (&view));
  return g_variant_builder_end (&builder);
}

/* FNV-1a. A digest stands for a value, which takes ten times the room. */
static guint64
digest (GVariant *value)
{
  const guint8 *data = g_variant_get_data (value);
  size_t size = g_variant_get_size (value);
  guint64 hash = G_GUINT64_CONSTANT (14695981039346656037);

  for (size_t i = 0; i < size; i++)
    hash = (hash ^ data[i]) * G_GUINT64_CONSTANT (1099511628211);
  return hash;
}

/**
 * lk_agent_connection_take_news:
 *
 * From now on the bus knows the properties as they are.
 *
 * Returns: (transfer full) (nullable): those that differ from what the bus knew, as a{sv}; %NULL
 *   when none does
 */
GVariant *
lk_agent_connection_take_news (LkAgentConnection *self)
{
  g_auto(View) view = { 0 };
  g_auto(GVariantDict) news = G_VARIANT_DICT_INIT (NULL);
  gboolean all = self->told == NULL;
  gboolean any = FALSE;

  if (all)
    self->told = g_new (guint64, G_N_ELEMENTS (properties));
  view_init (&view, self);
  for (size_t i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autoptr(GVariant) value = g_variant_ref_sink (properties[i].get (&view));
      guint64 hash = digest (value);

      if (!all && hash == self->told[i])
        continue;
      self->told[i] = hash;
      g_variant_dict_insert_value (&news, properties[i].name, value);
      any = TRUE;
    }
  return any ? g_variant_ref_sink (g_variant_dict_end (&news)) : NULL;
}
