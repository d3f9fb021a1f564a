#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the pictures of data/screenshots anew: the real window, the offline TikTok, and connections in
each state. Windows keep their shadow and round corners, on nothing.

    screenshots.py --build FOLDER --to data/screenshots"""

import argparse
import json
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from desktop import Desktop, wait_until  # noqa: E402
from gallery import ANALYST, DAY, PASTED, WINDOW  # noqa: E402
from gi.repository import GLib  # noqa: E402

# Behind everything, white or black; each signal changes it.
WALL = """
import signal, gi
gi.require_version("Gtk", "4.0")
from gi.repository import Gdk, GLib, Gtk
Gtk.init()
provider = Gtk.CssProvider()
Gtk.StyleContext.add_provider_for_display(Gdk.Display.get_default(), provider, 900)
paint = lambda colour: provider.load_from_data(b"window { background: %s; }" % colour) or True
paint(b"white")
GLib.unix_signal_add(0, signal.SIGUSR1, paint, b"white")
GLib.unix_signal_add(0, signal.SIGUSR2, paint, b"black")
window = Gtk.Window(decorated=False, title="wall")
window.fullscreen()
window.present()
GLib.MainLoop().run()
"""


class Studio:
    """A desktop that draws shadows, and a wall to see them on."""

    def __init__(self, desktop, folder):
        self.desktop, self.folder = desktop, folder
        # Only the window is to be seen on the accessibility bus.
        mute = ["env", "GTK_A11Y=none", "NO_AT_BRIDGE=1"]
        desktop.spawn([*mute, "xfwm4", "--compositor=on"], "xfwm4.log")
        self.wall = desktop.spawn([*mute, "/usr/bin/python3", "-c", WALL], "wall.log")
        wait_until(lambda: self.search("wall"), "the wall")

    def search(self, name):
        return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", name],
                              env=self.desktop.env, text=True, capture_output=True,
                              check=False).stdout.split()

    def convert(self, *arguments):
        subprocess.run(["convert", *arguments], check=True, timeout=60)

    def shoot(self, window, name):
        """How much of the wall shines through tells how transparent each point is."""
        # Away from the edges, which would cut the shadow.
        window.xdotool("windowmove", "--sync", window.ids()[-1], 150, 120, "windowraise",
                       window.ids()[-1])
        shots = []
        for colour, number in (("white", signal.SIGUSR1), ("black", signal.SIGUSR2)):
            self.wall.send_signal(number)
            window.settle()
            shots.append(self.desktop.path(colour + ".png"))
            subprocess.run(["import", "-window", "root", shots[-1]], env=self.desktop.env, check=True,
                           timeout=60)
        white, black = shots
        alpha = self.desktop.path("alpha.png")
        self.convert(white, black, "-compose", "difference", "-composite", "-colorspace", "gray",
                     "-negate", alpha)
        self.convert(black, alpha, "-alpha", "off", "-compose", "CopyOpacity", "-composite",
                     "-channel", "RGB", "-fx", "a > 0 ? u / a : 0", "+channel", "-trim",
                     "+repage", "-strip", "-define", "png:color-type=6", "-define",
                     "png:exclude-chunks=date",
                     os.path.join(self.folder, name + ".png"))


def prepare(world):
    """Connections as an agency has them: one withdrawn, one that ends soon, three that are fine."""
    world.add_app("ads", name="Nordwind Ads")
    world.add_app("login", name="Nordwind Posting")
    withdrawn = world.connect("Nordwind Ads", user=2)
    world.ctl_ok("rename", withdrawn, "Harbour Coffee")
    world.control("revoke", {"family": "ads", "user": 2})
    world.ctl("verify", withdrawn)
    ads = world.connect("Nordwind Ads", user=1)
    world.ctl_ok("rename", ads, "Fernhill")
    world.control("lifetimes", {"family": "login", "access": 7200, "refresh": 4 * DAY})
    world.ctl_ok("rename", world.connect("Nordwind Posting", user=3), "@kitchen.lab")
    world.control("lifetimes", {"family": "login", "access": 7200, "refresh": 151 * DAY})
    world.ctl_ok("rename", world.connect("Nordwind Posting", user=1), "@fernhill.outdoor")
    world.ctl_ok("rename", world.connect("Nordwind Posting", user=2), "@harbour.coffee")
    return ads


def refuse(world, ads):
    """Two calls of a program, one of them not permitted."""
    world.ctl("call", ads, "GET", "campaign/get/", "--query", f"advertiser_id={ANALYST}")
    world.ctl("call", ads, "POST", "campaign/update/", "--data", json.dumps(
        {"advertiser_id": ANALYST, "campaign_id": "1", "campaign_name": "Winter Sale"}))


def take(desktop, studio):
    ads = prepare(desktop)
    for scheme, suffix in ((None, ""), ("prefer-dark", "-dark")):
        window = desktop.open(scheme=scheme)
        window.wait_for("1 connection needs you.")
        studio.shoot(window, "connections" + suffix)
        window.close()
    window = desktop.open(scheme="prefer-light")
    window.press("Diagnose")
    window.type_into("Paste an error", PASTED)
    window.wait_for("What to Do")
    studio.shoot(window, "diagnose")
    window.press("Connections")
    refuse(desktop, ads)
    window.wait_for("2 connections need you.")
    desktop.call("/" + WINDOW.replace(".", "/"), "org.freedesktop.Application", "ActivateAction",
                 GLib.Variant("(sava{sv})", ("show-connection", [GLib.Variant("s", ads)], {})), WINDOW)
    window.wait_for("Fix Permission…", 40)
    window.press("Fix Permission…")
    window.wait_for("Raise the role, now")
    window.wait_for("Open This Page")
    studio.shoot(window, "wizard")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--to", required=True)
    options = parser.parse_args()
    os.environ["LATCHKEY_BUILD_DIR"] = os.path.abspath(options.build)
    os.makedirs(options.to, exist_ok=True)
    with Desktop() as desktop:
        take(desktop, Studio(desktop, os.path.abspath(options.to)))


if __name__ == "__main__":
    sys.exit(main())
