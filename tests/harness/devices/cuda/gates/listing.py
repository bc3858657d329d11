"""A listing of machine code as scripts/machine_code prints it: the kernels, their instructions, and their loops."""

import re

from device_code import plain_name


class Instruction:
    def __init__(self, address, guard, opcode, operands):
        self.address, self.opcode = address, opcode
        self.parts = opcode.split(".")
        target = re.search(r"(?:^|[ ,])0x([0-9a-f]+)$", operands)
        self.target = int(target[1], 16) if target and self.parts[0] in ("BRA", "JMP", "CALL") else None
        whole = not guard and (self.parts[0] in ("EXIT", "RET") or re.fullmatch(r"0x[0-9a-f]+", operands))
        self.goes_on = not (whole and self.parts[0] in ("BRA", "JMP", "EXIT", "RET"))

    def matches(self, wanted):
        """`LDG.128` is every LDG with .128 among its modifiers, wherever: LDG.E.NA.128.CONSTANT."""
        first, *modifiers = wanted.split(".")
        return self.parts[0] == first and set(modifiers) <= set(self.parts[1:])


def kernels_in(text):
    """[(plain name, architecture, [Instruction])]"""
    kernels = []
    for line in text.splitlines():
        if header := re.match(r"== (.*), (sm_\w+): ", line):
            kernels.append((plain_name(header[1]), header[2], []))
        elif code := re.match(r" +([0-9a-f]{4,}) +(@\S+ +)?([A-Z][\w.]*) *(.*)", line):
            kernels[-1][2].append(Instruction(int(code[1], 16), code[2], code[3], code[4].strip()))
    return kernels


def connected(nodes, successors):
    """The strongly connected sets of two nodes or more, or of one that follows itself (Kosaraju's two walks)."""
    def walk(start, edges, seen):
        stack, order = [(start, iter(edges.get(start, ())))], []
        seen.add(start)
        while stack:
            node, rest = stack[-1]
            following = next((one for one in rest if one in nodes and one not in seen), None)
            if following is None:
                order.append(node)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(edges.get(following, ()))))
        return order

    predecessors, seen, order = {}, set(), []
    for node in nodes:
        for other in successors[node]:
            predecessors.setdefault(other, []).append(node)
        if node not in seen:
            order += walk(node, successors, seen)
    seen = set()
    for node in reversed(order):
        if node not in seen:
            found = set(walk(node, predecessors, seen))
            if len(found) > 1 or node in successors[node]:
                yield found


def loops_with(instructions, wanted):
    """The innermost loops that contain an instruction of this kind, each as a list of instructions."""
    at = {one.address: number for number, one in enumerate(instructions)}
    successors = {}
    for number, one in enumerate(instructions):
        following = [number + 1] if one.goes_on and number + 1 < len(instructions) else []
        successors[number] = following + ([at[one.target]] if one.target in at else [])

    def inner(nodes):
        for loop in connected(nodes, successors):
            if not any(instructions[node].matches(wanted) for node in loop):
                continue
            # Without the instructions through which it is entered it falls apart, down to the loops inside it.
            entered = {other for node in range(len(instructions)) if node not in loop for other in successors[node]} & loop
            inside = list(inner(loop - (entered or {min(loop)})))
            yield from inside or [[instructions[node] for node in sorted(loop)]]

    return list(inner(set(range(len(instructions)))))
