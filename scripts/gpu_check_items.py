"""The items of scripts/gpu_check. Each check returns what to say of what it has shown, or raises Open or Failed."""

import dataclasses
import json
import os
import pathlib
import re
import shutil
import statistics
import sys

from gpu_check_session import SKIPPED, Failed, Open, last_line

HERE = pathlib.Path(__file__).resolve().parent
SANITIZER_FOUND = 88  # what compute-sanitizer is told to end with
COPY = "memory/fp32/copy/256mib/warm"
PAIRS = 8  # of processes with and without telemetry


def device_facts(session):
    status, text = session.gpubench("doctor", "--json")
    (session.out / "doctor.json").write_text(text)
    if status not in (0, 1):
        raise Failed(f"gpubench doctor ends with {status}: {last_line(text)}")
    verdicts = [check.get("verdict") for check in json.loads(text)["checks"]]
    status, text = session.gpubench("list", "--json")
    (session.out / "list.json").write_text(text)
    devices = [device for device in json.loads(text)["devices"] if device["kind"] != "cpu"]
    if not devices:
        raise Failed("gpubench list finds no GPU: " + "; ".join(json.loads(text).get("absent", [])))
    if program := shutil.which("nvidia-smi"):
        (session.out / "nvidia-smi.txt").write_text(session.run(program, "-q")[1])
    session.figures = {"gpus": len(devices), "errors": verdicts.count("error"), "warnings": verdicts.count("warning")}
    return f"{len(devices)} x {devices[0]['model']}; doctor: {len(verdicts)} checks, {verdicts.count('error')} errors, " \
           f"{verdicts.count('warning')} warnings (doctor.json, list.json, nvidia-smi.txt)"


def device_tests(tool=None, only=None):
    def check(session):
        program = session.libraries / "gpubench_device_tests"
        if not program.exists():
            raise Open(f"{program} is not built: it needs nvcc (scripts/build)")
        command = [program, *([f"--gtest_filter={only}"] if only else [])]
        if tool:
            places = [shutil.which("compute-sanitizer"), "/usr/local/cuda/bin/compute-sanitizer",
                      *(HERE.parent / f"build/cuda{major}/bin/compute-sanitizer" for major in (13, 12))]
            sanitizer = next((place for place in places if place and os.path.exists(place)), None)
            if not sanitizer:
                raise Open("no compute-sanitizer on the PATH or in /usr/local/cuda/bin")
            # Not those that lose the device on purpose, nor those that look at times.
            command = [sanitizer, f"--tool={tool}", f"--error-exitcode={SANITIZER_FOUND}", *command,
                       "--gtest_filter=-HardwareLost.*:HardwareProducts.*:HardwareOwnProducts.*:HardwareSuites.*:HardwareCudnn.*"]
        status, text = session.run(*command)
        if status == SKIPPED:
            raise Open(last_line(text))
        if status == SANITIZER_FOUND:
            raise Failed("compute-sanitizer found something")
        passed = re.findall(r"^\[  PASSED  \] (.*)$", text, re.MULTILINE)
        if status or not passed:  # a program that tested nothing has shown nothing
            raise Failed(f"exit status {status}: {last_line(text)}")
        if only and (why := re.search(r": Skipped\n(.*)", text)):
            raise Open(why[1])
        skipped = re.search(r"^\[  SKIPPED \] (\d+) tests?", text, re.MULTILINE)
        return passed[-1] + (f" Skipped: {skipped[1]}." if skipped else "")
    return check


def memory(session):
    ran = session.rows("memory.run.json", "--suite", "memory", "--device", "cuda:0")
    session.figures = {f"{name} GB/s": row["gpubench"]["work"]["bytes"] / session.seconds_of(row) / 1e9
                       for name, row in ran.items()}
    return f"{len(ran)} cases ok, at most {max(session.figures.values()):.0f} GB/s"


