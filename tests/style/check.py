#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reviewer should not have to say twice. Prints TAP; one case a rule, each with the places.

Every rule has its reason beside it. An exception is written down here, with a reason, or not made."""

import os
import re
import subprocess
import sys

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))

FILE_LIMIT = 700
UI_LIMIT = 300
FUNCTION_LIMIT = 60
COLUMNS = 100

# Functions that may be longer than FUNCTION_LIMIT: tables in the shape of code.
LONG_FUNCTIONS = re.compile(r"(_class_init|_init_template)$")

# (pattern, folders where it is allowed, reason)
FORBIDDEN = [
    (r"\bgoto\b", [], "g_autoptr makes it needless"),
    (r"\bg_object_set_data(_full)?\s*\(", [], "a field says what it is"),
    (r"\b(strcpy|strcat|sprintf|gets|alloca|g_alloca)\s*\(", [], "no bounds"),
    (r"\b(system|popen)\s*\(", [], "a shell; GSubprocess takes an argument list"),
    (r"\b(sleep|usleep|g_usleep)\s*\(", [], "wait for an event with a deadline"),
    (r"\b(g_get_real_time|time|g_date_time_new_now\w*)\s*\(", ["src/core/lk-clock.c",
      "src/simulator", "src/app", "src/ctl"], "time is injected: LkClock"),
    (r"SOUP_LOGGER_LOG_(BODY|HEADERS)", [], "tokens travel in both"),
    (r"\b(g_print|printf)\s*\(", ["src/ctl", "src/simulator", "src/agent/main.c", "tests"],
     "logs go through g_log"),
    (r"\brand\s*\(|\bg_random_\w+\s*\(", ["src/core", "src/simulator", "src/agent", "tests"],
      "secrets come from getrandom; the agent spreads renewals with it"),
    (r"json_object_get_\w+_member\s*\(", ["src/providers", "src/simulator", "src/storage",
      "src/ctl", "tests"], "raw input is read through helpers that check type and range"),
    (r"#\s*include\s*<(gtk|adwaita|gdk)", ["src/app", "tests"], "only the window links GTK"),
    (r"#\s*include\s*<libsecret", ["src/storage"], "only storage opens the keyring"),
    (r"#\s*include\s*<sqlite3", ["src/storage", "tests/unit/storage"], "only storage opens the ledger"),
    (r"#\s*include\s*<libsoup", ["src/transport", "src/oauth", "src/simulator", "tests"],
      "one HTTP client, one listener"),
    (r"\b(TODO|FIXME|XXX)\b", [], "an issue has a number"),
    (r"^\s*/[/*]\s*[-=*#]{8,}", [], "no banner comments"),
    (r"\t", [], "spaces"),
    (r"\b(gchar|gint|gdouble)\b(?!64)", [], "C's own words at C's own boundaries"),
]

# File → reason. Empty is best.
LONG_FILES = {}
LONG_FUNCTION_EXCEPTIONS = {}


def tracked(*patterns):
    listed = subprocess.run(["git", "-C", TOP, "ls-files", "--", *patterns], capture_output=True,
                            text=True, check=False)
    names = [name for name in listed.stdout.split("\n") if name]
    if not names:  # a tarball has no git
        for folder, _, files in os.walk(TOP):
            if "/build" in folder or "/.git" in folder:
                continue
            names += [os.path.relpath(os.path.join(folder, name), TOP) for name in files]
        ends = tuple(pattern.lstrip("*") for pattern in patterns)
        names = [name for name in names if name.endswith(ends)]
    return sorted(name for name in names if os.path.exists(os.path.join(TOP, name)))


def read(name):
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        return file.read()


def without_comments_and_strings(text):
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


def spdx():
    for name in tracked("*.c", "*.h", "*.py", "*.build", "*.ui", "*.css", "dev", ".ci/run"):
        # Shown to people as they stand, to be taken into their own programs.
        if name.startswith("data/help/scripts/"):
            continue
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in "\n".join(read(name).split("\n")[:6]):
            yield f"{name}: no SPDX line in its first lines"


def file_size():
    for name in tracked("*.c", "*.h"):
        lines = read(name).count("\n")
        if lines > FILE_LIMIT and name not in LONG_FILES:
            yield f"{name}: {lines} lines; over {FILE_LIMIT} look for the seam"
    for name in tracked("*.ui"):
        lines = read(name).count("\n")
        if lines > UI_LIMIT:
            yield f"{name}: {lines} lines; over {UI_LIMIT} make it two widgets"


def function_size():
    for name in tracked("src/*.c"):
        start, function = None, None
        previous = ""
        for number, line in enumerate(read(name).split("\n"), 1):
            found = re.match(r"^([a-z_][a-z0-9_]*) \(", line)
            if found:
                function = found.group(1)
            if line == "{":
                start = number
            elif line == "}" and start and function:
                length = number - start - 1
                if length > FUNCTION_LIMIT and not LONG_FUNCTIONS.search(function) \
                        and function not in LONG_FUNCTION_EXCEPTIONS:
                    yield f"{name}:{start}: {function} () has {length} lines, over {FUNCTION_LIMIT}"
                start, function = None, None
            previous = line
        del previous


def forbidden():
    for name in tracked("src/*.c", "src/*.h", "tests/*.c", "tests/*.h"):
        text = read(name)
        code = without_comments_and_strings(text)
        for pattern, allowed, reason in FORBIDDEN:
            if any(name.startswith(folder) for folder in allowed):
                continue
            where = text if "TODO" in pattern or "[-=" in pattern or "include" in pattern else code
            for match in re.finditer(pattern, where, flags=re.M):
                line = where.count("\n", 0, match.start()) + 1
                yield f"{name}:{line}: {match.group(0).strip()!r}: {reason}"


def columns():
    for name in tracked("src/*.c", "src/*.h", "tests/*.c", "tests/*.h"):
        for number, line in enumerate(read(name).split("\n"), 1):
            if len(line) > COLUMNS and "http" not in line:
                yield f"{name}:{number}: {len(line)} columns, over {COLUMNS}"


def to_translate():
    """Every file with text for people."""
    translated = set()
    for name in tracked("src/*.c"):
        if re.search(r'\b(_|N_|C_|ngettext|g_dngettext)\s*\(\s*"', read(name)):
            translated.add(name)
    for name in tracked("src/*.ui", "data/*.ui"):
        if 'translatable="yes"' in read(name):
            translated.add(name)
    translated.update(tracked("data/*.desktop.in", "data/*.metainfo.xml.in"))
    translated.update(name for name in tracked("data/catalogue/*.xml")
                      if re.search("<(entry|finding|remedy) ", read(name)))
    translated.update(tracked("data/scopes/*.xml", "data/help/*.xml"))
    return translated


def potfiles():
    listed = [line.strip() for line in read("po/POTFILES.in").split("\n")
              if line.strip() and not line.startswith("#")]
    if listed != sorted(listed):
        yield "po/POTFILES.in: not sorted"
    translated = to_translate()
    for name in sorted(translated - set(listed)):
        yield f"po/POTFILES.in: lacks {name}"
    for name in sorted(set(listed) - translated):
        yield f"po/POTFILES.in: lists {name}, which has nothing to translate or is not there"


def readmes():
    for folder in sorted({os.path.dirname(name) for name in tracked("src/*.c", "src/*.h")}):
        if not os.path.exists(os.path.join(TOP, folder, "README.md")):
            yield f"{folder}: no README.md that says what belongs here"


def untranslated_ui():
    for name in tracked("src/*.ui"):
        # The product's own name stays as it is in every language.
        for match in re.finditer(r'<property name="(label|title|subtitle|tooltip-text|'
                                 r'placeholder-text|description)">(?!Latchkey<)([^<]*[A-Za-z]{3}[^<]*)<',
                                 read(name)):
            yield f"{name}: {match.group(2)!r} is not marked translatable"


RULES = [spdx, file_size, function_size, forbidden, columns, potfiles, readmes, untranslated_ui]


def main():
    if "--write-potfiles" in sys.argv:
        with open(os.path.join(TOP, "po", "POTFILES.in"), "w", encoding="utf-8") as file:
            file.write("# Sorted; made by tests/style/check.py --write-potfiles.\n")
            file.writelines(name + "\n" for name in sorted(to_translate()))
        return 0
    print("TAP version 13")
    print(f"1..{len(RULES)}")
    bad = 0
    for number, rule in enumerate(RULES, 1):
        places = list(rule())
        for place in places:
            print("# " + place)
        print(f"{'not ok' if places else 'ok'} {number} - {rule.__name__.replace('_', ' ')}")
        bad += bool(places)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
