/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-upright-label.h"

struct _LkUprightLabel
{
  GtkWidget    parent_instance;

  PangoLayout *layout; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LkUprightLabel, lk_upright_label, GTK_TYPE_WIDGET)

static void
lk_upright_label_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                          int *minimum, int *natural, int *minimum_baseline,
                          int *natural_baseline)
{
  LkUprightLabel *self = LK_UPRIGHT_LABEL (widget);
  int width, height;

  pango_layout_get_pixel_size (self->layout, &width, &height);
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? height : width;
}

static void
lk_upright_label_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LkUprightLabel *self = LK_UPRIGHT_LABEL (widget);
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  int text_height;
  GdkRGBA color;

  pango_layout_get_pixel_size (self->layout, NULL, &text_height);
  gtk_style_context_get_color (context, &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (width - text_height) / 2.0f,
                                                          (float) height));
  gtk_snapshot_rotate (snapshot, -90);
  gtk_snapshot_append_layout (snapshot, self->layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* The font may have changed. */
static void
lk_upright_label_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (lk_upright_label_parent_class)->css_changed (widget, change);
  pango_layout_context_changed (LK_UPRIGHT_LABEL (widget)->layout);
  gtk_widget_queue_resize (widget);
}

static void
lk_upright_label_dispose (GObject *object)
{
  g_clear_object (&LK_UPRIGHT_LABEL (object)->layout);
  G_OBJECT_CLASS (lk_upright_label_parent_class)->dispose (object);
}

static void
lk_upright_label_class_init (LkUprightLabelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_upright_label_dispose;
  widget_class->measure = lk_upright_label_measure;
  widget_class->snapshot = lk_upright_label_snapshot;
  widget_class->css_changed = lk_upright_label_css_changed;
  gtk_widget_class_set_css_name (widget_class, "label");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_COLUMN_HEADER);
}

static void
lk_upright_label_init (LkUprightLabel *self)
{
  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
}

GtkWidget *
lk_upright_label_new (const char *text)
{
  LkUprightLabel *self = g_object_new (LK_TYPE_UPRIGHT_LABEL, NULL);

  pango_layout_set_text (self->layout, text, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  return GTK_WIDGET (self);
}
