#!/usr/bin/python3
"""Clang compiles every C file without a warning too. Skipped where there is no clang.

    clang.py BUILD
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SKIPPED = 77


def compiles(entry):
    command = shlex.split(entry["command"])
    output = command.index("-o")
    del command[output:output + 2]
    command = ["clang", *command[1:], "-fsyntax-only", "-Wno-unused-command-line-argument"]
    return subprocess.run(command, cwd=entry["directory"]).returncode == 0


def main(build):
    if not shutil.which("clang"):
        print("skipped: no clang")
        return SKIPPED
    entries = json.loads((Path(build) / "compile_commands.json").read_text())
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        passed = sum(pool.map(compiles, entries))
    print(f"{len(entries)} files, {len(entries) - passed} failed")
    return 0 if entries and passed == len(entries) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
