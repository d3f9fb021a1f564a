/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

#include "lk-buffer-private.h"

typedef struct
{
  const char *name;
  char       *value; /* (owned): wiped */
  gboolean    is_text;
} Filled;

static void
filled_clear (Filled *filled)
{
  lk_wipe_string (filled->value);
}

/* Returns %NULL when a value is missing. */
static GArray *
fill_params (GPtrArray  *params,
             LkValues   *values,
             GError    **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Filled));

  g_array_set_clear_func (all, (GDestroyNotify) filled_clear);
  for (guint i = 0; i < params->len; i++)
    {
      const LkParam *param = g_ptr_array_index (params, i);
      Filled filled = { param->name, NULL, param->is_template };
      gboolean drop = FALSE;

      filled.value = lk_param_fill (param, values, &drop, error);

      if (filled.value == NULL)
        return NULL;
      if (drop)
        lk_wipe_string (filled.value);
      else
        g_array_append_val (all, filled);
    }

  return g_steal_pointer (&all);
}

static void
append_pairs (LkBuffer *buffer,
              GArray   *params)
{
  for (guint i = 0; i < params->len; i++)
    {
      const Filled *filled = &g_array_index (params, Filled, i);

      if (i > 0)
        lk_buffer_append (buffer, "&");
      lk_buffer_append_escaped (buffer, filled->name);
      lk_buffer_append (buffer, "=");
      lk_buffer_append_escaped (buffer, filled->value);
    }
}

static void
append_json (LkBuffer *buffer,
             GArray   *params)
{
  lk_buffer_append (buffer, "{");
  for (guint i = 0; i < params->len; i++)
    {
      const Filled *filled = &g_array_index (params, Filled, i);

      if (i > 0)
        lk_buffer_append (buffer, ",");
      lk_buffer_append_json (buffer, filled->name);
      lk_buffer_append (buffer, ":");
      if (filled->is_text)
        lk_buffer_append_json (buffer, filled->value);
      else
        lk_buffer_append (buffer, filled->value);
    }
  lk_buffer_append (buffer, "}");
}

static void
append_query (LkBuffer   *url,
              const char *base,
              GArray     *params)
{
  lk_buffer_append (url, base);
  if (params->len == 0)
    return;

  lk_buffer_append (url, strchr (base, '?') != NULL ? "&" : "?");
  append_pairs (url, params);
}

/* The address itself may hold placeholders after its host; they are escaped. */
static gboolean
fill_url (LkBuffer    *url,
          const char  *text,
          LkValues    *values,
          GError     **error)
{
  for (const char *at = text; *at != '\0';)
    {
      size_t plain = strcspn (at, "{");
      g_autofree char *before = g_strndup (at, plain);
      g_autofree char *placeholder = NULL;
      char *value;
      gboolean drop;

      lk_buffer_append (url, before);
      at += plain;
      if (*at == '\0')
        break;

      placeholder = g_strndup (at, strcspn (at, "}") + 1);
      value = lk_template_fill (placeholder, values, &drop, error);
      if (value == NULL)
        return FALSE;
      lk_buffer_append_escaped (url, value);
      lk_wipe_string (value);
      at += strlen (placeholder);
    }

  return TRUE;
}

/* (transfer full) (nullable): an address with its placeholders filled in and escaped. */
char *
lk_template_fill_url (const char  *text,
                      LkValues    *values,
                      GError     **error)
{
  g_auto (LkBuffer) url = { 0 };

  return fill_url (&url, text, values, error) ? lk_buffer_steal (&url) : NULL;
}

static LkStepSpec *
get_step (LkProfile  *self,
          LkStep      step,
          GError    **error)
{
  LkStepSpec *spec = self->steps[step];

  if (spec == NULL || spec->url == NULL)
    {
      g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_NO_STEP,
                   "%s has no step “%s”", self->id, lk_step_to_string (step));
      return NULL;
    }

  return spec;
}

char *
lk_profile_build_authorize_uri (LkProfile  *self,
                                LkValues   *values,
                                GError    **error)
{
  g_auto (LkBuffer) base = { 0 };
  g_auto (LkBuffer) url = { 0 };
  g_autoptr (GArray) params = NULL;
  LkStepSpec *spec;

  g_return_val_if_fail (self != NULL && values != NULL, NULL);

  spec = get_step (self, LK_STEP_AUTHORIZE, error);
  if (spec == NULL || !fill_url (&base, spec->url, values, error))
    return NULL;

  params = fill_params (spec->params, values, error);
  if (params == NULL)
    return NULL;

  append_query (&url, base.text, params);

  return lk_buffer_steal (&url);
}

gboolean
lk_request_add_filled_headers (LkRequest  *request,
                               GPtrArray  *headers,
                               LkValues   *values,
                               GError    **error)
{
  g_autoptr (GArray) all = fill_params (headers, values, error);

  if (all == NULL)
    return FALSE;

  for (guint i = 0; i < all->len; i++)
    {
      const Filled *filled = &g_array_index (all, Filled, i);

      /* A line break in a value would begin another header. */
      for (const char *c = filled->value; *c != '\0'; c++)
        {
          if (g_ascii_iscntrl (*c))
            {
              g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_MISSING_VALUE,
                           "the value of header %s is not plain text", filled->name);
              return FALSE;
            }
        }

      lk_request_add_header (request, filled->name, filled->value);
    }

  return TRUE;
}

