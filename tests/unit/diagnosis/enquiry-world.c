/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "enquiry-world.h"

#include <stdlib.h>
#include <string.h>

void
fixture_set_up (Fixture *self, gconstpointer data)
{
  self->profiles = lk_profile_set_new (NULL);
  self->diagnosis = lk_diagnosis_new (self->profiles);
}

void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  lk_diagnosis_free (self->diagnosis);
  lk_profile_set_unref (self->profiles);
}

static char *
part (char **parts, guint i)
{
  return i < g_strv_length (parts) && *parts[i] != '\0' ? g_strdup (parts[i]) : NULL;
}

static LkFault *
read_fault (const char *provider, const char *text)
{
  g_auto(GStrv) parts = g_strsplit (text, ":", 6);
  LkFault *fault;
  LkClass klass = LK_CLASS_UNKNOWN;

  g_assert_true (lk_class_from_string (parts[0], &klass));
  fault = lk_fault_new (klass);
  fault->provider = g_strdup (provider);
  fault->family = g_strdup (provider);
  fault->step = g_strdup ("api");
  fault->code = part (parts, 1);
  fault->method = part (parts, 2);
  fault->endpoint = part (parts, 3);
  fault->account = part (parts, 4);
  fault->message = part (parts, 5);
  fault->trace_id = g_strdup ("20261121T0805R1");
  fault->at = WORLD_NOW - 60;

  return fault;
}

LkFacts *
world_facts (const char *provider, const char *fault)
{
  LkFacts *facts = lk_facts_new ();

  facts->provider = g_strdup (provider);
  facts->family = g_strdup (provider);
  facts->connection = g_strdup ("c1");
  facts->name = g_strdup ("Brand EU");
  facts->client = g_strdup ("Nordwind reports");
  facts->client_id = g_strdup ("7001");
  facts->identity = g_strdup ("u1");
  facts->identity_name = g_strdup ("Mira Holt");
  facts->now = WORLD_NOW;
  if (fault != NULL)
    facts->fault = read_fault (provider, fault);

  return facts;
}

static LkFault *
find_refusal (const World *self, const char *probe)
{
  g_auto(GStrv) pairs = g_strsplit (self->refused != NULL ? self->refused : "", "|", -1);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      g_auto(GStrv) pair = g_strsplit (pairs[i], "=", 2);
      g_auto(GStrv) parts = NULL;
      LkClass klass = LK_CLASS_UNKNOWN;
      LkFault *fault;

      if (pair[0] == NULL || !g_str_equal (pair[0], probe))
        continue;
      parts = g_strsplit (pair[1], ":", 3);
      if (g_str_equal (parts[0], "local"))
        return lk_fault_new_local (LK_CLASS_TRANSIENT, parts[1], NULL);
      g_assert_true (lk_class_from_string (parts[0], &klass));
      fault = lk_fault_new (klass);
      fault->provider = g_strdup ("tiktok-ads");
      fault->family = g_strdup ("tiktok-ads");
      fault->code = part (parts, 1);
      fault->message = part (parts, 2);
      fault->trace_id = g_strdup_printf ("R-%s", probe);
      return fault;
    }

  return NULL;
}

static void
put (GHashTable *row, const char *column, const char *value)
{
  if (value != NULL && *value != '\0')
    g_hash_table_insert (row, g_strdup (column), g_strdup (value));
}

/* Rows of texts such as "b1:Nordwind:ADMIN". */
static void
add_rows (LkProbeAnswer *answer, const char *text, const char * const *columns)
{
  g_auto(GStrv) rows = g_strsplit (text != NULL ? text : "", "|", -1);

  for (guint i = 0; rows[i] != NULL && *rows[i] != '\0'; i++)
    {
      g_auto(GStrv) values = g_strsplit (rows[i], ":", -1);
      GHashTable *row = lk_probe_answer_add_row (answer);

      for (guint j = 0; columns[j] != NULL && values[j] != NULL; j++)
        put (row, columns[j], values[j]);
    }
}

