#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""As a packager sees it: what is installed and where, that it runs from there, that taking it away
leaves nothing, and that two builds in two places at two times give the same bytes. Builds the
source twice, without a compiler's cache."""

import configparser
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ET

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ID = "io.github.latchkey_app.Latchkey"
# Debian's, should another stand first on PATH.
MESON = shutil.which("meson", path="/usr/bin:" + os.environ["PATH"])
# Shared with every other application; whoever removes files makes them anew.
CACHES = {"share/glib-2.0/schemas/gschemas.compiled", "share/icons/hicolor/icon-theme.cache",
          "share/applications/mimeinfo.cache"}
WANTED = {
    "bin/latchkey", "bin/latchkeyctl", "bin/latchkey-simulator", "libexec/latchkey-agent",
    "libexec/latchkeyctl-whole", f"share/applications/{ID}.desktop",
    f"share/metainfo/{ID}.metainfo.xml", f"share/dbus-1/services/{ID}.service",
    f"share/dbus-1/services/{ID}.Agent.service", f"share/dbus-1/interfaces/{ID}.Agent1.xml",
    f"share/glib-2.0/schemas/{ID}.gschema.xml", "lib/systemd/user/latchkey-agent.service",
    f"share/icons/hicolor/scalable/apps/{ID}.svg",
    f"share/icons/hicolor/symbolic/apps/{ID}-symbolic.svg",
    f"share/icons/hicolor/symbolic/apps/{ID}-attention-symbolic.svg",
    "share/man/man1/latchkey.1", "share/man/man1/latchkeyctl.1", "share/man/man1/latchkey-agent.1",
    "share/man/man1/latchkey-simulator.1", "share/bash-completion/completions/latchkeyctl",
    "share/zsh/site-functions/_latchkeyctl", "share/fish/vendor_completions.d/latchkeyctl.fish",
}


def run(*argv, **environment):
    """Programs that write nothing here but what they are asked to."""
    done = subprocess.run(argv, text=True, capture_output=True, check=False, timeout=3000,
                          env=dict(os.environ, CCACHE_DISABLE="1", **environment))
    if done.returncode != 0:
        raise AssertionError(f"{argv}: {done.returncode}\n{done.stdout[-3000:]}\n"
                             f"{done.stderr[-3000:]}")
    return done.stdout


def files(folder):
    """Path below @folder → path, of all that is no folder."""
    return {os.path.relpath(os.path.join(base, name), folder): os.path.join(base, name)
            for base, _, names in os.walk(folder) for name in names}


def read(path):
    with open(path, "rb") as file:
        return file.read()


