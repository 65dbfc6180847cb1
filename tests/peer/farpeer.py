"""A farcall process in Python, written from docs/protocol.md alone: what shows that the page is enough.

It shares no line with the C library; the flow tests run the two against each other through a real broker. Numbers in
the comments are sections of the page. The bytes are in farwire.py, what it holds in farproxy.py, what it may
send in farcredit.py, what it hosts in farhost.py; here are

    Loop       waits for sockets and descriptors; nothing here sleeps
    Peer       the session: calls, hosts, and keeps the books of both (sections 3, 4, 8)

One thread. A peer serves what comes in whenever its loop waits, also while a hosted method waits for a call of its own:
all of it, what belongs to the same chain of calls, or nothing (reentrancy: "interleave", "chain", "queue").
"""

import collections
import math
import os
import socket as sockets
import time
import weakref

import msgpack
import zmq
from zmq.utils.monitor import recv_monitor_message

from farcredit import Given, Sent, takes_credit
from farhost import Exports, Host, Hosted, ProcessModule, type_name
from farkept import read_ext
from farproxy import Proxy, Request
from farwire import *


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
        ends = min((peer.end_what_is_over() for peer in list(self._peers)), default=math.inf)
        busy = [peer for peer in list(self._peers) if peer.work()]
        timeout_ms = 0 if busy else min(timeout_ms, max(0, (ends - time.monotonic()) * 1000))
        for what, _ in self._poller.poll(math.ceil(timeout_ms)):
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
            self.turn(min(int(left * 1000) + 1, 20))  # a condition may ask others for what makes no event here


