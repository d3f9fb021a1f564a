#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The help keeps what it promises: each page of the application has a topic, each button does
something that exists, and each script in it runs, against the offline TikTok."""

import glob
import json
import os
import re
import subprocess
import unittest
import xml.etree.ElementTree as ET

from case import SIGN_IN, WorldCase

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
HELP = os.path.join(TOP, "data", "help")
SCRIPTS = os.path.join(HELP, "scripts")
# The only thing that is changed in a script before it is run.
TIKTOK = "https://open.tiktokapis.com"


def topics():
    return [topic for path in sorted(glob.glob(os.path.join(HELP, "*.xml")))
            for topic in ET.parse(path).iter("topic")]


def source(*patterns):
    text = ""
    for pattern in patterns:
        for path in sorted(glob.glob(os.path.join(TOP, pattern))):
            with open(path, encoding="utf-8") as file:
                text += file.read()
    return text


class HelpIsWhole(unittest.TestCase):
    def pages(self):
        return {page for topic in topics() for page in topic.get("pages", "").split()}

    def test_every_page_has_a_topic(self):
        """Pages of the window, steps of the assistant, pages of the preferences, dialogs."""
        named = set()
        for name in ("lk-window.ui", "lk-assistant.ui"):
            for page in ET.parse(os.path.join(TOP, "src", "app", name)).iter("object"):
                if page.get("class") in ("GtkStackPage", "AdwViewStackPage"):
                    stack = [entry.text for entry in page.findall("property")
                             if entry.get("name") == "name"]
                    named.update(stack)
            if name == "lk-window.ui":
                # The titles' stack: "home" stands for the three views.
                self.assertIn("wizard", named)
                named.discard("home")
        for page in ET.parse(os.path.join(TOP, "src", "app", "lk-preferences.ui")).iter("object"):
            if page.get("class") == "AdwPreferencesPage":
                named.update(entry.text for entry in page.findall("property")
                             if entry.get("name") == "name")
        named.update(re.findall(r'lk_help_window_bind \(widget_class, "([a-z-]+)"\)',
                                source("src/app/*.c")))
        self.assertGreater(len(named), 15)
        self.assertEqual(named - self.pages(), set())

    def test_every_family_has_a_topic(self):
        """How to connect, and its permissions."""
        ids = {topic.get("id") for topic in topics()}
        for path in glob.glob(os.path.join(TOP, "data", "providers", "*.json")):
            family = os.path.basename(path).removesuffix(".json")
            self.assertIn("connect-" + family, ids)
            self.assertIn("permissions-" + family, ids)

    def test_every_action_exists(self):
        """What a button of the help asks for is an action of window or application."""
        code = source("src/app/lk-window-actions.c", "src/app/lk-application.c")
        actions = {go.get("action") for topic in topics() for go in topic.iter("go")}
        self.assertIn("win.connect", actions)
        for action in actions:
            known = f'{{ "{action}", NULL' if action.startswith("win.") \
                else f'{{ "{action.removeprefix("app.")}", '
            self.assertIn(known, code, action)

    def test_every_topic_is_reached(self):
        """The contents list all; each also has a way on, so that nobody ends up nowhere."""
        for topic in topics():
            ways = [child.tag for child in topic if child.tag in ("see", "go", "web")]
            if topic.find("refusals") is None and topic.find("permissions") is None:
                self.assertTrue(ways, topic.get("id"))

    def test_exit_codes(self):
        """All exit codes of the command line, and no other."""
        told = [term.text for topic in topics() if topic.get("id") == "scripts-exit"
                for term in topic.iter("term")]
        self.assertEqual(told, re.findall(r"LK_CTL_EXIT_\w+ = (\d+)", source("src/ctl/lk-ctl.h")))

    def test_every_script_is_run(self):
        shown = {code.get("file") for topic in topics() for code in topic.iter("code")}
        self.assertEqual(shown, set(os.listdir(SCRIPTS)))
        self.assertEqual({"test_" + re.sub(r"\W", "_", name) for name in shown} - set(dir(Scripts)),
                         set())


class Scripts(WorldCase):
    """One test for each file, named after it."""

    def setUp(self):
        super().setUp()
        self.world.set_clock()
        self.folder = self.world.path("scripts")
        os.makedirs(self.folder)
        self.world.add_app("login")
        self.brand = self.world.connect("login", "--name", "Brand EU")

    def read(self, name):
        with open(os.path.join(SCRIPTS, name), encoding="utf-8") as file:
            return file.read()

    def put(self, name, folder=None, executable=True):
        """The script as it stands in the help, with the offline TikTok for the real one."""
        path = os.path.join(folder or self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.read(name).replace(TIKTOK, self.world.url))
        os.chmod(path, 0o755 if executable else 0o644)
        return path

    def run_it(self, *arguments, env=None, code=0, stdin=None):
        found = subprocess.run(arguments, env={**self.world.tool_env(), **(env or {})}, text=True,
                               cwd=self.folder, capture_output=True, timeout=60, input=stdin,
                               check=False)
        self.assertEqual(found.returncode, code, found.stdout + found.stderr)
        return found

    def asked(self):
        """How often the offline TikTok told whose account it is."""
        return self.world.stats()["requests"].get("/v2/user/info/", 0)

    def test_curl_sh(self):
        before = self.asked()
        found = self.run_it(self.put("curl.sh"))
        self.assertEqual(json.loads(found.stdout)["data"]["user"]["display_name"], "Mira Holt")
        self.assertEqual(self.asked(), before + 1)

    def test_backup_sh(self):
        """With the passphrase from the real keyring; the file opens with it, and with no other."""
        self.run_it("secret-tool", "store", "--label=Latchkey backup", "latchkey", "backup",
                    stdin="four words of mine")
        self.run_it(self.put("backup.sh"))
        folder = self.world.env["HOME"]
        path, = [os.path.join(folder, name) for name in os.listdir(folder)
                 if name.endswith(".latchkey-backup")]
        with open(path, "rb") as file:
            self.assertNotIn(self.token(self.brand).encode(), file.read())
        told = self.world.ctl_ok("restore", path, "--preview", "--passphrase-stdin",
                                 stdin="four words of mine").stdout
        self.assertIn("Brand EU", told)
        self.assertNotEqual(self.world.ctl("restore", path, "--preview", "--passphrase-stdin",
                                           stdin="five words of mine").code, 0)

    def test_flatpak_sh(self):
        """What it asks of Flatpak; tests/flatpak runs it with the real one."""
        folder, documents = self.world.path("bin"), os.path.join(self.world.env["HOME"], "Documents")
        os.makedirs(folder)
        os.makedirs(documents)
        with open(os.path.join(folder, "flatpak"), "w", encoding="utf-8") as file:
            file.write('#!/bin/sh\nprintf "%s\\n" "$1 $2 $3 $4"\nshift 4\nexec latchkeyctl "$@"\n')
        os.chmod(os.path.join(folder, "flatpak"), 0o755)
        file = os.path.join(documents, "acme.latchkey-backup")
        self.world.ctl_ok("backup", file, "--passphrase-stdin", stdin="four words of mine")
        found = self.run_it(self.put("flatpak.sh"), "--preview", "--passphrase-stdin",
                            env={"PATH": folder + ":" + self.world.env["PATH"]},
                            stdin="four words of mine")
        self.assertEqual(found.stdout.splitlines()[0],
                         f"run --filesystem={documents} --command=latchkeyctl "
                         "io.github.latchkey_app.Latchkey")
        self.assertIn("Brand EU", found.stdout)

    def test_call_sh(self):
        self.world.add_app("ads")
        self.world.connect("ads", "--name", "Nordwind DE")
        found = self.run_it(self.put("call.sh"))
        self.assertIn('"code"', found.stdout)
        self.assertIn('"list"', found.stdout)

    def test_report_py(self):
        self.assertEqual(self.run_it(self.put("report.py")).stdout, "Mira Holt\n")
        # And what it says when a person is needed.
        self.world.control("lifetimes", {"family": "login", "access": 120, "refresh": 86400})
        self.world.ctl_ok("renew", self.brand)
        self.world.control("revoke", {"family": "login"})
        self.world.pass_time(180)
        found = self.run_it(self.put("report.py"), code=1)
        self.assertIn("Somebody has to sign in to Brand EU again", found.stderr)

    def test_exec_sh(self):
        self.put("report.py")
        self.assertEqual(self.run_it(self.put("exec.sh")).stdout, "Mira Holt\n")

    def test_report_mjs(self):
        self.assertEqual(self.run_it("node", self.put("report.mjs")).stdout, "Mira Holt\n")

    def test_crontab(self):
        """As cron does it: nothing in the environment but what the table and cron itself set."""
        home = self.world.env["HOME"]
        self.put("report.py", home)
        table = self.read("crontab").replace("/run/user/1000", self.world.env["XDG_RUNTIME_DIR"])
        lines = [line for line in table.splitlines() if line and not line.startswith("#")]
        variables = dict(line.split("=", 1) for line in lines[:-1])
        self.assertRegex(lines[-1], r"^15 6 \* \* 1-5 ")
        command = lines[-1].split(None, 5)[5]
        self.assertNotIn("%", command)
        found = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True,
                               timeout=60, cwd=home, check=False,
                               env={"HOME": home, "PATH": self.world.env["PATH"], "SHELL": "/bin/sh",
                                    **variables})
        self.assertEqual((found.returncode, found.stdout, found.stderr), (0, "", ""))
        with open(os.path.join(home, "report.log"), encoding="utf-8") as log:
            self.assertEqual(log.read(), "Mira Holt\n")

    def test_ci_yml(self):
        """The lines that the runner would run, as it would: with bash, and a stop at an error."""
        self.put("report.py")
        _, block = self.read("ci.yml").split("run: |\n")
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        self.assertEqual(len(lines), 3)
        found = self.run_it("bash", "-e", "-c", "\n".join(lines))
        masked, name = found.stdout.splitlines()
        self.assertEqual(masked, "::add-mask::" + self.token(self.brand))
        self.assertEqual(name, "Mira Holt")

    def test_ci_secret_sh(self):
        """The token goes through a pipe, whole, and nowhere else."""
        folder = self.world.path("bin")
        os.makedirs(folder)
        with open(os.path.join(folder, "gh"), "w", encoding="utf-8") as file:
            file.write('#!/bin/sh\necho "$*" >"$0.arguments"\ncat >"$0.input"\n')
        os.chmod(os.path.join(folder, "gh"), 0o755)
        self.run_it(self.put("ci-secret.sh"),
                    env={"PATH": folder + ":" + self.world.env["PATH"]})
        with open(os.path.join(folder, "gh.input"), encoding="utf-8") as file:
            self.assertEqual(file.read().strip(), self.token(self.brand))
        with open(os.path.join(folder, "gh.arguments"), encoding="utf-8") as file:
            self.assertEqual(file.read(),
                             "secret set TIKTOK_ACCESS_TOKEN --repo example/reports\n")


if __name__ == "__main__":
    unittest.main()