/* RFC 6749, 2.3.1: both are form-encoded before they are joined. */
static gboolean
add_basic (LkRequest  *request,
           LkValues   *values,
           GError    **error)
{
  const char *id = lk_values_get (values, "client.id");
  const char *secret = lk_values_get (values, "client.secret");
  g_auto (LkBuffer) pair = { 0 };
  g_auto (LkBuffer) header = { 0 };
  char *encoded;

  if (id == NULL || secret == NULL)
    {
      g_set_error_literal (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_MISSING_VALUE,
                           "nothing is known for {client.secret}");
      return FALSE;
    }

  lk_buffer_append_escaped (&pair, id);
  lk_buffer_append (&pair, ":");
  lk_buffer_append_escaped (&pair, secret);
  encoded = g_base64_encode ((const guchar *) pair.text, pair.length);
  lk_buffer_append (&header, "Basic ");
  lk_buffer_append (&header, encoded);
  lk_wipe_string (encoded);
  lk_request_add_header (request, "Authorization", header.text);

  return TRUE;
}

static gboolean
wants_basic (LkStepSpec *spec,
             LkValues   *values)
{
  const char *secret = lk_values_get (values, "client.secret");

  return spec->auth == LK_AUTH_BASIC ||
         (spec->auth == LK_AUTH_BASIC_OR_ID && secret != NULL && *secret != '\0');
}

static void
add_client_id (GArray   *params,
               LkValues *values)
{
  const char *id = lk_values_get (values, "client.id");
  Filled filled = { "client_id", g_strdup (id != NULL ? id : ""), TRUE };

  for (guint i = 0; i < params->len; i++)
    {
      if (strcmp (g_array_index (params, Filled, i).name, "client_id") == 0)
        {
          filled_clear (&filled);
          return;
        }
    }

  g_array_append_val (params, filled);
}

static LkRequest *
put_together (LkStepSpec *spec,
              const char *base,
              GArray     *params)
{
  g_auto (LkBuffer) url = { 0 };
  g_auto (LkBuffer) text = { 0 };
  g_autoptr (GBytes) body = NULL;
  LkRequest *request;

  if (spec->body == LK_BODY_QUERY)
    {
      append_query (&url, base, params);
      return lk_request_new (spec->method, url.text);
    }

  request = lk_request_new (spec->method, base);
  if (spec->body == LK_BODY_NONE)
    return request;

  if (spec->body == LK_BODY_JSON)
    append_json (&text, params);
  else
    append_pairs (&text, params);
  body = lk_buffer_steal_bytes (&text);
  lk_request_set_body (request,
                       spec->body == LK_BODY_JSON ? "application/json"
                                                  : "application/x-www-form-urlencoded",
                       body);

  return request;
}

/**
 * lk_profile_fill_request:
 * @now: seconds since 1970 UTC, for requests that are signed
 *
 * Returns: (transfer full) (nullable): the request, %NULL when a value is missing
 */
LkRequest *
lk_profile_fill_request (LkProfile   *self,
                         LkStepSpec  *spec,
                         LkValues    *values,
                         gint64       now,
                         GError     **error)
{
  g_autoptr (LkRequest) request = NULL;
  g_auto (LkBuffer) base = { 0 };
  g_autoptr (GArray) params = NULL;
  gboolean basic;

  if (!fill_url (&base, spec->url, values, error))
    return NULL;

  params = fill_params (spec->params, values, error);
  if (params == NULL)
    return NULL;

  basic = wants_basic (spec, values);
  if (spec->auth == LK_AUTH_BASIC_OR_ID && !basic)
    add_client_id (params, values);

  request = put_together (spec, base.text, params);
  if (basic && !add_basic (request, values, error))
    return NULL;
  if (!lk_request_add_filled_headers (request, self->headers, values, error) ||
      !lk_request_add_filled_headers (request, spec->headers, values, error))
    return NULL;
  if (spec->sign && !lk_profile_sign (self, request, values, now, error))
    return NULL;

  return g_steal_pointer (&request);
}

/**
 * lk_profile_build_request:
 * @step: any but %LK_STEP_AUTHORIZE
 * @values: what its templates name; "now" too for providers that sign requests
 *
 * Returns: (transfer full) (nullable): the request, %NULL when the provider has no such step or a
 *   value is missing
 */
LkRequest *
lk_profile_build_request (LkProfile  *self,
                          LkStep      step,
                          LkValues   *values,
                          GError    **error)
{
  LkStepSpec *spec;
  const char *now;

  g_return_val_if_fail (self != NULL && values != NULL, NULL);
  g_return_val_if_fail ((unsigned int) step < LK_N_STEPS, NULL);

  spec = get_step (self, step, error);
  if (spec == NULL)
    return NULL;

  now = lk_values_get (values, "now");

  return lk_profile_fill_request (self, spec, values,
                                  now != NULL ? g_ascii_strtoll (now, NULL, 10) : 0, error);
}
