"""The architecture as a test: who may include whom, and what else a look at the sources can tell.

    includes_test.py [FOLDER]     checks the tree at FOLDER (this one)
    includes_test.py --selftest   checks the checker: every rule is broken once in a made-up tree and has to be named
"""

import pathlib
import re
import sys
import tempfile

TOPS = ("harness", "kernels", "suites", "reports", "tests")
MOST_LINES = 350

# What a plug-in is built on: its name in paths, its implementations, and the headers that only it may see.
BACK_ENDS = {
    "cpu": (r"cpu|onednn|gpubench", r"(oneapi/)?dnnl|omp\.h"),
    "cuda": (r"cuda|cublaslt|cudnn|nccl|ce", r"cu(da|blas|dnn|pti|rand|fft|sparse|solver)\w*|nccl|nvml|nvtx|cub/|"
                                             r"thrust/|cutlass/|cute/|mma\.h|cooperative_groups"),
    "mpi": (r"mpi", r"mpi\.h"),
}

# The first pattern that a path, or an included name, matches names its layer.
LAYERS = [
    ("test", r"tests/"),
    ("app", r"harness/app/"),
    ("core", r"harness/core/"),
    ("environment", r"harness/environment/"),
    *((f"{name} device", rf"harness/devices/{name}/") for name in BACK_ENDS),
    ("harness", r"harness/"),
    ("cuda implementation", r"kernels/.*\.cuh?$"),
    *((f"{name} implementation", rf"kernels/(\w+/)?(\w+_)?({files})(/|\.)") for name, (files, _) in BACK_ENDS.items()),
    ("oracle", r"kernels/\w+/oracle(/|\.)"),
    ("problem", r"kernels/"),  # values and what is made of them: the engine of a training step, its checks
    ("suite", r"suites/"),
    ("report", r"reports/"),
    *((f"{name} vendor", vendor) for name, (_, vendor) in BACK_ENDS.items()),
]

# A layer may include itself and these. The app and the tests put everything together.
MAY_INCLUDE = {
    "core": set(),
    "environment": {"core", "harness"},
    "harness": {"core", "environment"},
    "problem": {"core", "harness", "oracle"},
    "oracle": {"core", "harness", "problem"},
    "suite": {"core", "harness", "problem"},
    "report": {"core", "harness", "environment"},
}
for name in BACK_ENDS:
    MAY_INCLUDE[f"{name} device"] = {"core", "harness", "environment", f"{name} vendor"}
    MAY_INCLUDE[f"{name} implementation"] = {"core", "harness", "problem", "oracle", f"{name} device", f"{name} vendor"}
MAY_INCLUDE["app"] = {layer for layer, _ in LAYERS} - {"test"}
MAY_INCLUDE["test"] = {layer for layer, _ in LAYERS}

# Libraries, and the layers they belong to; None: everywhere. The tests may use all of them.
LIBRARIES = [
    (r"fmt/", None),
    (r"benchmark/", {"app"}),
    (r"CLI/", {"app"}),
    (r"nlohmann/", {"report", "app"}),
    (r"valijson/", {"report"}),
    (r"sqlite3\.h", {"report"}),
    (r"sanitizer/", {"cuda device"}),  # the emulator's threads have stacks of their own
    (r"g(test|mock)/", set()),
    (r"(sys|linux|net|netinet|arpa)/\w+\.h$|[^/]+\.h$|\w+$", None),  # the system's and the language's own
]

# Which back-ends there are is decided when a plug-in is loaded; a vendor's versions are evened out in one place.
CONDITION = re.compile(r"\s*#\s*(?:el)?if\w*\b(.*)")
BACK_END_MACRO = re.compile(r"\b(GPUBENCH_\w*(CUDA|CPU|MPI|ONEDNN)\w*|__CUDA\w+|CUDA\w*VERSION|CUDART_\w+|CUDNN_\w+|"
                            r"NCCL_\w+|DNNL_\w+|MPI_\w+|OMPI_\w+|_OPENMP|__has_include)\b")
MAY_ASK = re.compile(r"harness/devices/\w+/(onednn|cublaslt|cudnn|nccl|nvml)(_api)?\.[ch]pp$|harness/devices/cuda/.*\.cuh$")

