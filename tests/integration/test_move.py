#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups and moves: two agents, each with a keyring of its own, and one provider that is strict about
refresh tokens."""

import os
import shutil
import stat
import unittest

from gi.repository import Gio, GLib

from case import DONE, FAILED, NOT_FOUND, USAGE, WorldCase
from world import MANAGER, World, wait_until

PASSPHRASE = "correct horse battery staple"
AGENT1 = "io.github.latchkey_app.Latchkey.Agent1"


class Moves(WorldCase):
    """self.world is where the connections come from, self.other where they go."""

    def setUp(self):
        super().setUp()
        self.other = World(simulator=None)
        self.addCleanup(self.end_other)
        shutil.copytree(self.world.path("config", "latchkey"), self.other.path("config", "latchkey"),
                        dirs_exist_ok=True)
        self.other.url = self.world.url
        self.file = self.world.path("acme.latchkey-backup")

    def end_other(self):
        try:
            self.other.quit_agent()
            self.assertNotIn("Sanitizer", self.other.log("agent.log"))
            self.assertNotIn("-CRITICAL", self.other.log("agent.log"))
        finally:
            self.other.close()

    def backup(self, *arguments, world=None, file=None, passphrase=PASSPHRASE):
        return (world or self.world).ctl("backup", file or self.file, "--passphrase-stdin", "--json",
                                         *arguments, stdin=passphrase)

    def backup_ok(self, *arguments, **kwargs):
        result = self.backup(*arguments, **kwargs)
        self.assertExit(result, DONE)
        return result.json()

    def restore(self, *arguments, world=None, file=None, passphrase=PASSPHRASE):
        return (world or self.other).ctl("restore", file or self.file, "--passphrase-stdin", "--json",
                                         *arguments, stdin=passphrase)

    def restore_ok(self, *arguments, **kwargs):
        result = self.restore(*arguments, **kwargs)
        self.assertExit(result, DONE)
        return result.json()

    def shown(self, world, connection):
        return world.ctl_ok("show", connection, "--json").json()

    def refreshes(self):
        """How often a refresh token was sent: well, and refused."""
        tokens = self.world.stats()["tokens"]
        sent = {key: n for key, n in tokens.items() if "/refresh_token/" in key}
        good = sum(n for key, n in sent.items() if key.endswith("/200") or key.endswith("/ok"))
        return good, sum(sent.values()) - good

    def restart(self, world):
        world.quit_agent()
        world.start_agent()


class Move(Moves):
    def test_move(self):
        """The other computer renews, this one never does, whoever asks and however often it starts."""
        connection = self.sign_in()
        written = self.backup_ok("--move")
        self.assertEqual((written["kind"], written["connections"], written["clients"]),
                         ("move", 1, 1))
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)
        self.assertEqual(self.shown(self.world, connection)["parked"], "moved")
        self.assertIsNone(self.shown(self.world, connection)["next_renewal"])

        told = self.restore_ok()
        self.assertEqual((told["kind"], told["added"], told["held"]), ("move", 1, 0))
        self.assertIsNone(self.shown(self.other, connection)["parked"])
        self.assertIn(self.other.ctl_ok("token", connection).stdout.strip(), self.live())

        for _ in range(2):
            for command in ("renew", "token", "verify"):
                refused = self.world.ctl(command, connection, "--json")
                self.assertExit(refused, FAILED)
                self.assertEqual(self.failure(refused)["error"], "moved_away", refused)
            self.restart(self.world)
        self.assertEqual(self.token_calls("refresh_token"), 0)

        for generation in (2, 3):
            self.other.ctl_ok("renew", connection)
            self.assertEqual(self.shown(self.other, connection)["generation"], generation)
        self.assertExit(self.world.ctl("renew", connection), FAILED)
        self.assertEqual(self.token_calls("refresh_token"), 2)
        self.assertIn(self.other.ctl_ok("token", connection).stdout.strip(), self.live())
        kinds = [event["kind"] for event in
                 self.world.ctl_ok("history", connection, "--json").json()]
        self.assertIn("moved-away", kinds)

    def test_due(self):
        """When the renewal is due, only the other computer asks."""
        self.world.quit_agent()
        self.world.set_clock()
        self.other.set_agent_env(LATCHKEY_TEST_CLOCK=self.world.path("clock"))
        self.world.control("lifetimes", {"family": "login", "access": 60})
        connection = self.sign_in()
        self.backup_ok("--move")
        self.restore_ok()
        for times in (1, 2, 3):
            self.world.pass_time(40)
            wait_until(lambda: self.shown(self.other, connection)["generation"] == times + 1,
                       "a renewal by the other computer")
        self.assertEqual(self.token_calls("refresh_token"), 3)
        self.assertEqual(self.shown(self.world, connection)["generation"], 1)
        self.assertIn(self.other.ctl_ok("token", connection).stdout.strip(), self.live())

    def test_take_back(self):
        """A file that nobody restored: the connection is used here again, and renewed."""
        connection = self.sign_in()
        self.backup_ok("--move")
        self.restart(self.world)
        self.assertEqual(self.world.ctl_ok("take-back", connection, "--json").json(),
                         {"taken_back": 1})
        self.assertEqual(self.world.ctl_ok("take-back", connection, "--json").json(),
                         {"taken_back": 0})
        self.world.ctl_ok("renew", connection)
        self.assertIn(self.token(connection), self.live())
        self.restart(self.world)
        self.assertIsNone(self.shown(self.world, connection)["parked"])
        self.assertExit(self.world.ctl("take-back", "nobody"), NOT_FOUND)

    def test_there_and_back(self):
        """Moved, renewed there, moved home: the newer tokens take the place of the old ones. The file of
        the first move changes nothing any more, here or there."""
        connection = self.sign_in()
        self.backup_ok("--move")
        again = self.restore_ok(world=self.world)
        self.assertEqual((again["skipped"], again["connections"][0]["reason"]), (1, "made-here"))
        self.restore_ok()
        self.other.ctl_ok("renew", connection)
        home = self.world.path("home.latchkey-backup")
        self.backup_ok("--move", world=self.other, file=home)
        told = self.restore_ok(world=self.world, file=home)
        self.assertEqual((told["added"], told["replaced"]), (0, 1))
        self.assertIsNone(self.shown(self.world, connection)["parked"])
        self.world.ctl_ok("renew", connection)
        self.assertEqual(self.shown(self.world, connection)["generation"], 3)
        self.assertExit(self.other.ctl("renew", connection), FAILED)
        self.assertEqual(self.token_calls("refresh_token"), 2)
        old = self.restore_ok()
        self.assertEqual(old["connections"][0]["reason"], "older")
        self.assertEqual(self.restore_ok(world=self.world)["connections"][0]["reason"], "here")
        self.assertIn(self.token(connection), self.live())

    def test_sign_in_again(self):
        """Who signs in here again has tokens of this computer's own."""
        connection = self.sign_in()
        self.backup_ok("--move")
        self.assertEqual(self.world.connect(connection, command="reconnect"), connection)
        self.assertIsNone(self.shown(self.world, connection)["parked"])
        self.world.ctl_ok("renew", connection)

    def test_one_of_two(self):
        """Only what was named is moved."""
        moved = self.sign_in()
        stays = self.sign_in("ads")
        self.backup_ok("--move", "--connection", moved)
        self.assertIn(self.token(stays), self.live("ads"))
        told = self.restore_ok()
        self.assertEqual([entry["id"] for entry in told["connections"]], [moved])
        self.assertEqual(told["clients"], 1)
        # The next one leaves out what is gone already, and says so.
        rest = self.backup_ok("--move", file=self.world.path("rest.latchkey-backup"))
        self.assertEqual((rest["connections"], len(rest["left_out"])), (1, 1))
        refused = self.backup("--connection", moved, file=self.world.path("no.latchkey-backup"))
        self.assertEqual(self.failure(refused)["error"], "moved_away")
        self.assertFalse(os.path.exists(self.world.path("no.latchkey-backup")))

    def test_renewal_under_way(self):
        """A renewal that runs when the move begins ends first; its tokens are those that are moved."""
        connection = self.sign_in()
        self.world.fault("/v2/oauth/token/", delay_ms=1500, times=1)
        program = os.path.join(self.world.build, "src", "ctl", "latchkeyctl")
        renewal = self.world.spawn([program, "renew", connection], "renew.log",
                                   env=self.world.tool_env())
        wait_until(lambda: self.shown(self.world, connection)["busy"] == "renewing",
                   "the renewal to begin")
        self.backup_ok("--move")
        self.assertEqual(renewal.wait(20), DONE)
        self.restore_ok()
        self.assertEqual(self.shown(self.other, connection)["generation"], 2)
        self.other.ctl_ok("renew", connection)
        self.assertEqual(self.token_calls("refresh_token"), 2)

    def test_never_replaces_a_file(self):
        """The tokens in an older file may be nowhere else."""
        connection = self.sign_in()
        with open(self.file, "w", encoding="utf-8") as file:
            file.write("precious")
        self.assertExit(self.backup("--move"), FAILED)
        with open(self.file, encoding="utf-8") as file:
            self.assertEqual(file.read(), "precious")
        self.assertIsNone(self.shown(self.world, connection)["parked"])

    def test_disk_full(self):
        """No file, no move."""
        connection = self.sign_in()
        size = 64
        self.world.call(MANAGER, AGENT1, "ReloadProfiles")
        pid = self.world.owner_pid()
        os.system(f"prlimit --pid {pid} --fsize={size}:unlimited")
        result = self.backup("--move")
        os.system(f"prlimit --pid {pid} --fsize=unlimited:unlimited")
        self.assertExit(result, FAILED)
        self.assertFalse(os.path.exists(self.file))
        self.assertIsNone(self.shown(self.world, connection)["parked"])
        self.world.ctl_ok("renew", connection)
        self.backup_ok("--move")


