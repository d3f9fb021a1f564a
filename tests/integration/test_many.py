#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten thousand connections in the real agent: listed by pages, searched, counted and found; told of
when they change; objects of the bus like any other, although none is kept as one."""

import os
import sys
import unittest
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from gi.repository import GLib  # noqa: E402

from agent_bus import AGENT1, CONNECTION, AgentBus  # noqa: E402
from case import NOT_FOUND, WorldCase  # noqa: E402
from many import ATTENTION, ENDING, fill_ledger  # noqa: E402
from world import AGENT, MANAGER, ROOT, wait_until  # noqa: E402

TREE = ROOT + "/connections"
OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
MANY = 10000


class Heard:
    """Signals of the agent, as (path, member, parameters)."""

    def __init__(self, world):
        self.signals = []
        self.context = GLib.MainContext.default()
        world.connection.signal_subscribe(AGENT, None, None, None, None, 0, self._heard)

    def _heard(self, _bus, _sender, path, _interface, member, parameters):
        self.signals.append((path, member, parameters.unpack()))

    def wait(self, member, path=None):
        def found():
            while self.context.iteration(False):
                pass
            return [signal for signal in self.signals
                    if signal[1] == member and path in (None, signal[0])]
        return wait_until(found, member)

    def forget(self):
        while self.context.iteration(False):
            pass
        self.signals.clear()


class ManyCase(WorldCase):
    options = {"keyring": "none"}
    count = 0

    def setUp(self):
        super().setUp()
        self.bus = AgentBus(self.world)
        fill_ledger(self.world, self.count)
        self.start()

    def start(self):
        self.world.start_agent()
        wait_until(lambda: self.world.agent_property("LedgerState") == "ready", "the ledger", 60)

    def list(self, offset=0, limit=100, **options):
        return self.world.call(
            MANAGER, AGENT1, "ListConnections",
            GLib.Variant("(a{sv}uu)", ({key: GLib.Variant("s", value) for key, value
                                        in options.items()}, offset, limit))).unpack()

    def names(self, *arguments, **options):
        return [row["Name"] for row in self.list(*arguments, **options)[1]]

    def find(self, word):
        return self.world.call(MANAGER, AGENT1, "FindConnection",
                               GLib.Variant("(s)", (word,))).unpack()[0]

    def rename(self, connection, name):
        self.bus.method(f"{TREE}/{connection}", CONNECTION, "Rename", GLib.Variant("(s)", (name,)))

    def summary(self):
        return self.world.agent_property("Summary")


class Thousands(ManyCase):
    count = MANY

    def test_pages(self):
        """Any page is right, whatever is asked for; limits hold; questions that are none are refused."""
        total, rows = self.list(0, 100)
        self.assertEqual((total, len(rows)), (MANY, 100))
        self.assertEqual([row["Name"] for row in rows], [f"Person {n:05d}" for n in range(100)])
        self.assertEqual(self.names(9950, 100), [f"Person {n:05d}" for n in range(9950, MANY)])
        self.assertEqual(self.list(MANY, 100), (MANY, []))
        self.assertEqual(len(self.list(0, 100000)[1]), 500)
        self.assertEqual(self.list(0, 0), (MANY, []))

        total, rows = self.list(0, 500, health="attention")
        self.assertEqual(total, MANY * ATTENTION // 100)
        self.assertEqual({row["Health"] for row in rows}, {"attention"})
        total, rows = self.list(0, 500, sort="ends")
        ends = [row["AuthorizationEnds"] for row in rows]
        self.assertEqual(ends, sorted(ends))
        self.assertEqual(self.names(search="pErSoN 0123"), [f"Person {n:05d}" for n in range(1230, 1240)])
        self.assertEqual(self.names(search="account 04321"), ["Person 04321"])
        self.assertEqual(self.names(search="open-id-00007"), ["Person 00007"])
        self.assertEqual(self.list(search="nobody")[0], 0)
        for wrong in ({"health": "ill"}, {"sort": "age"}, {"search": "x" * 2000}):
            self.bus.fails("InvalidArgument", self.list, **wrong)

    def test_counts_and_signals(self):
        """The summary is right, and follows; renames, ends and removals move rows and are told."""
        summary = self.summary()
        self.assertEqual(summary["attention"], MANY * ATTENTION // 100)
        self.assertEqual(summary["attention"] + summary["ending"] + summary["fine"], MANY)
        self.assertGreaterEqual(summary["ending"], 400)
        self.assertEqual(summary["next-end-connection"], f"m{ATTENTION:07d}")
        self.assertEqual(summary["next-end-name"], f"Person {ATTENTION:05d}")

        heard = Heard(self.world)
        self.rename("m0005000", "Aaron")
        heard.wait("ConnectionsChanged", MANAGER)
        _, _, (interface, changed, gone) = heard.wait("PropertiesChanged", f"{TREE}/m0005000")[-1]
        self.assertEqual((interface, changed, gone), (CONNECTION, {"Name": "Aaron"}, []))
        self.assertEqual(self.names(0, 2), ["Aaron", "Person 00000"])
        self.assertEqual(self.find("Aaron"), f"{TREE}/m0005000")
        self.bus.fails("NotFound", self.find, "Person 05000")

        heard.forget()
        self.bus.method(f"{TREE}/m{ATTENTION:07d}", CONNECTION, "Remove")
        _, _, (path, interfaces) = heard.wait("InterfacesRemoved", TREE)[-1]
        self.assertEqual((path, interfaces), (f"{TREE}/m{ATTENTION:07d}", [CONNECTION]))
        heard.wait("ConnectionsChanged", MANAGER)
        self.assertEqual(self.list(0, 0)[0], MANY - 1)
        wait_until(lambda: self.summary()["next-end-connection"] == f"m{ATTENTION + 1:07d}",
                   "the next end")
        self.bus.fails("NotFound", self.find, f"m{ATTENTION:07d}")

        heard.forget()
        self.world.call(MANAGER, AGENT1, "RestoreConnection",
                        GLib.Variant("(s)", (f"m{ATTENTION:07d}",)))
        _, _, (path, interfaces) = heard.wait("InterfacesAdded", TREE)[-1]
        self.assertEqual(interfaces[CONNECTION]["Name"], f"Person {ATTENTION:05d}")
        wait_until(lambda: self.summary() == summary, "all as it was")

    def test_objects(self):
        """Each is an object to whoever looks: introspection, properties, calls; unknown ones are not."""
        tree = self.world.call(TREE, "org.freedesktop.DBus.Introspectable", "Introspect").unpack()[0]
        self.assertEqual(len(ET.fromstring(tree).findall("node")), MANY)
        path = f"{TREE}/m0000042"
        text = self.world.call(path, "org.freedesktop.DBus.Introspectable", "Introspect").unpack()[0]
        found = [node for node in ET.fromstring(text).findall("interface")
                 if node.get("name") == CONNECTION][0]
        properties = self.bus.properties(path)
        self.assertEqual({node.get("name") for node in found.findall("property")}, set(properties))
        self.assertEqual(self.list(42, 1)[1][0], properties)
        self.assertEqual(self.world.call(path, PROPERTIES, "Get", GLib.Variant(
            "(ss)", (CONNECTION, "Name"))).unpack()[0], "Person 00042")
        objects = self.world.call(TREE, OBJECT_MANAGER, "GetManagedObjects", timeout=120000).unpack()[0]
        self.assertEqual(len(objects), MANY)
        self.assertEqual(objects[path], {CONNECTION: properties})
        self.assertFalse([other for other in self.world.call(
            ROOT, OBJECT_MANAGER, "GetManagedObjects").unpack()[0] if other.startswith(TREE)])
        for method in ("Renew", "NoSuchMethod"):
            with self.assertRaises(GLib.Error):
                self.world.call(f"{TREE}/nobody", CONNECTION, method)
        with self.assertRaises(GLib.Error):
            self.bus.properties(f"{TREE}/nobody")

    def test_command_line(self):
        """The list has all of them, and one is found among them without it."""
        shown = self.world.ctl_ok("list", "--json").json()
        self.assertEqual([row["name"] for row in shown], [f"Person {n:05d}" for n in range(MANY)])
        self.assertEqual(self.world.ctl_ok("show", "Person 09999", "--json").json()["id"], "m0009999")
        self.assertEqual(self.world.ctl_ok("show", "m0009999", "--json").json()["name"], "Person 09999")
        self.assertExit(self.world.ctl("show", "Person 10000"), NOT_FOUND)


class Time(ManyCase):
    count = 100

    def start(self):
        self.world.set_clock()
        super().start()

    def test_health_changes_by_time_alone(self):
        """Nobody calls and nothing is renewed: seven days before the end all say "ending"."""
        self.assertEqual(self.summary()["ending"], ENDING)
        heard = Heard(self.world)
        ends = self.bus.connection("m0000099")["AuthorizationEnds"]
        begins = ends - 7 * 24 * 60 * 60
        now = GLib.get_real_time() // 1000000
        self.world.set_clock(passed=int(begins - now) + 2)
        heard.wait("PropertiesChanged", f"{TREE}/m0000099")
        wait_until(lambda: self.bus.connection("m0000099")["Health"] == "ending", "ending")
        heard.wait("ConnectionsChanged", MANAGER)
        wait_until(lambda: self.summary()["fine"] == 0, "none is fine any more")


if __name__ == "__main__":
    unittest.main()
