/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-event-filter.h"

#include <glib/gi18n.h>

#include "lk-day-words.h"

#define SIGN_IN LK_EVENT_GROUP_SIGN_INS
#define RENEWAL LK_EVENT_GROUP_RENEWALS
#define REFUSAL LK_EVENT_GROUP_REFUSALS
#define CHECK LK_EVENT_GROUP_CHECKS
#define HAND_OUT LK_EVENT_GROUP_HAND_OUTS
#define CHANGE LK_EVENT_GROUP_CHANGES
#define FIX LK_EVENT_GROUP_FIXES
#define WARNING_ICON "dialog-warning-symbolic"

/* The first label is the icon's. */
static const struct
{
  const char *kind;
  guint       groups;
  const char *icon;
  const char *label;
} kinds[] = {
  { "signed-in", SIGN_IN, "avatar-default-symbolic", N_("Sign-in") },
  { "reconnected", SIGN_IN, "avatar-default-symbolic", N_("Sign-in") },
  { "revoked", SIGN_IN | CHANGE, "action-unavailable-symbolic", N_("Sign-in") },
  { "renewed", RENEWAL, "view-refresh-symbolic", N_("Renewal") },
  { "renewal-failed", RENEWAL | REFUSAL, WARNING_ICON, N_("Renewal that failed") },
  { "recovered", RENEWAL, "view-refresh-symbolic", N_("Renewal") },
  { "verified", CHECK, "emblem-ok-symbolic", N_("Check") },
  { "verify-failed", CHECK | REFUSAL, WARNING_ICON, N_("Check that failed") },
  { "diagnosed", CHECK, "system-search-symbolic", N_("Check") },
  { "call-refused", REFUSAL, WARNING_ICON, N_("Refusal") },
  { "call-repeated", REFUSAL, "edit-redo-symbolic", N_("Refusal, and another try") },
  { "circuit-opened", REFUSAL, "media-playback-pause-symbolic", N_("Pause") },
  { "circuit-closed", REFUSAL, "media-playback-start-symbolic", N_("End of a pause") },
  { "handed-out", HAND_OUT, "latchkey-key-symbolic", N_("Token handed out") },
  { "renamed", CHANGE, "document-edit-symbolic", N_("Change") },
  { "removed", CHANGE, "user-trash-symbolic", N_("Change") },
  { "restored", CHANGE, "edit-undo-symbolic", N_("Change") },
  { "lifetime-changed", CHANGE | RENEWAL, "document-edit-symbolic", N_("Change") },
  { "accounts-changed", CHANGE, "document-edit-symbolic", N_("Change") },
  { "roles-changed", CHANGE, "document-edit-symbolic", N_("Change") },
  { "renewals-slowed", CHANGE | RENEWAL, "document-edit-symbolic", N_("Change") },
  { "scopes-changed", CHANGE, "document-edit-symbolic", N_("Change") },
  { "roles-changed", CHANGE, "document-edit-symbolic", N_("Change") },
  { "accounts-changed", CHANGE, "document-edit-symbolic", N_("Change") },
  { "moved-away", CHANGE, "send-to-symbolic", N_("Change") },
  { "taken-back", CHANGE, "edit-undo-symbolic", N_("Change") },
  { "restored-backup", CHANGE, "document-open-symbolic", N_("Change") },
  { "remedy-started", FIX, "emblem-system-symbolic", N_("Fix") },
  { "remedy-step", FIX, "emblem-system-symbolic", N_("Fix") },
  { "permission-appeared", FIX | CHANGE, "emblem-ok-symbolic", N_("Fix") },
  { "remedy-done", FIX, "emblem-ok-symbolic", N_("Fix") },
};

static const char * const group_labels[LK_N_EVENT_GROUPS] = {
  N_("Sign-Ins"), N_("Renewals"), N_("Refusals"), N_("Checks"), N_("Tokens Handed Out"),
  N_("Changes"), N_("Fixes"),
};

const char *
lk_event_groups_get_label (LkEventGroups group)
{
  for (guint i = 0; i < LK_N_EVENT_GROUPS; i++)
    if (group == 1u << i)
      return _(group_labels[i]);
  return "";
}

