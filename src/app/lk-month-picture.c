/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-month-picture.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Pixels. */
#define HEIGHT 72
#define MIN_WIDTH (LK_MONTH_DAYS * 5)
#define MARKS 10
#define MARK 5
#define LEAST 2
#define STRIPE 2
#define STRIPED_LEAST (2 * STRIPE + 1)
#define GAP 1

#define NONE (-1)

struct _LkMonthPicture
{
  GtkWidget parent_instance;

  LkMonth   month;
  int       chosen;  /* a day, or NONE */
  int       pointed; /* a day, or NONE */
};

typedef struct
{
  GdkRGBA text;
  GdkRGBA calls;
  GdkRGBA refused;
  GdkRGBA faint;
} Colors;

static guint chosen_signal;

G_DEFINE_FINAL_TYPE (LkMonthPicture, lk_month_picture, GTK_TYPE_WIDGET)

static void
lk_month_picture_get_colors (LkMonthPicture *self, Colors *colors)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  gboolean contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());

  gtk_style_context_get_color (style, &colors->text);
  colors->faint = colors->text;
  colors->faint.alpha *= contrast ? 0.6f : 0.15f;
  if (contrast || !gtk_style_context_lookup_color (style, "accent_color", &colors->calls))
    colors->calls = colors->text;
  if (contrast || !gtk_style_context_lookup_color (style, "error_color", &colors->refused))
    colors->refused = colors->text;
}

static gboolean
is_rtl (LkMonthPicture *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

/* Left edge of a day's column, on whole pixels so that bars are sharp. */
static float
lk_month_picture_get_x (LkMonthPicture *self, int day)
{
  int place = is_rtl (self) ? LK_MONTH_DAYS - 1 - day : day;

  return (float) (gtk_widget_get_width (GTK_WIDGET (self)) * place / LK_MONTH_DAYS);
}

static float
lk_month_picture_get_column (LkMonthPicture *self)
{
  return (float) (gtk_widget_get_width (GTK_WIDGET (self)) / LK_MONTH_DAYS);
}

static int
lk_month_picture_find_day (LkMonthPicture *self, double x)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int place = width > 0 ? (int) (x * LK_MONTH_DAYS / width) : NONE;

  if (place < 0 || place >= LK_MONTH_DAYS)
    return NONE;
  return is_rtl (self) ? LK_MONTH_DAYS - 1 - place : place;
}

static guint
lk_month_picture_get_most (LkMonthPicture *self)
{
  guint most = 1;

  for (int i = 0; i < LK_MONTH_DAYS; i++)
    most = MAX (most, self->month.days[i].calls);
  return most;
}

/* Few among many are still seen. */
static float
get_height (guint count, guint most, float room, float least)
{
  if (count == 0)
    return 0;
  return MAX (least, (float) (int) (room * (float) count / (float) most + 0.5f));
}

static void
draw_stripes (GtkSnapshot *snapshot, const GdkRGBA *color, float x, float bottom, float width,
              float height)
{
  for (float y = bottom - STRIPE; y >= bottom - height; y -= 2 * STRIPE)
    gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (x, y, width, STRIPE));
}

static void
draw_mark (GtkSnapshot *snapshot, const Colors *colors, const LkMonthDay *day, float middle,
           float top)
{
  GskRoundedRect box;
  const float widths[4] = { 1, 1, 1, 1 };
  const GdkRGBA edges[4] = { colors->refused, colors->refused, colors->refused, colors->refused };

  gsk_rounded_rect_init_from_rect (&box, &GRAPHENE_RECT_INIT (middle - MARK / 2.0f, top, MARK,
                                                              MARK),
                                   day->failed > 0 ? 0 : MARK / 2.0f);
  if (day->failed > 0)
    {
      gtk_snapshot_append_border (snapshot, &box, widths, edges);
      return;
    }
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, &colors->text, &box.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
lk_month_picture_draw_day (LkMonthPicture *self, GtkSnapshot *snapshot, const Colors *colors,
                           int number, guint most)
{
  const LkMonthDay *day = &self->month.days[number];
  float column = lk_month_picture_get_column (self);
  float width = MAX (2, column - MAX (2, (float) (int) (column / 3)));
  float x = lk_month_picture_get_x (self, number) + (float) (int) ((column - width) / 2);
  float ground = (float) gtk_widget_get_height (GTK_WIDGET (self)) - MARKS;
  float room = ground - STRIPED_LEAST - GAP;
  float good = get_height (day->calls - MIN (day->calls, day->refused), most, room, LEAST);
  float refused = get_height (day->refused, most, room, STRIPED_LEAST);

  if (number == self->pointed || number == self->chosen)
    gtk_snapshot_append_color (snapshot, &colors->faint,
                               &GRAPHENE_RECT_INIT (lk_month_picture_get_x (self, number), 0,
                                                    column, ground + MARKS));
  gtk_snapshot_append_color (snapshot, &colors->faint,
                             &GRAPHENE_RECT_INIT (x, ground - 1, width, 1));
  gtk_snapshot_append_color (snapshot, &colors->calls,
                             &GRAPHENE_RECT_INIT (x, ground - good, width, good));
  if (refused > 0)
    draw_stripes (snapshot, &colors->refused, x, ground - good - (good > 0 ? GAP : 0), width,
                  MIN (refused, MAX (STRIPED_LEAST, room - good)));
  if (day->renewals > 0 || day->failed > 0)
    draw_mark (snapshot, colors, day, x + width / 2, ground + (MARKS - MARK) / 2.0f);
}

static void
lk_month_picture_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LkMonthPicture *self = LK_MONTH_PICTURE (widget);
  guint most = lk_month_picture_get_most (self);
  Colors colors;

  lk_month_picture_get_colors (self, &colors);
  for (int i = 0; i < LK_MONTH_DAYS; i++)
    lk_month_picture_draw_day (self, snapshot, &colors, i, most);
}

