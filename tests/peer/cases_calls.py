"""Calls both ways: Python calls what far-actor hosts, C and `far` call what Python hosts (sections 3, 7, 8)."""

import json
import types

import msgpack

from farproxy import Proxy, release
from farwire import *
from peerworld import raises

VALUES = [None, True, False, 0, -1, 127, 128, -33, 2**63 - 1, 2**64 - 1, -2**63, 0.0, -1.5, 1e300, "", "hé",
          "x" * 70000, b"", b"\x00\xff" * 200, [], [[1], [None, "a"]], {}, {"k": {"l": []}},
          {1: "a", True: "b", b"k": 0, "s": -1},
          {-5: msgpack.Timestamp(0)}, msgpack.Timestamp(1704164645, 6), msgpack.Timestamp(-1, 999999999)]


class Calc:
    """What Python hosts."""

    version = 3

    def __init__(self):
        self.inner = types.SimpleNamespace(depth=2)
        self.told = []

    def add(self, a, b=1):
        """a + b."""
        return a + b

    def double(self, value):
        return value * 2

    def fail(self, message):
        raise KeyError(message)

    def tell(self, value=None):
        self.told.append(value)

    class Point:
        """Has a value form."""

        def __init__(self, x, y=0):
            self.x, self.y = x, y

        def move(self, dx, dy=0):
            self.x, self.y = self.x + dx, self.y + dy
            return [self.x, self.y]

        def far_value(self):
            return {"x": self.x, "y": self.y}


def host_and_me(world, **modules):
    world.actor("host")
    me = world.peer("me", modules)
    return me, world.objects(me, "host")


def test_c_functions(world):
    me, objects = host_and_me(world)
    for value in VALUES:
        assert objects.echo(value) == value, value
    assert [type(v) for v in objects.echo([1, 1.0, True, "s", b"b"])] == [int, float, bool, str, bytes]
    assert objects.echo(value=7) == 7


def test_c_objects(world):
    me, objects = host_and_me(world)
    counter = objects.Counter(40)
    assert counter.add() == 41 and counter.add(amount=4) == 45
    assert counter.scale(offset=1, by=2) == 91 and counter.scale(2, offset=-2) == 180
    assert me.getvalue(counter).wait() == 180
    assert objects.live() == 1


def test_c_attributes(world):
    me, objects = host_and_me(world)
    assert me.getattr(objects, "answer").wait() == 42
    assert me.getattr(objects, "limits.most").wait() == 100
    method = me.getattr(objects.Counter(1), "add").wait()
    assert isinstance(method, Proxy) and method(2) == 3
    copy = me.getattr(objects, "answer", returns=0).wait()
    assert isinstance(copy, Proxy) and me.getvalue(copy).wait() == 42
    assert isinstance(me.call(objects.echo, ["text"], returns=1023 - 16).wait(), Proxy)
    assert me.call(objects.Counter, [5], returns=1023 | RETURNS_VALUE_FORMS).wait() == 5
    raises("NotSerializable", me.getvalue(objects.Opaque()).wait)


def test_c_import(world):
    me, objects = host_and_me(world)
    module = me.import_module(objects._owner, "peer_objects").wait()
    assert module.echo(1) == 1
    assert me.getattr(me.import_module(objects._owner, "peer_objects.limits").wait(), "most").wait() == 100
    counter, answer, limits = me.import_module(objects._owner, "peer_objects", ["Counter", "answer", "limits"]).wait()
    assert counter(3).add() == 4 and answer == 42 and me.getattr(limits, "most").wait() == 100
    assert me.import_module(objects._owner, "peer_objects", []).wait() == []
    assert me.import_module(objects._owner, "peer_objects", ["limits.most", "answer"]).wait() == [100, 42]
    for name in ("nothing", "peer_objects.nothing", "../peer_objects", "", ".", "peer_objects.", "a b"):
        raises("NoSuchModule", me.import_module(objects._owner, name).wait)
    raises("NoSuchAttribute", me.import_module(objects._owner, "peer_objects", ["echo", "nothing"]).wait)


