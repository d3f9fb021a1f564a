/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-texts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "lk-scopes.h"

static const char *
value_of (const LkWords *self, const char *word)
{
  const char *value = self->values != NULL ? g_hash_table_lookup (self->values, word) : NULL;

  return value != NULL && *value != '\0' ? value : NULL;
}

/* "word" or "word=value" */
static gboolean
is_known (const LkWords *self, const char *word)
{
  g_auto(GStrv) pair = g_strsplit (word, "=", 2);
  const char *value = pair[0] != NULL ? value_of (self, pair[0]) : NULL;

  return value != NULL && (pair[1] == NULL || g_str_equal (pair[1], value));
}

gboolean
lk_words_allow (const LkWords *self, const LkCondition *when)
{
  if (when->causes != NULL
      && (self->cause == NULL
          || !g_strv_contains ((const char * const *) when->causes, self->cause)))
    return FALSE;
  for (guint i = 0; when->with != NULL && when->with[i] != NULL; i++)
    if (!is_known (self, when->with[i]))
      return FALSE;
  for (guint i = 0; when->without != NULL && when->without[i] != NULL; i++)
    if (is_known (self, when->without[i]))
      return FALSE;

  return TRUE;
}

/**
 * lk_words_dup_role:
 * @role: as TikTok writes it
 *
 * Returns: (transfer full): its name in TikTok's own pages; @role itself when it is another
 */
char *
lk_words_dup_role (const char *role)
{
  static const struct
  {
    const char *role;
    const char *name;
  } names[] = {
    { "ADMIN", NC_ ("role", "Admin") },
    { "OPERATOR", NC_ ("role", "Operator") },
    { "ANALYST", NC_ ("role", "Analyst") },
    { "STANDARD", NC_ ("role", "Standard") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (role, names[i].role) == 0)
      return g_strdup (g_dpgettext2 (GETTEXT_PACKAGE, "role", names[i].name));

  return g_strdup (role);
}

char *
lk_words_dup_time (gint64 at, gint64 now)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (at);
  g_autoptr(GDateTime) today = g_date_time_new_from_unix_local (now);

  if (time == NULL)
    return g_strdup ("?");
  if (today != NULL && g_date_time_get_year (time) == g_date_time_get_year (today)
      && g_date_time_get_day_of_year (time) == g_date_time_get_day_of_year (today))
    /* Translators: a time of today. */
    return g_date_time_format (time, _("%H:%M"));

  /* Translators: a time of another day. */
  return g_date_time_format (time, _("%-d %B, %H:%M"));
}

char *
lk_words_dup_span (gint64 seconds)
{
  gint64 minutes = (seconds + 30) / 60;
  gint64 hours = (seconds + 1800) / 3600;

  if (seconds < 120)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d second", "%d seconds",
                                         (gulong) seconds), (int) seconds);
  if (minutes < 120)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d minute", "%d minutes",
                                         (gulong) minutes), (int) minutes);
  if (hours < 48)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d hour", "%d hours", (gulong) hours),
                            (int) hours);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d day", "%d days",
                                       (gulong) (hours / 24)), (int) (hours / 24));
}

