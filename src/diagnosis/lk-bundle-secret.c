/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looks for secrets in a text that is about to be saved or sent. Rather once too often: what is
 * found stops the saving, and a person looks. Ids of the platform have to pass. */

#include <string.h>

#include "lk-bundle.h"
#include "lk-paste.h"

/* What stands between a key and its value in JSON, also within JSON, in headers and addresses. */
#define IS "[\"'\\\\\\]]*\\s*(?:=>|[:=])\\s*[\"'\\\\\\[]*"
#define VALUE "([^\\s\"'\\\\,;&<>{}()\\[\\]]{6,})"

typedef enum
{
  LK_LOOK_ANY,    /* the form alone tells */
  LK_LOOK_RANDOM, /* when no word or number */
  LK_LOOK_LONE,   /* the same, and no id stands before it */
} Look;

static const struct
{
  const char        *pattern;
  GRegexCompileFlags flags;
  Look               look;
} forms[] = {
  { "\\b((?:act|rft|clt)\\.[A-Za-z0-9._!*%-]{8,})", G_REGEX_CASELESS, LK_LOOK_RANDOM },
  { "\\b((?:TTP|ROW)_[A-Za-z0-9_-]{12,})", 0, LK_LOOK_RANDOM },
  { "\\b(eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,})", 0, LK_LOOK_ANY },
  { "(-----BEGIN [A-Z ]*PRIVATE KEY)", 0, LK_LOOK_ANY },
  { "\\b((?:gh[pousr]_|github_pat_|xox[abprs]-|sk-|AKIA|AIza|ya29\\.|EAA)[A-Za-z0-9_-]{16,})", 0,
    LK_LOOK_RANDOM },
  { "\\b(?:bearer|basic)\\s+([A-Za-z0-9._~+/=-]{12,})", G_REGEX_CASELESS, LK_LOOK_RANDOM },
  { "://[^/\\s:@\"]+:([^/\\s:@\"]{3,})@", 0, LK_LOOK_ANY },
  { "[?&#](?:auth_)?code=([A-Za-z0-9._~%!*-]{8,})", G_REGEX_CASELESS, LK_LOOK_RANDOM },
  { "(?:secret|token|passw(?:or)?d|passwd|passphrase|credentials?|api[_-]?key|private[_-]?key|"
    "access[_-]?key|auth[_-]?code|authorization|verifier|session[_-]?(?:id)?|cookie)" IS VALUE,
    G_REGEX_CASELESS, LK_LOOK_RANDOM },
  { "[?&]sign=([0-9a-f]{32,})", G_REGEX_CASELESS, LK_LOOK_ANY },
  { "(?<![A-Za-z0-9_+/=-])([A-Za-z0-9_+/-]{24,})", 0, LK_LOOK_LONE },
};

/* Ends of a line after which an id follows: "trace_id": ", Log-ID=, login: … */
#define ID_BEFORE "(?:(?<![A-Za-z])ids?|(?-i:[a-z]Ids?)|logid|openid|login|identity|account|"      \
                  "center|fingerprint|endpoint|path|link)[\"'\\\\]*\\s*[:=]?\\s*[\"'\\\\]*$"
#define ID_LOOK_BACK 48

static GRegex *form_regexes[G_N_ELEMENTS (forms)];
static GRegex *id_regex;

/* They are the same for every text and take longer to read than most texts. */
static void
compile_forms (void)
{
  static size_t ready;

  if (!g_once_init_enter (&ready))
    return;

  for (unsigned int i = 0; i < G_N_ELEMENTS (forms); i++)
    form_regexes[i] = g_regex_new (forms[i].pattern, forms[i].flags | G_REGEX_OPTIMIZE, 0, NULL);
  id_regex = g_regex_new (ID_BEFORE, G_REGEX_CASELESS, 0, NULL);
  g_once_init_leave (&ready, 1);
}

/* "<YOUR_TOKEN>", "act.xxxxxxxx", "•••". A random value may hold such a word by chance, but not at
 * the beginning of a piece, and is not half made of crosses. */
static gboolean
is_placeholder (const char *value)
{
  static const char *const words[] = { "your", "redacted", "placeholder", "hidden", "example" };
  g_autofree char *low = g_ascii_strdown (value, -1);
  size_t filler = 0;

  for (unsigned int i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const char *found = strstr (low, words[i]);

      if (found != NULL && (found == low || !g_ascii_isalnum (found[-1])))
        return TRUE;
    }
  for (const char *p = low; *p != '\0'; p++)
    filler += strchr ("x*.", *p) != NULL || !g_ascii_isprint (*p);

  return filler * 2 >= strlen (low);
}

