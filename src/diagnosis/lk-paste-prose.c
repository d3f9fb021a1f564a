/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Log lines, stack traces, dumps of other languages: what stands in prose. */

#include <string.h>

#include "lk-paste.h"

/* A log can be nothing but codes; a few tell that there are several. */
#define MAX_WORDS 64
#define SEP "[\"'\\]\\\\]*\\s*(?:=>|[:=])\\s*[\"'\\\\]*"

static LkPattern status_patterns[] = {
  LK_PATTERN ("\\bHTTP/[0-9.]+ +([1-5][0-9]{2})\\b"),
  LK_PATTERN ("\\b(?:status[_ ]?code|http_code|http_status|response status|status)"
              SEP "\\[?([1-5][0-9]{2})\\b"),
  LK_PATTERN ("\\bHTTP(?: status| error| code| response)?[^A-Za-z0-9\\n]{1,4}([1-5][0-9]{2})\\b"),
  LK_PATTERN ("\\b([45][0-9]{2})\\W{1,3}(?:Unauthorized|Forbidden|Not Found|page not found|"
              "Bad Request|Too Many Requests|Internal Server Error|Bad Gateway|"
              "Service Unavailable|Gateway Time|Method Not Allowed|Conflict)"),
  LK_PATTERN ("\\b(?:code|error|response)\\W{1,3}([45][0-9]{2})\\b(?![0-9])"),
  LK_PATTERN ("\\bResponse \\[([1-5][0-9]{2})\\]"),
  LK_PATTERN ("\\bstatus code ([1-5][0-9]{2})\\b"),
  LK_PATTERN ("\\b(?:tiktok|api)\\W{1,3}([45][0-9]{2})\\b"),
  LK_PATTERN ("\\A\\s{0,9}([45][0-9]{2})\\s{0,9}\\z"),
  LK_PATTERN ("\\(([45][0-9]{2})\\)"),
  LK_PATTERN ("\\bfailed:? ([45][0-9]{2})\\b"),
  LK_PATTERN ("^[ \\t]*\"?([45][0-9]{2}) ?[-{:]"),
};

static LkPattern code_patterns[] = {
  LK_PATTERN ("\\b(?:fail_reason)" SEP "([a-z_]{3,64})\\b"),
  LK_PATTERN ("\\b(?:error[_ ]?code|err[_ ]?code|errcode|status_code|code)" SEP "(?:int\\()?"
              "([0-9]{4,10}|[0-9]{1,3}(?![0-9])|[A-Za-z][A-Za-z]*_[A-Za-z_]{2,60})\\b"),
  LK_PATTERN ("\\b(?:error[_ ]?code|code|error|errno)\\W{0,3}\\s{0,4}#?\\s{0,4}([0-9]{4,10})\\b"),
  LK_PATTERN ("\\berror" SEP "([a-z]+_[a-z_]{2,60})\\b"),
};

static LkPattern message_pattern =
  LK_PATTERN ("\\b(?:error_description|error_message|error_msg|message|msg)" SEP
              "([^\"\\n]{3,300})");
static LkPattern trace_pattern =
  LK_PATTERN ("\\b(?:request[_-]?id|log[_-]?id|x-tt-logid|impr_id)" SEP
              "(?:(?:Some|Optional)\\(\"?)?"
              "((?=[A-Za-z._-]{0,79}[0-9])[A-Za-z0-9._-]{6,80})");
/* Time and a tail in hexadecimal, as TikTok builds its ids; it needs no word before it. */
static LkPattern trace_bare_pattern = LK_PATTERN ("\\b(20[0-9]{12}[0-9A-F]{20})\\b");
static LkPattern trace_prose_pattern =
  LK_PATTERN ("\\b(?:request[_ -]?id|log[_ -]?id)\\s+([0-9]{8}[A-Za-z0-9]{6,40})\\b");

