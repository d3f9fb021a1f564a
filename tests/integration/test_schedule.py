#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renewals come in time and never as a storm: many together, clocks that are set, sleep, pause."""

import contextlib
import glob
import os
import sys
import time
import unittest

from gi.repository import GLib

from agent_bus import AGENT1, AgentBus
from case import DONE, LOGIN_TOKEN, WorldCase
from login_manager import LoginManager
from world import MANAGER

DAY = 24 * 3600
YEAR = 365 * DAY
IDLE = int(os.environ.get("LATCHKEY_TEST_IDLE", "0"))  # seconds to look at an agent that idles


class Schedule(WorldCase):
    def setUp(self):
        super().setUp()
        self.bus = AgentBus(self.world)
        self.world.quit_agent()
        self.world.set_clock()

    def sign_many_in(self, apps, people=5):
        def app(number):
            self.world.control("apps", {"family": "login", "id": f"key{number}",
                                        "secret": f"s{number}",
                                        "redirects": ["http://127.0.0.1:*/callback/"]})
            self.world.add_app("login", name=f"app{number}", client_id=f"key{number}",
                               secret=f"s{number}")
            return [self.world.connect(f"app{number}", user=user)
                    for user in range(1, people + 1)]
        return sum(map(app, range(apps)), [])

    def method(self, name, parameters=None):
        return self.world.call(MANAGER, AGENT1, name, parameters).unpack()

    def set(self, **settings):
        self.method("SetSettings", GLib.Variant("(a{sv})", ({
            key.replace("_", "-"): value for key, value in settings.items()},)))

    def renewed(self):
        return self.token_calls("refresh_token")

    def until_renewed(self, count, seconds=30):
        self.wait_until(lambda: self.renewed() >= count, f"{count} renewals", seconds)
        self.assertEqual(self.renewed(), count)

    def kinds(self, connection):
        return [event["kind"] for event in self.world.ctl_ok("history", connection,
                                                             "--json").json()]

    def settle(self):
        """Everything that was sent to the agent before was dealt with."""
        self.world.agent_property("Version")


class Many(Schedule):
    def test_together(self):
        """Forty that came due in a sleep: all renewed, none twice, never many at the same time; each
        app's first one alone."""
        connections = self.sign_many_in(8)
        self.world.fault(LOGIN_TOKEN, grant="refresh_token", delay_ms=150, times=-1)
        self.world.pass_time(23 * 3600)
        self.until_renewed(40, 60)
        # Our own question is one of them.
        self.assertLessEqual(self.world.stats()["most_in_flight"], 16 + 1)
        self.wait_until(lambda: all(self.show(one)["generation"] == 2 for one in connections),
                        "all in the keyring")
        self.settle()
        self.assertEqual(self.renewed(), 40)

    def test_renew_all(self):
        """A person asks for all: each once, also while it is paused."""
        connections = self.sign_many_in(2)
        self.set(paused=GLib.Variant("b", True))
        self.world.pass_time(23 * 3600)
        self.settle()
        self.assertEqual(self.renewed(), 0)
        self.assertEqual(self.method("RenewAll"), (10,))
        self.assertEqual(self.method("RenewAll"), (10,))
        self.wait_until(lambda: all(self.show(one)["generation"] == 2 for one in connections),
                        "all to be renewed")
        self.assertEqual(self.renewed(), 10)


class Settings(Schedule):
    def test_paused(self):
        """Paused it does nothing by itself; who wants a token gets one; afterwards it catches up."""
        quiet, wanted = self.sign_many_in(1, 2)
        self.set(paused=GLib.Variant("b", True))
        self.world.pass_time(25 * 3600)
        self.settle()
        self.assertEqual(self.renewed(), 0)
        self.assertIn(self.token(wanted), self.live())
        self.assertEqual(self.renewed(), 1)
        self.set(paused=GLib.Variant("b", False))
        self.until_renewed(2)
        self.wait_until(lambda: self.show(quiet)["generation"] == 2, "the other one")

    def test_margin(self):
        """A longer margin counts at once."""
        connection = self.sign_in()
        shown = self.bus.connection(connection)
        self.set(renewal_margin=GLib.Variant("u", 6 * 3600))
        later = self.bus.connection(connection)
        # A life of two hours; the margin is never more than half of it.
        self.assertLess(later["NextRenewal"], shown["NextRenewal"] - 30 * 60)
        self.world.pass_time(later["NextRenewal"] - shown["Obtained"] + 2)
        self.until_renewed(1)


