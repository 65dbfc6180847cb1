"""Answers that stay, of a farcall process in Python, and what stands for them in bodies (section 3, "Answers that stay").

Written from docs/protocol.md alone. Knows nothing of messages: farhost keeps an answer here when a request has run, and
puts it into the requests that refer to it.
"""

import copy
import struct

import msgpack

from farproxy import Proxy
from farwire import *


class Hosted:
    """A value that is hosted: a transferred copy, or a result that was wanted by reference."""

    def __init__(self, value):
        self.value = value


class Kept:
    """The answer of a request with KEEP, once it is there."""

    def __init__(self):
        self.done, self.value, self.error, self.root = False, None, None, None

    def settle(self, value=None, error=None):
        self.done, self.value, self.error = True, copy.deepcopy(value) if _is_plain(value) else value, error
        self.root = Hosted(copy.deepcopy(value)) if _is_plain(value) else value


class Answer:
    """What an ext of type 3 stands for: a kept answer, or what lies at a path from it."""

    def __init__(self, kept, path):
        self.kept, self.path = kept, path


class Pinned:
    """A root that was looked up when its request arrived."""

    def __init__(self, thing):
        self.thing = thing


def _is_plain(value):
    return type(value) in BY_VALUE


def read_ext(content):
    """The request ID and the path."""
    if len(content) < 8:
        raise FarError("ProtocolError", "an answer without its request ID")
    return struct.unpack_from(">Q", content)[0], content[8:].decode()


def answer_of(request, path=""):
    """For a body: the answer of an earlier request to the same process."""
    return msgpack.ExtType(EXT_REQUEST, struct.pack(">Q", request.id) + path.encode())


def answers_in(body):
    """The Answers in a body."""
    if isinstance(body, Answer):
        return [body]
    if isinstance(body, dict):
        body = [*body.keys(), *body.values()]
    return [answer for item in body for answer in answers_in(item)] if isinstance(body, (list, tuple)) else []


def put_in(body, at_path):
    """The body with what its Answers stand for. at_path (thing, path) follows a path."""
    if isinstance(body, Answer):
        thing = at_path(body.kept.root, body.path) if body.path else body.kept.value
        return thing.value if isinstance(thing, Hosted) else thing
    if isinstance(body, dict):
        return {put_in(key, at_path): put_in(value, at_path) for key, value in body.items()}
    return [put_in(item, at_path) for item in body] if isinstance(body, list) else body


def root_of(answer):
    """What a path from an answer begins at."""
    if isinstance(answer.kept.root, Proxy):
        raise FarError("NoSuchAttribute", "the answer lies in another process")
    return Pinned(answer.kept.root)
