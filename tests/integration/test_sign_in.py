#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in, with all that goes wrong between a browser and an agent."""

import os
import threading
import unittest
import urllib.error
import urllib.parse

from gi.repository import GLib

import translations
from case import DONE, FAILED, FAMILIES, KEYRING, NOT_FOUND, TIMED_OUT, USAGE, WorldCase
from test_completion import Terminal

SIGN_IN = "io.github.latchkey_app.Latchkey.SignIn1"


class SignIn(WorldCase):
    def begin(self, family="login", *arguments):
        self.world.add_app(family)
        return self.world.begin("connect", family, *arguments)

    def test_families(self):
        """Each family ends with a token that its provider honours, and knows whose it is."""
        for family in FAMILIES:
            with self.subTest(family=family):
                connection = self.sign_in(family)
                shown = self.show(connection)
                self.assertIn(self.token(connection), self.live(family))
                self.assertEqual(shown["state"], "fine")
                self.assertIsNone(shown["finding"])
                self.assertIsNotNone(shown["last_verified"])
                self.assertTrue(shown["identity"])
                self.assertEqual(shown["access_ends_never"], family == "ads")
                self.assertEqual(shown["can_renew"], family != "ads")
        self.assertEqual(len(self.world.ctl_ok("list", "--json").json()), 3)

    def test_the_page_tells(self):
        process, url = self.begin()
        self.world.consent(url)
        self.assertEqual(self.world.end(process)["event"], "connected")
        status, page = self.world.landing
        self.assertEqual(status, 200)
        self.assertIn("Latchkey", page)
        self.assertNotIn("code=", page)

    def test_paste(self):
        """An https redirect cannot come back by itself; the address is pasted, from stdin."""
        redirect = "https://acme.example/done/"
        self.world.control("apps", {"family": "ads", "id": "7000000000000000101",
                                    "secret": "sim-ads-secret", "redirects": [redirect]})
        self.world.add_app("ads", redirect=redirect)
        process, url = self.world.begin("connect", "ads")
        address = self.world.consent(url, follow=False)
        self.assertTrue(address.startswith(redirect), address)

        wrong = self.world.ctl("connect", "--paste", "-", stdin="https://acme.example/done/?a=b\n")
        self.assertNotEqual(wrong.code, DONE)
        pasted = self.world.ctl("connect", "--paste", "-", "--json", stdin=address + "\n")
        self.assertExit(pasted, DONE)
        event = self.world.end(process)
        self.assertEqual(event["event"], "connected")
        self.assertIn(self.token(event["connection"]), self.live("ads"))
        again = self.world.ctl("connect", "--paste", "-", stdin=address)
        self.assertNotEqual(again.code, DONE)
        self.assertEqual(self.token_calls("auth_code", "ads")
                         + self.token_calls("authorization_code", "ads"), 1, self.world.stats())

    def test_refusal(self):
        process, url = self.begin()
        self.world.consent(url, deny=1)
        event = self.world.end(process)
        self.assertEqual((event["event"], event["exit"]), ("failed", FAILED))
        self.assertEqual(event["finding"]["class"], "denied")
        self.assertEqual(self.world.ctl_ok("list", "--json").json(), [])

    def test_zero_advertisers(self):
        """A grant that reaches nothing is a connection, and says that it reaches nothing."""
        process, url = self.begin("ads")
        self.world.consent(url, advertisers="none")
        event = self.world.end(process)
        self.assertEqual(event["event"], "connected", event)
        shown = self.show(event["connection"])
        self.assertEqual(shown["accounts"], [])
        self.assertEqual(self.code_of(shown["finding"]), "zero-accounts")
        self.assertEqual(shown["state"], "attention")

    def test_wrong_secret(self):
        self.world.add_app("login", secret="not the secret")
        process, url = self.world.begin("connect", "login")
        self.world.consent(url)
        event = self.world.end(process)
        self.assertEqual(event["event"], "failed")
        self.assertEqual(event["finding"]["class"], "app_config")
        self.assertTrue(event["finding"]["steps"])

    def test_redirect_not_registered(self):
        """TikTok keeps the person on its page, so the person's word is all there is."""
        self.world.control("apps", {"family": "login", "id": "another-key", "secret": "another-one",
                                    "redirects": ["http://127.0.0.1:9/elsewhere/"]})
        self.world.add_app("login", client_id="another-key", secret="another-one")
        process, url = self.world.begin("connect", "login")
        with self.assertRaisesRegex(AssertionError, "redirect_uri"):
            self.world.consent(url)
        path = self.sign_in_paths()[0]
        self.world.call(path, SIGN_IN, "ReportPage", GLib.Variant("(s)", ("redirect_uri",)))
        event = self.world.end(process)
        self.assertEqual(event["event"], "failed")
        self.assertEqual(event["finding"]["class"], "redirect_mismatch")

    def test_forged_callback(self):
        """Somebody else's state, or none, neither ends nor feeds the attempt."""
        process, url = self.begin()
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
        redirect = query["redirect_uri"][0]
        for forged in ("?code=stolen-code-of-another&state=forged", "?code=stolen-code", "", "?a"):
            status, _ = self.world.get(redirect + forged)
            self.assertNotEqual(status, 500)
        self.assertEqual(self.token_calls("authorization_code"), 0)
        self.world.consent(url)
        self.assertEqual(self.world.end(process)["event"], "connected")
        self.assertEqual(self.token_calls("authorization_code"), 1)

    def test_repeated_callback(self):
        process, url = self.begin()
        address = self.world.consent(url)
        self.assertEqual(self.world.end(process)["event"], "connected")
        try:
            self.world.get(address)
        except (urllib.error.URLError, ConnectionError):
            pass
        self.assertEqual(self.token_calls("authorization_code"), 1)

    def test_wrong_host_and_method(self):
        """A page that was rebound to 127.0.0.1 gets nothing out of the listener."""
        process, url = self.begin()
        address = self.world.consent(url, follow=False)
        for headers, method in (({"Host": "evil.example"}, "GET"), ({}, "POST"), ({}, "PUT")):
            status, _ = self.world.get(address, headers, method)
            self.assertGreaterEqual(status, 400)
        self.assertGreaterEqual(self.world.get(address.replace("/callback/", "/other/"))[0], 400)
        self.assertEqual(self.token_calls("authorization_code"), 0)
        self.world.get(address)
        self.assertEqual(self.world.end(process)["event"], "connected")

    def test_another_identity(self):
        """A reconnect as somebody else is refused, and with --accept-identity it is taken."""
        connection = self.sign_in(user=1)
        before, token = self.show(connection), self.token(connection)
        process, url = self.world.begin("reconnect", connection)
        self.world.consent(url, user=2)
        event = self.world.end(process)
        self.assertEqual(event["event"], "failed")
        self.assertEqual(self.code_of(event["finding"]), "identity-changed")
        self.assertEqual(self.show(connection)["identity"], before["identity"])
        self.assertEqual(self.token(connection), token)

        self.assertEqual(self.world.connect(connection, "--accept-identity", command="reconnect",
                                            user=2), connection)
        after = self.show(connection)
        self.assertNotEqual(after["identity"], before["identity"])
        self.assertEqual(after["name"], before["name"])

    def answer(self, connection, user, letter, env):
        """Reconnects as another person at a terminal and types @letter; gives what was asked."""
        program = os.path.join(self.world.build, "src", "ctl", "latchkeyctl")
        terminal = Terminal([program, "reconnect", connection, "--no-browser"],
                            dict(self.world.tool_env(), **env))
        terminal.wait_for("http://")
        url = "http://" + terminal.wait_for("\r\n")
        browser = threading.Thread(target=self.world.consent, args=[url], kwargs={"user": user})
        browser.start()
        asked = terminal.wait_for("]")
        terminal.send(letter + "\n")
        os.waitpid(terminal.pid, 0)
        os.close(terminal.fd)
        browser.join()
        return asked

    def test_question_at_a_terminal(self):
        """Only yes is yes: in English, and by the letter that the person's own language shows."""
        connection, user = self.sign_in(user=1), 1
        locales = translations.Locales(self.world.path("locales"), self.world.build)
        german = locales.environment("de_DE")
        for letter, env, shown, taken in (("n", {}, "[y/N", False), ("j", {}, "[y/N", False),
                                          ("", german, "[j/N", False), ("n", german, "[j/N", False),
                                          ("Y", {}, "[y/N", True), ("j", german, "[j/N", True)):
            with self.subTest(letter=letter, german=bool(env)):
                before = self.show(connection)["identity"]
                asked = self.answer(connection, 3 - user, letter, env)
                self.assertTrue(asked.endswith(shown), asked)
                self.assertEqual(self.show(connection)["identity"] != before, taken)
                user = 3 - user if taken else user

    def test_reconnect_keeps_the_connection(self):
        connection = self.sign_in(user=1)
        token = self.token(connection)
        self.assertEqual(self.world.connect(connection, command="reconnect", user=1), connection)
        self.assertNotEqual(self.token(connection), token)
        self.assertEqual(len(self.world.ctl_ok("list", "--json").json()), 1)

    def test_missing_scopes(self):
        connection = self.sign_in("login", "--scope", "user.info.basic", "--scope", "video.list",
                                  scopes="user.info.basic")
        shown = self.show(connection)
        self.assertEqual(shown["scopes_granted"], ["user.info.basic"])
        self.assertEqual(shown["scopes_missing"], ["video.list"])

    def test_nobody_comes(self):
        self.world.add_app("login")
        result, seconds = self.timed(self.world.ctl, "connect", "login", "--no-browser", "--json",
                                     "--timeout", "3")
        self.assertExit(result, TIMED_OUT)
        self.assertLess(seconds, 6)

    def test_secret_is_replaced(self):
        """A wrong or rotated secret is mended in place, and the next sign-in works."""
        self.world.add_app("login", secret="wrong")
        process, url = self.world.begin("connect", "login")
        self.world.consent(url)
        self.assertEqual(self.world.end(process)["event"], "failed")
        self.assertExit(self.world.ctl("client", "secret", "login", stdin=""), USAGE)
        self.assertExit(self.world.ctl("client", "secret", "nobody", stdin="x"), NOT_FOUND)
        self.world.ctl_ok("client", "secret", "login", stdin="sim-login-secret\n")
        self.world.connect("login")

    def test_interrupt_cancels(self):
        process, _ = self.begin()
        path = self.sign_in_paths()[0]
        process.send_signal(2)
        event = self.world.end(process)
        self.assertEqual((event["event"], event["exit"]), ("cancelled", FAILED))
        state = self.world.call(path, "org.freedesktop.DBus.Properties", "Get",
                                GLib.Variant("(ss)", (SIGN_IN, "State"))).unpack()[0]
        self.assertEqual(state, "cancelled")

    def test_unknown_app(self):
        self.assertExit(self.world.ctl("connect", "nobody", "--no-browser"), NOT_FOUND)
        self.assertExit(self.world.ctl("client", "add", "x", "--provider", "no-such", "--client-id",
                                       "y", "--secret-stdin", stdin="z"), USAGE, NOT_FOUND)

    def test_locked_keyring(self):
        """Nobody is sent to a browser while the tokens could not be kept."""
        self.world.add_app("login")
        self.lock_keyring()
        result = self.world.ctl("connect", "login", "--no-browser", "--timeout", "20")
        self.assertExit(result, KEYRING)
        self.assertEqual(self.token_calls("authorization_code"), 0)


if __name__ == "__main__":
    unittest.main()
