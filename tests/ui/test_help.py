#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The help: F1 on each page shows what is said about that page; search, links, buttons and scripts do
what they promise. With LATCHKEY_SHOTS=FOLDER it leaves pictures there."""

import os
import subprocess
import unittest

from desktop import wait_until
from test_window import RATE
from test_wizard import WizardCase, enter

# Of the help window, less its edge.
HEIGHT = 710


class TestHelp(WizardCase):
    def heading(self, window):
        """The title of the topic that shows; None when none does."""
        return next((node.name for node in window.walk()
                     if node.role == "heading" and node.has("focusable")), None)

    def expect_topic(self, window, title):
        try:
            wait_until(lambda: self.heading(window) == title, f"the topic “{title}”")
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows: {self.heading(window)}") from None

    def follow(self, window, name):
        """Turns the wheel until the row of that name is in view, and clicks on it."""
        def is_in_view():
            row = window.find(name, "list item")
            if row is None:
                return False
            _, y, _, height = row.box
            if 60 < y and y + height <= HEIGHT:
                return True
            window.xdotool("mousemove", "--window", window.ids()[-1], 180, 400, "click", "5")
            return False

        wait_until(lambda: window.find(name, "list item"), f"the row “{name}”")
        wait_until(is_in_view, f"“{name}” in view")
        window.click(window.find(name, "list item"))

    def look_up(self, window, words, title):
        """By the search, from wherever the help is."""
        window.key("F1")
        window.type_into("Search the help", words)
        window.activate(title)
        self.expect_topic(window, title)

    def helped(self, window, title, shot=None):
        """F1 shows the topic of that title; Ctrl+W closes the help."""
        window.key("F1")
        self.expect_topic(window, title)
        if shot:
            window.settle()
            self.shoot(window, shot)
        windows = len(window.ids())
        window.key("ctrl+w")
        wait_until(lambda: len(window.ids()) < windows, "the help to close")

    def test_pages(self):
        """Each page of the window, each page of the preferences."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        self.helped(window, "What Latchkey Does")
        self.sign_in(desktop, window)
        window.activate("Login Kit")
        window.wait_for("Your sign-in is fine.")
        self.helped(window, "One Connection", "help-connection")
        window.press("Back")
        window.wait_for("Your connection is fine.")
        window.press("Activity")
        window.wait_for("Time Line")
        self.helped(window, "Activity")
        window.press("Diagnose")
        window.type_into("Paste an error", RATE)
        window.wait_for("Sure:")
        self.helped(window, "Diagnosing an Error")
        window.key("ctrl+comma")
        window.wait_for("Start With the Session")
        self.helped(window, "Preferences")
        for page, words, title in (("Warnings", "Quiet Hours", "When Latchkey Warns You"),
                                   ("Checks", "Look at Status Pages", "Preferences"),
                                   ("Programs", "Ask the First Time",
                                    "Which Programs May Have a Token")):
            window.press(page)
            window.wait_for(words)
            self.helped(window, title)

    def test_assistant(self):
        """Beside the dialog, which stays usable, what to click in the portal of that family."""
        desktop = self.desktop(simulator=())
        window = desktop.open()
        window.wait_for("Welcome to Latchkey")
        window.key("ctrl+n")
        window.wait_for("Add a Developer App")
        self.helped(window, "Your First Connection")
        for row, title in (("TikTok Ads", "Connecting TikTok Ads"),
                           ("TikTok Login Kit", "Connecting With Login Kit"),
                           ("TikTok Shop", "Connecting TikTok Shop"),
                           ("TikTok account", "Connecting a TikTok Account")):
            window.activate(row, exact=False)
            window.wait_for("What the Portal Shows")
            self.helped(window, title)
            if row != "TikTok account":
                window.press("Back")
                window.wait_for("Add a Developer App")
        window.activate("What to Click There")
        self.expect_topic(window, "Connecting a TikTok Account")
        # A modal dialog is open, and the help scrolls, follows links and goes back all the same.
        self.follow(window, "Permissions of TikTok Accounts")
        self.expect_topic(window, "Permissions of TikTok Accounts")
        window.settle()
        self.shoot(window, "help-permissions")
        window.key("alt+Left")
        self.expect_topic(window, "Connecting a TikTok Account")

    def test_remedy(self):
        """A finding, the wizard, its dialogs, and who may do what."""
        desktop = self.world()
        self.change_campaign(desktop)
        window = self.open_connection(desktop)
        window.wait_for("Sure:")
        window.press("Details")
        window.wait_for("What Latchkey Asked")
        self.helped(window, "Why It Was Refused")
        window.press("Support Bundle…")
        window.wait_for("Latchkey looked for tokens and secrets and found none.")
        self.helped(window, "The Support Bundle")
        window.key("Escape")
        window.press("Back")
        window.press("Fix Permission…")
        window.wait_for("Raise the role, now")
        self.helped(window, "Fixing It Step by Step")
        window.press("Ask the Admin…")
        window.wait_for("Send this to the person who can do it.")
        self.helped(window, "Asking the Admin")
        window.key("Escape")
        window.press("Later")
        enter(window, "Who May Do What")
        window.wait_for(" allowed")
        self.helped(window, "Who May Do What")

    def test_search(self):
        """Words find topics, the best first; the place in a long topic is found as well; what is not
        there is said to be not there. All by keyboard."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        window.wait_for("Welcome to Latchkey")
        window.key("F1")
        self.expect_topic(window, "What Latchkey Does")
        window.key("ctrl+f")
        window.wait_for("Your First Connection")
        window.settle()
        self.shoot(window, "help-contents")
        window.xdotool("type", "17020000")
        window.wait_gone("Your First Connection")
        window.settle()
        self.shoot(window, "help-search")
        window.key("Return")
        self.expect_topic(window, "Permissions of TikTok Ads")
        wait_until(lambda: "17020000" in (window.focused() or ""), "the permission in focus")
        window.settle()
        self.shoot(window, "help-found")
        window.key("alt+Left")
        window.wait_for("Found")
        window.type_into("Search the help", "xylophone")
        window.wait_for("Nothing Found")
        window.key("Escape")
        window.wait_for("Your First Connection")
        before = len(window.ids())
        window.key("Escape")
        wait_until(lambda: len(window.ids()) < before, "the help to close")

    def test_links(self):
        """Links lead on and back leads back; a button acts in the window; the copy button copies the
        script as it is; an address opens in the browser."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        window.wait_for("Welcome to Latchkey")
        window.key("F1")
        self.follow(window, "Trying It Without an Account")
        self.expect_topic(window, "Trying It Without an Account")
        window.press("Back")
        self.expect_topic(window, "What Latchkey Does")
        window.press("All Topics")
        window.wait_for("Your First Connection")
        self.look_up(window, "report.py", "Python")
        window.settle()
        self.shoot(window, "help-python")
        window.press("Copy")
        script = os.path.join(os.path.dirname(__file__), "..", "..", "data", "help", "scripts",
                              "report.py")
        with open(script, encoding="utf-8") as file:
            expected = file.read().rstrip()
        wait_until(lambda: self.clipboard(desktop) == expected, "the script on the clipboard")
        self.look_up(window, "has trouble", "“Has Trouble”")
        window.activate("Status of TikTok API for Business")
        wait_until(lambda: "api-service-status" in " ".join(desktop.visited()), "the browser")
        self.look_up(window, "what latchkey does", "What Latchkey Does")
        window.press("Connect an Account")
        window.wait_for("Add a Developer App")

    def clipboard(self, desktop):
        found = subprocess.run(["xclip", "-selection", "clipboard", "-o"], env=desktop.env,
                               capture_output=True, text=True, timeout=10, check=False)
        return found.stdout

    def test_looks(self):
        """Dark, and 360 pixels wide: nothing is wider than the window."""
        desktop = self.desktop(simulator=None)
        window = desktop.open(scheme="prefer-dark")
        window.wait_for("Welcome to Latchkey")
        window.key("F1")
        self.expect_topic(window, "What Latchkey Does")
        window.settle()
        self.shoot(window, "help-dark")
        before = window.ids()
        subprocess.run(["xdotool", "windowsize", "--sync", before[-1], "360", "640"],
                       env=desktop.env, check=True, timeout=20)
        for words, title in (("what latchkey does", "What Latchkey Does"),
                             ("report.py", "Python"), ("crontab", "cron"),
                             ("analyst", "Roles in the Business Center"),
                             ("17020000", "Permissions of TikTok Ads")):
            self.look_up(window, words, title)
            window.settle()
            self.shoot(window, "help-narrow-" + title.split()[0].lower())
            x, _, width, _ = window.find(title, "heading").box
            self.assertLessEqual(x + width, 360)


if __name__ == "__main__":
    unittest.main()
