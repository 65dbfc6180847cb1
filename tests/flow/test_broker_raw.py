#!/usr/bin/python3
"""far-broker as a peer sees it that keeps no rules: malformed frames of every kind, each against an oracle written from
docs/protocol.md; and its beginning and its end as a program.

    test_broker_raw.py FAR-BROKER
"""

import os
import resource
import signal
import subprocess
import sys
import traceback

import msgpack

from broker_raw_cases import cases, expected
from broker_raw_peer import *

PROGRAM = os.path.abspath(sys.argv[1])
BAD_ARGUMENTS, OVERLOADED, NO_SUCH_PROCESS, PROTOCOL_ERROR, NAME_TAKEN, CANCELLED, DENIED = 14, 11, 6, 16, 10, 3, 17


def reaction(attacker, is_live):
    """What came back for what was sent before: up to the answer of a probe, or to the end of the connection."""
    got = []
    try:
        if is_live:
            before, _ = attacker.ask("process.ping")
            got += before
        else:
            request = attacker.request()
            attacker.send(frame(HELLO, 0, request, msgpack.packb({"version": 1})))
            before, _ = attacker.until(lambda m: m.request == request)
            got += before
    except Cut:
        return "cut"
    return got


def told(got):
    """The same as a list of words."""
    if got == "cut":
        return ["cut"]
    words = []
    for message in got:
        if message.type == ERROR:
            words.append(f"error {message.kind}" + (" by broker" if message.flags & BY_BROKER else ""))
        else:
            words.append({RESET: "reset", DOWN: "down", BYE: "bye", WELCOME: "welcome", DEL: "del",
                          RESULT: "result"}.get(message.type, f"type {message.type}"))
    return words


def run_case(broker, honest, gone, case):
    """None, or what was wrong."""
    lines = len(broker.log_lines())
    attacker = Peer(broker.path, hello="" if case.live else None)
    frames = case.make(attacker.id, honest.id, gone)
    attacker.send(*frames)
    left = case.live and frames[0][1:2] == bytes([BYE]) and expected(case, frames, attacker.id, honest, gone) == ["bye"]
    try:
        words = ["bye"] if left and attacker.receive().type == BYE else told(reaction(attacker, case.live))
    except Cut:
        words = ["cut"]
    wanted = expected(case, frames, attacker.id, honest, gone)
    delivered, answer = honest.ask("process.ping")
    delivered = [message for message in delivered if message.type != DOWN]
    forwarded = wanted == ["forwarded"]
    if forwarded:
        wanted = []
    attacker.close()
    if words != wanted:
        return f"expected {wanted}, got {words}"
    if len(delivered) != (1 if forwarded else 0) or any(m.party != attacker.id for m in delivered):
        return f"the honest one got {delivered}"
    if answer.type != RESULT or not broker.is_alive():
        return "the honest one was not served"
    new = broker.log_lines()[lines:]
    if len(new) > 1 or not all(readable(line) for line in new):
        return f"logged {new}"
    if not new and any(word in ("cut", "reset") or word.startswith(("error 14", "error 16")) for word in words):
        return f"{words} without a line in the log"
    return None


def malformed_frames():
    count = 0
    with Broker(PROGRAM) as broker:
        honest, other = broker.peer("honest"), broker.peer()
        other.close()
        gone = other.id
        while any(entry["id"] == gone for entry in msgpack.unpackb(honest.ask("broker.list")[1].body, timestamp=3)):
            pass
        for case in cases():
            wrong = run_case(broker, honest, gone, case)
            assert wrong is None, f"{case.name}: {wrong}"
            count += 1
        assert honest.stats()["processes"] >= 1
        assert broker.stop() == 0
    assert count >= 1000, f"only {count} cases"
    print(f"  {count} cases")


