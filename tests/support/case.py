# SPDX-License-Identifier: GPL-3.0-or-later
"""What the integration tests share: a case with a world of its own, and ways to ask its parts."""

import glob
import json
import os
import re
import sys
import time
import unittest

from gi.repository import GLib

from world import AGENT, ROOT, World, wait_until

# Exit statuses of latchkeyctl.
DONE, FAILED, USAGE, NOT_FOUND, SIGN_IN, KEYRING, OFFLINE, RATE, PERMISSION, TIMED_OUT = range(10)

LOGIN_TOKEN = "/v2/oauth/token/"
# What only a bug writes.
TROUBLE = re.compile(r"Sanitizer|runtime error:|-CRITICAL|lk-\S*-WARNING|GLib\S*-WARNING")
FAMILIES = ("login", "ads", "account")


def has_ended(pid):
    """Whether process @pid is gone, or just waits for somebody to take note of its end."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


class WorldCase(unittest.TestCase):
    """Each test gets a new world; when one fails, the end of the agent's log is shown."""

    options = {}

    def setUp(self):
        self.world = World(**self.options)
        self.addCleanup(self._end)

    def _end(self):
        try:
            self.end_agent()
            self.check_log()
        finally:
            self.close()

    def end_agent(self):
        """Lets the agent end by itself, so that the sanitizers of a sanitized one get their say."""
        pid = self.world.owner_pid()
        if pid is not None:
            self.world.quit_agent()
            wait_until(lambda: has_ended(pid), "the agent to end", 30)

    def check_log(self):
        bad = [line for line in self.world.log("agent.log").splitlines() if TROUBLE.search(line)]
        self.assertEqual(bad[:5], [], "the agent's log tells of a bug")
        for path in sorted(glob.glob(self.world.path("valgrind-*.log"))):
            with open(path, encoding="utf-8", errors="replace") as log:
                # Lines with two dashes are about valgrind itself; it is quiet but for errors.
                found = [line for line in log.read().splitlines() if line.startswith("==")]
            self.assertEqual(found[:60], [], "valgrind found a bug in the agent")

    def close(self):
        result = self._outcome.result
        failed = any(case is self for case, _ in result.failures + result.errors)
        if failed:
            lines = self.world.log("agent.log").splitlines()[-40:]
            print(f"--- {self.id()}: the agent's last words", *lines, sep="\n", file=sys.stderr)
        self.world.close()

    # Statements

    def assertExit(self, result, *codes):
        self.assertIn(result.code, codes, repr(result))

    def failure(self, result):
        """The JSON that a failed command printed on the standard error."""
        return json.loads(result.stderr.strip().splitlines()[-1])

    def show(self, connection):
        return self.world.ctl_ok("show", connection, "--json").json()

    def token(self, connection, *arguments):
        return self.world.ctl_ok("token", connection, *arguments).stdout.rstrip("\n")

    def live(self, family="login"):
        """Access tokens that the provider honours now."""
        return [grant["access_token"] for grant in self.world.control("tokens")["tokens"]
                if grant["family"] == family]

    def token_calls(self, grant, family="login"):
        """How often the provider was asked for tokens, answered well or not."""
        return sum(number for key, number in self.world.stats()["tokens"].items()
                   if key.startswith(f"{family}/{grant}/"))

    def requests(self):
        """What the provider was asked, per path; our own questions do not count."""
        return {path: number for path, number in self.world.stats()["requests"].items()
                if not path.startswith("/_simulator/")}

    def code_of(self, finding):
        return (finding or {}).get("code")

    # Deeds

    def sign_in(self, family="login", *arguments, **consent):
        self.world.add_app(family)
        return self.world.connect(family, *arguments, **consent)

    def lock_keyring(self):
        self.world.call("/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "Lock",
                        GLib.Variant("(ao)", (["/org/freedesktop/secrets/collection/login"],)),
                        "org.freedesktop.secrets")

    def sign_in_paths(self):
        objects = self.world.call(ROOT, "org.freedesktop.DBus.ObjectManager",
                                  "GetManagedObjects").unpack()[0]
        return [path for path in objects if "/signins/" in path]

    def agent_memory(self, field="VmHWM"):
        with open(f"/proc/{self.world.owner_pid(AGENT)}/status", encoding="utf-8") as file:
            for line in file:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) * 1024
        return 0

    def timed(self, function, *arguments, **kwargs):
        """What @function gives, and the seconds that it took."""
        begin = time.monotonic()
        return function(*arguments, **kwargs), time.monotonic() - begin

    def wait_until(self, *arguments, **kwargs):
        return wait_until(*arguments, **kwargs)
