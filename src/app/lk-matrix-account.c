/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-matrix-account.h"

#include <glib/gi18n.h>

#include "lk-copy-button.h"
#include "lk-matrix-words.h"

struct _LkMatrixAccount
{
  GtkWidget     parent_instance;

  GtkWidget    *scroller; /* (owned) */
  GtkLabel     *name;
  GtkLabel     *id;
  LkCopyButton *copy;
  GtkListBox   *list;
};

static guint back_signal, fix_signal;

G_DEFINE_FINAL_TYPE (LkMatrixAccount, lk_matrix_account, GTK_TYPE_WIDGET)

static void
back_cb (LkMatrixAccount *self)
{
  g_signal_emit (self, back_signal, 0);
}

/* The number of the feature is the button's name. */
static void
fix_cb (LkMatrixAccount *self, GtkButton *button)
{
  const char *name = gtk_widget_get_name (GTK_WIDGET (button));

  g_signal_emit (self, fix_signal, 0, (guint) g_ascii_strtoull (name, NULL, 10));
}

static GtkWidget *
lk_matrix_account_new_row (LkMatrixAccount *self, const LkFeature *feature, guint number,
                           LkCell cell, const char *reason)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (lk_matrix_words_get_icon (cell));
  const char *style = lk_matrix_words_get_style (cell);
  g_autofree char *spoken = lk_matrix_words_dup_cell (_(feature->name), cell);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(feature->name));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), cell == LK_CELL_ALLOWED
                                                       ? lk_matrix_words_get_text (cell)
                                                       : reason);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (style != NULL)
    gtk_widget_add_css_class (icon, style);
  gtk_widget_set_tooltip_text (icon, lk_matrix_words_get_text (cell));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, reason, -1);
  if (lk_matrix_words_is_fixable (cell))
    {
      GtkWidget *button = gtk_button_new_with_label (_("Fix…"));
      g_autofree char *name = g_strdup_printf ("%u", number);
      /* Translators: accessible name of a button; %s is a feature, such as "Change campaigns". */
      g_autofree char *label = g_strdup_printf (_("Fix: %s"), _(feature->name));

      gtk_widget_set_name (button, name);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      label, -1);
      g_signal_connect_object (button, "clicked", G_CALLBACK (fix_cb), self, G_CONNECT_SWAPPED);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  return row;
}

static void
lk_matrix_account_dispose (GObject *object)
{
  LkMatrixAccount *self = LK_MATRIX_ACCOUNT (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (lk_matrix_account_parent_class)->dispose (object);
}

static void
lk_matrix_account_class_init (LkMatrixAccountClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_matrix_account_dispose;
  back_signal = g_signal_new ("back", LK_TYPE_MATRIX_ACCOUNT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);
  fix_signal = g_signal_new ("fix", LK_TYPE_MATRIX_ACCOUNT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                             G_TYPE_NONE, 1, G_TYPE_UINT);
  g_type_ensure (LK_TYPE_COPY_BUTTON);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-matrix-account.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixAccount, scroller);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixAccount, name);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixAccount, id);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixAccount, copy);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixAccount, list);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
}

static void
lk_matrix_account_init (LkMatrixAccount *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lk_matrix_account_set (LkMatrixAccount *self, LkScopes *scopes, const LkMatrix *matrix,
                       const LkFacts *facts, guint account, guint feature)
{
  const LkAccount *one = g_ptr_array_index (matrix->accounts, account);
  gboolean named = one->name != NULL && *one->name != '\0';
  GtkListBoxRow *row;

  gtk_label_set_label (self->name, named ? one->name : one->id);
  gtk_label_set_label (self->id, one->id);
  lk_copy_button_set_text (self->copy, one->id);
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < matrix->features->len; i++)
    {
      g_autofree char *reason = lk_matrix_dup_reason (scopes, matrix, facts, account, i);

      gtk_list_box_append (self->list,
                           lk_matrix_account_new_row (self,
                                                      g_ptr_array_index (matrix->features, i), i,
                                                      lk_matrix_get (matrix, account, i),
                                                      reason));
    }
  row = gtk_list_box_get_row_at_index (self->list, (int) feature);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}
