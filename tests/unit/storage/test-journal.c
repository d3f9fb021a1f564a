/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "lk-journal.h"

#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define OTHER_KEY "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

typedef struct
{
  char *dir;
  char *path;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = g_dir_make_tmp ("latchkey-journal-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "journal", NULL);
}

/* How many files the folder has whose name begins with @start. */
static guint
count_files (const char *folder,
             const char *start,
             gboolean    remove)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint count = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, start))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);

        count++;
        if (remove)
          g_unlink (path);
      }

  return count;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  count_files (fixture->dir, "", TRUE);
  g_rmdir (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

static LkTokenSet *
make_tokens (const char *access_text)
{
  g_autoptr(LkSecret) access = lk_secret_new (access_text);
  g_autoptr(LkSecret) refresh = lk_secret_new ("refresh-planted");
  LkTokenSetFields fields = {
    .access = access,
    .refresh = refresh,
    .obtained = 1763000000,
    .access_ends = 1763086400,
    .generation = 8,
  };

  return lk_token_set_new (&fields);
}

static LkJournal *
open_with_key (const char *path,
               const char *hex)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) key = lk_secret_new (hex);
  LkJournal *journal = lk_journal_new (path, &error);

  g_assert_no_error (error);
  g_assert_true (lk_journal_set_key (journal, key, &error));
  g_assert_no_error (error);

  return journal;
}

static GPtrArray *
get_open (LkJournal *journal)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *open = lk_journal_get_open (journal, &error);

  g_assert_no_error (error);

  return open;
}

static void
intend (LkJournal  *journal,
        const char *connection)
{
  g_autoptr(GError) error = NULL;

  lk_journal_intend (journal, connection, 7, "cafe0123", 1763000001, &error);
  g_assert_no_error (error);
}

static void
keep (LkJournal  *journal,
      const char *connection,
      const char *access)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = make_tokens (access);

  lk_journal_keep_reply (journal, connection, tokens, &error);
  g_assert_no_error (error);
}

static void
settle (LkJournal  *journal,
        const char *connection)
{
  g_autoptr(GError) error = NULL;

  lk_journal_settle (journal, connection, &error);
  g_assert_no_error (error);
}

static size_t
size_of (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);

  return (size_t) info.st_size;
}

/* Each state of a renewal is what a later start finds; the settled journal is empty again; nothing
 * in the file is readable without the key. */
static void
test_renewal (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LkJournal) journal = open_with_key (fixture->path, KEY);
  g_autoptr(LkTokenSet) tokens = make_tokens ("access-planted");
  g_autofree char *content = NULL;
  size_t size;
  GStatBuf info;

  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  intend (journal, "k3f9");
  {
    g_autoptr(LkJournal) later = open_with_key (fixture->path, KEY);
    g_autoptr(GPtrArray) open = get_open (later);
    const LkJournalOpen *entry = g_ptr_array_index (open, 0);

    g_assert_cmpuint (open->len, ==, 1);
    g_assert_cmpstr (entry->connection, ==, "k3f9");
    g_assert_cmpuint (entry->generation, ==, 7);
    g_assert_cmpstr (entry->refresh_fingerprint, ==, "cafe0123");
    g_assert_cmpint (entry->at, ==, 1763000001);
    g_assert_false (entry->has_reply);
    g_assert_null (entry->tokens);
  }

  keep (journal, "k3f9", "access-planted");
  {
    g_autoptr(LkJournal) later = open_with_key (fixture->path, KEY);
    g_autoptr(GPtrArray) open = get_open (later);
    const LkJournalOpen *entry = g_ptr_array_index (open, 0);

    g_assert_true (entry->has_reply);
    g_assert_true (lk_token_set_equal (entry->tokens, tokens));
  }
  g_assert_true (g_file_get_contents (fixture->path, &content, &size, NULL));
  g_assert_null (g_strstr_len (content, (gssize) size, "planted"));

  settle (journal, "k3f9");
  g_assert_cmpuint (size_of (fixture->path), ==, 0);
  intend (journal, "again");
  settle (journal, "again");
  settle (journal, "never begun");
}