char *
lk_event_groups_dup_label (LkEventGroups groups)
{
  guint n = (guint) __builtin_popcount (groups);

  if (n == 0)
    return g_strdup (_("All Events"));
  if (n == 1)
    return g_strdup (lk_event_groups_get_label (groups));
  return g_strdup_printf (ngettext ("%u Kind", "%u Kinds", n), n);
}

LkEventGroups
lk_event_groups_of (const char *kind)
{
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kind, kinds[i].kind) == 0)
      return kinds[i].groups;
  return 0;
}

const char *
lk_event_kind_get_icon (const char *kind)
{
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kind, kinds[i].kind) == 0)
      return kinds[i].icon;
  return "dialog-information-symbolic";
}

const char *
lk_event_kind_get_label (const char *kind)
{
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kind, kinds[i].kind) == 0)
      return _(kinds[i].label);
  return _("Event");
}

gboolean
lk_event_kind_is_trouble (const char *kind)
{
  return g_strcmp0 (lk_event_kind_get_icon (kind), WARNING_ICON) == 0;
}

LkEventFilter *
lk_event_filter_new (void)
{
  return g_new0 (LkEventFilter, 1);
}

LkEventFilter *
lk_event_filter_copy (const LkEventFilter *self)
{
  LkEventFilter *copy = g_memdup2 (self, sizeof *self);

  copy->connection = g_strdup (self->connection);
  copy->connection_name = g_strdup (self->connection_name);
  copy->search = g_strdup (self->search);
  return copy;
}

void
lk_event_filter_free (LkEventFilter *self)
{
  g_free (self->connection);
  g_free (self->connection_name);
  g_free (self->search);
  g_free (self);
}

static gboolean
is_empty (const char *text)
{
  return text == NULL || *text == '\0';
}

gboolean
lk_event_filter_is_open (const LkEventFilter *self)
{
  return is_empty (self->connection) && self->groups == 0 && self->period == LK_EVENT_PERIOD_ALL
         && is_empty (self->search);
}

char *
lk_event_filter_dup_period (const LkEventFilter *self, gint64 now)
{
  switch (self->period)
    {
    case LK_EVENT_PERIOD_TODAY: return g_strdup (_("Today"));
    case LK_EVENT_PERIOD_WEEK:  return g_strdup (_("Last 7 Days"));
    case LK_EVENT_PERIOD_MONTH: return g_strdup (_("Last 30 Days"));
    case LK_EVENT_PERIOD_SPAN:  return lk_day_words_dup_span (self->since, self->until, now);
    case LK_EVENT_PERIOD_ALL:
    default:                    return g_strdup (_("All Time"));
    }
}

/* Today is one of the seven days. */
static gint64
get_since (const LkEventFilter *self, gint64 now)
{
  switch (self->period)
    {
    case LK_EVENT_PERIOD_TODAY: return lk_day_get_start (now, 0);
    case LK_EVENT_PERIOD_WEEK:  return lk_day_get_start (now, -6);
    case LK_EVENT_PERIOD_MONTH: return lk_day_get_start (now, -29);
    case LK_EVENT_PERIOD_SPAN:  return self->since;
    case LK_EVENT_PERIOD_ALL:
    default:                    return 0;
    }
}

static GVariant *
dup_kinds (LkEventGroups groups)
{
  g_auto(GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("as"));

  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    if ((kinds[i].groups & groups) != 0)
      g_variant_builder_add (&builder, "s", kinds[i].kind);
  return g_variant_builder_end (&builder);
}

GVariant *
lk_event_filter_to_options (const LkEventFilter *self, gint64 now)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  gint64 since = get_since (self, now);

  if (!is_empty (self->connection))
    g_variant_dict_insert (&dict, "connection", "s", self->connection);
  if (self->groups != 0)
    g_variant_dict_insert_value (&dict, "kinds", dup_kinds (self->groups));
  if (!is_empty (self->search))
    g_variant_dict_insert (&dict, "search", "s", self->search);
  if (since != 0)
    g_variant_dict_insert (&dict, "since", "x", since);
  if (self->period == LK_EVENT_PERIOD_SPAN)
    g_variant_dict_insert (&dict, "until", "x", self->until);
  return g_variant_dict_end (&dict);
}