static void
read_status (LkPaste    *self,
             const char *text)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (status_patterns) && self->http_status == 0; i++)
    {
      g_autofree char *digits = lk_pattern_find (&status_patterns[i], text);

      if (digits != NULL)
        self->http_status = (int) g_ascii_strtoll (digits, NULL, 10);
    }
}

static gboolean
is_http_status (const char *word)
{
  return strlen (word) == 3 && word[0] >= '1' && word[0] <= '5'
         && strspn (word, "0123456789") == 3;
}

static char *
keyed_code (const LkPaste *self,
            const char    *text)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (code_patterns); i++)
    {
      g_autofree char *code = lk_pattern_find (&code_patterns[i], text);

      if (code == NULL || is_http_status (code) || !lk_paste_is_code (code))
        continue;
      if (g_ascii_isdigit (*code) || self->knows (code, self->knows_data))
        return g_steal_pointer (&code);
    }

  return NULL;
}

/* A number is only a code where somebody speaks of a call: not in "WHERE id = 40100", not in the
 * heads of a patch. */
static gboolean
speaks_of_a_call (const char *text)
{
  static LkPattern pattern =
    LK_PATTERN ("tiktok|erro|fail|code|exception|refused|denied|token|request|permission|"
                "advertiser|expired|invalid|\\bapi\\b|\\([0-9]{4,10}\\)|"
                "\\A\\W{0,9}[0-9]{4,10}\\b|:\\s{0,4}[0-9]{5,8}\\s+[A-Z][a-z]|"
                "erreur|fehler|código|ошибк|错误|錯誤|报错|エラー|오류|에러|خطأ|שגיאה|"
                "lỗi|hata|błąd|ข้อผิดพลาด|transcod");
  static LkPattern other =
    LK_PATTERN ("\\A\\s{0,9}(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|diff --git) |"
                "^@@ -[0-9]{1,9},[0-9]{1,9} \\+");

  return g_regex_match (lk_pattern_get (&pattern), text, 0, NULL)
         && !g_regex_match (lk_pattern_get (&other), text, 0, NULL);
}

/* "oauth.js:40100:12" names a line. */
static gboolean
is_line_number (const char *text,
                const char *start)
{
  const char *p = start - 1;

  if (p <= text || *p != ':' || !g_ascii_isalnum (p[-1]))
    return FALSE;
  for (p--; p > text && g_ascii_isalnum (*p); p--)
    ;

  return *p == '.';
}

/* "40100 EUR", "line 40100": what somebody counted. */
static gboolean
is_amount (const char *text,
           const char *start,
           const char *end)
{
  static const char *const units[] = { "EUR", "USD", "GBP", "KB", "MB", "GB", "bytes", "ms",
                                       "seconds", "px", "rows", "records", "lines", "items",
                                       "frames", "views", "followers", "insertions",
                                       "deletions", "€", "%" };
  const char *after = end + (*end == ' ' ? 1 : 0);

  if (start - text >= 5 && g_ascii_strncasecmp (start - 5, "line ", 5) == 0)
    return TRUE;
  for (unsigned int i = 0; i < G_N_ELEMENTS (units); i++)
    {
      size_t length = strlen (units[i]);

      if (g_ascii_strncasecmp (after, units[i], length) == 0 && !g_ascii_isalnum (after[length]))
        return TRUE;
    }

  return FALSE;
}

/* The next whole word that the catalogue knows: "TikTok 40105 Access token is…". */
static char *
next_known_word (const LkPaste *self,
                 const char    *text,
                 const char   **from,
                 gboolean       numbers)
{
  const char *p = *from;

  while (*p != '\0')
    {
      const char *start = p;
      g_autofree char *word = NULL;
      gboolean telling = FALSE;

      for (; g_ascii_isalnum (*p) || *p == '_'; p++)
        telling = telling || *p == '_' || g_ascii_isdigit (*p)
                  || (p > start && g_ascii_isupper (*p));
      if (p - start < 5 || p - start > 64 || !telling)
        {
          if (p == start)
            p++;
          continue;
        }
      word = g_strndup (start, (size_t) (p - start));
      if (g_ascii_isdigit (*word)
          && (!numbers || is_line_number (text, start) || is_amount (text, start, p)))
        continue;
      if (self->knows (word, self->knows_data))
        {
          *from = p;
          return g_steal_pointer (&word);
        }
    }
  *from = p;

  return NULL;
}

