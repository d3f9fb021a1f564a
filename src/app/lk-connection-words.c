/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-connection-words.h"

#include <glib/gi18n.h>

#include "lk-time-words.h"

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static LkFault *
dup_refusal (LkDBusConnection1 *connection)
{
  GVariant *dict = lk_dbus_connection1_get_last_refusal (connection);

  if (dict == NULL || g_variant_n_children (dict) == 0)
    return NULL;
  return lk_fault_from_variant (dict);
}

LkHealth
lk_connection_words_get_health (LkDBusConnection1 *connection)
{
  g_autoptr(LkFault) refusal = dup_refusal (connection);
  LkHealth health = LK_HEALTH_FINE;

  lk_health_from_string (or_empty (lk_dbus_connection1_get_health (connection)), &health);
  return lk_connection_health_with_refusal (health, refusal);
}

/**
 * lk_connection_words_dup_fault:
 *
 * Returns: (transfer full) (nullable): what is wrong now, %NULL when nothing is
 */
LkFault *
lk_connection_words_dup_fault (LkDBusConnection1 *connection)
{
  GVariant *dict = lk_dbus_connection1_get_fault (connection);

  if (dict == NULL || g_variant_n_children (dict) == 0)
    return NULL;
  return lk_fault_from_variant (dict);
}

gboolean
lk_connection_words_is_own_fault (LkDBusConnection1 *connection)
{
  GVariant *dict = lk_dbus_connection1_get_fault (connection);

  return dict != NULL && g_variant_n_children (dict) > 0;
}

/* What passes by itself, or is a slip in the request, does not move a connection up. */
gboolean
lk_connection_words_has_refusal (LkDBusConnection1 *connection)
{
  g_autoptr(LkFault) refusal = dup_refusal (connection);

  return refusal != NULL && lk_class_stops_work (refusal->klass);
}

LkFault *
lk_connection_words_dup_trouble (LkDBusConnection1 *connection)
{
  LkFault *fault = lk_connection_words_dup_fault (connection);

  return fault != NULL ? fault : dup_refusal (connection);
}

LkConnectionAction
lk_connection_words_get_action (LkDBusConnection1 *connection)
{
  g_autoptr(LkFault) fault = lk_connection_words_dup_fault (connection);
  g_autoptr(LkFault) refusal = dup_refusal (connection);
  const char *parked = or_empty (lk_dbus_connection1_get_parked (connection));

  if (g_str_equal (parked, "moved"))
    return LK_CONNECTION_ACTION_TAKE_BACK;
  if (g_str_equal (parked, "held"))
    return LK_CONNECTION_ACTION_USE_HERE;
  return lk_connection_action_decide (lk_connection_words_get_health (connection), fault, refusal);
}

const char *
lk_connection_words_get_label (LkConnectionAction action)
{
  switch (action)
    {
    case LK_CONNECTION_ACTION_UNLOCK:
      return _("_Unlock");
    case LK_CONNECTION_ACTION_RECONNECT:
      return _("_Reconnect");
    case LK_CONNECTION_ACTION_SIGN_IN_AGAIN:
      return _("_Sign In Again");
    case LK_CONNECTION_ACTION_FIX:
      return _("_Fix…");
    case LK_CONNECTION_ACTION_TAKE_BACK:
      return _("_Take Back…");
    case LK_CONNECTION_ACTION_USE_HERE:
      return _("_Use Here…");
    case LK_CONNECTION_ACTION_NONE:
    default:
      return "";
    }
}

/* The window's action behind the button; each takes the connection's id. */
const char *
lk_connection_words_get_detailed (LkConnectionAction action)
{
  switch (action)
    {
    case LK_CONNECTION_ACTION_UNLOCK:
      return "win.unlock";
    case LK_CONNECTION_ACTION_RECONNECT:
    case LK_CONNECTION_ACTION_SIGN_IN_AGAIN:
      return "win.reconnect";
    case LK_CONNECTION_ACTION_TAKE_BACK:
    case LK_CONNECTION_ACTION_USE_HERE:
      return "win.take-back";
    case LK_CONNECTION_ACTION_FIX:
    case LK_CONNECTION_ACTION_NONE:
    default:
      return "win.open";
    }
}

