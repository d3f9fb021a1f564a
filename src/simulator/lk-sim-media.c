/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-media.h"

#define TRANSCODING 20

static void
lk_sim_video_free (LkSimVideo *self)
{
  g_free (self->id);
  g_free (self->advertiser);
  g_free (self->name);
  g_free (self);
}

LkSimMedia *
lk_sim_media_new (void)
{
  LkSimMedia *self = g_new0 (LkSimMedia, 1);

  self->videos = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_sim_video_free);
  self->transcoding = TRANSCODING;
  return self;
}

void
lk_sim_media_free (LkSimMedia *self)
{
  g_ptr_array_unref (self->videos);
  g_free (self);
}

void
lk_sim_media_clear (LkSimMedia *self)
{
  g_ptr_array_set_size (self->videos, 0);
  self->transcoding = TRANSCODING;
  self->spoil = FALSE;
}

/* @id: (nullable): %NULL makes one up in TikTok's form */
LkSimVideo *
lk_sim_media_add (LkSimMedia *self,
                  const char *id,
                  const char *advertiser,
                  const char *name,
                  gint64      now)
{
  LkSimVideo *video = g_new0 (LkSimVideo, 1);

  video->id = id != NULL ? g_strdup (id)
                         : g_strdup_printf ("v10033g50000%08xsim%05x", g_random_int (),
                                            self->videos->len);
  video->advertiser = g_strdup (advertiser);
  video->name = g_strdup (name);
  video->ready_at = now + self->transcoding * G_USEC_PER_SEC;
  video->invalid = self->spoil;
  g_ptr_array_add (self->videos, video);
  return video;
}

/* @advertiser: (nullable): %NULL for any */
LkSimVideo *
lk_sim_media_find (LkSimMedia *self,
                   const char *advertiser,
                   const char *id)
{
  for (guint i = 0; i < self->videos->len; i++)
    {
      LkSimVideo *video = g_ptr_array_index (self->videos, i);

      if (g_strcmp0 (video->id, id) == 0 &&
          (advertiser == NULL || g_str_equal (video->advertiser, advertiser)))
        return video;
    }
  return NULL;
}

gboolean
lk_sim_media_has_name (LkSimMedia *self,
                       const char *advertiser,
                       const char *name)
{
  for (guint i = 0; i < self->videos->len; i++)
    {
      LkSimVideo *video = g_ptr_array_index (self->videos, i);

      if (g_str_equal (video->advertiser, advertiser) && g_strcmp0 (video->name, name) == 0)
        return TRUE;
    }
  return FALSE;
}
