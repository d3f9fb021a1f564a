/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-help-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lk-copy-button.h"

struct _LkHelpView
{
  GtkWidget  parent_instance;

  GPtrArray *widgets; /* (owned): by block, what gets the keyboard; unowned */
  int        block;   /* to show once there is a layout */
  guint      show_id;
  char      *target;  /* (owned) (nullable): of the link that was chosen */
  guint      follow_id;

  GtkWidget *scroller;
  GtkWidget *box;
  GtkWidget *title;
};

enum
{
  TOPIC,
  ACTION,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LkHelpView, lk_help_view, GTK_TYPE_WIDGET)

/* Can be selected: to copy it, and so that Tab and a screen reader go from one to the next. */
static GtkWidget *
text_new (const char *text)
{
  return g_object_new (GTK_TYPE_LABEL, "label", text, "selectable", TRUE, "wrap", TRUE,
                       "wrap-mode", PANGO_WRAP_WORD_CHAR, "natural-wrap-mode",
                       GTK_NATURAL_WRAP_NONE, "xalign", 0.0f, "hexpand", TRUE, NULL);
}

/* The title of the page can have the focus, for which a label has to be selectable. */
static GtkWidget *
heading_new (const char *text, int level, const char *style)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "wrap-mode",
                                   PANGO_WRAP_WORD_CHAR, "xalign", 0.0f, "accessible-role",
                                   GTK_ACCESSIBLE_ROLE_HEADING, "selectable", level == 1, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LEVEL, level,
                                  -1);
  gtk_widget_add_css_class (label, style);
  return label;
}

static void
lk_help_view_append (LkHelpView *self, GtkWidget *widget, GtkWidget *focus)
{
  gtk_box_append (GTK_BOX (self->box), widget);
  g_ptr_array_add (self->widgets, focus);
}

/* "1." or a bullet before a text. */
static void
add_marked (LkHelpView *self, const char *mark, const char *said, const char *text)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *marker = g_object_new (GTK_TYPE_LABEL, "label", mark, "valign", GTK_ALIGN_START,
                                    "xalign", 1.0f, "width-chars", 3, "accessible-role",
                                    GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *label = text_new (text);

  gtk_widget_add_css_class (marker, "dim-label");
  gtk_widget_add_css_class (marker, "numeric");
  if (said != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    said, -1);
  gtk_box_append (GTK_BOX (row), marker);
  gtk_box_append (GTK_BOX (row), label);
  lk_help_view_append (self, row, label);
}

static void
add_step (LkHelpView *self, const LkHelpBlock *block)
{
  /* Translators: the number before a step, such as "1.". */
  g_autofree char *mark = g_strdup_printf (_("%u."), block->number);
  g_autofree char *said = g_strdup_printf (_("Step %u"), block->number);

  add_marked (self, mark, said, block->text);
}

/* One label, so that term and explanation are heard together. */
static void
add_term (LkHelpView *self, const LkHelpBlock *block)
{
  g_autofree char *text = g_strconcat (block->text, "\n", block->detail, NULL);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();
  PangoAttribute *bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);
  GtkWidget *label = text_new (text);

  bold->end_index = (guint) strlen (block->text);
  pango_attr_list_insert (attributes, bold);
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  lk_help_view_append (self, label, label);
}

static void
add_note (LkHelpView *self, const LkHelpBlock *block)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "spacing", 9, "accessible-role",
                                 GTK_ACCESSIBLE_ROLE_NOTE, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "dialog-information-symbolic",
                                  "valign", GTK_ALIGN_START, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *label = text_new (block->text);

  gtk_widget_add_css_class (box, "note");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  lk_help_view_append (self, box, label);
}

