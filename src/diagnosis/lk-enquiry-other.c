/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is neither token nor permission: limits, trouble, clock, files, this computer. */

#include "lk-enquiry-private.h"

#include "lk-profile-calls.h"

static LkProfile *
find_profile (const LkCase *self)
{
  const char *ids[] = { self->facts->provider, self->fault->provider, self->fault->family };
  LkProfile *profile = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ids) && profile == NULL; i++)
    profile = lk_diagnosis_find_profile (self->diagnosis, ids[i]);

  return profile;
}

/* What was exceeded: as it was met, or as the message of a text tells. */
static void
find_wait (const LkCase *self, LkRateWait *wait)
{
  LkProfile *profile = find_profile (self);

  *wait = (LkRateWait) { 0 };
  if (self->fault->limit == NULL && profile != NULL)
    lk_profile_get_rate_wait (profile, self->fault, NULL, self->fault->at, wait);
  else
    *wait = (LkRateWait) { .limit = self->fault->limit, .slowed = self->fault->slowed };
}

/* The documented number of calls in the window that was exceeded, where there is one. */
static guint
find_limit (const LkCase *self, const char *word)
{
  static const struct
  {
    const char *limit;
    guint       seconds;
  } windows[] = { { "second", 1 }, { "minute", 60 }, { "day", 0 } };
  LkProfile *profile = find_profile (self);
  GPtrArray *limits = profile != NULL ? lk_profile_get_rate_limits (profile) : NULL;
  guint calls = 0;

  for (guint i = 0; limits != NULL && i < limits->len; i++)
    {
      const LkRateLimit *limit = g_ptr_array_index (limits, i);
      gboolean own = limit->path != NULL && self->fault->endpoint != NULL
                     && g_str_has_suffix (self->fault->endpoint, limit->path);

      for (guint j = 0; j < G_N_ELEMENTS (windows); j++)
        if (g_strcmp0 (word, windows[j].limit) == 0 && limit->seconds == windows[j].seconds
            && (own || (limit->path == NULL && calls == 0)))
          calls = limit->calls;
    }

  return calls;
}

static void
suspect_rate (const LkCase *self, GPtrArray *out)
{
  static const char *const causes[][2] = {
    { "second", "rate-second" }, { "minute", "rate-minute" }, { "day", "rate-day" },
  };
  const char *cause = self->fault->klass == LK_CLASS_QUOTA ? "rate-day" : "rate-unknown";
  LkSuspicion *found;
  LkRateWait wait;
  guint calls;

  find_wait (self, &wait);
  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    if (g_strcmp0 (wait.limit, causes[i][0]) == 0)
      cause = causes[i][1];
  /* Where no wait is told, waiting is not what helps: too many ads, too many drafts. */
  if (self->fault->klass == LK_CLASS_QUOTA && self->action == LK_AUTO_NONE)
    cause = "policy";
  found = lk_suspect (self, out, cause, 0.97);
  lk_suspicion_set (found, "slowed", wait.slowed);
  calls = find_limit (self, wait.limit);
  if (calls > 0)
    {
      g_autofree char *number = g_strdup_printf ("%u", calls);

      lk_suspicion_set (found, "calls", number);
    }
}

static void
suspect_trouble (const LkCase *self, GPtrArray *out)
{
  const LkProbeAnswer *status = lk_case_answered (self, "status");
  int row = lk_case_find_incident (self);
  LkSuspicion *found;

  if (row >= 0)
    {
      found = lk_suspect (self, out, "incident",
                          self->fault->klass == LK_CLASS_MAINTENANCE ? 0.85 : 0.92);
      lk_suspicion_set (found, "incident", lk_probe_answer_get (status, (guint) row, "title"));
      lk_suspicion_set (found, "incident-link", lk_probe_answer_get (status, (guint) row, "link"));
    }
  if (self->fault->klass == LK_CLASS_MAINTENANCE)
    lk_suspect (self, out, "maintenance", 0.95);
  else
    {
      found = lk_suspect (self, out, "trouble", status != NULL ? 0.85 : 0.75);
      if (status != NULL && row < 0)
        lk_suspicion_set (found, "no-incident", "yes");
    }
}

/* Latchkey's own faults: keyring, network. */
static gboolean
suspect_local (const LkCase *self, GPtrArray *out)
{
  static const struct
  {
    const char *code;
    const char *cause;
  } codes[] = {
    { "keyring-locked", "keyring" },   { "keyring-absent", "keyring" },
    { "keyring-broken", "keyring" },   { "token-missing", "keyring" },
    { "offline", "offline" },          { "timed-out", "offline" },
    { "reply-lost", "offline" },       { "tls", "offline" },
    { "not-json", "offline" },         { "identity-changed", "login-wrong" },
    { "insecure", "request-wrong" },   { "reply-too-large", "request-wrong" },
    { "page-other", "app-unapproved" }, { "client-missing", "app-other" },
  };

  if (g_strcmp0 (self->fault->provider, LK_FAULT_LOCAL) != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_strcmp0 (self->fault->code, codes[i].code) == 0)
      {
        lk_suspect (self, out, codes[i].cause, 0.95);
        return TRUE;
      }

  return FALSE;
}

