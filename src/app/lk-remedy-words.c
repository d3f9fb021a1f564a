/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-remedy-words.h"

#include <glib/gi18n.h>

#include "lk-call-request.h"
#include "lk-texts.h"

/* Further apart than this, the time of the next check says more than how often. */
#define OFTEN_SECONDS 90

LkStepMark
lk_remedy_words_get_mark (const char *state, gboolean current)
{
  if (g_strcmp0 (state, "done") == 0)
    return LK_STEP_MARK_DONE;
  if (g_strcmp0 (state, "told") == 0)
    return LK_STEP_MARK_TOLD;
  return current ? LK_STEP_MARK_NOW : LK_STEP_MARK_LATER;
}

const char *
lk_remedy_words_get_icon (LkStepMark mark)
{
  static const char * const icons[] = {
    [LK_STEP_MARK_LATER] = "latchkey-step-later-symbolic",
    [LK_STEP_MARK_NOW] = "latchkey-step-now-symbolic",
    [LK_STEP_MARK_DONE] = "emblem-ok-symbolic",
    [LK_STEP_MARK_TOLD] = "latchkey-step-told-symbolic",
  };

  return icons[mark];
}

const char *
lk_remedy_words_get_mark_text (LkStepMark mark)
{
  switch (mark)
    {
    case LK_STEP_MARK_NOW:
      return _("now");
    case LK_STEP_MARK_DONE:
      return _("checked");
    case LK_STEP_MARK_TOLD:
      return _("you said so; not checked");
    case LK_STEP_MARK_LATER:
    default:
      return _("later");
    }
}

char *
lk_remedy_words_dup_step (guint number, const char *title, LkStepMark mark)
{
  /* Translators: number and title of a step, and how it stands, such as "now". */
  return g_strdup_printf (_("%u. %s, %s"), number, title, lk_remedy_words_get_mark_text (mark));
}

char *
lk_remedy_words_dup_clock (gint64 at)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (at);

  return time != NULL ? g_date_time_format (time, "%H:%M:%S") : g_strdup ("");
}

char *
lk_remedy_words_dup_countdown (gint64 seconds)
{
  gint64 left = MAX (seconds, 0);

  if (left >= 3600)
    return g_strdup_printf ("%d:%02d:%02d", (int) (left / 3600), (int) (left / 60 % 60),
                            (int) (left % 60));
  return g_strdup_printf ("%d:%02d", (int) (left / 60), (int) (left % 60));
}

static char *
dup_last_check (const LkStepWatch *watch, const char *verdict)
{
  g_autofree char *clock = lk_remedy_words_dup_clock (watch->checked);

  if (verdict == NULL || *verdict == '\0')
    /* Translators: %s is a time of day. */
    return g_strdup_printf (_("Checked at %s."), clock);
  /* Translators: what a check found, and the time of day. */
  return g_strdup_printf (_("%s (%s)"), verdict, clock);
}

static char *
dup_next_check (const LkStepWatch *watch, const char *last)
{
  gint64 every = watch->checked > 0 ? watch->next - watch->checked : watch->next - watch->now;
  g_autofree char *clock = NULL;

  if (every > 0 && every <= OFTEN_SECONDS)
    /* Translators: %d seconds; then what the last check found. */
    return g_strdup_printf (_("Latchkey checks every %d s: %s"), (int) every, last);
  clock = lk_remedy_words_dup_clock (watch->next);
  /* Translators: a time of day, then what the last check found. */
  return g_strdup_printf (_("Latchkey checks again at %s: %s"), clock, last);
}

char *
lk_remedy_words_dup_checking (const LkStepWatch *watch, LkCheck check, const char *verdict)
{
  g_autofree char *last = NULL;

  if (check == LK_CHECK_NONE)
    return g_strdup (_("We can’t check this from here."));
  if (watch->busy)
    return g_strdup (_("Checking now…"));
  if (watch->checked == 0)
    return g_strdup (watch->next > 0 ? _("Latchkey checks this by itself.")
                                     : _("Not checked yet."));
  last = dup_last_check (watch, verdict);
  if (watch->next > 0)
    return dup_next_check (watch, last);
  return g_steal_pointer (&last);
}

/* What a probe asks, after "Latchkey asked". */
static const char *
asked (const char *probe)
{
  static const struct { const char *probe, *words; } rows[] = {
    { "identity", N_("whose sign-in this is") },
    { "reach", N_("which accounts the token reaches") },
    { "account", N_("how the ad account stands") },
    { "centers", N_("for the Business Centers of the sign-in") },
    { "center-assets", N_("for the accounts and roles in the Business Center") },
    { "center-members", N_("for the members of the Business Center") },
    { "asset-members", N_("for the people of the ad account") },
    { "partners", N_("for the partners of the Business Center") },
    { "granted", N_("for the scopes of the token") },
    { "secret", N_("whether ID and secret of the app fit") },
    { "video", N_("for the state of the video") },
    { "status", N_("the provider’s status page") },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_strcmp0 (rows[i].probe, probe) == 0)
      return _(rows[i].words);
  return NULL;
}

