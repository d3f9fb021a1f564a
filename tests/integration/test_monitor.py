#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nobody calls is watched all the same: tokens without an end, accounts, roles, scopes, and what
TikTok says of itself."""

import unittest

from gi.repository import GLib

from agent_bus import AGENT1, AgentBus
from case import WorldCase
from world import MANAGER

HOUR = 3600
FEED = "/marketing_api/api/status_page/incident/rss/"
REACH = "/open_api/v1.3/oauth2/advertiser/get/"
KIDS = "7000000000000000002"
COFFEE = "7000000000000000003"


class Monitor(WorldCase):
    def setUp(self):
        super().setUp()
        self.bus = AgentBus(self.world)
        self.world.quit_agent()
        self.world.set_clock()
        self.conn = self.sign_in("ads")

    def set(self, **settings):
        self.world.call(MANAGER, AGENT1, "SetSettings", GLib.Variant("(a{sv})", ({
            key.replace("_", "-"): value for key, value in settings.items()},)))

    def asked(self, path=REACH):
        return self.requests().get(path, 0)

    def connection(self):
        return self.bus.connection(self.conn)

    def now(self):
        with open(self.world.path("clock"), encoding="utf-8") as file:
            wrong, passed = map(int, file.read().split())
        return GLib.get_real_time() // 1000000 + passed

    def to_probe(self):
        """Time goes by until just after the next probe."""
        at = self.wait_until(lambda: self.connection()["NextProbe"], "a plan")
        self.world.pass_time(max(at - self.now() + 2, 1))
        return at

    def probe(self):
        """One probe, answered and written down."""
        before = self.proofs()
        self.to_probe()
        self.wait_until(lambda: self.proofs() == before + 1, "the probe")

    def proofs(self):
        return sum(event.get("count", 1) for event in self.events("verified"))

    def events(self, kind):
        return [event for event in self.bus.history(self.conn) if event["kind"] == kind]


class Life(Monitor):
    def test_alive(self):
        """A token without an end is asked about each six hours, at a moment of its own, and says so."""
        before = self.asked()
        at = self.connection()["NextProbe"]
        self.assertGreaterEqual(at - self.now(), 3 * HOUR - 60)
        self.assertLess(at - self.now(), 9 * HOUR)
        self.probe()
        self.assertEqual(self.asked(), before + 1)
        self.assertEqual(self.connection()["NextProbe"] - at, 6 * HOUR)
        self.assertLess(abs(self.connection()["LastVerified"] - self.now()), 60)
        self.assertEqual(len(self.events("verified")), 1)

    def test_restart(self):
        """A restart asks nobody, and keeps the moment."""
        self.probe()
        at = self.connection()["NextProbe"]
        before = self.requests()
        self.world.quit_agent()
        self.world.start_agent()
        self.wait_until(lambda: self.connection()["NextProbe"], "a plan")
        self.assertEqual(self.connection()["NextProbe"], at)
        self.assertEqual(self.requests(), before)

    def test_switched_off(self):
        """Paused, or with no hours, it asks nobody; switched on again it does."""
        before = self.asked()
        for off, on in ({"paused": GLib.Variant("b", True)}, {"paused": GLib.Variant("b", False)}), \
                ({"probe_hours": GLib.Variant("u", 0)}, {"probe_hours": GLib.Variant("u", 1)}):
            self.set(**off)
            self.assertEqual(self.connection()["NextProbe"], 0)
            self.world.pass_time(20 * HOUR)
            self.world.agent_property("Version")
            self.assertEqual(self.asked(), before)
            self.set(**on)
            self.assertGreater(self.connection()["NextProbe"], self.now() - 5)
        self.assertLess(self.connection()["NextProbe"], self.now() + 2 * HOUR)

    def test_revoked(self):
        """Somebody took the access away on TikTok's side: it needs the person, without a call."""
        self.world.control("revoke", {"family": "ads"})
        self.to_probe()
        self.wait_until(lambda: self.connection()["Health"] == "attention", "the attention")
        self.assertEqual(self.connection()["NextProbe"], 0)

    def test_in_passing(self):
        """A rate limit, trouble or a cut line while nobody looks on is no fault of the connection; it
        is asked again soon, and told once."""
        for fault in ({"code": 40100}, {"status": 503}, {"cut": "before"}, {"code": 50000}):
            with self.subTest(fault):
                self.world.fault(REACH, times=-1, **fault)
                at = self.to_probe()
                self.wait_until(lambda: self.connection()["NextProbe"] != at, "the probe")
                self.assertEqual(self.connection()["Fault"], {})
                self.assertEqual(self.connection()["Health"], "fine")
                self.assertLessEqual(self.connection()["NextProbe"] - self.now(), 31 * 60)
                self.world.control("limits", {"family": "ads", "mode": "off"})
                urllib_delete(self.world, "faults")
        self.assertEqual(len(self.events("verify-failed")), 1)
        self.probe()
        self.assertEqual(self.connection()["Fault"], {})

    def test_held(self):
        """While a limit holds the app's calls, the monitor waits for its end."""
        self.world.control("limits", {"family": "ads", "mode": "qpd", "limit": 0})
        self.bus.call(self.conn, "GET", "campaign/get/",
                      query=["advertiser_id=7000000000000000001"])
        holds = self.world.call(MANAGER, AGENT1, "ListHolds",
                                GLib.Variant("(s)", ("ads",))).unpack()[0]
        self.assertTrue(holds)
        before = self.asked()
        at = self.connection()["NextProbe"]
        if at < holds[0]["retry-at"]:
            self.to_probe()
            self.wait_until(lambda: self.connection()["NextProbe"] != at, "a later time")
            self.assertGreaterEqual(self.connection()["NextProbe"], holds[0]["retry-at"])
        self.assertEqual(self.asked(), before)


