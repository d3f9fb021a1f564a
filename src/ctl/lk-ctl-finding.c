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
}

/* The whole finding, as "diagnose" prints it. */
void
lk_ctl_finding_print (const LkFinding *finding)
{
  lk_ctl_print ("%s\n\n%s", finding->title, finding->explanation);
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

/* Short, beside an error. */
void
lk_ctl_finding_note (const LkFinding *finding)
{
  lk_ctl_note ("\n%s\n%s", finding->title, finding->explanation);
  if (finding->steps != NULL && finding->steps[0] != NULL)
    {
      /* Translators: %s is a sentence, the first step of a fix */
      lk_ctl_note (_("What to do first: %s"), finding->steps[0]);
    }
}
