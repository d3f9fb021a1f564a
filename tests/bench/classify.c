/* SPDX-License-Identifier: GPL-3.0-or-later */

/* classify FILE…: texts a second of processor time, so one core, whatever else runs. A file holds
 * an object a line, with "body" (errors-dev.jsonl), or fields between "~", the last of which is the
 * text (errors-people.txt). Prints what the diagnosis does, and what json-glib alone does when it
 * parses the same texts. */

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lk-diagnosis.h"

#define SECONDS 3

static void
take_line (GPtrArray  *texts,
           const char *line)
{
  g_autoptr (JsonNode) node = *line == '{' ? json_from_string (line, NULL) : NULL;

  if (*line == '#' || *line == '\0')
    return;
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    g_ptr_array_add (texts, g_strdup (json_object_get_string_member_with_default (
                              json_node_get_object (node), "body", "")));
  else if (strrchr (line, '~') != NULL)
    g_ptr_array_add (texts, g_strcompress (strrchr (line, '~') + 1));
}

static void
classify (LkDiagnosis *diagnosis,
          const char  *text)
{
  g_autoptr (LkFinding) finding = lk_diagnosis_read_text (diagnosis, text, -1, NULL);
}

static void
parse_alone (LkDiagnosis *diagnosis,
             const char  *text)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  json_parser_load_from_data (parser, text, -1, NULL);
}

static double
processor_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return now.tv_sec + now.tv_nsec / 1e9;
}

static double
a_second (GPtrArray   *texts,
          LkDiagnosis *diagnosis,
          void       (*work) (LkDiagnosis *diagnosis, const char *text))
{
  double start = processor_seconds ();
  double elapsed;
  unsigned int done = 0;

  do
    {
      for (unsigned int i = 0; i < texts->len; i++)
        work (diagnosis, g_ptr_array_index (texts, i));
      done += texts->len;
      elapsed = processor_seconds () - start;
    }
  while (elapsed < SECONDS);

  return done / elapsed;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (LkProfileSet) profiles = lk_profile_set_new (NULL);
  g_autoptr (LkDiagnosis) diagnosis = NULL;
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  double start = processor_seconds ();

  diagnosis = lk_diagnosis_new (profiles);
  printf ("load %.1f\n", (processor_seconds () - start) * 1000);
  for (int i = 1; i < argc; i++)
    {
      g_autofree char *all = NULL;
      g_auto (GStrv) lines = NULL;

      if (!g_file_get_contents (argv[i], &all, NULL, NULL))
        return 1;
      lines = g_strsplit (all, "\n", -1);
      for (unsigned int j = 0; lines[j] != NULL; j++)
        take_line (texts, lines[j]);
    }
  if (texts->len == 0)
    return 1;

  printf ("texts %u\n", texts->len);
  printf ("diagnosis %.0f\n", a_second (texts, diagnosis, classify));
  printf ("parser %.0f\n", a_second (texts, diagnosis, parse_alone));

  return 0;
}
