# SPDX-License-Identifier: GPL-3.0-or-later
"""A real notification daemon, dunst, on a Desktop: what it was given, what is on show, and pressing a
button of it. A button is chosen as a person does it there, in the menu of actions."""

import contextlib
import json
import os
import subprocess

import gi

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf  # noqa: E402

from world import wait_until  # noqa: E402

NAME = "org.freedesktop.Notifications"
ICONS = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "data", "icons",
                                     "hicolor", "scalable", "apps"))
ICON = "io.github.latchkey_app.Latchkey"
CONFIG = """\
[global]
    width = 380
    height = 300
    origin = top-right
    offset = 16x16
    notification_limit = 12
    font = Cantarell 11
    markup = full
    format = "<b>%s</b>\\n%b"
    word_wrap = yes
    ellipsize = end
    show_indicators = no
    stack_duplicates = no
    icon_position = left
    icon_path = {icons}
    min_icon_size = 32
    max_icon_size = 32
    padding = 12
    horizontal_padding = 12
    corner_radius = 10
    frame_width = 1
    frame_color = "#c0bfbc"
    separator_color = frame
    sort = no
    history_length = 100
    dmenu = {menu}
    mouse_left_click = do_action, close_current
    mouse_middle_click = close_current
    mouse_right_click = context

[urgency_low]
    background = "#ffffff"
    foreground = "#1e1e1e"
    timeout = 0

[urgency_normal]
    background = "#ffffff"
    foreground = "#1e1e1e"
    timeout = 0

[log]
    summary = "*"
    script = {script}
"""
# Each is one that was shown, also in the place of another.
SCRIPT = """#!/usr/bin/python3
import json, os
line = json.dumps([int(os.environ["DUNST_ID"]), os.environ["DUNST_SUMMARY"], os.environ["DUNST_BODY"]])
with open({log!r}, "a") as log:
    log.write(line + "\\n")
"""
# The menu: what it offers is kept, and the line that was asked for is chosen.
MENU = """#!/usr/bin/python3
import os, sys
lines = sys.stdin.read().splitlines()
wanted = open({wanted!r}).read().splitlines()
with open({offered!r} + ".new", "w") as file:
    file.write("\\n".join(lines) + "\\n")
os.rename({offered!r} + ".new", {offered!r})
for line in lines:
    if wanted and all(word in line for word in wanted):
        print(line)
        break
"""


class Dunst:
    def __init__(self, desktop):
        self.desktop = desktop
        self.log, self.wanted = desktop.path("dunst.told"), desktop.path("dunst.wanted")
        self.offered = desktop.path("dunst.offered")
        script = self._program("dunst-told", SCRIPT.format(log=self.log))
        menu = self._program("dunst-menu", MENU.format(wanted=self.wanted, offered=self.offered))
        icons = desktop.path("dunst-icons")
        os.makedirs(icons)
        # Dunst 1.9 does not read our SVG.
        icon = GdkPixbuf.Pixbuf.new_from_file_at_size(os.path.join(ICONS, ICON + ".svg"), 32, 32)
        icon.savev(os.path.join(icons, ICON + ".png"), "png", [], [])
        self.config = desktop.path("config", "dunstrc")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(menu=menu, script=script, icons=icons))
        self.start()

    def _program(self, name, text):
        path = self.desktop.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o700)
        return path

    def start(self):
        self.process = self.desktop.spawn(["dunst", "-config", self.config], "dunst.log",
                                          env=self.desktop.tool_env())
        wait_until(lambda: self.desktop.has_owner(NAME), "the notification daemon")

    def kill(self):
        self.process.kill()
        self.desktop.stop(self.process)
        wait_until(lambda: not self.desktop.has_owner(NAME), "the notification daemon to be gone")

    def ctl(self, *arguments):
        return subprocess.run(["dunstctl", *arguments], env=self.desktop.tool_env(), text=True,
                              capture_output=True, check=True, timeout=20).stdout.strip()

    # What it shows

    def count(self):
        return int(self.ctl("count", "displayed"))

    def told(self):
        """(number, title, text) of each that it was given, oldest first."""
        with contextlib.suppress(FileNotFoundError):
            return [tuple(json.loads(line)) for line in self.desktop.log("dunst.told").splitlines()]
        return []

    def closed(self):
        """Numbers of those that it shows no more, by its own memory."""
        entries = json.loads(self.ctl("history"))["data"][0]
        return [entry["id"]["data"] for entry in entries]

    def find(self, words):
        """Number, title and text of the newest that says so and is on show."""
        told = {number: (number, title, text) for number, title, text in self.told()}
        closed = self.closed()
        for number, title, text in reversed(list(told.values())):
            if number not in closed and words in f"{title}\n{text}":
                return number, title, text
        return None

    def wait_for(self, words, seconds=40):
        return wait_until(lambda: self.find(words), f"a notification “{words}”; there are "
                          f"{self.told()}", seconds)

    def wait_gone(self, seconds=30):
        """Until nothing is on show."""
        wait_until(lambda: self.count() == 0, "the notifications to go", seconds)

    # What a person does with it

    def _choose(self, *words):
        """Opens the menu and chooses the line that holds all of @words; gives all lines."""
        with open(self.wanted, "w", encoding="utf-8") as file:
            file.write("\n".join(words))
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.offered)
        self.ctl("context")
        wait_until(lambda: os.path.exists(self.offered), "the menu of actions")
        with open(self.offered, encoding="utf-8") as file:
            return file.read().splitlines()

    def press(self, title, label):
        """Presses that button of the notification with that title; gives the menu's lines, each a
        label and a title."""
        lines = self._choose(label, title)
        if not any(label in line and title in line for line in lines):
            raise AssertionError(f"no “{label}” of “{title}” among {lines}")
        return lines

    def click(self):
        """With the mouse, on the one that is on show."""
        x, y, width, height = self.box()
        subprocess.run(["xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "click",
                        "1"], env=self.desktop.env, check=True, capture_output=True, timeout=20)

    def _window(self):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "Dunst"],
                               env=self.desktop.env, text=True, capture_output=True, check=False)
        return found.stdout.split()

    def box(self):
        window = wait_until(self._window, "the pop-up")[-1]
        text = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window],
                              env=self.desktop.env, text=True, capture_output=True,
                              check=True).stdout
        values = dict(line.split("=") for line in text.splitlines() if "=" in line)
        return [int(values[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")]

    def picture(self, path):
        """A picture of the pop-ups."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        window = wait_until(self._window, "the pop-up")[-1]
        subprocess.run(["import", "-window", window, path], env=self.desktop.env, check=True,
                       capture_output=True, timeout=30)
        return path
