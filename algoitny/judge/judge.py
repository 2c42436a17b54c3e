"""The judge: compiles a submission once, runs it against every test, and says what came of each.

It knows no execution, no user and no queue. What it calls the judge's own fault it tries once
more in a fresh box, then raises: never does it become the learner's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from algoitny.domain.errors import InvalidInput, JudgeFailure
from algoitny.domain.verdict import Verdict, overall
from algoitny.judge.box import Box
from algoitny.judge.cgroups import cgroup_use
from algoitny.judge.checkers import Checker, find_checker
from algoitny.judge.comparing import Comparison, PlainComparison
from algoitny.judge.compile_cache import CompileCache
from algoitny.judge.compiling import Compiler
from algoitny.judge.cores import Cores
from algoitny.judge.custom import CustomComparison
from algoitny.judge.declarations import load_languages
from algoitny.judge.kept_files import KeptFiles
from algoitny.judge.languages import Languages
from algoitny.judge.limits import effective_limits
from algoitny.judge.pool import BoxPool
from algoitny.judge.records import (
    Case,
    CaseResult,
    CustomChecker,
    Judgement,
    Limits,
)
from algoitny.judge.sandbox import (
    COMPILE,
    TEST,
    BoxKind,
    Sandbox,
    prepared_kind,
    sandbox_kind,
)
from algoitny.judge.submission import Line, Submission
from algoitny.judge.testing import Testing
from algoitny.judge.workplace import Workplace

KEPT_READY = 1
"""Boxes of each kind that wait for a submission."""


class Judge:
    """Judges one submission at a time per calling thread; threads may share it.

    A process must open its own: threads and boxes do not survive a fork.
    """

    def __init__(
        self,
        *,
        languages: Languages,
        sandbox: str,
        scratch_dir: Path,
        cores: int = 0,
        cache_bytes: int = 0,
        cgroups: str = "auto",
    ) -> None:
        """Judges with one `scratch_dir` share `cores` processors (0: all that this process may
        use) and `cache_bytes` of compiled programs (0: none; none ever without a sandbox, where
        programs could reach them). `cgroups` "off" does without control groups even where there
        are some.

        Raises JudgeFailure when this machine cannot sandbox; nothing is judged then.
        """
        self.sandbox = sandbox_kind(sandbox)
        self.identity = languages.identity
        self.languages = languages
        self._workplace = Workplace(scratch_dir, self.identity)
        self._pid = os.getpid()
        try:
            use = cgroup_use(cgroups)
            self._sandbox = Sandbox(self.sandbox, self._workplace, languages, use)
            self.enforcers = self._sandbox.enforcers()
            self.prepared = self._prepare(languages)
            held = {
                name: prepared_kind(languages.get(name))
                for name, reason in self.prepared.items()
                if not reason
            }
            kinds = [COMPILE, TEST, *held.values()]
            cache = None
            if cache_bytes and self.sandbox != "none":
                cache = CompileCache(KeptFiles(self._workplace.shared("compiled"), cache_bytes))
            self._held = held
            self._cores = Cores(self._workplace.shared("cores"), cores)
            self._pool = BoxPool(self._sandbox.open, dict.fromkeys(kinds, KEPT_READY))
            self._compiler = Compiler(self._pool, held, cache)
            self._helpers = ThreadPoolExecutor(
                max(1, self._cores.count - 1), thread_name_prefix="judge-tests"
            )
        except BaseException:
            self._workplace.close()
            raise
        try:
            for kind in kinds:
                self._pool.take(kind).close()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends every box that waits and removes every file; leaves no process. Call it when no
        thread judges any more."""
        if os.getpid() != self._pid:
            return
        self._helpers.shutdown()
        self._pool.close()
        self._cores.close()
        self._sandbox.close()
        self._workplace.close()

    def _prepare(self, languages: Languages) -> dict[str, str]:
        """Language → why tests start its interpreter afresh; empty when they need not."""
        found = {}
        for language in languages.all():
            if language.prepared and language.id in languages.tools():
                try:
                    self._sandbox.prepare(language)
                    found[language.id] = ""
                except JudgeFailure as failure:
                    found[language.id] = failure.detail
        return found

    def open_box(self, kind: BoxKind) -> Box:
        """A box beyond those of the pool, for measuring; the caller closes it, and its thread must
        live as long. Raises JudgeFailure."""
        return self._sandbox.open(kind)

    def judge(
        self,
        language: str,
        source: str,
        cases: Sequence[Case],
        *,
        limits: Limits,
        checker: str | CustomChecker = "tokens",
        on_test: Callable[[int, CaseResult], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        stop_on_first_failure: bool = False,
    ) -> Judgement:
        """Compile once, run all tests, several at once where there are processors, compare.

        With `stop_on_first_failure` the results end with the first test in order that fails.
        `on_test` gets each test's index and result, in order, one at a time, from any thread.
        `cancelled` is asked by all threads every 50 ms; once it says true, everything is killed
        and Cancelled raised. Raises LanguageUnavailable, InvalidInput (unknown checker, no tests),
        JudgeFailure.
        """
        declared = self.languages.get(language)
        tool = self.languages.tool(language)
        known = checker if isinstance(checker, CustomChecker) else find_checker(checker)
        if not cases:
            raise InvalidInput.field("/tests", "There are no tests.")
        try:
            code = source.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise InvalidInput.field("/code", "Not valid Unicode: a lone surrogate.") from None
        with ExitStack() as held:
            compiled = self._compiler.compile(declared, tool, code, cancelled, hand_over=True)
            held.enter_context(closing(compiled))
            if not compiled.result.ok:
                return Judgement(verdict=Verdict.CE, compile=compiled.result, tests=())
            submission = Submission(
                kind=self._held.get(declared.id, TEST),
                language=declared,
                tool=tool,
                compiled=compiled,
                code=code,
                limits=effective_limits(declared, limits),
            )
            line = held.enter_context(closing(Line(self._pool, submission, compiled.box)))
            testing = Testing(
                line,
                partial(Line, self._pool, submission),
                cases,
                held.enter_context(self._comparison(known, cancelled)),
                self._cores,
                on_test=on_test,
                cancelled=cancelled,
                stop_on_first_failure=stop_on_first_failure,
            )
            results = testing.run(self._helpers)
        verdict = overall(result.verdict for result in results)
        return Judgement(verdict=verdict, compile=compiled.result, tests=results)

    @contextmanager
    def _comparison(
        self, checker: Checker | CustomChecker, cancelled: Callable[[], bool] | None
    ) -> Iterator[Comparison]:
        if not isinstance(checker, CustomChecker):
            yield PlainComparison(checker)
            return
        language = self.languages.get(checker.language)
        tool = self.languages.tool(checker.language)
        with closing(self._compiler.compile(language, tool, checker.code, cancelled)) as compiled:
            if not compiled.result.ok:
                raise JudgeFailure(
                    "The checker does not compile.", complaint=compiled.result.message
                )
            with closing(
                CustomComparison(self._pool, language, tool, compiled, checker, cancelled)
            ) as comparison:
                yield comparison


def open_judge(
    *,
    scratch_dir: Path,
    sandbox: str,
    cores: int = 0,
    cache_bytes: int = 0,
    cgroups: str = "auto",
) -> Judge:
    """A judge of all declared languages; see `Judge`. Raises JudgeFailure, in a sentence for an
    operator, when this machine cannot sandbox: it never judges without, unless `sandbox` says
    "none"."""
    return Judge(
        languages=load_languages(),
        sandbox=sandbox,
        scratch_dir=scratch_dir,
        cores=cores,
        cache_bytes=cache_bytes,
        cgroups=cgroups,
    )
