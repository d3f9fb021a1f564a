/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-evidence.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void G_GNUC_PRINTF (2, 3)
say (GStrvBuilder *builder,
     const char   *format,
     ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_strv_builder_add (builder, text);
}

static const char *
name_of (LkCatalogue *catalogue,
         const char  *family)
{
  const LkFamilyRow *row = lk_catalogue_get_family (catalogue, family);

  return row != NULL ? row->name : family;
}

static void
say_facts (const LkFault *fault,
           GStrvBuilder  *sure)
{
  if (fault->code != NULL && *fault->code != '\0')
    /* Translators: %s is an error code such as 40100 or invalid_grant. */
    say (sure, _("The reply carries the code %s."), fault->code);
  if (fault->message != NULL && *fault->message != '\0')
    /* Translators: %s is the platform's own message. */
    say (sure, _("The reply says: “%s”"), fault->message);
  if (fault->http_status > 0)
    say (sure, _("The HTTP status is %d."), fault->http_status);
  if (fault->endpoint != NULL && *fault->endpoint != '\0')
    /* Translators: %s is a path such as /v2/user/info/. */
    say (sure, _("The request went to %s."), fault->endpoint);
  if (fault->trace_id != NULL && *fault->trace_id != '\0')
    say (sure, _("Support can find the call by the request id %s."), fault->trace_id);
}

static void
say_family (LkCatalogue     *catalogue,
            const LkVerdict *verdict,
            GStrvBuilder    *sure,
            GStrvBuilder    *assumed)
{
  const char *name = name_of (catalogue, verdict->fault->family);

  if (name == NULL)
    say (assumed, _("Nothing in the text says which provider it comes from."));
  else if (verdict->family_given)
    /* Translators: %s is a provider such as TikTok Ads. */
    say (sure, _("It comes from %s, as was said beside the text."), name);
  else if (verdict->family_certain)
    say (sure, _("An address in the text belongs to %s."), name);
  else
    say (assumed, _("It looks like %s; the text does not name it."), name);
}

static void
say_ground (const LkVerdict *verdict,
            GStrvBuilder    *assumed)
{
  switch (verdict->ground)
    {
    case LK_GROUND_MESSAGE:
      say (assumed, _("This is read from the wording; there is no code that we know."));
      break;
    case LK_GROUND_STATUS:
      say (assumed, _("This is read from the HTTP status alone."));
      break;
    case LK_GROUND_NOTHING:
      say (assumed, _("Neither a code nor a wording that we know is in it."));
      break;
    case LK_GROUND_CODE:
    case LK_GROUND_SUCCESS:
    default:
      break;
    }
}

static void
say_paste (const LkVerdict *verdict,
           const LkPaste   *paste,
           GStrvBuilder    *assumed)
{
  if (paste->partial)
    say (assumed, _("The text is very long; its beginning and its end were read."));
  if (paste->cut)
    say (assumed, _("The reply is cut off; what follows is not known."));
  if (verdict->fact != NULL && verdict->fact->loose)
    say (assumed, _("A word of the text was taken for the code."));
  if (verdict->others != NULL)
    /* Translators: first the code that is explained, then one or more other codes. */
    say (assumed, _("The text holds more than one error. This is about %s; also in it: %s."),
         verdict->fault->code != NULL ? verdict->fault->code : "?", verdict->others);
  if (paste->contains_secret)
    say (assumed, _("The text seems to hold a token. Latchkey kept nothing of it; "
                    "renew it if the text was shared."));
}

static double
weigh (const LkVerdict *verdict,
       const LkPaste   *paste)
{
  static const double weights[] = {
    [LK_GROUND_CODE] = 0.95,   [LK_GROUND_SUCCESS] = 0.95, [LK_GROUND_MESSAGE] = 0.7,
    [LK_GROUND_STATUS] = 0.5, [LK_GROUND_NOTHING] = 0.2,
  };
  double weight = weights[verdict->ground];

  if (verdict->fault->klass == LK_CLASS_UNKNOWN)
    return 0.2;
  if (!verdict->family_given && !verdict->family_certain)
    weight -= verdict->fault->family != NULL ? 0.15 : 0.25;
  if (verdict->fact != NULL && !verdict->fact->structured && verdict->ground == LK_GROUND_CODE)
    weight -= verdict->fact->loose ? 0.2 : 0.1;
  if (paste != NULL && paste->cut)
    weight -= 0.05;
  if (verdict->others != NULL)
    weight -= 0.1;

  return CLAMP (weight, 0.1, 0.98);
}

/* A code that guides tell apart is only sure when the message backs it. */
static double
temper (LkCatalogue     *catalogue,
        const LkVerdict *verdict,
        const LkFinding *finding,
        double           weight)
{
  const LkFault *fault = verdict->fault;
  const LkEntry *note = lk_catalogue_find_conflict (catalogue, fault->family, fault->code,
                                                    fault->http_status);
  gboolean backed = verdict->rule != NULL && verdict->rule->messages != NULL;

  if (finding->conflict == NULL || backed || fault->klass == LK_CLASS_UNKNOWN
      || (note != NULL && note->settled))
    return weight;

  return MIN (weight, 0.85);
}

void
lk_evidence_of_paste (LkCatalogue     *catalogue,
                      const LkVerdict *verdict,
                      const LkPaste   *paste,
                      LkFinding       *finding)
{
  g_autoptr (GStrvBuilder) sure = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) assumed = g_strv_builder_new ();

  if (paste->kind == LK_PASTE_EMPTY)
    say (assumed, _("There is no text."));
  if (paste->kind == LK_PASTE_BINARY)
    say (assumed, _("This is not text."));
  say_facts (verdict->fault, sure);
  say_family (catalogue, verdict, sure, assumed);
  say_ground (verdict, assumed);
  say_paste (verdict, paste, assumed);
  finding->evidence = g_strv_builder_end (sure);
  finding->assumptions = g_strv_builder_end (assumed);
  finding->confidence = temper (catalogue, verdict, finding, weigh (verdict, paste));
}

void
lk_evidence_of_fault (LkCatalogue     *catalogue,
                      const LkVerdict *verdict,
                      LkFinding       *finding)
{
  g_autoptr (GStrvBuilder) sure = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) assumed = g_strv_builder_new ();
  const LkFault *fault = verdict->fault;
  gboolean local = g_strcmp0 (fault->provider, LK_FAULT_LOCAL) == 0;

  if (!local)
    {
      say_facts (fault, sure);
      say_ground (verdict, assumed);
    }
  finding->evidence = g_strv_builder_end (sure);
  finding->assumptions = g_strv_builder_end (assumed);
  finding->confidence = local ? 0.98 : temper (catalogue, verdict, finding,
                                                weigh (verdict, NULL));
}
