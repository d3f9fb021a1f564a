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
        nodes = self._items(program)
        parents = {node.parent for node in nodes.values()}
        # The root is said to have none. Each round is a turn of the program's main loop.
        children = {}
        asked = [path for path, node in nodes.items() if node.count > 0 or path in parents]
        while asked:
            found = self._ask_children(program, asked)
            children.update(found)
            asked = [child for paths in found.values() for child in paths
                     if child not in nodes and child not in children]
        if any(path not in nodes for path in children):
            # What was asked for just now for the first time is in the list from now on.
            nodes.update(self._items(program))
        return self._build(program, ROOT, nodes, children) if ROOT in nodes else None

    def _items(self, program):
        """GTK's list also has what is hidden, lacks what it was not asked for yet, and does not tell
        one from the other."""
        try:
            items = self.call(program, "/org/a11y/atspi/cache", "Cache", "GetItems")[0]
        except GONE:
            return {}
        return {item[0][1]: Node(self, program, item) for item in items}

    def _ask_children(self, program, paths):
        """{path: paths of its children}, asked all at once."""
        context = GLib.MainContext.new()
        found = {}

        def answered(connection, result, path):
            found[path] = []
            with contextlib.suppress(*GONE):
                found[path] = [child for _, child in connection.call_finish(result).unpack()[0]]

        context.push_thread_default()
        try:
            for path in paths:
                self.connection.call(program, path, PREFIX + "Accessible", "GetChildren", None, None,
                                     Gio.DBusCallFlags.NONE, 20000, None, answered, path)
            while len(found) < len(paths):
                context.iteration(True)
        finally:
            context.pop_thread_default()
        return found

    def _build(self, program, path, nodes, children):
        node = nodes[path]
        for child in children.get(path, ()):
            if child not in nodes:
                with contextlib.suppress(*GONE):
                    nodes[child] = self._read(node, child)
            if child in nodes:
                node.children.append(self._build(program, child, nodes, children))
        return node

    def _read(self, parent, path):
        ask = lambda name: self.get(parent.program, path, "Accessible", name)  # noqa: E731
        call = lambda method: self.call(parent.program, path, "Accessible", method)[0]  # noqa: E731
        return Node(self, parent.program,
                    ((parent.program, path), None, (parent.program, parent.path), 0,
                     ask("ChildCount"), call("GetInterfaces"), ask("Name"), call("GetRole"),
                     ask("Description"), call("GetState")))
