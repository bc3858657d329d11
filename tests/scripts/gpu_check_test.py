"""scripts/gpu_check with a driver and programs that are made up: what it calls shown, failed and open."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/gpu_check"
GPU = "echo 'NVIDIA H200, 580.95.05'"
SANITIZER = 'shift 2; "$@"'
PASSED = "echo '[  PASSED  ] 90 tests.'"

# A gpubench that runs every case it is asked for and takes for it what its settings say.
GPUBENCH = '''
import json, os, pathlib, re, sys, time
fake = json.loads(pathlib.Path(__file__).with_name("fake.json").read_text())
words = sys.argv[1:]
if words == ["--version"]:
    print("gpubench 0.1.0", fake.get("version", ""))
elif words[0] == "doctor":
    print(json.dumps({"checks": [{"verdict": "ok"}, {"verdict": "warning"}]}) if fake.get("doctor", True) else "what?")
elif words == ["list"]:
    print(fake.get("list", "no device of back-end cuda13: the NVIDIA driver shows no device: CUDA_VISIBLE_DEVICES is ''"))
elif words[0] == "list":
    print(json.dumps({"devices": [{"kind": fake.get("kind", "cuda"), "model": "H200"}], "absent": ["cuda13: none"]}))
else:
    time.sleep(fake.get("sleep", 0))
    value = lambda flag: words[words.index(flag) + 1] if flag in words else None
    suite, pattern = value("--suite"), value("--case") or ""
    cases = {"memory": ["memory/fp32/copy/256mib/warm/gpubench", "memory/fp32/copy/256mib/warm/ce", "memory/fp32/triad/256mib/gpubench"],
             "launch": ["launch/none/empty/stream/gpubench"],
             "gemm": ["gemm/bf16/m4096n4096k4096/nt/hot/cublaslt", "gemm/bf16/m4096n4096k4096/nt/hot/normal/cublaslt",
                      "gemm/bf16/m4096n4096k4096/nt/hot/zeros/cublaslt", "gemm/fp32/m4096n4096k4096/nt/hot/cublaslt",
                      "gemm/fp8/m16n17k16/nt/hot/fast/cublaslt", "gemm/fp8/m16n16k16/nt/hot/fast/cublaslt",
                      "gemm/bf16/m4096n4096k4096/nt/hot/gpubench", "gemm/fp32/m4096n4096k4096/nt/hot/gpubench",
                      "gemm/fp8/m16n16k16/nt/hot/fast/gpubench"],
             "conv": [f"conv/{precision}/fprop/n16{fused}/cudnn" for precision in ("fp32", "tf32", "fp16", "bf16")
                      for fused in ("", "/bn-stats")]}[suite]
    rows = []
    for name in cases:
        if not re.search(pattern, name) or name in fake.get("lacks", []):
            continue
        ragged = "fp8" in name and (fake.get("no_fp8") or "n17" in name)
        readings = fake.get("telemetry", {"sm_clock_hz": 1.9e9, "sm_clock_polled_hz": 1.88e9, "memory_clock_hz": 2.6e9, "celsius_max": 40})
        if suite == "gemm" and not fake.get("powerless"):
            readings = {**readings, "watts": fake.get("zeros", 300) if "zeros" in name else 600}
        seconds = fake.get(name, fake.get(name.rsplit("/")[-1], 1e-3)) * (1 if os.environ.get("GPUBENCH_NVML") else 1 + fake.get("cost", 0))
        rows.append({"run_name": name, "repetition_index": 0, "seconds_per_launch": 2e-6, "flops_per_second": 2e14, "name": name, "gpubench": {"status": "unsupported" if ragged else fake.get("status", "ok"),
                     "reason": fake.get("reason", "FP8 wants multiples") if ragged else None, "verification": {"error": 0.25},
                     "plan": {"arithmetic": fake.get("arithmetic", "FMA of fp32, sums in fp32")}, "settle": {"outcome": fake.get("settle", "steady"), "seconds": 4},
                     "finding": fake.get("finding"), "device": fake.get("device", "cuda:0"), "median_seconds": seconds,
                     "work": {"bytes": 5e8, "flops": 6e11}, "telemetry": readings}})
    gpus = {"nvml_missing": "no NVML", "gpus": [{"pci": fake.get("pci", "1B"), "sm_clock_limit": 1.98e9}]}
    context = {"gpubench": {"devices": [{"pci": "1B"}], "gpus": gpus}}
    pathlib.Path(value("--out")).write_text(json.dumps({"context": context, "benchmarks": rows}))
    print("ran", len(rows))
    sys.exit(fake.get("exit", 0))
'''


def check(folder, nvidia_smi=GPU, tests=PASSED, sanitizer=SANITIZER, only=(), fake=None, more=(), cudnn="/nonexistent"):
    """(exit status, output) with these programs, each the text of a shell script; None: it is not there."""
    for path, text in (("path/nvidia-smi", nvidia_smi), ("path/compute-sanitizer", sanitizer),
                       ("build/bin/gpubench_device_tests", tests)):
        write(folder / path, text and f"#!/bin/sh\n{text}\n")
    write(folder / "build/bin/gpubench", None if fake is False else f"#!{sys.executable}\n{GPUBENCH}")
    (folder / "build/bin/fake.json").write_text(json.dumps(fake or {}))
    path = f"{folder}/path:{pathlib.Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run([sys.executable, SCRIPT, "--build", folder / "build", *more, *(["--only", *only] if only else [])],
                          cwd=folder, text=True, capture_output=True,
                          env={**os.environ, "PATH": path, "GPUBENCH_CUDNN": cudnn})
    return done.returncode, done.stdout + done.stderr


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    if text is not None:
        file.write_text(text)
        file.chmod(0o755)


def verdicts():
    """(name, arguments of check(), exit status, what the output says)"""
    code, pair = ["device-code"], "memory/fp32/copy/256mib/warm"
    return [
        ("all well", dict(only=code), 0, "shown   device-code       90 tests."),
        ("no driver", dict(nvidia_smi="exit 9", only=code), 3, "open    device-code       not shown: no GPU"),
        ("no GPU: every item says so", dict(nvidia_smi="exit 9"), 3, "open    telemetry-cost    not shown: no GPU"),
        ("some were skipped", dict(tests=PASSED + "; echo '[  SKIPPED ] 3 tests, listed below:'", only=code), 0,
         "90 tests. Skipped: 3."),
        ("a test failed", dict(tests=PASSED + "; exit 1", only=code), 1, "failed  device-code       exit status 1"),
        ("nothing was tested", dict(tests="true", only=code), 1, "failed  device-code       exit status 0"),
        ("the program found none", dict(tests="echo 'no device visible'; exit 77", only=code), 3,
         "open    device-code       no device visible"),
        ("not built", dict(tests=None, only=code), 3, "is not built"),
        ("sanitizer clean", dict(only=["memcheck"]), 0, "shown   memcheck"),
        ("sanitizer finds something", dict(sanitizer=SANITIZER + "; exit 88", only=["racecheck"]), 1, "failed  racecheck"),
        ("two items", dict(only=["device-code", "synccheck"]), 0, "shown 2, failed 0, open 0"),
        ("no such item", dict(only=["nothing"]), 2, "there is no item nothing"),
        ("no time", dict(more=["--minutes", "0"]), 2, "a time above 0 is wanted"),
        ("facts", dict(only=["device-facts"]), 0, "1 x H200; doctor: 2 checks, 0 errors, 1 warnings"),
        ("facts without a GPU", dict(fake={"kind": "cpu"}, only=["device-facts"]), 1, "gpubench list finds no GPU: cuda13: none"),
        ("facts that are no JSON", dict(fake={"doctor": False}, only=["device-facts"]), 1, "failed  device-facts      JSONDecodeError"),
        ("no gpubench", dict(fake=False, only=["memory"]), 3, "is not built"),
        ("memory", dict(only=["memory"]), 0, "3 cases ok, at most 500 GB/s"),
        ("memory is wrong", dict(fake={"status": "wrong_result"}, only=["memory"]), 1, "wrong_result"),
        ("memory is degraded", dict(fake={"finding": {"verdict": "degraded"}}, only=["memory"]), 1, "not ok"),
        ("memory on the CPU", dict(fake={"device": "cpu"}, only=["memory"]), 1, "not measured on a GPU"),
        ("memory ends badly", dict(fake={"exit": 3}, only=["memory"]), 1, "gpubench ends with 3"),
        ("no case", dict(fake={"status": "unsupported"}, only=["launch"]), 1, "no case ran"),
        ("launch", dict(only=["launch"]), 0, "1 cases ok, at least 2.00 us per launch"),
        ("convolutions", dict(only=["conv-oracle"]), 0, "8 cases ok; bf16 TFLOP/s 200, bf16 error / its bound 0.25, fp16"),
        ("a wrong convolution", dict(fake={"status": "wrong_result"}, only=["conv-oracle"]), 1, "wrong_result"),
        ("no TF32", dict(fake={"lacks": [f"conv/tf32/fprop/n16{fused}/cudnn" for fused in ("", "/bn-stats")]}, only=["conv-oracle"]), 1,
         "nothing ran in tf32"),
        ("nothing fused", dict(fake={"lacks": [f"conv/{precision}/fprop/n16/bn-stats/cudnn" for precision in ("fp32", "tf32", "fp16", "bf16")]},
                               only=["conv-oracle"]), 1, "no fused convolution ran"),
        ("plans alike", dict(only=["conv-plans"]), 0, "shown   conv-plans        90 tests."),
        ("plans that differ", dict(tests="exit 1", only=["conv-plans"]), 1, "failed  conv-plans"),
        ("no cuDNN for plans", dict(tests="echo 'a_test.cpp:7: Skipped'; echo 'libcudnn.so.9 not found'; echo '[  SKIPPED ] A.B (0 ms)';" + PASSED.replace("90", "0"),
                                    only=["conv-plans"]), 3, "open    conv-plans        libcudnn.so.9 not found"),
        ("copy as fast as the copy engine", dict(only=["copy-bandwidth"]), 0, "1.000 of cudaMemcpyAsync's rate"),
        ("copy far slower", dict(fake={"gpubench": 2e-3}, only=["copy-bandwidth"]), 1, "0.500 of cudaMemcpyAsync's rate"),
        ("copy faster", dict(fake={"gpubench": 0.8e-3}, only=["copy-bandwidth"]), 0, "1.250 of cudaMemcpyAsync's rate"),
        ("no copy engine", dict(fake={"lacks": [pair + "/ce"]}, only=["copy-bandwidth"]), 1, "only gpubench ran"),
        ("telemetry", dict(only=["telemetry"]), 0, "SM clock 1900 MHz as the device counted it, 1.011 of NVML's, 0.960 of"),
        ("not settled", dict(fake={"settle": "timed out"}, only=["telemetry"]), 1, "did not settle: timed out"),
        ("clocks that differ", dict(fake={"telemetry": {"sm_clock_hz": 1e9, "sm_clock_polled_hz": 1.9e9, "memory_clock_hz": 1,
                                                        "celsius_max": 1}}, only=["telemetry"]), 1, "0.526 of NVML's"),
        ("no clock", dict(fake={"telemetry": {"celsius_max": 40}}, only=["telemetry"]), 1, "no sm_clock_hz, sm_clock_polled_hz, memory_clock_hz"),
        ("a clock that cannot be", dict(fake={"telemetry": {"sm_clock_hz": 3e9, "sm_clock_polled_hz": 3e9, "memory_clock_hz": 1, "celsius_max": 1}},
                                        only=["telemetry"]), 1, "1.515 of its limit"),
        ("a GPU that NVML does not know", dict(fake={"pci": "2C"}, only=["telemetry"]), 1, "NVML does not know 1B: no NVML"),
        ("telemetry costs nothing", dict(only=["telemetry-cost"]), 0, "+0.000 % with NVML, the median of 8 pairs"),
        ("telemetry costs 0.1 %", dict(fake={"cost": 0.001}, only=["telemetry-cost"]), 0, "+0.100 % with NVML"),
        ("telemetry costs 1 %", dict(fake={"cost": 0.01}, only=["telemetry-cost"]), 1, "+1.000 % with NVML"),
        ("products", dict(only=["gemm-oracle"]), 0,
         "5 products right in bf16, fp32, fp8, 1 refused by a rule; the largest error is 0.25 of its bound; at most 600 TFLOP/s"),
        ("a product refused without a rule", dict(fake={"reason": "cuBLASLt has no algorithm"}, only=["gemm-oracle"]), 1,
         "1 unsupported without a rule, first gemm/fp8/m16n17k16/nt/hot/fast/cublaslt: cuBLASLt has no algorithm"),
        ("FP32 by Tensor Cores", dict(fake={"arithmetic": "HMMA of tf32"}, only=["gemm-oracle"]), 1,
         "gemm/fp32/m4096n4096k4096/nt/hot/cublaslt is not what it is called: HMMA of tf32"),
        ("a GPU without FP8", dict(fake={"no_fp8": True, "reason": "FP8 needs 8.9"}, only=["gemm-oracle"]), 0, "4 products right in bf16, fp32, 2"),
        ("no FP8 on a GPU that has it", dict(fake={"no_fp8": True}, only=["gemm-oracle"]), 1, "no product ran in fp8"),
        ("the long list", dict(only=["gemm-thorough"]), 0, "5 products right"),
        ("wrong products", dict(fake={"status": "wrong_result"}, only=["gemm-oracle"]), 1, "wrong_result"),
        ("data", dict(only=["gemm-data"]), 0, "uniform 600 TFLOP/s at 600 W; normal 600 TFLOP/s at 600 W; zeros 600 TFLOP/s at 300 W"),
        ("zeros as hot as numbers", dict(fake={"zeros": 600}, only=["gemm-data"]), 1, "zeros take as much energy"),
        ("no power", dict(fake={"powerless": True}, only=["gemm-data"]), 1, "has no power: celsius_max"),
        ("no rows of zeros", dict(fake={"lacks": ["gemm/bf16/m4096n4096k4096/nt/hot/zeros/cublaslt"]}, only=["gemm-data"]), 1,
         "there is no row of zeros data"),
        ("our own products", dict(only=["gemm-own"]), 0, "3 products right in bf16, fp32, fp8, 0 refused"),
        ("our own are wrong", dict(fake={"status": "wrong_result"}, only=["gemm-own"]), 1, "wrong_result"),
        ("no FP8 of our own before Hopper", dict(fake={"no_fp8": True, "reason": "our FP8 product (wgmma) needs 9.0"}, only=["gemm-own"]), 0,
         "2 products right in bf16, fp32, 1 refused"),
        ("our own at the speed of cuBLASLt", dict(fake={"cublaslt": 9.7e-4, "gpubench": 1e-3}, only=["gemm-own-pairs"]), 0,
         "bf16 0.970, fp32 0.970, fp8 0.970; least 0.970"),
        ("our own are slow", dict(fake={"cublaslt": 9.2e-4, "gpubench": 1e-3}, only=["gemm-own-pairs"]), 1, "bf16 0.920, fp32 0.920, fp8 0.920"),
        ("one of them is", dict(fake={"gemm/bf16/m4096n4096k4096/nt/hot/cublaslt": 7.9e-4}, only=["gemm-own-pairs"]), 1,
         "least 0.790 (gemm/bf16/m4096n4096k4096/nt/hot)"),
        ("no pair", dict(fake={"lacks": ["gemm/fp32/m4096n4096k4096/nt/hot/gpubench"]}, only=["gemm-own-pairs"]), 1,
         "no pair of gemm/fp32/m4096n4096k4096/nt/hot"),
        ("random products", dict(only=["gemm-own-random"]), 0, "shown   gemm-own-random   90 tests."),
        ("no torch for pairs", dict(only=["gemm-pairs"]), 3, "open    gemm-pairs        no pair: pytorch_mm.py: "),
        ("hidden", dict(only=["absent"]), 0, "CUDA_VISIBLE_DEVICES is ''"),
        ("hidden without a word", dict(fake={"list": "device cpu"}, only=["absent"]), 1, "no line names CUDA_VISIBLE_DEVICES"),
        ("no cuDNN", dict(only=["cudnn-device-json"]), 3, "there is no cuDNN"),
        ("out of time", dict(fake={"sleep": 30}, only=["memory", "launch"], more=["--minutes", "0.02"]), 3,
         "open    launch            out of time"),
    ]


def errors_of_verdicts(folder):
    for name, arguments, status, text in verdicts():
        got, output = check(folder, **{"more": ["--again", *arguments.pop("more", [])], **arguments})
        if got != status or text not in output:
            yield f"{name}: expected exit status {status} and '{text}', got {got} and:\n{output}"


def errors_of_resuming(folder):
    """What is shown is not run again, unless by another build or when asked for; what failed is."""
    steps = [  # text of the output
        ("first", dict(only=["memory"]), "... memory"),
        ("again, shown", dict(only=["memory"]), "[earlier]"),
        ("asked for", dict(only=["memory"], more=["--again"]), "... memory"),
        ("another build", dict(only=["memory"], tests=PASSED + "; true"), "... memory"),
        ("fails", dict(only=["memory"], tests=PASSED, fake={"exit": 1}), "failed  memory"),
        ("after it failed", dict(only=["memory"]), "... memory"),
        ("shown again", dict(only=["memory"]), "[earlier]"),
        ("with another driver", dict(only=["memory"], nvidia_smi="echo 'NVIDIA H200, 590.1'"), "... memory"),
        ("and with this one", dict(only=["memory"]), "... memory"),
    ]
    for name, arguments, text in steps:
        _, output = check(folder, **arguments)
        if text not in output:
            yield f"{name}: expected '{text}', got:\n{output}"
    result = json.loads((folder / "gpu_check/memory.json").read_text())
    wanted = {"item": "memory", "verdict": "shown", "gpu": "1 x NVIDIA H200", "driver": "580.95.05"}
    if {key: result.get(key) for key in wanted} != wanted or len(result["figures"]) != 3 or len(result["commands"]) != 1:
        yield f"the result file lacks something: {result}"
    (folder / "gpu_check/memory.json").write_text("{")  # a machine that died while it was written
    if "... memory" not in check(folder, only=["memory"])[1]:
        yield "a result file that is broken was believed"


with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
    found = [*errors_of_verdicts(pathlib.Path(one)), *errors_of_resuming(pathlib.Path(two))]
print("\n".join(found))
sys.exit(bool(found))
