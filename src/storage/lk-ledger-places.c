/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include "lk-ledger-private.h"

/* Of so many lines that match, one id is kept: a page is found from the next of them. */
#define STRIDE 256

/* Questions whose answers are kept in mind. */
#define QUESTIONS 8

/* Ranks count from the oldest line that matches, so that new lines change none of them. */
typedef struct
{
  char    *key;
  GArray  *ids;    /* (element-type gint64): of the ranks 0, STRIDE, 2 * STRIDE… */
  guint64  total;
  gint64   first;
  gint64   last;
  gint64   seen;   /* no line up to this one is looked at again */
} Places;

struct _LkLedgerPlaces
{
  GQueue known;  /* (element-type Places), the last used first */
};

static void
places_free (Places *places)
{
  g_free (places->key);
  g_array_unref (places->ids);
  g_free (places);
}

LkLedgerPlaces *
lk_ledger_places_new (void)
{
  LkLedgerPlaces *self = g_new0 (LkLedgerPlaces, 1);

  g_queue_init (&self->known);

  return self;
}

void
lk_ledger_places_clear (LkLedgerPlaces *self)
{
  g_queue_clear_full (&self->known, (GDestroyNotify) places_free);
}

void
lk_ledger_places_free (LkLedgerPlaces *self)
{
  lk_ledger_places_clear (self);
  g_free (self);
}

/* What decides which lines match; not the part of them that is wanted. */
static char *
dup_key (const LkEventQuery *query)
{
  g_autofree char *kinds = query->kinds != NULL ? g_strjoinv ("\x1f", query->kinds) : NULL;

  return g_strdup_printf ("%s\x1e%s\x1e%" G_GINT64_FORMAT "\x1e%" G_GINT64_FORMAT "\x1e%s",
                          query->connection != NULL ? query->connection : "",
                          kinds != NULL ? kinds : "", query->since, query->until,
                          query->search != NULL ? query->search : "");
}

static Places *
look_up (LkLedgerPlaces     *self,
         const LkEventQuery *query)
{
  g_autofree char *key = dup_key (query);
  Places *places;

  for (GList *link = self->known.head; link != NULL; link = link->next)
    {
      places = link->data;
      if (!g_str_equal (places->key, key))
        continue;
      g_queue_unlink (&self->known, link);
      g_queue_push_head_link (&self->known, link);
      return places;
    }

  places = g_new0 (Places, 1);
  places->key = g_steal_pointer (&key);
  places->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_queue_push_head (&self->known, places);
  if (self->known.length > QUESTIONS)
    places_free (g_queue_pop_tail (&self->known));

  return places;
}

static gboolean
read_newest (sqlite3 *db,
             gint64  *newest,
             GError **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "SELECT coalesce (max (id), 0) FROM events", error);

  if (statement == NULL)
    return FALSE;
  if (sqlite3_step (statement) != SQLITE_ROW)
    return lk_ledger_set_error (error, db, "read");

  *newest = sqlite3_column_int64 (statement, 0);

  return TRUE;
}

/* What is interrupted goes on from there the next time. */
static gboolean
go_on (Places             *places,
       sqlite3            *db,
       const LkEventQuery *query,
       GError            **error)
{
  g_autofree char *where = lk_ledger_query_dup_where (query, FALSE);
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM events WHERE %s AND id > :after "
                                          "ORDER BY id", where);
  g_autoptr(sqlite3_stmt) statement = lk_ledger_prepare (db, sql, error);
  int step;

  if (statement == NULL)
    return FALSE;

  lk_ledger_query_bind (query, statement);
  sqlite3_bind_int64 (statement, sqlite3_bind_parameter_index (statement, ":after"), places->seen);
  while ((step = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      if (places->total % STRIDE == 0)
        g_array_append_val (places->ids, id);
      if (places->total == 0)
        places->first = id;
      places->last = id;
      places->seen = id;
      places->total++;
    }
  if (step != SQLITE_DONE)
    return lk_ledger_set_error (error, db, "read");

  return read_newest (db, &places->seen, error);
}

gboolean
lk_ledger_places_find (LkLedgerPlaces     *self,
                       sqlite3            *db,
                       const LkEventQuery *query,
                       guint64            *total,
                       gint64             *first,
                       gint64             *from,
                       guint              *skip,
                       GError            **error)
{
  Places *places = look_up (self, query);
  guint64 rank, next;

  if (!go_on (places, db, query, error))
    return FALSE;

  *total = places->total;
  *first = places->first;
  *from = 0;
  *skip = 0;
  if (query->offset >= places->total)
    return TRUE;

  rank = places->total - 1 - query->offset;
  next = (rank + STRIDE - 1) / STRIDE;
  if (next < places->ids->len)
    {
      *from = g_array_index (places->ids, gint64, next);
      *skip = (guint) (next * STRIDE - rank);
    }
  else
    {
      *from = places->last;
      *skip = query->offset;
    }

  return TRUE;
}
