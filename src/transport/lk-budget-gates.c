/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-budget-parts-private.h"

#include <string.h>

gint64
lk_budget_app_now (LkBudgetApp *self)
{
  return lk_clock_get_boot (self->budget->clock);
}

gint64
lk_budget_app_server_now (LkBudgetApp *self)
{
  return lk_budget_app_now (self) / G_USEC_PER_SEC + self->server_offset;
}

/**
 * lk_budget_app_get_gate:
 *
 * Returns: (transfer none): the gate of that key, made when there is none
 */
LkGate *
lk_budget_app_get_gate (LkBudgetApp *self,
                        LkGateKind   kind,
                        const char  *key)
{
  LkGate *gate = g_hash_table_lookup (self->gates, key);

  if (gate == NULL)
    {
      gate = lk_gate_new (kind, key);
      gate->app = self;
      g_hash_table_insert (self->gates, gate->key, gate);
    }

  return gate;
}

static char *
dup_account_key (const LkClaimSpec  *spec,
                 const char        **word)
{
  *word = "account";
  if (spec->account != NULL)
    return g_strdup_printf ("hold account=%s", spec->account);

  /* Where calls name no account the token is the account's, and others must not pay for it. */
  return spec->token != NULL && spec->path != NULL
           ? g_strdup_printf ("hold token=%s path=%s", spec->token, spec->path) : NULL;
}

/**
 * lk_budget_app_get_hold:
 * @slowed: a word of #LkFault
 * @value: (nullable): "FIELD=VALUE"
 *
 * What cannot be told apart is held as the next wider thing.
 *
 * Returns: (transfer none): the gate that a refusal shuts
 */
LkGate *
lk_budget_app_get_hold (LkBudgetApp       *self,
                        const char        *slowed,
                        const LkClaimSpec *spec,
                        const char        *value)
{
  g_autofree char *key = NULL;
  const char *word = "app";
  LkGate *gate;

  if (g_strcmp0 (slowed, "account") == 0)
    key = dup_account_key (spec, &word);
  else if (g_strcmp0 (slowed, "value") == 0 && spec->path != NULL && value != NULL)
    {
      word = "value";
      key = g_strdup_printf ("hold path=%s value=%s", spec->path, value);
    }

  if (key == NULL && slowed != NULL && !g_str_equal (slowed, "app") && spec->path != NULL)
    {
      word = "path";
      key = g_strdup_printf ("hold path=%s", spec->path);
    }
  else if (key == NULL)
    {
      word = "app";
      key = g_strdup ("hold");
    }

  gate = lk_budget_app_get_gate (self, LK_GATE_HOLD, key);
  gate->slowed = word;

  return gate;
}

static const char *
limit_word (guint seconds)
{
  if (seconds == 0)
    return "day";
  if (seconds == 1)
    return "second";

  return seconds == 60 ? "minute" : "unknown";
}

static gboolean
same_path (const char *a,
           const char *b)
{
  size_t length;

  if (a == NULL || b == NULL)
    return FALSE;

  length = strlen (a) - (g_str_has_suffix (a, "/") ? 1 : 0);

  return strncmp (a, b, length) == 0 && (b[length] == '\0' || g_str_equal (b + length, "/"));
}

