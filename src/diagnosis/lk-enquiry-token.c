/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Token and scopes. */

#include "lk-enquiry-private.h"

#include <string.h>

static void
suspect_dead (const LkCase *self, GPtrArray *out, double confidence)
{
  LkSuspicion *found = lk_suspect (self, out, "token-dead", confidence);

  if (lk_case_is_alive (self) == LK_TRI_NO)
    lk_suspicion_set (found, "proven", "yes");
}

/* The call was refused for its token, and the token works: the way it was sent, or it is over. */
static void
suspect_sent_wrong (const LkCase *self, GPtrArray *out)
{
  lk_suspect (self, out, "request-wrong", 0.7);
  lk_suspect (self, out, "app-other", 0.25);
}

/* Somebody signed in after the refusal, and what came of that is accepted. */
static gboolean
suspect_healed (const LkCase *self, GPtrArray *out)
{
  LkSuspicion *found;

  if (self->facts->signed_in <= self->fault->at || self->fault->at == 0)
    return FALSE;
  found = lk_suspect (self, out, "success", 0.9);
  lk_suspicion_set (found, "healed", "yes");

  return TRUE;
}

static void
suspect_refused_token (const LkCase *self, GPtrArray *out)
{
  /* Of a text nobody knows whether there is a refresh token; the family says what is usual. */
  gboolean renewable = (self->facts->can_renew && !self->facts->renewed)
                       || (self->facts->connection == NULL && self->action == LK_AUTO_REFRESH);
  LkTri alive = lk_case_is_alive (self);

  if (self->fault->klass == LK_CLASS_TOKEN_EXPIRED && renewable)
    lk_suspect (self, out, "token-expired", 0.9);
  else if (alive == LK_TRI_YES && suspect_healed (self, out))
    return;
  else if (alive == LK_TRI_YES)
    suspect_sent_wrong (self, out);
  else
    suspect_dead (self, out, alive == LK_TRI_NO ? 0.97 : self->facts->renewed ? 0.9 : 0.8);
}

void
lk_suspect_token (const LkCase *self, GPtrArray *out)
{
  LkClass klass = self->fault->klass;

  if (klass == LK_CLASS_TOKEN_REVOKED || klass == LK_CLASS_TOKEN_EXPIRED)
    suspect_refused_token (self, out);
  else if (klass == LK_CLASS_REFRESH_DEAD)
    lk_suspect (self, out, "refresh-dead", 0.95);
  else if (klass == LK_CLASS_CODE_DEAD)
    lk_suspect (self, out, "code-dead", 0.93);
  else if (klass == LK_CLASS_DENIED)
    lk_suspect (self, out, "refused-by-person", 0.95);
  else if (klass != LK_CLASS_RATE && klass != LK_CLASS_QUOTA
           && lk_case_is_alive (self) == LK_TRI_NO)
    suspect_dead (self, out, 0.95);
}

/* Whether the person was asked for it and left it out. */
static gboolean
is_unticked (const LkCase *self, const char *scope)
{
  return scope != NULL && self->facts->scopes_asked != NULL
         && lk_scopes_is_granted (lk_diagnosis_get_scopes (self->diagnosis), self->family,
                                  (const char * const *) self->facts->scopes_asked, scope);
}

/* With some families the sign-in asks for scopes; with others the app's settings decide. */
static gboolean
is_asked_at_sign_in (const LkCase *self)
{
  return g_strcmp0 (self->family, "tiktok-login") == 0
         || g_strcmp0 (self->family, "tiktok-account") == 0;
}

static void
suspect_missing (const LkCase *self, GPtrArray *out, const char *scope, double confidence)
{
  LkSuspicion *found = lk_suspect (self, out, "scope-missing", confidence);

  if (is_unticked (self, scope))
    lk_suspicion_set (found, "unticked", "yes");
  else if (is_asked_at_sign_in (self))
    lk_suspicion_set (found, "unasked", "yes");
  if (is_unticked (self, scope) || is_asked_at_sign_in (self))
    found->turn = LK_TURN_YOU;
}

/* The code says that the app itself was never given it. */
static gboolean
is_of_the_app (const LkCase *self)
{
  static const char *const codes[] = { "40125", "invalid_scope", "page-scope", NULL };

  return self->fault->code != NULL && g_strv_contains (codes, self->fault->code);
}

void
lk_suspect_scope (const LkCase *self, GPtrArray *out)
{
  g_autofree char *scope = NULL;
  LkTri has;

  if (self->fault->klass != LK_CLASS_SCOPE)
    return;
  has = lk_case_has_scope (self, &scope);
  if (is_of_the_app (self))
    lk_suspect (self, out, "app-lacks-permission", has == LK_TRI_NO ? 0.93 : 0.85);
  else if (has == LK_TRI_YES)
    suspect_missing (self, out, scope, 0.45);
  else
    suspect_missing (self, out, scope, has == LK_TRI_NO ? 0.96 : 0.85);
}
