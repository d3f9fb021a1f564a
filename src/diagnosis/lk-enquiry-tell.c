/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each probe's answer in words. */

#include "config.h"

#include "lk-enquiry-private.h"

#include <glib/gi18n-lib.h>

static void G_GNUC_PRINTF (2, 3)
say (GStrvBuilder *builder, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_strv_builder_add (builder, text);
}

static const char *
first_of (const LkProbeAnswer *answer, guint row, const char *column, const char *other)
{
  const char *value = lk_probe_answer_get (answer, row, column);

  if (value == NULL || *value == '\0')
    value = other != NULL ? lk_probe_answer_get (answer, row, other) : NULL;

  return value != NULL && *value != '\0' ? value : "?";
}

static void
tell_identity (const LkCase *self, const LkProbeAnswer *answer, GStrvBuilder *out)
{
  if (answer->rows->len == 0)
    say (out, _("TikTok accepts the token, so the sign-in is alive."));
  else if (lk_case_same_login (self) == LK_TRI_NO && self->facts->identity_name != NULL)
    /* Translators: two names of logins. */
    say (out, _("TikTok answers “%s” for this token; it was “%s” when it was connected."),
         first_of (answer, 0, "name", "email"), self->facts->identity_name);
  else
    /* Translators: %s is the name of a login. */
    say (out, _("TikTok answers “%s” for this token, so the sign-in is alive."),
         first_of (answer, 0, "name", "email"));
}

static void
tell_reach (const LkCase *self, const LkProbeAnswer *answer, GStrvBuilder *out)
{
  guint count = answer->rows->len;
  int row = lk_probe_answer_find_row (answer, "id", self->account);

  if (count == 0)
    say (out, _("TikTok lists no account for this sign-in."));
  else
    say (out, g_dngettext (GETTEXT_PACKAGE,
                           "TikTok lists %u account for this sign-in, so it is alive.",
                           "TikTok lists %u accounts for this sign-in, so it is alive.", count),
         count);
  if (self->account == NULL)
    return;
  if (row >= 0)
    /* Translators: %s is the name of an ad account. */
    say (out, _("“%s” is among them."), first_of (answer, (guint) row, "name", "id"));
  else if (count > 0)
    /* Translators: %s is the id of an ad account. */
    say (out, _("The account %s is not among them."), self->account);
}

static void
tell_account (const LkCase *self, const LkProbeAnswer *answer, GStrvBuilder *out)
{
  const char *name = first_of (answer, 0, "name", "id");
  const char *status = lk_probe_answer_get (answer, 0, "status");

  if (answer->rows->len == 0)
    /* Translators: %s is the id of an ad account. */
    say (out, _("TikTok tells nothing about the account %s."), answer->account);
  else if (g_strcmp0 (status, "STATUS_ENABLE") == 0)
    /* Translators: %s is the name of an ad account. */
    say (out, _("The account “%s” is open."), name);
  else if (status != NULL)
    /* Translators: name of an ad account; TikTok's word for its state. */
    say (out, _("The state of the account “%s” is %s."), name, status);
}

static void
tell_centers (const LkCase *self, const LkProbeAnswer *answer, GStrvBuilder *out)
{
  if (answer->rows->len == 0)
    say (out, _("The login belongs to no Business Center."));
  for (guint i = 0; i < MIN (answer->rows->len, LK_MAX_CENTERS); i++)
    {
      g_autofree char *role = lk_words_dup_role (lk_probe_answer_get (answer, i, "role"));

      if (role != NULL)
        /* Translators: name of a Business Center; a role such as Standard. */
        say (out, _("In the Business Center “%s”, the login’s role is %s."),
             first_of (answer, i, "name", "id"), role);
      else
        /* Translators: name of a Business Center. */
        say (out, _("The login belongs to the Business Center “%s”."),
             first_of (answer, i, "name", "id"));
    }
}

static const char *
name_of_center (const LkCase *self, const char *center)
{
  const char *name = lk_case_get_center_column (self, center, "name");

  return name != NULL && *name != '\0' ? name : center != NULL ? center : "?";
}