/* "Marketing-API-Incident-2026", "/v2/post/publish": pieces that are words, numbers or short. */
static gboolean
is_worded (const char *value)
{
  g_auto (GStrv) pieces = g_strsplit_set (value, "-_./+:=", -1);

  for (unsigned int i = 0; pieces[i] != NULL; i++)
    {
      size_t length = strlen (pieces[i]);
      size_t digits = strspn (pieces[i], "0123456789");
      size_t letters = strcspn (pieces[i], "0123456789");

      if (length > 4 && digits != length && (letters != length || length >= 20))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_random (const char *value)
{
  return !is_placeholder (value) && !is_worded (value);
}

/* Tokens and secrets that stand alone are long and either lower-case hex or of all kinds; request
 * ids are digits and upper case. */
static gboolean
is_lone_secret (const char *value)
{
  gboolean lower = FALSE, upper = FALSE, digit = FALSE;

  for (const char *p = value; *p != '\0'; p++)
    {
      lower = lower || g_ascii_islower (*p);
      upper = upper || g_ascii_isupper (*p);
      digit = digit || g_ascii_isdigit (*p);
    }
  if (lower && digit && !upper && strspn (value, "0123456789abcdef") == strlen (value))
    return strlen (value) >= 32;

  return lower && upper && digit && is_random (value);
}

static gboolean
follows_id (const char *text,
            size_t      start)
{
  const char *line = text + start;
  g_autofree char *before = NULL;

  while (line > text && line[-1] != '\n' && line > text + start - MIN (start, ID_LOOK_BACK))
    line--;
  /* Not in the middle of a character. */
  while (((unsigned char) *line & 0xc0) == 0x80)
    line++;
  before = g_strndup (line, (size_t) (text + start - line));

  return g_regex_match (id_regex, before, 0, NULL);
}

static gboolean
is_secret (const char *text,
           size_t      start,
           const char *value,
           Look        look)
{
  if (look == LK_LOOK_ANY)
    return !is_placeholder (value);
  if (look == LK_LOOK_RANDOM)
    return is_random (value);

  return is_lone_secret (value) && !follows_id (text, start);
}

/* Where in the text the first secret of one form begins, or -1. */
static gssize
find_form (const char  *text,
           unsigned int form)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GError) error = NULL;
  gboolean more = g_regex_match_full (form_regexes[form], text, -1, 0, 0, &match, &error);

  while (more)
    {
      g_autofree char *value = g_match_info_fetch (match, 1);
      int start;

      g_match_info_fetch_pos (match, 1, &start, NULL);
      if (is_secret (text, (size_t) start, value, forms[form].look))
        return start;
      more = g_match_info_next (match, &error);
    }

  /* A text that cannot be searched is not called clean. */
  return error != NULL ? 0 : -1;
}

static guint
line_of (const char *text,
         size_t      offset)
{
  guint line = 1;

  for (size_t i = 0; i < offset; i++)
    line += text[i] == '\n';

  return line;
}

/* The first line with a secret, 0 for none. */
static guint
find_line (const char *text)
{
  gssize first = -1;

  for (unsigned int i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      gssize found = find_form (text, i);

      if (found >= 0 && (first < 0 || found < first))
        first = found;
    }

  return first >= 0 ? line_of (text, (size_t) first) : 0;
}

/* The same for what pasted texts are searched for, which only says yes or no: the shortest
 * beginning of the text that holds one ends with its line. */
static guint
find_pasted_line (const char *text)
{
  g_auto (GStrv) lines = NULL;
  guint low = 1, high;

  if (!lk_paste_has_secret (text))
    return 0;

  lines = g_strsplit (text, "\n", -1);
  high = g_strv_length (lines);
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      char *next = g_steal_pointer (&lines[middle]);
      g_autofree char *beginning = g_strjoinv ("\n", lines);

      lines[middle] = next;
      if (lk_paste_has_secret (beginning))
        high = middle;
      else
        low = middle + 1;
    }

  return low;
}

/* Escaped characters as themselves: %XX, \u00XX and \/. Line breaks stay where they are. */
static char *
dup_decoded (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      unsigned int skip = 0;

      if (p[0] == '%' && g_ascii_isxdigit (p[1]) && g_ascii_isxdigit (p[2]))
        skip = 1;
      else if (p[0] == '\\' && p[1] == 'u' && p[2] == '0' && p[3] == '0'
               && g_ascii_isxdigit (p[4]) && g_ascii_isxdigit (p[5]))
        skip = 4;
      if (skip > 0)
        {
          char c = (char) (g_ascii_xdigit_value (p[skip]) * 16
                           + g_ascii_xdigit_value (p[skip + 1]));

          g_string_append_c (out, g_ascii_isgraph (c) ? c : ' ');
          p += skip + 1;
        }
      else if (p[0] != '\\' || p[1] != '/')
        g_string_append_c (out, *p);
    }

  return g_string_free (out, FALSE);
}

static guint
earlier (guint one,
         guint other)
{
  return one == 0 || (other != 0 && other < one) ? other : one;
}

gboolean
lk_bundle_find_secret (const char *text,
                       guint      *line)
{
  g_autofree char *valid = NULL;
  g_autofree char *decoded = NULL;
  guint found;

  g_return_val_if_fail (text != NULL, TRUE);

  compile_forms ();
  valid = g_utf8_make_valid (text, -1);
  decoded = dup_decoded (valid);
  found = earlier (find_line (valid), find_pasted_line (valid));
  if (!g_str_equal (decoded, valid))
    found = earlier (found, earlier (find_line (decoded), find_pasted_line (decoded)));
  if (line != NULL && found > 0)
    *line = found;

  return found > 0;
}
