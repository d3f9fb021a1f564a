# SPDX-License-Identifier: GPL-3.0-or-later
"""A system bus of a world's own, with a login manager on it that the test plays: it announces sleep
and wake, and counts who asks it to wait."""

import os
import subprocess

from gi.repository import Gio, GLib

from world import wait_until

NAME = "org.freedesktop.login1"
PATH = "/org/freedesktop/login1"
MANAGER = "org.freedesktop.login1.Manager"
XML = """<node><interface name="org.freedesktop.login1.Manager">
 <method name="Inhibit"><arg type="s" direction="in"/><arg type="s" direction="in"/>
  <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="h" direction="out"/></method>
 <signal name="PrepareForSleep"><arg type="b"/></signal>
</interface></node>"""
CONFIG = """<busconfig><type>system</type><listen>unix:path={0}</listen><auth>EXTERNAL</auth>
 <policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/>
 <allow receive_sender="*"/></policy></busconfig>"""


class LoginManager:
    """To be made before the agent is started."""

    def __init__(self, world):
        self.asked = []  # (what, who, why, mode)
        self.locks = []  # our ends: readable at their end when the other side is closed
        address = world.path("run", "system-bus")
        with open(world.path("system-bus.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(address))
        self.bus = world.spawn(["dbus-daemon", "--config-file", world.path("system-bus.conf"),
                                "--nofork", "--print-address"], "system-bus.log",
                               stdout=subprocess.PIPE)
        if not self.bus.stdout.readline():
            raise AssertionError("the system bus did not start: " + world.log("system-bus.log"))
        self.connection = Gio.DBusConnection.new_for_address_sync(
            "unix:path=" + address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.connection.set_exit_on_close(False)
        interface = Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0]
        self.connection.register_object(PATH, interface, self._called, None, None)
        self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                                  "org.freedesktop.DBus", "RequestName",
                                  GLib.Variant("(su)", (NAME, 4)), None,
                                  Gio.DBusCallFlags.NONE, 10000, None)
        world.set_agent_env(DBUS_SYSTEM_BUS_ADDRESS="unix:path=" + address)

    def _called(self, bus, sender, path, interface, method, arguments, invocation):
        self.asked.append(arguments.unpack())
        ours, theirs = os.pipe()
        os.set_blocking(ours, False)
        self.locks.append(ours)
        fds = Gio.UnixFDList.new()
        fds.append(theirs)
        os.close(theirs)
        invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (0,)), fds)

    def held(self):
        """How many locks are held now."""
        count = 0
        for lock in self.locks:
            try:
                count += os.read(lock, 1) != b""
            except BlockingIOError:
                count += 1
        return count

    def until(self, predicate, what, seconds=20):
        loop = GLib.MainContext.default()

        def look():
            while loop.iteration(False):
                pass
            return predicate()
        return wait_until(look, what, seconds)

    def announce(self, sleep):
        self.connection.emit_signal(None, PATH, MANAGER, "PrepareForSleep",
                                    GLib.Variant("(b)", (sleep,)))
        self.connection.flush_sync(None)
