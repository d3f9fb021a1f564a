/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

#define DAY_S (24 * 60 * 60)

GPtrArray *
lk_profile_get_rate_limits (LkProfile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->rate_limits;
}

/* Seconds until what a header says; 0 when it says nothing that can be read. Never more than a day:
 * a header that is wrong must not stop an app for good. */
static guint
read_header (const char *kind,
             const char *value,
             gint64      now)
{
  gint64 number = 0;
  char *end = NULL;
  double parsed = g_ascii_strtod (value, &end);
  gboolean is_number = end != value && (*end == '\0' || *end == ',' || *end == ';');

  /* Not a number in the sense of mathematics: no comparison holds. */
  if (is_number && parsed >= 0 && parsed <= 1e15)
    number = (gint64) (parsed + 0.999);
  else if (strcmp (kind, "after") == 0 || strcmp (kind, "unix") == 0)
    number = MAX (lk_http_date_parse (value) - now, 0);
  else
    return 0;

  if (is_number && strcmp (kind, "minutes") == 0)
    number *= 60;
  if (is_number && strcmp (kind, "unix") == 0)
    number = (number > G_GINT64_CONSTANT (100000000000) ? number / 1000 : number) - now;

  return number > 0 ? (guint) MIN (number, DAY_S) : 0;
}

static guint
wait_of_headers (LkProfile     *self,
                 const LkReply *reply,
                 gint64         now)
{
  guint longest = 0;

  for (guint i = 0; reply != NULL && i < self->rate_headers->len; i++)
    {
      const LkParam *header = g_ptr_array_index (self->rate_headers, i);
      const char *value = lk_reply_get_header (reply, header->name);

      if (value != NULL)
        longest = MAX (longest, read_header (header->value, value, now));
    }

  return longest;
}

static const LkWaitRule *
find_rule (LkProfile     *self,
           const LkFault *fault)
{
  g_autofree char *status = fault->http_status > 0 ? g_strdup_printf ("%d", fault->http_status)
                                                   : NULL;

  for (guint i = 0; i < self->rate_waits->len; i++)
    {
      const LkWaitRule *rule = g_ptr_array_index (self->rate_waits, i);

      if (lk_patterns_match (rule->codes, fault->code) && lk_patterns_match (rule->http, status) &&
          lk_parts_match (rule->messages, fault->message))
        return rule;
    }

  return NULL;
}

void
lk_profile_get_rate_wait (LkProfile     *self,
                          const LkFault *fault,
                          const LkReply *reply,
                          gint64         now,
                          LkRateWait    *wait)
{
  const LkWaitRule *rule;
  guint told;

  g_return_if_fail (self != NULL && fault != NULL && wait != NULL);

  rule = find_rule (self, fault);
  wait->seconds = rule != NULL ? rule->seconds : self->rate_wait;
  wait->again = rule != NULL ? rule->again : 0;
  wait->limit = rule != NULL ? rule->limit : "unknown";
  wait->slowed = rule != NULL ? rule->slowed : "app";

  told = wait_of_headers (self, reply, now);
  if (told > 0)
    {
      wait->seconds = told;
      wait->again = 0;
    }
}

gboolean
lk_profile_proves_untouched (LkProfile     *self,
                             const LkFault *fault)
{
  /* Judged before the work begins. */
  static const LkClass early[] = {
    LK_CLASS_TOKEN_EXPIRED, LK_CLASS_TOKEN_REVOKED, LK_CLASS_SCOPE, LK_CLASS_PERMISSION,
    LK_CLASS_ACCOUNT_STATUS, LK_CLASS_APP_CONFIG, LK_CLASS_RATE, LK_CLASS_CLOCK_SKEW,
    LK_CLASS_SANDBOX,
  };

  g_return_val_if_fail (self != NULL && fault != NULL, FALSE);

  /* What we found ourselves, or guessed from a broken page, says nothing about the other side. */
  if (lk_fault_is_local (fault, NULL) || fault->http_status <= 0 || fault->http_status >= 500)
    return FALSE;

  for (size_t i = 0; i < G_N_ELEMENTS (early); i++)
    {
      if (fault->klass == early[i])
        return TRUE;
    }

  return FALSE;
}
