/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "Ask the Admin": the message to the person who can do it. */

#include "config.h"

#include "lk-remedy-private.h"

#include <glib/gi18n-lib.h>

/* The clicks that are not one's own. */
static void
add_clicks (const LkRemedy *self, GString *out)
{
  guint number = 0;

  for (guint i = 0; i < self->steps->len; i++)
    {
      const LkRemedyStep *step = g_ptr_array_index (self->steps, i);
      gboolean theirs = step->turn == LK_TURN_ADMIN || step->turn == LK_TURN_APP_OWNER;

      for (guint j = 0; theirs && step->todo[j] != NULL; j++)
        g_string_append_printf (out, "\n  %u. %s", ++number, step->todo[j]);
    }
  if (number > 0)
    return;
  for (guint i = 0; i < self->steps->len; i++)
    {
      const LkRemedyStep *step = g_ptr_array_index (self->steps, i);

      if (step->check != LK_CHECK_CALL)
        g_string_append_printf (out, "\n  %u. %s", ++number, step->title);
    }
}

static void
add_id (GString *ids, GHashTable *seen, const char *id)
{
  if (id == NULL || *id == '\0' || !g_hash_table_add (seen, (void *) id))
    return;
  if (ids->len > 0)
    g_string_append (ids, ", ");
  g_string_append (ids, id);
}

/* By these TikTok's support finds the calls. */
static char *
list_request_ids (const LkFacts *facts)
{
  enum { MAX_IDS = 5 };
  g_autoptr(GString) ids = g_string_new (NULL);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (facts->fault != NULL)
    add_id (ids, seen, facts->fault->trace_id);
  for (guint i = 0; i < facts->answers->len; i++)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (facts->answers, i);

      if (answer->fault != NULL && g_hash_table_size (seen) < MAX_IDS)
        add_id (ids, seen, answer->trace_id != NULL ? answer->trace_id : answer->fault->trace_id);
    }

  return ids->len > 0 ? g_strdup (ids->str) : NULL;
}

static void
add_facts (const LkWords *words, const LkFacts *facts, GString *out)
{
  g_autofree char *ids = list_request_ids (facts);
  /* Translators: message and code of TikTok's refusal; keep the words in braces. */
  g_autofree char *said = lk_words_fill (words, N_("What TikTok said: “{message}” ({code})"));

  if (said == NULL)
    /* Translators: message of TikTok's refusal; keep the word in braces. */
    said = lk_words_fill (words, N_("What TikTok said: “{message}”"));
  if (said != NULL)
    g_string_append_printf (out, "%s\n", said);
  if (ids != NULL)
    /* Translators: %s is one or more request ids. */
    g_string_append_printf (out, _("Request ids, for TikTok’s support: %s"), ids);
}

static void
add_letter (const LkRemedy *self, const LkWords *words, GPtrArray *letters, GString *out)
{
  for (guint i = 0; i < letters->len; i++)
    {
      const LkText *letter = g_ptr_array_index (letters, i);
      g_autofree char *filled = lk_words_allow (words, &letter->when)
                                  ? lk_words_fill (words, letter->text) : NULL;

      if (filled == NULL)
        continue;
      g_string_append (out, filled);
      if (g_strcmp0 (letter->link, "clicks") == 0)
        add_clicks (self, out);
      g_string_append (out, "\n\n");
    }
}

/* Control characters of a message that came from elsewhere have no place in a mail. */
static void
clean (char *text, gboolean lines)
{
  for (char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) && !(lines && *p == '\n'))
      *p = ' ';
}

/**
 * lk_remedy_dup_request:
 * @subject: (out) (optional) (transfer full): of the mail
 *
 * Returns: (transfer full): the message, plain text
 */
char *
lk_remedy_dup_request (LkDiagnosis *diagnosis, const LkRemedy *self, const LkFacts *facts,
                       char **subject)
{
  const LkRemedyRow *row = lk_texts_find_remedy (self->id);
  g_autoptr(GString) out = g_string_new (NULL);
  LkWords words;

  if (row == NULL || row->letters->len == 0)
    row = lk_texts_find_remedy ("any");
  g_return_val_if_fail (row != NULL, NULL);

  lk_remedy_init_words (self, &words);
  words.diagnosis = diagnosis;
  add_letter (self, &words, row->letters, out);
  add_facts (&words, facts, out);
  g_strchomp (out->str);
  clean (out->str, TRUE);
  if (subject != NULL)
    {
      *subject = lk_words_first (&words, row->subjects);
      if (*subject != NULL)
        clean (*subject, FALSE);
    }

  return g_strdup (out->str);
}
