/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "lk-backup-seal.h"

#define PASSPHRASE "korrekt Pferd Batterie"

typedef struct
{
  char     *path;
  LkSecret *passphrase;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  int fd = g_file_open_tmp ("latchkey-backup-XXXXXX", &fixture->path, NULL);

  close (fd);
  fixture->passphrase = lk_secret_new (PASSPHRASE);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_unlink (fixture->path);
  g_free (fixture->path);
  lk_secret_unref (fixture->passphrase);
}

static LkBackupItem *
info_new (guint connections)
{
  LkBackupItem *item = lk_backup_item_new (LK_BACKUP_INFO);

  item->info = g_new0 (LkBackupInfo, 1);
  item->info->id = g_strdup ("a1b2c3");
  item->info->moves = TRUE;
  item->info->made = 1790000000;
  item->info->made_on = g_strdup ("desk");
  item->info->clients = 1;
  item->info->connections = connections;

  return item;
}

static LkBackupItem *
client_new (void)
{
  LkBackupItem *item = lk_backup_item_new (LK_BACKUP_CLIENT);

  item->client = g_new0 (LkClientRecord, 1);
  item->client->name = g_strdup ("acme");
  item->client->provider = g_strdup ("tiktok-login");
  item->client->client_id = g_strdup ("aw1");
  item->client->created = 17;
  item->secret = lk_secret_new ("planted-client-secret");

  return item;
}

static LkBackupItem *
connection_new (guint number)
{
  LkBackupItem *item = lk_backup_item_new (LK_BACKUP_CONNECTION);
  LkConnectionRecord *record = item->connection = lk_connection_record_new ();
  const char * const scopes[] = { "user.info.basic", "video.list", NULL };
  g_autofree char *access_text = g_strdup_printf ("planted-access-%u", number);
  g_autofree char *refresh_text = g_strdup_printf ("planted-refresh-%u", number);
  g_autoptr(LkSecret) access = lk_secret_new (access_text);
  g_autoptr(LkSecret) refresh = lk_secret_new (refresh_text);
  LkTokenSetFields fields = {
    .access = access,
    .refresh = refresh,
    .obtained = 100,
    .access_ends = 200,
    .refresh_ends = LK_END_NEVER,
    .scopes = scopes,
    .generation = 7,
  };

  record->id = g_strdup_printf ("c%u", number);
  record->name = g_strdup_printf ("Ärzte %u", number);
  record->client = g_strdup ("acme");
  record->provider = g_strdup ("tiktok-login");
  record->identity = g_strdup ("4711");
  g_ptr_array_add (record->accounts, lk_account_new ("1", "One"));
  g_ptr_array_add (record->accounts, lk_account_new ("2", NULL));
  record->accounts_known = TRUE;
  record->scopes_asked = g_strdupv ((char **) scopes);
  record->refresh_ends = LK_END_NEVER;
  record->generation = 7;
  record->has_refresh = TRUE;
  record->fault = lk_fault_new_local (LK_CLASS_TRANSIENT, "offline", "no network");
  item->tokens = lk_token_set_new (&fields);

  return item;
}

static LkBackupItem *
rule_new (void)
{
  LkBackupItem *item = lk_backup_item_new (LK_BACKUP_RULE);

  item->owner = g_strdup ("c0");
  item->values = g_variant_ref_sink (g_variant_new_parsed ("{'rule': <'deny'>}"));

  return item;
}

static void
add (LkBackupWriter *writer,
     LkBackupItem   *taken)
{
  g_autoptr(LkBackupItem) item = taken;
  g_autoptr(GError) error = NULL;

  lk_backup_writer_add (writer, item, &error);
  g_assert_no_error (error);
}

static LkBackupWriter *
writer_new (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  LkBackupWriter *writer = lk_backup_writer_new (open (fixture->path, O_RDWR | O_CLOEXEC),
                                                 fixture->passphrase, LK_BACKUP_COST_MIN, &error);

  g_assert_no_error (error);

  return writer;
}

static void
write_file (Fixture *fixture,
            guint    connections)
{
  g_autoptr(LkBackupWriter) writer = writer_new (fixture);
  g_autoptr(GError) error = NULL;

  add (writer, info_new (connections));
  add (writer, client_new ());
  for (guint i = 0; i < connections; i++)
    add (writer, connection_new (i));
  add (writer, rule_new ());
  lk_backup_writer_finish (writer, &error);
  g_assert_no_error (error);
}

