"""Identifiers, from one injectable place: ULIDs, which sort by the time they were made."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Protocol

from ulid import ULID

from algoitny.domain.clock import Clock, epoch_ms

ULID_PATTERN = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
_ULID = re.compile(ULID_PATTERN)


class Ids(Protocol):
    """A source of new identifiers."""

    def new(self) -> str:
        """A new ULID of 26 characters."""
        ...


class UlidIds:
    """ULIDs stamped with the clock's time, 80 random bits each."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def new(self) -> str:
        return str(ULID.from_datetime(self._clock.now()))


def first_id_of(instant: datetime) -> str:
    """Sorts before all ids of the instant's millisecond, and after all that were made earlier."""
    return str(ULID.from_int(max(0, epoch_ms(instant)) << 80))


def is_ulid(text: str) -> bool:
    """Whether `text` could be one of our ids; anything else need not be looked up."""
    return _ULID.fullmatch(text) is not None
