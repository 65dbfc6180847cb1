#!/usr/bin/python3
"""`far fleet`, `far kill` and `far stats --watch` on a real broker that starts workers: every verb, in both forms, with every exit code.

test_cli_fleet.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import json
import os
import re
import signal

import programs
from fleet_world import (DONE, FAILED, NOBODY, FarError, Peer, fails, fleet, name_of, probe, run_one, show, start,
                         stop_one, table, wait_workers)

VERBS = {"ls": [], "show": ["work"], "where": ["work"], "pause": ["work"], "resume": ["work"], "scale": ["work", "1"],
         "set": ["work", "prefetch=1"], "drain": ["work"], "dead": ["work"], "retry": ["work", "1"], "drop": ["work", "1"]}


def test_help_of_every_verb(world):
    whole = world.run(world.far_program, "fleet", "--help")
    assert whole.code == DONE and not whole.err, whole
    for verb in VERBS:
        assert re.search(rf"^  {verb} ", whole.out, re.MULTILINE), verb
        one = world.run(world.far_program, "fleet", verb, "--help")
        assert one.code == DONE and one.out.startswith(f"Usage: far fleet {verb} "), one
        assert f"\n  far fleet {verb}" in one.out and "Exit codes:" in one.out, one
        assert all(len(line) <= 120 for line in one.out.splitlines()), one


def test_nobody_to_ask(world):
    for verb in ("ls", "scale"):
        words = [verb, *VERBS[verb], "--broker", world.endpoint]
        fails(world.run(world.far_program, "fleet", *words), NOBODY, "no broker at")
    world.broker()
    for verb, words in VERBS.items():
        if verb not in ("ls", "set"):
            fails(world.far("fleet", verb, *words), NOBODY, "work: NoSuchProcess: there is no fleet 'work'")
    result = world.far("fleet", "show", "work", "--json")
    assert result.code == NOBODY and '"kind": "NoSuchProcess"' in result.err, result


def test_ls(world):
    world.broker()
    assert fleet(world, "ls") == []
    fleet(world, "set", "early", "prefetch=1")
    row, = fleet(world, "ls")
    assert row["name"] == "early" and row["state"] == "running" and row["workers"] == 0, row
    assert re.fullmatch(r"[0-9a-f]+:\d+", row["id"]), row
    title, cells = table(world.far("fleet", "ls"))
    assert title[:5] == ["NAME", "STATE", "WORKERS", "RUNNING", "WAITING"], title
    assert cells[:5] == ["early", "running", "0", "0", "0"] and len(cells) == len(title), cells


def test_show(world):
    start(world, workers=2, slots=3)
    found = show(world)
    assert found["settings"]["attempts"] == 3 and found["requests"] == 0, found
    assert [member["slots"] for member in found["members"]] == [3, 3], found
    crew = found["crew"]
    assert (crew["least"], crew["most"], crew["wanted"], crew["state"]) == (2, 2, 2, "working"), crew
    assert {place["pid"] for place in crew["workers"]} == {member["pid"] for member in found["members"]}, found
    assert all("$time" in place["since"] and place["old"] is False for place in crew["workers"]), crew
    text = world.far("fleet", "show", "work").out
    for title in (r"^FLEET +VALUE$", r"^SETTING +VALUE$", r"^WORKER +PID +NAME", r"^ *PID +STATE +OLD +SINCE$",
                  r"^The broker keeps 2 to 2 workers, wants 2, and is working:$", r"^attempts +3$"):
        assert re.search(title, text, re.MULTILINE), (title, text)


def test_show_of_a_fleet_without_workers_of_the_broker(world):
    world.broker()
    fleet(world, "set", "work", "prefetch=1")
    assert "crew" not in show(world)
    assert "The broker keeps" not in world.far("fleet", "show", "work").out
    fails(world.far("fleet", "scale", "work", "2"), FAILED, "Denied: fleet work has no workers that the broker starts")


def test_pause_and_resume(world):
    start(world)
    peer = Peer(world.endpoint)
    assert fleet(world, "pause", "work") == {"done": "pause", "fleet": "work"}
    request = peer.call(probe(world, peer).busy, (1,), {})
    world.wait_until("the call to wait", lambda: show(world)["waiting"] == 1)
    assert fleet(world, "ls")[0]["state"] == "paused"
    result = world.far("fleet", "resume", "work")
    assert result.code == DONE and not result.out and not result.err, result
    assert request.wait(60) == 1
    peer.bye()


def drain(world, *words):
    return world.start(world.far_program, "fleet", "drain", "work", "--broker", world.endpoint, *words)


def test_drain(world):
    start(world)
    peer = Peer(world.endpoint)
    worker, runs = stop_one(world, peer)
    draining = drain(world, "--timeout", "forever", "--json")
    world.wait_until("it to drain", lambda: show(world)["state"] == "draining")
    waits = peer.call(probe(world, peer).echo, (6,), {})
    world.wait_until("the call to wait", lambda: show(world)["waiting"] == 1)
    fails(world.far("fleet", "drain", "work", wait=["--timeout", "1"]), FAILED,
          "work: Timeout: it still drains, with 1 requests that run")
    os.kill(worker, signal.SIGCONT)
    assert runs.wait(60) == 5
    draining.wait_line(r'^{"done": "drain", "fleet": "work"}$')
    assert draining.wait() == DONE
    found = show(world)
    assert found["state"] == "drained" and found["waiting"] == 1 and not found["members"], found
    assert (found["crew"]["state"], found["crew"]["wanted"], found["crew"]["workers"]) == ("ending", 0, []), found
    assert fleet(world, "resume", "work") == {"done": "resume", "fleet": "work"}
    assert waits.wait(60) == 6
    wait_workers(world, 1, but=[worker])
    peer.bye()


def test_drain_is_undone(world):
    start(world)
    peer = Peer(world.endpoint)
    worker, runs = stop_one(world, peer)
    draining = drain(world, "--timeout", "forever")
    world.wait_until("it to drain", lambda: show(world)["state"] == "draining")
    fleet(world, "resume", "work")
    draining.wait_line("^far: work: Cancelled: it is not drained any more, but running$")
    assert draining.wait() == FAILED
    result = world.far("fleet", "drain", "work", "--at-once")
    assert result.code == DONE and not result.out and not result.err, result
    assert show(world)["state"] == "draining"
    fleet(world, "resume", "work")
    os.kill(worker, signal.SIGCONT)
    assert runs.wait(60) == 5
    peer.bye()


def test_drain_as_the_policy_says(world):
    """Workers that joined by themselves stay, and get nothing; what may not wait is refused."""
    world.broker()
    fleet(world, "set", "work", "queue_without_worker=0")
    world.start(world.actor_program, "--fleet", "work", "--module", world.module("probe"), "--broker", world.endpoint)
    world.wait_until("the worker", lambda: show(world)["workers"])
    peer = Peer(world.endpoint)
    assert fleet(world, "drain", "work") == {"done": "drain", "fleet": "work"}
    try:
        peer.call(probe(world, peer).echo, (1,), {}).wait(60)
    except FarError as error:
        assert "NoWorker" in str(error) and "fleet work is drained" in str(error), error
    else:
        raise AssertionError("it has a result")
    fleet(world, "resume", "work")
    assert probe(world, peer).echo(2) == 2
    peer.bye()


def test_scale(world):
    broker = start(world)
    first = wait_workers(world, 1)
    result = world.far("fleet", "scale", "work", "3")
    assert result.code == DONE and not result.out and not result.err, result
    assert set(first) < set(wait_workers(world, 3))
    assert fleet(world, "scale", "work", "0") == {"done": "scale", "fleet": "work"}
    wait_workers(world, 0)
    fleet(world, "scale", "work", "2..4")
    wait_workers(world, 2)
    crew = show(world)["crew"]
    assert (crew["least"], crew["most"]) == (2, 4), crew
    broker.process.send_signal(signal.SIGHUP)
    broker.wait_line("reloaded")
    wait_workers(world, 1)
    fails(world.far("fleet", "scale", "work", "500"), FAILED, "expected 0 <= least <= most <= 128")


def test_where(world):
    start(world)
    peer = Peer(world.endpoint)
    worker, = wait_workers(world, 1)
    assert fleet(world, "where", "work") == []
    request = run_one(world, peer)
    row, = fleet(world, "where", "work")
    assert row["pid"] == worker and row["request"] == "probe.busy(600000)" and row["deaths"] == 0, row
    assert row["process"] in ("running", "sleeping") and row["given_up"] is False and "$time" in row["since"], row
    assert row["worker"] == show(world)["members"][0]["id"], row
    assert row["id"] == name_of(peer, request), row
    programs.stop(worker)
    world.wait_until("it to stop", lambda: fleet(world, "where", "work")[0]["process"] == "stopped")
    title, cells = table(world.far("fleet", "where", "work"))
    assert title == ["PID", "PROCESS", "SINCE", "DEATHS", "GIVEN UP", "ID", "REQUEST"], title
    assert cells[:2] == [str(worker), "stopped"], cells
    assert cells[3:] == ["0", "false", name_of(peer, request), "probe.busy(600000)"], cells
    peer.cancel(request)
    world.wait_until("it to be given up", lambda: fleet(world, "where", "work")[0]["given_up"])
    os.kill(worker, signal.SIGKILL)
    peer.bye()


def test_set(world):
    start(world)
    assert fleet(world, "set", "work", "prefetch=8", "attempts=2") == {"done": "set", "fleet": "work"}
    settings = show(world)["settings"]
    assert settings["prefetch"] == 8 and settings["attempts"] == 2, settings
    for word, text in [("nope=1", "no setting 'nope'"), ("prefetch=many", "prefetch: expected an integer from 0"),
                       ("attempts=0", "attempts: expected an integer from 1")]:
        fails(world.far("fleet", "set", "work", "backoff_ms=1", word), FAILED, text)
    assert show(world)["settings"] == settings


def bury_one(world, peer):
    worker, = wait_workers(world, 1)
    request = run_one(world, peer)
    os.kill(worker, signal.SIGKILL)
    try:
        request.wait(60)
    except FarError as error:
        assert "PeerDied" in str(error), error
    wait_workers(world, 1, but=[worker])


def test_dead_retry_drop(world):
    start(world, poison=1)
    peer = Peer(world.endpoint)
    assert fleet(world, "dead", "work") == []
    bury_one(world, peer)
    bury_one(world, peer)
    first, second = fleet(world, "dead", "work")
    assert first["request"] == "probe.busy(600000)" and first["deaths"] == 1 and "signal 9" in first["why"], first
    title, cells, _ = table(world.far("fleet", "dead", "work"))
    assert title == ["NUMBER", "SINCE", "DEATHS", "BYTES", "ID", "REQUEST", "WHY"] and cells[0] == "1", (title, cells)
    assert fleet(world, "drop", "work", str(first["number"])) == {"done": "drop", "fleet": "work"}
    result = world.far("fleet", "retry", "work", str(second["number"]))
    assert result.code == DONE and not result.out and not result.err, result
    world.wait_until("the call to run", lambda: show(world)["running"])
    assert fleet(world, "dead", "work") == []
    for verb in ("retry", "drop"):
        fails(world.far("fleet", verb, "work", "7"), FAILED, "NoSuchAttribute: fleet work has no dead request 7")
    assert world.far("kill", str(wait_workers(world, 1)[0])).code == DONE
    peer.bye()


def test_kill(world):
    broker = start(world)
    peer = Peer(world.endpoint)
    worker, = wait_workers(world, 1)
    request = run_one(world, peer)
    result = world.far("kill", str(worker))
    assert result.code == DONE and not result.out and not result.err, result
    try:
        request.wait(60)
    except FarError as error:
        assert "PeerDied" in str(error) and "signal 9" in str(error), error
    else:
        raise AssertionError("it has a result")
    broker.wait_line(f"fleet work: worker {worker} is killed")
    after, = wait_workers(world, 1, but=[worker])
    by_id = next(process["id"] for process in world.processes() if process["pid"] == after)
    result = world.far("kill", by_id, "--json")
    assert result.code == DONE and result.json == {"killed": after}, result
    wait_workers(world, 1, but=[worker, after])
    peer.bye()


def watch(world, *words):
    return world.start(world.far_program, "stats", "--broker", world.endpoint, *programs.WAIT, "--watch", "20", *words)


def test_stats_watch(world):
    broker = start(world, workers=2)
    peer = Peer(world.endpoint)
    text, lines = watch(world), watch(world, "--json")
    for program in (text, lines):
        program.wait_line("work")
    assert probe(world, peer).busy(1) == 1
    lines.wait_line(r'"requests_per_second": [1-9]')
    text.wait_line(r"^COUNTER +VALUE +PER SECOND$")
    text.wait_line(r"^FLEET +STATE +WORKERS +RUNNING +WAITING +REQUESTS/S +ANSWERED/S +LOST/S$")
    text.wait_line(r"^work +running +2 +[01] +[01] +[0-9.]+ +[0-9.]+ +0\.0$")
    text.wait_line(r"^served +\d+ +[1-9]\d*\.\d$")
    text.wait_line(r"^PROCESS +NAME +STATE +PARKED +CALLS/S$")
    text.wait_line(r"^work +waiting in the fleet +1( +\d+\.\d{3}){4}$")
    text.wait_line(r"^work +working +1( +\d+\.\d{3}){4}$")
    lines.wait_line(r'"calls_per_second": [1-9]')
    last = json.loads(lines.lines[-1])
    assert [row["name"] for row in last["fleets"]] == ["work"] and last["fleets"][0]["workers"] == 2, last
    assert last["fleets"][0]["worked"]["count"] == 1 and len(last["processes"]) >= 3, last
    assert {"name", "value", "per_second"} == set(last["counters"][0]), last
    assert not any("\033" in line for line in text.lines), "it is no terminal"
    alone = world.start(world.far_program, "stats", "--watch", "--broker", world.endpoint, *programs.WAIT)
    alone.wait_line(r"^LATENCY ")
    peer.bye()
    assert broker.end() == 0
    for program in (text, lines, alone):
        assert program.wait() == NOBODY, program.lines


def test_kill_leaves_others_alone(world):
    start(world)
    host = world.host("host")
    fails(world.far("kill", "host"), FAILED, f"host: Denied: {host.pid} is no worker that the broker has started")
    fails(world.far("kill", str(os.getpid())), FAILED, "is no worker that the broker has started")
    for word in ("0", "-1", "99999999999999999999"):
        fails(world.far("kill", "--", word), FAILED, "is no worker that the broker has started")
    fails(world.far("kill", "nobody"), NOBODY, "nobody: NoSuchProcess: no such process")
    assert host.end() == 0


if __name__ == "__main__":
    programs.main(globals())