def telemetry(session):
    name = f"{COPY}/gpubench"
    ran = session.rows("clocks.run.json", "--suite", "memory", "--device", "cuda:0", "--case", f"^{name}$")
    context = json.loads((session.out / "clocks.run.json").read_text())["context"]["gpubench"]
    gpu = next((gpu for gpu in (context["gpus"] or {}).get("gpus", []) if gpu["pci"] == context["devices"][0]["pci"]), None)
    if gpu is None:
        raise Failed(f"NVML does not know {context['devices'][0]['pci']}: {(context['gpus'] or {}).get('nvml_missing')}")
    seen = ran[name]["gpubench"]["telemetry"]
    if missing := [key for key in ("sm_clock_hz", "sm_clock_polled_hz", "memory_clock_hz", "celsius_max") if key not in seen]:
        raise Failed(f"the row has no {', '.join(missing)}")
    if (settle := ran[name]["gpubench"]["settle"])["outcome"] != "steady":
        raise Failed(f"the copy did not settle: {settle['outcome']} after {settle['seconds']:.0f} s")
    polled = seen["sm_clock_hz"] / seen["sm_clock_polled_hz"]
    share = seen["sm_clock_hz"] / gpu["sm_clock_limit"]
    session.figures = {**seen, "SM clock / its limit": share, "SM clock / as NVML polls it": polled}
    says = f"SM clock {seen['sm_clock_hz'] / 1e6:.0f} MHz as the device counted it, {polled:.3f} of NVML's, {share:.3f} of " \
           "its limit; " + ", ".join(sorted(seen))
    if not 0.2 <= share <= 1.02 or not 0.95 <= polled <= 1.05:
        raise Failed(says)
    return says


def launch(session):
    ran = session.rows("launch.run.json", "--suite", "launch", "--device", "cuda:0")
    session.figures = {f"{name} us per launch": row["seconds_per_launch"] * 1e6 for name, row in ran.items()}
    return f"{len(ran)} cases ok, at least {min(session.figures.values()):.2f} us per launch"


def convolutions(session):
    ran = session.rows("conv.run.json", "--suite", "conv", "--device", "cuda:0")
    for name, row in ran.items():
        precision = name.split("/")[1]
        for figure, value in ((f"{precision} error / its bound", row["gpubench"]["verification"]["error"]),
                              (f"{precision} TFLOP/s", row["flops_per_second"] / 1e12)):
            session.figures[figure] = max(session.figures.get(figure, 0), value)
    if absent := {"fp32", "tf32", "fp16", "bf16"} - {name.split("/")[1] for name in ran}:
        raise Failed(f"nothing ran in {', '.join(sorted(absent))}")
    if not any(name.endswith("/bn-stats/cudnn") for name in ran):
        raise Failed("no fused convolution ran")
    return f"{len(ran)} cases ok; " + ", ".join(f"{what} {value:.3g}" for what, value in sorted(session.figures.items()))


def copy_bandwidth(session):
    ran = session.rows("copy.run.json", "--suite", "memory", "--device", "cuda:0", "--case", f"^{COPY}/(gpubench|ce)$")
    times = {name: session.seconds_of(ran[f"{COPY}/{name}"]) for name in ("gpubench", "ce") if f"{COPY}/{name}" in ran}
    if len(times) != 2:
        raise Failed(f"of {COPY}/gpubench and {COPY}/ce only {', '.join(times) or 'neither'} ran")
    ratio = times["ce"] / times["gpubench"]
    session.figures = {"kernel / cudaMemcpyAsync": ratio,
                       **{f"{name} GB/s": ran[f"{COPY}/{name}"]["gpubench"]["work"]["bytes"] / seconds / 1e9
                          for name, seconds in times.items()}}
    says = f"our kernel copies at {session.figures['gpubench GB/s']:.0f} GB/s, {ratio:.3f} of cudaMemcpyAsync's rate"
    if ratio < 0.9:  # faster is no fault: what no memory can do is no result of gpubench's
        raise Failed(says)
    return says