static void
add_seats (const World *self, LkProbeAnswer *answer)
{
  static const char *const columns[] = { "center", "id", "role", "relation", "state", "owner",
                                         NULL };
  g_auto(GStrv) rows = g_strsplit (self->seats != NULL ? self->seats : "", "|", -1);

  for (guint i = 0; rows[i] != NULL; i++)
    {
      g_auto(GStrv) values = g_strsplit (rows[i], ":", -1);

      if (g_strcmp0 (values[0], answer->center) == 0
          && (answer->account == NULL || g_strcmp0 (values[1], answer->account) == 0))
        add_rows (answer, rows[i], columns);
    }
}

static void
add_account (const World *self, LkProbeAnswer *answer)
{
  GHashTable *row = lk_probe_answer_add_row (answer);
  g_autofree char *name = g_strdup_printf ("Nordwind %s", answer->account);

  put (row, "id", answer->account);
  put (row, "name", name);
  put (row, "status", self->status != NULL ? self->status : "STATUS_ENABLE");
  put (row, "reason", "The licence is not readable.");
  put (row, "center", self->owner);
}

LkProbeAnswer *
world_answer (const World *self, const LkQuestion *question, gint64 at)
{
  static const char *const two[] = { "id", "name", NULL };
  static const char *const center[] = { "id", "name", "role", NULL };
  static const char *const person[] = { "name", "email", "role", NULL };
  static const char *const scope[] = { "scope", NULL };
  static const char *const news[] = { "title", "text", NULL };
  LkProbeAnswer *answer = lk_probe_answer_new (question->probe, question->center,
                                               question->account);
  const char *probe = question->probe;

  answer->at = at;
  answer->skew = self->skew;
  answer->fault = find_refusal (self, probe);
  if (self->deaf != NULL && g_str_equal (probe, "center-assets")
      && g_str_equal (self->deaf, question->center))
    answer->fault = lk_fault_new (LK_CLASS_PERMISSION);
  if (answer->fault != NULL)
    return answer;
  if (g_str_equal (probe, "identity"))
    add_rows (answer, self->identity != NULL ? self->identity : "u1:Mira Holt", two);
  else if (g_str_equal (probe, "reach"))
    add_rows (answer, self->listed, two);
  else if (g_str_equal (probe, "account"))
    add_account (self, answer);
  else if (g_str_equal (probe, "centers"))
    add_rows (answer, self->centers, center);
  else if (g_str_equal (probe, "center-assets"))
    add_seats (self, answer);
  else if (g_str_equal (probe, "center-members"))
    add_rows (answer, self->admins, person);
  else if (g_str_equal (probe, "granted"))
    add_rows (answer, self->granted, scope);
  else if (g_str_equal (probe, "status"))
    add_rows (answer, self->incident, news);

  return answer;
}

guint
find_step (const LkRemedy *remedy, const char *id)
{
  for (guint i = 0; i < remedy->steps->len; i++)
    if (g_str_equal (((const LkRemedyStep *) g_ptr_array_index (remedy->steps, i))->id, id))
      return i;

  g_error ("The remedy %s has no step %s", remedy->id, id);
}

char *
world_enquire (const World *self, Fixture *fixture, LkFacts *facts)
{
  g_autoptr(GString) asked = g_string_new (NULL);
  LkProfile *profile = lk_profile_set_lookup (fixture->profiles, facts->provider);

  g_assert_nonnull (profile);
  for (guint i = 0; i < 40; i++)
    {
      g_autoptr(LkQuestion) question = lk_enquiry_next (fixture->diagnosis, profile, facts);

      if (question == NULL)
        return g_strdup (asked->str);
      /* What was asked is never asked again. */
      g_assert_null (lk_facts_find (facts, question->probe, question->center, question->account));
      g_string_append_printf (asked, "%s%s", asked->len > 0 ? " " : "", question->probe);
      if (question->center != NULL || question->account != NULL)
        g_string_append_printf (asked, "(%s%s%s)", question->center != NULL ? question->center : "",
                                question->center != NULL && question->account != NULL ? "," : "",
                                question->account != NULL ? question->account : "");
      lk_facts_take_answer (facts, world_answer (self, question, facts->now));
    }
  g_error ("The enquiry does not end: %s", asked->str);
}
