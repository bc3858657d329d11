"""Timing as gpubench does it on the CPU: step to step, with the others' share of the processors over the window."""

import gc
import os
import resource
import statistics
import time
from dataclasses import dataclass, field

NOTICEABLE_SHARE = 0.05  # of other processes; above it a row says `contended`
STEPS_STAGED = 6  # batches in memory at a time


@dataclass
class Measured:
    seconds: list = field(default_factory=list)
    losses: list = field(default_factory=list)  # of every step, the warm-up's first
    warm_up_seconds: float = 0.0
    cpu_seconds: float = 0.0  # of this process, a step
    peak_bytes: float | None = None  # None where the kernel does not let it be reset
    telemetry: dict = field(default_factory=dict)
    labels: list = field(default_factory=list)

    @property
    def median(self):
        return statistics.median(self.seconds)

    @property
    def spread(self):
        """(q3 - q1) / median, quartiles by linear interpolation; none below four samples."""
        if len(self.seconds) < 4:
            return None
        quartiles = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return (quartiles[2] - quartiles[0]) / self.median


@dataclass
class Load:
    """What the processors `cpus` did since they were switched on, and this process with them, in seconds."""

    total: float
    busy: float
    own: float
    switches: float
    pressure: float | None

    @staticmethod
    def now(cpus, statistics_of_the_kernel="/proc/stat"):
        total = busy = 0.0
        ticks_per_second = os.sysconf("SC_CLK_TCK")
        with open(statistics_of_the_kernel, encoding="ascii") as file:
            for line in file:
                name, *fields = line.split()
                if name.startswith("cpu") and name[3:].isdigit() and int(name[3:]) in cpus:
                    ticks = [int(one) for one in fields[:8]]  # guests are counted in user already
                    total += sum(ticks) / ticks_per_second
                    busy += (sum(ticks) - ticks[3] - ticks[4]) / ticks_per_second
        used = resource.getrusage(resource.RUSAGE_SELF)
        return Load(total, busy, used.ru_utime + used.ru_stime, used.ru_nivcsw, _pressure())

    def until(self, later):
        """Telemetry and labels of the window between two loads."""
        telemetry = {"involuntary_switches": later.switches - self.switches}
        if self.pressure is not None and later.pressure is not None:
            telemetry["cpu_pressure_seconds"] = later.pressure - self.pressure
        total = later.total - self.total
        if total <= 0:  # shorter than a tick of the kernel's clock
            return telemetry, []
        others = (later.busy - self.busy) - (later.own - self.own)
        share = min(1.0, max(0.0, others / total))
        telemetry["others_cpu_share"] = share
        return telemetry, [f"contended: others used {100 * share:.0f} % of the CPU"] if share > NOTICEABLE_SHARE else []


def _pressure():
    try:
        with open("/proc/pressure/cpu", encoding="ascii") as file:
            return 1e-6 * float(file.readline().rpartition("total=")[2])
    except (OSError, ValueError):
        return None


def _reset_peak():
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")  # only the high-water mark
        return True
    except OSError:
        return False


def _peak():
    with open("/proc/self/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return 1024.0 * float(line.split()[1])
    return None


def measure(training, steps, warm_ups, cpus, tell):
    """Warm-up steps, then `steps` timed ones, each on a batch of its own that lies in memory before the clock starts.

    training: stage(first, count) and step(number), which returns the loss without waiting for it to be read.
    """
    measured = Measured()
    start = time.perf_counter()
    for number in range(warm_ups):
        tell("warming up")
        training.stage(number, 1)
        measured.losses.append(training.step(number))
    measured.warm_up_seconds = time.perf_counter() - start
    resettable = _reset_peak()
    gc.collect()
    before = Load.now(cpus)
    while len(measured.seconds) < steps:
        first = warm_ups + len(measured.seconds)
        count = min(STEPS_STAGED, steps - len(measured.seconds))
        training.stage(first, count)
        mark = time.perf_counter()
        for number in range(first, first + count):
            measured.losses.append(training.step(number))
            now = time.perf_counter()
            measured.seconds.append(now - mark)
            mark = now
        tell(f"{len(measured.seconds)} samples")
    after = Load.now(cpus)
    measured.cpu_seconds = (after.own - before.own) / len(measured.seconds)
    measured.telemetry, measured.labels = before.until(after)
    measured.peak_bytes = _peak() if resettable else None
    measured.losses = [float(loss) for loss in measured.losses]
    return measured