class Peer(Host):
    """A session with a broker. modules: name to any Python object, whose public attributes are offered."""

    def __init__(self, endpoint, name=None, loop=None, modules=None, say_hello=True, socket_options=(),
                 reentrancy="interleave"):
        self.loop, self.name, self.id, self.limits, self.broker = loop or Loop(), name, None, None, None
        self.modules = dict(modules or {})
        self.modules["process"] = ProcessModule(self)
        self.exports = Exports()
        self.kept = {}          # (process, its request ID): the answer that stays
        self.ended = None       # why the session is over
        self.connected = False
        self.closed_by = None   # the CLOSE that was answered
        self.down = {}          # process: how it went
        self.causes = {}        # process: what DOWN said of it
        self.running = []       # requests being run, the innermost last
        self.reentrancy = reentrancy
        self.seen = collections.Counter()  # names of the messages that came
        self.sent = collections.Counter()
        self.used = set()  # the flags and fields in both
        self.credit = {}        # process: Sent
        self.obeys = True       # sends nothing without credit
        self.given = {}         # process: Given
        self.late = 0           # answers that nobody waited for
        self.batches = 0        # frames with several messages that came
        self._proxies = weakref.WeakValueDictionary()
        self._queue, self._open, self._last_request, self._drops = collections.deque(), {}, 0, []
        self._connect(endpoint, socket_options)
        if say_hello:
            self.hello()

    # The connection (section 1)

    def _connect(self, endpoint, more_options):
        self._socket = zmq.Context.instance().socket(zmq.DEALER)
        for option, value in ((zmq.RECONNECT_IVL, 1_000_000_000), (zmq.LINGER, 0), (zmq.SNDTIMEO, 10000),
                              (zmq.MAXMSGSIZE, MAX_MESSAGE), *more_options):
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
        self.kept.clear()

    def cut(self):
        """Ends the connection without a word."""
        self._over("cut")

    def send_frame(self, frame):
        if self._socket is None:
            raise FarError("BrokerLost", self.ended)
        self._socket.send(frame)

    def send(self, *messages, batch=False):
        """Sends messages of one party, in one batch if asked to, and counts the references of ours in them. A DEL that
        has become due since they were made goes behind them: it may be for what they hand on. Waits for credit.
        """
        for message in messages:
            self._wait_for_credit(message)
        for message in messages:
            self._note(self.sent, message, batch)
            for owner, object in message.references():
                if owner == self.id and object:
                    self.exports.count(object, message.party)
        if batch:
            self.send_frame(pack_batch(messages[0].party, messages))
        else:
            for message in messages:
                self.send_frame(pack_message(message))
        self.flush()

    def _wait_for_credit(self, message):
        if takes_credit(message):
            sent = self.credit.setdefault(message.party, Sent(message.party))
            if self.obeys and not sent.may_go_on():
                self.loop.until(lambda: sent.may_go_on() or message.party in self.down or self.ended, what="credit")
            sent.count(message)

    def _give_credit(self, party):
        told = self.given[party].tell() if party in self.given else None
        if told and not self.ended:
            self.send(Message(CREDIT, party, fields=[(CREDIT_FIELD, told)]))

    def _note(self, counter, message, batched):
        counter[TYPES.get(message.type, message.type)] += 1
        flags = message.flags | (BATCH if batched else 0)
        self.used |= {"flag " + name for flag, name in FLAGS.items() if flags & flag}
        self.used |= {"field " + FIELDS[tag] for tag, content in message.fields if tag in FIELDS}

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
        request = Request(self, self._last_request, party)
        if party in self.down:
            request._end(error=self._down_error(party))
        else:
            self._open[request.id] = request
        return request

    def _down_error(self, party):
        return FarError("Closed" if self.down[party] == SAID_BYE else "PeerDied", f"process {party:#x}")

    def message(self, type, party, body, request=0, report=None, **more):
        """A message with a body whose references have their fields. Raises NotSerializable, Limit."""
        self.flush()
        found = []

        def reference(thing):
            if isinstance(thing, int):
                raise FarError("NotSerializable", "an integer of more than 64 bits")
            path, class_name, carried = "", type_name(thing), {}
            if isinstance(thing, Proxy):
                path, class_name, thing = thing._path, thing._class, thing._base or thing
            else:
                carried = getattr(thing, "far_options", {})
            if not any(thing is other for other in found):
                found.append(thing)
            index = next(i for i, other in enumerate(found) if other is thing)
            return msgpack.ExtType(EXT_REFERENCE,
                                   pack_body([index, class_name, path] + ([carried] if carried else [])))

        packed = pack_body(body, reference)
        if report is not None:
            found.append(report)
        if len(found) > MAX_FIELDS:
            raise FarError("Limit", f"{len(found)} references in a message")
        fields = [(REFERENCE_FIELD, (thing._owner, thing._object) if isinstance(thing, Proxy)
                   else (self.id, self.exports.id_of(thing))) for thing in found]
        if report is not None:
            fields.append((REPORT_FIELD, (len(found) - 1,)))
        if type in REQUESTS and self.running:
            fields.append((CHAIN_FIELD, self._chain_here()))
        if type in REQUESTS and type != CLOSE:
            more["time_left"] = self._time_left_here(more.get("time_left", 0))
        return Message(type, party, request, packed, fields, **more)

    def _time_left_here(self, wanted_ms):
        """Not more than what runs has itself (section 3, Deadlines)."""
        ends = self.running[-1].ends if self.running else math.inf
        if ends == math.inf:
            return wanted_ms
        left_ms = math.ceil((ends - time.monotonic()) * 1000)
        if left_ms <= 0:
            raise FarError("Timeout", "what runs is past its deadline")
        return min(wanted_ms or left_ms, left_ms)

    def _chain_here(self):
        """The chain of calls that what runs is part of."""
        incoming = self.running[-1]
        if incoming.chain is None:
            self._last_request += 1
            incoming.chain = (self.id, self._last_request)
        return incoming.chain

    def ask(self, type, party, body=None, waits=False, **more):
        """Sends a request; gives the Request, which ends after time_left. waits: the next thing is to wait for it."""
        if party in self.down:
            return self._new_request(party)
        message = self.message(type, party, body, **more)
        if type == CLOSE:
            message.body = b""
        request = self._new_request(party)
        message.request = request.id
        request.ends = ends_in(message.time_left)
        request.holds = waits and bool(self.running) and self.reentrancy == "queue"
        message.flags |= HOLDS if request.holds else 0
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

    def call(self, proxy, arguments=(), keywords=None, returns=None, waits=False, **more):
        body = self.root(proxy) + [list(arguments), keywords or {}] + ([] if returns is None else [returns])
        return self.ask(CALL, proxy._owner, body, waits, **more)

    def stream(self, proxy, report, *arguments):
        """Wants the results one by one, at report, an object with yield_ () and progress () (section 3, Streams)."""
        return self.ask(CALL, proxy._owner, self.root(proxy) + [list(arguments)], report=report)

    def call_off(self, proxy, *arguments, time_left=0, **keywords):
        """Wants no answer: request ID 0."""
        self.send(self.message(CALL, proxy._owner, self.root(proxy) + [list(arguments), keywords],
                               time_left=time_left))

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

    def forget(self, *requests):
        """The answers of these, of one party, need not stay any more."""
        self.send(Message(DEL, requests[0].party, fields=[(FORGET_FIELD, (request.id,)) for request in requests]))

    def cancel(self, request):
        self.send(Message(CANCEL, request.party, request.id))

    def hold_no_more(self, request):
        """It was waited for in vain, but may still come."""
        request.holds = False
        self.send(Message(CANCEL, request.party, request.id, flags=HOLDS))

    def end_what_is_over(self):
        """Deadlines (section 3), of both halves. Gives when the next thing ends."""
        now = time.monotonic()
        for request in [request for request in self._open.values() if request.ends <= now]:
            self.cancel(request)
            request.forget()
            request._end(error=FarError("Timeout", f"request {request.id} is past its deadline"))
        for incoming in [incoming for incoming in self._queue if incoming.ends <= now]:
            self._refuse(incoming, FarError("Timeout", "its time was over before it was run"))
        for incoming in self.running:
            incoming.cancelled |= incoming.ends <= now
        live = list(self._open.values()) + list(self._queue) + [one for one in self.running if not one.cancelled]
        return min((one.ends for one in live), default=math.inf)

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

    def _unpack(self, message, received, answer_of=None):
        """The value of a message's body, with proxies, and our own objects where they came home. answer_of (party, request,
        path) gives what stands for the answer of an earlier request.
        """
        references = message.references()

        def ext(code, content):
            if code == EXT_REQUEST and answer_of:
                return answer_of(message.party, *read_ext(content))
            if code != EXT_REFERENCE:
                raise FarError("ProtocolError", f"ext type {code} is reserved")
            index, class_name, path, carried = elements(unpack_body(content), REQUIRED, "", "", {})
            if not isinstance(index, int) or not 0 <= index < len(references):
                raise FarError("ProtocolError", "a reference without its field")
            if received[index] is None:
                return self._home(references[index][1], path, message.party)
            proxy = received[index]
            proxy._class = proxy._class or class_name
            proxy = proxy._at(path)
            proxy._options = {**options(carried), **proxy._options}
            return proxy

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
                    self._note(self.seen, message, len(messages) > 1)
                    self._take(message)

    def _take(self, message):
        name = TYPES.get(message.type)
        received = self._receive(message)
        if takes_credit(message, True) and not self.given.setdefault(message.party, Given()).arrives(message):
            if message.request:
                self._answer_error(message.party, message.request, FarError("Overloaded", "sent without credit"))
        elif message.type in REQUESTS:
            self._queue.append(self._prepare(message, received))
            self._give_credit(message.party)
        elif name and hasattr(self, "_on_" + name.lower()):
            getattr(self, "_on_" + name.lower())(message, received)
        elif message.request:
            self._answer_error(message.party, message.request, FarError("ProtocolError", f"type {message.type}"))
        if message.party == self.id:  # what was sent to ourselves was counted on the way only
            for owner, object in message.references():
                if owner == self.id:
                    self.exports.release(object, self.id, 1)

    def _on_welcome(self, message, received):
        self._end_request(message, result=unpack_body(message.body))

    def _on_reset(self, message, received):
        self._over("RESET: " + unpack_body(message.body))

    def _on_bye(self, message, received):
        self._over("BYE")

    def _on_grant(self, message, received):
        for object, giver, to in message.all(GRANT_FIELD):
            if to not in self.down:
                self.exports.grant(object, giver, to)

    def _on_down(self, message, received):
        for process, how in message.all(DOWN_FIELD):
            self.down[process] = how
            self.causes[process] = unpack_body(message.body) if message.body else None
            self.exports.drop_holder(process)
            self.credit.pop(process, None)
            self.given.pop(process, None)
            self.kept = {key: kept for key, kept in self.kept.items() if key[0] != process}
            for request in [r for r in self._open.values() if r.party == process]:
                del self._open[request.id]
                request._end(error=self._down_error(process))

    def _on_del(self, message, received):
        for object, receipts in message.all(RELEASE_FIELD):
            self.exports.release(object, message.party, receipts)
        for request, in message.all(FORGET_FIELD):
            self.kept.pop((message.party, request), None)

    def _on_credit(self, message, received):
        if message.party in self.credit:
            self.credit[message.party].take(message)

    def _begun(self, message):
        """A request is begun, or has ended without that: what it took of its sender's credit is free."""
        if takes_credit(message, True) and message.party in self.given:
            self.given[message.party].begins(message)
            self._give_credit(message.party)

    def _on_cancel(self, message, received):
        asked = (message.party, message.request)
        if message.flags & HOLDS:
            return
        for incoming in [i for i in self._queue if (i.party, i.request) == asked]:
            self._refuse(incoming, FarError("Cancelled", "before it ran"))
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
