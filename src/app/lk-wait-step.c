/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-wait-step.h"

#include <glib/gi18n.h>

#include "lk-copy-button.h"
#include "lk-secret-text.h"

/* Long enough to sign in with a password; then the page may have said something. */
#define PAGE_QUESTION_SECONDS 45

struct _LkWaitStep
{
  GtkWidget            parent_instance;

  LkDBusSignIn1       *sign_in; /* (owned) (nullable) */
  guint                question_id;

  GtkSpinner          *spinner;
  GtkLabel            *title;
  GtkLabel            *text;
  AdwPreferencesGroup *browser_group;
  LkCopyButton        *copy_address;
  AdwEntryRow         *paste;
  AdwPreferencesGroup *problem_group;
  GtkLabel            *problem;
  AdwPreferencesGroup *page_group;
  GtkFlowBox          *words;
  GtkButton           *cancel;
};

G_DEFINE_FINAL_TYPE (LkWaitStep, lk_wait_step, GTK_TYPE_WIDGET)

static guint
question_seconds (void)
{
#ifdef LK_TEST_HOOKS
  const char *text = g_getenv ("LATCHKEY_TEST_PAGE_QUESTION");

  if (text != NULL)
    return (guint) g_ascii_strtoull (text, NULL, 10);
#endif
  return PAGE_QUESTION_SECONDS;
}

static void
lk_wait_step_show_problem (LkWaitStep *self, const char *text)
{
  gtk_label_set_label (self->problem, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_group), text != NULL);
}

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWaitStep) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error) && self->problem != NULL)
    lk_wait_step_show_problem (self, _("Your browser could not be opened. Copy the address above "
                                       "and open it in a browser yourself."));
}

static void
open_cb (LkWaitStep *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  const char *address = self->sign_in != NULL
                          ? lk_dbus_sign_in1_get_authorize_uri (self->sign_in) : NULL;

  if (address == NULL || !GTK_IS_WINDOW (root))
    return;
  gtk_show_uri_full (GTK_WINDOW (root), address, GDK_CURRENT_TIME, NULL, shown_cb,
                     g_object_ref (self));
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWaitStep) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (lk_dbus_sign_in1_call_paste_finish (LK_DBUS_SIGN_IN1 (source), NULL, result, &error)
      || self->problem == NULL)
    return;
  if (g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT))
    sentence = g_strdup (_("This is not the address that belongs to this sign-in. Copy all of it "
                           "from the browser’s address bar, after you allowed access."));
  else
    sentence = lk_agent_error_to_sentence (error);
  lk_wait_step_show_problem (self, sentence);
}

/* The address carries a code, so it goes through a pipe and leaves the field. */
static void
paste_cb (LkWaitStep *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GUnixFDList) fds = NULL;

  if (self->sign_in == NULL)
    return;
  lk_wait_step_show_problem (self, NULL);
  fds = lk_secret_text_to_fds (gtk_editable_get_text (GTK_EDITABLE (self->paste)), &error);
  gtk_editable_set_text (GTK_EDITABLE (self->paste), "");
  if (fds == NULL)
    {
      g_autofree char *sentence = lk_agent_error_to_sentence (error);

      lk_wait_step_show_problem (self, sentence);
      return;
    }
  lk_dbus_sign_in1_call_paste (self->sign_in, g_variant_new_handle (0), fds, NULL, pasted_cb,
                               g_object_ref (self));
}

static void
cancel_cb (LkWaitStep *self)
{
  if (self->sign_in != NULL)
    lk_dbus_sign_in1_call_cancel (self->sign_in, NULL, NULL, NULL);
}

static void
word_cb (LkWaitStep *self, GtkButton *button)
{
  if (self->sign_in != NULL)
    lk_dbus_sign_in1_call_report_page (self->sign_in, gtk_widget_get_name (GTK_WIDGET (button)),
                                       NULL, NULL, NULL);
}

static gboolean
question_cb (gpointer user_data)
{
  LkWaitStep *self = user_data;

  self->question_id = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->page_group), TRUE);
  return G_SOURCE_REMOVE;
}

