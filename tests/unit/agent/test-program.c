/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who asks, told from what /proc says: scripts behind interpreters, the command line as a
 * go-between, terminals, Flatpaks. */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "../../../src/agent/lk-agent-program.h"

#define WINDOW "/usr/bin/latchkey"

/* @words: separated by "|" */
typedef struct
{
  pid_t       pid;
  pid_t       parent;
  const char *name;
  const char *exe;
  const char *words;
  const char *app;
} Row;

static gboolean
read_row (pid_t pid, LkAgentProcess *process, gpointer user_data)
{
  for (const Row *row = user_data; row->pid != 0; row++)
    if (row->pid == pid)
      {
        process->parent = row->parent;
        process->name = g_strdup (row->name);
        process->exe = g_strdup (row->exe);
        process->folder = row->exe != NULL ? g_strdup ("/home/ann/jobs") : NULL;
        process->words = g_strsplit (row->words, "|", -1);
        process->app = g_strdup (row->app);
        return TRUE;
      }
  return FALSE;
}

static LkAgentProgram *
identify (const Row *rows, const char *claimed)
{
  return lk_agent_program_identify (rows[0].pid, WINDOW, claimed, read_row, (gpointer) rows);
}

static void
assert_is (const Row *rows, const char *claimed, const char *program, const char *shown)
{
  g_autoptr(LkAgentProgram) found = identify (rows, claimed);

  g_assert_cmpstr (found->program, ==, program);
  if (shown != NULL)
    g_assert_cmpstr (found->shown, ==, shown);
  g_assert_false (found->person);
}

static void
test_interpreters (void)
{
  static const struct
  {
    const char *exe;
    const char *words;
    const char *program;
    const char *shown;
  } cases[] = {
    { "/usr/bin/curl", "curl|https://example.com", "/usr/bin/curl", "curl" },
    { "/usr/bin/python3.11", "python3|upload.py|-c|x", "/home/ann/jobs/upload.py", "upload.py" },
    { "/usr/bin/python3.11", "python3|-u|-W|error|../up.py", "/home/ann/up.py", "up.py" },
    { "/usr/bin/python3.11", "python3|-Werror|/opt/up.py", "/opt/up.py", "up.py" },
    { "/usr/bin/python3.11", "python3|-c|import x", "/usr/bin/python3.11", "python3.11" },
    { "/usr/bin/python3.11", "python3|-m|ads.sync|now", "/usr/bin/python3.11 -m ads.sync",
      "python3.11 -m ads.sync" },
    { "/usr/bin/python3.11", "python3", "/usr/bin/python3.11", "python3.11" },
    { "/usr/bin/bash", "bash|/home/ann/nightly.sh", "/home/ann/nightly.sh", "nightly.sh" },
    { "/usr/bin/bash", "/bin/bash|-e|-o|pipefail|nightly.sh", "/home/ann/jobs/nightly.sh",
      "nightly.sh" },
    { "/usr/bin/bash", "bash|--rcfile|x|--|nightly.sh", "/home/ann/jobs/nightly.sh", "nightly.sh" },
    { "/usr/bin/dash", "/bin/sh|./a.sh", "/home/ann/jobs/a.sh", "a.sh" },
    { "/usr/bin/busybox", "/bin/sh|./a.sh", "/home/ann/jobs/a.sh", "a.sh" },
    { "/usr/bin/node", "node|-r|dotenv|server.js", "/home/ann/jobs/server.js", "server.js" },
    { "/usr/bin/node", "node|--require|dotenv|server.js", "/home/ann/jobs/server.js", "server.js" },
    { "/usr/bin/node", "node|--eval|1", "/usr/bin/node", "node" },
    { "/usr/bin/perl", "perl|-Ilib|-w|sync.pl", "/home/ann/jobs/sync.pl", "sync.pl" },
    { "/usr/bin/perl", "perl|-lne|print", "/usr/bin/perl", "perl" },
    { "/usr/bin/ruby3.1", "ruby|-r|json|sync.rb", "/home/ann/jobs/sync.rb", "sync.rb" },
    { "/usr/bin/php8.2", "php|-d|x=1|-f|sync.php", "/home/ann/jobs/sync.php", "sync.php" },
    { "/usr/bin/shred", "shred|file", "/usr/bin/shred", "shred" },
    { "/usr/bin/bash", "bash", "terminal", NULL },
    { "/usr/bin/bash", "-bash", "terminal", NULL },
    { "/usr/bin/zsh", "zsh|-i", "terminal", NULL },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Row rows[] = {
        { 10, 1, "x", cases[i].exe, cases[i].words, NULL },
        { 0 },
      };

      g_test_message ("%s", cases[i].words);
      assert_is (rows, NULL, cases[i].program, cases[i].shown);
    }
}

