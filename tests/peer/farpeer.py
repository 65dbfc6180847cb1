"""A farcall process in Python, written from docs/protocol.md alone.

It is what shows that the page is enough: it shares no line with the C library, and the flow tests run the two against
each other through a real broker. Numbers in the comments are sections of the page.

    codec      Message, pack_message, unpack_frame; pack_body, check_body, unpack_body      sections 1, 2, 6, 7
    Loop       waits for sockets and descriptors; nothing here sleeps
    Exports    what this process hosts, and who holds how much of it                         section 5, the owner's side
    Proxy      an object of another process, with the receipts that are owed for it          section 5, the holder's side
    Peer       the session: calls, hosts, and keeps the books of both                        sections 3, 4, 8

One thread. A peer serves what comes in whenever its loop waits, also while a hosted method waits for a call of its own.
"""

import collections
import inspect
import os
import re
import socket as sockets
import struct
import time
import types
import weakref

import msgpack
import zmq
from zmq.utils.monitor import recv_monitor_message

# ---------------------------------------------------------------------------------------------------------------------
# The page's tables

VERSION = 1

TYPES = {1: "HELLO", 2: "WELCOME", 3: "RESET", 4: "BYE", 5: "GRANT", 6: "DOWN",
         16: "IMPORT", 17: "GETATTR", 18: "GETVALUE", 19: "CALL", 20: "TRANSFER", 21: "DEL", 22: "CANCEL", 23: "CLOSE",
         32: "RESULT", 33: "ERROR", 34: "CREDIT"}
(HELLO, WELCOME, RESET, BYE, GRANT, DOWN, IMPORT, GETATTR, GETVALUE, CALL, TRANSFER, DEL, CANCEL, CLOSE,
 RESULT, ERROR, CREDIT) = TYPES
REQUESTS = {IMPORT, GETATTR, GETVALUE, CALL, TRANSFER, CLOSE}

FLAGS = {0x0001: "BATCH", 0x0002: "KEEP", 0x0004: "HOLDS", 0x0008: "BY_BROKER", 0x0010: "NO_CLEANUP",
         0x0020: "IDEMPOTENT"}
BATCH, KEEP, HOLDS, BY_BROKER, NO_CLEANUP, IDEMPOTENT = FLAGS

FIELDS = {1: "REFERENCE", 2: "RELEASE", 3: "GRANT", 4: "DOWN"}
REFERENCE_FIELD, RELEASE_FIELD, GRANT_FIELD, DOWN_FIELD = FIELDS
FIELD_FORMATS = {REFERENCE_FIELD: ">QQ", RELEASE_FIELD: ">QQ", GRANT_FIELD: ">QQQ", DOWN_FIELD: ">QI"}
DIED, SAID_BYE, CUT = 1, 2, 3

KINDS = {1: "Raised", 2: "Timeout", 3: "Cancelled", 4: "PeerDied", 5: "BrokerLost", 6: "NoSuchProcess",
         7: "NoSuchModule", 8: "NoSuchAttribute", 9: "NoWorker", 10: "NameTaken", 11: "Overloaded", 12: "Limit",
         13: "Stale", 14: "BadArguments", 15: "NotSerializable", 16: "ProtocolError", 17: "Denied", 18: "Closed",
         19: "Deadlock", 20: "NoMemory", 21: "System"}
NUMBERS = {name: number for number, name in KINDS.items()}

EXT_REFERENCE, EXT_ATTACHMENT, EXT_REQUEST, EXT_TIMESTAMP = 1, 2, 3, -1

# `returns`: what comes by value.
BY_VALUE = {type(None): 1, bool: 2, int: 4, float: 8, str: 16, bytes: 32, list: 64, tuple: 64, dict: 128,
            msgpack.Timestamp: 256}
RETURNS_REFERENCES, RETURNS_VALUE_FORMS, RETURNS_DEFAULT = 512, 1024, 1023

MAX_MESSAGE, MAX_FIELDS, MAX_VALUES, MAX_NESTING, MAX_PATH, MAX_HOPS = 64 << 20, 1024, 1_000_000, 32, 1024, 32
SESSION, BROKER = 0, 1  # parties that are no process


class FarError(Exception):
    """An error as it travels (section 7): kind by name, class, message, hops."""

    def __init__(self, kind, message="", error_class=None, hops=()):
        super().__init__(f"{error_class or kind}: {message}")
        self.kind, self.message, self.error_class = kind, message, error_class or kind
        self.hops = [list(hop) for hop in hops]

    def fresh(self):
        """The same error without a traceback, which would keep the arguments of the failed call alive."""
        return FarError(self.kind, self.message, self.error_class, self.hops)

    def body(self):
        return [NUMBERS[self.kind], self.error_class, self.message, self.hops[:MAX_HOPS]]

    @classmethod
    def of_body(cls, body):
        if not isinstance(body, list) or not 3 <= len(body) <= 4 or not isinstance(body[0], int):
            raise FarError("ProtocolError", "an error that is none")
        kind, error_class, message, hops = body if len(body) == 4 else body + [[]]
        return cls(KINDS.get(kind, "ProtocolError"), message, error_class, hops)


