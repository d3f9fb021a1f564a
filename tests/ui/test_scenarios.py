#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a refused call to its repeat, by following the wizard through the real window as a person
would, while somebody else plays the admin at TikTok. With LATCHKEY_SHOTS=FOLDER it leaves pictures."""

import contextlib
import json
import os
import unittest

from desktop import wait_until
from notifications import Notifications
from test_wizard import WizardCase

MINE, KIDS, COFFEE = "7000000000000000001", "7000000000000000002", "7000000000000000003"
ADS_APP, RULES = "7000000000000000101", "17020000"
ADS = "/open_api/v1.3/"
SHOPS = "/authorization/202309/shops"
PROVEN = "Fixed, and Proven"


class Scenarios(WizardCase):
    # What programs do

    def begin(self, family="ads", **consent):
        desktop = self.desktop()
        desktop.set_clock()
        desktop.add_app(family, name="Nordwind")
        self.connection = desktop.connect("Nordwind", **consent)
        desktop.ctl_ok("rename", self.connection, "Brand EU")
        self.world = desktop
        return desktop

    def call(self, succeeds, method, path, *arguments):
        """A program's call; fails unless it ends as expected."""
        result = self.world.ctl("call", "Brand EU", method, path, *arguments)
        self.assertEqual(result.code == 0, succeeds, repr(result))

    def read(self, succeeds, account=MINE, path="campaign/get/", *arguments):
        self.call(succeeds, "GET", path, "--query", f"advertiser_id={account}", *arguments)

    def change(self, succeeds, account=COFFEE):
        self.call(succeeds, "POST", "campaign/update/", "--data",
                  json.dumps({"advertiser_id": account, "campaign_id": "1", "campaign_name": "Sale"}))

    def sent(self, path):
        return self.world.stats()["requests"].get(path, 0)

    # What the person does

    def find_cause(self, title, button, size=None, turn=None):
        """From the list to the finding, and into the wizard."""
        window = self.open_connection(self.world, size)
        window.wait_for(title)
        window.wait_for("Sure:")
        if turn is not None:
            window.wait_for(turn)
        self.picture(window, "finding")
        window.press(button)
        return window

    def picture(self, window, name):
        if os.environ.get("LATCHKEY_SHOTS"):
            window.settle(0.3)
        self.shoot(window, f"{self._testMethodName[5:].replace('_', '-')}-{name}")

    def at(self, window, step):
        """Waits for a step to be the one to do now."""
        window.wait_for(f"{step}, now", 40)

    def until(self, window, button, words, seconds=40):
        """Presses @button until @words are there, which may come by themselves meanwhile; a call that
        only reads is sent again by itself, so that the end may be there before anyone looked."""
        def there():
            if window.reads(words) or (words.endswith(", checked") and window.reads(PROVEN)):
                return True
            with contextlib.suppress(AssertionError):
                window.press(button, seconds=0)
            return window.reads(words)

        try:
            wait_until(there, f"“{words}” by “{button}”", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows: {' | '.join(window.texts())}") from None

    def sign_in_again(self, window, button="Reconnect"):
        window.press(button)
        window.wait_for("You Are Signed In", 40)
        window.press("Done")

    def finish(self, window, title=PROVEN):
        window.wait_for(title, 40)
        self.picture(window, "end")
        window.press("Done")
        window.wait_for("Your sign-in is fine.")

    # Permissions

    def test_analyst(self):
        """The role: not ticked while it is Analyst. Left, killed, resumed, and ticked once the admin has
        raised it; the refused call goes through, and is sent no more often than that."""
        self.begin()
        self.change(False)
        window = self.find_cause("Can’t change campaigns: role is Analyst", "Fix Permission…",
                                 turn="It is the turn of an admin of the Business Center.")
        self.at(window, "Raise the role")
        window.press("Check Now")
        window.wait_for("The role is still Analyst")
        self.picture(window, "not-yet")
        self.assertFalse(window.reads("Raise the role, checked"))
        window.press("Later")
        window.wait_for("Go On")
        window.close()
        self.world.kill_agent()
        window = self.open_connection(self.world)
        window.press("Go On")
        self.at(window, "Raise the role")
        window.wait_for("What is missing, checked")
        self.world.control("roles", {"advertiser": COFFEE, "role": "OPERATOR"})
        self.until(window, "Check Now", "Raise the role, checked")
        self.at(window, "Try it again")
        self.picture(window, "again")
        self.assertEqual(self.sent(ADS + "campaign/update/"), 1)
        window.press("Try It Again")
        self.finish(window)
        self.assertEqual(self.sent(ADS + "campaign/update/"), 2)
        self.change(True)

    def test_admin_is_asked(self):
        """The admin is asked, the wizard is left, and the agent tells when the role appeared."""
        self.begin()
        told = Notifications(self.world)
        self.change(False)
        window = self.find_cause("Can’t change campaigns: role is Analyst", "Fix Permission…")
        window.press("Ask the Admin…")
        window.wait_for("Send this to the person who can do it.")
        self.picture(window, "letter")
        message = " ".join(window.texts())
        for words in ("Harbour Coffee", COFFEE, "Operator", "Users › Members", "Request id"):
            self.assertIn(words, message)
        window.press("Watch Until It Appears")
        window.wait_for("Latchkey watches.")
        window.key("Escape")
        window.press("Later")
        window.wait_for("Latchkey is watching.")
        self.world.control("roles", {"advertiser": COFFEE, "role": "OPERATOR"})
        wait_until(lambda: (window.application(), told.told)[1], "the notification", 60)
        self.assertTrue(told.reads("Brand EU"), told.told)
        window.press("Go On")
        window.wait_for("Raise the role, checked")
        window.press("Try It Again")
        self.finish(window)

    def test_scope(self):
        """The permission of the app: a step that nobody can check says so; a sign-in that brings
        nothing new is not taken for one that does."""
        self.begin()
        rules = "optimizer/rule/list/"
        self.read(False, MINE, rules)
        window = self.find_cause("The token lacks “Read Automated Rules", "Fix Scope…",
                                 turn="It is the turn of whoever keeps the developer app.")
        self.at(window, "Add it to the developer app")
        window.wait_for("We can’t check this from here.")
        self.picture(window, "app")
        window.press("I Have Done This")
        self.at(window, "Sign in again")
        self.sign_in_again(window)
        self.at(window, "Is it granted now?")
        self.until(window, "Check Now", "still not granted")
        self.picture(window, "not-yet")
        scopes = [grant for grant in self.world.control("tokens")["tokens"]
                  if grant["family"] == "ads"][0]["scopes"]
        self.world.control("apps", {"family": "ads", "id": ADS_APP, "scopes": [*scopes, RULES]})
        self.world.connect("Brand EU", command="reconnect")
        self.until(window, "Check Now", "Is it granted now?, checked")
        self.at(window, "Try it again")
        self.until(window, "Try It Again", "Done; Not All of It Could Be Checked")
        self.finish(window, "Done; Not All of It Could Be Checked")
        self.read(True, MINE, rules)

    # Sign-ins

    def test_not_ticked(self):
        """An account that was left out on the consent page."""
        desktop = self.begin(advertisers=MINE)
        self.read(False, KIDS)
        window = self.find_cause("Fernhill Kids was not ticked at the sign-in", "Reconnect…")
        self.at(window, "Sign in again")
        self.picture(window, "sign-in")
        desktop.browse(f"advertisers={MINE},{KIDS}")
        self.sign_in_again(window)
        self.until(window, "Check Now", "Is the account among them?, checked")
        self.until(window, "Try It Again", PROVEN)
        self.finish(window)
        self.read(True, KIDS)

    def test_second_login(self):
        """Somebody else's sign-in: the right one is asked about before it takes its place."""
        self.begin(user=3)
        self.read(False)
        window = self.find_cause("Another login is connected", "Reconnect…")
        self.at(window, "Sign in again")
        window.press("Reconnect")
        window.wait_for("Mira Holt signed in, but this connection belongs to Sam Rivera.")
        self.picture(window, "question")
        window.press("Use the New Sign-In")
        window.wait_for("You Are Signed In")
        window.press("Done")
        self.at(window, "Try it again")
        self.until(window, "Try It Again", PROVEN)
        self.finish(window)
        self.read(True)

    def test_revoked(self):
        """An app that was removed at TikTok."""
        self.begin()
        self.world.control("revoke", {"family": "ads"})
        self.read(False)
        window = self.find_cause("This connection needs you.", "Reconnect…", turn="It is your turn.")
        self.at(window, "Sign in again")
        self.picture(window, "sign-in")
        self.sign_in_again(window)
        self.finish(window)
        self.read(True)

    # The developer app

    def test_rotated_secret(self):
        """A wrong secret changes nothing; the right one is tried, kept, and the signed call repeated."""
        self.begin("shop")
        self.world.control("apps", {"family": "shop", "id": "sim-shop-key", "secret": "rotated-9"})
        self.call(False, "GET", SHOPS)
        window = self.find_cause("The app’s secret does not fit", "Replace Secret…")
        self.at(window, "Copy the secret")
        window.press("I Have Done This")
        self.at(window, "Put it in")
        window.type_into("New Secret", "not-the-secret")
        window.press("Check and Replace")
        window.wait_for("The old one was kept.")
        self.picture(window, "wrong")
        window.type_into("New Secret", "rotated-9")
        window.press("Check and Replace")
        self.at(window, "Try it again")
        self.until(window, "Try It Again", "Not All of It Could Be Checked")
        self.finish(window, "Done; Not All of It Could Be Checked")
        self.call(True, "GET", SHOPS)

    # Waiting

    def wait_out(self, mode, title, seconds, *arguments):
        """A limit: the time that is left, no sign-in anywhere, and the call after it."""
        self.begin()
        self.world.control("limits", {"family": "ads", "mode": mode, "limit": 0})
        self.read(False, MINE, "campaign/get/", *arguments)
        window = self.find_cause(title, "Wait With Me…", turn="Latchkey does this by itself.")
        if mode != "qps":
            self.at(window, "Latchkey waits")
            wait_until(lambda: window.find("Time left", exact=False) or any(
                text[:1].isdigit() and text.count(":") in (1, 2) and len(text) <= 8
                for text in window.texts()), "a countdown")
            self.picture(window, "waiting")
        self.assertFalse(window.reads("Sign in again"))
        self.world.control("limits", {"family": "ads", "mode": "off"})
        self.world.pass_time(seconds)
        self.until(window, "Check Now", "Latchkey waits, checked")
        self.until(window, "Try It Again", PROVEN)
        self.finish(window)
        self.read(True)

    def test_qps(self):
        """A second."""
        self.wait_out("qps", "Too many calls in one second", 2, "--timeout", "1")

    def test_qpm(self):
        """Five minutes."""
        self.wait_out("qpm", "Too many calls in one minute", 301)

    def test_qpd(self):
        """Until midnight UTC."""
        self.wait_out("qpd", "The calls of this day are used up", 86400)

    def test_maintenance(self):
        """TikTok's news, and the call once TikTok is back."""
        self.begin()
        self.world.control("maintenance", {})
        self.world.control("incident", {"title": "Scheduled maintenance", "text": "We are at it."})
        self.read(False, MINE, "campaign/get/", "--timeout", "2")
        window = self.find_cause("TikTok is in maintenance", "Watch the Provider…",
                                 turn="It is the provider’s turn.")
        self.at(window, "What TikTok says")
        window.wait_for("Scheduled maintenance")
        self.picture(window, "news")
        self.world.control("maintenance", {"on": False})
        self.world.control("incident", {"title": "Scheduled maintenance", "text": "It is over.",
                                        "resolved": True})
        self.world.pass_time(1900)
        self.until(window, "Check Now", "What TikTok says, checked")
        self.until(window, "Try It Again", PROVEN)
        self.finish(window)
        self.read(True)

    # This computer

    def test_drifted_clock(self):
        """A clock fifteen minutes behind: not ticked before it is right."""
        self.begin("shop")
        self.world.kill_agent()
        self.world.set_clock(wrong=-900)
        self.call(False, "GET", SHOPS)
        window = self.find_cause("This computer’s clock is wrong", "Fix Clock…", turn="It is your turn.")
        self.at(window, "Set the clock")
        window.wait_for("The clock is 15 minutes behind.")
        self.until(window, "Check Now", "The clock is still 15 minutes behind")
        self.picture(window, "not-yet")
        self.world.set_clock()
        self.until(window, "Check Now", "Set the clock, checked")
        self.until(window, "Try It Again", PROVEN)
        self.finish(window)
        self.call(True, "GET", SHOPS)


if __name__ == "__main__":
    unittest.main()
