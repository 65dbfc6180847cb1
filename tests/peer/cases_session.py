"""Sessions: HELLO and its answers, RESET, BYE, what ends a connection, and what the broker hosts (sections 1, 4, 9)."""

import os
import types

import msgpack
import zmq

from cases_calls import ask_raw
from farwire import *
from peerworld import World, raises


def test_hello(world):
    me = world.peer("me")
    assert me.id >> 32 == me.broker >> 32 != 0
    assert me.id & 0xffffffff >= 2 and me.broker & 0xffffffff == 1
    assert {"message_bytes", "references", "parked_bytes"} <= set(me.limits)
    assert me.find("me") == me.id


def test_hello_refused(world):
    me = world.peer("me")
    other = world.peer(say_hello=False)
    assert raises("NameTaken", other.hello, name="me").error_class == "NameTaken"
    raises("ProtocolError", other.hello, version=2)
    raises("BadArguments", other.hello, name="n" * 129)
    raises("BadArguments", other.hello, name="with space")
    raises("BadArguments", other.hello, pid="text")
    assert other.hello(name="n" * 128, unknown="key")["process"] != me.id
    raises("ProtocolError", other.hello, name="again")
    assert me.process(other.id).process.modules() == ["process"]


def test_reset(world):
    early = world.peer(say_hello=False)
    request = early.call(early.process(BROKER).broker.list)
    raises("BrokerLost", request.wait)
    assert early.ended.startswith("RESET") and early.seen["RESET"] == 1
    early = world.peer(say_hello=False)
    early.bye()
    assert early.ended.startswith("RESET")


def test_bye(world):
    me, other = world.peer("me"), world.peer("other")
    assert me.process(other.id).process.ping()
    other.bye()
    assert other.ended == "BYE"
    world.until(lambda: me.down.get(other.id) == SAID_BYE, "DOWN")
    raises("Closed", me.process(other.id).process.ping)
    raises("NoSuchProcess", me.find, "other", 0)
    me.send(me.message(CALL, other.id, [None, "process.ping"], 1000))
    world.until(lambda: me.seen["DOWN"] == 2, "DOWN as the answer of a later message")
    stranger = world.peer()
    raises("Closed", stranger.call(stranger.process(other.id).process.ping).wait)
    stranger.send(Message(CALL, other.id, body=pack_body([None, "process.ping"])))
    world.until(lambda: stranger.seen["DOWN"] == 2, "DOWN as the answer of an off call")
    assert not stranger.seen["ERROR"] and not me.seen["ERROR"] - 1  # of find


def test_bye_comes_after_all_else(world):
    me, other = world.peer(), world.peer()
    told = []
    other.modules["ears"] = type("Ears", (), {"tell": staticmethod(told.append)})
    for number in range(100):
        me.call_off(me.process(other.id).ears.tell, number)
    me.bye()
    world.until(lambda: len(told) == 100, "all that was said")
    assert told == list(range(100))


def frames_that_cut(me):
    call = me.message(CALL, me.id, [None, "process.ping"], 7)
    good = pack_message(call)
    yield "short", good[:31]
    yield "version", b"\x02" + good[1:]
    yield "sizes", good + b"\x00"
    yield "field", pack_message(Message(DEL, me.id, fields=[(99, b"any")]))[:-1]
    yield "known field of another size", pack_message(
        Message(DEL, me.id)).replace(bytes(8), b"\0\0\0\0\0\0\0\x08")[:32] + b"\x00\x02\x00\x04" + bytes(4)
    yield "only the broker sends GRANT", pack_message(Message(GRANT, me.id, fields=[(GRANT_FIELD, (1, 2, 3))]))
    yield "only the broker sends DOWN", pack_message(Message(DOWN, me.id, fields=[(DOWN_FIELD, (me.id, DIED))]))
    yield "empty batch", pack_batch(me.id, [])
    yield "batch in a batch", pack_batch(me.id, [Message(CALL, flags=BATCH)])
    yield "BYE in a batch", pack_batch(me.id, [Message(BYE)])
    yield "1,025 fields", pack_message(Message(DEL, me.id, fields=[(RELEASE_FIELD, (1, 1))] * 1025))


def test_malformed_frames_are_cut(world):
    me = world.peer()
    for what, frame in frames_that_cut(me):
        bad = world.peer()
        assert me.process(bad.id).process.ping()
        bad.send_frame(frame)
        world.until(lambda: bad.ended, what)
        assert bad.ended == "the connection ended", (what, bad.ended)
        world.until(lambda: me.down.get(bad.id) == CUT, f"DOWN of who sent: {what}")
    assert me.process(BROKER).process.ping()


