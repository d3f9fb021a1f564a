#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people come for: a call is refused, the cause is found by few probes, whoever's turn it is
puts it right, and the same call goes through. One scenario a test, by the command line. Each prints
how many questions its diagnosis cost; `tests/bench/README.md` has the table."""

import json
import sys
import time
import unittest

from case import DONE, FAILED, PERMISSION, RATE, SIGN_IN, WorldCase
from test_secrets import forms

ADS = "/open_api/v1.3/"
INFO = "/v2/user/info/"
MINE, OPERATED, ANALYST = "7000000000000000001", "7000000000000000002", "7000000000000000003"
ADS_APP = "7000000000000000101"
RULES = "17020000"
STATUS_FEED = "/marketing_api/api/status_page/incident/rss/"


def read(account, path="campaign/get/"):
    return ("GET", path, "-q", f"advertiser_id={account}")


def change(account):
    return ("POST", "campaign/update/", "--data",
            json.dumps({"advertiser_id": account, "campaign_id": "1", "campaign_name": "Sale"}))


class Scenario(WorldCase):
    def setUp(self):
        super().setUp()
        self.world.set_clock()

    def call(self, connection, call, exit_code, *arguments):
        """A call by the command line; gives what --json prints."""
        result = self.world.ctl("call", connection, *call, "--json", *arguments)
        self.assertExit(result, exit_code)
        said = result.json()
        self.assertEqual(said["ok"], exit_code == DONE)
        return said

    def refused(self, connection, call, exit_code, code, *arguments):
        said = self.call(connection, call, exit_code, *arguments)
        self.assertEqual(self.code_of(said["finding"]), code)
        return said

    def diagnose(self, connection, cause, klass, turn, remedy, reauth, probes, *arguments, **options):
        """Asks why; @probes: the most questions that it may take. Gives finding and questions."""
        before = self.requests()
        finding = self.world.ctl_ok("diagnose", "--connection", connection, "--json", *arguments,
                                    **options).json()
        asked = {path: number - before.get(path, 0) for path, number in self.requests().items()
                 if number > before.get(path, 0)}
        found = tuple(finding[key] for key in ("cause", "class", "turn", "remedy", "needs_reauth"))
        self.assertEqual(found, (cause, klass, turn, remedy, reauth),
                         json.dumps(finding, indent=1, ensure_ascii=False))
        self.assertGreaterEqual(finding["confidence"], 0.7)
        self.assertLessEqual(sum(asked.values()), probes, asked)
        words = ", ".join(f"{path} {number}" for path, number in sorted(asked.items()))
        print(f"probes: {self._testMethodName[5:]}: {sum(asked.values())} of {probes} ({words})",
              file=sys.stderr)
        return finding, asked

    def tells(self, finding, *words):
        evidence = "\n".join(finding["evidence"])
        for word in words:
            self.assertIn(word, evidence)

    def remove_faults(self):
        self.world.get(self.world.url + "/_simulator/faults", method="DELETE")


class Permissions(Scenario):
    def test_analyst(self):
        """An Analyst may look and not change: the role is found in the Business Center, and nobody is
        sent through a sign-in. The raised role is enough."""
        connection = self.sign_in("ads")
        self.call(connection, read(ANALYST), DONE)
        said = self.refused(connection, change(ANALYST), PERMISSION, "40001")
        finding, asked = self.diagnose(connection, "role-too-low", "permission", "admin", "permission",
                                       False, 6)
        self.tells(finding, "Harbour Coffee", "Analyst", said["trace_id"])
        self.assertGreaterEqual(asked[ADS + "bc/asset/get/"], 1)
        self.assertTrue(any("Operator" in step for step in finding["steps"]), finding["steps"])
        self.assertEqual(self.requests()[ADS + "campaign/update/"], 1, "asking why changes nothing")
        self.world.control("roles", {"advertiser": ANALYST, "role": "OPERATOR"})
        self.call(connection, change(ANALYST), DONE)

    def test_scope(self):
        """A token without the scope: named by what the sign-in brought, without a question. A new
        sign-in alone brings nothing; with the permission in the app it does."""
        connection = self.sign_in("ads")
        rules = read(MINE, "optimizer/rule/list/")
        self.refused(connection, rules, PERMISSION, "40001")
        finding, _ = self.diagnose(connection, "scope-missing", "scope", "app-owner", "scope", True, 0)
        self.tells(finding, "Read Automated Rules", "/optimizer/rule/list/")
        self.world.connect(connection, command="reconnect")
        self.refused(connection, rules, PERMISSION, "40001")
        scopes = self.show(connection)["scopes_granted"]
        self.assertNotIn(RULES, scopes)
        self.world.control("apps", {"family": "ads", "id": ADS_APP, "scopes": [*scopes, RULES]})
        self.refused(connection, rules, PERMISSION, "40001")
        self.world.connect(connection, command="reconnect")
        self.assertIn(RULES, self.show(connection)["scopes_granted"])
        self.call(connection, rules, DONE)

    def test_not_ticked(self):
        """The login may, the token may not: the account was left out on the consent page."""
        connection = self.sign_in("ads", advertisers=MINE)
        self.refused(connection, read(OPERATED), PERMISSION, "40001")
        finding, asked = self.diagnose(connection, "account-not-ticked", "permission", "you",
                                       "reconnect", True, 4)
        self.tells(finding, "Fernhill Kids", "Operator", "not among them")
        self.assertEqual(asked[ADS + "oauth2/advertiser/get/"], 1)
        self.world.connect(connection, command="reconnect", advertisers=f"{MINE},{OPERATED}")
        self.call(connection, read(OPERATED), DONE)

    def test_second_login(self):
        """The browser was signed in as somebody else, who reaches nothing that is asked for. The right
        login takes its place only when that is said."""
        connection = self.sign_in("ads", user=3)
        self.refused(connection, read(MINE), PERMISSION, "40001")
        finding, _ = self.diagnose(connection, "login-wrong", "permission", "you", "reconnect", True, 3)
        self.tells(finding, "Sam Rivera")
        process, url = self.world.begin("reconnect", connection)
        self.world.consent(url)
        event = self.world.end(process)
        self.assertEqual(self.code_of(event["finding"]), "identity-changed")
        self.refused(connection, read(MINE), PERMISSION, "40001")
        self.world.connect(connection, "--accept-identity", command="reconnect")
        self.assertEqual(self.show(connection)["identity_name"], "Mira Holt")
        self.call(connection, read(MINE), DONE)

    def test_revoked(self):
        """An app that was removed at TikTok: the token is dead everywhere, and one question proves it."""
        connection = self.sign_in("ads")
        self.world.control("revoke", {"family": "ads"})
        self.refused(connection, read(MINE), SIGN_IN, "40105")
        self.wait_until(lambda: self.show(connection)["state"] == "attention", "the dead sign-in")
        finding, _ = self.diagnose(connection, "token-dead", "token_revoked", "you", "reconnect", True, 1)
        self.tells(finding, "40105")
        self.world.connect(connection, command="reconnect")
        self.call(connection, read(MINE), DONE)


class Secrets(Scenario):
    def test_rotated_secret_signs(self):
        """TikTok Shop signs each call with the app's secret; a new one in the portal is found by asking
        about the secret alone. The sign-in itself is fine."""
        connection = self.sign_in("shop")
        shops = ("GET", "authorization/202309/shops")
        self.call(connection, shops, DONE)
        self.world.control("apps", {"family": "shop", "id": "sim-shop-key", "secret": "rotated"})
        self.refused(connection, shops, FAILED, "106001")
        finding, asked = self.diagnose(connection, "secret-wrong", "app_config", "app-owner", "secret",
                                       False, 1)
        self.assertEqual(asked, {"/api/v2/token/get": 1})
        self.tells(finding, "106001")
        self.world.control("apps", {"family": "shop", "id": "sim-shop-key", "secret": "sim-shop-secret"})
        self.call(connection, shops, DONE)

    def test_rotated_secret_renews(self):
        """With Login Kit the first that fails is a renewal."""
        connection = self.sign_in("login")
        self.world.control("apps", {"family": "login", "id": "sim-login-key", "secret": "rotated"})
        self.assertExit(self.world.ctl("renew", connection), FAILED)
        self.diagnose(connection, "secret-wrong", "app_config", "app-owner", "secret", False, 1)
        self.world.control("apps", {"family": "login", "id": "sim-login-key",
                                    "secret": "sim-login-secret"})
        self.world.ctl_ok("renew", connection)
        self.call(connection, ("GET", INFO, "-q", "fields=open_id"), DONE)

    def test_rotated_secret_verifies(self):
        """With TikTok Ads calls go on; the look at the connection finds it."""
        connection = self.sign_in("ads")
        self.world.control("apps", {"family": "ads", "id": ADS_APP, "secret": "rotated"})
        self.call(connection, read(MINE), DONE)
        self.assertExit(self.world.ctl("verify", connection), FAILED)
        self.diagnose(connection, "secret-wrong", "app_config", "app-owner", "secret", False, 1)
        self.world.control("apps", {"family": "ads", "id": ADS_APP, "secret": "sim-ads-secret"})
        self.world.ctl_ok("verify", connection)
        self.assertIsNone(self.show(connection)["finding"])


class Waiting(Scenario):
    def limit(self, mode, exit_code, cause, limit, seconds, *arguments):
        """Refuses each call by a limit of TikTok's, and lets the time go by."""
        connection = self.sign_in("ads")
        self.world.control("limits", {"family": "ads", "mode": mode, "limit": 0})
        begun = time.time()
        self.refused(connection, read(MINE), exit_code, "40100", *arguments)
        self.assertLess(time.time() - begun, 10, "nobody is kept waiting for what ends later")
        finding, _ = self.diagnose(connection, cause, "rate", "latchkey", "rate", False, 0)
        self.tells(finding, "40100", f"{mode.upper()} limit")
        self.assertTrue(any("Latchkey waits until" in step for step in finding["steps"]))
        sent = self.requests()[ADS + "campaign/get/"]
        if mode != "qps":
            self.call(connection, read(MINE), exit_code, *arguments)
            self.assertEqual(self.requests()[ADS + "campaign/get/"], sent, "known before TikTok refuses")
        self.world.control("limits", {"family": "ads", "mode": "off"})
        self.world.pass_time(seconds)
        self.call(connection, read(MINE), DONE)
        self.assertEqual(self.requests()[ADS + "campaign/get/"], sent + 1)
        self.assertEqual(self.token_calls("refresh_token", "ads"), 0)

    def test_qps(self):
        """More calls in a second than the app may make: told only to those who can't wait a second."""
        self.limit("qps", RATE, "rate-second", "second", 2, "--timeout", "1")

    def test_qpm(self):
        """Five minutes of rest, which Latchkey keeps by itself."""
        self.limit("qpm", RATE, "rate-minute", "minute", 301)

    def test_qpd(self):
        """Until midnight UTC."""
        self.limit("qpd", RATE, "rate-day", "day", 86400)

    def test_maintenance(self):
        """TikTok is in maintenance: its news are read, nothing else is asked, and time heals it."""
        connection = self.sign_in("ads")
        self.world.control("maintenance", {})
        self.world.control("incident", {"title": "Scheduled maintenance", "text": "We are at it."})
        self.refused(connection, read(MINE), FAILED, "60001", "--timeout", "2")
        finding, asked = self.diagnose(connection, "maintenance", "maintenance", "provider",
                                       "provider-down", False, 1)
        self.assertEqual(asked, {STATUS_FEED: 1})
        self.tells(finding, "60001", "Scheduled maintenance")
        # Read once, the news are news for half an hour.
        self.diagnose(connection, "maintenance", "maintenance", "provider", "provider-down", False, 0)
        self.world.control("maintenance", {"on": False})
        self.call(connection, read(MINE), DONE)

    def test_drifted_clock(self):
        """TikTok Shop refuses what was signed in the past; the answers of TikTok tell the right time."""
        connection = self.sign_in("shop")
        self.world.kill_agent()
        self.world.set_clock(wrong=-900)
        self.world.start_agent()
        # Tokens of the future show that the clock is wrong, and one renewal tells by how much.
        self.wait_until(lambda: self.show(connection)["generation"] == 2, "the renewal")
        shops = ("GET", "authorization/202309/shops")
        self.refused(connection, shops, FAILED, "36009004")
        finding, _ = self.diagnose(connection, "clock-wrong", "clock_skew", "you", "clock", False, 1)
        self.tells(finding, "15 minutes behind")
        self.world.set_clock()
        self.call(connection, shops, DONE)

    def test_date_of_a_server(self):
        """A clock that nothing is refused for is told all the same."""
        connection = self.sign_in("ads")
        self.world.control("clock", {"skew": 900})
        # The third is the monitor's own: for a clock put forward, the status feed is due.
        finding, _ = self.diagnose(connection, "success", "ok", "nobody", None, False, 3)
        self.tells(finding, "15 minutes behind")


