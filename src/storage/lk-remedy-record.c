/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-remedy-record.h"

LkStepRecord *
lk_step_record_new (const char *id,
                    const char *state,
                    gint64      at)
{
  LkStepRecord *self = g_new0 (LkStepRecord, 1);

  self->id = g_strdup (id);
  self->state = g_strdup (state);
  self->at = at;

  return self;
}

void
lk_step_record_free (LkStepRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->state);
  g_free (self);
}

static GHashTable *
new_values (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * lk_remedy_record_new:
 *
 * Returns: (transfer full): a record without values, facts and steps
 */
LkRemedyRecord *
lk_remedy_record_new (void)
{
  LkRemedyRecord *self = g_new0 (LkRemedyRecord, 1);

  self->values = new_values ();
  self->facts = lk_facts_new ();
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_step_record_free);

  return self;
}

LkRemedyRecord *
lk_remedy_record_copy (const LkRemedyRecord *self)
{
  LkRemedyRecord *copy;
  GHashTableIter iter;
  gpointer name, value;

  if (self == NULL)
    return NULL;

  copy = g_new0 (LkRemedyRecord, 1);
  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->connection = g_strdup (self->connection);
  copy->remedy = g_strdup (self->remedy);
  copy->cause = g_strdup (self->cause);
  copy->values = new_values ();
  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (copy->values, g_strdup (name), g_strdup (value));
  copy->facts = lk_facts_copy (self->facts);
  copy->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_step_record_free);
  for (guint i = 0; i < self->steps->len; i++)
    {
      const LkStepRecord *step = self->steps->pdata[i];

      g_ptr_array_add (copy->steps, lk_step_record_new (step->id, step->state, step->at));
    }
  copy->call = self->call != NULL ? lk_call_request_ref (self->call) : NULL;

  return copy;
}

void
lk_remedy_record_free (LkRemedyRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->connection);
  g_free (self->remedy);
  g_free (self->cause);
  g_hash_table_unref (self->values);
  lk_facts_free (self->facts);
  g_ptr_array_unref (self->steps);
  g_clear_pointer (&self->call, lk_call_request_unref);
  g_free (self);
}

GVariant *
lk_remedy_record_dup_values (const LkRemedyRecord *self)
{
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer name, value;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_variant_builder_add (&builder, "{ss}", name, value);

  return g_variant_builder_end (&builder);
}

/**
 * lk_remedy_record_take_values:
 * @values: an a{ss}
 *
 * Replaces the values.
 */
void
lk_remedy_record_take_values (LkRemedyRecord *self,
                              GVariant       *values)
{
  GVariantIter iter;
  char *name, *value;

  g_hash_table_remove_all (self->values);
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_next (&iter, "{ss}", &name, &value))
    g_hash_table_insert (self->values, name, value);
}

GVariant *
lk_remedy_record_dup_steps (const LkRemedyRecord *self)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ssx)"));
  for (guint i = 0; i < self->steps->len; i++)
    {
      const LkStepRecord *step = self->steps->pdata[i];

      g_variant_builder_add (&builder, "(ssx)", step->id, step->state, step->at);
    }

  return g_variant_builder_end (&builder);
}

GVariant *
lk_remedy_record_to_variant (const LkRemedyRecord *self)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "remedy", "s", self->remedy);
  g_variant_dict_insert (&dict, "cause", "s", self->cause);
  g_variant_dict_insert_value (&dict, "values", lk_remedy_record_dup_values (self));
  g_variant_dict_insert_value (&dict, "facts", lk_facts_to_variant (self->facts));
  g_variant_dict_insert_value (&dict, "steps", lk_remedy_record_dup_steps (self));
  if (self->call != NULL)
    g_variant_dict_insert_value (&dict, "call", lk_call_request_to_variant (self->call));
  g_variant_dict_insert (&dict, "event", "x", self->event);
  g_variant_dict_insert (&dict, "watched-since", "x", self->watched_since);

  return g_variant_dict_end (&dict);
}

static void
read_steps (LkRemedyRecord *self,
            GVariant       *steps)
{
  GVariantIter iter;
  const char *id, *state;
  gint64 at;

  g_ptr_array_set_size (self->steps, 0);
  g_variant_iter_init (&iter, steps);
  while (g_variant_iter_next (&iter, "(&s&sx)", &id, &state, &at))
    g_ptr_array_add (self->steps, lk_step_record_new (id, state, at));
}

/**
 * lk_remedy_record_read_variant:
 * @dict: as lk_remedy_record_to_variant() makes
 *
 * Returns: whether @dict is one
 */
gboolean
lk_remedy_record_read_variant (LkRemedyRecord *self,
                               GVariant       *dict)
{
  g_autoptr(GVariant) values = g_variant_lookup_value (dict, "values", G_VARIANT_TYPE ("a{ss}"));
  g_autoptr(GVariant) facts = g_variant_lookup_value (dict, "facts", G_VARIANT_TYPE_VARDICT);
  g_autoptr(GVariant) steps = g_variant_lookup_value (dict, "steps", G_VARIANT_TYPE ("a(ssx)"));
  g_autoptr(GVariant) call = g_variant_lookup_value (dict, "call", G_VARIANT_TYPE_VARDICT);
  g_autoptr(LkFacts) known = facts != NULL ? lk_facts_from_variant (facts) : NULL;

  if (values == NULL || known == NULL || steps == NULL
      || !g_variant_lookup (dict, "remedy", "s", &self->remedy)
      || !g_variant_lookup (dict, "cause", "s", &self->cause))
    return FALSE;

  lk_remedy_record_take_values (self, values);
  lk_facts_free (self->facts);
  self->facts = g_steal_pointer (&known);
  read_steps (self, steps);
  if (call != NULL)
    self->call = lk_call_request_from_variant (call);
  g_variant_lookup (dict, "event", "x", &self->event);
  g_variant_lookup (dict, "watched-since", "x", &self->watched_since);

  return TRUE;
}
