#!/usr/bin/python3
"""The thumbnails of examples/thumbs: right, by netpbm, also when a worker is killed; and a check that does find what differs.

test_thumbs.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import programs

THUMBS = Path(__file__).resolve().parents[2] / "examples/thumbs"
IMAGES = Path("/usr/share/xplanet/images")
COUNT = len([*IMAGES.glob("*.jpg"), *IMAGES.glob("*.png")])


def run(world, *words):
    """Runs it to its end; it leaves nothing behind."""
    temporary = tempfile.mkdtemp(dir=world.folder)
    result = world.run(str(THUMBS / "run"), *map(str, words), FAR_BUILD=str(world.build), TMPDIR=temporary)
    assert not os.listdir(temporary), os.listdir(temporary)
    assert not world.strays(), f"left behind: {world.strays()}"
    return result


def run_well(world, *words):
    """Makes thumbnails, which must be right. What was said; the folder that it kept; and what the fleet counted."""
    kept = world.folder / "kept"
    result = run(world, "--keep", kept, *words)
    assert result.code == 0 and not result.err, result
    log = (kept / "log").read_text()
    assert "Sanitizer" not in log and "runtime error" not in log, log
    return result, kept, json.loads((kept / "counts").read_text())


def test_thumbnails_are_right_and_stream(world):
    result, kept, counts = run_well(world)
    # One request for each image, and the import.
    assert COUNT >= 10 and f"check: the same by netpbm: {COUNT * 3} thumbnails" in result.out, result
    assert len([*kept.glob("*.png")]) == COUNT * 3
    assert counts["requests"] == counts["answered"] == COUNT + 1 and counts["deaths"] == 0, counts
    assert re.search(r"^\S+ +[1-4] of 4, worker \d+: made \d+ x \d+$", result.out, re.MULTILINE), result
    assert re.search(r"^earth.jpg +done, 2048 x 1024$", result.out, re.MULTILINE), result


def test_a_worker_is_killed(world):
    """In the middle of an image, when some of its thumbnails have come: another worker makes them all."""
    result, kept, counts = run_well(world, "--kill")
    assert f"check: the same by netpbm: {COUNT * 3} thumbnails" in result.out, result
    victim = re.search(r"^killed worker (\d+)$", result.out, re.MULTILINE)[1]
    assert f"worker {victim} has ended: signal 9 (Killed)" in (kept / "log").read_text()
    assert counts["retried"] == counts["deaths"] == 1 and counts["answered"] == COUNT + 1, counts


def test_the_only_worker_is_killed(world):
    result, _, counts = run_well(world, "--kill", "--workers", "1", IMAGES / "earth.jpg", IMAGES / "iss.png")
    assert "killed worker" in result.out and counts["retried"] == 1, (result, counts)


def test_what_is_no_image_keeps_no_other_from_being_made(world):
    def write(name, content):
        path = world.folder / name
        path.write_bytes(content)
        return path
    whole = {kind: (IMAGES / name).read_bytes() for kind, name in (("jpg", "earth.jpg"), ("png", "iss.png"))}
    bad = [write("text.png", b"this is no image"), write("empty.jpg", b""), write("magic.png", whole["png"][:8]),
           write("cut.png", whole["png"][:len(whole["png"]) // 2]), write("cut.jpg", whole["jpg"][:len(whole["jpg"]) // 2])]
    missing = world.folder / "missing.png"
    result = run(world, "--keep", world.folder / "kept", missing, *bad, IMAGES / "earth.jpg")
    assert result.code == 1 and "check:" not in result.out, result
    assert f"{missing}: No such file or directory" in result.err, result
    for path in bad:
        assert re.search(rf"{path}: Raised \(ValueError\): .+", result.err), (path, result)
        assert not [*(world.folder / "kept").glob(f"{path.name}*")]
    assert len([*(world.folder / "kept").glob("earth.jpg-*.png")]) == 3


def test_the_check_finds_what_differs(world):
    images = [IMAGES / "earth.jpg", IMAGES / "iss.png"]
    _, kept, _ = run_well(world, *images)

    def check(change):
        folder = world.folder / "changed"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(kept, folder)
        change(folder)
        return world.run(str(THUMBS / "check"), str(folder), *map(str, images))

    def by_netpbm(name, *command):
        def change(folder):
            script = f"pngtopnm '{folder / name}' | {' '.join(command)} | pnmtopng >'{folder}/new' && mv '{folder}/new' '{folder / name}'"
            assert world.run("sh", "-c", script).code == 0
        return change

    assert check(lambda folder: None).code == 0
    changes = [by_netpbm("earth.jpg-256.png", "ppmdim 0.98"), by_netpbm("earth.jpg-64.png", "pamflip -lr"),
               by_netpbm("iss.png-64.png", "pamcut -left 1"), lambda folder: (folder / "iss.png-512.png").unlink(),
               lambda folder: (folder / "earth.jpg-64.png").write_bytes(b"no image"),
               lambda folder: shutil.copy(folder / "earth.jpg-64.png", folder / "more.png")]
    for number, change in enumerate(changes):
        result = check(change)
        assert result.code == 1 and "check: " in result.err and not result.out, (number, result)


def test_wrong_options(world):
    for words, said in (("--nonsense",), "no option '--nonsense'"), (("--keep",), "needs a value"), \
                       (("--workers", "0"), "from 1 to 16"):
        result = run(world, *words)
        assert result.code == 2 and said in result.err and not result.out, result
    result = run(world, IMAGES / "earth.jpg", IMAGES / "earth.jpg")
    assert result.code == 2 and "the same names" in result.err, result
    assert run(world, "--help").out.startswith("usage: run")


if __name__ == "__main__":
    programs.main(globals())
