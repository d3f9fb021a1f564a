/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-wizard-extra.h"

#include <glib/gi18n.h>

#include "lk-copy-button.h"
#include "lk-time-words.h"

/* News of a provider that are shown at most. */
#define MAX_NEWS 4

struct _LkWizardExtra
{
  GtkWidget  parent_instance;

  GPtrArray *lines;     /* (owned): of the rows that are shown, see add() */
  gint64     end;       /* of the countdown, 0 without one */

  GtkWidget *countdown; /* (owned) */
  GtkWidget *list;      /* (owned) */
};

G_DEFINE_FINAL_TYPE (LkWizardExtra, lk_wizard_extra, GTK_TYPE_WIDGET)

typedef struct
{
  char *title;
  char *text;
  char *copy; /* (nullable) */
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->title);
  g_free (line->text);
  g_free (line->copy);
  g_free (line);
}

static gboolean
line_equal (gconstpointer a, gconstpointer b)
{
  const Line *one = a, *other = b;

  return g_strcmp0 (one->title, other->title) == 0 && g_strcmp0 (one->text, other->text) == 0
         && g_strcmp0 (one->copy, other->copy) == 0;
}

static void
add (GPtrArray *lines, const char *title, const char *text, const char *copy)
{
  Line *line;

  if (text == NULL || *text == '\0')
    return;
  line = g_new0 (Line, 1);
  line->title = g_strdup (title);
  line->text = g_strdup (text);
  line->copy = g_strdup (copy);
  g_ptr_array_add (lines, line);
}

static void
add_call (GPtrArray *lines, LkRemedyItem *item)
{
  const LkFacts *facts = lk_remedy_item_get_facts (item);
  g_autofree char *call
    = lk_remedy_words_dup_call (lk_dbus_remedy1_get_call (lk_remedy_item_get_proxy (item)));
  g_autofree char *answer = lk_remedy_words_dup_answer (facts);
  const LkProbeAnswer *last = lk_facts_find (facts, "call", NULL, NULL);

  add (lines, _("The Call"), call != NULL ? call
                                      : _("It was not kept. Run it again where it came from."),
       NULL);
  add (lines, _("Its Answer"), answer, NULL);
  if (last != NULL)
    add (lines, _("Request ID"), last->trace_id, _("Copy Request ID"));
}

static void
add_scopes_of (GPtrArray *lines, LkRemedyItem *item, const char *title, LkScopeList list)
{
  g_autofree char *names = lk_remedy_item_dup_scopes (item, list);

  add (lines, title, names, NULL);
}

/* Before the sign-in what is granted; after it what came and what went. */
static void
add_scopes (GPtrArray *lines, LkRemedyItem *item)
{
  gboolean after = lk_remedy_item_get_facts (item)->signed_in
                   > lk_dbus_remedy1_get_started (lk_remedy_item_get_proxy (item));

  add_scopes_of (lines, item, _("Scopes Before"), LK_SCOPE_LIST_BEFORE);
  if (after)
    {
      add_scopes_of (lines, item, _("Scopes Now"), LK_SCOPE_LIST_NOW);
      add_scopes_of (lines, item, _("New"), LK_SCOPE_LIST_NEW);
      add_scopes_of (lines, item, _("No Longer Granted"), LK_SCOPE_LIST_GONE);
    }
  add_scopes_of (lines, item, _("Asked For, Not Granted"), LK_SCOPE_LIST_MISSING);
}

/* Seconds since 1970, or whatever the page writes. */
static char *
dup_news_time (const char *at)
{
  gint64 seconds;

  if (at == NULL || *at == '\0')
    return NULL;
  if (g_ascii_string_to_signed (at, 10, 1, G_MAXINT64, &seconds, NULL))
    return lk_time_words_dup_absolute (seconds);
  return g_strdup (at);
}

static void
add_news (GPtrArray *lines, const LkFacts *facts)
{
  const LkProbeAnswer *status = lk_facts_find (facts, "status", NULL, NULL);

  if (status == NULL)
    return;
  if (status->fault != NULL)
    add (lines, _("Status Page"), _("It could not be read."), NULL);
  else if (status->rows->len == 0)
    add (lines, _("Status Page"), _("It names no incident."), NULL);
  for (guint i = 0; status->fault == NULL && i < MIN (status->rows->len, MAX_NEWS); i++)
    {
      const char *title = lk_probe_answer_get (status, i, "title");
      const char *text = lk_probe_answer_get (status, i, "text");
      g_autofree char *when = dup_news_time (lk_probe_answer_get (status, i, "at"));
      g_autofree char *below = text != NULL && when != NULL
                                 ? g_strdup_printf ("%s · %s", when, text)
                                 : g_strdup (text != NULL ? text : when);

      if (below != NULL)
        add (lines, title != NULL ? title : _("Status Page"), below, NULL);
      else
        add (lines, _("Status Page"), title, NULL);
    }
}

