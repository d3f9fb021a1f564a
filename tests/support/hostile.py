# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider that means harm, or is broken: each path answers what a test tells it to, to the byte.

    with HostileServer() as server:
        server.answers["/open_api/v1.3/campaign/get/"] = lambda request: json_reply({"code": 0})
"""

import json
import os
import socket
import threading
import time
import urllib.parse
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "hostile0token1of2the3ads4family5abcdef99"
SECRET = "Hostile-Secret-0123456789abcdef"
API = "/open_api/v1.3/"


def free_redirect():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/callback/"


class Reply:
    """@raw: written as it is instead of a head and a body; @drip: seconds between its bytes."""

    def __init__(self, status=200, body=b"", headers=None, raw=None, drip=0):
        self.status, self.headers, self.raw, self.drip = status, headers or {}, raw, drip
        self.body = body.encode() if isinstance(body, str) else body


def json_reply(value, status=200, headers=None):
    return Reply(status, json.dumps(value),
                 {"Content-Type": "application/json", **(headers or {})})


def ads(data=None, code=0, message="OK", headers=None, **more):
    return json_reply({"code": code, "message": message, "request_id": "20261121000000ABCDEF",
                       "data": {} if data is None else data, **more}, headers=headers)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length) if length else b""
        parts = urllib.parse.urlsplit(self.path)
        server = self.server.owner
        with server.lock:
            server.seen.append((self.command, self.path, dict(self.headers), self.body))
        found = server.answers.get(parts.path)
        reply = found(self) if callable(found) else found
        if reply is None:
            reply = ads(code=40001, message="nothing here")
        self.write(reply)

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = answer

    def write(self, reply):
        self.close_connection = True
        head = reply.raw
        if head is None:
            headers = {"Date": formatdate(usegmt=True), "Content-Length": str(len(reply.body)),
                       "Connection": "close", **reply.headers}
            lines = [f"HTTP/1.1 {reply.status} Answer"]
            lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
            head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        try:
            if reply.drip:
                for byte in head + reply.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(reply.drip)
            else:
                self.wfile.write(head + reply.body)
        except OSError:
            pass  # who asked has gone, which is what some tests are about


class HostileServer:
    def __init__(self, accounts=(("7001", "Mine"),)):
        self.lock = threading.Lock()
        self.seen = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.owner = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.tokens = 0
        rows = [{"advertiser_id": id, "advertiser_name": name} for id, name in accounts]
        self.answers = {
            API + "oauth2/access_token/": lambda request: ads(
                {"access_token": TOKEN, "scope": [4], "advertiser_ids": [row[0] for row in accounts]}),
            API + "user/info/": lambda request: ads(
                {"core_user_id": "42", "display_name": "Mallory", "email": "m@example.org"}),
            API + "oauth2/advertiser/get/": lambda request: ads({"list": rows}),
        }
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def requests(self, path=None):
        """(method, path and query, headers, body) of those that came."""
        with self.lock:
            return [one for one in self.seen if path is None or one[1].split("?")[0] == path]

    def write_profile(self, world, id="hostile", **more):
        folder = world.path("config", "latchkey", "providers")
        os.makedirs(folder, exist_ok=True)
        profile = {"schema": 1, "id": id, "extends": "tiktok-ads", "name": "Hostile",
                   "sandbox": True, "vars": {"business": self.url}, **more}
        with open(os.path.join(folder, id + ".json"), "w", encoding="utf-8") as file:
            json.dump(profile, file)

    def sign_in(self, world, provider="hostile", name="hostile"):
        """Signs in without a page to click; gives the id of the connection."""
        world.ctl_ok("client", "add", name, "--provider", provider, "--client-id",
                     "7000000000000000999", "--secret-stdin", "--redirect", free_redirect(),
                     stdin=SECRET)
        process, url = world.begin("connect", name)
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        world.get(asked["redirect_uri"] + "?" + urllib.parse.urlencode(
            {"auth_code": "c0de", "state": asked["state"]}))
        event = world.end(process)
        if event.get("event") != "connected":
            raise AssertionError(f"not connected: {event}")
        found = event["connection"]
        return found["id"] if isinstance(found, dict) else found
