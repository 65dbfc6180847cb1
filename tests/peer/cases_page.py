"""The page itself: its tables, its test vectors, and what a body may be. Needs no broker."""

import re

import msgpack

import farwire
from farwire import *
from peerworld import SOURCE, raises

PAGE = (SOURCE / "docs/protocol.md").read_text()


def process(serial):
    return 0x8f31a2b4 << 32 | serial


HOST = process(2)

# What each vector of section 11 says, as messages and the values of their bodies.
VECTORS = {
    "hello": [(Message(HELLO, SESSION, 1),
               {"version": 1, "name": "host", "pid": 4711, "host": "box", "program": "far-actor"})],
    "welcome": [(Message(WELCOME, SESSION, 1),
                 {"process": HOST, "broker": process(1),
                  "limits": {"message_bytes": 64 << 20, "references": 1024, "parked_bytes": 64 << 20}})],
    "reset": [(Message(RESET), "no session here")],
    "bye": [(Message(BYE), ...)],
    "grant": [(Message(GRANT, fields=[(GRANT_FIELD, (5, process(3), process(4)))]), ...)],
    "down": [(Message(DOWN, fields=[(DOWN_FIELD, (process(3), DIED))]), "killed by signal 9")],
    "import": [(Message(IMPORT, HOST, 2), ["counter", ["Counter", "sum"]])],
    "getattr": [(Message(GETATTR, HOST, 3), [None, "counter.limits.most", 31])],
    "getvalue": [(Message(GETVALUE, HOST, 4), [300, ""])],
    "call": [(Message(CALL, HOST, 7, time_left=1500, fields=[(REFERENCE_FIELD, (process(3), 9))]),
              [5, "add", [2, msgpack.ExtType(EXT_REFERENCE, pack_body([0, "Report"]))], {"text": "hé"}])],
    "options": [(Message(CALL, HOST, 13, fields=[(REFERENCE_FIELD, (process(3), 9))]),
                 [5, "watch", [msgpack.ExtType(EXT_REFERENCE, pack_body([0, "Report", "", {
                     "mode": "off", "timeout_ms": 500, "auto_proxy": True, "by_value": 31}]))]])],
    "chained": [(Message(CALL, HOST, 12, fields=[(CHAIN_FIELD, (process(3), 7))]), [None, "counter.sum", [1, 2]])],
    "held": [(Message(CALL, HOST, 13, flags=HOLDS), [None, "counter.sum", [1, 2]])],
    "unheld": [(Message(CANCEL, HOST, 13, flags=HOLDS), ...)],
    "urgent": [(Message(CALL, process(2**31), 14, time_left=2000, flags=IDEMPOTENT,
                        fields=[(PRIORITY_FIELD, (-2,)), (DELAY_FIELD, (500,)), (KEY_FIELD, (7,))]),
                [None, "thumbs.make", [3]])],
    "transfer": [(Message(TRANSFER, HOST, 8),
                  [None, True, -33, 2**64 - 1, 1.5, "s", b"\x00\xff", msgpack.Timestamp(1704164645, 6), {"k": []}])],
    "del": [(Message(DEL, HOST, fields=[(RELEASE_FIELD, (5, 2)), (RELEASE_FIELD, (6, 1))]), ...)],
    "cancel": [(Message(CANCEL, HOST, 7), ...)],
    "credit": [(Message(CREDIT, HOST, fields=[(CREDIT_FIELD, (1500, 9_000_000))]), ...)],
    "close": [(Message(CLOSE, HOST, 9, flags=NO_CLEANUP), ...)],
    "result": [(Message(RESULT, HOST, 7), 42)],
    "error": [(Message(ERROR, HOST, 7),
               [NUMBERS["Raised"], "OverflowError", "too much", [["host", "counter", "add", "counter.c", 42]]])],
    "caused": [(Message(ERROR, process(3), 7),
                [NUMBERS["Raised"], "NoReport", "of May", [["host", "report", "make", "report.c", 7]],
                 [NUMBERS["Raised"], "KeyError", "May", [["store", "map", "pop", "", 0]]]])],
    "keep": [(Message(CALL, HOST, 11, flags=KEEP), [None, "files.open", ["/etc/hosts"]])],
    "then": [(Message(CALL, HOST, 12, flags=KEEP),
              [msgpack.ExtType(EXT_REQUEST, bytes(7) + b"\x0b"), "read",
               [80, msgpack.ExtType(EXT_REQUEST, bytes(7) + b"\x0bname")]])],
    "forget": [(Message(DEL, HOST, fields=[(FORGET_FIELD, (11,)), (RELEASE_FIELD, (5, 1))]), ...)],
    "refused": [(Message(ERROR, process(99), 7, flags=BY_BROKER),
                 [NUMBERS["NoSuchProcess"], "NoSuchProcess", "no process 8f31a2b4:99"])],
    "batch": [(Message(CALL, HOST, 10), [None, "counter.sum", [1, 2]]),
              (Message(CALL, HOST), [None, "counter.sum"]),
              (Message(DEL, HOST, fields=[(RELEASE_FIELD, (5, 1))]), ...)],
}


