"""A broker with a fleet `work`, as an operator sees it: for the tests of `far` that look at fleets."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peer"))
from farpeer import FarError, Peer  # the tests take them from here
from programs import stop

DONE, FAILED, USAGE, NOBODY = range(4)


def start(world, **more):
    """A broker that keeps a fleet `work`."""
    settings = {"name": "work", "modules": world.module("probe"), "restart_ms": 0, "restarts": 0, **more}
    path = world.folder / "conf"
    path.write_text("fleet\n" + "".join(f"    {key} = \"{value}\"\n" for key, value in settings.items()))
    broker = world.start(world.broker_program, "--bind", world.endpoint, "--log-level", "info", "--config", str(path))
    broker.wait_line("^listening")
    wait_workers(world, settings.get("workers", 1))
    return broker


def fleet(world, verb, *words):
    """What a verb gives as JSON; it must be well."""
    result = world.far("fleet", verb, *words, "--json")
    assert result.code == DONE and not result.err, result
    return result.json


def show(world, name="work"):
    return fleet(world, "show", name)


def fails(result, code, text):
    assert result.code == code and text in result.err and not result.out, result
    assert result.err.startswith("far: ") and len(result.err.splitlines()) == 1, result


def wait_workers(world, count, but=()):
    """The pids of the fleet's workers, once there are so many, all at work, and none of the others."""
    def there():
        found = show(world)
        pids = [member["pid"] for member in found["members"] if member["state"] != "leaving"]
        places = [place for place in found["crew"]["workers"] if place["state"] == "running"]
        return pids if len(pids) == len(places) == count and not set(pids) & set(but) else None
    if count:
        return world.wait_until(f"{count} workers", there)
    return world.wait_until("no workers", lambda: not show(world)["crew"]["workers"])


def table(result):
    assert result.code == DONE and not result.err, result
    return [re.split(r"\s{2,}", line.strip()) for line in result.out.splitlines()]


def probe(world, peer):
    return peer.process(peer.find("work", 60000)).probe


def run_one(world, peer):
    """A call that a worker runs; it ends with the worker, or long after the test."""
    request = peer.call(probe(world, peer).busy, (600000,), {})
    world.wait_until("the call to run", lambda: show(world)["running"])
    return request


def stop_one(world, peer):
    """A worker that is stopped with a call that it has: it is finished once the worker goes on."""
    worker, = wait_workers(world, 1)
    stop(worker)
    request = peer.call(probe(world, peer).echo, (5,), {})
    world.wait_until("the call to be handed out", lambda: show(world)["running"] == 1)
    return worker, request


def name_of(peer, request):
    """What an operator calls it."""
    return f"{peer.id >> 32:08x}:{peer.id & 0xffffffff}/{request.id}"
