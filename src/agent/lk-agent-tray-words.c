/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-tray-words.h"

#include <glib/gi18n-lib.h>

#include "lk-summary-words.h"

/* A name in the menu, in characters: menus do not wrap. */
#define SHOWN_NAME 40

static void
lk_tray_need_free (LkTrayNeed *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

LkTrayNeed *
lk_tray_need_new (const char *id, const char *name, LkHealth health, LkConnectionAction action)
{
  LkTrayNeed *self = g_new0 (LkTrayNeed, 1);

  self->id = g_strdup (id);
  self->name = g_strdup (name != NULL ? name : id);
  self->health = health;
  self->action = action;
  return self;
}

LkTrayFacts *
lk_tray_facts_new (void)
{
  LkTrayFacts *self = g_new0 (LkTrayFacts, 1);

  self->needs = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_tray_need_free);
  return self;
}

void
lk_tray_facts_free (LkTrayFacts *self)
{
  g_ptr_array_unref (self->needs);
  g_free (self->next_end_name);
  g_free (self);
}

void
lk_tray_item_free (LkTrayItem *self)
{
  g_variant_unref (self->properties);
  g_free (self);
}

static int
compare_needs (gconstpointer a, gconstpointer b)
{
  const LkTrayNeed *first = *(const LkTrayNeed * const *) a;
  const LkTrayNeed *second = *(const LkTrayNeed * const *) b;

  if (first->health != second->health)
    return first->health > second->health ? -1 : 1;
  return g_utf8_collate (first->name, second->name);
}

void
lk_tray_facts_sort (LkTrayFacts *self)
{
  g_ptr_array_sort (self->needs, compare_needs);
}

/**
 * lk_tray_facts_get_status:
 *
 * Returns: as StatusNotifierItem has it. Most panels hide what is passive altogether, so that is
 *   kept for when there is nothing to look after, or nothing to say and the person wants it so.
 */
const char *
lk_tray_facts_get_status (const LkTrayFacts *self)
{
  if (self->attention > 0)
    return "NeedsAttention";
  if (self->paused || self->ending > 0)
    return "Active";
  return self->fine > 0 && !self->shy ? "Active" : "Passive";
}

/* Names that a Flatpak may show outside begin with the application's. */
const char *
lk_tray_facts_get_icon (const LkTrayFacts *self)
{
  if (self->attention > 0)
    return LK_APP_ID "-attention-symbolic";
  if (self->paused)
    return LK_APP_ID "-paused-symbolic";
  return self->ending > 0 ? LK_APP_ID "-ending-symbolic" : LK_APP_ID "-fine-symbolic";
}

const char *
lk_tray_facts_get_title (const LkTrayFacts *self)
{
  if (self->attention > 0)
    return _("Latchkey needs you");
  return self->paused ? _("Latchkey is paused") : "Latchkey";
}

static char *
dup_sentence (const LkTrayFacts *self)
{
  if (!self->loaded)
    return g_strdup (_("Latchkey is starting…"));
  return lk_summary_words_dup (self->attention, self->ending, self->fine);
}

/* The day rather than how long it takes: the panel is not told when a day goes by. */
static char *
dup_next_end (const LkTrayFacts *self)
{
  g_autoptr(GDateTime) end = NULL;
  g_autofree char *day = NULL;

  if (self->next_end <= 0 || self->next_end_name == NULL)
    return NULL;
  end = g_date_time_new_from_unix_local (self->next_end);
  if (end == NULL)
    return NULL;
  /* Translators: a day, such as "Tuesday 24 November 2026"; see the manual of strftime. */
  day = g_date_time_format (end, _("%A %-e %B %Y"));
  /* Translators: the name of a connection, then a day. */
  return g_strdup_printf (_("Next to end: %s, on %s."), self->next_end_name, day);
}

char *
lk_tray_facts_dup_text (const LkTrayFacts *self)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  char *next = dup_next_end (self);

  g_ptr_array_add (lines, dup_sentence (self));
  if (self->paused)
    g_ptr_array_add (lines, g_strdup (_("Paused: nothing is renewed or checked.")));
  if (next != NULL)
    g_ptr_array_add (lines, next);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

