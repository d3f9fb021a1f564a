/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-remedy-private.h"

static void
step_free (LkRemedyStep *self)
{
  g_free (self->id);
  g_free (self->title);
  g_strfreev (self->todo);
  g_free (self->why);
  g_strfreev (self->links);
  g_free (self);
}

static LkCheck
check_of (const LkPlan *plan)
{
  static const struct
  {
    const char *word;
    LkCheck     check;
  } checks[] = {
    { "none", LK_CHECK_NONE },     { "probes", LK_CHECK_PROBES }, { "call", LK_CHECK_CALL },
    { "sign-in", LK_CHECK_SIGN_IN }, { "secret", LK_CHECK_SECRET }, { "time", LK_CHECK_TIME },
  };

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    if (g_strcmp0 (plan->check, checks[i].word) == 0)
      return checks[i].check;

  g_return_val_if_reached (LK_CHECK_NONE);
}

/* Label, name, label, name… */
static char **
list_links (const LkWords *words, GPtrArray *links)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < links->len; i++)
    {
      const LkText *link = g_ptr_array_index (links, i);
      g_autofree char *label = lk_words_allow (words, &link->when)
                                 ? lk_words_fill (words, link->text) : NULL;

      if (label == NULL || link->link == NULL)
        continue;
      g_strv_builder_add (builder, label);
      g_strv_builder_add (builder, link->link);
    }

  return g_strv_builder_end (builder);
}

/* Whose turn a step is that the finding decides: an admin's, or one's own. */
static LkTurn
turn_of (const LkRemedy *self, const LkPlan *plan)
{
  LkTurn turn = LK_TURN_YOU;

  if (plan->turn != NULL)
    lk_turn_from_string (plan->turn, &turn);
  else if (lk_remedy_get_value (self, "own-admin") == NULL)
    turn = LK_TURN_ADMIN;

  return turn;
}

static LkRemedyStep *
make_step (const LkRemedy *self, const LkWords *words, const LkPlan *plan)
{
  LkRemedyStep *step = g_new0 (LkRemedyStep, 1);
  g_auto(GStrv) whys = lk_words_all (words, plan->whys);

  step->id = g_strdup (plan->id);
  step->title = lk_words_first (words, plan->titles);
  if (step->title == NULL)
    step->title = g_strdup (self->title);
  step->todo = lk_words_all (words, plan->todos);
  step->why = whys[0] != NULL ? g_strjoinv (" ", whys) : NULL;
  step->links = list_links (words, plan->links);
  step->check = check_of (plan);
  step->turn = turn_of (self, plan);
  step->watchable = plan->watchable;

  return step;
}

static GHashTable *
copy_values (GHashTable *values)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  const char *word, *value;

  if (values == NULL)
    return copy;
  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, (gpointer *) &word, (gpointer *) &value))
    g_hash_table_insert (copy, g_strdup (word), g_strdup (value));

  return copy;
}

/**
 * lk_remedy_restore:
 * @values: (nullable): of the finding
 *
 * @diagnosis has to outlive the remedy.
 *
 * Returns: (transfer full) (nullable): %NULL when there is no such remedy, or nothing to do in it
 */
LkRemedy *
lk_remedy_restore (LkDiagnosis *diagnosis, const char *id, const char *cause, GHashTable *values,
                   const LkFacts *facts)
{
  const LkRemedyRow *row = lk_texts_find_remedy (id);
  LkRemedyWhole *whole;
  LkRemedy *self;
  LkWords words;

  g_return_val_if_fail (diagnosis != NULL && facts != NULL, NULL);

  if (row == NULL || row->plans->len == 0)
    return NULL;
  whole = g_new0 (LkRemedyWhole, 1);
  whole->diagnosis = diagnosis;
  whole->family = g_strdup (facts->family != NULL  ? facts->family
                            : facts->fault != NULL ? facts->fault->family
                                                   : NULL);
  whole->plans = g_ptr_array_new ();
  self = &whole->remedy;
  self->id = g_strdup (id);
  self->cause = g_strdup (cause);
  self->values = copy_values (values);
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  lk_remedy_init_words (self, &words);
  self->title = lk_words_first (&words, row->titles);
  if (self->title == NULL)
    self->title = g_strdup (id);
  for (guint i = 0; i < row->plans->len; i++)
    {
      LkPlan *plan = g_ptr_array_index (row->plans, i);

      if (!lk_words_allow (&words, &plan->when))
        continue;
      g_ptr_array_add (whole->plans, plan);
      g_ptr_array_add (self->steps, make_step (self, &words, plan));
    }
  if (self->steps->len == 0)
    g_clear_pointer (&self, lk_remedy_free);

  return self;
}