def own_routing_ids():
    with Broker(PROGRAM) as broker:
        honest = broker.peer("honest")
        for identity in (b"a", b"abc", b"\1\2\3\4\5", b"x" * 200, b"\0" * 4, b"\0" * 6):
            attacker = Peer(broker.path, identity=identity)
            for _ in range(3):
                attacker.send(frame(HELLO, 0, 1, msgpack.packb({"version": 1})))
            try:
                raise AssertionError(f"{identity}: got {attacker.receive()}")
            except Cut:
                pass
            assert honest.ask("process.ping")[1].type == RESULT
        lines = broker.log_lines()
        assert len(lines) == 6 and all("routing id" in line for line in lines), lines
        assert broker.stop() == 0


def several_frames():
    with Broker(PROGRAM) as broker:
        honest = broker.peer("honest")
        for live in (False, True):
            for parts in ([b"", b""], [frame(CALL, honest.id, 1), b"x"], [b"x"] * 1000):
                attacker = Peer(broker.path, hello="" if live else None)
                attacker.send(*parts)
                attacker.send(*parts)
                assert reaction(attacker, live) == "cut"
        assert honest.ask("process.ping")[0] == []
        assert len(broker.log_lines()) == 6, broker.log_lines()
        assert broker.stop() == 0


def hello_bodies():
    texts = [None, 5, [], {}, {"version": "1"}, {"version": 1.0}, {"version": 1, "name": ""}, {"version": 1, "name": 5},
             {"version": 1, "name": "a b"}, {"version": 1, "name": "x" * 129}, {"version": 1, "name": "\n"},
             {"version": 1, "name": "\u00e4"}, {"version": 1, "pid": "x"}, {"version": 1, "host": 5},
             {"version": 1, "program": None}, {"name": "x"}, {"version": None}]
    raw = [b"", b"\xc1", b"\x81", b"\x81\xa7version\x01\x01", b"\xdf\xff\xff\xff\xff", b"\x91" * 100, b"\xc0\xc0",
           b"\x82\xa7version\x01\xa4name\xa1\xff"]
    with Broker(PROGRAM) as broker:
        peer = Peer(broker.path)
        for body in [msgpack.packb(text) for text in texts] + raw:
            request = peer.request()
            peer.send(frame(HELLO, 0, request, body))
            answer = peer.receive()
            assert (answer.type, answer.request, answer.kind) == (ERROR, request, BAD_ARGUMENTS), (body, answer)
        for version in (0, 2, -1, 1 << 62):
            assert peer.hello(version=version).kind == PROTOCOL_ERROR
        assert peer.hello(name="last", host="h" * 10000, unknown=[1, {2: 3}]).type == WELCOME
        assert peer.hello(name="again").kind == PROTOCOL_ERROR
        entry = msgpack.unpackb(peer.ask("broker.list")[1].body, timestamp=3)[0]
        assert entry["name"] == "last" and len(entry["host"]) == 255 and entry["pid"] == os.getpid()
        assert entry["uid"] == os.geteuid() and entry["state"] in ("running", "sleeping")
        assert broker.peer().hello().kind == PROTOCOL_ERROR
        assert Peer(broker.path).hello("last").kind == NAME_TAKEN
        assert broker.stop() == 0


def log_lines_are_few():
    with Broker(PROGRAM) as broker:
        peer = broker.peer()
        for _ in range(5000):
            peer.send(frame(99, 77))
        suppressed = peer.stats()["log_lines_suppressed"]
        assert suppressed + len(broker.log_lines()) == 5000 and len(broker.log_lines()) < 1000
        assert broker.stop() == 0


