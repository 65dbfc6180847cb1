#!/usr/bin/python3
"""What Python says of its operators and methods on plain values, as lines that the tests compare hosted values with.

    make_operators.py > operators.txt
    make_operators.py operators.txt         fails if the file is not what this Python says

A line is NAME SELF ARGUMENT... = RESULT, with `! CLASS` in the place of the result where Python raises, and `~ AFTER`
behind it where a list or map has changed. Values are MessagePack in hex. What an in-place operator gives is the object to
go on with. Where hosted values differ by design (docs/protocol.md, section 3), what they do is written here as code:
integers end at 64 bits, tuples are lists, complex numbers are none.
"""

import contextlib
import io
import itertools
import math
import operator
import sys
from pathlib import Path

import msgpack

# Integers outside of these can't travel.
LEAST, MOST = -2**63, 2**64 - 1

BINARY = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "truediv": operator.truediv,
    "floordiv": operator.floordiv, "mod": operator.mod, "divmod": divmod, "pow": pow, "lshift": operator.lshift,
    "rshift": operator.rshift, "and": operator.and_, "or": operator.or_, "xor": operator.xor,
}
IN_PLACE = {
    "iadd": operator.iadd, "isub": operator.isub, "imul": operator.imul, "itruediv": operator.itruediv,
    "ifloordiv": operator.ifloordiv, "imod": operator.imod, "ipow": operator.ipow, "ilshift": operator.ilshift,
    "irshift": operator.irshift, "iand": operator.iand, "ior": operator.ior, "ixor": operator.ixor,
}
COMPARES = {"eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le, "gt": operator.gt,
            "ge": operator.ge}
UNARY = {"neg": operator.neg, "pos": operator.pos, "abs": abs, "invert": operator.invert, "bool": bool, "int": int,
         "float": float, "str": str, "len": len}

INTEGERS = [True, 0, 1, -1, 3, -7, 63, 2**53 + 1, 2**63 - 1, -2**63, 2**64 - 1]
FLOATS = [0.0, -0.0, 1.0, -2.5, 0.1, 1e300, 5e-324, 2.0**63, -math.inf, math.nan]
STRINGS = ["", "a", "ab", "h\u00e9llo", "\u65e5\u672c\U0001f600", "7", " -3.5 ", "it's", 'a "b"\n\\\x00\x7f\u00a0\u200b']
BINARIES = [b"", b"ab", b"\x00\xff'", b" 12"]
LISTS = [[], [1], [1, 2.0, "x"], [[1], {"a": None}], [3, 1, 2], [True, None, b"x"]]
MAPS = [{}, {"a": 1}, {1: "x", "k": [1]}, {"k": [1], True: "x"}, {None: 2.5, b"b": {}}]
MIXED = [None, True, 3, -2, 0.5, "ab", "", b"ab", [1], [1, 2.0, "x"], {"a": 1}, {}]


class NotHosted(Exception):
    """The result is nothing that a hosted value can be."""


def plain(value):
    """The value as hosted values have it."""
    if isinstance(value, bool) or value is None or isinstance(value, (str, bytes)):
        return value
    if isinstance(value, int):
        if not LEAST <= value <= MOST:
            raise OverflowError
        return value
    if isinstance(value, float):
        return math.nan if math.isnan(value) else value
    if isinstance(value, complex):
        raise ValueError
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    raise NotHosted(type(value).__name__)


def encode(value):
    return msgpack.packb(plain(value), use_bin_type=True).hex()


def copy(value):
    """Another object of the same value, as one that came in a message is."""
    return msgpack.unpackb(msgpack.packb(value, use_bin_type=True), raw=False, strict_map_key=False)


def line(name, function, self, *arguments):
    own, given = copy(self), [copy(argument) for argument in arguments]
    try:
        result = "= " + encode(function(own, *given))
    except NotHosted:
        return
    except Exception as error:
        result = "! " + type(error).__name__
    parts = [name, encode(self), *map(encode, arguments), result]
    if isinstance(self, (list, dict)) and encode(own) != encode(self):
        parts += ["~", encode(own)]
    print(*parts)


def huge(name, self, other):
    """Would Python work for very long?"""
    whole = isinstance(self, int) and isinstance(other, int)
    if name in ("pow", "ipow"):
        return whole and abs(self) > 1 and other > 4096
    if name in ("lshift", "ilshift"):
        return whole and other > 4096
    if name in ("mul", "imul"):
        return any(isinstance(a, (str, bytes, list)) and isinstance(b, int) and b > 1000
                   for a, b in ((self, other), (other, self)))
    return False


def binary(name, function, self, other):
    if huge(name, self, other):
        # Python has no such end; only 0 stays what it is.
        if name.endswith("mul") or (name.endswith("shift") and self == 0):
            return
        print(f"__{name}__", encode(self), encode(other), "! OverflowError")
    elif name.endswith("mod") and isinstance(self, (str, bytes)):
        print(f"__{name}__", encode(self), encode(other), "! TypeError")  # no formatting by %
    elif not (name == "ior" and isinstance(self, dict) and isinstance(other, (str, bytes))):  # nothing of texts
        line(f"__{name}__", function, self, other)


