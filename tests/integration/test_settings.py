#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: over the bus, in the file by hand, over a restart; what is not valid changes nothing."""

import os
import stat
import unittest

from gi.repository import GLib

from agent_bus import AGENT1, MANAGER, AgentBus
from case import DONE, FAILED, USAGE, WorldCase


class SettingsTest(WorldCase):
    options = {"simulator": None, "keyring": "none"}

    def setUp(self):
        super().setUp()
        self.bus = AgentBus(self.world)
        self.file = self.world.path("config", "latchkey", "settings.ini")

    def set(self, **settings):
        values = {key.replace("_", "-"): value for key, value in settings.items()}
        self.bus.method(MANAGER, AGENT1, "SetSettings", GLib.Variant("(a{sv})", (values,)))

    def reset(self, *keys):
        self.bus.method(MANAGER, AGENT1, "ResetSettings", GLib.Variant("(as)", (keys,)))

    def get(self, key):
        return self.world.agent_property("Settings")[key]

    def write_by_hand(self, text):
        os.makedirs(os.path.dirname(self.file), exist_ok=True)
        with open(self.file + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(self.file + ".new", self.file)

    def test_set_and_restart(self):
        """What is set is in the property when the call replies, in a private file, and there after
        a restart; a reset takes it back."""
        self.set(warn_days=GLib.Variant("au", [30, 2]), quiet_hours=GLib.Variant("b", True))
        self.assertEqual(self.get("warn-days"), [30, 2])
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)
        self.world.quit_agent()
        self.assertEqual(self.get("warn-days"), [30, 2])
        self.assertTrue(self.get("quiet-hours"))
        self.reset("warn-days")
        self.assertEqual(self.get("warn-days"), [14, 7, 3, 1])
        self.assertTrue(self.get("quiet-hours"))
        self.reset()
        self.assertFalse(self.get("quiet-hours"))

    def test_all_or_nothing(self):
        """One bad value, one unknown key or a wrong type, and nothing is changed; the message names
        the key and what it takes."""
        for key, value, word in (
                ("status-minutes", GLib.Variant("u", 5), "30"),
                ("warn-days", GLib.Variant("au", [400]), "365"),
                ("quiet-from", GLib.Variant("u", 1440), "1439"),
                ("event-webhook", GLib.Variant("s", "http://example.com/"), "https://"),
                ("event-command", GLib.Variant("as", ["/no/such/program"]), "/no/such/program"),
                ("event-kinds", GLib.Variant("as", ["weather"]), "attention"),
                ("tray", GLib.Variant("s", "yes"), "true or false"),
                ("colour", GLib.Variant("s", "red"), "no setting")):
            with self.subTest(key=key):
                error = self.bus.fails("InvalidArgument", self.set,
                                       **{"probe-hours": GLib.Variant("u", 9), key: value})
                self.assertIn(key + ": ", error.message)
                self.assertIn(word, error.message)
                self.assertEqual(self.get("probe-hours"), 6)
        self.bus.fails("InvalidArgument", self.reset, "probe-hours", "colour")
        self.assertFalse(os.path.exists(self.file))

    def test_by_hand(self):
        """An edited file counts at once; what it gets wrong is told, and the default holds."""
        self.assertEqual(self.world.agent_property("SettingsProblems"), [])
        self.write_by_hand("[Settings]\nprobe-hours=2\nstatus-minutes=1\n")
        self.wait_until(lambda: self.get("probe-hours") == 2, "the edited file to count")
        self.assertEqual(self.get("status-minutes"), 30)
        self.assertEqual([key for key, _ in self.world.agent_property("SettingsProblems")],
                         ["status-minutes"])
        self.set(status_minutes=GLib.Variant("u", 60))
        self.assertEqual(self.world.agent_property("SettingsProblems"), [])
        os.unlink(self.file)
        self.wait_until(lambda: self.get("probe-hours") == 6, "the defaults without a file")

    def test_unwritable(self):
        """Where the file cannot be written it says so, and nothing changes."""
        self.assertEqual(self.get("probe-hours"), 6)
        os.rmdir(os.path.dirname(self.file))
        with open(os.path.dirname(self.file), "w", encoding="utf-8"):
            pass
        error = self.bus.fails("ReadOnly", self.set, probe_hours=GLib.Variant("u", 9))
        self.assertIn("settings.ini", error.message)
        self.assertEqual(self.get("probe-hours"), 6)

    def test_command_line(self):
        """Each kind of value is shown as it can be typed again, and the refusal says what it takes."""
        ctl = self.world.ctl
        for key, words, shown, value in (
                ("warn-days", ["30,2"], "30,2", [30, 2]),
                ("warn-days", ["[5, 4]"], "5,4", [5, 4]),
                ("warn-days", [""], "", []),
                ("quiet-hours", ["on"], "true", True),
                ("probe-hours", ["12"], "12", 12),
                ("event-webhook", ["https://a.example/x"], "https://a.example/x",
                 "https://a.example/x"),
                ("event-kinds", ["attention,ending"], "attention,ending", ["attention", "ending"]),
                ("event-command", ["true", "-x", "two words"], "'true' '-x' 'two words'",
                 ["true", "-x", "two words"])):
            with self.subTest(key=key, words=words):
                self.assertExit(ctl("settings", key, *words), DONE)
                self.assertEqual(ctl("settings", key).stdout.rstrip("\n"), shown)
                self.assertEqual(self.get(key), value)
        everything = ctl("settings", "--json").json()
        self.assertEqual((everything["probe_hours"], everything["event_command"][2]),
                         (12, "two words"))
        for words, told in ((["probe-hours", "soon"], "probe-hours: A whole number from 0 to 168"),
                            (["tray", "perhaps"], "true or false"),
                            (["status-minutes", "3"], "30 minutes"),
                            (["colour"], "colour"), (["--reset", "colour"], "colour")):
            result = ctl("settings", *words)
            self.assertExit(result, USAGE)
            self.assertIn(told, result.stderr)
        self.assertExit(ctl("settings", "--reset", "probe-hours"), DONE)
        self.assertEqual(self.get("probe-hours"), 6)
        self.assertExit(ctl("settings", "--reset"), DONE)
        self.assertEqual(self.get("event-command"), [])

    def test_pause_and_resume(self):
        for command, paused in (("pause", True), ("resume", False)):
            self.assertExit(self.world.ctl(command), DONE)
            self.assertEqual(self.get("paused"), paused)

    def test_command_line_tells_problems(self):
        """What does not count in the file is told beside the settings; so is a file that cannot be
        written."""
        self.write_by_hand("[Settings]\nstatus-minutes=1\n")
        result = self.world.ctl("settings")
        self.assertExit(result, DONE)
        self.assertIn("status-minutes", result.stderr)
        os.unlink(self.file)
        os.rmdir(os.path.dirname(self.file))
        with open(os.path.dirname(self.file), "w", encoding="utf-8"):
            pass
        result = self.world.ctl("settings", "probe-hours", "9")
        self.assertExit(result, FAILED)
        self.assertIn("settings.ini", result.stderr)


if __name__ == "__main__":
    unittest.main()