/* A page instead of a reply, with a status that only a server in trouble, or one that is asked too
 * often, gives: gateways answer so. Other pages come from in between. */
static gboolean
is_page_of_gateway (const LkCase *self)
{
  return lk_fault_is_local (self->fault, "not-json")
         && (self->fault->http_status == 429 || self->fault->http_status >= 500);
}

static void
suspect_fine (const LkCase *self, GPtrArray *out)
{
  const LkProbeAnswer *identity = lk_case_answered (self, "identity");
  const LkProbeAnswer *reach = lk_case_answered (self, "reach");
  LkSuspicion *found;

  if (self->facts->fault == NULL && lk_case_is_alive (self) == LK_TRI_NO)
    return;
  if (self->facts->fault == NULL && lk_case_same_login (self) == LK_TRI_NO)
    {
      found = lk_suspect (self, out, "login-wrong", 0.92);
      lk_suspicion_set (found, "other-login", lk_probe_answer_get (identity, 0, "name"));
      return;
    }
  if (self->facts->fault == NULL && reach != NULL && reach->rows->len == 0)
    {
      lk_suspect (self, out, "no-accounts", 0.85);
      return;
    }
  found = lk_suspect (self, out, "success", self->facts->fault != NULL ? 0.95
                                            : identity != NULL         ? 0.93
                                                                       : 0.4);
  if (lk_case_is_alive (self) == LK_TRI_YES)
    lk_suspicion_set (found, "checked", "yes");
}

static void
suspect_by_class (const LkCase *self, GPtrArray *out)
{
  switch (self->fault->klass)
    {
    case LK_CLASS_OK:
      suspect_fine (self, out);
      break;
    case LK_CLASS_RATE:
    case LK_CLASS_QUOTA:
      suspect_rate (self, out);
      break;
    case LK_CLASS_TRANSIENT:
    case LK_CLASS_MAINTENANCE:
      suspect_trouble (self, out);
      break;
    case LK_CLASS_CLOCK_SKEW:
      lk_suspect (self, out, "clock-wrong", lk_case_get_skew (self) != 0 ? 0.97 : 0.8);
      break;
    case LK_CLASS_MEDIA_PROCESSING:
      lk_suspect (self, out, "media-processing", 0.93);
      break;
    case LK_CLASS_MEDIA_INVALID:
      lk_suspect (self, out, "media-invalid", 0.93);
      break;
    case LK_CLASS_BAD_REQUEST:
      lk_suspect (self, out, "request-wrong", 0.9);
      break;
    case LK_CLASS_POLICY:
    case LK_CLASS_USER_ACTION:
      lk_suspect (self, out, "policy", 0.85);
      break;
    case LK_CLASS_SANDBOX:
      lk_suspect (self, out, "sandbox", 0.93);
      break;
    /* The other rules speak of these. */
    case LK_CLASS_UNKNOWN:
    case LK_CLASS_TOKEN_EXPIRED:
    case LK_CLASS_TOKEN_REVOKED:
    case LK_CLASS_REFRESH_DEAD:
    case LK_CLASS_CODE_DEAD:
    case LK_CLASS_SCOPE:
    case LK_CLASS_PERMISSION:
    case LK_CLASS_ACCOUNT_STATUS:
    case LK_CLASS_APP_CONFIG:
    case LK_CLASS_REDIRECT_MISMATCH:
    case LK_CLASS_DENIED:
    default:
      break;
    }
}

/* The refused call was sent again, and accepted. */
gboolean
lk_suspect_again (const LkCase *self, GPtrArray *out)
{
  const LkProbeAnswer *call = lk_case_answered (self, "call");
  LkSuspicion *found;

  if (call == NULL || call->at < self->fault->at)
    return FALSE;
  found = lk_suspect (self, out, "success", 0.98);
  lk_suspicion_set (found, "again", "yes");

  return TRUE;
}

void
lk_suspect_other (const LkCase *self, GPtrArray *out)
{
  gint64 skew = lk_case_get_skew (self);

  if (is_page_of_gateway (self))
    {
      suspect_by_class (self, out);
      lk_suspect (self, out, "offline", 0.3);
    }
  else if (!suspect_local (self, out))
    suspect_by_class (self, out);
  if (self->facts->offline)
    lk_suspect (self, out, "offline", self->facts->fault == NULL
                                        || self->fault->klass == LK_CLASS_TRANSIENT ? 0.96 : 0.2);
  if (skew != 0 && self->fault->klass != LK_CLASS_CLOCK_SKEW)
    lk_suspect (self, out, "clock-wrong", 0.3);
  if (self->fault->klass == LK_CLASS_UNKNOWN)
    lk_suspect (self, out, "unknown", 0.2);
}
