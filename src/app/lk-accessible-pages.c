/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-accessible-pages.h"

static void
refresh (GtkSelectionModel *pages)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (pages));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GObject) page = g_list_model_get_item (G_LIST_MODEL (pages), i);
      g_autoptr(GtkWidget) child = NULL;

      g_object_get (page, "child", &child, NULL);
      gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_HIDDEN,
                                   !gtk_selection_model_is_selected (pages, i), -1);
    }
}

static void
stack_gone (gpointer pages, GObject *stack)
{
  g_object_unref (pages);
}

void
lk_accessible_pages_follow (gpointer stack, GtkSelectionModel *pages)
{
  g_signal_connect (pages, "selection-changed", G_CALLBACK (refresh), NULL);
  g_object_weak_ref (G_OBJECT (stack), stack_gone, pages);
  refresh (pages);
}
