"""bench/compare: what it prints has the promised form, and it leaves nothing behind. Never judges times.

Arguments: far-broker, far-actor, far and the build folder.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

FAR_BROKER, BUILD = sys.argv[1], sys.argv[4]
COMPARE = os.path.join(BUILD, "bench", "compare")
SHORT = ["--rounds", "1", "--seconds", "0.02"]


class Compare(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="b", dir="/tmp")
        self.addCleanup(self.folder.cleanup)

    def compare(self, *options):
        return subprocess.run([COMPARE, *options], capture_output=True, text=True, timeout=250,
                              env={**os.environ, "TMPDIR": self.folder.name})

    def assert_left_nothing(self):
        self.assertEqual(os.listdir(self.folder.name), [])

    def test_json_has_all_rows(self):
        done = self.compare("--quick", "--json", *SHORT, "--far-broker", FAR_BROKER)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = json.loads(done.stdout)
        self.assertEqual(list(rows), ["W1", "W2", "W3", "F"])
        for name, row in rows.items():
            self.assertEqual(sorted(row), ["farcall", "ratio", "raw_zmq"], name)
            for figure in row.values():
                self.assertGreater(figure, 0, name)
            self.assertAlmostEqual(row["ratio"], row["farcall"] / row["raw_zmq"], delta=0.01 + row["ratio"] / 100)
        self.assert_left_nothing()

    def test_table_of_one_load_finds_its_broker(self):
        done = self.compare("--only", "W2", *SHORT)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"(?m)^W2 1000 in flight( +\d[\d.]*){3}$")
        self.assertNotIn("W1", done.stdout)
        self.assert_left_nothing()

    def test_fleet_alone(self):
        done = self.compare("--only", "F", *SHORT)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"(?m)^F 4 clients, 4 workers( +\d[\d.]*){3}$")
        self.assert_left_nothing()

    def test_missing_broker_is_one_clear_line(self):
        done = self.compare("--far-broker", "/nowhere/far-broker")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"\Acompare: far-broker not found at /nowhere/far-broker .*\n\Z")

    def test_broker_that_fails_is_told_and_cleaned_up(self):
        done = self.compare("--far-broker", "/bin/false", "--only", "W1", *SHORT)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, "")
        self.assertIn("compare: far-broker ended too early (exit status 1)\n", done.stderr)
        self.assert_left_nothing()

    def test_wrong_options_are_refused(self):
        for wrong in ["--loud"], ["--rounds"], ["--rounds", "0"], ["--seconds", "x"], ["--only", "W4"]:
            done = self.compare(*wrong)
            self.assertEqual((done.returncode, done.stdout), (2, ""), wrong)
            self.assertRegex(done.stderr, r"\Acompare: .*\n\Z")

    def test_help(self):
        done = self.compare("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for option in "--quick", "--json", "--rounds", "--seconds", "--budget", "--only", "--far-broker":
            self.assertIn(option, done.stdout)


if __name__ == "__main__":
    if not os.access(COMPARE, os.X_OK) or not os.access(FAR_BROKER, os.X_OK):
        print("bench/compare or far-broker is not built")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
