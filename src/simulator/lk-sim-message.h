/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * LkSimRequest:
 * @query: the decoded query, never %NULL
 * @form: (nullable): the decoded body when it was sent as a form; a multipart file's name, size and
 *   MD5 are "NAME", "NAME:size" and "NAME:md5"
 * @json: (nullable): the body when it was sent as a JSON object
 * @body: the bytes as they came
 *
 * A request, read once. Handlers never see the HTTP library.
 */
typedef struct
{
  char       *method;
  char       *path;
  char       *content_type;  /* (nullable) without parameters, lower case */
  char       *authorization; /* (nullable) */
  char       *access_token;  /* (nullable) the Access-Token header */
  char       *shop_token;    /* (nullable) the x-tts-access-token header */
  GHashTable *query;
  GHashTable *form;
  JsonObject *json;
  GBytes     *body;
} LkSimRequest;

/**
 * LkSimReply:
 * @location: (nullable): where a 3xx leads to
 *
 * What a handler answers.
 */
typedef struct
{
  guint   status;
  char   *content_type; /* (nullable) */
  char   *location;
  GBytes *body;         /* (nullable) */
} LkSimReply;

LkSimRequest *lk_sim_request_new         (SoupServerMessage *message, const char *path,
                                          GHashTable *query);
void          lk_sim_request_free        (LkSimRequest *self);
const char   *lk_sim_request_get_query   (const LkSimRequest *self, const char *name);
const char   *lk_sim_request_get_form    (const LkSimRequest *self, const char *name);
const char   *lk_sim_request_get_json    (const LkSimRequest *self, const char *name);
const char   *lk_sim_request_get_grant   (const LkSimRequest *self);
const char   *lk_sim_request_get_field   (const LkSimRequest *self, const char *name);
char        **lk_sim_request_get_list    (const LkSimRequest *self, const char *name);
JsonObject   *lk_sim_request_get_object  (const LkSimRequest *self, const char *name);

const char   *lk_sim_json_string         (JsonObject *object, const char *name);
gint64        lk_sim_json_int            (JsonObject *object, const char *name, gint64 fallback);
gboolean      lk_sim_json_bool           (JsonObject *object, const char *name, gboolean fallback);
char        **lk_sim_json_strv           (JsonObject *object, const char *name);
void          lk_sim_build_string        (JsonBuilder *builder, const char *name,
                                          const char *value);
void          lk_sim_build_int           (JsonBuilder *builder, const char *name, gint64 value);
void          lk_sim_build_strv          (JsonBuilder *builder, const char *name,
                                          char **values);

LkSimReply   *lk_sim_reply_new           (void);
void          lk_sim_reply_free          (LkSimReply *self);
void          lk_sim_reply_text          (LkSimReply *self, guint status, const char *text);
void          lk_sim_reply_html          (LkSimReply *self, guint status, char *html);
void          lk_sim_reply_json          (LkSimReply *self, guint status, JsonBuilder *builder);
void          lk_sim_reply_redirect      (LkSimReply *self, char *location);
char         *lk_sim_new_log_id          (void);

/* The envelopes. @data may be %NULL. */
void          lk_sim_reply_business      (LkSimReply *self, gint64 code, const char *message,
                                          JsonBuilder *data);
void          lk_sim_reply_business_bare (LkSimReply *self, gint64 code, const char *message);
void          lk_sim_reply_v2            (LkSimReply *self, guint status, const char *code,
                                          const char *message, JsonBuilder *data);
void          lk_sim_reply_shop          (LkSimReply *self, guint status, gint64 code,
                                          const char *message, JsonBuilder *data);
void          lk_sim_reply_oauth_error   (LkSimReply *self, const char *error,
                                          const char *description);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkSimRequest, lk_sim_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkSimReply, lk_sim_reply_free)

G_END_DECLS
