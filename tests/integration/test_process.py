#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent as a process: what it links, what it leaves behind, that there is one of it."""

import os
import signal
import socket
import subprocess
import unittest
import xml.etree.ElementTree as ET

from case import WorldCase
from world import AGENT, MANAGER, ROOT, build_dir, wait_until

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
XML = os.path.join(TOP, "data", "dbus", "io.github.latchkey_app.Latchkey.Agent1.xml")


def links(*parts):
    """Names of the libraries that a program of the build loads."""
    listed = subprocess.run(["ldd", os.path.join(build_dir(), *parts)], check=True,
                            capture_output=True, text=True).stdout
    return [line.split()[0] for line in listed.splitlines() if line.split()]


class Links(unittest.TestCase):
    """Layers, seen from the outside: who loads a library can use it, who does not cannot."""

    def assertLacks(self, libraries, *names):
        for name in names:
            self.assertFalse([found for found in libraries if found.startswith(name)], name)

    def test_agent_never_links_gtk(self):
        self.assertLacks(links("src", "agent", "latchkey-agent"), "libgtk", "libadwaita", "libX11")

    def test_command_line_opens_nothing_itself(self):
        self.assertLacks(links("src", "ctl", "latchkeyctl-whole"), "libgtk", "libsecret",
                         "libsqlite3", "libsoup")

    def test_short_way_needs_the_c_library_alone(self):
        self.assertLacks(links("src", "ctl", "latchkeyctl"), "libglib", "libgio", "libdbus")

    def test_window_opens_nothing_itself(self):
        program = os.path.join(build_dir(), "src", "app", "latchkey")
        if not os.path.exists(program):
            self.skipTest("built without the window")
        needed = subprocess.run(["objdump", "-p", program], check=True, capture_output=True,
                                text=True).stdout
        self.assertLacks([line.split()[1] for line in needed.splitlines() if "NEEDED" in line],
                         "libsecret", "libsqlite3", "libsoup")


class Process(WorldCase):
    options = {"simulator": None}

    def test_no_core_dumps(self):
        pid = self.world.start_agent()
        with open(f"/proc/{pid}/limits", encoding="utf-8") as file:
            core = [line for line in file if line.startswith("Max core file size")][0]
        self.assertEqual(core.split()[4:6], ["0", "0"])

    def test_ends_when_asked(self):
        pid = self.world.start_agent()
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not self.world.has_owner(AGENT), "the agent to end")
        self.assertFalse(os.path.exists(self.world.path("run", "latchkey", "token")),
                         "the socket of the short way stays behind")

    def wait_for_door(self):
        """The agent has its name on the bus before the door is open: two must not fight for it."""
        def is_open():
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
                return door.connect_ex(self.world.path("run", "latchkey", "token")) == 0
        wait_until(is_open, "the short way to open")

    def test_there_is_one(self):
        self.world.start_agent()
        self.wait_for_door()
        second = subprocess.run([os.path.join(build_dir(), "src", "agent", "latchkey-agent")],
                                env=self.world.env, capture_output=True, text=True, timeout=60,
                                check=False)
        # What starts agents need not start it again: the tokens are looked after.
        self.assertEqual(second.returncode, 0, second.stderr)
        self.assertIn("another agent runs already", second.stderr + second.stdout)
        self.assertTrue(self.world.has_owner(AGENT))
        self.assertTrue(os.path.exists(self.world.path("run", "latchkey", "token")),
                        "the second one took the socket of the first away")

    def test_speaks_what_is_documented(self):
        """Each method, property and argument of the XML is on the bus, and nothing else."""
        self.world.start_agent()
        text = self.world.call(MANAGER, "org.freedesktop.DBus.Introspectable", "Introspect"
                               ).unpack()[0]

        def shape(root):
            interface = [node for node in root.iter("interface")
                         if node.get("name").endswith(".Agent1")][0]
            return sorted((member.tag, member.get("name"), member.get("type"),
                           tuple((arg.get("type"), arg.get("direction"))
                                 for arg in member.iter("arg")))
                          for member in interface if member.tag in ("method", "property", "signal"))

        self.assertEqual(shape(ET.fromstring(text)), shape(ET.parse(XML).getroot()))

    def test_object_manager(self):
        self.world.start_agent()
        objects = self.world.call(ROOT, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects"
                                  ).unpack()[0]
        self.assertIn(MANAGER, objects)

    def test_strangers_get_nothing_by_the_short_way(self):
        """Questions that are no questions are told to ask on the bus, and harm nothing."""
        pid = self.world.start_agent()
        self.wait_for_door()
        for question in (b"", b"x", b"latchkey-token-1\0", b"latchkey-token-1\0-5\0x\0",
                         b"latchkey-token-1\0" b"0\0nobody\0", b"\0" * 1024, b"\xff" * 1024):
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
                door.settimeout(10)
                door.connect(self.world.path("run", "latchkey", "token"))
                if question:
                    door.send(question)
                    self.assertEqual(door.recv(65536), b"A")
        mode = os.stat(self.world.path("run", "latchkey", "token")).st_mode & 0o777
        self.assertEqual(mode, 0o600)
        self.assertEqual(self.world.owner_pid(), pid)


if __name__ == "__main__":
    unittest.main()
