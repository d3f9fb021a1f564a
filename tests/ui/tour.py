#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tour of the real window on a virtual display: the agent, a keyring and an offline TikTok of its
own. Each step is told in the terminal and leaves a picture. Exit status 1 when a step failed."""

import argparse
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from desktop import Desktop, wait_until  # noqa: E402

EXPIRED = """HTTP/2 200
content-type: application/json

{"code": 40105, "message": "Access token is incorrect or has been revoked.",
 "request_id": "202611211402110101900050151A2B3C4D"}
"""
ANALYST = "7000000000000000003"
CONNECTION = "io.github.latchkey_app.Latchkey.Connection1"


class Tour:
    def __init__(self, shots):
        self.shots = shots
        self.number = 0
        self.started = time.monotonic()

    def say(self, text):
        print(f"     {text}", flush=True)

    def step(self, title, name, window, settle=True):
        self.number += 1
        path = os.path.join(self.shots, f"{self.number:02}-{name}.png")
        if settle:
            window.settle()
        window.shoot(path)
        print(f"{self.number:2}.  {title}\n     picture: {os.path.relpath(path)}", flush=True)


def properties(desktop, name):
    """The connection of that name, as a dictionary."""
    found = desktop.call("/io/github/latchkey_app/Latchkey/Agent",
                         "org.freedesktop.DBus.ObjectManager", "GetManagedObjects").unpack()[0]
    for interfaces in found.values():
        connection = interfaces.get(CONNECTION)
        if connection and connection["Name"] == name:
            return connection
    return None


def sign_in(tour, desktop, window):
    desktop.browse("hold")
    window.press("Try It Without an Account")
    window.wait_for("Trial: Login Kit")
    tour.step("“Try It Without an Account” starts the simulator and offers its developer apps.",
              "pick-an-app", window)
    window.activate("Trial: Login Kit")
    window.wait_for("Sign In in the Browser")
    address = wait_until(desktop.visited, "the browser to open")[-1]
    tour.step("The browser opens at the provider's page; Latchkey waits for the answer.",
              "waiting", window)
    tour.say("address: " + address.split("?")[0])
    desktop.browse("allow")
    window.activate("Open the Browser Again")
    window.wait_for("You Are Signed In")
    tour.step("Allowed. The tokens are in the keyring; this is whose sign-in it is and what it "
              "reaches.", "signed-in", window)
    window.press("Done")
    window.wait_for("Your connection is fine.")


def second_sign_in(tour, desktop, window):
    window.press("Connect an Account")
    window.wait_for("Your Developer Apps")
    tour.step("A second one: an existing developer app, or a new one of a provider.",
              "connect", window)
    window.activate("Trial: Ads")
    window.wait_for("You Are Signed In")
    window.press("Done")
    window.wait_for("All 2 connections are fine.")
    tour.step("Two connections, one sentence: nobody is needed.", "list", window)


def renewal(tour, desktop, window):
    before = properties(desktop, "Mira Holt")
    window.activate("Login Kit")
    window.wait_for("Your sign-in is fine.")
    tour.step("Everything about one connection.", "connection", window)
    window.press("Renew Now")
    window.wait_for("was renewed")
    after = wait_until(lambda: (lambda now: now if now["Generation"] > before["Generation"]
                                else None)(properties(desktop, "Mira Holt")), "a newer token")
    window.wait_for(after["Fingerprint"])
    tour.step("Renewed: a new token, in the keyring before anybody is told.", "renewed", window)
    tour.say(f"fingerprint {before['Fingerprint']} became {after['Fingerprint']}, "
             f"generation {before['Generation']} became {after['Generation']}")


def withdrawn(tour, desktop, window):
    desktop.url = desktop.agent_property("TrialAddress")
    desktop.control("revoke", {"family": "login"})
    window.press("More for This Connection")
    window.press("Verify")
    window.wait_for("This connection needs you.")
    window.wait_for("Sure:")
    tour.step("Somebody withdrew the access at the provider. The page says so, and what helps.",
              "withdrawn", window)
    window.press("Back")
    window.wait_for("1 connection needs you.")
    tour.step("In the list it stands first, with the one button that helps.", "needs-you", window)
    window.press("Reconnect")
    window.wait_for("You Are Signed In")
    window.press("Done")
    window.wait_for("All 2 connections are fine.")
    tour.say("signed in again; everything is fine")


def diagnose(tour, desktop, window):
    window.press("Diagnose")
    window.type_into("Paste an error", EXPIRED)
    window.wait_for("What to Do")
    tour.step("An error pasted from a log, in plain words, with what is known and what assumed.",
              "diagnose", window)
    finding = desktop.ctl_ok("diagnose", "--json", stdin=EXPIRED).json()
    tour.say(f"40105: “{finding['title']}”, {finding['confidence']:.0%} sure. "
             f"{finding['explanation']}")
    for step in finding["steps"]:
        tour.say("- " + step)


def put_right(tour, desktop, window):
    """A program's call is refused: why, who can help, and the proof that it is over."""
    window.press("Connections")
    connection = next(one["id"] for one in desktop.ctl_ok("list", "--json").json()
                      if "ads" in one["provider"])
    change = ("call", connection, "POST", "campaign/update/", "--data", json.dumps(
        {"advertiser_id": ANALYST, "campaign_id": "1", "campaign_name": "Sale"}))
    tour.say(f"a program changes a campaign, and exits with status {desktop.ctl(*change).code}")
    window.wait_for("1 connection needs you.")
    window.activate("TikTok Ads")
    window.wait_for("role is Analyst")
    window.wait_for("Fix Permission…")
    tour.step("Refused. Latchkey asked TikTok why, and says whose turn it is.", "refused", window)
    window.press("Details")
    window.wait_for("What Latchkey Asked")
    tour.step("What it rests on: each question, and its answer.", "evidence", window)
    window.press("Fix Permission…")
    window.wait_for("Raise the role, now")
    window.wait_for("Open This Page")
    window.press("Ask the Admin…")
    window.wait_for("Send this to the person who can do it.")
    tour.step("A message for the admin, with each click.", "ask-the-admin", window)
    window.key("Escape")
    window.press("Check Now")
    window.wait_for("The role is still Analyst")
    tour.step("Nothing is ticked on trust.", "not-yet", window)
    desktop.control("roles", {"advertiser": ANALYST, "role": "OPERATOR"})
    window.press("Check Now")
    window.wait_for("Raise the role, checked", 40)
    window.press("Try It Again")
    window.wait_for("Fixed, and Proven", 40)
    tour.step("The admin raised the role, and the very call that was refused went through.",
              "proven", window)
    window.press("Done")
    window.wait_for("Your sign-in is fine.")
    tour.say(f"the program runs again, and exits with status {desktop.ctl_ok(*change).code}")
    window.press("Back")
    window.wait_for("All 2 connections are fine.")


