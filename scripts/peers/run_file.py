"""A run file of gpubench (reports/schema/run.v1.json) with the one row of a peer."""

import json
import math
import os
import re
import subprocess
import tempfile

import machine

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FACTS = {
    "resnet50": {"item": "images", "epoch_items": 1281167},
    "gpt2": {"item": "tokens", "epoch_items": 9035582198},
}


def case_name(case):
    size = f"b{case.batch}" + (f"s{case.sequence}" if case.network == "gpt2" else "")
    variant = "compiled/" if case.compile else ""
    return f"train/{case.network}/{case.mode}/{size}/d1/{variant}pytorch"


def group(case):
    if case.network == "gpt2":
        return f"GPT-2 124M · {case.batch} x {case.sequence} tokens · AdamW"
    return f"ResNet-50 · 224x224 · batch {case.batch} · SGD, momentum"


def version_of_sources():
    """The version and the commit of the checkout that this script is part of."""
    found = re.search(r"project\(gpubench VERSION ([0-9.]+)", machine.text_of(os.path.join(ROOT, "CMakeLists.txt")))
    try:
        describe = ["git", "-C", ROOT, "describe", "--always", "--dirty", "--abbrev=12", "--match", "v[0-9]*"]
        commit = subprocess.run(describe, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        commit = ""
    return found.group(1) if found else "unknown", commit


def row(case, status="not_run", reason=None, measured=None, **facts):
    """status `ok` needs what was measured; every other one a sentence that says why. facts: flops, distribution, plan,
    labels."""
    ok = status == "ok"
    item = FACTS[case.network]["item"]
    name = case_name(case)
    one = {"name": name, "family_index": 0, "per_family_instance_index": 0, "run_name": name,
           "run_type": "iteration", "repetitions": 1, "repetition_index": 0, "threads": 1}
    if not ok:
        message = f"{status}: {reason}"
        one |= {"error_occurred": True, "error_message": message, "skipped": True, "skip_message": message}
    one |= {"iterations": len(measured.seconds) if ok else 0, "real_time": 1e3 * measured.median if ok else 0.0,
            "cpu_time": 1e3 * measured.cpu_seconds if ok else 0.0, "time_unit": "ms"}
    ours = {"status": status, "reason": reason, "finding": None, "suite": "amp", "device": "cpu",
            "precision": case.mode, "implementation": "pytorch",
            "figure": f"train.{case.network}.{case.mode}.{item}_per_second.d1", "method": 1,
            "samples_seconds": [], "samples_taken": 0, "runs_per_sample": 1, "median_seconds": None, "spread": None,
            "work": {"flops": facts.get("flops", 0.0), "bytes": 0.0}, "plan": facts.get("plan", {}),
            "cache": "as in training",
            "input": {"distribution": facts.get("distribution", ""), "seed": case.seed},
            "settle": None, "telemetry": {}, "planned_memory_bytes": None, "verification": None, "epoch": None,
            "parity": None, "parts": [], "ceiling": None, "labels": list(facts.get("labels", [])),
            "group": group(case), "item": item}
    if ok:
        _put_measured(one, ours, case, measured)
    one["gpubench"] = ours
    return one


def _put_measured(one, ours, case, measured):
    item, items = FACTS[case.network]["item"], FACTS[case.network]["epoch_items"]
    per_second = items_of_step(case) / measured.median
    one[f"{item}_per_second"] = per_second
    one["epoch_seconds"] = items / per_second
    if measured.peak_bytes is not None:
        one["peak_memory_bytes"] = measured.peak_bytes
    count = len(measured.seconds)
    # At most 1,000 of them, evenly spread, first and last kept.
    kept = measured.seconds if count <= 1000 else [measured.seconds[i * (count - 1) // 999] for i in range(1000)]
    ours |= {"samples_seconds": kept, "samples_taken": count, "median_seconds": measured.median,
             "spread": measured.spread, "settle": {"outcome": "short", "seconds": measured.warm_up_seconds},
             "telemetry": measured.telemetry,
             "epoch": {"items": items, "seconds": items / per_second, "from_steps": count, "measured": False,
                       "includes": "training steps only"}}
    ours["labels"] += measured.labels


def items_of_step(case):
    return case.batch * (case.sequence if case.network == "gpt2" else 1)


def run(case, one, *, command_line, start, end, host, isa, libraries, build, complete=True):
    """The whole file: context and one row. libraries: {name, version, path, missing} each; build: compiler, type,
    flags of PyTorch."""
    version, commit = version_of_sources()
    device = {"id": "cpu", "kind": "cpu", "model": host["cpu_model"], "uuid": "", "cores": host["usable_cpus"],
              "isa": isa, "features": ["AMX"] if "amx" in isa else [], "memory_bytes": host["memory_bytes"],
              "libraries": libraries}
    ours = {"schema": 1, "version": version, "commit": commit, "command_line": command_line, "seed": case.seed,
            "host": host, "start": start, "end": end, "devices": [device], "absent": [],
            "environment": machine.environment(), "digest": machine.digest(host, isa), "build": build,
            "complete": complete}
    caches = [{"type": cache["type"], "level": cache["level"], "size": cache["bytes"],
               "num_sharing": cache["sharing"]} for cache in host["caches"]]
    context = {"date": start, "host_name": host["name"], "executable": command_line[0],
               "num_cpus": host["logical_cpus"], "mhz_per_cpu": host["mhz"],
               "cpu_scaling_enabled": host["frequency_scaling"], "caches": caches,
               "load_avg": host["load_average"], "library_build_type": "release", "gpubench": ours}
    return {"context": context, "benchmarks": [one]}


def write(path, content):
    """To a temporary file beside it, flushed, then renamed: the file is there whole or not at all."""
    folder = os.path.dirname(os.path.abspath(path))
    handle, temporary = tempfile.mkstemp(prefix=".run-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(_finite(content), file, allow_nan=False, ensure_ascii=False, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _finite(value):
    """Strict JSON: a number that is not finite is null."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
