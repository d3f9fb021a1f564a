# SPDX-License-Identifier: GPL-3.0-or-later
"""A world with a display: a virtual X server, accessibility, a pretend browser, and the real window,
driven through AT-SPI as an assistive technology would, and seen in screenshots.

    with Desktop() as desktop:
        window = desktop.open()
        window.press("Try It Without an Account")
"""

import contextlib
import os
import subprocess
import textwrap
import time

import gi

from world import World, wait_until

gi.require_version("Atspi", "2.0")
from gi.repository import GLib  # noqa: E402

A11Y_SERVICE = "/usr/share/dbus-1/services/org.a11y.Bus.service"
SCREEN = "1280x900x24"

# Follows a sign-in's address like a person who allows everything; a file steers it.
BROWSER = """\
#!/usr/bin/python3
import os, sys, urllib.request
with open({log!r}, "a") as log:
    log.write(sys.argv[1] + "\\n")
mode = open({mode!r}).read().strip() if os.path.exists({mode!r}) else "allow"
if mode != "hold" and "/auth" in sys.argv[1]:
    extra = "" if mode == "allow" else "&" + mode
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({{}}))
    try:
        opener.open(sys.argv[1] + "&auto_consent=1" + extra, timeout=30).read()
    except OSError as error:
        print(error, file=sys.stderr)
"""