/* How many items the file gives; @error is what it ended with. */
static guint
read_file (Fixture    *fixture,
           const char *passphrase,
           GError    **error)
{
  g_autoptr(LkSecret) secret = lk_secret_new (passphrase);
  g_autoptr(LkBackupReader) reader =
    lk_backup_reader_new (open (fixture->path, O_RDONLY | O_CLOEXEC), secret, error);
  guint count = 0;

  for (;;)
    {
      g_autoptr(LkBackupItem) item = NULL;

      if (reader == NULL || !lk_backup_reader_next (reader, &item, error) || item == NULL)
        return count;
      count++;
    }
}

/* All that matters comes back as it was. */
static void
test_round_trip (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(LkBackupReader) reader = NULL;
  g_autoptr(GError) error = NULL;
  LkBackupItem *items[5] = { NULL };
  const LkConnectionRecord *record;
  g_autoptr(LkBackupItem) same = connection_new (0);
  const char *rule;

  write_file (fixture, 1);
  reader = lk_backup_reader_new (open (fixture->path, O_RDONLY | O_CLOEXEC), fixture->passphrase,
                                 &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      lk_backup_reader_next (reader, &items[i], &error);
      g_assert_no_error (error);
    }

  g_assert_cmpstr (items[0]->info->id, ==, "a1b2c3");
  g_assert_true (items[0]->info->moves);
  g_assert_cmpstr (items[0]->info->made_on, ==, "desk");
  g_assert_cmpuint (items[0]->info->connections, ==, 1);
  g_assert_cmpstr (items[1]->client->client_id, ==, "aw1");
  g_assert_null (items[1]->client->redirect);
  g_assert_cmpstr (lk_secret_open (items[1]->secret), ==, "planted-client-secret");
  record = items[2]->connection;
  g_assert_cmpstr (record->name, ==, "Ärzte 0");
  g_assert_cmpuint (record->accounts->len, ==, 2);
  g_assert_null (((LkAccount *) record->accounts->pdata[1])->name);
  g_assert_true (record->accounts_known);
  g_assert_cmpstr (record->scopes_asked[1], ==, "video.list");
  g_assert_null (record->scopes_granted);
  g_assert_cmpint (record->refresh_ends, ==, LK_END_NEVER);
  g_assert_cmpuint (record->generation, ==, 7);
  g_assert_cmpstr (record->fault->message, ==, "no network");
  g_assert_true (lk_token_set_equal (items[2]->tokens, same->tokens));
  g_assert_cmpstr (items[3]->owner, ==, "c0");
  g_assert_true (g_variant_lookup (items[3]->values, "rule", "&s", &rule));
  g_assert_cmpstr (rule, ==, "deny");
  g_assert_null (items[4]);

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    lk_backup_item_free (items[i]);

  /* Twice, as the agent reads it. */
  lk_backup_reader_rewind (reader, &error);
  g_assert_no_error (error);
  lk_backup_reader_next (reader, &items[0], &error);
  g_assert_no_error (error);
  g_assert_cmpint (items[0]->type, ==, LK_BACKUP_INFO);
  lk_backup_item_free (items[0]);
}

/* Ten thousand connections are many chunks; none is lost between them. */
static void
test_many (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  write_file (fixture, 10000);
  g_assert_cmpuint (read_file (fixture, PASSPHRASE, &error), ==, 10003);
  g_assert_no_error (error);
}

/* The same words from another keyboard, where an accent is a character of its own. */
static void
test_passphrase_is_text (Fixture      *fixture,
                         gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  lk_secret_unref (fixture->passphrase);
  fixture->passphrase = lk_secret_new ("caf\xc3\xa9 au lait");
  write_file (fixture, 1);
  g_assert_cmpuint (read_file (fixture, "cafe\xcc\x81 au lait", &error), ==, 4);
  g_assert_no_error (error);
}

static void
test_wrong_passphrase (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  write_file (fixture, 1);
  g_assert_cmpuint (read_file (fixture, PASSPHRASE " ", &error), ==, 0);
  g_assert_error (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_PASSPHRASE);
}

static void
test_weak_passphrase (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr(LkSecret) weak = lk_secret_new ("ééééééé");
  g_autoptr(GError) error = NULL;
  LkBackupWriter *writer = lk_backup_writer_new (open (fixture->path, O_RDWR | O_CLOEXEC), weak,
                                                 LK_BACKUP_COST_MIN, &error);

  g_assert_null (writer);
  g_assert_error (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_WEAK);
}

static gboolean
holds (const char *content,
       size_t      size,
       const char *text)
{
  size_t length = strlen (text);

  for (size_t i = 0; i + length <= size; i++)
    if (memcmp (content + i, text, length) == 0)
      return TRUE;

  return FALSE;
}

