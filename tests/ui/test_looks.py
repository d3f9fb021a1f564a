#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every main page and dialog in other languages and looks: what is not translated, has no name for
assistive technology, is cut or out of the window. With LATCHKEY_SHOTS=FOLDER it leaves pictures there."""

import gettext
import os
import re
import sys
import unittest

import translations
from accessible import GONE
from desktop import plain
from gallery import WINDOW, Gallery
from gi.repository import GLib
from test_window import WindowCase

# High enough for all rows of the list: one that is scrolled away keeps the place that it last had.
WIDE, NARROW = (1000, 700), (360, 880)
# What a person or a program acts on.
ACTED_ON = ("push button", "toggle button", "check box", "radio button", "combo box", "text", "entry",
            "password text", "spin button", "slider", "list item", "menu item", "link", "page tab",
            "button", "switch")
# GTK gives what has no name the name of its class.
CLASS = re.compile(r"(Gtk|Adw|Lk)[A-Z]\w+")
# What nobody translates: names of accounts and apps, what a program or the provider said, numbers and
# signs, GTK's own buttons in the title bar, what is typed.
DATA = re.compile(
    r"TikTok (?:Ads|account|Login Kit|Shop)|Nordwind (?:Ads|Posting)|Latchkey|latchkey|Harbour Coffee"
    r"|Fernhill(?: Outdoor| Kids)?|@kitchen\.lab|@fernhill\.outdoor|Mira Holt|Jonas Okoye|TikTok"
    r"|simulator|Simulator|Mon|Tue|Wed|Thu|Fri|Sat|Sun|January|February|March|April|May|June|July"
    r"|August|September|October|November|December|\(?UTC\)?|latchkeyctl|HTTP|GET|POST|ctl|campaign"
    r"|request_id|[0-9a-f]{8}|[\w.+-]+/[\w./{}?=&-]+|https?:\S+|[a-z]+(?:[._][a-z]+)+|Ctrl|Alt|Shift"
    r"|Escape|F1|GPL|SQL")
# Windows of GTK's and libadwaita's own making, and a field in another.
TOOLKIT_PAGES = ("shortcuts", "about")
TOOLKIT_FIELD = "GtkSearchEntry"


def toolkit_words():
    """What GTK and libadwaita say, as patterns; they have no invented language."""
    words = set()
    for domain in ("gtk40", "libadwaita"):
        with open(f"/usr/share/locale/de/LC_MESSAGES/{domain}.mo", "rb") as file:
            for key in gettext.GNUTranslations(file)._catalog:
                if isinstance(key, str):
                    words.add(plain(re.sub(r"</?[a-z][^>]*>", "", key.rpartition("\x04")[2])))
    return re.compile("|".join(re.sub(r"%(?:\d\\\$)?[a-z]", ".*", re.escape(word)) for word in words))


def is_class(name):
    return CLASS.fullmatch(name) is not None


class TestLooks(WindowCase):
    def setUp(self):
        self.faults = []
        self.toolkit = toolkit_words()

    def _tell(self, desktop):
        """Letters from the font of another script can be higher in one line than GTK measured."""
        log = desktop.path("window.log")
        if os.path.exists(log):
            with open(log, encoding="utf-8", errors="replace") as file:
                lines = [line for line in file if "Expect overlapping widgets" not in line]
            with open(log, "w", encoding="utf-8") as file:
                file.writelines(lines)
        super()._tell(desktop)

    def fault(self, page, *words):
        self.faults.append(f"{page}: " + " ".join(str(word) for word in words))

    def walk(self, look, language=None, size=WIDE, checks=(), environment=None, **drawn):
        """All pages, each with a picture and @checks; what they found is told together."""
        desktop = self.desktop()
        gallery = Gallery(desktop, size if size == NARROW else None)
        desktop.set_look(**drawn)
        desktop.env.update(environment or {})
        if language is not None:
            desktop.speak(language)
        window = desktop.open(size=size)
        seen = []
        for page in gallery.walk(window):
            if os.environ.get("LATCHKEY_SHOTS"):
                window.settle(0.4)
                self.shoot(window, f"{look}-{page}")
            for check in (self.check_names, *checks):
                check(page, window)
            seen.append(page)
        self.assertGreater(len(seen), 18)
        self.assertEqual(self.faults, [], "\n" + "\n".join(self.faults))

    # What is looked for

    def top(self, window):
        """What the newest window presents."""
        return window.application().children[-1]

    def check_names(self, page, window):
        """Whatever a person can act on, and each picture that can have the focus, says what it is."""
        for node in self.top(window).walk():
            name = node.name.strip()
            if page in TOOLKIT_PAGES or name == TOOLKIT_FIELD:
                continue
            if (node.role in ACTED_ON or (node.role in ("image", "icon") and node.has("focusable"))) \
                    and (not name or is_class(name)) and not node.description:
                inside = [child.name for child in node.walk() if child.name and not is_class(child.name)]
                if not inside:
                    self.fault(page, "no name:", node, node.path.rsplit("/", 1)[-1])

    def spoken(self, window):
        """What is read aloud or seen."""
        for node in self.top(window).walk():
            for text in (node.name, node.description):
                if text and not is_class(text):
                    yield text

    def check_translated(self, page, window, mark):
        """Nothing but data is without the mark of the invented language."""
        for text in set(self.spoken(window)):
            words = re.findall(r"[A-Za-z]{2,}", DATA.sub(" ", text))
            if words and mark not in text and not self.is_toolkits(text):
                self.fault(page, "not translated:", repr(text))

    def is_toolkits(self, text):
        """Also a button's mnemonic with its label after it."""
        text = plain(text)
        half = text[:len(text) // 2]
        return self.toolkit.fullmatch(half if text == f"{half} {half}" else text) is not None

    def check_accented(self, page, window):
        self.check_translated(page, window, translations.BEGIN)

    def check_mirrored(self, page, window):
        self.check_translated(page, window, translations.OVER)

    def check_whole(self, page, window):
        """No text of ours is cut."""
        path = "/" + WINDOW.replace(".", "/")

        def actions(method, parameters):
            return window.desktop.call(path, "org.gtk.Actions", method, parameters, WINDOW)

        actions("Activate", GLib.Variant("(sava{sv})", ("cut-texts", [], {})))
        for text in actions("Describe", GLib.Variant("(s)", ("cut-texts",))).unpack()[0][2][0]:
            self.fault(page, "cut:", repr(text))

    def check_inside(self, page, window):
        """Nothing that can be acted on stands out of the window to the side, where nobody can scroll."""
        top = self.top(window)
        window.at_rest(top)
        _, _, width, height = top.box
        # A squeezer also presents what it does not show.
        hidden = {inner.path for node in top.walk() if node.name == "AdwSqueezer"
                  for inner in node.walk()}
        for node in top.walk():
            if node.role not in ACTED_ON + ("label", "heading") or node.path in hidden:
                continue
            try:
                x, y, wide, high = node.box
            except GONE:
                continue
            # What is scrolled away keeps the place that it last had.
            if wide > 0 and -high < y < height and (x < 0 or x + wide > width):
                self.fault(page, f"from {x} to {x + wide} of {width}:", node)

    # Looks

    def test_light(self):
        self.walk("light", environment={"ADW_DEBUG_COLOR_SCHEME": "prefer-light"})

    def test_german(self):
        self.walk("german", "de_DE", checks=(self.check_whole, self.check_inside))

    def test_accents(self):
        """Each text a third longer: all of ours has its marks, and is whole."""
        self.walk("accents", "en_XA", checks=(self.check_accented, self.check_whole))

    def test_mirrored(self):
        """From right to left."""
        self.walk("mirrored", "ar_XB", checks=(self.check_mirrored, self.check_whole, self.check_inside))

    def test_narrow(self):
        self.walk("narrow", size=NARROW, checks=(self.check_inside,))

    def test_narrow_german(self):
        self.walk("narrow-german", "de_DE", size=NARROW, checks=(self.check_inside,))

    def test_large_text(self):
        """Letters half as large again."""
        self.walk("large", checks=(self.check_inside,), scale=1.5)

    def test_contrast(self):
        self.walk("contrast", environment={"ADW_DEBUG_HIGH_CONTRAST": "1"})

    def test_dark(self):
        self.walk("dark", environment={"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"})


if __name__ == "__main__":
    sys.exit(unittest.main())