char *
lk_remedy_words_dup_probe (const char *probe)
{
  const char *words = g_strcmp0 (probe, "call") == 0 ? _("the refused call, once more")
                                                     : asked (probe);

  if (words == NULL)
    return g_strdup (probe);
  /* Translators: %s is what was asked, such as "whose sign-in this is". */
  return g_strdup_printf (_("Asked %s"), words);
}

static char *
dup_asked (GPtrArray *questions)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new ();

  for (guint i = 0; questions != NULL && i < questions->len; i++)
    {
      const LkQuestion *question = g_ptr_array_index (questions, i);
      const char *words = asked (question->probe);

      if (words != NULL && !g_ptr_array_find (parts, words, NULL))
        g_ptr_array_add (parts, (char *) words);
    }
  if (parts->len == 0)
    return NULL;
  g_ptr_array_add (parts, NULL);
  /* Translators: between things that were asked. */
  return g_strjoinv (_(", and "), (char **) parts->pdata);
}

static char *
dup_means (LkCheck check, GPtrArray *questions)
{
  g_autofree char *words = NULL;

  switch (check)
    {
    case LK_CHECK_CALL:
      return g_strdup (_("The call that was refused was sent again and succeeded."));
    case LK_CHECK_SIGN_IN:
      return g_strdup (_("There was a new sign-in, and the provider accepted its token."));
    case LK_CHECK_SECRET:
      return g_strdup (_("The provider accepted the new secret."));
    case LK_CHECK_TIME:
      return g_strdup (_("The time is over."));
    case LK_CHECK_PROBES:
    case LK_CHECK_NONE:
    default:
      words = dup_asked (questions);
      /* Translators: such as "Latchkey asked for the people of the ad account." */
      return words != NULL ? g_strdup_printf (_("Latchkey asked %s."), words) : g_strdup ("");
    }
}

char *
lk_remedy_words_dup_proof (LkCheck check, gint64 at, GPtrArray *questions)
{
  g_autofree char *clock = lk_remedy_words_dup_clock (at);
  g_autofree char *means = dup_means (check, questions);

  /* Translators: a time of day, then a sentence about what was asked. */
  return g_strstrip (g_strdup_printf (_("Checked at %s. %s"), clock, means));
}

char *
lk_remedy_words_dup_call (GVariant *call)
{
  const char *method = NULL, *target = NULL;
  g_autofree char *path = NULL;

  if (call == NULL || !g_variant_lookup (call, "method", "&s", &method)
      || !g_variant_lookup (call, "target", "&s", &target))
    return NULL;
  /* A query may hold what nobody wants on a screen. */
  path = g_strndup (target, strcspn (target, "?#"));
  return g_strdup_printf ("%s %s", method, path);
}

char *
lk_remedy_words_dup_answer (const LkFacts *facts)
{
  const LkProbeAnswer *answer = NULL;

  for (guint i = facts->answers->len; i > 0 && answer == NULL; i--)
    {
      const LkProbeAnswer *one = g_ptr_array_index (facts->answers, i - 1);

      if (g_strcmp0 (one->probe, "call") == 0)
        answer = one;
    }
  if (answer == NULL)
    return NULL;
  if (answer->fault == NULL)
    /* Translators: an HTTP status. */
    return g_strdup_printf (_("It succeeded (HTTP %d)."), answer->http_status);
  if (answer->fault->message != NULL)
    /* Translators: the provider's own message. */
    return g_strdup_printf (_("It was refused: “%s”"), answer->fault->message);
  if (answer->http_status > 0)
    /* Translators: an HTTP status. */
    return g_strdup_printf (_("It was refused (HTTP %d)."), answer->http_status);
  return g_strdup (_("No answer came."));
}

static const char *
get_value (const LkRemedy *remedy, const char *name, const char *fallback)
{
  const char *value = remedy->values != NULL ? g_hash_table_lookup (remedy->values, name) : NULL;

  if (value != NULL && *value != '\0')
    return value;
  value = fallback != NULL && remedy->values != NULL
            ? g_hash_table_lookup (remedy->values, fallback) : NULL;
  return value != NULL && *value != '\0' ? value : NULL;
}

/* "Operator or Admin" for "OPERATOR ADMIN". */
static char *
dup_roles (const char *roles)
{
  g_auto(GStrv) words = roles != NULL ? g_strsplit (roles, " ", -1) : NULL;

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      g_autofree char *word = words[i];

      words[i] = lk_words_dup_role (word);
    }
  /* Translators: between two roles of which one is needed. */
  return words != NULL ? g_strjoinv (_(" or "), words) : NULL;
}

