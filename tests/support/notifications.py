# SPDX-License-Identifier: GPL-3.0-or-later
"""A notification service on the world's bus that keeps what it was told. Whoever uses it lets the
main loop turn, as the window's searches do."""

from gi.repository import Gio, GLib

XML = """<node><interface name="org.freedesktop.Notifications">
 <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/>
  <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
  <arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
  <arg type="u" direction="out"/></method>
</interface></node>"""
NAME = "org.freedesktop.Notifications"


class Notifications:
    def __init__(self, world):
        self.told = []  # title and text of each
        interface = Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0]
        world.connection.register_object("/org/freedesktop/Notifications", interface, self._notify,
                                         None, None)
        world.bus_call("RequestName", GLib.Variant("(su)", (NAME, 4)))

    def _notify(self, bus, sender, path, interface, method, arguments, invocation):
        values = arguments.unpack()
        self.told.append((values[3], values[4]))
        invocation.return_value(GLib.Variant("(u)", (len(self.told),)))

    def reads(self, words):
        return any(words in title or words in text for title, text in self.told)
