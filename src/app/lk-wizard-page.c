/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-wizard-page.h"

#include <glib/gi18n.h>

#include "lk-accessible-pages.h"
#include "lk-remedy-item.h"
#include "lk-wizard-end.h"
#include "lk-wizard-step.h"

struct _LkWizardPage
{
  GtkWidget          parent_instance;

  LkAppContext      *context;    /* (owned) */
  LkRemedyItem      *item;       /* (owned) (nullable) */
  LkDBusConnection1 *connection; /* (owned) (nullable): whose sign-ins are followed */
  guint64            generation; /* of its tokens when it was last looked at */
  guint              current;    /* step that was current before */
  guint              watched;    /* one more than the step that the agent was asked to watch */
  gboolean           narrow;
  char              *marks;      /* (owned) (nullable): what the list shows now */

  GtkStack          *stack;
  GtkBox            *columns;
  GtkListBox        *list;
  GtkSeparator      *separator;
  LkWizardStep      *step;
  LkWizardEnd       *end;
};

static guint leave_signal, title_changed_signal;

G_DEFINE_FINAL_TYPE (LkWizardPage, lk_wizard_page, GTK_TYPE_WIDGET)

static GtkWidget *
new_row (LkRemedyItem *item, guint i)
{
  const LkRemedyStep *step = lk_remedy_item_get_step (item, i);
  LkStepMark mark = lk_remedy_item_get_mark (item, i);
  g_autofree char *number = g_strdup_printf ("%u", i + 1);
  g_autofree char *spoken = lk_remedy_words_dup_step (i + 1, step->title, mark);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", step->title, "xalign", 0.0f, "wrap",
                                   TRUE, "width-chars", 16, "max-width-chars", 22, NULL);
  GtkWidget *number_label = g_object_new (GTK_TYPE_LABEL, "label", number, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", lk_remedy_words_get_icon (mark),
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_add_css_class (number_label, "numeric");
  gtk_widget_add_css_class (number_label, "dim-label");
  if (mark == LK_STEP_MARK_DONE)
    gtk_widget_add_css_class (icon, "success");
  if (mark == LK_STEP_MARK_LATER)
    gtk_widget_add_css_class (label, "dim-label");
  if (mark == LK_STEP_MARK_NOW)
    gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (box), number_label);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_tooltip_text (row, lk_remedy_words_get_mark_text (mark));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

static guint
lk_wizard_page_get_selected (LkWizardPage *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  return row != NULL ? (guint) gtk_list_box_row_get_index (row) : self->current;
}

static char *
lk_wizard_page_dup_marks (LkWizardPage *self)
{
  GString *marks = g_string_new (NULL);

  for (guint i = 0; i < lk_remedy_item_get_n_steps (self->item); i++)
    g_string_append_printf (marks, "%s %d\n", lk_remedy_item_get_step (self->item, i)->title,
                            (int) lk_remedy_item_get_mark (self->item, i));
  return g_string_free (marks, FALSE);
}

static void
lk_wizard_page_make_rows (LkWizardPage *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < lk_remedy_item_get_n_steps (self->item); i++)
    gtk_list_box_append (self->list, new_row (self->item, i));
}

/* A check that changes nothing must not take the focus out of the list. */
static void
lk_wizard_page_fill_list (LkWizardPage *self, guint selected)
{
  g_autofree char *marks = lk_wizard_page_dup_marks (self);

  g_signal_handlers_block_matched (self->list, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
  if (g_strcmp0 (marks, self->marks) != 0)
    {
      lk_wizard_page_make_rows (self);
      g_free (self->marks);
      self->marks = g_steal_pointer (&marks);
    }
  gtk_list_box_select_row (self->list,
                           gtk_list_box_get_row_at_index (self->list, (int) selected));
  g_signal_handlers_unblock_matched (self->list, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
}

static void
watched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  /* The person can still check by hand; the line then names no next check. */
  if (!lk_dbus_remedy1_call_watch_finish (LK_DBUS_REMEDY1 (source), result, &error))
    g_warning ("The agent does not watch: %s", error->message);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_remedy1_call_check_finish (LK_DBUS_REMEDY1 (source), result, &error))
    g_info ("A step could not be checked: %s", error->message);
}

