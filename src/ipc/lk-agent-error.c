/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-ipc.h"

#include <glib/gi18n-lib.h>

#define ERROR_PREFIX "io.github.latchkey_app.Latchkey.Error."

static const GDBusErrorEntry error_entries[] = {
  { LK_AGENT_ERROR_FAILED, ERROR_PREFIX "Failed" },
  { LK_AGENT_ERROR_INVALID_ARGUMENT, ERROR_PREFIX "InvalidArgument" },
  { LK_AGENT_ERROR_NOT_FOUND, ERROR_PREFIX "NotFound" },
  { LK_AGENT_ERROR_EXISTS, ERROR_PREFIX "Exists" },
  { LK_AGENT_ERROR_IN_USE, ERROR_PREFIX "InUse" },
  { LK_AGENT_ERROR_SIGN_IN_NEEDED, ERROR_PREFIX "SignInNeeded" },
  { LK_AGENT_ERROR_KEYRING_LOCKED, ERROR_PREFIX "KeyringLocked" },
  { LK_AGENT_ERROR_KEYRING_ABSENT, ERROR_PREFIX "KeyringAbsent" },
  { LK_AGENT_ERROR_KEYRING_BROKEN, ERROR_PREFIX "KeyringBroken" },
  { LK_AGENT_ERROR_KEYRING_CANCELLED, ERROR_PREFIX "KeyringCancelled" },
  { LK_AGENT_ERROR_OFFLINE, ERROR_PREFIX "Offline" },
  { LK_AGENT_ERROR_RATE_LIMITED, ERROR_PREFIX "RateLimited" },
  { LK_AGENT_ERROR_PERMISSION_MISSING, ERROR_PREFIX "PermissionMissing" },
  { LK_AGENT_ERROR_TIMED_OUT, ERROR_PREFIX "TimedOut" },
  { LK_AGENT_ERROR_LOST, ERROR_PREFIX "Lost" },
  { LK_AGENT_ERROR_REFUSED, ERROR_PREFIX "Refused" },
  { LK_AGENT_ERROR_UNSUPPORTED, ERROR_PREFIX "Unsupported" },
  { LK_AGENT_ERROR_LEDGER_NEWER, ERROR_PREFIX "LedgerNewer" },
  { LK_AGENT_ERROR_LEDGER_DAMAGED, ERROR_PREFIX "LedgerDamaged" },
  { LK_AGENT_ERROR_READ_ONLY, ERROR_PREFIX "ReadOnly" },
  { LK_AGENT_ERROR_DISK_FULL, ERROR_PREFIX "DiskFull" },
  { LK_AGENT_ERROR_CANCELLED, ERROR_PREFIX "Cancelled" },
  { LK_AGENT_ERROR_NOT_ALLOWED, ERROR_PREFIX "NotAllowed" },
  { LK_AGENT_ERROR_NOT_ANSWERED, ERROR_PREFIX "NotAnswered" },
  { LK_AGENT_ERROR_MOVED_AWAY, ERROR_PREFIX "MovedAway" },
  { LK_AGENT_ERROR_ON_HOLD, ERROR_PREFIX "OnHold" },
  { LK_AGENT_ERROR_WRONG_PASSPHRASE, ERROR_PREFIX "WrongPassphrase" },
  { LK_AGENT_ERROR_WEAK_PASSPHRASE, ERROR_PREFIX "WeakPassphrase" },
  { LK_AGENT_ERROR_NOT_A_BACKUP, ERROR_PREFIX "NotABackup" },
  { LK_AGENT_ERROR_BACKUP_NEWER, ERROR_PREFIX "BackupNewer" },
  { LK_AGENT_ERROR_BACKUP_DAMAGED, ERROR_PREFIX "BackupDamaged" },
  { LK_AGENT_ERROR_BACKUP_INCOMPLETE, ERROR_PREFIX "BackupIncomplete" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (error_entries) == LK_N_AGENT_ERRORS);

/**
 * lk_agent_error_quark:
 *
 * The domain of the agent's errors. Calling it once registers the names on the bus, so that errors
 * of the agent arrive in this domain and not as %G_IO_ERROR_DBUS_ERROR.
 */
GQuark
lk_agent_error_quark (void)
{
  static gsize quark = 0;

  g_dbus_error_register_error_domain ("lk-agent-error-quark", &quark, error_entries,
                                      G_N_ELEMENTS (error_entries));
  return (GQuark) quark;
}

/* Of programs, backups and moves; NULL for others. */
static const char *
special_sentence (LkAgentError code)
{
  switch ((int) code)
    {
    case LK_AGENT_ERROR_NOT_ALLOWED:
      return _("This program may not have a token of this connection. To change that, open "
               "Preferences and Programs in Latchkey, or run “latchkeyctl programs”.");
    case LK_AGENT_ERROR_NOT_ANSWERED:
      return _("Latchkey asked whether this program may have a token, and nobody answered. Answer "
               "in Latchkey’s window or by “latchkeyctl programs”, then try again.");
    case LK_AGENT_ERROR_MOVED_AWAY:
      return _("This connection was moved to another computer. Use it there, or take it back here "
               "if that computer does not use it.");
    case LK_AGENT_ERROR_ON_HOLD:
      return _("This connection came from a backup and is on hold, because the computer it came "
               "from may still use it. Take it over here if that computer does not.");
    case LK_AGENT_ERROR_WRONG_PASSPHRASE:
      return _("The passphrase is not the one that this backup was made with. Nothing was "
               "restored.");
    case LK_AGENT_ERROR_WEAK_PASSPHRASE:
      return _("The passphrase is too short. Use at least 8 characters, better four or five "
               "words.");
    case LK_AGENT_ERROR_NOT_A_BACKUP:
      return _("This file is not a Latchkey backup.");
    case LK_AGENT_ERROR_BACKUP_NEWER:
      return _("This backup was made by a newer Latchkey. Update Latchkey here, then try again.");
    case LK_AGENT_ERROR_BACKUP_DAMAGED:
      return _("This backup was changed or damaged after it was made, so nothing was restored. Use "
               "another copy of it.");
    case LK_AGENT_ERROR_BACKUP_INCOMPLETE:
      return _("The end of this backup is missing or damaged, so nothing was restored. Copy the "
               "file again.");
    default:
      return NULL;
    }
}

static const char *
agent_sentence (LkAgentError code)
{
  const char *sentence = special_sentence (code);

  if (sentence != NULL)
    return sentence;
  switch ((int) code)
    {
    case LK_AGENT_ERROR_INVALID_ARGUMENT:
      return _("Something in the request is not valid. Check what you typed.");
    case LK_AGENT_ERROR_NOT_FOUND:
      return _("There is nothing by that name. Check the spelling, or look at the list.");
    case LK_AGENT_ERROR_EXISTS:
      return _("That name is already taken. Choose another one.");
    case LK_AGENT_ERROR_IN_USE:
      return _("It is in use: by a connection that needs it, or by Latchkey in another session of "
               "yours.");
    case LK_AGENT_ERROR_SIGN_IN_NEEDED:
      return _("Access has ended or was withdrawn. Sign in again.");
    case LK_AGENT_ERROR_KEYRING_LOCKED:
      return _("The keyring is locked. Unlock it, then try again.");
    case LK_AGENT_ERROR_KEYRING_ABSENT:
      return _("No keyring is running. Start or install one, such as GNOME Keyring, then try "
               "again.");
    case LK_AGENT_ERROR_KEYRING_BROKEN:
      return _("The keyring does not work as it should. Restart it or log in again; nothing was "
               "deleted.");
    case LK_AGENT_ERROR_KEYRING_CANCELLED:
      return _("The keyring was not unlocked. Unlock it when you are ready.");
    case LK_AGENT_ERROR_OFFLINE:
      return _("There is no way to reach the provider. Check the network connection, then try "
               "again.");
    case LK_AGENT_ERROR_RATE_LIMITED:
      return _("The provider asks to slow down. Wait a few minutes; signing in again does not "
               "help.");
    case LK_AGENT_ERROR_PERMISSION_MISSING:
      return _("A permission is missing. Ask the person who manages the account to grant it.");
    case LK_AGENT_ERROR_TIMED_OUT:
      return _("The provider did not answer in time. Try again in a moment.");
    case LK_AGENT_ERROR_LOST:
      return _("The provider’s answer was lost on the way. Try again; if it fails, sign in again.");
    case LK_AGENT_ERROR_REFUSED:
      return _("The provider refused the request. Look at the connection for the reason.");
    case LK_AGENT_ERROR_UNSUPPORTED:
      return _("The provider does not offer this.");
    case LK_AGENT_ERROR_LEDGER_NEWER:
      return _("The saved data comes from a newer Latchkey. Update Latchkey to use it.");
    case LK_AGENT_ERROR_LEDGER_DAMAGED:
      return _("The saved data cannot be read. It was left as it is; restore the backup beside "
               "it.");
    case LK_AGENT_ERROR_READ_ONLY:
      return _("Latchkey cannot write to its data folder. Check the folder’s permissions.");
    case LK_AGENT_ERROR_DISK_FULL:
      return _("The disk is full. Free some space, then try again.");
    case LK_AGENT_ERROR_CANCELLED:
      return _("It was cancelled.");
    case LK_AGENT_ERROR_FAILED:
    default:
      return _("Something went wrong. Try again; if it stays, look at the system log.");
    }
}

static const char *
bus_sentence (const GError *error)
{
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND))
    return _("Latchkey’s background service is not installed. Reinstall Latchkey.");
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_DISCONNECTED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return _("Latchkey’s background service stopped. It starts again by itself; then try again.");
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE))
    return _("That is not there any more. Look at the list again.");
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS))
    return agent_sentence (LK_AGENT_ERROR_INVALID_ARGUMENT);
  if (error->domain == G_DBUS_ERROR)
    return _("Latchkey’s background service could not be started. Look at the system log.");
  return NULL;
}

/**
 * lk_agent_error_to_sentence:
 * @error: (nullable): an error of a call to the agent, or of the bus between
 *
 * Returns: (transfer full): a translated sentence for people that says what to do next
 */
char *
lk_agent_error_to_sentence (const GError *error)
{
  const char *sentence;

  if (error == NULL)
    return g_strdup (agent_sentence (LK_AGENT_ERROR_FAILED));
  if (error->domain == LK_AGENT_ERROR)
    return g_strdup (agent_sentence (error->code));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup (agent_sentence (LK_AGENT_ERROR_CANCELLED));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT))
    return g_strdup (_("It took too long. Try again in a moment."));

  sentence = bus_sentence (error);
  return g_strdup (sentence != NULL ? sentence : agent_sentence (LK_AGENT_ERROR_FAILED));
}
