"""What a benchmark script prints: figures as JSON, for `python -m bench` to gather."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value beside what it is compared with in the same run.

    `bar` is the most (or, with `more_is_better`, the least) that the product promises; None where
    it promises nothing. `peer` says in words what was measured for comparison, `peer_value` in the
    same unit. `samples` are the single values, so that a reader sees how much they vary.
    """

    what: str
    value: float
    unit: str
    samples: Sequence[float] = ()
    bar: float | None = None
    more_is_better: bool = False
    peer: str = ""
    peer_value: float | None = None

    @property
    def met(self) -> bool | None:
        if self.bar is None:
            return None
        return self.value >= self.bar if self.more_is_better else self.value <= self.bar


def middle(samples: Sequence[float]) -> float:
    """The median, to three significant digits."""
    return float(f"{median(samples):.3g}")


def report(figures: Sequence[Figure]) -> None:
    """Print them as one line of JSON, the last line of a script's output."""
    rows = [asdict(figure) | {"met": figure.met} for figure in figures]
    sys.stdout.write(json.dumps(rows) + "\n")
