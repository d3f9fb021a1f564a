# SPDX-License-Identifier: GPL-3.0-or-later
"""NetworkManager on a world's system bus, played by the test: it says whether there is a network, and
GLib's network monitor in the agent believes it."""

from gi.repository import GLib

from login_manager import LoginManager
from notifications import Server
from world import wait_until

XML = """<node><interface name="org.freedesktop.NetworkManager">
 <property name="Connectivity" type="u" access="read"/>
 <property name="Metered" type="u" access="read"/>
 <property name="State" type="u" access="read"/>
</interface></node>"""
NONE, FULL = 1, 4


class NetworkManager(Server):
    """To be made before the agent is started."""

    name = interface = "org.freedesktop.NetworkManager"
    path = "/org/freedesktop/NetworkManager"
    xml = XML

    def __init__(self, world):
        self.login = LoginManager(world)
        self.connectivity = FULL
        super().__init__(world)
        world.set_agent_env(GIO_USE_NETWORK_MONITOR="networkmanager")

    def address(self):
        return self.world.env["DBUS_SYSTEM_BUS_ADDRESS"]

    def get_Connectivity(self):
        return GLib.Variant("u", self.connectivity)

    def get_Metered(self):
        return GLib.Variant("u", 4)  # a guess: it costs nothing

    def get_State(self):
        return GLib.Variant("u", 70 if self.connectivity == FULL else 20)

    def set_online(self, online):
        """Tells it, and waits until the agent has heard it."""
        self.connectivity = FULL if online else NONE
        changed = {"Connectivity": self.get_Connectivity(), "State": self.get_State()}
        # GLib 2.74 hears the old signal, later ones the new.
        self.emit("PropertiesChanged", GLib.Variant("(a{sv})", (changed,)))
        self.bus.emit_signal(None, self.path, "org.freedesktop.DBus.Properties",
                             "PropertiesChanged",
                             GLib.Variant("(sa{sv}as)", (self.interface, changed, [])))
        wait_until(lambda: self.world.agent_property("Online") == online,
                   "the agent to know of the network")
