"""What a farcall process in Python says of what it offers (section 8).

Written from docs/protocol.md alone. Knows nothing of messages.
"""

import inspect
import types

from faroperators import OPERATORS, SYMBOLS
from farwire import BY_VALUE


def describe(name, module):
    result = {"name": name, "doc": _doc(module), "functions": [], "classes": [], "constants": [], "modules": []}
    for member, thing in _members(module):
        if inspect.isclass(thing):
            result["classes"].append(_describe_class(member, thing))
        elif callable(thing):
            result["functions"].append(_describe_function(member, thing))
        elif isinstance(thing, (types.SimpleNamespace, types.ModuleType)):
            result["modules"].append(member)
        elif type(thing) in BY_VALUE:
            result["constants"].append({"name": member, "value": thing})
    return result


def _doc(thing):
    return (inspect.getdoc(thing) or "").split("\n")[0]


def _describe_function(name, function):
    try:
        signature = ", ".join(inspect.signature(function).parameters)
    except ValueError:
        signature = ""
    return {"name": name, "signature": signature, "doc": _doc(function)}


def _members(thing):
    return [(name, getattr(thing, name)) for name in dir(thing) if not name.startswith("_")]


def _describe_class(name, of):
    base = of.__base__.__name__ if of.__base__ is not object else ""
    result = {"name": name, "doc": _doc(of), "takes": _describe_function(name, of)["signature"], "base": base,
              "methods": [], "properties": [], "operators": [], "constants": []}
    for member, thing in _members(of):
        origin = {"from": next(each.__name__ for each in of.__mro__ if member in vars(each))}
        if isinstance(thing, property):
            result["properties"].append({"name": member, "type": "v", "doc": _doc(thing), "settable": bool(thing.fset),
                                         "deletable": bool(thing.fdel)} | origin)
        elif callable(thing):
            result["methods"].append(_describe_function(member, thing) | origin)
        elif type(thing) in BY_VALUE:
            result["constants"].append({"name": member, "value": thing, "doc": ""} | origin)
    for each in of.__mro__[:-1]:  # not what every object of Python has
        result["operators"] += [_describe_function(member, thing) | {"symbol": SYMBOLS.get(member, member),
                                                                     "from": each.__name__}
                                for member, thing in vars(each).items() if member in OPERATORS and callable(thing)]
    return result
