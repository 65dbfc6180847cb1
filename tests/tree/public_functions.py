#!/usr/bin/python3
"""Each public function is called by a test or an example.

    public_functions.py ROOT
"""

import re
import sys
from pathlib import Path

from symbols import declared

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
STRING = re.compile(r'"(?:\\.|[^"\\])*"')
MACRO = re.compile(r"^#define (far_\w+)\(.*?(?<!\\)$", re.MULTILINE | re.DOTALL)
WORD = re.compile(r"\bfar_\w+")
CALLED = re.compile(r"\b(far_\w+)\s*\(")
CLEANED_UP = re.compile(r"\bcleanup\s*\(\s*(far_\w+)\s*\)")


def behind_macros(root):
    """The functions that each public macro calls."""
    found = {}
    for header in (root / "lib/include").rglob("*.h"):
        for macro in MACRO.finditer(COMMENT.sub("", header.read_text())):
            found[macro[1]] = set(WORD.findall(macro[0])) - {macro[1]}
    return found


def called(root):
    names = set()
    for part in ("tests", "examples"):
        for source in (root / part).rglob("*.[ch]"):
            text = STRING.sub('""', COMMENT.sub("", source.read_text()))
            names.update(CALLED.findall(text), CLEANED_UP.findall(text))
    return names


def main(root):
    root = Path(root)
    public, names = declared(root), called(root)
    for macro, functions in behind_macros(root).items():
        names |= functions if macro in names else set()
    problems = [f"{name}: no test or example calls it" for name in sorted(public - names)]
    print(*problems, f"{len(public)} public functions, {len(problems)} problems", sep="\n")
    return 1 if problems or not public else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