/* Without the right key the reply is known to be there, and stays there. */
static void
test_keys (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(LkJournal) journal = lk_journal_new (fixture->path, NULL);
  g_autoptr(LkTokenSet) tokens = make_tokens ("access");
  g_autoptr(LkSecret) bad = lk_secret_new ("not hex");
  g_autoptr(LkSecret) made = lk_journal_make_key ();
  g_autoptr(LkSecret) another = lk_journal_make_key ();
  g_autoptr(GError) error = NULL;
  const char *keys[] = { NULL, OTHER_KEY };

  g_assert_false (lk_secret_equal (made, another));
  g_assert_cmpuint (lk_secret_get_length (made), ==, 2 * LK_JOURNAL_KEY_SIZE);
  g_assert_false (lk_journal_has_key (journal));
  g_assert_false (lk_journal_set_key (journal, bad, &error));
  g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED);
  g_clear_error (&error);
  intend (journal, "k3f9");
  g_assert_false (lk_journal_keep_reply (journal, "k3f9", tokens, &error));
  g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED);

  g_clear_object (&journal);
  journal = open_with_key (fixture->path, KEY);
  keep (journal, "k3f9", "access");
  for (size_t i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr(LkJournal) later = keys[i] != NULL ? open_with_key (fixture->path, keys[i])
                                                   : lk_journal_new (fixture->path, NULL);
      g_autoptr(GPtrArray) open = get_open (later);
      const LkJournalOpen *entry = g_ptr_array_index (open, 0);

      g_assert_true (entry->has_reply);
      g_assert_null (entry->tokens);
    }
}

/* A kept reply is not thrown away by sending the same refresh token again; when another token is
 * in use, the old story is over. */
static void
test_intend_again (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(LkJournal) journal = open_with_key (fixture->path, KEY);
  g_autoptr(GPtrArray) open = NULL;
  g_autoptr(GError) error = NULL;
  const LkJournalOpen *entry;

  intend (journal, "k3f9");
  intend (journal, "k3f9");
  keep (journal, "k3f9", "access");
  g_assert_false (lk_journal_intend (journal, "k3f9", 7, "cafe0123", 1763000009, &error));
  g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (lk_journal_intend (journal, "k3f9", 8, "0123cafe", 1763000009, &error));
  open = get_open (journal);
  entry = g_ptr_array_index (open, 0);
  g_assert_cmpuint (open->len, ==, 1);
  g_assert_cmpuint (entry->generation, ==, 8);
  g_assert_false (entry->has_reply);
}

/* Fills the journal with four records and notes where each ends. */
static char *
write_four (const char *path,
            size_t     *ends,
            size_t     *size)
{
  g_autoptr(LkJournal) journal = open_with_key (path, KEY);
  char *content;

  intend (journal, "one");
  ends[0] = size_of (path);
  keep (journal, "one", "access-one");
  ends[1] = size_of (path);
  intend (journal, "two");
  ends[2] = size_of (path);
  keep (journal, "two", "access-two");
  ends[3] = size_of (path);
  g_assert_true (g_file_get_contents (path, &content, size, NULL));

  return content;
}

static void
put (const char *path,
     const char *content,
     size_t      size)
{
  g_unlink (path);
  g_assert_true (g_file_set_contents_full (path, content, (gssize) size, G_FILE_SET_CONTENTS_NONE,
                                           0600, NULL));
}

/* A power loss can leave any beginning of the file: what was complete is there, what was not is
 * no error, and the journal goes on after it. */
static void
test_prefixes (Fixture       *fixture,
               gconstpointer  data)
{
  size_t ends[4], size;
  g_autofree char *content = write_four (fixture->path, ends, &size);

  for (size_t length = 0; length <= size; length++)
    {
      guint whole = 0, intents, replies = 0;

      while (whole < 4 && ends[whole] <= length)
        whole++;
      intents = (whole + 1) / 2;
      put (fixture->path, content, length);
      {
        g_autoptr(LkJournal) journal = open_with_key (fixture->path, KEY);
        g_autoptr(GPtrArray) open = get_open (journal);

        g_assert_cmpuint (open->len, ==, intents);
        for (guint i = 0; i < open->len; i++)
          {
            const LkJournalOpen *entry = g_ptr_array_index (open, i);

            g_assert_true (entry->has_reply == (entry->tokens != NULL));
            replies += entry->has_reply;
          }
        g_assert_cmpuint (replies, ==, whole / 2);
        if (length % 7 == 0)
          intend (journal, "three");
      }
      if (length % 7 == 0)
        {
          g_autoptr(LkJournal) journal = open_with_key (fixture->path, KEY);
          g_autoptr(GPtrArray) open = get_open (journal);

          g_assert_cmpuint (open->len, ==, intents + 1);
        }
    }
  g_assert_cmpuint (count_files (fixture->dir, "journal.damaged-", FALSE), ==, 0);
}

/* One bit changed anywhere: found, with a copy kept, or it made the end look cut off. Tokens are
 * the right ones or none; the records before the change are untouched. */
