"""A peer of the broker without libzmq: ZMTP 3.0 by hand over a Unix socket, so that anything can be sent, and the end of
a connection is seen as such. Nothing here sleeps: whatever is waited for is bounded by PATIENCE."""

import os
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile

import msgpack

PATIENCE = 20.0

HELLO, WELCOME, RESET, BYE, GRANT, DOWN = 1, 2, 3, 4, 5, 6
IMPORT, GETATTR, GETVALUE, CALL, TRANSFER, DEL, CANCEL, CLOSE = 16, 17, 18, 19, 20, 21, 22, 23
RESULT, ERROR, CREDIT = 32, 33, 34
BATCH, BY_BROKER = 1, 8
REQUESTS = (IMPORT, GETATTR, GETVALUE, CALL, TRANSFER, CLOSE)

HEADER = struct.Struct(">BBHIQQII")
RECORD = struct.Struct(">BBHIQII")


class Cut(Exception):
    """The broker has ended the connection."""


def field(tag, content):
    return struct.pack(">HH", tag, len(content)) + content


def reference(owner, object_id):
    return field(1, struct.pack(">QQ", owner, object_id))


def frame(kind, party=0, request=0, body=b"", fields=b"", flags=0, time_left=0, **wrong):
    """A frame; wrong: header fields as they should not be."""
    values = dict(version=1, kind=kind, flags=flags, time_left=time_left, party=party, request=request,
                  body_size=len(body), fields_size=len(fields))
    values.update(wrong)
    return HEADER.pack(*values.values()) + fields + body


def record(kind, request=0, body=b"", fields=b"", flags=0, time_left=0, zero=0):
    return RECORD.pack(kind, zero, flags, time_left, request, len(body), len(fields)) + fields + body


class Message:
    def __init__(self, data):
        (_, self.type, self.flags, self.time_left, self.party, self.request, body, fields) = HEADER.unpack(data[:32])
        assert 32 + body + fields == len(data), "a frame whose sizes don't add up"
        self.fields, self.body, self.data = data[32:32 + fields], data[32 + fields:], data

    @property
    def value(self):
        return msgpack.unpackb(self.body, strict_map_key=False)

    @property
    def kind(self):
        """Of an ERROR."""
        return self.value[0]

    def field_list(self):
        at, found = 0, []
        while at < len(self.fields):
            tag, size = struct.unpack(">HH", self.fields[at:at + 4])
            content = self.fields[at + 4:at + 4 + size]
            found.append((tag,) + struct.unpack(">" + "Q" * (size // 8) + "I" * (size % 8 // 4), content))
            at += 4 + size
        return found

    def __repr__(self):
        return f"<type {self.type} party {self.party:x} request {self.request} {self.fields.hex()} {self.body[:80]!r}>"


class Peer:
    def __init__(self, path, identity=None, hello=None):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(path)
        self.buffer = b""
        self.id = 0
        self.next_request = 1 << 40
        self._greet(identity)
        if hello is not None:
            self.hello(hello)

    def _greet(self, identity):
        self.socket.sendall(b"\xff" + 8 * b"\0" + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + 32 * b"\0")
        properties = b"".join(bytes([len(name)]) + name + struct.pack(">I", len(value)) + value
                              for name, value in [(b"Socket-Type", b"DEALER"), (b"Identity", identity or b"")])
        command = b"\x05READY" + properties
        self.socket.sendall(bytes([4, len(command)]) + command)
        assert self._take(64)[0] == 0xff
        flags, ready = self._frame()
        assert flags & 4 and ready.startswith(b"\x05READY")

    def _take(self, size):
        while len(self.buffer) < size:
            try:
                got = self.socket.recv(1 << 16)
            except ConnectionResetError:
                got = b""
            if not got:
                raise Cut()
            self.buffer += got
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def _frame(self):
        flags = self._take(1)[0]
        size = struct.unpack(">Q", self._take(8))[0] if flags & 2 else self._take(1)[0]
        return flags, self._take(size)

    def send(self, *frames):
        """One message. A connection that has ended is found out by receiving."""
        data = b""
        for index, content in enumerate(frames):
            more = 1 if index < len(frames) - 1 else 0
            data += bytes([more, len(content)]) if len(content) < 256 else bytes([more | 2]) + struct.pack(
                ">Q", len(content))
            data += content
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def receive(self):
        return Message(self._frame()[1])

    def has_more(self):
        return bool(self.buffer) or bool(select.select([self.socket], [], [], 0)[0])

    def until(self, wanted):
        """Messages up to the one that is wanted: (before, it)."""
        before = []
        while True:
            message = self.receive()
            if wanted(message):
                return before, message
            before.append(message)

    def request(self):
        self.next_request += 1
        return self.next_request

    def hello(self, name=None, **more):
        request = self.request()
        body = {"version": 1, "name": name or None, "pid": os.getpid(), "host": "box", "program": "raw"}
        body.update(more)
        self.send(frame(HELLO, 0, request, msgpack.packb(body)))
        answer = self.until(lambda m: m.request == request)[1]
        if answer.type == WELCOME:
            self.id, self.broker_id = answer.value["process"], answer.value["broker"]
        return answer

    def ask(self, path, *arguments, party=1):
        """Calls a function of the broker: (what came before, the answer)."""
        request = self.request()
        self.send(frame(CALL, party, request, msgpack.packb([None, path, list(arguments)])))
        return self.until(lambda m: m.request == request and m.type in (RESULT, ERROR))

    def stats(self):
        return self.ask("broker.stats")[1].value

    def close(self):
        self.socket.close()


class Broker:
    """A broker of our own, in a folder of its own."""

    def __init__(self, program, *options, limits=None):
        self.folder = tempfile.mkdtemp(prefix="far-raw-")
        self.path = self.folder + "/broker"
        self.log_path = self.folder + "/log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([program, "--bind", "ipc://" + self.path, *options], stdout=subprocess.PIPE,
                                            stderr=log, preexec_fn=limits)
        self.first_line = self.process.stdout.readline().decode()

    def log_lines(self):
        with open(self.log_path, encoding="utf-8") as log:
            return log.read().splitlines()

    def is_alive(self):
        return self.process.poll() is None

    def peer(self, name="", **more):
        return Peer(self.path, hello=name, **more)

    def stop(self, how=signal.SIGTERM):
        if self.is_alive():
            self.process.send_signal(how)
        status = self.process.wait(PATIENCE)
        self.process.stdout.close()
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.is_alive():
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def readable(line):
    return re.fullmatch(r"[\x20-\x7e]*", line) is not None
