"""What references say of the calls that are made through them (section 5)."""

import msgpack

from cases_calls import ask_raw, host_and_me
from farwire import *
from peerworld import raises


class Thing:
    def get(self):
        return 1


USUAL = [0, 10000, 0, 0, 0, 1023]  # of C: mode, timeout_ms, returns, auto_proxy, defer_getattr, by_value


def test_options_from_c(world):
    me, objects = host_and_me(world)
    counter = objects.unheard()
    assert counter._options == {"mode": "off", "timeout_ms": 1500}
    assert counter.add(5) is None  # off, as its owner wishes
    assert me.call(counter.add, [1]).wait() == 6
    assert objects.Counter(1)._options == {}


def test_options_to_c(world):
    me, objects = host_and_me(world)
    plain, thing = Thing(), Thing()
    assert objects.options_of(plain) == USUAL
    thing.far_options = {"mode": "async", "timeout_ms": -1, "returns": "proxy", "auto_proxy": True,
                         "defer_getattr": True, "by_value": 512, "colour": ["red"]}
    objects.keep(thing)
    assert objects.options_of(thing) == [1, -1, 2, 1, 1, 512]
    thing.far_options = {"mode": "off"}
    assert objects.options_of(thing)[0] == 1  # as long as C has the proxy, it does not begin anew
    objects.drop()


def test_options_that_c_refuses(world):
    me, objects = host_and_me(world)
    held = objects.Counter(1)
    field = (REFERENCE_FIELD, (held._owner, held._object))
    for carried in ({"mode": "no"}, {"mode": 0}, {"timeout_ms": 0}, {"timeout_ms": 1.5}, {"by_value": 2048},
                    {"auto_proxy": 1}, {1: 1}, [], None):
        reference = msgpack.ExtType(EXT_REFERENCE, pack_body([0, "", "", carried]))
        body = pack_body([None, "peer_objects.echo", [reference]])
        raises("ProtocolError", ask_raw(me, objects._owner, CALL, body, [field]).wait)
    assert held.add(1) == 2
