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

from gi.repository import GLib

import translations
from accessible import GONE, Accessibility
from world import World, wait_until

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
    """The world's display, accessibility and browser."""

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
        self.spawn(["/usr/libexec/at-spi-bus-launcher", "--launch-immediately"], "a11y.log")
        wait_until(lambda: self.has_owner("org.a11y.Bus"), "the accessibility bus")
        self.accessibility = Accessibility(self)
        self.words = {}
        self._install_browser()
        self.set_look()

    def set_look(self, scale=1.0):
        """How windows that are opened from now on are drawn; @scale: of all letters, as “Large Text” of
        the desktop does it."""
        os.makedirs(self.path("config", "gtk-4.0"), exist_ok=True)
        with open(self.path("config", "gtk-4.0", "settings.ini"), "w", encoding="utf-8") as file:
            file.write("[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=false\n")
        subprocess.run(["xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER",
                        f"Xft.dpi:\t{96 * scale:g}\n"], env=self.env, check=True, timeout=20)

    def speak(self, name):
        """Programs started from now on speak the language of that name, such as "de_DE"; windows are
        driven by their English words all the same."""
        locales = translations.Locales(self.path("locales"), self.build)
        self.set_agent_env(**locales.environment(name))
        self.words = {plain(english): plain(text) for english, text in locales.words(name).items()}
        self.quit_agent()

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
        self.desktop = desktop
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

    def is_mine(self, pid):
        return pid == self.process.pid

    def application(self):
        """The root of all that it presents now; None when there is nothing. Services in this process
        get their turn."""
        while GLib.MainContext.default().iteration(False):
            pass
        bus = self.desktop.accessibility
        program = bus.find_program(self.is_mine)
        return bus.snapshot(program) if program is not None else None

    def walk(self):
        """Everything that is presented, depth first; the pages of a stack that do not show are
        not."""
        node = self.application()
        return node.walk() if node is not None else iter(())

    def each_text(self):
        """What a person can read now, from the top; what is written asks over the bus."""
        for node in self.walk():
            if node.name:
                yield plain(node.name)
            if node.role in ("text", "entry"):
                with contextlib.suppress(*GONE):
                    yield node.text

    def texts(self):
        return list(self.each_text())

    def said(self, words):
        """@words, which are English, in the language of the window."""
        return self.desktop.words.get(words, words)

    def find(self, name, role=None, exact=True):
        name = self.said(name)
        for node in self.walk():
            label = plain(node.name)
            if (label == name if exact else name in label) and role in (None, node.role):
                return node
        return None

    def focused(self):
        """The name of what has the keyboard."""
        for node in self.walk():
            if node.has("focused"):
                return plain(node.name)
        return None

    def reads(self, words):
        """Whether @words stand somewhere."""
        words = self.said(words)
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
        name = self.said(name)

        def pressed():
            for node in self.walk():
                label = plain(node.name)
                if (label in (name, f"{name} {name}") if exact else name in label) \
                        and node.role in roles and node.has("sensitive"):
                    with contextlib.suppress(*GONE):
                        if node.can_act:
                            node.act()
                            return node
            return None

        return wait_until(pressed, f"the button “{name}”", seconds)

    def activate(self, name, exact=False, seconds=20):
        """Clicks on a row."""
        name = self.said(name)

        def clicked():
            for node in self.walk():
                if node.role in ("list item", "table row") \
                        and (name == node.name if exact else name in self._inside(node)):
                    # A list that is filled anew has another row for it.
                    with contextlib.suppress(*GONE):
                        self.click(node)
                        return node
            return None

        return wait_until(clicked, f"the row “{name}”", seconds)

    def click(self, node):
        """Clicks into the middle of something in the newest window, by its place in there."""
        self.at_rest(node)
        x, y, width, height = node.box
        self.xdotool("mousemove", "--window", self.ids()[-1], x + width // 2, y + height // 2,
                     "click", "1")

    def at_rest(self, node=None):
        """Waits for dialogs that close to leave the display, and for the layout to put @node
        somewhere."""
        with contextlib.suppress(AssertionError):
            wait_until(lambda: len([found for found in self.ids() if not self.pops_up(found)])
                       == len(self.application().children), "the display to show what is there", 2)
        seen = [None, 0.0]

        def rests():
            """Where it was for some frames, as what is scrolled is not."""
            box = node.box
            if box != seen[0]:
                seen[:] = box, time.monotonic()
            return box[2] > 0 and time.monotonic() - seen[1] > 0.15

        if node is not None:
            wait_until(rests, f"a place for {node}")

    def _inside(self, node):
        return " ".join(child.name for child in node.walk())

    def type_into(self, name, text, seconds=20):
        """Puts text into the field of that name."""
        name = self.said(name)

        def typed():
            for node in self.walk():
                if node.role in ("text", "entry", "password text") and name in node.name:
                    with contextlib.suppress(*GONE):
                        node.set_text(text)
                        return node
            return None

        return wait_until(typed, f"the field “{name}”", seconds)

    def pops_up(self, number):
        """Whether that window is a menu or the like."""
        said = subprocess.run(["xwininfo", "-id", number], env=self.desktop.env, text=True,
                              capture_output=True, check=False).stdout
        return "Override Redirect State: yes" in said

    def key(self, *keys):
        self.at_rest()
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

    def resize(self, width, height, number=0):
        """The first window, or that of the @number. Nobody keeps the least size that it asks for."""
        found = self.ids()
        subprocess.run(["xdotool", "windowsize", "--sync", found[number], str(width), str(height)],
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
