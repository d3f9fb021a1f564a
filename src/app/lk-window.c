/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-window-private.h"

#include <glib/gi18n.h>

#include "lk-accessible-pages.h"
#include "lk-activity-page.h"
#include "lk-background-hint.h"
#include "lk-connection-page.h"
#include "lk-connections-page.h"
#include "lk-diagnose-page.h"
#include "lk-finding-page.h"
#include "lk-matrix-page.h"
#include "lk-notice.h"
#include "lk-program-question.h"
#include "lk-wizard-page.h"

/* Below this a row's button and bar go below its words, and the finding below its text. */
#define NARROW_WIDTH 640

struct _LkWindow
{
  AdwApplicationWindow  parent_instance;

  LkAppContext         *context; /* (owned) */
  GtkWidget            *opener;  /* (nullable): weak, had the focus when home was left */
  GPtrArray            *trail;   /* (owned): names of the pages below the one that shows */
  char                 *awaited; /* (owned) (nullable): path of a remedy that is not known yet */
  guint                 narrow_id;
  gboolean              narrow;

  AdwToastOverlay      *toasts;
  GtkStack             *titles;
  AdwViewSwitcherTitle *switcher_title;
  AdwWindowTitle       *connection_title;
  GtkButton            *back;
  GtkButton            *add;
  GtkToggleButton      *search_button;
  LkNotice             *notice;
  GtkSearchBar         *search_bar;
  GtkSearchEntry       *search_entry;
  GtkStack             *pages;
  AdwViewStack         *views;
  LkConnectionsPage    *connections;
  LkActivityPage       *activity;
  LkDiagnosePage       *diagnose;
  LkConnectionPage     *connection;
  LkFindingPage        *finding;
  LkWizardPage         *wizard;
  LkMatrixPage         *matrix;
  AdwViewSwitcherBar   *switcher_bar;
};

G_DEFINE_FINAL_TYPE (LkWindow, lk_window, ADW_TYPE_APPLICATION_WINDOW)

static void remedies_changed_cb (LkWindow *self);

static gboolean
lk_window_is_home (LkWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), "home") == 0;
}

static gboolean
lk_window_is_list (LkWindow *self)
{
  return lk_window_is_home (self)
         && g_strcmp0 (adw_view_stack_get_visible_child_name (self->views), "connections") == 0;
}

static gboolean
lk_window_is_activity (LkWindow *self)
{
  return lk_window_is_home (self)
         && g_strcmp0 (adw_view_stack_get_visible_child_name (self->views), "activity") == 0;
}

static LkDBusConnection1 *
lk_window_find_remedied (LkWindow *self)
{
  LkDBusRemedy1 *remedy = lk_wizard_page_get_remedy (self->wizard);
  const char *id = remedy != NULL ? lk_dbus_remedy1_get_connection (remedy) : NULL;

  if (id == NULL)
    return NULL;
  return lk_agent_client_find_connection (lk_app_context_get_client (self->context), id);
}

/* Title and subtitle of the page that shows, home aside. */
static void
lk_window_refresh_title (LkWindow *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->pages);
  LkDBusConnection1 *connection = lk_connection_page_get_connection (self->connection);
  const char *title = NULL;

  if (g_strcmp0 (page, "wizard") == 0)
    {
      title = lk_wizard_page_get_title (self->wizard);
      connection = lk_window_find_remedied (self);
    }
  else if (g_strcmp0 (page, "finding") == 0)
    {
      title = _("Why It Was Refused");
      connection = lk_examination_get_connection (
          lk_finding_page_get_examination (self->finding));
    }
  else if (g_strcmp0 (page, "matrix") == 0)
    {
      title = _("Who May Do What");
      connection = lk_matrix_page_get_connection (self->matrix);
    }
  if (title != NULL)
    {
      adw_window_title_set_title (self->connection_title, title);
      adw_window_title_set_subtitle (self->connection_title,
                                     connection != NULL ? lk_dbus_connection1_get_name (connection)
                                                        : "");
    }
  else if (connection != NULL)
    {
      adw_window_title_set_title (self->connection_title,
                                  lk_dbus_connection1_get_name (connection));
      adw_window_title_set_subtitle (self->connection_title,
                                     lk_dbus_connection1_get_provider_name (connection));
    }
}

