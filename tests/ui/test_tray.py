#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The icon in a real panel: each state is seen, the menu is opened and used with the mouse, and a panel
that is killed and comes back has the icon again. LATCHKEY_SHOTS keeps the pictures."""

import contextlib
import os
import subprocess
import time
import unittest

import gi

from case import has_ended
from desktop import Desktop
from panel import KDE, Item, connect, turn
from world import AGENT, MANAGER, wait_until

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf, GLib  # noqa: E402

AGENT1 = "io.github.latchkey_app.Latchkey.Agent1"
# Around the lines of a menu: shadow and margin.
BORDER = 10
WINDOW = "io.github.latchkey_app.Latchkey"
XFCONF = "/usr/share/dbus-1/services/org.xfce.Xfconf.service"
PANEL = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="{dark}"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="26"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-2" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
"""
ENTRY = """[Desktop Entry]
Type=Application
Name=Latchkey
Exec={program}
Icon=io.github.latchkey_app.Latchkey
"""


class Panel:
    """A real xfce4-panel at the top of the screen, with nothing but icons in it."""

    def __init__(self, desktop, dark):
        self.desktop = desktop
        folder = desktop.path("config", "xfce4", "xfconf", "xfce-perchannel-xml")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "xfce4-panel.xml"), "w", encoding="utf-8") as file:
            file.write(PANEL.format(dark="true" if dark else "false"))
        self.line = connect(desktop)
        self.start()

    def start(self):
        self.process = self.desktop.spawn(["xfce4-panel", "--disable-wm-check"], "panel.log")
        wait_until(lambda: self.desktop.has_owner(KDE), "the panel", 30)

    def registered(self):
        turn()
        if not self.desktop.has_owner(KDE):
            return []
        return self.desktop.call("/StatusNotifierWatcher", "org.freedesktop.DBus.Properties", "Get",
                                 GLib.Variant("(ss)", (KDE, "RegisteredStatusNotifierItems")),
                                 KDE).unpack()[0]

    def wait_item(self):
        service = wait_until(self.registered, "the icon in the panel")[0].split("/")[0]
        owner = self.desktop.bus_call("GetNameOwner", GLib.Variant("(s)", (service,)))[0]
        return Item(self.line, owner, service)

    def menu(self):
        """Where the open menu is: x, y, width, height; None when there is none. It is drawn by a
        process of the panel that accessibility does not see."""
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "wrapper-2.0",
                                "getwindowgeometry", "--shell", "%@"], env=self.desktop.env,
                               text=True, capture_output=True, check=False).stdout
        values = dict(line.split("=") for line in found.splitlines() if "=" in line)
        boxes = [[int(value) for value in box] for box in zip(
            *([line.split("=")[1] for line in found.splitlines() if line.startswith(name + "=")]
              for name in ("X", "Y", "WIDTH", "HEIGHT")))]
        return next((box for box in boxes if box[3] > 60), None) if values else None

    def mouse(self, *arguments):
        subprocess.run(["xdotool", *map(str, arguments)], env=self.desktop.env, check=True,
                       capture_output=True, timeout=20)

    def click_icon(self, button):
        """The icon is the last thing in the panel."""
        self.mouse("mousemove", 1280 - 13, 13, "click", button)

    def open_menu(self):
        def opened():
            if self.menu() is None:
                self.click_icon(3)
                time.sleep(0.5)
            return self.menu()

        return wait_until(opened, "the menu")

    def choose(self, item, label):
        """Clicks on a line, which is where its place among the others says."""
        wait_until(lambda: turn() or label in item.labels(), f"the line “{label}”")
        self.open_menu()
        places = [None, time.monotonic()]

        def rests():
            """A panel that shows a menu before it has all of it makes it longer."""
            place = self.menu()
            if place != places[0]:
                places[:] = place, time.monotonic()
            return place is not None and time.monotonic() - places[1] > 0.4

        wait_until(rests, "the menu to stay as it is")
        x, y, width, height = places[0]
        labels = item.labels()
        rules = labels.count("-")
        line = (height - 2 * BORDER - rules) / (len(labels) - rules)
        before = labels[:labels.index(label)]
        above = before.count("-") + (len(before) - before.count("-")) * line
        self.mouse("mousemove", x + width // 2, round(y + BORDER - 1 + above + line / 2))
        self.mouse("click", 1)
        wait_until(lambda: self.menu() is None, "the menu to close")

    def choose_until(self, item, label, came, what):
        """The same until it had its effect: a menu that was only just made can lose a click."""
        for _ in range(3):
            self.choose(item, label)
            with contextlib.suppress(AssertionError):
                return wait_until(came, what, 8)
        raise AssertionError(f"“{label}” three times, without {what}")

    def picture(self, path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        subprocess.run(["import", "-window", "root", path], env=self.desktop.env, check=True,
                       capture_output=True, timeout=30)
        return path


class TestTray(unittest.TestCase):
    def setUp(self):
        self.desktop = Desktop(services=[XFCONF])
        self.addCleanup(self.desktop.close)
        icons = os.path.join(os.path.dirname(__file__), "..", "..", "data", "icons")
        os.symlink(os.path.abspath(icons), self.desktop.path("data", "icons"))
        with open(self.desktop.path("data", "applications", WINDOW + ".desktop"), "w",
                  encoding="utf-8") as file:
            file.write(ENTRY.format(program=os.path.join(self.desktop.build, "src", "app",
                                                         "latchkey")))
        self.desktop.set_agent_env(**{name: self.desktop.env[name] for name in
                                      ("DISPLAY", "GSK_RENDERER", "GDK_BACKEND", "GTK_A11Y")})
        self.desktop.spawn(["xfwm4"], "xfwm4.log")
        self.desktop.set_clock()

    def start_panel(self, dark=False):
        self.panel = Panel(self.desktop, dark)
        return self.panel

    def set(self, **settings):
        self.desktop.call(MANAGER, AGENT1, "SetSettings", GLib.Variant("(a{sv})", (settings,)))

    def shot(self, name):
        """A picture of the whole screen, once nothing moves any more; the path of it."""
        self.panel.mouse("mousemove", 300, 500)
        time.sleep(0.7)
        folder = os.environ.get("LATCHKEY_SHOTS") or self.desktop.path("shots")
        return self.panel.picture(os.path.join(folder, f"tray-{name}.png"))

    def icon(self, name, seen=(), drawn=True):
        """The pixels of the corner, once they were not seen yet; with @drawn, once they show something."""
        found = []

        def look():
            picture = GdkPixbuf.Pixbuf.new_from_file(self.shot(name))
            corner = picture.new_subpixbuf(picture.get_width() - 26, 0, 26, 26)
            found.append(corner.copy().get_pixels())
            return found[-1] not in seen and (len(set(found[-1])) > 4) == drawn

        wait_until(look, f"another picture for {name}")
        return found[-1]

    def wait_icon(self, item, name):
        wait_until(lambda: turn() or item.get("IconName") == f"{WINDOW}-{name}-symbolic",
                   f"the icon “{name}”")

    def states(self, dark):
        """Each state is another picture."""
        mode = "dark" if dark else "light"
        login = self.desktop.add_app("login")
        self.desktop.control("lifetimes", {"family": "login", "access": 7200,
                                           "refresh": 30 * 86400})
        connection = self.desktop.connect(login)
        self.start_panel(dark)
        item = self.panel.wait_item()
        self.wait_icon(item, "fine")
        seen = {"fine": self.icon(f"{mode}-fine")}
        self.set(paused=GLib.Variant("b", True))
        self.wait_icon(item, "paused")
        seen["paused"] = self.icon(f"{mode}-paused", seen.values())
        self.set(paused=GLib.Variant("b", False))
        self.desktop.control("lifetimes", {"family": "login", "access": 7200, "refresh": 3 * 86400})
        self.desktop.connect(connection, command="reconnect")
        self.wait_icon(item, "ending")
        seen["ending"] = self.icon(f"{mode}-ending", seen.values())
        self.desktop.control("revoke", {"family": "login"})
        self.desktop.ctl("verify", connection)
        self.wait_icon(item, "attention")
        seen["attention"] = self.icon(f"{mode}-attention", seen.values())
        self.assertEqual(len(set(seen.values())), 4, "two states look the same")
        self.panel.open_menu()
        self.shot(f"{mode}-menu")
        return connection

    def test_light(self):
        self.states(False)

    def test_dark(self):
        self.states(True)

    def test_menu_does_it(self):
        """Lines are pressed with the mouse, and what they say happens."""
        self.desktop.add_app("login")
        connection = self.desktop.connect("login")
        ads = self.desktop.add_app("ads")
        dead = self.desktop.connect(ads)
        self.desktop.control("revoke", {"family": "ads"})
        self.desktop.ctl("verify", dead)
        self.start_panel()
        item = self.panel.wait_item()
        self.wait_icon(item, "attention")

        self.panel.choose_until(item, "_Pause Everything",
                                lambda: self.desktop.agent_property("Settings")["paused"],
                                "the pause")
        self.panel.open_menu()
        self.shot("menu-paused")
        self.panel.choose_until(item, "_Pause Everything",
                                lambda: not self.desktop.agent_property("Settings")["paused"],
                                "the end of it")

        before = self.generation(connection)
        self.panel.choose_until(item, "_Renew All",
                                lambda: self.generation(connection) > before,
                                "the renewal")

        self.assertFalse(self.desktop.has_owner(WINDOW))
        self.panel.choose_until(item, "_Open Latchkey",
                                lambda: self.desktop.has_owner(WINDOW),
                                "the window")
        pid = self.desktop.owner_pid(WINDOW)
        self.shot("window")

        agent = self.desktop.owner_pid()
        self.panel.choose(item, "_Quit")
        wait_until(lambda: has_ended(agent), "the agent to end", 30)
        wait_until(lambda: has_ended(pid), "the window to end", 30)
        self.assertFalse(self.desktop.has_owner(AGENT))

    def test_reconnect_from_menu(self):
        """The line of a connection leads to that connection, in a window that was not there."""
        self.desktop.add_app("login")
        connection = self.desktop.connect("login")
        self.desktop.control("revoke", {"family": "login"})
        self.desktop.ctl("verify", connection)
        self.start_panel()
        item = self.panel.wait_item()
        self.wait_icon(item, "attention")
        name = self.desktop.ctl_ok("show", connection, "--json").json()["name"]
        before = self.generation(connection)
        self.panel.choose(item, f"Reconnect “{name}”…")
        wait_until(lambda: self.desktop.has_owner(WINDOW), "the window", 30)
        wait_until(lambda: self.generation(connection) > before, "the sign-in", 30)
        self.wait_icon(item, "fine")
        self.shot("reconnect")
        listed = self.desktop.ctl_ok("list", "--json").json()
        self.assertEqual([found["id"] for found in listed], [connection])

    def test_click_and_panel_restart(self):
        """A click opens the window; a panel that was killed finds the icon again."""
        self.desktop.add_app("login")
        self.desktop.connect("login")
        self.start_panel()
        self.panel.wait_item()
        self.icon("before-restart")
        self.panel.process.kill()
        self.desktop.stop(self.panel.process)
        wait_until(lambda: not self.desktop.has_owner(KDE), "the panel to be gone")
        self.panel.start()
        item = self.panel.wait_item()
        self.icon("after-restart")
        self.set(tray=GLib.Variant("b", False))
        wait_until(lambda: not self.panel.registered(), "the icon to go")
        self.icon("not-wanted", drawn=False)
        self.set(tray=GLib.Variant("b", True))
        item = self.panel.wait_item()
        self.icon("wanted")
        self.assertEqual(item.get("Id"), "latchkey")
        self.panel.click_icon(1)
        wait_until(lambda: self.desktop.has_owner(WINDOW), "the window", 30)

    def generation(self, connection):
        return self.desktop.ctl_ok("show", connection, "--json").json()["generation"]


if __name__ == "__main__":
    unittest.main()
