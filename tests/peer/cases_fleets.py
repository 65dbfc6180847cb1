"""Fleets: Python as their workers and their callers (section 9)."""

import types

from farproxy import Proxy, release
from farwire import *
from peerworld import raises


class Team:
    """What a worker of these cases hosts: it notes what it is asked."""

    def __init__(self, notes, on_die=None):
        self.notes, self.on_die = notes, on_die

    def note(self, value):
        self.notes.append(value)
        return value

    def fail(self, message):
        raise KeyError(message)

    def box(self):
        return types.SimpleNamespace(depth=2)

    def die(self):
        self.notes.append("died")
        self.on_die()


def fleets_of(peer):
    return peer.process(BROKER).broker.fleets


def worker(world, slots=1, name="team"):
    notes = []
    peer = world.peer()
    peer.modules["team"] = Team(notes, peer.cut)
    number = fleets_of(peer).join(name, slots)
    assert number & 0xffffffff >= 2**31
    return peer, notes, number


def ask(peer, fleet, path, *arguments, fields=(), **more):
    """A CALL with fields of its own."""
    request = peer._new_request(fleet)
    message = peer.message(CALL, fleet, [None, path, list(arguments)], request.id, **more)
    message.fields = list(message.fields) + list(fields)
    peer.send(message)
    return request


def test_fleet_is_a_process(world):
    me = world.peer()
    workers = [worker(world) for _ in range(2)]
    fleet = me.find("team")
    assert fleet == workers[0][2] == workers[1][2]
    team = me.process(fleet).team
    assert [team.note(n) for n in range(4)] == [0, 1, 2, 3]
    assert sorted(workers[0][1] + workers[1][1]) == [0, 1, 2, 3] and len(workers[0][1]) == 2
    raises("Raised", team.fail, "no")
    raises("Stale", me.ask(CALL, fleet, [5, "note"]).wait)
    raises("Denied", me.close_process(fleet).wait)
    raises("NoSuchModule", me.import_module(fleet, "nobody").wait)
    raises("NameTaken", world.peer, "team")


def test_what_is_imported_is_a_name(world):
    me = world.peer()
    host, notes, fleet = worker(world)
    imported = me.import_module(fleet, "team").wait()
    assert (imported._owner, imported._object, imported._path) == (fleet, 0, "team")
    note, box = me.import_module(fleet, "team", ["note", "box"]).wait()
    assert (note._owner, note._object, note._path) == (fleet, 0, "team.note")
    made = me.call(box).wait()
    assert made._owner == host.id and me.getattr(made, "depth").wait() == 2
    release(made)
    world.until(lambda: not len(host.exports), "the release")


def test_most_urgent_first(world):
    me = world.peer()
    host, notes, fleet = worker(world, slots=10)
    fleets_of(me).pause("team")
    requests = [
        ask(me, fleet, "team.note", "plain"),
        ask(me, fleet, "team.note", "later", time_left=60000),
        ask(me, fleet, "team.note", "sooner", time_left=50000),
        ask(me, fleet, "team.note", "less", fields=[(PRIORITY_FIELD, (-1,))]),
        ask(me, fleet, "team.note", "more", fields=[(PRIORITY_FIELD, (1,))]),
        ask(me, fleet, "team.note", "delayed", fields=[(PRIORITY_FIELD, (9,)), (DELAY_FIELD, (200,))]),
    ]
    assert fleets_of(me).show("team")["waiting"] == 6
    fleets_of(me).resume("team")
    assert [request.wait() for request in requests][0] == "plain"
    assert notes == ["more", "sooner", "later", "plain", "less", "delayed"]


def test_same_key_same_worker(world):
    me = world.peer()
    workers = [worker(world, slots=2) for _ in range(3)]
    fleet = workers[0][2]
    for n in range(12):
        ask(me, fleet, "team.note", n % 4, fields=[(KEY_FIELD, (n % 4,))]).wait()
    for key in range(4):
        assert sorted(notes.count(key) for _, notes, _ in workers) == [0, 0, 3]