LkRemedy *
lk_remedy_new (LkDiagnosis *diagnosis, const LkFinding *finding, const LkFacts *facts)
{
  if (finding->remedy == NULL)
    return NULL;

  return lk_remedy_restore (diagnosis, finding->remedy, finding->cause, finding->values, facts);
}

void
lk_remedy_free (LkRemedy *self)
{
  LkRemedyWhole *whole = (LkRemedyWhole *) self;

  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->cause);
  g_clear_pointer (&self->values, g_hash_table_unref);
  g_free (self->title);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_free (whole->family);
  g_clear_pointer (&whole->plans, g_ptr_array_unref);
  g_free (whole);
}

const LkPlan *
lk_remedy_get_plan (const LkRemedy *self, guint step)
{
  const LkRemedyWhole *whole = (const LkRemedyWhole *) self;

  return step < whole->plans->len ? g_ptr_array_index (whole->plans, step) : NULL;
}

const char *
lk_remedy_get_value (const LkRemedy *self, const char *word)
{
  return g_hash_table_lookup (self->values, word);
}

void
lk_remedy_init_words (const LkRemedy *self, LkWords *words)
{
  const LkRemedyWhole *whole = (const LkRemedyWhole *) self;

  *words = (LkWords) { whole->diagnosis, whole->family, self->cause, self->values };
}

/* Centers to look into: the one of the finding, else all of the login. */
static void
add_centers (const LkRemedy *self, const LkFacts *facts, const char *probe, const char *account,
             GPtrArray *questions)
{
  const char *center = lk_remedy_get_value (self, "center");
  const LkProbeAnswer *centers = lk_facts_find (facts, "centers", NULL, NULL);

  if (center != NULL && lk_remedy_get_value (self, "nowhere") == NULL
      && lk_remedy_get_value (self, "hidden") == NULL)
    {
      g_ptr_array_add (questions, lk_question_new (probe, center, account));
      return;
    }
  if (centers == NULL)
    g_ptr_array_add (questions, lk_question_new ("centers", NULL, NULL));
  for (guint i = 0; centers != NULL && i < MIN (centers->rows->len, LK_MAX_CENTERS); i++)
    if (lk_probe_answer_get (centers, i, "id") != NULL)
      g_ptr_array_add (questions, lk_question_new (probe, lk_probe_answer_get (centers, i, "id"),
                                                   account));
}

static void
add_questions (const LkRemedy *self, const LkFacts *facts, const char *probe,
               GPtrArray *questions)
{
  const char *account = lk_remedy_get_value (self, "account");
  LkQuestion *question;

  if (g_str_equal (probe, "center-assets"))
    {
      if (account != NULL)
        add_centers (self, facts, probe, account, questions);
      else
        g_ptr_array_add (questions, lk_question_new ("centers", NULL, NULL));
    }
  else if (g_str_equal (probe, "center-members"))
    add_centers (self, facts, probe, NULL, questions);
  else if (g_str_equal (probe, "account"))
    g_ptr_array_add (questions, lk_question_new (probe, NULL, account));
  else if (g_str_equal (probe, "video"))
    {
      question = lk_question_new (probe, NULL, account);
      question->media = g_strdup (lk_remedy_get_value (self, "media"));
      g_ptr_array_add (questions, question);
    }
  else
    g_ptr_array_add (questions, lk_question_new (probe, NULL, NULL));
}

/**
 * lk_remedy_get_questions:
 *
 * Returns: (transfer full) (element-type LkQuestion): what has to be asked for step @step
 */
GPtrArray *
lk_remedy_get_questions (const LkRemedy *self, guint step, const LkFacts *facts)
{
  GPtrArray *questions = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_question_free);
  const LkPlan *plan = lk_remedy_get_plan (self, step);

  for (guint i = 0; plan != NULL && plan->probes[i] != NULL; i++)
    add_questions (self, facts, plan->probes[i], questions);

  return questions;
}
