# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the Flatpak share: the bundle is installed for each of them, and a desktop on which
it is used. LATCHKEY_FLATPAK_OUT: what `./dev flatpak` made; pictures go to LATCHKEY_SHOTS."""

import os
import shlex
import subprocess
import sys
import tempfile
import unittest

TESTS = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
sys.path[1:1] = [os.path.join(TESTS, "support"), os.path.join(TESTS, "ui")]

from sandbox import APP, FlatpakDesktop  # noqa: E402

OUT = os.environ["LATCHKEY_FLATPAK_OUT"]
SHOTS = os.environ.get("LATCHKEY_SHOTS", os.path.join(OUT, "shots"))
BUNDLE = os.path.join(OUT, APP + ".flatpak")
HOST_BUILD = os.environ.get("LATCHKEY_HOST_BUILD")


def flatpak(*arguments, check=True):
    done = subprocess.run(["flatpak", "--user", *arguments], capture_output=True, text=True,
                          check=False, timeout=600)
    if check and done.returncode != 0:
        raise AssertionError(f"flatpak {shlex.join(arguments)}: {done.stdout}{done.stderr}")
    return done


def is_installed():
    return flatpak("info", APP, check=False).returncode == 0


def setUpModule():
    os.makedirs(SHOTS, exist_ok=True)
    if is_installed():
        flatpak("uninstall", "--noninteractive", APP)
    flatpak("install", "--noninteractive", "--bundle", BUNDLE)


def tearDownModule():
    if is_installed():
        flatpak("uninstall", "--noninteractive", APP)


class Case(unittest.TestCase):
    def start(self):
        folder = tempfile.TemporaryDirectory(prefix="latchkey-programs-")
        self.addCleanup(folder.cleanup)
        self.desktop = FlatpakDesktop(folder.name)
        self.addCleanup(self.desktop.close)
        self.addCleanup(self.keep_logs)
        return self.desktop

    def keep_logs(self):
        """What a person reads who wants to know why a test failed."""
        for name in ("agent.log", "window.log"):
            with open(os.path.join(OUT, f"{self.id().split('.')[-1]}-{name}"), "w",
                      encoding="utf-8") as file:
                if os.path.exists(self.desktop.path(name)):
                    file.write(self.desktop.log(name))

    def picture(self, name, whole=False):
        path = os.path.join(SHOTS, name + ".png")
        self.desktop.window.settle()
        if whole:
            subprocess.run(["import", "-window", "root", path], env=self.desktop.env, check=True,
                           capture_output=True, timeout=30)
        else:
            self.desktop.window.shoot(path)

    def sign_in(self):
        """In the window, by the offline TikTok, which runs inside the sandbox too. The browser is on
        the host: it is asked for through a portal, and its answer comes over loopback."""
        window = self.desktop.open()
        self.picture("01-first-run")
        window.press("Try It Without an Account")
        window.wait_for("Trial: Login Kit", 40)
        window.activate("Trial: Login Kit")
        window.wait_for("You Are Signed In", 60)
        self.picture("02-signed-in")
        window.press("Done")
        window.wait_for("Your connection is fine.")
        return self.connections()[0]["id"]

    def sign_in_by_command(self):
        """The same, and no window is opened: there can be one in each test."""
        self.desktop.ctl_ok("trial")
        return self.desktop.connect("Trial: Login Kit")

    def connections(self):
        return self.desktop.ctl_ok("list", "--json").json()

    def token(self, connection):
        return self.desktop.ctl_ok("token", connection).stdout.strip()
