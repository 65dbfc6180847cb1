#!/usr/bin/python3
"""`far pipeline`: every verb on a real broker and real stages, in both forms, with every exit code.

test_cli_pipeline.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import re
import sys
from pathlib import Path

import programs

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peer"))
from farpeer import BROKER, FarError, Peer

DONE, FAILED, USAGE, NOBODY = range(4)
VERBS = {"ls": [], "show": ["line"], "push": ["line", "1"], "close": ["line"]}
STAGES = "stages.twice @ one | stages.no_sevens @ two"


def start(world, stages=STAGES):
    """A broker, and a process that owns the pipeline `line`."""
    world.broker().wait_line("^listening")
    peer = Peer(world.endpoint)
    peer.process(BROKER).broker.pipelines.open(stages, "line", 100)
    return peer


def pipeline(world, verb, *words):
    """What a verb gives as JSON; it must be well."""
    result = world.far("pipeline", verb, *words, "--json")
    assert result.code == DONE and not result.err, result
    return result.json


def fails(result, code, text):
    assert result.code == code and text in result.err and not result.out, result
    assert result.err.startswith("far: "), result


def table(text):
    return [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()]


def test_help_of_every_verb(world):
    whole = world.run(world.far_program, "pipeline", "--help")
    assert whole.code == DONE and not whole.err, whole
    for verb in VERBS:
        assert re.search(rf"^  {verb} ", whole.out, re.MULTILINE), verb
        one = world.run(world.far_program, "pipeline", verb, "--help")
        assert one.code == DONE and one.out.startswith(f"Usage: far pipeline {verb} "), one
        assert f"\n  far pipeline {verb}" in one.out and "Exit codes:" in one.out, one
        assert all(len(line) <= 120 for line in one.out.splitlines()), one


def test_usage(world):
    for words, text in [([], "takes VERB"), (["nonsense"], "no verb 'nonsense'"), (["show"], "takes NAME"),
                        (["ls", "x"], "does not take 'x'"), (["push"], "takes NAME"),
                        (["push", "x", "{"], "argument '{'"), (["close", "x", "y"], "does not take 'y'")]:
        fails(world.run(world.far_program, "pipeline", *words), USAGE, text)


def test_nobody_to_ask(world):
    for verb, words in VERBS.items():
        fails(world.run(world.far_program, "pipeline", verb, *words, "--broker", world.endpoint), NOBODY, "no broker at")
    world.broker()
    assert pipeline(world, "ls") == []
    for verb in ("show", "close"):
        fails(world.far("pipeline", verb, "line"), NOBODY, "line: NoSuchProcess: there is no pipeline 'line'")
    fails(world.far("pipeline", "push", "line", "1", wait=("--wait", "1")), NOBODY, "line: NoSuchProcess")
    world.host("host")
    fails(world.far("pipeline", "show", "host"), NOBODY, "there is no pipeline 'host'")


def test_push_ls_and_show(world):
    peer = start(world)
    world.host("one", "stages")
    world.host("two", "stages")
    assert pipeline(world, "push", "line", "4") == 8
    result = world.far("pipeline", "push", "line", "x=5")
    assert (result.code, result.out, result.err) == (DONE, "10\n", ""), result
    fails(world.far("pipeline", "push", "line", "7"), FAILED, "Raised (SevenError): 14")
    fails(world.far("pipeline", "push", "line", "7"), FAILED, "stage 2 (stages.no_sevens @ two), input 4")
    row, = pipeline(world, "ls")
    expected = {"name": "line", "window": 100, "inside": 0, "pushed": 4, "done": 2, "failed": 2}
    assert expected.items() <= row.items() and re.fullmatch(r"[0-9a-f]+:\d+", row["owner"]), row
    title, cells = table(world.far("pipeline", "ls").out)
    assert title == ["NAME", "OWNER", "WINDOW", "INSIDE", "PUSHED", "DONE", "FAILED"], title
    assert cells == ["line", row["owner"], "100", "0", "4", "2", "2"], cells
    found = pipeline(world, "show", "line")
    assert found["id"] == row["id"] and [stage["at"] for stage in found["stages"]] == ["one", "two"], found
    for stage, done in zip(found["stages"], (4, 2)):
        assert stage["waited"]["count"] == 4 and stage["worked"]["count"] == done, stage
        assert 0 < stage["worked"]["p50_ms"] <= stage["worked"]["p90_ms"] <= stage["worked"]["worst_ms"], stage
    peer.bye()


def test_the_table_of_stages(world):
    peer = start(world, "stages.twice @ one | stages.no_sevens @ nobody")
    world.host("one", "stages")
    request = peer.call(peer.process(peer.find("line")).push, (1,), {})
    world.wait_until("the input to wait", lambda: pipeline(world, "show", "line")["stages"][1]["waiting"])
    entries, stages = world.far("pipeline", "show", "line").out.split("\n\n")
    assert ["window", "100"] in table(entries) and ["inside", "1"] in table(entries), entries
    title, one, two = table(stages)
    assert title == ["STAGE", "AT", "WAITING", "RUNNING", "DONE", "FAILED", "REPEATED", "RATE/S", "WAITED P50", "P99",
                     "WORKED P50", "P99"], title
    assert one[:7] == ["stages.twice", "one", "0", "0", "1", "0", "0"] and float(one[7]) <= 1, one
    assert all(re.fullmatch(r"\d+\.\d{3}", cell) for cell in one[8:]), one
    assert two == ["stages.no_sevens", "nobody", "1", "0", "0", "0", "0", "0.0", "-", "-", "-", "-"], two
    peer.cancel(request)
    peer.bye()


def test_where_failed_inputs_go(world):
    world.broker().wait_line("^listening")
    peer = Peer(world.endpoint)
    peer.process(BROKER).broker.pipelines.open("stages.no_sevens @ one most=3", "line", 100, "sink.note @ nobody")
    world.host("one", "stages")
    request = peer.call(peer.process(peer.find("line")).push, (7,), {})
    world.wait_until("the sink to be asked", lambda: pipeline(world, "show", "line")["errors"]["waiting"] == 1)
    assert pipeline(world, "show", "line")["stages"][0]["most"] == 3
    rows = table(world.far("pipeline", "show", "line").out.split("\n\n")[1])
    assert [row[:6] for row in rows[1:]] == [["stages.no_sevens", "one", "0", "0", "0", "1"],
                                             ["sink.note", "nobody", "1", "0", "0", "0"]], rows
    peer.cancel(request)
    peer.bye()


def test_close(world):
    peer = start(world, "stages.twice @ nobody")
    line = peer.process(peer.find("line"))
    requests = [peer.call(line.push, (1,), {}) for _ in range(2)]
    world.wait_until("both to wait", lambda: pipeline(world, "ls")[0]["inside"] == 2)
    assert pipeline(world, "close", "line") == {"done": "close", "pipeline": "line"}
    for request in requests:
        try:
            request.wait(60)
        except FarError as error:
            assert error.kind == "Closed", error
        else:
            raise AssertionError("it has a result")
    world.wait_until("its end", lambda: pipeline(world, "ls") == [])
    peer.process(BROKER).broker.pipelines.open(STAGES, "line")
    result = world.far("pipeline", "close", "line")
    assert result.code == DONE and not result.out and not result.err, result
    world.wait_until("its end", lambda: pipeline(world, "ls") == [])
    peer.bye()


if __name__ == "__main__":
    programs.main(globals())