/* A limit of this very path stands in for the one that every path has. */
static gboolean
is_replaced (const LkRateLimit *limit,
             GPtrArray         *limits,
             const char        *path)
{
  if (limit->path != NULL || !limit->each_path)
    return FALSE;

  for (guint i = 0; i < limits->len; i++)
    {
      const LkRateLimit *other = g_ptr_array_index (limits, i);

      if (same_path (other->path, path) && other->seconds == limit->seconds
          && g_strcmp0 (other->per, limit->per) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
add_window (LkLane            *self,
            const LkRateLimit *limit,
            const LkClaim     *claim)
{
  gboolean by_account = g_strcmp0 (limit->per, "account") == 0;
  gboolean by_token = g_strcmp0 (limit->per, "token") == 0;
  gboolean by_path = limit->path != NULL || limit->each_path;
  const char *path = limit->path != NULL ? limit->path : by_path ? claim->path : "";
  const char *who = by_account ? claim->account : by_token ? claim->token : "";
  g_autofree char *key = NULL;
  LkGate *gate;

  if (limit->calls == 0 || who == NULL || path == NULL)
    return;

  key = g_strdup_printf ("%u in %u per %s=%s path=%s", limit->calls, limit->seconds,
                         limit->per != NULL ? limit->per : "app", who, path);
  gate = lk_budget_app_get_gate (self->app, limit->seconds == 0 ? LK_GATE_DAY : LK_GATE_WINDOW,
                                 key);
  if (gate->limit == NULL)
    {
      gate->seconds = limit->seconds;
      gate->calls = limit->calls;
      gate->limit = limit_word (limit->seconds);
      gate->slowed = by_account ? "account" : by_path ? "path" : "app";
      gate->account = by_account ? g_strdup (claim->account) : NULL;
      gate->path = by_path ? g_strdup (path) : NULL;
    }
  g_ptr_array_add (self->gates, lk_gate_ref (gate));
}

static void
add_hold (LkLane            *self,
          const char        *slowed,
          const LkClaimSpec *spec,
          const char        *value)
{
  LkGate *gate = lk_budget_app_get_hold (self->app, slowed, spec, value);

  /* Of what the call does not name, the wider one is there already. */
  if (!g_ptr_array_find (self->gates, gate, NULL))
    g_ptr_array_add (self->gates, lk_gate_ref (gate));
}

/**
 * lk_lane_add_gates:
 * @claim: any claim of this lane
 * @value: (nullable): the held value that it has
 */
void
lk_lane_add_gates (LkLane        *self,
                   const LkClaim *claim,
                   const char    *value)
{
  LkClaimSpec spec = { .path = claim->path, .account = claim->account, .token = claim->token };
  LkClaimSpec by_token = { .path = claim->path, .token = claim->token };
  LkGate *at_once = lk_budget_app_get_gate (self->app, LK_GATE_FLIGHT_CAP, "at once");

  at_once->calls = LK_BUDGET_AT_ONCE;
  at_once->limit = "unknown";
  at_once->slowed = "app";

  add_hold (self, "app", &spec, NULL);
  add_hold (self, "path", &spec, NULL);
  add_hold (self, "account", &spec, NULL);
  add_hold (self, "account", &by_token, NULL);
  if (value != NULL)
    add_hold (self, "value", &spec, value);

  for (guint i = 0; claim->limits != NULL && i < claim->limits->len; i++)
    {
      const LkRateLimit *limit = g_ptr_array_index (claim->limits, i);

      if ((limit->path == NULL || same_path (limit->path, claim->path))
          && !is_replaced (limit, claim->limits, claim->path))
        add_window (self, limit, claim);
    }
  g_ptr_array_add (self->gates, lk_gate_ref (at_once));
}

/**
 * lk_claim_dup_value:
 *
 * Returns: (transfer full) (nullable): "FIELD=VALUE" when that is held for this path now
 */
char *
lk_claim_dup_value (const LkClaim *self,
                    gint64         now)
{
  GPtrArray *fields = self->app->fields;

  for (guint i = fields->len; i > 0; i--)
    {
      const LkHeldField *held = g_ptr_array_index (fields, i - 1);

      if (held->until <= now)
        g_ptr_array_remove_index_fast (fields, i - 1);
    }

  for (guint i = 0; self->call != NULL && i < fields->len; i++)
    {
      const LkHeldField *held = g_ptr_array_index (fields, i);
      g_autofree char *value = NULL;
      g_autofree char *key = NULL;
      const LkGate *gate;

      if (g_strcmp0 (held->path, self->path) != 0)
        continue;
      value = lk_budget_dup_value (self->call, held->field);
      if (value == NULL)
        continue;
      key = g_strdup_printf ("hold path=%s value=%s", self->path, value);
      gate = g_hash_table_lookup (self->app->gates, key);
      if (gate != NULL && gate->until > now)
        return g_steal_pointer (&value);
    }

  return NULL;
}
