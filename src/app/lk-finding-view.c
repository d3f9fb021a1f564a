/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-finding-view.h"

#include <glib/gi18n.h>

#include "lk-copy-button.h"
#include "lk-remedy-words.h"
#include "lk-time-words.h"

struct _LkFindingView
{
  GtkWidget    parent_instance;

  GtkBox      *box;
  GtkLabel    *title;
  GtkLabel    *explanation;
  GtkLabel    *sure;
  GtkLabel    *turn;
  GtkLabel    *secret;
  GtkBox      *sections;
  GtkExpander *facts_expander;
  GtkGrid     *facts;
  GtkExpander *sources_expander;
  GtkBox      *sources;
};

G_DEFINE_FINAL_TYPE (LkFindingView, lk_finding_view, GTK_TYPE_WIDGET)

static void
remove_children (GtkWidget *parent)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (parent)) != NULL)
    gtk_widget_unparent (child);
}

static GtkWidget *
new_text (const char *text)
{
  return g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0f, "wrap", TRUE, "wrap-mode",
                       PANGO_WRAP_WORD_CHAR, "selectable", TRUE, "can-focus", FALSE, "hexpand",
                       TRUE, "valign", GTK_ALIGN_START, NULL);
}

static GtkWidget *
new_item (const char *mark, const char *text)
{
  GtkWidget *item = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *label = gtk_label_new (mark);

  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (item), label);
  gtk_box_append (GTK_BOX (item), new_text (text));
  return item;
}

static void
lk_finding_view_add_section (LkFindingView *self, const char *title, char **texts,
                             gboolean numbered)
{
  GtkWidget *section, *heading;

  if (texts == NULL || texts[0] == NULL)
    return;
  section = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  heading = new_text (title);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (GTK_BOX (section), heading);
  for (guint i = 0; texts[i] != NULL; i++)
    {
      g_autofree char *mark = numbered ? g_strdup_printf ("%u.", i + 1) : g_strdup ("•");

      gtk_box_append (GTK_BOX (section), new_item (mark, texts[i]));
    }
  gtk_box_append (self->sections, section);
}

static int
lk_finding_view_add_fact (LkFindingView *self, int row, const char *name, const char *value,
                          const char *copy)
{
  GtkWidget *label, *text;

  if (value == NULL || *value == '\0')
    return row;
  label = g_object_new (GTK_TYPE_LABEL, "label", name, "xalign", 0.0f, "valign", GTK_ALIGN_START,
                        NULL);
  gtk_widget_add_css_class (label, "dim-label");
  text = new_text (value);
  gtk_widget_add_css_class (text, "numeric");
  gtk_grid_attach (self->facts, label, 0, row, 1, 1);
  gtk_grid_attach (self->facts, text, 1, row, 1, 1);
  if (copy != NULL)
    {
      GtkWidget *button = lk_copy_button_new (value, copy);

      gtk_widget_set_valign (button, GTK_ALIGN_START);
      gtk_grid_attach (self->facts, button, 2, row, 1, 1);
    }
  return row + 1;
}

static void
lk_finding_view_set_facts (LkFindingView *self, const LkFault *fault)
{
  g_autofree char *status = NULL;
  int row = 0;

  remove_children (GTK_WIDGET (self->facts));
  if (fault == NULL)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->facts_expander), FALSE);
      return;
    }
  if (fault->http_status > 0)
    status = g_strdup_printf ("%d", fault->http_status);
  row = lk_finding_view_add_fact (self, row, _("Request ID"), fault->trace_id,
                                  _("Copy Request ID"));
  if (!lk_fault_is_local (fault, fault->code))
    row = lk_finding_view_add_fact (self, row, _("Code"), fault->code, NULL);
  row = lk_finding_view_add_fact (self, row, _("Sub-Code"), fault->sub, NULL);
  row = lk_finding_view_add_fact (self, row, _("Type"), fault->type, NULL);
  row = lk_finding_view_add_fact (self, row, _("HTTP Status"), status, NULL);
  row = lk_finding_view_add_fact (self, row, _("Endpoint"), fault->endpoint, _("Copy Endpoint"));
  row = lk_finding_view_add_fact (self, row, _("Message"), fault->message, _("Copy Message"));
  gtk_widget_set_visible (GTK_WIDGET (self->facts_expander), row > 0);
}

