"""Whose turn it is: what a user sends in a burst goes behind what others send meanwhile."""

from __future__ import annotations

import threading
from collections import OrderedDict

from algoitny.domain.clock import Clock

LAST_TURN = 9
"""From here on turns are alike: brokers know ten priorities."""

WINDOW_SECONDS = 30.0
"""A burst is over when its user sent nothing for so long."""

MOST_USERS = 10_000


class Turns:
    """Counts each user's burst in this process. Other processes see other parts of it, but the same
    share of everybody's, so that the order between users stays the same."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._bursts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def next(self, user_id: str | None) -> int:
        """0 for the first of a burst, 1 for the second, at most LAST_TURN; 0 for nobody's."""
        if user_id is None:
            return 0
        now = self._clock.monotonic()
        with self._lock:
            before, count = self._bursts.pop(user_id, (now, -1))
            count = count + 1 if now - before <= WINDOW_SECONDS else 0
            self._bursts[user_id] = (now, count)
            if len(self._bursts) > MOST_USERS:
                self._bursts.popitem(last=False)
        return min(count, LAST_TURN)
