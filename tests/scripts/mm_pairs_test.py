"""scripts/peers/mm_pairs with a gpubench and a python that are made up: the order, the ratios, the verdict.

usage: mm_pairs_test.py [unittest arguments]
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PAIRS = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "peers" / "mm_pairs"
SHAPE = "m16n16k16"
GPUBENCH = """#!{python}
import json, os, sys
assert os.environ["GPUBENCH_CUBLASLT"] == "/torch/libcublasLt.so.13"
open("{folder}/order", "a").write("gpubench\\n")
seconds, status = open("{folder}/gpubench").read().split()
row = {{"name": "gemm", "run_name": "gemm/bf16/{shape}/nt/hot/cublaslt",
       "gpubench": {{"status": status, "reason": "why not", "median_seconds": float(seconds)}}}}
if status != "none":
    json.dump({{"benchmarks": [row]}}, open(sys.argv[sys.argv.index("--out") + 1], "w"))
"""
PYTHON = """#!{python}
import json, sys
if "{shape}" not in sys.argv:
    print(json.dumps({{"cublaslt": open("{folder}/library").read(), "shapes": {{}}}}))
    sys.exit()
open("{folder}/order", "a").write("torch\\n")
seconds = open("{folder}/torch").read().split()
if seconds == ["none"]:
    sys.exit("no torch here")
turn = open("{folder}/order").read().split().count("torch") - 1
print(json.dumps({{"shapes": {{"{shape}": {{"median_seconds": float(seconds[turn])}}}}}}))
"""


class MmPairs(unittest.TestCase):
    def pairs(self, ours, theirs, *words, library="/torch/libcublasLt.so.13"):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("ours", GPUBENCH), ("theirs", PYTHON)):
                file = pathlib.Path(folder, name)
                file.write_text(text.format(python=sys.executable, folder=folder, shape=SHAPE))
                file.chmod(0o755)
            pathlib.Path(folder, "gpubench").write_text(ours)
            pathlib.Path(folder, "torch").write_text(theirs)
            pathlib.Path(folder, "library").write_text(library)
            said = subprocess.run([sys.executable, PAIRS, "--program", f"{folder}/ours", "--python", f"{folder}/theirs",
                                   "--shapes", SHAPE, "--json", f"{folder}/ratios", *words], capture_output=True, text=True)
            order = pathlib.Path(folder, "order")
            self.order = order.read_text().split() if order.exists() else []
            ratios = pathlib.Path(folder, "ratios")
            self.json = json.loads(ratios.read_text()) if ratios.exists() else None
            return said

    def test_who_is_first_alternates(self):
        said = self.pairs("1.0 ok", "1.0 1.0 1.0", "--rounds", "3")
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        self.assertEqual(self.order, ["gpubench", "torch", "torch", "gpubench", "gpubench", "torch"])

    def test_the_ratio_is_theirs_over_ours_with_an_interval(self):
        said = self.pairs("1.0 ok", "0.97 1.01 1.015 1.0 1.03 1.02", "--rounds", "6")
        self.assertEqual(said.returncode, 0, said.stdout)
        self.assertIn(f"{SHAPE}: median ratio 1.0125, 97 % interval 0.9700 to 1.0300: within 2 %", said.stdout)
        self.assertIn("1 of 1 shapes within 2 %: medians 1.0125 to 1.0125 over 6 pairs each", said.stdout)
        self.assertIn("/torch/libcublasLt.so.13", said.stdout)
        self.assertEqual(self.json["ratios"][SHAPE], [0.97, 1.01, 1.015, 1.0, 1.03, 1.02])

    def test_many_pairs_leave_the_outer_ones_out(self):
        said = self.pairs("1.0 ok", "0.5 2 1 1 1 1 1 1 1 1", "--rounds", "10")
        self.assertIn("98 % interval 1.0000 to 1.0000: within", said.stdout)

    def test_more_than_two_percent_is_told(self):
        said = self.pairs("1.0 ok", "0.97 0.97", "--rounds", "2")
        self.assertEqual(said.returncode, 1)
        self.assertIn("not within 2 %", said.stdout)

    def test_without_one_of_the_two_there_is_no_pair(self):
        said = self.pairs("1.0 unsupported", "1.0 1.0", "--rounds", "2")
        self.assertEqual((said.returncode, said.stdout.splitlines()[-1]), (3, "no pair: gemm is unsupported: why not"))
        self.assertIn("gpubench wrote no run file", self.pairs("1.0 none", "1.0", "--rounds", "2").stdout)
        self.assertIn("has loaded no libcublasLt.so", self.pairs("1.0 ok", "1.0", "--rounds", "2", library="").stdout)
        self.assertIn("pytorch_mm.py: no torch here", self.pairs("1.0 ok", "none", "--rounds", "2").stdout)


if __name__ == "__main__":
    unittest.main()
