# SPDX-License-Identifier: GPL-3.0-or-later
"""A server between the agent and the simulator that writes down what passes, so that a test knows
each secret that ever existed: also codes, verifiers and tokens that were replaced long ago."""

import http.client
import http.server
import json
import threading
import urllib.parse

SECRET_KEYS = {"access_token", "refresh_token", "code", "auth_code", "code_verifier", "client_secret",
               "secret"}


class Recorder:
    def __init__(self, target):
        self.target = urllib.parse.urlsplit(target)
        self.secrets = {}
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                recorder.forward(self)

            def do_POST(self):
                recorder.forward(self)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def forward(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in handler.headers.items()
                   if name.lower() not in ("connection", "host")}
        connection = http.client.HTTPConnection(self.target.netloc, timeout=30)
        self.read(urllib.parse.urlsplit(handler.path).query)
        self.read(body.decode(errors="replace"))
        try:
            connection.request(handler.command, handler.path, body or None, headers)
            reply = connection.getresponse()
            text = reply.read()
        except (OSError, http.client.HTTPException):  # cut there, so cut here
            handler.close_connection = True
            return

        self.read(text.decode(errors="replace"))
        self.read(urllib.parse.urlsplit(reply.headers.get("Location") or "").query)

        handler.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)
        connection.close()

    def read(self, text):
        """Keeps the values of secret keys, from JSON or from a query or form."""
        try:
            self._keep(json.loads(text), SECRET_KEYS - {"code"})  # an error's code is no secret
        except ValueError:
            self._keep({key: values[0] for key, values in urllib.parse.parse_qs(text).items()},
                       SECRET_KEYS)

    def _keep(self, value, keys):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in keys and isinstance(inner, str) and len(inner) >= 12:
                    self.secrets[inner] = key
                else:
                    self._keep(inner, keys)
        elif isinstance(value, list):
            for inner in value:
                self._keep(inner, keys)
