"""Puts the sample problems into the catalogue, and keeps them as their packages are.

Run at every start: what is as it should be costs one read per problem and no write.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from algoitny.domain.clock import Clock
from algoitny.domain.errors import AlreadyExists, InvalidInput, StaleVersion
from algoitny.domain.problem import (
    Problem,
    ProblemKey,
    ProblemRepository,
    ProblemSummary,
    tests_digest,
)
from algoitny.services.package import Package, read_package

_RANDOM = random.SystemRandom()

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
INDEX = "index.yaml"
TRIES = 10
"""Several processes may load at once. Each refusal means that another got further; a sample is
made in three writes (problem, tests, publication), each of which one of them can lose."""

LONGEST_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSamples:
    """What became of each sample, by its key; `left_deleted` are those that an admin deleted."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    left_deleted: tuple[str, ...] = ()


def load_samples(
    problems: ProblemRepository,
    clock: Clock,
    *,
    folder: Path = SAMPLES,
    sleep: Callable[[float], None] = time.sleep,
) -> LoadedSamples:
    """Create, update and publish the packages that `folder`'s index names.

    Raises InvalidInput for a package that cannot be read; StoreUnavailable.
    """
    outcomes: dict[str, list[str]] = {}
    for key, package in read_index(folder):
        outcome = _load(problems, clock, key, package, sleep)
        outcomes.setdefault(outcome, []).append(str(key))
    return LoadedSamples(**{outcome: tuple(keys) for outcome, keys in outcomes.items()})


def read_index(folder: Path = SAMPLES) -> Iterator[tuple[ProblemKey, Package]]:
    """The sample packages with the keys that the index gives them, in its order."""
    index = yaml.safe_load((folder / INDEX).read_text(encoding="utf-8"))
    seen: set[str] = set()
    for line in index["problems"]:
        number = line["number"]
        if not isinstance(number, str) or number in seen:
            raise InvalidInput.field(
                f"/{INDEX}", f"The number {number!r} is not text, or is used twice."
            )
        seen.add(number)
        key = ProblemKey(platform=index["platform"], number=number)
        yield key, read_package(folder / line["package"])


def _load(
    problems: ProblemRepository,
    clock: Clock,
    key: ProblemKey,
    package: Package,
    sleep: Callable[[float], None],
) -> str:
    for attempt in range(1, TRIES + 1):
        try:
            return _load_once(problems, clock, key, package)
        except (AlreadyExists, StaleVersion):
            if attempt == TRIES:
                raise
            sleep(_RANDOM.uniform(0, LONGEST_PAUSE_SECONDS))
    raise AssertionError("unreachable")


def _load_once(problems: ProblemRepository, clock: Clock, key: ProblemKey, package: Package) -> str:
    stored = problems.get_problem(key, consistent=True)
    if stored is None:
        current = problems.create_problem(_new(key, package, clock)).summary
        _complete(problems, current, package)
        return "created"
    if stored.summary.is_deleted:
        return "left_deleted"
    wanted = _described(stored, package)
    current = stored.summary
    if wanted != stored:
        current = problems.update_problem(wanted, expected_version=current.version).summary
    changed = _complete(problems, current, package)
    return "updated" if changed or wanted != stored else "unchanged"


def _complete(problems: ProblemRepository, current: ProblemSummary, package: Package) -> bool:
    """Give it its tests and publish it; whether there was anything to do."""
    changed = False
    if current.tests_digest != tests_digest(package.tests):
        current = problems.replace_testcases(current.key, package.tests)
        changed = True
    if not current.is_completed:
        problems.update_problem_completion(
            current.key, is_completed=True, expected_version=current.version
        )
        changed = True
    return changed


def _new(key: ProblemKey, package: Package, clock: Clock) -> Problem:
    now = clock.now()
    summary = ProblemSummary(
        id=0,  # the repository allocates it
        key=key,
        title=package.title,
        created_at=now,
        updated_at=now,
    )
    return _described(Problem(summary=summary), package)


def _described(problem: Problem, package: Package) -> Problem:
    """`problem` as the package describes it."""
    return replace(
        problem,
        summary=replace(
            problem.summary,
            title=package.title,
            tags=package.tags,
            language=package.solution.language,
            time_limit_ms=package.time_limit_ms,
            memory_limit_mb=package.memory_limit_mb,
            checker=package.checker,
        ),
        statement=package.statement,
        constraints=package.constraints,
        solution_code=package.solution.code,
    )
