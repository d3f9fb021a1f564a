/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a fuzz target on each file of a folder, and on cut and bit-flipped copies of it. */

#include <glib.h>

#include "fuzz.h"

static void
replay_mutations (const char *data,
                  size_t      size)
{
  g_autofree char *copy = NULL;

  for (size_t cut = 0; cut < size; cut += 1 + size / 64)
    LLVMFuzzerTestOneInput ((const uint8_t *) data, cut);

  copy = g_memdup2 (data, size);
  for (size_t i = 0; i < size; i += 1 + size / 256)
    {
      copy[i] ^= (char) (1 << (i % 8));
      LLVMFuzzerTestOneInput ((const uint8_t *) copy, size);
      copy[i] = data[i];
    }
}

static void
replay_file (gconstpointer user_data)
{
  const char *path = user_data;
  g_autofree char *data = NULL;
  g_autoptr(GError) error = NULL;
  size_t size = 0;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *) data, size), ==, 0);
  if (size > 0)
    replay_mutations (data, size);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GDir) dir = NULL;
  g_autoptr(GError) error = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  if (argc < 2)
    g_error ("usage: %s FOLDER", argv[0]);

  dir = g_dir_open (argv[1], 0, &error);
  g_assert_no_error (error);

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *test = g_strconcat ("/replay/", name, NULL);

      g_test_add_data_func_full (test, g_build_filename (argv[1], name, NULL), replay_file, g_free);
    }

  return g_test_run ();
}
