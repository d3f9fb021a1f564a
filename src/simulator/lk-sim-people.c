/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-people.h"

static const LkSimUser users[] = {
  { 1, "Mira Holt", "mira.holt", "m***t@fernhill.example", "7100000000000000001",
    "Fernhill, out of doors since 1998", 48210 },
  { 2, "Jonas Weber", "jonas.weber", "j***r@agency.example", "7100000000000000002",
    "Reads the numbers", 1204 },
  { 3, "Sam Rivera", "samrivera", "s***a@mail.example", "7100000000000000003",
    "New here", 12 },
};

static const LkSimAdvertiser advertisers[] = {
  { "7000000000000000001", "Fernhill Outdoor", "Fernhill Ltd", "EUR", "Europe/Berlin", "DE" },
  { "7000000000000000002", "Fernhill Kids", "Fernhill Ltd", "EUR", "Europe/Berlin", "DE" },
  { "7000000000000000003", "Harbour Coffee", "Harbour Coffee Roasters", "GBP", "Europe/London",
    "GB" },
  { "7000000000000000004", "Lumen Lamps", "Lumen Lamps Inc", "USD", "America/New_York", "US" },
};

/* The third person reaches nothing: signing in as Sam gives a token without advertisers. */
static const LkSimStartRole start_roles[] = {
  { 1, "7000000000000000001", "ADMIN" },
  { 1, "7000000000000000002", "OPERATOR" },
  { 1, "7000000000000000003", "ANALYST" },
  { 2, "7000000000000000003", "ANALYST" },
};

const LkSimUser *
lk_sim_users (gsize *n)
{
  *n = G_N_ELEMENTS (users);
  return users;
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

const LkSimStartRole *
lk_sim_start_roles (gsize *n)
{
  *n = G_N_ELEMENTS (start_roles);
  return start_roles;
}
