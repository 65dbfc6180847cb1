"""A private world for the tests of the Python peer: a broker of its own, processes, and peers that share one loop.

Everything is waited for as an event: an answer, a message, the end of a process.
"""

import collections
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

from farpeer import FarError, Loop, Peer

SOURCE = pathlib.Path(__file__).resolve().parents[2]


class Programs:
    """What is tested: the programs, and the C module that far-actor hosts, compiled as a user would."""

    def __init__(self, broker, actor, far, build):
        self.broker, self.actor, self.far = (os.path.abspath(program) for program in (broker, actor, far))
        self.folder = tempfile.mkdtemp(prefix="far-peer-", dir=build)
        self.module = f"{self.folder}/peer_objects.so"
        subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
                        f"-I{SOURCE}/lib/include", f"-I{SOURCE}/tests", f"{SOURCE}/tests/flow/peer_objects.c", "-o",
                        self.module],
                       check=True)

    def remove(self):
        shutil.rmtree(self.folder)


class World:
    used = set()  # types, flags and fields of the messages that Python sent and received, in all worlds

    def __init__(self, programs, *broker_options):
        self.programs, self.loop = programs, Loop()
        self.folder = tempfile.mkdtemp(prefix="far-peer-")
        self.endpoint = f"ipc://{self.folder}/broker"
        self.log = open(f"{self.folder}/log", "a+")
        self.processes, self.peers = [], []
        self.broker = self._start_broker(broker_options)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for peer in self.peers:
            self.used.update(peer.used, (f"type {name}" for name in peer.sent + peer.seen))
        if error:
            print(self.log_text(), file=sys.stderr)
        self.end()

    def _start_broker(self, options):
        """Starts far-broker and waits until it says that it listens."""
        broker = self.start(self.programs.broker, "--bind", self.endpoint, *options, stdout=subprocess.PIPE)
        assert self.read_line(broker).startswith("listening at ")
        return broker

    def start(self, *command, **options):
        options.setdefault("stdout", self.log)
        process = subprocess.Popen(command, stderr=self.log, stdin=subprocess.DEVNULL, text=True, **options)
        self.processes.append(process)
        return process

    def actor(self, name, *options):
        """A far-actor with the module peer_objects."""
        return self.start(self.programs.actor, "--broker", self.endpoint, "--name", name, "--module",
                          self.programs.module, *options)

    def peer(self, name=None, modules=None, **options):
        peer = Peer(self.endpoint, name, self.loop, modules, **options)
        self.peers.append(peer)
        return peer

    def objects(self, peer, name):
        """The module peer_objects of a process: what can be found offers it."""
        return peer.process(peer.find(name)).peer_objects

    def until(self, condition, what="what was waited for"):
        return self.loop.until(condition, what=what)

    def far(self, *words):
        """Runs `far` while the peers serve: its exit code, what it printed, what it complained."""
        process = subprocess.Popen([self.programs.far, *words, "--broker", self.endpoint], text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.until_ended(process)
        out, complaint = process.communicate()
        return process.returncode, out.strip(), complaint

    def until_ended(self, process):
        """Serves until a process has ended; its exit code."""
        handle = os.pidfd_open(process.pid)
        try:
            ended = []
            self.loop.add(handle, lambda: ended.append(True))
            self.until(lambda: ended, f"the end of {process.args}")
        finally:
            self.loop.remove(handle)
            os.close(handle)
        return process.wait()

    def read_line(self, process):
        """Serves until a process has printed something; its first line."""
        stream, ready = process.stdout, []
        self.loop.add(stream.fileno(), lambda: ready.append(True))
        try:
            self.until(lambda: ready, f"a line of {process.args}")
        finally:
            self.loop.remove(stream.fileno())
        return stream.readline().strip()

    def kill(self, process):
        process.kill()
        self.until_ended(process)

    def log_text(self):
        self.log.flush()
        with open(self.log.name) as log:
            return log.read()

    def end(self):
        """Ends everything; raises if a program that was not killed did not leave cleanly."""
        bad = []
        for peer in self.peers:
            peer.cut()
        for process in reversed(self.processes):
            if process.poll() is None:
                if is_stopped(process.pid):
                    process.send_signal(signal.SIGCONT)
                process.terminate()
            try:
                code = process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                code = f"{process.wait()}, it had to be killed"
            if code not in (0, -signal.SIGKILL):
                bad.append(f"{process.args[0]} ended with {code}")
            if process.stdout:
                process.stdout.close()
        text = self.log_text()
        self.log.close()
        shutil.rmtree(self.folder)
        if bad:
            raise AssertionError("; ".join(bad) + "\n" + text)


def is_stopped(pid):
    """By a signal. One that is leaving may be stopped by LeakSanitizer, which CONT would make wait for ever."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def raises(kind, function, *arguments, **keywords):
    """The error that a call must end with."""
    try:
        result = function(*arguments, **keywords)
    except FarError as error:
        assert error.kind == kind, f"{error.kind} ({error}), expected {kind}"
        return error
    raise AssertionError(f"gave {result!r}, expected {kind}")