def killed_peer_is_down():
    code = "import sys; sys.path.insert(0, sys.argv[1])\nfrom broker_raw_peer import *\n" \
           "peer = Peer(sys.argv[2], hello='victim'); other = int(sys.argv[3])\n" \
           "for i in range(100): peer.send(frame(CALL, other, i + 1))\n" \
           "peer.ask('process.ping'); print('ready', flush=True); peer.receive()"
    with Broker(PROGRAM) as broker:
        honest, bystander = broker.peer("honest"), broker.peer("bystander")
        for _ in range(20):
            victim = subprocess.Popen([sys.executable, "-c", code, os.path.dirname(os.path.abspath(__file__)),
                                       broker.path, str(honest.id)], stdout=subprocess.PIPE)
            assert victim.stdout.readline() == b"ready\n"
            victim.kill()
            victim.wait()
            victim.stdout.close()
            before, down = honest.until(lambda m: m.type == DOWN)
            assert len(before) == 100, "DOWN came before what the dead one had said"
            dead = before[0].party
            assert down.field_list() == [(4, dead, 1)], down.field_list()
            honest.send(frame(CALL, dead, 5))
            assert honest.receive().field_list() == [(4, dead, 1)]
            assert honest.ask("broker.find", "victim")[1].kind == NO_SUCH_PROCESS
        assert bystander.ask("process.ping")[0] == []
        assert broker.stop() == 0


def goodbye():
    with Broker(PROGRAM) as broker:
        a, b = broker.peer("a"), broker.peer("b")
        a.send(frame(CALL, b.id, 1))
        b.receive()
        a.send(frame(BYE, 0, 9))
        answer = a.receive()
        assert (answer.type, answer.request) == (BYE, 9)
        assert b.receive().field_list() == [(4, a.id, 2)]
        assert broker.peer("a").id, "the name is free at once"
        a.send(frame(CALL, b.id, 2))
        a.close()
        assert b.ask("process.ping")[0] == []
        assert broker.stop() == 0


def references_are_granted():
    with Broker(PROGRAM) as broker:
        owner, giver, taker = broker.peer(), broker.peer(), broker.peer()
        giver.send(frame(CALL, taker.id, 1, b"\xc0", reference(owner.id, 5) + reference(giver.id, 6)))
        assert taker.receive().party == giver.id
        grant = owner.receive()
        assert grant.type == GRANT and grant.field_list() == [(3, 5, giver.id, taker.id)]
        giver.send(frame(CALL, 99, 2, b"\xc0", reference(owner.id, 5) + reference(giver.id, 6)))
        error, release = giver.receive(), giver.receive()
        assert error.kind == NO_SUCH_PROCESS and error.party == 99 and error.flags & BY_BROKER
        assert release.type == DEL and release.party == 99 and release.field_list() == [(2, 6, 1)]
        taker.close()
        assert owner.receive().field_list() == [(4, taker.id, 1)]
        assert giver.receive().field_list() == [(4, taker.id, 1)]
        assert broker.stop() == 0


def broker_objects():
    """References to the broker's own objects are counted like those of any process."""
    with Broker(PROGRAM) as broker:
        a, b = broker.peer(), broker.peer()
        request = a.request()
        a.send(frame(IMPORT, 1, request, msgpack.packb(["broker"])))
        answer = a.receive()
        (_, owner, module), = answer.field_list()
        assert answer.type == RESULT and owner == a.broker_id and module
        call = msgpack.packb([module, "find", ["nobody"]])
        a.send(frame(CALL, owner, 5, call))
        answer = a.receive()
        assert (answer.party, answer.request, answer.kind) == (owner, 5, NO_SUCH_PROCESS)
        b.send(frame(CALL, owner, 5, call))
        assert b.receive().kind == 13, "not held, so Stale"
        a.send(frame(CALL, b.id, 6, b"\xc0", reference(owner, module)))
        b.receive()
        b.send(frame(CALL, 1, 6, call))
        assert b.receive().kind == NO_SUCH_PROCESS, "handed on, so held"
        a.close()
        b.until(lambda m: m.type == DOWN)
        assert b.stats()["objects_held"] == 1
        b.send(frame(DEL, 1, 0, b"", field(2, struct.pack(">QQ", module, 1))))
        assert b.stats()["objects_held"] == 0
        b.send(frame(CALL, 1, 7, msgpack.packb([None, "broker.find", ["nobody"]]), reference(b.id, 9)))
        error, release = b.receive(), b.receive()
        assert error.kind == NO_SUCH_PROCESS and release.type == DEL and release.field_list() == [(2, 9, 1)]
        b.send(frame(CLOSE, 1, 8))
        assert b.receive().kind == DENIED
        assert broker.stop() == 0


