/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkSimVideo:
 * @ready_at: microseconds of the simulator's clock at which transcoding ends
 * @invalid: whether it then turns out not to meet the specifications
 */
typedef struct
{
  char     *id;
  char     *advertiser;
  char     *name;
  gint64    ready_at;
  gboolean  invalid;
} LkSimVideo;

/**
 * LkSimMedia:
 * @transcoding: seconds that a new video takes
 * @spoil: whether new videos turn out invalid
 */
typedef struct
{
  GPtrArray *videos;
  gint64     transcoding;
  gboolean   spoil;
} LkSimMedia;

LkSimMedia *lk_sim_media_new       (void);
void        lk_sim_media_free      (LkSimMedia *self);
void        lk_sim_media_clear     (LkSimMedia *self);
LkSimVideo *lk_sim_media_add       (LkSimMedia *self, const char *id, const char *advertiser,
                                    const char *name, gint64 now);
LkSimVideo *lk_sim_media_find      (LkSimMedia *self, const char *advertiser, const char *id);
gboolean    lk_sim_media_has_name  (LkSimMedia *self, const char *advertiser, const char *name);

G_END_DECLS