class MalformedFrame(Exception):
    """What ends a connection (section 4)."""


# ---------------------------------------------------------------------------------------------------------------------
# Frames (sections 1, 2 and 6)

HEADER = struct.Struct(">BBHIQQII")
RECORD = struct.Struct(">BBHIQII")
FIELD = struct.Struct(">HH")


class Message:
    """One message. fields is a list of (tag, numbers), or (tag, bytes) for tags that the page does not define."""

    def __init__(self, type, party=0, request=0, body=b"", fields=(), flags=0, time_left=0):
        self.type, self.flags, self.time_left = type, flags, time_left
        self.party, self.request, self.fields, self.body = party, request, list(fields), bytes(body)

    def field(self, tag):
        return next((content for t, content in self.fields if t == tag), None)

    def references(self):
        return [content for tag, content in self.fields if tag == REFERENCE_FIELD]

    def __eq__(self, other):
        return isinstance(other, Message) and vars(self) == vars(other)

    def __repr__(self):
        return (f"<{TYPES.get(self.type, self.type)} party={self.party:#x} request={self.request} flags={self.flags:#x}"
                f" fields={self.fields} body={self.body!r}>")


def pack_field(tag, content):
    if tag in FIELD_FORMATS:
        content = struct.pack(FIELD_FORMATS[tag], *content)
    return FIELD.pack(tag, len(content)) + content


def pack_message(message):
    fields = b"".join(pack_field(*field) for field in message.fields)
    return HEADER.pack(VERSION, message.type, message.flags, message.time_left, message.party, message.request,
                       len(message.body), len(fields)) + fields + message.body


def pack_batch(party, messages):
    body = b""
    for message in messages:
        fields = b"".join(pack_field(*field) for field in message.fields)
        body += RECORD.pack(message.type, 0, message.flags, message.time_left, message.request, len(message.body),
                            len(fields)) + fields + message.body
    return pack_message(Message(0, party, body=body, flags=BATCH))


def unpack_fields(data):
    fields, at = [], 0
    while at < len(data):
        if len(fields) == MAX_FIELDS or at + FIELD.size > len(data):
            raise MalformedFrame("fields")
        tag, size = FIELD.unpack_from(data, at)
        content, at = data[at + FIELD.size:at + FIELD.size + size], at + FIELD.size + size
        if at > len(data):
            raise MalformedFrame("fields")
        if tag in FIELD_FORMATS:
            if size != struct.calcsize(FIELD_FORMATS[tag]):
                raise MalformedFrame(f"field {tag} of {size} bytes")
            content = struct.unpack(FIELD_FORMATS[tag], content)
        fields.append((tag, content))
    return fields


def unpack_batch(party, body):
    messages, at = [], 0
    while at < len(body) or not messages:
        if at + RECORD.size > len(body):
            raise MalformedFrame("batch")
        type, zero, flags, time_left, request, body_size, fields_size = RECORD.unpack_from(body, at)
        fields_at = at + RECORD.size
        body_at, at = fields_at + fields_size, fields_at + fields_size + body_size
        if zero or at > len(body) or flags & BATCH or not IMPORT <= type <= ERROR:
            raise MalformedFrame("record")
        messages.append(Message(type, party, request, body[body_at:at], unpack_fields(body[fields_at:body_at]), flags,
                                time_left))
    return messages


def unpack_frame(frame):
    """The messages of a frame: one, or those of a batch."""
    if len(frame) < HEADER.size:
        raise MalformedFrame("header")
    version, type, flags, time_left, party, request, body_size, fields_size = HEADER.unpack_from(frame)
    if version != VERSION or HEADER.size + fields_size + body_size != len(frame):
        raise MalformedFrame("header")
    fields, body = frame[HEADER.size:HEADER.size + fields_size], frame[HEADER.size + fields_size:]
    if flags & BATCH:
        if type or request or time_left or fields_size:
            raise MalformedFrame("batch")
        return unpack_batch(party, body)
    return [Message(type, party, request, body, unpack_fields(fields), flags, time_left)]


# ---------------------------------------------------------------------------------------------------------------------
# Bodies (section 7)

class Map(list):
    """A map whose keys a Python dict can't hold apart (lists, 1 beside 1.0): its pairs."""


def _equal(a, b):
    return type(a) is type(b) and a == b


def _map_of_pairs(pairs):
    result = {}
    try:
        for key, value in pairs:
            result[key] = value
        if len(result) == len(pairs):
            return result
    except TypeError:
        pass
    kept = Map()
    for key, value in pairs:
        same = next((i for i, (k, _) in enumerate(kept) if _equal(k, key)), None)
        kept[slice(same, same + 1) if same is not None else slice(len(kept), None)] = [(key, value)]
    try:
        return dict(kept) if len({key: 0 for key, _ in kept}) == len(kept) else kept
    except TypeError:
        return kept


