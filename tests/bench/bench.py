#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speed and memory, each beside a peer in the same run where there is one. Never a test.

    bench.py --build FOLDER [token] [memory] [classify] [renewals] [history] [idle] [window]

Figures and how they were taken: README.md beside this file."""

import argparse
import concurrent.futures
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))


def hyperfine(commands, env, runs=200, warmup=20):
    """Median milliseconds of each of (name, command)."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run(["hyperfine", "-N", "--runs", str(runs), "--warmup", str(warmup),
                        "--export-json", file.name, "--style", "none",
                        *[command for _, command in commands]], env=env, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        results = json.load(open(file.name, encoding="utf-8"))["results"]
    return [(name, result["median"] * 1000, result["min"] * 1000, result["max"] * 1000)
            for (name, _), result in zip(commands, results)]


def table(title, rows, unit):
    print(f"\n{title}")
    for name, median, low, high in rows:
        print(f"  {name:<44} {median:9.2f} {unit}   ({low:.2f} to {high:.2f})")
    first = rows[0]
    for name, median, _, _ in rows[1:]:
        print(f"  {first[0]} / {name}: {first[1] / median:.2f}")


def pss(pid):
    """Kilobytes, proportional share of every process of a tree is the caller's business."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
        return int(re.search(r"^Pss:\s+(\d+)", file.read(), re.M).group(1))


def settled_pss(pid):
    """The smallest of a few readings, once the process has come to rest."""
    readings = []
    for _ in range(5):
        readings.append(pss(pid))
        time.sleep(0.4)
    return min(readings)


def start_oidc_agent(world):
    """An oidc-agent with one account; its environment, or None where it cannot be had."""
    issuer = world.spawn([sys.executable, os.path.join(HERE, "issuer.py")], "issuer.log",
                         stdout=subprocess.PIPE)
    address = issuer.stdout.readline().decode().strip()
    # Its socket's path has a limit of 107 bytes, so it gets a short folder.
    short = tempfile.mkdtemp(prefix="oa-", dir="/tmp")
    env = dict(world.env, TMPDIR=short, OIDC_CONFIG_DIR=os.path.join(short, "config"))
    os.makedirs(env["OIDC_CONFIG_DIR"])
    started = subprocess.run(["oidc-agent"], env=env, capture_output=True, text=True, check=True)
    for name in ("OIDC_SOCK", "OIDCD_PID"):
        env[name] = re.search(name + r"=([^;\s]+)", started.stdout).group(1)
    subprocess.run(["oidc-gen", "peer", "--issuer", address, "--client-id", "c", "--client-secret",
                    "s", "--rt=peer-refresh-token", "--redirect-uri=http://localhost:4242",
                    "--scope=openid offline_access", "--pw-cmd=echo pw", "--no-url-call",
                    "--flow=refresh"], env=env, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    return env


def bench_token(World):
    with World() as world:
        world.add_app("login")
        connection = world.connect("login")
        world.ctl_ok("token", connection)
        ctl = os.path.join(world.build, "src", "ctl", "latchkeyctl")
        lookup = ("secret-tool lookup xdg:schema io.github.latchkey_app.Latchkey kind tokens name "
                  + connection)
        commands = [("latchkeyctl token (cached)", f"{ctl} token {connection}"),
                    ("secret-tool lookup", lookup), ("an empty process", "/bin/true")]
        env = world.env
        oidc_pid = None
        try:
            env = start_oidc_agent(world)
            oidc_pid = int(env["OIDCD_PID"])
            commands.insert(1, ("oidc-token", "oidc-token peer"))
        except (subprocess.SubprocessError, OSError, AttributeError) as error:
            print(f"oidc-agent could not be started here: {error}")
        env.pop("G_MESSAGES_DEBUG", None)
        table("One token, whole process, median of 200", hyperfine(commands, env), "ms")
        if oidc_pid:
            print(f"  oidc-agent: {pss(oidc_pid) / 1024:.1f} MB PSS with one account")
            os.kill(oidc_pid, 15)


def add_connections(world, count, access_life):
    """Signs @count Login Kit connections in: apps of their own, three people each."""
    world.control("lifetimes", {"family": "login", "access": access_life, "refresh": 15552000})

    def app(number):
        world.control("apps", {"family": "login", "id": f"key{number}", "secret": f"s{number}",
                               "redirects": ["http://127.0.0.1:*/callback/"]})
        world.add_app("login", name=f"app{number}", client_id=f"key{number}", secret=f"s{number}")
        for user in range(1, min(3, count - 3 * number) + 1):
            world.connect(f"app{number}", user=user)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(app, range((count + 2) // 3)))


def bench_many(World):
    """Ten thousand, written into the ledger: without their tokens, which were never read."""
    from many import fill_ledger
    from world import wait_until
    with World(keyring="none", agent_env={"G_MESSAGES_DEBUG": ""}) as world:
        fill_ledger(world, 10000)
        started = time.monotonic()
        pid = world.start_agent()
        wait_until(lambda: world.agent_property("LedgerState") == "ready", "the ledger", 60)
        print(f"start to an open ledger with 10000: {(time.monotonic() - started) * 1000:.0f} ms")
        time.sleep(7)
        rows = [("latchkey-agent, 10000, never listed", settled_pss(pid))]
        started = time.monotonic()
        world.ctl_ok("list", "--json")
        print(f"latchkeyctl list --json with 10000: {(time.monotonic() - started) * 1000:.0f} ms")
        time.sleep(7)
        rows.append(("latchkey-agent, 10000, after a whole list", settled_pss(pid)))
        started = time.monotonic()
        world.ctl_ok("show", "Person 09999", "--json")
        print(f"latchkeyctl show NAME among 10000: {(time.monotonic() - started) * 1000:.0f} ms")
    return rows


def start_goa(World, stack):
    """GNOME Online Accounts in a world of its own, and its name there."""
    from gi.repository import GLib
    service = "/usr/share/dbus-1/services/org.gnome.OnlineAccounts.service"
    world = stack.enter_context(World(simulator=None, services=[service]))
    name = "org.gnome.OnlineAccounts"
    world.bus_call("StartServiceByName", GLib.Variant("(su)", (name, 0)))
    return world, name


def bench_memory(World):
    rows = []
    for count in (1, 1000):
        with World(agent_env={"G_MESSAGES_DEBUG": ""}) as world:
            add_connections(world, count, 7200)
            rows.append((f"latchkey-agent, {count} signed in just now", settled_pss(world.owner_pid())))
            world.quit_agent()
            started = time.monotonic()
            pid = world.start_agent()
            world.ctl_ok("list", "--json")
            print(f"start to first list with {count}: {(time.monotonic() - started) * 1000:.0f} ms")
            rows.append((f"latchkey-agent, {count} after a restart", settled_pss(pid)))
    rows += bench_many(World)
    with contextlib.ExitStack() as stack:
        world, goa = start_goa(World, stack)
        rows.append(("goa-daemon, no account", settled_pss(world.owner_pid(goa))))
    print("\nMemory, PSS")
    for name, kilobytes in rows:
        print(f"  {name:<44} {kilobytes / 1024:9.1f} MB")


FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


def bench_renewals(World):
    """All are due at once because agent and simulator wake up nearly a token's life later."""
    count, life, asleep = 1000, 7200, 7000
    with World(simulator=("--latency", 50), agent_env={"G_MESSAGES_DEBUG": ""}) as world:
        add_connections(world, count, life)
        world.quit_agent()
        world.control("clock", {"advance": asleep})
        world.set_agent_env(LD_PRELOAD=FAKETIME, FAKETIME=f"+{asleep}s",
                            FAKETIME_DONT_FAKE_MONOTONIC="1")
        before = world.stats()["tokens"].get("login/refresh_token/ok", 0)
        started = time.monotonic()
        pid = world.start_agent()
        first = None
        while True:
            stats = world.stats()
            done = stats["tokens"].get("login/refresh_token/ok", 0) - before
            if done and first is None:
                first = time.monotonic() - started
            if done >= count or time.monotonic() - started > 300:
                break
            time.sleep(0.05)
        elapsed = time.monotonic() - started
        print(f"\n{count} renewals that are due at once, 50 ms latency")
        print(f"  renewed {done} in {elapsed:.1f} s, the first after {first or 0:.2f} s, "
              f"{done / elapsed:.1f} a second")
        print(f"  most requests at one time: {stats['most_in_flight']}")
        print(f"  refused: {stats['tokens'].get('login/refresh_token/refused', 0)}")
        print(f"  agent afterwards: {settled_pss(pid) / 1024:.1f} MB PSS")
        bench_keyring_write(world)