/* Nothing of what it holds stands in the file. */
static void
test_no_plain_text (Fixture      *fixture,
                    gconstpointer data)
{
  static const char * const planted[] = { "planted", "acme", "tiktok", "desk", "Ärzte" };
  g_autofree char *content = NULL;
  size_t size;

  write_file (fixture, 50);
  g_assert_true (g_file_get_contents (fixture->path, &content, &size, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (planted); i++)
    g_assert_false (holds (content, size, planted[i]));
}

/* Any byte that was changed is noticed before the end, whatever part of the file it stands in. */
static void
test_changed_byte (Fixture      *fixture,
                   gconstpointer data)
{
  static const size_t places[] = { 0, 8, 9, 10, 12, 13, 16, 47, 48, 63, 64, 95, 96, 4000, 65631,
                                   65632, 65648, 70000 };
  g_autofree char *content = NULL;
  size_t size;

  write_file (fixture, 300);
  g_assert_true (g_file_get_contents (fixture->path, &content, &size, NULL));
  g_assert_cmpuint (size, >, 2 * LK_BACKUP_CHUNK_SIZE);
  for (guint i = 0; i < G_N_ELEMENTS (places) + 1; i++)
    {
      size_t place = i < G_N_ELEMENTS (places) ? places[i] : size - 1;
      g_autoptr(GError) error = NULL;

      content[place] ^= 1;
      g_assert_true (g_file_set_contents (fixture->path, content, (gssize) size, NULL));
      read_file (fixture, PASSPHRASE, &error);
      g_assert_nonnull (error);
      g_assert_true (error->domain == LK_BACKUP_ERROR);
      g_assert_cmpint (error->code, !=, LK_BACKUP_ERROR_FAILED);
      if (place >= 96 && place < 65000)
        g_assert_cmpint (error->code, ==, LK_BACKUP_ERROR_DAMAGED);
      content[place] ^= 1;
    }
}

/* A file that was cut says so, wherever, also between two chunks. */
static void
test_cut (Fixture      *fixture,
          gconstpointer data)
{
  static const size_t sizes[] = { 20, 95, 96, 97, 1000, 96 + LK_BACKUP_SEALED_SIZE,
                                  96 + 2 * LK_BACKUP_SEALED_SIZE, 97 + LK_BACKUP_SEALED_SIZE };
  g_autofree char *content = NULL;
  size_t size;

  write_file (fixture, 500);
  g_assert_true (g_file_get_contents (fixture->path, &content, &size, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpuint (sizes[i], <, size);
      g_assert_true (g_file_set_contents (fixture->path, content, (gssize) sizes[i], NULL));
      read_file (fixture, PASSPHRASE, &error);
      g_assert_error (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_CUT);
    }
}

/* Chunks that change places, or come twice, are not the chunks that belong there. */
static void
test_reordered (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *content = NULL;
  g_autofree char *first = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) again = NULL;
  size_t size;
  char *chunks;

  write_file (fixture, 500);
  g_assert_true (g_file_get_contents (fixture->path, &content, &size, NULL));
  chunks = content + LK_BACKUP_HEADER_SIZE;
  first = g_memdup2 (chunks, LK_BACKUP_SEALED_SIZE);
  memcpy (chunks, chunks + LK_BACKUP_SEALED_SIZE, LK_BACKUP_SEALED_SIZE);
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) size, NULL));
  read_file (fixture, PASSPHRASE, &error);
  g_assert_error (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_DAMAGED);

  memcpy (chunks, first, LK_BACKUP_SEALED_SIZE);
  memcpy (chunks + LK_BACKUP_SEALED_SIZE, first, LK_BACKUP_SEALED_SIZE);
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) size, NULL));
  read_file (fixture, PASSPHRASE, &again);
  g_assert_error (again, LK_BACKUP_ERROR, LK_BACKUP_ERROR_DAMAGED);
}

