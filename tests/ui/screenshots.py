#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the pictures of data/screenshots anew: the real window, the offline TikTok, and connections in
each state.

    screenshots.py --build FOLDER --to data/screenshots"""

import argparse
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from desktop import Desktop  # noqa: E402

DAY = 86400


def prepare(world):
    """Connections as an agency has them: one withdrawn, one that ends soon, three that are fine."""
    world.add_app("ads", name="Nordwind Ads")
    world.add_app("login", name="Nordwind Posting")
    withdrawn = world.connect("Nordwind Ads", user=2)
    world.ctl_ok("rename", withdrawn, "Harbour Coffee")
    world.control("revoke", {"family": "ads", "user": 2})
    world.ctl("verify", withdrawn)
    world.ctl_ok("rename", world.connect("Nordwind Ads", user=1), "Fernhill")
    world.control("lifetimes", {"family": "login", "access": 7200, "refresh": 4 * DAY})
    world.ctl_ok("rename", world.connect("Nordwind Posting", user=3), "@kitchen.lab")
    world.control("lifetimes", {"family": "login", "access": 7200, "refresh": 151 * DAY})
    world.ctl_ok("rename", world.connect("Nordwind Posting", user=1), "@fernhill.outdoor")
    world.ctl_ok("rename", world.connect("Nordwind Posting", user=2), "@harbour.coffee")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--to", required=True)
    options = parser.parse_args()
    os.environ["LATCHKEY_BUILD_DIR"] = os.path.abspath(options.build)
    os.makedirs(options.to, exist_ok=True)
    with Desktop() as desktop:
        prepare(desktop)
        for scheme, suffix in ((None, ""), ("prefer-dark", "-dark")):
            window = desktop.open(scheme=scheme)
            window.wait_for("1 connection needs you.")
            window.settle()
            window.shoot(os.path.join(options.to, f"connections{suffix}.png"))
            window.close()


if __name__ == "__main__":
    sys.exit(main())
