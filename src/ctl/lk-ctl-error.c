/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

G_DEFINE_QUARK (lk-ctl-error-quark, lk_ctl_error)

typedef struct
{
  const char *word; /* in the JSON of a failure */
  LkCtlExit   exit;
  gboolean    about_fault; /* the connection's fault tells more */
} AgentErrorRow;

static const AgentErrorRow agent_errors[] = {
  [LK_AGENT_ERROR_FAILED] = { "failed", LK_CTL_EXIT_FAILED, TRUE },
  [LK_AGENT_ERROR_INVALID_ARGUMENT] = { "invalid_argument", LK_CTL_EXIT_USAGE, FALSE },
  [LK_AGENT_ERROR_NOT_FOUND] = { "not_found", LK_CTL_EXIT_NOT_FOUND, FALSE },
  [LK_AGENT_ERROR_EXISTS] = { "exists", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_IN_USE] = { "in_use", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_SIGN_IN_NEEDED] = { "sign_in_needed", LK_CTL_EXIT_SIGN_IN, TRUE },
  [LK_AGENT_ERROR_KEYRING_LOCKED] = { "keyring_locked", LK_CTL_EXIT_KEYRING, FALSE },
  [LK_AGENT_ERROR_KEYRING_ABSENT] = { "keyring_absent", LK_CTL_EXIT_KEYRING, FALSE },
  [LK_AGENT_ERROR_KEYRING_BROKEN] = { "keyring_broken", LK_CTL_EXIT_KEYRING, FALSE },
  [LK_AGENT_ERROR_KEYRING_CANCELLED] = { "keyring_cancelled", LK_CTL_EXIT_KEYRING, FALSE },
  [LK_AGENT_ERROR_OFFLINE] = { "offline", LK_CTL_EXIT_OFFLINE, FALSE },
  [LK_AGENT_ERROR_RATE_LIMITED] = { "rate_limited", LK_CTL_EXIT_RATE, TRUE },
  [LK_AGENT_ERROR_PERMISSION_MISSING] = { "permission_missing", LK_CTL_EXIT_PERMISSION, TRUE },
  [LK_AGENT_ERROR_TIMED_OUT] = { "timed_out", LK_CTL_EXIT_TIMED_OUT, FALSE },
  [LK_AGENT_ERROR_LOST] = { "lost", LK_CTL_EXIT_FAILED, TRUE },
  [LK_AGENT_ERROR_REFUSED] = { "refused", LK_CTL_EXIT_FAILED, TRUE },
  [LK_AGENT_ERROR_UNSUPPORTED] = { "unsupported", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_LEDGER_NEWER] = { "ledger_newer", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_LEDGER_DAMAGED] = { "ledger_damaged", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_READ_ONLY] = { "read_only", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_DISK_FULL] = { "disk_full", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_CANCELLED] = { "cancelled", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_NOT_ALLOWED] = { "not_allowed", LK_CTL_EXIT_PERMISSION, FALSE },
  [LK_AGENT_ERROR_NOT_ANSWERED] = { "not_answered", LK_CTL_EXIT_TIMED_OUT, FALSE },
  [LK_AGENT_ERROR_MOVED_AWAY] = { "moved_away", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_ON_HOLD] = { "on_hold", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_WRONG_PASSPHRASE] = { "wrong_passphrase", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_WEAK_PASSPHRASE] = { "weak_passphrase", LK_CTL_EXIT_USAGE, FALSE },
  [LK_AGENT_ERROR_NOT_A_BACKUP] = { "not_a_backup", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_BACKUP_NEWER] = { "backup_newer", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_BACKUP_DAMAGED] = { "backup_damaged", LK_CTL_EXIT_FAILED, FALSE },
  [LK_AGENT_ERROR_BACKUP_INCOMPLETE] = { "backup_incomplete", LK_CTL_EXIT_FAILED, FALSE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (agent_errors) == LK_N_AGENT_ERRORS);

static const char * const exit_words[] = {
  [LK_CTL_EXIT_DONE] = "done",
  [LK_CTL_EXIT_FAILED] = "failed",
  [LK_CTL_EXIT_USAGE] = "usage",
  [LK_CTL_EXIT_NOT_FOUND] = "not_found",
  [LK_CTL_EXIT_SIGN_IN] = "sign_in_needed",
  [LK_CTL_EXIT_KEYRING] = "keyring",
  [LK_CTL_EXIT_OFFLINE] = "offline",
  [LK_CTL_EXIT_RATE] = "rate_limited",
  [LK_CTL_EXIT_PERMISSION] = "permission_missing",
  [LK_CTL_EXIT_TIMED_OUT] = "timed_out",
};

static const struct
{
  const char *code;
  LkCtlExit   exit;
} local_faults[] = {
  { "offline", LK_CTL_EXIT_OFFLINE },
  { "timed-out", LK_CTL_EXIT_TIMED_OUT },
  { "attempt-expired", LK_CTL_EXIT_TIMED_OUT },
  { "keyring-locked", LK_CTL_EXIT_KEYRING },
  { "keyring-absent", LK_CTL_EXIT_KEYRING },
  { "keyring-broken", LK_CTL_EXIT_KEYRING },
  { "token-missing", LK_CTL_EXIT_SIGN_IN },
  { "refresh-lost", LK_CTL_EXIT_SIGN_IN },
};

static gboolean
is_timeout (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT);
}

