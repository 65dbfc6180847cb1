"""Malformed frames, some thousand of them, and what docs/protocol.md says to each: an oracle that shares nothing with the
broker. Fields of frames that are fine are changed one at a time, before and after HELLO."""

import struct

import msgpack

from broker_raw_peer import *

KNOWN_RECORDS = set(range(16, 24)) | {32, 33, 34}
ONLY_BROKER = (WELCOME, RESET, GRANT, DOWN)
FIELD_SIZES = {1: 16, 2: 16, 3: 24, 4: 12, 5: 16}
FIELD_LIMIT = 1024


class Case:
    def __init__(self, name, live, make):
        self.name, self.live, self.make = name, live, make

    def __repr__(self):
        return self.name


def parties(me, honest, gone):
    incarnation = honest >> 32 << 32
    return {"session": 0, "me": me, "honest": honest, "gone": gone, "two": 2, "max": (1 << 64) - 1,
            "serial 0": incarnation, "never": incarnation | 0xf0000000, "other broker": honest ^ 1 << 40}


def base_frames():
    """Name: a function of (me, honest) that gives the parts of a good frame."""
    call = msgpack.packb([None, "x.y", []])
    return {
        "hello": lambda me, honest: dict(kind=HELLO, request=1, body=msgpack.packb({"version": 1})),
        "call": lambda me, honest: dict(kind=CALL, party=honest, request=1, body=call, fields=reference(me, 5)),
        "result": lambda me, honest: dict(kind=RESULT, party=honest, request=9, body=b"\xc0"),
        "del": lambda me, honest: dict(kind=DEL, party=honest, fields=field(2, struct.pack(">QQ", 5, 1))),
        "batch": lambda me, honest: dict(kind=0, flags=BATCH, party=honest,
                                         body=record(CALL, 1, call, reference(me, 5)) + record(DEL)),
    }


def header_changes():
    """Each header field as it should not be: zero, largest, one off, every bit."""
    numbers = {"version": [0, 2, 127, 128, 255], "kind": range(256), "flags": [1 << bit for bit in range(16)] + [0xffff],
               "time_left": [1, 1 << 31, (1 << 32) - 1], "request": [0, 1 << 63, (1 << 64) - 1]}
    for name, values in numbers.items():
        for value in values:
            yield f"{name} {value}", {name: value}
    for name in ("body_size", "fields_size"):
        for value in (0, 1, 3, 4, 255, 1 << 16, 1 << 31, (1 << 32) - 1):
            yield f"{name} {value}", {name: value}


def bad_fields():
    good = reference(7, 5)
    yield "empty tag", b"\0"
    yield "short head", b"\0\1\0"
    yield "no content", b"\0\1\0\x10"
    for tag, size in FIELD_SIZES.items():
        for wrong in (0, 1, size - 1, size + 1, size + 8, 255):
            yield f"tag {tag} of {wrong}", field(tag, bytes(wrong))
    yield "beyond the end", struct.pack(">HH", 99, 65535) + bytes(10)
    yield "good, then cut off", good + good[:-1]
    yield "too many", field(99, b"") * (FIELD_LIMIT + 1)
    yield "unknown is passed over", field(99, b"abc") + field(0, b"") + field(65535, bytes(300))
    yield "most that there may be", field(99, b"") * FIELD_LIMIT


def bad_batches():
    good = record(CALL, 1, b"\xc0")
    yield "empty", b""
    for size in (1, 11, 23, 24, len(good) - 1):
        yield f"first {size} bytes", good[:size]
    yield "something behind it", good + b"\0"
    yield "second cut off", good + good[:-1]
    for kind in range(256):
        yield f"type {kind}", record(kind, 1, b"\xc0")
    yield "second octet", record(CALL, 1, b"\xc0", zero=1)
    yield "batch in a batch", record(CALL, 1, b"\xc0", flags=BATCH)
    yield "bad fields", record(CALL, 1, b"\xc0", b"\0\1\0\x10")
    yield "body size", RECORD.pack(CALL, 0, 0, 0, 1, 0xffffffff, 0)
    yield "fields size", RECORD.pack(CALL, 0, 0, 0, 1, 0, 0xffffffff)
    yield "both", RECORD.pack(CALL, 0, 0, 0, 1, 0xffffffff, 0xffffffff) + bytes(100)


