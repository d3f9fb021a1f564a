/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

static void
add_accounts (LkCtlConnection *connection,
              JsonBuilder     *builder)
{
  g_autoptr(GVariantIter) accounts = NULL;
  const char *id = NULL;
  const char *name = NULL;

  json_builder_set_member_name (builder, "accounts");
  if (!lk_ctl_connection_get_flag (connection, "AccountsKnown") ||
      !g_variant_lookup (connection->facts, "Accounts", "a(ss)", &accounts))
    {
      json_builder_add_null_value (builder);
      return;
    }

  json_builder_begin_array (builder);
  while (g_variant_iter_loop (accounts, "(&s&s)", &id, &name))
    {
      json_builder_begin_object (builder);
      lk_ctl_json_string (builder, "id", id);
      lk_ctl_json_string (builder, "name", name);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_scopes (LkCtlConnection *connection,
            JsonBuilder     *builder)
{
  static const struct
  {
    const char *key;
    const char *property;
    gboolean    when_known;
  } rows[] = {
    { "scopes_asked", "ScopesAsked", FALSE },
    { "scopes_granted", "ScopesGranted", TRUE },
    { "scopes_missing", "ScopesMissing", TRUE },
  };
  gboolean known = lk_ctl_connection_get_flag (connection, "ScopesKnown");

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto(GStrv) words = lk_ctl_connection_dup_strv (connection, rows[i].property);

      if (rows[i].when_known && !known)
        lk_ctl_json_string (builder, rows[i].key, NULL);
      else
        lk_ctl_json_strv (builder, rows[i].key, (const char * const *) words);
    }
}

static void
add_times (LkCtlConnection *connection,
           JsonBuilder     *builder)
{
  static const struct
  {
    const char *key;
    const char *never_key; /* (nullable): says that null means "has no end" */
    const char *property;
  } rows[] = {
    { "created", NULL, "Created" },
    { "obtained", NULL, "Obtained" },
    { "access_ends", "access_ends_never", "AccessEnds" },
    { "refresh_obtained", NULL, "RefreshObtained" },
    { "refresh_ends", "refresh_ends_never", "RefreshEnds" },
    { "authorization_ends", "authorization_ends_never", "AuthorizationEnds" },
    { "last_renewed", NULL, "LastRenewed" },
    { "last_verified", NULL, "LastVerified" },
    { "next_renewal", NULL, "NextRenewal" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 seconds = lk_ctl_connection_get_time (connection, rows[i].property);

      lk_ctl_json_time (builder, rows[i].key, seconds);
      if (rows[i].never_key != NULL)
        lk_ctl_json_flag (builder, rows[i].never_key, seconds == LK_END_NEVER);
    }
}

/**
 * lk_ctl_connection_to_json:
 *
 * Adds one object: the connection as "list", "show" and others print it. The keys are described
 * in this folder's README.md and do not change.
 */
void
lk_ctl_connection_to_json (LkCtl           *self,
                           LkCtlConnection *connection,
                           JsonBuilder     *builder)
{
  static const struct
  {
    const char *key;
    const char *property;
  } texts[] = {
    { "id", "Id" },
    { "name", "Name" },
    { "client", "Client" },
    { "provider", "Provider" },
    { "provider_name", "ProviderName" },
    { "identity", "Identity" },
    { "identity_name", "IdentityName" },
    { "state", "Health" },
    { "busy", "Busy" },
    { "fingerprint", "Fingerprint" },
    { "parked", "Parked" },
  };
  g_autoptr(LkFinding) finding = lk_ctl_connection_explain (self, connection);
  guint64 generation = 0;

  json_builder_begin_object (builder);
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    lk_ctl_json_string (builder, texts[i].key,
                        lk_ctl_connection_get (connection, texts[i].property));
  lk_ctl_json_flag (builder, "sandbox", lk_ctl_connection_get_flag (connection, "Sandbox"));
  add_times (connection, builder);
  g_variant_lookup (connection->facts, "Generation", "t", &generation);
  json_builder_set_member_name (builder, "generation");
  json_builder_add_int_value (builder, (gint64) MIN (generation, G_MAXINT64));
  lk_ctl_json_flag (builder, "can_renew", lk_ctl_connection_get_flag (connection, "CanRenew"));
  lk_ctl_json_flag (builder, "can_revoke", lk_ctl_connection_get_flag (connection, "CanRevoke"));
  add_scopes (connection, builder);
  add_accounts (connection, builder);
  lk_ctl_json_finding (builder, "finding", finding);
  json_builder_end_object (builder);
}

static char *
dup_words (LkCtlConnection *connection,
           const char      *property,
           const char      *known_property)
{
  g_auto(GStrv) words = lk_ctl_connection_dup_strv (connection, property);

  if (known_property != NULL && !lk_ctl_connection_get_flag (connection, known_property))
    return g_strdup (_("the provider does not say"));
  if (words[0] == NULL)
    return g_strdup (_("none"));

  return g_strjoinv (", ", words);
}

static void
add_account_rows (LkCtlConnection *connection,
                  LkCtlTable      *table)
{
  g_autoptr(GVariantIter) accounts = NULL;
  const char *id = NULL;
  const char *name = NULL;
  gboolean first = TRUE;

  if (!lk_ctl_connection_get_flag (connection, "AccountsKnown") ||
      !g_variant_lookup (connection->facts, "Accounts", "a(ss)", &accounts))
    return;

  while (g_variant_iter_loop (accounts, "(&s&s)", &id, &name))
    {
      g_autofree char *cell = g_strdup_printf (name[0] != '\0' ? "%s  %s" : "%s%s", id, name);

      lk_ctl_table_add (table, first ? _("Accounts") : "", cell, NULL);
      first = FALSE;
    }
  if (first)
    lk_ctl_table_add (table, _("Accounts"), _("none"), NULL);
}

static void
add_time_rows (LkCtl           *self,
               LkCtlConnection *connection,
               LkCtlTable      *table)
{
  const struct
  {
    const char *label;
    const char *property;
    gboolean    is_end;
  } rows[] = {
    { _("Access ends"), "AccessEnds", TRUE },
    { _("Sign in again by"), "AuthorizationEnds", TRUE },
    { _("Signed in"), "Created", FALSE },
    { _("Last renewed"), "LastRenewed", FALSE },
    { _("Last proven alive"), "LastVerified", FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 seconds = lk_ctl_connection_get_time (connection, rows[i].property);
      g_autofree char *words = rows[i].is_end ? lk_ctl_dup_end_words (self, seconds)
                                              : lk_ctl_dup_past_words (self, seconds);
      g_autofree char *when = NULL;
      g_autofree char *cell = NULL;

      if (seconds != LK_END_UNKNOWN && seconds != LK_END_NEVER)
        when = lk_time_to_string (seconds);
      cell = when != NULL ? g_strdup_printf ("%s (%s)", words, when) : g_strdup (words);
      lk_ctl_table_add (table, rows[i].label, cell, NULL);
    }
}

const char *
lk_ctl_connection_state_words (LkCtlConnection *connection)
{
  const char *busy = lk_ctl_connection_get (connection, "Busy");
  const char *health = lk_ctl_connection_get (connection, "Health");
  const char *parked = lk_ctl_connection_get (connection, "Parked");

  if (g_str_equal (parked, "moved"))
    return _("Moved away");
  if (g_str_equal (parked, "held"))
    return _("On hold");
  if (g_str_equal (busy, "renewing"))
    return _("Renewing…");
  if (g_str_equal (busy, "verifying"))
    return _("Checking…");
  if (g_str_equal (busy, "revoking"))
    return _("Revoking…");
  if (g_str_equal (health, "attention"))
    return _("Needs attention");
  if (g_str_equal (health, "ending"))
    return _("Ends soon");

  return _("Fine");
}

static void
print_for_people (LkCtl           *self,
                  LkCtlConnection *connection)
{
  g_autoptr(LkCtlTable) table = lk_ctl_table_new ();
  g_autoptr(LkFinding) finding = lk_ctl_connection_explain (self, connection);
  g_autofree char *granted = dup_words (connection, "ScopesGranted", "ScopesKnown");
  g_autofree char *missing = dup_words (connection, "ScopesMissing", NULL);
  const char *identity = lk_ctl_connection_get (connection, "IdentityName");

  if (identity[0] == '\0')
    identity = lk_ctl_connection_get (connection, "Identity");

  lk_ctl_table_add (table, _("Name"), lk_ctl_connection_get (connection, "Name"), NULL);
  lk_ctl_table_add (table, _("ID"), lk_ctl_connection_get (connection, "Id"), NULL);
  lk_ctl_table_add (table, _("State"), lk_ctl_connection_state_words (connection), NULL);
  lk_ctl_table_add (table, _("Provider"), lk_ctl_connection_get (connection, "ProviderName"),
                    NULL);
  lk_ctl_table_add (table, _("Developer app"), lk_ctl_connection_get (connection, "Client"), NULL);
  lk_ctl_table_add (table, _("Signed in as"), identity[0] != '\0' ? identity : _("unknown"), NULL);
  add_time_rows (self, connection, table);
  lk_ctl_table_add (table, _("Scopes granted"), granted, NULL);
  if (!g_str_equal (missing, _("none")))
    lk_ctl_table_add (table, _("Scopes missing"), missing, NULL);
  add_account_rows (connection, table);
  lk_ctl_table_add (table, _("Fingerprint"), lk_ctl_connection_get (connection, "Fingerprint"),
                    NULL);
  lk_ctl_table_print (table);

  if (finding != NULL)
    {
      lk_ctl_print ("\n%s\n%s", finding->title, finding->explanation);
      for (size_t i = 0; finding->steps != NULL && finding->steps[i] != NULL; i++)
        lk_ctl_print ("  %" G_GSIZE_FORMAT ". %s", i + 1, finding->steps[i]);
    }
}

void
lk_ctl_connection_print (LkCtl           *self,
                         LkCtlConnection *connection)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (!self->json)
    {
      print_for_people (self, connection);
      return;
    }

  builder = json_builder_new ();
  lk_ctl_connection_to_json (self, connection, builder);
  lk_ctl_json_print (builder);
}

/**
 * lk_ctl_connection_act_and_show:
 * @done: translated; what to tell a person who looks
 *
 * Does one call on a connection and prints the connection as it is afterwards.
 *
 * Returns: the exit status; a failure has been explained
 */
int
lk_ctl_connection_act_and_show (LkCtl      *self,
                                const char *word,
                                const char *method,
                                const char *done)
{
  g_autoptr(LkCtlConnection) before = NULL;
  g_autoptr(LkCtlConnection) after = NULL;
  g_autoptr(GError) error = NULL;
  int status = LK_CTL_EXIT_DONE;

  before = lk_ctl_connection_act (self, word, method, NULL, &status);
  if (before == NULL)
    return status;

  after = lk_ctl_find_connection (self, lk_ctl_connection_get (before, "Id"), &error);
  if (after == NULL)
    return lk_ctl_fail (self, error);

  if (!self->json)
    lk_ctl_note ("%s", done);
  lk_ctl_connection_print (self, after);
  return LK_CTL_EXIT_DONE;
}

/**
 * lk_ctl_connection_act_and_tell:
 * @parameters: (nullable) (transfer floating)
 * @done: translated; a sentence with %s for the name
 *
 * Does one call that ends or renames a connection, and says so; with --json, its id.
 *
 * Returns: the exit status; a failure has been explained
 */
int
lk_ctl_connection_act_and_tell (LkCtl      *self,
                                const char *word,
                                const char *method,
                                GVariant   *parameters,
                                const char *done)
{
  g_autoptr(LkCtlConnection) before = NULL;
  g_autoptr(JsonBuilder) builder = NULL;
  int status = LK_CTL_EXIT_DONE;

  before = lk_ctl_connection_act (self, word, method, parameters, &status);
  if (before == NULL)
    return status;

  if (!self->json)
    {
      g_auto(GStrv) parts = g_strsplit (done, "%s", 2);
      g_autofree char *sentence = NULL;

      sentence = g_strjoinv (lk_ctl_connection_get (before, "Name"), parts);
      lk_ctl_note ("%s", sentence);
      return LK_CTL_EXIT_DONE;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  lk_ctl_json_string (builder, "connection", lk_ctl_connection_get (before, "Id"));
  json_builder_end_object (builder);
  lk_ctl_json_print (builder);
  return LK_CTL_EXIT_DONE;
}
