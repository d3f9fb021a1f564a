/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-ask-dialog.h"

#include <glib/gi18n.h>

#include "lk-help-window.h"

struct _LkAskDialog
{
  AdwWindow      parent_instance;

  LkDBusRemedy1 *remedy; /* (owned) */

  GtkEntry      *subject;
  GtkTextView   *message;
  GtkButton     *copy;
  GtkButton     *mail;
  GtkLabel      *told;
  GtkButton     *watch;
};

G_DEFINE_FINAL_TYPE (LkAskDialog, lk_ask_dialog, ADW_TYPE_WINDOW)

static char *
lk_ask_dialog_dup_message (LkAskDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->message);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
lk_ask_dialog_tell (LkAskDialog *self, const char *text)
{
  if (self->told == NULL)
    return;
  gtk_label_set_label (self->told, text);
  gtk_widget_set_visible (GTK_WIDGET (self->told), TRUE);
}

static void
copy_cb (LkAskDialog *self)
{
  g_autofree char *message = lk_ask_dialog_dup_message (self);
  const char *subject = gtk_editable_get_text (GTK_EDITABLE (self->subject));
  g_autofree char *text = g_strdup_printf ("%s\n\n%s", subject, message);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  lk_ask_dialog_tell (self, _("Copied. Paste it wherever you talk to them."));
}

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAskDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    return;
  lk_ask_dialog_tell (self, _("No e-mail program could be opened. Copy the message instead."));
}

static void
mail_cb (LkAskDialog *self)
{
  g_autofree char *message = lk_ask_dialog_dup_message (self);
  g_autofree char *subject
    = g_uri_escape_string (gtk_editable_get_text (GTK_EDITABLE (self->subject)), NULL, FALSE);
  g_autofree char *body = NULL;
  g_autofree char *address = NULL;
  g_auto(GStrv) lines = g_strsplit (message, "\n", -1);
  g_autofree char *joined = g_strjoinv ("\r\n", lines);

  body = g_uri_escape_string (joined, NULL, FALSE);
  address = g_strdup_printf ("mailto:?subject=%s&body=%s", subject, body);
  gtk_show_uri_full (GTK_WINDOW (self), address, GDK_CURRENT_TIME, NULL, shown_cb,
                     g_object_ref (self));
}

static void
watched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAskDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (lk_dbus_remedy1_call_watch_finish (LK_DBUS_REMEDY1 (source), result, &error))
    {
      lk_ask_dialog_tell (self, _("Latchkey watches. You may close its window; a notification "
                                  "tells you when the permission is there."));
      return;
    }
  sentence = lk_agent_error_to_sentence (error);
  lk_ask_dialog_tell (self, sentence);
}

static void
watch_cb (LkAskDialog *self)
{
  lk_dbus_remedy1_call_watch (self->remedy, TRUE, NULL, watched_cb, g_object_ref (self));
}

static void
lk_ask_dialog_dispose (GObject *object)
{
  LkAskDialog *self = LK_ASK_DIALOG (object);

  self->told = NULL;
  g_clear_object (&self->remedy);
  G_OBJECT_CLASS (lk_ask_dialog_parent_class)->dispose (object);
}

static void
lk_ask_dialog_class_init (LkAskDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_ask_dialog_dispose;
  lk_help_window_bind (widget_class, "ask");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-ask-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LkAskDialog, subject);
  gtk_widget_class_bind_template_child (widget_class, LkAskDialog, message);
  gtk_widget_class_bind_template_child (widget_class, LkAskDialog, copy);
  gtk_widget_class_bind_template_child (widget_class, LkAskDialog, mail);
  gtk_widget_class_bind_template_child (widget_class, LkAskDialog, told);
  gtk_widget_class_bind_template_child (widget_class, LkAskDialog, watch);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, mail_cb);
  gtk_widget_class_bind_template_callback (widget_class, watch_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lk_ask_dialog_init (LkAskDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static gboolean
is_watchable (LkRemedyItem *item)
{
  for (guint i = lk_remedy_item_get_current (item); i < lk_remedy_item_get_n_steps (item); i++)
    if (lk_remedy_item_get_step (item, i)->watchable)
      return TRUE;
  return FALSE;
}

void
lk_ask_dialog_present (GtkWindow *parent, LkAppContext *context, LkRemedyItem *item)
{
  LkAskDialog *self = g_object_new (LK_TYPE_ASK_DIALOG, "transient-for", parent, NULL);
  g_autofree char *subject = NULL;
  g_autofree char *message
    = lk_remedy_dup_request (lk_app_context_get_diagnosis (context),
                             lk_remedy_item_get_remedy (item), lk_remedy_item_get_facts (item),
                             &subject);

  self->remedy = g_object_ref (lk_remedy_item_get_proxy (item));
  gtk_editable_set_text (GTK_EDITABLE (self->subject), subject != NULL ? subject : "");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->message), message, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->watch), is_watchable (item));
  gtk_window_present (GTK_WINDOW (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->copy));
}