static void
tell_assets (const LkCase *self, const LkProbeAnswer *answer, GStrvBuilder *out)
{
  const char *center = name_of_center (self, answer->center);
  const char *account = answer->account != NULL ? answer->account : self->account;
  int row = lk_probe_answer_find_row (answer, "id", account);
  g_autofree char *role = NULL;
  const char *name;

  if (account == NULL)
    {
      say (out, g_dngettext (GETTEXT_PACKAGE, "“%s” holds %u account.", "“%s” holds %u accounts.",
                             answer->rows->len), center, answer->rows->len);
      return;
    }
  if (row < 0)
    {
      LkSeat seat;

      /* Where it is known to be is said already. */
      if (lk_case_get_seat (self, &seat))
        return;
      /* Translators: name of a Business Center; id of an ad account. */
      say (out, _("“%s” does not show the account %s to this login."), center, account);
      return;
    }
  name = first_of (answer, (guint) row, "name", "id");
  role = lk_words_dup_role (lk_probe_answer_get (answer, (guint) row, "role"));
  if (g_strcmp0 (lk_probe_answer_get (answer, (guint) row, "state"), "PENDING") == 0)
    /* Translators: name of a Business Center; name of an ad account. */
    say (out, _("In “%s”, access to “%s” waits for its owner."), center, name);
  else if (role != NULL && *role != '\0')
    /* Translators: name of a Business Center, name of an ad account, a role such as Analyst. */
    say (out, _("In “%s”, the login’s role on “%s” is %s."), center, name, role);
  else
    /* Translators: name of a Business Center; name of an ad account. */
    say (out, _("“%s” holds “%s”, but the login has no role on it."), center, name);
}

static void
tell_people (const LkCase *self, const LkProbeAnswer *answer, GStrvBuilder *out)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < answer->rows->len; i++)
    if (g_strcmp0 (lk_probe_answer_get (answer, i, "role"), "ADMIN") == 0)
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "",
                              first_of (answer, i, "name", "email"));
  if (names->len > 0)
    /* Translators: name of a Business Center or account; names of people. */
    say (out, _("Admins of “%s”: %s."),
         answer->account != NULL ? answer->account : name_of_center (self, answer->center),
         names->str);
}

static void
tell_granted (const LkCase *self, const LkProbeAnswer *answer, GStrvBuilder *out)
{
  g_autofree char *scope = NULL;
  LkTri has = lk_case_has_scope (self, &scope);
  g_autofree char *name = NULL;

  say (out, g_dngettext (GETTEXT_PACKAGE, "The token carries %u scope.",
                         "The token carries %u scopes.", answer->rows->len), answer->rows->len);
  if (scope == NULL || has == LK_TRI_UNKNOWN)
    return;
  name = lk_scopes_dup_name (lk_diagnosis_get_scopes (self->diagnosis), self->family, scope);
  if (has == LK_TRI_YES)
    /* Translators: %s is the name of a scope. */
    say (out, _("“%s” is among them."), name);
  else
    /* Translators: %s is the name of a scope. */
    say (out, _("“%s” is not among them."), name);
}

static void
tell_status (const LkCase *self, const LkProbeAnswer *answer, GStrvBuilder *out)
{
  int row = lk_case_find_incident (self);

  if (row < 0)
    say (out, _("TikTok’s status page reports no open incident."));
  else
    /* Translators: %s is the title of an incident. */
    say (out, _("TikTok’s status page reports: “%s”."),
         first_of (answer, (guint) row, "title", NULL));
}

static void
tell_media (const LkProbeAnswer *answer, GStrvBuilder *out)
{
  const char *state = lk_probe_answer_get (answer, 0, "state");

  if (state != NULL)
    /* Translators: TikTok's word for the state of a video. */
    say (out, _("The state of the video is %s."), state);
}

static const struct
{
  const char *probe;
  void (*tell) (const LkCase *self, const LkProbeAnswer *answer, GStrvBuilder *out);
} tellers[] = {
  { "identity", tell_identity },     { "reach", tell_reach },
  { "account", tell_account },       { "centers", tell_centers },
  { "center-assets", tell_assets },  { "center-members", tell_people },
  { "asset-members", tell_people },  { "granted", tell_granted },
  { "status", tell_status },
};

static void
tell_answer (const LkCase *self, const LkProbeAnswer *answer, GStrvBuilder *out)
{
  for (guint i = 0; i < G_N_ELEMENTS (tellers); i++)
    if (g_str_equal (tellers[i].probe, answer->probe))
      tellers[i].tell (self, answer, out);
  if (g_str_equal (answer->probe, "video"))
    tell_media (answer, out);
  else if (g_str_equal (answer->probe, "secret"))
    say (out, _("TikTok accepts the app’s id and secret."));
  else if (g_str_equal (answer->probe, "call"))
    say (out, _("The refused call was sent again, and it was accepted."));
}

