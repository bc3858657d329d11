"""The real program on the real CPU, with ResNet-50 at a small batch: what a user meets on an ordinary and on a meagre machine.

usage: cpu_program_test.py PROGRAM [unittest arguments]
"""
import contextlib
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = sys.argv.pop(1)
SKIPPED = 77


def run(*words, environment=None, limit_memory=None, cpus=None):
    def prepare():
        if limit_memory:
            resource.setrlimit(resource.RLIMIT_AS, (limit_memory, limit_memory))
        if cpus:
            os.sched_setaffinity(0, cpus)

    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=500, preexec_fn=prepare,
                          env={**os.environ, **(environment or {})})


class CpuProgram(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.out = pathlib.Path(self.folder.name) / "run.json"

    def tearDown(self):
        self.folder.cleanup()

    def measured(self, *words, status=0, network="resnet50", **circumstances):
        ended = run("--suite", "amp", "--case", network, *words, "--out", str(self.out), **circumstances)
        self.assertEqual(ended.returncode, status, ended.stdout + ended.stderr)
        self.assertEqual(run("validate", str(self.out)).returncode, 0)
        rows = json.loads(self.out.read_text())["benchmarks"]
        return ended, {row["gpubench"]["precision"]: row for row in rows}

    def test_every_mode_is_right_or_says_why_not(self):
        ended, rows = self.measured("--batch", "4")
        self.assertEqual(list(rows), ["fp32", "tf32", "amp-fp16", "amp-bf16"])
        self.assertIn("this CPU has no TF32", rows["tf32"]["gpubench"]["reason"])
        for mode in ("fp32", "amp-bf16"):
            row = rows[mode]["gpubench"]
            if row["status"] == "unsupported":  # no BF16 on this CPU
                self.assertEqual(mode, "amp-bf16")
                continue
            self.assertEqual(row["status"], "ok", row["reason"])
            self.assertGreaterEqual(len(row["samples_seconds"]), 6)
            self.assertLessEqual(row["verification"]["error"], 1)
            self.assertGreater(row["verification"]["checked"], 10000)
            self.assertAlmostEqual(rows[mode]["images_per_second"] * row["median_seconds"], 4, delta=1e-6)
            self.assertFalse([key for key, value in row["plan"].items() if value.startswith("ref")])
            if mode == "amp-bf16":
                self.assertGreater(row["parity"]["gradient_cosine"], 0.99)
        self.assertIn("ran ", ended.stdout.splitlines()[-1])

    def test_gpt2_trains_in_every_mode_that_this_cpu_has(self):
        ended, rows = self.measured("--batch", "1", "--sequence", "64", "--accumulate", "2", network="gpt2")
        self.assertEqual(list(rows), ["fp32", "tf32", "amp-fp16", "amp-bf16"])
        self.assertEqual(rows["fp32"]["gpubench"]["status"], "ok", rows["fp32"]["gpubench"]["reason"])
        for row in rows.values():
            ours = row["gpubench"]
            self.assertIn(ours["status"], ("ok", "unsupported"), ours["reason"])
            if ours["status"] == "unsupported":
                continue
            share = 1
            if "steps_skipped" in ours["telemetry"]:
                trained, skipped = ours["telemetry"]["steps_trained"], ours["telemetry"]["steps_skipped"]
                self.assertGreaterEqual(trained + skipped, 7)
                share = trained / (trained + skipped)
            self.assertAlmostEqual(row["tokens_per_second"] * ours["median_seconds"], 128 * share, delta=1e-5)
            self.assertLessEqual(ours["verification"]["error"], 1)
        self.assertIn("2 x (1 x 64) tokens", ended.stdout)

    def rows_of(self, suite, pattern):
        ended = run("--suite", suite, "--case", pattern, "--out", str(self.out))
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertEqual(run("validate", str(self.out)).returncode, 0)
        return ended.stdout, json.loads(self.out.read_text())["benchmarks"]

    def check_measured(self, row, figure, cost):
        ours = row["gpubench"]
        self.assertEqual(ours["status"], "ok", ours["reason"])
        self.assertGreaterEqual(len(ours["samples_seconds"]), 6)
        self.assertGreaterEqual(ours["verification"]["checked"], 256)
        self.assertLessEqual(ours["verification"]["error"], 1)
        self.assertAlmostEqual(row[figure] * ours["median_seconds"], ours["work"][cost], delta=1e-6 * ours["work"][cost])
        self.assertGreater(ours["ceiling"]["flops_per_second"], 0)
        self.assertGreater(ours["ceiling"]["bytes_per_second"], 0)

    def test_matrix_products_are_right_and_held_against_the_ceiling(self):
        out, rows = self.rows_of("gemm", "m1024n1024k1024/nt|m1024n768k768/")
        for row in rows:
            ours = row["gpubench"]
            if ours["status"] == "unsupported":
                self.assertNotEqual(ours["precision"], "fp32")
                continue
            int8 = ours["precision"] == "int8"
            self.check_measured(row, "operations_per_second" if int8 else "flops_per_second", "flops")
            self.assertEqual(ours["verification"]["scope"], "exact" if int8 else "sampled")
            self.assertFalse(ours["plan"]["matmul"].startswith("ref"))
        passes = [row["gpubench"]["layer"]["pass"] for row in rows
                  if "layer" in row["gpubench"] and row["gpubench"]["precision"] == "fp32"]
        self.assertEqual(passes, ["forward", "data gradient"])
        self.assertIn("this CPU has no TF32", out)
        self.assertIn("GPT-2 124M", out)
        self.assertRegex(out, r"\n  fp32: [0-9.]+ TFLOP/s by ")

    def test_convolutions_are_right_in_three_directions(self):
        out, rows = self.rows_of("conv", "n16c512h7k512r3s1")
        measured = [row for row in rows if row["gpubench"]["status"] != "unsupported"]
        self.assertGreaterEqual(len(measured), 3)
        for row in measured:
            self.check_measured(row, "flops_per_second", "flops")
            self.assertEqual(row["gpubench"]["layer"]["count"], 2)
        self.assertIn("weight gradient", out)

    def test_memory_is_measured_warm_and_untouched(self):
        out, rows = self.rows_of("memory", "copy/256mib/(warm|first-touch)/")
        self.assertEqual(len(rows), 2)
        for row in rows:
            self.check_measured(row, "bytes_per_second", "bytes")
            self.assertEqual(row["gpubench"]["verification"]["scope"], "full")
        self.assertIn("GB/s", out)

    def test_a_suite_without_onednn_says_what_to_install(self):
        ended = run("--suite", "gemm", "--case", "m1024n1024k1024/nt", "--out", str(self.out),
                    environment={"GPUBENCH_ONEDNN": "/nonexistent"})
        self.assertEqual(ended.returncode, 3, ended.stdout + ended.stderr)
        self.assertIn("libdnnl", ended.stdout)

    def test_one_core_is_a_machine(self):
        first = min(os.sched_getaffinity(0))
        ended, rows = self.measured("--batch", "1", "--precision", "fp32", cpus={first})
        self.assertEqual(rows["fp32"]["gpubench"]["status"], "ok")
        self.assertRegex(ended.stdout.splitlines()[0], r"\b1 core\b")  # what follows depends on the processor

    def test_a_full_epoch_is_measured_not_derived(self):
        ended, rows = self.measured("--batch", "2", "--precision", "fp32", "--full-epoch", "--epoch-items", "15")
        epoch = rows["fp32"]["gpubench"]["epoch"]
        self.assertTrue(epoch["measured"])
        self.assertEqual(epoch["from_steps"], 8)
        self.assertAlmostEqual(epoch["seconds"], sum(rows["fp32"]["gpubench"]["samples_seconds"]), places=6)

    def test_two_gigabytes_are_too_few_and_the_case_says_so(self):
        _, rows = self.measured("--batch", "32", "--precision", "fp32", status=3, limit_memory=2_000_000_000)
        row = rows["fp32"]["gpubench"]
        self.assertEqual(row["status"], "unsupported")
        self.assertRegex(row["reason"], r"needs .* GB of memory, has .*B")

    def test_without_onednn_every_case_says_what_to_install(self):
        _, rows = self.measured(status=3, environment={"GPUBENCH_ONEDNN": "/nonexistent"})
        self.assertEqual(rows["fp32"]["gpubench"]["status"], "unsupported")
        self.assertIn("libdnnl", rows["fp32"]["gpubench"]["reason"])

    def test_a_capped_instruction_set_is_told_and_has_no_bf16(self):
        ended, rows = self.measured("--precision", "amp-bf16", status=3, environment={"ONEDNN_MAX_CPU_ISA": "AVX2"})
        self.assertIn("BF16", rows["amp-bf16"]["gpubench"]["reason"])
        self.assertIn("ONEDNN_MAX_CPU_ISA", ended.stderr)

    def test_launches_are_repetitions_and_give_an_interval(self):
        ended = run("--suite", "amp", "--case", "resnet50/fp32", "--batch", "2", "--launches", "3", "--out", str(self.out))
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        rows = json.loads(self.out.read_text())["benchmarks"]
        self.assertEqual([(row["repetition_index"], row["repetitions"]) for row in rows], [(0, 3), (1, 3), (2, 3)])
        self.assertEqual(len({row["real_time"] for row in rows}), 3)  # each launch measured for itself
        self.assertRegex(ended.stdout, r"95 % intervals over launches .*\n +fp32: \S+ m?s to \S+ m?s \(3 launches\)")

    def test_a_neighbour_on_the_same_processors_is_told(self):
        with busy_neighbours():
            ended, rows = self.measured("--batch", "2", "--precision", "fp32", "--explain")
        row = rows["fp32"]["gpubench"]
        self.assertGreater(row["telemetry"]["others_cpu_share"], 0.05)
        self.assertGreater(row["telemetry"]["parts_others_cpu_share"], 0.05)
        self.assertRegex(ended.stdout, r"Contended: others used \d+ % of the CPU while the parts were timed")
        self.assertGreater(row["telemetry"]["involuntary_switches"], 0)
        self.assertTrue([label for label in row["labels"] if label.startswith("contended: others used ")], row["labels"])
        self.assertRegex(ended.stdout, r"fp32: contended: others used \d+ % of the CPU")

    def test_each_thread_has_a_processor_of_its_own(self):
        conductor = subprocess.Popen([PROGRAM, "--suite", "amp", "--case", "resnet50", "--batch", "2", "--precision", "fp32", "--out", str(self.out)],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        bindings = []
        while conductor.poll() is None:
            bindings += [affinities_of(worker) for worker in children_of(conductor.pid) if resident_bytes(worker) > 300_000_000]
            time.sleep(0.05)
        self.assertEqual(conductor.returncode, 0)
        usable = json.loads(self.out.read_text())["context"]["gpubench"]["host"]["usable_cpus"]
        most = max(bindings, key=len, default=[])
        self.assertEqual(len(most), usable)
        self.assertEqual(len(set(most)), usable, most)
        self.assertTrue(usable == 1 or all(cpu.isdigit() for cpu in most), most)

    def test_explain_breaks_the_steps_down(self):
        ended, rows = self.measured("--batch", "2", "--precision", "fp32,amp-bf16", "--explain")
        for mode in [mode for mode, row in rows.items() if row["gpubench"]["status"] == "ok"]:
            _, _, told = ended.stdout.partition(f"Where the {mode} step goes\n")
            lines = told.partition("The parts add up to")[0].splitlines()[1:]
            self.assertEqual(len([line for line in lines if line.strip()]), len(rows[mode]["gpubench"]["parts"]))
        for line in ended.stdout.splitlines():
            self.assertLessEqual(len(line), 110)

    def doctor(self, status=0, **circumstances):
        ended = run("doctor", "--json", **circumstances)
        self.assertEqual(ended.returncode, status, ended.stdout + ended.stderr)
        found = json.loads(ended.stdout)
        self.assertEqual(found["verdict"] == "error", status == 1)
        return {check["name"]: check for check in found["checks"]}

    def test_doctor_finds_what_a_run_finds(self):
        checks = self.doctor()
        version, _, path = checks["oneDNN"]["found"].partition(" ")
        self.assertRegex(version, r"^\d+\.\d+\.\d+$")
        self.assertTrue(pathlib.Path(path.strip("()")).exists(), path)
        self.assertRegex(checks["amp"]["found"], r"^[1-8] of 8 cases run")
        self.assertEqual(len(os.sched_getaffinity(0)), int(re.search(r"\((\d+) of", checks["allowed CPUs"]["found"])[1]))
        self.assertEqual(run("doctor").returncode, 0)

    def test_doctor_names_what_is_missing(self):
        checks = self.doctor(status=1, environment={"GPUBENCH_ONEDNN": "/nonexistent"})
        self.assertEqual(checks["oneDNN"]["verdict"], "error")
        self.assertIn("GPUBENCH_ONEDNN is set to /nonexistent", checks["oneDNN"]["advice"])
        self.assertNotEqual(checks["amp"]["verdict"], "ok")

    def test_doctor_tells_what_narrows_the_machine(self):
        first = min(os.sched_getaffinity(0))
        checks = self.doctor(cpus={first}, limit_memory=2_000_000_000, environment={"OMP_PROC_BIND": "false"})
        self.assertTrue(checks["allowed CPUs"]["found"].startswith(f"{first} (1 of "))
        self.assertEqual(checks["allowed CPUs"]["verdict"], "ok" if os.cpu_count() == 1 else "warning")
        self.assertEqual(checks["address space"]["verdict"], "warning")
        self.assertEqual(checks["OMP_PROC_BIND"]["verdict"], "warning")

    def test_doctor_names_who_else_is_running(self):
        with busy_neighbours() as neighbours:
            time.sleep(0.3)
            checks = self.doctor()
        self.assertEqual(checks["CPU use of others"]["verdict"], "warning")
        self.assertRegex(checks["processes"]["found"], rf"\(pid {neighbours[0].pid}\)|and \d+ more")  # a crowd may hide it

    def test_a_worker_killed_in_the_middle_costs_one_case(self):
        conductor = subprocess.Popen([PROGRAM, "--suite", "amp", "--case", "resnet50", "--batch", "2", "--out", str(self.out)],
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        killed = False
        while conductor.poll() is None and not killed:
            for worker in children_of(conductor.pid):
                if resident_bytes(worker) > 300_000_000:  # it trains
                    os.kill(worker, signal.SIGKILL)
                    killed = True
            time.sleep(0.01)
        out, _ = conductor.communicate(timeout=500)
        self.assertTrue(killed, out)
        rows = [row["gpubench"] for row in json.loads(self.out.read_text())["benchmarks"]]
        self.assertEqual(conductor.returncode, 3, out)
        self.assertEqual([row["reason"] for row in rows if row["status"] == "failed"], ["killed by signal 9 (SIGKILL)"])
        supported = [row for row in rows if row["status"] != "unsupported"]
        self.assertEqual(len([row for row in rows if row["status"] == "ok"]), len(supported) - 1)


@contextlib.contextmanager
def busy_neighbours():
    """Processes that compute, on half of the processors: seen on a large machine as well."""
    count = (len(os.sched_getaffinity(0)) + 1) // 2
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def children_of(parent):
    return [int(child) for child in pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def affinities_of(process):
    """The processors that each thread may run on, as the kernel lists them."""
    found = []
    for status in pathlib.Path(f"/proc/{process}/task").glob("*/status"):
        try:
            lines = status.read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        found += [line.split()[1] for line in lines if line.startswith("Cpus_allowed_list:")]
    return found


def resident_bytes(process):
    try:
        return int(pathlib.Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (FileNotFoundError, ProcessLookupError):
        return 0


if __name__ == "__main__":
    listed = run("list", "amp", "--json")
    if "onednn" not in listed.stdout:
        print("no oneDNN back-end in this build: skipped")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
