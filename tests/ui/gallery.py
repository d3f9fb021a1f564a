# SPDX-License-Identifier: GPL-3.0-or-later
"""A walk through the main pages and dialogs of the window, in whatever language and look it has.

    gallery = Gallery(desktop)
    for page in gallery.walk(window):
        window.shoot(page + ".png")
"""

import contextlib
import json

from desktop import wait_until
from gi.repository import GLib

WINDOW = "io.github.latchkey_app.Latchkey"
DAY = 86400
ANALYST = "7000000000000000003"
PASTED = """HTTP/2 200
content-type: application/json

{"code": 40100, "message": "Too many requests. Please retry in some time.",
 "request_id": "20261121140211010190005015AAAAAA"}
"""
NEEDS, REFUSED, ENDS, FINE = "Harbour Coffee", "Fernhill", "@kitchen.lab", "@fernhill.outdoor"


class Gallery:
    def __init__(self, desktop, size=None):
        """Connections as an agency has them: one withdrawn, one that a program was refused with, one that
        ends soon, one that is fine. @size: of dialogs, for others than they choose themselves."""
        self.desktop, self.size = desktop, size
        desktop.add_app("ads", name="Nordwind Ads")
        desktop.add_app("login", name="Nordwind Posting")
        withdrawn = desktop.connect("Nordwind Ads", user=2)
        desktop.ctl_ok("rename", withdrawn, NEEDS)
        desktop.control("revoke", {"family": "ads", "user": 2})
        desktop.ctl("verify", withdrawn)
        self.refused = desktop.connect("Nordwind Ads", user=1)
        desktop.ctl_ok("rename", self.refused, REFUSED)
        desktop.control("lifetimes", {"family": "login", "access": 7200, "refresh": 4 * DAY})
        desktop.ctl_ok("rename", desktop.connect("Nordwind Posting", user=3), ENDS)
        desktop.control("lifetimes", {"family": "login", "access": 7200, "refresh": 151 * DAY})
        self.fine = desktop.connect("Nordwind Posting", user=1)
        desktop.ctl_ok("rename", self.fine, FINE)
        desktop.ctl("call", self.refused, "GET", "campaign/get/", "--query",
                    f"advertiser_id={ANALYST}")
        desktop.ctl("call", self.refused, "POST", "campaign/update/", "--data", json.dumps(
            {"advertiser_id": ANALYST, "campaign_id": "1", "campaign_name": "Winter Sale"}))
        desktop.ctl_ok("token", self.fine)

    def do(self, action, *parameters):
        self.desktop.call("/" + WINDOW.replace(".", "/"), "org.freedesktop.Application",
                          "ActivateAction", GLib.Variant("(sava{sv})", (action, list(parameters), {})),
                          WINDOW)

    def toplevels(self, window):
        return len(window.application().children)

    @contextlib.contextmanager
    def dialog(self, window, opens, key="Escape"):
        """Something in a window of its own, which @key closes."""
        before = self.toplevels(window)
        opens()
        wait_until(lambda: self.toplevels(window) > before, "the dialog")
        window.at_rest()
        if self.size is not None:
            window.resize(*self.size, number=-1)
        yield
        window.key(key)
        wait_until(lambda: self.toplevels(window) == before, "the dialog to close")
        window.at_rest()

    def walk(self, window):
        """Goes from page to page; gives the name of each while it shows."""
        window.wait_for(NEEDS)
        yield "connections"
        yield from self._connection(window)
        yield from self._pages(window)
        yield from self._dialogs(window)

    def _show(self, window, connection, words):
        self.do("show-connection", GLib.Variant("s", connection))
        window.wait_for(words)

    def _back(self, window, words):
        window.press("Back")
        window.wait_for(words)

    def _back_to_list(self, window):
        window.press("Back")
        window.wait_gone("Last 30 Days")
        window.wait_for(NEEDS)
        window.at_rest()

    def _connection(self, window):
        self._show(window, self.refused, "Fix Permission…")
        yield "connection"
        window.press("Details")
        window.wait_for("What Latchkey Asked")
        yield "finding"
        with self.dialog(window, lambda: window.press("Support Bundle…")):
            yield "support-bundle"
        self._back(window, "Fix Permission…")
        window.press("Fix Permission…")
        window.wait_for("Open This Page")
        yield "wizard"
        with self.dialog(window, lambda: window.press("Ask the Admin…")):
            yield "ask-the-admin"
        self._back(window, "Last 30 Days")
        window.press("More for This Connection")
        with self.dialog(window, lambda: window.press("Rename…")):
            yield "rename"
        self._back_to_list(window)
        self._show(window, self.fine, "Last 30 Days")
        yield "connection-fine"
        self._back_to_list(window)

    def _pages(self, window):
        window.press("Activity")
        window.wait_for("Search what happened")
        window.wait_for(REFUSED)
        yield "activity"
        window.press("Refusals")
        window.wait_for("As a Table")
        yield "refusals"
        window.press("Coming Ends")
        window.wait_for(ENDS)
        yield "coming-ends"
        window.press("Diagnose")
        window.type_into("Paste an error: a reply, a log line, a curl output, an address", PASTED)
        window.wait_for("What to Do")
        yield "diagnose"
        window.press("Connections")
        window.wait_for(NEEDS)

    def _dialogs(self, window):
        with self.dialog(window, lambda: self.do("connect")):
            window.wait_for("Your Developer Apps")
            yield "connect"
        with self.dialog(window, lambda: self.do("preferences")):
            for page in ("General", "Warnings", "Checks", "Programs"):
                window.press(page)
                yield "preferences-" + page.lower()
        with self.dialog(window, lambda: self._menu(window, "Back Up or Move…")):
            yield "back-up"
        with self.dialog(window, lambda: self._menu(window, "Keyboard Shortcuts")):
            yield "shortcuts"
        with self.dialog(window, lambda: self._menu(window, "About Latchkey")):
            yield "about"
        with self.dialog(window, lambda: window.key("F1"), "ctrl+w"):
            yield "help"

    def _menu(self, window, item):
        window.press("Main Menu")
        window.press(item)
