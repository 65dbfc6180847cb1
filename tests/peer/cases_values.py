"""Values that far-actor hosts, used from Python: operators, methods, slices, iteration (section 3, "Hosted values")."""

from farproxy import Proxy
from peerworld import raises


def world_of(world):
    world.actor("host")
    me = world.peer("me")
    return me, world.objects(me, "host")


def hosted(me, objects, value):
    return me.transfer(objects._owner, value).wait()


def test_c_hosted_operators(world):
    me, objects = world_of(world)
    seven = hosted(me, objects, 7)
    assert seven._at("__floordiv__")(-2) == 7 // -2 and seven._at("__rsub__")(2) == -5
    assert seven._at("__divmod__")(-2) == [-4, -1] and seven._at("__hash__")() == hash(7.0)
    more = seven._at("__iadd__")(1)
    assert isinstance(more, Proxy) and me.getvalue(more).wait() == 8 and me.getvalue(seven).wait() == 7
    assert raises("Raised", seven._at("__mod__"), 0).error_class == "ZeroDivisionError"
    assert hosted(me, objects, [None, True, 1.0, "it's"])._at("__str__")() == str([None, True, 1.0, "it's"])


def test_c_hosted_items(world):
    me, objects = world_of(world)
    items = [0, 1.5, "two", None, [4]]
    copy = hosted(me, objects, items)
    assert copy._at("__getitem__")([None, None, -2]) == items[::-2] and copy._at("__len__")() == 5
    copy._at("__setitem__")([1, 3], ["new"])
    copy._at("__delitem__")(-1)
    copy.append(copy)  # a reference that came home
    assert me.getvalue(copy).wait()[:3] == [0, "new", None]
    copy.pop()
    iterator = copy._at("__iter__")()
    assert iterator._at("__next__")(2) == [0, "new"] and iterator._at("__next__")(9) == [None]
    assert iterator._at("__next__")() == []
    assert hosted(me, objects, "a b  c").split() == ["a", "b", "c"]
    counts = hosted(me, objects, {1: "a"})
    assert counts.get(True) == "a" and counts.setdefault("k", []) == [] and counts.keys() == [1, "k"]
