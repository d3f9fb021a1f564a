#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls through the agent: what comes back, what is repeated and what is not, what stays behind."""

import json
import os
import socket
import unittest
import urllib.request

from gi.repository import Gio, GLib

from agent_bus import CONNECTION, AgentBus, memfd, pipe
from case import WorldCase

INFO = "/v2/user/info/"
ADS = "/open_api/v1.3/"
MINE, ANALYST = "7000000000000000001", "7000000000000000003"


class Calls(WorldCase):
    family = "login"

    def setUp(self):
        super().setUp()
        self.bus = AgentBus(self.world)
        self.conn = self.sign_in(self.family)

    def me(self, **options):
        return self.bus.call(self.conn, "GET", INFO, query=["fields=open_id,display_name"], **options)

    def kinds(self):
        return [event["kind"] for event in self.bus.history(self.conn)]


class Login(Calls):
    def test_success(self):
        """The body comes back whole, nothing is written into the history, and the token is known
        to be alive."""
        before = self.kinds()
        result = self.me()
        self.assertEqual(result["status"], 200)
        self.assertEqual(result["fault"], {})
        self.assertEqual(result["attempts"], 1)
        self.assertFalse(result["renewed"])
        self.assertNotIn("event", result)
        self.assertEqual(json.loads(result["body"])["data"]["user"]["display_name"], "Mira Holt")
        self.assertEqual([step["kind"] for step in result["steps"]], ["sent", "done"])
        self.assertEqual(self.kinds(), before)
        self.assertGreater(self.bus.connection(self.conn)["LastVerified"], 0)

    def test_expired_is_renewed_once(self):
        """An expired token costs one renewal and one repeat, both in the history; the body is of the
        repeat."""
        self.world.control("expire", {"family": "login"})
        result = self.me()
        self.assertEqual((result["status"], result["fault"]), (200, {}))
        self.assertEqual((result["attempts"], result["renewed"]), (2, True))
        self.assertEqual(self.token_calls("refresh_token"), 1)
        self.assertEqual(self.requests()[INFO], 3, "one at the sign-in, two now")
        repeated, = self.bus.history(self.conn, "call-repeated")
        self.assertEqual(repeated["fault"]["class"], "token_expired")
        self.assertEqual(repeated["text"], "GET " + INFO)
        self.assertEqual(self.bus.connection(self.conn)["LastRefusal"], {})

    def test_never_twice(self):
        """A provider that calls each new token expired, too, gets one renewal and one repeat."""
        self.world.fault(INFO, code="access_token_invalid", status=401, times=-1)
        result = self.me()
        self.assertEqual(result["fault"]["class"], "token_expired")
        self.assertLessEqual(result["attempts"], 2)
        self.assertLessEqual(self.token_calls("refresh_token"), 1)
        refused, = self.bus.history(self.conn, "call-refused")
        self.assertEqual(result["event"], refused["id"])

    def test_large_reply(self):
        """A reply of a whole MiB comes back byte for byte; a longer one is refused."""
        body = json.dumps({"data": "x" * (1024 * 1024 - 60), "error": {"code": "ok"}})
        body += " " * (1024 * 1024 - len(body))
        self.world.fault(INFO, status=200, body=body, content_type="application/json")
        result = self.me()
        self.assertEqual(len(result["body"]), 1024 * 1024)
        self.assertEqual(result["body"].decode(), body)
        self.world.fault(INFO, huge_bytes=1024 * 1024 + 1, times=-1)
        result = self.me()
        self.assertEqual(result["fault"]["code"], "reply-too-large")

    def test_bodies(self):
        """Bodies from a memfd and from a pipe arrive as they are; other files are refused, and so are
        too long ones; a pipe that never ends is given up on, and calls go on meanwhile."""
        for fd in (memfd(b"{}"), pipe(b"{}")):
            self.assertEqual(self.bus.call(self.conn, "POST", INFO, fd=fd,
                                           content_type="application/json")["attempts"], 1)
        for fd in (os.open("/dev/zero", os.O_RDONLY), os.open("/etc/passwd", os.O_RDONLY),
                   os.open("/", os.O_RDONLY), os.open("/dev/null", os.O_RDONLY),
                   memfd(b"x" * (1024 * 1024 + 1))):
            self.bus.fails("InvalidArgument", self.me, fd=fd)
        read, write = os.pipe()
        ended = []
        handed = Gio.UnixFDList.new()
        handed.append(read)
        os.close(read)
        self.world.connection.call_with_unix_fd_list(
            "io.github.latchkey_app.Latchkey.Agent", self.bus.path(self.conn), CONNECTION, "Call",
            GLib.Variant("(a{sv}ha{sv})", ({"method": GLib.Variant("s", "GET"),
                                           "target": GLib.Variant("s", INFO)}, 0, {})),
            None, Gio.DBusCallFlags.NONE, 30000, handed, None,
            lambda source, result: ended.append(result))
        self.assertEqual(self.me()["status"], 200)
        loop = GLib.MainContext.default()
        self.wait_until(lambda: (loop.iteration(False), ended)[1], "the agent to give up", 20)
        with self.assertRaises(GLib.Error) as raised:
            self.world.connection.call_with_unix_fd_list_finish(ended[0])
        self.assertIn("TimedOut", str(raised.exception))
        os.close(write)

    def test_no_descriptor(self):
        """A handle that leads nowhere, and a socket that says nothing, do not end the agent."""
        pid = self.world.owner_pid()
        call = {"method": GLib.Variant("s", "GET"), "target": GLib.Variant("s", INFO)}
        for handle in (7, -1):
            with self.assertRaises(GLib.Error):
                self.bus.send(self.bus.path(self.conn), CONNECTION, "Call",
                              GLib.Variant("(a{sv}ha{sv})", (call, handle, {})), [memfd()])
        ours, theirs = socket.socketpair()
        ours.shutdown(socket.SHUT_WR)
        self.assertEqual(self.me(fd=theirs.detach())["status"], 200)
        ours.close()
        self.assertEqual(self.world.owner_pid(), pid)

    def test_bad_calls(self):
        """A token goes nowhere else, and what is no call is not sent."""
        before = self.requests()
        for method, target in (("GET", "https://example.org/"), ("BREW", INFO), ("GET", ""),
                               ("", INFO), ("GET", "x" * 9000)):
            self.bus.fails("InvalidArgument", self.bus.call, self.conn, method, target)
        self.bus.fails("InvalidArgument", self.bus.call, self.conn, "POST", INFO, body=b"{}",
                       content_type="a\r\nX-Evil: 1")
        self.assertEqual(self.requests(), before)

    def test_steps_are_told(self):
        """Whoever gives a cookie sees each step as it happens."""
        seen = []
        watch = self.world.connection.signal_subscribe(
            None, CONNECTION, "CallStep", self.bus.path(self.conn), None, Gio.DBusSignalFlags.NONE,
            lambda *arguments: seen.append(arguments[-1].unpack()))
        self.world.control("expire", {"family": "login"})
        result = self.me(cookie="mine")
        loop = GLib.MainContext.default()
        self.wait_until(lambda: (loop.iteration(False), seen and seen[-1][1]["kind"] == "done")[1],
                        "the last step")
        self.world.connection.signal_unsubscribe(watch)
        self.assertEqual({cookie for cookie, _ in seen}, {"mine"})
        self.assertEqual([step["kind"] for _, step in seen],
                         [step["kind"] for step in result["steps"]])
        self.assertEqual([step["kind"] for _, step in seen],
                         ["sent", "refused", "renewed", "sent", "done"])


