"""Training in PyTorch on the CPU, set up as fast as it goes without changing what is computed."""

import math
import re
import warnings

import torch

import networks
import same_data


def prepare(threads):
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    torch.set_float32_matmul_precision("highest")  # FP32 is FP32: no shortcut by bfloat16
    torch.set_flush_denormal(False)  # PyTorch's default
    torch.backends.mkldnn.enabled = True


class Training:
    """One network in one mode: stage(first, count) puts batches into memory, step(number) trains on one of them."""

    def __init__(self, case):
        self.amp = case.mode == "amp-bf16"
        images = case.network == "resnet50"
        self.network = networks.ResNet50() if images else networks.Gpt2()
        if images:
            self.network.to(memory_format=torch.channels_last)
        self.data = (same_data.Images(case.seed, case.batch) if images
                     else same_data.Tokens(case.seed, case.batch, case.sequence))
        parameters = self.network.parameters_in_order()
        parameters.initialise(lambda index, *values: same_data.initial_values(case.seed, index, *values))
        self.optimizer, self.rate = networks.optimizer_of(case.network, parameters, case.batch)
        self.flops = self.network.flops_of_step(case.batch, case.sequence)
        self.forward = torch.compile(self.network) if case.compile else self.network
        self.compiled = case.compile
        self.batches = {}

    def stage(self, first, count):
        self.batches = {number: self._staged(number) for number in range(first, first + count)}

    def _staged(self, number):
        inputs, labels = (torch.from_numpy(one) for one in self.data.batch_of(number))
        if inputs.is_floating_point():
            # In the type that the first layer reads, as gpubench stages them.
            inputs = inputs.to(torch.bfloat16 if self.amp else torch.float32, memory_format=torch.channels_last)
        return inputs, labels

    def step(self, number):
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * min(1.0, (number + 1) / networks.WARMUP_STEPS)
        self.optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.amp):
            loss = self.forward(*self.batches[number])
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def plan(self, losses):
        """What was chosen, in words; the losses are of the first steps, the warm-up's first."""
        optimizer = type(self.optimizer).__name__
        chosen = {"execution": "torch.compile, inductor" if self.compiled else "eager",
                  "autocast": "bfloat16, FP32 master weights" if self.amp else "none",
                  "optimizer": f"{optimizer}, fused", "float32 products": "FP32 (precision highest)",
                  "losses": ", ".join(f"{loss:.6f}" for loss in losses[:8])}
        if isinstance(self.network, networks.ResNet50):
            chosen["memory format"] = "channels_last"
        else:
            chosen |= {"attention": "scaled_dot_product_attention, causal", "dropout": "none"}
        return chosen


def not_finite(losses):
    """The first step whose loss is not a number, or none."""
    return next((number for number, loss in enumerate(losses) if not math.isfinite(loss)), None)


def libraries():
    folder = torch.__path__[0]
    found = re.search(r"MKL-DNN v([0-9.]+)", torch.__config__.show())
    return [{"name": "PyTorch", "version": torch.__version__, "path": folder, "missing": ""},
            {"name": "oneDNN", "version": found.group(1) if found else "",
             "path": f"{folder}/lib/libtorch_cpu.so" if found else "",
             "missing": "" if found else "this PyTorch was built without oneDNN"}]


def build():
    """Of PyTorch, from its own account."""
    text = torch.__config__.show()
    compiler = re.search(r"^\s*- ((?:GCC|clang|Clang|MSVC) .*)$", text, re.MULTILINE)
    flags = re.search(r"CXX_FLAGS=([^,]*)", text)
    kind = re.search(r"BUILD_TYPE=(\w+)", text)
    return {"compiler": compiler.group(1) if compiler else "", "type": kind.group(1) if kind else "",
            "flags": flags.group(1).strip() if flags else ""}


def silence():
    """PyTorch warns about GPUs that it does not find; nothing here uses one."""
    warnings.filterwarnings("ignore", module="torch")
