"""References: counted, released, handed on, home again, stale, and what comes late (section 5)."""

import gc
import weakref

import msgpack

from cases_calls import ask_raw, host_and_me
from farproxy import Proxy, release
from farwire import *
from peerworld import raises


class Thing:
    """What Python owns; its end can be seen."""

    def __init__(self, number=0):
        self.number = number

    def get(self, value=None):
        return [self.number, value]


def gone(world, reference):
    """Waits until a weak reference is dead: the table has let its object go."""
    world.until(lambda: reference() is None, "the release of the object")


def test_c_object_lives_as_long_as_it_is_held(world):
    me, objects = host_and_me(world)
    counters = [objects.Counter(n) for n in range(10)]
    assert objects.live() == 10
    release(counters.pop())
    assert objects.live() == 9
    del counters[:8]
    assert objects.live() == 1
    again = objects.echo([counters[0], counters[0]])
    assert again[0] is again[1] is counters[0]
    receipts = counters[0]._receipts
    assert receipts >= 2, receipts
    del counters, again
    assert objects.live() == 0
    assert me.sent["DEL"] == 10


def test_method_keeps_its_object(world):
    me, objects = host_and_me(world)
    counter = objects.Counter(1)
    method = me.getattr(counter, "add").wait()
    release(counter)
    assert objects.live() == 1 and method() == 2
    release(method)
    assert objects.live() == 0


def test_receipts_in_flight(world):
    """A DEL that crosses a new reference takes only what had been received."""
    me, objects = host_and_me(world)
    counter = objects.Counter(1)
    crossing = me.call(objects.echo, [counter])
    release(counter)
    again = crossing.wait()
    assert again.add() == 2 and objects.live() == 1
    release(again)
    assert objects.live() == 0


def test_python_object_lives_as_long_as_it_is_held(world):
    me, objects = host_and_me(world)
    thing = Thing(3)
    seen = weakref.ref(thing)
    objects.keep(thing)
    del thing
    assert seen() is not None and objects.use("get", 1) == [3, 1]
    objects.drop()
    gone(world, seen)
    assert len(me.exports) == 0


def test_callback_is_released(world):
    me, objects = host_and_me(world)
    thing = Thing()
    seen = weakref.ref(thing)
    assert objects.apply(thing.get, 5) == [0, 5]
    del thing
    gone(world, seen)


def test_comes_home_to_c(world):
    me, objects = host_and_me(world)
    counter = objects.Counter(6)
    assert objects.total_of(counter) == 6
    world.actor("keeper")
    keeper = world.objects(me, "keeper")
    keeper.keep(counter)
    assert objects.total_of(keeper.kept()) == 6
    raises("BadArguments", keeper.total_of, counter)


def test_comes_home_to_python(world):
    me, objects = host_and_me(world)
    thing = Thing(1)
    objects.keep(thing)
    assert objects.kept() is thing
    assert objects.echo([thing, {"k": thing}]) == [thing, {"k": thing}]
    other = world.peer()
    theirs = world.objects(other, "host").kept()
    assert isinstance(theirs, Proxy) and theirs.get(2) == [1, 2]
    there = []
    other.modules["box"] = type("Box", (), {"give": staticmethod(lambda: theirs), "take": staticmethod(there.append)})
    box = me.process(other.id).box
    assert box.give() is thing
    box.take(thing)
    assert there == [theirs]
    # With a path: what is meant is the attribute.
    assert objects.echo(me.process(me.id).process) is me.modules["process"]


def test_attributes_come_home(world):
    """The path that stands with a reference is applied, in requests and in answers."""
    me, objects = host_and_me(world)
    counter = objects.Counter(1)
    assert objects.apply(counter.add, 4) == 5 and objects.apply(objects.echo, "x") == "x"
    assert objects.apply(lambda value: objects.echo)("y") == "y"
    assert objects.apply(lambda value: counter.add)(1) == 6


def test_sent_to_itself(world):
    me = world.peer()
    thing, kept = Thing(), []
    seen = weakref.ref(thing)
    me.modules["box"] = type("Box", (), {"keep": staticmethod(lambda thing: kept.append(thing) or thing)})
    assert me.process(me.id).box.keep(thing) is thing and kept == [thing]
    assert len(me.exports) == 0
    kept.clear()
    del thing
    gone(world, seen)


