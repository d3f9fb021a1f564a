#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting with the session, one agent a person, and what is left when the bus goes away. systemd and
the Background portal are pretended: neither runs on a private bus."""

import configparser
import os
import subprocess
import unittest

from gi.repository import Gio, GLib

from case import WorldCase, has_ended
from panel import connect, turn, wait
from world import AGENT, MANAGER, World, wait_until

AGENT1 = "io.github.latchkey_app.Latchkey.Agent1"
SYSTEMD = """<node><interface name="org.freedesktop.systemd1.Manager">
 <method name="EnableUnitFiles"><arg type="as" direction="in"/><arg type="b" direction="in"/>
  <arg type="b" direction="in"/><arg type="b" direction="out"/><arg type="a(sss)" direction="out"/>
 </method>
 <method name="DisableUnitFiles"><arg type="as" direction="in"/><arg type="b" direction="in"/>
  <arg type="a(sss)" direction="out"/></method>
 <method name="GetUnitFileState"><arg type="s" direction="in"/><arg type="s" direction="out"/></method>
 <method name="Reload"/>
</interface></node>"""
PORTAL = """<node><interface name="org.freedesktop.portal.Background">
 <method name="RequestBackground"><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
  <arg type="o" direction="out"/></method>
 <method name="SetStatus"><arg type="a{sv}" direction="in"/></method>
