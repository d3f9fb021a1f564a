/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-list-diff.h"

#define NOWHERE G_MAXUINT

/* Where each item of the part is in @now; %NOWHERE for those that go. */
static guint *
find_places (GPtrArray *items, guint first, guint n_old, GPtrArray *now)
{
  g_autoptr(GHashTable) index = g_hash_table_new (NULL, NULL);
  guint *places = g_new (guint, n_old + 1);

  for (guint i = 0; i < now->len; i++)
    g_hash_table_insert (index, now->pdata[i], GUINT_TO_POINTER (i + 1));
  for (guint i = 0; i < n_old; i++)
    places[i] = GPOINTER_TO_UINT (g_hash_table_lookup (index, items->pdata[first + i])) - 1;
  return places;
}

/* Leaves a place only to the longest rising row of them; the others have moved. */
static void
keep_rising (guint *places, guint n)
{
  g_autofree guint *ends = g_new (guint, n + 1);     /* of rows by length: who is last */
  g_autofree guint *previous = g_new (guint, n + 1); /* who comes before in its row */
  guint length = 0, last;

  for (guint i = 0; i < n; i++)
    {
      guint low = 0, high = length;

      if (places[i] == NOWHERE)
        continue;
      while (low < high)
        {
          guint middle = low + (high - low) / 2;

          if (places[ends[middle]] < places[i])
            low = middle + 1;
          else
            high = middle;
        }
      previous[i] = low > 0 ? ends[low - 1] : NOWHERE;
      ends[low] = i;
      length = MAX (length, low + 1);
    }
  last = length > 0 ? ends[length - 1] : NOWHERE;
  for (guint i = n; i-- > 0;)
    {
      if (i == last)
        last = previous[i];
      else
        places[i] = NOWHERE;
    }
}

void
lk_list_diff (GPtrArray *items, guint first, guint n_old, GPtrArray *now, LkListChange change,
              gpointer user_data)
{
  g_autofree guint *places = find_places (items, first, n_old, now);
  guint position = first; /* in @items, up to which it is as in @now */
  guint old = 0, done = 0;

  keep_rising (places, n_old);
  while (old < n_old || done < now->len)
    {
      g_autoptr(GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);
      guint removed = 0, next;

      while (old + removed < n_old && places[old + removed] == NOWHERE)
        removed++;
      next = old + removed < n_old ? places[old + removed] : now->len;
      for (; done < next; done++)
        g_ptr_array_add (added, g_object_ref (now->pdata[done]));
      if (removed > 0 || added->len > 0)
        change (position, removed, added, user_data);
      position += added->len;
      old += removed;
      if (old < n_old)
        {
          position++;
          old++;
          done++;
        }
    }
}
