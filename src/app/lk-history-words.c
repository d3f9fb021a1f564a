/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-history-words.h"

#include <glib/gi18n.h>

#include "lk-time-words.h"

static const struct { const char *kind, *plain, *with_text; } kinds[] = {
  { "signed-in", N_("Signed in"), NULL },
  { "reconnected", N_("Signed in again"), NULL },
  { "renewed", N_("Renewed"), NULL },
  { "renewal-failed", N_("Could not be renewed"), NULL },
  { "verified", N_("Proven alive"), NULL },
  { "verify-failed", N_("The check failed"), NULL },
  /* Translators: %s is a program. */
  { "handed-out", N_("A program took the token"), N_("%s took the token") },
  { "revoked", N_("Access was withdrawn"), NULL },
  { "removed", N_("Removed from Latchkey"), NULL },
  { "restored", N_("Put back"), NULL },
  /* Translators: %s is the old name. */
  { "renamed", N_("Renamed"), N_("Renamed, was “%s”") },
  { "lifetime-changed", N_("The provider changed how long a token lives"),
    N_("The provider changed how long a token lives: %s") },
  { "scopes-changed", N_("The granted scopes changed"), N_("The granted scopes changed: %s") },
  { "recovered", N_("A renewal that was cut off was brought to its end"), NULL },
  /* Translators: %s is a method and a path. */
  { "call-refused", N_("A call was refused"), N_("%s was refused") },
  { "call-repeated", N_("A call was sent again"), N_("%s was sent again") },
  { "circuit-opened", N_("Calls were stopped after several refusals"), NULL },
  { "circuit-closed", N_("Calls go out again"), NULL },
  { "diagnosed", N_("Looked for the cause"), NULL },
  { "remedy-started", N_("A fix was begun"), NULL },
  { "remedy-step", N_("A step of a fix was proven"), NULL },
  { "permission-appeared", N_("What was waited for is there"), NULL },
  { "accounts-changed", N_("The accounts that it reaches changed"),
    N_("The accounts that it reaches changed: %s") },
  { "roles-changed", N_("Its roles changed"), N_("Its roles changed: %s") },
  { "renewals-slowed", N_("Its tokens end at once, so they are renewed when a program wants one"),
    NULL },
  { "remedy-done", N_("Fixed, and proven"), NULL },
  { "moved-away", N_("Moved to another computer"), NULL },
  { "taken-back", N_("Used on this computer again"), NULL },
  /* Translators: %s is the name of a computer. */
  { "restored-backup", N_("Restored from a backup"), N_("Restored from a backup of “%s”") },
};

static char *
fill (const char *format, const char *text)
{
  g_auto(GStrv) parts = g_strsplit (format, "%s", 2);

  return g_strjoinv (text, parts);
}

char *
lk_history_words_dup (const char *kind, const char *text, const LkFault *fault,
                      LkDiagnosis *diagnosis)
{
  g_autofree char *words = NULL;
  g_autofree char *headline = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kind, kinds[i].kind) == 0)
      {
        gboolean with_text = kinds[i].with_text != NULL && text != NULL && *text != '\0';

        words = with_text ? fill (_(kinds[i].with_text), text) : g_strdup (_(kinds[i].plain));
      }
  if (words == NULL)
    words = g_strdup (kind != NULL ? kind : "");
  if (fault == NULL)
    return g_steal_pointer (&words);

  headline = lk_diagnosis_dup_headline (diagnosis, fault);
  /* Translators: what failed, and why. */
  return g_strdup_printf (_("%s: %s"), words, headline);
}

char *
lk_history_words_dup_when (gint64 at, guint count, gint64 now)
{
  g_autofree char *relative = lk_time_words_dup_relative (at, now);

  if (count <= 1)
    return g_steal_pointer (&relative);
  /* Translators: how often something came, and when last ("2 minutes ago"). */
  return g_strdup_printf (ngettext ("%u time, last %s", "%u times, last %s", count), count,
                          relative);
}