def urllib_delete(world, what):
    import urllib.request
    request = urllib.request.Request(f"{world.url}/_simulator/{what}", method="DELETE")
    with urllib.request.urlopen(request, timeout=20):
        pass


class Changes(Monitor):
    def test_accounts(self):
        """An account that came or went is told once, by name."""
        self.probe()
        self.assertEqual(self.events("accounts-changed"), [])
        self.world.control("advertisers", {"advertiser": KIDS, "deleted": True})
        self.probe()
        self.assertEqual([event["text"] for event in self.events("accounts-changed")],
                         ["− Fernhill Kids"])
        self.assertNotIn(KIDS, [account[0] for account in self.connection()["Accounts"]])
        self.probe()
        self.assertEqual(len(self.events("accounts-changed")), 1)

    def test_roles(self):
        """Another role is told once, with the account's name, and also when the agent was restarted in
        between."""
        self.probe()
        self.world.control("roles", {"advertiser": COFFEE, "role": "OPERATOR"})
        self.world.quit_agent()
        self.world.start_agent()
        self.probe()
        told = self.wait_until(lambda: self.events("roles-changed"), "the change")
        self.assertEqual([event["text"] for event in told],
                         ["Harbour Coffee: ANALYST → OPERATOR"])
        self.probe()
        self.assertEqual(len(self.events("roles-changed")), 1)


class Incidents(Monitor):
    def incidents(self):
        return self.world.agent_property("Incidents")

    def look(self):
        before = self.asked(FEED)
        self.world.pass_time(30 * 60 + 2)
        self.wait_until(lambda: self.asked(FEED) > before, "a look at the status page")

    def test_feed(self):
        """The status page is read at most each half hour, also for two families that share it; what it
        says is shown, and taken back when it is over."""
        self.sign_in("account")
        self.look()
        self.assertEqual(self.asked(FEED), 1)
        self.assertEqual(self.incidents(), [])
        self.world.control("incident", {"title": "Reporting is late", "text": "We look into it.",
                                        "at": self.now()})
        for _ in range(3):
            self.world.pass_time(9 * 60)
            self.world.agent_property("Version")
        self.assertEqual(self.asked(FEED), 1)
        self.look()
        shown = self.wait_until(self.incidents, "the incident")
        self.assertEqual([incident["title"] for incident in shown], ["Reporting is late"])
        self.world.quit_agent()
        self.world.start_agent()
        self.wait_until(self.incidents, "what is remembered")
        self.assertEqual(self.asked(FEED), 2)
        self.world.control("incident", {"title": "Reporting is late", "text": "Resolved.",
                                        "resolved": True, "at": self.now()})
        self.look()
        self.wait_until(lambda: self.incidents() == [], "the end of it")

    def test_not_dead(self):
        """While TikTok says that it has trouble, a token that it calls dead is not taken for dead."""
        self.world.control("incident", {"title": "Sign-in trouble", "text": "We look into it.",
                                        "at": self.now()})
        self.look()
        self.wait_until(self.incidents, "the incident")
        self.world.fault(REACH, code=40105, times=-1)
        at = self.to_probe()
        self.wait_until(lambda: self.connection()["NextProbe"] != at, "the probe")
        self.assertEqual(self.connection()["Health"], "fine")

    def test_off(self):
        """With no minutes, nobody reads it."""
        self.set(status_minutes=GLib.Variant("u", 0))
        self.world.pass_time(2 * HOUR)
        self.world.agent_property("Version")
        self.assertEqual(self.asked(FEED), 0)


if __name__ == "__main__":
    unittest.main()