/* What a call changes, by its path. */
static char *
dup_things (const char *word)
{
  static const struct
  {
    const char *word;
    const char *name;
  } names[] = {
    { "campaigns", NC_ ("things", "campaigns") },
    { "ad-groups", NC_ ("things", "ad groups") },
    { "ads", NC_ ("things", "ads") },
    { "audiences", NC_ ("things", "audiences") },
    { "creatives", NC_ ("things", "images and videos") },
    { "pixels", NC_ ("things", "pixels") },
    { "catalogs", NC_ ("things", "catalogs") },
    { "rules", NC_ ("things", "automated rules") },
    { "accounts", NC_ ("things", "account settings") },
    { "members", NC_ ("things", "members and their roles") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (word, names[i].word))
      return g_strdup (g_dpgettext2 (GETTEXT_PACKAGE, "things", names[i].name));

  return NULL;
}

static char *
dup_asset (const char *word)
{
  static const struct
  {
    const char *word;
    const char *name;
  } names[] = {
    { "catalog", NC_ ("asset", "catalog") },
    { "pixel", NC_ ("asset", "pixel") },
    { "audience", NC_ ("asset", "audience") },
    { "identity", NC_ ("asset", "identity") },
    { "shop", NC_ ("asset", "shop") },
    { "tiktok-account", NC_ ("asset", "TikTok account") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (word, names[i].word))
      return g_strdup (g_dpgettext2 (GETTEXT_PACKAGE, "asset", names[i].name));

  return g_strdup (word);
}

static char *
dup_slowed (const LkWords *self)
{
  const char *slowed = value_of (self, "slowed");
  const char *client = value_of (self, "client");
  const char *account = value_of (self, "account-name");
  const char *path = value_of (self, "path");

  if (g_strcmp0 (slowed, "account") == 0 && account != NULL)
    /* Translators: %s is the name of an ad account. */
    return g_strdup_printf (_("the account “%s”"), account);
  if (g_strcmp0 (slowed, "path") == 0 && path != NULL)
    /* Translators: %s is a path such as /report/task/create/. */
    return g_strdup_printf (_("calls to %s"), path);
  if (g_strcmp0 (slowed, "value") == 0)
    return g_strdup (_("calls with one value of a field"));
  if (client != NULL)
    /* Translators: %s is the name of a developer app. */
    return g_strdup_printf (_("the app “%s”"), client);

  return g_strdup (_("this app"));
}

/* "Operator or Admin" for "OPERATOR ADMIN" */
static char *
dup_roles (const char *roles)
{
  g_auto(GStrv) list = g_strsplit (roles, " ", -1);
  g_autofree char *first = lk_words_dup_role (list[0] != NULL ? list[0] : "");
  g_autofree char *second = NULL;

  if (g_strv_length (list) != 2)
    return g_steal_pointer (&first);
  second = lk_words_dup_role (list[1]);

  /* Translators: one of two roles is needed, such as Operator or Admin. */
  return g_strdup_printf (_("%s or %s"), first, second);
}

/* Raw values are kept in files and sent over the bus; they become words here. */
static char *
dup_readable (const LkWords *self, const char *word)
{
  const char *value = value_of (self, word);
  const char *now = value_of (self, "now");

  if (g_str_equal (word, "scope-name"))
    {
      value = value_of (self, "scope");
      return value != NULL ? lk_scopes_dup_name (lk_diagnosis_get_scopes (self->diagnosis),
                                                 self->family, value) : NULL;
    }
  if (g_str_equal (word, "slowed-name"))
    return dup_slowed (self);
  if (value == NULL)
    return NULL;
  if (g_str_equal (word, "role"))
    return lk_words_dup_role (value);
  if (g_str_equal (word, "needed-role"))
    return dup_roles (value);
  if (g_str_equal (word, "things"))
    return dup_things (value);
  if (g_str_equal (word, "asset"))
    return dup_asset (value);
  if (g_str_equal (word, "retry-at") || g_str_equal (word, "code-until"))
    return lk_words_dup_time (g_ascii_strtoll (value, NULL, 10),
                              now != NULL ? g_ascii_strtoll (now, NULL, 10) : 0);
  if (g_str_equal (word, "slow") || g_str_equal (word, "fast"))
    return lk_words_dup_span (g_ascii_strtoll (value, NULL, 10));

  return g_strdup (value);
}

/* Messages come from elsewhere: one line, and no more than fits into a sentence. */
static void
add_value (GString *out, const char *value)
{
  enum { MAX_CHARS = 500 };
  glong count = 0;

  for (const char *p = value; *p != '\0' && count < MAX_CHARS; p = g_utf8_next_char (p), count++)
    {
      gunichar c = g_utf8_get_char_validated (p, -1);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        return;
      g_string_append_unichar (out, g_unichar_iscntrl (c) ? ' ' : c);
    }
  if (count == MAX_CHARS)
    g_string_append (out, "…");
}

char *
lk_words_fill (const LkWords *self, const char *msgid)
{
  g_autoptr(GString) out = g_string_new (NULL);
  const char *p = g_dgettext (GETTEXT_PACKAGE, msgid);
  const char *open, *close;

  while ((open = strchr (p, '{')) != NULL && (close = strchr (open, '}')) != NULL)
    {
      g_autofree char *word = g_strndup (open + 1, (gsize) (close - open - 1));
      g_autofree char *value = dup_readable (self, word);

      if (value == NULL)
        return NULL;
      g_string_append_len (out, p, open - p);
      add_value (out, value);
      p = close + 1;
    }
  g_string_append (out, p);

  return g_strdup (out->str);
}

char *
lk_words_first (const LkWords *self, GPtrArray *texts)
{
  for (guint i = 0; i < texts->len; i++)
    {
      const LkText *text = g_ptr_array_index (texts, i);
      char *filled = lk_words_allow (self, &text->when) ? lk_words_fill (self, text->text) : NULL;

      if (filled != NULL)
        return filled;
    }

  return NULL;
}

char **
lk_words_all (const LkWords *self, GPtrArray *texts)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  gboolean said = FALSE;

  for (guint i = 0; i < texts->len; i++)
    {
      const LkText *text = g_ptr_array_index (texts, i);
      g_autofree char *filled = NULL;

      if (text->otherwise && said)
        continue;
      if (lk_words_allow (self, &text->when))
        filled = lk_words_fill (self, text->text);
      said = filled != NULL;
      if (said)
        g_strv_builder_add (builder, filled);
    }

  return g_strv_builder_end (builder);
}
