#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts what test_looks.py left in a folder on one picture: a page a row, a look a column.

    contact_sheet.py FOLDER FILE.png"""

import os
import subprocess
import sys

LOOKS = ("light", "dark", "contrast", "large", "german", "accents", "mirrored", "narrow",
         "narrow-german")
WIDTH, HEIGHT = 360, 270


def main():
    folder, target = sys.argv[1:]
    names = {name[:-len(".png")] for name in os.listdir(folder) if name.endswith(".png")}
    pages = sorted(name[len("light-"):] for name in names if name.startswith("light-"))
    cells = []
    for page in pages:
        for look in LOOKS:
            picture = f"{look}-{page}"
            cells += ["-label", picture,
                      os.path.join(folder, picture + ".png") if picture in names else "null:"]
    if not pages:
        sys.exit(f"{folder}: no pictures of the look “light”")
    subprocess.run(["montage", "-font", "DejaVu-Sans", "-pointsize", "11", *cells, "-tile",
                    f"{len(LOOKS)}x{len(pages)}", "-geometry", f"{WIDTH}x{HEIGHT}+6+6",
                    "-background", "#d0d0d0", "-depth", "8", "-colors", "255", "-define",
                    "png:exclude-chunks=date,time", "png8:" + target], check=True)
    print(f"{len(pages)} pages in {len(LOOKS)} looks: {target}")


if __name__ == "__main__":
    main()
