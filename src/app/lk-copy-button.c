/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-copy-button.h"

#include <glib/gi18n.h>

#define DONE_SECONDS 2

struct _LkCopyButton
{
  GtkButton  parent_instance;

  char      *text; /* (owned) (nullable) */
  char      *what; /* (owned) (nullable): tooltip and accessible name */
  guint      done_id;
};

typedef enum
{
  PROP_TEXT = 1,
  PROP_WHAT,
} LkCopyButtonProperty;

static GParamSpec *props[PROP_WHAT + 1];

G_DEFINE_FINAL_TYPE (LkCopyButton, lk_copy_button, GTK_TYPE_BUTTON)

static gboolean
done_cb (gpointer user_data)
{
  LkCopyButton *self = user_data;

  self->done_id = 0;
  gtk_button_set_icon_name (GTK_BUTTON (self), "edit-copy-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), self->what);
  return G_SOURCE_REMOVE;
}

static void
lk_copy_button_clicked (GtkButton *button)
{
  LkCopyButton *self = LK_COPY_BUTTON (button);

  if (self->text == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->text);
  gtk_button_set_icon_name (button, "emblem-ok-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), _("Copied"));
  g_clear_handle_id (&self->done_id, g_source_remove);
  self->done_id = g_timeout_add_seconds (DONE_SECONDS, done_cb, self);
}

static void
lk_copy_button_set_what (LkCopyButton *self, const char *what)
{
  g_free (self->what);
  self->what = g_strdup (what);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), what);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  what != NULL ? what : _("Copy"), -1);
}

static void
lk_copy_button_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  LkCopyButton *self = LK_COPY_BUTTON (object);

  switch ((LkCopyButtonProperty) id)
    {
    case PROP_TEXT:
      lk_copy_button_set_text (self, g_value_get_string (value));
      break;
    case PROP_WHAT:
      lk_copy_button_set_what (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lk_copy_button_dispose (GObject *object)
{
  LkCopyButton *self = LK_COPY_BUTTON (object);

  g_clear_handle_id (&self->done_id, g_source_remove);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->what, g_free);
  G_OBJECT_CLASS (lk_copy_button_parent_class)->dispose (object);
}

static void
lk_copy_button_class_init (LkCopyButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = lk_copy_button_set_property;
  object_class->dispose = lk_copy_button_dispose;
  GTK_BUTTON_CLASS (klass)->clicked = lk_copy_button_clicked;

  props[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL,
                                          G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_WHAT] = g_param_spec_string ("what", NULL, NULL, NULL,
                                          G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
lk_copy_button_init (LkCopyButton *self)
{
  gtk_button_set_icon_name (GTK_BUTTON (self), "edit-copy-symbolic");
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  lk_copy_button_set_what (self, _("Copy"));
}

/**
 * lk_copy_button_new:
 * @what: its tooltip and accessible name, such as "Copy Request ID"
 */
GtkWidget *
lk_copy_button_new (const char *text, const char *what)
{
  return g_object_new (LK_TYPE_COPY_BUTTON, "text", text, "what", what, NULL);
}

void
lk_copy_button_set_text (LkCopyButton *self, const char *text)
{
  g_free (self->text);
  self->text = g_strdup (text);
}