/* Questions are asked again and again; a call is repeated when the person says so, or when the
 * remedy is to wait for it. */
static void
lk_wizard_page_watch (LkWizardPage *self)
{
  const LkRemedyStep *step = lk_remedy_item_get_step (self->item, self->current);
  LkDBusRemedy1 *proxy = lk_remedy_item_get_proxy (self->item);

  if (step == NULL || self->watched == self->current + 1
      || (step->check != LK_CHECK_PROBES && step->check != LK_CHECK_TIME && !step->watchable))
    return;
  self->watched = self->current + 1;
  if (!lk_dbus_remedy1_get_watching (proxy))
    lk_dbus_remedy1_call_watch (proxy, TRUE, NULL, watched_cb, NULL);
  /* What is not the person's to do is not waited for. */
  if (step->turn == LK_TURN_LATCHKEY && step->check == LK_CHECK_PROBES)
    lk_dbus_remedy1_call_check (proxy, self->current, NULL, checked_cb, NULL);
}

static void
lk_wizard_page_refresh (LkWizardPage *self)
{
  guint selected = lk_wizard_page_get_selected (self);
  guint current = lk_remedy_item_get_current (self->item);
  guint n = lk_remedy_item_get_n_steps (self->item);
  gboolean moved = current != self->current;

  g_signal_emit (self, title_changed_signal, 0);
  if (n == 0)
    {
      gtk_stack_set_visible_child_name (self->stack, "unknown");
      return;
    }
  if (moved && selected == self->current)
    selected = current;
  self->current = current;
  selected = MIN (selected, n - 1);
  lk_wizard_page_fill_list (self, selected);
  lk_wizard_step_set_step (self->step, self->item, selected);
  if (current == n)
    lk_wizard_end_set_item (self->end, self->context, self->item);
  gtk_stack_set_visible_child_name (self->stack, current == n ? "end" : "steps");
  if (moved)
    lk_wizard_page_grab_first (self);
  lk_wizard_page_watch (self);
}

static void
row_selected_cb (LkWizardPage *self, GtkListBoxRow *row)
{
  if (row != NULL && self->item != NULL)
    lk_wizard_step_set_step (self->step, self->item, (guint) gtk_list_box_row_get_index (row));
}

static void
item_changed_cb (LkWizardPage *self)
{
  lk_wizard_page_refresh (self);
}

static void
later_cb (LkWizardPage *self)
{
  gboolean watching = lk_dbus_remedy1_get_watching (lk_remedy_item_get_proxy (self->item));

  g_signal_emit (self, leave_signal, 0,
                 watching ? _("Latchkey goes on checking, also when this window is closed, and "
                              "tells you when it is done.")
                          : _("You find this again on the connection’s page."));
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_remedy1_call_close_finish (LK_DBUS_REMEDY1 (source), result, &error))
    g_warning ("A remedy that is done stays: %s", error->message);
}

static void
finish_cb (LkWizardPage *self)
{
  lk_dbus_remedy1_call_close (lk_remedy_item_get_proxy (self->item), NULL, closed_cb, NULL);
  g_signal_emit (self, leave_signal, 0, NULL);
}

/* The sign-in that the wizard sent the person to came back: ask at once whether that was it. */
static void
signed_in_cb (LkWizardPage *self)
{
  const LkRemedyStep *step;
  guint64 generation = lk_dbus_connection1_get_generation (self->connection);

  if (self->item == NULL || generation == self->generation)
    return;
  self->generation = generation;
  step = lk_remedy_item_get_step (self->item, self->current);
  if (step != NULL
      && (step->check == LK_CHECK_SIGN_IN || g_strcmp0 (step->id, "sign-in") == 0))
    lk_dbus_remedy1_call_check (lk_remedy_item_get_proxy (self->item), self->current, NULL,
                                checked_cb, NULL);
}

static void
lk_wizard_page_follow_connection (LkWizardPage *self)
{
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_func (self->connection, signed_in_cb, self);
  g_clear_object (&self->connection);
  if (self->item == NULL || lk_remedy_item_get_connection (self->item) == NULL)
    return;
  self->connection = g_object_ref (lk_remedy_item_get_connection (self->item));
  self->generation = lk_dbus_connection1_get_generation (self->connection);
  g_signal_connect_object (self->connection, "notify::generation", G_CALLBACK (signed_in_cb), self,
                           G_CONNECT_SWAPPED);
}

