# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent as a program on the bus sees it: calls, diagnosis, remedies; bodies travel in memfds."""

import os

from gi.repository import Gio, GLib

from world import AGENT, MANAGER, ROOT, wait_until

CONNECTION = "io.github.latchkey_app.Latchkey.Connection1"
REMEDY = "io.github.latchkey_app.Latchkey.Remedy1"
AGENT1 = "io.github.latchkey_app.Latchkey.Agent1"
ERROR = "io.github.latchkey_app.Latchkey.Error."


def memfd(data=b""):
    fd = os.memfd_create("test", os.MFD_CLOEXEC)
    os.write(fd, data)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def pipe(data):
    """The read end of a pipe that holds @data."""
    read, write = os.pipe()
    os.write(write, data)
    os.close(write)
    return read


def to_variant(value):
    """A value of Python as the dictionaries of the bus hold it."""
    if isinstance(value, GLib.Variant):
        return value
    if isinstance(value, bool):
        return GLib.Variant("b", value)
    if isinstance(value, int):
        return GLib.Variant("x", value)
    if isinstance(value, (list, tuple)):
        return GLib.Variant("as", list(value))
    return GLib.Variant("s", value)


def to_dict(values):
    return {key: to_variant(value) for key, value in values.items()}


class AgentBus:
    def __init__(self, world):
        self.world = world

    def path(self, connection):
        return f"{ROOT}/connections/{connection}"

    def send(self, path, interface, method, parameters, fds=(), timeout=60000):
        """Calls with descriptors, which are closed; gives the reply and the descriptors in it."""
        handed = Gio.UnixFDList.new()
        for fd in fds:
            handed.append(fd)
            os.close(fd)
        reply, given = self.world.connection.call_with_unix_fd_list_sync(
            AGENT, path, interface, method, parameters, None, Gio.DBusCallFlags.NONE, timeout,
            handed, None)
        return reply.unpack(), given.steal_fds() if given is not None else []

    def call(self, connection, method, target, body=b"", query=(), content_type=None, fd=None,
             **options):
        """Call; gives the result as a dictionary, the reply's body among it. @fd: instead of a body."""
        call = {"method": method, "target": target, "query": list(query)}
        if content_type:
            call["content-type"] = content_type
        if "timeout" in options:
            options["timeout"] = GLib.Variant("u", options["timeout"])
        reply, fds = self.send(
            self.path(connection), CONNECTION, "Call",
            GLib.Variant("(a{sv}ha{sv})", (to_dict(call), 0, to_dict(options))),
            [memfd(body) if fd is None else fd])
        result = reply[0]
        with os.fdopen(fds[0], "rb") as file:
            result["body"] = file.read()
        return result

    def properties(self, path, interface=CONNECTION):
        return self.world.call(path, "org.freedesktop.DBus.Properties", "GetAll",
                               GLib.Variant("(s)", (interface,))).unpack()[0]

    def connection(self, connection):
        return self.properties(self.path(connection))

    def history(self, connection, *kinds):
        """Oldest first; only @kinds when there are any."""
        events = self.world.call(self.path(connection), CONNECTION, "GetHistory",
                                 GLib.Variant("(xu)", (0, 500))).unpack()[0]
        return [event for event in reversed(events) if not kinds or event["kind"] in kinds]

    def method(self, path, interface, method, parameters=None, timeout=60000):
        return self.world.call(path, interface, method, parameters, timeout=timeout)

    def diagnose(self, connection, **options):
        """The facts, as the variant that they came as."""
        return self.method(self.path(connection), CONNECTION, "Diagnose",
                           GLib.Variant("(a{sv})", (to_dict(options),))).get_child_value(0)

    def survey(self, connection):
        return self.method(self.path(connection), CONNECTION, "Survey").get_child_value(0)

    def start_remedy(self, connection, remedy, cause, values, facts, **options):
        arguments = GLib.Variant.new_tuple(
            GLib.Variant("s", remedy), GLib.Variant("s", cause), GLib.Variant("a{ss}", values),
            facts, GLib.Variant("a{sv}", to_dict(options)))
        return self.method(self.path(connection), CONNECTION, "StartRemedy",
                           arguments).unpack()[0]

    def remedy(self, path):
        return self.properties(path, REMEDY)

    def remedies(self):
        objects = self.world.call(ROOT, "org.freedesktop.DBus.ObjectManager",
                                  "GetManagedObjects").unpack()[0]
        return sorted(path for path in objects if "/remedies/" in path)

    def check(self, path, step):
        self.method(path, REMEDY, "Check", GLib.Variant("(u)", (step,)))
        return self.remedy(path)

    def find_secrets(self, text):
        reply, _ = self.send(MANAGER, AGENT1, "FindSecrets", GLib.Variant("(h)", (0,)),
                             [memfd(text)])
        return reply[0]

    def check_secret(self, client, secret):
        reply, _ = self.send(MANAGER, AGENT1, "CheckClientSecret",
                             GLib.Variant("(sh)", (client, 0)), [pipe(secret.encode())])
        return reply[0]

    def holds(self, client):
        return self.method(MANAGER, AGENT1, "ListHolds",
                           GLib.Variant("(s)", (client,))).unpack()[0]

    def fails(self, name, function, *arguments, **options):
        """Calls and expects the error of the bus by that name."""
        try:
            function(*arguments, **options)
        except GLib.Error as error:
            found = Gio.DBusError.get_remote_error(error)
            if found != ERROR + name:
                raise AssertionError(f"{found} instead of {name}: {error.message}") from error
            return error
        raise AssertionError(f"no error {name}")

    def wait(self, predicate, what, seconds=20):
        return wait_until(predicate, what, seconds)
