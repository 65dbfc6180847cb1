#!/usr/bin/python3
"""Fleets of the configuration: their workers are started, watched, replaced, drained, and never left behind.

test_supervise.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import os
import signal
import sys
import threading
from pathlib import Path

import programs

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peer"))
from farpeer import FarError, Peer


def write(world, *fleets, **more):
    """The configuration file, a dict for each fleet; a list is a key several times."""
    text = "".join(f"{key} = \"{value}\"\n" for key, value in more.items())
    for fleet in fleets:
        text += "fleet\n"
        for key, value in fleet.items():
            for one in value if isinstance(value, list) else [value]:
                text += f"    {key} = \"{one}\"\n"
    path = world.folder / "conf"
    path.write_text(text)
    return path


def start(world, *fleets, under=()):
    broker = world.start(*under, world.broker_program, "--bind", world.endpoint, "--log-level", "info", "--config",
                         str(write(world, *fleets)))
    broker.wait_line("^listening")
    return broker


def fleet(world, **more):
    return {"name": "work", "modules": world.module("probe"), "restart_ms": 0, "restarts": 0, **more}


def workers(world, name="work"):
    return [process["pid"] for process in world.processes() if process["program"] == "far-actor"]


def wait_workers(world, count, but=()):
    def there():
        found = workers(world)
        return found if len(found) == count and not set(found) & set(but) else None
    return world.wait_until(f"{count} workers", there)


def probe(world, peer):
    return peer.process(peer.find("work", 60000)).probe


def is_there(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_workers_are_there_and_replaced(world):
    broker = start(world, fleet(world, workers=2))
    before = wait_workers(world, 2)
    peer = Peer(world.endpoint)
    assert probe(world, peer).pid() in before
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    after = wait_workers(world, 2, but=before)
    assert probe(world, peer).pid() in after
    for pid in before:
        broker.wait_line(f"worker {pid} has ended: signal 9 \\(Killed\\)")
    peer.bye()


def test_the_cause_is_in_the_error(world):
    start(world, fleet(world, workers=1))
    victim, = wait_workers(world, 1)
    peer = Peer(world.endpoint)
    request = peer.call(probe(world, peer).busy, (60000,), {})
    world.wait_until("the call to run", lambda: running(peer) == 1)
    os.kill(victim, signal.SIGKILL)
    try:
        request.wait(60)
    except FarError as error:
        assert "PeerDied" in str(error) and "signal 9 (Killed)" in str(error) and "unknown" in str(error), error
    else:
        raise AssertionError("it has a result")
    peer.bye()


def test_who_goes_on_with_what_was_given_up_is_killed(world):
    broker = start(world, fleet(world, workers=1, kill_ms=50))
    victim, = wait_workers(world, 1)
    peer = Peer(world.endpoint)
    begun = []
    request = peer.call(probe(world, peer).busy, (600000, lambda: begun.append(True)), {})
    peer.loop.until(lambda: begun, 60, "the method to begin") # before that it could still be taken out
    peer.cancel(request)
    broker.wait_line(f"fleet work: worker {victim} is killed")
    after, = wait_workers(world, 1, but=[victim])
    assert probe(world, peer).pid() == after
    peer.bye()


def running(peer):
    return peer.process(peer.broker).broker.fleets.show("work")["running"]


def test_lines_are_logged_and_the_environment_is_set(world):
    script = (f"echo in $PWD $WORD $FAR_FLEET $FAR_SLOTS; ulimit -n; echo trouble >&2; "
              f"exec {world.actor_program} --fleet work --module {world.module('probe')}")
    broker = start(world, {"name": "work", "command": script, "directory": "/usr", "environment": ["WORD=said", "FAR_SLOTS=own"],
                           "limit": "nofile=77"})
    pid, = wait_workers(world, 1)
    broker.wait_line(f"fleet work, worker {pid}: in /usr said work own")
    broker.wait_line(f"fleet work, worker {pid}: 77")
    broker.wait_line(f"fleet work, worker {pid} stderr: trouble")


def test_what_can_not_be_started_is_told(world):
    broker = start(world, {"name": "broken", "command": "exit 3", "restart_ms": 0, "restarts": 3, "rest_ms": 600000},
                   {"name": "nowhere", "command": "sleep 1000", "directory": "/no/such/place", "restarts": 1})
    broker.wait_line("fleet broken: worker [0-9]+ has ended: exit code 3")
    broker.wait_line("fleet broken: too many workers have ended: none is started for 600 s")
    broker.wait_line("fleet nowhere: its worker can't be started: /no/such/place: No such file or directory")
    assert world.processes() is not None


def test_the_number_follows_the_queue(world):
    start(world, fleet(world, workers="1..3", idle_ms=300))
    wait_workers(world, 1)
    peer = Peer(world.endpoint)
    busy = [peer.call(probe(world, peer).busy, (100,), {}) for _ in range(30)]
    wait_workers(world, 3)
    for request in busy:
        assert request.wait(60) == 100
    wait_workers(world, 1)
    peer.bye()


def test_a_reload_loses_nothing(world):
    broker = start(world, fleet(world, workers=2))
    before = wait_workers(world, 2)
    peer = Peer(world.endpoint)
    echo, done, wrong, generation = probe(world, peer).echo, 0, [], before
    for round in range(3):
        write(world, fleet(world, workers=2, slots=2 + round))
        broker.process.send_signal(signal.SIGHUP)
        while True:
            requests = [(number, peer.call(echo, (number,), {})) for number in range(done, done + 20)]
            for number, request in requests:
                if request.wait(60) != number:
                    wrong.append(number)
            done += 20
            now = workers(world)
            if len(now) == 2 and not set(now) & set(generation):
                generation = now
                break
    assert not wrong
    for pid in before:
        world.wait_until(f"the end of {pid}", lambda: not is_there(pid))
    broker.wait_line("reloaded")
    peer.bye()


def test_a_wrong_reload_changes_nothing(world):
    broker = start(world, fleet(world, workers=1))
    before = wait_workers(world, 1)
    (world.folder / "conf").write_text("fleet\n    name = work\n    workers = none\n")
    broker.process.send_signal(signal.SIGHUP)
    broker.wait_line("not reloaded: .*conf, line 3: workers = 'none'")
    taken = Peer(world.endpoint, "taken")
    write(world, fleet(world, workers=2, queue_requests=7), {"name": "taken", "command": "sleep 86400"})
    broker.process.send_signal(signal.SIGHUP)
    broker.wait_line("not reloaded: .*the name 'taken' is that of process")
    assert taken.process(taken.broker).broker.fleets.show("work")["settings"]["queue_requests"] > 7
    assert workers(world) == before
    taken.bye()


def test_a_fleet_that_is_not_named_any_more_ends(world):
    broker = start(world, fleet(world, workers=2))
    before = wait_workers(world, 2)
    write(world)
    broker.process.send_signal(signal.SIGHUP)
    for pid in before:
        world.wait_until(f"the end of {pid}", lambda: not is_there(pid))
    assert workers(world) == []


def test_the_broker_stops_its_workers(world):
    broker = start(world, fleet(world, workers=2, grace_ms=60000))
    before = wait_workers(world, 2)
    assert broker.end() == 0
    assert not [pid for pid in before if is_there(pid)]
    for pid in before:
        assert any(f"worker {pid} has ended: exit code 0" in line for line in broker.lines), broker.lines


def test_who_does_not_listen_is_killed(world):
    broker = start(world, {"name": "deaf", "command": "trap '' TERM; echo ready; while :; do sleep 0.05; done",
                           "grace_ms": 100})
    broker.wait_line("ready")
    assert broker.end() == 0
    assert any("has ended: signal 9" in line for line in broker.lines), broker.lines


def test_a_worker_that_never_stops_writing_holds_nobody_up(world):
    broker = start(world, {"name": "loud", "command": "exec yes"})
    broker.wait_line("fleet loud, worker [0-9]+: y")
    peer = Peer(world.endpoint)
    assert peer.process(peer.broker).broker.fleets.show("loud")["workers"] == 0
    peer.bye()
    assert broker.end() == 0


def test_what_a_worker_leaves_behind_ends_with_it(world):
    broker = start(world, {"name": "parent", "command": "sleep 86400 & echo left $!; exit 0", "restart_ms": 60000})
    line = broker.wait_line("fleet parent, worker [0-9]+: left [0-9]+")
    broker.wait_line("fleet parent: worker [0-9]+ has ended: exit code 0")
    left = int(line.split()[-1])
    world.wait_until(f"the end of {left}", lambda: not is_there(left))


def test_without_descriptors_no_worker_is_started_and_the_broker_goes_on(world):
    """Each try fails at once, and none is waited for between two."""
    broker = start(world, {"name": "many", "command": "exec sleep 86400", "workers": 10, "restart_ms": 0,
                           "early_ms": 0, "restarts": 0}, under=("/bin/sh", "-c", 'ulimit -n 24; exec "$@"', "sh"))
    broker.wait_line("fleet many: can't start '/bin/sh': Too many open files")
    assert broker.end() == 0


def test_workers_do_not_outlive_the_broker(world):
    broker = start(world, fleet(world, workers=2))
    before = wait_workers(world, 2)
    broker.end(signal.SIGKILL)
    for pid in before:
        world.wait_until(f"the end of {pid}", lambda: not is_there(pid))


if __name__ == "__main__":
    programs.main(globals())
