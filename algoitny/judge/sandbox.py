"""Opening boxes: with bubblewrap, or, for the embedded stack on a machine that cannot, without.

A `compile` box has the compilers and room for what they make, a `test` box only what programs
need to run. Neither knows a language: any submission takes the next one. A third kind is a `test`
box whose PID 1 is the interpreter of one language, started and waiting for its program.
"""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path
from typing import Literal, cast, get_args

from algoitny.domain.errors import JudgeFailure, LanguageUnavailable
from algoitny.judge.box import Box, Run
from algoitny.judge.bubblewrap import (
    BOX,
    LIBRARY,
    RUNNER,
    SCRATCH,
    box_command,
    explain_failure,
)
from algoitny.judge.cgroup import Group
from algoitny.judge.cgroups import CgroupUse
from algoitny.judge.exchange import BoxDied
from algoitny.judge.languages import Language, Languages, run_command
from algoitny.judge.protocol import RunLimits
from algoitny.judge.records import MIB
from algoitny.judge.seccomp import filter_program
from algoitny.judge.toolchain import library_folders
from algoitny.judge.workplace import Workplace

SandboxKind = Literal["bubblewrap", "none"]
BoxKind = str
"""COMPILE, TEST, or what `prepared_kind` says."""

COMPILE: BoxKind = "compile"
TEST: BoxKind = "test"
COMPILE_SCRATCH, TEST_SCRATCH = 256 * MIB, 64 * MIB
LOCALES = (Path("/usr/lib/locale/C.utf8"), Path("/usr/lib/locale/C.UTF-8"))
"""Where LANG leads: without it `setlocale` fails, which C programs take for ASCII and Python for an
error."""

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "ONLINE_JUDGE": "1",
}


TRIAL = b"import sys\nprint(input(), sys.argv, __name__)\nsys.exit(3)\n"
TRIAL_LIMITS = RunLimits(
    cpu_us=10_000_000,
    wall_us=20_000_000,
    memory=256 * MIB,
    address_space=0,
    stack=8 * MIB,
    file_size=MIB,
    processes=4,
    files=64,
)


def prepared_kind(language: Language) -> BoxKind:
    """The kind of box that holds this language's interpreter."""
    return f"prepared {language.id}"


def sandbox_kind(name: str) -> SandboxKind:
    """Raises JudgeFailure for a sandbox that does not exist: a misspelt one is none."""
    for kind in get_args(SandboxKind):
        if name == kind:
            return cast("SandboxKind", kind)
    raise JudgeFailure(f"There is no sandbox {name!r}: it is `bubblewrap` or `none`.")


