/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The help: a file with a mistake is refused with its line, what is compiled in is whole, and
 * everything that Latchkey can say or ask for is explained in it. */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "lk-catalogue.h"
#include "lk-help.h"
#include "lk-scopes.h"
#include "lk-warning.h"

#define TOPIC(body) \
  "<help><section><title>S</title><topic id=\"a\"><title>T</title><summary>U</summary>\n" body \
  "</topic></section></help>"

static GBytes *
get_script (const char *name)
{
  return g_str_equal (name, "one.sh") ? g_bytes_new_static ("echo 1\n", 7) : NULL;
}

static gboolean
read_text (LkHelp *help, const char *text, GError **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return lk_help_parse (help, "test.xml", bytes, error)
         && lk_help_finish (help, get_script, error);
}

static const LkHelpBlock *
get_block (const LkHelpTopic *topic, guint i)
{
  g_assert_cmpuint (i, <, topic->blocks->len);
  return g_ptr_array_index (topic->blocks, i);
}

/* Each kind of block arrives with what belongs to it, in order. */
static void
test_parse (void)
{
  static const struct
  {
    LkHelpKind kind;
    const char *text, *detail, *target;
    guint number;
  } blocks[] = {
    { LK_HELP_TEXT, "One two.", NULL, NULL, 0 },
    { LK_HELP_HEADING, "H", NULL, NULL, 0 },
    { LK_HELP_STEP, "First", NULL, NULL, 1 },
    { LK_HELP_STEP, "Second", NULL, NULL, 2 },
    { LK_HELP_ITEM, "I", NULL, NULL, 0 },
    { LK_HELP_TERM, "Word", "Meaning", NULL, 0 },
    { LK_HELP_NOTE, "N & N", NULL, NULL, 0 },
    { LK_HELP_CODE, "echo 1", "Shell", "one.sh", 0 },
    { LK_HELP_STEP, "Again first", NULL, NULL, 1 },
    { LK_HELP_ACTION, "Go", NULL, "win.go", 0 },
    { LK_HELP_ADDRESS, "Web", NULL, "https://example.com/", 0 },
    { LK_HELP_TOPIC, "Other", "Of it", "b", 0 },
  };
  g_autoptr(LkHelp) help = lk_help_new_empty ();
  g_autoptr(GError) error = NULL;
  const LkHelpTopic *topic;

  read_text (help,
             "<help><section><title>S</title><topic id=\"a\" pages=\"x y\"><title>T</title>"
             "<summary>U</summary><p>\n  One\n  two. </p><heading>H</heading><steps><step>First"
             "</step><step>Second</step></steps><list><item>I</item></list><terms><term>Word</term>"
             "<explanation>Meaning</explanation></terms><note>N &amp; N</note>"
             "<code file=\"one.sh\">Shell</code><steps><step>Again first</step></steps>"
             "<go action=\"win.go\">Go</go><web address=\"https://example.com/\">Web</web>"
             "<see topic=\"b\"/></topic></section><section><title>S2</title><topic id=\"b\">"
             "<title>Other</title><summary>Of it</summary><p>P</p></topic></section></help>",
             &error);
  g_assert_no_error (error);
  topic = lk_help_find (help, "y");
  g_assert_nonnull (topic);
  g_assert_true (topic == lk_help_find (help, "a"));
  g_assert_cmpstr (topic->section, ==, "S");
  g_assert_cmpstr (topic->title, ==, "T");
  g_assert_cmpstr (topic->summary, ==, "U");
  g_assert_cmpuint (topic->blocks->len, ==, G_N_ELEMENTS (blocks));
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    {
      const LkHelpBlock *block = get_block (topic, i);

      g_assert_cmpint (block->kind, ==, blocks[i].kind);
      g_assert_cmpstr (block->text, ==, blocks[i].text);
      g_assert_cmpstr (block->detail, ==, blocks[i].detail);
      g_assert_cmpstr (block->target, ==, blocks[i].target);
      g_assert_cmpuint (block->number, ==, blocks[i].number);
    }
  g_assert_cmpstr (lk_help_find (help, "b")->section, ==, "S2");
  g_assert_null (lk_help_find (help, "z"));
  g_assert_null (lk_help_find (help, NULL));
}