class Clock(Schedule):
    def skew(self):
        return self.world.agent_property("ClockSkew")

    def test_set_by_a_year(self):
        """Someone sets the clock a year forth and back while the agent runs: nothing is renewed for
        that, tokens stay good, and what comes due is renewed in time."""
        connection = self.sign_in()
        token = self.token(connection)
        for wrong in (YEAR, -YEAR):
            self.world.set_clock(wrong=wrong)
            self.wait_until(lambda: abs(self.skew() - wrong) < 60, "the skew to be told")
            self.assertEqual(self.token(connection, "--min-valid", "600"), token)
            self.assertEqual(self.renewed(), 0)
            self.assertLess(abs(self.bus.connection(connection)["NextRenewal"] - time.time()), DAY)
        self.world.pass_time(23 * 3600)
        self.until_renewed(1)
        self.world.set_clock(passed=23 * 3600)
        self.wait_until(lambda: self.skew() == 0, "the clock to be right")
        self.settle()
        self.assertEqual(self.renewed(), 1)

    def test_started_in_the_future(self):
        """An agent that starts with a clock a year ahead takes everything for due. The first answer
        tells the time, and the others are left alone."""
        self.sign_many_in(1, 5)
        self.world.quit_agent()
        self.world.set_clock(wrong=YEAR)
        self.world.start_agent()
        self.wait_until(lambda: self.skew() > YEAR - 60, "the skew to be told")
        self.settle()
        self.assertEqual(self.renewed(), 1)

    def test_started_in_the_past(self):
        """With a clock a year behind nothing would be due for a year. One renewal is made to learn the
        time."""
        connections = self.sign_many_in(1, 5)
        self.world.quit_agent()
        self.world.set_clock(wrong=-YEAR)
        self.world.start_agent()
        self.wait_until(lambda: self.skew() < 60 - YEAR, "the skew to be told")
        self.settle()
        self.wait_until(lambda: sum(self.show(one)["generation"] for one in connections) == 6,
                        "the renewal to be written down")
        self.assertEqual(self.renewed(), 1)
        self.world.pass_time(23 * 3600)
        self.until_renewed(6, 40)

    def test_no_loop(self):
        """A server whose tokens live a second is not asked again and again; it is said once."""
        connection = self.sign_in()
        self.world.control("lifetimes", {"family": "login", "access": 1})
        for times in (1, 2):
            self.world.ctl_ok("renew", connection)
            for _ in range(5):
                self.world.pass_time(30)
                self.settle()
            self.assertEqual(self.renewed(), times)
        told = [kind for kind in self.kinds(connection) if kind == "renewals-slowed"]
        self.assertEqual(len(told), 1)


