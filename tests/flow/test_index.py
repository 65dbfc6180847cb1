#!/usr/bin/python3
"""The index of examples/index: right counts of corpora whose counts are known, also when processes are killed, and a
check that does find what differs.

test_index.py FAR-BROKER FAR-ACTOR FAR BUILD [TEST...]
"""

import collections
import gzip
import os
import random
import re
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import programs

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peer"))
from farpeer import FarError, Peer

INDEX = Path(__file__).resolve().parents[2] / "examples/index"


class Corpus:
    """A folder of files, and what an index of them must say."""

    def __init__(self, world):
        self.folder = world.folder / "corpus"
        self.folder.mkdir()
        self.counts = collections.Counter()
        self.files = collections.Counter()
        self.words_of = {}  # path: set of words

    def add(self, name, content, compress=False, is_taken=True):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(content) if compress else content)
        if is_taken:
            words = re.findall(rb"[a-z]+", content.lower())
            self.counts.update(words)
            self.files.update(set(words))
            self.words_of[path] = set(words)
        return path

    def generate(self, count, size, seed):
        """Files of random words, every third one compressed."""
        rng = random.Random(seed)
        vocabulary = ["".join(rng.choices("abcdefgXYZ", k=rng.randint(1, 7))) for _ in range(2000)]
        for number in range(count):
            text = " ".join(rng.choices(vocabulary, k=size)).encode()
            is_gzip = number % 3 == 0
            self.add(f"{number % 7}/{number}{'.gz' if is_gzip else ''}", text, is_gzip)

    def table(self):
        return sorted(f"{word.decode()} {count} {self.files[word]}" for word, count in self.counts.items())

    def matches(self, *words):
        return sorted(str(path) for path, has in self.words_of.items() if {word.encode() for word in words} <= has)


def run(world, *words, **env):
    """Runs the index to its end; it leaves nothing behind."""
    temporary = tempfile.mkdtemp(dir=world.folder)
    result = world.run(str(INDEX / "run"), *map(str, words), FAR_BUILD=str(world.build), TMPDIR=temporary, **env)
    assert not os.listdir(temporary), os.listdir(temporary)
    assert not world.strays(), f"left behind: {world.strays()}"
    assert "\r" not in result.out, "a progress bar without a terminal"
    return result


def run_well(world, corpus, *words):
    """Runs the index of a corpus, compares what it says with what is known, and gives the folder that it kept."""
    kept = world.folder / "kept"
    shutil.rmtree(kept, ignore_errors=True)
    result = run(world, "--keep", kept, *words, corpus.folder)
    assert result.code == 0, result
    assert "check: the same by gzip, tr and awk" in result.out, result
    assert (kept / "words").read_text().splitlines() == corpus.table()
    log = (kept / "log").read_text(errors="replace")
    assert "Sanitizer" not in log and "runtime error" not in log, log
    return result, kept


def found_by(kept, number):
    """The files that a query found."""
    lines = (kept / "hits").read_text(errors="surrogateescape").splitlines()
    return sorted(line.partition(" ")[2] for line in lines if line.startswith(f"{number} "))


def small_corpus(world):
    corpus = Corpus(world)
    corpus.add("plain", b"The cat, the dog and THE bird.\ncat-cat; it's 3cats_cats")
    corpus.add("latin1", "the caf\u00e9 na\u00efve".encode("latin-1"))
    corpus.add("utf8", "the caf\u00e9 \u2014 na\u00efve dog".encode())
    corpus.add("empty", b"")
    corpus.add("blank", b"\n\n  \n")
    corpus.add("dir/packed.gz", b"the cat is packed; dog", compress=True)
    corpus.add("dir/packed too", b"packed whatever its name", compress=True)
    corpus.add("dir/empty.gz", b"", compress=True)
    corpus.add("dir/not-packed.gz", b"this is plain cat text")
    corpus.add("with space and 'quote' $x", b"quoted cat dog")
    corpus.add("long", b"x" * 200000 + b" dog")
    members = corpus.add("members.gz", b"first ly second")
    members.write_bytes(gzip.compress(b"first ly ") + gzip.compress(b"second"))
    return corpus


