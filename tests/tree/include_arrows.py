#!/usr/bin/python3
"""The layers hold: who may include whom, which parts know ZeroMQ and MessagePack, and the five stops of a call stand
where the documentation says.

    include_arrows.py ROOT
"""

import re
import sys
from pathlib import Path

LIB = {"lib/include", "lib/base", "lib/wire", "lib/object", "lib/proxy", "lib/actor"}

# Each part of the tree, and what of the tree it may include beside itself.
ARROWS = {
    "lib/include": set(),
    "lib/base": {"lib/include"},
    "lib/wire": {"lib/include", "lib/base"},
    "lib/object": {"lib/include", "lib/base", "lib/wire"},
    "lib/proxy": {"lib/include", "lib/base", "lib/wire"},
    "lib/actor": {"lib/include", "lib/base", "lib/wire", "lib/object", "lib/proxy"},
    "broker": LIB,
    "actor": LIB,
    "cli": LIB,
    "launch": set(),
    "examples": {"lib/include"},
    "bench": LIB,
    "tests": LIB | {"broker", "actor", "cli"},
}

# Headers of the libraries underneath, and the only parts or files that may include them.
ZEROMQ = r"zmq\w*\.h|czmq\w*\.h|zactor\.h|zsock\.h|zmsg\.h|zframe\.h|zpoller\.h|zloop\.h|zstr\.h"
FOREIGN = [
    (ZEROMQ, {"lib/actor", "broker", "bench", "tests"}),
    (r"msgpack.*", {"lib/wire/writer.c", "bench", "tests"}),
]

STOPS = ["lib/proxy/proxy.c", "lib/wire/message.c", "broker/router.c", "lib/object/dispatch.c", "lib/proxy/request.c"]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def part_of(path):
    """The part of the tree that a path relative to ROOT stands in; None where it is in none."""
    return next((part for part in ARROWS if path.as_posix().startswith(part + "/")), None)


def resolve(root, source, bracket, name):
    """The file of the tree that an include names, relative to root; None for one of the system."""
    folders = ["lib/include", "lib"]
    if bracket == '"':
        folders = [source.parent, "lib", "lib/include", ".", part_of(source), "tests"]
    for folder in folders:
        path = (root / folder / name).resolve()
        if path.is_file():
            return path.relative_to(root)
    return None


def problem(root, source, bracket, name):
    """What is wrong with one include; None where nothing is."""
    part = part_of(source)
    target = resolve(root, source, bracket, name)
    if target is None:
        if bracket == '"':
            return "names no file of the tree"
        for pattern, allowed in FOREIGN:
            if re.fullmatch(pattern, name) and not allowed & {part, source.as_posix()}:
                return f"only {', '.join(sorted(allowed))} may"
        return None
    if part_of(target) != part and part_of(target) not in ARROWS[part]:
        return f"{part} may not include {part_of(target)}"
    if part == "examples" and part_of(target) == "lib/include" and name != "farcall.h":
        return "an example includes <farcall.h> alone"
    if part_of(target) == "lib/include" and bracket == '"':
        return "public headers are included in <>"
    return None


def main(root):
    root = Path(root).resolve()
    problems = [f"{stop}: missing, a stop of every call" for stop in STOPS if not (root / stop).is_file()]
    count = 0
    for part in ARROWS:
        for source in sorted((root / part).rglob("*.[ch]")):
            source = source.relative_to(root)
            if part_of(source) != part:
                continue
            count += 1
            for number, line in enumerate((root / source).read_text().splitlines(), 1):
                include = INCLUDE.match(line)
                wrong = include and problem(root, source, *include.groups())
                if wrong:
                    problems.append(f"{source}:{number}: {line.strip()}: {wrong}")
    print(*problems, f"{count} files, {len(problems)} problems", sep="\n")
    return 1 if problems or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