def find_waits():
    with Broker(PROGRAM) as broker:
        a = broker.peer("a")

        def find(name, timeout_ms, request):
            a.send(frame(CALL, 1, request, msgpack.packb([None, "broker.find", [name, timeout_ms]])))

        assert a.ask("broker.find", "a")[1].value == a.id
        find("late", 600000, 1)
        find("late", -1, 2)
        find("never", 30, 3)
        find("never", 600000, 4)
        assert (lambda m: (m.request, m.kind))(a.receive()) == (3, NO_SUCH_PROCESS)
        a.send(frame(CANCEL, 1, 4))
        assert (lambda m: (m.request, m.kind))(a.receive()) == (4, CANCELLED)
        late = broker.peer("late")
        assert {(m.request, m.value) for m in (a.receive(), a.receive())} == {(1, late.id), (2, late.id)}
        asker = broker.peer()
        for request in range(1, 300):
            asker.send(frame(CALL, 1, request, msgpack.packb([None, "broker.find", ["gone", 600000]])))
        assert asker.receive().kind == OVERLOADED
        assert a.stats()["finds_waiting"] == 256
        asker.close()
        while a.stats()["finds_waiting"]:
            pass
        assert broker.stop() == 0


def slow_reader():
    """One that does not read: requests are refused, others are served, and it is cut when even answers are too many."""
    with Broker(PROGRAM, "--parked-bytes", "1000000") as broker:
        slow, fast, honest = broker.peer("slow"), broker.peer("fast"), broker.peer("honest")
        request, body = 0, b"\xc5\x10\x00" + bytes(4096)
        while not fast.has_more():
            request += 1
            fast.send(frame(CALL, slow.id, request, body))
        refused = fast.receive()
        assert refused.kind == OVERLOADED and refused.party == slow.id
        assert fast.receive().field_list() == [(5, 1, len(body))]  # its credit is given back
        assert honest.ask("process.ping")[0] == []
        before, _ = fast.ask("process.ping")
        assert all(m.type == CREDIT or m.kind == OVERLOADED for m in before)
        fast.send(frame(CALL, slow.id, 0, body))
        before, answer = fast.ask("broker.stats")
        assert [m.type for m in before] == [CREDIT] and answer.value["refused_off"] == 1 and answer.value["parked_bytes"] <= 1000000
        assert any("wants no answer" in line for line in broker.log_lines())
        # What it has missed is there once it reads, in order.
        accepted = request - answer.value["refused_overloaded"]
        for number in range(1, accepted + 1):
            assert slow.receive().request == number
        assert fast.stats()["parked_messages"] == 0
        while not fast.has_more():
            fast.send(frame(RESULT, slow.id, 1, body))
        assert fast.receive().field_list() == [(4, slow.id, 3)]
        assert honest.ask("process.ping")[0] == []
        while honest.stats()["parked_bytes"]:  # the end of its connection is an event of its own
            pass
        assert sum("cut" in line for line in broker.log_lines()) == 1
        assert broker.stop() == 0


def connections_are_limited():
    with Broker(PROGRAM, "--max-connections", "20") as broker:
        peers = [broker.peer() for _ in range(20)]
        for _ in range(30):
            try:
                Peer(broker.path).hello()
                raise AssertionError("one too many")
            except (Cut, BrokenPipeError):
                pass
        assert all(peer.ask("process.ping")[1].type == RESULT for peer in peers)
        peers.pop().close()
        while peers[0].stats()["connections"] > 19:
            pass
        assert broker.peer().id
        assert broker.stop() == 0


