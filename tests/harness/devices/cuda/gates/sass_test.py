"""The machine code (SASS) of each kernel, as a test: what the table wants is in it, and what it must not have is not.

    sass_test.py --table FILE --objects FOLDER --architectures sm_80,sm_90a SOURCE…
                      disassembles the objects (scripts/machine_code); ends with 77 where there is no disassembler
    --refuses TEXT    instead: fails unless a kernel is refused with a sentence that contains TEXT
    --selftest        checks the checker: every rule is broken once in a made-up listing and has to be named

No kernel may touch local memory (LDL, STL) that is not allowed a stack frame or spills under "resources".
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from device_code import allowance, applies, read_table, unused
from listing import kernels_in, loops_with

ROOT = pathlib.Path(__file__).resolve().parents[5]
LOCAL_MEMORY = {"must_not": ["LDL", "STL"]}


def errors_of_entry(name, architecture, instructions, entry, why_not):
    where, parts = "", [instructions]
    if wanted := entry.get("loop_with"):
        where, parts = f" in the innermost loop with {wanted}", loops_with(instructions, wanted)
        if not parts:
            yield f"{name}, {architecture}: there is no loop with {wanted}, as the table wants it"
    for part in parts:
        for opcode in entry.get("must", []):
            if not any(one.matches(opcode) for one in part):
                yield f"{name}, {architecture}: no {opcode}{where}, which the table wants: look at it with scripts/machine_code"
        for opcode in entry.get("must_not", []):
            if found := [one for one in part if one.matches(opcode)]:
                yield (f"{name}, {architecture}: {len(found)} {opcode}{where}, the first at {found[0].address:#06x}: "
                       f"{why_not}; look at it with scripts/machine_code")


def errors_in(listing, architectures, table):
    keys = ("must", "must_not", "loop_with")
    entries, errors = read_table(table, "machine_code", keys, ())
    resources, _ = read_table(table, "resources", ("registers", "stack_bytes", "spill_bytes", "advisories"), ())
    kernels = kernels_in(listing)
    seen = [(name, architecture) for name, architecture, _ in kernels]
    for architecture in architectures:
        if architecture not in [built for _, built in seen]:
            errors.append(f"there is no machine code for {architecture}")
    for name, architecture, instructions in kernels:
        if not instructions:
            errors.append(f"{name}, {architecture}: its machine code could not be read")
        for entry in entries:
            if applies(entry, name, architecture):
                errors += errors_of_entry(name, architecture, instructions, entry, f"{table.name} forbids it")
        allowed = allowance(resources, name, architecture)
        if not allowed.get("stack_bytes") and not allowed.get("spill_bytes"):
            errors += errors_of_entry(name, architecture, instructions, LOCAL_MEMORY, "local memory is slow")
    for entry in unused(entries, seen, architectures):
        errors.append(f"{table}: no kernel is called {entry['kernels']}: remove the entry")
    return errors


# Two loops, one in the other; the inner one waits out of line, as for a barrier, behind what follows the loops.
LISTING = """== void a::f<3>(int*), sm_80: REG:32 STACK:0
        0000                   FFMA R1, R2, R3, R4
        0010                   LDG.E.NA.128.CONSTANT R4, [R2.64]
        0020               @P0 BRA 0x90
        0030                   HMMA.16816.F32 R4, R5, R6, R7
        0040               @P1 BRA 0x20
        0050                   MUFU.EX2 R4, R4
        0060              @!P1 BRA 0x10
        0070                   FADD R4, R4, R5
        0080                   EXIT
        0090               @P2 BRA 0x90
        00a0                   BRA 0x30
        00b0                   BRA 0xb0
"""
CODE = LISTING[LISTING.index("\n"):]
# The outer loop is entered at its end.
ENTERED_BELOW = """
        0000                   BRA 0x40
        0010                   HMMA.16816.F32 R4, R5, R6, R7
        0020               @P0 BRA 0x10
        0030                   MUFU.EX2 R4, R4
        0040                   FADD R4, R4, R5
        0050               @P1 BRA 0x10
        0060                   EXIT
