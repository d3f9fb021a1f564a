/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-calls.h"
#include "lk-redact.h"

static LkValues *
values_new (void)
{
  LkValues *values = lk_values_new ();

  lk_values_set (values, "client.id", "client-id-1234");
  lk_values_set (values, "token.access", "short-token/1");
  lk_values_set (values, "client.secret", "word");

  return values;
}

/* What was sent is masked however it looks, also percent-encoded; ids and ordinary words stay. */
static void
test_texts (void)
{
  static const struct
  {
    const char *text;
    const char *masked;
  } rows[] = {
    { "a short-token/1 b short-token/1", "a [hidden] b [hidden]" },
    { "/x/short-token%2F1/", "/x/[hidden]/" },
    { "client-id-1234 says word", "client-id-1234 says word" },
    { "short-token/2", "short-token/2" },
    { "", "" },
  };
  g_autoptr (LkValues) values = values_new ();

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup (rows[i].text);

      g_assert_cmpint (lk_values_mask (values, &text), ==,
                       g_strcmp0 (rows[i].text, rows[i].masked) != 0);
      g_assert_cmpstr (text, ==, rows[i].masked);
    }
}

/* Every field that the other side fills. */
static void
test_answer (void)
{
  g_autoptr (LkValues) values = values_new ();
  LkProbeAnswer *answer = lk_probe_answer_new ("reach", NULL, NULL);
  GHashTable *row = lk_probe_answer_add_row (answer);
  g_autoptr (GVariant) told = NULL;
  g_autofree char *text = NULL;

  g_hash_table_insert (row, g_strdup ("id"), g_strdup ("short-token/1"));
  g_hash_table_insert (row, g_strdup ("name"), g_strdup ("x short-token/1 y"));
  answer->trace_id = g_strdup ("short-token/1");
  answer->fault = lk_fault_new (LK_CLASS_PERMISSION);
  answer->fault->code = g_strdup ("short-token/1");
  answer->fault->sub = g_strdup ("short-token/1");
  answer->fault->type = g_strdup ("short-token/1");
  answer->fault->message = g_strdup ("no short-token/1");
  answer->fault->trace_id = g_strdup ("short-token/1");
  answer->fault->account = g_strdup ("short-token/1");
  answer->fault->endpoint = g_strdup ("/short-token%2F1/");
  lk_values_mask_answer (values, answer);

  told = g_variant_ref_sink (lk_probe_answer_to_variant (answer));
  text = g_variant_print (told, FALSE);
  g_assert_null (strstr (text, "short-token"));
  g_assert_cmpstr (lk_probe_answer_get (answer, 0, "name"), ==, "x [hidden] y");
  lk_probe_answer_free (answer);
}

static void
test_names (void)
{
  static const struct
  {
    const char *name;
    const char *shown;
  } rows[] = {
    { "Ad\xc3\xa8le \xe6\x9d\x8e \xd7\xa9", "Ad\xc3\xa8le \xe6\x9d\x8e \xd7\xa9" },
    { "a\nb\tc\rd\x1b[31m", "a b c d [31m" },
    { "a\xe2\x80\xae" "b\xe2\x81\xa6" "c\xef\xbb\xbf", "abc" },
    { "a\xc2\x9b" "1m\xe2\x80\xa8" "b", "a 1m b" },
  };
  g_autofree char *much = g_strnfill (100000, 'x');
  g_autofree char *cut = lk_redact_take_name (g_strdup (much));

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *shown = lk_redact_take_name (g_strdup (rows[i].name));

      g_assert_cmpstr (shown, ==, rows[i].shown);
    }
  g_assert_cmpuint (strlen (cut), <=, 2000);
  g_assert_null (lk_redact_take_name (NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mask/texts", test_texts);
  g_test_add_func ("/mask/answer", test_answer);
  g_test_add_func ("/mask/names", test_names);

  return g_test_run ();
}
