/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the refused call was about. */

#include "lk-enquiry-private.h"

#include <string.h>

/* Whether a call changes something; reports are made by POST, too, and only read. */
gboolean
lk_case_is_writing (const LkCase *self)
{
  static const char *const verbs[] = { "create", "update", "delete", "upload", "assign", "apply",
                                       "publish", "batch_bind" };

  if (self->path != NULL && g_str_has_prefix (self->path, "/report/"))
    return FALSE;
  if (self->fault->method != NULL)
    return !g_str_equal (self->fault->method, "GET") && !g_str_equal (self->fault->method, "HEAD");
  for (guint i = 0; self->path != NULL && i < G_N_ELEMENTS (verbs); i++)
    if (strstr (self->path, verbs[i]) != NULL)
      return TRUE;

  return FALSE;
}

const char *
lk_case_get_things (const LkCase *self)
{
  static const struct
  {
    const char *prefix;
    const char *word;
  } things[] = {
    { "/campaign/", "campaigns" },      { "/adgroup/", "ad-groups" },
    { "/ad/", "ads" },                  { "/dmp/", "audiences" },
    { "/audience/", "audiences" },      { "/file/", "creatives" },
    { "/creative/", "creatives" },      { "/pixel/", "pixels" },
    { "/catalog/", "catalogs" },        { "/optimizer/rule/", "rules" },
    { "/advertiser/", "accounts" },     { "/bc/member/", "members" },
    { "/bc/asset/", "members" },
  };

  if (self->path == NULL || !lk_case_is_writing (self))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (things); i++)
    if (g_str_has_prefix (self->path, things[i].prefix))
      return things[i].word;

  return NULL;
}

const char *
lk_case_get_asset (const LkCase *self, char **id)
{
  static const struct
  {
    const char *piece;
    const char *word;
  } assets[] = {
    { "operate this catalog", "catalog" },   { "operate the catalog", "catalog" },
    { "operate this pixel", "pixel" },       { "operate the pixel", "pixel" },
    { "operate this audience", "audience" }, { "operate this identity", "identity" },
    { "operate this shop", "shop" },         { "operate this store", "shop" },
    { "operate this tiktok account", "tiktok-account" },
    { "permission to catalog", "catalog" },  { "permission to pixel", "pixel" },
  };
  static LkPattern name = { .text = "(?:catalog|pixel|audience|identity|shop|store|account)"
                                    "[: (]+([0-9A-Za-z]*[0-9][0-9A-Za-z]*)\\b" };

  for (guint i = 0; i < G_N_ELEMENTS (assets); i++)
    {
      if (strstr (self->text, assets[i].piece) == NULL)
        continue;
      if (id != NULL)
        *id = lk_find_in_message (&name, self->fault->message);
      return assets[i].word;
    }

  return NULL;
}
