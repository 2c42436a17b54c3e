"""The moments of an execution at which a worker is killed."""

from __future__ import annotations

from enum import StrEnum


class Moment(StrEnum):
    TAKEN = "message taken, nothing claimed"
    CLAIMED = "claimed, nothing compiled"
    BETWEEN_TESTS = "between two tests"
    JUDGED = "judged, nothing stored"
    STORED = "results stored, not completed"
    COMPLETED = "completed, message not acknowledged"