def pack_body(value, default=None):
    """One MessagePack value. default turns what is not a value into one (an ext of type 1)."""
    try:
        return msgpack.packb(value, default=default, use_bin_type=True)
    except (TypeError, ValueError, OverflowError, UnicodeError) as error:
        raise FarError("NotSerializable", str(error))


def _length(data, at, size):
    if at + size > len(data):
        raise FarError("ProtocolError", "the value goes on past the body")
    return int.from_bytes(data[at:at + size], "big")


_SCALARS = {0xc0: 0, 0xc2: 0, 0xc3: 0, 0xca: 4, 0xcb: 8, 0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8, 0xd0: 1, 0xd1: 2, 0xd2: 4,
            0xd3: 8}
_SIZED = {0xc4: ("bin", 1), 0xc5: ("bin", 2), 0xc6: ("bin", 4), 0xc7: ("ext", 1), 0xc8: ("ext", 2), 0xc9: ("ext", 4),
          0xd9: ("str", 1), 0xda: ("str", 2), 0xdb: ("str", 4), 0xdc: ("list", 2), 0xdd: ("list", 4), 0xde: ("map", 2),
          0xdf: ("map", 4)}


def _token(data, at):
    """What stands at a place: its form, its size (octets, or entries), and where its content begins."""
    if at >= len(data):
        raise FarError("ProtocolError", "the value goes on past the body")
    byte = data[at]
    if byte < 0x80 or byte >= 0xe0:
        return "scalar", 0, at + 1
    if byte < 0xc0:
        form = "map" if byte < 0x90 else "list" if byte < 0xa0 else "str"
        return form, byte & (0x1f if form == "str" else 0x0f), at + 1
    if byte in _SCALARS:
        return "scalar", _SCALARS[byte], at + 1
    if 0xd4 <= byte <= 0xd8:
        return "ext", 1 << (byte - 0xd4), at + 1
    if byte not in _SIZED:
        raise FarError("ProtocolError", f"byte {byte:#x}")
    form, width = _SIZED[byte]
    return form, _length(data, at + 1, width), at + 1 + width


def _check_ext(code, content):
    if code == EXT_TIMESTAMP:
        if len(content) not in (4, 8, 12):
            raise FarError("ProtocolError", "a timestamp of a wrong size")
        if msgpack.Timestamp.from_bytes(content).nanoseconds > 999_999_999:
            raise FarError("ProtocolError", "a timestamp's nanoseconds")
    elif code not in (EXT_REFERENCE, EXT_ATTACHMENT, EXT_REQUEST):
        raise FarError("ProtocolError", f"ext type {code}")


def check_body(data):
    """Raises ProtocolError unless data is exactly one value within the limits. Builds nothing."""
    at, values, open_ends = 0, 0, [1]  # how many values are still to come, at each depth
    while open_ends:
        if not open_ends[-1]:
            open_ends.pop()
            continue
        open_ends[-1] -= 1
        values += 1
        if values > MAX_VALUES:
            raise FarError("ProtocolError", "too many values")
        form, size, at = _token(data, at)
        if form in ("list", "map"):
            if len(open_ends) > MAX_NESTING:
                raise FarError("ProtocolError", "nested too deep")
            open_ends.append(size * (2 if form == "map" else 1))
            continue
        code = struct.unpack_from("b", data, at)[0] if form == "ext" and at < len(data) else None
        at += size + (form == "ext")
        if at > len(data):
            raise FarError("ProtocolError", "the value goes on past the body")
        content = data[at - size:at]
        if form == "str":
            try:
                content.decode("utf-8")
            except UnicodeDecodeError as error:
                raise FarError("ProtocolError", str(error))
        elif form == "ext":
            try:
                _check_ext(code, content)
            except ValueError as error:
                raise FarError("ProtocolError", str(error))
    if at != len(data):
        raise FarError("ProtocolError", "something stands behind the value")


def unpack_body(data, ext_hook=msgpack.ExtType):
    """The value of a body, checked. ext_hook (code, content) gives what an ext stands for."""
    check_body(data)
    return msgpack.unpackb(data, raw=False, strict_map_key=False, object_pairs_hook=_map_of_pairs, ext_hook=ext_hook)


# ---------------------------------------------------------------------------------------------------------------------
# Waiting

class Loop:
    """Sockets, descriptors and peers that one thread waits for together."""

    def __init__(self):
        self._poller, self._handlers, self._peers = zmq.Poller(), {}, weakref.WeakSet()

    def add(self, what, handler):
        self._poller.register(what, zmq.POLLIN)
        self._handlers[what] = handler

    def remove(self, what):
        if self._handlers.pop(what, None):
            self._poller.unregister(what)

    def add_peer(self, peer):
        self._peers.add(peer)

    def turn(self, timeout_ms):
        """Runs what is ready, or waits for something to be."""
        busy = [peer for peer in self._peers if peer.work()]
        for what, _ in self._poller.poll(0 if busy else timeout_ms):
            if what in self._handlers:
                self._handlers[what]()

    def until(self, condition, timeout=10.0, what="what was waited for"):
        """Serves until condition () holds; gives what it gave. TimeoutError."""
        ends = time.monotonic() + timeout
        while True:
            for peer in list(self._peers):
                peer.flush()
            result = condition()
            if result:
                return result
            left = ends - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{what} did not come in {timeout} s")
            self.turn(int(left * 1000) + 1)


