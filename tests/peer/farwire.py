"""The bytes of the farcall protocol, read off docs/protocol.md alone: its tables, frames and bodies.

Shares no line with the C library, which is what makes it a test of the page. Knows nothing of sockets and objects.
Numbers in the comments are sections of the page.
"""

import math
import struct
import time

import msgpack

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

FIELDS = {1: "REFERENCE", 2: "RELEASE", 3: "GRANT", 4: "DOWN", 5: "CREDIT", 6: "PRIORITY", 7: "DELAY", 8: "KEY",
          10: "CHAIN", 13: "FORGET", 14: "REPORT"}
(REFERENCE_FIELD, RELEASE_FIELD, GRANT_FIELD, DOWN_FIELD, CREDIT_FIELD, PRIORITY_FIELD, DELAY_FIELD, KEY_FIELD,
 CHAIN_FIELD, FORGET_FIELD, REPORT_FIELD) = FIELDS
FIELD_FORMATS = {REFERENCE_FIELD: ">QQ", RELEASE_FIELD: ">QQ", GRANT_FIELD: ">QQQ", DOWN_FIELD: ">QI",
                 CREDIT_FIELD: ">QQ", PRIORITY_FIELD: ">i", DELAY_FIELD: ">I", KEY_FIELD: ">Q", CHAIN_FIELD: ">QQ",
                 FORGET_FIELD: ">Q", REPORT_FIELD: ">I"}
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

# What a reference may say of the calls that are made through it (section 5).
OPTIONS = {"mode": ("sync", "async", "off"), "timeout_ms": range(-1, 2**31),
           "returns": ("auto", "value", "proxy"), "auto_proxy": (False, True), "defer_getattr": (False, True),
           "by_value": range(2048)}

MAX_MESSAGE, MAX_FIELDS, MAX_VALUES, MAX_NESTING, MAX_PATH, MAX_HOPS = 64 << 20, 1024, 1_000_000, 32, 1024, 32
MAX_CAUSES = 8
FIRST_MESSAGES, FIRST_BYTES = 64, 65536  # that may be sent before there is credit
SESSION, BROKER = 0, 1  # parties that are no process


class FarError(Exception):
    """An error as it travels (section 7): kind by name, class, message, hops, and the FarError that caused it or None."""

    def __init__(self, kind, message="", error_class=None, hops=(), cause=None):
        super().__init__(f"{error_class or kind}: {message}")
        self.kind, self.message, self.error_class = kind, message, error_class or kind
        self.hops = [list(hop) for hop in hops]
        self.cause = cause

    def fresh(self):
        """The same error without a traceback, which would keep the arguments of the failed call alive."""
        return FarError(self.kind, self.message, self.error_class, self.hops, self.cause)

    def body(self, causes=MAX_CAUSES):
        cause = self.cause.body(causes - 1) if self.cause and causes else None
        return [NUMBERS[self.kind], self.error_class, self.message, self.hops[:MAX_HOPS], cause]

    @classmethod
    def of_body(cls, body, causes=MAX_CAUSES):
        kind, error_class, message, hops, cause = elements(body, REQUIRED, REQUIRED, REQUIRED, [], None)
        if not isinstance(kind, int):
            raise FarError("ProtocolError", "an error that is none")
        cause = cls.of_body(cause, causes - 1) if cause is not None and causes else None
        return cls(KINDS.get(kind, "ProtocolError"), message, error_class, hops, cause)


class MalformedFrame(Exception):
    """What ends a connection (section 4)."""


# Frames (sections 1, 2 and 6)

HEADER = struct.Struct(">BBHIQQII")
RECORD = struct.Struct(">BBHIQII")
FIELD = struct.Struct(">HH")


def ends_in(time_left_ms):
    """When that is over, by time.monotonic (); 0 is never (section 3, Deadlines)."""
    return time.monotonic() + time_left_ms / 1000 if time_left_ms else math.inf


class Message:
    """One message. fields is a list of (tag, numbers), or (tag, bytes) for tags that the page does not define."""

    def __init__(self, type, party=0, request=0, body=b"", fields=(), flags=0, time_left=0):
        self.type, self.flags, self.time_left = type, flags, time_left
        self.party, self.request, self.fields, self.body = party, request, list(fields), bytes(body)

    def all(self, tag):
        return [content for t, content in self.fields if t == tag]

    def references(self):
        return self.all(REFERENCE_FIELD)

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
        if zero or at > len(body) or flags & BATCH or not IMPORT <= type <= CREDIT:
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


REQUIRED = object()  # the default of what has none


def elements(body, *defaults):
    """The elements of a body's array; REQUIRED has no default."""
    if not isinstance(body, list) or len(body) > len(defaults):
        raise FarError("ProtocolError", "body")
    result = body + list(defaults[len(body):])
    if any(element is REQUIRED for element in result):
        raise FarError("ProtocolError", "body")
    return result


def options(carried):
    """The options that a reference carries, those that are unknown left out."""
    if not isinstance(carried, dict) or not all(isinstance(name, str) for name in carried):
        raise FarError("ProtocolError", "the options of a reference")
    known = {name: value for name, value in carried.items() if name in OPTIONS}
    for name, value in known.items():
        wanted = OPTIONS[name]
        is_one = value in wanted and type(value) is type(wanted[-1]) and not (name == "timeout_ms" and value == 0)
        if not is_one:
            raise FarError("ProtocolError", f"option {name}: {value!r}")
    return known
