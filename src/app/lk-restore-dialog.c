/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-restore-dialog.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "lk-backup-call.h"
#include "lk-backup-file.h"
#include "lk-help-window.h"
#include "lk-help-window.h"
#include "lk-restore-words.h"

struct _LkRestoreDialog
{
  AdwWindow             parent_instance;

  LkAppContext         *context;  /* (owned) */
  char                 *path;     /* (owned) */
  char                 *secret;   /* (owned) (nullable): the passphrase that fits; wiped */
  char                 *cookie;   /* (owned) (nullable) */
  GPtrArray            *rows;     /* (owned): of the preview */
  gboolean              restoring;

  GtkStack             *stack;
  AdwPreferencesGroup  *question;
  GtkEditable          *passphrase;
  GtkLabel             *told;
  GtkButton            *cancel;
  GtkButton            *next;
  GtkLabel             *working;
  GtkProgressBar       *progress;
  AdwPreferencesGroup  *use_group;
  GtkSwitch            *use;
  AdwPreferencesGroup  *list;
  GtkLabel             *rest;
  AdwStatusPage        *done;
};

G_DEFINE_FINAL_TYPE (LkRestoreDialog, lk_restore_dialog, ADW_TYPE_WINDOW)

static gboolean
is_showing (LkRestoreDialog *self, const char *page)
{
  return g_str_equal (gtk_stack_get_visible_child_name (self->stack), page);
}

static void
changed_cb (LkRestoreDialog *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->next),
                            *gtk_editable_get_text (self->passphrase) != '\0');
}

/* What came of it. */

static void
lk_restore_dialog_fail (LkRestoreDialog *self, const GError *error)
{
  g_autofree char *sentence = lk_agent_error_to_sentence (error);

  gtk_label_set_label (self->told, sentence);
  gtk_widget_add_css_class (GTK_WIDGET (self->told), "error");
  gtk_button_set_label (self->next, _("_Open"));
  gtk_widget_set_visible (GTK_WIDGET (self->next), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "ask");
  gtk_widget_grab_focus (GTK_WIDGET (self->passphrase));
}

static void
add_row (LkRestoreDialog *self, GVariant *connection)
{
  GtkWidget *row = adw_action_row_new ();
  const char *name = "";
  g_autofree char *outcome = lk_restore_words_dup_outcome (connection);

  g_variant_lookup (connection, "name", "&s", &name);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), outcome);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
  adw_preferences_group_add (self->list, row);
  g_ptr_array_add (self->rows, row);
}

static void
show_preview (LkRestoreDialog *self, GVariant *told, GVariant *connections)
{
  g_autofree char *origin
    = lk_restore_words_dup_origin (told, lk_app_context_get_now (self->context));
  g_autofree char *escaped = g_markup_escape_text (origin, -1);
  g_autofree char *rest = lk_restore_words_dup_rest (told, g_variant_n_children (connections));
  gboolean use = gtk_switch_get_active (self->use);

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->list, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (gsize i = 0; i < g_variant_n_children (connections); i++)
    {
      g_autoptr(GVariant) connection = g_variant_get_child_value (connections, i);

      add_row (self, connection);
    }
  adw_preferences_group_set_description (self->list, escaped);
  gtk_widget_set_visible (GTK_WIDGET (self->use_group),
                          use || lk_restore_words_get (told, "held") > 0);
  gtk_label_set_label (self->rest, rest);
  gtk_button_set_label (self->next, _("_Restore"));
  gtk_widget_set_visible (GTK_WIDGET (self->next), TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->next),
                            lk_restore_words_get (told, "add") > 0
                              || lk_restore_words_get (told, "replace") > 0
                              || lk_restore_words_get (told, "clients") > 0);
  gtk_stack_set_visible_child_name (self->stack, "preview");
}

static void
show_done (LkRestoreDialog *self, GVariant *told)
{
  g_autofree char *text = lk_restore_words_dup_done (told);

  adw_status_page_set_icon_name (self->done, "emblem-ok-symbolic");
  adw_status_page_set_title (self->done, _("Restored"));
  adw_status_page_set_description (self->done, text);
  gtk_button_set_label (self->cancel, _("_Close"));
  gtk_widget_set_visible (GTK_WIDGET (self->next), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "done");
  gtk_widget_grab_focus (GTK_WIDGET (self->cancel));
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkRestoreDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = lk_backup_call_finish (LK_DBUS_AGENT1 (source), result, &error);
  gboolean restored = self->restoring;

  self->restoring = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), TRUE);
  if (reply == NULL)
    lk_restore_dialog_fail (self, error);
  else
    {
      g_autoptr(GVariant) told = g_variant_get_child_value (reply, 0);
      g_autoptr(GVariant) connections = g_variant_get_child_value (reply, 1);

      if (restored)
        show_done (self, told);
      else
        show_preview (self, told, connections);
    }
}

/* Asking the agent. */

static void
progress_cb (LkRestoreDialog *self, const char *cookie, guint done, guint total)
{
  if (g_strcmp0 (cookie, self->cookie) == 0 && total > 0)
    gtk_progress_bar_set_fraction (self->progress, (double) done / total);
}

