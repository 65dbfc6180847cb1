"""The real programs on a private endpoint, for the tests that drive them from outside.

A test is a function test_NAME (world). Whatever it starts is ended after it, and must end well: a sanitizer that found
something, or a broker that can't be ended, fails the test.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

# For what must come; a slow machine under sanitizers gets there too.
PATIENCE_S = 60
WAIT = ("--wait", "30000", "--timeout", "30000")


def stop(pid):
    """Stops a process, and waits until all its threads are: they run on for a moment."""
    os.kill(pid, signal.SIGSTOP)
    end = time.monotonic() + PATIENCE_S
    while {path.read_text().rpartition(")")[2].split()[0] for path in Path(f"/proc/{pid}/task").glob("*/stat")} != {"T"}:
        assert time.monotonic() < end, f"{pid} does not stop"


class Running:
    """A process and the lines that it prints."""

    def __init__(self, command, env):
        self.command = command
        self.lines = []
        self.is_over = False  # and its exit code was looked at
        self.changed = threading.Condition()
        self.process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, errors="replace")
        self.pid = self.process.pid
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()

    def wait_line(self, pattern):
        """The first line in which pattern is found."""
        def found():
            return next((line for line in self.lines if re.search(pattern, line)), None)
        with self.changed:
            if not self.changed.wait_for(found, PATIENCE_S):
                raise AssertionError(f"{self.command}: no line {pattern!r} in {self.lines}")
            return found()

    def wait(self):
        """Its exit code, once it has ended by itself."""
        code = self.process.wait(PATIENCE_S)
        self.is_over = True
        self.reader.join(PATIENCE_S)
        self.process.stdout.close()
        return code

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()


class Result:
    """How a command ended."""

    def __init__(self, command, code, out, err, seconds):
        self.command, self.code, self.out, self.err, self.seconds = command, code, out, err, seconds

    def __repr__(self):
        return f"{' '.join(map(repr, self.command))}: exit {self.code}\n--- stdout\n{self.out}--- stderr\n{self.err}"

    @property
    def json(self):
        return json.loads(self.out)


class World:
    """One test's broker, processes and temporary folder."""

    def __init__(self, broker, actor, far, build):
        self.broker_program, self.actor_program, self.far_program = broker, actor, far
        self.build = Path(build)
        self.folder = Path(tempfile.mkdtemp(prefix="far-"))
        self.runtime = self.folder / "run"
        self.runtime.mkdir(mode=0o700)
        self.endpoint = f"ipc://{self.folder}/broker"
        self.running = []
        self.env = {key: value for key, value in os.environ.items() if not key.startswith("FAR_")}
        self.env.update(XDG_RUNTIME_DIR=str(self.runtime), FAR_BROKER_PROGRAM=broker)

    def module(self, name):
        return str(self.build / "tests/modules" / f"{name}.so")

    def start(self, *command, **env):
        running = Running(list(command), {**self.env, **env})
        self.running.append(running)
        return running

    def broker(self):
        return self.start(self.broker_program, "--bind", self.endpoint)

    def host(self, name, *modules, broker=True):
        """A far-actor that has loaded its modules."""
        command = [self.actor_program, "--verbose", "--wait", "30000", "--name", name]
        command += ["--broker", self.endpoint] if broker else []
        for module in modules or ("sample",):
            command += ["--module", self.module(module)]
        host = self.start(*command)
        host.wait_line(" serves ")
        return host

    def run(self, *command, stdout=subprocess.PIPE, **env):
        """Runs a command to its end. Whatever else it does, it ends by itself and no sanitizer complains."""
        start = time.monotonic()
        done = subprocess.run(command, env={**self.env, **env}, stdin=subprocess.DEVNULL, stdout=stdout,
                              stderr=subprocess.PIPE, timeout=PATIENCE_S)
        out = (done.stdout or b"").decode(errors="surrogateescape")
        err = done.stderr.decode(errors="surrogateescape")
        result = Result(command, done.returncode, out, err, time.monotonic() - start)
        assert 0 <= done.returncode <= 3, result
        assert "Sanitizer" not in err and "runtime error" not in err, result
        return result

    def far(self, *words, wait=WAIT, **more):
        return self.run(self.far_program, words[0], "--broker", self.endpoint, *wait, *words[1:], **more)

    def call(self, *words):
        """What a call gives, which must be well."""
        result = self.far("call", "--json", *words)
        assert result.code == 0 and not result.err, result
        return result.json

    def processes(self):
        result = self.far("ps", "--json")
        assert result.code == 0, result
        return result.json

    def wait_until(self, what, check):
        """Asks again until check () gives something true, and gives that."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            found = check()
            if found:
                return found
            time.sleep(0.01)
        raise AssertionError(f"never came: {what}")

    def strays(self):
        """Processes that live on with this world's environment: a broker that was started by a program of ours."""
        mark = f"XDG_RUNTIME_DIR={self.runtime}".encode()
        ours = {running.pid for running in self.running}
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) not in ours:
                try:
                    if mark in (entry / "environ").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
                except OSError:
                    pass
        return found

    def close(self):
        problems = []
        for running in reversed(self.running):
            is_fine = running.is_over or running.process.poll() is None
            try:
                code = 0 if running.is_over else running.end()
            except subprocess.TimeoutExpired:
                running.process.kill()
                code = running.wait()
            text = "\n".join(running.lines)
            if code or not is_fine or "Sanitizer" in text or "runtime error" in text:
                problems.append(f"{running.command}: exit {code}{'' if is_fine else ' too early'}\n{text}")
        for pid in self.strays():
            os.kill(pid, signal.SIGTERM)
        self.wait_until("the end of what was started", lambda: not self.strays())
        shutil.rmtree(self.folder)
        assert not problems, "\n".join(problems)


def main(tests):
    """Runs the functions of tests (a module's globals) that are named test_*, or those named on the command line."""
    programs, wanted = sys.argv[1:5], sys.argv[5:]
    passed = failed = 0
    for name, test in list(tests.items()):
        if not name.startswith("test_") or (wanted and name not in wanted):
            continue
        world, start = World(*map(os.path.abspath, programs)), time.monotonic()
        try:
            try:
                test(world)
            finally:
                world.close()
            passed += 1
            print(f"{name}: passed in {time.monotonic() - start:.1f} s", flush=True)
        except Exception:
            failed += 1
            print(f"{name}: failed", flush=True)
            traceback.print_exc(file=sys.stdout)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)
