/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <math.h>

/* Where a number stops being a length of time in seconds (some 30 years) and is a date. */
#define FIRST_DATE     G_GINT64_CONSTANT (1000000000)
/* Where a date in seconds would be after the year 5000, so that it is one in milliseconds. */
#define FIRST_MILLIS   G_GINT64_CONSTANT (100000000000)
#define SECONDS_A_DAY  (24 * 60 * 60)

static gboolean
read_number (JsonNode           *root,
             const char * const *from,
             gint64             *number)
{
  g_autofree char *text = lk_json_find_scalar (root, from);
  char *end = NULL;
  double value;

  if (text == NULL)
    return FALSE;

  value = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || !isfinite (value))
    return FALSE;

  *number = (gint64) CLAMP (value, -9e18, 9e18);

  return TRUE;
}

static gint64
capped (const LkExpiry *self,
        gint64          end,
        gint64          now)
{
  if (self->cap_days > 0 && end - now > self->cap_days * SECONDS_A_DAY)
    return LK_END_NEVER;

  return end;
}

static gint64
end_of (const LkExpiry *self,
        gint64          number,
        gint64          now)
{
  gboolean is_date = self->kind == LK_EXPIRY_ABSOLUTE ||
                     (self->kind == LK_EXPIRY_AUTO && number > FIRST_DATE);

  if (is_date)
    return capped (self, number > FIRST_MILLIS ? number / 1000 : number, now);

  if (number > FIRST_MILLIS)
    return LK_END_NEVER;

  return capped (self, now + number, now);
}

/**
 * lk_expiry_read:
 * @root: (nullable): where its paths begin
 * @now: what relative ends count from
 *
 * Returns: seconds since 1970 UTC, %LK_END_NEVER or %LK_END_UNKNOWN
 */
gint64
lk_expiry_read (const LkExpiry *self,
                JsonNode       *root,
                gint64          now)
{
  gint64 number;

  switch (self->kind)
    {
    case LK_EXPIRY_NEVER:
      return LK_END_NEVER;

    case LK_EXPIRY_FIXED:
      return now + self->seconds;

    case LK_EXPIRY_RELATIVE:
    case LK_EXPIRY_ABSOLUTE:
    case LK_EXPIRY_AUTO:
      if (!read_number (root, (const char * const *) self->from, &number))
        return self->missing_never ? LK_END_NEVER : LK_END_UNKNOWN;
      if (number == 0 && self->zero_never)
        return LK_END_NEVER;
      return number > 0 ? end_of (self, number, now) : LK_END_UNKNOWN;

    case LK_EXPIRY_NONE:
    default:
      return LK_END_UNKNOWN;
    }
}
