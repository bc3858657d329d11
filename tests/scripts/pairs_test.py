"""scripts/peers/pairs with two fake programs: who is first, what is counted, what is said where a run has no time.

usage: pairs_test.py [unittest arguments]
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PAIRS = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "peers" / "pairs"

# Appends its name to `order` and writes a row with the next line of its own file: seconds, share of others, status.
FAKE = """#!{python}
import json, sys
name, folder = "{name}", "{folder}"
with open(f"{{folder}}/order", "a") as file:
    file.write(name + "\\n")
with open(f"{{folder}}/words", "a") as file:
    file.write(" ".join([name, *sys.argv[1:]]) + "\\n")
with open(f"{{folder}}/order") as file:
    turn = file.read().split().count(name) - 1
with open(f"{{folder}}/{{name}}") as file:
    seconds, share, status = file.read().splitlines()[turn].split()
if status == "none":
    sys.exit("there is no such case")
row = {{"name": f"case/{{name}}", "gpubench": {{"status": status, "reason": "why not", "median_seconds": float(seconds),
       "telemetry": {{"others_cpu_share": float(share)}}}}}}
with open(sys.argv[sys.argv.index("--out") + 1], "w") as file:
    json.dump({{"benchmarks": [row]}}, file)
"""


class Pairs(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = self.temporary.name

    def tearDown(self):
        self.temporary.cleanup()

    def pairs(self, ours, theirs, *words):
        for name, lines in (("gpubench", ours), ("pytorch", theirs)):
            path = pathlib.Path(self.folder, f"fake-{name}")
            path.write_text(FAKE.format(python=sys.executable, name=name, folder=self.folder))
            path.chmod(0o755)
            pathlib.Path(self.folder, name).write_text("\n".join(lines))
        return subprocess.run(
            [sys.executable, PAIRS, "--networks", "resnet50", "--modes", "fp32", "--program",
             f"{self.folder}/fake-gpubench", "--python", f"{self.folder}/fake-pytorch", "--out", f"{self.folder}/out",
             *words], capture_output=True, text=True, check=False)

    def read(self, name):
        return pathlib.Path(self.folder, name).read_text()

    def test_who_is_first_alternates_and_the_ratio_is_theirs_over_ours(self):
        said = self.pairs(["1.0 0 ok", "1.0 0 ok", "1.0 0 ok"], ["2.0 0 ok", "1.5 0 ok", "1.25 0 ok"], "--rounds", "3")
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertEqual(self.read("order").split(), ["gpubench", "pytorch", "pytorch", "gpubench", "gpubench", "pytorch"])
        self.assertIn("median ratio 1.500 of 3 quiet pairs (1.250 to 2.000): gpubench is the faster one", said.stdout)
        self.assertEqual(len(os.listdir(f"{self.folder}/out")), 6)

    def test_contended_pairs_are_marked_and_not_counted(self):
        said = self.pairs(["1.0 0 ok", "9.0 0.2 ok"], ["0.5 0 ok", "1.0 0 ok"], "--rounds", "2")
        self.assertIn("20.0 %, 0.0 %   contended", said.stdout)
        self.assertIn("median ratio 0.500 of 1 quiet pairs (0.500 to 0.500): PyTorch is the faster one", said.stdout)

    def test_where_all_are_contended_the_ratio_says_so(self):
        said = self.pairs(["1.0 0.06 ok"], ["2.0 0 ok"], "--rounds", "1")
        self.assertIn("median ratio 2.000 of 1 pairs, all contended", said.stdout)

    def test_a_run_without_time_is_said_and_ends_with_3(self):
        for line, sentence in (("0 0 unsupported", "case/gpubench is unsupported: why not"),
                               ("0 0 none", "gpubench wrote no run file: there is no such case")):
            self.temporary.cleanup()
            self.setUp()
            said = self.pairs([line], ["1 0 ok"], "--rounds", "1")
            self.assertEqual(said.returncode, 3)
            self.assertIn(f"no pair: {sentence}", said.stdout)

    def test_both_are_asked_for_the_same_case(self):
        self.pairs(["1 0 ok"], ["1 0 ok"], "--rounds", "1", "--batch", "4", "--options=--compile --steps 8")
        words = self.read("words")
        self.assertIn("gpubench run --suite amp --case ^train/resnet50/fp32/b4/d1/onednn$ --budget 20 --batch 4 --out", words)
        self.assertIn("--network resnet50 --mode fp32 --batch 4 --compile --steps 8 --out", words)

    def test_what_cannot_be_is_refused(self):
        for words, sentence in ((["--rounds", "0"], "at least 1"), (["--modes", "fp8"], "there is no 'fp8'"),
                                (["--program", "/nowhere"], "no program at /nowhere"),
                                (["--out", self.folder], "a new folder is needed")):
            said = self.pairs([], [], *words)
            self.assertEqual(said.returncode, 2, words)
            self.assertIn(sentence, said.stderr)


if __name__ == "__main__":
    unittest.main()
