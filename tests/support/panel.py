# SPDX-License-Identifier: GPL-3.0-or-later
"""A panel as a program on the bus sees it: a StatusNotifierWatcher that keeps what is registered, and
the icon and menu of whoever registered. Whoever uses it lets the main loop turn, by turn()."""

from gi.repository import Gio, GLib

from world import wait_until

KDE = "org.kde.StatusNotifierWatcher"
FREEDESKTOP = "org.freedesktop.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"

XML = """<node><interface name="%s">
 <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
 <method name="RegisterStatusNotifierHost"><arg type="s" direction="in"/></method>
 <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
</interface></node>"""


def connect(world):
    return Gio.DBusConnection.new_for_address_sync(
        world.env["DBUS_SESSION_BUS_ADDRESS"],
        Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
        | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)


def turn():
    """Lets what arrived be taken note of."""
    while GLib.MainContext.default().iteration(False):
        pass


def wait(predicate, what, seconds=20):
    return wait_until(lambda: turn() or predicate(), what, seconds)


class Watcher:
    def __init__(self, world, name=KDE):
        self.registered = []  # (sender, service) of each
        self.bus = connect(world)
        interface = Gio.DBusNodeInfo.new_for_xml(XML % name).interfaces[0]
        self.bus.register_object("/StatusNotifierWatcher", interface, self._called,
                                 lambda *_: GLib.Variant("b", True), None)
        self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                           "RequestName", GLib.Variant("(su)", (name, 4)), None, 0, -1, None)

    def _called(self, _bus, sender, _path, _interface, method, arguments, invocation):
        if method == "RegisterStatusNotifierItem":
            self.registered.append((sender, arguments.unpack()[0]))
        invocation.return_value(None)

    def leave(self):
        self.bus.close_sync(None)

    def wait_item(self, number=1):
        """The icon that was registered as the @number-th."""
        wait(lambda: len(self.registered) >= number, f"icon {number} in the panel")
        return Item(self.bus, *self.registered[number - 1])


class Item:
    """An icon with its menu."""

    def __init__(self, bus, sender, service):
        self.bus, self.sender, self.service = bus, sender, service
        self.heard = []  # (member, values) of each signal
        bus.signal_subscribe(sender, None, None, None, None, Gio.DBusSignalFlags.NONE, self._signal)
        self.menu = self.get("Menu")

    def _signal(self, _bus, _sender, _path, _interface, member, values):
        self.heard.append((member, values.unpack()))

    def call(self, path, interface, method, signature, *values):
        parameters = GLib.Variant(signature, values) if signature else None
        return self.bus.call_sync(self.sender, path, interface, method, parameters, None, 0, 20000,
                                  None).unpack()

    def item(self, method, signature=None, *values):
        return self.call("/StatusNotifierItem", ITEM, method, signature, *values)

    def ask(self, method, signature=None, *values):
        """A method of the menu."""
        return self.call(self.menu, MENU, method, signature, *values)

    def properties(self):
        return self.call("/StatusNotifierItem", "org.freedesktop.DBus.Properties", "GetAll", "(s)",
                         ITEM)[0]

    def get(self, name):
        return self.properties()[name]

    def tooltip(self):
        return self.get("ToolTip")[3]

    def lines(self):
        """Number and properties of the menu's lines."""
        return [child[:2] for child in self.ask("GetLayout", "(iias)", 0, -1, [])[1][2]]

    def labels(self):
        return [properties.get("label", "-") for _, properties in self.lines()]

    def find(self, label):
        for number, properties in self.lines():
            if properties.get("label") == label:
                return number
        raise AssertionError(f"no line “{label}” in {self.labels()}")

    def choose(self, label):
        self.ask("Event", "(isvu)", self.find(label), "clicked", GLib.Variant("s", ""), 0)

    def heard_of(self, member):
        turn()
        return [values for name, values in self.heard if name == member]
