#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What agent and command line say in another language: an invented one, in which whatever went
through gettext is in marks, and German."""

import re
import unittest

import translations
from case import NOT_FOUND, USAGE, WorldCase
from notifications import Notifications
from panel import Watcher, wait

# Data, names of commands, options and what a shell types.
DATA = re.compile(
    r"Harbour Coffee|Fernhill \w+|Mira Holt|TikTok (?:account|Ads|Login Kit|Shop)|TikTok|Latchkey"
    r"|Simulator|latchkey\S*|\w+\(\d\)|--?[a-z][a-z-]*|[a-z]+\|[a-z|]+|\b[a-z]+(?:-[a-z]+)+\b|UTC|GTK|GLib"
    r"|Help Options|Show help options|Application Options|OPTION…|Unknown option|https?:\S+"
    r"|\b[A-Z]{2,}\b|[\w.+-]+[/=@.][\w.:/=@+-]+")
SENTENCE = re.compile(r"[A-Za-z]{3,}.*\s[A-Za-z]{3,}")
# Examples of what to type.
TYPED = re.compile(r"\s+(?:latchkeyctl|curl|export|crontab|jq) ")


def unmarked(text):
    """Lines with words that did not go through gettext."""
    lines, open_marks = [], 0
    for line in text.splitlines():
        inside = open_marks > 0 or translations.BEGIN in line
        open_marks += line.count(translations.BEGIN) - line.count(translations.END)
        if not inside and not TYPED.match(line) and SENTENCE.search(DATA.sub(" ", line)):
            lines.append(line)
    return lines


class Languages(WorldCase):
    def speak(self, name):
        locales = translations.Locales(self.world.path("locales"), self.world.build)
        self.world.set_agent_env(**locales.environment(name))

    def broken(self):
        """A connection whose access was withdrawn."""
        self.world.add_app("ads")
        conn = self.world.connect("ads", user=1)
        self.world.ctl_ok("rename", conn, "Harbour Coffee")
        self.world.control("revoke", {"family": "ads", "user": 1})
        self.world.ctl("verify", conn)
        return conn

    def test_notifications_and_icon(self):
        """Titles, texts, buttons, the icon's tooltip and menu: nothing is English only."""
        self.speak("en_XA")
        told = Notifications(self.world)
        self.addCleanup(told.stop)
        watcher = Watcher(self.world)
        self.addCleanup(lambda: watcher.bus.is_closed() or watcher.leave())
        self.broken()
        notice = told.wait_for("Harbour Coffee")
        for text in (notice.title, notice.body, *(label for key, label in notice.actions.items()
                                                 if key != "default")):
            self.assertIn(translations.BEGIN, text)
        item = watcher.wait_item()
        wait(lambda: "NeedsAttention" == item.get("Status"), "the state")
        self.assertEqual(unmarked(item.tooltip()), [])
        self.assertIn(translations.BEGIN, item.tooltip())
        labels = [label for label in item.labels() if label not in ("-", "")]
        self.assertGreater(len(labels), 4)
        self.assertEqual([label for label in labels if translations.BEGIN not in label], [])

    def test_command_line(self):
        """Lists, explanations, help and errors of the command line."""
        self.speak("en_XA")
        conn = self.broken()
        said = [self.world.ctl(*words) for words in (
            ("list",), ("show", conn), ("history",), ("ends",), ("providers", "list"),
            ("programs",), ("diagnose", conn), ("client", "list"))]
        helps = [self.world.ctl_ok(*words, "--help") for words in (
            (), ("list",), ("token",), ("history",), ("backup",), ("diagnose",), ("call",))]
        for result in said + helps:
            self.assertIn(translations.BEGIN, result.stdout + result.stderr)
            self.assertEqual(unmarked(result.stdout), [], result)
        for words, code in ((("show", "nobody"), NOT_FOUND), (("list", "--nonsense"), USAGE)):
            result = self.world.ctl(*words)
            self.assertEqual(result.code, code)
            self.assertIn(translations.BEGIN, result.stderr)
            self.assertEqual(unmarked(result.stderr), [], result)

    def words(self, value):
        """All of a reply but its sentences."""
        if isinstance(value, dict):
            return {key: self.words(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.words(inner) for inner in value]
        return "…" if isinstance(value, str) and value.count(" ") > 2 else value

    def test_same_for_programs(self):
        """What programs read is the same in every language, but for sentences."""
        conn = self.broken()
        replies = []
        for language in ("en_GB", "de_DE"):
            self.speak(language)
            replies.append([self.words(self.world.ctl(*words, "--json").json())
                            for words in (("list",), ("show", conn))])
        self.assertEqual(*replies)
        self.assertEqual(replies[0][1]["state"], "attention")

    def test_german(self):
        """Dates and words of a language that people speak."""
        self.speak("de_DE")
        conn = self.broken()
        shown = self.world.ctl_ok("show", conn).stdout
        self.assertIn("Harbour Coffee", shown)
        self.assertRegex(shown, r"(?i)freigabe|anmeldung|zugriff")
        self.assertRegex(self.world.ctl("show", "nobody").stderr, r"(?i)verbindung")


if __name__ == "__main__":
    unittest.main()