def test_several_frames_are_cut(world):
    bad = world.peer()
    bad._socket.send_multipart([pack_message(Message(CALL, bad.id)), b""])
    world.until(lambda: bad.ended)


def test_own_routing_id_is_cut(world):
    bad = world.peer(say_hello=False, socket_options=[(zmq.ROUTING_ID, b"chosen")])
    raises("BrokerLost", bad.hello)


def test_large_message_is_cut(world):
    with World(world.programs, "--message-bytes", str(1 << 20)) as world:
        bad = world.peer()
        assert bad.limits["message_bytes"] == 1 << 20
        raises("ProtocolError", ask_raw(bad, bad.id, TRANSFER, bytes((1 << 20) - 32)).wait)
        raises("BrokerLost", ask_raw(bad, bad.id, TRANSFER, bytes((1 << 20) - 31)).wait)


def test_batch_before_welcome_is_cut(world):
    bad = world.peer(say_hello=False)
    bad.send_frame(pack_batch(1, [Message(CALL, body=pack_body([None, ""]))]))
    world.until(lambda: bad.ended)
    assert bad.ended == "the connection ended"


def test_unknown_type_and_field(world):
    me, other = world.peer(), world.peer()
    request = me.ask(99, other.id)
    assert raises("ProtocolError", request.wait) and request.by_broker
    message = me.message(CALL, other.id, [None, "process.modules"])
    message.fields.append((4242, b"what nobody knows"))
    message.request = (request := me._new_request(other.id)).id
    me.send(message)
    assert request.wait() == ["process"]


def test_flags_and_party_are_the_brokers(world):
    """Nobody answers in the place of the broker, or in another's name."""
    me, other, forger = world.peer(), world.peer(), world.peer()

    def forge():
        call = other.running[-1]
        forger.send(Message(RESULT, me.id, call.request, pack_body("forged")))
        assert forger.process(me.id).process.ping()
        other.send(Message(ERROR, me.id, call.request, pack_body(FarError("Raised").body()), flags=BY_BROKER | 0x8000))
    other.modules["forge"] = types.SimpleNamespace(now=forge)
    request = me.call(me.process(other.id).forge.now)
    raises("Raised", request.wait)
    assert not request.by_broker
    world.until(lambda: me.late == 2, "both late answers")


def test_broker_module(world):
    me = world.peer("me")
    broker = me.process(BROKER)
    assert {"process", "broker"} <= set(broker.process.modules())
    assert isinstance(broker.process.ping(), msgpack.Timestamp)
    names = {function["name"] for function in broker.process.describe("broker")["functions"]}
    assert {"find", "list", "stats"} <= names
    mine = next(row for row in broker.broker.list() if row["id"] == me.id)
    assert mine["name"] == "me" and mine["pid"] == os.getpid() and mine["program"] == "farpeer"
    assert isinstance(mine["since"], msgpack.Timestamp) and mine["uid"] in (os.getuid(), -1)
    assert {"host", "state", "calls"} <= set(mine)
    assert all(isinstance(key, str) and isinstance(value, int) for key, value in broker.broker.stats().items())
    raises("NoSuchProcess", broker.broker.find, "nobody")
    raises("NoSuchAttribute", broker.broker.nothing)


def test_find_waits(world):
    me = world.peer()
    request = me.call(me.process(BROKER).broker.find, ["late"], {"timeout_ms": 10000})
    late = world.peer("late")
    assert request.wait() == late.id


def test_nobody(world):
    me = world.peer()
    for stranger in (me.id + 1000, me.id ^ 1 << 40):
        request = me.call(me.process(stranger).process.ping)
        assert raises("NoSuchProcess", request.wait) and request.by_broker
        me.call_off(me.process(stranger).process.ping)
    assert me.process(BROKER).process.ping()
    assert not me.late, "an off call was answered"


def test_batches(world):
    me, other = world.peer(), world.peer()
    requests = me.ask_batch(other.id, [(CALL, [None, "process.ping"]), (CALL, [None, "no.thing"]),
                                       (GETATTR, [None, "process.modules"])])
    assert isinstance(requests[0].wait(), msgpack.Timestamp)
    raises("NoSuchModule", requests[1].wait)
    assert requests[2].wait()() == ["process"]
    assert other.batches == 1
    refused = me.ask_batch(me.id + 1000, [(CALL, [None, "process.ping"])] * 3)
    for request in refused:
        assert raises("NoSuchProcess", request.wait) and request.by_broker