def activity(tour, desktop, window):
    window.press("Activity")
    window.wait_for("campaign/update/")
    tour.step("What happened to all connections: newest first, to be searched, filtered, exported.",
              "activity", window)
    window.press("Refusals")
    window.wait_for("in the last 7 days")
    tour.step("When calls were refused, hour by day; an hour leads to what happened in it.",
              "refusals", window)
    window.press("Coming Ends")
    window.wait_for("is the next to end")
    tour.step("Which sign-ins end when; also for a calendar.", "ends", window)
    window.press("Connections")
    window.wait_for("All 2 connections are fine.")


def restart(tour, desktop, window):
    with desktop.agent_held_back():
        desktop.kill_agent()
        window.wait_for("agent stopped")
        tour.step("The agent is killed. The window says so, and has it started again.",
                  "agent-killed", window)
    window.wait_gone("agent stopped", 30)
    window.wait_for("All 2 connections are fine.")
    tour.say("it is back, with both connections and their tokens")


def shapes(tour, desktop, window):
    window.resize(360, 640)
    window.settle()
    tour.step("The same, as narrow as a phone.", "narrow", window)
    window.press("Diagnose")
    tour.step("Diagnose, narrow.", "narrow-diagnose", window)
    window.close()
    window = desktop.open(scheme="prefer-dark")
    window.wait_for("All 2 connections are fine.")
    tour.step("Dark, as the system says.", "dark", window)
    window.activate("Login Kit")
    window.wait_for("Your sign-in is fine.")
    tour.step("A connection, dark.", "dark-connection", window)


def take(tour):
    with Desktop(simulator=None) as desktop:
        window = desktop.open()
        try:
            window.wait_for("Welcome to Latchkey")
            tour.step("First run: what Latchkey does, and two ways to begin.", "first-run", window)
            sign_in(tour, desktop, window)
            second_sign_in(tour, desktop, window)
            renewal(tour, desktop, window)
            withdrawn(tour, desktop, window)
            diagnose(tour, desktop, window)
            put_right(tour, desktop, window)
            activity(tour, desktop, window)
            restart(tour, desktop, window)
            shapes(tour, desktop, window)
        except Exception as error:
            window = desktop.window
            window.shoot(os.path.join(tour.shots, "failed.png"))
            print(f"\nThe tour stopped after step {tour.number}: {error}", file=sys.stderr)
            print("The window's last words:\n" + desktop.log("window.log")[-2000:], file=sys.stderr)
            print("The agent's last words:\n" + desktop.log("agent.log")[-2000:], file=sys.stderr)
            return 1
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.environ.get("LATCHKEY_BUILD_DIR", "build/debug"))
    parser.add_argument("--shots", default="build/tour")
    arguments = parser.parse_args()
    os.environ["LATCHKEY_BUILD_DIR"] = os.path.abspath(arguments.build)
    os.makedirs(arguments.shots, exist_ok=True)
    tour = Tour(os.path.abspath(arguments.shots))
    status = take(tour)
    seconds = time.monotonic() - tour.started
    if status == 0:
        print(f"\nThe tour took {seconds:.0f} s; {tour.number} pictures are in "
              f"{os.path.relpath(tour.shots)}.")
    return status


if __name__ == "__main__":
    sys.exit(main())
