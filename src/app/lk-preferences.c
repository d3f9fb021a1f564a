/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-preferences.h"

#include <glib/gi18n.h>
#include <string.h>

#include "lk-combo-words.h"
#include "lk-help-window.h"
#include "lk-programs-list.h"
#include "lk-settings-words.h"
#include "lk-warn-days.h"

#define TOLD_S 8
/* A word with one of these needs quotes. */
#define UNPLAIN " \t\n'\"\\$`|&;<>()*?[]#~%!{}"

static const char * const switches[] = {
  "autostart", "tray", "tray-when-fine", "paused", "notify-ending", "notify-attention",
  "notify-recovered", "notify-changes", "notify-incidents", "quiet-hours", "ask-programs",
};

static const char * const choices[] = {
  "retention-days", "clipboard-seconds", "quiet-from", "quiet-until", "probe-hours",
  "renewal-margin", "status-minutes",
};

static const char * const texts[] = { "event-command", "event-webhook" };

static const char * const kinds[] = { "attention", "ending", "changed", "recovered", "incident" };

struct _LkPreferences
{
  AdwPreferencesWindow  parent_instance;

  LkSettingsLink       *link;    /* (owned) (nullable) */
  gboolean              filling; /* widgets follow the settings, not the other way */
  char                 *told;    /* (owned) (nullable): the problem that was told last */
  GtkWidget            *entry;   /* (nullable): whose text was sent last */
  GArray               *values[G_N_ELEMENTS (choices)]; /* (owned) (nullable): behind the words */
  char                 *shown[G_N_ELEMENTS (texts)];    /* (owned) (nullable): as it is set */

  LkWarnDays           *warn_days;
  LkProgramsList       *programs;
};

G_DEFINE_FINAL_TYPE (LkPreferences, lk_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static gpointer
lk_preferences_get (LkPreferences *self, const char *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (self), LK_TYPE_PREFERENCES, name);
}

static void
lk_preferences_tell (LkPreferences *self, const char *sentence)
{
  /* Toasts read markup. */
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_timeout (toast, TOLD_S);
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), toast);
}

/* From the settings to the widgets. */

static void
fill_choice (LkPreferences *self, gsize at)
{
  const char *key = choices[at];
  AdwComboRow *row = lk_preferences_get (self, key);
  guint32 now = lk_settings_link_get_number (self->link, key);
  g_autoptr(GArray) values = lk_settings_words_list_choices (key, now);
  g_autoptr(GtkStringList) model = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < values->len; i++)
    {
      guint32 value = g_array_index (values, guint32, i);
      g_autofree char *words = lk_settings_words_dup_choice (key, value);

      gtk_string_list_append (model, words);
      if (value == now)
        selected = i;
    }
  g_clear_pointer (&self->values[at], g_array_unref);
  self->values[at] = g_array_ref (values);
  adw_combo_row_set_model (row, G_LIST_MODEL (model));
  adw_combo_row_set_selected (row, selected);
}

static gboolean
shows_choice (LkPreferences *self, gsize at)
{
  const char *key = choices[at];
  AdwComboRow *row = lk_preferences_get (self, key);
  GArray *values = self->values[at];
  guint selected = adw_combo_row_get_selected (row);

  return values != NULL && selected < values->len
         && g_array_index (values, guint32, selected)
              == lk_settings_link_get_number (self->link, key);
}

static char *
dup_command (LkPreferences *self)
{
  g_autoptr(GVariant) value = lk_settings_link_dup (self->link, "event-command");
  g_autofree const char **words = value != NULL ? g_variant_get_strv (value, NULL) : NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    {
      g_autofree char *quoted = g_shell_quote (words[i]);
      gboolean plain = words[i][0] != '\0' && strpbrk (words[i], UNPLAIN) == NULL;

      if (i > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, plain ? words[i] : quoted);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_webhook (LkPreferences *self)
{
  g_autoptr(GVariant) value = lk_settings_link_dup (self->link, "event-webhook");

  return value != NULL ? g_variant_dup_string (value, NULL) : g_strdup ("");
}

/* What a person is typing stays. */
static void
fill_entry (LkPreferences *self, gsize at, const char *text)
{
  GtkWidget *row = lk_preferences_get (self, texts[at]);

  if (g_strcmp0 (self->shown[at], text) == 0)
    return;
  g_free (self->shown[at]);
  self->shown[at] = g_strdup (text);
  gtk_widget_remove_css_class (row, "error");
  /* Without the button that would appear with the new text. */
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), TRUE);
}

