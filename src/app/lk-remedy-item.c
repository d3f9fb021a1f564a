/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-remedy-item.h"

#include <glib/gi18n.h>

struct _LkRemedyItem
{
  GObject        parent_instance;

  LkAppContext  *context;    /* (owned) */
  LkDBusRemedy1 *proxy;      /* (owned) */
  LkFacts       *facts;      /* (owned) */
  LkRemedy      *remedy;     /* (owned) (nullable) */
  char         **old_scopes; /* (owned) (nullable) */
  guint          changed_id;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (LkRemedyItem, lk_remedy_item, G_TYPE_OBJECT)

static GHashTable *
dup_values (GVariant *values)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GVariantIter iter;
  char *key, *value;

  if (values == NULL)
    return table;
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_next (&iter, "{ss}", &key, &value))
    g_hash_table_insert (table, key, value);
  return table;
}

static void
lk_remedy_item_read (LkRemedyItem *self)
{
  GVariant *facts = lk_dbus_remedy1_get_facts (self->proxy);
  g_autoptr(GHashTable) values = dup_values (lk_dbus_remedy1_get_values (self->proxy));

  g_clear_pointer (&self->remedy, lk_remedy_free);
  g_clear_pointer (&self->facts, lk_facts_free);
  self->facts = facts != NULL ? lk_facts_from_variant (facts) : lk_facts_new ();
  self->remedy = lk_remedy_restore (lk_app_context_get_diagnosis (self->context),
                                    lk_dbus_remedy1_get_remedy (self->proxy),
                                    lk_dbus_remedy1_get_cause (self->proxy), values, self->facts);
}

static gboolean
changed_cb (gpointer user_data)
{
  LkRemedyItem *self = user_data;

  self->changed_id = 0;
  lk_remedy_item_read (self);
  g_signal_emit (self, changed_signal, 0);
  return G_SOURCE_REMOVE;
}

/* A check changes steps, facts and times at once. */
static void
lk_remedy_item_queue (LkRemedyItem *self)
{
  if (self->changed_id == 0)
    self->changed_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, changed_cb, self, NULL);
}

static void
lk_remedy_item_dispose (GObject *object)
{
  LkRemedyItem *self = LK_REMEDY_ITEM (object);

  g_clear_handle_id (&self->changed_id, g_source_remove);
  g_clear_pointer (&self->remedy, lk_remedy_free);
  g_clear_pointer (&self->facts, lk_facts_free);
  g_clear_pointer (&self->old_scopes, g_strfreev);
  g_clear_object (&self->proxy);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_remedy_item_parent_class)->dispose (object);
}

