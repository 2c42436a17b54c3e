"""Runs one pattern and says what it did."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any

from algoitny.domain.errors import AlgoItnyError
from algoitny.models import TableItem
from algoitny.models.kit.accounting import Accountant, Charge
from algoitny.models.kit.binding import connection_of
from tests.access_patterns.declaration import Pattern
from tests.access_patterns.rendering import render
from tests.access_patterns.world import World


@dataclass(frozen=True, slots=True)
class Measured:
    """The requests in words, and their units."""

    sends: tuple[str, ...]
    charges: tuple[Charge, ...]

    @property
    def reads(self) -> float:
        return sum(charge.read_units for charge in self.charges)

    @property
    def writes(self) -> float:
        return sum(charge.write_units for charge in self.charges)

    @property
    def index_writes(self) -> dict[str, float]:
        """Of the writes, those that each index took."""
        units: dict[str, float] = {}
        for charge in self.charges:
            for place, more in charge.writes.items():
                if place.index is not None:
                    units[place.index] = units.get(place.index, 0) + more
        return dict(sorted(units.items()))


def run(pattern: Pattern, world: World) -> Measured:
    """Arranges, calls, and measures only the call; an error of the product's is an answer too."""
    call = pattern.arrange(world)
    client: Any = connection_of(TableItem).connection.client
    with Accountant(client) as accountant, suppress(AlgoItnyError):
        call()
    charges = tuple(accountant.charges)
    sends = chain.from_iterable(render(charge.operation, charge.request) for charge in charges)
    return Measured(tuple(sends), charges)
