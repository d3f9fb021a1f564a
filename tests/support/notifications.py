# SPDX-License-Identifier: GPL-3.0-or-later
"""Who shows notifications on the world's bus, and keeps what they were told: the desktop's service, and
the portal; and the window that they open. Each has a thread and a connection of its own, so a test may wait as it likes."""

import contextlib
import threading

from gi.repository import Gio, GLib

from world import wait_until

SERVICE = """<node><interface name="org.freedesktop.Notifications">
 <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/>
  <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
  <arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
  <arg type="u" direction="out"/></method>
 <method name="CloseNotification"><arg type="u" direction="in"/></method>
 <method name="GetCapabilities"><arg type="as" direction="out"/></method>
</interface></node>"""
PORTAL = """<node><interface name="org.freedesktop.portal.Notification">
 <method name="AddNotification"><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/></method>
 <method name="RemoveNotification"><arg type="s" direction="in"/></method>
</interface></node>"""
WINDOW = """<node><interface name="org.freedesktop.Application">
 <method name="Activate"><arg type="a{sv}" direction="in"/></method>
 <method name="ActivateAction"><arg type="s" direction="in"/>
  <arg type="av" direction="in"/><arg type="a{sv}" direction="in"/></method>
</interface></node>"""


class Notice:
    """One that is, or was, on show."""

    def __init__(self, number, title, body, actions, hints, replaces):
        self.number, self.title, self.body = number, title, body
        self.actions, self.hints, self.replaces = actions, hints, replaces

    def __repr__(self):
        return f"{self.title!r}: {self.body!r} {self.actions}"


class Server:
    """An object on the bus in a thread of its own."""

    name = path = xml = None

    def __init__(self, world):
        self.world = world
        self.told = []  # title and text of each, in order
        self.notices = []  # Notice of each
        self.shown = {}  # what is on show now, by number or id
        self.closed = []  # what we were asked to close
        self.start()

    def address(self):
        return self.world.env["DBUS_SESSION_BUS_ADDRESS"]

    def start(self):
        ready = threading.Event()
        self.context = GLib.MainContext.new()
        self.loop = GLib.MainLoop.new(self.context, False)
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        if not ready.wait(20):
            raise AssertionError(f"{self.name} did not come up")

    def _run(self, ready):
        self.context.push_thread_default()
        self.bus = Gio.DBusConnection.new_for_address_sync(
            self.address(),
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.bus.set_exit_on_close(False)
        interface = Gio.DBusNodeInfo.new_for_xml(self.xml).interfaces[0]
        self.bus.register_object(self.path, interface, self._called, self._read, None)
        self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                           "RequestName", GLib.Variant("(su)", (self.name, 4)), None, 0, -1, None)
        ready.set()
        self.loop.run()
        with contextlib.suppress(GLib.Error):
            self.bus.close_sync(None)
        self.context.pop_thread_default()

    def stop(self):
        """It is gone, with all that it showed."""
        source = GLib.idle_source_new()
        source.set_callback(lambda *args: self.loop.quit())
        source.attach(self.context)
        self.thread.join(20)
        self.shown = {}
        wait_until(lambda: not self.world.has_owner(self.name), f"{self.name} to be gone")

    def _called(self, bus, sender, path, interface, method, arguments, invocation):
        result = getattr(self, "on_" + method)(*arguments.unpack())
        invocation.return_value(result)

    def _read(self, bus, sender, path, interface, name):
        return getattr(self, "get_" + name)()

    def emit(self, signal, parameters):
        self.bus.emit_signal(None, self.path, self.interface, signal, parameters)

    def keep(self, key, notice):
        self.told.append((notice.title, notice.body))
        self.notices.append(notice)
        self.shown[key] = notice

    def reads(self, words):
        return any(words in title or words in text for title, text in self.told)

    def titles(self):
        """Of what is on show now."""
        return sorted(notice.title for notice in list(self.shown.values()))

    def find(self, words):
        """The notice on show that says so."""
        for notice in list(self.shown.values()):
            if words in notice.title or words in notice.body:
                return notice
        return None

    def wait_for(self, words, seconds=30):
        return wait_until(lambda: self.find(words), f"a notification “{words}”; there are "
                          f"{self.told}", seconds)

    def wait_gone(self, words, seconds=30):
        wait_until(lambda: not self.find(words), f"the notification “{words}” to go", seconds)


class Notifications(Server):
    name = interface = "org.freedesktop.Notifications"
    path = "/org/freedesktop/Notifications"
    xml = SERVICE

    def __init__(self, world, capabilities=("actions", "body", "body-markup", "persistence")):
        self.capabilities = capabilities
        self.last = 0
        super().__init__(world)

    def on_Notify(self, app, replaces, icon, title, body, actions, hints, timeout):
        if replaces in self.shown:
            number = replaces
        else:
            self.last += 1
            number = self.last
        words = dict(zip(actions[::2], actions[1::2]))
        self.keep(number, Notice(number, title, body, words, hints, replaces))
        return GLib.Variant("(u)", (number,))

    def on_CloseNotification(self, number):
        self.closed.append(number)
        if self.shown.pop(number, None) is not None:
            self.emit("NotificationClosed", GLib.Variant("(uu)", (number, 3)))

    def on_GetCapabilities(self):
        return GLib.Variant("(as)", (self.capabilities,))

    def press(self, notice, action, token="a-token"):
        """As a shell does it: the window may come to the front, and the notice goes."""
        self.emit("ActivationToken", GLib.Variant("(us)", (notice.number, token)))
        self.emit("ActionInvoked", GLib.Variant("(us)", (notice.number, action)))
        self.dismiss(notice)

    def dismiss(self, notice):
        self.shown.pop(notice.number, None)
        self.emit("NotificationClosed", GLib.Variant("(uu)", (notice.number, 2)))


class Portal(Server):
    name = "org.freedesktop.portal.Desktop"
    interface = "org.freedesktop.portal.Notification"
    path = "/org/freedesktop/portal/desktop"
    xml = PORTAL

    def on_AddNotification(self, word, what):
        buttons = {button["action"]: button["label"] for button in what.get("buttons", [])}
        self.keep(word, Notice(word, what["title"], what["body"], buttons, what,
                               word in self.shown))

    def on_RemoveNotification(self, word):
        self.closed.append(word)
        self.shown.pop(word, None)

    def press(self, notice, action):
        self.emit("ActionInvoked", GLib.Variant("(ssav)", (notice.number, action, [])))


class Window(Server):
    """Stands in for the window: keeps which of its actions were asked for."""

    name = "io.github.latchkey_app.Latchkey"
    interface = "org.freedesktop.Application"
    path = "/io/github/latchkey_app/Latchkey"
    xml = WINDOW

    def __init__(self, world):
        self.actions = []  # action, targets and token of each
        super().__init__(world)

    def on_Activate(self, platform):
        self.actions.append((None, [], platform.get("activation-token")))

    def on_ActivateAction(self, action, targets, platform):
        self.actions.append((action, targets, platform.get("activation-token")))
