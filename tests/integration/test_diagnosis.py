#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diagnosis and remedies: facts by few probes, steps that prove themselves, watching, and what a
killed agent still knows."""

import json
import time
import unittest

from gi.repository import GLib

from agent_bus import CONNECTION, REMEDY, AgentBus, pipe
from case import WorldCase
from notifications import Notifications, Window

ADS = "/open_api/v1.3/"
MINE, ANALYST = "7000000000000000001", "7000000000000000003"
CENTER = "7000000000000000901"
SEAT = {"account": ANALYST, "account-name": "Harbour Coffee", "center": CENTER,
        "center-name": "Harbour Coffee Roasters", "role": "ANALYST", "needed-role": "OPERATOR",
        "route": "member", "call": "yes"}


class Diagnosis(WorldCase):
    def setUp(self):
        super().setUp()
        self.bus = AgentBus(self.world)
        self.conn = self.sign_in("ads")

    def change(self, account=ANALYST):
        body = {"advertiser_id": account, "campaign_id": "1", "campaign_name": "Sale"}
        return self.bus.call(self.conn, "POST", "campaign/update/", json.dumps(body).encode(),
                             content_type="application/json")

    def permission(self, **options):
        """A refused change, looked into, and the remedy for it."""
        self.change()
        facts = self.bus.diagnose(self.conn)
        return self.bus.start_remedy(self.conn, "permission", "role-too-low", SEAT, facts, **options)

    def states(self, path):
        return {step: state for step, state, _ in self.bus.remedy(path)["Steps"]}

    def number(self, path, step):
        return [name for name, _, _ in self.bus.remedy(path)["Steps"]].index(step)

    def check(self, path, step):
        self.bus.check(path, self.number(path, step))
        return self.states(path)[step]

    def answers(self, facts):
        return [answer["probe"] for answer in facts.unpack()["answers"]]


class Facts(Diagnosis):
    def test_analyst(self):
        """An Analyst who may not change a campaign: the last refusal is looked into without being
        named, by few probes, and the role is among the facts and the probes in the history."""
        self.change()
        facts = self.bus.diagnose(self.conn)
        known = facts.unpack()
        self.assertEqual(known["fault"]["code"], "40001")
        self.assertEqual((known["identity-name"], known["client"]), ("Mira Holt", "ads"))
        self.assertFalse(known["offline"])
        self.assertGreater(known["signed-in"], 0)
        self.assertLessEqual(len(known["answers"]), 7)
        role, = [row["role"] for answer in known["answers"] for row in answer.get("rows", [])
                 if answer["probe"] == "center-assets" and row["id"] == ANALYST]
        self.assertEqual(role, "ANALYST")
        event, = self.bus.history(self.conn, "diagnosed")
        for probe in self.answers(facts):
            self.assertIn(probe, event["text"])
        self.assertEqual(self.bus.connection(self.conn)["Busy"], "")

    def test_which_fault(self):
        """A line of the history, or a fault from elsewhere, is looked into instead; what is no refusal
        and what holds a secret is refused."""
        event = self.change()["event"]
        facts = self.bus.diagnose(self.conn, event=event).unpack()
        self.assertEqual(facts["fault"]["account"], ANALYST)
        pasted = GLib.Variant("a{sv}", {"class": GLib.Variant("s", "rate"),
                                        "family": GLib.Variant("s", "tiktok-ads"),
                                        "code": GLib.Variant("s", "40100"),
                                        "limit": GLib.Variant("s", "day")})
        before = sum(self.requests().values())
        facts = self.bus.diagnose(self.conn, fault=pasted).unpack()
        self.assertEqual(facts["fault"]["code"], "40100")
        self.assertEqual(sum(self.requests().values()), before, "a limit that was named asks nothing")
        self.bus.fails("NotFound", self.bus.diagnose, self.conn, event=999999)
        secret = GLib.Variant("a{sv}", {"class": GLib.Variant("s", "unknown"),
                                        "message": GLib.Variant("s", self.token(self.conn))})
        self.bus.fails("InvalidArgument", self.bus.diagnose, self.conn, fault=secret)

    def test_offline(self):
        """Without a network the facts say so, after one try."""
        self.change()
        self.world.stop_simulator()
        facts = self.bus.diagnose(self.conn).unpack()
        self.assertTrue(facts["offline"])
        self.assertEqual(len(facts["answers"]), 1)
        self.assertEqual(facts["answers"][0]["fault"]["code"], "offline")

    def test_withdrawn(self):
        """A probe that the provider calls the token dead to becomes the fault of the connection."""
        self.change()
        self.world.control("revoke", {"family": "ads"})
        facts = self.bus.diagnose(self.conn).unpack()
        self.assertIn("token_revoked", [answer.get("fault", {}).get("class")
                                        for answer in facts["answers"]])
        self.assertEqual(self.bus.connection(self.conn)["Health"], "attention")

    def test_locked_keyring(self):
        """A keyring that does not open is told, and not taken for an answer."""
        self.change()
        self.world.kill_agent()
        self.lock_keyring()
        self.bus.fails("KeyringLocked", self.bus.diagnose, self.conn)

    def test_survey(self):
        """The facts of the matrix: each account in each center, without a line in the history."""
        facts = self.bus.survey(self.conn)
        self.assertIn("reach", self.answers(facts))
        self.assertEqual(self.answers(facts).count("center-assets"), 2)
        self.assertEqual(self.bus.history(self.conn, "diagnosed"), [])


class Remedies(Diagnosis):
    def test_permission(self):
        """A step is done only when an answer says so; the refused call is sent again; its success
        ends the remedy and the explanation of the refusal."""
        path = self.permission()
        remedy = self.bus.remedy(path)
        self.assertEqual((remedy["Remedy"], remedy["Cause"]), ("permission", "role-too-low"))
        self.assertEqual(remedy["Values"], SEAT)
        self.assertEqual((remedy["Current"], remedy["Done"], remedy["Watching"]), (0, False, False))
        self.assertEqual((remedy["Call"]["method"], remedy["Call"]["target"]),
                         ("POST", "campaign/update/"))
        self.assertEqual(set(self.states(path).values()), {"todo"})
        self.assertEqual(self.check(path, "role"), "not-yet")
        self.assertEqual(self.check(path, "again"), "not-yet")
        self.bus.fails("InvalidArgument", self.bus.method, path, REMEDY, "Tell",
                       GLib.Variant("(u)", (self.number(path, "role"),)))
        self.bus.fails("InvalidArgument", self.bus.check, path, 99)

        self.world.control("roles", {"advertiser": ANALYST, "role": "OPERATOR"})
        self.assertEqual(self.check(path, "role"), "done")
        self.assertFalse(self.bus.remedy(path)["Done"])
        self.assertEqual(self.check(path, "again"), "done")
        remedy = self.bus.remedy(path)
        self.assertTrue(remedy["Done"])
        self.assertEqual(remedy["Current"], len(remedy["Steps"]))
        self.assertEqual(self.bus.connection(self.conn)["LastRefusal"], {})
        kinds = [event["kind"] for event in self.bus.history(self.conn)]
        for kind in ("remedy-started", "permission-appeared", "remedy-step", "remedy-done"):
            self.assertIn(kind, kinds)

    def test_same_again(self):
        """One remedy for one cause; another account has one of its own; unknown ones are refused."""
        path = self.permission()
        self.assertEqual(self.permission(), path)
        facts = GLib.Variant("a{sv}", {})
        other = self.bus.start_remedy(self.conn, "permission", "role-too-low",
                                      dict(SEAT, account=MINE), facts)
        self.assertNotEqual(other, path)
        self.assertEqual(len(self.bus.remedies()), 2)
        self.bus.fails("InvalidArgument", self.bus.start_remedy, self.conn, "magic", "x", {}, facts)
        self.bus.fails("NotFound", self.bus.start_remedy, self.conn, "permission", "asset-role", {},
                       facts, event=999999)
        secret = GLib.Variant("a{sv}", {"name": GLib.Variant("s", self.token(self.conn))})
        self.bus.fails("InvalidArgument", self.bus.start_remedy, self.conn, "permission", "x", SEAT,
                       secret)

    def test_killed(self):
        """A killed agent comes back with the remedy as it was, and goes on with it."""
        path = self.permission()
        self.check(path, "role")
        self.bus.method(path, REMEDY, "Watch", GLib.Variant("(b)", (True,)))
        before = self.bus.remedy(path)
        self.world.kill_agent()
        after = self.bus.remedy(path)
        self.assertTrue(after["Watching"])
        for name in ("Remedy", "Cause", "Values", "Facts", "Steps", "Started", "Call", "Current"):
            self.assertEqual(after[name], before[name], name)
        self.world.control("roles", {"advertiser": ANALYST, "role": "OPERATOR"})
        self.assertEqual(self.check(path, "role"), "done")
        self.assertEqual(self.check(path, "again"), "done")

    def test_ends(self):
        """Close forgets it; so does the removal of its connection, also for good."""
        path = self.permission()
        self.bus.method(path, REMEDY, "Close")
        self.assertEqual(self.bus.remedies(), [])
        self.assertNotEqual(self.permission(), path)
        self.bus.method(self.bus.path(self.conn), CONNECTION, "Remove")
        self.assertEqual(self.bus.remedies(), [])
        self.world.quit_agent()
        self.assertEqual(self.bus.remedies(), [])

    def test_kept_a_day(self):
        """What is done stays for a day, also over a restart, and is gone after it."""
        path = self.permission()
        self.world.control("roles", {"advertiser": ANALYST, "role": "OPERATOR"})
        self.assertEqual(self.check(path, "again"), "done")
        self.assertEqual(set(self.states(path).values()), {"done"})
        clock = self.world.path("clock")
        self.world.set_agent_env(LATCHKEY_TEST_CLOCK=clock)
        for hours in (23, 25):
            self.world.quit_agent()
            with open(clock, "w", encoding="utf-8") as file:
                file.write(f"0 {hours * 3600}\n")
            self.world.start_agent()
            if hours == 23:
                self.assertTrue(self.bus.remedy(path)["Done"])
        self.wait_until(lambda: self.bus.remedies() == [], "the remedy to be forgotten")

    def test_reconnect(self):
        """A sign-in that came before the remedy is not the one that it asks for; the next one is, and
        nobody has to press anything."""
        self.world.control("revoke", {"family": "ads"})
        facts = self.bus.diagnose(self.conn)
        path = self.bus.start_remedy(self.conn, "reconnect", "token-dead", {"login": "Mira Holt"},
                                     facts)
        self.assertEqual(self.check(path, "sign-in"), "not-yet")
        started = self.bus.remedy(path)["Started"]
        self.wait_until(lambda: int(time.time()) > started, "the next second")
        self.world.connect(self.conn, command="reconnect")
        self.wait_until(lambda: self.states(path)["sign-in"] == "done", "the sign-in to be seen")
        self.assertEqual(self.check(path, "alive"), "done")

    def test_rotated_secret(self):
        """A wrong secret changes nothing, and the old one stays; the right one takes its place."""
        path = self.bus.start_remedy(self.conn, "secret", "secret-wrong", {},
                                     self.bus.diagnose(self.conn))
        self.world.control("apps", {"family": "ads", "id": "7000000000000000101",
                                    "secret": "a-rotated-secret"})

        def use(secret):
            return self.bus.send(path, REMEDY, "UseSecret", GLib.Variant("(h)", (0,)),
                                 [pipe(secret.encode())])[0][0]
        self.assertNotEqual(use("sim-ads-secret-typo"), {})
        self.assertTrue(self.bus.find_secrets(b"sim-ads-secret"), "the old one was dropped")
        self.assertEqual(use("a-rotated-secret"), {})
        self.assertTrue(self.bus.find_secrets(b"a-rotated-secret"))
        self.assertFalse(self.bus.find_secrets(b"sim-ads-secret"))
        self.assertIn("done", self.states(path).values())
        self.bus.fails("InvalidArgument", use, "")


class Watching(Diagnosis):
    """A notification service and a window, played by the test on the private bus."""

    def setUp(self):
        super().setUp()
        self.told, self.window = Notifications(self.world), Window(self.world)

    def test_role_appears(self):
        """While nobody looks on, the admin gives the role: the agent sees it, says so without a secret,
        and a click opens the window. The call, which changes something, is left to the person."""
        path = self.permission()
        self.bus.method(path, REMEDY, "Watch", GLib.Variant("(b)", (True,)))
        remedy = self.bus.remedy(path)
        self.assertTrue(remedy["Watching"])
        self.assertLessEqual(remedy["NextCheck"] - time.time(), 17)
        calls = self.requests()[ADS + "campaign/update/"]
        self.world.control("roles", {"advertiser": ANALYST, "role": "OPERATOR"})
        told = self.told.wait_for("The permission is there")
        self.assertEqual(self.states(path)["role"], "done")
        self.assertIn("permission-appeared",
                      [event["kind"] for event in self.bus.history(self.conn)])
        self.assertEqual(self.requests()[ADS + "campaign/update/"], calls)
        self.assertFalse(self.bus.remedy(path)["Watching"])
        self.assertIn("Mira Holt", told.body)
        self.assertNotIn(self.token(self.conn), json.dumps(self.told.told))
        self.assertEqual(self.told.titles(), ["The permission is there"])
        self.told.press(told, "default")
        self.wait_until(lambda: self.window.actions, "the window")
        self.assertEqual(self.window.actions, [("show-connection", [self.conn], "a-token")])

    def test_reading_call(self):
        """A call that only reads is sent again by the agent itself, and told once."""
        self.world.control("roles", {"advertiser": ANALYST, "role": "none"})
        self.bus.call(self.conn, "GET", "campaign/get/", query=["advertiser_id=" + ANALYST])
        path = self.bus.start_remedy(self.conn, "permission", "role-too-low", SEAT,
                                     self.bus.diagnose(self.conn))
        self.assertEqual(self.bus.remedy(path)["Call"]["method"], "GET")
        self.bus.method(path, REMEDY, "Watch", GLib.Variant("(b)", (True,)))
        self.world.control("roles", {"advertiser": ANALYST, "role": "OPERATOR"})
        self.told.wait_for("accepted now")
        self.assertTrue(self.bus.remedy(path)["Done"])
        self.assertEqual(self.bus.connection(self.conn)["LastRefusal"], {})
        self.assertEqual(self.told.titles(), ["It works again"])
        self.assertEqual([title for title, _ in self.told.told if title == "It works again"],
                         ["It works again"])

    def test_pace(self):
        """A limit of the provider is waited for, and nobody is asked before it is over."""
        path = self.permission()
        self.world.control("limits", {"family": "ads", "mode": "qpd", "limit": 0})
        self.check(path, "role")
        self.bus.method(path, REMEDY, "Watch", GLib.Variant("(b)", (True,)))
        self.assertGreater(self.bus.remedy(path)["NextCheck"] - time.time(), 60)
        self.bus.method(path, REMEDY, "Watch", GLib.Variant("(b)", (False,)))
        remedy = self.bus.remedy(path)
        self.assertEqual((remedy["Watching"], remedy["NextCheck"]), (False, 0))


if __name__ == "__main__":
    unittest.main()
