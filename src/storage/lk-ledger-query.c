/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include "lk-ledger-private.h"

#include <string.h>

/* After the columns of an event. */
#define NAME_COLUMN 8

/* The first place of the kinds among the values. */
#define FIRST_KIND 5

LkEventQuery *
lk_event_query_copy (const LkEventQuery *self)
{
  LkEventQuery *copy;

  if (self == NULL)
    return NULL;

  copy = g_new0 (LkEventQuery, 1);
  *copy = *self;
  copy->connection = g_strdup (self->connection);
  copy->kinds = g_strdupv (self->kinds);
  copy->search = g_strdup (self->search);

  return copy;
}

void
lk_event_query_free (LkEventQuery *self)
{
  if (self == NULL)
    return;

  g_free (self->connection);
  g_strfreev (self->kinds);
  g_free (self->search);
  g_free (self);
}

/* Search. LIKE of SQLite knows the case of ASCII alone, and is quick; texts with other letters are
 * folded by us, and only when the search has such letters. */

static char *
dup_folded (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *folded = g_utf8_casefold (valid, -1);

  return g_utf8_normalize (folded, -1, G_NORMALIZE_DEFAULT_COMPOSE);
}

static void
fold_cb (sqlite3_context *context,
         int              n_values,
         sqlite3_value  **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);

  if (text == NULL || g_str_is_ascii (text))
    sqlite3_result_value (context, values[0]);
  else
    sqlite3_result_text (context, dup_folded (text), -1, g_free);
}

gboolean
lk_ledger_query_add_functions (sqlite3 *db)
{
  return sqlite3_create_function_v2 (db, "lk_fold", 1,
                                     SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
                                     fold_cb, NULL, NULL, NULL) == SQLITE_OK;
}

static char *
dup_pattern (const char *search)
{
  g_autofree char *folded = g_str_is_ascii (search) ? g_strdup (search) : dup_folded (search);
  GString *pattern = g_string_new ("%");

  for (const char *p = folded; *p != '\0'; p++)
    {
      if (*p == '%' || *p == '_' || *p == '\\')
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');

  return g_string_free (pattern, FALSE);
}

/* These stand otherwise in the JSON of a fault than in its texts. */
static gboolean
is_escaped_in_json (const char *search)
{
  for (const char *p = search; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\' || (guchar) *p < ' ' || *p == 0x7f)
        return TRUE;
    }

  return FALSE;
}

static void
append_like (GString    *sql,
             const char *search,
             const char *value)
{
  g_string_append_printf (sql, g_str_is_ascii (search) ? "%s LIKE ?4 ESCAPE '\\'"
                                                       : "lk_fold (%s) LIKE ?4 ESCAPE '\\'", value);
}

/* The whole fault is looked at first: taking JSON apart a million times would be slow. */
static void
append_search (GString    *sql,
               const char *search)
{
  static const char * const parts[] = { "code", "message", "endpoint", "trace_id" };

  g_string_append (sql, " AND (");
  append_like (sql, search, "text");
  g_string_append (sql, " OR connection IN (SELECT id FROM connections WHERE ");
  append_like (sql, search, "name");
  g_string_append (sql, ") OR (");
  if (is_escaped_in_json (search))
    g_string_append (sql, "fault IS NOT NULL");
  else
    append_like (sql, search, "fault");
  g_string_append (sql, " AND (");
  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *value = g_strdup_printf ("json_extract (fault, '$.%s')", parts[i]);

      g_string_append (sql, i > 0 ? " OR " : "");
      append_like (sql, search, value);
    }
  g_string_append (sql, ")))");
}

/* With @paging the ids are already narrowed down: an index of time or of several kinds would only
 * force a sort. */
static void
append_kinds (GString            *sql,
              const LkEventQuery *query,
              gboolean            paging)
{
  guint n_kinds = g_strv_length (query->kinds);

  if (n_kinds == 1)
    {
      g_string_append_printf (sql, " AND kind = ?%d", FIRST_KIND);
      return;
    }

  g_string_append_printf (sql, " AND %skind IN (", paging ? "+" : "");
  for (guint i = 0; i < n_kinds; i++)
    g_string_append_printf (sql, "%s?%u", i > 0 ? ", " : "", FIRST_KIND + i);
  g_string_append_c (sql, ')');
}

