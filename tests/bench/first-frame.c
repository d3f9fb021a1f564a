/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Preloaded into a GTK 4 program: ends it as soon as the first presented window has painted a
 * frame, so that the time to first frame is the time of the whole process. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <gtk/gtk.h>
#include <unistd.h>

static void
after_paint_cb (GdkFrameClock *clock)
{
  if (gdk_frame_clock_get_frame_counter (clock) >= 1)
    _exit (0);
}

void
gtk_window_present (GtkWindow *window)
{
  void (*present) (GtkWindow *) = (void (*) (GtkWindow *)) dlsym (RTLD_NEXT, "gtk_window_present");
  GdkFrameClock *clock;

  present (window);
  clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), NULL);
}
