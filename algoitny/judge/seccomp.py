"""The system call filter of a box, as a classic BPF program that `bwrap --seccomp` loads.

An allow-list: `syscalls.toml` names what may be called, everything else fails with EPERM. Tests
share their runner's user, so what one could leave to the next (limits of others, priorities, keys,
IPC objects, extended attributes) is not on it, nor is any rarely used surface of the kernel.
"""

from __future__ import annotations

import errno
import functools
import platform
import struct
import tomllib
from collections.abc import Iterator
from importlib import resources

from algoitny.domain.errors import JudgeFailure

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""linux/audit.h; the column of `syscalls.toml` is this table's order."""

X32_BIT = 0x40000000
CLONE3 = 435

LOAD, JUMP_EQUAL, JUMP_GREATER_EQUAL, JUMP_SET, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
"""BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JGE|K, BPF_JMP|JSET|K, BPF_ALU|AND|K, BPF_RET|K."""

ALLOW, KILL_PROCESS, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER_OFFSET, ARCH_OFFSET, ARGUMENTS_OFFSET = 0, 4, 16
"""Fields of `struct seccomp_data`."""

NEW_NAMESPACES = 0x7E020000
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (NEWTIME is clone3's alone)."""

SHARED_ANONYMOUS = 0x21
"""MAP_SHARED | MAP_ANONYMOUS: memory that stays while no process's resident size shows it."""

HUGE_PAGES = 0x40000
"""MAP_HUGETLB: pages that no resident size shows. Refused as by a machine that has none."""

TERMINAL_REQUESTS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: what `isatty` and streams need."""

PROCESS_OPTIONS = (1, 2, 3, 4, 15, 16, 21, 23, 29, 30, 38, 39, 0x53564D41)
"""PR_{SET,GET}_{PDEATHSIG,DUMPABLE,NAME}, GET_SECCOMP, CAPBSET_READ, {SET,GET}_TIMERSLACK (as
29, 30), {SET,GET}_NO_NEW_PRIVS, SET_VMA."""

UNIX_SOCKETS = 1

SCRATCH_DESCRIPTOR = 300
"""The runner's, beyond what a test may open. It alone sets times, and those of that folder: whoever
may write to a file may touch it, and the nodes in /dev are the machine's own, seen by every box."""

SAME_MEMORY = 1
"""KCMP_VM: the runner, below this filter too, asks so as to count a vfork child's memory once."""

SHARED_EFFECTS = (6, 7, 37, 38, 1024, 1026, 1031)
"""F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW, F_SETLEASE, F_NOTIFY: they reach other boxes
through the tool chain's files. F_SETPIPE_SZ: memory that no process's size shows."""

Instruction = tuple[int, int, int, int]


@functools.cache
def filter_program(machine: str | None = None) -> bytes:
    """The filter for `machine` (default: this one), as an array of `struct sock_filter`.

    Raises JudgeFailure on an architecture without a table.
    """
    machine = machine or platform.machine()
    if machine not in AUDIT_ARCH:
        known = " and ".join(AUDIT_ARCH)
        raise JudgeFailure(
            f"There is no system call filter for {machine}; the sandbox works on {known}."
        )
    return b"".join(struct.pack("<HBBI", *step) for step in _program(machine))


def _program(machine: str) -> Iterator[Instruction]:
    numbers = _numbers(machine)
    yield LOAD, 0, 0, ARCH_OFFSET
    yield JUMP_EQUAL, 1, 0, AUDIT_ARCH[machine]
    yield RETURN, 0, 0, KILL_PROCESS
    yield LOAD, 0, 0, NUMBER_OFFSET
    if machine == "x86_64":
        yield from _when(JUMP_GREATER_EQUAL, X32_BIT, FAIL | errno.ENOSYS)
    # Libraries fall back to clone, whose flags can be looked at; clone3's are behind a pointer.
    yield from _when(JUMP_EQUAL, CLONE3, FAIL | errno.ENOSYS)
    narrowed = _narrowed()
    for name, rule in narrowed.items():
        yield JUMP_EQUAL, 0, len(rule), numbers.pop(name)
        yield from rule
    for low, high in _ranges(sorted(numbers.values())):
        # number >= low and not number >= high + 1: allowed
        yield JUMP_GREATER_EQUAL, 0, 2, low
        yield JUMP_GREATER_EQUAL, 1, 0, high + 1
        yield RETURN, 0, 0, ALLOW
    yield RETURN, 0, 0, FAIL | errno.EPERM


def _narrowed() -> dict[str, list[Instruction]]:
    """Calls that are allowed for some arguments only; each rule ends in a return."""
    return {
        "clone": [_load(0), *_when(JUMP_SET, NEW_NAMESPACES, FAIL | errno.EPERM), _allow()],
        "mmap": [
            _load(3),
            *_when(JUMP_SET, HUGE_PAGES, FAIL | errno.ENOMEM),
            (AND, 0, 0, SHARED_ANONYMOUS),
            *_when(JUMP_EQUAL, SHARED_ANONYMOUS, FAIL | errno.EPERM),
            _allow(),
        ],
        "fcntl": [
            _load(1),
            *(
                step
                for value in SHARED_EFFECTS
                for step in _when(JUMP_EQUAL, value, FAIL | errno.EPERM)
            ),
            _allow(),
        ],
        "kcmp": _only(2, (SAME_MEMORY,), errno.EPERM),
        "prlimit64": _only(0, (0,), errno.EPERM),
        "utimensat": [*_no_path(1), *_only(0, (SCRATCH_DESCRIPTOR,), errno.EPERM)],
        "socketpair": _only(0, (UNIX_SOCKETS,), errno.EPERM),
        "ioctl": _only(1, TERMINAL_REQUESTS, errno.ENOTTY),
        "prctl": _only(0, PROCESS_OPTIONS, errno.EPERM),
    }


def _load(argument: int) -> Instruction:
    """The low half of an argument: all that the kernel itself looks at in these calls."""
    return LOAD, 0, 0, ARGUMENTS_OFFSET + 8 * argument


def _no_path(argument: int) -> Iterator[Instruction]:
    """Go on where both halves of a pointer are zero: the call is about its descriptor then."""
    for half in (0, 4):
        yield LOAD, 0, 0, ARGUMENTS_OFFSET + 8 * argument + half
        yield JUMP_EQUAL, 1, 0, 0
        yield RETURN, 0, 0, FAIL | errno.EPERM


def _allow() -> Instruction:
    return RETURN, 0, 0, ALLOW


def _when(test: int, value: int, result: int) -> list[Instruction]:
    return [(test, 0, 1, value), (RETURN, 0, 0, result)]


def _only(argument: int, values: tuple[int, ...], error: int) -> list[Instruction]:
    tests = [step for value in values for step in _when(JUMP_EQUAL, value, ALLOW)]
    return [_load(argument), *tests, (RETURN, 0, 0, FAIL | error)]


def _numbers(machine: str) -> dict[str, int]:
    column = list(AUDIT_ARCH).index(machine)
    table = tomllib.loads((resources.files(__package__) / "syscalls.toml").read_text())
    return {name: row[column] for name, row in table.items() if row[column] >= 0}


def _ranges(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Sorted numbers as runs (first, last)."""
    low = high = numbers[0]
    for number in numbers[1:]:
        if number != high + 1:
            yield low, high
            low = number
        high = number
    yield low, high