def test_counts(world):
    corpus = small_corpus(world)
    result, kept = run_well(world, corpus, "--query", "cat", "--query", "Cat DOG", "--query", "absent", "--query",
                            "cat absent", "--query", "  ")
    assert found_by(kept, 1) == corpus.matches("cat")
    assert found_by(kept, 2) == corpus.matches("cat", "dog") and len(found_by(kept, 2)) == 3
    assert found_by(kept, 3) == found_by(kept, 4) == found_by(kept, 5) == []
    assert "cat: 4 files" in result.out and "absent: 0 files" in result.out, result
    assert re.search(r"/plain: cat-cat; it's 3cats_cats|/plain: The cat, the dog and THE bird.", result.out), result
    assert re.search(rf"^ +{corpus.counts[b'the']}  the ", result.out, re.MULTILINE), result


def test_left_out(world):
    corpus = small_corpus(world)
    plain = corpus.folder / "plain"
    corpus.add("binary", b"cat\0cat", is_taken=False)
    corpus.add("binary.gz", b"cat\0cat", compress=True, is_taken=False)
    corpus.add("compress.Z", b"\x1f\x9d\x90cat", is_taken=False)
    corpus.add("odd\nname", b"cat", is_taken=False)
    (corpus.folder / "damaged.gz").write_bytes(gzip.compress(os.urandom(1000))[:-200])
    (corpus.folder / "cut.gz").write_bytes(gzip.compress(b"cat " * 1000)[:-4])
    (corpus.folder / "wrong.gz").write_bytes(b"\x1f\x8bcat cat")
    corpus.add("huge.gz", b"cat " * (5 << 20), compress=True, is_taken=False)
    (corpus.folder / "link").symlink_to("plain")
    (corpus.folder / "dir link").symlink_to("dir")
    (corpus.folder / "loop").symlink_to(".")
    os.link(plain, corpus.folder / "zz-hard-link")
    os.mkfifo(corpus.folder / "fifo")
    result, kept = run_well(world, corpus, "--limit", "30", plain, corpus.folder / "dir link")
    for said in ("3 symbolic links", "1 device, pipe or socket", "1 file with a newline", "3 damaged", "3 not text",
                 "1 larger than 16 MiB"):
        assert said in result.out, (said, result)
    errors = (kept / "errors").read_text()
    for name, why in ("cut.gz", "Damaged"), ("binary", "NotText"), ("huge.gz", "TooLarge"):
        assert re.search(rf"^{corpus.folder}/{name}: Raised \({why}\): .+\n.*\n"
                         r"  at stage 1 \(reader.read @ readers\), input \d+ in process index$", errors,
                         re.MULTILINE), (name, errors)
    assert re.search(r"\d+ files that had been met", result.out), result


def test_too_many_words(world):
    corpus = Corpus(world)
    corpus.add("plain", b"cat")
    letters = b"abcdefghijklmnopqrstuvwxyz"
    words = (bytes((a, b, c, d)) for a in letters for b in letters for c in letters for d in letters)
    corpus.add("varied", b" ".join(words), is_taken=False)
    result, kept = run_well(world, corpus)
    assert "1 with too many different words" in result.out, result
    assert "  at stage 2 (indexer.count @ indexers), input 2 in process index\n" in (kept / "errors").read_text()


def test_limit(world):
    corpus = Corpus(world)
    for number in range(4):
        corpus.add(f"{number}", b"word " * 100000, is_taken=number < 2)
    result, _ = run_well(world, corpus, "--limit", "1")
    assert "at most 1 MB of each directory; there is more" in result.out, result


def test_generated(world):
    corpus = Corpus(world)
    corpus.generate(300, 300, seed=1)
    run_well(world, corpus, "--indexers", "3")


def test_one_indexer(world):
    corpus = Corpus(world)
    corpus.generate(50, 100, seed=2)
    run_well(world, corpus, "--indexers", "1")


