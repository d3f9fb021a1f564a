#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line's contract: exit statuses, JSON keys, help, and never waiting too long."""

import json
import os
import re
import socket
import subprocess
import threading
import time
import unittest

from case import (DONE, FAILED, LOGIN_TOKEN, NOT_FOUND, PERMISSION, RATE, SIGN_IN, TIMED_OUT, USAGE,
                  WorldCase)

COMMANDS = ["client", "connect", "list", "show", "history", "ends", "metrics", "token", "exec",
            "renew", "verify", "reconnect", "revoke", "remove", "rename", "diagnose", "providers", "unlock", "trial",
            "client add", "client list", "client remove", "providers list", "providers check"]

CONNECTION_KEYS = {
    "id", "name", "client", "provider", "provider_name", "identity", "identity_name", "state", "busy",
    "fingerprint", "sandbox", "created", "obtained", "access_ends", "access_ends_never",
    "refresh_obtained", "refresh_ends", "refresh_ends_never", "authorization_ends",
    "authorization_ends_never", "last_renewed", "last_verified", "next_renewal", "generation",
    "can_renew", "can_revoke", "scopes_asked", "scopes_granted", "scopes_missing", "accounts",
    "finding", "parked"}
FINDING_KEYS = {
    "class", "code", "http_status", "provider", "confidence", "retryable", "auto", "needs_reauth",
    "trace_id", "title", "explanation", "causes", "steps", "evidence", "sources", "conflict"}
RFC_3339 = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


