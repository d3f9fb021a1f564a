/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-wizard-step.h"

#include <glib/gi18n.h>

#include "lk-ask-dialog.h"
#include "lk-secret-text.h"
#include "lk-wizard-links.h"
#include "lk-wizard-extra.h"

struct _LkWizardStep
{
  GtkWidget            parent_instance;

  LkAppContext        *context; /* (owned) */
  LkRemedyItem        *item;    /* (owned) (nullable) */
  guint                step;
  char                *shown;   /* (owned) (nullable): id of the step that the texts are of */
  guint                tick_id;
  gint64               asked;   /* when a countdown's end was asked about */

  GtkLabel            *title;
  GtkLabel            *turn;
  GtkBox              *todo;
  GtkBox              *links;
  LkWizardExtra       *extra;
  AdwPreferencesGroup *secret_group;
  AdwPasswordEntryRow *secret;
  GtkLabel            *why;
  GtkBox              *admin;
  GtkLabel            *admin_question;
  GtkButton           *ask;
  GtkStack            *status_stack;
  GtkImage            *status_icon;
  GtkSpinner          *spinner;
  GtkLabel            *status;
  GtkLabel            *problem;
  GtkButton           *later;
  GtkButton           *reconnect;
  GtkButton           *primary;
};

static guint later_signal;

G_DEFINE_FINAL_TYPE (LkWizardStep, lk_wizard_step, GTK_TYPE_WIDGET)

static void
lk_wizard_step_show_problem (LkWizardStep *self, const char *text)
{
  if (self->item == NULL)
    return;
  gtk_label_set_label (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

static void
lk_wizard_step_show_error (LkWizardStep *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  sentence = lk_agent_error_to_sentence (error);
  lk_wizard_step_show_problem (self, sentence);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWizardStep) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_remedy1_call_check_finish (LK_DBUS_REMEDY1 (source), result, &error))
    lk_wizard_step_show_error (self, error);
}

static void
lk_wizard_step_check (LkWizardStep *self)
{
  lk_wizard_step_show_problem (self, NULL);
  lk_dbus_remedy1_call_check (lk_remedy_item_get_proxy (self->item), self->step, NULL, checked_cb,
                              g_object_ref (self));
}

static void
told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWizardStep) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_remedy1_call_tell_finish (LK_DBUS_REMEDY1 (source), result, &error))
    lk_wizard_step_show_error (self, error);
}

static void
used_secret_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWizardStep) self = user_data;
  g_autoptr(GVariant) dict = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkFault) fault = NULL;

  /* What the agent says of the step may have come before this answer. */
  if (self->item != NULL)
    {
      gtk_widget_set_sensitive (GTK_WIDGET (self->secret_group), TRUE);
      lk_wizard_step_refresh (self);
    }
  if (!lk_dbus_remedy1_call_use_secret_finish (LK_DBUS_REMEDY1 (source), &dict, NULL, result,
                                               &error))
    {
      lk_wizard_step_show_error (self, error);
      return;
    }
  if (g_variant_n_children (dict) == 0)
    return;
  fault = lk_fault_from_variant (dict);
  lk_wizard_step_show_problem (self, fault->klass == LK_CLASS_APP_CONFIG
    ? _("The provider does not accept this secret. The old one was kept.")
    : _("The provider could not be asked about this secret. The old one was kept."));
}

static void
lk_wizard_step_use_secret (LkWizardStep *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GUnixFDList) fds
    = lk_secret_text_to_fds (gtk_editable_get_text (GTK_EDITABLE (self->secret)), &error);

  lk_wizard_step_show_problem (self, NULL);
  if (fds == NULL)
    {
      lk_wizard_step_show_error (self, error);
      return;
    }
  gtk_editable_set_text (GTK_EDITABLE (self->secret), "");
  /* A field that has the focus must not go away under it. */
  gtk_widget_grab_focus (GTK_WIDGET (self->later));
  gtk_widget_set_sensitive (GTK_WIDGET (self->secret_group), FALSE);
  lk_dbus_remedy1_call_use_secret (lk_remedy_item_get_proxy (self->item),
                                   g_variant_new_handle (0), fds, NULL, used_secret_cb,
                                   g_object_ref (self));
}

