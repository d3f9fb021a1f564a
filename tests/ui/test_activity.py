#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's activity: time line, refusals by hour, coming ends, and what is exported of them, with
the real agent, keyring and offline TikTok. With LATCHKEY_SHOTS=FOLDER it leaves pictures there."""

import csv
import json
import os
import sqlite3
import time
import unittest

from desktop import wait_until
from test_window import WindowCase

ANALYST = "7000000000000000003"
MANY = 100_000


class TestActivity(WindowCase):
    def open_activity(self, window, page=None):
        window.press("Activity")
        window.wait_for("Search what happened")
        if page:
            window.press(page)

    def lines(self, window):
        """What the time line says, each line as a screen reader has it."""
        return [text for text in window.texts() if "UTC, " in text]

    def refuse(self, desktop):
        connection = desktop.ctl_ok("list", "--json").json()[0]["id"]
        desktop.ctl("call", connection, "POST", "campaign/update/", "--data", json.dumps(
            {"advertiser_id": ANALYST, "campaign_id": "1", "campaign_name": "Sale"}))

    def test_time_line(self):
        """A sign-in, a renewal and a refusal stand there, newest first, and can be explained."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        window.wait_for("Welcome to Latchkey")
        self.open_activity(window)
        window.wait_for("Nothing Has Happened Yet")
        self.shoot(window, "activity-empty")
        window.press("Connections")
        self.sign_in(desktop, window, "Ads")
        self.refuse(desktop)
        self.open_activity(window)
        window.wait_for("campaign/update/")
        window.wait_for("Signed in")
        window.wait_for("Today")
        lines = self.lines(window)
        refused = next(i for i, line in enumerate(lines) if "campaign/update/" in line)
        signed_in = next(i for i, line in enumerate(lines) if "Signed in" in line)
        self.assertLess(refused, signed_in)
        self.shoot(window, "activity-events")

        # What happens now comes to the top by itself.
        desktop.ctl_ok("verify", desktop.ctl_ok("list", "--json").json()[0]["id"])
        wait_until(lambda: "Proven alive" in (self.lines(window) or [""])[0], "the newest on top")

        window.press("Explain")
        window.wait_for("Why It Was Refused")
        window.wait_for("role is Analyst")
        window.press("Back")
        window.wait_for("campaign/update/")

    def test_filter_and_search(self):
        """Search in the agent, kinds and periods; nothing found says so and has a way out."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        self.sign_in(desktop, window, "Ads")
        self.refuse(desktop)
        self.open_activity(window)
        window.wait_for("campaign/update/")
        window.type_into("Search what happened", "campaign")
        window.wait_gone("Signed in")
        window.wait_for("campaign/update/")
        self.shoot(window, "activity-search")
        window.type_into("Search what happened", "no such words")
        window.wait_for("Nothing Found")
        window.press("Show Everything")
        window.wait_for("Signed in")
        window.press("All Events")
        window.press("Refusals")
        window.key("Escape")
        window.wait_gone("Signed in")
        window.wait_for("campaign/update/")
        self.shoot(window, "activity-refusals")
        window.press("Show Everything")
        window.wait_for("Signed in")
        window.press("All Connections")
        window.wait_for("Search connections")
        self.shoot(window, "activity-pick")
        window.key("Escape")

    def test_hours(self):
        """When calls were refused, as picture, words and table; an hour leads into the time line."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        self.sign_in(desktop, window, "Ads")
        self.refuse(desktop)
        self.open_activity(window, "Refusals")
        window.wait_for("refusal in the last 7 days")
        picture = wait_until(lambda: next((node for node in window.walk()
                                           if node.role in ("image", "img")
                                           and "refusal" in node.name), None),
                             "the picture")
        self.assertIn("1 refused: 1 × Permission missing", picture.description)
        self.shoot(window, "hours-week")
        window.press("30 Days")
        window.wait_for("refusal in the last 30 days")
        self.shoot(window, "hours-month")
        window.press("As a Table")
        window.wait_for("Today, ")
        self.shoot(window, "hours-table")
        window.activate("1 × Permission missing")
        window.wait_for("Search what happened")
        window.wait_for("campaign/update/")
        self.assertFalse(window.reads("Signed in"))

    def test_ends(self):
        """Coming ends in an agenda, and in a calendar's file."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        self.sign_in(desktop, window)
        self.open_activity(window, "Coming Ends")
        window.wait_for("is the next to end")
        window.wait_for("The sign-in ends in")
        self.shoot(window, "ends")
        path = desktop.path("ends.ics")
        self.save(window, "Export to Calendar…", path)
        window.wait_for("Saved as a calendar")
        with open(path, newline="", encoding="utf-8") as file:
            text = file.read()
        self.assertTrue(text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"))
        self.assertTrue(text.endswith("END:VCALENDAR\r\n"))
        self.assertEqual(text.count("BEGIN:VEVENT"), 1)
        self.assertIn("SUMMARY:Sign in again: Mira Holt", text)
        for line in text.split("\r\n"):
            self.assertLessEqual(len(line.encode()), 75)
        window.press("Sign In Again")
        window.wait_for("You Are Signed In")

    def save(self, window, button, path):
        """Through the system's own dialog, where a path can be typed."""
        window.press(button)
        wait_until(lambda: len(window.ids()) > 1, "the dialog")
        window.wait_for("Save")
        window.key("ctrl+a")
        window.xdotool("type", path)
        window.key("Return")

    def test_export(self):
        """What is shown as CSV and as JSON, read back; a folder that cannot be written is told."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        self.sign_in(desktop, window, "Ads")
        self.refuse(desktop)
        self.open_activity(window)
        window.wait_for("campaign/update/")
        for word, name in (("As a Table (CSV)…", "events.csv"), ("As Data (JSON)…", "events.json")):
            window.press("Export")
            self.save(window, word, desktop.path(name))
            window.wait_for("Exported")
            wait_until(lambda path=desktop.path(name): os.path.exists(path), name)
        with open(desktop.path("events.csv"), newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        with open(desktop.path("events.json"), encoding="utf-8") as file:
            objects = json.load(file)
        self.assertEqual([row["kind"] for row in rows], [one["kind"] for one in objects])
        self.assertIn("signed-in", [row["kind"] for row in rows])
        self.assertIn("call-refused", [row["kind"] for row in rows])
        self.assertEqual([file for file in os.listdir(desktop.path("")) if ".part" in file], [])

    def fill(self, desktop, n):
        """So many events in the ledger, a minute apart, as if they had happened."""
        desktop.kill_agent()
        database = sqlite3.connect(desktop.path("data", "latchkey", "ledger.db"))
        connection = database.execute("SELECT id FROM connections").fetchone()[0]
        now = int(time.time()) - 60
        database.executemany(
            "INSERT INTO events (connection, at, kind, text, count) VALUES (?, ?, ?, ?, 1)",
            ((connection, now - 60 * (n - i), "handed-out" if i % 2 else "verified", f"report-{i}.py")
             for i in range(n)))
        database.commit()
        database.close()

    def test_many(self):
        """A hundred thousand events: to the end and back, and a search through all of them."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        self.sign_in(desktop, window)
        with desktop.agent_held_back():
            self.fill(desktop, MANY)
        self.open_activity(window)
        window.wait_for("100001 events", 60)
        wait_until(lambda: self.lines(window), "the newest")
        window.wait_for(f"report-{MANY - 1}.py")
        self.shoot(window, "many-top")
        window.activate(f"report-{MANY - 1}.py")
        window.press("Back")
        window.key("End")
        window.wait_for("report-1.py", 40)
        self.shoot(window, "many-end")
        window.key("Home")
        window.wait_for(f"report-{MANY - 1}.py", 40)
        window.type_into("Search what happened", "report-777")
        window.wait_for("report-77777.py", 40)
        self.assertFalse(window.reads(f"report-{MANY - 1}.py"))

    def test_shapes(self):
        """Narrow, dark, from right to left: each page, for the eye."""
        desktop = self.desktop(simulator=None)
        window = desktop.open()
        self.sign_in(desktop, window, "Ads")
        self.refuse(desktop)
        window.resize(360, 640)
        self.open_activity(window)
        window.wait_for("campaign/update/")
        self.shoot(window, "narrow-events")
        window.press("Refusals")
        window.wait_for("refusal in the last 7 days")
        self.shoot(window, "narrow-hours")
        window.close()
        window = desktop.open(scheme="prefer-dark")
        self.open_activity(window)
        window.wait_for("campaign/update/")
        self.shoot(window, "dark-events")
        window.press("Refusals")
        window.wait_for("refusal in the last 7 days")
        self.shoot(window, "dark-hours")


if __name__ == "__main__":
    unittest.main()
