/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/* The short way to a token that is in the agent's memory: one packet each way over a UNIX socket.
 * "latchkeyctl token" asks here first, without GLib or D-Bus, and goes the long way whenever the
 * answer is anything but a token. Plain C, so that both sides can share it.
 *
 * The socket is $XDG_RUNTIME_DIR/LK_TOKEN_DOOR, of type SOCK_SEQPACKET, open to its owner alone;
 * the agent checks the peer's user as well.
 *
 * Question: LK_TOKEN_DOOR_GREETING, seconds that the token must live in decimal, id or name of the
 * connection; each ends with a zero byte. Answer: LK_TOKEN_DOOR_TOKEN and the token, or
 * LK_TOKEN_DOOR_ASK: ask on the bus. */

#define LK_TOKEN_DOOR          "latchkey/token"
#define LK_TOKEN_DOOR_GREETING "latchkey-token-1"
#define LK_TOKEN_DOOR_TOKEN    'T'
#define LK_TOKEN_DOOR_ASK      'A'
#define LK_TOKEN_DOOR_MAX      65536 /* bytes of a packet */