/* What is wrong, and on which line. */
static void
test_mistakes (void)
{
  static const struct { const char *text, *message; } cases[] = {
    { "", "*empty*" },
    { "<help>", "*" },
    { "<help", "*" },
    { "\xff\xfe", "*" },
    { "<catalogue/>", "test.xml:1: no element <catalogue>" },
    { "<help>words</help>", "test.xml:1: <help> has a text of its own" },
    { "<help><topic id=\"a\"/></help>", "*<topic> stands in <help>, not in <section>" },
    { "<help><section><topic id=\"a\"/></section></help>", "*before the title of its section" },
    { "<help><section><title>S</title><topic/></section></help>", "*a topic without an id" },
    { "<help><section><title>S</title><summary>U</summary></section></help>",
      "*\"U\" is for no topic" },
    { "<help><section><title>S</title><title>S</title></section></help>", "*\"S\" is for nothing" },
    { "<help><section><title>S</title><topic id=\"a\"><title>T</title><p>P</p></topic></section>"
      "</help>", "*topic \"a\" lacks its title, its summary or its text" },
    { TOPIC (""), "test.xml:2: topic \"a\" lacks its title, its summary or its text" },
    { TOPIC ("<p/>"), "test.xml:2: <p> is empty" },
    { TOPIC ("\n<blink>x</blink>"), "test.xml:3: no element <blink>" },
    { TOPIC ("<p>one <p>two</p></p>"), "*<p> stands in <p>, not in <topic>" },
    { TOPIC ("<step>x</step>"), "*<step> stands in <topic>, not in <steps>" },
    { TOPIC ("<steps><item>x</item></steps>"), "*<item> stands in <steps>, not in <list>" },
    { TOPIC ("<terms><term>x</term></terms>"), "*\"x\" is not explained" },
    { TOPIC ("<terms><explanation>x</explanation></terms>"), "*\"x\" explains no term" },
    { TOPIC ("<see/>"), "*<see> without topic" },
    { TOPIC ("<see topic=\"b\">Text</see>"), "*<see> has a text of its own" },
    { TOPIC ("<see topic=\"b\"/>"), "*topic \"a\": the link \"b\" leads to no other topic" },
    { TOPIC ("<see topic=\"a\"/>"), "*topic \"a\": the link \"a\" leads to no other topic" },
    { TOPIC ("<code file=\"two.sh\">x</code>"), "*topic \"a\": no script \"two.sh\"" },
    { TOPIC ("<code file=\"one.sh\"/>"), "*<code> is empty" },
    { TOPIC ("<web address=\"http://example.com\">x</web>"), "*is not an https address" },
    { TOPIC ("<permissions family=\"nobody\"/>"), "*topic \"a\": no family \"nobody\"" },
    { TOPIC ("<p>x</p></topic><topic id=\"a\"><title>T</title><summary>U</summary><p>x</p>"),
      "*topic \"a\": there is another \"a\"" },
    { TOPIC ("<p>x</p></topic><topic id=\"b\" pages=\"a\"><title>T</title><summary>U</summary>"
             "<p>x</p>"), "*topic \"b\": there is another \"a\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(LkHelp) help = lk_help_new_empty ();
      g_autoptr(GError) error = NULL;

      g_assert_false (read_text (help, cases[i].text, &error));
      g_assert_nonnull (error);
      if (!g_pattern_match_simple (cases[i].message, error->message))
        g_error ("case %" G_GSIZE_FORMAT ": %s", i, error->message);
    }
}

/* Nothing that is cut off or has a byte too many is read beyond its end. */
static void
test_any_bytes (void)
{
  static const char text[] = TOPIC ("<terms><term>x</term><explanation>y</explanation></terms>"
                                    "<steps><step>z</step></steps><code file=\"one.sh\">c</code>");

  for (gsize length = 0; length < sizeof text - 1; length++)
    for (int junk = 0; junk < 2; junk++)
      {
        g_autoptr(LkHelp) help = lk_help_new_empty ();
        g_autoptr(GString) cut = g_string_new_len (text, (gssize) length);
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GError) error = NULL;

        if (junk)
          g_string_append (cut, "<");
        bytes = g_bytes_new (cut->str, cut->len);
        g_assert_false (lk_help_parse (help, "cut.xml", bytes, &error));
        g_assert_nonnull (error);
        g_assert_true (g_str_has_prefix (error->message, "cut.xml:"));
      }
}

/* What is compiled in can be read (lk_help_new () ends the program otherwise), and no topic is
 * one that nobody can reach a reason for: each has words. */
static void
test_compiled_in (void)
{
  g_autoptr(LkHelp) help = lk_help_new ();
  GPtrArray *topics = lk_help_get_topics (help);

  for (guint i = 0; i < topics->len; i++)
    {
      const LkHelpTopic *topic = g_ptr_array_index (topics, i);

      g_assert_cmpuint (g_utf8_strlen (topic->title, -1), <=, 44);
      g_assert_false (g_str_has_suffix (topic->title, "."));
      g_assert_true (g_str_has_suffix (topic->summary, "."));
      g_assert_cmpuint (g_utf8_strlen (topic->summary, -1), <=, 110);
      for (guint j = 0; j < topic->blocks->len; j++)
        {
          const LkHelpBlock *block = get_block (topic, j);

          g_assert_nonnull (block->text);
          g_assert_cmpint (block->kind, !=, LK_HELP_SCOPES);
          g_assert_cmpint (block->kind, !=, LK_HELP_REFUSALS);
        }
    }
}