def bench_keyring_write(world):
    """What the keyring itself takes for one item while it holds that many."""
    begun = time.monotonic()
    for number in range(10):
        world.store_in_keyring(f"peer{number % 2}", "x" * 300)
    print(f"  the keyring's own part: secret-tool stores an item in "
          f"{(time.monotonic() - begun) * 100:.0f} ms beside the others")


def flags(*packages):
    return subprocess.run(["pkg-config", "--cflags", "--libs", *packages], check=True,
                          capture_output=True, text=True).stdout.split()


def bench_classify(World):
    """In one process on one core, with the corpora of the tests; beside a bare JSON parser."""
    source = os.path.join(HERE, "..", "..", "src")
    build = os.path.join(os.environ["LATCHKEY_BUILD_DIR"], "src")
    layers = ("diagnosis", "providers", "core")
    corpora = [os.path.join(HERE, "..", "data", name) for name in
               ("errors-dev.jsonl", "errors-pasted.txt", "errors-people.txt")]
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "classify")
        subprocess.run(["cc", "-O2", "-o", program, os.path.join(HERE, "classify.c"),
                        *[f"-I{source}/{layer}" for layer in layers],
                        *[f"{build}/{layer}/liblk-{layer}.a" for layer in layers],
                        *flags("gio-2.0", "json-glib-1.0", "libgcrypt"), "-lm"], check=True)
        output = subprocess.run([program, *corpora], check=True, capture_output=True, text=True).stdout
    figures = {name: float(value) for name, value in (line.split() for line in output.splitlines())}
    print("\nTexts explained offline, one core")
    print(f"  {figures['texts']:.0f} texts: {figures['diagnosis']:.0f} a second, "
          f"{1e6 / figures['diagnosis']:.0f} µs each; catalogue and profiles load in "
          f"{figures['load']:.1f} ms")
    print(f"  json-glib alone parses {figures['parser']:.0f} a second: "
          f"ratio {figures['parser'] / figures['diagnosis']:.0f}")


