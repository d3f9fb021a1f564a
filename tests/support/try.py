#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens the real window on the offline TikTok, in a home of its own: nothing of yours is touched.
What you do there is kept for the next time; delete the folder to start afresh."""

import argparse
import os
import subprocess
import sys

from world import World


def display_environment():
    """The person's own display, reachable from another XDG_RUNTIME_DIR."""
    env = {name: os.environ[name] for name in ("DISPLAY", "XAUTHORITY", "LANG", "LANGUAGE")
           if name in os.environ}
    wayland = os.environ.get("WAYLAND_DISPLAY")
    if wayland:
        env["WAYLAND_DISPLAY"] = os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), wayland)
    return env


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--home", required=True)
    options = parser.parse_args()
    os.environ["LATCHKEY_BUILD_DIR"] = options.build
    os.makedirs(options.home, mode=0o700, exist_ok=True)
    with World(simulator=None, home=os.path.abspath(options.home),
               agent_env={**display_environment(), "G_MESSAGES_DEBUG": ""}) as world:
        print(f"Home of this trial: {world.dir}\n"
              "In the window: “Try It Without an Account”, then sign in; the consent page opens in "
              "your browser.\nIn another terminal, for the command line:\n"
              f"  export DBUS_SESSION_BUS_ADDRESS={world.env['DBUS_SESSION_BUS_ADDRESS']} "
              f"XDG_RUNTIME_DIR={world.env['XDG_RUNTIME_DIR']}\n"
              f"  {os.path.join(world.build, 'src', 'ctl', 'latchkeyctl')} list", flush=True)
        return subprocess.run([os.path.join(world.build, "src", "app", "latchkey")], env=world.env,
                              check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
