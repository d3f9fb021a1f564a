#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hostile or unlucky neighbours do on the bus, to the keyring, and at the wrong moment."""

import os
import resource
import signal
import socket
import unittest

from gi.repository import Gio, GLib

from case import DONE, KEYRING, LOGIN_TOKEN, OFFLINE, WorldCase, has_ended
from world import AGENT, APPS, MANAGER, ROOT, SECRETS

INTERFACE = "io.github.latchkey_app.Latchkey.Agent1"
CONNECTION = "io.github.latchkey_app.Latchkey.Connection1"
SIGN_INS_AT_ONCE = 32
SLOW_FD_SECONDS = 5


class Adversity(WorldCase):
    def begin_call(self, method, parameters, fds=None, path=MANAGER, interface=INTERFACE):
        """Sends a call without waiting; gives where its outcome will be."""
        outcome = []

        def done(connection, result):
            try:
                reply, _ = connection.call_with_unix_fd_list_finish(result)
                outcome.append(("done", reply.unpack()))
            except GLib.Error as error:
                outcome.append(("failed", Gio.DBusError.get_remote_error(error) or error.message))

        self.world.connection.call_with_unix_fd_list(
            AGENT, path, interface, method, parameters, None, Gio.DBusCallFlags.NONE, 60000, fds,
            None, done)
        return outcome

    def settle(self, outcomes, seconds=40):
        """Runs the main loop until all outcomes are there."""
        context = GLib.MainContext.default()

        def look():
            while context.iteration(False):
                pass
            return all(outcomes)
        self.wait_until(look, "all calls to be answered", seconds)
        return [outcome[0] for outcome in outcomes]

    def call_agent(self, method, parameters, fds=None, **kwargs):
        return self.settle([self.begin_call(method, parameters, fds, **kwargs)])[0]

    def text_fd(self, text):
        ends = os.pipe()
        os.write(ends[1], text.encode())
        os.close(ends[1])
        return ends[0]

    def add_client(self, name, fd=None, client_id="sim-login-key"):
        own = fd if fd is not None else self.text_fd("sim-login-secret")
        fds = Gio.UnixFDList.new_from_array([own])
        return self.begin_call("AddClient", GLib.Variant(
            "(sssha{sv})", (name, "tiktok-login-simulator", client_id, 0, {})), fds)

    def path_of(self, connection):
        return f"{ROOT}/connections/{connection}"

    def slow_renewal(self, connection, milliseconds=1500):
        """A renewal whose request is at the provider."""
        self.world.fault(LOGIN_TOKEN, delay_ms=milliseconds, times=1)
        before = self.requests()[LOGIN_TOKEN]
        renewal = self.begin_call("Renew", None, path=self.path_of(connection),
                                  interface=CONNECTION)
        self.wait_until(lambda: self.requests()[LOGIN_TOKEN] > before, "the request", 10)
        return renewal

    def keyring_names(self, kind):
        """The names of the items of one kind in the real keyring."""
        collection = "/org/freedesktop/secrets/collection/login"
        items = self.world.call(collection, "org.freedesktop.DBus.Properties", "Get",
                                GLib.Variant("(ss)", ("org.freedesktop.Secret.Collection", "Items")),
                                SECRETS).unpack()[0]
        names = []
        for item in items:
            found = self.world.call(item, "org.freedesktop.DBus.Properties", "Get",
                                    GLib.Variant("(ss)", ("org.freedesktop.Secret.Item",
                                                          "Attributes")), SECRETS).unpack()[0]
            if found.get("kind") == kind:
                names.append(found["name"])
        return names