static void
lk_window_refresh_header (LkWindow *self)
{
  gboolean home = lk_window_is_home (self);
  gboolean list = lk_window_is_list (self);

  gtk_stack_set_visible_child_name (self->titles, home ? "home" : "connection");
  gtk_widget_set_visible (GTK_WIDGET (self->back), !home);
  gtk_widget_set_visible (GTK_WIDGET (self->add), home);
  gtk_widget_set_visible (GTK_WIDGET (self->search_button), list);
  gtk_search_bar_set_key_capture_widget (self->search_bar, list ? GTK_WIDGET (self) : NULL);
  /* Hidden and not ended: who comes back finds the search, and the place in it. */
  gtk_widget_set_visible (GTK_WIDGET (self->search_bar), list);
  adw_view_switcher_bar_set_reveal (
      self->switcher_bar,
      home && adw_view_switcher_title_get_title_visible (self->switcher_title));
  if (!home)
    lk_window_refresh_title (self);
}

static void
view_changed_cb (LkWindow *self)
{
  if (self->context != NULL)
    lk_window_refresh_header (self);
}

static void
search_changed_cb (LkWindow *self)
{
  lk_connections_page_set_search (self->connections,
                                  gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

static void
connection_gone_cb (LkWindow *self)
{
  if (!lk_window_is_home (self))
    lk_window_show_home (self);
}

static void
fix_cb (LkWindow *self)
{
  lk_window_fix (self, lk_finding_page_get_examination (self->finding));
}

static void
wizard_title_cb (LkWindow *self)
{
  if (self->context != NULL)
    lk_window_refresh_header (self);
}

/* Back to the connection, which shows what is under way; the finding is old news by now. */
static void
wizard_leave_cb (LkWindow *self, const char *words)
{
  while (self->trail->len > 1
         && g_strcmp0 (g_ptr_array_index (self->trail, self->trail->len - 1), "connection") != 0)
    g_ptr_array_set_size (self->trail, (int) self->trail->len - 1);
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), "wizard") == 0)
    lk_window_go_back (self);
  if (words != NULL)
    lk_window_toast (self, words);
}

static gboolean
narrow_cb (gpointer user_data)
{
  LkWindow *self = user_data;

  self->narrow_id = 0;
  lk_connections_page_set_narrow (self->connections, self->narrow);
  lk_activity_page_set_narrow (self->activity, self->narrow);
  lk_diagnose_page_set_narrow (self->diagnose, self->narrow);
  lk_wizard_page_set_narrow (self->wizard, self->narrow);
  lk_matrix_page_set_narrow (self->matrix, self->narrow);
  if (self->context != NULL)
    lk_window_refresh_header (self);
  return G_SOURCE_REMOVE;
}

/* Widgets must not change their shape while they are being given their place. */
static void
lk_window_queue_narrow (LkWindow *self)
{
  if (self->narrow_id == 0)
    self->narrow_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, narrow_cb, self, NULL);
}

static void
lk_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LkWindow *self = LK_WINDOW (widget);
  gboolean narrow = width < NARROW_WIDTH;

  GTK_WIDGET_CLASS (lk_window_parent_class)->size_allocate (widget, width, height, baseline);
  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  lk_window_queue_narrow (self);
}

static gboolean
lk_window_close_request (GtkWindow *window)
{
  return lk_background_hint_show (window, LK_WINDOW (window)->context)
         || GTK_WINDOW_CLASS (lk_window_parent_class)->close_request (window);
}

static void
lk_window_dispose (GObject *object)
{
  LkWindow *self = LK_WINDOW (object);

  g_clear_handle_id (&self->narrow_id, g_source_remove);
  g_clear_weak_pointer (&self->opener);
  g_clear_pointer (&self->trail, g_ptr_array_unref);
  g_clear_pointer (&self->awaited, g_free);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_window_parent_class)->dispose (object);
}

