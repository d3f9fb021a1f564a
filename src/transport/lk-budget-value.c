/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-budget-private.h"

#include <string.h>

#define MAX_FIELD  64
#define MAX_VALUE  256
#define MAX_SEARCH (64 * 1024)

static gboolean
is_field_character (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/**
 * lk_budget_dup_field:
 * @message: (nullable): as in "The request QPS is limited by pixel_code's value."
 *
 * Returns: (transfer full) (nullable): the name of the field
 */
char *
lk_budget_dup_field (const char *message)
{
  const char *end = message != NULL ? strstr (message, "'s value") : NULL;
  const char *start = end;

  if (end == NULL)
    return NULL;

  while (start > message && is_field_character (start[-1]))
    start--;
  if (start == end || end - start > MAX_FIELD)
    return NULL;

  return g_strndup (start, (size_t) (end - start));
}

static char *
find_in_query (const LkCallRequest *call,
               const char          *field)
{
  size_t length = strlen (field);

  for (size_t i = 0; call->query != NULL && call->query[i] != NULL; i++)
    {
      if (strncmp (call->query[i], field, length) == 0 && call->query[i][length] == '=')
        return g_strndup (call->query[i] + length + 1, MAX_VALUE);
    }

  return NULL;
}

/* Wherever in the body it stands; enough to tell one value from another. */
static char *
find_in_body (const LkCallRequest *call,
              const char          *field)
{
  g_autofree char *name = g_strdup_printf ("\"%s\"", field);
  size_t size = 0;
  const char *body = call->body != NULL ? g_bytes_get_data (call->body, &size) : NULL;
  g_autofree char *text = body != NULL ? g_strndup (body, MIN (size, MAX_SEARCH)) : NULL;
  const char *start = text != NULL ? strstr (text, name) : NULL;
  size_t length;

  if (start == NULL)
    return NULL;

  start += strlen (name);
  start += strspn (start, " \t\r\n:");
  if (*start == '"')
    start++;
  length = strcspn (start, "\",}] \t\r\n");

  return length > 0 && length <= MAX_VALUE ? g_strndup (start, length) : NULL;
}

/**
 * lk_budget_dup_value:
 * @field: name of a parameter
 *
 * Returns: (transfer full) (nullable): "FIELD=VALUE", %NULL when the call has no such parameter
 */
char *
lk_budget_dup_value (const LkCallRequest *call,
                     const char          *field)
{
  g_autofree char *value = find_in_query (call, field);

  if (value == NULL)
    value = find_in_body (call, field);

  return value != NULL ? g_strdup_printf ("%s=%s", field, value) : NULL;
}
