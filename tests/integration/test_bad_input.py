#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever comes from outside, the agent stays up, keeps what it has, and says what happened."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import unittest

from case import (DONE, FAILED, KEYRING, LOGIN_TOKEN, OFFLINE, RATE, SIGN_IN, TIMED_OUT, WorldCase)
from world import AGENT

MEBIBYTE = 1024 * 1024


class Replies(WorldCase):
    """Each kind of bad reply to a renewal: a failure with a reason, and the old token still there."""

    def check(self, *codes, classes=(), **fault):
        connection = self.sign_in()
        token, pid = self.token(connection), self.world.owner_pid(AGENT)
        self.world.fault(LOGIN_TOKEN, times=-1, **fault)
        result, seconds = self.timed(self.world.ctl, "renew", connection, "--json", "--timeout", 40)
        self.assertExit(result, *codes)
        self.assertLess(seconds, 40)
        self.assertEqual(self.token(connection), token)
        self.assertEqual(self.world.tokens_in_keyring(connection)["access_token"], token)
        self.assertEqual(self.world.owner_pid(AGENT), pid, "the agent did not survive")
        if classes:
            self.assertIn(self.show(connection)["finding"]["class"], classes)
        self.assertTrue(self.failure(result)["message"])
        return connection

    def test_html(self):
        self.check(FAILED, status=200, body="<html><body>Welcome to the hotel</body></html>",
                   content_type="text/html")

    def test_gateway(self):
        self.check(FAILED, status=502, classes=("transient", "maintenance"))

    def test_unavailable(self):
        self.check(FAILED, status=503, classes=("transient", "maintenance"))

    def test_too_many_requests(self):
        self.check(RATE, status=429, code="rate_limit_exceeded", classes=("rate", "quota"))

    def test_garbage(self):
        self.check(FAILED, status=200, body="\u0001\u0002{[\ufffd" * 50)

    def test_wrong_types(self):
        self.check(FAILED, status=200, body={"access_token": ["a"], "expires_in": {}})

    def test_empty_object(self):
        self.check(FAILED, status=200, body="{}")

    def test_truncated(self):
        self.check(FAILED, SIGN_IN, status=200, body='{"access_token": "abcdefghijklmnop", "expires',
                   truncate=20)

    def test_cut(self):
        connection = self.check(FAILED, TIMED_OUT, cut="before")
        self.world.ctl("show", connection)

    def test_refresh_dead(self):
        self.check(SIGN_IN, status=400, code="invalid_grant", classes=("refresh_dead",))

    def test_one_gigabyte(self):
        """A reply without an end costs neither memory nor time."""
        self.check(FAILED, status=200, huge_bytes=1_000_000_000)
        if "ASAN_OPTIONS" not in os.environ and "LATCHKEY_AGENT_WRAPPER" not in os.environ:
            self.assertLess(self.agent_memory(), 80 * MEBIBYTE)

    def test_offline(self):
        connection = self.sign_in()
        token = self.token(connection)
        self.world.stop_simulator()
        self.assertExit(self.world.ctl("renew", connection), OFFLINE)
        self.assertExit(self.world.ctl("verify", connection), OFFLINE)
        self.assertEqual(self.token(connection), token)
        self.assertNotEqual((self.show(connection)["finding"] or {}).get("needs_reauth"), True)

    def test_sign_in_meets_it_too(self):
        """The exchange of a code meets bad replies like a renewal does."""
        self.world.add_app("login")
        for fault in ({"status": 500}, {"body": "<html></html>"}, {"cut": "before"}, {"truncate": 9},
                      {"huge_bytes": 1_000_000_000}):
            with self.subTest(fault=fault):
                self.world.fault(LOGIN_TOKEN, times=3, **fault)
                process, url = self.world.begin("connect", "login")
                self.world.consent(url)
                event = self.world.end(process)
                self.assertEqual(event["event"], "failed", event)
                self.assertTrue(event["finding"]["title"])
                self.world.get(self.world.url + "/_simulator/faults", method="DELETE")
        self.assertEqual(self.world.ctl_ok("list", "--json").json(), [])


class Keyrings(WorldCase):
    def test_dies_midway(self):
        """The keyring goes away while a renewal is out: the reply is not lost with it."""
        connection = self.sign_in()
        self.world.fault(LOGIN_TOKEN, delay_ms=1500)
        renewal = self.world.spawn([os.path.join(self.world.build, "src", "ctl", "latchkeyctl"),
                                    "renew", connection, "--timeout", "40"], "renew.log")
        self.wait_until(lambda: self.world.stats()["in_flight"] > 1, "the renewal to be out")
        self.world.stop_keyring(signal.SIGKILL)
        self.assertIn(renewal.wait(60), (DONE, KEYRING))
        self.world.start_keyring("unlocked")
        self.wait_until(lambda: self.world.ctl("token", connection).code == DONE, "a token", 20)
        self.assertIn(self.token(connection), self.live())
        self.world.ctl_ok("renew", connection)

    def test_dead(self):
        connection = self.sign_in()
        self.world.stop_keyring(signal.SIGKILL)
        before = self.requests()
        self.assertExit(self.world.ctl("renew", connection, "--timeout", "20"), KEYRING)
        self.assertEqual(self.requests(), before)


