/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-authorize.h"

#include <stdlib.h>
#include <string.h>

/* Scopes of Login Kit apps (developers.tiktok.com/doc/tiktok-api-scopes, 2026-11). Any other word
 * fails on the page. */
static const char *const login_scopes[] = {
  "user.info.basic", "user.info.profile", "user.info.stats",
  "video.list",      "video.publish",     "video.upload",
  NULL,
};

static const char *
param (GHashTable *params,
       const char *name)
{
  const char *value = g_hash_table_lookup (params, name);

  return value != NULL && *value != '\0' ? value : NULL;
}

void
lk_sim_ask_free (LkSimAsk *self)
{
  g_strfreev (self->scopes);
  g_free (self);
}

static LkSimAsk *
ask_new (LkSimApp    *app,
         GHashTable  *params,
         char       **scopes)
{
  LkSimAsk *self = g_new0 (LkSimAsk, 1);

  self->app = app;
  self->redirect = param (params, "redirect_uri");
  self->state = param (params, "state");
  self->challenge = param (params, "code_challenge");
  self->scopes = g_strdupv (scopes);
  return self;
}

/* 64 lower-case hexadecimal digits: the desktop form of Login Kit, and no other. */
static gboolean
challenge_is_good (GHashTable *params)
{
  const char *challenge = param (params, "code_challenge");

  return challenge != NULL && strlen (challenge) == 64 &&
         strspn (challenge, "0123456789abcdef") == 64 &&
         g_strcmp0 (param (params, "code_challenge_method"), "S256") == 0;
}

static gboolean
scopes_are_good (LkSimApp  *app,
                 char     **scopes)
{
  if (scopes[0] == NULL)
    return FALSE;
  for (char **scope = scopes; *scope != NULL; scope++)
    {
      if (app->family == LK_SIM_FAMILY_LOGIN && !g_strv_contains (login_scopes, *scope))
        return FALSE;
      if (app->family == LK_SIM_FAMILY_ACCOUNT &&
          (**scope == '\0' || strspn (*scope, "abcdefghijklmnopqrstuvwxyz._") != strlen (*scope)))
        return FALSE;
      if (!lk_sim_app_has_scope (app, *scope))
        return FALSE;
    }
  return TRUE;
}

/**
 * lk_sim_ask_new_v2:
 * @params: the query of /v2/auth/authorize/
 * @problem: (out): the word that TikTok's page prints for the developer
 *
 * Checks the request of a Login Kit or TikTok account app.
 *
 * Returns: (transfer full) (nullable): the request when it is good
 */
LkSimAsk *
lk_sim_ask_new_v2 (LkSimState  *state,
                   GHashTable  *params,
                   const char **problem)
{
  LkSimApp *app = lk_sim_state_find_app (state, param (params, "client_key"));
  const char *scope = param (params, "scope");
  g_auto(GStrv) scopes = g_strsplit (scope != NULL ? scope : "", ",", -1);

  *problem = NULL;
  if (app == NULL || app->family == LK_SIM_FAMILY_ADS || app->family == LK_SIM_FAMILY_SHOP)
    *problem = "client_key";
  else if (!lk_sim_app_takes_redirect (app, param (params, "redirect_uri")))
    *problem = "redirect_uri";
  else if (g_strcmp0 (param (params, "response_type"), "code") != 0)
    *problem = "response_type";
  else if (!scopes_are_good (app, scopes))
    *problem = "scope";
  else if (app->family == LK_SIM_FAMILY_LOGIN && !challenge_is_good (params))
    *problem = "code_challenge";
  return *problem == NULL ? ask_new (app, params, scopes) : NULL;
}

/* The same for the Marketing API's portal, which has neither scopes nor PKCE in its address. */
LkSimAsk *
lk_sim_ask_new_portal (LkSimState  *state,
                       GHashTable  *params,
                       const char **problem)
{
  LkSimApp *app = lk_sim_state_find_app (state, param (params, "app_id"));
  char *none[] = { NULL };

  *problem = NULL;
  if (app == NULL || app->family != LK_SIM_FAMILY_ADS)
    *problem = "app_id";
  else if (!lk_sim_app_takes_redirect (app, param (params, "redirect_uri")))
    *problem = "redirect_uri";
  return *problem == NULL ? ask_new (app, params, app->scopes != NULL ? app->scopes : none) : NULL;
}

static LkSimApp *
find_service (LkSimState *state,
              const char *service)
{
  GHashTableIter iter;
  LkSimApp *app = NULL;

  g_hash_table_iter_init (&iter, state->apps);
  while (service != NULL && g_hash_table_iter_next (&iter, NULL, (gpointer *) &app))
    {
      if (g_strcmp0 (app->service, service) == 0)
        return app;
    }
  return NULL;
}

/* TikTok Shop: a service id, or an app key at the older address. The redirect is the one that is
 * saved with the app, and is no parameter. */
LkSimAsk *
lk_sim_ask_new_shop (LkSimState  *state,
                     GHashTable  *params,
                     const char **problem)
{
  LkSimApp *app = lk_sim_state_find_app (state, param (params, "app_key"));
  LkSimAsk *self = NULL;
  char *none[] = { NULL };

  if (app == NULL)
    app = find_service (state, param (params, "service_id"));
  *problem = NULL;
  if (app == NULL || app->family != LK_SIM_FAMILY_SHOP || app->redirects[0] == NULL)
    {
      *problem = "service_id";
      return NULL;
    }
  self = ask_new (app, params, app->scopes != NULL ? app->scopes : none);
  self->redirect = app->redirects[0];
  return self;
}