/* The sign-in reports to the remedy by itself; see lk-wizard-page.c. */
static void
lk_wizard_step_sign_in (LkWizardStep *self)
{
  const char *id = lk_dbus_remedy1_get_connection (lk_remedy_item_get_proxy (self->item));
  const LkRemedy *remedy = lk_remedy_item_get_remedy (self->item);
  const char *scope = remedy->values != NULL && g_strcmp0 (remedy->id, "scope") == 0
                        ? g_hash_table_lookup (remedy->values, "scope") : NULL;

  gtk_widget_activate_action (GTK_WIDGET (self), "win.reconnect-with", "(ss)", id,
                              scope != NULL ? scope : "");
}

/* Something to repeat that is not kept is the person's to repeat. */
static gboolean
lk_wizard_step_is_to_tell (LkWizardStep *self, const LkRemedyStep *step)
{
  GVariant *call = lk_dbus_remedy1_get_call (lk_remedy_item_get_proxy (self->item));

  return step->check == LK_CHECK_NONE
         || (step->check == LK_CHECK_CALL && (call == NULL || g_variant_n_children (call) == 0));
}

static void
lk_wizard_step_tell (LkWizardStep *self)
{
  lk_dbus_remedy1_call_tell (lk_remedy_item_get_proxy (self->item), self->step, NULL, told_cb,
                             g_object_ref (self));
}

static void
reconnect_cb (LkWizardStep *self)
{
  if (self->item != NULL)
    lk_wizard_step_sign_in (self);
}

static void
primary_cb (LkWizardStep *self)
{
  const LkRemedyStep *step
    = self->item != NULL ? lk_remedy_item_get_step (self->item, self->step) : NULL;

  if (step == NULL || !gtk_widget_is_sensitive (GTK_WIDGET (self->primary)))
    return;
  if (lk_wizard_step_is_to_tell (self, step))
    {
      lk_wizard_step_tell (self);
      return;
    }
  switch (step->check)
    {
    case LK_CHECK_SIGN_IN:
      lk_wizard_step_sign_in (self);
      break;
    case LK_CHECK_SECRET:
      lk_wizard_step_use_secret (self);
      break;
    case LK_CHECK_NONE:
    case LK_CHECK_PROBES:
    case LK_CHECK_CALL:
    case LK_CHECK_TIME:
    default:
      lk_wizard_step_check (self);
    }
}

static void
later_cb (LkWizardStep *self)
{
  g_signal_emit (self, later_signal, 0);
}

static void
secret_changed_cb (LkWizardStep *self)
{
  if (self->item != NULL)
    lk_wizard_step_refresh (self);
}

static void
ask_cb (LkWizardStep *self)
{
  lk_ask_dialog_present (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->context,
                         self->item);
}

static GtkWidget *
new_todo (guint number, guint n, const char *text)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *label
    = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0f, "wrap", TRUE, "wrap-mode",
                    PANGO_WRAP_WORD_CHAR, "selectable", TRUE, "can-focus", FALSE, "hexpand", TRUE,
                    NULL);

  if (n > 1)
    {
      g_autofree char *mark = g_strdup_printf ("%u.", number);
      GtkWidget *mark_label = g_object_new (GTK_TYPE_LABEL, "label", mark, "valign",
                                            GTK_ALIGN_START, NULL);

      gtk_widget_add_css_class (mark_label, "dim-label");
      gtk_widget_add_css_class (mark_label, "numeric");
      gtk_box_append (GTK_BOX (row), mark_label);
    }
  gtk_box_append (GTK_BOX (row), label);
  return row;
}