class Copy(Moves):
    def test_held(self):
        """A copy: the source goes on; restored elsewhere it waits until a person decides."""
        connection = self.sign_in()
        written = self.backup_ok()
        self.assertEqual(written["kind"], "copy")
        self.world.ctl_ok("renew", connection)
        told = self.restore_ok()
        self.assertEqual((told["added"], told["held"]), (1, 1))
        self.assertEqual(self.shown(self.other, connection)["parked"], "held")
        for _ in range(2):
            for command in ("renew", "token"):
                refused = self.other.ctl(command, connection, "--json")
                self.assertEqual(self.failure(refused)["error"], "on_hold", refused)
            self.restart(self.other)
        self.assertEqual(self.token_calls("refresh_token"), 1)
        self.world.ctl_ok("renew", connection)
        self.assertIn(self.token(connection), self.live())

    def test_use_here(self):
        """The old computer is gone: used at once, and renewed."""
        connection = self.sign_in()
        self.backup_ok()
        self.world.quit_agent()
        told = self.restore_ok("--use-here")
        self.assertEqual(told["held"], 0)
        self.other.ctl_ok("renew", connection)
        self.assertIn(self.other.ctl_ok("token", connection).stdout.strip(), self.live())

    def test_never_renewed_is_not_held(self):
        """A token without a refresh token hurts nobody: both may use it."""
        connection = self.sign_in("ads")
        self.backup_ok()
        self.assertEqual(self.restore_ok()["held"], 0)
        self.assertEqual(self.other.ctl_ok("token", connection).stdout.strip(),
                         self.token(connection))

    def test_keyring_lost(self):
        """The keyring was lost and the rest is there: the tokens come back into their connection."""
        connection = self.sign_in()
        self.backup_ok()
        self.world.quit_agent()
        self.world.stop_keyring()
        shutil.rmtree(self.world.path("data", "keyrings"))
        self.world.start_keyring()
        self.assertNotEqual(self.world.ctl("token", connection).code, DONE)
        told = self.restore_ok("--use-here", world=self.world)
        self.assertEqual((told["added"], told["replaced"]), (0, 1))
        self.assertIn(self.token(connection), self.live())

    def test_preview_changes_nothing(self):
        self.sign_in()
        self.backup_ok()
        before = self.other.ctl_ok("list", "--json").json()
        told = self.restore_ok("--preview")
        self.assertTrue(told["preview"])
        self.assertEqual((told["added"], told["connections"][0]["action"]), (1, "add"))
        self.assertEqual(self.other.ctl_ok("list", "--json").json(), before)
        self.assertEqual(self.other.ctl_ok("client", "list", "--json").json(), [])

    def test_what_is_here_stays(self):
        """Names that are taken, an app that is here by another name, rules, settings."""
        connection = self.sign_in("login", "--name", "Acme")
        self.world.ctl_ok("settings", "ask-programs", "true")
        self.world.ctl_ok("settings", "quiet-from", "61")
        self.backup_ok()
        self.other.add_app("login", name="another name")
        self.other.connect("another name", "--name", "Acme", user=2)
        self.other.ctl_ok("settings", "quiet-from", "62")
        told = self.restore_ok()
        self.assertEqual((told["clients"], told["added"]), (0, 1))
        self.assertEqual(told["settings"], ["ask-programs"])
        restored = self.shown(self.other, connection)
        self.assertEqual((restored["name"], restored["client"]), ("Acme 2", "another name"))
        again = self.restore_ok()
        self.assertEqual((again["added"], again["skipped"]), (0, 1))
        self.assertEqual(len(self.other.ctl_ok("list", "--json").json()), 2)

    def test_replaces_an_older_copy_when_whole(self):
        self.sign_in()
        self.backup_ok()
        first = os.stat(self.file).st_ino
        self.backup_ok()
        self.assertNotEqual(os.stat(self.file).st_ino, first)
        self.assertEqual(self.restore_ok("--preview")["added"], 1)
        self.assertEqual([name for name in os.listdir(self.world.dir) if name.endswith(".part")], [])