static void
fill_kinds (LkPreferences *self)
{
  g_autoptr(GVariant) value = lk_settings_link_dup (self->link, "event-kinds");
  g_autofree const char **words = value != NULL ? g_variant_get_strv (value, NULL) : NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *name = g_strconcat ("kind_", kinds[i], NULL);

      gtk_check_button_set_active (lk_preferences_get (self, name),
                                   words != NULL && g_strv_contains (words, kinds[i]));
    }
}

static void
tell_problem (LkPreferences *self)
{
  g_autofree char *problem = lk_settings_link_dup_problem (self->link);

  if (problem != NULL && g_strcmp0 (problem, self->told) != 0)
    lk_preferences_tell (self, problem);
  g_free (self->told);
  self->told = g_steal_pointer (&problem);
}

static void
lk_preferences_fill (LkPreferences *self)
{
  g_autoptr(GVariant) any = lk_settings_link_dup (self->link, "paused");
  g_autofree char *command = NULL;
  g_autofree char *webhook = NULL;
  gboolean quiet = lk_settings_link_get_flag (self->link, "quiet-hours");

  if (any == NULL)
    return;
  self->filling = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    gtk_switch_set_active (lk_preferences_get (self, switches[i]),
                           lk_settings_link_get_flag (self->link, switches[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    if (!shows_choice (self, i))
      fill_choice (self, i);
  command = dup_command (self);
  webhook = dup_webhook (self);
  fill_entry (self, 0, command);
  fill_entry (self, 1, webhook);
  fill_kinds (self);
  gtk_widget_set_sensitive (lk_preferences_get (self, "tray-when-fine"),
                            lk_settings_link_get_flag (self->link, "tray"));
  gtk_widget_set_sensitive (lk_preferences_get (self, "quiet-from"), quiet);
  gtk_widget_set_sensitive (lk_preferences_get (self, "quiet-until"), quiet);
  gtk_widget_set_sensitive (GTK_WIDGET (self->warn_days),
                            lk_settings_link_get_flag (self->link, "notify-ending"));
  self->filling = FALSE;
  tell_problem (self);
}

/* From the widgets to the settings. */

static void
switched_cb (GtkSwitch *widget, GParamSpec *pspec, LkPreferences *self)
{
  if (self->filling)
    return;
  self->entry = NULL;
  lk_settings_link_set (self->link, gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)),
                        g_variant_new_boolean (gtk_switch_get_active (widget)));
}

static void
selected_cb (AdwComboRow *row, GParamSpec *pspec, LkPreferences *self)
{
  const char *key = gtk_buildable_get_buildable_id (GTK_BUILDABLE (row));
  guint selected = adw_combo_row_get_selected (row);
  GArray *values = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    if (g_str_equal (choices[i], key))
      values = self->values[i];
  if (self->filling || values == NULL || selected >= values->len)
    return;
  self->entry = NULL;
  lk_settings_link_set (self->link, key,
                        g_variant_new_uint32 (g_array_index (values, guint32, selected)));
}

static void
kind_toggled_cb (LkPreferences *self)
{
  GVariantBuilder builder;

  if (self->filling)
    return;
  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *name = g_strconcat ("kind_", kinds[i], NULL);

      if (gtk_check_button_get_active (lk_preferences_get (self, name)))
        g_variant_builder_add (&builder, "s", kinds[i]);
    }
  lk_settings_link_set (self->link, "event-kinds", g_variant_builder_end (&builder));
}

static void
webhook_cb (LkPreferences *self, AdwEntryRow *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));

  self->entry = GTK_WIDGET (row);
  gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  lk_settings_link_set (self->link, "event-webhook", g_variant_new_string (text));
}

