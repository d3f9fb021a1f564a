/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "../../../src/agent/lk-agent-needles.h"

#include <string.h>

#define SECRET "act.planted+secret/12345\"67890"

static gboolean
stands_in (const char *secret, const char *text, size_t length)
{
  g_autoptr(LkAgentNeedles) needles = lk_agent_needles_new ();
  g_autoptr(LkSecret) first = lk_secret_new ("another-secret-that-is-nowhere");
  g_autoptr(LkSecret) value = lk_secret_new (secret);

  lk_agent_needles_add (needles, first);
  lk_agent_needles_add (needles, NULL);
  lk_agent_needles_add (needles, value);
  return lk_agent_needles_match (needles, text, length);
}

static char *
dup_base64 (const char *before, const char *after, gboolean for_urls)
{
  g_autofree char *text = g_strconcat (before, SECRET, after, NULL);
  char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

  for (char *c = encoded; for_urls && *c != '\0'; c++)
    *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
  return encoded;
}

/* A secret is found wherever it stands, in each form that it could be written in. */
static void
test_forms (void)
{
  const char * const texts[] = {
    SECRET,
    "token=" SECRET "&x=y",
    "{\"a\":\"act.planted+secret\\/12345\\\"67890\"}",
    "?t=act.planted%2Bsecret%2F12345%2267890",
    "?t=act.planted%2bsecret%2f12345%2267890&u=1",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_true (stands_in (SECRET, texts[i], strlen (texts[i])));
  for (int around = 0; around < 9; around++)
    for (int for_urls = 0; for_urls < 2; for_urls++)
      {
        g_autofree char *before = g_strnfill ((size_t) around % 3, '~');
        g_autofree char *after = g_strnfill ((size_t) around / 3, '?');
        g_autofree char *encoded = dup_base64 (before, after, for_urls);

        g_assert_true (stands_in (SECRET, encoded, strlen (encoded)));
      }
}

/* At the very beginning and end, behind zeros, and in a megabyte of what is almost it. */
static void
test_places (void)
{
  const size_t size = 1024 * 1024;
  g_autofree char *text = g_malloc0 (size);
  size_t length = strlen (SECRET);

  for (size_t i = 0; i + length < size; i += length - 1)
    memcpy (text + i, SECRET, length - 1);
  g_assert_false (stands_in (SECRET, text, size));
  memcpy (text + size - length, SECRET, length);
  g_assert_true (stands_in (SECRET, text, size));
  memcpy (text, SECRET, length);
  g_assert_true (stands_in (SECRET, text, length));
  g_assert_false (stands_in (SECRET, text, length - 1));
  g_assert_false (stands_in (SECRET, text, 0));
}

/* What is too short to be told from other text is not looked for; other case is another word. */
static void
test_not_found (void)
{
  g_assert_false (stands_in ("short", "a short word", strlen ("a short word")));
  g_assert_false (stands_in ("", "text", 4));
  g_assert_false (stands_in ("act.abcdefgh", "ACT.ABCDEFGH", 12));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agent/needles/forms", test_forms);
  g_test_add_func ("/agent/needles/places", test_places);
  g_test_add_func ("/agent/needles/not-found", test_not_found);
  return g_test_run ();
}
