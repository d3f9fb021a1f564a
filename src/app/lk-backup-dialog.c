/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-backup-dialog.h"

#include <glib/gi18n.h>

#include "lk-backup-call.h"
#include "lk-backup-file.h"
#include "lk-help-window.h"
#include "lk-help-window.h"

struct _LkBackupDialog
{
  AdwWindow             parent_instance;

  LkAppContext         *context;     /* (owned) */
  LkDBusConnection1    *connection;  /* (owned) (nullable) */
  GtkFileChooserNative *chooser;     /* (owned) (nullable) */
  LkBackupFile         *file;        /* (owned) (nullable) */
  char                 *path;        /* (owned) (nullable) */
  char                 *cookie;      /* (owned) (nullable) */

  GtkStack             *stack;
  AdwPreferencesGroup  *what;
  GtkCheckButton       *copy;
  GtkCheckButton       *move;
  GtkEditable          *first;
  GtkEditable          *second;
  GtkLabel             *hint;
  GtkButton            *cancel;
  GtkButton            *save;
  GtkLabel             *working;
  GtkProgressBar       *progress;
  AdwStatusPage        *done;
};

G_DEFINE_FINAL_TYPE (LkBackupDialog, lk_backup_dialog, ADW_TYPE_WINDOW)

static gboolean
moves (LkBackupDialog *self)
{
  return gtk_check_button_get_active (self->move);
}

/* What is still missing, or how good the passphrase is. */
static const char *
get_hint (const char *first, const char *second, guint strength)
{
  if (*first == '\0')
    return _("Four or five words that do not belong together are good and easy to remember.");
  if (strength == 0)
    return _("Too short. Use at least 8 characters, better four or five words.");
  if (*second != '\0' && strcmp (first, second) != 0)
    return _("The two are not the same yet.");
  switch (strength)
    {
    case 1:
      return _("A patient attacker could guess this. Another word or two would help.");
    case 2:
      return _("Good enough for a file that stays in safe hands.");
    default:
      return _("Strong.");
    }
}

static void
changed_cb (LkBackupDialog *self)
{
  const char *first = gtk_editable_get_text (self->first);
  const char *second = gtk_editable_get_text (self->second);
  guint strength = lk_passphrase_strength (first);

  gtk_label_set_label (self->hint, get_hint (first, second, strength));
  gtk_widget_set_sensitive (GTK_WIDGET (self->save),
                            strength > 0 && strcmp (first, second) == 0);
}

/* The end. */

static void
show_result (LkBackupDialog *self, const char *icon, const char *title, const char *text)
{
  adw_status_page_set_icon_name (self->done, icon);
  adw_status_page_set_title (self->done, title);
  adw_status_page_set_description (self->done, text);
  gtk_button_set_label (self->cancel, _("_Close"));
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "done");
  gtk_widget_grab_focus (GTK_WIDGET (self->cancel));
}

static char *
dup_left_out (GVariant *told)
{
  g_autofree const char **names = NULL;
  g_autofree char *list = NULL;
  g_autofree char *escaped = NULL;

  if (!g_variant_lookup (told, "left-out", "^a&s", &names) || names[0] == NULL)
    return g_strdup ("");
  list = g_strjoinv (", ", (char **) names);
  escaped = g_markup_escape_text (list, -1);
  /* Translators: %s are names of connections. */
  return g_strdup_printf (_("\n\nNot in it, because they are moved away or on hold here: %s"),
                          escaped);
}