class Sandbox:
    """Opens boxes for one judge."""

    def __init__(
        self,
        kind: SandboxKind,
        workplace: Workplace,
        languages: Languages,
        cgroups: CgroupUse = "auto",
    ) -> None:
        """Raises JudgeFailure where this kind of sandbox cannot be."""
        self.kind = kind
        self._workplace = workplace
        self._languages = languages
        self._runner_folders = library_folders([workplace.runner])
        if kind == "bubblewrap":
            self._bwrap = workplace.bwrap()
            self._filter = filter_program()
        self._cgroups = workplace.cgroups(cgroups if kind == "bubblewrap" else "off")
        self._prepared: dict[BoxKind, Language] = {}

    def prepare(self, language: Language) -> None:
        """Offer boxes of `prepared_kind(language)` from now on. Raises JudgeFailure where its
        interpreter cannot be held, or does not run a program as it should."""
        if self.kind != "bubblewrap":
            raise JudgeFailure("There is no sandbox.")
        kind = prepared_kind(language)
        self._prepared[kind] = language
        try:
            self._try_prepared(kind, language)
        except BaseException:
            del self._prepared[kind]
            raise

    def _try_prepared(self, kind: BoxKind, language: Language) -> None:
        expected = f"held ['{BOX}/{language.program}'] __main__\n".encode()
        try:
            box = self.open(kind)
        except LanguageUnavailable as error:
            raise JudgeFailure(error.detail) from error
        try:
            box.put(language.program, TRIAL)
            run = Run(argv=(), input=b"held\n", limits=TRIAL_LIMITS, output_bytes=1024)
            answer, captured = box.run(run)
        except BoxDied as error:
            raise JudgeFailure(f"The interpreter does not survive a program: {error}.") from error
        finally:
            box.close()
        if (captured.output, answer.measurement.exited, answer.measurement.code) != (
            expected,
            True,
            3,
        ):
            raise JudgeFailure(
                f"The interpreter runs a program as {answer} with {captured}, not as it should."
            )

    def open(self, kind: BoxKind) -> Box:
        """A box that is ready. Raises JudgeFailure when it cannot be opened.

        The calling thread must outlive the box: the kernel ends it with that thread.
        """
        group = self._cgroups.new_group()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            folder = self._workplace.new_folder()
            with theirs:
                if self.kind == "bubblewrap":
                    box = self._open_isolated(kind, folder, ours, theirs, group)
                else:
                    box = self._open_plain(folder, ours, theirs, group)
        except BaseException:
            ours.close()
            group.close()
            raise
        group.joined()
        try:
            box.wait_ready()
        except BoxDied as error:
            box.close()
            raise JudgeFailure(explain_failure(str(error))) from error
        return box

    def enforcers(self) -> dict[str, str]:
        """What holds memory, cpu and processes of a box: `cgroup v2`, `cgroup v1`, `sampling`."""
        return self._cgroups.enforcers()

    def close(self) -> None:
        """When every box is closed."""
        self._cgroups.close()

    def _open_isolated(
        self,
        kind: BoxKind,
        folder: Path,
        ours: socket.socket,
        theirs: socket.socket,
        group: Group,
    ) -> Box:
        tools = self._languages.tools().values()
        folders = self._runner_folders.union(
            filter(Path.is_dir, LOCALES),
            *(tool.compile_folders if kind == COMPILE else tool.run_folders for tool in tools),
        )
        language = self._prepared.get(kind)
        control = str(theirs.fileno())
        programs = {RUNNER: self._workplace.runner}
        start = [RUNNER, "serve", "pid1", SCRATCH, control]
        if language is not None:
            programs[LIBRARY] = self._workplace.library()
            stack = str(language.stack_mb * MIB)
            start = [RUNNER, "prepare", stack, SCRATCH, control, *self._command(language)]
        filter_fd = os.memfd_create("seccomp", os.MFD_CLOEXEC)
        try:
            os.write(filter_fd, self._filter)
            os.lseek(filter_fd, 0, os.SEEK_SET)
            command = box_command(
                bwrap=self._bwrap,
                programs=programs,
                folder=folder,
                folders=folders,
                hidden={hidden for tool in tools for hidden in tool.hidden},
                scratch_bytes=COMPILE_SCRATCH if kind == COMPILE else TEST_SCRATCH,
                seccomp_fd=filter_fd,
                environment=_environment(kind, SCRATCH),
                drop_capabilities=os.geteuid() == 0 and not self._workplace.identity.dropped,
                start=start,
            )
            process = self._launch(command, theirs, group, {}, filter_fd)
        finally:
            os.close(filter_fd)
        return Box(
            process,
            ours,
            folder=folder,
            inside=BOX,
            scratch=SCRATCH,
            owner=self._pipe_owner(),
            group=group,
            is_prepared=language is not None,
        )

    def _command(self, language: Language) -> list[str]:
        """What starts the interpreter: the very command that a test would be started with."""
        return run_command(
            language,
            self._languages.tool(language.id),
            inside=BOX,
            scratch=SCRATCH,
            memory_mb=language.memory_floor_mb,
        )

    def _open_plain(
        self, folder: Path, ours: socket.socket, theirs: socket.socket, group: Group
    ) -> Box:
        scratch = str(self._workplace.new_scratch())
        command = [str(self._workplace.runner), "serve", "group", scratch, str(theirs.fileno())]
        process = self._launch(command, theirs, group, _environment(COMPILE, scratch))
        return Box(
            process,
            ours,
            folder=folder,
            inside=str(folder),
            scratch=scratch,
            owner=self._pipe_owner(),
            group=group,
        )

    def _launch(
        self,
        command: list[str],
        theirs: socket.socket,
        group: Group,
        environment: dict[str, str],
        *fds: int,
    ) -> subprocess.Popen[bytes]:
        """As the box's user, in its group, with the runner's socket and nothing else of ours."""
        identity = self._workplace.identity
        joins = ",".join(map(str, group.joins))
        launcher = [str(self._workplace.runner), "launch", joins]
        launcher += [str(identity.uid), str(identity.gid)]
        control = theirs.fileno()
        return subprocess.Popen(
            [*launcher, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(control, *fds, *group.joins),
            env=environment,
            cwd="/",
        )

    def _pipe_owner(self) -> tuple[int, int] | None:
        identity = self._workplace.identity
        return (identity.uid, identity.gid) if identity.dropped else None


def _environment(kind: BoxKind, scratch: str) -> dict[str, str]:
    extra = {"TMPDIR": scratch, "LC_ALL": "C"} if kind == COMPILE else {}
    return {**ENVIRONMENT, "HOME": scratch, **extra}