def few_descriptors():
    """libzmq aborts when it has no descriptor for a connection: so it never gets there."""
    def limits():
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
    with Broker(PROGRAM, limits=limits) as broker:
        honest = broker.peer("honest")
        storm = []
        for _ in range(600):
            attacker = socket.socket(socket.AF_UNIX)
            attacker.setblocking(False)
            try:
                attacker.connect(broker.path)
            except BlockingIOError:
                pass
            storm.append(attacker)
        assert honest.ask("process.ping")[1].type == RESULT
        for attacker in storm:
            attacker.close()
        while honest.stats()["connections"] > 1:
            pass
        assert broker.peer().id and broker.stop() == 0


def many_come_and_go():
    with Broker(PROGRAM) as broker:
        honest = broker.peer()
        files = len(os.listdir(f"/proc/{broker.process.pid}/fd"))
        for _ in range(10):
            peers = [Peer(broker.path) for _ in range(50)]
            for number, peer in enumerate(peers):
                if number % 3:
                    peer.hello()
                if number % 3 == 1:
                    peer.send(frame(CALL, honest.id, 1))
                peer.close()
        while honest.stats()["connections"] > 1 or honest.stats()["processes"] > 1:
            pass
        while len(os.listdir(f"/proc/{broker.process.pid}/fd")) > files:
            pass
        assert broker.stop() == 0


def second_broker_is_refused():
    with Broker(PROGRAM) as broker:
        honest = broker.peer("honest")
        second = subprocess.run([PROGRAM, "--bind", "ipc://" + broker.path], capture_output=True, text=True,
                                timeout=PATIENCE)
        assert second.returncode and "another broker" in second.stderr and second.stderr.count("\n") == 1, second
        assert honest.ask("process.ping")[1].type == RESULT and broker.peer().id
        assert broker.stop(signal.SIGKILL) == -signal.SIGKILL
        assert os.path.exists(broker.path), "what is left behind"
        third = subprocess.Popen([PROGRAM, "--bind", "ipc://" + broker.path], stdout=subprocess.PIPE)
        assert third.stdout.readline().startswith(b"listening")
        assert broker.peer().id
        third.terminate()
        assert third.wait(PATIENCE) == 0
        third.stdout.close()


def signals_end_it():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with Broker(PROGRAM) as broker:
            peer = broker.peer()
            assert broker.stop(number) == 0
            assert not os.path.exists(broker.path)
            try:
                peer.receive()
                raise AssertionError("still connected")
            except Cut:
                pass


def bad_starts():
    folder = tempfile.mkdtemp(prefix="far-raw-")
    open_folder = tempfile.mkdtemp(prefix="far-raw-")
    os.chmod(open_folder, 0o755)
    with open(folder + "/file", "w") as file:
        file.write("not a socket")
    with open(folder + "/bad.cfg", "w") as file:
        file.write("idle-exit = 5\nnothing = 1\n")
    rows = [
        (["--nothing"], "unknown option '--nothing'"),
        (["--bind", "tcp://127.0.0.1:*"], "--insecure-tcp"),
        (["--bind", "ipc://" + open_folder + "/broker"], "mode 0700"),
        (["--bind", "ipc:///nowhere/at/all/broker"], "/nowhere/at/all"),
        (["--bind", "ipc://" + folder + "/file"], "else than a socket"),
        (["--bind", "ipc://" + folder + "/" + "x" * 200], "at most 107 bytes"),
        (["--bind", "tcp://256.1.1.1:x", "--insecure-tcp"], "can't bind tcp://256.1.1.1:x"),
        (["--config", folder + "/bad.cfg"], "bad.cfg, line 2: unknown option 'nothing'"),
        (["--config", folder], "expected a configuration file"),
        (["--bind", "ipc://" + folder + "/b", "--log", "/nowhere/log"], "/nowhere/log"),
    ]
    for arguments, says in rows:
        for daemon in ([], ["--daemon"]):
            done = subprocess.run([PROGRAM, *daemon, *arguments], capture_output=True, text=True, timeout=PATIENCE)
            assert done.returncode and done.stderr.count("\n") == 1 and not done.stdout, (arguments, done)
            assert done.stderr.startswith("far-broker: ") and says in done.stderr, (arguments, done)
    shutil.rmtree(folder)
    shutil.rmtree(open_folder)


