"""Credit (section 3): what a process may send to another is said by the receiver."""

import math
import types

from farwire import *

PING = pack_body([None, "process.ping"])
WINDOW = 8192  # messages of one sender that C lets wait


def host_and_me(world):
    world.actor("host")
    me = world.peer("me")
    return me, me.find("host")


def test_c_gives_credit(world):
    """What C takes it gives again, and not more of it than there is any use of."""
    me, host = host_and_me(world)
    requests = [me.call(me.process(host).process.ping) for _ in range(5000)]
    assert all(request.wait() for request in requests)
    sent = me.credit[host]
    assert sent.messages == 5000 < sent.limit_messages <= 5000 + WINDOW
    assert me.seen["CREDIT"] <= 3  # one at first, and one for half a window


def test_c_gives_none_to_who_sends_little(world):
    me, host = host_and_me(world)
    for _ in range(FIRST_MESSAGES // 2 - 1):
        assert me.process(host).process.ping()
    assert not me.seen["CREDIT"]


def test_large_messages_take_credit(world):
    """One that begins below the limit may be of any size."""
    me, host = host_and_me(world)
    for _ in range(20):
        me.transfer(host, bytes(3 << 20)).wait()
    sent = me.credit[host]
    assert 60 << 20 < sent.bytes < sent.limit_bytes <= sent.bytes + (8 << 20)


def test_c_refuses_what_is_sent_without_credit(world):
    """It is answered with Overloaded, or dropped, and counts for nobody. All is in one frame: none of it is taken before
    the rest has come.
    """
    me, host = host_and_me(world)
    requests = [me._new_request(host) for _ in range(WINDOW + 100)]
    off = [Message(CALL, host, 0, PING)] * 10
    me.send_frame(pack_batch(host, [Message(CALL, host, request.id, PING) for request in requests] + off))
    world.until(lambda: all(request.done for request in requests), "the answers")
    assert not any(request.error for request in requests[:WINDOW])
    assert {request.error.kind for request in requests[WINDOW:]} == {"Overloaded"}
    assert not any(request.by_broker for request in requests)
    assert me.process(host).process.ping()


class Sink:
    def __init__(self):
        self.came = []

    def take(self, number):
        self.came.append(number)


def test_c_obeys(world):
    """It sends what it was given credit for, serves while it waits for more, and loses nothing."""
    me, host = host_and_me(world)
    objects, sink = world.objects(me, "host"), Sink()
    flood = me.call(objects.flood, [sink, 3000])
    me.reentrancy, held = "queue", types.SimpleNamespace(cancelled=False, ends=math.inf, chain=None, party=0, request=0)
    me.running.append(held)  # nothing is begun from here on
    world.until(lambda: len(me._queue) == me.given[host].told_messages if host in me.given else False, "the flood")
    other = world.peer()
    for _ in range(10):
        assert other.process(host).process.ping()
    assert len(me._queue) == me.given[host].told_messages < 3000 and not flood.done
    me.running.remove(held)
    flood.wait()
    world.until(lambda: len(sink.came) == 3000, "the rest")
    assert sink.came == list(range(3000))


def test_fleet_gives_credit_for_its_queue(world):
    """A caller has credit for one request, then for what the queue has room for; it obeys, and nothing is refused."""
    me, worker = world.peer(), world.peer(modules={"sums": types.SimpleNamespace(double=lambda x: 2 * x)})
    fleets = me.process(BROKER).broker.fleets
    fleets.set("small", {"queue_requests": 3})
    fleet = worker.process(BROKER).broker.fleets.join("small")
    requests = [me.call(me.process(fleet).sums.double, [number]) for number in range(50)]
    assert [request.wait() for request in requests] == [2 * number for number in range(50)]
    assert me.seen["CREDIT"] and not worker.sent["CREDIT"]
    greedy = world.peer()
    greedy.obeys = False
    fleets.pause("small")
    refused = [greedy.call(greedy.process(fleet).sums.double, [number]) for number in range(20)]
    world.until(lambda: refused[-1].done, "the refusal")
    assert {request.error.kind for request in refused if request.done} == {"Overloaded"}
    assert not refused[0].done
