"""Families of counters: numbers of one row that are named by data, as many as there are names.

Each is an attribute of its own, `<prefix>#<name>`, because only such ones can be counted up in a
row that may not be there yet: a number within a map needs the map first.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pynamodb.models import Model

from algoitny.models.kit.attributes import IntAttribute


class CounterFamily:
    """Stands on a model beside its attributes; of an item it is what was stored, by name."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._field = ""

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._field = name

    @property
    def field(self) -> str:
        """Where an item keeps what it was loaded with."""
        return self._field

    def __getitem__(self, name: str) -> IntAttribute:
        """The counter of this name, for expressions."""
        return IntAttribute(attr_name=f"{self.prefix}#{name}")

    def of(self, item: Model) -> dict[str, int]:
        """All counters that the item has; those that count nothing are left out."""
        found: Mapping[str, int] = item.attribute_values.get(self._field, {})
        return {name: number for name, number in sorted(found.items()) if number > 0}

    def names_in(self, item: Model) -> set[str]:
        """Of all counters that are stored in the item, whatever they count."""
        found: Mapping[str, int] = item.attribute_values.get(self._field, {})
        return set(found)


@cache
def families_of(model: type[Model]) -> dict[str, str]:
    """The fields of a model's families by their prefixes."""
    members = (member for owner in model.__mro__ for member in vars(owner).values())
    return {each.prefix: each.field for each in members if isinstance(each, CounterFamily)}