# ---------------------------------------------------------------------------------------------------------------------
# The owner's side of references (section 5)

class Hosted:
    """A value that is hosted: a transferred copy, or a result that was wanted by reference."""

    def __init__(self, value):
        self.value = value


class Export:
    def __init__(self, id, object):
        self.id, self.object, self.counts = id, object, collections.Counter()


class Exports:
    """Objects that others hold, with a count for each holder. An object leaves the table when nobody holds it."""

    def __init__(self):
        self._by_id, self._ids, self._last = {}, {}, 0

    def __len__(self):
        return len(self._by_id)

    def id_of(self, object):
        """The ID under which an object is sent. Whoever asks sends it: see count."""
        known = self._ids.get(id(object))
        if known is None:
            self._last = known = self._last + 1
            self._by_id[known] = Export(known, object)
            self._ids[id(object)] = known
        return known

    def count(self, object_id, holder):
        self._by_id[object_id].counts[holder] += 1

    def held(self, object_id, holder):
        """The object, if holder holds it: Stale."""
        export = self._by_id.get(object_id)
        if export is None or export.counts[holder] < 1:
            raise FarError("Stale", f"object {object_id} is not held by process {holder:#x}")
        return export.object

    def count_of(self, object_id, holder):
        export = self._by_id.get(object_id)
        return export.counts[holder] if export else 0

    def grant(self, object_id, giver, to):
        if self.count_of(object_id, giver) >= 1:
            self.count(object_id, to)

    def release(self, object_id, holder, receipts):
        export = self._by_id.get(object_id)
        if export is None:
            return
        export.counts[holder] = max(export.counts[holder] - receipts, 0)
        if not +export.counts:
            del self._by_id[object_id], self._ids[id(export.object)]

    def drop_holder(self, holder):
        for export in list(self._by_id.values()):
            self.release(export.id, holder, export.counts[holder])


# ---------------------------------------------------------------------------------------------------------------------
# The holder's side

class Proxy:
    """A far object, or an attribute path from one: proxy.a.b (1, key=2) calls its method a.b and waits.

    The object has one Proxy as long as somebody here holds it, which counts the receipts; proxies with a path keep that
    one alive. When it goes, or by release (), the owner gets DEL.
    """

    def __init__(self, peer, owner, object, path="", class_name="", base=None):
        self._peer, self._owner, self._object, self._path = peer, owner, object, path
        self._class, self._base, self._receipts = class_name, base, 0

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._at(name)

    def _at(self, path):
        """The attribute at a path from here, without asking."""
        if not path:
            return self
        path = f"{self._path}.{path}" if self._path else path
        return Proxy(self._peer, self._owner, self._object, path, base=self._base or self)

    def __call__(self, *arguments, **keywords):
        return self._peer.call(self, arguments, keywords).wait()

    def __repr__(self):
        return f"<{self._class or 'Proxy'} {self._object} of {self._owner:#x} {self._path}>"

    def _release(self):
        receipts, self._receipts = self._receipts, 0
        if receipts:
            self._peer._dropped(self, receipts)

    def __del__(self):
        if self._base is None:
            self._release()


def release(proxy):
    """Gives a reference back now, whoever still has the proxy."""
    (proxy._base or proxy)._release()


class Request:
    """A call under way."""

    def __init__(self, peer, id, party):
        self._peer, self.id, self.party = peer, id, party
        self.done, self._result, self.error = False, None, None
        self.by_broker = False

    def wait(self, timeout=10.0):
        try:
            self._peer.loop.until(lambda: self.done, timeout, f"the answer of request {self.id}")
        except TimeoutError as error:
            raise FarError("Timeout", str(error))
        if self.error:
            raise self.error.fresh()
        return self._result

    def forget(self):
        """Nobody waits any more: what still comes is a late answer."""
        self._peer._open.pop(self.id, None)

    def _end(self, result=None, error=None):
        self.done, self._result, self.error = True, result, error


# ---------------------------------------------------------------------------------------------------------------------
# The process

OPERATORS = {f"__{name}__" for name in (
    "add sub mul truediv floordiv mod divmod pow lshift rshift and or xor eq ne lt le gt ge neg pos abs invert bool int"
    " float hash len getitem setitem delitem contains str").split()}
MODULE_NAME = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*")
NESTING = 20  # methods that wait for calls of their own, inside one another


class Incoming:
    """A request that waits to be run, with its root resolved: a DEL that arrives after it changes nothing for it."""

    def __init__(self, message, run, where):
        self.party, self.request, self.run, self.where = message.party, message.request, run, where
        self.cancelled = False