def operators():
    numbers = INTEGERS + FLOATS
    for (name, function), (a, b) in itertools.product(BINARY.items(), itertools.product(numbers, repeat=2)):
        if not (isinstance(a, float) and isinstance(b, float) and name in ("lshift", "rshift", "and", "or", "xor")):
            binary(name, function, a, b)
    for (name, function), (a, b) in itertools.product(BINARY.items(), itertools.product(MIXED, repeat=2)):
        binary(name, function, a, b)
    for (name, function), (a, b) in itertools.product(BINARY.items(), itertools.product(MIXED[:7], [7, 2.5, "x"])):
        if not (name == "mod" and isinstance(b, str)):
            line(f"__r{name}__", lambda self, other, does=function: does(other, self), a, b)
    for (name, function), (a, b) in itertools.product(IN_PLACE.items(), itertools.product(MIXED, repeat=2)):
        binary(name, function, a, b)
    several = numbers + STRINGS[1:4] + BINARIES[1:3] + LISTS[1:4] + MAPS[1:4] + [None]
    for a, b in itertools.product(several, repeat=2):
        for name in ("eq", "le") if a is not b else COMPARES:
            line(f"__{name}__", COMPARES[name], a, b)
    for (name, function), value in itertools.product(
            UNARY.items(), numbers + STRINGS + BINARIES + LISTS + MAPS + [None, False]):
        line(f"__{name}__", function, value)
    for value in [number for number in numbers if number == number] + [LISTS[1], MAPS[1]]:
        line("__hash__", hash, value)
    for text in ("1_000", "1__0", "_1", "+5", "- 5", "\u00a07\u3000", "0x10", "99999999999999999999", "1e5", "1_0.5e-3", ".5",
                 "5.", ".", "inf", "-Infinity", "NaN", "nan(1)", "1e400", "\t12\n", "18446744073709551615",
                 "-9223372036854775809"):
        line("__int__", int, text)
        line("__float__", float, text)
    for a, b in ((-8.0, 0.5), (-8, 300.5), (-1e300, 2.5), (0, -1), (0.0, -math.inf), (-1, 2**62), (3, 40),
                 (3, 41), (-2, 63)):
        line("__pow__", pow, a, b)
    for number in (1e22, 1e-5, 123456789012345680.0, 0.0001, 9007199254740993.0, 1.7976931348623157e308,
                   2.2250738585072014e-308, 4.35, 100.0, 1e15, 1e17, 2 / 3, 1.5e-310, 123.456, -1e-7):
        line("__str__", str, number)


def is_slice(key):
    return slice(*key) if isinstance(key, list) else key


def items():
    slices = [list(parts)
              for parts in itertools.product((None, 0, 1, -2, 9), (None, 2, -1, -9), (None, 1, 2, -1, -2, 0))]
    slices += [[1, 3], [None, None], [None, -1], ["a", 1], [1.0, 2]]
    for self, key in itertools.product(["h\u00e9l\u65e5\U0001f600o", b"abcdef", [0, 1.5, "two", None, [4]]],
                                       slices + [0, 4, -1, -5, -6, 5, 2**63, True, 1.0, "a", None]):
        line("__getitem__", lambda own, at: own[is_slice(at)], self, key)
    for self, key in itertools.product(MAPS, ["a", 1, 1.0, True, None, b"b", "missing", [1], {}]):
        line("__getitem__", operator.getitem, self, key)
        line("__contains__", operator.contains, self, key)
        line("__setitem__", operator.setitem, self, key, "new")
        line("__delitem__", operator.delitem, self, key)
    for self, key in itertools.product(STRINGS[:5] + BINARIES + LISTS,
                                       ["a", "", "l", b"", b"\xff", 1, 97, 256, 2.0, [1], None]):
        line("__contains__", operator.contains, self, key)
    for key, value in itertools.product(slices, [[], ["x"], ["x", "y"], "abc", 5]):
        line("__setitem__", lambda own, at, new: own.__setitem__(is_slice(at), new), [0, 1, 2, 3, 4], key, value)
    for key in slices + [0, -1, 4, 5, -6, "a", True]:
        line("__delitem__", lambda own, at: own.__delitem__(is_slice(at)), [0, 1, 2, 3, 4], key)
    for key in (0, -1, 5, "a", 1.0):
        line("__setitem__", operator.setitem, [0, 1, 2, 3, 4], key, None)
    for self in (5, None, "ab", b"ab", 1.5):
        line("__getitem__", operator.getitem, self, "x")
        line("__setitem__", operator.setitem, self, 0, 1)
        line("__delitem__", operator.delitem, self, 0)