def test_time_is_over(world):
    me = world.peer()
    host, notes, fleet = worker(world)
    fleets_of(me).pause("team")
    request = ask(me, fleet, "team.note", 1, time_left=50)
    raises("Timeout", request.wait)
    fleets_of(me).resume("team")
    assert ask(me, fleet, "team.note", 2).wait() == 2 and notes == [2]


def test_cancelled_while_it_waits(world):
    me = world.peer()
    host, notes, fleet = worker(world)
    fleets_of(me).pause("team")
    request = ask(me, fleet, "team.note", 1)
    me.hold_no_more(request)
    assert fleets_of(me).show("team")["waiting"] == 1
    me.cancel(request)
    raises("Cancelled", request.wait)
    fleets_of(me).resume("team")
    assert ask(me, fleet, "team.note", 2).wait() == 2 and notes == [2]


def test_repeated_only_where_that_is_safe(world):
    me = world.peer()
    fleets_of(me).set("team", {"backoff_ms": 0, "poison": 2, "attempts": 5})
    first, first_notes, fleet = worker(world)
    once = ask(me, fleet, "team.die")
    raises("PeerDied", once.wait)
    assert first_notes == ["died"]
    again = ask(me, fleet, "team.die", flags=IDEMPOTENT)
    second = worker(world)
    world.until(lambda: second[1] == ["died"], "the first attempt")
    third = worker(world)
    raises("PeerDied", again.wait)
    assert third[1] == ["died"]
    (dead,) = fleets_of(me).dead("team")
    assert dead["deaths"] == 2 and "team.die" in dead["request"]
    fleets_of(me).drop("team", dead["number"])
    assert fleets_of(me).dead("team") == []


def test_leaving_worker_turns_away(world):
    """Closed without hops: another one gets it."""
    me = world.peer()
    leaving = world.peer()
    take = leaving._take

    def turn_away(message):
        if message.type in REQUESTS:
            leaving.send(Message(ERROR, message.party, message.request,
                                 pack_body([NUMBERS["Closed"], "Closed", "I leave"])))
        else:
            take(message)

    leaving._take = turn_away
    fleet = fleets_of(leaving).join("team", 1)
    request = ask(me, fleet, "team.note", 1)
    world.until(lambda: fleets_of(me).show("team")["workers"] == 0, "that it is left alone")
    host, notes, _ = worker(world)
    assert request.wait() == 1 and notes == [1]


def test_one_process_makes_so_many(world):
    """Fleets and pipelines together; others make theirs all the same, and the fleets outlive who made them."""
    me, other = world.peer(), world.peer()
    for number in range(127):
        fleets_of(me).set(f"mine{number}", {})
    pipelines = me.process(me.broker).broker.pipelines
    line = pipelines.open("team.note @ mine0", "line", 1)
    raises("Overloaded", fleets_of(me).join, "mine127", 1)
    raises("Overloaded", pipelines.open, "team.note @ mine0", "line2", 1)
    fleets_of(me).set("mine0", {"attempts": 2})
    fleets_of(other).set("theirs", {})
    pipelines.close(line)
    world.until(lambda: pipelines.list() == [], "the end of the pipeline")
    fleets_of(me).join("mine127", 1)


def test_after_leave_comes_nothing(world):
    me = world.peer()
    host, notes, fleet = worker(world)
    fleets_of(host).leave("team")
    request = ask(me, fleet, "team.note", 1)
    assert fleets_of(me).show("team")["waiting"] == 1 and notes == []
    other, other_notes, _ = worker(world)
    assert request.wait() == 1 and other_notes == [1]


def test_fleets_that_nobody_uses_make_room(world):
    """More names than there may be fleets: those of processes that are gone, the oldest first, but not what was set."""
    me, setter = world.peer(), world.peer()
    fleets_of(setter).set("kept", {"prefetch": 1})
    setter.bye()
    for round in range(9):
        peer = world.peer()
        for number in range(128):
            fleets_of(peer).join(f"team{round}.{number}", 1)
        peer.bye()
    names = {fleet["name"] for fleet in fleets_of(me).list()}
    assert {"kept", "team8.127"} <= names and "team0.0" not in names and len(names) <= 1024, len(names)
