#!/usr/bin/python3
"""`far cancel`: a request is given up by an operator, wherever it is, and who asked hears of it.

test_cli_cancel.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import os
import signal

import programs
from fleet_world import DONE, FAILED, NOBODY, USAGE, FarError, Peer, fails, name_of, probe, show, start, wait_workers
from test_cli_where import call_directly, where


def cancel(world, name):
    result = world.far("cancel", name)
    assert result.code == DONE and not result.out and not result.err, result


def ends(request, *texts):
    """With an error that says this."""
    try:
        request.wait(60)
    except FarError as error:
        assert all(text in str(error) for text in texts), error
    else:
        raise AssertionError("it has a result")


def begun(world, peer):
    """A call that a worker runs until it is cancelled."""
    signs = []
    request = peer.call(probe(world, peer).until_cancelled, (lambda: signs.append(True),), {})
    peer.loop.until(lambda: signs, 60, "the method to begin")
    return request


def test_what_waits_in_a_fleet_is_taken_out(world):
    start(world)
    wait_workers(world, 1)
    peer = Peer(world.endpoint)
    first = begun(world, peer)
    second = peer.call(probe(world, peer).echo, (1,), {})
    third = peer.call(probe(world, peer).echo, (2,), {})
    world.wait_until("both to wait", lambda: show(world)["waiting"] == 2)
    cancel(world, name_of(peer, second))
    ends(second, "Cancelled")
    cancel(world, name_of(peer, first))
    ends(first, "GaveUp", "cancelled in the middle")
    assert third.wait(60) == 2
    peer.bye()


def test_what_is_inside_a_pipeline(world):
    start(world)
    wait_workers(world, 1)
    peer = Peer(world.endpoint)
    first = begun(world, peer)
    line = peer.process(peer.broker).broker.pipelines.open("probe.echo @ work | probe.echo @ nobody", "line", 2)
    pushed = peer.call(peer.process(line).any.thing, (3,), {})
    world.wait_until("it to wait at the stage", lambda: len(where(world, name_of(peer, pushed))) == 2)
    cancel(world, name_of(peer, pushed))
    ends(pushed, "Cancelled")
    world.wait_until("the fleet to have it no more", lambda: show(world)["waiting"] == 0)
    cancel(world, name_of(peer, first))
    ends(first, "GaveUp")
    peer.bye()


def test_from_process_to_process(world):
    """The broker keeps nothing of it: who asked says whom."""
    world.broker()
    host = world.start(world.actor_program, "--name", "host", "--module", world.module("probe"), "--broker",
                       world.endpoint, "--threads", "1")
    first, _, _ = call_directly(world, "probe.busy", "600000")
    second, id, name = call_directly(world, "probe.echo", "1")
    result = world.far("cancel", name, "--json")
    assert result.code == DONE and result.json == {"cancelled": name}, result
    second.wait_line("Cancelled: cancelled before it was run")
    assert second.wait() == FAILED
    fails(world.far("cancel", f"{id}/1"), NOBODY, "is down: nobody waits for what it asked")
    os.kill(host.pid, signal.SIGKILL)
    assert host.wait() == -signal.SIGKILL and first.wait() == NOBODY
    world.running.remove(host)


def test_what_is_no_request(world):
    world.broker()
    fails(world.far("cancel", "42"), USAGE, "'42' is no request: expected PROCESS/NUMBER")
    fails(world.far("cancel", "nobody/42", wait=("--wait", "0")), NOBODY, "no process has the name 'nobody'")
    peer = Peer(world.endpoint, name="me")
    broker = peer.process(peer.broker).broker
    for wrong, text in (((peer.id, 0), "a call that wants no answer has no ID"), ((peer.id, 99), "is in no fleet"),
                        ((peer.id + 99, 1), "there has never been a process"), ((peer.id, 99, peer.id + 99), "is not there")):
        ends(peer.call(broker.cancel, wrong, {}), text)
    peer.bye()


if __name__ == "__main__":
    programs.main(globals())
