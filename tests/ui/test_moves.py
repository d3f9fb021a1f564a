#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups and moves in the window: what a person reads and does, and what the agent then knows. With
LATCHKEY_SHOTS=FOLDER it leaves pictures there."""

import os
import unittest

from desktop import wait_until
from test_window import WindowCase

PASSPHRASE = "correct horse battery staple"


class TestMoves(WindowCase):
    def signed_in(self):
        desktop = self.desktop()
        desktop.add_app("login")
        connection = desktop.connect("login", "--name", "Brand EU")
        window = desktop.open()
        window.wait_for("Your connection is fine.")
        return desktop, window, connection

    def parked(self, desktop, connection):
        return desktop.ctl_ok("show", connection, "--json").json()["parked"]

    def menu(self, window, item):
        window.press("Main Menu")
        window.press(item)

    def save(self, window, path):
        """Through the system's own dialog, where a path can be typed."""
        before = len(window.ids())
        window.press("Save…")
        wait_until(lambda: len(window.ids()) > before, "the dialog")
        window.wait_for("Name")
        window.key("ctrl+a")
        window.xdotool("type", path)
        window.key("Return")

    def test_move_and_take_back(self):
        """The passphrase is judged while it is typed; what was moved says so, and comes back only after a
        question."""
        desktop, window, connection = self.signed_in()
        path = desktop.path("move.latchkey-backup")
        self.menu(window, "Back Up or Move…")
        window.wait_for("Move to Another Computer")
        window.type_into("Passphrase", "short")
        window.wait_for("Too short.")
        window.type_into("Passphrase", "password1")
        window.wait_for("could guess this")
        window.type_into("Passphrase", PASSPHRASE)
        window.type_into("The Same Again", "something else")
        window.wait_for("not the same yet")
        window.settle()
        self.shoot(window, "backup-ask")
        window.type_into("The Same Again", PASSPHRASE)
        window.wait_for("Strong.")
        window.activate("Move to Another Computer")
        self.save(window, path)
        window.wait_for("Ready to Move")
        window.settle()
        self.shoot(window, "backup-moved")
        self.assertTrue(os.path.getsize(path) > 96)
        self.assertEqual(self.parked(desktop, connection), "moved")
        window.key("Escape")
        window.wait_for("Moved to another computer")
        window.settle()
        self.shoot(window, "moved-list")
        window.activate("Brand EU")
        window.wait_for("It is not renewed here.")
        window.settle()
        self.shoot(window, "moved-page")
        window.press("Take Back…")
        window.wait_for("Take “Brand EU” Back?")
        window.settle()
        self.shoot(window, "take-back")
        window.press("Take Back")
        window.wait_for("is used here again")
        self.assertIsNone(self.parked(desktop, connection))
        window.press("Renew Now")
        window.wait_for("was renewed")

    def test_restore(self):
        """A wrong passphrase is told; then what is in the file and what would become of it, before
        anything happens; what is on hold says why."""
        desktop, window, connection = self.signed_in()
        path = desktop.path("copy.latchkey-backup")
        desktop.ctl_ok("backup", path, "--passphrase-stdin", stdin=PASSPHRASE)
        desktop.ctl_ok("remove", connection)
        window.wait_gone("Brand EU")
        before = len(window.ids())
        self.menu(window, "Restore…")
        wait_until(lambda: len(window.ids()) > before, "the dialog")
        window.wait_for("Name")
        window.xdotool("type", path)
        window.settle()
        window.key("Return")
        window.wait_for("Encrypted File")
        window.type_into("Passphrase", "not the right one")
        window.press("Open")
        window.wait_for("The passphrase is not the one", 30)
        window.settle()
        self.shoot(window, "restore-wrong")
        window.type_into("Passphrase", PASSPHRASE)
        window.press("Open")
        window.wait_for("Restored on hold", 30)
        window.wait_for("Backup of “")
        window.settle()
        self.shoot(window, "restore-preview")
        self.assertEqual(desktop.ctl_ok("list", "--json").json(), [])
        window.press("Restore")
        window.wait_for("1 connection is on hold.", 30)
        window.settle()
        self.shoot(window, "restored")
        window.key("Escape")
        window.wait_for("On hold since it was restored")
        window.settle()
        self.shoot(window, "held-list")
        window.press("Use Here…")
        window.wait_for("Use “Brand EU")
        window.press("Use Here")
        window.wait_for("is used here again")
        wait_until(lambda: desktop.ctl_ok("list", "--json").json()[0]["parked"] is None,
                   "the connection to be used")


if __name__ == "__main__":
    unittest.main(verbosity=2)