static void
remove_children (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

/* What does not change while a step is checked is made once, so that focus and selection stay. */
static void
lk_wizard_step_fill_texts (LkWizardStep *self, const LkRemedyStep *step)
{
  const char *turn = step->check != LK_CHECK_CALL ? lk_remedy_words_get_turn (step->turn) : NULL;
  guint n = g_strv_length (step->todo);

  gtk_label_set_label (self->title, step->title);
  gtk_label_set_label (self->turn, turn != NULL ? turn : "");
  gtk_widget_set_visible (GTK_WIDGET (self->turn), turn != NULL);
  remove_children (self->todo);
  for (guint i = 0; i < n; i++)
    gtk_box_append (self->todo, new_todo (i + 1, n, step->todo[i]));
  gtk_widget_set_visible (GTK_WIDGET (self->todo), n > 0);
  gtk_widget_queue_resize (GTK_WIDGET (self->todo));
  lk_wizard_links_fill (self->links, self->context, self->item, step);
  gtk_label_set_label (self->why, step->why != NULL ? step->why : "");
  gtk_widget_set_visible (GTK_WIDGET (self->why), step->why != NULL);
  gtk_label_set_label (self->admin_question, step->turn == LK_TURN_APP_OWNER
                                               ? _("Not the keeper of the app?")
                                               : _("Not an admin?"));
  gtk_button_set_label (self->ask, step->turn == LK_TURN_APP_OWNER ? _("_Ask the App’s Owner…")
                                                                   : _("_Ask the Admin…"));
}

static void
lk_wizard_step_refresh_status (LkWizardStep *self, LkStepMark mark)
{
  g_autofree char *status = lk_remedy_item_dup_status (self->item, self->step);
  gboolean busy = mark == LK_STEP_MARK_NOW
                  && lk_dbus_remedy1_get_busy (lk_remedy_item_get_proxy (self->item));

  if (g_strcmp0 (gtk_label_get_label (self->status), status) != 0)
    gtk_label_set_label (self->status, status);
  gtk_image_set_from_icon_name (self->status_icon, lk_remedy_words_get_icon (mark));
  gtk_stack_set_visible_child_name (self->status_stack, busy ? "busy" : "icon");
  gtk_spinner_set_spinning (self->spinner, busy);
}

static void
lk_wizard_step_refresh_buttons (LkWizardStep *self, const LkRemedyStep *step, LkStepMark mark)
{
  /* A later step may be done already; whoever looks at it can have it checked. */
  gboolean open = mark == LK_STEP_MARK_NOW || mark == LK_STEP_MARK_LATER;
  gboolean busy = lk_dbus_remedy1_get_busy (lk_remedy_item_get_proxy (self->item))
                  || !gtk_widget_get_sensitive (GTK_WIDGET (self->secret_group));
  gboolean ready = step->check != LK_CHECK_SECRET
                   || *gtk_editable_get_text (GTK_EDITABLE (self->secret)) != '\0';

  gtk_button_set_label (self->primary, step->check == LK_CHECK_CALL
                                         && lk_wizard_step_is_to_tell (self, step)
                                         ? _("It _Works Again")
                                         : lk_remedy_words_get_button (step->check));
  gtk_widget_set_visible (GTK_WIDGET (self->primary), open);
  gtk_widget_set_sensitive (GTK_WIDGET (self->primary), open && !busy && ready);
  gtk_widget_set_visible (GTK_WIDGET (self->secret_group),
                          open && step->check == LK_CHECK_SECRET);
  gtk_widget_set_visible (GTK_WIDGET (self->admin),
                          open && (step->turn == LK_TURN_ADMIN || step->turn == LK_TURN_APP_OWNER));
  /* A sign-in that may help, and is checked by what it brings. */
  gtk_widget_set_visible (GTK_WIDGET (self->reconnect),
                          open && step->check != LK_CHECK_SIGN_IN
                            && g_strcmp0 (step->id, "sign-in") == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->later), open);
}

/* Nobody has to press a button when the time is over. */
static void
lk_wizard_step_ask_when_over (LkWizardStep *self)
{
  const LkFacts *facts = lk_remedy_item_get_facts (self->item);
  gint64 end = facts->fault != NULL ? facts->fault->retry_at : 0;

  if (end == 0 || lk_app_context_get_now (self->context) < end || self->asked == end
      || lk_dbus_remedy1_get_busy (lk_remedy_item_get_proxy (self->item)))
    return;
  self->asked = end;
  lk_wizard_step_check (self);
}

static gboolean
tick_cb (gpointer user_data)
{
  LkWizardStep *self = user_data;

  lk_wizard_extra_tick (self->extra, lk_app_context_get_now (self->context));
  lk_wizard_step_ask_when_over (self);
  return G_SOURCE_CONTINUE;
}

