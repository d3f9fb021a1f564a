/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-json-private.h"
#include "lk-profile-calls.h"

G_BEGIN_DECLS

#define LK_N_STEPS (LK_STEP_API + 1)

typedef enum
{
  LK_BODY_NONE,
  LK_BODY_QUERY,
  LK_BODY_FORM,
  LK_BODY_JSON,
} LkBody;

typedef enum
{
  LK_AUTH_PARAMS,
  LK_AUTH_BASIC,
  LK_AUTH_BASIC_OR_ID,
} LkAuth;

/* @value is a template when it was text, else JSON that is sent as it is. @json: a list or an
 * object whose texts are templates, sent as JSON. */
typedef struct
{
  char     *name;
  char     *value;
  gboolean  is_template;
  JsonNode *json; /* (nullable) */
} LkParam;

/* All must hold, and the HTTP status must be 2xx. */
typedef struct
{
  char      **present; /* (nullable) */
  char      **absent;  /* (nullable) */
  GPtrArray  *equals;  /* LkParam: path and value */
} LkOk;

typedef enum
{
  LK_EXPIRY_NONE,
  LK_EXPIRY_RELATIVE,
  LK_EXPIRY_ABSOLUTE,
  LK_EXPIRY_AUTO,
  LK_EXPIRY_FIXED,
  LK_EXPIRY_NEVER,
} LkExpiryKind;

typedef struct
{
  LkExpiryKind   kind;
  char         **from;          /* (nullable) */
  gint64         seconds;
  gint64         cap_days;      /* 0: none */
  gboolean       zero_never;
  gboolean       missing_never;
} LkExpiry;

/* Paths, each a list tried in order; %NULL when the profile does not map it. */
typedef struct
{
  char     **access;
  char     **refresh;
  LkExpiry   expires;
  LkExpiry   refresh_expires;
  char     **scopes;
  char      *scope_split; /* (nullable): %NULL for arrays */
  char     **identity;
  char     **label;
  char     **accounts;
  char     **account_id;   /* (nullable): inside an element; %NULL when the element is the id */
  char     **account_name;
} LkMap;

typedef struct
{
  char       *method;
  char       *url;
  LkBody      body;
  LkAuth      auth;
  GPtrArray  *params;  /* LkParam */
  GPtrArray  *headers; /* LkParam */
  char      **roots;   /* (nullable) */
  LkOk       *ok;      /* (nullable) */
  LkMap       map;
  gboolean    sign;
} LkStepSpec;

/* Names of the parameters that a signed request carries. */
typedef struct
{
  char *key;
  char *time;
  char *sign;
} LkSign;

/* Where a column of an answer stands, and other words for its values. */
typedef struct
{
  char        *name;
  char       **paths;
  GHashTable  *words; /* (nullable) */
} LkColumn;

typedef struct
{
  char        *name;
  LkStepSpec  *spec;
  LkStep       step;    /* whose rules judge a refusal */
  gboolean     token;
  gboolean     is_rss;
  char       **list;    /* (nullable): paths; %NULL when the whole reply is one row */
  char       **total;   /* (nullable) */
  char        *split;   /* (nullable): the list is one text */
  GPtrArray   *columns; /* LkColumn */
  char       **passes;  /* (nullable): classes of a refusal that answer the question with yes */
} LkProbe;

typedef struct
{
  char     **codes;
  char     **http;
  char     **messages;
  guint      seconds;
  guint      again;
  char      *limit;
  char      *slowed;
} LkWaitRule;

typedef struct
{
  char **code;
  char **sub;
  char **type;
  char **message;
  char **trace;
  char **only;
  char  *tail;
} LkShape;

typedef struct
{
  char    **on;
  char    **http;
  char    **code;
  char    **sub;
  char    **type;
  char    **message;
  LkClass   klass;
  char     *hint;
} LkRule;

struct _LkProfile
{
  gatomicrefcount   ref_count;
  char             *id;
  char             *name;
  char             *family;
  char             *docs;
  char             *portal;
  char             *checked;
  char             *file;
  gboolean          sandbox;
  char             *client_id_label;
  char             *secret_label;
  gboolean          secret_required;
  char            **extra;
  LkRedirectModes   modes;
  char             *redirect_register;
  char             *redirect_path;
  gboolean          any_port;
  gboolean          trailing_slash;
  char            **code_names;
  LkPkce            pkce;
  char            **default_scopes;
  char             *scope_joiner;
  GHashTable       *scope_sets;
  gint64            access_life;
  GHashTable       *vars;
  GPtrArray        *headers; /* LkParam, sent with every request */
  LkStepSpec       *steps[LK_N_STEPS];
  char            **roots;
  LkOk             *ok;
  LkMap             map;
  GPtrArray        *shapes; /* LkShape */
  GPtrArray        *rules;  /* LkRule */
  char            **call_account; /* (nullable) */
  gboolean          call_slash;
  LkSign           *sign;         /* (nullable) */
  GHashTable       *probes;       /* name -> LkProbe */
  GHashTable       *links;        /* name -> texts, tried in order */
  GPtrArray        *rate_limits;  /* LkRateLimit */
  GPtrArray        *rate_waits;   /* LkWaitRule */
  GPtrArray        *rate_headers; /* LkParam: name, and what its number is */
  guint             rate_wait;
};

