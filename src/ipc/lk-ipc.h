/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-dbus-generated.h"
#include "lk-secret.h"

G_BEGIN_DECLS

#define LK_AGENT_NAME         "io.github.latchkey_app.Latchkey.Agent"
#define LK_AGENT_ROOT         "/io/github/latchkey_app/Latchkey/Agent"
#define LK_AGENT_MANAGER_PATH LK_AGENT_ROOT "/Manager"
#define LK_AGENT_CONNECTIONS_ROOT LK_AGENT_ROOT "/connections"
#define LK_AGENT_CONNECTIONS  LK_AGENT_CONNECTIONS_ROOT "/"
#define LK_AGENT_SIGN_INS     LK_AGENT_ROOT "/signins/"
#define LK_AGENT_REMEDIES     LK_AGENT_ROOT "/remedies/"

#define LK_AGENT_ERROR (lk_agent_error_quark ())

/* On the bus: io.github.latchkey_app.Latchkey.Error.<Name>; documented in data/dbus. */
typedef enum
{
  LK_AGENT_ERROR_FAILED,
  LK_AGENT_ERROR_INVALID_ARGUMENT,
  LK_AGENT_ERROR_NOT_FOUND,
  LK_AGENT_ERROR_EXISTS,
  LK_AGENT_ERROR_IN_USE,
  LK_AGENT_ERROR_SIGN_IN_NEEDED,
  LK_AGENT_ERROR_KEYRING_LOCKED,
  LK_AGENT_ERROR_KEYRING_ABSENT,
  LK_AGENT_ERROR_KEYRING_BROKEN,
  LK_AGENT_ERROR_KEYRING_CANCELLED,
  LK_AGENT_ERROR_OFFLINE,
  LK_AGENT_ERROR_RATE_LIMITED,
  LK_AGENT_ERROR_PERMISSION_MISSING,
  LK_AGENT_ERROR_TIMED_OUT,
  LK_AGENT_ERROR_LOST,
  LK_AGENT_ERROR_REFUSED,
  LK_AGENT_ERROR_UNSUPPORTED,
  LK_AGENT_ERROR_LEDGER_NEWER,
  LK_AGENT_ERROR_LEDGER_DAMAGED,
  LK_AGENT_ERROR_READ_ONLY,
  LK_AGENT_ERROR_DISK_FULL,
  LK_AGENT_ERROR_CANCELLED,
  LK_AGENT_ERROR_NOT_ALLOWED,
  LK_AGENT_ERROR_NOT_ANSWERED,
  LK_AGENT_ERROR_MOVED_AWAY,
  LK_AGENT_ERROR_ON_HOLD,
  LK_AGENT_ERROR_WRONG_PASSPHRASE,
  LK_AGENT_ERROR_WEAK_PASSPHRASE,
  LK_AGENT_ERROR_NOT_A_BACKUP,
  LK_AGENT_ERROR_BACKUP_NEWER,
  LK_AGENT_ERROR_BACKUP_DAMAGED,
  LK_AGENT_ERROR_BACKUP_INCOMPLETE,
} LkAgentError;

#define LK_N_AGENT_ERRORS (LK_AGENT_ERROR_BACKUP_INCOMPLETE + 1)

GQuark    lk_agent_error_quark       (void);

/* A short translated sentence for people, and what to do next; never NULL. (transfer full) */
char     *lk_agent_error_to_sentence (const GError *error);

/* One secret through a pipe. The writer never blocks: secrets are far below a pipe's capacity. */
int       lk_secret_to_fd            (LkSecret *secret, GError **error);
/* Takes ownership of @fd. Reads at most 64 KiB, until its end, with a deadline of 5 s. */
LkSecret *lk_secret_from_fd          (int fd, GError **error);
/* The same without holding up the main loop; for the agent. */
void      lk_secret_from_fd_async    (int fd, GAsyncReadyCallback callback, gpointer user_data);
LkSecret *lk_secret_from_fd_finish   (GAsyncResult *result, GError **error);

#define LK_BODY_MAX (1024 * 1024) /* bytes */

/* A body or a text through a sealed memfd. @bytes: (nullable) */
int       lk_bytes_to_fd             (GBytes *bytes, GError **error);
/* Takes ownership of @fd, a memfd or the read end of a pipe; anything else is refused. Reads at
 * most @max bytes, until the end, with a deadline of 5 s. */
GBytes   *lk_bytes_from_fd           (int fd, size_t max, GError **error);
/* The same without holding up the main loop; for the agent. */
void      lk_bytes_from_fd_async     (int fd, size_t max, GAsyncReadyCallback callback,
                                      gpointer user_data);
GBytes   *lk_bytes_from_fd_finish    (GAsyncResult *result, GError **error);

/**
 * LkAgentClient:
 *
 * The agent as its clients see it: starts it by activation, follows it when it dies and returns
 * (property "state", notified), and gives the connections as a #GListModel of
 * #LkDBusConnection1 proxies that update themselves, and remedies under way likewise. One
 * connection is one object while somebody holds it and the agent lives. Signal:
 * "connection-removed" (id).
 */
typedef enum
{
  LK_AGENT_CLIENT_STARTING,
  LK_AGENT_CLIENT_READY,
  LK_AGENT_CLIENT_LOST,     /* it was there and went away; a new one is being started */
  LK_AGENT_CLIENT_FAILED,   /* it cannot be started */
} LkAgentClientState;

#define LK_TYPE_AGENT_CLIENT_STATE (lk_agent_client_state_get_type ())

GType lk_agent_client_state_get_type (void);

#define LK_TYPE_AGENT_CLIENT (lk_agent_client_get_type ())
G_DECLARE_FINAL_TYPE (LkAgentClient, lk_agent_client, LK, AGENT_CLIENT, GObject)

LkAgentClient      *lk_agent_client_new             (void);
/* Connects; replies when the agent answered and its objects are known, or failed. */
void                lk_agent_client_start_async     (LkAgentClient *self, GCancellable *cancellable,
                                                     GAsyncReadyCallback callback,
                                                     gpointer user_data);
gboolean            lk_agent_client_start_finish    (LkAgentClient *self, GAsyncResult *result,
                                                     GError **error);
LkAgentClientState  lk_agent_client_get_state       (LkAgentClient *self);
LkDBusAgent1       *lk_agent_client_get_agent       (LkAgentClient *self); /* NULL unless ready */
GListModel         *lk_agent_client_get_connections (LkAgentClient *self); /* LkDBusConnection1 */
GListModel         *lk_agent_client_get_remedies    (LkAgentClient *self); /* LkDBusRemedy1 */
/* By id or, failing that, by name, of those that somebody holds, which are all up to 500.
 * (transfer none) (nullable) */
LkDBusConnection1  *lk_agent_client_find_connection (LkAgentClient *self, const char *id_or_name);
/* By id or, failing that, by name, also one that is not loaded. */
void                lk_agent_client_get_connection_async  (LkAgentClient *self,
                                                           const char *id_or_name,
                                                           GCancellable *cancellable,
                                                           GAsyncReadyCallback callback,
                                                           gpointer user_data);
LkDBusConnection1  *lk_agent_client_get_connection_finish (LkAgentClient *self,
                                                           GAsyncResult *result, GError **error);
/* The attempt at @path; waits until the object manager knows it. */
void                lk_agent_client_get_sign_in_async  (LkAgentClient *self, const char *path,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
LkDBusSignIn1      *lk_agent_client_get_sign_in_finish (LkAgentClient *self, GAsyncResult *result,
                                                        GError **error);

G_END_DECLS
