#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what the newest libraries call deprecated, of all that we use, with deprecated.txt: from the
compiler, which reads each source of the build folder BUILD once more with nothing kept back, and from
the classes that .ui files name. New ones have to be written down there, with why; those that are gone
have to be struck out."""

import concurrent.futures
import glob
import json
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.abspath(os.path.join(HERE, "..", "..", "src"))
GIR = "/usr/share/gir-1.0"
CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
WARNING = re.compile(r"[‘'](\w+)[’'] is deprecated")
# meson.build holds the libraries to the lower end of the range; unheld, each speaks as its newest.
NEWEST = [f"-U{library}_VERSION_{bound}" for library in ("GLIB", "GDK", "ADW", "SOUP")
          for bound in ("MIN_REQUIRED", "MAX_ALLOWED")]
DROPPED = {"-o": 1, "-MF": 1, "-MQ": 1, "-MD": 0, "-c": 0, "-Werror": 0, "ccache": 0}


def without_output(words):
    kept, skip = [], 0
    for word in words:
        if skip:
            skip -= 1
        elif word in DROPPED:
            skip = DROPPED[word]
        else:
            kept.append(word)
    return kept


def read_again(entry):
    words = without_output(shlex.split(entry["command"]))
    done = subprocess.run([*words, "-fsyntax-only", "-Wdeprecated-declarations",
                           "-Wno-error=deprecated-declarations",
                           "-fdiagnostics-color=never", *NEWEST], cwd=entry["directory"],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{entry['file']} does not compile:\n{done.stderr}")
    return set(WARNING.findall(done.stderr))


def of_the_compiler(build):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = {}
        for entry in json.load(file):
            path = os.path.abspath(os.path.join(entry["directory"], entry["file"]))
            if path.startswith(SOURCE + os.sep):
                entries.setdefault(path, entry)
    if not entries:
        raise SystemExit(f"{build} knows no source of ours")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return set().union(*pool.map(read_again, entries.values()))


def deprecated_classes():
    found = set()
    for name in ("Gtk-4.0.gir", "Adw-1.gir"):
        for node in ElementTree.parse(os.path.join(GIR, name)).iter(CORE + "class"):
            if node.get("deprecated") == "1":
                found.add(node.get(C + "type"))
    if not found:
        raise SystemExit("nothing is deprecated, which cannot be")
    return found


def of_the_ui():
    deprecated, found = deprecated_classes(), set()
    for path in glob.glob(os.path.join(SOURCE, "app", "**", "*.ui"), recursive=True):
        for node in ElementTree.parse(path).iter():
            if node.tag in ("object", "template"):
                found.add(node.get("parent") or node.get("class"))
    return found & deprecated


def known():
    with open(os.path.join(HERE, "deprecated.txt"), encoding="utf-8") as file:
        return {line.split()[0] for line in file if line.strip() and line[0] != "#"}


def main():
    used = of_the_compiler(sys.argv[1]) | of_the_ui()
    new, gone = sorted(used - known()), sorted(known() - used)
    for name in new:
        print(f"deprecated, and not in tests/range/deprecated.txt: {name}")
    for name in gone:
        print(f"in tests/range/deprecated.txt, and not used any more: {name}")
    print(f"{len(used)} deprecated names in use, {len(new)} unknown, {len(gone)} to be struck out")
    return 1 if new or gone else 0


if __name__ == "__main__":
    sys.exit(main())
