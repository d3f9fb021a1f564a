# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop on which Latchkey is installed as a Flatpak: what tests/support does with a build folder it
does here with the installed application, through `flatpak run` and the files that Flatpak exports."""

import contextlib
import os
import shutil
import signal
import subprocess

from gi.repository import GLib

import portals
from accessible import GONE
from desktop import Desktop, Window, plain
from world import AGENT, MANAGER, wait_until

APP = "io.github.latchkey_app.Latchkey"
AGENT_PROGRAM = "/app/libexec/latchkey-agent"
PROGRAMS = {("app", "latchkey"): "latchkey", ("ctl", "latchkeyctl"): "latchkeyctl",
            ("simulator", "latchkey-simulator"): "latchkey-simulator",
            ("agent", "latchkey-agent"): AGENT_PROGRAM}
# What a sandbox speaks through.
PROXY = "xdg-dbus-proxy"
DIALOG = "^xdg-desktop-portal-gtk$"
XFCONF = "/usr/share/dbus-1/services/org.xfce.Xfconf.service"


def installation():
    return os.environ["FLATPAK_USER_DIR"]


def exports(*parts):
    return os.path.join(installation(), "exports", "share", *parts)


def make_programs(folder):
    """What a build folder has, each starting what is installed; translations are the installed."""
    os.symlink(os.path.join(installation(), "app", APP, "current", "active", "files", "share",
                            "locale"), os.path.join(folder, "po"))
    for (place, name), program in PROGRAMS.items():
        path = os.path.join(folder, "src", place, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nexec flatpak run --command={program} {APP} "$@"\n')
        os.chmod(path, 0o700)
    return folder


def children(pid):
    with contextlib.suppress(OSError):
        with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as file:
            return [int(child) for child in file.read().split()]
    return []


def words(pid):
    with contextlib.suppress(OSError):
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().decode(errors="replace").split("\0")
    return [""]


class SandboxWindow(Window):
    """Numbers of processes in a sandbox are its own; names tell."""

    def __init__(self, desktop, start=True):
        """@start: False for a window that somebody else has opened."""
        self.desktop = desktop
        if start:
            desktop.spawn([os.path.join(desktop.build, "src", "app", "latchkey")], "window.log")
        wait_until(self.ids, "the window on the display", 60)
        wait_until(self.application, "the window on the accessibility bus", 30)
        self.wait_for("Main Menu")

    def is_mine(self, pid):
        return PROXY in words(pid)[0]

    def each_text(self):
        """Newer GTK gives the words of labels and headings as their text, and not as their name."""
        for node in self.walk():
            with contextlib.suppress(*GONE):
                text = plain(node.name) or node.text
                if text:
                    yield text

    def ids(self):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "^latchkey$"],
                               env=self.desktop.env, text=True, capture_output=True, check=False)
        return sorted(found.stdout.split(), key=int)

    def close(self):
        self.desktop.quit_window()

    def pick(self, letter):
        """An item of the main menu, by its letter: newer GTK names those by a relation alone."""
        self.press("Main Menu")
        wait_until(lambda: any(node.role == "menu item" for node in self.walk()), "the main menu")
        self.key(letter)

    def choose(self, path):
        """In the dialog for files, which is the portal's and not the sandbox's. What is typed while it
        still fills itself is lost."""
        self.desktop.show_documents()
        wait_until(self.dialogs, "the portal's dialog")
        for _ in range(5):
            for command in (["windowfocus", "--sync", self.dialogs()[-1]], ["key", "ctrl+a"],
                            ["type", "--delay", "20", path], ["key", "Return"]):
                subprocess.run(["xdotool", *command], env=self.desktop.env, check=True, timeout=30)
            with contextlib.suppress(AssertionError):
                wait_until(lambda: not self.dialogs(), "the dialog to close", 3)
                return
        raise AssertionError(f"the portal's dialog does not take {path}")

    def dialogs(self):
        return subprocess.run(["xdotool", "search", "--onlyvisible", "--class", DIALOG],
                              env=self.desktop.env, text=True, capture_output=True,
                              check=False).stdout.split()


class FlatpakDesktop(Desktop):
    def __init__(self, folder, **options):
        """@folder: for what stands in for a build folder."""
        os.environ["LATCHKEY_BUILD_DIR"] = make_programs(folder)
        super().__init__(simulator=None, services=[*portals.services(), XFCONF], **options)
        portals.without_accessibility(self.path("services"))
        self.bus_call("ReloadConfig", None)
        self.background = portals.Background(self)

    def show_documents(self):
        """The portal names chosen files by where the session has them. In a session that is also where
        the sandbox has them; in this one it is in /tmp, and the sandbox has a /tmp of its own, which is
        gone with its last program."""
        inside = self.path("run", ".flatpak", APP, "tmp") + self.path("run").removeprefix("/tmp")
        os.makedirs(inside, exist_ok=True)
        if not os.path.lexists(os.path.join(inside, "doc")):
            os.symlink("/run/flatpak/doc", os.path.join(inside, "doc"))

    def use_host(self, build):
        """What @build made, installed on the host, in the place of the Flatpak."""
        self.end_agent()
        self.build = build
        os.unlink(self.path("services", APP + ".service"))
        super().wrap_agent(None)
        self.set_agent_env(GSETTINGS_SCHEMA_DIR=os.path.join(build, "data", "settings"))

    def use_flatpak(self):
        """What is installed, in the place of what was on the host."""
        self.end_agent()
        self.build = os.environ["LATCHKEY_BUILD_DIR"]
        self.set_agent_env(GSETTINGS_SCHEMA_DIR="")
        self.wrap_agent(None)
        self.bus_call("ReloadConfig", None)

    def speak(self, name):
        """The runtime that stands in has no language: the host's is laid where the sandbox sees it."""
        super().speak(name)
        inside = self.path("home", ".var", "app", APP, "locales")
        shutil.copytree(self.path("locales", "formats"), inside, dirs_exist_ok=True)
        self.set_agent_env(LOCPATH=inside)

    def end_agent(self):
        """As a person does it, in the panel."""
        if self.has_owner(AGENT):
            self.call(MANAGER, "io.github.latchkey_app.Latchkey.Agent1", "Quit")
            wait_until(lambda: not self.has_owner(AGENT), "the agent to end", 30)

    def _environment(self, extra):
        env = super()._environment(extra)
        portals.install(self.path("portals"))
        # The schema comes from the sandbox; the host has none.
        env.pop("GSETTINGS_SCHEMA_DIR")
        env.update({
            # Of ours alone: the bus's standard output, which Flatpak's own would fill, is not read.
            "G_MESSAGES_DEBUG": "lk-agent lk-vault lk-app",
            "XDG_CURRENT_DESKTOP": "GNOME", "XDG_DESKTOP_PORTAL_DIR": self.path("portals"),
            "FLATPAK_USER_DIR": installation(), "GSK_RENDERER": "cairo", "GTK_A11Y": "atspi",
            "XDG_DATA_DIRS": exports() + ":/usr/local/share:/usr/share"})
        return env

    def wrap_agent(self, wrapper):
        """The files that Flatpak exported, as the session bus of a real session finds them."""
        for name in os.listdir(exports("dbus-1", "services")):
            shutil.copy(exports("dbus-1", "services", name), self.path("services"))

    def open(self, scheme=None, size=None):
        if scheme is not None:
            self.env["ADW_DEBUG_COLOR_SCHEME"] = scheme
        self.window = SandboxWindow(self)
        return self.window

    def take_window(self):
        """The one that the desktop has opened."""
        self.window = SandboxWindow(self, start=False)
        return self.window

    def instances(self):
        """What runs in sandboxes of this session: command line and number of each process."""
        listed = subprocess.run(["flatpak", "ps", "--columns=child-pid"], env=self.tool_env(),
                                capture_output=True, text=True, check=True, timeout=20).stdout
        found, waiting = [], [int(line) for line in listed.split() if line.isdigit()]
        while waiting:
            pid = waiting.pop()
            found.append((words(pid), pid))
            waiting += children(pid)
        return found

    def pids(self, program):
        return [pid for command, pid in self.instances() if command[0] == program]

    def kill_agent(self, how=signal.SIGKILL):
        for pid in self.pids(AGENT_PROGRAM):
            os.kill(pid, how)
        wait_until(lambda: not self.has_owner(AGENT), "the agent to be gone", 30)

    def quit_window(self):
        if self.has_owner(APP):
            self.call("/" + APP.replace(".", "/"), "org.freedesktop.Application", "ActivateAction",
                      GLib.Variant("(sava{sv})", ("quit", [], {})), APP)
            wait_until(lambda: not self.has_owner(APP), "the window to be gone")

    def flatpak(self, *arguments, check=True, stdin=None):
        return subprocess.run(["flatpak", *arguments], env=self.tool_env(), capture_output=True,
                              text=True, check=check, timeout=300, input=stdin).stdout

    def close(self):
        with contextlib.suppress(Exception):
            self.quit_window()
        for _command, pid in reversed(self.instances()):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        super().close()
        # The document portal leaves its folder mounted.
        subprocess.run(["fusermount", "-uz", self.path("run", "doc")], capture_output=True,
                       check=False)
        shutil.rmtree(self.dir, ignore_errors=True)