char *
lk_connection_words_dup_letter (const char *provider_name)
{
  g_autofree char *first = g_utf8_substring (or_empty (provider_name), 0,
                                             MIN (g_utf8_strlen (or_empty (provider_name), -1), 1));

  return g_utf8_strup (first, -1);
}

static gulong
count_accounts (LkDBusConnection1 *connection)
{
  GVariant *accounts = lk_dbus_connection1_get_accounts (connection);

  return accounts != NULL ? g_variant_n_children (accounts) : 0;
}

char *
lk_connection_words_dup_subtitle (LkDBusConnection1 *connection)
{
  const char *provider = or_empty (lk_dbus_connection1_get_provider_name (connection));
  gulong n = count_accounts (connection);

  if (!lk_dbus_connection1_get_accounts_known (connection))
    return g_strdup (provider);
  if (n == 0)
    /* Translators: %s is a provider, such as "TikTok Ads". */
    return g_strdup_printf (_("%s · no accounts"), provider);
  /* Translators: %s is a provider, such as "TikTok Ads". */
  return g_strdup_printf (ngettext ("%s · %lu account", "%s · %lu accounts", n), provider, n);
}

static char *
busy_status (const char *busy)
{
  if (g_strcmp0 (busy, "renewing") == 0)
    return g_strdup (_("Renewing now…"));
  if (g_strcmp0 (busy, "verifying") == 0)
    return g_strdup (_("Checking now…"));
  if (g_strcmp0 (busy, "revoking") == 0)
    return g_strdup (_("Withdrawing access now…"));
  if (g_strcmp0 (busy, "diagnosing") == 0)
    return g_strdup (_("Looking for the cause now…"));
  return NULL;
}

char *
lk_connection_words_dup_proven (LkDBusConnection1 *connection, gint64 now)
{
  gint64 verified = lk_dbus_connection1_get_last_verified (connection);
  g_autofree char *ago = lk_time_words_dup_relative (verified, now);

  if (lk_dbus_connection1_get_access_ends (connection) == G_MAXINT64)
    {
      if (verified == 0)
        return g_strdup (_("No end date · not checked yet"));
      /* Translators: %s is a time, such as "2 hours ago". */
      return g_strdup_printf (_("No end date · proven alive %s"), ago);
    }
  if (verified == 0)
    return g_strdup (_("Not checked yet"));
  /* Translators: %s is a time, such as "2 hours ago". */
  return g_strdup_printf (_("Proven alive %s"), ago);
}

static char *
ending_status (LkDBusConnection1 *connection, gint64 now)
{
  gint64 ends = lk_dbus_connection1_get_authorization_ends (connection);
  g_autofree char *relative = lk_time_words_dup_relative (ends, now);

  if (ends != 0 && ends <= now)
    return g_strdup (_("The sign-in has ended."));
  /* Translators: %s is a time, such as "in 3 days". */
  return g_strdup_printf (_("The sign-in ends %s. Latchkey can’t renew it."), relative);
}

/* "1 scope was not granted · ", or nothing. */
static char *
dup_missing_scopes (LkDBusConnection1 *connection)
{
  const char * const *missing = lk_dbus_connection1_get_scopes_missing (connection);
  guint n = missing != NULL ? g_strv_length ((char **) missing) : 0;

  if (n == 0)
    return g_strdup ("");
  /* Translators: stands before another status, such as "Renews by itself in 1 hour". */
  return g_strdup_printf (ngettext ("%u scope was not granted · ", "%u scopes were not granted · ",
                                    n),
                          n);
}

static char *
dup_quiet_status (LkDBusConnection1 *connection, gint64 now)
{
  gint64 next = lk_dbus_connection1_get_next_renewal (connection);
  gint64 ends = lk_dbus_connection1_get_access_ends (connection);
  g_autofree char *when = lk_time_words_dup_relative (next > 0 ? next : ends, now);

  if (next > 0)
    /* Translators: %s is a time, such as "in 1 hour". */
    return g_strdup_printf (next > now ? _("Renews by itself %s") : _("Renewal is due"), when);
  if (ends != 0 && ends != G_MAXINT64)
    /* Translators: %s is a time, such as "in 12 days" or "2 days ago". */
    return g_strdup_printf (ends > now ? _("Ends %s") : _("Ended %s"), when);
  return lk_connection_words_dup_proven (connection, now);
}