def telemetry_cost(session):
    def once(environment):
        ran = session.rows("telemetry.run.json", "--suite", "memory", "--device", "cuda:0", "--case", f"^{COPY}/gpubench$",
                           "--budget", "5", environment=environment)
        return session.seconds_of(ran[f"{COPY}/gpubench"])

    without = {"GPUBENCH_NVML": "/nonexistent"}
    ratios = []
    for pair in range(PAIRS):  # ABBA: what drifts meets both alike
        order = ({}, without) if pair % 2 == 0 else (without, {})
        times = [once(environment) for environment in order]
        ratios.append(times[0] / times[1] if pair % 2 == 0 else times[1] / times[0])
    cost = statistics.median(ratios) - 1
    session.figures = {"ratios with / without": ratios, "median cost": cost}
    says = f"a copy takes {cost * 100:+.3f} % with NVML, the median of {PAIRS} pairs ({min(ratios):.4f} to {max(ratios):.4f})"
    if cost > 0.002:
        raise Failed(says)
    return says


def absent(session):
    status, text = session.gpubench("list", environment={"CUDA_VISIBLE_DEVICES": ""})
    said = [line for line in text.splitlines() if "cuda" in line and "CUDA_VISIBLE_DEVICES" in line]
    if status or not said:
        raise Failed(f"exit status {status}, and no line names CUDA_VISIBLE_DEVICES: {last_line(text)}")
    return said[0].strip()


# What a product may be unsupported for.
RULES = {"cublaslt": ("FP8 wants", "FP8 needs", "INT8 wants", "2:4 sparsity"),
         "gpubench": ("FP8 wants", "our FP8 product", "INT8 products of our own", "2:4 sparsity", "our own product has no")}
NO_FP8 = ("FP8 needs", "our FP8 product")
ARITHMETIC = {"fp32": "FMA of fp32", "tf32": "HMMA of tf32"}  # others may have units that cuBLASLt names otherwise


def gemm_oracle(implementation, file, *words):
    def check(session):
        ran = session.rows(file, "--suite", "gemm", "--device", "cuda:0", "--case", f"/{implementation}$", *words)
        rows = json.loads((session.out / file).read_text())["benchmarks"]
        strange = [row for row in rows if row["gpubench"]["status"] == "unsupported"
                   and not row["gpubench"]["reason"].startswith(RULES[implementation])]
        if strange:
            raise Failed(f"{len(strange)} unsupported without a rule, first {strange[0]['name']}: {strange[0]['gpubench']['reason']}")
        formats = {name.split("/")[1] for name in ran}
        wanted = {row["run_name"].split("/")[1] for row in rows if not (row["gpubench"]["reason"] or "").startswith(NO_FP8)}
        if lacking := wanted - formats - ({"int8"} if implementation == "gpubench" else set()):
            raise Failed(f"no product ran in {', '.join(sorted(lacking))}")
        for name, row in ran.items():
            arithmetic, wanted = row["gpubench"]["plan"].get("arithmetic", ""), ARITHMETIC.get(name.split("/")[1], "")
            if implementation == "cublaslt" and not arithmetic.startswith(wanted):
                raise Failed(f"{name} is not what it is called: {arithmetic}")
        session.figures = {f"{name} TFLOP/s": row["gpubench"]["work"]["flops"] / session.seconds_of(row) / 1e12
                           for name, row in ran.items()}
        best = max(session.figures, key=session.figures.get)
        worst = max(row["gpubench"]["verification"]["error"] for row in ran.values())
        return f"{len(ran)} products right in {', '.join(sorted(formats))}, {len(rows) - len(ran)} refused by a rule; the largest " \
               f"error is {worst:.2f} of its bound; at most {session.figures[best]:.0f} TFLOP/s ({best.split('/')[1]})"
    return check


LEAST_MEAN, LEAST_OF_ALL = {"fp8": 0.9}, 0.8  # of cuBLASLt's rate; 0.95 where nothing else is said


