#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window: what a person sees and does, with the real agent, keyring and offline TikTok.
With LATCHKEY_SHOTS=FOLDER it leaves pictures there."""

import os
import subprocess
import unittest

from desktop import Desktop, wait_until
from world import AGENT

WINDOW = "io.github.latchkey_app.Latchkey"

RATE = '{"code": 40100, "message": "Too many requests. Please retry in some time.", ' \
       '"request_id": "20261121140211010190005015AAAAAA"}'


class WindowCase(unittest.TestCase):
    def desktop(self, **options):
        desktop = Desktop(**options)
        self.addCleanup(desktop.close)
        self.addCleanup(self._tell, desktop)
        return desktop

    def _tell(self, desktop):
        """Before the world ends: did the window say something that it should not?"""
        log = desktop.log("window.log")
        self.assertNotIn("CRITICAL", log)
        for warning in ("Gtk-WARNING", "GLib-GObject-WARNING", "Adwaita-WARNING"):
            self.assertNotIn(warning, log)

    def shoot(self, window, name):
        folder = os.environ.get("LATCHKEY_SHOTS")
        if folder:
            window.shoot(os.path.join(folder, name + ".png"))

    def sign_in(self, desktop, window, app="Login Kit"):
        """From the first run through the trial to the list."""
        window.wait_for("Welcome to Latchkey")
        window.press("Try It Without an Account")
        window.activate("Trial: " + app)
        window.wait_for("You Are Signed In")
        window.press("Done")
        window.wait_for("Your connection is fine.")
        desktop.url = desktop.agent_property("TrialAddress")


class TestWindow(WindowCase):
    def test_from_first_run_to_recovery(self):
        """Sign-in, a renewal that really happened, and an agent that is killed and comes back."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        self.sign_in(desktop, window)
        self.shoot(window, "list")
        self.assertIn("/v2/auth/authorize/", desktop.visited()[-1])
        self.assertNotIn("sim-login-secret", desktop.visited()[-1])

        before = desktop.stats()["tokens"].get("login/refresh_token/ok", 0)
        window.activate("Login Kit")
        window.wait_for("Your sign-in is fine.")
        window.press("Renew Now")
        window.wait_for("was renewed")
        self.assertEqual(desktop.stats()["tokens"]["login/refresh_token/ok"], before + 1)
        self.shoot(window, "renewed")

        window.press("Back")
        window.wait_for("Your connection is fine.")
        desktop.kill_agent()
        window.wait_for("Latchkey’s agent stopped. It is being started again.")
        window.wait_gone("agent stopped", 30)
        window.wait_for("Your connection is fine.")
        self.assertIsNone(window.process.poll())

    def test_refused_sign_in(self):
        """Whoever says no in the browser is told so, and may try again."""
        desktop = self.desktop(simulator=None)
        desktop.browse("deny=1")
        window = desktop.open()
        window.press("Try It Without an Account")
        window.activate("Trial: Login Kit")
        window.wait_for("The Sign-In Did Not Work")
        window.wait_for("What to Do")
        self.shoot(window, "refused")
        desktop.browse("allow")
        window.press("Try Again")
        window.wait_for("You Are Signed In")

    def test_withdrawn_access(self):
        """Access that was withdrawn elsewhere: named, first in the list, and one button away."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        self.sign_in(desktop, window)
        desktop.control("revoke", {"family": "login"})
        window.activate("Login Kit")
        window.press("Renew Now")
        window.wait_for("This connection needs you.")
        window.press("Details")
        window.wait_for("Sure:")
        window.press("Back")
        window.wait_for("This connection needs you.")
        window.wait_gone("Why It Was Refused")  # it has a button of that name, too
        window.press("Back")
        window.wait_for("1 connection needs you.")
        self.shoot(window, "needs-you")
        window.press("Reconnect")
        window.wait_for("You Are Signed In")
        window.press("Done")
        window.wait_for("Your connection is fine.")

    def test_diagnose(self):
        """A rate limit is called one, and nobody is sent through a sign-in for it."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        window.wait_for("Welcome to Latchkey")
        window.press("Diagnose")
        window.wait_for("What Does It Mean?")
        window.type_into("Paste an error", RATE)
        window.wait_for("What We Know for Sure")
        self.shoot(window, "diagnose")
        shown = " ".join(window.texts())
        self.assertIn("20261121140211010190005015AAAAAA", shown)
        self.assertNotIn("Sign in again.", shown)
        window.press("Clear")
        window.wait_for("What Does It Mean?")

    def test_big_paste(self):
        """Two megabytes of log do not stop the window."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        window.wait_for("Welcome to Latchkey")
        window.press("Diagnose")
        window.type_into("Paste an error", ("a line of a log without an error in it\n" * 50000)
                         + RATE)
        window.wait_for("Sure:", 60)

    def test_keyboard(self):
        """What the shortcuts promise."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        window.wait_for("Welcome to Latchkey")
        window.key("ctrl+d")
        window.wait_for("What Does It Mean?")
        window.key("ctrl+n")
        window.wait_for("Add a Developer App")
        window.key("Escape")
        window.wait_gone("Add a Developer App")
        window.key("ctrl+q")
        wait_until(lambda: window.process.poll() is not None, "the window to end")
        self.assertEqual(window.process.returncode, 0)

    def test_other_identity(self):
        """Signing in again as somebody else: asked first, and refused changes nothing."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        self.sign_in(desktop, window)
        window.activate("Login Kit")
        desktop.browse("user=2")
        window.press("Reconnect")
        window.wait_for("Jonas Weber signed in, but this connection belongs to Mira Holt.")
        self.shoot(window, "identity")
        window.press("Keep the Old One")
        window.wait_for("Nothing Has Changed")
        window.press("Try Again")
        window.press("Use the New Sign-In")
        window.wait_for("You Are Signed In")
        window.press("Done")
        window.wait_for("Jonas Weber (")

    def test_page_question(self):
        """A sign-in that never comes back is asked about; the answer tells what to register."""
        desktop = self.desktop(simulator=None)
        desktop.env["LATCHKEY_TEST_PAGE_QUESTION"] = "1"
        desktop.browse("hold")
        window = desktop.open()
        window.press("Try It Without an Account")
        window.activate("Trial: Login Kit")
        window.wait_for("What Did TikTok’s Page Say?")
        window.press("redirecturi")
        window.wait_for("TikTok does not know the redirect address")
        window.wait_for("http://127.0.0.1:*/callback/")
        self.shoot(window, "page-question")
        desktop.browse("allow")
        window.press("Try Again")
        window.wait_for("You Are Signed In")

    def test_remove_and_undo(self):
        """Removing asks nothing and can be undone; search finds what is there and says when not."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        self.sign_in(desktop, window)
        window.activate("Login Kit")
        window.press("More for This Connection")
        window.press("Rename…")
        window.type_into("New name", "Brand EU")
        window.press("Rename")
        wait_until(lambda: window.find("Brand EU"), "the new name in the header")
        window.press("More for This Connection")
        window.press("Remove From Latchkey")
        window.wait_for("“Brand EU” removed")
        window.wait_for("Welcome to Latchkey")
        window.press("Undo")
        window.wait_for("Your connection is fine.")
        window.key("ctrl+f")
        window.type_into("Search connections", "nobody")
        window.wait_for("Nothing Found")
        window.type_into("Search connections", "brand")
        window.wait_for("Your connection is fine.")

    def test_damaged_ledger(self):
        """Named, left as it is, and never taken for a first run; a backup and a button heal it."""
        desktop = self.desktop(simulator=None)
        ledger = desktop.path("data", "latchkey", "ledger.db")
        desktop.start_agent()
        desktop.quit_agent()
        wait_until(lambda: not desktop.has_owner(AGENT), "the agent to end")
        with open(ledger, "rb") as file:
            backup = file.read()
        with open(ledger, "wb") as file:
            file.write(b"not a database " * 500)
        window = desktop.open()
        window.wait_for("ledger.db is damaged.")
        window.wait_for("Your Connections Can’t Be Shown")
        self.assertFalse(window.reads("Welcome to Latchkey"))
        self.shoot(window, "damaged")
        with open(ledger, "wb") as file:
            file.write(backup)
        window.press("Try Again")
        window.wait_for("Welcome to Latchkey", 30)
        self.assertFalse(window.reads("is damaged."))

    def test_own_provider(self):
        """A provider file with an error is named with its line; the mended one is there at once."""
        desktop = self.desktop(simulator=None)
        folder = desktop.path("config", "latchkey", "providers")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "own.json"), "w", encoding="utf-8") as file:
            file.write('{"schema": 1,\n "id": "own",\n "extends": "nothing"}')
        window = desktop.open()
        window.wait_for("own.json:3")
        with open(os.path.join(folder, "own.json"), "w", encoding="utf-8") as file:
            file.write('{"schema": 1, "id": "own", "extends": "tiktok-ads", "name": "My Own Ads"}')
        window.press("Read Again")
        window.wait_gone("own.json:3")
        window.press("Diagnose")
        window.wait_for("What Does It Mean?")
        window.click(window.find("Which provider answered", exact=False))
        window.wait_for("My Own Ads")

    def test_keyboard_in_list(self):
        """Tab reaches a row and what is in it, Enter opens, Escape goes back."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        self.sign_in(desktop, window)
        for _ in range(30):
            # The first key may only wake the window; there is no window manager to do it.
            window.key("Tab")
            if (window.focused() or "").startswith("Mira Holt, TikTok Login Kit"):
                break
        window.key("Tab")
        wait_until(lambda: window.focused() == "More for Mira Holt", "the row's menu in focus")
        window.key("shift+Tab", "Return")
        window.wait_for("Your sign-in is fine.")
        window.key("Escape")
        window.wait_for("Your connection is fine.")
        window.key("Return")
        window.wait_for("Your sign-in is fine.")
        window.key("alt+Left")
        window.wait_for("Your connection is fine.")

    def test_launcher(self):
        """What the desktop offers on the icon happens in the window that is there, or opens one."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        window.wait_for("Welcome to Latchkey")

        def launch(option):
            program = os.path.join(desktop.build, "src", "app", "latchkey")
            subprocess.run([program, option], env=desktop.env, check=True, timeout=30)

        launch("--diagnose")
        window.wait_for("What Does It Mean?")
        launch("--connect")
        window.wait_for("Add a Developer App")
        window.key("Escape")
        window.wait_gone("Add a Developer App")
        launch("--preferences")
        window.wait_for("Start With the Session")
        window.close()
        wait_until(lambda: not desktop.has_owner(WINDOW), "the window to end")
        window = desktop.open(options=["--connect"])
        window.wait_for("Add a Developer App")

    def wait_closed(self, desktop, window):
        wait_until(lambda: window.process.poll() is not None, "the window to end", 30)
        self.assertEqual(window.process.returncode, 0)
        self.assertTrue(desktop.has_owner(AGENT), "the agent ended with the window")

    def test_first_close(self):
        """Whoever closes the window for the first time learns that Latchkey goes on, and how to
        stop that; the next time nothing is said."""
        desktop = self.desktop()
        desktop.add_app("login")
        desktop.connect("login")
        window = desktop.open()
        window.wait_for("Your connection is fine.")
        self.assertFalse(desktop.agent_property("Settings")["told-background"])
        window.key("ctrl+w")
        window.wait_for("Latchkey Keeps Working")
        window.settle()
        self.shoot(window, "first-close")
        wait_until(lambda: desktop.agent_property("Settings")["told-background"], "it to be noted")
        window.press("Preferences")
        window.wait_for("Start With the Session")
        window.key("Escape")
        wait_until(lambda: len(window.ids()) == 1, "the main window to be alone")
        window.key("ctrl+w")
        self.wait_closed(desktop, window)

    def test_first_close_empty(self):
        """With nothing to look after nothing is said, so it is said when there is; the dialog's
        button closes the window."""
        desktop = self.desktop()
        window = desktop.open()
        window.wait_for("Welcome to Latchkey")
        window.key("ctrl+w")
        self.wait_closed(desktop, window)
        self.assertFalse(desktop.agent_property("Settings")["told-background"])
        desktop.add_app("login")
        desktop.connect("login")
        window = desktop.open()
        window.wait_for("Your connection is fine.")
        window.key("ctrl+w")
        window.wait_for("Latchkey Keeps Working")
        window.press("Close Window")
        self.wait_closed(desktop, window)

    def test_locked_keyring(self):
        """A locked keyring is named, with the button that unlocks it."""
        desktop = self.desktop(simulator=None, keyring="locked")
        window = desktop.open()
        window.wait_for("The keyring is locked.")
        window.wait_for("Unlock")
        self.shoot(window, "locked")

    def test_no_keyring(self):
        desktop = self.desktop(simulator=None, keyring="none")
        window = desktop.open()
        window.wait_for("No keyring is running")
        self.shoot(window, "no-keyring")


if __name__ == "__main__":
    unittest.main()