def test_handed_on_to_c(world):
    """A hands B's object to C; it outlives A's own reference, and A."""
    world.actor("keeper")
    me, objects = host_and_me(world)
    keeper = world.objects(me, "keeper")
    witness = world.peer()
    live = world.objects(witness, "host").live
    counter = objects.Counter(5)
    keeper.keep(counter)
    release(counter)
    assert objects.live() == 1
    assert keeper.use("add", 2) == 7
    me.bye()
    assert live() == 1
    keeper = world.objects(witness, "keeper")
    assert keeper.use("add", 3) == 10
    back = keeper.kept()
    keeper.drop()
    assert live() == 1 and back.add() == 11
    release(back)
    world.until(lambda: live() == 0, "the release")


def test_handed_on_and_dropped(world):
    """What is handed on in an answer and kept by nobody here: its DEL goes behind the answer."""
    me, objects = host_and_me(world)
    other = world.peer()
    other.modules["shop"] = type("Shop", (), {"buy": staticmethod(lambda: world.objects(other, "host").Counter(5))})
    bought = me.process(other.id).shop.buy()
    assert bought._owner == objects._owner and bought.add() == 6 and objects.live() == 1
    release(bought)
    world.until(lambda: objects.live() == 0, "the release")


def test_handed_on_from_python_owner(world):
    """GRANT reaches an owner in Python before the one to whom it is granted uses it."""
    owner = world.peer("owner")
    me, objects = host_and_me(world)
    thing = Thing(9)
    seen = weakref.ref(thing)
    owner.modules["store"] = type("Store", (), {"thing": thing})
    held = me.getattr(me.process(owner.id).store, "thing").wait()
    objects.keep(held)
    release(held)
    assert objects.use("get", "x") == [9, "x"] and owner.seen["GRANT"] == 1
    del owner.modules["store"], thing
    gc.collect()
    assert seen() is not None and objects.use("get") == [9, None]
    objects.drop()
    gone(world, seen)


def test_handed_on_without_holding_it(world):
    """A giver that holds nothing gives nothing; the owner's own count is untouched."""
    me, objects = host_and_me(world)
    thief, counter = world.peer(), objects.Counter(1)
    forged = Proxy(thief, objects._owner, counter._object, class_name="Counter")
    raises("Stale", forged.add)
    keeper = world.peer("keeper", {"ears": type("Ears", (), {"use": staticmethod(lambda thing: thing.add())})})
    raises("Stale", thief.process(keeper.id).ears.use, forged)
    thief.send(Message(DEL, objects._owner, fields=[(RELEASE_FIELD, (counter._object, 5))]))
    assert thief.process(objects._owner).process.ping()
    assert counter.add() == 2


def test_stale(world):
    me, objects = host_and_me(world)
    counter = objects.Counter(1)
    number = counter._object
    release(counter)
    stale = Proxy(me, objects._owner, number)
    raises("Stale", stale.add)
    raises("Stale", me.getvalue(stale).wait)
    raises("Stale", me.getattr(stale, "add").wait)
    raises("Stale", Proxy(me, objects._owner, 123456789).add)
    assert objects.Counter(1)._object != number
    other = world.peer()
    raises("Stale", Proxy(other, me.id, 1).get)
    me.send(Message(DEL, objects._owner, fields=[(RELEASE_FIELD, (987654321, 1)), (RELEASE_FIELD, (number, 7))]))
    assert objects.live() == 0


def test_stale_argument(world):
    """A reference that comes home from one who does not hold it."""
    me, objects = host_and_me(world)
    counter = objects.Counter(1)
    thief = world.peer()
    forged = Proxy(thief, objects._owner, counter._object)
    raises("Stale", thief.process(objects._owner).peer_objects.total_of, forged)


def test_use_then_release_in_one_batch(world):
    """A DEL behind a request does not make that request stale, though it may not have run yet."""
    me, objects = host_and_me(world)
    other = world.peer(modules={"store": type("Store", (), {"make": staticmethod(Thing)})})
    for proxy, body in ((objects.Counter(1), ["add", [1]]), (me.process(other.id).store.make(2), ["get"])):
        owner, number, receipts = proxy._owner, proxy._object, proxy._receipts
        proxy._receipts = 0
        request = me._new_request(owner)
        me.send(Message(CALL, owner, request.id, pack_body([number] + body)),
                Message(DEL, owner, fields=[(RELEASE_FIELD, (number, receipts))]), batch=True)
        assert request.wait() in (2, [2, None])
        raises("Stale", me.getvalue(Proxy(me, owner, number)).wait)
    assert objects.live() == 0


