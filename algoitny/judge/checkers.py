"""Checkers by name: comparing a program's output with the answer, in linear time, in memory that
does not grow.

A checker gets bytes, because programs write bytes; it says None when it accepts, else in words
where they differ, without any text of the answer. `docs/checkers.md` tells setters of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from algoitny.domain.errors import InvalidInput
from algoitny.judge.default_validator import default_validator
from algoitny.judge.tokens import compare, lines_of, tokens_of
from algoitny.judge.tolerance import Tolerance, number_in, parse_tolerance


@dataclass(frozen=True, slots=True)
class Difference:
    """Where an output differs, in words; `is_presentation` when its tokens are right."""

    words: str
    is_presentation: bool = False


Checker = Callable[[bytes, bytes], Difference | None]
"""(output, answer) → None, or how they differ."""

Compare = Callable[[bytes, bytes], str | None]

DEFAULT_TOLERANCE = Decimal("1e-6")
MOST_TOLERANCE = 1
LONGEST_SPEC = 200
CUSTOM = "custom"
PRESENTATION = "presentation"


def find_checker(spec: str) -> Checker:
    """The checker that `spec` names. Raises InvalidInput for one that does not exist.

    `exact`, `tokens`, `lines`, `case-insensitive`, `unordered-lines`; `exact presentation` and
    `lines presentation`, which tell a wrong layout from a wrong answer; `floats` with one
    tolerance for both (`floats 1e-6`, the default) or each by name (`floats abs=1e-6 rel=1e-9`;
    the one that is not named is 0); `default` with arguments of the problem package format's
    output validator. Underscores may stand for hyphens.
    """
    name, *arguments = spec.lower().split() or [""]
    name = name.replace("_", "-")
    if name == "floats":
        return _judging(_floats(arguments))
    if name == "default":
        return _judging(default_validator(arguments))
    comparison = _PLAIN.get(name)
    if comparison is None:
        known = ", ".join([*_PLAIN, "floats", "default", CUSTOM])
        raise InvalidInput.field("/checker", f"Unknown checker; choose one of: {known}.")
    if arguments == [PRESENTATION] and name in _LAYOUTS:
        return _judging_layout(comparison)
    if arguments:
        raise InvalidInput.field("/checker", f"The checker {name} takes no such arguments.")
    return _judging(comparison)


def check_checker(spec: str) -> None:
    """Raises InvalidInput when no checker is named so."""
    if len(spec) > LONGEST_SPEC:
        raise InvalidInput.field("/checker", f"At most {LONGEST_SPEC} characters.")
    if custom_flags(spec) is None:
        find_checker(spec)


def custom_flags(spec: str) -> tuple[str, ...] | None:
    """The flags that `custom FLAG…` gives the problem's own checker; None for any other spec."""
    name, *flags = spec.split() or [""]
    return tuple(flags) if name.lower() == CUSTOM else None


def _judging(comparison: Compare) -> Checker:
    def check(output: bytes, answer: bytes) -> Difference | None:
        words = comparison(output, answer)
        return None if words is None else Difference(words)

    return check


def _judging_layout(comparison: Compare) -> Checker:
    def check(output: bytes, answer: bytes) -> Difference | None:
        layout = comparison(output, answer)
        if layout is None:
            return None
        content = _tokens(output, answer)
        if content is not None:
            return Difference(content)
        return Difference(layout, is_presentation=True)

    return check


def _exact(output: bytes, answer: bytes) -> str | None:
    if output == answer:
        return None
    if len(output) < len(answer) and answer.startswith(output):
        return "the output ends too early"
    return "the output differs"


def _tokens(output: bytes, answer: bytes) -> str | None:
    if output == answer:
        return None
    return compare("token", tokens_of(output), tokens_of(answer))


def _lines(output: bytes, answer: bytes) -> str | None:
    if output == answer:
        return None
    return compare("line", lines_of(output), lines_of(answer))


def _case_insensitive(output: bytes, answer: bytes) -> str | None:
    """Tokens; ASCII letters only, since bytes have no other case."""
    return _tokens(output.lower(), answer.lower())


def _unordered_lines(output: bytes, answer: bytes) -> str | None:
    if output == answer:
        return None
    missing = Counter(lines_of(answer))
    for number, line in enumerate(lines_of(output), 1):
        if not missing[line]:
            return f"line {number} is not expected, or not so often"
        missing[line] -= 1
    left = missing.total()
    return f"{left} expected lines are missing" if left else None


def _floats(arguments: Sequence[str]) -> Compare:
    """Tokens, where two numbers may differ by either tolerance. What is not a finite decimal
    number (`inf` and `nan` are not) must be equal as text."""
    tolerance = _tolerance(arguments)

    def close(ours: bytes, theirs: bytes) -> bool:
        found, expected = number_in(ours), number_in(theirs)
        return found is not None and expected is not None and tolerance.allows(found, expected)

    def check(output: bytes, answer: bytes) -> str | None:
        if output == answer:
            return None
        return compare("token", tokens_of(output), tokens_of(answer), close)

    return check


def _tolerance(arguments: Sequence[str]) -> Tolerance:
    if not arguments:
        return Tolerance(DEFAULT_TOLERANCE, DEFAULT_TOLERANCE)
    if len(arguments) == 1 and "=" not in arguments[0]:
        both = parse_tolerance(arguments[0], most=MOST_TOLERANCE)
        return Tolerance(both, both)
    given: dict[str, Decimal] = {}
    for argument in arguments:
        name, _, value = argument.partition("=")
        if name not in ("abs", "rel") or name in given:
            raise InvalidInput.field("/checker", "Tolerances are `1e-6` or `abs=1e-6 rel=1e-9`.")
        given[name] = parse_tolerance(value, most=MOST_TOLERANCE)
    return Tolerance(given.get("abs", Decimal(0)), given.get("rel", Decimal(0)))


_PLAIN: dict[str, Compare] = {
    "tokens": _tokens,
    "exact": _exact,
    "lines": _lines,
    "case-insensitive": _case_insensitive,
    "unordered-lines": _unordered_lines,
}
_LAYOUTS = ("exact", "lines")
