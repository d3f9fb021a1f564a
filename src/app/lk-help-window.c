/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-help-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "lk-accessible-pages.h"
#include "lk-help-view.h"
#include "lk-window.h"

struct _LkHelpWindow
{
  AdwWindow          parent_instance;

  LkHelp            *help;  /* (owned) */
  const LkHelpTopic *topic; /* (nullable): that shows */
  GPtrArray         *trail; /* (owned): topics below the one that shows */

  GtkWidget         *back;
  GtkWidget         *contents_button;
  GtkStack          *pages;
  GtkSearchEntry    *search;
  GtkWidget         *list;
  GtkWidget         *found;
  LkHelpView        *view;
};

G_DEFINE_FINAL_TYPE (LkHelpWindow, lk_help_window, ADW_TYPE_WINDOW)

static gboolean
lk_help_window_is_home (LkHelpWindow *self)
{
  return self->topic == NULL;
}

/* The widgets follow the topic. */
static void
lk_help_window_refresh (LkHelpWindow *self)
{
  gboolean home = lk_help_window_is_home (self);

  gtk_widget_set_visible (self->back, !home);
  gtk_widget_set_visible (self->contents_button, !home);
  gtk_stack_set_visible_child_name (self->pages, home ? "contents" : "topic");
  gtk_search_entry_set_key_capture_widget (self->search, home ? GTK_WIDGET (self) : NULL);
}

/* @words: (nullable): that were searched for */
static void
lk_help_window_show (LkHelpWindow *self, const LkHelpTopic *topic, const char *words)
{
  self->topic = topic;
  lk_help_window_refresh (self);
  lk_help_view_set_topic (self->view, topic);
  lk_help_view_show_block (self->view, lk_help_topic_find (topic, words));
}

static void
lk_help_window_follow (LkHelpWindow *self, const LkHelpTopic *topic, const char *words)
{
  if (topic == self->topic)
    return;
  if (self->topic != NULL)
    g_ptr_array_add (self->trail, (gpointer) self->topic);
  lk_help_window_show (self, topic, words);
}

static void
lk_help_window_show_contents (LkHelpWindow *self)
{
  g_ptr_array_set_size (self->trail, 0);
  self->topic = NULL;
  lk_help_window_refresh (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
lk_help_window_go_back (LkHelpWindow *self)
{
  const LkHelpTopic *topic;

  if (self->trail->len == 0)
    {
      lk_help_window_show_contents (self);
      return;
    }
  topic = g_ptr_array_steal_index (self->trail, self->trail->len - 1);
  lk_help_window_show (self, topic, NULL);
}

/* Contents and search. */

static void
topic_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
row_cb (GtkWidget *row, const char *id)
{
  LkHelpWindow *self = LK_HELP_WINDOW (gtk_widget_get_root (row));

  lk_help_window_follow (self, lk_help_find (self->help, id),
                         gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static GtkWidget *
row_new (const LkHelpTopic *topic)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", topic->title,
                                 "subtitle", topic->summary, "activatable", TRUE, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);
  g_signal_connect_data (row, "activated", G_CALLBACK (row_cb), g_strdup (topic->id), topic_free,
                         0);
  return row;
}

static void
lk_help_window_fill (LkHelpWindow *self)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autofree char *stripped = g_strstrip (g_strdup (words));
  gboolean searching = *stripped != '\0';
  g_autoptr(GPtrArray) found = searching ? lk_help_search (self->help, words)
                                         : g_ptr_array_ref (lk_help_get_topics (self->help));
  const char *section = NULL;
  GtkWidget *group = NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_box_remove (GTK_BOX (self->list), child);
  for (guint i = 0; i < found->len; i++)
    {
      const LkHelpTopic *topic = g_ptr_array_index (found, i);

      if (group == NULL || (!searching && g_strcmp0 (section, topic->section) != 0))
        {
          section = topic->section;
          group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title",
                                searching ? _("Found") : section, NULL);
          gtk_box_append (GTK_BOX (self->list), group);
        }
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row_new (topic));
    }
  gtk_widget_set_visible (self->list, found->len > 0);
  gtk_widget_set_visible (self->found, found->len == 0);
}

static void
search_changed_cb (LkHelpWindow *self)
{
  lk_help_window_fill (self);
}

/* Enter takes the best. */
static void
search_activated_cb (LkHelpWindow *self)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autoptr(GPtrArray) found = lk_help_search (self->help, words);

  if (*words != '\0' && found->len > 0)
    lk_help_window_follow (self, g_ptr_array_index (found, 0), words);
}

