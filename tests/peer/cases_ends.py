"""Ends: processes that are killed, connections that end, a broker that goes, a destination that takes nothing more."""

import gc
import signal
import subprocess
import sys
import weakref

from cases_calls import host_and_me
from cases_references import Thing, gone
from farproxy import release
from farwire import *
from peerworld import SOURCE, World, raises

HOLDER = """
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from farpeer import Peer
me = Peer(sys.argv[2], "holder")
objects = me.process(me.find("host")).peer_objects
held = [objects.Counter(n) for n in range(5)]
print("holds", flush=True)
me.loop.until(lambda: False, timeout=60)
"""


def start_holder(world):
    """Another Python process that holds five Counters of host."""
    holder = world.start(sys.executable, "-c", HOLDER, str(SOURCE / "tests/peer"), world.endpoint,
                         stdout=subprocess.PIPE)
    assert world.read_line(holder) == "holds"
    return holder


def test_holder_is_killed(world):
    me, objects = host_and_me(world)
    holder = start_holder(world)
    number = me.find("holder")
    assert me.process(number).process.ping() and objects.live() == 5
    world.kill(holder)
    world.until(lambda: objects.live() == 0, "the release")
    world.until(lambda: me.down.get(number) == DIED, "DOWN")
    raises("PeerDied", me.process(number).process.ping)
    raises("NoSuchProcess", me.find, "holder", 0)


def test_holder_cuts_its_connection(world):
    me, objects = host_and_me(world)
    other = world.peer()
    held = [world.objects(other, "host").Counter(n) for n in range(5)]
    assert objects.live() == 5
    other.cut()
    world.until(lambda: objects.live() == 0, "the release")
    assert held


def test_holder_says_bye(world):
    me, objects = host_and_me(world)
    other = world.peer()
    held = [world.objects(other, "host").Counter(n) for n in range(5)]
    other.bye()
    world.until(lambda: objects.live() == 0, "the release")
    assert held


def test_c_holder_is_killed(world):
    """What C held of Python's is let go; what the dead had been given by another too."""
    me = world.peer("me")
    keeper = world.actor("keeper")
    objects = world.objects(me, "keeper")
    thing = Thing()
    seen = weakref.ref(thing)
    objects.keep(thing)
    del thing
    assert seen() is not None
    world.kill(keeper)
    gone(world, seen)
    assert me.down[objects._owner] == DIED


def test_owner_is_killed(world):
    """A call that runs ends with PeerDied; later uses end at once; a raw message is answered by DOWN."""
    host = world.actor("host")
    me = world.peer()
    objects = world.objects(me, "host")
    started, counter = [], objects.Counter(1)
    request = me.call(objects.until_cancelled, [lambda: started.append(1)])
    world.until(lambda: started, "the call to run")
    world.kill(host)
    raises("PeerDied", request.wait)
    assert me.down[objects._owner] == DIED and not me.exports.count_of(1, objects._owner)
    raises("PeerDied", counter.add)
    downs = me.seen["DOWN"]
    me.send(me.message(CALL, objects._owner, [counter._object, "add"], 5000))
    world.until(lambda: me.seen["DOWN"] > downs, "DOWN")
    assert not me.seen["ERROR"]


def test_grant_names_the_dead(world):
    """An owner learns of the end of one that it never spoke with, to whom its object was handed on."""
    owner, me, other = world.peer("owner"), world.peer("me"), world.peer("other")
    thing = Thing()
    seen = weakref.ref(thing)
    owner.modules["store"] = type("Store", (), {"thing": thing})
    kept = []
    other.modules["box"] = type("Box", (), {"keep": staticmethod(lambda thing: kept.append(thing))})
    held = me.getattr(me.process(owner.id).store, "thing").wait()
    me.process(other.id).box.keep(held)
    release(held)
    del owner.modules["store"], thing
    gc.collect()
    world.until(lambda: owner.seen["DEL"], "the release of the giver's")
    assert seen() is not None and owner.exports.count_of(1, other.id) == 1
    other.cut()
    gone(world, seen)
    assert owner.down[other.id] == DIED


def test_broker_is_killed(world):
    me, objects = host_and_me(world)
    started = []
    request = me.call(objects.until_cancelled, [lambda: started.append(1)])
    world.until(lambda: started)
    world.kill(world.broker)
    raises("BrokerLost", request.wait)
    assert me.ended == "the connection ended"


def test_overloaded(world):
    """Parked past the limit, which takes more than any credit: refused by the broker, and the references and the credit of
    what was refused are given back.
    """
    with World(world.programs, "--parked-bytes", str(4 << 20)) as world:
        me, objects = host_and_me(world)
        assert me.limits["parked_bytes"] == 4 << 20
        holder = start_holder(world)
        number = me.find("holder")
        holder.send_signal(signal.SIGSTOP)
        me.obeys = False
        for _ in range(200):  # fill what lies between the broker and the process
            me.call_off(me.process(number).process.nothing, bytes(16 << 10))
        thing = Thing()
        body = [None, "process.nothing", [thing, bytes(512 << 10)]]
        requests = [me.ask(CALL, number, body) for _ in range(16)]
        me.process(BROKER).process.ping()
        refused = [request for request in requests if request.done]
        assert refused and all(r.error.kind == "Overloaded" and r.by_broker for r in refused)
        world.until(lambda: me.exports.count_of(1, number) == 16 - len(refused), "the counts of what was refused")
        assert me.credit[number].messages <= 216 - len(refused)
        holder.send_signal(signal.SIGCONT)
        world.until(lambda: all(request.done for request in requests), "the answers")
        assert {r.error.kind for r in requests if r not in refused} <= {"NoSuchAttribute", "Overloaded"}
        world.until(lambda: len(me.exports) == 0, "the release of what was delivered")
        world.kill(holder)