def compile_scroll_peers(folder):
    plain, shim = os.path.join(folder, "plain-list"), os.path.join(folder, "scroll-frames.so")
    subprocess.run(["cc", "-O2", "-o", plain, os.path.join(HERE, "plain-list.c"),
                    *flags("libadwaita-1")], check=True)
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", shim,
                    os.path.join(HERE, "scroll-frames.c"), *flags("gtk4"), "-ldl"], check=True)
    return plain, shim


def frame_times(world, env, name, command):
    """(median, 95th of a hundred, worst) of each way to scroll, in microseconds."""
    result = world.path(name + ".frames")
    subprocess.run(command, env=dict(env, SCROLL_FRAMES=result), check=False, timeout=300,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(result, encoding="utf-8") as file:
        return {line.split()[0]: tuple(map(int, line.split()[1:])) for line in file}


def bench_scrolling(World):
    """A frame is all that is done for it: rows bound, laid out, drawn by cairo."""
    from many import fill_ledger
    count = 10000
    with World(agent_env={"G_MESSAGES_DEBUG": ""}) as world:
        fill_ledger(world, count)
        world.start_agent()
        world.ctl_ok("list", "--json")
        plain, shim = compile_scroll_peers(world.dir)
        window = os.path.join(world.build, "src", "app", "latchkey")
        env = dict(world.env, GSK_RENDERER="cairo", GTK_A11Y="none", GDK_BACKEND="x11")
        env.pop("G_MESSAGES_DEBUG", None)
        print(f"\nOne frame while {count} rows scroll, cairo, milliseconds")
        medians = {}
        for name, command in (("latchkey", [window]), ("plain labels", [plain, str(count)])):
            for way, times in frame_times(world, dict(env, LD_PRELOAD=shim), command[0][-8:],
                                          command).items():
                medians[name, way] = times[0]
                print("  {:<44} median {:6.2f}   95th {:6.2f}   worst {:6.2f}".format(
                    f"{name}, {way}", *[time / 1000 for time in times]))
        for way in sorted({way for _, way in medians}):
            print(f"  latchkey / plain labels, {way}: "
                  f"{medians['latchkey', way] / medians['plain labels', way]:.2f}")
        for name, command in (("latchkey", [window]), ("plain labels", [plain, str(count)])):
            process = world.spawn(command, "scroll.log", env=env)
            print(f"  {name} with {count}: {settled_pss(process.pid) / 1024:.1f} MB PSS")
            world.stop(process)


def compile_window_peers(folder):
    empty, shim = os.path.join(folder, "empty-window"), os.path.join(folder, "first-frame.so")
    subprocess.run(["cc", "-O2", "-o", empty, os.path.join(HERE, "empty-window.c"),
                    *flags("libadwaita-1")], check=True)
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", shim,
                    os.path.join(HERE, "first-frame.c"), *flags("gtk4"), "-ldl"], check=True)
    return empty, shim


