#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Latchkey as a person has it who double-clicked the bundle: installed, in its sandbox, on a desktop
with a panel, notifications, the portals and a real keyring behind them. Started by `./dev flatpak
--test`, which built the bundle. Pictures go to LATCHKEY_SHOTS."""

import configparser
import contextlib
import glob
import http.server
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import unittest

# First, for it says where the others are. What sets a module up is found by its name.
from installed import (BUNDLE, HOST_BUILD, OUT, SHOTS, TESTS, Case, flatpak,  # noqa: F401
                       is_installed, setUpModule, tearDownModule)

from desktop import Desktop
from dunst import Dunst
from gi.repository import GLib
from panel import turn
from sandbox import AGENT_PROGRAM, APP, exports
from test_tray import Panel
from world import AGENT, SECRETS, wait_until

PERMISSIONS = {
    "Context": {"shared": {"network", "ipc"}, "sockets": {"wayland", "fallback-x11", "x11"},
                "devices": {"dri"}},
    "Session Bus Policy": {"org.kde.StatusNotifierWatcher": {"talk"}},
}
RUNS = 5


def say(text):
    print("     " + text, file=sys.stderr, flush=True)


class TestInstalled(Case):
    """The bundle alone: no session is needed."""

    def test_asks_for_no_more_than_it_needs(self):
        shown = configparser.ConfigParser()
        shown.optionxform = str
        shown.read_string(flatpak("info", "--show-permissions", APP).stdout)
        found = {section: {key: set(value.strip(";").split(";")) for key, value in
                           shown.items(section)} for section in shown.sections()}
        self.assertEqual(found, PERMISSIONS)

    def test_exports_what_a_desktop_needs(self):
        # Debian 12's flatpak-builder still gives it the older name.
        self.assertTrue(glob.glob(exports("metainfo", APP + ".*.xml")), "metainfo")
        for name in (("applications", APP + ".desktop"),
                     ("dbus-1", "services", APP + ".service"),
                     ("dbus-1", "services", AGENT + ".service"),
                     ("icons", "hicolor", "scalable", "apps", APP + ".svg"),
                     ("icons", "hicolor", "symbolic", "apps", APP + "-symbolic.svg"),
                     *(("icons", "hicolor", "symbolic", "apps", f"{APP}-{state}-symbolic.svg")
                       for state in ("fine", "ending", "attention", "paused"))):
            self.assertTrue(os.path.exists(exports(*name)), os.path.join(*name))
        with open(exports("dbus-1", "services", AGENT + ".service"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn(f"--command={AGENT_PROGRAM}", text)
        self.assertNotIn("SystemdService", text, "the host's systemd knows no unit of the sandbox")

    def test_has_licence_and_languages(self):
        files = flatpak("info", "--show-location", APP).stdout.strip() + "/files/"
        self.assertTrue(os.path.getsize(files + f"share/licenses/{APP}/COPYING") > 30000)
        with open(os.path.join(TESTS, "..", "po", "LINGUAS"), encoding="utf-8") as file:
            languages = [line.strip() for line in file if line.strip() and line[0] != "#"]
        for language in languages:
            self.assertTrue(os.path.exists(files + f"share/locale/{language}/LC_MESSAGES/latchkey.mo"),
                            language)


class TestSandbox(Case):
    def test_from_first_run_to_the_next_session(self):
        """Signs in, renews, ends and starts with the session, and finds the tokens again."""
        desktop = self.start()
        Panel(desktop, dark=False)
        connection = self.sign_in()
        first = self.token(connection)
        self.assertTrue(first)

        desktop.ctl_ok("renew", connection)
        second = self.token(connection)
        self.assertNotEqual(second, first, "the token is another after it was renewed")
        wait_until(lambda: desktop.background.command(APP), "the file that starts the agent")
        self.assertIn((APP, True), [asked[:2] for asked in desktop.background.asked])
        desktop.window.activate("Mira Holt")
        desktop.window.wait_for("Your sign-in is fine.")
        self.picture("03-connection")
        self.picture("04-desktop", whole=True)

        # What is kept is ours alone, and nobody finds a token in it.
        home = desktop.path("home", ".var", "app", APP)
        keyring = os.path.join(home, "data", "keyrings", "default.keyring")
        self.assertTrue(os.path.getsize(keyring) > 0)
        for path in glob.glob(home + "/**", recursive=True, include_hidden=True):
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    kept = file.read()
                self.assertFalse(first.encode() in kept or second.encode() in kept, path)

        # The person logs out, and in again.
        desktop.window.close()
        desktop.kill_agent(signal.SIGTERM)
        command = desktop.background.command(APP)
        self.assertIn("--command=" + AGENT_PROGRAM, command)
        desktop.spawn(command, "agent.log")
        wait_until(lambda: desktop.has_owner(AGENT), "the agent, started with the session", 30)
        self.assertEqual(self.token(connection), second)
        # Nor does a loss of power lose them.
        desktop.kill_agent(signal.SIGKILL)
        self.assertEqual(self.token(connection), second)

    def test_panel_and_notifications(self):
        """What needs a person is told by the portal; a press of its button opens the window at it, and
        so does the icon in the panel."""
        desktop = self.start()
        panel, dunst = Panel(desktop, dark=False), Dunst(desktop)
        connection = self.sign_in_by_command()
        item = panel.wait_item()
        self.assertEqual(item.get("IconThemePath"), "", "icons are the session's, by name")
        self.assertTrue(item.get("IconName").startswith(APP))

        desktop.url = desktop.agent_property("TrialAddress")
        desktop.control("revoke", {"family": "login"})
        desktop.ctl("verify", connection)
        number, title, text = dunst.wait_for("Mira Holt")
        wait_until(lambda: turn() or item.get("Status") == "NeedsAttention"
                   or "attention" in item.get("IconName"), "the icon to ask for attention")
        subprocess.run(["import", "-window", "root", os.path.join(SHOTS, "05-notification.png")],
                       env=desktop.env, check=True, capture_output=True, timeout=30)
        for secret in (self.desktop.log("dunst.told"),):
            self.assertNotIn("sim-login-secret", secret)
        self.assertFalse(desktop.has_owner(APP))
        dunst.click()
        wait_until(lambda: desktop.has_owner(APP), "the window, started by the notification", 40)
        desktop.take_window()
        desktop.window.wait_for("This connection needs you.", 40)
        self.picture("06-from-the-notification", whole=True)

    def test_keyring_behind_the_portal(self):
        """A keyring that nobody answers for is told, and nothing is lost."""
        desktop = self.start()
        connection = self.sign_in_by_command()
        token = self.token(connection)
        desktop.kill_agent(signal.SIGTERM)
        desktop.stop_keyring()
        os.rename(desktop.path("data", "keyrings"), desktop.path("data", "keyrings.away"))
        self.assertEqual(self.desktop.ctl("token", connection, "--timeout", "20").code, 5)
        desktop.kill_agent(signal.SIGTERM)
        os.rename(desktop.path("data", "keyrings.away"), desktop.path("data", "keyrings"))
        desktop.start_keyring()
        wait_until(lambda: desktop.has_owner(SECRETS), "the keyring")
        self.assertEqual(self.token(connection), token)

    def test_taken_away(self):
        """Nothing of it stays in the home but what the keyring itself keeps, and the file that starts it
        with the session, when that was not switched off before: no part of Flatpak looks after it. It
        starts nothing any more."""
        desktop = self.start()
        self.sign_in_by_command()
        wait_until(lambda: desktop.background.command(APP), "the file that starts the agent")
        desktop.ctl_ok("settings", "autostart", "false")
        wait_until(lambda: not desktop.background.command(APP), "the file to be taken away")
        desktop.ctl_ok("settings", "autostart", "true")
        command = wait_until(lambda: desktop.background.command(APP), "the file to be there again")
        desktop.kill_agent(signal.SIGTERM)
        home = desktop.path("home", ".var", "app", APP)
        self.assertTrue(os.path.exists(os.path.join(home, "data", "latchkey", "ledger.db")))
        desktop.flatpak("uninstall", "--user", "--noninteractive", "--delete-data", APP)
        self.assertFalse(os.path.exists(home))
        self.assertFalse(is_installed())
        self.assertEqual(glob.glob(exports("**", "*atchkey*"), recursive=True), [])
        started = subprocess.run(command, env=desktop.tool_env(), capture_output=True, text=True,
                                 check=False, timeout=60)
        self.assertEqual(started.returncode, 1, started)
        self.assertIn("not installed", started.stderr)
        flatpak("install", "--noninteractive", "--bundle", BUNDLE)

    def test_shut_off(self):
        """From inside neither the person's files nor other programs on the bus are to be had."""
        desktop = self.start()
        secret = desktop.path("home", "Documents", "private.txt")
        os.makedirs(os.path.dirname(secret))
        with open(secret, "w", encoding="utf-8") as file:
            file.write("private")
        inside = ["run", "--command=sh", APP, "-c"]
        self.assertEqual(desktop.flatpak(*inside, f"cat {secret} || echo no").strip(), "no")
        names = desktop.flatpak(*inside, "gdbus call --session -d org.freedesktop.DBus -o / "
                                "-m org.freedesktop.DBus.ListNames")
        self.assertIn("org.freedesktop.DBus", names)
        self.assertNotIn("org.freedesktop.secrets", names)


    def test_speaks_german(self):
        """The translations are in the bundle."""
        desktop = self.start()
        desktop.speak("de_DE")
        self.assertNotIn(desktop.words["Welcome to Latchkey"], ("", "Welcome to Latchkey"))
        window = desktop.open()
        window.wait_for("Welcome to Latchkey")
        window.wait_for("Try It Without an Account")
        self.picture("07-german")
        self.assertFalse(any("Welcome" in text for text in window.texts()))
        told = desktop.ctl("show", "nobody")
        self.assertIn("nobody", told.stderr)
        self.assertNotIn("There is no", told.stderr)


