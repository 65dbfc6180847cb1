"""Pipelines: Python as their stages and as who pushes (section 9)."""

import signal

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
    greedy = world.peer()  # each pusher has credit for one, and this one sends another
    greedy.obeys = False
    first = ask(greedy, line, "", "y")
    raises("Overloaded", ask(greedy, line, "", "y").wait)
    greedy.cancel(first)
    raises("Cancelled", first.wait)
    other.cancel(request)
    raises("Cancelled", request.wait)
    raises("Timeout", ask(me, line, "", "z", time_left=20).wait)
    raises("Denied", pipelines_of(other).close, line)
    raises("BadArguments", pipelines_of(me).open, "no stage")
    request = ask(other, line, "", "x")
    world.until(lambda: pipelines_of(other).list()[0]["inside"] == 1, "the push")
    me.cut()
    raises("Closed", request.wait)


def test_who_pushed_is_gone_when_the_results_come(world):
    """The broker is stopped meanwhile, so that it hears of both at once. The last stage is a fleet: what it answers goes
    from one resident to another before it would go to who pushed."""
    me = world.peer()
    worker_of_it, log = silent(world, "worker")
    fleet = worker_of_it.process(BROKER).broker.fleets.join("crew", 8)
    line = pipelines_of(me).open("stages.length @ crew", "line")
    for count in range(8, 80, 8):
        pusher = world.peer()
        for _ in range(8):
            ask(pusher, line, "", "x")
        world.until(lambda: len(log) == count, "the calls")
        world.broker.send_signal(signal.SIGSTOP)
        pusher.cut()
        for message in log[-8:]:
            worker_of_it.send(Message(RESULT, fleet, message.request, pack_body(1)))
        world.broker.send_signal(signal.SIGCONT)
    assert pipelines_of(me).list()[0]["pushed"] == 72


class Sink:
    """Hears of what failed, and gives something in its place."""

    def __init__(self):
        self.log = []

    def note(self, stage, number, error, arguments):
        self.log.append((stage, number, error, arguments))
        if not arguments[0]:
            return -1
        raise ValueError("not mine")


def test_pipeline_sink(world):
    me, sink = world.peer(), Sink()
    desk = world.peer("desk", say_hello=False)
    desk.modules["sink"] = sink
    desk.hello()
    host(world, "one")
    line = pipelines_of(me).open("stages.join @ one | stages.length @ one", "line", 9, "sink.note @ desk most=1")
    assert me.process(line).push("a") == 1 and me.process(line).push("") == -1
    ((stage, number, error, arguments),) = sink.log
    assert (stage, number, arguments) == (2, 2, [""]) and set(error) == {"kind", "class", "message", "text"}
    assert error["kind"] == "Raised" and error["class"] == "KeyError" and "empty" in error["message"]
    assert "stage 2 (stages.length @ one), input 2" in error["text"]
    error = raises("Raised", me.process(line).push, 7)
    assert error.error_class == "TypeError" and sink.log[1][:2] == (1, 3) and sink.log[1][3] == [7]
    shown = pipelines_of(me).show("line")
    assert (shown["done"], shown["failed"]) == (1, 2) and shown["errors"]["at"] == "desk"
    assert (shown["errors"]["done"], shown["errors"]["failed"], shown["errors"]["most"]) == (1, 1, 1)


def test_stage_settings(world):
    me = world.peer()
    open_line = pipelines_of(me).open
    for text, said in [("a @ x most=0", "stage 1: most = '0': expected an integer from 1 to 4096"),
                       ("a @ x | b @ y pause_ms=", "stage 2: pause_ms = ''"), ("a @ x fast", "'fast' is no setting")]:
        assert said in str(raises("BadArguments", open_line, text))
    assert "errors: expected" in str(raises("BadArguments", open_line, "a @ x", "", 1, "nobody"))
    peer, log = silent(world, "one")
    open_line("stages.length @ one timeout_ms=100 attempts=1 most=2", "line")
    requests = [ask(me, me.find("line"), "", "x") for _ in range(3)]
    world.until(lambda: len([message for message in log if message.type == CALL]) == 2, "two of them")
    assert 0 < log[0].time_left <= 100
    for request in requests:
        assert "100 ms" in str(raises("Timeout", request.wait))
    (stage,) = pipelines_of(me).show("line")["stages"]
    assert [stage[key] for key in ("attempts", "pause_ms", "most", "timeout_ms")] == [1, 20, 2, 100]


def test_stages_answer_once_and_for_themselves(world):
    """What a stage says of another one's input, twice, or too late changes nothing."""
    me = world.peer()
    one, asked = silent(world, "one")
    two, _ = silent(world, "two")
    line = pipelines_of(me).open("a.b @ one timeout_ms=60000 | a.b @ two", "line")
    requests = [ask(me, line, "", "x") for _ in range(2)]

    def calls(log):
        return [message for message in log if message.type == CALL]

    def shown(stage, key):
        return pipelines_of(me).show("line")["stages"][stage][key]

    world.until(lambda: len(calls(asked)) == 2, "both inputs")
    first, second = calls(asked)
    for number in (first.request, second.request, 0, 2**40):
        two.send(Message(RESULT, line, number, pack_body("forged")))
    two.process(BROKER).broker.find("line")
    assert shown(0, "running") == 2 and shown(1, "entered") == 0
    for _ in range(3):
        one.send(Message(RESULT, line, first.request, pack_body("once")))
    one.process(BROKER).broker.find("line")
    assert shown(0, "done") == 1 and shown(1, "entered") == 1
    me.cancel(requests[1])
    raises("Cancelled", requests[1].wait)
    one.send(Message(RESULT, line, second.request, pack_body("late")))
    one.process(BROKER).broker.find("line")
    assert (shown(0, "done"), shown(0, "failed"), shown(1, "entered")) == (1, 1, 1)
    two.cut()
    host(world, "two")
    raises("NoSuchModule", requests[0].wait)
    assert pipelines_of(me).list()[0]["inside"] == 0


def test_pipeline_ended_by_name(world):
    me, other = world.peer(), world.peer()
    line = pipelines_of(me).open("stages.length @ nobody", "line")
    request = ask(me, line, "", "x")
    world.until(lambda: pipelines_of(other).list()[0]["inside"] == 1, "the push")
    raises("NoSuchProcess", pipelines_of(other).end, "nobody")
    pipelines_of(other).end("line")
    raises("Closed", request.wait)
    world.until(lambda: pipelines_of(other).list() == [], "its end")
