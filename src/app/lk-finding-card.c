/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-finding-card.h"

#include <glib/gi18n.h>

#include "lk-remedy-words.h"
#include "lk-time-words.h"

struct _LkFindingCard
{
  GtkWidget   parent_instance;

  GtkLabel   *title;
  GtkLabel   *explanation;
  GtkLabel   *turn;
  GtkSpinner *spinner;
  GtkLabel   *sure;
  GtkButton  *fix;
  GtkButton  *details;
  GtkButton  *dismiss;
};

static guint fix_signal, details_signal, dismiss_signal;

G_DEFINE_FINAL_TYPE (LkFindingCard, lk_finding_card, GTK_TYPE_WIDGET)

static void
fix_cb (LkFindingCard *self)
{
  g_signal_emit (self, fix_signal, 0);
}

static void
details_cb (LkFindingCard *self)
{
  g_signal_emit (self, details_signal, 0);
}

static void
dismiss_cb (LkFindingCard *self)
{
  g_signal_emit (self, dismiss_signal, 0);
}

static void
lk_finding_card_dispose (GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));

  g_clear_pointer (&child, gtk_widget_unparent);
  G_OBJECT_CLASS (lk_finding_card_parent_class)->dispose (object);
}

static guint
new_signal (const char *name)
{
  return g_signal_new (name, LK_TYPE_FINDING_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
}

static void
lk_finding_card_class_init (LkFindingCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_finding_card_dispose;
  fix_signal = new_signal ("fix");
  details_signal = new_signal ("details");
  dismiss_signal = new_signal ("dismiss");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-finding-card.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkFindingCard, title);
  gtk_widget_class_bind_template_child (widget_class, LkFindingCard, explanation);
  gtk_widget_class_bind_template_child (widget_class, LkFindingCard, turn);
  gtk_widget_class_bind_template_child (widget_class, LkFindingCard, spinner);
  gtk_widget_class_bind_template_child (widget_class, LkFindingCard, sure);
  gtk_widget_class_bind_template_child (widget_class, LkFindingCard, fix);
  gtk_widget_class_bind_template_child (widget_class, LkFindingCard, details);
  gtk_widget_class_bind_template_child (widget_class, LkFindingCard, dismiss);
  gtk_widget_class_bind_template_callback (widget_class, fix_cb);
  gtk_widget_class_bind_template_callback (widget_class, details_cb);
  gtk_widget_class_bind_template_callback (widget_class, dismiss_cb);
}

static void
lk_finding_card_init (LkFindingCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
lk_finding_card_show_sure (LkFindingCard *self, LkExamination *examination,
                           const LkFinding *finding, gint64 now)
{
  const LkFacts *facts = examination != NULL ? lk_examination_get_facts (examination) : NULL;
  const GError *error = examination != NULL ? lk_examination_get_error (examination) : NULL;
  gboolean busy = examination != NULL && lk_examination_is_busy (examination);
  g_autofree char *ago = facts != NULL ? lk_time_words_dup_relative (facts->now, now) : NULL;
  g_autofree char *absolute = facts != NULL ? lk_time_words_dup_absolute (facts->now) : NULL;
  g_autofree char *sentence = NULL, *text = NULL;
  int percent = (int) (finding->confidence * 100 + 0.5);

  if (busy)
    text = g_strdup (_("Looking for the cause…"));
  else if (error != NULL)
    {
      sentence = lk_agent_error_to_sentence (error);
      /* Translators: %s is a sentence that says why. */
      text = g_strdup_printf (_("Nobody could be asked. %s"), sentence);
    }
  else if (ago != NULL)
    /* Translators: how sure the finding is, and when it was made ("2 minutes ago"). */
    text = g_strdup_printf (_("Sure: %d %% · checked %s"), percent, ago);
  else
    text = g_strdup_printf (_("Sure: %d %%"), percent);
  gtk_label_set_label (self->sure, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->sure), absolute);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
}

void
lk_finding_card_set (LkFindingCard *self, LkAppContext *context, LkExamination *examination,
                     const LkFault *fault, gboolean dismissable)
{
  g_autoptr(LkFinding) plain = NULL;
  const LkFinding *finding
    = examination != NULL ? lk_examination_get_finding (examination) : NULL;
  gboolean fixable = examination != NULL && lk_examination_can_fix (examination);
  const char *turn;

  if (finding == NULL && fault != NULL)
    finding = plain = lk_diagnosis_explain (lk_app_context_get_diagnosis (context), fault);
  gtk_widget_set_visible (GTK_WIDGET (self), finding != NULL);
  if (finding == NULL)
    return;
  turn = plain == NULL ? lk_remedy_words_get_turn (finding->turn) : NULL;
  gtk_label_set_label (self->title, finding->title);
  gtk_label_set_label (self->explanation, finding->explanation);
  gtk_widget_set_visible (GTK_WIDGET (self->explanation),
                          finding->explanation != NULL && *finding->explanation != '\0');
  gtk_label_set_label (self->turn, turn);
  gtk_widget_set_visible (GTK_WIDGET (self->turn), turn != NULL);
  lk_finding_card_show_sure (self, examination, finding, lk_app_context_get_now (context));
  gtk_widget_set_visible (GTK_WIDGET (self->fix), fixable);
  gtk_widget_set_visible (GTK_WIDGET (self->dismiss), dismissable);
  if (fixable)
    gtk_button_set_label (self->fix, lk_remedy_words_get_fix_label (finding->remedy));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  finding->title, -1);
}
