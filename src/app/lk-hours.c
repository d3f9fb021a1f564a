/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-hours.h"

#include <glib/gi18n.h>

#include "lk-day-words.h"

#define HOUR 3600

static const struct { LkRefusalSort sort; const char *label; } classes[] = {
  [LK_CLASS_UNKNOWN] = { LK_REFUSAL_OTHER, N_("Not known why") },
  [LK_CLASS_OK] = { LK_REFUSAL_OTHER, N_("Not known why") },
  [LK_CLASS_TOKEN_EXPIRED] = { LK_REFUSAL_SIGN_IN, N_("Token too old") },
  [LK_CLASS_TOKEN_REVOKED] = { LK_REFUSAL_SIGN_IN, N_("Access withdrawn") },
  [LK_CLASS_REFRESH_DEAD] = { LK_REFUSAL_SIGN_IN, N_("Sign-in ended") },
  [LK_CLASS_CODE_DEAD] = { LK_REFUSAL_SIGN_IN, N_("Sign-in not finished in time") },
  [LK_CLASS_SCOPE] = { LK_REFUSAL_PERMISSION, N_("Not allowed at the sign-in") },
  [LK_CLASS_PERMISSION] = { LK_REFUSAL_PERMISSION, N_("Permission missing") },
  [LK_CLASS_ACCOUNT_STATUS] = { LK_REFUSAL_PERMISSION, N_("Account not active") },
  [LK_CLASS_APP_CONFIG] = { LK_REFUSAL_OTHER, N_("Developer app not set up") },
  [LK_CLASS_REDIRECT_MISMATCH] = { LK_REFUSAL_OTHER, N_("Wrong redirect address") },
  [LK_CLASS_RATE] = { LK_REFUSAL_LIMIT, N_("Too many requests") },
  [LK_CLASS_QUOTA] = { LK_REFUSAL_LIMIT, N_("Quota used up") },
  [LK_CLASS_TRANSIENT] = { LK_REFUSAL_TROUBLE, N_("Trouble that passes") },
  [LK_CLASS_MAINTENANCE] = { LK_REFUSAL_TROUBLE, N_("Maintenance") },
  [LK_CLASS_MEDIA_PROCESSING] = { LK_REFUSAL_OTHER, N_("Media not ready yet") },
  [LK_CLASS_MEDIA_INVALID] = { LK_REFUSAL_OTHER, N_("Media not accepted") },
  [LK_CLASS_BAD_REQUEST] = { LK_REFUSAL_OTHER, N_("Mistake in the request") },
  [LK_CLASS_USER_ACTION] = { LK_REFUSAL_OTHER, N_("Somebody has to act first") },
  [LK_CLASS_POLICY] = { LK_REFUSAL_OTHER, N_("Against the rules") },
  [LK_CLASS_DENIED] = { LK_REFUSAL_PERMISSION, N_("Denied") },
  [LK_CLASS_CLOCK_SKEW] = { LK_REFUSAL_OTHER, N_("This computer’s clock is wrong") },
  [LK_CLASS_SANDBOX] = { LK_REFUSAL_OTHER, N_("Not possible in a sandbox") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (classes) == LK_N_CLASSES);

LkRefusalSort
lk_refusal_sort_of (LkClass klass)
{
  return classes[klass].sort;
}

const char *
lk_refusal_class_get_label (LkClass klass)
{
  return _(classes[klass].label);
}

const char *
lk_refusal_sort_get_label (LkRefusalSort sort)
{
  switch (sort)
    {
    case LK_REFUSAL_LIMIT:      return _("Limits");
    case LK_REFUSAL_PERMISSION: return _("Permissions");
    case LK_REFUSAL_SIGN_IN:    return _("Sign-ins");
    case LK_REFUSAL_TROUBLE:    return _("Trouble at the provider");
    case LK_REFUSAL_OTHER:
    default:                    return _("Other");
    }
}

gint64
lk_hours_get_since (gint64 now, guint n_days)
{
  return lk_day_get_start (now, 1 - (int) n_days);
}

/* Hours are of the person's clock; where it is half an hour beside UTC, so are the agent's. */
static LkHour *
lk_hours_find (LkHours *self, gint64 start, gint64 now)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (start);
  gint64 first = lk_hours_get_since (now, self->n_days);
  guint day = 0;

  if (time == NULL || start < first)
    return NULL;
  /* Days are not all 24 hours long, so a guess and a look. */
  day = (guint) ((start - first) / (24 * HOUR));
  while (day > 0 && lk_day_get_start (first, (int) day) > start)
    day--;
  while (day + 1 < self->n_days && lk_day_get_start (first, (int) day + 1) <= start)
    day++;
  if (day >= self->n_days)
    return NULL;
  return &self->hours[day * LK_HOURS_A_DAY + (guint) g_date_time_get_hour (time)];
}

