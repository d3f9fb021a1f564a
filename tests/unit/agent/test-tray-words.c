/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "../../../src/agent/lk-agent-tray-words.h"

/* Which state the icon has, and what it says: the most urgent wins, and a pause hides no need. */
static void
test_states (void)
{
  static const struct
  {
    gboolean    paused, shy;
    guint       attention, ending, fine;
    const char *status, *icon, *title;
  } rows[] = {
    { FALSE, FALSE, 0, 0, 0, "Passive", "-fine-symbolic", "Latchkey" },
    { FALSE, FALSE, 0, 0, 47, "Active", "-fine-symbolic", "Latchkey" },
    { FALSE, TRUE, 0, 0, 47, "Passive", "-fine-symbolic", "Latchkey" },
    { FALSE, TRUE, 0, 1, 47, "Active", "-ending-symbolic", "Latchkey" },
    { FALSE, TRUE, 2, 1, 47, "NeedsAttention", "-attention-symbolic", "Latchkey needs you" },
    { TRUE, TRUE, 0, 0, 47, "Active", "-paused-symbolic", "Latchkey is paused" },
    { TRUE, FALSE, 0, 1, 47, "Active", "-paused-symbolic", "Latchkey is paused" },
    { TRUE, FALSE, 1, 0, 0, "NeedsAttention", "-attention-symbolic", "Latchkey needs you" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(LkTrayFacts) facts = lk_tray_facts_new ();

      facts->paused = rows[i].paused;
      facts->shy = rows[i].shy;
      facts->attention = rows[i].attention;
      facts->ending = rows[i].ending;
      facts->fine = rows[i].fine;
      g_test_message ("row %zu", i);
      g_assert_cmpstr (lk_tray_facts_get_status (facts), ==, rows[i].status);
      g_assert_true (g_str_has_prefix (lk_tray_facts_get_icon (facts), LK_APP_ID));
      g_assert_true (g_str_has_suffix (lk_tray_facts_get_icon (facts), rows[i].icon));
      g_assert_cmpstr (lk_tray_facts_get_title (facts), ==, rows[i].title);
    }
}

static void
test_text (void)
{
  g_autoptr(LkTrayFacts) facts = lk_tray_facts_new ();
  g_autofree char *starting = lk_tray_facts_dup_text (facts);
  g_autofree char *full = NULL;

  g_assert_cmpstr (starting, ==, "Latchkey is starting…");
  facts->loaded = TRUE;
  facts->paused = TRUE;
  facts->attention = 2;
  facts->ending = 1;
  facts->fine = 47;
  facts->next_end = 1795521600;
  facts->next_end_name = g_strdup ("@kitchen.lab");
  full = lk_tray_facts_dup_text (facts);
  g_assert_cmpstr (full, ==,
                   "2 connections need you. 1 ends this week. 47 are fine.\n"
                   "Paused: nothing is renewed or checked.\n"
                   "Next to end: @kitchen.lab, on Tuesday 24 November 2026.");
}

static char *
dup_label (GPtrArray *items, guint i)
{
  char *label = NULL;

  if (i < items->len)
    g_variant_lookup (((const LkTrayItem *) items->pdata[i])->properties, "label", "s", &label);
  return label;
}

static void
assert_label (GPtrArray *items, guint i, const char *expected)
{
  g_autofree char *label = dup_label (items, i);

  g_assert_cmpstr (label, ==, expected);
}

static void
add_need (LkTrayFacts *facts, const char *name, LkHealth health, LkConnectionAction action)
{
  LkTrayNeed *need = lk_tray_need_new (name, name, health, action);

  need->item = LK_TRAY_ITEM_FIRST_NEED + (int) facts->needs->len + 1;
  g_ptr_array_add (facts->needs, need);
}

/* Who needs the person comes first, by name; what is too much for a menu is a line of its own. */
static void
test_menu (void)
{
  g_autoptr(LkTrayFacts) facts = lk_tray_facts_new ();
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GPtrArray) many = NULL;

  facts->loaded = TRUE;
  facts->attention = 4;
  facts->ending = 1;
  add_need (facts, "@kitchen.lab", LK_HEALTH_ENDING, LK_CONNECTION_ACTION_SIGN_IN_AGAIN);
  add_need (facts, "b_c", LK_HEALTH_ATTENTION, LK_CONNECTION_ACTION_RECONNECT);
  add_need (facts, "a", LK_HEALTH_ATTENTION, LK_CONNECTION_ACTION_FIX);
  add_need (facts, "d", LK_HEALTH_ATTENTION, LK_CONNECTION_ACTION_UNLOCK);
  add_need (facts, "an account with a name that is by far too long for a menu",
            LK_HEALTH_ATTENTION, LK_CONNECTION_ACTION_RECONNECT);
  lk_tray_facts_sort (facts);
  items = lk_tray_facts_list_items (facts);
  assert_label (items, 0, "4 connections need you. 1 ends this week.");
  assert_label (items, 1, NULL);
  assert_label (items, 2, "Fix “a”…");
  assert_label (items, 3, "Reconnect “an account with a name that is by far t…”…");
  assert_label (items, 4, "Reconnect “b__c”…");
  assert_label (items, 5, "Unlock the Keyring for “d”…");
  assert_label (items, 6, "Sign In to “@kitchen.lab” Again…");
  assert_label (items, 7, NULL);
  assert_label (items, 8, "_Renew All");
  g_assert_cmpuint (items->len, ==, 13);

  for (guint i = 0; i < 15; i++)
    {
      g_autofree char *name = g_strdup_printf ("e%02u", i);

      add_need (facts, name, LK_HEALTH_ATTENTION, LK_CONNECTION_ACTION_FIX);
    }
  many = lk_tray_facts_list_items (facts);
  assert_label (many, 2 + LK_TRAY_NEEDS_MAX, "And 12 More…");
  assert_label (many, 4 + LK_TRAY_NEEDS_MAX, "_Renew All");
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tray-words/states", test_states);
  g_test_add_func ("/tray-words/text", test_text);
  g_test_add_func ("/tray-words/menu", test_menu);
  return g_test_run ();
}
