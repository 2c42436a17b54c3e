"""What a rule has found, in four steps, how its words are kept, and how a step becomes a hint.

The words of a rule stand in the YAML file of the rule's name: prose is easier to write and to
review there. `cases` holds what differs, `shared` how it is put together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from importlib import resources

import yaml

from algoitny.domain.verdict import Verdict
from algoitny.providers.hints.evidence import Evidence

FEWEST_WORDS = 85
"""A little over what is asked for, because words can be counted in more than one way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One finding, 25 to 90 words a step.

    `kind` says what kind of failure it is and where to look, `idea` which idea or edge case is
    missed, `change` how to change the approach, `direction` with the pseudo-code of `sketch` how
    that could look.
    """

    kind: str
    idea: str
    change: str
    direction: str
    sketch: str


Rule = Callable[[Evidence], Advice | None]


class Words:
    """The words of one rule."""

    def __init__(self, rule: str) -> None:
        source = resources.files(__package__).joinpath(f"{rule}.yaml").read_text(encoding="utf-8")
        found = yaml.safe_load(source)
        self._shared: Mapping[str, str] = found["shared"]
        self._cases: Mapping[str, Mapping[str, str]] = found["cases"]

    @property
    def cases(self) -> tuple[str, ...]:
        return tuple(self._cases)

    def __contains__(self, case: str) -> bool:
        return case in self._cases

    def advice(self, case: str, **slots: object) -> Advice:
        """The advice of `case` with its slots filled in: those of its words first."""
        words = {slot: text.format_map(slots) for slot, text in self._cases[case].items()}
        filled = {**slots, **words}
        return Advice(
            **{piece.name: self._shared[piece.name].format_map(filled) for piece in fields(Advice)}
        )


def compose(evidence: Evidence, advice: Advice, level: int) -> str:
    """The hint of `level` (1 to 4). Only the last has a code block."""
    if level == 1:
        text = f"{_opening(evidence)} {advice.kind}"
    else:
        body = {2: advice.idea, 3: advice.change, 4: advice.direction}[level]
        text = f"{_reminder(evidence)} {body}"
    block = f"\n\n```\n{advice.sketch}\n```\n\n" if level == 4 else " "
    closing: list[str] = []
    for sentence in _CLOSING[level]:
        if closing and len(f"{text}{block}{' '.join(closing)}".split()) >= FEWEST_WORDS:
            break
        closing.append(sentence)
    return f"{text}{block}{' '.join(closing)}"


def _opening(evidence: Evidence) -> str:
    if evidence.verdict is Verdict.CE:
        return "The program does not compile, so no test was run and nothing is known of its idea."
    words = f"The verdict is {evidence.verdict.words}"
    if evidence.first_failing is None:
        return f"{words}."
    passed = f"{evidence.passed} of {evidence.total} tests pass"
    if evidence.is_cut_short:
        passed = f"{passed}; those after it were not run"
    words = f"{words}: test {evidence.first_failing} is the first to fail, and {passed}."
    if evidence.failing_sample is not None:
        return f"{words} A sample is among the failing ones, so you have the whole case before you."
    if evidence.has_samples and evidence.samples_pass:
        return f"{words} The samples all pass; only hidden tests fail."
    return words


def _reminder(evidence: Evidence) -> str:
    if evidence.verdict is Verdict.CE:
        return "Still about the compile error."
    if evidence.first_failing is None:
        return f"Still about: {evidence.verdict.words}."
    return f"Still about test {evidence.first_failing}: {evidence.verdict.words}."


_CLOSING: Mapping[int, tuple[str, ...]] = yaml.safe_load(
    resources.files(__package__).joinpath("closing.yaml").read_text(encoding="utf-8")
)
