#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The template has every text of the sources, and every language has every text of the template, with all that
a program fills in."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

import translations

TOP = translations.TOP
# Elements whose texts the program translates: data/*/its says the same to gettext.
TRANSLATED = {
    "catalogue": "title explanation cause step handling conflict todo why link subject letter",
    "help": "title summary p heading step item term explanation note code go web",
    "scopes": "name",
}
ADDRESSES = re.compile(r"https?://[^\s”“)]+|--[a-z][a-z-]+|latchkey(?:ctl|-agent|-simulator)")

# Where the names of buttons and pages come from that the help quotes.
LABELS = ("src/app/*", "src/agent/*", "src/diagnosis/*", "data/desktop/*")
QUOTED = re.compile("“([A-Z][^”]*)”")
# What the help quotes of TikTok's portals and pages, and words of examples.
NOT_OURS = {
    "Add accounts", "Advertiser redirect URL", "App Detail", "Basic Information",
    "Content Posting API", "Desktop", "Login Kit", "Manage apps", "Members", "My Apps", "Scopes",
    "Something went wrong", "Target users", "TikTok account holder redirect URL", "Users",
    "Access-Token: …", "Authorization: Bearer …", "Brand EU",
}


def listed(name):
    with open(os.path.join(TOP, "po", name), encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


def make_template(folder):
    """A new template from a copy of the sources, made by the command that makes the committed one; its
    path."""
    command = subprocess.run(["ninja", "-C", os.environ["LATCHKEY_BUILD_DIR"], "-t", "commands",
                              "latchkey-pot"], check=True, capture_output=True,
                             text=True).stdout.strip().split("\n")[-1]
    for name in [*listed("POTFILES.in"), "po/POTFILES.in"]:
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        shutil.copy(os.path.join(TOP, name), os.path.join(folder, name))
    source = re.search(r"--source-root=(\S+)", command).group(1)
    subprocess.run(command.replace(f"--source-root={source}", f"--source-root={folder}/"), shell=True,
                   check=True, capture_output=True)
    return os.path.join(folder, "po", "latchkey.pot")


class TestTemplate(unittest.TestCase):
    def test_current(self):
        """Who changes a text says so to the translators: ninja -C build/debug latchkey-pot"""
        with tempfile.TemporaryDirectory() as folder:
            fresh = translations.read(make_template(folder))
        kept = translations.read(translations.TEMPLATE)
        self.assertGreater(len(fresh), 1000)
        self.assertEqual(fresh.keys() - kept.keys(), set(), "po/latchkey.pot lacks these")
        self.assertEqual(kept.keys() - fresh.keys(), set(), "po/latchkey.pot has these no more")

    def test_data(self):
        """Texts of data, as the programs read them, are in the template."""
        known = {words for _, words, _ in translations.read(translations.TEMPLATE)}
        number = 0
        for folder, tags in TRANSLATED.items():
            for name in sorted(os.listdir(os.path.join(TOP, "data", folder))):
                if not name.endswith(".xml"):
                    continue
                for element in ET.parse(os.path.join(TOP, "data", folder, name)).iter():
                    if not isinstance(element.tag, str) or element.tag not in tags.split() \
                            or element.get("{http://www.w3.org/XML/1998/namespace}space"):
                        continue
                    inner = (element.text or "") + "".join(
                        ET.tostring(child, encoding="unicode") for child in element)
                    words = " ".join(inner.split())
                    if words and not list(element):
                        self.assertIn(words, known, f"data/{folder}/{name}")
                        number += 1
        self.assertGreater(number, 1500)


class TestLanguages(unittest.TestCase):
    def each(self):
        template = translations.read(translations.TEMPLATE)
        for language in listed("LINGUAS"):
            path = os.path.join(TOP, "po", language + ".po")
            yield language, path, template, translations.read(path)

    def test_complete(self):
        """Nothing is missing, nothing is fuzzy, and gettext finds no fault."""
        for language, path, template, texts in self.each():
            with self.subTest(language):
                subprocess.run(["msgfmt", "--check", "--output-file=/dev/null", path], check=True)
                self.assertEqual(template.keys() - texts.keys(), set())

    def test_parts(self):
        """What a program fills in, marks, addresses, options and the ends of lines are the same."""
        for language, _, template, texts in self.each():
            for (context, words, form), text in texts.items():
                if (context, words, form) not in template:
                    continue
                english = template[context, words, form]
                with self.subTest(language, text=words[:60], form=form):
                    # One of something may be named without its number.
                    if form != 0 or not translations.is_plural(texts, context, words):
                        self.assertEqual(translations.fixed_parts(text),
                                         translations.fixed_parts(english))
                    self.assertEqual(sorted(ADDRESSES.findall(text)),
                                     sorted(ADDRESSES.findall(english)))
                    self.assertEqual(text[-1:].isspace(), english[-1:].isspace())
                    self.assertEqual(text[:1].isspace(), english[:1].isspace())

    def test_quotes(self):
        """Quotation marks are the language's own."""
        for language, _, _, texts in self.each():
            if language != "de":
                continue
            for (_, words, _), text in texts.items():
                with self.subTest(text=words[:60]):
                    self.assertEqual(text.count("„"), text.count("“"))
                    self.assertNotIn("”", text)


def plain(text):
    return text.replace("_", "").replace("\u00a0", " ")


def names_in(label):
    """How the help may quote @label: without mnemonic, without what is filled in at its ends, and without
    what comes after its name."""
    name = re.sub(r"%(?:\d+\$)?[a-z]+", "…", plain(label))
    return [part.strip(" …") for part in (name, name.split(":")[0], name.split(" ·")[0])]


class TestQuotes(unittest.TestCase):
    """What the help puts into quotation marks is there, and is called so in every language."""

    def setUp(self):
        with tempfile.NamedTemporaryFile(suffix=".pot") as file:
            subprocess.run(["msggrep", "--output-file=" + file.name, translations.TEMPLATE,
                            *("--location=" + place for place in LABELS)], check=True)
            labels = translations.read(file.name)
        # {name: [(key, which of names_in ())]}; families are called the same in every language.
        self.labels = {}
        for key, label in labels.items():
            for place, name in enumerate(names_in(label)):
                self.labels.setdefault(name, []).append((key, place))
        for name in sorted(os.listdir(os.path.join(TOP, "data", "providers"))):
            if name.endswith(".json"):
                with open(os.path.join(TOP, "data", "providers", name), encoding="utf-8") as file:
                    self.labels[json.load(file)["name"]] = []

    def quotes(self):
        """Each text of the help with each name in it, and the labels that have this name."""
        for name in sorted(os.listdir(os.path.join(TOP, "data", "help"))):
            if not name.endswith(".xml"):
                continue
            for element in ET.parse(os.path.join(TOP, "data", "help", name)).iter():
                words = " ".join((element.text or "").split())
                for quoted in set(QUOTED.findall(words)) - NOT_OURS:
                    quoted = quoted.strip(" …")
                    # A title has capitals that the sentence of a notification has not.
                    yield words, quoted, [found for label, found in self.labels.items()
                                          if label == quoted or (element.tag == "title" and
                                                                 label.lower() == quoted.lower())]

    def test_exist(self):
        number = 0
        for words, quoted, found in self.quotes():
            with self.subTest(words):
                self.assertTrue(found, f"nothing is called “{quoted}”")
            number += 1
        self.assertGreater(number, 40)

    def test_translated(self):
        for language in listed("LINGUAS"):
            texts = translations.read(os.path.join(TOP, "po", language + ".po"))
            for words, quoted, found in self.quotes():
                text = plain(texts[None, words, 0]).lower()
                names = {names_in(texts[key])[place] for labels in found for key, place in labels}
                with self.subTest(language, text=words):
                    self.assertTrue(any(name.lower() in text for name in names or {quoted}),
                                    f"“{quoted}” is not called {names} in “{text}”")


class TestInvented(unittest.TestCase):
    def test_parts_stay(self):
        """The invented languages keep what a program fills in."""
        for text in ("%s ends in %d days", "<b>Bold</b> &amp; {name}, 50%%", "_Open\n", "%1$s: %2$s"):
            for invent in (translations.accented, translations.mirrored):
                self.assertEqual(translations.fixed_parts(invent(text)),
                                 translations.fixed_parts(text))
        self.assertTrue(translations.accented("Open ").startswith("⟦Õpéñ l"))
        self.assertTrue(translations.accented("Open ").endswith("⟧ "))


if __name__ == "__main__":
    sys.exit(unittest.main())