static void
lk_wait_step_refresh (LkWaitStep *self)
{
  const char *state = lk_dbus_sign_in1_get_state (self->sign_in);
  gboolean waiting = g_strcmp0 (state, "waiting") == 0;
  gboolean listening = lk_dbus_sign_in1_get_listening (self->sign_in);

  gtk_widget_set_visible (GTK_WIDGET (self->browser_group), waiting);
  if (!waiting)
    {
      g_clear_handle_id (&self->question_id, g_source_remove);
      gtk_widget_set_visible (GTK_WIDGET (self->page_group), FALSE);
    }
  if (g_strcmp0 (state, "exchanging") == 0)
    gtk_label_set_label (self->title, _("Fetching the Tokens…"));
  else if (g_strcmp0 (state, "verifying") == 0)
    gtk_label_set_label (self->title, _("Checking What It Reaches…"));
  else
    gtk_label_set_label (self->title, _("Sign In in the Browser"));
  gtk_widget_set_visible (GTK_WIDGET (self->text), waiting);
  gtk_label_set_label (self->text,
                       listening ? _("Allow access there. Latchkey notices by itself when you "
                                     "are done.")
                                 : _("Allow access there. Then copy the address that the browser "
                                     "ended at, and paste it here."));
}

static void
lk_wait_step_add_words (LkWaitStep *self)
{
  /* The words of TikTok's page, and last what a person says when none of them stood there. */
  static const char * const words[] = { "redirect_uri", "client_key", "code_challenge", "scope",
                                        "non_sandbox_target", "other" };

  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gboolean other = g_strcmp0 (words[i], "other") == 0;
      GtkWidget *button = gtk_button_new_with_label (other ? _("Something Else") : words[i]);

      gtk_widget_set_name (button, words[i]);
      g_signal_connect_object (button, "clicked", G_CALLBACK (word_cb), self, G_CONNECT_SWAPPED);
      gtk_flow_box_insert (self->words, button, -1);
    }
}

static void
lk_wait_step_dispose (GObject *object)
{
  LkWaitStep *self = LK_WAIT_STEP (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_handle_id (&self->question_id, g_source_remove);
  self->problem = NULL;
  g_clear_pointer (&child, gtk_widget_unparent);
  g_clear_object (&self->sign_in);
  G_OBJECT_CLASS (lk_wait_step_parent_class)->dispose (object);
}

static void
lk_wait_step_class_init (LkWaitStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_wait_step_dispose;
  g_type_ensure (LK_TYPE_COPY_BUTTON);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-wait-step.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_bind_template_child (widget_class, LkWaitStep, spinner);
  gtk_widget_class_bind_template_child (widget_class, LkWaitStep, title);
  gtk_widget_class_bind_template_child (widget_class, LkWaitStep, text);
  gtk_widget_class_bind_template_child (widget_class, LkWaitStep, browser_group);
  gtk_widget_class_bind_template_child (widget_class, LkWaitStep, copy_address);
  gtk_widget_class_bind_template_child (widget_class, LkWaitStep, paste);
  gtk_widget_class_bind_template_child (widget_class, LkWaitStep, problem_group);
  gtk_widget_class_bind_template_child (widget_class, LkWaitStep, problem);
  gtk_widget_class_bind_template_child (widget_class, LkWaitStep, page_group);
  gtk_widget_class_bind_template_child (widget_class, LkWaitStep, words);
  gtk_widget_class_bind_template_child (widget_class, LkWaitStep, cancel);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_bind_template_callback (widget_class, paste_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
}

static void
lk_wait_step_init (LkWaitStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_wait_step_add_words (self);
}

void
lk_wait_step_set_sign_in (LkWaitStep *self, LkDBusSignIn1 *sign_in)
{
  g_clear_handle_id (&self->question_id, g_source_remove);
  if (self->sign_in != NULL)
    g_signal_handlers_disconnect_by_func (self->sign_in, lk_wait_step_refresh, self);
  g_set_object (&self->sign_in, sign_in);
  gtk_spinner_set_spinning (self->spinner, sign_in != NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->paste), "");
  gtk_widget_set_visible (GTK_WIDGET (self->page_group), FALSE);
  lk_wait_step_show_problem (self, NULL);
  if (sign_in == NULL)
    return;
  lk_copy_button_set_text (self->copy_address, lk_dbus_sign_in1_get_authorize_uri (sign_in));
  g_signal_connect_object (sign_in, "notify", G_CALLBACK (lk_wait_step_refresh), self,
                           G_CONNECT_SWAPPED);
  self->question_id = g_timeout_add_seconds (question_seconds (), question_cb, self);
  lk_wait_step_refresh (self);
  open_cb (self);
}
