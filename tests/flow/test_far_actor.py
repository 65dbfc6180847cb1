#!/usr/bin/python3
"""The generic host `far-actor`: what it serves, how it ends, what it is given wrong, and how it comes by a broker.

test_far_actor.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import os
import re
import shutil
import signal
import socket
import sys
from pathlib import Path

import programs
import zmq

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peer"))
import farwire

DONE, FAILED, USAGE = range(3)


def actor(world, *words, **env):
    return world.run(world.actor_program, *words, **env)


def refused(result, code, *texts):
    """It ended so, with one line that says these."""
    assert result.code == code and not result.out, result
    assert re.fullmatch(r"far-actor: [^\n]+\n", result.err), result
    for text in texts:
        assert text in result.err, (text, result)
    return result


def names(world):
    return sorted(row["name"] for row in world.processes())


# The command line


def test_help_and_version(world):
    result = actor(world, "--help")
    assert result.code == DONE and not result.err and result.out.startswith("Usage: far-actor "), result
    for text in ("--name NAME", "--module PATH", "--broker ADDRESS", "--no-autostart", "--timeout MS",
                 "--threads N", "--reentrancy HOW", "Exit codes:"):
        assert text in result.out, (text, result)
    assert max(map(len, result.out.splitlines())) <= 120, result
    version = actor(world, "-V")
    assert version.code == DONE and re.fullmatch(r"far-actor \d+\.\d+\.\d+\n", version.out), version


def test_bad_command_lines(world):
    module = world.module("sample")
    for words, text in [
        ([], "no '--module'"),
        (["--name", "host"], "no '--module'"),
        (["--nonsense"], "'--nonsense'"),
        (["-m", module, "-z"], "'-z'"),
        (["--module"], "no value for option '--module'"),
        (["--module", ""], "''"),
        (["--name", "", "--module", module], "''"),
        (["--timeout", "soon", "--module", module], "'soon'"),
        (["--wait", "0", "--module", module], "'0'"),
        (["--threads", "0", "--module", module], "'0'"),
        (["--threads", "two", "--module", module], "'two'"),
        (["--reentrancy", "none", "--module", module], "'none'"),
        (["--help=x"], "--help"),
        ([module], module),
    ]:
        refused(actor(world, *words), USAGE, text)
    assert not world.strays()


def test_bad_names_and_addresses(world):
    module = world.module("sample")
    for words, text in [
        (["--name", "two words"], "'two words'"),
        (["--name", "x" * 129], "BadArguments"),
        (["--broker", "nonsense"], "'nonsense'"),
        (["--broker", "tcp://127.0.0.1"], "tcp://127.0.0.1"),
    ]:
        refused(actor(world, "--wait", "200", "--module", module, *words), FAILED, text)
    assert not world.strays()


# What can't be served


def test_bad_modules(world):
    world.broker()
    text = world.folder / "text.so"
    text.write_text("no shared object\n")
    empty = world.folder / "empty.so"
    empty.write_text("")
    folder = world.folder / "folder.so"
    folder.mkdir()
    stranger = world.folder / "stranger.so"
    shutil.copy(world.module("sample"), stranger)
    for path, part in [
        (world.folder / "missing.so", "missing.so"),
        (text, "text.so"),
        (empty, "empty.so"),
        (folder, "folder.so"),
        (stranger, "far_module_stranger"),
        (world.far_program, "far"),
        ("/dev/null", "/dev/null"),
        (world.module("unfillable"), "nothing"),
    ]:
        refused(actor(world, "--broker", world.endpoint, "--wait", "30000", "--module", str(path)), FAILED, part)
    refused(actor(world, "--broker", world.endpoint, "--wait", "30000", "--module", world.module("sample"), "--module",
                  world.module("sample")), FAILED, "sample")


def test_name_taken(world):
    world.broker()
    world.host("host")
    refused(actor(world, "--broker", world.endpoint, "--name", "host", "--wait", "30000", "--module",
                  world.module("sample")), FAILED, "NameTaken", "host")
    assert names(world) == ["host"]


def test_no_broker(world):
    result = actor(world, "--broker", world.endpoint, "--wait", "200", "--module", world.module("sample"))
    refused(result, FAILED, "no broker at", world.endpoint)


def test_what_listens_is_no_broker(world):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{world.folder}/broker")
        listener.listen()
        refused(actor(world, "--broker", world.endpoint, "--wait", "200", "--module", world.module("sample")), FAILED,
                "answers like a broker")


# Serving


def test_serves_its_modules(world):
    world.broker()
    host = world.host("host", "sample", "probe")
    line = host.wait_line(" serves ")
    assert re.match(r"far-actor: host \([0-9a-f]+:\d+\) serves .*sample\.so, .*probe\.so at ipc://", line), line
    assert world.call("host", "sample.echo", "1") == 1
    assert world.call("host", "probe.pid") == host.pid
    assert names(world) == ["host"]


def test_is_silent_unless_asked(world):
    world.broker()
    host = world.start(world.actor_program, "--broker", world.endpoint, "--wait", "30000", "--name", "quiet",
                       "--module", world.module("sample"))
    world.wait_until("it answers", lambda: world.far("call", "quiet", "sample.echo", "1").code == 0)
    assert host.end() == 0 and host.lines == [], host.lines


def test_without_a_name_it_goes_by_its_id(world):
    world.broker()
    host = world.start(world.actor_program, "--broker", world.endpoint, "--verbose", "--wait", "30000", "--module",
                       world.module("sample"))
    line = host.wait_line(" serves ")
    identity = re.search(r"\(([0-9a-f]+:\d+)\)", line).group(1)
    assert world.call(identity, "sample.echo", "1") == 1


def test_ends_on_signals(world):
    world.broker()
    for number in (signal.SIGTERM, signal.SIGINT):
        host = world.host("host")
        assert host.end(number) == 0, host.lines
        world.wait_until("it is gone", lambda: names(world) == [])


def call_in_background(world, *words):
    """A call that is being served."""
    far = world.start(world.far_program, "call", "--broker", world.endpoint, *programs.WAIT, *words)
    world.wait_until("the call", lambda: [row for row in world.processes() if row["calls"]])
    return far


def test_a_signal_lets_what_runs_come_to_its_end(world):
    world.broker()
    host = world.host("host", "probe")
    far = call_in_background(world, "host", "probe.busy", "500")
    assert host.end() == 0, host.lines
    assert far.wait() == 0 and far.lines == ["500"], far.lines


def test_a_second_signal_ends_it_at_once(world):
    world.broker()
    host = world.host("host")
    far = call_in_background(world, "host", "sample.until_cancelled")
    os.kill(host.pid, signal.SIGTERM)
    assert host.end(signal.SIGINT) == 1 and "cut short" in host.lines[-1], host.lines
    assert far.wait() == 3 and "PeerDied" in far.lines[0], far.lines


def test_ends_on_a_signal_while_it_waits_for_a_broker(world):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{world.folder}/broker")
        listener.listen()
        host = world.start(world.actor_program, "--broker", world.endpoint, "--wait", "forever", "--module",
                           world.module("sample"))
        with listener.accept()[0]:
            assert host.end() == 0, host.lines


def test_ends_on_a_signal_while_the_broker_is_away(world):
    broker = world.broker()
    host = world.host("host")
    broker.end(signal.SIGKILL)
    assert host.end() == 0, host.lines


def test_ends_when_it_is_closed(world):
    world.broker()
    host = world.host("host")
    assert world.far("close", "host").code == 0
    assert host.wait() == 0, host.lines


def test_outlives_its_broker(world):
    broker = world.broker()
    host = world.host("host")
    known = world.processes()[0]["id"]
    for number in (signal.SIGKILL, signal.SIGTERM):
        broker.end(number)
        broker = world.broker()
        assert world.call("host", "sample.echo", "1") == 1
        assert world.call("host", "process.ping") is not None
        rows = world.processes()
        assert [row["pid"] for row in rows] == [host.pid] and rows[0]["id"] != known, rows
        assert world.far("call", known, "sample.echo", "1").code == 3
        known = rows[0]["id"]


def test_told_to_close_leaves_though_the_broker_is_gone(world):
    """The broker is a socket of ours: its last word is CLOSE, behind a call that takes a while, so that the connection
    has ended when CLOSE has its turn."""
    context = zmq.Context()
    broker = context.socket(zmq.ROUTER)
    broker.bind(world.endpoint)
    host = world.start(world.actor_program, "--verbose", "--broker", world.endpoint, "--module", world.module("probe"))
    assert broker.poll(programs.PATIENCE_S * 1000)
    who, hello = broker.recv_multipart()
    assert farwire.unpack_frame(hello)[0].type == farwire.HELLO
    me, it = 0x8f31a2b400000002, 0x8f31a2b400000003
    welcome = farwire.Message(farwire.WELCOME, farwire.SESSION, 1, farwire.pack_body({"process": it}))
    busy = farwire.Message(farwire.CALL, me, 1, farwire.pack_body([None, "probe.busy", [1000]]))
    close = farwire.Message(farwire.CLOSE, me, 2)
    broker.send_multipart([who, farwire.pack_message(welcome)])
    host.wait_line(" serves ")
    broker.send_multipart([who, farwire.pack_batch(me, [busy, close])])
    broker.close(linger=programs.PATIENCE_S * 1000)
    assert host.wait() == 0, host.lines
    context.term()


# Starting the broker


def brokers(world):
    program = Path(world.broker_program).resolve()
    found = []
    for pid in world.strays():
        try:
            if Path(os.readlink(f"/proc/{pid}/exe")) == program:
                found.append(pid)
        except OSError:
            pass
    return found


def default_endpoint(world):
    return f"ipc://{world.runtime}/farcall/broker"


def test_starts_the_users_broker(world):
    world.host("host", broker=False)
    world.endpoint = default_endpoint(world)
    started, = brokers(world)
    words = Path(f"/proc/{started}/cmdline").read_bytes().split(b"\0")
    assert b"--idle-exit" in words and words[words.index(b"--idle-exit") + 1] == b"60", words
    assert world.call("host", "sample.echo", "1") == 1
    result = world.run(world.far_program, "ps")
    assert result.code == 0 and "host" in result.out, result


def test_many_start_one_broker(world):
    count = 8
    hosts = [world.start(world.actor_program, "--verbose", "--wait", "30000", "--name", f"host{i}", "--module",
                         world.module("sample")) for i in range(count)]
    for host in hosts:
        host.wait_line(" serves ")
    assert len(brokers(world)) == 1, brokers(world)
    world.endpoint = default_endpoint(world)
    assert names(world) == [f"host{i}" for i in range(count)]


def test_starts_none_where_it_must_not(world):
    words = ("--wait", "200", "--module", world.module("sample"))
    refused(actor(world, "--no-autostart", *words), FAILED, "no broker at", default_endpoint(world))
    refused(actor(world, *words, FAR_AUTOSTART="0"), FAILED, "no broker at", default_endpoint(world))
    refused(actor(world, *words, FAR_BROKER=world.endpoint), FAILED, "no broker at", world.endpoint)
    assert not brokers(world) and not list(world.runtime.iterdir())


def test_a_broker_that_can_not_be_started(world):
    words = ("--wait", "200", "--module", world.module("sample"))
    refused(actor(world, *words, FAR_BROKER_PROGRAM=str(world.folder / "missing")), FAILED, "missing")
    refused(actor(world, *words, FAR_BROKER_PROGRAM="/bin/false"), FAILED, "/bin/false")


if __name__ == "__main__":
    programs.main(globals())
