"""A process written in Python from docs/protocol.md alone, against the C library, far-broker, far-actor and far.

    test_peer.py FAR_BROKER FAR_ACTOR FAR BUILD [CASE...]

The cases are the functions of tests/peer/cases_*.py; each that takes a world gets one of its own.
"""

import inspect
import pathlib
import re
import sys
import traceback

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "peer"))

import cases_calls
import cases_classes
import cases_credit
import cases_deadlines
import cases_ends
import cases_fleets
import cases_options
import cases_page
import cases_pipelines
import cases_promises
import cases_references
import cases_session
import cases_values
import farwire
from peerworld import Programs, World

MODULES = (cases_page, cases_session, cases_calls, cases_credit, cases_deadlines, cases_classes, cases_references,
           cases_options, cases_promises,
           cases_values, cases_fleets, cases_pipelines, cases_ends)


def test_all_of_the_page_was_used():
    """Every type, flag and field, over all cases; runs last. What the page calls reserved nobody may use yet."""
    tables = {"type": farwire.TYPES, "flag": farwire.FLAGS, "field": farwire.FIELDS}
    known = {f"{what} {name}" for what, table in tables.items() for name in table.values()}
    reserved = {what for what in known
                if re.search(rf"^\|.* {what.split()[1]} \|.*\breserved\b", cases_page.PAGE, re.MULTILINE)}
    unused = known - reserved - World.used
    assert not unused, unused


def passes(case, programs):
    try:
        if inspect.signature(case).parameters:
            with World(programs) as world:
                case(world)
        else:
            case()
    except Exception:
        traceback.print_exc()
        return False
    return True


def main(arguments):
    programs, wanted = Programs(*arguments[:4]), arguments[4:]
    cases = {name: case for module in MODULES for name, case in vars(module).items() if name.startswith("test_")}
    cases["test_all_of_the_page_was_used"] = test_all_of_the_page_was_used
    failed = []
    try:
        for name in wanted or cases:
            good = passes(cases[name], programs)
            print("passed" if good else "FAILED", name, flush=True)
            failed += [] if good else [name]
    finally:
        programs.remove()
    print(f"{len(wanted or cases) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