def killed_in(result, kept):
    """The indexer that --kill has killed, and how many files went to another one: what it ran, and the 4 that it was sent ahead."""
    victim = re.search(r"^killed worker (\d+) of the fleet indexers$", result.out, re.MULTILINE)[1]
    assert f"worker {victim} has ended: signal 9 (Killed)" in (kept / "log").read_text()
    return victim, int(re.search(r"^indexer.count @ indexers +\d+ +\d+ +(\d+)$", result.out, re.MULTILINE)[1])


def test_an_indexer_is_killed(world):
    corpus = Corpus(world)
    corpus.generate(400, 400, seed=3)
    result, kept = run_well(world, corpus, "--kill", "--indexers", "3")
    victim, again = killed_in(result, kept)
    assert again <= 5 and f"worker {victim} " not in result.out.partition("stage, workers")[2], result
    assert not result.err, result


def test_the_only_indexer_is_killed(world):
    """What it had, and all that is left, waits for the one that the broker starts then."""
    corpus = Corpus(world)
    corpus.generate(300, 400, seed=4)
    result, kept = run_well(world, corpus, "--kill", "--indexers", "1")
    assert killed_in(result, kept)[1] <= 5 and not result.err, result


def expect_error(name, call, *arguments):
    try:
        result = call(*arguments)
    except FarError as error:
        assert name in str(error), error
    else:
        raise AssertionError(f"{arguments}: gave {result!r}, not {name}")


def test_the_merger_takes_a_file_once(world):
    """Whole or not at all, and never again: this test is the indexer."""
    world.broker().wait_line("listening")
    world.start(world.actor_program, "--name", "merger", "--module", str(world.build / "examples/index/merger.so"),
                FAR_BROKER=world.endpoint)
    peer = Peer(world.endpoint)
    index = peer.process(peer.find("merger", 60000)).merger.index

    def add(number, counts):
        return index.add([number, b"/file/%d" % number, 10, counts])

    assert add(7, {"cat": 2, "dog": 1}) is True
    assert add(7, {"cat": 2, "dog": 1}) is False
    assert add(7, {"bird": 1}) is False
    assert add(0, {"Cat": 3, "cat": 1}) is True
    for wrong in {"bird": 1, "no word": 1}, {"bird": 1, "": 1}, {"bird": 1, "dog": 0}, {"bird": 1, "dog": -1}, \
                 {"bird": "1"}, ["bird"]:
        expect_error("ValueError", add, 3, wrong)
    expect_error("ValueError", add, 1 << 40, {"bird": 1})
    expect_error("ValueError", index.add, [3])
    expect_error("BadArguments", index.add, 3)
    assert index.table(0, 10) == [["cat", 6, 2], ["dog", 1, 1]]
    assert index.table(1, 1) == [["dog", 1, 1]] and index.table(2, 1) == []
    assert add(3, {"dog": 9}) is True
    assert index.top(1) == [["dog", 10, 2]]
    hits = index.query("CAT")
    assert (hits.count(), hits.take(1), hits.take(5), hits.take(5)) == (2, [[0, b"/file/0"]], [[7, b"/file/7"]], [])
    assert index.stats()["files"] == 3 and index.stats()["bytes"] == 30
    peer.bye()


def find_worker(world, module):
    """A process of ours that has loaded this module; others, as the indexer that is killed, go meanwhile."""
    path = str(world.build / "examples/index" / module).encode()
    for pid in world.strays():
        try:
            if path in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                return pid
        except OSError:
            pass
    raise AssertionError(f"no {module}")


def run_and_kill(world, module):
    """Runs the index of so much that it is not through before one of its workers, more than the indexer, is killed too."""
    corpus = Corpus(world)
    corpus.generate(1500, 1500, seed=5)
    running = world.start(str(INDEX / "run"), "--kill", "--indexers", "2", str(corpus.folder),
                          FAR_BUILD=str(world.build))
    running.wait_line("^killed worker")
    os.kill(find_worker(world, module), signal.SIGKILL)
    code, text = running.wait(), "\n".join(running.lines)
    assert not world.strays(), world.strays()
    return code, text


def test_a_reader_is_killed(world):
    code, text = run_and_kill(world, "reader.so")
    assert code == 0 and "check: the same by gzip, tr and awk" in text, (code, text)


