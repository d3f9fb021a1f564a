/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-bundle.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "lk-clock.h"
#include "lk-paste.h"

#define FORMAT 1
#define GONE "•••"
/* What a person still reads before saving. */
#define MAX_ROWS 50
#define MAX_ACCOUNTS 100
#define MAX_TEXT 400

/* A mail address, also escaped in a link. What is left is the first letter and the domain. */
#define NO_MAIL "\\s@%\"'<>,;:()=?&"
#define EMAIL "(?<![^" NO_MAIL "])([^" NO_MAIL "])[^" NO_MAIL "]*+(?:@|%40)(?=[A-Za-z0-9-]+\\.)"

/**
 * Bundle:
 * @careful: each text is searched for a secret by itself, and goes when it seems to hold one
 */
typedef struct
{
  JsonBuilder *builder;
  GRegex      *email;
  gboolean     careful;
} Bundle;

/* The first letter is enough to tell two of one's own addresses apart. */
static char *
mask_emails (Bundle     *self,
             const char *text)
{
  return g_regex_replace (self->email, text, -1, 0, "\\1" GONE "@", 0, NULL);
}

static gboolean
seems_secret (const char *key,
              const char *text)
{
  g_autofree char *member = g_strdup_printf ("\"%s\": \"%s\"", key, text);

  return lk_bundle_find_secret (member, NULL);
}

static void
add_text (Bundle     *self,
          const char *key,
          const char *text)
{
  g_autofree char *valid = NULL;
  g_autofree char *masked = NULL;

  json_builder_set_member_name (self->builder, key);
  if (text == NULL || *text == '\0')
    {
      json_builder_add_null_value (self->builder);
      return;
    }

  valid = g_utf8_make_valid (text, -1);
  if (strlen (valid) > MAX_TEXT)
    *g_utf8_find_prev_char (valid, valid + MAX_TEXT) = '\0';
  masked = mask_emails (self, valid);
  if (masked == NULL || (self->careful && seems_secret (key, masked)))
    json_builder_add_string_value (self->builder, GONE);
  else
    json_builder_add_string_value (self->builder, masked);
}

/* Somebody else's sentence. */
static void
add_message (Bundle     *self,
             const char *key,
             const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
  g_autofree char *redacted = lk_paste_redact (valid);

  add_text (self, key, redacted);
}

/* A path; what follows a "?" may be anything. */
static void
add_path (Bundle     *self,
          const char *key,
          const char *path)
{
  g_autofree char *bare = path != NULL ? g_strndup (path, strcspn (path, "?#")) : NULL;

  add_text (self, key, bare);
}

static void
add_time (Bundle     *self,
          const char *key,
          gint64      seconds)
{
  g_autofree char *text = seconds > 0 ? lk_time_to_string (seconds) : NULL;

  add_text (self, key, text);
}

static void
add_number (Bundle     *self,
            const char *key,
            gint64      number)
{
  json_builder_set_member_name (self->builder, key);
  json_builder_add_int_value (self->builder, number);
}

static void
add_flag (Bundle     *self,
          const char *key,
          gboolean    flag)
{
  json_builder_set_member_name (self->builder, key);
  json_builder_add_boolean_value (self->builder, flag);
}

static void
add_status (Bundle *self,
            int     http_status)
{
  if (http_status > 0)
    add_number (self, "http_status", http_status);
  else
    add_text (self, "http_status", NULL);
}

static void
add_words (Bundle            *self,
           const char        *key,
           const char *const *words)
{
  json_builder_set_member_name (self->builder, key);
  if (words == NULL)
    {
      json_builder_add_null_value (self->builder);
      return;
    }

  json_builder_begin_array (self->builder);
  for (unsigned int i = 0; words[i] != NULL; i++)
    {
      g_autofree char *valid = g_utf8_make_valid (words[i], -1);

      json_builder_add_string_value (self->builder, self->careful && seems_secret (key, valid)
                                                      ? GONE : valid);
    }
  json_builder_end_array (self->builder);
}

static void
begin_object (Bundle     *self,
              const char *key)
{
  if (key != NULL)
    json_builder_set_member_name (self->builder, key);
  json_builder_begin_object (self->builder);
}

static void
begin_array (Bundle     *self,
             const char *key)
{
  json_builder_set_member_name (self->builder, key);
  json_builder_begin_array (self->builder);
}

static void
add_fault (Bundle        *self,
           const char    *key,
           const LkFault *fault)
{
  if (fault == NULL)
    {
      add_text (self, key, NULL);
      return;
    }

  begin_object (self, key);
  add_text (self, "trace_id", fault->trace_id);
  add_time (self, "at", fault->at);
  add_text (self, "class", lk_class_to_string (fault->klass));
  add_text (self, "code", fault->code);
  add_text (self, "sub", fault->sub);
  add_text (self, "type", fault->type);
  add_message (self, "message", fault->message);
  add_status (self, fault->http_status);
  add_text (self, "step", fault->step);
  add_text (self, "method", fault->method);
  add_path (self, "endpoint", fault->endpoint);
  add_text (self, "account", fault->account);
  add_text (self, "limit", fault->limit);
  add_text (self, "slowed", fault->slowed);
  add_time (self, "retry_at", fault->retry_at);
  json_builder_end_object (self->builder);
}

static void
add_connection (Bundle        *self,
                const LkFacts *facts)
{
  begin_object (self, "connection");
  add_text (self, "id", facts->connection);
  add_text (self, "provider", facts->provider);
  add_text (self, "family", facts->family);
  add_text (self, "client_id", facts->client_id);
  add_text (self, "login_id", facts->identity);
  add_time (self, "signed_in", facts->signed_in);
  add_time (self, "last_verified", facts->last_verified);
  add_flag (self, "can_renew", facts->can_renew);
  add_flag (self, "renewed_before_refusal", facts->renewed);
  add_flag (self, "offline", facts->offline);
  json_builder_end_object (self->builder);
}