class Ads(Calls):
    family = "ads"

    def info(self, account, **options):
        return self.bus.call(self.conn, "GET", "advertiser/info/",
                             query=[f'advertiser_ids=["{account}"]'], **options)

    def change(self, account=ANALYST, **more):
        body = {"advertiser_id": account, "campaign_id": "1", "campaign_name": "Sale", **more}
        return self.bus.call(self.conn, "POST", "campaign/update/", json.dumps(body).encode(),
                             content_type="application/json")

    def test_refused(self):
        """A refusal is a result: its fault names call and account, the history has one line that can
        be repeated, the connection tells its last refusal, and stays as healthy as it was."""
        result = self.change()
        fault = result["fault"]
        self.assertEqual((fault["class"], fault["code"]), ("permission", "40001"))
        self.assertEqual((fault["method"], fault["account"]), ("POST", ANALYST))
        self.assertEqual(fault["endpoint"], ADS + "campaign/update/")
        self.assertTrue(fault["trace-id"])
        self.assertEqual(json.loads(result["body"])["code"], 40001)
        event, = self.bus.history(self.conn, "call-refused")
        self.assertEqual((event["id"], event["repeatable"], event["count"]),
                         (result["event"], True, 1))
        self.assertEqual(event["text"], "POST " + ADS + "campaign/update/")
        connection = self.bus.connection(self.conn)
        self.assertEqual(connection["LastRefusal"]["code"], "40001")
        self.assertEqual(connection["LastRefusalEvent"], result["event"])
        self.assertEqual((connection["Health"], connection["Fault"]), ("fine", {}))

    def test_the_same_call_clears_it(self):
        """Another account's success says nothing about the refused one; its own does."""
        self.change()
        refused = self.bus.connection(self.conn)["LastRefusal"]
        self.assertEqual(refused["account"], ANALYST)
        self.assertEqual(self.change(MINE)["fault"], {})
        self.assertNotEqual(self.bus.connection(self.conn)["LastRefusal"], {})
        self.world.kill_agent()
        self.assertEqual(self.bus.connection(self.conn)["LastRefusal"], refused)
        self.world.control("roles", {"advertiser": ANALYST, "role": "OPERATOR"})
        self.assertEqual(self.change()["fault"], {})
        self.assertEqual(self.bus.connection(self.conn)["LastRefusal"], {})

    def test_counted(self):
        """A program that is refused again and again leaves one line."""
        events = {self.change()["event"] for _ in range(4)}
        self.assertEqual(len(events), 1)
        event, = self.bus.history(self.conn, "call-refused")
        self.assertEqual(event["count"], 4)

    def test_what_is_not_kept(self):
        """A body with a token or a secret, or a long one, is not kept."""
        token = self.token(self.conn)
        for number, text in enumerate((token, "access_token=act.abcdefgh1234567890",
                                       "sim-ads-secret", "x" * (64 * 1024))):
            self.world.control("faults", {"path": ADS + "campaign/update/", "code": 40001 + number,
                                          "message": "no permission"})
            result = self.change(note=text)
            event, = [event for event in self.bus.history(self.conn, "call-refused")
                      if event["id"] == result["event"]]
            self.assertFalse(event["repeatable"], text[:40])
        with open(self.world.path("data", "latchkey", "ledger.db-wal"), "rb") as file:
            ledger = file.read()
        self.assertNotIn(token.encode(), ledger)

    def test_creating_is_not_repeated(self):
        """A request that may have created something is sent once when its answer is lost or the
        server fails; one that was held up by a limit goes again."""
        for fault in ({"cut": "after"}, {"status": 500}):
            self.world.fault(ADS + "campaign/update/", times=5, **fault)
            before = self.requests().get(ADS + "campaign/update/", 0)
            result = self.change(MINE)
            self.assertEqual(result["attempts"], 1)
            self.assertEqual(self.requests()[ADS + "campaign/update/"], before + 1)
            self.remove_faults()

    def remove_faults(self):
        request = urllib.request.Request(self.world.url + "/_simulator/faults", method="DELETE")
        urllib.request.urlopen(request, timeout=20).close()

    def test_reading_is_repeated(self):
        """A server that fails once is asked again, and the history says so."""
        self.world.fault(ADS + "advertiser/info/", status=503)
        result = self.info(MINE)
        self.assertEqual((result["fault"], result["attempts"]), ({}, 2))
        repeated, = self.bus.history(self.conn, "call-repeated")
        self.assertEqual(repeated["fault"]["class"], "transient")

    def test_circuit(self):
        """Three refused authorizations in a row stop the calls here; closing lets them out again."""
        self.world.fault(ADS + "advertiser/info/", code=40105, times=-1)
        for _ in range(3):
            self.info(MINE)
        self.assertTrue(self.bus.connection(self.conn)["CircuitOpen"])
        sent = self.requests()[ADS + "advertiser/info/"]
        self.assertEqual(self.info(MINE)["fault"]["code"], "circuit-open")
        self.assertEqual(self.requests()[ADS + "advertiser/info/"], sent)
        self.assertIn("circuit-opened", self.kinds())
        self.remove_faults()
        self.bus.method(self.bus.path(self.conn), CONNECTION, "CloseCircuit")
        self.assertFalse(self.bus.connection(self.conn)["CircuitOpen"])
        self.assertEqual(self.info(MINE)["fault"], {})
        self.assertIn("circuit-closed", self.kinds())

    def test_one_endpoint_says_dead(self):
        """An endpoint that calls a living token dead does not end the connection: the provider is
        asked about the token itself."""
        self.world.fault(ADS + "advertiser/info/", code=40105)
        self.assertEqual(self.info(MINE)["fault"]["class"], "token_revoked")
        self.wait_until(lambda: "verified" in self.kinds(), "the token to be looked at")
        self.assertEqual(self.bus.connection(self.conn)["Fault"], {})
        self.world.control("revoke", {"family": "ads"})
        self.change(MINE)
        self.wait_until(lambda: self.bus.connection(self.conn)["Health"] == "attention",
                        "the connection to tell that it was withdrawn")
        self.bus.fails("SignInNeeded", self.info, MINE)

    def test_reconnect_closes_the_circuit(self):
        """After a new sign-in calls go out at once."""
        self.world.fault(ADS + "advertiser/info/", code=40105, times=3)
        for _ in range(3):
            self.info(MINE)
        self.assertTrue(self.bus.connection(self.conn)["CircuitOpen"])
        before = self.bus.connection(self.conn)["SignedIn"]
        self.world.connect(self.conn, command="reconnect")
        connection = self.bus.connection(self.conn)
        self.assertFalse(connection["CircuitOpen"])
        self.assertGreaterEqual(connection["SignedIn"], before)
        self.assertEqual(self.info(MINE)["fault"], {})

    def test_holds(self):
        """A daily limit is told at once, with its end, and holds back the next call here."""
        self.world.control("limits", {"family": "ads", "mode": "qpd", "limit": 0})
        result = self.info(MINE, timeout=5)
        self.assertEqual((result["fault"]["class"], result["fault"]["limit"]), ("rate", "day"))
        self.assertGreater(result["fault"]["retry-at"], 0)
        hold, = [hold for hold in self.bus.holds("ads") if hold["limit"] == "day"]
        self.assertEqual(hold["retry-at"], result["fault"]["retry-at"])
        sent = self.requests()[ADS + "advertiser/info/"]
        self.info(MINE, timeout=5)
        self.assertEqual(self.requests()[ADS + "advertiser/info/"], sent)
        self.bus.fails("NotFound", self.bus.holds, "nobody")

    def test_secrets_are_found(self):
        """A text that holds a token or a client secret in any form is told from one that does not."""
        token = self.token(self.conn)
        for text in (token, "x" * 100000 + token, "a=" + token.upper(), "sim-ads-secret",
                     "nothing here", ""):
            expected = token in text or "sim-ads-secret" in text
            self.assertEqual(self.bus.find_secrets(text.encode()), expected, text[-60:])
        self.bus.fails("InvalidArgument", self.bus.find_secrets, b"x" * (1024 * 1024 + 1))

    def test_client_secret(self):
        """A secret is judged by the provider before anything is changed."""
        self.assertEqual(self.bus.check_secret("ads", "sim-ads-secret"), {})
        self.assertNotEqual(self.bus.check_secret("ads", "another-secret"), {})
        self.assertEqual(self.bus.check_secret("ads", "sim-ads-secret"), {})
        self.bus.fails("NotFound", self.bus.check_secret, "nobody", "x")
        self.bus.fails("InvalidArgument", self.bus.check_secret, "ads", "")


if __name__ == "__main__":
    unittest.main()