/* NULL when the values are not known. */
static char *
dup_wrong_with_values (const LkRemedy *remedy, const char *scope)
{
  const char *account = get_value (remedy, "account-name", "account");
  g_autofree char *role = dup_roles (get_value (remedy, "role", NULL));
  g_autofree char *needed = dup_roles (get_value (remedy, "needed-role", NULL));

  if (g_strcmp0 (remedy->cause, "role-too-low") == 0 && account != NULL && role != NULL
      && needed != NULL)
    /* Translators: an account, the role that was, the role that is needed. */
    return g_strdup_printf (_("The role on “%s” was %s; the call needs %s."), account, role,
                            needed);
  if (g_strcmp0 (remedy->cause, "account-no-role") == 0 && account != NULL)
    /* Translators: an account. */
    return g_strdup_printf (_("The sign-in had no role on “%s”."), account);
  if (g_strcmp0 (remedy->cause, "account-not-ticked") == 0 && account != NULL)
    /* Translators: an account. */
    return g_strdup_printf (_("“%s” was not ticked when access was granted."), account);
  if (g_strcmp0 (remedy->cause, "scope-missing") == 0 && scope != NULL)
    /* Translators: a scope. */
    return g_strdup_printf (_("The token lacked the scope “%s”."), scope);
  return NULL;
}

char *
lk_remedy_words_dup_wrong (const LkRemedy *remedy, const char *scope)
{
  static const struct { const char *cause, *words; } rows[] = {
    { "token-dead", N_("The access had been withdrawn.") },
    { "token-expired", N_("The access had ended.") },
    { "refresh-dead", N_("The access could not be renewed any more.") },
    { "login-wrong", N_("Another login had signed in.") },
    { "account-not-ticked", N_("The account was not ticked when access was granted.") },
    { "account-no-role", N_("The sign-in had no role on the account.") },
    { "role-too-low", N_("The role on the account was too low for the call.") },
    { "scope-missing", N_("The token lacked a scope that the call needs.") },
    { "secret-wrong", N_("The secret of the developer app was no longer right.") },
    { "rate-second", N_("The app asked more often in a second than it may.") },
    { "rate-minute", N_("The app asked more often in a minute than it may.") },
    { "rate-day", N_("The app asked more often in a day than it may.") },
    { "rate-unknown", N_("The app asked more often than it may.") },
    { "incident", N_("The provider had an incident.") },
    { "maintenance", N_("The provider was in maintenance.") },
    { "trouble", N_("The provider had trouble answering.") },
    { "media-processing", N_("The video was still being processed.") },
    { "clock-wrong", N_("The clock of this computer was wrong.") },
    { "offline", N_("This computer had no network.") },
  };
  char *words = dup_wrong_with_values (remedy, scope);

  for (size_t i = 0; words == NULL && i < G_N_ELEMENTS (rows); i++)
    if (g_strcmp0 (rows[i].cause, remedy->cause) == 0)
      words = g_strdup (_(rows[i].words));
  return words;
}

const char *
lk_remedy_words_get_fix_label (const char *remedy)
{
  static const struct { const char *remedy, *label; } rows[] = {
    { "reconnect", N_("_Reconnect…") },
    { "permission", N_("_Fix Permission…") },
    { "scope", N_("_Fix Scope…") },
    { "app", N_("_Fix App…") },
    { "rate", N_("_Wait With Me…") },
    { "provider-down", N_("_Watch the Provider…") },
    { "media", N_("_Watch the Video…") },
    { "secret", N_("_Replace Secret…") },
    { "clock", N_("_Fix Clock…") },
    { "account-status", N_("_Fix Account…") },
    { "request", N_("_Fix Request…") },
    { "network", N_("_Fix Network…") },
    { "keyring", N_("_Fix Keyring…") },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_strcmp0 (rows[i].remedy, remedy) == 0)
      return _(rows[i].label);
  return _("_Fix…");
}

const char *
lk_remedy_words_get_turn (LkTurn turn)
{
  switch (turn)
    {
    case LK_TURN_YOU:
      return _("It is your turn.");
    case LK_TURN_ADMIN:
      return _("It is the turn of an admin of the Business Center.");
    case LK_TURN_APP_OWNER:
      return _("It is the turn of whoever keeps the developer app.");
    case LK_TURN_PROVIDER:
      return _("It is the provider’s turn. There is nothing for you to do.");
    case LK_TURN_LATCHKEY:
      return _("Latchkey does this by itself.");
    case LK_TURN_NOBODY:
    default:
      return NULL;
    }
}

const char *
lk_remedy_words_get_button (LkCheck check)
{
  switch (check)
    {
    case LK_CHECK_NONE:
      return _("I Have _Done This");
    case LK_CHECK_CALL:
      return _("_Try It Again");
    case LK_CHECK_SIGN_IN:
      return _("_Reconnect");
    case LK_CHECK_SECRET:
      return _("_Check and Replace");
    case LK_CHECK_PROBES:
    case LK_CHECK_TIME:
    default:
      return _("Check _Now");
    }
}
