#!/usr/bin/python3
"""Takes the programs out of a page, to be built: what the page shows is what is run.

A block of C that begins with a comment that names a file is that file. Any other belongs to a snippet: definitions
(`static ...`) first, then statements, which become a function; behind them stands a block of text, which is what it
prints. `...` in that stands for anything.

    snippets.py PAGE FOLDER     writes the files, and snippets.c: a program that runs the snippet whose number it is given
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"/\* (\w+\.c)\b")

TOP = """\
#include <farcall.h>
#include <inttypes.h>
#include <poll.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int snippet_t (far_actor_t *me, far_process_t *host);

"""
BOTTOM = """\
int main (int argc, char **argv)
{
    static snippet_t *const snippets[] = { %s };
    size_t number = argc > 1 ? strtoul (argv[1], NULL, 10) : 0;
    if (number >= sizeof snippets / sizeof *snippets)
        return 2;
    setvbuf (stdout, NULL, _IOLBF, 0);
    far_actor_t *me = far_actor_new (NULL, "caller");
    far_process_t *host = far_find (me, "host");
    int code = host ? snippets[number] (me, host) : far_print_error ("host");
    far_process_destroy (&host);
    far_actor_destroy (&me);
    return code;
}
"""


@dataclass
class Snippet:
    line: int  # of the page, where its statements begin
    heading: str
    statements: str
    definitions: list = field(default_factory=list)  # (line, text)
    prints: str = None


def blocks(page):
    """(line, heading, language, text) of each block."""
    for match in BLOCK.finditer(page):
        before = page[:match.start()]
        headings = re.findall(r"^#+ (.*)$", before, re.MULTILINE)
        yield before.count("\n") + 2, headings[-1], match[1], match[2]


def read(page):
    """The files and the snippets of a page."""
    files, snippets, definitions = {}, [], []
    for line, heading, language, text in blocks(page):
        named = FILE.match(text)
        if language == "c" and named:
            files[named[1]] = (line, text)
        elif language == "c" and re.match("static |typedef ", text):
            definitions.append((line, text))
        elif language == "c":
            snippets.append(Snippet(line, heading, text, definitions))
            definitions = []
        elif language == "text" and snippets and snippets[-1].prints is None:
            snippets[-1].prints = text
    return files, snippets


def program(snippets, page_path):
    parts = [TOP]
    for number, snippet in enumerate(snippets):
        for line, text in snippet.definitions:
            parts.append(f'#line {line} "{page_path}"\n{text}\n')
        parts.append(f"static int snippet_{number} (far_actor_t *me, far_process_t *host)\n{{\n    (void)me, (void)host;\n"
                     f'#line {snippet.line} "{page_path}"\n{snippet.statements}    return 0;\n}}\n\n')
    names = ", ".join(f"snippet_{number}" for number in range(len(snippets)))
    return "".join(parts) + BOTTOM % names


def main(page_path, folder):
    files, snippets = read(Path(page_path).read_text())
    for name, (line, text) in files.items():
        (Path(folder) / name).write_text(f'#line {line} "{page_path}"\n{text}')
    (Path(folder) / "snippets.c").write_text(program(snippets, page_path))


if __name__ == "__main__":
    main(*sys.argv[1:])