/* A second error beside the first one, so that the person is told of it. */
static void
add_other_words (LkPaste    *self,
                 const char *text,
                 const char *first)
{
  gboolean numbers = speaks_of_a_call (text);
  const char *p = text;

  for (unsigned int i = 0; i < MAX_WORDS; i++)
    {
      g_autofree char *word = next_known_word (self, text, &p, numbers);
      LkPasteFact *fact;

      if (word == NULL)
        return;
      if (g_str_equal (word, first))
        continue;
      fact = lk_paste_fact_new ();
      fact->loose = TRUE;
      fact->code = g_steal_pointer (&word);
      g_ptr_array_add (self->facts, fact);
    }
}

/* TikTok's sign-in page names what is wrong with the app and sends no answer
 * (developers.tiktok.com/doc/login-kit-desktop, better-auth #3114, 2026-11-21). */
static char *
page_word (const char *text)
{
  static const char *const words[] = { "non_sandbox_target", "redirect_uri", "client_key",
              "code_challenge", "scope" };
  const char *page = strstr (text, "log in with TikTok");

  for (unsigned int i = 0; page != NULL && i < G_N_ELEMENTS (words); i++)
    {
      if (strstr (page, words[i]) != NULL)
        return g_strdup (words[i]);
    }

  return NULL;
}

/* The page speaks the person's language, but the word stands alone on a line in each. */
static char *
foreign_page_word (const char *text)
{
  static LkPattern alone = LK_PATTERN ("^[ \\t>*-]{0,9}(non_sandbox_target|redirect_uri|client_key|"
                                       "code_challenge|scope)[ \\t.]{0,9}\\r?$");

  return strstr (text, "TikTok") != NULL ? lk_pattern_find (&alone, text) : NULL;
}

/**
 * lk_paste_read_prose:
 * @text: valid UTF-8
 *
 * Adds what stands outside of objects. A code in prose only counts when no object had one.
 */
void
lk_paste_read_prose (LkPaste    *self,
                     const char *text)
{
  gboolean have_code = FALSE;
  g_autoptr (LkPasteFact) fact = lk_paste_fact_new ();
  g_autofree char *message = NULL;

  read_status (self, text);
  if (self->trace_id == NULL)
    self->trace_id = lk_pattern_find (&trace_pattern, text);
  if (self->trace_id == NULL)
    self->trace_id = lk_pattern_find (&trace_prose_pattern, text);
  if (self->trace_id == NULL)
    self->trace_id = lk_pattern_find (&trace_bare_pattern, text);

  for (unsigned int i = 0; i < self->facts->len; i++)
    {
      LkPasteFact *other = g_ptr_array_index (self->facts, i);

      have_code = have_code || other->code != NULL || other->success;
    }
  if (have_code || self->answered)
    return;

  fact->code = page_word (text);
  if (fact->code == NULL && self->kind == LK_PASTE_HTML)
    return;
  if (fact->code == NULL)
    fact->code = keyed_code (self, text);
  if (fact->code == NULL)
    {
      const char *p = text;

      fact->code = next_known_word (self, text, &p, speaks_of_a_call (text));
      fact->loose = fact->code != NULL;
    }
  if (fact->code == NULL)
    fact->code = foreign_page_word (text);
  if (fact->code != NULL && g_str_equal (fact->code, "0"))
    {
      fact->success = TRUE;
    }
  message = lk_pattern_find (&message_pattern, text);
  fact->message = lk_paste_redact (message);
  if (fact->code != NULL && !fact->success)
    add_other_words (self, text, fact->code);
  if (fact->code != NULL || fact->message != NULL)
    g_ptr_array_insert (self->facts, 0, g_steal_pointer (&fact));
}