class WithoutAgent(WorldCase):
    options = {"keyring": "none", "simulator": None}

    def test_help(self):
        """Each command explains itself with examples, on the standard output, without an agent."""
        for command in COMMANDS:
            with self.subTest(command=command):
                result = self.world.ctl(*command.split(), "--help")
                self.assertExit(result, DONE)
                self.assertIn("latchkeyctl", result.stdout)
                self.assertEqual(result.stderr, "")
                if command not in ("client", "providers"):
                    self.assertIn("Examples:", result.stdout)
                    self.assertIn("--json", result.stdout)
                    self.assertIn("--timeout", result.stdout)
        text = self.world.ctl_ok("--help").stdout
        for command in COMMANDS[:17]:
            self.assertIn(f"\n  {command} ", text)
        self.assertIsNone(self.world.owner_pid())

    def test_version(self):
        self.assertRegex(self.world.ctl_ok("--version").stdout, r"^latchkeyctl \d+\.\d+\.\d+\n$")

    def test_usage(self):
        for arguments in ((), ("no-such",), ("show",), ("show", "a", "b"), ("list", "--no-such"),
                          ("token", "a", "--min-valid", "-1"), ("token", "a", "--min-valid", "x"),
                          ("exec",), ("exec", "a"), ("exec", "a", "--"), ("rename", "a"),
                          ("client",), ("client", "add", "x"), ("list", "--timeout", "-4"),
                          ("client", "add", "x", "--provider", "y"), ("diagnose", "--status", "7"),
                          ("diagnose", "--step", "dance"), ("connect", "a", "--paste", "-"),
                          ("history", "a", "--limit", "-4"), ("providers", "check")):
            with self.subTest(arguments=arguments):
                result = self.world.ctl(*arguments)
                self.assertExit(result, USAGE)
                self.assertEqual(result.stdout, "")
                self.assertIn("--help", result.stderr)
        self.assertIsNone(self.world.owner_pid())

    def test_diagnose(self):
        """Offline: neither agent nor network."""
        body = '{"code":40105,"message":"Access token is incorrect or has been revoked.",' \
               '"request_id":"2026112105361401"}'
        finding = self.world.ctl_ok("diagnose", "--provider", "tiktok-ads", "--json",
                                    stdin=body).json()
        self.assertLessEqual(FINDING_KEYS, set(finding))
        self.assertEqual(finding["class"], "token_revoked")
        self.assertEqual(finding["code"], "40105")
        self.assertEqual(finding["trace_id"], "2026112105361401")
        self.assertTrue(0 < finding["confidence"] <= 1)
        self.assertIsNone(self.world.owner_pid())

        path = self.world.path("error.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"
                       '{"code":40100,"message":"Too many requests","request_id":"1"}')
        finding = self.world.ctl_ok("diagnose", path, "--json", "--provider", "tiktok-ads").json()
        self.assertEqual((finding["class"], finding["auto"]), ("rate", "backoff"))
        self.assertFalse(finding["needs_reauth"])
        text = self.world.ctl_ok("diagnose", path, "--provider", "tiktok-ads").stdout
        self.assertIn("40100", text)
        self.assertExit(self.world.ctl("diagnose", self.world.path("none")), FAILED)
        self.assertExit(self.world.ctl("diagnose", stdin=""), DONE)

    def test_diagnose_of_long_and_odd_input(self):
        """The verdict at the end of a long log, nothing at all, and a picture."""
        path = self.world.path("long.log")
        with open(path, "w", encoding="utf-8") as file:
            file.write("a line of a log that says nothing\n" * 500000)
            file.write('{"code":40105,"message":"Access token is incorrect or has been revoked."}')
        finding = self.world.ctl_ok("diagnose", path, "--json", "--provider", "tiktok-ads").json()
        self.assertEqual((finding["class"], finding["code"]), ("token_revoked", "40105"))
        finding = self.world.ctl_ok("diagnose", "--json", stdin="").json()
        self.assertEqual((finding["class"], finding["code"]), ("unknown", ""))
        self.assertIn("nothing", finding["title"])
        with open(path, "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
        self.assertIn("not text", self.world.ctl_ok("diagnose", path, "--json").json()["title"])
        self.assertIn("no provider", self.world.ctl_ok("diagnose", "--provider", "nonsense",
                                                       stdin="x").stderr)

    def test_says_what_is_wrong(self):
        """What was typed wrong is named, and as JSON where that was asked for."""
        for arguments, words in (
                (("client", "add", "x", "--provider", "tiktok-adz", "--client-id", "1"), "tiktok-adz"),
                (("client", "add", "x", "--provider", "tiktok-ads", "--client-id", "1"),
                 "--secret-stdin"),
                (("client", "add", "x", "--provider", "tiktok-ads", "--client-id", "1",
                  "--secret-stdin", "--redirect", "http://example.com/"), "https")):
            result = self.world.ctl(*arguments)
            self.assertExit(result, USAGE)
            self.assertIn(words, result.stderr)
        for arguments in (("list", "extra", "--json"), ("--json", "no-such"),
                          ("list", "--no-such", "--json")):
            result = self.world.ctl(*arguments)
            self.assertExit(result, USAGE)
            self.assertEqual(json.loads(result.stderr)["error"], "usage")

    def test_lost_output(self):
        program = os.path.join(self.world.build, "src", "ctl", "latchkeyctl")
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([program, "providers", "list"], env=self.world.env, stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=20, check=False)
        self.assertEqual(done.returncode, FAILED)
        self.assertIn("written", done.stderr)

    def test_providers(self):
        listed = self.world.ctl_ok("providers", "list", "--json").json()
        self.assertLessEqual({"tiktok-login", "tiktok-account", "tiktok-ads"},
                             {profile["id"] for profile in listed})
        for profile in listed:
            self.assertEqual(set(profile), {
                "id", "name", "family", "docs", "portal", "checked", "file", "redirect_modes",
                "redirect_register", "default_scopes", "secret_required", "can_renew", "can_revoke",
                "sandbox"})
        path = self.world.path("bad.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write('{"schema":1,"id":"evil","extends":"tiktok-login",'
                       '"vars":{"api":"http://evil.example"}}')
        result = self.world.ctl("providers", "check", path, "--json")
        self.assertExit(result, FAILED)
        self.assertFalse(result.json()["usable"])
        self.assertIn("bad.json", result.json()["error"])
        self.assertIsNone(self.world.owner_pid())

    def test_no_bus(self):
        result = self.world.ctl("list", env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"})
        self.assertExit(result, FAILED)
        self.assertIn("bus", result.stderr)
        bare = {name: value for name, value in self.world.env.items()
                if name not in ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY")}
        program = os.path.join(self.world.build, "src", "ctl", "latchkeyctl")
        done = subprocess.run([program, "token", "acme"], env=bare, capture_output=True, text=True,
                              timeout=20, check=False)
        self.assertEqual(done.returncode, FAILED)
        self.assertIn("XDG_RUNTIME_DIR=/run/user/", done.stderr)

    def test_silent_bus(self):
        """A bus that accepts and never speaks is waited for as long as --timeout says."""
        path = self.world.path("silent")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path)
            server.listen()
            result, seconds = self.timed(self.world.ctl, "list", "--timeout", "2",
                                         env={"DBUS_SESSION_BUS_ADDRESS": f"unix:path={path}"})
        self.assertExit(result, TIMED_OUT)
        self.assertLess(seconds, 4)


class WithAgent(WorldCase):
    def test_json_keys(self):
        connection = self.sign_in("ads")
        for shown in (self.show(connection), self.world.ctl_ok("list", "--json").json()[0],
                      self.world.ctl_ok("verify", connection, "--json").json()):
            self.assertEqual(set(shown), CONNECTION_KEYS)
        self.assertIsNone(shown["access_ends"])
        self.assertTrue(shown["access_ends_never"])
        self.assertIsNone(shown["last_renewed"])
        self.assertRegex(shown["created"], RFC_3339)
        self.assertEqual(set(shown["accounts"][0]), {"id", "name"})
        client = self.world.ctl_ok("client", "list", "--json").json()[0]
        self.assertEqual(set(client), {"name", "provider", "client_id", "redirect", "created",
                                       "connections"})
        self.assertEqual(client["connections"], 1)
        event = self.world.ctl_ok("history", connection, "--json").json()[0]
        self.assertEqual(set(event), {"id", "at", "connection", "connection_name", "kind", "text",
                                      "count", "fault", "finding"})
        self.assertRegex(event["at"], RFC_3339)

    def test_streams(self):
        """Results on the standard output, everything else on the standard error."""
        connection = self.sign_in()
        token = self.world.ctl_ok("token", connection)
        self.assertEqual(token.stdout.count("\n"), 1)
        self.assertEqual(token.stderr, "")
        self.assertEqual(self.world.ctl_ok("token", connection, "--json").json(),
                         {"access_token": token.stdout.strip()})
        listed = self.world.ctl_ok("list")
        self.assertIn(connection, listed.stdout)
        self.assertEqual(listed.stderr, "")
        missing = self.world.ctl("show", "no-such")
        self.assertExit(missing, NOT_FOUND)
        self.assertEqual(missing.stdout, "")
        self.assertIn("no-such", missing.stderr)

    def test_not_found(self):
        for command in ("show", "history", "token", "renew", "verify", "reconnect", "revoke", "remove"):
            with self.subTest(command=command):
                self.assertExit(self.world.ctl(command, "nosuch"), NOT_FOUND)
        self.assertExit(self.world.ctl("rename", "nosuch", "x"), NOT_FOUND)
        self.assertExit(self.world.ctl("exec", "nosuch", "--", "true"), NOT_FOUND)
        failure = self.failure(self.world.ctl("show", "nosuch", "--json"))
        self.assertEqual(set(failure), {"error", "message", "exit_code", "finding"})
        self.assertEqual((failure["error"], failure["exit_code"]), ("not_found", NOT_FOUND))

    def test_names(self):
        connection = self.sign_in()
        self.world.ctl_ok("rename", connection, "Über Name")
        self.assertEqual(self.show("Über Name")["id"], connection)
        self.assertEqual(self.token("Über Name"), self.token(connection))
        self.world.ctl_ok("rename", connection, "plain")
        self.assertEqual(self.token("plain"), self.token(connection))
        other = self.world.connect("login", user=2)
        self.assertExit(self.world.ctl("rename", other, "plain"), FAILED)

    def test_terminal_is_not_steered(self):
        connection = self.sign_in()
        self.world.ctl("rename", connection, "a\x1b]0;owned\x07b")
        for command in (("list",), ("show", connection)):
            self.assertNotIn("\x1b", self.world.ctl_ok(*command).stdout)

    def test_exec(self):
        connection = self.sign_in()
        run = self.world.ctl("exec", connection, "--", "sh", "-c", 'echo "$LATCHKEY_ACCESS_TOKEN"; exit 42')
        self.assertEqual((run.code, run.stdout.strip()), (42, self.token(connection)))
        self.assertExit(self.world.ctl("exec", connection, "--", "no-such-program"), 127)
        self.assertExit(self.world.ctl("exec", connection, "--", "/"), 126)
        self.assertEqual(self.world.ctl_ok("exec", connection, "--", "sh", "-c",
                                           'echo "$@"', "--", "--help", "--json").stdout,
                         "--help --json\n")

    def test_remove_and_revoke(self):
        first = self.sign_in()
        second = self.world.connect("login", user=2)
        self.assertExit(self.world.ctl("client", "remove", "login"), FAILED)
        token = self.token(second)
        self.world.ctl_ok("revoke", second)
        self.assertNotIn(token, self.live())
        self.assertExit(self.world.ctl("show", second), NOT_FOUND)
        self.world.ctl_ok("remove", first)
        self.assertExit(self.world.ctl("token", first), NOT_FOUND)
        self.assertEqual(self.world.ctl_ok("list", "--json").json(), [])

    def test_exit_statuses(self):
        connection = self.sign_in()
        self.world.fault(LOGIN_TOKEN, status=429, code="rate_limit_exceeded", times=-1)
        self.assertExit(self.world.ctl("renew", connection), RATE)
        self.world.get(self.world.url + "/_simulator/faults", method="DELETE")
        self.world.fault("/v2/user/info/", status=401, code="scope_not_authorized", times=-1)
        self.assertExit(self.world.ctl("verify", connection), PERMISSION)
        self.world.get(self.world.url + "/_simulator/faults", method="DELETE")
        self.world.control("revoke", {"token": self.token(connection)})
        result = self.world.ctl("renew", connection)
        self.assertExit(result, SIGN_IN)
        self.assertIn("What to do first:", result.stderr)
        self.assertIn(f"latchkeyctl reconnect '{connection}'", result.stderr)
        explained = self.world.ctl_ok("diagnose", "--connection", connection, "--json").json()
        self.assertLessEqual(FINDING_KEYS, set(explained))

    def test_timeout(self):
        connection = self.sign_in()
        self.world.fault(LOGIN_TOKEN, delay_ms=8000)
        result, seconds = self.timed(self.world.ctl, "renew", connection, "--timeout", "1")
        self.assertExit(result, TIMED_OUT)
        self.assertLess(seconds, 3)
        self.assertEqual(self.failure(self.world.ctl("renew", connection, "--timeout", "1", "--json"))
                         ["error"], "timed_out")

    def test_agent_that_hangs(self):
        """Also the start of the agent counts."""
        self.sign_in()
        pid = self.world.owner_pid()
        os.kill(pid, 19)
        try:
            result, seconds = self.timed(self.world.ctl, "list", "--timeout", "2")
        finally:
            os.kill(pid, 18)
        self.assertExit(result, TIMED_OUT)
        self.assertLess(seconds, 4)

    def test_secret_from_a_slow_pipe(self):
        read, write = os.pipe()

        def feed():
            for piece in (b"sim-login", b"-secret\n"):
                os.write(write, piece)
                time.sleep(0.05)
            os.close(write)

        thread = threading.Thread(target=feed)
        thread.start()
        done = subprocess.run(
            [os.path.join(self.world.build, "src", "ctl", "latchkeyctl"), "client", "add", "login",
             "--provider", "tiktok-login-simulator", "--client-id", "sim-login-key",
             "--secret-stdin"], stdin=read, env=self.world.env, timeout=60, check=False)
        thread.join()
        os.close(read)
        self.assertEqual(done.returncode, DONE)
        self.world.connect("login")

    def test_trial(self):
        trial = self.world.ctl_ok("trial", "--json").json()
        self.assertTrue(trial["address"].startswith("http://127.0.0.1:"))
        self.assertTrue(trial["clients"])
        listed = json.loads(self.world.ctl_ok("client", "list", "--json").stdout)
        self.assertLessEqual(set(trial["clients"]), {client["name"] for client in listed})


if __name__ == "__main__":
    unittest.main()