static void
show_written (LkBackupDialog *self, GVariant *told)
{
  g_autofree char *left_out = dup_left_out (told);
  g_autofree char *name = g_path_get_basename (self->path);
  g_autofree char *escaped = g_markup_escape_text (name, -1);
  g_autofree char *text = NULL;
  guint32 n = 0;

  g_variant_lookup (told, "connections", "u", &n);
  if (moves (self))
    {
      text = g_strdup_printf (
        /* Translators: a number, then the name of a file. */
        ngettext ("%u connection is in %s and is no longer renewed here. Open the file on one "
                  "other computer only, with Restore in the main menu. Until somebody did, you can "
                  "take it back here.%s",
                  "%u connections are in %s and are no longer renewed here. Open the file on one "
                  "other computer only, with Restore in the main menu. Until somebody did, you can "
                  "take them back here.%s", n), n, escaped, left_out);
      show_result (self, "emblem-ok-symbolic", _("Ready to Move"), text);
      return;
    }
  text = g_strdup_printf (
    /* Translators: a number, then the name of a file. */
    ngettext ("%u connection is in %s. With each renewal here the tokens in a backup may cease "
              "to work, so make a new backup now and then.%s",
              "%u connections are in %s. With each renewal here the tokens in a backup may cease "
              "to work, so make a new backup now and then.%s", n), n, escaped, left_out);
  show_result (self, "emblem-ok-symbolic", _("Backed Up"), text);
}

static void
show_failure (LkBackupDialog *self, const GError *error, gboolean unsure)
{
  g_autofree char *sentence = lk_agent_error_to_sentence (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);
  g_autofree char *text = NULL;

  if (unsure)
    /* Translators: %s is a sentence that says why. */
    text = g_strdup_printf (_("%s It is not known whether the file is whole. Keep it, and look at "
                              "the list: what is moved away there is not renewed here."), escaped);
  show_result (self, "dialog-warning-symbolic",
               unsure ? _("Something Went Wrong") : _("Nothing Was Written"),
               unsure ? text : escaped);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkBackupDialog) self = user_data;
  g_autoptr(LkBackupFile) file = g_steal_pointer (&self->file);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = lk_backup_call_finish (LK_DBUS_AGENT1 (source), result, &error);
  g_autoptr(GVariant) told = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;

  gtk_editable_set_text (self->first, "");
  gtk_editable_set_text (self->second, "");
  if (reply == NULL)
    show_failure (self, error, lk_backup_file_fail (file, error));
  else if (!lk_backup_file_commit (file, &error))
    show_failure (self, error, FALSE);
  else
    show_written (self, told);
}

/* Writing. */

static void
progress_cb (LkBackupDialog *self, const char *cookie, guint done, guint total)
{
  if (g_strcmp0 (cookie, self->cookie) == 0 && total > 0)
    gtk_progress_bar_set_fraction (self->progress, (double) done / total);
}

static GVariant *
dup_options (LkBackupDialog *self)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  const char *ids[] = { NULL, NULL };

  if (self->connection != NULL)
    ids[0] = lk_dbus_connection1_get_id (self->connection);
  g_variant_dict_insert (&dict, "kind", "s", moves (self) ? "move" : "copy");
  g_variant_dict_insert (&dict, "connections", "^as", ids);
  g_variant_dict_insert (&dict, "cookie", "s", self->cookie);
  return g_variant_dict_end (&dict);
}

static void
lk_backup_dialog_write (LkBackupDialog *self)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);
  g_autoptr(GError) error = NULL;

  if (agent == NULL)
    {
      gtk_label_set_label (self->hint, _("Latchkey’s agent is not there. Try again in a moment."));
      return;
    }
  self->file = lk_backup_file_open (self->path, moves (self), &error);
  if (self->file == NULL)
    {
      gtk_label_set_label (self->hint,
                           g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS)
                             ? _("There is a file by that name already. A move never replaces a "
                                 "file, because the tokens in it may be nowhere else.")
                             : error->message);
      return;
    }
  g_free (self->cookie);
  self->cookie = g_uuid_string_random ();
  g_signal_connect_object (agent, "backup-progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->save), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "work");
  lk_backup_call_async (agent, "WriteBackup", lk_backup_file_get_fd (self->file),
                        gtk_editable_get_text (self->first), dup_options (self), NULL, written_cb,
                        g_object_ref (self));
}

