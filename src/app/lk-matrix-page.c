/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-matrix-page.h"

#include <glib/gi18n.h>

#include "lk-accessible-pages.h"
#include "lk-matrix-account.h"
#include "lk-matrix-row.h"
#include "lk-matrix-words.h"
#include "lk-time-words.h"
#include "lk-upright-label.h"
#include "lk-window-private.h"

struct _LkMatrixPage
{
  GtkWidget          parent_instance;

  LkAppContext      *context;     /* (owned) (nullable) */
  LkDBusConnection1 *connection;  /* (owned) (nullable) */
  GCancellable      *cancellable; /* (owned) (nullable): of the survey under way */
  LkFacts           *facts;       /* (owned) (nullable) */
  LkMatrix          *matrix;      /* (owned) (nullable) */
  GtkStringList     *numbers;     /* (owned): of accounts, as text */
  GtkCustomFilter   *filter;      /* (owned by the list's model) */
  char              *needle;      /* (owned) (nullable): case-folded */
  guint              account;     /* that is shown alone */
  gboolean           narrow;

  GtkStack          *stack;
  GtkSpinner        *spinner;
  AdwStatusPage     *problem;
  GtkLabel          *summary;
  GtkLabel          *checked;
  GtkButton         *again;
  GtkSearchEntry    *search;
  GtkBox            *grid;
  GtkBox            *head;
  GtkListView       *list;
  GtkFlowBox        *legend;
  LkMatrixAccount   *account_view;
};

G_DEFINE_FINAL_TYPE (LkMatrixPage, lk_matrix_page, GTK_TYPE_WIDGET)

static LkScopes *
lk_matrix_page_get_scopes (LkMatrixPage *self)
{
  return lk_diagnosis_get_scopes (lk_app_context_get_diagnosis (self->context));
}

static void
lk_matrix_page_show_account (LkMatrixPage *self, guint account, guint feature)
{
  self->account = account;
  gtk_stack_set_visible_child_name (self->stack, "account");
  lk_matrix_account_set (self->account_view, lk_matrix_page_get_scopes (self), self->matrix,
                         self->facts, account, feature);
}

static guint
get_account (GtkStringObject *item)
{
  return (guint) g_ascii_strtoull (gtk_string_object_get_string (item), NULL, 10);
}

static void
activate_cb (LkMatrixPage *self, guint position)
{
  g_autoptr(GtkStringObject) item
    = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->list)), position);

  if (item != NULL)
    lk_matrix_page_show_account (self, get_account (item), 0);
}

static void
cell_cb (GtkListItem *list_item, guint feature, LkMatrixRow *row)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (row), LK_TYPE_MATRIX_PAGE);
  GtkStringObject *item = gtk_list_item_get_item (list_item);

  if (page != NULL && item != NULL)
    lk_matrix_page_show_account (LK_MATRIX_PAGE (page), get_account (item), feature);
}

static void
setup_cb (LkMatrixPage *self, GtkListItem *item)
{
  GtkWidget *row = lk_matrix_row_new ();

  g_signal_connect_object (row, "cell", G_CALLBACK (cell_cb), item, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, row);
}

static void
bind_cb (LkMatrixPage *self, GtkListItem *item)
{
  lk_matrix_row_set (LK_MATRIX_ROW (gtk_list_item_get_child (item)), self->matrix,
                     get_account (gtk_list_item_get_item (item)), self->narrow);
}

static gboolean
contains (const char *text, const char *folded)
{
  g_autofree char *own = g_utf8_casefold (text != NULL ? text : "", -1);

  return strstr (own, folded) != NULL;
}

static gboolean
filter_cb (gpointer item, gpointer user_data)
{
  LkMatrixPage *self = user_data;
  const LkAccount *account;

  if (self->needle == NULL || self->matrix == NULL)
    return TRUE;
  account = g_ptr_array_index (self->matrix->accounts, get_account (item));
  return contains (account->id, self->needle) || contains (account->name, self->needle);
}

