#!/usr/bin/python3
"""`far where`: each place that a request can be in, and each reason for which it can wait there, in both forms.

test_cli_where.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import os
import re
import signal

import programs
from fleet_world import (DONE, FAILED, NOBODY, USAGE, FarError, Peer, fails, fleet, name_of, probe, run_one, show,
                         start, stop_one, wait_workers)
from farwire import CALL, DELAY_FIELD, IDEMPOTENT, KEY_FIELD  # which is found from here on


def where(world, name):
    """Each place as a map, from the outside in."""
    result = world.far("where", name, "--json")
    assert result.code == DONE and not result.err, result
    return result.json


def one(world, name, /, **expected):
    """The only place, of which so much is expected."""
    place, = where(world, name)
    assert expected.items() <= place.items(), (expected, place)
    assert place["id"] == name, place
    return place


def says(world, name, *patterns):
    """The sentences for people; each of them is found in a line of its own."""
    result = world.far("where", name)
    assert result.code == DONE and not result.err, result
    lines = result.out.splitlines()
    assert len(lines) == len(patterns) and all(map(re.search, patterns, lines)), (patterns, lines)


def ask(peer, party, path, *arguments, fields=(), **more):
    """A CALL with fields of its own."""
    request = peer._new_request(party)
    message = peer.message(CALL, party, [None, path, list(arguments)], request.id, **more)
    message.fields = list(message.fields) + list(fields)
    peer.send(message)
    return request


def waits(world, why, name, /, **more):
    """It waits for this reason, as soon as it has come."""
    def there():
        result = world.far("where", name, "--json")
        return result.code == DONE and result.json[0].get("why") == why
    world.wait_until(f"it to wait: {why}", there)
    return one(world, name, **{"in": "fleet", "name": "work", "state": "waiting", **more})


SINCE = r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(\d+\.\d s\)"


def test_running_in_a_worker(world):
    start(world)
    peer = Peer(world.endpoint)
    worker, = wait_workers(world, 1)
    request = run_one(world, peer)
    name = name_of(peer, request)
    member, = show(world)["members"]
    place = one(world, name, call="probe.busy(600000)", state="running", pid=worker, worker=member["id"], deaths=0,
                given_up=False, caller=name.partition("/")[0], **{"in": "fleet"})
    assert place["process"] in ("running", "sleeping") and "$time" in place["since"], place
    programs.stop(worker)
    world.wait_until("it to stop", lambda: where(world, name)[0]["process"] == "stopped")
    says(world, name, rf"^{name}, probe\.busy\(600000\)$",
         rf"^  fleet work: runs {SINCE} in {member['id']} \(pid {worker}, stopped\)$")
    peer.cancel(request)
    world.wait_until("it to be given up", lambda: where(world, name)[0]["given_up"])
    says(world, name, "busy", "; its worker was asked to give it up$")
    os.kill(worker, signal.SIGKILL)
    peer.bye()


def test_why_it_waits(world):
    start(world)
    peer = Peer(world.endpoint)
    worker, first = stop_one(world, peer)
    echo = probe(world, peer).echo
    names = [name_of(peer, peer.call(echo, (number,), {})) for number in range(3)]
    waits(world, "busy", names[2], before=2, call="probe.echo(2)")
    one(world, names[0], before=0)
    says(world, names[2], "", rf"^  fleet work: waits {SINCE}, behind 2: all that could take it have enough$")
    fleet(world, "pause", "work")
    waits(world, "paused", names[1], before=1)
    fleet(world, "resume", "work")
    late = ask(peer, peer.find("work"), "probe.echo", 7, fields=[(DELAY_FIELD, (3600000,))])
    assert "$time" in waits(world, "delayed", name_of(peer, late), before=0)["until"]
    says(world, name_of(peer, late), "", r": it is not to be begun before \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
    os.kill(worker, signal.SIGCONT)
    assert first.wait(60) == 5
    peer.bye()


def test_it_waits_for_the_worker_of_its_key(world):
    start(world, workers=2)
    peer, party = Peer(world.endpoint), None
    party = peer.find("work", 60000)
    pid = ask(peer, party, "probe.pid", fields=[(KEY_FIELD, (7,))]).wait(60)
    programs.stop(pid)
    ask(peer, party, "probe.echo", 1, fields=[(KEY_FIELD, (7,))])
    second = ask(peer, party, "probe.echo", 2, fields=[(KEY_FIELD, (7,))])
    waits(world, "key", name_of(peer, second), before=0, pid=pid, process="stopped")
    says(world, name_of(peer, second), "", rf": it waits for the worker that has its key, \S+ \(pid {pid}, stopped\)$")
    os.kill(pid, signal.SIGCONT)
    assert second.wait(60) == 2
    peer.bye()


def test_no_worker_drained_and_backing_off(world):
    start(world, backoff_ms=3600000, attempts=3)
    peer = Peer(world.endpoint)
    request = ask(peer, peer.find("work", 60000), "probe.busy", 600000, flags=IDEMPOTENT)
    world.wait_until("the call to run", lambda: show(world)["running"])
    os.kill(wait_workers(world, 1)[0], signal.SIGKILL)
    place = waits(world, "backoff", name_of(peer, request), deaths=1)
    assert "$time" in place["until"], place
    says(world, name_of(peer, request), "", r"not to be begun again before \S+ \S+; 1 died of it before$")
    fleet(world, "drain", "work")
    other = peer.call(probe(world, peer).echo, (1,), {})
    waits(world, "drained", name_of(peer, other), before=0)
    fleet(world, "scale", "work", "0")
    fleet(world, "resume", "work")
    waits(world, "no worker", name_of(peer, other), before=0)
    peer.bye()


def test_dead(world):
    start(world, poison=1)
    peer = Peer(world.endpoint)
    request = run_one(world, peer)
    os.kill(wait_workers(world, 1)[0], signal.SIGKILL)
    try:
        request.wait(60)
    except FarError:
        pass
    one(world, name_of(peer, request), state="dead", number=1, name="work")
    says(world, name_of(peer, request), "busy", rf"^  fleet work: is on the dead list as number 1 {SINCE}: .*signal 9")
    assert fleet(world, "dead", "work")[0]["id"] == name_of(peer, request)
    peer.bye()


def test_in_a_pipeline_and_the_fleet_of_its_stage(world):
    start(world)
    peer = Peer(world.endpoint)
    worker, first = stop_one(world, peer)
    line = peer.process(peer.broker).broker.pipelines.open("probe.echo @ work | probe.echo @ later", "line", 2)
    pushed = ask(peer, line, "", 3)
    world.wait_until("it to wait at the stage", lambda: len(where(world, name_of(peer, pushed))) == 2)
    outer, inner = where(world, name_of(peer, pushed))
    assert outer["in"] == "pipeline" and outer["name"] == "line" and outer["state"] == "running", outer
    assert (outer["stage"], outer["path"], outer["at"], outer["input"]) == (1, "probe.echo", "work", 1), outer
    assert inner["in"] == "fleet" and inner["state"] == "waiting" and inner["why"] == "busy", inner
    says(world, name_of(peer, pushed), "", r"^  input 1, at stage 1 \(probe\.echo @ work\) of pipeline line: runs " + SINCE + "$",
         r"/1, probe\.echo\(3\)$", r"^  fleet work: waits")
    os.kill(worker, signal.SIGCONT)
    world.wait_until("it to be at the next stage", lambda: where(world, name_of(peer, pushed))[0]["stage"] == 2)
    one(world, name_of(peer, pushed), state="waiting", why="nobody", before=0)
    says(world, name_of(peer, pushed), "", rf"line: waits {SINCE}, behind 0: nobody has that name$")
    assert first.wait(60) == 5
    world.start(world.actor_program, "--name", "later", "--module", world.module("probe"), "--broker", world.endpoint)
    assert pushed.wait(60) == 3
    peer.bye()


def test_parked_for_a_process_that_takes_nothing(world):
    world.broker()
    host = world.host("host", "probe")
    peer, flood = Peer(world.endpoint), Peer(world.endpoint)
    echo = peer.process(peer.find("host", 60000)).probe.echo
    programs.stop(host.pid)
    flood.obeys = False  # who waits for credit does not send so much
    stats, too_many = flood.process(flood.broker).broker.stats, flood.process(echo._owner).probe.echo
    while not stats()["parked_messages"]:
        flood.call_off(too_many, b"x" * 1000000)
    request = peer.call(echo, (6,), {})
    world.wait_until("it to be parked", lambda: world.far("where", name_of(peer, request)).code == DONE)
    place = one(world, name_of(peer, request), state="parked", name="host", pid=host.pid, process="stopped",
                call="probe.echo(6)", **{"in": "process"})
    assert place["before"] >= 1 and "$time" in place["since"], place
    says(world, name_of(peer, request), r", probe\.echo\(6\)$",
         rf"^  waits in the broker {SINCE}, behind \d+: nothing is taken by host \(.*, pid {host.pid}, stopped\)$")
    os.kill(host.pid, signal.SIGCONT)
    assert request.wait(60) == 6
    flood.bye()
    peer.bye()


def test_who_waits_for_whom(world):
    """A method that serves nothing while it waits says so: the broker follows it to who is stopped."""
    world.broker()
    world.start(world.actor_program, "--name", "first", "--module", world.module("probe"), "--broker", world.endpoint,
                "--reentrancy", "queue")
    last = world.host("last", "probe")
    peer = Peer(world.endpoint)
    callee = peer.process(peer.find("last", 60000)).probe.echo
    call = peer.process(peer.find("first", 60000)).probe.call
    programs.stop(last.pid)
    request = peer.call(call, (callee, 1), {})
    held = world.wait_until("it to be waited for", lambda: held_by(world, peer, "first"))
    one(world, held, state="sent", name="last", pid=last.pid, process="stopped", **{"in": "process"})
    says(world, held, "", rf"^  was sent to last \(.*, pid {last.pid}, stopped\)$")
    os.kill(last.pid, signal.SIGCONT)
    assert request.wait(60) == 1
    peer.bye()


def held_by(world, peer, name):
    """The request that a process of this name waits for, if it does: among the few that it has made."""
    for number in range(1, 20):
        result = world.far("where", f"{name}/{number}")
        if result.code == DONE:
            return result.out.split()[0]
    return None


def call_directly(world, *words):
    """A process that waits for an answer of `host`, and what its request is called."""
    far = world.start(world.far_program, "call", "--broker", world.endpoint, "--timeout", "forever", "host", *words)
    id = world.wait_until("it", lambda: [row["id"] for row in world.processes() if row["pid"] == far.pid])[0]
    return far, id, world.wait_until("its call", lambda: next(
        (f"{id}/{number}" for number in range(1, 10) if call_of(world, f"{id}/{number}") == words[0]), None))


def call_of(world, name):
    result = world.far("where", name, "--json")
    return result.json[0].get("call") if result.code == DONE else None


def test_from_process_to_process(world):
    """Who asked says whom it has asked; who was asked says that it runs it."""
    world.broker()
    host = world.start(world.actor_program, "--name", "host", "--module", world.module("probe"), "--broker",
                       world.endpoint, "--threads", "2")
    far, id, name = call_directly(world, "probe.busy", "600000")
    world.wait_until("it to run", lambda: where(world, name)[0]["state"] == "running")
    one(world, name, call="probe.busy", name="host", pid=host.pid, caller=id, **{"in": "process"})
    says(world, name, rf"^{name}, probe\.busy$", rf"^  runs in host \(.*, pid {host.pid}, (running|sleeping)\)$")
    fails(world.far("where", f"{id}/99"), FAILED, "NoSuchAttribute: it has been answered, or was never asked")
    os.kill(host.pid, signal.SIGKILL)
    assert host.wait() == -signal.SIGKILL and far.wait() == NOBODY
    world.running.remove(host)


def test_a_process_that_does_not_say(world):
    world.broker()
    host = world.host("host", "probe")
    far, id, name = call_directly(world, "probe.busy", "600000")
    one(world, name, state="sent", silent=True, pid=host.pid)
    programs.stop(host.pid)
    world.wait_until("it to stop", lambda: where(world, name)[0]["process"] == "stopped")
    says(world, name, "", rf"^  was sent to host \(.*, pid {host.pid}, stopped\), which does not say what it does with it")
    programs.stop(far.pid)
    fails(world.far("where", name), FAILED, "Timeout: the broker does not have it, and who asked does not say")
    os.kill(far.pid, signal.SIGCONT)
    os.kill(host.pid, signal.SIGKILL)
    assert host.wait() == -signal.SIGKILL and far.wait() == NOBODY
    world.running.remove(host)


def test_unknown_ones(world):
    start(world)
    peer = Peer(world.endpoint)
    fails(world.far("where", f"{name_of(peer, run_one(world, peer))}9"), FAILED,
          "Timeout: the broker does not have it, and who asked does not say")
    gone = Peer(world.endpoint)
    request = run_one(world, gone)
    name = name_of(gone, request)
    gone.bye()
    fails(world.far("where", "00000001:17/42"), NOBODY, "there has never been a process 00000001:17 here")
    fails(world.far("where", "nobody/42", wait=["--wait", "0"]), NOBODY, "nobody: NoSuchProcess")
    for word in ("42", "/42", "host/", "host/0", "host/-1", "host/x", "host/42x", "host/99999999999999999999"):
        fails(world.far("where", word), USAGE, f"'{word}' is no request: expected PROCESS/NUMBER")
    world.wait_until("the end of what nobody waits for", lambda: world.far("where", name).code in (DONE, NOBODY))
    for worker in wait_workers(world, 1):
        os.kill(worker, signal.SIGKILL)
    world.wait_until("nobody to know of it", lambda: world.far("where", name).code == NOBODY)
    fails(world.far("where", name), NOBODY, "is down: nobody waits for what it asked")
    peer.bye()


if __name__ == "__main__":
    programs.main(globals())