static gboolean
has_text (const LkHelpTopic *topic, LkHelpKind kind, const char *text)
{
  for (guint i = 0; i < topic->blocks->len; i++)
    {
      const LkHelpBlock *block = get_block (topic, i);

      if (block->kind == kind && g_strcmp0 (block->text, text) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Every kind of refusal, with the words of the catalogue. */
static void
test_refusals (void)
{
  g_autoptr(LkHelp) help = lk_help_new ();
  g_autoptr(LkCatalogue) catalogue = lk_catalogue_new ();
  const LkHelpTopic *topic = lk_help_find (help, "refusals");

  for (int klass = 0; klass < LK_N_CLASSES; klass++)
    {
      const LkEntry *entry = lk_catalogue_find_class (catalogue, (LkClass) klass);

      if (klass == LK_CLASS_OK)
        continue;
      g_assert_true (has_text (topic, LK_HELP_HEADING, entry->title));
      g_assert_true (has_text (topic, LK_HELP_TEXT, entry->explanation));
      for (guint i = 0; i < entry->steps->len; i++)
        g_assert_true (has_text (topic, LK_HELP_STEP, g_ptr_array_index (entry->steps, i)));
    }
}

/* Every permission of every family, with each call that it covers. */
static void
test_permissions (void)
{
  static const char * const families[] = { "tiktok-ads", "tiktok-account", "tiktok-login",
                                           "tiktok-shop" };
  g_autoptr(LkHelp) help = lk_help_new ();
  g_autoptr(LkScopes) scopes = lk_scopes_new ();

  for (gsize f = 0; f < G_N_ELEMENTS (families); f++)
    {
      g_autofree char *id = g_strconcat ("permissions-", families[f], NULL);
      const LkHelpTopic *topic = lk_help_find (help, id);
      GPtrArray *all = lk_scopes_list (scopes, families[f]);

      g_assert_nonnull (topic);
      g_assert_cmpuint (all->len, >, 0);
      for (guint i = 0; i < all->len; i++)
        {
          const LkScope *scope = g_ptr_array_index (all, i);
          g_autofree char *term = g_strdup_printf ("%s (%s)", scope->name, scope->id);
          int found = lk_help_topic_find (topic, term);
          const LkHelpBlock *block;

          g_assert_cmpint (found, >=, 0);
          g_assert_true (has_text (topic, LK_HELP_TERM, term));
          block = get_block (topic, (guint) found);
          for (guint j = 0; scope->endpoints[j] != NULL; j++)
            if (g_strcmp0 (block->text, term) == 0)
              g_assert_nonnull (strstr (block->detail, scope->endpoints[j]));
        }
    }
}

/* Every reason for a notification has a topic of its own. */
static void
test_warnings (void)
{
  g_autoptr(LkHelp) help = lk_help_new ();

  for (int reason = 0; reason < LK_N_WARNING_REASONS; reason++)
    {
      g_autofree char *id = g_strconcat ("warning-",
                                         lk_warning_reason_to_string ((LkWarningReason) reason),
                                         NULL);

      g_assert_nonnull (lk_help_find (help, id));
    }
}

static const char *
best (LkHelp *help, const char *words)
{
  g_autoptr(GPtrArray) found = lk_help_search (help, words);

  return found->len > 0 ? ((const LkHelpTopic *) g_ptr_array_index (found, 0))->id : NULL;
}

/* Words are looked for everywhere, in any case and order; a title counts most. */
static void
test_search (void)
{
  g_autoptr(LkHelp) help = lk_help_new ();
  g_autoptr(GPtrArray) all = lk_help_search (help, "  ");
  const LkHelpTopic *topic = lk_help_find (help, "permissions-tiktok-ads");
  int block = lk_help_topic_find (topic, "17020000");

  g_assert_cmpuint (all->len, ==, lk_help_get_topics (help)->len);
  g_assert_cmpstr (best (help, "CODES exit"), ==, "scripts-exit");
  g_assert_cmpstr (best (help, "support bundle"), ==, "bundle");
  g_assert_cmpstr (best (help, "17020000"), ==, "permissions-tiktok-ads");
  g_assert_cmpstr (best (help, "urllib"), ==, "scripts-python");
  g_assert_null (best (help, "xylophone"));
  g_assert_cmpint (block, >, 0);
  g_assert_nonnull (strstr (get_block (topic, (guint) block)->detail, "/optimizer/rule/list"));
  g_assert_cmpint (lk_help_topic_find (topic, "xylophone"), ==, -1);
  g_assert_cmpint (lk_help_topic_find (topic, ""), ==, -1);
  g_assert_cmpint (lk_help_topic_find (topic, NULL), ==, -1);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/help/parse", test_parse);
  g_test_add_func ("/help/mistakes", test_mistakes);
  g_test_add_func ("/help/any-bytes", test_any_bytes);
  g_test_add_func ("/help/compiled-in", test_compiled_in);
  g_test_add_func ("/help/refusals", test_refusals);
  g_test_add_func ("/help/permissions", test_permissions);
  g_test_add_func ("/help/warnings", test_warnings);
  g_test_add_func ("/help/search", test_search);
  return g_test_run ();
}