def bench_window(World):
    if "DISPLAY" not in os.environ:
        os.environ["GSK_RENDERER"] = "cairo"
        command = ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24", sys.executable,
                   os.path.abspath(__file__), *sys.argv[1:3], "window"]
        sys.exit(subprocess.run(command, check=False).returncode)
    with World() as world:
        world.add_app("login")
        world.connect("login")
        empty, shim = compile_window_peers(world.dir)
        window = os.path.join(world.build, "src", "app", "latchkey")
        env = dict(world.env, LD_PRELOAD=shim, GSK_RENDERER="cairo", GTK_A11Y="none",
                   GDK_BACKEND="x11")
        env.pop("G_MESSAGES_DEBUG", None)
        rows = hyperfine([("latchkey", window), ("an empty libadwaita window", empty)], env, 15, 3)
        table("Start to first frame, cairo, median of 15", rows, "ms")
    bench_scrolling(World)


def bench_idle(World):
    import idle

    idle.bench_idle(World, add_connections, lambda stack: start_goa(World, stack))


def bench_million_lines(World):
    from history import bench_history

    bench_history(World, pss)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("what", nargs="*")
    options = parser.parse_args()
    os.environ["LATCHKEY_BUILD_DIR"] = os.path.abspath(options.build)
    from world import World
    cpu = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo", encoding="utf-8").read())
    print(f"{os.cpu_count()} × {cpu.group(1) if cpu else 'CPU'}")
    parts = {"token": bench_token, "memory": bench_memory, "classify": bench_classify,
             "renewals": bench_renewals, "history": bench_million_lines, "idle": bench_idle, "window": bench_window}
    for name in options.what or list(parts):
        if name == "window" and "DISPLAY" not in os.environ and len(options.what) != 1:
            subprocess.run([sys.executable, os.path.abspath(__file__), "--build", options.build,
                            "window"], check=False)
        else:
            parts[name](World)


if __name__ == "__main__":
    main()