class Bus(Adversity):
    def test_names(self):
        """What would mislead on a terminal or fill a list is not taken."""
        connection = self.sign_in()
        for name in ("", " ", "a\x1b[2Jb", "a\x7fb", "a\x85b", "two\nlines", "x" * 10000,
                     "abc\u202edef"):
            outcome = self.settle([self.add_client(name)])[0]
            self.assertEqual(outcome[0], "failed", repr(name))
            self.assertIn("InvalidArgument", outcome[1])
            outcome = self.call_agent("Rename", GLib.Variant("(s)", (name,)),
                                      path=self.path_of(connection), interface=CONNECTION)
            self.assertEqual(outcome[0], "failed", repr(name))
            if name:
                outcome = self.call_agent("Connect", GLib.Variant(
                    "(sasa{sv})", ("login", [], {"name": GLib.Variant("s", name)})))
                self.assertEqual(outcome[0], "failed", repr(name))
        outcome = self.settle([self.add_client("fine", client_id="a\x1bb")])[0]
        self.assertIn("InvalidArgument", outcome[1])
        outcome = self.call_agent("Connect", GLib.Variant("(sasa{sv})",
                                                          ("login", ["s" * 10000], {})))
        self.assertEqual(outcome[0], "failed")
        outcome = self.call_agent("Connect", GLib.Variant("(sasa{sv})",
                                                          ("login", ["s"] * 2000, {})))
        self.assertEqual(outcome[0], "failed")
        self.assertEqual([each["name"] for each in
                          self.world.ctl_ok("client", "list", "--json").json()], ["login"])

    def test_descriptors(self):
        """Whatever is handed over as a pipe, the agent answers in time, and others meanwhile."""
        self.world.start_agent()
        far, near = socket.socketpair()
        never = os.pipe()
        fds = {"folder": os.open("/", os.O_RDONLY), "zero": os.open("/dev/zero", os.O_RDONLY),
               "null only written": os.open("/dev/null", os.O_WRONLY), "silent": never[0],
               "socket": near.detach(), "pipe's wrong end": os.dup(never[1])}
        outcomes = [self.add_client(name, fd) for name, fd in fds.items()]
        outcomes.append(self.begin_call("AddClient", GLib.Variant(
            "(sssha{sv})", ("none", "tiktok-login-simulator", "x", 3, {}))))
        _, seconds = self.timed(self.world.ctl_ok, "client", "list", "--json")
        self.assertLess(seconds, SLOW_FD_SECONDS - 1)
        for outcome in self.settle(outcomes):
            self.assertEqual(outcome[0], "failed")
        os.close(never[1])
        far.close()
        self.assertEqual(self.world.ctl_ok("client", "list", "--json").json(), [])

    def test_connect_flood(self):
        """The limit holds for those who ask at the same time, too."""
        self.world.add_app("login")
        outcomes = self.settle([self.begin_call("Connect", GLib.Variant("(sasa{sv})",
                                                                        ("login", [], {})))
                                for _ in range(150)])
        started = [outcome for outcome in outcomes if outcome[0] == "done"]
        self.assertEqual(len(started), SIGN_INS_AT_ONCE)
        self.assertEqual(len(self.sign_in_paths()), SIGN_INS_AT_ONCE)

    def test_same_app_twice_at_once(self):
        """One of them is added, with its own secret."""
        self.world.start_agent()
        outcomes = self.settle([self.add_client("twin", self.text_fd("sim-login-secret")),
                                self.add_client("twin", self.text_fd("another secret"))])
        self.assertEqual([outcome[0] for outcome in outcomes], ["done", "failed"])
        self.assertIn("Exists", outcomes[1][1])
        self.world.connect("twin")

    def test_bus_goes_away(self):
        """Without a bus nobody can ask: the agent ends, and ends well."""
        self.sign_in()
        pid = self.world.owner_pid()
        self.world.stop(self.world.bus, signal.SIGKILL)
        self.wait_until(lambda: has_ended(pid), "the agent to end", 30)
        self.world.connection = None

    def end_agent(self):
        if self.world.connection is not None:
            super().end_agent()