class TestInstall(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.mkdtemp(prefix="latchkey-install-")
        cls.addClassCleanup(shutil.rmtree, cls.dir)
        cls.prefix = os.path.join(cls.dir, "prefix")
        cls.build = cls.make("one", TOP, TZ="UTC", LC_ALL="C.UTF-8")
        cls.staged = os.path.join(cls.dir, "staged")
        run("ninja", "-C", cls.build, "install", DESTDIR=cls.staged)

    @classmethod
    def make(cls, name, origin, **environment):
        """Builds a copy of the source, as a packager does; gives the build's folder."""
        source = os.path.join(cls.dir, name, "latchkey")
        shutil.copytree(origin, source, symlinks=True,
                        ignore=shutil.ignore_patterns("build", ".git", ".cache", "__pycache__"))
        build = os.path.join(source, "build")
        run(MESON, "setup", build, source, "--buildtype=release", "-Dtests=false",
            f"--prefix={cls.prefix}", "--libdir=lib", **environment)
        run("nice", "ninja", "-C", build, **environment)
        return build

    def below_prefix(self, staged):
        return files(staged + self.prefix)

    def test_1_staged(self):
        """With DESTDIR everything is below the prefix there, nothing in the prefix itself, and no
        file knows of the folders that it was made in."""
        installed = self.below_prefix(self.staged)
        self.assertEqual(WANTED - set(installed), set())
        self.assertEqual(len(installed), len(files(self.staged)), "something is beside the prefix")
        self.assertFalse(os.path.exists(self.prefix))
        for name, path in installed.items():
            content = read(path)
            for place in (self.staged, os.path.dirname(self.build), TOP):
                self.assertNotIn(place.encode(), content, name)
            self.assertFalse(os.stat(path).st_mode & 0o022, f"{name} may be written by others")
            self.assertFalse(content.startswith(b"\x7fELF") and b".debug_info" in content, name)

    def test_2_entries(self):
        """What the entries for desktop, bus and systemd start is there, in one version."""
        installed = self.below_prefix(self.staged)
        started = []
        for name in ("share/dbus-1/services/*.service", "lib/systemd/user/*.service"):
            for path in glob.glob(os.path.join(self.staged + self.prefix, name)):
                started += re.findall(r"^Exec(?:Start)?=(\S+)", read(path).decode(), re.MULTILINE)
        self.assertEqual(len(started), 3)
        for program in started:
            self.assertIn(os.path.relpath(program, self.prefix), installed)
        entry = configparser.ConfigParser(interpolation=None, strict=False)
        entry.optionxform = str
        entry.read(installed[f"share/applications/{ID}.desktop"], encoding="utf-8")
        actions = entry["Desktop Entry"]["Actions"].rstrip(";").split(";")
        self.assertEqual({f"Desktop Action {action}" for action in actions} | {"Desktop Entry"},
                         set(entry.sections()))
        for action in actions:
            self.assertIn(f'"{action}"'.encode(),
                          read(os.path.join(TOP, "src/app/lk-application.c")))
        version = json.loads(run(MESON, "introspect", "--projectinfo", self.build))["version"]
        root = ET.parse(installed[f"share/metainfo/{ID}.metainfo.xml"]).getroot()
        self.assertEqual(root.find("releases/release").get("version"), version)
        for image in root.iter("image"):
            self.assertIn(f"/v{version}/", image.text)
            picture = read(os.path.join(TOP, image.text.split(f"/v{version}/")[1]))
            self.assertEqual(picture[16:24], int(image.get("width")).to_bytes(4, "big")
                             + int(image.get("height")).to_bytes(4, "big"), image.text)

    def test_3_uninstall(self):
        """Taken away again, from DESTDIR and from a prefix; what is shared stays, without us."""
        run("ninja", "-C", self.build, "uninstall")
        self.assertEqual(files(self.staged), {})
        run("ninja", "-C", self.build, "install")
        version = run(os.path.join(self.prefix, "bin", "latchkeyctl"), "--version")
        self.assertRegex(version, r"^latchkeyctl \d")
        profiles = json.loads(run(os.path.join(self.prefix, "bin", "latchkeyctl"), "providers",
                                  "list", "--json", HOME=self.dir, XDG_CONFIG_HOME=self.dir))
        self.assertGreater(len(profiles), 3)
        run("ninja", "-C", self.build, "uninstall")
        left = files(self.prefix)
        self.assertEqual(set(left) - CACHES, set())
        run("glib-compile-schemas", os.path.join(self.prefix, "share/glib-2.0/schemas"))
        run("update-desktop-database", os.path.join(self.prefix, "share/applications"))
        for name, path in files(self.prefix).items():
            if "icon-theme" not in name:
                self.assertNotIn(b"atchkey", read(path), name)

    def test_4_reproducible(self):
        """Another place, time zone and language: the same bytes."""
        first = {name: hashlib.sha256(read(path)).hexdigest()
                 for name, path in self.again("first", self.build).items()}
        other = self.make("a-second-place", os.path.dirname(self.build), TZ="Pacific/Auckland",
                          LC_ALL="C")
        second = {name: hashlib.sha256(read(path)).hexdigest()
                  for name, path in self.again("second", other).items()}
        self.assertGreater(len(first), len(WANTED))
        self.assertEqual(first, second)

    def again(self, name, build):
        staged = os.path.join(self.dir, name)
        run("ninja", "-C", build, "install", DESTDIR=staged)
        return self.below_prefix(staged)


if __name__ == "__main__":
    unittest.main()