LkCtlExit
lk_ctl_exit_for_error (const GError *error)
{
  if (error->domain == LK_CTL_ERROR)
    return (LkCtlExit) error->code;
  if (error->domain == LK_AGENT_ERROR && (guint) error->code < LK_N_AGENT_ERRORS)
    return agent_errors[error->code].exit;
  if (is_timeout (error))
    return LK_CTL_EXIT_TIMED_OUT;

  return LK_CTL_EXIT_FAILED;
}

static const char *
get_error_word (const GError *error)
{
  if (error->domain == LK_AGENT_ERROR && (guint) error->code < LK_N_AGENT_ERRORS)
    return agent_errors[error->code].word;

  return exit_words[lk_ctl_exit_for_error (error)];
}

static LkCtlExit
exit_for_class (LkClass klass)
{
  switch (klass)
    {
    case LK_CLASS_TOKEN_EXPIRED:
    case LK_CLASS_TOKEN_REVOKED:
    case LK_CLASS_REFRESH_DEAD:
    case LK_CLASS_CODE_DEAD:
      return LK_CTL_EXIT_SIGN_IN;
    case LK_CLASS_RATE:
    case LK_CLASS_QUOTA:
      return LK_CTL_EXIT_RATE;
    case LK_CLASS_SCOPE:
    case LK_CLASS_PERMISSION:
      return LK_CTL_EXIT_PERMISSION;
    case LK_CLASS_OK:
      return LK_CTL_EXIT_DONE;
    case LK_CLASS_UNKNOWN:
    case LK_CLASS_ACCOUNT_STATUS:
    case LK_CLASS_APP_CONFIG:
    case LK_CLASS_REDIRECT_MISMATCH:
    case LK_CLASS_TRANSIENT:
    case LK_CLASS_MAINTENANCE:
    case LK_CLASS_MEDIA_PROCESSING:
    case LK_CLASS_MEDIA_INVALID:
    case LK_CLASS_BAD_REQUEST:
    case LK_CLASS_USER_ACTION:
    case LK_CLASS_POLICY:
    case LK_CLASS_DENIED:
    case LK_CLASS_CLOCK_SKEW:
    case LK_CLASS_SANDBOX:
    default:
      return LK_CTL_EXIT_FAILED;
    }
}

/**
 * lk_ctl_exit_for_fault:
 *
 * Returns: the exit status of a sign-in that failed with @fault
 */
LkCtlExit
lk_ctl_exit_for_fault (const LkFault *fault)
{
  for (size_t i = 0; i < G_N_ELEMENTS (local_faults); i++)
    {
      if (lk_fault_is_local (fault, local_faults[i].code))
        return local_faults[i].exit;
    }

  return exit_for_class (fault->klass);
}