static void
search_stopped_cb (LkHelpWindow *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  else
    gtk_window_close (GTK_WINDOW (self));
}

/* Links. */

static void
topic_cb (LkHelpWindow *self, const char *id)
{
  lk_help_window_follow (self, lk_help_find (self->help, id), NULL);
}

/* "app.…", or "win.…" of the main window, which may be closed. */
static void
action_cb (LkHelpWindow *self, const char *action)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  if (g_str_has_prefix (action, "app."))
    {
      g_action_group_activate_action (G_ACTION_GROUP (application), action + strlen ("app."), NULL);
      return;
    }
  g_application_activate (G_APPLICATION (application));
  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    if (LK_IS_WINDOW (l->data))
      gtk_widget_activate_action (l->data, action, NULL);
}

/* Actions of the window. */

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!lk_help_window_is_home (LK_HELP_WINDOW (widget)))
    lk_help_window_go_back (LK_HELP_WINDOW (widget));
}

static void
contents_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_help_window_show_contents (LK_HELP_WINDOW (widget));
}

static void
leave_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (lk_help_window_is_home (LK_HELP_WINDOW (widget)))
    gtk_window_close (GTK_WINDOW (widget));
  else
    lk_help_window_go_back (LK_HELP_WINDOW (widget));
}

static void
lk_help_window_dispose (GObject *object)
{
  LkHelpWindow *self = LK_HELP_WINDOW (object);

  g_clear_pointer (&self->trail, g_ptr_array_unref);
  G_OBJECT_CLASS (lk_help_window_parent_class)->dispose (object);
}

static void
lk_help_window_finalize (GObject *object)
{
  lk_help_free (LK_HELP_WINDOW (object)->help);
  G_OBJECT_CLASS (lk_help_window_parent_class)->finalize (object);
}

static void
lk_help_window_class_init (LkHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_help_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_help_window_finalize;
  g_type_ensure (LK_TYPE_HELP_VIEW);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/latchkey_app/Latchkey/lk-help-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LkHelpWindow, back);
  gtk_widget_class_bind_template_child (widget_class, LkHelpWindow, contents_button);
  gtk_widget_class_bind_template_child (widget_class, LkHelpWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, LkHelpWindow, search);
  gtk_widget_class_bind_template_child (widget_class, LkHelpWindow, list);
  gtk_widget_class_bind_template_child (widget_class, LkHelpWindow, found);
  gtk_widget_class_bind_template_child (widget_class, LkHelpWindow, view);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, topic_cb);
  gtk_widget_class_bind_template_callback (widget_class, action_cb);
  gtk_widget_class_install_action (widget_class, "help.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "help.contents", NULL, contents_action);
  gtk_widget_class_install_action (widget_class, "help.leave", NULL, leave_action);
  /* What the application's Ctrl+F asks for in each of its windows. */
  gtk_widget_class_install_action (widget_class, "win.search", NULL, contents_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "help.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Back, 0, "help.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "help.leave", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F1, 0, "help.contents", NULL);
}

static void
lk_help_window_init (LkHelpWindow *self)
{
  g_autoptr(GtkWindowGroup) group = gtk_window_group_new ();

  self->trail = g_ptr_array_new ();
  self->help = lk_help_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_accessible_pages_follow (self->pages, gtk_stack_get_pages (self->pages));
  /* A modal dialog only holds the windows of its own group: help can be read beside it. */
  gtk_window_group_add_window (group, GTK_WINDOW (self));
  lk_help_window_fill (self);
  lk_help_window_refresh (self);
}

void
lk_help_window_present (const char *word)
{
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());
  const LkHelpTopic *topic;
  LkHelpWindow *self = NULL;

  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    if (LK_IS_HELP_WINDOW (l->data))
      self = l->data;
  if (self == NULL)
    self = g_object_new (LK_TYPE_HELP_WINDOW, "application", application, NULL);
  topic = lk_help_find (self->help, word);
  if (topic != NULL)
    lk_help_window_follow (self, topic, NULL);
  else
    lk_help_window_show_contents (self);
  gtk_window_present (GTK_WINDOW (self));
}

static gboolean
help_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  const char *page;

  g_variant_get (arguments, "(&s)", &page);
  lk_help_window_present (page);
  return TRUE;
}

void
lk_help_window_bind (GtkWidgetClass *widget_class, const char *page)
{
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F1, 0, help_cb, "(s)", page);
}
