#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections move from a Latchkey that is installed on the host to the one from Flatpak, and back."""

import os
import shutil
import subprocess
import unittest

from installed import HOST_BUILD, TESTS, Case, setUpModule, tearDownModule  # noqa: F401
from sandbox import APP

PASSPHRASE = "correct horse battery staple"


@unittest.skipUnless(HOST_BUILD, "LATCHKEY_HOST_BUILD names no build to move from")
class TestMoves(Case):
    """Between a Latchkey that is installed on the host and the one from Flatpak, on one computer: one
    keyring, one bus, and on that one agent at a time. The TikTok behind both is strict: it refuses a
    refresh token that was used, and ends the connection."""

    def start(self):
        desktop = super().start()
        desktop.use_host(HOST_BUILD)
        desktop.start_simulator()
        shutil.copytree(desktop.path("config", "latchkey", "providers"),
                        desktop.path("home", ".var", "app", APP, "config", "latchkey", "providers"))
        desktop.add_app("login")
        self.connection = desktop.connect("login", "--name", "Brand EU")
        self.renewals = 0
        self.renew()
        os.makedirs(desktop.path("home", "Documents"))
        self.file = desktop.path("home", "Documents", "acme.latchkey-backup")
        return desktop

    def shown(self):
        return self.desktop.ctl_ok("show", self.connection, "--json").json()

    def refreshes(self):
        """How often TikTok was sent a refresh token, by what became of it."""
        return {key.rpartition("/")[2]: number
                for key, number in self.desktop.stats()["tokens"].items()
                if "/refresh_token/" in key}

    def renew(self):
        """It is renewed, and once."""
        self.desktop.ctl_ok("renew", self.connection)
        self.renewals += 1
        self.assertEqual(self.shown()["generation"], self.renewals + 1)
        self.assertEqual(sum(self.refreshes().values()), self.renewals)

    def assert_rests(self):
        """It was moved away: nobody renews it here."""
        self.assertEqual((self.shown()["parked"], self.shown()["next_renewal"]), ("moved", None))
        for command in ("renew", "token", "verify"):
            refused = self.desktop.ctl(command, self.connection, "--json")
            self.assertEqual(refused.code, 1, refused)
            self.assertIn("moved_away", refused.stdout + refused.stderr)
        self.assertEqual(sum(self.refreshes().values()), self.renewals)

    def assert_none_was_refused(self):
        self.assertEqual(list(self.refreshes().values()), [self.renewals])

    def test_by_the_window(self):
        """Into the Flatpak and home again, as a person does it: no file but the chosen is seen."""
        desktop = self.start()
        desktop.ctl_ok("backup", "--move", self.file, "--passphrase-stdin", stdin=PASSPHRASE)
        self.assert_rests()

        desktop.use_flatpak()
        window = desktop.open()
        window.pick("s")
        window.choose(self.file)
        window.wait_for("Encrypted File")
        window.type_into("Passphrase", PASSPHRASE)
        window.press("Open")
        window.wait_for("Moved away from “", 30)
        window.wait_for("Added and used here")
        self.picture("08-moved-in")
        window.press("Restore")
        window.wait_for("1 connection is used here now.", 30)
        window.press("Close")
        self.renew()

        desktop.quit_window()
        desktop.use_host(HOST_BUILD)
        self.assert_rests()
        desktop.use_flatpak()
        self.renew()

        window = desktop.open()
        window.wait_for("Brand EU")
        window.pick("b")
        window.wait_for("Move to Another Computer")
        window.type_into("Passphrase", PASSPHRASE)
        window.type_into("The Same Again", PASSPHRASE)
        window.activate("Move to Another Computer")
        window.press("Save…")
        home = desktop.path("home", "Documents", "home.latchkey-backup")
        window.choose(home)
        window.wait_for("Ready to Move", 30)
        self.assertTrue(os.path.getsize(home) > 96)
        self.assert_rests()
        desktop.quit_window()
        desktop.use_host(HOST_BUILD)
        told = desktop.ctl_ok("restore", home, "--passphrase-stdin", "--json",
                              stdin=PASSPHRASE).json()
        self.assertEqual((told["added"], told["replaced"], told["held"]), (0, 1, 0))
        self.renew()
        self.assert_none_was_refused()

    def test_by_the_command_line(self):
        """The same, with the folder named for the one run. What is written elsewhere would be gone with
        the sandbox; it is refused, and nothing is moved."""
        desktop = self.start()
        desktop.ctl_ok("backup", "--move", self.file, "--passphrase-stdin", stdin=PASSPHRASE)
        desktop.use_flatpak()
        unseen = desktop.ctl("restore", self.file, "--passphrase-stdin", stdin=PASSPHRASE)
        self.assertEqual(unseen.code, 1)
        self.assertIn("--filesystem=", unseen.stderr)
        script = os.path.join(TESTS, "..", "data", "help", "scripts", "flatpak.sh")
        done = subprocess.run(["sh", script, "--passphrase-stdin"], input=PASSPHRASE, text=True,
                              env=desktop.tool_env(), capture_output=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.renew()

        home = desktop.path("home", "Documents", "home.latchkey-backup")
        for path in (home, desktop.path("home", "home.latchkey-backup"), "/home.latchkey-backup",
                     "/tmp/home.latchkey-backup"):
            lost = desktop.ctl("backup", "--move", path, "--passphrase-stdin", stdin=PASSPHRASE)
            self.assertEqual(lost.code, 1, path)
            self.assertIn("--filesystem=", lost.stderr)
        self.renew()
        desktop.flatpak("run", "--filesystem=" + os.path.dirname(home), "--command=latchkeyctl", APP,
                        "backup", "--move", home, "--passphrase-stdin", stdin=PASSPHRASE)
        self.assert_rests()
        desktop.use_host(HOST_BUILD)
        desktop.ctl_ok("restore", home, "--passphrase-stdin", stdin=PASSPHRASE)
        self.renew()
        desktop.use_flatpak()
        self.assert_rests()
        self.assert_none_was_refused()


if __name__ == "__main__":
    unittest.main(verbosity=2)
