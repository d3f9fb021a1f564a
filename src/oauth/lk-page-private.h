/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkPage: what the browser is told after a sign-in. Each is a small page without scripts.
 */
typedef enum
{
  LK_PAGE_DONE,
  LK_PAGE_DONE_NOTHING_REACHED,
  LK_PAGE_QUESTION,
  LK_PAGE_FAILED,
  LK_PAGE_STILL_WORKING,
  LK_PAGE_REFUSED,
  LK_PAGE_WRONG_STATE,
  LK_PAGE_NO_CODE,
  LK_PAGE_REPEATED,
  LK_PAGE_EXPIRED,
  LK_PAGE_CANCELLED,
  LK_PAGE_WRONG_PATH,
  LK_PAGE_WRONG_METHOD,
  LK_PAGE_WRONG_HOST,
} LkPage;

guint       lk_page_get_status (LkPage page);
char       *lk_page_render     (LkPage page, const char * const *details, const char *nonce);

G_END_DECLS
