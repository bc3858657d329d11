"""Plants bugs in our products on the Tensor Cores, one at a time, and expects that their emulated tests fail.

usage: planted_bugs.py BUILD [NUMBER…]     plants them (minutes: each is compiled); ends with 1 where one was not seen
       planted_bugs.py --places            only says whether the places are still there
BUILD has gpubench_emulated_tests. The tree is not touched: sources are copied.
"""

import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[4]
FOLDER = "kernels/gemm/cuda"
SECONDS = 240  # a test that hangs has seen its bug

WGMMA = ("wgmma_bf16.cu", "*WgmmaGemm*")
BUGS = [  # what is wrong, where, what stands there, what stands there instead, who is compiled and tested
    ("the producer waits for the other phase", "wgmma.cuh", "parity ^ 1)", "parity)", WGMMA),
    ("the second operand is not waited for", "wgmma.cuh", "S::a_bytes + S::b_bytes);", "S::a_bytes);", WGMMA),
    ("a stage is free when half of its readers say so", "wgmma.cuh", "4 * S::consumers * (S::down + S::across - 1)",
     "4 * S::consumers", WGMMA),
    ("the first products are added to what was there", "wgmma.cuh", "      for (float& sum : d) sum = 0;\n", "      ;\n", WGMMA),
    ("a stage is given back while products read it", "wgmma.cuh",
     "if (turn > stretch.first) release(ring_place<S>(used - 1).stage);", "release(stage);", WGMMA),
    ("the products before are not waited for", "wgmma.cuh", "ptx::wgmma_wait<1>();", "", WGMMA),
    ("no wgmma.fence", "wgmma.cuh", "ptx::wgmma_fence(d);", "", WGMMA),
    ("sums are read too soon", "wgmma.cuh", "ptx::wgmma_wait<0>(d);", "", WGMMA),
    ("both warpgroups multiply the same rows", "wgmma.cuh", "wgmma_stage<S>(d, shared.a[stage] + half * 8192,",
     "wgmma_stage<S>(d, shared.a[stage],", WGMMA),
    ("steps along k are too long", "wgmma.cuh", "a_along_k ? 2 : 128", "a_along_k ? 4 : 128", WGMMA),
    ("steps along k are too short where it is not contiguous", "wgmma.cuh", "b_along_k ? 2 : 128", "b_along_k ? 2 : 64", WGMMA),
    ("what is fetched for a column of the cluster goes to a row", "wgmma.cuh", "column_mask << mine.column",
     "row_mask << mine.column", WGMMA),
    ("all blocks of a cluster fetch the same share", "wgmma.cuh", "from_b = mine.row * S::b_share", "from_b = 0", WGMMA),
    ("only blocks of the row are told that a stage is free", "wgmma.cuh", " || lane % S::across == mine.column", "", WGMMA),
    ("a block ends while others write to it", "wgmma.cuh",
     "to it.\n  if constexpr (S::cluster > 1) ptx::cluster_sync<ptx::Tells::nothing>();", "to it.", WGMMA),
    ("a block ends while its last tile is stored", "wgmma.cuh", "if (member == 0) ptx::bulk_wait_read<0>();", "", WGMMA),
    ("the staging is overwritten while it is read", "wgmma_store.cuh", "if (member == 0) ptx::bulk_wait_read<1>();", "", WGMMA),
    ("no fence between what threads write and the copy reads", "wgmma_store.cuh", "    ptx::fence_proxy_async();\n", "", WGMMA),
    ("the staging is swizzled otherwise than the copy", "wgmma_store.cuh", "^ (row % 8)", "^ (row % 4)", WGMMA),
    ("one place for all copies", "wgmma_store.cuh", "staging.rows[stored++ % 2]", "staging.rows[0 * stored]", WGMMA),
    ("a copy begins before all have written", "wgmma_store.cuh", "    ptx::bar_sync(barrier, 128);\n    if (member == 0) {",
     "    if (member == 0) {", WGMMA),
    ("alpha is forgotten", "wgmma_store.cuh", "if (epilogue.alpha != 1)", "if (false)", WGMMA),
    ("a bias is read behind its end", "wgmma_store.cuh", "column < at.columns ? to_float(epilogue.bias[column])",
     "true ? to_float(epilogue.bias[column])", WGMMA),
    ("c is read behind its end", "wgmma_store.cuh", "if (row >= at.rows) continue;\n      const Out", "const Out", WGMMA),
    ("parts of a sum overlap", "tile_order.cuh", "(part < more ? 1 : 0)", "1", WGMMA),
]


def places():
    """Of each bug, what is wrong with its place."""
    for what, file, there, _, _ in BUGS:
        if (count := (ROOT / FOLDER / file).read_text().count(there)) != 1:
            yield f"{file}: {count} places for \"{what}\""


def commands(build, source):
    """How BUILD compiles a source for the emulator, and how it links the tests; {object} is the source's."""
    listed = subprocess.run(["ninja", "-C", build, "-t", "commands", "gpubench_emulated_tests"], capture_output=True, text=True,
                            check=True).stdout.splitlines()
    compile_it = next(line for line in listed if "gpubench_emulated_kernels.dir" in line and f"-c {ROOT}/{FOLDER}/{source}" in line)
    object_file = re.search(r"-o (\S+)", compile_it)[1]
    link = next(part for part in listed[-1].split("&&") if f" {object_file} " in part)
    return shlex.split(compile_it), shlex.split(link), object_file


def seen(build, folder, bug):
    _, file, there, instead, (source, tests) = bug
    copy = folder / FOLDER
    copy.mkdir(parents=True, exist_ok=True)
    for original in (ROOT / FOLDER).iterdir():
        (copy / original.name).write_text(original.read_text())
    (copy / file).write_text((copy / file).read_text().replace(there, instead))
    compile_it, link, object_file = commands(build, source)
    program, planted = folder / "tests", folder / "planted.o"
    here = [word.replace(f"{ROOT}/{FOLDER}/{source}", str(copy / source)) for word in compile_it]
    here = [str(planted) if word == object_file else word for word in here if word != "-Werror"]
    subprocess.run([*here[:1], f"-I{folder}", *here[1:]] if "ccache" not in here[0] else [here[1], f"-I{folder}", *here[2:]],
                   cwd=build, check=True, capture_output=True)
    linked = [str(planted) if word == object_file else word for word in link]
    linked[linked.index("-o") + 1] = str(program)
    subprocess.run([word for word in linked if word != ":"], cwd=build, check=True, capture_output=True)
    try:
        return subprocess.run([program, f"--gtest_filter={tests}"], capture_output=True, timeout=SECONDS).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def main(words):
    if wrong := list(places()):
        print("\n".join(wrong))
        return 1
    if words[:1] == ["--places"]:
        print(f"{len(BUGS)} bugs have their place")
        return 0
    if not words:
        print(__doc__)
        return 2
    build, chosen = pathlib.Path(words[0]).resolve(), [int(word) for word in words[1:]] or range(len(BUGS))
    missed = 0
    for source, tests in sorted({bug[4] for bug in BUGS}):  # without a bug they pass, else nothing is said by a failure
        with tempfile.TemporaryDirectory() as folder:
            if seen(build, pathlib.Path(folder), ("none", "product.hpp", "", "", (source, tests))):
                print(f"{tests} of {source} fail without a bug")
                return 1
    for number in chosen:
        with tempfile.TemporaryDirectory() as folder:
            found = seen(build, pathlib.Path(folder), BUGS[number])
        missed += not found
        print(f"{number:3} {'seen    ' if found else 'NOT SEEN'} {BUGS[number][0]}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
