#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a refusal comes from, beside the scenarios: the rarer causes are told apart, whose turn it is and
what helps, by exactly as many questions as settle it."""

import json
import unittest

from case import WorldCase

MINE, ANALYST, LAMPS = (f"700000000000000000{number}" for number in (1, 3, 4))
UNKNOWN = "7000000000000000999"
APP = "7000000000000000101"
HARBOUR = "7000000000000000901"


class Causes(WorldCase):
    def ads(self, **consent):
        return self.sign_in("ads", **consent)

    def change(self, conn, account):
        body = {"advertiser_id": account, "campaign_id": "1", "campaign_name": "Sale"}
        return self.world.ctl("call", conn, "POST", "campaign/update/", "--data", json.dumps(body))

    def look(self, conn, account=MINE):
        return self.world.ctl("call", conn, "GET", "campaign/get/",
                              "--query", f"advertiser_id={account}")

    def app(self, **what):
        self.world.control("apps", {"family": "ads", "id": APP, **what})

    def find(self, conn, cause, turn, remedy, probes, title=None, says=()):
        """Looks into the last refusal: the cause, and exactly so many questions."""
        before = sum(self.requests().values())
        finding = self.world.ctl_ok("diagnose", "--connection", conn, "--json").json()
        self.assertEqual((finding["cause"], finding["turn"], finding["remedy"]),
                         (cause, turn, remedy), finding)
        self.assertEqual(sum(self.requests().values()) - before, probes, finding["evidence"])
        if title is not None:
            self.assertEqual(finding["title"], title)
        for text in says:
            self.assertIn(text, finding["explanation"])
        return finding

    def test_scope_of_login_kit(self):
        conn = self.sign_in("login", scopes="user.info.basic")
        self.world.ctl("call", conn, "POST", "v2/video/list/", "--query", "fields=id", "--data", "{}")
        self.find(conn, "scope-missing", "you", "scope", 0)

    def test_pending(self):
        conn = self.ads(advertisers=MINE)
        self.world.control("centers", {"id": HARBOUR, "advertiser": ANALYST, "relation": "PENDING"})
        self.look(conn, ANALYST)
        self.find(conn, "account-pending", "admin", "permission", 5)

    def test_no_role(self):
        conn = self.ads()
        self.look(conn, LAMPS)
        self.find(conn, "account-no-role", "admin", "permission", 6,
                  says=["An admin of “Harbour Coffee Roasters”"])

    def test_unknown_account(self):
        conn = self.ads()
        self.look(conn, UNKNOWN)
        self.find(conn, "account-unknown", "you", "account-status", 5, says=[UNKNOWN])

    def test_penalised(self):
        conn = self.ads()
        self.world.control("advertisers", {"advertiser": MINE, "status": "STATUS_LIMIT"})
        self.change(conn, MINE)
        self.find(conn, "account-limited", "provider", "account-status", 2)

    def test_blocked(self):
        conn = self.ads()
        self.app(blocked=True)
        self.look(conn)
        self.find(conn, "app-blocked", "app-owner", "app", 1)

    def test_other_app(self):
        conn = self.ads()
        self.world.ctl("call", conn, "GET", "oauth2/advertiser/get/",
                       "--query", "app_id=7000000000000000777", "--query", "secret=x")
        self.find(conn, "app-other", "app-owner", "app", 0)

    def test_app_without_permission(self):
        conn = self.ads()
        self.app(developer="no-permission")
        self.look(conn)
        self.find(conn, "app-lacks-permission", "app-owner", "scope", 0)

    def test_unlisted(self):
        """An app that may not look into Business Center: said so, and the way by hand."""
        conn = self.ads()
        self.app(center_listed=False)
        self.change(conn, ANALYST)
        finding = self.find(conn, "center-unlisted", "admin", "permission", 3)
        self.assertLess(finding["confidence"], 0.7)


if __name__ == "__main__":
    unittest.main()