static void
add_scopes (Bundle        *self,
            const LkFacts *facts)
{
  begin_object (self, "scopes");
  add_words (self, "asked", (const char *const *) facts->scopes_asked);
  add_words (self, "granted", (const char *const *) facts->scopes_granted);
  json_builder_end_object (self->builder);
}

/* Ids only: whose accounts they are the platform knows. */
static void
add_accounts (Bundle        *self,
              const LkFacts *facts)
{
  begin_object (self, "accounts");
  add_flag (self, "known", facts->accounts_known);
  add_number (self, "count", facts->accounts->len);
  begin_array (self, "listed");
  for (unsigned int i = 0; i < MIN (facts->accounts->len, MAX_ACCOUNTS); i++)
    {
      const LkAccount *account = g_ptr_array_index (facts->accounts, i);

      begin_object (self, NULL);
      add_text (self, "id", account->id);
      json_builder_end_object (self->builder);
    }
  json_builder_end_array (self->builder);
  json_builder_end_object (self->builder);
}

/* Columns that a support needs; names of people and companies are none of them. */
static void
add_row (Bundle     *self,
         GHashTable *row)
{
  static const char *const columns[] = { "id", "role", "status", "state", "relation", "kind",
                                         "center", "scope", "at", "link" };
  static const char *const sentences[] = { "email", "reason", "title" };

  begin_object (self, NULL);
  for (unsigned int i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      if (g_hash_table_contains (row, columns[i]))
        add_text (self, columns[i], g_hash_table_lookup (row, columns[i]));
    }
  for (unsigned int i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      if (g_hash_table_contains (row, sentences[i]))
        add_message (self, sentences[i], g_hash_table_lookup (row, sentences[i]));
    }
  json_builder_end_object (self->builder);
}

static void
add_answer (Bundle              *self,
            const LkProbeAnswer *answer)
{
  begin_object (self, NULL);
  add_text (self, "probe", answer->probe);
  add_text (self, "trace_id", answer->trace_id);
  add_time (self, "at", answer->at);
  add_path (self, "endpoint", answer->endpoint);
  add_text (self, "center", answer->center);
  add_text (self, "account", answer->account);
  add_status (self, answer->http_status);
  if (answer->skew != LK_SKEW_UNKNOWN)
    add_number (self, "clock_skew_seconds", answer->skew);
  add_fault (self, "refused", answer->fault);
  add_number (self, "row_count", answer->rows->len);
  add_flag (self, "more_rows", answer->cut);
  begin_array (self, "rows");
  for (unsigned int i = 0; i < MIN (answer->rows->len, MAX_ROWS); i++)
    add_row (self, g_ptr_array_index (answer->rows, i));
  json_builder_end_array (self->builder);
  json_builder_end_object (self->builder);
}

static void
add_finding (Bundle          *self,
             const LkFinding *finding)
{
  static const char *const values[] = { "account", "center", "role", "needed-role", "relation",
                                        "status", "scope" };

  begin_object (self, NULL);
  add_text (self, "cause", finding->cause);
  add_number (self, "confidence_percent", (gint64) (finding->confidence * 100 + 0.5));
  add_text (self, "turn", lk_turn_to_string (finding->turn));
  add_text (self, "remedy", finding->remedy);
  if (finding->fault != NULL)
    {
      add_text (self, "class", lk_class_to_string (finding->fault->klass));
      add_text (self, "code", finding->fault->code);
    }
  for (unsigned int i = 0; finding->values != NULL && i < G_N_ELEMENTS (values); i++)
    {
      if (g_hash_table_contains (finding->values, values[i]))
        add_text (self, values[i], g_hash_table_lookup (finding->values, values[i]));
    }
  json_builder_end_object (self->builder);
}

static char *
make_text (Bundle            *self,
           const LkFacts     *facts,
           GPtrArray         *findings,
           const char *const *versions)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  self->builder = builder;
  begin_object (self, NULL);
  add_number (self, "latchkey_support_bundle", FORMAT);
  add_time (self, "made", facts->now);
  add_words (self, "versions", versions);
  add_fault (self, "refusal", facts->fault);
  begin_array (self, "findings");
  for (unsigned int i = 0; findings != NULL && i < findings->len; i++)
    add_finding (self, g_ptr_array_index (findings, i));
  json_builder_end_array (builder);
  add_connection (self, facts);
  add_scopes (self, facts);
  add_accounts (self, facts);
  begin_array (self, "answers");
  for (unsigned int i = 0; i < facts->answers->len; i++)
    add_answer (self, g_ptr_array_index (facts->answers, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, TRUE);
}

char *
lk_bundle_new (const LkFacts     *facts,
               GPtrArray         *findings,
               const char *const *versions)
{
  g_autoptr (GRegex) email = g_regex_new (EMAIL, G_REGEX_OPTIMIZE, 0, NULL);
  Bundle bundle = { .email = email };
  g_autofree char *text = make_text (&bundle, facts, findings, versions);

  if (!lk_bundle_find_secret (text, NULL))
    return g_strconcat (text, "\n", NULL);

  /* Somewhere a platform put a secret where none belongs; look at each text by itself. */
  bundle.careful = TRUE;
  g_free (text);
  text = make_text (&bundle, facts, findings, versions);

  return g_strconcat (text, "\n", NULL);
}
