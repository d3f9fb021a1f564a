/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-diagnose-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lk-accessible-pages.h"
#include "lk-finding-view.h"
#include "lk-window-private.h"

#define DEBOUNCE_MS 250

struct _LkDiagnosePage
{
  GtkWidget      parent_instance;

  LkAppContext  *context;      /* (owned) */
  GPtrArray     *provider_ids; /* (owned): ids of profiles in the drop-down's order, first NULL */
  LkFault       *fault;        /* (owned) (nullable): of the text, without the text */
  guint          read_id;

  GtkBox        *columns;
  GtkTextView   *text;
  GtkDropDown   *provider;
  GtkStringList *providers;
  GtkButton     *clear;
  GtkStack      *stack;
  LkFindingView *finding;
  GtkWidget     *check_box;
  GtkMenuButton *check;
};

G_DEFINE_FINAL_TYPE (LkDiagnosePage, lk_diagnose_page, GTK_TYPE_WIDGET)

static char *
lk_diagnose_page_dup_text (LkDiagnosePage *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

/* What Latchkey found out in "guess" is named, so that the person can correct it. */
static void
lk_diagnose_page_show_guess (LkDiagnosePage *self, const LkFinding *finding)
{
  const char *id = finding->fault != NULL ? finding->fault->provider : NULL;
  LkProfile *profile
    = id != NULL ? lk_profile_set_lookup (lk_app_context_get_profiles (self->context), id) : NULL;
  g_autofree char *label = NULL;
  const char *additions[] = { NULL, NULL };

  if (profile != NULL)
    /* Translators: what Latchkey takes a pasted text to come from. */
    label = g_strdup_printf (_("Looks Like %s"), lk_profile_get_name (profile));
  else
    label = g_strdup (_("Guess the Provider"));
  if (g_strcmp0 (label, gtk_string_list_get_string (self->providers, 0)) == 0)
    return;
  additions[0] = label;
  gtk_string_list_splice (self->providers, 0, 1, additions);
  gtk_drop_down_set_selected (self->provider, 0);
}

static void
lk_diagnose_page_refresh_check (LkDiagnosePage *self, const LkFinding *finding)
{
  GListModel *connections
    = lk_agent_client_get_connections (lk_app_context_get_client (self->context));
  gboolean any = g_list_model_get_n_items (connections) > 0;

  g_clear_pointer (&self->fault, lk_fault_free);
  if (finding->fault != NULL && finding->paste != LK_PASTE_EMPTY
      && finding->fault->klass != LK_CLASS_OK)
    self->fault = lk_fault_copy (finding->fault);
  gtk_widget_set_visible (self->check_box, self->fault != NULL && any);
}

static void
lk_diagnose_page_read (LkDiagnosePage *self)
{
  char *text = lk_diagnose_page_dup_text (self);
  guint selected = gtk_drop_down_get_selected (self->provider);
  LkHints hints = { 0 };
  g_autoptr(LkFinding) finding = NULL;
  gboolean empty;

  if (selected < self->provider_ids->len)
    hints.provider = g_ptr_array_index (self->provider_ids, selected);
  finding = lk_diagnosis_read_text (lk_app_context_get_diagnosis (self->context), text, -1,
                                    &hints);
  empty = finding->paste == LK_PASTE_EMPTY;
  gtk_widget_set_sensitive (GTK_WIDGET (self->clear), *text != '\0');
  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "finding");
  lk_wipe_string (text);
  lk_diagnose_page_refresh_check (self, finding);
  if (!empty)
    lk_finding_view_set_finding (self->finding, finding, 0,
                                 lk_app_context_get_now (self->context));
  if (hints.provider == NULL)
    lk_diagnose_page_show_guess (self, finding);
}

static void
check_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDiagnosePage *self = LK_DIAGNOSE_PAGE (widget);
  LkAgentClient *client = lk_app_context_get_client (self->context);
  LkDBusConnection1 *connection
    = lk_agent_client_find_connection (client, g_variant_get_string (parameter, NULL));
  g_autoptr(LkExamination) examination = NULL;

  if (connection == NULL || self->fault == NULL)
    return;
  examination = lk_examination_new (self->context, connection, 0, self->fault);
  lk_window_show_finding (LK_WINDOW (gtk_widget_get_root (widget)), examination);
}

static gboolean
is_of_family (LkDiagnosePage *self, LkDBusConnection1 *connection)
{
  LkProfile *profile = lk_profile_set_lookup (lk_app_context_get_profiles (self->context),
                                              lk_dbus_connection1_get_provider (connection));

  return self->fault == NULL || self->fault->family == NULL || profile == NULL
         || g_strcmp0 (lk_profile_get_family (profile), self->fault->family) == 0;
}

