"""Deadlines both ways: what is over is not begun, what runs learns of it, and what it asks has no more time than it has itself
(section 3)."""

import time
import types

from cases_calls import host_and_me
from farkept import answer_of
from farwire import *
from peerworld import raises

LONG = 30000


def ask(me, party, path, *arguments, time_left=0, flags=0):
    """A CALL that its sender waits for longer than it says: who ends it is the callee."""
    request = me._new_request(party)
    me.send(me.message(CALL, party, [None, path, list(arguments)], request.id, time_left=time_left, flags=flags))
    return request


def check_nothing_late(me, party, occupy, note):
    """What waits in vain for a callee that is at work is answered at once, also where it waits for another's answer. occupy
    calls what it is given, and goes on until it is cancelled, or that returns.
    """
    ran, asked = [], []

    def meanwhile():
        for time_left in (1, 20):
            raises("Timeout", ask(me, party, note, lambda *_: ran.append(1), time_left=time_left).wait)
        first = ask(me, party, note, lambda *_: ran.append(2), flags=KEEP)
        raises("Timeout", ask(me, party, note, lambda *_: ran.append(3), answer_of(first), time_left=20).wait)
        late = ask(me, party, note, lambda *_: ran.append(4), time_left=20, flags=KEEP)
        behind = ask(me, party, note, lambda *_: ran.append(5), answer_of(late))
        raises("Timeout", late.wait)
        assert not busy.done and not ran
        asked.extend((first, behind))

    busy = ask(me, party, occupy, meanwhile)
    me.loop.until(lambda: asked or busy.done, what="the end of what is asked meanwhile")
    me.cancel(busy)
    first, behind = asked
    raises("Timeout", behind.wait)
    first.wait()
    assert ran == [2]


def test_c_begins_nothing_late(world):
    for name, more in (("host", ()), ("pool", ("--threads", "1"))):
        world.actor(name, *more)
        me = world.peer()
        check_nothing_late(me, world.objects(me, name)._owner, "peer_objects.until_cancelled", "peer_objects.apply")


def test_python_begins_nothing_late(world):
    me, other = world.peer(), world.peer(reentrancy="queue")
    other.modules["calc"] = types.SimpleNamespace(occupy=lambda call: call(), note=lambda call, *more: call())
    check_nothing_late(me, other.id, "calc.occupy", "calc.note")


def test_what_runs_learns_of_it(world):
    me, objects = host_and_me(world)
    started = []
    request = ask(me, objects._owner, "peer_objects.until_cancelled", lambda: started.append(1), time_left=100)
    try:
        raise AssertionError(request.wait())
    except FarError as error:
        assert error.error_class == ("GaveUp" if started else "Timeout"), error
    calls = []

    def wait():
        calls.append(me.running[-1])
        me.loop.until(lambda: calls[0].cancelled)
        me.loop.until(lambda: calls[0].ends <= time.monotonic())  # a CANCEL may come before that
        calls.append(raises("Timeout", objects.echo, 1))  # nothing more goes out for it

    raises("Timeout", objects.within, 100, wait)
    me.loop.until(lambda: not me.running)
    assert len(calls) in (0, 2)


def test_calls_inherit_it(world):
    me, objects = host_and_me(world)
    me.modules["calc"] = types.SimpleNamespace(
        left=lambda *_: me._time_left_here(0), ask=lambda ms=0: me.call(objects.time_left, time_left=ms).wait())
    calc, left = me.process(me.id).calc, []
    assert objects.time_left() == -1 and calc.ask() == -1
    assert 0 < me.call(objects.time_left, time_left=LONG).wait() <= LONG
    for ms in (0, LONG // 2, 2 * LONG):  # Python between, with a deadline of its own
        assert 0 < me.call(calc.ask, [ms], time_left=LONG).wait() <= (min(ms, LONG) or LONG)
    assert 0 < me.call(objects.apply, [calc.left], time_left=LONG).wait() <= LONG  # C between
    assert 0 < objects.within(LONG, calc.left) <= LONG
    me.call_off(objects.tell, lambda *_: left.append(me._time_left_here(0)), time_left=LONG)
    me.loop.until(lambda: left, what="an off call from an off call")
    assert 0 < left[0] <= LONG


def test_cancel_wakes_who_yields(world):
    """A method that waits for room: nobody will take its results, and it need not wait for that."""
    for name, more in (("host", ()), ("pool", ("--threads", "1"))):
        world.actor(name, *more)
        me = world.peer(reentrancy="queue")
        came = []

        class Report:
            def take(self, result):
                came.append(result)
                me.loop.until(lambda: len(me._queue) == 255, what="what may be under way")
                me.cancel(request)
                me.loop.until(lambda: request.done, what="the end of the method")

        setattr(Report, "yield", Report.take)
        request = me.stream(world.objects(me, name).listed, Report(), 1000)
        raises("Cancelled", request.wait)
        assert came == [0]
