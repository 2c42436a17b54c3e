"""The default output validator of the ICPC/Kattis problem package format, by its arguments.

Tokens are compared without regard to case and to the amount of white space; its arguments change
that, or let numbers differ. Numbers are exact here, where the format's own program rounds them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from algoitny.domain.errors import InvalidInput
from algoitny.judge.tokens import compare, compare_with_space, tokens_of
from algoitny.judge.tolerance import LONGEST_NUMBER, Tolerance, number_in, parse_tolerance

FLAGS = ("case_sensitive", "space_change_sensitive")
TOLERANCES = ("float_absolute_tolerance", "float_relative_tolerance", "float_tolerance")
MOST_ABSOLUTE = 1_000_000_000
"""Coordinates and sums are large numbers, of which a hundredth may still be much."""
MOST_RELATIVE = 1
"""A relative tolerance above 1 accepts 0 for every number."""


def default_validator(arguments: Sequence[str]) -> Callable[[bytes, bytes], str | None]:
    """(output, answer) → None, or in words where they differ. Raises InvalidInput for arguments
    that the validator does not have."""
    flags, absolute, relative = _parse(arguments)
    tolerance = None
    if absolute is not None or relative is not None:
        tolerance = Tolerance(absolute, relative)
    fold = "case_sensitive" not in flags
    keeps_space = "space_change_sensitive" in flags

    def same(ours: bytes, theirs: bytes) -> bool:
        if tolerance is not None:
            expected = _number(theirs)
            if expected is not None:
                found = _number(ours)
                return found is not None and tolerance.allows(found, expected)
        return fold and ours.lower() == theirs.lower()

    def check(output: bytes, answer: bytes) -> str | None:
        if output == answer:
            return None
        if keeps_space:
            return compare_with_space(output, answer, same)
        return compare("token", tokens_of(output), tokens_of(answer), same)

    return check


def _parse(arguments: Sequence[str]) -> tuple[set[str], Decimal | None, Decimal | None]:
    """A tolerance that is given again replaces the first, as there."""
    flags: set[str] = set()
    absolute: Decimal | None = None
    relative: Decimal | None = None
    rest = [
        argument.replace("-", "_") if argument[:1].isalpha() else argument for argument in arguments
    ]
    while rest:
        name = rest.pop(0)
        if name in FLAGS:
            flags.add(name)
        elif name in TOLERANCES:
            if not rest:
                raise InvalidInput.field("/checker", f"{name} needs a number.")
            text = rest.pop(0)
            if name != "float_relative_tolerance":
                most = MOST_ABSOLUTE if name == "float_absolute_tolerance" else MOST_RELATIVE
                absolute = parse_tolerance(text, most=most)
            if name != "float_absolute_tolerance":
                relative = parse_tolerance(text, most=MOST_RELATIVE)
        else:
            known = ", ".join((*FLAGS, *TOLERANCES))
            raise InvalidInput.field(
                "/checker", f"The default validator has no argument {name[:40]!r}; it has {known}."
            )
    return flags, absolute, relative


def _number(token: bytes) -> Decimal | None:
    """As C reads it: hexadecimal numbers too."""
    if token.lower().lstrip(b"+-").startswith(b"0x") and len(token) <= LONGEST_NUMBER:
        try:
            return Decimal(float.fromhex(token.decode("ascii")))
        except (ValueError, OverflowError):
            return None
    return number_in(token)