static void
test_bit_flips (Fixture       *fixture,
                gconstpointer  data)
{
  size_t ends[4], size;
  g_autofree char *content = write_four (fixture->path, ends, &size);
  g_autoptr(LkTokenSet) one = make_tokens ("access-one");
  g_autoptr(LkTokenSet) two = make_tokens ("access-two");

  for (size_t at = 0; at < size; at++)
    {
      g_autoptr(LkJournal) journal = NULL;
      g_autoptr(GPtrArray) open = NULL;
      g_autoptr(GError) error = NULL;

      content[at] ^= (char) (1 << (at % 8));
      put (fixture->path, content, size);
      journal = open_with_key (fixture->path, KEY);
      open = lk_journal_get_open (journal, &error);
      g_assert_null (open);
      g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_DAMAGED);
      g_assert_cmpuint (count_files (fixture->dir, "journal.damaged-", TRUE), ==, 1);

      open = get_open (journal);
      g_assert_cmpuint (open->len, >=, 1);
      for (guint i = 0; i < open->len; i++)
        {
          const LkJournalOpen *entry = g_ptr_array_index (open, i);
          gboolean first = g_str_equal (entry->connection, "one");

          g_assert_true (first || g_str_equal (entry->connection, "two"));
          g_assert_true (entry->tokens != NULL || !entry->has_reply);
          if (entry->tokens != NULL)
            g_assert_true (lk_token_set_equal (entry->tokens, first ? one : two));
          if (first && at >= ends[1])
            g_assert_nonnull (entry->tokens);
        }
      content[at] ^= (char) (1 << (at % 8));
    }
}

/* Zeros at the end, as some file systems leave them after a power loss, are no damage. */
static void
test_zeros (Fixture       *fixture,
            gconstpointer  data)
{
  size_t ends[4], size;
  g_autofree char *content = write_four (fixture->path, ends, &size);
  g_autofree char *longer = g_malloc0 (size + 300);
  g_autoptr(LkJournal) journal = NULL;
  g_autoptr(GPtrArray) open = NULL;

  memcpy (longer, content, size);
  put (fixture->path, longer, size + 300);
  journal = open_with_key (fixture->path, KEY);
  open = get_open (journal);
  g_assert_cmpuint (open->len, ==, 2);
}

/* A process that is killed right after a call returned has what the call wrote. */
static void
test_killed (Fixture       *fixture,
             gconstpointer  data)
{
  for (guint steps = 1; steps <= 3; steps++)
    {
      g_autoptr(LkJournal) later = NULL;
      g_autoptr(GPtrArray) open = NULL;
      int status;
      pid_t child;

      g_unlink (fixture->path);
      child = fork ();
      if (child == 0)
        {
          LkJournal *journal = open_with_key (fixture->path, KEY);

          intend (journal, "k3f9");
          if (steps > 1)
            keep (journal, "k3f9", "access");
          if (steps > 2)
            settle (journal, "k3f9");
          raise (SIGKILL);
        }
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);

      later = open_with_key (fixture->path, KEY);
      open = get_open (later);
      g_assert_cmpuint (open->len, ==, steps < 3 ? 1 : 0);
      if (steps == 2)
        g_assert_nonnull (((LkJournalOpen *) g_ptr_array_index (open, 0))->tokens);
    }
}

/* A full disk and a folder that cannot be written are told apart, and the journal stays whole. */
static void
test_full (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(LkJournal) journal = open_with_key (fixture->path, KEY);
  g_autoptr(LkTokenSet) tokens = make_tokens ("access");
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) open = NULL;
  g_autoptr(LkJournal) later = NULL;
  struct rlimit before, limit;

  intend (journal, "k3f9");
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = size_of (fixture->path) + 20;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  lk_journal_keep_reply (journal, "k3f9", tokens, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FULL);

  keep (journal, "k3f9", "access");
  later = open_with_key (fixture->path, KEY);
  open = get_open (later);
  g_assert_cmpuint (open->len, ==, 1);
  g_assert_nonnull (((LkJournalOpen *) g_ptr_array_index (open, 0))->tokens);
}

static void
test_unwritable (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *below = g_build_filename (fixture->path, "deeper", "journal", NULL);

  put (fixture->path, "a file", 6);
  g_assert_null (lk_journal_new (below, &error));
  g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_null (lk_journal_new ("/proc/latchkey/journal", &error));
  g_assert_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_READ_ONLY);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/journal/renewal", Fixture, NULL, set_up, test_renewal, tear_down);
  g_test_add ("/journal/keys", Fixture, NULL, set_up, test_keys, tear_down);
  g_test_add ("/journal/intend-again", Fixture, NULL, set_up, test_intend_again, tear_down);
  g_test_add ("/journal/prefixes", Fixture, NULL, set_up, test_prefixes, tear_down);
  g_test_add ("/journal/bit-flips", Fixture, NULL, set_up, test_bit_flips, tear_down);
  g_test_add ("/journal/zeros", Fixture, NULL, set_up, test_zeros, tear_down);
  g_test_add ("/journal/killed", Fixture, NULL, set_up, test_killed, tear_down);
  g_test_add ("/journal/full", Fixture, NULL, set_up, test_full, tear_down);
  g_test_add ("/journal/unwritable", Fixture, NULL, set_up, test_unwritable, tear_down);

  return g_test_run ();
}