class Timing(Adversity):
    def test_revoke_while_renewing(self):
        """Nothing secret is left behind, here or there."""
        connection = self.sign_in()
        renewal = self.slow_renewal(connection)
        revocation = self.begin_call("Revoke", None, path=self.path_of(connection),
                                     interface=CONNECTION)
        outcomes = self.settle([renewal, revocation])
        self.assertEqual(outcomes[1][0], "done", outcomes)
        self.wait_until(lambda: self.keyring_names("tokens") == [], "the keyring to be clean", 10)
        self.assertEqual(self.live(), [])
        self.world.kill_agent()
        self.world.start_agent()
        self.assertEqual(self.world.ctl_ok("list", "--json").json(), [])
        self.assertEqual(self.keyring_names("tokens"), [])

    def test_reconnect_while_renewing(self):
        """The new grant wins, whichever reply comes last."""
        connection = self.sign_in()
        process, url = self.world.begin("reconnect", connection)
        renewal = self.slow_renewal(connection)
        self.world.consent(url)
        self.assertEqual(self.world.end(process)["event"], "connected")
        self.settle([renewal])
        self.assertIn(self.token(connection), self.live())
        self.assertEqual(self.world.tokens_in_keyring(connection)["access_token"],
                         self.token(connection))

    def test_app_removed_while_signing_in(self):
        """No connection is made that nothing could ever renew."""
        self.world.add_app("login")
        process, url = self.world.begin("connect", "login")
        self.world.ctl_ok("client", "remove", "login")
        event = self.world.end(process)
        self.assertNotEqual(event["exit"], DONE)
        self.assertEqual(self.world.ctl_ok("list", "--json").json(), [])
        self.assertEqual(self.keyring_names("client-secret"), [])

    def test_revoke_offline(self):
        """What could not be revoked is kept."""
        connection = self.sign_in()
        self.world.stop_simulator()
        self.assertExit(self.world.ctl("revoke", connection), OFFLINE)
        self.assertTrue(self.token(connection))

    def test_trial_comes_back(self):
        """A trial's connections find their offline TikTok again after the agent was killed."""
        self.world.stop_simulator()
        address, _ = self.call_agent("StartTrial", None)[1]
        self.world.url = address
        connection = self.world.connect("Trial: Login Kit")
        self.world.kill_agent()
        self.world.start_agent()
        self.wait_until(lambda: self.world.agent_property("TrialAddress") == address,
                        "the trial to run again", 15)
        self.assertTrue(self.token(connection))


class Keyring(Adversity):
    def keyring_takes(self, anything):
        """A disk that is full, as far as the keyring is concerned: it reads, but keeps nothing."""
        limit = resource.RLIM_INFINITY if anything else 0
        resource.prlimit(self.world.keyring_process.pid, resource.RLIMIT_FSIZE,
                         (limit, resource.RLIM_INFINITY))

    def test_unlocked_but_takes_nothing(self):
        """A keyring that cannot keep the reply is found out before the request (step 1)."""
        connection = self.sign_in()
        # The first one also stores the journal's key, which would stop it as well.
        self.world.ctl_ok("renew", connection)
        token = self.token(connection)
        self.keyring_takes(False)
        before = self.requests()
        self.assertExit(self.world.ctl("renew", connection, "--timeout", "20"), KEYRING)
        self.assertEqual(self.requests(), before)
        self.assertEqual(self.token(connection), token)
        self.keyring_takes(True)
        self.world.ctl_ok("renew", connection)
        self.assertIn(self.token(connection), self.live())

    def test_takes_nothing_when_the_reply_comes(self):
        """The keyring says no (step 5) and keeps the old item whole; the reply waits in the journal, is
        handed out meanwhile, and reaches the keyring when it takes something again, by a kill."""
        connection = self.sign_in()
        self.world.ctl_ok("renew", connection)
        old = self.world.tokens_in_keyring(connection)
        renewal = self.slow_renewal(connection)
        self.keyring_takes(False)
        self.settle([renewal])
        self.assertEqual(self.world.tokens_in_keyring(connection), old)
        self.assertIn(self.token(connection), self.live())
        self.keyring_takes(True)
        self.world.kill_agent()
        self.world.start_agent()
        self.wait_until(lambda: self.world.tokens_in_keyring(connection)["access_token"]
                        in self.live(), "the keyring to be up to date", 30)

    def test_dies_before_the_reply_is_kept(self):
        """The reply waits in the journal, is handed out meanwhile, and reaches the next keyring."""
        connection = self.sign_in()
        renewal = self.slow_renewal(connection)
        self.world.stop_keyring(signal.SIGKILL)
        self.settle([renewal])
        self.assertIn(self.token(connection), self.live())
        self.world.start_keyring("unlocked")
        self.wait_until(lambda: (self.world.tokens_in_keyring(connection) or {})
                        .get("access_token") in self.live(), "the keyring to be up to date", 30)


if __name__ == "__main__":
    unittest.main()