/* Code stays as it is: its lines do not wrap, and read from the left in every language. */
static void
add_code (LkHelpView *self, const LkHelpBlock *block)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *what = g_object_new (GTK_TYPE_LABEL, "label", block->detail, "wrap", TRUE, "xalign",
                                  0.0f, "hexpand", TRUE, NULL);
  GtkWidget *code = g_object_new (GTK_TYPE_LABEL, "label", block->text, "selectable", TRUE,
                                  "xalign", 0.0f, "yalign", 0.0f, NULL);
  /* The focus is no reason to show the ends of its lines. */
  GtkWidget *viewport = g_object_new (GTK_TYPE_VIEWPORT, "scroll-to-focus", FALSE, "child", code,
                                      NULL);
  GtkWidget *scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "vscrollbar-policy",
                                      GTK_POLICY_NEVER, "propagate-natural-height", TRUE, "child",
                                      viewport, NULL);
  GtkWidget *copy = lk_copy_button_new (block->text, _("Copy"));

  gtk_widget_set_direction (code, GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (scroller, GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "code");
  gtk_widget_add_css_class (what, "caption-heading");
  gtk_widget_add_css_class (code, "monospace");
  gtk_box_append (GTK_BOX (head), what);
  gtk_box_append (GTK_BOX (head), copy);
  gtk_box_append (GTK_BOX (card), head);
  gtk_box_append (GTK_BOX (card), scroller);
  lk_help_view_append (self, card, copy);
}

/* Links. */

static void
target_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

static gboolean
follow_cb (gpointer user_data)
{
  LkHelpView *self = user_data;

  self->follow_id = 0;
  g_signal_emit (self, signals[TOPIC], 0, self->target);
  return G_SOURCE_REMOVE;
}

/* Not at once: the row goes away with its page, and is still being activated. */
static void
topic_cb (GtkWidget *row, const char *target)
{
  LkHelpView *self = LK_HELP_VIEW (gtk_widget_get_ancestor (row, LK_TYPE_HELP_VIEW));

  g_free (self->target);
  self->target = g_strdup (target);
  if (self->follow_id == 0)
    self->follow_id = g_idle_add (follow_cb, self);
}

static void
action_cb (GtkWidget *button, const char *target)
{
  g_signal_emit (gtk_widget_get_ancestor (button, LK_TYPE_HELP_VIEW), signals[ACTION], 0, target);
}

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GtkWidget) row = user_data;
  g_autoptr(GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                   _("Your browser could not be opened"));
}

static void
address_cb (GtkWidget *row, const char *target)
{
  gtk_show_uri_full (GTK_WINDOW (gtk_widget_get_root (row)), target, GDK_CURRENT_TIME, NULL,
                     shown_cb, g_object_ref (row));
}

static void
add_action (LkHelpView *self, const LkHelpBlock *block)
{
  GtkWidget *button = g_object_new (GTK_TYPE_BUTTON, "label", block->text, "halign",
                                    GTK_ALIGN_START, NULL);

  g_signal_connect_data (button, "clicked", G_CALLBACK (action_cb), g_strdup (block->target),
                         target_free, 0);
  lk_help_view_append (self, button, button);
}

/* Links that follow each other share a list. */
static GtkWidget *
get_list (LkHelpView *self)
{
  GtkWidget *last = gtk_widget_get_last_child (self->box);
  GtkWidget *list;

  if (GTK_IS_LIST_BOX (last))
    return last;
  list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_box_append (GTK_BOX (self->box), list);
  return list;
}

static void
add_row (LkHelpView *self, const LkHelpBlock *block)
{
  gboolean web = block->kind == LK_HELP_ADDRESS;
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", block->text,
                                 "subtitle", web ? block->target : block->detail, "activatable",
                                 TRUE, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name",
                                  web ? "adw-external-link-symbolic" : "go-next-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  if (web)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               lk_copy_button_new (block->target, _("Copy Address")));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);
  g_signal_connect_data (row, "activated", web ? G_CALLBACK (address_cb) : G_CALLBACK (topic_cb),
                         g_strdup (block->target), target_free, 0);
  gtk_list_box_append (GTK_LIST_BOX (get_list (self)), row);
  g_ptr_array_add (self->widgets, row);
}

/* The page. */