char *
lk_ledger_query_dup_where (const LkEventQuery *query,
                           gboolean            paging)
{
  GString *sql = g_string_new ("1");

  if (query->connection != NULL)
    g_string_append (sql, " AND connection = ?1");
  if (query->since != 0)
    g_string_append_printf (sql, " AND %sat >= ?2", paging ? "+" : "");
  if (query->until != 0)
    g_string_append_printf (sql, " AND %sat < ?3", paging ? "+" : "");
  if (query->kinds != NULL)
    append_kinds (sql, query, paging);
  if (query->search != NULL && query->search[0] != '\0')
    append_search (sql, query->search);

  return g_string_free (sql, FALSE);
}

void
lk_ledger_query_bind (const LkEventQuery *query,
                      sqlite3_stmt       *statement)
{
  /* What stands nowhere in the text has no place to be bound to, which is no error here. */
  if (query->connection != NULL)
    lk_ledger_bind_text (statement, 1, query->connection);
  if (query->since != 0)
    sqlite3_bind_int64 (statement, 2, query->since);
  if (query->until != 0)
    sqlite3_bind_int64 (statement, 3, query->until);
  if (query->search != NULL && query->search[0] != '\0')
    lk_ledger_bind_json (statement, 4, dup_pattern (query->search));
  for (guint i = 0; query->kinds != NULL && query->kinds[i] != NULL; i++)
    lk_ledger_bind_text (statement, FIRST_KIND + (int) i, query->kinds[i]);
}

/* In the reader's thread. */

static gpointer
read_named_event (sqlite3_stmt *statement)
{
  LkEvent *event = lk_ledger_read_event (statement);

  if (event != NULL)
    event->connection_name = g_strdup (lk_ledger_text_of (statement, NAME_COLUMN));

  return event;
}

static void
bind_number (sqlite3_stmt *statement,
             const char   *name,
             gint64        number)
{
  sqlite3_bind_int64 (statement, sqlite3_bind_parameter_index (statement, name), number);
}

static gboolean
read_page (sqlite3     *db,
           LkLedgerJob *job,
           gint64       from,
           gint64       to,
           guint        skip,
           GError     **error)
{
  g_autofree char *where = lk_ledger_query_dup_where (job->query, TRUE);
  g_autofree char *sql =
    g_strdup_printf ("SELECT " LK_LEDGER_EVENT_COLUMNS ", "
                     "(SELECT name FROM connections WHERE connections.id = events.connection) "
                     "FROM events WHERE %s AND id BETWEEN :from AND :to "
                     "ORDER BY id %s LIMIT :limit OFFSET :skip", where,
                     job->query->after > 0 ? "ASC" : "DESC");
  g_autoptr(sqlite3_stmt) statement = lk_ledger_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_query_bind (job->query, statement);
  bind_number (statement, ":from", from);
  bind_number (statement, ":to", to);
  bind_number (statement, ":limit", job->query->limit);
  bind_number (statement, ":skip", skip);

  return lk_ledger_read_rows (db, statement, read_named_event, (GDestroyNotify) lk_event_free,
                              job, error);
}

static gboolean
query_events (sqlite3     *db,
              LkLedgerJob *job,
              GError     **error)
{
  const LkEventQuery *query = job->query;
  gint64 first, from;
  guint skip;

  if (!lk_ledger_places_find (job->places, db, query, &job->total, &first, &from, &skip, error))
    return FALSE;
  if (job->total == 0)
    {
      job->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_event_free);
      return TRUE;
    }
  if (query->after > 0)
    return read_page (db, job, query->after + 1, G_MAXINT64, query->offset, error);
  if (query->before > 0)
    return read_page (db, job, first, query->before - 1, query->offset, error);

  return read_page (db, job, first, from, skip, error);
}

/* The calls. */

/**
 * lk_ledger_query_events_async:
 * @query: what is wanted
 *
 * Looks for lines of the history. A question that is asked again, for another part of what matches,
 * is answered without looking through all of it.
 */
void
lk_ledger_query_events_async (LkLedger           *self,
                              const LkEventQuery *query,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (query != NULL);

  job = lk_ledger_job_new (query_events);
  job->query = lk_event_query_copy (query);
  lk_ledger_start_reading (self, lk_ledger_query_events_async, job, cancellable, callback,
                           user_data);
}

/**
 * lk_ledger_query_events_finish:
 * @total: (out) (optional): how many match, without before, after, offset and limit
 *
 * Returns: (transfer full) (element-type LkEvent): newest first, or with "after" oldest first
 */
GPtrArray *
lk_ledger_query_events_finish (LkLedger     *self,
                               GAsyncResult *result,
                               guint64      *total,
                               GError      **error)
{
  GPtrArray *rows = lk_ledger_finish_rows (self, result, lk_ledger_query_events_async, error);

  if (rows != NULL && total != NULL)
    *total = ((LkLedgerJob *) g_task_get_task_data (G_TASK (result)))->total;

  return rows;
}