def test_the_merger_is_killed(world):
    """With it all that it had counted is gone: another one does not go on as if nothing was."""
    code, text = run_and_kill(world, "merger.so")
    assert code == 1 and "PeerDied" in text and "check:" not in text, (code, text)


def test_interrupted(world):
    corpus = Corpus(world)
    corpus.generate(1500, 1500, seed=6)
    running = world.start(str(INDEX / "run"), "--kill", str(corpus.folder), FAR_BUILD=str(world.build))
    running.wait_line("^killed worker")
    running.process.send_signal(signal.SIGTERM)
    assert running.wait() == 130, running.lines
    assert not world.strays(), world.strays()


def test_no_files(world):
    corpus = Corpus(world)
    result, kept = run_well(world, corpus)
    assert "found 0 files" in result.out and not (kept / "list").read_text(), result


def test_wrong_directory(world):
    corpus = small_corpus(world)
    missing = world.folder / "missing"
    result = run(world, corpus.folder, missing)
    assert result.code == 2 and result.err == f"index: {missing}: No such file or directory\n" and not result.out, result


def test_unreadable_directory(world):
    if not os.geteuid():
        return  # root reads everything
    corpus = small_corpus(world)
    corpus.folder.chmod(0)
    result = run(world, corpus.folder)
    corpus.folder.chmod(0o755)
    assert result.code == 2 and result.err == f"{corpus.folder}: Permission denied\n", result


def test_wrong_options(world):
    for words, said in (("--nonsense",), "no option '--nonsense'"), (("--limit",), "needs a value"), (("--indexers", "0"), "from 1"), \
                       (("--indexers", "99"), "from 1 to 16"), (("--limit", "x"), "takes a number"):
        result = run(world, *words, *([] if words == ("--limit",) else [world.folder]))
        assert result.code in (1, 2) and said in result.err and not result.out, result
    assert run(world, "--help").out.startswith("usage: run")


# The check compares


def check(world, kept):
    return world.run(str(INDEX / "check"), str(kept))


def tampered(kept, name, change):
    """A copy of what was kept, with one file changed."""
    copy = kept.with_name("tampered")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(kept, copy)
    path = copy / name
    lines = path.read_text(errors="surrogateescape").splitlines()
    path.write_text("".join(f"{line}\n" for line in change(lines)), errors="surrogateescape")
    return copy


def one_more(lines, column):
    """Adds one to a number of the line in the middle."""
    words = lines[len(lines) // 2].split()
    words[column] = str(int(words[column]) + 1)
    return [*lines[:len(lines) // 2], " ".join(words), *lines[len(lines) // 2 + 1:]]


def test_the_check_finds_what_differs(world):
    corpus = small_corpus(world)
    _, kept = run_well(world, corpus, "--query", "cat")
    assert check(world, kept).code == 0
    changes = [("words", lambda lines: one_more(lines, 1)), ("words", lambda lines: one_more(lines, 2)),
               ("words", lambda lines: lines[1:]), ("words", lambda lines: lines[:-1]),
               ("words", lambda lines: [*lines, "zzz 1 1"]), ("words", lambda lines: []),
               ("hits", lambda lines: lines[1:]), ("hits", lambda lines: [*lines, f"1 {corpus.folder / 'empty'}"]),
               ("list", lambda lines: [line for line in lines if not line.endswith("/plain")]),
               ("list", lambda lines: [*lines, str(corpus.folder / "plain")])]
    for name, change in changes:
        result = check(world, tampered(kept, name, change))
        assert result.code == 1 and "differ" in result.err and not result.out, (name, result)


def test_the_demo_fails_with_its_check(world):
    """With a gzip that adds a word, the two counts are not the same."""
    corpus = small_corpus(world)
    shim = world.folder / "shim"
    shim.mkdir()
    (shim / "gzip").write_text(f'#!/bin/sh\n{shutil.which("gzip")} "$@"\necho; echo extraneous\n')
    (shim / "gzip").chmod(0o755)
    result = run(world, corpus.folder, PATH=f"{shim}:{os.environ['PATH']}")
    assert result.code == 1 and "< extraneous 1 1" in result.err and "the same" not in result.out, result


if __name__ == "__main__":
    programs.main(globals())
