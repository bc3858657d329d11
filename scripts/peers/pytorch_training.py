#!/usr/bin/env python3
"""Trains a network of gpubench's suite `amp` in PyTorch on the CPU and writes a run file: the peer of `train/…/onednn`.

Equal to gpubench's own: the network, the initial weights, the images and labels, batch, optimizer, threads and their
binding, and the timing (a warm-up step, then at least 6, step to step, batches in memory before the clock starts).
"""

import argparse
import importlib.util
import os
import shutil
import signal
import socket
import sys
from datetime import datetime, timezone

import machine

# PyTorch gives each large tensor back to the kernel and pays for fresh pages in the next step. Memory that the C
# library keeps saves 11 % (ResNet-50 in bfloat16) to 30 % (GPT-2 in bfloat16) of a step.
KEEP_MEMORY = "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=17179869184:glibc.malloc.top_pad=67108864"
DEFAULT_BATCH = {"resnet50": 16, "gpt2": 2}
OK, USAGE, NOT_HAD = 0, 2, 3


class Refused(Exception):
    """What was asked for cannot be done; the sentence says what to do."""


def parse(words):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Example:\n  scripts/peers/pytorch_training.py --network resnet50 --mode amp-bf16 --out pytorch.json")
    parser.add_argument("--network", choices=("resnet50", "gpt2"), required=True)
    parser.add_argument("--mode", choices=("fp32", "amp-bf16"), default="fp32")
    parser.add_argument("--batch", type=int, help="images, or sequences of tokens, a step (16, or 2)")
    parser.add_argument("--sequence", type=int, help="tokens of one sequence, gpt2 only (256)")
    parser.add_argument("--steps", type=int, default=6, help="timed steps, at least 6 (6)")
    parser.add_argument("--seed", type=int, default=1, help="of weights and data (1)")
    parser.add_argument("--threads", type=int, help="of OpenMP (all usable processors)")
    parser.add_argument("--compile", action="store_true",
                        help="torch.compile: needs a C++ compiler and takes minutes to warm up")
    parser.add_argument("--memory", choices=("keep", "default"), default="keep",
                        help="keep: freed memory stays with the process, which is faster; default: as PyTorch starts")
    parser.add_argument("--out", help="the run file (gpubench-pytorch-<host>-<UTC>.json here)")
    parser.add_argument("--force", action="store_true", help="replace an existing --out")
    case = parser.parse_args(words)
    complaint = next((text for wrong, text in (
        (case.sequence is not None and case.network != "gpt2", "--sequence is for gpt2 only"),
        (case.batch is not None and case.batch < 1, f"--batch {case.batch}: at least 1"),
        (case.sequence is not None and not 1 <= case.sequence <= 1024,
         f"--sequence {case.sequence}: 1 to 1024, the positions that GPT-2 knows"),
        (case.steps < 6, f"--steps {case.steps}: at least 6"),
        (not 0 <= case.seed < 2**64, f"--seed {case.seed}: 0 to 2^64 - 1"),
        (case.threads is not None and case.threads < 1, f"--threads {case.threads}: at least 1")) if wrong), None)
    if complaint:
        parser.error(complaint)
    case.batch = case.batch or DEFAULT_BATCH[case.network]
    case.sequence = case.sequence or 256
    return case


def wanted_environment(case):
    """As the worker of gpubench sets it, and the memory. OpenMP and the C library read it when the process starts."""
    wanted = {"OMP_NUM_THREADS": str(case.threads or os.environ.get("OMP_NUM_THREADS") or machine.usable_cpus()),
              "OMP_PROC_BIND": os.environ.get("OMP_PROC_BIND", "true"),
              "GOMP_SPINCOUNT": os.environ.get("GOMP_SPINCOUNT", "10000")}
    if case.memory == "keep":
        wanted["GLIBC_TUNABLES"] = KEEP_MEMORY
    return wanted


def start_again_prepared(case):
    wanted = wanted_environment(case)
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **wanted})
    try:
        return int(wanted["OMP_NUM_THREADS"])
    except ValueError:
        raise Refused(f"OMP_NUM_THREADS is '{wanted['OMP_NUM_THREADS']}': "
                      "a number of threads from 1 up is needed, or unset it") from None


