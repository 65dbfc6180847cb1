"""Hosting, of a farcall process in Python: exports and their counts, requests and what they do to the objects.

Written from docs/protocol.md alone; numbers in the comments are sections of the page. Knows nothing of the session:
that is farpeer.Peer, which is a Host.
"""

import collections
import inspect
import os
import re
import time
import traceback
import weakref

import msgpack

import faroperators
from fardescribe import describe
from farkept import Answer, Hosted, Kept, Pinned, answers_in, put_in, root_of
from farproxy import Proxy
from farwire import *

# The owner's side of references (section 5)

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


# What is offered

MODULE_NAME = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*")
NESTING = 64  # methods that wait for calls of their own, inside one another


class Incoming:
    """A request that waits to be run, with its root resolved: a DEL that arrives after it changes nothing for it."""

    def __init__(self, message, run, where):
        self.message, self.party, self.request = message, message.party, message.request
        self.run, self.where = run, where
        began = (message.party, message.request) if message.request else None
        self.chain = next(iter(message.all(CHAIN_FIELD)), began)
        self.needs, self.kept = [], None  # answers that it refers to; where its own is kept
        self.cancelled = False
        self.ends = ends_in(0 if message.type == CLOSE else message.time_left)


class ProcessModule:
    """Section 8."""

    def __init__(self, peer):
        self._peer = weakref.ref(peer)

    def ping(self):
        return msgpack.Timestamp.from_unix_nano(time.time_ns())

    def modules(self):
        return sorted(self._peer().modules)

    def where(self, caller, request):
        peer = self._peer()
        if caller == peer.id:
            own = peer._open.get(request)
            return own and {"state": "sent", "worker": own.party, "call": ""}
        if any(incoming.party == caller and incoming.request == request for incoming in peer.running):
            return {"state": "running"}
        return None

    def describe(self, module):
        host = self._peer().modules.get(module)
        if host is None:
            raise FarError("NoSuchModule", module)
        return describe(module, host)


def attribute(object, name):
    """One attribute of a hosted object; an operator by its reserved name."""
    value = object.value if isinstance(object, Hosted) else object
    if not isinstance(value, Proxy):
        if name.startswith("__") and name.endswith("__"):
            return faroperators.of(object, value, name)
        try:
            if not name.startswith("_"):
                return getattr(value, name)
        except AttributeError:
            pass
    raise FarError("NoSuchAttribute", name)


def at_path(object, path):
    for name in check_path(path):
        object = attribute(object, name)
    return object


def check_path(path):
    if not isinstance(path, str) or len(path.encode()) > MAX_PATH:
        raise FarError("BadArguments", "path")
    return path.split(".") if path else []


