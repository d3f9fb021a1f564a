/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

#include "lk-redact.h"

#define MAX_CODE 128

/* "190" is itself, "200-299" a range of whole numbers. */
static gboolean
matches_one (const char *pattern,
             const char *value)
{
  const char *hyphen = strchr (pattern, '-');
  g_autofree char *low_text = NULL;
  gint64 low;
  gint64 high;
  gint64 number;

  if (strcmp (pattern, value) == 0)
    return TRUE;

  if (hyphen == NULL || hyphen == pattern)
    return FALSE;

  low_text = g_strndup (pattern, (size_t) (hyphen - pattern));

  return g_ascii_string_to_signed (low_text, 10, G_MININT64, G_MAXINT64, &low, NULL) &&
         g_ascii_string_to_signed (hyphen + 1, 10, G_MININT64, G_MAXINT64, &high, NULL) &&
         g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &number, NULL) &&
         number >= low && number <= high;
}

/* No patterns fit anything, also nothing. */
gboolean
lk_patterns_match (char       **patterns,
                   const char  *value)
{
  if (patterns == NULL)
    return TRUE;

  for (size_t i = 0; value != NULL && patterns[i] != NULL; i++)
    {
      if (matches_one (patterns[i], value))
        return TRUE;
    }

  return FALSE;
}

gboolean
lk_parts_match (char       **parts,
                const char  *message)
{
  g_autofree char *folded = NULL;

  if (parts == NULL)
    return TRUE;
  if (message == NULL)
    return FALSE;

  folded = g_utf8_casefold (message, -1);
  for (size_t i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *part = g_utf8_casefold (parts[i], -1);

      if (strstr (folded, part) != NULL)
        return TRUE;
    }

  return FALSE;
}

static gboolean
rule_fits (const LkRule  *rule,
           const LkFault *fault)
{
  g_autofree char *status = fault->http_status > 0 ? g_strdup_printf ("%d", fault->http_status)
                                                   : NULL;

  return lk_patterns_match (rule->on, fault->step) &&
         lk_patterns_match (rule->http, status) &&
         lk_patterns_match (rule->code, fault->code) &&
         lk_patterns_match (rule->sub, fault->sub) &&
         lk_patterns_match (rule->type, fault->type) &&
         lk_parts_match (rule->message, fault->message);
}

static LkClass
class_of_unauthorized (LkProfile     *self,
                       const LkFault *fault)
{
  if (g_strcmp0 (fault->step, "token") == 0 || g_strcmp0 (fault->step, "refresh") == 0)
    return LK_CLASS_APP_CONFIG;

  return lk_profile_has_step (self, LK_STEP_REFRESH) ? LK_CLASS_TOKEN_EXPIRED
                                                     : LK_CLASS_TOKEN_REVOKED;
}

/* What RFC 9110 says, for replies whose code no rule knows. */
static LkClass
class_of_status (LkProfile     *self,
                 const LkFault *fault)
{
  int status = fault->http_status;

  if (status == 429)
    return LK_CLASS_RATE;
  if (status == 408 || (status >= 500 && status < 600))
    return LK_CLASS_TRANSIENT;
  if (lk_fault_is_local (fault, NULL))
    return status == 401 || status == 403 || status < 400 ? LK_CLASS_UNKNOWN
                                                          : LK_CLASS_BAD_REQUEST;
  if (status == 401)
    return class_of_unauthorized (self, fault);
  if (status == 403)
    return fault->code != NULL ? LK_CLASS_PERMISSION : LK_CLASS_UNKNOWN;
  if (status >= 400 && status < 500)
    return LK_CLASS_BAD_REQUEST;

  return LK_CLASS_UNKNOWN;
}

void
lk_profile_classify (LkProfile *self,
                     LkFault   *fault)
{
  g_return_if_fail (self != NULL && fault != NULL);

  for (guint i = 0; i < self->rules->len; i++)
    {
      const LkRule *rule = g_ptr_array_index (self->rules, i);

      if (rule_fits (rule, fault))
        {
          fault->klass = rule->klass;
          g_free (fault->hint);
          fault->hint = g_strdup (rule->hint);
          return;
        }
    }

  fault->klass = class_of_status (self, fault);
}

static char *
find_text (JsonNode  *root,
           char     **paths)
{
  return lk_json_find_scalar (root, (const char * const *) paths);
}

static char *
find_redacted (JsonNode  *root,
               char     **paths)
{
  g_autofree char *text = find_text (root, paths);

  return lk_redact (text, NULL);
}

static char *
find_code (const LkShape *shape,
           JsonNode      *root)
{
  g_autofree char *code = find_text (root, shape->code);
  const char *tail;

  /* A code is a word; a sentence, or a body within the body, says nothing to rules. */
  if (code == NULL || strlen (code) > MAX_CODE || strpbrk (code, " \t\r\n{}<>") != NULL ||
      !lk_patterns_match (shape->only, code))
    return NULL;

  tail = shape->tail != NULL && *shape->tail != '\0' ? g_strrstr (code, shape->tail) : NULL;
  if (tail != NULL)
    return g_strdup (tail + strlen (shape->tail));

  return g_steal_pointer (&code);
}

static LkFault *
fault_from_shape (LkProfile     *self,
                  const LkShape *shape,
                  JsonNode      *root,
                  const char    *step,
                  int            http_status)
{
  g_autofree char *code = find_code (shape, root);
  LkFault *fault;

  if (code == NULL)
    return NULL;

  fault = lk_fault_new (LK_CLASS_UNKNOWN);
  fault->provider = g_strdup (self->id);
  fault->family = g_strdup (self->family);
  fault->step = g_strdup (step);
  fault->http_status = http_status;
  fault->code = lk_redact (code, NULL);
  fault->sub = find_redacted (root, shape->sub);
  fault->type = find_redacted (root, shape->type);
  fault->message = find_redacted (root, shape->message);
  fault->trace_id = find_text (root, shape->trace);
  lk_profile_classify (self, fault);

  return fault;
}

/**
 * lk_profile_find_fault:
 *
 * Returns: (transfer full) (nullable): by the first shape that yields a code
 */
LkFault *
lk_profile_find_fault (LkProfile  *self,
                       JsonNode   *root,
                       const char *step,
                       int         http_status)
{
  for (guint i = 0; i < self->shapes->len; i++)
    {
      LkFault *fault = fault_from_shape (self, g_ptr_array_index (self->shapes, i), root, step,
                                         http_status);

      if (fault != NULL)
        return fault;
    }

  return NULL;
}

LkFault *
lk_profile_read_fault (LkProfile  *self,
                       const char *json,
                       gssize      length,
                       const char *step,
                       int         http_status)
{
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (self != NULL && json != NULL, NULL);

  root = lk_json_parse (json, length, NULL, NULL);

  return root != NULL ? lk_profile_find_fault (self, root, step, http_status) : NULL;
}
