#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person is told on the desktop, when, and how often; what is taken back, put off and summed up;
and what the buttons do. The real agent, and a notification service that keeps what it was told."""

import time
import unittest

from gi.repository import GLib

from case import WorldCase
from network_manager import NetworkManager
from notifications import Notifications, Portal, Window
from world import MANAGER, wait_until

DAY = 86400
HOUR = 3600
HOSTILE = "<b>big</b> & “odd” name" + "x" * 60


class Warnings(WorldCase):
    options = {"agent_env": {"TZ": "UTC"}}

    def setUp(self):
        super().setUp()
        self.world.set_clock()
        self.told = Notifications(self.world)

    def manager(self, method, parameters):
        return self.world.call(MANAGER, "io.github.latchkey_app.Latchkey.Agent1", method, parameters)

    def set(self, **settings):
        values = {name.replace("_", "-"): value for name, value in settings.items()}
        self.manager("SetSettings", GLib.Variant("(a{sv})", (values,)))

    def ending(self, days, name, user=1, family="login"):
        """A connection whose authorization ends in @days: no renewal comes before, to extend it."""
        self.world.control("lifetimes", {"family": family, "access": int(days * 3 * DAY),
                                         "refresh": int(days * DAY)})
        conn = self.world.connect(family, user=user)
        self.world.ctl_ok("rename", conn, name)
        return conn

    def revoke(self, conn, user, family="ads"):
        self.world.control("revoke", {"family": family, "user": user})
        self.world.ctl("verify", conn)

    def restore(self, conn, family="ads", user=1):
        self.world.connect(conn, command="reconnect", user=user)

    def quiet(self, seconds=2.5):
        """Nothing is told for a while, in which it would have been."""
        before = len(self.told.told)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.assertEqual(len(self.told.told), before, self.told.told[before:])
            time.sleep(0.1)

    # Ends

    def test_each_day(self):
        """At 14, 7, 3 and 1 days, one notification that takes the place of the one before."""
        self.world.add_app("login")
        self.ending(20, "@fernhill")
        self.world.start_agent()
        self.quiet(1.5)
        passed = 0
        for left, words in ((14, "in 14 days"), (7, "in 7 days"), (3, "in 3 days"),
                            (1, "tomorrow")):
            self.world.pass_time(int((20 - left) * DAY + 5 * 60 - passed))
            passed = (20 - left) * DAY + 5 * 60
            notice = self.told.wait_for(f"@fernhill ends {words}")
            self.assertEqual(len(self.told.shown), 1, self.told.shown)
            self.assertIn("Sign in again before", notice.body)
            self.assertEqual(notice.actions["reconnect"], "Reconnect")
            self.assertEqual(notice.actions["snooze"], "Remind Me Tomorrow")
            self.assertEqual(notice.hints["desktop-entry"], Window.name)
        self.assertEqual([bool(notice.replaces) for notice in self.told.notices],
                         [False, True, True, True])
        self.assertEqual(self.told.last, 1)
        self.quiet()
        self.world.pass_time(DAY)
        self.told.wait_for("@fernhill needs you")
        self.told.wait_gone("ends")

    def test_restart_repeats_nothing(self):
        """What an earlier agent told is not told again, and is taken back when it is settled."""
        self.world.add_app("login")
        conn = self.ending(6, "@fernhill")
        notice = self.told.wait_for("@fernhill ends in 6 days")
        self.world.quit_agent()
        self.world.start_agent()
        self.quiet()
        self.world.kill_agent()
        self.world.start_agent()
        self.quiet()
        self.world.control("lifetimes", {"family": "login", "access": HOUR, "refresh": 300 * DAY})
        self.world.connect(conn, command="reconnect", user=1)
        self.told.wait_gone("@fernhill")
        self.assertEqual(self.told.closed, [notice.number])

    def test_told_while_it_was_off(self):
        """What became true while no agent ran is told, the nearest day alone."""
        self.world.add_app("login")
        self.ending(20, "@fernhill")
        self.world.quit_agent()
        self.world.pass_time(18 * DAY)
        self.world.start_agent()
        self.told.wait_for("@fernhill ends in 2 days")
        self.quiet()
        self.assertEqual(len(self.told.told), 1)

    def test_days_are_a_setting(self):
        self.world.add_app("login")
        self.ending(20, "@fernhill")
        self.world.start_agent()
        self.set(warn_days=GLib.Variant("au", [30, 2]))
        self.told.wait_for("@fernhill ends in 20 days")
        self.world.pass_time(17 * DAY)
        self.quiet()
        self.world.pass_time(DAY)
        self.told.wait_for("@fernhill ends in 2 days")

    def test_quiet_hours(self):
        """What comes in the quiet hours waits for their end."""
        self.world.start_agent()
        minute = int(time.time() // 60 % 1440)
        self.set(quiet_hours=GLib.Variant("b", True),
                 quiet_from=GLib.Variant("u", (minute - 60) % 1440),
                 quiet_until=GLib.Variant("u", (minute + 120) % 1440))
        self.world.add_app("login")
        self.ending(5, "@fernhill")
        self.quiet()
        self.world.pass_time(3 * HOUR)
        self.told.wait_for("@fernhill ends in")

    def test_kinds(self):
        """A kind that is off is not told, and is taken back; on again, it is not told twice."""
        self.world.start_agent()
        self.set(notify_ending=GLib.Variant("b", False))
        self.world.add_app("login")
        self.ending(5, "@fernhill")
        self.quiet()
        self.set(notify_ending=GLib.Variant("b", True))
        self.told.wait_for("@fernhill ends")
        self.set(notify_ending=GLib.Variant("b", False))
        self.told.wait_gone("@fernhill ends")
        self.set(notify_ending=GLib.Variant("b", True))
        self.quiet()

    # Attention

    def test_attention(self):
        """A token that died is told once, and taken back when the person has signed in."""
        conn = self.sign_in("ads", user=1)
        self.world.ctl_ok("rename", conn, "Harbour Coffee")
        self.revoke(conn, 1)
        notice = self.told.wait_for("Harbour Coffee needs you")
        self.assertEqual(notice.body, "Its access was taken away. Sign in again to go on.")
        self.world.ctl("verify", conn)
        self.quiet()
        self.restore(conn)
        self.told.wait_gone("Harbour Coffee")
        self.quiet()
        self.revoke(conn, 1)
        self.told.wait_for("Harbour Coffee needs you")
        self.assertEqual(len(self.told.told), 2)

    def test_removed(self):
        conn = self.sign_in("ads", user=1)
        self.revoke(conn, 1)
        self.told.wait_for("needs you")
        self.world.ctl_ok("remove", conn)
        self.told.wait_gone("needs you")

    def test_dismissed(self):
        """What the person took away stays away, also after a restart."""
        conn = self.sign_in("ads", user=1)
        self.revoke(conn, 1)
        self.told.dismiss(self.told.wait_for("needs you"))
        self.world.ctl("verify", conn)
        self.quiet(1.5)
        self.world.quit_agent()
        self.world.start_agent()
        self.quiet()

    def test_snooze(self):
        """“Remind Me Tomorrow” takes it away until nine in the morning; so does the method."""
        conn = self.sign_in("ads", user=1)
        self.revoke(conn, 1)
        self.told.press(self.told.wait_for("needs you"), "snooze")
        self.told.wait_gone("needs you")
        self.quiet()
        self.world.quit_agent()
        self.world.start_agent()
        now = time.time()
        nine = (now // DAY + 1) * DAY + 9 * HOUR
        self.world.pass_time(int(nine - now - 120))
        self.quiet()
        self.world.pass_time(300)
        self.told.wait_for("needs you")
        self.manager("Snooze", GLib.Variant("(sx)", (conn, int(nine) + DAY)))
        self.told.wait_gone("needs you")
        with self.assertRaisesRegex(GLib.Error, "NotFound"):
            self.manager("Snooze", GLib.Variant("(sx)", ("nobody", int(nine) + DAY)))

    def test_buttons(self):
        """Reconnect and Show open the window at the connection, with the token that lets it."""
        opened = Window(self.world)
        conn = self.sign_in("ads", user=1)
        self.revoke(conn, 1)
        self.told.press(self.told.wait_for("needs you"), "reconnect", "token-1")
        wait_until(lambda: opened.actions, "the window")
        self.assertEqual(opened.actions, [("reconnect", [conn], "token-1")])
        self.restore(conn)
        self.revoke(conn, 1)
        self.told.press(self.told.wait_for("needs you"), "show", "token-2")
        wait_until(lambda: len(opened.actions) == 2, "the window")
        self.assertEqual(opened.actions[1], ("show-connection", [conn], "token-2"))

    # What only looks dead

    def test_incident_holds_back(self):
        """While TikTok has trouble of its own, a token that it calls dead is nothing to sign in for; it
        is told when the trouble is over and it is asked again."""
        conn = self.sign_in("ads", user=1)
        incident = {"title": "Sign-in trouble", "text": "We look into it.", "at": int(time.time())}
        self.world.control("incident", incident)
        self.world.pass_time(31 * 60)
        self.told.wait_for("has trouble")
        self.revoke(conn, 1)
        self.quiet()
        self.world.control("incident", dict(incident, text="Resolved.", resolved=True,
                                            at=int(time.time()) + 32 * 60))
        self.world.pass_time(HOUR)
        self.told.wait_gone("has trouble")
        self.world.pass_time(10 * HOUR)
        self.told.wait_for("needs you")

    def test_offline_holds_back(self):
        """Without a network nothing is called dead; with one it is."""
        self.world.quit_agent()
        network = NetworkManager(self.world)
        conn = self.sign_in("ads", user=1)
        network.set_online(False)
        self.revoke(conn, 1)
        self.quiet()
        network.set_online(True)
        self.told.wait_for("needs you")

    def test_lifetime(self):
        """Tokens that live shorter than before are told once, and not with each renewal."""
        conn = self.sign_in("login", user=1)
        self.world.ctl_ok("rename", conn, "@fernhill")
        self.world.control("lifetimes", {"family": "login", "access": HOUR,
                                         "refresh": 300 * DAY})
        self.world.ctl_ok("renew", conn)
        notice = self.told.wait_for("@fernhill has changed")
        self.assertEqual(notice.body, "Its tokens live longer or shorter than before.")
        self.told.dismiss(notice)
        self.world.ctl_ok("renew", conn)
        self.quiet()
        self.assertEqual(len(self.told.told), 1)

    def test_clock_a_year_off(self):
        """A clock that somebody sets a year forth or back brings nothing forward, and nothing of it is
        told or taken back; the right day comes all the same."""
        self.world.add_app("login")
        self.ending(20, "@fernhill")
        for wrong in (365 * DAY, -365 * DAY, 0):
            self.world.set_clock(wrong=wrong)
            self.quiet(1.5)
        self.world.pass_time(6 * DAY + 5 * 60)
        self.told.wait_for("@fernhill ends in 14 days")
        for wrong in (365 * DAY, -365 * DAY):
            self.world.set_clock(wrong=wrong, passed=6 * DAY + 5 * 60)
            self.quiet(1.5)
        self.assertEqual(self.told.titles(), ["@fernhill ends in 14 days"])

    # Many

    def test_summary(self):
        """Five at once are one notification; it follows the count, and goes at nothing."""
        conns = [self.many(number) for number in range(5)]
        self.world.quit_agent()
        self.world.pass_time(290 * DAY)
        self.world.start_agent()
        notice = self.told.wait_for("5 connections end soon")
        self.assertEqual(notice.body, "@number0, @number1, @number2 and 2 others")
        self.assertEqual(self.told.titles(), ["5 connections end soon"])
        self.world.ctl_ok("remove", conns[0])
        self.told.wait_for("4 connections end soon")
        self.world.quit_agent()
        self.world.start_agent()
        self.quiet()
        self.world.ctl_ok("remove", conns[1])
        self.told.wait_for("3 connections end soon")
        self.assertEqual(self.told.last, 1, "always the same notification")
        for conn in conns[2:]:
            self.world.ctl_ok("remove", conn)
        self.told.wait_gone("end soon")
        self.assertEqual(self.told.shown, {})

    def many(self, number):
        """One of many: each is of a developer app of its own."""
        name = f"app{number}"
        self.world.add_app("login", name=name)
        self.world.control("lifetimes", {"family": "login", "access": 900 * DAY,
                                         "refresh": 300 * DAY})
        conn = self.world.connect(name, user=1)
        self.world.ctl_ok("rename", conn, f"@number{number}")
        return conn

    # Who shows it

    def test_nobody_shows(self):
        """What nobody could show is shown once somebody can, if it is still true."""
        self.told.stop()
        one = self.sign_in("ads", user=1)
        two = self.world.connect("ads", user=2)
        self.world.ctl_ok("rename", one, "First")
        self.world.ctl_ok("rename", two, "Second")
        self.revoke(one, 1)
        self.revoke(two, 2)
        self.world.quit_agent()
        self.world.start_agent()
        self.restore(two, user=2)
        self.told.start()
        self.told.wait_for("First needs you")
        self.quiet()
        self.assertEqual(self.told.titles(), ["First needs you"])
        # A service that restarts shows again what was on show, and hears what is new.
        self.told.stop()
        self.told.start()
        self.told.wait_for("First needs you")
        self.quiet()
        self.assertEqual(self.told.titles(), ["First needs you"])
        self.revoke(two, 2)
        self.told.wait_for("Second needs you")

    def test_portal(self):
        """Where only the portal shows notifications, it is asked to."""
        self.told.stop()
        portal = Portal(self.world)
        opened = Window(self.world)
        conn = self.sign_in("ads", user=1)
        self.world.ctl_ok("rename", conn, "Harbour Coffee")
        self.revoke(conn, 1)
        notice = portal.wait_for("Harbour Coffee needs you")
        self.assertEqual(list(notice.actions), ["reconnect", "show", "snooze"])
        portal.press(notice, "reconnect")
        wait_until(lambda: opened.actions, "the window")
        self.assertEqual(opened.actions[0][:2], ("reconnect", [conn]))
        self.world.quit_agent()
        self.world.start_agent()
        self.restore(conn)
        portal.wait_gone("Harbour Coffee")
        self.assertEqual(len(portal.told), 1)

    def test_plain_service(self):
        """A service without buttons and markup gets text as it is."""
        self.told.capabilities = ("body",)
        self.told.stop()
        self.told.start()
        conn = self.sign_in("ads", user=1)
        self.world.ctl_ok("rename", conn, "Salt & Pepper")
        self.revoke(conn, 1)
        notice = self.told.wait_for("Salt & Pepper needs you")
        self.assertEqual(notice.actions, {})

    def test_hostile_names(self):
        """Names that want to be markup, or a page, are a short line."""
        conn = self.sign_in("ads", user=1)
        self.world.ctl_ok("rename", conn, HOSTILE)
        self.revoke(conn, 1)
        notice = self.told.wait_for("needs you")
        self.assertLess(len(notice.title), 70)
        self.assertNotIn("\n", notice.title + notice.body)
        two = self.world.connect("ads", user=2)
        for name in ("<i>", "a & b", "c"):
            self.world.add_app("ads", name=name)
            self.world.connect(name, user=3)
        self.world.ctl_ok("rename", two, "<u>under</u>")
        self.revoke(two, 2)
        self.world.control("revoke", {"family": "ads", "user": 3})
        for shown in self.world.ctl_ok("list", "--json").json():
            self.world.ctl("verify", shown["id"])
        notice = self.told.wait_for("connections need you")
        self.assertNotIn("<u>", notice.body)
        self.assertIn("&lt;", notice.body)


if __name__ == "__main__":
    unittest.main()
