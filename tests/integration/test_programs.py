#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which program may have a token: asked once, by socket and by bus, remembered, taken back; told by
the script that runs, not by what it says of itself."""

import os
import subprocess
import unittest

from gi.repository import GLib

from agent_bus import AGENT1, CONNECTION, MANAGER, AgentBus
from case import NOT_FOUND, PERMISSION, TIMED_OUT, USAGE, WorldCase
from notifications import Notifications


class ProgramsTest(WorldCase):
    def setUp(self):
        super().setUp()
        self.bus = AgentBus(self.world)
        self.conn = self.sign_in()
        self.token(self.conn)  # the agent has it in memory: the short way is open

    # Deeds

    def ask_programs(self, on=True):
        self.bus.method(MANAGER, AGENT1, "SetSettings",
                        GLib.Variant("(a{sv})", ({"ask-programs": GLib.Variant("b", on)},)))

    def script(self, name, text, interpreter="/bin/bash"):
        path = self.world.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!{interpreter}\n{text}\n")
        os.chmod(path, 0o755)
        return path

    def shell_script(self, name="nightly.sh", options=""):
        return self.script(name, f"latchkeyctl token {options} {self.conn}")

    def start(self, *command):
        process = subprocess.Popen(command, env=self.world.tool_env(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   start_new_session=True)
        self.world.processes.append(process)
        return process

    def end(self, process):
        stdout, stderr = process.communicate(timeout=60)
        self.world.processes.remove(process)
        return process.returncode, stdout.strip(), stderr

    def run_script(self, *command):
        return self.end(self.start(*command))

    def asking(self):
        return self.world.agent_property("Asking")

    def wait_asking(self, number=1):
        self.wait_until(lambda: len(self.asking()) == number, f"{number} questions")
        return self.asking()

    def answer(self, allow, remember):
        self.bus.method(MANAGER, AGENT1, "AnswerProgram",
                        GLib.Variant("(ubb)", (self.asking()[0]["id"], allow, remember)))

    def rule(self, program, rule):
        self.bus.method(MANAGER, AGENT1, "SetProgramRule",
                        GLib.Variant("(sss)", (program, self.conn, rule)))

    def programs(self):
        found = self.bus.method(MANAGER, AGENT1, "ListPrograms").unpack()[0]
        return {each["program"]: each for each in found}

    # Tests

    def test_noted_without_asking(self):
        """Nobody is asked by default; each program is in the list and in the history by the name of
        its script, and a "deny" holds all the same."""
        path = self.shell_script()
        self.assertEqual(self.run_script(path)[0], 0)
        self.assertEqual(self.run_script(path)[0], 0)
        known = self.programs()[path]
        self.assertEqual((known["shown"], known["count"], known["rule"], known["connection"]),
                         ("nightly.sh", 2, "ask", self.conn))
        self.assertIn("nightly.sh",
                      [event["text"] for event in self.bus.history(self.conn, "handed-out")])
        self.rule(path, "deny")
        code, stdout, stderr = self.run_script(path)
        self.assertEqual((code, stdout), (PERMISSION, ""))
        self.assertIn("latchkeyctl programs", stderr)
        self.assertEqual(self.programs()[path]["count"], 2)

    def test_ask_allow_remember_revoke(self):
        """The first time waits for the answer; then it is quick, over a restart, until revoked. A
        program by another path is asked about on its own."""
        self.ask_programs()
        path = self.shell_script()
        process = self.start(path)
        question = self.wait_asking()[0]
        self.assertEqual((question["program"], question["shown"], question["connection"]),
                         (path, "nightly.sh", self.conn))
        self.answer(True, True)
        code, stdout, _ = self.end(process)
        self.assertEqual((code, stdout in self.live()), (0, True))
        self.assertEqual(self.asking(), [])
        self.assertEqual(self.run_script(path)[0], 0)

        self.world.quit_agent()
        self.assertEqual(self.run_script(path)[0], 0)
        self.assertEqual((self.programs()[path]["rule"], self.programs()[path]["count"]),
                         ("allow", 3))

        os.makedirs(self.world.path("other"))
        other = self.start(self.shell_script("other/nightly.sh"))
        self.wait_asking()
        self.answer(False, True)
        self.assertEqual(self.end(other)[0], PERMISSION)

        self.rule(path, "ask")
        process = self.start(path)
        self.wait_asking()
        self.rule(path, "deny")
        self.assertEqual(self.end(process)[0], PERMISSION)
        self.assertEqual(self.asking(), [])

    def test_once(self):
        """Allowed once is asked again; refused for now is not asked again at once."""
        self.ask_programs()
        path = self.shell_script()
        process = self.start(path)
        self.wait_asking()
        self.answer(True, False)
        self.assertEqual(self.end(process)[0], 0)
        process = self.start(path)
        self.wait_asking()
        self.answer(False, False)
        self.assertEqual(self.end(process)[0], PERMISSION)
        self.assertEqual(self.run_script(path)[0], PERMISSION)
        self.assertEqual(self.asking(), [])

    def test_nobody_answers(self):
        """Who asks gives up after its own time and says why; the question stays, and a late "once"
        holds for the next try."""
        self.ask_programs()
        path = self.shell_script(options="--timeout 1")
        code, stdout, stderr = self.run_script(path)
        self.assertEqual((code, stdout), (TIMED_OUT, ""))
        self.assertIn("nobody answered", stderr)
        self.assertEqual(len(self.asking()), 1)
        # Its caller waits in the agent still; the answer is for that one, and for the next.
        self.answer(True, True)
        self.assertEqual(self.run_script(path)[0], 0)

    def test_flood(self):
        """However often a program asks, there is one question, and one answer for all who wait."""
        self.ask_programs()
        path = self.shell_script()
        processes = [self.start(path) for _ in range(8)]
        question = self.wait_asking()[0]
        self.wait_until(lambda: self.world.log("agent.log").count("asks for a token") >= 8,
                        "all of them to ask")
        self.assertEqual(self.asking(), [question])
        self.answer(True, False)
        self.assertEqual({self.end(process)[0] for process in processes}, {0})

    def test_who_it_is(self):
        """A script behind python, a shell around the command, exec's command, the bus itself; what
        the caller calls itself is only told."""
        script = self.script("sync.py", "import subprocess, sys\n"
                             f"sys.exit(subprocess.call('latchkeyctl token {self.conn}; true',"
                             " shell=True))", "/usr/bin/python3")
        self.assertEqual(self.run_script("/usr/bin/python3", "-u", script)[0], 0)
        self.assertIn(script, self.programs())
        command = self.script("upload.sh", 'test -n "$LATCHKEY_ACCESS_TOKEN"')
        self.assertEqual(self.run_script("latchkeyctl", "exec", self.conn, "--", command)[0], 0)
        self.assertIn(command, self.programs())
        caller = self.script("caller.py", f"""
