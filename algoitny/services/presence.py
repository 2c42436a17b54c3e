"""Who waits in a stream or a long poll: asked for again, since they may be signed out meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from algoitny.domain.access import Caller
from algoitny.domain.clock import Clock

ASK_AGAIN_SECONDS = 10.0
"""A request of the store for each client that waits, so not more often."""

Again = Callable[[], Caller]
"""The caller of a request as they are by now. Raises NotAuthenticated when that is over."""


class Presence:
    """One caller, from the beginning of a request on; without `again` they are not asked for."""

    def __init__(self, caller: Caller | None, again: Again | None, clock: Clock) -> None:
        self._caller = caller
        self._again = again
        self._clock = clock
        self._asked_at = clock.monotonic()

    def caller(self) -> Caller | None:
        """As of ten seconds ago at the most. Raises NotAuthenticated."""
        now = self._clock.monotonic()
        if self._again is not None and now - self._asked_at >= ASK_AGAIN_SECONDS:
            self._caller, self._asked_at = self._again(), now
        return self._caller
