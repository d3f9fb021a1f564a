#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A year in minutes: the real agent, keyring, provider and notification service, and a clock that is
moved by an hour or two while the computer is awake and by eight for the night. The test works out by
itself, from the ends that latchkeyctl shows, on which days the person has to be told."""

import datetime
import os
import random
import sys
import time
import unittest

from agent_bus import AgentBus
from case import WorldCase
from notifications import Notifications
from world import wait_until

HOUR = 3600
DAY = 24 * HOUR
YEAR = 365 * DAY
WARN_DAYS = (14, 7, 3, 1)
NIGHT = 8 * HOUR

# What happens on which day, again and again after CYCLE days.
CYCLE = 55
CLOCK_BACK, CLOCK_FORTH, OFFLINE, ONLINE, LOCKED, REVOKED, HOLIDAY = range(7)
HAPPENS = {5: CLOCK_BACK, 9: CLOCK_FORTH, 14: OFFLINE, 16: ONLINE, 24: LOCKED, 30: REVOKED,
           41: HOLIDAY}
DAYS = int(os.environ.get("LATCHKEY_TEST_DAYS", "60"))


class Account:
    """One connection: what it should be, and what was seen of it."""

    def __init__(self, name, family, user, days):
        self.name, self.family, self.user = name, family, user
        self.days = days  # until a sign-in is over; 0 for no end
        self.id = None
        self.ends = None
        self.told = None  # the nearest day that the person should have been told for this end
        self.over = False  # it was said that only the person can go on
        self.first = 0  # generation after the sign-in
        self.renewals = 0  # with earlier sign-ins


class Year(WorldCase):
    options = {"agent_env": {"TZ": "UTC", "G_MESSAGES_DEBUG": ""}}

    def setUp(self):
        super().setUp()
        self.bus = AgentBus(self.world)
        self.world.quit_agent()
        self.world.set_clock()
        self.told = Notifications(self.world)
        self.read = 0  # notifications that were looked at
        self.passed = 0
        self.offline = self.locked = False
        self.died = None  # whose access was taken away
        self.accounts = [Account("@fernhill", "login", 1, 21.3),
                         Account("@harbour", "login", 2, 33.9),
                         Account("@quince", "account", 1, 47.6),
                         Account("Orchard Ads", "ads", 1, 0)]
        self.dice = random.Random(4)
        self.days_told = []  # (name, day)
        self.ended = 0
        self.deaths = 0
        self.skipped = 0  # days that a long sleep went over
        self.memory = []

    # Time

    def now(self):
        return time.time() + self.passed

    def set_clock(self, wrong):
        """Somebody sets the clock; no time passes."""
        self.world.set_clock(wrong, self.passed)

    def step(self, seconds):
        """Time goes by; afterwards everything that this brought is looked at."""
        self.world.pass_time(seconds)
        self.passed += seconds
        self.look()

    def awake(self, hours):
        left = hours
        while left > 0:
            hour = min(self.dice.choice((1, 2, 2)), left)
            self.step(hour * HOUR)
            left -= hour

    # What has to be

    def expected(self, account, now):
        """The day that the person has to be told now; None for nothing new."""
        if account.ends is None or account.over or now >= account.ends:
            return None
        days = [day for day in WARN_DAYS if account.ends - now <= day * DAY]
        if not days or (account.told is not None and account.told <= days[-1]):
            return None
        self.skipped += len([day for day in days[:-1]
                             if account.told is None or day < account.told])
        account.told = days[-1]
        return days[-1]

    def words(self, account, now):
        """How it may read: a few seconds may have gone by since."""
        def words_at(at):
            days = int(account.ends // DAY) - int(at // DAY)
            if days < 2:
                return f"{account.name} ends " + ("today" if days <= 0 else "tomorrow")
            return f"{account.name} ends in {days} days"
        return {words_at(now - 60), words_at(now), words_at(now + 60)}

    def look(self):
        now = self.now()
        awaited = []
        for account in self.accounts:
            day = self.expected(account, now)
            if day is not None:
                awaited.append(self.words(account, now))
                self.days_told.append((account.name, day))
            if account.ends is not None and now >= account.ends and not account.over:
                account.over = True
                self.ended += 1
                awaited.append({f"{account.name} needs you"})
        self.hear(awaited)
        if not self.offline and not self.locked:
            self.renewed_in_time()

    def hear(self, awaited):
        """Exactly these notifications came since the last time."""
        if awaited:
            wait_until(lambda: len(self.told.told) >= self.read + len(awaited),
                       f"{awaited} on day {self.passed / DAY:.1f}; there is "
                       f"{self.told.told[self.read:]}", 40)
        for title, _ in self.told.told[self.read:]:
            self.read += 1
            if self.died and title == f"{self.died.name} needs you":
                self.died.over, self.died = True, None
                self.deaths += 1
                continue
            found = [words for words in awaited if title in words]
            self.assertTrue(found, f"“{title}” on day {self.passed / DAY:.1f}, not {awaited}")
            awaited.remove(found[0])
        self.assertEqual(awaited, [])

    def look_a_moment_later(self):
        """What comes with something else is told within a second."""
        end = time.monotonic() + 2
        wait_until(lambda: time.monotonic() > end, "a moment")
        self.hear([])

    def renewed_in_time(self):
        """Who is awake and in reach of the provider has living tokens, and nothing left to do."""
        for account in self.accounts:
            if account.family == "ads" or account.over:
                continue

            def is_well(account=account):
                shown = self.bus.connection(account.id)
                return shown["AccessEnds"] > self.now() and shown["NextRenewal"] > self.now()
            wait_until(is_well, f"{account.name} to be renewed on day {self.passed / DAY:.1f}", 40)

    # Deeds

    def sign_in(self, account):
        life = account.days * DAY
        self.world.control("lifetimes", {"family": account.family, "access": DAY if life else 0,
                                         "refresh": int(life), "fixed": True})
        if account.id is None:
            account.id = self.world.connect(account.family, user=account.user)
            self.world.ctl_ok("rename", account.id, account.name)
        else:
            account.renewals += self.generation(account) - account.first
            self.world.connect(account.id, command="reconnect", user=account.user)
            self.told.wait_gone(account.name)
        shown = self.show(account.id)
        account.first = self.generation(account)
        account.told, account.over = None, False
        self.assertEqual(shown["state"], "fine", shown)
        self.assertEqual(shown["authorization_ends_never"], not life)
        if life:
            account.ends = datetime.datetime.fromisoformat(
                shown["authorization_ends"].replace("Z", "+00:00")).timestamp()
            self.assertLess(abs(account.ends - self.now() - life), 60)

    def sign_in_again(self):
        """The person does what the notifications asked for, when nothing more comes."""
        if any(account.over for account in self.accounts):
            self.look_a_moment_later()
        for account in self.accounts:
            if account.over and not self.offline and not self.locked:
                self.sign_in(account)

    def generation(self, account):
        return self.bus.connection(account.id)["Generation"]

    def day(self, number):
        """Sixteen hours awake, with what happens on that day, then a night."""
        happens = HAPPENS.get(number % CYCLE)
        if happens == OFFLINE:
            self.world.fault("/*", cut="before", times=-1)
            self.offline = True
        elif happens == ONLINE:
            self.world.control("faults", method="DELETE")
            self.offline = False
        self.sign_in_again()
        self.awake(5)
        if happens in (CLOCK_BACK, CLOCK_FORTH):
            self.set_clock(-YEAR if happens == CLOCK_BACK else YEAR)
        elif happens == REVOKED:
            self.died = self.accounts[-1]
            self.world.control("revoke", {"family": self.died.family})
        self.awake(6)
        self.set_clock(0)
        self.awake(5)
        if happens == LOCKED:
            self.locked_night()
        else:
            self.step(5 * DAY if happens == HOLIDAY else NIGHT)
        if self.died:
            wait_until(lambda: len(self.told.told) > self.read, f"{self.died.name} to be missed")
            self.hear([])
        self.assertIsNone(self.died, "nobody was told that a token died")
        self.memory.append(self.pss())

    def locked_night(self):
        """The keyring is locked in the evening, and opened when the person is back."""
        before = self.asked()
        self.lock_keyring()
        self.locked = True
        self.step(NIGHT)
        self.step(2 * HOUR)
        self.assertEqual(self.asked(), before, "what cannot be kept is not asked for")
        self.world.stop_keyring()
        self.world.start_keyring("unlocked")
        self.locked = False
        self.step(2 * HOUR)

    # What came of it

    def asked(self, how=""):
        """How often the provider was asked for a renewal."""
        return sum(number for key, number in self.world.stats()["tokens"].items()
                   if "/refresh_token/" in key and key.endswith(how))

    def pss(self):
        with open(f"/proc/{self.pid}/smaps_rollup", encoding="utf-8") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))

    def is_sanitized(self):
        """Whether the agent keeps what it has freed, to find bugs."""
        with open(f"/proc/{self.pid}/maps", encoding="utf-8") as file:
            maps = file.read()
        return "libasan" in maps or "valgrind" in maps

    def check_renewals(self):
        """As many as the lives of the tokens ask for, and each that was granted is kept."""
        kept = 0
        for account in self.accounts:
            renewals = account.renewals + self.generation(account) - account.first
            kept += renewals
            if account.family == "ads":
                self.assertEqual(renewals, 0)
                continue
            # The first moment that is in time is less than three hours before the end.
            self.assertLessEqual(renewals, self.passed / (21 * HOUR) + 1)
            self.assertGreaterEqual(renewals, self.passed / (2 * DAY))
            token = self.token(account.id)
            grant = next(grant for grant in self.world.control("tokens")["tokens"]
                         if grant["access_token"] == token)
            self.assertEqual(self.generation(account) - account.first + 1, grant["generation"])
        self.assertEqual(self.asked("/ok"), kept)
        # Whether an end that was told is one, the provider is asked once, when it has come.
        self.assertLessEqual(self.asked() - kept, self.ended, "a renewal was refused")

    def check_memory(self):
        if self.is_sanitized():
            return
        month = min(30, len(self.memory) // 3)
        first, last = (sorted(part)[month // 2]
                       for part in (self.memory[:month], self.memory[-month:]))
        print(f"PSS: {first} KiB in the first month, {last} KiB in the last", file=sys.stderr)
        self.assertLess(last, first * 1.15)

    def test_year(self):
        """Every end is told on its days, none twice, none missed; nothing is renewed twice; no token is
        lost; and the agent does not grow."""
        begun = time.monotonic()
        self.world.add_app("login")
        self.world.add_app("account")
        self.world.add_app("ads")
        for account in self.accounts:
            self.sign_in(account)
        self.pid = self.world.owner_pid()
        number = 0
        while self.passed < DAYS * DAY:
            self.day(number)
            number += 1
        self.sign_in_again()
        for account in self.accounts:
            self.world.ctl_ok("verify", account.id)
        self.check_renewals()
        self.check_memory()
        self.assertEqual(self.world.owner_pid(), self.pid, "the agent did not live through it")
        self.look_a_moment_later()
        print(f"{self.passed // DAY} days: {self.ended} ends, told on {len(self.days_told)} days, "
              f"{self.skipped} slept through, {self.deaths} deaths, {self.asked('/ok')} renewals, "
              f"{(time.monotonic() - begun) / 60:.1f} minutes",
              file=sys.stderr)
        self.assertGreaterEqual(self.ended, 3)
        self.assertGreaterEqual(self.deaths, 1)
        self.assertGreaterEqual(self.skipped, 1)


if __name__ == "__main__":
    unittest.main()