/* What the probe was about, for one that was refused. */
static const char *
topic_of (const char *probe)
{
  static const char *const topics[][2] = {
    { "identity", N_("Asking whose token it is") },
    { "reach", N_("Asking for the accounts of the sign-in") },
    { "account", N_("Asking for the state of the account") },
    { "centers", N_("Asking for the login’s Business Centers") },
    { "center-assets", N_("Asking a Business Center for the role on the account") },
    { "center-members", N_("Asking a Business Center for its admins") },
    { "asset-members", N_("Asking for the people of the account") },
    { "partners", N_("Asking a Business Center for its partners") },
    { "granted", N_("Asking for the scopes of the token") },
    { "secret", N_("Trying the app’s id and secret") },
    { "video", N_("Asking for the state of the video") },
    { "status", N_("Reading TikTok’s status page") },
    { "call", N_("Sending the refused call again") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    if (g_str_equal (topics[i][0], probe))
      return g_dgettext (GETTEXT_PACKAGE, topics[i][1]);

  return probe;
}

static void
tell_refusal (const LkCase *self, const LkProbeAnswer *answer, GStrvBuilder *evidence,
              GStrvBuilder *assumptions)
{
  g_autofree char *headline = lk_diagnosis_dup_headline (self->diagnosis, answer->fault);

  if (lk_fault_is_no_reply (answer->fault))
    /* Translators: what was asked; why no answer came. */
    say (assumptions, _("%s: no answer (%s)."), topic_of (answer->probe), headline);
  else if (answer->fault->code != NULL)
    /* Translators: what was asked; why it was refused; error code. */
    say (evidence, _("%s was refused: %s (%s)."), topic_of (answer->probe), headline,
         answer->fault->code);
  else
    /* Translators: what was asked; why it was refused. */
    say (evidence, _("%s was refused: %s."), topic_of (answer->probe), headline);
}

static void
tell_clock (const LkCase *self, GStrvBuilder *evidence)
{
  gint64 skew = lk_case_get_skew (self);
  g_autofree char *span = lk_words_dup_span (ABS (skew));

  if (skew > 0)
    /* Translators: %s is a span of time, such as "5 minutes". */
    say (evidence, _("This computer’s clock is %s behind TikTok’s."), span);
  else if (skew < 0)
    /* Translators: %s is a span of time, such as "5 minutes". */
    say (evidence, _("This computer’s clock is %s ahead of TikTok’s."), span);
}

/* What was kept of the last sign-in, where no probe told it anew. */
static void
tell_kept (const LkCase *self, GStrvBuilder *evidence, GStrvBuilder *assumptions)
{
  g_autofree char *scope = NULL;
  LkTri has = lk_case_has_scope (self, &scope);
  g_autofree char *name = NULL;

  if (self->facts->offline)
    say (assumptions, _("This computer is offline, so nothing could be asked."));
  if (lk_case_is_about_access (self) && lk_case_find (self, "centers") == NULL
      && !lk_case_may_ask (self, "centers"))
    say (evidence,
         _("The token has no scope to look into Business Center, so roles can’t be seen."));
  if (self->fault->klass != LK_CLASS_SCOPE || lk_case_answered (self, "granted") != NULL
      || scope == NULL || has == LK_TRI_UNKNOWN)
    return;
  name = lk_scopes_dup_name (lk_diagnosis_get_scopes (self->diagnosis), self->family, scope);
  if (has == LK_TRI_NO)
    /* Translators: name of a scope; path of a call. */
    say (evidence, _("“%s”, which %s needs, is not among the scopes that the sign-in brought."),
         name, self->path);
  else
    /* Translators: name of a scope; path of a call. */
    say (assumptions, _("“%s”, which %s needs, is among the scopes that the sign-in brought; "
                        "TikTok’s message says otherwise."), name, self->path);
}

void
lk_enquiry_tell (const LkCase *self, GStrvBuilder *evidence, GStrvBuilder *assumptions)
{
  for (guint i = 0; i < self->facts->answers->len; i++)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (self->facts->answers, i);

      if (answer->fault == NULL)
        tell_answer (self, answer, evidence);
      else
        tell_refusal (self, answer, evidence, assumptions);
    }
  tell_clock (self, evidence);
  tell_kept (self, evidence, assumptions);
}
