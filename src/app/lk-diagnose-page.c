/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-diagnose-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lk-accessible-pages.h"
#include "lk-finding-view.h"

#define DEBOUNCE_MS 250

struct _LkDiagnosePage
{
  GtkWidget      parent_instance;

  LkAppContext  *context;      /* (owned) */
  GPtrArray     *provider_ids; /* (owned): ids of profiles in the drop-down's order, first NULL */
  guint          read_id;

  GtkBox        *columns;
  GtkTextView   *text;
  GtkDropDown   *provider;
  GtkStringList *providers;
  GtkButton     *clear;
  GtkStack      *stack;
  LkFindingView *finding;
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
  if (!empty)
    lk_finding_view_set_finding (self->finding, finding, 0,
                                 lk_app_context_get_now (self->context));
  if (hints.provider == NULL)
    lk_diagnose_page_show_guess (self, finding);
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
  gtk_widget_class_bind_template_callback (widget_class, queue_read_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
}

static void
lk_diagnose_page_init (LkDiagnosePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->stack, gtk_stack_get_pages (self->stack));
  self->provider_ids = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->provider_ids, NULL);
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
