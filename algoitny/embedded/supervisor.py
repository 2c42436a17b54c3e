"""Keeps the programs of the embedded stack running: order, restarts, one log, a clean end.

Knows nothing of AlgoItny; docs/decisions/ says why no library does this here.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from algoitny.embedded.processes import Process, Processes, describe
from algoitny.embedded.terminal import Terminal, plain

SELF = "stack"
"""The supervisor's name in the log."""

PROBE_SECONDS = 0.05
LAST_WORDS_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process to keep running, or (`once`) to run to its end whenever `after` began anew."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None = None
    after: str | None = None
    ready: Callable[[], Awaitable[bool]] | None = None
    once: bool = False
    essential: bool = True
    """Without it nothing works: when it cannot start, the stack does not."""
    log_file: Path | None = None
    """Where its output goes instead of the terminal."""
    stop_turn: int = 0
    stop_seconds: float = 10.0
    patience: int = 2
    """The request to stop that kills it: the second, unless it needs its time to save."""
    if_orphaned: signal.Signals = signal.SIGKILL
    keep_fds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds, and after how many quick deaths in a row it is plain that something is wrong."""

    first_pause: float = 0.2
    longest_pause: float = 10.0
    settled: float = 20.0
    reminder: float = 30.0
    one_request: float = 0.5
    """Signals closer than this are one request: `make` passes on what its group got as well."""
    hopeless: int = 4


class _Child:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: Process | None = None
        self.ready = asyncio.Event()
        self.lost = asyncio.Event()
        self.tail: deque[str] = deque(maxlen=12)


class Supervisor:
    """`run` starts all programs and returns the exit code once everything has ended."""

    def __init__(
        self,
        programs: Sequence[Program],
        terminal: Terminal,
        *,
        on_ready: Callable[[], None] = lambda: None,
        pace: Pace | None = None,
    ) -> None:
        self._children = {program.name: _Child(program) for program in programs}
        self._terminal = terminal
        self._on_ready = on_ready
        self._pace = pace or Pace()
        self._processes = Processes()
        self._serving = False
        self._exit_code = 0
        self._requests = 0
        self._last_request = float("-inf")
        self._stop = asyncio.Event()

    async def run(self) -> int:
        """0 after Ctrl-C or SIGTERM, 1 when something essential cannot start."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._request_stop)
        self._processes.adopt()
        tasks = [loop.create_task(self._keep(child)) for child in self._children.values()]
        tasks.append(loop.create_task(self._announce()))
        for task in tasks:
            task.add_done_callback(self._check)
        await self._stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for turn in sorted({child.program.stop_turn for child in self._children.values()}):
            await asyncio.gather(
                *(
                    self._end(child)
                    for child in self._children.values()
                    if child.program.stop_turn == turn
                )
            )
        self._processes.kill_orphans()
        self._terminal.say(SELF, "stopped")
        return self._exit_code

    async def _keep(self, child: _Child) -> None:
        program, pace, failures = child.program, self._pace, 0
        loop = asyncio.get_running_loop()
        while True:
            before = self._children[program.after] if program.after else None
            if before:
                await before.ready.wait()
            begun, source = loop.time(), before and before.process
            ending, was_ready = await self._live(child)
            if program.once and child.process and child.process.status == 0:
                failures = 0
                child.ready.set()
                if before is None:
                    return
                if before.process is source:
                    await before.lost.wait()
                child.ready.clear()
                continue
            settled = was_ready or loop.time() - begun >= pace.settled
            failures = 1 if settled else failures + 1
            pause = min(pace.first_pause * 2 ** (failures - 1), pace.longest_pause)
            self._report(child, ending, failures, pause)
            await asyncio.sleep(pause)

    async def _live(self, child: _Child) -> tuple[str, bool]:
        """From start to end: how it ended, and whether it was ready in between."""
        program = child.program
        child.tail.clear()
        try:
            child.process = process = self._processes.spawn(
                program.command,
                environment=program.environment,
                keep_fds=program.keep_fds,
                if_orphaned=program.if_orphaned,
                on_line=lambda line: self._line(child, line),
            )
        except OSError as error:
            child.process = None
            return f"cannot be executed: {error}", False
        probe = asyncio.create_task(self._probe(child))
        try:
            await process.exited.wait()
        finally:
            probe.cancel()
        was_ready = program.ready is not None and child.ready.is_set()
        child.ready.clear()
        child.lost.set()
        await self._bury(process)
        return describe(process.status), was_ready

    async def _probe(self, child: _Child) -> None:
        if child.program.once:
            return
        while child.program.ready and not await child.program.ready():  # noqa: ASYNC110 - of another process there are no events
            await asyncio.sleep(PROBE_SECONDS)
        child.lost.clear()
        child.ready.set()

    def _report(self, child: _Child, ending: str, failures: int, pause: float) -> None:
        program = child.program
        if failures < self._pace.hopeless:
            self._terminal.say(
                SELF, f"{program.name} {ending}; starting it again", "warning", pause_s=pause
            )
            return
        last_words = "".join(f"\n    | {line}" for line in child.tail)
        if program.essential and not self._serving:
            self._terminal.say(
                SELF,
                f"{program.name} cannot start: it {ending} {failures} times in a row. "
                f"Its last words:{last_words or ' none'}",
                "error",
            )
            self._exit_code = 1
            self._stop.set()
        elif failures % self._pace.hopeless == 0:
            self._terminal.say(
                SELF,
                f"{program.name} does not run: it {ending} {failures} times in a row; trying "
                f"again every {pause:.0f} s. Its last words:{last_words or ' none'}",
                "error",
            )

    async def _announce(self) -> None:
        waiting = [child for child in self._children.values() if child.program.essential]
        while True:
            try:
                async with asyncio.timeout(self._pace.reminder):
                    for child in waiting:
                        await child.ready.wait()
                break
            except TimeoutError:
                names = ", ".join(c.program.name for c in waiting if not c.ready.is_set())
                self._terminal.say(SELF, f"still waiting for: {names}", "warning")
        self._serving = True
        self._on_ready()

    async def _end(self, child: _Child) -> None:
        """Ask, wait as long as it may take and nobody insists, then kill."""
        process, program = child.process, child.program
        if process is None or process.exited.is_set():
            return
        process.send(signal.SIGTERM)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + program.stop_seconds
        while not process.exited.is_set() and self._requests < program.patience:
            if loop.time() >= deadline:
                self._terminal.say(SELF, f"{program.name} did not stop in time", "warning")
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.exited.wait(), PROBE_SECONDS)
        process.kill()
        await process.exited.wait()
        await self._bury(process)

    async def _bury(self, process: Process) -> None:
        """Leave nothing of it behind, and lose nothing that it said."""
        process.kill()
        self._processes.kill_orphans()
        await process.last_words(LAST_WORDS_SECONDS)

    def _request_stop(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._last_request < self._pace.one_request:
            return
        self._last_request = now
        self._requests += 1
        if self._requests == 1:
            self._terminal.say(SELF, "stopping (Ctrl-C again forces it)")
        else:
            self._terminal.say(SELF, "stopping by force", "warning")
        self._stop.set()

    def _line(self, child: _Child, line: bytes) -> None:
        text = line.decode("utf-8", "backslashreplace").rstrip()
        if text:
            child.tail.extend(plain(text).splitlines())
        if child.program.log_file:
            with child.program.log_file.open("ab") as file:
                file.write(line + b"\n")
        elif text:
            self._terminal.pass_on(child.program.name, text)

    def _check(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            self._terminal.say(SELF, f"the supervisor failed: {error!r}", "critical")
            self._exit_code = 1
            self._stop.set()
