/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-accessible-calendar.h"

#include <glib/gi18n.h>

/* In the order in which GTK 4.8 to 4.18 have them. */
static const char * const names[] = {
  N_("Previous Month"), N_("Next Month"), N_("Previous Year"), N_("Next Year"),
};

static void
collect_buttons (GtkWidget *widget, GPtrArray *buttons)
{
  if (GTK_IS_BUTTON (widget))
    {
      g_ptr_array_add (buttons, widget);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_buttons (child, buttons);
}

/**
 * lk_accessible_calendar_name:
 *
 * Gives the four arrows of @calendar the names that GTK does not give them, for assistive
 * technology and as tooltips.
 */
void
lk_accessible_calendar_name (GtkCalendar *calendar)
{
  g_autoptr(GPtrArray) buttons = g_ptr_array_new ();

  collect_buttons (GTK_WIDGET (calendar), buttons);
  if (buttons->len != G_N_ELEMENTS (names))
    return;
  for (guint i = 0; i < buttons->len; i++)
    {
      gtk_accessible_update_property (buttons->pdata[i], GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _(names[i]), -1);
      gtk_widget_set_tooltip_text (buttons->pdata[i], _(names[i]));
    }
}