static void
chosen_cb (LkBackupDialog *self, int response)
{
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->path, g_free);
  if (file != NULL)
    self->path = g_file_get_path (file);
  if (self->path != NULL)
    lk_backup_dialog_write (self);
  else if (file != NULL)
    gtk_label_set_label (self->hint, _("Choose a folder of this computer."));
}

static void
save_cb (LkBackupDialog *self)
{
  g_autoptr(GDateTime) now
    = g_date_time_new_from_unix_local (lk_app_context_get_now (self->context));
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");
  g_autofree char *name = g_strconcat (moves (self) ? "latchkey-move-" : "latchkey-", day,
                                       LK_BACKUP_SUFFIX, NULL);

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (moves (self) ? _("Save for the Other Computer")
                                                            : _("Save Backup"),
                                               GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE,
                                               NULL, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* The file is being written; its end is told. */
static gboolean
lk_backup_dialog_close_request (GtkWindow *window)
{
  LkBackupDialog *self = LK_BACKUP_DIALOG (window);

  return self->file != NULL
         || GTK_WINDOW_CLASS (lk_backup_dialog_parent_class)->close_request (window);
}

static void
lk_backup_dialog_dispose (GObject *object)
{
  LkBackupDialog *self = LK_BACKUP_DIALOG (object);

  g_clear_object (&self->chooser);
  g_clear_object (&self->connection);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_backup_dialog_parent_class)->dispose (object);
}

static void
lk_backup_dialog_finalize (GObject *object)
{
  LkBackupDialog *self = LK_BACKUP_DIALOG (object);

  g_clear_pointer (&self->file, lk_backup_file_free);
  g_free (self->path);
  g_free (self->cookie);
  G_OBJECT_CLASS (lk_backup_dialog_parent_class)->finalize (object);
}

static void
lk_backup_dialog_class_init (LkBackupDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_backup_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_backup_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = lk_backup_dialog_close_request;
  lk_help_window_bind (widget_class, "back-up");
  lk_help_window_bind (widget_class, "back-up");
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/latchkey_app/Latchkey/lk-backup-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LkBackupDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LkBackupDialog, what);
  gtk_widget_class_bind_template_child (widget_class, LkBackupDialog, copy);
  gtk_widget_class_bind_template_child (widget_class, LkBackupDialog, move);
  gtk_widget_class_bind_template_child (widget_class, LkBackupDialog, first);
  gtk_widget_class_bind_template_child (widget_class, LkBackupDialog, second);
  gtk_widget_class_bind_template_child (widget_class, LkBackupDialog, hint);
  gtk_widget_class_bind_template_child (widget_class, LkBackupDialog, cancel);
  gtk_widget_class_bind_template_child (widget_class, LkBackupDialog, save);
  gtk_widget_class_bind_template_child (widget_class, LkBackupDialog, working);
  gtk_widget_class_bind_template_child (widget_class, LkBackupDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, LkBackupDialog, done);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lk_backup_dialog_init (LkBackupDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  changed_cb (self);
}

void
lk_backup_dialog_present (GtkWindow *parent, LkAppContext *context,
                          LkDBusConnection1 *connection)
{
  LkBackupDialog *self = g_object_new (LK_TYPE_BACKUP_DIALOG, "transient-for", parent, NULL);
  g_autofree char *text = NULL;

  self->context = g_object_ref (context);
  if (connection != NULL)
    {
      self->connection = g_object_ref (connection);
      /* Translators: %s is a connection's name. */
      text = g_markup_printf_escaped (_("Only “%s”, with its developer app."),
                                      lk_dbus_connection1_get_name (connection));
    }
  adw_preferences_group_set_description (self->what,
                                         text != NULL
                                           ? text
                                           : _("All connections with their tokens, developer apps, "
                                               "what programs may take, and settings."));
  gtk_window_present (GTK_WINDOW (self));
}
