"""Numbers that may differ a little: in decimal arithmetic, so that no rounding decides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation

from algoitny.domain.errors import InvalidInput

NUMBER = re.compile(rb"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
LONGEST_NUMBER = 1000
EXACT = Context(prec=2 * LONGEST_NUMBER, Emax=999999, Emin=-999999, traps=[])
"""Decimal digits, so that no rounding decides a borderline answer; errors become NaN."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A number is close when it is within one of the two; None is one that was not given."""

    absolute: Decimal | None
    relative: Decimal | None

    def allows(self, found: Decimal, expected: Decimal) -> bool:
        distance = EXACT.abs(EXACT.subtract(found, expected))
        if not distance.is_finite():
            return False
        if self.absolute is not None and distance <= self.absolute:
            return True
        return self.relative is not None and distance <= EXACT.multiply(
            self.relative, EXACT.abs(expected)
        )


def number_in(token: bytes) -> Decimal | None:
    """The finite decimal number that a token is: `inf` and `nan` are words."""
    if len(token) > LONGEST_NUMBER or not NUMBER.fullmatch(token):
        return None
    number = EXACT.create_decimal(token.decode())
    return number if number.is_finite() else None


def parse_tolerance(text: str, *, most: int) -> Decimal:
    """Raises InvalidInput for what is no number from 0 to `most`."""
    try:
        # Decimal itself takes underscores and the digits of every script.
        value = Decimal(text if NUMBER.fullmatch(text.encode(errors="replace")) else "NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= most:
        # More accepts what nobody would call close; 1e999 accepted everything.
        raise InvalidInput.field(
            "/checker", f"A tolerance must be from 0 to {most:,}, not {text[:40]!r}."
        )
    return value