static void
lk_month_picture_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                          int *minimum, int *natural, int *minimum_baseline,
                          int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * MIN_WIDTH : HEIGHT;
}

static gboolean
lk_month_picture_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard,
                                GtkTooltip *tooltip)
{
  LkMonthPicture *self = LK_MONTH_PICTURE (widget);
  int day = keyboard ? self->chosen : lk_month_picture_find_day (self, x);
  g_autofree char *text = NULL;

  if (day == NONE || self->month.total.start == 0)
    return FALSE;
  text = lk_month_words_dup_day (&self->month.days[day]);
  gtk_tooltip_set_text (tooltip, text);
  gtk_tooltip_set_tip_area (tooltip,
                            &(GdkRectangle) { (int) lk_month_picture_get_x (self, day), 0,
                                              (int) lk_month_picture_get_column (self),
                                              gtk_widget_get_height (widget) });
  return TRUE;
}

static void
lk_month_picture_choose (LkMonthPicture *self, int day)
{
  g_autofree char *words = NULL;

  if (self->chosen == day)
    return;
  self->chosen = day;
  words = day != NONE ? lk_month_words_dup_day (&self->month.days[day]) : g_strdup ("");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  words, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, chosen_signal, 0);
}

static gboolean
key_cb (LkMonthPicture *self, guint key)
{
  int step = is_rtl (self) ? -1 : 1;
  int from = self->chosen != NONE ? self->chosen : LK_MONTH_DAYS - 1;

  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      /* The first press shows today, the next ones go back. */
      lk_month_picture_choose (self, self->chosen == NONE ? from
                                                          : CLAMP (from - step, 0,
                                                                   LK_MONTH_DAYS - 1));
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      lk_month_picture_choose (self, CLAMP (from + step, 0, LK_MONTH_DAYS - 1));
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
      lk_month_picture_choose (self, 0);
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
      lk_month_picture_choose (self, LK_MONTH_DAYS - 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      if (self->chosen == NONE)
        return GDK_EVENT_PROPAGATE;
      lk_month_picture_choose (self, NONE);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
left_cb (LkMonthPicture *self)
{
  lk_month_picture_choose (self, NONE);
}

static void
pressed_cb (LkMonthPicture *self, int n_press, double x)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  lk_month_picture_choose (self, lk_month_picture_find_day (self, x));
}

static void
lk_month_picture_point (LkMonthPicture *self, int day)
{
  if (self->pointed == day)
    return;
  self->pointed = day;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
motion_cb (LkMonthPicture *self, double x)
{
  lk_month_picture_point (self, lk_month_picture_find_day (self, x));
}

static void
motion_left_cb (LkMonthPicture *self)
{
  lk_month_picture_point (self, NONE);
}

static void
lk_month_picture_class_init (LkMonthPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = lk_month_picture_snapshot;
  widget_class->measure = lk_month_picture_measure;
  widget_class->query_tooltip = lk_month_picture_query_tooltip;
  chosen_signal = g_signal_new ("chosen", LK_TYPE_MONTH_PICTURE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "monthpicture");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
lk_month_picture_init (LkMonthPicture *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->chosen = NONE;
  self->pointed = NONE;
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (left_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (motion_left_cb), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

void
lk_month_picture_set_month (LkMonthPicture *self, const LkMonth *month)
{
  g_autofree char *spoken = NULL;

  self->month = month != NULL ? *month : (LkMonth) { 0 };
  spoken = month != NULL ? lk_month_words_dup_spoken (month) : g_strdup (_("Last 30 days"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const LkMonthDay *
lk_month_picture_get_chosen (LkMonthPicture *self)
{
  return self->chosen != NONE ? &self->month.days[self->chosen] : NULL;
}
