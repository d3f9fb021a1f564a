/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-tray-menu.h"

#include <string.h>

#include "lk-tray-generated.h"

#define PROTOCOL_VERSION 3

struct _LkAgentTrayMenu
{
  GObject          parent_instance;

  LkTrayDbusmenu  *skeleton; /* (owned) */
  GPtrArray       *items;    /* (owned) (element-type LkTrayItem) */
  guint            revision;
};

enum
{
  SIGNAL_CLICKED,
  SIGNAL_ABOUT_TO_SHOW,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LkAgentTrayMenu, lk_agent_tray_menu, G_TYPE_OBJECT)

static GVariant *
lk_agent_tray_menu_find (LkAgentTrayMenu *self, int id)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      const LkTrayItem *item = self->items->pdata[i];

      if (item->id == id)
        return g_variant_ref (item->properties);
    }
  if (id == LK_TRAY_ITEM_ROOT)
    return g_variant_ref_sink (g_variant_new_parsed ("{'children-display': <'submenu'>}"));
  return NULL;
}

static gboolean
lk_agent_tray_menu_has (LkAgentTrayMenu *self, int id)
{
  g_autoptr(GVariant) properties = lk_agent_tray_menu_find (self, id);

  return properties != NULL;
}

/* @names: no names for all. */
static GVariant *
filter (GVariant *properties, const char * const *names)
{
  GVariantBuilder builder;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (names[0] == NULL)
    return g_variant_ref (properties);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_iter_init (&iter, properties);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    if (g_strv_contains (names, name))
      g_variant_builder_add (&builder, "{sv}", name, value);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static GVariant *
layout_of (int id, GVariant *properties, const char * const *names, GVariantBuilder *children)
{
  g_autoptr(GVariant) wanted = filter (properties, names);

  return g_variant_new ("(i@a{sv}av)", id, wanted, children);
}

static void
return_unknown (GDBusMethodInvocation *invocation, int id)
{
  g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                         "the menu has no line %d", id);
}

/* Below the root there are no children, so a depth of 1 shows as much as any other but 0. */
static gboolean
handle_get_layout (LkAgentTrayMenu *self, GDBusMethodInvocation *invocation, int parent, int depth,
                   const char * const *names)
{
  g_autoptr(GVariant) properties = lk_agent_tray_menu_find (self, parent);
  GVariantBuilder children;

  if (properties == NULL)
    {
      return_unknown (invocation, parent);
      return TRUE;
    }
  g_variant_builder_init (&children, G_VARIANT_TYPE ("av"));
  for (guint i = 0; parent == LK_TRAY_ITEM_ROOT && depth != 0 && i < self->items->len; i++)
    {
      const LkTrayItem *item = self->items->pdata[i];

      g_variant_builder_add (&children, "v", layout_of (item->id, item->properties, names, NULL));
    }
  lk_tray_dbusmenu_complete_get_layout (self->skeleton, invocation, self->revision,
                                        layout_of (parent, properties, names, &children));
  return TRUE;
}

static void
add_group (LkAgentTrayMenu *self, GVariantBuilder *builder, int id, const char * const *names)
{
  g_autoptr(GVariant) properties = lk_agent_tray_menu_find (self, id);
  g_autoptr(GVariant) wanted = properties != NULL ? filter (properties, names) : NULL;

  if (wanted != NULL)
    g_variant_builder_add (builder, "(i@a{sv})", id, wanted);
}

/* A line that is not there any more is left out; the panel hears of the new layout. */
static gboolean
handle_get_group_properties (LkAgentTrayMenu *self, GDBusMethodInvocation *invocation,
                             GVariant *ids, const char * const *names)
{
  GVariantBuilder builder;
  GVariantIter iter;
  int id;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ia{sv})"));
  g_variant_iter_init (&iter, ids);
  while (g_variant_iter_next (&iter, "i", &id))
    add_group (self, &builder, id, names);
  if (g_variant_n_children (ids) == 0)
    {
      add_group (self, &builder, LK_TRAY_ITEM_ROOT, names);
      for (guint i = 0; i < self->items->len; i++)
        add_group (self, &builder, ((const LkTrayItem *) self->items->pdata[i])->id, names);
    }
  lk_tray_dbusmenu_complete_get_group_properties (self->skeleton, invocation,
                                                  g_variant_builder_end (&builder));
  return TRUE;
}

