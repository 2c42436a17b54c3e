"""What the language model costs, by UTC day, under a daily cap that concurrent calls cannot pass.

A call is charged before it is made, with the most that it can cost, and settled after it with what
it did cost: a cap that is only looked at afterwards is passed by all calls that are on their way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

NO_CAP = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What was taken for one call, from which day. Money in millionths of a dollar."""

    call_id: str
    day: date
    micro_dollars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpend:
    """A day's total; tokens of the calls that are settled."""

    day: date
    micro_dollars: int = 0
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class SpendRepository(Protocol):
    """Access to the model's spend."""

    def charge(self, call_id: str, *, micro_dollars: int, cap: int) -> Charge | None:
        """Take the most that the call can cost from today; None when the day's total would pass
        `cap` (NO_CAP: none). The same call again takes nothing, for two days."""
        ...

    def settle(
        self, charge: Charge, *, micro_dollars: int, input_tokens: int, output_tokens: int
    ) -> None:
        """Put what the call did cost in the place of what was taken, on the day it was taken from;
        nothing for a call that failed. Settling again changes nothing. Raises NotFound."""
        ...

    def get_day(self, day: date | None = None) -> DaySpend:
        """Of today when no day is given; kept for 400 days."""
        ...
