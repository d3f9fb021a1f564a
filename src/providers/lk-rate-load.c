/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

#define DAY_S (24 * 60 * 60)

static const char * const pers[] = { "app", "account", "token", NULL };
static const char * const limit_words[] = { "second", "minute", "day", "unknown", NULL };
static const char * const slowed_words[] = { "app", "account", "path", "value", NULL };
static const char * const header_kinds[] = { "after", "seconds", "minutes", "unix", NULL };

static void
limit_free (LkRateLimit *self)
{
  g_free (self->path);
  g_free (self->per);
  g_free (self);
}

static void
wait_free (LkWaitRule *self)
{
  g_strfreev (self->codes);
  g_strfreev (self->http);
  g_strfreev (self->messages);
  g_free (self->limit);
  g_free (self->slowed);
  g_free (self);
}

static char *
load_word (LkReader           *reader,
           JsonObject         *json,
           const char         *path,
           const char         *key,
           const char * const *words,
           const char         *fallback)
{
  const char *word = lk_reader_string (reader, json, path, key);
  g_autofree char *full = lk_reader_join (path, key);

  if (word == NULL)
    return g_strdup (fallback);
  if (!g_strv_contains (words, word))
    lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, full, "“%s” is not known", word);

  return g_strdup (word);
}

/* A length of time: whole seconds, or "utc-day", which is 0. */
static guint
load_seconds (LkReader   *reader,
              JsonObject *json,
              const char *path,
              const char *key,
              gint64      fallback)
{
  JsonNode *node = json_object_get_member (json, key);
  g_autofree char *full = lk_reader_join (path, key);
  gint64 seconds;

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING)
    {
      if (strcmp (json_node_get_string (node), "utc-day") != 0)
        lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, full,
                        "must be a number of seconds or utc-day");
      return 0;
    }

  seconds = lk_reader_integer (reader, json, path, key, fallback);
  if (seconds == 0 && node == NULL)
    return 0;
  if (seconds < 1 || seconds > DAY_S)
    {
      lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, full, "must be 1 to %d seconds", DAY_S);
      return 1;
    }

  return (guint) seconds;
}

static void
load_limit (LkProfile  *self,
            LkReader   *reader,
            JsonObject *json,
            const char *path)
{
  static const char * const keys[] = { "path", "seconds", "calls", "per", "each_path", NULL };
  g_autofree char *calls_path = lk_reader_join (path, "calls");
  gint64 calls = lk_reader_integer (reader, json, path, "calls", 0);
  LkRateLimit *limit = g_new0 (LkRateLimit, 1);

  g_ptr_array_add (self->rate_limits, limit);
  lk_reader_check_keys (reader, json, path, keys);
  limit->path = g_strdup (lk_reader_string (reader, json, path, "path"));
  limit->seconds = load_seconds (reader, json, path, "seconds", 1);
  limit->per = load_word (reader, json, path, "per", pers, "app");
  limit->each_path = lk_reader_boolean (reader, json, path, "each_path");
  limit->calls = (guint) CLAMP (calls, 0, G_MAXUINT / 2);
  if (calls < 1)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, calls_path, "must be 1 or more");
}

static void
load_wait (LkProfile  *self,
           LkReader   *reader,
           JsonObject *json,
           const char *path)
{
  static const char * const keys[] = {
    "code", "http", "msg", "seconds", "again", "limit", "slowed", NULL
  };
  LkWaitRule *rule = g_new0 (LkWaitRule, 1);

  g_ptr_array_add (self->rate_waits, rule);
  lk_reader_check_keys (reader, json, path, keys);
  rule->codes = lk_reader_scalars (reader, json, path, "code");
  rule->http = lk_reader_scalars (reader, json, path, "http");
  rule->messages = lk_reader_strings (reader, json, path, "msg");
  rule->seconds = load_seconds (reader, json, path, "seconds", 60);
  rule->again = load_seconds (reader, json, path, "again", 0);
  rule->limit = load_word (reader, json, path, "limit", limit_words, "unknown");
  rule->slowed = load_word (reader, json, path, "slowed", slowed_words, "app");
}

typedef void (*LoadElement) (LkProfile *self, LkReader *reader, JsonObject *json, const char *path);

static void
load_list (LkProfile   *self,
           LkReader    *reader,
           JsonObject  *rate,
           const char  *key,
           LoadElement  load)
{
  JsonNode *node = rate != NULL ? json_object_get_member (rate, key) : NULL;
  g_autofree char *path = lk_reader_join ("rate", key);
  JsonArray *array;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, path, "must be a list");
      return;
    }

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_autofree char *full = g_strdup_printf ("%s.%u", path, i);

      if (JSON_NODE_HOLDS_OBJECT (element))
        load (self, reader, json_node_get_object (element), full);
      else
        lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, full, "must be an object");
    }
}

static void
load_headers (LkProfile  *self,
              LkReader   *reader,
              JsonObject *rate)
{
  JsonObject *headers = lk_reader_object (reader, rate, "rate", "headers");
  g_autoptr (GList) names = headers != NULL ? json_object_get_members (headers) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    {
      g_autofree char *kind = load_word (reader, headers, "rate.headers", name->data, header_kinds,
                                         "seconds");

      g_ptr_array_add (self->rate_headers, lk_param_new (name->data, kind, FALSE));
    }
}

void
lk_profile_load_rate (LkProfile  *self,
                      LkReader   *reader,
                      JsonObject *json)
{
  static const char * const keys[] = { "limits", "waits", "headers", "wait_s", NULL };
  JsonObject *rate = lk_reader_object (reader, json, "", "rate");

  self->rate_limits = g_ptr_array_new_with_free_func ((GDestroyNotify) limit_free);
  self->rate_waits = g_ptr_array_new_with_free_func ((GDestroyNotify) wait_free);
  self->rate_headers = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_param_free);
  self->rate_wait = 60;
  if (rate == NULL)
    return;

  lk_reader_check_keys (reader, rate, "rate", keys);
  load_list (self, reader, rate, "limits", load_limit);
  load_list (self, reader, rate, "waits", load_wait);
  load_headers (self, reader, rate);
  self->rate_wait = load_seconds (reader, rate, "rate", "wait_s", 60);
}
