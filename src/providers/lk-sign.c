/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

#include "lk-query-private.h"

static char *
load_name (LkReader   *reader,
           JsonObject *json,
           const char *key,
           const char *fallback)
{
  const char *name = lk_reader_string (reader, json, "api.sign", key);

  return g_strdup (name != NULL ? name : fallback);
}

/**
 * lk_profile_load_sign:
 * @json: the profile's "api"
 */
void
lk_profile_load_sign (LkProfile  *self,
                      LkReader   *reader,
                      JsonObject *json)
{
  static const char * const keys[] = { "kind", "key", "time", "sign", NULL };
  JsonObject *sign = lk_reader_object (reader, json, "api", "sign");

  if (sign == NULL)
    return;

  lk_reader_check_keys (reader, sign, "api.sign", keys);
  if (g_strcmp0 (lk_reader_string (reader, sign, "api.sign", "kind"), "tiktok-shop") != 0)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, "api.sign.kind",
                    "must be tiktok-shop");

  self->sign = g_new0 (LkSign, 1);
  self->sign->key = load_name (reader, sign, "key", "app_key");
  self->sign->time = load_name (reader, sign, "time", "timestamp");
  self->sign->sign = load_name (reader, sign, "sign", "sign");
}

void
lk_sign_free (LkSign *self)
{
  g_free (self->key);
  g_free (self->time);
  g_free (self->sign);
  g_free (self);
}

static int
compare_pairs (gconstpointer a,
               gconstpointer b)
{
  const LkPair *one = *(const LkPair * const *) a;
  const LkPair *other = *(const LkPair * const *) b;

  return strcmp (one->name, other->name);
}

static void
feed (GHmac      *hmac,
      const char *text)
{
  g_hmac_update (hmac, (const guchar *) text, (gssize) strlen (text));
}

/* secret + path + sorted names and values, decoded + the very bytes of the body + secret, as
 * tiktok-shop's partner documentation says. */
static char *
compute (const char *secret,
         const char *path,
         GArray     *query,
         LkRequest  *request)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) secret,
                                       strlen (secret));
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  const char *type = lk_request_get_content_type (request);
  GBytes *body = lk_request_get_body (request);

  for (guint i = 0; i < query->len; i++)
    g_ptr_array_add (sorted, &g_array_index (query, LkPair, i));
  g_ptr_array_sort (sorted, compare_pairs);

  feed (hmac, secret);
  feed (hmac, path);
  for (guint i = 0; i < sorted->len; i++)
    {
      const LkPair *pair = g_ptr_array_index (sorted, i);

      if (strcmp (pair->name, "access_token") == 0)
        continue;
      feed (hmac, pair->name);
      feed (hmac, pair->value);
    }

  if (body != NULL && (type == NULL ||
                       g_ascii_strncasecmp (type, "multipart/form-data",
                                            strlen ("multipart/form-data")) != 0))
    g_hmac_update (hmac, g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body));
  feed (hmac, secret);

  return g_strdup (g_hmac_get_string (hmac));
}

static void
put_back (LkRequest *request,
          GArray    *query)
{
  g_auto (LkBuffer) url = { 0 };
  const char *old = lk_request_get_url (request);
  g_autofree char *base = g_strndup (old, strcspn (old, "?#"));

  lk_buffer_append (&url, base);
  lk_query_append (query, &url);
  lk_request_take_url (request, lk_buffer_steal (&url));
}

/**
 * lk_profile_sign:
 * @now: seconds since 1970 UTC by the server's clock
 *
 * Adds app key, time and signature to the query of a request that is otherwise finished.
 */
gboolean
lk_profile_sign (LkProfile  *self,
                 LkRequest  *request,
                 LkValues   *values,
                 gint64      now,
                 GError    **error)
{
  const char *key = lk_values_get (values, "client.id");
  const char *secret = lk_values_get (values, "client.secret");
  const char *mark = strchr (lk_request_get_url (request), '?');
  g_autoptr (GArray) query = lk_query_new ();
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, now);
  g_autofree char *sign = NULL;

  if (key == NULL || *key == '\0' || secret == NULL || *secret == '\0' || now <= 0)
    {
      g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_MISSING_VALUE,
                   "nothing is known for {%s}, which the signature needs",
                   now <= 0 ? "now" : key == NULL || *key == '\0' ? "client.id" : "client.secret");
      return FALSE;
    }

  if (mark != NULL && !lk_query_parse (query, mark + 1))
    {
      g_set_error_literal (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_SYNTAX,
                           "the query cannot be signed: it is not text");
      return FALSE;
    }

  lk_query_remove (query, self->sign->key);
  lk_query_remove (query, self->sign->time);
  lk_query_remove (query, self->sign->sign);
  lk_query_add (query, self->sign->key, key);
  lk_query_add (query, self->sign->time, time);
  sign = compute (secret, lk_request_get_path (request), query, request);
  lk_query_add (query, self->sign->sign, sign);
  put_back (request, query);

  return TRUE;
}
