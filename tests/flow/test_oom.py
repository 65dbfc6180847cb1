#!/usr/bin/python3
"""The kernel's out-of-memory killer as the cause of a worker's and a child's end, and a limit that might have been one.

A broker with its workers is put into a cgroup of little memory, where that can be made: by root, with the controller of
memory. Elsewhere those tests say that they were left out.

test_oom.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import contextlib
import os
import sys
import time
from pathlib import Path

import programs
from test_supervise import probe, running, start, wait_workers, write

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peer"))
from farpeer import FarError, Peer

LIMIT_BYTES = 400 << 20  # sanitizers take some


def hierarchy():
    """The uppermost cgroup that has memory's controller, and how its files are called: or None."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        words, kind = line.split(" - ")[0].split(), line.split(" - ")[1].split()
        if kind[0] == "cgroup" and "memory" in kind[2].split(","):
            return Path(words[4]), "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", str(LIMIT_BYTES)
        subtree = Path(words[4]) / "cgroup.subtree_control"
        if kind[0] == "cgroup2" and subtree.exists() and "memory" in subtree.read_text().split():
            return Path(words[4]), "memory.max", "memory.swap.max", "0"
    return None


@contextlib.contextmanager
def little_memory():
    """A cgroup of LIMIT_BYTES without swap; None where none can be made."""
    found, group = hierarchy(), None
    if found and os.access(found[0], os.W_OK):
        top, limit, swap_limit, swap = found
        group = top / f"farcall-test-{os.getpid()}"
        group.mkdir()
        (group / limit).write_text(str(LIMIT_BYTES))
        with contextlib.suppress(OSError):  # not there without swap accounting
            (group / swap_limit).write_text(swap)
    else:
        print("no cgroup of memory can be made here: left out", flush=True)
    try:
        yield group
    finally:
        while group and group.exists():
            with contextlib.suppress(OSError):  # the last of its processes is still on its way out
                group.rmdir()
            time.sleep(0.01)


def start_in(world, group, *fleets):
    """A broker that lives in the cgroup, and so do its workers."""
    config = write(world, *fleets)
    script = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
    broker = world.start("/bin/sh", "-c", script, str(group), world.broker_program, "--bind", world.endpoint,
                         "--log-level", "info", "--config", str(config))
    broker.wait_line("^listening")
    return broker


def hungry(world, **more):
    return {"name": "work", "modules": f"{world.module('hungry')}, {world.module('probe')}", "restart_ms": 0,
            "restarts": 0, **more}


def module(world, peer):
    return peer.process(peer.find("work", 60000)).hungry


def error_of(request):
    try:
        request.wait(60)
    except FarError as error:
        return str(error)
    raise AssertionError("it has a result")


def test_a_worker_that_is_killed_for_memory(world):
    with little_memory() as group:
        if not group:
            return
        broker = start_in(world, group, hungry(world))
        victim, = wait_workers(world, 1)
        peer = Peer(world.endpoint)
        error = error_of(peer.call(module(world, peer).eat, (), {}))
        assert "PeerDied" in error and "(signal 9 (Killed), out of memory)" in error, error
        broker.wait_line(f"worker {victim} has ended: signal 9 \\(Killed\\), out of memory$")
        # Of the same cgroup; that its kill was not for memory is known because the other one is explained.
        victim, = wait_workers(world, 1, but=[victim])
        request = peer.call(probe(world, peer).busy, (60000,), {})
        world.wait_until("the call to run", lambda: running(peer) == 1)
        os.kill(victim, 9)
        error = error_of(request)
        assert "signal 9 (Killed)" in error and "memory" not in error, error
        peer.bye()
        assert broker.end() == 0


def test_a_child_that_is_killed_for_memory(world):
    with little_memory() as group:
        if not group:
            return
        broker = start_in(world, group, hungry(world))
        wait_workers(world, 1)
        peer = Peer(world.endpoint)
        run = module(world, peer).run
        assert run("exec tail /dev/zero") == "signal 9 (Killed), out of memory"
        assert run("kill -KILL $$") == "signal 9 (Killed)"
        peer.bye()
        assert broker.end() == 0


def test_a_limit_is_named_where_it_may_be_the_cause(world):
    # Not the worker itself: sanitizers need more address space than there is.
    broker = start(world, {"name": "small", "command": "kill -ABRT $$", "limit": ["data=900000000", "as=800000000"],
                           "restarts": 1, "rest_ms": 600000},
                   {"name": "ended", "command": "exit 0", "limit": "as=800000000", "restarts": 1, "rest_ms": 600000},
                   {"name": "busy", "command": "while :; do :; done", "limit": "cpu=1", "restarts": 1,
                    "rest_ms": 600000})
    broker.wait_line("fleet small: worker [0-9]+ has ended: signal 6 \\(Aborted\\)(, core dumped)?, under a limit of "
                     "800000000 bytes of memory$")
    broker.wait_line("fleet ended: worker [0-9]+ has ended: exit code 0$")
    broker.wait_line("fleet busy: worker [0-9]+ has ended: signal 9 \\(Killed\\), under a limit of 1 s of CPU$")


if __name__ == "__main__":
    programs.main(globals())
