#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The man pages say what the programs say: each command, option, setting and exit status, no more
and no less; and groff has nothing against them."""

import os
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as ET

from world import build_dir

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = build_dir()
PROGRAMS = {"latchkey": "src/app/latchkey", "latchkeyctl": "src/ctl/latchkeyctl",
            "latchkey-agent": "src/agent/latchkey-agent",
            "latchkey-simulator": "src/simulator/latchkey-simulator"}
OPTION = re.compile(r"(?<![\w-])--?[a-z][\w-]*")
# Of the agent's own, not for people to change.
INTERNAL = {"autostart-state", "told-background"}
SHARED = {"--json", "--timeout", "-h", "--help"}


def page(name):
    with open(os.path.join(BUILD, "data", "man", name + ".1"), encoding="utf-8") as file:
        return file.read()


def plain(text):
    return re.sub(r"\\f[BIR]", "", text).replace("\\-", "-")


def sections(text, macro):
    """Title → text of each part that @macro begins."""
    parts = re.split(rf"^\.{macro} (.*)$", text, flags=re.MULTILINE)
    return {plain(title).strip('"'): body for title, body in zip(parts[1::2], parts[2::2])}


def tags(text):
    """The lines behind .TP: what is explained."""
    return [plain(line) for line in re.findall(r"^\.TP\n(.*)$", text, re.MULTILINE)]


def options_of_page(text):
    return {word for tag in tags(text) for word in OPTION.findall(tag.split("=")[0])
            } | {word for tag in tags(text) for word in OPTION.findall(tag) if "=" not in tag}


def help_of(program, *words):
    # A window that only prints needs no display.
    done = subprocess.run([os.path.join(BUILD, PROGRAMS[program]), *words, "--help"], text=True,
                          capture_output=True, timeout=60, check=True,
                          env=dict(os.environ, LC_ALL="C.UTF-8", ASAN_OPTIONS="detect_leaks=0"))
    return done.stdout


def options_of_help(text):
    found = set()
    for line in text.splitlines():
        match = re.match(r"  (-\w, )?(--[\w-]+)", line)
        if match:
            found |= {match[2]} | ({match[1][:2]} if match[1] else set())
    return found


def commands(*words):
    """Every command with its own help, as in "client add"."""
    text = help_of("latchkeyctl", *words)
    if "\nCommands:\n" not in text:
        return [" ".join(words)]
    listed = text.split("\nCommands:\n")[1].split("\n\n")[0]
    names = re.findall(r"^  ([\w-]+)  ", listed, re.MULTILINE)
    return [command for name in names for command in commands(*words, name)]


class TestMan(unittest.TestCase):
    def test_options(self):
        for program in PROGRAMS:
            if not os.path.exists(os.path.join(BUILD, PROGRAMS[program])):
                continue
            with self.subTest(program=program):
                self.assertEqual(options_of_page(sections(page(program), "SH")["OPTIONS"]),
                                 options_of_help(help_of(program)))

    def test_commands(self):
        """Each command of latchkeyctl has its part, with its options."""
        parts = sections(re.sub(r"(?m)^\.SH.*$", ".SS end", page("latchkeyctl")), "SS")
        wanted = commands()
        found = {}
        for title, body in parts.items():
            name = max((one for one in wanted if (title + " ").startswith(one + " ")), key=len,
                       default=title)
            if name != "end":
                found[name] = options_of_page(body)
        self.assertEqual(set(found), set(wanted))
        for name in wanted:
            with self.subTest(command=name):
                self.assertEqual(found[name],
                                 options_of_help(help_of("latchkeyctl", *name.split())) - SHARED)

    def test_settings(self):
        """Each setting, and its default."""
        root = ET.parse(os.path.join(TOP, "data", "settings",
                                     "io.github.latchkey_app.Latchkey.gschema.xml")).getroot()
        wanted = {f"{key.get('name')} ({key.find('default').text})" for key in root.iter("key")
                  if key.get("name") not in INTERNAL}
        self.assertEqual(set(tags(sections(page("latchkeyctl"), "SH")["SETTINGS"])), wanted)

    def test_exit_status(self):
        """Each number of the contract."""
        with open(os.path.join(TOP, "src", "ctl", "lk-ctl.h"), encoding="utf-8") as file:
            wanted = re.findall(r"LK_CTL_EXIT_\w+ = (\d+)", file.read())
        told = sections(page("latchkeyctl"), "SH")["EXIT STATUS"]
        self.assertEqual([tag.split()[-1] for tag in tags(told)], wanted)

    def test_usage_status(self):
        """What the pages say of a wrong option."""
        status = 2
        for program in ("latchkey-agent", "latchkey-simulator", "latchkeyctl"):
            done = subprocess.run([os.path.join(BUILD, PROGRAMS[program]), "--no-such-option"],
                                  capture_output=True, timeout=60, check=False)
            self.assertEqual(done.returncode, status, program)
            self.assertIn(f".B {status}\n", sections(page(program), "SH")["EXIT STATUS"])

    def test_groff(self):
        if shutil.which("groff") is None:
            self.skipTest("groff is not there")
        for program in PROGRAMS:
            path = os.path.join(BUILD, "data", "man", program + ".1")
            if os.path.exists(path):
                done = subprocess.run(["groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-z", path],
                                      text=True, capture_output=True, timeout=60, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""), program)


if __name__ == "__main__":
    unittest.main()