/* NULL when it is used here. */
static char *
dup_parked_status (LkDBusConnection1 *connection, gint64 now)
{
  const char *parked = or_empty (lk_dbus_connection1_get_parked (connection));
  g_autofree char *when
    = lk_time_words_dup_relative (lk_dbus_connection1_get_parked_at (connection), now);

  if (g_str_equal (parked, "moved"))
    /* Translators: %s is a time, such as "2 hours ago". */
    return g_strdup_printf (_("Moved to another computer %s. It is not renewed here."), when);
  if (g_str_equal (parked, "held"))
    /* Translators: %s is a time, such as "2 hours ago". */
    return g_strdup_printf (_("On hold since it was restored %s. The other computer may still use "
                              "it."), when);
  return NULL;
}

char *
lk_connection_words_dup_status (LkDBusConnection1 *connection, LkDiagnosis *diagnosis, gint64 now)
{
  char *busy = busy_status (lk_dbus_connection1_get_busy (connection));
  g_autoptr(LkFault) fault = lk_connection_words_has_refusal (connection)
                               ? lk_connection_words_dup_trouble (connection)
                               : lk_connection_words_dup_fault (connection);
  g_autofree char *missing = NULL;
  g_autofree char *quiet = NULL;
  char *parked;

  if (busy != NULL)
    return busy;
  parked = dup_parked_status (connection, now);
  if (parked != NULL)
    return parked;
  if (fault != NULL)
    return lk_diagnosis_dup_headline (diagnosis, fault);
  if (lk_connection_words_get_health (connection) == LK_HEALTH_ENDING)
    return ending_status (connection, now);

  missing = dup_missing_scopes (connection);
  quiet = dup_quiet_status (connection, now);
  return g_strconcat (missing, quiet, NULL);
}

double
lk_connection_words_get_left (LkDBusConnection1 *connection, gint64 now)
{
  gint64 ends = lk_dbus_connection1_get_authorization_ends (connection);
  gint64 start = lk_dbus_connection1_get_refresh_obtained (connection);

  /* What is refused now has no time left, whatever was promised once. */
  if (ends == 0 || ends == G_MAXINT64
      || lk_connection_words_get_health (connection) == LK_HEALTH_ATTENTION)
    return -1;
  if (start == 0)
    start = lk_dbus_connection1_get_obtained (connection);
  if (start == 0 || ends <= start)
    return ends > now ? 1 : 0;
  return CLAMP ((double) (ends - now) / (double) (ends - start), 0, 1);
}

static gboolean
contains (const char *text, const char *folded)
{
  g_autofree char *own = g_utf8_casefold (or_empty (text), -1);

  return strstr (own, folded) != NULL;
}

/**
 * lk_connection_words_matches:
 * @folded: what to look for, case-folded
 *
 * Looks at name, provider, developer app, identity and accounts.
 */
gboolean
lk_connection_words_matches (LkDBusConnection1 *connection, const char *folded)
{
  GVariant *accounts = lk_dbus_connection1_get_accounts (connection);
  GVariantIter iter;
  const char *id, *name;

  if (contains (lk_dbus_connection1_get_name (connection), folded)
      || contains (lk_dbus_connection1_get_provider_name (connection), folded)
      || contains (lk_dbus_connection1_get_client (connection), folded)
      || contains (lk_dbus_connection1_get_identity_name (connection), folded)
      || contains (lk_dbus_connection1_get_identity (connection), folded))
    return TRUE;
  if (accounts == NULL)
    return FALSE;
  g_variant_iter_init (&iter, accounts);
  while (g_variant_iter_next (&iter, "(&s&s)", &id, &name))
    if (contains (id, folded) || contains (name, folded))
      return TRUE;
  return FALSE;
}
