"""What scripts/gpu_check runs its items with: the programs of one build, one item's files, and the time that is left."""

import hashlib
import json
import os
import signal
import subprocess
import tempfile
import time

SKIPPED = 77  # what a program ends with that cannot run here


class Open(Exception):
    """What is missing here."""


class Failed(Exception):
    pass


class Session:
    """The programs of one build, one item's files, and the time that is left."""

    def __init__(self, build, out, deadline):
        self.programs, self.libraries = (build / "bin", build / "lib/gpubench")
        if not self.libraries.is_dir():
            self.libraries = self.programs
        self.out, self.deadline = out, deadline
        self.commands, self.figures = [], {}

    def build_name(self):
        """Version, and a digest of the programs: what was shown by others is not shown by these."""
        digest = hashlib.sha256()
        for file in sorted({*self.programs.glob("gpubench*"), *self.libraries.glob("*gpubench_*")}):
            digest.update(file.name.encode() + file.read_bytes())
        program = self.programs / "gpubench"
        if not program.exists():
            return f"without gpubench, {digest.hexdigest()[:12]}"
        said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
        return f"{said}, {digest.hexdigest()[:12]}"

    def begin(self, item):
        self.log = self.out / f"{item.name}.log"
        self.log.write_text("")
        self.until = min(self.deadline, time.monotonic() + item.seconds)
        self.commands, self.figures = [], {}

    def run(self, *words, environment=None):
        """(exit status, what it wrote to stdout) of a program; what runs too long is ended with all that it started. The
        log has what it wrote to stderr, too."""
        self.commands.append(" ".join(map(str, words)))
        left = self.until - time.monotonic()
        if left <= 0:
            raise self.too_late()
        with self.log.open("a") as log:
            log.write(f"$ {self.commands[-1]}\n")
            log.flush()
        with self.log.open("a") as log, tempfile.TemporaryFile() as output:
            process = subprocess.Popen(list(map(str, words)), stdout=output, stderr=log, start_new_session=True,
                                       env={**os.environ, **(environment or {})}, cwd=self.out)
            try:
                status = process.wait(left)
            except BaseException as error:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                if isinstance(error, subprocess.TimeoutExpired):
                    raise self.too_late() from None
                raise
            finally:
                output.seek(0)
                text = output.read().decode(errors="replace")
                log.write(text)
        return status, text if text.strip() else last_line(self.log.read_text())  # else what went wrong is on stderr

    def too_late(self):
        if time.monotonic() >= self.deadline:
            return Open("out of time")
        return Failed(f"it ran longer than the item may: {self.commands[-1]}")

    def gpubench(self, *words, environment=None):
        program = self.programs / "gpubench"
        if not program.exists():
            raise Open(f"{program} is not built (scripts/build)")
        return self.run(program, *words, environment=environment)

    def rows(self, name, *words, environment=None):
        """The rows of a run, by name; every one of them is ok."""
        file = self.out / name
        status, text = self.gpubench("run", *words, "--out", file, "--force", environment=environment)
        if status or not file.exists():
            raise Failed(f"gpubench ends with {status}: {last_line(text)}")
        rows = {row["run_name"]: row for row in json.loads(file.read_text())["benchmarks"]}
        bad = {name: row["gpubench"]["status"] for name, row in rows.items()
               if row["gpubench"]["status"] not in ("ok", "unsupported") or row["gpubench"].get("finding")}
        if bad:
            raise Failed("not ok: " + ", ".join(f"{name}: {status}" for name, status in sorted(bad.items())))
        ran = {name: row for name, row in rows.items() if row["gpubench"]["status"] == "ok"}
        if not ran:
            raise Failed("no case ran")
        if strangers := [name for name, row in ran.items() if not row["gpubench"]["device"].startswith("cuda")]:
            raise Failed(f"not measured on a GPU: {strangers[0]}")
        return ran

    def seconds_of(self, row):
        return row["gpubench"]["median_seconds"]


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it said nothing"