</interface></node>"""


class Pretender:
    """A service of the session that answers as a test wants it, and keeps what it was asked."""

    def __init__(self, world, name, path, xml):
        self.asked = []  # method and arguments of each call
        self.bus = connect(world)
        interface = Gio.DBusNodeInfo.new_for_xml(xml).interfaces[0]
        self.bus.register_object(path, interface, self._called, None, None)
        self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                           "RequestName", GLib.Variant("(su)", (name, 4)), None, 0, -1, None)

    def _called(self, _bus, sender, _path, _interface, method, arguments, invocation):
        self.asked.append((method, arguments.unpack()))
        self.answer(sender, method, arguments.unpack(), invocation)

    def methods(self):
        turn()
        return [method for method, _ in self.asked]


class Systemd(Pretender):
    def __init__(self, world, unit=True):
        self.unit, self.state = unit, "disabled"
        super().__init__(world, "org.freedesktop.systemd1", "/org/freedesktop/systemd1", SYSTEMD)

    def answer(self, _sender, method, arguments, invocation):
        if not self.unit and method != "Reload":
            invocation.return_dbus_error("org.freedesktop.DBus.Error.FileNotFound", "no such unit")
        elif method == "EnableUnitFiles":
            self.state = "enabled"
            invocation.return_value(GLib.Variant("(ba(sss))", (True, [])))
        elif method == "DisableUnitFiles":
            self.state = "disabled"
            invocation.return_value(GLib.Variant("(a(sss))", ([],)))
        elif method == "GetUnitFileState":
            invocation.return_value(GLib.Variant("(s)", (self.state,)))
        else:
            invocation.return_value(None)


class Portal(Pretender):
    def __init__(self, world, grant):
        self.grant = grant
        super().__init__(world, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
                         PORTAL)

    def answer(self, sender, method, arguments, invocation):
        if method == "SetStatus":
            invocation.return_value(None)
            return
        token = arguments[1]["handle_token"]
        path = (f"/org/freedesktop/portal/desktop/request/{sender[1:].replace('.', '_')}/{token}")
        invocation.return_value(GLib.Variant("(o)", (path,)))
        autostart = self.grant and arguments[1]["autostart"]
        self.bus.emit_signal(sender, path, "org.freedesktop.portal.Request", "Response",
                             GLib.Variant("(ua{sv})", (0 if self.grant else 1, {
                                 "background": GLib.Variant("b", self.grant),
                                 "autostart": GLib.Variant("b", autostart)})))

    def status(self):
        turn()
        return [arguments[0]["message"] for method, arguments in self.asked
                if method == "SetStatus"]


class Life(WorldCase):
    def set(self, **settings):
        self.world.call(MANAGER, AGENT1, "SetSettings", GLib.Variant("(a{sv})", (settings,)))

    def settings(self):
        turn()
        return self.world.agent_property("Settings")

    def wait_state(self, state, wanted=None):
        wait(lambda: self.settings()["autostart-state"] == state, f"autostart “{state}”")
        if wanted is not None:
            self.assertEqual(self.settings()["autostart"], wanted)

    def entry(self):
        return self.world.path("config", "autostart",
                               "io.github.latchkey_app.Latchkey.Agent.desktop")

    def read_entry(self):
        parser = configparser.ConfigParser(interpolation=None)
        parser.optionxform = str
        parser.read(self.entry(), encoding="utf-8")
        return dict(parser["Desktop Entry"])

    def test_file(self):
        """Without systemd a file starts the agent, through the bus; not before there is something to
        look after."""
        self.world.start_agent()
        self.assertFalse(os.path.exists(self.entry()))
        self.assertEqual(self.settings()["autostart-state"], "")
        self.sign_in()
        self.wait_state("on", True)
        entry = self.read_entry()
        self.assertTrue(entry["Exec"].endswith("latchkey-agent' --activate"), entry["Exec"])
        self.assertEqual((entry["Type"], entry["Name"]), ("Application", "Latchkey"))
        self.set(autostart=GLib.Variant("b", False))
        self.wait_state("off", False)
        self.assertFalse(os.path.exists(self.entry()))
        self.set(autostart=GLib.Variant("b", True))
        self.wait_state("on", True)
        self.assertTrue(os.path.exists(self.entry()))

    def test_file_for_everybody(self):
        """One that is there for all people of the machine is turned off by one's own, and only so."""
        folder = self.world.path("etc")
        os.makedirs(os.path.join(folder, "autostart"))
        with open(os.path.join(folder, "autostart", os.path.basename(self.entry())), "w",
                  encoding="utf-8") as file:
            file.write("[Desktop Entry]\nType=Application\nName=Latchkey\nExec=latchkey-agent\n")
        self.world.set_agent_env(XDG_CONFIG_DIRS=folder)
        self.sign_in()
        self.wait_state("on", True)
        self.assertFalse(os.path.exists(self.entry()))
        self.set(autostart=GLib.Variant("b", False))
        self.wait_state("off", False)
        self.assertEqual(self.read_entry()["Hidden"], "true")

    def test_turned_off_elsewhere(self):
        """What the person did with the desktop's own means is not undone, but shown."""
        self.sign_in()
        self.wait_state("on", True)
        with open(self.entry(), "a", encoding="utf-8") as file:
            file.write("Hidden=true\n")
        self.world.quit_agent()
        self.world.start_agent()
        self.wait_state("off", False)
        self.assertEqual(self.read_entry()["Hidden"], "true")

    def test_systemd(self):
        systemd = Systemd(self.world)
        self.sign_in()
        self.wait_state("on", True)
        self.assertEqual(systemd.asked[0],
                         ("EnableUnitFiles", (["latchkey-agent.service"], False, False)))
        self.assertEqual(systemd.methods(), ["EnableUnitFiles", "Reload"])
        self.assertFalse(os.path.exists(self.entry()), "it would be started twice")
        self.set(autostart=GLib.Variant("b", False))
        self.wait_state("off", False)
        self.assertIn("DisableUnitFiles", systemd.methods())
        systemd.state = "enabled"
        self.world.quit_agent()
        self.world.start_agent()
        self.wait_state("on", True)

    def test_systemd_without_the_unit(self):
        """A Latchkey that was not installed where systemd looks has the file instead."""
        Systemd(self.world, unit=False)
        self.sign_in()
        self.wait_state("on", True)
        self.assertTrue(os.path.exists(self.entry()))

    def test_portal(self):
        """In a Flatpak the desktop is asked, and told how the connections are."""
        self.world.set_agent_env(LATCHKEY_TEST_FLATPAK="1")
        portal = Portal(self.world, True)
        connection = self.sign_in()
        self.wait_state("on", True)
        method, (parent, options) = portal.asked[0]
        self.assertEqual((method, parent), ("RequestBackground", ""))
        self.assertEqual((options["autostart"], options["dbus-activatable"]), (True, False))
        self.assertTrue(options["commandline"][0].endswith("/latchkey-agent"))
        self.assertTrue(options["reason"])
        self.assertFalse(os.path.exists(self.entry()))
        wait(lambda: portal.status() == ["Your connection is fine."], "the status")
        self.set(autostart=GLib.Variant("b", False))
        self.wait_state("off", False)
        self.world.control("revoke", {"family": "login"})
        self.world.ctl("verify", connection)
        wait(lambda: portal.status()[-1] == "1 connection needs you.", "the new status")

    def test_portal_refuses(self):
        self.world.set_agent_env(LATCHKEY_TEST_FLATPAK="1")
        portal = Portal(self.world, False)
        self.sign_in()
        self.wait_state("refused")
        asked = len(portal.asked)
        self.world.quit_agent()
        self.world.start_agent()
        self.assertEqual(self.settings()["autostart-state"], "refused")
        self.assertEqual([method for method in portal.methods()[asked:]
                          if method == "RequestBackground"], [], "the person was asked again")

    def program(self):
        return os.path.join(self.world.build, "src", "agent", "latchkey-agent")

    def test_activate(self):
        done = subprocess.run([self.program(), "--activate"], env=self.world.env, timeout=60,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(self.world.has_owner(AGENT))

    def test_second_agent(self):
        """Host or Flatpak: whoever comes second says so and rests; nothing restarts it."""
        first = self.world.start_agent()
        done = subprocess.run([self.program()], env=dict(self.world.env, XDG_DATA_HOME=self.world
                                                         .path("data2")),
                              timeout=60, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("another agent runs already", done.stderr)
        self.assertEqual(self.world.owner_pid(), first)

    def test_second_session(self):
        """Two buses of one person: the second agent touches nothing until the first has ended."""
        connection = self.sign_in()
        first = self.world.owner_pid()
        other = World(keyring="none", simulator=None,
                      agent_env={"XDG_DATA_HOME": self.world.env["XDG_DATA_HOME"],
                                 "XDG_CONFIG_HOME": self.world.env["XDG_CONFIG_HOME"]})
        self.addCleanup(other.close)
        other.start_agent()
        self.assertEqual(other.agent_property("LedgerState"), "in-use")
        with self.assertRaises(GLib.Error) as caught:
            other.call(MANAGER, AGENT1, "ListClients")
        self.assertEqual(Gio.DBusError.get_remote_error(caught.exception),
                         "io.github.latchkey_app.Latchkey.Error.InUse")
        self.assertTrue(self.token(connection))
        self.world.quit_agent()
        wait(lambda: has_ended(first), "the first agent to end")
        wait(lambda: other.agent_property("LedgerState") == "ready", "the second to take over")
        self.assertEqual(len(other.call(MANAGER, AGENT1, "ListClients").unpack()[0]), 1)
        other.quit_agent()

    def test_bus_goes_away(self):
        """The agent ends with everything written, and an error for systemd to start it again."""
        self.world.wrap_agent(None)
        connection = self.sign_in()
        pid = self.world.owner_pid()
        self.world.bus.kill()
        wait_until(lambda: has_ended(pid), "the agent to end")
        self.assertIn("the session bus went away", self.world.log("agent.log"))
        again = World(home=self.world.dir, simulator=None)
        again.keep = True
        self.addCleanup(again.close)
        self.assertEqual(again.ctl_ok("show", connection, "--json").json()["id"], connection)
        again.quit_agent()

    def end_agent(self):
        if self.world.bus.poll() is None:
            super().end_agent()


if __name__ == "__main__":
    unittest.main()
