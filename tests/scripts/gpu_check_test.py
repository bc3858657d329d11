"""scripts/gpu_check with a driver and programs that are made up: what it calls shown, failed and open."""

import os
import pathlib
import subprocess
import sys
import tempfile

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/gpu_check"
GPU = "echo 'NVIDIA H200, 580.95.05'"
SANITIZER = 'shift 2; "$@"'


def check(folder, nvidia_smi, program, sanitizer=SANITIZER, items=("device-code",)):
    """(exit status, output) with these programs, each the text of a shell script; None: it is not there."""
    for path, text in (("path/nvidia-smi", nvidia_smi), ("path/compute-sanitizer", sanitizer),
                       ("build/bin/gpubench_device_tests", program)):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        if text is not None:
            file.write_text(f"#!/bin/sh\n{text}\n")
            file.chmod(0o755)
    path = f"{folder}/path:{pathlib.Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run([sys.executable, SCRIPT, "--build", folder / "build", *items], cwd=folder, text=True,
                          capture_output=True, env={**os.environ, "PATH": path})
    return done.returncode, done.stdout + done.stderr


def errors(folder):
    passed = "echo '[  PASSED  ] 90 tests.'"
    cases = [
        ("all well", (GPU, passed), 0, "shown   device-code  90 tests."),
        ("no driver", ("exit 9", passed), 3, "open    device-code  nvidia-smi finds no GPU"),
        ("some were skipped", (GPU, passed + "; echo '[  SKIPPED ] 3 tests, listed below:'"), 0, "90 tests. Skipped: 3."),
        ("a test failed", (GPU, passed + "; exit 1"), 1, "failed  device-code  exit status 1"),
        ("nothing was tested", (GPU, "true"), 1, "failed  device-code  exit status 0"),
        ("the program found none", (GPU, "echo 'no device visible'; exit 77"), 3, "open    device-code  no device visible"),
        ("not built", (GPU, None), 3, "is not built"),
        ("sanitizer clean", (GPU, passed, SANITIZER, ("memcheck",)), 0, "shown   memcheck"),
        ("sanitizer finds something", (GPU, passed, SANITIZER + "; exit 88", ("racecheck",)), 1, "failed  racecheck"),
        ("two items", (GPU, passed, SANITIZER, ("device-code", "synccheck")), 0, "shown 2, failed 0, open 0"),
        ("no such item", (GPU, passed, SANITIZER, ("nothing",)), 2, "there is no item nothing"),
    ]
    for name, arguments, status, text in cases:
        got, output = check(folder, *arguments)
        if got != status or text not in output:
            yield f"{name}: expected exit status {status} and '{text}', got {got} and:\n{output}"


with tempfile.TemporaryDirectory() as temporary:
    found = list(errors(pathlib.Path(temporary)))
print("\n".join(found))
sys.exit(bool(found))