/* lk-profile-load.c */
LkProfile  *lk_profile_load              (JsonObject *json, const char *file, GHashTable *lines,
                                          GPtrArray *warnings, GError **error);
/* lk-step-load.c */
void        lk_profile_load_steps        (LkProfile *self, LkReader *reader, JsonObject *json);
LkStepSpec *lk_step_spec_load            (LkProfile *self, LkReader *reader, JsonObject *profile,
                                          JsonObject *own, const char *path, gboolean is_api);
void        lk_step_spec_free            (LkStepSpec *self);
GPtrArray  *lk_profile_load_params       (LkProfile *self, LkReader *reader, JsonObject *json,
                                          const char *path, const char *key);
/* lk-map-load.c */
void        lk_map_load                  (LkMap *self, LkReader *reader, JsonObject *json,
                                          const char *path);
void        lk_map_clear                 (LkMap *self);
LkOk       *lk_ok_load                   (LkReader *reader, JsonObject *json, const char *path);
void        lk_ok_free                   (LkOk *self);
/* lk-param.c */
LkParam    *lk_param_new                 (const char *name, const char *value,
                                          gboolean is_template);
void        lk_param_free                (LkParam *self);
JsonNode   *lk_profile_load_json_param   (LkProfile *self, LkReader *reader, const char *path,
                                          JsonNode *node);
char       *lk_param_fill                (const LkParam *self, LkValues *values, gboolean *drop,
                                          GError **error);
/* lk-probe-load.c */
void        lk_profile_load_probes       (LkProfile *self, LkReader *reader, JsonObject *json);
void        lk_profile_load_links        (LkProfile *self, LkReader *reader, JsonObject *json);
/* lk-rate-load.c */
void        lk_profile_load_rate         (LkProfile *self, LkReader *reader, JsonObject *json);
/* lk-sign.c */
void        lk_profile_load_sign         (LkProfile *self, LkReader *reader, JsonObject *json);
void        lk_sign_free                 (LkSign *self);
gboolean    lk_profile_sign              (LkProfile *self, LkRequest *request, LkValues *values,
                                          gint64 now, GError **error);
/* lk-request.c */
void        lk_request_take_url          (LkRequest *self, char *url);
/* lk-request-build.c */
LkRequest  *lk_profile_fill_request      (LkProfile *self, LkStepSpec *spec, LkValues *values,
                                          gint64 now, GError **error);
gboolean    lk_request_add_filled_headers (LkRequest *request, GPtrArray *headers,
                                          LkValues *values, GError **error);
char       *lk_template_fill_url         (const char *text, LkValues *values, GError **error);
/* lk-call-target.c */
char       *lk_profile_dup_call_base     (LkProfile *self, LkValues *values,
                                          const LkCallRequest *call, char **query,
                                          GError **error);
/* lk-reply.c */
JsonNode   *lk_reply_parse               (const LkReply *reply);
LkFault    *lk_profile_judge             (LkProfile *self, const LkOk *ok, LkStep step,
                                          const LkReply *reply, JsonNode *root);
/* lk-rss.c */
gboolean    lk_rss_read                  (GBytes *body, LkProbeAnswer *answer);
/* lk-http-date.c */
gint64      lk_http_date_parse           (const char *text);
/* lk-rules.c */
gboolean    lk_patterns_match            (char **patterns, const char *value);
gboolean    lk_parts_match               (char **parts, const char *message);
/* lk-rules-load.c */
void        lk_profile_load_errors       (LkProfile *self, LkReader *reader, JsonObject *json);
/* lk-rules.c */
LkFault    *lk_profile_find_fault        (LkProfile *self, JsonNode *root, const char *step,
                                          int http_status);
/* lk-redirect.c */
gboolean    lk_address_is_allowed        (const char *address);
/* lk-expiry.c */
gint64      lk_expiry_read               (const LkExpiry *self, JsonNode *root, gint64 now);
/* lk-template.c */
char       *lk_profile_expand_vars       (LkProfile *self, LkReader *reader, const char *path,
                                          const char *text);
gboolean    lk_profile_check_template    (LkProfile *self, LkReader *reader, const char *path,
                                          const char *text);
const char *lk_values_get                (LkValues *self, const char *name);
char       *lk_template_fill             (const char *text, LkValues *values, gboolean *drop,
                                          GError **error);

G_END_DECLS
