/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-warn-days.h"

#include <glib/gi18n.h>

#include "lk-settings-words.h"

#define KEY "warn-days"

/* Offered to everybody. */
static const guint32 usual[] = { 30, 14, 7, 3, 1 };

struct _LkWarnDays
{
  AdwPreferencesRow  parent_instance;

  LkSettingsLink    *link; /* (owned) (nullable) */
  GArray            *set;  /* (owned) (element-type guint32), most days first */
  GArray            *offered; /* (owned) (element-type guint32), of each check, in their order */
  gboolean           filling;

  GtkFlowBox        *days;
  GtkSpinButton     *other;
  GtkButton         *add;
};

G_DEFINE_FINAL_TYPE (LkWarnDays, lk_warn_days, ADW_TYPE_PREFERENCES_ROW)

static gboolean
has_day (GArray *days, guint32 day)
{
  for (guint i = 0; i < days->len; i++)
    if (g_array_index (days, guint32, i) == day)
      return TRUE;
  return FALSE;
}

static int
compare_days (gconstpointer a, gconstpointer b)
{
  guint32 first = *(const guint32 *) a;
  guint32 second = *(const guint32 *) b;

  return (first < second) - (first > second);
}

static void
lk_warn_days_write (LkWarnDays *self)
{
  g_array_sort (self->set, compare_days);
  lk_settings_link_set (self->link, KEY,
                        g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, self->set->data,
                                                   self->set->len, sizeof (guint32)));
}

static GtkCheckButton *
lk_warn_days_get_check (LkWarnDays *self, guint at)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (self->days, (int) at);

  return GTK_CHECK_BUTTON (gtk_flow_box_child_get_child (child));
}

static guint32
lk_warn_days_get_day (LkWarnDays *self, GtkCheckButton *check)
{
  for (guint i = 0; i < self->offered->len; i++)
    if (lk_warn_days_get_check (self, i) == check)
      return g_array_index (self->offered, guint32, i);
  g_return_val_if_reached (0);
}

static void
toggled_cb (GtkCheckButton *check, LkWarnDays *self)
{
  guint32 day;

  if (self->filling)
    return;
  day = lk_warn_days_get_day (self, check);
  for (guint i = self->set->len; i > 0; i--)
    if (g_array_index (self->set, guint32, i - 1) == day)
      g_array_remove_index (self->set, i - 1);
  if (gtk_check_button_get_active (check))
    g_array_append_val (self->set, day);
  lk_warn_days_write (self);
}

static void
add_cb (LkWarnDays *self)
{
  guint32 day;

  gtk_spin_button_update (self->other);
  day = (guint32) gtk_spin_button_get_value_as_int (self->other);
  if (has_day (self->set, day))
    return;
  g_array_append_val (self->set, day);
  lk_warn_days_write (self);
}

/* What was offered once stays, so that nothing jumps away under the pointer. */
static void
lk_warn_days_offer (LkWarnDays *self, guint32 day)
{
  g_autofree char *label = NULL;
  GtkWidget *check;
  guint at = 0;

  while (at < self->offered->len && g_array_index (self->offered, guint32, at) > day)
    at++;
  if (at < self->offered->len && g_array_index (self->offered, guint32, at) == day)
    return;
  label = lk_settings_words_dup_days (day);
  check = gtk_check_button_new_with_label (label);
  g_signal_connect (check, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_flow_box_insert (self->days, check, (int) at);
  gtk_widget_set_focusable (gtk_widget_get_parent (check), FALSE);
  g_array_insert_val (self->offered, at, day);
}

static void
lk_warn_days_fill (LkWarnDays *self)
{
  g_autoptr(GVariant) value = lk_settings_link_dup (self->link, KEY);
  const guint32 *days;
  gsize n;

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE ("au")))
    return;
  days = g_variant_get_fixed_array (value, &n, sizeof (guint32));
  g_array_set_size (self->set, 0);
  g_array_append_vals (self->set, days, (guint) n);
  self->filling = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (usual); i++)
    lk_warn_days_offer (self, usual[i]);
  for (gsize i = 0; i < n; i++)
    lk_warn_days_offer (self, days[i]);
  for (guint i = 0; i < self->offered->len; i++)
    gtk_check_button_set_active (lk_warn_days_get_check (self, i),
                                 has_day (self->set, g_array_index (self->offered, guint32, i)));
  self->filling = FALSE;
}

static void
lk_warn_days_dispose (GObject *object)
{
  LkWarnDays *self = LK_WARN_DAYS (object);

  g_clear_object (&self->link);
  G_OBJECT_CLASS (lk_warn_days_parent_class)->dispose (object);
}

static void
lk_warn_days_finalize (GObject *object)
{
  g_array_unref (LK_WARN_DAYS (object)->set);
  g_array_unref (LK_WARN_DAYS (object)->offered);
  G_OBJECT_CLASS (lk_warn_days_parent_class)->finalize (object);
}

static void
lk_warn_days_class_init (LkWarnDaysClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_warn_days_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_warn_days_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/latchkey_app/Latchkey/lk-warn-days.ui");
  gtk_widget_class_bind_template_child (widget_class, LkWarnDays, days);
  gtk_widget_class_bind_template_child (widget_class, LkWarnDays, other);
  gtk_widget_class_bind_template_child (widget_class, LkWarnDays, add);
}

static void
lk_warn_days_init (LkWarnDays *self)
{
  self->set = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->offered = g_array_new (FALSE, FALSE, sizeof (guint32));
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->add, "clicked", G_CALLBACK (add_cb), self);
}

void
lk_warn_days_set_link (LkWarnDays *self, LkSettingsLink *link)
{
  g_set_object (&self->link, link);
  g_signal_connect_object (link, "changed", G_CALLBACK (lk_warn_days_fill), self,
                           G_CONNECT_SWAPPED);
  lk_warn_days_fill (self);
}
