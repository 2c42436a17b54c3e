"""The system call filter, run by a small interpreter of classic BPF: what the kernel would say."""

from __future__ import annotations

import errno
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.errors import JudgeFailure
from algoitny.judge.seccomp import ALLOW, AUDIT_ARCH, FAIL, KILL_PROCESS, filter_program

EPERM, ENOSYS, ENOTTY = (FAIL | number for number in (errno.EPERM, errno.ENOSYS, errno.ENOTTY))


def ask(machine: str, number: int, *arguments: int, arch: int | None = None) -> int:
    """What the filter returns for a call."""
    data = struct.pack(
        "<IIQ6Q",
        number & 0xFFFFFFFF,
        AUDIT_ARCH[machine] if arch is None else arch,
        0,
        *(*arguments, *[0] * (6 - len(arguments))),
    )
    program = [*struct.iter_unpack("<HBBI", filter_program(machine))]
    at, accumulator = 0, 0
    while True:
        code, if_true, if_false, value = program[at]
        at += 1
        match code:
            case 0x20:
                accumulator = struct.unpack_from("<I", data, value)[0]
            case 0x54:
                accumulator &= value
            case 0x06:
                return value
            case 0x15 | 0x35 | 0x45:
                held = {
                    0x15: accumulator == value,
                    0x35: accumulator >= value,
                    0x45: bool(accumulator & value),
                }[code]
                at += if_true if held else if_false
            case _:
                pytest.fail(f"instruction {code:#x}")


X86 = {
    "read": 0, "mmap": 9, "ioctl": 16, "socket": 41, "connect": 42, "socketpair": 53, "clone": 56,
    "fork": 57, "execve": 59, "kill": 62, "ptrace": 101, "setuid": 105, "prctl": 157, "mount": 165,
    "futex": 202, "unshare": 272, "perf": 298, "prlimit64": 302, "setns": 308, "memfd_create": 319,
    "bpf": 321, "userfaultfd": 323, "io_uring_setup": 425, "pidfd_open": 434, "clone3": 435,
    "pidfd_getfd": 438, "utimensat": 280, "utime": 132, "utimes": 235, "futimesat": 261,
}  # fmt: skip
ARM = {
    "read": 63,
    "mmap": 222,
    "ioctl": 29,
    "socket": 198,
    "clone": 220,
    "ptrace": 117,
    "mount": 40,
}


@pytest.mark.parametrize("name", ["read", "fork", "execve", "kill", "futex", "pidfd_open"])
def test_ordinary_calls_are_allowed(name: str) -> None:
    assert ask("x86_64", X86[name]) == ALLOW


@pytest.mark.parametrize(
    "name",
    [
        "socket", "connect", "ptrace", "setuid", "mount", "unshare", "perf", "setns",
        "memfd_create", "bpf", "userfaultfd", "io_uring_setup", "pidfd_getfd",
    ],
)  # fmt: skip
def test_others_are_not_permitted(name: str) -> None:
    assert ask("x86_64", X86[name]) == EPERM


def test_arm_has_its_own_numbers() -> None:
    assert ask("aarch64", ARM["read"]) == ALLOW
    assert ask("aarch64", ARM["clone"], 0x11) == ALLOW
    assert ask("aarch64", ARM["clone"], 0x10000011) == EPERM
    assert ask("aarch64", ARM["ioctl"], 0, 0x5401) == ALLOW
    for name in ("socket", "ptrace", "mount"):
        assert ask("aarch64", ARM[name]) == EPERM


@given(st.integers(0, 0xFFFFFFFF), st.integers(0, 600))
def test_another_architecture_is_killed(arch: int, number: int) -> None:
    expected = KILL_PROCESS if arch != AUDIT_ARCH["x86_64"] else ask("x86_64", number)
    assert ask("x86_64", number, arch=arch) == expected


@given(st.integers(0x40000000, 0xFFFFFFFF))
def test_x32_is_not_there(number: int) -> None:
    assert ask("x86_64", number) == ENOSYS


@given(st.integers(0, 63))
def test_clone_makes_no_namespace(bit: int) -> None:
    namespaces = {17, 25, 26, 27, 28, 29, 30}
    assert ask("x86_64", X86["clone"], 1 << bit) == (EPERM if bit in namespaces else ALLOW)


def test_clone3_looks_unimplemented() -> None:
    assert ask("x86_64", X86["clone3"]) == ENOSYS
    assert ask("aarch64", 435) == ENOSYS


@pytest.mark.parametrize(
    ("flags", "expected"),
    [(0x22, ALLOW), (0x2, ALLOW), (0x1, ALLOW), (0x21, EPERM), (0x23, EPERM), (0x4021, EPERM)],
)
def test_memory_that_is_shared_and_anonymous(flags: int, expected: int) -> None:
    assert ask("x86_64", X86["mmap"], 0, 4096, 3, flags) == expected


def test_huge_pages_are_not_there() -> None:
    assert ask("x86_64", X86["mmap"], 0, 4096, 3, 0x40022) == FAIL | errno.ENOMEM


@pytest.mark.parametrize(
    ("descriptor", "path", "expected"),
    [(300, 0, ALLOW), (299, 0, EPERM), (300, 1, EPERM), (300, 1 << 32, EPERM), (0, 0, EPERM)],
)
def test_times_are_set_by_the_runner_alone(descriptor: int, path: int, expected: int) -> None:
    assert ask("x86_64", X86["utimensat"], descriptor, path) == expected
    for name in ("utime", "utimes", "futimesat"):
        assert ask("x86_64", X86[name], descriptor, path) == EPERM


def test_limits_only_of_oneself() -> None:
    assert ask("x86_64", X86["prlimit64"], 0) == ALLOW
    assert ask("x86_64", X86["prlimit64"], 1) == EPERM


def test_only_unix_socket_pairs() -> None:
    assert ask("x86_64", X86["socketpair"], 1) == ALLOW
    assert ask("x86_64", X86["socketpair"], 2) == EPERM


def test_terminal_requests() -> None:
    assert ask("x86_64", X86["ioctl"], 0, 0x5401) == ALLOW
    assert ask("x86_64", X86["ioctl"], 0, 0x5412) == ENOTTY, "typing into a terminal"


def test_process_options() -> None:
    assert ask("x86_64", X86["prctl"], 15) == ALLOW
    for option in (22, 24, 35, 36, 47):
        assert ask("x86_64", X86["prctl"], option) == EPERM


@given(st.sampled_from(list(AUDIT_ARCH)), st.integers(0, 0xFFFFFFFF), st.integers(0, 2**64 - 1))
def test_every_call_gets_one_of_six_answers(machine: str, number: int, argument: int) -> None:
    answer = ask(machine, number, argument, argument, argument, argument)
    assert answer in (ALLOW, EPERM, ENOSYS, ENOTTY, FAIL | errno.ENOMEM)


def test_an_unknown_architecture_is_refused() -> None:
    with pytest.raises(JudgeFailure, match="riscv64"):
        filter_program("riscv64")