static void
lk_hours_add (LkHours *self, LkHour *hour, gint64 start, LkClass klass, guint count)
{
  hour->since = hour->total == 0 ? start : MIN (hour->since, start);
  hour->until = MAX (hour->until, start + HOUR);
  hour->total += count;
  hour->by_class[klass] += count;
  self->total += count;
  self->by_sort[lk_refusal_sort_of (klass)] += count;
  self->most = MAX (self->most, hour->total);
}

static void
lk_hours_fill (LkHours *self, gint64 now)
{
  gint64 first = lk_hours_get_since (now, self->n_days);

  for (guint day = 0; day < self->n_days; day++)
    {
      gint64 start = lk_day_get_start (first, (int) day);

      for (guint hour = 0; hour < LK_HOURS_A_DAY; hour++)
        {
          self->hours[day * LK_HOURS_A_DAY + hour].since = start + hour * HOUR;
          self->hours[day * LK_HOURS_A_DAY + hour].until = start + (hour + 1) * HOUR;
        }
    }
}

LkHours *
lk_hours_new (GVariant *tallies, gint64 now, guint n_days)
{
  LkHours *self = g_new0 (LkHours, 1);
  GVariantIter iter;
  const char *kind, *word;
  gint64 start;
  guint count;

  self->n_days = n_days;
  self->hours = g_new0 (LkHour, n_days * LK_HOURS_A_DAY);
  lk_hours_fill (self, now);
  if (tallies == NULL)
    return self;
  g_variant_iter_init (&iter, tallies);
  while (g_variant_iter_loop (&iter, "(x&s&su)", &start, &kind, &word, &count))
    {
      LkHour *hour = lk_hours_find (self, start, now);
      LkClass klass = LK_CLASS_UNKNOWN;

      if (hour == NULL || count == 0)
        continue;
      if (g_str_equal (kind, "call") || g_str_equal (kind, "refused"))
        self->calls += count;
      if (!g_str_equal (kind, "refused") && !g_str_equal (kind, "renewal-failed")
          && !g_str_equal (kind, "verify-failed"))
        continue;
      lk_class_from_string (word, &klass);
      lk_hours_add (self, hour, start, klass, count);
    }
  return self;
}

void
lk_hours_free (LkHours *self)
{
  g_free (self->hours);
  g_free (self);
}

const LkHour *
lk_hours_get (const LkHours *self, guint day, guint hour)
{
  return &self->hours[day * LK_HOURS_A_DAY + hour];
}

LkRefusalSort
lk_hour_get_sort (const LkHour *self)
{
  guint sums[LK_N_REFUSAL_SORTS] = { 0 };
  LkRefusalSort most = LK_REFUSAL_LIMIT;

  for (guint i = 0; i < LK_N_CLASSES; i++)
    sums[classes[i].sort] += self->by_class[i];
  for (guint i = 1; i < LK_N_REFUSAL_SORTS; i++)
    if (sums[i] > sums[most])
      most = i;
  return most;
}

char *
lk_hour_dup_when (const LkHour *self, gint64 now)
{
  return lk_day_words_dup_span (self->since, self->until, now);
}

char *
lk_hour_dup_what (const LkHour *self)
{
  g_autoptr(GString) list = g_string_new (NULL);
  guint n = self->total;

  if (n == 0)
    return g_strdup (_("Nothing was refused"));
  for (guint i = 0; i < LK_N_CLASSES; i++)
    if (self->by_class[i] > 0)
      {
        if (list->len > 0)
          /* Translators: between the members of a list. */
          g_string_append (list, _(", "));
        /* Translators: how often, and why: "9 × Too many requests". */
        g_string_append_printf (list, _("%u × %s"), self->by_class[i], _(classes[i].label));
      }
  /* Translators: "12 refused: 9 × Too many requests, 3 × Permission missing". */
  return g_strdup_printf (ngettext ("%u refused: %s", "%u refused: %s", n), n, list->str);
}

char *
lk_hours_dup_summary (const LkHours *self)
{
  guint n = self->total;

  if (n == 0)
    return g_strdup_printf (ngettext ("Nothing was refused in the last %u day.",
                                      "Nothing was refused in the last %u days.", self->n_days),
                            self->n_days);
  /* Translators: %u are refusals, and then 7 or 30 days. */
  return g_strdup_printf (ngettext ("%u refusal in the last %u days.",
                                    "%u refusals in the last %u days.", n), n, self->n_days);
}

char *
lk_hours_dup_most (const LkHours *self, gint64 now)
{
  for (guint i = 0; self->most > 0 && i < self->n_days * LK_HOURS_A_DAY; i++)
    if (self->hours[i].total == self->most)
      {
        g_autofree char *when = lk_hour_dup_when (&self->hours[i], now);

        /* Translators: a number, and "Friday 20 November, 14:00 to 15:00". */
        return g_strdup_printf (ngettext ("%u at most: %s.", "%u at most: %s.", self->most),
                                self->most, when);
      }
  return NULL;
}
