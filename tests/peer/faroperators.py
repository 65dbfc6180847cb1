"""Operators on what a farcall process in Python hosts (section 3, "Operators"): calls of reserved names, and iterators.

Written from docs/protocol.md alone. Knows nothing of messages: farhost looks up a reserved name here, and calls it.
"""

import functools
import itertools
import operator

from farwire import FarError

BINARY = "add sub mul truediv floordiv mod divmod pow lshift rshift and or xor".split()
COMPARES = "eq ne lt le gt ge".split()
FUNCTIONS = {"__divmod__": divmod, "__bool__": bool, "__int__": int, "__float__": float, "__hash__": hash,
             "__str__": str, "__len__": len}
SYMBOLS = {"__add__": "+", "__sub__": "-", "__mul__": "*", "__len__": "len()", "__iter__": "iter()", "__getitem__": "[]",
           "__eq__": "=="}  # for people; the others are shown by their reserved names


class Iterator:
    """What __iter__ gives: batches instead of items, and an empty one at the end."""

    def __init__(self, items):
        self._items = iter(items)

    def __iter__(self):
        return self

    def batch(self, most=1):
        if not isinstance(most, int) or isinstance(most, bool) or most < 1:
            raise FarError("BadArguments", "most")
        return list(itertools.islice(self._items, min(most, 1000)))


def _plain(name):
    """The function of the plain operator of this name."""
    return FUNCTIONS.get(name) or getattr(operator, name)


def _forward(name):
    function = _plain(name)

    def run(thing, value, *operands):
        result = function(value, *operands)
        return list(result) if isinstance(result, tuple) else result
    return run


def _item(name):
    """The operator on items: of a sequence a list is a slice."""
    forward = _forward(name)

    def run(thing, value, key, *operands):
        is_slice = isinstance(key, list) and isinstance(value, (list, str, bytes))
        return forward(thing, value, slice(*key) if is_slice else key, *operands)
    return run


def _reflected(name):
    forward = _forward(name)
    return lambda thing, value, operand: forward(thing, operand, value)


def _in_place(name):
    """Gives the thing itself if that has changed; else the result, of a hosted value as another one."""
    def run(thing, value, operand):
        result = getattr(operator, name)(value, operand)
        if result is value:
            return thing
        return result if thing is value else type(thing)(result)
    return run


def _check_attribute(value, name):
    if not isinstance(name, str) or name.startswith("_") or not hasattr(value, name):
        raise FarError("NoSuchAttribute", str(name))


def _set_attribute(thing, value, name, new):
    _check_attribute(value, name)
    setattr(value, name, new)


def _delete_attribute(thing, value, name):
    _check_attribute(value, name)
    delattr(value, name)


OPERATORS = {
    **{f"__{name}__": _forward(f"__{name}__") for name in [*BINARY, *COMPARES, "neg", "pos", "abs", "invert"]},
    **{name: _forward(name) for name in [*FUNCTIONS, "__contains__"]},
    **{name: _item(name) for name in ["__getitem__", "__setitem__", "__delitem__"]},
    **{f"__r{name}__": _reflected(f"__{name}__") for name in BINARY},
    **{f"__i{name}__": _in_place(f"__i{name}__") for name in BINARY if name != "divmod"},
    "__setattr__": _set_attribute,
    "__delattr__": _delete_attribute,
    "__iter__": lambda thing, value: value if isinstance(value, Iterator) else Iterator(value),
    "__next__": lambda thing, value, most=1: value.batch(most),
    "__call__": lambda thing, value, *arguments, **keywords: value(*arguments, **keywords),
}
# Reserved names that Python has an operator for without a method of this name: it finds the operand's, or something else.
WITHOUT_METHOD = {"__bool__", "__contains__", "__setattr__", "__delattr__", "__next__", *(f"__r{name}__" for name in BINARY)}


def of(thing, value, name):
    """The operator of a reserved name, to be called with its operands: NoSuchAttribute, or TypeError of a hosted value.
    thing is what is hosted, value what it stands for."""
    plain = f"__{name[3:]}" if name.startswith("__i") and name[3:-2] in BINARY else name
    has = name in WITHOUT_METHOD or hasattr(type(value), name) or hasattr(type(value), plain)
    if name in OPERATORS and not has and thing is not value:
        raise FarError("Raised", f"{type(value).__name__} has no {name}", "TypeError")
    if name not in OPERATORS or not has or name == "__next__" and not isinstance(value, Iterator):
        raise FarError("NoSuchAttribute", name)
    return functools.partial(OPERATORS[name], thing, value)
