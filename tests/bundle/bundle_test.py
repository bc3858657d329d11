"""The bundle: packed, unpacked elsewhere, looked at and run as on a machine that has nothing of what built it.

    bundle_test.py BUILD CPACK READELF

Where a mount namespace can be had the build and every CUDA toolkit are hidden while it runs; elsewhere it says so."""

import glob
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

MEGABYTE = 1_000_000
LIMIT = 30 * MEGABYTE  # 20 are wanted: our own products are twice in it, in the plug-ins and in the GPU tests
# What the oldest systems have: RHEL 9 (glibc 2.34, libstdc++ of GCC 11); Ubuntu 22.04 has more of both.
CEILINGS = {"GLIBC": (2, 34), "GLIBCXX": (3, 4, 29), "CXXABI": (1, 3, 13)}
SYSTEM = {"libc.so.6", "libm.so.6", "libmvec.so.1", "libpthread.so.0", "libdl.so.2", "librt.so.1", "ld-linux-x86-64.so.2",
          "libstdc++.so.6", "libgcc_s.so.1"}
EXPORTS = {"gpubench_abi", "gpubench_backend"}


def read(readelf, option, file):
    return subprocess.run([readelf, "--wide", option, file], capture_output=True, text=True, check=True).stdout


def errors_in_file(readelf, file, shipped):
    dynamic = read(readelf, "-d", file)
    needed = re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic)
    if not needed:
        yield f"{file.name} needs nothing: this looks in the wrong place"
    for library in set(needed) - SYSTEM - shipped:
        yield f"{file.name} needs {library}: not in the bundle and not on every machine"
    paths = re.findall(r"\((?:RUNPATH|RPATH)\).*\[(.*)\]", dynamic)
    for path in ":".join(paths).split(":"):
        if path and not path.startswith("$ORIGIN"):
            yield f"{file.name} is looked after in {path}, a folder of the machine that built it"
    if set(needed) & shipped and not paths and not file.name.startswith("libdnnl"):  # it comes when libgomp is loaded
        yield f"{file.name} needs {set(needed) & shipped} and has no RUNPATH to find it by"
    wanted = read(readelf, "-V", file).partition("Version needs section")[2]
    if not wanted:
        yield f"{file.name} needs no version of anything: this looks in the wrong place"
    for name, version in set(re.findall(r"Name: ([A-Z]+)_([0-9.]+)", wanted)):
        if name in CEILINGS and tuple(map(int, version.split("."))) > CEILINGS[name]:
            yield f"{file.name} needs {name}_{version}, newer than {name}_{'.'.join(map(str, CEILINGS[name]))}"
    if file.name.startswith("libgpubench_"):
        defined = {line.split()[7].split("@")[0] for line in read(readelf, "--dyn-syms", file).splitlines()
                   if re.match(r"\s*\d+:", line) and len(line.split()) > 7 and line.split()[6] != "UND"}
        if defined != EXPORTS:
            yield f"{file.name} exports {sorted(defined ^ EXPORTS)[:5]} more or less than the two symbols of a plug-in"
    if ".symtab" in read(readelf, "-S", file):
        yield f"{file.name} is not stripped"


def hidden(build):
    """(words before a command that hide the build and the toolkits from it; what to say where that cannot be)"""
    folders = [str(build), *glob.glob("/usr/local/cuda*[0-9]"), *glob.glob(f"{build.parent}/cuda1?"), "/opt/intel"]
    mounts = " && ".join(f"mount -t tmpfs none {folder}" for folder in folders if os.path.isdir(folder))
    for unshare in (["unshare", "-m"], ["unshare", "-rm"]):
        words = [*unshare, "sh", "-c", f'{mounts} && exec "$@"', "sh"]
        try:
            if subprocess.run([*words, "true"], capture_output=True).returncode == 0:
                return words, ""
        except FileNotFoundError:
            break
    return [], "no mount namespace here: the build is not hidden from the bundle that runs"


def errors(build, cpack, readelf, folder):
    subprocess.run([cpack, "--config", build / "CPackConfig.cmake", "-G", "TGZ", "-B", folder / "packed"], check=True,
                   capture_output=True)
    archive, = (folder / "packed").glob("*.tar.gz")
    size = archive.stat().st_size
    print(f"{archive.name}: {size / MEGABYTE:.1f} MB")
    if size >= LIMIT:
        yield f"the archive has {size} bytes, at most {LIMIT} are wanted"
    with tarfile.open(archive) as content:
        content.extractall(folder / "elsewhere")
    root, = (folder / "elsewhere").iterdir()
    programs = [root / "bin/gpubench", *(root / "lib/gpubench").iterdir()]
    shipped = {file.name for file in programs}
    for file in programs:
        yield from errors_in_file(readelf, file, shipped)
    if "libgpubench_cpu.so" not in shipped:
        yield "there is no plug-in for the CPU in it"
    for file in ("share/gpubench/README.md", "share/gpubench/gpu_check", "share/gpubench/schema/run.v1.json"):
        if not (root / file).is_file():
            yield f"there is no {file} in it"

    words, why = hidden(build)
    print(why or "the build and the toolkits are hidden while it runs")
    program, out = root / "bin/gpubench", folder / "run.json"
    # The order matters: the run is validated after it was made.
    for arguments, text in ((["--help"], "gpubench validate FILE"),
                            (["list"], "device cpu"),
                            (["--suite", "memory", "--device", "cpu", "--case", "fp32/triad", "--budget", "2", "--out", out], "ran 1"),
                            (["validate", out], "valid")):
        done = subprocess.run([*words, program, *arguments], cwd=folder, env={"PATH": "/usr/bin:/bin"}, text=True,
                              capture_output=True)
        output = done.stdout + done.stderr
        if done.returncode or text not in output:
            yield f"gpubench {' '.join(map(str, arguments))}: exit status {done.returncode}, expected '{text}', said:\n{output}"
        for backend, why in re.findall(r"(\w+): (not built|does not load[^\n]*)", output):
            if f"libgpubench_{backend}.so" in shipped:
                yield f"gpubench {' '.join(map(str, arguments))}: {backend} is in the bundle and {why}"
    if out.exists() and not json.loads(out.read_text())["benchmarks"]:
        yield "the run has no rows"


def main():
    build, cpack, readelf = pathlib.Path(sys.argv[1]).resolve(), *sys.argv[2:]
    with tempfile.TemporaryDirectory() as temporary:
        found = list(errors(build, cpack, readelf, pathlib.Path(temporary)))
    print("\n".join(found))
    return bool(found)


sys.exit(main())
