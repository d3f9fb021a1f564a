#!/usr/bin/env python3
"""Prints the name behind a TikTok sign-in."""

import json
import os
import subprocess
import sys
import urllib.request

CONNECTION = "Brand EU"
SIGN_IN_NEEDED, RATE_LIMITED = 4, 7


def get_token():
    if "LATCHKEY_ACCESS_TOKEN" in os.environ:  # started by “latchkeyctl exec”
        return os.environ["LATCHKEY_ACCESS_TOKEN"]
    found = subprocess.run(["latchkeyctl", "token", CONNECTION, "--min-valid", "300"],
                           stdout=subprocess.PIPE, text=True)
    if found.returncode == SIGN_IN_NEEDED:
        sys.exit(f"Somebody has to sign in to {CONNECTION} again: open Latchkey.")
    if found.returncode == RATE_LIMITED:
        sys.exit("TikTok slows this app down. Try again later.")
    found.check_returncode()
    return found.stdout.strip()


request = urllib.request.Request(
    "https://open.tiktokapis.com/v2/user/info/?fields=open_id,display_name",
    headers={"Authorization": "Bearer " + get_token()})
with urllib.request.urlopen(request, timeout=30) as reply:
    print(json.load(reply)["data"]["user"]["display_name"])
