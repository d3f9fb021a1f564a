/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-connection-facts.h"

#include <glib/gi18n.h>

#include "lk-connection-words.h"
#include "lk-copy-button.h"
#include "lk-scopes.h"
#include "lk-time-words.h"

/* Seconds between a sign-in and its connection. */
#define SAME_SIGN_IN 60

static gboolean
has_text (const char *text)
{
  return text != NULL && *text != '\0';
}

void
lk_connection_facts_fill_sign_in (AdwActionRow *row, LkDBusConnection1 *connection, gint64 now)
{
  const char *name = lk_dbus_connection1_get_identity_name (connection);
  const char *identity = lk_dbus_connection1_get_identity (connection);
  gint64 created = lk_dbus_connection1_get_created (connection);
  gint64 signed_in = lk_dbus_connection1_get_signed_in (connection);
  g_autofree char *who = NULL, *first = NULL, *again = NULL, *text = NULL, *tooltip = NULL;

  if (has_text (name) && has_text (identity) && g_strcmp0 (name, identity) != 0)
    /* Translators: name of a login and its id. */
    who = g_strdup_printf (_("%s (%s)"), name, identity);
  else if (has_text (name) || has_text (identity))
    who = g_strdup (has_text (name) ? name : identity);
  else
    who = g_strdup (_("The provider does not say whose sign-in this is"));
  first = lk_time_words_dup_relative (created, now);
  again = lk_time_words_dup_relative (signed_in, now);
  if (signed_in > created + SAME_SIGN_IN)
    /* Translators: who signed in, when for the first time, and when last ("2 days ago"). */
    text = g_strdup_printf (_("%s · first signed in %s · last %s"), who, first, again);
  else
    /* Translators: who signed in, and when. */
    text = g_strdup_printf (_("%s · signed in %s"), who, first);
  tooltip = lk_time_words_dup_absolute (signed_in > 0 ? signed_in : created);
  adw_action_row_set_subtitle (row, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), tooltip);
}

/* When a token was last proven alive is all there is to say of one without an end. */
void
lk_connection_facts_fill_check (AdwActionRow *row, LkDBusConnection1 *connection, gint64 now)
{
  gint64 verified = lk_dbus_connection1_get_last_verified (connection);
  gint64 next = lk_dbus_connection1_get_next_probe (connection);
  g_autofree char *proven = lk_connection_words_dup_proven (connection, now);
  g_autofree char *when = lk_time_words_dup_relative (next, now);
  g_autofree char *text = NULL;
  g_autofree char *tooltip = lk_time_words_dup_absolute (verified);

  if (next > now)
    /* Translators: when access was last proven, such as "Proven alive 2 hours ago", and when it is
     * checked next, such as "in 4 hours". */
    text = g_strdup_printf (_("%s · next check %s"), proven, when);
  else
    text = g_steal_pointer (&proven);
  adw_action_row_set_subtitle (row, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), tooltip);
}

void
lk_connection_facts_fill_token (AdwActionRow *row, LkDBusConnection1 *connection, gint64 now)
{
  const char *fingerprint = lk_dbus_connection1_get_fingerprint (connection);
  gint64 obtained = lk_dbus_connection1_get_obtained (connection);
  gint64 renewed = lk_dbus_connection1_get_last_renewed (connection);
  gint64 ends = lk_dbus_connection1_get_access_ends (connection);
  g_autofree char *got = lk_time_words_dup_relative (renewed > 0 ? renewed : obtained, now);
  g_autofree char *left = lk_time_words_dup_left (ends, now);
  g_autofree char *text = NULL;
  g_autofree char *tooltip = lk_time_words_dup_absolute (ends);

  if (!has_text (fingerprint))
    text = g_strdup (_("Latchkey holds no token for this connection."));
  else if (renewed > 0)
    /* Translators: a token's fingerprint, when it was renewed, and how long it lives. */
    text = g_strdup_printf (_("Fingerprint %s · renewed %s · %s"), fingerprint, got, left);
  else
    /* Translators: a token's fingerprint, when it was issued, and how long it lives. */
    text = g_strdup_printf (_("Fingerprint %s · issued %s · %s"), fingerprint, got, left);
  adw_action_row_set_subtitle (row, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), tooltip);
}

void
lk_connection_facts_fill_renewal (AdwActionRow *row, LkDBusConnection1 *connection, gint64 now)
{
  gint64 ends = lk_dbus_connection1_get_refresh_ends (connection);
  gint64 next = lk_dbus_connection1_get_next_renewal (connection);
  g_autofree char *until = lk_time_words_dup_absolute (ends);
  g_autofree char *when = lk_time_words_dup_relative (next, now);
  g_autofree char *text = NULL;

  if (!lk_dbus_connection1_get_can_renew (connection))
    text = g_strdup (lk_dbus_connection1_get_access_ends (connection) == G_MAXINT64
                       ? _("Not needed: this token has no end date.")
                       : _("This provider’s tokens can’t be renewed; you sign in again."));
  else if (until != NULL && next > now)
    /* Translators: when the next renewal is, and a date. */
    text = g_strdup_printf (_("By itself %s · possible until %s"), when, until);
  else if (until != NULL)
    /* Translators: %s is a date. */
    text = g_strdup_printf (_("Possible until %s"), until);
  else if (next > now)
    /* Translators: %s is a time, such as "in 1 hour". */
    text = g_strdup_printf (_("By itself %s"), when);
  else
    text = g_strdup (_("Possible; the provider names no last day."));
  adw_action_row_set_subtitle (row, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), until);
}