def check_modules():
    for module in ("torch", "numpy"):
        if importlib.util.find_spec(module) is None:
            raise Refused(f"{sys.executable} has no {module}: python3 -m pip install {module}, "
                          "or run this with a python that has it")


def utc(form="%Y-%m-%dT%H:%M:%SZ"):
    return datetime.now(timezone.utc).strftime(form)


def out_path(case):
    path = case.out or f"gpubench-pytorch-{socket.gethostname()}-{utc('%Y%m%dT%H%M%SZ')}.json"
    if os.path.exists(path) and not case.force:
        raise Refused(f"{path} is there already: another --out, or --force to replace it")
    folder = os.path.dirname(os.path.abspath(path))
    if not os.access(folder, os.W_OK):
        raise Refused(f"{path} cannot be written: {folder} is no folder that one may write to")
    return path


def tell(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def trained(case, threads, cpus):
    """The row of the case. @raises what PyTorch raises"""
    import measuring
    import run_file
    import training

    training.prepare(threads)
    if case.compile and not any(shutil.which(name) for name in (os.environ.get("CXX") or "g++", "clang++")):
        return run_file.row(case, "unsupported",
                            "torch.compile needs a C++ compiler and finds none: install g++, or leave --compile out")
    tell("building the network")
    one = training.Training(case)
    facts = {"flops": one.flops, "distribution": one.data.distribution}
    # The first step compiles and is no warm-up of what it made.
    measured = measuring.measure(one, case.steps, 2 if case.compile else 1, cpus, tell)
    wrong = training.not_finite(measured.losses)
    if wrong is not None:
        return run_file.row(case, "wrong_result", f"the loss of step {wrong} is no number", **facts)
    plan = one.plan(measured.losses) | {"threads": str(threads), "freed memory": case.memory}
    return run_file.row(case, "ok", measured=measured, plan=plan, **facts)


def row_of(case, threads, cpus):
    """Whatever becomes of the case is a row."""
    import run_file

    try:
        return trained(case, threads, cpus), True
    except KeyboardInterrupt:
        return run_file.row(case, "not_run", "interrupted"), False
    except MemoryError:
        return run_file.row(case, "failed", "out of memory: the host has no more to give"), True
    except Exception as error:  # PyTorch's own, of many kinds
        sentence = str(error).strip().partition("\n")[0] or type(error).__name__
        if "can't allocate memory" in sentence:
            sentence = f"out of memory: the host has no more to give ({sentence})"
        return run_file.row(case, "failed", sentence), True


def summary(row):
    if row["gpubench"]["status"] != "ok":
        return f"{row['name']}  {row['error_message']}"
    ours, item = row["gpubench"], row["gpubench"]["item"]
    spread = "" if ours["spread"] is None else f"  spread {100 * ours['spread']:.1f} %"
    memory = f"  {row['peak_memory_bytes'] / 1e9:.1f} GB" if "peak_memory_bytes" in row else ""
    labels = "".join(f"\n  {label}" for label in ours["labels"])
    return (f"{row['name']}  {ours['median_seconds']:.3f} s{spread}  "
            f"{row[item + '_per_second']:.4g} {item}/s{memory}{labels}")


def main():
    case = parse(sys.argv[1:])
    check_modules()
    path = out_path(case)
    threads = start_again_prepared(case)
    cpus = os.sched_getaffinity(0)  # before OpenMP binds this thread to one of them
    host = machine.host(machine.usable_cpus())

    import run_file
    import training

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    training.silence()
    start = utc()
    row, complete = row_of(case, threads, cpus)
    tell("")
    content = run_file.run(case, row, command_line=[os.path.basename(sys.argv[0]), *sys.argv[1:]], start=start,
                           end=utc(), host=host, isa=machine.effective_isa(), libraries=training.libraries(),
                           build=training.build(), complete=complete)
    try:
        run_file.write(path, content)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}") from None
    print(summary(row))
    print(path)
    return OK if row["gpubench"]["status"] == "ok" else NOT_HAD


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused as sentence:
        print(f"pytorch_training.py: {sentence}", file=sys.stderr)
        sys.exit(USAGE)
