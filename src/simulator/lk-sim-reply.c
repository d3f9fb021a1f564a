/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-message.h"

#include <string.h>

LkSimReply *
lk_sim_reply_new (void)
{
  LkSimReply *self = g_new0 (LkSimReply, 1);

  self->status = 200;
  return self;
}

void
lk_sim_reply_free (LkSimReply *self)
{
  g_free (self->content_type);
  g_free (self->location);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

static void
take_body (LkSimReply *self,
           guint       status,
           const char *content_type,
           char       *body)
{
  self->status = status;
  g_free (self->content_type);
  self->content_type = g_strdup (content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = g_bytes_new_take (body, strlen (body));
}

void
lk_sim_reply_text (LkSimReply *self,
                   guint       status,
                   const char *text)
{
  take_body (self, status, "text/plain; charset=utf-8", g_strdup (text));
}

/* @html: (transfer full) */
void
lk_sim_reply_html (LkSimReply *self,
                   guint       status,
                   char       *html)
{
  take_body (self, status, "text/html; charset=utf-8", html);
}

/* @location: (transfer full) */
void
lk_sim_reply_redirect (LkSimReply *self,
                       char       *location)
{
  lk_sim_reply_text (self, 302, "");
  g_free (self->location);
  self->location = location;
}

void
lk_sim_reply_json (LkSimReply  *self,
                   guint        status,
                   JsonBuilder *builder)
{
  g_autoptr(JsonNode) root = json_builder_get_root (builder);

  take_body (self, status, "application/json", json_to_string (root, FALSE));
}

void
lk_sim_build_string (JsonBuilder *builder,
                     const char  *name,
                     const char  *value)
{
  /* What a caller sent may come back inside a message, whatever its bytes are. */
  g_autofree char *valid = g_utf8_make_valid (value != NULL ? value : "", -1);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, valid);
}

void
lk_sim_build_int (JsonBuilder *builder,
                  const char  *name,
                  gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
lk_sim_build_strv (JsonBuilder  *builder,
                   const char   *name,
                   char        **values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (char **value = values; value != NULL && *value != NULL; value++)
    json_builder_add_string_value (builder, *value);
  json_builder_end_array (builder);
}

/* The form of TikTok's: the time, then hexadecimal digits. */
char *
lk_sim_new_log_id (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d%H%M%S");

  return g_strdup_printf ("%s%08X%08X%04X", time, g_random_int (), g_random_int (),
                          g_random_int () & 0xffffu);
}

static void
begin_business (JsonBuilder *builder,
                gint64       code,
                const char  *message)
{
  g_autofree char *id = lk_sim_new_log_id ();

  json_builder_begin_object (builder);
  lk_sim_build_int (builder, "code", code);
  lk_sim_build_string (builder, "message", message);
  lk_sim_build_string (builder, "request_id", id);
}

static void
add_data (JsonBuilder *builder,
          JsonBuilder *data)
{
  json_builder_set_member_name (builder, "data");
  if (data != NULL)
    {
      json_builder_add_value (builder, json_builder_get_root (data));
      return;
    }
  json_builder_begin_object (builder);
  json_builder_end_object (builder);
}

/**
 * lk_sim_reply_business:
 *
 * The API for Business envelope. Application errors come with HTTP 200.
 */
void
lk_sim_reply_business (LkSimReply  *self,
                       gint64       code,
                       const char  *message,
                       JsonBuilder *data)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  begin_business (builder, code, message);
  add_data (builder, data);
  json_builder_end_object (builder);
  lk_sim_reply_json (self, 200, builder);
}

/* The same without "data", as the TikTok account endpoints answer when they fail. */
void
lk_sim_reply_business_bare (LkSimReply *self,
                            gint64      code,
                            const char *message)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  begin_business (builder, code, message);
  json_builder_end_object (builder);
  lk_sim_reply_json (self, 200, builder);
}

/* TikTok Shop's: the same words, with a status of its own. */
void
lk_sim_reply_shop (LkSimReply  *self,
                   guint        status,
                   gint64       code,
                   const char  *message,
                   JsonBuilder *data)
{
  lk_sim_reply_business (self, code, message, data);
  self->status = status;
}

/* The v2 API envelope; success has the code "ok". */
void
lk_sim_reply_v2 (LkSimReply  *self,
                 guint        status,
                 const char  *code,
                 const char  *message,
                 JsonBuilder *data)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char *id = lk_sim_new_log_id ();

  json_builder_begin_object (builder);
  add_data (builder, data);
  json_builder_set_member_name (builder, "error");
  json_builder_begin_object (builder);
  lk_sim_build_string (builder, "code", code);
  lk_sim_build_string (builder, "message", message);
  lk_sim_build_string (builder, "log_id", id);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  lk_sim_reply_json (self, status, builder);
}

/* Refused grants and refused clients have been seen with HTTP 200, so that a reader has to look
 * at the body. */
static guint
status_of (const char *error)
{
  if (g_str_equal (error, "invalid_grant") || g_str_equal (error, "invalid_client"))
    return 200;
  if (g_str_equal (error, "server_error"))
    return 500;
  if (g_str_equal (error, "temporarily_unavailable"))
    return 503;
  return 400;
}

void
lk_sim_reply_oauth_error (LkSimReply *self,
                          const char *error,
                          const char *description)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char *id = lk_sim_new_log_id ();

  json_builder_begin_object (builder);
  lk_sim_build_string (builder, "error", error);
  lk_sim_build_string (builder, "error_description", description);
  lk_sim_build_string (builder, "log_id", id);
  json_builder_end_object (builder);
  lk_sim_reply_json (self, status_of (error), builder);
}