class TestSpeed(Case):
    """Not judged, only told: how long it takes until a window, or an answer, is there."""

    def window(self, desktop):
        started = time.monotonic()
        process = desktop.spawn([os.path.join(desktop.build, "src", "app", "latchkey")],
                                "window.log")
        wait_until(lambda: subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--class", "^latchkey$"], env=desktop.env,
            capture_output=True, check=False).stdout, "the window", 60)
        taken = time.monotonic() - started
        # What is ended while it starts would be measured the next time.
        wait_until(lambda: desktop.has_owner(AGENT), "the agent that the window started", 60)
        desktop.call("/" + APP.replace(".", "/"), "org.freedesktop.Application", "ActivateAction",
                     GLib.Variant("(sava{sv})", ("quit", [], {})), APP)
        process.wait(30)
        return taken

    def command(self, desktop):
        started = time.monotonic()
        desktop.ctl_ok("list")
        return time.monotonic() - started

    def measure(self, desktop, how):
        times = []
        for _ in range(RUNS):
            desktop.kill_agent(signal.SIGTERM)
            times.append(how(desktop) * 1000)
        return statistics.median(times)

    def tell(self, place, desktop):
        self.window(desktop)  # Once for what the disk then remembers.
        say(f"{place}: the window with its agent after {self.measure(desktop, self.window):.0f} ms, "
            f"latchkeyctl list with its agent after {self.measure(desktop, self.command):.0f} ms; "
            f"the middle of {RUNS}")

    def test_cold_start(self):
        self.tell("Flatpak", self.start())

    @unittest.skipUnless(HOST_BUILD, "LATCHKEY_HOST_BUILD names no build to measure beside")
    def test_cold_start_of_the_host(self):
        os.environ["LATCHKEY_BUILD_DIR"] = HOST_BUILD
        with contextlib.closing(Desktop(simulator=None)) as desktop:
            desktop.set_agent_env(G_MESSAGES_DEBUG="")
            self.tell("Host", desktop)