def help_and_version():
    shown = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, timeout=PATIENCE)
    assert shown.returncode == 0 and "--insecure-tcp" in shown.stdout and not shown.stderr
    shown = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, timeout=PATIENCE)
    assert shown.returncode == 0 and re.match(r"far-broker \d+\.\d+\.\d+\n", shown.stdout)


def tcp_when_asked_for():
    with Broker(PROGRAM, "--bind", "tcp://127.0.0.1:*", "--insecure-tcp") as broker:
        port = int(re.search(r":(\d+)$", broker.process.stdout.readline().decode())[1])
        near = broker.peer("near")

        class Far(Peer):
            def __init__(self):
                self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
                self.buffer, self.id, self.next_request = b"", 0, 1
                self._greet(None)
                self.hello("far")

        far = Far()
        far.send(frame(CALL, near.id, 5))
        assert near.receive().party == far.id
        entries = {entry["name"]: entry for entry in msgpack.unpackb(near.ask("broker.list")[1].body, timestamp=3)}
        assert entries["far"]["uid"] == -1 and entries["far"]["state"] == "ready"
        far.close()
        assert near.receive().field_list() == [(4, far.id, 1)]
        assert broker.stop() == 0


def idle_exit():
    with Broker(PROGRAM, "--idle-exit", "1") as broker:
        peer = broker.peer()
        peer.close()
        assert broker.process.wait(PATIENCE) == 0 and not os.path.exists(broker.path)


def daemon():
    folder = tempfile.mkdtemp(prefix="far-raw-")
    environment = dict(os.environ, XDG_RUNTIME_DIR=folder, FAR_LOG="info")
    command = [PROGRAM, "--daemon", "--idle-exit", "1", "--log", folder + "/log"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done
    path = folder + "/farcall/broker"
    assert os.stat(folder + "/farcall").st_mode & 0o777 == 0o700
    assert os.stat(path).st_mode & 0o077 == 0
    peer = Peer(path, hello="")
    with open(folder + "/log") as log:
        pid = int(re.search(r"pid (\d+)\) listens", log.read())[1])
    assert os.getsid(pid) != os.getsid(0), "a session of its own"
    files = {os.readlink(f"/proc/{pid}/fd/{number}") for number in (0, 1, 2)}
    assert files == {"/dev/null", folder + "/log"}, files
    second = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=environment)
    assert second.returncode and "another broker" in second.stderr, second
    assert peer.ask("process.ping")[1].type == RESULT
    peer.close()
    while os.path.exists(path):
        pass
    shutil.rmtree(folder)


def stolen_socket():
    """Whoever removes the socket does not silence the broker for long, and nobody who is connected notices."""
    with Broker(PROGRAM) as broker:
        peer = broker.peer()
        os.unlink(broker.path)
        while not os.path.exists(broker.path):
            peer.ask("process.ping")
        assert broker.peer().id and peer.ask("process.ping")[1].type == RESULT
        assert broker.stop() == 0


TESTS = [malformed_frames, own_routing_ids, several_frames, hello_bodies, log_lines_are_few, killed_peer_is_down, goodbye,
         references_are_granted, broker_objects, find_waits, slow_reader, connections_are_limited, few_descriptors,
         many_come_and_go, second_broker_is_refused, signals_end_it, bad_starts, help_and_version, tcp_when_asked_for,
         idle_exit, daemon, stolen_socket]


def main():
    chosen = os.environ.get("FAR_TEST")
    failed = 0
    tests = [test for test in TESTS if not chosen or test.__name__ == chosen]
    for test in tests:
        print(test.__name__, flush=True)
        try:
            test()
        except (AssertionError, OSError, Cut, subprocess.TimeoutExpired, ValueError, KeyError) as error:
            failed += 1
            traceback.print_exc()
            print(f"  FAILED: {error!r}", flush=True)
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
