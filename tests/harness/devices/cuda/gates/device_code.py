"""What the gates of device code share: the names of kernels, and the table of what they may and must."""

import json
import re
import subprocess


def plain_name(demangled):
    """`void a::(anonymous namespace)::f<(int)3>(int*)` as `a::f<(int)3>`: a name that a pattern is easily written for."""
    name = demangled.strip().replace("(anonymous namespace)::", "")
    if name.endswith(")"):
        depth = 0
        for at in range(len(name) - 1, -1, -1):
            depth += {")": 1, "(": -1}.get(name[at], 0)
            if depth == 0:
                name = name[:at]
                break
    return re.sub(r"^void ", "", name)


def plain_names(mangled):
    """The plain name of each mangled one."""
    mangled = sorted(set(mangled))
    if not mangled:
        return {}
    told = subprocess.run(["c++filt"], input="\n".join(mangled), capture_output=True, text=True, check=True)
    return {one: plain_name(name) for one, name in zip(mangled, told.stdout.splitlines())}


def kernels_written_in(source):
    """The names of the kernels that a source defines, without their namespaces."""
    source = re.sub(r"//[^\n]*|/\*.*?\*/", "", source, flags=re.DOTALL)
    source = re.sub(r"^\s*#(.*\\\n)*.*", "", source, flags=re.MULTILINE)  # a macro's kernel has no name yet
    for text in source.split("__global__")[1:]:
        attribute = r"\b__\w+__\s*(\((?:[^()]|\([^()]*\))*\))?"
        if name := re.search(r"(\w+)\s*(<[^;{]*?>)?\s*\(", re.sub(attribute, "", text)):
            yield name[1]


def read_table(path, section, keys, reason_for):
    """The entries of a section and what is wrong with them. `reason_for`: the keys that want a reason beside them."""
    table = json.loads(path.read_text(encoding="utf-8"))
    errors = []
    for entry in table.get(section, []):
        if unknown := set(entry) - {"kernels", "architectures", "reason", *keys}:
            errors.append(f"{path.name}: {section}: {entry.get('kernels')}: unknown: {', '.join(sorted(unknown))}")
        if not entry.get("kernels") or not set(entry) & set(keys):
            errors.append(f"{path.name}: {section}: an entry needs a pattern of kernels and one of {', '.join(keys)}: {entry}")
        if set(entry) & set(reason_for) and not str(entry.get("reason", "")).strip():
            errors.append(f"{path.name}: {section}: {entry.get('kernels')}: an exception without a reason")
    if unknown := set(table) - {"resources", "machine_code"}:
        errors.append(f"{path.name}: unknown: {', '.join(sorted(unknown))}")
    return [entry for entry in table.get(section, []) if entry.get("kernels")], errors


def applies(entry, name, architecture):
    return bool(re.fullmatch(entry["kernels"], name)) and architecture in entry.get("architectures", [architecture])


def allowance(entries, name, architecture):
    """What is allowed a kernel: the first entry that matches it; {} where none does."""
    return next((entry for entry in entries if applies(entry, name, architecture)), {})


def unused(entries, seen, architectures):
    """The entries that no (name, architecture) of `seen` needs; those for architectures that are not built do not count."""
    for entry in entries:
        built = set(entry.get("architectures", architectures)) & set(architectures)
        if built and not any(applies(entry, *one) for one in seen):
            yield entry