static void
lk_restore_dialog_call (LkRestoreDialog *self, gboolean restore)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  int fd = g_open (self->path, O_RDONLY | O_CLOEXEC, 0);

  if (agent == NULL || fd < 0)
    {
      if (fd >= 0)
        g_close (fd, NULL);
      gtk_label_set_label (self->told, fd < 0
                                         ? _("The file cannot be read.")
                                         : _("Latchkey’s agent is not there. Try again in a "
                                             "moment."));
      gtk_stack_set_visible_child_name (self->stack, "ask");
      return;
    }
  self->restoring = restore;
  gtk_widget_set_visible (GTK_WIDGET (self->next), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), !restore);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), restore);
  gtk_label_set_label (self->working, restore ? _("Restoring…") : _("Opening the file…"));
  gtk_stack_set_visible_child_name (self->stack, "work");
  g_variant_dict_insert (&dict, "use", "b", gtk_switch_get_active (self->use));
  g_variant_dict_insert (&dict, "cookie", "s", self->cookie);
  lk_backup_call_async (agent, restore ? "RestoreBackup" : "ReadBackup", fd, self->secret,
                        g_variant_dict_end (&dict), NULL, answered_cb, g_object_ref (self));
  g_close (fd, NULL);
}

static void
next_cb (LkRestoreDialog *self)
{
  const char *typed = gtk_editable_get_text (self->passphrase);

  if (is_showing (self, "preview"))
    {
      lk_restore_dialog_call (self, TRUE);
      return;
    }
  if (!is_showing (self, "ask") || *typed == '\0')
    return;
  g_clear_pointer (&self->secret, lk_wipe_string);
  self->secret = g_strdup (typed);
  lk_restore_dialog_call (self, FALSE);
}

static void
use_cb (LkRestoreDialog *self)
{
  if (is_showing (self, "preview"))
    lk_restore_dialog_call (self, FALSE);
}

/* It is being restored; its end is told. */
static gboolean
lk_restore_dialog_close_request (GtkWindow *window)
{
  LkRestoreDialog *self = LK_RESTORE_DIALOG (window);

  return self->restoring
         || GTK_WINDOW_CLASS (lk_restore_dialog_parent_class)->close_request (window);
}

static void
lk_restore_dialog_dispose (GObject *object)
{
  LkRestoreDialog *self = LK_RESTORE_DIALOG (object);

  g_clear_pointer (&self->secret, lk_wipe_string);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_restore_dialog_parent_class)->dispose (object);
}

static void
lk_restore_dialog_finalize (GObject *object)
{
  LkRestoreDialog *self = LK_RESTORE_DIALOG (object);

  g_ptr_array_unref (self->rows);
  g_free (self->path);
  g_free (self->cookie);
  G_OBJECT_CLASS (lk_restore_dialog_parent_class)->finalize (object);
}

static void
lk_restore_dialog_class_init (LkRestoreDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_restore_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_restore_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = lk_restore_dialog_close_request;
  lk_help_window_bind (widget_class, "restore-backup");
  lk_help_window_bind (widget_class, "restore-backup");
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/latchkey_app/Latchkey/lk-restore-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, question);
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, passphrase);
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, told);
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, cancel);
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, next);
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, working);
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, use_group);
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, use);
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, list);
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, rest);
  gtk_widget_class_bind_template_child (widget_class, LkRestoreDialog, done);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lk_restore_dialog_init (LkRestoreDialog *self)
{
  self->rows = g_ptr_array_new ();
  self->cookie = g_uuid_string_random ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
lk_restore_dialog_present (GtkWindow *parent, LkAppContext *context, const char *path)
{
  LkRestoreDialog *self = g_object_new (LK_TYPE_RESTORE_DIALOG, "transient-for", parent, NULL);
  LkDBusAgent1 *agent = lk_app_context_get_agent (context);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *escaped = g_markup_escape_text (name, -1);

  self->context = g_object_ref (context);
  self->path = g_strdup (path);
  adw_preferences_group_set_title (self->question, _("Encrypted File"));
  adw_preferences_group_set_description (self->question, escaped);
  if (agent != NULL)
    g_signal_connect_object (agent, "backup-progress", G_CALLBACK (progress_cb), self,
                             G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->passphrase));
}

/* Choosing the file. */

static void
chosen_cb (GtkNativeDialog *chooser, int response, LkAppContext *context)
{
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = NULL;
  GtkWindow *parent = gtk_native_dialog_get_transient_for (chooser);

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL)
    lk_restore_dialog_present (parent, context, path);
  g_object_unref (chooser);
}

void
lk_restore_dialog_choose (GtkWindow *parent, LkAppContext *context)
{
  GtkFileChooserNative *chooser
    = gtk_file_chooser_native_new (_("Restore"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_autoptr(GtkFileFilter) backups = gtk_file_filter_new ();
  g_autoptr(GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (backups, _("Latchkey Backups"));
  gtk_file_filter_add_pattern (backups, "*" LK_BACKUP_SUFFIX);
  gtk_file_filter_set_name (all, _("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), backups);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), all);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), context, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