static void
lk_window_class_init (LkWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_window_dispose;
  widget_class->size_allocate = lk_window_size_allocate;
  GTK_WINDOW_CLASS (klass)->close_request = lk_window_close_request;
  g_type_ensure (LK_TYPE_ACTIVITY_PAGE);
  g_type_ensure (LK_TYPE_CONNECTIONS_PAGE);
  g_type_ensure (LK_TYPE_CONNECTION_PAGE);
  g_type_ensure (LK_TYPE_DIAGNOSE_PAGE);
  g_type_ensure (LK_TYPE_FINDING_PAGE);
  g_type_ensure (LK_TYPE_MATRIX_PAGE);
  g_type_ensure (LK_TYPE_NOTICE);
  g_type_ensure (LK_TYPE_WIZARD_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/latchkey_app/Latchkey/lk-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LkWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, titles);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, switcher_title);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, connection_title);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, back);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, add);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, search_button);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, notice);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, search_bar);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, views);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, connections);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, activity);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, diagnose);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, connection);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, finding);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, wizard);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, matrix);
  gtk_widget_class_bind_template_child (widget_class, LkWindow, switcher_bar);
  gtk_widget_class_bind_template_callback (widget_class, view_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, connection_gone_cb);
  gtk_widget_class_bind_template_callback (widget_class, fix_cb);
  gtk_widget_class_bind_template_callback (widget_class, wizard_title_cb);
  gtk_widget_class_bind_template_callback (widget_class, wizard_leave_cb);
  lk_window_install_actions (widget_class);
}

static void
lk_window_init (LkWindow *self)
{
  self->trail = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->pages, gtk_stack_get_pages (self->pages));
  lk_accessible_pages_follow (self->titles, gtk_stack_get_pages (self->titles));
  lk_accessible_pages_follow (self->views, adw_view_stack_get_pages (self->views));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  g_signal_connect_object (self->switcher_title, "notify::title-visible",
                           G_CALLBACK (lk_window_queue_narrow), self, G_CONNECT_SWAPPED);
}

GtkWidget *
lk_window_new (GtkApplication *application, LkAppContext *context)
{
  LkWindow *self = g_object_new (LK_TYPE_WINDOW, "application", application, NULL);

  self->context = g_object_ref (context);
  lk_connections_page_set_context (self->connections, context);
  lk_connection_page_set_context (self->connection, context);
  lk_activity_page_set_context (self->activity, context);
  lk_diagnose_page_set_context (self->diagnose, context);
  lk_wizard_page_set_context (self->wizard, context);
  lk_notice_set_context (self->notice, context);
  lk_program_question_watch (self, context);
  g_signal_connect_object (lk_agent_client_get_remedies (lk_app_context_get_client (context)),
                           "items-changed", G_CALLBACK (remedies_changed_cb), self,
                           G_CONNECT_SWAPPED);
  lk_window_refresh_header (self);
  return GTK_WIDGET (self);
}

LkAppContext *
lk_window_get_context (LkWindow *self)
{
  return self->context;
}

const char *
lk_window_get_page (LkWindow *self)
{
  return lk_window_is_home (self) ? adw_view_stack_get_visible_child_name (self->views)
                                  : gtk_stack_get_visible_child_name (self->pages);
}

void
lk_window_add_toast (LkWindow *self, AdwToast *toast)
{
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* A toast's own title is cut where the window is narrow; a sentence has to be read to its end. */
void
lk_window_toast (LkWindow *self, const char *text)
{
  AdwToast *toast = adw_toast_new ("");

  adw_toast_set_custom_title (toast, g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE,
                                                   "wrap-mode", PANGO_WRAP_WORD_CHAR, "xalign",
                                                   0.0f, "max-width-chars",
                                                   self->narrow ? 26 : 60, NULL));
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
lk_window_toast_error (LkWindow *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  sentence = lk_agent_error_to_sentence (error);
  lk_window_toast (self, sentence);
}

/* @page: a literal. What is shown already is only filled anew. */
static void
lk_window_push (LkWindow *self, const char *page)
{
  const char *shown = gtk_stack_get_visible_child_name (self->pages);
  static const char * const names[] = { "home", "connection", "finding", "wizard", "matrix" };

  if (lk_window_is_home (self))
    g_set_weak_pointer (&self->opener, gtk_root_get_focus (GTK_ROOT (self)));
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (shown, page) != 0 && g_strcmp0 (names[i], shown) == 0)
      g_ptr_array_add (self->trail, (char *) names[i]);
  gtk_stack_set_visible_child_name (self->pages, page);
  lk_window_refresh_header (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->back));
}

