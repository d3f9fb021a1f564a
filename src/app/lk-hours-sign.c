/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-hours-sign.h"

#include "lk-hours-picture.h"

#define SIZE 8

struct _LkHoursSign
{
  GtkWidget     parent_instance;

  LkRefusalSort sort;
};

G_DEFINE_FINAL_TYPE (LkHoursSign, lk_hours_sign, GTK_TYPE_WIDGET)

static void
lk_hours_sign_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
lk_hours_sign_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  lk_hours_picture_draw_sign (snapshot, LK_HOURS_SIGN (widget)->sort, &color, 0,
                              (float) (int) ((gtk_widget_get_height (widget) - SIZE) / 2), SIZE);
}

static void
lk_hours_sign_class_init (LkHoursSignClass *klass)
{
  GTK_WIDGET_CLASS (klass)->measure = lk_hours_sign_measure;
  GTK_WIDGET_CLASS (klass)->snapshot = lk_hours_sign_snapshot;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass),
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
lk_hours_sign_init (LkHoursSign *self)
{
}

GtkWidget *
lk_hours_sign_new (LkRefusalSort sort)
{
  LkHoursSign *self = g_object_new (LK_TYPE_HOURS_SIGN, NULL);

  self->sort = sort;
  return GTK_WIDGET (self);
}
