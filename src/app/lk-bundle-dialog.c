/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-bundle-dialog.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>

#include "lk-bundle.h"
#include "lk-help-window.h"

struct _LkBundleDialog
{
  AdwWindow             parent_instance;

  LkAppContext         *context;     /* (owned) */
  GCancellable         *cancellable; /* (owned) */
  char                 *bundle;      /* (owned) */
  guint                 low, high;   /* lines between which the agent's secret stands */
  GtkFileChooserNative *chooser;     /* (owned) (nullable) */

  GtkTextView          *text;
  GtkLabel             *told;
  GtkButton            *copy;
  GtkButton            *save;
};

G_DEFINE_FINAL_TYPE (LkBundleDialog, lk_bundle_dialog, ADW_TYPE_WINDOW)

static void lk_bundle_dialog_ask_agent (LkBundleDialog *self, guint lines);

static void
lk_bundle_dialog_tell (LkBundleDialog *self, const char *text, gboolean refused)
{
  gtk_label_set_label (self->told, text);
  if (refused)
    gtk_widget_add_css_class (GTK_WIDGET (self->told), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->told), "error");
}

static void
lk_bundle_dialog_refuse (LkBundleDialog *self, guint line)
{
  g_autofree char *text
    /* Translators: %u is the number of a line. */
    = g_strdup_printf (_("Line %u looks like a token or a secret, so this can’t be copied or "
                         "saved."), line);

  lk_bundle_dialog_tell (self, text, TRUE);
}

static void
lk_bundle_dialog_allow (LkBundleDialog *self)
{
  lk_bundle_dialog_tell (self, _("Latchkey looked for tokens and secrets and found none."), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->copy), TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->save));
}

/* The first @lines lines. */
static GBytes *
dup_head (const char *text, guint lines)
{
  const char *end = text;

  for (guint i = 0; i < lines && *end != '\0'; i++)
    {
      const char *newline = strchr (end, '\n');

      end = newline != NULL ? newline + 1 : end + strlen (end);
    }
  return g_bytes_new (text, (size_t) (end - text));
}

static guint
count_lines (const char *text)
{
  guint n = 1;

  for (const char *c = text; *c != '\0'; c++)
    n += *c == '\n';
  return n;
}

/* The agent says only whether; halving finds the line. */
static void
lk_bundle_dialog_narrow (LkBundleDialog *self, guint asked, gboolean found)
{
  if (found)
    self->high = asked;
  else
    self->low = asked;
  if (self->high - self->low <= 1)
    lk_bundle_dialog_refuse (self, self->high);
  else
    lk_bundle_dialog_ask_agent (self, self->low + (self->high - self->low) / 2);
}

typedef struct
{
  LkBundleDialog *dialog; /* (owned) */
  guint           lines;
} Asked;

static void
asked_free (Asked *asked)
{
  g_object_unref (asked->dialog);
  g_free (asked);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Asked) asked = user_data;
  LkBundleDialog *self = asked->dialog;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL, *text = NULL;
  gboolean found = FALSE;

  if (!lk_dbus_agent1_call_find_secrets_finish (LK_DBUS_AGENT1 (source), &found, NULL, result,
                                                &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      sentence = lk_agent_error_to_sentence (error);
      /* Translators: %s is a sentence that says why. */
      text = g_strdup_printf (_("Latchkey could not look for secrets in this. %s"), sentence);
      lk_bundle_dialog_tell (self, text, TRUE);
      return;
    }
  if (!found && self->high == 0)
    {
      lk_bundle_dialog_allow (self);
      return;
    }
  lk_bundle_dialog_narrow (self, asked->lines, found);
}

static void
lk_bundle_dialog_ask_agent (LkBundleDialog *self, guint lines)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);
  g_autoptr(GBytes) head = dup_head (self->bundle, lines);
  g_autoptr(GUnixFDList) fds = NULL;
  g_autoptr(GError) error = NULL;
  Asked *asked;
  int fd = agent != NULL ? lk_bytes_to_fd (head, &error) : -1;

  if (fd < 0)
    {
      lk_bundle_dialog_tell (self, _("Latchkey’s agent is needed to look for secrets in this, and "
                                     "it is not there."), TRUE);
      return;
    }
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  asked = g_new0 (Asked, 1);
  asked->dialog = g_object_ref (self);
  asked->lines = lines;
  lk_dbus_agent1_call_find_secrets (agent, g_variant_new_handle (0), fds, self->cancellable,
                                    found_cb, asked);
}

