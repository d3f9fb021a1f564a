/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/* There are thousands of these: what is not always needed is not kept. */
struct _LkAgentConnection
{
  GObject             parent_instance;

  LkAgentContext     *context;   /* (owned) */
  LkConnectionRecord *record;    /* (owned) */
  LkTokenSet         *tokens;    /* (owned) (nullable): once read */
  guint64            *told;      /* (owned) (nullable): while on the bus, a digest of each property
                                  * as the bus knows it */
  const char         *busy;      /* a literal */
  char               *doubted;   /* (owned) (nullable): path that called the token dead last */
  gint64              doubted_at;
  gint64              retry_at;  /* no renewal by itself before */
  gint64              next_probe; /* seconds since 1970 UTC; 0 for never */
  guint               failures;  /* of renewals, in a row */
  gboolean            circuit_open;
};

G_END_DECLS
