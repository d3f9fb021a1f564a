# SPDX-License-Identifier: GPL-3.0-or-later
"""The portals of a session: the real ones, and behind the Background portal one that does what GNOME's
does, because Debian 12 has none: it writes the file that starts the application with the session."""

import os
import shlex

from gi.repository import GLib

from notifications import Server

REAL = "/usr/share/xdg-desktop-portal/portals"
SERVICES = "/usr/share/dbus-1/services"
GTK = "org.freedesktop.impl.portal.desktop.gtk"
NEEDED = ("org.freedesktop.portal.Desktop", "org.freedesktop.portal.Documents",
          GTK, "org.freedesktop.impl.portal.PermissionStore",
          "org.freedesktop.Flatpak", "org.freedesktop.portal.Flatpak")
BACKEND = "org.freedesktop.impl.portal.desktop.latchkeytest"
XML = """<node><interface name="org.freedesktop.impl.portal.Background">
 <method name="GetAppState"><arg type="a{sv}" direction="out"/></method>
 <method name="NotifyBackground"><arg type="o" direction="in"/><arg type="s" direction="in"/>
  <arg type="s" direction="in"/><arg type="u" direction="out"/>
  <arg type="a{sv}" direction="out"/></method>
 <method name="EnableAutostart"><arg type="s" direction="in"/><arg type="b" direction="in"/>
  <arg type="as" direction="in"/><arg type="u" direction="in"/><arg type="b" direction="out"/></method>
 <signal name="RunningApplicationsChanged"/>
</interface></node>"""


def services():
    """The activation files of the real ones."""
    return [os.path.join(SERVICES, name + ".service") for name in NEEDED]


def without_accessibility(folder):
    """The dialogs of the portals are not what is tested, and accessibility waits for them for ever."""
    path = os.path.join(folder, GTK + ".service")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("Exec=", "Exec=/usr/bin/env NO_AT_BRIDGE=1 "))


def install(folder):
    """Which backend answers for what, for XDG_DESKTOP_PORTAL_DIR."""
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(REAL):
        with open(os.path.join(REAL, name), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    with open(os.path.join(folder, "latchkeytest.portal"), "w", encoding="utf-8") as file:
        file.write(f"[portal]\nDBusName={BACKEND}\n"
                   "Interfaces=org.freedesktop.impl.portal.Background\nUseIn=gnome\n")


class Background(Server):
    name = BACKEND
    interface = "org.freedesktop.impl.portal.Background"
    path = "/org/freedesktop/portal/desktop"
    xml = XML

    def __init__(self, world):
        self.asked = []  # (application, on, command) of each time
        super().__init__(world)

    def file(self, app):
        return self.world.path("config", "autostart", app + ".desktop")

    def command(self, app):
        """What the session starts when somebody logs in; None when nothing is."""
        if not os.path.exists(self.file(app)):
            return None
        with open(self.file(app), encoding="utf-8") as file:
            return next(shlex.split(line.split("=", 1)[1]) for line in file
                        if line.startswith("Exec="))

    def on_EnableAutostart(self, app, enable, command, flags):
        self.asked.append((app, enable, command))
        os.makedirs(os.path.dirname(self.file(app)), exist_ok=True)
        if enable:
            with open(self.file(app), "w", encoding="utf-8") as file:
                file.write("[Desktop Entry]\nType=Application\nName=" + app + "\nExec="
                           + shlex.join(command) + "\nX-Flatpak=" + app + "\n")
        elif os.path.exists(self.file(app)):
            os.unlink(self.file(app))
        return GLib.Variant("(b)", (enable,))

    def on_GetAppState(self):
        return GLib.Variant("(a{sv})", ({},))

    def on_NotifyBackground(self, handle, app, name):
        return GLib.Variant("(ua{sv})", (0, {}))