def test_c_transfer(world):
    me, objects = host_and_me(world)
    for value in VALUES:
        copy = me.transfer(objects._owner, value).wait()
        assert isinstance(copy, Proxy) and me.getvalue(copy).wait() == value, value
    counter = objects.Counter(8)
    holder = me.transfer(objects._owner, [counter]).wait()
    release(counter)
    assert objects.live() == 1
    release(holder)
    assert objects.live() == 0


def test_c_process_module(world):
    me, objects = host_and_me(world)
    process = me.process(objects._owner).process
    assert isinstance(process.ping(), msgpack.Timestamp)
    assert {"process", "peer_objects"} <= set(process.modules())
    told = process.describe("peer_objects")
    assert told["name"] == "peer_objects" and told["doc"] == "What the Python peer calls."
    functions = {function["name"]: function for function in told["functions"]}
    assert functions["echo"]["signature"] and functions["echo"]["doc"] == "What it is given."
    counter = next(row for row in told["classes"] if row["name"] == "Counter")
    assert counter["takes"] == "start:l=0" and counter["doc"].startswith("A number")
    assert [method["name"] for method in counter["methods"]] == ["add", "scale"]
    assert told["constants"] == [{"name": "answer", "value": 42}] and told["modules"] == ["limits"]


def test_c_errors(world):
    me, objects = host_and_me(world)
    counter = objects.Counter(2**63 - 1)
    error = raises("Raised", counter.add)
    assert error.error_class == "OverflowError" and error.message == "9223372036854775807 + 1"
    assert len(error.hops) == 1
    process, thing, method, file, line = error.hops[0]
    assert (process, thing, method) == ("host", "Counter", "add") and file.endswith("counter.h") and line > 0
    for kind, call in (
            ("BadArguments", lambda: counter.add(1, 2)), ("BadArguments", lambda: counter.add("text")),
            ("BadArguments", lambda: counter.add(amont=1)), ("BadArguments", lambda: counter.add(1, amount=1)),
            ("BadArguments", lambda: counter.scale()), ("BadArguments", lambda: counter.add(2**63)),
            ("BadArguments", lambda: objects.apply(5)), ("NoSuchAttribute", lambda: counter.nothing()),
            ("NoSuchAttribute", lambda: objects.nothing.more()),
            ("NoSuchModule", lambda: me.process(objects._owner).nothing.more()),
            ("BadArguments", lambda: objects._at("n" * (MAX_PATH + 1 - len("peer_objects.")))()),
            ("NoSuchAttribute", lambda: objects._at("n" * (MAX_PATH - len("peer_objects.")))())):
        error = raises(kind, call)
        assert error.error_class == kind and error.message, error
    assert "amont" in raises("BadArguments", lambda: counter.add(amont=1)).message


def ask_raw(me, party, type, body, fields=()):
    """A request with these bytes as its body."""
    request = me._new_request(party)
    me.send(Message(type, party, request.id, body, fields))
    return request


def test_bodies_that_c_refuses(world):
    me, objects = host_and_me(world)
    host = objects._owner
    reference = msgpack.ExtType(EXT_REFERENCE, pack_body([0]))
    for type, body in (
            (CALL, b"\xc1"), (CALL, b""), (CALL, b"\xc0\xc0"), (CALL, b"\xa2\xc0\xaf"), (CALL, pack_body({})),
            (CALL, pack_body([None, "peer_objects.echo", [1], {}, 1023, "more"])),
            (CALL, pack_body([None, "peer_objects.echo", 1])), (CALL, pack_body([None, 5])),
            (CALL, pack_body(["root", "add"])), (CALL, pack_body([None, "peer_objects.echo", [reference]])),
            (CALL, pack_body([None, "peer_objects.echo", [msgpack.ExtType(9, b"")]])),
            (IMPORT, pack_body([5])), (GETATTR, pack_body([])), (GETVALUE, pack_body([None, "a", "b"])),
            (TRANSFER, b"\x91" * (MAX_NESTING + 1) + b"\x01")):
        error = raises("ProtocolError", ask_raw(me, host, type, body).wait)
        assert error.error_class == "ProtocolError" and error.message, (type, body)
    deepest = ask_raw(me, host, TRANSFER, b"\x91" * MAX_NESTING + b"\x01").wait()
    assert len(pack_body(me.getvalue(deepest).wait())) == MAX_NESTING + 1
    call = b"\x93\xc0" + pack_body("peer_objects.echo") + b"\x91"  # and one argument
    assert ask_raw(me, host, CALL, call + b"\x82\xa1k\x01\xa1k\x02").wait() == {"k": 2}
    one_and_one = ask_raw(me, host, CALL, call + b"\x82\x01\x02\xcb\x3f\xf0" + bytes(6) + b"\x03")
    assert one_and_one.wait() == Map([(1, 2), (1.0, 3)])