class ProcessModule:
    """Section 8."""

    def __init__(self, peer):
        self._peer = weakref.ref(peer)

    def ping(self):
        return msgpack.Timestamp.from_unix_nano(time.time_ns())

    def modules(self):
        return sorted(self._peer().modules)

    def describe(self, module):
        host = self._peer().modules.get(module)
        if host is None:
            raise FarError("NoSuchModule", module)
        return describe(module, host)


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


def describe(name, module):
    result = {"name": name, "doc": _doc(module), "functions": [], "classes": [], "constants": [], "modules": []}
    for member, thing in _members(module):
        if inspect.isclass(thing):
            takes = _describe_function(member, thing)["signature"]
            methods = [_describe_function(n, m) for n, m in _members(thing) if callable(m)]
            result["classes"].append({"name": member, "doc": _doc(thing), "takes": takes, "methods": methods})
        elif callable(thing):
            result["functions"].append(_describe_function(member, thing))
        elif isinstance(thing, (types.SimpleNamespace, types.ModuleType)):
            result["modules"].append(member)
        elif type(thing) in BY_VALUE:
            result["constants"].append({"name": member, "value": thing})
    return result


def attribute(object, name):
    """One attribute of a hosted object."""
    if not name.startswith("_") or name in OPERATORS:
        if isinstance(object, Proxy):
            return object._at(name)
        try:
            return getattr(object.value if isinstance(object, Hosted) else object, name)
        except AttributeError:
            pass
    raise FarError("NoSuchAttribute", name)


def check_path(path):
    if not isinstance(path, str) or len(path.encode()) > MAX_PATH:
        raise FarError("BadArguments", "path")
    return path.split(".") if path else []


def elements(body, *defaults):
    """The elements of a body's array; REQUIRED has no default."""
    if not isinstance(body, list) or len(body) > len(defaults):
        raise FarError("ProtocolError", "body")
    result = body + list(defaults[len(body):])
    if REQUIRED in result:
        raise FarError("ProtocolError", "body")
    return result


REQUIRED = types.SimpleNamespace()