import gi
from gi.repository import Gio, GLib
bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
print(bus.call_with_unix_fd_list_sync("io.github.latchkey_app.Latchkey.Agent",
    "{self.bus.path(self.conn)}", "{CONNECTION}", "GetToken",
    GLib.Variant("(us)", (0, "a bank")), None, Gio.DBusCallFlags.NONE, 60000, None, None)[0])
""", "/usr/bin/python3")
        self.ask_programs()
        process = self.start(caller)
        question = self.wait_asking()[0]
        self.assertEqual((question["program"], question["claimed"]), (caller, "a bank"))
        self.answer(False, True)
        code, _, stderr = self.end(process)
        self.assertEqual(code, 1)
        self.assertIn("Error.NotAllowed", stderr)

    def test_setting_off_settles(self):
        """Whoever waits gets the token when nobody wants to be asked any more; removing the
        connection ends the question."""
        self.ask_programs()
        process = self.start(self.shell_script())
        self.wait_asking()
        self.ask_programs(False)
        self.assertEqual(self.end(process)[0], 0)
        self.assertEqual(self.asking(), [])
        self.ask_programs()
        process = self.start(self.shell_script("late.sh"))
        self.wait_asking()
        self.world.ctl_ok("remove", self.conn)
        self.wait_until(lambda: self.asking() == [], "the question to be dropped")
        self.assertNotEqual(self.end(process)[0], 0)

    def test_other_commands_are_the_person(self):
        """Only a token is asked about."""
        self.ask_programs()
        for command in (("show", self.conn), ("renew", self.conn), ("verify", self.conn)):
            self.world.ctl_ok(*command)
        self.assertEqual(self.asking(), [])

    def test_bad_rules(self):
        path = self.shell_script()
        self.bus.fails("InvalidArgument", self.rule, path, "perhaps")
        self.bus.fails("InvalidArgument", self.rule, "", "deny")
        self.bus.fails("NotFound", self.rule, path, "forget")
        self.bus.fails("NotFound", self.bus.method, MANAGER, AGENT1, "AnswerProgram",
                       GLib.Variant("(ubb)", (77, True, True)))
        self.bus.fails("NotFound", self.bus.method, MANAGER, AGENT1, "SetProgramRule",
                       GLib.Variant("(sss)", (path, "nobody", "deny")))
        self.rule(path, "allow")
        self.rule(path, "forget")
        self.assertNotIn(path, self.programs())

    def test_command_line(self):
        """Listed with what waits; allowed by the name it shows under, refused and forgotten."""
        self.ask_programs()
        path = self.shell_script()
        process = self.start(path)
        self.wait_asking()
        listed = self.world.ctl_ok("programs", "--json").json()
        waiting = [each for each in listed if each["asks_now"]]
        self.assertEqual([each["program"] for each in waiting], [path])
        self.world.ctl_ok("programs", "allow", "nightly.sh", self.conn)
        self.assertEqual(self.end(process)[0], 0)
        self.assertIn("always allowed", self.world.ctl_ok("programs").stdout)
        self.world.ctl_ok("programs", "deny", path, self.conn)
        self.assertEqual(self.run_script(path)[0], PERMISSION)
        self.world.ctl_ok("programs", "ask", path, self.conn)
        self.world.ctl_ok("programs", "forget", path, self.conn)
        self.assertNotIn(path, self.programs())
        self.assertExit(self.world.ctl("programs", "allow", "nobody.sh", self.conn), NOT_FOUND)
        self.assertExit(self.world.ctl("programs", "allow", path, "nothing"), NOT_FOUND)
        self.assertExit(self.world.ctl("programs", "allow", path), USAGE)

    def test_notification(self):
        """The question is told on the desktop, and its button answers it."""
        desktop = Notifications(self.world)
        self.ask_programs()
        path = self.shell_script()
        process = self.start(path)
        question = desktop.wait_for("May a program have a token?")
        self.assertTrue({"allow", "deny"} <= set(question.actions))
        # As services do that leave what was pressed on show.
        desktop.emit("ActionInvoked", GLib.Variant("(us)", (question.number, "allow")))
        self.assertEqual(self.end(process)[0], 0)
        self.assertEqual(self.programs()[path]["rule"], "allow")
        desktop.wait_gone("May a program have a token?")


if __name__ == "__main__":
    unittest.main()
