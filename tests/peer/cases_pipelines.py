"""Pipelines: Python as their stages and as who pushes (section 9)."""

from cases_fleets import ask, worker
from farwire import *
from peerworld import raises


class Stages:
    """What a process of these cases hosts."""

    def __init__(self, log):
        self.log = log

    def join(self, *words, sep=" "):
        return sep.join(words)

    def length(self, text):
        self.log.append(text)
        if not text:
            raise KeyError("empty")
        return len(text)


def host(world, name):
    """What waits for the name is sent to it at once: the modules come first."""
    log = []
    peer = world.peer(name, say_hello=False)
    peer.modules["stages"] = Stages(log)
    peer.hello()
    return peer, log


def silent(world, name):
    """A process that answers nothing. It notes what it is asked."""
    log = []
    peer = world.peer(name, say_hello=False)
    take = peer._take
    peer._take = lambda message: log.append(message) if message.type in REQUESTS else take(message)
    peer.hello()
    return peer, log


def pipelines_of(peer):
    return peer.process(BROKER).broker.pipelines


def test_pipeline_passes_results_on(world):
    me = world.peer()
    host(world, "one")
    two, log = host(world, "two")
    worker(world)
    line = pipelines_of(me).open("stages.join @ one|stages.length @two | team.note @ team", "line")
    assert line & 0xffffffff >= 2**31 and me.find("line") == line
    assert ask(me, line, "", "a", "b").wait() == 3
    assert me.process(line).push("a", "b", sep="--") == 4 and log == ["a b", "a--b"]
    shown = pipelines_of(me).show("line")
    assert [stage["done"] for stage in shown["stages"]] == [2, 2, 2] and shown["inside"] == 0
    assert [stage["at"] for stage in shown["stages"]] == ["one", "two", "team"]
    for stage in shown["stages"]:
        assert 0 < stage["rate"] <= 2 and stage["waited"]["count"] == stage["worked"]["count"] == 2
        assert stage["worked"]["p50_ms"] <= stage["worked"]["p90_ms"] <= stage["worked"]["p99_ms"] <= stage["worked"]["worst_ms"]
    raises("Denied", me.import_module(line, "stages").wait)
    raises("Stale", me.ask(CALL, line, [5, "push"]).wait)
    error = raises("Raised", me.process(line).push, "")
    assert error.hops[-1][:3] == ["line", "", "stage 2 (stages.length @ two), input 3"]
    pipelines_of(me).close(line)
    world.until(lambda: pipelines_of(me).list() == [], "the end of the pipeline")
    raises("Closed", ask(me, line, "", "a").wait)


def test_stage_dies_and_comes_back(world):
    me = world.peer()
    processes = me.process(BROKER).broker.list
    line = pipelines_of(me).open("stages.length @ one", "", 2)
    saved, lost = ask(me, line, "", "saved"), None
    for attempt in range(9):
        dying, log = silent(world, "one")
        world.until(lambda: len(log) == 1, "the next attempt")
        assert log[0].flags & IDEMPOTENT
        dying.cut()
        world.until(lambda: not any(process["name"] == "one" for process in processes()), "its end")
        if attempt == 3:
            peer, log = host(world, "one")
            assert saved.wait() == 5 and log == ["saved"]
            peer.bye()
            lost = ask(me, line, "", "lost")
    raises("PeerDied", lost.wait)
    (shown,) = pipelines_of(me).list()
    assert (shown["pushed"], shown["done"], shown["failed"], shown["inside"]) == (2, 1, 1, 0)


def test_window_cancel_and_owner(world):
    me, other = world.peer(), world.peer()
    line = pipelines_of(me).open("stages.length @ nobody", "", 1)
    request = ask(other, line, "", "x")
    world.until(lambda: pipelines_of(other).list()[0]["inside"] == 1, "the push")
    raises("Overloaded", ask(me, line, "", "y").wait)
    other.cancel(request)
    raises("Cancelled", request.wait)
    raises("Timeout", ask(me, line, "", "z", time_left=20).wait)
    raises("Denied", pipelines_of(other).close, line)
    raises("BadArguments", pipelines_of(me).open, "no stage")
    request = ask(other, line, "", "x")
    world.until(lambda: pipelines_of(other).list()[0]["inside"] == 1, "the push")
    me.cut()
    raises("Closed", request.wait)


def test_pipeline_ended_by_name(world):
    me, other = world.peer(), world.peer()
    line = pipelines_of(me).open("stages.length @ nobody", "line")
    request = ask(me, line, "", "x")
    world.until(lambda: pipelines_of(other).list()[0]["inside"] == 1, "the push")
    raises("NoSuchProcess", pipelines_of(other).end, "nobody")
    pipelines_of(other).end("line")
    raises("Closed", request.wait)
    world.until(lambda: pipelines_of(other).list() == [], "its end")
