/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-finding-page.h"

#include <glib/gi18n.h>

#include "lk-accessible-pages.h"
#include "lk-bundle-dialog.h"
#include "lk-copy-button.h"
#include "lk-finding-view.h"
#include "lk-remedy-words.h"

struct _LkFindingPage
{
  GtkWidget            parent_instance;

  LkAppContext        *context;     /* (owned) (nullable) */
  LkExamination       *examination; /* (owned) (nullable) */
  GPtrArray           *rows;        /* (owned): borrowed widgets in "asked" */

  GtkStack            *stack;
  GtkSpinner          *spinner;
  AdwStatusPage       *problem;
  GtkButton           *fix;
  GtkButton           *again;
  GtkButton           *bundle;
  LkFindingView       *view;
  AdwPreferencesGroup *asked;
};

static guint fix_signal;

G_DEFINE_FINAL_TYPE (LkFindingPage, lk_finding_page, GTK_TYPE_WIDGET)

static void
fix_cb (LkFindingPage *self)
{
  g_signal_emit (self, fix_signal, 0);
}

static void
again_cb (LkFindingPage *self)
{
  if (self->examination != NULL)
    lk_examination_run (self->examination);
}

static void
bundle_cb (LkFindingPage *self)
{
  lk_bundle_dialog_present (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->context,
                            self->examination);
}

static char *
dup_outcome (const LkProbeAnswer *answer)
{
  g_autofree char *clock = lk_remedy_words_dup_clock (answer->at);

  if (answer->fault == NULL)
    /* Translators: a time of day. */
    return g_strdup_printf (_("Answered at %s"), clock);
  if (answer->http_status > 0 && answer->fault->code != NULL)
    /* Translators: a time of day, then an error code. */
    return g_strdup_printf (_("Refused at %s with %s"), clock, answer->fault->code);
  /* Translators: a time of day. */
  return g_strdup_printf (_("No answer at %s"), clock);
}

static GtkWidget *
new_row (const LkProbeAnswer *answer)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = lk_remedy_words_dup_probe (answer->probe);
  g_autofree char *outcome = dup_outcome (answer);
  g_autofree char *subtitle
    = answer->endpoint != NULL ? g_strdup_printf ("%s · %s", outcome, answer->endpoint)
                               : g_strdup (outcome);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (answer->trace_id != NULL)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               lk_copy_button_new (answer->trace_id, _("Copy Request ID")));
  return row;
}

static void
lk_finding_page_fill_asked (LkFindingPage *self, const LkFacts *facts)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->asked, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < facts->answers->len; i++)
    {
      GtkWidget *row = new_row (g_ptr_array_index (facts->answers, i));

      adw_preferences_group_add (self->asked, row);
      g_ptr_array_add (self->rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->asked), self->rows->len > 0);
}

static void
lk_finding_page_show_finding (LkFindingPage *self)
{
  const LkFinding *finding = lk_examination_get_finding (self->examination);
  const LkFacts *facts = lk_examination_get_facts (self->examination);
  gboolean fixable = lk_examination_can_fix (self->examination);

  lk_finding_view_set_finding (self->view, finding, facts->now,
                               lk_app_context_get_now (self->context));
  lk_finding_page_fill_asked (self, facts);
  gtk_widget_set_visible (GTK_WIDGET (self->fix), fixable);
  if (fixable)
    gtk_button_set_label (self->fix, lk_remedy_words_get_fix_label (finding->remedy));
}

static void
lk_finding_page_refresh (LkFindingPage *self)
{
  const GError *error = lk_examination_get_error (self->examination);
  gboolean busy = lk_examination_is_busy (self->examination);
  g_autofree char *sentence = NULL;

  gtk_spinner_set_spinning (self->spinner, busy);
  if (busy)
    gtk_stack_set_visible_child_name (self->stack, "busy");
  else if (error != NULL)
    {
      g_autofree char *escaped = NULL;

      sentence = lk_agent_error_to_sentence (error);
      escaped = g_markup_escape_text (sentence, -1);
      adw_status_page_set_description (self->problem, escaped);
      gtk_stack_set_visible_child_name (self->stack, "problem");
    }
  else if (lk_examination_get_finding (self->examination) != NULL)
    {
      lk_finding_page_show_finding (self);
      gtk_stack_set_visible_child_name (self->stack, "finding");
    }
}

static void
lk_finding_page_dispose (GObject *object)
{
  LkFindingPage *self = LK_FINDING_PAGE (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_object (&self->examination);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_finding_page_parent_class)->dispose (object);
}

static void
lk_finding_page_class_init (LkFindingPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_finding_page_dispose;
  fix_signal = g_signal_new ("fix", LK_TYPE_FINDING_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                             G_TYPE_NONE, 0);
  g_type_ensure (LK_TYPE_FINDING_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-finding-page.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkFindingPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LkFindingPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, LkFindingPage, problem);
  gtk_widget_class_bind_template_child (widget_class, LkFindingPage, fix);
  gtk_widget_class_bind_template_child (widget_class, LkFindingPage, again);
  gtk_widget_class_bind_template_child (widget_class, LkFindingPage, bundle);
  gtk_widget_class_bind_template_child (widget_class, LkFindingPage, view);
  gtk_widget_class_bind_template_child (widget_class, LkFindingPage, asked);
  gtk_widget_class_bind_template_callback (widget_class, fix_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, bundle_cb);
}

static void
lk_finding_page_init (LkFindingPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->stack, gtk_stack_get_pages (self->stack));
}

void
lk_finding_page_set_examination (LkFindingPage *self, LkAppContext *context,
                                 LkExamination *examination)
{
  if (self->examination != NULL)
    g_signal_handlers_disconnect_by_func (self->examination, lk_finding_page_refresh, self);
  g_set_object (&self->context, context);
  g_set_object (&self->examination, examination);
  g_signal_connect_object (examination, "changed", G_CALLBACK (lk_finding_page_refresh), self,
                           G_CONNECT_SWAPPED);
  lk_finding_page_refresh (self);
}

LkExamination *
lk_finding_page_get_examination (LkFindingPage *self)
{
  return self->examination;
}