def method(self, name, *arguments):
    """One line, by the method of that name."""
    line(name, lambda own, *given: getattr(own, name)(*given), self, *arguments)


def texts():
    words = ["", "ab", "Hello, World", "  two  words\t", "a,b,,c", "x" * 5, "\u00c9t\u00e9 \u00e0 \u03b1\u03b2",
             "one\ntwo\r\nthree\n", "aXbXc", "-42", "+7", "\u3000wide\u00a0"]
    plain_methods = ("upper", "lower", "capitalize", "title", "swapcase", "strip", "lstrip", "rstrip", "split", "rsplit",
                     "splitlines", "isalpha", "isdigit", "isalnum", "isspace", "isupper", "islower")
    for word, as_binary in itertools.product(words, (False, True)):
        self = word.encode() if as_binary else word
        part = (lambda text: text.encode()) if as_binary else (lambda text: text)
        for name in plain_methods:
            method(self, name)
        for name, text in itertools.product(("find", "rfind", "index", "rindex", "count"), ("", "b", "wo", "\u00e0", "zz")):
            method(self, name, part(text))
            method(self, name, part(text), 1)
            method(self, name, part(text), -4, -1)
        method(self, "find", part(""), 99)
        method(self, "count", part(""), 99)
        for name in ("split", "rsplit"):
            for text, most in itertools.product((",", "X", " ", ""), (-1, 0, 1)):
                method(self, name, part(text), most)
            method(self, name, None, 1)
        method(self, "splitlines", True)
        for name in ("strip", "lstrip", "rstrip"):
            method(self, name, part(" aHd\u00c9"))
        for name, text in itertools.product(("partition", "rpartition", "removeprefix", "removesuffix", "startswith",
                                             "endswith"), (",", "a", "c", "zz")):
            method(self, name, part(text))
        method(self, "partition", part(""))
        method(self, "replace", part("b"), part("--"))
        method(self, "replace", part(""), part("."), 3)
        method(self, "replace", part("a"), part(""), 1)
        for width in (0, 6, 7):
            method(self, "zfill", width)
            method(self, "ljust", width)
            for name in ("ljust", "rjust", "center"):
                method(self, name, width, part("*"))
        method(self, "join", [part("a"), part("b"), part("")])
        method(self, "join", [])
        method(self, "join", [part("a"), 1])
        method(self, "encode" if not as_binary else "decode")
    method("a", "startswith", 1)
    method("a", "find", b"a")
    method("a", "ljust", 5, "xy")
    method(b"\xff", "decode")
    method(b"\x00\x1f\xff", "hex")


def collections():
    numbers = [3, 1.5, True, 2, 1]
    for self in (numbers, [], ["b", "a", "c"], [1, "a"], [[2], [1, 5]], [2, 1.0, 1, True]):
        method(self, "append", {"k": [None]})
        method(self, "extend", [1, 2])
        method(self, "extend", "h\u00e9")
        method(self, "extend", {"k": 1})
        method(self, "extend", 5)
        for index in (0, 1, -1, 99, -99):
            method(self, "insert", index, None)
            method(self, "pop", index)
        method(self, "pop")
        for value in (1, "a", [2], None):
            method(self, "remove", value)
            method(self, "index", value)
            method(self, "index", value, 1)
            method(self, "index", value, -2, 4)
            method(self, "count", value)
        for name in ("sort", "reverse", "copy", "clear"):
            method(self, name)
    line("sort", lambda own, backwards: own.sort(reverse=backwards), numbers, True)
    line("sort", lambda own, backwards: own.sort(reverse=backwards), [2, 1.0, 3, 1, True], True)
    for self in MAPS:
        for name in ("keys", "values", "items"):
            line(name, lambda own, of=name: list(getattr(own, of)()), self)
        for name in ("popitem", "copy", "clear"):
            method(self, name)
        for key in ("a", 1.0, "missing", [1]):
            method(self, "get", key)
            method(self, "get", key, 7)
            if self or key != [1]:  # CPython does not look at the key where a map is empty
                method(self, "pop", key)
                method(self, "pop", key, None)
            method(self, "setdefault", key)
            method(self, "setdefault", key, 7)
        for other in ({"a": 5, 1.0: 6}, [["a", 9], [None, 1]], [[1]], [1], 5, {}):
            method(self, "update", other)
    for number in INTEGERS:
        method(number, "bit_length")
        method(number, "bit_count")
    for number in FLOATS:
        method(number, "is_integer")


def main(path=None):
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        operators()
        items()
        texts()
        collections()
    if not path:
        print(text.getvalue(), end="")
        return 0
    kept, made = Path(path).read_text().splitlines(), text.getvalue().splitlines()
    wrong = [f"{number}: kept {a!r}, made {b!r}"
             for number, (a, b) in enumerate(itertools.zip_longest(kept, made), 1) if a != b]
    print(*wrong[:10], f"{len(kept)} cases, {len(wrong)} differ", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
