# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program presents to assistive technology, read straight from the accessibility bus: one question
brings the whole tree. libatspi asks for each node and each of its properties, and needs a main loop.

    bus = Accessibility(desktop)
    for node in bus.snapshot(bus.find_program(pid)).walk():
        print(node.role, node.name)
"""

import contextlib

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

PREFIX = "org.a11y.atspi."
ROOT = "/org/a11y/atspi/accessible/root"
NULL = "/org/a11y/atspi/null"
WINDOW_COORDINATES = 1
GONE = (GLib.Error,)


class Node:
    """One accessible, as it was when it was read. What asks or does something may raise GLib.Error,
    when it went away meanwhile."""

    def __init__(self, bus, program, item):
        self.bus, self.program = bus, program
        ((_, self.path), _, (_, self.parent), self.index, self.count, self.interfaces, self.name,
         role, self.description, states) = item
        self.role = Atspi.role_get_name(Atspi.Role(role))
        self.states = states
        self.children = []

    def __repr__(self):
        return f"<{self.role} “{self.name}”>"

    def has(self, state):
        """Whether it has the state of that name, such as "focused"."""
        number = int(getattr(Atspi.StateType, state.upper().replace("-", "_")))
        return bool(self.states[number // 32] >> number % 32 & 1)

    def walk(self):
        """It and everything in it, depth first."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack += reversed(node.children)

    def call(self, interface, method, parameters=None):
        return self.bus.call(self.program, self.path, interface, method, parameters)

    def get(self, interface, name):
        return self.bus.get(self.program, self.path, interface, name)

    @property
    def can_act(self):
        return "org.a11y.atspi.Action" in self.interfaces and self.get("Action", "NActions") > 0

    def act(self):
        self.call("Action", "DoAction", GLib.Variant("(i)", (0,)))

    @property
    def text(self):
        """The words in it, for what is written or marked; else its name."""
        if "org.a11y.atspi.Text" not in self.interfaces:
            return self.name
        return self.call("Text", "GetText", GLib.Variant("(ii)", (0, -1)))[0]

    def set_text(self, text):
        self.call("EditableText", "SetTextContents", GLib.Variant("(s)", (text,)))

    @property
    def box(self):
        """x, y, width and height in its window."""
        return self.call("Component", "GetExtents", GLib.Variant("(u)", (WINDOW_COORDINATES,)))[0]


class Accessibility:
    """The accessibility bus of a desktop."""

    def __init__(self, desktop):
        address = desktop.call("/org/a11y/bus", "org.a11y.Bus", "GetAddress", None,
                               "org.a11y.Bus").unpack()[0]
        self.connection = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.connection.set_exit_on_close(False)

    def call(self, program, path, interface, method, parameters=None):
        return self.connection.call_sync(program, path, PREFIX + interface, method, parameters, None,
                                         Gio.DBusCallFlags.NONE, 20000, None).unpack()

    def get(self, program, path, interface, name):
        return self.connection.call_sync(
            program, path, "org.freedesktop.DBus.Properties", "Get",
            GLib.Variant("(ss)", (PREFIX + interface, name)), None, Gio.DBusCallFlags.NONE, 20000,
            None).unpack()[0]

    def programs(self):
        """Names on the bus of those that present something."""
        with contextlib.suppress(*GONE):
            return [name for name, _ in self.call(PREFIX + "Registry", ROOT, "Accessible",
                                                  "GetChildren")[0]]
        return []

    def pid(self, program):
        return self.connection.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "GetConnectionUnixProcessID", GLib.Variant("(s)", (program,)), None,
            Gio.DBusCallFlags.NONE, 20000, None).unpack()[0]

    def find_program(self, fits):
        """The first program for whose number @fits is true; None when there is none."""
        for program in self.programs():
            with contextlib.suppress(*GONE):
                if fits(self.pid(program)):
                    return program
        return None

    def snapshot(self, program):
        """The tree of @program; None when it is gone."""
        try:
            items = self.call(program, "/org/a11y/atspi/cache", "Cache", "GetItems")[0]
        except GONE:
            return None
        nodes = {item[0][1]: Node(self, program, item) for item in items}
        parents = {node.parent for node in nodes.values()}
        self._ask_children([node for node in nodes.values()
                            if node.count > 0 or node.path in parents], nodes)
        return nodes.get(ROOT)

    def _ask_children(self, asked, nodes):
        """GTK's list also has what is hidden, lacks what newer GTK was not asked for, and does not tell
        one from the other; so each is asked, and all at once."""
        context = GLib.MainContext.new()
        left = [len(asked)]
        new = []

        def answered(connection, result, node):
            left[0] -= 1
            with contextlib.suppress(*GONE):
                for _, path in connection.call_finish(result).unpack()[0]:
                    if path not in nodes:
                        nodes[path] = self._read(node, path)
                        new.append(nodes[path])
                    node.children.append(nodes[path])

        context.push_thread_default()
        try:
            for node in asked:
                self.connection.call(node.program, node.path, PREFIX + "Accessible", "GetChildren",
                                     None, None, Gio.DBusCallFlags.NONE, 20000, None, answered, node)
            while left[0] > 0:
                context.iteration(True)
        finally:
            context.pop_thread_default()
        if new:
            self._ask_children(new, nodes)

    def _read(self, parent, path):
        ask = lambda name: self.get(parent.program, path, "Accessible", name)  # noqa: E731
        call = lambda method: self.call(parent.program, path, "Accessible", method)[0]  # noqa: E731
        return Node(self, parent.program,
                    ((parent.program, path), None, (parent.program, parent.path), 0,
                     ask("ChildCount"), call("GetInterfaces"), ask("Name"), call("GetRole"),
                     ask("Description"), call("GetState")))