def own_pairs(session):
    """Both in one run: every launch has each product by both, in an order of its own."""
    file = session.out / "own-pairs.run.json"
    status, text = session.gpubench("run", "--suite", "gemm", "--device", "cuda:0", "--launches", "2", "--budget", "120", "--out",
                                    file, "--force", "--case", "/hot(/fast|/promoted)?/(cublaslt|gpubench)$")
    if status or not file.exists():
        raise Failed(f"gpubench ends with {status}: {last_line(text)}")
    seconds = {}
    for row in json.loads(file.read_text())["benchmarks"]:
        if row["gpubench"]["status"] == "ok":
            case, implementation = row["run_name"].rsplit("/", 1)
            seconds.setdefault(case, {}).setdefault(implementation, {})[row["repetition_index"]] = session.seconds_of(row)
    ratios, alone = {}, []
    for case, by in seconds.items():
        pairs = [by["cublaslt"][launch] / by["gpubench"][launch] for launch in by.get("gpubench", ()) if launch in by.get("cublaslt", ())]
        if pairs:
            ratios[case] = statistics.median(pairs)
        elif "int8" not in case:
            alone.append(case)
    if not ratios or alone:
        raise Failed(f"no pair of {alone[0] if alone else 'any product'}")
    means = {}
    for precision in sorted({case.split("/")[1] for case in ratios}):
        means[precision] = statistics.geometric_mean(ratio for case, ratio in ratios.items() if case.split("/")[1] == precision)
    least = min(ratios, key=ratios.get)
    session.figures = {**{f"{precision}: cublaslt / gpubench, geometric mean": mean for precision, mean in means.items()},
                       **{f"{case}: cublaslt / gpubench": ratio for case, ratio in ratios.items()}}
    says = "of cuBLASLt's rate, geometric mean: " + ", ".join(f"{precision} {mean:.3f}" for precision, mean in means.items()) + \
           f"; least {ratios[least]:.3f} ({least}); {len(ratios)} products"
    if ratios[least] < LEAST_OF_ALL or any(mean < LEAST_MEAN.get(precision, 0.95) for precision, mean in means.items()):
        raise Failed(says)
    return says


def gemm_data(session):
    name = "gemm/bf16/m4096n4096k4096/nt/hot"
    ran = session.rows("data.run.json", "--suite", "gemm", "--device", "cuda:0", "--case", f"^{name}(/normal|/zeros)?/cublaslt$",
                       "--data", "uniform,normal,zeros")
    seen = {}
    for kind, variant in (("uniform", ""), ("normal", "/normal"), ("zeros", "/zeros")):
        row = ran.get(f"{name}{variant}/cublaslt")
        if row is None:
            raise Failed(f"there is no row of {kind} data")
        readings = row["gpubench"]["telemetry"]
        watts = next((readings[key] for key in ("watts", "watts_average_1s", "watts_instant") if key in readings), None)
        if watts is None:
            raise Failed(f"the row of {kind} data has no power: {', '.join(sorted(readings))}")
        seen[kind] = (row["gpubench"]["work"]["flops"] / session.seconds_of(row) / 1e12, watts)
    session.figures = {f"{kind} {unit}": value for kind, pair in seen.items() for unit, value in zip(("TFLOP/s", "W"), pair)}
    says = "; ".join(f"{kind} {rate:.0f} TFLOP/s at {watts:.0f} W" for kind, (rate, watts) in seen.items())
    if seen["zeros"][0] / seen["zeros"][1] <= seen["normal"][0] / seen["normal"][1]:  # operations a joule
        raise Failed(f"zeros take as much energy as numbers do: {says}")
    return says


def gemm_pairs(session):
    file = session.out / "gemm-pairs.ratios.json"
    status, text = session.run(sys.executable, HERE / "peers/mm_pairs", "--program", session.programs / "gpubench", "--json", file)
    if status == 3:
        raise Open(last_line(text))
    if not file.exists():
        raise Failed(f"mm_pairs ends with {status}: {last_line(text)}")
    session.figures = json.loads(file.read_text())
    if status:
        raise Failed(last_line(text))
    return last_line(text)


