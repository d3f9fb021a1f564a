#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret leaves the keyring: every file, log and bus message is searched for every one that
ever existed, in each form that it could be written in."""

import base64
import glob
import json
import os
import unittest
import urllib.parse

from gi.repository import GLib

from agent_bus import REMEDY, AgentBus, pipe
from case import LOGIN_TOKEN, WorldCase
from recorder import Recorder


def forms(secret):
    """A secret as it could be written: plain, percent-encoded, base64 at each of three offsets."""
    raw = secret.encode()
    found = {raw, urllib.parse.quote(secret, safe="").encode(),
             urllib.parse.quote(secret, safe="").lower().encode(), raw.hex().encode(),
             secret.encode("utf-16-le"), json.dumps(secret)[1:-1].encode(), raw[::-1]}
    for offset in range(3):
        # What surrounds the secret changes the first and last characters; the middle stays.
        encoded = base64.b64encode(b"\0" * offset + raw)
        middle = encoded[4 if offset else 0:-4]
        found |= {middle, middle.replace(b"+", b"-").replace(b"/", b"_")}
    return found


class Secrets(WorldCase):
    options = {"capture": True}

    def setUp(self):
        super().setUp()
        self.recorder = Recorder(self.world.url)
        self.addCleanup(self.recorder.close)
        for path in glob.glob(self.world.path("config", "latchkey", "providers", "*.json")):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace(self.world.url, self.recorder.url))

    def plant(self):
        """Client secrets that nothing else could contain."""
        for family, identifier in (("login", "sim-login-key"), ("ads", "7000000000000000101"),
                                   ("account", "sim-account-id")):
            secret = f"planted+{family}/" + base64.b32encode(os.urandom(15)).decode()
            self.world.control("apps", {"family": family, "id": identifier, "secret": secret})
            self.world.add_app(family, secret=secret)
            self.recorder.secrets[secret] = "client_secret"

    def live_through_it_all(self):
        self.plant()
        connections = {family: self.world.connect(family) for family in ("login", "ads", "account")}
        for family, connection in connections.items():
            self.token(connection)
            self.world.ctl_ok("verify", connection)
            self.world.ctl_ok("exec", connection, "--", "true")
            if family != "ads":
                self.world.ctl_ok("renew", connection)
        self.call_and_mend(connections)
        self.fail_on_purpose(connections["login"])
        self.world.ctl_ok("revoke", connections["ads"])
        self.world.ctl_ok("revoke", connections["account"])
        self.world.kill_agent()
        self.world.ctl("token", connections["login"])
        self.world.ctl_ok("show", connections["login"])
        self.world.ctl_ok("history", connections["login"])
        return connections

    def call_and_mend(self, connections):
        """Calls, refusals that echo what was sent, diagnosis, a remedy, its secret: all that the bus,
        the ledger and the log get to see of them."""
        bus = AgentBus(self.world)
        ads = connections["ads"]
        token = self.token(ads)
        wrong = "planted+wrong/" + base64.b32encode(os.urandom(15)).decode()
        self.recorder.secrets[wrong] = "client_secret"
        path = "/open_api/v1.3/campaign/update/"
        for body in ({"campaign_id": "1"}, {"access_token": token}, {"note": "x" + token + "y"}):
            self.world.fault(path, body={"code": 40001, "message": "no permission for " + token,
                                         "request_id": "20260101000000ABCDEF", "data": {}})
            bus.call(ads, "POST", "campaign/update/", json.dumps(body).encode(),
                     content_type="application/json", cookie="c", program="test")
        for family in ("login", "account"):
            self.world.control("expire", {"family": family})
            bus.call(connections[family], "GET", "/v2/user/info/", cookie="c")
        facts = bus.diagnose(ads)
        bus.survey(ads)
        remedy = bus.start_remedy(ads, "secret", "secret-wrong", {}, facts)
        self.assertNotEqual(bus.send(remedy, REMEDY, "UseSecret", GLib.Variant("(h)", (0,)),
                                     [pipe(wrong.encode())])[0][0], {})
        bus.check_secret("ads", wrong)
        bus.find_secrets(token.encode() + wrong.encode())
        self.world.kill_agent()
        bus.history(ads)
        bus.remedy(remedy)

    def fail_on_purpose(self, connection):
        """Replies that echo what was sent, as some gateways do."""
        keyring = self.world.tokens_in_keyring(connection)
        for body in ({"error": "invalid_request", "error_description":
                      "bad refresh_token " + keyring["refresh_token"]},
                     "<html>" + keyring["refresh_token"] + keyring["access_token"] + "</html>"):
            self.world.fault(LOGIN_TOKEN, status=400, body=body)
            self.world.ctl("renew", connection)
        self.world.fault("/v2/user/info/", status=500, times=3,
                         body={"error": {"code": "internal_error", "message":
                                         "token " + keyring["access_token"], "log_id": "1"}})
        self.world.ctl("verify", connection)
        process, url = self.world.begin("connect", "login")
        address = self.world.consent(url, follow=False)
        self.recorder.read(urllib.parse.urlsplit(address).query)
        wrong = address.replace("state=", "state=x")
        self.world.ctl("connect", "--paste", "-", stdin=wrong)
        self.world.fault(LOGIN_TOKEN, cut="after", times=3)
        self.world.get(address)
        self.world.end(process)
        self.world.ctl("diagnose", stdin=json.dumps({"access_token": keyring["access_token"]}))

    def places(self):
        """All files of the world and what the processes were started with, but not the keyring."""
        for folder, _, names in os.walk(self.world.dir):
            for name in names:
                path = os.path.join(folder, name)
                if "/keyrings/" in path or name == "simulator.log" or not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    yield path, file.read()
        pid = self.world.owner_pid()
        for what in ("cmdline", "environ"):
            with open(f"/proc/{pid}/{what}", "rb") as file:
                yield f"the agent's {what}", file.read()

    def test_nowhere(self):
        self.live_through_it_all()
        self.world.call("/org/freedesktop/DBus", "org.freedesktop.DBus.Peer", "Ping", None,
                        "org.freedesktop.DBus")
        kinds = set(self.recorder.secrets.values())
        self.assertLessEqual({"access_token", "refresh_token", "code", "code_verifier",
                              "client_secret"}, kinds | ({"code"} if "auth_code" in kinds else set()))
        self.assertGreater(len(self.recorder.secrets), 15)
        places = list(self.places())
        by_name = {os.path.basename(path): data for path, data in places}
        for word in (b"GetToken", b"CallStep", b"Diagnose", b"UseSecret"):
            self.assertIn(word, by_name["capture.pcap"], "the bus was not captured")
        self.assertIn(b"lk-", by_name["agent.log"], "the agent's log is empty")
        self.assertIn("ledger.db", by_name)

        found = []
        for secret, kind in self.recorder.secrets.items():
            for form in forms(secret):
                found += [f"{kind} ({form[:6]!r}…) in {path}" for path, data in places
                          if form in data]
        self.assertEqual(found, [])

    def test_the_search_finds(self):
        """The test of the test: a secret that was left lying about is found in each form."""
        secret = "act.planted+secret/1234567890"
        for text in (secret, urllib.parse.quote(secret, safe=""),
                     base64.b64encode(("x" + secret + "yz").encode()).decode(),
                     base64.urlsafe_b64encode(("xy" + secret).encode()).decode()):
            self.assertTrue(any(form in text.encode() for form in forms(secret)), text)


if __name__ == "__main__":
    unittest.main()