void
lk_window_show_connection (LkWindow *self, LkDBusConnection1 *connection)
{
  lk_connection_page_set_connection (self->connection, connection);
  g_signal_handlers_disconnect_by_func (connection, lk_window_refresh_header, self);
  g_signal_connect_object (connection, "notify::name", G_CALLBACK (lk_window_refresh_header), self,
                           G_CONNECT_SWAPPED);
  lk_window_push (self, "connection");
}

void
lk_window_show_finding (LkWindow *self, LkExamination *examination)
{
  lk_finding_page_set_examination (self->finding, self->context, examination);
  lk_window_push (self, "finding");
}

void
lk_window_show_matrix (LkWindow *self, LkDBusConnection1 *connection)
{
  lk_matrix_page_set_connection (self->matrix, self->context, connection);
  lk_window_push (self, "matrix");
}

void
lk_window_show_home (LkWindow *self)
{
  g_ptr_array_set_size (self->trail, 0);
  gtk_stack_set_visible_child_name (self->pages, "home");
  lk_connection_page_set_connection (self->connection, NULL);
  lk_wizard_page_set_remedy (self->wizard, NULL);
  lk_window_refresh_header (self);
  if (self->opener != NULL && gtk_widget_get_root (self->opener) == GTK_ROOT (self))
    gtk_widget_grab_focus (self->opener);
  g_clear_weak_pointer (&self->opener);
}

void
lk_window_go_back (LkWindow *self)
{
  const char *page;

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), "matrix") == 0
      && lk_matrix_page_back (self->matrix))
    return;
  page = self->trail->len > 0 ? g_ptr_array_index (self->trail, self->trail->len - 1) : "home";
  if (g_strcmp0 (page, "home") == 0)
    {
      lk_window_show_home (self);
      return;
    }
  g_ptr_array_set_size (self->trail, (int) self->trail->len - 1);
  gtk_stack_set_visible_child_name (self->pages, page);
  lk_window_refresh_header (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->back));
}

/* The object may reach us after the word that it is there. */
static void
remedies_changed_cb (LkWindow *self)
{
  GListModel *remedies = lk_agent_client_get_remedies (lk_app_context_get_client (self->context));

  for (guint i = 0; self->awaited != NULL && i < g_list_model_get_n_items (remedies); i++)
    {
      g_autoptr(LkDBusRemedy1) remedy = g_list_model_get_item (remedies, i);

      if (g_strcmp0 (g_dbus_proxy_get_object_path (G_DBUS_PROXY (remedy)), self->awaited) != 0)
        continue;
      g_clear_pointer (&self->awaited, g_free);
      lk_wizard_page_set_remedy (self->wizard, remedy);
      lk_window_push (self, "wizard");
      lk_wizard_page_grab_first (self->wizard);
    }
}

void
lk_window_show_remedy (LkWindow *self, const char *path)
{
  g_free (self->awaited);
  self->awaited = g_strdup (path);
  remedies_changed_cb (self);
}

static void
fixing_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = lk_examination_fix_finish (LK_EXAMINATION (source), result, &error);

  if (path == NULL)
    lk_window_toast_error (self, error);
  else if (self->context != NULL)
    lk_window_show_remedy (self, path);
}

void
lk_window_fix (LkWindow *self, LkExamination *examination)
{
  if (lk_examination_can_fix (examination))
    lk_examination_fix_async (examination, fixing_cb, g_object_ref (self));
}

void
lk_window_show_diagnose (LkWindow *self)
{
  lk_window_show_home (self);
  adw_view_stack_set_visible_child_name (self->views, "diagnose");
  lk_diagnose_page_grab_text (self->diagnose);
}

void
lk_window_show_activity (LkWindow *self)
{
  lk_window_show_home (self);
  adw_view_stack_set_visible_child_name (self->views, "activity");
}

void
lk_window_toggle_search (LkWindow *self)
{
  if (lk_window_is_activity (self))
    lk_activity_page_grab_search (self->activity);
  if (!lk_window_is_list (self))
    return;
  gtk_search_bar_set_search_mode (self->search_bar,
                                  !gtk_search_bar_get_search_mode (self->search_bar));
}
