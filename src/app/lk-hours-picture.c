/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-hours-picture.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Pixels. */
#define CELL 16
#define GAP 2
#define AXIS_LEFT 44
#define AXIS_TOP 22
#define SIGN 8
/* From this width on a cell has room for its number. */
#define NUMBER_WIDTH 34
#define LABEL_WIDTH 40

struct _LkHoursPicture
{
  GtkWidget      parent_instance;

  const LkHours *hours; /* borrowed (nullable) */
  gint64         now;
  guint          day;   /* where the keyboard is */
  guint          hour;
};

static guint chosen_signal;

G_DEFINE_FINAL_TYPE (LkHoursPicture, lk_hours_picture, GTK_TYPE_WIDGET)

static gboolean
is_rtl (LkHoursPicture *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static float
lk_hours_picture_get_column (LkHoursPicture *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)) - AXIS_LEFT;

  return (float) width / (float) self->hours->n_days;
}

static graphene_rect_t
lk_hours_picture_get_cell (LkHoursPicture *self, guint day, guint hour)
{
  float column = lk_hours_picture_get_column (self);
  float left = AXIS_LEFT + column * (float) day;

  if (is_rtl (self))
    left = (float) gtk_widget_get_width (GTK_WIDGET (self)) - left - column;
  return GRAPHENE_RECT_INIT ((float) (int) left, AXIS_TOP + (float) hour * CELL,
                             (float) (int) column - GAP, CELL - GAP);
}

static gboolean
lk_hours_picture_find (LkHoursPicture *self, double x, double y, guint *day, guint *hour)
{
  double across;

  if (self->hours == NULL)
    return FALSE;
  across = is_rtl (self) ? gtk_widget_get_width (GTK_WIDGET (self)) - x : x;
  if (across < AXIS_LEFT || y < AXIS_TOP)
    return FALSE;
  *day = (guint) ((across - AXIS_LEFT) / (double) lk_hours_picture_get_column (self));
  *hour = (guint) ((y - AXIS_TOP) / CELL);
  return *day < self->hours->n_days && *hour < LK_HOURS_A_DAY;
}

static void
draw_dot (GtkSnapshot *snapshot, const GdkRGBA *color, const graphene_rect_t *bounds, float radius)
{
  GskRoundedRect box;

  gsk_rounded_rect_init_from_rect (&box, bounds, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, color, bounds);
  gtk_snapshot_pop (snapshot);
}

/* Two bars: a limit. A square: a permission. A dot: a sign-in. A diamond: trouble. A ring:
 * other. */
void
lk_hours_picture_draw_sign (GtkSnapshot *snapshot, LkRefusalSort sort, const GdkRGBA *color,
                            float x, float y, float size)
{
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT (x, y, size, size);
  const float widths[4] = { 2, 2, 2, 2 };
  const GdkRGBA edges[4] = { *color, *color, *color, *color };
  GskRoundedRect ring;

  switch (sort)
    {
    case LK_REFUSAL_LIMIT:
      gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (x, y + 1, size, 2));
      gtk_snapshot_append_color (snapshot, color,
                                 &GRAPHENE_RECT_INIT (x, y + size - 3, size, 2));
      break;
    case LK_REFUSAL_PERMISSION:
      gtk_snapshot_append_color (snapshot, color, &bounds);
      break;
    case LK_REFUSAL_SIGN_IN:
      draw_dot (snapshot, color, &bounds, size / 2);
      break;
    case LK_REFUSAL_TROUBLE:
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x + size / 2, y + size / 2));
      gtk_snapshot_rotate (snapshot, 45);
      gtk_snapshot_append_color (snapshot, color,
                                 &GRAPHENE_RECT_INIT (-size * 0.36f, -size * 0.36f, size * 0.72f,
                                                      size * 0.72f));
      gtk_snapshot_restore (snapshot);
      break;
    case LK_REFUSAL_OTHER:
    default:
      gsk_rounded_rect_init_from_rect (&ring, &bounds, size / 2);
      gtk_snapshot_append_border (snapshot, &ring, widths, edges);
    }
}

static void
lk_hours_picture_draw_text (LkHoursPicture *self, GtkSnapshot *snapshot, const char *text,
                            const GdkRGBA *color, const graphene_rect_t *room, float align)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();
  int width, height;

  pango_attr_list_insert (attributes, pango_attr_scale_new (0.8));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot,
      &GRAPHENE_POINT_INIT ((float) (int) (room->origin.x
                                           + (room->size.width - (float) width) * align),
                            (float) (int) (room->origin.y
                                           + (room->size.height - (float) height) / 2)));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