"""
# What is changed in the listing, the table, and what has to be said: exactly this, nothing where it is None.
CASES = [
    (("", ""), {}, None),
    (("", ""), {"must": ["HMMA.F32", "LDG.E.128", "LDG.128"], "must_not": ["HGMMA", "LDG.64", "STG"]}, None),
    (("", ""), {"must": ["LDG.E.128.EF"]}, "no LDG.E.128.EF,"),
    (("", ""), {"must": ["LD"]}, "no LD,"),
    (("", ""), {"must_not": ["MUFU"]}, "1 MUFU, the first at 0x0050"),
    (("", ""), {"must_not": ["LDG"], "architectures": ["sm_80"]}, "1 LDG, the first at 0x0010"),
    (("", ""), {"must_not": ["LDG"], "architectures": ["sm_90a"]}, None),
    (("FADD", "LDL"), {}, "1 LDL,"),
    (("FADD", "STL.64"), {"must": ["HMMA"]}, "1 STL,"),
    (("FADD", "STL.64"), {"allowed": {"spill_bytes": 8, "reason": "r"}}, None),
    (("FADD", "STL.64"), {"allowed": {"stack_bytes": 8, "reason": "r"}}, None),
    (("FADD", "STL.64"), {"allowed": {"registers": 168, "reason": "r"}}, "1 STL,"),
    (("", ""), {"loop_with": "HMMA", "must": ["HMMA"], "must_not": ["FFMA", "MUFU", "FADD", "LDG"]}, None),
    (("", ""), {"loop_with": "MUFU", "must_not": ["FFMA", "FADD"], "must": ["LDG"]}, None),
    (("", ""), {"loop_with": "MUFU", "must_not": ["HMMA"]}, "1 HMMA in the innermost loop with MUFU"),
    (("", ""), {"loop_with": "HMMA", "must": ["LDSM"]}, "no LDSM in the innermost loop with HMMA"),
    (("", ""), {"loop_with": "FADD", "must_not": ["FFMA"]}, "there is no loop with FADD"),
    (("", ""), {"must_nott": ["FFMA"], "must": ["HMMA"]}, "unknown: must_nott"),
    (("", ""), {"kernels": "a::g", "must": ["HMMA"]}, "no kernel is called a::g"),
    (("sm_80", "sm_75"), {}, "there is no machine code for sm_80"),
    ((CODE, ENTERED_BELOW), {"loop_with": "HMMA", "must_not": ["MUFU"]}, None),
    ((CODE, ""), {}, "could not be read"),
]


def selftest():
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "table.json"
        for change, rule, expected in CASES:
            pattern = {"kernels": r"a::f<\d>"}
            allowed = [pattern | rule["allowed"]] if "allowed" in rule else []
            entries = [] if allowed or not rule else [pattern | rule]
            table.write_text(json.dumps({"resources": allowed, "machine_code": entries}), encoding="utf-8")
            found = errors_in(LISTING.replace(*change) if change[0] else LISTING, ["sm_80"], table)
            if [] != found if expected is None else len(found) != 1 or expected not in found[0]:
                yield f"{change}, {rule}: expected {expected!r}, got {found}"
        if not errors_in("", ["sm_80"], table):
            yield "an empty listing passes"


def main():
    if sys.argv[1:] == ["--selftest"]:
        return list(selftest())
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", type=pathlib.Path, required=True)
    parser.add_argument("--objects", type=pathlib.Path, required=True)
    parser.add_argument("--architectures", type=lambda text: text.split(","), required=True)
    parser.add_argument("--refuses")
    parser.add_argument("sources", nargs="*")
    given = parser.parse_args()
    objects = [given.objects / f"{source}.o" for source in given.sources]
    if missing := [f"there is no {path}: build first" for path in objects if not path.exists()]:
        return missing
    pairs = zip(map(pathlib.Path, given.sources), objects)
    if old := [f"{source}: its object is older than it is: build first" for source, path in pairs
               if path.stat().st_mtime < source.stat().st_mtime]:
        return old
    told = subprocess.run([ROOT / "scripts/machine_code", ".", *objects], capture_output=True, text=True, check=False)
    if told.returncode == 77:
        print(told.stdout, end="")
        sys.exit(77)
    if told.returncode != 0:
        return [f"scripts/machine_code failed: {told.stderr}"]
    errors = errors_in(told.stdout, given.architectures, given.table)
    if given.refuses:
        return [] if any(given.refuses in error for error in errors) else [*errors, f"not refused with '{given.refuses}'"]
    return errors


if __name__ == "__main__":
    found = main()
    print("\n".join(found))
    sys.exit(bool(found))