# What is an instruction of the GPU stands in a wrapper, so that the emulator knows it; kernels have no other.
DEVICE_CODE = re.compile(r"(?!harness/devices/cuda/ptx/).*\.cuh?$")
RAW_INSTRUCTION = re.compile(r"\basm\b|\b__(shared__|syncthreads|syncwarp|shfl|ballot|threadfence|ldg|cvta)\w*|\batomic[A-Z]\w*\(")

HEADERS = (".hpp", ".cuh", ".h")
SOURCES = HEADERS + (".cpp", ".cu", ".cc", ".c", ".in")


def layer_of(path):
    return next((layer for layer, pattern in LAYERS if re.match(pattern, path)), None)


def refused_include(root, path, quote, target):
    """Why `path` may not include `target`; None if it may."""
    own, other = layer_of(path), layer_of(target)
    if other:
        if other != own and other not in MAY_INCLUDE[own]:
            return f"{own} may not include {other} ({target})"
        if quote == '"' and not other.endswith("vendor") and not (root / target).exists():
            return f"there is no {target}: includes are written from the root of the tree"
        return None
    if quote == '"':
        written_by_the_build = path.endswith(".in") and target.endswith(".inc")
        return None if written_by_the_build else f"there is no {target}: includes are written from the root of the tree"
    for pattern, layers in LIBRARIES:
        if re.match(pattern, target):
            allowed = layers is None or own in layers or own == "test"
            return None if allowed else f"{own} may not include the library of <{target}>"
    return f"<{target}> belongs to no library that {pathlib.Path(__file__).name} knows: say there who may use it"


def first_include_error(root, path, lines):
    """A source that begins with its own header shows, when it is compiled, that the header needs no other before it."""
    own = re.sub(r"\.cpp$", ".hpp", path)
    if own == path or not (root / own).exists():
        return None
    first = next((line for line in lines if re.match(r"\s*#\s*include\b", line)), "")
    return None if first == f'#include "{own}"' else f"{path}:1: the first include of a source is its own header, {own}"


def errors_in_source(root, path, lines):
    for number, line in enumerate(lines, 1):
        if include := re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line):
            if reason := refused_include(root, path, *include.groups()):
                yield f"{path}:{number}: {reason}"
        if (condition := CONDITION.match(line)) and not MAY_ASK.match(path):
            if macro := BACK_END_MACRO.search(condition[1]):
                yield f"{path}:{number}: #if on a back-end ({macro[1]}) outside harness/devices/<it>/<library>.hpp and .cpp"
        if DEVICE_CODE.match(path) and (raw := RAW_INSTRUCTION.search(line.split("//")[0])):
            yield f"{path}:{number}: {raw[0]} outside of harness/devices/cuda/ptx: use or add a wrapper"
    if error := first_include_error(root, path, lines):
        yield error
    if path.endswith(HEADERS) and "#pragma once" not in lines:
        yield f"{path}:1: a header without #pragma once"


def errors_in(root):
    files = [file for top in TOPS for file in sorted((root / top).rglob("*")) if file.suffix in SOURCES + (".py",)]
    if not files:
        yield f"{root}: no sources"
    for file in files:
        path, lines = file.relative_to(root).as_posix(), file.read_text(encoding="utf-8").splitlines()
        if len(lines) > MOST_LINES:
            yield f"{path}:{MOST_LINES}: {len(lines)} lines; a file with one job needs no more than {MOST_LINES}"
        if file.suffix in SOURCES:
            yield from errors_in_source(root, path, lines)


