/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-matrix-row.h"

#include <glib/gi18n.h>

#include "lk-matrix-words.h"

struct _LkMatrixRow
{
  GtkWidget  parent_instance;

  GtkWidget *box;   /* (owned) */
  GtkWidget *name;
  GtkWidget *count;
  GPtrArray *cells; /* (owned): borrowed images */
};

static guint cell_signal;

G_DEFINE_FINAL_TYPE (LkMatrixRow, lk_matrix_row, GTK_TYPE_WIDGET)

static void
clicked_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  LkMatrixRow *self = user_data;
  GtkWidget *hit = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  guint index;

  if (hit != NULL && g_ptr_array_find (self->cells, hit, &index))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      g_signal_emit (self, cell_signal, 0, index);
    }
}

static void
lk_matrix_row_dispose (GObject *object)
{
  LkMatrixRow *self = LK_MATRIX_ROW (object);

  g_clear_pointer (&self->cells, g_ptr_array_unref);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (lk_matrix_row_parent_class)->dispose (object);
}

static void
lk_matrix_row_class_init (LkMatrixRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_matrix_row_dispose;
  cell_signal = g_signal_new ("cell", LK_TYPE_MATRIX_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
lk_matrix_row_init (LkMatrixRow *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->cells = g_ptr_array_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  self->name = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "ellipsize", PANGO_ELLIPSIZE_END,
                             "width-request", LK_MATRIX_NAME_WIDTH, "margin-end", 9, NULL);
  self->count = g_object_new (GTK_TYPE_LABEL, "xalign", 1.0f, NULL);
  gtk_widget_add_css_class (self->count, "dim-label");
  gtk_widget_add_css_class (self->count, "numeric");
  gtk_box_append (GTK_BOX (self->box), self->name);
  gtk_box_append (GTK_BOX (self->box), self->count);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  g_signal_connect (click, "released", G_CALLBACK (clicked_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

GtkWidget *
lk_matrix_row_new (void)
{
  return g_object_new (LK_TYPE_MATRIX_ROW, NULL);
}

static void
lk_matrix_row_need_cells (LkMatrixRow *self, guint n)
{
  while (self->cells->len < n)
    {
      GtkWidget *cell = g_object_new (GTK_TYPE_IMAGE, "width-request", LK_MATRIX_CELL_WIDTH, NULL);

      gtk_box_append (GTK_BOX (self->box), cell);
      g_ptr_array_add (self->cells, cell);
    }
  while (self->cells->len > n)
    {
      gtk_box_remove (GTK_BOX (self->box), g_ptr_array_index (self->cells, n));
      g_ptr_array_remove_index (self->cells, n);
    }
}

/* The sign, the same in words for pointer and screen reader. */
static void
set_cell (GtkWidget *cell, const char *feature, LkCell state)
{
  const char *style = lk_matrix_words_get_style (state);
  const char *classes[] = { style, NULL };
  g_autofree char *text = lk_matrix_words_dup_cell (feature, state);

  gtk_image_set_from_icon_name (GTK_IMAGE (cell), lk_matrix_words_get_icon (state));
  gtk_widget_set_css_classes (cell, classes);
  gtk_widget_set_tooltip_text (cell, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
lk_matrix_row_set (LkMatrixRow *self, const LkMatrix *matrix, guint account, gboolean narrow)
{
  const LkAccount *row = g_ptr_array_index (matrix->accounts, account);
  const char *name = row->name != NULL && *row->name != '\0' ? row->name : row->id;
  g_autofree char *count = lk_matrix_words_dup_count (matrix, account);
  g_autofree char *spoken = NULL, *tooltip = NULL;

  /* Translators: name of an account, its id. */
  tooltip = g_strdup_printf (_("%s (%s)"), name, row->id);
  gtk_label_set_label (GTK_LABEL (self->name), name);
  gtk_widget_set_tooltip_text (self->name, tooltip);
  gtk_label_set_label (GTK_LABEL (self->count), count);
  gtk_widget_set_visible (self->count, narrow);
  gtk_widget_set_hexpand (self->name, narrow);
  gtk_widget_set_size_request (self->name, narrow ? -1 : LK_MATRIX_NAME_WIDTH, -1);
  lk_matrix_row_need_cells (self, narrow ? 0 : matrix->features->len);
  for (guint i = 0; i < self->cells->len; i++)
    {
      const LkFeature *feature = g_ptr_array_index (matrix->features, i);

      set_cell (g_ptr_array_index (self->cells, i), _(feature->name),
                lk_matrix_get (matrix, account, i));
    }
  /* Translators: an account, and how much is allowed there. */
  spoken = g_strdup_printf (_("%s, %s"), name, count);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}