lk_hours_picture_draw_hour (LkHoursPicture *self, GtkSnapshot *snapshot, const GdkRGBA *text,
                            const GdkRGBA *accent, guint day, guint number)
{
  const LkHour *hour = lk_hours_get (self->hours, day, number);
  graphene_rect_t cell = lk_hours_picture_get_cell (self, day, number);
  gboolean roomy = cell.size.width >= NUMBER_WIDTH;
  GdkRGBA fill = *text;
  g_autofree char *count = NULL;
  graphene_rect_t room = cell;

  fill.alpha = 0.06f;
  if (hour->total > 0)
    {
      fill = *accent;
      fill.alpha = 0.2f + 0.5f * (float) hour->total / (float) self->hours->most;
    }
  gtk_snapshot_append_color (snapshot, &fill, &cell);
  if (hour->total == 0)
    return;
  lk_hours_picture_draw_sign (
      snapshot, lk_hour_get_sort (hour), text,
      roomy ? cell.origin.x + 4 : (float) (int) (cell.origin.x + (cell.size.width - SIGN) / 2),
      cell.origin.y + (CELL - GAP - SIGN) / 2.0f, SIGN);
  if (!roomy)
    return;
  count = g_strdup_printf ("%u", hour->total);
  room.origin.x += SIGN + 8;
  room.size.width -= SIGN + 12;
  lk_hours_picture_draw_text (self, snapshot, count, text, &room, 1);
}

static void
lk_hours_picture_draw_axes (LkHoursPicture *self, GtkSnapshot *snapshot, const GdkRGBA *color)
{
  float column = lk_hours_picture_get_column (self);
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  guint step = MAX (1, (guint) (LABEL_WIDTH / column + 1));

  for (guint hour = 0; hour < LK_HOURS_A_DAY; hour += 3)
    {
      graphene_rect_t room = GRAPHENE_RECT_INIT (is_rtl (self) ? width - AXIS_LEFT + 6 : 0,
                                                 AXIS_TOP + (float) hour * CELL, AXIS_LEFT - 6,
                                                 CELL - GAP);
      g_autofree char *text = g_strdup_printf ("%02u:00", hour);

      lk_hours_picture_draw_text (self, snapshot, text, color, &room, is_rtl (self) ? 0 : 1);
    }
  /* Counted from today, which always has its name. */
  for (guint ago = 0; ago < self->hours->n_days; ago += step)
    {
      guint day = self->hours->n_days - 1 - ago;
      graphene_rect_t room = lk_hours_picture_get_cell (self, day, 0);
      g_autoptr(GDateTime) time
        = g_date_time_new_from_unix_local (lk_hours_get (self->hours, day, 0)->since);
      g_autofree char *text = time != NULL ? g_date_time_format (time, _("%-d %b")) : g_strdup ("");

      room.origin.y = 0;
      room.size.height = AXIS_TOP;
      lk_hours_picture_draw_text (self, snapshot, text, color, &room,
                                  column < LABEL_WIDTH ? (is_rtl (self) ? 0 : 1) : 0.5f);
    }
}

static void
lk_hours_picture_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LkHoursPicture *self = LK_HOURS_PICTURE (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  gboolean contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
  GdkRGBA text, accent;

  if (self->hours == NULL || gtk_widget_get_width (widget) <= AXIS_LEFT)
    return;
  gtk_style_context_get_color (style, &text);
  if (contrast || !gtk_style_context_lookup_color (style, "accent_color", &accent))
    accent = text;
  lk_hours_picture_draw_axes (self, snapshot, &text);
  for (guint day = 0; day < self->hours->n_days; day++)
    for (guint hour = 0; hour < LK_HOURS_A_DAY; hour++)
      lk_hours_picture_draw_hour (self, snapshot, &text, &accent, day, hour);
  if (gtk_widget_has_visible_focus (widget))
    {
      const float widths[4] = { 2, 2, 2, 2 };
      const GdkRGBA edges[4] = { text, text, text, text };
      graphene_rect_t cell = lk_hours_picture_get_cell (self, self->day, self->hour);
      GskRoundedRect box;

      graphene_rect_inset (&cell, -2, -2);
      gsk_rounded_rect_init_from_rect (&box, &cell, 2);
      gtk_snapshot_append_border (snapshot, &box, widths, edges);
    }
}

