#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The history: what is kept of what happened, for how long, and how other programs get it."""

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess

from gi.repository import GLib

import world
from agent_bus import AGENT1, AgentBus, to_dict
from case import DONE, NOT_FOUND, USAGE, WorldCase
from world import MANAGER, ROOT, wait_until

DAY = 24 * 60 * 60
KEYS = {"id", "at", "connection", "connection_name", "kind", "text", "count", "fault", "finding"}


class Lines:
    """A command that goes on printing lines of JSON."""

    def __init__(self, world, *arguments):
        self.world = world
        self.process = world.spawn(["latchkeyctl", *arguments], "follow.log", env=world.tool_env(),
                                   stdout=subprocess.PIPE)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.rest = b""
        self.seen = []

    def read(self):
        data = self.process.stdout.read()
        if data:
            *lines, self.rest = (self.rest + data).split(b"\n")
            self.seen += [json.loads(line) for line in lines]
        return self.seen

    def wait(self, predicate, what):
        return wait_until(lambda: next((line for line in self.read() if predicate(line)), None), what)

    def end(self):
        return self.world.stop(self.process, signal.SIGINT)


class History(WorldCase):
    def fill(self, lines, start, connection, kind="handed-out"):
        """Lines of long ago, written while no agent runs."""
        self.end_agent()
        path = self.world.path("data", "latchkey", "ledger.db")
        with sqlite3.connect(path) as ledger:
            ledger.executemany(
                "INSERT INTO events (connection, at, kind, text) VALUES (?, ?, ?, ?)",
                ((connection, start + i, kind, f"old program {i}") for i in range(lines)))
        ledger.close()

    def events(self, *arguments):
        return self.world.ctl_ok("history", *arguments, "--json").json()

    def test_all_kinds(self):
        """Sign-in, renewal, check, hand-out and refusal are told, of one connection and of all."""
        first = self.sign_in("login")
        second = self.sign_in("ads")
        self.world.ctl_ok("renew", first)
        self.world.ctl_ok("verify", first)
        self.token(first)
        self.world.fault("/open_api/v1.3/advertiser/info/", status=200,
                         body={"code": 40001, "message": "no permission"})
        self.world.ctl("call", second, "GET", "/open_api/v1.3/advertiser/info/")

        self.assertLessEqual({"signed-in", "renewed", "verified", "handed-out"},
                             {event["kind"] for event in self.events(first)})
        events = self.events()
        self.assertEqual({event["connection"] for event in events}, {first, second})
        for event in events:
            self.assertEqual(set(event), KEYS)
            self.assertEqual(event["connection_name"], self.show(event["connection"])["name"])
        ids = [event["id"] for event in events]
        self.assertEqual(ids, sorted(ids, reverse=True))
        self.assertEqual([event["kind"] for event in self.events("--kind", "renewed")], ["renewed"])
        kinds = {event["kind"] for event in self.events("-k", "renewed", "-k", "signed-in")}
        self.assertEqual(kinds, {"renewed", "signed-in"})
        self.assertEqual(self.events("--until", "2026-01-01"), [])
        self.assertEqual(len(self.events("--since", "1h")), len(events))
        self.assertEqual(len(self.events("--limit", "2")), 2)
        program = self.events("--kind", "handed-out")[0]["text"]
        found = self.events("--search", program.upper())
        self.assertIn("handed-out", {event["kind"] for event in found})
        self.assertNotIn("renewed", {event["kind"] for event in found})
        self.assertEqual(self.events("--search", "%"), [])

    def test_usage(self):
        for arguments in (("--kind", "dance"), ("--since", "soon"), ("--format", "xml"),
                          ("--limit", "-4"), ("--follow", "--before", "3"), ("a", "b")):
            with self.subTest(arguments=arguments):
                self.assertExit(self.world.ctl("history", *arguments), USAGE)
        self.assertExit(self.world.ctl("history", "nosuch"), NOT_FOUND)
        self.assertExit(self.world.ctl("ends", "--days", "-1"), USAGE)
        self.assertExit(self.world.ctl("metrics", "x"), USAGE)

    def test_bus(self):
        """Questions of the wrong shape are refused, not guessed at."""
        self.sign_in("login")
        bus = AgentBus(self.world)
        for options in ({"kinds": "renewed"}, {"since": -1}, {"before": 1, "after": 1},
                        {"search": "x" * 1000}):
            with self.subTest(options=options), self.assertRaises(GLib.Error) as caught:
                self.world.call(MANAGER, AGENT1, "ListEvents",
                                GLib.Variant("(a{sv}u)", (to_dict(options), 10)))
            self.assertIn("InvalidArgument", str(caught.exception))
        for span in (("", 0, 10, 1800), ("", 10, 0, 3600), ("", 0, 10, 0)):
            with self.subTest(span=span), self.assertRaises(GLib.Error):
                self.world.call(MANAGER, AGENT1, "Tally", GLib.Variant("(sxxu)", span))
        self.assertIsNotNone(bus)

    def test_pages(self):
        """A long history comes whole, a page at a time, as JSON and as CSV."""
        connection = self.sign_in("login")
        self.fill(1234, 1700000000, connection)
        everything = self.events("--limit", "0")
        self.assertEqual(len({event["id"] for event in everything}), len(everything))
        self.assertGreater(len(everything), 1234)
        total, events = self.world.call(
            MANAGER, AGENT1, "ListEvents",
            GLib.Variant("(a{sv}u)", ({"offset": GLib.Variant("u", 1000)}, 3))).unpack()
        self.assertEqual(total, len(everything))
        self.assertEqual([event["id"] for event in events],
                         [event["id"] for event in everything[1000:1003]])

        text = self.world.ctl_ok("history", "--format", "csv").stdout
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.assertEqual([int(row["id"]) for row in rows], [event["id"] for event in everything])
        oldest = next(row for row in rows if row["text"] == "old program 0")
        self.assertEqual(oldest["at"], "2023-11-14T22:13:20Z")

    def test_follow(self):
        """What happens is told as it does, also by an agent that was started anew."""
        connection = self.sign_in("login")
        lines = Lines(self.world, "history", "--follow", "--json")
        lines.wait(lambda event: event["kind"] == "signed-in", "what was there")
        self.world.ctl_ok("renew", connection)
        lines.wait(lambda event: event["kind"] == "renewed", "the renewal")
        self.end_agent()
        self.world.ctl_ok("rename", connection, "another")
        renamed = lines.wait(lambda event: event["kind"] == "renamed", "the new name")
        self.assertEqual(renamed["connection_name"], "another")
        ids = [event["id"] for event in lines.seen]
        self.assertEqual(ids, sorted(set(ids)))
        self.assertEqual(lines.end(), DONE)

    def test_watch(self):
        """Every connection, and then each change of one, over a restart of the agent."""
        first = self.sign_in("login")
        lines = Lines(self.world, "list", "--watch")
        present = lines.wait(lambda line: line["event"] == "present", "what was there")
        self.assertEqual(present["connection"], self.show(first))
        self.world.ctl_ok("rename", first, "another")
        lines.wait(lambda line: line["event"] == "changed" and
                   line["connection"]["name"] == "another", "the new name")
        self.end_agent()
        second = self.sign_in("ads")
        added = lines.wait(lambda line: line["event"] == "added", "another connection")
        self.assertEqual(added["connection"]["id"], second)
        self.world.ctl_ok("remove", first)
        removed = lines.wait(lambda line: line["event"] == "removed", "one less")
        self.assertEqual(removed["connection"]["id"], first)
        self.assertEqual([line["connection"]["id"] for line in lines.seen
                          if line["event"] == "present"], [first])
        self.assertEqual(lines.end(), DONE)

    def test_tally(self):
        """Counted by the hour, calls and repeated hand-outs as well."""
        connection = self.sign_in("ads")
        path = "/open_api/v1.3/advertiser/info/"
        for _ in range(3):
            self.world.ctl("call", connection, "GET", path)
            self.token(connection)
        numbers = self.metrics()
        self.assertEqual(numbers["latchkey_handouts_total", connection], 3)
        calls = numbers.get(("latchkey_calls_total", connection), 0)
        refusals = sum(value for (name, which), value in numbers.items()
                       if name == "latchkey_refusals_total" and which == connection)
        self.assertEqual(calls + refusals, 3)

        now = int(GLib.get_real_time() / 1000000)
        tallies = self.world.call(MANAGER, AGENT1, "Tally", GLib.Variant(
            "(sxxu)", ("", now - DAY, now + 3600, 3600))).unpack()[0]
        counts = {}
        for start, kind, _, count in tallies:
            self.assertEqual(start % 3600, 0)
            counts[kind] = counts.get(kind, 0) + count
        self.assertEqual(counts["handed-out"], 3)
        self.assertEqual(counts.get("call", 0) + counts.get("refused", 0), 3)

    def metrics(self):
        """Number by name and connection, read by the parser of Prometheus."""
        from prometheus_client.openmetrics.parser import text_string_to_metric_families

        text = self.world.ctl_ok("metrics").stdout
        self.assertTrue(text.endswith("# EOF\n"))
        numbers = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                key = sample.name, sample.labels.get("connection")
                numbers[key] = numbers.get(key, 0) + sample.value
        return numbers

    def test_metrics(self):
        """Names that would break a line do not; ends and last times are there; counts outlive the
        agent."""
        connection = self.sign_in("login")
        self.world.ctl_ok("rename", connection, 'a "quoted" \\ name')
        self.world.ctl_ok("renew", connection)
        shown = self.show(connection)
        numbers = self.metrics()
        self.assertEqual(numbers["latchkey_connection_info", connection], 1)
        self.assertEqual(numbers["latchkey_connections", None], 1)
        self.assertEqual(numbers["latchkey_renewals_total", connection], 1)
        self.assertEqual(numbers["latchkey_connection_health", connection], 1)
        end = GLib.DateTime.new_from_iso8601(shown["access_ends"], None).to_unix()
        self.assertEqual(numbers["latchkey_access_end_timestamp_seconds", connection], end)
        self.assertIn(("latchkey_last_renewal_timestamp_seconds", connection), numbers)
        for token in self.live():
            self.assertNotIn(token, self.world.ctl_ok("metrics").stdout)
        self.end_agent()
        self.assertEqual(self.metrics()["latchkey_renewals_total", connection], 1)

    def test_ends(self):
        """When to sign in again, as a table, as JSON, and for a calendar with reminders."""
        connection = self.sign_in("login")
        self.world.ctl_ok("rename", connection, "Müller; Söhne, Süd")
        ends = self.world.ctl_ok("ends", "--json").json()
        self.assertEqual([end["id"] for end in ends], [connection])
        self.assertEqual(ends[0]["authorization_ends"], self.show(connection)["authorization_ends"])
        self.assertEqual(self.world.ctl_ok("ends", "--days", "1", "--json").json(), [])
        self.assertIn("Müller", self.world.ctl_ok("ends").stdout)

        text = subprocess.run(["latchkeyctl", "ends", "--ics"], env=self.world.tool_env(),
                              stdout=subprocess.PIPE, check=True).stdout
        self.assertTrue(all(len(line) <= 75 for line in text.split(b"\r\n")))
        self.assertNotIn(b"\n", text.replace(b"\r\n", b""))
        lines = text.replace(b"\r\n ", b"").decode().split("\r\n")
        self.assertIn("SUMMARY:Sign in again: Müller\\; Söhne\\, Süd", lines)
        self.assertEqual(lines.count("BEGIN:VEVENT"), 1)
        self.assertEqual([line for line in lines if line.startswith("TRIGGER")],
                         ["TRIGGER:-P14D", "TRIGGER:-P7D", "TRIGGER:-P3D", "TRIGGER:-P1D"])
        stamp = ends[0]["authorization_ends"].replace("-", "").replace(":", "")
        self.assertIn(f"DTSTART:{stamp}", lines)

    def test_retention(self):
        """What is older than was set goes by itself; a clock that jumps takes nothing along."""
        self.world.set_clock()
        connection = self.sign_in("login")
        now = int(GLib.get_real_time() / 1000000)
        self.fill(300, now - 400 * DAY, connection)
        self.assertEqual(len(self.events("--search", "old program", "--limit", "0")), 300)

        self.world.set_clock(wrong=300 * DAY)
        self.world.ctl_ok("rename", connection, "written")
        self.assertEqual(len(self.events("--search", "old program", "--limit", "0")), 300)
        self.world.set_clock()
        self.world.ctl_ok("rename", connection, "written again")
        self.assertEqual(len(self.events("--search", "old program", "--limit", "0")), 300)
        self.world.set_clock(passed=2 * 60 * 60)
        wait_until(lambda: not self.events("--search", "old program", "--limit", "0"),
                   "what is old to go")
        self.assertIn("signed-in", {event["kind"] for event in self.events(connection)})


if __name__ == "__main__":
    world.main(__name__)
