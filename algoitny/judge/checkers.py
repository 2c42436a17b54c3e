"""Comparing a program's output with the answer: in linear time, in memory that does not grow.

A checker gets bytes, because programs write bytes; it says None when it accepts, else in words
where they differ, without any text of the answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Context, Decimal, InvalidOperation
from itertools import chain, zip_longest

from algoitny.domain.errors import InvalidInput

Checker = Callable[[bytes, bytes], str | None]
"""(output, answer) → None, or where they differ."""

DEFAULT_TOLERANCE = Decimal("1e-6")
CHUNK = 1 << 16
SPACE = re.compile(rb"[ \t\n\r\x0b\x0c]")
NUMBER = re.compile(rb"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
LONGEST_NUMBER = 1000
EXACT = Context(prec=2 * LONGEST_NUMBER, Emax=999999, Emin=-999999, traps=[])
"""Decimal digits, so that no rounding decides a borderline answer; errors become NaN."""


def find_checker(spec: str) -> Checker:
    """The checker that `spec` names. Raises InvalidInput for one that does not exist.

    `exact`, `tokens`, `lines`, `case-insensitive`, `unordered-lines`, and `floats` with one
    tolerance for both (`floats 1e-6`) or each by name (`floats abs=1e-6 rel=1e-9`; the one that
    is not named is 0). `floats` alone is `floats 1e-6`. Underscores may stand for hyphens.
    """
    name, *arguments = spec.lower().replace("_", "-").split() or [""]
    if name == "floats":
        return _floats(*_tolerances(arguments))
    checker = _PLAIN.get(name)
    if checker is None:
        known = ", ".join([*_PLAIN, "floats"])
        raise InvalidInput.field("/checker", f"Unknown checker; one of: {known}.")
    if arguments:
        raise InvalidInput.field("/checker", f"The checker {name} takes no arguments.")
    return checker


def check_checker(spec: str) -> None:
    """Raises InvalidInput when no checker is named so."""
    find_checker(spec)


def tokens_of(data: bytes) -> Iterator[bytes]:
    """The parts between ASCII white space, without a list of all of them."""
    return chain.from_iterable(_token_batches(data))


def lines_of(data: bytes) -> Iterator[bytes]:
    """Lines without their ends and trailing blanks; blank lines at the end are none."""
    data = data.rstrip(b" \t\r\n")
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        if end < 0:
            end = len(data)
        yield data[at:end].rstrip(b" \t\r")
        at = end + 1


def _token_batches(data: bytes) -> Iterator[list[bytes]]:
    at = 0
    while at < len(data):
        boundary = SPACE.search(data, at + CHUNK)
        end = boundary.start() if boundary else len(data)
        yield data[at:end].split()
        at = end


def _exact(output: bytes, answer: bytes) -> str | None:
    if output == answer:
        return None
    if len(output) < len(answer) and answer.startswith(output):
        return "the output ends too early"
    return "the output differs"


def _compare(
    unit: str,
    found: Iterator[bytes],
    expected: Iterator[bytes],
    same: Callable[[bytes, bytes], bool] | None = None,
) -> str | None:
    for number, (ours, theirs) in enumerate(zip_longest(found, expected), 1):
        if ours == theirs:
            continue
        if ours is None:
            return f"the output ends before {unit} {number}"
        if theirs is None:
            return f"the output goes on after the end of the answer, from {unit} {number}"
        if same is None or not same(ours, theirs):
            return f"{unit} {number} differs"
    return None


def _tokens(output: bytes, answer: bytes) -> str | None:
    if output == answer:
        return None
    return _compare("token", tokens_of(output), tokens_of(answer))


def _lines(output: bytes, answer: bytes) -> str | None:
    if output == answer:
        return None
    return _compare("line", lines_of(output), lines_of(answer))


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


def _floats(absolute: Decimal, relative: Decimal) -> Checker:
    """Tokens, where two numbers may differ by either tolerance. What is not a finite decimal
    number (`inf` and `nan` are not) must be equal as text."""

    def close(ours: bytes, theirs: bytes) -> bool:
        found, expected = _number(ours), _number(theirs)
        if found is None or expected is None:
            return False
        distance = EXACT.abs(EXACT.subtract(found, expected))
        if not distance.is_finite():
            return False
        return distance <= absolute or distance <= EXACT.multiply(relative, EXACT.abs(expected))

    def check(output: bytes, answer: bytes) -> str | None:
        if output == answer:
            return None
        return _compare("token", tokens_of(output), tokens_of(answer), close)

    return check


def _number(token: bytes) -> Decimal | None:
    if len(token) > LONGEST_NUMBER or not NUMBER.fullmatch(token):
        return None
    number = EXACT.create_decimal(token.decode())
    return number if number.is_finite() else None


def _tolerances(arguments: list[str]) -> tuple[Decimal, Decimal]:
    if not arguments:
        return DEFAULT_TOLERANCE, DEFAULT_TOLERANCE
    if len(arguments) == 1 and "=" not in arguments[0]:
        both = _tolerance(arguments[0])
        return both, both
    given: dict[str, Decimal] = {}
    for argument in arguments:
        name, _, value = argument.partition("=")
        if name not in ("abs", "rel") or name in given:
            raise InvalidInput.field("/checker", "Tolerances are `1e-6` or `abs=1e-6 rel=1e-9`.")
        given[name] = _tolerance(value)
    return given.get("abs", Decimal(0)), given.get("rel", Decimal(0))


def _tolerance(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= 1:
        # More than 1 accepts what nobody would call close; 1e999 accepted everything.
        raise InvalidInput.field("/checker", f"A tolerance is from 0 to 1, not {text[:40]!r}.")
    return value


_PLAIN: dict[str, Checker] = {
    "tokens": _tokens,
    "exact": _exact,
    "lines": _lines,
    "case-insensitive": _case_insensitive,
    "unordered-lines": _unordered_lines,
}
