#!/usr/bin/python3
"""Each row of the object model has a flow test that is named after it: a cmocka test S07_..., or test_S07_... of a script.

    rows.py ROOT
"""

import re
import sys
from pathlib import Path

ROWS = {6, 8, 11, 12, 25, 32, 33, 45, 47, 48}

C_TEST = re.compile(r"\bcmocka_unit_test\w*\s*\(\s*S(\d\d)_\w+")
SCRIPT_TEST = re.compile(r"^def test_S(\d\d)_\w+", re.MULTILINE)


def main(root):
    flow = Path(root) / "tests/flow"
    found = {}
    for pattern, test in (("test_*.c", C_TEST), ("*.py", SCRIPT_TEST)):
        for source in flow.glob(pattern):
            for row in test.findall(source.read_text()):
                found[int(row)] = found.get(int(row), 0) + 1
    problems = [f"S{row:02}: no test" for row in sorted(ROWS - found.keys())]
    print(*problems, f"{len(found)} rows with {sum(found.values())} tests, {len(problems)} problems", sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