static void
lk_hours_picture_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                          int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL
                          ? AXIS_TOP + LK_HOURS_A_DAY * CELL
                          : AXIS_LEFT + 8 * 30;
}

/* What the keyboard is at is the picture's description; its name says all of it in short. */
static void
lk_hours_picture_tell (LkHoursPicture *self)
{
  g_autofree char *summary = NULL, *when = NULL, *what = NULL, *here = NULL;

  if (self->hours == NULL)
    return;
  summary = lk_hours_dup_summary (self->hours);
  when = lk_hour_dup_when (lk_hours_get (self->hours, self->day, self->hour), self->now);
  what = lk_hour_dup_what (lk_hours_get (self->hours, self->day, self->hour));
  /* Translators: an hour, and what was refused in it. */
  here = g_strdup_printf (_("%s: %s"), when, what);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, summary,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, here, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        gpointer user_data)
{
  LkHoursPicture *self = user_data;
  int later = is_rtl (self) ? -1 : 1;
  int day = (int) self->day, hour = (int) self->hour;

  if (self->hours == NULL)
    return FALSE;
  if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    day -= later;
  else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    day += later;
  else if (key == GDK_KEY_Up || key == GDK_KEY_KP_Up)
    hour--;
  else if (key == GDK_KEY_Down || key == GDK_KEY_KP_Down)
    hour++;
  else if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_space)
    g_signal_emit (self, chosen_signal, 0, self->day, self->hour);
  else
    return FALSE;
  self->day = (guint) CLAMP (day, 0, (int) self->hours->n_days - 1);
  self->hour = (guint) CLAMP (hour, 0, LK_HOURS_A_DAY - 1);
  lk_hours_picture_tell (self);
  return TRUE;
}

static void
released_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  LkHoursPicture *self = user_data;

  if (!lk_hours_picture_find (self, x, y, &self->day, &self->hour))
    return;
  lk_hours_picture_tell (self);
  if (lk_hours_get (self->hours, self->day, self->hour)->total > 0)
    g_signal_emit (self, chosen_signal, 0, self->day, self->hour);
}

static gboolean
lk_hours_picture_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard,
                                GtkTooltip *tooltip)
{
  LkHoursPicture *self = LK_HOURS_PICTURE (widget);
  guint day = self->day, hour = self->hour;
  g_autofree char *when = NULL, *what = NULL, *text = NULL;
  graphene_rect_t cell;

  if (self->hours == NULL || (!keyboard && !lk_hours_picture_find (self, x, y, &day, &hour)))
    return FALSE;
  when = lk_hour_dup_when (lk_hours_get (self->hours, day, hour), self->now);
  what = lk_hour_dup_what (lk_hours_get (self->hours, day, hour));
  text = g_strdup_printf ("%s\n%s", when, what);
  cell = lk_hours_picture_get_cell (self, day, hour);
  gtk_tooltip_set_text (tooltip, text);
  gtk_tooltip_set_tip_area (tooltip, &(GdkRectangle) { (int) cell.origin.x, (int) cell.origin.y,
                                                       (int) cell.size.width,
                                                       (int) cell.size.height });
  return TRUE;
}

static void
lk_hours_picture_class_init (LkHoursPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = lk_hours_picture_snapshot;
  widget_class->measure = lk_hours_picture_measure;
  widget_class->query_tooltip = lk_hours_picture_query_tooltip;
  chosen_signal = g_signal_new ("chosen", LK_TYPE_HOURS_PICTURE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
lk_hours_picture_init (LkHoursPicture *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (key, "key-pressed", G_CALLBACK (key_cb), self);
  g_signal_connect (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

void
lk_hours_picture_set_hours (LkHoursPicture *self, const LkHours *hours, gint64 now)
{
  gboolean other = self->hours == NULL || hours == NULL || self->hours->n_days != hours->n_days;
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (now);

  self->hours = hours;
  self->now = now;
  if (hours != NULL && (other || self->day >= hours->n_days))
    {
      self->day = hours->n_days - 1;
      self->hour = time != NULL ? (guint) g_date_time_get_hour (time) : 0;
    }
  lk_hours_picture_tell (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