static void
lk_bundle_dialog_look (LkBundleDialog *self)
{
  guint line = 0;

  if (lk_bundle_find_secret (self->bundle, &line))
    {
      lk_bundle_dialog_refuse (self, line);
      return;
    }
  lk_bundle_dialog_tell (self, _("Looking for tokens and secrets…"), FALSE);
  lk_bundle_dialog_ask_agent (self, count_lines (self->bundle));
}

static void
copy_cb (LkBundleDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->bundle);
  lk_bundle_dialog_tell (self, _("Copied."), FALSE);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkBundleDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL, *text = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    {
      name = g_file_get_basename (G_FILE (source));
      /* Translators: %s is a file name. */
      text = g_strdup_printf (_("Saved as %s."), name);
      lk_bundle_dialog_tell (self, text, FALSE);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      /* Translators: %s says why. */
      text = g_strdup_printf (_("It could not be saved: %s"), error->message);
      lk_bundle_dialog_tell (self, text, TRUE);
    }
}

static void
chosen_cb (LkBundleDialog *self, int response)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  if (file == NULL)
    return;
  bytes = g_bytes_new (self->bundle, strlen (self->bundle));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE,
                                       self->cancellable, saved_cb, g_object_ref (self));
}

static void
save_cb (LkBundleDialog *self)
{
  g_autoptr(GDateTime) now
    = g_date_time_new_from_unix_local (lk_app_context_get_now (self->context));
  g_autofree char *name = g_date_time_format (now, "latchkey-support-%Y-%m-%d-%H%M.json");

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Save Support Bundle"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
lk_bundle_dialog_dispose (GObject *object)
{
  LkBundleDialog *self = LK_BUNDLE_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->bundle, g_free);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_bundle_dialog_parent_class)->dispose (object);
}

static void
lk_bundle_dialog_class_init (LkBundleDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_bundle_dialog_dispose;
  lk_help_window_bind (widget_class, "bundle");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-bundle-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LkBundleDialog, text);
  gtk_widget_class_bind_template_child (widget_class, LkBundleDialog, told);
  gtk_widget_class_bind_template_child (widget_class, LkBundleDialog, copy);
  gtk_widget_class_bind_template_child (widget_class, LkBundleDialog, save);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lk_bundle_dialog_init (LkBundleDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static char **
dup_versions (LkAppContext *context)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (context);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *gtk = g_strdup_printf ("gtk %u.%u.%u", gtk_get_major_version (),
                                          gtk_get_minor_version (), gtk_get_micro_version ());
  g_autofree char *adwaita = g_strdup_printf ("libadwaita %u.%u.%u", adw_get_major_version (),
                                              adw_get_minor_version (),
                                              adw_get_micro_version ());
  g_autofree char *glib = g_strdup_printf ("glib %u.%u.%u", glib_major_version,
                                           glib_minor_version, glib_micro_version);
  g_autofree char *own = g_strconcat ("latchkey ", LK_VERSION, NULL);
  g_autofree char *service
    = g_strconcat ("latchkey-agent ", agent != NULL ? lk_dbus_agent1_get_version (agent) : "",
                   NULL);

  g_strv_builder_add_many (builder, own, service, glib, gtk, adwaita, NULL);
  return g_strv_builder_end (builder);
}

void
lk_bundle_dialog_present (GtkWindow *parent, LkAppContext *context, LkExamination *examination)
{
  LkBundleDialog *self = g_object_new (LK_TYPE_BUNDLE_DIALOG, "transient-for", parent, NULL);
  g_auto(GStrv) versions = dup_versions (context);

  self->context = g_object_ref (context);
  self->bundle = lk_bundle_new (lk_examination_get_facts (examination),
                                lk_examination_get_findings (examination),
                                (const char * const *) versions);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), self->bundle, -1);
  gtk_window_present (GTK_WINDOW (self));
  lk_bundle_dialog_look (self);
}