static void
add_block (LkHelpView *self, const LkHelpBlock *block)
{
  GtkWidget *widget;

  switch (block->kind)
    {
    case LK_HELP_HEADING:
      widget = heading_new (block->text, 2, "title-4");
      lk_help_view_append (self, widget, widget);
      break;
    case LK_HELP_STEP:
      add_step (self, block);
      break;
    case LK_HELP_ITEM:
      add_marked (self, "•", NULL, block->text);
      break;
    case LK_HELP_TERM:
      add_term (self, block);
      break;
    case LK_HELP_NOTE:
      add_note (self, block);
      break;
    case LK_HELP_CODE:
      add_code (self, block);
      break;
    case LK_HELP_ACTION:
      add_action (self, block);
      break;
    case LK_HELP_TOPIC:
    case LK_HELP_ADDRESS:
      add_row (self, block);
      break;
    case LK_HELP_TEXT:
    case LK_HELP_SCOPES:
    case LK_HELP_REFUSALS:
    default:
      widget = text_new (block->text);
      lk_help_view_append (self, widget, widget);
    }
}

void
lk_help_view_set_topic (LkHelpView *self, const LkHelpTopic *topic)
{
  GtkWidget *child;
  GtkWidget *summary;

  self->title = heading_new (topic->title, 1, "title-1");
  gtk_box_prepend (GTK_BOX (self->box), self->title);
  /* Before what has the focus goes away, or GTK looks for it in vain. */
  gtk_widget_grab_focus (self->title);
  gtk_label_select_region (GTK_LABEL (self->title), 0, 0);
  while ((child = gtk_widget_get_last_child (self->box)) != self->title)
    gtk_box_remove (GTK_BOX (self->box), child);
  g_ptr_array_set_size (self->widgets, 0);
  summary = text_new (topic->summary);
  gtk_widget_add_css_class (summary, "dim-label");
  gtk_box_append (GTK_BOX (self->box), summary);
  for (guint i = 0; i < topic->blocks->len; i++)
    add_block (self, g_ptr_array_index (topic->blocks, i));
}

static gboolean
show_cb (gpointer user_data)
{
  LkHelpView *self = user_data;
  GtkWidget *widget = self->title;

  self->show_id = 0;
  gtk_adjustment_set_value (
    gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)), 0);
  if (self->block >= 0 && (guint) self->block < self->widgets->len)
    widget = g_ptr_array_index (self->widgets, self->block);
  /* A heading takes no focus; what it is about comes right after it. */
  if (!gtk_widget_get_focusable (widget) && (guint) self->block + 1 < self->widgets->len)
    widget = g_ptr_array_index (self->widgets, self->block + 1);
  gtk_widget_grab_focus (widget);
  /* What was searched for is marked; a title is not. */
  if (widget == self->title)
    gtk_label_select_region (GTK_LABEL (widget), 0, 0);
  return G_SOURCE_REMOVE;
}

void
lk_help_view_show_block (LkHelpView *self, int block)
{
  self->block = block;
  /* After the layout: what has no place yet cannot be scrolled to. */
  if (self->show_id == 0)
    self->show_id = g_idle_add_full (G_PRIORITY_LOW, show_cb, self, NULL);
}

static void
lk_help_view_dispose (GObject *object)
{
  LkHelpView *self = LK_HELP_VIEW (object);

  g_clear_handle_id (&self->show_id, g_source_remove);
  g_clear_handle_id (&self->follow_id, g_source_remove);
  g_clear_pointer (&self->target, g_free);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->widgets, g_ptr_array_unref);
  G_OBJECT_CLASS (lk_help_view_parent_class)->dispose (object);
}

static void
lk_help_view_class_init (LkHelpViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_help_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  signals[TOPIC] = g_signal_new ("topic", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[ACTION] = g_signal_new ("action", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lk_help_view_init (LkHelpView *self)
{
  GtkWidget *clamp;

  self->widgets = g_ptr_array_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_add_css_class (self->box, "help");
  clamp = g_object_new (ADW_TYPE_CLAMP, "maximum-size", 640, "child", self->box, NULL);
  self->scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                                 "child", clamp, NULL);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}