# A tree that keeps every rule, and files that break one each when they are added to it.
GOOD = {
    "harness/core/work.hpp": "#pragma once\n#include <string>\n",
    "harness/result.hpp": '#pragma once\n#include "harness/core/work.hpp"\n',
    "harness/environment/digest.cpp": '#include <sys/stat.h>\n#include "harness/result.hpp"\n',
    "harness/devices/cpu/cpu_device.hpp": '#pragma once\n#include <oneapi/dnnl/dnnl.hpp>\n#include "harness/result.hpp"\n',
    "harness/devices/cuda/check.hpp": "#pragma once\n#include <cuda_runtime.h>\n",
    "harness/app/main.cpp": '#include <CLI/CLI.hpp>\n#include <benchmark/benchmark.h>\n#include "suites/suites.hpp"\n',
    "harness/environment/build.cpp.in": '#include "commit.inc"\n',
    "kernels/gemm/gemm.hpp": '#pragma once\n#include <fmt/format.h>\n#include "harness/core/work.hpp"\n',
    "kernels/gemm/onednn.cpp": '#include <omp.h>\n#include "harness/devices/cpu/cpu_device.hpp"\n#include "kernels/gemm/gemm.hpp"\n',
    "kernels/gemm/cublaslt.cpp": '#include <cublasLt.h>\n#include "harness/devices/cuda/check.hpp"\n',
    "kernels/memory/triad.cu": "#include <cuda_fp16.h>\n// no asm, no __shared__\n",
    "harness/devices/cuda/ptx/mma.cuh": "#pragma once\n#if __CUDA_ARCH__ >= 900\n#endif\nasm volatile();\n",
    "kernels/training/oracle/layers.hpp": '#pragma once\n#include "kernels/training/engine.hpp"\n',
    "kernels/training/engine.hpp": '#pragma once\n#include "harness/result.hpp"\n',
    "harness/devices/cpu/onednn.hpp": "#pragma once\n#if DNNL_VERSION_MAJOR >= 3\n#endif\n",
    "kernels/training/onednn/layers.hpp": "#pragma once\n#include <dnnl.hpp>\n",
    "kernels/training/engine.cpp": '// why\n\n#include "kernels/training/engine.hpp"\n\n#include <string>\n',
    "suites/suites.hpp": '#pragma once\n#include "kernels/gemm/gemm.hpp"\n',
    "reports/json.cpp": '#include <nlohmann/json.hpp>\n#include "harness/result.hpp"\n',
    "tests/kernels/gemm_test.cpp": '#include <gtest/gtest.h>\n#include <cublasLt.h>\n#include "reports/json.cpp"\n',
}
BAD = [
    ("harness/core/a.hpp", '#pragma once\n#include "harness/result.hpp"\n', "core may not include harness"),
    ("harness/a.cpp", '#include "harness/devices/cpu/cpu_device.hpp"\n', "harness may not include cpu device"),
    ("harness/a.cpp", '#include "kernels/gemm/gemm.hpp"\n', "harness may not include problem"),
    ("harness/a.cpp", "#include <benchmark/benchmark.h>\n", "harness may not include the library of <benchmark"),
    ("harness/a.cpp", "#include <nlohmann/json.hpp>\n", "harness may not include the library of <nlohmann"),
    ("harness/devices/cpu/a.cpp", "#include <nvml.h>\n", "cpu device may not include cuda vendor"),
    ("harness/devices/cpu/a.cpp", '#include "kernels/gemm/gemm.hpp"\n', "cpu device may not include problem"),
    ("harness/devices/cuda/a.cpp", '#include "harness/devices/cpu/cpu_device.hpp"\n', "cuda device may not include cpu device"),
    ("kernels/gemm/a.hpp", "#pragma once\n#include <dnnl.hpp>\n", "problem may not include cpu vendor"),
    ("kernels/gemm/oracle.cpp", "#include <omp.h>\n", "oracle may not include cpu vendor"),
    ("kernels/gemm/cudnn.cpp", "#include <oneapi/dnnl/dnnl.hpp>\n", "cuda implementation may not include cpu vendor"),
    ("kernels/gemm/cudnn.cpp", '#include "suites/suites.hpp"\n', "cuda implementation may not include suite"),
    ("kernels/training/a.cpp", '#include "kernels/training/onednn/layers.hpp"\n', "problem may not include cpu implementation"),
    ("kernels/training/a.cpp", "  #  include <cudnn.h>\n", "problem may not include cuda vendor"),
    ("kernels/training/oracle/a.cpp", "#include <mpi.h>\n", "oracle may not include mpi vendor"),
    ("suites/gemm.cpp", "#include <cublasLt.h>\n", "suite may not include cuda vendor"),
    ("suites/gemm.cpp", '#include "cublasLt.h"\n', "suite may not include cuda vendor"),
    ("suites/gemm.cpp", '#include "kernels/training/onednn/layers.hpp"\n', "suite may not include cpu implementation"),
    ("suites/gemm.cpp", '#include "harness/devices/cuda/check.hpp"\n', "suite may not include cuda device"),
    ("reports/a.cpp", '#include "kernels/gemm/gemm.hpp"\n', "report may not include problem"),
    ("reports/a.cpp", '#include "suites/suites.hpp"\n', "report may not include suite"),
    ("reports/a.cpp", '#include "harness/devices/cpu/cpu_device.hpp"\n', "report may not include cpu device"),
    ("reports/a.cpp", "#include <CLI/CLI.hpp>\n", "report may not include the library of <CLI"),
    ("reports/a.cpp", "#include <gtest/gtest.h>\n", "report may not include the library of <gtest"),
    ("reports/a.cpp", "#include <boost/any.hpp>\n", "belongs to no library"),
    ("reports/a.cpp", '#include "json.hpp"\n', "there is no json.hpp"),
    ("reports/a.cpp", '#include "reports/gone.hpp"\n', "there is no reports/gone.hpp"),
    ("reports/a.cpp", '#include "commit.inc"\n', "there is no commit.inc"),
    ("reports/a.cpp.in", '#include "suites/suites.hpp"\n', "report may not include suite"),
    ("harness/app/a.cpp", '#include "tests/kernels/gemm_test.cpp"\n', "app may not include test"),
    ("harness/app/a.cpp", "#ifdef GPUBENCH_WITH_CUDA\n#endif\n", "#if on a back-end (GPUBENCH_WITH_CUDA)"),
    ("kernels/gemm/a.hpp", "#pragma once\n#if DNNL_VERSION_MAJOR >= 3\n#endif\n", "#if on a back-end (DNNL_VERSION_MAJOR)"),
    ("kernels/gemm/a.cpp", "#if 0\n#elif defined(__CUDACC__)\n#endif\n", "a.cpp:2: #if on a back-end (__CUDACC__)"),
    ("kernels/gemm/a.cu", "#if __CUDA_ARCH__ >= 900\n#endif\n", "#if on a back-end (__CUDA_ARCH__)"),
    ("kernels/gemm/a.cu", 'asm volatile("bar.sync 0;");\n', "asm outside of harness/devices/cuda/ptx"),
    ("kernels/gemm/a.cu", "  __shared__ float a[32];\n", "__shared__ outside of"),
    ("tests/a.cu", "x = __shfl_xor_sync(~0u, x, 1);\n", "__shfl_xor_sync outside of"),
    ("harness/devices/cuda/a.cuh", "#pragma once\natomicAdd(to, 1);\n", "atomicAdd( outside of"),
    ("reports/a.hpp", "#include <string>\n", "without #pragma once"),
    ("kernels/training/engine.cpp", "#include <string>\n", "engine.cpp:1: the first include of a source is its own header"),
    ("kernels/training/engine.cpp", '#include <map>\n#include "kernels/training/engine.hpp"\n', "engine.cpp:1: the first include"),
    ("tests/a.cpp", "\n" * (MOST_LINES + 1), f"{MOST_LINES + 1} lines"),
    ("tests/a.py", "\n" * (MOST_LINES + 1), f"{MOST_LINES + 1} lines"),
]


def write(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def selftest():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        if not list(errors_in(root)):
            yield "an empty tree passes"
        for path, text in GOOD.items():
            write(root, path, text)
        yield from (f"refused without a reason: {error}" for error in errors_in(root))
        for path, text, expected in BAD:
            before = (root / path).read_text(encoding="utf-8") if (root / path).exists() else None
            write(root, path, text)
            found = list(errors_in(root))
            if len(found) != 1 or expected not in found[0]:
                yield f"{path}: {text.strip()[:60]!r}: expected only '{expected}', got {found}"
            (root / path).unlink() if before is None else write(root, path, before)


if __name__ == "__main__":
    if sys.argv[1:] == ["--selftest"]:
        errors = list(selftest())
    else:
        errors = list(errors_in(pathlib.Path(sys.argv[1]) if sys.argv[1:] else pathlib.Path(__file__).resolve().parents[2]))
    print("\n".join(errors))
    sys.exit(bool(errors))