class Sleep(Schedule):
    def setUp(self):
        super().setUp()
        self.login = LoginManager(self.world)

    def test_sleep(self):
        """A sleep waits for the renewal that is under way, and nothing is begun before it; what came
        due meanwhile is renewed after it."""
        first, second = self.sign_many_in(1, 2)
        self.login.until(lambda: self.login.held() == 1, "the lock")
        self.assertEqual(self.login.asked[0][0], "sleep")
        self.assertEqual(self.login.asked[0][3], "delay")
        self.world.fault(LOGIN_TOKEN, grant="refresh_token", delay_ms=1500, times=1)
        program = os.path.join(self.world.build, "src", "ctl", "latchkeyctl")
        renewing = self.world.spawn([program, "renew", first], "renew.log",
                                    env=self.world.tool_env())
        self.wait_until(lambda: self.world.control("faults")["faults"][0]["hits"], "the request")
        self.login.announce(True)
        self.settle()
        self.assertEqual(self.login.held(), 1, "the sleep did not wait")
        self.assertEqual(renewing.wait(30), DONE)
        self.login.until(lambda: self.login.held() == 0, "the lock to be let go")
        self.assertEqual(self.world.tokens_in_keyring(first)["generation"], 2)
        self.world.pass_time(23 * 3600)
        self.settle()
        self.assertEqual(self.renewed(), 1)
        self.login.announce(False)
        self.login.until(lambda: self.renewed() == 3, "what came due in the sleep", 60)
        self.login.until(lambda: self.login.held() == 1, "the lock for the next sleep")
        self.wait_until(lambda: self.show(second)["generation"] == 2, "the second one")

    def test_idle(self):
        """With nothing under way a sleep does not wait at all."""
        self.sign_in()
        self.login.until(lambda: self.login.held() == 1, "the lock")
        self.login.announce(True)
        self.login.until(lambda: self.login.held() == 0, "the lock to be let go")


class Idle(Schedule):
    options = {"agent_env": {"G_MESSAGES_DEBUG": ""}}

    def wakes(self):
        with open(f"/proc/{self.world.owner_pid()}/status", encoding="utf-8") as file:
            for line in file:
                if line.startswith("voluntary_ctxt_switches:"):
                    return int(line.split()[1])
        return None

    def test_wakes(self):
        """An agent that has nothing to do does not wake up: not once while nobody asks it."""
        self.sign_in()
        pid = self.world.owner_pid()
        for _ in range(20):
            before = self.wakes()
            end = time.monotonic() + 15
            self.wait_until(lambda: self.wakes() != before or time.monotonic() > end, "15 s", 20)
            if self.wakes() == before:
                break
        self.assertEqual(self.world.owner_pid(), pid)
        self.assertEqual(self.wakes(), before)

    def wakes_of_threads(self):
        """How often each thread went to sleep, by its name and number."""
        found = {}
        for path in glob.glob(f"/proc/{self.world.owner_pid()}/task/*"):
            with contextlib.suppress(OSError):
                with open(path + "/comm", encoding="utf-8") as file:
                    name = f"{file.read().strip()} {os.path.basename(path)}"
                with open(path + "/status", encoding="utf-8") as file:
                    found[name] = next(int(line.split()[1]) for line in file
                                       if line.startswith("voluntary_ctxt_switches:"))
        return found

    @unittest.skipUnless(IDLE, "only in the suite “deep”")
    def test_minutes(self):
        """For minutes it wakes up only to ask a provider for what is due, and to clean up after that."""
        for family in ("login", "ads"):
            self.sign_in(family)
        # What a sign-in leaves to be done is not idling: its object lingers, calls are written down.
        self.world.quit_agent()
        self.world.start_agent()
        end = time.monotonic() + IDLE
        woken = []
        before, asked = self.wakes_of_threads(), self.requests()
        log = len(self.world.log("agent.log"))
        while time.monotonic() < end:
            moment = time.monotonic() + 1
            self.wait_until(lambda: time.monotonic() > moment, "a second", 5)
            now, said = self.wakes_of_threads(), self.requests()
            if now != before:
                woken.append((end - time.monotonic(),
                              {name: number - before.get(name, 0) for name, number in now.items()
                               if number != before.get(name)},
                              {path: number - asked.get(path, 0) for path, number in said.items()
                               if number != asked.get(path)}))
            before, asked = now, said
        for left, threads, requests in woken:
            print(f"{IDLE - left:5.0f} s: {threads} {requests or 'nothing asked'}", file=sys.stderr)
        print(self.world.log("agent.log")[log:], file=sys.stderr)
        # A minute after the start old history is looked for, once; then there is nothing to do.
        self.assertEqual([what for what in woken if IDLE - what[0] > 90 and not any(
            other[2] and -1 <= other[0] - what[0] <= 10 for other in woken)], [])


if __name__ == "__main__":
    unittest.main()