class Host:
    """The half of a Peer that answers requests. The other half gives it id, name, modules, exports, running, reentrancy,
    _queue,
    message (), send (), _begun () and _unpack ().
    """

    def work(self):
        """Runs one request that waits. False if there was none, or none that may be run now."""
        incoming = next(filter(self._may_run, self._queue), None)
        if incoming is None:
            return False
        self._queue.remove(incoming)
        self._begun(incoming.message)
        self.running.append(incoming)
        value, failed = None, next((kept.error for kept in incoming.needs if kept.error), None)
        try:
            if len(self.running) > NESTING:
                raise FarError("Overloaded", "too many calls wait inside one another")
            if not failed:
                value = incoming.run()
                answer = self.message(RESULT, incoming.party, value, incoming.request)
        except Exception as error:
            failed = self._error_of(error, incoming.where)
        finally:
            self.running.remove(incoming)
        if failed:
            answer = self.message(ERROR, incoming.party, failed.body(), incoming.request)
        if incoming.request and self._socket:
            self.send(answer)
        if incoming.kept:
            incoming.kept.settle(value, failed)
        self._leave_if_closed()
        return True

    def _may_run(self, incoming):
        if not all(kept.done for kept in incoming.needs):
            return False
        if not self.running or self.reentrancy == "interleave":
            return True
        return self.reentrancy == "chain" and incoming.chain is not None and incoming.chain == self.running[-1].chain

    def _error_of(self, error, where):
        """What a hosted method raised, with this process as the next hop."""
        file, line = "", 0
        if not isinstance(error, FarError):
            last = traceback.extract_tb(error.__traceback__)[-1]
            file, line = os.path.basename(last.filename), last.lineno
        result = _far_error(error)
        result.hops.append([self.name or f"{self.id:x}", *where, file, line])
        return result

    def _refuse(self, incoming, error):
        """Ends one that waits without running it."""
        self._queue.remove(incoming)
        self._begun(incoming.message)
        if incoming.request:
            self._answer_error(incoming.party, incoming.request, error)
        if incoming.kept:
            incoming.kept.settle(error=error)

    def _answer_error(self, party, request, error):
        self.send(Message(ERROR, party, request, pack_body(error.body())))

    def _prepare(self, message, received):
        where, needs = ["", ""], []
        message.received = received  # what its REFERENCE fields stand for
        try:
            body = None if message.type == CLOSE else self._unpack(message, received, self._answer_of)
            needs = [answer.kept for answer in answers_in(body)]
            prepare = self._later if needs else getattr(self, "_run_" + TYPES[message.type].lower())
            run = prepare(message, body, where)
        except FarError as error:
            run, needs = _raiser(error.fresh()), []
        incoming = Incoming(message, run, where)
        incoming.needs = needs
        if message.flags & KEEP and message.request:
            incoming.kept = self.kept.setdefault((message.party, message.request), Kept())
        return incoming

    def _answer_of(self, party, request, path):
        kept = self.kept.get((party, request))
        if kept is None:
            raise FarError("Stale", f"the answer of request {request} is not kept")
        return Answer(kept, path)

    def _later(self, message, body, where):
        """Prepared once the answers are there that the body refers to; but its root is that of now."""
        if message.type in (CALL, GETATTR, GETVALUE) and isinstance(body[0], int):
            body[0] = Pinned(self._resolve(body[0], "", message.party))

        def run():
            whole = list(body) if isinstance(body, list) else body
            if message.type in (CALL, GETATTR, GETVALUE) and isinstance(body[0], Answer):
                whole[0] = root_of(body[0])
            return getattr(self, "_run_" + TYPES[message.type].lower())(message, put_in(whole, at_path), where)()
        return run

    def _resolve(self, root, path, sender):
        """The object at a path from a root, for a sender."""
        names = check_path(path)
        if root is None:
            if not names or names[0] not in self.modules:
                raise FarError("NoSuchModule", path)
            thing = self.modules[names.pop(0)]
        elif isinstance(root, int) and not isinstance(root, bool) and root > 0:
            thing = self.exports.held(root, sender)
        elif isinstance(root, Pinned):
            thing = root.thing
        else:
            raise FarError("ProtocolError", "root")
        return at_path(thing, ".".join(names))

    def _returned(self, value, returns):
        """A result as it is sent: hosted where it is wanted by reference."""
        if isinstance(value, Hosted):
            return value
        kind = RETURNS_REFERENCES if isinstance(value, Proxy) else BY_VALUE.get(type(value))
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
            return [self._returned(at_path(found, name), returns) for name in names]
        return run

    def _run_getattr(self, message, body, where):
        root, path, returns = elements(body, REQUIRED, "", RETURNS_DEFAULT)
        thing = self._resolve(root, path, message.party)
        return lambda: self._returned(thing, returns)

    def _run_getvalue(self, message, body, where):
        root, path = elements(body, REQUIRED, "")
        thing = self._resolve(root, path, message.party)

        def run():
            value = thing.value if isinstance(thing, Hosted) else thing
            if type(value) in BY_VALUE or isinstance(value, Proxy):
                return value
            if not hasattr(value, "far_value"):
                raise FarError("NotSerializable", type_name(thing))
            return value.far_value()
        return run

    def _run_call(self, message, body, where):
        root, path, arguments, keywords, returns = elements(body, REQUIRED, "", [], {}, RETURNS_DEFAULT)
        owner, _, method = path.rpartition(".") if isinstance(path, str) else ("", "", "")
        if root is None:
            where[:] = [owner, method]
        else:
            where[:] = [type_name(self._resolve(root, owner, message.party)), method]
        numbers = [content[0] for tag, content in message.fields if tag == REPORT_FIELD]
        report = message.received[numbers[0]] if numbers and numbers[0] < len(message.received) else None
        function = self._resolve(root, path, message.party)
        if isinstance(function, Hosted):
            function = function.value

        def run():
            if not callable(function):
                raise FarError("BadArguments", f"{path} can't be called")
            check_arguments(function, arguments, keywords)
            result = function(*arguments, **keywords)
            if inspect.isgenerator(result):
                result = self._give_all(result, report)
            return self._returned(result, returns)
        return run

    def _give_all(self, results, report):
        """A generator's results go to the report one by one, its return value is the answer (section 3, Streams)."""
        if report is None:
            return list(results)
        calls = collections.deque()
        while True:
            try:
                result = next(results)
            except StopIteration as end:
                returned = end.value
                break
            calls.append(self.call(report._at("yield"), [result]))
            if len(calls) > 200:
                calls.popleft().wait()
        for call in calls:
            call.wait()
        return returned

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
    try:
        inspect.signature(function).bind(*arguments, **keywords)
    except TypeError as error:
        raise FarError("BadArguments", str(error))
    except ValueError:
        pass  # built-in functions without a signature


def _far_error(error):
    """An exception as an error that travels; what it was raised from, or while handling what, is its cause."""
    if isinstance(error, FarError):
        return error.fresh()
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return FarError("Raised", str(error), type(error).__name__, cause=cause and _far_error(cause))


def _raiser(error):
    def run():
        raise error.fresh()
    return run