static gboolean
handle_get_property (LkAgentTrayMenu *self, GDBusMethodInvocation *invocation, int id,
                     const char *name)
{
  g_autoptr(GVariant) properties = lk_agent_tray_menu_find (self, id);
  g_autoptr(GVariant) value = NULL;

  if (properties == NULL)
    {
      return_unknown (invocation, id);
      return TRUE;
    }
  value = g_variant_lookup_value (properties, name, NULL);
  if (value == NULL)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "line %d has no property %s", id, name);
  else
    lk_tray_dbusmenu_complete_get_property (self->skeleton, invocation,
                                            g_variant_new_variant (value));
  return TRUE;
}

/* What is grey cannot be chosen, whatever the panel says. */
static void
lk_agent_tray_menu_take_event (LkAgentTrayMenu *self, int id, const char *event)
{
  g_autoptr(GVariant) properties = lk_agent_tray_menu_find (self, id);
  gboolean enabled = FALSE;

  g_variant_lookup (properties, "enabled", "b", &enabled);
  if (enabled && g_str_equal (event, "clicked"))
    g_signal_emit (self, signals[SIGNAL_CLICKED], 0, id);
}

static gboolean
handle_event (LkAgentTrayMenu *self, GDBusMethodInvocation *invocation, int id, const char *event,
              GVariant *data, guint timestamp)
{
  if (!lk_agent_tray_menu_has (self, id))
    {
      return_unknown (invocation, id);
      return TRUE;
    }
  lk_tray_dbusmenu_complete_event (self->skeleton, invocation);
  lk_agent_tray_menu_take_event (self, id, event);
  return TRUE;
}

static gboolean
handle_event_group (LkAgentTrayMenu *self, GDBusMethodInvocation *invocation, GVariant *events)
{
  g_autoptr(LkAgentTrayMenu) keep = g_object_ref (self);
  GVariantBuilder unknown;
  GVariantIter iter;
  gsize wrong = 0;
  const char *event;
  int id = 0;

  g_variant_builder_init (&unknown, G_VARIANT_TYPE ("ai"));
  g_variant_iter_init (&iter, events);
  while (g_variant_iter_next (&iter, "(i&svu)", &id, &event, NULL, NULL))
    if (!lk_agent_tray_menu_has (self, id))
      {
        g_variant_builder_add (&unknown, "i", id);
        wrong++;
      }
    else
      lk_agent_tray_menu_take_event (self, id, event);
  if (wrong > 0 && wrong == g_variant_n_children (events))
    {
      g_variant_builder_clear (&unknown);
      return_unknown (invocation, id);
      return TRUE;
    }
  lk_tray_dbusmenu_complete_event_group (self->skeleton, invocation,
                                         g_variant_builder_end (&unknown));
  return TRUE;
}

/* Gives whether the menu is another one now. */
static gboolean
lk_agent_tray_menu_show (LkAgentTrayMenu *self)
{
  guint before = self->revision;

  g_signal_emit (self, signals[SIGNAL_ABOUT_TO_SHOW], 0);
  return self->revision != before;
}

static gboolean
handle_about_to_show (LkAgentTrayMenu *self, GDBusMethodInvocation *invocation, int id)
{
  if (!lk_agent_tray_menu_has (self, id))
    return_unknown (invocation, id);
  else
    lk_tray_dbusmenu_complete_about_to_show (self->skeleton, invocation,
                                             lk_agent_tray_menu_show (self));
  return TRUE;
}

static gboolean
handle_about_to_show_group (LkAgentTrayMenu *self, GDBusMethodInvocation *invocation,
                            GVariant *ids)
{
  gboolean changed = lk_agent_tray_menu_show (self);
  GVariantBuilder updates, unknown;
  GVariantIter iter;
  int id;

  g_variant_builder_init (&updates, G_VARIANT_TYPE ("ai"));
  g_variant_builder_init (&unknown, G_VARIANT_TYPE ("ai"));
  g_variant_iter_init (&iter, ids);
  while (g_variant_iter_next (&iter, "i", &id))
    if (!lk_agent_tray_menu_has (self, id))
      g_variant_builder_add (&unknown, "i", id);
    else if (changed)
      g_variant_builder_add (&updates, "i", id);
  lk_tray_dbusmenu_complete_about_to_show_group (self->skeleton, invocation,
                                                 g_variant_builder_end (&updates),
                                                 g_variant_builder_end (&unknown));
  return TRUE;
}

static void
lk_agent_tray_menu_dispose (GObject *object)
{
  LkAgentTrayMenu *self = LK_AGENT_TRAY_MENU (object);

  g_signal_handlers_disconnect_by_data (self->skeleton, self);
  if (g_dbus_interface_skeleton_get_connection (G_DBUS_INTERFACE_SKELETON (self->skeleton)) != NULL)
    g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  G_OBJECT_CLASS (lk_agent_tray_menu_parent_class)->dispose (object);
}

