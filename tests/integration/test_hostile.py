#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider that means harm, and a program on the bus that means no better: no secret gets out, no
limit leads to a new sign-in, nothing that they say ends the agent or what people can do with it."""

import json
import os
import subprocess
import time
import unittest

from gi.repository import Gio, GLib

from agent_bus import AGENT1, CONNECTION, MANAGER, REMEDY, AgentBus, pipe, to_dict
from case import WorldCase
from hostile import API, SECRET, TOKEN, HostileServer, Reply, ads, json_reply
from world import AGENT

BIGGEST = 2 ** 63 - 1
# What moves a terminal's cursor, rings its bell, or turns a line around.
UNSEEN = "\x1b\x07\x9b\r\u202e\u2066"
EVIL = "\x1b[31mEvil\x1b]8;;http://x\x07 \x9b1m\u202e<b>&amp;\u2066\n\r\tNext line"
NO_ROLE = {"code": 40001, "message": "No permission to operate advertiser 7001"}


class Hostile(WorldCase):
    options = {"simulator": None}
    accounts = (("7001", "Mine"),)

    def setUp(self):
        super().setUp()
        self.server = HostileServer(self.accounts)
        self.addCleanup(self.server.close)
        self.bus = AgentBus(self.world)
        self.answers = self.server.answers

    def sign_in_here(self, **profile):
        self.server.write_profile(self.world, **profile)
        self.conn = self.server.sign_in(self.world)
        return self.conn

    def get(self, target="x/", **options):
        return self.bus.call(self.conn, "GET", target, **options)

    def answer(self, reply, path="x/"):
        self.answers[API + path] = reply if callable(reply) else lambda request: reply

    def on_disk(self, word):
        """Files of the world, but for the keyring, that hold @word."""
        found = []
        for folder, _, names in os.walk(self.world.dir):
            for name in names:
                path = os.path.join(folder, name)
                if "/keyrings/" in path or not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    if word.encode() in file.read():
                        found.append(path)
        return found

    def assertNoSecret(self, text, what):
        for secret in (TOKEN, SECRET):
            self.assertNotIn(secret, text, what)


class Secrets(Hostile):
    def test_the_token_stays_here(self):
        """No way of writing an address sends a token to another host, or a line to this one."""
        self.sign_in_here()
        url = self.server.url
        for target in ("//evil.example/", "http://u@127.0.0.1:1/", "\\\\evil", "/..%2f", "/%2e%2e/x",
                       "/%252e%252e/x", "/%5c..%5c", "/%00", "/a/../b", "http://127.0.0.1:1/x",
                       url.replace("127.0.0.1", "localhost") + "/x",
                       url.replace("127.0.0.1", "0x7f000001") + "/", url + "@evil.example/",
                       url + ".evil.example/", url + "\\@evil.example/", url + ":80/", url + "/x#y",
                       url.replace("127.0.0.1", "[::ffff:127.0.0.1]") + "/", ":80/", "a\r\nX: y",
                       "/x?y\r\nX-Evil: 1", "/x y", "/é", "/\x7f",
                       url.replace("127.0.0.1", "１２７.0.0.1") + "/"):
            self.bus.fails("InvalidArgument", self.get, target)
        before = len(self.server.requests())
        for target in ("/%2f%2fevil", "@evil/", "HTTP" + url[4:] + "/x", "?a=b"):
            self.get(target)
        self.get(query=["a=\r\nX-Evil: y", "b\r\nX-Evil=c"])
        asked = self.server.requests()[before:]
        self.assertEqual(len(asked), 5)
        for _, _, headers, _ in asked:
            self.assertEqual(headers["Host"], url.split("//")[1])
            self.assertNotIn("X-Evil", headers)

    def test_redirects(self):
        """A redirect is an answer, not a way."""
        self.sign_in_here()
        for status in (301, 302, 307, 308):
            self.answer(Reply(status, b"", {"Location": self.server.url + "/stolen"}))
            self.get(timeout=1)
        self.assertEqual(self.server.requests("/stolen"), [])

    def test_secrets_in_a_call(self):
        """What a program puts where it does not belong is refused, or not kept."""
        self.sign_in_here()
        before = len(self.server.requests())
        for path in (TOKEN, "H%6Fstile-Secret" + SECRET[14:], "a" + TOKEN + "b"):
            self.bus.fails("InvalidArgument", self.get, API + path + "/x/")
        self.assertEqual(len(self.server.requests()), before)
        self.answer(ads(code=40001, message="no"))
        for options in ({"query": ["advertiser_id=" + TOKEN]}, {"program": SECRET},
                        {"query": ["advertiser_id=" + SECRET], "program": "a " + TOKEN}):
            event = self.get(**options)["event"]
            self.assertNotEqual(event, 0)
        self.bus.call(self.conn, "POST", "x/", json.dumps({"advertiser_id": SECRET}).encode())
        facts = self.bus.diagnose(self.conn)
        self.assertNoSecret(str(facts), "the facts")
        for words in ({"account": TOKEN}, {TOKEN: "x"}):
            self.bus.fails("InvalidArgument", self.bus.start_remedy, self.conn, "permission",
                           "asset-role", words, facts)
        self.end_agent()
        for secret in (TOKEN, SECRET):
            self.assertEqual(self.on_disk(secret), [])

    def test_echoes(self):
        """What was sent and comes back, in whatever field, reaches neither bus nor disk nor terminal."""
        self.sign_in_here()
        echo = {"X-Tt-Logid": TOKEN, "X-Request-Id": SECRET}
        refused = json_reply({"code": 40001, "message": f"no {SECRET} {TOKEN}", "request_id": TOKEN,
                              "data": {}}, headers={**echo, "Date": SECRET})
        refused.headers["Content-Type"] = "application/json; x=" + SECRET
        self.answer(refused)
        result = self.get(cookie="k")
        result.pop("body")
        self.assertNoSecret(str(result), "the result")
        self.answer(ads(headers=echo), "fine/")
        result = self.get("fine/")
        self.assertEqual(result["fault"], {})
        result.pop("body")
        self.assertNoSecret(str(result), "the result")
        rows = [{"advertiser_id": "7001", "advertiser_name": "A " + TOKEN},
                {"advertiser_id": SECRET, "advertiser_name": "B " + SECRET}]
        self.answer(ads({"list": rows}, headers=echo), "oauth2/advertiser/get/")
        self.answer(ads({"core_user_id": TOKEN, "display_name": TOKEN, "email": SECRET + "@x"},
                        headers=echo), "user/info/")
        self.answers["/marketing_api/api/status_page/incident/rss/"] = lambda request: Reply(
            200, f"<rss><channel><item><title>{TOKEN}</title></item></channel></rss>")
        self.assertNoSecret(str(self.bus.diagnose(self.conn)), "the facts")
        self.assertNoSecret(str(self.bus.survey(self.conn)), "the survey")
        self.world.ctl("verify", self.conn)
        for command in (["diagnose", "--connection", self.conn, "--json"],
                        ["diagnose", "--connection", self.conn, "--bundle", "-"],
                        ["history", self.conn, "--json"], ["show", self.conn, "--json"]):
            told = self.world.ctl(*command)
            self.assertExit(told, 0)
            self.assertNoSecret(told.stdout + told.stderr, command[0])
        self.end_agent()
        for secret in (TOKEN, SECRET):
            self.assertEqual(self.on_disk(secret), [])

    def test_names(self):
        """Names of others are one line; a terminal gets nothing that it would obey."""
        self.sign_in_here()
        self.answer(ads({"list": [{"advertiser_id": "7001", "advertiser_name": EVIL}]}),
                    "oauth2/advertiser/get/")
        self.answer(ads({"core_user_id": "42", "display_name": EVIL, "email": EVIL}), "user/info/")
        self.answer(ads({"list": [{"bc_info": {"bc_id": "9", "name": EVIL}, "user_role": EVIL}],
                         "page_info": {"total_number": 1}}), "bc/get/")
        self.answer(ads(code=40001, message=NO_ROLE["message"] + EVIL))
        self.world.ctl_ok("verify", self.conn)
        self.get(query=["advertiser_id=7001"])
        connection = self.bus.connection(self.conn)
        for name in (connection["IdentityName"], connection["Accounts"][0][1]):
            self.assertIn("Evil", name)
            self.assertFalse(set(name) & set(UNSEEN + "\n\t"), repr(name))
        for command in (["diagnose", "--connection", self.conn], ["list"], ["show", self.conn],
                        ["history", self.conn], ["call", self.conn, "GET", "x/", "--verbose"],
                        ["diagnose", "--connection", self.conn, "--bundle", "-"]):
            told = self.world.ctl(*command)
            self.assertFalse(set(told.stdout + told.stderr) & set(UNSEEN), f"{command}: {told}")

    def test_reply_on_a_terminal(self):
        """A terminal gets a reply's text without what it would obey; a program gets its bytes. JSON
        tells the same and changes no number."""
        self.sign_in_here()
        body = json.dumps({"code": 0, "data": {"name": EVIL, "confidence": 0.123456}},
                          ensure_ascii=False) + "\x1b[2J"
        self.answer(Reply(200, body))
        ctl = os.path.join(self.world.build, "src", "ctl", "latchkeyctl")
        for arguments in ([], ["--json"]):
            ours, theirs = os.openpty()
            process = subprocess.Popen([ctl, "call", self.conn, "GET", "x/", *arguments],
                                       env=self.world.tool_env(), stdin=subprocess.DEVNULL,
                                       stdout=theirs, stderr=theirs)
            os.close(theirs)
            text = b""
            try:
                while chunk := os.read(ours, 65536):
                    text += chunk
            except OSError:
                pass  # how the end of a terminal looks
            process.wait(20)
            os.close(ours)
            shown = text.decode().replace("\r\n", "\n")
            self.assertIn("Evil", shown)
            self.assertFalse(set(shown) & set(UNSEEN), repr(shown))
        self.assertEqual(self.world.ctl("call", self.conn, "GET", "x/").stdout, body + "\n")
        self.answer(Reply(200, body.removesuffix("\x1b[2J")))
        told = self.world.ctl("call", self.conn, "GET", "x/", "--json")
        self.assertFalse(set(told.stdout) & set(UNSEEN), told.stdout)
        self.assertEqual(told.json()["body"]["data"], {"name": EVIL, "confidence": 0.123456})


class Rules(Hostile):
    def test_no_sign_in_for_a_limit(self):
        """Whatever a refusal says beside it, a limit and a role never lead to a new sign-in."""
        self.sign_in_here()
        for status, body in ((200, {"code": 40100, "message": "Access token expired, authorize again"}),
                             (401, {"code": 40100, "message": "invalid access token"}),
                             (401, {"code": 40133, "message": "token invalid"}),
                             (401, NO_ROLE), (429, "<html>sign in again</html>")):
            self.answer(Reply(status, body if isinstance(body, str) else json.dumps(body)))
            self.world.kill_agent()
            self.get(query=["advertiser_id=7001"], timeout=1)
            found = self.world.ctl_ok("diagnose", "--connection", self.conn, "--json").json()
            self.assertFalse(found["needs_reauth"], body)
            connection = self.bus.connection(self.conn)
            self.assertEqual((connection["Health"], connection["Fault"]), ("fine", {}))

    def test_a_page_is_a_refusal(self):
        """A page that is no JSON is what was refused last; what came before is not told again."""
        self.sign_in_here()
        self.answer(json_reply(NO_ROLE))
        self.get(query=["advertiser_id=7001"])
        for status, cause in ((403, "offline"), (502, "trouble"), (429, "rate-unknown")):
            self.answer(Reply(status, "<html>no</html>"))
            self.get(query=["advertiser_id=7001"], timeout=1)
            self.assertEqual(self.bus.connection(self.conn)["LastRefusal"]["code"], "not-json")
            found = self.world.ctl_ok("diagnose", "--connection", self.conn, "--json").json()
            self.assertEqual(found["cause"], cause)
            self.assertNotEqual(found["class"], "permission")

    def test_absurd_waits(self):
        """No header holds an app back for more than a day."""
        self.sign_in_here()
        for value in ("-1", "1e400", "nan", "99999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"):
            self.world.kill_agent()
            self.answer(Reply(429, "{}", {"Retry-After": value}))
            self.get(timeout=1)
            for hold in self.bus.holds("hostile"):
                self.assertLessEqual(hold["retry-at"] - time.time(), 86400 + 5, value)

    def test_replies(self):
        """Replies that are no replies end a call with a fault, soon, and not the agent."""
        self.sign_in_here()
        pid = self.world.owner_pid()
        head = b"HTTP/1.1 200 OK\r\n"
        for raw in (b"hello\r\n\r\n", head + b"X: " + b"a" * 200000 + b"\r\n\r\n{}",
                    head + b"Content-Length: 100\r\n\r\n{",
                    head + b"Content-Length: 99999999999999999999\r\n\r\n{}",
                    head + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"cod", b""):
            self.answer(Reply(raw=raw))
            before = len(self.server.requests())
            result = self.bus.call(self.conn, "POST", "x/", b"{}", timeout=3)
            self.assertNotEqual(result["fault"], {}, raw[:80])
            self.assertEqual(len(self.server.requests()), before + 1, "a POST was repeated")
        for body in (b"[" * 100000, b'{"a":' * 50000, b'{"code":40001,"message":"a\0b"}',
                     b"{" + b" " * (1 << 20), b'{"code":1e999}'):
            self.answer(Reply(200, body))
            self.assertNotEqual(self.bus.call(self.conn, "POST", "x/", timeout=3)["fault"], {})
        self.answer(Reply(200, b" " * 200, drip=0.05))
        begin = time.monotonic()
        self.assertEqual(self.get(timeout=1)["fault"]["code"], "timed-out")
        self.assertLess(time.monotonic() - begin, 3)
        self.assertEqual(self.world.owner_pid(), pid)

    def test_expired_forever(self):
        """A provider that calls each new token expired gets one renewal a call, and no fourth call."""
        count = [0]

        def tokens(request):
            count[0] += 1
            return ads({"access_token": "acc%035d" % count[0], "expires_in": 3600,
                        "refresh_token": "ref%035d" % count[0]})

        self.answer(tokens, "oauth2/access_token/")
        self.answers["/token/"] = tokens
        self.sign_in_here(
            refresh={"method": "POST", "url": self.server.url + "/token/", "body": "form",
                     "params": {"refresh_token": "{token.refresh}"}},
            reply={"ok": {"equals": {"code": 0}}, "root": "data", "map": {
                "access": "access_token", "refresh": "refresh_token",
                "expires": {"kind": "relative", "from": "expires_in"}}},
            errors={"shapes": [{"code": "code", "msg": "message"}],
                    "rules": [{"code": 0, "class": "ok"}, {"code": 40105, "class": "token_expired"}]})
        self.answer(ads(code=40105, message="expired"))
        for calls in range(1, 6):
            result = self.get()
            self.assertLessEqual(result["attempts"], 2)
            self.assertEqual(len(self.server.requests("/token/")), min(calls, 3))
        self.assertTrue(self.bus.connection(self.conn)["CircuitOpen"])
        self.world.ctl_ok("verify", self.conn)
        self.assertFalse(self.bus.connection(self.conn)["CircuitOpen"])


class Peers(Hostile):
    def test_extremes(self):
        """Numbers at their ends, names with paths in them, lists without one: an answer to each."""
        self.sign_in_here()
        pid = self.world.owner_pid()
        self.answer(json_reply(NO_ROLE))
        self.get(query=["advertiser_id=7001"])
        facts = self.bus.diagnose(self.conn)
        answer = {"probe": "identity", "at": GLib.Variant("x", BIGGEST),
                  "skew": GLib.Variant("x", -BIGGEST - 1),
                  "rows": GLib.Variant("aa{ss}", [{"at": str(-BIGGEST - 1), "title": "x"}])}
        bad = GLib.Variant("a{sv}", to_dict({
            "now": BIGGEST, "signed-in": -BIGGEST - 1, "last-verified": BIGGEST, "name": 5,
            "fault": GLib.Variant("a{sv}", to_dict({"class": "clock_skew", "at": BIGGEST,
                                                    "retry-at": -BIGGEST - 1})),
            "answers": GLib.Variant("aa{sv}", [to_dict(answer),
                                               to_dict({**answer, "probe": "status"})])}))
        for remedy, cause, given in (("rate", "rate-minute", facts), ("rate", "rate-day", bad),
                                     ("clock", "clock-wrong", bad), ("media", "media-processing", bad),
                                     ("provider-down", "incident", bad),
                                     ("permission", "asset-role", bad),
                                     ("reconnect", "token-dead", bad)):
            for number in (BIGGEST, -BIGGEST - 1):
                values = {"retry-at": str(number), "account": "../../x", "center": "a/b"}
                path = self.bus.start_remedy(self.conn, remedy, cause, values, given)
                self.bus.method(path, REMEDY, "Watch", GLib.Variant("(b)", (True,)))
                for step in (*range(len(self.bus.remedy(path)["Steps"])), 2 ** 32 - 1):
                    for method in ("Check", "Tell"):
                        try:
                            self.bus.method(path, REMEDY, method, GLib.Variant("(u)", (step,)))
                        except GLib.Error as error:
                            self.assertIn("InvalidArgument", error.message)
                next_check = self.bus.remedy(path)["NextCheck"]
                self.assertLess(next_check, time.time() + 2 * 86400, remedy)
                self.bus.method(path, REMEDY, "Close")
        rows = GLib.Variant("aa{ss}", [{"id": str(n)} for n in range(50000)])
        much = GLib.Variant("a{sv}", {"answers": GLib.Variant("aa{sv}", [to_dict(
            {"probe": "reach", "rows": rows})])})
        path = self.bus.start_remedy(self.conn, "permission", "asset-role", {}, much)
        self.assertLessEqual(len(self.bus.remedy(path)["Facts"]["answers"][0]["rows"]), 5000)
        self.bus.method(path, REMEDY, "Close")
        for values, given in (({"account": "x" * 3000000}, facts),
                              ({}, GLib.Variant("a{sv}", to_dict({"name": "x" * 3000000})))):
            self.bus.fails("InvalidArgument", self.bus.start_remedy, self.conn, "permission",
                           "asset-role", values, given)
        self.assertEqual(self.bus.remedies(), [])
        self.assertEqual(self.world.owner_pid(), pid)

    def test_many_remedies(self):
        """There is room for so many and no more; they outlive the agent and can all be closed."""
        self.sign_in_here()
        facts = self.bus.diagnose(self.conn)
        for number in range(80):
            try:
                self.bus.start_remedy(self.conn, "permission", "asset-role",
                                      {"account": str(number)}, facts)
            except GLib.Error as error:
                self.assertIn("InvalidArgument", error.message)
        remedies = self.bus.remedies()
        self.assertLessEqual(len(remedies), 64)
        for path in remedies:
            self.bus.method(path, REMEDY, "Watch", GLib.Variant("(b)", (True,)))
        self.end_agent()
        self.assertEqual(self.bus.remedies(), remedies)
        for path in remedies:
            self.bus.method(path, REMEDY, "Close")
        self.end_agent()
        self.assertEqual(self.bus.remedies(), [])

    def test_closed_while_checked(self):
        """Closing a remedy under a check ends both, and it does not come back."""
        self.sign_in_here()
        self.answer(json_reply(NO_ROLE))
        event = self.get(query=["advertiser_id=7001"])["event"]
        path = self.bus.start_remedy(self.conn, "permission", "asset-role", {"account": "7001"},
                                     self.bus.diagnose(self.conn), event=event)
        kinds = [step[0] for step in self.bus.remedy(path)["Steps"]]
        self.answer(lambda request: (time.sleep(0.5), ads())[1])
        ended = []
        for _ in range(2):
            self.world.connection.call(AGENT, path, REMEDY, "Check",
                                       GLib.Variant("(u)", (len(kinds) - 1,)), None,
                                       Gio.DBusCallFlags.NONE, 30000, None,
                                       lambda source, result: ended.append(result))
        self.wait_until(lambda: len(self.server.requests(API + "x/")) > 1, "the call to be repeated")
        self.bus.method(path, REMEDY, "Close")
        loop = GLib.MainContext.default()
        self.wait_until(lambda: (loop.iteration(False), len(ended) == 2)[1], "both to end")
        self.world.kill_agent()
        self.assertEqual(self.bus.remedies(), [])

    def check_often(self, path, step, times):
        """@times checks at once; the errors that came back."""
        ended, errors = [], []

        def done(source, result):
            ended.append(result)
            try:
                source.call_finish(result)
            except GLib.Error as error:
                errors.append(error.message)

        for _ in range(times):
            self.world.connection.call(AGENT, path, REMEDY, "Check", GLib.Variant("(u)", (step,)),
                                       None, Gio.DBusCallFlags.NONE, 60000, None, done)
        loop = GLib.MainContext.default()
        self.wait_until(lambda: (loop.iteration(False), len(ended) == times)[1], "all to end", 40)
        return errors

    def test_accepted_once(self):
        """A call that creates something, and that many ask to be tried again at once, is accepted once
        and not sent again."""
        self.sign_in_here()
        self.answer(json_reply(NO_ROLE))
        event = self.bus.call(self.conn, "POST", "x/", b'{"advertiser_id":"7001"}')["event"]
        path = self.bus.start_remedy(self.conn, "permission", "asset-role", {"account": "7001"},
                                     self.bus.diagnose(self.conn), event=event)
        again = [step[0] for step in self.bus.remedy(path)["Steps"]].index("again")
        pid = self.world.owner_pid()
        self.answer(lambda request: (time.sleep(0.3), ads())[1])
        before = len(self.server.requests(API + "x/"))
        errors = self.check_often(path, again, 3000)
        # Those that came while the call was out are turned away, those after it find it done.
        self.assertGreater(len(errors), 0, "all of them were let in")
        self.assertEqual(len(self.server.requests(API + "x/")), before + 1)
        self.assertTrue(self.bus.remedy(path)["Done"])
        self.bus.check(path, again)
        self.assertEqual(len(self.server.requests(API + "x/")), before + 1)
        self.assertEqual(self.world.owner_pid(), pid)

    def test_secret_and_kill(self):
        """An agent that dies while it changes a secret leaves the old one or the new one, never none;
        an answer that proves nothing changes nothing."""
        self.sign_in_here()
        path = self.bus.start_remedy(self.conn, "secret", "secret-wrong", {},
                                     self.bus.diagnose(self.conn))
        self.answer(lambda request: (time.sleep(0.02), ads({"list": []}))[1],
                    "oauth2/advertiser/get/")
        known = {SECRET}
        for number in range(8):
            secret = f"New-Client-Secret-{number}-0123456789"
            handed = Gio.UnixFDList.new()
            fd = pipe(secret.encode())
            handed.append(fd)
            os.close(fd)
            asked = len(self.server.requests())
            self.world.connection.call_with_unix_fd_list(
                AGENT, path, REMEDY, "UseSecret", GLib.Variant("(h)", (0,)), None,
                Gio.DBusCallFlags.NONE, 20000, handed, None, None)
            self.world.connection.flush_sync(None)
            self.wait_until(lambda: len(self.server.requests()) > asked, "the secret to be tried")
            time.sleep(0.01 * number)  # a different moment each time
            self.world.kill_agent()
            known.add(secret)
            self.assertIn(self.secret_in_keyring(), known)
            self.assertEqual(self.bus.remedies(), [path])
        kept = self.secret_in_keyring()
        for reply in (ads(code=40101, message="secret is incorrect"), Reply(200, b""),
                      Reply(200, "<html>portal</html>"), Reply(302, b"", {"Location": "/"}),
                      Reply(500, b""), ads(code=40100, message="too many requests")):
            self.answer(reply, "oauth2/advertiser/get/")
            fault = self.bus.send(path, REMEDY, "UseSecret", GLib.Variant("(h)", (0,)),
                                  [pipe(b"Wrong-Secret-0123456789")])[0][0]
            self.assertNotEqual(fault, {})
            self.assertEqual(self.secret_in_keyring(), kept)

    def secret_in_keyring(self):
        found = subprocess.run(["secret-tool", "search", "--all", "xdg:schema",
                                "io.github.latchkey_app.Latchkey", "kind", "client-secret"],
                               env=self.world.tool_env(), capture_output=True, text=True, timeout=20,
                               check=True)
        secret, = [line.split(" = ", 1)[1] for line in found.stdout.splitlines()
                   if line.startswith("secret = ")]
        return secret

    def test_removed(self):
        """A connection that is removed takes its remedies along, and starts no new ones."""
        self.sign_in_here()
        facts = self.bus.diagnose(self.conn)
        self.bus.start_remedy(self.conn, "permission", "asset-role", {"account": "7001"}, facts)
        self.bus.method(self.bus.path(self.conn), CONNECTION, "Remove")
        self.assertEqual(self.bus.remedies(), [])
        for function in (lambda: self.get(), lambda: self.bus.start_remedy(
                self.conn, "permission", "asset-role", {"account": "7001"}, facts)):
            with self.assertRaises(GLib.Error):
                function()
        self.bus.method(MANAGER, AGENT1, "RestoreConnection", GLib.Variant("(s)", (self.conn,)))
        self.assertEqual(self.get(timeout=2)["fault"]["code"], "40001")


class Agency(Hostile):
    accounts = tuple((str(7000000000000000000 + n), f"Advertiser number {n} of the agency")
                     for n in range(10000))

    def test_ten_thousand(self):
        """Somebody with 10,000 advertisers gets a diagnosis and a remedy as anybody else does."""
        self.sign_in_here()
        self.answer(json_reply(NO_ROLE))
        account = self.accounts[-1][0]
        self.get(query=["advertiser_id=" + account])
        facts, seconds = self.timed(self.bus.diagnose, self.conn)
        self.assertLess(seconds, 10)
        path = self.bus.start_remedy(self.conn, "permission", "asset-role", {"account": account},
                                     facts)
        self.end_agent()
        self.assertEqual(self.bus.remedies(), [path])
        self.assertExit(self.world.ctl("diagnose", "--connection", self.conn, "--bundle", "-"), 0)


if __name__ == "__main__":
    unittest.main()
