"""What ptxas says of each kernel, as a test: registers, local memory, and what it advises against.

    resources_test.py --table FILE --objects FOLDER --architectures sm_80,sm_90a SOURCE…
                      checks the reports beside the objects (scripts/cmake/keep_ptxas_report); run at the root of the tree
    --refuses TEXT    instead: fails unless a kernel is refused with a sentence that contains TEXT
    --selftest        checks the checker: every rule is broken once in made-up reports and has to be named

A kernel may use 128 registers a thread (then 512 threads, a quarter of an SM's 2048, fit), no local memory: no stack
frame, no spills; and no wgmma may be serialised (advisory C75xx). The table says which may use more, and why.
"""

import argparse
import json
import os
import pathlib
import re
import sys
import tempfile

from device_code import allowance, kernels_written_in, plain_names, read_table, unused

LIMITS = {"registers": 128, "stack_bytes": 0, "spill_bytes": 0}
ADVICE = {
    "registers": "registers a thread: a smaller tile or __launch_bounds__",
    "stack_bytes": "bytes of stack frame: an array is indexed by what the compiler does not know, or its loop is not unrolled",
    "spill_bytes": "bytes of spills: a smaller tile, or fewer threads in __launch_bounds__",
}


def kernels_in(report):
    """{(mangled name, architecture): {registers, stack_bytes, spill_bytes}} and [(mangled name, advisory)]."""
    kernels, advisories, current = {}, [], None
    for line in report.splitlines():
        if entry := re.search(r"Compiling entry function '([^']+)' for '(\w+)'", line):
            current = kernels.setdefault(entry.groups(), {})
        elif advisory := re.search(r"\(C75\d\d\)(?:.*\bfunction '?(\w+))?", line):
            advisories.append((advisory[1], line[line.index("(C75"):]))
        elif current is not None:
            # Functions that are called and not inlined have lines of their own; their stack is the kernel's.
            if local := re.search(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads", line):
                stack, stores, loads = map(int, local.groups())
                current["stack_bytes"] = max(stack, current.get("stack_bytes", 0))
                current["spill_bytes"] = max(stores, loads, current.get("spill_bytes", 0))
            if used := re.search(r"Used (\d+) registers", line):
                current["registers"] = int(used[1])
    return kernels, advisories


def report_of(source, objects):
    """The text of a source's report, and what is wrong with it."""
    path = objects / f"{source}.o.ptxas"
    if not path.exists():
        return "", [f"{source}: no report of ptxas at {path}: build it again (touch {source})"]
    if path.stat().st_mtime < source.stat().st_mtime:
        return "", [f"{source}: its report is older than it is: build first"]
    return path.read_text(encoding="utf-8"), []


def errors_of_kernel(name, architecture, found, entries, table):
    entry = allowance(entries, name, architecture)
    for key, default in LIMITS.items():
        most = entry.get(key, default)
        if key not in found:
            yield f"{name}, {architecture}: the report does not say its {key}"
        elif found[key] > most:
            yield f"{name}, {architecture}: {found[key]} > {most} {ADVICE[key]}; or allow it in {table} with the reason"


def errors_in_source(source, report, architectures, entries, table):
    kernels, advisories = kernels_in(report)
    names = plain_names([name for name, _ in kernels] + [name for name, _ in advisories if name])
    seen = [(names[mangled], architecture) for mangled, architecture in kernels]
    errors = []
    for written in sorted(set(kernels_written_in(source.read_text(encoding="utf-8")))):
        for architecture in architectures:
            if not any(re.search(rf"(^|::){written}(<|$)", name) for name, built in seen if built == architecture):
                errors.append(f"{source}: the kernel {written} is not in the report for {architecture}: "
                              "a template that nobody instantiates is not compiled")
    for (mangled, architecture), found in kernels.items():
        errors += errors_of_kernel(names[mangled], architecture, found, entries, table)
    for mangled, text in advisories:
        name = names.get(mangled, str(source))
        code = text[1:6]
        if not any(code in entry.get("advisories", []) and re.fullmatch(entry["kernels"], name) for entry in entries):
            errors.append(f"{name}: ptxas advises against it: {text}; remove its cause, or allow {code} in {table} "
                          "with the reason")
    return seen, errors


def errors_in(sources, objects, architectures, table):
    entries, errors = read_table(table, "resources", (*LIMITS, "advisories"), (*LIMITS, "advisories"))
    seen = []
    if not sources:
        errors.append("no kernels to check")
    for source in sources:
        report, wrong = report_of(source, objects)
        errors += wrong
        if not wrong:
            in_source, wrong = errors_in_source(source, report, architectures, entries, table)
            seen += in_source
            errors += wrong or ([] if in_source else [f"{source}: there is no kernel in its report"])
    for entry in unused(entries, seen, architectures):
        errors.append(f"{table}: no kernel is called {entry['kernels']}: remove the entry")
    return errors


SOURCE = """// __global__ void not_this_one(int)
#define KERNEL(name) \\
  __global__ void name##_kernel(int)
template <int n>
__global__ __launch_bounds__((n)) void
f(int* to) {}
template __global__ void f<3>(int*);
void run() { go(); }
"""
REPORT = """ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function '_ZN1a12_GLOBAL__N_11fILi3EEEvPi' for 'sm_80'
ptxas info    : Function properties for _ZN1a12_GLOBAL__N_11fILi3EEEvPi
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 128 registers, used 1 barriers, 388 bytes cmem[0]
"""
ADVISORY = ("ptxas info    : (C7517) warpgroup.wait is injected in around line 10911 by compiler to allow use of "
            "registers defined by GMMA in function '_ZN1a12_GLOBAL__N_11fILi3EEEvPi'\n")
CALLED = ("ptxas info    : Function properties for _Z1gv\n"
          "    8 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads\n")
# What is changed in a good report, the table's entry, and what has to be said: exactly this, nothing where it is None.
CASES = [
    (("", ""), None, None),
    (("128 registers", "129 registers"), None, "a::f<3>, sm_80: 129 > 128 registers"),
    (("128 registers", "168 registers"), {"registers": 168, "reason": "r"}, None),
    (("128 registers", "168 registers"), {"registers": 168, "reason": "r", "architectures": ["sm_80"]}, None),
    (("128 registers", "169 registers"), {"registers": 168, "reason": "r"}, "169 > 168 registers"),
    (("", ""), {"registers": 64, "reason": "two blocks an SM"}, "128 > 64 registers"),
    (("", ""), {"registers": 168}, "without a reason"),
    (("", ""), {"registers": 168, "reason": " "}, "without a reason"),
    (("", ""), {"registres": 168, "registers": 168, "reason": "r"}, "unknown: registres"),
    (("", ""), {"reason": "r"}, "an entry needs a pattern of kernels and one of"),
    (("", ""), {"kernels": "a::g.*", "registers": 168, "reason": "r"}, "no kernel is called a::g.*"),
    (("0 bytes stack", "24 bytes stack"), None, "24 > 0 bytes of stack frame"),
    (("0 bytes stack", "24 bytes stack"), {"stack_bytes": 24, "reason": "r"}, None),
    (("0 bytes spill stores", "24 bytes spill stores"), None, "24 > 0 bytes of spills"),
    (("0 bytes spill loads", "24 bytes spill loads"), None, "24 > 0 bytes of spills"),
    (("ptxas info    : Used", CALLED + "ptxas info    : Used"), None, "8 > 0 bytes of stack frame"),
    (("ptxas info    : Used", ADVISORY + "ptxas info    : Used"), None, "a::f<3>: ptxas advises against it: (C7517)"),
    ((REPORT, ADVISORY + REPORT), {"advisories": ["C7517"], "reason": "r"}, None),
    (("Used", "Needed"), None, "does not say its registers"),
    (("sm_80", "sm_75"), None, "the kernel f is not in the report for sm_80"),
    (("1f", "1g"), None, "the kernel f is not in the report for sm_80"),
    (("", ""), "old", "older"),
    (("", ""), "missing", "no report of ptxas"),
    (("", ""), "empty", "there is no kernel in its report"),
    (("", ""), "section", "unknown: section"),
]


def selftest():
    with tempfile.TemporaryDirectory() as folder:
        source, table = pathlib.Path(folder) / "f.cu", pathlib.Path(folder) / "table.json"
        report = pathlib.Path(f"{source}.o.ptxas")
        for change, special, expected in CASES:
            source.write_text("" if special == "empty" else SOURCE, encoding="utf-8")
            report.write_text(REPORT.replace(*change) if change[0] else REPORT, encoding="utf-8")
            entries = [{"kernels": r"a::f<\d>"} | special] if isinstance(special, dict) else []
            table.write_text(json.dumps({"section" if special == "section" else "resources": entries}), encoding="utf-8")
            if special == "old":
                os.utime(report, (0, 0))
            if special == "empty":
                report.write_text("", encoding="utf-8")
            if special == "missing":
                report.unlink()
            found = errors_in([source], pathlib.Path(folder), ["sm_80"], table)
            if [] != found if expected is None else len(found) != 1 or expected not in found[0]:
                yield f"{change}, {special}: expected {expected!r}, got {found}"
        table.write_text("{}", encoding="utf-8")
        if errors_in([], pathlib.Path(folder), ["sm_80"], table) != ["no kernels to check"]:
            yield "no kernels at all pass"


def main():
    if sys.argv[1:] == ["--selftest"]:
        return list(selftest())
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", type=pathlib.Path, required=True)
    parser.add_argument("--objects", type=pathlib.Path, required=True)
    parser.add_argument("--architectures", type=lambda text: text.split(","), required=True)
    parser.add_argument("--refuses")
    parser.add_argument("sources", type=pathlib.Path, nargs="*")
    given = parser.parse_args()
    errors = errors_in(given.sources, given.objects, given.architectures, given.table)
    if given.refuses and any(given.refuses in error for error in errors):
        return []
    return errors + ([f"nothing was refused with '{given.refuses}'"] if given.refuses else [])


if __name__ == "__main__":
    found = main()
    print("\n".join(found))
    sys.exit(bool(found))
