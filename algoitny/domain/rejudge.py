"""Judging executions again: which ones, and how far that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from algoitny.domain.history import History
from algoitny.domain.problem import ProblemKey
from algoitny.domain.verdict import State, Verdict

CHANGED, UNCHANGED, FAILED, SKIPPED = "changed", "unchanged", "failed", "skipped"

REJUDGED = (State.DONE, State.FAILED)
"""What can be judged again. Whoever cancelled an execution wanted no verdict."""


def why_not(history: History) -> str | None:
    """Why it cannot be judged again now; None when it can."""
    if history.state not in REJUDGED:
        return "It was cancelled." if history.state.ended else "It has not ended."
    return None if history.rejudge is None else "It is being rejudged already."


def outcome_of_rejudge(was: Verdict | None, history: History) -> str:
    """What came of the last rejudge of an execution, whose verdict `was` another or the same."""
    if history.shown_attempt != history.attempt:
        return FAILED  # the old result is still the one that is shown
    return UNCHANGED if history.verdict is was else CHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which executions: one; or those of a problem, of a user, or of both, submitted from `since`
    to before `until`."""

    execution_id: str | None = None
    problem: ProblemKey | None = None
    user_id: str | None = None
    language: str | None = None
    verdict: Verdict | None = None
    since: datetime | None = None
    until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """JSON values, of what is given."""
        values: dict[str, Any] = {
            "execution_id": self.execution_id,
            "platform": self.problem and self.problem.platform,
            "problem_number": self.problem and self.problem.number,
            "user_id": self.user_id,
            "language": self.language,
            "verdict": self.verdict and self.verdict.value,
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
        }
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `as_json`."""
        return cls(
            execution_id=values.get("execution_id"),
            problem=ProblemKey(platform=values["platform"], number=values["problem_number"])
            if "platform" in values
            else None,
            user_id=values.get("user_id"),
            language=values.get("language"),
            verdict=Verdict(values["verdict"]) if "verdict" in values else None,
            since=datetime.fromisoformat(values["since"]) if "since" in values else None,
            until=datetime.fromisoformat(values["until"]) if "until" in values else None,
        )

    def __str__(self) -> str:
        """For a list of jobs."""
        if self.execution_id is not None:
            return f"execution {self.execution_id}"
        parts = {"problem": self.problem, "user": self.user_id, "language": self.language}
        named = [f"{name} {value}" for name, value in parts.items() if value is not None]
        named += [] if self.verdict is None else [self.verdict.value]
        named += [] if self.since is None else [f"since {self.since:%Y-%m-%d %H:%M}"]
        named += [] if self.until is None else [f"until {self.until:%Y-%m-%d %H:%M}"]
        return ", ".join(named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudged:
    """How far a job has come. `after` is the last execution that was chosen, `is_walked` whether it
    was the last of all; `in_flight` are those that wait or run, with their old verdicts. `selected`
    counts all that were chosen, the others how they ended."""

    after: str | None = None
    is_walked: bool = False
    in_flight: Mapping[str, Verdict | None] = field(default_factory=dict)
    selected: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def is_done(self) -> bool:
        return self.is_walked and not self.in_flight

    @property
    def ended(self) -> int:
        return self.changed + self.unchanged + self.failed + self.skipped

    def choosing(self, chosen: Mapping[str, Verdict | None], *, after: str | None) -> Self:
        """With these in flight too; `after` is None when there are no more."""
        return replace(
            self,
            after=after or self.after,
            is_walked=after is None,
            in_flight={**self.in_flight, **chosen},
            selected=self.selected + len(chosen),
        )

    def ending(self, history_id: str, outcome: str) -> Self:
        """With one that ended so: `changed`, `unchanged`, `failed` or `skipped`."""
        left = {name: was for name, was in self.in_flight.items() if name != history_id}
        counted: dict[str, Any] = {outcome: getattr(self, outcome) + 1}
        return replace(self, in_flight=left, **counted)

    def counts(self) -> dict[str, int]:
        """For people and programs that follow the job."""
        names = ("selected", "changed", "unchanged", "failed", "skipped")
        return {name: getattr(self, name) for name in names} | {"in_flight": len(self.in_flight)}

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, values: Mapping[str, Any] | None) -> Self:
        """The inverse of `as_json`; of a job that has not begun, nothing yet."""
        known = dict(values or {})
        in_flight = {
            name: None if was is None else Verdict(was)
            for name, was in known.pop("in_flight", {}).items()
        }
        return cls(**known, in_flight=in_flight)