/* Connections that the text can be from; made when the menu opens. */
static void
create_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  LkDiagnosePage *self = user_data;
  GListModel *connections
    = lk_agent_client_get_connections (lk_app_context_get_client (self->context));
  g_autoptr(GMenu) menu = g_menu_new ();

  for (guint i = 0; i < g_list_model_get_n_items (connections); i++)
    {
      g_autoptr(LkDBusConnection1) connection = g_list_model_get_item (connections, i);
      g_autoptr(GMenuItem) item = NULL;
      g_auto(GStrv) parts = NULL;
      g_autofree char *label = NULL;

      if (!is_of_family (self, connection))
        continue;
      /* An underscore in a name is no mnemonic. */
      parts = g_strsplit (lk_dbus_connection1_get_name (connection), "_", -1);
      label = g_strjoinv ("__", parts);
      item = g_menu_item_new (label, NULL);
      g_menu_item_set_action_and_target (item, "diagnose.check", "s",
                                         lk_dbus_connection1_get_id (connection));
      g_menu_append_item (menu, item);
    }
  if (g_menu_model_get_n_items (G_MENU_MODEL (menu)) == 0)
    g_menu_append (menu, _("No connection of this provider"), "diagnose.none");
  gtk_menu_button_set_popover (button, gtk_popover_menu_new_from_model (G_MENU_MODEL (menu)));
}

static gboolean
read_cb (gpointer user_data)
{
  LkDiagnosePage *self = user_data;

  self->read_id = 0;
  lk_diagnose_page_read (self);
  return G_SOURCE_REMOVE;
}

static void
queue_read_cb (LkDiagnosePage *self)
{
  if (self->context == NULL)
    return;
  g_clear_handle_id (&self->read_id, g_source_remove);
  self->read_id = g_timeout_add (DEBOUNCE_MS, read_cb, self);
}

static void
clear_cb (LkDiagnosePage *self)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), "", 0);
  gtk_drop_down_set_selected (self->provider, 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

static void
lk_diagnose_page_dispose (GObject *object)
{
  LkDiagnosePage *self = LK_DIAGNOSE_PAGE (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_handle_id (&self->read_id, g_source_remove);
  if (self->text != NULL)
    g_signal_handlers_disconnect_by_data (gtk_text_view_get_buffer (self->text), self);
  self->text = NULL;
  g_clear_object (&self->context);
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_pointer (&self->provider_ids, g_ptr_array_unref);
  g_clear_pointer (&self->fault, lk_fault_free);
  G_OBJECT_CLASS (lk_diagnose_page_parent_class)->dispose (object);
}

static void
lk_diagnose_page_class_init (LkDiagnosePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_diagnose_page_dispose;
  g_type_ensure (LK_TYPE_FINDING_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-diagnose-page.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkDiagnosePage, columns);
  gtk_widget_class_bind_template_child (widget_class, LkDiagnosePage, text);
  gtk_widget_class_bind_template_child (widget_class, LkDiagnosePage, provider);
  gtk_widget_class_bind_template_child (widget_class, LkDiagnosePage, providers);
  gtk_widget_class_bind_template_child (widget_class, LkDiagnosePage, clear);
  gtk_widget_class_bind_template_child (widget_class, LkDiagnosePage, stack);
  gtk_widget_class_bind_template_child (widget_class, LkDiagnosePage, finding);
  gtk_widget_class_bind_template_child (widget_class, LkDiagnosePage, check_box);
  gtk_widget_class_bind_template_child (widget_class, LkDiagnosePage, check);
  gtk_widget_class_bind_template_callback (widget_class, queue_read_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_install_action (widget_class, "diagnose.check", "s", check_action);
}

static void
lk_diagnose_page_init (LkDiagnosePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->stack, gtk_stack_get_pages (self->stack));
  self->provider_ids = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->provider_ids, NULL);
  gtk_menu_button_set_create_popup_func (self->check, create_menu_cb, self, NULL);
  g_signal_connect_swapped (gtk_text_view_get_buffer (self->text), "changed",
                            G_CALLBACK (queue_read_cb), self);
}

/* What was chosen stays chosen while its provider is still there. */
static void
lk_diagnose_page_fill_providers (LkDiagnosePage *self)
{
  GPtrArray *profiles = lk_profile_set_get_profiles (lk_app_context_get_profiles (self->context));
  guint selected = gtk_drop_down_get_selected (self->provider);
  g_autofree char *chosen = NULL;
  guint position = 0;

  if (selected > 0 && selected < self->provider_ids->len)
    chosen = g_strdup (g_ptr_array_index (self->provider_ids, selected));
  g_ptr_array_set_size (self->provider_ids, 1);
  gtk_string_list_splice (self->providers, 1,
                          g_list_model_get_n_items (G_LIST_MODEL (self->providers)) - 1, NULL);
  for (guint i = 0; i < profiles->len; i++)
    {
      LkProfile *profile = g_ptr_array_index (profiles, i);

      if (g_strcmp0 (lk_profile_get_id (profile), chosen) == 0)
        position = self->provider_ids->len;
      g_ptr_array_add (self->provider_ids, g_strdup (lk_profile_get_id (profile)));
      gtk_string_list_append (self->providers, lk_profile_get_name (profile));
    }
  gtk_drop_down_set_selected (self->provider, position);
}

static void
profiles_changed_cb (LkDiagnosePage *self)
{
  lk_diagnose_page_fill_providers (self);
  queue_read_cb (self);
}

void
lk_diagnose_page_set_context (LkDiagnosePage *self, LkAppContext *context)
{
  self->context = g_object_ref (context);
  lk_diagnose_page_fill_providers (self);
  g_signal_connect_object (context, "profiles-changed", G_CALLBACK (profiles_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Beside each other when there is room, below each other when there is not. */
void
lk_diagnose_page_set_narrow (LkDiagnosePage *self, gboolean narrow)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->columns),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_homogeneous (self->columns, !narrow);
}

void
lk_diagnose_page_grab_text (LkDiagnosePage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}
