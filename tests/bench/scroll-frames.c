/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Preloaded into a GTK 4 program with a long list: scrolls it, and prints how long each frame took,
 * from the frame clock's "before-paint" to its "after-paint", so with the rows that are bound, laid
 * out and drawn for it. First as with a wheel, then as with the scrollbar from end to end. Ends the
 * program. A line each into the file SCROLL_FRAMES: name, median, 95th of a hundred and worst,
 * microseconds. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <gtk/gtk.h>
#include <stdio.h>
#include <unistd.h>

#define FRAMES 300
#define STEP 120 /* pixels a frame: 7,200 a second */
#define LOOK_MS 50
/* Pages that the list must have before it counts as long. */
#define LONG 100

typedef struct
{
  const char    *name;
  GtkAdjustment *adjustment;
  GArray        *times; /* gint64 */
  gint64         begun;
  guint          frame;
  gboolean       whole; /* from end to end */
} Run;

static GtkWidget *window;

static GtkAdjustment *
find_long (GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (GTK_IS_SCROLLED_WINDOW (widget))
    {
      GtkAdjustment *found = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));

      if (gtk_adjustment_get_upper (found) > LONG * gtk_adjustment_get_page_size (found)
          && gtk_adjustment_get_page_size (found) > 0)
        return found;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkAdjustment *found = find_long (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return (first > second) - (first < second);
}

static void
tell (Run *run)
{
  FILE *file = fopen (g_getenv ("SCROLL_FRAMES"), "a");
  guint n = run->times->len;

  g_array_sort (run->times, compare);
  fprintf (file, "%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", run->name,
           g_array_index (run->times, gint64, n / 2),
           g_array_index (run->times, gint64, n * 95 / 100),
           g_array_index (run->times, gint64, n - 1));
  fclose (file);
}

static void
before_paint_cb (Run *run)
{
  run->begun = g_get_monotonic_time ();
}

static void
after_paint_cb (Run *run)
{
  gint64 took = g_get_monotonic_time () - run->begun;

  if (run->frame > 0)
    g_array_append_val (run->times, took);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Run *run = user_data;
  double end = gtk_adjustment_get_upper (run->adjustment)
               - gtk_adjustment_get_page_size (run->adjustment);
  double value = gtk_adjustment_get_value (run->adjustment);

  if (run->frame++ < FRAMES)
    {
      gtk_adjustment_set_value (run->adjustment,
                                run->whole ? end * run->frame / FRAMES : value + STEP);
      return G_SOURCE_CONTINUE;
    }
  tell (run);
  if (run->whole)
    _exit (0);
  g_array_set_size (run->times, 0);
  run->name = "end-to-end";
  run->whole = TRUE;
  run->frame = 0;
  return G_SOURCE_CONTINUE;
}

static gboolean
look_cb (gpointer user_data)
{
  static Run run = { .name = "wheel" };
  GdkFrameClock *clock;

  run.adjustment = find_long (window);
  if (run.adjustment == NULL)
    return G_SOURCE_CONTINUE;
  run.times = g_array_new (FALSE, FALSE, sizeof (gint64));
  clock = gtk_widget_get_frame_clock (window);
  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (before_paint_cb), &run);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (after_paint_cb), &run);
  gtk_widget_add_tick_callback (window, tick_cb, &run, NULL);
  return G_SOURCE_REMOVE;
}

void
gtk_window_present (GtkWindow *self)
{
  void (*present) (GtkWindow *) = (void (*) (GtkWindow *)) dlsym (RTLD_NEXT, "gtk_window_present");

  present (self);
  window = GTK_WIDGET (self);
  g_timeout_add (LOOK_MS, look_cb, NULL);
}
