/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-app"

#include "config.h"

#include "lk-programs-list.h"

#include <glib/gi18n.h>

#include "lk-combo-words.h"
#include "lk-program-words.h"

static const char * const rules[] = { "ask", "allow", "deny" };

struct _LkProgramsList
{
  AdwPreferencesGroup  parent_instance;

  LkSettingsLink      *link;        /* (owned) (nullable) */
  GCancellable        *cancellable; /* (owned) (nullable): of the call under way */
  GVariant            *programs;    /* (owned) (nullable): what shows */
  GPtrArray           *rows;        /* (owned): borrowed widgets */
  gboolean             filling;
};

G_DEFINE_FINAL_TYPE (LkProgramsList, lk_programs_list, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  SIGNAL_FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void lk_programs_list_reload (LkProgramsList *self);

static const char *
get_text (GVariant *program, const char *key)
{
  const char *text = "";

  g_variant_lookup (program, key, "&s", &text);
  return text;
}

/* Rules. */

static void
rule_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkProgramsList) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (!lk_dbus_agent1_call_set_program_rule_finish (LK_DBUS_AGENT1 (source), result, &error))
    {
      sentence = lk_agent_error_to_sentence (error);
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, sentence);
      g_clear_pointer (&self->programs, g_variant_unref);
    }
  lk_programs_list_reload (self);
}

static void
lk_programs_list_set_rule (LkProgramsList *self, GVariant *program, const char *rule)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (lk_settings_link_get_context (self->link));

  if (agent != NULL)
    lk_dbus_agent1_call_set_program_rule (agent, get_text (program, "program"),
                                          get_text (program, "connection"), rule, NULL,
                                          rule_set_cb, g_object_ref (self));
}

/* (transfer full) (nullable) */
static GVariant *
lk_programs_list_dup_program (LkProgramsList *self, GtkWidget *row)
{
  guint at;

  return self->programs != NULL && g_ptr_array_find (self->rows, row, &at)
           ? g_variant_get_child_value (self->programs, at) : NULL;
}

static void
selected_cb (GtkWidget *row, GParamSpec *pspec, LkProgramsList *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (row));
  g_autoptr(GVariant) program = self->filling ? NULL : lk_programs_list_dup_program (self, row);

  if (program != NULL && selected < G_N_ELEMENTS (rules))
    lk_programs_list_set_rule (self, program, rules[selected]);
}

static void
forget_cb (GtkWidget *row)
{
  GtkWidget *group = gtk_widget_get_ancestor (row, LK_TYPE_PROGRAMS_LIST);

  g_autoptr(GVariant) program = lk_programs_list_dup_program (LK_PROGRAMS_LIST (group), row);

  if (program != NULL)
    lk_programs_list_set_rule (LK_PROGRAMS_LIST (group), program, "forget");
}

/* Rows. */

static GtkWidget *
forget_button_new (GtkWidget *row, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  /* Translators: %s is the name of a program. */
  g_autofree char *label = g_strdup_printf (_("Forget %s"), name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Forget This Program"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (forget_cb), row);
  return button;
}

static GtkWidget *
lk_programs_list_new_row (LkProgramsList *self, GVariant *program)
{
  const char * const words[] = { _("As Above"), _("Always"), _("Never"), NULL };
  g_autoptr(GtkStringList) model = gtk_string_list_new (words);
  GtkWidget *row = adw_combo_row_new ();
  gint64 now = lk_app_context_get_now (lk_settings_link_get_context (self->link));
  g_autofree char *name = lk_program_words_dup_name (program);
  g_autofree char *facts = lk_program_words_dup_taken (program, now);
  g_autofree char *subtitle = g_strjoin (" · ", get_text (program, "connection-name"), facts,
                                         NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_tooltip_text (row, get_text (program, "program"));
  lk_combo_words_show_whole (ADW_COMBO_ROW (row));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_str_equal (get_text (program, "rule"), rules[i]))
      adw_combo_row_set_selected (ADW_COMBO_ROW (row), i);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), forget_button_new (row, name));
  g_signal_connect (row, "notify::selected", G_CALLBACK (selected_cb), self);
  return row;
}

static GtkWidget *
none_row_new (void)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("None Yet"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                               _("Programs that take a token are listed here."));
  return row;
}

static void
lk_programs_list_fill (LkProgramsList *self)
{
  gsize n = g_variant_n_children (self->programs);

  self->filling = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) program = g_variant_get_child_value (self->programs, i);

      g_ptr_array_add (self->rows, lk_programs_list_new_row (self, program));
    }
  if (n == 0)
    g_ptr_array_add (self->rows, none_row_new ());
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  self->filling = FALSE;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkProgramsList) self = user_data;
  g_autoptr(GVariant) programs = NULL;
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_agent1_call_list_programs_finish (LK_DBUS_AGENT1 (source), &programs, result,
                                                 &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_info ("which programs took tokens is not known: %s", error->message);
      return;
    }
  /* Rows with the focus or an open list stay when nothing changed. */
  if (self->programs != NULL && g_variant_equal (self->programs, programs))
    return;
  g_clear_pointer (&self->programs, g_variant_unref);
  self->programs = g_steal_pointer (&programs);
  lk_programs_list_fill (self);
}

static void
lk_programs_list_cancel (LkProgramsList *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
lk_programs_list_reload (LkProgramsList *self)
{
  LkDBusAgent1 *agent = self->link != NULL
                          ? lk_app_context_get_agent (lk_settings_link_get_context (self->link))
                          : NULL;

  lk_programs_list_cancel (self);
  if (agent == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  lk_dbus_agent1_call_list_programs (agent, self->cancellable, listed_cb, g_object_ref (self));
}

static void
lk_programs_list_dispose (GObject *object)
{
  LkProgramsList *self = LK_PROGRAMS_LIST (object);

  lk_programs_list_cancel (self);
  g_clear_pointer (&self->programs, g_variant_unref);
  g_clear_object (&self->link);
  G_OBJECT_CLASS (lk_programs_list_parent_class)->dispose (object);
}

static void
lk_programs_list_finalize (GObject *object)
{
  g_ptr_array_unref (LK_PROGRAMS_LIST (object)->rows);
  G_OBJECT_CLASS (lk_programs_list_parent_class)->finalize (object);
}

static void
lk_programs_list_class_init (LkProgramsListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_programs_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_programs_list_finalize;
  signals[SIGNAL_FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lk_programs_list_init (LkProgramsList *self)
{
  self->rows = g_ptr_array_new ();
}

void
lk_programs_list_set_link (LkProgramsList *self, LkSettingsLink *link)
{
  LkAppContext *context = lk_settings_link_get_context (link);

  g_set_object (&self->link, link);
  g_signal_connect_object (link, "changed", G_CALLBACK (lk_programs_list_reload), self,
                           G_CONNECT_SWAPPED);
  /* Programs come by themselves, too. */
  g_signal_connect_object (context, "notify::now", G_CALLBACK (lk_programs_list_reload), self,
                           G_CONNECT_SWAPPED);
  lk_programs_list_reload (self);
}
