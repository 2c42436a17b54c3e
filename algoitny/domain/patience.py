"""How long to try again: jittered exponential backoff with a bound on tries and on time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from algoitny.domain.clock import Clock

_RANDOM = random.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Bounds of one operation's retries; times in seconds.

    Full jitter (a pause anywhere between nothing and the step) keeps those who collided apart.
    """

    clock: Clock
    tries: int = 10
    deadline: float = 8.0
    first_step: float = 0.02
    longest_step: float = 1.0
    sleep: Callable[[float], None] = time.sleep

    def rounds(self) -> Iterator[int]:
        """0, 1, …: one for each try, pausing in between, until tries or time run out."""
        started = self.clock.monotonic()
        for number in range(self.tries):
            yield number
            step = min(self.longest_step, self.first_step * 2 ** min(number, 60))
            pause = _RANDOM.uniform(0, step)
            if self.clock.monotonic() - started + pause > self.deadline:
                return
            if number + 1 < self.tries:
                self.sleep(pause)