static void
command_cb (LkPreferences *self, AdwEntryRow *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));
  g_auto(GStrv) words = NULL;
  g_autoptr(GError) error = NULL;

  self->entry = GTK_WIDGET (row);
  gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  if (!g_shell_parse_argv (text, NULL, &words, &error)
      && !g_error_matches (error, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING))
    {
      gtk_widget_add_css_class (GTK_WIDGET (row), "error");
      lk_preferences_tell (self, _("A quotation mark is missing its partner."));
      return;
    }
  lk_settings_link_set (self->link, "event-command",
                        g_variant_new_strv ((const char * const *) words,
                                            words != NULL ? -1 : 0));
}

/* A text that was refused can be put right; everything else shows what counts. */
static void
failed_cb (LkPreferences *self, const char *sentence)
{
  if (self->entry != NULL)
    gtk_widget_add_css_class (self->entry, "error");
  self->entry = NULL;
  lk_preferences_tell (self, sentence);
}

static void
programs_failed_cb (LkPreferences *self, const char *sentence)
{
  lk_preferences_tell (self, sentence);
}

/* The page that shows is the one whose topic is wanted. */
static gboolean
help_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  const char *name
    = adw_preferences_window_get_visible_page_name (ADW_PREFERENCES_WINDOW (widget));

  lk_help_window_present (name != NULL ? name : "preferences-general");
  return TRUE;
}

static void
lk_preferences_dispose (GObject *object)
{
  LkPreferences *self = LK_PREFERENCES (object);

  g_clear_object (&self->link);
  g_clear_pointer (&self->told, g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    g_clear_pointer (&self->values[i], g_array_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_clear_pointer (&self->shown[i], g_free);
  G_OBJECT_CLASS (lk_preferences_parent_class)->dispose (object);
}

static void
lk_preferences_class_init (LkPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_preferences_dispose;
  g_type_ensure (LK_TYPE_PROGRAMS_LIST);
  g_type_ensure (LK_TYPE_WARN_DAYS);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F1, 0, help_cb, NULL);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/latchkey_app/Latchkey/lk-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, LkPreferences, warn_days);
  gtk_widget_class_bind_template_child (widget_class, LkPreferences, programs);
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    gtk_widget_class_bind_template_child_full (widget_class, switches[i], FALSE, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    gtk_widget_class_bind_template_child_full (widget_class, choices[i], FALSE, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *name = g_strconcat ("kind_", kinds[i], NULL);

      gtk_widget_class_bind_template_child_full (widget_class, name, FALSE, 0);
    }
  gtk_widget_class_bind_template_child_full (widget_class, "event-command", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "event-webhook", FALSE, 0);
}

static void
lk_preferences_init (LkPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    {
      GObject *widget = lk_preferences_get (self, switches[i]);

      g_signal_connect (widget, "notify::active", G_CALLBACK (switched_cb), self);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      GObject *row = lk_preferences_get (self, choices[i]);

      lk_combo_words_show_whole (ADW_COMBO_ROW (row));
      g_signal_connect (row, "notify::selected", G_CALLBACK (selected_cb), self);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *name = g_strconcat ("kind_", kinds[i], NULL);

      g_signal_connect_swapped (lk_preferences_get (self, name), "toggled",
                                G_CALLBACK (kind_toggled_cb), self);
    }
  g_signal_connect_swapped (lk_preferences_get (self, "event-command"), "apply",
                            G_CALLBACK (command_cb), self);
  g_signal_connect_swapped (lk_preferences_get (self, "event-webhook"), "apply",
                            G_CALLBACK (webhook_cb), self);
}

GtkWindow *
lk_preferences_new (GtkWindow *parent, LkAppContext *context)
{
  LkPreferences *self = g_object_new (LK_TYPE_PREFERENCES, "transient-for", parent, "modal",
                                      parent != NULL, NULL);

  self->link = lk_settings_link_new (context);
  g_signal_connect_object (self->link, "changed", G_CALLBACK (lk_preferences_fill), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->link, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->programs, "failed", G_CALLBACK (programs_failed_cb), self,
                           G_CONNECT_SWAPPED);
  lk_warn_days_set_link (self->warn_days, self->link);
  lk_programs_list_set_link (self->programs, self->link);
  lk_preferences_fill (self);
  return GTK_WINDOW (self);
}