class TestRepository(Case):
    """The other way in: a .flatpakref, and a repository whose signature is looked at."""

    def setUp(self):
        handler = type("Handler", (http.server.SimpleHTTPRequestHandler,),
                       {"log_message": lambda *_: None})
        os.chdir(OUT)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.addCleanup(flatpak, "remote-delete", "--force", "latchkey", check=False)
        if is_installed():
            flatpak("uninstall", "--noninteractive", APP)
        for line in flatpak("remotes", "--columns=name", "--show-disabled").stdout.split():
            if line.lower().startswith("latchkey"):
                flatpak("remote-delete", "--force", line)

    def install(self, **changes):
        """From the reference as it was made, but for the address."""
        reference = configparser.ConfigParser(interpolation=None)
        reference.optionxform = str
        reference.read(os.path.join(OUT, APP + ".flatpakref"))
        section = reference["Flatpak Ref"]
        section["Url"] = f"http://127.0.0.1:{self.server.server_port}/repo/"
        section.update(changes)
        with tempfile.NamedTemporaryFile("w", suffix=".flatpakref") as file:
            reference.write(file, space_around_delimiters=False)
            file.flush()
            return flatpak("install", "--noninteractive", "--from", file.name, check=False)

    def test_installs_from_the_reference(self):
        done = self.install()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(flatpak("info", "--show-origin", APP).stdout.strip(), "latchkey")
        self.assertEqual(flatpak("uninstall", "--noninteractive", APP).returncode, 0)
        self.assertEqual(glob.glob(exports("**", "*atchkey*"), recursive=True), [])

    def test_another_key_is_refused(self):
        with tempfile.TemporaryDirectory() as home:
            gpg = ["gpg", "--homedir", home, "--batch", "--quiet", "--passphrase", "",
                   "--pinentry-mode", "loopback"]
            subprocess.run([*gpg, "--quick-generate-key", "somebody else", "ed25519", "sign",
                            "never"], check=True, capture_output=True)
            key = subprocess.run([*gpg, "--export", "--armor", "somebody else"], check=True,
                                 capture_output=True, text=True).stdout
        body = key.split("\n\n", 1)[1].rsplit("\n=", 1)[0].replace("\n", "")
        done = self.install(GPGKey=body)
        self.assertNotEqual(done.returncode, 0)
        self.assertFalse(is_installed())


if __name__ == "__main__":
    unittest.main(verbosity=2)
