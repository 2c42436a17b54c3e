"""Leases: one holder at a time for work that must not be done twice at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

CLOCK_SKEW = timedelta(seconds=5)
"""How far the clocks of two machines may be apart. A holder stops at `until` by its own clock, a
follower starts this much later by its own: within that distance they never overlap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """What its holder has. `owner` is for people; `fence` tells this holding from all earlier ones.

    A pause (a stopped process, a slow disk) can outlast any lease, and clocks can be further apart
    than assumed. What must hold even then is written on condition that no greater `fence` wrote
    before: the number only grows.
    """

    name: str
    owner: str
    fence: int
    until: datetime


class LeaseRepository(Protocol):
    """Access to leases."""

    def acquire(self, name: str, *, owner: str, seconds: float) -> Lease | None:
        """Take it if nobody has it, or its holder's time ended `CLOCK_SKEW` ago; None: another
        holds it. Whoever has it, also the same owner, renews instead."""
        ...

    def renew(self, lease: Lease, *, seconds: float) -> Lease:
        """`seconds` from now, also when the time had ended but nobody followed. Raises
        StaleAttempt when another holder followed, or it was released."""
        ...

    def release(self, lease: Lease) -> None:
        """Give the lease up at once; nothing when another holder has it."""
        ...

    def get(self, name: str) -> Lease | None:
        """The current lease, read consistently; None when it is free or has run out."""
        ...
