"""A peer's run file is one of gpubench's: `gpubench validate` takes it, whatever became of the case.

usage: peer_run_file_test.py PROGRAM [unittest arguments]
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from types import SimpleNamespace

PROGRAM = sys.argv.pop(1)
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "peers"))
import machine  # noqa: E402
import measuring  # noqa: E402
import run_file  # noqa: E402


def case(network="resnet50", **changes):
    return SimpleNamespace(**{"network": network, "mode": "fp32", "batch": 16, "sequence": 256, "seed": 1,
                              "compile": False} | changes)


def measured(seconds):
    return measuring.Measured(seconds=seconds, losses=[6.9], warm_up_seconds=1.0, cpu_seconds=0.5, peak_bytes=2e9,
                              telemetry={"others_cpu_share": 0.06}, labels=["contended: others used 6 % of the CPU"])


def whole(one_case, row, **changes):
    host = machine.host(machine.usable_cpus())
    facts = {"command_line": ["pytorch_training.py"], "start": "2026-11-20T20:00:00Z", "end": "2026-11-20T20:01:00Z",
             "host": host, "isa": machine.effective_isa(),
             "libraries": [{"name": "PyTorch", "version": "2.0", "path": "/torch", "missing": ""}],
             "build": {"compiler": "GCC", "type": "Release", "flags": "-O2"}}
    return run_file.run(one_case, row, **facts | changes)


class PeerRunFile(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "run.json")

    def tearDown(self):
        self.folder.cleanup()

    def validate(self, content):
        run_file.write(self.path, content)
        return subprocess.run([PROGRAM, "validate", self.path], capture_output=True, text=True, check=False)

    def expect_valid(self, content):
        said = self.validate(content)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)

    def test_a_measured_case_is_valid(self):
        for one in (case(), case("gpt2", batch=2)):
            self.expect_valid(whole(one, run_file.row(one, "ok", measured=measured([2.0, 1.0, 3.0, 4.0, 2.5, 2.25]))))

    def test_a_file_that_is_not_of_the_schema_is_refused(self):
        row = run_file.row(case(), "ok", measured=measured([2.0] * 6))
        row["real_time"] = 1.0  # not the median
        self.assertNotEqual(self.validate(whole(case(), row)).returncode, 0)

    def test_a_case_without_time_is_valid(self):
        for status in ("unsupported", "wrong_result", "failed", "not_run"):
            self.expect_valid(whole(case(), run_file.row(case(), status, "why")))

    def test_many_samples_are_thinned_and_counted(self):
        row = run_file.row(case(), "ok", measured=measured([1.0 + i / 4096 for i in range(2500)]))
        self.assertEqual(len(row["gpubench"]["samples_seconds"]), 1000)
        self.assertEqual((row["gpubench"]["samples_seconds"][0], row["gpubench"]["samples_seconds"][-1]),
                         (1.0, 1.0 + 2499 / 4096))
        self.expect_valid(whole(case(), row))

    def test_a_number_that_is_not_finite_is_null(self):
        row = run_file.row(case(), "ok", measured=measured([2.0] * 6))
        row["gpubench"]["telemetry"]["cpu_pressure_seconds"] = float("nan")
        self.expect_valid(whole(case(), row))
        self.assertIsNone(json.loads(pathlib.Path(self.path).read_text())["benchmarks"][0]["gpubench"]["telemetry"]
                          ["cpu_pressure_seconds"])

    def test_names_figures_and_epochs(self):
        row = run_file.row(case(), "ok", measured=measured([2.0, 1.0, 3.0, 4.0, 2.5, 2.25]))
        self.assertEqual(row["name"], "train/resnet50/fp32/b16/d1/pytorch")
        self.assertEqual(row["images_per_second"], 16 / 2.375)
        self.assertEqual(row["epoch_seconds"], 1281167 / row["images_per_second"])
        self.assertEqual(row["gpubench"]["spread"], 0.8125 / 2.375)  # quartiles 2.0625 and 2.875
        tokens = run_file.row(case("gpt2", mode="amp-bf16", batch=2), "ok", measured=measured([0.5] * 6))
        self.assertEqual(tokens["name"], "train/gpt2/amp-bf16/b2s256/d1/pytorch")
        self.assertEqual(tokens["tokens_per_second"], 1024)
        self.assertEqual(tokens["gpubench"]["figure"], "train.gpt2.amp-bf16.tokens_per_second.d1")
        self.assertEqual(run_file.case_name(case(compile=True)), "train/resnet50/fp32/b16/d1/compiled/pytorch")

    def test_the_machine_is_the_one_that_gpubench_sees(self):
        """Equal digests: only then may the two be judged against each other."""
        ours = os.path.join(self.folder.name, "ours.json")
        subprocess.run([PROGRAM, "run", "--suite", "amp", "--case", "/tf32/", "--device", "cpu", "--out", ours],
                       capture_output=True, check=False)
        context = json.loads(pathlib.Path(ours).read_text())["context"]["gpubench"]
        if not context["devices"][0]["isa"]:
            self.skipTest("gpubench finds no oneDNN here")
        mine = whole(case(), run_file.row(case(), "failed", "why"))["context"]["gpubench"]
        for fact in context["host"].keys() - {"load_average"}:
            self.assertEqual(mine["host"][fact], context["host"][fact], fact)
        self.assertEqual(mine["digest"], context["digest"])


class Measuring(unittest.TestCase):
    class Fake:
        def __init__(self):
            self.staged, self.steps = [], []

        def stage(self, first, count):
            self.staged.append((first, count))

        def step(self, number):
            self.steps.append(number)
            return float(number)

    def test_each_step_has_a_batch_of_its_own_that_was_staged_before(self):
        fake = self.Fake()
        found = measuring.measure(fake, 8, 1, {0}, lambda text: None)
        self.assertEqual(fake.staged, [(0, 1), (1, 6), (7, 2)])
        self.assertEqual(fake.steps, list(range(9)))
        self.assertEqual(found.losses, [float(number) for number in range(9)])
        self.assertEqual(len(found.seconds), 8)

    def test_waiting_for_a_disk_is_idle_and_other_processors_do_not_count(self):
        ticks = os.sysconf("SC_CLK_TCK")
        with tempfile.NamedTemporaryFile("w") as file:
            for cpu in ("cpu", "cpu0", "cpu1", "cpu10"):  # user nice system idle iowait irq softirq steal guest
                file.write(cpu + "".join(f" {ticks * seconds}" for seconds in (1, 2, 3, 40, 500, 6, 7, 8, 9, 9)) + "\n")
            file.flush()
            load = measuring.Load.now({1}, file.name)
        self.assertEqual((load.total, load.busy), (567, 27))

    def test_others_are_those_who_were_busy_and_not_this_process(self):
        before = measuring.Load(total=100, busy=50, own=10, switches=5, pressure=1.0)
        telemetry, labels = before.until(measuring.Load(total=120, busy=69, own=27, switches=9, pressure=1.5))
        self.assertEqual(telemetry, {"involuntary_switches": 4, "cpu_pressure_seconds": 0.5, "others_cpu_share": 0.1})
        self.assertEqual(labels, ["contended: others used 10 % of the CPU"])
        self.assertEqual(before.until(measuring.Load(120, 69, 29, 9, None))[1], [])  # 0 %


if __name__ == "__main__":
    unittest.main()
