#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each notification in a real daemon, as it is seen there, and what its buttons do: the real window at
the right page, a day of quiet, a token for a program or none. LATCHKEY_SHOTS keeps the pictures."""

import json
import os
import subprocess
import time
import types
import unittest

import gi

from agent_bus import AgentBus
from case import PERMISSION
from desktop import Desktop, Window
from dunst import Dunst
from world import MANAGER, wait_until

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf, GLib  # noqa: E402

DAY, HOUR = 86400, 3600
AGENT1 = "io.github.latchkey_app.Latchkey.Agent1"
WINDOW = "io.github.latchkey_app.Latchkey"
REACH = "/open_api/v1.3/oauth2/advertiser/get/"
ENTRY = """[Desktop Entry]
Type=Application
Name=Latchkey
Exec={program}
Icon=io.github.latchkey_app.Latchkey
"""
COFFEE = "7000000000000000003"
SEAT = {"account": COFFEE, "account-name": "Harbour Coffee", "role": "ANALYST",
        "needed-role": "OPERATOR", "route": "member", "call": "yes"}


class Opened(Window):
    """The window that somebody else opened."""

    def __init__(self, desktop):
        self.desktop = desktop
        wait_until(lambda: desktop.has_owner(WINDOW), "the window", 40)
        self.process = types.SimpleNamespace(pid=desktop.owner_pid(WINDOW))
        wait_until(self.application, "the window on the accessibility bus", 30)


class TestNotifications(unittest.TestCase):
    def setUp(self):
        self.desktop = Desktop(agent_env={"TZ": "UTC"})
        self.addCleanup(self.desktop.close)
        with open(self.desktop.path("data", "applications", WINDOW + ".desktop"), "w",
                  encoding="utf-8") as file:
            file.write(ENTRY.format(program=os.path.join(self.desktop.build, "src", "app",
                                                         "latchkey")))
        self.desktop.set_agent_env(**{name: self.desktop.env[name] for name in
                                      ("DISPLAY", "GSK_RENDERER", "GDK_BACKEND", "GTK_A11Y")})
        self.desktop.set_clock()
        self.dunst = Dunst(self.desktop)

    # Deeds

    def set(self, **settings):
        values = {name.replace("_", "-"): value for name, value in settings.items()}
        self.desktop.call(MANAGER, AGENT1, "SetSettings", GLib.Variant("(a{sv})", (values,)))

    def shot(self, name):
        """A picture of what is on show, which is a picture of something."""
        time.sleep(0.4)
        folder = os.environ.get("LATCHKEY_SHOTS") or self.desktop.path("shots")
        path = self.dunst.picture(os.path.join(folder, f"notification-{name}.png"))
        picture = GdkPixbuf.Pixbuf.new_from_file(path)
        self.assertGreater(picture.get_width(), 300)
        self.assertGreater(len(set(picture.get_pixels())), 16, "nothing is drawn")

    def ending(self, days, name):
        self.desktop.add_app("login")
        self.desktop.control("lifetimes", {"family": "login", "access": int(days * 3 * DAY),
                                           "refresh": int(days * DAY)})
        conn = self.desktop.connect("login", user=1)
        self.desktop.ctl_ok("rename", conn, name)
        return conn

    def ads(self, name="Harbour Coffee", app="ads"):
        self.desktop.add_app("ads", name=app)
        conn = self.desktop.connect(app, user=1)
        self.desktop.ctl_ok("rename", conn, name)
        return conn

    def break_it(self, conn):
        self.desktop.control("revoke", {"family": "ads", "user": 1})
        self.desktop.ctl("verify", conn)
        return self.dunst.wait_for("needs you")

    def repair(self, conn):
        self.desktop.connect(conn, command="reconnect", user=1)

    def probe(self, conn):
        """The agent asks by itself how it is."""
        bus = AgentBus(self.desktop)

        def answers():
            return sum(event.get("count", 1) for event in bus.history(conn, "verified"))

        before = answers()
        self.desktop.pass_time(10 * HOUR)
        wait_until(lambda: answers() > before, "the probe")

    def no_more(self, seconds=2.5):
        """Nothing is told for a while, in which it would have been."""
        told = self.dunst.told()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.assertEqual(self.dunst.told(), told)
            time.sleep(0.1)

    # What is seen

    def test_ends(self):
        """Seven days before, and the day before in its place; gone once it ends no more."""
        conn = self.ending(7, "@fernhill.studio")
        number, _, text = self.dunst.wait_for("@fernhill.studio ends in 7 days")
        self.assertIn("Sign in again before", text)
        self.shot("ends-7-days")
        self.desktop.pass_time(6 * DAY)
        self.assertEqual(self.dunst.wait_for("@fernhill.studio ends tomorrow")[0], number)
        self.shot("ends-tomorrow")
        self.assertEqual(self.dunst.count(), 1)
        self.desktop.control("lifetimes", {"family": "login", "access": HOUR, "refresh": 300 * DAY})
        self.repair(conn)
        self.dunst.wait_gone()

    def test_needs_you_and_recovered(self):
        """A token that TikTok calls dead, and that turns out to live."""
        conn = self.ads()
        self.desktop.fault(REACH, code=40105, times=-1)
        self.desktop.ctl("verify", conn)
        self.dunst.wait_for("Harbour Coffee needs you")
        self.shot("needs-you")
        self.desktop.get(self.desktop.url + "/_simulator/faults", method="DELETE")
        self.desktop.ctl_ok("verify", conn)
        self.dunst.wait_for("Harbour Coffee works again")
        self.shot("recovered")
        self.assertEqual(self.dunst.count(), 1)

    def test_changed(self):
        """What its person may do at an account has changed."""
        conn = self.ads()
        self.probe(conn)
        self.desktop.control("roles", {"advertiser": COFFEE, "role": "OPERATOR"})
        self.probe(conn)
        self.dunst.wait_for("Harbour Coffee has changed")
        self.shot("changed")

    def test_incident(self):
        """What TikTok's status page says, and that it is over."""
        self.ads()
        now = int(time.time())
        self.desktop.control("incident", {"title": "Reporting is late", "text": "We look into it.",
                                          "at": now})
        self.desktop.pass_time(31 * 60)
        _, title, text = self.dunst.wait_for("has trouble")
        self.assertIn("Reporting is late", text)
        self.assertIn("TikTok", title)
        self.shot("incident")
        self.desktop.control("incident", {"title": "Reporting is late", "text": "Resolved.",
                                          "resolved": True, "at": now + 32 * 60})
        self.desktop.pass_time(60 * 60)
        self.dunst.wait_gone()

    def test_several(self):
        """Five at once are one."""
        conns = []
        for number in range(5):
            conns.append(self.ads(f"Shop {number + 1}", f"app{number}"))
        self.desktop.control("revoke", {"family": "ads", "user": 1})
        for conn in conns:
            self.desktop.ctl("verify", conn)
        self.dunst.wait_for("5 connections need you")
        wait_until(lambda: self.dunst.count() == 1, "the single ones to go")
        self.shot("several")
        self.dunst.press("5 connections need you", "Remind Me Tomorrow")
        self.dunst.wait_gone()
        self.no_more()

    def test_remedy(self):
        """The role that a remedy waited for is there; a click opens the page of that connection."""
        conn = self.ads("Brand EU")
        bus = AgentBus(self.desktop)
        body = json.dumps({"advertiser_id": COFFEE, "campaign_id": "1", "campaign_name": "Sale"})
        bus.call(conn, "POST", "campaign/update/", body.encode(), content_type="application/json")
        path = bus.start_remedy(conn, "permission", "role-too-low", SEAT, bus.diagnose(conn))
        bus.method(path, "io.github.latchkey_app.Latchkey.Remedy1", "Watch",
                   GLib.Variant("(b)", (True,)))
        self.desktop.control("roles", {"advertiser": COFFEE, "role": "OPERATOR"})
        self.desktop.pass_time(70)
        self.dunst.wait_for("The permission is there")
        self.shot("remedy")
        self.dunst.click()
        window = Opened(self.desktop)
        window.wait_for("Brand EU")
        self.dunst.wait_gone()

    # What the buttons do

    def test_reconnect(self):
        """Opens the window at the sign-in of that connection, and what is done there settles it."""
        self.desktop.browse("hold")
        conn = self.ads()
        self.break_it(conn)
        self.dunst.press("Harbour Coffee needs you", "Reconnect")
        window = Opened(self.desktop)
        window.wait_for("Harbour Coffee")
        wait_until(self.desktop.visited, "the sign-in in the browser", 30)
        self.assertEqual(self.dunst.count(), 0)
        self.no_more(1.5)

    def test_show(self):
        """Opens the page of that connection, of all buttons that it has."""
        self.ads("Another One", "second")
        self.break_it(self.ads())
        lines = self.dunst.press("Harbour Coffee needs you", "Show")
        self.assertEqual(sorted(line.split("#")[1].split(" (")[0] for line in lines),
                         ["Open Latchkey", "Reconnect", "Remind Me Tomorrow", "Show"])
        window = Opened(self.desktop)
        window.wait_for("Reconnect")
        self.assertTrue(window.reads("Harbour Coffee"))
        self.assertFalse(window.reads("Another One"))
        self.dunst.wait_gone()

    def test_remind_me(self):
        """Goes, and comes again at nine tomorrow and no sooner, also after a restart."""
        conn = self.ads()
        self.break_it(conn)
        self.dunst.press("Harbour Coffee needs you", "Remind Me Tomorrow")
        self.dunst.wait_gone()
        now = time.time()
        nine = (now // DAY + 1) * DAY + 9 * HOUR
        self.desktop.pass_time(int(nine - now - 120))
        self.no_more()
        self.desktop.quit_agent()
        self.desktop.start_agent()
        self.no_more()
        self.desktop.pass_time(300)
        self.dunst.wait_for("Harbour Coffee needs you")

    # Programs

    def ask(self):
        """A program that waits for an answer."""
        conn = self.ads()
        self.desktop.ctl_ok("token", conn)
        self.set(ask_programs=GLib.Variant("b", True))
        path = self.desktop.path("nightly-report.sh")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/bash\nlatchkeyctl token {conn}\n")
        os.chmod(path, 0o755)
        process = subprocess.Popen([path], env=self.desktop.tool_env(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.desktop.processes.append(process)
        self.dunst.wait_for("May a program have a token?")
        self.assertIsNone(process.poll(), "it waits")
        return process

    def ended(self, process):
        stdout, _ = process.communicate(timeout=60)
        self.desktop.processes.remove(process)
        return process.returncode, stdout.strip()

    def live(self):
        return [grant["access_token"] for grant in self.desktop.control("tokens")["tokens"]]

    def test_allow(self):
        """The program that waits has its token; it is asked about also by the next daemon."""
        process = self.ask()
        text = self.dunst.find("May a program")[2]
        self.assertIn("nightly-report.sh", text)
        self.assertIn("Harbour Coffee", text)
        self.shot("program")
        self.dunst.kill()
        self.dunst.start()
        wait_until(lambda: self.dunst.count() == 1, "the question")
        self.dunst.press("May a program", "#Allow (")
        code, stdout = self.ended(process)
        self.assertEqual((code, stdout in self.live()), (0, True))
        self.dunst.wait_gone()
        self.assertEqual(self.desktop.agent_property("Asking"), [])

    def test_do_not_allow(self):
        """The program that waits has none."""
        process = self.ask()
        self.dunst.press("May a program", "Don’t Allow")
        self.assertEqual(self.ended(process), (PERMISSION, ""))
        self.dunst.wait_gone()

    # The service itself

    def test_daemon_restarts(self):
        """What was on show is shown again by the next daemon, and taken back when it is settled."""
        conn = self.ads()
        self.break_it(conn)
        self.dunst.kill()
        self.dunst.start()
        wait_until(lambda: self.dunst.count() == 1, "it to be shown again")
        self.desktop.quit_agent()
        self.desktop.start_agent()
        self.no_more()
        self.dunst.kill()
        self.dunst.start()
        wait_until(lambda: self.dunst.count() == 1, "it to be shown again by the next agent")
        self.assertEqual({title for _, title, _ in self.dunst.told()}, {"Harbour Coffee needs you"})
        self.repair(conn)
        self.dunst.wait_gone()


if __name__ == "__main__":
    unittest.main()