class Refused(Moves):
    def test_in_words(self):
        """Wrong passphrase, damage, a cut, something else: each is told, and nothing is restored."""
        self.sign_in()
        self.backup_ok()
        with open(self.file, "rb") as file:
            whole = file.read()
        changed = bytearray(whole)
        changed[200] ^= 1
        newer = bytearray(whole)
        newer[9] = 2
        bad = self.world.path("bad.latchkey-backup")
        cases = ((whole, "wrong passphrase", "wrong_passphrase"),
                 (bytes(newer), PASSPHRASE, "backup_newer"),
                 (whole[:-40], PASSPHRASE, "backup_incomplete"),
                 (b"%PDF-1.4", PASSPHRASE, "not_a_backup"),
                 (b"", PASSPHRASE, "not_a_backup"))
        for content, passphrase, word in cases:
            with open(bad, "wb") as file:
                file.write(content)
            for arguments in ((), ("--preview",)):
                refused = self.restore(*arguments, file=bad, passphrase=passphrase)
                self.assertExit(refused, FAILED)
                self.assertEqual(self.failure(refused)["error"], word, refused)
        with open(bad, "wb") as file:
            file.write(bytes(changed))
        self.assertIn(self.failure(self.restore(file=bad))["error"],
                      ("backup_damaged", "backup_incomplete"))
        self.assertEqual(self.other.ctl_ok("list", "--json").json(), [])
        self.assertEqual(self.other.ctl_ok("client", "list", "--json").json(), [])

    def test_weak_passphrase(self):
        self.sign_in()
        refused = self.backup(passphrase="seven77")
        self.assertExit(refused, USAGE)
        self.assertEqual(self.failure(refused)["error"], "weak_passphrase")
        self.assertFalse(os.path.exists(self.file))

    def test_no_terminal(self):
        self.assertExit(self.world.ctl("backup", self.file), USAGE)

    def test_nothing_to_back_up(self):
        self.assertExit(self.backup(), NOT_FOUND)
        self.assertFalse(os.path.exists(self.file))

    def test_a_pipe_is_no_file(self):
        """Nobody can hold the agent's thread up with something that is never written."""
        ends = os.pipe()
        secret = os.memfd_create("passphrase")
        fds = Gio.UnixFDList.new()
        fds.append(ends[1])
        fds.append(secret)
        with self.assertRaises(GLib.Error) as raised:
            self.world.connection.call_with_unix_fd_list_sync(
                "io.github.latchkey_app.Latchkey.Agent", MANAGER, AGENT1, "WriteBackup",
                GLib.Variant("(hha{sv})", (0, 1, {})), None, Gio.DBusCallFlags.NONE, 20000, fds, None)
        self.assertIn("InvalidArgument", str(raised.exception))
        for fd in (*ends, secret):
            os.close(fd)

    def test_keyring_locked(self):
        """Nothing half restored while the keyring cannot take it."""
        self.sign_in()
        self.backup_ok()
        self.other.start_agent()
        self.other.call("/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "Lock",
                        GLib.Variant("(ao)", (["/org/freedesktop/secrets/collection/login"],)),
                        "org.freedesktop.secrets")
        refused = self.restore()
        self.assertEqual(self.failure(refused)["error"], "keyring_locked")
        self.assertEqual(self.other.ctl_ok("list", "--json").json(), [])

    def test_killed_while_restoring(self):
        """kill -9 in the middle: all or nothing, nothing stays behind in the keyring, and it can be
        restored again."""
        connection = self.sign_in()
        self.backup_ok()
        self.other.start_agent()
        program = os.path.join(self.other.build, "src", "ctl", "latchkeyctl")
        env = self.other.tool_env()
        with open(self.other.path("passphrase"), "w", encoding="utf-8") as file:
            file.write(PASSPHRASE)
        for pause in (0.2, 0.5, 0.8, 1.1):
            with open(self.other.path("passphrase"), "rb") as passphrase:
                self.other.spawn([program, "restore", self.file, "--passphrase-stdin"],
                                 "restore.log", env=env, stdin=passphrase)
            with self.assertRaises(AssertionError):
                wait_until(lambda: False, "a while", pause)
            self.other.kill_agent()
            self.other.start_agent()
            wait_until(lambda: self.other.agent_property("LedgerState") == "ready", "the ledger")
            if self.other.ctl_ok("list", "--json").json():
                break
            wait_until(lambda: self.other.tokens_in_keyring(connection) is None,
                       "what was stored to be gone")
        self.restore_ok()
        self.assertEqual(self.shown(self.other, connection)["parked"], "held")
        self.assertIsNotNone(self.other.tokens_in_keyring(connection))

    def test_planted_secrets(self):
        """No secret stands in the file, in a message or in a log."""
        connection = self.sign_in()
        token = self.token(connection)
        self.backup_ok()
        self.restore_ok("--use-here")
        with open(self.file, "rb") as file:
            content = file.read()
        for secret in (token, "sim-login-secret", PASSPHRASE):
            self.assertNotIn(secret.encode(), content)
            for world in (self.world, self.other):
                self.assertNotIn(secret, world.log("agent.log"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
