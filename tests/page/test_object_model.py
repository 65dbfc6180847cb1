#!/usr/bin/python3
"""Each snippet of docs/object-model.md does what the page says, with a real broker and a real host.

test_object_model.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import re
from pathlib import Path

import programs
import snippets

PAGE = (Path(__file__).resolve().parents[2] / "docs/object-model.md").read_text()


def is_match(expected, printed):
    return re.fullmatch(".*".join(map(re.escape, expected.split("..."))), printed, re.DOTALL) is not None


def test_every_snippet_says_what_it_prints(world):
    _, found = snippets.read(PAGE)
    assert found
    for snippet in found:
        assert snippet.prints is not None, (snippet.line, snippet.heading)


def rows_of(heading):
    """The rows that a heading names: `(S01 to S03, S05)`."""
    for first, last in re.findall(r"\bS(\d\d)(?: to S(\d\d))?", heading):
        yield from range(int(first), int(last or first) + 1)


def test_every_row_has_a_snippet(world):
    _, found = snippets.read(PAGE)
    table = PAGE.split("\n## The rows\n")[1]
    rows = {int(row) for row in re.findall(r"\| S(\d\d) \|", table)}
    assert rows == set(range(1, 49))
    shown = {row for snippet in found for row in rows_of(snippet.heading)}
    assert shown == rows, (rows - shown, shown - rows)


def test_what_is_printed(world):
    _, found = snippets.read(PAGE)
    world.broker()
    page = world.build / "tests/page"
    hosts = [world.start(world.actor_program, "--verbose", "--name", name, "--broker", world.endpoint,
                         "--module", str(page / "shop.so")) for name in ("host", "other", "stall")]
    for host in hosts:
        host.wait_line(" serves ")
    problems = []
    for number, snippet in enumerate(found):
        result = world.run(str(page / "snippets"), str(number), FAR_BROKER=world.endpoint)
        if result.code or not is_match(snippet.prints, result.out):
            problems.append(f"line {snippet.line}, {snippet.heading}: the page says\n{snippet.prints}\n{result!r}")
    assert not problems, "\n".join(problems)
    assert hosts[-1].wait() == 0  # the stall was told to exit


if __name__ == "__main__":
    programs.main(globals())
