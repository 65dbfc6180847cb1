#!/usr/bin/python3
"""The operator's command `far`: every verb in both forms of output, every exit code, everything it can be given wrong.

test_cli.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import json
import os
import re
import signal
import socket
import subprocess
import threading

import programs

VERBS = {
    "ps": [],
    "ls": ["host"],
    "call": ["host", "sample.echo", "1"],
    "ping": ["host"],
    "stats": [],
    "where": ["1a2b3c4d:17/42"],
    "fleet": ["ls"],
    "pipeline": ["ls"],
    "kill": ["1"],
    "close": ["host"],
}
DONE, FAILED, USAGE, NOBODY = range(4)
CONNECT_LEAST_S = 1  # far waits that long for a broker, however little it was told to


def expect(result, code, *texts):
    """The command ended so, and said these on stderr (or anything at all, if none are named, unless it is done)."""
    assert result.code == code, result
    if code in (FAILED, USAGE, NOBODY):
        assert result.err.startswith(("far: ", '{"error":')) and not result.out, result
    for text in texts:
        assert text in result.err, (text, result)
    return result


def table(result):
    """The rows of a table as lists of cells. Cells are found by where the titles stand."""
    assert result.code == 0 and not result.err, result
    return [re.split(r"\s{2,}", line.strip()) for line in result.out.splitlines()]


# The command line


def test_help_teaches(world):
    whole = world.run(world.far_program, "--help")
    assert whole.code == 0 and not whole.err
    for verb, words in VERBS.items():
        assert re.search(rf"^  {verb} ", whole.out, re.MULTILINE), verb
        one = world.run(world.far_program, verb, "--help")
        assert one.code == 0 and not one.err, one
        assert one.out.startswith(f"Usage: far {verb} "), one
        assert f"  far {verb}" in one.out.partition("\n")[2], one
        for option in ("--broker ADDRESS", "--timeout MS", "--wait MS", "--json", "Exit codes:"):
            assert option in one.out, (option, one)
    assert "--count" in world.run(world.far_program, "ping", "-h").out
    assert "--count" not in world.run(world.far_program, "ps", "-h").out


def test_help_is_narrow(world):
    for verb in ["--help", *VERBS]:
        for line in world.run(world.far_program, verb, "--help").out.splitlines():
            assert len(line) <= 120, (verb, line)


def test_version(world):
    result = world.run(world.far_program, "--version")
    assert result.code == 0 and re.fullmatch(r"far \d+\.\d+\.\d+\n", result.out), result


def test_no_verb_is_usage(world):
    result = world.run(world.far_program)
    assert result.code == USAGE and "Usage: far" in result.err and not result.out, result


def test_bad_command_lines(world):
    for words, text in [
        (["nonsense"], "no verb 'nonsense'"),
        (["--nonsense"], "no option '--nonsense'"),
        (["ps", "-z"], "no option '-z'"),
        (["ps", "--broker"], "takes a value: ADDRESS"),
        (["ps", "--broker="], "does not take ''"),
        (["ps", "--timeout", "soon"], "does not take 'soon'"),
        (["ps", "--timeout=-1"], "does not take '-1'"),
        (["ps", "--timeout=99999999999"], "does not take"),
        (["ps", "--wait", "1s"], "does not take '1s'"),
        (["ps", "--json=yes"], "takes no value"),
        (["ps", "-c", "3"], "belongs to 'far ping'"),
        (["-c", "3", "ping", "host"], "belongs to 'far ping'"),
        (["ps", "--watch", "9"], "belongs to 'far stats'"),
        (["stats", "--watch", "0"], "does not take '0'"),
        (["stats", "--watch", "x"], "does not take 'x'"),
        (["ping", "host", "-c", "0"], "does not take '0'"),
        (["ping", "host", "--count", "many"], "does not take 'many'"),
        (["ps", "host"], "does not take 'host'"),
        (["stats", "x"], "does not take 'x'"),
        (["ls"], "takes PROCESS"),
        (["ls", "a", "b", "c"], "does not take 'c'"),
        (["call"], "takes PROCESS"),
        (["call", "host"], "takes PROCESS"),
        (["ping"], "takes PROCESS"),
        (["close"], "takes PROCESS"),
        (["kill"], "takes WORKER"),
        (["fleet"], "takes VERB"),
        (["fleet", "nonsense"], "no verb 'nonsense'"),
        (["fleet", "ls", "x"], "does not take 'x'"),
        (["fleet", "pause"], "takes NAME"),
        (["fleet", "pause", "x", "--at-once"], "belongs to 'far fleet drain'"),
        (["ps", "--at-once"], "belongs to 'far fleet drain'"),
        (["fleet", "scale", "x"], "takes NAME N[..M]"),
        (["fleet", "scale", "x", "many"], "no number of workers"),
        (["fleet", "scale", "x", "3..2"], "no number of workers"),
        (["fleet", "scale", "x", "2.."], "no number of workers"),
        (["fleet", "scale", "x", "2..3x"], "no number of workers"),
        (["fleet", "scale", "x", "99999999999"], "no number of workers"),
        (["fleet", "set", "x"], "takes NAME KEY=NUMBER"),
        (["fleet", "set", "x", "prefetch"], "no setting"),
        (["fleet", "set", "x", "=3"], "no setting"),
        (["fleet", "set", "x", "prefetch={"], "begins like JSON"),
        (["fleet", "retry", "x", "first"], "no number of a request"),
        (["fleet", "drop", "x", "1st"], "no number of a request"),
        (["close", "@broker"], "not closed"),
        (["ls", "1:2:3"], "no id"),
        (["ls", "0:2"], "no id"),
        (["ls", "123456789:2"], "no id"),
        (["ping", "x:1"], "no id"),
    ]:
        result = world.run(world.far_program, *words)
        expect(result, USAGE, text, "--help'")
        assert len(result.err.splitlines()) == 1, result


def test_bad_arguments(world):
    for word, text in [
        ("{", "begins like JSON"),
        ("[1,", "begins like JSON"),
        ('"open', "begins like JSON"),
        ("data=[1", "begins like JSON"),
        ('{"$nonsense": 1}', "no tag '$nonsense'"),
        ('[{"$binary": "a"}]', "base64"),
        ('{"$binary": "ab=c"}', "base64"),
        ('{"$binary": 1}', "base64"),
        ('{"$time": "yesterday"}', "$time takes"),
        ('{"$time": "2026-02-30T00:00:00Z"}', "$time takes"),
        ('{"$time": "2026-01-01T00:00:00"}', "$time takes"),
        ('{"$uint": "18446744073709551616"}', "$uint takes"),
        ('{"$uint": "-1"}', "$uint takes"),
        ('{"$uint": 1}', "$uint takes"),
        ('{"$float": "big"}', "$float takes"),
        ('{"$map": [[1]]}', "$map takes"),
        ('{"$proxy": "<Counter 7 of process 1:2>"}', "can't be given"),
        ("99999999999999999999", "64 bits"),
        ("[99999999999999999999]", "64 bits"),
        ("1e999", "64 bits"),
        ("[" * 40 + "]" * 40, "deep"),
        ('{"a":' * 40 + "1" + "}" * 40, "deep"),
    ]:
        result = world.run(world.far_program, "call", "host", "sample.echo", word)
        expect(result, USAGE, "argument ", text)
    expect(world.run(world.far_program, "call", "host", "sample.echo", "a=1", "a=2"), USAGE, "given twice")


# Nobody there


def test_no_broker(world):
    for verb, words in VERBS.items():
        result = world.run(world.far_program, verb, "--broker", world.endpoint, *words)
        expect(result, NOBODY, f"no broker at {world.endpoint}", "far-broker")
        assert result.seconds < 20, result


def test_never_starts_a_broker(world):
    expect(world.run(world.far_program, "ps"), NOBODY, f"no broker at ipc://{world.runtime}/farcall/broker")
    assert not world.strays() and not list(world.runtime.iterdir())


def test_a_silent_listener_is_no_broker(world):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{world.folder}/broker")
        listener.listen()
        expect(world.far("ps", wait=()), NOBODY, "answers like a broker")


def test_an_echo_is_no_broker(world):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def echo():
            try:
                while True:
                    peer, _ = listener.accept()
                    with peer:
                        while data := peer.recv(4096):
                            peer.sendall(data)
            except OSError:
                pass
        threading.Thread(target=echo, daemon=True).start()
        address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        expect(world.run(world.far_program, "ps", "--broker", address), NOBODY, address)
        listener.shutdown(socket.SHUT_RDWR)


def test_bad_addresses(world):
    for address in ("nonsense", "http://127.0.0.1", "tcp://127.0.0.1", "tcp://127.0.0.1:x", "tcp://:1:2", "ipc://",
                    f"ipc:///{'x' * 200}"):
        result = world.run(world.far_program, "ps", "--broker", address)
        assert result.code in (USAGE, NOBODY) and result.err.startswith("far: ") and not result.out, result
    expect(world.run(world.far_program, "ps", "--broker", "nonsense"), USAGE, "BadArguments", "'nonsense'")


def test_the_environment_names_the_broker(world):
    world.broker()
    world.host("host")
    result = world.run(world.far_program, "ps", *programs.WAIT, FAR_BROKER=world.endpoint)
    assert "host" in result.out, result


def test_no_such_process(world):
    world.broker()
    host = world.host("host")
    known = world.processes()[0]["id"]
    never = f"{known.split(':')[0]}:999999"
    for verb in ("ls", "ping", "close"):
        expect(world.far(verb, "nobody", wait=("--wait", "0")), NOBODY, "nobody: NoSuchProcess")
        expect(world.far(verb, never), NOBODY, "NoSuchProcess")
    expect(world.far("call", "nobody", "a.b", "--wait", "0"), NOBODY, "NoSuchProcess")
    expect(world.far("call", "ffffffff:7", "a.b"), NOBODY, "ffffffff:7")
    host.end()
    expect(world.far("call", known, "sample.echo", "1"), NOBODY)


def test_waits_for_the_broker(world):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{world.folder}/broker")
        listener.listen()
        far = world.start(world.far_program, "stats", "--broker", world.endpoint, *programs.WAIT)
        listener.accept()[0].close()
    os.unlink(f"{world.folder}/broker")
    try:
        far.process.wait(2 * CONNECT_LEAST_S)
    except subprocess.TimeoutExpired:
        pass
    world.broker()
    assert far.wait() == 0, far.lines


def test_waits_for_the_process(world):
    world.broker()
    world.host("first")
    far = world.start(world.far_program, "call", "--broker", world.endpoint, *programs.WAIT, "late", "process.ping")
    world.wait_until("far is connected", lambda: [row for row in world.processes() if row["pid"] == far.pid])
    world.host("late")
    assert far.wait() == 0, far.lines


# The verbs


def test_ps(world):
    world.broker()
    hosts = {name: world.host(name) for name in ("a", "longer-name_2.x")}
    rows = {row["name"]: row for row in world.processes()}
    assert set(rows) == set(hosts)
    for name, host in hosts.items():
        row = rows[name]
        assert row["pid"] == host.pid and row["uid"] == os.getuid() and row["program"] == "far-actor", row
        assert re.fullmatch(r"[0-9a-f]+:\d+", row["id"]) and row["calls"] == 0 and row["state"], row
        assert row["since"]["$time"].startswith("20"), row
    for _ in range(3):
        world.call("a", "process.ping")
    result = world.far("ps")
    lines = result.out.splitlines()
    assert lines[0].split() == ["ID", "NAME", "PID", "UID", "STATE", "SINCE", "CALLS", "PROGRAM"], result
    column = lines[0].index("NAME")
    assert sorted(line[column:].split()[0] for line in lines[1:]) == sorted(hosts), result
    ends = lines[0].index("CALLS") + len("CALLS")
    calls = {line[column:].split()[0]: line[:ends].split()[-1] for line in lines[1:]}
    assert calls == {"a": "3", "longer-name_2.x": "0"}, result


def test_a_process_goes_by_its_id(world):
    world.broker()
    world.host("host")
    identity = world.processes()[0]["id"]
    assert world.call(identity, "sample.echo", "1") == 1
    assert world.call(identity.upper(), "sample.echo", "1") == 1


def test_ls_modules(world):
    world.broker()
    world.host("host", "sample", "probe")
    rows = table(world.far("ls", "host"))
    assert rows[0] == ["MODULE", "WHAT IT IS"]
    assert ["sample", "Every type \u6f22\u5b57."] in rows and ["probe", "What the flow tests host."] in rows, rows
    listed = world.far("ls", "host", "--json").json
    assert {"name": "sample", "doc": "Every type \u6f22\u5b57."} in listed, listed


def test_ls_module(world):
    world.broker()
    world.host("host")
    result = world.far("ls", "host", "sample")
    rows = table(result)
    assert rows[0] == ["OFFERS", "WHAT IT DOES"]
    for row in [
        ["echo(value: any) -> any", "What it is given."],
        ["join(text: string = 'a, b -> c', really: bool = true, number: float = 0.5, list: [int] = nil, "
         "map: {string: any} = nil) -> any", "All of them."],
        ["fail(message: string)", "Fails."],
        ["die()", "Ends the process at once."],
        ["rude() -> string", "Takes over\\u001b[2J the terminal."],
        ["Thing(of: any = nil)", "Something to hold."],
        [".poke(value: any = nil) -> any", "Gives it back."],
        ["Special(of: any = nil) is a Thing", "More than a thing."],
        [".label: string or nil", "What it is called."],
        [".level: int (read only)", "How high."],
        ["+ (other: any) -> any", "Gives it back."],
        ["len(value: any = 0) -> any", "Nothing."],
        ["(value: any) -> any"],
        [".MOST = 1000", "The most."],
        [".poke(value: any = nil) -> any", "Gives it back. (Thing)"],
        ["answer = 42"],
        ['label = "one\\ntwo"'],
        ["inner (module)"],
    ]:
        assert row in rows, (row, result)
    assert "\033" not in result.out
    inner = table(world.far("ls", "host", "sample.inner"))
    assert inner[1:] == [["echo(value: any) -> any", "What it is given."]], inner


def test_ls_module_json(world):
    world.broker()
    world.host("host")
    result = world.far("ls", "host", "sample", "--json")
    described = result.json
    assert described["name"] == "sample" and described["modules"] == ["inner"], described
    assert {"name": "fail", "signature": "message:s", "doc": "Fails."} in described["functions"], described
    assert described["classes"][0]["methods"][0]["name"] == "poke", described
    assert {"name": "answer", "value": 42} in described["constants"], described
    special = described["classes"][1]
    assert (special["name"], special["base"], special["takes"]) == ("Special", "Thing", "of:v=nil"), special
    assert special["properties"][0] == {"name": "label", "type": "s=nil", "doc": "What it is called.", "settable": True,
                                        "deletable": False, "from": "Special"}, special
    assert special["operators"][0] == {"name": "__add__", "symbol": "+", "signature": "other:v -> v",
                                       "doc": "Gives it back.", "from": "Special"}, special
    assert special["constants"] == [{"name": "MOST", "value": 1000, "doc": "The most.", "from": "Special"}], special
    assert [method["from"] for method in special["methods"]] == ["Thing"], special
    assert "\033" not in result.out and len(result.out.splitlines()) == 1


def test_ls_of_what_is_not_there(world):
    world.broker()
    world.host("host")
    expect(world.far("ls", "host", "nothing"), FAILED, "NoSuchModule")


def test_the_broker_is_a_process_too(world):
    world.broker()
    world.host("host")
    assert ["broker"] in [row[:1] for row in table(world.far("ls", "@broker"))]
    assert "find(name: string" in world.far("ls", "@broker", "broker").out
    upper, lower = world.processes()[0]["id"].split(":")
    assert world.call("@broker", "broker.find", "host") in (
        (int(upper, 16) << 32) + int(lower), {"$uint": str((int(upper, 16) << 32) + int(lower))})
    assert world.far("ping", "@broker", "-c", "1").code == 0


def test_ping(world):
    world.broker()
    world.host("host")
    result = world.far("ping", "host", "-c", "3", "-i", "0")
    assert result.code == 0, result
    lines = result.out.splitlines()
    assert [re.fullmatch(rf"{n} of 3: \d+\.\d+ ms", line) is not None for n, line in enumerate(lines[:3], 1)] == [True] * 3
    assert re.fullmatch(r"\S+: 3 sent, 3 answered; least [\d.]+, median [\d.]+, most [\d.]+ ms", lines[3]), result
    found = world.far("ping", "host", "-c2", "--interval=0", "--json").json
    assert found["sent"] == found["answered"] == len(found["times_ms"]) == 2, found
    assert found["process"] == world.processes()[0]["id"] and min(found["times_ms"]) > 0, found


def test_ping_of_a_process_that_is_busy(world):
    world.broker()
    host = world.host("host")
    programs.stop(host.pid)
    try:
        result = world.far("ping", "host", "-c", "2", "-i", "0", wait=("--wait", "30000", "--timeout", "50"))
        assert result.code == FAILED and "2 sent, 0 answered" in result.out and "Timeout" in result.err, result
    finally:
        os.kill(host.pid, signal.SIGCONT)


def test_stats(world):
    world.broker()
    rows = table(world.far("stats"))
    assert rows[0] == ["COUNTER", "VALUE"] and len(rows) > 1, rows
    assert all(len(row) == 2 and re.fullmatch(r"\d+", row[1]) for row in rows[1:]), rows
    figures = world.far("stats", "--json").json
    assert figures["fleets"] == [] and figures["processes"] == [], figures
    assert set(figures["counters"]) == {row[0] for row in rows[1:]}, figures
    assert all(isinstance(value, int) for value in figures["counters"].values()), figures


def test_stats_of_processes(world):
    world.broker()
    world.host("host")
    for number in range(3):
        assert world.call("host", "sample.echo", str(number)) == number
    host, = world.far("stats", "--json").json["processes"]
    assert host["name"] == "host" and host["calls"] == 3 and host["parked"] == 0, host
    took = host["answered"]
    assert took["count"] == 3 and 0 < took["p50_ms"] <= took["p90_ms"] <= took["p99_ms"] <= took["worst_ms"], took
    text = world.far("stats").out
    for line in (r"^PROCESS +NAME +STATE +CALLS +PARKED$", rf"^{host['id']} +host +\w+ +3 +0$",
                 r"^LATENCY +OF +COUNT +P50 MS +P90 +P99 +WORST$", r"^host +answering +3( +\d+\.\d{3}){4}$"):
        assert re.search(line, text, re.MULTILINE), (line, text)


def test_close(world):
    world.broker()
    host, other = world.host("host"), world.host("other")
    result = world.far("close", "host")
    assert result.code == 0 and not result.out and not result.err, result
    assert [row["name"] for row in world.processes()] == ["other"]
    assert host.wait() == 0
    world.host("host")
    identity = [row["id"] for row in world.processes() if row["name"] == "other"]
    assert world.far("close", *identity, "--json").json == {"closed": identity[0]}
    assert other.wait() == 0
    expect(world.far("close", *identity), NOBODY)


# Calls

ROUND_TRIPS = [
    "null", "true", "false", "0", "-1", "42", "9223372036854775807", "-9223372036854775808",
    '{"$uint": "9223372036854775808"}', '{"$uint": "18446744073709551615"}',
    "0.0", "-0.0", "0.5", "1.0", "0.1", "1e+300", "4.94065645841247e-324", "1.7976931348623157e+308", "123456789.12345679",
    '{"$float": "nan"}', '{"$float": "inf"}', '{"$float": "-inf"}',
    '""', '"text"', '"42"', '"\u6f22\u5b57 \u00e9 \U0001f600"', '"a\\u0000b"', '"\\u001b\\u009b\\n\\t\\"\\\\"',
    '{"$binary": ""}', '{"$binary": "AA=="}', '{"$binary": "//8="}', '{"$binary": "aGVsbG8h"}',
    '{"$time": "2026-01-01T00:00:00.123Z"}', '{"$time": "1969-12-31T23:59:59.999999999Z"}',
    '{"$time": "0000-01-01T00:00:00Z"}', '{"$time": "9999-12-31T23:59:59.000001Z"}', '{"$time": "@253402300800"}',
    '{"$time": "@-62167219201.500"}',
    "[]", "[1, [2, [3, []]]]", "{}", '{"a": 1, "b": {"c": [null]}, "": 0}',
    '{"$map": [[1, "one"], [[2], "two"], [{"$binary": "AA=="}, null]]}', '{"$map": [["$key", 2]]}',
    '{"$map": [["a\\u0000", 1]]}',
]


def test_every_type_round_trips(world):
    world.broker()
    world.host("host")
    for text in ROUND_TRIPS:
        result = world.far("call", "--json", "host", "sample.echo", "--", text)
        assert result.code == 0 and result.out == text + "\n", (text, result)
    together = f"[{', '.join(ROUND_TRIPS)}]"
    for more in ((), ("--json",)):
        result = world.far("call", *more, "host", "sample.echo", together)
        assert result.code == 0 and result.json == json.loads(together), result


def test_words_that_are_no_json_are_strings(world):
    world.broker()
    world.host("host")
    for word, value in [
        ("text", "text"), ("two words", "two words"), ("", ""), ("1.2.3", "1.2.3"), ("True", "True"), ("12a", "12a"),
        ("http://host/?a=b", "http://host/?a=b"), ("-5", -5), ("-0.5", -0.5), ("18446744073709551615",
        {"$uint": "18446744073709551615"}), ("value=1", 1), ("value=text", "text"), ("value=a=b", "a=b"),
        ("value=", ""), ('"a=b"', "a=b"), ("\033[0m", "\033[0m"), ("1=2", "1=2"), (" 7 ", 7),
        ('{"$time": "2026-01-01T01:00:00+01:00"}', {"$time": "2026-01-01T00:00:00Z"}),
        ('{"$time": "@0.5"}', {"$time": "1970-01-01T00:00:00.500Z"}), ('{"$a": 1, "b": 2}',
        {"$map": [["$a", 1], ["b", 2]]}),
    ]:
        assert world.call("host", "sample.echo", word) == value, word
    assert world.call("host", "sample.echo", "--", "-text") == "-text"
    assert world.call("host", "sample.echo", "--", "--json") == "--json"
    assert world.call("host", "sample.echo", "-") == "-"


def test_text_that_is_not_utf8(world):
    result = world.run(world.far_program, "call", "host", "sample.echo", b"\xff")
    expect(result, USAGE, "UTF-8")


def test_keywords_and_defaults(world):
    world.broker()
    world.host("host")
    assert world.call("host", "sample.join") == ["a, b -> c", True, 0.5, None, None]
    assert world.call("host", "sample.join", "x", "number=2", "list=[1, 2]", 'map={"k": [null]}') == [
        "x", True, 2.0, [1, 2], {"k": [None]}]
    assert world.call("host", "sample.join", "--", "-x", "false") == ["-x", False, 0.5, None, None]


def test_output_for_people_is_indented(world):
    world.broker()
    world.host("host")
    result = world.far("call", "host", "sample.echo", '{"a": [1, {}], "b": []}')
    assert result.out == '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}\n', result


def test_trace(world):
    world.broker()
    world.host("host")
    traced = world.far("call", "host", "sample.echo", "1", FAR_TRACE="1")
    assert traced.code == 0 and traced.json == 1 and "-> CALL" in traced.err, traced
    silent = world.far("call", "host", "sample.echo", "1")
    assert silent.code == 0 and silent.json == 1 and "-> CALL" not in silent.err, silent


def test_references_are_printed(world):
    world.broker()
    world.host("host")
    made = world.call("host", "sample.Thing", "7")
    assert list(made) == ["$proxy"] and re.match(r"<Thing \d+ of ", made["$proxy"]), made


def test_errors_of_methods(world):
    world.broker()
    world.host("host")
    result = expect(world.far("call", "host", "sample.fail", "some\033[2J reason"), FAILED,
                    "far: sample.fail: Raised (SampleError): some", "sample.c:", "sample.fail", "host")
    assert "\033" not in result.err, result
    error = json.loads(world.far("call", "--json", "host", "sample.fail", "r\u00e9ason").err)["error"]
    assert (error["kind"], error["class"], error["message"]) == ("Raised", "SampleError", "r\u00e9ason"), error
    assert error["context"] == "sample.fail" and error["hops"][0]["line"] > 0, error
    assert error["hops"][0]["file"].endswith("sample.c") and error["hops"][0]["process"], error
    assert "cause" not in error, error
    expect(world.far("call", "host", "sample.caused"), FAILED, "SampleError", "caused by: BadArguments: ")
    error = json.loads(world.far("call", "--json", "host", "sample.caused").err)["error"]
    assert error["cause"]["kind"] == "BadArguments" and error["cause"]["hops"] == [], error


def test_wrong_calls(world):
    world.broker()
    world.host("host")
    for words, kind in [
        (["nothing.echo", "1"], "NoSuchModule"),
        (["sample.nothing", "1"], "NoSuchAttribute"),
        (["sample.echo.deeper", "1"], "NoSuchAttribute"),
        (["sample.inner.nothing"], "NoSuchAttribute"),
        (["sample.echo"], "BadArguments"),
        (["sample.echo", "1", "2"], "BadArguments"),
        (["sample.echo", "1", "value=2"], "BadArguments"),
        (["sample.echo", "other=2"], "BadArguments"),
        (["sample.fail", "1"], "BadArguments"),
        (["sample.join", "list=[1, \"two\"]"], "BadArguments"),
        (["sample." + "x" * 2000], ""),
        (["..", "1"], ""),
        ([""], ""),
        (["sample"], ""),
        (["sample.answer"], ""),
    ]:
        expect(world.far("call", "host", *words), FAILED, kind)
    assert world.call("host", "sample.echo", "1") == 1


def test_timeout(world):
    world.broker()
    world.host("host")
    result = world.far("call", "host", "sample.until_cancelled", wait=("--wait", "30000", "--timeout", "100"))
    expect(result, FAILED, "Timeout")
    assert world.call("host", "sample.echo", "1") == 1  # it was told that nobody waits


def test_the_callee_dies(world):
    world.broker()
    host = world.host("host")
    expect(world.far("call", "host", "sample.die"), NOBODY, "PeerDied")
    assert host.wait() == 7


def test_the_broker_dies(world):
    broker = world.broker()
    host = world.host("host")
    far = world.start(world.far_program, "call", "--broker", world.endpoint, *programs.WAIT, "host",
                      "sample.until_cancelled")
    world.wait_until("the call", lambda: [row for row in world.processes() if row["pid"] == host.pid and row["calls"]])
    broker.end(signal.SIGKILL)
    assert far.wait() == NOBODY and any("BrokerLost" in line for line in far.lines), far.lines
    host.end(signal.SIGKILL)


def test_output_never_drives_the_terminal(world):
    world.broker()
    world.host("host")
    for more in ((), ("--json",)):
        result = world.far("call", *more, "host", "sample.rude")
        assert result.json.startswith("\033]0;owned"), result
        assert result.out.rstrip("\n").isprintable() and "\u202e" not in result.out, ascii(result.out)


def test_output_that_can_not_be_written(world):
    world.broker()
    with open("/dev/full", "wb") as full:
        result = world.far("stats", stdout=full)
    assert result.code == FAILED and "stdout" in result.err, result


def test_a_reader_that_goes_away(world):
    world.broker()
    world.host("host")
    reader, writer = os.pipe()
    os.close(reader)
    far = subprocess.run([world.far_program, "ps", "--broker", world.endpoint, *programs.WAIT], stdout=writer,
                         stderr=subprocess.PIPE, env=world.env, timeout=programs.PATIENCE_S)
    os.close(writer)
    assert far.returncode in (-signal.SIGPIPE, FAILED), far


if __name__ == "__main__":
    programs.main(globals())