static void
search_changed_cb (LkMatrixPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  g_clear_pointer (&self->needle, g_free);
  if (*text != '\0')
    self->needle = g_utf8_casefold (text, -1);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
lk_matrix_page_fill_head (LkMatrixPage *self)
{
  GtkWidget *child, *corner;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->head))) != NULL)
    gtk_box_remove (self->head, child);
  gtk_widget_set_visible (GTK_WIDGET (self->head), !self->narrow);
  corner = g_object_new (GTK_TYPE_LABEL, "label", _("Account"), "xalign", 0.0f, "valign",
                         GTK_ALIGN_END, "width-request", LK_MATRIX_NAME_WIDTH, "margin-end", 9,
                         NULL);
  gtk_widget_add_css_class (corner, "heading");
  gtk_box_append (self->head, corner);
  for (guint i = 0; self->matrix != NULL && i < self->matrix->features->len; i++)
    {
      const LkFeature *feature = g_ptr_array_index (self->matrix->features, i);
      GtkWidget *label = lk_upright_label_new (_(feature->name));

      gtk_widget_set_size_request (label, LK_MATRIX_CELL_WIDTH, -1);
      gtk_widget_set_valign (label, GTK_ALIGN_END);
      gtk_box_append (self->head, label);
    }
}

static void
lk_matrix_page_fill_legend (LkMatrixPage *self)
{
  for (guint i = LK_CELL_UNKNOWN; i <= LK_CELL_ACCOUNT; i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", lk_matrix_words_get_icon (i),
                                      "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
      GtkWidget *label = gtk_label_new (lk_matrix_words_get_text (i));
      GtkWidget *child = gtk_flow_box_child_new ();

      gtk_widget_add_css_class (icon, lk_matrix_words_get_style (i));
      gtk_widget_add_css_class (label, "caption");
      gtk_box_append (GTK_BOX (box), icon);
      gtk_box_append (GTK_BOX (box), label);
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_append (self->legend, child);
    }
}

static void
lk_matrix_page_fill_rows (LkMatrixPage *self)
{
  guint n = self->matrix != NULL ? self->matrix->accounts->len : 0;
  g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (numbers, g_strdup_printf ("%u", i));
  g_ptr_array_add (numbers, NULL);
  gtk_string_list_splice (self->numbers, 0,
                          g_list_model_get_n_items (G_LIST_MODEL (self->numbers)),
                          (const char * const *) numbers->pdata);
  gtk_widget_set_visible (GTK_WIDGET (self->search), n > 8);
}

static void
lk_matrix_page_refresh_checked (LkMatrixPage *self)
{
  g_autofree char *ago = NULL, *text = NULL, *absolute = NULL;

  if (self->matrix == NULL)
    return;
  ago = lk_time_words_dup_relative (self->matrix->checked, lk_app_context_get_now (self->context));
  absolute = lk_time_words_dup_absolute (self->matrix->checked);
  /* Translators: %s is a time, such as "2 minutes ago". */
  text = g_strdup_printf (_("Checked %s"), ago);
  gtk_label_set_label (self->checked, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->checked), absolute);
}

static void
lk_matrix_page_show_matrix (LkMatrixPage *self)
{
  g_autofree char *summary = lk_matrix_words_dup_summary (self->matrix);

  gtk_label_set_label (self->summary, summary);
  lk_matrix_page_refresh_checked (self);
  lk_matrix_page_fill_head (self);
  lk_matrix_page_fill_rows (self);
  gtk_stack_set_visible_child_name (self->stack, "list");
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
surveyed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkMatrixPage) self = user_data;
  g_autoptr(GVariant) dict = NULL;
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_connection1_call_survey_finish (LK_DBUS_CONNECTION1 (source), &dict, result,
                                               &error))
    {
      g_autofree char *sentence = NULL, *escaped = NULL;

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      gtk_spinner_set_spinning (self->spinner, FALSE);
      sentence = lk_agent_error_to_sentence (error);
      escaped = g_markup_escape_text (sentence, -1);
      adw_status_page_set_description (self->problem, escaped);
      gtk_stack_set_visible_child_name (self->stack, "problem");
      return;
    }
  if (source != G_OBJECT (self->connection))
    return;
  gtk_spinner_set_spinning (self->spinner, FALSE);
  gtk_string_list_splice (self->numbers, 0,
                          g_list_model_get_n_items (G_LIST_MODEL (self->numbers)), NULL);
  g_clear_pointer (&self->matrix, lk_matrix_free);
  g_clear_pointer (&self->facts, lk_facts_free);
  self->facts = lk_facts_from_variant (dict);
  self->matrix = lk_matrix_new (lk_matrix_page_get_scopes (self), self->facts);
  lk_matrix_page_show_matrix (self);
}