static void
lk_wizard_step_plan_tick (LkWizardStep *self)
{
  const LkRemedyStep *step
    = self->item != NULL ? lk_remedy_item_get_step (self->item, self->step) : NULL;
  gboolean wanted = step != NULL && step->check == LK_CHECK_TIME
                    && lk_remedy_item_get_mark (self->item, self->step) == LK_STEP_MARK_NOW
                    && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (!wanted)
    g_clear_handle_id (&self->tick_id, g_source_remove);
  else if (self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
}

void
lk_wizard_step_refresh (LkWizardStep *self)
{
  const LkRemedyStep *step
    = self->item != NULL ? lk_remedy_item_get_step (self->item, self->step) : NULL;
  LkStepMark mark;

  if (step == NULL)
    return;
  mark = lk_remedy_item_get_mark (self->item, self->step);
  if (g_strcmp0 (self->shown, step->id) != 0)
    {
      lk_wizard_step_fill_texts (self, step);
      g_free (self->shown);
      self->shown = g_strdup (step->id);
      lk_wizard_step_show_problem (self, NULL);
      gtk_editable_set_text (GTK_EDITABLE (self->secret), "");
    }
  lk_wizard_extra_set_step (self->extra, self->context, self->item, self->step);
  lk_wizard_step_refresh_status (self, mark);
  lk_wizard_step_refresh_buttons (self, step, mark);
  lk_wizard_step_plan_tick (self);
}

static void
lk_wizard_step_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lk_wizard_step_parent_class)->map (widget);
  lk_wizard_step_plan_tick (LK_WIZARD_STEP (widget));
}

static void
lk_wizard_step_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lk_wizard_step_parent_class)->unmap (widget);
  lk_wizard_step_plan_tick (LK_WIZARD_STEP (widget));
}

static void
lk_wizard_step_dispose (GObject *object)
{
  LkWizardStep *self = LK_WIZARD_STEP (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_object (&self->item);
  g_clear_pointer (&self->shown, g_free);
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_wizard_step_parent_class)->dispose (object);
}

static void
lk_wizard_step_class_init (LkWizardStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_wizard_step_dispose;
  widget_class->map = lk_wizard_step_map;
  widget_class->unmap = lk_wizard_step_unmap;
  g_type_ensure (LK_TYPE_WIZARD_EXTRA);
  later_signal = g_signal_new ("later", LK_TYPE_WIZARD_STEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-wizard-step.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, title);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, turn);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, todo);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, links);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, extra);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, secret_group);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, secret);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, why);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, admin);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, admin_question);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, ask);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, status_stack);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, status_icon);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, spinner);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, status);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, problem);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, later);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, reconnect);
  gtk_widget_class_bind_template_child (widget_class, LkWizardStep, primary);
  gtk_widget_class_bind_template_callback (widget_class, primary_cb);
  gtk_widget_class_bind_template_callback (widget_class, reconnect_cb);
  gtk_widget_class_bind_template_callback (widget_class, later_cb);
  gtk_widget_class_bind_template_callback (widget_class, ask_cb);
  gtk_widget_class_bind_template_callback (widget_class, secret_changed_cb);
}

static void
lk_wizard_step_init (LkWizardStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lk_wizard_step_set_context (LkWizardStep *self, LkAppContext *context)
{
  g_set_object (&self->context, context);
}

void
lk_wizard_step_set_step (LkWizardStep *self, LkRemedyItem *item, guint step)
{
  if (self->item != item)
    {
      g_clear_pointer (&self->shown, g_free);
      self->asked = 0;
    }
  g_set_object (&self->item, item);
  self->step = step;
  lk_wizard_step_refresh (self);
  lk_wizard_step_plan_tick (self);
}

/* The button that goes on, or the field that it needs. */
void
lk_wizard_step_grab_first (LkWizardStep *self)
{
  GtkWidget *first = gtk_widget_get_visible (GTK_WIDGET (self->secret_group))
                       ? GTK_WIDGET (self->secret) : GTK_WIDGET (self->primary);

  gtk_widget_grab_focus (first);
}
