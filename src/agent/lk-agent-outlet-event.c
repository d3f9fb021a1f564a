/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-outlet.h"

#include <json-glib/json-glib.h>

#include "lk-clock.h"

LkAgentOutletEvent *
lk_agent_outlet_event_new (const char *kind, gint64 at)
{
  LkAgentOutletEvent *self = g_new0 (LkAgentOutletEvent, 1);

  self->kind = g_strdup (kind);
  self->at = at;
  return self;
}

void
lk_agent_outlet_event_free (LkAgentOutletEvent *self)
{
  g_free (self->kind);
  g_free (self->connection);
  g_free (self->name);
  g_free (self->provider);
  g_free (self->title);
  g_free (self->text);
  g_free (self->fault);
  g_free (self);
}

static void
add_text (JsonBuilder *builder, const char *key, const char *text)
{
  json_builder_set_member_name (builder, key);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_time (JsonBuilder *builder, const char *key, gint64 at)
{
  g_autofree char *text = at != 0 ? lk_time_to_string (at) : NULL;

  add_text (builder, key, text);
}

char *
lk_agent_outlet_event_dup_json (const LkAgentOutletEvent *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_text (builder, "event", self->kind);
  add_text (builder, "connection", self->connection);
  add_text (builder, "name", self->name);
  add_text (builder, "provider", self->provider);
  add_text (builder, "title", self->title);
  add_text (builder, "text", self->text);
  add_text (builder, "class", self->fault);
  add_time (builder, "ends", self->ends);
  add_time (builder, "at", self->at);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* What a program needs to be at home; all else of ours stays here. */
static gboolean
is_harmless (const char *name)
{
  static const char * const names[]
    = { "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "DISPLAY",
        "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", NULL };

  return g_strv_contains (names, name) || g_str_has_prefix (name, "LC_")
         || g_str_has_prefix (name, "XDG_");
}

static char **
set_text (char **environ, const char *name, const char *text)
{
  return g_environ_setenv (environ, name, text != NULL ? text : "", TRUE);
}

char **
lk_agent_outlet_event_dup_environ (const LkAgentOutletEvent *self, char **base)
{
  char **environ = g_new0 (char *, 1);
  g_autofree char *ends = self->ends != 0 ? lk_time_to_string (self->ends) : NULL;

  for (gsize i = 0; base[i] != NULL; i++)
    {
      const char *equals = g_strstr_len (base[i], -1, "=");
      g_autofree char *name
        = equals != NULL ? g_strndup (base[i], (gsize) (equals - base[i])) : NULL;

      if (name != NULL && is_harmless (name))
        environ = g_environ_setenv (environ, name, equals + 1, TRUE);
    }
  environ = set_text (environ, "LATCHKEY_EVENT", self->kind);
  environ = set_text (environ, "LATCHKEY_CONNECTION", self->connection);
  environ = set_text (environ, "LATCHKEY_NAME", self->name);
  environ = set_text (environ, "LATCHKEY_PROVIDER", self->provider);
  environ = set_text (environ, "LATCHKEY_TITLE", self->title);
  environ = set_text (environ, "LATCHKEY_TEXT", self->text);
  return set_text (environ, "LATCHKEY_ENDS", ends);
}