def vectors_of_page():
    found = {}
    for name, block in re.findall(r"^\*\*(\w+)\*\*:.*\n\n((?:    [0-9a-f ]+\n)+)", PAGE + "\n", re.M):
        found[name] = bytes.fromhex(block)
    return found


def test_vectors_are_those_of_the_folder():
    files = {path.stem: path for path in (SOURCE / "tests/vectors").glob("*.hex")}
    assert set(files) == set(vectors_of_page()) == set(VECTORS)
    for name, frame in vectors_of_page().items():
        lines = files[name].read_text().splitlines()
        assert bytes.fromhex(" ".join(line for line in lines if not line.startswith("#"))) == frame, name


def test_vectors_decode_as_the_page_says():
    for name, frame in vectors_of_page().items():
        messages = unpack_frame(frame)
        assert len(messages) == len(VECTORS[name]), name
        for message, (expected, value) in zip(messages, VECTORS[name]):
            assert (unpack_body(message.body) if message.body else ...) == value, name
            message.body = b""
            assert message == expected, (name, message)


def test_vectors_are_what_python_encodes():
    frames = vectors_of_page()
    for name, rows in VECTORS.items():
        messages = []
        for message, value in rows:
            message = Message(**vars(message))
            message.body = b"" if value is ... else pack_body(value)
            messages.append(message)
        frame = pack_batch(HOST, messages) if name == "batch" else pack_message(messages[0])
        assert frame == frames[name], name


def rows_after(heading):
    """The cells of the first table behind a text of the page."""
    table = PAGE[PAGE.index(heading):].split("\n|", 1)[1].split("\n\n")[0]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in table.split("\n")[2:]]


def test_tables():
    types = {int(row[0]): row[1] for row in rows_after("## 3. Message types")}
    assert types == TYPES
    assert {int(row[1], 16): row[0] for row in rows_after("It is never used twice.")} == FLAGS
    assert {int(row[0]): row[1] for row in rows_after("## 2. Fields") if row[0].isdigit()} == FIELDS
    kinds = [row[i:i + 2] for row in rows_after("### Errors") for i in (0, 2, 4)]
    assert {int(number): name for number, name in kinds} == KINDS
    assert [row[0] for row in rows_after("### Options of a reference")] == list(OPTIONS)
    limits = {row[0]: row[1] for row in rows_after("## 10. Limits")}
    for name, limit in (("fields of a message", MAX_FIELDS), ("values in a body", MAX_VALUES),
                        ("nesting of a body", MAX_NESTING), ("hops of an error", MAX_HOPS),
                        ("causes of an error, one inside the other", MAX_CAUSES)):
        assert limits[name] == f"{limit:,}", name
    first = limits["sent to a process before it has given credit"]
    assert first == f"{FIRST_MESSAGES} messages, {FIRST_BYTES:,} bytes"


def test_bodies_that_are_none():
    for body in (b"", b"\xc1", b"\xc0\xc0", b"\x91", b"\x93\x01", b"\xa2\xc0\xaf", b"\xa3\xed\xa0\x80", b"\xd4\x05\x00",
                 b"\xdd\xff\xff\xff\xff", b"\xc7\x00", b"\xc7\x02\xff\x00\x00", b"\xcf\x00", b"\xdb\x00\x00\x00\x02a",
                 b"\xd7\xff" + b"\xff" * 4 + bytes(4), b"\x91" * (MAX_NESTING + 1) + b"\x01"):
        raises("ProtocolError", check_body, body)
    check_body(b"\x91" * MAX_NESTING + b"\x01")


def test_maps():
    assert unpack_body(b"\x82\x01\x02\x01\x03") == {1: 3}
    assert unpack_body(b"\x82\x01\x02\xc3\x03") == farwire.Map([(1, 2), (True, 3)])
    assert unpack_body(b"\x81\x90\x01") == farwire.Map([([], 1)])


def test_frames_that_are_none():
    good = pack_message(Message(CALL, HOST, 1, pack_body([None, ""]), [(REFERENCE_FIELD, (HOST, 1))]))
    batch = pack_batch(HOST, [Message(DEL, HOST, fields=[(RELEASE_FIELD, (5, 1))])])
    for frame in (b"", good[:31], b"\x02" + good[1:], good + b"\x00", good[:-1], pack_batch(HOST, []), batch[:-1],
                  batch[:33] + b"\x01" + batch[34:], pack_batch(HOST, [Message(BYE)]),
                  pack_batch(HOST, [Message(CALL, flags=BATCH)]),
                  pack_message(Message(CALL, fields=[(2, (1, 2))] * (MAX_FIELDS + 1))),
                  pack_message(Message(CALL, body=b"\xc0"))[:24] + bytes(4) + b"\x00\x00\x00\x01\x00"):
        try:
            unpack_frame(frame)
        except MalformedFrame:
            continue
        raise AssertionError(frame)
    unknown = unpack_frame(pack_message(Message(CALL, HOST, 1, fields=[(99, b"any"), (REFERENCE_FIELD, (HOST, 1))])))
    assert unknown[0].references() == [(HOST, 1)]