/* A restarted agent brings new objects; the same remedy is shown on. */
static void
remedies_changed_cb (LkWizardPage *self)
{
  GListModel *remedies = lk_agent_client_get_remedies (lk_app_context_get_client (self->context));
  const char *id;

  if (self->item == NULL)
    return;
  id = lk_dbus_remedy1_get_id (lk_remedy_item_get_proxy (self->item));
  for (guint i = 0; i < g_list_model_get_n_items (remedies); i++)
    {
      g_autoptr(LkDBusRemedy1) remedy = g_list_model_get_item (remedies, i);

      if (g_strcmp0 (lk_dbus_remedy1_get_id (remedy), id) == 0
          && remedy != lk_remedy_item_get_proxy (self->item))
        {
          lk_wizard_page_set_remedy (self, remedy);
          return;
        }
    }
}

static void
lk_wizard_page_dispose (GObject *object)
{
  LkWizardPage *self = LK_WIZARD_PAGE (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_object (&self->item);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->marks, g_free);
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_wizard_page_parent_class)->dispose (object);
}

static void
lk_wizard_page_class_init (LkWizardPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_wizard_page_dispose;
  leave_signal = g_signal_new ("leave", LK_TYPE_WIZARD_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  title_changed_signal = g_signal_new ("title-changed", LK_TYPE_WIZARD_PAGE, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (LK_TYPE_WIZARD_END);
  g_type_ensure (LK_TYPE_WIZARD_STEP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-wizard-page.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkWizardPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LkWizardPage, columns);
  gtk_widget_class_bind_template_child (widget_class, LkWizardPage, list);
  gtk_widget_class_bind_template_child (widget_class, LkWizardPage, separator);
  gtk_widget_class_bind_template_child (widget_class, LkWizardPage, step);
  gtk_widget_class_bind_template_child (widget_class, LkWizardPage, end);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, later_cb);
  gtk_widget_class_bind_template_callback (widget_class, finish_cb);
}

static void
lk_wizard_page_init (LkWizardPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->stack, gtk_stack_get_pages (self->stack));
}

void
lk_wizard_page_set_context (LkWizardPage *self, LkAppContext *context)
{
  self->context = g_object_ref (context);
  lk_wizard_step_set_context (self->step, context);
  g_signal_connect_object (lk_agent_client_get_remedies (lk_app_context_get_client (context)),
                           "items-changed", G_CALLBACK (remedies_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

void
lk_wizard_page_set_remedy (LkWizardPage *self, LkDBusRemedy1 *remedy)
{
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, item_changed_cb, self);
  g_clear_object (&self->item);
  self->watched = 0;
  if (remedy == NULL)
    {
      lk_wizard_step_set_step (self->step, NULL, 0);
      lk_wizard_page_follow_connection (self);
      return;
    }
  self->item = lk_remedy_item_new (self->context, remedy);
  self->current = lk_remedy_item_get_current (self->item);
  gtk_list_box_unselect_all (self->list);
  g_signal_connect_object (self->item, "changed", G_CALLBACK (item_changed_cb), self,
                           G_CONNECT_SWAPPED);
  lk_wizard_page_follow_connection (self);
  lk_wizard_page_refresh (self);
}

LkDBusRemedy1 *
lk_wizard_page_get_remedy (LkWizardPage *self)
{
  return self->item != NULL ? lk_remedy_item_get_proxy (self->item) : NULL;
}

const char *
lk_wizard_page_get_title (LkWizardPage *self)
{
  const LkRemedy *remedy = self->item != NULL ? lk_remedy_item_get_remedy (self->item) : NULL;

  return remedy != NULL ? remedy->title : _("Fix");
}

void
lk_wizard_page_grab_first (LkWizardPage *self)
{
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "end") == 0)
    lk_wizard_end_grab_first (self->end);
  else
    lk_wizard_step_grab_first (self->step);
}

/* The steps stand above when there is no room beside. */
void
lk_wizard_page_set_narrow (LkWizardPage *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->columns),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->separator),
                                  narrow ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (self->columns, narrow ? 12 : 24);
  if (narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self->list), "compact");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->list), "compact");
}
