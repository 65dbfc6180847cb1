#!/usr/bin/python3
"""The pipeline of examples/logs: right, by what is known and by awk, also when a worker is killed; errors that say which
stage and which record; and a check that does find what differs.

test_logs.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import gzip
import os
import re
import shutil
import tempfile
from pathlib import Path

import programs

LOGS = Path(__file__).resolve().parents[2] / "examples/logs"

DATABASE = """\
Package: libc6
Status: install ok installed
Section: libs
Installed-Size: 100
Architecture: amd64
Description: a library
 Package: is no field here
 .
 Section: neither

Package: libc6
Status: install ok installed
Section: oldlibs
Installed-Size: 90
Architecture: i386

Package: gone
Status: deinstall ok config-files
Section: libs

Package: Strange
Status: install ok installed
Section: libs

Status: install ok installed
Package: turned-round

Package: no-status
Section: misc


Package: g++
Section: devel
Installed-Size: 7
Status: install ok half-installed
"""

LOG = """\
2025-06-24 14:36:25 startup archives unpack
2025-06-24 14:36:25 upgrade libc6:amd64 2.35 2.36
2025-06-24 14:36:25 status unpacked libc6:amd64 2.36
2025-06-24 14:36:26 status unpacked gone:all 1

2025-06-24 14:36:26 install other:all <none> 1.0
2025-06-24 14:36:26 conffile /etc/other keep
2025-06-24 14:36:26 dance libc6:amd64 1 2
2025-06-24 14:36:26 status unpacked libc6:amd64
24.6.2025 14:36:26 status unpacked libc6:amd64 2.36
2025-06-24 14:36:26 trigproc g++:amd64 1 <none>
caf\u00e9 2025
Package: libc6
2025-06-24 14:36:27 remove g++:amd64 1 <none>"""

TOTALS = ["devel now:half-installed 1 7", "devel remove 1 0", "devel trigproc 1 0", "libs now:config-files 1 0",
          "libs now:installed 2 190", "libs unpacked 2 0", "libs upgrade 1 0"]
ERRORS = [*(f"in/0-status {line} 1 NoPackage" for line in (21, 25, 28)),
          *(f"in/1-dpkg.log {line} 1 NoPackage" for line in (1, 7, 8, 9, 10, 12, 13)), "in/1-dpkg.log 6 2 NoSection"]


def run(world, *words, **env):
    """Runs it to its end; it leaves nothing behind."""
    temporary = tempfile.mkdtemp(dir=world.folder)
    result = world.run(str(LOGS / "run"), *map(str, words), FAR_BUILD=str(world.build), TMPDIR=temporary, **env)
    assert not os.listdir(temporary), os.listdir(temporary)
    assert not world.strays(), f"left behind: {world.strays()}"
    return result


def run_well(world, *words):
    """What was said, and the folder that was kept."""
    kept = world.folder / "kept"
    shutil.rmtree(kept, ignore_errors=True)
    result = run(world, "--keep", kept, *words)
    assert result.code == 0 and not result.err and "\ncheck: the same by awk: " in result.out, result
    log = (kept / "log").read_text()
    assert "Sanitizer" not in log and "runtime error" not in log, log
    return result, kept


def lines(path):
    return sorted(path.read_text().splitlines())


def known(world, times=1):
    """Options, and files of which it is known what they say."""
    database, log = world.folder / "status", world.folder / "dpkg.log"
    database.write_text(DATABASE)
    log.write_text("\n".join([LOG] * times))
    return "--database", database, database, log


def test_what_is_known(world):
    result, kept = run_well(world, *known(world))
    assert lines(kept / "totals") == TOTALS, lines(kept / "totals")
    assert lines(kept / "errors") == sorted(ERRORS), lines(kept / "errors")
    assert "20 records: 9 are counted, 11 are not" in result.out, result
    assert "check: the same by awk: 9 records in 7 totals, 11 in none" in result.out, result


def test_an_error_names_its_stage_and_its_input(world):
    result, _ = run_well(world, *known(world))
    for place, why, where in (
            (r"in/1-dpkg.log:6", r"NoSection\): the database does not know the package other",
             r"stage 2 \(sections.find @ sections\), input 12"),
            (r"in/[01]-\S+:\d+", r"NoPackage\): nothing is said of a package", r"stage 1 \(parse.event @ parsers\), input \d+")):
        assert re.search(rf"^{place}: Raised \({why}\n.*\n  at {where} in process logs$", result.out, re.MULTILINE), result


def test_this_machine(world):
    """The database is always there, and logs where they are; each has at least the package that awk is in."""
    result, kept = run_well(world)
    records = int(re.search(r"^(\d+) records: ", result.out, re.MULTILINE)[1])
    totals = lines(kept / "totals")
    assert records >= 80 and any(re.match(r"\w+ now:installed \d{2,} \d{4,}$", line) for line in totals), totals


def test_a_worker_is_killed(world):
    for workers in 1, 3:
        result, kept = run_well(world, "--kill", "--workers", workers, *known(world, times=50))
        victim = re.search(r"^killed worker (\d+)$", result.out, re.MULTILINE)[1]
        assert f"fleet parsers: worker {victim} has ended: signal 9 (Killed)" in (kept / "log").read_text()
        assert "libs upgrade 50 0" in lines(kept / "totals"), lines(kept / "totals")


def test_files_may_be_packed_empty_or_odd(world):
    options = known(world)
    packed, empty, odd = (world.folder / name for name in ("dpkg.log.2.gz", "empty", "odd name=x"))
    packed.write_bytes(gzip.compress(LOG.encode()))
    empty.write_bytes(b"")
    odd.write_bytes(b"\n\n\xff\xfe\n" + b"x" * 100000 + b"\n2025-06-24 14:36:25 status installed libc6:any 1")
    _, kept = run_well(world, *options[:2], packed, empty, odd)
    assert lines(kept / "totals") == ["devel remove 1 0", "devel trigproc 1 0", "libs installed 1 0", "libs unpacked 2 0",
                                      "libs upgrade 1 0"], lines(kept / "totals")
    assert [line for line in lines(kept / "errors") if "odd" in line] == \
        ["in/2-odd name=x 3 1 NoPackage", "in/2-odd name=x 4 1 NoPackage"], lines(kept / "errors")


def test_the_check_finds_what_differs(world):
    _, kept = run_well(world, *known(world))

    def check(name, change):
        folder = world.folder / "changed"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(kept, folder)
        path = folder / name
        path.write_text(change(path.read_text()))
        return world.run(str(LOGS / "check"), str(folder))

    assert check("totals", str).code == 0
    for name, change in (
            ("totals", lambda text: text.replace("unpacked 2 0", "unpacked 3 0")),
            ("totals", lambda text: text.replace("installed 2 190", "installed 2 191")),
            ("totals", lambda text: text.replace("libs upgrade 1 0\n", "")),
            ("totals", lambda text: text + "zzz upgrade 1 0\n"), ("totals", lambda text: ""),
            ("errors", lambda text: text.replace(" 12 1 ", " 11 1 ")), ("errors", lambda text: text + text),
            ("errors", lambda text: text.replace(" 2 NoSection", " 1 NoSection")),
            ("in/1-dpkg.log", lambda text: text + "\n"  "2025-06-24 14:36:28 remove libc6:amd64 1 <none>\n"),
            ("in/0-status", lambda text: text.replace("Installed-Size: 7", "Installed-Size: 8")),
            ("database", lambda text: text.replace("Section: devel", "Section: libdevel"))):
        result = check(name, change)
        assert result.code == 1 and "differ" in result.err and not result.out, (name, result)


def test_it_fails_with_its_check(world):
    """With an awk that reads all files twice, the two counts are not the same."""
    shim = world.folder / "shim"
    shim.mkdir()
    (shim / "awk").write_text(f'#!/bin/sh\nexec {shutil.which("awk")} "$@" in/*\n')
    (shim / "awk").chmod(0o755)
    result = run(world, *known(world), PATH=f"{shim}:{os.environ['PATH']}")
    assert result.code == 1 and "< libs upgrade 2 0\n" in result.err and "the same" not in result.out, result


def test_wrong_options(world):
    missing = world.folder / "missing"
    for words, said in (("--nonsense",), "no option '--nonsense'"), (("--keep",), "needs a value"), \
                       (("--workers", "0"), "from 1 to 16"), ((missing,), f"{missing}: no such file"), \
                       (("--database", missing), f"{missing}: no such file"):
        result = run(world, *words)
        assert result.code == 2 and said in result.err and not result.out, result
    assert run(world, "--help").out.startswith("usage: run")


if __name__ == "__main__":
    programs.main(globals())
