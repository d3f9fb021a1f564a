#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people pipe into "diagnose": anything, of any size, in bounded memory, with nothing secret
coming out again. No agent, no network."""

import json
import os
import subprocess
import threading
import unittest

from case import WorldCase

MEBIBYTE = 1024 * 1024
TOKEN = "act.Zx9qLm3TfPq8Rw2YvBn7Kc5Jd1Hs4Gt6"
LIMIT = b'{"code":40100,"message":"App reaches the QPS limit.","request_id":"R-END-1"}'


class DiagnoseInput(WorldCase):
    options = {"keyring": "none", "simulator": None}

    def diagnose(self, chunks, *arguments):
        """Feeds the standard input; returns the finding, the standard error and the peak in MB."""
        env = dict(self.world.tool_env())
        # A sanitizer keeps freed memory for a while, which is not what is measured.
        env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", os.environ.get("ASAN_OPTIONS", "")) \
            + ":quarantine_size_mb=1"
        program = os.path.join(self.world.build, "src", "ctl", "latchkeyctl")
        child = subprocess.Popen([program, "diagnose", "--json", *arguments], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
        said = []
        reader = threading.Thread(target=lambda: said.append(child.stderr.read()))
        reader.start()
        for chunk in chunks:
            child.stdin.write(chunk)
        child.stdin.close()
        printed = child.stdout.read()
        reader.join()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        child.stdout.close()
        child.stderr.close()
        self.assertEqual(child.returncode, 0, said[0])
        return json.loads(printed), said[0].decode(), usage.ru_maxrss / 1024

    def test_fifty_megabytes(self):
        """The error at the end of a long log is found, and the log is not kept in memory."""
        line = b"2026-11-21 10:00:00 GET /things 200 {\"a\": [\\\"x\n"
        block = line * (MEBIBYTE // len(line))
        _, _, small = self.diagnose([LIMIT])
        finding, _, large = self.diagnose([block] * 51 + [LIMIT])
        self.assertEqual((finding["class"], finding["code"], finding["trace_id"]),
                         ("rate", "40100", "R-END-1"))
        self.assertFalse(finding["needs_reauth"])
        self.assertLess(large - small, 45, "the peak grows with what is piped in")

    def test_one_line_of_fifty_megabytes(self):
        finding, _, _ = self.diagnose([b"{" * MEBIBYTE] * 50)
        self.assertEqual(finding["class"], "unknown")

    def test_binary(self):
        for data in (bytes(range(256)) * 4000, b"\0" * MEBIBYTE, b"\x1f\x8b\x08" + os.urandom(9000)):
            finding, _, _ = self.diagnose([data])
            self.assertEqual((finding["class"], finding["code"]), ("unknown", ""))

    def test_deep(self):
        finding, _, _ = self.diagnose([b'{"code":40100,"message":"slow","data":', b'{"a":[' * 10000,
                                       b"1", b"]}" * 10000, b"}"])
        self.assertEqual((finding["class"], finding["code"]), ("rate", "40100"))

    def test_scripts(self):
        finding, _, _ = self.diagnose(["\u202bخطأ: ".encode(), LIMIT, "\u202c 请求过于频繁".encode()])
        self.assertEqual((finding["class"], finding["code"]), ("rate", "40100"))

    def test_token(self):
        """Warned of on the standard error; nothing of it comes out on either side."""
        finding, said, _ = self.diagnose([
            f"Access-Token: {TOKEN}\n".encode(),
            b'{"code":40105,"message":"bad ' + TOKEN.encode() + b'","request_id":"R1"}'])
        self.assertEqual((finding["class"], finding["code"]), ("token_revoked", "40105"))
        self.assertNotIn("Zx9qLm3TfPq8", json.dumps(finding) + said)
        text = self.world.ctl_ok("diagnose", stdin=f"Bearer {TOKEN} access_token_invalid")
        self.assertIn("token or secret", text.stderr)
        self.assertNotIn("Zx9qLm3TfPq8", text.stdout + text.stderr)

    def test_what_latchkey_does(self):
        """The finding says what happens by itself, as JSON and as text."""
        finding, _, _ = self.diagnose([LIMIT])
        self.assertIn("holds back", finding["handling"])
        self.assertIn("What Latchkey does:", self.world.ctl_ok("diagnose", stdin=LIMIT.decode()).stdout)


if __name__ == "__main__":
    unittest.main()