def cases():
    for live in (False, True):
        where = "after HELLO" if live else "before HELLO"
        for base, parts in base_frames().items():
            for name, change in header_changes():
                if live and base not in ("call", "batch") and "kind" in change:
                    continue
                yield Case(f"{base}, {name}, {where}", live,
                           lambda me, honest, gone, p=parts, c=change: [frame(**{**p(me, honest), **c})])
            for party in parties(0, 1 << 32, 0):
                yield Case(f"{base} to {party}, {where}", live,
                           lambda me, honest, gone, p=parts, to=party:
                           [frame(**{**p(me, honest), "party": parties(me, honest, gone)[to]})])
            for size in (0, 1, 2, 3, 4, 7, 8, 15, 16, 23, 24, 27, 28, 31, 32, 33, -1):
                yield Case(f"{base}, first {size} bytes, {where}", live,
                           lambda me, honest, gone, p=parts, s=size: [frame(**p(me, honest))[:s]])
            yield Case(f"{base} and more, {where}", live,
                       lambda me, honest, gone, p=parts: [frame(**p(me, honest)) + b"\0"])
        for name, fields in bad_fields():
            for kind in (CALL, DEL, HELLO):
                yield Case(f"fields: {name}, type {kind}, {where}", live,
                           lambda me, honest, gone, f=fields, k=kind: [frame(k, honest if k != HELLO else 0, 1,
                                                                             msgpack.packb({"version": 1}), f)])
        for name, body in bad_batches():
            yield Case(f"batch: {name}, {where}", live,
                       lambda me, honest, gone, b=body: [frame(0, honest, 0, b, flags=BATCH)])


def fields_are_good(data):
    at = count = 0
    while at < len(data):
        if at + 4 > len(data):
            return False
        tag, size = struct.unpack(">HH", data[at:at + 4])
        at += 4 + size
        count += 1
        if at > len(data) or FIELD_SIZES.get(tag, size) != size:
            return False
    return count <= FIELD_LIMIT


def records_of(body):
    """[(type, request, fields)], or None."""
    found, at = [], 0
    while at < len(body):
        if at + 24 > len(body):
            return None
        kind, zero, flags, _, request, body_size, fields_size = RECORD.unpack(body[at:at + 24])
        end = at + 24 + body_size + fields_size
        if zero or flags & BATCH or end > len(body) or kind not in KNOWN_RECORDS:
            return None
        fields = body[at + 24:at + 24 + fields_size]
        if not fields_are_good(fields):
            return None
        found.append((kind, request, fields))
        at = end
    return found or None


def own_references(fields, me):
    at = 0
    while at < len(fields):
        tag, size = struct.unpack(">HH", fields[at:at + 4])
        if tag == 1 and struct.unpack(">Q", fields[at + 4:at + 12])[0] == me:
            return True
        at += 4 + size
    return False


def read(data):
    """(messages, header) of a good frame, or None. A message is (type, request, fields)."""
    if len(data) < 32:
        return None
    header = dict(zip(("version", "kind", "flags", "time_left", "party", "request", "body_size", "fields_size"),
                      HEADER.unpack(data[:32])))
    if header["version"] != 1 or 32 + header["body_size"] + header["fields_size"] != len(data):
        return None
    fields, body = data[32:32 + header["fields_size"]], data[32 + header["fields_size"]:]
    header["body"] = body
    if not header["flags"] & BATCH:
        return ([(header["kind"], header["request"], fields)], header) if fields_are_good(fields) else None
    if header["kind"] or header["request"] or header["time_left"] or fields:
        return None
    records = records_of(body)
    return (records, header) if records else None


def hello_answer(header):
    if not header["request"]:
        return ["cut"]
    if header["party"]:
        return ["error 16 by broker"]
    try:
        body = msgpack.unpackb(header["body"])
    except ValueError:
        body = None
    return ["welcome", ] if isinstance(body, dict) and body.get("version") == 1 else ["error 14 by broker"]


def expected(case, frames, me, honest_peer, gone):
    """The words of the reaction, or ["forwarded"]."""
    honest = honest_peer.id
    good = read(frames[0])
    if not good:
        return ["cut"]
    messages, header = good
    batch, kind, request, party = header["flags"] & BATCH, header["kind"], header["request"], header["party"]
    if kind in ONLY_BROKER:
        return ["cut"]
    if not case.live:
        return ["cut"] if batch else hello_answer(header) if kind == HELLO else ["reset"]
    if not batch and not (kind in KNOWN_RECORDS or kind in (HELLO, BYE, CREDIT)):
        return ["error 16 by broker"] if request else []
    if not batch and kind == BYE and party == 0:
        return ["bye"]
    if not batch and (kind in (HELLO, BYE) or party == 0):
        return ["error 16 by broker"] if request and kind in REQUESTS + (HELLO, BYE) else []
    if party == 0:
        return []
    if party == honest:
        return ["forwarded"]
    if party == me:
        return ["type 0"] if batch else [{DEL: "del", RESULT: "result"}.get(kind, f"type {kind}")]
    if party == gone:
        return ["down"]
    words = []
    for one, number, fields in messages:
        if one in REQUESTS and number:
            words.append("error 6 by broker")
        if own_references(fields, me):
            words.append("del")
    return words
