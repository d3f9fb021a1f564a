#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of connections by what they need, with few and with thousands; the last 30 days of one; a
token on the clipboard. With LATCHKEY_SHOTS=FOLDER it leaves pictures there."""

import json
import os
import sqlite3
import subprocess
import time
import unittest

from gi.repository import GLib

from desktop import wait_until
from many import fill_ledger
from test_window import WindowCase
from world import AGENT, MANAGER

DAY = 86400
AGENT1 = "io.github.latchkey_app.Latchkey.Agent1"
MANY = 10000
# Long words, as some languages have them.
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft Süd"


def prepare(world):
    """One that needs the person, one that ends this week, two that are fine."""
    world.add_app("ads", name="Nordwind Ads")
    world.add_app("login", name="Nordwind Posting")
    withdrawn = world.connect("Nordwind Ads", user=2)
    world.ctl_ok("rename", withdrawn, "Harbour Coffee")
    world.control("revoke", {"family": "ads", "user": 2})
    world.ctl("verify", withdrawn)
    world.ctl_ok("rename", world.connect("Nordwind Ads", user=1), "Fernhill")
    world.control("lifetimes", {"family": "login", "access": 7200, "refresh": 4 * DAY})
    world.ctl_ok("rename", world.connect("Nordwind Posting", user=3), "@kitchen.lab")
    world.control("lifetimes", {"family": "login", "access": 7200, "refresh": 151 * DAY})
    world.ctl_ok("rename", world.connect("Nordwind Posting", user=1), "@fernhill.outdoor")


def invent_days(world, connection):
    """A month of work, written into the ledger of an agent that does not run. Gives the sums."""
    now = int(time.time())
    sums = {"call": 0, "refused": 0, "renewed": 0}
    rows = []
    for day in range(30):
        hour = (now - day * DAY) // 3600 * 3600
        calls, renewals = 4 + (day * 7) % 23, 2 + day % 3
        rows.append((connection, hour, "call", "", calls))
        rows.append((connection, hour, "renewed", "", renewals))
        sums["call"] += calls
        sums["renewed"] += renewals
        if day in (9, 20):
            rows.append((connection, hour, "refused", "permission", day))
            sums["refused"] += day
        if day == 4:
            rows.append((connection, hour, "renewal-failed", "transient", 1))
    with sqlite3.connect(world.path("data", "latchkey", "ledger.db")) as ledger:
        ledger.execute("DELETE FROM tallies WHERE connection = ?", (connection,))
        ledger.executemany("INSERT INTO tallies (connection, hour, kind, class, count)"
                           " VALUES (?, ?, ?, ?, ?)", rows)
    ledger.close()
    return sums


class TestDashboard(WindowCase):
    def set(self, desktop, key, value):
        desktop.call(MANAGER, AGENT1, "SetSettings", GLib.Variant("(a{sv})", ({key: value},)))

    def rows(self, window):
        """Names of the rows, as a screen reader finds them."""
        return [node.name for node in window.walk() if node.role == "list item"]

    def focus_row(self, window, start):
        """Goes through the window by Tab until a row has the keyboard."""
        for _ in range(14):
            window.key("Tab")
            if (window.focused() or "").startswith(start):
                return
        self.fail(f"no way to the row “{start}” by Tab")

    def focused_row(self, window, start):
        wait_until(lambda: (window.focused() or "").startswith(start), f"the focus on “{start}”")

    def test_sections(self):
        """Sections with their counts in the order of urgency, one action a row, and each reached with
        the keyboard alone."""
        desktop = self.desktop()
        prepare(desktop)
        window = desktop.open()
        window.wait_for("1 connection needs you. 1 ends this week. 2 are fine.")
        for heading in ("Needs You, 1 connection", "Ends This Week, 1 connection",
                        "Fine, 2 connections"):
            self.assertIsNotNone(window.find(heading, "heading"), heading)
        names = [name.split(",")[0] for name in self.rows(window)]
        self.assertEqual(names, ["Harbour Coffee", "@kitchen.lab", "@fernhill.outdoor",
                                 "Fernhill"])
        self.assertIsNotNone(window.find("Reconnect"))
        self.assertIsNotNone(window.find("Sign In Again"))
        window.settle()
        self.shoot(window, "sections")

        self.focus_row(window, "Harbour Coffee, TikTok Ads")
        window.key("Down")
        self.focused_row(window, "@kitchen.lab, TikTok Login Kit")
        window.key("Down", "Down")
        self.focused_row(window, "Fernhill, TikTok Ads")
        window.key("Menu")
        window.wait_for("Copy Access Token")
        window.key("Escape")
        wait_until(lambda: not window.reads("Copy Access Token"), "the menu to close")
        window.key("Up")
        self.focused_row(window, "@fernhill.outdoor")
        window.key("Return")
        window.wait_for("Your sign-in is fine.")
        window.key("alt+Left")
        self.focused_row(window, "@fernhill.outdoor")

    def test_looks(self):
        """Dark, narrow, with much contrast, with long words: every word is there; the rest is for
        whoever looks at the pictures."""
        desktop = self.desktop()
        prepare(desktop)
        desktop.ctl_ok("rename", "Harbour Coffee", LONG)
        looks = {"dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}, "narrow": {},
                 "contrast": {"ADW_DEBUG_HIGH_CONTRAST": "1"}}
        for name, variables in looks.items():
            desktop.env.update(variables)
            window = desktop.open()
            if name == "narrow":
                # In two steps, as a person who drags: rows change their shape in between.
                window.resize(600, 640)
                window.settle()
                window.resize(360, 640)
            window.wait_for("1 connection needs you.")
            window.wait_for(LONG)
            window.settle()
            self.shoot(window, "dashboard-" + name)
            window.close()
            for variable in variables:
                del desktop.env[variable]

    def test_row_moves_on(self):
        """A row that goes to another section takes nobody's keyboard away and lets nothing jump."""
        desktop = self.desktop()
        prepare(desktop)
        window = desktop.open()
        window.wait_for("1 connection needs you.")
        self.focus_row(window, "Harbour Coffee")
        window.key("Down", "Down")
        self.focused_row(window, "@fernhill.outdoor")
        desktop.control("revoke", {"family": "ads", "user": 1})
        desktop.ctl("verify", "Fernhill")
        window.wait_for("2 connections need you. 1 ends this week. 1 is fine.")
        window.wait_for("Needs You, 2 connections")
        self.focused_row(window, "@fernhill.outdoor")
        desktop.control("revoke", {"family": "login", "user": 1})
        desktop.ctl("renew", "@fernhill.outdoor")
        window.wait_for("3 connections need you. 1 ends this week.")
        wait_until(lambda: any((window.focused() or "").startswith(name + ",") for name in
                               ("@fernhill.outdoor", "Fernhill", "@kitchen.lab",
                                "Harbour Coffee")), "a row that has the keyboard")

    def test_ten_thousand(self):
        """All of them are there, the last is found, opened, and left for where one was."""
        desktop = self.desktop()
        fill_ledger(desktop, MANY)
        desktop.start_agent()
        desktop.ctl_ok("list", "--json")
        counts = desktop.agent_property("Summary")
        self.assertEqual(counts["attention"] + counts["ending"] + counts["fine"], MANY)
        sentence = f"{counts['attention']} connections need you. {counts['ending']} end this week."
        window = desktop.open()
        window.wait_for(sentence, 60)
        window.wait_for(f"Needs You, {counts['attention']} connections", 60)
        window.wait_for("Person 00000")
        self.shoot(window, "many")
        self.focus_row(window, "Person 00000")
        window.key("End")
        window.wait_for("Person 09999", 60)
        self.shoot(window, "many-end")
        window.key("ctrl+f")
        window.type_into("Search connections", "person09998")
        window.wait_for("Fine, 1 connection", 60)
        window.activate("Person 09998")
        window.wait_for("person09998 (open-id-09998)")
        window.press("Back")
        # The search is as it was, and so is the place in it.
        self.focused_row(window, "Person 09998")
        window.wait_for(sentence)
        # All of them again, from the top.
        window.type_into("Search connections", "")
        window.wait_for(f"Needs You, {counts['attention']} connections", 60)

    def test_month(self):
        """The picture's words are the numbers: of calls that were made and refused just now, and of
        a month; each day is told to the keyboard and in a list."""
        desktop = self.desktop()
        desktop.add_app("login", name="Posting")
        connection = desktop.connect("Posting")
        desktop.ctl_ok("rename", connection, "Brand EU")
        for _ in range(3):
            desktop.ctl_ok("call", "Brand EU", "GET", "/v2/user/info/", "--query",
                           "fields=open_id")
        desktop.fault("/v2/user/info/", status=403, body=json.dumps(
            {"error": {"code": "scope_not_authorized", "message": "no", "log_id": "1"}}), count=1)
        desktop.ctl("call", "Brand EU", "GET", "/v2/user/info/", "--query", "fields=open_id")
        desktop.ctl_ok("renew", "Brand EU")
        window = desktop.open()
        window.activate("Brand EU")
        window.wait_for("Access Token")
        window.wait_for("4 calls · 1 refused · 1 renewal")
        picture = wait_until(lambda: window.find("Last 30 days: 4 calls · 1 refused · 1 renewal",
                                                 exact=False), "the picture in words")
        self.assertEqual(picture.role, "image")
        self.assertTrue(picture.has("focusable"))
        window.close()

        desktop.quit_agent()
        sums = invent_days(desktop, connection)
        window = desktop.open()
        window.activate("Brand EU")
        words = (f"{sums['call'] + sums['refused']} calls · {sums['refused']} refused · "
                 f"{sums['renewed']} renewals")
        window.wait_for("Last 30 days: " + words)
        window.settle()
        self.shoot(window, "month")
        for _ in range(12):
            window.key("Tab")
            if (window.focused() or "").startswith("Last 30 days"):
                break
        window.key("Left", "Left")
        yesterday = GLib.DateTime.new_now_local().add_days(-1).format("%A %-d %B")
        window.wait_for(yesterday + ": 11 calls · none refused · 3 renewals")
        self.shoot(window, "month-day")
        window.key("Escape")
        window.press("Each Day")
        worst = GLib.DateTime.new_now_local().add_days(-20).format("%A %-d %B")
        window.wait_for(worst + ": 26 calls · 20 refused")
        self.shoot(window, "month-days")

    def clipboard(self, desktop, target="UTF8_STRING"):
        got = subprocess.run(["xclip", "-o", "-selection", "clipboard", "-t", target],
                             env=desktop.env, capture_output=True, text=True, timeout=20,
                             check=False)
        return got.stdout if got.returncode == 0 else None

    def copy(self, window, said):
        window.press("More for This Connection")
        window.press("Copy Access Token")
        window.wait_for(said)

    def test_copy_token(self):
        """A copied token is the real one, is marked for clipboard managers, and goes by itself, when
        the window goes, and never with what was copied since."""
        desktop = self.desktop()
        desktop.add_app("login", name="Posting")
        connection = desktop.connect("Posting")
        token = desktop.ctl_ok("token", connection).stdout.strip()
        desktop.ctl_ok("rename", connection, "Brand EU")
        window = desktop.open()
        window.activate("Brand EU")
        self.copy(window, "Copied. It is cleared in 30 seconds.")
        self.assertEqual(self.clipboard(desktop), token)
        self.assertIn("x-kde-passwordManagerHint", self.clipboard(desktop, "TARGETS"))
        self.shoot(window, "copied")

        self.set(desktop, "clipboard-seconds", GLib.Variant("u", 6))
        self.copy(window, "Copied. It is cleared in 6 seconds.")
        self.assertEqual(self.clipboard(desktop), token)
        wait_until(lambda: not self.clipboard(desktop), "the clipboard to be cleared")

        self.set(desktop, "clipboard-seconds", GLib.Variant("u", 4))
        self.copy(window, "Copied. It is cleared in 4 seconds.")
        since = time.monotonic()
        subprocess.run(["xclip", "-i", "-selection", "clipboard"], env=desktop.env, text=True,
                       input="my own", check=True, timeout=20, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        wait_until(lambda: time.monotonic() - since > 5, "the time that the token had")
        self.assertEqual(self.clipboard(desktop), "my own")

        self.set(desktop, "clipboard-seconds", GLib.Variant("u", 0))
        self.copy(window, "Copied. It stays there until you copy something else.")
        self.assertEqual(self.clipboard(desktop), token)
        window.key("ctrl+q")
        wait_until(lambda: window.process.poll() is not None, "the window to end")
        self.assertEqual(window.process.returncode, 0)
        self.assertNotEqual(self.clipboard(desktop), token)
        with open(desktop.path("window.log"), encoding="utf-8") as file:
            self.assertNotIn(token, file.read())


if __name__ == "__main__":
    unittest.main()
