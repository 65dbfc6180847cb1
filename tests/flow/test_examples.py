#!/usr/bin/python3
"""Each example prints what the comment at its top says, run as it says.

The comment holds a session: lines `$ COMMAND`, and after each what it prints, where `...` stands for anything. The session
is taken from there, typed into a shell in build/examples, with build/bin in PATH, and no broker running.

test_examples.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import os
import re
import shlex
import signal
from pathlib import Path

import programs

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SHOWN = {"async", "callback", "counter", "errors", "hello", "journal", "module", "poll", "promises", "stream",
         "values"}


def top_comment(source):
    comment = re.match(r"/\*(.*?)\*/", source.read_text(), re.DOTALL)
    assert comment, f"{source}: no comment at the top"
    return [re.sub(r"^ \* ?", "", line) for line in comment[1].splitlines()]


def session(source):
    """The indented lines of the comment at the top."""
    lines = [line[4:] for line in top_comment(source) if line.startswith("    ")]
    assert not lines or lines[0].startswith("$ "), source
    return lines


def script(lines):
    """Does what the lines say, and prints them as they are plus what comes out."""
    commands = [line[2:] for line in lines if line.startswith("$ ")]
    typed = [f"echo {shlex.quote('$ ' + command)}\n{command}\n"
             f"code=$?; [ $code = 0 ] || echo \"exit code $code\"" for command in commands]
    return "\n".join(typed + ["kill $(jobs -p) 2>/dev/null", "wait", "exit 0"])


def is_match(expected, line):
    """Does a line of the comment allow what was printed?"""
    return re.fullmatch(".*".join(map(re.escape, expected.split("..."))), line) is not None


def difference(expected, printed):
    """What is wrong; None where nothing is."""
    for number in range(max(len(expected), len(printed))):
        said = expected[number] if number < len(expected) else "(the end)"
        came = printed[number] if number < len(printed) else "(the end)"
        if not is_match(said, came):
            return f"the comment says: {said}\nprinted was:      {came}"
    return None


def run_session(world, source):
    lines = session(source)
    path = f"{Path(world.far_program).parent}:{os.environ['PATH']}"
    result = world.run("bash", "-c", f"cd {shlex.quote(str(world.build / 'examples'))}\n{script(lines)}", PATH=path)
    wrong = difference(lines, result.out.splitlines())
    assert not wrong, f"{source}:\n{wrong}\n{result!r}"


def test_every_example_is_here(world):
    sources = sorted(EXAMPLES.glob("*.c"))
    assert {source.stem for source in sources if session(source)} == SHOWN
    for source in sources:
        includes = set(re.findall(r'#include [<"](farcall[^>"]*|(?!sys/)[^>"]*/[^>"]*)[>"]', source.read_text()))
        assert includes == {"farcall.h"}, (source, includes)
        assert len(source.read_text().splitlines()) <= 70, f"{source} is longer than a screen"


def test_a_difference_is_found(world):
    assert not difference(["$ a", "b ... d"], ["$ a", "b c d"])
    assert difference(["$ a", "b"], ["$ a", "c"])
    assert difference(["$ a", "b"], ["$ a"])
    assert difference(["$ a"], ["$ a", "b"])
    assert difference(["b ... d"], ["b c e"])


def test_hello(world):
    run_session(world, EXAMPLES / "hello.c")


def test_counter(world):
    run_session(world, EXAMPLES / "counter.c")


def test_async(world):
    run_session(world, EXAMPLES / "async.c")


def test_callback(world):
    run_session(world, EXAMPLES / "callback.c")


def test_errors(world):
    run_session(world, EXAMPLES / "errors.c")


def test_values(world):
    run_session(world, EXAMPLES / "values.c")


def test_poll(world):
    run_session(world, EXAMPLES / "poll.c")


def test_promises(world):
    run_session(world, EXAMPLES / "promises.c")


def test_promises_take_one_round_trip(world):
    """Every call on the way to the first word count is sent before the first answer has come: to a host that is stopped
    until then.
    """
    path = f"{Path(world.far_program).parent}:{os.environ['PATH']}"
    host = world.start(str(world.build / "examples/promises_host"), PATH=path)
    world.wait_until("the host", lambda: world.run(world.far_program, "ping", "host").code == 0)
    programs.stop(host.pid)
    caller = world.start(str(world.build / "examples/promises"), FAR_TRACE="1")
    caller.wait_line(r"-> CALL .*\.__len__\(\)")
    os.kill(host.pid, signal.SIGCONT)
    assert caller.wait() == 0 and host.wait() == 0, caller.lines
    ways = re.findall(r"^\S+ \S* ?(->|<-) (CALL|RESULT)(?: keep)? \d+ (?:to|of) (\S+)", "\n".join(caller.lines), re.M)
    party = next(party for way, name, party in ways if name == "CALL" and party != "broker")
    ways = [name for way, name, other in ways if other == party]
    assert ways[:6] == ["CALL"] * 5 + ["RESULT"], (ways, caller.lines)  # open, read, split, __getitem__, __len__
    assert ways[:10].count("RESULT") == 5, ways


def test_module(world):
    run_session(world, EXAMPLES / "module.c")


def test_journal(world):
    run_session(world, EXAMPLES / "journal.c")


def test_stream(world):
    run_session(world, EXAMPLES / "stream.c")


if __name__ == "__main__":
    programs.main(globals())
