"""Opening boxes: with bubblewrap, or, for the embedded stack on a machine that cannot, without.

Two kinds: a `compile` box has the compilers and room for what they make, a `test` box only what
programs need to run. Neither knows a language: any submission takes the next one.
"""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path
from typing import Literal, cast, get_args

from algoitny.domain.errors import JudgeFailure
from algoitny.judge.box import Box
from algoitny.judge.bubblewrap import BOX, SCRATCH, box_command, explain_failure
from algoitny.judge.exchange import BoxDied
from algoitny.judge.languages import Languages
from algoitny.judge.records import MIB
from algoitny.judge.seccomp import filter_program
from algoitny.judge.toolchain import library_folders
from algoitny.judge.workplace import Workplace

SandboxKind = Literal["bubblewrap", "none"]
BoxKind = Literal["compile", "test"]

SCRATCH_BYTES: dict[BoxKind, int] = {"compile": 256 * MIB, "test": 64 * MIB}
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "ONLINE_JUDGE": "1",
}


def sandbox_kind(name: str) -> SandboxKind:
    """Raises JudgeFailure for a sandbox that does not exist: a misspelt one is none."""
    for kind in get_args(SandboxKind):
        if name == kind:
            return cast("SandboxKind", kind)
    raise JudgeFailure(f"There is no sandbox {name!r}: it is `bubblewrap` or `none`.")


class Sandbox:
    """Opens boxes for one judge."""

    def __init__(self, kind: SandboxKind, workplace: Workplace, languages: Languages) -> None:
        """Raises JudgeFailure where this kind of sandbox cannot be."""
        self.kind = kind
        self._workplace = workplace
        self._languages = languages
        self._runner_folders = library_folders([workplace.runner])
        if kind == "bubblewrap":
            self._bwrap = workplace.bwrap()
            self._filter = filter_program()

    def open(self, kind: BoxKind) -> Box:
        """A box that is ready. Raises JudgeFailure when it cannot be opened.

        The calling thread must outlive the box: the kernel ends it with that thread.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        folder = self._workplace.new_folder()
        with theirs:
            if self.kind == "bubblewrap":
                box = self._open_isolated(kind, folder, ours, theirs)
            else:
                box = self._open_plain(folder, ours, theirs)
        try:
            box.wait_ready()
        except BoxDied as error:
            box.close()
            raise JudgeFailure(explain_failure(str(error))) from error
        return box

    def _open_isolated(
        self, kind: BoxKind, folder: Path, ours: socket.socket, theirs: socket.socket
    ) -> Box:
        tools = self._languages.tools().values()
        folders = self._runner_folders.union(
            *(tool.compile_folders if kind == "compile" else tool.run_folders for tool in tools)
        )
        filter_fd = os.memfd_create("seccomp", os.MFD_CLOEXEC)
        try:
            os.write(filter_fd, self._filter)
            os.lseek(filter_fd, 0, os.SEEK_SET)
            command = box_command(
                bwrap=self._bwrap,
                runner=self._workplace.runner,
                folder=folder,
                folders=folders,
                hidden={hidden for tool in tools for hidden in tool.hidden},
                scratch_bytes=SCRATCH_BYTES[kind],
                seccomp_fd=filter_fd,
                control_fd=theirs.fileno(),
                environment=_environment(kind, SCRATCH),
                drop_capabilities=os.geteuid() == 0 and not self._workplace.identity.dropped,
            )
            process = self._launch(command, theirs, {}, filter_fd)
        finally:
            os.close(filter_fd)
        return Box(
            process, ours, folder=folder, inside=BOX, scratch=SCRATCH, owner=self._pipe_owner()
        )

    def _open_plain(self, folder: Path, ours: socket.socket, theirs: socket.socket) -> Box:
        scratch = str(self._workplace.new_scratch())
        command = [str(self._workplace.runner), "serve", "group", scratch, str(theirs.fileno())]
        process = self._launch(command, theirs, _environment("compile", scratch))
        return Box(
            process,
            ours,
            folder=folder,
            inside=str(folder),
            scratch=scratch,
            owner=self._pipe_owner(),
        )

    def _launch(
        self, command: list[str], theirs: socket.socket, environment: dict[str, str], *fds: int
    ) -> subprocess.Popen[bytes]:
        """As the box's user, with the runner's socket and nothing else of ours."""
        identity = self._workplace.identity
        launcher = [str(self._workplace.runner), "launch", str(identity.uid), str(identity.gid)]
        control = theirs.fileno()
        return subprocess.Popen(
            [*launcher, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(control, *fds),
            env=environment,
            cwd="/",
        )

    def _pipe_owner(self) -> tuple[int, int] | None:
        identity = self._workplace.identity
        return (identity.uid, identity.gid) if identity.dropped else None


def _environment(kind: BoxKind, scratch: str) -> dict[str, str]:
    extra = {"TMPDIR": scratch, "LC_ALL": "C"} if kind == "compile" else {}
    return {**ENVIRONMENT, "HOME": scratch, **extra}
