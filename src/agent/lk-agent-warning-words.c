/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-warning-words.h"

#include <glib/gi18n-lib.h>

#define DAY (24 * 60 * 60)
#define NAME_CHARS 40
#define TEXT_CHARS 120
#define NAMES_SHOWN 3

/* Texts that others wrote. */

/* What breaks a line, or lets a text read as another one. */
static gboolean
is_misleading (gunichar c)
{
  return g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT
         || g_unichar_type (c) == G_UNICODE_LINE_SEPARATOR
         || g_unichar_type (c) == G_UNICODE_PARAGRAPH_SEPARATOR;
}

static char *
dup_line (const char *text, guint longest)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_autoptr(GString) line = g_string_new (NULL);
  guint n = 0;

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (is_misleading (c))
        c = ' ';
      if (c == ' ' && (line->len == 0 || line->str[line->len - 1] == ' '))
        continue;
      if (n++ == longest)
        {
          g_string_append (line, "…");
          break;
        }
      g_string_append_unichar (line, c);
    }
  return g_strdup (g_strchomp (line->str));
}

char *
lk_agent_warning_words_dup_name (const char *name)
{
  char *line = dup_line (name, NAME_CHARS);

  if (line[0] != '\0')
    return line;
  g_free (line);
  return g_strdup (_("A connection"));
}

/* Times. */

static char *
dup_date (gint64 at, gint64 now, GTimeZone *zone)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (at);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;

  if (local == NULL)
    return g_strdup ("");
  /* Translators: a day and its hour, such as "Tuesday, 24 November, 14:30". See strftime(3). */
  if (at - now <= 2 * DAY)
    return g_date_time_format (local, _("%A, %-d %B, %H:%M"));
  /* Translators: a day, such as "Tuesday, 24 November". See strftime(3). */
  return g_date_time_format (local, _("%A, %-d %B"));
}

static int
day_number (gint64 at, GTimeZone *zone)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (at);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  GDate date;

  if (local == NULL)
    return 0;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) g_date_time_get_day_of_month (local),
                  (GDateMonth) g_date_time_get_month (local),
                  (GDateYear) g_date_time_get_year (local));
  return (int) g_date_get_julian (&date);
}

static char *
dup_ending_title (const char *name, gint64 ends, gint64 now, GTimeZone *zone)
{
  int days = day_number (ends, zone) - day_number (now, zone);

  if (days <= 0)
    /* Translators: %s is the name of a connection. */
    return g_strdup_printf (_("%s ends today"), name);
  if (days == 1)
    /* Translators: %s is the name of a connection. */
    return g_strdup_printf (_("%s ends tomorrow"), name);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       /* Translators: %s is the name of a connection. */
                                       "%s ends in %d day", "%s ends in %d days", (gulong) days),
                          name, days);
}

/* What is wrong. */

static const char *
attention_text (const LkAgentWarningSubject *subject)
{
  static const struct { LkClass klass; const char *text; } rows[] = {
    { LK_CLASS_TOKEN_REVOKED, N_("Its access was taken away. Sign in again to go on.") },
    { LK_CLASS_REFRESH_DEAD, N_("It cannot be renewed any more. Sign in again to go on.") },
    { LK_CLASS_SCOPE, N_("A permission is missing. Latchkey shows who can give it.") },
    { LK_CLASS_PERMISSION, N_("A permission is missing. Latchkey shows who can give it.") },
    { LK_CLASS_ACCOUNT_STATUS, N_("One of its accounts is blocked or not approved. Latchkey shows "
                                  "what to do.") },
    { LK_CLASS_APP_CONFIG, N_("The developer app needs a correction. Latchkey shows what to do.") },
    { LK_CLASS_REDIRECT_MISMATCH, N_("The developer app needs a correction. Latchkey shows what to "
                                     "do.") },
  };
  const LkFault *fault = subject->fault;

  if (fault == NULL)
    return _("The sign-in has ended. Sign in again to go on.");
  if (lk_fault_is_local (fault, "zero-accounts"))
    return _("It reaches no account any more. Latchkey shows what to do.");
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    if (fault->klass == rows[i].klass)
      return _(rows[i].text);
  if (subject->reconnect)
    return _("It is not accepted any more. Sign in again to go on.");
  return _("Something was refused that does not pass by itself. Latchkey shows what to do.");
}

