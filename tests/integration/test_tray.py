#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The icon in the panel, as a panel's program on the bus finds it: registered, kept up to date, with a
menu that follows its protocol to the letter and does what its lines say."""

import re
import unittest

from gi.repository import Gio, GLib

from case import WorldCase, has_ended
from panel import FREEDESKTOP, Watcher, wait
from world import AGENT, MANAGER

AGENT1 = "io.github.latchkey_app.Latchkey.Agent1"
ICON = "io.github.latchkey_app.Latchkey-{}-symbolic"


class Tray(WorldCase):
    def set(self, **settings):
        self.world.call(MANAGER, AGENT1, "SetSettings", GLib.Variant("(a{sv})", (settings,)))

    def panel(self, *arguments):
        watcher = Watcher(self.world, *arguments)
        self.addCleanup(lambda: watcher.bus.is_closed() or watcher.leave())
        return watcher

    def assertShows(self, item, status, icon):
        wait(lambda: (item.get("Status"), item.get("IconName")) == (status, ICON.format(icon)),
             f"{status} {icon}")

    def test_registered(self):
        """The icon is there whenever a panel is, under a name of the form that the specification
        wants, and says what the window says."""
        self.sign_in()
        watcher = self.panel()
        item = watcher.wait_item()
        pid = self.world.owner_pid()
        self.assertEqual(item.service, f"org.kde.StatusNotifierItem-{pid}-1")
        self.assertTrue(self.world.has_owner(item.service))
        wait(lambda: item.get("Status") == "Active", "the state")
        shown = item.properties()
        self.assertEqual((shown["Category"], shown["Id"], shown["Title"], shown["ItemIsMenu"]),
                         ("Communications", "latchkey", "Latchkey", False))
        self.assertEqual(shown["IconName"], ICON.format("fine"))
        wait(lambda: "Your connection is fine." in item.tooltip(), "the sentence")
        self.assertRegex(item.tooltip(), r"Next to end: \S.*, on \w+ \d+ \w+ \d{4}\.")
        for method, signature, values in (("SecondaryActivate", "(ii)", (1, 1)),
                                          ("Scroll", "(is)", (120, "vertical")),
                                          ("ContextMenu", "(ii)", (1, 1)),
                                          ("ProvideXdgActivationToken", "(s)", ("token",))):
            item.item(method, signature, *values)
        self.assertEqual(item.properties(), shown)

    def test_panel_restarts(self):
        self.world.start_agent()
        watcher = self.panel()
        first = watcher.wait_item()
        watcher.leave()
        wait(lambda: not self.world.has_owner(first.service), "the icon to go with its panel")
        again = self.panel()
        self.assertEqual(again.wait_item().labels()[-1], "_Quit")
        self.assertEqual(len(again.registered), 1)

    def test_not_wanted(self):
        """The setting takes the icon away and brings it back at once."""
        self.world.start_agent()
        watcher = self.panel()
        item = watcher.wait_item()
        self.set(tray=GLib.Variant("b", False))
        wait(lambda: not self.world.has_owner(item.sender), "the icon to go")
        self.set(tray=GLib.Variant("b", True))
        watcher.wait_item(2)

    def test_freedesktop_panel(self):
        """One that answers for the newer name gets the icon; with both there is one icon."""
        self.world.start_agent()
        newer = self.panel(FREEDESKTOP)
        first = newer.wait_item()
        kde = self.panel()
        kde.wait_item()
        wait(lambda: not self.world.has_owner(first.sender), "the first icon to go")

    def test_no_panel(self):
        """Where nobody shows icons nothing is said, and no second way to the bus is opened."""
        self.sign_in()
        names = self.world.bus_call("ListNames", None)[0]
        pid = self.world.owner_pid()
        mine = [name for name in names if name.startswith(":")
                and self.world.bus_call("GetConnectionUnixProcessID",
                                        GLib.Variant("(s)", (name,)))[0] == pid]
        self.assertEqual(len(mine), 1)
        self.assertNotIn("icon in the panel", self.world.log("agent.log"))

    def test_states(self):
        """Fine, paused, ending, and in need of the person; each with an icon of its own shape."""
        self.world.set_clock()
        self.world.control("lifetimes", {"family": "login", "access": 7200,
                                         "refresh": 8 * 86400})
        connection = self.sign_in()
        watcher = self.panel()
        item = watcher.wait_item()
        self.assertShows(item, "Active", "fine")
        self.set(**{"tray-when-fine": GLib.Variant("b", False)})
        self.assertShows(item, "Passive", "fine")
        self.set(paused=GLib.Variant("b", True))
        self.assertShows(item, "Active", "paused")
        self.assertIn("Paused", item.tooltip())
        self.set(paused=GLib.Variant("b", False))
        self.assertShows(item, "Passive", "fine")

        self.world.control("lifetimes", {"family": "login", "access": 7200, "refresh": 3 * 86400})
        self.world.connect(connection, command="reconnect")
        self.assertShows(item, "Active", "ending")
        wait(lambda: "1 ends this week." in item.tooltip(), "the sentence")
        self.assertIn(f"Sign In to “{self.name(connection)}” Again…", item.labels())

        self.world.control("revoke", {"family": "login"})
        self.world.ctl("verify", connection)
        self.assertShows(item, "NeedsAttention", "attention")
        self.assertEqual(item.get("AttentionIconName"), ICON.format("attention"))
        self.assertEqual(item.get("Title"), "Latchkey needs you")
        self.assertIn(f"Reconnect “{self.name(connection)}”…", item.labels())
        self.assertIn(("NeedsAttention",), item.heard_of("NewStatus"))
        for signal in ("NewIcon", "NewToolTip", "NewTitle", "LayoutUpdated"):
            self.assertTrue(item.heard_of(signal), signal)

    def name(self, connection):
        return self.show(connection)["name"].replace("_", "__")

    def test_names_are_text(self):
        """A name is shown as it is: neither markup nor a key of the menu."""
        connection = self.sign_in()
        self.world.ctl_ok("rename", connection, "<b>a_b</b> & co")
        self.world.control("revoke", {"family": "login"})
        self.world.ctl("verify", connection)
        item = self.panel().wait_item()
        wait(lambda: "Reconnect “<b>a__b</b> & co”…" in item.labels(), "the line")
        self.assertNotIn("<b>", item.tooltip())

    def test_menu_protocol(self):
        connection = self.sign_in()
        item = self.panel().wait_item()
        wait(lambda: item.labels()[0] == "Your connection is fine.", "the sentence")
        self.assertEqual(item.labels(), ["Your connection is fine.", "-", "_Renew All",
                                         "_Pause Everything", "-", "_Open Latchkey", "_Quit"])
        revision, root = item.ask("GetLayout", "(iias)", 0, -1, [])
        self.assertEqual(root[:2], (0, {"children-display": "submenu"}))
        lines = dict(child[:2] for child in root[2])
        pause = item.find("_Pause Everything")
        self.assertEqual(lines[pause], {"label": "_Pause Everything", "enabled": True,
                                        "toggle-type": "checkmark", "toggle-state": 0})
        sentence = root[2][0][0]
        self.assertFalse(lines[sentence]["enabled"])

        # Depth and filters.
        self.assertEqual(item.ask("GetLayout", "(iias)", 0, 0, [])[1][2], [])
        shallow = item.ask("GetLayout", "(iias)", 0, 1, ["type", "toggle-state"])[1]
        self.assertEqual([child[1] for child in shallow[2]],
                         [{}, {"type": "separator"}, {}, {"toggle-state": 0},
                          {"type": "separator"}, {}, {}])
        self.assertEqual(item.ask("GetLayout", "(iias)", pause, -1, ["enabled"])[1],
                         (pause, {"enabled": True}, []))
        self.assertEqual(item.ask("GetGroupProperties", "(aias)", [pause, 4711], ["enabled"])[0],
                         [(pause, {"enabled": True})])
        everything = item.ask("GetGroupProperties", "(aias)", [], [])[0]
        self.assertEqual(dict(everything)[pause], lines[pause])
        self.assertEqual(item.ask("GetProperty", "(is)", pause, "toggle-state"), (0,))

        # What is not there.
        event = GLib.Variant("s", "")
        for method, signature, values in (
                ("GetLayout", "(iias)", (4711, -1, [])), ("GetProperty", "(is)", (4711, "label")),
                ("GetProperty", "(is)", (pause, "no-such")), ("AboutToShow", "(i)", (4711,)),
                ("Event", "(isvu)", (4711, "clicked", event, 0)),
                ("EventGroup", "(a(isvu))", ([(4711, "clicked", event, 0)],))):
            with self.assertRaises(GLib.Error, msg=method) as caught:
                item.ask(method, signature, *values)
            self.assertEqual(Gio.DBusError.get_remote_error(caught.exception),
                             "org.freedesktop.DBus.Error.InvalidArgs")
        self.assertEqual(item.ask("EventGroup", "(a(isvu))", [(4711, "clicked", event, 0),
                                                              (sentence, "clicked", event, 0),
                                                              (pause, "hovered", event, 0)]),
                         ([4711],))
        self.assertEqual(item.ask("AboutToShow", "(i)", 0), (False,))
        self.assertEqual(item.ask("AboutToShowGroup", "(ai)", [0, 4711]), ([], [4711]))
        self.assertFalse(self.world.agent_property("Settings")["paused"])

        # A line that changes is told as that; lines that come are a new layout.
        item.choose("_Pause Everything")
        wait(lambda: item.heard_of("ItemsPropertiesUpdated"), "word of the tick")
        updated, removed = item.heard_of("ItemsPropertiesUpdated")[-1]
        self.assertEqual((dict(updated)[pause]["toggle-state"], removed), (1, []))
        self.assertEqual(item.ask("GetLayout", "(iias)", 0, 0, [])[0], revision)
        self.assertTrue(self.world.agent_property("Settings")["paused"])
        self.world.control("revoke", {"family": "login"})
        self.world.ctl("verify", connection)
        wait(lambda: item.heard_of("LayoutUpdated"), "word of the new lines")
        now, parent = item.heard_of("LayoutUpdated")[-1]
        self.assertGreater(now, revision)
        self.assertEqual(parent, 0)
        self.assertEqual(item.ask("GetLayout", "(iias)", 0, 0, [])[0], now)
        self.assertEqual(item.find("_Pause Everything"), pause)

    def test_renew_all(self):
        self.sign_in()
        item = self.panel().wait_item()
        wait(lambda: item.labels()[0] == "Your connection is fine.", "the sentence")
        before = self.token_calls("refresh_token")
        item.choose("_Renew All")
        wait(lambda: self.token_calls("refresh_token") == before + 1, "the renewal")

    def test_quit(self):
        pid = self.world.start_agent()
        item = self.panel().wait_item()
        item.choose("_Quit")
        wait(lambda: has_ended(pid), "the agent to end")
        self.assertFalse(self.world.has_owner(AGENT))

    def test_sandbox(self):
        """In a Flatpak the name is not ours to have; the icon goes by its place on the bus."""
        self.world.set_agent_env(LATCHKEY_TEST_FLATPAK="1")
        self.world.start_agent()
        watcher = self.panel()
        item = watcher.wait_item()
        self.assertEqual(item.service, "/StatusNotifierItem")
        self.assertFalse(re.search("StatusNotifierItem",
                                   " ".join(self.world.bus_call("ListNames", None)[0])))
        self.set(tray=GLib.Variant("b", False))
        wait(lambda: not self.world.has_owner(item.sender), "the icon to go")


if __name__ == "__main__":
    unittest.main()