static void
add_video (GPtrArray *lines, const LkFacts *facts)
{
  for (guint i = facts->answers->len; i > 0; i--)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (facts->answers, i - 1);

      if (g_strcmp0 (answer->probe, "video") != 0)
        continue;
      add (lines, _("State of the Video"),
           answer->rows->len > 0 ? lk_probe_answer_get (answer, 0, "state") : NULL, NULL);
      return;
    }
}

static void
lk_wizard_extra_fill (LkWizardExtra *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), child);
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (self->lines, i);
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), line->title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), line->text);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
      if (line->copy != NULL)
        adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                                   lk_copy_button_new (line->text, line->copy));
      gtk_list_box_append (GTK_LIST_BOX (self->list), row);
    }
  gtk_widget_set_visible (self->list, self->lines->len > 0);
  /* What was added while it was hidden is not measured otherwise. */
  gtk_widget_queue_resize (self->list);
}

static gboolean
same_lines (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!line_equal (g_ptr_array_index (a, i), g_ptr_array_index (b, i)))
      return FALSE;
  return TRUE;
}

static void
lk_wizard_extra_dispose (GObject *object)
{
  LkWizardExtra *self = LK_WIZARD_EXTRA (object);

  g_clear_pointer (&self->countdown, gtk_widget_unparent);
  g_clear_pointer (&self->list, gtk_widget_unparent);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  G_OBJECT_CLASS (lk_wizard_extra_parent_class)->dispose (object);
}

static void
lk_wizard_extra_class_init (LkWizardExtraClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_wizard_extra_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
lk_wizard_extra_init (LkWizardExtra *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 12);
  self->lines = g_ptr_array_new_with_free_func (line_free);
  self->countdown = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "visible", FALSE,
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_TIMER, NULL);
  gtk_widget_add_css_class (self->countdown, "countdown");
  gtk_widget_add_css_class (self->countdown, "numeric");
  gtk_widget_set_parent (self->countdown, GTK_WIDGET (self));
  self->list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, "visible",
                             FALSE, NULL);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_widget_set_parent (self->list, GTK_WIDGET (self));
}

void
lk_wizard_extra_tick (LkWizardExtra *self, gint64 now)
{
  g_autofree char *left = lk_remedy_words_dup_countdown (self->end - now);
  g_autofree char *tooltip = lk_time_words_dup_absolute (self->end);

  gtk_widget_set_visible (self->countdown, self->end > 0);
  if (g_strcmp0 (gtk_label_get_label (GTK_LABEL (self->countdown)), left) == 0)
    return;
  gtk_label_set_label (GTK_LABEL (self->countdown), left);
  gtk_widget_set_tooltip_text (self->countdown, tooltip);
}

void
lk_wizard_extra_set_step (LkWizardExtra *self, LkAppContext *context, LkRemedyItem *item,
                          guint step)
{
  const LkRemedyStep *words = lk_remedy_item_get_step (item, step);
  const LkRemedy *remedy = lk_remedy_item_get_remedy (item);
  const LkFacts *facts = lk_remedy_item_get_facts (item);
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);

  if (words->check == LK_CHECK_CALL)
    add_call (lines, item);
  if (words->check == LK_CHECK_SIGN_IN)
    add_scopes (lines, item);
  if (g_strcmp0 (remedy->id, "provider-down") == 0 && words->check != LK_CHECK_CALL)
    add_news (lines, facts);
  if (g_strcmp0 (remedy->id, "media") == 0)
    add_video (lines, facts);
  self->end = words->check == LK_CHECK_TIME && facts->fault != NULL
                && lk_remedy_item_get_mark (item, step) == LK_STEP_MARK_NOW
                ? facts->fault->retry_at : 0;
  lk_wizard_extra_tick (self, lk_app_context_get_now (context));
  gtk_widget_set_visible (GTK_WIDGET (self), self->end > 0 || lines->len > 0);
  if (same_lines (lines, self->lines))
    {
      g_ptr_array_unref (lines);
      return;
    }
  g_ptr_array_unref (self->lines);
  self->lines = lines;
  lk_wizard_extra_fill (self);
}