/* A chunk fits at its own number, as the last or not, and in its own file alone. */
static void
test_chunk_has_its_place (Fixture      *fixture,
                          gconstpointer data)
{
  static const struct
  {
    guint64  number;
    gboolean last;
    gboolean fits;
  } rows[] = { { 3, FALSE, TRUE }, { 2, FALSE, FALSE }, { 3, TRUE, FALSE } };
  g_autoptr(LkBackupSeal) seal = lk_backup_seal_new (fixture->passphrase, LK_BACKUP_COST_MIN, NULL);
  g_autoptr(LkBackupSeal) other = lk_backup_seal_new (fixture->passphrase, LK_BACKUP_COST_MIN,
                                                      NULL);
  guint8 sealed[7 + LK_BACKUP_TAG_SIZE] = "content";
  guint8 copy[sizeof sealed];

  g_assert_true (lk_backup_seal_encrypt (seal, 3, FALSE, sealed, 7, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      memcpy (copy, sealed, sizeof sealed);
      g_assert_cmpint (lk_backup_seal_decrypt (seal, rows[i].number, rows[i].last, copy,
                                               sizeof copy), ==, rows[i].fits);
    }
  memcpy (copy, sealed, sizeof sealed);
  g_assert_false (lk_backup_seal_decrypt (other, 3, FALSE, copy, sizeof copy));
}

/* With a sum that is right, so that it is not taken for damage. */
static void
set_header (Fixture *fixture,
            size_t   place,
            guint8   value)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *content = NULL;
  guint8 sum[32];
  gsize sum_size = sizeof sum;
  size_t size;

  g_assert_true (g_file_get_contents (fixture->path, &content, &size, NULL));
  content[place] = (char) value;
  g_checksum_update (checksum, (const guchar *) content, 48);
  g_checksum_get_digest (checksum, sum, &sum_size);
  memcpy (content + 48, sum, 16);
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) size, NULL));
}

/* A file cannot make the reader take all memory, nor be made cheap to guess. */
static void
test_cost_is_bounded (Fixture      *fixture,
                      gconstpointer data)
{
  static const guint8 costs[] = { 0, LK_BACKUP_COST_MIN - 1, LK_BACKUP_COST_MAX + 1, 63, 255 };

  write_file (fixture, 1);
  for (guint i = 0; i < G_N_ELEMENTS (costs); i++)
    {
      g_autoptr(GError) error = NULL;

      set_header (fixture, 12, costs[i]);
      read_file (fixture, PASSPHRASE, &error);
      g_assert_error (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_DAMAGED);
    }
}

static void
test_newer_and_foreign (Fixture      *fixture,
                        gconstpointer data)
{
  g_autoptr(GError) newer = NULL;
  g_autoptr(GError) foreign = NULL;
  g_autoptr(GError) empty = NULL;

  write_file (fixture, 1);
  set_header (fixture, 9, 2);
  read_file (fixture, PASSPHRASE, &newer);
  g_assert_error (newer, LK_BACKUP_ERROR, LK_BACKUP_ERROR_NEWER);

  g_assert_true (g_file_set_contents (fixture->path, "%PDF-1.4 something else", -1, NULL));
  read_file (fixture, PASSPHRASE, &foreign);
  g_assert_error (foreign, LK_BACKUP_ERROR, LK_BACKUP_ERROR_FOREIGN);

  g_assert_true (g_file_set_contents (fixture->path, "", -1, NULL));
  read_file (fixture, PASSPHRASE, &empty);
  g_assert_error (empty, LK_BACKUP_ERROR, LK_BACKUP_ERROR_FOREIGN);
}

/* What a move relies on: before its last chunk nobody can read the file whole, and it can be made
 * empty. */
static void
test_unfinished (Fixture      *fixture,
                 gconstpointer data)
{
  LkBackupWriter *writer = writer_new (fixture);
  g_autoptr(GError) error = NULL;
  GStatBuf info;

  add (writer, info_new (300));
  for (guint i = 0; i < 300; i++)
    add (writer, connection_new (i));
  g_assert_true (lk_backup_writer_settle (writer, &error));
  read_file (fixture, PASSPHRASE, &error);
  g_assert_error (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_CUT);

  g_assert_true (lk_backup_writer_discard (writer));
  lk_backup_writer_free (writer);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 0);
}

static void
test_full_disk (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  int fd = open ("/dev/full", O_RDWR | O_CLOEXEC);
  LkBackupWriter *writer;

  if (fd < 0)
    {
      g_test_skip ("there is no /dev/full");
      return;
    }
  writer = lk_backup_writer_new (fd, fixture->passphrase, LK_BACKUP_COST_MIN, &error);
  g_assert_null (writer);
  g_assert_nonnull (error);
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void      (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/backup/round-trip", test_round_trip },
    { "/backup/many", test_many },
    { "/backup/passphrase-is-text", test_passphrase_is_text },
    { "/backup/wrong-passphrase", test_wrong_passphrase },
    { "/backup/weak-passphrase", test_weak_passphrase },
    { "/backup/no-plain-text", test_no_plain_text },
    { "/backup/changed-byte", test_changed_byte },
    { "/backup/cut", test_cut },
    { "/backup/reordered", test_reordered },
    { "/backup/chunk-has-its-place", test_chunk_has_its_place },
    { "/backup/cost-is-bounded", test_cost_is_bounded },
    { "/backup/newer-and-foreign", test_newer_and_foreign },
    { "/backup/unfinished", test_unfinished },
    { "/backup/full-disk", test_full_disk },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);

  return g_test_run ();
}