static void
lk_agent_tray_menu_finalize (GObject *object)
{
  LkAgentTrayMenu *self = LK_AGENT_TRAY_MENU (object);

  g_object_unref (self->skeleton);
  g_ptr_array_unref (self->items);
  G_OBJECT_CLASS (lk_agent_tray_menu_parent_class)->finalize (object);
}

static void
lk_agent_tray_menu_class_init (LkAgentTrayMenuClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lk_agent_tray_menu_dispose;
  object_class->finalize = lk_agent_tray_menu_finalize;
  signals[SIGNAL_CLICKED] = g_signal_new ("clicked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_ABOUT_TO_SHOW]
    = g_signal_new ("about-to-show", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
}

static gboolean
is_right_to_left (void)
{
  static const char * const languages[] = { "ar", "fa", "he", "ur", "yi", NULL };
  const char * const *wanted = g_get_language_names ();
  g_autofree char *language = g_strndup (wanted[0], strcspn (wanted[0], "_.@"));

  return g_strv_contains (languages, language);
}

static void
lk_agent_tray_menu_init (LkAgentTrayMenu *self)
{
  const char * const none[] = { NULL };

  self->revision = 1;
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_tray_item_free);
  self->skeleton = lk_tray_dbusmenu_skeleton_new ();
  lk_tray_dbusmenu_set_version (self->skeleton, PROTOCOL_VERSION);
  lk_tray_dbusmenu_set_text_direction (self->skeleton, is_right_to_left () ? "rtl" : "ltr");
  lk_tray_dbusmenu_set_status (self->skeleton, "normal");
  lk_tray_dbusmenu_set_icon_theme_path (self->skeleton, none);
  g_object_connect (self->skeleton,
                    "swapped-signal::handle-get-layout", handle_get_layout, self,
                    "swapped-signal::handle-get-group-properties", handle_get_group_properties,
                    self,
                    "swapped-signal::handle-get-property", handle_get_property, self,
                    "swapped-signal::handle-event", handle_event, self,
                    "swapped-signal::handle-event-group", handle_event_group, self,
                    "swapped-signal::handle-about-to-show", handle_about_to_show, self,
                    "swapped-signal::handle-about-to-show-group", handle_about_to_show_group, self,
                    NULL);
}

LkAgentTrayMenu *
lk_agent_tray_menu_new (void)
{
  return g_object_new (LK_TYPE_AGENT_TRAY_MENU, NULL);
}

gboolean
lk_agent_tray_menu_export (LkAgentTrayMenu *self, GDBusConnection *bus, GError **error)
{
  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), bus,
                                           LK_AGENT_TRAY_MENU_PATH, error);
}

static gboolean
are_same_lines (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (((const LkTrayItem *) a->pdata[i])->id != ((const LkTrayItem *) b->pdata[i])->id)
      return FALSE;
  return TRUE;
}

/* The lines of a kind keep their set of properties, so nothing is ever removed from one. */
static void
lk_agent_tray_menu_tell_properties (LkAgentTrayMenu *self, GPtrArray *old)
{
  GVariantBuilder updated;
  gboolean any = FALSE;

  g_variant_builder_init (&updated, G_VARIANT_TYPE ("a(ia{sv})"));
  for (guint i = 0; i < self->items->len; i++)
    {
      const LkTrayItem *item = self->items->pdata[i];

      if (g_variant_equal (item->properties, ((const LkTrayItem *) old->pdata[i])->properties))
        continue;
      g_variant_builder_add (&updated, "(i@a{sv})", item->id, item->properties);
      any = TRUE;
    }
  if (any)
    lk_tray_dbusmenu_emit_items_properties_updated (self->skeleton,
                                                    g_variant_builder_end (&updated),
                                                    g_variant_new ("a(ias)", NULL));
  else
    g_variant_builder_clear (&updated);
}

void
lk_agent_tray_menu_set_items (LkAgentTrayMenu *self, GPtrArray *items)
{
  g_autoptr(GPtrArray) old = g_steal_pointer (&self->items);

  self->items = items;
  if (are_same_lines (old, items))
    {
      lk_agent_tray_menu_tell_properties (self, old);
      return;
    }
  self->revision++;
  lk_tray_dbusmenu_emit_layout_updated (self->skeleton, self->revision, LK_TRAY_ITEM_ROOT);
}