static const char *
changed_text (const char *kind)
{
  static const struct { const char *kind, *text; } rows[] = {
    { "scopes-changed", N_("What it is allowed to do has changed.") },
    { "roles-changed", N_("Its role at one of the accounts has changed.") },
    { "accounts-changed", N_("The accounts that it reaches have changed.") },
    { "lifetime-changed", N_("Its tokens live longer or shorter than before.") },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_strcmp0 (kind, rows[i].kind) == 0)
      return _(rows[i].text);
  return _("What it may do, or how long, is not what it was.");
}

char *
lk_agent_warning_words_dup_title (LkWarningReason reason, const LkAgentWarningSubject *subject,
                                  gint64 now, GTimeZone *zone)
{
  g_autofree char *name = lk_agent_warning_words_dup_name (subject->name);

  switch (reason)
    {
    case LK_WARNING_ENDING:
      return dup_ending_title (name, subject->ends, now, zone);
    case LK_WARNING_CHANGED:
      /* Translators: %s is the name of a connection. */
      return g_strdup_printf (_("%s has changed"), name);
    case LK_WARNING_RECOVERED:
      /* Translators: %s is the name of a connection. */
      return g_strdup_printf (_("%s works again"), name);
    case LK_WARNING_INCIDENT:
      /* Translators: %s is a provider, such as "TikTok Ads". */
      return g_strdup_printf (_("%s has trouble"), name);
    case LK_WARNING_ATTENTION:
    default:
      /* Translators: %s is the name of a connection. */
      return g_strdup_printf (_("%s needs you"), name);
    }
}

char *
lk_agent_warning_words_dup_body (LkWarningReason reason, const LkAgentWarningSubject *subject,
                                 gint64 now, GTimeZone *zone)
{
  g_autofree char *said = NULL;
  g_autofree char *date = NULL;

  switch (reason)
    {
    case LK_WARNING_ENDING:
      date = dup_date (subject->ends, now, zone);
      /* Translators: %s is a day, such as "Tuesday, 24 November". */
      return g_strdup_printf (_("Sign in again before %s, so that nothing stops."), date);
    case LK_WARNING_CHANGED:
      return g_strdup (changed_text (subject->detail));
    case LK_WARNING_RECOVERED:
      return g_strdup (_("There is nothing to do."));
    case LK_WARNING_INCIDENT:
      said = dup_line (subject->detail, TEXT_CHARS);
      /* Translators: %s is what the provider's status page says. */
      return g_strdup_printf (_("Its status page says “%s”. There is no need to sign in again."),
                              said);
    case LK_WARNING_ATTENTION:
    default:
      return g_strdup (attention_text (subject));
    }
}

/* Many. */

char *
lk_agent_warning_words_dup_summary (LkWarningReason reason, guint n)
{
  switch (reason)
    {
    case LK_WARNING_ENDING:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u connection ends soon",
                                           "%u connections end soon", n), n);
    case LK_WARNING_CHANGED:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u connection has changed",
                                           "%u connections have changed", n), n);
    case LK_WARNING_RECOVERED:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u connection works again",
                                           "%u connections work again", n), n);
    case LK_WARNING_ATTENTION:
    case LK_WARNING_INCIDENT:
    default:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u connection needs you",
                                           "%u connections need you", n), n);
    }
}

char *
lk_agent_warning_words_dup_names (const char * const *names, guint n)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, NAMES_SHOWN); i++)
    {
      g_autofree char *name = lk_agent_warning_words_dup_name (names[i]);

      /* Translators: between the names in a list. */
      g_string_append_printf (text, "%s%s", i > 0 ? _(", ") : "", name);
    }
  if (n > NAMES_SHOWN)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         /* Translators: names, then how many are not named. */
                                         "%s and %u other", "%s and %u others", n - NAMES_SHOWN),
                            text->str, n - NAMES_SHOWN);
  return g_strdup (text->str);
}
