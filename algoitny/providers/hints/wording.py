"""Numbers and names in a sentence."""

from __future__ import annotations

LONGEST_NAME = 30


def about(number: int) -> str:
    """A large number as people say it: `900`, `2·10^4`, `6.4·10^7`."""
    if number < 10_000:
        return str(number)
    exponent = len(str(number)) - 1
    tenths = (number * 10 + 10**exponent // 2) // 10**exponent
    if tenths == 100:
        exponent, tenths = exponent + 1, 10
    whole, rest = divmod(tenths, 10)
    factor = f"{whole}.{rest}" if rest else str(whole)
    return f"10^{exponent}" if factor == "1" else f"{factor}·10^{exponent}"


def code(name: str) -> str:
    """A name from the learner's code, short enough for a sentence."""
    return f"`{name[:LONGEST_NAME]}`"