def test_far_calls_python(world):
    me = world.peer("py", {"calc": Calc()})
    assert world.far("call", "py", "calc.add", "2", "40")[:2] == (0, "42")
    assert world.far("call", "py", "calc.add", "a=5", "b=6")[:2] == (0, "11")
    code, out, complaint = world.far("call", "py", "calc.fail", '"no"')
    assert code == 1 and not out and "KeyError" in complaint
    code, out, _ = world.far("call", "py", "calc.double", "[1, 2]", "--json")
    assert code == 0 and json.loads(out) == [1, 2, 1, 2]
    code, _, complaint = world.far("call", "py", "calc.nothing")
    assert code == 1 and "NoSuchAttribute" in complaint
    code, out, _ = world.far("ls", "py", "calc")
    assert code == 0 and "add" in out and "Point" in out, out
    assert world.far("ping", "py")[0] == 0
    code, out, _ = world.far("ps")
    assert code == 0 and "py" in out and "farpeer" in out


def test_c_calls_python(world):
    calc = Calc()
    me, objects = host_and_me(world, calc=calc)
    assert objects.call_named("me", "calc", "double", 21) == 42
    assert objects.call_named("me", "calc", "add", 1) == 2
    error = raises("Raised", objects.call_named, "me", "calc", "fail", "deep")
    assert error.error_class == "KeyError" and "deep" in error.message
    assert [hop[0] for hop in error.hops] == ["me", "host"], error.hops
    assert error.hops[0][2] == "fail" and error.hops[0][3] == "cases_calls.py"
    assert error.hops[1][2] == "call_named"
    raises("NoSuchModule", objects.call_named, "me", "nothing", "add", 1)
    raises("NoSuchProcess", lambda: me.call(objects.call_named, ["nobody", "m", "f", 1]).wait(15))


def test_where_a_request_is(world):
    """Who asked and who was asked both say; of what has been answered nobody says anything (section 8)."""
    me, objects = host_and_me(world)
    host, told, request = objects._owner, [], None

    def look(value):
        told.extend(me.process(party).process.where(me.id, request.id) for party in (host, me.id))

    request = me.call(objects.apply, (look, 1), {})
    request.wait()
    assert told[0] == {"state": "running"}, told
    assert told[1]["state"] == "sent" and told[1]["worker"] == host, told
    assert me.process(host).process.where(me.id, request.id) is None
    assert me.process(me.id).process.where(me.id, request.id) is None


