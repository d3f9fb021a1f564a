#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings, remedies, the permission matrix and the support bundle in the real window, with the real
agent, keyring and offline TikTok. With LATCHKEY_SHOTS=FOLDER it leaves pictures there."""

import json
import os
import unittest

from desktop import plain, wait_until
from test_window import WindowCase

KIDS, COFFEE = "7000000000000000002", "7000000000000000003"
UPDATE = "/open_api/v1.3/campaign/update/"
READ = "/open_api/v1.3/campaign/get/"
NO_PERMISSION = '{"code": 40001, "message": "No permission to operate advertiser ' + COFFEE + '", ' \
                '"request_id": "20261121140211010190005015BBBBBB"}'


class WizardCase(WindowCase):
    def world(self, family="ads", **consent):
        """A desktop with one connection, "Brand EU"."""
        desktop = self.desktop()
        desktop.add_app(family, name="Nordwind")
        self.connection = desktop.connect("Nordwind", **consent)
        desktop.ctl_ok("rename", self.connection, "Brand EU")
        return desktop

    def change_campaign(self, desktop, advertiser=COFFEE):
        """The call that an Analyst is refused."""
        return desktop.ctl("call", "Brand EU", "POST", UPDATE, "--data", json.dumps(
            {"advertiser_id": advertiser, "campaign_id": "1", "campaign_name": "Sale"}))

    def open_connection(self, desktop, size=None):
        window = desktop.open(size=size)
        window.activate("Brand EU")
        window.wait_for("Access Token")
        return window


def enter(window, name):
    """Turns the wheel until a row is in view, and clicks on it."""
    def row():
        return window.find(name, "list item", exact=False)

    def is_in_view():
        window.xdotool("mousemove", "--window", window.ids()[-1], 180, 400, "click", "5")
        _, y, _, height = row().box
        # Below is where the window says what it did.
        return 60 < y and y + height < 540

    wait_until(row, f"the row “{name}”")
    wait_until(is_in_view, f"“{name}” in view")
    window.click(row())


class TestWizard(WizardCase):
    def test_permission(self):
        """An Analyst is led to the role, nothing is ticked before it is there, and the very call that
        was refused is sent again."""
        desktop = self.world()
        self.assertNotEqual(self.change_campaign(desktop).code, 0)
        window = self.open_connection(desktop)
        window.wait_for("Your sign-in is fine, but a call was refused.")
        window.wait_for("Sure:")
        self.shoot(window, "card")
        window.press("Fix Permission…")
        window.wait_for("Raise the role, now")
        window.wait_for("Harbour Coffee")
        self.shoot(window, "wizard-permission")
        window.press("Check Now")
        window.wait_for("still Analyst")
        self.assertFalse(window.reads("Raise the role, checked"))
        desktop.control("roles", {"advertiser": COFFEE, "user": 1, "role": "OPERATOR"})
        window.press("Check Now")
        window.wait_for("Raise the role, checked")
        window.press("Try It Again")
        window.wait_for("Fixed, and Proven")
        window.wait_for("POST " + plain(UPDATE))
        window.wait_for("It succeeded")
        self.shoot(window, "wizard-end")
        window.press("Done")
        window.wait_for("Your sign-in is fine.")

    def test_keyboard(self):
        """The whole way without a pointer: the focus is always on what goes on."""
        desktop = self.world()
        self.change_campaign(desktop)
        window = self.open_connection(desktop)
        window.wait_for("Sure:")
        for _ in range(8):
            window.key("Tab")
            if "Fix Permission…" in wait_until(window.focused, "a focus"):
                break
        window.key("Return")
        window.wait_for("Raise the role, now")
        desktop.control("roles", {"advertiser": COFFEE, "user": 1, "role": "OPERATOR"})
        wait_until(lambda: "Check Now" in (window.focused() or ""), "Check Now in focus")
        window.key("Return")
        window.wait_for("Raise the role, checked")
        wait_until(lambda: "Try It Again" in (window.focused() or ""), "Try It Again in focus")
        window.key("Return")
        window.wait_for("Fixed, and Proven")
        wait_until(lambda: "Done" in (window.focused() or ""), "Done in focus")
        window.key("Return")
        window.wait_for("Your sign-in is fine.")

    def test_agent_restart(self):
        """A remedy under way outlives the agent; the open wizard goes on with it."""
        desktop = self.world()
        self.change_campaign(desktop)
        window = self.open_connection(desktop)
        window.press("Fix Permission…")
        window.wait_for("Raise the role, now")
        desktop.kill_agent()
        window.wait_for("Latchkey’s agent stopped.")
        window.wait_gone("agent stopped", 30)
        desktop.control("roles", {"advertiser": COFFEE, "user": 1, "role": "OPERATOR"})
        window.press("Check Now")
        window.wait_for("Raise the role, checked")

    def test_ask_the_admin(self):
        """The message names what is needed, holds no secret, and Latchkey goes on watching without
        the window."""
        desktop = self.world()
        self.change_campaign(desktop)
        window = self.open_connection(desktop)
        window.press("Fix Permission…")
        window.press("Ask the Admin…")
        window.wait_for("Send this to the person who can do it.")
        message = " ".join(window.texts())
        self.assertIn(COFFEE, message)
        self.assertIn("Operator", message)
        for token in desktop.control("tokens")["tokens"]:
            self.assertNotIn(token["access_token"], message)
        self.shoot(window, "ask")
        window.press("Watch Until It Appears")
        window.wait_for("Latchkey watches.")
        window.key("Escape")
        window.press("Later")
        window.wait_for("Latchkey goes on checking")
        window.wait_for("Latchkey is watching.")
        window.close()
        window = self.open_connection(desktop)
        window.press("Go On")
        window.wait_for("Raise the role, now")

    def test_reconnect(self):
        """Withdrawn access: why, the sign-in, and the proof that it is alive."""
        desktop = self.world()
        desktop.control("revoke", {"family": "ads"})
        desktop.ctl("verify", "Brand EU")
        window = self.open_connection(desktop)
        window.wait_for("This connection needs you.")
        window.press("Reconnect…")
        window.wait_for("Sign in again, now")
        self.shoot(window, "wizard-reconnect")
        window.press("Reconnect")
        window.wait_for("You Are Signed In")
        window.press("Done")
        window.wait_for("Fixed, and Proven", 40)
        self.shoot(window, "wizard-reconnect-end")
        window.press("Done")
        window.wait_for("Your sign-in is fine.")

    def test_rate(self):
        """A rate limit is waited for, with the time that is left; nobody is sent to a sign-in."""
        desktop = self.world()
        desktop.control("limits", {"family": "ads", "mode": "qpm", "limit": 0})
        desktop.ctl("call", "Brand EU", "GET", READ, "--query", f"advertiser_id={KIDS}", timeout=120)
        window = self.open_connection(desktop)
        window.press("Wait With Me…")
        wait_until(lambda: any(text.startswith("4:") for text in window.texts()), "a countdown")
        self.shoot(window, "wizard-rate")
        shown = " ".join(window.texts())
        self.assertNotIn("Sign in again", shown)
        window.press("Later")
        window.wait_for("Go On")

    def test_secret(self):
        """A new secret is tried before the old one is dropped."""
        desktop = self.world("login")
        desktop.control("apps", {"family": "login", "id": "sim-login-key", "secret": "new-secret-8"})
        desktop.ctl("renew", "Brand EU")
        window = self.open_connection(desktop)
        window.press("Replace Secret…")
        window.press("I Have Done This")
        window.wait_for("New Secret")
        window.type_into("New Secret", "not-the-secret")
        window.press("Check and Replace")
        window.wait_for("The old one was kept.")
        self.shoot(window, "wizard-secret")
        window.type_into("New Secret", "new-secret-8")
        window.press("Check and Replace")
        window.wait_gone("New Secret", 30)
        self.assertNotIn("new-secret-8", " ".join(window.texts()))
        desktop.ctl_ok("renew", "Brand EU")

    def test_explain(self):
        """A failed line of the history, and a pasted error, are looked into with evidence."""
        desktop = self.world()
        self.change_campaign(desktop)
        window = self.open_connection(desktop)
        window.wait_for("was refused")
        window.press("Explain")
        window.wait_for("What We Know for Sure")
        window.wait_for("What Latchkey Asked")
        self.shoot(window, "finding")
        window.press("Back")
        window.wait_for("Access Token")
        window.press("Back")
        window.key("ctrl+d")
        window.wait_for("What Does It Mean?")
        window.type_into("Paste an error", NO_PERMISSION)
        window.press("Check With a Connection")
        window.press("Brand EU")
        window.wait_for("What Latchkey Asked")
        window.wait_for("Fix Permission…")
        window.press("Back")
        window.wait_for("Paste an error")

    def test_bundle(self):
        """Shown in full, looked through, and without a secret."""
        desktop = self.world()
        self.change_campaign(desktop)
        window = self.open_connection(desktop)
        window.press("Details")
        window.press("Support Bundle…")
        window.wait_for("Latchkey looked for tokens and secrets and found none.")
        bundle = next(text for text in window.texts() if text.startswith("{"))
        self.assertIn(COFFEE, bundle)
        for token in desktop.control("tokens")["tokens"]:
            self.assertNotIn(token["access_token"], bundle)
        self.shoot(window, "bundle")
        window.press("Save…")
        window.wait_for("Save Support Bundle")

    def test_matrix(self):
        """Each account and what the sign-in may do there, in words for each cell, and the way to
        change it."""
        desktop = self.world()
        window = self.open_connection(desktop)
        enter(window, "Who May Do What")
        window.wait_for("Harbour Coffee")
        wait_until(lambda: window.find("Change campaigns: Role too low"), "the cell in words")
        self.shoot(window, "matrix")
        window.activate("Harbour Coffee")
        window.wait_for("All Accounts")
        self.shoot(window, "matrix-account")
        window.press("Fix: Change campaigns")
        window.wait_for("Fix Permission…")
        window.key("Escape")
        window.wait_for("All Accounts")
        window.key("Escape")
        window.wait_for("Checked")

    def test_narrow(self):
        """360 pixels: everything that a remedy needs is there."""
        desktop = self.world()
        self.change_campaign(desktop)
        window = self.open_connection(desktop, size=(360, 640))
        window.wait_for("Sure:")
        window.settle()
        self.shoot(window, "narrow-card")
        window.press("Fix Permission…")
        window.wait_for("Raise the role, now")
        window.settle()
        self.shoot(window, "narrow-wizard")
        window.press("Back")
        window.press("Details")
        window.wait_for("What We Know for Sure")
        window.settle()
        self.shoot(window, "narrow-finding")
        window.press("Back")
        enter(window, "Who May Do What")
        window.wait_for("Harbour Coffee, ")
        window.wait_for(" allowed")
        window.settle()
        self.shoot(window, "narrow-matrix")
        window.activate("Harbour Coffee")
        window.wait_for("All Accounts")
        window.settle()
        self.shoot(window, "narrow-account")


if __name__ == "__main__":
    unittest.main()
