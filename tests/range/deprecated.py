#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what the newest libraries call deprecated, of all that we use, with deprecated.txt: from the
compiler's warnings in LOG, and from the classes that .ui files name. New ones have to be written down
there, with why; those that are gone have to be struck out."""

import glob
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "..", "..", "src", "app")
GIR = "/usr/share/gir-1.0"
CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
WARNING = re.compile(r"[‘'](\w+)[’'] is deprecated")


def of_the_compiler(log):
    with open(log, encoding="utf-8", errors="replace") as file:
        return set(WARNING.findall(file.read()))


def deprecated_classes():
    found = set()
    for name in ("Gtk-4.0.gir", "Adw-1.gir"):
        for node in ElementTree.parse(os.path.join(GIR, name)).iter(CORE + "class"):
            if node.get("deprecated") == "1":
                found.add(node.get(C + "type"))
    return found


def of_the_ui():
    deprecated, found = deprecated_classes(), set()
    for path in glob.glob(os.path.join(SOURCE, "**", "*.ui"), recursive=True):
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
