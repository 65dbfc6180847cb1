#!/usr/bin/python3
"""Each row of the table in docs/object-model.md has a flow test that is named after it: a cmocka test S07_..., or
test_S07_... of a script.

    rows.py ROOT
"""

import re
import sys
from pathlib import Path

C_TEST = re.compile(r"\bcmocka_unit_test\w*\s*\(\s*S(\d\d)_\w+")
SCRIPT_TEST = re.compile(r"^def test_S(\d\d)_\w+", re.MULTILINE)


def main(root):
    table = (Path(root) / "docs/object-model.md").read_text().split("\n## The rows\n")[1]
    rows = {int(row) for row in re.findall(r"\| S(\d\d) \|", table)}
    flow = Path(root) / "tests/flow"
    found = {}
    for pattern, test in (("test_*.c", C_TEST), ("*.py", SCRIPT_TEST)):
        for source in flow.glob(pattern):
            for row in test.findall(source.read_text()):
                found[int(row)] = found.get(int(row), 0) + 1
    problems = [f"S{row:02}: no test" for row in sorted(rows - found.keys())]
    print(*problems, f"{len(found)} rows with {sum(found.values())} tests, {len(problems)} problems", sep="\n")
    return 1 if problems or not rows else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