/* An underscore in a menu marks a key. */
static char *
dup_menu_name (const char *name)
{
  g_autofree char *cut = NULL;
  g_auto(GStrv) parts = NULL;

  if (g_utf8_strlen (name, -1) > SHOWN_NAME)
    {
      g_autofree char *start = g_utf8_substring (name, 0, SHOWN_NAME - 1);

      cut = g_strconcat (start, "…", NULL);
    }
  parts = g_strsplit (cut != NULL ? cut : name, "_", -1);
  return g_strjoinv ("__", parts);
}

static char *
dup_need_label (const LkTrayNeed *need)
{
  g_autofree char *name = dup_menu_name (need->name);

  switch (need->action)
    {
    case LK_CONNECTION_ACTION_UNLOCK:
      /* Translators: %s is the name of a connection, here and below. */
      return g_strdup_printf (_("Unlock the Keyring for “%s”…"), name);
    case LK_CONNECTION_ACTION_RECONNECT:
      return g_strdup_printf (_("Reconnect “%s”…"), name);
    case LK_CONNECTION_ACTION_SIGN_IN_AGAIN:
      return g_strdup_printf (_("Sign In to “%s” Again…"), name);
    case LK_CONNECTION_ACTION_FIX:
      return g_strdup_printf (_("Fix “%s”…"), name);
    case LK_CONNECTION_ACTION_TAKE_BACK:
    case LK_CONNECTION_ACTION_USE_HERE:
    case LK_CONNECTION_ACTION_NONE:
    default:
      return g_strdup (name);
    }
}

static void
add_item (GPtrArray *items, int id, GVariant *properties)
{
  LkTrayItem *item = g_new0 (LkTrayItem, 1);

  item->id = id;
  item->properties = g_variant_ref_sink (properties);
  g_ptr_array_add (items, item);
}

static void
add_rule (GPtrArray *items, int id)
{
  add_item (items, id, g_variant_new_parsed ("{'type': <'separator'>}"));
}

static void
add_line (GPtrArray *items, int id, const char *label, gboolean enabled)
{
  add_item (items, id, g_variant_new_parsed ("{'label': <%s>, 'enabled': <%b>}", label, enabled));
}

static void
add_needs (const LkTrayFacts *self, GPtrArray *items)
{
  guint shown = MIN (self->needs->len, LK_TRAY_NEEDS_MAX);
  guint more = self->needs->len - shown;

  if (shown == 0)
    return;
  add_rule (items, LK_TRAY_ITEM_NEEDS_RULE);
  for (guint i = 0; i < shown; i++)
    {
      const LkTrayNeed *need = self->needs->pdata[i];
      g_autofree char *label = dup_need_label (need);

      add_line (items, need->item, label, TRUE);
    }
  if (more > 0)
    {
      g_autofree char *label = g_strdup_printf (ngettext ("And %u More…", "And %u More…", more),
                                                more);

      add_line (items, LK_TRAY_ITEM_MORE, label, TRUE);
    }
}

GPtrArray *
lk_tray_facts_list_items (const LkTrayFacts *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_tray_item_free);
  g_autofree char *sentence = dup_sentence (self);
  gboolean any = self->attention + self->ending + self->fine > 0;

  add_line (items, LK_TRAY_ITEM_SENTENCE, sentence, FALSE);
  add_needs (self, items);
  add_rule (items, LK_TRAY_ITEM_WORK_RULE);
  add_line (items, LK_TRAY_ITEM_RENEW_ALL, _("_Renew All"), any);
  add_item (items, LK_TRAY_ITEM_PAUSE,
            g_variant_new_parsed ("{'label': <%s>, 'enabled': <true>, "
                                  "'toggle-type': <'checkmark'>, 'toggle-state': <%i>}",
                                  _("_Pause Everything"), self->paused ? 1 : 0));
  add_rule (items, LK_TRAY_ITEM_END_RULE);
  add_line (items, LK_TRAY_ITEM_OPEN, _("_Open Latchkey"), TRUE);
  add_line (items, LK_TRAY_ITEM_QUIT, _("_Quit"), TRUE);
  return items;
}
