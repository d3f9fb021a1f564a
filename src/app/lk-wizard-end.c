/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-wizard-end.h"

#include <glib/gi18n.h>

struct _LkWizardEnd
{
  GtkWidget            parent_instance;

  GPtrArray           *rows; /* (owned): borrowed widgets in "changed" */

  GtkImage            *icon;
  GtkLabel            *title;
  AdwActionRow        *wrong;
  AdwPreferencesGroup *changed;
  AdwActionRow        *runs;
  GtkButton           *finish;
};

static guint finish_signal;

G_DEFINE_FINAL_TYPE (LkWizardEnd, lk_wizard_end, GTK_TYPE_WIDGET)

static void
finish_cb (LkWizardEnd *self)
{
  g_signal_emit (self, finish_signal, 0);
}

/* What the person said and nobody could check is named as that. */
static void
lk_wizard_end_add_step (LkWizardEnd *self, LkRemedyItem *item, guint step)
{
  LkStepMark mark = lk_remedy_item_get_mark (item, step);
  g_autofree char *status = lk_remedy_item_dup_status (item, step);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (lk_remedy_words_get_icon (mark));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 lk_remedy_item_get_step (item, step)->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), status);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (mark == LK_STEP_MARK_DONE)
    gtk_widget_add_css_class (icon, "success");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  lk_remedy_words_get_mark_text (mark), -1);
  adw_preferences_group_add (self->changed, row);
  g_ptr_array_add (self->rows, row);
}

static void
lk_wizard_end_add_scopes (LkWizardEnd *self, LkRemedyItem *item, const char *title,
                          LkScopeList list)
{
  g_autofree char *names = lk_remedy_item_dup_scopes (item, list);
  GtkWidget *row;

  if (names == NULL)
    return;
  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), names);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_preferences_group_add (self->changed, row);
  g_ptr_array_add (self->rows, row);
}

static gboolean
is_all_proven (LkRemedyItem *item)
{
  for (guint i = 0; i < lk_remedy_item_get_n_steps (item); i++)
    if (lk_remedy_item_get_mark (item, i) != LK_STEP_MARK_DONE)
      return FALSE;
  return TRUE;
}

static char *
dup_wrong (LkAppContext *context, LkRemedyItem *item)
{
  const LkFacts *facts = lk_remedy_item_get_facts (item);
  const LkRemedy *remedy = lk_remedy_item_get_remedy (item);
  LkDiagnosis *diagnosis = lk_app_context_get_diagnosis (context);
  const char *scope = remedy->values != NULL ? g_hash_table_lookup (remedy->values, "scope")
                                             : NULL;
  g_autofree char *name
    = scope != NULL ? lk_scopes_dup_name (lk_diagnosis_get_scopes (diagnosis), facts->family, scope)
                    : NULL;
  char *wrong = lk_remedy_words_dup_wrong (remedy, name);

  if (wrong != NULL)
    return wrong;
  if (facts->fault != NULL)
    return lk_diagnosis_dup_headline (diagnosis, facts->fault);
  return g_strdup (_("Something was refused."));
}

static void
lk_wizard_end_show_runs (LkWizardEnd *self, LkRemedyItem *item)
{
  const LkFacts *facts = lk_remedy_item_get_facts (item);
  LkDBusConnection1 *connection = lk_remedy_item_get_connection (item);
  g_autofree char *call
    = lk_remedy_words_dup_call (lk_dbus_remedy1_get_call (lk_remedy_item_get_proxy (item)));
  g_autofree char *answer = lk_remedy_words_dup_answer (facts);
  g_autofree char *everything = NULL;

  if (call != NULL && answer != NULL)
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->runs), call);
      adw_action_row_set_subtitle (self->runs, answer);
      return;
    }
  /* Translators: %s is a connection's name. */
  everything = g_strdup_printf (_("Every program that uses “%s”"),
                                connection != NULL ? lk_dbus_connection1_get_name (connection)
                                                   : "");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->runs), everything);
  adw_action_row_set_subtitle (self->runs, "");
}

static void
lk_wizard_end_dispose (GObject *object)
{
  LkWizardEnd *self = LK_WIZARD_END (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&child, gtk_widget_unparent);
  G_OBJECT_CLASS (lk_wizard_end_parent_class)->dispose (object);
}

static void
lk_wizard_end_class_init (LkWizardEndClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_wizard_end_dispose;
  finish_signal = g_signal_new ("finish", LK_TYPE_WIZARD_END, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-wizard-end.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkWizardEnd, icon);
  gtk_widget_class_bind_template_child (widget_class, LkWizardEnd, title);
  gtk_widget_class_bind_template_child (widget_class, LkWizardEnd, wrong);
  gtk_widget_class_bind_template_child (widget_class, LkWizardEnd, changed);
  gtk_widget_class_bind_template_child (widget_class, LkWizardEnd, runs);
  gtk_widget_class_bind_template_child (widget_class, LkWizardEnd, finish);
  gtk_widget_class_bind_template_callback (widget_class, finish_cb);
}

static void
lk_wizard_end_init (LkWizardEnd *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lk_wizard_end_set_item (LkWizardEnd *self, LkAppContext *context, LkRemedyItem *item)
{
  gboolean proven = is_all_proven (item);
  g_autofree char *wrong = dup_wrong (context, item);

  gtk_image_set_from_icon_name (self->icon,
                                lk_remedy_words_get_icon (proven ? LK_STEP_MARK_DONE
                                                                 : LK_STEP_MARK_TOLD));
  if (proven)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), "success");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "success");
  gtk_label_set_label (self->title, proven ? _("Fixed, and Proven")
                                           : _("Done; Not All of It Could Be Checked"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->wrong), wrong);
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->changed, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < lk_remedy_item_get_n_steps (item); i++)
    lk_wizard_end_add_step (self, item, i);
  lk_wizard_end_add_scopes (self, item, _("New Scopes"), LK_SCOPE_LIST_NEW);
  lk_wizard_end_add_scopes (self, item, _("Scopes No Longer Granted"), LK_SCOPE_LIST_GONE);
  lk_wizard_end_show_runs (self, item);
}

void
lk_wizard_end_grab_first (LkWizardEnd *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->finish));
}
