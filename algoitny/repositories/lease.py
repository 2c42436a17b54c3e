"""Leases: taken, kept and given up by conditional updates of one row."""

from __future__ import annotations

from datetime import timedelta

from algoitny.domain.clock import Clock
from algoitny.domain.errors import Conflict, StaleAttempt
from algoitny.domain.ids import Ids
from algoitny.domain.lease import CLOCK_SKEW, Lease
from algoitny.models.kit.operations import get, update
from algoitny.models.lease import LeaseItem, lease_key
from algoitny.repositories.outcome import update_or_find


class _Held(Conflict):
    """Another holder's time has not ended."""


class DynamoLeaseRepository:
    """Implements `LeaseRepository`."""

    def __init__(self, *, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids

    def acquire(self, name: str, *, owner: str, seconds: float) -> Lease | None:
        """One Update, 1 WCU; a refusal reads the row, 1 RCU."""
        now = self._clock.now()
        claim = self._ids.new()
        try:
            return update_or_find(
                LeaseItem,
                lease_key(name),
                [
                    LeaseItem.owner.set(owner),
                    LeaseItem.until.set(now + timedelta(seconds=seconds)),
                    LeaseItem.claim.set(claim),
                    LeaseItem.fence.add(1),
                    LeaseItem.typed(),
                ],
                condition=LeaseItem.until.does_not_exist() | (LeaseItem.until < now - CLOCK_SKEW),
                refused=_Held,
                own=lambda item: item.claim == claim,
            ).record()
        except _Held:
            return None

    def renew(self, lease: Lease, *, seconds: float) -> Lease:
        """One Update; 1 WCU. Raises StaleAttempt."""
        return update(
            LeaseItem,
            lease_key(lease.name),
            [LeaseItem.until.set(self._clock.now() + timedelta(seconds=seconds))],
            condition=(LeaseItem.fence == lease.fence) & LeaseItem.until.exists(),
            refused=lambda: StaleAttempt("The lease was given up, or another holder followed."),
        ).record()

    def release(self, lease: Lease) -> None:
        """One Update; 1 WCU. The row stays: its number must go on growing."""
        try:
            update(
                LeaseItem,
                lease_key(lease.name),
                [LeaseItem.until.remove(), LeaseItem.owner.remove(), LeaseItem.claim.remove()],
                condition=LeaseItem.fence == lease.fence,
            )
        except Conflict:
            return

    def get(self, name: str) -> Lease | None:
        """One consistent Get; 1 RCU."""
        item = get(LeaseItem, lease_key(name), consistent=True)
        if item is None or item.until is None or item.until < self._clock.now():
            return None
        return item.record()
