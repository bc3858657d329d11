"""The program with the CUDA plug-in, from the command line to the run file, on machines that are only described: kernels run
under the emulator, time is made up (fake_runtime/fake_device.hpp), and NVML speaks for a DGX (nvml/fake_machine.hpp).

Libraries are played too (cublaslt/fake_cublaslt.cpp, fake_cudnn/node.hpp).

usage: cuda_program_test.py PROGRAM FAKE_NVML TOPOLOGIES FAKE_CUBLASLT FAKE_CUDNN [unittest arguments]
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM, FAKE_NVML, TOPOLOGIES = sys.argv.pop(1), sys.argv.pop(1), pathlib.Path(sys.argv.pop(1))
FAKE_CUBLASLT, FAKE_CUDNN = sys.argv.pop(1), sys.argv.pop(1)


def run(*words, topology="dgx_h100", faults="", **environment):
    named = {f"GPUBENCH_FAKE_CUDA_{name.upper()}": str(value) for name, value in environment.items()
             if not name.startswith(("CUDA_", "GPUBENCH_"))}
    own = {name: value for name, value in environment.items() if name.startswith(("CUDA_", "GPUBENCH_"))}
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=120, env={
        **os.environ, "GPUBENCH_NVML": FAKE_NVML, "GPUBENCH_FAKE_NVML": str(TOPOLOGIES / f"{topology}.json"),
        "GPUBENCH_FAKE_NVML_FAULTS": faults, "GPUBENCH_CUBLASLT": FAKE_CUBLASLT, "GPUBENCH_CUDNN": FAKE_CUDNN, **named, **own})


class CudaProgram(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.out = self.folder / "run.json"

    def measured(self, *words, status=0, budget=20, **circumstances):
        self.ended = run(*words, "--out", str(self.out), "--budget", str(budget), **circumstances)
        self.assertEqual(self.ended.returncode, status, self.ended.stdout + self.ended.stderr)
        validated = run("validate", str(self.out))
        self.assertEqual(validated.returncode, 0, validated.stdout)
        self.run = json.loads(self.out.read_text())
        return {row["name"]: row for row in self.run["benchmarks"]}

    def once(self):
        """A file that lets a fault happen in one worker only."""
        file = self.folder / "fault"
        file.touch()
        return file


class Suites(CudaProgram):
    def test_every_pass_is_right_or_says_why_not(self):
        rows = self.measured("--suite", "memory")
        for loop in ("copy", "scale", "add", "triad"):
            row = rows[f"memory/fp32/{loop}/16kib/warm/gpubench"]
            self.assertEqual(row["gpubench"]["status"], "ok", row["gpubench"]["reason"])
            self.assertAlmostEqual(row["gpubench"]["median_seconds"], 0.005, places=6)
            self.assertEqual(row["gpubench"]["verification"]["scope"], "full")
            self.assertEqual(row["gpubench"]["settle"]["outcome"], "steady")
        self.assertEqual(rows["memory/fp32/copy/16kib/warm/ce"]["gpubench"]["status"], "ok")
        self.assertIn("only copies", rows["memory/fp32/add/16kib/warm/ce"]["gpubench"]["reason"])
        self.assertIn("no pages that are new", rows["memory/fp32/triad/16kib/first-touch/gpubench"]["gpubench"]["reason"])
        self.assertIn("needs 403 MB of memory, has", rows["memory/fp32/triad/128mib/warm/gpubench"]["gpubench"]["reason"])

    def test_a_row_has_the_telemetry_of_its_window(self):
        rows = self.measured("--suite", "launch")
        telemetry = rows["launch/none/chain4/graph/gpubench"]["gpubench"]["telemetry"]
        self.assertAlmostEqual(telemetry["sm_clock_hz"], 1e9, delta=1e7)  # of clock64 and globaltimer, not of NVML
        self.assertEqual(telemetry["ecc_uncorrected"], 0)
        self.assertIn("celsius_max", telemetry)
        self.assertAlmostEqual(telemetry["sm_clock_polled_hz"], 1.98e9, delta=1e7)
        first = [row["gpubench"]["telemetry"]["first_use_seconds"] for row in rows.values()
                 if "first_use_seconds" in row["gpubench"]["telemetry"]]
        self.assertEqual(len(first), 1)  # whoever came first paid for all
        self.assertGreater(first[0], 0)
        self.assertEqual({row["gpubench"]["settle"]["outcome"] for row in rows.values()}, {"steady"})

    def test_launches_are_told_each(self):
        rows = self.measured("--suite", "launch")
        for row in rows.values():
            self.assertAlmostEqual(row["seconds_per_launch"], 0.005, places=6)
        self.assertAlmostEqual(rows["launch/none/chain4/stream/gpubench"]["gpubench"]["median_seconds"], 0.02, places=5)
        self.assertIn("µs", self.ended.stdout)

    def test_the_run_file_says_what_the_gpus_are(self):
        self.measured("--suite", "launch")
        context = self.run["context"]["gpubench"]
        self.assertEqual(context["devices"][0]["pci"], "00000000:1B:00.0")
        self.assertEqual({library["name"] for library in context["devices"][0]["libraries"]},
                         {"cuBLASLt", "cuDNN", "NCCL", "CUPTI"})
        self.assertEqual(context["gpus"]["driver"], "580.65.06")
        self.assertEqual(len(context["gpus"]["gpus"]), 8)
        self.assertEqual(context["gpus"]["plugin"], "cuda13")

    def test_without_nvml_there_is_less_to_tell_and_nothing_fails(self):
        ended = subprocess.run([PROGRAM, "--suite", "launch", "--out", str(self.out), "--budget", "8"], capture_output=True,
                               text=True, env={**os.environ, "GPUBENCH_NVML": "/nowhere/libnvidia-ml.so.1"})
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        context = json.loads(self.out.read_text())["context"]["gpubench"]
        self.assertIn("/nowhere/libnvidia-ml.so.1", context["gpus"]["nvml_missing"])


class Products(CudaProgram):
    SHAPE = "m48n16k32/nt/hot"

    def test_every_format_is_right_with_its_plan(self):
        rows = self.measured("--suite", "gemm", "--case", "/cublaslt$")
        for case in [f"gemm/{one}/{self.SHAPE}" for one in ("fp32", "tf32", "fp16", "bf16", "int8")] + [
                f"gemm/bf16/{self.SHAPE}/bias-gelu",
                f"gemm/bf16/{self.SHAPE}/gelu-gradient", "gemm/bf16/m48n16k32/nt/cold"]:
            ours = rows[f"{case}/cublaslt"]["gpubench"]
            self.assertEqual(ours["status"], "ok", (case, ours["reason"]))
            self.assertEqual(ours["verification"]["against"], "oracle")
            self.assertEqual(ours["plan"]["chosen by"], "the library's heuristic, its first")
            self.assertEqual(ours["cache"], "cold" if "cold" in case else "rotated")
        searched = rows[f"gemm/bf16/{self.SHAPE}/searched/cublaslt"]["gpubench"]
        self.assertIn("no. 3 of 3", searched["plan"]["chosen by"])
        self.assertIn("tile no. 600", searched["plan"]["matmul"])
        self.assertIn("needs compute capability 8.9", rows[f"gemm/fp8/{self.SHAPE}/promoted/cublaslt"]["gpubench"]["reason"])
        self.assertIn("cuSPARSELt", rows[f"gemm/bf16/{self.SHAPE}/sparse24/cublaslt"]["gpubench"]["reason"])

    def test_our_own_are_beside_the_librarys(self):
        for capability, precision, variant in ((80, "bf16", ""), (90, "bf16", ""), (90, "fp8", "/promoted")):
            case = f"gemm/{precision}/{self.SHAPE}{variant}"
            rows = self.measured("--suite", "gemm", "--case", f"^{case}/(cublaslt|gpubench)$", "--force", budget=1, capability=capability)
            self.assertEqual(set(rows), {f"{case}/cublaslt", f"{case}/gpubench"})
            ours = rows[f"{case}/gpubench"]["gpubench"]
            self.assertEqual(ours["status"], "ok", (case, ours["reason"]))
            self.assertEqual(ours["verification"]["against"], "oracle")
            self.assertIn("a prediction, of", ours["plan"]["chosen by"])
            self.assertIn(f"{case}/gpubench", self.ended.stdout)

    def test_what_our_own_cannot_do_has_its_sentence(self):
        listed = run("list", "gemm").stdout
        for case, why in (("int8/{}", "INT8 products of our own"), ("bf16/{}/gelu-gradient", "sums beside the result"),
                          ("fp8/{}/promoted", "needs compute capability 9.0, this GPU has 8.0")):
            self.assertRegex(listed, f"gemm/{case.format(self.SHAPE)}/gpubench +cuda:0 +unsupported: .*{why}")

    def test_several_kinds_of_data_are_one_option_away(self):
        rows = self.measured("--suite", "gemm", "--case", f"bf16/{self.SHAPE}/(normal/|zeros/|)cublaslt",
                             "--data", "zeros,uniform,normal")
        self.assertEqual({name: row["gpubench"]["input"]["distribution"] for name, row in rows.items()}, {
            f"gemm/bf16/{self.SHAPE}/cublaslt": "uniform, variance 1",
            f"gemm/bf16/{self.SHAPE}/normal/cublaslt": "normal, variance 1",
            f"gemm/bf16/{self.SHAPE}/zeros/cublaslt": "zeros"})
        self.assertIn(" W ", self.ended.stdout)

    def test_runs_are_enqueued_as_a_graph_unless_that_is_refused(self):
        case = f"gemm/bf16/{self.SHAPE}/cublaslt"
        self.assertIn("as a graph of", self.measured("--suite", "gemm", "--case", f"^{case}$")[case]["gpubench"]["plan"]["enqueued"])
        rows = self.measured("--suite", "gemm", "--case", f"^{case}$", "--no-graph", "--force")
        self.assertNotIn("enqueued", rows[case]["gpubench"]["plan"])

    def test_a_library_that_is_wrong_is_found(self):
        rows = self.measured("--suite", "gemm", "--case", "gemm/(fp32|bf16)/m48n16k32/nt/hot/cublaslt", status=1,
                             GPUBENCH_FAKE_CUBLASLT="tf32")
        self.assertEqual({name: row["gpubench"]["status"] for name, row in rows.items()}, {
            f"gemm/fp32/{self.SHAPE}/cublaslt": "wrong_result", f"gemm/bf16/{self.SHAPE}/cublaslt": "ok"})

    def test_without_the_library_its_cases_say_so_and_others_run(self):
        rows = self.measured("--suite", "gemm,launch", "--case", "cublaslt|chain4", GPUBENCH_CUBLASLT="/nowhere")
        self.assertIn("/nowhere", rows[f"gemm/fp32/{self.SHAPE}/cublaslt"]["gpubench"]["reason"])
        self.assertEqual(rows["launch/none/chain4/graph/gpubench"]["gpubench"]["status"], "ok")


class Convolutions(CudaProgram):
    def test_every_direction_precision_and_fusion_is_right(self):
        rows = self.measured("--suite", "conv")
        self.assertEqual(len(rows), 4 * 3 + 4)
        for name, row in rows.items():
            self.assertEqual(row["gpubench"]["status"], "ok", f"{name}: {row['gpubench']['reason']}")
            self.assertEqual(row["gpubench"]["verification"]["against"], "oracle")
            self.assertGreater(row["flops_per_second"], 0)
        self.assertIn("conv/bf16/fprop/n2c3h7w6k5r3s2/bnrelu-bn-stats/cudnn", rows)

    def test_the_plan_says_what_was_chosen_and_why(self):
        rows = self.measured("--suite", "conv", "--case", "fprop/n2c3h7w6k5r3s2/cudnn")
        plans = {name.split("/")[1]: row["gpubench"]["plan"] for name, row in rows.items()}
        # Of the fake's engines, best first, no. 2 is not deterministic, and 0 multiplies FP32 in TF32; both say so.
        self.assertEqual({precision: plan["engine"] for precision, plan in plans.items()},
                         {"fp32": "1", "tf32": "0", "fp16": "0", "bf16": "0"})
        self.assertEqual(plans["fp32"]["numerics"], "none noted")
        self.assertEqual(plans["tf32"]["numerics"], "tensor cores")
        self.assertEqual(plans["fp32"]["heuristics"], "A, rank 3 of 3")
        self.assertEqual(plans["bf16"]["knobs"], "tile size 4")
        self.assertIn("as a graph of", plans["bf16"]["enqueued"])
        self.assertIn("256 bytes", plans["bf16"]["workspace"])

    def test_a_plan_that_is_not_deterministic_is_the_last_choice_and_says_so(self):
        case = "conv/bf16/fprop/n2c3h7w6k5r3s2/cudnn"
        row = self.measured("--suite", "conv", "--case", f"^{case}$", GPUBENCH_FAKE_CUDNN_BUG="not-deterministic")[case]["gpubench"]
        self.assertEqual(row["status"], "ok", row["reason"])
        self.assertEqual(row["plan"]["numerics"], "not deterministic")
        self.assertIn("no deterministic one fits", row["plan"]["heuristics"])

    def test_runs_are_enqueued_as_a_graph_unless_that_is_refused(self):
        case = "conv/bf16/wgrad/n2c3h7w6k5r3s2/cudnn"
        for words, graph in (((), True), (("--no-graph", "--force"), False)):
            plan = self.measured("--suite", "conv", "--case", f"^{case}$", *words)[case]["gpubench"]["plan"]
            self.assertEqual("as a graph of" in plan.get("enqueued", ""), graph)

    def test_an_engine_that_reads_filters_wrong_is_wrong(self):
        rows = self.measured("--suite", "conv", "--case", "bf16/.*/n2c3h7w6k5r3s2/cudnn", status=1, GPUBENCH_FAKE_CUDNN_BUG="filter-strides")
        self.assertEqual({name.split("/")[2]: row["gpubench"]["status"] for name, row in rows.items()},
                         {"fprop": "wrong_result", "dgrad": "wrong_result", "wgrad": "ok"})  # that reads none

    def test_operands_taken_for_each_other_are_wrong(self):
        rows = self.measured("--suite", "conv", "--case", "/bn-stats", status=1, GPUBENCH_FAKE_CUDNN_BUG="swapped-ids")
        (row,) = rows.values()
        self.assertEqual(row["gpubench"]["status"], "wrong_result")
        self.assertIn("of result 2 is", row["gpubench"]["reason"])

    def test_what_cudnn_cannot_plan_is_unsupported_with_its_reason(self):
        rows = self.measured("--suite", "conv", status=3, GPUBENCH_FAKE_CUDNN_BUG="no-plan")
        self.assertEqual({row["gpubench"]["status"] for row in rows.values()}, {"unsupported"})
        self.assertIn("cuDNN has no bf16 plan for convolution forward bf16",
                      rows["conv/bf16/fprop/n2c3h7w6k5r3s2/cudnn"]["gpubench"]["reason"])

    def test_without_cudnn_the_reason_is_where_it_was_looked_for(self):
        rows = self.measured("--suite", "conv", status=3, GPUBENCH_CUDNN="/nowhere/libcudnn.so.9")
        for row in rows.values():
            self.assertIn("/nowhere/libcudnn.so.9", row["gpubench"]["reason"])


class Later(CudaProgram):
    def test_what_a_gpu_cannot_run_yet_is_unsupported_with_the_way_out(self):
        rows = self.measured("--suite", "later", status=3)
        self.assertEqual(set(rows), {"train/resnet50/amp-bf16/b2/d1/cudnn"})
        for row in rows.values():
            self.assertEqual(row["gpubench"]["status"], "unsupported")
            self.assertIn("--device cpu", row["gpubench"]["reason"])


class Devices(CudaProgram):
    def test_one_is_chosen_by_number_or_uuid(self):
        for device in ("cuda:1", "GPU-11111111-1111-1111-1111-111111111111"):
            rows = self.measured("--suite", "launch", "--device", device, "--force", devices=2)
            self.assertEqual({row["gpubench"]["device"] for row in rows.values()}, {"cuda:1"})

    def test_all_are_run_and_told_apart(self):
        rows = self.measured("--suite", "launch", "--case", "chain4/graph", devices=2)
        self.assertEqual(set(rows), {f"launch/none/chain4/graph/gpubench@cuda:{i}" for i in (0, 1)})

    def test_a_slice_is_chosen_by_its_uuid(self):
        self.measured("--suite", "launch", "--case", "chain4/graph", "--device", "MIG-1234")
        device = self.run["context"]["gpubench"]["devices"][0]
        self.assertEqual(device["uuid"], "MIG-1234")
        self.assertEqual(device["features"], ["MIG slice of 4 multiprocessors"])
        self.assertEqual(self.run["context"]["gpubench"]["environment"]["CUDA_VISIBLE_DEVICES"], "MIG-1234")

    def test_one_that_is_not_there_ends_with_those_that_are(self):
        ended = run("--suite", "launch", "--device", "cuda:7")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("there is no device cuda:7; there are: cuda:0", ended.stderr)

    def test_every_way_to_have_none_has_its_sentence(self):
        for status, driver, sentence in ((35, None, "no NVIDIA driver"), (34, None, "stub"),
                                         (802, None, "fabric manager"), (803, None, "differ"),
                                         (100, "", "CUDA_VISIBLE_DEVICES is ''")):
            visible = {} if driver is None else {"CUDA_VISIBLE_DEVICES": driver}
            ended = run("--suite", "launch", status=status, **visible)
            self.assertEqual(ended.returncode, 2)
            self.assertIn(sentence, ended.stderr)


class Faults(CudaProgram):
    def test_a_kernel_that_loses_the_device_costs_its_case_only(self):
        rows = self.measured("--suite", "launch", status=3, fault="700@5", fault_file=self.once())
        failed = [row["gpubench"] for row in rows.values() if row["gpubench"]["status"] != "ok"]
        self.assertEqual([row["status"] for row in failed], ["failed"])
        self.assertIn("the device is lost to this process", failed[0]["reason"])
        self.assertIsNone(failed[0]["finding"])  # a program can do that

    def test_an_uncorrectable_error_is_a_finding_about_the_node(self):
        rows = self.measured("--suite", "launch", status=1, fault="214@5", fault_file=self.once())
        found = [row["gpubench"]["finding"] for row in rows.values() if row["gpubench"]["finding"]]
        self.assertEqual([finding["verdict"] for finding in found], ["degraded"])
        self.assertIn("uncorrectable ECC", found[0]["reason"])

    def test_one_that_is_lost_again_is_left_alone(self):
        rows = self.measured("--suite", "launch", status=3, fault="700@5")
        self.assertEqual(sorted(row["gpubench"]["status"] for row in rows.values()),
                         ["failed", "failed", "not_run", "not_run"])

    def test_when_one_falls_off_the_bus_the_others_are_still_themselves(self):
        file = self.once()
        rows = self.measured("--suite", "launch", status=1, devices=2, fault="719@5", fault_file=file, gone_without=file)
        rest = [row["gpubench"] for row in rows.values() if row["gpubench"]["status"] != "failed"]
        self.assertEqual(len(rest), len(rows) - 1)  # the case in which it was lost, whichever came first
        for row in rest:
            seen = row["status"] if row["device"] == "cuda:1" else (row["finding"] or {}).get("verdict")
            self.assertEqual(seen, "ok" if row["device"] == "cuda:1" else "gone", row)

    def test_heat_is_a_finding_after_a_second_try(self):
        rows = self.measured("--suite", "launch", "--case", "chain4/graph", status=1, faults="throttle:0")
        row = rows["launch/none/chain4/graph/gpubench"]["gpubench"]
        self.assertEqual(row["status"], "ok")
        self.assertEqual(row["finding"]["verdict"], "degraded")
        self.assertIn(row["finding"]["reason"][:30], self.ended.stdout)

    def test_a_power_cap_is_a_label(self):
        rows = self.measured("--suite", "launch", "--case", "chain4/graph", faults="powercap:0")
        labels = rows["launch/none/chain4/graph/gpubench"]["gpubench"]["labels"]
        self.assertTrue(any("power cap" in label for label in labels), labels)


class Doctor(CudaProgram):
    def test_a_healthy_dgx_passes_and_is_read_under_load(self):
        ended = run("doctor")
        self.assertIn("8 x NVIDIA H100", ended.stdout)
        self.assertIn("under load", ended.stdout)

    def test_a_fault_is_named_with_its_gpu(self):
        ended = run("doctor", faults="lost:3")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("gpu 3\n  error", ended.stdout)

    def test_its_json_is_what_its_schema_says(self):
        checks = json.loads(run("doctor", "--json", faults="pcie:0:3x8").stdout)["checks"]
        self.assertTrue(any("8" in check["found"] and check["verdict"] == "warning" for check in checks
                            if "pcie" in check["name"].lower()), checks)


if __name__ == "__main__":
    unittest.main()
