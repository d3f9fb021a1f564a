/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <string.h>

#include "lk-profile-calls.h"
#include "lk-profile-set.h"

#define NOW G_GINT64_CONSTANT (1795248000) /* 2026-11-21 08:00:00 UTC */

static inline LkProfileSet *
get_profiles (void)
{
  static LkProfileSet *profiles = NULL;

  if (profiles == NULL)
    profiles = lk_profile_set_new (NULL);

  return profiles;
}

static inline LkProfile *
get_profile (const char *id)
{
  LkProfile *profile = lk_profile_set_lookup (get_profiles (), id);

  g_assert_nonnull (profile);

  return profile;
}

static inline LkValues *
make_values (const char *id,
             const char *secret)
{
  LkValues *values = lk_values_new ();

  lk_values_set (values, "client.id", id);
  lk_values_set (values, "client.secret", secret);
  lk_values_set (values, "token.access", "act.1");

  return values;
}

static inline LkReply *
make_reply (int         status,
            const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  return lk_reply_new (status, body);
}

static inline const char *
find_header (LkRequest  *request,
             const char *wanted)
{
  for (size_t i = 0; i < lk_request_get_n_headers (request); i++)
    {
      const char *name;
      const char *value;

      lk_request_get_header (request, i, &name, &value);
      if (g_ascii_strcasecmp (name, wanted) == 0)
        return value;
    }

  return NULL;
}

static inline LkCallRequest *
make_call (const char *method,
           const char *target,
           const char *pairs,
           const char *body)
{
  LkCallRequest *call = lk_call_request_new (method, target);

  if (pairs != NULL)
    {
      g_strfreev (call->query);
      call->query = g_strsplit (pairs, "\n", -1);
    }
  if (body != NULL)
    call->body = g_bytes_new (body, strlen (body));

  return call;
}
