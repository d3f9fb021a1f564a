/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever a person pastes: always a finding with a title, and JSON that is one object. */

#include "fuzz.h"
#include "lk-diagnosis.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static LkDiagnosis *diagnosis = NULL;
  g_autoptr(LkFinding) finding = NULL;
  g_autofree char *json = NULL;

  if (diagnosis == NULL)
    {
      g_autoptr(LkProfileSet) profiles = lk_profile_set_new (NULL);

      diagnosis = lk_diagnosis_new (profiles);
    }

  finding = lk_diagnosis_read_text (diagnosis, (const char *) data, (gssize) size, NULL);
  g_assert (finding != NULL && finding->title != NULL);
  g_assert (finding->confidence >= 0 && finding->confidence <= 1);
  json = lk_finding_to_json (finding);
  g_assert (g_utf8_validate (json, -1, NULL) && json[0] == '{');

  return 0;
}
