#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sign-in in a real Chromium: the page is opened, Allow is clicked, the loopback page tells."""

import json
import os
import shutil
import subprocess
import unittest
import urllib.error
import urllib.request

from case import FAILED, WorldCase

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage"]


class Browser:
    """WebDriver over HTTP, as far as it is needed."""

    def __init__(self, world):
        self.driver = world.spawn([shutil.which("chromedriver"), "--port=0"], "chromedriver.log",
                                  stdout=subprocess.PIPE)
        port = None
        for line in self.driver.stdout:
            words = line.decode().split()
            if b"started successfully on port" in line:
                port = int(words[-1].rstrip("."))
                break
        self.base = f"http://127.0.0.1:{port}/session"
        options = {"args": FLAGS + ["--user-data-dir=" + world.path("chromium")]}
        session = self.ask("POST", "", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options}}})
        self.base += "/" + session["sessionId"]

    def ask(self, method, path, data=None):
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(self.base + path, body, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.loads(reply.read())["value"]

    def open(self, address):
        self.ask("POST", "/url", {"url": address})

    def element(self, selector):
        found = self.ask("POST", "/element", {"using": "css selector", "value": selector})
        return "/element/" + found[ELEMENT]

    def click(self, selector):
        self.ask("POST", self.element(selector) + "/click", {})

    def text(self, selector="body"):
        return self.ask("GET", self.element(selector) + "/text")

    def address(self):
        return self.ask("GET", "/url")

    def close(self):
        try:
            self.ask("DELETE", "")
        except (OSError, urllib.error.URLError):
            pass


@unittest.skipUnless(shutil.which("chromedriver"), "no chromedriver")
class InTheBrowser(WorldCase):
    def setUp(self):
        super().setUp()
        os.makedirs(self.world.path("chromium"))
        self.browser = Browser(self.world)

    def close(self):
        self.browser.close()
        super().close()

    def wait_for_page(self):
        def landed():
            try:
                return self.browser.address().startswith("http://127.0.0.1") \
                    and "/callback/" in self.browser.address() and self.browser.text("main")
            except urllib.error.HTTPError:
                return None
        return self.wait_until(landed, "the loopback page", 30)

    def test_allow(self):
        for family in ("login", "ads"):
            with self.subTest(family=family):
                self.world.add_app(family)
                process, url = self.world.begin("connect", family)
                self.browser.open(url)
                self.browser.click("#allow")
                page = self.wait_for_page()
                event = self.world.end(process)
                self.assertEqual(event["event"], "connected", event)
                self.assertIn("Latchkey", page)
                self.assertIn(event["identity_name"], page)
                connection = event["connection"]
                token = self.token(connection)
                self.assertEqual(self.world.tokens_in_keyring(connection)["access_token"], token)
                self.assertIn(token, self.live(family))

    def test_cancel(self):
        """The page does not say that all went well when it did not."""
        self.world.add_app("login")
        process, url = self.world.begin("connect", "login")
        self.browser.open(url)
        self.browser.click("#cancel")
        page = self.wait_for_page()
        event = self.world.end(process)
        self.assertEqual((event["event"], event["exit"]), ("failed", FAILED))
        self.assertEqual(event["finding"]["class"], "denied")
        self.assertNotIn("signed in", page.lower().split("latchkey")[0])
        self.assertEqual(self.world.ctl_ok("list", "--json").json(), [])


if __name__ == "__main__":
    unittest.main()
