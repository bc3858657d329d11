#!/usr/bin/env python3
"""Times torch.mm on a GPU as gpubench times its products, and prints a JSON object: the peer of `gemm/…/nt/hot/cublaslt`.

Equal to gpubench's own: operands (both with k contiguous) in sets that together are more than twice the second-level cache,
each set's result in a place of its own, one turn over the sets as a CUDA graph, batches of 20 ms, events around each batch,
nothing waited for within a block.
"""

import argparse
import importlib.util
import json
import os
import re
import statistics
import sys
import time

OK, USAGE, NOT_HAD = 0, 2, 3
BATCH_SECONDS, BLOCK = 0.02, 20


def parse(words):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Example:\n  scripts/peers/pytorch_mm.py --format bf16 m4096n4096k4096 m1024n3072k768")
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help="m4096n4096k4096; none: only what is there")
    parser.add_argument("--format", choices=("fp32", "tf32", "fp16", "bf16"), default="bf16")
    parser.add_argument("--settle", type=float, default=3, metavar="SECONDS", help="under load before anything counts (3)")
    parser.add_argument("--seconds", type=float, default=2, help="that count, of each shape (2)")
    wanted = parser.parse_args(words)
    for shape in wanted.shapes:
        if not re.fullmatch(r"m[1-9]\d*n[1-9]\d*k[1-9]\d*", shape):
            parser.error(f"'{shape}' is no shape; m4096n4096k4096 is one")
    return wanted


def loaded_cublaslt(torch):
    """The file that torch.mm runs: gpubench is to run the same."""
    one = torch.ones(16, 16, device="cuda")
    torch.mm(one, one)
    with open("/proc/self/maps", encoding="ascii", errors="replace") as file:
        return next((line.split()[-1] for line in file if "libcublasLt.so" in line), "")


class Product:
    """Sets of operands on the GPU, and a graph of one turn over them."""

    def __init__(self, torch, shape, number_type):
        m, n, k = map(int, re.findall(r"\d+", shape))
        width = torch.empty(0, dtype=number_type).element_size()
        cache = torch.cuda.get_device_properties(0).L2_cache_size
        self.count = int(2 * cache / (width * (m * k + n * k + m * n))) + 1
        uniform = lambda rows, columns: ((torch.rand(rows, columns, device="cuda") - 0.5) * 12 ** 0.5).to(number_type)
        self.sets = [(uniform(m, k), uniform(n, k).t(), torch.empty(m, n, device="cuda", dtype=number_type))
                     for _ in range(self.count)]
        self.torch = torch
        self.turn()  # what is loaded first is not recorded
        torch.cuda.synchronize()
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.turn()

    def turn(self):
        for a, b, c in self.sets:
            self.torch.mm(a, b, out=c)

    def block(self, turns, batches):
        """Seconds of one product in each batch."""
        events = [self.torch.cuda.Event(enable_timing=True) for _ in range(batches + 1)]
        events[0].record()
        for event in events[1:]:
            for _ in range(turns):
                self.graph.replay()
            event.record()
        events[-1].synchronize()
        return [before.elapsed_time(after) * 1e-3 / (turns * self.count) for before, after in zip(events, events[1:])]

    def measured(self, settle, seconds):
        one = self.block(1, 3)[-1] * self.count
        turns = max(1, round(BATCH_SECONDS / one))
        until = time.monotonic() + settle
        while time.monotonic() < until:
            self.block(turns, BLOCK)
        samples, until = [], time.monotonic() + seconds
        while not samples or time.monotonic() < until:
            samples += self.block(turns, BLOCK)
        return samples


def main():
    wanted = parse(sys.argv[1:])
    if importlib.util.find_spec("torch") is None:
        print(f"{sys.executable} has no torch: python3 -m pip install torch, or run this with a python that has it",
              file=sys.stderr)
        return NOT_HAD
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":32768:1")  # KiB: as much as gpubench gives
    import torch

    if not torch.cuda.is_available():
        print("PyTorch finds no GPU here", file=sys.stderr)
        return NOT_HAD
    matmul = torch.backends.cuda.matmul
    matmul.allow_tf32 = wanted.format == "tf32"
    matmul.allow_fp16_reduced_precision_reduction = matmul.allow_bf16_reduced_precision_reduction = False  # as gpubench
    number_type = {"fp16": torch.float16, "bf16": torch.bfloat16}.get(wanted.format, torch.float32)
    found = {"torch": torch.__version__, "cuda": torch.version.cuda, "gpu": torch.cuda.get_device_name(0), "cublaslt": loaded_cublaslt(torch), "shapes": {}}
    for shape in wanted.shapes:
        samples = Product(torch, shape, number_type).measured(wanted.settle, wanted.seconds)
        found["shapes"][shape] = {"median_seconds": statistics.median(samples), "samples": len(samples)}
        torch.cuda.empty_cache()
    json.dump(found, sys.stdout)
    print()
    return OK


if __name__ == "__main__":
    sys.exit(main())
