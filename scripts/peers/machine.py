"""The machine as gpubench describes it in its run files (harness/environment/): what cannot be read stays empty or 0."""

import glob
import hashlib
import os
import re

# oneDNN's names of instruction sets, from the lowest up, and what the kernel calls what each one needs.
INSTRUCTION_SETS = (
    ("sse41", {"sse4_1"}), ("avx", {"avx"}), ("avx2", {"avx2"}), ("avx2_vnni", {"avx2", "avx_vnni"}),
    ("avx512_core", {"avx512f", "avx512bw", "avx512dq", "avx512vl"}), ("avx512_core_vnni", {"avx512_vnni"}),
    ("avx512_core_bf16", {"avx512_bf16"}), ("avx512_core_amx", {"amx_tile", "amx_int8", "amx_bf16"}),
    ("avx512_core_amx_fp16", {"amx_fp16"}))
VARIABLES = re.compile(r"^(OMP_|GOMP_|ONEDNN_|DNNL_|GLIBC_TUNABLES$)")  # what bears on the time; never all


def text_of(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().strip("\0\n ")
    except OSError:
        return ""


def value_of(text, key, separator=":"):
    found = re.search(rf"^{re.escape(key)}\s*{separator}\s*(.*)$", text, re.MULTILINE)
    return found.group(1).strip() if found else ""


def number_of(text):
    found = re.match(r"\d+(\.\d+)?", text)
    return float(found.group()) if found else 0.0


def quota_cpus():
    """The processors that the control groups grant, or none where they set no limit."""
    granted = []
    for line in text_of("/proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers not in ("", "cpu", "cpu,cpuacct", "cpuacct,cpu"):
            continue
        mount = "/sys/fs/cgroup" if controllers == "" else "/sys/fs/cgroup/cpu"
        while True:  # in a container only the top may be there
            folder = mount + path.rstrip("/")
            limit = text_of(f"{folder}/cpu.max") if controllers == "" else " ".join(
                text_of(f"{folder}/cpu.cfs_{what}_us") for what in ("quota", "period"))
            found = re.fullmatch(r"(\d+) (\d+)", limit)
            if found and int(found.group(1)) > 0 and int(found.group(2)) > 0:
                granted.append(int(found.group(1)) / int(found.group(2)))
            if path in ("", "/"):
                break
            path = os.path.dirname(path)
    return max(1, int(min(granted))) if granted else None


def usable_cpus():
    """Affinity and control groups considered. Of the process, not of a thread that OpenMP has bound: ask early."""
    cpus = len(os.sched_getaffinity(0))
    quota = quota_cpus()
    return min(cpus, quota) if quota else cpus


def caches():
    found = []
    for index in sorted(glob.glob("/sys/devices/system/cpu/cpu0/cache/index[0-9]*")):
        size = text_of(f"{index}/size")
        unit = {"K": 1 << 10, "M": 1 << 20}.get(size[-1:], 1)
        mask = text_of(f"{index}/shared_cpu_map").replace(",", "") or "0"
        found.append({"type": text_of(f"{index}/type"), "level": int(number_of(text_of(f"{index}/level"))),
                      "bytes": int(number_of(size)) * unit, "sharing": bin(int(mask, 16)).count("1")})
    return found


def container():
    groups = text_of("/proc/self/cgroup")
    if "KUBERNETES_SERVICE_HOST" in os.environ or "kubepods" in groups:
        return "kubernetes"
    found = [name for name, there in (("docker", os.path.exists("/.dockerenv") or "/docker" in groups),
                                      ("podman", os.path.exists("/run/.containerenv") or "libpod" in groups),
                                      ("lxc", "/lxc" in groups),
                                      ("slurm", "SLURM_JOB_ID" in os.environ or "/slurm" in groups)) if there]
    return ", ".join(found)


def host(cpus):
    """cpus: usable_cpus(), asked for before anything was bound."""
    cpu, info = "/sys/devices/system/cpu", text_of("/proc/cpuinfo")
    names = os.uname()
    governors = {text_of(f"{policy}/scaling_governor") for policy in glob.glob(f"{cpu}/cpufreq/policy[0-9]*")} - {""}
    governor = ", ".join(sorted(governors))
    mhz = number_of(text_of(f"{cpu}/cpu0/cpufreq/cpuinfo_max_freq")) / 1e3 or number_of(value_of(info, "cpu MHz"))
    return {"name": names.nodename, "cpu_model": value_of(info, "model name") or names.machine,
            "logical_cpus": os.cpu_count() or 0, "usable_cpus": cpus, "mhz": mhz,
            "frequency_scaling": governor not in ("", "performance"), "governor": governor, "caches": caches(),
            "load_average": [float(load) for load in text_of("/proc/loadavg").split()[:3]],
            "numa_nodes": len(glob.glob("/sys/devices/system/node/node[0-9]*")),
            "memory_bytes": 1024 * number_of(value_of(text_of("/proc/meminfo"), "MemTotal")),
            "kernel": f"{names.sysname} {names.release} {names.machine}",
            "operating_system": value_of(text_of("/etc/os-release"), "PRETTY_NAME", "=").strip('"'),
            "container": container()}


def effective_isa():
    """What oneDNN may use here, by its own name: the highest that the processor has and ONEDNN_MAX_CPU_ISA allows."""
    flags = set(value_of(text_of("/proc/cpuinfo"), "flags").split())
    limit = (os.environ.get("ONEDNN_MAX_CPU_ISA") or os.environ.get("DNNL_MAX_CPU_ISA") or "").lower()
    found = ""
    for name, needed in INSTRUCTION_SETS:
        if needed <= flags:
            found = name
        if name == limit:
            break
    return found


def digest(host_facts, isa):
    """As harness/environment/digest.cpp: runs with equal digests may be judged against each other."""
    text = f"cpu {host_facts['cpu_model']}\nusable cpus {host_facts['usable_cpus']}\nisa {isa or '-'}\n"
    return hashlib.sha256(text.encode()).hexdigest()


def environment():
    return {name: value for name, value in sorted(os.environ.items()) if VARIABLES.match(name)}