void
lk_sim_choice_free (LkSimChoice *self)
{
  g_strfreev (self->scopes);
  g_strfreev (self->advertisers);
  g_free (self);
}

static const LkSimUser *
user_of (const char *number)
{
  const LkSimUser *user = lk_sim_find_user (number != NULL ? (guint) atoi (number) : 1);

  return user != NULL ? user : lk_sim_find_user (1);
}

static char **
all_advertisers (LkSimState      *state,
                 const LkSimUser *user)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  gsize n = 0;
  const LkSimAdvertiser *advertisers = lk_sim_advertisers (&n);

  for (gsize i = 0; i < n; i++)
    {
      if (lk_sim_state_get_role (state, user, advertisers[i].id) != NULL)
        g_strv_builder_add (builder, advertisers[i].id);
    }
  return g_strv_builder_end (builder);
}

/* Those of @all whose names @list, a comma list, has. */
static char **
only_listed (char       **all,
             const char  *list)
{
  g_auto(GStrv) listed = g_strsplit (list, ",", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (char **item = all; *item != NULL; item++)
    {
      if (g_strv_contains ((const char *const *) listed, *item))
        g_strv_builder_add (builder, *item);
    }
  return g_strv_builder_end (builder);
}

/* Those of @all whose box, named @prefix and the word, is ticked. */
static char **
only_ticked (char       **all,
             GHashTable  *form,
             const char  *prefix)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (char **item = all; *item != NULL; item++)
    {
      g_autofree char *name = g_strconcat (prefix, *item, NULL);

      if (g_hash_table_contains (form, name))
        g_strv_builder_add (builder, *item);
    }
  return g_strv_builder_end (builder);
}

/* What the query's auto_consent, user, deny, advertisers and scopes choose without a click. */
LkSimChoice *
lk_sim_choice_auto (LkSimState *state,
                    LkSimAsk   *ask,
                    GHashTable *params)
{
  LkSimChoice *self = g_new0 (LkSimChoice, 1);
  const char *advertisers = param (params, "advertisers");
  const char *scopes = param (params, "scopes");

  self->user = user_of (param (params, "user"));
  self->allow = param (params, "deny") == NULL;
  self->scopes = scopes != NULL ? only_listed (ask->scopes, scopes) : g_strdupv (ask->scopes);
  self->advertisers = all_advertisers (state, self->user);
  if (advertisers != NULL)
    {
      g_auto(GStrv) all = g_steal_pointer (&self->advertisers);

      self->advertisers = only_listed (all, advertisers);
    }
  return self;
}

/* What the consent page's form says. */
LkSimChoice *
lk_sim_choice_form (LkSimState *state,
                    LkSimAsk   *ask,
                    GHashTable *form)
{
  LkSimChoice *self = g_new0 (LkSimChoice, 1);
  g_auto(GStrv) all = NULL;
  g_autofree char *prefix = NULL;

  self->user = user_of (param (form, "user"));
  self->allow = g_strcmp0 (param (form, "decision"), "allow") == 0;
  all = all_advertisers (state, self->user);
  prefix = g_strdup_printf ("advertiser:%u:", self->user->number);
  self->advertisers = only_ticked (all, form, prefix);
  self->scopes = ask->app->family == LK_SIM_FAMILY_ADS || ask->app->family == LK_SIM_FAMILY_SHOP
                   ? g_strdupv (ask->scopes)
                   : only_ticked (ask->scopes, form, "scope:");
  return self;
}

static void
add_param (GString    *address,
           const char *name,
           const char *value)
{
  g_autofree char *escaped = g_uri_escape_string (value, NULL, FALSE);

  g_string_append_printf (address, "%c%s=%s", strchr (address->str, '?') != NULL ? '&' : '?',
                          name, escaped);
}

/**
 * lk_sim_ask_finish:
 *
 * Issues the code, or tells of the refusal.
 *
 * Returns: (transfer full): where the browser goes
 */
char *
lk_sim_ask_finish (LkSimAsk    *self,
                   LkSimState  *state,
                   LkSimChoice *choice)
{
  g_autoptr(GString) address = g_string_new (self->redirect);
  const char *code = NULL;
  g_autofree char *scopes = g_strjoinv (",", choice->scopes);

  if (!choice->allow)
    {
      add_param (address, "error", "access_denied");
      add_param (address, "error_description", "The user denied the authorization request.");
    }
  else
    {
      code = lk_sim_state_issue_code (state, self->app, choice->user,
                                      (const char *const *) choice->scopes,
                                      (const char *const *) choice->advertisers,
                                      self->redirect, self->challenge);
      if (self->app->family == LK_SIM_FAMILY_ADS)
        add_param (address, "auth_code", code);
      add_param (address, "code", code);
      if (self->app->family == LK_SIM_FAMILY_SHOP)
        {
          add_param (address, "app_key", self->app->id);
          add_param (address, "locale", "en-GB");
          add_param (address, "shop_region", "GB");
        }
      else if (self->app->family != LK_SIM_FAMILY_ADS)
        {
          add_param (address, "scopes", scopes);
        }
    }
  if (self->state != NULL)
    add_param (address, "state", self->state);
  return g_strdup (address->str);
}
