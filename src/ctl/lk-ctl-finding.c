/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

static void
print_list (const char  *heading,
            char       **lines,
            gboolean     numbered)
{
  if (lines == NULL || lines[0] == NULL)
    return;

  lk_ctl_print ("\n%s", heading);
  for (size_t i = 0; lines[i] != NULL; i++)
    {
      if (numbered)
        lk_ctl_print ("  %" G_GSIZE_FORMAT ". %s", i + 1, lines[i]);
      else
        lk_ctl_print ("  • %s", lines[i]);
    }
}

static void
print_fact (const char *label,
            const char *value)
{
  if (value != NULL && value[0] != '\0')
    lk_ctl_print ("  %s %s", label, value);
}

static const char *
get_turn_words (LkTurn turn)
{
  switch (turn)
    {
    case LK_TURN_YOU:
      return _("you");
    case LK_TURN_ADMIN:
      return _("an admin of the Business Center");
    case LK_TURN_APP_OWNER:
      return _("whoever keeps the developer app");
    case LK_TURN_PROVIDER:
      return _("the platform");
    case LK_TURN_LATCHKEY:
      return _("Latchkey, by itself");
    case LK_TURN_NOBODY:
    default:
      return NULL;
    }
}

static void
print_facts (const LkFinding *finding)
{
  const LkFault *fault = finding->fault;
  g_autofree char *status = NULL;
  g_autofree char *confidence = NULL;

  if (fault->http_status != 0)
    status = g_strdup_printf ("%d", fault->http_status);
  confidence = g_strdup_printf ("%d %%", (int) (finding->confidence * 100 + 0.5));

  lk_ctl_print ("\n%s", _("Facts:"));
  print_fact (_("Kind:"), lk_class_to_string (fault->klass));
  print_fact (_("Provider:"), fault->provider);
  print_fact (_("Code:"), fault->code);
  print_fact (_("HTTP status:"), status);
  print_fact (_("Request id:"), fault->trace_id);
  print_fact (_("Confidence:"), confidence);
  print_fact (_("Cause:"), finding->cause);
  print_fact (_("Whose turn it is:"), get_turn_words (finding->turn));
}

/* The whole finding, as "diagnose" prints it. */
void
lk_ctl_finding_print (const LkFinding *finding)
{
  lk_ctl_print ("%s\n\n%s", finding->title, finding->explanation);
  /* One that only says the title again tells nothing. */
  if (finding->causes != NULL && finding->causes[0] != NULL
      && (finding->causes[1] != NULL || !g_str_equal (finding->causes[0], finding->title)))
    print_list (_("Likely causes:"), finding->causes, FALSE);
  print_list (_("What to do:"), finding->steps, TRUE);
  if (finding->handling != NULL)
    lk_ctl_print ("\n%s\n  %s", _("What Latchkey does:"), finding->handling);
  print_facts (finding);
  print_list (_("Evidence:"), finding->evidence, FALSE);
  print_list (_("Assumed:"), finding->assumptions, FALSE);
  if (finding->conflict != NULL)
    lk_ctl_print ("\n%s\n  %s", _("Guides disagree:"), finding->conflict);
  print_list (_("Sources:"), finding->sources, FALSE);
  if (finding->contains_secret)
    lk_ctl_note ("%s", _("The text seems to hold a token or secret. Nothing of it was kept; be "
                         "careful where else you paste it."));
}

/* When the platform, or the app's budget, lets calls through again. */
static char *
dup_retry_words (const LkFault *fault)
{
  g_autoptr(GDateTime) when = NULL;
  g_autoptr(GDateTime) local = NULL;
  g_autofree char *words = NULL;

  if (fault->retry_at == 0)
    return NULL;
  when = g_date_time_new_from_unix_utc (fault->retry_at);
  local = when != NULL ? g_date_time_to_local (when) : NULL;
  if (local == NULL)
    return NULL;
  words = g_date_time_format (local, "%X");
  return g_strdup_printf (_("It can be tried again at %s."), words);
}

/* Short, beside an error. */
void
lk_ctl_finding_note (const LkFinding *finding)
{
  g_autofree char *retry = dup_retry_words (finding->fault);

  lk_ctl_note ("\n%s\n%s", finding->title, finding->explanation);
  if (retry != NULL)
    lk_ctl_note ("%s", retry);
  if (finding->steps != NULL && finding->steps[0] != NULL)
    {
      /* Translators: %s is a sentence, the first step of a fix */
      lk_ctl_note (_("What to do first: %s"), finding->steps[0]);
    }
}