static void
lk_finding_view_set_sources (LkFindingView *self, char **sources)
{
  gboolean any = sources != NULL && sources[0] != NULL;

  remove_children (GTK_WIDGET (self->sources));
  for (guint i = 0; any && sources[i] != NULL; i++)
    gtk_box_append (self->sources, new_item ("•", sources[i]));
  gtk_widget_set_visible (GTK_WIDGET (self->sources_expander), any);
}

static void
lk_finding_view_set_sure (LkFindingView *self, double confidence, gint64 checked, gint64 now)
{
  g_autofree char *ago = lk_time_words_dup_relative (checked, now);
  g_autofree char *absolute = lk_time_words_dup_absolute (checked);
  g_autofree char *text = NULL;
  int percent = (int) (confidence * 100 + 0.5);

  if (checked > 0)
    /* Translators: how sure the finding is, and when it was made ("2 minutes ago"). */
    text = g_strdup_printf (_("Sure: %d %% · checked %s"), percent, ago);
  else
    text = g_strdup_printf (_("Sure: %d %%"), percent);
  gtk_label_set_label (self->sure, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->sure), absolute);
}

static void
lk_finding_view_dispose (GObject *object)
{
  remove_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (lk_finding_view_parent_class)->dispose (object);
}

static void
lk_finding_view_class_init (LkFindingViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_finding_view_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-finding-view.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkFindingView, box);
  gtk_widget_class_bind_template_child (widget_class, LkFindingView, title);
  gtk_widget_class_bind_template_child (widget_class, LkFindingView, explanation);
  gtk_widget_class_bind_template_child (widget_class, LkFindingView, sure);
  gtk_widget_class_bind_template_child (widget_class, LkFindingView, turn);
  gtk_widget_class_bind_template_child (widget_class, LkFindingView, secret);
  gtk_widget_class_bind_template_child (widget_class, LkFindingView, sections);
  gtk_widget_class_bind_template_child (widget_class, LkFindingView, facts_expander);
  gtk_widget_class_bind_template_child (widget_class, LkFindingView, facts);
  gtk_widget_class_bind_template_child (widget_class, LkFindingView, sources_expander);
  gtk_widget_class_bind_template_child (widget_class, LkFindingView, sources);
}

static void
lk_finding_view_init (LkFindingView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lk_finding_view_set_finding (LkFindingView *self, const LkFinding *finding, gint64 checked,
                             gint64 now)
{
  char *conflict[] = { finding->conflict, NULL };
  char *handling[] = { finding->handling, NULL };
  const char *turn = lk_remedy_words_get_turn (finding->turn);

  g_return_if_fail (LK_IS_FINDING_VIEW (self));

  gtk_label_set_label (self->title, finding->title);
  gtk_label_set_label (self->explanation, finding->explanation);
  gtk_widget_set_visible (GTK_WIDGET (self->explanation),
                          finding->explanation != NULL && *finding->explanation != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->secret), finding->contains_secret);
  lk_finding_view_set_sure (self, finding->confidence, checked, now);
  gtk_label_set_label (self->turn, turn);
  gtk_widget_set_visible (GTK_WIDGET (self->turn), turn != NULL);

  remove_children (GTK_WIDGET (self->sections));
  lk_finding_view_add_section (self, _("What to Do"), finding->steps, TRUE);
  lk_finding_view_add_section (self, _("What Latchkey Does"), handling, FALSE);
  lk_finding_view_add_section (self, _("What We Know for Sure"), finding->evidence, FALSE);
  lk_finding_view_add_section (self, _("What We Assume"), finding->assumptions, FALSE);
  lk_finding_view_add_section (self, _("Likely Causes"), finding->causes, FALSE);
  lk_finding_view_add_section (self, _("Guides Disagree"), conflict, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->sections),
                          gtk_widget_get_first_child (GTK_WIDGET (self->sections)) != NULL);
  lk_finding_view_set_facts (self, finding->fault);
  lk_finding_view_set_sources (self, finding->sources);
}
