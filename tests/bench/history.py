# SPDX-License-Identifier: GPL-3.0-or-later
"""A history of a million lines: bringing it up, pages, search, counts, export, memory."""

import os
import random
import sqlite3
import statistics
import subprocess
import time

from gi.repository import GLib

LINES = 1000000
AGENT1 = "io.github.latchkey_app.Latchkey.Agent1"
KINDS = ["handed-out"] * 50 + ["verified"] * 20 + ["renewed"] * 15 + ["call-refused"] * 12 + [
    "renewal-failed", "verify-failed", "scopes-changed"]
FAULTS = [("permission", "40001"), ("rate", "40100"), ("token_revoked", "40105"), ("transient", "50000")]
PROGRAMS = ["curl", "python3", "report-builder"]


def lines(connection, end):
    """Every 31 seconds something; half of it hand-outs, an eighth of it refusals."""
    chance = random.Random(4)
    for i in range(LINES):
        kind, at = chance.choice(KINDS), end - (LINES - i) * 31
        text = fault = None
        if kind in ("call-refused", "renewal-failed", "verify-failed"):
            word, code = chance.choice(FAULTS)
            text = "POST /open_api/v1.3/campaign/create/"
            fault = (f'{{"class":"{word}","http_status":200,"at":{at},"provider":"tiktok-ads",'
                     f'"endpoint":"/open_api/v1.3/campaign/create/","account":"7100000000000000001",'
                     f'"code":"{code}","message":"no permission for advertiser {chance.randrange(10**9)}",'
                     f'"trace_id":"20261121{i:012d}"}}')
        elif kind == "handed-out":
            text = chance.choice(PROGRAMS)
        yield connection, at, kind, text, fault


def fill(world, connection):
    """Also takes back what version 4 added, so that the agent brings the file up."""
    with sqlite3.connect(world.path("data", "latchkey", "ledger.db")) as ledger:
        ledger.executescript("DROP TABLE states; DROP TABLE tallies; DROP TABLE totals;"
                             "DROP INDEX events_at; DROP INDEX events_kind;"
                             "DROP INDEX events_connection_kind; PRAGMA user_version = 3;")
        ledger.executemany("INSERT INTO events (connection, at, kind, text, fault) "
                           "VALUES (?, ?, ?, ?, ?)", lines(connection, int(time.time())))
    ledger.close()


def start(world, wait_until):
    """Seconds until the agent can be asked."""
    begin = time.monotonic()
    world.start_agent()
    wait_until(lambda: world.agent_property("LedgerState") == "ready", "the ledger", 300)
    return time.monotonic() - begin


def ask(world, manager, limit=100, **options):
    kinds = {str: "s", int: "x", list: "as"}
    filled = {name: GLib.Variant("u" if name == "offset" else kinds[type(value)], value)
              for name, value in options.items()}
    begin = time.monotonic()
    reply = world.call(manager, AGENT1, "ListEvents", GLib.Variant("(a{sv}u)", (filled, limit)))
    return (time.monotonic() - begin) * 1000, reply.get_child_value(0).get_uint64()


def row(what, first, again):
    median = statistics.median(again)
    print(f"  {what:<44} {first:9.1f} ms at first, {median:7.1f} ms after that")


def questions(world, manager):
    for what, options in (
            ("newest 100 of all", {}),
            ("100 from the 900,000th on", {"offset": 900000}),
            ("100 refusals from the 60,000th on", {"kinds": ["call-refused"], "offset": 60000}),
            ("100 of two kinds, of the last 30 days",
             {"kinds": ["call-refused", "renewed"], "since": int(time.time()) // 3600 * 3600 - 30 * 86400}),
            ("search, ASCII (“report”)", {"search": "report"}),
            ("search, from the 100,000th on", {"search": "report", "offset": 100000}),
            ("search, other letters (“münchen”), none found", {"search": "münchen"}),
            ("search, request id", {"search": "20261121000000500000"})):
        first, total = ask(world, manager, **options)
        row(f"{what} ({total:,})", first, [ask(world, manager, **options)[0] for _ in range(5)])


def tallies(world, manager):
    now = int(time.time())
    for days, bucket in ((30, 3600), (365, 86400)):
        times = []
        for _ in range(6):
            begin = time.monotonic()
            world.call(manager, AGENT1, "Tally", GLib.Variant("(sxxu)", ("", now - days * 86400, now, bucket)))
            times.append((time.monotonic() - begin) * 1000)
        row(f"tally of {days} days by {bucket // 3600} h", times[0], times[1:])


def export(world):
    begin = time.monotonic()
    with open(world.path("history.csv"), "wb") as file:
        process = subprocess.Popen(["latchkeyctl", "history", "--format", "csv"],
                                   env=world.tool_env(), stdout=file)
        _, process.returncode, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begin
    with open(world.path("history.csv"), "rb") as file:
        rows = sum(1 for _ in file) - 1
    print(f"  export as CSV: {rows:,} lines in {seconds:.1f} s, at most "
          f"{usage.ru_maxrss / 1024:.0f} MB of memory")


def bench_history(World, pss):
    from world import MANAGER, wait_until
    with World() as world:
        world.add_app("login")
        connection = world.connect("login")
        world.quit_agent()
        wait_until(lambda: world.owner_pid() is None, "the agent to end", 30)
        fill(world, connection)
        print(f"\nA history of {LINES:,} lines")
        print(f"  brought up from the version before, and read: {start(world, wait_until):.1f} s")
        world.quit_agent()
        wait_until(lambda: world.owner_pid() is None, "the agent to end", 30)
        print(f"  started with it: {start(world, wait_until):.1f} s")
        time.sleep(8)
        before = pss(world.owner_pid())
        questions(world, MANAGER)
        tallies(world, MANAGER)
        during = pss(world.owner_pid())
        export(world)
        after_export = pss(world.owner_pid())
        time.sleep(75)
        print(f"  agent: {before / 1024:.1f} MB PSS before, {during / 1024:.1f} MB after the questions, "
              f"{after_export / 1024:.1f} MB after the export, {pss(world.owner_pid()) / 1024:.1f} MB "
              "a minute later")
