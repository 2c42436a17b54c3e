"""The command that opens a box with bubblewrap: which namespaces, which mounts, what read-only.

No capability, no network, no device but null and random numbers, nothing of the machine but the
folders of the tool chain. /dev/zero is left out on purpose: mapped shared it gives memory that no
process's resident size shows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

BOX = "/box"
SCRATCH = "/tmp"  # noqa: S108 -- within the box, a file system of its own
RUNNER = "/runner"
LIBRARY = "/runner.so"  # as runner.h has it
DEVICES = ("/dev/null", "/dev/random", "/dev/urandom")
STREAMS = {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}
TOP_LEVEL = ("/bin", "/lib", "/lib32", "/lib64", "/sbin")
NAMESPACES = ("user", "ipc", "pid", "net", "uts", "cgroup-try")


def box_command(
    *,
    bwrap: Path,
    programs: Mapping[str, Path],
    folder: Path,
    folders: Collection[Path],
    hidden: Collection[Path],
    scratch_bytes: int,
    seccomp_fd: int,
    environment: Mapping[str, str],
    drop_capabilities: bool,
    start: Sequence[str],
) -> list[str]:
    """bwrap's argv, with `start` as what becomes PID 1. `folder` is bound read-only at /box,
    `programs` at the paths they are keyed by, `folders` and files of the tool chain at their own
    places, with `hidden` ones among them covered."""
    command = [str(bwrap), *(f"--unshare-{name}" for name in NAMESPACES)]
    command += ["--as-pid-1", "--die-with-parent", "--new-session", "--hostname", "box"]
    command += ["--cap-drop", "ALL"] if drop_capabilities else []
    command += ["--clearenv"]
    for name, value in environment.items():
        command += ["--setenv", name, value]
    command += _toolchain_mounts(folders, hidden)
    command += ["--proc", "/proc", "--ro-bind", "/dev/null", "/proc/cmdline"]
    for device in DEVICES:
        command += ["--dev-bind", device, device]
    for name, descriptor in STREAMS.items():
        command += ["--symlink", f"/proc/self/fd{descriptor}", f"/dev/{name}"]
    for place, program in programs.items():
        command += ["--ro-bind", str(program), place]
    command += ["--ro-bind", str(folder), BOX]
    command += ["--perms", "0700", "--size", str(scratch_bytes), "--tmpfs", SCRATCH]
    command += ["--remount-ro", "/", "--remount-ro", "/proc"]
    command += ["--seccomp", str(seccomp_fd), "--chdir", SCRATCH]
    return [*command, "--", *start]


def _toolchain_mounts(folders: Collection[Path], hidden: Collection[Path]) -> list[str]:
    mounts: list[str] = []
    for folder in sorted(folders):
        if not any(parent in folders for parent in folder.parents):
            mounts += ["--ro-bind", str(folder), str(folder)]
    for name in TOP_LEVEL:
        link = Path(name)
        if link.is_symlink():
            mounts += ["--symlink", str(link.readlink()), name]
    for cover in sorted(hidden):
        if any(cover.is_relative_to(folder) for folder in folders):
            mounts += ["--tmpfs", str(cover), "--remount-ro", str(cover)]
    return mounts


def explain_failure(message: str) -> str:
    """bwrap's complaint with what an operator can do about it."""
    message = re.sub(r"\s+", " ", message).strip() or "it said nothing"
    advice = ""
    if re.search(r"new namespace|user namespace|uid map|setting up uid", message, re.IGNORECASE):
        advice = (
            " Ordinary users must be allowed user namespaces: user.max_user_namespaces above 0, "
            "kernel.unprivileged_userns_clone=1 where it exists, an AppArmor profile for bwrap "
            "where the distribution restricts them, and in a container a seccomp profile that "
            "permits them."
        )
    elif "proc" in message:
        advice = (
            " A container that masks parts of /proc forbids mounting a new one; run the worker "
            "outside it or unmask /proc (the host's own /proc is never bound instead)."
        )
    return f"The sandbox cannot be opened: {message}.{advice}"
