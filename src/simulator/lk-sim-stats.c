/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-stats.h"

#include <string.h>

LkSimStats *
lk_sim_stats_new (void)
{
  LkSimStats *self = g_new0 (LkSimStats, 1);

  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
lk_sim_stats_free (LkSimStats *self)
{
  g_hash_table_unref (self->requests);
  g_hash_table_unref (self->tokens);
  g_free (self);
}

void
lk_sim_stats_clear (LkSimStats *self)
{
  g_hash_table_remove_all (self->requests);
  g_hash_table_remove_all (self->tokens);
  self->most_in_flight = self->in_flight;
}

static void
count (GHashTable *table,
       const char *key)
{
  guint before = GPOINTER_TO_UINT (g_hash_table_lookup (table, key));

  g_hash_table_replace (table, g_strdup (key), GUINT_TO_POINTER (before + 1));
}

void
lk_sim_stats_begin (LkSimStats *self,
                    const char *path)
{
  count (self->requests, path);
  self->in_flight++;
  self->most_in_flight = MAX (self->most_in_flight, self->in_flight);
}

void
lk_sim_stats_end (LkSimStats *self)
{
  self->in_flight--;
}

void
lk_sim_stats_count_token (LkSimStats  *self,
                          LkSimFamily  family,
                          const char  *grant,
                          gboolean     granted)
{
  g_autofree char *key = g_strdup_printf ("%s/%s/%s", lk_sim_family_to_string (family), grant,
                                          granted ? "ok" : "refused");

  count (self->tokens, key);
}

static void
build_counts (JsonBuilder *builder,
              const char  *name,
              GHashTable  *table)
{
  g_autoptr(GList) keys = g_list_sort (g_hash_table_get_keys (table), (GCompareFunc) strcmp);

  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  for (GList *l = keys; l != NULL; l = l->next)
    lk_sim_build_int (builder, l->data, GPOINTER_TO_UINT (g_hash_table_lookup (table, l->data)));
  json_builder_end_object (builder);
}

void
lk_sim_stats_build (LkSimStats  *self,
                    JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  build_counts (builder, "requests", self->requests);
  build_counts (builder, "tokens", self->tokens);
  lk_sim_build_int (builder, "in_flight", self->in_flight);
  lk_sim_build_int (builder, "most_in_flight", self->most_in_flight);
  json_builder_end_object (builder);
}
