/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-people.h"

/* The first three sign in on the consent page; the others run Business Centers. */
#define SIGN_IN_USERS 3

static const LkSimUser users[] = {
  { 1, "Mira Holt", "mira.holt", "m***t@fernhill.example", "m.holt@fernhill.example",
    "7100000000000000001", "Fernhill, out of doors since 1998", 48210 },
  { 2, "Jonas Weber", "jonas.weber", "j***r@agency.example", "jonas.weber@agency.example",
    "7100000000000000002", "Reads the numbers", 1204 },
  { 3, "Sam Rivera", "samrivera", "s***a@mail.example", "samrivera@mail.example",
    "7100000000000000003", "New here", 12 },
  { 4, "Anna Becker", "anna.becker", "a***r@harbour.example", "anna.becker@harbour.example",
    "7100000000000000004", "Coffee, mostly", 310 },
  { 5, "Leo Park", "leo.park", "l***k@lumen.example", "leo.park@lumen.example",
    "7100000000000000005", "Lamps", 95 },
};

static const LkSimAdvertiser advertisers[] = {
  { "7000000000000000001", "Fernhill Outdoor", "Fernhill Ltd", "EUR", "Europe/Berlin", "DE" },
  { "7000000000000000002", "Fernhill Kids", "Fernhill Ltd", "EUR", "Europe/Berlin", "DE" },
  { "7000000000000000003", "Harbour Coffee", "Harbour Coffee Roasters", "GBP", "Europe/London",
    "GB" },
  { "7000000000000000004", "Lumen Lamps", "Lumen Lamps Inc", "USD", "America/New_York", "US" },
};

/* Those whom the consent page offers. */
const LkSimUser *
lk_sim_users (gsize *n)
{
  *n = SIGN_IN_USERS;
  return users;
}

const LkSimUser *
lk_sim_people (gsize *n)
{
  *n = G_N_ELEMENTS (users);
  return users;
}

const LkSimUser *
lk_sim_find_core_user (const char *core_user_id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    {
      if (g_strcmp0 (users[i].core_user_id, core_user_id) == 0)
        return &users[i];
    }
  return NULL;
}

const LkSimUser *
lk_sim_find_user (guint number)
{
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    {
      if (users[i].number == number)
        return &users[i];
    }
  return NULL;
}

const LkSimAdvertiser *
lk_sim_advertisers (gsize *n)
{
  *n = G_N_ELEMENTS (advertisers);
  return advertisers;
}

const LkSimAdvertiser *
lk_sim_find_advertiser (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (advertisers); i++)
    {
      if (g_strcmp0 (advertisers[i].id, id) == 0)
        return &advertisers[i];
    }
  return NULL;
}
