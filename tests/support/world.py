# SPDX-License-Identifier: GPL-3.0-or-later
"""A temporary world: folders, a private session bus, a real keyring, the offline TikTok, the real
agent (started by activation) and the command line. Everything ends with the world.

    with World() as world:
        world.add_app("login")
        connection = world.connect("login")
        print(world.ctl("token", connection).stdout)
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

AGENT = "io.github.latchkey_app.Latchkey.Agent"
ROOT = "/io/github/latchkey_app/Latchkey/Agent"
MANAGER = ROOT + "/Manager"
SECRETS = "org.freedesktop.secrets"
PASSWORD = "a password for tests"

# The apps that the simulator knows from the start: profile, id, secret, redirect.
APPS = {
    "login": ("tiktok-login-simulator", "sim-login-key", "sim-login-secret", None),
    "ads": ("tiktok-ads-simulator", "7000000000000000101", "sim-ads-secret",
            "http://127.0.0.1:17817/callback/"),
    "account": ("tiktok-account-simulator", "sim-account-id", "sim-account-secret",
                "http://127.0.0.1:17818/callback/"),
    "shop": ("tiktok-shop-simulator", "sim-shop-key", "sim-shop-secret",
             "http://127.0.0.1:17819/callback/"),
}


def build_dir():
    """The build under test."""
    top = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
    return os.path.abspath(os.environ.get("LATCHKEY_BUILD_DIR", os.path.join(top, "build", "debug")))


def wait_until(predicate, what, seconds=20.0):
    """Waits for @predicate to give something true, and gives that; fails with @what."""
    deadline = time.monotonic() + seconds
    pause = 0.005
    while True:
        found = predicate()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s for: {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


class Result:
    """What a run of the command line gave."""

    def __init__(self, code, stdout, stderr):
        self.code, self.stdout, self.stderr = code, stdout, stderr

    def json(self):
        return json.loads(self.stdout)

    def __repr__(self):
        return f"exit {self.code}\n--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}"


class World:
    def __init__(self, keyring="unlocked", simulator=(), services=(), capture=False, home=None,
                 agent_env=None):
        """@keyring: "unlocked", "locked" or "none"; @simulator: its arguments, or None for no
        simulator; @services: further activation files to copy; @capture: record the bus."""
        self.build = build_dir()
        self.keep = home is not None or "LATCHKEY_KEEP" in os.environ
        self.dir = home or tempfile.mkdtemp(prefix="latchkey-world-")
        self.processes = []
        self.connection = None
        self.keyring_process = None
        self.simulator_process = None
        self.url = None
        self.env = self._environment(agent_env or {})
        self._start_bus(services)
        if capture:
            self._start_capture()
        self.start_keyring(keyring)
        if simulator is not None:
            self.start_simulator(simulator)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    # Folders and processes

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def _environment(self, extra):
        keep = ("PATH", "LANG", "LC_ALL", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "DISPLAY",
                "XAUTHORITY", "GSK_RENDERER", "LATCHKEY_SHOTS", "LATCHKEY_AGENT_WRAPPER", "CI")
        env = {name: os.environ[name] for name in keep if name in os.environ}
        env.setdefault("LANG", "C.UTF-8")
        for name, folder in (("HOME", "home"), ("XDG_CONFIG_HOME", "config"),
                             ("XDG_DATA_HOME", "data"), ("XDG_CACHE_HOME", "cache"),
                             ("XDG_STATE_HOME", "state"), ("XDG_RUNTIME_DIR", "run"),
                             ("TMPDIR", "tmp")):
            os.makedirs(self.path(folder), mode=0o700, exist_ok=True)
            env[name] = self.path(folder)
        env["G_MESSAGES_DEBUG"] = "all"
        env["GSETTINGS_SCHEMA_DIR"] = os.path.join(self.build, "data", "settings")
        env["LATCHKEY_VALGRIND_LOG"] = self.path("valgrind-%p.log")
        env["PATH"] = ":".join([os.path.join(self.build, "src", "ctl"),
                                os.path.join(self.build, "src", "simulator"), "/usr/bin", "/bin"])
        env.update(extra)
        return env

    def tool_env(self):
        """For programs whose standard output is read: GLib's debug messages would go there too."""
        return {name: value for name, value in self.env.items() if name != "G_MESSAGES_DEBUG"}

    def spawn(self, arguments, log, **kwargs):
        """Starts a program whose output goes to a file of the world."""
        output = open(self.path(log), "ab")
        process = subprocess.Popen(arguments, env=kwargs.pop("env", self.env),
                                   stdout=kwargs.pop("stdout", output), stderr=output,
                                   start_new_session=True, **kwargs)
        output.close()
        self.processes.append(process)
        return process

    def stop(self, process, how=signal.SIGTERM, seconds=10):
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout is not None:
            process.stdout.close()
        if process in self.processes:
            self.processes.remove(process)
        return process.returncode

    def close(self):
        with contextlib.suppress(Exception):
            self.quit_agent()
        for process in reversed(list(self.processes)):
            self.stop(process)
        if self.connection is not None and not self.connection.is_closed():
            with contextlib.suppress(GLib.Error):
                self.connection.close_sync(None)
        if not self.keep:
            shutil.rmtree(self.dir, ignore_errors=True)

    def log(self, name):
        with open(self.path(name), encoding="utf-8", errors="replace") as file:
            return file.read()

    # The bus

    def _start_bus(self, services):
        folder = self.path("services")
        os.makedirs(folder, exist_ok=True)
        self.wrap_agent(os.environ.get("LATCHKEY_AGENT_WRAPPER"))
        for service in services:
            shutil.copy(service, folder)
        with open(self.path("bus.conf"), "w", encoding="utf-8") as file:
            file.write(f"""<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:path={self.path("run", "bus")}</listen>
  <servicedir>{folder}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <limit name="max_incoming_bytes">1000000000</limit>
  <limit name="max_message_size">1000000000</limit>
  <limit name="max_connections_per_user">100000</limit>
  <limit name="max_completed_connections">100000</limit>
  <limit name="max_replies_per_connection">1000000</limit>
  <limit name="reply_timeout">300000</limit>
</busconfig>
""")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path("run", "bus"))
        self.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + self.path("run", "bus")
        self.bus = self.spawn(["dbus-daemon", "--config-file", self.path("bus.conf"), "--nofork",
                               "--print-address"], "agent.log", stdout=subprocess.PIPE)
        if not self.bus.stdout.readline():
            raise AssertionError("the bus did not start: " + self.log("agent.log"))
        self.connection = Gio.DBusConnection.new_for_address_sync(
            self.env["DBUS_SESSION_BUS_ADDRESS"],
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.connection.set_exit_on_close(False)

    def _start_capture(self):
        with open(self.path("capture.pcap"), "wb") as file:
            self.spawn(["dbus-monitor", "--address", self.env["DBUS_SESSION_BUS_ADDRESS"],
                        "--pcap"], "capture.log", stdout=file)
        wait_until(lambda: os.path.getsize(self.path("capture.pcap")) > 0, "the bus capture")

    def call(self, path, interface, method, parameters=None, destination=AGENT, timeout=30000):
        return self.connection.call_sync(destination, path, interface, method, parameters, None,
                                         Gio.DBusCallFlags.NONE, timeout, None)

    def bus_call(self, method, parameters):
        return self.call("/org/freedesktop/DBus", "org.freedesktop.DBus", method, parameters,
                         "org.freedesktop.DBus").unpack()

    def has_owner(self, name):
        return self.bus_call("NameHasOwner", GLib.Variant("(s)", (name,)))[0]

    def owner_pid(self, name=AGENT):
        if not self.has_owner(name):
            return None
        return self.bus_call("GetConnectionUnixProcessID", GLib.Variant("(s)", (name,)))[0]

    def set_agent_env(self, **variables):
        """For agents started from now on; an empty value unsets in effect."""
        self.env.update(variables)
        self.bus_call("UpdateActivationEnvironment", GLib.Variant("(a{ss})", (variables,)))

    # Time

    def set_clock(self, wrong=0, passed=0):
        """For agents and windows started after the first time: the time of day is @wrong seconds off,
        and @passed seconds went by without anybody waiting, which the simulator hears of at the same
        moment. It keeps the right time."""
        path = self.path("clock")
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(f"{wrong} {passed}\n")
        os.rename(path + ".new", path)
        if self.env.get("LATCHKEY_TEST_CLOCK") != path:
            self.set_agent_env(LATCHKEY_TEST_CLOCK=path)

    def pass_time(self, seconds):
        """Time goes by for the agent, the window and the simulator; set_clock() came before."""
        with open(self.path("clock"), encoding="utf-8") as file:
            wrong, passed = map(int, file.read().split())
        self.set_clock(wrong, passed + seconds)

    # The agent

    def wrap_agent(self, wrapper):
        """Lets agents be started by @wrapper from now on; None for no wrapper."""
        agent = os.path.join(self.build, "src", "agent", "latchkey-agent")
        with open(self.path("services", AGENT + ".service"), "w", encoding="utf-8") as file:
            file.write("[D-BUS Service]\nName=%s\nExec=%s\n"
                       % (AGENT, f"{wrapper} {agent}" if wrapper else agent))
        if self.connection is not None:
            self.bus_call("ReloadConfig", None)

    @contextlib.contextmanager
    def agent_held_back(self):
        """Nobody can start an agent in here."""
        service = self.path("services", AGENT + ".service")
        os.rename(service, service + ".held")
        self.bus_call("ReloadConfig", None)
        try:
            yield
        finally:
            os.rename(service + ".held", service)
            self.bus_call("ReloadConfig", None)

    def start_agent(self):
        self.bus_call("StartServiceByName", GLib.Variant("(su)", (AGENT, 0)))
        wait_until(lambda: self.has_owner(AGENT), "the agent on the bus")
        return self.owner_pid()

    def kill_agent(self, how=signal.SIGKILL):
        pid = self.owner_pid()
        if pid is None:
            return
        os.kill(pid, how)
        wait_until(lambda: not self.has_owner(AGENT), "the agent to be gone", 30)

    def quit_agent(self):
        if self.has_owner(AGENT):
            self.kill_agent(signal.SIGTERM)

    def agent_property(self, name):
        return self.call(MANAGER, "org.freedesktop.DBus.Properties", "Get",
                         GLib.Variant("(ss)", ("io.github.latchkey_app.Latchkey.Agent1", name))
                         ).unpack()[0]

    # The keyring

    def start_keyring(self, state="unlocked"):
        if state == "none":
            return
        if state == "locked" and not os.path.exists(self.path("data", "keyrings", "login.keyring")):
            self.start_keyring("unlocked")
            self.store_in_keyring("probe", "probe")
            self.stop_keyring()
        arguments = ["gnome-keyring-daemon", "--foreground", "--components=secrets",
                     "--control-directory", self.path("run", "keyring")]
        if state == "unlocked":
            arguments.append("--unlock")
        # It keeps ignoring SIGXFSZ, as Python does, so that tests can let its disk be full.
        self.keyring_process = self.spawn(arguments, "keyring.log", stdin=subprocess.PIPE,
                                          restore_signals=False)
        if state == "unlocked":
            self.keyring_process.stdin.write(PASSWORD.encode())
        self.keyring_process.stdin.close()
        wait_until(lambda: self.has_owner(SECRETS), "the keyring on the bus")

    def stop_keyring(self, how=signal.SIGTERM):
        if self.keyring_process is not None:
            self.stop(self.keyring_process, how)
            self.keyring_process = None
            wait_until(lambda: not self.has_owner(SECRETS), "the keyring to be gone")

    def store_in_keyring(self, name, value):
        subprocess.run(["secret-tool", "store", "--label", name, "latchkey-test", name],
                       input=value.encode(), env=self.env, check=True, timeout=20)

    def tokens_in_keyring(self, connection):
        """The item of a connection, by secret-tool, as a dictionary; None when there is none."""
        found = subprocess.run(["secret-tool", "lookup", "xdg:schema",
                                "io.github.latchkey_app.Latchkey", "kind", "tokens", "name",
                                connection], env=self.tool_env(), capture_output=True, text=True, timeout=20,
                               check=False)
        return json.loads(found.stdout) if found.returncode == 0 and found.stdout else None

    # The offline TikTok

    def start_simulator(self, arguments=(), port=0):
        program = os.path.join(self.build, "src", "simulator", "latchkey-simulator")
        self.simulator_process = self.spawn(
            [program, "--port", str(port), "--write-profiles",
             self.path("config", "latchkey", "providers"), *map(str, arguments)],
            "simulator.log", stdout=subprocess.PIPE, env={
                **self.env, "LATCHKEY_TEST_CLOCK": self.path("clock"), "LATCHKEY_TEST_CLOCK_RIGHT": "1"})
        line = self.simulator_process.stdout.readline().decode().strip()
        if not line.startswith("listening "):
            raise AssertionError("the simulator did not start: " + self.log("simulator.log"))
        self.url = line.split(" ", 1)[1]

    def stop_simulator(self):
        self.stop(self.simulator_process)

    def control(self, what, data=None, method=None):
        """POSTs @data to /_simulator/@what, or GETs it when there is none; or by another @method."""
        request = urllib.request.Request(f"{self.url}/_simulator/{what}", method=method)
        if data is not None:
            request.data = json.dumps(data).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=20) as reply:
            text = reply.read()
        return json.loads(text) if text else None

    def fault(self, path, **what):
        return self.control("faults", {"path": path, **what})

    def stats(self):
        return self.control("stats")

    # The command line

    def ctl(self, *arguments, stdin=None, timeout=90, env=None):
        program = os.path.join(self.build, "src", "ctl", "latchkeyctl")
        run_env = dict(self.tool_env(), **(env or {}))
        done = subprocess.run([program, *map(str, arguments)], input=stdin, capture_output=True,
                              text=True, timeout=timeout, env=run_env, check=False,
                              **({} if stdin is not None else {"stdin": subprocess.DEVNULL}))
        return Result(done.returncode, done.stdout, done.stderr)

    def ctl_ok(self, *arguments, **kwargs):
        result = self.ctl(*arguments, **kwargs)
        if result.code != 0:
            raise AssertionError(f"latchkeyctl {' '.join(map(str, arguments))}: {result}")
        return result

    def register_free_port(self, family):
        """Registers a redirect of this world's own, so that worlds can live beside each other."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            redirect = f"http://127.0.0.1:{probe.getsockname()[1]}/callback/"
        self.control("apps", {"family": family, "id": APPS[family][1], "redirects": [redirect]})
        return redirect

    def add_app(self, family, name=None, secret=None, redirect=None, client_id=None, provider=None):
        profile, known_id, known_secret, known_redirect = APPS[family]
        if redirect is None and known_redirect is not None:
            redirect = self.register_free_port(family)
        arguments = ["client", "add", name or family, "--provider", provider or profile,
                     "--client-id", client_id or known_id, "--secret-stdin"]
        if redirect:
            arguments += ["--redirect", redirect]
        self.ctl_ok(*arguments, stdin=secret if secret is not None else known_secret)
        return name or family

    def begin(self, *arguments):
        """Starts a connect or reconnect; gives the process and the address to open."""
        program = os.path.join(self.build, "src", "ctl", "latchkeyctl")
        process = subprocess.Popen([program, *map(str, arguments), "--no-browser", "--json"],
                                   env=self.tool_env(),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.processes.append(process)
        line = process.stdout.readline()
        if not line:
            raise AssertionError("no authorize line: " + process.stderr.read())
        event = json.loads(line)
        if event["event"] != "authorize":
            raise AssertionError(f"not an authorize line: {line}")
        return process, event["url"]

    def end(self, process, timeout=60):
        """The last event of a begun connect, and its exit code."""
        stdout, stderr = process.communicate(timeout=timeout)
        self.processes.remove(process)
        lines = [line for line in stdout.splitlines() if line.strip()]
        event = json.loads(lines[-1]) if lines else {}
        event["exit"], event["stderr"] = process.returncode, stderr
        return event

    def consent(self, url, follow=True, **options):
        """Consents at the simulator without a click; gives the address that it sends the browser to.
        @options: user, deny, advertisers, scopes. Follows to the loopback page when @follow."""
        opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
        address = url + "&" + urllib.parse.urlencode({"auto_consent": 1, **options})
        try:
            with opener.open(address, timeout=30) as reply:
                raise AssertionError("no redirect but a page: " + reply.read().decode())
        except urllib.error.HTTPError as error:
            location = error.headers.get("Location")
            if location is None:
                raise AssertionError(f"{error.code}: {error.read().decode()[:800]}") from error
        if follow:
            self.landing = self.get(location)
        return location

    def get(self, address, headers=None, method="GET", timeout=40):
        """Status and text of an address, errors included."""
        request = urllib.request.Request(address, headers=headers or {}, method=method)
        opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=timeout) as reply:
                return reply.status, reply.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def connect(self, app, *arguments, command="connect", **consent):
        """A whole sign-in without a click; gives the id of the connection."""
        process, url = self.begin(command, app, *arguments)
        self.consent(url, **consent)
        event = self.end(process)
        if event.get("event") != "connected":
            raise AssertionError(f"not connected: {event}")
        connection = event["connection"]
        return connection["id"] if isinstance(connection, dict) else connection


def main(module):
    """Runs a module's tests; meson counts what unittest prints."""
    import unittest
    unittest.main(module=module, argv=[sys.argv[0], *sys.argv[1:]], verbosity=2)
