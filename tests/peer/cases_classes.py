"""Classes and their operators both ways: Python uses what a class of C has, C what an object of Python has (sections 3, 8)."""

from farproxy import Proxy
from peerworld import raises


class Basket:
    """Fruit."""

    MOST = 5

    def __init__(self, *fruit):
        self.fruit, self.label = list(fruit), "basket"

    def __len__(self):
        return len(self.fruit)

    def __getitem__(self, place):
        return self.fruit[place]

    def __iadd__(self, fruit):
        self.fruit.append(fruit)
        return self

    def __iter__(self):
        return iter(self.fruit)

    @property
    def first(self):
        """The first."""
        return self.fruit[0]


class Bag(Basket):
    def __add__(self, fruit):
        return Bag(*self.fruit, fruit)


def host_and_me(world, **modules):
    world.actor("host")
    me = world.peer("me", modules)
    return me, world.objects(me, "host")


def test_c_operators(world):
    me, objects = host_and_me(world)
    box, other = objects.Box(3), objects.Box(3)
    assert box._at("__add__")(4) == 7 and box._at("__iadd__")(4) == 7 and box.add(0) == 3
    assert box._at("__isub__")(1) is box and me.getattr(box, "total").wait() == 2
    assert box._at("__eq__")(box) is True and box._at("__ne__")(box) is False and box._at("__eq__")(other) is False
    assert box._at("__hash__")() == box._at("__hash__")() and box._at("__str__")() == "<Box object>"
    assert box._at("__bool__")() is True
    assert box._at("__contains__")(1) is True and box._at("__contains__")(2) is False
    raises("BadArguments", box._at("__add__"), "text")
    raises("BadArguments", box._at("__add__"))
    for name in ("__sub__", "__len__", "__next__", "__lt__"):
        assert name in raises("NoSuchAttribute", box._at(name), 1).message


def test_c_properties(world):
    me, objects = host_and_me(world)
    box = objects.Box(3)
    assert box._at("__setattr__")("step", 5) is None and me.getattr(box, "step").wait() == 5
    assert me.getattr(box, "MOST").wait() == 9 and me.getattr(objects, "Box.MOST").wait() == 9
    raises("BadArguments", box._at("__setattr__"), "step", "five")
    for name in ("total", "MOST", "add"):
        raises("BadArguments", box._at("__setattr__"), name, 1)
        raises("BadArguments", box._at("__delattr__"), name)
    raises("NoSuchAttribute", box._at("__setattr__"), "nothing", 1)


def test_c_iteration(world):
    me, objects = host_and_me(world)
    numbers = objects.Box(5)._at("__iter__")()
    assert isinstance(numbers, Proxy) and numbers._at("__iter__")() is numbers
    assert numbers._at("__next__")() == [0] and numbers._at("__next__")(3) == [1, 2, 3]
    assert numbers._at("__next__")(3) == [4] and numbers._at("__next__")(3) == []
    raises("BadArguments", numbers._at("__next__"), 0)


def test_c_describes_a_class(world):
    me, objects = host_and_me(world)
    told = me.process(objects._owner).process.describe("peer_objects")
    box = next(row for row in told["classes"] if row["name"] == "Box")
    assert (box["base"], box["takes"]) == ("Counter", "start:l=0"), box
    assert [(row["name"], row["from"]) for row in box["methods"]] == [("add", "Counter"), ("scale", "Counter")]
    assert box["properties"] == [
        {"name": "step", "type": "l", "doc": "To be set.", "settable": True, "deletable": False, "from": "Box"},
        {"name": "total", "type": "l", "doc": "To be read.", "settable": False, "deletable": False, "from": "Box"}]
    assert box["operators"][0] == {"name": "__add__", "symbol": "+", "signature": "other:l -> l", "doc": "The sum.",
                                   "from": "Box"}
    assert box["constants"] == [{"name": "MOST", "value": 9, "doc": "The most.", "from": "Box"}]


def test_python_operators(world):
    me, objects = host_and_me(world)
    bag = Bag("apple", "pear")
    objects.keep(bag)
    assert objects.use("__getitem__", 1) == "pear"
    assert objects.use("__contains__", "apple") is True and objects.use("__contains__", "plum") is False
    assert objects.use("__iadd__", "plum") is bag and bag.fruit[-1] == "plum"
    assert objects.use("__add__", "fig").fruit == ["apple", "pear", "plum", "fig"]
    raises("Raised", objects.use, "__getitem__", 9)
    raises("NoSuchAttribute", objects.use, "__mul__", 1)
    assert objects.gather() == ["apple", "pear", "plum"]
    bag.fruit = list(range(5000))
    assert objects.gather() == bag.fruit


def test_python_hosted_values(world):
    me, other = world.peer(), world.peer()
    seven, items = me.transfer(other.id, 7).wait(), me.transfer(other.id, [1]).wait()
    assert seven._at("__divmod__")(-2) == [-4, -1] and seven._at("__rsub__")(2) == -5
    more = seven._at("__iadd__")(1)
    assert me.getvalue(more).wait() == 8 and me.getvalue(seven).wait() == 7
    assert items._at("__iadd__")([2]) is items and me.getvalue(items).wait() == [1, 2]
    items._at("__setitem__")(0, "one")
    items._at("__delitem__")(1)
    assert items._at("__getitem__")([None, None, -1]) == ["one"]
    assert raises("Raised", items._at("__sub__"), 1).error_class == "TypeError"
    assert items._at("__len__")() == 1 and items._at("__iter__")()._at("__next__")(9) == ["one"]


def test_far_lists_classes(world):
    me, objects = host_and_me(world, basket=type("basket", (), {"Bag": Bag, "Basket": Basket}))
    code, out, _ = world.far("ls", "me", "basket")
    assert code == 0 and "Bag(fruit) is a Basket" in out and ".first: any (read only)" in out, out
    assert "(Basket)" in out and ".MOST = 5" in out, out
    code, out, _ = world.far("ls", "host", "peer_objects")
    assert code == 0 and "Box(start: int = 0) is a Counter" in out and "-= (other: int)" in out, out
