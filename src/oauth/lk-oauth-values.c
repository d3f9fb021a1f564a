/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-oauth-values-private.h"

#include "lk-clock.h"
#include "lk-http.h"

LkValues *
lk_oauth_values_new (const LkClientRecord *client,
                     LkSecret             *secret,
                     LkTokenSet           *tokens)
{
  LkValues *values = lk_values_new ();
  g_autoptr(LkClock) clock = lk_system_clock_new ();
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, lk_clock_get_now (clock));

  /* For providers that sign: the machine's own clock, so that a wrong one is found out. */
  lk_values_set (values, "now", now);
  lk_values_set (values, "app.id", LK_APP_ID);
  lk_values_set (values, "app.version", LK_VERSION);
  lk_values_set (values, "client.id", client->client_id);
  if (client->redirect != NULL)
    lk_values_set (values, "redirect_uri", client->redirect);
  if (secret != NULL)
    lk_values_set_secret (values, "client.secret", secret);

  if (tokens != NULL)
    {
      LkSecret *refresh = lk_token_set_get_refresh (tokens);

      lk_values_set_secret (values, "token.access", lk_token_set_get_access (tokens));
      if (refresh != NULL)
        lk_values_set_secret (values, "token.refresh", refresh);
    }

  return values;
}

LkFault *
lk_oauth_transport_fault (LkProfile    *profile,
                          const char   *step,
                          const GError *error)
{
  LkFault *fault = lk_transport_error_to_fault (error);

  g_free (fault->family);
  fault->family = g_strdup (lk_profile_get_family (profile));
  g_free (fault->step);
  fault->step = g_strdup (step);

  return fault;
}
