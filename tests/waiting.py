"""Waiting for a condition, instead of sleeping."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 120.0

DAY_SECONDS = 24 * 3600
LONGEST_TEST_SECONDS = 180.0


def wait_until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """The first true answer of `condition`; AssertionError naming `what` when it stays false."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain: {what}"
        pause.wait(0.02)
    return found


def leave_midnight_behind() -> None:
    """For what counts by days and goes by the machine's clock: not to begin on one day (UTC) and
    end on another."""
    wait_until(
        lambda: DAY_SECONDS - time.time() % DAY_SECONDS > LONGEST_TEST_SECONDS,
        "it is another day",
        LONGEST_TEST_SECONDS + PATIENCE_SECONDS,
    )