class Engine(Scenario):
    def test_expired(self):
        """An expired token costs one renewal and one more request, and nobody hears of it."""
        connection = self.sign_in("login")
        me = ("GET", INFO, "-q", "fields=open_id,display_name")
        sent = self.requests()[INFO]
        self.world.control("expire", {"family": "login"})
        said = self.call(connection, me, DONE)
        self.assertEqual((said["attempts"], said["renewed"]), (2, True))
        self.assertEqual([step["kind"] for step in said["steps"]],
                         ["sent", "refused", "renewed", "sent", "done"])
        self.assertEqual(self.requests()[INFO], sent + 2)
        self.assertEqual(self.token_calls("refresh_token"), 1)
        self.assertEqual(said["body"]["data"]["user"]["display_name"], "Mira Holt")

    def test_creating_is_sent_once(self):
        """What may have created something is not sent again, whether the answer is an error or lost."""
        connection = self.sign_in("ads")
        create = ("POST", "ad/create/", "--data", json.dumps({"advertiser_id": MINE}))
        for number, fault in enumerate(({"status": 500}, {"cut": "after"}, {"cut": "before"}), 1):
            self.world.fault(ADS + "ad/create/", times=5, **fault)
            result = self.world.ctl("call", connection, *create, "--json")
            self.assertNotEqual(result.code, DONE)
            self.assertEqual(result.json()["attempts"], 1)
            self.assertEqual(self.requests().get(ADS + "ad/create/", 0), number)
            self.remove_faults()

    def test_circuit(self):
        """After three refused authorizations nothing is sent any more, until somebody signs in."""
        connection = self.sign_in("ads")
        self.world.fault(ADS + "campaign/get/", code=40105, times=-1)
        for _ in range(3):
            self.refused(connection, read(MINE), SIGN_IN, "40105")
        sent = self.requests()[ADS + "campaign/get/"]
        said = self.call(connection, read(MINE), SIGN_IN)
        self.assertEqual([step["kind"] for step in said["steps"]][0], "circuit")
        self.assertEqual(self.requests()[ADS + "campaign/get/"], sent)
        self.remove_faults()
        self.world.connect(connection, command="reconnect")
        self.call(connection, read(MINE), DONE)

    def test_verbose(self):
        """Each try and each wait is told as it happens, on the standard error."""
        connection = self.sign_in("ads")
        self.world.fault(ADS + "campaign/get/", code=40100, message="App reaches the QPS limit.")
        result = self.world.ctl("call", connection, *read(MINE), "--verbose")
        self.assertExit(result, DONE)
        told = result.stderr
        self.assertLess(told.index("Sent."), told.index("Refused: 40100 (rate)."))
        self.assertRegex(told, r"Waiting [01]\.\d s, as the platform asks\.")
        self.assertEqual(told.count("Sent."), 2)
        self.assertEqual(json.loads(result.stdout)["code"], 0)

    def test_why(self):
        """The reply on the standard output, the finding on the standard error."""
        connection = self.sign_in("ads")
        result = self.world.ctl("call", connection, *change(ANALYST), "--why")
        self.assertExit(result, PERMISSION)
        self.assertEqual(json.loads(result.stdout)["code"], 40001)
        self.assertIn("Analyst", result.stderr)

    def test_pasted(self):
        """An error from elsewhere is looked into with a connection's token; what its code settles asks
        nothing."""
        connection = self.sign_in("ads")
        body = {"code": 40100, "message": "App reaches the QPD limit.", "request_id": "20261121"}
        path = self.world.path("pasted.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(body, file)
        self.diagnose(connection, "rate-day", "rate", "latchkey", "rate", False, 0, path)
        body = {"code": 40001, "message": f"No permission to operate advertiser {ANALYST}",
                "request_id": "2026112199"}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(body, file)
        finding, _ = self.diagnose(connection, "role-too-low", "permission", "admin", "permission", False,
                                   6, path, "--endpoint", ADS + "campaign/update/")
        self.tells(finding, "2026112199", "Analyst")


class Bundle(Scenario):
    def test_bundle(self):
        """What support needs, and none of the secrets that ever were, in any form."""
        planted = "planted+ads/SECRETSECRETSECRET"
        self.world.control("apps", {"family": "ads", "id": ADS_APP, "secret": planted})
        self.world.add_app("ads", secret=planted)
        connection = self.world.connect("ads")
        said = self.refused(connection, change(ANALYST), PERMISSION, "40001")
        text = self.world.ctl_ok("diagnose", "--connection", connection, "--bundle").stdout
        for words in (said["trace_id"], ADS + "campaign/update/", "40001", "role-too-low", "latchkeyctl",
                      "ANALYST"):
            self.assertIn(words, text)
        for secret in (planted, *self.live("ads")):
            for form in forms(secret):
                self.assertNotIn(form, text.encode())


if __name__ == "__main__":
    unittest.main()
