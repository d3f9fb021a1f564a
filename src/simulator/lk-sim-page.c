/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-page.h"

#include "lk-sim-resources.h"

/**
 * lk_sim_append:
 *
 * Appends to @html; each argument is escaped, @format is not.
 */
void
lk_sim_append (GString    *html,
               const char *format,
               ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_markup_vprintf_escaped (format, args);
  va_end (args);
  g_string_append (html, text);
}

/* Answers with the house's page around @body, which is HTML. */
void
lk_sim_page_reply (LkSimReply *reply,
                   guint       status,
                   const char *title,
                   const char *body)
{
  GResource *resource = lk_sim_get_resource ();
  g_autoptr(GBytes) bytes =
    g_resource_lookup_data (resource, "/io/github/latchkey_app/Latchkey/simulator/page.html",
                            G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *name = g_markup_escape_text (title, -1);
  g_autoptr(GString) page = NULL;

  page = g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_string_replace (page, "@TITLE@", name, 1);
  g_string_replace (page, "@BODY@", body, 1);
  lk_sim_reply_html (reply, status, g_strdup (page->str));
}