static void
again_cb (LkMatrixPage *self)
{
  if (self->connection == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  gtk_spinner_set_spinning (self->spinner, TRUE);
  gtk_stack_set_visible_child_name (self->stack, "busy");
  lk_dbus_connection1_call_survey (self->connection, self->cancellable, surveyed_cb,
                                   g_object_ref (self));
}

static void
back_cb (LkMatrixPage *self)
{
  lk_matrix_page_back (self);
}

/* What would be refused there, looked into as if it had been. */
static void
fix_cb (LkMatrixPage *self, guint number)
{
  const LkFeature *feature = g_ptr_array_index (self->matrix->features, number);
  const LkAccount *account = g_ptr_array_index (self->matrix->accounts, self->account);
  LkCell cell = lk_matrix_get (self->matrix, self->account, number);
  g_autoptr(LkFault) fault
    = lk_fault_new (cell == LK_CELL_SCOPE ? LK_CLASS_SCOPE : LK_CLASS_PERMISSION);
  const LkScope *scope = feature->scopes[0] != NULL
    ? lk_scopes_find (lk_matrix_page_get_scopes (self), self->facts->family, feature->scopes[0])
    : NULL;
  g_autoptr(LkExamination) examination = NULL;

  fault->provider = g_strdup (self->facts->provider);
  fault->family = g_strdup (self->facts->family);
  fault->step = g_strdup ("api");
  fault->account = g_strdup (account->id);
  fault->method = g_strdup (feature->roles[0] != NULL ? "POST" : "GET");
  fault->endpoint = scope != NULL ? g_strdup (scope->endpoints[0]) : NULL;
  fault->at = self->matrix->checked;
  examination = lk_examination_new (self->context, self->connection, 0, fault);
  lk_window_show_finding (LK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), examination);
}

static void
lk_matrix_page_dispose (GObject *object)
{
  LkMatrixPage *self = LK_MATRIX_PAGE (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->numbers);
  g_clear_pointer (&self->needle, g_free);
  g_clear_pointer (&self->matrix, lk_matrix_free);
  g_clear_pointer (&self->facts, lk_facts_free);
  g_clear_object (&self->connection);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_matrix_page_parent_class)->dispose (object);
}

static void
lk_matrix_page_class_init (LkMatrixPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_matrix_page_dispose;
  g_type_ensure (LK_TYPE_MATRIX_ACCOUNT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-matrix-page.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixPage, problem);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixPage, summary);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixPage, checked);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixPage, again);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixPage, search);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixPage, grid);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixPage, head);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixPage, list);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixPage, legend);
  gtk_widget_class_bind_template_child (widget_class, LkMatrixPage, account_view);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, fix_cb);
}

static void
lk_matrix_page_init (LkMatrixPage *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkFilterListModel *filtered;

  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->stack, gtk_stack_get_pages (self->stack));
  self->numbers = gtk_string_list_new (NULL);
  self->filter = gtk_custom_filter_new (filter_cb, self, NULL);
  filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->numbers)),
                                        GTK_FILTER (self->filter));
  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_cb), self);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list,
                           GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (filtered))));
  g_object_unref (factory);
  lk_matrix_page_fill_legend (self);
}

void
lk_matrix_page_set_connection (LkMatrixPage *self, LkAppContext *context,
                               LkDBusConnection1 *connection)
{
  if (self->context == NULL && context != NULL)
    {
      self->context = g_object_ref (context);
      g_signal_connect_object (context, "notify::now",
                               G_CALLBACK (lk_matrix_page_refresh_checked), self,
                               G_CONNECT_SWAPPED);
    }
  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->connection, connection);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  again_cb (self);
}

LkDBusConnection1 *
lk_matrix_page_get_connection (LkMatrixPage *self)
{
  return self->connection;
}

gboolean
lk_matrix_page_back (LkMatrixPage *self)
{
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "account") != 0)
    return FALSE;
  gtk_stack_set_visible_child_name (self->stack, "list");
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
  return TRUE;
}

void
lk_matrix_page_set_narrow (LkMatrixPage *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  gtk_widget_set_visible (GTK_WIDGET (self->legend), !narrow);
  gtk_widget_set_halign (GTK_WIDGET (self->grid), narrow ? GTK_ALIGN_FILL : GTK_ALIGN_START);
  lk_matrix_page_fill_head (self);
  lk_matrix_page_fill_rows (self);
}
