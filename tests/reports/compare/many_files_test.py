"""Two folders of run files, one of them broken, compared: what it says, how long it takes and how much memory.

usage: many_files_test.py PROGRAM RUN_FILE [--files 100] [--rows 100] [--samples 20] [--most-seconds S] [--most-mb MB]

RUN_FILE is the pattern: its first row that is ok is written again and again under other names. CI runs 100 files; the
promise is 10,000 of 100 rows and 20 samples on two cores: --files 10000 --most-seconds 15 --most-mb 1000.
"""
import argparse
import copy
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("pattern", type=pathlib.Path)
parser.add_argument("--files", type=int, default=100)
parser.add_argument("--rows", type=int, default=100)
parser.add_argument("--samples", type=int, default=20)
parser.add_argument("--most-seconds", type=float, default=60)
parser.add_argument("--most-mb", type=float, default=1000)
parser.add_argument("--folder", type=pathlib.Path, help="keeps the files here, and uses them when they are there")
arguments = parser.parse_args()


def write_files(folder, files, faster):
    pattern = json.loads(arguments.pattern.read_text())
    row = next(row for row in pattern["benchmarks"] if row["gpubench"]["status"] == "ok")
    row["gpubench"]["parts"] = []
    rows = []
    for number in range(arguments.rows):
        one = copy.deepcopy(row)
        one["name"] = one["run_name"] = f"gemm/bf16/m{number + 1}n4096k4096/nt/hot/onednn"
        seconds = 0.0123456789 * (1 + number / 1000) / faster
        one["gpubench"].update(samples_seconds=[seconds * (1 + sample / 3000) for sample in range(arguments.samples)],
                               samples_taken=arguments.samples, median_seconds=seconds, precision="bf16",
                               figure=f"gemm.bf16.m{number + 1}n4096k4096.nt.hot.flops_per_second")
        one["flops_per_second"] = 1.0e12 / seconds
        rows.append(one)
    folder.mkdir(parents=True)
    text = ",\n    ".join(json.dumps(one) for one in rows)
    for file in range(files):
        context = copy.deepcopy(pattern["context"])
        context["gpubench"]["host"]["name"] = f"node{file}"
        (folder / f"run{file}.json").write_text(
            f'{{\n  "context": {json.dumps(context, indent=2)},\n  "benchmarks": [\n    {text}\n  ]\n}}\n')


def main(folder):
    if not (folder / "a").exists():
        write_files(folder / "a", arguments.files // 2, 1.0)
        write_files(folder / "b", arguments.files - arguments.files // 2, 1.25)
        broken = folder / "b" / "run1.json"
        broken.write_text(broken.read_text()[:1000])
    size = sum(file.stat().st_size for file in folder.glob("*/*.json"))
    start = time.monotonic()
    ended = subprocess.run([arguments.program, "compare", str(folder / "a"), str(folder / "b"), "--json", "-"],
                           capture_output=True, text=True, check=False)
    seconds = time.monotonic() - start
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    megabytes = usage.ru_maxrss / 1024
    print(f"{arguments.files} files, {size / 1e9:.2f} GB: {seconds:.1f} s (processors {usage.ru_utime + usage.ru_stime:.1f} s), "
          f"{megabytes:.0f} MB of memory")
    comparison = json.loads(ended.stdout)
    wrong = [what for what, right in {
        f"exit status {ended.returncode}, a broken file is 2": ended.returncode == 2,
        "the broken file is not named": any("run1.json" in file for file in comparison["skipped_files"]),
        "not every row was compared": len(comparison["rows"]) == arguments.rows,
        "another ratio than 1.25": all(abs(row["ratio"] / 1.25 - 1) < 1e-9 for row in comparison["rows"]),
        "the interval is not over devices": all(row["over"] == "devices" for row in comparison["rows"]),
        f"{seconds:.1f} s, {arguments.most_seconds} are allowed": seconds <= arguments.most_seconds,
        f"{megabytes:.0f} MB, {arguments.most_mb} are allowed": megabytes <= arguments.most_mb}.items() if not right]
    for what in wrong:
        print("wrong:", what, file=sys.stderr)
    return 1 if wrong else 0


if arguments.folder:
    sys.exit(main(arguments.folder))
with tempfile.TemporaryDirectory() as temporary:
    sys.exit(main(pathlib.Path(temporary)))