LkProfileSet *
lk_ctl_get_profiles (LkCtl *self)
{
  if (self->profiles == NULL)
    {
      g_autofree char *user_dir = lk_profile_set_dup_user_dir ();

      self->profiles = lk_profile_set_new (user_dir);
    }

  return self->profiles;
}

LkDiagnosis *
lk_ctl_get_diagnosis (LkCtl *self)
{
  if (self->diagnosis == NULL)
    self->diagnosis = lk_diagnosis_new (lk_ctl_get_profiles (self));

  return self->diagnosis;
}

static char *
dup_sentence (const GError    *error,
              const LkFinding *finding)
{
  if (finding != NULL && g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_REFUSED))
    return g_strdup (_("This did not work."));
  if (error->domain == LK_CTL_ERROR)
    return g_strdup (error->message);
  if (error->domain != LK_AGENT_ERROR && is_timeout (error))
    return g_strdup (_("This took longer than allowed, see --timeout."));

  return lk_agent_error_to_sentence (error);
}

/* What to type next, where one command is the answer. */
static void
note_command (const GError *error,
              const char   *word)
{
  if (g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_KEYRING_LOCKED))
    lk_ctl_note (_("Run “%s”."), "latchkeyctl unlock");
  else if (g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_UNSUPPORTED))
    lk_ctl_note (_("“%s” checks whether the token still works."), "latchkeyctl verify");
  else if (word != NULL &&
           g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_SIGN_IN_NEEDED))
    {
      g_autofree char *quoted = g_shell_quote (word);
      g_autofree char *command = g_strdup_printf ("latchkeyctl reconnect %s", quoted);

      lk_ctl_note (_("To sign in again, run “%s”."), command);
    }
}

static int
fail (LkCtl           *self,
      const char      *word,
      const GError    *error,
      const LkFinding *finding)
{
  g_autofree char *sentence = dup_sentence (error, finding);
  LkCtlExit status = lk_ctl_exit_for_error (error);

  g_debug ("Failed: %s", error->message);
  if (self->json)
    {
      g_autoptr(JsonBuilder) builder = json_builder_new ();
      g_autofree char *text = NULL;

      json_builder_begin_object (builder);
      lk_ctl_json_string (builder, "error", get_error_word (error));
      lk_ctl_json_string (builder, "message", sentence);
      json_builder_set_member_name (builder, "exit_code");
      json_builder_add_int_value (builder, status);
      lk_ctl_json_finding (builder, "finding", finding);
      json_builder_end_object (builder);
      text = lk_ctl_json_dup (builder, FALSE);
      g_printerr ("%s\n", text);
      return status;
    }

  lk_ctl_note ("latchkeyctl: %s", sentence);
  if (finding != NULL)
    lk_ctl_finding_note (finding);
  note_command (error, word);
  return status;
}

int
lk_ctl_fail (LkCtl        *self,
             const GError *error)
{
  return fail (self, NULL, error, NULL);
}

int
lk_ctl_fail_client (LkCtl        *self,
                    const char   *client,
                    const GError *error)
{
  g_autoptr(GError) missing = NULL;

  if (!g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND))
    return lk_ctl_fail (self, error);

  missing = g_error_new (LK_CTL_ERROR, LK_CTL_EXIT_NOT_FOUND,
                         _("There is no developer app called “%s”. “latchkeyctl client list” "
                           "shows all of them."),
                         client);
  return lk_ctl_fail (self, missing);
}

int
lk_ctl_fail_with (LkCtl        *self,
                  const char   *word,
                  const GError *error)
{
  g_autoptr(LkCtlConnection) connection = NULL;
  g_autoptr(LkFinding) finding = NULL;

  if (error->domain == LK_AGENT_ERROR && (guint) error->code < LK_N_AGENT_ERRORS &&
      agent_errors[error->code].about_fault)
    connection = lk_ctl_find_connection (self, word, NULL);
  if (connection != NULL)
    finding = lk_ctl_connection_explain (self, connection);

  return fail (self, word, error, finding);
}
