# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to be there: wake-ups and processor time of agents that nobody asks anything."""

import contextlib
import os
import time

# After a start, until what is done once is done.
REST_S = 20


def threads(pid):
    return [os.path.join("/proc", str(pid), "task", name)
            for name in os.listdir(os.path.join("/proc", str(pid), "task"))]


def wakes(pid):
    """How often its threads went to sleep, so how often they were awake."""
    count = 0
    for thread in threads(pid):
        with open(os.path.join(thread, "status"), encoding="utf-8") as file:
            count += sum(int(line.split()[1]) for line in file
                         if line.startswith("voluntary_ctxt"))
    return count


def busy_ns(pid):
    """Nanoseconds on a processor."""
    total = 0
    for thread in threads(pid):
        with open(os.path.join(thread, "schedstat"), encoding="utf-8") as file:
            total += int(file.read().split()[0])
    return total


def bench_idle(World, add_connections, start_goa):
    """All of them in the same minutes, so that they had the same machine."""
    minutes = float(os.environ.get("LATCHKEY_BENCH_IDLE_MINUTES", "10"))
    with contextlib.ExitStack() as stack:
        pids = []
        for count in (1, 50):
            world = stack.enter_context(World(agent_env={"G_MESSAGES_DEBUG": ""}))
            add_connections(world, count, 7 * 86400)
            pids.append((f"latchkey-agent, {count} that live a week", world.owner_pid()))
        world, name = start_goa(stack)
        pids.append(("goa-daemon, no account", world.owner_pid(name)))
        time.sleep(REST_S)
        before = [(wakes(pid), busy_ns(pid)) for _, pid in pids]
        time.sleep(minutes * 60)
        print(f"\nIdle, {minutes:g} minutes, by the hour")
        for (name, pid), (woke, busy) in zip(pids, before):
            hours = minutes / 60
            print(f"  {name:<44} {(wakes(pid) - woke) / hours:6.0f} wake-ups "
                  f"{(busy_ns(pid) - busy) / hours / 1e6:8.1f} ms of a processor")