def cudnn_device_json(session):
    status, text = session.run(sys.executable, HERE / "cudnn_device_json")
    if status == SKIPPED:
        raise Open(last_line(text))
    if status:
        raise Failed(last_line(text))
    device = json.loads(text)
    name = "cudnn_" + re.sub(r"[^a-z0-9]+", "_", str(device.get("deviceName", "device")).lower()).strip("_") + ".json"
    (session.out / name).write_text(text)
    session.figures = {key: device[key] for key in ("deviceVer", "multiProcessorCount") if key in device}
    return f"{name}: {len(device)} keys"


@dataclasses.dataclass
class Item:
    name: str
    shows: str
    check: object
    seconds: int  # it may take no longer


ITEMS = [
    Item("device-facts", "doctor and list see the GPUs; what they and the driver say is kept", device_facts, 120),
    Item("device-code", "every wrapper, pipeline and kernel gives on the GPU what it gives under the emulator; streams, graphs, "
         "clocks, a lost device",
         device_tests(), 900),
    Item("memory", "every case of suite memory runs on the GPU, with the right answer", memory, 600),
    Item("launch", "every case of suite launch runs on the GPU", launch, 600),
    Item("telemetry", "a row has clock, temperature and memory clock of its window, the clock counted on the device; it "
         "settles", telemetry,
         120),
    Item("copy-bandwidth", "our copy kernel has at least 0.9 of cudaMemcpyAsync's rate", copy_bandwidth, 300),
    Item("cudnn-device-json", "cuDNN's own description of this GPU, kept for planning without one", cudnn_device_json, 120),
    Item("gemm-oracle", "every product of suite gemm is right by cuBLASLt, or refused by a rule; FP32 is IEEE",
         gemm_oracle("cublaslt", "gemm.run.json"), 900),
    Item("gemm-pairs", "gpubench and torch.mm give bf16 products the same time within 2 %, in pairs of processes", gemm_pairs,
         900),
    Item("gemm-thorough", "so is every one of the long list: cold, searched, 8192, all passes of all networks",
         gemm_oracle("cublaslt", "gemm-thorough.run.json", "--thorough", "--launches", "1", "--budget", "200"), 2400),
    Item("gemm-own", "every product of suite gemm is right by our own kernels, or refused by a rule",
         gemm_oracle("gpubench", "gemm-own.run.json"), 900),
    Item("gemm-own-random", "so are 200 random ones of each precision, in every order, ragged, by every kernel and tile",
         device_tests(only="HardwareOwnProducts.*"), 900),
    Item("gemm-own-pairs", "in one run our own products have at least 0.95 of cuBLASLt's rate (fp8 0.9) in the geometric mean, none "
         "less than 0.8", own_pairs, 1200),
    Item("gemm-data", "zeros take less energy than numbers: the power effect of data", gemm_data, 120),
    Item("conv-oracle", "every convolution of suite conv, plain and fused, in every precision, is what the oracle says",
         convolutions, 1800),
    Item("conv-plans", "what cuDNN chooses for a description of this GPU it chooses for the GPU",
         device_tests(only="HardwareCudnn.PlansForADescription*"), 900),
    Item("absent", "a GPU that CUDA_VISIBLE_DEVICES hides has its own sentence", absent, 60),
    Item("telemetry-cost", "telemetry changes a copy's time by 0.2 % at most", telemetry_cost, 900),
    Item("memcheck", "the tests of device code touch no memory that is not theirs", device_tests("memcheck"), 1800),
    Item("racecheck", "no two threads use shared memory without a barrier between", device_tests("racecheck"), 1800),
    Item("synccheck", "every barrier is met by those that it is for", device_tests("synccheck"), 1800),
]