static void
lk_remedy_item_class_init (LkRemedyItemClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_remedy_item_dispose;
  changed_signal = g_signal_new ("changed", LK_TYPE_REMEDY_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lk_remedy_item_init (LkRemedyItem *self)
{
}

LkRemedyItem *
lk_remedy_item_new (LkAppContext *context, LkDBusRemedy1 *proxy)
{
  LkRemedyItem *self = g_object_new (LK_TYPE_REMEDY_ITEM, NULL);

  self->context = g_object_ref (context);
  self->proxy = g_object_ref (proxy);
  lk_remedy_item_read (self);
  self->old_scopes = g_strdupv (self->facts->scopes_granted);
  g_signal_connect_object (proxy, "notify", G_CALLBACK (lk_remedy_item_queue), self,
                           G_CONNECT_SWAPPED);
  /* New provider files bring a new catalogue reader; texts are made again. */
  g_signal_connect_object (context, "profiles-changed", G_CALLBACK (lk_remedy_item_queue), self,
                           G_CONNECT_SWAPPED);
  return self;
}

LkDBusRemedy1 *
lk_remedy_item_get_proxy (LkRemedyItem *self)
{
  return self->proxy;
}

const LkRemedy *
lk_remedy_item_get_remedy (LkRemedyItem *self)
{
  return self->remedy;
}

const LkFacts *
lk_remedy_item_get_facts (LkRemedyItem *self)
{
  return self->facts;
}

guint
lk_remedy_item_get_n_steps (LkRemedyItem *self)
{
  return self->remedy != NULL ? self->remedy->steps->len : 0;
}

guint
lk_remedy_item_get_current (LkRemedyItem *self)
{
  return MIN (lk_dbus_remedy1_get_current (self->proxy), lk_remedy_item_get_n_steps (self));
}

/**
 * lk_remedy_item_get_step:
 *
 * Returns: (transfer none) (nullable): the step in words
 */
const LkRemedyStep *
lk_remedy_item_get_step (LkRemedyItem *self, guint step)
{
  if (step >= lk_remedy_item_get_n_steps (self))
    return NULL;
  return g_ptr_array_index (self->remedy->steps, step);
}

/* By its id: a newer agent may know more steps than this window. */
static gboolean
lk_remedy_item_find_state (LkRemedyItem *self, guint step, const char **state, gint64 *checked)
{
  const LkRemedyStep *words = lk_remedy_item_get_step (self, step);
  GVariant *steps = lk_dbus_remedy1_get_steps (self->proxy);
  GVariantIter iter;
  const char *id;

  *state = "todo";
  *checked = 0;
  if (words == NULL || steps == NULL)
    return FALSE;
  g_variant_iter_init (&iter, steps);
  while (g_variant_iter_next (&iter, "(&s&sx)", &id, state, checked))
    if (g_strcmp0 (id, words->id) == 0)
      return TRUE;
  *state = "todo";
  *checked = 0;
  return FALSE;
}

LkStepMark
lk_remedy_item_get_mark (LkRemedyItem *self, guint step)
{
  const char *state;
  gint64 checked;

  lk_remedy_item_find_state (self, step, &state, &checked);
  return lk_remedy_words_get_mark (state, step == lk_remedy_item_get_current (self));
}

gint64
lk_remedy_item_get_checked (LkRemedyItem *self, guint step)
{
  const char *state;
  gint64 checked;

  lk_remedy_item_find_state (self, step, &state, &checked);
  return checked;
}

char *
lk_remedy_item_dup_status (LkRemedyItem *self, guint step)
{
  const LkRemedyStep *words = lk_remedy_item_get_step (self, step);
  LkStepWatch watch = { .now = lk_app_context_get_now (self->context) };
  g_autofree char *verdict = NULL;
  g_autoptr(GPtrArray) questions = NULL;

  if (words == NULL)
    return g_strdup ("");
  lk_remedy_item_find_state (self, step, &watch.state, &watch.checked);
  if (g_strcmp0 (watch.state, "told") == 0)
    return g_strdup (_("You said that this is done. Latchkey could not check it."));
  questions = lk_remedy_get_questions (self->remedy, step, self->facts);
  if (g_strcmp0 (watch.state, "done") == 0)
    return lk_remedy_words_dup_proof (words->check, watch.checked, questions);
  if (step == lk_remedy_item_get_current (self))
    {
      watch.busy = lk_dbus_remedy1_get_busy (self->proxy);
      /* A sign-in and a secret come from the person. */
      watch.next = lk_dbus_remedy1_get_watching (self->proxy)
                       && words->check != LK_CHECK_SIGN_IN && words->check != LK_CHECK_SECRET
                     ? lk_dbus_remedy1_get_next_check (self->proxy) : 0;
    }
  if (watch.checked > 0)
    verdict = lk_remedy_dup_verdict (self->remedy, step, self->facts,
                                     lk_dbus_remedy1_get_started (self->proxy));
  return lk_remedy_words_dup_checking (&watch, words->check, verdict);
}

static char *
dup_names (LkRemedyItem *self, char **ids, char **without)
{
  LkScopes *scopes = lk_diagnosis_get_scopes (lk_app_context_get_diagnosis (self->context));
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    if (without == NULL || !g_strv_contains ((const char * const *) without, ids[i]))
      g_ptr_array_add (names, lk_scopes_dup_name (scopes, self->facts->family, ids[i]));
  if (names->len == 0)
    return NULL;
  g_ptr_array_add (names, NULL);
  /* Translators: between names in a list. */
  return g_strjoinv (_(", "), (char **) names->pdata);
}

char *
lk_remedy_item_dup_scopes (LkRemedyItem *self, LkScopeList list)
{
  char **old = self->old_scopes, **new = self->facts->scopes_granted;

  switch (list)
    {
    case LK_SCOPE_LIST_BEFORE:
      return dup_names (self, old, NULL);
    case LK_SCOPE_LIST_NOW:
      return dup_names (self, new, NULL);
    case LK_SCOPE_LIST_NEW:
      return old != NULL ? dup_names (self, new, old) : NULL;
    case LK_SCOPE_LIST_GONE:
      return new != NULL ? dup_names (self, old, new) : NULL;
    case LK_SCOPE_LIST_MISSING:
      return new != NULL ? dup_names (self, self->facts->scopes_asked, new) : NULL;
    default:
      g_return_val_if_reached (NULL);
    }
}

LkDBusConnection1 *
lk_remedy_item_get_connection (LkRemedyItem *self)
{
  const char *id = lk_dbus_remedy1_get_connection (self->proxy);

  if (id == NULL)
    return NULL;
  return lk_agent_client_find_connection (lk_app_context_get_client (self->context), id);
}