class Desktop(World):
    """The world's display and browser. One at a time in a process: accessibility has one bus."""

    def __init__(self, **options):
        self.xvfb = None
        self.window = None
        self._start_display()
        environment = dict(options.pop("agent_env", None) or {})
        services = [*options.pop("services", ())]
        if os.path.exists(A11Y_SERVICE):
            services.append(A11Y_SERVICE)
        try:
            super().__init__(services=services, agent_env=environment, **options)
        except BaseException:
            self._stop_display()
            raise
        self.env.update({"DISPLAY": self.display, "GSK_RENDERER": "cairo", "GDK_BACKEND": "x11",
                         "GTK_A11Y": "atspi", "NO_AT_BRIDGE": "0"})
        self.env.pop("G_MESSAGES_DEBUG", None)
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = self.env["DBUS_SESSION_BUS_ADDRESS"]
        self.spawn(["/usr/libexec/at-spi-bus-launcher", "--launch-immediately"], "a11y.log")
        wait_until(lambda: self.has_owner("org.a11y.Bus"), "the accessibility bus")
        self._install_browser()
        os.makedirs(self.path("config", "gtk-4.0"), exist_ok=True)
        with open(self.path("config", "gtk-4.0", "settings.ini"), "w", encoding="utf-8") as file:
            file.write("[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=false\n")

    def _start_display(self):
        read, write = os.pipe()
        self.xvfb = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN,
                                      "-nolisten", "tcp", "-noreset"], pass_fds=[write],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                     start_new_session=True)
        os.close(write)
        with os.fdopen(read) as file:
            number = file.readline().strip()
        if not number:
            raise AssertionError("the virtual display did not start")
        self.display = ":" + number
        os.environ["DISPLAY"] = self.display
        os.environ.pop("WAYLAND_DISPLAY", None)

    def _stop_display(self):
        if self.xvfb is not None:
            self.xvfb.terminate()
            self.xvfb.wait()
            self.xvfb = None

    def _install_browser(self):
        folder = self.path("data", "applications")
        os.makedirs(folder, exist_ok=True)
        script = self.path("browser")
        with open(script, "w", encoding="utf-8") as file:
            file.write(BROWSER.format(log=self.path("browser.log"), mode=self.path("browser.mode")))
        os.chmod(script, 0o700)
        with open(os.path.join(folder, "pretend-browser.desktop"), "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(f"""\
                [Desktop Entry]
                Type=Application
                Name=Pretend Browser
                Exec={script} %u
                MimeType=x-scheme-handler/http;x-scheme-handler/https;
                """))
        with open(self.path("config", "mimeapps.list"), "w", encoding="utf-8") as file:
            file.write("[Default Applications]\n"
                       "x-scheme-handler/http=pretend-browser.desktop\n"
                       "x-scheme-handler/https=pretend-browser.desktop\n")

    def browse(self, mode):
        """What the browser does from now on: "allow", "hold" (only opens), or words for the query
        of the consent, such as "deny=1"."""
        with open(self.path("browser.mode"), "w", encoding="utf-8") as file:
            file.write(mode)

    def visited(self):
        with contextlib.suppress(FileNotFoundError):
            return self.log("browser.log").split()
        return []

    def open(self, scheme=None, size=None, options=()):
        """Starts the window and waits for it."""
        if scheme is not None:
            self.env["ADW_DEBUG_COLOR_SCHEME"] = scheme
        self.window = Window(self, size, options)
        return self.window

    def close(self):
        if self.window is not None:
            self.window.close()
        try:
            super().close()
        finally:
            self._stop_display()


def plain(name):
    """A name without the underscores of mnemonics."""
    return (name or "").replace("_", "")


class Window:
    """The running window, as seen through accessibility."""

    def __init__(self, desktop, size=None, options=()):
        from gi.repository import Atspi
        self.atspi = Atspi
        self.desktop = desktop
        Atspi.init()
        program = os.path.join(desktop.build, "src", "app", "latchkey")
        self.process = desktop.spawn([program, *options], "window.log")
        wait_until(self.application, "the window on the accessibility bus", 30)
        self.wait_for("Main Menu")
        if size is not None:
            self.resize(*size)

    def close(self):
        if self.process.poll() is None:
            self.desktop.stop(self.process)

    # What is there

    def application(self):
        # Nothing here runs a main loop for long, so nothing may be remembered either.
        while GLib.MainContext.default().iteration(False):
            pass
        desktop = self.atspi.get_desktop(0)
        desktop.set_cache_mask(self.atspi.Cache.NONE)
        for index in range(desktop.get_child_count()):
            with contextlib.suppress(Exception):
                child = desktop.get_child_at_index(index)
                if child is not None and child.get_process_id() == self.process.pid:
                    child.set_cache_mask(self.atspi.Cache.NONE)
                    return child
        return None

    def walk(self, node=None):
        """Everything that is presented, depth first; the pages of a stack that do not show are
        not."""
        node = node or self.application()
        if node is None:
            return
        stack = [node]
        while stack:
            node = stack.pop()
            children = []
            try:
                yield node
                children = [node.get_child_at_index(index)
                            for index in range(node.get_child_count())]
            except Exception:  # it went away while we looked
                continue
            stack += [child for child in reversed(children) if child is not None]

    def each_text(self):
        """What a person can read now, from the top; each question goes over the bus."""
        for node in self.walk():
            texts = []
            with contextlib.suppress(Exception):
                name = node.get_name()
                if name:
                    texts.append(plain(name))
                if node.get_role() in (self.atspi.Role.TEXT, self.atspi.Role.ENTRY):
                    length = self.atspi.Text.get_character_count(node)
                    texts.append(self.atspi.Text.get_text(node, 0, min(length, 4000)))
            yield from texts

    def texts(self):
        return list(self.each_text())

    def find(self, name, role=None, exact=True):
        for node in self.walk():
            with contextlib.suppress(Exception):
                label = plain(node.get_name())
                if (label == name if exact else name in label) \
                        and (role is None or node.get_role_name() == role):
                    return node
        return None

    def focused(self):
        """The name of what has the keyboard."""
        for node in self.walk():
            with contextlib.suppress(Exception):
                if node.get_state_set().contains(self.atspi.StateType.FOCUSED):
                    return plain(node.get_name())
        return None

    def reads(self, words):
        """Whether @words stand somewhere."""
        return any(words in text for text in self.each_text())

    def wait_for(self, words, seconds=20):
        try:
            return wait_until(lambda: self.reads(words), f"“{words}” in the window", seconds)
        except AssertionError as error:
            shown = " | ".join(text for text in self.texts() if text)
            raise AssertionError(f"{error}; it shows: {shown}") from None

    def wait_gone(self, words, seconds=20):
        return wait_until(lambda: not self.reads(words), f"“{words}” to go", seconds)

    # What can be done

    def press(self, name, exact=True, seconds=20):
        """Presses the button of that name."""
        roles = ("push button", "toggle button", "radio button", "menu item", "button", "tab",
                 "page tab", "check box")

        def pressable():
            for node in self.walk():
                with contextlib.suppress(Exception):
                    label = plain(node.get_name())
                    if (label in (name, f"{name} {name}") if exact else name in label) \
                            and node.get_role_name() in roles \
                            and self.atspi.Action.get_n_actions(node) > 0 \
                            and node.get_state_set().contains(self.atspi.StateType.SENSITIVE):
                        return node
            return None

        node = wait_until(pressable, f"the button “{name}”", seconds)
        self.atspi.Action.do_action(node, 0)
        return node

    def activate(self, name, exact=False, seconds=20):
        """Clicks on a row."""
        def row():
            for node in self.walk():
                with contextlib.suppress(Exception):
                    if node.get_role_name() in ("list item", "table row") \
                            and (name == node.get_name() if exact else name in self._inside(node)):
                        return node
            return None

        node = wait_until(row, f"the row “{name}”", seconds)
        self.click(node)
        return node

    def click(self, node):
        """Clicks into the middle of something in the newest window, by its place in there."""
        box = self.atspi.Component.get_extents(node, self.atspi.CoordType.WINDOW)
        self.xdotool("mousemove", "--window", self.ids()[-1], box.x + box.width // 2,
                     box.y + box.height // 2, "click", "1")

    def _inside(self, node):
        return " ".join(child.get_name() or "" for child in self.walk(node))

    def type_into(self, name, text, seconds=20):
        """Puts text into the field of that name."""
        def field():
            for node in self.walk():
                with contextlib.suppress(Exception):
                    if node.get_role_name() in ("text", "entry", "password text") \
                            and name in (node.get_name() or ""):
                        return node
            return None

        node = wait_until(field, f"the field “{name}”", seconds)
        self.atspi.EditableText.set_text_contents(node, text)
        return node

    def key(self, *keys):
        self.xdotool("key", "--clearmodifiers", *keys)

    def ids(self):
        """X windows of the program, the newest last."""
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid",
                                str(self.process.pid)], env=self.desktop.env, text=True,
                               capture_output=True, check=False)
        return sorted(found.stdout.split(), key=int)

    def xdotool(self, *arguments):
        """With the newest window in focus: there is no window manager to do it."""
        found = self.ids()
        if found:
            subprocess.run(["xdotool", "windowfocus", "--sync", found[-1]], env=self.desktop.env,
                           check=False, capture_output=True, timeout=10)
        subprocess.run(["xdotool", *map(str, arguments)], env=self.desktop.env, check=True,
                       capture_output=True, timeout=20)

    def resize(self, width, height):
        found = self.ids()
        subprocess.run(["xdotool", "windowsize", "--sync", found[0], str(width), str(height)],
                       env=self.desktop.env, check=False, capture_output=True, timeout=20)

    def settle(self, seconds=0.6):
        """Lets layout and drawing come to rest before a picture; no test depends on it."""
        self.xdotool("mousemove", 1279, 899)
        time.sleep(seconds)

    def shoot(self, path):
        """A picture of the newest window alone."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        found = self.ids()
        subprocess.run(["import", "-window", found[-1] if found else "root", path],
                       env=self.desktop.env, check=True, capture_output=True, timeout=30)