class Peer:
    """A session with a broker. modules: name to any Python object, whose public attributes are offered."""

    def __init__(self, endpoint, name=None, loop=None, modules=None, say_hello=True):
        self.loop, self.name, self.id, self.limits, self.broker = loop or Loop(), name, None, None, None
        self.modules = dict(modules or {})
        self.modules["process"] = ProcessModule(self)
        self.exports = Exports()
        self.ended = None       # why the session is over
        self.connected = False
        self.closed_by = None   # the CLOSE that was answered
        self.down = {}          # process: how
        self.running = []       # requests being run, the innermost last
        self.seen = collections.Counter()  # names of the messages that came
        self.sent = collections.Counter()
        self.late = 0           # answers that nobody waited for
        self.batches = 0        # frames with several messages that came
        self._proxies = weakref.WeakValueDictionary()
        self._queue, self._open, self._last_request, self._drops = collections.deque(), {}, 0, []
        self._connect(endpoint)
        if say_hello:
            self.hello()

    # The connection (section 1)

    def _connect(self, endpoint):
        self._socket = zmq.Context.instance().socket(zmq.DEALER)
        for option, value in ((zmq.RECONNECT_IVL, -1), (zmq.IMMEDIATE, 1), (zmq.LINGER, 0), (zmq.SNDTIMEO, 10000),
                              (zmq.MAXMSGSIZE, MAX_MESSAGE)):
            self._socket.setsockopt(option, value)
        events = (zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED
                  | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)
        self._monitor = self._socket.get_monitor_socket(events)
        self.loop.add(self._socket, self._on_readable)
        self.loop.add(self._monitor, self._on_monitor)
        self.loop.add_peer(self)
        self._socket.connect(endpoint)
        self.loop.until(lambda: self.connected or self.ended, what="the connection")

    def _on_monitor(self):
        while self._socket and self._monitor.poll(0):
            if recv_monitor_message(self._monitor)["event"] == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                self.connected = True
            else:
                self._on_readable()
                self._over("the connection ended")

    def _over(self, why):
        """The session is over: everything that waits ends, every count goes."""
        if self._socket is None:
            return
        self.ended = why
        self.loop.remove(self._socket)
        self.loop.remove(self._monitor)
        self._socket.disable_monitor()
        self._socket.close()
        self._socket = None
        for request in list(self._open.values()):
            request._end(error=FarError("BrokerLost", why))
        self._open.clear()
        self._queue.clear()
        self.exports = Exports()

    def cut(self):
        """Ends the connection without a word."""
        self._over("cut")

    def send_frame(self, frame):
        if self._socket is None:
            raise FarError("BrokerLost", self.ended)
        self._socket.send(frame)

    def send(self, *messages, batch=False):
        """Sends messages of one party, in one batch if asked to, and counts the references of ours in them."""
        self.flush()
        for message in messages:
            self.sent[TYPES.get(message.type, message.type)] += 1
            for owner, object in message.references():
                if owner == self.id and object:
                    self.exports.count(object, message.party)
        if batch:
            self.send_frame(pack_batch(messages[0].party, messages))
        else:
            for message in messages:
                self.send_frame(pack_message(message))

    # The session (section 4)

    def hello(self, version=VERSION, name=None, **more):
        """WELCOME's map; raises what the broker answered."""
        body = {"version": version, "name": name or self.name, "pid": os.getpid(), "host": sockets.gethostname(),
                "program": "farpeer", **more}
        request = self._new_request(SESSION)
        self.send(Message(HELLO, SESSION, request.id, pack_body(body)))
        welcome = request.wait()
        self.id, self.broker, self.limits = welcome["process"], welcome["broker"], welcome["limits"]
        self.name = body["name"]
        return welcome

    def bye(self):
        """Says BYE, waits for the broker's, closes."""
        self.send(Message(BYE, SESSION))
        self.loop.until(lambda: self.ended, what="BYE")

    # Calling (section 3)

    def process(self, id):
        """The modules of a process: process (id).counter.Counter (40)."""
        return Proxy(self, id, 0)

    def find(self, name, timeout_ms=10000):
        return self.process(BROKER).broker.find(name, timeout_ms)

    def _new_request(self, party):
        self._last_request += 1
        request = self._open[self._last_request] = Request(self, self._last_request, party)
        if party in self.down:
            del self._open[request.id]
            request._end(error=self._down_error(party))
        return request

    def _down_error(self, party):
        return FarError("Closed" if self.down[party] == SAID_BYE else "PeerDied", f"process {party:#x}")

    def message(self, type, party, body, request=0, **more):
        """A message with a body whose references have their fields. Raises NotSerializable."""
        found = []

        def reference(thing):
            path, class_name = "", type_name(thing)
            if isinstance(thing, Proxy):
                path, class_name, thing = thing._path, thing._class, thing._base or thing
            if not any(thing is other for other in found):
                found.append(thing)
            index = next(i for i, other in enumerate(found) if other is thing)
            return msgpack.ExtType(EXT_REFERENCE, pack_body([index, class_name, path]))

        packed = pack_body(body, reference)
        fields = [(REFERENCE_FIELD, (thing._owner, thing._object) if isinstance(thing, Proxy)
                   else (self.id, self.exports.id_of(thing))) for thing in found]
        return Message(type, party, request, packed, fields, **more)

    def ask(self, type, party, body=None, timeout=None, **more):
        """Sends a request; gives the Request."""
        message = self.message(type, party, body, time_left=int((timeout or 0) * 1000), **more)
        if body is None and type == CLOSE:
            message.body = b""
        request = self._new_request(party)
        if not request.done:
            message.request = request.id
            self.send(message)
        return request

    def ask_batch(self, party, bodies):
        """Several requests in one frame: bodies is a list of (type, body)."""
        requests = [self._new_request(party) for _ in bodies]
        self.send(*(self.message(type, party, body, request.id)
                    for request, (type, body) in zip(requests, bodies)), batch=True)
        return requests

    @staticmethod
    def root(proxy):
        return [proxy._object or None, proxy._path]

    def call(self, proxy, arguments=(), keywords=None, returns=None, timeout=None):
        body = self.root(proxy) + [list(arguments), keywords or {}] + ([] if returns is None else [returns])
        return self.ask(CALL, proxy._owner, body, timeout)

    def call_off(self, proxy, *arguments, **keywords):
        """Wants no answer: request ID 0."""
        self.send(self.message(CALL, proxy._owner, self.root(proxy) + [list(arguments), keywords]))

    def getattr(self, proxy, path="", returns=None):
        body = self.root(proxy._at(path))
        return self.ask(GETATTR, proxy._owner, body + ([] if returns is None else [returns]))

    def getvalue(self, proxy):
        return self.ask(GETVALUE, proxy._owner, self.root(proxy))

    def import_module(self, process, module, names=None, returns=None):
        body = [module] + ([] if names is None else [names]) + ([] if returns is None else [returns])
        return self.ask(IMPORT, process, body)

    def transfer(self, process, value):
        return self.ask(TRANSFER, process, value)

    def cancel(self, request):
        self.send(Message(CANCEL, request.party, request.id))

    def close_process(self, process, no_cleanup=False):
        return self.ask(CLOSE, process, flags=NO_CLEANUP if no_cleanup else 0)

    # References of others (section 5)

    def _dropped(self, proxy, receipts):
        if self._proxies.get((proxy._owner, proxy._object)) is proxy:
            del self._proxies[proxy._owner, proxy._object]
        if not self.ended and proxy._owner not in self.down:
            self._drops.append((proxy._owner, proxy._object, receipts))

    def flush(self):
        """Sends the DELs that are due, those of one owner in one batch."""
        while self._drops:
            drops, self._drops, owners = self._drops, [], {}
            for owner, object, receipts in drops:
                owners.setdefault(owner, []).append(Message(DEL, owner, fields=[(RELEASE_FIELD, (object, receipts))]))
            for messages in owners.values():
                if self._socket:
                    self.send(*messages, batch=len(messages) > 1)

    def _receive(self, message):
        """Counts a receipt for each reference of another owner. Gives the proxies; those that nobody keeps go back."""
        result = []
        for owner, object in message.references():
            proxy = None
            if owner != self.id:
                proxy = self._proxies.get((owner, object)) or Proxy(self, owner, object)
                if object:
                    self._proxies[owner, object] = proxy
                    proxy._receipts += 1
            result.append(proxy)
        return result

    def _unpack(self, message, received):
        """The value of a message's body, with proxies, and our own objects where they came home."""
        references = message.references()

        def ext(code, content):
            if code != EXT_REFERENCE:
                raise FarError("ProtocolError", f"ext type {code} is reserved")
            index, class_name, path = elements(unpack_body(content), REQUIRED, "", "")
            if not isinstance(index, int) or not 0 <= index < len(references):
                raise FarError("ProtocolError", "a reference without its field")
            if received[index] is None:
                return self._home(references[index][1], path, message.party)
            proxy = received[index]
            proxy._class = proxy._class or class_name
            return proxy._at(path)

        return unpack_body(message.body, ext)

    def _home(self, object, path, sender):
        thing = self._resolve(object or None, path, sender)
        return thing.value if isinstance(thing, Hosted) else thing

    # What comes in

    def _on_readable(self):
        while self._socket:
            try:
                frames = self._socket.recv_multipart(zmq.DONTWAIT)
            except zmq.Again:
                return
            if len(frames) != 1:
                raise MalformedFrame("a message of several frames")
            messages = unpack_frame(frames[0])
            self.batches += len(messages) > 1
            for message in messages:
                if self._socket:
                    self._take(message)

    def _take(self, message):
        name = TYPES.get(message.type)
        self.seen[name] += 1
        received = self._receive(message)
        if message.type in REQUESTS:
            self._queue.append(self._prepare(message, received))
        elif name and hasattr(self, "_on_" + name.lower()):
            getattr(self, "_on_" + name.lower())(message, received)
        elif message.request:
            self._answer_error(message.party, message.request, FarError("ProtocolError", f"type {message.type}"))

    def _on_welcome(self, message, received):
        self._end_request(message, result=unpack_body(message.body))

    def _on_reset(self, message, received):
        self._over("RESET: " + unpack_body(message.body))

    def _on_bye(self, message, received):
        self._over("BYE")

    def _on_grant(self, message, received):
        object, giver, to = message.field(GRANT_FIELD)
        if to not in self.down:
            self.exports.grant(object, giver, to)

    def _on_down(self, message, received):
        process, how = message.field(DOWN_FIELD)
        self.down[process] = how
        self.exports.drop_holder(process)
        for request in [r for r in self._open.values() if r.party == process]:
            del self._open[request.id]
            request._end(error=self._down_error(process))

    def _on_del(self, message, received):
        object, receipts = message.field(RELEASE_FIELD)
        self.exports.release(object, message.party, receipts)

    def _on_cancel(self, message, received):
        asked = (message.party, message.request)
        for incoming in [i for i in self._queue if (i.party, i.request) == asked]:
            self._queue.remove(incoming)
            self._answer_error(*asked, FarError("Cancelled", "before it ran"))
        for incoming in self.running:
            incoming.cancelled |= (incoming.party, incoming.request) == asked

    def _on_result(self, message, received):
        try:
            self._end_request(message, result=self._unpack(message, received))
        except FarError as error:
            self._end_request(message, error=error.fresh())

    def _on_error(self, message, received):
        try:
            error = FarError.of_body(unpack_body(message.body))
        except FarError as bad:
            error = bad.fresh()
        self._end_request(message, error=error)

    def _end_request(self, message, **how):
        request = self._open.get(message.request)
        if request is None or request.party != message.party:
            self.late += 1
            return
        del self._open[message.request]
        request.by_broker = bool(message.flags & BY_BROKER)
        request._end(**how)

    # Hosting

    def work(self):
        """Runs one request that waits. False if there was none."""
        if not self._queue:
            return False
        incoming = self._queue.popleft()
        self.running.append(incoming)
        try:
            if len(self.running) > NESTING:
                raise FarError("Overloaded", "too many calls wait inside one another")
            answer = self.message(RESULT, incoming.party, incoming.run(), incoming.request)
        except Exception as error:
            answer = self.message(ERROR, incoming.party, self._error_of(error, incoming.where).body(), incoming.request)
        finally:
            self.running.remove(incoming)
        if incoming.request and self._socket:
            self.send(answer)
        self._leave_if_closed()
        return True

    def _error_of(self, error, where):
        """What a hosted method raised, with this process as the next hop."""
        if isinstance(error, FarError):
            file, line = "", 0
            result = error.fresh()
        else:
            last = inspect.getinnerframes(error.__traceback__)[-1]
            file, line = last.filename, last.lineno
            result = FarError("Raised", str(error), type(error).__name__)
        result.hops.append([self.name or f"{self.id:x}", *where, file, line])
        return result

    def _answer_error(self, party, request, error):
        self.send(Message(ERROR, party, request, pack_body(error.body())))

    def _prepare(self, message, received):
        where = ["", ""]
        try:
            body = None if message.type == CLOSE else self._unpack(message, received)
            run = getattr(self, "_run_" + TYPES[message.type].lower())(message, body, where)
        except FarError as error:
            run = _raiser(error.fresh())
        return Incoming(message, run, where)

    def _resolve(self, root, path, sender):
        """The object at a path from a root, for a sender."""
        names = check_path(path)
        if root is None:
            if not names:
                return types.SimpleNamespace(**self.modules)
            if names[0] not in self.modules:
                raise FarError("NoSuchModule", names[0])
            thing = self.modules[names.pop(0)]
        elif isinstance(root, int) and not isinstance(root, bool) and root > 0:
            thing = self.exports.held(root, sender)
        else:
            raise FarError("ProtocolError", "root")
        for name in names:
            thing = attribute(thing, name)
        return thing

    def _returned(self, value, returns):
        """A result as it is sent: hosted where it is wanted by reference."""
        if isinstance(value, Hosted) or isinstance(value, Proxy) and returns & RETURNS_REFERENCES:
            return value
        kind = BY_VALUE.get(type(value))
        if kind is not None:
            return value if returns & kind else Hosted(value)
        if returns & RETURNS_VALUE_FORMS and hasattr(value, "far_value"):
            return value.far_value()
        return value

    def _run_import(self, message, body, where):
        module, names, returns = elements(body, REQUIRED, None, RETURNS_DEFAULT)
        where[:] = [str(module), ""]

        def run():
            if not isinstance(module, str) or not MODULE_NAME.fullmatch(module):
                raise FarError("NoSuchModule", str(module))
            try:
                found = self._resolve(None, module, message.party)
            except FarError:
                raise FarError("NoSuchModule", module)
            if names is None:
                return found
            return [self._returned(attribute(found, name), returns) for name in names]
        return run

    def _run_getattr(self, message, body, where):
        root, path, returns = elements(body, REQUIRED, REQUIRED, RETURNS_DEFAULT)
        thing = self._resolve(root, path, message.party)
        return lambda: self._returned(thing, returns)

    def _run_getvalue(self, message, body, where):
        root, path = elements(body, REQUIRED, "")
        thing = self._resolve(root, path, message.party)

        def run():
            if isinstance(thing, Hosted):
                return thing.value
            if type(thing) in BY_VALUE:
                return thing
            if hasattr(thing, "far_value"):
                return thing.far_value()
            raise FarError("NotSerializable", type_name(thing))
        return run

    def _run_call(self, message, body, where):
        root, path, arguments, keywords, returns = elements(body, REQUIRED, REQUIRED, [], {}, RETURNS_DEFAULT)
        owner, _, method = path.rpartition(".") if isinstance(path, str) else ("", "", "")
        if root is None:
            where[:] = [owner, method]
        else:
            where[:] = [type_name(self._resolve(root, owner, message.party)), method]
        function = self._resolve(root, path, message.party)
        if isinstance(function, Hosted):
            function = function.value

        def run():
            if not callable(function):
                raise FarError("BadArguments", f"{path} can't be called")
            check_arguments(function, arguments, keywords)
            return self._returned(function(*arguments, **keywords), returns)
        return run

    def _run_transfer(self, message, body, where):
        return lambda: Hosted(body)

    def _run_close(self, message, body, where):
        if message.flags & NO_CLEANUP:
            self._over("CLOSE without cleanup")

        def run():
            self.closed_by = message.party
        return run

    def _leave_if_closed(self):
        """After CLOSE: what still waits is refused, and BYE is said."""
        if self.closed_by is None or self.running or self._socket is None:
            return
        while self._queue:
            incoming = self._queue.popleft()
            if incoming.request:
                self._answer_error(incoming.party, incoming.request, FarError("Closed", "the process is leaving"))
        self.closed_by = None
        self.send(Message(BYE, SESSION))


def type_name(thing):
    return type(thing.value if isinstance(thing, Hosted) else thing).__name__


def check_arguments(function, arguments, keywords):
    """BadArguments unless the function takes them."""
    if not isinstance(arguments, list) or not isinstance(keywords, dict):
        raise FarError("ProtocolError", "arguments")
    if isinstance(function, Proxy):
        return
    try:
        inspect.signature(function).bind(*arguments, **keywords)
    except TypeError as error:
        raise FarError("BadArguments", str(error))
    except ValueError:
        pass  # built-in functions without a signature


def _raiser(error):
    def run():
        raise error.fresh()
    return run
