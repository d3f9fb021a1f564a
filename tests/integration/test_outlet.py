#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events that leave the desk: a program with its environment and its input, an address with its body; no
secret in either, and a failure told once."""

import http.server
import json
import os
import stat
import threading
import time
import unittest

from gi.repository import GLib

from case import WorldCase, has_ended
from network_manager import NetworkManager
from notifications import Notifications
from world import MANAGER, wait_until

PROGRAM = """#!/bin/sh
{ env; echo "ARGUMENTS $*"; echo "OPEN $(ls /proc/self/fd | tr '\\n' ' ')"; cat; } > "$1.new"
mv "$1.new" "$1"
"""
ENDLESS = """#!/bin/sh
trap '' TERM INT HUP
sleep 600 &
echo $$ $! > "$1.new"
mv "$1.new" "$1"
wait
"""
DAY = 86400
KEYS = ["at", "class", "connection", "ends", "event", "name", "provider", "text", "title"]


class Hook(threading.Thread):
    """Takes what is posted; answers with each of @statuses in turn, the last for good."""

    def __init__(self, statuses):
        super().__init__(daemon=True)
        self.bodies, self.statuses = [], list(statuses)
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                hook.bodies.append((self.headers, self.rfile.read(length).decode()))
                status = hook.statuses.pop(0) if len(hook.statuses) > 1 else hook.statuses[0]
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"{hook.url}elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook/"

    def run(self):
        self.server.serve_forever()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Outlet(WorldCase):
    def setUp(self):
        super().setUp()
        self.told = Notifications(self.world)
        self.world.start_agent()

    def hook(self, *statuses):
        hook = Hook(statuses)
        hook.start()
        self.addCleanup(hook.close)
        return hook

    def set(self, **settings):
        values = {name.replace("_", "-"): value for name, value in settings.items()}
        self.world.call(MANAGER, "io.github.latchkey_app.Latchkey.Agent1", "SetSettings",
                        GLib.Variant("(a{sv})", (values,)))

    def break_one(self):
        """A connection whose token dies; what the provider gave for it stays secret."""
        conn = self.sign_in("ads", user=1)
        self.world.ctl_ok("rename", conn, "Harbour & Sons")
        self.secrets = [self.token(conn), "sim-ads-secret"]
        self.world.control("revoke", {"family": "ads", "user": 1})
        self.world.ctl("verify", conn)
        return conn

    def check(self, text, conn):
        event = json.loads(text)
        self.assertEqual(sorted(event), KEYS)
        self.assertEqual((event["event"], event["connection"], event["name"], event["provider"],
                          event["class"]),
                         ("attention", conn, "Harbour & Sons", "tiktok-ads-simulator",
                          "token_revoked"))
        self.assertEqual(event["title"], "Harbour & Sons needs you")
        for secret in self.secrets:
            self.assertNotIn(secret, text)

    def test_program(self):
        """It has the event in its environment and as JSON, nothing of the agent's, and no shell."""
        program, out = self.world.path("on event"), self.world.path("out; touch broken")
        with open(program, "w", encoding="utf-8") as file:
            file.write(PROGRAM)
        os.chmod(program, stat.S_IRWXU)
        self.set(event_command=GLib.Variant("as", [program, out, "$HOME `id`"]))
        conn = self.break_one()
        wait_until(lambda: os.path.exists(out), "the program")
        with open(out, encoding="utf-8") as file:
            lines = file.read().splitlines()
        environment = dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "{")
        self.assertEqual(environment["LATCHKEY_EVENT"], "attention")
        self.assertEqual(environment["LATCHKEY_CONNECTION"], conn)
        self.assertEqual(environment["LATCHKEY_NAME"], "Harbour & Sons")
        self.assertEqual(environment["LATCHKEY_TITLE"], "Harbour & Sons needs you")
        self.assertNotIn("LATCHKEY_VALGRIND_LOG", environment)
        self.assertNotIn("G_MESSAGES_DEBUG", environment)
        self.assertIn(f"ARGUMENTS {out} $HOME `id`", lines)
        self.assertIn("OPEN 0 1 2 3 ", lines)  # 3 is the folder that ls reads
        self.check(lines[-1], conn)

    def test_failing_program(self):
        """A program that fails is told once, in plain words, and not again."""
        self.set(event_command=GLib.Variant("as", ["/bin/false"]))
        conn = self.break_one()
        notice = self.told.wait_for("An event could not be passed on")
        self.assertIn("The program “false”", notice.body)
        self.world.connect(conn, command="reconnect", user=1)
        self.world.control("revoke", {"family": "ads", "user": 1})
        self.world.ctl("verify", conn)
        wait_until(lambda: self.world.log("agent.log").count("not passed on (command)") >= 2,
                   "another failure")
        self.assertEqual([title for title, text in self.told.told].count(
            "An event could not be passed on"), 1)

    @unittest.skipUnless(os.environ.get("LATCHKEY_TEST_LONG"), "takes half a minute")
    def test_endless_program(self):
        """A program that does not end is ended after half a minute, with all that it started."""
        program, out = self.world.path("endless"), self.world.path("pids")
        with open(program, "w", encoding="utf-8") as file:
            file.write(ENDLESS)
        os.chmod(program, stat.S_IRWXU)
        self.set(event_command=GLib.Variant("as", [program, out]))
        self.break_one()
        wait_until(lambda: os.path.exists(out), "the program")
        begun = time.monotonic()
        with open(out, encoding="utf-8") as file:
            pids = [int(word) for word in file.read().split()]
        self.told.wait_for("An event could not be passed on", 40)
        self.assertGreater(time.monotonic() - begun, 25)
        wait_until(lambda: all(has_ended(pid) for pid in pids), "it to be gone")
        self.assertEqual(len(pids), 2)

    def test_address(self):
        """It is posted to, again when it stumbles, and not twice."""
        hook = self.hook(503, 200)
        self.set(event_webhook=GLib.Variant("s", hook.url))
        conn = self.break_one()
        wait_until(lambda: len(hook.bodies) == 2, "the second try", 30)
        headers, body = hook.bodies[1]
        self.assertEqual(headers["Content-Type"], "application/json")
        self.check(body, conn)
        self.world.ctl("verify", conn)
        self.assertEqual(len(hook.bodies), 2)

    def test_redirect(self):
        """An address that sends us elsewhere is not followed."""
        hook = self.hook(302)
        self.set(event_webhook=GLib.Variant("s", hook.url))
        self.break_one()
        self.told.wait_for("An event could not be passed on")
        self.assertEqual(len(hook.bodies), 1)

    def test_offline(self):
        """What happens while there is no network is posted when there is one, and is no failure."""
        self.world.quit_agent()
        network = NetworkManager(self.world)
        hook = self.hook(200)
        self.set(event_webhook=GLib.Variant("s", hook.url))
        network.set_online(False)
        self.world.control("lifetimes", {"family": "login", "access": 15 * DAY, "refresh": 5 * DAY})
        self.sign_in("login", user=1)
        self.told.wait_for("ends in 5 days")
        self.assertEqual(hook.bodies, [])
        network.set_online(True)
        wait_until(lambda: hook.bodies, "the event that waited")
        self.assertEqual(json.loads(hook.bodies[0][1])["event"], "ending")
        self.assertFalse(self.told.reads("could not be passed on"))

    def test_kinds(self):
        """What is not wanted is not passed on."""
        hook = self.hook(200)
        self.set(event_webhook=GLib.Variant("s", hook.url),
                 event_kinds=GLib.Variant("as", ["recovered"]))
        self.break_one()
        self.told.wait_for("needs you")
        self.assertEqual(hook.bodies, [])


if __name__ == "__main__":
    unittest.main()