class NoKeyring(WorldCase):
    options = {"keyring": "none"}

    def test_none(self):
        result, seconds = self.timed(
            self.world.ctl, "client", "add", "login", "--provider", "tiktok-login-simulator",
            "--client-id", "sim-login-key", "--secret-stdin", "--timeout", "20",
            stdin="sim-login-secret")
        self.assertExit(result, KEYRING)
        self.assertLess(seconds, 15)
        self.assertExit(self.world.ctl("list"), DONE)


class LockedKeyring(WorldCase):
    options = {"keyring": "locked"}

    def test_locked(self):
        result, seconds = self.timed(
            self.world.ctl, "client", "add", "login", "--provider", "tiktok-login-simulator",
            "--client-id", "sim-login-key", "--secret-stdin", "--timeout", "20",
            stdin="sim-login-secret")
        self.assertExit(result, KEYRING)
        self.assertLess(seconds, 15)
        self.assertExit(self.world.ctl("list"), DONE)


class Files(WorldCase):
    def ledger(self):
        return self.world.path("data", "latchkey", "ledger.db")

    def refused(self, connection, word):
        """The agent does not run on it, says so, and leaves the file as it is."""
        with open(self.ledger(), "rb") as file:
            before = file.read()
        result, seconds = self.timed(self.world.ctl, "list", "--json")
        self.assertExit(result, FAILED)
        self.assertEqual(self.failure(result)["error"], word)
        self.assertLess(seconds, 10)
        self.assertNotEqual(self.world.ctl("token", connection).code, DONE)
        with open(self.ledger(), "rb") as file:
            self.assertEqual(file.read(), before, "the ledger was touched")

    def test_newer_ledger(self):
        connection = self.sign_in()
        self.world.quit_agent()
        with contextlib.closing(sqlite3.connect(self.ledger())) as database:
            database.execute("PRAGMA user_version = 9999")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.refused(connection, "ledger_newer")

    def test_damaged_ledger(self):
        connection = self.sign_in()
        self.world.quit_agent()
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.ledger() + suffix)
        with open(self.ledger(), "wb") as file:
            file.write(b"this was a database once" * 400)
        self.refused(connection, "ledger_damaged")

    def without_overrides(self):
        """Root may write everywhere; the agent of these tests may not."""
        if os.geteuid() == 0:
            self.world.wrap_agent("/usr/bin/setpriv --bounding-set=-dac_override,-dac_read_search "
                                  "--inh-caps=-dac_override,-dac_read_search")

    def test_read_only_folder(self):
        """A ledger that cannot be opened for writing is not taken for an empty one."""
        connection = self.sign_in()
        self.world.quit_agent()
        self.without_overrides()
        folder = os.path.dirname(self.ledger())
        for name in os.listdir(folder):
            os.chmod(os.path.join(folder, name), 0o400)
        os.chmod(folder, 0o500)
        self.addCleanup(os.chmod, folder, 0o700)
        result, seconds = self.timed(self.world.ctl, "list", "--json")
        self.assertLess(seconds, 10)
        self.assertExit(result, FAILED)
        self.assertEqual(self.failure(result)["error"], "read_only")
        self.assertEqual(self.world.agent_property("LedgerState"), "read-only")
        before = self.requests()
        result = self.world.ctl("renew", connection, "--json")
        self.assertExit(result, FAILED)
        self.assertEqual(self.failure(result)["error"], "read_only")
        self.assertEqual(self.requests(), before, "a reply could not have been kept")

    def test_full_disk(self):
        """A reply that could not be written down is not asked for, or is kept all the same."""
        folder = os.path.dirname(self.ledger())
        os.makedirs(folder, mode=0o700)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder],
                                 capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("a small file system cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=False)
        connection = self.sign_in()
        with contextlib.suppress(OSError), open(os.path.join(folder, "filler"), "wb") as file:
            while True:
                file.write(b"\0" * 4096)
                file.flush()
        result, seconds = self.timed(self.world.ctl, "renew", connection, "--json")
        self.assertLess(seconds, 20)
        if result.code != DONE:
            self.assertEqual(self.failure(result)["error"], "disk_full")
        self.assertIn(self.token(connection), self.live())
        os.unlink(os.path.join(folder, "filler"))
        self.world.ctl_ok("renew", connection)
        self.assertIn(self.token(connection), self.live())

    def test_broken_profile(self):
        """One broken file hides nothing else, and never lets tokens go to the shipped host."""
        connection = self.sign_in()
        folder = self.world.path("config", "latchkey", "providers")
        with open(os.path.join(folder, "mine.json"), "w", encoding="utf-8") as file:
            file.write('{"schema": 1, "id": "mine", "extends": \n')
        with open(os.path.join(folder, "tiktok-ads.json"), "w", encoding="utf-8") as file:
            file.write('{"schema": 1, "id": "tiktok-ads", "name": 7}')
        self.world.quit_agent()
        self.assertIn(self.token(connection), self.live())
        listed = self.world.ctl_ok("providers", "list", "--json")
        ids = [profile["id"] for profile in listed.json()]
        self.assertIn("tiktok-login-simulator", ids)
        self.assertNotIn("tiktok-ads", ids)
        self.assertIn("mine.json", listed.stderr)
        self.assertExit(self.world.ctl("providers", "check", os.path.join(folder, "mine.json")),
                        FAILED)


if __name__ == "__main__":
    unittest.main()
