"""Answers that stay, both ways: Python refers to those of C before they are there, and C to those of Python (section 3)."""

import msgpack

from cases_calls import host_and_me
from farkept import answer_of
from farproxy import release
from farwire import *
from peerworld import raises


def keep(me, objects, path, *arguments, **keywords):
    """A CALL of the module peer_objects whose answer stays."""
    return me.ask(CALL, objects._owner, [None, f"peer_objects.{path}", list(arguments), keywords], flags=KEEP)


def on(me, earlier, path, *arguments, flags=0):
    """A CALL on the answer of an earlier request."""
    return me.ask(CALL, earlier.party, [answer_of(earlier), path, list(arguments)], flags=flags)


def test_c_keeps_answers(world):
    me, objects = host_and_me(world)
    host = objects._owner
    counter = keep(me, objects, "Counter", 40)
    added = on(me, counter, "add", 2, flags=KEEP)
    shifted = on(me, counter, "add", answer_of(added))
    inside = me.ask(CALL, host, [None, "peer_objects.echo", [[answer_of(added), {"k": answer_of(added)}]]])
    method = me.ask(GETATTR, host, [answer_of(counter), "add"])
    copy = me.ask(TRANSFER, host, answer_of(added))
    assert not counter.done and not copy.done
    assert (added.wait(), shifted.wait(), inside.wait()) == (42, 84, [42, {"k": 42}])
    total = me.ask(CALL, host, [None, "peer_objects.total_of", [answer_of(counter)]])
    value = me.ask(GETVALUE, host, [answer_of(counter), ""])
    assert total.wait() == value.wait() == 84
    assert method.wait() (6) == 90
    assert me.getvalue(copy.wait()).wait() == 42
    first = counter.wait()
    assert first.add(0) == 90  # the same object
    release(first)
    assert objects.live() == 1  # the answer stays all the same
    late = on(me, counter, "add", 1)
    me.forget(counter, added)
    assert late.wait() == 91  # it arrived before
    release(method.wait())
    method._result = counter._result = None
    assert objects.live() == 0
    raises("Stale", on(me, counter, "add", 1).wait)
    raises("Stale", me.ask(CALL, host, [None, "peer_objects.echo", [answer_of(added)]]).wait)


def test_c_knows_what_is_no_answer(world):
    me, objects = host_and_me(world)
    plain = me.ask(CALL, objects._owner, [None, "peer_objects.echo", [1]])
    raises("Stale", on(me, plain, "bit_length").wait)  # it was not sent with KEEP
    kept = keep(me, objects, "echo", "text")
    other = world.peer("other")
    raises("Stale", other.ask(CALL, kept.party, [answer_of(kept), "upper"]).wait)  # of another caller
    assert on(me, kept, "upper").wait() == "TEXT"
    for content in (b"", b"\x00" * 7):
        ext = msgpack.ExtType(EXT_REQUEST, content)
        raises("ProtocolError", me.ask(CALL, kept.party, [ext, "upper"]).wait)
        raises("ProtocolError", me.ask(CALL, kept.party, [None, "peer_objects.echo", [ext]]).wait)
    raises("ProtocolError", me.ask(CALL, kept.party, [answer_of(kept, "upper"), ""]).wait)  # the path of a root is its own
    raises("NoSuchAttribute", on(me, kept, "nothing").wait)
    me.forget(kept, kept)  # the second is ignored
    raises("Stale", on(me, kept, "upper").wait)


def test_c_passes_the_error_on(world):
    me, objects = host_and_me(world)
    first = keep(me, objects, "Counter", "no number")
    second = on(me, first, "add", 1, flags=KEEP)
    third = me.ask(CALL, first.party, [None, "peer_objects.echo", [answer_of(second)]])
    errors = [raises("BadArguments", request.wait) for request in (first, second, third)]
    assert len({(str(error), str(error.hops)) for error in errors}) == 1


def test_c_releases_what_the_dead_kept(world):
    me, objects = host_and_me(world)
    other = world.peer("other")
    keep(other, objects, "Counter", 1).wait()
    assert objects.live() == 1
    other.cut()
    world.until(lambda: objects.live() == 0, "the end of the object")


class Files:
    """What Python hosts: `open` returns when the calls that go on with its answer are here, so they have not waited for it."""

    def __init__(self):
        self.peer = None

    class File:
        def __init__(self, name):
            self.name = name

        def read(self, most=3, end=""):
            return self.name[:most] + end

    def open(self, name):
        if name == "missing":
            raise KeyError(name)
        self.peer.loop.until(lambda: len(self.peer._queue) == 3, what="the calls that go on")
        return self.File(name)

    def same(self, file, name):
        return [file.name, name]


def test_python_keeps_answers(world):
    files = Files()
    me, objects = host_and_me(world, files=files)
    files.peer = me
    assert objects.go_on("me", "files", "hosts", "read (2, end='!').upper") == ["HO!", ["hosts", "hosts"]]
    assert me.seen["CALL"] == 4  # open, read, upper, same
    world.until(lambda: not me.kept, "FORGET")
    error = raises("Raised", objects.go_on, "me", "files", "missing", "read ().upper")
    assert error.error_class == "KeyError" and "missing" in error.message
    world.until(lambda: not me.kept, "FORGET")
