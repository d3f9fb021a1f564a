#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up what the test runs of the given build folders left, names what failed, and closes with one
line: N passed, N failed, N skipped. Counts single test cases where a test printed them."""

import glob
import json
import os
import re
import sys

TAP = re.compile(r"^(not )?ok\b(?: \d+)?(?: -)? ?([^#]*)(#\s*(skip|todo))?", re.I)
UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in", re.M)
UNITTEST_BAD = re.compile(r"^(?:FAIL|ERROR): (.+)$", re.M)
UNITTEST_SKIPPED = re.compile(r"skipped=(\d+)")


def count_tap(text):
    """Counts and failures of a TAP text; None when it is not TAP."""
    passed, skipped, failures = 0, 0, []
    if not re.search(r"^(TAP version|1\.\.\d+)", text, re.M):
        return None
    for line in text.splitlines():
        match = TAP.match(line)
        if not match:
            continue
        if match.group(4) and match.group(4).lower() == "skip":
            skipped += 1
        elif match.group(1):
            failures.append(match.group(2).strip())
        else:
            passed += 1
    return passed, skipped, failures


def count_unittest(text):
    """Counts and failures of a unittest run; None when it is not one."""
    ran = UNITTEST_RAN.search(text)
    if not ran:
        return None
    failures = UNITTEST_BAD.findall(text)
    found = UNITTEST_SKIPPED.search(text)
    skipped = int(found.group(1)) if found else 0
    return int(ran.group(1)) - skipped - len(failures), skipped, failures


def count(entry):
    text = entry.get("stdout", "") + "\n" + entry.get("stderr", "")
    found = count_tap(text) or count_unittest(text)
    bad = entry["result"] in ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS")
    if entry["result"] == "SKIP":
        return 0, 1, []
    if found is None:
        return (0, 0, [entry["result"].lower()]) if bad else (1, 0, [])
    passed, skipped, failures = found
    if bad and not failures:
        failures = [entry["result"].lower()]
    if not bad and passed + skipped == 0:
        failures = ["ran no test case"]
    return passed, skipped, failures


def main(folders):
    passed, skipped, failed = 0, 0, []
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "meson-logs", "testlog*.json"))):
            with open(path, encoding="utf-8", errors="replace") as log:
                for line in log:
                    entry = json.loads(line)
                    good, without, bad = count(entry)
                    passed += good
                    skipped += without
                    failed += [f"{entry['name']} ({os.path.basename(folder)}): {name}" for name in bad]
        results = os.path.join(folder, "results.txt")
        if os.path.exists(results):
            with open(results, encoding="utf-8") as log:
                for line in log:
                    if line.startswith("ok "):
                        passed += 1
                    else:
                        failed.append(line.split(" ", 2)[2].strip())
    if failed:
        print("Failed:")
        for name in failed:
            print("  " + name)
    print(f"{passed} passed, {len(failed)} failed, {skipped} skipped")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
