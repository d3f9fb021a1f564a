#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion in real shells, each on a terminal of its own: Tab is pressed behind the beginning of
a name, and the command that stands there then is run."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
import unittest

from case import WorldCase

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FILES = os.path.join(TOP, "data", "completions")
NAMES = ("Brand EU spring", "@kitchen.lab", "Äpfel & Söhne’s “Shop”")
READY = "ready-for-more"
BASH = f"""
bind 'set bell-style none'; bind 'set enable-bracketed-paste off'
bind 'set show-all-if-ambiguous on'
. /usr/share/bash-completion/bash_completion
. {FILES}/latchkeyctl.bash
unset PROMPT_COMMAND; PS1='{READY[:5]}''{READY[5:]} '
"""
ZSH = f"""
fpath=({FILES} $fpath); autoload -Uz compinit; compinit -u -D
unsetopt beep; unset zle_bracketed_paste; PROMPT='{READY[:5]}''{READY[5:]} '
"""


class Terminal:
    """A shell that believes a person types."""

    def __init__(self, argv, env):
        self.seen = ""
        pid, self.fd = pty.fork()
        if pid == 0:
            os.execvpe(argv[0], argv, dict(env, TERM="dumb", COLUMNS="200"))
        self.pid = pid

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)

    def send(self, text):
        os.write(self.fd, text.encode())

    def wait_for(self, words, seconds=30):
        """What came until @words did; the next wait begins behind them."""
        deadline = time.monotonic() + seconds
        while words not in self.seen:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise AssertionError(f"no “{words}” on the terminal: {self.seen!r}")
            self.seen += os.read(self.fd, 65536).decode("utf-8", "replace")
        before, _, self.seen = self.seen.partition(words)
        return before


class TestCompletion(WorldCase):
    def setUp(self):
        super().setUp()
        self.ids = {}
        self.world.add_app("login", name="My App")
        for user, name in enumerate(NAMES, 1):
            self.ids[name] = self.world.connect("My App", "--name", name, user=user)
        self.env = dict(self.world.tool_env(), LC_ALL="C.UTF-8", HOME=self.world.dir)

    def need(self, program):
        if shutil.which(program) is None:
            self.skipTest(f"{program} is not there")

    def ask(self, *words):
        lines = self.world.ctl_ok("--complete", *words).stdout.splitlines()
        return [line.split("\t")[0] for line in lines]

    def terminal(self, argv, setup):
        path = self.world.path("setup")
        with open(path, "w", encoding="utf-8") as file:
            file.write(setup)
        shell = Terminal(argv, self.env)
        self.addCleanup(shell.close)
        shell.send(f". {path}\n")
        shell.wait_for(READY)
        return shell

    def press_tab(self, shell, typed, expected):
        """Types, presses Tab, and runs what stands there as soon as it is whole."""
        shell.send(typed + "\t")
        shell.send(" ; echo did''-end\n")
        shown = shell.wait_for("did-end")
        shell.wait_for(READY)
        self.assertIn(expected, shown, f"“{typed}” and Tab")

    def each_name(self, shell):
        for typed, name in (("Bra", NAMES[0]), ("Brand\\ E", NAMES[0]), ("'Brand E", NAMES[0]),
                            ("\"Brand E", NAMES[0]), ("@kit", NAMES[1]), ("@", NAMES[1]),
                            ("Äp", NAMES[2])):
            self.press_tab(shell, f"latchkeyctl show {typed}", self.ids[name])

    # Tests

    def test_words(self):
        """What the shells are told."""
        self.assertEqual(sorted(self.ask("show", "")), sorted(NAMES))
        self.assertEqual(self.ask("show", "Brand E"), [NAMES[0]])
        self.assertEqual(self.ask("show", NAMES[0], ""), [])
        self.assertEqual(self.ask("connect", "My"), ["My App"])
        self.assertEqual(self.ask("client", "remove", ""), ["My App"])
        self.assertEqual(self.ask("settings", "warn"), ["warn-days"])
        self.assertEqual(self.ask("diag"), ["diagnose"])
        self.assertEqual(self.ask("client", "s"), ["secret"])
        self.assertEqual(self.ask("programs", "al"), ["allow"])
        self.assertEqual(self.ask("diagnose", "--connection", "@"), [NAMES[1]])
        self.assertEqual(self.ask("diagnose", "--connection=@"), ["--connection=" + NAMES[1]])
        self.assertEqual(self.ask("history", "-k", "circuit-o"), ["circuit-opened"])
        self.assertEqual(self.ask("token", "--min-valid", "60", "@"), [NAMES[1]])
        self.assertEqual(self.ask("--json", "token", "--min"), ["--min-valid"])
        self.assertEqual(self.ask("diagnose", ""), [":files"])
        self.assertEqual(self.ask("call", NAMES[1], "PO"), ["POST"])

    def test_does_nothing(self):
        """Completing a command is not running it."""
        for command in ("remove", "revoke", "renew"):
            self.ask(command, NAMES[0], "")
            self.ask(command, NAMES[0])
        self.ask("settings", "paused", "true", "")
        self.ask("rename", NAMES[0], "new")
        self.assertEqual(sorted(one["name"] for one in self.world.ctl_ok("list", "--json").json()),
                         sorted(NAMES))
        self.assertFalse(self.world.ctl_ok("settings", "--json", "paused").json()["paused"])

    def test_bash(self):
        self.need("bash")
        shell = self.terminal(["bash", "--norc", "--noprofile", "-i"], BASH)
        self.each_name(shell)
        for typed in ("@kit", "'@kit"):
            shell.send(f"latchkeyctl diagnose --connection={typed}\t")
            shell.send("\x01: \n")
            self.assertIn("@kitchen.lab", shell.wait_for(READY))

    def test_zsh(self):
        self.need("zsh")
        self.each_name(self.terminal(["zsh", "-f", "-i"], ZSH))

    def test_fish(self):
        self.need("fish")
        for typed, name in (("Bra", NAMES[0]), ("'Brand E", NAMES[0]), ("@", NAMES[1]),
                            ("Brand\\ E", NAMES[0]), ("Äp", NAMES[2])):
            script = f"source {FILES}/latchkeyctl.fish; complete -C \"latchkeyctl show {typed}\""
            with self.subTest(typed=typed):
                done = subprocess.run(["fish", "--no-config", "-c",
                                       script.replace("\\ ", "\\\\ ")], env=self.env, text=True,
                                      capture_output=True, timeout=60, check=False)
                offered = [re.sub(r"\\(.)", r"\1", line.split("\t")[0]).strip("'\"")
                           for line in done.stdout.splitlines()]
                self.assertEqual(offered, [name], done.stderr)


if __name__ == "__main__":
    unittest.main()
