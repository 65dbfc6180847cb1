#!/usr/bin/python3
"""libfarcall.so exports what the public headers declare, and nothing else.

    symbols.py ROOT LIBRARY
"""

import re
import subprocess
import sys
from pathlib import Path


def declared(root):
    names = set()
    for header in (Path(root) / "lib/include").rglob("*.h"):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", header.read_text(), flags=re.DOTALL)
        text = re.sub(r"^\s*#(?:[^\n]*\\\n)*[^\n]*", "", text, flags=re.MULTILINE)
        names.update(re.findall(r"\bFAR_EXPORT\b[^;({]*?(\w+)\s*[(;]", text))
    return names


def exported(library):
    lines = subprocess.run(["nm", "--dynamic", "--defined-only", "--format=posix", library], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    return {line.split()[0].split("@")[0] for line in lines}


def main(root, library):
    wanted, given = declared(root), exported(library)
    problems = [f"{name}: declared FAR_EXPORT, not exported" for name in sorted(wanted - given)]
    problems += [f"{name}: exported, in no public header" for name in sorted(given - wanted)]
    problems += [f"{name}: public, and does not begin with far_" for name in sorted(wanted | given)
                 if not name.startswith("far_")]
    print(*problems, f"{len(given)} symbols, {len(problems)} problems", sep="\n")
    return 1 if problems or not wanted else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
