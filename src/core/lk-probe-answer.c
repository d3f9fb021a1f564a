/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-facts.h"

/* What a stranger on the bus may make us keep. */
#define MAX_ROWS 5000

static GHashTable *
row_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * lk_probe_answer_new:
 * @center: (nullable)
 * @account: (nullable)
 *
 * Returns: (transfer full): an answer without rows, to the question named
 */
LkProbeAnswer *
lk_probe_answer_new (const char *probe, const char *center, const char *account)
{
  LkProbeAnswer *self;

  g_return_val_if_fail (probe != NULL, NULL);

  self = g_new0 (LkProbeAnswer, 1);
  self->probe = g_strdup (probe);
  self->center = g_strdup (center);
  self->account = g_strdup (account);
  self->skew = LK_SKEW_UNKNOWN;
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);

  return self;
}

LkProbeAnswer *
lk_probe_answer_copy (const LkProbeAnswer *self)
{
  LkProbeAnswer *copy;

  if (self == NULL)
    return NULL;

  copy = lk_probe_answer_new (self->probe, self->center, self->account);
  copy->endpoint = g_strdup (self->endpoint);
  copy->http_status = self->http_status;
  copy->fault = lk_fault_copy (self->fault);
  copy->trace_id = g_strdup (self->trace_id);
  copy->at = self->at;
  copy->skew = self->skew;
  copy->cut = self->cut;
  for (guint i = 0; i < self->rows->len; i++)
    {
      GHashTable *row = lk_probe_answer_add_row (copy);
      GHashTableIter iter;
      const char *column, *value;

      g_hash_table_iter_init (&iter, g_ptr_array_index (self->rows, i));
      while (g_hash_table_iter_next (&iter, (gpointer *) &column, (gpointer *) &value))
        g_hash_table_insert (row, g_strdup (column), g_strdup (value));
    }

  return copy;
}

void
lk_probe_answer_free (LkProbeAnswer *self)
{
  if (self == NULL)
    return;

  g_free (self->probe);
  g_free (self->center);
  g_free (self->account);
  g_free (self->endpoint);
  g_clear_pointer (&self->fault, lk_fault_free);
  g_free (self->trace_id);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

GHashTable *
lk_probe_answer_add_row (LkProbeAnswer *self)
{
  GHashTable *row = row_new ();

  g_ptr_array_add (self->rows, row);

  return row;
}

const char *
lk_probe_answer_get (const LkProbeAnswer *self, guint row, const char *column)
{
  if (row >= self->rows->len)
    return NULL;

  return g_hash_table_lookup (g_ptr_array_index (self->rows, row), column);
}

int
lk_probe_answer_find_row (const LkProbeAnswer *self, const char *column, const char *value)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (value != NULL && g_strcmp0 (lk_probe_answer_get (self, i, column), value) == 0)
      return (int) i;

  return -1;
}

static void
insert_text (GVariantDict *dict, const char *key, const char *text)
{
  g_autofree char *valid = NULL;

  if (text == NULL)
    return;
  valid = g_utf8_make_valid (text, -1);
  g_variant_dict_insert (dict, key, "s", valid);
}

static GVariant *
rows_to_variant (const LkProbeAnswer *self)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{ss}"));
  for (guint i = 0; i < self->rows->len; i++)
    {
      GHashTableIter iter;
      const char *column, *value;

      g_variant_builder_open (&rows, G_VARIANT_TYPE ("a{ss}"));
      g_hash_table_iter_init (&iter, g_ptr_array_index (self->rows, i));
      while (g_hash_table_iter_next (&iter, (gpointer *) &column, (gpointer *) &value))
        {
          g_autofree char *valid = g_utf8_make_valid (value, -1);

          g_variant_builder_add (&rows, "{ss}", column, valid);
        }
      g_variant_builder_close (&rows);
    }

  return g_variant_builder_end (&rows);
}

/**
 * lk_probe_answer_to_variant:
 *
 * Returns: (transfer floating): a{sv}: probe, center, account, endpoint, trace-id (s), http-status
 *   (i), at, skew (x), cut (b), fault (a{sv}), rows (aa{ss}); what is not known is left out
 */
GVariant *
lk_probe_answer_to_variant (const LkProbeAnswer *self)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  insert_text (&dict, "probe", self->probe);
  insert_text (&dict, "center", self->center);
  insert_text (&dict, "account", self->account);
  insert_text (&dict, "endpoint", self->endpoint);
  insert_text (&dict, "trace-id", self->trace_id);
  if (self->http_status != 0)
    g_variant_dict_insert (&dict, "http-status", "i", (gint32) self->http_status);
  g_variant_dict_insert (&dict, "at", "x", self->at);
  if (self->skew != LK_SKEW_UNKNOWN)
    g_variant_dict_insert (&dict, "skew", "x", self->skew);
  if (self->cut)
    g_variant_dict_insert (&dict, "cut", "b", TRUE);
  if (self->fault != NULL)
    g_variant_dict_insert_value (&dict, "fault", lk_fault_to_variant (self->fault));
  if (self->rows->len > 0)
    g_variant_dict_insert_value (&dict, "rows", rows_to_variant (self));

  return g_variant_dict_end (&dict);
}

static void
rows_from_variant (LkProbeAnswer *self, GVariant *rows)
{
  GVariantIter iter;
  GVariant *columns;

  g_variant_iter_init (&iter, rows);
  while ((columns = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_autoptr(GVariant) owned = columns;
      GHashTable *row = lk_probe_answer_add_row (self);
      GVariantIter pairs;
      const char *column, *value;

      g_variant_iter_init (&pairs, owned);
      while (g_variant_iter_next (&pairs, "{&s&s}", &column, &value))
        g_hash_table_insert (row, g_strdup (column), g_strdup (value));
      if (self->rows->len == MAX_ROWS)
        {
          self->cut = TRUE;
          return;
        }
    }
}

/**
 * lk_probe_answer_from_variant:
 * @dict: (nullable)
 *
 * Returns: (transfer full) (nullable): the answer, %NULL when @dict names no probe
 */
LkProbeAnswer *
lk_probe_answer_from_variant (GVariant *dict)
{
  LkProbeAnswer *self;
  const char *probe;
  g_autoptr(GVariant) fault = NULL;
  g_autoptr(GVariant) rows = NULL;

  if (dict == NULL || !g_variant_is_of_type (dict, G_VARIANT_TYPE_VARDICT)
      || !g_variant_lookup (dict, "probe", "&s", &probe))
    return NULL;

  self = lk_probe_answer_new (probe, NULL, NULL);
  g_variant_lookup (dict, "center", "s", &self->center);
  g_variant_lookup (dict, "account", "s", &self->account);
  g_variant_lookup (dict, "endpoint", "s", &self->endpoint);
  g_variant_lookup (dict, "trace-id", "s", &self->trace_id);
  g_variant_lookup (dict, "http-status", "i", &self->http_status);
  g_variant_lookup (dict, "at", "x", &self->at);
  g_variant_lookup (dict, "skew", "x", &self->skew);
  g_variant_lookup (dict, "cut", "b", &self->cut);
  fault = g_variant_lookup_value (dict, "fault", G_VARIANT_TYPE_VARDICT);
  self->fault = lk_fault_from_variant (fault);
  rows = g_variant_lookup_value (dict, "rows", G_VARIANT_TYPE ("aa{ss}"));
  if (rows != NULL)
    rows_from_variant (self, rows);

  return self;
}
