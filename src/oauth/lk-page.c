/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-page-private.h"

#include <glib/gi18n-lib.h>

#include "lk-oauth-resources.h"

#define TEMPLATE "/io/github/latchkey_app/Latchkey/oauth/lk-page.html"

typedef enum
{
  TONE_GOOD,
  TONE_CARE,
  TONE_BAD,
} Tone;

static const struct
{
  guint       status;
  Tone        tone;
  const char *heading;
  const char *text;
} pages[] = {
  [LK_PAGE_DONE] = {
    200, TONE_GOOD, N_("You are signed in"),
    N_("Latchkey has received access and checked it. You can close this tab and go back to "
       "Latchkey."),
  },
  [LK_PAGE_DONE_NOTHING_REACHED] = {
    200, TONE_CARE, N_("You are signed in, but no account was shared"),
    N_("Access was granted, yet it reaches no account. Go back to Latchkey: it shows what to do. "
       "You can close this tab."),
  },
  [LK_PAGE_QUESTION] = {
    200, TONE_CARE, N_("This is another login than before"),
    N_("Latchkey has not replaced anything yet. Go back to Latchkey and choose whether to use this "
       "login. You can close this tab."),
  },
  [LK_PAGE_FAILED] = {
    200, TONE_BAD, N_("The sign-in did not work"),
    N_("The answer came back, but it could not be turned into access. Go back to Latchkey: it "
       "shows why and what to do next. You can close this tab."),
  },
  [LK_PAGE_STILL_WORKING] = {
    200, TONE_CARE, N_("Latchkey is still finishing"),
    N_("Latchkey has the answer and is exchanging it for access, which takes longer than usual. Go "
       "back to Latchkey to see how it ends. You can close this tab."),
  },
  [LK_PAGE_REFUSED] = {
    200, TONE_CARE, N_("Access was not granted"),
    N_("The request was declined, so Latchkey got no access. Go back to Latchkey if you want to "
       "try again. You can close this tab."),
  },
  [LK_PAGE_WRONG_STATE] = {
    400, TONE_BAD, N_("This answer belongs to another sign-in"),
    N_("Latchkey did not use it and keeps waiting for the right one. Go back to Latchkey and "
       "open the sign-in page from there. You can close this tab."),
  },
  [LK_PAGE_NO_CODE] = {
    400, TONE_BAD, N_("The answer was incomplete"),
    N_("It carried no code, so Latchkey did not use it and keeps waiting. Go back to Latchkey and "
       "open the sign-in page again. You can close this tab."),
  },
  [LK_PAGE_REPEATED] = {
    409, TONE_CARE, N_("This answer was used already"),
    N_("Each answer works once, and Latchkey has it. Go back to Latchkey to see how it ended. You "
       "can close this tab."),
  },
  [LK_PAGE_EXPIRED] = {
    410, TONE_CARE, N_("This sign-in took too long"),
    N_("For your safety Latchkey stopped waiting. Go back to Latchkey and start the sign-in again. "
       "You can close this tab."),
  },
  [LK_PAGE_CANCELLED] = {
    410, TONE_CARE, N_("This sign-in was cancelled"),
    N_("It was cancelled in Latchkey, so the answer was not used. You can close this tab."),
  },
  [LK_PAGE_WRONG_PATH] = {
    404, TONE_BAD, N_("Nothing is here"),
    N_("Latchkey is waiting for a sign-in, but not at this address. You can close this tab."),
  },
  [LK_PAGE_WRONG_METHOD] = {
    405, TONE_BAD, N_("This is not how an answer arrives"),
    N_("Latchkey did not use it and keeps waiting. You can close this tab."),
  },
  [LK_PAGE_WRONG_HOST] = {
    403, TONE_BAD, N_("This request came in under another name"),
    N_("Latchkey answers only to this computer and did not use the request. You can close this "
       "tab."),
  },
};

G_STATIC_ASSERT (G_N_ELEMENTS (pages) == LK_PAGE_WRONG_HOST + 1);

static const char *
tone_to_string (Tone tone)
{
  switch (tone)
    {
    case TONE_GOOD:
      return "good";
    case TONE_CARE:
      return "care";
    case TONE_BAD:
      return "bad";
    default:
      g_return_val_if_reached ("bad");
    }
}

static char *
render_details (const char * const *details)
{
  GString *html = g_string_new (NULL);

  if (details == NULL || details[0] == NULL)
    return g_string_free (html, FALSE);

  g_string_append (html, "<ul>");
  for (size_t i = 0; details[i] != NULL; i++)
    {
      g_autofree char *valid = g_utf8_make_valid (details[i], -1);
      g_autofree char *escaped = g_markup_escape_text (valid, -1);

      g_string_append_printf (html, "<li dir=\"auto\">%s</li>", escaped);
    }
  g_string_append (html, "</ul>");

  return g_string_free (html, FALSE);
}

guint
lk_page_get_status (LkPage page)
{
  return pages[page].status;
}

/**
 * lk_page_render:
 * @details: (nullable): lines to list, in plain text; escaped here
 * @nonce: of the style, as the Content-Security-Policy names it
 *
 * Fills the template in one pass, so that nothing in a detail is taken for a placeholder.
 *
 * Returns: (transfer full): a page
 */
char *
lk_page_render (LkPage              page,
                const char * const *details,
                const char         *nonce)
{
  g_autoptr(GBytes) template = NULL;
  g_auto(GStrv) parts = NULL;
  g_autofree char *list = render_details (details);
  GString *html = g_string_new (NULL);

  template = g_resource_lookup_data (lk_oauth_get_resource (), TEMPLATE,
                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_return_val_if_fail (template != NULL, g_string_free (html, FALSE));

  parts = g_strsplit (g_bytes_get_data (template, NULL), "%%", -1);
  for (size_t i = 0; parts[i] != NULL; i++)
    {
      if (g_str_equal (parts[i], "LANG"))
        /* Translators: the code of the language that you translate to, such as "de" or "pt-BR". */
        g_string_append (html, C_("language code", "en"));
      else if (g_str_equal (parts[i], "NONCE"))
        g_string_append (html, nonce);
      else if (g_str_equal (parts[i], "TONE"))
        g_string_append (html, tone_to_string (pages[page].tone));
      else if (g_str_equal (parts[i], "HEADING"))
        g_string_append (html, _(pages[page].heading));
      else if (g_str_equal (parts[i], "TEXT"))
        g_string_append (html, _(pages[page].text));
      else if (g_str_equal (parts[i], "DETAILS"))
        g_string_append (html, list);
      else
        g_string_append (html, parts[i]);
    }

  return g_string_free (html, FALSE);
}