static GtkWidget *
new_row (const char *title, const char *subtitle, const char *icon)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), icon);
  return row;
}

static void
add (GPtrArray *children, AdwExpanderRow *row, GtkWidget *child)
{
  adw_expander_row_add_row (row, child);
  g_ptr_array_add (children, child);
}

/* By its name; the id stands below, for whoever looks it up in the provider's portal. */
static GtkWidget *
new_scope_row (LkAppContext *context, LkDBusConnection1 *connection, const char *id,
               const char *state, const char *icon)
{
  LkScopes *scopes = lk_diagnosis_get_scopes (lk_app_context_get_diagnosis (context));
  LkProfile *profile = lk_profile_set_lookup (lk_app_context_get_profiles (context),
                                              lk_dbus_connection1_get_provider (connection));
  const char *family = profile != NULL ? lk_profile_get_family (profile) : NULL;
  g_autofree char *name = NULL, *subtitle = NULL;

  if (family == NULL || lk_scopes_find (scopes, family, id) == NULL)
    return new_row (id, state, icon);
  name = lk_scopes_dup_name (scopes, family, id);
  if (g_strcmp0 (name, id) == 0)
    return new_row (id, state, icon);
  /* Translators: the state of a scope, such as "Granted", and its id. */
  subtitle = g_strdup_printf (_("%s · %s"), state, id);
  return new_row (name, subtitle, icon);
}

static char *
dup_scopes_subtitle (gboolean known, gulong n_shown, gulong n_missing)
{
  if (!known)
    return g_strdup (_("The provider does not say which it granted."));
  if (n_missing > 0)
    return g_strdup_printf (ngettext ("%lu granted, %lu that was asked for is missing",
                                      "%lu granted, %lu that were asked for are missing",
                                      n_missing), n_shown, n_missing);
  return g_strdup_printf (ngettext ("%lu granted, none missing", "%lu granted, none missing",
                                    n_shown), n_shown);
}

/**
 * lk_connection_facts_fill_scopes:
 *
 * Returns: (transfer full): the rows that were added
 */
GPtrArray *
lk_connection_facts_fill_scopes (AdwExpanderRow *row, LkAppContext *context,
                                 LkDBusConnection1 *connection)
{
  GPtrArray *children = g_ptr_array_new ();
  gboolean known = lk_dbus_connection1_get_scopes_known (connection);
  const char * const *granted = lk_dbus_connection1_get_scopes_granted (connection);
  const char * const *missing = lk_dbus_connection1_get_scopes_missing (connection);
  const char * const *asked = lk_dbus_connection1_get_scopes_asked (connection);
  const char * const *shown = known ? granted : asked;
  gulong n_shown = shown != NULL ? g_strv_length ((char **) shown) : 0;
  gulong n_missing = missing != NULL ? g_strv_length ((char **) missing) : 0;
  g_autofree char *text = dup_scopes_subtitle (known, n_shown, n_missing);

  adw_expander_row_set_subtitle (row, text);
  for (gulong i = 0; i < n_missing; i++)
    add (children, row, new_scope_row (context, connection, missing[i],
                                       _("Asked for, not granted"), "dialog-warning-symbolic"));
  for (gulong i = 0; i < n_shown; i++)
    add (children, row, new_scope_row (context, connection, shown[i],
                                       known ? _("Granted") : _("Asked for"),
                                       known ? "emblem-ok-symbolic" : NULL));
  adw_expander_row_set_enable_expansion (row, children->len > 0);
  return children;
}

GPtrArray *
lk_connection_facts_fill_accounts (AdwExpanderRow *row, LkDBusConnection1 *connection)
{
  GPtrArray *children = g_ptr_array_new ();
  GVariant *accounts = lk_dbus_connection1_get_accounts (connection);
  gulong n = accounts != NULL ? g_variant_n_children (accounts) : 0;
  GVariantIter iter;
  const char *id, *name;
  g_autofree char *text = NULL;

  /* Some providers have no accounts below a login. */
  gtk_widget_set_visible (GTK_WIDGET (row), lk_dbus_connection1_get_accounts_known (connection));
  if (n == 0)
    text = g_strdup (_("This sign-in reaches no account."));
  else
    text = g_strdup_printf (ngettext ("%lu account", "%lu accounts", n), n);
  adw_expander_row_set_subtitle (row, text);

  if (n > 0)
    g_variant_iter_init (&iter, accounts);
  while (n > 0 && g_variant_iter_next (&iter, "(&s&s)", &id, &name))
    {
      GtkWidget *child = new_row (has_text (name) ? name : id, has_text (name) ? id : NULL, NULL);

      adw_action_row_add_suffix (ADW_ACTION_ROW (child),
                                 lk_copy_button_new (id, _("Copy Account ID")));
      add (children, row, child);
    }
  adw_expander_row_set_enable_expansion (row, n > 0);
  return children;
}
