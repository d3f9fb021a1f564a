/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The made-up people and companies of the simulator. They never change; what a person may do with
 * an advertiser does, and follows from the Business Centers. */

typedef struct
{
  guint       number;
  const char *name;
  const char *username;
  const char *email; /* masked, as /user/info/ shows it */
  const char *mail;  /* whole, as a Business Center shows it to its admins */
  const char *core_user_id;
  const char *bio;
  int         followers;
} LkSimUser;

typedef struct
{
  const char *id;
  const char *name;
  const char *company;
  const char *currency;
  const char *timezone;
  const char *country;
} LkSimAdvertiser;

const LkSimUser       *lk_sim_users           (gsize *n);
const LkSimUser       *lk_sim_people          (gsize *n);
const LkSimUser       *lk_sim_find_user       (guint number);
const LkSimUser       *lk_sim_find_core_user  (const char *core_user_id);
const LkSimAdvertiser *lk_sim_advertisers     (gsize *n);
const LkSimAdvertiser *lk_sim_find_advertiser (const char *id);

G_END_DECLS
