#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renewals lose nothing: not with many callers, not with kill -9, not with a locked keyring."""

import os
import subprocess
import unittest

from case import DONE, FAILED, KEYRING, LOGIN_TOKEN, SIGN_IN, WorldCase


class Renewal(WorldCase):
    def test_renew(self):
        connection = self.sign_in()
        old = self.token(connection)
        shown = self.world.ctl_ok("renew", connection, "--json").json()
        self.assertEqual(shown["generation"], 2)
        self.assertIsNotNone(shown["last_renewed"])
        new = self.token(connection)
        self.assertNotEqual(new, old)
        self.assertIn(new, self.live())
        kinds = [event["kind"] for event in self.world.ctl_ok("history", connection,
                                                              "--json").json()]
        self.assertIn("renewed", kinds)
        self.assertIn("signed-in", kinds)

    def test_ads_cannot_renew(self):
        """A token without an end is handed out as it is, and nobody pretends to renew it."""
        connection = self.sign_in("ads")
        self.assertIn(self.token(connection, "--min-valid", "100000"), self.live("ads"))
        self.assertExit(self.world.ctl("renew", connection), FAILED, SIGN_IN)
        self.assertEqual(self.token_calls("refresh_token", "ads"), 0)

    def test_many_callers(self):
        """64 programs want a token that has to be renewed: one request goes out, all get the same."""
        self.world.control("lifetimes", {"family": "login", "access": 60})
        connection = self.sign_in()
        old = self.token(connection)
        self.world.control("lifetimes", {"family": "login", "access": 7200})
        self.world.fault(LOGIN_TOKEN, delay_ms=700)
        program = os.path.join(self.world.build, "src", "ctl", "latchkeyctl")
        callers = [subprocess.Popen([program, "token", connection, "--min-valid", "600"],
                                    env=self.world.tool_env(), stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, text=True) for _ in range(64)]
        tokens = {caller.communicate(timeout=60)[0].strip() for caller in callers}
        self.assertEqual([caller.returncode for caller in callers], [DONE] * 64)
        self.assertEqual(len(tokens), 1)
        self.assertNotIn(old, tokens)
        self.assertIn(tokens.pop(), self.live())
        self.assertEqual(self.token_calls("refresh_token"), 1)

    def test_by_itself(self):
        """A short life is renewed in time without anybody asking."""
        self.world.quit_agent()
        self.world.set_clock()
        self.world.control("lifetimes", {"family": "login", "access": 60})
        connection = self.sign_in()
        for times in (1, 2):
            self.world.pass_time(25)
            self.assertEqual(self.token_calls("refresh_token"), times - 1)
            self.world.pass_time(10)
            self.wait_until(lambda: self.token_calls("refresh_token") == times, "a renewal", 20)
        # The second may still be on its way from the provider's reply to the keyring.
        self.wait_until(lambda: self.token(connection) in self.live(), "the renewed token", 5)

    def test_locked_keyring(self):
        """What could not be kept is not asked for."""
        connection = self.sign_in()
        self.lock_keyring()
        before = self.requests()
        result, seconds = self.timed(self.world.ctl, "renew", connection, "--timeout", "20")
        self.assertExit(result, KEYRING)
        self.assertLess(seconds, 10)
        self.assertEqual(self.requests(), before)
        self.assertIn("latchkeyctl unlock", result.stderr)

    def test_cut_before(self):
        """Nothing arrived: asked once more, and well."""
        connection = self.sign_in()
        self.world.fault(LOGIN_TOKEN, cut="before", times=1)
        self.assertExit(self.world.ctl("renew", connection), DONE)
        self.assertIn(self.token(connection), self.live())

    def test_reply_lost(self):
        """Carried out, but the reply is gone: asked once more, then explained; nothing hangs."""
        connection = self.sign_in()
        self.world.fault(LOGIN_TOKEN, cut="after", times=1)
        result, seconds = self.timed(self.world.ctl, "renew", connection, "--json")
        self.assertExit(result, FAILED, SIGN_IN)
        self.assertLess(seconds, 30)
        self.assertEqual(self.token_calls("refresh_token"), 2)
        finding = self.show(connection)["finding"]
        self.assertIsNotNone(finding)
        self.assertTrue(finding["class"] == "refresh_dead" or finding["code"] == "refresh-lost",
                        finding)
        self.assertTrue(finding["steps"])

    def test_lifetime_changed(self):
        connection = self.sign_in()
        self.world.control("lifetimes", {"family": "login", "access": 3600})
        self.world.ctl_ok("renew", connection)
        kinds = [event["kind"] for event in self.world.ctl_ok("history", connection,
                                                              "--json").json()]
        self.assertIn("lifetime-changed", kinds)

    def test_keyring_is_the_truth(self):
        """What latchkeyctl prints is what lies in the real keyring."""
        connection = self.sign_in()
        self.world.ctl_ok("renew", connection)
        self.assertEqual(self.world.tokens_in_keyring(connection)["access_token"],
                         self.token(connection))


class Killed(WorldCase):
    """kill -9 right after each numbered step of a renewal (DESIGN: the ways through the house)."""

    def die_at(self, step):
        connection = self.sign_in()
        self.world.kill_agent()
        self.world.set_agent_env(LATCHKEY_TEST_DIE_AT=f"renew:{step}")
        died = self.world.ctl("renew", connection)
        self.assertNotEqual(died.code, DONE, "the hook did not kill the agent")
        self.world.set_agent_env(LATCHKEY_TEST_DIE_AT="")
        return connection

    def recovers(self, step):
        connection = self.die_at(step)
        token = self.token(connection)
        self.assertIn(token, self.live())
        self.world.ctl_ok("renew", connection)
        self.assertIn(self.token(connection), self.live())

    def test_step_1(self):
        self.recovers(1)

    def test_step_2(self):
        self.recovers(2)

    def test_step_3(self):
        """The one window in which the reply exists nowhere but in a dead process: explained."""
        connection = self.die_at(3)
        result, seconds = self.timed(self.world.ctl, "renew", connection, "--json")
        self.assertExit(result, FAILED, SIGN_IN)
        self.assertLess(seconds, 30)
        finding = self.show(connection)["finding"]
        self.assertTrue(finding["class"] == "refresh_dead" or finding["code"] == "refresh-lost",
                        finding)
        self.assertTrue(finding["needs_reauth"] or finding["steps"])
        self.assertEqual(self.world.connect(connection, command="reconnect"), connection)
        self.assertIn(self.token(connection), self.live())

    def test_step_4(self):
        self.recovers(4)

    def test_step_5(self):
        self.recovers(5)

    def test_step_6(self):
        self.recovers(6)

    def test_locked_at_the_restart(self):
        """A reply in the journal waits for the keyring; it is not given up."""
        connection = self.die_at(4)
        self.lock_keyring()
        self.assertExit(self.world.ctl("token", connection, "--timeout", "15"), KEYRING)
        self.world.stop_keyring()
        self.world.start_keyring("unlocked")
        self.assertIn(self.token(connection), self.live())


if __name__ == "__main__":
    unittest.main()