/* latchkeyctl hides its file; whoever started it is meant, past shells that only wrap a command. */
static void
test_go_between (void)
{
  const Row script[] = {
    { 30, 20, "latchkeyctl", NULL, "latchkeyctl|token|acme", NULL },
    { 20, 10, "bash", "/usr/bin/bash", "/bin/bash|/home/ann/nightly.sh", NULL },
    { 10, 1, "cron", NULL, "/usr/sbin/cron", NULL },
    { 0 },
  };
  const Row whole[] = {
    { 30, 20, "latchkeyctl-who", NULL, "latchkeyctl|token|acme", NULL },
    { 20, 10, "sh", "/usr/bin/dash", "sh|-c|latchkeyctl token acme", NULL },
    { 10, 1, "python3", "/usr/bin/python3.11", "python3|/home/ann/sync.py", NULL },
    { 0 },
  };
  const Row typed[] = {
    { 30, 20, "latchkeyctl", NULL, "latchkeyctl|token|acme", NULL },
    { 20, 10, "timeout", "/usr/bin/timeout", "timeout|5|latchkeyctl|token|acme", NULL },
    { 10, 1, "bash", "/usr/bin/bash", "-bash", NULL },
    { 0 },
  };
  const Row orphan[] = {
    { 30, 20, "latchkeyctl", NULL, "latchkeyctl|token|acme", NULL },
    { 0 },
  };

  assert_is (script, "latchkeyctl", "/home/ann/nightly.sh", "nightly.sh");
  assert_is (whole, "latchkeyctl", "/home/ann/sync.py", "sync.py");
  assert_is (typed, "latchkeyctl", "terminal", NULL);
  assert_is (orphan, "latchkeyctl", "unknown", NULL);
}

/* "exec" counts what it is about to run. */
static void
test_exec (void)
{
  static const struct
  {
    const char *words;
    const char *claimed;
    const char *program;
  } cases[] = {
    { "latchkeyctl|exec|acme|--|curl|x", "/usr/bin/curl", "/usr/bin/curl" },
    { "latchkeyctl|exec|acme|curl|x", "/usr/bin/curl", "/usr/bin/curl" },
    { "latchkeyctl|--timeout|5|exec|--min-valid|60|acme|--|python3|up.py", "/usr/bin/python3",
      "/home/ann/jobs/up.py" },
    { "latchkeyctl|exec|--json|acme|--|./up.sh", "/home/ann/jobs/up.sh", "/home/ann/jobs/up.sh" },
    /* What it claims has to fit what it is about to run. */
    { "latchkeyctl|exec|acme|--|curl|x", "/usr/bin/wget", "curl" },
    { "latchkeyctl|exec|acme|--|sh|-c|curl x", "/bin/sh", "/home/ann/nightly.sh" },
    { "latchkeyctl|token|exec", "/usr/bin/curl", "/home/ann/nightly.sh" },
    { "latchkeyctl|exec|acme|--", "/usr/bin/curl", "/home/ann/nightly.sh" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Row rows[] = {
        { 30, 20, "latchkeyctl-who", NULL, cases[i].words, NULL },
        { 20, 10, "bash", "/usr/bin/bash", "/bin/bash|/home/ann/nightly.sh", NULL },
        { 0 },
      };

      g_test_message ("%s", cases[i].words);
      assert_is (rows, cases[i].claimed, cases[i].program, NULL);
    }
}

static void
test_others (void)
{
  const Row app[] = {
    { 10, 1, "editor", "/app/bin/editor", "editor", "org.example.Editor" },
    { 0 },
  };
  const Row in_app[] = {
    { 20, 10, "latchkeyctl", NULL, "latchkeyctl|token|acme", NULL },
    { 10, 1, "python3", "/usr/bin/python3", "python3|x.py", "org.example.Editor" },
    { 0 },
  };
  const Row hidden[] = { { 10, 1, "mystery", NULL, "mystery", NULL }, { 0 } };
  const Row misleading[] = { { 10, 1, "x", "/tmp/a\xe2\x80\xae" "b\n\xff", "x", NULL }, { 0 } };
  const Row loop[] = {
    { 10, 20, "sh", "/usr/bin/dash", "sh|-c|x", NULL },
    { 20, 10, "sh", "/usr/bin/dash", "sh|-c|x", NULL },
    { 0 },
  };
  const Row window[] = { { 10, 1, "latchkey", WINDOW, "latchkey", NULL }, { 0 } };
  g_autoptr(LkAgentProgram) person = identify (window, NULL);

  assert_is (app, NULL, "flatpak:org.example.Editor", "org.example.Editor");
  assert_is (in_app, NULL, "flatpak:org.example.Editor", "org.example.Editor");
  assert_is (hidden, NULL, "mystery", "mystery");
  assert_is (misleading, NULL, "/tmp/ab\xef\xbf\xbd", NULL);
  assert_is (loop, NULL, "unknown", NULL);
  g_assert_true (person->person);
}

/* What the kernel says of this test itself. */
static void
test_proc (void)
{
  g_auto(LkAgentProcess) process = { 0 };
  g_auto(LkAgentProcess) nobody = { 0 };
  g_autofree char *exe = g_file_read_link ("/proc/self/exe", NULL);

  g_assert_true (lk_agent_process_read (getpid (), &process, NULL));
  g_assert_cmpint (process.parent, ==, getppid ());
  g_assert_cmpstr (process.exe, ==, exe);
  g_assert_nonnull (process.words[0]);
  g_assert_nonnull (process.folder);
  g_assert_null (process.app);
  g_assert_false (lk_agent_process_read (-1, &nobody, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/program/interpreters", test_interpreters);
  g_test_add_func ("/program/go-between", test_go_between);
  g_test_add_func ("/program/exec", test_exec);
  g_test_add_func ("/program/others", test_others);
  g_test_add_func ("/program/proc", test_proc);
  return g_test_run ();
}