def test_late_answers(world):
    """An answer that nobody waits for gives back the references it brings."""
    me, objects = host_and_me(world)
    request = me.call(objects.Counter, [1])
    request.forget()
    world.until(lambda: me.late, "the late answer")
    assert objects.live() == 0


def test_answers_of_the_wrong_process(world):
    """A RESULT counts only from who was asked."""
    me, objects = host_and_me(world)
    forger = world.peer()

    def forge(value):
        for number in range(1, 50):
            forger.send(Message(RESULT, objects._owner, number, pack_body("forged")))
            forger.send(Message(RESULT, me.id, number, pack_body("forged")))
        assert forger.process(objects._owner).process.ping()
        return value
    assert objects.apply(forge, "real") == "real"
    assert me.late


def test_late_answer_to_c(world):
    """References in a RESULT that C did not ask for come back."""
    me, objects = host_and_me(world)
    thing = Thing()
    seen = weakref.ref(thing)
    me.send(me.message(RESULT, objects._owner, [thing], 999999))
    assert me.exports.count_of(1, objects._owner) == 1
    del thing
    gone(world, seen)


def test_undecodable_bodies_are_counted(world):
    """A reference in a message whose body can't be read, or does not speak of it, was received all the same."""
    me, objects = host_and_me(world)
    for body in (b"\xc1", pack_body([None, "peer_objects.echo", [1]])):
        thing = Thing()
        seen = weakref.ref(thing)
        number = me.exports.id_of(thing)
        request = ask_raw(me, objects._owner, CALL, body, [(REFERENCE_FIELD, (me.id, number))] * 3)
        assert me.exports.count_of(number, objects._owner) == 3
        if body == b"\xc1":
            raises("ProtocolError", request.wait)
        else:
            assert request.wait() == 1
        del thing
        gone(world, seen)


def test_result_that_cannot_be_read(world):
    """Whoever waits for it learns at once."""
    me, objects = host_and_me(world)
    for body in (b"\xc1", b"", pack_body(msgpack.ExtType(EXT_REQUEST, bytes(8))),
                 pack_body(msgpack.ExtType(EXT_REFERENCE, pack_body([0])))):
        def garbage(value):
            call = me.running[-1]
            me.send(Message(RESULT, call.party, call.request, body))
        assert raises("ProtocolError", objects.apply, garbage).hops


def test_stale_result_to_c(world):
    """A reference to C's own object, which the sender does not hold, in a RESULT."""
    me, objects = host_and_me(world)
    forged = Proxy(me, objects._owner, 4711)
    raises("Stale", objects.apply, lambda value: forged)


def test_object_0_is_not_counted(world):
    """The modules of a process, as an argument."""
    world.actor("keeper")
    me, objects = host_and_me(world)
    keeper = world.objects(me, "keeper")
    keeper.keep(objects.echo)
    assert keeper.use("", "through") == "through"
    keeper.drop()
    keeper.keep(me.process(objects._owner).peer_objects)
    assert keeper.use("echo", "again") == "again"


def test_references_of_many_owners(world):
    world.actor("other")
    me, objects = host_and_me(world)
    others = world.objects(me, "other")
    thing, mine, theirs = Thing(), objects.Counter(1), others.Counter(2)
    third = world.peer()
    third.modules["store"] = type("Store", (), {"make": staticmethod(Thing)})
    made = me.process(third.id).store.make(4)
    result = objects.echo({"deep": [[thing, mine], {"k": theirs}], "made": made})
    assert result["deep"][0] == [thing, mine] and result["deep"][1]["k"] is theirs and result["made"] is made
    assert theirs.add() == 3 and made.get() == [4, None]
    copy = me.call(objects.echo, [made], returns=1023 - RETURNS_REFERENCES).wait()
    assert copy is not made and me.getvalue(copy).wait() is made
    for proxy in (mine, theirs):
        release(proxy)
    del result
    assert objects.live() == 0
    world.until(lambda: others.live() == 0, "the release at the other")


def test_many_references_in_a_message(world):
    me, objects = host_and_me(world)
    counters = [objects.Counter(n) for n in range(MAX_FIELDS)]
    assert objects.echo(counters) == counters
    one_more = objects.Counter(0)
    raises("Limit", objects.echo, counters + [one_more])
    del counters, one_more
    assert objects.live() == 0