def test_callback(world):
    me, objects = host_and_me(world)
    assert objects.apply(lambda value: value + 1, 41) == 42
    assert objects.apply(lambda value: objects.echo([value]), 5) == [5]
    assert objects.apply(lambda value: objects.apply(lambda inner: inner * 2, value + 1), 1) == 4
    error = raises("Raised", objects.apply, lambda value: 1 // value, 0)
    assert error.error_class == "ZeroDivisionError" and len(error.hops) == 2


def test_hops_have_an_end(world):
    me, objects = host_and_me(world)

    def deep(levels):
        if levels:
            return objects.apply(lambda value: deep(levels - 1), levels)
        raise KeyError("at the bottom")
    error = raises("Raised", deep, MAX_HOPS)
    assert len(error.hops) == MAX_HOPS and error.hops[0][0] == "me" and error.hops[1][0] == "host"


def test_causes(world):
    me, objects = host_and_me(world)

    def lookup(key):
        try:
            return objects.wrap(lambda value: {}[value], key)
        except FarError as error:
            raise ValueError("no such key") from error
    error = raises("Raised", objects.wrap, lookup, "x")
    chain = []
    while error:
        chain.append((error.error_class, [hop[0] for hop in error.hops]))
        error = error.cause
    assert chain == [("WrapError", ["host"]), ("ValueError", ["me"]), ("WrapError", ["host"]), ("KeyError", ["me"])]


def test_causes_have_an_end(world):
    me, objects = host_and_me(world)

    def deep(levels):
        if levels:
            return objects.wrap(lambda value: deep(levels - 1), levels)
        raise KeyError("at the bottom")
    error, causes = raises("Raised", deep, MAX_CAUSES + 2), 0
    while error.cause:
        error, causes = error.cause, causes + 1
    assert causes == MAX_CAUSES and error.error_class == "WrapError"


def test_off_calls(world):
    calc = Calc()
    me, objects = host_and_me(world, calc=calc)
    objects.tell(calc.tell, [1, "two"])
    world.until(lambda: calc.told == [[1, "two"]], "the off call of C")
    counter = objects.Counter(1)
    me.call_off(counter.add, 5)
    me.call_off(counter.add, "wrong", "arguments")
    me.call_off(counter.add, amount=5)
    assert me.getvalue(counter).wait() == 11
    assert not me.late, "an off call was answered"


def test_python_calls_python(world):
    me, other = world.peer(), world.peer(modules={"calc": Calc()})
    calc = me.process(other.id).calc
    point = calc.Point(1, y=2)
    assert point.move(1, dy=1) == [2, 3] and me.getvalue(point).wait() == {"x": 2, "y": 3}
    assert me.getattr(calc, "version").wait() == 3 and me.getattr(calc, "inner.depth").wait() == 2
    add, version = me.import_module(other.id, "calc", ["add", "version"]).wait()
    assert add(1, b=2) == 3 and version == 3
    copy = me.transfer(other.id, {"k": [1]}).wait()
    assert me.getvalue(copy).wait() == {"k": [1]}
    assert me.process(other.id).process.describe("calc")["functions"][0]["name"] == "add"
    raises("NoSuchAttribute", calc.nothing)
    raises("NoSuchAttribute", calc.add._x)
    raises("BadArguments", calc.add, 1, 2, 3)
    raises("NotSerializable", me.getvalue(calc.add).wait)
    raises("NotSerializable", calc.add, 2**64, 1)
    error = raises("Raised", calc.fail, "text")
    assert error.error_class == "KeyError" and error.hops[0][1:3] == ["calc", "fail"], error.hops


def test_chain_comes_back_to_c(world):
    """C that waits runs what belongs to the chain of its call, and nothing else."""
    world.actor("host", "--reentrancy", "chain")
    me, other = world.peer(), world.peer()
    objects, of_other, requests = world.objects(me, "host"), world.objects(other, "host"), []

    def back(value):
        requests.append(other.call(of_other.echo, ["other"]))
        result = objects.echo(value)
        assert not requests[0].done
        return result
    assert objects.apply(back, 7) == 7
    assert requests[0].wait() == "other"


def test_chain_comes_back_to_python(world):
    world.actor("host")
    me, other = world.peer(reentrancy="chain"), world.peer()
    objects = world.objects(me, "host")
    me.modules["calc"] = types.SimpleNamespace(through=lambda value: objects.apply(lambda inner: [inner, "me"], value))
    assert other.process(me.id).calc.through(3) == [3, "me"]
    told = []
    me.modules["off"] = types.SimpleNamespace(through=lambda: told.append(objects.apply(lambda inner: "back")))
    other.call_off(other.process(me.id).off.through)
    world.until(lambda: told == ["back"], "the chain that an off call began")


def test_deadlock(world):
    """Python and C that queue, and call each other: the broker says so. Whoever gives up waiting is no part of it."""
    world.actor("host", "--reentrancy", "queue")
    me, other = world.peer("me", reentrancy="queue"), world.peer()
    objects, far = world.objects(me, "host"), world.objects(other, "host")
    me.modules["calc"] = types.SimpleNamespace(back=lambda value: objects.echo(value))
    error = raises("Deadlock", far.call_named, "me", "calc", "back", 1)
    assert error.message == "me waits for host, host waits for me"

    gave_up, came, requests = [], [], []

    def gate(value):
        requests.append(other.call(other.process(me.id).calc.give_up, [2]))
        other.loop.until(lambda: gave_up)

    def give_up(value):
        request = me.call(objects.apply, [lambda value: came.append("late")], waits=True)
        raises("Timeout", lambda: request.wait(0.01))  # the host waits at the gate
        gave_up.append(value)
    me.modules["calc"] = types.SimpleNamespace(give_up=give_up)
    far.apply(gate)
    requests[0].wait()
    world.until(lambda: came, "what the broker lets through")


def until_cancelled(peer):
    def wait(started):
        call = peer.running[-1]
        started()
        peer.loop.until(lambda: call.cancelled)
        raise InterruptedError("given up")
    return types.SimpleNamespace(wait=wait)


def test_cancel(world):
    me, objects = host_and_me(world)
    other = world.peer("other")
    other.modules["slow"] = until_cancelled(other)
    for slow, expected in ((objects.until_cancelled, "GaveUp"), (me.process(other.id).slow.wait, "InterruptedError")):
        request = me.call(slow, [lambda: me.cancel(request)])  # which is called when the method runs
        error = raises("Raised", request.wait)
        assert error.error_class == expected, error
        me.cancel(request)


def test_cancel_before_it_runs(world):
    me, objects = host_and_me(world)
    other = world.peer("other", {"calc": Calc()})
    for party, path in ((other.id, "calc.double"), (objects._owner, "peer_objects.echo")):
        first, second = me._new_request(party), me._new_request(party)
        body = pack_body([None, path, [4]])
        me.send(Message(CALL, party, first.id, body), Message(CALL, party, second.id, body),
                Message(CANCEL, party, second.id), batch=True)
        assert first.wait() in (4, 8)
        raises("Cancelled", second.wait)


def test_close(world):
    actor = world.actor("host")
    me = world.peer()
    host = me.find("host")
    assert me.process(host).process.ping()
    assert me.close_process(host).wait() is None
    world.until(lambda: host in me.down, "DOWN")
    assert me.down[host] == SAID_BYE and world.until_ended(actor) == 0
    other = world.peer("other")
    ping = me.ask_batch(other.id, [(CALL, [None, "process.modules"])])[0]
    assert me.close_process(other.id).wait() is None and ping.wait() == ["process"]
    world.until(lambda: other.ended == "BYE" and me.down.get(other.id) == SAID_BYE)
    other = world.peer("other")
    code, _, complaint = world.far("close", "other")
    assert code == 0 and other.ended == "BYE", complaint


def test_close_without_cleanup(world):
    actor = world.actor("host")
    me = world.peer()
    host = me.find("host")
    request = me.close_process(host, no_cleanup=True)
    raises("PeerDied", request.wait)
    assert world.until_ended(actor) == 0 and me.down[host] == DIED


class Report:
    """Takes the results of a call as they come (section 3, Streams)."""

    def __init__(self):
        self.results, self.steps = [], []

    def take(self, result):
        self.results.append(result)

    def progress(self, done, total, text=""):
        self.steps.append((done, total, text))


setattr(Report, "yield", Report.take)


def test_python_takes_a_stream_of_c(world):
    me, objects = host_and_me(world)
    report = Report()
    assert me.stream(objects.count, report, 600).wait() == 600
    assert report.results == list(range(600))
    world.loop.until(lambda: len(report.steps) == 600, what="the last step")
    assert report.steps[-1] == (600.0, 600.0, "going on")
    assert objects.listed(3) == [0, 1, 2]


def test_python_gives_a_stream_to_c(world):
    class Source:
        def numbers(self, most):
            yield from range(most)
            return "all"

    me, objects = host_and_me(world, source=Source())
    assert objects.sum_of(me.process(me.id).source.numbers, 1000) == [1000 * 999 // 2, "all"]
    assert me.process(me.id).source.numbers(3) == [0, 1, 2]
