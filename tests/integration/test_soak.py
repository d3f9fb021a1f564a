#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Half an hour under load, with the real keyring: every token renewed in time and once, nothing grows.

The keyring sets the bound: gnome-keyring writes its whole file for each renewal, so that what one costs
grows with how many there are. On two cores it follows 300 connections whose tokens live for a minute,
and 1,000 that live for ten; tests/bench/README.md has the figures.

LATCHKEY_SOAK_MINUTES (30) shortens it; LATCHKEY_SOAK_CONNECTIONS (1000), LATCHKEY_SOAK_LIFE (600 seconds)
and LATCHKEY_SOAK_STORAGE (keyring; or file, what libsecret keeps in a Flatpak) try others."""

import concurrent.futures
import os
import random
import sqlite3
import time
import unittest

from gi.repository import GLib

from agent_bus import AGENT1
from case import LOGIN_TOKEN, WorldCase
from world import MANAGER, wait_until

DAY = 24 * 3600
KEYRING = os.environ.get("LATCHKEY_SOAK_STORAGE", "keyring") == "keyring"
MINUTES = float(os.environ.get("LATCHKEY_SOAK_MINUTES", "30"))
CONNECTIONS = int(os.environ.get("LATCHKEY_SOAK_CONNECTIONS", "1000"))
LIFE = int(os.environ.get("LATCHKEY_SOAK_LIFE", "600"))
MARGIN = min(max(300, LIFE / 10), LIFE / 2)  # the agent's rule
PEOPLE = 3  # that the simulator lets sign in to one app
OLD_LINES = 20000
TICKS = os.sysconf("SC_CLK_TCK")

# What memory may grow by between a sixth of the time and its end: SQLite fills its page cache. A leak
# of a hundred bytes a renewal would be more.
GROWTH = 1.15


def processor_time(pid):
    """Seconds of it, and the number of threads."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS, int(fields[17])


class Sample:
    """The agent at one moment, and what its keyring used."""

    def __init__(self, pid, keyring):
        with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
            self.pss = next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        self.cpu, self.threads = processor_time(pid)
        self.keyring_cpu = processor_time(keyring.pid)[0] if keyring is not None else 0
        self.fds = len(os.listdir(f"/proc/{pid}/fd"))


