# SPDX-License-Identifier: GPL-3.0-or-later
"""Thousands of connections at once: written into the ledger of an agent that does not run. Their
tokens do not exist, and nothing is due."""

import json
import sqlite3
import time

from world import wait_until

DAY = 24 * 60 * 60
SCOPES = ["user.info.basic", "video.list", "video.upload"]
# Of each hundred: so many need a person, so many end within a week, the others are fine.
ATTENTION, ENDING = 2, 5


def row(number, now, provider, client):
    """Connection @number as the ledger keeps it; ends of authorizations are a minute apart."""
    kind = number % 100
    fault = None
    ends = now + 60 * DAY + 60 * number
    if kind < ATTENTION:
        fault = json.dumps({"class": "refresh_dead", "http_status": 400, "step": "refresh", "at": now - DAY,
                            "code": "invalid_grant", "message": "Refresh token is invalid"})
    elif kind < ATTENTION + ENDING:
        ends = now + DAY + 60 * number
    return {
        "id": f"m{number:07d}", "name": f"Person {number:05d}", "client": client,
        "provider": provider, "identity": f"open-id-{number:05d}",
        "identity_name": f"person{number:05d}",
        "accounts": json.dumps([{"id": f"7{number:09d}", "name": f"Account {number:05d}"}]),
        "accounts_known": 1, "scopes_asked": json.dumps(SCOPES),
        "scopes_granted": json.dumps(SCOPES), "created": now - 90 * DAY, "obtained": now - 60,
        "access_ends": now + 30 * DAY, "refresh_ends": ends, "refresh_obtained": now - 90 * DAY,
        "last_renewed": now - 60, "last_verified": now - 60, "fingerprint": f"{number:08x}",
        "generation": 3, "has_refresh": 1, "fault": fault, "signed_in": now - 90 * DAY,
    }


def fill_ledger(world, count, first=0, provider="tiktok-login-simulator", client="many"):
    """@count connections of the app @client more; the agent is ended, and not started again."""
    if not world.has_owner("io.github.latchkey_app.Latchkey.Agent"):
        world.start_agent()
    # By then it was brought to its newest form.
    wait_until(lambda: world.agent_property("LedgerState") == "ready", "the ledger")
    world.quit_agent()
    now = int(time.time())
    with sqlite3.connect(world.path("data", "latchkey", "ledger.db")) as ledger:
        ledger.execute("INSERT OR IGNORE INTO clients (name, provider, client_id, created)"
                       " VALUES (?, ?, ?, ?)", (client, provider, "key-of-many", now - 90 * DAY))
        rows = [row(number, now, provider, client) for number in range(first, first + count)]
        names = ", ".join(rows[0])
        ledger.executemany(f"INSERT INTO connections ({names}) VALUES"
                           f" ({', '.join(':' + name for name in rows[0])})", rows)
    ledger.close()
