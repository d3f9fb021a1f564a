#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The preferences, and the question whether a program may have a token: what a person sees and does,
and what the agent then knows. With LATCHKEY_SHOTS=FOLDER it leaves pictures there."""

import os
import subprocess
import unittest

from desktop import wait_until
from test_window import WindowCase


class TestPreferences(WindowCase):
    def open_preferences(self, desktop):
        window = desktop.open()
        window.key("ctrl+comma")
        window.wait_for("Start With the Session")
        return window

    def setting(self, desktop, key):
        return desktop.agent_property("Settings")[key]

    def wait_setting(self, desktop, key, value):
        wait_until(lambda: self.setting(desktop, key) == value, f"{key} to be {value}")

    def show_page(self, window, name, words):
        window.press(name)
        window.wait_for(words)

    def script(self, desktop, connection, name="nightly.sh"):
        path = desktop.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/bash\nlatchkeyctl token {connection}\n")
        os.chmod(path, 0o755)
        return path

    def start(self, desktop, path):
        process = subprocess.Popen([path], env=desktop.tool_env(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        desktop.processes.append(process)
        return process

    def finish(self, desktop, process):
        stdout, stderr = process.communicate(timeout=60)
        desktop.processes.remove(process)
        return process.returncode, stdout, stderr

    def connection(self, desktop):
        desktop.add_app("login")
        connection = desktop.connect("login", "--name", "Brand EU")
        desktop.ctl_ok("token", connection)
        return connection

    def switch(self, window, name):
        """Flips the switch in the row of that name."""
        window.activate(name)

    # Tests

    def test_pages(self):
        """Each page shows and fits a narrow window; a switch counts at once, and follows a change
        that was made elsewhere."""
        desktop = self.desktop(simulator=None)
        window = self.open_preferences(desktop)
        self.shoot(window, "preferences-general")
        self.switch(window, "Pause Everything")
        self.wait_setting(desktop, "paused", True)
        desktop.ctl_ok("resume")
        self.switch(window, "Pause Everything")
        self.wait_setting(desktop, "paused", True)
        self.assertTrue(self.setting(desktop, "tray-when-fine"))
        self.switch(window, "Keep the Icon While All Is Fine")
        self.wait_setting(desktop, "tray-when-fine", False)
        for page, words in (("Warnings", "Another day:"), ("Checks", "Every 6 hours"),
                            ("Programs", "None Yet")):
            self.show_page(window, page, words)
            window.settle()
            self.shoot(window, "preferences-" + page.lower())
        subprocess.run(["xdotool", "windowsize", "--sync", window.ids()[-1], "360", "640"],
                       env=desktop.env, check=True, timeout=20)
        for page in ("General", "Warnings", "Checks", "Programs"):
            window.press(page)
            window.settle()
            self.shoot(window, f"preferences-{page.lower()}-narrow")
        window.key("Escape")
        window.wait_gone("Start With the Session")

    def test_question(self):
        """A program is asked about in the window; the answer holds, shows in the list, and can be
        forgotten there."""
        desktop = self.desktop(simulator=())
        connection = self.connection(desktop)
        desktop.ctl_ok("settings", "ask-programs", "on")
        window = desktop.open()
        window.wait_for("Brand EU")
        path = self.script(desktop, connection)
        process = self.start(desktop, path)
        window.wait_for("“nightly.sh” wants a token of “Brand EU”")
        self.assertTrue(window.reads(path))
        window.settle()
        self.shoot(window, "program-question")
        window.press("Always Allow")
        self.assertEqual(self.finish(desktop, process)[0], 0)
        window.wait_gone("wants a token")
        self.assertEqual(self.finish(desktop, self.start(desktop, path))[0], 0)

        refused = self.start(desktop, self.script(desktop, connection, "other.sh"))
        window.wait_for("“other.sh” wants a token")
        window.press("Don’t Allow")
        self.assertEqual(self.finish(desktop, refused)[0], 8)

        window.key("ctrl+comma")
        window.wait_for("Start With the Session")
        self.show_page(window, "Programs", "nightly.sh")
        window.wait_for("other.sh")
        window.settle()
        self.shoot(window, "preferences-programs-list")
        window.press("Forget nightly.sh")
        window.wait_gone("nightly.sh")
        listed = desktop.ctl_ok("programs", "--json").json()
        self.assertNotIn(path, [program["program"] for program in listed])

    def test_question_elsewhere(self):
        """Escape answers nothing; an answer on the command line ends the question in the window."""
        desktop = self.desktop(simulator=())
        connection = self.connection(desktop)
        desktop.ctl_ok("settings", "ask-programs", "on")
        window = desktop.open()
        window.wait_for("Brand EU")
        path = self.script(desktop, connection)
        process = self.start(desktop, path)
        window.wait_for("“nightly.sh” wants a token")
        window.key("Escape")
        window.wait_gone("wants a token")
        self.assertEqual(len(desktop.agent_property("Asking")), 1)
        other = self.start(desktop, self.script(desktop, connection, "other.sh"))
        window.wait_for("“other.sh” wants a token")
        desktop.ctl_ok("programs", "allow", "other.sh", "Brand EU")
        window.wait_gone("wants a token")
        self.assertEqual(self.finish(desktop, other)[0], 0)
        desktop.ctl_ok("programs", "deny", path, "Brand EU")
        self.assertEqual(self.finish(desktop, process)[0], 8)


if __name__ == "__main__":
    unittest.main()
