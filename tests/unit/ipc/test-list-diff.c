/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a view is told when a part of a list is replaced: the right list comes out, and what stays
 * is not touched. */

#include "lk-list-diff.h"

#include <string.h>

typedef struct
{
  GPtrArray *items;
  GString   *steps; /* "position-removed+added " each */
} World;

static GObject *objects[128];

static GPtrArray *
list_of (const char *letters)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  for (const char *p = letters; *p != '\0'; p++)
    {
      if (objects[(guint8) *p] == NULL)
        objects[(guint8) *p] = g_object_new (G_TYPE_OBJECT, NULL);
      g_ptr_array_add (list, g_object_ref (objects[(guint8) *p]));
    }
  return list;
}

static void
change_cb (guint position, guint n_removed, GPtrArray *added, gpointer user_data)
{
  World *world = user_data;

  g_string_append_printf (world->steps, "%u-%u+%u ", position, n_removed, added->len);
  g_assert_cmpuint (position + n_removed, <=, world->items->len);
  if (n_removed > 0)
    g_ptr_array_remove_range (world->items, position, n_removed);
  for (guint i = 0; i < added->len; i++)
    g_ptr_array_insert (world->items, (int) (position + i), g_object_ref (added->pdata[i]));
}

/* @old, the part of it from @first, and what comes of the part; @steps: (nullable) */
static void
check (const char *old, guint first, guint n_old, const char *now, const char *steps)
{
  g_autofree char *wanted_text = g_strdup_printf ("%.*s%s%s", (int) first, old, now,
                                                  old + first + n_old);
  g_autoptr(GPtrArray) items = list_of (old);
  g_autoptr(GPtrArray) part = list_of (now);
  g_autoptr(GPtrArray) wanted = list_of (wanted_text);
  g_autoptr(GString) told = g_string_new (NULL);
  World world = { items, told };

  lk_list_diff (items, first, n_old, part, change_cb, &world);
  g_assert_cmpuint (items->len, ==, wanted->len);
  for (guint i = 0; i < items->len; i++)
    g_assert_true (items->pdata[i] == wanted->pdata[i]);
  if (steps != NULL)
    g_assert_cmpstr (g_strchomp (told->str), ==, steps);
}

static void
test_steps (void)
{
  check ("abcdef", 0, 6, "abcdef", "");
  check ("abcdef", 0, 6, "abXcdef", "2-0+1");
  check ("abcdef", 0, 6, "abdef", "2-1+0");
  check ("abcdef", 0, 6, "abXdef", "2-1+1");
  /* One that goes to the end takes two steps, and the others stay. */
  check ("abcdef", 0, 6, "bcdefa", "0-1+0 5-0+1");
  check ("abcdef", 0, 6, "fabcde", "0-0+1 6-1+0");
  check ("abcdef", 0, 6, "uvwxyz", "0-6+6");
  check ("", 0, 0, "abc", "0-0+3");
  check ("abc", 0, 3, "", "0-3+0");
}

static void
test_part (void)
{
  check ("abcdef", 2, 2, "cXd", "3-0+1");
  check ("abcdef", 4, 2, "", "4-2+0");
  check ("abcdef", 6, 0, "g", "6-0+1");
}

static void
test_any_order (void)
{
  const char letters[] = "abcdefghijklmnopqrstuvwxyz";

  for (guint round = 0; round < 500; round++)
    {
      char old[27], now[27];
      guint n_old = 0, n_now = 0, first;

      for (guint i = 0; i < 26; i++)
        {
          if (g_test_rand_bit ())
            old[n_old++] = letters[i];
        }
      old[n_old] = '\0';
      first = n_old > 0 ? (guint) g_test_rand_int_range (0, (int) n_old) : 0;
      /* Of what is outside the part nothing may be in it. */
      for (guint i = 0; i < 26; i++)
        if (g_test_rand_bit () && memchr (old, letters[i], first) == NULL)
          now[n_now++] = letters[i];
      now[n_now] = '\0';
      for (guint i = n_now; i > 1; i--)
        {
          guint other = (guint) g_test_rand_int_range (0, (int) i);
          char letter = now[i - 1];

          now[i - 1] = now[other];
          now[other] = letter;
        }
      check (old, first, n_old - first, now, NULL);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-diff/steps", test_steps);
  g_test_add_func ("/list-diff/part", test_part);
  g_test_add_func ("/list-diff/any-order", test_any_order);
  status = g_test_run ();
  for (size_t i = 0; i < G_N_ELEMENTS (objects); i++)
    g_clear_object (&objects[i]);
  return status;
}