class Soak(WorldCase):
    options = {"keyring": "unlocked" if KEYRING else "none",
               "agent_env": {"G_MESSAGES_DEBUG": ""}}

    def setUp(self):
        super().setUp()
        if not KEYRING:
            self.world.set_agent_env(SECRET_BACKEND="file", SECRET_FILE_TEST_PASSWORD="a password",
                                     SECRET_FILE_TEST_PATH=self.world.path("data", "tokens"))

    # The beginning

    def live_for(self, seconds):
        self.world.control("lifetimes", {"family": "login", "access": seconds})

    def sign_all_in(self):
        def app(number):
            self.world.control("apps", {"family": "login", "id": f"key{number}",
                                        "secret": f"s{number}",
                                        "redirects": ["http://127.0.0.1:*/callback/"]})
            self.world.add_app("login", name=f"app{number}", client_id=f"key{number}",
                               secret=f"s{number}")
            for user in range(1, min(PEOPLE, CONNECTIONS - PEOPLE * number) + 1):
                self.world.connect(f"app{number}", user=user)

        # Nothing is due meanwhile.
        self.live_for(DAY)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(app, range((CONNECTIONS + PEOPLE - 1) // PEOPLE)))

    def write_old_history(self):
        """What retention has to drop while the agent is busy."""
        self.end_agent()
        at = int(time.time()) - 40 * DAY
        with sqlite3.connect(self.world.path("data", "latchkey", "ledger.db")) as ledger:
            ids = [row[0] for row in ledger.execute("SELECT id FROM connections")]
            ledger.executemany("INSERT INTO events (connection, at, kind, text) VALUES (?, ?, ?, ?)",
                               ((ids[number % len(ids)], at + number, "handed-out", "old program")
                                for number in range(OLD_LINES)))
        ledger.close()
        self.world.start_agent()
        wait_until(lambda: self.world.agent_property("LedgerState") == "ready", "the ledger", 60)

    def agent(self, method, parameters=None):
        return self.world.call(MANAGER, AGENT1, method, parameters, timeout=120000).unpack()

    # What was seen

    def grants(self):
        return self.world.control("tokens")["tokens"]

    def ledger(self, query, *arguments):
        uri = f"file:{self.world.path('data', 'latchkey', 'ledger.db')}?mode=ro"
        with sqlite3.connect(uri, uri=True, timeout=30) as ledger:
            rows = ledger.execute(query, arguments).fetchall()
        ledger.close()
        return rows

    def begin(self):
        """All tokens live for LIFE from now on; gives the time when that is so."""
        self.live_for(LIFE)
        began = time.monotonic()
        self.agent("RenewAll")
        wait_until(lambda: all(grant["generation"] > 1 for grant in self.grants()),
                   "the first renewal of all", 600)
        seconds = time.monotonic() - began
        print(f"{CONNECTIONS} due at once: {CONNECTIONS / seconds:.1f} a second", flush=True)
        self.agent("SetSettings", GLib.Variant("(a{sv})", ({
            "retention-days": GLib.Variant("u", 30)},)))
        return time.monotonic()

    def watch(self, pid, began):
        """A sample every tenth of the time; gives those after the first sixth."""
        samples, parts = [], 12
        before = self.token_calls("refresh_token")
        for part in range(1, parts + 1):
            # This is the one test that is about time itself.
            time.sleep(max(0, began + part * MINUTES * 60 / parts - time.monotonic()))
            sample = Sample(pid, self.world.keyring_process)
            calls = self.token_calls("refresh_token")
            left = min(grant["least_left_ms"] for grant in self.grants()) / 1000
            rate = (calls - before) / (MINUTES * 60 / parts)
            print(f"after {part * MINUTES / parts:5.1f} min: {sample.pss / 1024:5.1f} MB PSS, "
                  f"{sample.fds} descriptors, {sample.threads} threads, "
                  f"{sample.cpu:6.1f} s CPU (keyring {sample.keyring_cpu:6.1f}), "
                  f"{rate:4.1f} renewals a second, {left:5.1f} s left at the least", flush=True)
            self.assertGreater(left, 0, "a token ended before it was renewed")
            before = calls
            if part * 6 >= parts:
                samples.append(sample)
        return samples

    def check_provider(self, seconds):
        """Each refresh token was sent once, each access token had its successor before its end."""
        grants = self.grants()
        tokens = self.world.stats()["tokens"]
        self.assertEqual(len(grants), CONNECTIONS)
        self.assertNotIn("login/refresh_token/refused", tokens)
        renewals = sum(grant["generation"] - 1 for grant in grants)
        self.assertEqual(tokens["login/refresh_token/ok"], renewals)
        self.assertEqual(self.requests()[LOGIN_TOKEN], renewals + CONNECTIONS)
        missed = [grant for grant in grants if grant["least_left_ms"] <= 0]
        self.assertEqual(len(missed), 0, "tokens that ended before they were renewed")
        # No oftener than the margin with its jitter asks for.
        most = 2 + seconds / (LIFE - 1.1 * MARGIN - 1)
        self.assertLessEqual(max(grant["generation"] for grant in grants), 1 + most)
        self.assertGreaterEqual(min(grant["generation"] for grant in grants), seconds // LIFE)
        return renewals

    def check_ledger(self, renewals):
        """One line and one count for each renewal, and nothing of what is too old."""
        wait_until(lambda: self.ledger("SELECT sum(count) FROM events WHERE kind = 'renewed'"),
                   "the history")
        generations = {grant["open_id"]: grant["generation"] for grant in self.grants()}
        self.assertEqual(dict(self.ledger("SELECT identity, generation FROM connections")),
                         generations)
        for table in ("events", "totals"):
            found = dict(self.ledger(f"SELECT identity, sum(count) FROM {table} JOIN connections ON"
                                     f" connections.id = {table}.connection WHERE kind = 'renewed'"
                                     " GROUP BY 1"))
            self.assertEqual({key: count + 1 for key, count in found.items()}, generations, table)
        self.assertEqual(self.ledger("SELECT sum(count) FROM tallies WHERE connection = ''"
                                     " AND kind = 'renewed'"), [(renewals,)])
        self.assertEqual(self.ledger("SELECT count(*) FROM events WHERE text = 'old program'"),
                         [(0,)])
        self.assertEqual(self.ledger("SELECT kind, count(*) FROM events WHERE fault IS NOT NULL"
                                     " GROUP BY 1"), [])

    def check_tokens(self):
        """What is handed out is what the provider honours, of a few as of all."""
        names = [row[0] for row in self.ledger("SELECT id FROM connections")]
        for connection in random.Random(6).sample(names, min(20, len(names))):
            self.assertIn(self.token(connection), self.live())

    def test_soak(self):
        self.sign_all_in()
        self.write_old_history()
        pid = self.world.owner_pid()
        started = time.monotonic()
        first = self.begin()
        samples = self.watch(pid, first)
        self.agent("SetSettings", GLib.Variant("(a{sv})", ({"paused": GLib.Variant("b", True)},)))
        self.assertEqual(self.world.owner_pid(), pid, "the agent was started again")
        self.check_tokens()
        seconds = time.monotonic() - started
        self.end_agent()
        renewals = self.check_provider(seconds)
        self.check_ledger(renewals)
        early, late = samples[0], samples[-1]
        print(f"{renewals} renewals in {seconds / 60:.1f} minutes", flush=True)
        self.assertLessEqual(late.pss, early.pss * GROWTH)
        self.assertLessEqual(late.fds, early.fds + 4)
        self.assertLessEqual(late.threads, early.threads + 4)


if __name__ == "__main__":
    unittest.main()
